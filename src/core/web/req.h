/* One web request as a feature's page sees it: the context, what came, and the reply being made. */
#ifndef REQ_H
#define REQ_H
#include "core/entity/ctx.h"
#include "lib/html/out.h"
#include "lib/http/http.h"

struct app; /* app.h: database, zones, phone book, configuration; made in main */

/* How a member wants every page (preference "page": its words, in any order). */
struct page_wishes {
    bool keys_off;      /* "keys-off": single letters do nothing (WCAG 2.1.4) */
    const char *scheme; /* "dark" "light", "": as the device */
};
struct page_wishes page_wishes_of(struct str words);
struct str page_wishes_words(struct arena *a, struct page_wishes w);

struct req {
    struct ctx c; /* arena, tx, loc, who, firm, problems … (c.tx is NULL outside the transaction) */
    struct app *app;
    const struct http_request *http;
    struct http_pairs form;  /* decoded fields of the body (urlencoded or multipart) */
    struct http_files files; /* uploaded files */
    const struct route *route;
    struct str args[4]; /* the {…} parts of the route's pattern, in order */
    struct str csrf;    /* token of this session for forms; empty when signed out */
    int64_t session;    /* id, 0 when signed out */
    int64_t token;      /* id of the API token, 0 without one */
    int64_t proved_at;  /* when password or factor were last shown in this session */
    bool factor_on;     /* the member has a second factor */
    bool factor_due;    /* he must set one up before anything else */
    bool ask_proof;     /* req_prove(): the refusal is the page that asks for it */
    int worker;
    /* the reply */
    int status; /* 0: from the handler's enum status */
    struct buf body;
    struct str type; /* "text/html; charset=utf-8" unless set */
    struct http_pairs headers;
    struct str go; /* redirect (303) to this own path after the commit */
    struct http_reply
        *raw;   /* for files and streams: fill it, it is sent as it is (headers are added) */
    void *kept; /* handler → again: whatever the form needs to be shown again */
    struct page_wishes wishes;
    int64_t notices_n; /* unread ones of a session's member, 100 at most: the bell */
    /* A READ handler's small write, when its page is made (what was unread is read now). In a
     * transaction of its own; when it fails, the page goes out all the same. May be NULL. */
    enum status (*after)(struct req *r);
    bool narrow;     /* a page of forms or text: not wider than is good to read */
    struct str peer; /* whom the request comes from: the other end, or whom a trusted proxy names */
    struct {
        int what;
        int64_t member;
    } events[4]; /* req_event(): for the journal, once the commit has come back */
    int events_n;
};

/* What a route does with the database. WRITE handlers run inside the writer's batch, may be run
 * again, and have no effect outside the transaction. */
enum access { ACCESS_NONE, ACCESS_READ, ACCESS_WRITE };
/* Who may come in. NEED_SIGNED_OUT_TOO: everybody. */
enum need { NEED_NOTHING, NEED_READER, NEED_ACCOUNTANT, NEED_MEMBER, NEED_MANAGER, NEED_OWNER };
enum { PROOF_MS = 5 * 60 * 1000 };
enum route_flags {
    ROUTE_UPLOAD = 1, /* multipart body up to LIMIT_UPLOAD; CSRF token in the action's ?csrf= */
    ROUTE_API = 2,    /* bearer token instead of the cookie; problems as application/problem+json */
    ROUTE_NO_CSRF =
        4, /* POST that needs no session (sign-in): Origin and Sec-Fetch-Site are checked */
    ROUTE_SET_UP = 16, /* only while there is no firm yet; nothing else is reachable then */
    ROUTE_QUIET = 32,  /* asked by scripts while typing: no redirect to the sign-in page */
    /* What harms when somebody else sits down at an open screen (T-37): the gate asks once more for
     * the password (for the code, where the second factor is on) when that was shown more than
     * PROOF_MS ago. A page comes after /prove; a form comes back as that question with all it held
     * in hidden fields, and goes on where it was. Not for uploads and API. */
    ROUTE_PROVEN = 64,
    /* The page depends on the database, the request's cookies, path and query and, in steps of
     * seconds, on the time: see memo.h. */
    ROUTE_STEADY = 256,
    ROUTE_FACTOR_FIRST = 128, /* also for whom must set up the second factor before anything else */
};
struct route {
    enum http_method method;
    const char *pattern; /* "/clients/{id}/edit"; {id}: digits, {name}: one segment */
    enum need need;
    enum access access;
    enum status (*handler)(struct req *r);
    /* After INVALID, CONFLICT or STALE of a WRITE handler: shows the form again, in a READ
     * transaction, with r->c.problems and r->form; the status of the answer stays that of the
     * failure. NULL: a plain error page. */
    enum status (*again)(struct req *r);
    /* Before the transaction (argon2, files); no database. May be NULL. */
    enum status (*prepare)(struct req *r);
    unsigned flags;
    const char *describe; /* of a feature's ROUTE_API: its operation as OpenAPI's JSON */
};
struct routes { /* one table a feature */
    const struct route *v;
    int n;
};
/* All tables of the program, 0 to app_routes_n() - 1: defined in app/features.c. */
const struct routes *app_routes(int i);
int app_routes_n(void);

/* Reading */
struct str req_form(const struct req *r, const char *name); /* NO_STR when absent */
struct str req_query(const struct req *r, const char *name);
bool req_arg_id(const struct req *r, int i, int64_t *id); /* a positive number of the path */
struct entity;
/* The record whose number is the first part of the path; MISSING as store_load says it. */
enum status req_record(struct req *r, const struct entity *e, void *row) MUST_USE;
/* The one whose number a query parameter holds ("edit=7"): row stays as it is when there is none.
 */
enum status req_record_asked(struct req *r, const char *name, const struct entity *e,
                             void *row) MUST_USE;
/* The same as ROUTE_PROVEN for a handler that needs it only now and then (an e-mail is changed):
 * TRY(req_prove(r)) before anything is written. OK, or DENIED, and the gate asks. */
enum status req_prove(struct req *r) MUST_USE;
/* Where to go on: next when it is a page of this program that can be shown, else "/" (T-27). */
struct url req_next(struct req *r, struct str next);
/* What the journal shall say when this handler's transaction is durable (journal.h). */
void req_event(struct req *r, int what /* enum journal_what */, int64_t member);
/* Answering; each returns OK so that a handler can `return go(…)`. */
enum status go(struct req *r, struct url to);
enum status go_toast(struct req *r, struct url to, const char *text /* msgid */,
                     int64_t undo_batch);
/* A page: `content` is a template's function called through a cast-free wrapper:
 *   PAGE(r, T(&r->c, "Clients"), "clients", page_clients, &page);   menu: which entry is current;
 * NULL: a page without the shell (sign-in, welcome, error) */
#define PAGE(r, title, menu, template, data)                                                       \
    (template(page_begin((r)), (data)), page_end((r), out_str(title), (menu)))
struct out *page_begin(struct req *r);
enum status page_end(struct req *r, struct str title, const char *menu);
/* A fragment for htmx (no layout). */
enum status fragment_end(struct req *r);
enum status reply_text(struct req *r, const char *type, struct str body);
bool req_wants_fragment(const struct req *r); /* HX-Request header */
/* The disk is full: 507 with a page that says so. Gives BROKEN. */
enum status req_no_room(struct req *r) MUST_USE;
/* Templates: hidden input with the CSRF token; the token for an upload form's action. */
void csrf_field(struct out *o);
struct url csrf_url(struct req *r, struct url action);
struct req *out_req(struct out *o);

#endif
