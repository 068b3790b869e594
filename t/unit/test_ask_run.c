/* Questions are answered right: 2,000 random ones against an evaluation in C over loaded records,
 * for an owner and for a reader who sees only his own; periods in three calendars and zones; blanks
 * under «not»; segments in segments; limits; values that would be SQL; plans without a full scan.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "ask_naive.h"
#include "core/ask/run.h"
#include "core/ask/text.h"
#include "core/entity/order.h"
#include "core/measure/measure.h"
#include "fixture.h"
#include "lib/base/clock.h"
#include "lib/locale/date.h"
#include "lib/locale/zone.h"
#include "on_both.h"

#define MUST(call) assert_string_equal(status_name(call), "OK")

enum { CLIENTS_N = 300, TREES_N = 2000, SEEN_TREES_N = 600 };

static struct ctx *ask_begin(struct fixture *f, int64_t member, enum role role, enum sees sees) {
    struct ctx *c = fixture_begin(f, false, member, role);
    c->firm.currency = S("EUR");
    c->firm.first_weekday = 6;
    c->who.sees = sees;
    return c;
}

/* --- random questions against the naive evaluation --- */

static struct str said(struct ctx *c, const struct ask_node *n) {
    return ask_json(c->arena, n);
}

static int listed(struct ctx *c, const struct ask_node *tree, int64_t *ids, int cap) {
    struct list_query q = { .entity = naive_party(), .within = ask_within(c, tree, NO_STR) };
    int64_t after = 0;
    int n = 0, got;
    do {
        enum status st = list_walk(c, &q, &after, ids + n, cap - n, &got);
        if (st != OK) {
            struct str why = c->problems.n ? ctx_problem_text(c, &c->problems.v[0]) : NO_STR;
            fail_msg("%s: %.*s: %.*s", status_name(st), SF(why), SF(said(c, tree)));
        }
        n += got;
    } while (got);
    return n;
}

static int compare(struct ctx *c, struct naive *book, const struct ask_node *tree) {
    int64_t ids[CLIENTS_N + 50];
    int n = listed(c, tree, ids, CLIENTS_N + 50), at = 0;
    for (int i = 0; i < book->n; i++) {
        if (!naive_seen(c, book, i)) continue;
        bool expected = naive_fits(c, book, tree, i);
        bool got = at < n && ids[at] == naive_id(book, i);
        if (expected != got)
            fail_msg("client %lld should %sbe in: %.*s", (long long)naive_id(book, i),
                     expected ? "" : "not ", SF(said(c, tree)));
        at += got;
    }
    assert_int_equal(at, n);
    return n;
}

static void random_trees(bool pg, int64_t member, enum role role, enum sees sees, int trees_n,
                         uint64_t seed) {
    struct fixture f;
    struct dice d = { seed };
    int some = 0;
    fixture_open(&f, pg);
    naive_fill(&f, &d, CLIENTS_N);
    struct arena *keep = arena_new();
    struct naive book = { 0 };
    naive_load(&f, keep, &book);
    for (int i = 0; i < trees_n; i++) {
        if (i == trees_n / 2) { /* first half from pending rows, then from blocks */
            int n = 1;
            fixture_fold(&f);
            while (n) MUST(measure_fold(f.db, f.arena, 1, 1000, &n));
        }
        struct ctx *c = ask_begin(&f, member, role, sees);
        const struct ask_node *tree = naive_tree(c, &d, &book);
        int n = compare(c, &book, tree);
        some += n > 0 && n < book.n;
        MUST(fixture_end(&f, OK));
    }
    assert_true(some > trees_n / 3);
    arena_free(keep);
    fixture_close(&f);
}

static void test_random_questions(bool pg) {
    random_trees(pg, 1, ROLE_OWNER, SEES_ALL, TREES_N, 5);
}
static void test_random_questions_of_who_sees_his_own(bool pg) {
    random_trees(pg, 3, ROLE_MEMBER, SEES_OWN, SEEN_TREES_N, 6);
    random_trees(pg, 4, ROLE_READER, SEES_ALL, SEEN_TREES_N / 3, 7);
}
BOTH(test_random_questions)
BOTH(test_random_questions_of_who_sees_his_own)

/* --- periods --- */

struct day_case {
    const char *now, *zone; /* the instant in UTC */
    enum calendar_id calendar;
    struct ask_period p;
    const char *from, *until;
};

static const struct day_case day_cases[] = {
#define NOON           "2026-11-22 12:00"
#define UNTIL_MIDNIGHT "2026-11-22 20:29" /* 23:59 in Tehran */
#define PAST_MIDNIGHT  "2026-11-22 20:31" /* 00:01 of the 23rd in Tehran */
    { NOON,
      "UTC",
      CAL_GREGORIAN,
      { .when = ASK_LAST, .n = 30, .unit = ASK_DAY },
      "2026-10-24",
      "2026-11-23" },
    { NOON,
      "UTC",
      CAL_GREGORIAN,
      { .when = ASK_LAST, .n = 1, .unit = ASK_DAY },
      "2026-11-22",
      "2026-11-23" },
    { NOON,
      "UTC",
      CAL_GREGORIAN,
      { .when = ASK_NEXT, .n = 7, .unit = ASK_DAY },
      "2026-11-22",
      "2026-11-29" },
    { NOON,
      "UTC",
      CAL_GREGORIAN,
      { .when = ASK_THIS, .n = 1, .unit = ASK_WEEK },
      "2026-11-21",
      "2026-11-28" },
    { NOON,
      "UTC",
      CAL_GREGORIAN,
      { .when = ASK_PREVIOUS, .n = 1, .unit = ASK_WEEK },
      "2026-11-14",
      "2026-11-21" },
    { NOON,
      "UTC",
      CAL_GREGORIAN,
      { .when = ASK_THIS, .n = 1, .unit = ASK_MONTH },
      "2026-11-01",
      "2026-12-01" },
    { NOON,
      "UTC",
      CAL_PERSIAN,
      { .when = ASK_THIS, .n = 1, .unit = ASK_MONTH },
      "2026-11-22",
      "2026-12-22" },
    { NOON,
      "UTC",
      CAL_PERSIAN,
      { .when = ASK_PREVIOUS, .n = 1, .unit = ASK_MONTH },
      "2026-10-23",
      "2026-11-22" },
    { NOON,
      "UTC",
      CAL_PERSIAN,
      { .when = ASK_THIS, .n = 1, .unit = ASK_YEAR },
      "2026-03-21",
      "2027-03-21" },
    { NOON,
      "UTC",
      CAL_PERSIAN,
      { .when = ASK_THIS, .n = 1, .unit = ASK_QUARTER },
      "2026-09-23",
      "2026-12-22" },
    { NOON,
      "UTC",
      CAL_PERSIAN,
      { .when = ASK_LAST, .n = 2, .unit = ASK_MONTH },
      "2026-10-23",
      "2026-12-22" },
    { NOON,
      "UTC",
      CAL_UMALQURA,
      { .when = ASK_THIS, .n = 1, .unit = ASK_MONTH },
      "2026-11-11",
      "2026-12-10" },
    { NOON,
      "UTC",
      CAL_GREGORIAN,
      { .when = ASK_THIS, .n = 1, .unit = ASK_QUARTER },
      "2026-10-01",
      "2027-01-01" },
    { NOON,
      "UTC",
      CAL_GREGORIAN,
      { .when = ASK_PREVIOUS, .n = 1, .unit = ASK_YEAR },
      "2025-01-01",
      "2026-01-01" },
    { NOON,
      "UTC",
      CAL_GREGORIAN,
      { .when = ASK_FOLLOWING, .n = 1, .unit = ASK_MONTH },
      "2026-12-01",
      "2027-01-01" },
    { NOON,
      "UTC",
      CAL_GREGORIAN,
      { .when = ASK_FOLLOWING, .n = 1, .unit = ASK_YEAR },
      "2027-01-01",
      "2028-01-01" },
    { NOON,
      "UTC",
      CAL_PERSIAN,
      { .when = ASK_FOLLOWING, .n = 1, .unit = ASK_MONTH },
      "2026-12-22",
      "2027-01-21" },
    { NOON,
      "UTC",
      CAL_GREGORIAN,
      { .when = ASK_FOLLOWING, .n = 1, .unit = ASK_WEEK },
      "2026-11-28",
      "2026-12-05" },
    { NOON,
      "UTC",
      CAL_GREGORIAN,
      { .when = ASK_FOLLOWING, .n = 1, .unit = ASK_DAY },
      "2026-11-23",
      "2026-11-24" },
    { NOON,
      "UTC",
      CAL_GREGORIAN,
      { .when = ASK_NEXT, .n = 3, .unit = ASK_MONTH },
      "2026-11-01",
      "2027-02-01" },
    { UNTIL_MIDNIGHT,
      "Asia/Tehran",
      CAL_GREGORIAN,
      { .when = ASK_LAST, .n = 1, .unit = ASK_DAY },
      "2026-11-22",
      "2026-11-23" },
    { PAST_MIDNIGHT,
      "Asia/Tehran",
      CAL_GREGORIAN,
      { .when = ASK_LAST, .n = 1, .unit = ASK_DAY },
      "2026-11-23",
      "2026-11-24" },
    { "2026-11-01 05:30",
      "America/New_York",
      CAL_GREGORIAN,
      { .when = ASK_THIS, .n = 1, .unit = ASK_MONTH },
      "2026-11-01",
      "2026-12-01" },
    { "2026-11-01 03:30",
      "America/New_York",
      CAL_GREGORIAN,
      { .when = ASK_THIS, .n = 1, .unit = ASK_MONTH },
      "2026-10-01",
      "2026-11-01" },
    { "2028-02-29 10:00",
      "UTC",
      CAL_GREGORIAN,
      { .when = ASK_PREVIOUS, .n = 1, .unit = ASK_MONTH },
      "2028-01-01",
      "2028-02-01" },
};

static int64_t instant_of(const char *text) {
    struct day day;
    int hour = (text[11] - '0') * 10 + text[12] - '0',
        minute = (text[14] - '0') * 10 + text[15] - '0';
    assert_true(day_of_iso((struct str){ text, 10 }, &day));
    return (day_number(day) * 1440 + hour * 60 + minute) * INT64_C(60000);
}

static void test_periods(void **s) {
    (void)s;
    struct zones *zones = zones_new(NULL);
    struct arena *a = arena_new();
    for (int i = 0; i < COUNT(day_cases); i++) {
        const struct day_case *t = &day_cases[i];
        struct ctx c = { .arena = a, .now_ms = instant_of(t->now) };
        int from, until;
        c.firm.clock = zone_get(zones, str_of(t->zone));
        c.firm.first_weekday = 6;
        ask_days(&c, &t->p, t->calendar, &from, &until);
        struct str f = day_iso(a, day_of_number(from)), u = day_iso(a, day_of_number(until));
        if (!str_eq_z(f, t->from) || !str_eq_z(u, t->until))
            fail_msg("%d: %.*s to %.*s", i, SF(f), SF(u));
    }
    struct ctx c = { .arena = a, .now_ms = instant_of(NOON) };
    struct ask_period range = { .when = ASK_RANGE,
                                .from = S("2026-01-05"),
                                .until = S("2026-01-05") };
    int from, until;
    ask_days(&c, &range, CAL_GREGORIAN, &from, &until);
    assert_int_equal(until - from, 1);
    struct ask_period before = { .when = ASK_BEFORE, .until = S("2026-01-05") };
    ask_days(&c, &before, CAL_GREGORIAN, &from, &until);
    assert_int_equal(from, MEASURE_DAY_MIN);
    struct ask_period far = { .when = ASK_LAST, .n = 9999, .unit = ASK_YEAR };
    ask_days(&c, &far, CAL_PERSIAN, &from, &until);
    assert_true(from >= MEASURE_DAY_MIN && from < until);
    arena_free(a);
    zones_free(zones);
}

/* --- single rules --- */

static int64_t add_client(struct ctx *c, const char *name, const char *town, const char *born) {
    return naive_client(c, name, town, born);
}

static int64_t count(struct ctx *c, const struct ask_node *tree) {
    struct list_query q = { .entity = naive_party(), .within = ask_within(c, tree, NO_STR) };
    int64_t n = -1;
    enum status st = list_count(c, &q, &n);
    return st == OK ? n : -(int64_t)st;
}

static struct ask_node is(const char *field, struct ask_value *v) {
    return (struct ask_node){
        .kind = ASK_FIELD, .field = str_of(field), .op = ASK_IS, .values = v, .values_n = 1
    };
}

static void test_blanks_stay_under_not(bool pg) {
    struct fixture f;
    fixture_open(&f, pg);
    struct ctx *c = fixture_begin(&f, true, 1, ROLE_OWNER);
    add_client(c, "Anna", "Paris", NULL);
    add_client(c, "Berta", "Lyon", NULL);
    add_client(c, "Clara", NULL, NULL);
    MUST(fixture_end(&f, OK));
    c = ask_begin(&f, 1, ROLE_OWNER, SEES_ALL);
    struct ask_value paris = { .text = S("paris") };
    struct ask_node town = is("town", &paris);
    const struct ask_node *items[] = { &town };
    struct ask_node none = { .kind = ASK_GROUP, .group = ASK_NONE, .items = items, .items_n = 1 };
    assert_int_equal(count(c, &town), 1);
    assert_int_equal(count(c, &none), 2);
    struct ask_node empty = { .kind = ASK_FIELD, .field = S("town"), .op = ASK_EMPTY };
    struct ask_node filled = { .kind = ASK_FIELD, .field = S("town"), .op = ASK_FILLED };
    assert_int_equal(count(c, &empty), 1);
    assert_int_equal(count(c, &filled), 2);
    MUST(fixture_end(&f, OK));
    fixture_close(&f);
}
BOTH(test_blanks_stay_under_not)

/* Birthdays across the year's end, 29 February, days without a year; ages at the very day. */
static void test_birthdays_and_ages(bool pg) {
    static const struct {
        const char *born;
    } people[] = { { "1980-12-30" }, { "1990-01-02" }, { "--12-31" },   { "1992-02-29" },
                   { "1960-06-15" }, { "2025-12-28" }, { "1961-01-01" } };
    struct fixture f;
    fixture_open(&f, pg);
    struct ctx *c = fixture_begin(&f, true, 1, ROLE_OWNER);
    for (int i = 0; i < COUNT(people); i++) add_client(c, "N", NULL, people[i].born);
    MUST(fixture_end(&f, OK));
    c = ask_begin(&f, 1, ROLE_OWNER, SEES_ALL);
    struct ask_node soon = { .kind = ASK_FIELD,
                             .field = S("birthday"),
                             .op = ASK_IN,
                             .period = { .when = ASK_NEXT, .n = 7, .unit = ASK_DAY } };
    c->now_ms = instant_of("2025-12-27 09:00"); /* the child of the 28th is not one yet */
    assert_int_equal(count(c, &soon), 4);
    c->now_ms = instant_of("2026-02-28 09:00");
    soon.period.n = 1;
    assert_int_equal(count(c, &soon), 1);
    c->now_ms = instant_of("2028-02-28 09:00");
    assert_int_equal(count(c, &soon), 0);
    c->now_ms = instant_of("2028-02-29 09:00");
    assert_int_equal(count(c, &soon), 1);
    struct ask_node age = {
        .kind = ASK_FIELD, .field = S("age"), .op = ASK_AT_LEAST, .number = S("65")
    };
    c->now_ms = instant_of("2025-12-31 09:00");
    assert_int_equal(count(c, &age), 1);
    c->now_ms = instant_of("2026-01-01 09:00");
    assert_int_equal(count(c, &age), 2);
    age.op = ASK_UNDER;
    age.number = S("1");
    assert_int_equal(count(c, &age), 1);
    MUST(fixture_end(&f, OK));
    fixture_close(&f);
}
BOTH(test_birthdays_and_ages)

/* «Mohammad» is found under «محمد», a part of a name in it, and under no other. */
static void test_names_that_sound_alike(bool pg) {
    struct fixture f;
    fixture_open(&f, pg);
    struct ctx *c = fixture_begin(&f, true, 1, ROLE_OWNER);
    add_client(c, "محمد رضایی", NULL, NULL);
    add_client(c, "Mohammad Rezaei", NULL, NULL);
    add_client(c, "Marie Dupont", NULL, NULL);
    MUST(fixture_end(&f, OK));
    for (int folded = 0; folded < 2; folded++) {
        c = ask_begin(&f, 1, ROLE_OWNER, SEES_ALL);
        struct ask_value v = { .text = S("Mohammad Rezaei") };
        struct ask_node n = is("name", &v);
        n.op = ASK_SOUNDS;
        assert_int_equal(count(c, &n), 2);
        v.text = S("رضائي");
        assert_int_equal(count(c, &n), 2);
        v.text = S("Dupond Jean");
        assert_int_equal(count(c, &n), 0);
        MUST(fixture_end(&f, OK));
        fixture_fold(&f);
    }
    fixture_close(&f);
}
BOTH(test_names_that_sound_alike)

/* --- what is refused --- */

static const char *const sharp[] = {
    "'; DROP TABLE party; --", "\" OR 1=1", "%", "_", "x' OR 'a'='a", ":p0", "@", "\\", "[1]", "*",
};

static void test_values_stay_values(bool pg) {
    static const char *const fields[] = { "town",       "postcode", "given_name",
                                          "special",    "phone",    "email",
                                          "phone_kind", "stage",    "responsible" };
    struct fixture f;
    fixture_open(&f, pg);
    struct ctx *c = fixture_begin(&f, true, 1, ROLE_OWNER);
    add_client(c, "Anna", "Paris", NULL);
    MUST(fixture_end(&f, OK));
    for (int i = 0; i < COUNT(sharp); i++)
        for (int k = 0; k < COUNT(fields); k++)
            for (int prefix = 0; prefix < 2; prefix++) {
                c = ask_begin(&f, 1, ROLE_OWNER, SEES_ALL);
                struct ask_value v = { .text = str_of(sharp[i]), .prefix = prefix };
                struct ask_node n = is(fields[k], &v);
                assert_int_equal(count(c, &n), 0);
                struct ask_value w = { .text = str_of(sharp[i]), .prefix = prefix };
                struct ask_node product = is("product", &w);
                struct ask_node has = { .kind = ASK_HAS,
                                        .relation = S("purchases"),
                                        .where = &product };
                assert_int_equal(count(c, &has), 0);
                MUST(fixture_end(&f, OK));
            }
    c = ask_begin(&f, 1, ROLE_OWNER, SEES_ALL);
    struct ask_node all = { .kind = ASK_GROUP };
    assert_int_equal(count(c, &all), 1);
    MUST(fixture_end(&f, OK));
    fixture_close(&f);
}
BOTH(test_values_stay_values)

static void refused(struct ctx *c, const struct ask_node *n) {
    c->problems.n = 0;
    assert_int_equal(count(c, n), -(int64_t)INVALID);
    assert_int_equal(c->problems.n, 1);
    assert_string_equal(str_z(c->arena, c->problems.v[0].field), "where");
}

static void test_refused(bool pg) {
    struct fixture f;
    fixture_open(&f, pg);
    struct ctx *c = ask_begin(&f, 1, ROLE_OWNER, SEES_ALL);
    struct ask_value v = { .text = S("x") };
    struct ask_node gone = is("cf_99", &v), town = is("town", &v), wrong = is("birth_date", &v);
    wrong.op = ASK_OVER;
    refused(c, &gone);
    refused(c, &wrong);
    struct ask_node secret = is("email_key", &v);
    refused(c, &secret);
    const struct ask_node *many[ASK_RULES_MOST + 1];
    for (int i = 0; i <= ASK_RULES_MOST; i++) many[i] = &town;
    struct ask_node big = { .kind = ASK_GROUP, .items = many, .items_n = ASK_RULES_MOST + 1 };
    refused(c, &big);
    struct ask_node deep[8] = { town };
    const struct ask_node *in[8][2];
    for (int i = 1; i < 8; i++) {
        in[i][0] = &deep[i - 1];
        in[i][1] = &town;
        deep[i] = (struct ask_node){
            .kind = ASK_GROUP, .group = i % 2 ? ASK_ANY : ASK_ALL, .items = in[i], .items_n = 2
        };
    }
    refused(c, &deep[7]);
    struct ask_node one = {
        .kind = ASK_MEASURE, .relation = S("purchases"), .op = ASK_OVER, .number = S("1")
    };
    const struct ask_node *five[] = { &one, &one, &one, &one, &one };
    struct ask_node sums = { .kind = ASK_GROUP, .items = five, .items_n = 5 };
    refused(c, &sums);
    struct ask_node nobody = { .kind = ASK_SEGMENT, .segment = 77 };
    refused(c, &nobody);
    MUST(fixture_end(&f, OK));
    /* notes that only members may read are not there for a reader */
    c = ask_begin(&f, 4, ROLE_READER, SEES_ALL);
    struct ask_node private = is("notes_private", &v);
    refused(c, &private);
    MUST(fixture_end(&f, OK));
    fixture_close(&f);
}
BOTH(test_refused)

/* --- segments in segments --- */

static const struct ask_node *segment_trees[4];

static enum status segment_tree(struct ctx *c, int64_t id, const struct ask_node **tree,
                                enum calendar_id *calendar, struct bits **frozen) {
    (void)c;
    if (id == 3) {
        *frozen = bits_new();
        bits_add(*frozen, 2);
        return OK;
    }
    if (id < 1 || id > 3) return MISSING;
    *calendar = CAL_GREGORIAN;
    *tree = segment_trees[id];
    return OK;
}

static struct str segment_name(struct ctx *c, int64_t id) {
    return str_printf(c->arena, "S%d", (int)id);
}

static void test_segments(bool pg) {
    static const struct ask_segments segments = { .name = segment_name, .tree = segment_tree };
    struct fixture f;
    int relations_n;
    fixture_open(&f, pg);
    struct ctx *c = fixture_begin(&f, true, 1, ROLE_OWNER);
    add_client(c, "Anna", "Paris", NULL);
    add_client(c, "Berta", "Lyon", NULL);
    MUST(fixture_end(&f, OK));
    c = ask_begin(&f, 1, ROLE_OWNER, SEES_ALL);
    const struct relation *const *relations = ask_relations(c->arena, &relations_n);
    ask_catalogue_segments(ask_catalogue_of(c, relations, relations_n), &segments);
    struct ask_value paris = { .text = S("Paris") };
    struct ask_node town = is("town", &paris);
    struct ask_node first = { .kind = ASK_SEGMENT, .segment = 1 };
    struct ask_node second = { .kind = ASK_SEGMENT, .segment = 2 };
    struct ask_node frozen = { .kind = ASK_SEGMENT, .segment = 3 };
    segment_trees[1] = &town;
    segment_trees[2] = &first;
    assert_int_equal(count(c, &first), 1);
    assert_int_equal(count(c, &second), 1);
    assert_int_equal(count(c, &frozen), 1);
    segment_trees[1] = &second; /* 1 in 2 in 1 */
    refused(c, &first);
    MUST(fixture_end(&f, OK));
    fixture_close(&f);
}
BOTH(test_segments)

/* --- it takes too long --- */

static bool forever(void *arg, const struct cell *cells) {
    (void)cells;
    ++*(int *)arg;
    return true;
}

static void test_deadline(bool pg) {
    struct fixture f;
    struct rows r;
    int n = 0;
    fixture_open(&f, pg);
    struct ctx *c = fixture_begin(&f, false, 1, ROLE_OWNER);
    int64_t from = clock_mono_us();
    MUST(db_savepoint(c->tx));
    MUST(db_deadline(c->tx, 50));
    enum status st = db_each_made(
        c->tx,
        S("WITH RECURSIVE a(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM a WHERE i < 2000000000) "
          "SELECT count(*) FROM a"),
        NULL, 0, forever, &n);
    assert_int_equal(st, TOO_BIG);
    assert_true(clock_mono_us() - from < 5000000);
    MUST(db_savepoint_end(c->tx, false));
    MUST(db_deadline(c->tx, 0));
    MUST(db_query_made(c->tx, S("SELECT CAST(7 AS bigint) AS seven"), &r, NULL, 0));
    assert_int_equal(row_int(&r, 0, "seven"), 7);
    MUST(fixture_end(&f, OK));
    fixture_close(&f);
}
BOTH(test_deadline)

/* --- plans --- */

static void plan(struct ctx *c, const char *lite, const char *index) {
    struct rows r;
    bool uses = false, scans = false;
    struct str text = str_printf(c->arena, "EXPLAIN QUERY PLAN %s", lite);
    MUST(db_query_made(c->tx, text, &r, NULL, 0));
    for (int i = 0; i < r.n; i++) {
        struct str line = row_str(&r, i, "detail");
        uses = uses || str_find(line, str_of(index)) >= 0;
        scans = scans || (str_starts(line, S("SCAN")) && str_find(line, S("INDEX")) < 0 &&
                          str_find(line, S("SCAN d")) < 0 && str_find(line, S("json_each")) < 0 &&
                          str_find(line, S("CONSTANT")) < 0);
    }
    if (!uses || scans) fail_msg("%s does not go by %s", lite, index);
}

static void test_plans(void **s) {
    (void)s;
    struct fixture f;
    fixture_open(&f, false);
    struct ctx *c = fixture_begin(&f, false, 1, ROLE_OWNER);
    plan(c,
         "SELECT party, postcode FROM address WHERE postcode IS NOT NULL AND ((postcode >= '75' "
         "AND postcode < '76') OR (postcode >= 'x' AND postcode < 'y'))",
         "address_postcode");
    plan(c,
         "SELECT id, birth_date FROM party WHERE birth_date IS NOT NULL AND (substr(birth_date, "
         "-5) >= '01-02' AND substr(birth_date, -5) <= '01-09')",
         "party_birthday");
    plan(c, "SELECT id FROM party WHERE created_at >= 1 AND created_at < 2", "party_created");
    plan(c,
         "SELECT party FROM note WHERE deleted_at IS NULL AND created_at >= 1 AND created_at < 9",
         "note_created");
    plan(c,
         "SELECT party FROM purchase WHERE deleted_at IS NULL AND (product IN (SELECT value FROM "
         "json_each('[\"a\"]')))",
         "purchase_product");
    plan(c,
         "SELECT party FROM purchase WHERE deleted_at IS NULL AND party IN (SELECT value FROM "
         "json_each('[1]'))",
         "purchase_party");
    plan(c, "SELECT id FROM sort_value WHERE field = 1 AND key >= x'01' AND key < x'02'",
         "PRIMARY KEY");
    MUST(fixture_end(&f, OK));
    fixture_close(&f);
}

/* --- why --- */

static void test_why(bool pg) {
    struct fixture f;
    struct ask_why *lines;
    int n;
    fixture_open(&f, pg);
    struct ctx *c = fixture_begin(&f, true, 1, ROLE_OWNER);
    c->firm.currency = S("EUR");
    int64_t id = add_client(c, "Anna", "Paris", "1980-12-30");
    naive_purchase(c, id, "2026-11-20", 62000, "EUR", "Lamp");
    MUST(fixture_end(&f, OK));
    c = ask_begin(&f, 1, ROLE_OWNER, SEES_ALL);
    c->now_ms = instant_of(NOON);
    struct ask_value lyon = { .text = S("Lyon") };
    struct ask_node town = is("town", &lyon);
    struct ask_node sum = { .kind = ASK_MEASURE,
                            .fn = ASK_SUM,
                            .relation = S("purchases"),
                            .op = ASK_OVER,
                            .number = S("500"),
                            .period = { .when = ASK_LAST, .n = 30, .unit = ASK_DAY } };
    const struct ask_node *items[] = { &town, &sum };
    struct ask_node all = { .kind = ASK_GROUP, .items = items, .items_n = 2 };
    MUST(ask_why(c, &all, CAL_GREGORIAN, id, &lines, &n));
    assert_int_equal(n, 2);
    assert_false(lines[0].holds);
    assert_string_equal(str_z(c->arena, lines[0].has), "Paris");
    assert_true(lines[1].holds);
    assert_true(str_find(lines[1].has, S("620")) >= 0);
    MUST(fixture_end(&f, OK));
    fixture_close(&f);
}
BOTH(test_why)

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_periods),
        cmocka_unit_test(test_blanks_stay_under_not_lite),
        cmocka_unit_test(test_blanks_stay_under_not_pg),
        cmocka_unit_test(test_birthdays_and_ages_lite),
        cmocka_unit_test(test_birthdays_and_ages_pg),
        cmocka_unit_test(test_names_that_sound_alike_lite),
        cmocka_unit_test(test_names_that_sound_alike_pg),
        cmocka_unit_test(test_values_stay_values_lite),
        cmocka_unit_test(test_values_stay_values_pg),
        cmocka_unit_test(test_refused_lite),
        cmocka_unit_test(test_refused_pg),
        cmocka_unit_test(test_segments_lite),
        cmocka_unit_test(test_segments_pg),
        cmocka_unit_test(test_deadline_lite),
        cmocka_unit_test(test_deadline_pg),
        cmocka_unit_test(test_plans),
        cmocka_unit_test(test_why_lite),
        cmocka_unit_test(test_why_pg),
        cmocka_unit_test(test_random_questions_lite),
        cmocka_unit_test(test_random_questions_pg),
        cmocka_unit_test(test_random_questions_of_who_sees_his_own_lite),
        cmocka_unit_test(test_random_questions_of_who_sees_his_own_pg),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
