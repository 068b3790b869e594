/* Makes the table of given names: namec OUT.c PERSIAN.csv ARABIC.csv
 * Called by the Makefile; the table is src/lib/text/name.h's name_table. The Persian file has a
 * name and its share in per cent, the Arabic one a name first in the row. Names are stored folded.
 */
#include "lib/base/buf.h"
#include "lib/base/map.h"
#include "lib/text/csv.h"
#include "lib/text/fold.h"
#include "lib/text/name.h"

_Noreturn static void stop(const char *path, const char *what) {
    fprintf(stderr, "namec: %s: %s\n", path, what);
    exit(1);
}

/* "0.02%" or more is common: one in 5,000 people. */
static bool is_common(struct str share) {
    int64_t value = 0;
    for (size_t i = 0; i < share.n; i++)
        if (share.p[i] >= '0' && share.p[i] <= '9') value = value * 10 + share.p[i] - '0';
    return value >= 2;
}

static void read_names(struct arena *a, struct map *names, const char *path, unsigned char is) {
    FILE *f = fopen(path, "rb");
    struct csv c;
    struct csv_row row;
    enum csv_event e;
    if (!f) stop(path, "cannot be read");
    csv_open(&c, csv_from_file(f), ',');
    csv_next(&c, &row); /* the headings */
    while ((e = csv_next(&c, &row)) == CSV_ROW) {
        struct str name = fold(a, row.cells[0]);
        if (name.n == 0) continue;
        bool common = is == NAME_PERSIAN ? row.cells_n > 1 && is_common(row.cells[1]) : true;
        void **at = map_at(names, name);
        *at = (void *)((uintptr_t)*at | is | (common ? NAME_COMMON : 0));
    }
    if (e == CSV_BAD) stop(path, str_z(a, csv_why(a, &c.error)));
    csv_close(&c);
    fclose(f);
}

static int by_name(const void *x, const void *y) {
    return str_cmp(((const struct map_entry *)x)->key, ((const struct map_entry *)y)->key);
}

int main(int argc, char **argv) {
    if (argc != 4) stop("usage", "namec OUT.c PERSIAN.csv ARABIC.csv");
    struct arena *a = arena_new();
    struct map names = map_new(a);
    read_names(a, &names, argv[2], NAME_PERSIAN);
    read_names(a, &names, argv[3], NAME_ARABIC);
    qsort(names.v, (size_t)names.n, sizeof *names.v, by_name);
    FILE *f = fopen(argv[1], "wb");
    if (!f) stop(argv[1], "cannot be written");
    fprintf(f, "/* Made by tools/namec.c from data/names. */\n#include \"lib/text/name.h\"\n\n"
               "const struct name_entry name_table[] = {\n");
    for (int i = 0; i < names.n; i++)
        fprintf(f, "    { \"%.*s\", %d },\n", SF(names.v[i].key), (int)(uintptr_t)names.v[i].value);
    fprintf(f, "};\nconst int name_table_n = %d;\n", names.n);
    if (fclose(f) != 0) stop(argv[1], "cannot be written");
    arena_free(a);
    return 0;
}
