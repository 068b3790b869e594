/* Blocks of rows «client, amount» (block.h). Called by the rest of core/measure. */
#include "core/measure/block.h"

static const int widths[] = { 1, 2, 4, 8 };

bool block_read(struct blob b, struct block *out) {
    const unsigned char *p = b.p;
    *out = (struct block){ 0 };
    if (b.n == 0) return true;
    if (p[0] != 1 && p[0] != 2 && p[0] != 4 && p[0] != 8) return false;
    size_t each = 2 + (size_t)p[0];
    if ((b.n - 1) % each != 0 || (b.n - 1) / each > INT32_MAX) return false;
    out->width = p[0];
    out->n = (int)((b.n - 1) / each);
    out->lows = p + 1;
    out->amounts = p + 1 + 2 * (size_t)out->n;
    return true;
}

struct block_row block_at(const struct block *b, int i) {
    const unsigned char *l = b->lows + 2 * (size_t)i,
                        *v = b->amounts + (size_t)b->width * (size_t)i;
    uint64_t u = 0;
    for (int k = b->width - 1; k >= 0; k--) u = u << 8 | v[k];
    int shift = 64 - 8 * b->width;
    return (struct block_row){ (int64_t)(u << shift) >> shift, (uint16_t)(l[0] | l[1] << 8) };
}

static int width_of(int64_t amount) {
    for (int i = 0; i < 3; i++) {
        int64_t most = (INT64_C(1) << (8 * widths[i] - 1)) - 1;
        if (amount <= most && amount >= -most - 1) return widths[i];
    }
    return 8;
}

struct blob block_write(struct arena *a, const struct block_row *rows, int n) {
    int width = 1;
    if (n <= 0) return (struct blob){ 0 };
    for (int i = 0; i < n; i++) {
        int w = width_of(rows[i].amount);
        if (w > width) width = w;
    }
    size_t size = 1 + (2 + (size_t)width) * (size_t)n;
    unsigned char *p = arena_alloc(a, size), *l = p + 1, *v = p + 1 + 2 * (size_t)n;
    p[0] = (unsigned char)width;
    for (int i = 0; i < n; i++) {
        uint64_t u = (uint64_t)rows[i].amount;
        *l++ = (unsigned char)rows[i].low;
        *l++ = (unsigned char)(rows[i].low >> 8);
        for (int k = 0; k < width; k++, u >>= 8) *v++ = (unsigned char)u;
    }
    return (struct blob){ p, size };
}

int block_row_cmp(const void *a, const void *b) {
    const struct block_row *x = a, *y = b;
    if (x->low != y->low) return x->low < y->low ? -1 : 1;
    return (x->amount > y->amount) - (x->amount < y->amount);
}

int block_find(const struct block *b, uint16_t low) {
    int from = 0, until = b->n;
    while (from < until) {
        int mid = from + (until - from) / 2;
        if (block_at(b, mid).low < low)
            from = mid + 1;
        else
            until = mid;
    }
    return from;
}
