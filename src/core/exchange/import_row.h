/* One row of a file to one record. For core/exchange only. */
#ifndef IMPORT_ROW_H
#define IMPORT_ROW_H
#include "core/exchange/exchange.h"

struct import_row_result {
    enum import_outcome outcome;
    struct str title, names;
    struct str *cell_problems; /* by column of the plan */
    struct strs problems;      /* "header: message" */
};
/* Reads, matches and saves one row in the transaction of c. memo keeps what cells of closed sets
 * mean. seen (may be NULL): keys of earlier rows, for a trial that is taken back now and then.
 * Anything but OK is a failure of the database; a refused row is OK with its outcome. */
enum status import_row(struct ctx *c, const struct exchange_shape *shape,
                       const struct import_plan *plan, const struct csv_row *row, struct map *memo,
                       struct map *seen, struct import_row_result *out) MUST_USE;

#endif
