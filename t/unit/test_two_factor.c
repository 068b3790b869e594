/* Two-factor sign-in through the gate, on both databases: turning it on and off, codes that work
 * once, recovery codes, firms that require it, resets, a lost key, and being asked once more. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/app/factor.h"
#include "core/app/secret.h"
#include "core/web/guess.h"
#include "core/web/session.h"
#include "visitor.h"

#define GOOD       "correct horse battery"
#define GOOD_FORM  "correct+horse+battery"
#define BEGIN      1800000000000LL /* a step begins here */
#define STEP_MS    (FACTOR_STEP_S * 1000LL)
#define MINUTES(n) ((n)*60000LL)

SQL(tf_hash, "UPDATE member SET password_hash = :hash");
SQL(tf_seed, "SELECT seed FROM factor WHERE member = :member");
SQL(tf_require, "UPDATE firm SET two_factor = :how, version = version + 1");
SQL(tf_sessions, "SELECT count(*) AS n FROM session WHERE member = 3");
SQL(tf_factors, "SELECT count(*) AS n FROM factor WHERE confirmed_at IS NOT NULL");
SQL(tf_changes, "SELECT count(*) AS n FROM change WHERE entity = 'member'");
SQL(tf_tokens, "SELECT count(*) AS n FROM token");
SQL(tf_stale, "UPDATE session SET proved_at = proved_at - 301000");

static enum status give_passwords(struct ctx *c, void *arg) {
    return db_run(c->tx, &tf_hash, P("hash", *(struct str *)arg));
}

static struct place place_of(bool pg) {
    struct place p = { .config = { .now_ms = BEGIN } };
    struct str hash;
    place_open(&p, pg);
    hasher_free(p.app->hasher);
    p.app->hasher = hasher_new_cheap();
    place_set_up(&p);
    assert_int_equal(password_hash(p.app->hasher, p.arena, S(GOOD), &hash), OK);
    place_write(&p, OK, give_passwords, &hash);
    return p;
}

static void later(struct place *p, int64_t ms) {
    p->app->config.now_ms += ms;
}

/* --- The phone --- */

struct phone {
    struct place *place;
    int64_t member;
    struct str seed;
};
static enum status read_seed(struct ctx *c, void *arg) {
    struct phone *ph = arg;
    struct rows r;
    TRY(db_query(c->tx, &tf_seed, &r, P("member", ph->member)));
    assert_int_equal(r.n, 1);
    assert_true(secret_unseal(ph->place->app, ph->place->arena, "factor", ph->member,
                              row_blob(&r, 0, "seed"), &ph->seed));
    return OK;
}

static struct str shows(const struct phone *ph, int64_t steps) {
    int64_t step = ph->place->app->config.now_ms / STEP_MS + steps;
    return factor_code(ph->place->arena, ph->seed, step, 6);
}

static struct answer_seen post(struct visitor *v, const char *to, const char *name, struct str x) {
    return visit_form(v, to, str_printf(v->place->arena, "csrf={csrf}&%s=%.*s", name, SF(x)).p);
}

/* Turns it on for the member of a visitor; the ten codes are in the answer. */
static struct answer_seen turn_on(struct visitor *v, struct phone *ph) {
    assert_int_equal(visit_form(v, "/settings/two-factor/begin", "csrf={csrf}").status, 303);
    place_write(ph->place, OK, read_seed, ph);
    struct answer_seen a = visit(v, HTTP_GET, "/settings/two-factor");
    assert_int_equal(a.status, 200);
    assert_true(answer_says(&a, str_z(v->place->arena, factor_text(v->place->arena, ph->seed))));
    assert_true(answer_says(&a, "<svg class=\"qr\""));
    assert_false(answer_says(&a, "style="));
    return post(v, "/settings/two-factor/confirm", "code", shows(ph, 0));
}

static struct answer_seen password(struct visitor *v, const char *email) {
    return visit_form(
        v, "/sign-in",
        str_printf(v->place->arena, "email=%s%%40example.com&password=" GOOD_FORM, email).p);
}

static struct answer_seen code(struct visitor *v, struct str typed) {
    return post(v, "/sign-in/code", "code", typed);
}

static void goes(const struct answer_seen *a, const char *to) {
    assert_int_equal(a->status, 303);
    if (!str_eq_z(a->location, to)) fail_msg("goes to %.*s, not to %s", SF(a->location), to);
}

static bool is_in(struct visitor *v) {
    return visit(v, HTTP_GET, "/settings").status == 200;
}

/* The token for forms, as a browser has it: from a page. */
static void take_csrf(struct visitor *v) {
    struct answer_seen a = visit(v, HTTP_GET, "/settings/two-factor");
    struct str csrf = S("name=\"csrf\" value=\"");
    ptrdiff_t at = str_find(a.body, csrf);
    assert_true(at > 0);
    v->csrf = str_dup(v->place->arena, str_sub(a.body, (size_t)at + csrf.n, 22));
}

/* The i-th of the codes that a page shows. */
static struct str code_shown(struct place *p, const struct answer_seen *a, int i) {
    struct str rest = a->body;
    for (ptrdiff_t at; (at = str_find(rest, S("<code>"))) >= 0; i--) {
        rest = str_sub(rest, (size_t)at + 6, rest.n);
        if (i == 0) return str_dup(p->arena, str_sub(rest, 0, 29));
    }
    fail_msg("no code on the page");
    return NO_STR;
}

/* --- On, in, off --- */

/* Nothing asks for a code that was only begun; a wrong one turns nothing on. */
static void check_begun(struct place *p, struct visitor *here) {
    struct visitor v = visitor_of(p, 0);
    assert_int_equal(visit_form(here, "/settings/two-factor/begin", "csrf={csrf}").status, 303);
    struct answer_seen a = password(&v, "member");
    goes(&a, "/");
    assert_int_equal(post(here, "/settings/two-factor/confirm", "code", S("000000")).status, 422);
    assert_int_equal(post(here, "/settings/two-factor/confirm", "code", S("nonsense")).status, 422);
    assert_int_equal(place_number(p, &tf_factors), 0);
}

static void run_on_and_in(bool pg) {
    struct place p = place_of(pg);
    struct visitor here = visitor_of(&p, 3), there = visitor_of(&p, 3), v = visitor_of(&p, 0);
    struct phone ph = { &p, 3, NO_STR };
    check_begun(&p, &here);
    struct answer_seen a = turn_on(&here, &ph);
    assert_int_equal(a.status, 200);
    assert_true(recovery_shape(code_shown(&p, &a, 9)));
    assert_true(is_in(&here));
    assert_false(is_in(&there)); /* T-33 */
    assert_int_equal(visit_form(&here, "/settings/two-factor/begin", "csrf={csrf}").status, 409);
    a = visit(&here, HTTP_GET, "/settings/two-factor"); /* the key is never shown again */
    assert_false(answer_says(&a, "<svg class=\"qr\""));
    /* the password alone opens nothing */
    a = password(&v, "member");
    goes(&a, "/sign-in/code?next=%2F");
    assert_int_equal(v.cookie.n, 0);
    assert_true(v.half.n > 0);
    assert_false(is_in(&v));
    assert_int_equal(visit(&v, HTTP_GET, "/sign-in/code").status, 200);
    /* the code that turned it on was used: T-37, once */
    assert_int_equal(code(&v, shows(&ph, 0)).status, 422);
    assert_int_equal(code(&v, S("")).status, 422);
    assert_int_equal(code(&v, shows(&ph, 2)).status, 422); /* beyond the window */
    a = code(&v, shows(&ph, 1));
    goes(&a, "/");
    assert_true(is_in(&v));
    assert_int_equal(v.half.n, 0);
    later(&p, MINUTES(16)); /* wrong ones are counted, see below */
    struct visitor w = visitor_of(&p, 0);
    (void)password(&w, "member");
    assert_int_equal(code(&w, shows(&ph, -2)).status, 422);
    struct str late = shows(&ph, -1); /* a phone that is late */
    a = code(&w, late);
    goes(&a, "/");
    v = visitor_of(&p, 0);
    (void)password(&v, "member");
    assert_int_equal(code(&v, late).status, 422);
    a = code(&v, shows(&ph, 1));
    goes(&a, "/");
    take_csrf(&w);
    /* off: password and code */
    later(&p, 2 * STEP_MS);
    struct str now = shows(&ph, 0);
    const char *off = "/settings/two-factor/off";
    assert_int_equal(post(&w, off, "password=wrong+horse&code", now).status, 422);
    assert_int_equal(post(&w, off, "password=" GOOD_FORM "&code", S("123456")).status, 422);
    assert_int_equal(place_number(&p, &tf_factors), 1);
    a = post(&w, off, "password=" GOOD_FORM "&code", now);
    goes(&a, "/settings/security");
    assert_int_equal(place_number(&p, &tf_factors), 0);
    assert_false(is_in(&v));
    v = visitor_of(&p, 0);
    a = password(&v, "member");
    goes(&a, "/");
    place_close(&p);
}

static void run_digits_and_recovery(bool pg) {
    struct place p = place_of(pg);
    struct visitor here = visitor_of(&p, 3), v = visitor_of(&p, 0);
    struct phone ph = { &p, 3, NO_STR };
    struct answer_seen codes = turn_on(&here, &ph);
    struct str first = code_shown(&p, &codes, 0), second = code_shown(&p, &codes, 1);
    later(&p, 2 * STEP_MS);
    struct str ascii = shows(&ph, 0);
    struct str encoded = NO_STR;
    for (size_t i = 0; i < ascii.n; i++)
        encoded = str_printf(p.arena, "%.*s%%DB%%%02X", SF(encoded), 0xB0 + ascii.p[i] - '0');
    (void)password(&v, "member");
    struct answer_seen a = code(&v, encoded);
    goes(&a, "/");
    /* a recovery code, once; the other way through the same page */
    v = visitor_of(&p, 0);
    (void)password(&v, "member");
    a = visit(&v, HTTP_GET, "/sign-in/code?way=recovery");
    assert_true(answer_says(&a, "Recovery code"));
    assert_int_equal(code(&v, S("0000-0000-0000-0000-0000-0000")).status, 422);
    a = code(&v, first);
    goes(&a, "/");
    a = visit(&v, HTTP_GET, "/settings/security");
    assert_true(answer_says(&a, "9 recovery codes are left"));
    take_csrf(&v);
    struct visitor w = visitor_of(&p, 0);
    (void)password(&w, "member");
    assert_int_equal(code(&w, first).status, 422);
    /* new ones end the old ones */
    a = visit_form(&v, "/settings/two-factor/codes", "csrf={csrf}");
    assert_int_equal(a.status, 200);
    struct str fresh = code_shown(&p, &a, 4);
    assert_int_equal(code(&w, second).status, 422);
    a = code(&w, fresh);
    goes(&a, "/");
    take_csrf(&w);
    /* as a file, and nothing but codes */
    a = post(&w, "/settings/two-factor/codes/file", "codes", fresh);
    assert_int_equal(a.status, 200);
    assert_true(answer_says(&a, str_z(p.arena, fresh)));
    assert_true(str_starts(answer_header(&a, "Content-Disposition"), S("attachment")));
    assert_int_equal(post(&w, "/settings/two-factor/codes/file", "codes", S("%3Cscript%3E")).status,
                     400);
    /* the key is lost: codes of the app are refused, recovery codes are not */
    p.app->seal_key[3] ^= 1;
    later(&p, MINUTES(16));
    v = visitor_of(&p, 0);
    (void)password(&v, "member");
    assert_int_equal(code(&v, shows(&ph, 0)).status, 422);
    a = visit_form(&w, "/settings/two-factor/codes", "csrf={csrf}&prove=x");
    assert_int_equal(a.status, 422); /* too long ago: asks, and that was no code */
    place_close(&p);
}

/* Five wrong ones make a pause, whoever sends them; the known browser has its own five. */
static void run_pause(bool pg) {
    struct place p = place_of(pg);
    struct visitor here = visitor_of(&p, 3), known = visitor_of(&p, 0), v = visitor_of(&p, 0);
    struct phone ph = { &p, 3, NO_STR };
    (void)turn_on(&here, &ph);
    later(&p, 2 * STEP_MS);
    (void)password(&known, "member");
    struct answer_seen a = code(&known, shows(&ph, 0));
    goes(&a, "/");
    assert_true(known.device.n > 0);
    later(&p, 2 * STEP_MS);
    (void)password(&v, "member");
    int looked_at = 0;
    for (int i = 0; i < 200; i++) {
        v.peer = str_printf(p.arena, "127.0.%d.%d", i / 250, i % 250 + 1).p;
        int status = code(&v, i % 2 ? S("000000") : S("0000-0000-0000-0000-0000-0000")).status;
        assert_true(status == 422 || status == 429);
        looked_at += status == 422;
    }
    assert_int_equal(looked_at, GUESS_CODES);
    assert_int_equal(code(&v, shows(&ph, 0)).status, 429); /* a right one is not looked at */
    take_csrf(&known);
    assert_int_equal(visit_form(&known, "/sign-out", "csrf={csrf}").status, 303);
    (void)password(&known, "member");
    a = code(&known, shows(&ph, 0)); /* the owner of the account comes in all the same */
    goes(&a, "/");
    later(&p, MINUTES(16));
    (void)password(&v, "member");
    a = code(&v, shows(&ph, 0));
    goes(&a, "/");
    place_close(&p);
}

/* What stands between password and code cannot be made, kept or taken elsewhere. */
static void run_half(bool pg) {
    struct place p = place_of(pg);
    struct visitor here = visitor_of(&p, 3), v = visitor_of(&p, 0);
    struct phone ph = { &p, 3, NO_STR };
    (void)turn_on(&here, &ph);
    later(&p, 2 * STEP_MS);
    (void)password(&v, "member");
    struct str half = v.half, good = shows(&ph, 0);
    struct answer_seen a;
    for (size_t i = 0; i < half.n; i++) {
        char *forged = str_z(p.arena, half);
        forged[i] = forged[i] == '1' ? '2' : '1';
        v.half = str_of(forged);
        a = code(&v, good);
        goes(&a, "/sign-in");
    }
    v.half = str_printf(p.arena, "4%.*s", SF(str_sub(half, 1, half.n))); /* another member */
    a = code(&v, good);
    goes(&a, "/sign-in");
    v.half = half;
    later(&p, MINUTES(11));
    a = code(&v, shows(&ph, 0));
    goes(&a, "/sign-in");
    (void)password(&v, "member");
    half = v.half;
    a = visit_form(&here, "/settings/password",
                   str_printf(p.arena,
                              "csrf={csrf}&old=" GOOD_FORM "&new=another+long+sentence&code=%.*s",
                              SF(shows(&ph, 0)))
                       .p);
    goes(&a, "/settings/security");
    v.half = half;
    a = code(&v, shows(&ph, 1)); /* a new password ends what the old one began */
    goes(&a, "/sign-in");
    place_close(&p);
}

/* --- Required, reset --- */

static enum status require(struct ctx *c, void *arg) {
    return db_run(c->tx, &tf_require, P("how", (const char *)arg));
}

static void run_required(bool pg) {
    struct place p = place_of(pg);
    struct visitor v = visitor_of(&p, 0), before = visitor_of(&p, 3);
    char owners[] = "owners", everyone[] = "everyone", offered[] = "offered";
    place_write(&p, OK, require, owners);
    (void)password(&v, "member");
    assert_true(is_in(&v)); /* no owner */
    struct visitor o = visitor_of(&p, 0);
    (void)password(&o, "owner");
    struct answer_seen a = visit(&o, HTTP_GET, "/clients");
    goes(&a, "/settings/two-factor");
    place_write(&p, OK, require, everyone);
    v = visitor_of(&p, 0);
    a = password(&v, "member");
    goes(&a, "/");
    static const char *const closed[] = { "/",         "/clients",           "/history",
                                          "/settings", "/settings/security", "/settings/tokens" };
    for (size_t i = 0; i < sizeof closed / sizeof *closed; i++) {
        a = visit(&v, HTTP_GET, closed[i]);
        goes(&a, "/settings/two-factor");
    }
    assert_true(is_in(&before)); /* at the next sign-in, not in the middle of work */
    a = visit(&v, HTTP_GET, "/settings/two-factor");
    assert_true(answer_says(&a, "Your business asks you to use it."));
    take_csrf(&v);
    assert_int_equal(visit_form(&v, "/settings/tokens", "csrf={csrf}&name=x").status, 403);
    assert_int_equal(place_number(&p, &tf_tokens), 0);
    struct phone ph = { &p, 3, NO_STR };
    a = turn_on(&v, &ph);
    assert_int_equal(a.status, 200);
    assert_true(is_in(&v));
    /* off again: led back at once */
    later(&p, 2 * STEP_MS);
    a = post(&v, "/settings/two-factor/off", "password=" GOOD_FORM "&code", shows(&ph, 0));
    goes(&a, "/settings/security");
    a = visit(&v, HTTP_GET, "/clients");
    goes(&a, "/settings/two-factor");
    place_write(&p, OK, require, offered);
    assert_true(is_in(&v));
    place_close(&p);
}

static void run_reset(bool pg) {
    struct place p = place_of(pg);
    struct visitor v = visitor_of(&p, 3), owner = visitor_of(&p, 1), manager = visitor_of(&p, 2);
    struct phone ph = { &p, 3, NO_STR };
    (void)turn_on(&v, &ph);
    const char *reset = "/settings/members/3/factor/reset";
    assert_int_equal(visit_form(&manager, reset, "csrf={csrf}").status, 403);
    assert_int_equal(visit_form(&v, reset, "csrf={csrf}").status, 403);
    struct answer_seen a = visit(&owner, HTTP_GET, "/settings/members/3");
    assert_true(answer_says(&a, reset));
    a = visit(&manager, HTTP_GET, "/settings/members/3");
    assert_false(answer_says(&a, "factor/reset"));
    int64_t changes = place_number(&p, &tf_changes);
    a = visit_form(&owner, reset, "csrf={csrf}");
    goes(&a, "/settings/members/3");
    assert_int_equal(place_number(&p, &tf_factors), 0);
    assert_int_equal(place_number(&p, &tf_sessions), 0);
    assert_int_equal(place_number(&p, &tf_changes), changes + 1);
    a = visit(&owner, HTTP_GET, "/history");
    assert_true(answer_says(&a, "Two-factor sign-in was reset"));
    assert_int_equal(visit_form(&owner, reset, "csrf={csrf}").status, 404); /* there is none */
    v = visitor_of(&p, 0);
    a = password(&v, "member");
    goes(&a, "/");
    /* an owner's own goes by password and code only; sessions of others can be ended */
    struct phone mine = { &p, 1, NO_STR };
    (void)turn_on(&owner, &mine);
    assert_int_equal(visit_form(&owner, "/settings/members/1/factor/reset", "csrf={csrf}").status,
                     403);
    assert_true(is_in(&v));
    a = visit_form(&manager, "/settings/members/3/sessions/end", "csrf={csrf}");
    assert_int_equal(a.status, 403);
    a = visit_form(&owner, "/settings/members/3/sessions/end", "csrf={csrf}");
    goes(&a, "/settings/members/3");
    assert_false(is_in(&v));
    place_close(&p);
}

/* --- Asked once more --- */

static enum status make_stale(struct ctx *c, void *arg) {
    (void)arg;
    return db_run(c->tx, &tf_stale);
}

/* A member's e-mail and rights, his link, what the business asks for. */
static void check_rights(struct place *p) {
    struct visitor owner = visitor_of(p, 1);
    const char *mail = "csrf={csrf}&version=1&name=reader&email=new%40example.com&role=reader";
    const char *name = "csrf={csrf}&version=1&name=Lee&email=reader%40example.com&role=reader";
    place_write(p, OK, make_stale, NULL);
    assert_int_equal(visit_form(&owner, "/settings/members/4", mail).status, 403);
    assert_int_equal(visit_form(&owner, "/settings/members/4", name).status, 303);
    assert_int_equal(visit_form(&owner, "/settings/members/4/link", "csrf={csrf}").status, 403);
    assert_int_equal(
        visit_form(&owner, "/settings/firm", "csrf={csrf}&version=1&two_factor=owners").status,
        403);
}

static void run_prove(bool pg) {
    struct place p = place_of(pg);
    struct visitor v = visitor_of(&p, 3);
    const char *form = "csrf={csrf}&name=%22Book%22+%3Cb%3E";
    place_write(&p, OK, make_stale, NULL);
    struct answer_seen a = visit_form(&v, "/settings/tokens", form);
    assert_int_equal(a.status, 403);
    assert_true(answer_says(&a, "Is it you?"));
    assert_true(answer_says(&a, "name=\"name\" value=\"&quot;Book&quot; &lt;b&gt;\"") ||
                answer_says(&a, "name=\"name\" value=\"&#34;Book&#34; &lt;b&gt;\""));
    assert_true(answer_says(&a, "action=\"/settings/tokens\""));
    assert_int_equal(place_number(&p, &tf_tokens), 0);
    const char *wrong = str_printf(p.arena, "%s&prove=wrong+horse", form).p;
    a = visit_form(&v, "/settings/tokens", wrong);
    assert_int_equal(a.status, 422);
    assert_true(answer_says(&a, "This is not your password."));
    assert_true(answer_says(&a, "name=\"name\" value="));
    assert_false(answer_says(&a, "wrong horse"));
    a = visit_form(&v, "/settings/tokens", str_printf(p.arena, "%s&prove=" GOOD_FORM, form).p);
    assert_int_equal(a.status, 200);
    assert_true(answer_says(&a, "dft_"));
    assert_int_equal(place_number(&p, &tf_tokens), 1);
    assert_int_equal(visit_form(&v, "/settings/tokens", "csrf={csrf}&name=two").status, 200);
    /* without the session's token the answer is not even looked at */
    a = visit_form(&v, "/settings/tokens", "name=x&prove=" GOOD_FORM);
    assert_int_equal(a.status, 403);
    assert_false(answer_says(&a, "Is it you?"));
    /* with a second factor on, the password is not enough */
    struct phone ph = { &p, 3, NO_STR };
    (void)turn_on(&v, &ph);
    later(&p, MINUTES(6));
    a = visit_form(&v, "/settings/tokens", "csrf={csrf}&name=three&prove=" GOOD_FORM);
    assert_int_equal(a.status, 422);
    assert_int_equal(place_number(&p, &tf_tokens), 2);
    a = post(&v, "/settings/tokens", "name=three&prove", shows(&ph, 0));
    assert_int_equal(a.status, 200);
    assert_int_equal(place_number(&p, &tf_tokens), 3);
    /* by itself, in front of pages */
    later(&p, MINUTES(6));
    a = visit(&v, HTTP_GET, "/prove?next=/settings/tokens");
    assert_int_equal(a.status, 200);
    a = visit_form(&v, "/prove", "csrf={csrf}&next=/settings/tokens");
    assert_int_equal(a.status, 403);
    a = post(&v, "/prove", "next=/settings/tokens&prove", shows(&ph, 0));
    goes(&a, "/settings/tokens");
    later(&p, 2 * STEP_MS);
    a = post(&v, "/prove", "next=//evil.example&prove", shows(&ph, 0));
    goes(&a, "/");
    check_rights(&p);
    place_close(&p);
}

#define BOTH(name)                                                                                 \
    static void test_##name(void **state) {                                                        \
        (void)state;                                                                               \
        run_##name(false);                                                                         \
    }                                                                                              \
    static void test_##name##_postgres(void **state) {                                             \
        (void)state;                                                                               \
        if (!getenv("DAFTAR_TEST_PG")) {                                                           \
            print_message("skipped: DAFTAR_TEST_PG is not set\n");                                 \
            skip();                                                                                \
        }                                                                                          \
        run_##name(true);                                                                          \
    }
BOTH(on_and_in)
BOTH(digits_and_recovery)
BOTH(pause)
BOTH(half)
BOTH(required)
BOTH(reset)
BOTH(prove)

#define TWICE(name) cmocka_unit_test(test_##name), cmocka_unit_test(test_##name##_postgres)
int main(void) {
    const struct CMUnitTest tests[] = {
        TWICE(on_and_in), TWICE(digits_and_recovery),
        TWICE(pause),     TWICE(half),
        TWICE(required),  TWICE(reset),
        TWICE(prove),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
