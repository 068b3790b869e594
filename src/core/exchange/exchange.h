/* Import and export of any entity that has a shape. A file is looked at (encoding, separator,
 * columns matched by name and by content), planned with the person, tried without a trace, then run
 * in slices that can be killed at any moment, and undone as one batch. */
#ifndef EXCHANGE_H
#define EXCHANGE_H
#include "core/app/filestore.h"
#include "core/entity/entity.h"
#include "lib/text/csv.h"

/* A column that is no field of the entity: a company's name, a job title. */
struct exchange_extra {
    const char *code, *label, *also;
};
/* What a feature says about files of its entity. */
struct exchange_shape {
    const struct entity *entity;
    const struct exchange_extra *extras;
    int extras_n;
    const char *const *match_by; /* "email", "phone", "own_id"; ends with NULL */
    /* After the cells were read: names separated, kind guessed. extra[i]: text for extras[i]. */
    enum status (*complete)(struct ctx *c, void *row, struct str *extra, bool one_name_column);
    /* A record that is there already, 0 for none; key is what it was found by (for doubles in a
     * file). */
    enum status (*match)(struct ctx *c, struct str by, const void *row, int64_t *id,
                         struct str *key);
    /* A record with nothing but this name, made by this very import because another row named it:
     * the row is what was meant. 0 for none. May be NULL. */
    enum status (*named)(struct ctx *c, const void *row, int64_t *id);
    enum status (*saved)(struct ctx *c, const void *row, const struct str *extra);
    /* For export: the extras of these records, rows_n × extras_n texts. */
    enum status (*read_extras)(struct ctx *c, const void *rows, int rows_n, struct str *out);
};

enum on_match { ON_MATCH_SKIP, ON_MATCH_FILL, ON_MATCH_OVERWRITE, ON_MATCH_N };
const char *on_match_code(enum on_match o); /* "skip" "fill" "overwrite" */
bool on_match_of(struct str code, enum on_match *out);

struct import_column {
    struct str header;     /* as in the file; "" where there is no header row */
    struct str samples[3]; /* first cells that are not empty */
    struct str to;         /* "given_name", "phones.0.number", "company"; empty: left out */
    struct str kind;       /* code for the child's kind ("mobile"), from the header */
    bool by_content;       /* the name said nothing, the cells did */
};
struct import_plan {
    struct str charset,
        charset_found; /* found: what import_look would guess, empty when not asked */
    char separator;
    bool has_header, one_name_column;
    int64_t rows_n; /* counted by import_look */
    struct import_column *v;
    int n;
    struct str match; /* "email,phone"; empty: no row is ever taken for a client who is there */
    enum on_match on_match;
};
enum import_header { HEADER_GUESS, HEADER_YES, HEADER_NO };
/* Reads the whole file, needs no transaction: fills everything of the plan but match and on_match,
 * which get their standard. charset and separator may be forced (empty, 0: guessed). INVALID with a
 * problem that names the place: not a file of rows (a NUL, a quote that stays open, nothing, too
 * many), or no such charset. */
enum status import_look(struct ctx *c, const struct exchange_shape *shape, const char *path,
                        struct str charset, char separator, enum import_header header,
                        struct import_plan *out) MUST_USE;
/* The same file again with the places that a person chose: headers, samples and counts from the
 * file, to and kind from chosen where the columns are as many. */
void import_plan_keep_choices(struct import_plan *fresh, const struct import_plan *chosen);
/* Are the names of this plan taken apart? Set again when columns were chosen by hand. */
void import_plan_settle(struct import_plan *plan);
/* Places that a column may go to, with their labels, for the person's choice. */
struct import_target {
    struct str code, label;
};
int import_targets(struct ctx *c, const struct exchange_shape *shape, struct import_target **out);
bool import_target_valid(const struct exchange_shape *shape, struct str code);
/* The plan as it is kept (import.columns), and back. */
struct str import_plan_json(struct ctx *c, const struct import_plan *plan);
enum status import_plan_read(struct ctx *c, struct str json, struct import_plan *plan) MUST_USE;

enum import_outcome {
    IMPORT_CREATED,
    IMPORT_CHANGED,
    IMPORT_SKIPPED,
    IMPORT_REFUSED,
    IMPORT_OUTCOMES
};
struct import_counts {
    int64_t n[IMPORT_OUTCOMES];
};
/* One row of a preview. */
struct import_preview_row {
    int64_t line;
    enum import_outcome outcome;
    struct str *cells;
    int cells_n;
    struct str title; /* of the record that it is or would be */
    struct str names; /* given | family where one column was separated, else empty */
    struct strs problems;
    struct str *cell_problems; /* by column, empty where fine */
};
struct import_preview {
    struct import_counts counts;
    int64_t tried;
    bool whole; /* the whole file was tried, else its first rows */
    bool split; /* one column of names became two fields */
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
    struct import_plan plan;
    struct import_counts counts;
};
/* f: kept before (core/app/filestore.h). */
enum status import_new(struct ctx *c, const struct stored_file *f, const struct import_plan *plan,
                       int64_t *id) MUST_USE;
/* His own, or anybody's for managers; else MISSING. */
enum status import_load(struct ctx *c, int64_t id, struct import *out) MUST_USE;
enum status import_save_plan(struct ctx *c, int64_t id, const struct import_plan *plan) MUST_USE;
enum status import_set_state(struct ctx *c, int64_t id, const char *state,
                             struct str problem) MUST_USE;
/* A word about one that is done (what stands in the way of its undo); its state stays. */
enum status import_set_problem(struct ctx *c, int64_t id, struct str problem) MUST_USE;
enum status import_list(struct ctx *c, int limit, struct import **out, int *n) MUST_USE;
/* One that the same file and plan began and nobody finished, or whose end nobody was told (its
 * problem is IMPORT_UNTOLD): 0 when there is none. A command that was killed goes on with it. */
#define IMPORT_UNTOLD "untold"
enum status import_unfinished(struct ctx *c, const struct stored_file *f,
                              const struct import_plan *plan, int64_t *id) MUST_USE;
/* Refused rows as CSV: the original cells, then line and reasons. Up to `limit` rows with a line
 * above *after, which moves on (begin with -1, the header comes first); *more tells whether others
 * follow. */
enum status import_refused_csv(struct ctx *c, int64_t id, char separator, int64_t *after, int limit,
                               struct buf *out, bool *more) MUST_USE;

/* Running: open, then until done: read rows (in a reading transaction, outside the writer), then
 * slices until nothing is ready; each slice is a writing transaction of the caller's. */
struct import_run;
enum status import_run_open(struct arena *a, const struct exchange_shape *shape,
                            const struct import *imp, const char *path,
                            struct import_run **out) MUST_USE;
void import_run_close(struct import_run *r);
/* Reads and understands the next rows (some hundred); call it whenever import_run_ready says 0, in
 * a transaction that only reads: names of records that are not there yet are left to the slice. */
enum status import_run_read(struct import_run *r, struct ctx *c) MUST_USE;
int import_run_ready(const struct import_run *r);
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

/* Trying: the same with slices that the caller's transaction takes back (end it with INVALID). The
 * first `shown` rows are kept to look at, at most `limit` are tried. What is shown lives in a. */
enum status import_try_open(struct arena *a, const struct exchange_shape *shape,
                            const struct import *imp, const char *path, int shown, int64_t limit,
                            struct import_run **out) MUST_USE;
enum status import_try_slice(struct import_run *r, struct ctx *c, struct import_pace pace,
                             bool *done) MUST_USE;
const struct import_preview *import_try_result(struct import_run *r);

/* --- export --- */
struct export_sheet; /* columns of a shape as they are now: as many phone columns as somebody has */
enum status export_sheet_new(struct ctx *c, const struct exchange_shape *shape,
                             struct export_sheet **out) MUST_USE;
int export_columns_n(const struct export_sheet *s);
struct str export_column_header(const struct export_sheet *s, int column);
const struct kind *export_column_kind(const struct export_sheet *s, int column); /* NULL: text */
/* rows_n × export_columns_n texts, row by row: what each cell says. */
enum status export_cells(struct ctx *c, const struct export_sheet *s, const void *rows, int rows_n,
                         struct str **out) MUST_USE;
void export_header(const struct export_sheet *s, char separator, struct buf *out);
enum status export_rows(struct ctx *c, const struct export_sheet *s, const void *rows, int rows_n,
                        char separator, struct buf *out) MUST_USE;
/* The separator and mark that the Excel of this reader expects. */
char export_separator(const struct locale *loc);

#endif
