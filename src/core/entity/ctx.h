/* What a piece of work carries: who does it, in which transaction, through which door, in whose
 * language, and what went wrong so far. One for a web request, an API call, a batch of a job, a
 * command. Lives in its arena; belongs to one thread. */
#ifndef CTX_H
#define CTX_H
#include "lib/base/map.h"
#include "lib/base/random.h"
#include "lib/base/limits.h"
#include "lib/base/str.h"
#include "lib/db/db.h"
#include "lib/locale/catalogue.h"
#include "lib/locale/locale.h"

/* What each may do: docs/rights.md. The accountant reads what billing needs and writes no client.
 */
enum role { ROLE_NONE, ROLE_READER, ROLE_ACCOUNTANT, ROLE_MEMBER, ROLE_MANAGER, ROLE_OWNER };
enum sees { SEES_ALL, SEES_TEAM, SEES_OWN };
enum door { DOOR_WEB, DOOR_API, DOOR_IMPORT, DOOR_CLI, DOOR_JOB };

struct member_who {
    int64_t id; /* 0: nobody (sign-in page) or the program itself (role is then ROLE_OWNER) */
    enum role role;
    enum sees sees;
    int64_t team;
    struct str name, email;
};

/* The settings of the business that code below the pages needs. */
struct firm_facts {
    struct str name, alphabet /* "fa" "ar" "fr" "en" */, currency, zone, language;
    const struct zone *clock; /* of zone; NULL is UTC */
    int first_weekday;        /* 1 Monday … 7 Sunday; 0 as 1 */
    char country[3];
    int64_t version;
};

/* One thing that is wrong with what was given, at the field. */
struct problem {
    struct str field; /* "birth_date", "phones.0.number"; empty: the whole */
    const char *text; /* English msgid with {placeholders} */
    struct tr_arg *args;
    int args_n;
    bool asked; /* a page shows it at its field (ctx_problem_at) */
};
struct problems {
    struct problem *v;
    int n, cap;
};

struct app;
struct ask_catalogue;
struct own;
struct collator;
struct orders;

struct ctx {
    struct arena *arena;
    struct tx *tx;
    const struct locale *loc;
    struct orders *orders;     /* order.h; NULL: lists walk the table */
    struct collator *collator; /* of the firm's alphabet; this thread's own */
    struct firm_facts firm;
    const struct own *own; /* own.h: the fields that the business made; NULL: none */
    struct member_who who;
    enum door door;
    int64_t now_ms;   /* drawn once for the request */
    struct dice dice; /* seeded once for the request: uids are the same in a second run */
    struct problems problems;
    /* history: the batch of this work, made at the first write (0 before) */
    int64_t batch;
    struct str batch_title; /* shown in the history: msgid or a file's name; may be empty */
    int64_t batch_import, batch_undoes;
    const struct ask_catalogue *asked; /* core/ask: what this reader may ask; NULL: not made yet */
    bool batch_whole;  /* its changes are taken back together or not at all (history.h) */
    struct map titles; /* "category 3" → struct str *: names of records shown more than once */
    struct app *app;   /* where work on files needs its folders (import), else NULL */
    bool asks;         /* a name is only looked up: entity.find makes nothing new (tags) */
    bool enqueued;     /* a job was put into the queue: who commits wakes the workers */
};

/* Adds a problem. Arguments: ctx_problem(c, field, N_("…{x}…"), ARG("x", value)…). Always gives
 * INVALID. */
#define ctx_problem(c, field, text, ...)                                                           \
    ctx_problem_((c), (field), (text), (struct tr_arg[]){ { 0 }, ##__VA_ARGS__ },                  \
                 sizeof((struct tr_arg[]){ { 0 }, ##__VA_ARGS__ }) / sizeof(struct tr_arg))
enum status ctx_problem_(struct ctx *c, struct str field, const char *text,
                         const struct tr_arg *args, size_t args_n); /* args[0] is a placeholder */
#define ARG(n, v)                                                                                  \
    { .name = (n), .value = (v), .isolate = true }
struct str ctx_problem_text(struct ctx *c, const struct problem *p); /* in the person's language */
/* The first at this field, to be shown there; NULL: none. What nobody asks for, the page says
 * above. */
const struct problem *ctx_problem_at(const struct ctx *c, struct str field);
bool ctx_may(const struct ctx *c, enum role least);
/* The country whose phone numbers are typed without a code: the reader's, else the firm's. */
static inline const char *ctx_country(const struct ctx *c) {
    return c->loc->country[0] ? c->loc->country : c->firm.country;
}
const char *door_code(enum door d); /* "web" "api" "import" "cli" "job" */
bool role_of(struct str code, enum role *out);
const char *role_code(enum role r);
#define T(c, text) tr((c)->loc, text) /* a text in the person's language */
#endif
