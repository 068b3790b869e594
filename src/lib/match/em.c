/* Expectation and maximisation (Dempster, Laird and Rubin 1977) for the mixture of matches and
 * non-matches: u is given, m and the share of matches are found. Called by train.c. */
#include <math.h>

#include "lib/match/match_in.h"

enum { ROUNDS = 200 };
#define ENOUGH  1e-6
#define BELIEF  4.0 /* so many matches weigh as much as the standard */
#define LEAST   1e-6
#define MOST    0.9999
#define LEAST_M 1e-4

/* What people's data look like when nothing is known: most agree, few are far apart. Who is written
 * in which script has nothing to do with who it is: where two records are of two scripts, the same
 * sound is what equality is in one. */
void em_standard(const struct column *c, double m[MATCH_LEVELS_N]) {
    const enum match_level *order;
    int n = level_order(c->kind, &order);
    memset(m, 0, MATCH_LEVELS_N * sizeof *m);
    for (int i = 0; i < n; i++) m[order[i]] = 0.15 / (n > 2 ? n - 2 : 1);
    m[MATCH_EXACT] = 0.8;
    m[MATCH_DIFFERENT] = 0.05;
    if (m[MATCH_KEY] > 0) {
        m[MATCH_KEY] += m[MATCH_EXACT] * (1 - c->alike);
        m[MATCH_EXACT] *= c->alike;
    }
    double sum = 0;
    for (int i = 0; i < n; i++) sum += m[order[i]];
    for (int i = 0; i < n; i++) m[order[i]] /= sum;
}

struct ratios {
    double log_of[MATCH_COLUMNS_N][MATCH_LEVELS_N];
};

static void ratios_of(const struct match *m, const struct em *em, struct ratios *r) {
    for (int c = 0; c < m->columns_n; c++) {
        const enum match_level *order;
        int n = level_order(m->column[c].kind, &order);
        memset(r->log_of[c], 0, sizeof r->log_of[c]);
        if (em->without[c] || m->column[c].dead) continue;
        for (int i = 0; i < n; i++)
            r->log_of[c][order[i]] = log(em->m[c][order[i]] / m->column[c].u[order[i]]);
    }
}

static void expect(const struct match *m, struct em *em, const struct ratios *r) {
    double odds = log(em->lambda / (1 - em->lambda));
    memset(em->seen, 0, (size_t)m->columns_n * sizeof *em->seen);
    em->matches = 0;
    for (int64_t i = 0; i < em->tally->n; i++) {
        const struct pattern *p = &em->tally->v[i];
        double sum = odds;
        for (int c = 0; c < m->columns_n; c++) sum += r->log_of[c][p->level[c]];
        double share = (double)p->n / (1 + exp(-sum));
        em->matches += share;
        for (int c = 0; c < m->columns_n; c++) em->seen[c][p->level[c]] += share;
    }
}

/* The new m; how far the furthest one moved. */
static double maximise(const struct match *m, struct em *em) {
    double moved = 0;
    for (int c = 0; c < m->columns_n; c++) {
        const enum match_level *order;
        int n = level_order(m->column[c].kind, &order);
        double standard[MATCH_LEVELS_N], sum = 0;
        if (em->without[c] || m->column[c].dead) continue;
        em_standard(&m->column[c], standard);
        for (int i = 0; i < n; i++) sum += em->seen[c][order[i]];
        for (int i = 0; i < n; i++) {
            enum match_level l = order[i];
            double now = (em->seen[c][l] + BELIEF * standard[l]) / (sum + BELIEF);
            if (now < LEAST_M) now = LEAST_M;
            moved = fmax(moved, fabs(now - em->m[c][l]));
            em->m[c][l] = now;
        }
    }
    return moved;
}

void em_run(const struct match *m, struct em *em) {
    struct ratios r;
    int64_t pairs_n = 0;
    for (int64_t i = 0; i < em->tally->n; i++) pairs_n += em->tally->v[i].n;
    for (int round = 0; round < ROUNDS && pairs_n; round++) {
        ratios_of(m, em, &r);
        expect(m, em, &r);
        double lambda = fmin(fmax(em->matches / (double)pairs_n, LEAST), MOST);
        double moved = fmax(maximise(m, em), fabs(lambda - em->lambda));
        em->lambda = lambda;
        if (moved < ENOUGH) break;
    }
}
