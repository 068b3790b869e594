/* How the columns of an unknown file hang together: a date in three columns is one date; a column
 * whose words are those of others (full name; address in one line) says only what the others do
 * not. Found from headers and cells alone. Called by evaluate_columns.c; calls lib/text/fold. */
#include "features/duplicate/evaluate.h"
#include "lib/text/fold.h"

enum { SAMPLE_N = 600, LEAST_SAMPLE = 3, SHAPE_COLUMNS_N = 64, EARLY_N = 60, LEAST_YEAR = 1200 };
#define INSIDE  0.8  /* in so many of the rows the words of one column stand in the other */
#define BY_LUCK 0.5  /* not when half as many do beside a stranger's */
#define REST    0.03 /* a rest in fewer rows is none */

/* --- year, month and day apart --- */

enum unit { YEAR, MONTH, DAY, UNITS_N };
static const char *const units[UNITS_N] = {
    "year;yyyy;yy;y;annee;سال;سنه;عام;jahr",
    "month;mm;m;mon;mois;ماه;شهر;monat",
    "day;dd;d;jour;j;روز;یوم;tag",
};

static bool is_word(const char *words, struct str s) {
    struct str rest = str_of(words), piece;
    while (str_cut(&rest, ';', &piece))
        if (str_eq(piece, s)) return true;
    return false;
}

/* "birthyear", "yearofbirth": the unit at an end of a single word; what is left of it. */
static bool at_end(const char *words, struct str s, struct str *left) {
    struct str rest = str_of(words), piece;
    while (str_cut(&rest, ';', &piece)) {
        if (piece.n < 3 || piece.n >= s.n) continue;
        bool starts = str_starts(s, piece);
        if (!starts && !str_eq(str_sub(s, s.n - piece.n, s.n), piece)) continue;
        *left = starts ? str_sub(s, piece.n, s.n) : str_sub(s, 0, s.n - piece.n);
        return true;
    }
    return false;
}

/* Which part of a date a header names, or UNITS_N; rest: the other words («of birth»), in order. */
static enum unit unit_of(struct arena *a, struct str header, struct str *rest) {
    static const char *const between = "of;de;du;la;the;in";
    struct str s = fold(a, header), piece, left, all = s;
    struct buf b = { .arena = a };
    enum unit found = UNITS_N;
    if (s.n == 2 && s.p[0] == 'b') { /* by, bm, bd */
        *rest = S("b");
        return s.p[1] == 'y' ? YEAR : s.p[1] == 'm' ? MONTH : s.p[1] == 'd' ? DAY : UNITS_N;
    }
    if (s.n == 3 && str_eq(str_sub(s, 1, 3), S("ob"))) { /* yob, mob, dob */
        *rest = S("b");
        return s.p[0] == 'y' ? YEAR : s.p[0] == 'm' ? MONTH : s.p[0] == 'd' ? DAY : UNITS_N;
    }
    bool single = !memchr(s.p, ' ', s.n);
    while (str_cut(&all, ' ', &piece)) {
        enum unit u = UNITS_N;
        left = NO_STR;
        for (int k = 0; k < UNITS_N && u == UNITS_N; k++)
            if (is_word(units[k], piece) || (single && at_end(units[k], piece, &left)))
                u = (enum unit)k;
        if (u != UNITS_N && found == UNITS_N) {
            found = u;
            if (str_starts(left, S("of"))) left = str_sub(left, 2, left.n);
            piece = left;
        }
        if (piece.n && !is_word(between, piece)) buf_add(&b, piece);
    }
    *rest = buf_str(&b);
    return found;
}

static bool holds_unit(const struct evaluated *e, int column, enum unit u) {
    static const int64_t most[UNITS_N] = { 2200, 12, 31 };
    int64_t filled = 0, fit = 0;
    for (int64_t r = 0; r < e->rows_n && filled < SAMPLE_N * 2; r++) {
        struct str s = e->row[r][column];
        int64_t v = 0;
        if (!s.n) continue;
        filled++;
        s = fold_digits(e->arena, s);
        bool number = str_to_i64(s, &v);
        fit += number && v >= (u != YEAR || s.n <= 2 ? 0 : LEAST_YEAR) && v <= most[u];
    }
    return filled && fit * 10 >= filled * 9;
}

void evaluate_dates(const struct evaluated *e, const bool *left, int (*date)[3]) {
    struct str *rest = arena_array(e->arena, struct str, e->columns_n + 1);
    enum unit *unit = arena_array(e->arena, enum unit, e->columns_n + 1);
    for (int i = 0; i < e->columns_n; i++) {
        for (int k = 0; k < UNITS_N; k++) date[i][k] = -1;
        unit[i] = left[i] ? UNITS_N : unit_of(e->arena, e->header[i], &rest[i]);
        if (unit[i] != UNITS_N && !holds_unit(e, i, unit[i])) unit[i] = UNITS_N;
    }
    for (int i = 0; i < e->columns_n; i++) {
        int found[UNITS_N] = { -1, -1, -1 }, n = 0;
        if (unit[i] == UNITS_N) continue;
        for (int k = 0; k < e->columns_n; k++) {
            if (unit[k] == UNITS_N || !str_eq(rest[i], rest[k]) || found[unit[k]] >= 0) continue;
            found[unit[k]] = k;
            n++;
        }
        /* «year, month» alone may be anything; «birth year, birth month» is a date */
        if (n < 2 || found[YEAR] < 0 || (n == 2 && (!rest[i].n || found[MONTH] < 0))) continue;
        for (int k = 0; k < UNITS_N; k++)
            for (int j = 0; j < UNITS_N; j++)
                if (found[k] >= 0) date[found[k]][j] = found[j];
        for (int k = 0; k < UNITS_N; k++)
            if (found[k] >= 0) unit[found[k]] = UNITS_N;
    }
}

static struct str number_of(const struct evaluated *e, int64_t row, int column) {
    struct str s = column < 0 ? NO_STR : fold_digits(e->arena, e->row[row][column]);
    int64_t v;
    return str_to_i64(s, &v) && (v || s.n > 2) ? s : NO_STR;
}

struct str evaluate_date(const struct evaluated *e, int64_t row, const int date[3]) {
    struct str y = number_of(e, row, date[YEAR]), m = number_of(e, row, date[MONTH]),
               d = number_of(e, row, date[DAY]);
    int64_t year = 0, month = 0, day = 0;
    if (y.n && !str_to_i64(y, &year)) return NO_STR;
    if (m.n && !str_to_i64(m, &month)) return NO_STR;
    if (d.n && !str_to_i64(d, &day)) return NO_STR;
    if (y.n && y.n <= 2) year += year < 30 ? 2000 : 1900;
    if (year > 9999 || month > 99 || day > 99) return NO_STR;
    if (y.n && m.n && d.n)
        return str_printf(e->arena, "%04d-%02d-%02d", (int)year, (int)month, (int)day);
    if (y.n && m.n) return str_printf(e->arena, "%04d%02d", (int)year, (int)month);
    if (y.n) return str_printf(e->arena, "%04d", (int)year);
    if (m.n && d.n) return str_printf(e->arena, "--%02d-%02d", (int)month, (int)day);
    return NO_STR;
}

/* --- columns that repeat others --- */

static bool has_word(struct str words, struct str word) {
    struct str piece;
    while (str_cut(&words, ' ', &piece))
        if (str_eq(piece, word)) return true;
    return false;
}

static bool has_all(struct str words, struct str of) {
    struct str piece;
    while (str_cut(&of, ' ', &piece))
        if (!has_word(words, piece)) return false;
    return true;
}

struct sample {
    struct str *cell[SHAPE_COLUMNS_N]; /* folded, of a sample of rows */
    int64_t bytes[SHAPE_COLUMNS_N];
    int rows_n;
};

/* In which share of the rows do the words of one column stand in the other's, and by luck? */
static bool inside(const struct sample *s, int part, int whole) {
    int rows = 0, hits = 0, strangers = 0, lucky = 0;
    for (int r = 0; r < s->rows_n; r++) {
        struct str p = s->cell[part][r], w = s->cell[whole][r];
        struct str other = s->cell[whole][(r + 7) % s->rows_n];
        if (!p.n || !w.n) continue;
        rows++;
        hits += has_all(w, p);
        strangers += other.n > 0;
        lucky += other.n && has_all(other, p);
        if (rows == EARLY_N && hits * 2 < rows) return false;
    }
    double luck = strangers ? (double)lucky / strangers : 0;
    return rows >= LEAST_SAMPLE && hits >= INSIDE * rows && luck <= BY_LUCK * hits / rows;
}

static void take_sample(const struct evaluated *e, const bool *left, struct sample *s) {
    int64_t step = e->rows_n > SAMPLE_N ? e->rows_n / SAMPLE_N : 1;
    s->rows_n = (int)(e->rows_n < SAMPLE_N ? e->rows_n : SAMPLE_N);
    for (int i = 0; i < e->columns_n && i < SHAPE_COLUMNS_N; i++) {
        s->cell[i] = arena_array(e->arena, struct str, s->rows_n + 1);
        for (int r = 0; r < s->rows_n && !left[i]; r++) {
            s->cell[i][r] = fold(e->arena, str_sub(e->row[r * step][i], 0, 400));
            s->bytes[i] += (int64_t)s->cell[i][r].n;
        }
    }
}

void evaluate_repeats(const struct evaluated *e, const bool *left, bool **repeats) {
    struct sample *s = arena_new_of(e->arena, struct sample);
    int n = e->columns_n < SHAPE_COLUMNS_N ? e->columns_n : SHAPE_COLUMNS_N;
    take_sample(e, left, s);
    for (int w = 0; w < n; w++) {
        repeats[w] = NULL;
        for (int p = 0; p < n && !left[w]; p++) {
            bool longer = s->bytes[w] != s->bytes[p] ? s->bytes[w] > s->bytes[p] : w > p;
            if (p == w || left[p] || !longer || !s->bytes[p] || !inside(s, p, w)) continue;
            if (!repeats[w]) repeats[w] = arena_array(e->arena, bool, e->columns_n + 1);
            repeats[w][p] = true;
        }
    }
    for (int w = n; w < e->columns_n; w++) repeats[w] = NULL;
}

struct str evaluate_rest(const struct evaluated *e, int64_t row, int column, const bool *repeats) {
    struct str all = fold(e->arena, e->row[row][column]), piece;
    struct buf b = { .arena = e->arena };
    struct str said[SHAPE_COLUMNS_N];
    int said_n = 0;
    for (int p = 0; p < e->columns_n && said_n < SHAPE_COLUMNS_N; p++)
        if (repeats[p] && e->row[row][p].n) said[said_n++] = fold(e->arena, e->row[row][p]);
    while (str_cut(&all, ' ', &piece)) {
        bool known = false;
        for (int p = 0; p < said_n && !known; p++) known = has_word(said[p], piece);
        if (known) continue;
        if (b.n) buf_add_c(&b, ' ');
        buf_add(&b, piece);
    }
    return buf_str(&b);
}

bool evaluate_has_rest(const struct evaluated *e, int column, const bool *repeats) {
    int64_t step = e->rows_n > SAMPLE_N ? e->rows_n / SAMPLE_N : 1, filled = 0, rest = 0;
    for (int64_t r = 0; r < e->rows_n; r += step) {
        if (!e->row[r][column].n) continue;
        filled++;
        rest += evaluate_rest(e, r, column, repeats).n > 0;
    }
    return (double)rest > REST * (double)filled;
}
