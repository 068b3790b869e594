/* A file of people whose truth is known: its rows, its truth, how well groups and pairs fit it.
 * Called by evaluate.c, its tests and its fuzz target; calls lib/text/csv. */
#include "features/duplicate/evaluate.h"

#include "lib/base/map.h"

/* What other programs write where nothing is known. */
static struct str cell_of(struct arena *a, struct str s) {
    static const char *const nothing[] = {
        "NA", "N/A", "NULL", "null", "NaN", "nan", "None", "\\N"
    };
    s = str_trim(s);
    for (size_t i = 0; i < sizeof nothing / sizeof *nothing; i++)
        if (str_eq_z(s, nothing[i])) return S("");
    return s.n ? str_dup(a, s) : S("");
}

enum status evaluate_read(struct arena *a, struct csv_source from, char separator,
                          struct evaluated *out, struct str *why) {
    struct csv *csv = calloc(1, sizeof *csv);
    struct csv_row row;
    enum csv_event event;
    int64_t cap = 0;
    if (!csv) BUG("out of memory");
    *out = (struct evaluated){ .arena = a };
    csv_open(csv, from, separator);
    while ((event = csv_next(csv, &row)) == CSV_ROW) {
        if (!out->header) {
            out->columns_n = row.cells_n;
            out->header = arena_array(a, struct str, row.cells_n);
            for (int i = 0; i < row.cells_n; i++)
                out->header[i] = str_dup(a, str_trim(row.cells[i]));
            continue;
        }
        if (out->rows_n == cap) {
            int64_t more = cap ? cap * 2 : 1024;
            out->row = arena_grow(a, out->row, (size_t)cap * sizeof *out->row,
                                  (size_t)more * sizeof *out->row);
            cap = more;
        }
        struct str *cells = arena_array(a, struct str, out->columns_n);
        for (int i = 0; i < out->columns_n && i < row.cells_n; i++)
            cells[i] = cell_of(a, row.cells[i]);
        out->row[out->rows_n++] = cells;
    }
    enum status s = event == CSV_END && out->header ? OK : MALFORMED;
    if (s != OK) *why = event == CSV_END ? S("there is no row in it") : csv_why(a, &csv->error);
    csv_close(csv);
    free(csv);
    return s;
}

int evaluate_column(const struct evaluated *e, struct str name) {
    for (int i = 0; i < e->columns_n; i++)
        if (str_eq(e->header[i], name)) return i;
    for (int i = 0; i < e->columns_n; i++)
        if (str_eq_ascii(e->header[i], name)) return i;
    return -1;
}

/* rec-N-org, rec-N-dup-K: N. */
static struct str febrl_of(struct str s) {
    if (!str_starts(s, S("rec-"))) return s;
    struct str rest = str_sub(s, 4, s.n);
    ptrdiff_t end = str_find_c(rest, '-');
    return end > 0 ? str_sub(rest, 0, (size_t)end) : rest;
}

enum status evaluate_truth(const struct evaluated *e, struct str how, int64_t *truth,
                           int *truth_column) {
    bool febrl = str_eq_z(how, "febrl");
    int column = evaluate_column(e, febrl ? S("rec_id") : how);
    struct map seen = map_new(e->arena);
    if (column < 0) return INVALID;
    *truth_column = column;
    for (int64_t r = 0; r < e->rows_n; r++) {
        struct str s = e->row[r][column];
        truth[r] = -1;
        if (!s.n) continue;
        void **at = map_at(&seen, febrl ? febrl_of(s) : s);
        if (!*at) *at = (void *)(intptr_t)seen.n;
        truth[r] = (int64_t)(intptr_t)*at;
    }
    return OK;
}

/* --- how well it fits --- */

double evaluate_grouped(const struct match_pairs *pairs) {
    return match_threshold_sure(pairs, 0.005, 0.5, 0.9);
}

static int by_number(const void *a, const void *b) {
    const int64_t *x = a, *y = b;
    return x[0] != y[0] ? (x[0] > y[0]) - (x[0] < y[0]) : (x[1] > y[1]) - (x[1] < y[1]);
}

/* Pairs that are equal in both numbers; those with a first below 0 are alone. */
static int64_t pairs_within(int64_t (*v)[2], int64_t n) {
    int64_t pairs = 0;
    qsort(v, (size_t)n, sizeof *v, by_number);
    for (int64_t i = 0, to; i < n; i = to) {
        for (to = i + 1; to < n && v[to][0] == v[i][0] && v[to][1] == v[i][1];) to++;
        if (v[i][0] >= 0 && v[i][1] >= 0) pairs += (to - i) * (to - i - 1) / 2;
    }
    return pairs;
}

void measure_groups(const int32_t *of, const int64_t *truth, int64_t n, struct measured *out) {
    int64_t(*v)[2] = calloc((size_t)n + 1, sizeof *v);
    if (!v) BUG("out of memory");
    for (int64_t i = 0; i < n; i++) v[i][0] = truth[i];
    out->truth_n = pairs_within(v, n);
    for (int64_t i = 0; i < n; i++) v[i][0] = of[i], v[i][1] = 0;
    out->pairs_n = pairs_within(v, n);
    for (int64_t i = 0; i < n; i++) v[i][0] = of[i], v[i][1] = truth[i];
    out->right_n = pairs_within(v, n);
    free(v);
}

void measure_pairs(const struct match_pairs *pairs, double least, const int64_t *truth, int64_t n,
                   struct measured *out) {
    int64_t(*v)[2] = calloc((size_t)n + 1, sizeof *v);
    if (!v) BUG("out of memory");
    *out = (struct measured){ 0 };
    for (int64_t i = 0; i < n; i++) v[i][0] = truth[i];
    out->truth_n = pairs_within(v, n);
    free(v);
    for (int64_t i = 0; i < pairs->n; i++) {
        const struct match_pair *p = &pairs->v[i];
        if ((double)p->certainty < least) continue;
        out->pairs_n++;
        out->right_n += truth[p->a] >= 0 && truth[p->a] == truth[p->b];
    }
}

double measured_precision(const struct measured *x) {
    return x->pairs_n ? (double)x->right_n / (double)x->pairs_n : 1;
}

double measured_recall(const struct measured *x) {
    return x->truth_n ? (double)x->right_n / (double)x->truth_n : 1;
}

double measured_f1(const struct measured *x) {
    int64_t both = x->pairs_n + x->truth_n;
    return both ? 2 * (double)x->right_n / (double)both : 1;
}
