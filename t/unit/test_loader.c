/* New records in bulk (core/entity/loader.h): the index and the sort values are the very same as
 * when each is written by itself, what was taken back leaves nothing, bitmaps that are there stay,
 * and a fold that is under way does not undo them. On both databases. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/entity/loader.h"
#include "core/search/gather.h"
#include "features/party/party.h"
#include "fixture.h"
#include "lib/db/lease.h"
#include "on_both.h"

SQL(test_all_terms, "SELECT term, chunk, bits FROM search_term ORDER BY term, chunk");
SQL(test_all_keys, "SELECT field, key, id FROM sort_value ORDER BY field, key, id");
/* On PostgreSQL the two draw different ids. */
SQL(test_term_names, "SELECT term, chunk FROM search_term ORDER BY term, chunk");
SQL(test_key_names, "SELECT field, key FROM sort_value ORDER BY field, key");
SQL(test_waiting, "SELECT count(*) AS n FROM search_pending");

static void must(enum status s) {
    assert_string_equal(status_name(s), "OK");
}

static void add(struct ctx *c, struct loader *l, int i) {
    static const char *const names[] = { "Anna", "Berta", "Çelik", "مریم", "Zoé", "علی" };
    struct party *p = row_new(c, &entity_party);
    struct phone *phone = arena_new_of(c->arena, struct phone);
    phone->number = str_printf(c->arena, "0912 345 %04d", i);
    p->kind = S("person");
    p->given_name = str_of(names[i % COUNT(names)]);
    p->family_name = str_printf(c->arena, "Martin%d", i % 7);
    if (i % 3) p->birth_date = str_printf(c->arena, "19%02d-05-%02d", i % 90, 1 + i % 28);
    p->phones.v = phone;
    p->phones.n = 1;
    c->now_ms = INT64_C(1800000000000) + i;
    c->batch = 0;
    must(l ? loader_save(c, l, &entity_party, p) : store_save(c, &entity_party, p));
}

enum { PEOPLE_N = 60, FIRST_N = 25 };

static void one_by_one(struct fixture *f) {
    for (int i = 0; i < PEOPLE_N; i++) {
        add(fixture_begin(f, true, 1, ROLE_OWNER), NULL, i);
        must(fixture_end(f, OK));
    }
    fixture_fold(f);
}

/* In two transactions; the second is begun twice, but on PostgreSQL, where numbers that were drawn
 * and taken back are not drawn again. */
static void in_bulk(struct fixture *f) {
    struct loader *l = loader_new();
    struct ctx *c = fixture_begin(f, true, 1, ROLE_OWNER);
    must(loader_begin(c, l));
    for (int i = 0; i < FIRST_N; i++) add(c, l, i);
    must(loader_end(c, l));
    must(fixture_end(f, OK));
    if (!f->pg) {
        c = fixture_begin(f, true, 1, ROLE_OWNER);
        must(loader_begin(c, l));
        for (int i = 50; i < 55; i++) add(c, l, i);
        assert_int_equal(fixture_end(f, INVALID), INVALID);
    }
    c = fixture_begin(f, true, 1, ROLE_OWNER);
    must(loader_begin(c, l));
    for (int i = FIRST_N; i < PEOPLE_N; i++) add(c, l, i);
    must(loader_end(c, l));
    must(fixture_end(f, OK));
    loader_free(l);
}

static void assert_same(struct fixture *a, struct fixture *b, const struct sql *sql, int least) {
    struct rows x, y;
    must(db_query(fixture_begin(a, false, 1, ROLE_OWNER)->tx, sql, &x));
    must(db_query(fixture_begin(b, false, 1, ROLE_OWNER)->tx, sql, &y));
    assert_int_equal(x.n, y.n);
    assert_true(x.n > least);
    for (int i = 0; i < x.n * x.columns_n; i++) {
        assert_int_equal(x.cells[i].i, y.cells[i].i);
        assert_true(str_eq(x.cells[i].s, y.cells[i].s));
    }
    must(fixture_end(a, OK));
    must(fixture_end(b, OK));
}

static void test_same_index(bool pg) {
    struct fixture a, b;
    struct rows r;
    fixture_open(&a, pg);
    fixture_open(&b, pg);
    one_by_one(&a);
    in_bulk(&b);
    must(db_query(fixture_begin(&b, false, 1, ROLE_OWNER)->tx, &test_waiting, &r));
    assert_int_equal(row_int(&r, 0, "n"), 0);
    must(fixture_end(&b, OK));
    assert_same(&a, &b, pg ? &test_term_names : &test_all_terms, 100);
    assert_same(&a, &b, pg ? &test_key_names : &test_all_keys, 100);
    fixture_close(&a);
    fixture_close(&b);
}
BOTH(test_same_index)

static void gather(struct tx *tx, struct gather *g, int64_t from, int64_t until, const char *term) {
    for (int64_t i = from; i < until; i++) {
        struct terms t = { .arena = tx_arena(tx) };
        terms_add(&t, S("a"));
        terms_add(&t, str_of(term));
        gather_add(g, i, &t);
    }
}

static int64_t found_n(struct fixture *f, const char *term) {
    struct search *s;
    struct bits *b;
    struct ctx *c = fixture_begin(f, false, 1, ROLE_OWNER);
    must(search_open(c->tx, NULL, &s));
    must(search_term(s, str_of(term), &b));
    int64_t n = bits_count(b);
    bits_free(b);
    must(fixture_end(f, OK));
    return n;
}

/* Across chunks, twice into the same one, into one from its first number on. */
static void test_bitmaps_grow(bool pg) {
    struct fixture f;
    struct gather *g = gather_new();
    static const int64_t parts[][2] = {
        { 1, 40 }, { 40, 60 }, { 65500, 65600 }, { 131072, 140000 }, { 140000, 140010 }
    };
    fixture_open(&f, pg);
    for (int i = 0; i < COUNT(parts); i++) {
        struct ctx *c = fixture_begin(&f, true, 1, ROLE_OWNER);
        must(gather_begin(c->tx));
        gather(c->tx, g, parts[i][0], parts[i][1], i % 2 ? "wodd" : "weven");
        assert_int_equal(gather_n(g), 2 * (parts[i][1] - parts[i][0]));
        must(gather_write(c->tx, g));
        assert_int_equal(gather_n(g), 0);
        must(fixture_end(&f, OK));
    }
    assert_int_equal(found_n(&f, "a"), 59 + 100 + 8928 + 10);
    assert_int_equal(found_n(&f, "weven"), 39 + 100 + 10);
    assert_int_equal(found_n(&f, "wodd"), 20 + 8928);
    gather_free(g);
    fixture_close(&f);
}
BOTH(test_bitmaps_grow)

static enum status never(struct tx *tx, void *arg, int *at, int64_t until_us) {
    (void)tx, (void)until_us;
    *(bool *)arg = true;
    *at = 1;
    return OK;
}

/* Whoever worked out bitmaps before does not write them any more. */
static void test_fold_gives_way(bool pg) {
    struct fixture f;
    struct lease l;
    struct arena *a = arena_new();
    struct gather *g = gather_new();
    bool wrote = false;
    fixture_open(&f, pg);
    must(lease_take(f.db, a, "fold_lease", &l));
    assert_true(l.held);
    struct ctx *c = fixture_begin(&f, true, 1, ROLE_OWNER);
    must(gather_begin(c->tx));
    gather(c->tx, g, 1, 10, "wx");
    must(gather_write(c->tx, g));
    must(fixture_end(&f, OK));
    assert_int_equal(lease_slices(f.db, a, &l, 1, never, &wrote), CONFLICT);
    assert_false(wrote);
    must(lease_end(f.db, a, &l, CONFLICT));
    must(lease_take(f.db, a, "fold_lease", &l));
    assert_true(l.held);
    must(lease_end(f.db, a, &l, OK));
    gather_free(g);
    fixture_close(&f);
    arena_free(a);
}
BOTH(test_fold_gives_way)

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_same_index_lite),     cmocka_unit_test(test_same_index_pg),
        cmocka_unit_test(test_bitmaps_grow_lite),   cmocka_unit_test(test_bitmaps_grow_pg),
        cmocka_unit_test(test_fold_gives_way_lite), cmocka_unit_test(test_fold_gives_way_pg),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
