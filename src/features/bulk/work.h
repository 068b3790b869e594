/* One thing done to many clients, as it lies in the table «bulk», and the work itself. Only for
 * features/bulk. */
#ifndef BULK_WORK_H
#define BULK_WORK_H
#include "core/entity/store.h"
#include "core/job/job.h"
#include "features/party/party.h"

enum { BULK_AT_ONCE = 200 }; /* as many are done within the request */

/* What is done to each: "set" (an empty value empties), "add_tag" and "remove_tag" (value: the
 * tag's id), "delete". */
struct bulk_change {
    struct str action, field, value; /* value in plain form */
};
struct bulk_counts {
    int64_t done, changed, same, refused, hidden;
};
struct bulk {
    int64_t id, member, at, total, place, batch, ended_at;
    struct bulk_change change;
    struct str title, back, state; /* "waiting" "running" "done" "failed" */
    struct blob ids;
    struct bulk_counts n;
};

/* A set of ids, sorted, as bytes: the differences, seven bits a byte. */
struct blob bulk_ids_write(struct arena *a, const int64_t *ids, int n);
struct bulk_ids { /* reads them; begins as { .bytes = … } */
    struct blob bytes;
    size_t at;
    int64_t id;
};
bool bulk_ids_next(struct bulk_ids *ids, int64_t *id); /* false: that was the last one */

/* Whether the member may change that field of many clients. */
bool bulk_field_ok(const struct ctx *c, const struct field *f);
/* Makes the change in a loaded record, not yet saved. INVALID with a problem. */
enum status bulk_apply(struct ctx *c, const struct bulk_change *change, struct party *p) MUST_USE;

/* A new one in state "waiting". */
enum status bulk_make(struct ctx *c, struct bulk *b) MUST_USE;
/* MISSING: there is none, or it is a colleague's and the member no manager. */
enum status bulk_load(struct ctx *c, int64_t id, struct bulk *b) MUST_USE;
/* Does some, at least one, until enough() says so (NULL: all), and writes how far it is, all in the
 * transaction of c. STALE: another one is at it. */
enum status bulk_slice(struct ctx *c, struct bulk *b, bool (*enough)(void *arg),
                       void *arg) MUST_USE;
struct bulk_refusal {
    int64_t party;
    struct str name, reason;
};
struct bulk_refusals {
    struct bulk_refusal *v;
    int n;
};
/* The first of them, of clients that one sees. */
enum status bulk_refusals(struct ctx *c, int64_t bulk, int limit,
                          struct bulk_refusals *out) MUST_USE;
extern const struct job_kind bulk_jobs[1];

#endif
