/* Days in three calendars, by integer arithmetic. A date has no zone: it is three integers.
 *
 * Sources: Gregorian, proleptic. Persian (Jalali): the 33-year rule, equal to the official table
 * for 1206-1498. Umm al-Qura: the published months of 1343-1500 AH (data/README.md); before and
 * after them the civil rule, marked approximate. Nothing here fails on numbers out of range: it
 * says so. */
#ifndef CALENDAR_H
#define CALENDAR_H
#include <stdbool.h>
#include <stdint.h>

#include "lib/locale/locale.h"

struct day { /* Gregorian unless said otherwise; month 1-12, day 1-31; year 0 only in partial dates
              */
    int32_t year;
    int month, day;
};

#define DAY_YEAR_MIN 1 /* years that day_from takes, in every calendar */
#define DAY_YEAR_MAX 9999

/* Days since 1970-01-01 of a Gregorian date, and back. day_number takes any year of int32_t and a
 * day beyond the month's end runs on into the next; months must be 1-12. */
int64_t day_number(struct day gregorian);
struct day day_of_number(int64_t number);

/* The same day in a calendar. *approximate (may be NULL) is set where the calendar is a guess:
 * Umm al-Qura outside 1343-1500, Persian outside 1206-1501. */
struct day day_in(enum calendar_id calendar, struct day gregorian, bool *approximate);
/* The Gregorian day of a date written in a calendar. Strict: false, and *gregorian untouched, if
 * that calendar has no such date or the year is outside DAY_YEAR_MIN … DAY_YEAR_MAX. */
bool day_from(enum calendar_id calendar, struct day in_calendar, struct day *gregorian);
/* How many days that month has (28 to 31); 0 if month is not 1-12. */
int month_days(enum calendar_id calendar, int32_t year, int month);
/* 1 Monday … 7 Sunday. */
int weekday(struct day gregorian);
/* n months later (or earlier) in the given calendar, the day held back to the month's last: 31
 * Shahrivar and one month is 30 Mehr. To repeat monthly without losing the 31st, add 1, 2, 3 … to
 * the first date. A result beyond the years above stays at their first or last day. */
struct day day_add_months(enum calendar_id calendar, struct day gregorian, int n);

/* The first day on or after `from` on which this day comes round, and how many years it is then (0:
 * the very day; -1: born.year is 0, its year is not known). In the Persian calendar ۱۵ مهر stays
 * that day; in all others the Gregorian year counts; 29 February is kept on the 28th. false: beyond
 * the calendar. */
bool day_annual(enum calendar_id calendar, struct day born, struct day from, struct day *next,
                int *years);

bool day_eq(struct day a, struct day b);
/* Is it a real Gregorian date (years as above)? */
bool day_valid(struct day gregorian);

#endif
