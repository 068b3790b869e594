/* The three calendars: days since 1970 are the hub, each calendar converts to and from them.
 * Called by whoever handles dates (date.c above all; core's date fields through it).
 * Calls nothing. The Persian rule is the 33-year cycle, leap(y) = (25 y + 11) mod 33 < 8, which
 * agrees with the official table where there is one; the 2820-year rule in circulation is wrong for
 * 1403. */
#include "lib/locale/calendar.h"

#include <stddef.h>

#include "lib/locale/umalqura_table.h"

#define PERSIAN_EPOCH      (226896 - 719163) /* 1 Farvardin 1, counted from 1970 instead of Rata Die */
#define ISLAMIC_EPOCH      (227015 - 719163) /* 1 Muharram 1 of the civil (Friday) reckoning */
#define PERSIAN_SURE_FIRST 1206
#define PERSIAN_SURE_LAST  1501

static int64_t floor_div(int64_t a, int64_t b) {
    int64_t q = a / b;
    return q - (a % b < 0);
}

/* ---- Gregorian ---- */

int64_t day_number(struct day d) {
    /* Years that start in March put the leap day last; 400 years are 146,097 days. */
    int64_t y = (int64_t)d.year - (d.month <= 2);
    int64_t era = floor_div(y, 400);
    int64_t of_era = y - era * 400;
    int64_t of_year = (153 * (d.month + (d.month > 2 ? -3 : 9)) + 2) / 5 + d.day - 1;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

struct day day_of_number(int64_t number) {
    int64_t n = number + 719468;
    int64_t era = floor_div(n, 146097);
    int64_t of_era = n - era * 146097;
    int64_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int64_t of_year = of_era - (365 * year + year / 4 - year / 100);
    int month = (int)((5 * of_year + 2) / 153);
    int day = (int)(of_year - (153 * month + 2) / 5 + 1);
    month = month < 10 ? month + 3 : month - 9;
    return (struct day){ (int32_t)(year + era * 400 + (month <= 2)), month, day };
}

static bool gregorian_leap(int32_t y) {
    return y % 4 == 0 && (y % 100 != 0 || y % 400 == 0);
}

/* ---- Persian ---- */

static int64_t persian_year_start(int64_t y) {
    return PERSIAN_EPOCH - 1 + 365 * (y - 1) + floor_div(8 * y + 21, 33);
}

static struct day persian_of_number(int64_t n) {
    int64_t y = 1 + floor_div(33 * (n - PERSIAN_EPOCH) + 3, 12053);
    while (persian_year_start(y) > n) y--;
    while (persian_year_start(y + 1) <= n) y++;
    int of_year = (int)(n - persian_year_start(y));
    int month = of_year < 186 ? of_year / 31 + 1 : (of_year - 186) / 30 + 7;
    int day = of_year < 186 ? of_year % 31 + 1 : (of_year - 186) % 30 + 1;
    return (struct day){ (int32_t)y, month, day };
}

/* ---- Umm al-Qura ---- */

/* Months are counted from Muharram of the year 1: one number m = 12 (year - 1) + month - 1. */
#define TABLE_FIRST_MONTH ((UMALQURA_FIRST - 1) * 12)
#define TABLE_MONTHS_N    ((UMALQURA_LAST - UMALQURA_FIRST + 1) * 12)

static int table_month_days(int i) {
    return 28 + (int)(umalqura_months[i / 12] >> (2 * (i % 12)) & 3);
}

/* Day number of the first day of month m. One walk over at most 158 years: about 100 ns. */
static int64_t hijri_month_start(int64_t m) {
    int64_t i = m - TABLE_FIRST_MONTH;
    if (i < 0 || i > TABLE_MONTHS_N) {
        int64_t y = floor_div(m, 12) + 1;
        int64_t of_year = m - (y - 1) * 12;
        /* 29.5 days a month, rounded up, and eleven leap days in thirty years. */
        return ISLAMIC_EPOCH + 354 * (y - 1) + floor_div(3 + 11 * y, 30) + (59 * of_year + 1) / 2;
    }
    int64_t day = UMALQURA_FIRST_DAY;
    for (int year = 0; year < i / 12; year++) {
        uint32_t bits = umalqura_months[year];
        /* The sum of twelve two-bit numbers, two, four, then all at once. */
        bits = (bits & 0x333333) + (bits >> 2 & 0x333333);
        bits = (bits & 0x0f0f0f) + (bits >> 4 & 0x0f0f0f);
        day += 12 * 28 + (bits & 0xff) + (bits >> 8 & 0xff) + (bits >> 16 & 0xff);
    }
    for (int64_t k = i / 12 * 12; k < i; k++) day += table_month_days((int)k);
    return day;
}

static int hijri_month_days(int64_t m) {
    int64_t i = m - TABLE_FIRST_MONTH;
    if (i >= 0 && i < TABLE_MONTHS_N) return table_month_days((int)i);
    return (int)(hijri_month_start(m + 1) - hijri_month_start(m));
}

static struct day hijri_of_number(int64_t n) {
    /* 10,631 days in 360 months of the civil rule; the table strays from it by a day or two. */
    int64_t m = floor_div((n - ISLAMIC_EPOCH) * 360, 10631);
    int64_t start = hijri_month_start(m);
    while (start > n) start -= hijri_month_days(--m);
    for (int days; n >= start + (days = hijri_month_days(m)); m++) start += days;
    int64_t year = floor_div(m, 12) + 1;
    return (struct day){ (int32_t)year, (int)(m - (year - 1) * 12) + 1, (int)(n - start) + 1 };
}

/* ---- all of them ---- */

struct day day_in(enum calendar_id calendar, struct day gregorian, bool *approximate) {
    struct day d = gregorian;
    bool guess = false;
    if (calendar == CAL_PERSIAN) {
        d = persian_of_number(day_number(gregorian));
        guess = d.year < PERSIAN_SURE_FIRST || d.year > PERSIAN_SURE_LAST;
    } else if (calendar == CAL_UMALQURA) {
        d = hijri_of_number(day_number(gregorian));
        guess = d.year < UMALQURA_FIRST || d.year > UMALQURA_LAST;
    }
    if (approximate) *approximate = guess;
    return d;
}

int month_days(enum calendar_id calendar, int32_t year, int month) {
    static const unsigned char gregorian[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    if (month < 1 || month > 12) return 0;
    if (calendar == CAL_UMALQURA) return hijri_month_days(((int64_t)year - 1) * 12 + month - 1);
    if (calendar == CAL_GREGORIAN)
        return gregorian[month - 1] + (month == 2 && gregorian_leap(year));
    if (month < 12) return month <= 6 ? 31 : 30;
    return (int)(persian_year_start((int64_t)year + 1) - persian_year_start(year)) - 336;
}

static int64_t number_in(enum calendar_id calendar, struct day d) {
    if (calendar == CAL_PERSIAN) {
        int before = d.month <= 7 ? 31 * (d.month - 1) : 186 + 30 * (d.month - 7);
        return persian_year_start(d.year) + before + d.day - 1;
    }
    if (calendar == CAL_UMALQURA)
        return hijri_month_start(((int64_t)d.year - 1) * 12 + d.month - 1) + d.day - 1;
    return day_number(d);
}

bool day_from(enum calendar_id calendar, struct day d, struct day *gregorian) {
    if (d.year < DAY_YEAR_MIN || d.year > DAY_YEAR_MAX) return false;
    if (d.day < 1 || d.day > month_days(calendar, d.year, d.month)) return false;
    *gregorian = day_of_number(number_in(calendar, d));
    return true;
}

int weekday(struct day gregorian) {
    /* 1970-01-01 was a Thursday. */
    int64_t n = day_number(gregorian) + 3;
    return (int)(n - floor_div(n, 7) * 7) + 1;
}

struct day day_add_months(enum calendar_id calendar, struct day gregorian, int n) {
    struct day d = day_in(calendar, gregorian, NULL);
    int64_t months = (int64_t)d.year * 12 + d.month - 1 + n;
    int64_t year = floor_div(months, 12);
    d.month = (int)(months - year * 12) + 1;
    if (year < DAY_YEAR_MIN) {
        d = (struct day){ DAY_YEAR_MIN, 1, 1 };
    } else if (year > DAY_YEAR_MAX) {
        d = (struct day){ DAY_YEAR_MAX, 12, month_days(calendar, DAY_YEAR_MAX, 12) };
    } else {
        d.year = (int32_t)year;
        int last = month_days(calendar, d.year, d.month);
        if (d.day > last) d.day = last;
    }
    return day_of_number(number_in(calendar, d));
}

bool day_eq(struct day a, struct day b) {
    return a.year == b.year && a.month == b.month && a.day == b.day;
}

bool day_valid(struct day d) {
    return d.year >= DAY_YEAR_MIN && d.year <= DAY_YEAR_MAX && d.day >= 1 &&
           d.day <= month_days(CAL_GREGORIAN, d.year, d.month);
}

/* A day without its year is kept through the Persian year 1405 (date.h), from 21 March 2026 on. */
static struct day with_some_year(struct day d) {
    if (d.year == 0) d.year = d.month > 3 || (d.month == 3 && d.day >= 21) ? 2026 : 2027;
    return d;
}

static struct day in_year(enum calendar_id cal, int32_t year, struct day d) {
    struct day out = { 0 };
    int last = month_days(cal, year, d.month);
    struct day wanted = { year, d.month, d.day > last ? last : d.day };
    return day_from(cal, wanted, &out) ? out : (struct day){ 0 };
}

bool day_annual(enum calendar_id calendar, struct day born, struct day from, struct day *next,
                int *years) {
    enum calendar_id cal = calendar == CAL_PERSIAN ? CAL_PERSIAN : CAL_GREGORIAN;
    bool leap = cal == CAL_GREGORIAN && born.year == 0; /* 29 February exists without its year */
    struct day theirs = leap ? born : day_in(cal, with_some_year(born), NULL);
    int32_t year = day_in(cal, from, NULL).year;
    *next = in_year(cal, year, theirs);
    if (next->year && day_number(*next) < day_number(from)) *next = in_year(cal, ++year, theirs);
    *years = born.year ? year - theirs.year : -1;
    return next->year != 0;
}
