/* Any bytes as pasted text: a table comes out that the CSV reader takes, or a refusal; never a row
 * more or less than was said. */
#include <unistd.h>

#include "core/exchange/sheet.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void expect_rows(const char *path, int64_t n) {
    FILE *f = fopen(path, "rb");
    struct csv *csv = malloc(sizeof *csv);
    struct csv_row row;
    int64_t rows = -1; /* the header */
    if (!f || !csv) BUG("no table");
    csv_open(csv, csv_from_file(f), ',');
    while (csv_next(csv, &row) == CSV_ROW) rows++;
    if (csv->error.fault || rows > n) BUG("another number of rows");
    csv_close(csv);
    free(csv);
    fclose(f);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    char in[64], out[64];
    struct sheet_faults faults;
    int64_t n = 0;
    struct locale loc = { .lang = LANG_FA };
    struct ctx c = { .arena = arena_new(), .loc = &loc };
    snprintf(loc.country, sizeof loc.country, "IR");
    snprintf(in, sizeof in, "/tmp/daftar-fuzz-in-%d", (int)getpid());
    snprintf(out, sizeof out, "/tmp/daftar-fuzz-out-%d", (int)getpid());
    FILE *f = fopen(in, "wb");
    if (!f || fwrite(data, 1, size, f) != size || fclose(f) != 0) BUG("cannot write");
    if (sheet_from_text(&c, NULL, in, out, &faults, &n) == OK) expect_rows(out, n);
    unlink(in);
    unlink(out);
    arena_free(c.arena);
    return 0;
}
