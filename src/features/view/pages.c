/* The pages of saved views: all of them with what they ask for, saving what the list shows,
 * changing, ordering, removing, the page one starts with. Routes: feature.c. Calls the store and
 * list_count. */
#include "features/view/pages.h"

#include "core/app/preference.h"
#include "core/entity/position.h"
#include "core/web/list_address.h"
#include "features/view/pages.html.h"
#include "lib/locale/number.h"

static const char path[] = "/views";

static struct url one_url(struct ctx *c, int64_t id, const char *rest) {
    return url_printf(c->arena, "%s/%lld%s", path, (long long)id, rest);
}

/* --- all of them --- */

static struct str value_words(struct ctx *c, const struct list_field *f, struct str value) {
    struct value v;
    int problems = c->problems.n;
    struct str shown = value;
    if (str_eq(value, S("*"))) return str_of(T(c, N_("Criterion|any")));
    if (str_eq(value, S("-"))) return str_of(T(c, N_("Criterion|none")));
    if (str_eq(value, S("me"))) return str_of(T(c, N_("Criterion|me")));
    if (f->field->kind->parse(c, f->field, f->name, value, &v) == OK)
        shown = f->field->kind->show(c, f->field, v);
    c->problems.n = problems;
    return shown.n ? shown : value;
}

static void words_of(struct ctx *c, const struct list_query *q, const struct views_shown *gone,
                     struct view_item *out) {
    struct list_field *all;
    int n = list_fields(c->arena, entity_now(c, q->entity), FILTERED, &all);
    out->words.v = arena_array(c->arena, struct view_words, q->filters_n + gone->gone.n + 2);
    if (q->search.n)
        out->words.v[out->words.n++] =
            (struct view_words){ str_of(T(c, N_("Search"))), q->search, false };
    if (q->within)
        out->words.v[out->words.n++] =
            (struct view_words){ str_of(T(c, N_("Asked"))), q->within->text, false };
    for (int i = 0; i < q->filters_n; i++)
        for (int k = 0; k < n; k++)
            if (str_eq(all[k].name, q->filters[i].field))
                out->words.v[out->words.n++] =
                    (struct view_words){ str_of(field_label(c, all[k].field)),
                                         value_words(c, &all[k], q->filters[i].value), false };
    for (int i = 0; i < gone->gone.n; i++)
        out->words.v[out->words.n++] =
            (struct view_words){ gone->gone.v[i].label, gone->gone.v[i].value, true };
}

static struct str count_text(struct ctx *c, int64_t n) {
    struct tr_arg arg = { .name = "n", .value = number_show(c->arena, c->loc, n) };
    return tr_fill(c->arena, tr_n(c->loc, "{n} client", "{n} clients", n), &arg, 1);
}

static enum status read_item(struct ctx *c, const struct view_line *v, struct view_item *out) {
    struct list_query q;
    struct views_shown shown;
    int64_t n;
    *out = (struct view_item){ .id = v->id,
                               .name = v->name,
                               .to = view_url(c, v),
                               .shared = v->shared,
                               .may_write = v->may_write };
    if (view_query(c, v->query, &q) != OK) return OK;
    q.view = str_printf(c->arena, "%lld", (long long)v->id);
    TRY(view_show(c, &q, &shown));
    words_of(c, &q, &shown, out);
    TRY(list_count(c, &q, &n));
    out->count = count_text(c, n);
    return OK;
}

static enum status starts(struct ctx *c, const struct view_lines *all, struct views_page *v) {
    struct str now;
    TRY(preference_get(c, "start.page", &now));
    if (!now.n) now = S("clients");
    for (int i = 0; view_pages[i].code; i++)
        options_add(c->arena, &v->starts, str_of(view_pages[i].code),
                    str_of(T(c, view_pages[i].label)), now);
    for (int i = 0; i < all->n; i++)
        options_add(c->arena, &v->starts,
                    str_printf(c->arena, "view %lld", (long long)all->v[i].id), all->v[i].name,
                    now);
    return OK;
}

enum status view_index(struct req *r) {
    struct ctx *c = &r->c;
    struct view_lines all;
    struct views_page v = { .writes = ctx_may(c, entity_saved_view.may_write) };
    TRY(view_all(c, &all));
    TRY(starts(c, &all, &v));
    v.own.v = arena_array(c->arena, struct view_item, all.n + 1);
    v.shared.v = arena_array(c->arena, struct view_item, all.n + 1);
    for (int i = 0; i < all.n; i++) {
        struct view_item *to = all.v[i].shared ? &v.shared.v[v.shared.n++] : &v.own.v[v.own.n++];
        TRY(read_item(c, &all.v[i], to));
    }
    if (v.own.n) v.own.v[0].first = v.own.v[v.own.n - 1].last = true;
    if (v.shared.n) v.shared.v[0].first = v.shared.v[v.shared.n - 1].last = true;
    r->narrow = true;
    return PAGE(r, T(c, N_("Views")), "clients", views_page, &v);
}

static enum status go_to(struct req *r, const struct saved_view *v, const char *said) {
    struct view_line line = { .id = v->row.id, .query = v->query };
    struct url to = view_url(&r->c, &line);
    return said ? go_toast(r, to, said, r->c.batch) : go(r, to);
}

enum status view_open(struct req *r) {
    struct saved_view v;
    TRY(req_record(r, &entity_saved_view, &v));
    return go_to(r, &v, NULL);
}

/* --- making and changing --- */

static enum status show_form(struct req *r, const struct saved_view *row, bool typed) {
    struct ctx *c = &r->c;
    struct view_form v = { .id = row->row.id,
                           .may_share = ctx_may(c, ROLE_MANAGER),
                           .shared = row->row.id && !row->private,
                           .query = row->query,
                           .columns = row->columns.n > 0,
                           .back = url_own(str_of(path)) };
    TRY(form_view(c, &entity_saved_view, row, typed ? &r->form : NULL, &v.form));
    v.inputs.v = arena_array(c->arena, struct form_input, 1);
    v.inputs.v[v.inputs.n++] = *form_find(&v.form, S("name"));
    if (typed) {
        v.query = req_form(r, "query").p ? req_form(r, "query") : v.query;
        v.shared = req_form(r, "_shared").n > 0;
        v.columns = req_form(r, "_columns").n > 0;
    }
    v.name = row->row.id ? entity_title(c, &entity_saved_view, row->row.id) : NO_STR;
    v.action = row->row.id ? one_url(c, row->row.id, "") : url_own(str_of(path));
    r->narrow = true;
    return PAGE(r, row->row.id ? T(c, N_("Edit the view")) : T(c, N_("Save this view")), "clients",
                view_form_page, &v);
}

enum status view_edit(struct req *r) {
    struct saved_view v;
    TRY(req_record(r, &entity_saved_view, &v));
    if (!v.private && !ctx_may(&r->c, ROLE_MANAGER)) return go(r, url_own(str_of(path)));
    return show_form(r, &v, false);
}

enum status view_create_again(struct req *r) {
    return show_form(r, row_new(&r->c, &entity_saved_view), true);
}

enum status view_change_again(struct req *r) {
    struct saved_view v;
    TRY(req_record(r, &entity_saved_view, &v));
    return show_form(r, &v, true);
}

/* The columns of the sheet as they are now: those of the view that is open, else one's own. */
static enum status columns_now(struct req *r, struct str *out) {
    struct view_lines all;
    int64_t of;
    *out = NO_STR;
    if (!req_form(r, "_columns").n) return OK;
    if (str_to_i64(req_form(r, "_of"), &of)) {
        TRY(view_all(&r->c, &all));
        for (int i = 0; i < all.n; i++)
            if (all.v[i].id == of) *out = all.v[i].columns;
    }
    return out->n ? OK : preference_get(&r->c, "list.columns", out);
}

/* Those of its kind in their order: all shared ones, or one's own. ids has room for all. */
static enum status of_kind(struct ctx *c, bool shared, int64_t **ids, int *n) {
    struct view_lines all;
    TRY(view_all(c, &all));
    *ids = arena_array(c->arena, int64_t, all.n + 1);
    *n = 0;
    for (int i = 0; i < all.n; i++)
        if (all.v[i].shared == shared) (*ids)[(*n)++] = all.v[i].id;
    return OK;
}

enum status view_create(struct req *r) {
    struct ctx *c = &r->c;
    struct saved_view *v = row_new(c, &entity_saved_view);
    int64_t *ids;
    int n;
    TRY(form_read(c, &r->form, &entity_saved_view, v));
    v->private = req_form(r, "_shared").n == 0;
    TRY(columns_now(r, &v->columns));
    TRY(of_kind(c, !v->private, &ids, &n));
    v->position = n + 1; /* behind the others */
    TRY(store_save(c, &entity_saved_view, v));
    return go_to(r, v, N_("The view is saved."));
}

/* Its name, who sees it, whether it has columns of its own. */
enum status view_change(struct req *r) {
    struct ctx *c = &r->c;
    struct saved_view v;
    TRY(req_record(r, &entity_saved_view, &v));
    TRY(form_read(c, &r->form, &entity_saved_view, &v));
    v.private = req_form(r, "_shared").n == 0;
    if (!req_form(r, "_columns").n) v.columns = NO_STR;
    TRY(store_save(c, &entity_saved_view, &v));
    return go_toast(r, url_own(str_of(path)), N_("Saved."), c->batch);
}

/* To what the list shows now. */
enum status view_update(struct req *r) {
    struct ctx *c = &r->c;
    struct saved_view v;
    TRY(req_record(r, &entity_saved_view, &v));
    v.query = req_form(r, "query");
    if (req_form(r, "_columns").n) TRY(columns_now(r, &v.columns));
    TRY(store_save(c, &entity_saved_view, &v));
    return go_to(r, &v, N_("The view is saved."));
}

enum status view_remove(struct req *r) {
    int64_t id;
    if (!req_arg_id(r, 0, &id)) return MISSING;
    TRY(store_delete(&r->c, &entity_saved_view, id, 0));
    return go_toast(r, url_own(str_of(path)), N_("The view is removed."), r->c.batch);
}

enum status view_move(struct req *r) {
    struct ctx *c = &r->c;
    struct saved_view v;
    int64_t *ids;
    int n;
    TRY(req_record(r, &entity_saved_view, &v));
    TRY(of_kind(c, !v.private, &ids, &n));
    TRY(position_move(c, &entity_saved_view, ids, n, v.row.id, req_form(r, "up").n > 0));
    return go(r, url_own(str_of(path)));
}

/* --- the page one starts with --- */

enum status view_start_save(struct req *r) {
    struct ctx *c = &r->c;
    struct str page = req_form(r, "page");
    struct view_lines all;
    bool known = false;
    for (int i = 0; view_pages[i].code; i++) known |= str_eq_z(page, view_pages[i].code);
    TRY(view_all(c, &all));
    for (int i = 0; i < all.n; i++)
        known |= str_eq(page, str_printf(c->arena, "view %lld", (long long)all.v[i].id));
    if (!known) return MALFORMED;
    TRY(preference_set(c, "start.page", page));
    return go_toast(r, url_own(str_of(path)), N_("Saved."), 0);
}
