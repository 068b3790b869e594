/* A bump allocator: everything a request makes lives in one arena and goes with it.
 * Memory is zeroed. Running out is BUG: nobody checks for NULL. Not thread-safe: one arena, one
 * user. */
#ifndef ARENA_H
#define ARENA_H
#include <stddef.h>

struct arena;
struct arena_mark {
    void *block;
    size_t used;
};

struct arena *arena_new(void);
void arena_free(struct arena *a);
/* n zeroed bytes, aligned for any type. */
void *arena_alloc(struct arena *a, size_t n) __attribute__((malloc, alloc_size(2)));
#define arena_new_of(a, type)   ((type *)arena_alloc((a), sizeof(type)))
#define arena_array(a, type, n) ((type *)arena_alloc((a), arena_mul_(sizeof(type), (size_t)(n))))
size_t arena_mul_(size_t a, size_t b); /* BUG on overflow */
/* Grows the last allocation in place if it can, else copies. old may be NULL with old_n 0. */
void *arena_grow(struct arena *a, void *old, size_t old_n, size_t new_n);
/* Everything since the mark is gone; arena_reset forgets all (and keeps one block for the next
 * user). */
struct arena_mark arena_mark(struct arena *a);
void arena_back(struct arena *a, struct arena_mark m);
void arena_reset(struct arena *a);
size_t arena_used(const struct arena *a);

#endif
