/* All pairs that share a block, scored. Called by the register's duplicates and --evaluate; calls
 * block, score. The work is cut into pieces whose results are put together in one order. */
#include <math.h>

#include "lib/match/block_in.h"

enum { BLOCK_MOST = 300, WINDOW = 12, PIECE_ROWS = 4096 };

struct found {
    struct match_pair *v;
    size_t n, cap;
    int64_t compared_n;
};
struct search {
    const struct match *m;
    float least;
    struct memo memo[THREADS_N];
    struct found *found; /* by piece */
    /* of the rule */
    struct keyed *v;
    int64_t n, *from; /* from: first row of each piece, then n */
    uint32_t *rows;   /* records × stride: hashes of keys */
    int rule, stride;
};

static void look(struct search *s, struct memo *memo, struct found *f, uint32_t a, uint32_t b) {
    if (a == b) return;
    if (s->rows) { /* an earlier rule gave the pair already */
        const uint32_t *x = s->rows + (int64_t)a * s->stride, *y = s->rows + (int64_t)b * s->stride;
        for (int r = 0; r < s->rule; r++)
            if (x[r] && x[r] == y[r]) return;
    }
    f->compared_n++;
    if (a > b) {
        uint32_t t = a;
        a = b;
        b = t;
    }
    float w = score_pair(s->m, memo, (int)a, (int)b, s->least);
    if (w < s->least) return;
    f->v = grown(f->v, &f->cap, f->n + 1, sizeof *f->v);
    f->v[f->n++] = (struct match_pair){ (int32_t)a, (int32_t)b, w, certainty_of(w) };
}

static int64_t run_end(const struct keyed *v, int64_t from, int64_t n) {
    int64_t to = from + 1;
    while (to < n && v[to].key == v[from].key) to++;
    return to;
}

/* What neighbours in a huge block are like: the first letters of the first columns that have any.
 */
static uint64_t neighbourhood(const struct match *m, uint32_t record) {
    uint64_t h = 0;
    int shift = 64;
    for (int c = 0; c < m->columns_n && shift > 0; c++) {
        const uint32_t *v;
        if (m->column[c].dead || m->column[c].exact > 0.05) continue;
        uint32_t n = cell_values(m, &m->column[c].cell[record], &v);
        struct str s = n ? intern_str(m->column[c].pool, v[0]) : NO_STR;
        shift -= 32;
        for (size_t i = 0; i < 4 && i < s.n; i++)
            h |= (uint64_t)(unsigned char)s.p[i] << (shift + 24 - 8 * (int)i);
    }
    return h;
}

static int by_neighbourhood(const void *a, const void *b) {
    const struct keyed *x = a, *y = b;
    return x->key != y->key ? (x->key > y->key) - (x->key < y->key)
                            : (x->record > y->record) - (x->record < y->record);
}

static void search_run(struct search *s, struct memo *memo, struct found *f, int64_t from,
                       int64_t to) {
    int64_t window = to - from;
    if (window > BLOCK_MOST) {
        for (int64_t i = from; i < to; i++) s->v[i].key = neighbourhood(s->m, s->v[i].record);
        qsort(s->v + from, (size_t)(to - from), sizeof *s->v, by_neighbourhood);
        window = WINDOW;
    }
    for (int64_t i = from; i < to; i++)
        for (int64_t k = i + 1; k < to && k <= i + window; k++)
            look(s, memo, f, s->v[i].record, s->v[k].record);
}

static void search_piece(void *of, int64_t piece, int thread) {
    struct search *s = of;
    if (!s->memo[thread].v) recall_new(&s->memo[thread]);
    for (int64_t i = s->from[piece], to; i < s->from[piece + 1]; i = to) {
        to = run_end(s->v, i, s->from[piece + 1]);
        search_run(s, &s->memo[thread], &s->found[piece], i, to);
    }
}

static void all_piece(void *of, int64_t a, int thread) {
    struct search *s = of;
    if (!s->memo[thread].v) recall_new(&s->memo[thread]);
    for (int32_t b = (int32_t)a + 1; b < s->m->records_n; b++)
        look(s, &s->memo[thread], &s->found[a], (uint32_t)a, (uint32_t)b);
}

static void collect(struct search *s, int64_t pieces, struct found *into) {
    for (int64_t i = 0; i < pieces; i++) {
        struct found *f = &s->found[i];
        if (f->n) {
            into->v = grown(into->v, &into->cap, into->n + f->n, sizeof *into->v);
            memcpy(into->v + into->n, f->v, f->n * sizeof *f->v);
        }
        into->n += f->n;
        into->compared_n += f->compared_n;
        free(f->v);
    }
    free(s->found);
    s->found = NULL;
}

/* Pieces end where a run ends. Members of a run that is only looked at in a window are forgotten in
 * rows: a later rule may give their pairs again. */
static int64_t cut_pieces(struct search *s) {
    int64_t pieces = 0, last = 0;
    s->from = malloc(((size_t)s->n / PIECE_ROWS + 3) * sizeof *s->from);
    if (!s->from) BUG("out of memory");
    s->from[0] = 0;
    for (int64_t i = 0, to; i < s->n; i = to) {
        to = run_end(s->v, i, s->n);
        if (to - i > BLOCK_MOST)
            for (int64_t k = i; k < to; k++)
                s->rows[(int64_t)s->v[k].record * s->stride + s->rule] = 0;
        if (to - last < PIECE_ROWS && to < s->n) continue;
        s->from[++pieces] = to;
        last = to;
    }
    return pieces;
}

static void by_rules(struct search *s, int threads, struct found *into) {
    struct keys keys;
    struct block_rule rules[RULES_N];
    keys_new(s->m, &keys);
    s->stride = block_rules(s->m, &keys, rules);
    s->rows = calloc((size_t)s->m->records_n * (size_t)s->stride + 1, sizeof *s->rows);
    if (!s->rows) BUG("out of memory");
    for (s->rule = 0; s->rule < s->stride; s->rule++) {
        s->n = block_keys(s->m, &keys, &rules[s->rule], &s->v, s->rows + s->rule, s->stride);
        int64_t pieces = cut_pieces(s);
        s->found = calloc((size_t)pieces + 1, sizeof *s->found);
        if (!s->found) BUG("out of memory");
        in_threads(threads, pieces, search_piece, s);
        collect(s, pieces, into);
        free(s->from);
        free(s->v);
    }
    free(s->rows);
    keys_free(&keys);
}

static int by_records(const void *a, const void *b) {
    const struct match_pair *x = a, *y = b;
    return x->a != y->a ? (x->a > y->a) - (x->a < y->a) : (x->b > y->b) - (x->b < y->b);
}

/* With a model that was read, the values were not counted yet; what it left out stays left out. */
static void counted(struct match *m) {
    bool dead[MATCH_COLUMNS_N];
    if (!m->columns_n || m->column[0].count) return;
    for (int i = 0; i < m->columns_n; i++) dead[i] = m->column[i].dead;
    count_values(m);
    for (int i = 0; i < m->columns_n; i++) m->column[i].dead = dead[i];
}

void match_find(struct match *m, int threads, double least_certainty, struct match_pairs *out) {
    struct search *s = calloc(1, sizeof *s);
    struct found into = { 0 };
    if (!s) BUG("out of memory");
    counted(m);
    s->m = m;
    s->least = weight_of(least_certainty);
    if (m->records_n <= ALL_PAIRS_N) {
        s->found = calloc((size_t)m->records_n + 1, sizeof *s->found);
        if (!s->found) BUG("out of memory");
        in_threads(threads, m->records_n, all_piece, s);
        collect(s, m->records_n, &into);
    } else {
        by_rules(s, threads, &into);
    }
    for (int t = 0; t < THREADS_N; t++) recall_free(&s->memo[t]);
    free(s);
    if (into.n) qsort(into.v, into.n, sizeof *into.v, by_records);
    *out = (struct match_pairs){ .v = into.v, .compared_n = into.compared_n };
    for (size_t i = 0; i < into.n; i++)
        if (!i || by_records(&into.v[i], &into.v[i - 1])) out->v[out->n++] = into.v[i];
}

void match_pairs_free(struct match_pairs *p) {
    free(p->v);
    *p = (struct match_pairs){ 0 };
}
