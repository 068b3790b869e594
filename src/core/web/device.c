/* Known browsers (device.h). Called by sign-in and by those who end access; the one file that
 * touches the table device. */
#include "core/web/device.h"

#include "core/app/app.h"
#include "core/app/secret.h"

enum { TOKEN_BYTES = 32, DEVICES_MAX = 20, COOKIE_S = 365 * 24 * 3600 };

SQL(device_by_token, "SELECT id FROM device WHERE token_hash = :hash AND member = :member");
SQL(device_anyone, "SELECT id FROM device WHERE token_hash = :hash LIMIT 1");
SQL(device_put,
    "INSERT INTO device (token_hash, member, created_at, seen_at) VALUES (:hash, :member, :now, "
    ":now) ON CONFLICT (token_hash, member) DO UPDATE SET seen_at = excluded.seen_at");
SQL(device_trim, "DELETE FROM device WHERE member = :member AND id NOT IN "
                 "(SELECT id FROM device WHERE member = :member ORDER BY seen_at DESC, id DESC "
                 "LIMIT :most)");
SQL(device_delete_all, "DELETE FROM device WHERE member = :member");

static const char *cookie_name(const struct app *app) {
    return app->config.https ? "__Host-daftar_device" : "daftar_device";
}

static struct str given(struct req *r) {
    struct str s = http_cookie(r->c.arena, r->http, cookie_name(r->app));
    return s.n == (TOKEN_BYTES * 8 + 5) / 6 ? s : NO_STR;
}

enum status device_find(struct req *r, struct ctx *c, int64_t member, int64_t *id) {
    struct rows rows;
    struct str token = given(r);
    *id = 0;
    if (!token.n) return OK;
    TRY(db_query(c->tx, &device_by_token, &rows, P("hash", sha256_blob(c->arena, token)),
                 P("member", member)));
    if (rows.n) *id = row_int(&rows, 0, "id");
    return OK;
}

/* A browser that several members share keeps its one token; a token that is not ours is replaced.
 */
enum status device_keep(struct req *r, int64_t member) {
    struct ctx *c = &r->c;
    struct rows rows = { .n = 0 };
    struct str token = given(r);
    if (token.n)
        TRY(db_query(c->tx, &device_anyone, &rows, P("hash", sha256_blob(c->arena, token))));
    if (rows.n == 0) token = random_token(c->arena, TOKEN_BYTES);
    TRY(db_run(c->tx, &device_put, P("hash", sha256_blob(c->arena, token)), P("member", member),
               P("now", c->now_ms)));
    TRY(db_run(c->tx, &device_trim, P("member", member), P("most", DEVICES_MAX)));
    struct str cookie = str_printf(
        c->arena, "%s=%.*s; Path=/; Max-Age=%d; HttpOnly; SameSite=Lax%s", cookie_name(r->app),
        SF(token), COOKIE_S, r->app->config.https ? "; Secure" : "");
    http_pairs_add(c->arena, &r->headers, S("Set-Cookie"), cookie);
    return OK;
}

enum status device_forget_all(struct ctx *c, int64_t member) {
    return db_run(c->tx, &device_delete_all, P("member", member));
}
