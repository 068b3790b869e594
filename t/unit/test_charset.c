/* lib/text/charset: short lists in every encoding are guessed right and decoded to what they were.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <unicode/ucnv.h>

#include "lib/text/charset.h"

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

/* The oracle: ICU's one-shot conversion. */
static struct str encoded(const char *utf8, const char *name) {
    UErrorCode e = U_ZERO_ERROR;
    size_t n = strlen(utf8), cap = 4 * n + 8;
    char *to = arena_alloc(arena, cap);
    int32_t to_n = ucnv_convert(name, "UTF-8", to, (int32_t)cap, utf8, (int32_t)n, &e);
    if (U_FAILURE(e)) fail_msg("%s: %s", name, u_errorName(e));
    return (struct str){ to, (size_t)to_n };
}

static struct str decoded_by(struct charset_reader *r, size_t step) {
    struct buf b = { .arena = arena };
    struct csv_source from = charset_reader_source(r);
    char block[4096];
    ptrdiff_t n;
    while ((n = from.read(from.of, block, step)) > 0) {
        struct str piece = { block, (size_t)n };
        assert_true(utf8_valid(piece));
        buf_add(&b, piece);
    }
    assert_int_equal(n, 0);
    return buf_str(&b);
}

static struct str decoded(struct str bytes, const char *name, int64_t *bad_n) {
    struct str rest = bytes;
    struct charset_reader *r = charset_reader_new(csv_from_str(&rest), name);
    assert_non_null(r);
    struct str got = decoded_by(r, 4096);
    *bad_n = charset_reader_bad_n(r);
    charset_reader_free(r);
    return got;
}

static void expect(struct str bytes, const char *name, bool bom, const char *text) {
    struct charset_guess g = charset_guess(bytes);
    struct str rest = bytes;
    struct charset_guess again = charset_guess_source(csv_from_str(&rest));
    if (strcmp(g.name, name) != 0 || g.bom != bom || g.confidence < 60)
        fail_msg("guessed %s (%d), is %s: %s", g.name, g.confidence, name, text);
    assert_string_equal(again.name, g.name);
    assert_int_equal(again.confidence, g.confidence);
    int64_t bad_n;
    struct str got = decoded(bytes, g.name, &bad_n);
    if (!str_eq_z(got, text) || bad_n) fail_msg("%s: «%.*s», was «%s»", name, SF(got), text);
}

static const char *const french[] = {
    "Nom;Prénom;Ville\nMartin;Élodie;Besançon\nLefèvre;Jean-François;Nîmes\n",
    ("nom,prenom,adresse\nDupré,Zoé,12 rue de la République\nMuller,Hélène,3 allée des Chênes\n"
     "Noël,Aurélie,Orléans\nBeaupré,Loïc,Angoulême\n"),
    ("client;montant;remarque\r\nSociété Générale;12,50;déjà payé\r\nCafé de la Gare;3,90;à "
     "relancer\r\n"),
    "NOM;PRÉNOM\nLEFÈVRE;ÉLODIE\nGARÇON;RENÉ\n",
    "id;libelle\n1;créée\n2;à côté\n3;été\n4;où\n",
    "nom;solde\nŒuvrard;1 250 €\nMartin;18 €\nL’Hôpital;cœur\n",
    "prénom;note\nAnaïs;« d’accord »\nGaëlle;rappeler…\nJosé;ok\n",
    "name;x\nMartin;1\nPetit;2\nCôte d’Ivoire;3\n",
};
static const char *const persian[] = {
    "نام,شهر\nعلي رضايي,تهران\nزهرا احمدي,شيراز\n",
    ("نام;نام "
     "خانوادگي;تلفن\nمحمد;حسيني;09121234567\nمريم;چراغي;09351112233\nپژمان;گلي;02188776655\n"),
    "رديف\tنام مشتري\tتوضيح\r\n1\tشركت پارس\tپرداخت شده\r\n2\tفروشگاه ياس\tچك برگشتي\r\n",
    "name,city\nعلي,قم\nReza,Tehran\n",
    "نام\nگيتي\nچنگيز\nژاله\nپريسا\n",
    "نام,يادداشت\nعلی‌رضا,مي‌خواهم\nسارا,خوش‌آمديد\n",
};
static const char *const arabic[] = {
    "الاسم,المدينة\nمحمد بن عبد الله,الرياض\nفاطمة الزهراء,جدة\n",
    "الاسم;الهاتف\nأحمد حسن;01001234567\nهدى حداد;03123456\nمنى;071\n",
    "العميل,المبلغ,ملاحظة\nشركة النور,1500,تم الدفع\nمؤسسة الأمل,200,لم يتم\n",
    "Nom;الاسم\nBenjelloun Abdelkrim;عبد الكريم بنجلون\nSociété Générale;شركة عامة\nHôtel;فندق\n",
    "id,name\n1,علي\n2,نور\n3,ليلى\n",
    "الاسم،المدينة\nمُحَمَّد,مكّة\nسليمان,القاهرة؟\n",
};

static void expect_unicode(const char *text) {
    expect(str_of(text), "UTF-8", false, text);
    struct str bom = str_printf(arena, "\xEF\xBB\xBF%s", text);
    expect(bom, "UTF-8", true, text);
    expect(encoded(text, "UTF-16LE"), "UTF-16LE", false, text);
    expect(encoded(text, "UTF-16BE"), "UTF-16BE", false, text);
    expect(encoded(bom.p, "UTF-16LE"), "UTF-16LE", true, text);
    expect(encoded(bom.p, "UTF-16BE"), "UTF-16BE", true, text);
}

static void short_lists_are_guessed_right(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof french / sizeof *french; i++) {
        expect_unicode(french[i]);
        const char *name = i < 5 ? "ISO-8859-1" : "windows-1252";
        expect(encoded(french[i], name), name, false, french[i]);
    }
    for (size_t i = 0; i < sizeof persian / sizeof *persian; i++) expect_unicode(persian[i]);
    for (size_t i = 0; i < sizeof arabic / sizeof *arabic; i++) {
        expect_unicode(arabic[i]);
        expect(encoded(arabic[i], "windows-1256"), "windows-1256", false, arabic[i]);
    }
    expect_unicode("name\tcity\nJohn\tLeeds\n");
}

/* Windows-1256 has ک but no ی: Persian programs write ي, as the lists above do where ZWNJ is
 * absent. */
static void persian_lists_of_old_windows(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof persian / sizeof *persian; i++) {
        struct buf b = { .arena = arena };
        for (struct str s = str_of(persian[i]); s.n;) {
            int32_t c = utf8_next(&s);
            buf_add_utf8(&b, c == 0x06CC ? 0x064A : c);
        }
        expect(encoded(b.p, "windows-1256"), "windows-1256", false, b.p);
    }
    expect(encoded("نام\nاکبر کاظمي\n", "windows-1256"), "windows-1256", false,
           "نام\nاکبر کاظمي\n");
}

/* A sample may be cut inside a character; a rare accent far down decides. */
static void cut_and_late(void **state) {
    (void)state;
    for (size_t cut = 1; cut < 20; cut++) {
        struct str s = str_of(persian[0]);
        assert_string_equal(charset_guess(str_sub(s, 0, s.n - cut)).name, "UTF-8");
        s = encoded(arabic[0], "UTF-16BE");
        assert_string_equal(charset_guess(str_sub(s, 0, s.n - cut)).name, "UTF-16BE");
    }
    struct buf b = { .arena = arena };
    for (int i = 0; i < 9000; i++) buf_add_z(&b, "Smith;London\n");
    assert_string_equal(charset_guess(buf_str(&b)).name, "UTF-8");
    buf_add_z(&b, "Ren\xE9;Paris\n");
    assert_string_equal(charset_guess(buf_str(&b)).name, "ISO-8859-1");
    buf_add_z(&b, "c\x9Cur\n");
    assert_string_equal(charset_guess(buf_str(&b)).name, "windows-1252");
    assert_string_equal(charset_guess(S("")).name, "UTF-8");
}

static void what_cannot_be_decoded_is_counted(void **state) {
    (void)state;
    static const struct {
        struct str bytes;
        const char *name, *want;
        int bad_n;
    } v[] = {
        { S("a\xFF"
            "b\xC3"),
          "UTF-8", "a\uFFFDb\uFFFD", 2 },
        { S("\xEF\xBB\xBFx\xEF\xBB\xBFy"), "utf-8", "x\uFEFFy", 0 },
        { S("a\0\x3D\xD8\0\xDE\x3D\xD8z\0"), "UTF-16LE", "a😀\uFFFDz", 1 },
        { S("\0a\0"), "UTF-16BE", "a\uFFFD", 1 },
        { S("a\x81\x8D\x80\xE9"), "windows-1252", "a\uFFFD\uFFFD€é", 2 },
        { S("a\x81\x92\xE9"), "ISO-8859-1", "a\uFFFD’é", 1 },
        { S("\x81\x8D\x8E\x90\x98\xED\x9D"), "windows-1256", "پچژگکي\u200C", 0 },
        { S(""), "UTF-16LE", "", 0 },
    };
    for (size_t i = 0; i < sizeof v / sizeof *v; i++) {
        int64_t bad_n;
        struct str got = decoded(v[i].bytes, v[i].name, &bad_n);
        if (!str_eq_z(got, v[i].want) || bad_n != v[i].bad_n)
            fail_msg("%s: «%.*s», %d bad, want «%s»", v[i].name, SF(got), (int)bad_n, v[i].want);
    }
    struct str rest = S("x");
    assert_null(charset_reader_new(csv_from_str(&rest), "Big5"));
    /* nearly all of it is UTF-8 */
    struct str s = str_printf(arena, "%s%s\xFFx", persian[1], persian[1]);
    assert_string_equal(charset_guess(s).name, "UTF-8");
    assert_int_equal(charset_guess(s).confidence, 60);
}

/* Blocks of any size, on both sides, split no character; an offset can be found again. */
static void blocks_and_offsets(void **state) {
    (void)state;
    struct buf b = { .arena = arena };
    for (int i = 0; i < 3000; i++) buf_printf(&b, "%d,علی é 😀 «ß»\n", i);
    struct str utf16 = encoded(b.p, "UTF-16LE");
    FILE *f = tmpfile();
    assert_int_equal(fwrite(utf16.p, 1, utf16.n, f), utf16.n);
    rewind(f);
    struct charset_reader *r = charset_reader_new(csv_from_file(f), "UTF-16LE");
    struct csv_source source = charset_reader_source(r);
    for (size_t step = 4; step < 60; step += 5) {
        assert_true(source.seek(source.of, 0));
        assert_true(str_eq(decoded_by(r, step), buf_str(&b)));
    }
    struct csv c;
    struct csv_row row;
    int64_t offset = 0, line = 0;
    assert_true(source.seek(source.of, 0));
    csv_open(&c, source, ',');
    while (csv_next(&c, &row) == CSV_ROW)
        if (str_eq_z(row.cells[0], "2222")) offset = row.offset, line = row.line;
    assert_true(csv_seek(&c, offset, line));
    assert_int_equal(csv_next(&c, &row), CSV_ROW);
    assert_true(str_eq_z(row.cells[0], "2222"));
    assert_true(str_eq_z(row.cells[1], "علی é 😀 «ß»"));
    assert_int_equal(row.line, 2223);
    assert_false(source.seek(source.of, offset + 6)); /* the middle of ع */
    assert_false(source.seek(source.of, INT64_MAX));
    csv_close(&c);
    charset_reader_free(r);
    fclose(f);
}

int main(void) {
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(short_lists_are_guessed_right),
        cmocka_unit_test(persian_lists_of_old_windows),
        cmocka_unit_test(cut_and_late),
        cmocka_unit_test(what_cannot_be_decoded_is_counted),
        cmocka_unit_test(blocks_and_offsets),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
