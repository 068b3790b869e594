/* The engine of PDF files: what it measures, where text stands, that fonts are inside and text
 * comes back, that the same input gives the same bytes, that several threads may print. What a
 * reader of PDF sees is asked of poppler (pdftotext, pdffonts, pdfinfo). */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <pthread.h>
#include <string.h>
#include <unistd.h>

#include "lib/pdf/pdf.h"
#include "poppler.h"

static const char *const lines_fa[] = { "آقای محمدرضا حسینی‌نژاد",
                                        "تهران، خیابان ولی‌عصر، پلاک ۱۲",
                                        "Apt 12 (B)", "کد پستی ۱۹۶۸۹۱۳۵۷۴" };
static const char *const lines_fr[] = { "Madame Élodie Lefèvre", "Résidence les Œillets",
                                        "75008 PARIS" };

static struct strs strs_of(struct arena *a, const char *const *v, int n) {
    struct strs out = { arena_array(a, struct str, n), n };
    for (int i = 0; i < n; i++) out.v[i] = str_of(v[i]);
    return out;
}

static const struct pdf_about about = {
    .title = S("برچسب‌ها"), .lang = "fa", .rtl = true, .at_ms = 1700000000000
};

static struct pdf *begin(struct pdf_fonts *fonts) {
    struct pdf *p;
    assert_int_equal(pdf_open(&p, fonts, &about), OK);
    return p;
}

/* A page with both blocks; piecewise: taken while it is made. */
static struct str make(struct arena *a, struct pdf_fonts *fonts, bool piecewise) {
    struct pdf *p = begin(fonts);
    struct buf out = { .arena = a };
    for (int i = 0; i < 3; i++) {
        struct pdf_block fa = { .lines = strs_of(a, lines_fa, 4), .size_pt = 11, .bold_n = 1 };
        struct pdf_block fr = { .lines = strs_of(a, lines_fr, 3), .size_pt = 11 };
        pdf_page(p, 210, 297);
        pdf_text(p, &fa, 20, 30, 80);
        pdf_text(p, &fr, 20, 100, 80);
        pdf_frame(p, 20, 30, 80, 40, 1.5, i == 1);
        if (piecewise) pdf_take(p, &out);
    }
    assert_int_equal(pdf_end(p, &out), OK);
    pdf_close(p);
    return buf_str(&out);
}

static void test_same_bytes(void **state) {
    struct arena *a = arena_new();
    struct pdf_fonts *fonts = pdf_fonts_new(), *other = pdf_fonts_new();
    (void)state;
    struct str one = make(a, fonts, false);
    assert_true(one.n > 4000);
    assert_true(str_eq(one, make(a, fonts, false)));
    assert_true(str_eq(one, make(a, fonts, true)));
    assert_true(str_eq(one, make(a, other, false)));
    pdf_fonts_free(fonts);
    pdf_fonts_free(other);
    arena_free(a);
}

/* Every entry of the table of positions leads to its object (finish.c moves them). */
static void test_positions(void **state) {
    struct arena *a = arena_new();
    struct pdf_fonts *fonts = pdf_fonts_new();
    struct str file = make(a, fonts, true), rest = file, line;
    int64_t at = 0, objects = 0;
    (void)state;
    while (str_cut(&rest, '\n', &line))
        if (str_eq(line, S("startxref")) && str_cut(&rest, '\n', &line))
            assert_true(str_to_i64(line, &at));
    rest = str_sub(file, (size_t)at, SIZE_MAX);
    assert_true(str_cut(&rest, '\n', &line) && str_eq(line, S("xref")));
    assert_true(str_cut(&rest, '\n', &line) && str_starts(line, S("0 ")));
    assert_true(str_to_i64(str_sub(line, 2, SIZE_MAX), &objects) && objects > 5);
    for (int64_t i = 0; i < objects; i++) {
        int64_t position;
        struct str entry = str_sub(rest, (size_t)i * 20, 20);
        if (entry.p[17] == 'f') continue;
        struct str digits = str_sub(entry, 0, 10);
        while (digits.n > 1 && digits.p[0] == '0') digits = str_sub(digits, 1, SIZE_MAX);
        assert_true(str_to_i64(digits, &position));
        struct str head = str_printf(a, "%lld 0 obj", (long long)i);
        assert_true(str_starts(str_sub(file, (size_t)position, SIZE_MAX), head));
    }
    assert_true(str_find(file, S("/Lang (fa)")) > 0);
    assert_true(str_find(file, S("/Direction /R2L")) > 0);
    assert_true(str_find(file, S("/Producer (Daftar)")) > 0);
    assert_true(str_find(file, S("cairo 1")) < 0);
    pdf_fonts_free(fonts);
    arena_free(a);
}

static void test_what_a_reader_sees(void **state) {
    struct arena *a = arena_new();
    struct pdf_fonts *fonts = pdf_fonts_new();
    const char *path = poppler_write(a, make(a, fonts, false));
    (void)state;
    struct str info = poppler_run(a, "pdfinfo", path);
    assert_true(str_find(info, S("برچسب‌ها")) > 0);
    assert_true(str_find(info, S("2023")) > 0);
    assert_true(str_find(info, S("Pages:           3")) > 0);
    struct str table = poppler_run(a, "pdffonts", path), line;
    int fonts_n = 0;
    str_cut(&table, '\n', &line);
    str_cut(&table, '\n', &line);
    while (str_cut(&table, '\n', &line) && line.n) {
        fonts_n++;
        assert_true(str_find(line, S("+Vazirmatn-")) > 0);
        assert_true(str_find(line, S("yes yes yes")) > 0); /* embedded, a subset, with Unicode */
    }
    assert_true(fonts_n >= 3);
    struct str text = poppler_text(a, path);
    static const char *const words[] = { "محمدرضا",    "تهران",  "خیابان",  "پلاک", "۱۲",
                                         "۱۹۶۸۹۱۳۵۷۴", "Élodie", "Œillets", "75008" };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (str_find(text, str_of(words[i])) < 0)
            fail_msg("%s is not in: %.*s", words[i], SF(text));
    unlink(path);
    pdf_fonts_free(fonts);
    arena_free(a);
}

/* A page of Persian alone (poppler guesses the direction by page): words come in reading order. */
static void test_reading_order(void **state) {
    struct arena *a = arena_new();
    struct pdf_fonts *fonts = pdf_fonts_new();
    struct buf out = { .arena = a };
    struct pdf *p = begin(fonts);
    static const char *const lines[] = { "تهران خیابان سعدی پلاک ۱۲", "السيدة هدى حداد",
                                         "کد پستی ۱۹۶۸۹۱۳۵۷۴" };
    (void)state;
    struct pdf_block b = { .lines = strs_of(a, lines, 3), .size_pt = 11 };
    pdf_page(p, 100, 60);
    pdf_text(p, &b, 10, 10, 80);
    assert_int_equal(pdf_end(p, &out), OK);
    pdf_close(p);
    const char *path = poppler_write(a, buf_str(&out));
    struct str text = poppler_text(a, path);
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        if (str_find(text, str_of(lines[i])) < 0) fail_msg("%s: %.*s", lines[i], SF(text));
    unlink(path);
    pdf_fonts_free(fonts);
    arena_free(a);
}

static void test_sides(void **state) {
    struct arena *a = arena_new();
    struct pdf_fonts *fonts = pdf_fonts_new();
    struct pdf *p = begin(fonts);
    struct pdf_line *lines;
    (void)state;
    struct pdf_block fa = { .lines = strs_of(a, lines_fa, 4), .size_pt = 11 };
    assert_int_equal(pdf_dir_of(p, &fa), PDF_RTL);
    assert_int_equal(pdf_lines(p, a, &fa, 80, &lines), 4);
    for (int i = 0; i < 4;
         i++) { /* all at the right edge, the Latin line too, which keeps its order */
        assert_float_equal(lines[i].x_mm + lines[i].w_mm, 80, 0.01);
        assert_int_equal(lines[i].rtl, i != 2);
        if (i) assert_true(lines[i].baseline_mm > lines[i - 1].baseline_mm + 5);
    }
    struct pdf_block fr = { .lines = strs_of(a, lines_fr, 3), .size_pt = 11 };
    assert_int_equal(pdf_dir_of(p, &fr), PDF_LTR);
    assert_int_equal(pdf_lines(p, a, &fr, 80, &lines), 3);
    for (int i = 0; i < 3; i++) assert_float_equal(lines[i].x_mm, 0, 0.001);
    fr.align = PDF_END;
    assert_int_equal(pdf_lines(p, a, &fr, 80, &lines), 3);
    assert_float_equal(lines[2].x_mm + lines[2].w_mm, 80, 0.01);
    fr.align = PDF_CENTRE;
    assert_int_equal(pdf_lines(p, a, &fr, 80, &lines), 3);
    assert_float_equal(lines[2].x_mm, (80 - lines[2].w_mm) / 2, 0.01);
    struct str digits = S("۱۲۳");
    struct pdf_block none = { .lines = { &digits, 1 }, .size_pt = 11 };
    assert_int_equal(pdf_dir_of(p, &none), PDF_RTL); /* no letter: as the document */
    pdf_close(p);
    pdf_fonts_free(fonts);
    arena_free(a);
}

static void test_fitting(void **state) {
    struct arena *a = arena_new();
    struct pdf_fonts *fonts = pdf_fonts_new();
    struct pdf *p = begin(fonts);
    (void)state;
    struct pdf_block fr = { .lines = strs_of(a, lines_fr, 3), .size_pt = 11 };
    struct pdf_room whole = pdf_measure(p, &fr, 0);
    assert_int_equal(whole.lines_n, 3);
    assert_int_equal(whole.unknown_n, 0);
    assert_float_equal(whole.h_mm, 3 * 1.3 * 11 * 25.4 / 72, 0.01);
    assert_int_equal(pdf_fit(p, &fr, whole.w_mm + 0.1, 40, 6), PDF_FITS);
    assert_float_equal(fr.size_pt, 11, 0.001);
    /* Nine tenths of the width: nine tenths of the size, down to a quarter of a point. */
    assert_int_equal(pdf_fit(p, &fr, whole.w_mm * 0.9, 40, 6), PDF_FITS);
    assert_float_equal(fr.size_pt, 9.75, 0.001);
    assert_true(pdf_measure(p, &fr, 0).w_mm <= whole.w_mm * 0.9);
    /* Not even in the smallest size: then lines are broken, if that helps. */
    fr.size_pt = 11;
    assert_int_equal(pdf_fit(p, &fr, whole.w_mm * 0.6, 60, 10), PDF_FITS);
    assert_true(pdf_measure(p, &fr, whole.w_mm * 0.6).lines_n > 3);
    fr.size_pt = 11;
    assert_int_equal(pdf_fit(p, &fr, whole.w_mm * 0.6, 12, 10), PDF_TOO_LARGE);
    assert_float_equal(fr.size_pt, 11, 0.001);
    struct str word = S("Donaudampfschifffahrtsgesellschaftskapitänswitwe");
    struct pdf_block one = { .lines = { &word, 1 }, .size_pt = 11 };
    assert_int_equal(pdf_fit(p, &one, 20, 100, 8), PDF_TOO_LARGE); /* a word is never broken */
    struct str unknown = S("Private use: \xEE\x80\x80");
    one.lines.v = &unknown;
    assert_int_equal(pdf_fit(p, &one, 100, 100, 8), PDF_NO_GLYPH);
    assert_int_equal(pdf_measure(p, &one, 0).unknown_n, 1);
    struct str control = S("one\ntwo\tthree\x01");
    one.lines.v = &control;
    assert_int_equal(pdf_measure(p, &one, 0).lines_n, 1);
    assert_int_equal(pdf_measure(p, &one, 0).unknown_n, 0);
    struct str empty = S("");
    one.lines.v = &empty;
    assert_int_equal(pdf_fit(p, &one, 10, 10, 6), PDF_FITS);
    pdf_close(p);
    pdf_fonts_free(fonts);
    arena_free(a);
}

struct job {
    struct pdf_fonts *fonts;
    struct arena *arena;
    struct str out;
};

static void *work(void *of) {
    struct job *j = of;
    for (int i = 0; i < 4; i++) j->out = make(j->arena, j->fonts, i % 2);
    return NULL;
}

static void test_threads(void **state) {
    enum { N = 6 };
    struct pdf_fonts *fonts = pdf_fonts_new();
    struct job jobs[N];
    pthread_t threads[N];
    (void)state;
    for (int i = 0; i < N; i++) {
        jobs[i] = (struct job){ .fonts = fonts, .arena = arena_new() };
        assert_int_equal(pthread_create(&threads[i], NULL, work, &jobs[i]), 0);
    }
    for (int i = 0; i < N; i++) pthread_join(threads[i], NULL);
    for (int i = 1; i < N; i++) assert_true(str_eq(jobs[0].out, jobs[i].out));
    for (int i = 0; i < N; i++) arena_free(jobs[i].arena);
    pdf_fonts_free(fonts);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_same_bytes),
        cmocka_unit_test(test_positions),
        cmocka_unit_test(test_what_a_reader_sees),
        cmocka_unit_test(test_sides),
        cmocka_unit_test(test_reading_order),
        cmocka_unit_test(test_fitting),
        cmocka_unit_test(test_threads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
