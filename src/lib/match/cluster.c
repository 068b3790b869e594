/* Groups from pairs: the surest pair first, two groups become one unless what stands between their
 * members speaks clearly against it. So a chain (a like b, b like c, a nothing like c) breaks at
 * its weakest link instead of drawing strangers together. Called by whoever called match_find;
 * calls score for pairs between groups that no block had brought together. */
#include "lib/match/match_in.h"

enum { LOOKED_AT = 24 }; /* members of each group that are compared */
#define AGAINST -4.0f    /* bits, mean between two groups: below it (16 to 1) they stay apart */

struct groups {
    const struct match *m;
    int32_t *head, *next, *last, *n; /* by record: group; next member; by group: last, members */
    struct memo memo;
};

/* The mean of what members of the two say about one another. */
static float between(const struct groups *g, int32_t x, int32_t y) {
    double sum = 0;
    int64_t pairs_n = 0;
    int xs = 0;
    for (int32_t a = x; a >= 0 && xs < LOOKED_AT; a = g->next[a], xs++) {
        int ys = 0;
        for (int32_t b = y; b >= 0 && ys < LOOKED_AT; b = g->next[b], ys++) {
            sum += score_pair(g->m, (struct memo *)&g->memo, a, b, -1e9f);
            pairs_n++;
        }
    }
    return (float)(sum / (double)pairs_n);
}

static void join(struct groups *g, int32_t x, int32_t y) {
    if (x > y) {
        int32_t t = x;
        x = y;
        y = t;
    }
    for (int32_t r = y; r >= 0; r = g->next[r]) g->head[r] = x;
    g->next[g->last[x]] = y;
    g->last[x] = g->last[y];
    g->n[x] += g->n[y];
}

static int surest(const void *a, const void *b) {
    const struct match_pair *x = *(const struct match_pair *const *)a,
                            *y = *(const struct match_pair *const *)b;
    if (x->weight != y->weight) return (x->weight < y->weight) - (x->weight > y->weight);
    return x->a != y->a ? (x->a > y->a) - (x->a < y->a) : (x->b > y->b) - (x->b < y->b);
}

void match_cluster(const struct match *m, const struct match_pairs *pairs, double least_certainty,
                   int32_t *of) {
    size_t records = (size_t)m->records_n;
    struct groups g = { .m = m, .head = of };
    const struct match_pair **v = malloc(((size_t)pairs->n + 1) * sizeof *v);
    int32_t *room = malloc((records * 3 + 1) * sizeof *room);
    if (!v || !room) BUG("out of memory");
    g.next = room, g.last = room + records, g.n = room + 2 * records;
    for (int32_t r = 0; r < m->records_n; r++) {
        of[r] = g.last[r] = r;
        g.next[r] = -1;
        g.n[r] = 1;
    }
    recall_new(&g.memo);
    int64_t n = 0;
    for (int64_t i = 0; i < pairs->n; i++)
        if (pairs->v[i].certainty >= (float)least_certainty) v[n++] = &pairs->v[i];
    qsort(v, (size_t)n, sizeof *v, surest);
    for (int64_t i = 0; i < n; i++) {
        int32_t x = of[v[i]->a], y = of[v[i]->b];
        if (x == y) continue;
        if (g.n[x] + g.n[y] > 2 && between(&g, x, y) < AGAINST) continue;
        join(&g, x, y);
    }
    recall_free(&g.memo);
    free(room);
    free(v);
}
