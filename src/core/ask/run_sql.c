/* Statements of questions: text from constant tables, every value bound under a name of its own;
 * rows one by one into a set. Called by run_field.c and run_related.c; calls lib/db, with the time
 * that is left. */
#include "core/ask/run_in.h"
#include "lib/base/clock.h"
#include "lib/text/fold.h"
#include "lib/text/json.h"

void run_sql_new(struct run *r, struct run_sql *q) {
    *q = (struct run_sql){ .run = r, .text = { .arena = r->c->arena } };
    q->params.v = arena_array(r->c->arena, struct param, RUN_PARAMS_N);
}

static struct str bound_name(struct run_sql *q) {
    if (q->params.n == RUN_PARAMS_N - 2) BUG("too many values in a question");
    struct str name = str_printf(q->run->c->arena, "p%d", q->params.n);
    buf_add_c(&q->text, ':');
    buf_add(&q->text, name);
    return name;
}

void run_sql_int(struct run_sql *q, int64_t v) {
    struct str name = bound_name(q);
    sql_param(&q->params, param_int(name.p, v));
}

void run_sql_text(struct run_sql *q, struct str v) {
    struct str name = bound_name(q);
    sql_param(&q->params, param_str(name.p, v.p ? v : S("")));
}

void run_sql_bytes(struct run_sql *q, struct str v) {
    struct str name = bound_name(q);
    sql_param(&q->params, param_blob(name.p, (struct blob){ v.p ? v.p : "", v.n }));
}

void run_sql_among_texts(struct run_sql *q, const struct strs *v) {
    bool pg = tx_is_pg(q->run->c->tx);
    struct buf json = { .arena = q->run->c->arena };
    struct json_out w = { .b = &json };
    jw_array(&w);
    for (int i = 0; i < v->n; i++) jw_str(&w, v->v[i]);
    jw_end(&w);
    buf_add_z(&q->text, pg ? " = ANY(ARRAY(SELECT jsonb_array_elements_text(CAST("
                           : " IN (SELECT value FROM json_each(");
    run_sql_text(q, buf_str(&json));
    buf_add_z(&q->text, pg ? " AS jsonb))))" : "))");
}

void run_sql_among_values(struct run_sql *q, const struct field *f, const struct ask_node *n) {
    struct arena *a = q->run->c->arena;
    struct strs codes = { arena_array(a, struct str, n->values_n), n->values_n };
    int64_t *ids = arena_array(a, int64_t, n->values_n);
    bool pg = tx_is_pg(q->run->c->tx);
    for (int i = 0; i < n->values_n; i++) {
        codes.v[i] = run_code(q->run->c, n->values[i].text);
        if (!str_to_i64(codes.v[i], &ids[i])) ids[i] = -1;
    }
    if (!f->kind->is_int) {
        run_sql_among_texts(q, &codes);
        return;
    }
    buf_add_z(&q->text, pg ? " = ANY(CAST(translate(" : " IN (SELECT value FROM json_each(");
    run_sql_text(q, sql_id_list(a, ids, n->values_n));
    buf_add_z(&q->text, pg ? ", '[]', '{}') AS bigint[]))" : "))");
}

/* Before the first statement of a question: a way back, and how long it may take. */
enum status run_in_time(struct run *r) {
    int64_t left_ms = (r->ends_us - clock_mono_us()) / 1000;
    if (left_ms <= 0) return TOO_BIG;
    if (r->guarded) return OK;
    TRY(db_savepoint(r->c->tx));
    r->guarded = true;
    return db_deadline(r->c->tx, (int)left_ms);
}

/* The text with " AND column IN (ids)" in the place of its mark, or with nothing there. */
static struct str text_of(struct run_sql *q, const char *column, bool ids) {
    struct str s = buf_str(&q->text);
    ptrdiff_t at = str_find_c(s, '@');
    if (at < 0) BUG("a question without a place for ids");
    struct buf b = { .arena = q->run->c->arena };
    buf_add(&b, str_sub(s, 0, (size_t)at));
    if (ids)
        buf_printf(&b,
                   tx_is_pg(q->run->c->tx)
                       ? " AND %s = ANY(CAST(translate(:ids, '[]', '{}') AS bigint[]))"
                       : " AND %s IN (SELECT value FROM json_each(:ids))",
                   column);
    buf_add(&b, str_sub(s, (size_t)at + 1, SIZE_MAX));
    return buf_str(&b);
}

enum status run_sql_each(struct run_sql *q, const char *column, const struct bits *only,
                         bool (*row)(void *arg, const struct cell *cells), void *arg) {
    struct ctx *c = q->run->c;
    struct str text = text_of(q, column, only != NULL);
    TRY(run_in_time(q->run));
    if (!only) return db_each_made(c->tx, text, q->params.v, q->params.n, row, arg);
    uint32_t *numbers = arena_array(c->arena, uint32_t, RUN_IDS_N);
    int64_t *ids = arena_array(c->arena, int64_t, RUN_IDS_N), after = -1;
    struct made_params p = q->params;
    for (int n; (n = bits_next(only, after, numbers, RUN_IDS_N)) > 0;) {
        struct arena_mark m = arena_mark(c->arena);
        for (int i = 0; i < n; i++) ids[i] = numbers[i];
        after = ids[n - 1];
        p.v[q->params.n] = P("ids", sql_id_list(c->arena, ids, n));
        p.n = q->params.n + 1;
        TRY(run_in_time(q->run));
        TRY(db_each_made(c->tx, text, p.v, p.n, row, arg));
        arena_back(c->arena, m);
    }
    return OK;
}

static bool add_row(void *arg, const struct cell *cells) {
    if (cells[0].i > 0 && cells[0].i <= UINT32_MAX) bits_add(arg, (uint32_t)cells[0].i);
    return true;
}

enum status run_sql_bits(struct run_sql *q, const char *column, const struct bits *only,
                         struct bits *to) {
    return run_sql_each(q, column, only, add_row, to);
}

const struct bits *run_few(const struct bits *among, bool index) {
    return bits_count(among) <= (index ? RUN_FEW : RUN_SOME) ? among : NULL;
}

/* --- texts --- */

static struct str text_key(struct ctx *c, const struct field *f, struct str text) {
    if (f->kind == &kind_phone) return fold_digits(c->arena, text);
    if (f->kind->filter_key) return f->kind->filter_key(c, f, (struct value){ .s = text });
    return fold(c->arena, text);
}

void run_texts_new(struct ctx *c, const struct field *f, const struct ask_node *n,
                   struct run_texts *out) {
    *out = (struct run_texts){ c, f, arena_array(c->arena, struct run_text, n->values_n), 0 };
    for (int i = 0; i < n->values_n; i++) {
        struct str key = text_key(c, f, n->values[i].text);
        if (key.n) out->v[out->n++] = (struct run_text){ key, n->values[i].prefix };
    }
}

bool run_texts_fit(const struct run_texts *t, struct str text) {
    struct arena_mark m = arena_mark(t->c->arena);
    struct str key = text_key(t->c, t->field, text);
    bool fits = false;
    for (int i = 0; i < t->n && !fits; i++)
        fits = t->v[i].prefix ? str_starts(key, t->v[i].key) : str_eq(key, t->v[i].key);
    arena_back(t->c->arena, m);
    return fits;
}

struct str run_code(struct ctx *c, struct str text) {
    return str_eq_z(text, "me") ? str_printf(c->arena, "%lld", (long long)c->who.id) : text;
}
