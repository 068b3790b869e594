/* What every door of the program shares: web, API, jobs, commands. Made once (app_open), then
 * immutable except for what has its own lock inside. And how a piece of work gets its context. */
#ifndef APP_H
#define APP_H
#include "core/entity/ctx.h"

struct zones;
struct collator;
struct hasher;  /* core/web/password.h */
struct router;  /* core/web/router.h */
struct journal; /* core/web/journal.h */
struct jobs;    /* core/job/job.h */
struct job_kind;
struct pdf_fonts; /* lib/pdf/pdf.h */
struct seen;      /* core/web/session.h */
struct rates;     /* core/web/rate.h */
struct memo;      /* core/web/memo.h */
struct firm_cache;
struct box; /* lib/box/box.h */

/* One for each thread that does work; only that thread touches it. */
struct bench {
    struct collator *collator; /* of the alphabet below; NULL until first used */
    char alphabet[16];
};

struct app_config {
    const char *data;     /* folder for files/, journal/, tmp/ and, with SQLite, daftar.db; with
                             PostgreSQL it may be NULL: daftar-files in the current folder */
    const char *database; /* postgres://…, or NULL: SQLite in data */
    int threads; /* threads that will do work: a bench each, at most 12 connections for reading */
    bool create; /* make folder and database when they are not there */
    bool serves; /* this process is the server: it checkpoints */
    bool https;  /* people reach it by https: Secure cookies, HSTS */
    const char *const *hosts; /* names that people reach it by, beside addresses and localhost */
    int hosts_n;
    const char *const *proxies; /* addresses whose X-Forwarded-For is believed */
    int proxies_n;
    int64_t now_ms; /* 0: the clock's; tests let time stand here */
};

struct app {
    struct app_config config;
    struct arena *arena; /* until app_close; not for requests */
    struct db *db;
    struct zones *zones;
    struct orders *orders; /* core/entity/order.h: filled in the server */
    struct bench *benches;
    struct firm_cache *firms;
    struct pdf_fonts *fonts;
    /* Only in the server; made by app_serve_parts() of app/cli_serve.c, NULL elsewhere. */
    struct router *router;
    struct hasher *hasher; /* in every process */
    struct journal *journal;
    struct jobs *jobs;
    struct seen *seen;
    struct rates *rates;
    struct memo *memo;
    struct box *box; /* where files of strangers are read */
    /* NULL: app_job_kind(); tests set their own */
    const struct job_kind *(*find_job)(struct str name);
    unsigned char secret[32]; /* drawn at start: signs what need not outlive the process */
    /* From DATA/keys/seal.key, which lies outside the database (secret.h). */
    unsigned char seal_key[32], slot_key[32];
};

/* Opens database, zones and folders; brings the schema up to date. config must outlive the app.
 * MISSING: no such database (and !create); BROKEN: the reason is in the log. */
enum status app_open(struct app **out, const struct app_config *config) MUST_USE;
void app_close(struct app *app);
int64_t app_now_ms(const struct app *app); /* what a piece of work draws once as its now */
/* A path inside the data folder ("files", "tmp/x"), NUL-terminated. */
const char *app_path(const struct app *app, struct arena *a, const char *below);

/* The settings of the business as one immutable value. */
struct firm {
    struct firm_facts facts;
    enum lang lang;
    enum client_word word;
    enum calendar_id calendar;
    enum digits digits;
    int first_weekday;
    const struct zone *zone;
    const struct own *own; /* core/entity/own.h; NULL: no own field was ever made */
    bool welcomed, demo;
};
/* The settings as this transaction sees them, own fields too. Cached by version (a number that both
 * raise: firm.version + firm.fields_version) when read outside the writer.
 * version -1: asked from the database. MISSING: not set up yet. The result lives as long as app. */
enum status app_firm(struct app *app, struct tx *tx, int64_t version,
                     const struct firm **out) MUST_USE;
/* The own fields as they are now, for a context that a stream makes for each of its pieces: asked
 * at the first one, so that a file has the same columns to its end. They live as long as the app.
 * Only in a reading transaction. */
enum status app_own(struct app *app, struct tx *tx, const struct own **out) MUST_USE;

/* A context for nobody: who is empty, the locale is the firm's (English defaults when not set up),
 * the collator is that of bench. now_ms and dice are drawn here; tx is what was given. */
enum status app_context(struct app *app, int bench, struct arena *a, struct tx *tx, enum door door,
                        struct ctx *c) MUST_USE;
/* The bench's collator for an alphabet; made anew when the firm chose another. */
struct collator *app_collator(struct app *app, int bench, struct str alphabet);
/* Makes the context a member's: who, language, calendar, digits, week, zone. MISSING when he is
 * gone or inactive. */
enum status app_become(struct app *app, struct ctx *c, int64_t member) MUST_USE;
/* The context of the program itself: may everything, is nobody. */
void app_become_program(struct ctx *c);
/* The member's own choices in c->loc; empty ones are the firm's. Used by session.c and above. */
void app_choose(struct app *app, struct ctx *c, const struct firm *firm, struct str language,
                struct str calendar, struct str digits, int64_t first_weekday, struct str zone);
bool sees_of(struct str code, enum sees *out);
const char *sees_code(enum sees s);

/* What a language proposes for everything else: used by init, set-up and welcome. */
struct firm_proposal {
    const char *language, *calendar, *digits, *zone, *currency, *country;
    int first_weekday;
};
const struct firm_proposal *firm_propose(enum lang lang);

#endif
