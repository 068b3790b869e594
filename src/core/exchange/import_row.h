/* One row of a file to one record. For core/exchange only. */
#ifndef IMPORT_ROW_H
#define IMPORT_ROW_H
#include "core/exchange/exchange.h"

/* A row as it was understood: everything that needs no writing is done. */
struct import_ready {
    struct csv_row in; /* cells copied */
    void *row;         /* of the entity; not to be changed: a slice may come again */
    struct str *extra, names;
    bool *given; /* by field: what the file says */
    int *late;   /* columns that name records which the writer must find or make */
    int late_n;
    bool empty;
    struct problems problems;
};
struct import_row_result {
    enum import_outcome outcome;
    struct str title;
    struct str *cell_problems; /* by column of the plan */
    struct strs problems;      /* "header: message" */
};
/* Reads and understands one row; c may read only. Everything lives in c->arena. memo keeps what
 * cells of closed sets mean. */
enum status import_row_read(struct ctx *c, const struct exchange_shape *shape,
                            const struct import_plan *plan, const struct csv_row *in,
                            struct map *memo, struct import_ready *out) MUST_USE;
/* Matches and saves it in the writing transaction of c. seen (may be NULL): keys of earlier rows,
 * for a trial that is taken back now and then. Anything but OK is a failure of the database; a
 * refused row is OK with its outcome. */
enum status import_row_keep(struct ctx *c, const struct exchange_shape *shape,
                            const struct import_plan *plan, const struct import_ready *in,
                            struct map *seen, struct import_row_result *out) MUST_USE;
/* What is wrong with the file and where, in the person's language (match.c). */
struct str import_fault(struct ctx *c, const struct csv_error *e);

#endif
