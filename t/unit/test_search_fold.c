/* Folding the search index while others write: on PostgreSQL a row of search_pending with a smaller
 * number may be committed after one with a greater number was read, and must not be lost. The fold
 * is held at a row that another transaction locks, so that the order is the same each time. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <pthread.h>
#include <unistd.h>

#include "core/search/search.h"
#include "fixture.h"

SQL2(test_lock_term, "SELECT 1 AS n FROM search_term WHERE term = :term",
     "SELECT 1 AS n FROM search_term WHERE term = :term FOR UPDATE");

static void must(enum status s) {
    assert_string_equal(status_name(s), "OK");
}

static enum status pend(struct tx *tx, struct arena *a, int64_t number, struct str term) {
    struct terms none = { .arena = a }, now = { .arena = a };
    terms_add(&now, term);
    terms_add(&now, S("wlast")); /* a second row to write: after the wait comes another slice */
    terms_sort(&now);
    return search_write(tx, number, &none, &now);
}

static void put(struct fixture *f, int64_t number, struct str term) {
    struct tx *tx;
    struct arena *a = arena_new();
    must(db_write(f->db, a, &tx));
    must(db_end(tx, pend(tx, a, number, term)));
    arena_free(a);
}

static bool finds(struct fixture *f, int64_t number, struct str term) {
    struct tx *tx;
    struct search *s;
    struct bits *b;
    struct arena *a = arena_new();
    must(db_read(f->db, a, &tx));
    must(search_open(tx, NULL, &s));
    must(search_term(s, term, &b));
    bool has = bits_has(b, (uint32_t)number);
    bits_free(b);
    must(db_end(tx, OK));
    arena_free(a);
    return has;
}

static int64_t pending(struct fixture *f) {
    struct tx *tx;
    int64_t n;
    struct arena *a = arena_new();
    must(db_read(f->db, a, &tx));
    must(db_end(tx, search_pending_n(tx, &n)));
    arena_free(a);
    return n;
}

struct folding {
    struct db *db;
    enum status status;
    int folded;
};

static void *fold_now(void *arg) {
    struct folding *g = arg;
    struct arena *a = arena_new();
    g->status = search_fold(g->db, a, 1000, &g->folded);
    arena_free(a);
    return NULL;
}

static void late_commit_is_kept(void **state) {
    (void)state;
    if (!fixture_has_pg()) skip();
    struct fixture f;
    struct arena *a1 = arena_new(), *a2 = arena_new();
    struct tx *early, *holder;
    struct rows r;
    pthread_t thread;
    fixture_open(&f, true);
    fixture_fold(&f);
    put(&f, 7, S("wheld"));
    fixture_fold(&f); /* the term has a row that can be locked */
    must(db_write(f.db, a1, &early));
    must(pend(early, a1, 8, S("wearly"))); /* takes the smaller number, commits later */
    put(&f, 9, S("wheld"));
    must(db_write(f.db, a2, &holder));
    must(db_query(holder, &test_lock_term, &r, P("term", ((struct blob){ "wheld", 5 }))));
    assert_int_equal(r.n, 1);
    struct folding g = { .db = f.db };
    assert_int_equal(pthread_create(&thread, NULL, fold_now, &g), 0);
    usleep(500000); /* it has read, and waits for the row */
    must(db_end(early, OK));
    must(db_end(holder, OK));
    assert_int_equal(pthread_join(thread, NULL), 0);
    must(g.status);
    assert_int_equal(g.folded, 1);
    assert_int_equal(pending(&f), 1); /* the early one is still to be folded */
    assert_true(finds(&f, 8, S("wearly")));
    fixture_fold(&f);
    assert_int_equal(pending(&f), 0);
    assert_true(finds(&f, 8, S("wearly")));
    assert_true(finds(&f, 9, S("wheld")));
    arena_free(a1);
    arena_free(a2);
    fixture_close(&f);
}

static void folds_in_parts(bool pg) {
    struct fixture f;
    struct arena *a = arena_new();
    int n;
    fixture_open(&f, pg);
    fixture_fold(&f);
    for (int64_t i = 1; i <= 10; i++) put(&f, i, S("wpart"));
    for (int left = 10; left > 0; left -= n) {
        must(search_fold(f.db, a, 4, &n));
        assert_in_range(n, 1, 4);
        assert_int_equal(pending(&f), left - n);
        for (int64_t i = 1; i <= 10; i++) assert_true(finds(&f, i, S("wpart")));
    }
    arena_free(a);
    fixture_close(&f);
}

static void folds_in_parts_lite(void **state) {
    (void)state;
    folds_in_parts(false);
}

static void folds_in_parts_pg(void **state) {
    (void)state;
    if (!fixture_has_pg()) skip();
    folds_in_parts(true);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(late_commit_is_kept),
        cmocka_unit_test(folds_in_parts_lite),
        cmocka_unit_test(folds_in_parts_pg),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
