/* Times of plain sentences that are made of several words before the moving windows are looked for:
 * months by their names in any of the calendars, from one day to another, «more than six months»
 * ago. Called by sentence.c; asks lib/locale what months and days are called. */
#include "core/ask/sentence_in.h"
#include "lib/locale/date.h"
#include "lib/text/fold.h"

enum { MONTH_DAYS_MOST = 32, NEAR_DAYS = 400 };

static struct say_bit *bit(struct saying *s, int i) {
    return i >= 0 && i < s->n ? &s->bits[i] : NULL;
}

static enum say say_of(struct saying *s, int i) {
    return bit(s, i) ? bit(s, i)->say : SAY_NOISE;
}

static struct str text_from(struct saying *s, int i, int n) {
    const struct say_bit *a = bit(s, i), *b = bit(s, i + n - 1);
    return str_sub(s->text, (size_t)a->at, (size_t)(b->at + b->n - a->at));
}

static bool day_called(struct saying *s, int day, struct str month, int64_t year, struct day *out) {
    struct str line = str_printf(s->c->arena, "%d %.*s %lld", day, SF(month), (long long)year);
    return date_parse(s->c->arena, &s->loc, line, out, NULL);
}

/* All days of the month. false: no month is called so. */
static bool month_of(struct saying *s, struct str name, int64_t year, struct ask_period *out) {
    struct day first, last;
    int n = MONTH_DAYS_MOST;
    if (!day_called(s, 1, name, year, &first)) return false;
    while (n > 1 && !day_called(s, n, name, year, &last)) n--;
    int64_t days = day_number(last) - day_number(first);
    if (n == 1 || days < 27 || days > 31) return false;
    *out = (struct ask_period){ .when = ASK_RANGE,
                                .from = day_iso(s->c->arena, first),
                                .until = day_iso(s->c->arena, last) };
    return true;
}

/* Without a year: the last one that has begun. */
static bool month_lately(struct saying *s, struct str name, struct ask_period *out) {
    if (str_eq(fold(s->c->arena, name), fold(s->c->arena, S("رمضون")))) name = S("رمضان");
    static const enum calendar_id calendars[] = { CAL_PERSIAN, CAL_GREGORIAN, CAL_UMALQURA };
    struct day today = date_today(&s->loc), there, from;
    for (int i = 0; i < COUNT(calendars); i++) {
        there = day_in(calendars[i], today, NULL);
        for (int back = 0; back < 2; back++) {
            if (!month_of(s, name, there.year - back, out) || !day_of_iso(out->from, &from))
                continue;
            int64_t ago = day_number(today) - day_number(from);
            if (ago >= 0 && ago < NEAR_DAYS) return true;
        }
    }
    return false;
}

/* The day of a month without a year: the last one that has come. */
static bool day_lately(struct saying *s, int day, struct str month, struct day *out) {
    static const enum calendar_id calendars[] = { CAL_PERSIAN, CAL_GREGORIAN, CAL_UMALQURA };
    struct day today = date_today(&s->loc);
    for (int i = 0; i < COUNT(calendars); i++) {
        int year = day_in(calendars[i], today, NULL).year;
        for (int back = 0; back < 2; back++) {
            if (!day_called(s, day, month, year - back, out)) continue;
            int64_t ago = day_number(today) - day_number(*out);
            if (ago >= 0 && ago < NEAR_DAYS) return true;
        }
    }
    return false;
}

static bool said(struct saying *s, int i, const char *const *words, int n) {
    if (!bit(s, i)) return false;
    struct str folded = fold(s->c->arena, text_from(s, i, 1));
    for (int k = 0; k < n; k++)
        if (str_eq(folded, fold(s->c->arena, str_of(words[k])))) return true;
    return false;
}

static bool small_day(struct saying *s, int i) {
    const struct say_bit *b = bit(s, i);
    return b && b->say == SAY_NUMBER && !b->unit && b->number >= SAY_SCALE &&
           b->number <= 31 * SAY_SCALE && b->number % SAY_SCALE == 0;
}

/* «15 March», «March 15», «۱۵ مهر», without a year. */
static void join_day(struct saying *s, int i) {
    static const char *const first[] = { "اول", "أول" };
    bool one = s->lang >= LANG_FA && said(s, i, first, COUNT(first)); /* «از اول مهر» */
    int number = one || small_day(s, i)                      ? i
                 : s->lang == LANG_EN && small_day(s, i + 1) ? i + 1
                                                             : -1;
    int word = number == i ? i + 1 : i;
    struct day day;
    if (number < 0 || say_of(s, word) != SAY_WORD || !bit(s, word)) return;
    if (number > i && bit(s, number + 1) && say_of(s, number + 1) == SAY_UNIT) return;
    if (!day_lately(s, one ? 1 : (int)(bit(s, number)->number / SAY_SCALE), text_from(s, word, 1),
                    &day))
        return;
    sentence_become(
        s, i, 2,
        (struct say_bit){ .say = SAY_DATE, .iso = day_iso(s->c->arena, day), .bare = true });
}

/* A month without its year is known by what stands before it: «may» is another word too. */
static bool opens_month(struct saying *s, int i) {
    while (say_of(s, i) == SAY_NOISE && bit(s, i)) i--;
    if (say_of(s, i) == SAY_AND || say_of(s, i) == SAY_OR || say_of(s, i) == SAY_WHEN)
        return say_of(s, i) == SAY_WHEN || say_of(s, i - 1) == SAY_WHEN; /* «in March and April» */
    switch (say_of(s, i)) {
    case SAY_RELATION: return s->lang == LANG_FA || s->lang == LANG_AR;
    case SAY_IN:
    case SAY_OF:
    case SAY_SINCE:
    case SAY_BEFORE:
    case SAY_AFTER:
    case SAY_BETWEEN:
    case SAY_TO:
    case SAY_FIELD: return true;
    default: return false;
    }
}

static bool is_month(struct saying *s, int i) {
    return say_of(s, i) == SAY_UNIT && bit(s, i)->arg[0] == 'm';
}

static void join_month(struct saying *s, int i) {
    for (int words = 2; words > 0; words--) {
        struct ask_period p;
        int end = i + words, before = i;
        bool all = true;
        for (int k = i; k < end; k++) all = all && say_of(s, k) == SAY_WORD && bit(s, k);
        if (!all) continue;
        bool opened = opens_month(s, i - 1) || is_month(s, end);
        if (is_month(s, i - 1)) before = i - 1;
        if (is_month(s, i - 2) && say_of(s, i - 1) == SAY_OF) before = i - 2;
        struct str name = text_from(s, i, words);
        if (s->lang == LANG_FA && str_ends(name, S("ه")) && !month_lately(s, name, &p))
            name = str_sub(name, 0, name.n - strlen("ه")); /* «تو آذره» */
        bool and_it = s->lang == LANG_AR && say_of(s, i - 1) == SAY_WHEN && bit(s, i - 1);
        if (and_it && str_starts(name, S("و"))) name = str_sub(name, strlen("و"), SIZE_MAX);
        end += is_month(s, end);
        const struct say_bit *year = bit(s, end);
        struct ask_period whole;
        bool dated = year && year->say == SAY_NUMBER &&
                     sentence_year(s, year->number / SAY_SCALE, &whole) &&
                     month_of(s, name, year->number / SAY_SCALE, &p);
        if (!dated && !((opened || before < i) && month_lately(s, name, &p))) continue;
        end += dated;
        sentence_become(s, before, end - before,
                        (struct say_bit){ .say = SAY_WHEN, .period = p, .bare = !dated });
        return;
    }
}

/* --- seasons and the new year of Iran --- */

static bool persian_days(struct saying *s, int year, int month, int months,
                         struct ask_period *out) {
    struct day from, until;
    int past = month + months;
    if (!day_from(CAL_PERSIAN, (struct day){ year, month, 1 }, &from) ||
        !day_from(CAL_PERSIAN, (struct day){ year + past / 13, past > 12 ? past - 12 : past, 1 },
                  &until))
        return false;
    *out =
        (struct ask_period){ .when = ASK_RANGE,
                             .from = day_iso(s->c->arena, from),
                             .until = day_iso(s->c->arena, day_of_number(day_number(until) - 1)) };
    return true;
}

/* «تابستان امسال», «پاییز پارسال», «بهار ۱۴۰۴»: three months of the Persian year. */
static void join_season(struct saying *s, int i) {
    static const char *const names[][2] = {
        { "بهار", "بهار" }, { "تابستان", "تابستون" }, { "پاییز", "پائیز" }, { "زمستان", "زمستون" }
    };
    int year = day_in(CAL_PERSIAN, date_today(&s->loc), NULL).year;
    const struct say_bit *which = bit(s, i + 1);
    struct ask_period p;
    if (s->lang != LANG_FA || !which) return;
    int at = i + 1;
    if (which->say == SAY_WORD && say_of(s, i) == SAY_PERIOD) /* «پارسال زمستون» */
        which = bit(s, i), at = i;
    if (which->say == SAY_PERIOD && which->arg[1] == 'y')
        year -= which->arg[0] == 'p';
    else if (which->say == SAY_NUMBER && which->number / SAY_SCALE > 1300 &&
             which->number / SAY_SCALE < 1500)
        year = (int)(which->number / SAY_SCALE);
    else
        return;
    for (int k = 0; k < COUNT(names); k++)
        if (said(s, at == i ? i + 1 : i, names[k], 2) && persian_days(s, year, 3 * k + 1, 3, &p))
            sentence_become(s, i, 2, (struct say_bit){ .say = SAY_WHEN, .period = p });
}

/* «از عید», «since Nowruz»: the thirteen days of the last one. */
static void join_nowruz(struct saying *s, int i) {
    static const char *const names[] = { "نوروز", "عید", "nowruz", "norouz", "noruz", "النوروز" };
    struct ask_period p;
    int n = 1 + (s->lang == LANG_FA && said(s, i + 1, names, 1));
    if (!said(s, i, names, COUNT(names)) || !opens_month(s, i - 1)) return;
    if (!persian_days(s, day_in(CAL_PERSIAN, date_today(&s->loc), NULL).year, 1, 1, &p)) return;
    struct day first;
    if (day_of_iso(p.from, &first))
        p.until = day_iso(s->c->arena, day_of_number(day_number(first) + 12));
    sentence_become(s, i, n, (struct say_bit){ .say = SAY_WHEN, .period = p, .bare = true });
}

/* --- from one day to another --- */

static bool ends_of(const struct say_bit *b, struct str *from, struct str *until) {
    if (b && b->say == SAY_DATE) {
        *from = *until = b->iso;
        return true;
    }
    if (!b || b->say != SAY_WHEN || b->period.when != ASK_RANGE) return false;
    *from = b->period.from;
    *until = b->period.until;
    return true;
}

static int past_noise(struct saying *s, int i) {
    while (bit(s, i) && say_of(s, i) == SAY_NOISE) i++;
    return i;
}

static void join_span(struct saying *s, int i) {
    struct str from, until, other;
    bool opened = say_of(s, i) == SAY_BETWEEN;
    int first = opened ? past_noise(s, i + 1) : i, joint, second;
    if (!ends_of(bit(s, first), &from, &other)) return;
    joint = past_noise(s, first + 1);
    enum say by = say_of(s, joint);
    bool joined = bit(s, joint) && (by == SAY_TO || (by == SAY_AND && opened) ||
                                    (by == SAY_IN && s->lang == LANG_FR));
    second = past_noise(s, joint + 1);
    if (opened && ends_of(bit(s, joint), &other, &until)) { /* «و30 جوان»: its «and» is taken off */
        second = joint;
        joined = true;
    }
    if (!joined || !ends_of(bit(s, second), &other, &until) || str_cmp(from, until) > 0) return;
    struct ask_period p = { .when = ASK_RANGE, .from = from, .until = until };
    if (!opened && by == SAY_TO && i > 0 && say_of(s, i - 1) == SAY_SINCE) i--; /* «از … تا» */
    sentence_become(s, i, second - i + 1, (struct say_bit){ .say = SAY_WHEN, .period = p });
}

/* «over six months», of something that was not done since or lies back so long; of years only
 * behind «since»: else it is an age. */
static void join_ago(struct saying *s, int i) {
    static const char *const ago[] = { "پیش", "قبل", "پیشه", "قبله" };
    const struct say_bit *op = bit(s, i);
    if (say_of(s, i) != SAY_OP || !op || op->arg[0] == '=') return;
    /* «More than a year ago», «plus d'un an», «أكثر من سنة»: one. */
    bool counted = say_of(s, i + 1) == SAY_NUMBER && bit(s, i + 1);
    int at = i + 1;
    while (!counted && bit(s, at) && say_of(s, at) == SAY_NOISE && at < i + 2) at++;
    at += counted;
    const struct say_bit *unit = bit(s, at), *behind = bit(s, at + 1);
    if (!unit) return;
    bool long_since =
        unit->say == SAY_PERIOD && s->lang == LANG_FA && !strcmp(unit->arg, "py"); /* «سال پیش» */
    bool years =
        unit->say == SAY_YEARS || (unit->say == SAY_UNIT && unit->arg[0] == 'y') || long_since;
    bool back = behind && behind->say == SAY_BACK;
    back = !long_since && (back || said(s, at + 1, ago, COUNT(ago)));
    enum say before = i > 0 ? say_of(s, i - 1) : SAY_WORD;
    bool since = before == SAY_SINCE || before == SAY_IN || before == SAY_BACK || back ||
                 long_since || (before == SAY_BEFORE && s->lang == LANG_AR);
    if ((years && !since) || (!years && unit->say != SAY_UNIT) || (!counted && !since)) return;
    if (behind && !back &&
        (behind->say == SAY_LAST || behind->say == SAY_NEXT || behind->say == SAY_LAST_ONE))
        return;
    int64_t n = counted ? bit(s, i + 1)->number : SAY_SCALE;
    if (n < SAY_SCALE || n % SAY_SCALE || n / SAY_SCALE > ASK_PERIOD_N_MOST) return;
    n /= SAY_SCALE;
    struct ask_period p = sentence_moving(ASK_LAST, n, years ? ASK_YEAR : sentence_unit(unit->arg));
    if (p.unit == ASK_YEAR && n * 12 <= ASK_PERIOD_N_MOST) p.n = (int)n * 12, p.unit = ASK_MONTH;
    bool with = before == SAY_BACK || (before == SAY_BEFORE && since);
    sentence_become(s, i - with, at - i + 1 + back + with,
                    (struct say_bit){ .say = SAY_AGO,
                                      .period = p,
                                      .op = op->arg[0] == '>' ? ASK_OVER : ASK_UNDER });
}

static bool is_year(struct saying *s, int i) {
    return say_of(s, i) == SAY_UNIT && bit(s, i)->arg[0] == 'y' &&
           (i == 0 || say_of(s, i - 1) != SAY_NUMBER);
}

void sentence_times(struct saying *s) {
    struct ask_period year;
    for (int i = 0; i + 1 < s->n; i++) /* «l'année 2025», «سال ۱۴۰۴» */
        if (is_year(s, i) && say_of(s, i + 1) == SAY_NUMBER && !bit(s, i + 1)->unit &&
            sentence_year(s, bit(s, i + 1)->number / SAY_SCALE, &year))
            bit(s, i)->say = SAY_NOISE;
    for (int i = 0; i < s->n; i++) join_season(s, i);
    for (int i = 0; i < s->n; i++) join_nowruz(s, i);
    for (int i = 0; i < s->n; i++) join_day(s, i);
    for (int i = 0; i < s->n; i++) join_month(s, i);
    for (int i = 0; i < s->n; i++) join_span(s, i);
    for (int i = 0; i < s->n; i++) join_ago(s, i);
}

void sentence_days(struct saying *s) {
    for (int i = 0; i < s->n; i++) {
        const struct say_bit *b = bit(s, i);
        if (b->say != SAY_DATE) continue;
        struct ask_period p = { .when = ASK_RANGE, .from = b->iso, .until = b->iso };
        bool bare = b->bare;
        bool to = i > 0 && say_of(s, i - 1) == SAY_TO;
        if (to) p = (struct ask_period){ .when = ASK_BEFORE, .until = b->iso };
        sentence_become(s, i - to, 1 + to,
                        (struct say_bit){ .say = SAY_WHEN, .period = p, .bare = bare });
    }
}
