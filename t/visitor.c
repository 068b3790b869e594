/* See visitor.h. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "visitor.h"

#include "core/app/secret.h"
#include "core/web/serve.h"
#include "core/web/session.h"
#include "lib/base/buf.h"
#include "lib/base/clock.h"
#include "workspace.h"

SQL(place_firm,
    "INSERT INTO firm (id, name, language, alphabet, calendar, digits, first_weekday, zone, "
    "currency, country, welcomed, created_at, changed_at) VALUES (1, 'Test', 'en', 'en', "
    "'gregorian', 'latn', 1, 'UTC', 'EUR', 'GB', 1, 0, 0)");
SQL(place_member, "INSERT INTO member (name, email, email_key, role, created_at, changed_at) "
                  "VALUES (:name, :email, :email, :role, 0, 0)");
SQL(place_state_of,
    "SELECT (SELECT count(*) FROM change) AS changes, (SELECT count(*) FROM batch) AS batches, "
    "(SELECT count(*) FROM member) AS members, (SELECT count(*) FROM session) AS sessions, "
    "(SELECT count(*) FROM token WHERE revoked_at IS NULL) AS tokens, (SELECT count(*) FROM link) "
    "AS links, "
    "(SELECT count(*) FROM job) AS jobs, (SELECT count(*) FROM party) AS parties, "
    "(SELECT CAST(coalesce(sum(version), 0) AS BIGINT) FROM firm) AS firm, (SELECT "
    "CAST(sum(version) AS BIGINT) FROM member) AS "
    "member_versions, "
    "(SELECT count(*) FROM file) AS files, (SELECT count(*) FROM import) AS imports, "
    "(SELECT count(*) FROM factor) AS factors, (SELECT count(*) FROM recovery_code) AS codes, "
    "(SELECT count(*) FROM device) AS devices, "
    "(SELECT count(*) FROM idempotency) AS keys, (SELECT max(password_hash) FROM member) AS hash");

static void must(enum status s, const char *what) {
    if (s != OK) fail_msg("%s: %s", what, status_name(s));
}

void place_open(struct place *p, bool pg) {
    p->arena = arena_new();
    p->config.threads = 3;
    workspace_config(p->arena, &p->dir, pg, &p->config);
    p->app = workspace_open(p->arena, &p->config, hasher_new());
    p->app->seen = seen_new();
}

void place_close(struct place *p) {
    hasher_free(p->app->hasher);
    seen_free(p->app->seen);
    workspace_close(p->app);
    arena_free(p->arena);
    workspace_dir_remove(p->dir);
}

void place_write(struct place *p, enum status want, enum status (*work)(struct ctx *c, void *arg),
                 void *arg) {
    enum status s = workspace_work(p->app, p->arena, work, arg);
    if (s != want) fail_msg("%s instead of %s", status_name(s), status_name(want));
}

static enum status set_up(struct ctx *c, void *arg) {
    static const char *const roles[] = { "owner", "manager", "member", "reader", "accountant" };
    (void)arg;
    TRY(db_run(c->tx, &place_firm));
    for (size_t i = 0; i < sizeof roles / sizeof *roles; i++)
        TRY(db_run(c->tx, &place_member, P("name", roles[i]),
                   P("email", str_printf(c->arena, "%s@example.com", roles[i])),
                   P("role", roles[i])));
    return OK;
}

void place_set_up(struct place *p) {
    place_write(p, OK, set_up, NULL);
}

static struct rows rows_of(struct place *p, const struct sql *sql) {
    struct tx *tx;
    struct rows r;
    must(db_read(p->app->db, p->arena, &tx), "db_read");
    must(db_query(tx, sql, &r), sql->name);
    must(db_end(tx, OK), "db_end");
    return r;
}

int64_t place_number(struct place *p, const struct sql *sql) {
    struct rows r = rows_of(p, sql);
    return row_int(&r, 0, "n");
}

struct str place_state(struct place *p) {
    struct rows r = rows_of(p, &place_state_of);
    struct buf b = { .arena = p->arena };
    for (int i = 0; i < r.columns_n; i++) {
        const struct cell *c = row_cell(&r, 0, i);
        buf_printf(&b, "%s=%lld%.*s ", r.names[i], (long long)c->i,
                   c->type == CELL_TEXT ? (int)c->s.n : 0, c->type == CELL_TEXT ? c->s.p : "");
    }
    return buf_str(&b);
}

struct new_session {
    int64_t member;
    struct str token, csrf;
};

static enum status make_session(struct ctx *c, void *arg) {
    struct new_session *s = arg;
    return workspace_session(c, s->member, s->token, s->csrf);
}

struct visitor visitor_of(struct place *p, int64_t member) {
    struct visitor v = { .place = p, .host = "localhost" };
    if (!member) return v;
    struct new_session s = { member, random_token(p->arena, 32), random_token(p->arena, 16) };
    place_write(p, OK, make_session, &s);
    v.cookie = s.token;
    v.csrf = s.csrf;
    return v;
}

void visitor_header(struct visitor *v, const char *name, const char *value) {
    http_pairs_add(v->place->arena, &v->more, str_of(name), str_of(value));
}

/* --- A request --- */

static void add_query(struct arena *a, struct http_request *r) {
    struct str why;
    if (r->query_raw.n && http_form(a, r->query_raw, &r->query, &why) != OK)
        fail_msg("query: %.*s", SF(why));
}

static void keep_cookie(struct visitor *v, struct str line) {
    struct str value;
    (void)str_cut(&line, ';', &value);
    bool gone = str_find(line, S("Max-Age=0")) >= 0;
    struct {
        const char *name;
        struct str *to;
    } const all[] = { { "daftar=", &v->cookie },
                      { "__Host-daftar=", &v->cookie },
                      { "daftar_toast=", &v->toast },
                      { "daftar_device=", &v->device },
                      { "__Host-daftar_device=", &v->device },
                      { "daftar_half=", &v->half },
                      { "__Host-daftar_half=", &v->half } };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (str_starts(value, str_of(all[i].name)))
            *all[i].to = gone ? NO_STR : str_sub(value, strlen(all[i].name), value.n);
}

struct answer_seen visit_with(struct visitor *v, enum http_method m, const char *target,
                              const char *type, struct str body) {
    struct arena *a = v->place->arena;
    struct http_request r = { .method = m,
                              .body = body,
                              .body_n = (int64_t)body.n,
                              .peer = v->peer ? str_of(v->peer) : S("127.0.0.1"),
                              .received_ms = clock_now_ms() };
    struct str path, rest = str_of(target);
    (void)str_cut(&rest, '?', &path);
    r.path = path;
    r.query_raw = rest.p ? rest : NO_STR;
    add_query(a, &r);
    http_pairs_add(a, &r.headers, S("host"), str_of(v->host));
    const char *name = v->place->app->config.https ? "__Host-daftar" : "daftar";
    struct str cookies = str_printf(a, "%s=%.*s", v->cookie.n ? name : "x", SF(v->cookie));
    if (v->toast.n) cookies = str_printf(a, "%.*s; daftar_toast=%.*s", SF(cookies), SF(v->toast));
    if (v->device.n)
        cookies = str_printf(a, "%.*s; %s_device=%.*s", SF(cookies), name, SF(v->device));
    if (v->half.n) cookies = str_printf(a, "%.*s; %s_half=%.*s", SF(cookies), name, SF(v->half));
    http_pairs_add(a, &r.headers, S("cookie"), cookies);
    if (type) http_pairs_add(a, &r.headers, S("content-type"), str_of(type));
    if (v->bearer)
        http_pairs_add(a, &r.headers, S("authorization"), str_printf(a, "Bearer %s", v->bearer));
    for (int i = 0; i < v->more.n; i++)
        http_pairs_add(a, &r.headers, v->more.v[i].name, v->more.v[i].value);
    struct answer_seen seen = { .status = 0 };
    struct buf set = { .arena = a };
    web_serve(v->place->app, 1, a, &r, &seen.reply);
    seen.status = seen.reply.status ? seen.reply.status : 200;
    seen.body = seen.reply.fixed.n ? seen.reply.fixed : seen.reply.body;
    if (seen.reply.stream) { /* read to its end, as the server does */
        struct buf made = { .arena = a };
        bool more = true;
        while (more && seen.reply.stream(seen.reply.stream_ctx, &made, &more) == OK) {
        }
        if (seen.reply.stream_done) seen.reply.stream_done(seen.reply.stream_ctx);
        seen.body = buf_str(&made);
    }
    for (int i = 0; i < seen.reply.headers.n; i++) {
        const struct http_pair *h = &seen.reply.headers.v[i];
        if (str_eq_z(h->name, "Location")) seen.location = h->value;
        if (str_eq_z(h->name, "Content-Type")) seen.type = h->value;
        if (!str_eq_z(h->name, "Set-Cookie")) continue;
        keep_cookie(v, h->value);
        buf_add(&set, h->value);
        buf_add_c(&set, '\n');
    }
    seen.cookie = buf_str(&set);
    return seen;
}

struct answer_seen visit(struct visitor *v, enum http_method m, const char *target) {
    return visit_with(v, m, target, NULL, NO_STR);
}

struct answer_seen visit_form(struct visitor *v, const char *target, const char *body) {
    struct buf b = { .arena = v->place->arena };
    struct str rest = str_of(body);
    for (ptrdiff_t at; (at = str_find(rest, S("{csrf}"))) >= 0;
         rest = str_sub(rest, (size_t)at + 6, rest.n)) {
        buf_add(&b, str_sub(rest, 0, (size_t)at));
        buf_add(&b, v->csrf);
    }
    buf_add(&b, rest);
    return visit_with(v, HTTP_POST, target, "application/x-www-form-urlencoded", buf_str(&b));
}

struct str answer_header(const struct answer_seen *a, const char *name) {
    for (int i = 0; i < a->reply.headers.n; i++)
        if (str_eq_ascii(a->reply.headers.v[i].name, str_of(name)))
            return a->reply.headers.v[i].value;
    return NO_STR;
}

bool answer_says(const struct answer_seen *a, const char *text) {
    return str_find(a->body, str_of(text)) >= 0;
}
