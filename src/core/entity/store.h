/* Reading and writing records of any entity: the one gate of all writes. Every write checks, keeps
 * history (who, when, door, field, before, after, batch), versions, search terms and sort values,
 * in the transaction of the context. */
#ifndef STORE_H
#define STORE_H
#include "core/entity/entity.h"
#include "lib/base/buf.h"

/* One record with its lists. MISSING when it does not exist, is in the bin, or may not be seen. */
enum status store_load(struct ctx *c, const struct entity *e, int64_t id, void *row) MUST_USE;
/* The same, records in the bin included (row.deleted_at tells). */
enum status store_load_binned(struct ctx *c, const struct entity *e, int64_t id,
                              void *row) MUST_USE;
/* Several in one go, in the order of ids; what may not be seen is left out. *rows is an array of
 * e->size. */
enum status store_load_all(struct ctx *c, const struct entity *e, const int64_t *ids, int n,
                           void **rows, int *rows_n) MUST_USE;
/* id 0: create (id and version are filled in); else change, with row.version the one that was read:
 * STALE when someone changed it meanwhile. INVALID leaves problems in the context. Lists are
 * replaced whole: children with an id are kept, others made, missing ones deleted. Nothing changed:
 * OK, no trace. */
enum status store_save(struct ctx *c, const struct entity *e, void *row) MUST_USE;
/* What the index needs of a new record, worked out before its transaction, maybe by another thread
 * in a context of its own that only reads. store_save_ahead is store_save, and takes this when the
 * record and the settings are still the same by then; else it works it out again. *out lives in
 * c->arena and is NULL where nothing can be known ahead; before, it is NULL or another one made in
 * this context, to share what is the same in both. scratch is emptied. */
struct store_ahead;
enum status store_ahead(struct ctx *c, const struct entity *e, const void *row,
                        struct arena *scratch, const struct store_ahead **out) MUST_USE;
enum status store_save_ahead(struct ctx *c, const struct entity *e, void *row,
                             const struct store_ahead *ahead) MUST_USE;
/* Into the bin and back. version 0: whatever it is now. */
enum status store_delete(struct ctx *c, const struct entity *e, int64_t id,
                         int64_t version) MUST_USE;
enum status store_restore(struct ctx *c, const struct entity *e, int64_t id) MUST_USE;

/* The search terms of a record changed from outside (an organisation's name): lost ones go unless
 * the record has them by itself, got ones come. */
enum status store_reindex(struct ctx *c, const struct entity *e, int64_t id, struct terms *lost,
                          struct terms *got) MUST_USE;
/* Terms and sort values of one record made anew, nothing else touched (daftar rebuild: empty tables
 * first). */
enum status store_index_anew(struct ctx *c, const struct entity *e, const void *row) MUST_USE;
/* Its sort values in the alphabet of the context's collator, while people work: what has not
 * changed stays. */
enum status store_reorder(struct ctx *c, const struct entity *e, const void *row) MUST_USE;
/* Terms and sort values of one own field (its id), which was ticked after the record was written;
 * what is there stays. */
enum status store_index_own(struct ctx *c, const struct entity *e, int64_t custom,
                            const void *row) MUST_USE;
/* Its keys (entity.keys) alone; what is there stays. */
enum status store_index_keys(struct ctx *c, const struct entity *e, const void *row) MUST_USE;
/* The number under which sort_value keeps a field: of its list name ("display_name", "town"). */
int64_t store_sort_field(struct str list_name);

/* SQL texts that the store makes from an entity's table, for the prepare-all test. */
struct strs store_statements(struct arena *a, const struct entity *e, bool pg);

/* The predicate «this member may see that party», for every query that names parties as `party`:
 * " AND (…)" with parameters :see_all :see_me :see_team, which visible_params adds to p (3 of
 * them). */
#define VISIBLE_PARTY                                                                              \
    " AND (CAST(:see_all AS INTEGER) = 1 OR party.responsible = :see_me OR party.team = "          \
    ":see_team)"
#define P_VISIBLE(c)                                                                               \
    P("see_all", (c)->who.sees == SEES_ALL), P("see_me", (c)->who.id),                             \
        P("see_team", (c)->who.sees == SEES_TEAM ? (c)->who.team : -1)

#endif
