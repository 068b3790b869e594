/* Making derived rows anew from the truth: search terms, sort values, sums of
 * amounts. */
#ifndef REBUILD_H
#define REBUILD_H
#include "core/job/job.h"

/* The job «reorder»: sort keys of all clients in the firm's alphabet, while people work. */
extern const struct job_kind job_reorder;
/* The job «keys»: terms of entity.keys for records that were written before their version; and what
 * looks each hour whether it is needed. */
extern const struct job_kind job_keys;
enum status keys_tick(struct app *app, struct arena *a) MUST_USE;
/* Empties and refills the derived tables: for daftar rebuild, with no server running. done is told
 * now and then how many clients are finished (may be NULL). */
enum status rebuild_all(struct app *app, int bench, void (*done)(int64_t n)) MUST_USE;
/* What is wrong between truth and derived rows, one a line, at most 100: for daftar check. */
enum status rebuild_check(struct app *app, int bench, struct arena *a, struct strs *out) MUST_USE;

#endif
