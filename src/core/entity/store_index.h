/* What a write changes in the index and in the sort values. For the store only. */
#ifndef STORE_INDEX_H
#define STORE_INDEX_H
#include "core/entity/store.h"
#include "core/search/search.h"

struct index_change {
    struct terms before, after;
    struct str sort_before, sort_keys; /* packed: field (4 bytes), length (1), key */
    struct str packed; /* of a new record, instead of after: its terms (terms_pack) */
};
/* row or before may be NULL. Reads, writes nothing. */
enum status index_prepare(struct ctx *c, const struct entity *e, const void *before,
                          const void *row, struct index_change *out) MUST_USE;
enum status index_write(struct ctx *c, int64_t id, const struct index_change *change) MUST_USE;
/* The key of one field inside a packed blob; n == 0 when it has none. */
struct str sort_keys_get(struct str packed, int64_t field);
/* The first of a packed blob, which begins behind it then; false: there is none. */
bool sort_keys_next(struct str *rest, int64_t *field, struct str *key);

/* The terms by which this member may find the record. */
enum status index_terms_seen(struct ctx *c, const struct entity *e, const void *row,
                             struct terms *out) MUST_USE;

#endif
