/* Token buckets by address and counters by name (rate.h). Called by serve.c and the sign-in page;
 * calls nothing but lib/base. Slots are found by a keyed hash: two names may share one (then they
 * share its limit), and nobody outside can tell which. */
#include "core/web/rate.h"

#include <pthread.h>

#include "lib/base/map.h"

enum { SLOTS = 4096, BURST = 120, PER_SECOND = 2, NAMES = 16384 };

struct bucket {
    int64_t at_ms;
    int64_t milli; /* thousandths of a knock that are left */
};
struct tried {
    uint64_t name; /* 0: free */
    int64_t since_ms;
    int n;
};
struct rates {
    pthread_mutex_t lock;
    uint64_t seed;
    struct bucket buckets[SLOTS];
    struct tried names[NAMES];
};

struct rates *rates_new(void) {
    struct rates *r = calloc(1, sizeof *r);
    if (!r) BUG("out of memory");
    pthread_mutex_init(&r->lock, NULL);
    random_bytes(&r->seed, sizeof r->seed);
    return r;
}

void rates_free(struct rates *r) {
    if (!r) return;
    pthread_mutex_destroy(&r->lock);
    free(r);
}

static uint64_t hash(const struct rates *r, struct str s) {
    return hash_bytes(s.p, s.n, r->seed) | 1;
}

enum status rate_take(struct rates *r, struct str address, int64_t now_ms) {
    if (!r) return OK;
    const int64_t full = BURST * 1000;
    pthread_mutex_lock(&r->lock);
    struct bucket *b = &r->buckets[(hash(r, address) >> 8) % SLOTS];
    int64_t passed = now_ms - b->at_ms;
    if (b->at_ms == 0 || passed < 0 || passed > full) passed = full;
    b->milli += passed * PER_SECOND;
    if (b->milli > full) b->milli = full;
    b->at_ms = now_ms;
    bool good = b->milli >= 1000;
    if (good) b->milli -= 1000;
    pthread_mutex_unlock(&r->lock);
    return good ? OK : TOO_MANY;
}

/* The name's place: its own, a free or outdated one, or else the oldest of the eight it may have.
 */
static struct tried *place(struct rates *r, uint64_t name, int64_t now_ms) {
    struct tried *best = NULL;
    for (uint64_t i = 0; i < 8; i++) {
        struct tried *t = &r->names[((name >> 8) + i) % NAMES];
        if (t->name == name) return t;
        if (t->since_ms < now_ms - TRIES_WINDOW_MS) t->name = 0;
        if (!best || (best->name && (!t->name || t->since_ms < best->since_ms))) best = t;
    }
    *best = (struct tried){ .name = name, .since_ms = now_ms };
    return best;
}

enum status tries_take(struct rates *r, struct str name, int64_t now_ms) {
    if (!r) return OK;
    pthread_mutex_lock(&r->lock);
    struct tried *t = place(r, hash(r, name), now_ms);
    if (t->since_ms < now_ms - TRIES_WINDOW_MS) *t = (struct tried){ t->name, now_ms, 0 };
    bool good = t->n < TRIES_MAX_PER_NAME;
    if (good) t->n++;
    pthread_mutex_unlock(&r->lock);
    return good ? OK : TOO_MANY;
}

void tries_forget(struct rates *r, struct str name) {
    if (!r) return;
    pthread_mutex_lock(&r->lock);
    uint64_t h = hash(r, name);
    for (uint64_t i = 0; i < 8; i++) {
        struct tried *t = &r->names[((h >> 8) + i) % NAMES];
        if (t->name == h) t->name = 0;
    }
    pthread_mutex_unlock(&r->lock);
}
