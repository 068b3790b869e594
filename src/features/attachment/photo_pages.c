/* The page on which a client gets his photo: by upload, or one of his pictures. Routes: feature.c;
 * calls photo.c. */
#include "features/attachment/pages.h"
#include "features/attachment/pages.html.h"

enum { PICTURES = 24, LOOKED_AT = 200 };

static enum status pictures(struct req *r, int64_t party, struct photo_view *v) {
    struct attachments list;
    TRY(attachment_of_party(&r->c, party, false, 0, LOOKED_AT, &list));
    v->pictures.v = arena_array(r->c.arena, struct version_view, PICTURES);
    for (int i = 0; i < list.n && v->pictures.n < PICTURES; i++) {
        const struct attachment_version *newest = attachment_newest(&list.v[i]);
        struct version_view one;
        if (!str_starts(newest->type, S("image/"))) continue;
        version_view_of(r, newest, &one);
        if (one.small.s.n) v->pictures.v[v->pictures.n++] = one;
    }
    return OK;
}

enum status photo_edit(struct req *r) {
    struct ctx *c = &r->c;
    struct party p;
    struct photo_view v = { 0 };
    if (!req_arg_id(r, 0, &v.party)) return MISSING;
    TRY(store_load(c, &entity_party, v.party, &p));
    bool person = party_is_person(&p);
    v.client = p.display_name;
    v.back = url_printf(c->arena, "/clients/%lld", (long long)v.party);
    v.upload = csrf_url(r, url_printf(c->arena, "/clients/%lld/photo", (long long)v.party));
    v.limit = size_shown(c, LIMIT_UPLOAD);
    v.face = face_of(c->arena, p.display_name, person ? "big" : "firm big");
    v.face.picture = party_photo_url(c->arena, &p);
    v.has = p.photo != 0;
    const struct problem *problem = ctx_problem_at(c, S("photo"));
    if (problem) v.problem = ctx_problem_text(c, problem);
    TRY(pictures(r, v.party, &v));
    r->narrow = true;
    return PAGE(r, T(c, N_("Photo")), "clients", photo_page, &v);
}

static enum status see_client(struct req *r, void *arg) {
    int64_t id;
    if (!req_arg_id(r, 0, &id)) return MISSING;
    return store_load(&r->c, &entity_party, id, arg);
}

static const struct http_file *chosen(const struct req *r) {
    for (int i = 0; i < r->files.n; i++)
        if (str_eq_z(r->files.v[i].field, "photo") && r->files.v[i].size) return &r->files.v[i];
    return NULL;
}

enum status photo_prepare(struct req *r) {
    struct party p;
    struct stored_file *f = arena_new_of(r->c.arena, struct stored_file);
    const struct http_file *file = chosen(r);
    TRY(reading(r, see_client, &p));
    if (!file) return ctx_problem(&r->c, S("photo"), N_("Choose a file first."));
    TRY(photo_take_upload(r, file, f));
    r->kept = f;
    return OK;
}

static enum status back(struct req *r, int64_t party, const char *text) {
    return go_toast(r, url_printf(r->c.arena, "/clients/%lld", (long long)party), text, r->c.batch);
}

enum status photo_save(struct req *r) {
    int64_t id;
    if (!req_arg_id(r, 0, &id)) return MISSING;
    TRY(party_photo_save(&r->c, id, r->kept));
    return back(r, id, N_("The photo is set."));
}

enum status photo_choose(struct req *r) {
    struct ctx *c = &r->c;
    struct attachment a;
    const struct attachment_version *v;
    int64_t id, version;
    if (!req_arg_id(r, 0, &id)) return MISSING;
    if (!str_to_i64(req_form(r, "version"), &version)) return MALFORMED;
    TRY(version_find(c, version, &a, &v));
    if (a.party != id || !str_starts(v->type, S("image/"))) return MALFORMED;
    TRY(photo_put(c, id, v->file, v->type));
    return back(r, id, N_("The photo is set."));
}

enum status photo_remove(struct req *r) {
    int64_t id;
    if (!req_arg_id(r, 0, &id)) return MISSING;
    TRY(photo_put(&r->c, id, 0, NO_STR));
    return back(r, id, N_("The photo is removed."));
}
