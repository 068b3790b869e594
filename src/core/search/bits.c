/* Sets of party numbers: the only home of CRoaring. A copy shares the numbers until one of the two
 * is changed, also between threads: what the memory of terms hands out costs nothing, and two sets
 * that meet make a third without copying either. Called by the rest of core/search and by list.c.
 */
#include <roaring/roaring.h>

#include <stdatomic.h>

#include "core/search/bits.h"

struct shared { /* unchanging as long as more than one holds it */
    roaring_bitmap_t *r;
    atomic_int refs;
};
struct bits {
    struct shared *of;
    roaring_bitmap_t *r; /* of->r */
};

static void hold(struct bits *b, roaring_bitmap_t *r) {
    b->of = malloc(sizeof *b->of);
    if (!r || !b->of) BUG("out of memory");
    b->of->r = b->r = r;
    atomic_init(&b->of->refs, 1);
}

static void let_go(struct bits *b) {
    if (atomic_fetch_sub_explicit(&b->of->refs, 1, memory_order_acq_rel) > 1) return;
    roaring_bitmap_free(b->of->r);
    free(b->of);
}

static bool alone(const struct bits *b) {
    return atomic_load_explicit(&b->of->refs, memory_order_acquire) == 1;
}

static struct bits *wrap(roaring_bitmap_t *r) {
    struct bits *b = malloc(sizeof *b);
    if (!b) BUG("out of memory");
    hold(b, r);
    return b;
}

static void own(struct bits *b) {
    if (alone(b)) return;
    roaring_bitmap_t *r = roaring_bitmap_copy(b->r);
    let_go(b);
    hold(b, r);
}

/* The result of two sets takes the place of the first. */
static void become(struct bits *b, roaring_bitmap_t *r) {
    let_go(b);
    hold(b, r);
}

struct bits *bits_new(void) {
    return wrap(roaring_bitmap_create());
}

void bits_free(struct bits *b) {
    if (!b) return;
    let_go(b);
    free(b);
}

struct bits *bits_copy(const struct bits *from) {
    struct bits *b = malloc(sizeof *b);
    if (!b) BUG("out of memory");
    *b = *from;
    atomic_fetch_add_explicit(&b->of->refs, 1, memory_order_relaxed);
    return b;
}

size_t bits_bytes(const struct bits *b) {
    return roaring_bitmap_portable_size_in_bytes(b->r) + 256;
}

void bits_add(struct bits *b, uint32_t number) {
    own(b);
    roaring_bitmap_add(b->r, number);
}

void bits_add_all(struct bits *b, const uint32_t *numbers, size_t n) {
    own(b);
    if (n) roaring_bitmap_add_many(b->r, n, numbers);
}

void bits_remove(struct bits *b, uint32_t number) {
    own(b);
    roaring_bitmap_remove(b->r, number);
}

bool bits_has(const struct bits *b, uint32_t number) {
    return roaring_bitmap_contains(b->r, number);
}

int64_t bits_count(const struct bits *b) {
    return (int64_t)roaring_bitmap_get_cardinality(b->r);
}

void bits_and(struct bits *b, const struct bits *with) {
    if (b->of == with->of) return;
    if (alone(b))
        roaring_bitmap_and_inplace(b->r, with->r);
    else
        become(b, roaring_bitmap_and(b->r, with->r));
}

void bits_or(struct bits *b, const struct bits *with) {
    if (b->of == with->of) return;
    if (alone(b))
        roaring_bitmap_or_inplace(b->r, with->r);
    else
        become(b, roaring_bitmap_or(b->r, with->r));
}

void bits_minus(struct bits *b, const struct bits *without) {
    if (b->of == without->of)
        become(b, roaring_bitmap_create());
    else if (alone(b))
        roaring_bitmap_andnot_inplace(b->r, without->r);
    else
        become(b, roaring_bitmap_andnot(b->r, without->r));
}

bool bits_meet(const struct bits *a, const struct bits *b) {
    return roaring_bitmap_intersect(a->r, b->r);
}

int bits_next(const struct bits *b, int64_t after, uint32_t *to, int cap) {
    if (after >= UINT32_MAX || cap <= 0) return 0;
    roaring_uint32_iterator_t it;
    roaring_init_iterator(b->r, &it);
    if (!roaring_move_uint32_iterator_equalorlarger(&it, after < 0 ? 0 : (uint32_t)after + 1))
        return 0;
    return (int)roaring_read_uint32_iterator(&it, to, (uint32_t)cap);
}

int bits_prev(const struct bits *b, int64_t before, uint32_t *to, int cap) {
    if (before <= 0 || cap <= 0 || roaring_bitmap_is_empty(b->r)) return 0;
    roaring_uint32_iterator_t it;
    roaring_init_iterator(b->r, &it);
    if (before > UINT32_MAX || !roaring_move_uint32_iterator_equalorlarger(&it, (uint32_t)before))
        roaring_init_iterator_last(b->r, &it);
    else if (!roaring_previous_uint32_iterator(&it))
        return 0;
    int n = 0;
    do to[n++] = it.current_value;
    while (n < cap && roaring_previous_uint32_iterator(&it));
    return n;
}

bool bits_read(struct bits *into, struct blob blob) {
    roaring_bitmap_t *r = roaring_bitmap_portable_deserialize_safe(blob.p, blob.n);
    if (!r) return false;
    if (roaring_bitmap_is_empty(into->r)) {
        become(into, r);
        return true;
    }
    own(into);
    roaring_bitmap_or_inplace(into->r, r);
    roaring_bitmap_free(r);
    return true;
}

struct blob bits_write(struct arena *a, struct bits *b) {
    own(b);
    roaring_bitmap_run_optimize(b->r);
    size_t n = roaring_bitmap_portable_size_in_bytes(b->r);
    char *p = arena_alloc(a, n);
    return (struct blob){ p, roaring_bitmap_portable_serialize(b->r, p) };
}
