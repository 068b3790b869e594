/* Pasted text as a table (sheet.h): a block of a spreadsheet is taken as it stands, cards go the
 * way of cards, everything else is read as lines (sheet_lines.c). Called by the import; calls
 * sheet_vcard.c, lib/text/csv and charset. */
#include <errno.h>
#include <unistd.h>

#include "core/exchange/sheet_lines.h"
#include "lib/base/log.h"
#include "lib/locale/number.h"
#include "lib/locale/phone.h"
#include "lib/text/charset.h"
#include "lib/text/fold.h"

enum { LOOK_ROWS = 200 };

/* --- reading it whole --- */

static enum status too_long(struct ctx *c) {
    ctx_problem(c, S("file"), N_("The pasted text is too long: at most {max} MB."),
                ARG("max", number_show(c->arena, c->loc, LIMIT_PASTE >> 20)));
    return TOO_BIG;
}

static enum status load(struct ctx *c, const char *path, struct buf *out) {
    char block[65536];
    ptrdiff_t n;
    FILE *f = fopen(path, "rb");
    if (!f) {
        log_warn("import: %s cannot be read: %s", path, strerror(errno));
        return BROKEN;
    }
    struct charset_guess guess = charset_guess_source(csv_from_file(f));
    rewind(f);
    struct charset_reader *r = charset_reader_new(csv_from_file(f), guess.name);
    struct csv_source from = charset_reader_source(r);
    out->max = LIMIT_PASTE;
    while ((n = from.read(from.of, block, sizeof block)) > 0) {
        for (ptrdiff_t i = 0; i < n; i++)
            if (!block[i]) block[i] = ' ';
        buf_add(out, (struct str){ block, (size_t)n });
    }
    charset_reader_free(r);
    fclose(f);
    return n < 0 ? BROKEN : out->full ? too_long(c) : OK;
}

/* --- a block of a spreadsheet --- */

struct grid {
    char separator;
    int columns;
    bool header;
    struct {
        int all, email, phone, url, date, text;
    } is[LIMIT_IMPORT_COLUMNS_N];
};

static bool is_marker(struct str line, struct str word) {
    struct str s = str_trim(line);
    return s.n >= word.n && str_eq_ascii(str_sub(s, 0, word.n), word);
}

/* Do all rows have the same number of cells, at least two? Commas and semicolons also stand in
 * sentences, so there one line is not enough; tabs only come from tables. */
static bool is_even(struct str text, char separator, struct grid *g) {
    struct csv *csv = malloc(sizeof *csv);
    struct csv_row row;
    int rows = 0;
    bool even = true;
    enum csv_event e;
    if (!csv) BUG("out of memory");
    csv_open(csv, csv_from_str(&text), separator);
    g->separator = separator;
    g->columns = 0;
    while ((e = csv_next(csv, &row)) == CSV_ROW && even) {
        if (row.cells_n == 1 && !str_trim(row.cells[0]).n) continue;
        even = separator == '\t' || !rows || row.cells_n == g->columns;
        if (row.cells_n > g->columns) g->columns = row.cells_n;
        rows++;
    }
    if (e == CSV_BAD) even = false;
    csv_close(csv);
    free(csv);
    return even && g->columns > 1 && (separator == '\t' ? rows > 0 : rows > 1);
}

static void weigh(const struct ctx *c, struct arena *a, struct str cell, struct grid *g, int i) {
    struct field f = { .name = "" };
    struct ctx own = *c;
    struct value v;
    struct phone_number n;
    cell = str_trim(cell);
    own.arena = a;
    if (!cell.n) return;
    g->is[i].all++;
    f.kind = &kind_email;
    size_t digits = fold_digits(a, cell).n;
    if (kind_email.parse(&own, &f, NO_STR, cell, &v) == OK)
        g->is[i].email++;
    else if (digits >= 7 && phone_parse(a, cell, ctx_country(c), &n))
        g->is[i].phone++;
    else if (str_starts(cell, S("http")) || str_starts(cell, S("www.")))
        g->is[i].url++;
    else if (digits >= 6 && kind_date.parse(&own, &f, NO_STR, cell, &v) == OK)
        g->is[i].date++;
    else if (!digits)
        g->is[i].text++;
}

/* Words that a first row of headers begins with, folded, when nothing below tells. */
static bool is_header_word(struct arena *a, struct str cell) {
    static const char *const words[] = {
        "name",
        "first name",
        "last name",
        "full name",
        "given name",
        "family name",
        "surname",
        "nom",
        "prenom",
        "nom complet",
        "نام",
        "نام خانوادگی",
        "نام و نام خانوادگی",
        "الاسم",
        "الاسم الکامل",
        "email",
        "e mail",
        "phone",
        "mobile",
        "tel",
        "telephone",
        "تلفن",
        "موبایل",
        "ایمیل",
        "الهاتف",
        "company",
        "societe",
        "شرکت",
        "city",
        "ville",
        "شهر",
    };
    struct str key = fold(a, cell);
    for (int i = 0; i < COUNT(words); i++)
        if (str_eq_z(key, words[i])) return true;
    return false;
}

/* The first row is a header when it holds no data and rows below do, or words that name columns. */
static void look_at_rows(const struct ctx *c, struct str text, struct grid *g) {
    struct csv *csv = malloc(sizeof *csv);
    struct arena *a = arena_new();
    struct csv_row row;
    struct grid first = { .separator = g->separator };
    bool word = false;
    if (!csv) BUG("out of memory");
    csv_open(csv, csv_from_str(&text), g->separator);
    for (int rows = 0; rows < LOOK_ROWS && csv_next(csv, &row) == CSV_ROW; rows++) {
        for (int i = 0; i < row.cells_n; i++) {
            weigh(c, a, row.cells[i], rows ? g : &first, i);
            word |= !rows && is_header_word(a, row.cells[i]);
        }
        arena_reset(a);
    }
    int above = 0, below = 0;
    for (int i = 0; i < g->columns; i++) {
        above += first.is[i].email + first.is[i].phone + first.is[i].url + first.is[i].date;
        below += g->is[i].email + g->is[i].phone + g->is[i].url + g->is[i].date;
    }
    g->header = above == 0 && (word || below > 0);
    for (int i = 0; i < g->columns && !g->header; i++) {
        g->is[i].all += first.is[i].all, g->is[i].email += first.is[i].email;
        g->is[i].phone += first.is[i].phone, g->is[i].url += first.is[i].url;
        g->is[i].date += first.is[i].date, g->is[i].text += first.is[i].text;
    }
    csv_close(csv);
    free(csv);
    arena_free(a);
}

static void numbered(struct buf *out, const char *name, int *n) {
    buf_add_z(out, name);
    if (++*n > 1) buf_printf(out, "_%d", *n);
}

/* Where there is no header row, columns are named by what they hold. */
static void name_columns(const struct ctx *c, const struct grid *g, struct buf *out) {
    int emails = 0, phones = 0, urls = 0, dates = 0, names = 0;
    for (int i = 0; i < g->columns; i++) {
        int most = g->is[i].all * 6 / 10 + 1;
        if (g->is[i].all < most) most = 1;
        if (i) buf_add_c(out, ',');
        if (g->is[i].email >= most)
            numbered(out, "email", &emails);
        else if (g->is[i].phone >= most)
            numbered(out, "phone", &phones);
        else if (g->is[i].url >= most && !urls++)
            buf_add_z(out, "website");
        else if (g->is[i].date >= most && !dates++)
            buf_add_z(out, "birth_date");
        else if (g->is[i].text >= most && !names++)
            buf_add_z(out, "display_name");
        else
            buf_printf(out, "%s %d", T(c, N_("Column")), i + 1);
    }
    buf_add_z(out, "\r\n");
}

static enum status write_grid(const struct ctx *c, struct str text, const struct grid *g,
                              const char *out_path, int64_t *rows_n) {
    FILE *f = fopen(out_path, "wb");
    struct csv *csv = malloc(sizeof *csv);
    struct buf b = { 0 };
    struct csv_row row;
    if (!csv) BUG("out of memory");
    if (f) {
        buf_add_z(&b, "\xef\xbb\xbf");
        if (!g->header) name_columns(c, g, &b);
        *rows_n = g->header ? -1 : 0;
        csv_open(csv, csv_from_str(&text), g->separator);
        while (csv_next(csv, &row) == CSV_ROW) {
            for (int i = 0; i < g->columns; i++) {
                if (i) buf_add_c(&b, ',');
                csv_write_cell(&b, i < row.cells_n ? row.cells[i] : NO_STR, ',', 0);
            }
            buf_add_z(&b, "\r\n");
            ++*rows_n;
        }
        csv_close(csv);
        fwrite(b.p, 1, b.n, f);
    }
    bool good = f && !ferror(f);
    if (f && fclose(f) != 0) good = false;
    if (!good) log_warn("import: %s cannot be written: %s", out_path, strerror(errno));
    buf_free(&b);
    free(csv);
    return good ? OK : BROKEN;
}

static bool find_grid(const struct ctx *c, struct str text, struct grid *g) {
    static const char separators[] = { '\t', ';', '|', ',' };
    struct str rest = text, line, who, when, said;
    while (str_cut(&rest, '\n', &line))
        if (is_marker(line, S("BEGIN:VCARD")) || sheet_chat_line(line, &who, &when, &said))
            return false;
    for (size_t i = 0; i < sizeof separators; i++) {
        memset(g, 0, sizeof *g);
        if (!is_even(text, separators[i], g)) continue;
        look_at_rows(c, text, g);
        bool data = g->header || separators[i] == '\t';
        for (int k = 0; k < g->columns && !data; k++)
            data = (g->is[k].email + g->is[k].phone) * 2 > g->is[k].all;
        if (data) return true; /* else sentences */
    }
    return false;
}

/* --- cards and lines --- */

struct pasted {
    struct sheet_cards cards;
    struct sheet_lines lines;
    struct sheet_table table;
    struct str text;
};

static void measure(void *arg, struct sheet_row *row) {
    struct pasted *p = arg;
    sheet_measure(&p->table, row);
}

static void write_row(void *arg, struct sheet_row *row) {
    struct pasted *p = arg;
    sheet_table_add(&p->table, row);
}

/* Turns of cards and of other text. */
static enum status walk(struct pasted *p, sheet_row_taken *taken) {
    struct str rest = p->text, line;
    size_t from = 0, at = 0;
    int64_t from_line = 1, line_no = 1;
    bool in_card = false;
    p->lines.taken = taken;
    while (str_cut(&rest, '\n', &line)) {
        size_t next = at + line.n + 1;
        bool begins = !in_card && is_marker(line, S("BEGIN:VCARD"));
        bool ends = in_card && is_marker(line, S("END:VCARD"));
        if (begins || ends) {
            size_t to = ends ? (next < p->text.n ? next : p->text.n) : at;
            struct str piece = str_sub(p->text, from, to - from);
            if (in_card)
                TRY(sheet_cards_walk(&p->cards, csv_from_str(&piece), from_line, taken, p));
            else
                sheet_lines_walk(&p->lines, piece, from_line);
            from = to;
            from_line = ends ? line_no + 1 : line_no;
            in_card = begins;
        }
        at = next;
        line_no++;
    }
    struct str piece = str_sub(p->text, from, p->text.n);
    if (in_card) return sheet_cards_walk(&p->cards, csv_from_str(&piece), from_line, taken, p);
    sheet_lines_walk(&p->lines, piece, from_line);
    return OK;
}

static enum status convert(struct pasted *p, const char *out_path) {
    TRY(walk(p, measure));
    if (sheet_cards_settle(&p->cards)) {
        memset(&p->table, 0, sizeof p->table);
        TRY(walk(p, measure));
    }
    p->table.used[SHEET_TAGS] |= p->cards.groups.n > 0;
    p->cards.writing = p->lines.telling = true;
    TRY(sheet_table_begin(&p->table, out_path));
    enum status s = walk(p, write_row), end = sheet_table_end(&p->table);
    sheet_cards_missing(&p->cards);
    return s != OK ? s : end;
}

static enum status convert_text(struct ctx *c, struct box *b, struct str text, const char *out_path,
                                struct sheet_faults *faults, int64_t *rows_n) {
    struct pasted *p = calloc(1, sizeof *p);
    if (!p) BUG("out of memory");
    p->text = text;
    p->lines = (struct sheet_lines){ .c = c, .faults = faults, .arg = p };
    sheet_cards_begin(&p->cards, c, b, out_path, faults);
    enum status s = convert(p, out_path);
    *rows_n = p->table.rows_n;
    sheet_cards_end(&p->cards);
    free(p);
    return s;
}

enum status sheet_from_text(struct ctx *c, struct box *b, const char *in_path, const char *out_path,
                            struct sheet_faults *faults, int64_t *rows_n) {
    struct buf text = { 0 };
    struct grid *g = calloc(1, sizeof *g);
    if (!g) BUG("out of memory");
    *faults = (struct sheet_faults){ 0 };
    *rows_n = 0;
    enum status s = load(c, in_path, &text);
    if (s == OK && find_grid(c, buf_str(&text), g))
        s = write_grid(c, buf_str(&text), g, out_path, rows_n);
    else if (s == OK)
        s = convert_text(c, b, buf_str(&text), out_path, faults, rows_n);
    if (s == OK && *rows_n <= 0)
        s = ctx_problem(c, S("file"), N_("There is no contact in this text."));
    if (s != OK) unlink(out_path);
    buf_free(&text);
    free(g);
    return s;
}
