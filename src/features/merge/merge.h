/* Merging: one client becomes a part of another, with all that is attached, and can be taken apart
 * again. docs/decisions/023-merging.md tells what goes where. */
#ifndef MERGE_H
#define MERGE_H
#include "core/web/pieces.h"
#include "features/party/party.h"

enum { MERGE_MAX = 5 }; /* clients at once, the kept one among them */

/* --- merging two --- */

enum merge_pick { MERGE_KEEP, MERGE_TAKE, MERGE_BOTH }; /* the kept one's, the gone one's, both */
struct merge_plan {
    const struct entity *entity; /* party with its own fields */
    struct party kept, gone;
    enum merge_pick *pick; /* of each field of the entity */
};
/* What would become of the two, as it is best without asking: what is filled goes before what is
 * empty, texts stand below each other, lists are united. MISSING when one of them is not there, not
 * for these eyes or may not be written; INVALID with a problem when they cannot be one: the same
 * client twice, a person and an organisation. */
enum status merge_plan(struct ctx *c, int64_t kept, int64_t gone, struct merge_plan *out) MUST_USE;
/* Whether both values of a field can stand together: long texts, several choices. */
bool merge_can_both(const struct field *f, struct value kept, struct value gone);
/* Does it, as a batch of its own that is taken back only as a whole (c->batch afterwards). rule:
 * the rule that said so, 0: a person. */
enum status merge_do(struct ctx *c, const struct merge_plan *plan, int64_t rule,
                     int64_t *merge) MUST_USE;

/* --- what was merged --- */

enum merge_state { MERGE_MOVING, MERGE_DONE, MERGE_PARTING, MERGE_APART };
struct merge {
    int64_t id, at, member, kept, gone, batch, rule, reached, apart_batch, undone_at, undone_by;
    enum merge_state state;
    struct str aside;
};
struct merges {
    struct merge *v;
    int n;
    int64_t next; /* to go on below; 0: the end */
};
/* MISSING when this member does not see the kept one (once apart: both). */
enum status merge_load(struct ctx *c, int64_t id, struct merge *out) MUST_USE;
/* What still is together, that led to this client, newest first; for his page. */
enum status merge_of_client(struct ctx *c, int64_t client, struct merges *out) MUST_USE;
/* All, newest first, that this member may see; below 0: from the newest. */
enum status merge_list(struct ctx *c, int64_t below, int limit, struct merges *out) MUST_USE;

/* The one that this batch of the history made or took apart; *id 0: it is no merging's. Says
 * nothing of who may see it. */
enum status merge_of_batch(struct ctx *c, int64_t batch, int64_t *id) MUST_USE;

/* --- taking apart --- */

/* Why it cannot be taken apart now, as a problem of the context and CONFLICT; OK when it can. */
enum status merge_may_part(struct ctx *c, const struct merge *m) MUST_USE;
/* What goes to the one who comes back although it came later: rows of the register («note 12») and
 * entries of lists («phones 7»). */
struct merge_goes {
    struct str name; /* of an entity, or of a list of the client */
    int64_t id;
};
/* Both as they were, what changed since left with the kept one. */
enum status merge_part(struct ctx *c, const struct merge *m, const struct merge_goes *goes,
                       int goes_n) MUST_USE;
/* For the history's registry: a batch of merging or of taking apart was taken back. */
enum status merge_taken_back(struct ctx *c, int64_t batch) MUST_USE;

/* --- on the client's page: {call merge_notes(&v.merged)} --- */
struct merge_note {
    struct str name;
    struct moment at;
    struct url to; /* of the page that takes it apart; empty: not for this reader */
};
struct merge_notes {
    struct merge_note *v;
    int n;
};
enum status merge_notes_of(struct ctx *c, int64_t client, struct merge_notes *out) MUST_USE;
void merge_notes(struct out *o, const struct merge_notes *n);

/* --- rules --- */
extern const struct entity entity_merge_rule;
/* Looks for whom an active rule merges, as a job; nothing is put into the queue when there is no
 * rule. After an import, after all were compared. */
enum status merge_by_rules(struct ctx *c) MUST_USE;

#endif
