/* How often each pattern of levels comes among some pairs: what EM works on. Called by train.c,
 * em.c reads it. On the heap. */
#include "lib/base/map.h"
#include "lib/match/match_in.h"

static uint32_t slot_of(const struct tally *t, const uint8_t *level) {
    uint32_t i = (uint32_t)hash_bytes(level, MATCH_COLUMNS_N, 0) & (t->slots_n - 1);
    while (t->slots[i] && memcmp(t->v[t->slots[i] - 1].level, level, MATCH_COLUMNS_N))
        i = (i + 1) & (t->slots_n - 1);
    return i;
}

static void more_slots(struct tally *t) {
    free(t->slots);
    t->slots_n = t->slots_n ? t->slots_n * 2 : 256;
    t->slots = calloc(t->slots_n, sizeof *t->slots);
    if (!t->slots) BUG("out of memory");
    for (int64_t i = 0; i < t->n; i++) t->slots[slot_of(t, t->v[i].level)] = (uint32_t)i + 1;
}

void tally_add(struct tally *t, const uint8_t *level, int64_t n) {
    if ((t->n + 1) * 2 >= (int64_t)t->slots_n) more_slots(t);
    uint32_t slot = slot_of(t, level);
    if (!t->slots[slot]) {
        size_t cap = (size_t)t->cap;
        t->v = grown(t->v, &cap, (size_t)t->n + 1, sizeof *t->v);
        t->cap = (int64_t)cap;
        memcpy(t->v[t->n].level, level, MATCH_COLUMNS_N);
        t->v[t->n].n = 0;
        t->slots[slot] = (uint32_t)++t->n;
    }
    t->v[t->slots[slot] - 1].n += n;
}

void tally_merge(struct tally *into, struct tally *from) {
    for (int64_t i = 0; i < from->n; i++) tally_add(into, from->v[i].level, from->v[i].n);
    tally_free(from);
}

static int by_level(const void *a, const void *b) {
    const struct pattern *x = a, *y = b;
    return memcmp(x->level, y->level, MATCH_COLUMNS_N);
}

void tally_sort(struct tally *t) {
    if (t->n) qsort(t->v, (size_t)t->n, sizeof *t->v, by_level);
    free(t->slots);
    t->slots = NULL;
    t->slots_n = 0;
}

void tally_free(struct tally *t) {
    free(t->v);
    free(t->slots);
    *t = (struct tally){ 0 };
}
