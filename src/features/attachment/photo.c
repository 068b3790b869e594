/* The photo of a client: a picture of the store that party.photo names. Called by the pages of this
 * folder and by import of vCards (attachment.h); calls the store. */
#include "core/web/download.h"
#include "features/attachment/attachment.h"
#include "features/attachment/preview.h"
#include "features/attachment/pages.h"
#include "lib/image/image.h"

struct url party_photo_url(struct arena *a, const struct party *p) {
    if (!p->photo) return (struct url){ NO_STR };
    return url_printf(a, "/clients/%lld/photo?%lld", (long long)p->row.id, (long long)p->photo);
}

static bool is_picture(const char *type) {
    return image_can_preview(type) && str_starts(str_of(type), S("image/"));
}

static enum status no_picture(struct ctx *c) {
    return ctx_problem(c, S("photo"), N_("This picture cannot be shown: choose another one."));
}

/* A picture that cannot be drawn is no photo: it is drawn before it is kept. */
static enum status photo_check(struct ctx *c, struct app *app, const struct stored_file *f) {
    const char *path, *type;
    if (!is_picture(f->type)) return no_picture(c);
    enum status s = preview_get(app, c->arena, f, PREVIEW_SMALL, &path, &type);
    return s == MISSING ? no_picture(c) : s;
}

static enum status keep(struct ctx *c, struct app *app, struct stored_file *f) {
    enum status s = photo_check(c, app, f);
    if (s == OK) return filestore_keep(c->arena, filestore_folder(app, c->arena), f);
    filestore_drop(f);
    return s;
}

enum status party_photo_take(struct ctx *c, struct app *app, struct str bytes, struct str name,
                             struct stored_file *out) {
    const char *files = filestore_folder(app, c->arena);
    TRY(filestore_take_str(c->arena, files, bytes, name.n ? name : S("photo"), out));
    return keep(c, app, out);
}

enum status photo_take_upload(struct req *r, const struct http_file *file,
                              struct stored_file *out) {
    struct arena *a = r->c.arena;
    enum status s = filestore_take_upload(a, filestore_folder(r->app, a), file, out);
    if (s == OK) s = keep(&r->c, r->app, out);
    return s == BROKEN && out->full ? req_no_room(r) : s;
}

enum status photo_put(struct ctx *c, int64_t party, int64_t file, struct str type) {
    struct party p;
    TRY(store_load(c, &entity_party, party, &p));
    p.photo = file;
    TRY(store_save(c, &entity_party, &p));
    return file ? preview_enqueue(c, file, type) : OK;
}

enum status party_photo_save(struct ctx *c, int64_t party, const struct stored_file *f) {
    int64_t file;
    struct party p;
    struct stored_file there;
    TRY(store_load(c, &entity_party, party, &p));
    if (p.photo) {
        TRY(filestore_find(c, p.photo, &there));
        if (str_eq(there.sha256, f->sha256)) return OK;
    }
    TRY(filestore_row(c, f, &file));
    return photo_put(c, party, file, str_of(f->type));
}

enum status party_photo_set(struct ctx *c, struct app *app, int64_t party, struct str bytes) {
    struct stored_file f;
    TRY(party_photo_take(c, app, bytes, NO_STR, &f));
    return party_photo_save(c, party, &f);
}

enum status party_photo_path(struct ctx *c, const struct app *app, const struct party *p,
                             const char **path, const char **type) {
    struct stored_file f;
    if (!p->photo) return MISSING;
    TRY(filestore_find(c, p->photo, &f));
    *path = filestore_path(c->arena, filestore_folder(app, c->arena), f.sha256);
    *type = f.type;
    return OK;
}
