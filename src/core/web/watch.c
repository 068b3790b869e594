/* A reply that is still being made ends with the right to it (T-33): streams look twice a second
 * whether the session or the token that asked for them is alive, and are cut when it is not. Called
 * by answer.c; calls the tables session and token. */
#include "core/web/gate.h"
#include "core/web/session.h"
#include "lib/base/clock.h"

enum { EVERY_US = 500 * 1000 };

SQL(watch_session, "SELECT s.id FROM session s JOIN member m ON m.id = s.member WHERE s.id = :id "
                   "AND m.active = 1 AND m.deleted_at IS NULL");
SQL(watch_token, "SELECT t.id FROM token t JOIN member m ON m.id = t.member WHERE t.id = :id "
                 "AND t.revoked_at IS NULL AND m.active = 1 AND m.deleted_at IS NULL");

struct watched {
    struct app *app;
    struct arena *arena;
    const struct sql *sql;
    int64_t id, looked_us;
    enum status (*stream)(void *ctx, struct buf *out, bool *more);
    void (*done)(void *ctx);
    void *ctx;
};

static enum status look(struct watched *w) {
    int64_t now = clock_mono_us();
    struct tx *tx;
    struct rows r;
    if (now - w->looked_us < EVERY_US) return OK;
    w->looked_us = now;
    arena_reset(w->arena);
    TRY(db_read(w->app->db, w->arena, &tx));
    enum status s = db_query(tx, w->sql, &r, P("id", w->id));
    if (s == OK && r.n == 0) s = SIGNED_OUT;
    return db_end(tx, s);
}

static enum status piece(void *ctx, struct buf *out, bool *more) {
    struct watched *w = ctx;
    TRY(look(w));
    return w->stream(w->ctx, out, more);
}

static void over(void *ctx) {
    struct watched *w = ctx;
    if (w->done) w->done(w->ctx);
    arena_free(w->arena);
    free(w);
}

void watch_stream(struct gate *g, struct http_reply *out) {
    const struct req *r = &g->r;
    if (!out->stream || (!r->session && !r->token)) return;
    struct watched *w = calloc(1, sizeof *w);
    if (!w) BUG("out of memory");
    *w = (struct watched){ .app = r->app,
                           .arena = arena_new(),
                           .sql = r->session ? &watch_session : &watch_token,
                           .id = r->session ? r->session : r->token,
                           .looked_us = clock_mono_us(),
                           .stream = out->stream,
                           .done = out->stream_done,
                           .ctx = out->stream_ctx };
    out->stream = piece;
    out->stream_ctx = w;
    out->stream_done = over;
}
