/* The vectors of localisation.md 2.2, 2.7 and 5.3 (19) for lib/text/fold, and its properties. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "lib/base/buf.h"
#include "lib/base/clock.h"
#include "lib/base/random.h"
#include "lib/text/fold.h"

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

static void expect_str(struct str got, const char *want) {
    if (!str_eq_z(got, want)) fail_msg("got «%.*s», want «%s»", SF(got), want);
}

struct pair {
    const char *a, *b;
};

/* What each row of table 2.2 makes of its members. */
static const struct pair table_rows[] = {
    /* compatibility */
    { "ﷲ", "الله" },
    { "ﻣﺤﻤﺪ", "محمد" },
    { "Ａｌｉ１", "ali1" },
    { "ﭘﮋﻣﺎﻥ", "پژمان" },
    { "ﻻ", "لا" },
    { "ﬁn", "fin" },
    { "Ⅳ", "iv" },
    { "﷼", "ریال" },
    /* yeh, kaf, alef, waw, heh, hamza */
    { "ي ى ئ ې ے ۓ ی", "ی ی ی ی ی ی ی" },
    { "ك ڪ ک", "ک ک ک" },
    { "أ إ آ ٱ ا", "ا ا ا ا ا" },
    { "ؤ و", "و و" },
    { "ة ۀ ۃ ہ ھ ە هٔ ۂ ه", "ه ه ه ه ه ه ه ه ه" },
    { "ماء سوء", "ما سو" },
    { "خانهٔ", "خانه" },
    { "خانۀ", "خانه" },
    { "مٔ مٕ", "م م" },
    { "آ", "ا" },
    { "أ", "ا" },
    { "سیٔ", "سی" },
    /* marks, tatweel */
    { "مُحَمَّد", "محمد" },
    { "عَلِيٌّ", "علی" },
    { "رحمٰن", "رحمن" },
    { "قرؐآنۖ۝", "قران" },
    { "محـــمد", "محمد" },
    { "ﹰــ", "" },
    /* invisible */
    { "می‌خواهم", "میخواهم" },
    { "‏علی‎", "علی" },
    { "a\u200B\u200D\u2060\uFEFF\u00AD\u202A\u202E\u2066\u2069\u061C"
      "b",
      "ab" },
    /* digits */
    { "٠١٢٣٤٥٦٧٨٩ ۰۱۲۳۴۵۶۷۸۹", "0123456789 0123456789" },
    { "०१२", "012" },
    { "x²", "x2" },
    /* kept */
    { "پ چ ژ گ ڤ", "پ چ ژ گ ڤ" },
    { "بابا", "بابا" },
    /* Latin */
    { "Œuvre cœur ÆæÇç", "oeuvre coeur aeaecc" },
    { "Straße STRASSE ẞ", "strasse strasse ss" },
    { "Ø ø Đ đ Ł ł İ I ı i", "o o d d l l i i i i" },
    { "Élodie ÉLODIE e\u0301", "elodie elodie e" },
    { "ŸÿÑñ", "yynn" },
    { "ǅ ǆ", "dz dz" },
    { "Trần Văn Đức", "tran van duc" },
    { "Þór Guðmundur", "thor gudmundur" },
    { "ſ", "s" },
    /* apostrophes: with ASCII, typographic, modifier letters, accents as characters, ayn */
    { "d'Alembert", "dalembert" },
    { "d’Alembert", "dalembert" },
    { "d‘Alembert", "dalembert" },
    { "dʼAlembert", "dalembert" },
    { "d`Alembert", "dalembert" },
    { "d´Alembert", "dalembert" },
    { "d＇Alembert", "dalembert" },
    { "ʿAli Qurʾan", "ali quran" },
    { "d´Alembert 中", "dalembert 中" },
    /* hyphens, dashes, spaces */
    { "a-b‐c‑d–e—f_g\u00A0h\u202Fi", "a b c d e f g h i" },
    { "  Jean \t- \n Pierre  ", "jean pierre" },
    { "a\u3000b\u2028c\xC2\x85"
      "d",
      "a b c d" },
    /* punctuation */
    { "،؛؟«»\".()", "" },
    { "«علی»، (رضا)؛ \"x\"؟ y.", "علی رضا x y" },
    { "Smith, John; [x] {y} a/b\\c: d! e? f&g#h", "smith john x y a b c d e f g h" },
    { "S.A.R.L.", "s a r l" },
    { "5 € $7", "5 € $7" },
    { "…", "" },
    /* other scripts stay words */
    { "Андрей", "андреи" },
    { "Άννα ΣΊΣΥΦΟΣ", "αννα σισυφοσ" },
    { "が か\u3099", "が が" },
    { "한국어", "한국어" },
    { "中文。名", "中文 名" },
    { "", "" },
    { " ", "" },
    { "😀 ok", "😀 ok" },
};

static void folds_as_the_table_says(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof table_rows / sizeof *table_rows; i++)
        expect_str(fold(arena, str_of(table_rows[i].a)), table_rows[i].b);
}

/* Pairs that must be found by each other: 2.2 (ICU table), 2.7 (French), 5.3 (19). */
static void equal_pairs(void **state) {
    (void)state;
    static const struct pair v[] = {
        { "علي", "علی" },
        { "مكة", "مکه" },
        { "أحمد", "احمد" },
        { "مؤمن", "مومن" },
        { "فاطمة", "فاطمه" },
        { "آرش", "ارش" },
        { "مُحَمَّد", "محمد" },
        { "محـــمد", "محمد" },
        { "می‌خواهم", "میخواهم" },
        { "۱۲۳", "123" },
        { "١٢٣", "123" },
        { "Élodie", "elodie" },
        { "cœur", "coeur" },
        { "Jean-François Lefèvre", "Jean Francois Lefevre" },
        { "Jean-Pierre", "Jean Pierre" },
        { "Œuvrard", "Oeuvrard" },
        { "d'Ormesson", "D'ORMESSON" },
        { "d'Ormesson", "dOrmesson" },
        { "d’Ormesson", "dOrmesson" },
        { "Müller", "Muller" },
        { "۰۹۱۲", "0912" },
        { "٠٩١٢", "0912" },
        { "شركة", "شرکه" },
        { "مسئول", "مسیول" },
        { "هيئة", "هییه" },
    };
    for (size_t i = 0; i < sizeof v / sizeof *v; i++) {
        struct str a = fold(arena, str_of(v[i].a)), b = fold(arena, str_of(v[i].b));
        if (!str_eq(a, b)) fail_msg("%s: «%.*s», %s: «%.*s»", v[i].a, SF(a), v[i].b, SF(b));
        assert_true(a.n > 0);
    }
    static const struct pair differ[] = {
        { "حسن", "حسین" }, { "جمال", "جمیل" }, { "پارس", "بارس" }, { "الحسن", "حسن" },
        { "گل", "کل" },    { "ali", "aly" },   { "ژاله", "زاله" }, { "1", "2" },
    };
    for (size_t i = 0; i < sizeof differ / sizeof *differ; i++)
        assert_false(str_eq(fold(arena, str_of(differ[i].a)), fold(arena, str_of(differ[i].b))));
}

/* The tables and ICU agree on every character: a Chinese one sends the text by ICU. */
static void both_ways_agree(void **state) {
    (void)state;
    for (int32_t c = 1; c < 0x2100; c++) {
        struct arena_mark m = arena_mark(arena);
        struct buf b = { .arena = arena };
        buf_add_z(&b, "x");
        buf_add_utf8(&b, c >= 0xD800 && c < 0xE000 ? 'x' : c);
        buf_add_z(&b, "y");
        struct str by_table = fold(arena, buf_str(&b));
        buf_add_z(&b, "中");
        struct str by_icu = fold(arena, buf_str(&b));
        assert_true(str_ends(by_icu, S("中")));
        by_icu.n -= 3;
        if (!str_eq(by_table, by_icu))
            fail_msg("U+%04X: table «%.*s», ICU «%.*s»", (unsigned)c, SF(by_table), SF(by_icu));
        arena_back(arena, m);
    }
}

static int32_t any_character(struct dice *d) {
    static const int32_t ranges[][2] = {
        { 0, 0x7F },        { 0x80, 0x17F },       { 0x300, 0x36F },     { 0x600, 0x6FF },
        { 0x2000, 0x206F }, { 0xFB50, 0xFEFF },    { 0x180, 0x24FF },    { 0xAC00, 0xD7A3 },
        { 0x1100, 0x11FF }, { 0x3000, 0x30FF },    { 0, 0xD7FF },        { 0xE000, 0xFFFF },
        { 0x900, 0xDFF },   { 0x10000, 0x10FFFF }, { 0x1D100, 0x1D7FF },
    };
    int64_t k = dice_below(d, sizeof ranges / sizeof *ranges);
    return (int32_t)(ranges[k][0] + dice_below(d, ranges[k][1] - ranges[k][0] + 1));
}

static void expect_folded(struct str text) {
    struct str once = fold(arena, text), twice = fold(arena, once);
    if (!utf8_valid(once)) fail_msg("fold of %s is not UTF-8", str_hex(arena, text.p, text.n).p);
    if (!str_eq(once, twice))
        fail_msg("%s: once %s, twice %s", str_hex(arena, text.p, text.n).p,
                 str_hex(arena, once.p, once.n).p, str_hex(arena, twice.p, twice.n).p);
    assert_false(str_starts(once, S(" ")) || str_ends(once, S(" ")));
    assert_true(str_find(once, S("  ")) < 0);
}

static void every_character_folds_once(void **state) {
    (void)state;
    for (int32_t c = 0; c < 0x110000; c++) {
        if (c >= 0xD800 && c < 0xE000) continue;
        char p[4];
        struct arena_mark m = arena_mark(arena);
        expect_folded((struct str){ p, (size_t)utf8_put(p, c) });
        arena_back(arena, m);
    }
}

static void random_texts_fold_once(void **state) {
    (void)state;
    struct dice d = { 19 };
    for (int round = 0; round < 40000; round++) {
        struct arena_mark m = arena_mark(arena);
        struct buf b = { .arena = arena };
        for (int64_t n = dice_below(&d, 12); n >= 0; n--) buf_add_utf8(&b, any_character(&d));
        expect_folded(buf_str(&b));
        char junk[16];
        for (size_t i = 0; i < sizeof junk; i++) junk[i] = (char)dice_next(&d);
        expect_folded((struct str){ junk, sizeof junk });
        arena_back(arena, m);
    }
}

static void bytes_that_are_not_utf8(void **state) {
    (void)state;
    expect_str(fold(arena, S("a\xFFz")), "a\uFFFDz");
    expect_str(fold(arena, S("\xD8")), "\uFFFD");
    expect_str(fold(arena, S("\xED\xA0\x80")), "\uFFFD\uFFFD\uFFFD");
    expect_str(fold(arena, S("a\0b")), "a b");
    assert_int_equal(fold(arena, NO_STR).n, 0);
}

static void expect_words(struct strs got, int n, const char *want) {
    struct str all = str_join(arena, got.v, got.n, S("|"));
    expect_str(all, want);
    assert_int_equal(n, got.n);
}

static void words_for_the_index(void **state) {
    (void)state;
    static const struct pair v[] = {
        { "می‌خواهم", "میخواهم|می|خواهم" },
        { "می خواهم", "می|خواهم" },
        { "میخواهم", "میخواهم" },
        { "Ali Reza ali", "ali|reza" },
        { "علي علی", "علی" },
        { "خانه‌های علی‌رضا", "خانههای|علیرضا|خانه|های|علی|رضا" },
        { "d'Ormesson", "dormesson|d|ormesson" },
        { "L’Oréal Paris", "loreal|paris|l|oreal" },
        { "Jean-Pierre O'Brien‌x", "jean|pierre|obrienx|o|brien|x" },
        { "‌", "" },
        { "", "" },
        { "()", "" },
    };
    for (size_t i = 0; i < sizeof v / sizeof *v; i++) {
        struct strs got;
        int n = fold_words(arena, str_of(v[i].a), &got);
        expect_words(got, n, v[i].b);
    }
}

static void words_of_an_address(void **state) {
    (void)state;
    static const struct pair v[] = {
        { "Ali.Rezai@Example.COM", "ali.rezai@example.com|ali|rezai|example|com" },
        { " jean-rené_x+News@free.fr ", "jean-rene_x+news@free.fr|jean|rene|x|news|free|fr" },
        { "a@a.a", "a@a.a|a" },
        { "info@دفتر.ایران", "info@دفتر.ایران|info|دفتر|ایران" },
        { "", "" },
    };
    for (size_t i = 0; i < sizeof v / sizeof *v; i++) {
        struct strs got;
        int n = fold_email_words(arena, str_of(v[i].a), &got);
        expect_words(got, n, v[i].b);
    }
    expect_str(fold_email(arena, S("ＡLI@x.ir")), "ali@x.ir");
    expect_str(fold_email(arena, S("o'brien (home)@x.ir")), "obrienhome@x.ir");
}

static void digits_of_phones(void **state) {
    (void)state;
    expect_str(fold_digits(arena, S("۰۹۱۲ ۳۴۵-۶۷۸۹")), "09123456789");
    expect_str(fold_digits(arena, S("‎+٩٨ (21) x８७")), "982187");
    expect_str(fold_digits(arena, S("abc \xFF")), "");
    expect_str(fold_digits(arena, NO_STR), "");
}

static void cleaning_what_was_typed(void **state) {
    (void)state;
    static const struct {
        const char *typed;
        int how;
        const char *want;
    } v[] = {
        { "  Ali  Reza \t", CLEAN_LINE, "Ali  Reza" },
        { "e\u0301", CLEAN_LINE, "é" },
        { "ﷲ Ａ", CLEAN_LINE, "ﷲ Ａ" },
        { "علي مكي", CLEAN_LINE, "علي مكي" },
        { "علي مكي", CLEAN_PERSIAN, "علی مکی" },
        { "می‌خواهم", CLEAN_PERSIAN, "می‌خواهم" },
        { "موسى فاطمة", CLEAN_PERSIAN, "موسى فاطمة" },
        { "\u200F\u202Bعلی\u202C\u200E \uFEFF", CLEAN_LINE, "علی" },
        { "\u200Eعلی\u200Eرضا", CLEAN_LINE, "علی\u200Eرضا" },
        { "a\x01\x7F\xC2\x80"
          "b",
          CLEAN_LINE, "ab" },
        { "a\r\nb\tc", CLEAN_LINE, "a b c" },
        { "a\r\nb\rc\n\td\u2028e", CLEAN_LONG, "a\nb\nc\n\td\ne" },
        { "\n a \n", CLEAN_LONG, "a" },
        { "\u00A0x\u3000", CLEAN_LINE, "x" },
        { "مُحَمَّد", CLEAN_LINE, "مُحَمَّد" },
        { "\u0627\u0653", CLEAN_LINE, "آ" },
        { "x\xFFy", CLEAN_LINE, "x\uFFFDy" },
        { "", CLEAN_LINE, "" },
        { "\u200F", CLEAN_LINE, "" },
        { "كي\x01", CLEAN_LONG | CLEAN_PERSIAN, "کی" },
    };
    for (size_t i = 0; i < sizeof v / sizeof *v; i++) {
        struct str got = text_clean(arena, str_of(v[i].typed), (enum text_clean_how)v[i].how);
        expect_str(got, v[i].want);
        assert_non_null(got.p);
    }
    assert_non_null(text_clean(arena, NO_STR, CLEAN_LINE).p);
    expect_str(text_clean(arena, S("a\0b"), CLEAN_LINE), "ab");
}

static void cleaning_twice_changes_nothing(void **state) {
    (void)state;
    struct dice d = { 7 };
    for (int round = 0; round < 20000; round++) {
        struct arena_mark m = arena_mark(arena);
        struct buf b = { .arena = arena };
        for (int64_t n = dice_below(&d, 8); n >= 0; n--) buf_add_utf8(&b, any_character(&d));
        enum text_clean_how how = (enum text_clean_how)dice_below(&d, 4);
        struct str once = text_clean(arena, buf_str(&b), how);
        struct str twice = text_clean(arena, once, how);
        if (!utf8_valid(once) || !str_eq(once, twice))
            fail_msg("%s: once %s, twice %s", str_hex(arena, b.p, b.n).p,
                     str_hex(arena, once.p, once.n).p, str_hex(arena, twice.p, twice.n).p);
        arena_back(arena, m);
    }
}

/* Not a benchmark, a floor: an import folds millions of rows. Sanitizers cost a factor of ten. */
static void fast_enough(void **state) {
    (void)state;
    struct str text = S("محمدرضا حسینی‌نژاد Jean-François Lefèvre, تهران "
                        "۰۹۱۲۳۴۵۶۷۸۹ "
                        "d'Ormesson ");
    int64_t from = clock_mono_us(), bytes = 0;
    for (int i = 0; i < 20000; i++) {
        struct arena_mark m = arena_mark(arena);
        bytes += (int64_t)text.n;
        assert_true(fold(arena, text).n > 0);
        arena_back(arena, m);
    }
    int64_t took_us = clock_mono_us() - from + 1;
    print_message("fold: %lld MB/s\n", (long long)(bytes / took_us));
    assert_true(bytes * 2 >= took_us); /* 0.5 MB/s even under sanitizers on a busy machine */
}

int main(void) {
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(folds_as_the_table_says),
        cmocka_unit_test(equal_pairs),
        cmocka_unit_test(both_ways_agree),
        cmocka_unit_test(every_character_folds_once),
        cmocka_unit_test(random_texts_fold_once),
        cmocka_unit_test(bytes_that_are_not_utf8),
        cmocka_unit_test(words_for_the_index),
        cmocka_unit_test(words_of_an_address),
        cmocka_unit_test(digits_of_phones),
        cmocka_unit_test(cleaning_what_was_typed),
        cmocka_unit_test(cleaning_twice_changes_nothing),
        cmocka_unit_test(fast_enough),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
