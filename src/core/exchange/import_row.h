/* One row of a file to one record. For core/exchange only. */
#ifndef IMPORT_ROW_H
#define IMPORT_ROW_H
#include "core/exchange/import.h"

/* A row as it was understood: everything that needs no writing is done. */
struct import_ready {
    struct csv_row in; /* cells copied */
    void *row;         /* of the entity; not to be changed: a slice may come again */
    struct str *extra, names;
    bool *given; /* by field: what the file says */
    int *late;   /* columns that name records which the writer must find or make */
    int late_n;
    struct strs rest; /* "Spouse: Sara": for the shape's rest */
    bool empty;
    struct problems problems;
    const struct store_ahead *ahead; /* what of a new record is known before it is written */
};
struct import_row_result {
    enum import_outcome outcome;
    bool twice; /* skipped, because the very same row came before */
    struct str title;
    struct str *cell_problems; /* by column of the plan */
    struct strs problems;      /* "header: message" */
    int *columns;              /* of each problem; -1: it stands at no column */
    int64_t doubt;             /* who it probably is, refused or not; 0: nobody or not compared */
    struct str doubt_words;
};
/* --- import_cell.c: cells to fields --- */
struct target {
    const struct field *field;
    const struct many *many;
    int index, extra; /* extra: -1 unless it is one */
    bool behind;      /* "+" */
};
bool target_of(const struct ctx *c, const struct exchange_shape *shape, struct str to,
               struct target *t);
/* All cells of out->in to out->row, extra, given, late, rest; problems are in c. */
enum status import_cells_read(struct ctx *c, const struct exchange_shape *shape,
                              const struct import_plan *plan, struct map *memo,
                              struct import_ready *out) MUST_USE;
/* The columns that name records, in the writing transaction; rest may grow. */
enum status import_cells_late(struct ctx *c, const struct exchange_shape *shape,
                              const struct import_plan *plan, const struct import_ready *in,
                              void *row, struct strs *rest) MUST_USE;
/* Lines that the field does not hold yet are put behind it. */
enum status import_rest_add(struct ctx *c, const struct exchange_shape *shape, struct strs rest,
                            void *row) MUST_USE;

/* --- import_row.c --- */
/* Reads and understands one row; c may read only. Everything lives in c->arena. memo keeps what
 * cells of closed sets mean. */
enum status import_row_read(struct ctx *c, const struct exchange_shape *shape,
                            const struct import_plan *plan, const struct csv_row *in,
                            struct map *memo, struct import_ready *out) MUST_USE;
/* Works out what it leaves in the index if it is new (out->ahead; before: as store_ahead takes it),
 * before anything is written. */
enum status import_row_ahead(struct ctx *c, const struct exchange_shape *shape,
                             struct arena *scratch, struct import_ready *out) MUST_USE;
/* Matches and saves it in the writing transaction of c. seen (may be NULL): keys of earlier rows,
 * for a trial that is taken back now and then. Anything but OK is a failure of the database; a
 * refused row is OK with its outcome. compare: say who a new row probably is, also where such rows
 * are not held back. */
enum status import_row_keep(struct ctx *c, const struct exchange_shape *shape,
                            const struct import_plan *plan, const struct import_ready *in,
                            struct map *seen, bool compare, struct import_row_result *out) MUST_USE;
/* --- import_refused.c: a refused row as it is kept --- */
struct str import_cells_json(struct ctx *c, const struct str *v, int n);
struct str import_reasons_json(struct ctx *c, const struct import_plan *plan,
                               const struct import_row_result *res);

/* --- known.c: the export of which product this is; columns are set when it is one --- */
void import_recognise(struct ctx *c, const struct exchange_shape *shape, struct import_plan *plan);

/* --- match.c --- */
bool import_is_owner(const struct exchange_shape *shape, const struct field *f);
/* A name as people vary it: folded, without spaces. */
struct str import_squash(struct arena *a, struct str s);
/* The first free place of a list in a target with %d, from `at` on; empty when none is free. */
struct str import_place(struct ctx *c, const struct import_plan *p, int before, struct str to,
                        int at);
/* What is wrong with the file and where, in the person's language (match.c). */
struct str import_fault(struct ctx *c, const struct csv_error *e);

#endif
