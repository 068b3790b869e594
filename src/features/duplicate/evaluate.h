/* Files that nobody has seen before, for `daftar duplicates --evaluate`: their rows and what their
 * columns hold. Only inside the feature. */
#ifndef DUPLICATE_EVALUATE_H
#define DUPLICATE_EVALUATE_H
#include "lib/match/match.h"
#include "lib/text/csv.h"

struct evaluated {
    struct arena *arena;
    struct str *header; /* trimmed */
    int columns_n;
    struct str **row; /* trimmed cells, columns_n each; what stands for nothing is empty */
    int64_t rows_n;
};
/* The whole file. MALFORMED, with why in English: no file of rows. */
enum status evaluate_read(struct arena *a, struct csv_source from, char separator,
                          struct evaluated *out, struct str *why) MUST_USE;
int evaluate_column(const struct evaluated *e, struct str name); /* by its header; -1 */

struct evaluate_plan {
    struct match_column column[MATCH_COLUMNS_N];
    int columns_n;
    int *to;                           /* by column of the file: a column above, or -1 */
    const char **left_out;             /* why not, in English; NULL: it is compared */
    bool month_first[MATCH_COLUMNS_N]; /* dates as Americans write them */
};
/* Which column holds what: by name in four languages, by the words of party.def, by content.
 * left: columns that are not to be compared. */
void evaluate_columns(const struct evaluated *e, const bool *left, struct evaluate_plan *out);
/* All rows into the engine, in order. */
void evaluate_feed(const struct evaluated *e, const struct evaluate_plan *plan, struct match *m);

struct measured {
    int64_t pairs_n, right_n, truth_n;
};
double measured_precision(const struct measured *x); /* 1 when nothing was found */
double measured_recall(const struct measured *x);    /* 1 when there was nothing to find */
double measured_f1(const struct measured *x);
/* truth, of: by row; people with the same number are one, < 0: nobody else. */
void measure_pairs(const struct match_pairs *pairs, double least, const int64_t *truth, int64_t n,
                   struct measured *out);
void measure_groups(const int32_t *of, const int64_t *truth, int64_t n, struct measured *out);
/* The numbers of a column, or of rec_id as FEBRL writes it (rec-7-org, rec-7-dup-0). INVALID: the
 * column is not there. truth_column: which one. */
enum status evaluate_truth(const struct evaluated *e, struct str how, int64_t *truth,
                           int *truth_column) MUST_USE;

#endif
