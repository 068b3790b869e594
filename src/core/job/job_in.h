/* Between queue.c and worker.c. */
#ifndef JOB_IN_H
#define JOB_IN_H
#include <pthread.h>
#include <stdatomic.h>

#include "core/job/job.h"

enum { LEASE_MS = 10000, RENEW_MS = 2000, YIELD_US = 20000 };

struct job_run {         /* one running job; owned by the thread that runs it */
    struct arena *piece; /* of the open transaction */
    struct tx *tx;
    struct ctx ctx;
    int64_t began_us;
    atomic_bool *stop;
};

/* Claims the next due job (or the one wanted); MISSING when nothing is due. */
enum status queue_claim(struct app *app, struct arena *a, int64_t only, struct job *out) MUST_USE;
enum status queue_renew(struct app *app, struct arena *a, const int64_t *ids, const int64_t *tries,
                        int n) MUST_USE;
/* Writes down how it ended, by the status of its function. */
enum status queue_finish(struct job *j, const struct job_kind *kind, enum status how) MUST_USE;
/* Runs a claimed job and writes down how it ended. */
enum status queue_run(struct job *j, atomic_bool *stop) MUST_USE;

#endif
