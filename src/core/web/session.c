/* Sessions and API tokens (session.h). Called by serve.c before every handler and by the features
 * session, member, settings; calls app.c and the tables session and token. */
#include "core/web/session.h"

#include <pthread.h>

#include "core/app/secret.h"
#include "core/web/device.h"
#include "lib/base/clock.h"

enum { SEEN_EVERY_MS = 5 * 60 * 1000, SEEN_MAX = 512, TOKEN_BYTES = 32, CSRF_BYTES = 16 };
enum { FACTOR_NOT_ASKED, FACTOR_GIVEN, FACTOR_DUE }; /* session.factor */
#define TOKEN_PREFIX "dft_"

/* Notices that were not read, of clients whom one still sees; not counted beyond what a bell shows.
 */
#define UNREAD                                                                                     \
    "(SELECT count(*) FROM (SELECT 1 AS one FROM notice n WHERE n.member = m.id AND "              \
    "n.seen_at IS NULL AND (n.party IS NULL OR EXISTS (SELECT 1 FROM party p WHERE p.id = "        \
    "n.party AND p.deleted_at IS NULL AND (m.sees = 'all' OR p.responsible = m.id OR "             \
    "(m.sees = 'team' AND p.team = m.team)))) LIMIT 100) AS few) AS unread "
SQL(session_by_token,
    "SELECT s.id, s.csrf, s.seen_at, s.proved_at, s.factor, f.two_factor, "
    "CASE WHEN EXISTS (SELECT 1 FROM factor x WHERE x.member = m.id AND x.confirmed_at IS NOT "
    "NULL) "
    "THEN 1 ELSE 0 END AS factor_on, m.id AS member, m.name, m.email, m.role, m.sees, m.team, "
    "m.language, m.calendar, m.digits, m.first_weekday, m.zone, f.version + f.fields_version AS "
    "firm_version, (SELECT p.value FROM preference p WHERE p.member = m.id AND p.name = 'page') AS "
    "wishes, " UNREAD "FROM session s JOIN member m ON m.id = s.member JOIN firm f ON f.id = 1 "
    "WHERE s.token_hash = :hash AND s.expires_at > :now AND s.seen_at > :idle_since "
    "AND m.active = 1 AND m.deleted_at IS NULL");
SQL(token_by_token,
    "SELECT t.id, t.used_at AS seen_at, m.id AS member, m.name, m.email, m.role, m.sees, m.team, "
    "m.language, m.calendar, m.digits, m.first_weekday, m.zone, f.version + f.fields_version AS "
    "firm_version "
    "FROM token t JOIN member m ON m.id = t.member JOIN firm f ON f.id = 1 "
    "WHERE t.token_hash = :hash AND t.revoked_at IS NULL "
    "AND m.active = 1 AND m.deleted_at IS NULL");
SQL(session_insert,
    "INSERT INTO session (token_hash, member, csrf, created_at, seen_at, expires_at, "
    "user_agent, address, proved_at, factor) VALUES (:hash, :member, :csrf, :now, :now, :expires, "
    ":agent, :address, :now, :factor)");
SQL(session_binding,
    "SELECT f.two_factor, m.role, "
    "CASE WHEN EXISTS (SELECT 1 FROM factor x WHERE x.member = m.id AND x.confirmed_at IS NOT "
    "NULL) "
    "THEN 1 ELSE 0 END AS factor_on FROM member m JOIN firm f ON f.id = 1 WHERE m.id = :member");
SQL(session_factor_must, "UPDATE session SET factor = 2 WHERE id = :id");
SQL(session_prove, "UPDATE session SET proved_at = :now WHERE id = :id");
SQL(session_factor, "UPDATE session SET factor = 1, proved_at = :now WHERE id = :id");
SQL(session_delete, "DELETE FROM session WHERE id = :id AND member = :member");
SQL(session_delete_all, "DELETE FROM session WHERE member = :member AND id <> :keep");
SQL(session_delete_old, "DELETE FROM session WHERE id IN (SELECT id FROM session "
                        "WHERE expires_at <= :now OR seen_at <= :idle_since LIMIT 1000)");
SQL(session_of_member, "SELECT id, created_at, seen_at, user_agent, address FROM session "
                       "WHERE member = :member AND expires_at > :now AND seen_at > :idle_since "
                       "ORDER BY seen_at DESC, id DESC LIMIT 200");
SQL(session_seen, "UPDATE session SET seen_at = :now WHERE id = :id AND seen_at < :now");
SQL(token_insert, "INSERT INTO token (token_hash, member, name, created_at) "
                  "VALUES (:hash, :member, :name, :now)");
SQL(token_revoke_one, "UPDATE token SET revoked_at = :now "
                      "WHERE id = :id AND member = :member AND revoked_at IS NULL");
SQL(token_revoke_member, "UPDATE token SET revoked_at = :now "
                         "WHERE member = :member AND revoked_at IS NULL");
SQL(token_of_member, "SELECT id, name, created_at, used_at FROM token "
                     "WHERE member = :member AND revoked_at IS NULL ORDER BY id DESC LIMIT 200");
SQL(token_seen, "UPDATE token SET used_at = :now WHERE id = :id");

/* --- What must be written about use, later --- */

struct seen_one {
    bool token;
    int64_t id, at;
};
struct seen {
    pthread_mutex_t lock;
    struct seen_one v[SEEN_MAX];
    int n;
};

struct seen *seen_new(void) {
    struct seen *s = calloc(1, sizeof *s);
    if (!s) BUG("out of memory");
    pthread_mutex_init(&s->lock, NULL);
    return s;
}

void seen_free(struct seen *s) {
    if (!s) return;
    pthread_mutex_destroy(&s->lock);
    free(s);
}

/* Full: left out; the next request of that session asks again. */
static void seen_note(struct seen *s, bool token, int64_t id, int64_t at) {
    if (!s) return;
    pthread_mutex_lock(&s->lock);
    int i = 0;
    while (i < s->n && (s->v[i].id != id || s->v[i].token != token)) i++;
    if (i == s->n && s->n < SEEN_MAX) s->v[s->n++] = (struct seen_one){ token, id, at };
    pthread_mutex_unlock(&s->lock);
}

enum status seen_write(struct app *app, struct arena *a) {
    struct seen *s = app->seen;
    if (!s) return OK;
    pthread_mutex_lock(&s->lock);
    int n = s->n;
    struct seen_one *v = arena_array(a, struct seen_one, n ? n : 1);
    if (n) memcpy(v, s->v, (size_t)n * sizeof *v);
    s->n = 0;
    pthread_mutex_unlock(&s->lock);
    if (n == 0) return OK;
    struct tx *tx;
    TRY(db_write(app->db, a, &tx));
    enum status how = OK;
    for (int i = 0; i < n && how == OK; i++)
        how = db_run(tx, v[i].token ? &token_seen : &session_seen, P("id", v[i].id),
                     P("now", v[i].at));
    return db_end(tx, how);
}

/* --- Finding --- */

static const char *cookie_name(const struct app *app) {
    return app->config.https ? "__Host-daftar" : "daftar";
}

static enum status take_member(struct req *r, const struct rows *rows) {
    struct member_who *w = &r->c.who;
    const struct firm *firm;
    TRY(app_firm(r->app, r->c.tx, row_int(rows, 0, "firm_version"), &firm));
    w->id = row_int(rows, 0, "member");
    w->team = row_int(rows, 0, "team");
    w->name = row_str(rows, 0, "name");
    w->email = row_str(rows, 0, "email");
    if (!role_of(row_str(rows, 0, "role"), &w->role)) return BROKEN;
    if (!sees_of(row_str(rows, 0, "sees"), &w->sees)) return BROKEN;
    app_choose(r->app, &r->c, firm, row_str(rows, 0, "language"), row_str(rows, 0, "calendar"),
               row_str(rows, 0, "digits"), row_int(rows, 0, "first_weekday"),
               row_str(rows, 0, "zone"));
    return OK;
}

enum status session_find(struct req *r) {
    struct str cookie = http_cookie(r->c.arena, r->http, cookie_name(r->app));
    if (cookie.n != (TOKEN_BYTES * 8 + 5) / 6) return OK;
    struct rows rows;
    int64_t now = r->c.now_ms;
    TRY(db_query(r->c.tx, &session_by_token, &rows, P("hash", sha256_blob(r->c.arena, cookie)),
                 P("now", now), P("idle_since", now - SESSION_IDLE_MS)));
    if (rows.n == 0) return OK;
    TRY(take_member(r, &rows));
    r->session = row_int(&rows, 0, "id");
    r->csrf = row_str(&rows, 0, "csrf");
    r->notices_n = row_int(&rows, 0, "unread");
    r->wishes = page_wishes_of(row_str(&rows, 0, "wishes"));
    r->proved_at = row_int(&rows, 0, "proved_at");
    r->factor_on = row_int(&rows, 0, "factor_on") != 0;
    r->factor_due = row_int(&rows, 0, "factor") == FACTOR_DUE && !r->factor_on &&
                    factor_binds(row_str(&rows, 0, "two_factor"), r->c.who.role);
    if (row_int(&rows, 0, "seen_at") < now - SEEN_EVERY_MS)
        seen_note(r->app->seen, false, r->session, now);
    return OK;
}

enum status token_find(struct req *r) {
    struct str given = http_header(r->http, "authorization");
    struct str scheme = str_sub(given, 0, 7);
    if (!str_eq_ascii(scheme, S("bearer "))) return SIGNED_OUT;
    struct str token = str_trim(str_sub(given, 7, given.n));
    if (!str_starts(token, S(TOKEN_PREFIX)) || token.n > 100) return SIGNED_OUT;
    struct rows rows;
    TRY(db_query(r->c.tx, &token_by_token, &rows, P("hash", sha256_blob(r->c.arena, token))));
    if (rows.n == 0) return SIGNED_OUT;
    TRY(take_member(r, &rows));
    r->token = row_int(&rows, 0, "id");
    if (row_int(&rows, 0, "seen_at") < r->c.now_ms - SEEN_EVERY_MS)
        seen_note(r->app->seen, true, row_int(&rows, 0, "id"), r->c.now_ms);
    return OK;
}

/* --- Beginning and ending --- */

static void set_cookie(struct req *r, struct str value, int64_t max_age_s) {
    struct str text = str_printf(
        r->c.arena, "%s=%.*s; Path=/; Max-Age=%lld; HttpOnly; SameSite=Lax%s", cookie_name(r->app),
        SF(value), (long long)max_age_s, r->app->config.https ? "; Secure" : "");
    http_pairs_add(r->c.arena, &r->headers, S("Set-Cookie"), text);
}

/* At most n bytes, whole characters. */
static struct str cut(struct str s, size_t n) {
    if (s.n <= n) return s;
    while (n && ((unsigned char)s.p[n] & 0xC0) == 0x80) n--;
    return str_sub(s, 0, n);
}

bool factor_binds(struct str two_factor, enum role role) {
    return str_eq_z(two_factor, "everyone") ||
           (str_eq_z(two_factor, "owners") && role == ROLE_OWNER);
}

/* Asked of the database: whoever signs in is not r's person yet. */
static enum status factor_state(struct ctx *c, int64_t member, bool given, int *out) {
    struct rows r;
    enum role role;
    *out = given ? FACTOR_GIVEN : FACTOR_NOT_ASKED;
    if (given) return OK;
    TRY(db_query(c->tx, &session_binding, &r, P("member", member)));
    if (r.n == 0 || !role_of(row_str(&r, 0, "role"), &role)) return MISSING;
    if (row_int(&r, 0, "factor_on") == 0 && factor_binds(row_str(&r, 0, "two_factor"), role))
        *out = FACTOR_DUE;
    return OK;
}

enum status session_start(struct req *r, int64_t member, bool factor_given) {
    struct ctx *c = &r->c;
    int factor;
    TRY(factor_state(c, member, factor_given, &factor));
    if (r->session) { /* gone meanwhile is as good */
        enum status s = session_end(c, c->who.id, r->session);
        if (s != OK && s != MISSING) return s;
    }
    struct str token = random_token(c->arena, TOKEN_BYTES);
    struct str csrf = random_token(c->arena, CSRF_BYTES);
    TRY(db_run(c->tx, &session_insert, P("hash", sha256_blob(c->arena, token)), P("member", member),
               P("csrf", csrf), P("now", c->now_ms), P("expires", c->now_ms + SESSION_WHOLE_MS),
               P("agent", cut(http_header(r->http, "user-agent"), 300)), P("address", r->peer),
               P("factor", factor)));
    set_cookie(r, token, SESSION_WHOLE_MS / 1000);
    r->csrf = csrf;
    return device_keep(r, member);
}

enum status session_proved(struct req *r) {
    r->proved_at = r->c.now_ms;
    return db_run(r->c.tx, &session_prove, P("id", r->session), P("now", r->c.now_ms));
}

enum status session_factor_given(struct req *r) {
    r->proved_at = r->c.now_ms;
    return db_run(r->c.tx, &session_factor, P("id", r->session), P("now", r->c.now_ms));
}

enum status session_factor_gone(struct req *r) {
    return db_run(r->c.tx, &session_factor_must, P("id", r->session));
}

void session_forget_cookie(struct req *r) {
    set_cookie(r, S(""), 0);
}

enum status session_end(struct ctx *c, int64_t member, int64_t session) {
    TRY(db_run(c->tx, &session_delete, P("id", session), P("member", member)));
    return db_changed(c->tx) ? OK : MISSING;
}

enum status session_end_all(struct ctx *c, int64_t member, int64_t keep) {
    return db_run(c->tx, &session_delete_all, P("member", member), P("keep", keep));
}

enum status session_clean(struct app *app, struct arena *a) {
    struct tx *tx;
    int64_t now = clock_now_ms();
    TRY(db_write(app->db, a, &tx));
    return db_end(
        tx, db_run(tx, &session_delete_old, P("now", now), P("idle_since", now - SESSION_IDLE_MS)));
}

enum status token_start(struct ctx *c, int64_t member, struct str name, struct str *text) {
    struct str secret = random_token(c->arena, TOKEN_BYTES);
    *text = str_printf(c->arena, TOKEN_PREFIX "%.*s", SF(secret));
    return db_run(c->tx, &token_insert, P("hash", sha256_blob(c->arena, *text)),
                  P("member", member), P("name", name), P("now", c->now_ms));
}

enum status token_revoke(struct ctx *c, int64_t member, int64_t token) {
    TRY(db_run(c->tx, &token_revoke_one, P("id", token), P("member", member), P("now", c->now_ms)));
    return db_changed(c->tx) ? OK : MISSING;
}

enum status token_revoke_all(struct ctx *c, int64_t member) {
    return db_run(c->tx, &token_revoke_member, P("member", member), P("now", c->now_ms));
}

enum status session_list(struct ctx *c, int64_t member, int64_t current, struct session_rows *out) {
    struct rows r;
    TRY(db_query(c->tx, &session_of_member, &r, P("member", member), P("now", c->now_ms),
                 P("idle_since", c->now_ms - SESSION_IDLE_MS)));
    out->n = r.n;
    out->v = arena_array(c->arena, struct session_row, r.n ? r.n : 1);
    for (int i = 0; i < r.n; i++)
        out->v[i] = (struct session_row){
            .id = row_int(&r, i, "id"),
            .created_at = row_int(&r, i, "created_at"),
            .seen_at = row_int(&r, i, "seen_at"),
            .user_agent = row_str(&r, i, "user_agent"),
            .address = row_str(&r, i, "address"),
            .current = row_int(&r, i, "id") == current,
        };
    return OK;
}

enum status token_list(struct ctx *c, int64_t member, struct token_rows *out) {
    struct rows r;
    TRY(db_query(c->tx, &token_of_member, &r, P("member", member)));
    out->n = r.n;
    out->v = arena_array(c->arena, struct token_row, r.n ? r.n : 1);
    for (int i = 0; i < r.n; i++)
        out->v[i] = (struct token_row){ .id = row_int(&r, i, "id"),
                                        .created_at = row_int(&r, i, "created_at"),
                                        .used_at = row_int(&r, i, "used_at"),
                                        .name = row_str(&r, i, "name") };
    return OK;
}

/* "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) …Firefox/128.0": the parts that people know. */
struct str session_browser(struct ctx *c, struct str agent) {
    static const char *const browsers[][2] = {
        { "Firefox/", "Firefox" }, { "FxiOS/", "Firefox" }, { "Edg/", "Edge" },
        { "EdgA/", "Edge" },       { "OPR/", "Opera" },     { "SamsungBrowser/", "Samsung" },
        { "Chrome/", "Chrome" },   { "CriOS/", "Chrome" },  { "Safari/", "Safari" },
        { "curl/", "curl" },
    };
    static const char *const systems[][2] = {
        { "Android", "Android" }, { "iPhone", "iPhone" }, { "iPad", "iPad" },
        { "Windows", "Windows" }, { "CrOS", "ChromeOS" }, { "Mac OS X", "macOS" },
        { "Linux", "Linux" },
    };
    const char *browser = NULL, *on = NULL;
    for (int i = 0; i < (int)(sizeof browsers / sizeof *browsers) && !browser; i++)
        if (str_find(agent, str_of(browsers[i][0])) >= 0) browser = browsers[i][1];
    for (int i = 0; i < (int)(sizeof systems / sizeof *systems) && !on; i++)
        if (str_find(agent, str_of(systems[i][0])) >= 0) on = systems[i][1];
    if (!browser) return on ? str_of(on) : str_of(T(c, "Unknown browser"));
    return on ? str_printf(c->arena, "%s · %s", browser, on) : str_of(browser);
}
