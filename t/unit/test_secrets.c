/* What leaks and what is forged (trust.md T-24, T-27, T-29, T-31, T-33, T-25): tokens and their
 * digests, canaries in log, journal, database and pages, redirects, whose address counts behind a
 * proxy, one-time links, streams whose right has ended. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include "core/app/factor.h"
#include "core/app/secret.h"
#include "core/web/gate.h"
#include "core/web/journal.h"
#include "core/web/serve.h"
#include "core/web/session.h"
#include "features/member/member.h"
#include "lib/base/buf.h"
#include "lib/base/log.h"
#include "visitor.h"

#define GOOD      "correct horse battery"
#define GOOD_FORM "correct+horse+battery"
#define BEGIN     1800000000000LL

SQL(secrets_hash, "UPDATE member SET password_hash = :hash");
SQL(secrets_end, "DELETE FROM session");
SQL(secrets_links, "SELECT count(*) AS n FROM link WHERE used_at IS NULL");
SQL(secrets_link_of, "SELECT count(*) AS n FROM link WHERE member = 3");
SQL(secrets_seed, "SELECT seed FROM factor WHERE member = 3");
SQL(secrets_address, "SELECT count(*) AS n FROM session WHERE address = '198.51.100.9'");

static enum status give_passwords(struct ctx *c, void *arg) {
    return db_run(c->tx, &secrets_hash, P("hash", *(struct str *)arg));
}

static void open_place(struct place *p) {
    struct str hash;
    p->config.now_ms = BEGIN;
    place_open(p, false);
    hasher_free(p->app->hasher);
    p->app->hasher = hasher_new_cheap();
    place_set_up(p);
    assert_int_equal(password_hash(p->app->hasher, p->arena, S(GOOD), &hash), OK);
    place_write(p, OK, give_passwords, &hash);
}

static struct answer_seen sign_in(struct visitor *v, const char *email, const char *password) {
    return visit_form(v, "/sign-in",
                      str_printf(v->place->arena, "email=%s&password=%s", email, password).p);
}

/* --- T-29 --- */

static int by_number(const void *a, const void *b) {
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return x < y ? -1 : x > y;
}

/* A million tokens of the shortest kind: no two alike in their first 60 bits, every bit in use. */
static void test_million_tokens(void **state) {
    (void)state;
    enum { N = 1000000 };
    uint64_t *v = malloc(N * sizeof *v), ones[64] = { 0 };
    assert_non_null(v);
    struct arena *a = arena_new();
    for (int i = 0; i < N; i++) {
        if (i % 1000 == 0) arena_reset(a);
        struct str t = random_token(a, 16);
        assert_int_equal(t.n, 22);
        v[i] = 0;
        for (int k = 0; k < 10; k++) { /* 10 letters of 6 bits */
            static const char letters[] =
                "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
            const char *at = strchr(letters, t.p[k]);
            assert_non_null(at);
            v[i] = v[i] << 6 | (uint64_t)(at - letters);
        }
        for (int k = 0; k < 60; k++) ones[k] += v[i] >> k & 1;
    }
    qsort(v, N, sizeof *v, by_number);
    for (int i = 1; i < N; i++) assert_true(v[i] != v[i - 1]);
    for (int k = 0; k < 60; k++) assert_in_range(ones[k], N / 2 - 5000, N / 2 + 5000);
    arena_free(a);
    free(v);
}

/* --- T-31, and that only digests are stored --- */

struct canaries {
    struct place p;
    struct strs secrets;
    struct buf pages; /* all that was answered where a refusal or another page stands */
};

static void canary(struct canaries *k, struct str secret) {
    assert_true(secret.n > 5);
    k->secrets.v[k->secrets.n++] = str_dup(k->p.arena, secret);
}

static enum status find_seed(struct ctx *c, void *arg) {
    struct canaries *k = arg;
    struct rows r;
    struct str seed;
    TRY(db_query(c->tx, &secrets_seed, &r));
    assert_true(secret_unseal(k->p.app, k->p.arena, "factor", 3, row_blob(&r, 0, "seed"), &seed));
    canary(k, seed);
    return OK;
}

static enum status make_secrets(struct ctx *c, void *arg) {
    struct canaries *k = arg;
    struct str text;
    TRY(token_start(c, 3, S("canary"), &text));
    canary(k, text);
    TRY(account_link(c, 3, &text));
    canary(k, text);
    return OK;
}

static void note(struct canaries *k, struct answer_seen a) {
    assert_true(a.status >= 300);
    buf_add(&k->pages, a.body);
    buf_add(&k->pages, a.location);
}

/* Everything that somebody may type wrongly, with secrets in it. */
static void walk(struct canaries *k) {
    struct place *p = &k->p;
    struct arena *a = p->arena;
    struct visitor v = visitor_of(p, 3), w = visitor_of(p, 0);
    canary(k, v.cookie);
    canary(k, v.csrf);
    canary(k, S("Kanarienvogel7391"));
    canary(k, S("Serinus8842canaria"));
    canary(k, S("Canaria5527serinus"));
    canary(k, S(GOOD));
    place_write(p, OK, make_secrets, k);
    struct str link = k->secrets.v[k->secrets.n - 1], token = k->secrets.v[k->secrets.n - 2];
    note(k, sign_in(&w, "member%40example.com", "Kanarienvogel7391"));
    note(k, sign_in(&w, "Serinus8842canaria", GOOD_FORM));
    note(k, visit_form(&v, "/settings/password",
                       "csrf={csrf}&old=Kanarienvogel7391&new=Canaria5527serinus"));
    note(k, visit_form(&v, "/settings/password", "csrf={csrf}&old=" GOOD_FORM "&new=short"));
    note(k, visit_form(&v, "/settings/password", "csrf={csrf}&nonsense=Kanarienvogel7391&old=%00"));
    assert_int_equal(visit_form(&v, "/settings/two-factor/begin", "csrf={csrf}").status, 303);
    place_write(p, OK, find_seed, k);
    struct str seed = k->secrets.v[k->secrets.n - 1];
    canary(k, factor_text(a, seed));
    struct str code = factor_code(a, seed, p->app->config.now_ms / 30000, 6);
    struct answer_seen on = visit_form(&v, "/settings/two-factor/confirm",
                                       str_printf(a, "csrf={csrf}&code=%.*s", SF(code)).p);
    assert_int_equal(on.status, 200);
    ptrdiff_t at = str_find(on.body, S("<code>"));
    assert_true(at > 0);
    canary(k, str_sub(on.body, (size_t)at + 6, 29));
    note(k, sign_in(&w, "member%40example.com", GOOD_FORM));
    canary(k, w.half);
    note(k, visit_form(&w, "/sign-in/code", "code=Kanarienvogel7391"));
    p->app->config.now_ms += 6 * 60000;
    note(k, visit_form(&v, "/settings/tokens", "csrf={csrf}&name=x&prove=Kanarienvogel7391"));
    w.bearer = str_z(a, str_sub(token, 0, token.n - 1));
    note(k, visit(&w, HTTP_GET, "/api/v1/parties"));
    note(k, visit(&w, HTTP_PATCH, "/api/v1/parties/1"));
    note(k, visit(&w, HTTP_GET, str_printf(a, "/password/%.*sx", SF(link)).p));
    note(k, visit_form(&w, str_printf(a, "/password/%.*s", SF(link)).p, "password=short"));
}

static struct str read_whole(struct arena *a, const char *path) {
    struct buf b = { .arena = a };
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t n = 1;
    while (fd >= 0 && n > 0) {
        buf_reserve(&b, 1 << 16);
        n = read(fd, b.p + b.n, 1 << 16);
        if (n > 0) b.n += (size_t)n;
    }
    if (fd >= 0) close(fd);
    return buf_str(&b);
}

enum { CSRF = 1, AS_NAME = 3 }; /* what pages may show: the forms' token, what stood for a name */

static void none_in(struct canaries *k, struct str text, const char *where, bool links) {
    for (int i = 0; i < k->secrets.n; i++)
        if (!(links && (i == CSRF || i == AS_NAME)) && str_find(text, k->secrets.v[i]) >= 0 &&
            !(links &&
              str_find(text, str_printf(k->p.arena, "/password/%.*s", SF(k->secrets.v[i]))) >= 0))
            fail_msg("%s holds secret %d", where, i);
}

static void test_canaries(void **state) {
    (void)state;
    struct canaries k = { .p = { .app = NULL } };
    open_place(&k.p);
    struct arena *a = k.p.arena;
    k.secrets.v = arena_array(a, struct str, 32);
    k.pages.arena = a;
    const char *log = app_path(k.p.app, a, "tmp/log"), *folder = app_path(k.p.app, a, "journal");
    assert_int_equal(journal_open(&k.p.app->journal, folder), OK);
    fflush(stderr);
    int was = dup(2), fd = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    assert_true(was >= 0 && fd >= 0 && dup2(fd, 2) == 2);
    walk(&k);
    assert_true(dup2(was, 2) == 2);
    close(fd);
    close(was);
    journal_close(k.p.app->journal);
    k.p.app->journal = NULL;
    struct str text = read_whole(a, log);
    assert_true(str_find(text, S("sign-in refused")) >= 0);
    none_in(&k, text, "the log", false);
    none_in(&k, buf_str(&k.pages), "a page", true); /* a link's own page posts to itself */
    struct buf journal = { .arena = a };
    DIR *d = opendir(folder);
    for (struct dirent *e; (e = readdir(d));)
        if (e->d_name[0] != '.')
            buf_add(&journal, read_whole(a, str_printf(a, "%s/%s", folder, e->d_name).p));
    closedir(d);
    static const char *const lines[] = { " event-factor-on 3 127.0.0.1 ",
                                         " 0 web event-sign-in-refused 3 127.0.0.1 ",
                                         " 0 web event-sign-in-refused 0 127.0.0.1 ",
                                         " 3 web event-proof-refused 3 127.0.0.1 ",
                                         " 0 web event-code-refused 3 127.0.0.1 " };
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        if (str_find(buf_str(&journal), str_of(lines[i])) < 0) fail_msg("no line%s", lines[i]);
    none_in(&k, buf_str(&journal), "the journal", false);
    /* the database: the token for forms alone stands there as it is, it opens nothing by itself */
    static const char *const names[] = { "daftar.db", "daftar.db-wal" };
    for (int i = 0; i < k.secrets.n; i++)
        for (int n = 0; n < 2; n++) {
            if (i == CSRF) continue;
            text = read_whole(a, app_path(k.p.app, a, names[n]));
            if (str_find(text, k.secrets.v[i]) >= 0) fail_msg("%s holds secret %d", names[n], i);
        }
    place_close(&k.p);
}

/* --- T-27: where one lands --- */

static void test_next_of_all_forms(void **state) {
    (void)state;
    static const char *const heads[] = { "",
                                         "/",
                                         "//",
                                         "///",
                                         "/\\",
                                         "\\/",
                                         "\\\\",
                                         "/%09/",
                                         "%09//",
                                         "/%0a/",
                                         "/%0d",
                                         "%00/",
                                         "/./",
                                         "/../",
                                         "/.",
                                         "/@",
                                         "@",
                                         "/;@",
                                         "https:",
                                         "http:/",
                                         "https:/\\",
                                         "//%5c",
                                         "/%2f",
                                         "/%2f%2f",
                                         "javascript:",
                                         "data:",
                                         "/\xE2\x80\x8B/",
                                         "%E3%80%82",
                                         " /",
                                         "\t/" };
    static const char *const hosts[] = {
        "evil.example", "evil.example/",  "evil.example:80/x",    "user@evil.example", "[::1]",
        "127.0.0.1",    "%65vil.example", "evil%E3%80%82example", "localhost.evil"
    };
    static const char *const tails[] = { "",    "/clients", "?/clients", "#/clients", "/../clients",
                                         "%23", "\\@",      "/%2e%2e" };
    struct place p = { .app = NULL };
    open_place(&p);
    struct visitor v = visitor_of(&p, 1);
    int n = 0;
    for (size_t h = 0; h < sizeof heads / sizeof *heads; h++)
        for (size_t o = 0; o < sizeof hosts / sizeof *hosts; o++)
            for (size_t t = 0; t < sizeof tails / sizeof *tails; t++) {
                struct arena_mark mark = arena_mark(p.arena);
                struct str next = str_printf(p.arena, "%s%s%s", heads[h], hosts[o], tails[t]);
                struct str typed = url_encode(p.arena, next);
                const char *to = str_printf(p.arena, "/sign-in?next=%.*s", SF(typed)).p;
                struct answer_seen a = visit(&v, HTTP_GET, to);
                if (a.status != 303 || !str_eq_z(a.location, "/"))
                    fail_msg("%.*s: %d %.*s", SF(next), a.status, SF(a.location));
                a = visit_form(&v, "/prove",
                               str_printf(p.arena, "csrf={csrf}&next=%.*s", SF(typed)).p);
                assert_true(a.status == 303 && str_eq_z(a.location, "/"));
                arena_back(p.arena, mark);
                n++;
            }
    assert_true(n > 2000);
    place_close(&p);
}

/* --- T-24, and whose address counts --- */

static void test_addresses(void **state) {
    (void)state;
    static const char *const proxies[] = { "10.0.0.1", "10.0.0.2", "::1" };
    static const struct {
        const char *peer, *first, *second, *want;
    } cases[] = {
        { "192.0.2.7", "198.51.100.9", NULL, "192.0.2.7" }, /* no proxy of ours: nothing changes */
        { "10.0.0.1", "198.51.100.9", NULL, "198.51.100.9" },
        { "10.0.0.1", NULL, NULL, "10.0.0.1" },
        { "10.0.0.1", "203.0.113.5, 198.51.100.9", NULL, "198.51.100.9" }, /* the visitor's lie */
        { "10.0.0.1", "203.0.113.5, 198.51.100.9, 10.0.0.2", NULL, "198.51.100.9" },
        { "10.0.0.1", "203.0.113.5", "198.51.100.9", "198.51.100.9" },
        { "10.0.0.1", "10.0.0.2, 10.0.0.1", NULL, "10.0.0.2" },
        { "::1", "2001:DB8::1", NULL, "2001:db8::1" },
        { "::1", "[2001:db8::1]:443", NULL, "2001:db8::1" },
        { "10.0.0.1", "198.51.100.9:1234", NULL, "198.51.100.9" },
        { "10.0.0.1", "unknown", NULL, "10.0.0.1" },
        { "10.0.0.1", "198.51.100.9, nonsense", NULL, "10.0.0.1" },
        { "10.0.0.1", "999.1.1.1", NULL, "10.0.0.1" },
        { "10.0.0.1", ",,,", NULL, "10.0.0.1" },
        { "10.0.0.1", "198.51.100.9,", NULL, "10.0.0.1" },
        { "10.0.0.1", "1.2.3.4' OR 1=1", NULL, "10.0.0.1" },
    };
    struct place p = { .config = { .proxies = proxies, .proxies_n = 3 } };
    open_place(&p);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct http_request h = { .peer = str_of(cases[i].peer) };
        if (cases[i].first)
            http_pairs_add(p.arena, &h.headers, S("x-forwarded-for"), str_of(cases[i].first));
        if (cases[i].second)
            http_pairs_add(p.arena, &h.headers, S("x-forwarded-for"), str_of(cases[i].second));
        struct str is = admit_peer(p.app, p.arena, &h);
        if (!str_eq_z(is, cases[i].want))
            fail_msg("%s, “%s”: %.*s", cases[i].peer, cases[i].first ? cases[i].first : "", SF(is));
    }
    struct visitor v = visitor_of(&p, 0);
    visitor_header(&v, "x-forwarded-for", "198.51.100.9");
    visitor_header(&v, "forwarded", "host=evil.example");
    v.peer = "192.0.2.7";
    assert_int_equal(sign_in(&v, "owner%40example.com", GOOD_FORM).status, 303);
    assert_int_equal(place_number(&p, &secrets_address), 0);
    v.peer = "10.0.0.2";
    assert_int_equal(sign_in(&v, "owner%40example.com", GOOD_FORM).status, 303);
    assert_int_equal(place_number(&p, &secrets_address), 1);
    /* behind the proxy everybody has an own allowance */
    for (int i = 0; i < 150; i++) {
        struct visitor w = visitor_of(&p, 0);
        w.peer = "10.0.0.1";
        visitor_header(&w, "x-forwarded-for", str_printf(p.arena, "203.0.113.%d", i).p);
        assert_int_not_equal(sign_in(&w, "", "").status, 429);
    }
    place_close(&p);
}

/* --- T-25: one-time links --- */

static enum status make_link(struct ctx *c, void *arg) {
    return account_link(c, 3, arg);
}

static void test_links_end(void **state) {
    (void)state;
    struct place p = { .app = NULL };
    struct str token;
    open_place(&p);
    struct visitor v = visitor_of(&p, 0), owner = visitor_of(&p, 1), me = visitor_of(&p, 3);
    place_write(&p, OK, make_link, &token);
    assert_int_equal(place_number(&p, &secrets_links), 1);
    assert_int_equal(sign_in(&v, "member%40example.com", GOOD_FORM).status, 303);
    assert_int_equal(place_number(&p, &secrets_links), 0); /* he came in without it */
    place_write(&p, OK, make_link, &token);
    assert_int_equal(visit_form(&me, "/settings/password",
                                "csrf={csrf}&old=" GOOD_FORM "&new=another+long+sentence")
                         .status,
                     303);
    assert_int_equal(place_number(&p, &secrets_links), 0);
    place_write(&p, OK, make_link, &token);
    assert_int_equal(visit_form(&owner, "/settings/members/3",
                                "csrf={csrf}&version=1&name=x&email=new%40example.com")
                         .status,
                     303);
    assert_int_equal(place_number(&p, &secrets_link_of), 0);
    place_write(&p, OK, make_link, &token);
    assert_int_equal(visit_form(&owner, "/settings/members/3/end", "csrf={csrf}").status, 303);
    assert_int_equal(place_number(&p, &secrets_link_of), 0);
    assert_int_equal(visit(&v, HTTP_GET, str_printf(p.arena, "/password/%.*s", SF(token)).p).status,
                     404);
    place_close(&p);
}

SQL(secrets_tokens, "SELECT count(*) AS n FROM token WHERE revoked_at IS NULL");

static enum status make_token(struct ctx *c, void *arg) {
    return token_start(c, 3, S("test"), arg);
}

/* T-33: a new password ends tokens when one says so, and other devices' sessions always. */
static void test_password_and_tokens(void **state) {
    (void)state;
    struct place p = { .app = NULL };
    struct str token;
    open_place(&p);
    struct visitor me = visitor_of(&p, 3), other = visitor_of(&p, 3);
    place_write(&p, OK, make_token, &token);
    const char *form = "csrf={csrf}&old=" GOOD_FORM "&new=another+long+sentence";
    assert_int_equal(visit_form(&me, "/settings/password", form).status, 303);
    assert_int_equal(place_number(&p, &secrets_tokens), 1);
    assert_int_equal(visit(&other, HTTP_GET, "/settings").status, 303);
    form = "csrf={csrf}&old=another+long+sentence&new=a+third+long+sentence&tokens=1";
    assert_int_equal(visit_form(&me, "/settings/password", form).status, 303);
    assert_int_equal(place_number(&p, &secrets_tokens), 0);
    /* other rights: signed in anew */
    struct visitor owner = visitor_of(&p, 1);
    assert_int_equal(
        visit_form(&owner, "/settings/members/3",
                   "csrf={csrf}&version=1&name=x&email=member%40example.com&role=reader")
            .status,
        303);
    assert_int_equal(visit(&me, HTTP_GET, "/settings").status, 303);
    place_close(&p);
}

/* A link does not go around the second factor. */
static void test_link_and_factor(void **state) {
    (void)state;
    struct place p = { .app = NULL };
    struct canaries k = { .p = { .app = NULL } };
    struct str token;
    open_place(&p);
    struct visitor me = visitor_of(&p, 3), v = visitor_of(&p, 0);
    assert_int_equal(visit_form(&me, "/settings/two-factor/begin", "csrf={csrf}").status, 303);
    k.p = p;
    k.secrets.v = arena_array(p.arena, struct str, 2);
    place_write(&p, OK, find_seed, &k);
    struct str code = factor_code(p.arena, k.secrets.v[0], p.app->config.now_ms / 30000, 6);
    assert_int_equal(visit_form(&me, "/settings/two-factor/confirm",
                                str_printf(p.arena, "csrf={csrf}&code=%.*s", SF(code)).p)
                         .status,
                     200);
    place_write(&p, OK, make_link, &token);
    struct answer_seen a = visit_form(&v, str_printf(p.arena, "/password/%.*s", SF(token)).p,
                                      "password=another+long+sentence");
    assert_int_equal(a.status, 303);
    assert_true(str_starts(a.location, S("/sign-in/code")));
    assert_int_equal(v.cookie.n, 0);
    assert_int_equal(visit(&v, HTTP_GET, "/settings").status, 303);
    assert_int_equal(visit(&me, HTTP_GET, "/settings").status, 303); /* all sessions ended */
    place_close(&p);
}

/* --- T-33: a stream whose right has ended --- */

static enum status end_sessions(struct ctx *c, void *arg) {
    (void)arg;
    return db_run(c->tx, &secrets_end);
}

static void test_stream_ends(void **state) {
    (void)state;
    struct place p = { .app = NULL };
    open_place(&p);
    struct visitor v = visitor_of(&p, 1);
    for (int ends = 0; ends < 2; ends++) {
        struct http_request h = { .path = S("/clients/export"), .peer = S("127.0.0.1") };
        struct http_reply reply = { .status = 0 };
        struct buf out = { .arena = p.arena };
        bool more = true;
        http_pairs_add(p.arena, &h.headers, S("host"), S("localhost"));
        http_pairs_add(p.arena, &h.headers, S("cookie"),
                       str_printf(p.arena, "daftar=%.*s", SF(v.cookie)));
        web_serve(p.app, 1, p.arena, &h, &reply);
        assert_non_null(reply.stream);
        if (ends) place_write(&p, OK, end_sessions, NULL);
        usleep(600 * 1000);
        enum status s = reply.stream(reply.stream_ctx, &out, &more);
        assert_int_equal(s, ends ? SIGNED_OUT : OK);
        if (reply.stream_done) reply.stream_done(reply.stream_ctx);
    }
    place_close(&p);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_million_tokens),    cmocka_unit_test(test_canaries),
        cmocka_unit_test(test_next_of_all_forms), cmocka_unit_test(test_addresses),
        cmocka_unit_test(test_links_end),         cmocka_unit_test(test_password_and_tokens),
        cmocka_unit_test(test_link_and_factor),   cmocka_unit_test(test_stream_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
