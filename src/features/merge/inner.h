/* What the files of features/merge share. Not for others. */
#ifndef MERGE_INNER_H
#define MERGE_INNER_H
#include "core/entity/refer.h"
#include "features/merge/merge.h"

enum { ROWS_AT_ONCE = 1000, SLICE_ROWS = 200, ASIDE_MAX = 10000 };

/* --- values.c --- */
/* The kept one's record as it will be: fields by the picks, lists united. */
void *merge_united(struct ctx *c, const struct merge_plan *plan);
void merge_defaults(struct ctx *c, struct merge_plan *plan);

/* --- merge.c --- */
/* Rights were asked: from here on all of both is written, also what is for others' eyes. The
 * history still names who did it. */
struct member_who merge_with_all(struct ctx *c);
/* At most limit rows follow; *left: whether there are more. */
enum status merge_follow(struct ctx *c, const struct merge *m, int limit, bool *left) MUST_USE;
enum status merge_set_state(struct ctx *c, int64_t id, enum merge_state state) MUST_USE;
enum status merge_rows_later(struct ctx *c, int64_t id) MUST_USE;
/* A job of the program: it goes on whatever becomes of the member. */
enum status merge_job(struct ctx *c, const char *kind, struct str argument,
                      struct str once) MUST_USE;
const char *merge_state_code(enum merge_state s);
enum status merge_by_batch(struct ctx *c, int64_t batch, struct merge *out, bool *found) MUST_USE;
enum status merge_raw(struct ctx *c, int64_t id, struct merge *out) MUST_USE;

/* --- aside.c --- */
/* Rows without a history (notices, «not the same», records in the bin) follow; *aside: which. */
enum status aside_follow(struct ctx *c, int64_t from, int64_t to, struct str *aside) MUST_USE;
enum status aside_back(struct ctx *c, int64_t gone, struct str aside) MUST_USE;
bool aside_knows(struct str table); /* a plain table with clients in it that is looked after here */

/* --- part.c --- */
/* At most limit rows go back; *left: whether there are more. */
enum status part_rows(struct ctx *c, struct merge *m, int limit, bool *left) MUST_USE;
struct since_field { /* what the kept one has now, changed after the merging */
    struct str label, merged, now;
};
struct since {
    struct since_field *fields;
    int fields_n;
    struct {
        struct merge_goes goes;
        const struct entity *entity; /* NULL: an entry of a list */
        const char *label;           /* msgid */
        struct str title;
        int64_t at, member;
    } * rows;
    int rows_n;
    bool more; /* than are shown */
};
enum { SINCE_MAX = 100 };
enum status part_since(struct ctx *c, const struct merge *m, struct since *out) MUST_USE;

#endif
