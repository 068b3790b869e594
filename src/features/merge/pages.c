/* GET and POST /clients/{id}/merge/{id}: two clients (up to five with ?also=) side by side, of each
 * field the value that stays, and merging them. Routes: feature.c. Calls merge.c, values.c; reads
 * records through the store, so that everybody sees only what he may. */
#include "core/web/journal.h"
#include "features/merge/pages.h"

#include "features/attachment/attachment.h"
#include "features/merge/pages.html.h"
#include "lib/locale/number.h"

enum { GROUPS_MAX = 40, ROWS_MAX = 300 };

struct several {
    int64_t ids[MERGE_MAX]; /* the kept one first */
    int n;
    struct merge_plan plans[MERGE_MAX]; /* from 1 on: of him into what the kept one is by then */
};

/* --- who --- */

static enum status add_id(struct several *s, int64_t id) {
    for (int i = 0; i < s->n; i++)
        if (s->ids[i] == id) return OK;
    if (s->n == MERGE_MAX) return TOO_MANY;
    s->ids[s->n++] = id;
    return OK;
}

static enum status read_ids(struct req *r, const struct http_pairs *also, struct several *s) {
    int64_t kept, other, id;
    if (!req_arg_id(r, 0, &kept) || !req_arg_id(r, 1, &other)) return MISSING;
    *s = (struct several){ .ids = { kept }, .n = 1 };
    TRY(add_id(s, other));
    for (int i = 0; i < also->n; i++) {
        if (!str_eq_z(also->v[i].name, "also")) continue;
        if (!str_to_i64(also->v[i].value, &id) || id <= 0) return MALFORMED;
        if (add_id(s, id) != OK) {
            ctx_problem(&r->c, NO_STR, N_("At most five clients can be merged at once."));
            return MALFORMED;
        }
    }
    return OK;
}

/* Each into what the ones before him made of the kept one. */
static enum status plan_all(struct ctx *c, struct several *s) {
    for (int i = 1; i < s->n; i++) {
        struct merge_plan *p = &s->plans[i];
        TRY(merge_plan(c, s->ids[0], s->ids[i], p));
        if (i == 1) continue;
        p->kept = *(struct party *)merge_united(c, &s->plans[i - 1]);
        merge_defaults(c, p);
    }
    return OK;
}

static struct url page_url(struct ctx *c, const struct several *s, int64_t kept) {
    int64_t other = s->ids[0] == kept ? s->ids[1] : s->ids[0];
    struct url u =
        url_printf(c->arena, "/clients/%lld/merge/%lld", (long long)kept, (long long)other);
    for (int i = 0; i < s->n; i++)
        if (s->ids[i] != kept && s->ids[i] != other)
            u = url_query(c->arena, u, "also", str_printf(c->arena, "%lld", (long long)s->ids[i]));
    return u;
}

static const struct party *client_of(const struct several *s, int i) {
    return i ? &s->plans[i].gone : &s->plans[1].kept;
}

/* --- rows --- */

static void add_row(struct ctx *c, struct merge_page *v, const char *group, struct merge_row row) {
    struct str name = str_of(T(c, group ? group : N_("More")));
    struct merge_group *g = NULL;
    for (int i = 0; i < v->groups.n; i++)
        if (str_eq(v->groups.v[i].label, name)) g = &v->groups.v[i];
    if (!g) {
        if (v->groups.n == GROUPS_MAX) return;
        g = &v->groups.v[v->groups.n++];
        *g = (struct merge_group){ .label = name };
        g->rows.v = arena_array(c->arena, struct merge_row, ROWS_MAX);
    }
    if (g->rows.n < ROWS_MAX) g->rows.v[g->rows.n++] = row;
    v->differ += row.differs;
}

/* Which column the value comes from without asking; -1: both together. */
static int best_of(const struct several *s, int field) {
    int at = 0;
    for (int i = 1; i < s->n; i++) {
        if (s->plans[i].pick[field] == MERGE_TAKE) at = i;
        if (s->plans[i].pick[field] == MERGE_BOTH) at = -1;
    }
    return at;
}

static void field_row(struct req *r, const struct several *s, int at, struct merge_page *v) {
    struct ctx *c = &r->c;
    const struct field *f = &s->plans[1].entity->fields[at];
    struct merge_row row = { .label = str_of(field_label(c, f)) };
    int best = best_of(s, at);
    bool any = false, can_both = false;
    row.cells.v = arena_array(c->arena, struct merge_choice, s->n + 1);
    for (int i = 0; i < s->n; i++) {
        struct value x = field_get(f, client_of(s, i));
        struct merge_choice *cell = &row.cells.v[row.cells.n++];
        *cell = (struct merge_choice){ .ltr = f->kind->ltr && f->kind != &kind_date,
                                       .value = str_printf(c->arena, "%lld", (long long)s->ids[i]),
                                       .chosen = best == i };
        if (!value_empty(f, x)) cell->text = f->kind->show(c, f, x);
        any |= !value_empty(f, x);
        row.differs |= !value_eq(x, field_get(f, client_of(s, 0)));
        if (i) can_both |= merge_can_both(f, field_get(f, &s->plans[i].kept), x);
    }
    if (!any) return;
    if (row.differs) row.name = str_printf(c->arena, "f.%s", f->name);
    v->together |= can_both;
    if (can_both)
        row.cells.v[row.cells.n++] = (struct merge_choice){ .text = str_of(T(c, N_("Merge|Both"))),
                                                            .value = S("both"),
                                                            .chosen = best < 0 };
    row.pad = !can_both;
    struct str was = row.name.n ? req_form(r, row.name.p) : NO_STR;
    for (int i = 0; i < row.cells.n && was.p; i++)
        row.cells.v[i].chosen = str_eq(was, row.cells.v[i].value);
    add_row(c, v, f->group, row);
}

static void list_row(struct ctx *c, const struct several *s, const struct many *m,
                     struct merge_page *v) {
    struct merge_row row = { .label = str_of(T(c, m->label)), .list = true, .pad = true };
    bool any = false;
    row.cells.v = arena_array(c->arena, struct merge_choice, s->n + 1);
    for (int i = 0; i < s->n; i++) {
        struct many_rows rows = many_get(m, client_of(s, i));
        struct str lines[LIMIT_MANY_N];
        int n = 0;
        for (int k = 0; k < rows.n && n < LIMIT_MANY_N; k++)
            lines[n++] = m->child->title(c, many_at(m, rows, k));
        row.cells.v[row.cells.n++] =
            (struct merge_choice){ .text = str_join(c->arena, lines, n, S("\n")),
                                   .ltr = m->child->fields[0].kind->ltr };
        any |= n > 0;
        row.differs |= !str_eq(row.cells.v[i].text, row.cells.v[0].text);
    }
    if (any) add_row(c, v, m->group, row);
}

static void rows_of(struct req *r, const struct several *s, struct merge_page *v) {
    const struct entity *e = s->plans[1].entity;
    v->groups.v = arena_array(r->c.arena, struct merge_group, GROUPS_MAX);
    for (int i = 0; i < e->fields_n; i++) {
        const struct field *f = &e->fields[i];
        bool shown = !(f->is & (SECRET | DERIVED | SYSTEM)) && field_readable(&r->c, f);
        if (shown) field_row(r, s, i, v);
    }
    for (int i = 0; i < e->manys_n; i++) list_row(&r->c, s, &e->manys[i], v);
}

/* --- heads --- */

/* Entities that name a client in several fields are counted once each. */
static enum status attached_of(struct ctx *c, int64_t id, struct merge_head *h) {
    struct referrer all[REFERRERS_MAX];
    int n = refer_fields(c, &entity_party, all, REFERRERS_MAX);
    h->attached.v = arena_array(c->arena, struct str, n + 1);
    for (int i = 0; i < n; i++) {
        int64_t count, more = 0;
        if (i && all[i - 1].entity == all[i].entity && !all[i].field->custom) continue;
        TRY(refer_count(c, &all[i], id, &count));
        if (i + 1 < n && all[i + 1].entity == all[i].entity && !all[i].field->custom)
            TRY(refer_count(c, &all[i + 1], id, &more));
        if (count + more == 0) continue;
        struct str label = str_of(all[i].field->custom ? field_label(c, all[i].field)
                                                       : T(c, all[i].entity->label_plural));
        struct tr_arg args[2] = { { .name = "label", .value = label },
                                  { .name = "n",
                                    .value = number_show(c->arena, c->loc, count + more) } };
        h->attached.v[h->attached.n++] =
            tr_fill(c->arena, T(c, N_("Attached|{label}: {n}")), args, 2);
    }
    return OK;
}

static enum status heads_of(struct ctx *c, const struct several *s, struct merge_page *v) {
    v->heads.v = arena_array(c->arena, struct merge_head, s->n);
    for (int i = 0; i < s->n; i++) {
        const struct party *p = client_of(s, i);
        struct merge_head *h = &v->heads.v[v->heads.n++];
        *h = (struct merge_head){
            .name = p->display_name,
            .to = url_printf(c->arena, "/clients/%lld", (long long)s->ids[i]),
            .face = face_of(c->arena, p->display_name, party_is_person(p) ? "" : "firm"),
            .since = moment_of(c, p->row.created_at, INSTANT_RELATIVE).said,
        };
        h->face.picture = party_photo_url(c->arena, p);
        if (i) h->keep = page_url(c, s, s->ids[i]);
        TRY(attached_of(c, s->ids[i], h));
    }
    return OK;
}

static enum status show(struct req *r, const struct several *s) {
    struct ctx *c = &r->c;
    struct merge_page v = { .columns = s->n + 1 };
    v.name = client_of(s, 0)->display_name;
    v.action = url_printf(c->arena, "/clients/%lld/merge/%lld", (long long)s->ids[0],
                          (long long)s->ids[1]);
    v.back = url_printf(c->arena, "/clients/%lld", (long long)s->ids[0]);
    v.others.v = arena_array(c->arena, int64_t, s->n);
    for (int i = 2; i < s->n; i++) v.others.v[v.others.n++] = s->ids[i];
    TRY(heads_of(c, s, &v));
    rows_of(r, s, &v);
    v.columns = s->n + 1 + v.together;
    journal_read(r->app, c, "party", s->ids, s->n);
    return PAGE(r, T(c, N_("Merge clients")), "clients", merge_html, &v);
}

/* The same one twice, a person and an organisation: back to the client, with the reason. */
static enum status cannot(struct req *r, enum status st) {
    int64_t kept;
    if (st != INVALID || !req_arg_id(r, 0, &kept)) return st;
    r->status = 422;
    struct cannot_page v = { .back = url_printf(r->c.arena, "/clients/%lld", (long long)kept) };
    r->narrow = true;
    return PAGE(r, T(&r->c, N_("Merge clients")), "clients", cannot_html, &v);
}

enum status merge_show(struct req *r) {
    struct several s;
    struct party p;
    TRY(read_ids(r, &r->http->query, &s));
    TRY(store_load(&r->c, &entity_party, s.ids[0], &p));
    if (s.n == 1) return go(r, url_printf(r->c.arena, "/clients/%lld", (long long)s.ids[0]));
    enum status st = plan_all(&r->c, &s);
    return st == OK ? show(r, &s) : cannot(r, st);
}

enum status merge_again(struct req *r) {
    struct several s;
    TRY(read_ids(r, &r->form, &s));
    if (s.n == 1) return cannot(r, INVALID);
    enum status st = plan_all(&r->c, &s);
    return st == OK ? show(r, &s) : cannot(r, st);
}

/* --- doing it --- */

/* What the radios say of one of those who go; a field that was not shown is as best. */
static enum status read_picks(struct req *r, struct merge_plan *p, int64_t id) {
    const struct entity *e = p->entity;
    for (int i = 0; i < e->fields_n; i++) {
        struct str said = req_form(r, str_printf(r->c.arena, "f.%s", e->fields[i].name).p);
        int64_t from;
        if (!said.p) continue;
        p->pick[i] = MERGE_BOTH;
        if (str_eq(said, S("both"))) continue;
        if (!str_to_i64(said, &from)) return MALFORMED;
        p->pick[i] = from == id ? MERGE_TAKE : MERGE_KEEP;
    }
    return OK;
}

enum status merge_post(struct req *r) {
    struct ctx *c = &r->c;
    struct several s;
    int64_t merge;
    struct party p;
    TRY(read_ids(r, &r->form, &s));
    TRY(store_load(c, &entity_party, s.ids[0], &p));
    if (s.n == 1) return ctx_problem(c, NO_STR, N_("This is the same client twice."));
    for (int i = 1; i < s.n; i++) {
        struct merge_plan plan;
        TRY(merge_plan(c, s.ids[0], s.ids[i], &plan));
        TRY(read_picks(r, &plan, s.ids[i]));
        TRY(merge_do(c, &plan, 0, &merge));
    }
    struct url to = url_printf(c->arena, "/clients/%lld", (long long)s.ids[0]);
    return go_toast(r, to, N_("Merged."), s.n == 2 ? c->batch : 0);
}
