/* Workbooks: the parts of a package and their elements (xlsx.h). Called in the box by
 * core/exchange/sheet_xlsx.c; calls lib/archive for the parts and libxml2, whose one home this is.
 *
 * libxml2 is used as a push parser with our own SAX handlers: nothing is built in memory, there is
 * no handler that could load anything, and the first sign of a DTD ends the reading. */
#include <libxml/parser.h>
#include <unistd.h>

#include "lib/base/limits.h"
#include "lib/text/xlsx_in.h"

#define N_(text) text /* for people: tools/poscan.c finds it */

enum { CHUNK = 32768, NAME_BYTES = 300 };

static const char *const sentences[XLSX_SENTENCES] = {
    [XLSX_FINE] = "",
    [XLSX_NOT_ONE] = N_("This file holds no workbook."),
    [XLSX_BINARY] = N_("This is a binary workbook (XLSB). Save it as XLSX or CSV and try again."),
    [XLSX_BROKEN_XML] = N_("This workbook is damaged: a part of it cannot be read."),
    [XLSX_HAS_DTD] = N_("This workbook holds a document type declaration. No spreadsheet program "
                        "writes that, so it is not read."),
    [XLSX_ENCODING] = N_("This workbook is written in an encoding other than UTF-8 and UTF-16."),
    [XLSX_NO_SHEET] = N_("There is no such sheet in this workbook."),
    [XLSX_TOO_FAR] = N_("This workbook holds a cell outside of the largest possible sheet, "
                        "which ends at XFD1048576."),
    [XLSX_OUT_OF_ORDER] = N_("This workbook is damaged: its rows are out of order."),
    [XLSX_STRING_INDEX] = N_("This workbook is damaged: a cell names a text that is not there."),
    [XLSX_TOO_WIDE] = N_("This sheet is more than {max} columns wide."),
    [XLSX_EMPTY] = N_("This sheet is empty."),
};

const char *xlsx_sentence(struct str text) {
    for (int i = 1; i < XLSX_SENTENCES; i++)
        if (str_eq_z(text, sentences[i])) return sentences[i];
    return unzip_sentence(text);
}

int64_t xlsx_sentence_max(const char *sentence) {
    if (sentence == sentences[XLSX_TOO_WIDE]) return LIMIT_IMPORT_COLUMNS_N;
    return unzip_sentence_max(sentence,
                              &(struct unzip_limits){ XLSX_ENTRIES_N, XLSX_TOTAL, XLSX_RATIO });
}

void *xlsx_more(struct arena *a, void *v, int n, int *cap, size_t size) {
    if (n < *cap) return v;
    int larger = *cap ? *cap * 2 : 64;
    v = arena_grow(a, v, (size_t)*cap * size, (size_t)larger * size);
    *cap = larger;
    return v;
}

void xlsx_stop(struct xlsx *x, enum status s, enum xlsx_sentence why) {
    if (x->status == OK) {
        x->status = s;
        x->why = sentences[why];
    }
    if (x->parser) xmlStopParser(x->parser);
}

/* --- elements --- */

static struct str view(const xmlChar *z) {
    return str_of((const char *)z);
}

static bool own_namespace(const xmlChar *uri) {
    static const char *const all[] = {
        "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
        "http://purl.oclc.org/ooxml/spreadsheetml/main",
        "http://schemas.openxmlformats.org/package/2006/relationships",
    };
    for (size_t i = 0; uri && i < sizeof all / sizeof *all; i++)
        if (strcmp((const char *)uri, all[i]) == 0) return true;
    return false;
}

struct str xlsx_attr(const struct xlsx_attrs *attrs, const char *name) {
    const xmlChar *const *v = attrs->v;
    const char *colon = strchr(name, ':'), *local = colon ? colon + 1 : name;
    for (int i = 0; i < attrs->n; i++, v += 5) {
        /* "r:id" stands for the namespace of relationships, transitional or strict. */
        if (strcmp((const char *)v[0], local) != 0) continue;
        if ((colon != NULL) != (v[2] != NULL)) continue;
        if (colon && !str_ends(view(v[2]), S("/relationships"))) continue;
        return (struct str){ (const char *)v[3], (size_t)(v[4] - v[3]) };
    }
    return NO_STR;
}

static void on_begin(void *of, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri,
                     int spaces_n, const xmlChar **spaces, int attrs_n, int standard_n,
                     const xmlChar **attrs) {
    struct xlsx *x = of;
    (void)prefix, (void)spaces_n, (void)spaces, (void)standard_n;
    if (x->status != OK) return;
    if (x->ignored || !own_namespace(uri)) {
        x->ignored++;
        return;
    }
    struct xlsx_attrs own = { attrs, attrs_n };
    if (x->listener->begin) x->listener->begin(x->listener->of, view(name), &own);
}

static void on_end(void *of, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri) {
    struct xlsx *x = of;
    (void)prefix, (void)uri;
    if (x->status != OK) return;
    if (x->ignored)
        x->ignored--;
    else if (x->listener->end)
        x->listener->end(x->listener->of, view(name));
}

static void on_text(void *of, const xmlChar *text, int n) {
    struct xlsx *x = of;
    if (x->status != OK || x->ignored || !x->listener->text) return;
    x->listener->text(x->listener->of, (struct str){ (const char *)text, (size_t)n });
}

static void on_dtd(void *of, const xmlChar *name, const xmlChar *id, const xmlChar *uri) {
    (void)name, (void)id, (void)uri;
    xlsx_stop(of, INVALID, XLSX_HAS_DTD);
}

/* OPC (ECMA-376 part 2, 8.1.4) knows two encodings. */
static void on_start(void *of) {
    struct xlsx *x = of;
    const xmlParserCtxt *p = x->parser;
    const xmlChar *told = p->input && p->input->encoding ? p->input->encoding : p->encoding;
    struct str name = view(told);
    if (name.n && !str_eq_ascii(name, S("UTF-8")) && !str_eq_ascii(name, S("UTF-16")) &&
        !str_eq_ascii(name, S("UTF-16LE")) && !str_eq_ascii(name, S("UTF-16BE")) &&
        !str_eq_ascii(name, S("US-ASCII")))
        xlsx_stop(x, INVALID, XLSX_ENCODING);
}

static enum status push_all(struct xlsx *x, xmlParserCtxtPtr p) {
    char *chunk = malloc(CHUNK);
    size_t n = 1;
    if (!chunk) BUG("out of memory");
    while (x->status == OK && n) {
        const char *why;
        enum status s = unzip_read(x->zip, chunk, CHUNK, &n, &why);
        if (s != OK) {
            x->status = s;
            x->why = why;
        } else if (xmlParseChunk(p, chunk, (int)n, n == 0) != 0 || !p->wellFormed) {
            xlsx_stop(x, INVALID, XLSX_BROKEN_XML);
        }
    }
    free(chunk);
    return x->status;
}

enum status xlsx_part(struct xlsx *x, struct str part, const struct xlsx_listener *l) {
    xmlSAXHandler sax = { .initialized = XML_SAX2_MAGIC,
                          .startDocument = on_start,
                          .internalSubset = on_dtd,
                          .startElementNs = on_begin,
                          .endElementNs = on_end,
                          .characters = on_text,
                          .cdataBlock = on_text };
    TRY(unzip_entry(x->zip, part));
    xmlParserCtxtPtr p = xmlCreatePushParserCtxt(&sax, x, NULL, 0, NULL);
    if (!p) BUG("out of memory");
    xmlCtxtUseOptions(p, XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
    x->parser = p;
    x->listener = l;
    x->ignored = 0;
    enum status s = push_all(x, p);
    x->parser = NULL;
    if (p->myDoc) xmlFreeDoc(p->myDoc);
    xmlFreeParserCtxt(p);
    return s;
}

/* --- the parts around the sheets --- */

struct xlsx_rel {
    struct str part;
    const char *kind; /* "worksheet" … */
};
struct rels_reading {
    struct xlsx *x;
    struct str of; /* the part that they belong to */
    struct map map;
};

/* libxml2 gives "&amp;" in an attribute as "&#38;" unless it may replace entities, which it may
 * not.
 */
static struct str unescaped(struct arena *a, struct str value) {
    struct buf b = { .arena = a };
    for (ptrdiff_t at; (at = str_find(value, S("&#38;"))) >= 0;) {
        buf_add(&b, str_sub(value, 0, (size_t)at));
        buf_add_c(&b, '&');
        value = str_sub(value, (size_t)at + 5, value.n);
    }
    buf_add(&b, value);
    return buf_str(&b);
}

/* "../a/b.xml" as seen from "xl/workbook.xml"; empty when it leads outside. */
static struct str resolve(struct arena *a, struct str from, struct str target) {
    struct buf path = { .arena = a };
    struct str piece, rest = target;
    size_t folder = from.n;
    while (folder && from.p[folder - 1] != '/') folder--;
    if (target.n && target.p[0] == '/')
        rest = str_sub(target, 1, target.n);
    else
        buf_add(&path, str_sub(from, 0, folder));
    while (str_cut(&rest, '/', &piece)) {
        if (str_eq_z(piece, ".") || piece.n == 0) continue;
        if (!str_eq_z(piece, "..")) {
            buf_add(&path, piece);
            buf_add_c(&path, '/');
            continue;
        }
        if (path.n == 0) return NO_STR;
        for (path.n--; path.n && path.p[path.n - 1] != '/';) path.n--;
    }
    if (path.n) path.n--; /* the last "/" */
    return buf_str(&path);
}

static void rels_begin(void *of, struct str name, const struct xlsx_attrs *attrs) {
    static const char *const kinds[] = { "officeDocument", "worksheet", "sharedStrings", "styles" };
    struct rels_reading *r = of;
    if (!str_eq_z(name, "Relationship")) return;
    if (str_eq_ascii(xlsx_attr(attrs, "TargetMode"), S("External"))) return;
    struct str type = xlsx_attr(attrs, "Type");
    struct xlsx_rel *rel = arena_new_of(r->x->arena, struct xlsx_rel);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (str_ends(type, str_printf(r->x->arena, "/%s", kinds[i]))) rel->kind = kinds[i];
    if (!rel->kind) return;
    rel->part = resolve(r->x->arena, r->of, unescaped(r->x->arena, xlsx_attr(attrs, "Target")));
    *map_at(&r->map, str_dup(r->x->arena, xlsx_attr(attrs, "Id"))) = rel;
}

/* Of "xl/workbook.xml" they stand in "xl/_rels/workbook.xml.rels". */
static enum status read_rels(struct xlsx *x, struct str of, struct map *out) {
    struct rels_reading r = { .x = x, .of = of, .map = map_new(x->arena) };
    struct xlsx_listener l = { .begin = rels_begin, .of = &r };
    size_t folder = of.n;
    while (folder && of.p[folder - 1] != '/') folder--;
    struct str part = str_printf(x->arena, "%.*s_rels/%.*s.rels", SF(str_sub(of, 0, folder)),
                                 SF(str_sub(of, folder, of.n)));
    enum status s = xlsx_part(x, part, &l);
    *out = r.map;
    return s;
}

static struct str rel_of_kind(const struct map *rels, const char *kind) {
    for (int i = 0; i < rels->n; i++) {
        const struct xlsx_rel *rel = rels->v[i].value;
        if (strcmp(rel->kind, kind) == 0) return rel->part;
    }
    return NO_STR;
}

struct str xlsx_text(struct arena *a, struct str raw) {
    struct buf b = { .arena = a };
    if (str_find(raw, S("_x")) < 0) return str_dup(a, raw);
    for (size_t i = 0; i < raw.n; i++) {
        unsigned char code[2];
        struct str hex = str_lower_ascii(a, str_sub(raw, i + 2, 4));
        if (raw.p[i] != '_' || i + 6 >= raw.n || raw.p[i + 1] != 'x' || raw.p[i + 6] != '_' ||
            !str_unhex(hex, code, 2)) {
            buf_add_c(&b, raw.p[i]);
            continue;
        }
        int32_t c = code[0] << 8 | code[1];
        if (c == '\t' || c == '\n' || (c >= ' ' && c != 127 && (c < 0xd800 || c > 0xdfff)))
            buf_add_utf8(&b, c);
        i += 6;
    }
    return buf_str(&b);
}

/* A name on one line: line breaks and tabs are no part of it, and separate lists of names. */
static struct str sheet_name(struct arena *a, struct str raw) {
    struct str s = xlsx_text(a, str_sub(unescaped(a, raw), 0, NAME_BYTES));
    char *p = str_z(a, s);
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)p[i] < ' ') p[i] = ' ';
    return (struct str){ p, s.n };
}

static void book_begin(void *of, struct str name, const struct xlsx_attrs *attrs) {
    struct xlsx *x = of;
    if (str_eq_z(name, "workbookPr")) {
        struct str v = xlsx_attr(attrs, "date1904");
        x->date1904 = str_eq_z(v, "1") || str_eq_z(v, "true");
    }
    if (!str_eq_z(name, "sheet")) return;
    const struct xlsx_rel *rel = map_get(&x->rels, xlsx_attr(attrs, "r:id"));
    if (!rel || strcmp(rel->kind, "worksheet") != 0) return;
    struct str state = xlsx_attr(attrs, "state");
    x->sheets.v =
        xlsx_more(x->arena, x->sheets.v, x->sheets.n, &x->sheets.cap, sizeof *x->sheets.v);
    x->sheets.v[x->sheets.n++] =
        (struct xlsx_sheet){ .name = sheet_name(x->arena, xlsx_attr(attrs, "name")),
                             .part = rel->part,
                             .hidden = state.n && !str_eq_z(state, "visible") };
}

static bool is_binary(const struct xlsx *x) {
    for (int i = 0; i < unzip_entries(x->zip); i++)
        if (str_eq_z(unzip_name(x->zip, i), "xl/workbook.bin")) return true;
    return false;
}

/* libxml2 writes some faults to the standard error whatever one asks. */
static void quiet(void *of, const char *text, ...) {
    (void)of, (void)text;
}

enum status xlsx_open(struct arena *a, int fd, struct xlsx *x) {
    const struct unzip_limits limits = { XLSX_ENTRIES_N, XLSX_TOTAL, XLSX_RATIO };
    *x = (struct xlsx){ .arena = a, .fd = fd, .formats = map_new(a) };
    xmlInitParser();
    xmlSetGenericErrorFunc(NULL, quiet);
    struct map rels;
    TRY(unzip_open(a, fd, &limits, &x->zip, &x->why));
    enum status s = read_rels(x, NO_STR, &rels);
    if (s != OK && s != MISSING) return s;
    x->book = s == OK ? rel_of_kind(&rels, "officeDocument") : NO_STR;
    if (is_binary(x)) {
        xlsx_stop(x, INVALID, XLSX_BINARY);
        return x->status;
    }
    if (x->book.n == 0) x->book = S("xl/workbook.xml");
    struct xlsx_listener l = { .begin = book_begin, .of = x };
    s = read_rels(x, x->book, &x->rels);
    if (s == OK) s = xlsx_part(x, x->book, &l);
    if (s == MISSING || (s == OK && x->sheets.n == 0)) {
        xlsx_stop(x, INVALID, XLSX_NOT_ONE);
        return x->status;
    }
    return s;
}

void xlsx_close(struct xlsx *x) {
    if (x->zip) unzip_close(x->zip);
}

/* --- shared strings --- */

struct strings_reading {
    struct xlsx *x;
    struct buf text;
    bool inside, in_text;
    int phonetic;
};

static void strings_begin(void *of, struct str name, const struct xlsx_attrs *attrs) {
    struct strings_reading *r = of;
    (void)attrs;
    if (str_eq_z(name, "si")) {
        r->inside = true;
        r->text.n = 0;
    }
    if (str_eq_z(name, "rPh")) r->phonetic++;
    if (str_eq_z(name, "t")) r->in_text = r->inside && !r->phonetic;
}

static void strings_end(void *of, struct str name) {
    struct strings_reading *r = of;
    struct xlsx *x = r->x;
    if (str_eq_z(name, "t")) r->in_text = false;
    if (str_eq_z(name, "rPh")) r->phonetic--;
    if (!str_eq_z(name, "si")) return;
    x->strings.v =
        xlsx_more(x->arena, x->strings.v, x->strings.n, &x->strings.cap, sizeof *x->strings.v);
    x->strings.v[x->strings.n++] = xlsx_text(x->arena, buf_str(&r->text));
    r->inside = false;
}

static void strings_text(void *of, struct str text) {
    struct strings_reading *r = of;
    if (r->in_text) buf_add(&r->text, text);
}

enum status xlsx_read_strings(struct xlsx *x) {
    struct strings_reading r = { .x = x };
    struct xlsx_listener l = { strings_begin, strings_end, strings_text, &r };
    struct str part = rel_of_kind(&x->rels, "sharedStrings");
    if (part.n == 0) return OK;
    enum status s = xlsx_part(x, part, &l);
    buf_free(&r.text);
    return s == MISSING ? OK : s; /* cells that name one are then refused */
}

/* --- styles --- */

struct styles_reading {
    struct xlsx *x;
    bool in_cells;
};

static void styles_begin(void *of, struct str name, const struct xlsx_attrs *attrs) {
    struct styles_reading *r = of;
    struct xlsx *x = r->x;
    struct str id = xlsx_attr(attrs, "numFmtId");
    int64_t number = 0;
    if (str_eq_z(name, "cellXfs")) r->in_cells = true;
    if (str_eq_z(name, "numFmt")) {
        struct xlsx_format *f = arena_new_of(x->arena, struct xlsx_format);
        *f = xlsx_format_of_code(xlsx_attr(attrs, "formatCode"));
        *map_at(&x->formats, str_dup(x->arena, id)) = f;
    }
    if (!str_eq_z(name, "xf") || !r->in_cells) return;
    const struct xlsx_format *own = map_get(&x->formats, id);
    if (!own && !str_to_i64(id, &number)) number = 0;
    x->styles.v =
        xlsx_more(x->arena, x->styles.v, x->styles.n, &x->styles.cap, sizeof *x->styles.v);
    x->styles.v[x->styles.n++] = own ? *own : xlsx_format_of_id(number);
}

static void styles_end(void *of, struct str name) {
    struct styles_reading *r = of;
    if (str_eq_z(name, "cellXfs")) r->in_cells = false;
}

enum status xlsx_read_styles(struct xlsx *x) {
    struct styles_reading r = { .x = x };
    struct xlsx_listener l = { .begin = styles_begin, .end = styles_end, .of = &r };
    struct str part = rel_of_kind(&x->rels, "styles");
    enum status s = part.n ? xlsx_part(x, part, &l) : OK;
    return s == MISSING ? OK : s;
}

/* --- from outside --- */

enum status xlsx_names(struct arena *a, int fd, struct strs *names, const char **why) {
    struct xlsx x;
    enum status s = xlsx_open(a, fd, &x);
    *names = (struct strs){ .v = arena_array(a, struct str, x.sheets.n + 1) };
    for (int hidden = 0; s == OK && hidden < 2; hidden++)
        for (int i = 0; i < x.sheets.n; i++)
            if (x.sheets.v[i].hidden == (hidden == 1)) names->v[names->n++] = x.sheets.v[i].name;
    xlsx_close(&x);
    *why = s == OK ? "" : x.why;
    return s;
}

static const struct xlsx_sheet *sheet_of(const struct xlsx *x, struct str name) {
    for (int i = 0; i < x->sheets.n; i++) {
        const struct xlsx_sheet *s = &x->sheets.v[i];
        if (name.n ? str_eq(s->name, name) : !s->hidden) return s;
    }
    return name.n ? NULL : &x->sheets.v[0];
}

static enum status read_sheet(struct xlsx *x, struct str name, struct xlsx_sink sink,
                              struct xlsx_result *out) {
    const struct xlsx_sheet *sheet = sheet_of(x, name);
    if (!sheet) {
        xlsx_stop(x, MISSING, XLSX_NO_SHEET);
        return MISSING;
    }
    TRY(xlsx_read_styles(x));
    TRY(xlsx_read_strings(x));
    enum status s = xlsx_sheet_read(x, sheet->part, sink, out);
    if (s == MISSING) xlsx_stop(x, INVALID, XLSX_NOT_ONE);
    return s == MISSING ? x->status : s;
}

enum status xlsx_read(struct arena *a, int fd, struct str sheet, struct xlsx_sink sink,
                      struct xlsx_result *out, const char **why) {
    struct xlsx x;
    *out = (struct xlsx_result){ .rows_n = 0 };
    enum status s = xlsx_open(a, fd, &x);
    if (s == OK) s = read_sheet(&x, sheet, sink, out);
    xlsx_close(&x);
    *why = s == OK ? "" : x.why;
    return s;
}
