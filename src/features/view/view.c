/* Saved views: their rules, reading them. Called by the store, by the list's page, by the command
 * line; calls core/web/list_address.h. */
#include "features/view/view.h"

#include "core/app/preference.h"
#include "core/ask/run.h"
#include "core/entity/list_index.h"
#include "core/web/list_address.h"
#include "features/party/party.h"
#include "features/view/pages.h"

#define FIELD(...) ENTITY_FIELD(saved_view, __VA_ARGS__)
static const struct field view_fields[] = {
#include "features/view/view.def"
};
#undef FIELD

SQL(view_list,
    "SELECT id, version, name, query, columns, private, created_by FROM saved_view WHERE "
    "deleted_at IS NULL AND (private = 0 OR created_by = :me) ORDER BY private DESC, position, id "
    "LIMIT 100");

SQL(view_lost_field, "SELECT name FROM custom_field WHERE id = :id");

/* --- rules --- */

enum status view_query(struct ctx *c, struct str query, struct list_query *out) {
    struct http_pairs pairs;
    struct str why;
    *out = (struct list_query){ .entity = &entity_party };
    if (http_form(c->arena, query, &pairs, &why) != OK) return MALFORMED;
    TRY(list_address_read(c, &pairs, NULL, &entity_party, out));
    out->after = out->before = out->letter = out->view = NO_STR;
    out->only_n = 0;
    return OK;
}

static bool sort_ok(struct ctx *c, struct str sort) {
    static const char *const heads[] = { "id", "created_at", "changed_at" };
    struct list_field *all;
    if (str_starts(sort, S("-"))) sort = str_sub(sort, 1, SIZE_MAX);
    if (sort.n == 0) return true;
    for (int i = 0; i < COUNT(heads); i++)
        if (str_eq_z(sort, heads[i])) return true;
    int n = list_fields(c->arena, entity_now(c, &entity_party), LISTED, &all);
    for (int i = 0; i < n; i++)
        if (str_eq(all[i].name, sort) && field_readable(c, all[i].field)) return true;
    return false;
}

/* A field that is no longer there, a value that is none any more, a record that was deleted. */
static bool criterion_ok(struct ctx *c, struct list_filter f) {
    struct list_query one = { .entity = entity_now(c, &entity_party),
                              .filters = { f },
                              .filters_n = 1 };
    struct list_field field;
    struct value v = { 0 };
    int problems = c->problems.n;
    enum status st = list_filters(c, &one, &field, &v);
    c->problems.n = problems;
    if (st != OK) return false;
    if (field.field->kind != &kind_ref || !v.i) return true;
    return store_load(c, field.field->ref, v.i, arena_alloc(c->arena, field.field->ref->size)) ==
           OK;
}

static enum status check_query(struct ctx *c, struct saved_view *v) {
    struct list_query q;
    int problems = c->problems.n;
    enum status st = view_query(c, v->query, &q);
    c->problems.n = problems;
    if (st != OK) return ctx_problem(c, S("query"), N_("These criteria cannot be read."));
    const struct ask_node *tree;
    problems = c->problems.n;
    st = q.within ? ask_read(c, q.within->text, &tree) : OK;
    c->problems.n = problems;
    if (st != OK) ctx_problem(c, S("query"), N_("These criteria cannot be read."));
    for (int i = 0; i < q.filters_n; i++)
        if (!criterion_ok(c, q.filters[i]))
            ctx_problem(c, S("query"), N_("Filtering by “{value}” is not possible."),
                        ARG("value", q.filters[i].field));
    if (!sort_ok(c, q.sort))
        ctx_problem(c, S("query"), N_("Sorting by “{value}” is not possible."),
                    ARG("value", q.sort));
    v->query = list_address_criteria(c->arena, &q);
    return OK;
}

/* What all see is the managers' to make and to change. */
static bool may_touch(struct ctx *c, const struct saved_view *v) {
    return !v || v->private || ctx_may(c, ROLE_MANAGER);
}

static enum status check(struct ctx *c, void *row, const void *was) {
    struct saved_view *v = row;
    const struct saved_view *before = was;
    if (!may_touch(c, v) || !may_touch(c, before)) return DENIED;
    v->name = str_trim(v->name);
    if (!before || !str_eq(v->query, before->query)) {
        enum status st = check_query(c, v);
        if (st != OK && st != INVALID) return st;
    }
    return OK;
}

static enum status saved(struct ctx *c, const void *row, const void *before) {
    return may_touch(c, row) && may_touch(c, before) ? OK : DENIED;
}

static struct str title(struct ctx *c, const void *row) {
    (void)c;
    return ((const struct saved_view *)row)->name;
}

const struct entity entity_saved_view = { .name = "saved_view",
                                          .plural = "saved_views",
                                          .label = N_("View"),
                                          .label_plural = N_("Views"),
                                          .size = sizeof(struct saved_view),
                                          .fields = view_fields,
                                          .fields_n = COUNT(view_fields),
                                          .has_deleted = true,
                                          .private_column = "private",
                                          .may_read = ROLE_READER,
                                          .may_write = ROLE_MEMBER,
                                          .check = check,
                                          .saved = saved,
                                          .title = title };

/* --- reading --- */

enum status view_all(struct ctx *c, struct view_lines *out) {
    struct rows r;
    TRY(db_query(c->tx, &view_list, &r, P("me", c->who.id)));
    *out = (struct view_lines){ arena_array(c->arena, struct view_line, r.n + 1), r.n };
    for (int i = 0; i < r.n; i++) {
        struct view_line *v = &out->v[i];
        *v = (struct view_line){ .id = row_int(&r, i, "id"),
                                 .version = row_int(&r, i, "version"),
                                 .name = row_str(&r, i, "name"),
                                 .query = row_str(&r, i, "query"),
                                 .columns = row_str(&r, i, "columns"),
                                 .shared = row_int(&r, i, "private") == 0 };
        v->may_write = ctx_may(c, v->shared ? ROLE_MANAGER : entity_saved_view.may_write);
    }
    return OK;
}

enum status view_named(struct ctx *c, struct str name, struct view_line *out) {
    struct view_lines all;
    TRY(view_all(c, &all));
    for (int i = 0; i < all.n; i++)
        if (str_eq(all.v[i].name, name)) {
            *out = all.v[i];
            return OK;
        }
    return MISSING;
}

static const struct view_line *line_of(const struct view_lines *all, struct str id) {
    int64_t n;
    if (!str_to_i64(id, &n)) return NULL;
    for (int i = 0; i < all->n; i++)
        if (all->v[i].id == n) return &all->v[i];
    return NULL;
}

enum status view_open_at(struct ctx *c, struct str address, struct view_line *out) {
    struct view_lines all;
    struct str part, path;
    if (!str_cut(&address, '?', &path)) return MISSING;
    TRY(view_all(c, &all));
    while (str_cut(&address, '&', &part)) {
        if (!str_starts(part, S("view="))) continue;
        const struct view_line *open = line_of(&all, str_sub(part, 5, SIZE_MAX));
        if (!open) return MISSING;
        *out = *open;
        return OK;
    }
    return MISSING;
}

enum status view_columns_set(struct ctx *c, int64_t id, struct str columns) {
    struct saved_view v;
    TRY(store_load(c, &entity_saved_view, id, &v));
    v.columns = columns;
    return store_save(c, &entity_saved_view, &v);
}

struct url view_url(struct ctx *c, const struct view_line *v) {
    struct str id = str_printf(c->arena, "%lld", (long long)v->id);
    struct url u = url_own(S("/clients"));
    if (v->query.n) u = url_own(str_printf(c->arena, "/clients?%.*s", SF(v->query)));
    return url_query(c->arena, u, "view", id);
}

/* --- the page one starts with --- */

const struct view_page view_pages[] = {
    { "clients", N_("Clients"), "/clients" },    { "history", N_("History"), "/history" },
    { "notices", N_("Notices"), "/notices" },    { "bin", N_("Bin"), "/bin" },
    { "settings", N_("Settings"), "/settings" }, { NULL, NULL, NULL },
};

enum status view_start(struct ctx *c, struct url *to) {
    struct str start;
    struct view_lines all;
    *to = url_own(S("/clients"));
    TRY(preference_get(c, "start.page", &start));
    for (int i = 0; view_pages[i].code; i++)
        if (str_eq_z(start, view_pages[i].code)) *to = url_own(str_of(view_pages[i].path));
    if (!str_starts(start, S("view "))) return OK;
    TRY(view_all(c, &all));
    const struct view_line *v = line_of(&all, str_sub(start, 5, SIZE_MAX));
    if (v) *to = view_url(c, v);
    return OK;
}

/* --- on the list's page --- */

static void add_tab(struct views_shown *out, struct view_tab tab) {
    out->tabs.v[out->tabs.n++] = tab;
}

/* What everybody wants at one press: each is a set of criteria like any other. */
static void ready_made(struct ctx *c, const struct list_query *q, struct views_shown *out) {
    static const struct {
        const char *label, *query;
    } all[] = { { N_("Clients|All"), "" },
                { N_("Clients|Mine"), "responsible=me" },
                { N_("People"), "kind=person" },
                { N_("Organisations"), "kind=organisation" },
                { N_("Clients|Active"), "stage=active" },
                { N_("Leads"), "stage=lead" } };
    struct list_query unsorted = *q;
    unsorted.sort = NO_STR;
    struct str criteria = list_address_criteria(c->arena, &unsorted);
    for (int i = 0; i < COUNT(all); i++) {
        struct str to =
            str_printf(c->arena, "/clients%s%s", *all[i].query ? "?" : "", all[i].query);
        bool current = !out->id && str_eq_z(criteria, all[i].query);
        out->ready_made |= current;
        add_tab(out, (struct view_tab){ .label = str_of(T(c, all[i].label)),
                                        .to = url_own(to),
                                        .current = current });
    }
}

/* An own field that was removed still has its name. */
static struct str lost_name(struct ctx *c, struct str field) {
    struct rows r;
    int64_t id;
    if (!str_starts(field, S("cf_")) || !str_to_i64(str_sub(field, 3, SIZE_MAX), &id)) return field;
    if (db_query(c->tx, &view_lost_field, &r, P("id", id)) != OK || r.n == 0) return field;
    return row_str(&r, 0, "name");
}

static struct view_gone gone_of(struct ctx *c, struct list_filter f) {
    struct list_field *all;
    int n = list_fields(c->arena, entity_now(c, &entity_party), FILTERED, &all);
    for (int i = 0; i < n; i++)
        if (str_eq(all[i].name, f.field) && field_readable(c, all[i].field))
            return (struct view_gone){ str_of(field_label(c, all[i].field)), f.value };
    return (struct view_gone){ lost_name(c, f.field), f.value };
}

static void take_out_gone(struct ctx *c, struct list_query *q, struct views_shown *out) {
    int kept = 0;
    out->gone.v = arena_array(c->arena, struct view_gone, q->filters_n + 1);
    for (int i = 0; i < q->filters_n; i++) {
        if (criterion_ok(c, q->filters[i]))
            q->filters[kept++] = q->filters[i];
        else
            out->gone.v[out->gone.n++] = gone_of(c, q->filters[i]);
    }
    q->filters_n = kept;
    if (sort_ok(c, q->sort)) return;
    out->gone.v[out->gone.n++] = (struct view_gone){ str_of(T(c, N_("Order"))), q->sort };
    q->sort = NO_STR;
}

enum status view_show(struct ctx *c, struct list_query *q, struct views_shown *out) {
    struct view_lines all;
    TRY(view_all(c, &all));
    const struct view_line *open = line_of(&all, q->view);
    *out = (struct views_shown){
        .may_save = ctx_may(c, entity_saved_view.may_write),
        .may_share = ctx_may(c, ROLE_MANAGER),
        .query = list_address_criteria(c->arena, q),
    };
    if (!open) q->view = NO_STR;
    if (open) {
        out->id = open->id;
        out->name = open->name;
        out->columns = open->columns;
        out->shared = open->shared;
        out->may_write = open->may_write;
        out->changed = !str_eq(open->query, out->query);
        take_out_gone(c, q, out);
        out->without_query = list_address_criteria(c->arena, q);
    }
    out->tabs.v = arena_array(c->arena, struct view_tab, all.n + 6);
    ready_made(c, q, out);
    for (int i = 0; i < all.n; i++)
        add_tab(out, (struct view_tab){ .id = all.v[i].id,
                                        .label = all.v[i].name,
                                        .icon = all.v[i].shared ? "people" : "star",
                                        .to = view_url(c, &all.v[i]),
                                        .current = out->id == all.v[i].id });
    return OK;
}
