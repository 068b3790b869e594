/* The settings of tags: who has them, rename, colour, delete, make. Routes: feature.c. Calls the
 * store, list_run and form_view. */
#include "features/tag/pages.h"

#include "core/entity/list.h"
#include "features/tag/pages.html.h"
#include "lib/locale/number.h"

enum { TAGS_PAGE = 100 };
static const char path[] = "/settings/tags";

static enum status clients_n(struct ctx *c, int64_t id, int64_t *n) {
    struct list_query q = { .filters_n = 1,
                            .entity = registry_find(entity_registry(), S("party")) };
    q.filters[0] = (struct list_filter){ S("tag"), str_printf(c->arena, "%lld", (long long)id) };
    *n = 0;
    return q.entity ? list_count(c, &q, n) : OK;
}

static struct str counted(struct ctx *c, const char *text, int64_t n, struct str name) {
    struct tr_arg args[2] = { { .name = "n", .value = number_show(c->arena, c->loc, n) },
                              { .name = "name", .value = name, .isolate = true } };
    return tr_fill(c->arena, text, args, 2);
}

static enum status read_rows(struct req *r, struct tags_view *v) {
    struct ctx *c = &r->c;
    struct list_query q = { .entity = &entity_tag,
                            .sort = S("name"),
                            .limit = TAGS_PAGE,
                            .after = req_query(r, "after"),
                            .before = req_query(r, "before") };
    struct list_page page;
    void *loaded;
    int n = 0;
    TRY(list_run(c, &q, &page));
    if (page.n) TRY(store_load_all(c, &entity_tag, page.ids, page.n, &loaded, &n));
    v->rows.v = arena_array(c->arena, struct tag_row, n + 1);
    for (; v->rows.n < n; v->rows.n++) {
        const struct tag *t = (const struct tag *)loaded + v->rows.n;
        int64_t clients;
        TRY(clients_n(c, t->row.id, &clients));
        v->rows.v[v->rows.n] = (struct tag_row){
            .id = t->row.id,
            .name = t->name,
            .hue = hue_class(t->colour),
            .count =
                counted(c, tr_n(c->loc, "{n} client", "{n} clients", clients), clients, NO_STR),
            .edit = url_printf(c->arena, "%s?edit=%lld#edit", path, (long long)t->row.id),
            .clients = url_printf(c->arena, "/clients?tag=%lld", (long long)t->row.id),
        };
    }
    v->count = counted(c, tr_n(c->loc, "{n} tag", "{n} tags", page.total), page.total, NO_STR);
    if (page.next.n) v->next = url_query(c->arena, url_own(str_of(path)), "after", page.next);
    if (page.prev.n) v->prev = url_query(c->arena, url_own(str_of(path)), "before", page.prev);
    return OK;
}

static enum status show(struct req *r, const struct tag *t, const struct http_pairs *form) {
    struct ctx *c = &r->c;
    struct tags_view v = { .id = t->row.id, .action = url_own(str_of(path)) };
    TRY(read_rows(r, &v));
    TRY(form_view(c, &entity_tag, t, form, &v.form));
    v.inputs.v = arena_array(c->arena, struct form_input, 2);
    v.inputs.v[v.inputs.n++] = *form_find(&v.form, S("name"));
    v.inputs.v[v.inputs.n++] = *form_find(&v.form, S("colour"));
    if (v.id) {
        int64_t n;
        TRY(clients_n(c, v.id, &n));
        v.name = entity_title(c, &entity_tag, v.id);
        v.action = url_printf(c->arena, "%s/%lld", path, (long long)v.id);
        v.remove = url_printf(c->arena, "%s/%lld/remove", path, (long long)v.id);
        v.question = counted(c,
                             tr_n(c->loc, "Delete “{name}”? {n} client will lose it.",
                                  "Delete “{name}”? {n} clients will lose it.", n),
                             n, v.name);
    }
    return PAGE(r, T(c, N_("Tags")), "settings", tags_page, &v);
}

enum status tag_page(struct req *r) {
    struct tag *t = row_new(&r->c, &entity_tag);
    TRY(req_record_asked(r, "edit", &entity_tag, t));
    return show(r, t, NULL);
}

enum status tag_again(struct req *r) {
    struct tag *t = row_new(&r->c, &entity_tag);
    if (r->args[0].n) TRY(req_record(r, &entity_tag, t));
    return show(r, t, &r->form);
}

enum status tag_create(struct req *r) {
    struct ctx *c = &r->c;
    struct tag *t = row_new(c, &entity_tag);
    TRY(form_read(c, &r->form, &entity_tag, t));
    TRY(store_save(c, &entity_tag, t));
    return go_toast(r, url_own(str_of(path)), N_("Saved."), c->batch);
}

enum status tag_change(struct req *r) {
    struct ctx *c = &r->c;
    struct tag t;
    TRY(req_record(r, &entity_tag, &t));
    TRY(form_read(c, &r->form, &entity_tag, &t));
    TRY(store_save(c, &entity_tag, &t));
    return go_toast(r, url_own(str_of(path)), N_("Saved."), c->batch);
}

enum status tag_remove(struct req *r) {
    struct ctx *c = &r->c;
    struct tag t;
    TRY(req_record(r, &entity_tag, &t));
    TRY(store_delete(c, &entity_tag, t.row.id, 0));
    return go_toast(r, url_own(str_of(path)), N_("The tag is deleted."), c->batch);
}
