/* lib/text/csv: what it reads, refuses and guesses; T-10 and T-11 of trust.md for what it writes.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "drip.h"
#include "lib/base/random.h"
#include "lib/text/csv.h"

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

/* All rows as text: cells between |, each row with its line in front; an error at the end. */
static struct str read_all(struct csv_source source, char separator) {
    struct csv c;
    struct csv_row row;
    struct buf b = { .arena = arena };
    enum csv_event e;
    csv_open(&c, source, separator);
    while ((e = csv_next(&c, &row)) == CSV_ROW) {
        buf_printf(&b, "%lld:", (long long)row.line);
        for (int i = 0; i < row.cells_n; i++) {
            if (i) buf_add_c(&b, '|');
            buf_add(&b, row.cells[i]);
        }
        buf_add_c(&b, '/');
    }
    if (e == CSV_BAD) {
        buf_add(&b, csv_why(arena, &c.error));
        assert_int_equal(csv_next(&c, &row), CSV_BAD);
    }
    csv_close(&c);
    return buf_str(&b);
}

static struct str read_str(struct str text, char separator) {
    return read_all(csv_from_str(&text), separator);
}

static void reads_what_files_hold(void **state) {
    (void)state;
    static const struct {
        struct str text;
        const char *rows;
    } v[] = {
        { S(""), "" },
        { S("a"), "1:a/" },
        { S("a,b\nc,d\n"), "1:a|b/2:c|d/" },
        { S("a,b\r\nc,d\r\n"), "1:a|b/2:c|d/" },
        { S("a,b\rc,d\r"), "1:a|b/2:c|d/" },
        { S("a,b\n\n\r\n\rc"), "1:a|b/5:c/" },
        { S(",\n,,\n"), "1:|/2:||/" },
        { S("\"a,b\",\"c\"\"d\",\"\"\n"), "1:a,b|c\"d|/" },
        { S("\"x\ny\r\nz\rw\",2\n3"), "1:x\ny\r\nz\rw|2/5:3/" },
        { S("\"\"\n\"\"\"\"\n"), "1:/2:\"/" },
        { S(" a , b "), "1: a | b /" },
        { S("5\" pipe,a\"b\"c\n"), "1:5\" pipe|a\"b\"c/" },
        { S("\"a\"b\"c,d\n"), "1:ab\"c|d/" },
        { S("\"a\" ,b"), "1:a |b/" },
        { S(" \"a\",b"), "1: \"a\"|b/" },
        { S("\xEF\xBB\xBFname,x\n"), "1:name|x/" },
        { S("\xEF\xBB\xBF"), "" },
        { S("sep=,\r\na,b"), "2:a|b/" },
        { S("\xEF\xBB\xBFsep=;\na,b"), "2:a|b/" },
        { S("sep=,"), "1:sep=|/" },
        { S("نام,شهر\nعلی,\"قم، ایران\"\n"), "1:نام|شهر/2:علی|قم، ایران/" },
        { S("a\nb\0c\n"), "1:a/line 2, column 1: a NUL byte; this is not a text file" },
        { S("a\nx,\"b\0c\"\n"), "1:a/line 2, column 2: a NUL byte; this is not a text file" },
        { S("a,b\nc,\"d\ne\nf"), "1:a|b/line 2, column 2: the quote opened here is never closed" },
        { S("\""), "line 1, column 1: the quote opened here is never closed" },
    };
    for (size_t i = 0; i < sizeof v / sizeof *v; i++) {
        struct str got = read_str(v[i].text, ',');
        if (!str_eq_z(got, v[i].rows)) fail_msg("got «%.*s», want «%s»", SF(got), v[i].rows);
        for (size_t step = 1; step < 8; step++) {
            struct drip d = { v[i].text, step, false };
            got = read_all((struct csv_source){ drip_read, NULL, &d }, ',');
            if (!str_eq_z(got, v[i].rows)) fail_msg("step %zu: «%.*s»", step, SF(got));
        }
    }
    assert_true(str_eq_z(read_str(S("a;b,c\n\"x;y\";z"), ';'), "1:a|b,c/2:x;y|z/"));
    assert_true(str_eq_z(read_str(S("a\tb c\n"), '\t'), "1:a|b c/"));
}

static struct str letters(size_t n) {
    char *p = arena_alloc(arena, n + 1);
    memset(p, 'x', n);
    return (struct str){ p, n };
}

static void keeps_the_limits(void **state) {
    (void)state;
    struct str cell = letters(LIMIT_IMPORT_CELL), over = letters(LIMIT_IMPORT_CELL + 1);
    struct str text = str_printf(arena, "%s,\"%s\"\n", cell.p, cell.p), got = read_str(text, ',');
    assert_int_equal(got.n, 2 * LIMIT_IMPORT_CELL + 4);
    got = read_str(str_printf(arena, "a\nb,%s", over.p), ',');
    assert_true(str_eq_z(got, "1:a/line 2, column 2: the cell is longer than 100000 bytes"));
    got = read_str(str_printf(arena, "a\nb,\"\n\n%s\"", over.p), ',');
    assert_true(str_eq_z(got, "1:a/line 4, column 2: the cell is longer than 100000 bytes "
                              "(quotes were opened in line 2)"));
    struct buf b = { .arena = arena };
    for (int i = 1; i < LIMIT_IMPORT_COLUMNS_N; i++) buf_add_c(&b, ',');
    assert_int_equal(read_str(buf_str(&b), ',').n, LIMIT_IMPORT_COLUMNS_N + 2);
    buf_add_c(&b, ',');
    assert_true(str_eq_z(read_str(buf_str(&b), ','), "line 1, column 201: more than 200 columns"));
    struct drip d = { S("a,b\nc"), 3, true };
    assert_true(str_eq_z(read_all((struct csv_source){ drip_read, NULL, &d }, ','),
                         "1:a|b/line 2, column 1: the file could not be read"));
    d = (struct drip){ S("\"a"), 9, true };
    assert_true(str_eq_z(read_all((struct csv_source){ drip_read, NULL, &d }, ','),
                         "line 1, column 1: the file could not be read"));
}

/* A row far into the file is the same when one jumps to its offset. */
static void goes_on_from_an_offset(void **state) {
    (void)state;
    FILE *f = tmpfile();
    assert_non_null(f);
    fputs("\xEF\xBB\xBFid,text\r\n", f);
    for (int i = 0; i < 30000; i++) fprintf(f, "%d,\"line\n%d \"\"q\"\"\"\r\n", i, i);
    rewind(f);
    struct csv c;
    struct csv_row row;
    int64_t offset = 0, line = 0;
    csv_open(&c, csv_from_file(f), ',');
    for (int i = -1; csv_next(&c, &row) == CSV_ROW; i++)
        if (i == 20000) offset = row.offset, line = row.line;
    assert_int_equal(line, 2 + 2 * 20000);
    for (int round = 0; round < 2; round++) {
        assert_true(csv_seek(&c, offset, line));
        assert_int_equal(csv_next(&c, &row), CSV_ROW);
        assert_int_equal(row.cells_n, 2);
        assert_true(str_eq_z(row.cells[0], "20000"));
        assert_true(str_eq_z(row.cells[1], "line\n20000 \"q\""));
        assert_int_equal(row.line, line);
        assert_int_equal(row.offset, offset);
        assert_int_equal(csv_next(&c, &row), CSV_ROW);
        assert_true(str_eq_z(row.cells[0], "20001"));
        assert_int_equal(row.line, line + 2);
    }
    csv_close(&c);
    fclose(f);
    struct str text = S("a");
    csv_open(&c, csv_from_str(&text), ',');
    assert_false(csv_seek(&c, 0, 1));
    csv_close(&c);
}

static void guesses_the_separator(void **state) {
    (void)state;
    static const struct {
        const char *sample;
        char want;
    } v[] = {
        { "name,city\nAli,Qom\n", ',' },
        { "Nom;Prénom;Ville\nMartin;Élodie;Paris, 8e\n", ';' },
        { "nom;montant\nA;12,50\nB;3,90\nC;1,00\n", ';' },
        { "1,5;2,5;3,5\n1,6;2,6;3,6\n", ';' },
        { "1,2,3\n4,5,6\n", ',' },
        { "Nom, Prénom;Ville\nDoe, John;Paris\nRoe, Jane;Lyon\n", ';' },
        { "rec_id, given, family\nrec-1, ali, x\nrec-2, b, c\n", ',' },
        { "a\tb\tc\n1,2\t2\t3\n", '\t' },
        { "a|b|c\n1|2|3\n", '|' },
        { "\"a;x\",\"b;y\"\n\"c;z\",d\n", ',' },
        { "\"multi\nline, text\";b\n1;2\n", ';' },
        { "Name\nDoe, John\nRoe, Jane\n", ';' },
        { "name\n", ',' },
        { "", ',' },
        { "sep=|\na,b\nc,d\n", '|' },
        { "\xEF\xBB\xBFsep=;\r\na,b;c\n", ';' },
        { "List of clients 2026\n\nid;name;city\n1;A;B\n2;C;D\n3;E;F\n4;G;H\n", ';' },
        { "نام؛,تلفن\nعلی,0912\nرضا,0913\n", ',' },
        { "a;b;c\n1;2;3\n4;5;", ';' },
        { "a,b;c\n", ',' },
        { "id,note\n1,\"a; b; c\"\n2,\"d; e; f\"\n3,g\n", ',' },
        { "a;b\r1;2,2\r3;4,4\r", ';' },
    };
    for (size_t i = 0; i < sizeof v / sizeof *v; i++) {
        char got = csv_guess_separator(str_of(v[i].sample));
        if (got != v[i].want) fail_msg("«%s»: got %c, want %c", v[i].sample, got, v[i].want);
    }
}

static struct str written(struct str cell, char separator, unsigned flags) {
    struct buf b = { .arena = arena };
    csv_write_cell(&b, cell, separator, flags);
    return buf_str(&b);
}

static void defuses_formulas(void **state) {
    (void)state;
    static const struct {
        const char *cell;
        unsigned flags;
        const char *want;
    } v[] = {
        { "=1+1", 0, "'=1+1" },
        { "+1", 0, "'+1" },
        { "-1+1", 0, "'-1+1" },
        { "@SUM(1)", 0, "'@SUM(1)" },
        { "\t=1", 0, "'\t=1" },
        { "\r=1", 0, "\"'\r=1\"" },
        { "\n=1", 0, "\"'\n=1\"" },
        { " =1", 0, "\"' =1\"" },
        { "=cmd|' /C calc'!A1", 0, "'=cmd|' /C calc'!A1" },
        { "＝1", 0, "'＝1" },
        { "＋1", 0, "'＋1" },
        { "－1", 0, "'－1" },
        { "＠x", 0, "'＠x" },
        { "\u00A0\u3000=1", 0, "'\u00A0\u3000=1" },
        { "=\"x\"", 0, "\"'=\"\"x\"\"\"" },
        { "'=1", 0, "''=1" },
        { "''=1", 0, "'''=1" },
        { "'tis", 0, "'tis" },
        { "a=1", 0, "a=1" },
        { "+989123456789", CSV_NUMERIC, "+989123456789" },
        { "-5", CSV_NUMERIC, "-5" },
        { "-1 234.50", CSV_NUMERIC, "-1 234.50" },
        { "-1+1", CSV_NUMERIC, "'-1+1" },
        { "=1", CSV_NUMERIC, "'=1" },
        { "+98-912", CSV_NUMERIC, "'+98-912" },
        { "-", CSV_NUMERIC, "'-" },
        { "-5", 0, "'-5" },
        { "", 0, "" },
        { "", CSV_QUOTE, "\"\"" },
        { "a,b", 0, "\"a,b\"" },
        { "a\"b", 0, "\"a\"\"b\"" },
        { "a\nb", 0, "\"a\nb\"" },
        { " a", 0, "\" a\"" },
        { "علی", 0, "علی" },
    };
    for (size_t i = 0; i < sizeof v / sizeof *v; i++) {
        struct str got = written(str_of(v[i].cell), ',', v[i].flags);
        if (!str_eq_z(got, v[i].want)) fail_msg("got «%.*s», want «%s»", SF(got), v[i].want);
    }
    assert_true(str_eq_z(written(S("a,b;c"), ';', 0), "\"a,b;c\""));
    assert_true(str_eq_z(written(S("a,b"), ';', 0), "a,b"));
    assert_true(str_eq_z(csv_unguard(S("'tis")), "'tis"));
    assert_true(str_eq_z(csv_unguard(S("'")), "'"));
    assert_true(str_eq_z(csv_unguard(S("'-5")), "-5"));
    assert_true(str_eq_z(csv_unguard(S("=1")), "=1"));
    assert_true(str_eq_z(csv_unguard(NO_STR), ""));
}

/* T-11: for any cells and any separator, what is written is read back byte for byte. */
static void what_is_written_is_read_back(void **state) {
    (void)state;
    static const struct str bits[] = {
        S("'"),  S("="),      S("+"), S("-"),  S("@"),      S("\t"), S("\r"),     S("\n"),
        S(" "),  S(","),      S(";"), S("\""), S("1"),      S("9"),  S("a"),      S("＝"),
        S("－"), S("\u3000"), S("|"), S("ی"),  S("\u00A0"), S("."),  S("\uFEFF"),
    };
    static const char separators[] = ",;\t|";
    struct dice d = { 11 };
    for (int round = 0; round < 20000; round++) {
        struct arena_mark m = arena_mark(arena);
        char separator = separators[dice_below(&d, 4)];
        struct str cells[4], parsed;
        struct buf line = { .arena = arena };
        int cells_n = (int)dice_below(&d, 4) + 1;
        for (int i = 0; i < cells_n; i++) {
            struct buf b = { .arena = arena };
            for (int64_t n = dice_below(&d, 6); n > 0; n--)
                buf_add(&b, bits[dice_below(&d, sizeof bits / sizeof *bits)]);
            cells[i] = buf_str(&b);
            if (i) buf_add_c(&line, separator);
            csv_write_cell(&line, cells[i], separator,
                           i == 0   ? CSV_QUOTE
                           : i == 2 ? CSV_NUMERIC
                                    : 0);
        }
        buf_add_z(&line, "\r\n");
        struct csv c;
        struct csv_row row;
        struct str rest = buf_str(&line);
        csv_open(&c, csv_from_str(&rest), separator);
        assert_int_equal(csv_next(&c, &row), CSV_ROW);
        assert_int_equal(row.cells_n, cells_n);
        for (int i = 0; i < cells_n; i++) {
            parsed = csv_unguard(row.cells[i]);
            if (!str_eq(parsed, cells[i]))
                fail_msg("«%.*s» came back as «%.*s»", SF(cells[i]), SF(parsed));
        }
        assert_int_equal(csv_next(&c, &row), CSV_END);
        csv_close(&c);
        arena_back(arena, m);
    }
}

int main(void) {
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_what_files_hold),  cmocka_unit_test(keeps_the_limits),
        cmocka_unit_test(goes_on_from_an_offset), cmocka_unit_test(guesses_the_separator),
        cmocka_unit_test(defuses_formulas),       cmocka_unit_test(what_is_written_is_read_back),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
