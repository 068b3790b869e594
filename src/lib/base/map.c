/* See map.h: open addressing over an array of entries. */
#include "lib/base/map.h"

uint64_t hash_bytes(const void *p, size_t n, uint64_t seed) {
    const unsigned char *b = p;
    uint64_t h = 0xCBF29CE484222325u ^ seed;
    for (size_t i = 0; i < n; i++) h = (h ^ b[i]) * 0x100000001B3u;
    h ^= h >> 32;
    return h * 0xD6E8FEB86659FD93u ^ h >> 29;
}

struct map map_new(struct arena *a) {
    return (struct map){ .arena = a };
}

static int32_t *slot_of(const struct map *m, struct str key, uint32_t hash) {
    uint32_t mask = (uint32_t)m->slots_n - 1;
    for (uint32_t i = hash & mask;; i = (i + 1) & mask) {
        int32_t at = m->slots[i];
        if (at == 0) return &m->slots[i];
        const struct map_entry *e = &m->v[at - 1];
        if (e->hash == hash && str_eq(e->key, key)) return &m->slots[i];
    }
}

void *map_get(const struct map *m, struct str key) {
    if (m->n == 0) return NULL;
    int32_t at = *slot_of(m, key, (uint32_t)hash_bytes(key.p, key.n, 0));
    return at ? m->v[at - 1].value : NULL;
}

static void grow(struct map *m) {
    int cap = m->cap ? m->cap * 2 : 16;
    m->v = arena_grow(m->arena, m->v, (size_t)m->cap * sizeof *m->v, (size_t)cap * sizeof *m->v);
    m->cap = cap;
    m->slots_n = cap * 2;
    m->slots = arena_array(m->arena, int32_t, m->slots_n);
    for (int i = 0; i < m->n; i++) *slot_of(m, m->v[i].key, m->v[i].hash) = i + 1;
}

void **map_at(struct map *m, struct str key) {
    uint32_t hash = (uint32_t)hash_bytes(key.p, key.n, 0);
    if (m->n == m->cap) grow(m);
    int32_t *slot = slot_of(m, key, hash);
    if (!*slot) {
        m->v[m->n++] = (struct map_entry){ key, NULL, hash };
        *slot = m->n;
    }
    return &m->v[*slot - 1].value;
}
