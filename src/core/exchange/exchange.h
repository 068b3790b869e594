/* Import and export of any entity that has a shape. A file is looked at (encoding, separator,
 * columns matched by name and by content), planned with the person, tried without a trace, then run
 * in slices that can be killed at any moment, and undone as one batch. */
#ifndef EXCHANGE_H
#define EXCHANGE_H
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
    struct str charset;
    char separator;
    bool has_header, one_name_column;
    struct import_column *v;
    int n;
    struct str match; /* "email,phone" */
    enum on_match on_match;
};
/* Looks at a file: fills everything of the plan but match and on_match, which get their standard.
 * charset and separator may be forced (empty, 0: guessed). INVALID with a problem: not a file of
 * rows. */
enum status import_look(struct ctx *c, const struct exchange_shape *shape, const char *path,
                        struct str charset, char separator, struct import_plan *out) MUST_USE;
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
    bool whole; /* the whole file was tried, else its first rows */
    struct {
        struct import_preview_row *v;
        int n;
    } rows;
};

/* An import as a record of its own. */
struct import {
    int64_t id, file, rows_n, done_rows, done_bytes, done_line, batch, member, at, ended_at,
        undone_by;
    struct str state, name, sha256, problem; /* state: plan, waiting, running, done, failed */
    struct import_plan plan;
    struct import_counts counts;
};
/* Puts an uploaded file under DATA/files by its SHA-256 and makes the import. */
enum status import_new(struct ctx *c, const char *files_dir, const char *path, struct str name,
                       const struct import_plan *plan, int64_t *id) MUST_USE;
enum status import_load(struct ctx *c, int64_t id, struct import *out) MUST_USE;
enum status import_save_plan(struct ctx *c, int64_t id, const struct import_plan *plan) MUST_USE;
enum status import_set_state(struct ctx *c, int64_t id, const char *state,
                             struct str problem) MUST_USE;
enum status import_list(struct ctx *c, int limit, struct import **out, int *n) MUST_USE;
/* Refused rows as CSV: the original cells, then line and reasons. */
enum status import_refused_csv(struct ctx *c, int64_t id, char separator, struct buf *out) MUST_USE;

/* Tries rows of the file and takes everything back: needs a writing transaction, which the caller
 * ends with INVALID. At most `rows` shown, at most limit tried, at most ms of time. seen carries
 * doubles. */
enum status import_try(struct ctx *c, const struct exchange_shape *shape, const char *path,
                       const struct import_plan *plan, int shown, int64_t limit, int ms,
                       struct import_preview *out) MUST_USE;

/* Running: open, then slices until done; each slice is a transaction of the caller's. */
struct import_run;
enum status import_run_open(struct arena *a, const struct exchange_shape *shape,
                            const struct import *imp, const char *path,
                            struct import_run **out) MUST_USE;
void import_run_close(struct import_run *r);
/* Does rows until `until_us` (clock_mono_us) or the end and writes the progress. If the transaction
 * then fails, call import_run_back and do the slice again. */
enum status import_run_slice(struct import_run *r, struct ctx *c, int64_t until_us,
                             bool *done) MUST_USE;
enum status import_run_back(struct import_run *r) MUST_USE;
const struct import_counts *import_run_counts(const struct import_run *r);

/* --- export --- */
struct export_sheet; /* columns of a shape as they are now: as many phone columns as somebody has */
enum status export_sheet_new(struct ctx *c, const struct exchange_shape *shape,
                             struct export_sheet **out) MUST_USE;
void export_header(const struct export_sheet *s, char separator, struct buf *out);
enum status export_rows(struct ctx *c, const struct export_sheet *s, const void *rows, int rows_n,
                        char separator, struct buf *out) MUST_USE;
/* The separator and mark that the Excel of this reader expects. */
char export_separator(const struct locale *loc);

#endif
