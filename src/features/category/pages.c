/* The settings of categories: their order, names in four languages, colour, mark; made, changed,
 * deleted. Routes: feature.c. Calls the store and form_view. */
#include "features/category/pages.h"

#include "core/entity/list.h"
#include "core/entity/position.h"
#include "features/category/pages.html.h"
#include "lib/locale/number.h"

static const char path[] = "/settings/categories";

struct mark category_mark(struct ctx *c, const struct category *cat) {
    static const struct {
        const char *mark, *look, *icon;
    } looks[] = { { "vip", "vip", "vip" },
                  { "problem", "problem", "problem" },
                  { "good", "employee", "employee" } };
    struct mark m = { category_name(c, cat), hue_class(cat->colour), "" };
    for (int i = 0; i < COUNT(looks); i++)
        if (str_eq_z(cat->mark, looks[i].mark)) {
            m.icon = looks[i].icon;
            if (!m.look[0])
                m.look = looks[i].look; /* a colour that was chosen goes before the mark's own */
        }
    return m;
}

/* Who has it, of those that this member may see: a criterion of the register like any other. */
static enum status clients_n(struct ctx *c, int64_t id, int64_t *n) {
    const struct registry *all = entity_registry();
    struct list_query q = { .filters_n = 1 };
    q.entity = registry_find(all, S("party"));
    q.filters[0] =
        (struct list_filter){ S("category"), str_printf(c->arena, "%lld", (long long)id) };
    *n = 0;
    return q.entity ? list_count(c, &q, n) : OK;
}

static struct str count_text(struct ctx *c, int64_t n) {
    struct tr_arg arg = { .name = "n", .value = number_show(c->arena, c->loc, n) };
    return tr_fill(c->arena, tr_n(c->loc, "{n} client", "{n} clients", n), &arg, 1);
}

static struct url one_url(struct ctx *c, int64_t id, const char *act) {
    return url_printf(c->arena, "%s/%lld%s", path, (long long)id, act);
}

static enum status read_rows(struct ctx *c, struct categories_view *v) {
    struct categories all;
    TRY(category_all(c, &all));
    v->rows.v = arena_array(c->arena, struct category_row, all.n + 1);
    for (; v->rows.n < all.n; v->rows.n++) {
        const struct category *cat = &all.v[v->rows.n];
        struct category_row *row = &v->rows.v[v->rows.n];
        *row = (struct category_row){
            .id = cat->row.id,
            .mark = category_mark(c, cat),
            .first = v->rows.n == 0,
            .last = v->rows.n == all.n - 1,
            .move = one_url(c, cat->row.id, "/move"),
            .edit = url_printf(c->arena, "%s?edit=%lld#edit", path, (long long)cat->row.id),
            .clients = url_printf(c->arena, "/clients?category=%lld", (long long)cat->row.id),
        };
        TRY(clients_n(c, cat->row.id, &row->clients_n));
        row->count = count_text(c, row->clients_n);
    }
    return OK;
}

static enum status inputs(struct ctx *c, const struct category *cat, const struct http_pairs *form,
                          struct categories_view *v) {
    static const struct {
        const char *name;
        bool language;
    } all[] = {
        { "name", false },   { "mark", false },   { "warning", false }, { "colour", false },
        { "name_fa", true }, { "name_ar", true }, { "name_fr", true },  { "name_en", true }
    };
    TRY(form_view(c, &entity_category, cat, form, &v->form));
    v->inputs.v = arena_array(c->arena, struct form_input, COUNT(all));
    v->names.v = arena_array(c->arena, struct form_input, COUNT(all));
    for (int i = 0; i < COUNT(all); i++) {
        struct form_inputs *to = all[i].language ? &v->names : &v->inputs;
        to->v[to->n++] = *form_find(&v->form, str_of(all[i].name));
    }
    return OK;
}

static enum status show(struct req *r, const struct category *cat, const struct http_pairs *form) {
    struct ctx *c = &r->c;
    struct categories_view v = { .id = cat->row.id };
    TRY(read_rows(c, &v));
    TRY(inputs(c, cat, form, &v));
    v.action = v.id ? one_url(c, v.id, "") : url_own(str_of(path));
    if (v.id) {
        int64_t n;
        TRY(clients_n(c, v.id, &n));
        v.name = entity_title(c, &entity_category, v.id);
        v.remove = one_url(c, v.id, "/remove");
        struct tr_arg args[2] = { { .name = "name", .value = v.name, .isolate = true },
                                  { .name = "n", .value = number_show(c->arena, c->loc, n) } };
        v.question = tr_fill(c->arena,
                             tr_n(c->loc, "Delete “{name}”? {n} client will have no category.",
                                  "Delete “{name}”? {n} clients will have no category.", n),
                             args, 2);
    }
    return PAGE(r, T(c, N_("Categories")), "settings", categories_page, &v);
}

enum status category_page(struct req *r) {
    struct category *cat = row_new(&r->c, &entity_category);
    TRY(req_record_asked(r, "edit", &entity_category, cat));
    return show(r, cat, NULL);
}

enum status category_again(struct req *r) {
    struct category *cat = row_new(&r->c, &entity_category);
    if (r->args[0].n) TRY(req_record(r, &entity_category, cat));
    return show(r, cat, &r->form);
}

enum status category_create(struct req *r) {
    struct ctx *c = &r->c;
    struct category *cat = row_new(c, &entity_category);
    struct categories all;
    TRY(form_read(c, &r->form, &entity_category, cat));
    TRY(category_all(c, &all));
    cat->position = all.n ? all.v[all.n - 1].position + 1 : 1;
    TRY(store_save(c, &entity_category, cat));
    return go_toast(r, url_own(str_of(path)), N_("Saved."), c->batch);
}

enum status category_change(struct req *r) {
    struct ctx *c = &r->c;
    struct category cat;
    TRY(req_record(r, &entity_category, &cat));
    TRY(form_read(c, &r->form, &entity_category, &cat));
    TRY(store_save(c, &entity_category, &cat));
    return go_toast(r, url_own(str_of(path)), N_("Saved."), c->batch);
}

enum status category_move(struct req *r) {
    struct ctx *c = &r->c;
    struct categories all;
    struct category cat;
    TRY(req_record(r, &entity_category, &cat));
    TRY(category_all(c, &all));
    int64_t *ids = arena_array(c->arena, int64_t, all.n + 1);
    for (int i = 0; i < all.n; i++) ids[i] = all.v[i].row.id;
    TRY(position_move(c, &entity_category, ids, all.n, cat.row.id, req_form(r, "up").p != NULL));
    return go(r, url_own(str_of(path)));
}

enum status category_remove(struct req *r) {
    struct ctx *c = &r->c;
    struct category cat;
    TRY(req_record(r, &entity_category, &cat));
    TRY(store_delete(c, &entity_category, cat.row.id, 0));
    return go_toast(r, url_own(str_of(path)), N_("The category is deleted."), c->batch);
}
