/* Dates as people type and read them, in three calendars and four languages; instants in a zone.
 * A typed date is read strictly and never guessed between the Persian and the Hijri calendar from
 * the number alone (rules: localisation.md 1.4). Stored dates are Gregorian ISO text. Results live
 * in the arena. loc->calendar, lang, country (order, month names), digits, zone and now_ms all
 * count. */
#ifndef DATE_H
#define DATE_H
#include "lib/locale/calendar.h"
#include "lib/locale/catalogue.h"

/* ---- text form, as stored ---- */

/* "2026-11-21"; with year 0 "--11-21", a day without its year (29 February exists). */
struct str day_iso(struct arena *a, struct day day);
/* Exactly those two forms, and only days that exist (years 1 to 9999). */
bool day_of_iso(struct str text, struct day *day);

/* ---- reading ---- */

/* What is wrong, or, with warning set, doubtful: tr_fill(a, tr(lang, msgid), args, args_n). */
struct date_problem {
    const char *msgid; /* NULL: nothing */
    struct tr_arg args[2];
    int args_n;
    bool warning; /* the date was accepted all the same: show this beside the echo */
};

/* The Gregorian day of a typed date: any digits, / - . , or spaces between the parts, month names
 * of Gregorian (Gulf, Levant, Maghreb too), Persian (Afghan too) and Hijri months in four
 * languages, era marks, weekdays, "today", ISO with a time behind it, eight digits. false: see *why
 * (may be NULL), *day untouched. More than 20 years ahead: true, with a warning. */
bool date_parse(struct arena *a, const struct locale *loc, struct str typed, struct day *day,
                struct date_problem *why);
/* The same, but the year may be missing ("21/3", «۱ فروردین», "--03-21"): then day->year is 0 and
 * month and day are Gregorian. A Persian day is mapped through the Persian year 1405 (Nowruz 21
 * March), here and when it is shown, so it comes back as it was typed; a Hijri day without its year
 * is refused, because it wanders through the Gregorian year. */
bool date_parse_partial(struct arena *a, const struct locale *loc, struct str typed,
                        struct day *day, struct date_problem *why);

/* ---- showing ---- */

enum date_style {
    DATE_SHORT, /* ۱۴۰۵/۸/۳۰ · 21/11/2026 · 11/21/2026 (US): date_parse reads it back */
    DATE_LONG,  /* ۳۰ آبان ۱۴۰۵ · 21 novembre 2026 · November 21, 2026 (US): this too */
    DATE_RELATIVE, /* today · yesterday · tomorrow · 3 Azar · 3 Azar 1404 if not this year */
};
/* In the reader's calendar; "≈" in front where that calendar is only approximate. year may be 0 (a
 * Hijri reader then sees the Gregorian month). */
struct str date_show(struct arena *a, const struct locale *loc, struct day day,
                     enum date_style style);
/* The day in all three calendars, the reader's own first, joined by " = ", for the line under a
 * field. */
struct str date_echo(struct arena *a, const struct locale *loc, struct day day);

enum instant_style {
    INSTANT_TIME,     /* 14:05 */
    INSTANT_SHORT,    /* 14:05 · yesterday 14:05 · 3 Azar, 14:05 */
    INSTANT_LONG,     /* 30 Aban 1405, 14:05: for titles and print */
    INSTANT_RELATIVE, /* just now · 5 minutes ago · in 2 hours · yesterday 14:05 · 3 days ago · 3
                         Azar */
};
struct str instant_show(struct arena *a, const struct locale *loc, int64_t ms,
                        enum instant_style style);

/* Static texts, in the reader's language; month 1-12, weekday 1 Monday … 7 Sunday. Arabic Gregorian
 * months follow loc->country (Levant, Maghreb), Persian ones too (AF). */
const char *month_name(const struct locale *loc, enum calendar_id calendar, int month);
const char *weekday_name(enum lang lang, int weekday);

/* ---- asking ---- */

/* The order in which the reader writes numbers: year first for Persian readers and the Persian
 * calendar, month first in the United States, else day first. */
enum date_order { DATE_YMD, DATE_DMY, DATE_MDY };
enum date_order date_order(const struct locale *loc);
struct day date_today(const struct locale *loc); /* in loc->zone at loc->now_ms */
/* Completed years; -1 if the birth year is unknown or lies ahead. Born 29 February: older on 1
 * March. */
int date_age(struct day birth, struct day today);

#endif
