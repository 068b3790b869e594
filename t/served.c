/* See served.h. Called by the tests of pages and API; calls the gate as lib/http's workers do. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <unistd.h>

#include "core/app/secret.h"
#include "core/job/job.h"
#include "core/web/serve.h"
#include "core/web/session.h"
#include "features/member/member.h"
#include "features/setup/setup.h"
#include "lib/http/head.h"
#include "served.h"
#include "workspace.h"

enum { BENCHES = 3 }; /* a worker, the jobs, what web_head takes for the network's thread */

static void must(enum status st, const char *what) {
    if (st != OK) fail_msg("%s: %s", what, status_name(st));
}

/* --- Opening and closing --- */

void served_open(struct served *s, bool pg, struct hasher *hasher) {
    *s = (struct served){ .pg = pg, .arena = arena_new() };
    s->config = (struct app_config){ .threads = BENCHES, .now_ms = SERVED_NOW_MS };
    workspace_config(s->arena, &s->dir, pg, &s->config);
    s->app = workspace_open(s->arena, &s->config, hasher);
}

void served_close(struct served *s) {
    workspace_close(s->app);
    arena_free(s->arena);
    workspace_dir_remove(s->dir);
}

/* --- People and records --- */

void served_work(struct served *s, enum status (*work)(struct ctx *c, void *arg), void *arg) {
    must(workspace_work(s->app, s->arena, work, arg), "seed");
}

struct firm_seed {
    struct served *s;
    enum lang lang;
    struct str hash;
};

static enum status make_firm(struct ctx *c, void *arg) {
    struct firm_seed *f = arg;
    int64_t owner;
    struct setup_facts facts = { .firm = S("Test & Co"),
                                 .lang = f->lang,
                                 .name = S("owner"),
                                 .email = S("owner@example.com"),
                                 .hash = f->hash,
                                 .welcomed = true };
    return setup_make(c, &facts, &owner);
}

struct member_seed {
    const char *name, *role, *sees;
    struct str hash;
    int64_t id;
};

static enum status make_member(struct ctx *c, void *arg) {
    struct member_seed *seed = arg;
    struct member *m = row_new(c, &entity_member);
    m->name = str_of(seed->name);
    m->email = str_printf(c->arena, "%s@example.com", seed->name);
    m->role = str_of(seed->role);
    m->sees = str_of(seed->sees);
    TRY(store_save(c, &entity_member, m));
    seed->id = m->row.id;
    return seed->hash.n ? account_set_password(c, seed->id, seed->hash) : OK;
}

void served_firm(struct served *s, enum lang lang) {
    struct firm_seed seed = { s, lang, NO_STR };
    must(password_hash(s->app->hasher, s->arena, S(SERVED_PASSWORD), &seed.hash), "password_hash");
    served_work(s, make_firm, &seed);
    static const char *const roles[] = { "manager", "member", "reader" };
    for (int i = 0; i < 3; i++) {
        struct member_seed m = { roles[i], roles[i], "all", seed.hash, 0 };
        served_work(s, make_member, &m);
    }
}

int64_t served_member(struct served *s, const char *name, const char *role, const char *sees) {
    struct member_seed m = { name, role, sees, NO_STR, 0 };
    served_work(s, make_member, &m);
    return m.id;
}

struct sign_in_seed {
    int64_t member;
    struct served_who *who;
};

static enum status sign_in(struct ctx *c, void *arg) {
    struct sign_in_seed *seed = arg;
    struct served_who *who = seed->who;
    struct str secret = random_token(c->arena, 32);
    *who = (struct served_who){ .member = seed->member, .csrf = random_token(c->arena, 16) };
    who->cookie = str_printf(c->arena, "daftar=%.*s", SF(secret));
    TRY(token_start(c, seed->member, S("test"), &who->token));
    return workspace_session(c, seed->member, secret, who->csrf);
}

struct served_who served_sign_in(struct served *s, int64_t member) {
    struct served_who who;
    struct sign_in_seed seed = { member, &who };
    served_work(s, sign_in, &seed);
    return who;
}

void served_jobs(struct served *s) {
    must(jobs_run_here(s->app, 1, 0), "jobs");
}

/* --- One request --- */

static bool has(const struct http_pairs *h, const char *name) {
    return http_pairs_get(h, name).p != NULL;
}

static bool unsafe(const char *method) {
    return strcmp(method, "GET") != 0 && strcmp(method, "HEAD") != 0 &&
           strcmp(method, "OPTIONS") != 0;
}

static struct http_head head_of(struct arena *a, const struct call *call) {
    struct http_head head = { .method = str_of(call->method),
                              .target = str_of(call->target),
                              .version = S("HTTP/1.1") };
    bool api = str_starts(head.target, S("/api/"));
    const struct served_who *who = call->who;
    for (int i = 0; i < call->headers.n; i++)
        http_pairs_add(a, &head.headers, call->headers.v[i].name, call->headers.v[i].value);
    if (!has(&call->headers, "host")) http_pairs_add(a, &head.headers, S("host"), S("localhost"));
    if (call->body.n) {
        const char *type = call->type ? call->type : "application/x-www-form-urlencoded";
        http_pairs_add(a, &head.headers, S("content-type"), str_of(type));
    }
    if (call->body.n || unsafe(call->method))
        http_pairs_add(a, &head.headers, S("content-length"), str_printf(a, "%zu", call->body.n));
    if (!who || !who->member) return head;
    if (api && who->token.n)
        http_pairs_add(a, &head.headers, S("authorization"),
                       str_printf(a, "Bearer %.*s", SF(who->token)));
    if (!api && who->cookie.n && !has(&call->headers, "cookie"))
        http_pairs_add(a, &head.headers, S("cookie"), who->cookie);
    if (!api && unsafe(call->method) && !call->no_csrf)
        http_pairs_add(a, &head.headers, S("x-csrf-token"), who->csrf);
    return head;
}

static const char *body_to_file(struct served *s, struct arena *a, struct str body) {
    char *path = str_z(a, str_printf(a, "%s/tmp/test-XXXXXX", s->dir));
    int fd = mkstemp(path);
    if (fd < 0 || write(fd, body.p, body.n) != (ssize_t)body.n) fail_msg("no room for a body");
    close(fd);
    return path;
}

static struct str read_file(struct arena *a, const char *path) {
    struct buf b = { .arena = a };
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) fail_msg("the reply's file %s is not there", path);
    for (ssize_t n = 1; n > 0;) {
        buf_reserve(&b, 65536);
        n = read(fd, b.p + b.n, 65536);
        if (n > 0) b.n += (size_t)n;
    }
    close(fd);
    return buf_str(&b);
}

static struct str whole_body(struct arena *a, const struct http_reply *r) {
    if (r->stream) {
        struct buf b = { .arena = a };
        bool more = true;
        while (more) must(r->stream(r->stream_ctx, &b, &more), "stream");
        if (r->stream_done) r->stream_done(r->stream_ctx);
        return buf_str(&b);
    }
    if (r->file) {
        struct str all = read_file(a, r->file);
        if (r->file_delete) unlink(r->file);
        return all;
    }
    return str_dup(a, r->fixed.n ? r->fixed : r->body);
}

static struct answered refused(int status) {
    return (struct answered){ .status = status };
}

struct answered served_call(struct served *s, const struct call *call) {
    struct arena *a = arena_new();
    struct http_request req = { .body_n = 0 };
    struct http_reply reply = { .status = 0 };
    struct http_head head = head_of(a, call);
    struct answered out = refused(http_head_read(a, &head, &req));
    if (!out.status) {
        int64_t most = LIMIT_BODY;
        enum status let = OK;
        req.peer = S("127.0.0.1");
        req.received_ms = s->app->config.now_ms;
        if (req.body_n > LIMIT_BODY || http_is_multipart(&req)) {
            let = web_head(s->app, a, &req, &most);
            if (let == OK) req.body_file = body_to_file(s, a, call->body);
        } else {
            req.body = call->body;
        }
        if (let != OK) out = refused(http_status_of(let));
        if (let == OK) {
            web_serve(s->app, 0, a, &req, &reply);
            out.status = reply.status ? reply.status : 200;
            out.body = whole_body(s->arena, &reply);
            for (int i = 0; i < reply.headers.n; i++)
                http_pairs_add(s->arena, &out.headers, str_dup(s->arena, reply.headers.v[i].name),
                               str_dup(s->arena, reply.headers.v[i].value));
        }
        if (req.body_file) unlink(req.body_file);
    }
    arena_free(a);
    return out;
}

struct str answered_header(const struct answered *a, const char *name) {
    for (int i = 0; i < a->headers.n; i++)
        if (str_eq_ascii(a->headers.v[i].name, str_of(name))) return a->headers.v[i].value;
    return NO_STR;
}

/* --- Looking at the database --- */

static void add_cell(struct buf *b, const struct cell *c) {
    switch (c->type) {
    case CELL_NULL: buf_add_z(b, "NULL"); break;
    case CELL_INT: buf_printf(b, "%lld", (long long)c->i); break;
    case CELL_TEXT: buf_add(b, c->s); break;
    case CELL_BLOB: buf_add(b, str_hex(b->arena, c->s.p, c->s.n)); break;
    }
}

static struct rows query(struct tx *tx, struct str text) {
    struct rows r;
    enum status st = db_query_made(tx, text, &r, NULL, 0);
    must(st == OK ? OK : db_end(tx, st), text.p);
    return r;
}

static struct str rows_text(struct tx *tx, struct arena *a, struct str sql) {
    struct rows r = query(tx, sql);
    struct buf b = { .arena = a };
    for (int i = 0; i < r.n; i++) {
        for (int k = 0; k < r.columns_n; k++) {
            if (k) buf_add_z(&b, " | ");
            add_cell(&b, row_cell(&r, i, k));
        }
        buf_add_c(&b, '\n');
    }
    return buf_str(&b);
}

struct str served_rows(struct served *s, const char *columns, const char *table, const char *more) {
    struct tx *tx;
    must(db_read(s->app->db, s->arena, &tx), "db_read");
    struct str text =
        rows_text(tx, s->arena,
                  str_printf(s->arena, "SELECT %s FROM %s %s", columns, table, more ? more : ""));
    must(db_end(tx, OK), "db_end");
    return text;
}

static struct rows tables_of(struct tx *tx) {
    return query(tx, tx_is_pg(tx) ? S("SELECT tablename AS name FROM pg_tables WHERE "
                                      "schemaname = current_schema() ORDER BY 1")
                                  : S("SELECT name FROM sqlite_master "
                                      "WHERE type = 'table' ORDER BY 1"));
}

struct strs served_columns(struct served *s) {
    struct arena *a = s->arena;
    struct map seen = map_new(a);
    struct strs out = { NULL, 0 };
    struct tx *tx;
    must(db_read(s->app->db, a, &tx), "db_read");
    struct rows tables = tables_of(tx);
    for (int i = 0; i < tables.n; i++) {
        struct rows r = query(
            tx, str_printf(a, "SELECT * FROM \"%.*s\" LIMIT 1", SF(row_str(&tables, i, "name"))));
        for (int k = 0; k < r.columns_n; k++) {
            void **at = map_at(&seen, str_dup(a, str_of(r.names[k])));
            if (*at) continue;
            *at = s;
            out.v = arena_grow(a, out.v, (size_t)out.n * sizeof *out.v,
                               (size_t)(out.n + 1) * sizeof *out.v);
            out.v[out.n++] = str_dup(a, str_of(r.names[k]));
        }
    }
    must(db_end(tx, OK), "db_end");
    return out;
}

struct str served_digest(struct served *s) {
    struct arena *a = arena_new();
    struct tx *tx;
    struct sha256 h;
    unsigned char out[SHA256_N];
    must(db_read(s->app->db, a, &tx), "db_read");
    struct rows tables = tables_of(tx);
    if (tables.n < 20) fail_msg("only %d tables to look at", tables.n);
    sha256_begin(&h);
    for (int i = 0; i < tables.n; i++) {
        struct str name = row_str(&tables, i, "name");
        struct str sql = str_printf(a, "SELECT * FROM \"%.*s\" ORDER BY 1, 2", SF(name));
        if (str_starts(name, S("sort_value"))) sql = str_printf(a, "%.*s, 3", SF(sql));
        sha256_add(&h, name);
        sha256_add(&h, rows_text(tx, a, sql));
    }
    must(db_end(tx, OK), "db_end");
    sha256_end(&h, out);
    struct str hex = str_hex(s->arena, out, sizeof out);
    arena_free(a);
    return hex;
}
