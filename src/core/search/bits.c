/* Sets of party numbers: the only home of CRoaring. Called by the rest of core/search and by
 * list.c. */
#include <roaring/roaring.h>

#include "core/search/bits.h"

struct bits {
    roaring_bitmap_t *r;
};

static struct bits *wrap(roaring_bitmap_t *r) {
    struct bits *b = malloc(sizeof *b);
    if (!r || !b) BUG("out of memory");
    b->r = r;
    return b;
}

struct bits *bits_new(void) {
    return wrap(roaring_bitmap_create());
}

void bits_free(struct bits *b) {
    if (!b) return;
    roaring_bitmap_free(b->r);
    free(b);
}

struct bits *bits_copy(const struct bits *b) {
    return wrap(roaring_bitmap_copy(b->r));
}

void bits_add(struct bits *b, uint32_t number) {
    roaring_bitmap_add(b->r, number);
}

void bits_remove(struct bits *b, uint32_t number) {
    roaring_bitmap_remove(b->r, number);
}

bool bits_has(const struct bits *b, uint32_t number) {
    return roaring_bitmap_contains(b->r, number);
}

int64_t bits_count(const struct bits *b) {
    return (int64_t)roaring_bitmap_get_cardinality(b->r);
}

void bits_and(struct bits *b, const struct bits *with) {
    roaring_bitmap_and_inplace(b->r, with->r);
}

void bits_or(struct bits *b, const struct bits *with) {
    roaring_bitmap_or_inplace(b->r, with->r);
}

void bits_minus(struct bits *b, const struct bits *without) {
    roaring_bitmap_andnot_inplace(b->r, without->r);
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
        roaring_bitmap_free(into->r);
        into->r = r;
        return true;
    }
    roaring_bitmap_or_inplace(into->r, r);
    roaring_bitmap_free(r);
    return true;
}

struct blob bits_write(struct arena *a, struct bits *b) {
    roaring_bitmap_run_optimize(b->r);
    size_t n = roaring_bitmap_portable_size_in_bytes(b->r);
    char *p = arena_alloc(a, n);
    return (struct blob){ p, roaring_bitmap_portable_serialize(b->r, p) };
}
