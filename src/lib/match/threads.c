/* Work in numbered pieces on some threads. Called by train.c and find.c, whose results do not
 * depend on who did which piece; calls POSIX threads. */
#include <pthread.h>
#include <stdatomic.h>

#include "lib/match/match_in.h"

struct share {
    void (*work)(void *of, int64_t i, int thread);
    void *of;
    int64_t n;
    _Atomic int64_t next;
};
struct hand {
    struct share *share;
    int number;
    pthread_t thread;
};

static void *run(void *arg) {
    struct hand *h = arg;
    for (;;) {
        int64_t i = atomic_fetch_add(&h->share->next, 1);
        if (i >= h->share->n) return NULL;
        h->share->work(h->share->of, i, h->number);
    }
}

void in_threads(int threads, int64_t n, void (*work)(void *of, int64_t i, int thread), void *of) {
    struct share share = { .work = work, .of = of, .n = n };
    struct hand hands[THREADS_N];
    int started = 0;
    if (threads > THREADS_N) threads = THREADS_N;
    for (int i = 1; i < threads && i < n; i++) {
        struct hand *h = &hands[started];
        *h = (struct hand){ .share = &share, .number = started + 1 };
        if (pthread_create(&h->thread, NULL, run, h)) break; /* fewer threads do the same work */
        started++;
    }
    run(&(struct hand){ .share = &share });
    for (int i = 0; i < started; i++) pthread_join(hands[i].thread, NULL);
}
