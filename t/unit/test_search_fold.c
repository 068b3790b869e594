/* Folding the search index while others write. Writers of this program come one after another; a
 * hand with other tools may still commit a row of search_pending with a smaller number after one
 * with a greater number was read, and it must not be lost. The fold is held at a row that such a
 * hand locks, so that the order is the same each time. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <libpq-fe.h>
#include <pthread.h>
#include <unistd.h>

#include "core/search/search.h"
#include "fixture.h"

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

/* Somebody with psql, in the schema of the fixture. */
static PGconn *hand(const struct fixture *f) {
    PGconn *c = PQconnectdb(getenv("DAFTAR_TEST_PG"));
    char path[128];
    const char *name = strrchr(f->dir, '-') + 1;
    int n = snprintf(path, sizeof path, "SET search_path TO test_");
    for (; *name && n < (int)sizeof path - 1; name++)
        path[n++] = *name >= 'A' && *name <= 'Z' ? (char)(*name - 'A' + 'a') : *name;
    path[n] = 0;
    PQclear(PQexec(c, path));
    return c;
}

static void does(PGconn *c, const char *sql, const char *rows) {
    PGresult *r = PQexec(c, sql);
    if (PQresultStatus(r) != PGRES_COMMAND_OK && PQresultStatus(r) != PGRES_TUPLES_OK)
        fail_msg("%s: %s", sql, PQerrorMessage(c));
    assert_string_equal(PQresultStatus(r) == PGRES_TUPLES_OK ? PQgetvalue(r, 0, 0) : PQcmdTuples(r),
                        rows);
    PQclear(r);
}

static void late_commit_is_kept(void **state) {
    (void)state;
    if (!fixture_has_pg()) skip();
    struct fixture f;
    pthread_t thread;
    fixture_open(&f, true);
    fixture_fold(&f);
    put(&f, 7, S("wheld"));
    fixture_fold(&f); /* the term has a row that can be locked */
    PGconn *early = hand(&f), *holder = hand(&f);
    does(early, "BEGIN", "");
    does(early, /* takes the smaller number, commits later; two terms: after the wait comes another
                   slice */
         "INSERT INTO search_pending (number, added, removed) VALUES (8, "
         "'\\x06' || convert_to('wearly', 'UTF8') || '\\x05' || convert_to('wlast', 'UTF8'), '')",
         "1");
    put(&f, 9, S("wheld"));
    does(holder, "BEGIN", "");
    does(holder, "SELECT 1 FROM search_term WHERE term = convert_to('wheld', 'UTF8') FOR UPDATE",
         "1");
    struct folding g = { .db = f.db };
    assert_int_equal(pthread_create(&thread, NULL, fold_now, &g), 0);
    usleep(500000); /* it has read, and waits for the row */
    does(early, "COMMIT", "");
    does(holder, "COMMIT", "");
    assert_int_equal(pthread_join(thread, NULL), 0);
    must(g.status);
    assert_int_equal(g.folded, 1);
    assert_int_equal(pending(&f), 1); /* the early one is still to be folded */
    assert_true(finds(&f, 8, S("wearly")));
    fixture_fold(&f);
    assert_int_equal(pending(&f), 0);
    assert_true(finds(&f, 8, S("wearly")));
    assert_true(finds(&f, 9, S("wheld")));
    PQfinish(early);
    PQfinish(holder);
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
