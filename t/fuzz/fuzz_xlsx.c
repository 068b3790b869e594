/* A workbook from bytes: the first byte says which part the rest is (sheet, strings, styles,
 * workbook, relationships) of an otherwise usual one, or that it is the whole archive. Read in this
 * process, as nothing else than the reader is on trial. */
#include <sys/mman.h>
#include <unistd.h>

#include "lib/text/xlsx.h"
#include "xlsx_make.h"
#include "zip_raw.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool count(void *of, struct str bytes) {
    size_t *left = of;
    bool good = bytes.n <= *left;
    if (good) *left -= bytes.n;
    return good;
}

static struct str around(struct arena *a, unsigned which, struct str part) {
    static const char sheet[] =
        "<worksheet xmlns=\"" XLSX_MAIN "\"><sheetData><row><c t=\"s\"><v>0</v>"
        "</c><c s=\"1\"><v>45356.5</v></c></row></sheetData></worksheet>";
    struct zip_raw_entry v[] = {
        { .name = S("xl/worksheets/sheet1.xml"), .bytes = str_of(sheet) },
        { .name = S("xl/sharedStrings.xml"),
          .bytes = S("<sst xmlns=\"" XLSX_MAIN "\"><si><t>a</t></si></sst>") },
        { .name = S("xl/styles.xml"),
          .bytes = S("<styleSheet xmlns=\"" XLSX_MAIN "\"><cellXfs><xf/><xf numFmtId=\"22\"/>"
                     "</cellXfs></styleSheet>") },
        { .name = S("xl/workbook.xml"), .bytes = str_of(xlsx_usual_book) },
        { .name = S("xl/_rels/workbook.xml.rels"), .bytes = str_of(xlsx_usual_book_rels) },
        { .name = S("_rels/.rels"), .bytes = str_of(xlsx_usual_rels) },
    };
    enum { N = sizeof v / sizeof *v };
    struct buf b = { .arena = a };
    for (int i = 0; i < N; i++) v[i].at = v[i].packed = -1;
    if (which < N) v[which].bytes = part;
    zip_raw(&b, v, N, -1);
    return buf_str(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size < 1 || size > 1 << 20) return 0;
    struct arena *a = arena_new();
    struct str rest = { (const char *)data + 1, size - 1 };
    struct str file = data[0] == 'z' ? rest : around(a, data[0] - (unsigned)'0', rest);
    struct xlsx_result *r = arena_new_of(a, struct xlsx_result);
    size_t room = 8 << 20;
    struct strs names;
    const char *why = NULL;
    int fd = memfd_create("xlsx", MFD_CLOEXEC);
    if (fd >= 0 && (!file.n || write(fd, file.p, file.n) == (ssize_t)file.n)) {
        enum status s = xlsx_names(a, fd, &names, &why);
        if (s != OK && !xlsx_sentence(str_of(why))) BUG("refused without a sentence of ours");
        s = xlsx_read(a, fd, NO_STR, (struct xlsx_sink){ count, &room }, r, &why);
        if (s != OK && s != BROKEN && !xlsx_sentence(str_of(why))) BUG("no sentence: %s", why);
    }
    if (fd >= 0) close(fd);
    arena_free(a);
    return 0;
}
