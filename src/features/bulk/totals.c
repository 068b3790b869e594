/* What a choice of clients comes to: how many, of which categories and stages, and the sums of the
 * numbers that the business keeps of them. Called by the bar and by the page of bulk work; counts
 * by list_count, sums by reading the records. */
#include "core/web/list_address.h"
#include "features/bulk/bulk.html.h"
#include "features/bulk/pages.h"
#include "features/category/category.h"
#include "lib/locale/number.h"

enum { SUMMED_MAX = 2000, CHUNK = 200, GROUPS_MAX = 40 };

static struct str counted(struct ctx *c, int64_t n) {
    struct tr_arg arg = { .name = "n", .value = number_show(c->arena, c->loc, n) };
    return tr_fill(c->arena, tr_n(c->loc, "{n} client chosen", "{n} clients chosen", n), &arg, 1);
}

/* The choice with one more criterion; false when its own criteria leave that value out. */
static bool narrowed(const struct list_query *q, const char *field, struct str value,
                     struct list_query *out) {
    bool named = false, among = false;
    *out = *q;
    out->filters_n = 0;
    for (int i = 0; i < q->filters_n; i++) {
        if (!str_eq_z(q->filters[i].field, field)) {
            out->filters[out->filters_n++] = q->filters[i];
            continue;
        }
        named = true;
        among |= str_eq(q->filters[i].value, value) || str_eq(q->filters[i].value, S("*"));
    }
    if ((named && !among) || out->filters_n == LIMIT_FILTERS_N) return false;
    out->filters[out->filters_n++] = (struct list_filter){ str_of(field), value };
    return true;
}

static enum status add_count(struct ctx *c, const struct list_query *q, struct total_group *g,
                             const char *field, struct str value, struct str label,
                             const char *look) {
    struct list_query one;
    int64_t n;
    if (!narrowed(q, field, value, &one)) return OK;
    TRY(list_count(c, &one, &n));
    if (n)
        g->parts.v[g->parts.n++] =
            (struct total_part){ label, number_show(c->arena, c->loc, n), look };
    return OK;
}

static enum status by_stage(struct ctx *c, const struct list_query *q, struct total_group *g) {
    const struct field *f = entity_field(&entity_party, S("stage"));
    int n = 0;
    while (f->choices[n].code) n++;
    *g = (struct total_group){ .label = f->label };
    g->parts.v = arena_array(c->arena, struct total_part, n + 1);
    for (int i = 0; i < n; i++)
        TRY(add_count(c, q, g, f->name, str_of(f->choices[i].code),
                      str_of(T(c, f->choices[i].label)), ""));
    return OK;
}

static enum status by_category(struct ctx *c, const struct list_query *q, struct total_group *g) {
    struct categories all;
    const struct field *f = entity_field(&entity_party, S("category"));
    TRY(category_all(c, &all));
    *g = (struct total_group){ .label = f->label };
    g->parts.v = arena_array(c->arena, struct total_part, all.n + 1);
    for (int i = 0; i < all.n; i++)
        TRY(add_count(c, q, g, f->name, str_printf(c->arena, "%lld", (long long)all.v[i].row.id),
                      category_name(c, &all.v[i]), category_mark(c, &all.v[i]).look));
    return OK;
}

/* --- sums of own numbers --- */

static bool is_summed(const struct ctx *c, const struct field *f) {
    return f->custom && f->kind->is_int && field_readable(c, f) &&
           (!strcmp(f->kind->name, "number") || !strcmp(f->kind->name, "money"));
}

struct sum {
    const struct field *field;
    int64_t sum, n;
    bool over; /* more than a number holds */
};

static void add_row(struct sum *sums, int sums_n, const void *row) {
    for (int i = 0; i < sums_n; i++) {
        struct value v = field_get(sums[i].field, row);
        if (value_empty(sums[i].field, v)) continue;
        sums[i].n++;
        sums[i].over |= __builtin_add_overflow(sums[i].sum, v.i, &sums[i].sum);
    }
}

static enum status sum_up(struct ctx *c, const struct list_query *q, struct sum *sums, int sums_n) {
    int64_t ids[CHUNK], after = 0;
    int n = 0;
    do {
        struct arena_mark m = arena_mark(c->arena);
        void *rows;
        int rows_n;
        TRY(list_walk(c, q, &after, ids, CHUNK, &n));
        TRY(store_load_all(c, &entity_party, ids, n, &rows, &rows_n));
        for (int i = 0; i < rows_n; i++)
            add_row(sums, sums_n, (const char *)rows + entity_party.size * (size_t)i);
        arena_back(c->arena, m);
    } while (n);
    return OK;
}

static void add_sums(struct ctx *c, const struct sum *sums, int n, struct bulk_totals *out) {
    for (int i = 0; i < n; i++) {
        const struct field *f = sums[i].field;
        if (!sums[i].n || sums[i].over) continue;
        struct total_group *g = &out->groups.v[out->groups.n++];
        *g = (struct total_group){ .name = str_of(field_label(c, f)) };
        g->parts.v = arena_array(c->arena, struct total_part, 2);
        struct value sum = { .is_int = true, .i = sums[i].sum },
                     mean = { .is_int = true, .i = sums[i].sum / sums[i].n };
        g->parts.v[g->parts.n++] =
            (struct total_part){ str_of(T(c, N_("Sum"))), f->kind->show(c, f, sum), "" };
        g->parts.v[g->parts.n++] =
            (struct total_part){ str_of(T(c, N_("Average"))), f->kind->show(c, f, mean), "" };
    }
}

enum status bulk_count_up(struct ctx *c, const struct bulk_asked *asked, struct bulk_totals *out) {
    const struct entity *e = entity_now(c, &entity_party);
    struct sum *sums = arena_array(c->arena, struct sum, e->fields_n + 1);
    int sums_n = 0;
    *out = (struct bulk_totals){ .n = asked->n, .count = counted(c, asked->n) };
    out->groups.v = arena_array(c->arena, struct total_group, GROUPS_MAX + 2);
    TRY(by_stage(c, &asked->q, &out->groups.v[out->groups.n++]));
    TRY(by_category(c, &asked->q, &out->groups.v[out->groups.n++]));
    for (int i = 0; i < e->fields_n && sums_n < GROUPS_MAX; i++)
        if (is_summed(c, &e->fields[i])) sums[sums_n++] = (struct sum){ .field = &e->fields[i] };
    out->too_many = sums_n && asked->n > SUMMED_MAX;
    if (!sums_n || out->too_many) return OK;
    TRY(sum_up(c, &asked->q, sums, sums_n));
    add_sums(c, sums, sums_n, out);
    return OK;
}

enum status bulk_totals_part(struct req *r) {
    struct bulk_asked asked;
    struct bulk_totals v;
    TRY(bulk_ask(r, &asked));
    TRY(bulk_count_up(&r->c, &asked, &v));
    totals_line(page_begin(r), &v);
    return fragment_end(r);
}
