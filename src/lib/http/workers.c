/* See workers.h. The last thread that fell asleep is woken first: its memory is warm, and under
 * little load the others sleep on. Called by server.c; calls pthread. */
#include "lib/http/workers.h"

#include <pthread.h>
#include <signal.h>

#include "lib/base/str.h"

struct worker {
    struct workers *all;
    int number;
    unsigned long thread;
    pthread_cond_t wake;
    struct worker *idle_next;
    bool called; /* taken from the idle stack: there is something to do */
};

struct workers {
    void (*run)(void *ctx, int worker, struct task *);
    void *ctx;
    pthread_mutex_t lock; /* for all below */
    struct task_list queue;
    struct worker *idle; /* a stack */
    bool closing;
    int n;
    struct worker v[];
};

void task_add(struct task_list *list, struct task *t) {
    t->next = NULL;
    if (list->last)
        list->last->next = t;
    else
        list->first = t;
    list->last = t;
    list->n++;
}

static struct task *take(struct task_list *list) {
    struct task *t = list->first;
    if (!t) return NULL;
    list->first = t->next;
    if (!list->first) list->last = NULL;
    list->n--;
    return t;
}

static void *work(void *arg) {
    struct worker *me = arg;
    struct workers *w = me->all;
    pthread_mutex_lock(&w->lock);
    for (;;) {
        struct task *t = take(&w->queue);
        if (t) {
            pthread_mutex_unlock(&w->lock);
            w->run(w->ctx, me->number, t);
            pthread_mutex_lock(&w->lock);
            continue;
        }
        if (w->closing) break;
        me->idle_next = w->idle;
        w->idle = me;
        me->called = false;
        while (!me->called) pthread_cond_wait(&me->wake, &w->lock);
    }
    pthread_mutex_unlock(&w->lock);
    return NULL;
}

int thread_start(unsigned long *id, void *(*run)(void *), void *arg) {
    /* Faults of a thread itself must still reach their handlers. */
    static const int own[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP };
    sigset_t blocked, before;
    sigfillset(&blocked);
    for (size_t i = 0; i < sizeof own / sizeof *own; i++) sigdelset(&blocked, own[i]);
    pthread_sigmask(SIG_BLOCK, &blocked, &before);
    pthread_t thread;
    int failed = pthread_create(&thread, NULL, run, arg);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (!failed) *id = (unsigned long)thread;
    return failed;
}

struct workers *workers_new(int n, void (*run)(void *ctx, int worker, struct task *), void *ctx) {
    if (n < 1 || n > WORKERS_MAX) BUG("%d workers", n);
    struct workers *w = calloc(1, sizeof *w + (size_t)n * sizeof *w->v);
    if (!w) BUG("out of memory");
    w->run = run;
    w->ctx = ctx;
    pthread_mutex_init(&w->lock, NULL);
    for (int i = 0; i < n; i++) {
        w->v[i].all = w;
        w->v[i].number = i;
        pthread_cond_init(&w->v[i].wake, NULL);
        if (thread_start(&w->v[i].thread, work, &w->v[i])) {
            pthread_cond_destroy(&w->v[i].wake);
            workers_free(w);
            return NULL;
        }
        w->n++;
    }
    return w;
}

void workers_put(struct workers *w, struct task_list *list) {
    if (list->n == 0) return;
    struct worker *called[WORKERS_MAX];
    int called_n = 0;
    pthread_mutex_lock(&w->lock);
    if (w->queue.last)
        w->queue.last->next = list->first;
    else
        w->queue.first = list->first;
    w->queue.last = list->last;
    w->queue.n += list->n;
    while (w->idle && called_n < list->n) {
        struct worker *one = w->idle;
        w->idle = one->idle_next;
        one->called = true;
        called[called_n++] = one;
    }
    pthread_mutex_unlock(&w->lock);
    for (int i = 0; i < called_n; i++) pthread_cond_signal(&called[i]->wake);
    *list = (struct task_list){ 0 };
}

void workers_free(struct workers *w) {
    if (!w) return;
    pthread_mutex_lock(&w->lock);
    w->closing = true;
    for (struct worker *one = w->idle; one; one = one->idle_next) {
        one->called = true;
        pthread_cond_signal(&one->wake);
    }
    w->idle = NULL;
    pthread_mutex_unlock(&w->lock);
    for (int i = 0; i < w->n; i++) {
        pthread_join((pthread_t)w->v[i].thread, NULL);
        pthread_cond_destroy(&w->v[i].wake);
    }
    pthread_mutex_destroy(&w->lock);
    free(w);
}
