/* What serve.c, admit.c, answer.c and refuse.c share about one request; nobody else includes this.
 */
#ifndef GATE_H
#define GATE_H
#include "core/app/app.h"
#include "core/web/req.h"
#include "core/web/router.h"

struct proof;
struct gate {
    struct req r; /* first: handlers see only this */
    struct routed routed;
    struct out page;         /* between page_begin and page_end */
    const struct firm *firm; /* NULL: not set up */
    bool api;                /* answers are JSON */
    bool proving;            /* the form came with an answer to the question of prove.c */
    struct proof *proof;     /* prove.c's own */
};
static inline struct gate *gate_of(struct req *r) {
    return (struct gate *)r;
}

/* admit.c: from the head of a request to the handler's door. */
/* Whom the request comes from: the other end of the connection; where that is one of our proxies
 * (--proxy), the last address of X-Forwarded-For that is none of them. */
struct str admit_peer(const struct app *app, struct arena *a, const struct http_request *http);
enum status admit_host(struct gate *g) MUST_USE;     /* whether we are who is asked for */
enum status admit_identify(struct gate *g) MUST_USE; /* session or token, in a transaction */
enum status admit_right(struct gate *g) MUST_USE;    /* set up, route, role, welcome */
enum status admit_origin(struct gate *g) MUST_USE;   /* CSRF, for methods that change something */
void admit_language(struct gate *g);                 /* of people who are not signed in */

/* serve.c: one function in a transaction of its own; again while the database asks for it. */
enum status gate_transaction(struct gate *g, bool write, enum status (*f)(struct gate *g)) MUST_USE;

/* prove.c: asking once more who it is (ROUTE_PROVEN). */
enum status prove_admit(struct gate *g) MUST_USE; /* in the first transaction, before the handler */
enum status prove_given(struct gate *g) MUST_USE; /* looks at the answer; no transaction is open */
void prove_ask(struct gate *g);                   /* the question as the reply */

/* refuse.c: what a refusal looks like. */
void refuse(struct gate *g, enum status s);
extern const char refuse_full[]; /* msgid: what to do about a full disk */

/* watch.c: a stream ends when the session or token that asked for it does. */
void watch_stream(struct gate *g, struct http_reply *out);

/* answer.c: from the request to the reply that the server sends. */
void answer(struct gate *g, struct http_reply *out);
bool answer_asset(struct gate *g, struct http_reply *out);

#endif
