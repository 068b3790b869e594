/* See kept.h. Made and freed with the orders (order.c); called by features/duplicate. A short list:
 * there are as many things as features that keep one, and the few that are still in use. */
#include "core/entity/kept.h"

#include <pthread.h>

struct thing {
    struct thing *next;
    const char *name; /* NULL: replaced, goes after its last use */
    int64_t version;
    void *what;
    void (*what_free)(void *);
    int users;
};
struct kept {
    pthread_mutex_t lock;
    struct thing *first;
};

struct kept *kept_new(void) {
    struct kept *k = calloc(1, sizeof *k);
    if (!k) BUG("out of memory");
    pthread_mutex_init(&k->lock, NULL);
    return k;
}

/* Those that nobody names and nobody uses; with the lock held. */
static void sweep(struct kept *k) {
    for (struct thing **at = &k->first; *at;) {
        struct thing *t = *at;
        if (t->name || t->users) {
            at = &t->next;
            continue;
        }
        *at = t->next;
        t->what_free(t->what);
        free(t);
    }
}

void kept_free(struct kept *k) {
    if (!k) return;
    for (struct thing *t = k->first; t; t = t->next) t->name = NULL;
    sweep(k);
    pthread_mutex_destroy(&k->lock);
    free(k);
}

static struct thing *named(struct kept *k, const char *name) {
    for (struct thing *t = k->first; t; t = t->next)
        if (t->name && !strcmp(t->name, name)) return t;
    return NULL;
}

void *kept_get(struct kept *k, const char *name, int64_t version) {
    pthread_mutex_lock(&k->lock);
    struct thing *t = named(k, name);
    void *what = NULL;
    if (t && t->version == version) {
        t->users++;
        what = t->what;
    }
    pthread_mutex_unlock(&k->lock);
    return what;
}

void *kept_put(struct kept *k, const char *name, int64_t version, void *what,
               void (*what_free)(void *)) {
    pthread_mutex_lock(&k->lock);
    struct thing *there = named(k, name);
    if (there && there->version == version) {
        what_free(what);
    } else {
        struct thing *t = malloc(sizeof *t);
        if (!t) BUG("out of memory");
        /* an older snapshot may still ask: what is newer stays */
        bool newest = !there || there->version < version;
        if (there && newest) there->name = NULL;
        *t = (struct thing){ k->first, newest ? name : NULL, version, what, what_free, 0 };
        there = k->first = t;
    }
    there->users++;
    what = there->what;
    sweep(k);
    pthread_mutex_unlock(&k->lock);
    return what;
}

void kept_back(struct kept *k, void *what) {
    pthread_mutex_lock(&k->lock);
    for (struct thing *t = k->first; t; t = t->next)
        if (t->what == what) t->users--;
    sweep(k);
    pthread_mutex_unlock(&k->lock);
}
