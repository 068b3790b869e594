/* See xlsx_number.h. Called by xlsx.c; calls nothing but the base. Days are counted as the file
 * counts them: 1 is 1900-01-01 and 60 a 29 February 1900 that never was (kept for Lotus 1-2-3), or
 * 0 is 1904-01-01. */
#include "lib/text/xlsx_number.h"

#include <errno.h>
#include <math.h>

#include "lib/base/buf.h"

enum { LAST_1900 = 2958465, LAST_1904 = LAST_1900 - 1462, DAY_S = 86400, LEAP_BUG = 60 };

struct xlsx_format xlsx_format_of_id(int64_t id) {
    static const struct {
        int from, to;
        enum xlsx_class is;
    } all[] = {
        { 14, 17, XLSX_DATE },      { 18, 21, XLSX_TIME },     { 22, 22, XLSX_DATE_TIME },
        { 27, 31, XLSX_DATE },      { 32, 35, XLSX_TIME },     { 36, 36, XLSX_DATE },
        { 45, 45, XLSX_TIME },      { 46, 46, XLSX_DURATION }, { 47, 47, XLSX_TIME },
        { 50, 58, XLSX_DATE },      { 71, 74, XLSX_DATE },     { 75, 76, XLSX_TIME },
        { 77, 77, XLSX_DATE_TIME }, { 78, 80, XLSX_TIME },     { 81, 81, XLSX_DATE },
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (id >= all[i].from && id <= all[i].to) return (struct xlsx_format){ .is = all[i].is };
    return (struct xlsx_format){ .is = XLSX_PLAIN };
}

static char lower(char c) {
    return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

/* What a code is made of: letters that mean something, the rest of its first section. */
struct scan {
    bool date, time, month, elapsed, other;
    int zeros;
};

/* [h] [mm] [s] count on; [$-429] and [Red] mean nothing here. The place behind the bracket. */
static size_t scan_bracket(struct str code, size_t i, struct scan *s) {
    size_t from = i + 1, to = from;
    while (to < code.n && code.p[to] != ']') to++;
    bool same = to > from && strchr("hms", lower(code.p[from])) != NULL;
    for (size_t k = from; k < to; k++) same = same && lower(code.p[k]) == lower(code.p[from]);
    s->elapsed = s->elapsed || same;
    return to + 1;
}

static size_t scan_letter(struct str code, size_t i, struct scan *s) {
    char c = lower(code.p[i]);
    struct str rest = str_sub(code, i, code.n);
    if (rest.n >= 7 && str_eq_ascii(str_sub(rest, 0, 7), S("General"))) {
        s->other = true;
        return i + 7;
    }
    if (rest.n >= 5 && str_eq_ascii(str_sub(rest, 0, 5), S("AM/PM"))) {
        s->time = true;
        return i + 5;
    }
    if (rest.n >= 3 && str_eq_ascii(str_sub(rest, 0, 3), S("A/P"))) {
        s->time = true;
        return i + 3;
    }
    if (c == 'e' && rest.n > 1 && (rest.p[1] == '+' || rest.p[1] == '-')) { /* 0.00E+00 */
        s->other = true;
        return i + 2;
    }
    if (c == 'h' || c == 's') s->time = true;
    if (c == 'y' || c == 'd' || c == 'e' || c == 'b' || c == 'g') s->date = true;
    if (c == 'm') s->month = true;
    if (c == '0') s->zeros++;
    if (c == '#' || c == '?' || c == '%' || c == '@' || c == '/' || c == '.' || c == ',')
        s->other = s->other || c != '/';
    return i + 1;
}

struct xlsx_format xlsx_format_of_code(struct str code) {
    struct scan s = { 0 };
    for (size_t i = 0; i < code.n && code.p[i] != ';';) {
        char c = code.p[i];
        if (c == '"') {
            for (i++; i < code.n && code.p[i] != '"'; i++) continue;
            i++;
            s.other = s.other || !s.zeros;
        } else if (c == '\\' || c == '_' || c == '*') {
            i += 2;
        } else if (c == '[') {
            i = scan_bracket(code, i, &s);
        } else {
            i = scan_letter(code, i, &s);
        }
    }
    /* Whoever writes seconds or hours means minutes by m, else months. */
    bool date = s.date || (s.month && !s.time && !s.elapsed);
    if (s.elapsed && !date) return (struct xlsx_format){ .is = XLSX_DURATION };
    if (date && s.time) return (struct xlsx_format){ .is = XLSX_DATE_TIME };
    if (date) return (struct xlsx_format){ .is = XLSX_DATE };
    if (s.time) return (struct xlsx_format){ .is = XLSX_TIME };
    return (struct xlsx_format){ .is = XLSX_PLAIN, .zeros = s.other || s.zeros < 2 ? 0 : s.zeros };
}

/* Days since 1970-01-01 as a date, after Hinnant's chrono algorithms (days_from_civil). */
static struct str day_text(struct arena *a, int64_t days) {
    int64_t z = days + 719468, era = z / 146097, of_era = z - era * 146097;
    int64_t year_of = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int64_t of_year = of_era - (365 * year_of + year_of / 4 - year_of / 100);
    int64_t mp = (5 * of_year + 2) / 153, day = of_year - (153 * mp + 2) / 5 + 1;
    int64_t month = mp < 10 ? mp + 3 : mp - 9, year = year_of + era * 400 + (month <= 2);
    return str_printf(a, "%04d-%02d-%02d", (int)year, (int)month, (int)day);
}

static struct str time_text(struct arena *a, int64_t s) {
    return str_printf(a, "%02d:%02d:%02d", (int)(s / 3600), (int)(s / 60 % 60), (int)(s % 60));
}

static bool date_text(struct arena *a, double v, enum xlsx_class is, bool date1904,
                      struct str *out) {
    if (v < 0 || v >= (date1904 ? LAST_1904 : LAST_1900) + 1.0) return false;
    int64_t days = (int64_t)v, seconds = llround((v - (double)days) * DAY_S);
    if (seconds == DAY_S) {
        seconds = 0;
        days++;
    }
    if (is == XLSX_TIME || (is == XLSX_DATE_TIME && days == 0 && !date1904)) {
        *out = time_text(a, seconds);
        return true;
    }
    if (days == 0 && !date1904) return false;
    int64_t unix_days = date1904 ? days - 24107 : days - (days < LEAP_BUG ? 25568 : 25569);
    struct str day = !date1904 && days == LEAP_BUG ? S("1900-02-29") : day_text(a, unix_days);
    *out = is == XLSX_DATE_TIME && seconds
               ? str_printf(a, "%.*s %.*s", SF(day), SF(time_text(a, seconds)))
               : day;
    return true;
}

/* A whole number that was written with an exponent: its 15 digits, then zeros. */
static struct str long_text(struct arena *a, double v) {
    char digits[40];
    struct buf b = { .arena = a };
    snprintf(digits, sizeof digits, "%.14e", v);
    struct str rest = str_of(digits), mantissa;
    int64_t places;
    if (!str_cut(&rest, 'e', &mantissa) || !str_to_i64(str_sub(rest, 1, 9), &places)) return NO_STR;
    for (size_t i = 0; i < mantissa.n; i++)
        if (mantissa.p[i] != '.') buf_add_c(&b, mantissa.p[i]);
    for (; places > 14; places--) buf_add_c(&b, '0');
    return buf_str(&b);
}

/* Excel knows 15 digits of a number; files hold 17. */
static struct str plain_text(struct arena *a, double v, struct str number, int zeros) {
    bool whole = v == floor(v), digits = number.n > 0;
    for (size_t i = 0; i < number.n; i++)
        digits = digits && (number.p[i] >= '0' && number.p[i] <= '9');
    if (whole && digits && !zeros) return number;
    if (whole && fabs(v) >= 1e15) return long_text(a, v);
    if (whole) return str_printf(a, "%s%0*.0f", v < 0 ? "-" : "", zeros, fabs(v));
    struct str shown = str_printf(a, "%.15g", v);
    if (str_find_c(shown, 'e') < 0) return shown;
    struct str long_one = str_printf(a, "%.*f", 15 - (int)floor(log10(fabs(v))), v);
    while (long_one.n && long_one.p[long_one.n - 1] == '0') long_one.n--;
    return long_one;
}

static bool number_of(struct arena *a, struct str number, double *v) {
    struct str text = str_trim(number);
    if (text.n == 0 || text.n > 400) return false;
    for (size_t i = 0; i < text.n; i++)
        if (!strchr("0123456789+-.eE", text.p[i]) || !text.p[i]) return false;
    char *end, *z = str_z(a, text);
    errno = 0;
    *v = strtod(z, &end);
    return *end == '\0' && isfinite(*v);
}

bool xlsx_number_text(struct arena *a, struct str number, struct xlsx_format format, bool date1904,
                      struct str *out) {
    double v;
    if (!number_of(a, number, &v)) return false;
    if (format.is == XLSX_PLAIN) {
        *out = plain_text(a, v == 0 ? 0 : v, str_trim(number), format.zeros);
        return true;
    }
    if (format.is != XLSX_DURATION) return date_text(a, v, format.is, date1904, out);
    if (v < 0 || v > 1e6) return false;
    int64_t s = llround(v * DAY_S);
    *out =
        str_printf(a, "%lld:%02d:%02d", (long long)(s / 3600), (int)(s / 60 % 60), (int)(s % 60));
    return true;
}
