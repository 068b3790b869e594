/* Purchases from below: amounts in the currency of their own row through parse, JSON, form, history
 * and undo; what is refused; the order by day, page by page; sums by currency; what the sums of
 * core/measure are told. On both databases. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/entity/form.h"
#include "core/entity/history.h"
#include "core/entity/record_json.h"
#include "features/party/party.h"
#include "features/purchase/purchase.h"
#include "fixture.h"
#include "on_both.h"

#define MUST(call) assert_int_equal((call), OK)
#define EQ(s, z)                                                                                   \
    do {                                                                                           \
        struct str is_ = (s);                                                                      \
        if (!str_eq_z(is_, (z))) fail_msg("%.*s instead of %s", SF(is_), (z));                     \
    } while (0)

static int64_t client(struct ctx *c, const char *name) {
    struct party *p = row_new(c, &entity_party);
    p->display_name = str_of(name);
    MUST(store_save(c, &entity_party, p));
    return p->row.id;
}

static struct ctx *begin(struct fixture *f) {
    struct ctx *c = fixture_begin(f, true, 1, ROLE_OWNER);
    c->firm.currency = S("EUR");
    return c;
}

static enum status from_json(struct ctx *c, struct purchase *p, const char *text) {
    struct json *j;
    struct str why;
    c->problems = (struct problems){ 0 };
    MUST(json_parse(c->arena, str_of(text), &j, &why));
    enum status s = record_from_json(c, &entity_purchase, j, p);
    return s == OK ? store_save(c, &entity_purchase, p) : s;
}

static struct str json_amount(struct ctx *c, const struct purchase *p) {
    struct buf b = { .arena = c->arena };
    struct json_out w = { .b = &b };
    record_json_value(c, &w, entity_field(&entity_purchase, S("amount")), p);
    return buf_str(&b);
}

/* As a program writes it, what is kept, what is shown again; NULL: refused. */
static const struct {
    const char *currency, *amount;
    int64_t minor;
    const char *again;
} amounts[] = {
    { "EUR", "12.50", 1250, "\"12.50\"" },
    { "EUR", "12.5", 1250, "\"12.50\"" },
    { "EUR", "12", 1200, "\"12.00\"" },
    { "EUR", "-3.05", -305, "\"-3.05\"" },
    { "JPY", "1250", 1250, "\"1250\"" },
    { "JPY", "12.50", 0, NULL },
    { "KWD", "12.5", 12500, "\"12.500\"" },
    { "KWD", "0.001", 1, "\"0.001\"" },
    { "EUR", "12.505", 0, NULL },
    { "EUR", "1,250", 0, NULL },
    { "EUR", "0", 0, "\"0.00\"" },
    { "XXX", "1", 0, NULL },
    { "eur", "1", 0, NULL },
    { "EUR", "10000000000000.01", 0, NULL },
};

static void test_amounts(bool pg) {
    struct fixture f;
    fixture_open(&f, pg);
    struct ctx *c = begin(&f);
    int64_t id = client(c, "Sara");
    for (int i = 0; i < COUNT(amounts); i++)
        for (int turn = 0; turn < 2; turn++) { /* whichever stands first in the object */
            struct purchase *p = row_new(c, &entity_purchase), back;
            struct str a = str_printf(c->arena, "\"currency\":\"%s\"", amounts[i].currency);
            struct str b = str_printf(c->arena, "\"amount\":\"%s\"", amounts[i].amount);
            struct str text =
                str_printf(c->arena, "{\"party\":%lld,\"date\":\"2026-03-01\",%.*s,%.*s}",
                           (long long)id, SF(turn ? a : b), SF(turn ? b : a));
            enum status s = from_json(c, p, str_z(c->arena, text));
            if ((s == OK) != (amounts[i].again != NULL))
                fail_msg("%s %s: %s", amounts[i].amount, amounts[i].currency, status_name(s));
            if (s != OK) continue;
            MUST(store_load(c, &entity_purchase, p->row.id, &back));
            assert_true(back.amount == amounts[i].minor);
            EQ(json_amount(c, &back), amounts[i].again);
        }
    struct purchase *p = row_new(c, &entity_purchase); /* without one: the firm's */
    c->problems = (struct problems){ 0 };
    p->party = id;
    p->date = S("2026-03-01");
    p->amount = 7;
    MUST(store_save(c, &entity_purchase, p));
    assert_true(str_eq(p->currency, c->firm.currency));
    MUST(fixture_end(&f, OK));
    fixture_close(&f);
}
BOTH(test_amounts)

/* A currency that is changed alone takes the amount along; one that is emptied stays. */
static void test_changed(bool pg) {
    struct fixture f;
    fixture_open(&f, pg);
    struct ctx *c = begin(&f);
    f.loc.lang = LANG_EN;
    int64_t id = client(c, "Sara");
    struct purchase *p = row_new(c, &entity_purchase), back;
    struct str made = str_printf(c->arena,
                                 "{\"party\":%lld,\"date\":\"2026-03-01\",\"amount\":\"12.50\","
                                 "\"currency\":\"EUR\"}",
                                 (long long)id);
    MUST(from_json(c, p, str_z(c->arena, made)));
    MUST(from_json(c, p, "{\"currency\":\"KWD\"}"));
    assert_true(p->amount == 12500);
    assert_int_equal(from_json(c, p, "{\"currency\":\"JPY\"}"), INVALID);
    MUST(store_load(c, &entity_purchase, p->row.id, &back));
    assert_true(back.amount == 12500);
    MUST(from_json(c, &back, "{\"currency\":null}"));
    EQ(back.currency, "KWD");
    assert_true(back.amount == 12500);
    MUST(from_json(c, &back, "{\"currency\":\"JPY\",\"amount\":\"9\"}"));
    EQ(purchase_amount(c, &back), "9\u00A0JPY");
    /* The form of a page, the amount in front of the currency. */
    struct http_pairs form = { 0 };
    http_pairs_add(c->arena, &form, S("amount"), S("1,234.567"));
    http_pairs_add(c->arena, &form, S("currency"), S("KWD"));
    MUST(form_read(c, &form, &entity_purchase, &back));
    assert_true(back.amount == 1234567);
    MUST(store_save(c, &entity_purchase, &back));
    form = (struct http_pairs){ 0 };
    http_pairs_add(c->arena, &form, S("amount"), S("12.50"));
    http_pairs_add(c->arena, &form, S("currency"), S("JPY"));
    assert_int_equal(form_read(c, &form, &entity_purchase, &back), INVALID);
    MUST(fixture_end(&f, OK));
    fixture_close(&f);
}
BOTH(test_changed)

static bool says(const struct history_entry *e, const char *before, const char *after) {
    for (int i = 0; i < e->fields.n; i++)
        if (str_eq_z(e->fields.v[i].before, before) && str_eq_z(e->fields.v[i].after, after))
            return true;
    return false;
}

static void test_history(bool pg) {
    struct fixture f;
    fixture_open(&f, pg);
    struct ctx *c = begin(&f);
    f.loc.lang = LANG_EN;
    int64_t id = client(c, "Sara");
    struct purchase *p = row_new(c, &entity_purchase), back;
    p->party = id;
    p->date = S("2026-03-01");
    p->amount = 12500;
    p->currency = S("KWD");
    c->batch = 0;
    MUST(store_save(c, &entity_purchase, p));
    p->amount = 9000;
    c->batch = 0;
    MUST(store_save(c, &entity_purchase, p));
    struct history_list list;
    MUST(history_read(c, 0, c->batch, 0, 10, &list));
    assert_int_equal(list.n, 1);
    assert_int_equal(list.v[0].fields.n, 1); /* the currency is kept with it and not told */
    assert_true(says(&list.v[0], "12.500\u00A0KWD", "9.000\u00A0KWD"));
    p->currency = S("JPY");
    p->amount = 8;
    c->batch = 0;
    MUST(store_save(c, &entity_purchase, p));
    int64_t batch = c->batch;
    MUST(history_read(c, 0, batch, 0, 10, &list));
    assert_true(says(&list.v[0], "9.000\u00A0KWD", "8\u00A0JPY"));
    assert_true(says(&list.v[0], "KWD", "JPY"));
    c->batch = 0;
    struct obstacles in_the_way = { 0 };
    MUST(history_undo_batch(c, batch, &in_the_way));
    MUST(store_load(c, &entity_purchase, p->row.id, &back));
    EQ(back.currency, "KWD");
    assert_true(back.amount == 9000);
    MUST(fixture_end(&f, OK));
    fixture_close(&f);
}
BOTH(test_history)

static void test_rules(bool pg) {
    static const char *const dates[] = { "", "--03-01", "2026-02-30", "2026-13-01", "soon" };
    struct fixture f;
    fixture_open(&f, pg);
    struct ctx *c = begin(&f);
    int64_t id = client(c, "Sara");
    for (int i = 0; i < COUNT(dates); i++) {
        struct purchase *p = row_new(c, &entity_purchase);
        c->problems = (struct problems){ 0 };
        p->party = id;
        p->amount = 1;
        p->date = str_of(dates[i]);
        assert_int_equal(store_save(c, &entity_purchase, p), INVALID);
        assert_non_null(ctx_problem_at(c, S("date")));
    }
    struct purchase *p = row_new(c, &entity_purchase);
    c->problems = (struct problems){ 0 };
    assert_int_equal(store_save(c, &entity_purchase, p), INVALID);
    assert_non_null(ctx_problem_at(c, S("party")));
    assert_non_null(ctx_problem_at(c, S("amount")));
    p->party = id;
    p->date = S("2024-02-29");
    p->amount = -500;
    p->quantity = -1000;
    c->problems = (struct problems){ 0 };
    MUST(store_save(c, &entity_purchase, p)); /* a return */
    MUST(fixture_end(&f, OK));
    fixture_close(&f);
}
BOTH(test_rules)

SQL(test_pending, "SELECT count(*) AS n FROM measure_pending");

static void test_order(bool pg) {
    enum { N = 60 };
    struct fixture f;
    struct dice dice = { 11 };
    fixture_open(&f, pg);
    struct ctx *c = begin(&f);
    int64_t id = client(c, "Sara"), other = client(c, "Ali"), sum = 0;
    for (int i = 0; i < N; i++) {
        struct purchase *p = row_new(c, &entity_purchase);
        p->party = i % 10 == 9 ? other : id;
        p->date = str_printf(c->arena, "%04d-03-%02d", (int)(1 + dice_next(&dice) % 9999),
                             (int)(1 + dice_next(&dice) % 4));
        if (i % 3 == 0) p->date = S("2026-03-01");
        p->amount = (int64_t)(dice_next(&dice) % 1000) - 100;
        p->currency = i % 4 ? S("EUR") : S("USD");
        MUST(store_save(c, &entity_purchase, p));
        if (i == 7) MUST(store_delete(c, &entity_purchase, p->row.id, 0));
        if (p->party == id && i % 4 && i != 7) sum += p->amount;
    }
    struct purchases all, some;
    MUST(purchase_of_party(c, id, 0, 1000, &all));
    assert_int_equal(all.n, N - N / 10 - 1);
    for (int i = 1; i < all.n; i++) {
        int order = str_cmp(all.v[i - 1].date, all.v[i].date);
        assert_true(order > 0 || (order == 0 && all.v[i - 1].row.id > all.v[i].row.id));
        assert_true(purchase_place(&all.v[i - 1]) > purchase_place(&all.v[i]));
    }
    int64_t below = 0;
    for (int at = 0; at < all.n; at += 7) {
        MUST(purchase_of_party(c, id, below, 7, &some));
        for (int i = 0; i < some.n; i++) assert_true(some.v[i].row.id == all.v[at + i].row.id);
        below = purchase_place(&some.v[some.n - 1]);
    }
    struct purchase_sums sums;
    MUST(purchase_sums(c, id, NO_STR, &sums));
    assert_int_equal(sums.n, 2);
    assert_int_equal(sums.all, all.n);
    EQ(sums.v[0].currency, "EUR");
    assert_true(sums.v[0].amount == sum);
    MUST(purchase_sums(c, id, S("9999-12-31"), &sums));
    assert_int_equal(sums.n, 0);
    struct rows r;
    MUST(db_query(c->tx, &test_pending, &r)); /* the deleted one came and went */
    assert_int_equal(row_int(&r, 0, "n"), N + 1);
    MUST(fixture_end(&f, OK));
    fixture_close(&f);
}
BOTH(test_order)

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_amounts_lite), cmocka_unit_test(test_amounts_pg),
        cmocka_unit_test(test_changed_lite), cmocka_unit_test(test_changed_pg),
        cmocka_unit_test(test_history_lite), cmocka_unit_test(test_history_pg),
        cmocka_unit_test(test_rules_lite),   cmocka_unit_test(test_rules_pg),
        cmocka_unit_test(test_order_lite),   cmocka_unit_test(test_order_pg),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
