/* One sheet of a workbook as CSV. Called by xlsx.c; calls its parts, xlsx_number.c and csv.c.
 *
 * The sheet is read twice, as merged cells are told only behind the rows: the first time to learn
 * what there is (which rows and columns hold anything, which cells are merged), the second time to
 * write. Memory holds one row. */
#include "lib/base/limits.h"
#include "lib/text/csv.h"
#include "lib/text/xlsx_in.h"

enum { TITLES_MAX = 10, TABLE_COLUMNS = 3, FLUSH = 65536, TITLE_BYTES = 80, WHAT_BYTES = 60 };
enum cell_type { CELL_NUMBER, CELL_SHARED, CELL_TEXT, CELL_YESNO, CELL_ERROR, CELL_DATE };

struct merge { /* column of its first cell, and its rows */
    int64_t first, last;
    int column;
};
struct held { /* the vertical merge that goes on in a column */
    int64_t first, last;
    struct str value;
};
/* A row with one filled cell, above anything wider: perhaps a title. */
struct title {
    int64_t row;
    int column;
    struct str text;
};

struct sheet {
    struct xlsx *x;
    struct xlsx_sink sink;
    struct xlsx_result *out;
    bool writes; /* the second time */

    /* what there is */
    int64_t first_row;
    int first_column, last_column; /* from 1; last 0: nothing yet */
    struct title titles[TITLES_MAX];
    int titles_n;
    bool in_table;
    struct {
        struct merge *v;
        int n, cap;
    } merges;

    /* the row and cell that are being read */
    struct arena *row_arena;
    bool in_data, in_row, in_value, in_text;
    int64_t row;
    int filled, row_first, row_last; /* cells that hold anything, and where */
    struct str row_text;             /* of the first of them */
    int column, phonetic;
    enum cell_type type;
    int64_t style;
    bool formula, valued;
    struct buf text;

    /* writing */
    struct str *cells;
    struct held *held;
    int width, next_merge;
    int64_t lines_n;
    struct buf csv;
};

/* --- places --- */

static int64_t whole_number(struct str s) {
    int64_t v;
    return str_to_i64(s, &v) ? v : -1;
}

/* "BC12": column 55, row 12. False when it is none or lies outside of all sheets. */
static bool place_of(struct str ref, int *column, int64_t *row) {
    size_t i = 0;
    *column = 0;
    for (; i < ref.n && ref.p[i] >= 'A' && ref.p[i] <= 'Z'; i++) {
        *column = *column * 26 + (ref.p[i] - 'A' + 1);
        if (*column > XLSX_COLUMNS_N) return false;
    }
    *row = whole_number(str_sub(ref, i, ref.n));
    return *column > 0 && *row >= 1 && *row <= XLSX_ROWS_N;
}

static struct str place_text(struct arena *a, int column, int64_t row) {
    char letters[4];
    int n = 0;
    for (; column > 0 && n < 3; column = (column - 1) / 26)
        letters[n++] = (char)('A' + (column - 1) % 26);
    for (int i = 0; i < n / 2; i++) {
        char c = letters[i];
        letters[i] = letters[n - 1 - i];
        letters[n - 1 - i] = c;
    }
    return str_printf(a, "%.*s%lld", n, letters, (long long)row);
}

static void fault(struct sheet *s, int64_t row, enum xlsx_fault_kind kind, struct str what) {
    struct xlsx_result *out = s->out;
    out->faults_total++;
    if (out->faults_n == XLSX_FAULTS_KEPT) return;
    out->faults[out->faults_n++] = (struct xlsx_fault){ row, kind, str_dup(s->x->arena, what) };
}

static void cell_fault(struct sheet *s, enum xlsx_fault_kind kind, struct str value) {
    struct str place = place_text(s->row_arena, s->column, s->row);
    if (value.n) {
        struct str shown = str_sub(value, 0, WHAT_BYTES);
        place = str_printf(s->row_arena, "%.*s: %.*s", SF(place), SF(shown));
    }
    fault(s, s->row, kind, place);
}

/* --- values --- */

/* ISO 8601, as strict workbooks write it: "2024-03-05T00:00:00" is a day. */
static struct str iso_text(struct arena *a, struct str raw) {
    struct str s = str_trim(raw);
    if (str_ends(s, S("Z"))) s.n--;
    ptrdiff_t t = str_find_c(s, 'T'), point = str_find_c(s, '.');
    if (t < 0) return s;
    if (point > t) s.n = (size_t)point;
    struct str time = str_sub(s, (size_t)t + 1, s.n), day = str_sub(s, 0, (size_t)t);
    if (str_eq_z(time, "00:00:00")) return day;
    return str_printf(a, "%.*s %.*s", SF(day), SF(time));
}

static struct str number_value(struct sheet *s, struct str raw) {
    struct xlsx_format format = { .is = XLSX_PLAIN };
    struct str text;
    if (s->style >= 0 && s->style < s->x->styles.n) format = s->x->styles.v[s->style];
    if (str_trim(raw).n == 0) return NO_STR;
    if (xlsx_number_text(s->row_arena, raw, format, s->x->date1904, &text)) return text;
    cell_fault(s, format.is == XLSX_PLAIN ? XLSX_NO_NUMBER : XLSX_NO_DATE, raw);
    return NO_STR;
}

static struct str shared_value(struct sheet *s, struct str raw) {
    int64_t i = whole_number(str_trim(raw));
    if (raw.n == 0) return NO_STR;
    if (i >= 0 && i < s->x->strings.n) return s->x->strings.v[i];
    xlsx_stop(s->x, INVALID, XLSX_STRING_INDEX);
    return NO_STR;
}

static struct str cell_value(struct sheet *s) {
    struct str raw = buf_str(&s->text);
    if (s->formula && !s->valued) {
        cell_fault(s, XLSX_NO_VALUE, NO_STR);
        return NO_STR;
    }
    switch (s->type) {
    case CELL_SHARED: return shared_value(s, raw);
    case CELL_TEXT: return xlsx_text(s->row_arena, raw);
    case CELL_YESNO: return str_eq_z(raw, "1") || str_eq_z(raw, "true") ? S("1") : S("0");
    case CELL_ERROR: cell_fault(s, XLSX_ERROR_VALUE, raw); return NO_STR;
    case CELL_DATE: return str_dup(s->row_arena, iso_text(s->row_arena, raw));
    case CELL_NUMBER: break;
    }
    return number_value(s, raw);
}

/* --- writing --- */

static void flush(struct sheet *s, size_t when) {
    if (s->csv.n <= when || s->x->status != OK) return;
    if (!s->sink.write(s->sink.of, buf_str(&s->csv))) xlsx_stop(s->x, BROKEN, XLSX_FINE);
    s->csv.n = 0;
}

static int by_first(const void *a, const void *b) {
    const struct merge *x = a, *y = b;
    return x->first != y->first ? (x->first < y->first ? -1 : 1) : x->column - y->column;
}

/* Vertical merges that begin in this row or above take their columns. */
static void begin_merges(struct sheet *s) {
    for (; s->next_merge < s->merges.n; s->next_merge++) {
        const struct merge *m = &s->merges.v[s->next_merge];
        if (m->first > s->row) return;
        if (m->column < s->first_column || m->column > s->last_column) continue;
        int i = m->column - s->first_column;
        s->held[i] = (struct held){ .first = m->first, .last = m->last };
        if (m->first == s->row) s->held[i].value = str_dup(s->x->arena, s->cells[i]);
    }
}

static void write_row(struct sheet *s) {
    begin_merges(s);
    if (!s->filled || s->row < s->first_row) return;
    for (; s->lines_n + 1 < s->row; s->lines_n++) buf_add_z(&s->csv, "\r\n");
    for (int i = 0; i < s->width; i++) {
        struct str cell = s->cells[i];
        const struct held *h = &s->held[i];
        if (cell.n == 0 && s->row > h->first && s->row <= h->last) cell = h->value;
        if (i) buf_add_c(&s->csv, ',');
        csv_write_cell(&s->csv, cell, ',', 0);
    }
    buf_add_z(&s->csv, "\r\n");
    s->lines_n++;
    s->out->rows_n++;
    flush(s, FLUSH);
}

/* --- what there is --- */

static void widen(struct sheet *s, int64_t row, int first, int last) {
    if (!s->last_column || row < s->first_row) s->first_row = row;
    if (!s->last_column || first < s->first_column) s->first_column = first;
    if (last > s->last_column) s->last_column = last;
}

static void look_at_row(struct sheet *s) {
    if (!s->filled) return;
    if (!s->in_table && s->filled == 1 && s->titles_n < TITLES_MAX) {
        s->titles[s->titles_n++] =
            (struct title){ s->row, s->row_first, str_dup(s->x->arena, s->row_text) };
        return;
    }
    s->in_table = true;
    widen(s, s->row, s->row_first, s->row_last);
}

/* The rows above the table are titles when the table is one; else they are its first rows. */
static void settle(struct sheet *s) {
    if (s->last_column - s->first_column + 1 >= TABLE_COLUMNS && s->titles_n < TITLES_MAX) {
        for (int i = 0; i < s->titles_n; i++)
            fault(s, s->titles[i].row, XLSX_ABOVE, s->titles[i].text);
        return;
    }
    for (int i = 0; i < s->titles_n; i++)
        widen(s, s->titles[i].row, s->titles[i].column, s->titles[i].column);
}

/* --- elements --- */

static void begin_row(struct sheet *s, const struct xlsx_attrs *attrs) {
    struct str r = xlsx_attr(attrs, "r");
    int64_t row = r.n ? whole_number(r) : s->row + 1;
    if (row < 1 || row > XLSX_ROWS_N) {
        xlsx_stop(s->x, INVALID, XLSX_TOO_FAR);
        return;
    }
    if (row <= s->row) {
        xlsx_stop(s->x, INVALID, XLSX_OUT_OF_ORDER);
        return;
    }
    arena_reset(s->row_arena);
    s->row = row;
    s->in_row = true;
    s->column = s->filled = s->row_first = s->row_last = 0;
    if (s->writes) memset(s->cells, 0, (size_t)s->width * sizeof *s->cells);
}

static enum cell_type type_of(struct str t) {
    if (str_eq_z(t, "s")) return CELL_SHARED;
    if (str_eq_z(t, "str") || str_eq_z(t, "inlineStr")) return CELL_TEXT;
    if (str_eq_z(t, "b")) return CELL_YESNO;
    if (str_eq_z(t, "e")) return CELL_ERROR;
    return str_eq_z(t, "d") ? CELL_DATE : CELL_NUMBER;
}

static void begin_cell(struct sheet *s, const struct xlsx_attrs *attrs) {
    struct str r = xlsx_attr(attrs, "r"), style = xlsx_attr(attrs, "s");
    int64_t row = s->row;
    int column = s->column + 1;
    if ((r.n && !place_of(r, &column, &row)) || row != s->row || column > XLSX_COLUMNS_N) {
        xlsx_stop(s->x, INVALID, XLSX_TOO_FAR);
        return;
    }
    s->column = column;
    s->type = type_of(xlsx_attr(attrs, "t"));
    s->style = style.n ? whole_number(style) : 0;
    s->formula = s->valued = false;
    s->text.n = 0;
}

static void begin_merge(struct sheet *s, const struct xlsx_attrs *attrs) {
    struct str rest = xlsx_attr(attrs, "ref"), from;
    struct merge m;
    int column;
    if (s->writes || !str_cut(&rest, ':', &from)) return;
    if (!place_of(from, &m.column, &m.first) || !place_of(rest, &column, &m.last)) {
        xlsx_stop(s->x, INVALID, XLSX_TOO_FAR);
        return;
    }
    if (m.last <= m.first) return;
    s->merges.v =
        xlsx_more(s->x->arena, s->merges.v, s->merges.n, &s->merges.cap, sizeof *s->merges.v);
    s->merges.v[s->merges.n++] = m;
}

static void on_begin(void *of, struct str name, const struct xlsx_attrs *attrs) {
    struct sheet *s = of;
    if (str_eq_z(name, "sheetData")) s->in_data = true;
    if (str_eq_z(name, "mergeCell")) begin_merge(s, attrs);
    if (!s->in_data) return;
    if (str_eq_z(name, "row")) begin_row(s, attrs);
    if (!s->in_row) return;
    if (str_eq_z(name, "c")) begin_cell(s, attrs);
    if (str_eq_z(name, "f")) s->formula = true;
    if (str_eq_z(name, "rPh")) s->phonetic++;
    if (str_eq_z(name, "v")) s->in_value = s->valued = true;
    if (str_eq_z(name, "t")) s->in_text = s->valued = !s->phonetic;
}

static void end_cell(struct sheet *s) {
    if (s->writes) {
        struct str value = cell_value(s);
        bool inside = s->column >= s->first_column && s->column <= s->last_column;
        /* The text's buffer is used again by the next cell. */
        if (inside && value.n) s->cells[s->column - s->first_column] = str_dup(s->row_arena, value);
        s->filled += inside && value.n;
        return;
    }
    if (s->text.n == 0) return;
    if (!s->filled) {
        s->row_first = s->column;
        struct str raw = buf_str(&s->text);
        struct str text = s->type == CELL_SHARED ? shared_value(s, raw) : raw;
        s->row_text = str_dup(s->row_arena, str_sub(text, 0, TITLE_BYTES));
    }
    if (s->column < s->row_first) s->row_first = s->column;
    if (s->column > s->row_last) s->row_last = s->column;
    s->filled++;
}

static void on_end(void *of, struct str name) {
    struct sheet *s = of;
    if (str_eq_z(name, "v")) s->in_value = false;
    if (str_eq_z(name, "t")) s->in_text = false;
    if (str_eq_z(name, "rPh")) s->phonetic--;
    if (str_eq_z(name, "c") && s->in_row) end_cell(s);
    if (str_eq_z(name, "sheetData")) s->in_data = false;
    if (!str_eq_z(name, "row") || !s->in_row || s->x->status != OK) return;
    s->in_row = false;
    if (s->writes)
        write_row(s);
    else
        look_at_row(s);
}

static void on_text(void *of, struct str text) {
    struct sheet *s = of;
    if (s->in_value || s->in_text) buf_add(&s->text, text);
}

/* --- both times --- */

static enum status pass(struct sheet *s, struct str part) {
    struct xlsx_listener l = { on_begin, on_end, on_text, s };
    s->row = 0;
    s->in_data = s->in_row = s->in_value = s->in_text = false;
    s->phonetic = 0;
    return xlsx_part(s->x, part, &l);
}

static enum status second_pass(struct sheet *s, struct str part) {
    struct xlsx *x = s->x;
    const struct unzip_limits limits = { XLSX_ENTRIES_N, XLSX_TOTAL, XLSX_RATIO };
    s->width = s->last_column - s->first_column + 1;
    if (s->last_column == 0 || s->width > LIMIT_IMPORT_COLUMNS_N) {
        bool wide = s->last_column != 0;
        xlsx_stop(x, wide ? TOO_BIG : INVALID, wide ? XLSX_TOO_WIDE : XLSX_EMPTY);
        return x->status;
    }
    s->cells = arena_array(x->arena, struct str, s->width);
    s->held = arena_array(x->arena, struct held, s->width);
    if (s->merges.n) qsort(s->merges.v, (size_t)s->merges.n, sizeof *s->merges.v, by_first);
    s->writes = true;
    /* What was unpacked the first time is not counted twice. */
    unzip_close(x->zip);
    TRY(unzip_open(x->arena, x->fd, &limits, &x->zip, &x->why));
    TRY(pass(s, part));
    flush(s, 0);
    return x->status;
}

enum status xlsx_sheet_read(struct xlsx *x, struct str part, struct xlsx_sink sink,
                            struct xlsx_result *out) {
    struct sheet s = { .x = x, .sink = sink, .out = out, .row_arena = arena_new() };
    enum status st = pass(&s, part);
    if (st == OK) settle(&s);
    if (st == OK) st = second_pass(&s, part);
    buf_free(&s.text);
    buf_free(&s.csv);
    arena_free(s.row_arena);
    return st;
}
