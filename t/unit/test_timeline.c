/* The client's page from below: the line of time equals a plain merge of its sources, page by page;
 * who stands beside a client in a list is who the list itself shows; one field edited in place; the
 * new fields through store, history and undo. On both databases. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/entity/history.h"
#include "core/entity/list.h"
#include "features/note/note.h"
#include "features/party/party.h"
#include "features/timeline/timeline.h"
#include "fixture.h"
#include "on_both.h"

#define MUST(call) assert_int_equal((call), OK)
#define EQ(s, z)   assert_true(str_eq_z((s), (z)))

static int64_t client(struct ctx *c, const char *name, const char *town) {
    struct party *p = row_new(c, &entity_party);
    p->display_name = str_of(name);
    p->addresses.v = arena_new_of(c->arena, struct address);
    p->addresses.n = town ? 1 : 0;
    p->addresses.v[0].town = str_of(town);
    MUST(store_save(c, &entity_party, p));
    return p->row.id;
}

static void note(struct ctx *c, int64_t party, struct str text, bool private) {
    struct note *n = row_new(c, &entity_note);
    n->party = party;
    n->text = text;
    n->private = private;
    MUST(store_save(c, &entity_note, n));
}

/* Sixty things that happened, at times drawn with the order of the ids; some private. */
static int64_t lively(struct fixture *f) {
    struct dice dice = { 7 };
    struct ctx *c = fixture_begin(f, true, 1, ROLE_OWNER);
    int64_t id = client(c, "Sara Ahmadi", NULL), at = c->now_ms;
    MUST(fixture_end(f, OK));
    for (int i = 0; i < 60; i++) {
        c = fixture_begin(f, true, 1 + (int64_t)(dice_next(&dice) % 2), ROLE_OWNER);
        c->now_ms = at += (int64_t)(dice_next(&dice) % 3) * 3600000;
        if (dice_next(&dice) % 2) {
            note(c, id, str_printf(c->arena, "Note %d about the %s", i, i % 3 ? "café" : "garden"),
                 dice_next(&dice) % 5 == 0);
        } else {
            struct party p;
            MUST(store_load(c, &entity_party, id, &p));
            p.next_step = str_printf(c->arena, "Step %d", i);
            MUST(store_save(c, &entity_party, &p));
        }
        MUST(fixture_end(f, OK));
    }
    return id;
}

struct all {
    struct timeline_items from[TIMELINE_SOURCES_MAX], merged;
};

/* Everything of every source at once, merged by hand. */
static void read_all(struct ctx *c, int64_t party, struct all *out) {
    int at[TIMELINE_SOURCES_MAX] = { 0 }, total = 0;
    *out = (struct all){ 0 };
    for (int s = 0; s < timeline_sources_n; s++) {
        MUST(timeline_sources[s].read(c, party, 0, 400, &out->from[s]));
        assert_false(out->from[s].more);
        total += out->from[s].n;
    }
    out->merged.v = arena_array(c->arena, struct timeline_item, total + 1);
    while (out->merged.n < total) {
        int best = -1;
        for (int s = 0; s < timeline_sources_n; s++)
            if (at[s] < out->from[s].n &&
                (best < 0 || out->from[s].v[at[s]].at > out->from[best].v[at[best]].at))
                best = s;
        out->merged.v[out->merged.n] = out->from[best].v[at[best]++];
        out->merged.v[out->merged.n++].source = best;
    }
}

static bool fits(struct ctx *c, const struct timeline_query *q, const struct timeline_item *i) {
    if (q->sources && !(q->sources >> i->source & 1)) return false;
    if (q->member && i->member != q->member) return false;
    if (q->from_ms && i->at < q->from_ms) return false;
    if (q->until_ms && i->at >= q->until_ms) return false;
    if (!q->search.n) return true;
    struct strs texts = timeline_sources[i->source].texts(c, i);
    for (int k = 0; k < texts.n; k++)
        if (str_find(texts.v[k], S("café")) >= 0) return true;
    return false;
}

/* All pages of a query, one after the other, are the merged list without what does not fit. */
static int walk(struct ctx *c, const struct all *all, struct timeline_query q) {
    struct timeline_page page;
    int seen = 0, at = 0;
    for (int pages = 0; pages < 200; pages++) {
        MUST(timeline_read(c, &q, &page));
        assert_true(page.items.n <= q.limit);
        for (int k = 0; k < page.items.n; k++, at++, seen++) {
            while (at < all->merged.n && !fits(c, &q, &all->merged.v[at])) at++;
            assert_true(at < all->merged.n);
            assert_int_equal(page.items.v[k].source, all->merged.v[at].source);
            assert_int_equal(page.items.v[k].id, all->merged.v[at].id);
        }
        if (!page.items.more) break;
        struct str place = timeline_place_write(c->arena, page.below);
        assert_true(timeline_place_read(place, q.below));
    }
    for (; at < all->merged.n; at++) assert_false(fits(c, &q, &all->merged.v[at]));
    return seen;
}

static void run_union(struct fixture *f) {
    int64_t id = lively(f);
    struct ctx *c = fixture_begin(f, false, 1, ROLE_OWNER);
    struct all all;
    read_all(c, id, &all);
    assert_int_equal(all.merged.n, 61); /* and that he was added */
    int64_t middle = all.merged.v[30].at;
    for (int limit = 1; limit <= 64; limit = limit * 2 + 1) {
        struct timeline_query q = { .party = id, .limit = limit };
        assert_int_equal(walk(c, &all, q), 61);
        int by_source = 0;
        for (int s = 0; s < timeline_sources_n; s++) {
            struct timeline_query one = q;
            one.sources = 1u << s;
            by_source += walk(c, &all, one);
        }
        assert_int_equal(by_source, 61);
        struct timeline_query old = q, young = q, mine = q, theirs = q;
        old.until_ms = young.from_ms = middle;
        assert_int_equal(walk(c, &all, old) + walk(c, &all, young), 61);
        mine.member = 1;
        theirs.member = 2;
        assert_int_equal(walk(c, &all, mine) + walk(c, &all, theirs), 61);
        struct timeline_query said = q;
        said.search = S("CAFE"); /* without accent or case: it is found folded */
        assert_true(walk(c, &all, said) > 5);
    }
    struct timeline_page none;
    struct timeline_query q = { .party = id, .limit = 5, .search = S("zebra") };
    MUST(timeline_read(c, &q, &none));
    assert_int_equal(none.items.n, 0);
    assert_false(none.items.more);
    int64_t below[TIMELINE_SOURCES_MAX];
    assert_false(timeline_place_read(S("1-2"), below));
    assert_false(timeline_place_read(S("1-2-x"), below));
    assert_false(timeline_place_read(S("1-2--3"), below));
    assert_false(timeline_place_read(S("1-2-3-4-5"), below));
    MUST(fixture_end(f, OK));
    /* who may not read private notes of others sees fewer, in the same order */
    c = fixture_begin(f, false, 3, ROLE_READER);
    read_all(c, id, &all);
    assert_true(all.merged.n < 61);
    assert_int_equal(walk(c, &all, (struct timeline_query){ .party = id, .limit = 4 }),
                     all.merged.n);
    MUST(fixture_end(f, OK));
}

/* --- beside --- */

static void run_beside(struct fixture *f) {
    static const char *const towns[] = { "Lyon", "Paris", NULL, "Tehran" };
    static const char *const stages[] = { "active", "lead", "new" };
    struct ctx *c = fixture_begin(f, true, 1, ROLE_OWNER);
    for (int i = 0; i < 90; i++) {
        int64_t id =
            client(c, str_printf(c->arena, "Client %c%c", 'A' + i * 7 % 26, 'a' + i * 11 % 26).p,
                   towns[i % 4]);
        struct party p;
        MUST(store_load(c, &entity_party, id, &p));
        p.stage = str_of(stages[i % 3]);
        if (i % 5 == 0) p.next_date = str_printf(c->arena, "2027-01-%02d", 1 + i % 28);
        MUST(store_save(c, &entity_party, &p));
    }
    MUST(fixture_end(f, OK));
    fixture_fold(f);
    static const struct list_query lists[] = {
        { .sort = { NULL, 0 } },
        { .sort = { "display_name", 12 } },
        { .sort = { "-display_name", 13 } },
        { .sort = { "town", 4 } },
        { .sort = { "-town", 5 } },
        { .sort = { "stage", 5 } },
        { .sort = { "-changed_at", 11 } },
        { .sort = { "id", 2 } },
        { .sort = { "-created_at", 11 } },
        { .sort = { "next_date", 9 } },
        { .sort = { "-next_date", 10 } },
        { .filters = { { { "stage", 5 }, { "lead", 4 } } }, .filters_n = 1 },
        { .filters = { { { "town", 4 }, { "Lyon", 4 } }, { { "stage", 5 }, { "new", 3 } } },
          .filters_n = 2,
          .sort = { "-town", 5 } },
        { .search = { "client a", 8 } },
        { .search = { "cl", 2 }, .sort = { "town", 4 } },
    };
    c = fixture_begin(f, false, 1, ROLE_OWNER);
    for (int i = 0; i < COUNT(lists); i++) {
        struct list_query q = lists[i];
        struct list_page page;
        int64_t before, after;
        q.entity = &entity_party;
        q.limit = LIMIT_PAGE_N;
        MUST(list_run(c, &q, &page));
        assert_true(page.n > 2);
        for (int k = 0; k < page.n; k++) {
            MUST(list_beside(c, &q, page.ids[k], &before, &after));
            assert_int_equal(before, k ? page.ids[k - 1] : 0);
            assert_int_equal(after, k + 1 < page.n ? page.ids[k + 1] : 0);
        }
    }
    struct list_query lead = lists[11];
    int64_t before, after;
    struct list_page rest;
    lead.entity = &entity_party;
    struct list_query active = lead;
    active.filters[0].value = S("active");
    MUST(list_run(c, &active, &rest));
    MUST(list_beside(c, &lead, rest.ids[0], &before, &after)); /* not in that list */
    assert_int_equal(before + after, 0);
    MUST(list_beside(c, &lead, 999999, &before, &after));
    assert_int_equal(before + after, 0);
    lead.sort = S("nonsense");
    assert_int_equal(list_beside(c, &lead, rest.ids[0], &before, &after), MALFORMED);
    MUST(fixture_end(f, OK));
}

/* --- the fields --- */

static void run_fields(struct fixture *f) {
    struct ctx *c = fixture_begin(f, true, 1, ROLE_OWNER);
    struct party p;
    int64_t id = client(c, "Leila Noor", NULL), batch;
    MUST(fixture_end(f, OK));
    c = fixture_begin(f, true, 1, ROLE_OWNER);
    MUST(store_load(c, &entity_party, id, &p));
    p.goals = S("Grow");
    p.pleasant = S("4");
    p.next_date = S("--01-10"); /* without its year: the coming one */
    p.relatives.v = arena_new_of(c->arena, struct relative);
    p.relatives.v[0] = (struct relative){ .kind = S("child"), .name = S("Nima") };
    p.relatives.n = 1;
    p.handles.v = arena_array(c->arena, struct handle, 3);
    p.handles.v[0].handle = S("https://www.instagram.com/leila.n/?hl=fa");
    p.handles.v[1] = (struct handle){ .kind = S("telegram"), .handle = S("@leila") };
    p.handles.v[2] = (struct handle){ .kind = S("whatsapp"), .handle = S("+98 912") };
    p.handles.n = 3;
    p.resources.v = arena_new_of(c->arena, struct resource);
    p.resources.v[0].url = S("https://example.org/brief");
    p.resources.n = 1;
    MUST(store_save(c, &entity_party, &p));
    batch = c->batch;
    MUST(fixture_end(f, OK));
    c = fixture_begin(f, false, 1, ROLE_OWNER);
    MUST(store_load(c, &entity_party, id, &p));
    EQ(p.goals, "Grow");
    struct day next;
    assert_true(day_of_iso(p.next_date, &next) && next.year > 2000);
    assert_true(day_number(next) >= day_number(date_today(c->loc)));
    assert_int_equal(p.relatives.n, 1);
    EQ(p.handles.v[0].kind, "instagram");
    EQ(p.handles.v[0].handle, "leila.n");
    EQ(handle_url(c->arena, &p.handles.v[0]).s, "https://www.instagram.com/leila.n");
    EQ(p.handles.v[1].handle, "leila");
    EQ(handle_url(c->arena, &p.handles.v[1]).s, "https://t.me/leila");
    assert_int_equal(handle_url(c->arena, &p.handles.v[2]).s.n, 0); /* no number of a kind */
    MUST(fixture_end(f, OK));
    c = fixture_begin(f, false, 3, ROLE_READER); /* his own mark is private */
    MUST(store_load(c, &entity_party, id, &p));
    assert_int_equal(p.pleasant.n, 0);
    EQ(p.goals, "Grow");
    MUST(fixture_end(f, OK));
    struct obstacles obstacles;
    c = fixture_begin(f, true, 1, ROLE_OWNER);
    MUST(history_undo_batch(c, batch, &obstacles));
    MUST(fixture_end(f, OK));
    c = fixture_begin(f, false, 1, ROLE_OWNER);
    MUST(store_load(c, &entity_party, id, &p));
    assert_int_equal(p.goals.n + p.next_date.n + p.pleasant.n, 0);
    assert_int_equal(p.relatives.n + p.handles.n + p.resources.n, 0);
    MUST(fixture_end(f, OK));
}

static void on(bool pg, void (*run)(struct fixture *)) {
    struct fixture f;
    fixture_open(&f, pg);
    run(&f);
    fixture_close(&f);
}

static void test_union(bool pg) {
    on(pg, run_union);
}

static void test_beside(bool pg) {
    on(pg, run_beside);
}

static void test_fields(bool pg) {
    on(pg, run_fields);
}

BOTH(test_union)
BOTH(test_beside)
BOTH(test_fields)
#define BOTH_TESTS(name) cmocka_unit_test(name##_lite), cmocka_unit_test(name##_pg)

int main(void) {
    const struct CMUnitTest tests[] = {
        BOTH_TESTS(test_union),
        BOTH_TESTS(test_beside),
        BOTH_TESTS(test_fields),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
