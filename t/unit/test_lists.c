/* What lists keep in memory (order.h, search_memory) changes how fast they answer and nothing else:
 * two servers that remember different things and one that remembers nothing give the same pages,
 * whoever writes and folds meanwhile. And what they keep stays within its budget. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/entity/list.h"
#include "core/entity/order.h"
#include "features/party/party.h"
#include "fixture.h"
#include "lib/base/random.h"
#include "on_both.h"

#define MUST(call) assert_string_equal(status_name(call), "OK")

enum { FIRST_N = 700, ROUNDS_N = 6, QUERIES_N = 32, PAGES_N = 12 };

SQL(test_forget_terms, "DELETE FROM search_term");

static const char *const towns[] = { "Shiraz", "Paris", "Lyon", "Oran", "Qom" };
static const char *const first[] = { "Ali", "Élodie", "Martin", "Marta", "Ahmad", "Zahra" };
static const char *const far[] = { "یاسمن", "یوسف", "هادی", "یاشار" };

static struct str pick(struct dice *d, const char *const *v, int n) {
    return str_of(v[dice_below(d, (uint64_t)n)]);
}

/* Some have no town, no phone, no birthday; Persian names stand all at one end. */
static void fill(struct ctx *c, struct dice *d, struct party *p, int i) {
    bool persian = dice_below(d, 3) == 0;
    struct str name = persian ? pick(d, far, 4) : pick(d, first, 6);
    p->display_name = str_printf(c->arena, "%.*s %d", SF(name), i % 37);
    p->kind = dice_below(d, 5) ? S("person") : S("organisation");
    p->stage = dice_below(d, 3) ? S("active") : S("lead");
    p->birth_date = str_eq(p->kind, S("person")) && dice_below(d, 2)
                        ? str_printf(c->arena, "19%02d-0%d-11", (int)dice_below(d, 90) + 10,
                                     (int)dice_below(d, 9) + 1)
                        : NO_STR;
    p->addresses.n = p->phones.n = 0;
    if (dice_below(d, 4)) {
        p->addresses.v = arena_new_of(c->arena, struct address);
        p->addresses.n = 1;
        p->addresses.v[0].town = persian ? S("Qom") : pick(d, towns, 4);
    }
    if (dice_below(d, 4)) {
        p->phones.v = arena_new_of(c->arena, struct phone);
        p->phones.n = 1;
        p->phones.v[0].number =
            str_printf(c->arena, "0912 %03d %04d", (int)dice_below(d, 1000), i * 7 % 10000);
    }
}

static void add(struct fixture *f, struct dice *d, int n) {
    struct ctx *c = fixture_begin(f, true, 1, ROLE_OWNER);
    for (int i = 0; i < n; i++) {
        struct party *p = row_new(c, &entity_party);
        fill(c, d, p, i);
        MUST(store_save(c, &entity_party, p));
    }
    MUST(fixture_end(f, OK));
}

static void change(struct fixture *f, struct dice *d, int n, int64_t last) {
    struct ctx *c = fixture_begin(f, true, 1, ROLE_OWNER);
    for (int i = 0; i < n; i++) {
        struct party p;
        int64_t id = (int64_t)dice_below(d, (uint64_t)last) + 1;
        c->now_ms += 1000;
        if (store_load(c, &entity_party, id, &p) != OK) continue;
        if (dice_below(d, 6) == 0) {
            MUST(store_delete(c, &entity_party, id, 0));
            continue;
        }
        fill(c, d, &p, (int)dice_below(d, 37));
        MUST(store_save(c, &entity_party, &p));
    }
    MUST(fixture_end(f, OK));
}

static struct list_query a_query(struct dice *d) {
    static const char *const sorts[] = { "",      "display_name", "-display_name", "town",
                                         "-town", "phone",        "-changed_at",   "birth_date",
                                         "stage", "-birth_date",  "changed_at",    "id" };
    static const char *const words[] = { "ی",   "m",    "ma",   "mart",  "marti", "هادی", "0912",
                                         "091", "9125", "3 ya", "qom a", "98912", "یوسف", "ahma" };
    struct list_query q = { .entity = &entity_party, .sort = pick(d, sorts, COUNT(sorts)) };
    q.limit = (int)dice_below(d, 9) + 3;
    if (dice_below(d, 3) == 0) { /* all at one end of the order: from the other walking is long */
        q.sort = dice_below(d, 2) ? S("-display_name") : S("display_name");
        q.filters[q.filters_n++] = (struct list_filter){ S("town"), S("Qom") };
        q.limit = 12;
        return q;
    }
    uint64_t way = dice_below(d, 8);
    if (way & 1) q.filters[q.filters_n++] = (struct list_filter){ S("kind"), S("person") };
    if (way == 2) q.filters[q.filters_n++] = (struct list_filter){ S("town"), pick(d, towns, 5) };
    if (way == 6) q.filters[q.filters_n++] = (struct list_filter){ S("stage"), S("lead") };
    if (way & 4) q.search = pick(d, words, COUNT(words));
    if (dice_below(d, 6) == 0 && str_eq(q.sort, S("display_name")))
        q.letter = dice_below(d, 2) ? S("ی") : S("M");
    return q;
}

static void same(const struct list_query *q, const struct list_page *a, const struct list_page *b) {
    bool equal = a->n == b->n && a->total == b->total && str_eq(a->next, b->next) &&
                 str_eq(a->prev, b->prev);
    for (int i = 0; equal && i < a->n; i++) equal = a->ids[i] == b->ids[i];
    if (!equal)
        fail_msg("«%.*s» sorted by %.*s, after «%.*s» before «%.*s»: %d of %lld, and %d of %lld",
                 SF(q->search), SF(q->sort), SF(q->after), SF(q->before), a->n, (long long)a->total,
                 b->n, (long long)b->total);
}

/* Through the pages, forward and then back. */
static void compare(struct fixture *f, struct list_query q, struct orders *const *servers, int n) {
    struct ctx *c = fixture_begin(f, false, 1, ROLE_OWNER);
    for (int page = 0; page < PAGES_N; page++) {
        struct list_page plain, with;
        c->orders = NULL;
        MUST(list_run(c, &q, &plain));
        for (int i = 0; i < n; i++) {
            c->orders = servers[i];
            MUST(list_run(c, &q, &with));
            same(&q, &plain, &with);
        }
        bool back = page > PAGES_N / 2;
        q.after = back ? NO_STR : plain.next;
        q.before = back ? plain.prev : NO_STR;
        q.letter = NO_STR;
        if (!q.after.n && !q.before.n) break;
    }
    c->orders = NULL;
    MUST(fixture_end(f, OK));
}

static void test_same_answers(bool pg) {
    struct fixture f;
    struct dice d = { 2411 };
    fixture_open(&f, pg);
    struct orders *servers[2] = { orders_new(), orders_new() };
    add(&f, &d, FIRST_N);
    for (int round = 0; round < ROUNDS_N; round++) {
        if (round % 2) fixture_fold(&f);
        MUST(orders_refresh(servers[0], f.db));
        if (round == 2) MUST(orders_refresh(servers[1], f.db)); /* then it grows old */
        for (int i = 0; i < QUERIES_N; i++) {
            compare(&f, a_query(&d), servers, 2);
            if (i % 8 == 7) change(&f, &d, 12, FIRST_N + round * 10);
            if (i % 8 == 3) MUST(orders_refresh(servers[0], f.db));
        }
        add(&f, &d, 10);
    }
    struct ctx *c = fixture_begin(&f, true, 1, ROLE_OWNER);
    MUST(db_run(c->tx, &test_forget_terms));
    MUST(search_outdate(c->tx));
    MUST(orders_outdate(c->tx));
    MUST(fixture_end(&f, OK));
    for (int i = 0; i < QUERIES_N; i++) compare(&f, a_query(&d), servers, 2);
    orders_free(servers[0]);
    orders_free(servers[1]);
    fixture_close(&f);
}

static void test_keeps_budget(bool pg) {
    enum { BUDGET = 64 << 10 };
    struct fixture f;
    struct dice d = { 7 };
    fixture_open(&f, pg);
    add(&f, &d, 50);
    fixture_fold(&f);
    struct search_memory *m = search_memory_new(BUDGET);
    size_t most = 0;
    for (int round = 0; round < 2; round++) {
        struct ctx *c = fixture_begin(&f, false, 1, ROLE_OWNER);
        struct search *s;
        MUST(search_open(c->tx, m, &s));
        for (int i = 0; i < 1000; i++) {
            struct bits *b, *range;
            MUST(search_term(s, str_printf(c->arena, "q%04d", i), &b));
            MUST(search_range(s, str_printf(c->arena, "w%05d", i), &range));
            bits_free(b);
            bits_free(range);
            size_t now = search_memory_bytes(m);
            if (now > most) most = now;
        }
        struct bits *alive;
        MUST(search_term(s, S("a"), &alive));
        assert_int_equal(bits_count(alive), 50);
        bits_free(alive);
        MUST(fixture_end(&f, OK));
    }
    assert_in_range(most, BUDGET / 2, BUDGET); /* it was used, and not more */
    search_memory_free(m);
    fixture_close(&f);
}

/* One who writes asks with his own memory, and with none. */
static void same_terms(struct ctx *c, struct search_memory *m) {
    static const char *const terms[] = { "a", "x", "pm", "pma", "wmartin", "wmarta", "q0912" };
    struct search *with, *without;
    MUST(search_open(c->tx, m, &with));
    MUST(search_open(c->tx, NULL, &without));
    for (int i = 0; i <= COUNT(terms); i++) {
        struct bits *a, *b;
        bool range = i == COUNT(terms);
        struct str term = range ? S("wmart") : str_of(terms[i]);
        MUST(range ? search_range(with, term, &a) : search_term(with, term, &a));
        MUST(range ? search_range(without, term, &b) : search_term(without, term, &b));
        int64_t n = bits_count(a);
        if (n != bits_count(b))
            fail_msg("%.*s: %lld, and %lld without memory", SF(term), (long long)n,
                     (long long)bits_count(b));
        bits_and(a, b);
        assert_int_equal(bits_count(a), n);
        bits_free(a);
        bits_free(b);
    }
}

/* Rows and whole slices that are taken back leave nothing in what a writer remembers. */
static void test_writer(bool pg) {
    struct fixture f;
    struct dice d = { 17 };
    fixture_open(&f, pg);
    add(&f, &d, 100);
    fixture_fold(&f);
    add(&f, &d, 20);
    struct orders *own = orders_of_writer(1 << 20);
    struct search_memory *m = orders_memory(own);
    for (int slice = 0; slice < 6; slice++) {
        struct ctx *c = fixture_begin(&f, true, 1, ROLE_OWNER);
        enum status how = slice % 3 == 1 ? INVALID : OK;
        for (int i = 0; i < 12; i++) {
            bool stays = dice_below(&d, 2);
            struct party *p = row_new(c, &entity_party);
            MUST(search_mark(c->tx, m));
            MUST(db_savepoint(c->tx));
            fill(c, &d, p, i);
            MUST(store_save(c, &entity_party, p));
            same_terms(c, m);
            MUST(db_savepoint_end(c->tx, stays));
            if (!stays) {
                search_memory_back(m);
                c->batch = 0;
            }
            same_terms(c, m);
        }
        assert_true(search_memory_bytes(m) > 0);
        assert_int_equal(fixture_end(&f, how), how);
        if (how != OK) search_memory_forget(m);
        add(&f, &d, 5);
        if (slice == 2) fixture_fold(&f);
    }
    orders_free(own);
    fixture_close(&f);
}

BOTH(test_same_answers)
BOTH(test_keeps_budget)
BOTH(test_writer)
#define BOTH_TESTS(name) cmocka_unit_test(name##_lite), cmocka_unit_test(name##_pg)

int main(void) {
    const struct CMUnitTest tests[] = {
        BOTH_TESTS(test_same_answers),
        BOTH_TESTS(test_keeps_budget),
        BOTH_TESTS(test_writer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
