/* Records of clients: how many, how much, when first and last; has one, has none. By the sums that
 * are kept (core/measure) where the question is about them alone, else by SQL: one grouped walk, or
 * by the ids of few. Rows in the bin, of another currency, private ones of others and bonds with
 * clients that the reader does not see never count. Called by run.c. */
#include "core/ask/run_in.h"
#include "core/measure/measure.h"
#include "lib/locale/date.h"
#include "lib/locale/number.h"
#include "lib/locale/zone.h"
#include "lib/text/fold.h"

/* --- kept sums --- */

static enum measure_fn kept_fn(enum ask_fn fn) {
    static const enum measure_fn of[] = { MEASURE_COUNT, MEASURE_SUM, MEASURE_AVERAGE,
                                          MEASURE_LARGEST, MEASURE_SMALLEST };
    return of[fn];
}

static bool is_kept(const struct relation *rel, const struct ask_node *n) {
    if (!rel->measure || n->where) return false;
    return n->kind == ASK_HAS || n->fn == ASK_COUNT || n->field.n == 0 ||
           (rel->amount && str_eq_z(n->field, rel->amount));
}

/* What is measured, and between which bounds; false: no such field, or not of numbers. */
struct wanted {
    const struct relation *rel;
    const struct field *field; /* NULL: rows are counted */
    bool money;
    enum ask_fn fn;
    int decimals;
    int64_t low, high;
    int from, until;
};

static enum status wanted_of(struct run *r, const struct ask_node *n, struct wanted *w) {
    *w = (struct wanted){ .rel = ask_relation(r->catalogue, n->relation), .fn = n->fn };
    if (!w->rel) return run_gone(r, n->relation);
    ask_days(r->c, &n->period, r->calendar, &w->from, &w->until);
    if (n->kind == ASK_HAS) {
        w->fn = ASK_COUNT;
        w->low = 1;
        w->high = INT64_MAX;
        return OK;
    }
    if (n->op < ASK_OVER || n->op > ASK_BETWEEN) return run_gone(r, n->relation);
    if (n->fn != ASK_COUNT) {
        struct str name = n->field.n ? n->field : str_of(w->rel->amount);
        const struct ask_field *f = ask_field(r->catalogue, w->rel, name);
        if (!f || !f->field || !f->field->kind->is_int || f->many ||
            (f->type != ASK_NUMBER && f->type != ASK_MONEY))
            return run_gone(r, name.n ? name : n->relation);
        w->field = f->field;
        w->money = f->type == ASK_MONEY && w->rel->currency;
        w->decimals = run_decimals(r->c, w->field);
    }
    run_bounds(n, w->decimals + (w->fn == ASK_AVERAGE ? 3 : 0), &w->low, &w->high);
    return OK;
}

static struct measure_ask measure_of_wanted(const struct run *r, const struct wanted *w) {
    return (struct measure_ask){ .measure = w->rel->measure,
                                 .currency = w->field ? r->c->firm.currency : NO_STR,
                                 .from_day = w->from,
                                 .until_day = w->until,
                                 .fn = kept_fn(w->fn),
                                 .low = w->low,
                                 .high = w->high };
}

/* --- criteria of the records --- */

static bool text_has_index(const struct relation *rel, const struct field *f) {
    return !strcmp(rel->entity->name, "purchase") &&
           (!strcmp(f->name, "product") || !strcmp(f->name, "product_kind"));
}

struct collecting { /* the texts of a column that fit */
    const struct run_texts *texts;
    struct arena *keep;
    struct strs found;
    int cap;
};

static bool collect_row(void *arg, const struct cell *cells) {
    struct collecting *g = arg;
    if (cells[0].type != CELL_TEXT || !run_texts_fit(g->texts, cells[0].s)) return true;
    if (g->found.n == g->cap) {
        int cap = g->cap ? g->cap * 2 : 16;
        g->found.v = arena_grow(g->keep, g->found.v, (size_t)g->cap * sizeof *g->found.v,
                                (size_t)cap * sizeof *g->found.v);
        g->cap = cap;
    }
    g->found.v[g->found.n++] = str_dup(g->keep, cells[0].s);
    return true;
}

/* Which texts of the column are meant: compared folded, here, each distinct one once. With an index
 * from one text to the next; else those of the few clients, or all. */
static enum status texts_meant(struct run *r, const struct relation *rel, const struct field *f,
                               const struct bits *few, struct collecting *g) {
    struct run_sql q;
    const char *t = rel->entity->name,
               *live = rel->entity->has_deleted ? "deleted_at IS NULL AND " : "";
    run_sql_new(r, &q);
    if (!few && text_has_index(rel, f)) {
        buf_printf(
            &q.text,
            "WITH RECURSIVE d(v) AS (SELECT min(%s) FROM %s WHERE %s%s IS NOT NULL UNION ALL "
            "SELECT (SELECT min(%s) FROM %s WHERE %s%s > d.v) FROM d WHERE d.v IS NOT NULL) "
            "SELECT v FROM d WHERE v IS NOT NULL@",
            f->name, t, live, f->name, f->name, t, live, f->name);
    } else {
        buf_printf(&q.text, "SELECT DISTINCT %s FROM %s WHERE %s%s IS NOT NULL@", f->name, t, live,
                   f->name);
    }
    return run_sql_each(&q, rel->entity->party_column, few, collect_row, g);
}

static enum status text_rule(struct run_sql *q, const struct relation *rel, const struct field *f,
                             const struct ask_node *n, const struct bits *few) {
    struct run_texts texts;
    struct collecting g = { .texts = &texts, .keep = arena_new() };
    run_texts_new(q->run->c, f, n, &texts);
    enum status st = texts.n ? texts_meant(q->run, rel, f, few, &g) : OK;
    if (st == OK && g.found.n) {
        buf_add_z(&q->text, f->name);
        run_sql_among_texts(q, &g.found);
    } else {
        buf_add_z(&q->text, "1 = 0");
    }
    arena_free(g.keep); /* what is bound was copied */
    return st;
}

static void day_rule(struct run_sql *q, const char *column, bool instant, int from, int until) {
    struct ctx *c = q->run->c;
    buf_printf(&q->text, "%s >= ", column);
    if (instant)
        run_sql_int(q, run_ms(c, from));
    else
        run_sql_text(q, run_iso(c->arena, from));
    buf_printf(&q->text, " AND %s < ", column);
    if (instant)
        run_sql_int(q, run_ms(c, until));
    else
        run_sql_text(q, run_iso(c->arena, until));
}

static void number_rule(struct run_sql *q, const struct relation *rel, const struct ask_field *f,
                        const struct ask_node *n) {
    int64_t low, high;
    run_bounds(n, run_decimals(q->run->c, f->field), &low, &high);
    buf_printf(&q->text, "%s BETWEEN ", f->field->name);
    run_sql_int(q, low);
    buf_add_z(&q->text, " AND ");
    run_sql_int(q, high);
    if (f->type != ASK_MONEY || !rel->currency) return;
    buf_printf(&q->text, " AND %s = ", rel->currency);
    run_sql_text(q, q->run->c->firm.currency);
}

static enum status rule(struct run_sql *q, const struct relation *rel, const struct ask_node *n,
                        const struct bits *few) {
    const struct ask_field *f = ask_field(q->run->catalogue, rel, n->field);
    bool text = f && f->field && !f->field->kind->is_int;
    int from, until;
    if (!f || !f->field || f->many || f->field->custom) return run_gone(q->run, n->field);
    if (n->op == ASK_FILLED || n->op == ASK_EMPTY) {
        buf_printf(&q->text, "%s%s IS NOT NULL", n->op == ASK_EMPTY ? "NOT (" : "(",
                   f->field->name);
        if (text) buf_printf(&q->text, " AND %s <> ''", f->field->name);
        buf_add_z(&q->text, ")");
    } else if (n->op == ASK_IN && (f->type == ASK_DATE || f->type == ASK_INSTANT)) {
        ask_days(q->run->c, &n->period, q->run->calendar, &from, &until);
        day_rule(q, f->field->name, f->type == ASK_INSTANT, from, until);
    } else if (n->op == ASK_IS && f->type == ASK_TEXT) {
        return text_rule(q, rel, f->field, n, few);
    } else if (n->op == ASK_IS &&
               (f->type == ASK_CODE || f->type == ASK_YESNO || f->type == ASK_DATE)) {
        buf_add_z(&q->text, f->field->name);
        run_sql_among_values(q, f->field, n);
    } else if (n->op >= ASK_OVER && n->op <= ASK_BETWEEN &&
               (f->type == ASK_NUMBER || f->type == ASK_MONEY)) {
        number_rule(q, rel, f, n);
    } else {
        return run_gone(q->run, n->field);
    }
    return OK;
}

/* Each rule is true or not, never unknown: a record without the value is one without it. */
static enum status criteria(struct run_sql *q, const struct relation *rel, const struct ask_node *n,
                            const struct bits *few) {
    if (n->kind == ASK_FIELD) {
        buf_add_z(&q->text, "((");
        TRY(rule(q, rel, n, few));
        buf_add_z(&q->text, ") IS TRUE)");
        return OK;
    }
    if (n->kind != ASK_GROUP) return run_gone(q->run, str_of(rel->name));
    if (n->items_n == 0) {
        buf_add_z(&q->text, n->group == ASK_ANY ? "1 = 0" : "1 = 1");
        return OK;
    }
    buf_add_z(&q->text, n->group == ASK_NONE ? "NOT (" : "(");
    for (int i = 0; i < n->items_n; i++) {
        if (i) buf_add_z(&q->text, n->group == ASK_ALL ? " AND " : " OR ");
        TRY(criteria(q, rel, n->items[i], few));
    }
    buf_add_z(&q->text, ")");
    return OK;
}

/* A rule of criteria alone narrows by its index only when it stands bare, without IS TRUE. */
static enum status outer_criteria(struct run_sql *q, const struct relation *rel,
                                  const struct ask_node *n, const struct bits *few) {
    bool all = n->kind == ASK_GROUP && n->group == ASK_ALL;
    if (n->kind != ASK_FIELD && !all) {
        buf_add_z(&q->text, " AND ");
        return criteria(q, rel, n, few);
    }
    for (int i = 0; i < (all ? n->items_n : 1); i++) {
        const struct ask_node *one = all ? n->items[i] : n;
        buf_add_z(&q->text, " AND ");
        if (one->kind != ASK_FIELD) {
            TRY(criteria(q, rel, one, few));
            continue;
        }
        buf_add_z(&q->text, "(");
        TRY(rule(q, rel, one, few));
        buf_add_z(&q->text, ")");
    }
    return OK;
}

/* --- records by SQL --- */

static void seen(struct run_sql *q, const struct entity *e) {
    struct ctx *c = q->run->c;
    if (e->other_column) {
        buf_printf(&q->text,
                   " AND EXISTS (SELECT 1 FROM party WHERE party.id = %s.%s AND party.deleted_at "
                   "IS NULL",
                   e->name, e->other_column);
        if (c->who.sees != SEES_ALL) {
            buf_add_z(&q->text, " AND (party.responsible = ");
            run_sql_int(q, c->who.id);
            buf_add_z(&q->text, " OR party.team = ");
            run_sql_int(q, c->who.sees == SEES_TEAM ? c->who.team : -1);
            buf_add_z(&q->text, ")");
        }
        buf_add_z(&q->text, ")");
    }
    if (e->private_column && !ctx_may(c, ROLE_OWNER)) {
        buf_printf(&q->text, " AND (%s = 0 OR created_by = ", e->private_column);
        run_sql_int(q, c->who.id);
        buf_add_z(&q->text, ")");
    }
}

/* "FROM rows WHERE what is asked of them@" */
static enum status records(struct run_sql *q, const struct wanted *w, const struct ask_node *n,
                           const struct bits *few) {
    const struct entity *e = w->rel->entity;
    buf_printf(&q->text, " FROM %s WHERE %s", e->name,
               e->has_deleted ? "deleted_at IS NULL" : "1 = 1");
    if (n->period.when != ASK_EVER) {
        buf_add_z(&q->text, " AND ");
        day_rule(q, w->rel->date, w->rel->date_is_instant, w->from, w->until);
    }
    if (w->money) {
        buf_printf(&q->text, " AND %s = ", w->rel->currency);
        run_sql_text(q, q->run->c->firm.currency);
    }
    seen(q, e);
    if (n->where) TRY(outer_criteria(q, w->rel, n->where, few));
    buf_add_z(&q->text, "@");
    return OK;
}

static void aggregate(struct buf *b, const struct wanted *w) {
    static const char *const fn[] = { "count", "sum", "sum", "max", "min" };
    if (w->fn == ASK_COUNT)
        buf_add_z(b, "count(*)");
    else
        buf_printf(b, "%s(%s)", fn[w->fn], w->field->name);
}

/* The average is compared without dividing: sum × 1,000 against bound × count. */
static void having(struct run_sql *q, const struct wanted *w, bool outside) {
    struct buf *b = &q->text;
    bool average = w->fn == ASK_AVERAGE;
    buf_add_z(b, outside ? " HAVING NOT (" : " HAVING (");
    aggregate(b, w);
    buf_add_z(b, average ? " * 1000 >= CAST(" : " >= ");
    run_sql_int(q, w->low);
    if (average) buf_printf(b, " AS numeric) * count(%s)", w->field->name);
    buf_add_z(b, " AND ");
    aggregate(b, w);
    buf_add_z(b, average ? " * 1000 < CAST(" : " <= ");
    run_sql_int(q, average && w->high < INT64_MAX ? w->high + 1 : w->high);
    if (average) buf_printf(b, " AS numeric) * count(%s)", w->field->name);
    buf_add_z(b, ")");
}

/* Who has no record counts as 0: where 0 fits, those are looked for who do not fit. */
static enum status by_records(struct run *r, const struct wanted *w, const struct ask_node *n,
                              const struct bits *among, struct bits **out) {
    struct run_sql q;
    const char *party = w->rel->entity->party_column;
    bool indexed = n->where && !strcmp(w->rel->entity->name, "purchase");
    const struct bits *few = run_few(among, indexed);
    bool zero = (w->fn == ASK_COUNT || w->fn == ASK_SUM) && w->low <= 0 && w->high >= 0;
    bool any = w->fn == ASK_COUNT && w->low == 1 && w->high == INT64_MAX;
    struct bits *found = bits_new();
    run_sql_new(r, &q);
    buf_printf(&q.text, "SELECT %s", party);
    enum status st = records(&q, w, n, few);
    if (st == OK && !any) {
        buf_printf(&q.text, " GROUP BY %s", party);
        having(&q, w, zero);
    }
    if (st == OK) st = run_sql_bits(&q, party, few, found);
    if (st == OK && zero) {
        struct bits *rest = bits_copy(among);
        bits_minus(rest, found);
        bits_free(found);
        found = rest;
    }
    if (st == OK)
        *out = found;
    else
        bits_free(found);
    return st;
}

enum status run_related(struct run *r, const struct ask_node *n, const struct bits *among,
                        struct bits **out) {
    struct wanted w;
    TRY(wanted_of(r, n, &w));
    if (w.low > w.high) {
        *out = bits_new();
        return OK;
    }
    if (is_kept(w.rel, n)) {
        struct measure_ask ask = measure_of_wanted(r, &w);
        TRY(run_in_time(r));
        TRY(measure_bits(r->c->tx, &ask, among, out));
    } else {
        TRY(by_records(r, &w, n, among, out));
    }
    if (n->kind != ASK_HAS || !n->no) return OK;
    struct bits *rest = bits_copy(among);
    bits_minus(rest, *out);
    bits_free(*out);
    *out = rest;
    return OK;
}

/* --- the first and the last --- */

enum status run_edge(struct run *r, const struct ask_field *f, const struct ask_period *p,
                     const struct bits *among, struct bits **out) {
    const struct relation *rel = f->relation;
    bool first = f->from == ASK_FROM_FIRST;
    struct run_sql q;
    int from, until;
    ask_days(r->c, p, r->calendar, &from, &until);
    if (rel->measure) {
        struct measure_ask ask = { .measure = rel->measure,
                                   .from_day = MEASURE_DAY_MIN,
                                   .until_day = MEASURE_DAY_MAX + 1,
                                   .fn = first ? MEASURE_FIRST : MEASURE_LATEST,
                                   .low = from,
                                   .high = until - 1 };
        TRY(run_in_time(r));
        return measure_bits(r->c->tx, &ask, among, out);
    }
    struct wanted w = { .rel = rel };
    const struct ask_node all = { .kind = ASK_HAS };
    const char *party = rel->entity->party_column;
    const struct bits *few = run_few(among, false);
    run_sql_new(r, &q);
    buf_printf(&q.text, "SELECT %s", party);
    TRY(records(&q, &w, &all, few));
    buf_printf(&q.text, " GROUP BY %s HAVING ", party);
    struct str edge = str_printf(r->c->arena, "%s(%s)", first ? "min" : "max", rel->date);
    day_rule(&q, edge.p, rel->date_is_instant, from, until);
    *out = bits_new();
    enum status st = run_sql_bits(&q, party, few, *out);
    if (st != OK) bits_free(*out);
    return st;
}

/* --- what one client has --- */

static struct str shown(struct ctx *c, const struct wanted *w, int64_t value) {
    if (!w->field) return number_show(c->arena, c->loc, value);
    if (w->fn != ASK_AVERAGE)
        return w->field->kind->show(c, w->field, (struct value){ .is_int = true, .i = value });
    struct value rounded = { .is_int = true, .i = (value + 500) / 1000 };
    return w->field->kind->show(c, w->field, rounded);
}

static bool take_value(void *arg, const struct cell *cells) {
    struct cell *to = arg;
    if (cells[0].type == CELL_INT) *to = cells[0];
    return false;
}

static enum status one_value(struct run *r, const struct wanted *w, const struct ask_node *n,
                             int64_t party, struct cell *value) {
    struct run_sql q;
    struct bits *one = bits_new();
    bits_add(one, (uint32_t)party);
    run_sql_new(r, &q);
    buf_add_z(&q.text, "SELECT CAST(");
    aggregate(&q.text, w);
    if (w->fn == ASK_AVERAGE) buf_printf(&q.text, " * 1000 / count(%s)", w->field->name);
    buf_add_z(&q.text, " AS bigint)");
    enum status st = records(&q, w, n, one);
    if (st == OK) st = run_sql_each(&q, w->rel->entity->party_column, one, take_value, value);
    bits_free(one);
    return st;
}

struct edge {
    struct cell cell;
    char day[16];
};

/* Texts are good during the call only. */
static bool take_day(void *arg, const struct cell *cells) {
    struct edge *to = arg;
    to->cell = cells[0];
    if (cells[0].type != CELL_TEXT) return false;
    size_t n = cells[0].s.n < sizeof to->day ? cells[0].s.n : sizeof to->day;
    memcpy(to->day, cells[0].s.p, n);
    to->cell.s = (struct str){ to->day, n };
    return false;
}

enum status run_related_has(struct run *r, const struct ask_node *n, int64_t party,
                            struct str *out) {
    struct wanted w;
    struct cell value = { 0 };
    TRY(wanted_of(r, n, &w));
    if (is_kept(w.rel, n)) {
        struct measure_ask ask = measure_of_wanted(r, &w);
        bool has;
        TRY(measure_of(r->c->tx, &ask, party, &value.i, &has));
        if (has) value.type = CELL_INT;
    } else {
        TRY(one_value(r, &w, n, party, &value));
    }
    *out = value.type == CELL_INT ? shown(r->c, &w, value.i) : NO_STR;
    return OK;
}

enum status run_edge_has(struct run *r, const struct ask_field *f, int64_t party, struct str *out) {
    const struct relation *rel = f->relation;
    struct wanted w = { .rel = rel };
    const struct ask_node all = { .kind = ASK_HAS };
    struct bits *one = bits_new();
    struct edge value = { 0 };
    struct run_sql q;
    struct day day;
    bits_add(one, (uint32_t)party);
    run_sql_new(r, &q);
    const char *fn = f->from == ASK_FROM_FIRST ? "min" : "max";
    buf_printf(&q.text, "SELECT %s(%s)", fn, rel->date);
    *out = NO_STR;
    enum status st = records(&q, &w, &all, one);
    if (st == OK) st = run_sql_each(&q, rel->entity->party_column, one, take_day, &value);
    bits_free(one);
    TRY(st);
    bool instant = value.cell.type == CELL_INT;
    if (instant) day = zone_local(r->c->firm.clock, value.cell.i).day;
    if (instant || day_of_iso(value.cell.s, &day))
        *out = date_show(r->c->arena, r->c->loc, day, DATE_LONG);
    return OK;
}
