/* An import as a record of its own: its file, its plan, its state, its refused rows; running it in
 * slices, and trying it without a trace. */
#ifndef EXCHANGE_IMPORT_H
#define EXCHANGE_IMPORT_H
#include "core/app/filestore.h"
#include "core/exchange/exchange.h"
#include "core/exchange/sheet.h"

enum import_outcome {
    IMPORT_CREATED,
    IMPORT_CHANGED,
    IMPORT_SKIPPED,
    IMPORT_REFUSED,
    IMPORT_OUTCOMES
};
struct import_counts {
    int64_t n[IMPORT_OUTCOMES];
    int64_t twice;  /* of the skipped: the very same row stood in the file before */
    int64_t doubts; /* of the refused: held back, as the plan wants; in a trial without that, of the
                       created among those compared: probably somebody who is there */
};
/* One row of a preview. */
struct import_preview_row {
    int64_t line;
    enum import_outcome outcome;
    struct str *cells;
    int cells_n;
    bool twice;
    struct str title; /* of the record that it is or would be */
    struct str names; /* given | family where one column was separated, else empty */
    struct strs problems;
    struct str *cell_problems; /* by column, empty where fine */
    int64_t doubt;             /* created, but it is probably this one; 0 */
    struct str doubt_words;    /* «May be Sara Karimi: same phone» */
};
struct import_preview {
    struct import_counts counts;
    int64_t tried, compared; /* compared: the first of them, with those who are there */
    bool whole;              /* the whole file was tried, else its first rows */
    bool split;              /* one column of names became two fields */
    struct {
        struct import_preview_row *v;
        int n;
    } rows;
};

/* An import as a record of its own. */
struct import {
    int64_t id, file, bytes, rows_n, done_rows, done_bytes, done_line, batch, member, at, ended_at,
        undone_by;
    struct str state, name, who, sha256, problem; /* state: plan, waiting, running, done, failed */
    enum sheet_format format;
    struct str sheet; /* of a workbook; empty: the first */
    struct import_plan plan;
    struct import_counts counts;
};
struct import_source { /* what the file is */
    enum sheet_format format;
    struct str sheet;
};
/* f: kept before (core/app/filestore.h). */
enum status import_new(struct ctx *c, const struct stored_file *f, const struct import_source *from,
                       const struct import_plan *plan, int64_t *id) MUST_USE;
/* His own, or anybody's for managers; else MISSING. */
enum status import_load(struct ctx *c, int64_t id, struct import *out) MUST_USE;
enum status import_save_plan(struct ctx *c, int64_t id, const struct import_plan *plan,
                             struct str sheet) MUST_USE;
/* The last one before this that took in the same file (and sheet) and that the reader may see; 0.
 */
enum status import_earlier(struct ctx *c, const struct import *imp, int64_t *id) MUST_USE;
enum status import_set_state(struct ctx *c, int64_t id, const char *state,
                             struct str problem) MUST_USE;
/* A word about one that is done (what stands in the way of its undo); its state stays. */
enum status import_set_problem(struct ctx *c, int64_t id, struct str problem) MUST_USE;
enum status import_list(struct ctx *c, int limit, struct import **out, int *n) MUST_USE;
/* One that the same file and plan began and nobody finished, or whose end nobody was told (its
 * problem is IMPORT_UNTOLD): 0 when there is none. A command that was killed goes on with it. */
#define IMPORT_UNTOLD "untold"
enum status import_unfinished(struct ctx *c, const struct stored_file *f,
                              const struct import_source *from, const struct import_plan *plan,
                              int64_t *id) MUST_USE;
/* Refused rows that nobody has corrected yet, as CSV: the original cells, then line and reasons. Up
 * to `limit` rows with a line above *after, which moves on (begin with -1, the header comes first);
 * *more tells whether others follow. */
enum status import_refused_csv(struct ctx *c, int64_t id, char separator, int64_t *after, int limit,
                               struct buf *out, bool *more) MUST_USE;
struct import_refused_row {
    int64_t line;
    struct str *cells; /* by column of the plan, as a person sees them: what was typed last */
    struct str *cell_problems;
    struct strs problems; /* that stand at no column */
    bool typed;           /* somebody corrected it before */
    int64_t doubt;        /* held back as probably this one; 0 */
};
/* The same to be corrected: those with a line above after, at most limit; *left counts these and
 * all behind them. */
enum status import_refused_list(struct ctx *c, const struct import *imp, int64_t after, int limit,
                                struct import_refused_row **out, int *n, int64_t *left) MUST_USE;
enum status
import_refused_one(struct ctx *c, const struct import *imp, int64_t line,
                   struct import_refused_row *out) MUST_USE; /* MISSING: done meanwhile */
/* Keeps what was typed for a row (imp->plan.n cells), then tries it again if so asked: a row that
 * was held back as probably somebody comes in, since a person looked at it. *outcome is
 * IMPORT_REFUSED with new reasons kept, or what came of it; then it is off the list, in the
 * import's counts and in its batch (imp->batch is set when there was none). */
enum status import_refused_type(struct ctx *c, const struct import *imp, int64_t line,
                                const struct str *cells) MUST_USE;
enum status import_refused_again(struct ctx *c, const struct exchange_shape *shape,
                                 struct import *imp, int64_t line,
                                 enum import_outcome *outcome) MUST_USE;

/* What was chosen for files with these columns, by whom and when: applied to a plan whose columns
 * are named so. *at 0: nothing is remembered. */
struct import_memory {
    int64_t at;
    struct str who, columns; /* columns: as import_plan_json gives it */
};
enum status import_mapping_keep(struct ctx *c, const struct import_plan *plan) MUST_USE;
enum status import_mapping_find(struct ctx *c, const struct import_plan *plan,
                                struct import_memory *out, struct import_plan *chosen) MUST_USE;
enum status import_mapping_forget(struct ctx *c, const struct import_plan *plan) MUST_USE;

/* Running: open, then until done: read rows (in a reading transaction, outside the writer), then
 * slices until nothing is ready; each slice is a writing transaction of the caller's. */
struct import_run;
enum status import_run_open(struct arena *a, const struct exchange_shape *shape,
                            const struct import *imp, const char *path,
                            struct import_run **out) MUST_USE;
void import_run_close(struct import_run *r);
/* Reads and understands the next helping (some hundred rows); call it whenever import_run_ready
 * says 0, in a transaction that only reads: names of records that are not there yet are left to the
 * slice. */
enum status import_run_read(struct import_run *r, struct ctx *c) MUST_USE;
/* The same in two steps: another thread may read the next while slices write those before;
 * import_run_take, while nobody reads, makes what was read the rows that are ready. */
enum status import_run_read_next(struct import_run *r, struct ctx *c) MUST_USE;
void import_run_take(struct import_run *r);
int import_run_ready(const struct import_run *r);
bool import_run_read_all(const struct import_run *r); /* nothing comes behind the ready rows */
/* Asked between rows: should this transaction end now? */
struct import_pace {
    bool (*enough)(void *arg);
    void *arg;
};
/* Does ready rows until that is enough, one at least, and writes the progress. If the
 * transaction then fails, call import_run_back and do the slice again. STALE: somebody else went on
 * with this import meanwhile. */
enum status import_run_slice(struct import_run *r, struct ctx *c, struct import_pace pace,
                             bool *done) MUST_USE;
void import_run_back(struct import_run *r);
const struct import_counts *import_run_counts(const struct import_run *r);
int64_t import_run_rows(const struct import_run *r); /* done so far */

/* Trying: new rows are compared with those who are there as long as rows are shown, or all of them
 * where the plan holds such back. Else the same with slices that the caller's transaction takes
 * back (end it with INVALID). The first `shown` rows are kept to look at, at most `limit` are
 * tried. What is shown lives in a. */
enum status import_try_open(struct arena *a, const struct exchange_shape *shape,
                            const struct import *imp, const char *path, int shown, int64_t limit,
                            struct import_run **out) MUST_USE;
enum status import_try_slice(struct import_run *r, struct ctx *c, struct import_pace pace,
                             bool *done) MUST_USE;
const struct import_preview *import_try_result(struct import_run *r);

#endif
