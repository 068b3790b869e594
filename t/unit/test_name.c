/* Names of all traditions of localisation.md 2.4 taken apart by lib/text/name. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "lib/base/random.h"
#include "lib/text/name.h"

static struct arena *arena;

static int setup(void **state) {
    (void)state;
    arena = arena_new();
    return 0;
}

static int teardown(void **state) {
    (void)state;
    arena_free(arena);
    return 0;
}

struct example {
    const char *full, *language;
    const char *want; /* given/family; then only what there is: t=title p=prefix f=father n=nickname
                         s=sex; ? when not certain */
};

static struct str shown(const struct name_parts *p) {
    struct str s = str_printf(arena, "%.*s/%.*s", SF(p->given), SF(p->family));
    if (p->title.n) s = str_printf(arena, "%.*s t=%.*s", SF(s), SF(p->title));
    if (p->family_prefix.n) s = str_printf(arena, "%.*s p=%.*s", SF(s), SF(p->family_prefix));
    if (p->father.n) s = str_printf(arena, "%.*s f=%.*s", SF(s), SF(p->father));
    if (p->nickname.n) s = str_printf(arena, "%.*s n=%.*s", SF(s), SF(p->nickname));
    if (p->sex) s = str_printf(arena, "%.*s s=%c", SF(s), p->sex);
    return p->certain ? s : str_printf(arena, "%.*s ?", SF(s));
}

static void expect(const struct example *v, size_t n) {
    int wrong_n = 0;
    for (size_t i = 0; i < n; i++) {
        struct name_parts p;
        name_split(arena, str_of(v[i].full), v[i].language, &p);
        struct str got = shown(&p);
        if (str_eq_z(got, v[i].want)) continue;
        print_error("%s: got «%.*s», want «%s»\n", v[i].full, SF(got), v[i].want);
        wrong_n++;
    }
    assert_int_equal(wrong_n, 0);
}

static void iranian_names(void **state) {
    (void)state;
    static const struct example v[] = {
        { "علی رضایی", "fa", "علی/رضایی" },
        { "علي رضايي", "fa", "علي/رضايي" },
        { "علي رضايي", NULL, "علي/رضايي" },
        { "زهرا احمدی", NULL, "زهرا/احمدی" },
        { "محمدرضا حسینی‌نژاد", "fa", "محمدرضا/حسینی‌نژاد" },
        { "محمد رضا حسینی", "fa", "محمد رضا/حسینی" },
        { "محمد رضا حسینی نژاد", "fa", "محمد رضا/حسینی نژاد" },
        { "علی رضا قاسمی", NULL, "علی رضا/قاسمی" },
        { "علی‌رضا قاسمی", NULL, "علی‌رضا/قاسمی" },
        { "امیر حسین چراغی", NULL, "امیر حسین/چراغی" },
        { "علی اکبر ناطق نوری", "fa", "علی اکبر/ناطق نوری" },
        { "زهرا سادات موسوی", "fa", "زهرا سادات/موسوی" },
        { "مریم السادات هاشمی", "fa", "مریم السادات/هاشمی" },
        { "سید محمد خاتمی", "fa", "سید محمد/خاتمی" },
        { "سید محمد حسین طباطبایی", "fa", "سید محمد حسین/طباطبایی" },
        { "سیده فاطمه حسینی", "fa", "سیده فاطمه/حسینی s=f" },
        { "روح الله زم", "fa", "روح الله/زم" },
        { "فاطمه زهرا کریمی", "fa", "فاطمه زهرا/کریمی" },
        { "پژمان جمشیدی", NULL, "پژمان/جمشیدی" },
        { "گلشیفته فراهانی", NULL, "گلشیفته/فراهانی" },
        { "علی احمدی مقدم", "fa", "علی/احمدی مقدم" },
        { "محمد رضا شفیعی کدکنی", "fa", "محمد رضا/شفیعی کدکنی" },
        { "محمد رضا پور", "fa", "محمد/رضا پور ?" },
        { "آقای علی رضایی", "fa", "علی/رضایی t=آقای s=m" },
        { "جناب آقای دکتر محمد رضا حسینی", "fa", "محمد رضا/حسینی t=جناب آقای دکتر s=m" },
        { "سرکار خانم مهندس سارا کریمی", "fa", "سارا/کریمی t=سرکار خانم مهندس s=f" },
        { "خانم احمدی", "fa", "/احمدی t=خانم s=f" },
        { "دکتر حسینی", "fa", "/حسینی t=دکتر" },
        { "خانم زهرا", "fa", "زهرا/ t=خانم s=f ?" },
        { "حسینی محمد رضا", "fa", "محمد رضا/حسینی ?" },
        { "رضایی علی", "fa", "علی/رضایی ?" },
        { "رضایی، علی", "fa", "علی/رضایی" },
        { "حسینی‌نژاد ، دکتر محمدرضا", "fa",
          "محمدرضا/حسینی‌نژاد t=دکتر" },
        { "علی", "fa", "علی/" },
        { "ققنوس", "fa", "ققنوس/ ?" },
        { "علی رضایی (رضا)", "fa", "علی/رضایی n=رضا" },
        { "  علی   رضایی ", "fa", "علی/رضایی" },
        { "احمد رضا", "fa", "احمد/رضا ?" },
    };
    expect(v, sizeof v / sizeof *v);
}

static void arabic_names(void **state) {
    (void)state;
    static const struct example v[] = {
        { "محمد بن عبد الله بن سعود العتيبي", "ar", "محمد/العتيبي f=عبد الله s=m" },
        { "محمد بن عبدالله العتيبي", "ar", "محمد/العتيبي f=عبدالله s=m" },
        { "محمد بن عبد الله بن سعود العتيبي", NULL, "محمد/العتيبي f=عبد الله s=m" },
        { "محمد بن سلمان آل سعود", "ar", "محمد/آل سعود p=آل f=سلمان s=m" },
        { "نورة بنت محمد القحطاني", "ar", "نورة/القحطاني f=محمد s=f" },
        { "خالد بن محمد", "ar", "خالد/ f=محمد s=m ?" },
        { "أحمد محمد حسن علي", "ar", "أحمد محمد حسن علي/ ?" },
        { "أحمد محمد حسن", "ar", "أحمد محمد حسن/ ?" },
        { "أحمد محمد حسن علي", NULL, "أحمد محمد حسن علي/ ?" },
        { "أحمد حسن", "ar", "أحمد حسن/ ?" },
        { "فيروز حداد", "ar", "فيروز/حداد" },
        { "حسن البغدادي", "ar", "حسن/البغدادي" },
        { "حسن البغدادي", NULL, "حسن/البغدادي" },
        { "محمد حسن البغدادي", "ar", "محمد حسن/البغدادي ?" },
        { "عبد الكريم بنجلون", "ar", "عبد الكريم/بنجلون" },
        { "عبد الكريم بن جلون", "ar", "عبد الكريم/بن جلون p=بن s=m ?" },
        { "نور الدين بن عيسى", "ar", "نور الدين/ f=عيسى s=m ?" },
        { "عبد الرحمن الشريف", "ar", "عبد الرحمن/الشريف" },
        { "فاطمة الزهراء العلوي", "ar", "فاطمة الزهراء/العلوي" },
        { "أحمد أبو زيد", "ar", "أحمد/أبو زيد p=أبو" },
        { "أبو خالد", "ar", "/ n=أبو خالد ?" },
        { "أم علي", "ar", "/ n=أم علي ?" },
        { "أبو خالد محمد العتيبي", "ar", "محمد/العتيبي n=أبو خالد" },
        { "أبو بكر الرازي", "ar", "أبو بكر/الرازي" },
        { "السيد محمود درويش", "ar", "محمود/درويش t=السيد s=m" },
        { "السيدة هدى حداد", "ar", "هدى/حداد t=السيدة s=f" },
        { "الدكتورة ليلى المصري", "ar", "ليلى/المصري t=الدكتورة s=f" },
        { "د. أحمد الشريف", "ar", "أحمد/الشريف t=د." },
        { "د.أحمد الشريف", "ar", "أحمد/الشريف t=د." },
        { "م/ علي العتيبي", "ar", "علي/العتيبي t=م/" },
        { "أ. منى الحربي", "ar", "منى/الحربي t=أ." },
        { "العتيبي، محمد", "ar", "محمد/العتيبي" },
        { "العتيبي محمد", "ar", "محمد/العتيبي ?" },
        { "محمد", "ar", "محمد/" },
        { "الشيخ محمد", "ar", "محمد/ t=الشيخ s=m" },
    };
    expect(v, sizeof v / sizeof *v);
}

static void latin_names(void **state) {
    (void)state;
    static const struct example v[] = {
        { "Élodie Martin", "fr", "Élodie/Martin" },
        { "MARTIN Élodie", "fr", "Élodie/MARTIN" },
        { "Élodie MARTIN", NULL, "Élodie/MARTIN" },
        { "BENJELLOUN Abdelkrim", NULL, "Abdelkrim/BENJELLOUN" },
        { "BEN ALI Mohamed Amine", "fr", "Mohamed Amine/BEN ALI p=BEN" },
        { "L'HÔPITAL Guillaume", "fr", "Guillaume/L'HÔPITAL" },
        { "Jean de la TOUR", "fr", "Jean/de la TOUR p=de" },
        { "J. MARTIN", NULL, "J./MARTIN" },
        { "ELODIE MARTIN", NULL, "ELODIE/MARTIN ?" },
        { "Martin, Élodie", NULL, "Élodie/Martin" },
        { "MARTIN, Mme Élodie", "fr", "Élodie/MARTIN t=Mme s=f" },
        { "Jean-Baptiste de La Tour", "fr", "Jean-Baptiste/de La Tour p=de" },
        { "Charles de Gaulle", NULL, "Charles/de Gaulle p=de" },
        { "Gaulle, Charles de", NULL, "Charles/de Gaulle p=de" },
        { "de Gaulle, Charles", NULL, "Charles/de Gaulle p=de" },
        { "de Gaulle", "fr", "/de Gaulle p=de ?" },
        { "Jean d'Ormesson", "fr", "Jean/d'Ormesson p=d'" },
        { "Jean d’Ormesson", "fr", "Jean/d’Ormesson p=d’" },
        { "Valéry Giscard d'Estaing", "fr", "Valéry Giscard/d'Estaing p=d' ?" },
        { "Joachim du Bellay", "fr", "Joachim/du Bellay p=du" },
        { "Marine Le Pen", "fr", "Marine/Le Pen" },
        { "Ludwig van Beethoven", NULL, "Ludwig/van Beethoven p=van" },
        { "Guido van der Berg", NULL, "Guido/van der Berg p=van der" },
        { "M. Dupont", "fr", "/Dupont t=M. s=m" },
        { "M. Night Shyamalan", "en", "M. Night/Shyamalan" },
        { "Mme Sophie Durand", "fr", "Sophie/Durand t=Mme s=f" },
        { "Mlle Zoé Petit", "fr", "Zoé/Petit t=Mlle s=f" },
        { "Me Paul Lefèvre", "fr", "Paul/Lefèvre t=Me" },
        { "M. le Dr Jean Roche", "fr", "le Dr Jean/Roche t=M. s=m ?" },
        { "Mr John Smith", "en", "John/Smith t=Mr s=m" },
        { "Mrs. Mary Ann Smith", "en", "Mary Ann/Smith t=Mrs. s=f" },
        { "Ms Haddad", "en", "/Haddad t=Ms s=f" },
        { "Dr. Sam Haddad", "en", "Sam/Haddad t=Dr." },
        { "John Smith Jr.", "en", "John/Smith Jr." },
        { "John Smith, Jr.", "en", "John/Smith, Jr." },
        { "J. R. R. Tolkien", "en", "J. R. R./Tolkien" },
        { "Martin Luther King", "en", "Martin Luther/King" },
        { "Gabriel García Márquez", NULL, "Gabriel García/Márquez ?" },
        { "Mohammad Reza Hosseini", "en", "Mohammad Reza/Hosseini" },
        { "Zine El Abidine Ben Ali", "fr", "Zine El Abidine/Ben Ali p=Ben ?" },
        { "Hicham El Mehdi", "fr", "Hicham/El Mehdi p=El" },
        { "Abdul Rahman Al-Sharif", NULL, "Abdul Rahman/Al-Sharif ?" },
        { "Mohammed bin Salman Al Saud", "en", "Mohammed/Al Saud p=Al f=Salman s=m" },
        { "Khalid ibn al-Walid", NULL, "Khalid/ibn al-Walid p=ibn" },
        { "Abu Khalid", "en", "/ n=Abu Khalid ?" },
        { "Al Gore", "en", "Al/Gore" },
        { "Elodie", "fr", "Elodie/ ?" },
        { "William (Bill) Gates", "en", "William/Gates n=Bill" },
        { "", NULL, "/ ?" },
        { "  ", "fr", "/ ?" },
        { ",", "fr", "/ ?" },
        { "Mme", "fr", "Mme/ ?" },
        { "a b c d e f g h i j k l m n o p q r s t u v w x y z", NULL,
          "a b c d e f g h i j k l m n o p q r s t u v w x y z/ ?" },
    };
    expect(v, sizeof v / sizeof *v);
}

/* Whatever is typed, every part is UTF-8 without outer spaces, and nothing fails. */
static void any_words_are_taken(void **state) {
    (void)state;
    static const char *const bits[] = {
        "بن",   "علی",          "محمد", "ال",    "العتيبي",
        "آل",   "أبو",          "عبد",  "الدين", "سید",
        "د.",   "م/",           "،",    "(",     ")",
        ",",    "de",           "d'",   "X",     "MARTIN",
        "Jean", "Mme",          "M.",   "خانم",  "\xFF",
        "bin",  "el",           "-",    "'",     "جناب",
        "پور",  "السادات",      "بنت",  "أم",    "Jr",
        "II",   "\xE2\x80\x8C",
    };
    static const char *const languages[] = { NULL, "fa", "ar", "fr", "en", "xx" };
    struct dice d = { 3 };
    for (int round = 0; round < 30000; round++) {
        struct arena_mark m = arena_mark(arena);
        struct str text = S("");
        for (int64_t n = dice_below(&d, 9); n > 0; n--)
            text = str_printf(arena, "%.*s%s%s", SF(text), bits[dice_below(&d, 37)],
                              dice_below(&d, 5) ? " " : "");
        struct name_parts p;
        name_split(arena, text, languages[dice_below(&d, 6)], &p);
        looks_like_organisation(text);
        const struct str parts[] = { p.title,         p.given,  p.family,
                                     p.family_prefix, p.father, p.nickname };
        for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
            assert_non_null(parts[i].p);
            assert_true(utf8_valid(parts[i]));
            assert_true(str_eq(str_trim(parts[i]), parts[i]));
            assert_true(parts[i].n <= text.n + 8);
        }
        assert_true(str_starts(p.family, p.family_prefix));
        assert_true(p.sex == 0 || p.sex == 'f' || p.sex == 'm');
        arena_back(arena, m);
    }
}

static void organisations(void **state) {
    (void)state;
    static const char *const are[] = {
        "Dupont SARL",      "SAS Martin",        "S.A.R.L. Durand",    "Müller GmbH",
        "Acme Ltd",         "Acme, Inc.",        "Renault SA",         "Total S.A.",
        "Société Générale", "Cabinet Lefèvre",   "Hôtel de la Paix",   "Martin & Fils",
        "Smith & Co",       "Leeds Hospital",    "Blue Consulting",    "شرکت پارس",
        "شركة النور",       "الشركة العامة",     "شركة النور ذ.م.م",   "مؤسسة الأمل",
        "موسسه خیریه محک",  "فروشگاه یاس",       "بانک ملی",           "مستشفى السلام",
        "النور ش.م.م",      "Boulangerie Petit", "شركة الأمل (ذ.م.م)", "پارس (سهامی خاص)",
    };
    static const char *const are_not[] = {
        "Élodie Martin",
        "MARTIN Sa",
        "Jean de La Tour",
        "علی رضایی",
        "محمد بن سلمان آل سعود",
        "أحمد محمد حسن",
        "John Smith",
        "Garage",
        "Salah Benali",
        "S. A. Martin",
        "",
        "Agnès Co",
        "بانکی علی",
        "Marie Hotel-Dupuis",
        "Mr Church",
        "SAS",
    };
    for (size_t i = 0; i < sizeof are / sizeof *are; i++)
        if (!looks_like_organisation(str_of(are[i]))) fail_msg("%s is one", are[i]);
    for (size_t i = 0; i < sizeof are_not / sizeof *are_not; i++)
        if (looks_like_organisation(str_of(are_not[i]))) fail_msg("%s is none", are_not[i]);
}

/* Every Persian given name with a family behind it comes out whole; those that begin with a title
 * («خانم گل») or with «ام» and the like may not. */
static void given_names_come_out_whole(void **state) {
    (void)state;
    int all_n = 0, whole_n = 0;
    for (int i = 0; i < name_table_n; i++) {
        if (!(name_table[i].is & NAME_PERSIAN)) continue;
        struct arena_mark m = arena_mark(arena);
        struct name_parts p;
        name_split(arena, str_printf(arena, "%s کریمی", name_table[i].name), "fa", &p);
        all_n++;
        whole_n += str_eq_z(p.given, name_table[i].name) && str_eq_z(p.family, "کریمی");
        arena_back(arena, m);
    }
    assert_true(whole_n * 100 >= all_n * 99);
}

static void the_table_is_in_order(void **state) {
    (void)state;
    assert_true(name_table_n > 4000);
    for (int i = 1; i < name_table_n; i++)
        assert_true(str_cmp(str_of(name_table[i - 1].name), str_of(name_table[i].name)) < 0);
}

int main(void) {
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(iranian_names),
        cmocka_unit_test(arabic_names),
        cmocka_unit_test(latin_names),
        cmocka_unit_test(any_words_are_taken),
        cmocka_unit_test(organisations),
        cmocka_unit_test(the_table_is_in_order),
        cmocka_unit_test(given_names_come_out_whole),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
