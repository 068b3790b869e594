/* Between xlsx.c, which takes a workbook apart into parts and elements, and xlsx_sheet.c, which
 * makes rows of one sheet. No header of libxml2 here: its home is xlsx.c. */
#ifndef TEXT_XLSX_IN_H
#define TEXT_XLSX_IN_H
#include "lib/archive/zip.h"
#include "lib/base/map.h"
#include "lib/text/xlsx.h"
#include "lib/text/xlsx_number.h"

/* An element of the spreadsheet's own namespace (others are not shown), and its attributes. */
struct xlsx_attrs {
    const void *v; /* xmlChar **, five each */
    int n;
};
struct str xlsx_attr(const struct xlsx_attrs *attrs, const char *name); /* "" when absent */
/* Who listens to a part. A handler that wants to stop calls xlsx_stop(). */
struct xlsx_listener {
    void (*begin)(void *of, struct str name, const struct xlsx_attrs *attrs);
    void (*end)(void *of, struct str name);
    void (*text)(void *of, struct str text);
    void *of;
};

/* How reading ends when it does not end well; the first one stays. */
enum xlsx_sentence {
    XLSX_FINE,
    XLSX_NOT_ONE,
    XLSX_BINARY,
    XLSX_BROKEN_XML,
    XLSX_HAS_DTD,
    XLSX_ENCODING,
    XLSX_NO_SHEET,
    XLSX_TOO_FAR,
    XLSX_OUT_OF_ORDER,
    XLSX_STRING_INDEX,
    XLSX_TOO_WIDE,
    XLSX_EMPTY,
    XLSX_SENTENCES
};
struct xlsx {
    struct arena *arena;
    struct unzip *zip;
    int fd;
    enum status status;
    const char *why;
    void *parser; /* of the part that is being read */
    const struct xlsx_listener *listener;
    int ignored; /* depth inside an element of another namespace */

    /* the workbook */
    struct str book; /* "xl/workbook.xml" */
    struct map rels; /* of the workbook: id → struct xlsx_rel * */
    struct {
        struct xlsx_sheet *v;
        int n, cap;
    } sheets;
    struct {
        struct str *v;
        int n, cap;
    } strings;
    struct {
        struct xlsx_format *v;
        int n, cap;
    } styles;
    struct map formats; /* numFmtId → struct xlsx_format * */
    bool date1904;
};
struct xlsx_sheet {
    struct str name, part;
    bool hidden;
};

enum status xlsx_open(struct arena *a, int fd, struct xlsx *x);
void xlsx_close(struct xlsx *x);
void xlsx_stop(struct xlsx *x, enum status s, enum xlsx_sentence why);
/* Reads one part from its begin to its end. MISSING: no such; else as x->status. */
enum status xlsx_part(struct xlsx *x, struct str part, const struct xlsx_listener *l);
/* What xlsx_part needs before the cells are read. */
enum status xlsx_read_strings(struct xlsx *x);
enum status xlsx_read_styles(struct xlsx *x);
/* "_x000D_" and its kin decoded, control characters left out. */
struct str xlsx_text(struct arena *a, struct str raw);
/* xlsx_sheet.c: both passes over the sheet. */
enum status xlsx_sheet_read(struct xlsx *x, struct str part, struct xlsx_sink sink,
                            struct xlsx_result *out);
/* Room for one more in a growing array of the arena. */
void *xlsx_more(struct arena *a, void *v, int n, int *cap, size_t size);

#endif
