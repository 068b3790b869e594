/* The arena of arena.h: a list of blocks, each twice the one before, up to 1 MiB (bigger when
 * asked). Called by everybody; calls malloc. Under AddressSanitizer what is not given out is
 * poisoned: using it after arena_back or arena_reset, or past the end of one's own piece, is
 * reported. */
#include "lib/base/arena.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/status.h"

#ifdef __has_feature
#if __has_feature(address_sanitizer) && !defined(__SANITIZE_ADDRESS__)
#define __SANITIZE_ADDRESS__
#endif
#endif
#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(p, n)   ((void)(p), (void)(n))
#define ASAN_UNPOISON_MEMORY_REGION(p, n) ((void)(p), (void)(n))
#endif

enum { FIRST_BLOCK = 16384, LARGEST_BLOCK = 1 << 20 };

struct block {
    struct block *before;
    size_t used, cap;
    _Alignas(max_align_t) char data[];
};

struct arena {
    struct block *last;
    size_t total; /* capacity of all blocks */
};

static struct block *block_new(struct arena *a, size_t least) {
    size_t cap = a->last ? a->last->cap * 2 : FIRST_BLOCK;
    if (cap > LARGEST_BLOCK) cap = LARGEST_BLOCK;
    if (cap < least) cap = least;
    struct block *b = malloc(sizeof *b + cap);
    if (!b) BUG("out of memory: %zu bytes", cap);
    b->before = a->last;
    b->used = 0;
    b->cap = cap;
    a->last = b;
    a->total += cap;
    ASAN_POISON_MEMORY_REGION(b->data, cap);
    return b;
}

struct arena *arena_new(void) {
    struct arena *a = calloc(1, sizeof *a);
    if (!a) BUG("out of memory");
    return a;
}

void arena_free(struct arena *a) {
    if (!a) return;
    while (a->last) {
        struct block *before = a->last->before;
        free(a->last);
        a->last = before;
    }
    free(a);
}

size_t arena_mul_(size_t a, size_t b) {
    size_t r;
    if (__builtin_mul_overflow(a, b, &r)) BUG("allocation too large: %zu * %zu", a, b);
    return r;
}

static size_t rounded(size_t n) {
    enum { A = _Alignof(max_align_t) };
    if (n > SIZE_MAX / 2) BUG("allocation too large: %zu", n);
    return (n + A - 1) / A * A;
}

void *arena_alloc(struct arena *a, size_t n) {
    size_t whole = rounded(n ? n : 1);
    struct block *b = a->last;
    if (!b || b->cap - b->used < whole) b = block_new(a, whole);
    void *p = b->data + b->used;
    b->used += whole;
    ASAN_UNPOISON_MEMORY_REGION(p, whole);
    memset(p, 0, whole);
    ASAN_POISON_MEMORY_REGION((char *)p + n, whole - n);
    return p;
}

void *arena_grow(struct arena *a, void *old, size_t old_n, size_t new_n) {
    struct block *b = a->last;
    size_t was = rounded(old_n ? old_n : 1), want = rounded(new_n);
    if (old && b && (char *)old + was == b->data + b->used && want >= was &&
        b->cap - b->used >= want - was) {
        ASAN_UNPOISON_MEMORY_REGION(old, want);
        memset(b->data + b->used, 0, want - was);
        ASAN_POISON_MEMORY_REGION((char *)old + new_n, want - new_n);
        b->used += want - was;
        return old;
    }
    void *p = arena_alloc(a, new_n);
    if (old) memcpy(p, old, old_n < new_n ? old_n : new_n);
    return p;
}

struct arena_mark arena_mark(struct arena *a) {
    return (struct arena_mark){ a->last, a->last ? a->last->used : 0 };
}

void arena_back(struct arena *a, struct arena_mark m) {
    while (a->last && a->last != m.block) {
        struct block *before = a->last->before;
        a->total -= a->last->cap;
        free(a->last);
        a->last = before;
    }
    if (!a->last) return;
    a->last->used = m.used;
    ASAN_POISON_MEMORY_REGION(a->last->data + m.used, a->last->cap - m.used);
}

void arena_reset(struct arena *a) {
    while (a->last && (a->last->before || a->last->cap > LARGEST_BLOCK)) {
        struct block *before = a->last->before;
        a->total -= a->last->cap;
        free(a->last);
        a->last = before;
    }
    if (!a->last) return;
    a->last->used = 0;
    ASAN_POISON_MEMORY_REGION(a->last->data, a->last->cap);
}

size_t arena_used(const struct arena *a) {
    size_t n = 0;
    for (const struct block *b = a->last; b; b = b->before) n += b->used;
    return n;
}
