/* Files go out: a version as it came, always to be kept (trust.md T-18), and pictures of our own
 * making to look at. Routes: feature.c; calls core/web/download.h and preview.c. */
#include "core/web/download.h"
#include "core/web/journal.h"
#include "features/attachment/pages.h"
#include "features/attachment/preview.h"

SQL(attachment_of_version, "SELECT attachment FROM attachment_version WHERE id = :id");

enum status version_find(struct ctx *c, int64_t id, struct attachment *a,
                         const struct attachment_version **v) {
    struct rows r;
    TRY(db_query(c->tx, &attachment_of_version, &r, P("id", id)));
    if (r.n == 0) return MISSING;
    TRY(store_load(c, &entity_attachment, row_int(&r, 0, "attachment"), a));
    for (int i = 0; i < a->versions.n; i++)
        if (a->versions.v[i].row.id == id) {
            *v = &a->versions.v[i];
            return OK;
        }
    return MISSING;
}

enum status version_send(struct req *r, const struct attachment *a,
                         const struct attachment_version *v) {
    struct ctx *c = &r->c;
    struct stored_file f;
    TRY(filestore_find(c, v->file, &f));
    const char *path = filestore_path(c->arena, filestore_folder(r->app, c->arena), f.sha256);
    TRY(download_file(r, path, v->name, f.type));
    journal_read(r->app, c, "attachment", &a->row.id, 1);
    return OK;
}

enum status file_download(struct req *r) {
    struct attachment a;
    const struct attachment_version *v;
    int64_t id;
    if (!req_arg_id(r, 0, &id)) return MISSING;
    TRY(version_find(&r->c, id, &a, &v));
    return version_send(r, &a, v);
}

/* --- pictures --- */

static enum status find_version(struct req *r, void *arg) {
    struct attachment a;
    const struct attachment_version *v;
    int64_t id;
    if (!req_arg_id(r, 0, &id)) return MISSING;
    TRY(version_find(&r->c, id, &a, &v));
    return filestore_find(&r->c, v->file, arg);
}

static enum status find_photo(struct req *r, void *arg) {
    struct party p;
    int64_t id;
    if (!req_arg_id(r, 0, &id)) return MISSING;
    TRY(store_load_binned(&r->c, &entity_party, id, &p));
    return p.photo ? filestore_find(&r->c, p.photo, arg) : MISSING;
}

static enum status picture(struct req *r, enum status (*find)(struct req *r, void *arg)) {
    struct stored_file f;
    const char *path, *type;
    int side = req_query(r, "large").n ? PREVIEW_LARGE : PREVIEW_SMALL;
    TRY(reading(r, find, &f));
    TRY(preview_get(r->app, r->c.arena, &f, side, &path, &type));
    struct str etag = str_printf(r->c.arena, "%.*s-%d", 32, f.sha256.p, side);
    return show_picture(r, path, type, etag);
}

enum status file_preview(struct req *r) {
    return picture(r, find_version);
}

enum status photo_show(struct req *r) {
    return picture(r, find_photo);
}
