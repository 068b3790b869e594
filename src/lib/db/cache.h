/* Prepared statements of one connection: declared ones by their address, kept for ever; texts made
 * at run time by their bytes, the least recently used of them given back beyond CACHE_MADE_N. */
#ifndef DB_CACHE_H
#define DB_CACHE_H
#include "lib/db/driver.h"

enum { CACHE_MADE_N = 256, CACHE_BUCKETS_N = 512 };

struct cached;
struct cache {
    struct cached *buckets[CACHE_BUCKETS_N];
    struct cached *newest, *oldest; /* the made ones */
    int made_n;
    void *owner;
    void (*drop)(void *owner, void *prepared); /* called for each one that leaves */
};

void *cache_get(struct cache *c, const struct statement *st); /* NULL: not there */
void cache_put(struct cache *c, const struct statement *st, void *prepared);
void cache_clear(struct cache *c);
const char *statement_name(const struct statement *st); /* for the log */

#endif
