/* The reader of workbooks (lib/text/xlsx): what becomes of cells, in files as Excel, Google Sheets,
 * LibreOffice and libxlsxwriter write them; and hostile files (trust.md T-43), each read in a box
 * of 256 MB and 10 s and refused with a sentence. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <zlib.h>

#include "lib/base/clock.h"
#include "lib/box/box.h"
#include "lib/text/xlsx.h"
#include "lib/text/xlsx_number.h"
#include "xlsx_make.h"
#include "zip_raw.h"

static struct arena *a;

static bool into_buf(void *of, struct str bytes) {
    buf_add(of, bytes);
    return true;
}
static enum status read_bytes(struct str bytes, const char *sheet, struct buf *csv,
                              struct xlsx_result *r, const char **why) {
    char path[] = "/tmp/daftar-xlsx-XXXXXX";
    int fd = xlsx_file(bytes, path);
    assert_true(fd >= 0);
    unlink(path);
    *csv = (struct buf){ .arena = a };
    enum status s = xlsx_read(a, fd, str_of(sheet), (struct xlsx_sink){ into_buf, csv }, r, why);
    close(fd);
    return s;
}
static enum status read_made(const struct xlsx_made *m, struct buf *csv, struct xlsx_result *r,
                             const char **why) {
    return read_bytes(xlsx_make(a, m), "", csv, r, why);
}

/* --- numbers and formats --- */
static void formats(void **state) {
    (void)state;
    static const struct {
        const char *code;
        enum xlsx_class is;
        int zeros;
    } all[] = {
        { "General", XLSX_PLAIN, 0 },
        { "0", XLSX_PLAIN, 0 },
        { "0.00", XLSX_PLAIN, 0 },
        { "#,##0.00\\ [$€-40C];[Red]-#,##0.00\\ [$€-40C]", XLSX_PLAIN, 0 },
        { "0%", XLSX_PLAIN, 0 },
        { "0.00E+00", XLSX_PLAIN, 0 },
        { "##0.0E+0", XLSX_PLAIN, 0 },
        { "@", XLSX_PLAIN, 0 },
        { "# ?/?", XLSX_PLAIN, 0 },
        { "\"Day\" 0", XLSX_PLAIN, 0 },
        { "[Red]0", XLSX_PLAIN, 0 },
        { "_-* #,##0_-;\\-* #,##0_-;_-* \"-\"_-;_-@_-", XLSX_PLAIN, 0 },
        { "General;\"yes\"", XLSX_PLAIN, 0 },
        { "00000", XLSX_PLAIN, 5 },
        { "0000000000", XLSX_PLAIN, 10 },
        { "yyyy\\-mm\\-dd", XLSX_DATE, 0 },
        { "dd/mm/yyyy", XLSX_DATE, 0 },
        { "m/d/yy;@", XLSX_DATE, 0 },
        { "[$-429]d mmmm yyyy;@", XLSX_DATE, 0 },
        { "[$-fa-IR,16]dd/mm/yyyy;@", XLSX_DATE, 0 },
        { "[$-F800]dddd\\,\\ mmmm\\ dd\\,\\ yyyy", XLSX_DATE, 0 },
        { "mmm-yy", XLSX_DATE, 0 },
        { "mmmm", XLSX_DATE, 0 },
        { "B2dd/mm/yyyy", XLSX_DATE, 0 },
        { "yyyy/mm/dd hh:mm", XLSX_DATE_TIME, 0 },
        { "d.m.yy h:mm AM/PM", XLSX_DATE_TIME, 0 },
        { "h:mm", XLSX_TIME, 0 },
        { "mm:ss.0", XLSX_TIME, 0 },
        { "[$-409]h:mm:ss AM/PM;@", XLSX_TIME, 0 },
        { "[h]:mm:ss", XLSX_DURATION, 0 },
        { "[mm]:ss", XLSX_DURATION, 0 },
        { "", XLSX_PLAIN, 0 },
        { "\"", XLSX_PLAIN, 0 },
        { "[", XLSX_PLAIN, 0 },
        { "\\", XLSX_PLAIN, 0 },
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        struct xlsx_format f = xlsx_format_of_code(str_of(all[i].code));
        if (f.is != all[i].is || f.zeros != all[i].zeros) print_error("%s\n", all[i].code);
        assert_int_equal(f.is, all[i].is);
        assert_int_equal(f.zeros, all[i].zeros);
    }
    assert_int_equal(xlsx_format_of_id(14).is, XLSX_DATE);
    assert_int_equal(xlsx_format_of_id(20).is, XLSX_TIME);
    assert_int_equal(xlsx_format_of_id(22).is, XLSX_DATE_TIME);
    assert_int_equal(xlsx_format_of_id(46).is, XLSX_DURATION);
    assert_int_equal(xlsx_format_of_id(0).is, XLSX_PLAIN);
    assert_int_equal(xlsx_format_of_id(10).is, XLSX_PLAIN);
    assert_int_equal(xlsx_format_of_id(-7).is, XLSX_PLAIN);
}

static void numbers(void **state) {
    (void)state;
    static const struct {
        const char *raw;
        struct xlsx_format format;
        bool date1904;
        const char *text; /* NULL: refused */
    } all[] = {
        { "5", { 0 }, false, "5" },
        { "1.0", { 0 }, false, "1" },
        { "-5", { 0 }, false, "-5" },
        { "-0", { 0 }, false, "0" },
        { "0.30000000000000004", { 0 }, false, "0.3" },
        { "9.1234567890123E+16", { 0 }, false, "91234567890123000" },
        { "989123456789", { 0 }, false, "989123456789" },
        { "9.89123456789E11", { 0 }, false, "989123456789" },
        { "12345678901234567890", { 0 }, false, "12345678901234567890" },
        { "1E-7", { 0 }, false, "0.0000001" },
        { "1.5e-10", { 0 }, false, "0.00000000015" },
        { "0.155", { 0 }, false, "0.155" },
        { "1234.5", { 0 }, false, "1234.5" },
        { "123", { .zeros = 5 }, false, "00123" },
        { "1e400", { 0 }, false, NULL },
        { "nan", { 0 }, false, NULL },
        { "0x10", { 0 }, false, NULL },
        { "12abc", { 0 }, false, NULL },
        { "1", { .is = XLSX_DATE }, false, "1900-01-01" },
        { "59", { .is = XLSX_DATE }, false, "1900-02-28" },
        { "60", { .is = XLSX_DATE }, false, "1900-02-29" },
        { "61", { .is = XLSX_DATE }, false, "1900-03-01" },
        { "25569", { .is = XLSX_DATE }, false, "1970-01-01" },
        { "45356", { .is = XLSX_DATE }, false, "2024-03-05" },
        { "45356.75", { .is = XLSX_DATE }, false, "2024-03-05" },
        { "45356.75", { .is = XLSX_DATE_TIME }, false, "2024-03-05 18:00:00" },
        { "45356", { .is = XLSX_DATE_TIME }, false, "2024-03-05" },
        { "45356.999999999", { .is = XLSX_DATE_TIME }, false, "2024-03-06" },
        { "2958465", { .is = XLSX_DATE }, false, "9999-12-31" },
        { "2958466", { .is = XLSX_DATE }, false, NULL },
        { "0", { .is = XLSX_DATE }, false, NULL },
        { "-1", { .is = XLSX_DATE }, false, NULL },
        { "1e300", { .is = XLSX_DATE }, false, NULL },
        { "0", { .is = XLSX_DATE }, true, "1904-01-01" },
        { "43894", { .is = XLSX_DATE }, true, "2024-03-05" },
        { "0.5", { .is = XLSX_TIME }, false, "12:00:00" },
        { "45356.5625", { .is = XLSX_TIME }, false, "13:30:00" },
        { "1.0423611111111111", { .is = XLSX_DURATION }, false, "25:01:00" },
        { "-1", { .is = XLSX_DURATION }, false, NULL },
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        struct str text = NO_STR;
        bool good = xlsx_number_text(a, str_of(all[i].raw), all[i].format, all[i].date1904, &text);
        if (good != (all[i].text != NULL) || (good && !str_eq_z(text, all[i].text)))
            print_error("%s: %.*s\n", all[i].raw, SF(text));
        assert_int_equal(good, all[i].text != NULL);
        if (good) assert_true(str_eq_z(text, all[i].text));
    }
}

/* --- sheets --- */
#define INLINE(ref, text) "<c r=\"" ref "\" t=\"inlineStr\"><is><t>" text "</t></is></c>"
#define SST(items)        XLSX_HEAD "<sst xmlns=\"" XLSX_MAIN "\">" items "</sst>"
static const char styles_as_excel[] = XLSX_HEAD
    "<styleSheet xmlns=\"" XLSX_MAIN "\"><numFmts count=\"2\">"
    "<numFmt numFmtId=\"164\" formatCode=\"[$-429]d\\ mmmm\\ yyyy;@\"/>"
    "<numFmt numFmtId=\"165\" formatCode=\"00000\"/></numFmts>"
    "<cellStyleXfs count=\"1\"><xf numFmtId=\"14\"/></cellStyleXfs>"
    "<cellXfs count=\"7\"><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/><xf numFmtId=\"164\"/>"
    "<xf numFmtId=\"165\"/><xf numFmtId=\"22\"/><xf numFmtId=\"10\"/><xf numFmtId=\"20\"/>"
    "</cellXfs></styleSheet>";

struct case_ {
    const char *what, *rows, *behind, *csv;
    int faults_n;
    const char *fault; /* what of the first */
};
static const struct case_ cases[] = {
    { "inline strings, numbers, booleans, errors",
      "<row r=\"1\">" INLINE("A1", "Name") INLINE("B1", "n") INLINE("C1", "ok")
          INLINE("D1", "e") "</row><row r=\"2\">" INLINE(
              "A2", "علی، «x»") "<c r=\"B2\"><v>09</v></c>"
                                "<c r=\"C2\" t=\"b\"><v>1</v></c><c r=\"D2\" "
                                "t=\"e\"><v>#N/A</v></c></row>",
      "", "Name,n,ok,e\r\nعلی، «x»,09,1,\r\n", 1, "D2: #N/A" },
    { "shared strings: rich text, phonetic hints, escapes, entities, spaces",
      "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"B1\" t=\"s\"><v>1</v></c>"
      "<c r=\"C1\" t=\"s\"><v>2</v></c></row>"
      "<row r=\"2\"><c r=\"A2\" t=\"s\"><v>3</v></c><c r=\"B2\" t=\"s\"><v>4</v></c></row>",
      "", "Rich text,東京,a_b & <c>\r\n\" two\nlines \",,\r\n", 0, NULL },
    { "dates and times by style",
      "<row r=\"1\"><c r=\"A1\" s=\"1\"><v>45356</v></c><c r=\"B1\" s=\"2\"><v>45356</v></c>"
      "<c r=\"C1\" s=\"3\"><v>123</v></c><c r=\"D1\" s=\"4\"><v>45356.5</v></c>"
      "<c r=\"E1\" s=\"5\"><v>0.15</v></c><c r=\"F1\" s=\"6\"><v>0.25</v></c>"
      "<c r=\"G1\" t=\"d\"><v>2024-03-05T00:00:00</v></c>"
      "<c r=\"H1\" t=\"d\"><v>2024-03-05T10:20:30.500Z</v></c>"
      "<c r=\"I1\" s=\"1\"><v>-3</v></c><c r=\"J1\" s=\"99\"><v>7</v></c></row>",
      "",
      "2024-03-05,2024-03-05,00123,2024-03-05 12:00:00,0.15,06:00:00,2024-03-05,"
      "2024-03-05 10:20:30,,7\r\n",
      1, "I1: -3" },
    { "formulas by their value",
      "<row r=\"1\"><c r=\"A1\"><f>1+1</f><v>2</v></c>"
      "<c r=\"B1\" t=\"str\"><f>\"a\"&amp;\"b\"</f><v>ab</v></c>"
      "<c r=\"C1\" t=\"str\"><f>\"\"</f><v></v></c><c r=\"D1\"><f>NOW()</f></c>"
      "<c r=\"E1\"><v>5</v></c></row>",
      "", "2,ab,,,5\r\n", 1, "D1" },
    { "text that looks like a formula stays text",
      "<row r=\"1\">" INLINE("A1", "=1+1") INLINE("B1", "'x") INLINE("C1", "+98 912") "</row>", "",
      "'=1+1,'x,'+98 912\r\n", 0, NULL },
    { "empty rows and columns before and between, cells without places",
      "<row r=\"3\"/><row r=\"4\">" INLINE("C4", "a") INLINE(
          "D4", "b") "<c r=\"E4\" s=\"1\"/></row>"
                     "<row r=\"6\"><c "
                     "r=\"C6\"><v>1</v></c><c><v>2</v></c></row><row><c/><c/><c/><c><v>3</v></c>"
                     "</row>",
      "", "\r\n\r\n\r\na,b\r\n\r\n1,2\r\n,3\r\n", 0, NULL },
    { "merged down and across",
      "<row r=\"1\">" INLINE("A1", "Company") INLINE("B1", "Name") INLINE(
          "C1", "x") "</row>"
                     "<row r=\"2\">" INLINE("A2", "Sib") INLINE(
                         "B2", "Ali") "</row>"
                                      "<row r=\"3\"><c r=\"A3\"/>" INLINE("B3", "Zahra") INLINE(
                                          "C3", "w") "</row>"
                                                     "<row r=\"4\"><c r=\"A4\"/></row>"
                                                     "<row r=\"5\">" INLINE("A5", "Own") INLINE(
                                                         "B5", "Reza") "</row>"
                                                                       "<row r=\"6\">" INLINE(
                                                                           "B6", "After") "</row>",
      "<mergeCells count=\"3\"><mergeCell ref=\"A2:A4\"/><mergeCell ref=\"B3:C3\"/>"
      "<mergeCell ref=\"A5:C5\"/></mergeCells>",
      "Company,Name,x\r\nSib,Ali,\r\nSib,Zahra,w\r\n\r\nOwn,Reza,\r\n,After,\r\n", 0, NULL },
    { "a title above the table",
      "<row r=\"1\">" INLINE(
          "A1", "Our clients 2024") "</row><row r=\"2\"/>"
                                    "<row r=\"3\">" INLINE("B3", "Name") INLINE("C3", "Phone")
                                        INLINE("D3", "Town") "</row>"
                                                             "<row r=\"4\">" INLINE("B4",
                                                                                    "Ali") "</row>",
      "", "\r\n\r\nName,Phone,Town\r\nAli,,\r\n", 1, "Our clients 2024" },
    { "one column has no title",
      "<row r=\"1\">" INLINE("A1", "Name") "</row><row r=\"2\">" INLINE("A2", "Ali") "</row>", "",
      "Name\r\nAli\r\n", 0, NULL },
    { "hidden rows and columns are read",
      "<row r=\"1\" hidden=\"1\">" INLINE("A1", "a") INLINE("B1", "b") "</row>", "", "a,b\r\n", 0,
      NULL },
    { "Persian digits, and text in another namespace left out",
      "<row r=\"1\">" INLINE("A1", "۰۹۱۲") "<c r=\"B1\"><v>1</v><x:v xmlns:x=\"urn:x\">2<v>3</v>"
                                           "</x:v></c></row>",
      "<extLst><ext xmlns:x14=\"urn:y\"><x14:row r=\"9\"/></ext></extLst>", "۰۹۱۲,1\r\n", 0, NULL },
    { "a number that is none",
      "<row r=\"1\"><c r=\"A1\"><v>12a</v></c><c r=\"B1\"><v>1</v></c></row>", "", ",1\r\n", 1,
      "A1: 12a" },
};

static void sheets(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct case_ *k = &cases[i];
        struct xlsx_made m = {
            .strings =
                SST("<si><r><rPr><b/></rPr><t>Rich</t></r><r><t xml:space=\"preserve\"> text"
                    "</t></r></si><si><t>東京</t><rPh sb=\"0\" eb=\"2\"><t>トウキョウ</t></rPh>"
                    "<phoneticPr fontId=\"1\"/></si><si><t>a_x005F_b &amp; &lt;c&gt;</t></si>"
                    "<si><t xml:space=\"preserve\"> two_x000D_\nlines </t></si><si/>"),
            .styles = styles_as_excel,
            .sheet = xlsx_sheet_of(a, k->rows, k->behind)
        };
        struct buf csv;
        struct xlsx_result r;
        const char *why;
        enum status s = read_made(&m, &csv, &r, &why);
        if (s != OK || !str_eq_z(buf_str(&csv), k->csv))
            print_error("%s: %s %s\n%.*s\n", k->what, status_name(s), why, SF(csv));
        assert_int_equal(s, OK);
        assert_true(str_eq_z(buf_str(&csv), k->csv));
        if (r.faults_total != k->faults_n) print_error("%s: faults\n", k->what);
        assert_int_equal(r.faults_total, k->faults_n);
        assert_int_equal(r.faults_n, k->faults_n);
        if (k->fault) assert_true(str_eq_z(r.faults[0].what, k->fault));
    }
}

static void sheets_by_name(void **state) {
    (void)state;
    static const char book[] = XLSX_HEAD
        "<workbook xmlns=\"http://purl.oclc.org/ooxml/spreadsheetml/main\" "
        "xmlns:r=\"http://purl.oclc.org/ooxml/officeDocument/relationships\">"
        "<workbookPr date1904=\"1\"/><sheets>"
        "<sheet name=\"Lists\" sheetId=\"1\" state=\"hidden\" r:id=\"rId1\"/>"
        "<sheet name=\"Chart\" sheetId=\"3\" r:id=\"rId9\"/>"
        "<sheet name=\"مشتریان &amp; co\" sheetId=\"2\" r:id=\"rId2\"/></sheets></workbook>";
    struct xlsx_made m = {
        .book = book,
        .styles = styles_as_excel,
        .sheet = xlsx_sheet_of(a, "<row>" INLINE("A1", "hidden") "</row>", ""),
        .sheet2 = "<worksheet xmlns=\"http://purl.oclc.org/ooxml/spreadsheetml/main\"><sheetData>"
                  "<row r=\"1\"><c r=\"A1\" s=\"1\"><v>0</v></c></row></sheetData></worksheet>"
    };
    struct str bytes = xlsx_make(a, &m);
    char path[] = "/tmp/daftar-xlsx-XXXXXX";
    int fd = xlsx_file(bytes, path);
    struct strs names;
    struct buf csv;
    struct xlsx_result r;
    const char *why;
    unlink(path);
    assert_int_equal(xlsx_names(a, fd, &names, &why), OK);
    close(fd);
    assert_int_equal(names.n, 2);
    assert_true(str_eq_z(names.v[0], "مشتریان & co"));
    assert_true(str_eq_z(names.v[1], "Lists"));
    assert_int_equal(read_bytes(bytes, "", &csv, &r, &why), OK); /* the first that is shown */
    assert_true(str_eq_z(buf_str(&csv), "1904-01-01\r\n"));
    assert_int_equal(read_bytes(bytes, "Lists", &csv, &r, &why), OK);
    assert_true(str_eq_z(buf_str(&csv), "hidden\r\n"));
    assert_int_equal(read_bytes(bytes, "None", &csv, &r, &why), MISSING);
    assert_ptr_equal(why, xlsx_sentence(str_of(why)));
}

/* Bytes of a sheet in another encoding: wide is 2 or 4 bytes a character, little-endian. */
static struct str widened(const char *text, int wide, bool mark) {
    struct buf b = { .arena = a };
    if (mark) buf_add(&b, wide == 2 ? S("\xff\xfe") : S("\xff\xfe\0\0"));
    for (; *text; text++) {
        buf_add_c(&b, *text);
        for (int i = 1; i < wide; i++) buf_add_c(&b, 0);
    }
    return buf_str(&b);
}
static void utf16_is_read(void **state) {
    (void)state;
    struct xlsx_made m = {
        .raw_sheet =
            widened("<?xml version=\"1.0\" encoding=\"UTF-16\"?><worksheet xmlns=\"" XLSX_MAIN
                    "\"><sheetData><row r=\"1\">" INLINE("A1", "wide") "</row></sheetData>"
                                                                       "</worksheet>",
                    2, true)
    };
    struct buf csv;
    struct xlsx_result r;
    const char *why;
    assert_int_equal(read_made(&m, &csv, &r, &why), OK);
    assert_true(str_eq_z(buf_str(&csv), "wide\r\n"));
}

/* --- T-43 --- */
struct boxed {
    int64_t rows_n;
};
static bool to_nowhere(void *of, struct str bytes) {
    struct boxed *b = of;
    b->rows_n += (int64_t)bytes.n;
    return true;
}
static enum status read_boxed(struct box_call *call) {
    struct xlsx_result *r = arena_new_of(call->arena, struct xlsx_result);
    struct boxed b = { 0 };
    const char *why = "";
    enum status s =
        xlsx_read(call->arena, call->in_fd, NO_STR, (struct xlsx_sink){ to_nowhere, &b }, r, &why);
    snprintf(call->said, sizeof call->said, "%s", why);
    return s;
}
/* As sheet_xlsx.c reads it; refused, with a sentence that holds these words, in time. */
static void refused(const char *what, struct str bytes, const char *words) {
    const struct box_task task = { .name = "workbook",
                                   .run = read_boxed,
                                   .memory_bytes = 256 << 20,
                                   .output_bytes = 1,
                                   .cpu_seconds = 10 };
    char path[] = "/tmp/daftar-xlsx-XXXXXX";
    int fd = xlsx_file(bytes, path);
    struct str said;
    int64_t began = clock_mono_us();
    assert_true(fd >= 0);
    close(fd);
    enum status s = box_run(NULL, a, &task, path, NULL, NO_STR, &said);
    unlink(path);
    if ((s != INVALID && s != TOO_BIG) || str_find(said, str_of(words)) < 0)
        print_error("%s: %s \"%.*s\"\n", what, status_name(s), SF(said));
    assert_true(s == INVALID || s == TOO_BIG);
    assert_true(str_find(said, str_of(words)) >= 0);
    assert_non_null(xlsx_sentence(said));
    /* The box holds 10 s of CPU; on a busy machine the clock runs faster. */
    assert_in_range(clock_mono_us() - began, 0, 45000000);
}

#define DTD        "<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]>"
#define ROOT(name) "<" name " xmlns=\"" XLSX_MAIN "\"/>"
static const char laughs[] =
    "<?xml version=\"1.0\"?><!DOCTYPE worksheet [<!ENTITY a \"haha\">"
    "<!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;\"><!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;\">"
    "<!ENTITY d \"&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;\"><!ENTITY e \"&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;\">"
    "<!ENTITY f \"&e;&e;&e;&e;&e;&e;&e;&e;&e;&e;\"><!ENTITY g \"&f;&f;&f;&f;&f;&f;&f;&f;&f;&f;\">"
    "]><worksheet xmlns=\"" XLSX_MAIN "\"><sheetData><row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is>"
    "<t>&g;&g;&g;&g;</t></is></c></row></sheetData></worksheet>";

static void dtd_refused(void **state) {
    (void)state;
    const char *rows = xlsx_sheet_of(a, "<row>" INLINE("A1", "x") "</row>", "");
    const struct xlsx_made all[] = {
        { .sheet = XLSX_HEAD DTD ROOT("worksheet") },
        { .sheet =
              "<?xml version=\"1.0\"?>" DTD "<worksheet xmlns=\"" XLSX_MAIN "\"><sheetData>"
              "<row><c t=\"inlineStr\"><is><t>&e;</t></is></c></row></sheetData></worksheet>" },
        { .sheet = laughs },
        { .sheet = "<!DOCTYPE x SYSTEM \"http://127.0.0.1:1/x.dtd\">" ROOT("worksheet") },
        { .sheet =
              "<!DOCTYPE x [<!ENTITY % p SYSTEM \"file:///etc/passwd\"> %p;]>" ROOT("worksheet") },
        { .sheet = rows, .book = XLSX_HEAD DTD ROOT("workbook") },
        { .sheet = rows, .strings = XLSX_HEAD DTD ROOT("sst") },
        { .sheet = rows, .styles = XLSX_HEAD DTD ROOT("styleSheet") },
        { .sheet = rows, .rels = XLSX_HEAD DTD ROOT("Relationships") },
        { .sheet = rows, .book_rels = XLSX_HEAD DTD ROOT("Relationships") },
        { .raw_sheet = widened("<?xml version=\"1.0\" encoding=\"UTF-16\"?>" DTD ROOT("worksheet"),
                               2, true) },
        { .raw_sheet = widened(
              "<?xml version=\"1.0\" encoding=\"UTF-16LE\"?>" DTD ROOT("worksheet"), 2, false) },
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        char what[20];
        snprintf(what, sizeof what, "DTD %zu", i);
        refused(what, xlsx_make(a, &all[i]), "document type declaration");
    }
}

static void encodings_refused(void **state) {
    (void)state;
    const char utf7[] = "<?xml version=\"1.0\" encoding=\"UTF-7\"?>+ADwAIQ-DOCTYPE x +AFs-+ADwAIQ-"
                        "ENTITY e SYSTEM +ACI-file:///etc/passwd+ACIAPgBdAD4-" ROOT("worksheet");
    const struct xlsx_made all[] = {
        { .sheet = utf7 },
        { .sheet = "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>" ROOT("worksheet") },
        { .sheet = "<?xml version=\"1.0\" encoding=\"x-none\"?>" ROOT("worksheet") },
        { .raw_sheet = widened("<?xml version=\"1.0\" encoding=\"UTF-32\"?>" DTD ROOT("worksheet"),
                               4, true) },
        { .raw_sheet = widened("<?xml version=\"1.0\" encoding=\"UCS-4\"?>" DTD ROOT("worksheet"),
                               4, false) },
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        char what[20];
        snprintf(what, sizeof what, "encoding %zu", i);
        refused(what, xlsx_make(a, &all[i]), "This workbook");
    }
}

static void places_refused(void **state) {
    (void)state;
    static const struct {
        const char *rows, *behind, *words;
    } all[] = {
        { "<row r=\"1048576\"><c r=\"XFD1048577\"><v>1</v></c></row>", "", "XFD1048576" },
        { "<row r=\"1048577\"/>", "", "XFD1048576" },
        { "<row r=\"2147483648\"/>", "", "XFD1048576" },
        { "<row r=\"18446744073709551617\"/>", "", "XFD1048576" },
        { "<row r=\"0\"/>", "", "XFD1048576" },
        { "<row r=\"-1\"/>", "", "XFD1048576" },
        { "<row r=\"1\"><c r=\"XFE1\"><v>1</v></c></row>", "", "XFD1048576" },
        { "<row r=\"1\"><c r=\"ZZZZZZZZ1\"><v>1</v></c></row>", "", "XFD1048576" },
        { "<row r=\"1\"><c r=\"A2\"><v>1</v></c></row>", "", "XFD1048576" },
        { "<row r=\"1\"><c r=\"1\"><v>1</v></c></row>", "", "XFD1048576" },
        { "<row r=\"5\"/><row r=\"5\"/>", "", "out of order" },
        { "<row r=\"5\"/><row r=\"4\"/>", "", "out of order" },
        { "", "<mergeCells><mergeCell ref=\"A1:XFE9999999\"/></mergeCells>", "XFD1048576" },
        { "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>-1</v></c></row>", "", "not there" },
        { "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>2</v></c></row>", "", "not there" },
        { "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>99999999999999999999</v></c></row>", "",
          "not there" },
        { "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>x</v></c></row>", "", "not there" },
        { "<row r=\"1\"><c r=\"A1\"><v>1</v></c><c r=\"XFD1\"><v>1</v></c></row>", "", "wide" },
        { "", "", "empty" },
        { "<row r=\"1\"><c r=\"A1\"><v>&nosuch;</v></c></row>", "", "damaged" },
        { "<row r=\"1\"><c r=\"A1\"><v>1</c></row>", "", "damaged" },
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        struct xlsx_made m = { .strings = SST("<si><t>a</t></si>"),
                               .sheet = xlsx_sheet_of(a, all[i].rows, all[i].behind) };
        refused(all[i].rows, xlsx_make(a, &m), all[i].words);
    }
}

/* A deflate stream that repeats one block: gigabytes in the archive of some MB. */
static struct str repeated(struct str head, struct str block, int times) {
    struct buf out = { .arena = a };
    unsigned char *packed = arena_alloc(a, block.n + head.n + 1000);
    z_stream z = { 0 };
    assert_int_equal(deflateInit2(&z, 9, Z_DEFLATED, -15, 9, Z_DEFAULT_STRATEGY), Z_OK);
    for (int i = 0; i < 2; i++) {
        struct str in = i ? block : head;
        z.next_in = (unsigned char *)(uintptr_t)in.p;
        z.avail_in = (unsigned)in.n;
        z.next_out = packed;
        z.avail_out = (unsigned)(block.n + head.n + 1000);
        assert_int_equal(deflate(&z, Z_FULL_FLUSH), Z_OK);
        struct str piece = { (char *)packed, block.n + head.n + 1000 - z.avail_out };
        for (int k = 0; k < (i ? times : 1); k++) buf_add(&out, piece);
    }
    deflateEnd(&z);
    return buf_str(&out);
}
static struct str book_around(struct str packed_sheet) {
    struct buf out = { .arena = a };
    const struct zip_raw_entry v[] = {
        { .name = S("_rels/.rels"), .bytes = str_of(xlsx_usual_rels), .at = -1, .packed = -1 },
        { .name = S("xl/workbook.xml"), .bytes = str_of(xlsx_usual_book), .at = -1, .packed = -1 },
        { .name = S("xl/_rels/workbook.xml.rels"),
          .bytes = str_of(xlsx_usual_book_rels),
          .at = -1,
          .packed = -1 },
        { .name = S("xl/worksheets/sheet1.xml"),
          .bytes = S("<worksheet/>"),
          .at = -1,
          .packed = -1,
          .method = 8,
          .packed_bytes = packed_sheet },
    };
    zip_raw(&out, v, 4, -1);
    return buf_str(&out);
}
static void bombs_refused(void **state) {
    (void)state;
    struct str head = str_of("<worksheet xmlns=\"" XLSX_MAIN "\"><sheetData>");
    char *spaces = arena_alloc(a, 1 << 20);
    memset(spaces, ' ', 1 << 20);
    struct str ten_gb = book_around(repeated(head, (struct str){ spaces, 1 << 20 }, 10240));
    assert_in_range(ten_gb.n, 5 << 20, 15 << 20);
    refused("10 GB in 10 MB", ten_gb, "unpacked");
    struct buf rows = { .arena = a };
    struct dice {
        uint64_t v;
    } d = { 1 };
    while (rows.n < 1 << 20) {
        d.v = d.v * UINT64_C(6364136223846793005) + 1442695040888963407u;
        if (d.v >> 56 == 0) buf_add_z(&rows, rows.n ? "</t></is></c></row>" : "");
        if (d.v >> 56 == 0 || !rows.n) buf_add_z(&rows, "<row><c t=\"inlineStr\"><is><t>");
        buf_printf(&rows, "%llu ", (unsigned long long)(d.v >> 20));
    }
    buf_add_z(&rows, "</t></is></c></row>");
    refused("210 MB", book_around(repeated(head, buf_str(&rows), 210)), "unpacked");
    refused("20 MB of spaces", book_around(repeated(head, (struct str){ spaces, 1 << 20 }, 20)),
            "times its size");
}

static void archives_refused(void **state) {
    (void)state;
    struct xlsx_made fine = { .sheet = xlsx_sheet_of(a, "<row>" INLINE("A1", "x") "</row>", "") };
    struct str book = xlsx_make(a, &fine);
    struct buf out = { .arena = a };
    struct zip *z = zip_new(a);
    zip_entry(z, S("inner.xlsx"), -1, 0);
    zip_write(z, book);
    zip_end(z);
    zip_take(z, &out);
    zip_free(z);
    refused("nested", buf_str(&out), "no workbook");
    out.n = 0;
    struct zip_raw_entry twice[] = {
        { .name = S("xl/workbook.xml"), .bytes = S("a"), .at = -1, .packed = -1 },
        { .name = S("xl/Workbook.xml"), .bytes = S("b"), .at = -1, .packed = -1 },
    };
    zip_raw(&out, twice, 2, -1);
    refused("duplicate names", buf_str(&out), "same name");
    out.n = 0;
    twice[1].name = S("/xl/workbook.xml");
    zip_raw(&out, twice, 2, -1);
    refused("absolute names", buf_str(&out), "outside");
    out.n = 0;
    twice[1].name = S("xl/b.xml");
    twice[0].packed = 40;
    zip_raw(&out, twice, 2, -1);
    refused("overlapping", buf_str(&out), "overlap");
    refused("cut", str_sub(book, 0, book.n / 2), "ZIP");
    refused("nothing", S(""), "ZIP");
    refused("text", S("Name,Phone\r\n"), "ZIP");
}

/* A million entries: ZIP64, as 65,535 is the most that fits otherwise. */
static void million_entries(void **state) {
    (void)state;
    enum { N = 1000000 };
    struct buf b = { .max = 0 };
    const struct zip_raw_entry e = {
        .name = S("a000000"), .bytes = S("x"), .at = -1, .packed = -1
    };
    zip_raw(&b, &e, 1, -1);
    size_t head_n = 30 + 7 + 1, central_n = 46 + 7;
    struct str central = str_dup(a, str_sub(buf_str(&b), head_n, central_n));
    b.n = head_n;
    for (int i = 0; i < N; i++) {
        size_t at = b.n;
        buf_add(&b, central);
        char name[16];
        snprintf(name, sizeof name, "%07d", i);
        memcpy(b.p + at + 46, name, 7);
    }
    uint64_t end_at = b.n, bytes = b.n - head_n;
    zip_raw_32(&b, 0x06064b50);
    for (int i = 0; i < 2; i++) zip_raw_32(&b, i ? 0 : 44);
    zip_raw_32(&b, 45 << 16 | 45);
    for (int i = 0; i < 2; i++) zip_raw_32(&b, 0);
    const uint64_t sizes[] = { N, N, bytes, head_n };
    for (int i = 0; i < 4; i++) {
        zip_raw_32(&b, (uint32_t)sizes[i]);
        zip_raw_32(&b, (uint32_t)(sizes[i] >> 32));
    }
    zip_raw_32(&b, 0x07064b50);
    zip_raw_32(&b, 0);
    zip_raw_32(&b, (uint32_t)end_at);
    zip_raw_32(&b, 0);
    zip_raw_32(&b, 1);
    zip_raw_32(&b, 0x06054b50);
    zip_raw_32(&b, 0);
    for (int i = 0; i < 3; i++) zip_raw_32(&b, 0xffffffff);
    zip_raw_16(&b, 0);
    refused("a million entries", buf_str(&b), "entries");
    buf_free(&b);
}

static void deep_and_long(void **state) {
    (void)state;
    struct buf deep = { .arena = a }, wide = { .arena = a };
    buf_add_z(&deep, "<worksheet xmlns=\"" XLSX_MAIN "\">");
    for (int i = 0; i < 100000; i++) buf_add_z(&deep, "<sheetData>");
    buf_add_z(&wide, "<worksheet xmlns=\"" XLSX_MAIN "\"><sheetData a=\"");
    for (int i = 0; i < 1500000; i++) buf_printf(&wide, "%d,", (int)(i * INT64_C(7919) % 1000003));
    buf_add_z(&wide, "\"/></worksheet>");
    refused("100,000 levels", xlsx_make(a, &(struct xlsx_made){ .raw_sheet = buf_str(&deep) }),
            "damaged");
    refused("an attribute of 10 MB",
            xlsx_make(a, &(struct xlsx_made){ .raw_sheet = buf_str(&wide) }), "damaged");
}

/* --- files of real programs --- */
static struct str file_bytes(const char *path) {
    FILE *f = fopen(path, "rb");
    if (!f) return NO_STR;
    char *p = arena_alloc(a, 1 << 20);
    size_t n = fread(p, 1, 1 << 20, f);
    fclose(f);
    return (struct str){ p, n };
}
static void of_libreoffice(void **state) {
    (void)state;
    struct buf csv;
    struct xlsx_result r;
    const char *why;
    struct str bytes = file_bytes("t/unit/xlsx/libreoffice.xlsx");
    struct str want = file_bytes("t/unit/xlsx/libreoffice.csv");
    assert_true(bytes.n > 0 && want.n > 0);
    assert_int_equal(read_bytes(bytes, "", &csv, &r, &why), OK);
    if (!str_eq(buf_str(&csv), want)) print_error("%.*s\n", SF(csv));
    assert_true(str_eq(buf_str(&csv), want));
}

static int set_up(void **state) {
    (void)state;
    a = arena_new();
    return 0;
}
static int tear_down(void **state) {
    (void)state;
    arena_free(a);
    return 0;
}
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(formats),           TEST(numbers),         TEST(sheets),
        TEST(sheets_by_name),    TEST(utf16_is_read),   TEST(dtd_refused),
        TEST(encodings_refused), TEST(places_refused),  TEST(bombs_refused),
        TEST(archives_refused),  TEST(million_entries), TEST(deep_and_long),
        TEST(of_libreoffice),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
