/* Workbooks as tables for the import (core/exchange/sheet_xlsx): names, rows and faults come out of
 * the box; what is refused is said in the person's language, with the limit. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <sys/stat.h>

#include "core/exchange/sheet.h"
#include "xlsx_make.h"

static struct arena *a;
static struct locale loc;
static struct ctx c;
static struct box *keeper;
static char in_path[64], out_path[80];

#define INLINE(ref, text) "<c r=\"" ref "\" t=\"inlineStr\"><is><t>" text "</t></is></c>"

static void write_file(struct str bytes) {
    snprintf(in_path, sizeof in_path, "/tmp/daftar-sheet-XXXXXX");
    int fd = xlsx_file(bytes, in_path);
    assert_true(fd >= 0);
    close(fd);
    snprintf(out_path, sizeof out_path, "%s.csv", in_path);
}
static struct str table(void) {
    char *p = arena_alloc(a, 10000);
    FILE *f = fopen(out_path, "rb");
    size_t n = f ? fread(p, 1, 10000, f) : 0;
    if (f) fclose(f);
    return (struct str){ p, n };
}

static void read_whole(struct box *b) {
    const struct xlsx_made m = {
        .sheet = xlsx_sheet_of(
            a,
            "<row r=\"1\">" INLINE(
                "A1", "Our clients") "</row>"
                                     "<row r=\"2\">" INLINE("A2", "Name") INLINE("B2", "Phone")
                                         INLINE("C2", "Born") "</row><row r=\"3\">" INLINE(
                                             "A3", "Ali") "<c r=\"B3\"><f>NOW()</f></c><c r=\"C3\" "
                                                          "t=\"e\"><v>#REF!</v></c></row>",
            ""),
        .sheet2 = xlsx_sheet_of(a, "<row r=\"1\">" INLINE("A1", "دو") "</row>", "")
    };
    struct sheet_faults faults;
    struct sheet_names names;
    int64_t rows_n;
    write_file(xlsx_make(a, &m));
    assert_int_equal(sheet_xlsx_names(&c, b, in_path, &names), OK);
    assert_int_equal(names.n, 2);
    assert_true(str_eq_z(names.v[0], "Clients"));
    assert_true(str_eq_z(names.v[1], "مشتریان & co"));
    assert_int_equal(sheet_from_xlsx(&c, b, in_path, NO_STR, out_path, &faults, &rows_n), OK);
    assert_int_equal(rows_n, 1);
    assert_true(str_eq_z(table(), "\r\nName,Phone,Born\r\nAli,,\r\n"));
    assert_int_equal(faults.total, 3);
    assert_int_equal(faults.n, 3);
    assert_int_equal(faults.v[0].line, 1);
    assert_true(str_eq_z(faults.v[0].what, "Our clients"));
    assert_int_equal(faults.v[1].line, 3);
    assert_true(str_eq_z(faults.v[1].what, "B3"));
    assert_true(str_eq_z(faults.v[2].what, "C3: #REF!"));
    for (int i = 0; i < faults.n; i++) assert_non_null(strstr(faults.v[i].text, "{what}"));
    assert_int_equal(sheet_from_xlsx(&c, b, in_path, names.v[1], out_path, &faults, &rows_n), OK);
    assert_true(str_eq_z(table(), "دو\r\n"));
    assert_int_equal(c.problems.n, 0);
    unlink(in_path);
    unlink(out_path);
}
static void whole(void **state) {
    (void)state;
    read_whole(NULL);
    read_whole(keeper);
}

/* Many faults: a hundred are kept at most, as many as there is room for, all are counted. */
static void many_faults(void **state) {
    (void)state;
    struct buf rows = { .arena = a };
    struct sheet_faults faults;
    int64_t rows_n;
    for (int i = 1; i <= 500; i++)
        buf_printf(
            &rows,
            "<row r=\"%d\"><c r=\"A%d\"><v>%d</v></c><c r=\"B%d\" t=\"e\"><v>#N/A</v></c></row>", i,
            i, i, i);
    buf_add_c(&rows, '\0');
    write_file(xlsx_make(a, &(struct xlsx_made){ .sheet = xlsx_sheet_of(a, rows.p, "") }));
    assert_int_equal(sheet_from_xlsx(&c, NULL, in_path, NO_STR, out_path, &faults, &rows_n), OK);
    assert_int_equal(rows_n, 499);
    assert_int_equal(faults.total, 500);
    assert_int_equal(faults.n, 100);
    assert_true(str_eq_z(faults.v[99].what, "B100: #N/A"));
    unlink(in_path);
    unlink(out_path);
}

static void refused_in(enum lang lang, struct str bytes, const char *words) {
    struct sheet_faults faults;
    struct sheet_names names;
    int64_t rows_n;
    loc.lang = lang;
    c.problems = (struct problems){ .v = NULL };
    write_file(bytes);
    enum status s = sheet_from_xlsx(&c, NULL, in_path, NO_STR, out_path, &faults, &rows_n);
    assert_true(s == INVALID || s == TOO_BIG);
    assert_int_equal(c.problems.n, 1);
    assert_true(str_eq_z(c.problems.v[0].field, "file"));
    struct str said = ctx_problem_text(&c, &c.problems.v[0]);
    if (str_find(said, str_of(words)) < 0) print_error("%.*s\n", SF(said));
    assert_true(str_find(said, str_of(words)) >= 0);
    assert_int_equal(access(out_path, F_OK), -1);
    (void)!sheet_xlsx_names(&c, NULL, in_path, &names);
    unlink(in_path);
}
static void refused(void **state) {
    (void)state;
    struct xlsx_made wide = {
        .sheet = xlsx_sheet_of(
            a, "<row r=\"1\"><c r=\"A1\"><v>1</v></c><c r=\"HZ1\"><v>1</v></c></row>", "")
    };
    struct xlsx_made dtd = { .sheet = "<!DOCTYPE x>"
                                      "<worksheet xmlns=\"" XLSX_MAIN "\"/>" };
    struct str book = xlsx_make(a, &wide);
    refused_in(LANG_EN, book, "more than ⁨200⁩ columns");
    refused_in(LANG_FR, book, "plus de ⁨200⁩ colonnes");
    refused_in(LANG_FA, book, "⁨200⁩ ستون");
    refused_in(LANG_AR, book, "⁨200⁩ عمود");
    refused_in(LANG_EN, xlsx_make(a, &dtd), "document type declaration");
    refused_in(LANG_FR, S("Name,Phone\n"), "ZIP");
    refused_in(LANG_EN, S(""), "ZIP");
}

static void gone(void **state) {
    (void)state;
    struct sheet_faults faults;
    int64_t rows_n;
    assert_int_equal(sheet_from_xlsx(&c, NULL, "/nowhere", NO_STR, "/tmp/x", &faults, &rows_n),
                     BROKEN);
}

static int set_up(void **state) {
    (void)state;
    a = arena_new();
    loc = (struct locale){ .lang = LANG_EN };
    c = (struct ctx){ .arena = a, .loc = &loc };
    return box_open(&keeper) == OK ? 0 : -1;
}
static int tear_down(void **state) {
    (void)state;
    box_close(keeper);
    arena_free(a);
    return 0;
}
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = { TEST(whole), TEST(many_faults), TEST(refused), TEST(gone) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
