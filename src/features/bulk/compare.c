/* GET /clients/compare?pick=1&pick=2: two to five clients side by side, each field of theirs, with
 * what differs marked. Routes: feature.c. Reads records through the store, so that everybody sees
 * only what he may. */
#include "core/entity/moved.h"
#include "core/web/journal.h"
#include "features/attachment/attachment.h"
#include "features/bulk/compare.html.h"
#include "features/bulk/pages.h"
#include "features/category/category.h"
#include "features/party/party.h"

enum { COMPARED_MAX = 5, HITS = 8, GROUPS_MAX = 40 };

struct asked {
    int64_t ids[COMPARED_MAX];
    int n;
};

static enum status read_ids(struct req *r, struct asked *out) {
    int64_t to;
    const struct http_pairs *all = &r->http->query;
    *out = (struct asked){ .n = 0 };
    for (int i = 0; i < all->n; i++) {
        int64_t id;
        bool twice = false;
        if (!str_eq_z(all->v[i].name, "pick")) continue;
        if (!str_to_i64(all->v[i].value, &id) || id <= 0) return MALFORMED;
        TRY(moved_to(&r->c, &entity_party, id, &to));
        if (to) id = to;
        for (int k = 0; k < out->n; k++) twice |= out->ids[k] == id;
        if (twice) continue;
        if (out->n == COMPARED_MAX) {
            ctx_problem(&r->c, NO_STR, N_("At most five clients can be compared at once."));
            return MALFORMED;
        }
        out->ids[out->n++] = id;
    }
    return OK;
}

static struct url compare_url(struct ctx *c, const struct party *p, int n, int64_t without,
                              int64_t with, bool only) {
    struct url u = url_own(S("/clients/compare"));
    for (int i = 0; i < n; i++)
        if (p[i].row.id != without)
            u = url_query(c->arena, u, "pick",
                          str_printf(c->arena, "%lld", (long long)p[i].row.id));
    if (with) u = url_query(c->arena, u, "pick", str_printf(c->arena, "%lld", (long long)with));
    return only ? url_query(c->arena, u, "only", S("1")) : u;
}

/* The first stays, unless it is decided otherwise there. */
static struct url merge_url(struct ctx *c, const struct party *p, int n) {
    struct url none = { NO_STR };
    if (n < 2 || !ctx_may(c, entity_party.may_write)) return none;
    for (int i = 1; i < n; i++)
        if (party_is_person(&p[i]) != party_is_person(&p[0])) return none;
    struct url u = url_printf(c->arena, "/clients/%lld/merge/%lld", (long long)p[0].row.id,
                              (long long)p[1].row.id);
    for (int i = 2; i < n; i++)
        u = url_query(c->arena, u, "also", str_printf(c->arena, "%lld", (long long)p[i].row.id));
    return u;
}

/* --- cells --- */

static struct compare_cell field_cell(struct ctx *c, const struct field *f, const void *row) {
    struct value v = field_get(f, row);
    struct compare_cell cell = { .ltr = f->kind->ltr && f->kind != &kind_date };
    if (!value_empty(f, v)) cell.text = f->kind->show(c, f, v);
    return cell;
}

/* A list as lines, each what people call the entry. */
static struct compare_cell list_cell(struct ctx *c, const struct many *m, const void *row) {
    struct many_rows rows = many_get(m, row);
    struct str lines[LIMIT_MANY_N];
    int n = 0;
    bool ltr = m->child->fields_n && m->child->fields[0].kind->ltr; /* phones, e-mails */
    for (int i = 0; i < rows.n && n < LIMIT_MANY_N; i++)
        if (m->child->title) lines[n++] = m->child->title(c, many_at(m, rows, i));
    return (struct compare_cell){ str_join(c->arena, lines, n, S("\n")), ltr };
}

static void add_row(struct ctx *c, struct compare_view *v, const char *group, struct str label,
                    struct compare_cell *cells, int n) {
    struct compare_group *g = NULL;
    struct str name = str_of(T(c, group ? group : N_("More")));
    bool any = false, differs = false;
    for (int i = 0; i < n; i++) {
        any |= cells[i].text.n > 0;
        differs |= !str_eq(cells[i].text, cells[0].text);
    }
    if (!any) return;
    for (int i = 0; i < v->groups.n; i++)
        if (str_eq(v->groups.v[i].label, name)) g = &v->groups.v[i];
    if (!g) {
        if (v->groups.n == GROUPS_MAX) return;
        g = &v->groups.v[v->groups.n++];
        *g = (struct compare_group){ .label = name };
        g->rows.v = arena_array(c->arena, struct compare_row, 200);
    }
    if (g->rows.n == 200) return;
    g->rows.v[g->rows.n++] =
        (struct compare_row){ .label = label, .differs = differs, .cells = { cells, n } };
    g->differs |= differs;
    v->differ += differs;
}

static void add_fields(struct ctx *c, const struct party *p, int n, struct compare_view *v) {
    const struct entity *e = entity_now(c, &entity_party);
    for (int i = 0; i < e->fields_n; i++) {
        const struct field *f = &e->fields[i];
        if ((f->is & (SECRET | DERIVED)) || f->kind == &kind_file || !field_readable(c, f))
            continue;
        struct compare_cell *cells = arena_array(c->arena, struct compare_cell, n);
        for (int k = 0; k < n; k++) cells[k] = field_cell(c, f, &p[k]);
        add_row(c, v, f->group, str_of(field_label(c, f)), cells, n);
    }
    for (int i = 0; i < e->manys_n; i++) {
        const struct many *m = &e->manys[i];
        struct compare_cell *cells = arena_array(c->arena, struct compare_cell, n);
        for (int k = 0; k < n; k++) cells[k] = list_cell(c, m, &p[k]);
        add_row(c, v, m->group, str_of(T(c, m->label)), cells, n);
    }
}

static enum status add_heads(struct ctx *c, const struct party *p, int n, struct compare_view *v) {
    struct categories cats;
    TRY(category_all(c, &cats));
    v->clients.v = arena_array(c->arena, struct compared, n + 1);
    for (int i = 0; i < n; i++) {
        struct compared *to = &v->clients.v[v->clients.n++];
        bool person = party_is_person(&p[i]);
        *to =
            (struct compared){ .id = p[i].row.id,
                               .name = p[i].display_name,
                               .to = url_printf(c->arena, "/clients/%lld", (long long)p[i].row.id),
                               .without = compare_url(c, p, n, p[i].row.id, 0, v->only),
                               .face = face_of(c->arena, p[i].display_name, person ? "" : "firm") };
        to->face.picture = party_photo_url(c->arena, &p[i]);
        for (int k = 0; k < cats.n; k++)
            if (cats.v[k].row.id == p[i].category) {
                to->has_mark = true;
                to->mark = category_mark(c, &cats.v[k]);
            }
    }
    return OK;
}

/* One more, by name. */
static enum status find_more(struct req *r, const struct party *p, int n, struct compare_view *v) {
    struct ctx *c = &r->c;
    struct list_query q = {
        .entity = &entity_party, .search = v->query, .limit = HITS, .no_total = true
    };
    struct list_page page;
    void *rows;
    int rows_n;
    v->searched = v->query.n > 0;
    if (!v->searched || v->full) return OK;
    TRY(list_run(c, &q, &page));
    TRY(store_load_all(c, &entity_party, page.ids, page.n, &rows, &rows_n));
    journal_listed(r->app, c, "party", page.ids, page.n);
    v->hits.v = arena_array(c->arena, struct compare_hit, rows_n + 1);
    for (int i = 0; i < rows_n; i++) {
        const struct party *one = (const struct party *)rows + i;
        bool there = false;
        for (int k = 0; k < n; k++) there |= p[k].row.id == one->row.id;
        if (there) continue;
        v->hits.v[v->hits.n++] =
            (struct compare_hit){ compare_url(c, p, n, 0, one->row.id, v->only), one->display_name,
                                  face_of(c->arena, one->display_name,
                                          party_is_person(one) ? "small" : "firm small") };
    }
    return OK;
}

enum status compare_page(struct req *r) {
    struct ctx *c = &r->c;
    struct asked a;
    struct compare_view v = { .only = req_query(r, "only").n > 0,
                              .query = str_trim(req_query(r, "q")) };
    void *rows;
    int n, live = 0;
    TRY(read_ids(r, &a));
    TRY(store_load_all(c, &entity_party, a.ids, a.n, &rows, &n));
    struct party *p = rows;
    int64_t seen[COMPARED_MAX];
    for (int i = 0; i < n; i++)
        if (!p[i].row.deleted_at) {
            if (live != i) p[live] = p[i];
            seen[live] = p[i].row.id;
            live++;
        }
    v.hidden = a.n - live;
    v.columns = live + 1;
    v.full = live >= COMPARED_MAX;
    v.groups.v = arena_array(c->arena, struct compare_group, GROUPS_MAX);
    journal_read(r->app, c, "party", seen, live);
    TRY(add_heads(c, p, live, &v));
    if (live) add_fields(c, p, live, &v);
    TRY(find_more(r, p, live, &v));
    v.merge = merge_url(c, p, live);
    v.all = compare_url(c, p, live, 0, 0, false);
    v.differences = compare_url(c, p, live, 0, 0, true);
    return PAGE(r, T(c, N_("Compare clients")), "clients", compare_html, &v);
}
