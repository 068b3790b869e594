/* The line of text: the fifteen examples in four languages, the seven rules, refusals with their
 * place, printing, completion, and the round trip of random trees. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "ask_book.h"
#include "core/ask/text.h"
#include "features/tag/tag.h"
#include "fixture.h"
#include "lib/base/clock.h"

#define MUST(call) assert_int_equal((call), OK)

static struct fixture f;

static struct ctx *begin(enum lang lang) {
    struct ctx *c = fixture_begin(&f, true, 1, ROLE_OWNER);
    c->firm.currency = S("EUR");
    ask_book_reader(c, &f.loc, lang);
    ask_book(c);
    return c;
}

static void reader(struct ctx *c, enum lang lang) {
    ask_book_reader(c, &f.loc, lang);
    ask_book(c);
}

static void make_tag(struct ctx *c, const char *name) {
    struct tag *tag = row_new(c, &entity_tag);
    tag->name = str_of(name);
    MUST(store_save(c, &entity_tag, tag));
}

static const struct ask_node *parsed(struct ctx *c, struct str line) {
    const struct ask_node *n = NULL;
    struct ask_problem why = { 0 };
    enum status st = ask_parse(c, ask_catalogue(c), line, &n, &why);
    if (st != OK)
        fail_msg("«%.*s»: at %d, %d: %.*s (%s)", SF(line), why.at, why.n,
                 SF(why.text ? tr_fill(c->arena, T(c, why.text), why.args, why.args_n) : NO_STR),
                 status_name(st));
    return n;
}

static struct str json_of(struct ctx *c, const char *line) {
    return ask_json(c->arena, parsed(c, str_of(line)));
}

static void same(struct str got, const char *wanted) {
    if (!str_eq_z(got, wanted)) fail_msg("«%.*s»,\n not «%s»", SF(got), wanted);
}

/* A reader's line gives this tree, and comes back from its print. */
static void line(struct ctx *c, const char *typed, const char *json) {
    const struct ask_node *n = parsed(c, str_of(typed));
    struct str got = ask_json(c->arena, n), print = ask_print(c, ask_catalogue(c), n);
    if (json && !str_eq_z(got, json)) fail_msg("«%s» is\n %.*s,\n not %s", typed, SF(got), json);
    if (!ask_equal(n, parsed(c, print)))
        fail_msg("«%s» became «%.*s»: %.*s", typed, SF(print), SF(json_of(c, print.p)));
}

/* --- the fifteen examples --- */

static const struct {
    const char *in[LANG_N];
    const char *json;            /* of the English line */
    const char *written[LANG_N]; /* values that each writes in his own script */
} examples[] = {
    { { "gender:female sum(orders.total, last 30 days) over 500 postcode:75*",
        "sexe:femme somme(commandes.total, 30 derniers jours) plus de 500 code-postal:75*",
        "جنسیت:زن جمع(سفارش‌ها.مبلغ، ۳۰ روز اخیر) بیش از "
        "۵۰۰ "
        "کدپستی:75*",
        "الجنس:أنثى مجموع(الطلبات.المبلغ، آخر 30 يوما) أكثر من 500 الرمز-البريدي:75*" },
      "{\"all\":[{\"field\":\"sex\",\"is\":[\"f\"]},{\"measure\":\"sum\",\"of\":\"purchases\","
      "\"field\":\"amount\","
      "\"period\":{\"last\":30,\"unit\":\"day\"},\"over\":\"500\"},{\"field\":\"postcode\",\"is\":["
      "{\"begins\":\"75\"}]}]}",
      { 0 } },
    { { "count(orders) at least 3 no(orders, last 90 days)",
        "nombre(commandes) au moins 3 sans(commandes, 90 derniers jours)",
        "تعداد(سفارش‌ها) دست‌کم ۳ بدون(سفارش‌ها، ۹۰ روز "
        "اخیر)",
        "عدد(الطلبات) على الأقل 3 بدون(الطلبات، آخر 90 يوما)" },
      "{\"all\":[{\"measure\":\"count\",\"of\":\"purchases\",\"at_least\":\"3\"},{\"no\":"
      "\"purchases\","
      "\"period\":{\"last\":90,\"unit\":\"day\"}}]}",
      { 0 } },
    { { "birthday in next 7 days consent.email:yes",
        "anniversaire dans 7 prochains jours accord.courriel:oui",
        "زادروز در ۷ روز آینده رضایت.ایمیل:بله",
        "عيد-الميلاد في 7 أيام القادمة موافقة.البريد:نعم" },
      "{\"all\":[{\"field\":\"birthday\",\"in\":{\"next\":7,\"unit\":\"day\"}},{\"field\":"
      "\"consent.email\",\"is\":[\"1\"]}]}",
      { 0 } },
    { { "city:Paris,Lyon not tag:vip", "ville:Paris,Lyon sauf étiquette:vip",
        "شهر:پاریس،لیون به‌جز برچسب:vip",
        "المدينة:باريس،ليون باستثناء وسم:vip" },
      "{\"all\":[{\"field\":\"town\",\"is\":[\"Paris\",\"Lyon\"]},{\"none\":[{\"field\":\"tag\","
      "\"is\":[\"1\"]}]}]}",
      { NULL, NULL, "Paris پاریس Lyon لیون", "Paris باريس Lyon ليون" } },
    { { "phone:empty email:empty", "téléphone:vide courriel:vide", "تلفن:خالی ایمیل:خالی",
        "الهاتف:فارغ البريد:فارغ" },
      "{\"all\":[{\"field\":\"phone\",\"empty\":true},{\"field\":\"email\",\"empty\":true}]}",
      { 0 } },
    { { "sum(invoices.due, overdue over 60) over 1000",
        "somme(factures.dû, retard plus de 60) plus de 1000",
        "جمع(صورتحساب‌ها.مانده، تأخیر بیش از ۶۰) بیش از "
        "۱۰۰۰",
        "مجموع(الفواتير.المستحق، التأخر أكثر من 60) أكثر من 1000" },
      "{\"measure\":\"sum\",\"of\":\"invoices\",\"field\":\"due\",\"where\":{\"field\":\"overdue\","
      "\"over\":\"60\"},"
      "\"over\":\"1000\"}",
      { 0 } },
    { { "first-order in this year", "première-commande dans cette année", "نخستین-خرید در امسال",
        "أول-طلب في هذه السنة" },
      "{\"field\":\"first_purchase\",\"in\":{\"this\":\"year\"}}",
      { 0 } },
    { { "language:fa,ar country:FR", "langue:fa,ar pays:FR", "زبان:fa،ar کشور:FR",
        "اللغة:fa،ar البلد:FR" },
      "{\"all\":[{\"field\":\"language\",\"is\":[\"fa\",\"ar\"]},{\"field\":\"country\",\"is\":["
      "\"FR\"]}]}",
      { 0 } },
    { { "has(tickets, status:open kind:complaint) or has(surveys, this quarter, nps at most 6)",
        "avec(demandes, état:ouvert type:plainte) ou avec(enquêtes, ce trimestre, nps au plus 6)",
        "دارد(درخواست‌ها، وضعیت:باز نوع:شکایت) یا دارد(نظرسنجی‌ها، این فصل، "
        "nps "
        "حداکثر "
        "۶)",
        "لديه(الطلبات-الخدمية، الحالة:مفتوح النوع:شكوى) أو لديه(الاستبيانات، هذا الربع، nps على "
        "الأكثر 6)" },
      "{\"any\":[{\"has\":\"tickets\",\"where\":{\"all\":[{\"field\":\"status\",\"is\":[\"open\"]},"
      "{\"field\":\"kind\","
      "\"is\":[\"complaint\"]}]}},{\"has\":\"surveys\",\"period\":{\"this\":\"quarter\"},\"where\":"
      "{\"field\":\"nps\","
      "\"at_most\":\"6\"}}]}",
      { 0 } },
    { { "average(orders.total) over 80 count(orders) at least 5",
        "moyenne(commandes.total) plus de 80 nombre(commandes) au moins 5",
        "میانگین(سفارش‌ها.مبلغ) بیش از ۸۰ تعداد(سفارش‌ها) "
        "دست‌کم "
        "۵",
        "متوسط(الطلبات.المبلغ) أكثر من 80 عدد(الطلبات) على الأقل 5" },
      "{\"all\":[{\"measure\":\"average\",\"of\":\"purchases\",\"field\":\"amount\",\"over\":"
      "\"80\"},"
      "{\"measure\":\"count\",\"of\":\"purchases\",\"at_least\":\"5\"}]}",
      { 0 } },
    { { "has(orders, product:A) no(orders, product:B)",
        "avec(commandes, produit:A) sans(commandes, produit:B)",
        "دارد(سفارش‌ها، کالا:A) بدون(سفارش‌ها، کالا:B)",
        "لديه(الطلبات، المنتج:A) بدون(الطلبات، المنتج:B)" },
      "{\"all\":[{\"has\":\"purchases\",\"where\":{\"field\":\"product\",\"is\":[\"A\"]}},{\"no\":"
      "\"purchases\","
      "\"where\":{\"field\":\"product\",\"is\":[\"B\"]}}]}",
      { 0 } },
    { { "value.next-year over 1000 alive under 40%",
        "valeur.an-prochain plus de 1000 vivant moins de 40%",
        "ارزش.سال-آینده بیش از ۱۰۰۰ احتمال-بازگشت کمتر از ۴۰٪",
        "القيمة.السنة-القادمة أكثر من 1000 احتمال-البقاء أقل من 40٪" },
      "{\"all\":[{\"field\":\"value.next-year\",\"over\":\"1000\"},{\"field\":\"alive\",\"under\":"
      "\"40\"}]}",
      { 0 } },
    { { "owner:me no(messages, last 60 days)", "responsable:moi sans(messages, 60 derniers jours)",
        "مسئول:من بدون(پیام‌ها، ۶۰ روز اخیر)",
        "المسؤول:أنا بدون(الرسائل، آخر 60 يوما)" },
      "{\"all\":[{\"field\":\"responsible\",\"is\":[\"me\"]},{\"no\":\"messages\",\"period\":{"
      "\"last\":60,\"unit\":\"day\"}}]}",
      { 0 } },
    { { "segment:\"spring\" created before 2024-01-01 not rfm:at-risk",
        "segment:\"printemps\" créé avant 2024-01-01 sauf rfm:à-risque",
        "بخش:\"بهار\" ایجاد پیش از ۱۴۰۲/۱۰/۱۱ به‌جز rfm:در-خطر",
        "شريحة:\"الربيع\" أنشئ قبل 2024-01-01 باستثناء rfm:معرض-للخطر" },
      "{\"all\":[{\"segment\":7},{\"field\":\"created\",\"in\":{\"before\":\"2024-01-01\"}},{"
      "\"none\":[{\"field\":\"rfm\","
      "\"is\":[\"at-risk\"]}]}]}",
      { 0 } },
    { { "name~\"Mohammad Rezaei\"", "name~\"Mohammad Rezaei\"", "نام~\"محمد رضایی\"",
        "الاسم~\"محمد رضائي\"" },
      "{\"field\":\"name\",\"sounds\":\"Mohammad Rezaei\"}",
      { NULL, NULL, "Mohammad محمد Rezaei رضایی", "Mohammad محمد Rezaei رضائي" } },
};

/* The English JSON with the words that this language writes in its own script. */
static struct str expected(struct ctx *c, int i, int lang) {
    struct str json = str_of(examples[i].json), rest = str_of(examples[i].written[lang]), from, to;
    while (str_cut(&rest, ' ', &from) && str_cut(&rest, ' ', &to)) {
        ptrdiff_t at = str_find(json, from);
        assert_true(at >= 0);
        json = str_printf(c->arena, "%.*s%.*s%.*s", SF(str_sub(json, 0, (size_t)at)), SF(to),
                          SF(str_sub(json, (size_t)at + from.n, SIZE_MAX)));
    }
    return json;
}

static void test_examples(void **state) {
    struct ctx *c = begin(LANG_EN);
    (void)state;
    make_tag(c, "vip");
    for (int read_in = 0; read_in < LANG_N; read_in++) {
        reader(c, (enum lang)read_in); /* whoever reads understands all four */
        for (int i = 0; i < COUNT(examples); i++)
            for (int lang = 0; lang < LANG_N; lang++) {
                struct str json = expected(c, i, lang);
                bool own_date = i == 13 && lang == LANG_FA && read_in != LANG_FA;
                if (own_date) continue; /* ۱۴۰۲ is a year of a reader with that calendar alone */
                line(c, examples[i].in[lang], json.p ? str_z(c->arena, json) : NULL);
            }
    }
    MUST(fixture_end(&f, OK));
}

static void test_written(void **state) {
    static const struct {
        const char *json, *in[LANG_N];
    } cases[] = {
        { "{\"all\":[{\"field\":\"sex\",\"is\":[\"f\"]},{\"measure\":\"sum\",\"of\":\"purchases\","
          "\"field\":\"amount\","
          "\"period\":{\"last\":30,\"unit\":\"day\"},\"over\":\"500\"},{\"field\":\"postcode\","
          "\"is\":[{\"begins\":\"75\"}]}]}",
          { "sex:Woman sum(purchases, last 30 days) over 500 postcode:75*",
            "sexe:Femme somme(achats, 30 derniers jours) plus de 500 code-postal:75*",
            "جنسیت:زن جمع(خریدها، ۳۰ روز اخیر) بیش از ۵۰۰ کدپستی:75*",
            "الجنس:أنثى مجموع(المشتريات، آخر ٣٠ يوما) أكثر من ٥٠٠ الرمز-البريدي:75*" } },
        { "{\"any\":[{\"all\":[{\"field\":\"town\",\"is\":[\"Aix en "
          "Provence\",\"Lyon\"]},{\"none\":[{\"field\":\"town\","
          "\"filled\":true}]}]},{\"none\":[{\"segment\":7},{\"words\":\"a\\\"b\"}]}]}",
          { "town:\"Aix en Provence\",Lyon not town:* or not (segment:\"spring\" or \"a\\\"b\")",
            "ville:\"Aix en Provence\",Lyon sauf ville:* ou sauf (segment:\"printemps\" ou "
            "\"a\\\"b\")",
            "شهر:\"Aix en Provence\"،Lyon به‌جز شهر:* یا به‌جز "
            "(بخش:\"بهار\" "
            "یا "
            "\"a\\\"b\")",
            "المدينة:\"Aix en Provence\"،Lyon باستثناء المدينة:* أو باستثناء (شريحة:\"الربيع\" أو "
            "\"a\\\"b\")" } },
        { "{\"all\":[{\"field\":\"created\",\"in\":{\"before\":\"2024-01-01\"}},{\"field\":\"birth_"
          "date\",\"in\":{\"from\":"
          "\"1990-01-01\",\"until\":\"1999-12-31\"}},{\"field\":\"age\",\"between\":[\"18\",\"30."
          "5\"]}]}",
          { "created before 01/01/2024 birth-date in 01/01/1990..31/12/1999 age between 18 and "
            "30.5",
            "créé avant 01/01/2024 date-de-naissance dans 01/01/1990..31/12/1999 âge entre 18 et "
            "30,5",
            "ایجاد پیش از ۱۴۰۲/۱۰/۱۱ تاریخ-تولد در ۱۳۶۸/۱۰/۱۱..۱۳۷۸/۱۰/۱۰ سن بین ۱۸ و ۳۰٫۵",
            "أنشئ قبل ١‏/١‏/٢٠٢٤ تاريخ-الميلاد في ١‏/١‏/١٩٩٠..٣١‏/١٢‏/١٩٩٩ العمر "
            "بين "
            "١٨ و ٣٠٫٥" } },
        { "{\"all\":[{\"field\":\"birthday\",\"in\":{\"next\":2,\"unit\":\"week\"}},{\"field\":"
          "\"next_date\",\"in\":{\"last\":2,"
          "\"unit\":\"month\"}},{\"field\":\"created\",\"in\":{\"this\":\"year\"}},{\"field\":"
          "\"changed\",\"in\":{\"previous\":"
          "\"quarter\"}},{\"field\":\"changed\",\"in\":{\"last\":5,\"unit\":\"year\"}}]}",
          { "birthday in next 2 weeks next-date in last 2 months created in this year changed in "
            "previous quarter changed in last 5 years",
            "anniversaire dans 2 prochaines semaines prochaine-date dans 2 derniers mois créé dans "
            "cette année modifié dans trimestre précédent modifié dans 5 dernières années",
            "زادروز در ۲ هفته آینده تاریخ-بعدی در ۲ ماه اخیر ایجاد در امسال تغییر در فصل قبل تغییر "
            "در "
            "۵ سال اخیر",
            "عيد-الميلاد في أسبوعين القادمين الموعد-التالي في آخر شهرين أنشئ في هذه السنة عدل في "
            "الربع الماضي عدل في آخر ٥ سنوات" } },
    };
    struct ctx *c = begin(LANG_EN);
    (void)state;
    for (int i = 0; i < COUNT(cases); i++)
        for (int lang = 0; lang < LANG_N; lang++) {
            const struct ask_node *n = NULL;
            reader(c, (enum lang)lang);
            MUST(ask_json_read(c->arena, str_of(cases[i].json), &n));
            same(ask_print(c, ask_catalogue(c), n), cases[i].in[lang]);
            line(c, cases[i].in[lang], cases[i].json);
        }
    MUST(fixture_end(&f, OK));
}

/* --- the round trip --- */

/* What the catalogue makes when it is first asked for, before a mark is set in its arena. */
static void warm(struct ctx *c, const struct ask_catalogue *k) {
    const struct relation *const *relations;
    int n = ask_relations_of(k, &relations);
    parsed(c, S("sex:f count(purchases) over 1"));
    for (int r = -1; r < n; r++) {
        const struct ask_field *const *fields;
        int fields_n = ask_fields(k, r < 0 ? NULL : relations[r], &fields);
        for (int i = 0; i < fields_n; i++) ask_field_word(c, fields[i]);
    }
}

/* Text → tree → text in each language, the tree the same each time. DAFTAR_ASK_TREES: how many. */
static void test_round_trip(void **state) {
    const char *wanted = getenv("DAFTAR_ASK_TREES");
    int64_t n = 2500, refused = 0;
    struct ctx *c = begin(LANG_EN);
    (void)state;
    if (wanted) assert_true(str_to_i64(str_of(wanted), &n));
    make_tag(c, "a tag, of many");
    for (int lang = 0; lang < LANG_N; lang++) {
        struct dice dice = { 11 };
        reader(c, (enum lang)lang);
        const struct ask_catalogue *k = ask_catalogue(c);
        warm(c, k);
        for (int64_t i = 0; i < n; i++) {
            struct arena_mark m = arena_mark(c->arena);
            c->titles = (struct map){ 0 };
            const struct ask_node *tree = ask_book_random(c, k, &dice), *back = NULL;
            struct str print = ask_print(c, k, tree);
            struct ask_problem why = { 0 };
            enum status st = ask_parse(c, k, print, &back, &why);
            if (st != OK || !ask_equal(tree, back) || !str_eq(print, ask_print(c, k, back)))
                fail_msg("%d: %.*s\n%.*s\nat %d: %s\n%.*s", (int)i, SF(ask_json(c->arena, tree)),
                         SF(print), why.at, why.text ? why.text : "",
                         SF(back ? ask_json(c->arena, back) : NO_STR));
            refused += c->problems.n;
            arena_back(c->arena, m);
        }
    }
    assert_int_equal(refused, 0);
    MUST(fixture_end(&f, OK));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_examples),
        cmocka_unit_test(test_written),
        cmocka_unit_test(test_round_trip),
    };
    fixture_open(&f, false);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    fixture_close(&f);
    return failed;
}
