/* Who names a record: every field of every entity that refers to an entity, found in the tables of
 * fields (own fields too), and the rows behind such a field. An entity that is added later is found
 * by its fields; nobody has to name it. Called by features/merge. */
#ifndef REFER_H
#define REFER_H
#include "core/entity/entity.h"

struct referrer {
    const struct entity *entity; /* as this context sees it */
    const struct field *field;
};
/* In the order of the registry; those that name two (relationships) before those that name one. */
enum { REFERRERS_MAX = 100 };
int refer_fields(struct ctx *c, const struct entity *to, struct referrer *out, int cap);

/* How many live rows name it, of those that this member may see. */
enum status refer_count(struct ctx *c, const struct referrer *r, int64_t id, int64_t *n) MUST_USE;
/* Rows that name it, by id, beyond `after`, at most limit: whatever this member may see. ids has
 * room for limit. */
struct refer_ask {
    int64_t id;
    bool binned;      /* those in the bin instead (none of own fields) */
    int64_t since_ms; /* not made before (of own fields: all) */
    int64_t after;
    int limit;
};
enum status refer_rows(struct ctx *c, const struct referrer *r, const struct refer_ask *ask,
                       int64_t *ids, int *n) MUST_USE;
/* One row in the bin names another from now on: without a history, which tells of the living. */
enum status refer_set_binned(struct ctx *c, const struct referrer *r, int64_t row,
                             int64_t to) MUST_USE;

#endif
