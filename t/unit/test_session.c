/* Who is at the door: signing in and out, tries, sessions that end, leavers, tokens, passwords. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/app/secret.h"
#include "core/web/password.h"
#include "core/web/rate.h"
#include "core/web/session.h"
#include "features/member/member.h"
#include "visitor.h"

#define GOOD      "correct horse battery"
#define GOOD_FORM "correct+horse+battery"
/* of GOOD, with one pass and 8 KiB */
#define WEAK_HASH                                                                                  \
    "$argon2id$v=19$m=8,t=1,p=1$cq+rUfZMJwOsD2QoZ0PRzg$H9Rka0l73qcAEch640cvbzQbPEHYedsRGNBf+"      \
    "EaAK1w"

SQL(test_hash, "UPDATE member SET password_hash = :hash WHERE id = :id");
SQL(test_weak_n, "SELECT count(*) AS n FROM member WHERE password_hash LIKE '%m=8,%'");
SQL(test_sessions_n, "SELECT count(*) AS n FROM session");
SQL(test_tokens_n, "SELECT count(*) AS n FROM token WHERE revoked_at IS NULL");
SQL(test_tries_n, "SELECT coalesce(sum(tries), 0) AS n FROM guess");
SQL(test_seen_n, "SELECT max(seen_at) AS n FROM session");
SQL(test_used_n, "SELECT coalesce(max(used_at), 0) AS n FROM token");
SQL(test_age, "UPDATE session SET seen_at = seen_at - :idle, expires_at = expires_at - :whole");
SQL(test_old_tries, "UPDATE guess SET since = :since");
SQL(test_deactivate, "UPDATE member SET active = 0 WHERE id = 3");

static enum status give_passwords(struct ctx *c, void *arg) {
    for (int id = 1; id <= 4; id++)
        TRY(db_run(c->tx, &test_hash, P("id", id), P("hash", *(struct str *)arg)));
    return OK;
}

static struct place place_of(void) {
    struct place p = { .app = NULL };
    place_open(&p, false);
    place_set_up(&p);
    struct str hash;
    assert_int_equal(password_hash(p.app->hasher, p.arena, S(GOOD), &hash), OK);
    place_write(&p, OK, give_passwords, &hash);
    return p;
}

static struct answer_seen sign_in(struct visitor *v, const char *email, const char *password) {
    return visit_form(v, "/sign-in",
                      str_printf(v->place->arena, "email=%s&password=%s", email, password).p);
}

static void test_sign_in(void **state) {
    (void)state;
    struct place p = place_of();
    struct visitor v = visitor_of(&p, 0);
    struct answer_seen a = sign_in(&v, "member%40example.com", "wrong+horse+battery");
    assert_int_equal(a.status, 422);
    assert_int_equal(v.cookie.n, 0);
    struct answer_seen nobody = sign_in(&v, "nobody%40example.com", "wrong+horse+battery");
    assert_int_equal(nobody.status, 422);
    assert_int_equal(nobody.body.n, a.body.n); /* the same page but for the name that was typed */
    ptrdiff_t at = str_find(nobody.body, S("nobody@"));
    assert_true(at > 0);
    char *same = str_z(p.arena, nobody.body);
    memcpy(same + at, "member", 6);
    assert_memory_equal(same, a.body.p, a.body.n);
    assert_int_equal(sign_in(&v, "", "").status, 422);
    assert_int_equal(sign_in(&v, "member%40example.com", "").status, 422);
    v.cookie = S("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"); /* fixation: planted before */
    a = sign_in(&v, "Member%40EXAMPLE.com", GOOD_FORM);
    assert_int_equal(a.status, 303);
    assert_string_equal(str_z(p.arena, a.location), "/");
    assert_int_equal(v.cookie.n, 43);
    assert_false(str_starts(v.cookie, S("AAAAAAAA")));
    assert_true(str_starts(a.cookie, S("daftar=")));
    assert_true(str_find(a.cookie, S("; Path=/; Max-Age=2592000; HttpOnly; SameSite=Lax\n")) > 0);
    assert_int_equal(visit(&v, HTTP_GET, "/settings").status, 200);
    assert_int_equal(visit(&v, HTTP_GET, "/settings/members").status, 403);
    /* signing in again ends the session that this browser had */
    struct visitor before = v;
    a = sign_in(&v, "owner%40example.com", GOOD_FORM);
    assert_int_equal(visit(&before, HTTP_GET, "/settings").status, 303);
    assert_int_equal(visit(&v, HTTP_GET, "/settings/members").status, 200);
    assert_int_equal(place_number(&p, &test_sessions_n), 1);
    place_close(&p);
}

static void test_https_cookie(void **state) {
    (void)state;
    struct place p = { .config = { .https = true } };
    place_open(&p, false);
    place_set_up(&p);
    struct str hash;
    assert_int_equal(password_hash(p.app->hasher, p.arena, S(GOOD), &hash), OK);
    place_write(&p, OK, give_passwords, &hash);
    struct visitor v = visitor_of(&p, 0);
    struct answer_seen a = sign_in(&v, "owner%40example.com", GOOD_FORM);
    assert_true(str_starts(a.cookie, S("__Host-daftar=")));
    assert_true(str_find(a.cookie, S("HttpOnly; SameSite=Lax; Secure")) > 0);
    assert_string_equal(str_z(p.arena, answer_header(&a, "Strict-Transport-Security")),
                        "max-age=31536000");
    assert_int_equal(visit(&v, HTTP_GET, "/settings").status, 200);
    place_close(&p);
}

/* T-34: at most ten are looked at in a quarter of an hour, whoever the name is. */
static void test_tries(void **state) {
    (void)state;
    struct place p = place_of();
    struct visitor v = visitor_of(&p, 0);
    for (int i = 0; i < 10; i++) {
        assert_int_equal(sign_in(&v, "member%40example.com", "wrong+horse+battery").status, 422);
        assert_int_equal(sign_in(&v, "nobody%40example.com", "wrong+horse+battery").status, 422);
    }
    struct answer_seen a = sign_in(&v, "member%40example.com", GOOD_FORM);
    assert_int_equal(a.status, 429);
    assert_int_equal(v.cookie.n, 0);
    struct answer_seen nobody = sign_in(&v, "nobody%40example.com", GOOD_FORM);
    assert_int_equal(nobody.status, 429);
    assert_true(str_eq(a.body, nobody.body));
    assert_int_equal(place_number(&p, &test_tries_n), 20); /* the eleventh leaves no trace */
    assert_int_equal(sign_in(&v, "owner%40example.com", GOOD_FORM).status,
                     303); /* others are not touched */
    place_close(&p);
}

static enum status old_tries(struct ctx *c, void *arg) {
    return db_run(c->tx, &test_old_tries, P("since", c->now_ms - *(int64_t *)arg));
}

/* The count in the database holds over a restart, and ends after a quarter of an hour. */
static void test_tries_last(void **state) {
    (void)state;
    struct place p = place_of();
    struct visitor v = visitor_of(&p, 0);
    for (int i = 0; i < 10; i++) (void)sign_in(&v, "member%40example.com", "wrong+horse+battery");
    rates_free(p.app->rates);
    p.app->rates = rates_new();
    int64_t since = 14 * 60 * 1000;
    place_write(&p, OK, old_tries, &since);
    assert_int_equal(sign_in(&v, "member%40example.com", GOOD_FORM).status, 429);
    since = 16 * 60 * 1000;
    place_write(&p, OK, old_tries, &since);
    assert_int_equal(sign_in(&v, "member%40example.com", GOOD_FORM).status, 303);
    assert_int_equal(place_number(&p, &test_tries_n), 0);
    place_close(&p);
}

static void test_rates(void **state) {
    (void)state;
    struct rates *r = rates_new();
    struct arena *a = arena_new();
    int64_t now = 1000000;
    for (int i = 0; i < 120; i++) assert_int_equal(rate_take(r, S("1.2.3.4"), now), OK);
    assert_int_equal(rate_take(r, S("1.2.3.4"), now), TOO_MANY);
    assert_int_equal(rate_take(r, S("1.2.3.5"), now), OK);
    assert_int_equal(rate_take(r, S("1.2.3.4"), now + 499), TOO_MANY);
    assert_int_equal(rate_take(r, S("1.2.3.4"), now + 1000), OK);
    for (int i = 0; i < 10; i++) assert_int_equal(tries_take(r, S("a"), now), OK);
    assert_int_equal(tries_take(r, S("a"), now + 1), TOO_MANY);
    assert_int_equal(tries_take(r, S("b"), now + 1), OK);
    tries_forget(r, S("b"));
    assert_int_equal(tries_take(r, S("a"), now + TRIES_WINDOW_MS), TOO_MANY);
    assert_int_equal(tries_take(r, S("a"), now + TRIES_WINDOW_MS + 1), OK);
    for (int i = 0; i < 100000; i++) /* more names than there is room for */
        assert_int_equal(tries_take(r, str_printf(a, "n%d", i), now), OK);
    rates_free(r);
    arena_free(a);
}

/* T-27 */
static void test_next(void **state) {
    (void)state;
    static const struct {
        const char *next, *want;
    } cases[] = {
        { "/settings", "/settings" },
        { "/settings/members?a=b%26c", "/settings/members?a=b&c" },
        { "//evil", "/" },
        { "/%5Cevil", "/" },
        { "https:evil", "/" },
        { "https%3A//evil", "/" },
        { "/%09/evil", "/" },
        { "%09//evil", "/" },
        { "/@evil", "/" },
        { "/.evil", "/" },
        { "", "/" },
        { "/sign-in", "/" },
        { "/nowhere", "/" },
        { "/echo/date?text=1", "/" },
        { "/settings%0D%0AX: y", "/" },
        { "javascript:alert(1)", "/" },
        { "/health", "/" },
        { "settings", "/" },
        { "/settings%20", "/" },
    };
    struct place p = place_of();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct visitor v = visitor_of(&p, 1);
        struct answer_seen a =
            visit(&v, HTTP_GET, str_printf(p.arena, "/sign-in?next=%s", cases[i].next).p);
        assert_int_equal(a.status, 303);
        if (!str_eq_z(a.location, cases[i].want))
            fail_msg("%s: %.*s", cases[i].next, SF(a.location));
    }
    struct visitor v = visitor_of(&p, 0);
    struct answer_seen a = visit(&v, HTTP_GET, "/settings/members?x=1");
    assert_string_equal(str_z(p.arena, a.location), "/sign-in?next=%2Fsettings%2Fmembers%3Fx%3D1");
    place_close(&p);
}

/* --- Ends --- */

struct aging {
    int64_t idle, whole;
};
static enum status age(struct ctx *c, void *arg) {
    struct aging *g = arg;
    return db_run(c->tx, &test_age, P("idle", g->idle), P("whole", g->whole));
}

static void test_ends(void **state) {
    (void)state;
    static const struct {
        struct aging by;
        int status;
    } cases[] = {
        { { 0, 0 }, 200 },
        { { SESSION_IDLE_MS - 60000, 0 }, 200 },
        { { SESSION_IDLE_MS + 1000, 0 }, 303 },
        { { 0, SESSION_WHOLE_MS - 60000 }, 200 },
        { { 0, SESSION_WHOLE_MS + 1000 }, 303 },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct place p = place_of();
        struct visitor v = visitor_of(&p, 1);
        struct aging by = cases[i].by;
        place_write(&p, OK, age, &by);
        assert_int_equal(visit(&v, HTTP_GET, "/settings").status, cases[i].status);
        assert_int_equal(session_clean(p.app, p.arena), OK);
        assert_int_equal(place_number(&p, &test_sessions_n), cases[i].status == 200);
        place_close(&p);
    }
}

static void test_seen(void **state) {
    (void)state;
    struct place p = place_of();
    struct visitor v = visitor_of(&p, 1);
    int64_t began = place_number(&p, &test_seen_n);
    assert_int_equal(visit(&v, HTTP_GET, "/settings").status, 200);
    assert_int_equal(seen_write(p.app, p.arena), OK);
    assert_int_equal(place_number(&p, &test_seen_n), began); /* not yet five minutes */
    struct aging by = { 6 * 60 * 1000, 0 };
    place_write(&p, OK, age, &by);
    for (int i = 0; i < 3; i++) assert_int_equal(visit(&v, HTTP_GET, "/settings").status, 200);
    assert_true(place_number(&p, &test_seen_n) < began); /* reading writes nothing */
    assert_int_equal(seen_write(p.app, p.arena), OK);
    assert_true(place_number(&p, &test_seen_n) >= began);
    place_close(&p);
}

static void test_sign_out_and_others(void **state) {
    (void)state;
    struct place p = place_of();
    struct visitor here = visitor_of(&p, 3), there = visitor_of(&p, 3), other = visitor_of(&p, 4);
    assert_int_equal(visit_form(&here, "/sign-out", "csrf={csrf}").status, 303);
    assert_int_equal(here.cookie.n, 0);
    assert_int_equal(visit(&here, HTTP_GET, "/settings").status, 303);
    assert_int_equal(visit(&there, HTTP_GET, "/settings").status, 200);
    /* nobody ends the session of somebody else */
    assert_int_equal(visit_form(&other, "/settings/sessions/2/end", "csrf={csrf}").status, 404);
    assert_int_equal(visit(&there, HTTP_GET, "/settings").status, 200);
    struct visitor third = visitor_of(&p, 3);
    assert_int_equal(visit_form(&third, "/settings/sessions/others/end", "csrf={csrf}").status,
                     303);
    assert_int_equal(visit(&there, HTTP_GET, "/settings").status, 303);
    assert_int_equal(visit(&third, HTTP_GET, "/settings").status, 200);
    assert_int_equal(visit(&other, HTTP_GET, "/settings").status, 200);
    place_close(&p);
}

static void test_password_change(void **state) {
    (void)state;
    struct place p = place_of();
    struct visitor here = visitor_of(&p, 3), there = visitor_of(&p, 3);
    struct answer_seen a = visit_form(&here, "/settings/password",
                                      "csrf={csrf}&old=wrong+horse&new=another+long+sentence");
    assert_int_equal(a.status, 422);
    assert_true(answer_says(&a, "This is not your password."));
    a = visit_form(&here, "/settings/password", "csrf={csrf}&old=" GOOD_FORM "&new=short");
    assert_int_equal(a.status, 422);
    assert_int_equal(visit(&there, HTTP_GET, "/settings").status, 200);
    a = visit_form(&here, "/settings/password",
                   "csrf={csrf}&old=" GOOD_FORM "&new=another+long+sentence");
    assert_int_equal(a.status, 303);
    assert_int_equal(visit(&here, HTTP_GET, "/settings").status, 200);
    assert_int_equal(visit(&there, HTTP_GET, "/settings").status, 303);
    struct visitor v = visitor_of(&p, 0);
    assert_int_equal(sign_in(&v, "member%40example.com", GOOD_FORM).status, 422);
    assert_int_equal(sign_in(&v, "member%40example.com", "another+long+sentence").status, 303);
    place_close(&p);
}

static enum status make_token(struct ctx *c, void *arg) {
    return token_start(c, 3, S("test"), arg);
}

static void test_leaver(void **state) {
    (void)state;
    struct place p = place_of();
    struct visitor leaver = visitor_of(&p, 3), manager = visitor_of(&p, 2);
    struct str token;
    place_write(&p, OK, make_token, &token);
    assert_int_equal(visit(&leaver, HTTP_GET, "/settings").status, 200);
    assert_int_equal(visit_form(&manager, "/settings/members/3/end", "csrf={csrf}").status, 303);
    assert_int_equal(visit(&leaver, HTTP_GET, "/settings").status, 303);
    assert_int_equal(place_number(&p, &test_tokens_n), 0);
    struct visitor v = visitor_of(&p, 0);
    assert_int_equal(sign_in(&v, "member%40example.com", GOOD_FORM).status, 422);
    /* nor by any other way that forgets the sessions */
    assert_int_equal(visit_form(&manager, "/settings/members/3/back", "csrf={csrf}").status, 303);
    struct visitor again = visitor_of(&p, 3);
    struct arena *a = arena_new();
    struct tx *tx;
    assert_int_equal(db_write(p.app->db, a, &tx), OK);
    assert_int_equal(db_end(tx, db_run(tx, &test_deactivate)), OK);
    arena_free(a);
    assert_int_equal(visit(&again, HTTP_GET, "/settings").status, 303);
    place_close(&p);
}

static void test_owners_stay(void **state) {
    (void)state;
    struct place p = place_of();
    struct visitor owner = visitor_of(&p, 1), manager = visitor_of(&p, 2);
    static const char *const as_member =
        "csrf={csrf}&version=1&name=x&email=owner%40example.com&role=member";
    assert_int_equal(visit_form(&owner, "/settings/members/1", as_member).status, 422);
    assert_int_equal(visit_form(&owner, "/settings/members/1/end", "csrf={csrf}").status, 422);
    assert_int_equal(visit_form(&manager, "/settings/members/1", as_member).status, 422);
    assert_int_equal(visit_form(&manager, "/settings/members/1/end", "csrf={csrf}").status, 403);
    assert_int_equal(visit_form(&manager, "/settings/members/1/link", "csrf={csrf}").status, 403);
    assert_int_equal(visit_form(&manager, "/settings/members",
                                "csrf={csrf}&name=x&email=x%40example.com&role=owner")
                         .status,
                     422);
    /* T-28: no other column by any form */
    static const char *const more[] = { "active=0",    "password_hash=x", "id=9",
                                        "email_key=x", "tries=0",         "created_at=1" };
    for (size_t i = 0; i < sizeof more / sizeof *more; i++) {
        struct str form = str_printf(p.arena, "csrf={csrf}&version=1&name=x&%s", more[i]);
        assert_int_equal(visit_form(&owner, "/settings/members/3", form.p).status, 400);
        assert_int_equal(visit_form(&owner, "/settings/me", form.p).status, 400);
    }
    assert_int_equal(
        visit_form(&manager, "/settings/me", "csrf={csrf}&version=1&name=x&role=owner").status,
        400);
    place_close(&p);
}

static void test_own_settings(void **state) {
    (void)state;
    struct place p = place_of();
    struct visitor reader = visitor_of(&p, 4);
    struct answer_seen a =
        visit_form(&reader, "/settings/me",
                   "csrf={csrf}&version=1&name=Lee&language=fa&calendar=persian&digits=arabext"
                   "&first_weekday=6&zone=Asia%2FTehran");
    assert_int_equal(a.status, 303);
    a = visit(&reader, HTTP_GET, "/settings");
    assert_true(answer_says(&a, "<html lang=\"fa\" dir=\"rtl\">"));
    assert_int_equal(visit(&reader, HTTP_GET, "/settings/members").status,
                     403); /* still a reader */
    a = visit_form(&reader, "/settings/me", "csrf={csrf}&version=1&name=Lee&language=xx");
    assert_true(a.status == 422 || a.status == 412);
    place_close(&p);
}

/* --- One-time links, tokens --- */

static enum status make_link(struct ctx *c, void *arg) {
    return account_link(c, 3, arg);
}

static void test_links(void **state) {
    (void)state;
    struct place p = place_of();
    struct visitor v = visitor_of(&p, 0), old = visitor_of(&p, 3);
    struct str first, token;
    place_write(&p, OK, make_link, &first);
    place_write(&p, OK, make_link, &token);
    const char *path = str_printf(p.arena, "/password/%.*s", SF(token)).p;
    assert_int_equal(visit(&v, HTTP_GET, str_printf(p.arena, "/password/%.*s", SF(first)).p).status,
                     404);
    assert_int_equal(visit(&v, HTTP_GET, path).status, 200);
    assert_int_equal(visit_form(&v, path, "password=short").status, 422);
    struct answer_seen a = visit_form(&v, path, "password=another+long+sentence");
    assert_int_equal(a.status, 303);
    assert_int_equal(visit(&v, HTTP_GET, "/settings").status, 200);
    assert_int_equal(visit(&old, HTTP_GET, "/settings").status, 303);
    struct visitor w = visitor_of(&p, 0);
    assert_int_equal(visit(&w, HTTP_GET, path).status, 404);
    assert_int_equal(visit_form(&w, path, "password=yet+another+sentence").status, 404);
    assert_int_equal(sign_in(&w, "member%40example.com", "another+long+sentence").status, 303);
    place_close(&p);
}

static enum status find_token(struct req *r, struct place *p, const char *bearer) {
    struct http_request *h = arena_new_of(p->arena, struct http_request);
    http_pairs_add(p->arena, &h->headers, S("authorization"), str_of(bearer));
    *r = (struct req){ .app = p->app, .http = h };
    r->c.arena = p->arena;
    r->c.now_ms = 2000000000000;
    assert_int_equal(db_read(p->app->db, p->arena, &r->c.tx), OK);
    enum status s = token_find(r);
    assert_int_equal(db_end(r->c.tx, OK), OK);
    return s;
}

static void test_tokens(void **state) {
    (void)state;
    struct place p = place_of();
    struct str token;
    struct req r;
    place_write(&p, OK, make_token, &token);
    assert_int_equal(token.n, 47);
    const char *good = str_printf(p.arena, "Bearer %.*s", SF(token)).p;
    assert_int_equal(find_token(&r, &p, good), OK);
    assert_int_equal(r.c.who.id, 3);
    assert_int_equal(r.c.who.role, ROLE_MEMBER);
    assert_int_equal(seen_write(p.app, p.arena), OK);
    assert_true(place_number(&p, &test_used_n) > 0);
    for (size_t i = 0; i < token.n; i++) {
        char *forged = str_z(p.arena, token);
        forged[i] ^= 1;
        assert_int_equal(find_token(&r, &p, str_printf(p.arena, "Bearer %s", forged).p),
                         SIGNED_OUT);
    }
    static const char *const bad[] = {
        "", "Bearer", "Bearer ", "Basic abc", "dft_", "Bearer dft_"
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(find_token(&r, &p, bad[i]), SIGNED_OUT);
    struct visitor v = visitor_of(&p, 3), other = visitor_of(&p, 4);
    assert_int_equal(visit_form(&other, "/settings/tokens/1/revoke", "csrf={csrf}").status, 404);
    assert_int_equal(find_token(&r, &p, good), OK);
    assert_int_equal(visit_form(&v, "/settings/tokens/1/revoke", "csrf={csrf}").status, 303);
    assert_int_equal(find_token(&r, &p, good), SIGNED_OUT);
    struct answer_seen a = visit_form(&v, "/settings/tokens", "csrf={csrf}&name=mine");
    assert_true(answer_says(&a, "dft_"));
    a = visit(&v, HTTP_GET, "/settings/tokens");
    assert_false(answer_says(&a, "dft_")); /* shown once */
    place_close(&p);
}

/* --- Passwords --- */

static void test_password_rules(void **state) {
    (void)state;
    static const struct {
        const char *password;
        bool good;
    } cases[] = {
        { "correct horse battery", true },
        { "kx9!mQ2#vL", true },
        { "گربه روی دیوار نشسته", true },
        { "short", false },
        { "", false },
        { "          ", false },
        { "         x         ", false },
        { "1234567890", false },
        { "0987654321", false },
        { "qwertyuiop", false },
        { "poiuytrewq", false },
        { "azertyuiop", false },
        { "password123", false },
        { "Password1!", false },
        { "PASSWORD2024", false },
        { "aaaaaaaaaaaa", false },
        { "abcabcabcabc", false },
        { "1q2w3e4r5t", false },
        { "abcdefghij", false },
        { "motdepasse1", false },
        { "ضصثقفغعهخح", false },
        { "sara.karimi", false },
        { "StudioChirine1", false },
        { "studio chirine and the sea", true },
        { "mountain2019", false }, /* of the table, with a year */
        { "Mercedes!!19", false },
        { "trustno1trustno1", false },
        { "1234qwerasdf", false },
        { "passwordpassword", false },
        { "mercedes under the lemon tree", true },
        { "۱۲۳۴۵۶۷۸۹۰", false }, /* a run in any digits */
    };
    struct arena *a = arena_new();
    struct locale loc = { .lang = LANG_EN };
    static const struct str known[] = { { "Studio Chirine", 14 },
                                        { "sara.karimi@example.com", 23 } };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct ctx c = { .arena = a, .loc = &loc };
        struct str clean = password_clean(a, str_of(cases[i].password));
        enum status s = password_check(&c, S("password"), clean, known, 2);
        if (s != (cases[i].good ? OK : INVALID))
            fail_msg("“%s”: %s", cases[i].password, status_name(s));
        assert_int_equal(c.problems.n, cases[i].good ? 0 : 1);
    }
    struct ctx c = { .arena = a, .loc = &loc };
    char *large = arena_alloc(a, 1 << 20);
    memset(large, 'x', 1 << 20);
    assert_int_equal(password_check(&c, S("password"), (struct str){ large, 1 << 20 }, NULL, 0),
                     INVALID);
    /* composed and decomposed é are one password */
    assert_true(str_eq(password_clean(a, S("caf\xC3\xA9")), password_clean(a, S("cafe\xCC\x81"))));
    arena_free(a);
}

static void test_hashes(void **state) {
    (void)state;
    struct arena *a = arena_new();
    struct hasher *h = hasher_new();
    struct str one, two;
    bool good;
    assert_int_equal(password_hash(h, a, S(GOOD), &one), OK);
    assert_int_equal(password_hash(h, a, S(GOOD), &two), OK);
    assert_false(str_eq(one, two));
    assert_true(str_starts(one, S("$argon2id$v=19$m=19456,t=2,p=1$")));
    assert_int_equal(password_verify(h, a, one, S(GOOD), &good), OK);
    assert_true(good);
    assert_int_equal(password_verify(h, a, one, S("correct horse batterY"), &good), OK);
    assert_false(good);
    assert_int_equal(password_verify(h, a, NO_STR, S(GOOD), &good), OK);
    assert_false(good);
    assert_int_equal(password_verify(h, a, S("not a hash"), S(GOOD), &good), OK);
    assert_false(good);
    char large[LIMIT_PASSWORD + 1];
    memset(large, 'x', sizeof large);
    assert_int_equal(password_verify(h, a, one, (struct str){ large, sizeof large }, &good),
                     TOO_BIG);
    assert_false(password_outdated(a, one));
    assert_true(password_outdated(a, S(WEAK_HASH)));
    hasher_free(h);
    arena_free(a);
}

/* A hash of older days is made anew when its owner signs in. */
static void test_rehash(void **state) {
    (void)state;
    struct place p = place_of();
    struct str weak = S(WEAK_HASH);
    struct visitor v = visitor_of(&p, 0);
    place_write(&p, OK, give_passwords, &weak);
    assert_int_equal(place_number(&p, &test_weak_n), 4);
    assert_int_equal(sign_in(&v, "member%40example.com", "wrong+horse+battery").status, 422);
    assert_int_equal(place_number(&p, &test_weak_n), 4);
    assert_int_equal(sign_in(&v, "member%40example.com", GOOD_FORM).status, 303);
    assert_int_equal(place_number(&p, &test_weak_n), 3);
    assert_int_equal(sign_in(&v, "member%40example.com", GOOD_FORM).status, 303);
    place_close(&p);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sign_in),
        cmocka_unit_test(test_https_cookie),
        cmocka_unit_test(test_tries),
        cmocka_unit_test(test_tries_last),
        cmocka_unit_test(test_rates),
        cmocka_unit_test(test_next),
        cmocka_unit_test(test_ends),
        cmocka_unit_test(test_seen),
        cmocka_unit_test(test_sign_out_and_others),
        cmocka_unit_test(test_password_change),
        cmocka_unit_test(test_leaver),
        cmocka_unit_test(test_owners_stay),
        cmocka_unit_test(test_own_settings),
        cmocka_unit_test(test_links),
        cmocka_unit_test(test_tokens),
        cmocka_unit_test(test_password_rules),
        cmocka_unit_test(test_hashes),
        cmocka_unit_test(test_rehash),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
