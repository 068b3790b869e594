/* The cache of prepared statements of one connection: a hash table, and a list of the made ones by
 * last use. Called by sqlite.c and postgres.c; calls back into them to drop a statement. */
#include "lib/db/cache.h"

#include "lib/base/map.h"

struct cached {
    struct cached *next; /* in its bucket */
    struct cached *newer, *older;
    const struct sql *named;
    char *text; /* of a made one */
    size_t text_n;
    uint64_t hash;
    void *prepared;
};

static uint64_t hash_of(const struct statement *st) {
    if (st->named) return hash_bytes(&st->named, sizeof st->named, 1);
    return hash_bytes(st->text.p, st->text.n, 2);
}

static void unlink_use(struct cache *c, struct cached *e) {
    if (e->newer)
        e->newer->older = e->older;
    else
        c->newest = e->older;
    if (e->older)
        e->older->newer = e->newer;
    else
        c->oldest = e->newer;
}

static void link_newest(struct cache *c, struct cached *e) {
    e->newer = NULL;
    e->older = c->newest;
    if (c->newest)
        c->newest->newer = e;
    else
        c->oldest = e;
    c->newest = e;
}

static void give_back(struct cache *c, struct cached *e) {
    c->drop(c->owner, e->prepared);
    free(e->text);
    free(e);
}

void *cache_get(struct cache *c, const struct statement *st) {
    uint64_t hash = hash_of(st);
    for (struct cached *e = c->buckets[hash % CACHE_BUCKETS_N]; e; e = e->next) {
        if (e->hash != hash || e->named != st->named) continue;
        if (!e->named) {
            if (!str_eq((struct str){ e->text, e->text_n }, st->text)) continue;
            unlink_use(c, e);
            link_newest(c, e);
        }
        return e->prepared;
    }
    return NULL;
}

static void forget_oldest(struct cache *c) {
    struct cached *e = c->oldest, **at = &c->buckets[e->hash % CACHE_BUCKETS_N];
    while (*at != e) at = &(*at)->next;
    *at = e->next;
    unlink_use(c, e);
    c->made_n--;
    give_back(c, e);
}

void cache_put(struct cache *c, const struct statement *st, void *prepared) {
    struct cached *e = calloc(1, sizeof *e);
    if (!e) BUG("out of memory");
    e->hash = hash_of(st);
    e->named = st->named;
    e->prepared = prepared;
    if (!st->named) {
        if (c->made_n == CACHE_MADE_N) forget_oldest(c);
        e->text = strndup(st->text.p, st->text.n);
        if (!e->text) BUG("out of memory");
        e->text_n = st->text.n;
        link_newest(c, e);
        c->made_n++;
    }
    e->next = c->buckets[e->hash % CACHE_BUCKETS_N];
    c->buckets[e->hash % CACHE_BUCKETS_N] = e;
}

void cache_clear(struct cache *c) {
    for (int i = 0; i < CACHE_BUCKETS_N; i++) {
        struct cached *e = c->buckets[i];
        c->buckets[i] = NULL;
        while (e) {
            struct cached *next = e->next;
            give_back(c, e);
            e = next;
        }
    }
    c->newest = c->oldest = NULL;
    c->made_n = 0;
}

const char *statement_name(const struct statement *st) {
    return st->named ? st->named->name : "(made at run time)";
}
