/* The order of all clients by name, kept in memory: 8 bytes a client. With it, the first fifty of
 * any set come without walking the table, however its names are spread. Derived: a snapshot of
 * sort_value with the number of the last change in it; whoever changed since is «dirty» and looked
 * up by himself. */
#ifndef ORDER_H
#define ORDER_H
#include "core/entity/entity.h"
#include "core/search/search.h"

struct orders; /* one a process, with its own lock */
struct orders *orders_new(void);
void orders_free(struct orders *o);
/* Makes the snapshot anew when there is none, when it is too old, or when keys were made anew.
 * Cheap when nothing is to do. Opens its own transaction: call it outside any, in the background.
 */
enum status orders_refresh(struct orders *o, struct db *db) MUST_USE;
/* After sort keys were made anew without history (rebuild, another alphabet): in that transaction.
 */
enum status orders_outdate(struct tx *tx) MUST_USE;

struct order {      /* unchanging; given back with order_put */
    uint32_t *at;   /* numbers in order */
    uint32_t *rank; /* of each number, UINT32_MAX where it has none */
    uint32_t n, ranks_n;
    int64_t field, change;
    struct str epoch;
    int refs;
};
/* The snapshot for this sort field and the set of parties that changed since, as the transaction
 * sees it. *out is NULL when there is none that helps: walk the table then. */
enum status order_get(struct ctx *c, int64_t field, const struct order **out,
                      struct bits **dirty) MUST_USE;
void order_put(struct ctx *c, const struct order *order);

#endif
