/* CSV: a streaming reader (RFC 4180 and what real files hold) and a writer that defuses formulas.
 * The reader sees UTF-8 bytes (text/charset.h makes them) and keeps one row in memory.
 *
 * What it accepts: LF, CR LF and CR as line ends; line ends and doubled quotes inside quotes; a
 * quote inside an unquoted cell, and text behind a closing quote, literally; spaces kept; rows of
 * different lengths; a UTF-8 BOM and Excel's first line "sep=;" (both skipped). Wholly empty lines
 * are skipped. Cells are as in the file: neither trimmed nor unguarded (csv_unguard). */
#ifndef TEXT_CSV_H
#define TEXT_CSV_H
#include "lib/base/buf.h"
#include "lib/base/limits.h"

/* Where bytes come from. read: up to cap bytes, 0 at the end, -1 when it fails. seek may be NULL.
 */
struct csv_source {
    ptrdiff_t (*read)(void *of, char *to, size_t cap);
    bool (*seek)(void *of, int64_t offset);
    void *of;
};
struct csv_source csv_from_file(FILE *f);         /* the file stays the caller's */
struct csv_source csv_from_str(struct str *text); /* *text moves on; it cannot seek */

enum csv_event {
    CSV_ROW, /* a row was read */
    CSV_END, /* no more rows */
    CSV_BAD  /* see csv.error; every further call says the same */
};

struct csv_row {
    const struct str *cells; /* valid until the next call */
    int cells_n;             /* at least 1 */
    int64_t line;            /* where the row begins, from 1 */
    int64_t offset;          /* its first byte in the source: csv_seek comes back to it */
};

enum csv_fault {
    CSV_FINE,
    CSV_NUL,              /* a NUL byte: not a text file */
    CSV_OPEN_QUOTE,       /* the file ends inside quotes; line is where they began */
    CSV_CELL_TOO_LONG,    /* over LIMIT_IMPORT_CELL bytes */
    CSV_TOO_MANY_COLUMNS, /* over LIMIT_IMPORT_COLUMNS_N */
    CSV_UNREADABLE        /* the source failed */
};
struct csv_error {
    enum csv_fault fault;
    int64_t line;   /* from 1 */
    int column;     /* number of the cell in its row, from 1 */
    int64_t limit;  /* the limit that was passed, or 0 */
    int64_t quoted; /* the line in which the quotes around the place began, or 0 */
};

struct csv {
    struct csv_error error;
    /* the rest is the reader's own */
    struct csv_source source;
    char separator, *block;
    size_t at, end;
    int64_t block_offset, line;
    bool at_end, failed;
    struct buf text; /* the cells of the row, one behind the other */
    struct str cells[LIMIT_IMPORT_COLUMNS_N];
};

/* Begins at the start of the source. csv_close gives back memory, not the source. */
void csv_open(struct csv *c, struct csv_source source, char separator);
void csv_close(struct csv *c);
enum csv_event csv_next(struct csv *c, struct csv_row *row);
/* Goes on with the row at an offset and line that csv_next gave; false when the source cannot. */
bool csv_seek(struct csv *c, int64_t offset, int64_t line);
/* The error in English, with line, column and limit: "line 3, column 2: …". */
struct str csv_why(struct arena *a, const struct csv_error *e);

/* The likeliest of , ; tab | for a file that begins with sample (some KiB, may be cut anywhere):
 * the one that splits the first records most evenly. For a file of one column, one that the
 * sample does not hold. */
char csv_guess_separator(struct str sample);

enum {
    CSV_NUMERIC = 1, /* a number or an E.164 phone: "-5" and "+98912…" are not defused */
    CSV_QUOTE = 2    /* quotes even where none are needed */
};
/* One cell, without separator. Quoted when it must be. A cell that a spreadsheet would take for a
 * formula gets a ' in front (trust.md T-10): = + - @ tab CR LF or the full-width ＝ ＋ － ＠ at its
 * start or behind leading spaces. With CSV_NUMERIC only when it is not a plain number. */
void csv_write_cell(struct buf *b, struct str cell, char separator, unsigned flags);
/* Takes back exactly the ' that csv_write_cell put there (T-11): for every cell x,
 * unguard(written x) = x, and a cell that the writer leaves alone is left alone. */
struct str csv_unguard(struct str cell);

#endif
