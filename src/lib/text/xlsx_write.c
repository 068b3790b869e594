/* Workbooks out (xlsx_write.h). Called by exports; calls libxlsxwriter, whose one home this is, and
 * lib/archive to see that the file is whole: libxlsxwriter does not look whether its temporary file
 * took what was written to it. */
#include <xlsxwriter.h>

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "lib/archive/zip.h"
#include "lib/base/log.h"
#include "lib/text/xlsx_write.h"

enum { ROWS_MAX = 1048576, NUMBER_DIGITS = 15, FIRST_YEAR = 1900, LAST_YEAR = 9999, CHUNK = 32768 };

struct xlsx_writer {
    struct arena *arena; /* of the writer */
    struct arena *text;  /* of the cell */
    const char *path;
    const struct xlsx_sheet_look *look;
    lxw_workbook *book;
    lxw_worksheet *sheet;
    lxw_format *bold, *day;
    int sheets_n, column;
    int64_t row; /* of the sheet, the header is 0 */
    int64_t rows_n, cut_n;
};

static void write_text(struct xlsx_writer *w, struct str text, lxw_format *format);

/* The next sheet with its header. */
static enum status new_sheet(struct xlsx_writer *w) {
    const struct xlsx_sheet_look *look = w->look;
    w->sheets_n++;
    struct str name = w->sheets_n == 1
                          ? look->name
                          : str_printf(w->arena, "%.*s %d", SF(look->name), w->sheets_n);
    w->sheet = workbook_add_worksheet(w->book, str_z(w->arena, name));
    if (!w->sheet) {
        log_warn("export: no sheet could be made");
        return BROKEN;
    }
    if (look->right_to_left) worksheet_right_to_left(w->sheet);
    worksheet_freeze_panes(w->sheet, 1, 0);
    for (int i = 0; i < look->columns_n; i++)
        worksheet_set_column(w->sheet, (lxw_col_t)i, (lxw_col_t)i, look->columns[i].width, NULL);
    w->row = w->column = 0;
    for (int i = 0; i < look->columns_n; i++, w->column++)
        write_text(w, look->columns[i].header, w->bold);
    w->column = 0;
    w->row = 1;
    w->rows_n++;
    return OK;
}

/* Filters over all its rows. */
static void end_sheet(struct xlsx_writer *w) {
    lxw_row_t last = (lxw_row_t)(w->row > 1 ? w->row - 1 : 0);
    worksheet_autofilter(w->sheet, 0, 0, last, (lxw_col_t)(w->look->columns_n - 1));
}

enum status xlsx_writer_open(struct arena *a, const char *path, const char *tmp_dir,
                             const struct xlsx_sheet_look *look, struct xlsx_writer **out) {
    struct xlsx_writer *w = arena_new_of(a, struct xlsx_writer);
    char *tmp = str_z(a, str_of(tmp_dir));
    lxw_workbook_options options = { .constant_memory = 1, .tmpdir = tmp, .use_zip64 = 1 };
    *w = (struct xlsx_writer){ .arena = a, .path = str_z(a, str_of(path)), .look = look };
    w->book = workbook_new_opt(w->path, &options);
    if (!w->book) BUG("out of memory");
    w->text = arena_new();
    w->bold = workbook_add_format(w->book);
    w->day = workbook_add_format(w->book);
    format_set_bold(w->bold);
    format_set_num_format(w->day, "yyyy-mm-dd");
    enum status s = new_sheet(w);
    if (s != OK) xlsx_writer_drop(w);
    if (s == OK) *out = w;
    return s;
}

/* --- cells --- */

/* What XML cannot hold, and what a reader would take for an escape: "_x0041_" (ECMA-376 part 1,
 * 22.9.2.19). At most XLSX_TEXT_N characters of it. */
static const char *text_for_cell(struct xlsx_writer *w, struct str text) {
    struct buf b = { .arena = w->text };
    struct str rest = text, before = text;
    int units = 0;
    for (int32_t c; (c = utf8_next(&rest)) >= 0; before = rest) {
        units += c > 0xffff ? 2 : 1;
        if (units > XLSX_TEXT_N) {
            w->cut_n++;
            break;
        }
        if ((c < ' ' && c != '\t' && c != '\n') || c == 0xfffe || c == 0xffff)
            buf_printf(&b, "_x%04X_", (unsigned)c);
        else if (c == '_' && before.n >= 7 && before.p[1] == 'x' && before.p[6] == '_')
            buf_add_z(&b, "_x005F_");
        else
            buf_add_utf8(&b, c);
    }
    buf_add_c(&b, '\0');
    return b.p;
}

static void write_text(struct xlsx_writer *w, struct str text, lxw_format *format) {
    struct arena_mark mark = arena_mark(w->text);
    const char *z = text_for_cell(w, text);
    lxw_error e =
        worksheet_write_string(w->sheet, (lxw_row_t)w->row, (lxw_col_t)w->column, z, format);
    /* Too long can only be what the escapes made longer. */
    if (e != LXW_NO_ERROR) w->cut_n++;
    arena_back(w->text, mark);
}

/* Digits with at most one minus before and one point between. */
static bool plain_number(struct str s, double *v) {
    size_t digits = 0, points = 0;
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] >= '0' && s.p[i] <= '9')
            digits++;
        else if (s.p[i] == '.' && digits)
            points++;
        else if (s.p[i] != '-' || i)
            return false;
    }
    if (!digits || digits > NUMBER_DIGITS || points > 1) return false;
    struct arena *a = arena_new();
    *v = strtod(str_z(a, s), NULL);
    arena_free(a);
    return true;
}

static bool plain_day(struct str s, lxw_datetime *t) {
    int64_t year, month, day;
    if (s.n != 10 || s.p[4] != '-' || s.p[7] != '-' || !str_to_i64(str_sub(s, 0, 4), &year) ||
        !str_to_i64(str_sub(s, 5, 2), &month) || !str_to_i64(str_sub(s, 8, 2), &day))
        return false;
    if (year < FIRST_YEAR || year > LAST_YEAR || month < 1 || month > 12 || day < 1 || day > 31)
        return false;
    *t = (lxw_datetime){ .year = (int)year, .month = (int)month, .day = (int)day };
    return true;
}

void xlsx_writer_cell(struct xlsx_writer *w, enum xlsx_cell type, struct str text) {
    lxw_row_t row = (lxw_row_t)w->row;
    lxw_col_t column = (lxw_col_t)w->column;
    lxw_datetime day;
    double number;
    if (text.n == 0)
        ;
    else if (type == XLSX_CELL_NUMBER && plain_number(text, &number))
        worksheet_write_number(w->sheet, row, column, number, NULL);
    else if (type == XLSX_CELL_YESNO && (str_eq_z(text, "1") || str_eq_z(text, "0")))
        worksheet_write_boolean(w->sheet, row, column, text.p[0] == '1', NULL);
    else if (type == XLSX_CELL_DAY && plain_day(text, &day))
        worksheet_write_datetime(w->sheet, row, column, &day, w->day);
    else
        write_text(w, text, NULL);
    w->column++;
}

enum status xlsx_writer_row(struct xlsx_writer *w) {
    w->column = 0;
    w->row++;
    w->rows_n++;
    if (w->row < ROWS_MAX) return OK;
    end_sheet(w);
    return new_sheet(w);
}

int64_t xlsx_writer_cut_n(const struct xlsx_writer *w) {
    return w->cut_n;
}

/* --- the end --- */

/* The ends of rows in one part, whole or cut by the edge of a chunk. */
static enum status count_rows(struct unzip *z, struct str part, int64_t *rows_n) {
    static const char word[] = "</row>";
    char *chunk = malloc(CHUNK);
    size_t n = 1, matched = 0;
    const char *why;
    if (!chunk) BUG("out of memory");
    enum status s = unzip_entry(z, part);
    while (s == OK && n && (s = unzip_read(z, chunk, CHUNK, &n, &why)) == OK)
        for (size_t i = 0; i < n; i++) {
            matched = chunk[i] == word[matched] ? matched + 1 : chunk[i] == '<';
            if (matched == sizeof word - 1) {
                ++*rows_n;
                matched = 0;
            }
        }
    free(chunk);
    return s;
}

static bool is_whole(struct xlsx_writer *w) {
    const struct unzip_limits limits = { .entries_n = 10000, .total = INT64_MAX, .ratio = 1 << 30 };
    int fd = open(w->path, O_RDONLY | O_CLOEXEC);
    struct unzip *z = NULL;
    const char *why;
    int64_t rows_n = 0;
    if (fd < 0) return false;
    enum status s = unzip_open(w->text, fd, &limits, &z, &why);
    for (int i = 1; s == OK && i <= w->sheets_n; i++)
        s = count_rows(z, str_printf(w->text, "xl/worksheets/sheet%d.xml", i), &rows_n);
    if (z) unzip_close(z);
    close(fd);
    return s == OK && rows_n == w->rows_n;
}

enum status xlsx_writer_close(struct xlsx_writer *w) {
    end_sheet(w);
    lxw_error e = workbook_close(w->book);
    w->book = NULL;
    bool good = e == LXW_NO_ERROR && is_whole(w);
    if (!good)
        log_warn("export: the workbook could not be written: %s",
                 e == LXW_NO_ERROR ? "rows are missing; is the disk full?" : lxw_strerror(e));
    if (!good) unlink(w->path);
    arena_free(w->text);
    return good ? OK : BROKEN;
}

void xlsx_writer_drop(struct xlsx_writer *w) {
    lxw_workbook_free(w->book);
    arena_free(w->text);
    unlink(w->path);
}
