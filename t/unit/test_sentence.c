/* Plain sentences (core/ask/sentence.h): files of t/sentences, each with the line of the language
 * that it means and the words that were not understood; random sentences made of the tables' words.
 * On SQLite alone: nothing here is different on the other. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "core/ask/sentence.h"
#include "core/ask/text.h"
#include "features/category/category.h"
#include "features/custom/custom.h"
#include "features/party/party.h"
#include "features/tag/tag.h"
#include "fixture.h"

static const char *const towns[] = {
    "Tehran", "Téhéran", "تهران", "طهران",      "لیون", "پاریس", "Paris",  "باريس",
    "شیراز",  "London",  "Lyon",  "Manchester", "تونس", "صفاقس", "اصفهان", "Marseille",
};
static const char *const tags[] = { "vip", "gold", "or", "طلایی", "ذهبي" };

enum { NOW_S = 1795305600 }; /* 22 November 2026: months without a year are of this one */

SQL(sentence_test_member, "INSERT INTO member (name, email, email_key, role, created_at, "
                          "changed_at) VALUES (:name, :email, :email, 'member', 0, 0)");

static void members_of(struct ctx *c) {
    static const char *const names[] = { "Sara", "Julie", "سارا", "سارة" };
    for (int i = 0; i < COUNT(names); i++)
        assert_int_equal(db_run(c->tx, &sentence_test_member, P("name", names[i]),
                                P("email", str_printf(c->arena, "s%d@example.com", i))),
                         OK);
}

static void categories_of(struct ctx *c) {
    static const char *const names[][4] = {
        { "Hotels", "Hôtels", "هتل‌ها", "الفنادق" },
        { "Wholesale", "Grossistes", "عمده‌فروشان", "تجار الجملة" },
    };
    for (int i = 0; i < COUNT(names); i++) {
        struct category *one = row_new(c, &entity_category);
        one->name = one->name_en = str_of(names[i][0]);
        one->name_fr = str_of(names[i][1]);
        one->name_fa = str_of(names[i][2]);
        one->name_ar = str_of(names[i][3]);
        assert_int_equal(store_save(c, &entity_category, one), OK);
    }
}

/* cf_1, a number, and cf_2, a choice. */
static void own_fields_of(struct ctx *c) {
    static const char *const names[][6] = {
        { "Shoe size", "Pointure", "سایز کفش", "مقاس الحذاء", "number", NULL },
        { "Hair colour", "Couleur de cheveux", "رنگ مو", "لون الشعر", "choice",
          "brown: Brown\nrouge: Rouge\nmeshki: مشکی\naswad: أسود" },
    };
    for (int i = 0; i < COUNT(names); i++) {
        struct custom_field *one = row_new(c, &entity_custom_field);
        one->name = one->name_en = str_of(names[i][0]);
        one->name_fr = str_of(names[i][1]);
        one->name_fa = str_of(names[i][2]);
        one->name_ar = str_of(names[i][3]);
        one->kind = str_of(names[i][4]);
        if (names[i][5]) one->choices = str_of(names[i][5]);
        assert_int_equal(store_save(c, &entity_custom_field, one), OK);
    }
}

static void register_of(struct fixture *f) {
    fixture_open(f, false);
    struct ctx *c = fixture_begin(f, true, 1, ROLE_OWNER);
    members_of(c);
    categories_of(c);
    own_fields_of(c);
    for (int i = 0; i < COUNT(towns); i++) {
        struct party *p = row_new(c, &entity_party);
        p->family_name = p->display_name = str_printf(c->arena, "N%d", i);
        p->addresses.v = arena_new_of(c->arena, struct address);
        p->addresses.v->town = str_of(towns[i]);
        p->addresses.n = 1;
        assert_int_equal(store_save(c, &entity_party, p), OK);
    }
    for (int i = 0; i < COUNT(tags); i++) {
        struct tag *t = row_new(c, &entity_tag);
        t->name = str_of(tags[i]);
        assert_int_equal(store_save(c, &entity_tag, t), OK);
    }
    assert_int_equal(fixture_end(f, OK), OK);
}

static struct ctx *as(struct fixture *f, enum lang lang) {
    f->loc.lang = lang;
    f->loc.calendar = lang == LANG_FA ? CAL_PERSIAN : CAL_GREGORIAN;
    memcpy(f->loc.country, lang == LANG_FA ? "IR" : "FR", 3);
    struct ctx *c = fixture_begin(f, false, 1, ROLE_OWNER);
    f->loc.now_ms = c->now_ms = (int64_t)NOW_S * 1000;
    return c;
}

static struct str left_of(struct ctx *c, struct str sentence, const struct ask_understood *u) {
    struct str v[100];
    for (int i = 0; i < u->left_n; i++)
        v[i] = str_sub(sentence, (size_t)u->left[i].at, (size_t)u->left[i].n);
    return str_join(c->arena, v, u->left_n, S(", "));
}

/* In English, whatever the sentence was in: what it means does not depend on it. */
static const struct ask_node *meant(struct fixture *f, enum lang lang, struct str line) {
    struct ask_problem why = { 0 };
    const struct ask_node *tree = NULL;
    f->loc.lang = LANG_EN;
    f->loc.calendar = CAL_GREGORIAN;
    if (ask_parse(&f->c, ask_catalogue(&f->c), line, &tree, &why) != OK)
        fail_msg("“%.*s” is no line: at %d, %s", SF(line), why.at, why.text);
    f->loc.lang = lang;
    f->loc.calendar = lang == LANG_FA ? CAL_PERSIAN : CAL_GREGORIAN;
    return tree;
}

static bool one_line(struct fixture *f, enum lang lang, struct str line) {
    struct str sentence = NO_STR, line_of = NO_STR, left = line;
    struct ask_understood u;
    if (!str_cut(&left, '|', &sentence) || !str_cut(&left, '|', &line_of)) fail_msg("no bar");
    sentence = str_trim(sentence);
    line_of = str_trim(line_of);
    left = str_trim(left);
    struct ctx *c = as(f, lang);
    const struct ask_catalogue *k = ask_catalogue(c);
    ask_sentence(c, k, lang, sentence, &u);
    struct str is_left = left_of(c, sentence, &u);
    bool nothing = str_eq(line_of, S("nothing"));
    const struct ask_node *want = nothing ? NULL : meant(f, lang, line_of);
    bool same = (nothing ? !u.tree : u.tree && ask_equal(u.tree, want)) && str_eq(is_left, left);
    if (!same)
        print_message("%.*s\n   wanted %s\n   got    %s\n   left   “%.*s”, wanted “%.*s”\n",
                      SF(sentence), want ? str_z(c->arena, ask_json(c->arena, want)) : "nothing",
                      u.tree ? str_z(c->arena, ask_json(c->arena, u.tree)) : "nothing", SF(is_left),
                      SF(left));
    assert_int_equal(fixture_end(f, OK), OK);
    return same;
}

static void sentences_of(enum lang lang) {
    struct fixture f;
    char path[64], *text;
    size_t n;
    int bad = 0, all = 0;
    snprintf(path, sizeof path, "t/sentences/%s.txt", lang_code(lang));
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    text = calloc(1, 100000);
    n = fread(text, 1, 99999, file);
    fclose(file);
    register_of(&f);
    struct str rest = { text, n }, line;
    while (str_cut(&rest, '\n', &line)) {
        if (!line.n || line.p[0] == '#') continue;
        all++;
        bad += !one_line(&f, lang, line);
    }
    fixture_close(&f);
    free(text);
    assert_true(all >= 40);
    if (bad) fail_msg("%d of %d", bad, all);
}

static void english(void **s) {
    (void)s;
    sentences_of(LANG_EN);
}
static void french(void **s) {
    (void)s;
    sentences_of(LANG_FR);
}
static void persian(void **s) {
    (void)s;
    sentences_of(LANG_FA);
}
static void arabic(void **s) {
    (void)s;
    sentences_of(LANG_AR);
}

/* What a sentence gave is a line of the language: printed in any language, it is the same again. */
static void prints_again(struct ctx *c, struct fixture *f, const struct ask_node *tree) {
    for (enum lang l = LANG_EN; l < LANG_N; l++) {
        struct ask_problem why = { 0 };
        const struct ask_node *again = NULL;
        f->loc.lang = l;
        struct str line = ask_print(c, ask_catalogue(c), tree);
        if (ask_parse(c, ask_catalogue(c), line, &again, &why) != OK)
            fail_msg("%.*s: %s", SF(line), why.text);
        assert_true(ask_equal(tree, again));
        line = ask_print_steady(c, ask_catalogue(c), tree); /* as it stands in addresses */
        if (ask_parse(c, ask_catalogue(c), line, &again, &why) != OK)
            fail_msg("%.*s: %s", SF(line), why.text);
        assert_true(ask_equal(tree, again));
    }
}

/* Words of the files in any order: never a crash; every byte range lies in the sentence; nothing is
 * both understood and told as not. */
static void any_words(void **state) {
    struct fixture f;
    struct dice d = { 7 };
    static char text[60000];
    struct str words[4000];
    (void)state;
    register_of(&f);
    for (enum lang lang = LANG_EN; lang < LANG_N; lang++) {
        char path[64];
        int n = 0;
        snprintf(path, sizeof path, "t/sentences/%s.txt", lang_code(lang));
        FILE *file = fopen(path, "r");
        assert_non_null(file);
        struct str rest = { text, fread(text, 1, sizeof text, file) }, word;
        fclose(file);
        for (size_t i = 0; i < rest.n; i++)
            if (text[i] == '\n') text[i] = ' ';
        while (n < COUNT(words) && str_cut(&rest, ' ', &word))
            if (word.n) words[n++] = word;
        for (int round = 0; round < 40; round++) {
            struct ctx *c = as(&f, lang);
            struct str v[30], sentence;
            struct ask_understood u;
            int many = 1 + (int)dice_below(&d, COUNT(v));
            for (int i = 0; i < many; i++) v[i] = words[dice_below(&d, n)];
            sentence = str_join(c->arena, v, many, S(" "));
            ask_sentence(c, ask_catalogue(c), lang, sentence, &u);
            for (int i = 0; i < u.left_n; i++) {
                assert_true(u.left[i].at >= 0 && u.left[i].n > 0);
                assert_true((size_t)(u.left[i].at + u.left[i].n) <= sentence.n);
                if (i) assert_true(u.left[i].at >= u.left[i - 1].at + u.left[i - 1].n);
            }
            if (u.tree && ask_rules_n(u.tree) <= 4) prints_again(c, &f, u.tree);
            assert_int_equal(fixture_end(&f, OK), OK);
        }
    }
    fixture_close(&f);
}

/* --- what must not matter, and what must be told --- */

static const char *const polite[] = { "please ", "s'il vous plaît, ", "لطفا ", "من فضلك " };
static const char *const unknown[] = { ", qzxwq", ", qzxwq", "، غژضظ", "، غظضث" };

static bool same_tree(const struct ask_node *a, const struct ask_node *b) {
    return a && b ? ask_equal(a, b) : a == b;
}

static int keeps_meaning(struct fixture *f, enum lang lang, struct str sentence) {
    struct ask_understood is, politely, more;
    int bad = 0;
    struct ctx *c = as(f, lang);
    const struct ask_catalogue *k = ask_catalogue(c);
    struct str word = str_of(unknown[lang]), asked, longer, left, again;
    word = str_sub(word, lang < LANG_FA ? 2 : 3, SIZE_MAX);
    asked = str_printf(c->arena, "%s%.*s", polite[lang], SF(sentence));
    longer = str_printf(c->arena, "%.*s%s", SF(sentence), unknown[lang]);
    ask_sentence(c, k, lang, sentence, &is);
    ask_sentence(c, k, lang, asked, &politely);
    left = left_of(c, sentence, &is);
    again = left_of(c, asked, &politely);
    if (!same_tree(is.tree, politely.tree) || !str_eq(left, again))
        bad++, print_message("“%.*s”: left “%.*s”, politely “%.*s”\n", SF(sentence), SF(left),
                             SF(again));
    ask_sentence(c, k, lang, longer, &more);
    again = left_of(c, longer, &more);
    /* Behind words that were not understood, it is told together with them. */
    struct str last = more.left_n ? str_sub(longer, (size_t)more.left[more.left_n - 1].at,
                                            (size_t)more.left[more.left_n - 1].n)
                                  : NO_STR;
    bool told = more.left_n == is.left_n + 1 ? str_eq(last, word)
                                             : more.left_n == is.left_n && str_ends(last, word);
    if (!same_tree(is.tree, more.tree) || !told)
        bad++, print_message("“%.*s”: left “%.*s”, with an unknown word “%.*s”\n", SF(longer),
                             SF(left), SF(again));
    assert_int_equal(fixture_end(f, OK), OK);
    return bad;
}

static void politeness_and_unknown(void **state) {
    static char text[60000];
    struct fixture f;
    int bad = 0, at = 0;
    (void)state;
    register_of(&f);
    for (enum lang lang = LANG_EN; lang < LANG_N; lang++) {
        char path[64];
        snprintf(path, sizeof path, "t/sentences/%s.txt", lang_code(lang));
        FILE *file = fopen(path, "r");
        assert_non_null(file);
        struct str rest = { text, fread(text, 1, sizeof text, file) }, line, sentence;
        fclose(file);
        while (str_cut(&rest, '\n', &line)) {
            if (!line.n || line.p[0] == '#' || !str_cut(&line, '|', &sentence)) continue;
            if (at++ % 8) continue; /* each takes as long as three sentences */
            bad += keeps_meaning(&f, lang, str_trim(sentence));
        }
    }
    fixture_close(&f);
    assert_int_equal(bad, 0);
}

/* --- names of the reference (query-language.md) in the line of the real register --- */

static void names_of_the_reference(void **state) {
    static const char *const same[][2] = {
        { "gender:female", "sex:f" },
        { "sum(orders.total, last 30 days) over 500", "sum(purchases, last 30 days) over 500" },
        { "sexe:femme code-postal:75*", "sex:f postcode:75*" },
        { "city:Paris", "town:Paris" },
        { "first-order in this year", "first_purchase in this year" },
        { "نخستین-خرید در امسال", "first_purchase in this year" },
        { "owner:me", "responsible:me" },
        { "consent.email:yes", "no_mail:no" },
        { "accord.courriel:oui", "no_mail:no" },
        { "رضایت.ایمیل:بله", "no_mail:no" },
        { "موافقة.البريد:نعم", "no_mail:no" },
        { "consent.email:no", "no_mail:yes" },
        { "consent.phone:yes consent.sms:yes", "no_call:no no_sms:no" },
    };
    static const char *const none[] = {
        "value.next-year over 1000",    "alive under 40%", "rfm:at-risk",
        "valeur.an-prochain plus de 1", "nps at most 6",   "ارزش.سال-آینده بیش از ۱۰۰۰",
    };
    struct fixture f;
    (void)state;
    register_of(&f);
    struct ctx *c = as(&f, LANG_EN);
    for (int i = 0; i < COUNT(same); i++) {
        const struct ask_node *a = NULL, *b = NULL;
        struct ask_problem why = { 0 };
        if (ask_parse(c, ask_catalogue(c), str_of(same[i][0]), &a, &why) != OK)
            fail_msg("%s: %s", same[i][0], why.text);
        assert_int_equal(ask_parse(c, ask_catalogue(c), str_of(same[i][1]), &b, &why), OK);
        assert_true(ask_equal(a, b));
    }
    for (int i = 0; i < COUNT(none); i++) {
        const struct ask_node *a = NULL;
        struct ask_problem why = { 0 };
        assert_int_equal(ask_parse(c, ask_catalogue(c), str_of(none[i]), &a, &why), INVALID);
        assert_non_null(strstr(why.text, "keeps nothing"));
    }
    assert_int_equal(fixture_end(&f, OK), OK);
    fixture_close(&f);
}

/* An address has numbers, so that a renamed tag is still found; the field shows names. */
static void addresses_by_number(void **state) {
    struct fixture f;
    struct ask_problem why = { 0 };
    const struct ask_node *tree = NULL;
    (void)state;
    register_of(&f);
    struct ctx *c = as(&f, LANG_EN);
    struct str line = S("tag:vip responsible:Sara cf_2:Brown");
    assert_int_equal(ask_parse(c, ask_catalogue(c), line, &tree, &why), OK);
    struct str steady = ask_print_steady(c, ask_catalogue(c), tree);
    assert_true(str_eq(steady, S("tag:#1 responsible:#5 cf_2:brown")));
    struct str names = ask_print(c, ask_catalogue(c), tree);
    assert_true(str_find(names, S("tag:vip")) >= 0 && str_find(names, S("#")) < 0);
    assert_int_equal(fixture_end(&f, OK), OK);
    fixture_close(&f);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(english),
        cmocka_unit_test(french),
        cmocka_unit_test(persian),
        cmocka_unit_test(arabic),
        cmocka_unit_test(any_words),
        cmocka_unit_test(politeness_and_unknown),
        cmocka_unit_test(names_of_the_reference),
        cmocka_unit_test(addresses_by_number),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
