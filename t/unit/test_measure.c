/* Sums that are kept (core/measure): against a walk over all rows, while rows come and go and are
 * folded now and then; rebuilt from the records; found wrong when they are. On both databases. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/measure/block.h"
#include "fixture.h"
#include "on_both.h"

enum { MEASURE = MEASURE_PURCHASES, CLIENTS_N = 40, ROWS_MAX = 4000 };

SQL(test_add_party,
    "INSERT INTO party (id, uid, kind, display_name, stage, created_at, changed_at) VALUES (:id, "
    ":uid, 'person', 'X', 'active', 0, 0)");
SQL(test_add_purchase,
    "INSERT INTO purchase (party, date, amount, currency, created_at, changed_at) VALUES (:party, "
    ":date, :amount, :currency, 0, 0)");
SQL(test_rows, "SELECT party, date AS day, amount, currency FROM purchase WHERE party >= :from AND "
               "party < :until AND deleted_at IS NULL");
SQL(test_spoil, "UPDATE measure_block SET day = day + 10000 WHERE chunk = 0 AND day = (SELECT "
                "min(day) FROM measure_block WHERE chunk = 0)");
static const struct measure_source source = { MEASURE, &test_rows };

static const char *const currencies[] = { "EUR", "IRR", "JPY" };
/* Clients of three chunks, some side by side. */
static int64_t client(int i) {
    return i < 30 ? i + 1 : i < 36 ? 65533 + i - 30 : INT64_C(131072) * 5 + i;
}

struct truth {
    struct measure_row v[ROWS_MAX];
    int n;
};

static struct measure_row any_row(struct dice *d) {
    static const int64_t sizes[] = { 90, 20000, 70000, INT64_C(5000000000) };
    int64_t most = sizes[dice_below(d, 4)];
    return (struct measure_row){ .party = client((int)dice_below(d, CLIENTS_N)),
                                 .amount = (int64_t)dice_below(d, most * 2) - most,
                                 .currency = str_of(currencies[dice_below(d, 3)]),
                                 .day = (int)dice_below(d, 20) - 10 };
}

/* One write: a row comes, goes, or becomes another. */
static void change(struct fixture *f, struct truth *t, struct dice *d) {
    struct ctx *c = fixture_begin(f, true, 1, ROLE_OWNER);
    struct measure_row r = any_row(d);
    int at = t->n ? (int)dice_below(d, t->n) : 0;
    int64_t what = dice_below(d, 10);
    if (t->n == 0 || what < 6) {
        if (t->n && what == 0) r = t->v[at]; /* the same once more */
        assert_int_equal(measure_write(c->tx, MEASURE, NULL, &r), OK);
        t->v[t->n++] = r;
    } else if (what < 8) {
        assert_int_equal(measure_write(c->tx, MEASURE, &t->v[at], NULL), OK);
        t->v[at] = t->v[--t->n];
    } else {
        assert_int_equal(measure_write(c->tx, MEASURE, &t->v[at], &r), OK);
        t->v[at] = r;
    }
    assert_int_equal(fixture_end(f, OK), OK);
}

static bool naive(const struct truth *t, const struct measure_ask *q, int64_t party, int64_t *out) {
    __int128 sum = 0;
    int64_t n = 0, extreme = 0;
    bool day = q->fn == MEASURE_FIRST || q->fn == MEASURE_LATEST;
    bool least = q->fn == MEASURE_SMALLEST || q->fn == MEASURE_FIRST;
    for (int i = 0; i < t->n; i++) {
        const struct measure_row *r = &t->v[i];
        int64_t v = day ? r->day : r->amount;
        if (r->party != party || r->day < q->from_day || r->day >= q->until_day ||
            (q->currency.n && !str_eq(r->currency, q->currency)))
            continue;
        if (n == 0 || (least ? v < extreme : v > extreme)) extreme = v;
        sum += r->amount;
        n++;
    }
    *out = q->fn == MEASURE_COUNT ? n : q->fn == MEASURE_SUM ? (int64_t)sum : extreme;
    if (q->fn == MEASURE_AVERAGE && n) {
        int64_t s = (int64_t)(sum * 1000);
        *out = s / n - (s % n < 0);
    }
    return n > 0 || q->fn == MEASURE_COUNT || q->fn == MEASURE_SUM;
}

static struct measure_ask any_question(struct dice *d, const struct truth *t) {
    struct measure_ask q = { .measure = MEASURE,
                             .currency = str_of(currencies[dice_below(d, 3)]),
                             .fn = (enum measure_fn)dice_below(d, MEASURE_LATEST + 1),
                             .from_day = (int)dice_below(d, 25) - 12,
                             .low = INT64_MIN,
                             .high = INT64_MAX };
    bool any = q.fn == MEASURE_COUNT || q.fn == MEASURE_FIRST || q.fn == MEASURE_LATEST;
    if (any && dice_below(d, 2)) q.currency = NO_STR;
    q.until_day = q.from_day + (int)dice_below(d, 12);
    if (dice_below(d, 4) == 0) q.from_day = MEASURE_DAY_MIN, q.until_day = MEASURE_DAY_MAX + 1;
    int64_t near = 0;
    (void)naive(t, &q, client((int)dice_below(d, CLIENTS_N)), &near);
    if (dice_below(d, 3)) q.low = near;
    if (dice_below(d, 3) == 0) q.high = near + (int64_t)dice_below(d, 1000);
    return q;
}

static void ask_once(struct ctx *c, const struct truth *t, struct dice *d) {
    struct measure_ask q = any_question(d, t);
    struct bits *among = bits_new(), *some, *all;
    for (int i = 0; i < CLIENTS_N; i += 1 + (int)dice_below(d, 2))
        bits_add(among, (uint32_t)client(i));
    bits_add(among, 7000000); /* who has nothing at all */
    assert_int_equal(measure_bits(c->tx, &q, among, &some), OK);
    assert_int_equal(measure_bits(c->tx, &q, NULL, &all), OK);
    for (int i = 0; i <= CLIENTS_N; i++) {
        int64_t id = i < CLIENTS_N ? client(i) : 7000000, value, own;
        bool has = naive(t, &q, id, &value), row = false, own_has;
        bool in = has && value >= q.low && value <= q.high;
        for (int k = 0; k < t->n; k++)
            row = row ||
                  (t->v[k].party == id && t->v[k].day >= q.from_day && t->v[k].day < q.until_day &&
                   (!q.currency.n || str_eq(t->v[k].currency, q.currency)));
        assert_int_equal(bits_has(some, (uint32_t)id), in && bits_has(among, (uint32_t)id));
        assert_int_equal(bits_has(all, (uint32_t)id), in && row);
        assert_int_equal(measure_of(c->tx, &q, id, &own, &own_has), OK);
        assert_int_equal(own_has, has);
        if (has) assert_int_equal(own, value);
    }
    bits_free(among);
    bits_free(some);
    bits_free(all);
}

static void as_by_hand(bool pg) {
    struct fixture f;
    static struct truth t;
    struct dice d;
    int folded;
    t.n = 0;
    d = (struct dice){ 20261122 };
    fixture_open(&f, pg);
    for (int round = 0; round < (pg ? 12 : 30); round++) {
        for (int i = 0; i < 40; i++) change(&f, &t, &d);
        if (round % 3 == 1) {
            struct arena *a = arena_new();
            assert_int_equal(measure_fold(f.db, a, 1, 7 + round * 9, &folded), OK);
            assert_true(folded > 0);
            arena_free(a);
        }
        struct ctx *c = fixture_begin(&f, false, 1, ROLE_OWNER);
        for (int i = 0; i < 25; i++) ask_once(c, &t, &d);
        assert_int_equal(fixture_end(&f, OK), OK);
    }
    struct arena *a = arena_new();
    do assert_int_equal(measure_fold(f.db, a, 1, 200000, &folded), OK);
    while (folded);
    assert_int_equal(measure_fold(f.db, a, 1, 10, &folded), OK);
    assert_int_equal(folded, 0);
    arena_free(a);
    fixture_close(&f);
}

static void not_before_it_is_worth_it(bool pg) {
    struct fixture f;
    static struct truth t;
    struct dice d;
    int folded;
    t.n = 0;
    d = (struct dice){ 1 };
    fixture_open(&f, pg);
    for (int i = 0; i < 9; i++) change(&f, &t, &d);
    struct arena *a = arena_new();
    assert_int_equal(measure_fold(f.db, a, 100, 1000, &folded), OK);
    assert_int_equal(folded, 0);
    assert_int_equal(measure_fold(f.db, a, 9, 1000, &folded), OK);
    assert_true(folded >= 9);
    arena_free(a);
    fixture_close(&f);
}

static int wrong_n(struct fixture *f) {
    struct ctx *c = fixture_begin(f, false, 1, ROLE_OWNER);
    struct strs out = { arena_array(c->arena, struct str, 10), 0 };
    assert_int_equal(measure_check(c->tx, &source, &out, 10), OK);
    int n = out.n;
    assert_int_equal(fixture_end(f, OK), OK);
    return n;
}

/* From the records; a block that is not what they say is found. */
static void anew_from_records(bool pg) {
    struct fixture f;
    static struct truth t;
    struct dice d;
    d = (struct dice){ 3 };
    fixture_open(&f, pg);
    struct ctx *c = fixture_begin(&f, true, 1, ROLE_OWNER);
    for (int i = 0; i < CLIENTS_N; i++)
        assert_int_equal(db_run(c->tx, &test_add_party, P("id", client(i)),
                                P("uid", str_printf(c->arena, "u%d", i))),
                         OK);
    for (t.n = 0; t.n < 600; t.n++) {
        struct measure_row r = any_row(&d);
        r.day = (int)dice_below(&d, 9);
        t.v[t.n] = r;
        assert_int_equal(db_run(c->tx, &test_add_purchase, P("party", r.party),
                                P("date", str_printf(c->arena, "1970-01-0%d", r.day + 1)),
                                P("amount", r.amount), P("currency", r.currency)),
                         OK);
    }
    assert_int_equal(measure_write(c->tx, MEASURE, NULL, &t.v[0]), OK); /* of before: goes */
    assert_int_equal(fixture_end(&f, OK), OK);
    assert_true(wrong_n(&f) >= 3);
    assert_int_equal(measure_rebuild(f.db, &source), OK);
    assert_int_equal(wrong_n(&f), 0);
    c = fixture_begin(&f, false, 1, ROLE_OWNER);
    for (int i = 0; i < 300; i++) ask_once(c, &t, &d);
    assert_int_equal(fixture_end(&f, OK), OK);
    c = fixture_begin(&f, true, 1, ROLE_OWNER);
    assert_int_equal(db_run(c->tx, &test_spoil), OK);
    assert_int_equal(fixture_end(&f, OK), OK);
    assert_int_equal(wrong_n(&f), 1);
    fixture_close(&f);
}

static void days(void **s) {
    (void)s;
    assert_int_equal(measure_day(S("1970-01-01")), 0);
    assert_int_equal(measure_day(S("2026-11-22")), 20779);
    assert_int_equal(measure_day(S("0001-01-01")), MEASURE_DAY_MIN);
    assert_int_equal(measure_day(S("9999-12-31")), MEASURE_DAY_MAX);
    static const char *const none[] = { "",           "2026-02-30", "--11-22",   "2026-1-01",
                                        "2026/01/01", "0000-01-01", "x026-01-01" };
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        assert_true(measure_day(str_of(none[i])) < MEASURE_DAY_MIN);
}

/* Bytes of any length that are no block are refused, never read beyond. */
static void strange_blocks(void **s) {
    struct arena *a = arena_new();
    struct block b;
    (void)s;
    assert_true(block_read((struct blob){ 0 }, &b));
    assert_int_equal(b.n, 0);
    for (int width = 0; width < 256; width++)
        for (size_t n = 1; n < 40; n++) {
            unsigned char *p = arena_alloc(a, n);
            memset(p, 0xFF, n);
            p[0] = (unsigned char)width;
            bool good = (width == 1 || width == 2 || width == 4 || width == 8) &&
                        (n - 1) % (2 + (size_t)width) == 0;
            assert_int_equal(block_read((struct blob){ p, n }, &b), good);
            if (good && b.n) assert_int_equal(block_at(&b, b.n - 1).amount, -1);
        }
    arena_free(a);
}

BOTH(as_by_hand)
BOTH(not_before_it_is_worth_it)
BOTH(anew_from_records)

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(days),
        cmocka_unit_test(strange_blocks),
        cmocka_unit_test(as_by_hand_lite),
        cmocka_unit_test(as_by_hand_pg),
        cmocka_unit_test(not_before_it_is_worth_it_lite),
        cmocka_unit_test(not_before_it_is_worth_it_pg),
        cmocka_unit_test(anew_from_records_lite),
        cmocka_unit_test(anew_from_records_pg),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
