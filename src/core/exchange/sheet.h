/* Any source as rows: what a person has (a spreadsheet, cards of a phone, a piece of a chat) is
 * turned into one table, a CSV file in UTF-8 with commas and a header row, and from there on goes
 * the one way of exchange.h. The table is derived: it lies under DATA/tmp by the digest of its
 * source and is made again when it is not there. */
#ifndef SHEET_H
#define SHEET_H
#include "core/exchange/exchange.h"
#include "lib/box/box.h"

enum sheet_format { SHEET_CSV, SHEET_XLSX, SHEET_VCARD, SHEET_TEXT, SHEET_FORMATS_N };
const char *sheet_format_code(enum sheet_format f); /* "csv" "xlsx" "vcard" "text" */
bool sheet_format_of(struct str code, enum sheet_format *out);
/* What the file is by its content (its name only breaks ties). INVALID with a problem for what is
 * known and cannot be taken: the old XLS, ODS, a PDF, a picture, a ZIP without a workbook. */
enum status sheet_look(struct ctx *c, const char *path, struct str name,
                       enum sheet_format *out) MUST_USE;

/* Something in the source that could not be understood; the rest goes on. */
struct sheet_fault {
    int64_t line;     /* of the source, 0: none */
    const char *text; /* msgid with {what} */
    struct str what;
};
struct sheet_faults {
    struct sheet_fault *v;
    int n; /* at most 100 are kept */
    int64_t total;
};
struct sheet_names { /* of the sheets of a workbook, in order */
    struct str *v;
    int n;
};

/* The converters, one file each. They read in_path and write the table to out_path.
 * INVALID, TOO_BIG: a problem is in the context (field "file") that names what is wrong or which
 * limit was passed. */
enum status sheet_from_vcard(struct ctx *c, struct box *b, const char *in_path,
                             const char *out_path, struct sheet_faults *faults,
                             int64_t *rows_n) MUST_USE; /* sheet_vcard.c; b: for photos */
enum status sheet_from_text(struct ctx *c, struct box *b, const char *in_path, const char *out_path,
                            struct sheet_faults *faults,
                            int64_t *rows_n) MUST_USE; /* sheet_text.c */
enum status sheet_from_xlsx(struct ctx *c, struct box *b, const char *in_path, struct str sheet,
                            const char *out_path, struct sheet_faults *faults,
                            int64_t *rows_n) MUST_USE; /* sheet_xlsx.c; sheet "": the first */
enum status sheet_xlsx_names(struct ctx *c, struct box *b, const char *in_path,
                             struct sheet_names *out) MUST_USE;

/* A source and its table: the file itself when it is CSV, else made under tmp (DATA/tmp) by the
 * converter unless it is there. faults may be NULL. Needs no transaction. */
struct sheet_source {
    const char *path;
    struct str sha256, sheet;
    enum sheet_format format;
};
enum status sheet_table(struct ctx *c, struct box *b, const char *tmp, const struct sheet_source *s,
                        const char **path, struct sheet_faults *faults) MUST_USE;
/* The sheets of a workbook, kept beside its table; none for other formats. */
enum status sheet_names(struct ctx *c, struct box *b, const char *tmp, const struct sheet_source *s,
                        struct sheet_names *out) MUST_USE;
void sheet_drop(struct arena *a, const char *tmp, const struct sheet_source *s);

#endif
