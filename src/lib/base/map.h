/* A hash map from strings to pointers, in an arena; keys are not copied. Insertion order is kept.
 */
#ifndef MAP_H
#define MAP_H
#include "lib/base/str.h"

struct map_entry {
    struct str key;
    void *value;
    uint32_t hash;
};
struct map {
    struct map_entry *v; /* in order of insertion: walk it freely */
    int n, cap;
    int32_t *slots; /* index + 1, 0 for empty */
    int slots_n;
    struct arena *arena;
};

struct map map_new(struct arena *a);
void *map_get(const struct map *m, struct str key); /* NULL when absent */
/* The place of key's value, made when absent: *map_at(&m, key) = value. Valid until the next call.
 */
void **map_at(struct map *m, struct str key);
uint64_t hash_bytes(const void *p, size_t n,
                    uint64_t seed); /* FNV-1a with a final mix; not for secrets */

#endif
