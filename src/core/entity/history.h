/* Every change, who made it, and how to take it back. Written only by the store. */
#ifndef HISTORY_H
#define HISTORY_H
#include "core/entity/store.h"

enum action { ACTION_CREATE, ACTION_CHANGE, ACTION_DELETE, ACTION_RESTORE };
const char *action_code(enum action a);

/* «This member may see that change», for queries that name the table `change`: its client, the
 * other one of a bond, and private_to: NULL everybody who sees these, 0 who reads private fields
 * (ROLE_MEMBER and above), -1 owners, else the author of a private record and owners. */
#define VISIBLE_CHANGE                                                                             \
    "(change.party IS NULL OR EXISTS (SELECT 1 FROM party WHERE party.id = "                       \
    "change.party" VISIBLE_PARTY ")) AND (change.other_party IS NULL OR EXISTS (SELECT 1 FROM "    \
    "party WHERE party.id = change.other_party" VISIBLE_PARTY ")) AND (change.private_to IS "      \
    "NULL OR change.private_to = :see_me OR (change.private_to = 0 AND CAST(:see_fields AS "       \
    "INTEGER) = 1) OR CAST(:see_private AS INTEGER) = 1)"
#define P_VISIBLE_CHANGE(c)                                                                        \
    P_VISIBLE(c), P("see_fields", ctx_may((c), ROLE_MEMBER)),                                      \
        P("see_private", ctx_may((c), ROLE_OWNER))

/* Called by the store. after/before are records; mask tells the changed fields (fields then manys).
 */
enum status history_write(struct ctx *c, const struct entity *e, enum action a, const void *before,
                          const void *after, const bool *mask) MUST_USE;
/* The batch of this work; made when there is none yet. */
enum status history_batch(struct ctx *c, int64_t *batch) MUST_USE;

/* That batch counts as taken back by this one; by 0: it stands again. */
enum status history_taken_back(struct ctx *c, int64_t batch, int64_t by) MUST_USE;

struct history_field { /* one line: label: before → after, already in the reader's language */
    struct str label, before, after;
    bool ltr;
};
struct history_entry {
    int64_t id, batch, at, member, row_id, party, import;
    struct str who, door, title; /* door is a translated word */
    const struct entity *entity;
    enum action action;
    struct str name; /* of the record */
    struct {
        struct history_field *v;
        int n;
    } fields;
    bool undone, can_undo;
    bool whole; /* taken back with its whole batch, never alone */
    int64_t undoes;
    struct str door_code; /* "web" "api" … */
    const void *was, *is; /* the same for programs: records that hold only what mask tells */
    const bool *mask;     /* changed fields, then manys */
};
struct history_list {
    struct history_entry *v;
    int n;
    int64_t next; /* change id to go on before; 0: the end */
};
/* Newest first, of one party (and what belongs to it) or of the firm (party 0) or one batch (batch
 * != 0); before: only changes older than this id (0: newest). */
enum status history_read(struct ctx *c, int64_t party, int64_t batch, int64_t before, int limit,
                         struct history_list *out) MUST_USE;

/* A colleague's file is taken back by managers; single changes by who may write the record. */
bool history_may_undo(const struct ctx *c, int64_t import, int64_t member);

/* What stands in the way of an undo: a later change to the same field of the same record. */
struct obstacle {
    struct str name, field, who; /* record, field label, who changed it later */
    int64_t at, party, batch;
};
struct obstacles {
    struct obstacle *v;
    int n;
    int64_t total;
};
/* A batch that is whole (merging) is taken back by who sees every client in it, with all of it,
 * also with what of it is for others' eyes. */
/* Takes back one change (change != 0) or a whole batch, as a new batch. CONFLICT: nothing was done
 * and `out` says what stands in the way (the first 20). MISSING: no such batch or not to be seen.
 */
enum status history_undo_change(struct ctx *c, int64_t change, struct obstacles *out) MUST_USE;
enum status history_undo_batch(struct ctx *c, int64_t batch, struct obstacles *out) MUST_USE;
/* For long undos (an import): does at most `limit` changes, newest first, going on where it
 * stopped; *left tells how many remain. The check of the whole batch is made by the first call. */
enum status history_undo_some(struct ctx *c, int64_t batch, int limit, int64_t *left,
                              struct obstacles *out) MUST_USE;

/* For very long ones the look comes first, in transactions that only read: at most `limit` changes
 * each, from *below on (0: begin), which is 0 again at the end. Then history_undo_looked, like
 * history_undo_some, looks at each record once more as it puts it back: CONFLICT leaves what was
 * put back before. */
enum status history_undo_look(struct ctx *c, int64_t batch, int limit, int64_t *below,
                              struct obstacles *out) MUST_USE;
enum status history_undo_looked(struct ctx *c, int64_t batch, int limit, int64_t *left,
                                struct obstacles *out) MUST_USE;

/* The registry, made by app/features.c: all entities, so that history and API can find them by
 * name. */
struct registry {
    const struct entity *const *entities;
    int n;
    /* A batch that is taken back only as a whole (ctx.batch_whole) has been: the feature that made
     * it puts right what no history tells of. In the same transaction, the undoing batch is
     * c->batch. NULL: nobody asks. */
    enum status (*taken_back)(struct ctx *c, int64_t batch);
};
const struct entity *registry_find(const struct registry *r, struct str name);
const struct registry *
entity_registry(void); /* defined in app/features.c, the only file that names all */

#endif
