/* Interned texts: each distinct value once, as a 32-bit number (match_in.h). Called by match.c for
 * every value that comes in and by model.c; calls the hash of base/map. On the heap, growing: a
 * million clients have a few million values, and an arena of 1 MiB blocks could not grow in place.
 */
#include "lib/base/map.h"
#include "lib/match/match_in.h"

enum { FIRST_SLOTS = 64 };

void *grown(void *v, size_t *cap, size_t need, size_t size) {
    if (need <= *cap) return v;
    size_t more = *cap ? *cap + *cap / 2 : 64;
    if (more < need) more = need;
    void *p = realloc(v, more * size);
    if (!p) BUG("out of memory: %zu × %zu bytes", more, size);
    *cap = more;
    return p;
}

static uint32_t slot_of(const struct intern *p, struct str s) {
    uint32_t i = (uint32_t)hash_bytes(s.p, s.n, 0) & (p->slots_n - 1);
    while (p->slots[i] && !str_eq(intern_str(p, p->slots[i]), s)) i = (i + 1) & (p->slots_n - 1);
    return i;
}

static void more_slots(struct intern *p) {
    free(p->slots);
    p->slots_n = p->slots_n ? p->slots_n * 2 : FIRST_SLOTS;
    p->slots = calloc(p->slots_n, sizeof *p->slots);
    if (!p->slots) BUG("out of memory");
    for (uint32_t id = 1; id <= p->n; id++) p->slots[slot_of(p, intern_str(p, id))] = id;
}

uint32_t intern_find(const struct intern *p, struct str s) {
    return p->slots_n ? p->slots[slot_of(p, s)] : 0;
}

uint32_t intern_id(struct intern *p, struct str s) {
    if ((p->n + 1) * 3ull >= p->slots_n * 2ull) more_slots(p);
    uint32_t slot = slot_of(p, s);
    if (p->slots[slot]) return p->slots[slot];
    size_t cap = p->cap, bytes_cap = p->bytes_cap;
    p->at = grown(p->at, &cap, p->n + 3u, sizeof *p->at);
    p->bytes = grown(p->bytes, &bytes_cap, p->bytes_n + s.n + 1, 1);
    if (bytes_cap > UINT32_MAX) BUG("more than 4 GiB of values in a column");
    p->cap = (uint32_t)cap;
    p->bytes_cap = (uint32_t)bytes_cap;
    uint32_t id = ++p->n;
    if (id == 1) p->at[0] = p->at[1] = 0;
    memcpy(p->bytes + p->bytes_n, s.p, s.n);
    p->bytes_n += (uint32_t)s.n;
    p->at[id + 1] = p->bytes_n;
    return p->slots[slot] = id;
}

void intern_free(struct intern *p) {
    free(p->bytes);
    free(p->at);
    free(p->slots);
    free(p->name);
    free(p->sound);
    free(p->script);
    *p = (struct intern){ 0 };
}
