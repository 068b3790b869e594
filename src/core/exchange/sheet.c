/* Which kind of source a file is, and its rows as one table of CSV: made once under DATA/tmp, with
 * what could not be understood beside it, and made again whenever it is not there. Called by the
 * import's pages, job and command; calls the converters (sheet_vcard.c, sheet_text.c,
 * sheet_xlsx.c). */
#include "core/exchange/sheet.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/app/secret.h"
#include "lib/base/log.h"
#include "lib/text/charset.h"
#include "lib/text/fold.h"
#include "lib/text/json.h"

enum { HEAD_BYTES = 65536, TAIL_BYTES = 1 << 20, LINES_LOOKED = 200 };
enum { FAULTS_MAX = 100 };

const char *sheet_format_code(enum sheet_format f) {
    static const char *const codes[SHEET_FORMATS_N] = { "csv", "xlsx", "vcard", "text" };
    return codes[f];
}

bool sheet_format_of(struct str code, enum sheet_format *out) {
    for (int i = 0; i < SHEET_FORMATS_N; i++)
        if (str_eq_z(code, sheet_format_code((enum sheet_format)i))) {
            *out = (enum sheet_format)i;
            return true;
        }
    return false;
}

/* --- what the file is --- */

struct looked {
    struct str head, tail; /* raw bytes */
    struct str text;       /* the head in UTF-8 */
};

static struct str read_at(struct arena *a, FILE *f, long from, size_t n) {
    char *p = arena_alloc(a, n + 1);
    if (fseek(f, from, SEEK_SET) != 0) return NO_STR;
    return (struct str){ p, fread(p, 1, n, f) };
}

static struct str decoded(struct arena *a, struct str head) {
    struct charset_guess g = charset_guess(head);
    struct str rest = head;
    struct charset_reader *r = charset_reader_new(csv_from_str(&rest), g.name);
    if (!r) return head;
    struct csv_source from = charset_reader_source(r);
    struct buf b = { .arena = a };
    char block[4096];
    ptrdiff_t n;
    while ((n = from.read(from.of, block, sizeof block)) > 0)
        buf_add(&b, (struct str){ block, (size_t)n });
    charset_reader_free(r);
    return buf_str(&b);
}

static enum status read_ends(struct arena *a, const char *path, struct looked *l) {
    struct stat st;
    FILE *f = fopen(path, "rb");
    if (!f) return BROKEN;
    if (fstat(fileno(f), &st) != 0) {
        fclose(f);
        return BROKEN;
    }
    long size = (long)st.st_size, tail = size > TAIL_BYTES ? TAIL_BYTES : size;
    l->head = read_at(a, f, 0, HEAD_BYTES);
    l->tail = str_starts(l->head, S("PK\3\4")) ? read_at(a, f, size - tail, (size_t)tail) : NO_STR;
    l->text = decoded(a, l->head);
    fclose(f);
    return OK;
}

static bool has_ending(struct arena *a, struct str name, const char *ending) {
    return str_ends(str_lower_ascii(a, name), str_of(ending));
}

static enum status refuse_source(struct ctx *c, const char *text) {
    return ctx_problem(c, S("file"), text);
}

/* Files that people have and that are no source: each with a way out. */
static enum status refuse_known(struct ctx *c, const struct looked *l) {
    static const struct {
        size_t at;
        struct str bytes;
        const char *text;
    } all[] = {
#define AT(n, z) n, { z, sizeof(z) - 1 }
#define PICTURE  N_("This is a picture. Type or paste the text that it shows into the field below.")
        { AT(0, "%PDF-"),
          N_("This is a PDF. Save the list from the program it comes from as XLSX or CSV, or copy "
             "its text and paste it below.") },
        { AT(0, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"),
          N_("This is an old Excel file, or one with a password. Open it in Excel or LibreOffice "
             "and save it as “Excel workbook (.xlsx)” without a password.") },
        { AT(30, "mimetypeapplication/vnd.oasis.opendocument"),
          N_("This is an OpenDocument file. Open it in LibreOffice and save it as “Excel workbook "
             "(.xlsx)” or as CSV.") },
        { AT(0, "\x89PNG"), PICTURE },
        { AT(0, "\xFF\xD8\xFF"), PICTURE },
        { AT(0, "GIF8"), PICTURE },
        { AT(8, "WEBP"), PICTURE },
        { AT(4, "ftypheic"), PICTURE },
        { AT(4, "ftypmif1"), PICTURE },
#undef AT
    };
    for (int i = 0; i < COUNT(all); i++)
        if (str_eq(str_sub(l->head, all[i].at, all[i].bytes.n), all[i].bytes))
            return refuse_source(c, all[i].text);
    return OK;
}

static bool holds(const struct looked *l, const char *name) {
    return str_find(l->tail, str_of(name)) >= 0 || str_find(l->head, str_of(name)) >= 0;
}

static enum status look_in_zip(struct ctx *c, const struct looked *l) {
    if (holds(l, "xl/workbook")) return OK;
    if (holds(l, "word/document"))
        return refuse_source(c, N_("This is a Word document. Copy its table or text and paste it "
                                   "below."));
    return refuse_source(c, N_("This is a packed file. Unpack it first, then choose the XLSX, CSV "
                               "or vCard file in it."));
}

static bool starts_fold(struct arena *a, struct str text, const char *with) {
    text = str_lower_ascii(a, str_sub(str_trim(text), 0, 200));
    return str_starts(text, str_of(with));
}

static bool is_web_page(struct arena *a, struct str text) {
    return starts_fold(a, text, "<!doctype html") || starts_fold(a, text, "<html") ||
           starts_fold(a, text, "<table") || starts_fold(a, text, "<?xml");
}

/* Rows of one width, two cells at least: a table, whatever the file is called. */
static bool is_table(struct arena *a, struct str text) {
    int rows = 0, wide[LIMIT_IMPORT_COLUMNS_N + 1] = { 0 }, best = 0;
    struct csv *csv = malloc(sizeof *csv);
    struct csv_row row;
    char separator = csv_guess_separator(text);
    if (!csv) BUG("out of memory");
    (void)a;
    csv_open(csv, csv_from_str(&text), separator);
    while (rows < LINES_LOOKED && csv_next(csv, &row) == CSV_ROW) {
        rows++;
        if (row.cells_n <= LIMIT_IMPORT_COLUMNS_N) wide[row.cells_n]++;
    }
    csv_close(csv);
    free(csv);
    for (int i = 2; i <= LIMIT_IMPORT_COLUMNS_N; i++)
        if (wide[i] > best) best = wide[i];
    bool alone = rows == 1 && separator == '\t';
    return (rows > 1 || alone) && best * 10 >= rows * 8;
}

/* Something that one could be reached by: an address, or five digits in a row of a phone. */
static bool has_contacts(struct arena *a, struct str text) {
    struct str line;
    while (str_cut(&text, '\n', &line))
        if (str_find_c(line, '@') >= 0 || fold_digits(a, line).n >= 5) return true;
    return false;
}

enum status sheet_look(struct ctx *c, const char *path, struct str name, enum sheet_format *out) {
    struct looked l;
    struct arena *a = c->arena;
    TRY(read_ends(a, path, &l));
    TRY(refuse_known(c, &l));
    *out = SHEET_CSV;
    if (str_starts(l.head, S("PK\3\4"))) {
        *out = SHEET_XLSX;
        return look_in_zip(c, &l);
    }
    if (is_web_page(a, l.text))
        return refuse_source(c, N_("This is a web page that is called a table. Open it in Excel or "
                                   "LibreOffice and save it as XLSX or CSV."));
    if (starts_fold(a, l.text, "begin:vcard") || has_ending(a, name, ".vcf"))
        *out = SHEET_VCARD;
    else if (has_ending(a, name, ".csv") || has_ending(a, name, ".tsv"))
        *out = SHEET_CSV;
    else if (!is_table(a, l.text) && has_contacts(a, l.text))
        *out = SHEET_TEXT;
    return OK;
}

/* --- the table --- */

static const char *table_path(struct arena *a, const char *tmp, const struct sheet_source *s,
                              const char *ending) {
    struct str name = sha256_hex(a, s->sheet.n ? s->sheet : S("first"));
    return str_z(a, str_printf(a, "%s/sheet-%.*s-%s-%.*s%s", tmp, SF(s->sha256),
                               sheet_format_code(s->format), 16, name.p, ending));
}

static enum status convert(struct ctx *c, struct box *b, const struct sheet_source *s,
                           const char *to, struct sheet_faults *faults) {
    int64_t rows_n;
    switch (s->format) {
    case SHEET_VCARD: return sheet_from_vcard(c, b, s->path, to, faults, &rows_n);
    case SHEET_TEXT: return sheet_from_text(c, b, s->path, to, faults, &rows_n);
    case SHEET_XLSX: return sheet_from_xlsx(c, b, s->path, s->sheet, to, faults, &rows_n);
    default: BUG("a table of a table");
    }
}

static struct str faults_json(struct arena *a, const struct sheet_faults *f) {
    struct buf b = { .arena = a };
    struct json_out w = { .b = &b };
    jw_object(&w);
    jw_key(&w, "total");
    jw_int(&w, f->total);
    jw_key(&w, "faults");
    jw_array(&w);
    for (int i = 0; i < f->n && i < FAULTS_MAX; i++) {
        jw_object(&w);
        jw_key(&w, "line");
        jw_int(&w, f->v[i].line);
        jw_key(&w, "text");
        jw_str(&w, str_of(f->v[i].text));
        jw_key(&w, "what");
        jw_str(&w, f->v[i].what);
        jw_end(&w);
    }
    jw_end(&w);
    jw_end(&w);
    return buf_str(&b);
}

static enum status write_text(const char *path, struct str text) {
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    bool good = fd >= 0 && write(fd, text.p, text.n) == (ssize_t)text.n;
    if (fd >= 0 && close(fd) != 0) good = false;
    return good ? OK : BROKEN;
}

/* What lies beside a table: JSON that this file wrote; anything else counts as not there. */
static struct json *read_json(struct arena *a, const char *path) {
    struct json *j;
    struct str why;
    FILE *f = fopen(path, "rb");
    if (!f) return NULL;
    struct str text = read_at(a, f, 0, 1 << 20);
    fclose(f);
    return json_parse(a, text, &j, &why) == OK ? j : NULL;
}

static enum status read_faults(struct arena *a, const char *path, struct sheet_faults *out) {
    const struct json *j = read_json(a, path), *all = json_get(j, S("faults"));
    *out = (struct sheet_faults){ .total = json_int(json_get(j, S("total"))) };
    if (!j) return MISSING;
    out->v = arena_array(a, struct sheet_fault, json_n(all) + 1);
    for (; out->n < json_n(all); out->n++) {
        const struct json *one = json_at(all, out->n);
        out->v[out->n] = (struct sheet_fault){ .line = json_int(json_get(one, S("line"))),
                                               .text = str_z(a, json_str(json_get(one, S("text")))),
                                               .what = json_str(json_get(one, S("what"))) };
    }
    return OK;
}

static enum status make(struct ctx *c, struct box *b, const char *tmp, const struct sheet_source *s,
                        const char *table, const char *beside) {
    unsigned char tail[8];
    struct sheet_faults faults = { 0 };
    random_bytes(tail, sizeof tail);
    mkdir(tmp, 0700);
    struct str part =
        str_printf(c->arena, "%s/sheet-%.*s.part", tmp, SF(str_hex(c->arena, tail, sizeof tail)));
    const char *to = str_z(c->arena, part);
    enum status st = convert(c, b, s, to, &faults);
    if (st == OK) st = write_text(beside, faults_json(c->arena, &faults));
    if (st == OK && rename(to, table) != 0) st = BROKEN;
    if (st != OK) unlink(to);
    if (st == BROKEN) log_warn("import: the table of %s could not be made in %s", s->path, tmp);
    return st;
}

enum status sheet_table(struct ctx *c, struct box *b, const char *tmp, const struct sheet_source *s,
                        const char **path, struct sheet_faults *faults) {
    struct sheet_faults mine;
    if (!faults) faults = &mine;
    *faults = (struct sheet_faults){ 0 };
    *path = s->path;
    if (s->format == SHEET_CSV) return OK;
    const char *table = table_path(c->arena, tmp, s, ".csv");
    const char *beside = table_path(c->arena, tmp, s, ".faults");
    if (access(table, R_OK) != 0 || read_faults(c->arena, beside, faults) != OK) {
        TRY(make(c, b, tmp, s, table, beside));
        TRY(read_faults(c->arena, beside, faults));
    }
    *path = table;
    return OK;
}

enum status sheet_names(struct ctx *c, struct box *b, const char *tmp, const struct sheet_source *s,
                        struct sheet_names *out) {
    struct sheet_source whole = *s;
    struct buf text = { .arena = c->arena };
    struct json_out w = { .b = &text };
    *out = (struct sheet_names){ 0 };
    if (s->format != SHEET_XLSX) return OK;
    whole.sheet = NO_STR; /* they are those of the workbook, whichever sheet is read */
    const char *path = table_path(c->arena, tmp, &whole, ".names");
    const struct json *j = read_json(c->arena, path);
    if (!j) {
        TRY(sheet_xlsx_names(c, b, s->path, out));
        jw_array(&w);
        for (int i = 0; i < out->n; i++) jw_str(&w, out->v[i]);
        jw_end(&w);
        mkdir(tmp, 0700);
        return write_text(path, buf_str(&text));
    }
    out->v = arena_array(c->arena, struct str, json_n(j) + 1);
    for (; out->n < json_n(j); out->n++) out->v[out->n] = json_str(json_at(j, out->n));
    return OK;
}

void sheet_drop(struct arena *a, const char *tmp, const struct sheet_source *s) {
    if (s->format == SHEET_CSV) return;
    unlink(table_path(a, tmp, s, ".csv"));
    unlink(table_path(a, tmp, s, ".faults"));
}
