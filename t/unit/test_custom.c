/* Own fields through the store, history, undo, lists and JSON, on both databases. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/entity/history.h"
#include "core/entity/list.h"
#include "core/entity/own.h"
#include "core/entity/record_json.h"
#include "features/custom/custom.h"
#include "features/party/party.h"
#include "fixture.h"
#include "on_both.h"

/* static void test_x(struct fixture *f), on both. */
#define DB_TEST(name, f)                                                                           \
    static void in_##name(struct fixture *f);                                                      \
    static void test_##name(bool pg) {                                                             \
        struct fixture one;                                                                        \
        fixture_open(&one, pg);                                                                    \
        in_##name(&one);                                                                           \
        fixture_close(&one);                                                                       \
    }                                                                                              \
    BOTH(test_##name)                                                                              \
    static void in_##name(struct fixture *f)
#define ON_BOTH(name) cmocka_unit_test(test_##name##_lite), cmocka_unit_test(test_##name##_pg)
#define MUST(call)    assert_int_equal((call), OK)
#define EQ(s, z)      assert_true(str_eq_z((s), (z)))

struct wanted {
    const char *name, *kind, *choices, *currency;
    int64_t decimals;
    bool required, filtered, listed;
    const char *for_kind;
};

static int64_t field(struct fixture *f, struct wanted w) {
    struct ctx *c = fixture_begin(f, true, 1, ROLE_OWNER);
    struct custom_field *one = row_new(c, &entity_custom_field);
    one->name = str_of(w.name);
    one->kind = str_of(w.kind);
    one->choices = str_of(w.choices);
    one->currency = str_of(w.currency);
    one->for_kind = str_of(w.for_kind);
    one->decimals = w.decimals;
    one->required = w.required, one->filtered = w.filtered, one->listed = w.listed;
    enum status st = store_save(c, &entity_custom_field, one);
    if (st != OK)
        fail_msg("%s: %s %.*s", w.name, status_name(st),
                 SF(c->problems.n ? ctx_problem_text(c, &c->problems.v[0]) : NO_STR));
    int64_t id = one->row.id;
    MUST(fixture_end(f, OK));
    return id;
}

static const struct field *of(struct ctx *c, int64_t id) {
    return entity_field(entity_whole(c, &entity_party),
                        str_printf(c->arena, "cf_%lld", (long long)id));
}

static enum status put(struct ctx *c, void *row, int64_t id, const char *typed) {
    struct value v;
    const struct field *f = of(c, id);
    enum status st = f->kind->parse(c, f, str_of(f->name), str_of(typed), &v);
    if (st == OK) field_set(f, row, v);
    return st;
}

static struct str shown(struct ctx *c, const void *row, int64_t id) {
    const struct field *f = of(c, id);
    struct value v = field_get(f, row);
    return value_empty(f, v) ? NO_STR : f->kind->show(c, f, v);
}

/* A client with one value typed in each of these fields. */
static int64_t client(struct fixture *f, const char *name, const int64_t *ids,
                      const char *const *typed, int n) {
    struct ctx *c = fixture_begin(f, true, 1, ROLE_OWNER);
    struct party *p = row_new(c, &entity_party);
    p->display_name = str_of(name);
    for (int i = 0; i < n; i++)
        if (typed[i]) MUST(put(c, p, ids[i], typed[i]));
    enum status st = store_save(c, &entity_party, p);
    if (st != OK)
        fail_msg("%s: %s %.*s", name, status_name(st),
                 SF(c->problems.n ? ctx_problem_text(c, &c->problems.v[0]) : NO_STR));
    int64_t id = p->row.id;
    MUST(fixture_end(f, OK));
    return id;
}

enum { N_KINDS = 10 };
static const struct wanted every_kind[N_KINDS] = {
    { .name = "Motto", .kind = "text", .filtered = true, .listed = true },
    { .name = "Story", .kind = "area" },
    { .name = "Height", .kind = "number", .decimals = 2, .filtered = true, .listed = true },
    { .name = "Budget", .kind = "money", .currency = "EUR", .filtered = true, .listed = true },
    { .name = "Since", .kind = "date", .filtered = true, .listed = true },
    { .name = "Size",
      .kind = "choice",
      .choices = "Small\nLarge, or so\nبزرگ",
      .filtered = true,
      .listed = true },
    { .name = "Sports",
      .kind = "choices",
      .choices = "Chess\nTennis\nSwimming",
      .filtered = true,
      .listed = true },
    { .name = "Member", .kind = "yesno", .filtered = true, .listed = true },
    { .name = "Profile", .kind = "url", .filtered = true, .listed = true },
    { .name = "Recommended by", .kind = "party", .filtered = true, .listed = true },
};
static const char *const values[N_KINDS] = {
    "Carpe diem", "Long\nlong ago", "۱٫۷۵", "1,234.50",       "2020-03-01",
    "Small",      "tennis, Chess",  "yes",  "example.com/me", "1",
};

static void make_all(struct fixture *f, int64_t *ids) {
    client(f, "Zahra First", NULL, NULL, 0);
    for (int i = 0; i < N_KINDS; i++) ids[i] = field(f, every_kind[i]);
}

DB_TEST(round_trip, f) {
    int64_t ids[N_KINDS], id;
    struct party p;
    struct rows r;
    make_all(f, ids);
    id = client(f, "Bahram Second", ids, values, N_KINDS);
    static const char *const shows[N_KINDS] = {
        "Carpe diem", "Long\nlong ago", "1.75", "1,234.50\u00A0EUR",      NULL,
        "Small",      "Chess, Tennis",  "yes",  "https://example.com/me", "Zahra First"
    };
    struct ctx *c = fixture_begin(f, false, 1, ROLE_OWNER);
    MUST(store_load(c, &entity_party, id, &p));
    for (int i = 0; i < N_KINDS; i++)
        if (shows[i] && !str_eq_z(shown(c, &p, ids[i]), shows[i]))
            fail_msg("%s: %.*s", every_kind[i].name, SF(shown(c, &p, ids[i])));
    EQ(field_get(of(c, ids[4]), &p).s, "2020-03-01");
    MUST(db_query_made(c->tx, S("SELECT extra FROM party WHERE id = 2"), &r, NULL, 0));
    struct str want =
        str_printf(c->arena, "{\"cf_1\":\"Carpe diem\",\"cf_2\":\"Long\\nlong ago\",\"cf_3\":175,"
                             "\"cf_4\":123450,\"cf_5\":\"2020-03-01\",\"cf_6\":\"small\","
                             "\"cf_7\":[\"chess\",\"tennis\"],\"cf_8\":1,"
                             "\"cf_9\":\"https://example.com/me\",\"cf_10\":1}");
    if (!str_eq(row_cell(&r, 0, 0)->s, want)) fail_msg("%.*s", SF(row_cell(&r, 0, 0)->s));
    MUST(store_load(c, &entity_party, 1, &p)); /* from before the fields */
    for (int i = 0; i < N_KINDS; i++)
        assert_true(value_empty(of(c, ids[i]), field_get(of(c, ids[i]), &p)));
    MUST(fixture_end(f, OK));
}

/* A struct of one's own reads as empty, and saving it over a record keeps what it never read. */
DB_TEST(without_room, f) {
    int64_t ids[N_KINDS];
    make_all(f, ids);
    int64_t id = client(f, "Bahram", ids, values, N_KINDS);
    struct ctx *c = fixture_begin(f, true, 1, ROLE_OWNER);
    struct party p, bare = { .display_name = S("x") };
    for (int i = 0; i < N_KINDS; i++) {
        assert_true(value_empty(of(c, ids[i]), field_get(of(c, ids[i]), &bare)));
        field_set(of(c, ids[i]), &bare, field_get(of(c, ids[i]), &bare));
    }
    row_ready(c, &entity_party, &bare);
    MUST(put(c, &bare, ids[0], "now"));
    EQ(shown(c, &bare, ids[0]), "now");
    MUST(store_load(c, &entity_party, id, &p));
    struct party *copy = row_copy(c, entity_whole(c, &entity_party), &p);
    MUST(put(c, copy, ids[0], "other"));
    EQ(shown(c, &p, ids[0]), "Carpe diem");
    p.row.custom = NULL;
    p.nickname = S("B");
    MUST(store_save(c, &entity_party, &p));
    MUST(fixture_end(f, OK));
    c = fixture_begin(f, false, 1, ROLE_OWNER);
    MUST(store_load(c, &entity_party, id, &p));
    EQ(shown(c, &p, ids[0]), "Carpe diem");
    EQ(p.nickname, "B");
    MUST(fixture_end(f, OK));
}

static struct history_list history_of(struct ctx *c, int64_t party) {
    struct history_list list;
    MUST(history_read(c, party, 0, 0, 20, &list));
    return list;
}

DB_TEST(history_and_undo, f) {
    int64_t ids[N_KINDS];
    struct party p;
    struct obstacles in_the_way;
    make_all(f, ids);
    int64_t id = client(f, "Bahram", ids, values, N_KINDS);
    struct ctx *c = fixture_begin(f, true, 1, ROLE_OWNER);
    MUST(store_load(c, &entity_party, id, &p));
    MUST(put(c, &p, ids[0], "Memento mori"));
    MUST(put(c, &p, ids[2], ""));
    MUST(put(c, &p, ids[6], "Swimming"));
    MUST(put(c, &p, ids[7], "no"));
    MUST(store_save(c, &entity_party, &p));
    int64_t batch = c->batch;
    MUST(fixture_end(f, OK));

    c = fixture_begin(f, true, 1, ROLE_OWNER);
    struct history_list list = history_of(c, id);
    assert_int_equal(list.n, 2);
    assert_int_equal(list.v[0].fields.n, 4);
    EQ(list.v[0].fields.v[0].label, "Motto");
    EQ(list.v[0].fields.v[0].before, "Carpe diem");
    EQ(list.v[0].fields.v[0].after, "Memento mori");
    EQ(list.v[0].fields.v[1].before, "1.75");
    EQ(list.v[0].fields.v[1].after, "");
    EQ(list.v[0].fields.v[2].before, "Chess, Tennis");
    EQ(list.v[0].fields.v[2].after, "Swimming");
    EQ(list.v[0].fields.v[3].before, "yes");
    MUST(history_undo_batch(c, batch, &in_the_way));
    MUST(fixture_end(f, OK));

    c = fixture_begin(f, false, 1, ROLE_OWNER);
    MUST(store_load(c, &entity_party, id, &p));
    EQ(shown(c, &p, ids[0]), "Carpe diem");
    EQ(shown(c, &p, ids[2]), "1.75");
    EQ(shown(c, &p, ids[6]), "Chess, Tennis");
    EQ(shown(c, &p, ids[7]), "yes");
    MUST(fixture_end(f, OK));
}

static int count(struct fixture *f, const char *where, const char *value, enum status want) {
    struct ctx *c = fixture_begin(f, false, 1, ROLE_OWNER);
    struct list_query q = { .entity = &entity_party, .filters_n = 1 };
    struct list_page page = { 0 };
    q.filters[0] = (struct list_filter){ str_of(where), str_of(value) };
    enum status st = list_run(c, &q, &page);
    if (st != want)
        fail_msg("%s=%s: %s %.*s", where, value, status_name(st),
                 SF(c->problems.n ? ctx_problem_text(c, &c->problems.v[0]) : NO_STR));
    MUST(fixture_end(f, OK));
    return page.n;
}

DB_TEST(filters, f) {
    int64_t ids[N_KINDS];
    make_all(f, ids);
    int64_t id = client(f, "Bahram", ids, values, N_KINDS);
    static const struct {
        const char *field, *value;
        int n;
    } cases[] = {
        { "cf_1", "carpe DIEM", 1 },
        { "Motto", "Carpe diem", 1 },
        { "motto", "Carpe", 0 },
        { "cf_3", "1.75", 1 },
        { "cf_3", "1.7", 0 },
        { "cf_3", "*", 1 },
        { "cf_3", "-", 1 },
        { "cf_4", "1234.50", 1 },
        { "cf_4", "€ 1,234.5", 1 },
        { "cf_5", "2020-03-01", 1 },
        { "cf_6", "small", 1 },
        { "cf_6", "Small", 1 },
        { "cf_6", "c1", 0 },
        { "cf_7", "chess", 1 },
        { "cf_7", "tennis", 1 },
        { "cf_7", "swimming", 0 },
        { "cf_8", "1", 1 },
        { "cf_8", "0", 1 },
        { "cf_9", "https://example.com/me", 1 },
        { "cf_10", "1", 1 },
        { "cf_10", "*", 1 },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int n = count(f, cases[i].field, cases[i].value, OK);
        if (n != cases[i].n) fail_msg("%s=%s: %d", cases[i].field, cases[i].value, n);
    }
    count(f, "cf_2", "Long", MALFORMED);
    count(f, "cf_99", "1", MALFORMED);
    fixture_fold(f);
    assert_int_equal(count(f, "cf_7", "tennis", OK), 1);
    struct ctx *c = fixture_begin(f, true, 1, ROLE_OWNER);
    struct party p;
    MUST(store_load(c, &entity_party, id, &p));
    MUST(put(c, &p, ids[6], "chess"));
    MUST(put(c, &p, ids[2], ""));
    MUST(store_save(c, &entity_party, &p));
    MUST(fixture_end(f, OK));
    assert_int_equal(count(f, "cf_7", "tennis", OK), 0);
    assert_int_equal(count(f, "cf_7", "chess", OK), 1);
    assert_int_equal(count(f, "cf_3", "*", OK), 0);
    assert_int_equal(count(f, "cf_3", "-", OK), 2);
}

static void sorted(struct fixture *f, const char *sort, const char *want) {
    struct ctx *c = fixture_begin(f, false, 1, ROLE_OWNER);
    struct list_query q = { .entity = &entity_party, .sort = str_of(sort) };
    struct list_page page;
    struct buf b = { .arena = c->arena };
    MUST(list_run(c, &q, &page));
    for (int i = 0; i < page.n; i++) buf_printf(&b, "%lld ", (long long)page.ids[i]);
    if (!str_eq_z(buf_str(&b), want)) fail_msg("%s: %.*s", sort, SF(buf_str(&b)));
    MUST(fixture_end(f, OK));
}

DB_TEST(sorting, f) {
    int64_t ids[N_KINDS];
    make_all(f, ids);
    static const char *const low[N_KINDS] = { "Alpha", NULL, "-3", "2",     "1999-01-01",
                                              "بزرگ",  NULL, NULL, "a.com", NULL };
    client(f, "Bahram", ids, values, N_KINDS);
    client(f, "Arash", ids, low, N_KINDS);
    sorted(f, "cf_1", "3 2 1 ");
    sorted(f, "-cf_1", "2 3 1 ");
    sorted(f, "cf_3", "3 2 1 ");
    sorted(f, "-cf_3", "2 3 1 ");
    sorted(f, "cf_4", "3 2 1 ");
    sorted(f, "cf_5", "3 2 1 ");
    sorted(f, "cf_6", "2 3 1 "); /* in the order of the choices */
    sorted(f, "cf_8", "2 3 1 ");
    struct ctx *c = fixture_begin(f, false, 1, ROLE_OWNER);
    static const char *const not [] = { "cf_2", "cf_7", "cf_10", "cf_77" };
    for (size_t i = 0; i < sizeof not / sizeof *not ; i++) {
        struct list_query q = { .entity = &entity_party, .sort = str_of(not [i]) };
        struct list_page page;
        assert_int_equal(list_run(c, &q, &page), MALFORMED);
    }
    MUST(fixture_end(f, OK));
}

static struct custom_field load_field(struct ctx *c, int64_t id) {
    struct custom_field f;
    MUST(store_load(c, &entity_custom_field, id, &f));
    return f;
}

/* Another name loses nothing; a removed field keeps its values, also when others are written. */
DB_TEST(rename_and_remove, f) {
    int64_t ids[N_KINDS];
    struct party p;
    struct obstacles in_the_way;
    make_all(f, ids);
    int64_t id = client(f, "Bahram", ids, values, N_KINDS);
    struct ctx *c = fixture_begin(f, true, 1, ROLE_OWNER);
    struct custom_field one = load_field(c, ids[5]);
    EQ(one.choices, "small: Small\nlarge_or_so: Large, or so\nc1: بزرگ");
    one.name = S("Extent");
    one.choices = S("small: Tiny\nHuge");
    MUST(store_save(c, &entity_custom_field, &one));
    EQ(one.choices, "small: Tiny\nhuge: Huge"); /* nobody had the other two */
    one.choices = S("huge: Huge");
    MUST(store_save(c, &entity_custom_field, &one));
    EQ(one.choices, "huge: Huge\n-small: Tiny"); /* a client has it */
    one = load_field(c, ids[0]);
    one.kind = S("number");
    assert_int_equal(store_save(c, &entity_custom_field, &one), INVALID);
    c->problems = (struct problems){ 0 };
    MUST(fixture_end(f, OK));
    c = fixture_begin(f, true, 1, ROLE_OWNER);
    MUST(store_load(c, &entity_party, id, &p));
    EQ(shown(c, &p, ids[5]), "Tiny");
    MUST(store_delete(c, &entity_custom_field, ids[0], 0));
    int64_t batch = c->batch;
    MUST(fixture_end(f, OK));
    c = fixture_begin(f, true, 1, ROLE_OWNER);
    assert_null(entity_field(entity_now(c, &entity_party), S("cf_1")));
    MUST(store_load(c, &entity_party, id, &p));
    MUST(put(c, &p, ids[2], "2"));
    MUST(store_save(c, &entity_party, &p));
    MUST(fixture_end(f, OK));
    count(f, "cf_1", "Carpe diem", MALFORMED);
    c = fixture_begin(f, true, 1, ROLE_OWNER);
    MUST(history_undo_batch(c, batch, &in_the_way));
    MUST(fixture_end(f, OK));
    c = fixture_begin(f, false, 1, ROLE_OWNER);
    MUST(store_load(c, &entity_party, id, &p));
    EQ(shown(c, &p, ids[0]), "Carpe diem");
    EQ(shown(c, &p, ids[2]), "2.00");
    MUST(fixture_end(f, OK));
    assert_int_equal(count(f, "cf_1", "Carpe diem", OK), 1);
}

/* Asked of what is new and where it applies; records from before can be changed without it. */
DB_TEST(required, f) {
    int64_t old = client(f, "Bahram", NULL, NULL, 0);
    int64_t id = field(
        f,
        (struct wanted){ .name = "Motto", .kind = "text", .required = true, .for_kind = "person" });
    struct ctx *c = fixture_begin(f, true, 1, ROLE_OWNER);
    struct party *p = row_new(c, &entity_party), there;
    p->display_name = S("New");
    assert_int_equal(store_save(c, &entity_party, p), INVALID);
    EQ(c->problems.v[0].field, "cf_1");
    c->problems = (struct problems){ 0 };
    p->kind = S("organisation");
    MUST(store_save(c, &entity_party, p));
    MUST(store_load(c, &entity_party, old, &there));
    there.nickname = S("B");
    MUST(store_save(c, &entity_party, &there));
    MUST(put(c, &there, id, "x"));
    MUST(store_save(c, &entity_party, &there));
    MUST(put(c, &there, id, ""));
    assert_int_equal(store_save(c, &entity_party, &there), INVALID);
    MUST(fixture_end(f, OK));
}

SQL(custom_test_ready, "UPDATE custom_field SET indexed = 2");

/* Ticked when there are values: no answer until its terms and sort values are made. */
DB_TEST(ticked_later, f) {
    int64_t id = field(f, (struct wanted){ .name = "Motto", .kind = "text" });
    const char *const b[] = { "B" }, *const a[] = { "A" };
    int64_t x = client(f, "Xerxes", &id, b, 1), y = client(f, "Yima", &id, a, 1);
    count(f, "cf_1", "a", MALFORMED);
    struct ctx *c = fixture_begin(f, true, 1, ROLE_OWNER);
    struct custom_field one = load_field(c, id);
    one.filtered = one.listed = 1;
    MUST(store_save(c, &entity_custom_field, &one));
    assert_int_equal(one.indexed, 1);
    MUST(fixture_end(f, OK));
    count(f, "cf_1", "a", MALFORMED); /* being prepared */
    c = fixture_begin(f, true, 1, ROLE_OWNER);
    for (int i = 0; i < 2; i++) {
        struct party p;
        MUST(store_load(c, &entity_party, i ? x : y, &p));
        MUST(store_index_own(c, &entity_party, id, &p));
        MUST(store_index_own(c, &entity_party, id, &p)); /* twice is once */
    }
    MUST(db_run(c->tx, &custom_test_ready));
    MUST(own_changed(c->tx));
    MUST(fixture_end(f, OK));
    assert_int_equal(count(f, "cf_1", "a", OK), 1);
    fixture_fold(f);
    assert_int_equal(count(f, "cf_1", "B", OK), 1);
    sorted(f, "cf_1", "2 1 ");
    sorted(f, "-cf_1", "1 2 ");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        ON_BOTH(round_trip), ON_BOTH(without_room), ON_BOTH(history_and_undo),
        ON_BOTH(filters),    ON_BOTH(sorting),      ON_BOTH(rename_and_remove),
        ON_BOTH(required),   ON_BOTH(ticked_later),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
