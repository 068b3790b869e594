/* Any bytes through lib/text/csv: blocks of any size give the same rows; written rows come back. */
#include "drip.h"
#include "lib/text/csv.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool same(const struct csv_row *x, const struct csv_row *y) {
    if (x->cells_n != y->cells_n || x->line != y->line || x->offset != y->offset) return false;
    for (int i = 0; i < x->cells_n; i++)
        if (!str_eq(x->cells[i], y->cells[i])) return false;
    return true;
}

static void expect_back(const struct csv_row *row, char separator) {
    struct buf b = { 0 };
    struct csv c;
    struct csv_row back;
    for (int i = 0; i < row->cells_n; i++) {
        if (i) buf_add_c(&b, separator);
        csv_write_cell(&b, row->cells[i], separator, i % 2 ? CSV_NUMERIC : CSV_QUOTE);
    }
    buf_add_z(&b, "\r\n");
    struct str rest = buf_str(&b);
    csv_open(&c, csv_from_str(&rest), separator);
    if (csv_next(&c, &back) != CSV_ROW || back.cells_n != row->cells_n) BUG("lost a row");
    for (int i = 0; i < row->cells_n; i++)
        if (!str_eq(csv_unguard(back.cells[i]), row->cells[i])) BUG("another cell came back");
    csv_close(&c);
    buf_free(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct str text = { (const char *)data, size }, rest = text;
    struct drip d = { .rest = text, .step = 1 + size % 5 };
    char separator = csv_guess_separator(text);
    struct csv whole, dripped;
    struct csv_row x, y;
    csv_open(&whole, csv_from_str(&rest), separator);
    csv_open(&dripped, (struct csv_source){ drip_read, NULL, &d }, separator);
    for (;;) {
        enum csv_event e = csv_next(&whole, &x);
        if (csv_next(&dripped, &y) != e) BUG("blocks matter");
        if (e != CSV_ROW) break;
        if (!same(&x, &y)) BUG("blocks matter");
        expect_back(&x, separator);
    }
    struct arena *a = arena_new();
    if (!str_eq(csv_why(a, &whole.error), csv_why(a, &dripped.error))) BUG("blocks matter");
    arena_free(a);
    csv_close(&whole);
    csv_close(&dripped);
    return 0;
}
