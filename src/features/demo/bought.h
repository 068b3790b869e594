/* Invented purchases: which client buys how much, of 40 products of 8 kinds, over three years. */
#ifndef DEMO_BOUGHT_H
#define DEMO_BOUGHT_H
#include "core/entity/ctx.h"

struct bought {
    struct db *db;
    uint64_t seed;
    int64_t wanted, done;  /* rows in all; so far */
    int64_t weight, above; /* of all clients; of those who had their turn */
    int64_t after;         /* the client who had his turn last */
};
/* A slice of the counting before anything is made: *more while there are clients. */
enum status bought_weigh(struct ctx *c, struct bought *b, bool *more) MUST_USE;
/* The purchases of the next 20,000 clients, or of fewer when another writer waits; *more while
 * there are clients. They are written without history and without sums: measure_rebuild afterwards.
 */
enum status bought_slice(struct ctx *c, struct bought *b, bool *more) MUST_USE;

#endif
