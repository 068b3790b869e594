/* The lease in meta, on both databases: one holder at a time, who is taken over when his time is
 * over and cannot write from then on; slices that go on where the one before ended. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "lib/base/clock.h"
#include "lib/db/lease.h"
#include "fixture.h"
#include "on_both.h"

SQL(test_lease_old, "UPDATE meta SET value = '0000000000001 gone' WHERE key = 'test_lease'");
SQL(test_lease_rows, "SELECT key, value FROM meta WHERE key = 'test_lease'");
SQL(test_work_add, "INSERT INTO meta (key, value) VALUES (:key, 'done')");
SQL(test_work_n, "SELECT count(*) AS n FROM meta WHERE key LIKE 'test_work%'");

static void must(enum status s) {
    assert_string_equal(status_name(s), "OK");
}

static struct lease take(struct fixture *f) {
    struct lease l;
    must(lease_take(f->db, f->arena, "test_lease", &l));
    return l;
}

static int64_t rows_of(struct fixture *f, const struct sql *sql, struct rows *r) {
    struct tx *tx;
    must(db_read(f->db, f->arena, &tx));
    must(db_end(tx, db_query(tx, sql, r)));
    return r->n;
}

static int64_t work_n(struct fixture *f) {
    struct rows r;
    rows_of(f, &test_work_n, &r);
    return row_int(&r, 0, "n");
}

static void make_old(struct fixture *f) {
    struct tx *tx;
    must(db_write(f->db, f->arena, &tx));
    must(db_end(tx, db_run(tx, &test_lease_old)));
}

static void one_holder(bool pg) {
    struct fixture f;
    struct rows r;
    fixture_open(&f, pg);
    struct lease first = take(&f), second = take(&f);
    assert_true(first.held);
    assert_false(second.held);
    assert_int_equal(rows_of(&f, &test_lease_rows, &r), 1);
    assert_true(str_eq(row_str(&r, 0, "value"), first.mine));
    int64_t until = 0;
    assert_true(str_to_i64(str_sub(first.mine, 0, 13), &until));
    assert_in_range(until - clock_now_ms(), 50000, 60000);
    must(lease_end(f.db, f.arena, &second, OK)); /* who never held it takes nothing away */
    assert_int_equal(rows_of(&f, &test_lease_rows, &r), 1);
    must(lease_end(f.db, f.arena, &first, OK));
    assert_int_equal(rows_of(&f, &test_lease_rows, &r), 0);
    assert_true(take(&f).held);
    fixture_close(&f);
}
BOTH(one_holder)

struct work {
    int calls, busy; /* busy: how often the database refuses before it lets a slice through */
    int seen[8];
    int64_t until_us;
};

/* One piece of work a slice. */
static enum status slice(struct tx *tx, void *arg, int *at, int64_t until_us) {
    struct work *w = arg;
    assert_in_range(w->calls, 0, 7);
    w->seen[w->calls++] = *at;
    w->until_us = until_us;
    struct str key = str_printf(tx_arena(tx), "test_work%d", *at);
    TRY(db_run(tx, &test_work_add, P("key", key)));
    ++*at;
    return w->busy-- > 0 ? BUSY : OK;
}

static void taken_over(bool pg) {
    struct fixture f;
    struct work w = { 0 };
    struct rows r;
    fixture_open(&f, pg);
    struct lease first = take(&f);
    make_old(&f);
    struct lease second = take(&f);
    assert_true(second.held);
    assert_int_equal(lease_slices(f.db, f.arena, &first, 2, slice, &w), CONFLICT);
    assert_int_equal(w.calls, 0);
    must(lease_end(f.db, f.arena, &first, CONFLICT)); /* not the other's */
    assert_int_equal(rows_of(&f, &test_lease_rows, &r), 1);
    must(lease_slices(f.db, f.arena, &second, 2, slice, &w));
    assert_int_equal(work_n(&f), 2);
    fixture_close(&f);
}
BOTH(taken_over)

static void goes_on(bool pg) {
    struct fixture f;
    struct work w = { .busy = 2 };
    fixture_open(&f, pg);
    struct lease l = take(&f);
    int64_t before = clock_mono_us();
    must(lease_slices(f.db, f.arena, &l, 3, slice, &w));
    assert_int_equal(w.calls, 5);
    static const int each[] = { 0, 0, 0, 1, 2 }; /* what was refused is done again */
    assert_memory_equal(w.seen, each, sizeof each);
    assert_int_equal(work_n(&f), 3);
    assert_in_range(w.until_us - before, 1, clock_mono_us() - before + 10000);
    fixture_close(&f);
}
BOTH(goes_on)

static enum status no_work(struct tx *tx, void *arg, int *at, int64_t until_us) {
    (void)tx, (void)until_us;
    assert_int_equal(*at, 0);
    return ++*(int *)arg < 2 ? BUSY : OK;
}

static void ends(bool pg) {
    struct fixture f;
    int calls = 0;
    fixture_open(&f, pg);
    struct lease l = take(&f);
    must(lease_slices(f.db, f.arena, &l, 0, no_work, &calls)); /* nothing to do: asked once */
    assert_int_equal(calls, 2);                                /* and again, it was busy */
    must(lease_end(f.db, f.arena, &l, BUSY));
    static const struct {
        enum status how, result;
    } table[] = { { OK, OK }, { CONFLICT, OK }, { BUSY, OK }, { BROKEN, BROKEN } };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        l = take(&f);
        assert_true(l.held);
        assert_int_equal(lease_end(f.db, f.arena, &l, table[i].how), table[i].result);
    }
    fixture_close(&f);
}
BOTH(ends)

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_holder_lite), cmocka_unit_test(one_holder_pg),
        cmocka_unit_test(taken_over_lite), cmocka_unit_test(taken_over_pg),
        cmocka_unit_test(goes_on_lite),    cmocka_unit_test(goes_on_pg),
        cmocka_unit_test(ends_lite),       cmocka_unit_test(ends_pg),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
