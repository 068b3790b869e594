/* Work that outlives a request: put into a queue in the transaction that wants it, done by a thread
 * of the server, at least once. A job is claimed with a lease that the process renews; when the
 * process dies, another claims it after LEASE_MS. What a job writes it writes in transactions of
 * its own, each of which is refused once the lease is lost: two runs never write side by side. */
#ifndef JOB_H
#define JOB_H
#include "core/app/app.h"

struct job {
    struct app *app;
    struct arena *arena;       /* of the whole run */
    int bench;                 /* of the thread that runs it */
    int64_t id, member;        /* who wanted it; 0: the program */
    struct str kind, argument; /* JSON */
    int64_t tries;             /* this run is the tries-th */
    struct job_run *run;       /* the queue's own */
};

struct job_kind {
    const char *name;
    /* OK: done. BUSY, BROKEN: tried again later, tries_max times. Anything else: failed at once. */
    enum status (*run)(struct job *j) MUST_USE;
    int tries_max; /* 0: 5 */
};
const struct job_kind *app_job_kind(struct str name); /* or NULL; defined in app/features.c */

/* Puts a job into the queue, in the transaction of c. once_key (may be NO_STR): while a job with
 * that key waits or runs, no second one is made, and *id is the first one's. run_at_ms 0: now. */
enum status job_enqueue(struct ctx *c, const char *kind, struct str argument, struct str once_key,
                        int64_t run_at_ms, int64_t *id) MUST_USE;

/* For a job's function: a transaction with a context of the member who wanted the job (his rights
 * and language; the program's when there is none), in an arena that lives until job_end. job_begin
 * writes; STALE when the lease is lost: return it. job_read only reads. job_end gives what db_end
 * gives: on BUSY nothing happened, begin again. */
enum status job_begin(struct job *j, struct ctx **c) MUST_USE;
enum status job_read(struct job *j, struct ctx **c) MUST_USE;
enum status job_end(struct job *j, enum status how) MUST_USE;
/* work in a writing transaction, again when the database is busy. */
enum status job_write(struct job *j, enum status (*work)(struct ctx *c, void *arg),
                      void *arg) MUST_USE;
/* True when this transaction should end soon: it has held the writer for 20 ms and others wait, or
 * the server stops. Ask between rows. */
bool job_should_yield(const struct job *j);
/* The server stops: return BUSY after your last transaction, the job goes on at the next start. */
bool job_stopping(const struct job *j);

/* The threads. bench_first: their benches are bench_first … + threads - 1; one more thread with the
 * bench behind those does what comes round by itself (jobs_tick). */
struct jobs;
struct jobs *jobs_start(struct app *app, int threads, int bench_first);
void jobs_stop(struct jobs *jobs); /* waits for running jobs to yield */
void jobs_wake(struct jobs *jobs); /* after a commit that enqueued; jobs may be NULL */
/* In a command (no threads): runs everything that is due, one after another, until nothing is left.
 * only: the id of the one job wanted, 0: all. The status of the last failure. */
enum status jobs_run_here(struct app *app, int bench, int64_t only) MUST_USE;

/* Where a job stands, for pages that show progress. state: "waiting" "running" "done" "failed". */
struct job_state {
    struct str state, problem;
    int64_t tries, at, ended_at;
};
enum status job_find(struct ctx *c, int64_t id, struct job_state *out) MUST_USE;

#endif
