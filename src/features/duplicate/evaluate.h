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
    int (*date)[3]; /* by column of the file: year, month, day of one date; -1: none */
    bool **repeats; /* by column of the file: whose words it repeats; NULL: nobody's */
};
/* Which column holds what: by name in four languages, by the words of party.def, by content.
 * left: columns that are not to be compared. */
void evaluate_columns(const struct evaluated *e, const bool *left, struct evaluate_plan *out);
/* All rows into the engine, in order. */
void evaluate_feed(const struct evaluated *e, const struct evaluate_plan *plan, struct match *m);

/* evaluate_shape.c: how columns hang together. date[column]: the columns of year, month and day
 * that are one date with it, -1 each when it is none. The date of a row, or empty. */
void evaluate_dates(const struct evaluated *e, const bool *left, int (*date)[3]);
struct str evaluate_date(const struct evaluated *e, int64_t row, const int date[3]);
/* repeats[column][other]: the words of the other one stand in it (full name: first name); NULL for
 * a column that repeats none. What it says beyond them, in a row, and whether it says anything. */
void evaluate_repeats(const struct evaluated *e, const bool *left, bool **repeats);
struct str evaluate_rest(const struct evaluated *e, int64_t row, int column, const bool *repeats);
bool evaluate_has_rest(const struct evaluated *e, int column, const bool *repeats);

/* Pairs under it are not kept: no threshold that is best for F1 is above a half, few far below. */
#define EVALUATE_LOOKED_AT 0.2
/* From which certainty pairs make groups: at most one in 200 is expected to be wrong; where that
 * asks for more than nine to one, nine to one is enough. Never less likely than not. */
double evaluate_grouped(const struct match_pairs *pairs);

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
