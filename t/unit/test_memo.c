/* Pages that are sent again as they are (core/web/memo.c): only to the same person and for the same
 * words, only while nothing was committed by anybody, only for seconds. On both databases. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/entity/store.h"
#include "core/web/memo.h"
#include "features/party/party.h"
#include "fixture.h"
#include "on_both.h"
#include "visitor.h"

SQL(test_session_gone, "DELETE FROM session WHERE member = 3");
SQL(test_blind, "UPDATE member SET sees = 'own' WHERE id = 3");
SQL(test_touch, "UPDATE meta SET value = value WHERE key = 'nothing'");

static enum status add_client(struct ctx *c, void *arg) {
    struct party *p = row_new(c, &entity_party);
    c->who.id = 1;
    p->display_name = str_of(arg);
    p->family_name = str_of(arg);
    p->given_name = S("X");
    return store_save(c, &entity_party, p);
}

static void write_client(struct place *p, const char *name) {
    place_write(p, OK, add_client, (void *)(uintptr_t)name);
}

static enum status run_sql(struct ctx *c, void *arg) {
    return db_run(c->tx, (const struct sql *)arg);
}

static struct place place_of(bool pg) {
    struct place p = { .config = { .now_ms = 1792000000000 } };
    place_open(&p, pg);
    place_set_up(&p);
    write_client(&p, "Ahmadi");
    return p;
}

static int64_t hits(struct place *p) {
    return memo_hits(p->app->memo);
}

/* So many pages were sent again. PostgreSQL's snapshot is of its whole server: whatever other
 * tests, or its own housekeeping, commit there meanwhile also ends a page. Fewer hits than expected
 * are therefore noted there, and the test runs once more; too many are a fault at once. */
static bool disturbed;

static void expect_hits(struct place *p, bool pg, int64_t n) {
    if (pg && hits(p) < n)
        disturbed = true;
    else
        assert_int_equal(hits(p), n);
}

static void undisturbed(void test(bool pg), bool pg) {
    for (int i = 0; i < 20; i++) {
        disturbed = false;
        test(pg);
        if (!disturbed) return;
    }
    fail_msg("fewer pages than expected were sent again, twenty times in a row");
}

/* The same request twice: the second is the first's bytes, and nothing was read for it. */
static void sent_again(bool pg) {
    struct place p = place_of(pg);
    struct visitor v = visitor_of(&p, 3), w = visitor_of(&p, 4);
    struct answer_seen first = visit(&v, HTTP_GET, "/clients");
    assert_int_equal(first.status, 200);
    assert_true(answer_says(&first, "Ahmadi"));
    expect_hits(&p, pg, 0);
    struct answer_seen second = visit(&v, HTTP_GET, "/clients");
    expect_hits(&p, pg, 1);
    assert_true(str_eq(first.body, second.body));
    assert_true(str_eq(first.type, second.type));
    assert_true(str_eq(answer_header(&first, "Content-Security-Policy"),
                       answer_header(&second, "Content-Security-Policy")));
    (void)visit(&v, HTTP_GET, "/clients?sort=-display_name"); /* other words */
    (void)visit(&w, HTTP_GET, "/clients");                    /* another person */
    visitor_header(&v, "hx-request", "true");                 /* another shape */
    (void)visit(&v, HTTP_GET, "/clients");
    expect_hits(&p, pg, 1);
    place_close(&p);
}

/* Whoever writes, by whichever door and process, is seen by the very next request. */
static void ends_with_a_commit(bool pg) {
    struct place p = place_of(pg);
    struct visitor v = visitor_of(&p, 3);
    for (int i = 0; i < 3; i++) (void)visit(&v, HTTP_GET, "/clients");
    expect_hits(&p, pg, 2);
    write_client(&p, "Bahrami");
    struct answer_seen seen = visit(&v, HTTP_GET, "/clients");
    assert_true(answer_says(&seen, "Bahrami"));
    expect_hits(&p, pg, 2);

    struct place other = { .config = p.config, .arena = arena_new() }; /* another process */
    assert_int_equal(app_open(&other.app, &other.config), OK);
    for (int i = 0; i < 20; i++) {
        const char *name = str_printf(p.arena, "Name%c", 'a' + i).p;
        for (int k = 0; k < 3; k++) (void)visit(&v, HTTP_GET, "/clients");
        write_client(&other, name);
        seen = visit(&v, HTTP_GET, "/clients");
        if (!answer_says(&seen, name)) fail_msg("%s is not on the page", name);
    }
    app_close(other.app);
    arena_free(other.arena);
    place_close(&p);
}

static void ends_with_a_right(bool pg) {
    struct place p = place_of(pg);
    struct visitor v = visitor_of(&p, 3);
    for (int i = 0; i < 2; i++) (void)visit(&v, HTTP_GET, "/clients");
    place_write(&p, OK, run_sql, (void *)(uintptr_t)&test_blind);
    struct answer_seen seen = visit(&v, HTTP_GET, "/clients");
    assert_false(answer_says(&seen, "Ahmadi"));
    for (int i = 0; i < 2; i++) (void)visit(&v, HTTP_GET, "/clients");
    expect_hits(&p, pg, 3);
    place_write(&p, OK, run_sql, (void *)(uintptr_t)&test_session_gone);
    assert_int_equal(visit(&v, HTTP_GET, "/clients").status, 303);
    place_close(&p);
}

static void ends_with_time(bool pg) {
    struct place p = place_of(pg);
    struct visitor v = visitor_of(&p, 3);
    (void)visit(&v, HTTP_GET, "/clients");
    p.app->config.now_ms += MEMO_MS - 1;
    (void)visit(&v, HTTP_GET, "/clients");
    expect_hits(&p, pg, 1);
    p.app->config.now_ms += 1;
    (void)visit(&v, HTTP_GET, "/clients");
    expect_hits(&p, pg, 1);
    p.app->config.now_ms -= 1000; /* a clock that was set back */
    (void)visit(&v, HTTP_GET, "/clients");
    expect_hits(&p, pg, 1);
    place_close(&p);
}

/* More pages than there is room for: the memory stays bounded, the last ones are still there. */
static void stays_small(bool pg) {
    struct place p = place_of(pg);
    struct visitor v = visitor_of(&p, 3);
    for (int i = 0; i < 3 * MEMO_PAGES_N; i++)
        (void)visit(&v, HTTP_GET, str_printf(p.arena, "/clients?q=a%d", i).p);
    int64_t before = hits(&p);
    for (int i = 3 * MEMO_PAGES_N - 10; i < 3 * MEMO_PAGES_N; i++)
        (void)visit(&v, HTTP_GET, str_printf(p.arena, "/clients?q=a%d", i).p);
    expect_hits(&p, pg, before + 10);
    (void)visit(&v, HTTP_GET, "/clients?q=a0");
    expect_hits(&p, pg, before + 10);
    place_close(&p);
}

/* A toast is said once; a refusal is never kept. */
static void keeps_no_others(bool pg) {
    struct place p = place_of(pg);
    struct visitor v = visitor_of(&p, 3), nobody = visitor_of(&p, 0);
    for (int i = 0; i < 3; i++) assert_int_equal(visit(&nobody, HTTP_GET, "/clients").status, 303);
    for (int i = 0; i < 3; i++)
        assert_int_equal(visit(&v, HTTP_GET, "/clients?sort=nonsense").status, 400);
    expect_hits(&p, pg, 0);
    struct answer_seen made =
        visit_form(&v, "/clients", "csrf={csrf}&kind=organisation&display_name=Firm&stage=active");
    assert_int_equal(made.status, 303);
    assert_true(v.toast.n > 0);
    struct answer_seen told = visit(&v, HTTP_GET, "/clients");
    assert_int_equal(told.status, 200);
    expect_hits(&p, pg, 0);
    place_write(&p, OK, run_sql, (void *)(uintptr_t)&test_touch);
    place_close(&p);
}

#define QUIET(name)                                                                                \
    static void name##_once(bool pg) {                                                             \
        undisturbed(name, pg);                                                                     \
    }                                                                                              \
    BOTH(name##_once)

QUIET(sent_again)
QUIET(ends_with_a_commit)
QUIET(ends_with_a_right)
QUIET(ends_with_time)
QUIET(stays_small)
QUIET(keeps_no_others)

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sent_again_once_lite),
        cmocka_unit_test(sent_again_once_pg),
        cmocka_unit_test(ends_with_a_commit_once_lite),
        cmocka_unit_test(ends_with_a_commit_once_pg),
        cmocka_unit_test(ends_with_a_right_once_lite),
        cmocka_unit_test(ends_with_a_right_once_pg),
        cmocka_unit_test(ends_with_time_once_lite),
        cmocka_unit_test(ends_with_time_once_pg),
        cmocka_unit_test(stays_small_once_lite),
        cmocka_unit_test(stays_small_once_pg),
        cmocka_unit_test(keeps_no_others_once_lite),
        cmocka_unit_test(keeps_no_others_once_pg),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
