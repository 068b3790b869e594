/* A whole program without sockets, for tests of pages and API: a fresh workspace on either
 * database, people who are signed in, and one function that sends a request through the gate. Time
 * stands. Include it after cmocka.h. */
#ifndef SERVED_H
#define SERVED_H
#include "core/app/app.h"
#include "lib/http/http.h"

#define SERVED_PASSWORD "correct horse battery"
#define SERVED_NOW_MS   1774087200000LL /* 2026-03-21 10:00 UTC: 1 Farvardin 1405, 2 Shawwal 1447 */

struct served {
    bool pg;
    char dir[64];
    struct app_config config;
    struct app *app;
    struct arena *arena; /* of the test: what calls answer lives until served_close */
};
/* An empty workspace: no firm, nobody. The hasher is shared by all that come (its making is slow).
 */
void served_open(struct served *s, bool pg, struct hasher *hasher);
void served_close(struct served *s);
/* The firm as daftar init makes it, welcomed, with the owner (member 1) and manager, member, reader
 * (2, 3, 4) at ROLE@example.com with the password above. */
void served_firm(struct served *s, enum lang lang);
int64_t served_member(struct served *s, const char *name, const char *role, const char *sees);

/* Work of the program itself in one writing transaction, as `made` by the command line. */
void served_work(struct served *s, enum status (*work)(struct ctx *c, void *arg), void *arg);

struct served_who {
    int64_t member; /* 0: nobody */
    struct str cookie, csrf, token;
};
/* A session and an API token of that member. */
struct served_who served_sign_in(struct served *s, int64_t member);

struct call {
    const char *method, *target;  /* "GET", "/clients?q=x" as it stands on the wire */
    const struct served_who *who; /* NULL: nobody */
    struct str body;
    const char *type;          /* Content-Type; NULL with a body: a form */
    struct http_pairs headers; /* more, or others; a Host is added when there is none */
    bool no_csrf;              /* else the session's token goes along with what is unsafe */
};
struct answered {
    int status;
    struct http_pairs headers;
    struct str body; /* streams and files read to their end */
};
/* What the server does with one request: head, body, gate, reply. */
struct answered served_call(struct served *s, const struct call *call);
struct str answered_header(const struct answered *a, const char *name); /* any case; NO_STR */

/* All rows of a table as text, "a | b | c" a line; columns and more are SQL. */
struct str served_rows(struct served *s, const char *columns, const char *table, const char *more);
/* A digest of every table of the database, so that "nothing was changed" is one comparison. */
struct str served_digest(struct served *s);
/* The names of all columns of all tables. */
struct strs served_columns(struct served *s);
/* Everything that waits in the queue is done. */
void served_jobs(struct served *s);

#endif
