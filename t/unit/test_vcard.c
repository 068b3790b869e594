/* lib/text/vcard: lines, folding, quoted-printable, encodings, escapes, dates, data, broken cards,
 * limits; and the writer, whose lines come back. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <time.h>

#include "lib/text/charset.h"
#include "lib/text/vcard.h"

#define EQ(s, z)                                                                                   \
    do {                                                                                           \
        struct str eq_ = (s);                                                                      \
        if (!str_eq_z(eq_, (z))) fail_msg("\"%.*s\" is not \"%s\"", SF(eq_), (z));                 \
    } while (0)
#define COUNT(array)         ((int)(sizeof(array) / sizeof(array)[0]))
#define CARD(version, lines) "BEGIN:VCARD\r\nVERSION:" version "\r\n" lines "\r\nEND:VCARD\r\n"

static struct vcard read_one(struct arena *a, struct str file, const char *fallback) {
    struct vcard card;
    struct vcard_reader *r = vcard_open(csv_from_str(&file), fallback);
    assert_int_equal(vcard_next(r, a, &card), VCARD_CARD);
    vcard_close(r);
    return card;
}

/* The first property of a card, as text, whole or one component. */
static void test_values(void **state) {
    static const struct {
        const char *file;
        int part; /* -1: the whole as text */
        const char *is;
    } rows[] = {
        { CARD("3.0", "FN:Sara Ahmadi"), -1, "Sara Ahmadi" },
        { CARD("3.0", "FN:Sara \r\n Ahmadi"), -1, "Sara Ahmadi" },
        { CARD("3.0", "FN:Sa\r\n\tra"), -1, "Sara" },
        { CARD("3.0", "FN:Sar\n a"), -1, "Sara" },
        { CARD("3.0", "FN:Sar\r a"), -1, "Sara" },
        { CARD("3.0", "FN:\xD8\r\n \xB3\xD8\xA7\xD8\xB1\xD8\r\n \xA7"), -1, "سارا" },
        { CARD("2.1", "FN:Sara\r\n Ahmadi"), -1, "Sara Ahmadi" },
        { CARD("3.0", "NOTE:a\\nb\\Nc\\, d\\; e\\\\f \\x"), -1, "a\nb\nc, d; e\\f \\x" },
        { CARD("3.0", "URL:http\\://x.example"), -1, "http://x.example" },
        { CARD("3.0", "N:Ahmadi;Sara;Mina,Reza;Dr.;Jr."), 2, "Mina Reza" },
        { CARD("3.0", "N:Ah\\;madi\\, x;Sara"), 0, "Ah;madi, x" },
        { CARD("4.0", "N:a\\\\;b"), 1, "b" },
        { CARD("2.1", "N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=D8=B3=D8=A7;=D8=\r\n=B1=D8=A7"),
          1, "را" },
        { CARD("2.1", "N;ENCODING=QUOTED-PRINTABLE;CHARSET=UTF-8:=D8=B3=\r\n =D8=A7=\r\n\t=D8=B1"),
          0, "سار" },
        { CARD("2.1", "NOTE;QUOTED-PRINTABLE:one=0D=0A=\r\ntwo words =\r\n three"), -1,
          "one\ntwo words  three" },
        { CARD("2.1", "NOTE;ENCODING=QUOTED-PRINTABLE:cut ="), -1, "cut" },
        { CARD("2.1", "NOTE;ENCODING=QUOTED-PRINTABLE:50=25 =ZZ"), -1, "50% =ZZ" },
        { CARD("2.1", "N;CHARSET=windows-1256:\xDA\xE1\xED;\xE3\xCD\xE3\xCF"), 0, "علي" },
        { CARD("2.1", "FN;CHARSET=CP1252;ENCODING=QUOTED-PRINTABLE:=C9lodie"), -1, "Élodie" },
        { CARD("2.1", "FN;CHARSET=ISO-8859-1:\xC9lodie"), -1, "Élodie" },
        { CARD("3.0", "FN;ENCODING=B:2LPYp9ix2Kc="), -1, "سارا" },
        { CARD("3.0", "fn:small"), -1, "small" },
        { CARD("3.0", "item1.FN:grouped"), -1, "grouped" },
        { CARD("4.0", "FN;X=\"a:b;c\";Y=1:quoted"), -1, "quoted" },
        { CARD("4.0", "FN;X=\"open:unbalanced"), -1, "unbalanced" },
        { CARD("4.0", "FN:"), -1, "" },
        { "\xEF\xBB\xBF" CARD("3.0", "FN:mark"), -1, "mark" },
        { "begin:vcard\nversion:3.0\nfn:lower\nend:vcard", -1, "lower" },
        { "BEGIN:VCARD\rFN:old Mac\rEND:VCARD\r", -1, "old Mac" },
        { "BEGIN: VCARD \r\nFN:x\r\nEND : VCARD\r\n", -1, "x" },
    };
    (void)state;
    for (int i = 0; i < COUNT(rows); i++) {
        struct arena *a = arena_new();
        struct vcard card = read_one(a, str_of(rows[i].file), NULL);
        if (card.n != 1) fail_msg("row %d: %d properties", i, card.n);
        if (card.faults_n) fail_msg("row %d: %d faults", i, card.faults_n);
        if (rows[i].part < 0)
            EQ(vcard_text(a, card.v), rows[i].is);
        else
            EQ(vcard_parts(a, card.v, " ").v[rows[i].part], rows[i].is);
        arena_free(a);
    }
}

static void test_params(void **state) {
    (void)state;
    struct arena *a = arena_new();
    struct vcard card = read_one(a,
                                 S(CARD("2.1", "TEL;CELL;PREF;X-K=\"a^nb^'c^^\":1\r\n"
                                               "TEL;TYPE=HOME,\"voice,x\";type=FAX:2\r\n"
                                               "EMAIL;PREF=2:3\r\nTEL;TYPE=\"work,voice\":4")),
                                 NULL);
    assert_int_equal(card.n, 4);
    assert_true(vcard_has(&card.v[0], "TYPE", "cell"));
    assert_true(vcard_has(&card.v[1], "TYPE", "fax"));
    assert_true(vcard_has(&card.v[1], "TYPE", "voice,x"));
    assert_true(vcard_has(&card.v[3], "TYPE", "voice"));
    assert_true(vcard_has(&card.v[3], "TYPE", "work"));
    EQ(vcard_param(&card.v[0], "X-K"), "a\nb\"c^");
    assert_int_equal(vcard_pref(&card.v[0]), 1);
    assert_int_equal(vcard_pref(&card.v[2]), 2);
    assert_int_equal(vcard_pref(&card.v[3]), 101);
    arena_free(a);
}

static void test_dates(void **state) {
    static const struct {
        const char *line, *is;
    } rows[] = {
        { "BDAY:1985-04-15", "1985-04-15" },
        { "BDAY:19850415", "1985-04-15" },
        { "BDAY:1985-04-15T00:00:00Z", "1985-04-15" },
        { "BDAY:19850415T231000-0300", "1985-04-15" },
        { "BDAY;VALUE=date:--0415", "--04-15" },
        { "BDAY:--04-15", "--04-15" },
        { "BDAY;X-APPLE-OMIT-YEAR=1604:1604-04-15", "--04-15" },
        { "BDAY;VALUE=date-and-or-time;CALSCALE=gregorian:--0229", "--02-29" },
        { "BDAY:1604-02-29", "--02-29" },
        { "BDAY:1985-04", NULL },
        { "BDAY:1985", NULL },
        { "BDAY:---15", NULL },
        { "BDAY:1985-02-29", NULL },
        { "BDAY;VALUE=text:circa 1800", NULL },
        { "BDAY;CALSCALE=hebrew:5745-01-01", NULL },
        { "BDAY:1364-01-26", NULL },
        { "BDAY:19850415x", NULL },
    };
    (void)state;
    for (int i = 0; i < COUNT(rows); i++) {
        struct arena *a = arena_new();
        struct str iso;
        struct vcard card =
            read_one(a, str_printf(a, "BEGIN:VCARD\n%s\nEND:VCARD\n", rows[i].line), NULL);
        bool is = vcard_date(a, &card.v[0], &iso);
        if (is != (rows[i].is != NULL)) fail_msg("%s", rows[i].line);
        if (is) EQ(iso, rows[i].is);
        arena_free(a);
    }
}

static void test_data(void **state) {
    static const struct {
        const char *file;
        enum vcard_data is;
        const char *type, *bytes;
    } rows[] = {
        { CARD("3.0", "PHOTO;ENCODING=b;TYPE=JPEG:aGVs\r\n bG8=\r\nNOTE:x"), VCARD_DATA_BYTES,
          "JPEG", "hello" },
        { CARD("2.1", "PHOTO;BASE64;JPEG:\r\n    aGVs\r\n    bG8=\r\n\r\nNOTE:x"), VCARD_DATA_BYTES,
          "JPEG", "hello" },
        { CARD("2.1", "PHOTO;ENCODING=BASE64;TYPE=PNG:aGVs\r\nbG8=\r\nNOTE:x"), VCARD_DATA_BYTES,
          "PNG", "hello" },
        { CARD("4.0", "PHOTO:data:image/jpeg;base64,aGVsbG8\r\nNOTE:x"), VCARD_DATA_BYTES,
          "image/jpeg", "hello" },
        { CARD("4.0", "PHOTO:data\\:image/png\\;base64\\,aGVsbG8=\r\nNOTE:x"), VCARD_DATA_BYTES,
          "image/png", "hello" },
        { CARD("3.0", "PHOTO;VALUE=URI:https://x.example/a.jpg\r\nNOTE:x"), VCARD_DATA_URI, "",
          "https://x.example/a.jpg" },
        { CARD("3.0", "PHOTO;ENCODING=b:!!!!\r\nNOTE:x"), VCARD_DATA_BAD, "", "" },
        { CARD("4.0", "PHOTO:data:image/jpeg,plain\r\nNOTE:x"), VCARD_DATA_BAD, "image/jpeg", "" },
        { CARD("3.0", "PHOTO;ENCODING=b:\r\nNOTE:x"), VCARD_DATA_NONE, "", "" },
    };
    (void)state;
    for (int i = 0; i < COUNT(rows); i++) {
        struct arena *a = arena_new();
        struct str type, bytes;
        struct vcard card = read_one(a, str_of(rows[i].file), NULL);
        if (card.n != 2) fail_msg("row %d: %d properties", i, card.n);
        assert_int_equal(vcard_data(a, &card.v[0], &type, &bytes), rows[i].is);
        if (*rows[i].type) EQ(type, rows[i].type);
        if (rows[i].is != VCARD_DATA_BAD) EQ(bytes, rows[i].bytes);
        EQ(vcard_text(a, &card.v[1]), "x");
        arena_free(a);
    }
}

/* What is broken is told with its line, and the rest goes on. */
static void test_faults(void **state) {
    static const struct {
        const char *file;
        int cards, faults;
        enum vcard_fault_kind kind;
        int line;
    } rows[] = {
        { CARD("3.0", "FN:a\r\nthis is no line\r\nTEL:1"), 1, 1, VCARD_NO_LINE, 4 },
        { CARD("3.0", "FN:a\r\nT EL:1"), 1, 1, VCARD_NO_LINE, 4 },
        { "BEGIN:VCARD\nFN:a\nBEGIN:VCARD\nFN:b\nEND:VCARD\n", 2, 1, VCARD_NOT_CLOSED, 1 },
        { "BEGIN:VCARD\nFN:a", 1, 1, VCARD_NOT_CLOSED, 1 },
        { "hello\nthere\nBEGIN:VCARD\nFN:a\nEND:VCARD\n", 1, 1, VCARD_OUTSIDE, 1 },
        { "BEGIN:VCARD\nFN:a\nEND:VCARD\nrest", 1, 1, VCARD_OUTSIDE, 4 },
        { "BEGIN:VCARD\nFN;CHARSET=X-KLINGON:\xC9\nEND:VCARD\n", 1, 2, VCARD_BAD_CHARSET, 2 },
        { "BEGIN:VCARD\nFN:\xC9\nEND:VCARD\n", 1, 1, VCARD_BAD_BYTES, 2 },
        { "BEGIN:VCARD\nNOTE;QUOTED-PRINTABLE:a=\nEND:VCARD\nBEGIN:VCARD\nFN:b\nEND:VCARD\n", 2, 0,
          0, 0 },
        { "BEGIN:VCARD\nAGENT:\nBEGIN:VCARD\nFN:boss\nEND:VCARD\nFN:a\nEND:VCARD\n", 1, 0, 0, 0 },
        { "\n\n  \n", 0, 0, 0, 0 },
        { "", 0, 0, 0, 0 },
    };
    (void)state;
    for (int i = 0; i < COUNT(rows); i++) {
        struct arena *a = arena_new();
        struct str file = str_of(rows[i].file);
        struct vcard_reader *r = vcard_open(csv_from_str(&file), NULL);
        struct vcard card;
        struct vcard_fault first = { 0 };
        int cards = 0, faults = 0;
        for (enum vcard_event e = VCARD_CARD; e == VCARD_CARD;) {
            e = vcard_next(r, a, &card);
            if (!faults && card.faults_n) first = card.faults[0];
            faults += card.faults_n;
            cards += e == VCARD_CARD;
        }
        vcard_close(r);
        if (cards != rows[i].cards || faults != rows[i].faults)
            fail_msg("row %d: %d cards, %d faults", i, cards, faults);
        if (faults && (first.kind != rows[i].kind || first.line != rows[i].line))
            fail_msg("row %d: fault %d at line %d", i, (int)first.kind, (int)first.line);
        arena_free(a);
    }
}

static void test_agent(void **state) {
    (void)state;
    struct arena *a = arena_new();
    int at = 0;
    struct vcard card = read_one(
        a, S("BEGIN:VCARD\nAGENT:\nBEGIN:VCARD\nFN:boss\nEND:VCARD\nFN:a\nEND:VCARD\n"), NULL);
    assert_int_equal(card.n, 3);
    assert_true(card.v[1].of_agent);
    EQ(vcard_find(&card, "FN", &at)->value, "a");
    arena_free(a);
}

static void test_encodings(void **state) {
    static const char utf16[] = "\xFF\xFE"
                                "B\0E\0G\0I\0N\0:\0V\0C\0A\0R\0D\0\n\0F\0N\0:\0\x33\x06\x27\x06\n\0"
                                "E\0N\0D\0:\0V\0C\0A\0R\0D\0\n\0";
    (void)state;
    struct arena *a = arena_new();
    EQ(read_one(a, (struct str){ utf16, sizeof utf16 - 1 }, NULL).v[0].value, "سا");
    struct str arabic = S("BEGIN:VCARD\nFN:\xDA\xE1\xED \xE3\xCD\xE3\xCF\nNOTE:ok\nEND:VCARD\n");
    struct str rest = arabic;
    struct vcard_reader *r = vcard_open(csv_from_str(&rest), NULL);
    struct vcard card;
    assert_int_equal(vcard_next(r, a, &card), VCARD_CARD);
    struct charset_guess guess = charset_guess(vcard_strange(r));
    vcard_close(r);
    EQ(str_of(guess.name), "windows-1256");
    EQ(read_one(a, arabic, guess.name).v[0].value, "علي محمد");
    arena_free(a);
}

/* A card over the limits keeps what came before; the next one is whole. */
static void test_limits(void **state) {
    (void)state;
    struct arena *a = arena_new();
    struct buf b = { 0 };
    struct vcard card;
    buf_add_z(&b, "BEGIN:VCARD\nFN:a\nPHOTO;ENCODING=b:");
    for (int i = 0; i < LIMIT_VCARD_VALUE / 64 + 100; i++) {
        for (int k = 0; k < 64; k++) buf_add_c(&b, 'A');
        buf_add_z(&b, "\n ");
    }
    buf_add_z(&b, "\nTEL:1\nEND:VCARD\nBEGIN:VCARD\n");
    for (int i = 0; i < LIMIT_VCARD_LINES_N + 5; i++) buf_add_z(&b, "TEL:2\n");
    buf_add_z(&b, "END:VCARD\n");
    struct str rest = buf_str(&b);
    struct vcard_reader *r = vcard_open(csv_from_str(&rest), NULL);
    assert_int_equal(vcard_next(r, a, &card), VCARD_CARD);
    assert_int_equal(card.n, 2);
    assert_int_equal(card.faults_n, 1);
    assert_int_equal(card.faults[0].kind, VCARD_TOO_LONG);
    assert_int_equal(vcard_next(r, a, &card), VCARD_CARD);
    assert_int_equal(card.n, LIMIT_VCARD_LINES_N);
    assert_int_equal(card.faults_n, 1);
    assert_int_equal(card.faults[0].kind, VCARD_TOO_MANY);
    assert_int_equal(vcard_next(r, a, &card), VCARD_END);
    vcard_close(r);
    buf_free(&b);
    arena_free(a);
}

/* Everything that is written comes back, in lines of 75 octets, none of which holds half a
 * character. */
static void test_writer(void **state) {
    static const char *const texts[] = {
        "",
        "plain",
        "a;b,c\\d",
        "two\nlines",
        "BEGIN:VCARD\r\nEND:VCARD",
        "tab\tbehind",
        "\\n is not a line break",
        "سلام دنیا؛ این یک متن بلند فارسی است که باید در چند خط بشکند و هیچ حرفی نصف نشود",
        "𝒜𝒜𝒜𝒜𝒜𝒜𝒜𝒜𝒜𝒜𝒜𝒜𝒜𝒜𝒜𝒜𝒜𝒜𝒜𝒜𝒜𝒜𝒜𝒜𝒜𝒜𝒜𝒜𝒜𝒜𝒜𝒜",
        ";;;",
        ",",
        "ends with \\",
    };
    (void)state;
    for (int version = VCARD_30; version <= VCARD_40; version++) {
        struct arena *a = arena_new();
        struct buf b = { .arena = a };
        struct vcard_out o = { &b, (enum vcard_version)version };
        struct str parts[COUNT(texts)];
        for (int i = 0; i < COUNT(texts); i++) parts[i] = str_of(texts[i]);
        vcard_write_begin(&o);
        for (int i = 0; i < COUNT(texts); i++) vcard_write_text(&o, "NOTE", parts[i]);
        vcard_write_parts(&o, "N", parts, COUNT(parts));
        vcard_write_list(&o, "CATEGORIES", parts, COUNT(parts));
        vcard_write_raw(&o, "URL", S("https://x.example/\r\nFN:not a line"));
        vcard_write_data(&o, "PHOTO", "image/jpeg",
                         S("\xFF\xD8 bytes \0 and more of them, enough for two lines"));
        vcard_write_end(&o);
        for (struct str rest = buf_str(&b), line; str_cut(&rest, '\n', &line);) {
            assert_true(line.n <= 76 && utf8_valid(line)); /* with its CR */
            if (line.n) assert_int_equal(line.p[line.n - 1], '\r');
        }
        struct vcard card = read_one(a, buf_str(&b), NULL);
        assert_int_equal(card.version, version);
        assert_int_equal(card.faults_n, 0);
        assert_int_equal(card.n, COUNT(texts) + 4);
        for (int i = 0; i < COUNT(texts); i++) {
            const char *is = i == 4 ? "BEGIN:VCARD\nEND:VCARD" : texts[i];
            EQ(vcard_text(a, &card.v[i]), is);
            EQ(vcard_parts(a, &card.v[COUNT(texts)], ",").v[i], is);
            EQ(vcard_list(a, &card.v[COUNT(texts) + 1]).v[i], is);
        }
        struct str type, bytes;
        assert_int_equal(vcard_data(a, &card.v[card.n - 1], &type, &bytes), VCARD_DATA_BYTES);
        assert_true(str_eq(bytes, S("\xFF\xD8 bytes \0 and more of them, enough for two lines")));
        arena_free(a);
    }
}

/* Thirty megabytes of cards in flat memory, in a few seconds even under the sanitizers. */
struct endless {
    struct str text;
    size_t at;
    int64_t left;
};
static ptrdiff_t endless_read(void *of, char *to, size_t cap) {
    struct endless *e = of;
    if (e->left <= 0) return 0;
    size_t n = e->text.n - e->at < cap ? e->text.n - e->at : cap;
    memcpy(to, e->text.p + e->at, n);
    e->at = (e->at + n) % e->text.n;
    e->left -= (int64_t)n;
    return (ptrdiff_t)n;
}

static void test_stream(void **state) {
    (void)state;
    struct endless e = { S(CARD("3.0", "FN:Sara\r\nTEL;TYPE=CELL:+98 912 345 6789\r\nNOTE:a longer "
                                       "text that is fo\r\n lded")),
                         0, 30 << 20 };
    struct vcard_reader *r = vcard_open((struct csv_source){ endless_read, NULL, &e }, NULL);
    struct arena *a = arena_new();
    struct vcard card;
    clock_t began = clock(); /* of the processor: other people's load is not ours */
    int n = 0;
    for (; vcard_next(r, a, &card) == VCARD_CARD; n++) {
        assert_true(arena_used(a) < 1 << 16);
        arena_reset(a);
    }
    assert_true(n > 200000);
    assert_true(clock() - began < 30 * CLOCKS_PER_SEC);
    vcard_close(r);
    arena_free(a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values),    cmocka_unit_test(test_params),
        cmocka_unit_test(test_dates),     cmocka_unit_test(test_data),
        cmocka_unit_test(test_faults),    cmocka_unit_test(test_agent),
        cmocka_unit_test(test_encodings), cmocka_unit_test(test_limits),
        cmocka_unit_test(test_writer),    cmocka_unit_test(test_stream),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
