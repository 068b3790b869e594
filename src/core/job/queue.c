/* The queue of jobs in the table job, and the transactions of a running one (job.h).
 * Called by features (job_enqueue) and worker.c; calls app.c and db. */
#include "core/job/job_in.h"
#include "lib/base/clock.h"
#include "lib/base/log.h"

enum { TRIES_STANDARD = 5, BACKOFF_MS = 2000, BACKOFF_MAX_MS = 600000, BUSY_MAX = 8 };

SQL(job_insert,
    "INSERT INTO job (kind, argument, once_key, run_at, member, at) "
    "VALUES (:kind, :argument, :once, :run_at, :member, :now) "
    "ON CONFLICT (once_key) WHERE once_key IS NOT NULL AND state IN ('waiting', 'running') "
    "DO NOTHING RETURNING id");
SQL(job_same, "SELECT id FROM job WHERE once_key = :once AND state IN ('waiting', 'running')");
/* A claim is a new try: its number is what the run proves its lease with. */
SQL(job_due, "SELECT id FROM job WHERE state IN ('waiting', 'running') AND run_at <= :now "
             "AND (state = 'waiting' OR lease_until < :now) "
             "AND (CAST(:only AS BIGINT) = 0 OR id = :only) ORDER BY run_at, id LIMIT 1");
SQL(job_claim, "UPDATE job SET state = 'running', lease_until = :until, tries = tries + 1 "
               "WHERE id = :id AND state IN ('waiting', 'running') "
               "AND (state = 'waiting' OR lease_until < :now) "
               "RETURNING id, kind, argument, member, tries");
SQL(job_renew, "UPDATE job SET lease_until = :until "
               "WHERE id = :id AND tries = :tries AND state = 'running'");
SQL(job_holds, "SELECT 1 AS yes FROM job WHERE id = :id AND tries = :tries AND state = 'running'");
SQL(job_done, "UPDATE job SET state = 'done', ended_at = :now, lease_until = NULL, problem = NULL "
              "WHERE id = :id AND tries = :tries AND state = 'running'");
SQL(job_fail,
    "UPDATE job SET state = 'failed', ended_at = :now, lease_until = NULL, problem = :problem "
    "WHERE id = :id AND tries = :tries AND state = 'running'");
SQL(job_later, "UPDATE job SET state = 'waiting', run_at = :run_at, lease_until = NULL, "
               "problem = :problem WHERE id = :id AND tries = :tries AND state = 'running'");
SQL(job_read_state, "SELECT state, problem, tries, at, ended_at FROM job WHERE id = :id");

enum status job_enqueue(struct ctx *c, const char *kind, struct str argument, struct str once_key,
                        int64_t run_at_ms, int64_t *id) {
    struct rows r;
    struct param member = c->who.id ? P("member", c->who.id) : param_null("member");
    TRY(db_query(c->tx, &job_insert, &r, P("kind", kind), P("argument", argument),
                 P("once", once_key.n ? once_key : NO_STR),
                 P("run_at", run_at_ms ? run_at_ms : c->now_ms), member, P("now", c->now_ms)));
    if (r.n == 0) TRY(db_query(c->tx, &job_same, &r, P("once", once_key)));
    if (r.n == 0) return CONFLICT;
    *id = row_int(&r, 0, "id");
    c->enqueued = true;
    return OK;
}

enum status job_find(struct ctx *c, int64_t id, struct job_state *out) {
    struct rows r;
    TRY(db_query(c->tx, &job_read_state, &r, P("id", id)));
    if (r.n == 0) return MISSING;
    *out = (struct job_state){ .state = row_str(&r, 0, "state"),
                               .problem = row_str(&r, 0, "problem"),
                               .tries = row_int(&r, 0, "tries"),
                               .at = row_int(&r, 0, "at"),
                               .ended_at = row_int(&r, 0, "ended_at") };
    return OK;
}

/* --- A running job's transactions --- */

static void close_piece(struct job_run *run) {
    arena_free(run->piece);
    run->piece = NULL;
    run->tx = NULL;
}

static enum status open_context(struct job *j) {
    struct job_run *run = j->run;
    TRY(app_context(j->app, j->bench, run->piece, run->tx, DOOR_JOB, &run->ctx));
    if (j->member) return app_become(j->app, &run->ctx, j->member);
    app_become_program(&run->ctx);
    return OK;
}

static enum status open_piece(struct job *j, bool write, struct ctx **c) {
    struct job_run *run = j->run;
    if (run->tx) BUG("job %.*s: begin without end", SF(j->kind));
    run->piece = arena_new();
    enum status s = write ? db_write(j->app->db, run->piece, &run->tx)
                          : db_read(j->app->db, run->piece, &run->tx);
    if (s != OK) {
        close_piece(run);
        return s;
    }
    run->began_us = clock_mono_us();
    struct rows r = { .n = 1 };
    if (write) s = db_query(run->tx, &job_holds, &r, P("id", j->id), P("tries", j->tries));
    if (s == OK && r.n == 0) s = STALE;
    if (s == OK) s = open_context(j);
    if (s == OK) {
        *c = &run->ctx;
        return OK;
    }
    s = db_end(run->tx, s);
    close_piece(run);
    return s;
}

enum status job_begin(struct job *j, struct ctx **c) {
    return open_piece(j, true, c);
}

enum status job_read(struct job *j, struct ctx **c) {
    return open_piece(j, false, c);
}

enum status job_end(struct job *j, enum status how) {
    struct job_run *run = j->run;
    if (!run->tx) BUG("job %.*s: end without begin", SF(j->kind));
    bool wakes = run->ctx.enqueued;
    enum status s = db_end(run->tx, how);
    close_piece(run);
    if (s == OK && wakes) jobs_wake(j->app->jobs);
    return s;
}

enum status job_write(struct job *j, enum status (*work)(struct ctx *c, void *arg), void *arg) {
    for (int try = 1;; try++) {
        struct ctx *c;
        enum status s = job_begin(j, &c);
        if (s == OK) s = job_end(j, work(c, arg));
        if (s != BUSY || try == BUSY_MAX || job_stopping(j)) return s;
    }
}

bool job_stopping(const struct job *j) {
    return j->run->stop && atomic_load(j->run->stop);
}

bool job_should_yield(const struct job *j) {
    if (job_stopping(j)) return true;
    return clock_mono_us() - j->run->began_us > YIELD_US && db_writers_wait(j->app->db);
}

/* --- The queue's own --- */

static enum status claim_in(struct tx *tx, struct arena *a, int64_t id, struct job *out) {
    struct rows r;
    int64_t now = clock_now_ms();
    TRY(db_query(tx, &job_claim, &r, P("id", id), P("now", now), P("until", now + LEASE_MS)));
    if (r.n == 0) return MISSING; /* somebody was faster */
    out->id = row_int(&r, 0, "id");
    out->member = row_int(&r, 0, "member");
    out->tries = row_int(&r, 0, "tries");
    out->kind = str_dup(a, row_str(&r, 0, "kind"));
    out->argument = str_dup(a, row_str(&r, 0, "argument"));
    return OK;
}

enum status queue_claim(struct app *app, struct arena *a, int64_t only, struct job *out) {
    struct tx *tx;
    struct rows r = { .n = 0 };
    TRY(db_read(app->db, a, &tx)); /* nothing due, the usual case, costs the writer nothing */
    enum status s = db_query(tx, &job_due, &r, P("now", clock_now_ms()), P("only", only));
    TRY(db_end(tx, s));
    if (r.n == 0) return MISSING;
    TRY(db_write(app->db, a, &tx));
    return db_end(tx, claim_in(tx, a, row_int(&r, 0, "id"), out));
}

enum status queue_renew(struct app *app, struct arena *a, const int64_t *ids, const int64_t *tries,
                        int n) {
    struct tx *tx;
    TRY(db_write(app->db, a, &tx));
    enum status s = OK;
    for (int i = 0; i < n && s == OK; i++)
        s = db_run(tx, &job_renew, P("id", ids[i]), P("tries", tries[i]),
                   P("until", clock_now_ms() + LEASE_MS));
    return db_end(tx, s);
}

static enum status write_end(struct job *j, const struct job_kind *kind, enum status how,
                             struct tx *tx) {
    int64_t now = clock_now_ms();
    int most = kind && kind->tries_max ? kind->tries_max : TRIES_STANDARD;
    struct param id = P("id", j->id), tries = P("tries", j->tries);
    if (how == OK) return db_run(tx, &job_done, id, tries, P("now", now));
    struct param problem = P("problem", kind ? status_name(how) : "no such kind of job");
    bool stopped = j->run && job_stopping(j) && how == BUSY;
    bool later = (how == BUSY || how == BROKEN) && (j->tries < most || stopped);
    if (!later) return db_run(tx, &job_fail, id, tries, P("now", now), problem);
    int64_t wait = BACKOFF_MS << (j->tries < 10 ? j->tries - 1 : 9);
    if (wait > BACKOFF_MAX_MS) wait = BACKOFF_MAX_MS;
    return db_run(tx, &job_later, id, tries, P("run_at", stopped ? now : now + wait), problem);
}

enum status queue_finish(struct job *j, const struct job_kind *kind, enum status how) {
    enum status s = BUSY;
    for (int try = 0; s == BUSY && try < BUSY_MAX; try++) {
        struct tx *tx;
        s = db_write(j->app->db, j->arena, &tx);
        if (s == OK) s = db_end(tx, write_end(j, kind, how, tx));
    }
    return s;
}

enum status queue_run(struct job *j, atomic_bool *stop) {
    const struct job_kind *kind = (j->app->find_job ? j->app->find_job : app_job_kind)(j->kind);
    struct job_run run = { .stop = stop };
    j->run = &run;
    enum status s = kind ? kind->run(j) : MISSING;
    if (run.tx) BUG("job %.*s returned inside a transaction", SF(j->kind));
    if (s == STALE)
        log_warn("job %lld %.*s: lost its lease", (long long)j->id, SF(j->kind));
    else if (s != OK && s != BUSY)
        log_warn("job %lld %.*s: %s", (long long)j->id, SF(j->kind), status_name(s));
    enum status end = queue_finish(j, kind, s);
    j->run = NULL;
    return s == OK ? end : s;
}
