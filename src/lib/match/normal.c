/* A value in the one form of its kind: what differs only in writing becomes the same bytes. Called
 * by match.c for every value; calls lib/text/fold. */
#include "lib/match/match_in.h"
#include "lib/text/fold.h"

static struct str without_spaces(struct arena *a, struct str s) {
    char *p = str_z(a, s);
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++)
        if (p[i] != ' ') p[n++] = p[i];
    return (struct str){ p, n };
}

/* The digits as dialled from abroad, without what stands for «abroad» or «this country». */
static struct str phone_of(struct arena *a, struct str value) {
    struct str d = fold_digits(a, value);
    while (d.n > 4 && d.p[0] == '0') d = str_sub(d, 1, d.n);
    return d;
}

/* Numbers of a date in order, at most 3; how many there are in all. */
static int numbers_of(struct str s, struct str v[3]) {
    int n = 0;
    for (size_t i = 0; i < s.n;) {
        size_t from = i;
        while (i < s.n && s.p[i] >= '0' && s.p[i] <= '9') i++;
        if (i == from) {
            i++;
            continue;
        }
        if (n < 3) v[n] = str_sub(s, from, i - from);
        n++;
    }
    return n;
}

static struct str year_month_day(struct arena *a, struct str y, struct str m, struct str d) {
    int64_t year = 0, month = 0, day = 0;
    if (!str_to_i64(y, &year) || !str_to_i64(m, &month) || !str_to_i64(d, &day)) return NO_STR;
    if (year > 9999 || month > 99 || day > 99) return NO_STR;
    if (month > 12 && month <= 31 && day <= 12) { /* month first, as Americans write */
        int64_t t = month;
        month = day;
        day = t;
    }
    if (y.n <= 2) year += year < 30 ? 2000 : 1900;
    return str_printf(a, "%04d%02d%02d", (int)year, (int)month, (int)day);
}

/* yyyymmdd, 0000mmdd without a year. What is no date is kept as its letters and digits. An hour
 * behind the date does not count. */
static struct str date_of(struct arena *a, struct str value) {
    struct str all = str_trim(value), v[3], found = NO_STR;
    bool no_year = str_starts(all, S("--"));
    ptrdiff_t hour = str_find_c(all, 'T');
    if (hour < 0) hour = str_find_c(all, ' ');
    struct str folded = fold(a, hour >= 8 ? str_sub(all, 0, (size_t)hour) : all);
    int n = numbers_of(folded, v);
    if (n == 3 && v[0].n > 2 && v[0].n < 5)
        found = year_month_day(a, v[0], v[1], v[2]);
    else if (n == 3 && v[0].n <= 2 && v[2].n < 5)
        found = year_month_day(a, v[2], v[1], v[0]);
    else if (n == 2 && no_year)
        found = year_month_day(a, S("0000"), v[0], v[1]);
    return found.n ? found : without_spaces(a, folded);
}

struct str normal_of(struct arena *a, enum match_kind kind, struct str value) {
    struct str s;
    value = str_sub(value, 0, VALUE_BYTES * 2);
    switch (kind) {
    case MATCH_PHONE: s = phone_of(a, value); break;
    case MATCH_EMAIL: s = fold_email(a, value); break;
    case MATCH_DATE: s = date_of(a, value); break;
    case MATCH_NUMBER:
    case MATCH_POSTCODE:
    case MATCH_ID: s = without_spaces(a, fold(a, value)); break;
    default: s = fold(a, value); break;
    }
    if (s.n <= VALUE_BYTES) return s;
    size_t n = VALUE_BYTES;
    while (n && ((unsigned char)s.p[n] & 0xC0) == 0x80) n--; /* not inside a character */
    return str_sub(s, 0, n);
}
