/* Showing dates and instants: month names, short, long and relative forms, the echo in all
 * calendars, age, and the ISO text that is stored. Called by core's date fields, lists, history and
 * pages. Calls calendar, number (digits), zone and the catalogue; reading typed dates is
 * date_parse.c. Month and weekday names are data, not messages: their source is CLDR, with the
 * regional Arabic ones of localisation.md 1.4. */
#include "lib/locale/date.h"

#include "lib/base/buf.h"
#include "lib/locale/number.h"
#include "lib/locale/zone.h"

#define MINUTE_MS           INT64_C(60000)
#define PARTIAL_NOWRUZ_YEAR 2026 /* Persian 1405 begins in it: see date_parse_partial */

/* ---- names ---- */

static const char *const gregorian_names[LANG_N][12] = {
    { "January", "February", "March", "April", "May", "June", "July", "August", "September",
      "October", "November", "December" },
    { "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre",
      "octobre", "novembre", "décembre" },
    { "ژانویه", "فوریه", "مارس", "آوریل", "مه", "ژوئن", "ژوئیه", "اوت", "سپتامبر", "اکتبر",
      "نوامبر", "دسامبر" },
    { "يناير", "فبراير", "مارس", "أبريل", "مايو", "يونيو", "يوليو", "أغسطس", "سبتمبر", "أكتوبر",
      "نوفمبر", "ديسمبر" },
};
static const char *const levant_names[12] = {
    "كانون الثاني", "شباط", "آذار",  "نيسان",       "أيار",         "حزيران",
    "تموز",         "آب",   "أيلول", "تشرين الأول", "تشرين الثاني", "كانون الأول",
};
static const char *const tunisia_names[12] = {
    "جانفي",  "فيفري", "مارس",   "أفريل",  "ماي",    "جوان",
    "جويلية", "أوت",   "سبتمبر", "أكتوبر", "نوفمبر", "ديسمبر",
};
static const char *const morocco_names[12] = {
    "يناير",  "فبراير", "مارس",  "أبريل",  "ماي",   "يونيو",
    "يوليوز", "غشت",    "شتنبر", "أكتوبر", "نونبر", "دجنبر",
};
static const char *const persian_names[LANG_N][12] = {
    { "Farvardin", "Ordibehesht", "Khordad", "Tir", "Mordad", "Shahrivar", "Mehr", "Aban", "Azar",
      "Dey", "Bahman", "Esfand" },
    { "farvardin", "ordibehesht", "khordad", "tir", "mordad", "shahrivar", "mehr", "aban", "azar",
      "dey", "bahman", "esfand" },
    { "فروردین", "اردیبهشت", "خرداد", "تیر", "مرداد", "شهریور", "مهر", "آبان", "آذر", "دی", "بهمن",
      "اسفند" },
    { "فروردين", "أرديبهشت", "خرداد", "تير", "مرداد", "شهريور", "مهر", "آبان", "آذر", "دي", "بهمن",
      "إسفند" },
};
static const char *const afghan_names[12] = {
    "حمل", "ثور", "جوزا", "سرطان", "اسد", "سنبله", "میزان", "عقرب", "قوس", "جدی", "دلو", "حوت",
};
static const char *const hijri_names[LANG_N][12] = {
    { "Muharram", "Safar", "Rabi I", "Rabi II", "Jumada I", "Jumada II", "Rajab", "Shaban",
      "Ramadan", "Shawwal", "Dhu al-Qidah", "Dhu al-Hijjah" },
    { "mouharram", "safar", "rabia al-awal", "rabia ath-thani", "joumada al-oula",
      "joumada ath-thania", "rajab", "chaabane", "ramadan", "chawwal", "dhou al-qida",
      "dhou al-hijja" },
    { "محرم", "صفر", "ربیع‌الاول", "ربیع‌الثانی", "جمادی‌الاول",
      "جمادی‌الثانی", "رجب", "شعبان", "رمضان", "شوال", "ذی‌القعده",
      "ذی‌الحجه" },
    { "محرم", "صفر", "ربيع الأول", "ربيع الآخر", "جمادى الأولى", "جمادى الآخرة", "رجب", "شعبان",
      "رمضان", "شوال", "ذو القعدة", "ذو الحجة" },
};
static const char *const weekday_names[LANG_N][7] = {
    { "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday" },
    { "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche" },
    { "دوشنبه", "سه‌شنبه", "چهارشنبه", "پنجشنبه", "جمعه", "شنبه", "یکشنبه" },
    { "الاثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة", "السبت", "الأحد" },
};

/* The tests' pseudo-language speaks English here: names are data. */
static enum lang named(enum lang lang) {
    return lang < LANG_N ? lang : LANG_EN;
}

static bool in_list(const char *codes, const char *code) {
    return code[0] && strstr(codes, code) != NULL;
}

const char *month_name(const struct locale *loc, enum calendar_id calendar, int month) {
    enum lang lang = named(loc->lang);
    int i = month - 1;
    if (i < 0 || i > 11) BUG("month %d", month);
    if (calendar == CAL_UMALQURA) return hijri_names[lang][i];
    if (calendar == CAL_PERSIAN)
        return lang == LANG_FA && str_eq_z(S("AF"), loc->country) ? afghan_names[i]
                                                                  : persian_names[lang][i];
    if (lang == LANG_AR) {
        if (in_list("IQ JO LB PS SY", loc->country)) return levant_names[i];
        if (in_list("DZ TN", loc->country)) return tunisia_names[i];
        if (in_list("EH MA", loc->country)) return morocco_names[i];
    }
    return gregorian_names[lang][i];
}

const char *weekday_name(enum lang lang, int weekday) {
    if (weekday < 1 || weekday > 7) BUG("weekday %d", weekday);
    return weekday_names[named(lang)][weekday - 1];
}

/* ---- ISO ---- */

struct str day_iso(struct arena *a, struct day d) {
    if (d.year == 0) return str_printf(a, "--%02d-%02d", d.month, d.day);
    return str_printf(a, "%04d-%02d-%02d", d.year, d.month, d.day);
}

static bool digits_at(struct str s, size_t at, int n, int *out) {
    int value = 0;
    for (size_t i = at; i < at + (size_t)n; i++) {
        if (s.p[i] < '0' || s.p[i] > '9') return false;
        value = value * 10 + s.p[i] - '0';
    }
    *out = value;
    return true;
}

bool day_of_iso(struct str s, struct day *day) {
    struct day d = { 0 };
    bool partial = s.n == 7 && str_starts(s, S("--"));
    size_t at = partial ? 2 : 5;
    if (!partial && (s.n != 10 || s.p[4] != '-' || !digits_at(s, 0, 4, &d.year))) return false;
    if (!digits_at(s, at, 2, &d.month) || s.p[at + 2] != '-' || !digits_at(s, at + 3, 2, &d.day))
        return false;
    if (!partial ? !day_valid(d) : !day_valid((struct day){ 2000, d.month, d.day })) return false;
    *day = d;
    return true;
}

/* ---- dates ---- */

enum date_order date_order(const struct locale *loc) {
    if (loc->lang == LANG_FA || loc->calendar == CAL_PERSIAN) return DATE_YMD;
    if (named(loc->lang) == LANG_EN && str_eq_z(S("US"), loc->country)) return DATE_MDY;
    return DATE_DMY;
}

struct day date_today(const struct locale *loc) {
    return zone_local(loc->zone, loc->now_ms).day;
}

/* A day in the calendar in which it is shown. */
struct shown {
    struct day day; /* year 0: none */
    enum calendar_id calendar;
    bool approximate;
};

static struct shown shown_in(enum calendar_id calendar, struct day day) {
    struct shown s = { day, calendar, false };
    if (day.year == 0 && calendar == CAL_UMALQURA) s.calendar = CAL_GREGORIAN;
    if (day.year != 0) {
        s.day = day_in(calendar, day, &s.approximate);
    } else if (s.calendar == CAL_PERSIAN) {
        /* 29 February runs on into 1 March, as these years have none. */
        bool before = day.month < 3 || (day.month == 3 && day.day < 21);
        day.year = PARTIAL_NOWRUZ_YEAR + before;
        s.day = day_in(CAL_PERSIAN, day, NULL);
        s.day.year = 0;
    }
    return s;
}

static void add_short(struct buf *b, const struct locale *loc, struct shown s) {
    static const char *const hijri_marks[LANG_N] = { " AH", " H", " ق", " هـ" };
    int y = s.day.year, m = s.day.month, d = s.day.day;
    /* In Arabic the slashes must not bind the numbers into one left-to-right run. */
    const char *slash = loc->lang == LANG_AR ? "\u200f/" : "/";
    enum date_order order = date_order(loc);
    if (order == DATE_YMD) {
        if (y) buf_printf(b, "%d/", y);
        buf_printf(b, "%d/%d", m, d);
    } else if (order == DATE_MDY) {
        buf_printf(b, "%d/%d", m, d);
    } else if (loc->lang == LANG_AR) {
        buf_printf(b, "%d%s%d", d, slash, m);
    } else {
        buf_printf(b, "%02d/%02d", d, m);
    }
    if (y && order != DATE_YMD) buf_printf(b, "%s%d", slash, y);
    if (y && s.calendar == CAL_UMALQURA) buf_add_z(b, hijri_marks[named(loc->lang)]);
}

static void add_long(struct buf *b, const struct locale *loc, struct shown s, bool with_year) {
    const char *month = month_name(loc, s.calendar, s.day.month);
    with_year = with_year && s.day.year;
    if (date_order(loc) == DATE_MDY && s.calendar == CAL_GREGORIAN) {
        buf_printf(b, "%s %d", month, s.day.day);
        if (with_year) buf_printf(b, ", %d", s.day.year);
        return;
    }
    const char *ordinal = loc->lang == LANG_FR && s.day.day == 1 ? "er" : "";
    buf_printf(b, "%d%s %s", s.day.day, ordinal, month);
    if (with_year) buf_printf(b, " %d", s.day.year);
    if (with_year && s.calendar == CAL_UMALQURA && loc->lang == LANG_AR) buf_add_z(b, " هـ");
}

static const char *near_word(const struct locale *loc, struct day day) {
    if (!day.year) return NULL;
    switch (day_number(day) - day_number(date_today(loc))) {
    case -1: return tr(loc, N_("yesterday"));
    case 0: return tr(loc, N_("today"));
    case 1: return tr(loc, N_("tomorrow"));
    default: return NULL;
    }
}

struct str date_show(struct arena *a, const struct locale *loc, struct day day,
                     enum date_style style) {
    const char *word = style == DATE_RELATIVE ? near_word(loc, day) : NULL;
    if (word) return str_of(word);
    struct buf b = { .arena = a };
    struct shown s = shown_in(loc->calendar, day);
    if (s.approximate) buf_add_z(&b, "≈ ");
    /* Numbers alone would be taken for a Hijri day when a Hijri reader types them back. */
    bool foreign = s.calendar != loc->calendar;
    if (style == DATE_SHORT && !foreign) {
        add_short(&b, loc, s);
    } else {
        bool this_year = s.day.year == day_in(s.calendar, date_today(loc), NULL).year;
        add_long(&b, loc, s, style != DATE_RELATIVE || !this_year);
    }
    return digits_show(a, loc, buf_str(&b));
}

struct str date_echo(struct arena *a, const struct locale *loc, struct day day) {
    struct buf b = { .arena = a };
    for (int i = 0; i < CALENDAR_N; i++) {
        /* The reader's own, then the others in their order. */
        int c = i == 0 ? (int)loc->calendar : i - (i <= (int)loc->calendar);
        struct shown s = shown_in((enum calendar_id)c, day);
        if ((int)s.calendar != c && i > 0) continue;
        if (b.n) buf_add_z(&b, " = ");
        if (s.approximate) buf_add_z(&b, "≈ ");
        add_long(&b, loc, s, true);
    }
    return digits_show(a, loc, buf_str(&b));
}

int date_age(struct day birth, struct day today) {
    if (birth.year == 0 || day_number(birth) > day_number(today)) return -1;
    int age = today.year - birth.year;
    bool before =
        today.month < birth.month || (today.month == birth.month && today.day < birth.day);
    return age - before;
}

/* ---- instants ---- */

static struct str fill(struct arena *a, const char *text, const char *name, struct str value) {
    return tr_fill(a, text, &(struct tr_arg){ name, value, false }, 1);
}

static struct str with_time(struct arena *a, const struct locale *loc, struct str date,
                            struct str time) {
    struct tr_arg args[] = { { "date", date, false }, { "time", time, false } };
    return tr_fill(a, tr(loc, N_("{date}, {time}")), args, 2);
}

static struct str near_instant(struct arena *a, const struct locale *loc, struct day day,
                               struct str time) {
    switch (day_number(day) - day_number(date_today(loc))) {
    case -1: return fill(a, tr(loc, N_("yesterday {time}")), "time", time);
    case 0: return time;
    case 1: return fill(a, tr(loc, N_("tomorrow {time}")), "time", time);
    default: return with_time(a, loc, date_show(a, loc, day, DATE_RELATIVE), time);
    }
}

static struct str counted(struct arena *a, const struct locale *loc, const char *text, int64_t n) {
    return fill(a, text, "n", number_show(a, loc, n));
}

static struct str relative(struct arena *a, const struct locale *loc, int64_t ms, struct day day,
                           struct str time) {
    int64_t ago = loc->now_ms - ms;
    int64_t minutes = (ago < 0 ? -ago : ago) / MINUTE_MS, hours = minutes / 60;
    int64_t days = day_number(date_today(loc)) - day_number(day);
    if (minutes == 0) return str_of(tr(loc, N_("just now")));
    if (hours == 0)
        return counted(a, loc,
                       ago > 0 ? tr_n(loc, "{n} minute ago", "{n} minutes ago", minutes)
                               : tr_n(loc, "in {n} minute", "in {n} minutes", minutes),
                       minutes);
    if (days == 0)
        return counted(a, loc,
                       ago > 0 ? tr_n(loc, "{n} hour ago", "{n} hours ago", hours)
                               : tr_n(loc, "in {n} hour", "in {n} hours", hours),
                       hours);
    if (days >= 2 && days <= 6)
        return counted(a, loc, tr_n(loc, "{n} day ago", "{n} days ago", days), days);
    if (days <= -2 && days >= -6)
        return counted(a, loc, tr_n(loc, "in {n} day", "in {n} days", -days), -days);
    if (days == 1 || days == -1) return near_instant(a, loc, day, time);
    return date_show(a, loc, day, DATE_RELATIVE);
}

struct str instant_show(struct arena *a, const struct locale *loc, int64_t ms,
                        enum instant_style style) {
    struct local_time t = zone_local(loc->zone, ms);
    struct str time = digits_show(a, loc, str_printf(a, "%02d:%02d", t.hour, t.minute));
    switch (style) {
    case INSTANT_TIME: return time;
    case INSTANT_SHORT: return near_instant(a, loc, t.day, time);
    case INSTANT_LONG: return with_time(a, loc, date_show(a, loc, t.day, DATE_LONG), time);
    case INSTANT_RELATIVE: return relative(a, loc, ms, t.day, time);
    }
    return time;
}
