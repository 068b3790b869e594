/* Reading typed dates: fold, cut into numbers and known words, find the year, the calendar, then
 * check strictly (localisation.md 1.4; nothing is guessed between Persian and Hijri years). Called
 * by core's date fields for forms, API, import and filters. Calls lib/text/fold, date_words,
 * calendar; date.c for the example in a refusal. */
#include "lib/locale/date.h"

#include "lib/locale/date_words.h"
#include "lib/locale/number.h"
#include "lib/text/fold.h"

#define TYPED_MAX        120  /* bytes; nothing longer is a date */
#define YEAR_MIN         1700 /* Gregorian: before and after are mistakes */
#define YEAR_MAX         2199
#define FAR_FUTURE_YEARS 20   /* ahead, from where on a date is doubted */
#define PARTIAL_YEAR     1405 /* Persian: through which days without a year are mapped */

struct number {
    int value, digits_n;
};
struct reading {
    struct arena *arena;
    const struct locale *loc;
    struct date_problem *why;
    struct number numbers[3];
    int numbers_n;
    int month; /* named, 0 if not */
    bool month_known, era_known, day_known;
    enum calendar_id month_calendar, era;
    int days; /* from today */
};
struct parts { /* year -1: none */
    int year, year_digits, month, day;
};

static bool refuse(struct reading *r, const char *msgid) {
    r->why->msgid = msgid;
    return false;
}

static bool refuse_number(struct reading *r, const char *msgid, const char *name, int n) {
    r->why->args[r->why->args_n++] =
        (struct tr_arg){ name, number_show_plain(r->arena, r->loc, n), false };
    return refuse(r, msgid);
}

static bool refuse_all(struct reading *r) {
    r->why->args[r->why->args_n++] =
        (struct tr_arg){ "example", date_show(r->arena, r->loc, date_today(r->loc), DATE_SHORT),
                         true };
    return refuse(r, N_("That date is not understood. Write it like {example}"));
}

/* ---- words and numbers ---- */

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

static bool add_number(struct reading *r, struct str digits) {
    if (digits.n == 8 && r->numbers_n == 0) {
        int64_t n = 0;
        if (!str_to_i64(digits, &n)) return refuse_all(r);
        r->numbers[0] = (struct number){ (int)(n / 10000), 4 };
        r->numbers[1] = (struct number){ (int)(n / 100 % 100), 2 };
        r->numbers[2] = (struct number){ (int)(n % 100), 2 };
        r->numbers_n = 3;
        return true;
    }
    if (digits.n > 4 || r->numbers_n == 3) return refuse_all(r);
    int n = 0;
    for (size_t i = 0; i < digits.n; i++) n = n * 10 + digits.p[i] - '0';
    r->numbers[r->numbers_n++] = (struct number){ n, (int)digits.n };
    return true;
}

static bool add_word(struct reading *r, const struct date_word *w) {
    switch (w->kind) {
    case WORD_NOISE: return true;
    case WORD_DAY:
        if (r->day_known) return refuse_all(r);
        r->day_known = true;
        r->days = w->number;
        return true;
    case WORD_ERA:
        if (w->number == 1 && r->loc->lang == LANG_FA) return true;
        if (r->era_known && r->era != w->calendar) return refuse_all(r);
        r->era_known = true;
        r->era = w->calendar;
        return true;
    case WORD_MONTH:
        if (r->month_known) return refuse_all(r);
        r->month_known = true;
        r->month = w->number;
        r->month_calendar = w->calendar;
        return true;
    }
    return refuse_all(r);
}

/* The longest known phrase at the start of text, in bytes; 0 if there is none. */
static size_t phrase(struct str text, const struct date_word **word) {
    size_t ends[DATE_WORD_PARTS];
    int parts_n = 0;
    for (size_t i = 0; parts_n < DATE_WORD_PARTS;) {
        if (i >= text.n || text.p[i] == ' ' || is_digit(text.p[i])) break;
        while (i < text.n && text.p[i] != ' ' && !is_digit(text.p[i])) i++;
        ends[parts_n++] = i;
        if (i < text.n && text.p[i] == ' ')
            i++;
        else
            break;
    }
    while (parts_n-- > 0)
        if ((*word = date_word_find(str_sub(text, 0, ends[parts_n])))) return ends[parts_n];
    return 0;
}

static bool gather(struct reading *r, struct str text) {
    while (text.n) {
        size_t n = 0;
        bool ok = true;
        if (text.p[0] == ' ') {
            n = 1;
        } else if (is_digit(text.p[0])) {
            while (n < text.n && is_digit(text.p[n])) n++;
            ok = add_number(r, str_sub(text, 0, n));
        } else {
            const struct date_word *word = NULL;
            n = phrase(text, &word);
            ok = n ? add_word(r, word) : refuse_all(r);
        }
        if (!ok) return false;
        text = str_sub(text, n, text.n);
    }
    if (r->day_known ? r->numbers_n || r->month_known : !r->numbers_n) return refuse_all(r);
    if (r->era_known && r->month_known && r->era != r->month_calendar)
        return refuse(r, N_("The name of the month and the calendar mark do not fit together"));
    return true;
}

/* Files hold "2026-11-21T00:00:00Z" and "21/11/2026 0:00": the time behind a date says nothing
 * here. false if what stands around the colon is no time. */
static bool cut_time(struct str *text) {
    ptrdiff_t colon = str_find_c(*text, ':');
    if (colon < 0) return true;
    size_t start = (size_t)colon;
    while (start > 0 && is_digit(text->p[start - 1])) start--;
    size_t hour_n = (size_t)colon - start;
    if (hour_n < 1 || hour_n > 2 || start == 0) return false;
    for (size_t i = (size_t)colon; i < text->n; i++)
        if (!is_digit(text->p[i]) && !strchr(":.+- zZaApPmM", text->p[i])) return false;
    *text = str_sub(*text, 0, start);
    return true;
}

static bool read_words(struct reading *r, struct str typed) {
    struct str text = digits_ascii(r->arena, typed);
    if (typed.n > TYPED_MAX || memchr(text.n ? text.p : "", 0, text.n) || !cut_time(&text))
        return refuse_all(r);
    return gather(r, fold(r->arena, text));
}

/* ---- which number is what ---- */

/* The place of the year among the numbers; -1 if that cannot be told. */
static int year_place(const struct reading *r) {
    int place = -1, found = 0;
    for (int i = 0; i < r->numbers_n; i++)
        if (r->numbers[i].digits_n >= 3) place = i, found++;
    if (found) return found == 1 ? place : -1;
    for (int i = 0; i < r->numbers_n; i++)
        if (r->numbers[i].value > 31 || r->numbers[i].value == 0) place = i, found++;
    if (found) return found == 1 ? place : -1;
    /* With the month's name people write the day first, everywhere. */
    if (r->month_known) return 1;
    return date_order(r->loc) == DATE_YMD ? 0 : 2;
}

static bool place_all(struct reading *r, struct parts *p) {
    const struct number *n = r->numbers;
    int year = year_place(r);
    int want = r->month_known ? 2 : 3;
    if (r->numbers_n < want) {
        bool has_year = false;
        for (int i = 0; i < r->numbers_n; i++) has_year |= n[i].digits_n >= 3;
        return refuse(r, has_year ? N_("The day is missing") : N_("The year is missing"));
    }
    if (r->numbers_n > want || year < 0 || (want == 3 && year == 1)) return refuse_all(r);
    p->year = n[year].value;
    p->year_digits = n[year].digits_n;
    if (r->month_known) {
        p->month = r->month;
        p->day = n[1 - year].value;
    } else if (year == 0) {
        p->month = n[1].value;
        p->day = n[2].value;
    } else {
        bool month_first = date_order(r->loc) == DATE_MDY;
        p->month = n[month_first ? 0 : 1].value;
        p->day = n[month_first ? 1 : 0].value;
    }
    return true;
}

/* ---- which calendar ---- */

/* Of two-digit years the one that people mean: Persian and Hijri up to ten years ahead, Gregorian
 * nineteen ahead, the rest in the hundred years before. */
static int full_year(const struct reading *r, enum calendar_id calendar, int yy) {
    int now = day_in(calendar, date_today(r->loc), NULL).year;
    int last = now + (calendar == CAL_GREGORIAN ? 19 : 10);
    return last - ((last - yy) % 100 + 100) % 100;
}

static bool choose_calendar(struct reading *r, struct parts *p, enum calendar_id *calendar) {
    bool named = r->month_known || r->era_known;
    *calendar = r->month_known ? r->month_calendar : r->era_known ? r->era : r->loc->calendar;
    if (p->year_digits <= 2) {
        p->year = full_year(r, *calendar, p->year);
        return true;
    }
    bool gregorian = p->year >= YEAR_MIN && p->year <= YEAR_MAX;
    if (!named && gregorian) {
        *calendar = CAL_GREGORIAN;
    } else if (!named && p->year >= 1278 && p->year <= 1500) {
        if (*calendar == CAL_GREGORIAN)
            return refuse_number(r, N_("Which calendar is the year {year}?"), "year", p->year);
    } else if (!named) {
        return refuse_number(r, N_("The year {year} cannot be right"), "year", p->year);
    }
    return true;
}

static bool check_parts(struct reading *r, enum calendar_id calendar, const struct parts *p) {
    if (p->month < 1 || p->month > 12)
        return refuse_number(r, N_("There is no month {month}"), "month", p->month);
    if (p->day < 1) return refuse_number(r, N_("There is no day {day}"), "day", p->day);
    int last = month_days(calendar, p->year, p->month);
    if (p->day > last) return refuse_number(r, N_("That month has only {last} days"), "last", last);
    return true;
}

static void doubt_future(struct reading *r, struct day day) {
    int ahead = day.year - date_today(r->loc).year;
    if (ahead <= FAR_FUTURE_YEARS) return;
    r->why->warning = true;
    refuse_number(r, N_("That is {years} years ahead"), "years", ahead);
}

static bool finish(struct reading *r, struct day *day) {
    if (r->day_known) {
        *day = day_of_number(day_number(date_today(r->loc)) + r->days);
        return true;
    }
    struct parts p = { 0 };
    enum calendar_id calendar;
    if (!place_all(r, &p) || !choose_calendar(r, &p, &calendar) || !check_parts(r, calendar, &p))
        return false;
    struct day found;
    if (!day_from(calendar, (struct day){ p.year, p.month, p.day }, &found)) return refuse_all(r);
    if (found.year < YEAR_MIN || found.year > YEAR_MAX)
        return refuse_number(r, N_("The year {year} cannot be right"), "year", p.year);
    *day = found;
    doubt_future(r, *day);
    return true;
}

bool date_parse(struct arena *a, const struct locale *loc, struct str typed, struct day *day,
                struct date_problem *why) {
    struct date_problem unasked;
    struct reading r = { .arena = a, .loc = loc, .why = why ? why : &unasked };
    *r.why = (struct date_problem){ 0 };
    return read_words(&r, typed) && finish(&r, day);
}

/* ---- without a year ---- */

/* "--03-21" and vCard's "--0321". */
static bool iso_partial(struct str text, struct day *day) {
    text = str_trim(text);
    if (!str_starts(text, S("--"))) return false;
    char iso[8] = "--00-00";
    struct str rest = str_sub(text, 2, text.n);
    if (rest.n == 5 && rest.p[2] == '-') {
        memcpy(iso + 2, rest.p, 5);
    } else if (rest.n == 4) {
        memcpy(iso + 2, rest.p, 2);
        memcpy(iso + 5, rest.p + 2, 2);
    } else {
        return false;
    }
    return day_of_iso((struct str){ iso, 7 }, day);
}

/* Two numbers, or one and a month's name, none of them a year. */
static bool lacks_year(const struct reading *r) {
    if (r->day_known || r->numbers_n != (r->month_known ? 1 : 2)) return false;
    for (int i = 0; i < r->numbers_n; i++)
        if (r->numbers[i].digits_n > 2) return false;
    return true;
}

static bool finish_partial(struct reading *r, struct day *day) {
    struct parts p = { .year = PARTIAL_YEAR, .month = r->month, .day = r->numbers[0].value };
    if (!r->month_known) {
        bool day_first = date_order(r->loc) == DATE_DMY;
        /* What cannot be a month is the day: here no third number could be mistaken for it. */
        if (r->numbers[0].value > 12)
            day_first = true;
        else if (r->numbers[1].value > 12)
            day_first = false;
        p.month = r->numbers[day_first].value;
        p.day = r->numbers[!day_first].value;
    }
    enum calendar_id calendar = r->month_known ? r->month_calendar
                                : r->era_known ? r->era
                                               : r->loc->calendar;
    if (calendar == CAL_UMALQURA)
        return refuse(r, N_("In the Hijri calendar the year is needed too"));
    if (calendar == CAL_GREGORIAN) p.year = 2000;
    /* 30 Esfand, which 1405 lacks, falls on the 29th: the last day before Nowruz. */
    if (calendar == CAL_PERSIAN && p.month == 12 && p.day == 30) p.day = 29;
    if (!check_parts(r, calendar, &p)) return false;
    if (!day_from(calendar, (struct day){ p.year, p.month, p.day }, day)) return refuse_all(r);
    day->year = 0;
    return true;
}

bool date_parse_partial(struct arena *a, const struct locale *loc, struct str typed,
                        struct day *day, struct date_problem *why) {
    struct date_problem unasked;
    struct reading r = { .arena = a, .loc = loc, .why = why ? why : &unasked };
    *r.why = (struct date_problem){ 0 };
    if (typed.n <= TYPED_MAX && iso_partial(digits_ascii(a, typed), day)) return true;
    if (!read_words(&r, typed)) return false;
    return lacks_year(&r) ? finish_partial(&r, day) : finish(&r, day);
}
