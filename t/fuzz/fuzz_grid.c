/* Any text as a block from a spreadsheet: every cell is counted, and a block that is written as
 * spreadsheets write it comes back as it was. */
#include "features/client/grid.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct str written(struct arena *a, const struct grid_block *b) {
    struct buf out = { .arena = a };
    for (int i = 0; i < b->n; i++) {
        for (int k = 0; k < b->v[i].n; k++) {
            if (k) buf_add_c(&out, '\t');
            buf_add_c(&out, '"');
            for (size_t at = 0; at < b->v[i].v[k].n; at++) {
                if (b->v[i].v[k].p[at] == '"') buf_add_c(&out, '"');
                buf_add_c(&out, b->v[i].v[k].p[at]);
            }
            buf_add_c(&out, '"');
        }
        buf_add_c(&out, '\n');
    }
    return buf_str(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct arena *a = arena_new();
    struct str text = { (const char *)data, size };
    if (size > 100000) size = 0, text = NO_STR;
    struct grid_block b = grid_tsv(a, text);
    struct grid_block again = grid_tsv(a, written(a, &b));
    int cells = 0;
    if (again.n != b.n) BUG("%d rows, then %d", b.n, again.n);
    for (int i = 0; i < b.n; i++) {
        if (b.v[i].n != again.v[i].n) BUG("row %d has another length", i);
        for (int k = 0; k < b.v[i].n; k++, cells++)
            if (!str_eq(b.v[i].v[k], again.v[i].v[k])) BUG("row %d, cell %d is another", i, k);
    }
    if (cells != b.cells_n) BUG("%d cells, counted %d", cells, b.cells_n);
    arena_free(a);
    return 0;
}
