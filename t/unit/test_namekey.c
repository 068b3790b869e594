/* Names across scripts: the vectors of localisation.md 2.7, the 404 Arabic names against each of
 * their Latin spellings, random pairs of different names, nicknames, organisations. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>

#include "lib/base/map.h"
#include "lib/text/csv.h"
#include "lib/text/fold.h"
#include "lib/text/name.h"
#include "lib/text/namekey_in.h"

static struct arena *arena;

static int set_up(void **state) {
    (void)state;
    arena = arena_new();
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    arena_free(arena);
    return 0;
}

static const struct namekey *person(const char *name) {
    return namekey_new(arena, str_of(name), NAMEKEY_PERSON);
}

static enum namekey_is compare(const char *x, const char *y) {
    enum namekey_is is = namekey_compare(person(x), person(y));
    assert_int_equal(namekey_compare(person(y), person(x)), is);
    return is;
}

/* Would an index of namekey_terms(b) find b for someone who asks for a? */
static bool has_any(const struct strs *terms, const struct strs *group) {
    for (int i = 0; i < group->n; i++)
        for (int k = 0; k < terms->n; k++)
            if (str_eq(group->v[i], terms->v[k])) return true;
    return false;
}

static bool index_finds(struct str asked, struct str name) {
    struct strs terms;
    struct namekey_way *ways;
    namekey_terms(arena, name, &terms);
    int n = namekey_query_terms(arena, asked, &ways);
    for (int w = 0; w < n; w++) {
        bool all = true;
        for (int g = 0; g < ways[w].groups_n; g++) all &= has_any(&terms, &ways[w].groups[g]);
        if (all) return true;
    }
    return false;
}

struct vector {
    const char *a, *b, *keys_a, *keys_b;
    enum namekey_is is;
};

static int wrong(const struct vector *v, int number) {
    struct str x = namekey_skeleton(arena, str_of(v->a)), y = namekey_skeleton(arena, str_of(v->b));
    enum namekey_is is = compare(v->a, v->b);
    bool keys = (!v->keys_a || str_eq_z(x, v->keys_a)) && (!v->keys_b || str_eq_z(y, v->keys_b));
    bool found = v->is != NAMEKEY_SAME || (index_finds(str_of(v->a), str_of(v->b)) &&
                                           index_finds(str_of(v->b), str_of(v->a)));
    if (is == v->is && keys && found) return 0;
    print_error("%d %s | %s: %d, want %d; keys %.*s | %.*s, want %s | %s%s\n", number, v->a, v->b,
                is, v->is, SF(x), SF(y), v->keys_a ? v->keys_a : "-", v->keys_b ? v->keys_b : "-",
                found ? "" : "; not found by the index");
    return 1;
}

static void expect(const struct vector *v, size_t n) {
    int wrong_n = 0;
    for (size_t i = 0; i < n; i++) wrong_n += wrong(&v[i], (int)i + 1);
    assert_int_equal(wrong_n, 0);
}

static void vectors(void **state) {
    (void)state;
    static const struct vector v[] = {
        { "محمد رضا حسینی", "Mohammad Reza Hosseini", "MHMD RD HSN", "MHMD RD HSN", NAMEKEY_SAME },
        { "محمدرضا حسینی", "Mohammad-Reza Hosseini", "MHMDRD HSN", "MHMD RD HSN", NAMEKEY_SAME },
        { "Hosseini Mohammad Reza", "محمدرضا حسینی", "HSN MHMD RD", "MHMDRD HSN", NAMEKEY_SAME },
        { "علی‌رضا قاسمی", "Ali Reza Qasemi", "ALRD KSM", "AL RD KSM", NAMEKEY_SAME },
        { "علیرضا قاسمی", "Alireza Ghasemi", "ALRD KSM", "ALRD KSM", NAMEKEY_SAME },
        { "فاطمة الزهراء بن علي", "Fatima-Zahra Ben Ali", "FTM DHR BNL", "FTM DHR BNL",
          NAMEKEY_SAME },
        { "عبد الرحمن الشريف", "Abderrahmane Cherif", "ABDRHMN CRF", "ABDRHMN CRF", NAMEKEY_SAME },
        { "عبدالرحمن الشريف", "Abdul Rahman Al-Sharif", "ABDRHMN CRF", "ABDRHMN CRF",
          NAMEKEY_SAME },
        { "عبد الكريم بنجلون", "Abdelkrim Benjelloun", "ABDKRM BNJLN", "ABDKRM BNJLN",
          NAMEKEY_SAME },
        { "نور الدين بن عيسى", "Noureddine Benaissa", "NR DN BNS", "NRDN BNS", NAMEKEY_SAME },
        { "يوسف شوقي", "Youssef Chawki", "YSF CK", "YSF CK", NAMEKEY_SAME },
        { "یوسف شوقی", "Yusuf Shawqi", "YSF CK", "YSF CK", NAMEKEY_SAME },
        { "جمال عبد الناصر", "Gamal Abdel Nasser", "JML ABDNSR", "KML ABDNSR", NAMEKEY_SAME },
        { "جمال عبدالناصر", "Djamel Abdennacer", "JML ABDNSR", "JML ABDNSR", NAMEKEY_SAME },
        { "حسین احمدی", "Hossein Ahmadi", "HSN AHMD", "HSN AHMD", NAMEKEY_SAME },
        { "حسين أحمدي", "Hussain Ahmadi", "HSN AHMD", "HSN AHMD", NAMEKEY_SAME },
        { "السيد محمود درويش", "Mahmoud Darwish", "MHMD DRC", "MHMD DRC", NAMEKEY_SAME },
        { "آقای دکتر داوود پروین", "Davoud Parvin", "DD BRN", "DD BRN", NAMEKEY_SAME },
        { "پژمان چراغی", "Pezhman Cheraghi", "BJMN CRK", "BJMN CRK", NAMEKEY_SAME },
        { "رضا كريم", "Ridha Karim", "RD KRM", "RD KRM", NAMEKEY_SAME },
        { "رضا کریمی", "Reza Karimi", "RD KRM", "RD KRM", NAMEKEY_SAME },
        { "عثمان", "Osman", "ASMN", "ASMN", NAMEKEY_SAME },
        { "مُحَمَّد عَلِي", "Mohamed Ali", "MHMD AL", "MHMD AL", NAMEKEY_SAME },
        { "وليد خالد", "Oualid Khaled", "WLD XLD", "WLD XLD", NAMEKEY_SAME },
        { "عبدالله", "Abdollah", "ABDL", "ABDL", NAMEKEY_SAME },
        { "زين الدين زيدان", "Zinedine Zidane", "DN DN DDN", "DNDN DDN", NAMEKEY_SAME },
        { "خالد بن الوليد", "Khalid ibn al-Walid", "XLD BNLD", "XLD ABNLD", NAMEKEY_SAME },
        { "عبد العزيز بوتفليقة", "Abdelaziz Bouteflika", "ABDDD BTFLK", "ABDDD BTFLK",
          NAMEKEY_SAME },
        { "جورج وسوف", "George Wassouf", "JRJ WSF", "JRK WSF", NAMEKEY_SAME },
        { "هشام المهدي", "Hicham El Mehdi", "HCM MHD", "HCM MHD", NAMEKEY_SAME },
        { "علي", "علی", "AL", "AL", NAMEKEY_SAME },
        { "مؤمن", "مومن", "MMN", "MMN", NAMEKEY_SAME },
        { "حسن احمدی", "Hossein Ahmadi", "HSN AHMD", "HSN AHMD", NAMEKEY_NO },
        { "حسین احمدی", "حسن احمدی", "HSN AHMD", "HSN AHMD", NAMEKEY_NO },
        { "جمال", "Jamil", "JML", "JML", NAMEKEY_NO },
        { "نادر کریمی", "Nadira Karimi", "NDR KRM", "NDR KRM", NAMEKEY_NO },
        { "سلیم", "Salem", "SLM", "SLM", NAMEKEY_NO },
        { "کمال درویش", "Kamil Darwish", "KML DRC", "KML DRC", NAMEKEY_NO },
        { "سليمان داود", "Salman Daoud", "SLMN DD", "SLMN DD", NAMEKEY_NO },
        { "محمود کریمی", "Mohammad Karimi", "MHMD KRM", "MHMD KRM", NAMEKEY_NO },
        { "راضية علوي", "Reda Alaoui", "RD AL", "RD AL", NAMEKEY_NO },
        { "حامد", "Ahmad", "HMD", "AHMD", NAMEKEY_NO },
    };
    assert_int_equal(sizeof v / sizeof *v, 42);
    expect(v, sizeof v / sizeof *v);
}

/* The three that the prototype of the reference failed; these are right here. */
static void known_failures_of_the_prototype(void **state) {
    (void)state;
    static const struct vector v[] = {
        { "عامر سعيد", "Omar Said", "AMR SD", "AMR SD", NAMEKEY_NO },
        { "زهرا کریمی", "Zohreh Karimi", "DHR KRM", "DHR KRM", NAMEKEY_NO },
        { "بيار الجميل", "Pierre Gemayel", "BR JML", "BR JML", NAMEKEY_SAME },
    };
    expect(v, sizeof v / sizeof *v);
}

/* ---- The list of Arabic names ---- */

struct spelling {
    struct str arabic, latin;
    int row;
};
struct list {
    struct spelling *v;
    int n;
    struct str *arabic;
    int arabic_n;
};

static struct list read_list(void) {
    struct list l = { arena_array(arena, struct spelling, 4000), 0,
                      arena_array(arena, struct str, 1000), 0 };
    FILE *f = fopen("data/names/arabic_given_names.csv", "rb");
    assert_non_null(f);
    struct csv c;
    struct csv_row row;
    csv_open(&c, csv_from_file(f), ',');
    csv_next(&c, &row);
    while (csv_next(&c, &row) == CSV_ROW) {
        struct str arabic = str_dup(arena, row.cells[0]), one;
        struct str others = str_printf(arena, "%.*s;%.*s", SF(row.cells[2]), SF(row.cells[3]));
        while (str_cut(&others, ';', &one))
            if (one.n) l.v[l.n++] = (struct spelling){ arabic, one, l.arabic_n };
        l.arabic[l.arabic_n++] = arabic;
    }
    csv_close(&c);
    fclose(f);
    return l;
}

/* By the sound alone, as if there were no list. */
static bool sounds_alike(struct str arabic, struct str latin) {
    struct key_words a, l;
    key_words(arena, arabic, NAMEKEY_PERSON, &a);
    key_words(arena, latin, NAMEKEY_PERSON, &l);
    if (a.n != 1 || l.n != 1) return false;
    for (int i = 0; i < a.v[0].readings_n; i++)
        for (int k = 0; k < l.v[0].readings_n; k++)
            if (sound_conflicts(&l.v[0].reading[k], &a.v[0].reading[i]) == 0) return true;
    return false;
}

static void arabic_names_in_latin_letters(void **state) {
    (void)state;
    struct list l = read_list();
    int same_n = 0, sound_n = 0, found_n = 0;
    for (int i = 0; i < l.n; i++) {
        const struct namekey *a = namekey_new(arena, l.v[i].arabic, NAMEKEY_PERSON);
        const struct namekey *b = namekey_new(arena, l.v[i].latin, NAMEKEY_PERSON);
        bool sound = sounds_alike(l.v[i].arabic, l.v[i].latin);
        bool found = index_finds(l.v[i].latin, l.v[i].arabic);
        same_n += namekey_compare(a, b) == NAMEKEY_SAME;
        sound_n += sound;
        found_n += found;
        if ((!sound || !found) && getenv("SHOW"))
            print_message("%.*s %.*s%s%s\n", SF(l.v[i].arabic), SF(l.v[i].latin),
                          sound ? "" : " sound", found ? "" : " index");
    }
    print_message("%d names, %d spellings: same %.1f %%, by the sound alone %.1f %%, by the keys "
                  "of the index %.1f %%\n",
                  l.arabic_n, l.n, 100.0 * same_n / l.n, 100.0 * sound_n / l.n,
                  100.0 * found_n / l.n);
    assert_int_equal(l.arabic_n, 404);
    assert_true(same_n >= 0.995 * l.n);
    assert_true(sound_n >= 0.95 * l.n);
    assert_true(found_n >= 0.95 * l.n);
}

static uint64_t next_random(uint64_t *seed) {
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return *seed;
}

static bool is_spelling_of(const struct list *l, int row, struct str latin) {
    for (int i = 0; i < l->n; i++)
        if (l->v[i].row == row && str_eq_ascii(l->v[i].latin, latin)) return true;
    return false;
}

/* Pairs of different names of the list; a spelling that two names share is no mistake. */
static void random_pairs(void **state) {
    (void)state;
    enum { PAIRS = 300000 };
    struct list l = read_list();
    const struct namekey **a = arena_array(arena, const struct namekey *, l.arabic_n);
    const struct namekey **b = arena_array(arena, const struct namekey *, l.n);
    for (int i = 0; i < l.arabic_n; i++) a[i] = namekey_new(arena, l.arabic[i], NAMEKEY_PERSON);
    for (int i = 0; i < l.n; i++) b[i] = namekey_new(arena, l.v[i].latin, NAMEKEY_PERSON);
    uint64_t seed = 20261122;
    int same_n = 0, pairs_n = 0;
    while (pairs_n < PAIRS) {
        int i = (int)(next_random(&seed) % (uint64_t)l.arabic_n);
        int k = (int)(next_random(&seed) % (uint64_t)l.n);
        if (l.v[k].row == i || is_spelling_of(&l, i, l.v[k].latin)) continue;
        bool same = namekey_compare(a[i], b[k]) == NAMEKEY_SAME;
        if (same && getenv("SHOW"))
            print_message("wrong: %.*s %.*s\n", SF(l.arabic[i]), SF(l.v[k].latin));
        same_n += same;
        pairs_n++;
    }
    print_message("%d random pairs of different names: same %.3f %%\n", pairs_n,
                  100.0 * same_n / pairs_n);
    assert_true(same_n <= 0.01 * pairs_n);
}

/* Persian names that are not in the Arabic list, against Latin spellings of that list. */
static void persian_names_are_not_others(void **state) {
    (void)state;
    struct list l = read_list();
    struct map known = map_new(arena);
    for (int i = 0; i < l.arabic_n; i++) *map_at(&known, fold(arena, l.arabic[i])) = &l;
    const struct namekey **b = arena_array(arena, const struct namekey *, l.n);
    for (int i = 0; i < l.n; i++) b[i] = namekey_new(arena, l.v[i].latin, NAMEKEY_PERSON);
    int same_n = 0, pairs_n = 0;
    for (int i = 0; i < name_table_n; i++) {
        if (!(name_table[i].is & NAME_PERSIAN)) continue;
        if (map_get(&known, str_of(name_table[i].name))) continue;
        struct arena_mark mark = arena_mark(arena);
        const struct namekey *a = person(name_table[i].name);
        for (int k = i % 7; k < l.n; k += 7) {
            same_n += namekey_compare(a, b[k]) == NAMEKEY_SAME;
            pairs_n++;
        }
        arena_back(arena, mark);
    }
    print_message("%d pairs of other Persian names with Arabic ones in Latin letters: same %.3f "
                  "%%\n",
                  pairs_n, 100.0 * same_n / pairs_n);
    assert_true(same_n <= 0.005 * pairs_n);
}

/* Different names of one script are never the same, unless the list says so. */
static void one_script(void **state) {
    (void)state;
    enum { NAMES = 600 };
    const struct namekey *v[NAMES];
    int n = 0, same_n = 0;
    for (int i = 0; i < name_table_n && n < NAMES; i++)
        if (name_table[i].is & NAME_PERSIAN && name_table[i].is & NAME_COMMON)
            v[n++] = person(name_table[i].name);
    for (int i = 0; i < n; i++)
        for (int k = i + 1; k < n; k++) same_n += namekey_compare(v[i], v[k]) == NAMEKEY_SAME;
    assert_true(n > 400);
    assert_true(same_n <= n / 50); /* «ابراهیم» «ابراهيم», «علیرضا» «علی رضا» */
}

/* ---- The rest of the header ---- */

static void same_script(void **state) {
    (void)state;
    static const struct vector v[] = {
        { "Jean-François Lefèvre", "Jean Francois Lefevre", NULL, NULL, NAMEKEY_SAME },
        { "Œuvrard", "Oeuvrard", NULL, NULL, NAMEKEY_SAME },
        { "d'Ormesson", "D'ORMESSON", NULL, NULL, NAMEKEY_SAME },
        { "d’Ormesson", "dOrmesson", NULL, NULL, NAMEKEY_SAME },
        { "Müller", "Muller", NULL, NULL, NAMEKEY_SAME },
        { "MARTIN Élodie", "Élodie Martin", NULL, NULL, NAMEKEY_SAME },
        { "Jean-Pierre Dupont", "Jean Pierre DUPONT", NULL, NULL, NAMEKEY_SAME },
        { "Charles de Gaulle", "Gaulle, Charles de", NULL, NULL, NAMEKEY_POSSIBLE },
        { "Mme Anne Roux", "Anne Roux", NULL, NULL, NAMEKEY_SAME },
        { "Jon Smith", "John Smith", NULL, NULL, NAMEKEY_NO },
        { "Ben Smith", "Smith Ben", NULL, NULL, NAMEKEY_SAME },
        { "Al-Sharif", "Sharif", NULL, NULL, NAMEKEY_SAME },
        { "Alsharif", "Sharif", NULL, NULL, NAMEKEY_SAME },
        { "Mohamed Salah", "Muhammad Salah", NULL, NULL, NAMEKEY_SAME },
        { "Mohamad Salah", "Mohammed Salah", NULL, NULL, NAMEKEY_SAME },
        { "Houcine", "Hussein", NULL, NULL, NAMEKEY_SAME },
        { "Hassan", "Hossein", NULL, NULL, NAMEKEY_NO },
        { "علی رضا کریمی", "علیرضا کریمی", NULL, NULL, NAMEKEY_SAME },
        { "علي‌رضا كريمي", "علی رضا کریمی", NULL, NULL, NAMEKEY_SAME },
        { "محمد علی رضایی", "علی محمد رضایی", NULL, NULL, NAMEKEY_POSSIBLE },
        { "محمد علی رضایی", "محمد رضایی", NULL, NULL, NAMEKEY_POSSIBLE },
        { "رضایی", "محمد رضایی", NULL, NULL, NAMEKEY_NO },
        { "حسن البغدادي", "حسن بغدادي", NULL, NULL, NAMEKEY_SAME },
        { "عبد الرحمن", "عبدالرحمن", NULL, NULL, NAMEKEY_SAME },
        { "Иван Петров", "Петров Иван", NULL, NULL, NAMEKEY_SAME },
        { "山田 太郎", "山田太郎", NULL, NULL, NAMEKEY_SAME },
        { "山田 太郎", "山本 太郎", NULL, NULL, NAMEKEY_NO },
        { "Ali 2", "علی 3", NULL, NULL, NAMEKEY_NO },
        { "", "", NULL, NULL, NAMEKEY_NO },
    };
    int wrong_n = 0;
    for (size_t i = 0; i < sizeof v / sizeof *v; i++)
        if (compare(v[i].a, v[i].b) != v[i].is) {
            print_error("%s | %s: want %d\n", v[i].a, v[i].b, v[i].is);
            wrong_n++;
        }
    assert_int_equal(wrong_n, 0);
}

/* Pairs written after the rules stood: names as they are met in papers and registers. */
static void more_pairs(void **state) {
    (void)state;
    static const struct vector v[] = {
        { "گلشیفته فراهانی", "Golshifteh Farahani", NULL, NULL, NAMEKEY_SAME },
        { "امیرحسین رستمی", "Amir Hossein Rostami", NULL, NULL, NAMEKEY_SAME },
        { "محمود احمدی‌نژاد", "Mahmoud Ahmadinejad", NULL, NULL, NAMEKEY_SAME },
        { "سید محمد خاتمی", "Seyed Mohammad Khatami", NULL, NULL, NAMEKEY_SAME },
        { "علی خامنه‌ای", "Ali Khamenei", NULL, NULL, NAMEKEY_SAME },
        { "غلامحسین ابراهیمی دینانی", "Gholamhossein Ebrahimi Dinani", NULL, NULL, NAMEKEY_SAME },
        { "زهرا رضایی", "Zahra Rezaei", NULL, NULL, NAMEKEY_SAME },
        { "مجتبی زارعی", "Mojtaba Zarei", NULL, NULL, NAMEKEY_SAME },
        { "هواري بومدين", "Houari Boumediene", NULL, NULL, NAMEKEY_SAME },
        { "نجيب محفوظ", "Naguib Mahfouz", NULL, NULL, NAMEKEY_SAME },
        { "معمر القذافي", "Moammar Qadhafi", NULL, NULL, NAMEKEY_SAME },
        { "بشار الأسد", "Bashar al-Assad", NULL, NULL, NAMEKEY_SAME },
        { "عبد المجيد تبون", "Abdelmadjid Tebboune", NULL, NULL, NAMEKEY_SAME },
        { "أشرف حكيمي", "Achraf Hakimi", NULL, NULL, NAMEKEY_SAME },
        { "صلاح الدين", "Salahuddin", NULL, NULL, NAMEKEY_SAME },
        { "بهاءالدین", "Bahaeddin", NULL, NULL, NAMEKEY_SAME },
        { "ابراهیم", "Brahim", NULL, NULL, NAMEKEY_SAME },
        { "محمد بن سعود العتيبي", "Mohammed Al Otaibi", NULL, NULL, NAMEKEY_POSSIBLE },
        { "علی", "Ala", NULL, NULL, NAMEKEY_NO },
        { "ولی", "Walid", NULL, NULL, NAMEKEY_NO },
        { "کریمی", "Karami", NULL, NULL, NAMEKEY_NO },
        { "فرید", "Farida", NULL, NULL, NAMEKEY_NO },
        { "محمد حسین احمدی", "Mohammad Hassan Ahmadi", NULL, NULL, NAMEKEY_NO },
        { "عبدالرحیم کریمی", "Abdolrahman Karimi", NULL, NULL, NAMEKEY_NO },
        { "احمد محمدی", "Hamed Mohammadi", NULL, NULL, NAMEKEY_NO },
    };
    expect(v, sizeof v / sizeof *v);
}

static void why_they_are_alike(void **state) {
    (void)state;
    static const struct {
        const char *a, *b;
        unsigned why;
    } v[] = {
        { "رضا کریمی", "كريمي رضا", NAMEKEY_SPELLED | NAMEKEY_TURNED },
        { "Mohamed", "Muhammad", NAMEKEY_FAMILY },
        { "Karimi", "کریمی", NAMEKEY_SOUND },
        { "علیرضا", "علی رضا", NAMEKEY_SPELLED | NAMEKEY_GLUED },
        { "Amirali Karimi", "امیر علی کریمی", NAMEKEY_SOUND | NAMEKEY_GLUED },
        { "Anne Roux", "Anne Marie Roux", NAMEKEY_SPELLED | NAMEKEY_SHORTER },
        { "Anne", "Anna", 0 },
    };
    for (size_t i = 0; i < sizeof v / sizeof *v; i++) {
        unsigned why;
        namekey_compared(person(v[i].a), person(v[i].b), &why);
        if (why != v[i].why) fail_msg("%s | %s: why %u", v[i].a, v[i].b, why);
    }
}

static void within(void **state) {
    (void)state;
    static const struct {
        const char *asked, *name;
        bool is;
    } v[] = {
        { "Karimi", "رضا کریمی", true },           { "Ali Reza", "علیرضا قاسمی", true },
        { "علیرضا", "Ali Reza Ghasemi", true },    { "Ghasemi Alireza", "علی رضا قاسمی", true },
        { "Mohammad Rezaei", "محمد رضایی", true }, { "محمد رضائي", "Mohammad Rezaei", true },
        { "Reza Reza", "رضا کریمی", false },       { "Karami", "رضا کریمی", false },
        { "Ali Reza Karimi", "علی کریمی", false }, { "", "علی کریمی", false },
    };
    for (size_t i = 0; i < sizeof v / sizeof *v; i++) {
        bool is = namekey_within(person(v[i].asked), person(v[i].name)) == NAMEKEY_SAME;
        if (is != v[i].is) fail_msg("%s in %s: %d", v[i].asked, v[i].name, is);
        if (is && !index_finds(str_of(v[i].asked), str_of(v[i].name)))
            fail_msg("%s in %s: not found by the index", v[i].asked, v[i].name);
    }
}

static void long_names(void **state) {
    (void)state;
    struct str word = S(""), words = S("");
    for (int i = 0; i < 300; i++) {
        word = str_join(arena, (struct str[]){ word, S("b") }, 2, S(""));
        words = str_join(arena, (struct str[]){ words, S("خالد") }, 2, S(" "));
    }
    struct str other = str_printf(arena, "%.*sc", SF(word)),
               others = str_printf(arena, "%.*s سعد", SF(words));
    struct str v[] = { word, other, words, others };
    for (int i = 0; i < 4; i++)
        for (int k = 0; k < 4; k++) {
            enum namekey_is is = namekey_compare(namekey_new(arena, v[i], NAMEKEY_PERSON),
                                                 namekey_new(arena, v[k], NAMEKEY_PERSON));
            assert_true((is == NAMEKEY_SAME) == (i == k));
        }
    struct strs terms;
    assert_true(namekey_terms(arena, words, &terms) <= NAMEKEY_TERMS_MOST);
    assert_int_equal(namekey_terms(arena, S("Mme. - '"), &terms), 1);
    assert_int_equal(namekey_terms(arena, S(" ... "), &terms), 0);
}

static void nicknames_of_the_list(void **state) {
    (void)state;
    assert_int_equal(nickname_of(S("Rob"), S("robert")), NICKNAME_OF);
    assert_int_equal(nickname_of(S("ROBERT"), S("Rob")), NICKNAME_OF);
    assert_int_equal(nickname_of(S("Dob"), S("Hob")), NICKNAME_SHARED);
    assert_int_equal(nickname_of(S("Robert"), S("Robert")), NICKNAME_NO);
    assert_int_equal(nickname_of(S("Robert"), S("Margaret")), NICKNAME_NO);
    assert_int_equal(nickname_of(S("محمد"), S("Rob")), NICKNAME_NO);
    assert_int_equal(nickname_of(S(""), S("")), NICKNAME_NO);
    assert_int_equal(namekey_nickname(person("Rob Smith"), person("Robert Smith")), NICKNAME_OF);
    assert_int_equal(namekey_nickname(person("SMITH Rob"), person("Robert Smith")), NICKNAME_OF);
    assert_int_equal(namekey_nickname(person("Rob Smith"), person("Robert Jones")), NICKNAME_NO);
    assert_int_equal(namekey_nickname(person("Rob Smith"), person("Rob Smith")), NICKNAME_NO);
    /* The whole list: every row of it is known, either way round. */
    FILE *f = fopen("data/names/nicknames.csv", "rb");
    assert_non_null(f);
    struct csv c;
    struct csv_row row;
    int n = 0;
    csv_open(&c, csv_from_file(f), ',');
    csv_next(&c, &row);
    while (csv_next(&c, &row) == CSV_ROW) {
        assert_int_equal(nickname_of(row.cells[0], row.cells[2]), NICKNAME_OF);
        assert_int_equal(nickname_of(row.cells[2], row.cells[0]), NICKNAME_OF);
        n++;
    }
    csv_close(&c);
    fclose(f);
    assert_int_equal(n, 2691);
}

static void families_and_shares(void **state) {
    (void)state;
    assert_true(spelling_family(S("Mohammed"), S("Muhammad")));
    assert_true(spelling_family(S("Mohamed"), S("محمد")));
    assert_true(spelling_family(S("Mohamad"), S("محمّد")));
    assert_false(
        spelling_family(S("Mehmet"), S("محمد"))); /* neither the list nor the key says so */
    assert_false(spelling_family(S("Hassan"), S("Hossein")));
    assert_false(spelling_family(S("Smith"), S("Smith")));
    assert_true(given_name_share(S("فاطمه")) > 0.0622 && given_name_share(S("فاطمه")) < 0.0624);
    assert_true(given_name_share(S("فاطمة")) > 0.06);
    assert_true(given_name_share(S("Fatima")) > 0.06);
    assert_true(given_name_share(S("Fatemeh")) > 0.06);
    assert_true(given_name_share(S("Ali")) > 0.02);
    assert_true(given_name_share(S("Smith")) == 0);
}

static void organisations(void **state) {
    (void)state;
    static const struct {
        const char *name, *key, *form;
    } v[] = {
        { "SARL Dupont & Fils", "dupont fils", "sarl" },
        { "Dupont et Fils S.A.R.L.", "dupont fils", "sarl" },
        { "Dupont et Fils (SARL)", "dupont fils", "sarl" },
        { "Société Dupont", "dupont", "" },
        { "Boulangerie Martin EURL", "boulangerie martin", "eurl" },
        { "Martin SAS", "martin", "sas" },
        { "Martin SASU", "martin", "sasu" },
        { "Renault SA", "renault", "sa" },
        { "S.A. Renault", "renault", "sa" },
        { "SCI Les Lilas", "les lilas", "sci" },
        { "Martin EI", "martin", "ei" },
        { "Acme Ltd", "acme", "ltd" },
        { "Acme Ltd.", "acme", "ltd" },
        { "Acme Limited", "acme", "ltd" },
        { "Acme Co., Ltd.", "acme", "ltd" },
        { "Acme LLC", "acme", "llc" },
        { "Acme L.L.C.", "acme", "llc" },
        { "Acme Inc.", "acme", "inc" },
        { "Acme PLC", "acme", "plc" },
        { "Müller GmbH", "muller", "gmbh" },
        { "Müller GmbH & Co. KG", "muller", "gmbh & co kg" },
        { "شرکت البرز (سهامی خاص)", "البرز", "private joint stock" },
        { "شركة البرز سهامي خاص", "البرز", "private joint stock" },
        { "شرکت فولاد مبارکه (سهامی عام)", "فولاد مبارکه", "public joint stock" },
        { "شرکت پارس با مسئولیت محدود", "پارس", "limited (ir)" },
        { "شركة النور للتجارة ذ.م.م", "النور للتجاره", "wll" },
        { "شركة النور للتجارة ذات مسؤولية محدودة", "النور للتجاره", "wll" },
        { "شركة النور ش.م.م", "النور", "joint stock" },
        { "شركة النور ش.م.ك", "النور", "joint stock" },
        { "مؤسسة النور", "النور", "" },
        { "موسسه نور", "نور", "" },
        { "SARL", "sarl", "sarl" },
        { "Company", "company", "" },
        { "Sa Majesté", "sa majeste", "" },
        { "", "", "" },
    };
    int wrong_n = 0;
    for (size_t i = 0; i < sizeof v / sizeof *v; i++) {
        struct str key = organisation_key(arena, str_of(v[i].name));
        struct str form = organisation_form(arena, str_of(v[i].name));
        if (str_eq_z(key, v[i].key) && str_eq_z(form, v[i].form)) continue;
        print_error("%s: «%.*s» «%.*s»\n", v[i].name, SF(key), SF(form));
        wrong_n++;
    }
    assert_int_equal(wrong_n, 0);
    const struct namekey *x = namekey_new(arena, S("شرکت البرز (سهامی خاص)"), NAMEKEY_ORGANISATION);
    const struct namekey *y = namekey_new(arena, S("Alborz Co."), NAMEKEY_ORGANISATION);
    const struct namekey *z = namekey_new(arena, S("Damavand Co."), NAMEKEY_ORGANISATION);
    assert_int_equal(namekey_compare(x, y), NAMEKEY_SAME);
    assert_int_equal(namekey_compare(x, z), NAMEKEY_NO);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(vectors),
        cmocka_unit_test(known_failures_of_the_prototype),
        cmocka_unit_test(arabic_names_in_latin_letters),
        cmocka_unit_test(random_pairs),
        cmocka_unit_test(persian_names_are_not_others),
        cmocka_unit_test(one_script),
        cmocka_unit_test(same_script),
        cmocka_unit_test(more_pairs),
        cmocka_unit_test(why_they_are_alike),
        cmocka_unit_test(within),
        cmocka_unit_test(long_names),
        cmocka_unit_test(nicknames_of_the_list),
        cmocka_unit_test(families_and_shares),
        cmocka_unit_test(organisations),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
