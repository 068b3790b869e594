/* Learning without labels. u: how often two records of different people agree, from the numbers of
 * equal values and from random pairs, less what the matches among them brought. m: how often two
 * records of one agree, by EM among pairs that share a value (a block), each block leaving out what
 * it blocks on, averaged. lambda: the matches of the blocks over the share that such blocks reach.
 * The three depend on one another: a few rounds. Called by whoever has all records; calls em. */
#include <math.h>

#include "lib/base/map.h"
#include "lib/base/random.h"
#include "lib/match/train_in.h"

enum {
    RANDOM_PAIRS_N = 600000, /* drawn; fewer records: every pair */
    BLOCK_PAIRS_N = 100000,  /* of one block; more are drawn from */
    PIECES = 16,             /* of the random pairs: one draw each, whatever the threads */
    BLOCKS_N = 8,
    TAIL_N = 7, /* last digits of a phone */
    ROUNDS = 4
};
#define BELIEF           1000.0 /* so many pairs weigh as much as what is usual */
#define BLOCK_PER_RECORD 20.0   /* pairs a record that a block for training may bring */
#define CLEARED          0.02   /* of an observed u this much stays at least */
#define LEAST_U          1e-8
#define LEAST_FILLED     0.05
#define LEAST_SCRIPTS    0.05 /* share of pairs in two scripts from which a column is in both */

/* --- what is there --- */

static void count_column(struct match *m, struct column *c) {
    double same = 0;
    uint32_t distinct = 0, highest = 0;
    free(c->count);
    c->count = calloc((size_t)c->pool->n + 1, sizeof *c->count);
    if (!c->count) BUG("out of memory");
    c->filled_n = 0;
    for (int32_t r = 0; r < m->records_n; r++) {
        const uint32_t *v;
        uint32_t n = cell_values(m, &c->cell[r], &v);
        c->filled_n += n > 0;
        for (uint32_t i = 0; i < n; i++) c->count[v[i]]++;
    }
    for (uint32_t id = 1; id <= c->pool->n; id++) {
        same += (double)c->count[id] * (c->count[id] - (c->count[id] > 0));
        distinct += c->count[id] > 0;
        if (c->count[id] > highest) highest = c->count[id];
    }
    double filled = (double)c->filled_n;
    c->exact = filled > 1 ? fmin(same / (filled * (filled - 1)), 1) : 0;
    c->dead = distinct < 2;
}

void count_values(struct match *m) {
    for (int i = 0; i < m->columns_n; i++) count_column(m, &m->column[i]);
}

/* --- random pairs --- */

struct random_pairs {
    const struct match *m;
    struct tally tally[PIECES];
    struct memo memo[THREADS_N];
    int64_t n; /* pairs to draw; 0: all */
};

static void tally_pair(const struct match *m, struct memo *memo, struct tally *t, int a, int b) {
    uint8_t level[MATCH_COLUMNS_N] = { 0 };
    uint32_t exact_of[MATCH_COLUMNS_N];
    levels_of(m, memo, a, b, level, exact_of);
    tally_add(t, level, 1);
}

static void random_piece(void *of, int64_t piece, int thread) {
    struct random_pairs *r = of;
    struct dice dice = { (uint64_t)piece * 1000003 + 17 };
    struct memo *memo = &r->memo[thread];
    int64_t records = r->m->records_n;
    if (!memo->v) recall_new(memo);
    if (!r->n)
        for (int a = (int)piece; a < records; a += PIECES)
            for (int b = a + 1; b < records; b++) tally_pair(r->m, memo, &r->tally[piece], a, b);
    for (int64_t i = 0; i < r->n / PIECES; i++) {
        int a = (int)dice_below(&dice, records), b = (int)dice_below(&dice, records - 1);
        tally_pair(r->m, memo, &r->tally[piece], a, b + (b >= a));
    }
}

/* seen[column][level]: shares among the random pairs that have both values. */
static void random_seen(const struct match *m, int threads, double (*seen)[MATCH_LEVELS_N]) {
    struct random_pairs *r = calloc(1, sizeof *r);
    int64_t records = m->records_n;
    if (!r) BUG("out of memory");
    r->m = m;
    r->n = records * (records - 1) / 2 <= RANDOM_PAIRS_N ? 0 : RANDOM_PAIRS_N;
    in_threads(threads, PIECES, random_piece, r);
    for (int p = 0; p < PIECES; p++)
        for (int64_t i = 0; i < r->tally[p].n; i++)
            for (int c = 0; c < m->columns_n; c++)
                seen[c][r->tally[p].v[i].level[c]] += (double)r->tally[p].v[i].n;
    for (int p = 0; p < PIECES; p++) tally_free(&r->tally[p]);
    for (int t = 0; t < THREADS_N; t++) recall_free(&r->memo[t]);
    free(r);
}

/* How often strangers agree, before anything is seen: what a file of ten must go by. */
static double usual_u(const struct column *c, enum match_level l) {
    enum match_kind k = c->kind;
    static const double exact[MATCH_KINDS_N] = {
        [MATCH_GIVEN] = 0.01,   [MATCH_FAMILY] = 0.004,       [MATCH_NAME] = 0.001,
        [MATCH_PHONE] = 0.0001, [MATCH_ORGANISATION] = 0.001, [MATCH_EMAIL] = 0.0001,
        [MATCH_STREET] = 0.002, [MATCH_NUMBER] = 0.02,        [MATCH_TOWN] = 0.05,
        [MATCH_REGION] = 0.3,   [MATCH_POSTCODE] = 0.005,     [MATCH_DATE] = 0.001,
        [MATCH_ID] = 0.0001,    [MATCH_TEXT] = 0.05,
    };
    switch (l) {
    case MATCH_EXACT: return exact[k] * c->alike;
    case MATCH_KEY: return 0.0005 + exact[k] * (1 - c->alike);
    case MATCH_DIFFERENT: return 0.9;
    case MATCH_JW_70: return 0.03;
    case MATCH_EDIT_1: return k == MATCH_NUMBER ? 0.1 : 0.002;
    case MATCH_EDIT_2: return 0.01;
    case MATCH_JW_88:
    case MATCH_JW_92: return 0.002;
    default: return 0.0005;
    }
}

static void observe(const struct match *m, int threads, double (*u)[MATCH_LEVELS_N]) {
    memset(u, 0, (size_t)m->columns_n * sizeof *u);
    random_seen(m, threads, u);
    for (int c = 0; c < m->columns_n; c++) {
        const enum match_level *order;
        int n = level_order(m->column[c].kind, &order);
        double sum = 0, others = 0;
        for (int i = 0; i < n; i++) {
            u[c][order[i]] += 0.5; /* what did not come may still come */
            sum += u[c][order[i]];
        }
        others = sum - u[c][MATCH_EXACT];
        double exact = fmax(m->column[c].exact, 0.5 / sum * 0.1);
        if (only_in_one_script(m->column[c].kind)) exact = fmin(exact / m->column[c].alike, 1);
        /* equal values were counted over all pairs, which is surer than a sample */
        for (int i = 0; i < n; i++) u[c][order[i]] *= (1 - exact) / others;
        u[c][MATCH_EXACT] = exact;
        for (int i = 0; i < n; i++)
            u[c][order[i]] =
                (sum * u[c][order[i]] + BELIEF * usual_u(&m->column[c], order[i])) / (sum + BELIEF);
    }
}

/* Observed pairs are a mixture: u without the share of matches. */
static void clear_u(struct match *m, double (*observed)[MATCH_LEVELS_N]) {
    for (int c = 0; c < m->columns_n; c++) {
        struct column *col = &m->column[c];
        const enum match_level *order;
        int n = level_order(col->kind, &order);
        double sum = 0;
        for (int i = 0; i < n; i++) {
            double o = observed[c][order[i]];
            double u = (o - m->lambda * col->m[order[i]]) / (1 - m->lambda);
            col->u[order[i]] = fmax(fmax(u, o * CLEARED), LEAST_U);
            sum += col->u[order[i]];
        }
        for (int i = 0; i < n; i++) col->u[order[i]] /= sum;
    }
}

/* --- blocks --- */

bool of_place(enum match_kind k) {
    return k == MATCH_STREET || k == MATCH_TOWN || k == MATCH_POSTCODE || k == MATCH_REGION;
}

/* What is not independent of a block's column among strangers: the town when postcodes agree. */
void block_leave_out(const struct match *m, struct block *b) {
    for (int i = 0; i < 2; i++) {
        if (b->column[i] < 0) continue;
        enum match_kind k = m->column[b->column[i]].kind;
        b->without[b->column[i]] = true;
        for (int c = 0; c < m->columns_n; c++)
            if (of_place(k) && of_place(m->column[c].kind)) b->without[c] = true;
    }
}

static int fewest(const void *x, const void *y) {
    const struct block *a = x, *b = y;
    if (a->expected != b->expected)
        return (a->expected > b->expected) - (a->expected < b->expected);
    return a->column[0] != b->column[0] ? a->column[0] - b->column[0] : a->column[1] - b->column[1];
}

/* Does a block of this column also hold pairs that are not the same bytes? */
static bool loose(const struct column *c) {
    return c->kind == MATCH_PHONE || (c->pool->sound && 1 - c->alike >= LEAST_SCRIPTS);
}

static enum match_level loose_level(const struct column *c) {
    return c->kind == MATCH_PHONE ? MATCH_TAIL : MATCH_KEY;
}

/* The probability that two records with values are in its block. */
static double joined(const struct column *c, const double *observed) {
    return c->exact + (loose(c) ? observed[loose_level(c)] : 0);
}

static bool usable(const struct match *m, int c) {
    const struct column *col = &m->column[c];
    return !col->dead && (col->exact > 0 || loose(col)) &&
           (double)col->filled_n >= LEAST_FILLED * m->records_n;
}

/* Single columns that few strangers share; where those are less than three, two columns together.
 */
static int choose_blocks(const struct match *m, double (*observed)[MATCH_LEVELS_N],
                         struct block *out) {
    double records = m->records_n, most = fmax(records * BLOCK_PER_RECORD, 1000);
    struct block *v = calloc(MATCH_COLUMNS_N * MATCH_COLUMNS_N, sizeof *v);
    int n = 0, v_n = 0;
    if (!v) BUG("out of memory");
    for (int pass = 0; pass < 2; pass++) {
        v_n = 0;
        for (int i = 0; i < m->columns_n; i++)
            for (int j = pass ? i + 1 : 0; j < (pass ? m->columns_n : 1); j++) {
                const struct column *x = &m->column[i], *y = &m->column[j];
                if (!usable(m, i) || (pass && !usable(m, j))) continue;
                double f = (double)x->filled_n, pairs = f * (f - 1) / 2 * joined(x, observed[i]);
                if (pass && pairs <= most) continue; /* was a block of its own */
                if (pass) pairs *= joined(y, observed[j]) * (double)y->filled_n / records;
                if (pairs > most || pairs < 1) continue;
                v[v_n] = (struct block){ .column = { i, pass ? j : -1 },
                                         .loose = { loose(x), pass && loose(y) },
                                         .expected = pairs };
                v_n++;
            }
        qsort(v, (size_t)v_n, sizeof *v, fewest);
        for (int i = 0; i < v_n && n < BLOCKS_N && (!pass || n < BLOCKS_N / 2); i++)
            out[n++] = v[i];
        if (n >= 3) break;
    }
    free(v);
    for (int i = 0; i < n; i++) block_leave_out(m, &out[i]);
    return n;
}

/* What the values of a block share. */
static uint32_t key_of_block(const struct column *c, uint32_t id, bool by_sound) {
    struct str s = intern_str(c->pool, id);
    if (!by_sound) return id;
    if (c->kind != MATCH_PHONE) return c->pool->sound[id] ? c->pool->sound[id] : id;
    return (uint32_t)hash_bytes(s.p + (s.n > TAIL_N ? s.n - TAIL_N : 0),
                                s.n < TAIL_N ? s.n : TAIL_N, 3);
}

/* The records of a block in order of its value; cells with several values stand under the first. */
static int64_t under_key(const struct match *m, const struct block *b, uint64_t (**out)[2]) {
    int64_t n = 0;
    *out = malloc(((size_t)m->records_n + 1) * sizeof **out);
    if (!*out) BUG("out of memory");
    for (int32_t r = 0; r < m->records_n; r++) {
        const uint32_t *x, *y;
        uint64_t second = 0;
        if (!cell_values(m, &m->column[b->column[0]].cell[r], &x)) continue;
        if (b->column[1] >= 0) {
            if (!cell_values(m, &m->column[b->column[1]].cell[r], &y)) continue;
            second = key_of_block(&m->column[b->column[1]], y[0], b->loose[1]);
        }
        uint32_t first = key_of_block(&m->column[b->column[0]], x[0], b->loose[0]);
        (*out)[n][0] = (uint64_t)first << 32 | second;
        (*out)[n++][1] = (uint64_t)r;
    }
    return n;
}

static int by_both(const void *a, const void *b) {
    const uint64_t *x = a, *y = b;
    return x[0] != y[0] ? (x[0] > y[0]) - (x[0] < y[0]) : (x[1] > y[1]) - (x[1] < y[1]);
}

struct runs {
    int64_t *from;  /* first row of each run of at least two */
    double *before; /* pairs in the runs before it */
    int64_t n;
    double pairs;
};

static struct runs runs_of(uint64_t (*v)[2], int64_t n) {
    struct runs r = { malloc(((size_t)n / 2 + 1) * sizeof(int64_t)),
                      malloc(((size_t)n / 2 + 2) * sizeof(double)), 0, 0 };
    if (!r.from || !r.before) BUG("out of memory");
    for (int64_t i = 0, to; i < n; i = to) {
        for (to = i + 1; to < n && v[to][0] == v[i][0];) to++;
        if (to - i < 2) continue;
        r.from[r.n] = i;
        r.before[r.n++] = r.pairs;
        r.pairs += (double)(to - i) * (double)(to - i - 1) / 2;
    }
    r.before[r.n] = r.pairs;
    return r;
}

/* A key is coarser than what it stands for: is the pair of the block at all? */
static bool tally_joined(const struct match *m, struct memo *memo, struct block *b, int x, int y) {
    uint8_t level[MATCH_COLUMNS_N] = { 0 };
    uint32_t exact_of[MATCH_COLUMNS_N];
    levels_of(m, memo, x, y, level, exact_of);
    for (int i = 0; i < 2; i++) {
        if (b->column[i] < 0 || !b->loose[i]) continue;
        enum match_level l = (enum match_level)level[b->column[i]];
        if (l != MATCH_EXACT && l != loose_level(&m->column[b->column[i]])) return false;
    }
    tally_add(&b->tally, level, 1);
    return true;
}

/* The pair of number which (from 0) among the runs. */
static bool tally_nth(const struct match *m, struct memo *memo, struct block *b, uint64_t (*v)[2],
                      const struct runs *r, double which) {
    int64_t low = 0, high = r->n - 1;
    while (low < high) {
        int64_t mid = (low + high + 1) / 2;
        if (r->before[mid] <= which)
            low = mid;
        else
            high = mid - 1;
    }
    double rest = which - r->before[low];
    int64_t y = (int64_t)((1 + sqrt(1 + 8 * rest)) / 2);
    while ((double)y * (double)(y - 1) / 2 > rest) y--;
    int64_t x = (int64_t)(rest - (double)y * (double)(y - 1) / 2), from = r->from[low];
    return tally_joined(m, memo, b, (int)v[from + x][1], (int)v[from + y][1]);
}

struct gathering {
    const struct match *m;
    struct block *block;
    struct memo memo[THREADS_N];
};

static void gather(void *of, int64_t i, int thread) {
    struct gathering *g = of;
    struct block *b = &g->block[i];
    struct dice dice = { (uint64_t)i + 99 };
    uint64_t(*v)[2];
    if (!g->memo[thread].v) recall_new(&g->memo[thread]);
    int64_t n = under_key(g->m, b, &v);
    qsort(v, (size_t)n, sizeof *v, by_both);
    struct runs r = runs_of(v, n);
    bool all = r.pairs <= BLOCK_PAIRS_N;
    int64_t drawn = all ? (int64_t)r.pairs : BLOCK_PAIRS_N, joined_n = 0;
    for (int64_t k = 0; k < drawn; k++)
        joined_n += tally_nth(g->m, &g->memo[thread], b, v, &r,
                              all ? (double)k : (double)dice_below(&dice, (int64_t)r.pairs));
    b->pairs = drawn ? r.pairs * (double)joined_n / (double)drawn : 0;
    tally_sort(&b->tally);
    free(r.from);
    free(r.before);
    free(v);
}

/* Do the pairs that EM calls matches look like what people's data look like when nothing is known,
 * or like strangers? Bits a pair, for or against. Strangers who share the block's value may share
 * more (a father's name: the country; a firm: that it is one), and then EM takes all of them. */
static double like_matches(const struct match *m, const struct block *b, const struct em *em) {
    double bits = 0;
    for (int c = 0; c < m->columns_n; c++) {
        const struct column *col = &m->column[c];
        const enum match_level *order;
        int n = level_order(col->kind, &order);
        double standard[MATCH_LEVELS_N];
        if (b->without[c] || col->dead) continue;
        em_standard(col, standard);
        for (int i = 0; i < n; i++)
            bits += em->seen[c][order[i]] * log2(standard[order[i]] / col->u[order[i]]);
    }
    return em->matches > 0 ? bits / em->matches : 0;
}

void block_em(const struct match *m, struct block *b) {
    double seen[MATCH_COLUMNS_N][MATCH_LEVELS_N];
    for (int c = 0; c < m->columns_n; c++) memcpy(b->m[c], m->column[c].m, sizeof b->m[c]);
    struct em em = {
        .tally = &b->tally, .without = b->without, .lambda = 0.2, .m = b->m, .seen = seen
    };
    em_run(m, &em);
    double bits = b->tally.n ? like_matches(m, b, &em) : 0;
    b->lambda = bits > 0 ? em.lambda : 0;
    b->matches = b->lambda * b->pairs;
}

void block_gather(const struct match *m, int threads, struct block *blocks, int n) {
    struct gathering *g = calloc(1, sizeof *g);
    if (!g) BUG("out of memory");
    g->m = m;
    g->block = blocks;
    in_threads(threads, n, gather, g);
    for (int t = 0; t < THREADS_N; t++) recall_free(&g->memo[t]);
    free(g);
}

/* Blocks with many matches know m better: each counts by its matches and by how pure it is. */
static void combine(struct match *m, const struct block *b, int n) {
    for (int c = 0; c < m->columns_n; c++) {
        struct column *col = &m->column[c];
        double sum[MATCH_LEVELS_N] = { 0 }, all = 0;
        for (int i = 0; i < n; i++) {
            double w = b[i].lambda * b[i].matches;
            if (b[i].without[c] || w <= 0) continue;
            all += w;
            for (int l = 0; l < MATCH_LEVELS_N; l++) sum[l] += w * b[i].m[c][l];
        }
        for (int l = 0; all > 0 && l < MATCH_LEVELS_N; l++) col->m[l] = sum[l] / all;
    }
}

/* The matches of a block are those of all matches that agree in its columns. */
static void learn_lambda(struct match *m, const struct block *b, int n) {
    double records = m->records_n, pairs = records * (records - 1) / 2, found = 0, reach = 0;
    for (int i = 0; i < n; i++) {
        double share = 1;
        for (int k = 0; k < 2 && b[i].column[k] >= 0; k++) {
            const struct column *c = &m->column[b[i].column[k]];
            double filled = (double)c->filled_n / records;
            double in = c->m[MATCH_EXACT] + (b[i].loose[k] ? c->m[loose_level(c)] : 0);
            share *= in * filled * filled;
        }
        found += b[i].lambda * b[i].matches;
        reach += b[i].lambda * share;
    }
    if (reach <= 0) return;
    m->lambda = fmin(fmax(found / reach / pairs, 0.01 / pairs), 0.5);
}

/* No block taught anything: a list of names in two scripts, say. Strangers bear one name as often
 * in two scripts as in one, so what is the same in two scripts beyond that are matches. */
static void learn_from_scripts(struct match *m, double (*observed)[MATCH_LEVELS_N]) {
    double records = m->records_n, most = 0, before = m->lambda;
    if (records * (records - 1) / 2 < BELIEF * 10) return;
    for (int i = 0; i < m->columns_n; i++) {
        struct column *c = &m->column[i];
        if (c->dead || c->kind == MATCH_PHONE || !loose(c)) continue;
        double seen = observed[i][MATCH_KEY], strangers = fmax(c->namesakes - c->exact, 0);
        if (seen < 2 * strangers || seen - strangers <= most) continue;
        most = seen - strangers;
        c->u[MATCH_KEY] = fmax(strangers, seen * CLEARED);
        m->lambda = fmin(most / c->m[MATCH_KEY], 0.5);
    }
    if (most <= 0 || m->lambda <= before) return;
    /* what nothing was learned of does not become surer for that there are more matches */
    for (int i = 0; i < m->columns_n; i++)
        for (int l = MATCH_NICKNAME; l < MATCH_DIFFERENT; l++)
            m->column[i].u[l] = fmin(m->column[i].u[l] * m->lambda / before, 1);
}

void match_train(struct match *m, int threads) {
    struct block blocks[BLOCKS_N] = { 0 };
    double observed[MATCH_COLUMNS_N][MATCH_LEVELS_N];
    double records = m->records_n, pairs = fmax(records * (records - 1) / 2, 1);
    int n = 0;
    count_values(m);
    names_prepare(m);
    scripts_count(m);
    for (int c = 0; c < m->columns_n; c++) em_standard(&m->column[c], m->column[c].m);
    m->lambda = fmin(0.05 * records / pairs, 0.1); /* one in twenty is there twice */
    if (m->records_n > 1) {
        observe(m, threads, observed);
        n = choose_blocks(m, observed, blocks);
        block_gather(m, threads, blocks, n);
        clear_u(m, observed);
        for (int round = 0; round < ROUNDS && n; round++) {
            for (int i = 0; i < n; i++) block_em(m, &blocks[i]);
            combine(m, blocks, n);
            learn_lambda(m, blocks, n);
            clear_u(m, observed);
        }
        double matches = 0;
        for (int i = 0; i < n; i++) matches += blocks[i].matches;
        if (matches < 1) learn_from_scripts(m, observed);
    } else {
        for (int c = 0; c < m->columns_n; c++)
            for (int l = 0; l < MATCH_LEVELS_N; l++) m->column[c].u[l] = 1.0 / MATCH_LEVELS_N;
    }
    rarity_learn(m);
    score_prepare(m);
    bonds_learn(m, threads, blocks, n);
    for (int i = 0; i < n; i++) tally_free(&blocks[i].tally);
    m->trained = true;
}
