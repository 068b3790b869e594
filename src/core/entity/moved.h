/* Where a record went that became a part of another: the table moved. Whoever asks by the old
 * number (an address of a page, of the API, a tick, a file's own number) is led to the new one.
 * Written by features/merge through these functions; read by the gate, the store, the history. */
#ifndef MOVED_H
#define MOVED_H
#include "core/entity/entity.h"

/* At the end of the chain (A in B, B in C: C). *to is 0 when it never moved. Says nothing of who
 * may see it. */
enum status moved_to(struct ctx *c, const struct entity *e, int64_t id, int64_t *to) MUST_USE;
/* All that became part of this one, those of theirs too: at most cap, oldest first. */
enum { MOVED_INTO_MAX = 200 };
enum status moved_into(struct ctx *c, const struct entity *e, int64_t id, int64_t *ids, int cap,
                       int *n) MUST_USE;
/* A set of clients that was written down before: who became a part of another since is replaced by
 * who he is a part of now; taken apart, he is himself again. */
struct bits;
enum status moved_follow(struct ctx *c, const struct entity *e, struct bits *set) MUST_USE;
enum status moved_note(struct ctx *c, const struct entity *e, int64_t from, int64_t to) MUST_USE;
enum status moved_forget(struct ctx *c, const struct entity *e, int64_t from) MUST_USE;

#endif
