/* Workbooks made by hand for tests: parts as text, packed by lib/archive. */
#ifndef XLSX_MAKE_H
#define XLSX_MAKE_H
#include <fcntl.h>
#include <unistd.h>

#include "lib/archive/zip.h"

#define XLSX_MAIN "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
#define XLSX_DOC  "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
#define XLSX_HEAD "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"

struct xlsx_made { /* NULL: as usual, "-": left out */
    const char *rels, *book, *book_rels, *strings, *styles, *sheet, *sheet2;
    struct str raw_sheet; /* instead of sheet: bytes as they are */
};

static const char xlsx_usual_rels[] = XLSX_HEAD
    "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">"
    "<Relationship Id=\"rId1\" Type=\"" XLSX_DOC "/officeDocument\" Target=\"xl/workbook.xml\"/>"
    "</Relationships>";
static const char xlsx_usual_book[] =
    XLSX_HEAD "<workbook xmlns=\"" XLSX_MAIN "\" xmlns:r=\"" XLSX_DOC "\"><workbookPr/><sheets>"
              "<sheet name=\"Clients\" sheetId=\"1\" r:id=\"rId1\"/>"
              "<sheet name=\"مشتریان &amp; co\" sheetId=\"2\" r:id=\"rId2\"/>"
              "</sheets></workbook>";
static const char xlsx_usual_book_rels[] = XLSX_HEAD
    "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">"
    "<Relationship Id=\"rId1\" Type=\"" XLSX_DOC "/worksheet\" Target=\"worksheets/sheet1.xml\"/>"
    "<Relationship Id=\"rId2\" Type=\"" XLSX_DOC
    "/worksheet\" Target=\"/xl/worksheets/sheet2.xml\"/>"
    "<Relationship Id=\"rId3\" Type=\"" XLSX_DOC "/sharedStrings\" Target=\"sharedStrings.xml\"/>"
    "<Relationship Id=\"rId4\" Type=\"" XLSX_DOC "/styles\" Target=\"styles.xml\"/>"
    "</Relationships>";

static inline void xlsx_put(struct zip *z, const char *name, const char *usual, const char *own) {
    const char *text = own ? own : usual;
    if (!text || strcmp(text, "-") == 0) return;
    zip_entry(z, str_of(name), -1, 0);
    zip_write(z, str_of(text));
}
/* The archive's bytes. */
static inline struct str xlsx_make(struct arena *a, const struct xlsx_made *m) {
    struct buf out = { .arena = a };
    struct zip *z = zip_new(a);
    xlsx_put(z, "_rels/.rels", xlsx_usual_rels, m->rels);
    xlsx_put(z, "xl/workbook.xml", xlsx_usual_book, m->book);
    xlsx_put(z, "xl/_rels/workbook.xml.rels", xlsx_usual_book_rels, m->book_rels);
    xlsx_put(z, "xl/sharedStrings.xml", NULL, m->strings);
    xlsx_put(z, "xl/styles.xml", NULL, m->styles);
    if (m->raw_sheet.n) {
        zip_entry(z, S("xl/worksheets/sheet1.xml"), -1, 0);
        zip_write(z, m->raw_sheet);
    } else {
        xlsx_put(z, "xl/worksheets/sheet1.xml", NULL, m->sheet);
    }
    xlsx_put(z, "xl/worksheets/sheet2.xml", NULL, m->sheet2);
    zip_end(z);
    zip_take(z, &out);
    zip_free(z);
    return buf_str(&out);
}
/* <worksheet> around rows; what stands behind sheetData too. */
static inline const char *xlsx_sheet_of(struct arena *a, const char *rows, const char *behind) {
    return str_printf(a,
                      XLSX_HEAD "<worksheet xmlns=\"" XLSX_MAIN "\" xmlns:r=\"" XLSX_DOC "\">"
                                "<sheetData>%s</sheetData>%s</worksheet>",
                      rows, behind)
        .p;
}
static inline int xlsx_file(struct str bytes, char *path) {
    int fd = mkstemp(path);
    for (size_t at = 0; fd >= 0 && at < bytes.n;) {
        ssize_t n = write(fd, bytes.p + at, bytes.n - at);
        if (n <= 0) return -1;
        at += (size_t)n;
    }
    return fd;
}
#endif
