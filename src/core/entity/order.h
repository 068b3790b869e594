/* Orders of all clients kept in memory, two bytes a client and field (docs/decisions/014): each
 * client's place among 65,535, so that the first fifty of any set are among a few that one pass
 * over the set tells, however their values are spread; the database's keys put those few in their
 * exact order. Derived: a snapshot of sort_value with the number of the last change in it; whoever
 * changed since is «dirty» and looked up by himself. The name's is always kept, others from their
 * first use on while they fit. */
#ifndef ORDER_H
#define ORDER_H
#include "core/entity/entity.h"
#include "core/search/search.h"

enum {
    ORDER_NONE = 0xFFFF,            /* has no value in this field */
    ORDER_LAST = 0xFFFE,            /* the last place */
    ORDERS_BYTES = 12 << 20,        /* all orders together */
    ORDERS_MEMORY_BYTES = 12 << 20, /* sets of terms */
};

struct orders; /* what lists keep in memory: one a process, with its own lock */
struct orders *orders_new(void);
/* For a long work of writes, in place of the process's: what it remembers of the index is a
 * writer's (search_memory_of_writer); it has no orders. */
struct orders *orders_of_writer(size_t index_bytes);
void orders_free(struct orders *o);
struct search_memory *orders_memory(struct orders *o); /* o may be NULL */
struct kept *orders_kept(struct orders *o);            /* kept.h; o may be NULL */
size_t orders_bytes(struct orders *o);                 /* of the orders */
/* Makes the snapshots that are wanted, brings those there are up to date. Cheap when nothing is to
 * do. Opens its own transactions: call it outside any, in the background. */
enum status orders_refresh(struct orders *o, struct db *db) MUST_USE;
/* After sort keys were made anew without history (rebuild, another alphabet): in that transaction.
 */
enum status orders_outdate(struct tx *tx) MUST_USE;

/* Unchanging; given back with order_put. Of two clients with values the one with the smaller place
 * stands before; with the same place their keys decide. */
struct order {
    uint16_t *place; /* of each number */
    uint32_t n;      /* numbers below */
    int64_t field, change, moved_n;
    struct str epoch, missing;
    int refs;
};
/* The snapshot for this sort field and the set of parties that changed since, as the transaction
 * sees it. *out is NULL when there is none that helps: walk the table then. */
enum status order_get(struct ctx *c, int64_t field, const struct order **out,
                      struct bits **dirty) MUST_USE;
void order_put(struct ctx *c, const struct order *order);

#endif
