/* The long work of imports and undos, in short transactions: the same for a job of the server and
 * for a command. Between the files of this folder. */
#ifndef IMPORT_WORK_H
#define IMPORT_WORK_H
#include "features/import/import.h"
#include "core/app/command.h"
#include "core/job/job.h"

struct work {
    struct app *app;
    int bench;
    struct job *job; /* NULL: a command or a page */
    int64_t member;  /* without a job: in whose name; 0: the program */
    struct arena *piece;
    struct tx *tx;
    struct ctx ctx;
    int64_t began_us;
};
/* Like job_begin, job_read, job_end. */
enum status work_write(struct work *w, struct ctx **c) MUST_USE;
enum status work_read(struct work *w, struct ctx **c) MUST_USE;
enum status work_end(struct work *w, enum status how) MUST_USE;

/* Told after every slice; may be NULL. */
typedef void work_told(void *arg, int64_t done_rows, int64_t rows);
/* Runs the import with this id to its end. BUSY: the server stops, it goes on later. STALE:
 * somebody else goes on with it. What is INVALID, MISSING, DENIED is written down as its state,
 * with the reason. */
enum status import_work(struct work *w, int64_t id, work_told *told, void *arg) MUST_USE;
/* Tries the whole file or its first `limit` rows, taking everything back. *out lives in a. */
enum status import_trial(struct work *w, struct arena *a, const struct import *imp,
                         const char *path, int shown, int64_t limit, int ms, work_told *told,
                         void *arg, struct import_preview *out) MUST_USE;

extern const struct job_kind import_jobs[2];
extern const struct command command_import, command_export;
const char *import_files(struct app *app, struct arena *a);
/* A file that was taken in: what it is, its rows, where its columns go. No transaction. Set file,
 * from.sheet and shape before; format: NULL when it is to be told from the content. */
struct intake {
    const struct exchange_shape *shape; /* what it is a file of */
    struct stored_file file;
    struct import_source from;
    struct import_plan plan;
    struct sheet_faults faults;
    const char *table; /* its rows; the file itself where it is CSV */
};
enum status import_intake(struct app *app, struct ctx *c, struct intake *k,
                          const enum sheet_format *format, struct str charset,
                          char separator) MUST_USE;
/* The same rows read in another way. */
enum status import_look_at(struct ctx *c, const struct exchange_shape *shape,
                           enum sheet_format format, const char *table, struct str charset,
                           char separator, enum import_header header,
                           struct import_plan *out) MUST_USE;
/* The file of an import as a source, and its rows as one table (core/exchange/sheet.h), made again
 * when DATA/tmp has lost it. faults may be NULL. */
struct sheet_source import_source_of(struct app *app, struct arena *a, const struct import *imp);
enum status import_table(struct app *app, struct ctx *c, const struct import *imp,
                         const char **path, struct sheet_faults *faults) MUST_USE;

#endif
