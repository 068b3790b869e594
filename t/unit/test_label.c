/* Labels on paper: where each stands on every sheet (read from the PDF), start, offset, second
 * page, sides of scripts, envelopes and their windows, what is left out, choices as they are typed.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <string.h>
#include <unistd.h>

#include "features/label/label.h"
#include "fixture.h"
#include "poppler.h"

/* localisation.md 3.5 (L7163 as its maker has it), in millimetres. */
static const struct known_sheet {
    const char *code;
    double paper_w, paper_h, w, h;
    int columns, rows;
    double left, top, pitch_x, pitch_y;
} known[] = {
    { "L7160", 210, 297, 64.0, 38.1, 3, 7, 7.48, 15.49, 66.04, 38.1 },
    { "L7162", 210, 297, 99.1, 33.9, 2, 8, 3.99, 12.98, 102.48, 33.9 },
    { "L7163", 210, 297, 99.1, 38.1, 2, 7, 4.65, 15.15, 101.6, 38.1 },
    { "L7165", 210, 297, 99.1, 67.7, 2, 4, 4.67, 13.04, 101.64, 67.7 },
    { "L8651", 210, 297, 38.1, 21.2, 5, 13, 4.70, 10.90, 40.60, 21.2 },
    { "5160", 215.9, 279.4, 66.7, 25.4, 3, 10, 3.97, 12.7, 70.64, 25.4 },
    { "5163", 215.9, 279.4, 101.6, 50.8, 2, 5, 4.13, 12.7, 106.4, 50.8 },
};

static struct label_choice choice(const char *sheet) {
    const struct label_sheet *s = label_sheet_find(str_of(sheet));
    assert_non_null(s);
    return (struct label_choice){ .sheet = *s,
                                  .envelope = label_envelopes[0],
                                  .start = 1,
                                  .size_pt = 10,
                                  .least_pt = 6,
                                  .copies = 1 };
}

static struct label label_of(struct arena *a, bool arabic, const char *joined) {
    struct label l = { .lang = arabic ? LANG_FA : LANG_EN, .recipient_n = 1 };
    struct str rest = str_of(joined);
    l.envelope.arabic = arabic;
    l.envelope.lines.v = arena_array(a, struct str, 20);
    while (str_cut(&rest, '|', &l.envelope.lines.v[l.envelope.lines.n])) l.envelope.lines.n++;
    return l;
}

/* n labels "N1 / street / town": the first word tells which it is. */
static struct labels numbered(struct arena *a, int n) {
    struct labels out = { arena_array(a, struct label, n), n };
    for (int i = 0; i < n; i++)
        out.v[i] = label_of(a, false, str_printf(a, "N%d|street|town", i + 1).p);
    return out;
}

static struct str print(struct arena *a, struct pdf_fonts *fonts, const struct label_choice *ch,
                        struct labels *labels, const char *lang) {
    struct pdf_about about = { .lang = lang, .rtl = strcmp(lang, "fa") == 0, .at_ms = 1000 };
    struct buf out = { .arena = a };
    struct pdf *pdf;
    assert_int_equal(pdf_open(&pdf, fonts, &about), OK);
    struct label_drawing d = {
        .pdf = pdf, .arena = a, .ch = ch, .labels = labels, .home = "FR", .first = true
    };
    while (label_page(&d)) pdf_take(pdf, &out);
    assert_int_equal(pdf_end(pdf, &out), OK);
    pdf_close(pdf);
    return buf_str(&out);
}

static int words_of(struct arena *a, struct pdf_fonts *fonts, const struct label_choice *ch,
                    struct labels *labels, const char *lang, struct poppler_word **words) {
    const char *path = poppler_write(a, print(a, fonts, ch, labels, lang));
    int n = poppler_words(a, path, words);
    unlink(path);
    return n;
}

static const struct poppler_word *word(const struct poppler_word *words, int n, const char *text) {
    for (int i = 0; i < n; i++)
        if (str_eq_z(words[i].text, text)) return &words[i];
    fail_msg("no word %s", text);
    return NULL;
}

static double pad_of(const struct known_sheet *s) {
    return fmin(3, fmax(1.2, fmin(s->w, s->h) / 16));
}

/* Every label of every sheet to 0.05 mm: its own box, and the text in the PDF. */
static void test_positions(void **state) {
    struct arena *a = arena_new();
    struct pdf_fonts *fonts = pdf_fonts_new();
    (void)state;
    assert_int_equal(label_sheets_n, COUNT(known));
    for (int k = 0; k < COUNT(known); k++) {
        const struct known_sheet *s = &known[k];
        struct label_choice ch = choice(s->code);
        int per = s->columns * s->rows;
        struct labels labels = numbered(a, per);
        struct poppler_word *words;
        int n = words_of(a, fonts, &ch, &labels, "en", &words);
        assert_float_equal(ch.sheet.paper_w / 100.0, s->paper_w, 0.001);
        assert_float_equal(ch.sheet.paper_h / 100.0, s->paper_h, 0.001);
        assert_int_equal(label_per_page(&ch), per);
        for (int i = 0; i < per; i++) {
            double left = s->left + i % s->columns * s->pitch_x;
            double top = s->top + i / s->columns * s->pitch_y;
            struct box_cmm box = label_box(&ch.sheet, i, false);
            assert_float_equal(box.x / 100.0, left, 0.05);
            assert_float_equal(box.y / 100.0, top, 0.05);
            assert_float_equal(box.w / 100.0, s->w, 0.05);
            assert_float_equal(box.h / 100.0, s->h, 0.05);
            const struct poppler_word *w = word(words, n, str_printf(a, "N%d", i + 1).p);
            assert_int_equal(w->page, 1);
            assert_float_equal(w->x1, left + pad_of(s), 0.05);
            assert_true(w->y1 > top - 0.05 && w->y2 < top + s->h + 0.05);
        }
    }
    pdf_fonts_free(fonts);
    arena_free(a);
}

static void test_start_offset_and_pages(void **state) {
    struct arena *a = arena_new();
    struct pdf_fonts *fonts = pdf_fonts_new();
    struct label_choice ch = choice("L7160");
    struct labels labels = numbered(a, 25);
    struct poppler_word *words;
    (void)state;
    ch.start = 20; /* two on the first sheet, 21 on the second, two on the third */
    ch.x_offset = 130;
    ch.y_offset = -70;
    int n = words_of(a, fonts, &ch, &labels, "en", &words);
    double pad = pad_of(&known[0]);
    static const struct {
        const char *text;
        int page, place;
    } all[] = {
        { "N1", 1, 19 }, { "N2", 1, 20 }, { "N3", 2, 0 }, { "N23", 2, 20 }, { "N24", 3, 0 }
    };
    for (int i = 0; i < COUNT(all); i++) {
        const struct poppler_word *w = word(words, n, all[i].text);
        assert_int_equal(w->page, all[i].page);
        assert_float_equal(w->x1, 7.48 + all[i].place % 3 * 66.04 + pad + 1.3, 0.05);
        double top = 15.49 + all[i].place / 3 * 38.1 - 0.7;
        assert_true(w->y1 > top && w->y2 < top + 38.1);
    }
    assert_int_equal(label_count(&ch, &labels).pages, 3);
    ch.start = 1;
    ch.copies = 2; /* copies stand beside each other */
    ch.x_offset = ch.y_offset = 0;
    labels = numbered(a, 11);
    n = words_of(a, fonts, &ch, &labels, "en", &words);
    int twice = 0;
    for (int i = 0; i < n; i++) twice += str_eq(words[i].text, S("N1"));
    assert_int_equal(twice, 2);
    assert_int_equal(word(words, n, "N11")->page, 1);
    assert_int_equal(label_count(&ch, &labels).pages, 2);
    ch.copies = 1;
    ch.from_right = true; /* rows from the right: the first label is the last column */
    n = words_of(a, fonts, &ch, &labels, "en", &words);
    assert_float_equal(word(words, n, "N1")->x1, 7.48 + 2 * 66.04 + pad, 0.05);
    assert_float_equal(word(words, n, "N3")->x1, 7.48 + pad, 0.05);
    pdf_fonts_free(fonts);
    arena_free(a);
}

static void test_sides_of_scripts(void **state) {
    struct arena *a = arena_new();
    struct pdf_fonts *fonts = pdf_fonts_new();
    struct label_choice ch = choice("L7160");
    struct label v[] = {
        label_of(a, true, "سارا احمدی|تهران|خیابان سعدی"),
        label_of(a, false, "Élodie Lefèvre|12 RUE X|75008 PARIS"),
        label_of(a, false, "سارا|12 RUE Y|69003 LYON"), /* the address decides, not the name */
    };
    struct labels labels = { v, COUNT(v) };
    struct poppler_word *words;
    (void)state;
    int n = words_of(a, fonts, &ch, &labels, "fa", &words);
    double pad = pad_of(&known[0]), right = 7.48 + 64 - pad;
    /* poppler takes right-to-left words of a page of Latin apart: the first letters of two lines */
    assert_float_equal(word(words, n, "ت")->x2, right, 0.05);
    assert_float_equal(word(words, n, "خ")->x2, right, 0.05);
    assert_float_equal(word(words, n, "75008")->x1, 7.48 + 66.04 + pad, 0.05);
    assert_float_equal(word(words, n, "69003")->x1, 7.48 + 2 * 66.04 + pad, 0.05);
    pdf_fonts_free(fonts);
    arena_free(a);
}

/* Smaller first, then left out and told, never cut: what is printed is the whole. */
static void test_left_out(void **state) {
    struct arena *a = arena_new();
    struct pdf_fonts *fonts = pdf_fonts_new();
    struct label_choice ch = choice("L8651");
    struct label v[] = {
        label_of(a, false, "Short|1 rue A|Lyon"),
        label_of(a, false, "Smaller|1 Long Avenue of the Republic|Lyon"),
        label_of(a, false, "L1|L2|L3|L4|L5|L6|L7|L8|L9|L10"),
        label_of(a, false, "Unknown \xEE\x80\x80|1 rue A|Lyon"),
        label_of(a, false,
                 "Taumatawhakatangihangakoauauotamateaturipukakapikimaungahoronukupokai|x"),
    };
    struct labels labels = { v, COUNT(v) };
    struct pdf_about about = { .lang = "en" };
    struct poppler_word *words;
    struct pdf *pdf;
    (void)state;
    assert_int_equal(pdf_open(&pdf, fonts, &about), OK);
    label_fit(pdf, &ch, &labels);
    pdf_close(pdf);
    assert_int_equal(v[0].fault, LABEL_GOOD);
    assert_float_equal(v[0].size_pt, 10, 0.001);
    assert_int_equal(v[1].fault, LABEL_GOOD);
    assert_true(v[1].size_pt < 10 && v[1].size_pt >= 6);
    assert_int_equal(v[2].fault, LABEL_TOO_LARGE);
    assert_int_equal(v[3].fault, LABEL_NO_GLYPH);
    assert_int_equal(v[4].fault, LABEL_TOO_LARGE);
    struct label_count count = label_count(&ch, &labels);
    assert_int_equal(count.good, 2);
    assert_int_equal(count.left_out, 3);
    assert_int_equal(count.pages, 1);
    int n = words_of(a, fonts, &ch, &labels, "en", &words);
    assert_int_equal(n, 1 + 3 + 1 + 1 + 6 + 1);
    word(words, n, "Republic");
    for (int i = 0; i < n; i++) assert_false(str_eq(words[i].text, S("L1")));
    pdf_fonts_free(fonts);
    arena_free(a);
}

static void test_same_bytes(void **state) {
    struct arena *a = arena_new();
    struct pdf_fonts *fonts = pdf_fonts_new();
    struct label_choice ch = choice("L7160");
    struct labels one = numbered(a, 60), two = numbered(a, 60);
    (void)state;
    assert_true(str_eq(print(a, fonts, &ch, &one, "en"), print(a, fonts, &ch, &two, "en")));
    pdf_fonts_free(fonts);
    arena_free(a);
}

static void test_envelopes(void **state) {
    struct arena *a = arena_new();
    struct pdf_fonts *fonts = pdf_fonts_new();
    (void)state;
    for (int e = 0; e < label_envelopes_n; e++)
        for (int w = WINDOW_NONE; w <= WINDOW_RIGHT; w++) {
            struct label_choice ch = choice("L7160");
            ch.form = FORM_ENVELOPES;
            ch.envelope = label_envelopes[e];
            ch.window = w;
            ch.sender = S("Daftar & Co\n1 rue de la Paix\r\n75002 Paris");
            struct box_cmm window = w == WINDOW_LEFT ? ch.envelope.left : ch.envelope.right;
            if (w != WINDOW_NONE && !window.w) continue;
            struct label v[] = { label_of(a, false, "Alice|1 RUE A|75008 PARIS"),
                                 label_of(a, true, "سارا|تهران|خیابان سعدی") };
            struct labels labels = { v, 2 };
            struct poppler_word *words;
            int n = words_of(a, fonts, &ch, &labels, "fr", &words);
            const struct poppler_word *alice = word(words, n, "Alice"), *fa = word(words, n, "ت");
            assert_int_equal(alice->page, 1);
            assert_int_equal(fa->page, 2);
            struct box_cmm ltr = label_recipient_box(&ch.envelope, w, "FR", false);
            struct box_cmm rtl = label_recipient_box(&ch.envelope, w, "FR", true);
            assert_float_equal(alice->x1, ltr.x / 100.0, 0.05);
            assert_float_equal(fa->x2, (rtl.x + rtl.w) / 100.0, 0.05);
            const struct poppler_word *last = word(words, n, "75008");
            assert_true(last->y2 * 100 < ltr.y + ltr.h + 5);
            if (w != WINDOW_NONE) { /* all of it is seen through the window */
                assert_true(alice->x1 * 100 > window.x && alice->y1 * 100 > window.y);
                assert_true(last->x2 * 100 < window.x + window.w);
                assert_true(last->y2 * 100 < window.y + window.h);
            }
            assert_float_equal(word(words, n, "75002")->x1, 12, 0.05);
            assert_true(word(words, n, "75002")->y2 < alice->y1);
        }
    pdf_fonts_free(fonts);
    arena_free(a);
}

static void test_lengths(void **state) {
    static const struct {
        const char *typed;
        int cmm; /* -1: refused */
    } all[] = { { "38.1", 3810 }, { "38,1", 3810 }, { "۳۸٫۱", 3810 },   { "٣٨٫١", 3810 },
                { "۳۸/۱", 3810 }, { " 64 ", 6400 }, { "66.04", 6604 },  { "0", 0 },
                { "-1.5", -150 }, { "−۰٫۳", -30 },  { "1.234", -1 },    { "", -1 },
                { "1.2.3", -1 },  { "ten", -1 },    { "12345678", -1 }, { "5.", -1 },
                { "--5", -1 },    { ".5", -1 } };
    struct arena *a = arena_new();
    (void)state;
    for (int i = 0; i < COUNT(all); i++) {
        int cmm = -1;
        bool good = cmm_parse(str_of(all[i].typed), &cmm);
        assert_int_equal(good, all[i].cmm != -1);
        if (good) assert_int_equal(cmm, all[i].cmm);
    }
    static const int back[] = { 0, 3810, 6604, 6400, -150, -5, 7 };
    for (int i = 0; i < COUNT(back); i++) {
        int cmm;
        assert_true(cmm_parse(cmm_text(a, back[i]), &cmm));
        assert_int_equal(cmm, back[i]);
    }
    arena_free(a);
}

static enum status choose(struct ctx *c, const char *form, struct label_choice *out) {
    struct http_pairs pairs = { 0 };
    struct str why;
    assert_int_equal(http_form(c->arena, str_of(form), &pairs, &why), OK);
    c->problems.n = 0;
    return label_read(c, &pairs, out);
}

static void test_choices(void **state) {
    struct fixture f;
    struct label_choice ch, again;
    (void)state;
    fixture_open(&f, false);
    struct ctx *c = fixture_begin(&f, true, 3, ROLE_MEMBER);
    assert_int_equal(choose(c, "", &ch), OK);
    assert_string_equal(ch.sheet.code, "L7160");
    assert_true(ch.title && ch.country && !ch.frames);
    assert_int_equal(choose(c, "label.sheet=5163&label.x=%DB%B1%D9%AB%DB%B5&label.set=1", &ch), OK);
    assert_int_equal(ch.x_offset, 150);
    assert_false(ch.title); /* a form was sent, and this box was not ticked */
    assert_int_equal(label_remember(c, &ch), OK);
    assert_int_equal(choose(c, "label.start=4&label.client=7.8&label.client=7", &again), OK);
    assert_string_equal(again.sheet.code, "5163");
    assert_int_equal(again.x_offset, 150);
    assert_int_equal(again.start, 4);
    assert_int_equal(again.clients_n, 2);
    /* A sheet of one's own: sizes count, and have to be possible. */
    static const char own[] =
        "label.set=1&label.sheet=own&label.paper=A4&label.columns=2&label.rows="
        "4&label.w=90&label.h=60&label.left=10&label.top=20&label.pitch_x=95&"
        "label.pitch_y=62";
    assert_int_equal(choose(c, own, &ch), OK);
    assert_int_equal(ch.sheet.pitch_x, 9500);
    assert_int_equal(ch.sheet.paper_h, 29700);
    assert_int_equal(label_remember(c, &ch), OK);
    assert_int_equal(choose(c, "", &again), OK);
    assert_string_equal(again.sheet.code, "own");
    assert_int_equal(again.sheet.w, 9000);
    static const char *const wrong[] = {
        "label.sheet=L9999",
        "label.size=400",
        "label.size=x",
        "label.start=0",
        "label.x=25",
        "label.envelope=Z9",
        "label.window=up",
        "label.client=x",
        "label.copies=100000",
        "label.least=20&label.size=10",
        "label.form=envelopes&label.envelope=C4&label.window=left",
        "label.sheet=own&label.columns=20&label.w=90&label.pitch_x=95",
        "label.sheet=own&label.columns=2&label.w=90&label.pitch_x=80",
        "label.sort=-1",
    };
    for (int i = 0; i < COUNT(wrong); i++) {
        if (choose(c, wrong[i], &ch) != INVALID) fail_msg("taken: %s", wrong[i]);
        assert_true(c->problems.n > 0);
    }
    c->problems.n = 0;
    assert_int_equal(fixture_end(&f, OK), OK);
    fixture_close(&f);
}

static void test_larger(void **state) {
    (void)state;
    assert_string_equal(label_sheet_larger(label_sheet_find(S("L8651")))->code, "L7160");
    assert_string_equal(label_sheet_larger(label_sheet_find(S("L7160")))->code, "L7163");
    assert_string_equal(label_sheet_larger(label_sheet_find(S("L7163")))->code, "L7165");
    assert_null(label_sheet_larger(label_sheet_find(S("L7165"))));
    assert_string_equal(label_sheet_larger(label_sheet_find(S("5160")))->code, "5163");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_positions),        cmocka_unit_test(test_start_offset_and_pages),
        cmocka_unit_test(test_sides_of_scripts), cmocka_unit_test(test_left_out),
        cmocka_unit_test(test_same_bytes),       cmocka_unit_test(test_envelopes),
        cmocka_unit_test(test_lengths),          cmocka_unit_test(test_choices),
        cmocka_unit_test(test_larger),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
