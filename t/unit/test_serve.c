/* The gate, from a request to its reply, in this process: hosts, first start, rights by the table
 * of routes, CSRF, headers, static files, running again, showing a form again. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <zlib.h>

#include "core/web/assets.h"
#include "core/web/router.h"
#include "core/web/serve.h"
#include "features/setup/setup.h"
#include "lib/base/buf.h"
#include "visitor.h"

static struct place place_of(bool pg) {
    struct place p = { .app = NULL };
    place_open(&p, pg);
    return p;
}

static void has(const struct answer_seen *a, const char *name, const char *value) {
    struct str is = answer_header(a, name);
    if (!str_eq_z(is, value)) fail_msg("%s is “%.*s”", name, SF(is));
}

static void check_common(const struct answer_seen *a) {
    has(a, "Content-Security-Policy",
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'");
    has(a, "X-Content-Type-Options", "nosniff");
    has(a, "Referrer-Policy", "no-referrer");
    has(a, "Cross-Origin-Opener-Policy", "same-origin");
    has(a, "Cross-Origin-Resource-Policy", "same-origin");
    if (a->body.n) assert_true(a->type.n > 0);
}

/* --- T-23 --- */

static enum status make_link(struct ctx *c, void *arg) {
    return setup_link(c, arg);
}

SQL(test_links_old, "UPDATE link SET expires_at = 1");
SQL(test_members_n, "SELECT count(*) AS n FROM member");
SQL(test_categories_n, "SELECT count(*) AS n FROM category");

static enum status age_links(struct ctx *c, void *arg) {
    (void)arg;
    return db_run(c->tx, &test_links_old);
}

#define SETUP_FORM "firm=Studio&name=Sara&email=sara%40example.com&password=correct+horse+battery"

static void first_start(bool pg) {
    struct place p = place_of(pg);
    struct visitor v = visitor_of(&p, 0);
    static const char *const closed[] = { "/",          "/sign-in",  "/clients",        "/health",
                                          "/nowhere",   "/settings", "/api/v1/parties", "/welcome",
                                          "/password/x" };
    for (size_t i = 0; i < sizeof closed / sizeof *closed; i++) {
        struct answer_seen a = visit(&v, HTTP_GET, closed[i]);
        assert_int_equal(a.status, 503);
        check_common(&a);
        bool json = str_starts(str_of(closed[i]), S("/api/"));
        assert_true(str_starts(a.type, json ? S("application/problem+json") : S("text/html")));
    }
    assert_int_equal(visit_form(&v, "/sign-in", "email=a&password=b").status, 503);
    assert_int_equal(visit(&v, HTTP_GET, "/setup/wrong").status, 404);
    assert_int_equal(visit_form(&v, "/setup/wrong", SETUP_FORM).status, 404);

    struct str old, token;
    place_write(&p, OK, make_link, &old);
    place_write(&p, OK, age_links, NULL);
    const char *old_path = str_printf(p.arena, "/setup/%.*s", SF(old)).p;
    assert_int_equal(visit(&v, HTTP_GET, old_path).status, 404);
    place_write(&p, OK, make_link, &token);
    const char *path = str_printf(p.arena, "/setup/%.*s", SF(token)).p;
    assert_int_equal(visit(&v, HTTP_GET, old_path).status, 404);
    struct answer_seen a = visit(&v, HTTP_GET, path);
    assert_int_equal(a.status, 200);
    assert_true(answer_says(&a, "name=\"password\""));

    /* refused: nothing is made, what was typed stays, the password does not come back */
    a = visit_form(&v, path, "firm=Studio&name=Sara&email=nonsense&password=correct+horse+battery");
    assert_int_equal(a.status, 422);
    assert_true(answer_says(&a, "value=\"nonsense\""));
    assert_false(answer_says(&a, "battery"));
    a = visit_form(&v, path, "firm=Studio&name=Sara&email=sara%40example.com&password=password123");
    assert_int_equal(a.status, 422);
    assert_int_equal(place_number(&p, &test_members_n), 0);

    a = visit_form(&v, path, SETUP_FORM);
    assert_int_equal(a.status, 303);
    assert_string_equal(str_z(p.arena, a.location), "/welcome");
    assert_true(v.cookie.n > 40);
    assert_int_equal(place_number(&p, &test_members_n), 1);
    assert_int_equal(place_number(&p, &test_categories_n), 4);
    assert_int_equal(visit(&v, HTTP_GET, path).status, 404);
    assert_int_equal(visit_form(&v, path, SETUP_FORM).status, 404);
    assert_int_equal(place_number(&p, &test_members_n), 1);

    a = visit(&v, HTTP_GET, "/"); /* the welcome comes first */
    assert_int_equal(a.status, 303);
    assert_string_equal(str_z(p.arena, a.location), "/welcome");
    assert_int_equal(visit(&v, HTTP_GET, "/welcome").status, 200);
    struct visitor stranger = visitor_of(&p, 0);
    assert_int_equal(visit(&stranger, HTTP_GET, "/health").status, 200);
    place_close(&p);
}

static void test_first_start(void **state) {
    (void)state;
    first_start(false);
}

static void test_first_start_postgres(void **state) {
    (void)state;
    if (!getenv("DAFTAR_TEST_PG")) {
        print_message("skipped: DAFTAR_TEST_PG is not set\n");
        skip();
    }
    first_start(true);
}

/* --- Hosts (T-24) --- */

static void test_hosts(void **state) {
    (void)state;
    static const struct {
        const char *host;
        int status;
    } cases[] = {
        { "localhost", 200 },
        { "localhost:8410", 200 },
        { "LocalHost:1", 200 },
        { "127.0.0.1", 200 },
        { "127.0.0.1:8410", 200 },
        { "192.168.1.20:80", 200 },
        { "[::1]:8410", 200 },
        { "[::1]", 200 },
        { "crm.example", 200 },
        { "CRM.example:443", 200 },
        { "evil.example", 421 },
        { "crm.example.evil", 421 },
        { "ok.example:80@evil", 421 },
        { "localhost.evil", 421 },
        { "", 421 },
        { "[evil]", 421 },
        { "1.2.3.4.evil", 421 },
        { "localhost:80:80", 421 },
    };
    static const char *const names[] = { "crm.example" };
    struct place p = { .config = { .hosts = names, .hosts_n = 1 } };
    place_open(&p, false);
    place_set_up(&p);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct visitor v = visitor_of(&p, 0);
        v.host = cases[i].host;
        visitor_header(&v, "x-forwarded-host", "localhost");
        struct answer_seen a = visit(&v, HTTP_GET, "/sign-in");
        if (a.status != cases[i].status) fail_msg("“%s”: %d", cases[i].host, a.status);
        assert_false(answer_says(&a, "evil"));
    }
    place_close(&p);
}

/* --- Every route, every role, by the table --- */

static const char *target_of(struct arena *a, const char *pattern) {
    struct buf b = { .arena = a };
    struct str rest = str_of(pattern), piece;
    while (str_cut(&rest, '/', &piece)) {
        if (piece.n == 0) continue;
        buf_add_c(&b, '/');
        if (str_eq(piece, S("{id}")))
            buf_add(&b, S("999999"));
        else if (piece.p[0] == '{')
            buf_add(&b, S("unknown"));
        else
            buf_add(&b, piece);
    }
    if (b.n == 0) buf_add_c(&b, '/');
    return b.p;
}

static struct answer_seen call(struct visitor *v, const struct route *t, const char *csrf) {
    struct arena *a = v->place->arena;
    const char *target = target_of(a, t->pattern);
    struct str body = str_printf(a, "csrf=%s", csrf);
    if (t->method == HTTP_GET) return visit(v, HTTP_GET, target);
    if (t->flags & ROUTE_UPLOAD) target = str_printf(a, "%s?csrf=%s", target, csrf).p;
    return visit_with(v, t->method, target, "application/x-www-form-urlencoded", body);
}

static void check_role(struct place *p, const struct route *t, enum role role) {
    static const int64_t member_of[] = { 0, 4, 5, 3, 2, 1 }; /* by role */
    struct visitor v = visitor_of(p, member_of[role]);
    struct str before = place_state(p);
    struct answer_seen a = call(&v, t, str_z(p->arena, v.csrf));
    bool may = (int)role >= (int)t->need;
    bool page = t->method == HTTP_GET && !(t->flags & ROUTE_QUIET);
    check_common(&a);
    if (!may && role == ROLE_NONE) {
        if (a.status != (page ? 303 : 401)) fail_msg("%s, nobody: %d", t->pattern, a.status);
        if (page) assert_true(str_starts(a.location, S("/sign-in")));
    } else if (!may) {
        if (a.status != 403) fail_msg("%s, role %d: %d", t->pattern, role, a.status);
    } else if (a.status == 403 || a.status == 401 || a.status >= 500) {
        fail_msg("%s, role %d, who may: %d", t->pattern, role, a.status);
    }
    if (!may && !str_eq(before, place_state(p))) fail_msg("%s changed something", t->pattern);
}

static void test_every_route_and_role(void **state) {
    (void)state;
    struct place p = place_of(false);
    place_set_up(&p);
    int checked = 0;
    for (int i = 0; i < app_routes_n(); i++)
        for (int k = 0; k < app_routes(i)->n; k++) {
            const struct route *t = &app_routes(i)->v[k];
            if (t->flags & (ROUTE_API | ROUTE_SET_UP)) continue;
            for (int role = ROLE_NONE; role <= ROLE_OWNER; role++)
                check_role(&p, t, (enum role)role);
            checked++;
        }
    assert_true(checked > 30);
    place_close(&p);
}

/* --- T-26: every route that changes something, with everything but the right token --- */

static void refused(struct place *p, const struct route *t, const char *how, struct answer_seen a,
                    struct str before) {
    if (a.status != 403) fail_msg("%s, %s: %d", t->pattern, how, a.status);
    if (!str_eq(before, place_state(p))) fail_msg("%s, %s: something changed", t->pattern, how);
}

static void check_csrf(struct place *p, const struct route *t) {
    struct visitor v = visitor_of(p, 1), other_session = visitor_of(p, 1), other = visitor_of(p, 2);
    struct arena *a = p->arena;
    const char *target = target_of(a, t->pattern), *own = str_z(a, v.csrf);
    struct str before = place_state(p);
    if (!(t->flags & ROUTE_NO_CSRF)) {
        refused(p, t, "without token",
                visit_with(&v, t->method, target, "application/x-www-form-urlencoded", S("a=b")),
                before);
        refused(p, t, "empty token", call(&v, t, ""), before);
        refused(p, t, "another session's", call(&v, t, str_z(a, other_session.csrf)), before);
        refused(p, t, "another member's", call(&v, t, str_z(a, other.csrf)), before);
        refused(p, t, "JSON as text",
                visit_with(&v, t->method, target, "text/plain",
                           str_printf(a, "{\"csrf\":\"%s\"}", own)),
                before);
    }
    static const char *const wrong[][2] = {
        { "sec-fetch-site", "cross-site" },  { "sec-fetch-site", "same-site" },
        { "origin", "http://evil.example" }, { "origin", "nonsense" },
        { "origin", "http://localhost:1" },  { "origin", "http://localhost.evil" }
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct visitor w = v;
        w.more = (struct http_pairs){ .v = NULL };
        visitor_header(&w, wrong[i][0], wrong[i][1]);
        refused(p, t, wrong[i][1], call(&w, t, own), before);
    }
    /* our own pages send no referrer, so a browser writes null for the origin: the token decides */
    if (!(t->flags & ROUTE_NO_CSRF)) {
        struct visitor w = v;
        w.more = (struct http_pairs){ .v = NULL };
        visitor_header(&w, "origin", "null");
        refused(p, t, "null and no token", call(&w, t, "x"), before);
    }
    visitor_header(&v, "sec-fetch-site", "same-origin");
    visitor_header(&v, "origin", "null");
    struct answer_seen good = call(&v, t, own);
    if (good.status == 403) fail_msg("%s: the right token is refused", t->pattern);
}

static void test_csrf_of_every_route(void **state) {
    (void)state;
    struct place p = place_of(false);
    place_set_up(&p);
    for (int i = 0; i < app_routes_n(); i++)
        for (int k = 0; k < app_routes(i)->n; k++) {
            const struct route *t = &app_routes(i)->v[k];
            if (t->method == HTTP_GET || (t->flags & (ROUTE_API | ROUTE_SET_UP))) continue;
            check_csrf(&p, t);
        }
    place_close(&p);
}

/* GET and HEAD change nothing, whoever asks. */
static void test_get_changes_nothing(void **state) {
    (void)state;
    struct place p = place_of(false);
    place_set_up(&p);
    struct visitor v = visitor_of(&p, 1);
    struct str before = place_state(&p);
    for (int i = 0; i < app_routes_n(); i++)
        for (int k = 0; k < app_routes(i)->n; k++) {
            const struct route *t = &app_routes(i)->v[k];
            if (t->method != HTTP_GET) continue;
            (void)visit(&v, HTTP_GET, target_of(p.arena, t->pattern));
            (void)visit(&v, HTTP_HEAD, target_of(p.arena, t->pattern));
            if (!str_eq(before, place_state(&p))) fail_msg("%s changed something", t->pattern);
        }
    place_close(&p);
}

/* --- Small things of the gate --- */

static void test_paths_and_methods(void **state) {
    (void)state;
    struct place p = place_of(false);
    place_set_up(&p);
    struct visitor v = visitor_of(&p, 1);
    assert_int_equal(visit(&v, HTTP_GET, "/settings/").status, 404);
    assert_int_equal(visit(&v, HTTP_GET, "/Settings").status, 404);
    assert_int_equal(visit(&v, HTTP_GET, "/setup/x").status, 404);
    struct answer_seen a = visit(&v, HTTP_DELETE, "/settings");
    assert_int_equal(a.status, 405);
    has(&a, "Allow", "GET, HEAD");
    a = visit(&v, HTTP_HEAD, "/settings");
    assert_int_equal(a.status, 200);
    has(&a, "Cache-Control", "no-store");
    assert_int_equal(visit(&v, HTTP_GET, "/echo/date?text=1&text=2").status, 400);
    a = visit(&v, HTTP_GET, "/api/v1/nothing/here");
    assert_int_equal(a.status, 404);
    assert_string_equal(str_z(p.arena, a.type), "application/problem+json");
    assert_true(answer_says(&a, "\"status\":404"));
    /* the cookie opens no door of the API */
    struct visitor fragment = visitor_of(&p, 0);
    visitor_header(&fragment, "hx-request", "true");
    a = visit(&fragment, HTTP_GET, "/settings");
    assert_int_equal(a.status, 401);
    has(&a, "HX-Redirect", "/sign-in");
    assert_false(answer_says(&a, "<html"));
    place_close(&p);
}

static void test_languages(void **state) {
    (void)state;
    static const struct {
        const char *accept, *target, *lang;
    } cases[] = {
        { "fa-IR,fa;q=0.9,en;q=0.8", "/sign-in", "<html lang=\"fa\" dir=\"rtl\">" },
        { "de,fr;q=0.5,en;q=0.4", "/sign-in", "<html lang=\"fr\" dir=\"ltr\">" },
        { "AR-sa", "/sign-in", "<html lang=\"ar\" dir=\"rtl\">" },
        { "en;q=0.1, ar;q=0.2", "/sign-in", "<html lang=\"ar\" dir=\"rtl\">" },
        { "fr;q=0, de", "/sign-in", "<html lang=\"en\" dir=\"ltr\">" },
        { "frx", "/sign-in", "<html lang=\"en\" dir=\"ltr\">" },
        { "", "/sign-in", "<html lang=\"en\" dir=\"ltr\">" },
        { ";;;,q=,=", "/sign-in", "<html lang=\"en\" dir=\"ltr\">" },
        { "fa", "/sign-in?language=fr", "<html lang=\"fr\" dir=\"ltr\">" },
        { "fa", "/sign-in?language=xx", "<html lang=\"fa\" dir=\"rtl\">" },
    };
    struct place p = place_of(false);
    place_set_up(&p);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct visitor v = visitor_of(&p, 0);
        visitor_header(&v, "accept-language", cases[i].accept);
        struct answer_seen a = visit(&v, HTTP_GET, cases[i].target);
        if (!answer_says(&a, cases[i].lang))
            fail_msg("“%s”: not %s", cases[i].accept, cases[i].lang);
    }
    place_close(&p);
}

static void test_static_files(void **state) {
    (void)state;
    struct place p = place_of(false);
    struct visitor v = visitor_of(&p, 0); /* also before the set-up: its page needs the sheet */
    const char *path = asset_path("app.css");
    struct answer_seen a = visit(&v, HTTP_GET, path);
    assert_int_equal(a.status, 200);
    has(&a, "Cache-Control", "public, max-age=31536000, immutable");
    has(&a, "Vary", "Accept-Encoding");
    check_common(&a);
    size_t raw = a.body.n;
    struct str etag = answer_header(&a, "ETag");
    visitor_header(&v, "accept-encoding", "gzip, br");
    a = visit(&v, HTTP_GET, path);
    has(&a, "Content-Encoding", "br");
    assert_true(a.body.n * 3 < raw);
    visitor_header(&v, "if-none-match", str_z(p.arena, etag));
    a = visit(&v, HTTP_GET, path);
    assert_int_equal(a.status, 304);
    assert_int_equal(a.body.n, 0);
    assert_int_equal(visit(&v, HTTP_GET, "/assets/app.0000000000.css").status, 503);
    place_close(&p);
}

/* --- Running again, showing again: with routes of the test's own --- */

SQL(test_note,
    "INSERT INTO tag (name, name_key, created_at, changed_at) VALUES (:name, :name, 0, 0)");
SQL(test_tags_n, "SELECT count(*) AS n FROM tag");

struct runs { /* reached through the form's field: the handlers have no state of their own */
    int handler, again, prepare;
    int busy;
    uint64_t die;
    bool clean;
};

static struct runs *runs_of(struct req *r) {
    int64_t at = 0;
    if (!str_to_i64(req_form(r, "at"), &at)) fail();
    return (struct runs *)(uintptr_t)at;
}

static enum status busy_handler(struct req *r) {
    struct runs *runs = runs_of(r);
    uint64_t die = dice_next(&r->c.dice);
    bool same = runs->handler == 0 || die == runs->die;
    runs->die = die;
    runs->clean =
        same && r->headers.n == 0 && r->body.n == 0 && r->c.problems.n == 0 && r->status == 0;
    runs->handler++;
    http_pairs_add(r->c.arena, &r->headers, S("X-Run"), S("1"));
    buf_add(&r->body, S("text"));
    (void)ctx_problem(&r->c, S("x"), "nothing");
    struct str name = str_printf(r->c.arena, "busy %d", runs->busy);
    if (db_run(r->c.tx, &test_note, P("name", name)) != OK) return BROKEN;
    if (runs->handler <= runs->busy) return BUSY;
    r->c.problems.n = 0;
    return OK;
}

static enum status invalid_prepare(struct req *r) {
    runs_of(r)->prepare++;
    return OK;
}

static enum status invalid_handler(struct req *r) {
    runs_of(r)->handler++;
    if (db_run(r->c.tx, &test_note, P("name", "invalid")) != OK) return BROKEN;
    http_pairs_add(r->c.arena, &r->headers, S("X-Half"), S("1"));
    return ctx_problem(&r->c, S("name"), "This may not be empty.");
}

static enum status invalid_again(struct req *r) {
    runs_of(r)->again++;
    bool writes = tx_writes(r->c.tx);
    struct str said = str_printf(r->c.arena, "again %d %.*s %d", r->c.problems.n,
                                 SF(req_form(r, "name")), writes);
    return reply_text(r, "text/plain; charset=utf-8", said);
}

static enum status toasting(struct req *r) {
    return go_toast(r, url_own(S("/t/page")), "Saved.", 77);
}

static enum status page(struct req *r) {
    (void)page_begin(r);
    return page_end(r, S("Page"), "");
}

static const struct route own_routes[] = {
    { .method = HTTP_POST,
      .pattern = "/t/busy",
      .need = NEED_READER,
      .access = ACCESS_WRITE,
      .handler = busy_handler },
    { .method = HTTP_POST,
      .pattern = "/t/invalid",
      .need = NEED_READER,
      .access = ACCESS_WRITE,
      .prepare = invalid_prepare,
      .handler = invalid_handler,
      .again = invalid_again },
    { .method = HTTP_POST,
      .pattern = "/t/plain",
      .need = NEED_READER,
      .access = ACCESS_WRITE,
      .handler = invalid_handler },
    { .method = HTTP_POST,
      .pattern = "/t/toast",
      .need = NEED_READER,
      .access = ACCESS_WRITE,
      .handler = toasting },
    { .method = HTTP_GET,
      .pattern = "/t/page",
      .need = NEED_READER,
      .access = ACCESS_READ,
      .handler = page },
};
static const struct routes own_table = { own_routes, sizeof own_routes / sizeof *own_routes };
static const struct routes *const own_tables[] = { &own_table };

static void use_own_routes(struct place *p) {
    router_free(p->app->router);
    p->app->router = router_new(own_tables, 1);
}

static const char *form_with(struct place *p, struct runs *runs) {
    return str_printf(p->arena, "csrf={csrf}&name=typed&at=%lld", (long long)(uintptr_t)runs).p;
}

static void test_runs_again(void **state) {
    (void)state;
    struct place p = place_of(false);
    place_set_up(&p);
    use_own_routes(&p);
    struct visitor v = visitor_of(&p, 1);
    struct runs twice = { .busy = 2 }, never = { .busy = 100 };
    struct answer_seen a = visit_form(&v, "/t/busy", form_with(&p, &twice));
    assert_int_equal(a.status, 200);
    assert_int_equal(twice.handler, 3);
    assert_true(twice.clean);
    assert_string_equal(str_z(p.arena, a.body), "text");
    assert_int_equal(place_number(&p, &test_tags_n), 1);
    a = visit_form(&v, "/t/busy", form_with(&p, &never));
    assert_int_equal(a.status, 503);
    assert_int_equal(never.handler, 4);
    has(&a, "Retry-After", "2");
    assert_false(answer_header(&a, "X-Run").n);
    assert_int_equal(place_number(&p, &test_tags_n), 1);
    place_close(&p);
}

static void test_shows_again(void **state) {
    (void)state;
    struct place p = place_of(false);
    place_set_up(&p);
    use_own_routes(&p);
    struct visitor v = visitor_of(&p, 1);
    struct runs runs = { .handler = 0 };
    struct answer_seen a = visit_form(&v, "/t/invalid", form_with(&p, &runs));
    assert_int_equal(a.status, 422);
    assert_string_equal(str_z(p.arena, a.body), "again 1 typed 0");
    assert_false(answer_header(&a, "X-Half").n);
    assert_int_equal(runs.prepare, 1);
    assert_int_equal(runs.handler, 1);
    assert_int_equal(runs.again, 1);
    a = visit_form(&v, "/t/plain", form_with(&p, &runs));
    assert_int_equal(a.status, 422);
    assert_true(answer_says(&a, "This may not be empty."));
    assert_int_equal(place_number(&p, &test_tags_n), 0);
    place_close(&p);
}

static void test_toasts(void **state) {
    (void)state;
    struct place p = place_of(false);
    place_set_up(&p);
    use_own_routes(&p);
    struct visitor v = visitor_of(&p, 1);
    assert_int_equal(visit_form(&v, "/t/toast", "csrf={csrf}").status, 303);
    struct str cookie = v.toast;
    assert_true(cookie.n > 0);
    struct answer_seen a = visit(&v, HTTP_GET, "/t/page");
    assert_true(answer_says(&a, "Saved.") && answer_says(&a, "/history/77/undo"));
    assert_int_equal(v.toast.n, 0); /* shown once */
    a = visit(&v, HTTP_GET, "/t/page");
    assert_false(answer_says(&a, "Saved."));
    /* no byte of it can be changed by anybody else */
    for (size_t i = 0; i < cookie.n; i++) {
        char *forged = str_z(p.arena, cookie);
        forged[i] = forged[i] == 'A' ? 'B' : 'A';
        v.toast = str_of(forged);
        a = visit(&v, HTTP_GET, "/t/page");
        if (answer_says(&a, "class=\"toast\"")) fail_msg("byte %zu can be changed", i);
    }
    place_close(&p);
}

/* --- Large bodies: decided by the head alone --- */

static enum status asked(struct place *p, struct visitor *v, const char *path, const char *csrf,
                         const char *host) {
    struct http_request r = { .method = HTTP_POST, .path = str_of(path), .body_n = -1 };
    int64_t most = 0;
    http_pairs_add(p->arena, &r.headers, S("host"), str_of(host));
    http_pairs_add(p->arena, &r.headers, S("cookie"),
                   str_printf(p->arena, "daftar=%.*s", SF(v->cookie)));
    http_pairs_add(p->arena, &r.query, S("csrf"), str_of(csrf));
    enum status s = web_head(p->app, p->arena, &r, &most);
    assert_int_equal(most, s == OK ? LIMIT_UPLOAD : 0);
    return s;
}

static void test_uploads(void **state) {
    (void)state;
    static const struct route routes[] = {
        { .method = HTTP_POST,
          .pattern = "/t/up",
          .need = NEED_MEMBER,
          .access = ACCESS_WRITE,
          .handler = toasting,
          .flags = ROUTE_UPLOAD },
        { .method = HTTP_POST,
          .pattern = "/t/form",
          .need = NEED_MEMBER,
          .access = ACCESS_WRITE,
          .handler = toasting },
    };
    static const struct routes table = { routes, 2 };
    static const struct routes *const one[] = { &table };
    struct place p = place_of(false);
    place_set_up(&p);
    router_free(p.app->router);
    p.app->router = router_new(one, 1);
    struct visitor member = visitor_of(&p, 3), reader = visitor_of(&p, 4),
                   nobody = visitor_of(&p, 0);
    const char *token = str_z(p.arena, member.csrf), *other = str_z(p.arena, reader.csrf);
    assert_int_equal(asked(&p, &member, "/t/up", token, "localhost"), OK);
    assert_int_equal(asked(&p, &member, "/t/up", other, "localhost"), DENIED);
    assert_int_equal(asked(&p, &member, "/t/up", "", "localhost"), DENIED);
    assert_int_equal(asked(&p, &reader, "/t/up", other, "localhost"), DENIED);
    assert_int_equal(asked(&p, &nobody, "/t/up", token, "localhost"), SIGNED_OUT);
    assert_int_equal(asked(&p, &member, "/t/up", token, "evil.example"), MALFORMED);
    assert_int_equal(asked(&p, &member, "/t/form", token, "localhost"), TOO_BIG);
    assert_int_equal(asked(&p, &member, "/nowhere", token, "localhost"), TOO_BIG);
    place_close(&p);
}

SQL(test_problem_warning, "SELECT warning FROM category WHERE code = 'problem'");

static enum status set_up_in_persian(struct ctx *c, void *arg) {
    int64_t owner;
    struct rows r;
    struct setup_facts facts = { .firm = S("کارگاه"),
                                 .lang = LANG_FA,
                                 .name = S("مینا"),
                                 .email = S("mina@example.com"),
                                 .hash = S("-") };
    (void)arg;
    TRY(setup_make(c, &facts, &owner));
    TRY(db_query(c->tx, &test_problem_warning, &r));
    assert_int_equal(r.n, 1);
    assert_true(str_eq_z(row_str(&r, 0, "warning"),
                         tr_as(LANG_FA, WORD_CLIENT, "Full payment in advance.")));
    assert_false(str_eq_z(row_str(&r, 0, "warning"), "Full payment in advance."));
    return OK;
}

/* Whatever the language of the command: what is ready made in the book is in the book's. */
static void test_ready_made_in_its_language(void **state) {
    (void)state;
    struct place p = { .config = { .now_ms = 1792000000000 } };
    place_open(&p, false);
    place_write(&p, OK, set_up_in_persian, NULL);
    place_close(&p);
}

static struct str unzipped(struct arena *a, struct str gz) {
    size_t room = 1 << 20;
    char *out = arena_alloc(a, room);
    z_stream z = { .next_in = (Bytef *)(uintptr_t)gz.p,
                   .avail_in = (uInt)gz.n,
                   .next_out = (Bytef *)out,
                   .avail_out = (uInt)room };
    assert_int_equal(inflateInit2(&z, 15 + 16), Z_OK);
    assert_int_equal(inflate(&z, Z_FINISH), Z_STREAM_END);
    size_t n = z.total_out;
    inflateEnd(&z);
    return (struct str){ out, n };
}

/* A page to another machine comes small, its length says nothing exact; to this one as it is. */
static void test_small_on_the_way(void **state) {
    (void)state;
    struct place p = { .config = { .now_ms = 1792000000000 } };
    place_open(&p, false);
    place_set_up(&p);
    struct visitor here = visitor_of(&p, 1), far = visitor_of(&p, 1), plain = visitor_of(&p, 1);
    far.cookie = plain.cookie = here.cookie;
    far.peer = plain.peer = "192.0.2.7";
    visitor_header(&here, "accept-encoding", "gzip, br");
    visitor_header(&far, "accept-encoding", "gzip, deflate, br");
    visitor_header(&plain, "accept-encoding", "gzip;q=0, identity");
    struct answer_seen a = visit(&here, HTTP_GET, "/settings"),
                       c = visit(&plain, HTTP_GET, "/settings");
    assert_false(answer_header(&a, "Content-Encoding").n);
    assert_false(answer_header(&c, "Content-Encoding").n);
    assert_true(str_eq_z(answer_header(&c, "Vary"), "Accept-Encoding"));
    assert_true(str_eq(a.body, c.body));
    size_t least = SIZE_MAX, most = 0;
    for (int i = 0; i < 40; i++) {
        struct answer_seen b = visit(&far, HTTP_GET, "/settings");
        assert_true(str_eq_z(answer_header(&b, "Content-Encoding"), "gzip"));
        assert_true(str_eq_z(answer_header(&b, "Vary"), "Accept-Encoding"));
        assert_true(b.body.n * 2 < a.body.n);
        assert_true(str_eq(unzipped(p.arena, b.body), a.body));
        if (b.body.n < least) least = b.body.n;
        if (b.body.n > most) most = b.body.n;
    }
    assert_true(most - least > 20 && most - least < 64);
    struct answer_seen health = visit(&far, HTTP_GET, "/health");
    assert_false(answer_header(&health, "Content-Encoding").n);
    place_close(&p);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_first_start),
        cmocka_unit_test(test_first_start_postgres),
        cmocka_unit_test(test_hosts),
        cmocka_unit_test(test_every_route_and_role),
        cmocka_unit_test(test_csrf_of_every_route),
        cmocka_unit_test(test_get_changes_nothing),
        cmocka_unit_test(test_paths_and_methods),
        cmocka_unit_test(test_languages),
        cmocka_unit_test(test_static_files),
        cmocka_unit_test(test_runs_again),
        cmocka_unit_test(test_shows_again),
        cmocka_unit_test(test_toasts),
        cmocka_unit_test(test_uploads),
        cmocka_unit_test(test_small_on_the_way),
        cmocka_unit_test(test_ready_made_in_its_language),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
