/* From levels to weights: the sum of log2(m / u), the rarity of values agreed in, the prior odds.
 * Called by find.c for each candidate pair, by cluster.c and by whoever has two records. */
#include <math.h>

#include "lib/match/match_in.h"

#define MOST_BITS 24.0 /* no single column decides alone whatever the others say */

float certainty_of(float weight) {
    if (weight > 60) return 1;
    return (float)(1 / (1 + exp2(-(double)weight)));
}

float weight_of(double certainty) {
    if (certainty <= 0) return -1000;
    if (certainty >= 1) return 60;
    return (float)log2(certainty / (1 - certainty));
}

void score_best(struct column *c) {
    const enum match_level *order;
    int n = level_order(c->kind, &order);
    c->best = 0;
    for (int k = 0; k < n; k++)
        if (order[k] != MATCH_EXACT) c->best = fmaxf(c->best, c->weight[order[k]]);
}

struct pool { /* levels that count as one */
    double m, u;
    int from;
};

static float bits(struct pool p) {
    return (float)fmax(fmin(log2(p.m / p.u), MOST_BITS), -MOST_BITS);
}

static bool says_more(struct pool a, struct pool b) {
    return a.m * b.u > b.m * a.u;
}

/* Equality, and what came out as more than that: one level with it. */
static struct pool equality(const enum match_level *order, int n, const double *m, const double *u,
                            bool *with) {
    struct pool e = { m[MATCH_EXACT], u[MATCH_EXACT], 0 };
    for (int more = 1; more;) {
        more = 0;
        for (int k = 0; k < n; k++) {
            enum match_level l = order[k];
            if (l == MATCH_EXACT || l >= MATCH_EDIT_1 || with[l]) continue;
            if (!says_more((struct pool){ m[l], u[l], 0 }, e)) continue;
            with[l] = true;
            e.m += m[l];
            e.u += u[l];
            more++;
        }
    }
    return e;
}

/* log2(m / u) by level, in order: a worse level never says more than a better one. Levels that come
 * out the wrong way round are too rare to be told apart, or the column says nothing (matches are of
 * two books that call a venue by two names): they are put together until they fall (isotonic
 * regression by pooling neighbours). Only those that measure a distance stand in a row; of the
 * others none says more than equality. */
void score_in_order(const enum match_level *order, int n, const double *m, const double *u,
                    float *weight) {
    struct pool v[MATCH_LEVELS_N];
    enum match_level measured[MATCH_LEVELS_N];
    bool with[MATCH_LEVELS_N] = { false };
    int v_n = 1, measured_n = 1;
    v[0] = equality(order, n, m, u, with);
    measured[0] = MATCH_EXACT;
    for (int k = 0; k < n; k++)
        if (order[k] >= MATCH_EDIT_1) measured[measured_n++] = order[k];
    for (int k = 1; k < measured_n; k++) {
        v[v_n++] = (struct pool){ m[measured[k]], u[measured[k]], k };
        for (; v_n > 1 && says_more(v[v_n - 1], v[v_n - 2]); v_n--) {
            v[v_n - 2].m += v[v_n - 1].m;
            v[v_n - 2].u += v[v_n - 1].u;
        }
    }
    for (int i = 0, k = 0; i < v_n; i++)
        for (; k < (i + 1 < v_n ? v[i + 1].from : measured_n); k++)
            weight[measured[k]] = bits(v[i]);
    for (int k = 0; k < n; k++) {
        enum match_level l = order[k];
        if (l == MATCH_EXACT || l >= MATCH_EDIT_1) continue;
        float own = with[l] ? weight[MATCH_EXACT] : bits((struct pool){ m[l], u[l], 0 });
        weight[l] = fminf(own, weight[MATCH_EXACT]);
    }
    if (weight[MATCH_DIFFERENT] > 0) weight[MATCH_DIFFERENT] = 0;
}

void score_prepare(struct match *m) {
    m->prior = (float)log2(m->lambda / (1 - m->lambda));
    for (int i = 0; i < m->columns_n; i++) {
        struct column *c = &m->column[i];
        const enum match_level *order;
        int n = level_order(c->kind, &order);
        memset(c->weight, 0, sizeof c->weight);
        c->best = 0;
        if (c->dead) continue;
        score_in_order(order, n, c->m, c->u, c->weight);
        score_best(c);
    }
}

static float rarity_of(const struct column *c, uint32_t id) {
    return id < c->rarity_n ? c->rarity[id] : c->rarity_other;
}

/* An e-mail is often made of the name: that two look alike says nothing more where names agree. */
static bool name_agrees(const struct match *m, const uint8_t *level) {
    for (int i = 0; i < m->columns_n; i++) {
        enum match_kind k = m->column[i].kind;
        bool name = k == MATCH_GIVEN || k == MATCH_FAMILY || k == MATCH_NAME;
        if (name && level[i] != MATCH_MISSING && level[i] < MATCH_JW_70) return true;
    }
    return false;
}

float score_levels(const struct match *m, const uint8_t *level, const uint32_t *exact_of,
                   struct match_part *parts) {
    float w[MATCH_COLUMNS_N], sum = m->prior;
    bool named = name_agrees(m, level);
    for (int i = 0; i < m->columns_n; i++) {
        const struct column *c = &m->column[i];
        bool alike = level[i] == MATCH_JW_88 || level[i] == MATCH_JW_70;
        w[i] = c->weight[level[i]];
        if (level[i] == MATCH_EXACT && exact_of[i]) w[i] += rarity_of(c, exact_of[i]);
        if (c->kind == MATCH_EMAIL && alike && named && w[i] > 0) w[i] = 0;
    }
    for (int i = 0; i < m->bonds_n; i++) {
        const struct bond *b = &m->bond[i];
        if (level[b->parent] == MATCH_DIFFERENT && level[b->child] == MATCH_DIFFERENT)
            w[b->child] = fmaxf(w[b->child], b->apart);
        if (level[b->parent] != MATCH_EXACT || level[b->child] == MATCH_MISSING) continue;
        if (b->weight[level[b->child]] < w[b->child]) w[b->child] = b->weight[level[b->child]];
    }
    for (int i = 0; i < m->columns_n; i++) {
        if (parts) parts[i] = (struct match_part){ (enum match_level)level[i], w[i] };
        sum += w[i];
    }
    return sum;
}

/* Above what the pair can reach: equal cells as they are, the others at their best. */
static float ceiling(const struct match *m, int a, int b) {
    float sum = m->prior;
    for (int i = 0; i < m->columns_n; i++) {
        const struct column *c = &m->column[i];
        uint32_t x = c->cell[a], y = c->cell[b];
        if (!x || !y || c->dead) continue;
        if ((x | y) & CELL_LIST)
            sum += fmaxf(c->weight[MATCH_EXACT] + MOST_RARE, c->best);
        else
            sum += x == y ? c->weight[MATCH_EXACT] + rarity_of(c, x) : c->best;
    }
    return sum;
}

/* May the names of the two have changed places? Then a bad level of one is not the last word. */
static bool may_be_swapped(const struct match *m, int a, int b) {
    if (m->given < 0) return false;
    const uint32_t *given = m->column[m->given].cell, *family = m->column[m->family].cell;
    return given[a] == family[b] && family[a] == given[b];
}

float score_pair(const struct match *m, struct memo *memo, int a, int b, float least) {
    uint8_t levels[MATCH_COLUMNS_N];
    uint32_t exact_of[MATCH_COLUMNS_N];
    float most = ceiling(m, a, b);
    /* one column after the other, until what is left cannot lift it any more */
    for (int i = 0; i < m->columns_n && most >= least && !may_be_swapped(m, a, b); i++) {
        const struct column *c = &m->column[i];
        uint32_t x = c->cell[a], y = c->cell[b];
        if (!x || !y || x == y || c->dead || (x | y) & CELL_LIST) continue;
        enum match_level level = level_remembered(m, memo, i, x, y);
        most -= c->best - (level == MATCH_DIFFERENT ? c->far : c->weight[level]);
    }
    if (most < least) return most;
    levels_of(m, memo, a, b, levels, exact_of);
    return score_levels(m, levels, exact_of, NULL);
}

struct match_score match_score(const struct match *m, int a, int b, struct match_part *parts) {
    uint8_t level[MATCH_COLUMNS_N];
    uint32_t exact_of[MATCH_COLUMNS_N];
    levels_of(m, NULL, a, b, level, exact_of);
    float w = score_levels(m, level, exact_of, parts);
    return (struct match_score){ w, certainty_of(w) };
}
