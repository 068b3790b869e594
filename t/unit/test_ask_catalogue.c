/* What may be asked, by which words of four languages, for whom; values by their names; the normal
 * form of a question and its JSON. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "ask_book.h"
#include "core/ask/text.h"
#include "core/entity/own.h"
#include "features/category/category.h"
#include "features/custom/custom.h"
#include "features/tag/tag.h"
#include "fixture.h"
#include "on_both.h"

#define MUST(call) assert_int_equal((call), OK)

static struct fixture f;

static struct ctx *begin(enum role role) {
    if (f.c.tx) (void)!fixture_end(&f, INVALID); /* the test before failed in the middle */
    struct ctx *c = fixture_begin(&f, true, role == ROLE_READER ? 4 : 1, role);
    c->firm.currency = S("EUR");
    ask_book_reader(c, &f.loc, LANG_EN);
    return c;
}

static void same(struct str got, const char *wanted) {
    if (!str_eq_z(got, wanted)) fail_msg("«%.*s», not «%s»", SF(got), wanted);
}

static void called(struct ctx *c, const char *of, const char *word, const char *wanted) {
    const struct ask_catalogue *k = ask_catalogue(c);
    const struct relation *r = of ? ask_relation(k, str_of(of)) : NULL;
    assert_int_equal(!r, !of);
    const struct ask_field *found = ask_field_called(k, r, str_of(word));
    if (!wanted && found) fail_msg("%s is %s", word, found->name);
    if (wanted && (!found || strcmp(found->name, wanted)))
        fail_msg("%s is %s, not %s", word, found ? found->name : "nothing", wanted);
}

static void test_words_of_fields(void **state) {
    static const struct {
        const char *of, *word, *name;
    } cases[] = {
        { NULL, "sex", "sex" },
        { NULL, "gender", "sex" },
        { NULL, "Gender", "sex" },
        { NULL, "sexe", "sex" },
        { NULL, "جنسیت", "sex" },
        { NULL, "جنسيت", "sex" },
        { NULL, "الجنس", "sex" },
        { NULL, "postcode", "postcode" },
        { NULL, "code-postal", "postcode" },
        { NULL, "Code postal", "postcode" },
        { NULL, "کدپستی", "postcode" },
        { NULL, "کد پستی", "postcode" },
        { NULL, "الرمز-البريدي", "postcode" },
        { NULL, "city", "town" },
        { NULL, "ville", "town" },
        { NULL, "شهر", "town" },
        { NULL, "étiquette", "tag" },
        { NULL, "etiquette", "tag" },
        { NULL, "وسم", "tag" },
        { NULL, "برچسب", "tag" },
        { NULL, "owner", "responsible" },
        { NULL, "مسئول", "responsible" },
        { NULL, "birthday", "birthday" },
        { NULL, "anniversaire", "birthday" },
        { NULL, "زادروز", "birthday" },
        { NULL, "عيد-الميلاد", "birthday" },
        { NULL, "téléphone", "phone" },
        { NULL, "courriel", "email" },
        { NULL, "first-order", "first_purchase" },
        { NULL, "première-commande", "first_purchase" },
        { NULL, "نخستین-خرید", "first_purchase" },
        { NULL, "أول-طلب", "first_purchase" },
        { NULL, "created", "created" },
        { NULL, "créé", "created" },
        { NULL, "ایجاد", "created" },
        { NULL, "أنشئ", "created" },
        { NULL, "relative_birth_date", "relative_birth_date" },
        { NULL, "kind", "kind" },
        { NULL, "nonsense", NULL },
        { NULL, "", NULL },
        { NULL, "email_key", NULL }, /* SECRET */
        { NULL, "photo", NULL },
        { "purchases", "total", "amount" },
        { "purchases", "montant", "amount" },
        { "purchases", "مبلغ", "amount" },
        { "purchases", "produit", "product" },
        { "purchases", "کالا", "product" },
        { "purchases", "المنتج", "product" },
        { "purchases", "party", NULL }, /* whose it is, is no question */
        { "purchases", "sex", NULL },
    };
    struct ctx *c = begin(ROLE_OWNER);
    (void)state;
    for (int lang = 0; lang < LANG_N; lang++) {
        ask_book_reader(c, &f.loc, (enum lang)lang);
        for (int i = 0; i < COUNT(cases); i++) called(c, cases[i].of, cases[i].word, cases[i].name);
    }
    MUST(fixture_end(&f, OK));
}

static void test_words_of_relations(void **state) {
    static const char *const words[] = { "orders", "purchases",         "achats",  "commandes",
                                         "خریدها", "سفارش‌ها", "الطلبات", "المشتريات" };
    struct ctx *c = begin(ROLE_OWNER);
    (void)state;
    for (int lang = 0; lang < LANG_N; lang++) {
        ask_book_reader(c, &f.loc, (enum lang)lang);
        const struct ask_catalogue *k = ask_catalogue(c);
        for (int i = 0; i < COUNT(words); i++)
            assert_ptr_equal(ask_relation_called(k, str_of(words[i])),
                             ask_relation(k, S("purchases")));
        assert_null(ask_relation_called(k, S("tickets"))); /* the product has none yet */
    }
    MUST(fixture_end(&f, OK));
}

/* Whatever a field or relation is called when it is written leads back to it, in every language. */
static void test_words_lead_back(void **state) {
    struct ctx *c = begin(ROLE_OWNER);
    (void)state;
    for (int lang = 0; lang < LANG_N; lang++) {
        ask_book_reader(c, &f.loc, (enum lang)lang);
        const struct ask_catalogue *k = ask_book(c);
        const struct relation *const *relations;
        int relations_n = ask_relations_of(k, &relations);
        for (int r = -1; r < relations_n; r++) {
            const struct relation *of = r < 0 ? NULL : relations[r];
            const struct ask_field *const *all;
            int n = ask_fields(k, of, &all);
            assert_true(n > 0);
            for (int i = 0; i < n; i++) {
                struct str word = ask_field_word(c, all[i]);
                const struct ask_field *back = all[i]->type == ASK_NAME
                                                   ? ask_name_called(k, word)
                                                   : ask_field_called(k, of, word);
                if (back != all[i]) fail_msg("«%.*s» is not %s", SF(word), all[i]->name);
                assert_true(ask_field_shown(c, all[i]).n > 0);
            }
            if (of) assert_ptr_equal(ask_relation_called(k, ask_relation_word(c, of)), of);
        }
    }
    MUST(fixture_end(&f, OK));
}

static void test_written_words(void **state) {
    static const struct {
        const char *name, *in[LANG_N];
    } cases[] = {
        { "sex", { "sex", "sexe", "جنسیت", "الجنس" } },
        { "postcode", { "postcode", "code-postal", "کدپستی", "الرمز-البريدي" } },
        { "stage", { "stage", "étape", "مرحله", "المرحلة" } },
        { "no_call", { "do-not-call", "ne-pas-appeler", "تماس-نگیرید", "عدم-الاتصال-هاتفيا" } },
        { "family_name", { "last-name", "nom-de-famille", "نام-خانوادگی", "اسم-العائلة" } },
        { "first_purchase", { "first-purchase", "premier-achat", "نخستین-خرید", "أول-شراء" } },
    };
    struct ctx *c = begin(ROLE_OWNER);
    (void)state;
    for (int lang = 0; lang < LANG_N; lang++) {
        ask_book_reader(c, &f.loc, (enum lang)lang);
        for (int i = 0; i < COUNT(cases); i++)
            same(ask_field_word(c, ask_field(ask_catalogue(c), NULL, str_of(cases[i].name))),
                 cases[i].in[lang]);
    }
    MUST(fixture_end(&f, OK));
}

static void test_rights(void **state) {
    struct ctx *c = begin(ROLE_OWNER);
    (void)state;
    assert_non_null(ask_field(ask_catalogue(c), NULL, S("notes_private")));
    called(c, NULL, "private notes", "notes_private");
    MUST(fixture_end(&f, OK));
    c = begin(ROLE_READER);
    assert_null(ask_field(ask_catalogue(c), NULL, S("notes_private")));
    assert_null(ask_field(ask_catalogue(c), NULL, S("pleasant")));
    called(c, NULL, "private notes", NULL);
    assert_non_null(ask_relation(ask_catalogue(c), S("notes")));
    assert_null(
        ask_field(ask_catalogue(c), ask_relation(ask_catalogue(c), S("notes")), S("private")));
    MUST(fixture_end(&f, OK));
}

static void value(struct ctx *c, const char *field, const char *typed, const char *wanted) {
    const struct ask_field *of = ask_field(ask_catalogue(c), NULL, str_of(field));
    struct ask_value v;
    assert_non_null(of);
    bool ok = ask_value_called(c, of, str_of(typed), &v);
    if (ok != (wanted != NULL) || (ok && !str_eq_z(v.text, wanted)))
        fail_msg("%s:%s is «%.*s»", field, typed, SF(ok ? v.text : S("nothing")));
    if (!ok) return;
    struct ask_value back;
    assert_true(ask_value_called(c, of, ask_value_shown(c, of, v), &back));
    assert_true(str_eq(back.text, v.text) && back.prefix == v.prefix);
}

static void test_values(void **state) {
    struct ctx *c = begin(ROLE_OWNER);
    (void)state;
    struct category *category = row_new(c, &entity_category);
    category->name = S("Gold"), category->name_fa = S("طلایی");
    MUST(store_save(c, &entity_category, category));
    struct tag *tag = row_new(c, &entity_tag);
    tag->name = S("vip");
    MUST(store_save(c, &entity_tag, tag));
    const char *id = str_printf(c->arena, "%lld", (long long)category->row.id).p;
    const char *tag_id = str_printf(c->arena, "%lld", (long long)tag->row.id).p;
    for (int lang = 0; lang < LANG_N; lang++) {
        ask_book_reader(c, &f.loc, (enum lang)lang);
        value(c, "sex", "female", "f");
        value(c, "sex", "femme", "f");
        value(c, "sex", "زن", "f");
        value(c, "sex", "أنثى", "f");
        value(c, "sex", "purple", NULL);
        value(c, "sex", "", NULL);
        value(c, "country", "FR", "FR");
        value(c, "country", "فرانسه", "FR");
        value(c, "language", "fa", "fa");
        value(c, "language", "Arabe", "ar");
        value(c, "category", "gold", id);
        value(c, "category", "طلایی", id);
        value(c, "category", "silver", NULL);
        value(c, "category", "#77", "77"); /* gone, or of a question from elsewhere */
        value(c, "tag", "VIP", tag_id);
        value(c, "responsible", "me", "me");
        value(c, "responsible", "moi", "me");
        value(c, "responsible", "من", "me");
        value(c, "responsible", "أنا", "me");
        value(c, "no_call", "yes", "1");
        value(c, "no_call", "non", "0");
        value(c, "no_call", "بله", "1");
        value(c, "no_call", "نعم", "1");
        value(c, "no_call", "perhaps", NULL);
        value(c, "town", "Saint-Étienne", "Saint-Étienne");
        value(c, "postcode", "75*", "75");
        value(c, "postcode", "75\\*", "75*");
        value(c, "postcode", "*", NULL);
        value(c, "postcode", "a\\\\*", "a\\");
        value(c, "birth_date", "1990-02-01", "1990-02-01");
        value(c, "birth_date", "1990-02-31", NULL);
        value(c, "age", "۳۰", "30");
        value(c, "age", "٣٠", "30");
        value(c, "age", "2.50", "2.5");
        value(c, "age", "-7", "-7");
        value(c, "age", "0.125", "0.125");
        value(c, "age", "40%", "40");
        value(c, "age", "many", NULL);
    }
    assert_int_equal(c->problems.n, 0); /* what was refused left nothing behind */
    MUST(fixture_end(&f, OK));
}

static void test_values_shown(void **state) {
    struct ctx *c = begin(ROLE_OWNER);
    (void)state;
    ask_book_reader(c, &f.loc, LANG_FA);
    value(c, "birth_date", "۱۴۰۲/۱۰/۱۱", "2024-01-01");
    const struct ask_field *sex = ask_field(ask_catalogue(c), NULL, S("sex"));
    same(ask_value_shown(c, sex, (struct ask_value){ .text = S("f") }), "زن");
    same(ask_number_shown(c, S("-1234.5")), "\u200e−۱۲۳۴٫۵");
    same(ask_day_shown(c, S("2024-01-01")), "۱۴۰۲/۱۰/۱۱");
    ask_book_reader(c, &f.loc, LANG_FR);
    same(ask_number_shown(c, S("-0.5")), "-0,5");
    MUST(fixture_end(&f, OK));
}

/* Own fields are asked by their names in each language, and by their number. */
static void test_own_fields(void **state) {
    struct ctx *c = begin(ROLE_OWNER);
    (void)state;
    struct custom_field *one = row_new(c, &entity_custom_field), *two;
    one->name = S("Shoe size (EU)"), one->name_fa = S("شمارهٔ کفش"), one->kind = S("number");
    one->filtered = true;
    MUST(store_save(c, &entity_custom_field, one));
    two = row_new(c, &entity_custom_field);
    two->name = S("Not"), two->kind = S("text");
    MUST(store_save(c, &entity_custom_field, two));
    struct str size = str_printf(f.arena, "cf_%lld", (long long)one->row.id);
    MUST(fixture_end(&f, OK));
    char size_name[32], not_name[32];
    snprintf(size_name, sizeof size_name, "%.*s", SF(size));
    snprintf(not_name, sizeof not_name, "cf_%lld", (long long)two->row.id);
    c = begin(ROLE_OWNER);
    called(c, NULL, "shoe-size-eu", size_name);
    called(c, NULL, "شماره کفش", size_name);
    called(c, NULL, size_name, size_name);
    const struct ask_catalogue *k = ask_catalogue(c);
    same(ask_field_word(c, ask_field(k, NULL, str_of(size_name))), "shoe-size-eu");
    same(ask_field_shown(c, ask_field(k, NULL, str_of(size_name))), "Shoe size (EU)");
    same(ask_field_word(c, ask_field(k, NULL, str_of(not_name))),
         not_name); /* a word of the grammar */
    ask_book_reader(c, &f.loc, LANG_FA);
    same(ask_field_word(c, ask_field(ask_catalogue(c), NULL, str_of(size_name))), "شمارهٔ-کفش");
    MUST(fixture_end(&f, OK));
}

/* --- the tree --- */

static const struct ask_node *tree(struct ctx *c, const char *json) {
    const struct ask_node *n;
    if (ask_json_read(c->arena, str_of(json), &n) != OK) fail_msg("no tree: %s", json);
    return n;
}

#define A "{\"field\":\"sex\",\"is\":[\"f\"]}"
#define B "{\"segment\":7}"
#define C "{\"words\":\"x\"}"
static void test_normal_form(void **state) {
    static const struct {
        const char *given, *normal;
    } cases[] = {
        { "{\"all\":[" A "]}", A },
        { "{\"any\":[" A "]}", A },
        { "{\"none\":[" A "]}", "{\"none\":[" A "]}" },
        { "{\"all\":[]}", "{\"all\":[]}" },
        { "{\"any\":[]}", "{\"all\":[]}" },
        { "{\"none\":[{\"any\":[]}]}", "{\"all\":[]}" },
        { "{\"all\":[" A ",{\"all\":[" B "," C "]}]}", "{\"all\":[" A "," B "," C "]}" },
        { "{\"any\":[{\"any\":[" A "]},{\"any\":[" B "," C "]}]}",
          "{\"any\":[" A "," B "," C "]}" },
        { "{\"all\":[" A ",{\"any\":[]},{\"any\":[" B "]}]}", "{\"all\":[" A "," B "]}" },
        { "{\"none\":[{\"any\":[" A "," B "]}]}", "{\"none\":[" A "," B "]}" },
        { "{\"none\":[{\"all\":[" A "," B "]}]}", "{\"none\":[{\"all\":[" A "," B "]}]}" },
        { "{\"none\":[{\"none\":[" A "]}]}", A },
        { "{\"none\":[{\"none\":[" A "," B "]}]}", "{\"any\":[" A "," B "]}" },
        { "{\"has\":\"purchases\",\"where\":{\"all\":[]}}", "{\"has\":\"purchases\"}" },
        { "{\"has\":\"purchases\",\"where\":{\"any\":[" A "]}}",
          "{\"has\":\"purchases\",\"where\":" A "}" },
    };
    struct ctx *c = begin(ROLE_OWNER);
    (void)state;
    for (int i = 0; i < COUNT(cases); i++) {
        const struct ask_node *n = tree(c, cases[i].given);
        same(ask_json(c->arena, n), cases[i].normal);
        assert_ptr_equal(ask_normal(c->arena, n), n);
    }
    assert_int_equal(
        ask_rules_n(tree(c, "{\"all\":[" A "," A ",{\"has\":\"x\",\"where\":" B "}]}")), 4);
    assert_int_equal(ask_depth(tree(c, A)), 0);
    assert_int_equal(ask_depth(tree(c, "{\"all\":[" A ",{\"has\":\"x\",\"where\":" B "}]}")), 2);
    assert_true(ask_equal(tree(c, "{\"field\":\"town\",\"is\":[\"PARIS\"]}"),
                          tree(c, "{\"field\":\"town\",\"is\":[\"Pâris\"]}")));
    assert_false(ask_equal(tree(c, "{\"field\":\"town\",\"is\":[\"Paris\"]}"),
                           tree(c, "{\"field\":\"town\",\"is\":[{\"begins\":\"Paris\"}]}")));
    MUST(fixture_end(&f, OK));
}

static void test_json_refused(void **state) {
    static const char *const cases[] = {
        "",
        "7",
        "[]",
        "{}",
        "{\"all\":7}",
        "{\"all\":[7]}",
        "{\"all\":[],\"any\":[]}",
        "{\"field\":\"sex\"}",
        "{\"field\":\"\",\"filled\":true}",
        "{\"field\":\"sex\",\"is\":[]}",
        "{\"field\":\"sex\",\"is\":[\"\"]}",
        "{\"field\":\"sex\",\"is\":[1]}",
        "{\"field\":\"sex\",\"is\":[\"f\"],\"over\":\"1\"}",
        "{\"field\":\"sex\",\"filled\":false}",
        "{\"field\":\"age\",\"over\":1}",
        "{\"field\":\"age\",\"over\":\"1.0\"}",
        "{\"field\":\"age\",\"over\":\"01\"}",
        "{\"field\":\"age\",\"over\":\".5\"}",
        "{\"field\":\"age\",\"over\":\"x\"}",
        "{\"field\":\"age\",\"over\":\"99999999999999\"}",
        "{\"field\":\"age\",\"between\":[\"1\"]}",
        "{\"field\":\"d\",\"in\":{}}",
        "{\"field\":\"d\",\"in\":{\"last\":0,\"unit\":\"day\"}}",
        "{\"field\":\"d\",\"in\":{\"last\":10000,\"unit\":\"day\"}}",
        "{\"field\":\"d\",\"in\":{\"last\":1,\"unit\":\"fortnight\"}}",
        "{\"field\":\"d\",\"in\":{\"before\":\"2024-02-30\"}}",
        "{\"field\":\"d\",\"in\":{\"before\":\"--02-03\"}}",
        "{\"field\":\"d\",\"in\":{\"from\":\"2024-02-03\"}}",
        "{\"measure\":\"sum\",\"of\":\"p\",\"over\":\"1\"}",
        "{\"measure\":\"count\",\"of\":\"p\"}",
        "{\"measure\":\"count\",\"over\":\"1\"}",
        "{\"measure\":\"mode\",\"of\":\"p\",\"over\":\"1\"}",
        "{\"has\":\"p\",\"over\":\"1\"}",
        "{\"segment\":0}",
        "{\"segment\":\"7\"}",
        "{\"words\":\"\"}",
        "{\"words\":\"a\",\"x\":1}",
        "{\"select\":\"1\"}",
    };
    struct ctx *c = begin(ROLE_OWNER);
    const struct ask_node *n;
    (void)state;
    for (int i = 0; i < COUNT(cases); i++)
        if (ask_json_read(c->arena, str_of(cases[i]), &n) != INVALID)
            fail_msg("read: %s", cases[i]);
    struct buf deep = { .arena = c->arena };
    for (int i = 0; i < 200; i++) buf_add_z(&deep, "{\"none\":[");
    assert_int_equal(ask_json_read(c->arena, buf_str(&deep), &n), INVALID);
    MUST(fixture_end(&f, OK));
}

static void test_json_round_trip(void **state) {
    struct ctx *c = begin(ROLE_OWNER);
    const struct ask_catalogue *k = ask_book(c);
    struct dice dice = { 5 };
    (void)state;
    for (int i = 0; i < 20000; i++) {
        struct arena_mark m = arena_mark(c->arena);
        const struct ask_node *n = ask_book_random(c, k, &dice), *back;
        struct str json = ask_json(c->arena, n);
        if (ask_json_read(c->arena, json, &back) != OK || !ask_equal(n, back) ||
            !str_eq(ask_json(c->arena, back), json))
            fail_msg("%.*s", SF(json));
        assert_ptr_equal(ask_normal(c->arena, n), n);
        arena_back(c->arena, m);
    }
    MUST(fixture_end(&f, OK));
}

static int open_book(void **state) {
    (void)state;
    fixture_open(&f, false);
    return 0;
}

static int close_book(void **state) {
    (void)state;
    fixture_close(&f);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_words_of_fields), cmocka_unit_test(test_words_of_relations),
        cmocka_unit_test(test_words_lead_back), cmocka_unit_test(test_written_words),
        cmocka_unit_test(test_rights),          cmocka_unit_test(test_values),
        cmocka_unit_test(test_values_shown),    cmocka_unit_test(test_own_fields),
        cmocka_unit_test(test_normal_form),     cmocka_unit_test(test_json_refused),
        cmocka_unit_test(test_json_round_trip),
    };
    return cmocka_run_group_tests(tests, open_book, close_book);
}
