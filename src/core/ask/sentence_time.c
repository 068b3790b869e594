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
    static const enum calendar_id calendars[] = { CAL_PERSIAN, CAL_GREGORIAN };
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

/* A month without its year is known by what stands before it: «may» is another word too. */
static bool opens_month(struct saying *s, int i) {
    while (say_of(s, i) == SAY_NOISE && bit(s, i)) i--;
    switch (say_of(s, i)) {
    case SAY_IN:
    case SAY_OF:
    case SAY_SINCE:
    case SAY_BEFORE:
    case SAY_AFTER:
    case SAY_BETWEEN:
    case SAY_TO:
    case SAY_FIELD:
    case SAY_WHEN: return true;
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
    sentence_become(s, i, second - i + 1, (struct say_bit){ .say = SAY_WHEN, .period = p });
}

/* «over six months», of something that was not done since or lies back so long; of years only
 * behind «since»: else it is an age. */
static void join_ago(struct saying *s, int i) {
    const struct say_bit *op = bit(s, i), *unit = bit(s, i + 2), *behind = bit(s, i + 3);
    if (say_of(s, i) != SAY_OP || op->arg[0] == '=' || say_of(s, i + 1) != SAY_NUMBER || !unit)
        return;
    bool years = unit->say == SAY_YEARS || (unit->say == SAY_UNIT && unit->arg[0] == 'y');
    bool since = i > 0 && (say_of(s, i - 1) == SAY_SINCE || say_of(s, i - 1) == SAY_IN);
    if ((years && !since) || (!years && unit->say != SAY_UNIT)) return;
    if (behind &&
        (behind->say == SAY_LAST || behind->say == SAY_NEXT || behind->say == SAY_LAST_ONE))
        return;
    int64_t n = bit(s, i + 1)->number;
    if (n < SAY_SCALE || n % SAY_SCALE || n / SAY_SCALE > ASK_PERIOD_N_MOST) return;
    struct ask_period p = { .when = ASK_LAST,
                            .n = (int)(n / SAY_SCALE),
                            .unit = years ? ASK_YEAR : sentence_unit(unit->arg) };
    sentence_become(s, i, 3,
                    (struct say_bit){ .say = SAY_AGO,
                                      .period = p,
                                      .op = op->arg[0] == '>' ? ASK_OVER : ASK_UNDER });
}

void sentence_times(struct saying *s) {
    for (int i = 0; i < s->n; i++) join_month(s, i);
    for (int i = 0; i < s->n; i++) join_span(s, i);
    for (int i = 0; i < s->n; i++) join_ago(s, i);
}

void sentence_days(struct saying *s) {
    for (int i = 0; i < s->n; i++) {
        const struct say_bit *b = bit(s, i);
        if (b->say != SAY_DATE) continue;
        struct ask_period p = { .when = ASK_RANGE, .from = b->iso, .until = b->iso };
        bool to = i > 0 && say_of(s, i - 1) == SAY_TO;
        if (to) p = (struct ask_period){ .when = ASK_BEFORE, .until = b->iso };
        sentence_become(s, i - to, 1 + to, (struct say_bit){ .say = SAY_WHEN, .period = p });
    }
}
