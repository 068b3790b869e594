/* The threads that run jobs, and the one that does what comes round by itself: renewing leases,
 * noting sessions' use, folding the search index, deleting what is over (job.h).
 * Started by app/cli_serve.c; calls queue.c. */
#include "core/job/job_in.h"
#include "core/job/tick.h"
#include "lib/base/clock.h"
#include "lib/base/log.h"

enum { POLL_MS = 1000, FIRST_MS = 200, THREADS_MAX = 16 };

struct worker {
    struct jobs *jobs;
    pthread_t thread;
    int bench;
    int64_t job, tries; /* what it runs, under the lock; 0: nothing */
};
struct jobs {
    struct app *app;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    uint64_t wakes; /* counts calls of jobs_wake: none is slept through */
    atomic_bool stop;
    int n;
    struct worker workers[THREADS_MAX + 1]; /* the last one ticks */
};

void jobs_wake(struct jobs *jobs) {
    if (!jobs) return;
    pthread_mutex_lock(&jobs->lock);
    jobs->wakes++;
    pthread_cond_broadcast(&jobs->wake);
    pthread_mutex_unlock(&jobs->lock);
}

/* Sleeps so long, or until somebody wakes (seen NULL: only the end of all does). */
static void sleep_until_woken(struct jobs *jobs, uint64_t *seen, int ms) {
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += ms / 1000;
    until.tv_nsec += ms % 1000 * 1000000L;
    if (until.tv_nsec >= 1000000000L) {
        until.tv_sec++;
        until.tv_nsec -= 1000000000L;
    }
    pthread_mutex_lock(&jobs->lock);
    while ((!seen || jobs->wakes == *seen) && !atomic_load(&jobs->stop))
        if (pthread_cond_timedwait(&jobs->wake, &jobs->lock, &until) != 0) break;
    if (seen) *seen = jobs->wakes;
    pthread_mutex_unlock(&jobs->lock);
}

static void note_running(struct worker *w, int64_t job, int64_t tries) {
    pthread_mutex_lock(&w->jobs->lock);
    w->job = job;
    w->tries = tries;
    pthread_mutex_unlock(&w->jobs->lock);
}

static void *work(void *arg) {
    struct worker *w = arg;
    struct jobs *jobs = w->jobs;
    struct arena *a = arena_new();
    uint64_t seen = 0;
    while (!atomic_load(&jobs->stop)) {
        struct job j = { .app = jobs->app, .arena = a, .bench = w->bench };
        enum status s = queue_claim(jobs->app, a, 0, &j);
        if (s == OK) {
            note_running(w, j.id, j.tries);
            s = queue_run(&j, &jobs->stop);
            note_running(w, 0, 0);
            if (s == BROKEN) sleep_until_woken(jobs, &seen, POLL_MS);
        } else {
            if (s != MISSING && s != BUSY) log_warn("the queue of jobs: %s", status_name(s));
            sleep_until_woken(jobs, &seen, POLL_MS);
        }
        arena_reset(a);
    }
    arena_free(a);
    return NULL;
}

static void renew(struct jobs *jobs, struct arena *a) {
    int64_t ids[THREADS_MAX], tries[THREADS_MAX];
    int n = 0;
    pthread_mutex_lock(&jobs->lock);
    for (int i = 0; i < jobs->n; i++)
        if (jobs->workers[i].job) {
            ids[n] = jobs->workers[i].job;
            tries[n++] = jobs->workers[i].tries;
        }
    pthread_mutex_unlock(&jobs->lock);
    enum status s = n ? queue_renew(jobs->app, a, ids, tries, n) : OK;
    if (s != OK && s != BUSY) log_warn("renewing leases: %s", status_name(s));
}

static void *tick(void *arg) {
    struct worker *w = arg;
    struct jobs *jobs = w->jobs;
    struct arena *a = arena_new();
    struct tick t = { .app = jobs->app, .bench = w->bench };
    int64_t renewed_us = 0;
    sleep_until_woken(jobs, NULL, FIRST_MS); /* the server gets ready first */
    while (!atomic_load(&jobs->stop)) {
        int64_t now_us = clock_mono_us();
        if (now_us - renewed_us >= RENEW_MS * 1000) {
            renew(jobs, a);
            renewed_us = now_us;
        }
        tick_all(&t, a);
        arena_reset(a);
        sleep_until_woken(jobs, NULL, POLL_MS);
    }
    arena_free(a);
    return NULL;
}

static void start(struct jobs *jobs, int i, int bench, void *(*f)(void *)) {
    struct worker *w = &jobs->workers[i];
    *w = (struct worker){ .jobs = jobs, .bench = bench };
    if (pthread_create(&w->thread, NULL, f, w) != 0) BUG("no thread for jobs");
}

struct jobs *jobs_start(struct app *app, int threads, int bench_first) {
    if (threads < 1 || threads > THREADS_MAX) BUG("%d threads for jobs", threads);
    struct jobs *jobs = calloc(1, sizeof *jobs);
    if (!jobs) BUG("out of memory");
    jobs->app = app;
    jobs->n = threads;
    pthread_mutex_init(&jobs->lock, NULL);
    pthread_condattr_t mono;
    pthread_condattr_init(&mono);
    pthread_condattr_setclock(&mono, CLOCK_MONOTONIC);
    pthread_cond_init(&jobs->wake, &mono);
    pthread_condattr_destroy(&mono);
    for (int i = 0; i <= threads; i++) start(jobs, i, bench_first + i, i < threads ? work : tick);
    return jobs;
}

void jobs_stop(struct jobs *jobs) {
    if (!jobs) return;
    atomic_store(&jobs->stop, true);
    jobs_wake(jobs);
    for (int i = 0; i <= jobs->n; i++) pthread_join(jobs->workers[i].thread, NULL);
    pthread_cond_destroy(&jobs->wake);
    pthread_mutex_destroy(&jobs->lock);
    free(jobs);
}

enum status jobs_run_here(struct app *app, int bench, int64_t only) {
    struct arena *a = arena_new();
    enum status last = OK;
    for (;;) {
        struct job j = { .app = app, .arena = a, .bench = bench };
        enum status s = queue_claim(app, a, only, &j);
        if (s == BUSY) continue;
        if (s == OK)
            s = queue_run(&j, NULL);
        else if (s == MISSING)
            break;
        if (s != OK) last = s;
        arena_reset(a);
        if (only) break;
    }
    arena_free(a);
    return last;
}
