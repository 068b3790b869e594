/* Term frequencies: two records that agree in a rare value say more than two that agree in a common
 * one. The Bayes factor of an exact agreement is multiplied by the average chance of one over the
 * frequency of that very value. Called by train.c; reads the counts. */
#include <math.h>

#include "lib/match/match_in.h"

#define BELIEF 1000.0 /* so many records weigh as much as the average value */

/* A number that belongs to one (phone, e-mail, id, date) cannot be rarer than rare: only a switch-
 * board or an invented value counts, which many share. */
static bool of_one(enum match_kind k) {
    return k == MATCH_PHONE || k == MATCH_EMAIL || k == MATCH_ID || k == MATCH_DATE ||
           k == MATCH_NUMBER;
}

static float bits_of(const struct column *c, double others, double records) {
    double average = c->u[MATCH_EXACT];
    double chance = (fmax(others, 0) + BELIEF * average) / (records + BELIEF);
    double bits = log2(average / chance);
    return (float)fmin(bits, of_one(c->kind) ? 0 : MOST_RARE);
}

void rarity_learn(struct match *m) {
    /* others than the two themselves: a value that only one client has is seen as often as he is
     * there */
    double again = m->lambda * (m->records_n - 1.0);
    for (int i = 0; i < m->columns_n; i++) {
        struct column *c = &m->column[i];
        double filled = (double)c->filled_n,
               own = 1 + again * c->m[MATCH_EXACT] * filled / fmax(m->records_n, 1);
        free(c->rarity);
        c->rarity = NULL;
        c->rarity_n = 0;
        c->rarity_other = 0;
        if (c->dead || filled < 2) continue;
        c->rarity = calloc((size_t)c->pool->n + 1, sizeof *c->rarity);
        if (!c->rarity) BUG("out of memory");
        c->rarity_n = c->pool->n + 1;
        for (uint32_t id = 1; id <= c->pool->n; id++)
            if (c->count[id]) c->rarity[id] = bits_of(c, c->count[id] - own, filled);
        c->rarity_other = bits_of(c, 0, filled);
    }
}
