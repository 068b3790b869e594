/* Workbooks out: rows of text, numbers, booleans and days as XLSX (ECMA-376 transitional). Text is
 * never a formula (trust.md T-10): every text is an inline string, no cell has an <f>. Memory stays
 * flat: rows go to a temporary file, and the workbook is made of it at the end. */
#ifndef TEXT_XLSX_WRITE_H
#define TEXT_XLSX_WRITE_H
#include "lib/base/str.h"

enum xlsx_cell {
    XLSX_CELL_TEXT,
    XLSX_CELL_NUMBER, /* "-5", "12.5"; what is no such number, or longer than 15 digits, is text */
    XLSX_CELL_YESNO,  /* "1" or "0" */
    XLSX_CELL_DAY     /* "2024-03-05"; another form, or a day before 1900, is text */
};
enum { XLSX_TEXT_N = 32767 }; /* characters (UTF-16) of one cell: Excel takes no more */

struct xlsx_column {
    struct str header;
    int width; /* characters */
};
struct xlsx_sheet_look {
    struct str name; /* of the sheet, 25 characters at most, without []:*?/\ */
    bool right_to_left;
    const struct xlsx_column *columns;
    int columns_n;
};
struct xlsx_writer;
/* A bold header that stays in sight, with filters. The look must outlive the writer. BROKEN: why is
 * in the log. */
enum status xlsx_writer_open(struct arena *a, const char *path, const char *tmp_dir,
                             const struct xlsx_sheet_look *look, struct xlsx_writer **out) MUST_USE;
/* The cells of the next row, from the left; empty ones too. After 1,048,575 rows a second sheet
 * begins. A text that is too long for a cell is cut there, and counted. */
void xlsx_writer_cell(struct xlsx_writer *w, enum xlsx_cell type, struct str text);
enum status xlsx_writer_row(struct xlsx_writer *w) MUST_USE; /* ends the row */
int64_t xlsx_writer_cut_n(const struct xlsx_writer *w);
/* Makes the file. BROKEN: it could not be written whole (a full disk), and is removed. */
enum status xlsx_writer_close(struct xlsx_writer *w) MUST_USE;
void xlsx_writer_drop(struct xlsx_writer *w); /* broken off: nothing is left */

#endif
