/* The page of one file: its name and description, its versions, the bin. Routes: feature.c; calls
 * the store, core/entity/form.h, pages.html. */
#include "features/attachment/pages.h"
#include "features/attachment/pages.html.h"

static enum status versions(struct req *r, const struct attachment *a, struct attachment_view *v) {
    int n = a->versions.n;
    v->versions.v = arena_array(r->c.arena, struct version_view, n);
    v->versions.n = n;
    for (int i = 0; i < n; i++) {
        struct version_view *one = &v->versions.v[n - 1 - i];
        version_view_of(r, &a->versions.v[i], one);
        one->number = i + 1;
        one->newest = i == n - 1;
        v->shows |= one->large.s.n > 0;
    }
    v->picture =
        v->versions.v[0].large.s.n > 0 && str_starts(attachment_newest(a)->type, S("image/"));
    return OK;
}

static enum status inputs(struct req *r, const struct attachment *a, struct attachment_view *v) {
    static const char *const names[] = { "name", "description", "private" };
    TRY(form_view(&r->c, &entity_attachment, a, r->form.n ? &r->form : NULL, &v->form));
    v->inputs.v = arena_array(r->c.arena, struct form_input, COUNT(names));
    for (int i = 0; i < COUNT(names); i++)
        v->inputs.v[v->inputs.n++] = *form_find(&v->form, str_of(names[i]));
    return OK;
}

enum status attachment_show(struct req *r) {
    struct ctx *c = &r->c;
    struct attachment a;
    struct attachment_view v = { .limit_bytes = LIMIT_UPLOAD };
    if (!req_arg_id(r, 0, &v.id)) return MISSING;
    TRY(store_load_binned(c, &entity_attachment, v.id, &a));
    v.name = a.name;
    v.description = a.description;
    v.party = a.party;
    v.private = a.private;
    v.client = entity_title(c, &entity_party, a.party);
    v.client_url = url_printf(c->arena, "/clients/%lld", (long long)a.party);
    v.files_url = url_printf(c->arena, "/clients/%lld/files", (long long)a.party);
    v.upload = csrf_url(r, url_printf(c->arena, "/attachments/%lld/versions", (long long)v.id));
    v.limit = size_shown(c, LIMIT_UPLOAD);
    v.binned = a.row.deleted_at != 0;
    v.writes = ctx_may(c, entity_attachment.may_write);
    const struct problem *problem = ctx_problem_at(c, S("file"));
    if (problem) v.problem = ctx_problem_text(c, problem);
    TRY(versions(r, &a, &v));
    if (v.writes && !v.binned) TRY(inputs(r, &a, &v));
    return PAGE(r, a.name, "clients", attachment_page, &v);
}

static enum status load(struct req *r, struct attachment *a, bool binned) {
    int64_t id;
    if (!req_arg_id(r, 0, &id)) return MISSING;
    return (binned ? store_load_binned : store_load)(&r->c, &entity_attachment, id, a);
}

static struct url own_url(struct req *r, const struct attachment *a) {
    return url_printf(r->c.arena, "/attachments/%lld", (long long)a->row.id);
}

enum status attachment_change(struct req *r) {
    struct attachment a;
    TRY(load(r, &a, false));
    int64_t party = a.party;
    TRY(form_read(&r->c, &r->form, &entity_attachment, &a));
    if (a.party != party) return MALFORMED;
    TRY(store_save(&r->c, &entity_attachment, &a));
    return go_toast(r, own_url(r, &a), N_("Saved."), r->c.batch);
}

/* An old one becomes the newest: as a further version, so that nothing is lost. */
enum status version_restore(struct req *r) {
    struct ctx *c = &r->c;
    struct attachment a;
    struct stored_file f;
    enum attachment_added how;
    int64_t id;
    TRY(load(r, &a, false));
    if (!req_arg_id(r, 1, &id)) return MISSING;
    const struct attachment_version *old = NULL;
    for (int i = 0; i < a.versions.n; i++)
        if (a.versions.v[i].row.id == id) old = &a.versions.v[i];
    if (!old) return MISSING;
    TRY(filestore_find(c, old->file, &f));
    f.name = old->name;
    TRY(attachment_add_version(c, &a, &f, &how));
    return go_toast(r, own_url(r, &a), N_("The old version is the newest again."), c->batch);
}

enum status attachment_bin(struct req *r) {
    struct attachment a;
    TRY(load(r, &a, false));
    TRY(store_delete(&r->c, &entity_attachment, a.row.id, 0));
    return go_toast(r, url_printf(r->c.arena, "/clients/%lld/files", (long long)a.party),
                    N_("The file is in the bin."), r->c.batch);
}

enum status attachment_unbin(struct req *r) {
    struct attachment a;
    TRY(load(r, &a, true));
    TRY(store_restore(&r->c, &entity_attachment, a.row.id));
    return go_toast(r, own_url(r, &a), N_("The file is back."), r->c.batch);
}
