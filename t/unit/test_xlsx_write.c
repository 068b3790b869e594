/* The writer of workbooks (lib/text/xlsx_write): what is written is read back by our own reader,
 * text is never a formula (trust.md T-10), and a full disk gives an error, not half a list. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/archive/zip.h"
#include "lib/text/csv.h"
#include "lib/text/xlsx.h"
#include "lib/text/xlsx_write.h"

static struct arena *a;
static char path[] = "/tmp/daftar-book-XXXXXX";

enum { T = XLSX_CELL_TEXT, N = XLSX_CELL_NUMBER, Y = XLSX_CELL_YESNO, D = XLSX_CELL_DAY };
static const struct cell {
    int type;
    const char *text;
    const char *back; /* NULL: the same */
} cells[] = {
    { T, "=1+1", NULL },
    { T, "+1", NULL },
    { T, "@SUM(1)", NULL },
    { T, "{=1+1}", NULL },
    { T, "\t=1", NULL },
    { T, " =1 ", NULL },
    { T, "＝1", NULL },
    { T, "'=1", NULL },
    { T, "=cmd|' /C calc'!A1", NULL },
    { T, "http://example.org", NULL },
    { T, "0012", NULL },
    { T, "1e5", NULL },
    { T, "12345678901234567890", NULL },
    { T, "TRUE", NULL },
    { T, "#N/A", NULL },
    { T, "2024-03-05", NULL },
    { T, "علی، «رضایی»\nدو خط", NULL },
    { T, "<b>&amp;</b> ]]> \"", NULL },
    { T, "_x0041_ _x005F_ _x00", NULL },
    { T, "🎉 𝄞", NULL },
    { T, "a\x01z", "az" },
    { T, "", NULL },
    { N, "-5", NULL },
    { N, "12.5", NULL },
    { N, "0", NULL },
    { N, "123456789012345", NULL },
    { N, "1234567890123456", NULL }, /* text: a number has 15 digits */
    { N, "1e5", NULL },
    { N, "--5", NULL },
    { N, "=1", NULL },
    { Y, "1", NULL },
    { Y, "0", NULL },
    { D, "1900-01-01", NULL },
    { D, "1900-02-28", NULL },
    { D, "1900-03-01", NULL },
    { D, "2024-02-29", NULL },
    { D, "9999-12-31", NULL },
    { D, "1899-12-31", NULL }, /* text */
    { D, "--05-07", NULL },
    { D, "1985", NULL },
};
enum { CELLS_N = sizeof cells / sizeof *cells };

static struct xlsx_sheet_look look(int columns_n) {
    struct xlsx_column *columns = arena_array(a, struct xlsx_column, columns_n);
    for (int i = 0; i < columns_n; i++)
        columns[i] = (struct xlsx_column){ str_printf(a, "column_%d", i), 12 };
    return (struct xlsx_sheet_look){ S("مشتریان"), true, columns, columns_n };
}

static bool into_buf(void *of, struct str bytes) {
    buf_add(of, bytes);
    return true;
}

/* One part of the workbook as text. */
static struct str part(const char *name) {
    const struct unzip_limits limits = { 100, 100 << 20, 100000 };
    struct buf out = { .arena = a };
    struct unzip *z;
    const char *why;
    char block[4096];
    size_t n = 1;
    int fd = open(path, O_RDONLY);
    assert_int_equal(unzip_open(a, fd, &limits, &z, &why), OK);
    if (unzip_entry(z, str_of(name)) == OK)
        while (unzip_read(z, block, sizeof block, &n, &why) == OK && n)
            buf_add(&out, (struct str){ block, n });
    unzip_close(z);
    close(fd);
    return buf_str(&out);
}

static void there_and_back(void **state) {
    (void)state;
    struct xlsx_sheet_look l = look(CELLS_N);
    struct xlsx_writer *w;
    struct buf csv = { .arena = a };
    struct xlsx_result r;
    struct csv reader;
    struct csv_row row;
    const char *why;
    assert_int_equal(xlsx_writer_open(a, path, "/tmp", &l, &w), OK);
    for (int i = 0; i < CELLS_N; i++)
        xlsx_writer_cell(w, (enum xlsx_cell)cells[i].type, str_of(cells[i].text));
    assert_int_equal(xlsx_writer_row(w), OK);
    assert_int_equal(xlsx_writer_cut_n(w), 0);
    assert_int_equal(xlsx_writer_close(w), OK);
    int fd = open(path, O_RDONLY);
    assert_int_equal(xlsx_read(a, fd, NO_STR, (struct xlsx_sink){ into_buf, &csv }, &r, &why), OK);
    close(fd);
    assert_int_equal(r.faults_total, 0);
    struct str text = buf_str(&csv);
    csv_open(&reader, csv_from_str(&text), ',');
    assert_int_equal(csv_next(&reader, &row), CSV_ROW);
    assert_int_equal(row.cells_n, CELLS_N);
    assert_true(str_eq_z(row.cells[CELLS_N - 1], str_printf(a, "column_%d", CELLS_N - 1).p));
    assert_int_equal(csv_next(&reader, &row), CSV_ROW);
    for (int i = 0; i < CELLS_N; i++) {
        const char *want = cells[i].back ? cells[i].back : cells[i].text;
        struct str got = csv_unguard(row.cells[i]);
        if (!str_eq_z(got, want)) print_error("\"%s\": \"%.*s\"\n", want, SF(got));
        assert_true(str_eq_z(got, want));
    }
    csv_close(&reader);
    struct str sheet = part("xl/worksheets/sheet1.xml");
    assert_true(str_find(sheet, S("<t>=1+1</t>")) > 0);
    assert_true(str_find(sheet, S("<f>")) < 0 && str_find(sheet, S("<f ")) < 0);
    assert_true(str_find(sheet, S("t=\"s\"")) < 0);
    assert_true(str_find(sheet, S("rightToLeft=\"1\"")) > 0);
    assert_true(str_find(sheet, S("<autoFilter ref=\"A1:AN2\"/>")) > 0);
    assert_true(str_find(sheet, S("hyperlink")) < 0);
}

static void long_text_is_cut(void **state) {
    (void)state;
    struct xlsx_sheet_look l = look(1);
    struct xlsx_writer *w;
    struct buf text = { .arena = a };
    for (int i = 0; i < XLSX_TEXT_N; i++) buf_add_utf8(&text, 0x645);
    assert_int_equal(xlsx_writer_open(a, path, "/tmp", &l, &w), OK);
    xlsx_writer_cell(w, XLSX_CELL_TEXT, buf_str(&text));
    assert_int_equal(xlsx_writer_row(w), OK);
    assert_int_equal(xlsx_writer_cut_n(w), 0);
    buf_add_utf8(&text, 0x645);
    xlsx_writer_cell(w, XLSX_CELL_TEXT, buf_str(&text));
    assert_int_equal(xlsx_writer_row(w), OK);
    assert_int_equal(xlsx_writer_cut_n(w), 1);
    assert_int_equal(xlsx_writer_close(w), OK);
    assert_true(part("xl/worksheets/sheet1.xml").n > 4 * XLSX_TEXT_N);
}

static void dropped(void **state) {
    (void)state;
    struct xlsx_sheet_look l = look(2);
    struct xlsx_writer *w;
    assert_int_equal(xlsx_writer_open(a, path, "/tmp", &l, &w), OK);
    xlsx_writer_cell(w, XLSX_CELL_TEXT, S("x"));
    assert_int_equal(xlsx_writer_row(w), OK);
    xlsx_writer_drop(w);
    assert_int_equal(access(path, F_OK), -1);
}

/* Writing, with files no larger than that; 0: it went well, 1: an error, and nothing is left. */
static int write_within(rlim_t bytes) {
    pid_t pid = fork();
    if (pid == 0) {
        struct rlimit limit = { bytes, bytes };
        struct xlsx_sheet_look l = look(3);
        struct xlsx_writer *w;
        signal(SIGXFSZ, SIG_IGN);
        setrlimit(RLIMIT_FSIZE, &limit);
        if (xlsx_writer_open(a, path, "/tmp", &l, &w) != OK) _exit(1);
        for (int i = 0; i < 20000; i++) {
            for (int k = 0; k < 3; k++)
                xlsx_writer_cell(w, XLSX_CELL_TEXT, str_printf(a, "text %d", i * 7919 % 20011));
            if (xlsx_writer_row(w) != OK) _exit(1);
        }
        enum status s = xlsx_writer_close(w);
        _exit(s == OK ? 0 : access(path, F_OK) == 0 ? 2 : 1);
    }
    int how = 0;
    waitpid(pid, &how, 0);
    return WIFEXITED(how) ? WEXITSTATUS(how) : -1;
}
static void full_disk(void **state) {
    (void)state;
    assert_int_equal(write_within(100 << 20), 0);
    struct stat st;
    assert_int_equal(stat(path, &st), 0);
    const rlim_t limits[] = { 100, 5000, 50000, (rlim_t)st.st_size - 1, 1 << 20, 3 << 20 };
    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
        int how = write_within(limits[i]);
        if (how != 1) print_error("%lu bytes: %d\n", (unsigned long)limits[i], how);
        assert_int_equal(how, 1);
    }
}

static int set_up(void **state) {
    (void)state;
    a = arena_new();
    return 0;
}
static int tear_down(void **state) {
    (void)state;
    unlink(path);
    arena_free(a);
    return 0;
}
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(there_and_back),
        TEST(long_text_is_cut),
        TEST(dropped),
        TEST(full_disk),
    };
    int fd = mkstemp(path);
    if (fd < 0) return 1;
    close(fd);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
