/* One thread that waits to be asked: see aside.h. Called by features/import/work.c. */
#include "core/job/aside.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>

#include "lib/base/log.h"

struct aside {
    enum status (*task)(void *arg);
    void *arg;
    pthread_t thread;
    bool threaded;
    pthread_mutex_t lock; /* guards what follows */
    pthread_cond_t changed;
    enum { IDLE, ASKED, AT_WORK, OVER, LEAVING } state;
    enum status ended;
};

static void *work(void *arg) {
    struct aside *a = arg;
    pthread_mutex_lock(&a->lock);
    while (a->state != LEAVING) {
        if (a->state != ASKED) {
            pthread_cond_wait(&a->changed, &a->lock);
            continue;
        }
        a->state = AT_WORK;
        pthread_mutex_unlock(&a->lock);
        enum status s = a->task(a->arg);
        pthread_mutex_lock(&a->lock);
        a->ended = s;
        a->state = OVER;
        pthread_cond_broadcast(&a->changed);
    }
    pthread_mutex_unlock(&a->lock);
    return NULL;
}

struct aside *aside_new(enum status (*task)(void *arg), void *arg) {
    struct aside *a = calloc(1, sizeof *a);
    if (!a || pthread_mutex_init(&a->lock, NULL) || pthread_cond_init(&a->changed, NULL))
        BUG("out of memory");
    a->task = task;
    a->arg = arg;
    a->threaded = pthread_create(&a->thread, NULL, work, a) == 0;
    return a;
}

void aside_ask(struct aside *a) {
    pthread_mutex_lock(&a->lock);
    if (a->state != IDLE) BUG("asked twice");
    a->state = ASKED;
    pthread_cond_broadcast(&a->changed);
    pthread_mutex_unlock(&a->lock);
}

enum status aside_wait(struct aside *a) {
    pthread_mutex_lock(&a->lock);
    if (a->state == ASKED && !a->threaded) {
        a->ended = a->task(a->arg);
        a->state = OVER;
    }
    while (a->state == ASKED || a->state == AT_WORK) pthread_cond_wait(&a->changed, &a->lock);
    enum status s = a->state == OVER ? a->ended : OK;
    a->state = IDLE;
    pthread_mutex_unlock(&a->lock);
    return s;
}

void aside_free(struct aside *a) {
    if (!a) return;
    enum status forgotten = aside_wait(a);
    (void)forgotten;
    pthread_mutex_lock(&a->lock);
    a->state = LEAVING;
    pthread_cond_broadcast(&a->changed);
    pthread_mutex_unlock(&a->lock);
    if (a->threaded) pthread_join(a->thread, NULL);
    pthread_cond_destroy(&a->changed);
    pthread_mutex_destroy(&a->lock);
    free(a);
}
