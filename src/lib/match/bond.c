/* Columns that follow from one another: who has the same postcode mostly has the same town, who has
 * the same name has a like e-mail, strangers too. Counting both as independent would make
 * neighbours and namesakes the same. So a bonded column is weighed by what it says among pairs that
 * are equal in the other: both ways, among matches and among strangers, told apart by the columns
 * that are bonded to neither. Called by train.c at its end; calls em. */
#include <math.h>

#include "lib/match/train_in.h"

enum { PARENTS_N = 12 };
#define BELIEF 30.0 /* so many pairs weigh as much as what all pairs say */

static bool of_name(enum match_kind k) {
    return k == MATCH_GIVEN || k == MATCH_FAMILY || k == MATCH_NAME;
}

static bool bonded(const struct match *m, int child, int parent) {
    const struct column *c = &m->column[child], *p = &m->column[parent];
    if (child == parent || c->dead || p->dead) return false;
    if (c->kind == MATCH_EMAIL) return of_name(p->kind);
    /* what few share leads: the postcode leads the town, the town the region */
    bool leads = p->exact < c->exact || (p->exact == c->exact && parent < child);
    return of_place(c->kind) && of_place(p->kind) && leads;
}

static double match_chance(const struct match *m, const struct block *b, const struct pattern *p) {
    double sum = log(b->lambda / (1 - b->lambda));
    for (int c = 0; c < m->columns_n; c++)
        if (!b->without[c] && !m->column[c].dead && p->level[c] != MATCH_MISSING)
            sum += log(m->column[c].m[p->level[c]] / m->column[c].u[p->level[c]]);
    return 1 / (1 + exp(-sum));
}

/* Shares of levels of a column among the matches and among the strangers of a block. */
static void shares(const struct match *m, const struct block *b, int child, double *same,
                   double *others) {
    memset(same, 0, MATCH_LEVELS_N * sizeof *same);
    memset(others, 0, MATCH_LEVELS_N * sizeof *others);
    for (int64_t i = 0; i < b->tally.n; i++) {
        const struct pattern *p = &b->tally.v[i];
        double match = match_chance(m, b, p);
        same[p->level[child]] += match * (double)p->n;
        others[p->level[child]] += (1 - match) * (double)p->n;
    }
}

static void learn(struct match *m, const struct block *b, int child, struct bond *out) {
    const struct column *c = &m->column[child];
    const enum match_level *order;
    int n = level_order(c->kind, &order);
    double same[MATCH_LEVELS_N], others[MATCH_LEVELS_N], same_n = 0, others_n = 0;
    shares(m, b, child, same, others);
    for (int i = 0; i < n; i++) same_n += same[order[i]], others_n += others[order[i]];
    *out = (struct bond){ .child = child, .parent = b->column[0] };
    for (int i = 0; i < n; i++) {
        enum match_level l = order[i];
        same[l] = (same[l] + BELIEF * c->m[l]) / (same_n + BELIEF);
        others[l] = (others[l] + BELIEF * c->u[l]) / (others_n + BELIEF);
    }
    score_in_order(order, n, same, others, out->weight);
}

/* How many of the pairs that are equal in the column are matches, by what is known of it. */
static double by_bayes(const struct match *m, int column) {
    const struct column *c = &m->column[column];
    double match = m->lambda * c->m[MATCH_EXACT], other = (1 - m->lambda) * c->u[MATCH_EXACT];
    return match / (match + other);
}

/* Among the matches of the training blocks whose parents differ: how often does the child too? They
 * are told by what is not of a place. Only ever milder than what the child says alone. */
static float learn_apart(const struct match *m, const struct block *blocks, int n, int child,
                         int parent) {
    const struct column *c = &m->column[child];
    double alone = (double)c->weight[MATCH_DIFFERENT], different = 0, all = 0;
    if (!of_place(c->kind)) return (float)alone;
    for (int k = 0; k < n; k++) {
        const struct block *b = &blocks[k];
        if (b->lambda <= 0 || b->without[child] || b->without[parent]) continue;
        struct block of = *b;
        for (int i = 0; i < m->columns_n; i++) of.without[i] |= of_place(m->column[i].kind);
        for (int64_t i = 0; i < b->tally.n; i++) {
            const struct pattern *p = &b->tally.v[i];
            if (p->level[parent] != MATCH_DIFFERENT || p->level[child] == MATCH_MISSING) continue;
            double match = match_chance(m, &of, p) * (double)p->n;
            all += match;
            different += p->level[child] == MATCH_DIFFERENT ? match : 0;
        }
    }
    double share = (different + BELIEF * c->m[MATCH_DIFFERENT]) / (all + BELIEF);
    return (float)fmin(fmax(log2(share / c->u[MATCH_DIFFERENT]), alone), 0);
}

void bonds_prepare(struct match *m) {
    for (int i = 0; i < m->columns_n; i++) m->column[i].far = m->column[i].weight[MATCH_DIFFERENT];
    for (int i = 0; i < m->bonds_n; i++) {
        struct column *c = &m->column[m->bond[i].child];
        c->far = fmaxf(c->far, m->bond[i].apart);
    }
}

void bonds_learn(struct match *m, int threads, const struct block *blocks, int blocks_n) {
    struct block v[PARENTS_N] = { 0 };
    int n = 0;
    m->bonds_n = 0;
    for (int p = 0; p < m->columns_n && n < PARENTS_N; p++) {
        bool leads = false;
        for (int c = 0; c < m->columns_n; c++) leads |= bonded(m, c, p);
        if (!leads || m->column[p].exact <= 0) continue;
        v[n].column[0] = p;
        v[n].column[1] = -1;
        block_leave_out(m, &v[n]);
        for (int c = 0; c < m->columns_n; c++) v[n].without[c] |= bonded(m, c, p);
        n++;
    }
    block_gather(m, threads, v, n);
    for (int i = 0; i < n; i++) {
        block_em(m, &v[i]);
        if (v[i].lambda <= 0) v[i].lambda = by_bayes(m, v[i].column[0]);
        for (int c = 0; c < m->columns_n && m->bonds_n < BONDS_N; c++)
            if (v[i].lambda > 0 && bonded(m, c, v[i].column[0]))
                learn(m, &v[i], c, &m->bond[m->bonds_n++]);
        tally_free(&v[i].tally);
    }
    for (int i = 0; i < m->bonds_n; i++)
        m->bond[i].apart = learn_apart(m, blocks, blocks_n, m->bond[i].child, m->bond[i].parent);
    bonds_prepare(m);
}
