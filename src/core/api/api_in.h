/* One call of the API between the gate and the entity. Only for core/api/. */
#ifndef API_IN_H
#define API_IN_H
#include "core/api/api.h"
#include "core/entity/list.h"
#include "core/entity/record_json.h"
#include "core/web/problem.h"

#define API_PATH "/api/v1/"
#define API_TYPE "application/json; charset=utf-8"

struct api_call {
    struct problem_more said; /* first: the gate finds it at r->kept */
    const struct entity *entity;
    int64_t id;
    const struct json *body; /* an object */
    struct str key;          /* Idempotency-Key; empty: none */
};

/* --- call.c: what came, and what goes --- */

/* Makes the call and keeps it in r->kept. MISSING: no such entity. */
enum status api_begin(struct req *r, struct api_call **out) MUST_USE;
static inline struct api_call *api_call_of(struct req *r) {
    return r->kept;
}
/* MALFORMED when the address has any parameters. */
enum status api_no_query(struct req *r) MUST_USE;
/* Reads a body that must be one JSON object. MALFORMED (also as 415), TOO_BIG. */
enum status api_body(struct req *r, struct api_call *a) MUST_USE;
/* A POST that needs no body: none, or an empty object. */
enum status api_no_body(struct req *r, struct api_call *a) MUST_USE;
/* Says why, in the person's language, and gives st back. */
enum status api_refuse(struct req *r, enum status st, const char *text) MUST_USE;
/* The same with an HTTP status of its own (415, 428). */
enum status api_refuse_as(struct req *r, int http, const char *text) MUST_USE;

/* If-Match against the version. OK also when there is none; STALE tells the version, MALFORMED. */
enum status api_if_match(struct req *r, int64_t version) MUST_USE;
enum status api_needs_if_match(struct req *r) MUST_USE; /* 428 without one */
bool api_if_none_match(struct req *r, int64_t version);

void api_answer_none(struct req *r, int http); /* 204, 304 */
struct json_out api_answer_begin(struct req *r);
void api_answer_end(struct req *r, struct json_out *w);

/* --- criteria.c: the parameters of a list --- */
enum status api_list_query(struct req *r, const struct entity *e, struct list_query *q) MUST_USE;
/* What a list may be sorted by besides its fields. */
bool api_sorts_by(const struct entity *e, const struct list_field *f);
bool api_sorts_by_change(const struct entity *e);
bool api_searches(const struct entity *e);

/* --- idempotency.c --- */
/* Takes the key for this request. *replayed: the reply is that of the first time, nothing more to
 * do. INVALID: the key was used for another request. */
enum status idempotency_take(struct req *r, struct api_call *a, bool *replayed) MUST_USE;
/* Keeps the reply under the key, in the same transaction. */
enum status idempotency_keep(struct req *r, struct api_call *a) MUST_USE;

/* --- handlers --- */
enum status api_list(struct req *r) MUST_USE;
enum status api_read(struct req *r) MUST_USE;
enum status api_write_prepare(struct req *r) MUST_USE; /* create, change */
enum status api_create(struct req *r) MUST_USE;
enum status api_change(struct req *r) MUST_USE;
enum status api_bare_prepare(struct req *r) MUST_USE; /* delete, restore */
enum status api_delete(struct req *r) MUST_USE;
enum status api_restore(struct req *r) MUST_USE;
enum status api_history(struct req *r) MUST_USE;
enum status api_undo_prepare(struct req *r) MUST_USE;
enum status api_undo(struct req *r) MUST_USE;
enum status api_openapi(struct req *r) MUST_USE;

#endif
