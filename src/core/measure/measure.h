/* Sums of dated amounts of clients, kept so that «spent more than 500 in the last 30 days» needs
 * no walk over records: for each measure, currency, 65,536 clients and day one block of rows
 * «client, amount» (docs/decisions/020). Derived. A write leaves one row in measure_pending in its
 * transaction; a job folds pending rows into the blocks; a question reads both. Knows numbers, not
 * purchases. */
#ifndef MEASURE_H
#define MEASURE_H
#include "core/search/search.h"

enum { MEASURE_PURCHASES = 1 };
enum { MEASURE_DAY_MIN = -719162, MEASURE_DAY_MAX = 2932896 }; /* 0001-01-01, 9999-12-31 */

struct measure_row {
    int64_t party;
    int64_t amount; /* minor units */
    struct str currency;
    int day; /* since 1970-01-01 */
};
/* In the transaction of the write; either may be NULL, nothing happens when both are the same. */
enum status measure_write(struct tx *tx, int measure, const struct measure_row *before,
                          const struct measure_row *after) MUST_USE;
/* As search_fold: opens its own transactions, one process at a time; *folded 0: nothing to do. */
enum status measure_fold(struct db *db, struct arena *a, int limit, int *folded) MUST_USE;

enum measure_fn {
    MEASURE_COUNT,
    MEASURE_SUM,
    MEASURE_AVERAGE,
    MEASURE_LARGEST,
    MEASURE_SMALLEST,
    MEASURE_FIRST, /* the day of the first row */
    MEASURE_LATEST
};
struct measure_ask {
    int measure;
    struct str currency;     /* empty: of any (count, first, latest only) */
    int from_day, until_day; /* half-open: from <= day < until */
    enum measure_fn fn;
    /* low <= value <= high; of the average: times 1,000 (thousandths of a minor unit). Who has no
     * row has count 0 and sum 0, and no other value. */
    int64_t low, high;
};
/* The clients whose value lies within; only those of `among` (may be NULL: everybody with a row;
 * then who has none is never in it). *out: bits_free. */
enum status measure_bits(struct tx *tx, const struct measure_ask *ask, const struct bits *among,
                         struct bits **out) MUST_USE;
/* What it is for one client; *has false: no value. */
enum status measure_of(struct tx *tx, const struct measure_ask *ask, int64_t party, int64_t *value,
                       bool *has) MUST_USE;

#endif
