/* New records of an indexed entity by the thousand in one transaction: the store writes them as it
 * writes any other, with rules and history, but what is read by other ways than their own row
 * (terms of the index, sort values) waits in memory and is written in its order at the end, many
 * times cheaper than one by one. Nobody sees a difference: all of it is one transaction.
 *
 *   loader_begin(c, l); while (…) loader_save(c, l, …); loader_end(c, l);
 *
 * Who changes or deletes one of them before loader_end is not provided for. */
#ifndef LOADER_H
#define LOADER_H
#include "core/entity/entity.h"

struct index_change;
struct loader;
struct loader *loader_new(void);
void loader_free(struct loader *l);
/* Forgets what a run that was taken back (BUSY) has left. */
enum status loader_begin(struct ctx *c, struct loader *l) MUST_USE;
/* store_save of a new record (id 0). */
enum status loader_save(struct ctx *c, struct loader *l, const struct entity *e,
                        void *row) MUST_USE;
/* Terms that a new one of these records has beyond its own (entity.terms). */
void loader_terms(struct loader *l, int64_t id, const struct terms *more);
/* Writes all of it. */
enum status loader_end(struct ctx *c, struct loader *l) MUST_USE;

/* For the store. */
void loader_take(struct loader *l, int64_t id, const struct index_change *change);

#endif
