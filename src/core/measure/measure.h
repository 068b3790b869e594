/* Sums of dated amounts of clients, kept so that «spent more than 500 in the last 30 days» needs
 * no walk over records: for each measure, currency, 65,536 clients and day one block of rows
 * «client, amount» (docs/decisions/020). Derived. A write leaves one row in measure_pending in its
 * transaction; a job folds pending rows into the blocks; a question reads both. Knows numbers of
 * clients, not purchases. */
#ifndef MEASURE_H
#define MEASURE_H
#include "core/search/search.h"

enum { MEASURE_PURCHASES = 1 };
/* The days that can be kept, since 1970-01-01: of the years 1 to 9999. */
enum { MEASURE_DAY_MIN = -719162, MEASURE_DAY_MAX = 2932896 };

struct measure_row {
    int64_t party;
    int64_t amount; /* minor units */
    struct str currency;
    int day; /* since 1970-01-01 */
};
/* The day of an ISO date; MEASURE_DAY_MIN - 1 when it is none. */
int measure_day(struct str iso);
/* In the transaction of the write; either may be NULL, nothing happens when both are the same. */
enum status measure_write(struct tx *tx, int measure, const struct measure_row *before,
                          const struct measure_row *after) MUST_USE;
/* Folds up to `limit` pending rows into the blocks, when there are at least `least`: in slices of
 * 10 ms, each of which takes what it folded out of measure_pending in the same transaction, as a
 * sum must not count a row twice. One process at a time (a lease in meta); *folded is 0 when there
 * is nothing to do or another one is at it. Opens its own transactions: call it outside any. */
enum status measure_fold(struct db *db, struct arena *a, int least, int limit,
                         int *folded) MUST_USE;

/* Where the rows of a measure come from: party, day (ISO date), amount, currency of the live
 * records with :from <= party < :until, in any order. A feature that has such
 * records names it in its record. */
struct measure_source {
    int measure;
    const struct sql *rows;
};
/* The i-th of all features, NULL behind the last: defined in app/features.c. */
const struct measure_source *measure_source_at(int i);
/* All blocks anew from the records, for daftar rebuild and after bulk loading; readers see the old
 * or the new of each 65,536 clients. No other may write these records meanwhile. */
enum status measure_rebuild(struct db *db, const struct measure_source *source) MUST_USE;
/* What is wrong between records, blocks and pending rows, one a line behind what `out` has, as long
 * as it holds fewer than `most`. */
enum status measure_check(struct tx *tx, const struct measure_source *source, struct strs *out,
                          int most) MUST_USE;

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
    /* low <= value <= high; of the average: times 1,000 (thousandths of a minor unit, rounded
     * down). Who has no row has count 0 and sum 0, and no other value. */
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
