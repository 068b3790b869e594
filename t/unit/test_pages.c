/* What pages of records are made of: addresses of lists, colours, one entry of the history as a
 * sentence, days. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "core/web/pieces.h"
#include "features/client/client.h"
#include "features/party/party.h"
#include "fixture.h"

static void test_addresses_of_lists(void **state) {
    struct arena *a = arena_new();
    (void)state;
    struct list_query q = {
        .entity = &entity_party, .search = S("a&b"), .sort = S("-town"), .filters_n = 2
    };
    q.filters[0] = (struct list_filter){ S("town"), S("تهران") };
    q.filters[1] = (struct list_filter){ S("category"), S("3") };
    assert_string_equal(
        str_z(a, client_query_url(a, "/clients", &q).s),
        "/clients?town=%D8%AA%D9%87%D8%B1%D8%A7%D9%86&category=3&q=a%26b&sort=-town");
    q = (struct list_query){ .entity = &entity_party, .letter = S("م") };
    assert_string_equal(str_z(a, client_query_url(a, "/clients/export", &q).s),
                        "/clients/export?letter=%D9%85");
    q = (struct list_query){ .entity = &entity_party };
    assert_string_equal(str_z(a, client_query_url(a, "/clients", &q).s), "/clients");
    arena_free(a);
}

static void test_colours(void **state) {
    (void)state;
    assert_string_equal(hue_class(S("0")), "hue-0");
    assert_string_equal(hue_class(S("7")), "hue-7");
    assert_string_equal(hue_class(S("8")), "");
    assert_string_equal(hue_class(S("-1")), "");
    assert_string_equal(hue_class(NO_STR), "");
    assert_string_equal(hue_class(S("1\" onload=")), "");
}

/* A client that was made and changed: his own page does not name him, the firm's links to him. */
static void test_events(void **state) {
    struct fixture f;
    struct party p;
    struct history_list list;
    (void)state;
    fixture_open(&f, false);
    struct ctx *c = fixture_begin(&f, true, 1, ROLE_OWNER);
    struct party *made = row_new(c, &entity_party);
    made->display_name = S("<b>Société</b>");
    assert_int_equal(store_save(c, &entity_party, made), OK);
    int64_t id = made->row.id;
    assert_int_equal(fixture_end(&f, OK), OK);
    c = fixture_begin(&f, true, 1, ROLE_OWNER);
    assert_int_equal(store_load(c, &entity_party, id, &p), OK);
    p.nickname = S("Soc");
    assert_int_equal(store_save(c, &entity_party, &p), OK);
    assert_int_equal(fixture_end(&f, OK), OK);

    c = fixture_begin(&f, false, 1, ROLE_OWNER);
    assert_int_equal(history_read(c, id, 0, 0, 10, &list), OK);
    assert_int_equal(list.n, 2);
    struct event own = event_of(c, &list.v[0], id), firms = event_of(c, &list.v[0], 0);
    assert_string_equal(own.what, "{who} changed this client");
    assert_string_equal(firms.what, "{who} changed {name}");
    assert_int_equal(own.fields.n, 1);
    assert_true(str_eq(own.fields.v[0].after, S("Soc")));
    assert_true(own.undo.s.n > 0);
    assert_true(str_find(firms.name.s, S("href=\"/clients/")) > 0);
    assert_true(str_find(firms.name.s, S("&lt;b&gt;")) > 0);
    assert_true(str_find(firms.name.s, S("<b>")) < 0);
    assert_int_equal(event_of(c, &list.v[1], id).fields.n,
                     0); /* all fields of a new client are no change */
    assert_int_equal(fixture_end(&f, OK), OK);

    c = fixture_begin(&f, false, 4, ROLE_READER);
    assert_int_equal(history_read(c, id, 0, 0, 10, &list), OK);
    assert_int_equal(event_of(c, &list.v[0], id).undo.s.n,
                     0); /* who may not write may not take back */
    struct event_days days = { 0 };
    event_add(c, &days, own, c->now_ms);
    event_add(c, &days, own, c->now_ms - 1);
    event_add(c, &days, own, c->now_ms - 3 * 86400000LL);
    assert_int_equal(days.n, 2);
    assert_int_equal(days.v[0].events.n, 2);
    assert_int_equal(days.v[1].events.n, 1);
    assert_int_equal(fixture_end(&f, OK), OK);
    fixture_close(&f);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_addresses_of_lists),
        cmocka_unit_test(test_colours),
        cmocka_unit_test(test_events),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
