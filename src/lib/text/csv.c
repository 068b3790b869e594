/* The CSV reader and writer of csv.h. Called by core/exchange (import, export) and the command
 * line; calls only lib/base. One pass over blocks of 64 KiB; a row's cells are copied together. */
#include "lib/text/csv.h"

enum { BLOCK = 1 << 16, AT_END = -1 };

static ptrdiff_t file_read(void *of, char *to, size_t cap) {
    FILE *f = of;
    size_t n = fread(to, 1, cap, f);
    return n == 0 && ferror(f) ? -1 : (ptrdiff_t)n;
}

static bool file_seek(void *of, int64_t offset) {
    return fseeko(of, offset, SEEK_SET) == 0;
}

struct csv_source csv_from_file(FILE *f) {
    return (struct csv_source){ file_read, file_seek, f };
}

static ptrdiff_t str_read(void *of, char *to, size_t cap) {
    struct str *text = of;
    size_t n = text->n < cap ? text->n : cap;
    if (n) memcpy(to, text->p, n);
    *text = str_sub(*text, n, text->n);
    return (ptrdiff_t)n;
}

struct csv_source csv_from_str(struct str *text) {
    return (struct csv_source){ str_read, NULL, text };
}

void csv_open(struct csv *c, struct csv_source source, char separator) {
    memset(c, 0, sizeof *c);
    c->source = source;
    c->separator = separator;
    c->line = 1;
    c->block = malloc(BLOCK);
    if (!c->block) BUG("out of memory");
}

void csv_close(struct csv *c) {
    free(c->block);
    buf_free(&c->text);
    c->block = NULL;
}

/* Moves what is unread to the front and reads more behind it; false when nothing came. */
static bool fill(struct csv *c) {
    if (c->at_end) return false;
    memmove(c->block, c->block + c->at, c->end - c->at);
    c->block_offset += (int64_t)c->at;
    c->end -= c->at;
    c->at = 0;
    ptrdiff_t n = c->source.read(c->source.of, c->block + c->end, BLOCK - c->end);
    c->failed = n < 0;
    c->at_end = n <= 0;
    if (n > 0) c->end += (size_t)n;
    return n > 0;
}

static int peek(struct csv *c) {
    if (c->at == c->end && !fill(c)) return AT_END;
    return (unsigned char)c->block[c->at];
}

static enum csv_event bad(struct csv *c, enum csv_fault fault, int column, int64_t limit) {
    c->error.fault = fault;
    c->error.line = c->line;
    c->error.column = column;
    c->error.limit = limit;
    return CSV_BAD;
}

/* Steps over a line end, if there is one here: LF, CR or CR LF. */
static bool line_end(struct csv *c) {
    int ch = peek(c);
    if (ch != '\n' && ch != '\r') return false;
    c->at++;
    c->line++;
    if (ch == '\r' && peek(c) == '\n') c->at++;
    return true;
}

static enum csv_event add(struct csv *c, size_t n, size_t cell_from, int column) {
    if (c->text.n + n - cell_from > LIMIT_IMPORT_CELL)
        return bad(c, CSV_CELL_TOO_LONG, column, LIMIT_IMPORT_CELL);
    buf_add(&c->text, (struct str){ c->block + c->at, n });
    c->at += n;
    return CSV_ROW;
}

/* The inside of quotes, the opening one already read, to behind the closing one. */
static enum csv_event quoted(struct csv *c, int column) {
    size_t from = c->text.n;
    c->error.quoted = c->line;
    for (;;) {
        int ch = peek(c);
        if (ch == AT_END) {
            if (!c->failed) c->line = c->error.quoted;
            return bad(c, c->failed ? CSV_UNREADABLE : CSV_OPEN_QUOTE, column, 0);
        }
        size_t n = 0;
        for (const char *p = c->block + c->at; c->at + n < c->end; n++)
            if (p[n] == '"' || p[n] == '\n' || p[n] == '\r' || p[n] == 0) break;
        if (add(c, n, from, column) == CSV_BAD) return CSV_BAD;
        if (n) continue;
        if (ch == 0) return bad(c, CSV_NUL, column, 0);
        if (ch == '"') {
            c->at++;
            if (peek(c) != '"') break;
        }
        if (add(c, 1, from, column) == CSV_BAD) return CSV_BAD;
        if (ch != '"') c->line++;
        if (ch == '\r' && peek(c) == '\n' && add(c, 1, from, column) == CSV_BAD) return CSV_BAD;
    }
    c->error.quoted = 0;
    return CSV_ROW;
}

/* Everything up to the separator or the end of the row. */
static enum csv_event unquoted(struct csv *c, size_t from, int column) {
    for (;;) {
        int ch = peek(c);
        if (ch == AT_END || ch == (unsigned char)c->separator || ch == '\n' || ch == '\r')
            return CSV_ROW;
        if (ch == 0) return bad(c, CSV_NUL, column, 0);
        size_t n = 0;
        char separator = c->separator;
        for (const char *p = c->block + c->at; c->at + n < c->end; n++)
            if (p[n] == separator || p[n] == '\n' || p[n] == '\r' || p[n] == 0) break;
        if (add(c, n, from, column) == CSV_BAD) return CSV_BAD;
    }
}

static const char separators[] = { ',', ';', '\t', '|' };

/* The separator that Excel's first line "sep=;" names, or 0. */
static char named_separator(struct str s) {
    if (s.n < 6 || !str_eq_ascii(str_sub(s, 0, 4), S("sep="))) return 0;
    bool one = memchr(separators, s.p[4], sizeof separators) && memchr("\r\n", s.p[5], 2);
    return one ? s.p[4] : 0;
}

/* A BOM, then "sep=;": only as the very first bytes. */
static void skip_preface(struct csv *c) {
    while (c->end < 16 && fill(c)) continue;
    struct str s = { c->block, c->end };
    if (str_starts(s, S("\xEF\xBB\xBF"))) c->at = 3;
    if (!named_separator(str_sub(s, c->at, s.n))) return;
    c->at += 5;
    line_end(c);
}

enum csv_event csv_next(struct csv *c, struct csv_row *row) {
    if (c->error.fault != CSV_FINE) return CSV_BAD;
    if (c->block_offset == 0 && c->at == 0) skip_preface(c);
    while (line_end(c)) continue;
    if (peek(c) == AT_END) return c->failed ? bad(c, CSV_UNREADABLE, 1, 0) : CSV_END;
    *row = (struct csv_row){ c->cells, 0, c->line, c->block_offset + (int64_t)c->at };
    c->text.n = 0;
    for (;;) {
        size_t from = c->text.n;
        int column = ++row->cells_n;
        if (column > LIMIT_IMPORT_COLUMNS_N)
            return bad(c, CSV_TOO_MANY_COLUMNS, column, LIMIT_IMPORT_COLUMNS_N);
        if (peek(c) == '"') {
            c->at++;
            if (quoted(c, column) == CSV_BAD) return CSV_BAD;
        }
        if (unquoted(c, from, column) == CSV_BAD) return CSV_BAD;
        c->cells[column - 1] = (struct str){ NULL, c->text.n - from };
        if (peek(c) != (unsigned char)c->separator) break;
        c->at++;
    }
    if (c->failed && c->at == c->end) return bad(c, CSV_UNREADABLE, row->cells_n, 0);
    line_end(c);
    const char *p = buf_str(&c->text).p; /* only now: the buffer has stopped moving */
    for (int i = 0; i < row->cells_n; p += c->cells[i++].n) c->cells[i].p = p;
    return CSV_ROW;
}

bool csv_seek(struct csv *c, int64_t offset, int64_t line) {
    if (!c->source.seek || !c->source.seek(c->source.of, offset)) return false;
    c->error = (struct csv_error){ 0 };
    c->at = c->end = 0;
    c->block_offset = offset;
    c->line = line;
    c->at_end = c->failed = false;
    return true;
}

struct str csv_why(struct arena *a, const struct csv_error *e) {
    struct str place = str_printf(a, "line %lld, column %d", (long long)e->line, e->column);
    struct str quote =
        e->quoted ? str_printf(a, " (quotes were opened in line %lld)", (long long)e->quoted)
                  : S("");
    switch (e->fault) {
    case CSV_FINE: return S("");
    case CSV_NUL: return str_printf(a, "%.*s: a NUL byte; this is not a text file", SF(place));
    case CSV_OPEN_QUOTE:
        return str_printf(a, "%.*s: the quote opened here is never closed", SF(place));
    case CSV_CELL_TOO_LONG:
        return str_printf(a, "%.*s: the cell is longer than %lld bytes%.*s", SF(place),
                          (long long)e->limit, SF(quote));
    case CSV_TOO_MANY_COLUMNS:
        return str_printf(a, "%.*s: more than %lld columns", SF(place), (long long)e->limit);
    case CSV_UNREADABLE: return str_printf(a, "%.*s: the file could not be read", SF(place));
    }
    BUG("fault %d", (int)e->fault);
}

/* How evenly a separator splits the sample. */
struct split {
    int first, usual, usual_n, records_n;
};

static struct split split_by(struct str sample, char separator) {
    enum { RECORDS = 50 };
    int counts[LIMIT_IMPORT_COLUMNS_N + 1] = { 0 };
    struct split s = { 0 };
    struct str rest = sample;
    struct csv c;
    struct csv_row row;
    bool whole_lines = str_ends(sample, S("\n")) || str_ends(sample, S("\r"));
    csv_open(&c, csv_from_str(&rest), separator);
    while (s.records_n < RECORDS && csv_next(&c, &row) == CSV_ROW) {
        bool cut = c.at == c.end && c.at_end && !whole_lines;
        if (cut && s.records_n) break; /* the last record of a sample may be half a record */
        if (s.records_n++ == 0) s.first = row.cells_n;
        counts[row.cells_n]++;
    }
    for (int n = 1; n <= LIMIT_IMPORT_COLUMNS_N; n++)
        if (counts[n] && counts[n] >= s.usual_n) s.usual = n, s.usual_n = counts[n];
    csv_close(&c);
    return s;
}

/* 0 for no separator at all. Headings without it do not speak for it, unless it makes three
 * columns or more of almost every record below (a title above a table). */
static int score(struct split s) {
    if (s.records_n == 0 || s.usual < 2) return 0;
    int even = 1000 * s.usual_n / s.records_n;
    if (s.first < 2 && (s.usual < 3 || even < 700)) return 0;
    int columns = s.usual < 20 ? s.usual : 20;
    return even + 4 * columns + (s.first == s.usual ? 300 : 0);
}

/* Are most commas those of sentences ("Doe, John") or of numbers (1,5)? Then another one is
 * likelier. */
static bool commas_are_text(struct str s) {
    size_t commas = 0, text = 0;
    for (size_t i = 1; i + 1 < s.n; i++) {
        if (s.p[i] != ',') continue;
        bool digits =
            s.p[i - 1] >= '0' && s.p[i - 1] <= '9' && s.p[i + 1] >= '0' && s.p[i + 1] <= '9';
        commas++;
        text += s.p[i + 1] == ' ' || digits;
    }
    return text * 2 > commas;
}

char csv_guess_separator(struct str sample) {
    struct str s = sample;
    if (str_starts(s, S("\xEF\xBB\xBF"))) s = str_sub(s, 3, s.n);
    char best = named_separator(s);
    if (best) return best;
    int best_score = 0;
    for (size_t i = 0; i < sizeof separators; i++) {
        int points = score(split_by(s, separators[i]));
        if (points && separators[i] == ',' && commas_are_text(s)) points = points / 2 + 1;
        if (points > best_score) best = separators[i], best_score = points;
    }
    for (size_t i = 0; i < sizeof separators && !best; i++)
        if (str_find_c(s, separators[i]) < 0) best = separators[i];
    return best ? best : ',';
}

static const struct str blanks[] = {
    { " ", 1 },
    { "\xC2\xA0", 2 },
    { "\xE3\x80\x80", 3 },
    { "\xEF\xBB\xBF", 3 },
};
static const struct str triggers[] = {
    { "=", 1 },
    { "+", 1 },
    { "-", 1 },
    { "@", 1 },
    { "\t", 1 },
    { "\r", 1 },
    { "\n", 1 },
    { "\xEF\xBC\x9D", 3 },
    { "\xEF\xBC\x8B", 3 },
    { "\xEF\xBC\x8D", 3 },
    { "\xEF\xBC\xA0", 3 },
};

static bool skip_one_of(struct str *s, const struct str *of, size_t n) {
    for (size_t i = 0; i < n; i++)
        if (str_starts(*s, of[i])) {
            *s = str_sub(*s, of[i].n, s->n);
            return true;
        }
    return false;
}

/* Would a spreadsheet read it as a formula? A cell with quotes before the formula counts too:
 * so the quote that is added can be told from one that was typed. */
static bool is_formula(struct str cell) {
    while (str_starts(cell, S("'"))) cell = str_sub(cell, 1, cell.n);
    while (skip_one_of(&cell, blanks, sizeof blanks / sizeof *blanks)) continue;
    return skip_one_of(&cell, triggers, sizeof triggers / sizeof *triggers);
}

/* One sign at most, then digits with . , and spaces: "+1-2" would be computed. */
static bool is_plain_number(struct str s) {
    if (s.n && (s.p[0] == '+' || s.p[0] == '-')) s = str_sub(s, 1, s.n);
    if (s.n == 0 || s.p[0] < '0' || s.p[0] > '9') return false;
    for (size_t i = 0; i < s.n; i++)
        if (!memchr("0123456789., ", s.p[i], 13)) return false;
    return true;
}

void csv_write_cell(struct buf *b, struct str cell, char separator, unsigned flags) {
    bool number = flags & CSV_NUMERIC && is_plain_number(cell);
    bool guard = !number && is_formula(cell);
    bool edge = cell.n && (cell.p[0] == ' ' || cell.p[cell.n - 1] == ' ');
    bool quote = flags & CSV_QUOTE || edge || str_find_c(cell, separator) >= 0 ||
                 str_find_c(cell, '"') >= 0 || str_find_c(cell, '\n') >= 0 ||
                 str_find_c(cell, '\r') >= 0;
    if (quote) buf_add_c(b, '"');
    if (guard) buf_add_c(b, '\'');
    struct str piece;
    for (bool first = true; str_cut(&cell, '"', &piece); first = false) {
        if (!first) buf_add(b, S("\"\""));
        buf_add(b, piece);
    }
    if (quote) buf_add_c(b, '"');
}

struct str csv_unguard(struct str cell) {
    if (!str_starts(cell, S("'"))) return cell;
    struct str rest = str_sub(cell, 1, cell.n);
    return is_formula(rest) ? rest : cell;
}
