/* Distances of lib/match/compare against values that others published, and against plain tables. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>

#include "lib/base/buf.h"
#include "lib/base/random.h"
#include "lib/match/compare.h"

/* Winkler 1990 and the tables in Winkler, "Overview of record linkage" (2006). */
static void jaro_winkler_as_published(void **state) {
    static const struct {
        const char *a, *b;
        double jaro, winkler;
    } cases[] = {
        { "MARTHA", "MARHTA", 0.9444, 0.9611 },
        { "DIXON", "DICKSONX", 0.7667, 0.8133 },
        { "DWAYNE", "DUANE", 0.8222, 0.8400 },
        { "JONES", "JOHNSON", 0.7905, 0.8324 },
        { "MASSEY", "MASSIE", 0.8889, 0.9333 },
        { "ABROMS", "ABRAMS", 0.8889, 0.9222 },
        { "HARDIN", "MARTINEZ", 0.7222, 0.7222 },
        { "ITMAN", "SMITH", 0.4667, 0.4667 },
        { "JERALDINE", "GERALDINE", 0.9259, 0.9259 },
        { "MICHELLE", "MICHAEL", 0.8690, 0.9214 },
        { "JULIES", "JULIUS", 0.8889, 0.9333 },
        { "TANYA", "TONYA", 0.8667, 0.8800 },
        { "SHACKLEFORD", "SHACKELFORD", 0.9697, 0.9818 },
        { "JON", "JAN", 0.7778, 0.8000 },
        { "CRATE", "TRACE", 0.7333, 0.7333 },
        { "", "", 1, 1 },
        { "A", "", 0, 0 },
        { "A", "A", 1, 1 },
        { "AB", "BA", 0, 0 },
        { "محمد", "محمود", 0.9333, 0.9533 },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct str a = str_of(cases[i].a), b = str_of(cases[i].b);
        if (fabs(jaro(a, b) - cases[i].jaro) > 0.00006 ||
            fabs(jaro_winkler(a, b) - cases[i].winkler) > 0.00006)
            fail_msg("%s %s: %.4f %.4f", cases[i].a, cases[i].b, jaro(a, b), jaro_winkler(a, b));
        assert_true(jaro(a, b) == jaro(b, a) || cases[i].a[0] == 'S');
    }
}

static void edits_as_published(void **state) {
    static const struct {
        const char *a, *b;
        int levenshtein, osa;
    } cases[] = {
        { "kitten", "sitting", 3, 3 },
        { "saturday", "sunday", 3, 3 },
        { "ca", "abc", 3, 3 },
        { "ab", "ba", 2, 1 },
        { "19990219", "19990129", 2, 1 },
        { "19990219", "19992019", 2, 1 },
        { "", "abc", 3, 3 },
        { "abc", "", 3, 3 },
        { "", "", 0, 0 },
        { "flaw", "lawn", 2, 2 },
        { "a cat", "an abct", 4, 4 },
        { "علی", "علي", 1, 1 },
        { "abcd", "badc", 3, 2 },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct str a = str_of(cases[i].a), b = str_of(cases[i].b);
        if (edit_distance(a, b, 10) != cases[i].levenshtein ||
            edit_distance_osa(a, b, 10) != cases[i].osa)
            fail_msg("%s %s: %d %d", cases[i].a, cases[i].b, edit_distance(a, b, 10),
                     edit_distance_osa(a, b, 10));
    }
    assert_true(fabs(edit_similarity(S("kitten"), S("sitting")) - (1 - 3.0 / 7)) < 1e-9);
    assert_true(edit_similarity(S(""), S("")) == 1);
}

/* The plainest way to say what Jaro is, for random words of two and more scripts. */
static double jaro_plainly(const int32_t *x, int x_n, const int32_t *y, int y_n) {
    int longer = x_n > y_n ? x_n : y_n, window = longer / 2 - 1, common = 0, turned = 0;
    int of_x[128], of_y[128], used[128] = { 0 };
    if (window < 0) window = 0;
    for (int i = 0; i < x_n; i++)
        for (int k = 0; k < y_n; k++)
            if (!used[k] && x[i] == y[k] && abs(i - k) <= window) {
                used[k] = 1;
                of_x[common++] = x[i];
                break;
            }
    for (int k = 0, n = 0; k < y_n; k++)
        if (used[k]) of_y[n++] = y[k];
    for (int i = 0; i < common; i++) turned += of_x[i] != of_y[i];
    if (!common) return x_n == y_n && !x_n;
    return ((double)common / x_n + (double)common / y_n + (common - turned / 2) / (double)common) /
           3;
}

static struct str random_word(struct dice *d, struct arena *a, int32_t *points, int *n,
                              int letters) {
    static const int32_t from[] = { 'a', 0x627, 0x6A9, 0xE000, 0x1F600 };
    struct buf b = { .arena = a };
    int32_t base = from[dice_below(d, 5)];
    *n = (int)dice_below(d, dice_below(d, 10) ? 12 : 100);
    for (int i = 0; i < *n; i++) {
        points[i] = base + (int32_t)dice_below(d, letters);
        buf_add_utf8(&b, points[i]);
    }
    return buf_str(&b);
}

static void any_words(void **state) {
    struct arena *arena = arena_new();
    struct dice d = { 5 };
    int32_t x[128], y[128];
    int x_n, y_n;
    (void)state;
    for (int i = 0; i < 20000; i++) {
        arena_reset(arena);
        struct str a = random_word(&d, arena, x, &x_n, 4), b = random_word(&d, arena, y, &y_n, 4);
        assert_true(fabs(jaro(a, b) - jaro_plainly(x, x_n, y, y_n)) < 1e-12);
        int whole = edit_distance(a, b, 200), osa = edit_distance_osa(a, b, 200);
        assert_true(osa <= whole && whole == edit_distance(b, a, 200));
        assert_true(osa == edit_distance_osa(b, a, 200));
        for (int most = 0; most < 4; most++) {
            assert_int_equal(edit_distance(a, b, most), whole <= most ? whole : most + 1);
            assert_int_equal(edit_distance_osa(a, b, most), osa <= most ? osa : most + 1);
        }
    }
    arena_free(arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(jaro_winkler_as_published),
        cmocka_unit_test(edits_as_published),
        cmocka_unit_test(any_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
