/* The store, lists, search and undo, on both databases. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/entity/history.h"
#include "core/entity/list.h"
#include "core/entity/order.h"
#include "lib/base/random.h"
#include "features/bond/bond.h"
#include "features/category/category.h"
#include "features/note/note.h"
#include "features/party/party.h"
#include "features/tag/tag.h"
#include "fixture.h"
#include "on_both.h"

#define MUST(call) assert_int_equal((call), OK)
#define EQ(s, z)   assert_true(str_eq_z((s), (z)))

static int64_t make(struct ctx *c, const char *name, const char *phone, const char *email,
                    const char *town, const char *kind) {
    struct party *p = row_new(c, &entity_party);
    p->display_name = str_of(name);
    p->kind = str_of(kind);
    if (phone) {
        p->phones.v = arena_new_of(c->arena, struct phone);
        p->phones.n = 1;
        p->phones.v[0].number = str_of(phone);
    }
    if (email) {
        p->emails.v = arena_new_of(c->arena, struct email);
        p->emails.n = 1;
        p->emails.v[0].email = str_of(email);
    }
    if (town) {
        p->addresses.v = arena_new_of(c->arena, struct address);
        p->addresses.n = 1;
        p->addresses.v[0].town = str_of(town);
    }
    enum status st = store_save(c, &entity_party, p);
    if (st != OK)
        fail_msg("%s: %s %.*s", name, status_name(st),
                 SF(c->problems.n ? c->problems.v[0].field : NO_STR));
    return p->row.id;
}

static struct list_page find(struct ctx *c, const char *search, const char *sort) {
    struct list_query q = { .entity = &entity_party,
                            .search = str_of(search),
                            .sort = str_of(sort) };
    struct list_page page;
    MUST(list_run(c, &q, &page));
    return page;
}

static void finds(struct fixture *f, const char *search, int64_t id) {
    struct ctx *c = fixture_begin(f, false, 1, ROLE_OWNER);
    struct list_page page = find(c, search, NULL);
    bool is = false;
    for (int i = 0; i < page.n; i++) is |= page.ids[i] == id;
    if (!is) fail_msg("«%s» does not find %lld (%d found)", search, (long long)id, page.n);
    MUST(fixture_end(f, OK));
}

static void finds_not(struct fixture *f, const char *search, int64_t id) {
    struct ctx *c = fixture_begin(f, false, 1, ROLE_OWNER);
    struct list_page page = find(c, search, NULL);
    for (int i = 0; i < page.n; i++)
        if (page.ids[i] == id) fail_msg("«%s» finds %lld", search, (long long)id);
    MUST(fixture_end(f, OK));
}

static void test_saves_and_finds(bool pg) {
    struct fixture f;
    fixture_open(&f, pg);
    struct ctx *c = fixture_begin(&f, true, 1, ROLE_OWNER);
    int64_t ali = make(c, "علی کریمی", "0912 345 6789", "ali@example.com", "تهران", "person");
    int64_t elodie =
        make(c, "Élodie Lefèvre", "+33 6 12 34 56 78", "elodie@lefevre.fr", "Lyon", "person");
    int64_t ahmad = make(c, "أحمد حداد", NULL, NULL, "بيروت", "person");
    int64_t want = make(c, "می‌خواهم", NULL, NULL, NULL, "person");
    int64_t firm = make(c, "Studio Chirine", NULL, NULL, "Lyon", "organisation");
    struct bond b = { .person = elodie, .organisation = firm, .job_title = S("gérante") };
    MUST(store_save(c, &entity_bond, &b));
    MUST(fixture_end(&f, OK));
    for (int folded = 0; folded < 2; folded++) {
        finds(&f, "علي", ali);
        finds(&f, "على كريمى", ali);
        finds(&f, "احمد", ahmad);
        finds(&f, "می خواهم", want);
        finds(&f, "ميخواهم", want);
        finds(&f, "elodie", elodie);
        finds(&f, "ÉLO lef", elodie);
        finds(&f, "۰۹۱۲", ali);
        finds(&f, "۳۴۵ ۶۷", ali);
        finds(&f, "6789", ali);
        finds(&f, "+98912", ali);
        finds(&f, "0612", elodie); /* typed as +33 6 12 … */
        finds(&f, "061234567", elodie);
        finds_not(&f, "9876", ali);
        finds(&f, "lefevre.fr", elodie);
        finds(&f, "elodie@lefevre.fr", elodie);
        finds(&f, "chirine", elodie);
        finds(&f, "chirine", firm);
        finds_not(&f, "chirine", ali);
        fixture_fold(&f);
    }
    c = fixture_begin(&f, true, 1, ROLE_OWNER);
    struct party p;
    MUST(store_load(c, &entity_party, firm, &p));
    p.display_name = S("Atelier Nour");
    MUST(store_save(c, &entity_party, &p));
    assert_int_equal(p.row.version, 2);
    MUST(fixture_end(&f, OK));
    for (int folded = 0; folded < 2; folded++) {
        finds(&f, "nour", elodie);
        finds_not(&f, "chirine", elodie);
        finds(&f, "elodie", elodie);
        fixture_fold(&f);
    }
    c = fixture_begin(&f, true, 1, ROLE_OWNER);
    MUST(store_delete(c, &entity_bond, b.row.id, 0));
    MUST(fixture_end(&f, OK));
    finds_not(&f, "nour", elodie);
    fixture_close(&f);
}

static void test_stale_and_lists(bool pg) {
    struct fixture f;
    fixture_open(&f, pg);
    struct ctx *c = fixture_begin(&f, true, 1, ROLE_OWNER);
    int64_t id = make(c, "Sara", "021 88776655", NULL, NULL, "person");
    MUST(fixture_end(&f, OK));
    c = fixture_begin(&f, true, 1, ROLE_OWNER);
    struct party a, b;
    MUST(store_load(c, &entity_party, id, &a));
    MUST(store_load(c, &entity_party, id, &b));
    EQ(a.phones.v[0].e164, "+982188776655");
    a.nickname = S("one");
    MUST(store_save(c, &entity_party, &a));
    b.nickname = S("two");
    assert_int_equal(store_save(c, &entity_party, &b), STALE);
    MUST(store_save(c, &entity_party, &a)); /* nothing changed: no trace */
    assert_int_equal(a.row.version, 2);
    struct phone two[2] = { { .number = S("09121111111") }, a.phones.v[0] };
    int64_t kept = a.phones.v[0].row.id;
    a.phones.v = two;
    a.phones.n = 2;
    MUST(store_save(c, &entity_party, &a));
    MUST(store_load(c, &entity_party, id, &b));
    assert_int_equal(b.phones.n, 2);
    EQ(b.phones.v[0].number, "09121111111");
    assert_int_equal(b.phones.v[1].row.id, kept);
    b.phones.v[0].row.id = 4711; /* a stranger's */
    assert_int_equal(store_save(c, &entity_party, &b), INVALID);
    c->problems.n = 0;
    struct party empty = { .kind = S("person"), .stage = S("active") };
    assert_int_equal(store_save(c, &entity_party, &empty), INVALID);
    EQ(c->problems.v[0].field, "display_name");
    MUST(fixture_end(&f, OK));
    c = fixture_begin(&f, true, 4, ROLE_READER);
    MUST(store_load(c, &entity_party, id, &b));
    b.nickname = S("three");
    assert_int_equal(store_save(c, &entity_party, &b), DENIED);
    assert_int_equal(fixture_end(&f, DENIED), DENIED);
    fixture_close(&f);
}

enum { NAMES_N = 8 };

/* Through all pages of three, then all the way back. */
static void walks(struct ctx *c, const char *const order[NAMES_N], bool down) {
    struct list_query q = { .entity = &entity_party, .limit = 3 };
    struct list_page page;
    int seen = 0;
    q.sort = down ? S("-display_name") : S("display_name");
    do {
        MUST(list_run(c, &q, &page));
        assert_int_equal(page.total, NAMES_N);
        for (int i = 0; i < page.n; i++, seen++)
            EQ(entity_title(c, &entity_party, page.ids[i]),
               order[down ? NAMES_N - 1 - seen : seen]);
        assert_int_equal(page.prev.n > 0, seen > 3);
        q.after = page.next;
    } while (page.next.n);
    assert_int_equal(seen, NAMES_N);
    for (seen = NAMES_N - page.n; page.prev.n; seen -= page.n) {
        q.after = NO_STR;
        q.before = page.prev;
        MUST(list_run(c, &q, &page));
        for (int i = 0; i < page.n; i++) {
            int at = seen - page.n + i;
            EQ(entity_title(c, &entity_party, page.ids[i]), order[down ? NAMES_N - 1 - at : at]);
        }
    }
}

static void sorts_by_town_and_letter(struct ctx *c) {
    struct list_query q = { .entity = &entity_party, .letter = S("و"), .limit = 3 };
    struct list_page page;
    MUST(list_run(c, &q, &page));
    EQ(entity_title(c, &entity_party, page.ids[0]), "ویدا");
    assert_true(page.prev.n > 0);
    q = (struct list_query){ .entity = &entity_party, .sort = S("town") };
    MUST(list_run(c, &q, &page));
    assert_int_equal(page.n, NAMES_N); /* those without a town come last */
    q.filters_n = 1;
    q.filters[0] = (struct list_filter){ S("town"), S("شيراز") };
    MUST(list_run(c, &q, &page));
    assert_int_equal(page.total, 0);
    q.filters[0].value = S("SHIRAZ");
    MUST(list_run(c, &q, &page));
    assert_int_equal(page.total, NAMES_N / 2);
    q.filters[0].value = S("-");
    MUST(list_run(c, &q, &page));
    assert_int_equal(page.total, NAMES_N / 2);
    q.filters[0].field = S("email_key");
    assert_int_equal(list_run(c, &q, &page), MALFORMED);
    q = (struct list_query){ .entity = &entity_party, .sort = S("CASE WHEN 1=1 THEN id END") };
    assert_int_equal(list_run(c, &q, &page), MALFORMED);
}

static void test_sorts_and_pages(bool pg) {
    static const char *const names[NAMES_N] = { "هادی", "ویدا",    "آرش",  "پری",
                                                "Zoe",  "ابراهیم", "adam", "یاسر" };
    static const char *const order[NAMES_N] = { "آرش",  "ابراهیم", "پری",  "ویدا",
                                                "هادی", "یاسر",    "adam", "Zoe" };
    struct fixture f;
    fixture_open(&f, pg);
    struct ctx *c = fixture_begin(&f, true, 1, ROLE_OWNER);
    for (int i = 0; i < NAMES_N; i++)
        make(c, names[i], NULL, NULL, i % 2 ? "Shiraz" : NULL, "person");
    MUST(fixture_end(&f, OK));
    for (int way = 0; way < 4; way++) {
        c = fixture_begin(&f, false, 1, ROLE_OWNER);
        walks(c, order, way & 1);
        MUST(fixture_end(&f, OK));
        if (way == 1) fixture_fold(&f); /* pending rows and folded ones answer alike */
    }
    c = fixture_begin(&f, false, 1, ROLE_OWNER);
    sorts_by_town_and_letter(c);
    MUST(fixture_end(&f, OK));
    fixture_close(&f);
}

static void test_visible(bool pg) {
    struct fixture f;
    fixture_open(&f, pg);
    struct ctx *c = fixture_begin(&f, true, 1, ROLE_OWNER);
    int64_t his = make(c, "His", NULL, NULL, NULL, "person"),
            other = make(c, "Other", NULL, NULL, NULL, "person");
    struct party p;
    MUST(store_load(c, &entity_party, his, &p));
    p.responsible = 3;
    MUST(store_save(c, &entity_party, &p));
    struct note n = { .party = other, .text = S("secret") };
    MUST(store_save(c, &entity_note, &n));
    MUST(fixture_end(&f, OK));
    c = fixture_begin(&f, false, 3, ROLE_MEMBER);
    c->who.sees = SEES_OWN;
    MUST(store_load(c, &entity_party, his, &p));
    assert_int_equal(store_load(c, &entity_party, other, &p), MISSING);
    assert_int_equal(store_load(c, &entity_note, n.row.id, &n), MISSING);
    struct list_page page = find(c, NULL, NULL);
    assert_int_equal(page.total, 1);
    assert_int_equal(page.ids[0], his);
    assert_int_equal(find(c, "other", NULL).total, 0);
    struct history_list h;
    MUST(history_read(c, other, 0, 0, 10, &h));
    assert_int_equal(h.n, 0);
    MUST(fixture_end(&f, OK));
    fixture_close(&f);
}

/* Someone changes the same field later: it stands in the way. */
static void undo_meets_later_work(struct fixture *f, int64_t id) {
    struct history_list h;
    struct obstacles ob;
    struct party p;
    struct ctx *c = fixture_begin(f, true, 3, ROLE_MEMBER);
    MUST(store_load(c, &entity_party, id, &p));
    p.nickname = S("Sasa");
    MUST(store_save(c, &entity_party, &p));
    int64_t later = c->batch;
    p.territory = S("south"); /* twice in one batch */
    MUST(store_save(c, &entity_party, &p));
    p.territory = S("north");
    MUST(store_save(c, &entity_party, &p));
    MUST(fixture_end(f, OK));
    c = fixture_begin(f, true, 1, ROLE_OWNER);
    MUST(history_read(c, id, 0, 0, 20, &h));
    int64_t first_change = h.v[h.n - 1].id; /* the create */
    assert_int_equal(history_undo_change(c, first_change, &ob),
                     CONFLICT); /* worked on since it was made */
    assert_int_equal(ob.total, 1);
    EQ(ob.v[0].who, "member");
    assert_int_equal(fixture_end(f, CONFLICT), CONFLICT);
    c = fixture_begin(f, true, 1, ROLE_OWNER);
    MUST(history_undo_batch(c, later, &ob));
    MUST(store_load(c, &entity_party, id, &p));
    EQ(p.nickname, "Saroo");
    assert_int_equal(p.territory.n, 0);
    MUST(fixture_end(f, OK));
}

static void test_undo(bool pg) {
    struct fixture f;
    struct history_list h;
    struct obstacles ob;
    struct party p;
    fixture_open(&f, pg);
    struct ctx *c = fixture_begin(&f, true, 1, ROLE_OWNER);
    int64_t id = make(c, "Sara Karimi", "0912 345 6789", NULL, "Shiraz", "person");
    MUST(fixture_end(&f, OK));
    c = fixture_begin(&f, true, 2, ROLE_MANAGER);
    MUST(store_load(c, &entity_party, id, &p));
    p.nickname = S("Saroo");
    p.phones.n = 0;
    MUST(store_save(c, &entity_party, &p));
    int64_t form = c->batch;
    MUST(fixture_end(&f, OK));
    c = fixture_begin(&f, true, 1, ROLE_OWNER);
    MUST(history_read(c, id, 0, 0, 10, &h));
    assert_int_equal(h.n, 2);
    assert_int_equal(h.v[0].action, ACTION_CHANGE);
    EQ(h.v[0].who, "manager");
    assert_int_equal(h.v[0].fields.n, 2);
    EQ(h.v[0].fields.v[0].after, "Saroo");
    EQ(h.v[0].fields.v[1].before, "0912 345 6789");
    MUST(history_undo_batch(c, form, &ob));
    MUST(store_load(c, &entity_party, id, &p));
    assert_int_equal(p.nickname.n, 0);
    assert_int_equal(p.phones.n, 1);
    EQ(p.phones.v[0].e164, "+989123456789");
    assert_int_equal(history_undo_batch(c, form, &ob), CONFLICT); /* once */
    int64_t undo = c->batch;
    MUST(fixture_end(&f, OK));
    finds(&f, "6789", id);
    c = fixture_begin(&f, true, 1, ROLE_OWNER); /* an undo can be undone */
    MUST(history_undo_batch(c, undo, &ob));
    MUST(store_load(c, &entity_party, id, &p));
    EQ(p.nickname, "Saroo");
    MUST(fixture_end(&f, OK));
    undo_meets_later_work(&f, id);
    fixture_close(&f);
}

static void test_tags_and_categories(bool pg) {
    struct fixture f;
    struct party p;
    fixture_open(&f, pg);
    struct ctx *c = fixture_begin(&f, true, 1, ROLE_OWNER);
    MUST(category_ready_made(c));
    int64_t id = make(c, "Sara", NULL, NULL, NULL, "person"), tag;
    MUST(tag_make(c, S("Spring 2026"), &tag));
    MUST(store_load(c, &entity_party, id, &p));
    struct party_tag twice[2] = { { .tag = tag }, { .tag = tag } };
    p.tags.v = twice;
    p.tags.n = 2;
    struct value v;
    MUST(kind_ref.parse(c, entity_field(&entity_party, S("category")), S("category"), S("ويژه"),
                        &v));
    p.category = v.i;
    MUST(store_save(c, &entity_party, &p));
    MUST(store_load(c, &entity_party, id, &p));
    assert_int_equal(p.tags.n, 1);
    struct list_query q = { .entity = &entity_party,
                            .filters = { { S("tag"), S("spring 2026") },
                                         { S("category"), S("VIP") } },
                            .filters_n = 2 };
    struct list_page page;
    MUST(list_run(c, &q, &page));
    assert_int_equal(page.total, 1);
    q.sort = S("category");
    q.filters_n = 0;
    MUST(list_run(c, &q, &page));
    assert_int_equal(page.ids[0], id);
    MUST(fixture_end(&f, OK));
    fixture_close(&f);
}

/* With the order in memory a list must say the same as without, whoever changed since, for any set.
 */
static void test_order_in_memory(bool pg) {
    static const char *const letters[] = { "ب", "پ", "a", "É", "م", "z", "ي", "ه" };
    struct fixture f;
    struct dice d = { 4711 };
    fixture_open(&f, pg);
    struct orders *orders = orders_new();
    for (int round = 0; round < 4; round++) {
        struct ctx *c = fixture_begin(&f, true, 1, ROLE_OWNER);
        for (int i = 0; i < 90; i++)
            make(c,
                 str_printf(c->arena, "%s%s %d", letters[dice_below(&d, 8)],
                            letters[dice_below(&d, 8)], i)
                     .p,
                 NULL, NULL, i % 3 ? "Shiraz" : NULL, i % 7 ? "person" : "organisation");
        for (int i = 0; i < 20 && round; i++) {
            struct party p;
            if (store_load(c, &entity_party, dice_below(&d, 90 * round) + 1, &p) != OK) continue;
            if (i % 5 == 0) {
                MUST(store_delete(c, &entity_party, p.row.id, 0));
                continue;
            }
            p.display_name = str_printf(c->arena, "%s new %d", letters[dice_below(&d, 8)], i);
            MUST(store_save(c, &entity_party, &p));
        }
        MUST(fixture_end(&f, OK));
        if (round % 2) fixture_fold(&f);
        if (round < 3) MUST(orders_refresh(orders, f.db)); /* the last round is all dirty */
        for (int way = 0; way < 8; way++) {
            struct list_query q = { .entity = &entity_party,
                                    .sort = way & 1 ? S("-display_name") : S("display_name"),
                                    .limit = 7 };
            if (way & 2) q.filters[q.filters_n++] = (struct list_filter){ S("town"), S("shiraz") };
            if (way & 4) q.filters[q.filters_n++] = (struct list_filter){ S("kind"), S("person") };
            struct list_page with, without;
            c = fixture_begin(&f, false, 1, ROLE_OWNER);
            for (int page = 0; page < 60; page++) {
                c->orders = NULL;
                MUST(list_run(c, &q, &without));
                c->orders = orders;
                MUST(list_run(c, &q, &with));
                assert_int_equal(with.n, without.n);
                for (int i = 0; i < with.n; i++) assert_int_equal(with.ids[i], without.ids[i]);
                assert_true(str_eq(with.next, without.next));
                assert_true(str_eq(with.prev, without.prev));
                bool back = page > 20;
                q.after = back ? NO_STR : with.next;
                q.before = back ? with.prev : NO_STR;
                if (!q.after.n && !q.before.n) break;
            }
            MUST(fixture_end(&f, OK));
        }
    }
    orders_free(orders);
    fixture_close(&f);
}

BOTH(test_saves_and_finds)
BOTH(test_stale_and_lists)
BOTH(test_sorts_and_pages)
BOTH(test_visible)
BOTH(test_order_in_memory)
BOTH(test_undo)
BOTH(test_tags_and_categories)
#define BOTH_TESTS(name) cmocka_unit_test(name##_lite), cmocka_unit_test(name##_pg)

int main(void) {
    const struct CMUnitTest tests[] = {
        BOTH_TESTS(test_saves_and_finds),     BOTH_TESTS(test_stale_and_lists),
        BOTH_TESTS(test_sorts_and_pages),     BOTH_TESTS(test_visible),
        BOTH_TESTS(test_order_in_memory),     BOTH_TESTS(test_undo),
        BOTH_TESTS(test_tags_and_categories),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
