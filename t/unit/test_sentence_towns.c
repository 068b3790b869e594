/* Towns in plain sentences: the same town in another script or language is meant too, shown as a
 * value that one can take away; towns of clients whom the reader may not see tell nothing. On both
 * databases, as the index is asked for its terms. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/ask/sentence.h"
#include "core/ask/text.h"
#include "features/party/party.h"
#include "fixture.h"

static const struct {
    const char *town;
    int64_t responsible;
} lived_in[] = {
    { "Shiraz", 3 },  { "شیراز", 3 },      { "شيراز", 3 }, { "Téhéran", 3 },   { "تهران", 3 },
    { "القاهرة", 3 }, { "Le Caire", 3 },   { "Tunis", 3 }, { "Ben Arous", 3 }, { "بن عروس", 3 },
    { "Shirvan", 3 }, { "Casablanca", 1 }, { "تونس", 1 },
};

static void people_live(struct fixture *f) {
    struct ctx *c = fixture_begin(f, true, 1, ROLE_OWNER);
    for (int i = 0; i < COUNT(lived_in); i++) {
        struct party *p = row_new(c, &entity_party);
        p->family_name = p->display_name = str_printf(c->arena, "N%d", i);
        p->responsible = lived_in[i].responsible;
        p->addresses.v = arena_new_of(c->arena, struct address);
        p->addresses.v->town = str_of(lived_in[i].town);
        p->addresses.n = 1;
        assert_int_equal(store_save(c, &entity_party, p), OK);
    }
    assert_int_equal(fixture_end(f, OK), OK);
    fixture_fold(f);
}

static void means(struct fixture *f, enum sees sees, enum lang lang, const char *sentence,
                  const char *line) {
    struct ask_understood u;
    f->loc.lang = lang;
    struct ctx *c = fixture_begin(f, false, 3, ROLE_MEMBER);
    c->who.sees = sees;
    ask_sentence(c, ask_catalogue(c), lang, str_of(sentence), &u);
    f->loc.lang = LANG_EN;
    struct str is = u.tree ? ask_print(c, ask_catalogue(c), u.tree) : S("nothing");
    if (!str_eq_z(is, line)) fail_msg("%s\n  wanted %s\n  got    %.*s", sentence, line, SF(is));
    assert_int_equal(fixture_end(f, OK), OK);
}

static void towns(bool pg) {
    struct fixture f;
    if (pg && !fixture_has_pg()) skip();
    fixture_open(&f, pg);
    people_live(&f);
    means(&f, SEES_ALL, LANG_EN, "clients in Shiraz", "town:Shiraz,شیراز");
    means(&f, SEES_ALL, LANG_FA, "مشتری‌های شیراز", "town:شیراز,Shiraz");
    means(&f, SEES_ALL, LANG_EN, "clients in Tehran", "town:Tehran,Téhéran,تهران");
    means(&f, SEES_ALL, LANG_FR, "clients au Caire", "town:Caire,\"Le Caire\",القاهرة");
    means(&f, SEES_ALL, LANG_AR, "العملاء في القاهرة", "town:القاهرة,\"Le Caire\"");
    means(&f, SEES_ALL, LANG_EN, "clients in Ben Arous", "town:\"Ben Arous\",\"بن عروس\"");
    means(&f, SEES_ALL, LANG_EN, "clients in Tunis", "town:Tunis,تونس");
    means(&f, SEES_ALL, LANG_EN, "clients in Oslo", "town:Oslo");
    /* of clients who are not hers nothing is told */
    means(&f, SEES_OWN, LANG_EN, "clients in Tunis", "town:Tunis");
    means(&f, SEES_ALL, LANG_EN, "clients in casablanca", "town:casablanca");
    means(&f, SEES_OWN, LANG_EN, "clients in casablanca", "nothing");
    fixture_close(&f);
}

static void towns_sqlite(void **state) {
    (void)state;
    towns(false);
}

static void towns_pg(void **state) {
    (void)state;
    towns(true);
}

int main(void) {
    const struct CMUnitTest tests[] = { cmocka_unit_test(towns_sqlite),
                                        cmocka_unit_test(towns_pg) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
