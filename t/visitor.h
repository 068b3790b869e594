/* A visitor for tests: speaks to the gate (web_serve) in this process, keeps cookies, knows nothing
 * of sockets. Include it after cmocka.h. */
#ifndef VISITOR_H
#define VISITOR_H
#include "core/app/app.h"
#include "core/web/req.h"

/* A whole workspace in a temporary folder, with the gate's parts but without threads. Zero it
 * first; config.https, hosts may be set before. */
struct place {
    struct app_config config;
    char dir[64];
    struct app *app;
    struct arena *arena; /* of the test: what answers are made of */
};
void place_open(struct place *p, bool pg);
void place_close(struct place *p);
/* Firm "Test", language en, welcomed, with members owner@, manager@, member@, reader@,
 * accountant@example.com (ids 1 to 5, nobody has a password). */
void place_set_up(struct place *p);
/* Runs SQL-writing work as the program itself; the test fails unless it gives `want`. */
void place_write(struct place *p, enum status want, enum status (*work)(struct ctx *c, void *arg),
                 void *arg);
/* One number that a statement's column "n" says. */
int64_t place_number(struct place *p, const struct sql *sql);
/* A digest over all that requests may change: compare it before and after a refusal (T-13). */
struct str place_state(struct place *p);

struct visitor {
    struct place *place;
    struct str cookie; /* value of the session cookie; empty: none */
    struct str toast;  /* value of the toast's cookie */
    struct str device; /* of the known browser; empty: none */
    struct str half;   /* between password and code */
    struct str csrf;
    const char *bearer;     /* API token */
    const char *host;       /* "localhost" unless set */
    const char *peer;       /* whom it comes from: "127.0.0.1" unless set */
    struct http_pairs more; /* further headers of the next requests */
};
/* Somebody signed in: a session is made in the database. member 0: a stranger. */
struct visitor visitor_of(struct place *p, int64_t member);
void visitor_header(struct visitor *v, const char *name, const char *value);

struct answer_seen {
    int status;
    struct str body, location, type, cookie; /* cookie: Set-Cookie lines, one a line */
    struct http_reply reply;
};
struct answer_seen visit(struct visitor *v, enum http_method m, const char *target);
/* A form; body as it is sent. {csrf} in it becomes the visitor's token. */
struct answer_seen visit_form(struct visitor *v, const char *target, const char *body);
struct answer_seen visit_with(struct visitor *v, enum http_method m, const char *target,
                              const char *type, struct str body);
struct str answer_header(const struct answer_seen *a, const char *name);
bool answer_says(const struct answer_seen *a, const char *text);

#endif
