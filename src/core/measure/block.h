/* One block as it lies in the database: a byte that says how wide amounts are (1, 2, 4 or 8), then
 * n low halves of client numbers (two bytes, little-endian), then n amounts (two's complement,
 * little-endian). Rows are in order of client, then amount; equal rows may repeat. Columns of fixed
 * width, because a sum over them is one addition a row. Only for core/measure. */
#ifndef MEASURE_BLOCK_H
#define MEASURE_BLOCK_H
#include "core/measure/measure.h"

struct block_row {
    int64_t amount;
    uint16_t low;
};
struct block {
    const unsigned char *lows, *amounts;
    int width, n;
};
bool block_read(struct blob b, struct block *out); /* false: not a block. A view of b */
struct block_row block_at(const struct block *b, int i);
/* rows in order; n 0 gives a blob without bytes (p NULL). */
struct blob block_write(struct arena *a, const struct block_row *rows, int n);
int block_row_cmp(const void *a, const void *b);
/* The first row of this client or behind it. */
int block_find(const struct block *b, uint16_t low);

#endif
