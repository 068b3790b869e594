/* Sort keys: the orders that readers of each alphabet notice at once, letters, cutting, clones. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <pthread.h>

#include "lib/base/arena.h"
#include "lib/base/clock.h"
#include "lib/locale/collate.h"

/* Each text before the next; "=" in front: the same as the one before, but for case or accent at
 * most. */
static void check_order(const char *alphabet, const char *const *texts) {
    struct arena *a = arena_new();
    struct collator *c = collator_open(alphabet);
    struct str before = NO_STR;
    for (int i = 0; texts[i]; i++) {
        struct str key = collator_key(c, a, str_of(texts[i]));
        assert_null(key.n ? memchr(key.p, 0, key.n) : NULL);
        if (i && str_cmp(before, key) >= 0)
            fail_msg("%s: %s, %s", alphabet, texts[i - 1], texts[i]);
        before = key;
    }
    collator_close(c);
    arena_free(a);
}

static void test_orders(void **state) {
    static const char *const fa[] = { "9 آبان", "۱۰ آبان", "آرش",   "ابراهیم", "بهار", "پارسا",
                                      "تهران",  "جلال",    "چنگیز", "ژاله",    "سارا", "کاوه",
                                      "گلی",    "لاله",    "مریم",  "نادر",    "وحید", "هما",
                                      "یاسر",   "Adam",    "Zoe",   NULL };
    static const char *const ar[] = { "أحمد", "بدر", "تامر", "جمال", "كريم", "ليلى",
                                      "نور",  "هدى", "وليد", "يوسف", "Adam", NULL };
    static const char *const fr[] = { "abbé",   "cote", "coté", "côte", "côté", "Émile",
                                      "Emilie", "œil",  "Zoé",  "آرش",  NULL };
    static const char *const en[] = { "Invoice 9", "Invoice 10", "Invoice 100", "O'Brien",
                                      "Obrist",    "van Dyke",   "Vandyker",    NULL };
    (void)state;
    check_order("fa", fa);
    check_order("ar", ar);
    check_order("fr", fr);
    check_order("en", en);
}

static void test_same(void **state) {
    static const struct {
        const char *alphabet, *one, *other;
    } v[] = {
        { "fr", "Jean-Pierre", "Jean Pierre" },
        { "fa", "می‌خواهم", "میخواهم" },
        { "fr", "d'Alembert", "dAlembert" },
        { "fr", "« Été »", "Été" },
        { "en", "", " - " },
        { "en", "Invoice 007", "Invoice 7" },
    };
    (void)state;
    struct arena *a = arena_new();
    for (size_t i = 0; i < sizeof v / sizeof *v; i++) {
        struct collator *c = collator_open(v[i].alphabet);
        struct str one = collator_key(c, a, str_of(v[i].one));
        if (!str_eq(one, collator_key(c, a, str_of(v[i].other)))) fail_msg("%s", v[i].one);
        collator_close(c);
    }
    arena_free(a);
}

static void test_long(void **state) {
    (void)state;
    struct arena *a = arena_new();
    struct collator *c = collator_open("fa");
    char text[9000];
    for (size_t i = 0; i < sizeof text; i += 2) memcpy(text + i, "ب", 2);
    struct str key = collator_key(c, a, (struct str){ text, sizeof text });
    assert_in_range(key.n, 1, COLLATE_KEY_MAX);
    struct str shorter = collator_key(c, a, (struct str){ text, 200 });
    assert_true(str_cmp(shorter, key) <= 0);
    /* Every cut of a key is a beginning of it. */
    unsigned char cut[COLLATE_KEY_MAX];
    for (size_t cap = 0; cap <= shorter.n; cap++) {
        assert_int_equal(collator_key_into(c, (struct str){ text, 200 }, cut, cap), cap);
        if (cap) assert_memory_equal(cut, shorter.p, cap);
    }
    assert_int_equal(collator_key(c, a, NO_STR).n, 0);
    assert_int_equal(collator_key(c, a, S("\xff\xfe")).n > 0, 1);
    assert_true(collator_key(c, a, S("𝔸😀")).n > 0);
    collator_close(c);
    arena_free(a);
}

static void test_letters(void **state) {
    static const struct {
        const char *alphabet, *text, *letter; /* "": none */
    } v[] = {
        { "fa", "آرش", "ا" },   { "fa", "احمد", "ا" },  { "fa", "أحمد", "ا" },
        { "fa", "پروین", "پ" }, { "fa", "كريم", "ک" },  { "fa", "گلی", "گ" },
        { "fa", "یاسر", "ی" },  { "fa", "ياسر", "ی" },  { "fa", "ژاله", "ژ" },
        { "fa", "هما", "ه" },   { "fa", "وحید", "و" },  { "fa", "Adam", "" },
        { "fa", "۱۲", "" },     { "fa", "", "" },       { "fa", "«بهار»", "ب" },
        { "ar", "أحمد", "ا" },  { "ar", "إيمان", "ا" }, { "ar", "آمنة", "ا" },
        { "ar", "هدى", "ه" },   { "ar", "يوسف", "ي" },  { "ar", "پیمان", "ب" },
        { "ar", "Adam", "" },   { "fr", "Émile", "E" }, { "fr", "œuvre", "O" },
        { "fr", "zoé", "Z" },   { "fr", "Ægir", "A" },  { "fr", "آرش", "" },
        { "fr", "12", "" },     { "en", "adam", "A" },  { "en", "Ørsted", "O" },
        { "en", "'tis", "T" },  { "en", "Ωmega", "" },
    };
    static const struct {
        const char *alphabet;
        int n;
    } sizes[] = { { "fa", 32 }, { "ar", 28 }, { "fr", 26 }, { "en", 26 }, { "xx", 26 } };
    (void)state;
    struct arena *a = arena_new();
    for (size_t i = 0; i < sizeof v / sizeof *v; i++) {
        struct collator *c = collator_open(v[i].alphabet);
        struct str got = index_letter(c, str_of(v[i].text));
        if (!str_eq_z(got, v[i].letter))
            fail_msg("%s %s: «%.*s»", v[i].alphabet, v[i].text, SF(got));
        collator_close(c);
    }
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        struct collator *c = collator_open(sizes[i].alphabet);
        int n;
        const char *const *letters = alphabet_letters(sizes[i].alphabet, &n);
        assert_int_equal(n, sizes[i].n);
        for (int k = 0; k < n; k++) {
            struct str bound = collator_letter_bound(c, k),
                       key = collator_key(c, a, str_of(letters[k]));
            assert_true(str_cmp(bound, collator_letter_bound(c, k + 1)) < 0);
            assert_true(str_cmp(bound, key) <= 0);
            assert_true(str_cmp(key, collator_letter_bound(c, k + 1)) < 0);
            assert_true(str_eq_z(index_letter(c, str_of(letters[k])), letters[k]));
        }
        collator_close(c);
    }
    arena_free(a);
}

static void *make_keys(void *arg) {
    struct collator *c = collator_clone(arg);
    struct arena *a = arena_new();
    struct str want = collator_key(c, a, S("محمدرضا حسینی‌نژاد"));
    for (int i = 0; i < 2000; i++) {
        unsigned char key[COLLATE_KEY_MAX];
        size_t n = collator_key_into(c, S("محمدرضا حسینی‌نژاد"), key, sizeof key);
        if (!str_eq(want, (struct str){ (const char *)key, n })) BUG("keys differ");
    }
    arena_free(a);
    collator_close(c);
    return NULL;
}

static void test_clones(void **state) {
    (void)state;
    struct collator *c = collator_open("fa"), *en = collator_open("en");
    assert_string_not_equal(collator_version(c), collator_version(en));
    assert_true(str_starts(str_of(collator_version(c)), S("fa ")));
    pthread_t threads[4];
    int64_t begin = clock_mono_us();
    for (int i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, make_keys, c), 0);
    for (int i = 0; i < 4; i++) pthread_join(threads[i], NULL);
    print_message("%.2f us a key\n", (double)(clock_mono_us() - begin) / 8000);
    collator_close(en);
    collator_close(c);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_orders),  cmocka_unit_test(test_same),   cmocka_unit_test(test_long),
        cmocka_unit_test(test_letters), cmocka_unit_test(test_clones),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
