/* Workbooks of Excel and its kin (ECMA-376, transitional and strict) as rows: bytes in, CSV out.
 * The file is a stranger's: call it in a box (lib/box). No DTD, no entity of one's own, nothing
 * outside the file is ever looked at, and every number that the file states is checked.
 *
 * What becomes of cells: text as it is, phonetic hints left out; dates and times by their format as
 * ISO 8601; other numbers in full, without exponent, at 15 digits; booleans as 1 and 0; formulas by
 * the value that was saved with them. A vertical merge gives its value to every row of it that
 * holds anything else, a horizontal one to its first cell. Hidden rows and columns are read. */
#ifndef TEXT_XLSX_H
#define TEXT_XLSX_H
#include "lib/base/buf.h"

#define XLSX_TOTAL     (200LL << 20) /* of all parts when unpacked */
#define XLSX_RATIO     100           /* bytes unpacked to bytes of the file */
#define XLSX_ENTRIES_N 2000
enum { XLSX_ROWS_N = 1048576, XLSX_COLUMNS_N = 16384 }; /* of any sheet: XFD1048576 */

/* Something that could not be understood; the rest goes on. */
enum xlsx_fault_kind {
    XLSX_NO_VALUE,    /* a formula that was saved without its value */
    XLSX_ERROR_VALUE, /* #N/A and the like */
    XLSX_NO_DATE,     /* a number formatted as a date that is none */
    XLSX_NO_NUMBER,   /* a number that is none */
    XLSX_ABOVE,       /* a row of titles above the table, left out */
    XLSX_FAULT_KINDS
};
struct xlsx_fault {
    int64_t row; /* of the sheet */
    enum xlsx_fault_kind kind;
    struct str what; /* "C7", "#N/A in C7"; or the title */
};
enum { XLSX_FAULTS_KEPT = 100 };

struct xlsx_sink {
    bool (*write)(void *of, struct str bytes); /* false: it cannot; reading ends BROKEN */
    void *of;
};
struct xlsx_result {
    int64_t rows_n; /* written, the header among them */
    struct xlsx_fault faults[XLSX_FAULTS_KEPT];
    int faults_n;
    int64_t faults_total;
};

/* Names of the sheets (not of charts): those that are shown, in order, then the hidden ones.
 * INVALID, TOO_BIG: *why is an English msgid for people, with {max} where a limit is named. */
enum status xlsx_names(struct arena *a, int fd, struct strs *names, const char **why) MUST_USE;
/* One sheet as CSV: commas, CR LF. Line n of it is row n of the sheet as long as no cell holds a
 * line break: what is left out above and between becomes empty lines, which CSV readers skip.
 * sheet "": the first. MISSING: no sheet of that name. */
enum status xlsx_read(struct arena *a, int fd, struct str sheet, struct xlsx_sink sink,
                      struct xlsx_result *out, const char **why) MUST_USE;
/* The same sentence in our own memory, for what came out of a box; NULL: not one of ours. */
const char *xlsx_sentence(struct str text);
/* What {max} stands for in it: 200 for "more than {max} columns"; 0 when it names none. */
int64_t xlsx_sentence_max(const char *sentence);

#endif
