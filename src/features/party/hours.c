/* Hours as people write them, «9-17», «شنبه تا چهارشنبه ۹ تا ۱۳», «après 18h», to spans that can be
 * asked. Whatever holds a word that is not known here is not understood at all, rather than half.
 * Called by the client's page; calls lib/text for folding. */
#include "features/party/party.h"
#include "lib/locale/number.h"
#include "lib/text/fold.h"

enum { DAY = 24 * 60, ALL_DAYS = 0x7F };
enum token_kind { T_TIME, T_DAY, T_TO, T_FROM, T_BEFORE, T_SPAN, T_SKIP, T_BREAK };
struct token {
    enum token_kind kind;
    int a, b;   /* minutes; a day (0 Monday); a span's two ends */
    bool clear; /* a time that is surely one of 24 hours */
};
struct tokens {
    struct token v[64];
    int n;
};

/* Words of four languages; the longer ones are compared whole. «تا» stands between two times and
 * before one alone. */
static const struct {
    const char *words;
    enum token_kind kind;
    int a, b;
} known[] = {
    { "mon;monday;mondays;lun;lundi;دوشنبه;الاثنين;الإثنين;اثنين", T_DAY, 0, 0 },
    { "tue;tues;tuesday;tuesdays;mar;mardi;سه‌شنبه;الثلاثاء;ثلاثاء", T_DAY, 1,
      0 },
    { "wed;wednesday;wednesdays;mer;mercredi;چهارشنبه;الأربعاء;أربعاء", T_DAY, 2, 0 },
    { "thu;thur;thurs;thursday;thursdays;jeu;jeudi;پنجشنبه;پنج‌شنبه;الخميس;"
      "خميس",
      T_DAY, 3, 0 },
    { "fri;friday;fridays;ven;vendredi;جمعه;الجمعة;جمعة", T_DAY, 4, 0 },
    { "sat;saturday;saturdays;sam;samedi;شنبه;السبت;سبت", T_DAY, 5, 0 },
    { "sun;sunday;sundays;dim;dimanche;یکشنبه;یک‌شنبه;الأحد;أحد", T_DAY, 6,
      0 },
    { "to;till;until;-;–;—;au;à;jusqu'à;تا;إلى;الى;حتى", T_TO, 0, 0 },
    { "after;from;since;as of;après;dès;de;du;از;من;بعد;پس", T_FROM, 0, 0 },
    { "before;by;avant;قبل;پیش", T_BEFORE, 0, 0 },
    { "morning;mornings;matin;matins;صبح;صبح‌ها;صباحا;الصباح", T_SPAN, 8 * 60,
      12 * 60 },
    { "afternoon;afternoons;après-midi;عصر;عصرها;بعدازظهر;الظهيرة", T_SPAN, 12 * 60, 18 * 60 },
    { "evening;evenings;soir;soirs;soirée;شب;شب‌ها;مساء;المساء", T_SPAN, 18 * 60,
      22 * 60 },
    { "and;et;و;,;،;;", T_BREAK, 0, 0 },
    { "at;on;the;le;la;les;only;o'clock;hours;hrs;h;heures;ساعت;ساعات;روزهای;روز;الساعة;أيام;يوم;"
      "every;"
      "tous;chaque;هر;كل",
      T_SKIP, 0, 0 },
    { "everyday;daily;day;days;jours;jour", T_SKIP, 0, 0 },
};

static struct str squeezed(struct arena *a, struct str s) {
    struct buf b = { .arena = a };
    for (struct str rest = s; rest.n;) {
        if (str_starts(rest, S("\u200c"))) {
            rest = str_sub(rest, 3, SIZE_MAX);
            continue;
        }
        buf_add_c(&b, rest.p[0]);
        rest = str_sub(rest, 1, SIZE_MAX);
    }
    return fold(a, buf_str(&b));
}

static bool is_ascii(struct str s) {
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] >= 128) return false;
    return true;
}

static bool word_token(struct arena *a, struct str word, struct token *out) {
    struct arena_mark m = arena_mark(a);
    struct str mine = is_ascii(word) ? NO_STR : squeezed(a, word), one;
    bool found = false;
    for (int i = 0; i < COUNT(known) && !found; i++) {
        struct str all = str_of(known[i].words);
        while (!found && str_cut(&all, ';', &one))
            found =
                str_eq(one, word) || (mine.n && !is_ascii(one) && str_eq(squeezed(a, one), mine));
        if (found) *out = (struct token){ known[i].kind, known[i].a, known[i].b, false };
    }
    arena_back(a, m);
    return found;
}

/* «9», «9:30», «9h», «9h30», «9am», «09.30»; at the start of s, of which it takes its part. */
static bool time_token(struct str *s, struct token *out) {
    size_t i = 0;
    int hour = 0, minute = 0, digits = 0;
    bool clear = false;
    for (; i < s->n && s->p[i] >= '0' && s->p[i] <= '9'; i++, digits++)
        hour = digits < 3 ? hour * 10 + (s->p[i] - '0') : 99;
    if (digits == 0 || digits > 2 || hour > 24) return false;
    if (i < s->n && strchr(":.hH", s->p[i])) {
        size_t k = i + 1;
        int n = 0, m = 0;
        for (; k < s->n && n < 3 && s->p[k] >= '0' && s->p[k] <= '9'; k++, n++)
            m = m * 10 + (s->p[k] - '0');
        bool hours_alone = n == 0 && (s->p[i] | 32) == 'h';
        if (n != 2 && !hours_alone) return false;
        minute = m, i = k, clear = true;
    }
    if (minute > 59) return false;
    struct str rest = str_sub(*s, i, SIZE_MAX);
    bool am = str_starts(rest, S("am")) || str_starts(rest, S("a.m."));
    bool pm = str_starts(rest, S("pm")) || str_starts(rest, S("p.m."));
    if ((am || pm) && (hour == 0 || hour > 12)) return false;
    if (am || pm) {
        hour = hour % 12 + (pm ? 12 : 0), clear = true;
        rest = str_sub(rest, rest.p[1] == '.' ? 4 : 2, SIZE_MAX);
    }
    *s = rest;
    *out = (struct token){ T_TIME, hour * 60 + minute, 0, clear || hour > 12 || digits == 2 };
    return out->a <= DAY;
}

/* Where one word ends: blanks, signs of their own, digits beside letters. */
static size_t word_end(struct str s) {
    size_t i = 0;
    while (i < s.n && s.p[i] != ' ' && s.p[i] != ',' && s.p[i] != ';' &&
           !(s.p[i] >= '0' && s.p[i] <= '9') && !str_starts(str_sub(s, i, SIZE_MAX), S("،")) &&
           !str_starts(str_sub(s, i, SIZE_MAX), S("–")) &&
           !(s.p[i] == '-' && i + 1 < s.n && s.p[i + 1] >= '0' && s.p[i + 1] <= '9'))
        i++;
    return i;
}

static bool tokenise(struct arena *a, struct str text, struct tokens *out) {
    struct str rest = str_trim(str_lower_ascii(a, digits_ascii(a, text)));
    while (rest.n) {
        struct token t;
        if (out->n == COUNT(out->v)) return false;
        if (rest.p[0] == ' ') {
            rest = str_sub(rest, 1, SIZE_MAX);
            continue;
        }
        if (!time_token(&rest, &t)) {
            size_t n = word_end(rest);
            if (n == 0) n = str_starts(rest, S("،")) ? 2 : str_starts(rest, S("–")) ? 3 : 1;
            if (rest.p[0] >= '0' && rest.p[0] <= '9') return false;
            struct str word = str_sub(rest, 0, n);
            rest = str_sub(rest, n, SIZE_MAX);
            ptrdiff_t dash = str_find_c(word, '-'); /* mon-fri */
            if (dash > 0 && !word_token(a, word, &t)) {
                rest = str_printf(a, "%.*s - %.*s%.*s", (int)dash, word.p,
                                  (int)(word.n - (size_t)dash - 1), word.p + dash + 1, SF(rest));
                continue;
            }
            if (!word_token(a, word, &t)) return false;
        }
        if (t.kind != T_SKIP) out->v[out->n++] = t;
    }
    return out->n > 0;
}

static void days_between(unsigned *days, int from, int until) {
    for (int d = from;; d = (d + 1) % 7) {
        *days |= 1u << d;
        if (d == until) return;
    }
}

static bool add_span(struct hours *h, unsigned days, int from, int until) {
    if (h->n == COUNT(h->v)) return false;
    h->v[h->n++] = (struct hours_span){ days, from, until };
    return true;
}

/* «9-5» means the afternoon, «22-2» the next morning. */
static bool add_times(struct hours *h, unsigned days, struct token from, struct token until) {
    int end = until.a;
    if (end <= from.a && !until.clear && end <= DAY / 2 && from.a < DAY / 2) end += DAY / 2;
    if (end <= from.a) end += DAY;
    return end > from.a && add_span(h, days, from.a, end);
}

static bool is_persian_day(const struct tokens *t, int i) {
    return i + 1 < t->n && t->v[i].kind == T_TIME && t->v[i + 1].kind == T_DAY &&
           t->v[i + 1].a == 5;
}

bool hours_parse(struct arena *a, struct str text, struct hours *out) {
    struct tokens t = { .n = 0 };
    unsigned days = 0;
    int first_of_group = 0;
    bool days_used = false;
    *out = (struct hours){ .n = 0 };
    if (!tokenise(a, text, &t)) return false;
    for (int i = 0; i < t.n; i++) {
        const struct token *k = &t.v[i], *next = i + 1 < t.n ? k + 1 : NULL;
        const struct token *third = i + 2 < t.n ? k + 2 : NULL;
        if (is_persian_day(&t, i)) return false; /* «۴ شنبه»: better not guessed */
        if (k->kind == T_BREAK) continue;
        if (k->kind == T_FROM && next && next->kind == T_FROM) continue; /* «بعد از» */
        if (k->kind == T_BEFORE && next && next->kind == T_FROM) {       /* «قبل از ۱۲» */
            t.v[i + 1].kind = T_BEFORE;
            continue;
        }
        if (k->kind == T_FROM && next && next->kind == T_DAY) continue; /* «از شنبه تا …» */
        if (k->kind == T_DAY) {
            bool behind = out->n > first_of_group && !out->v[out->n - 1].days && !days;
            if (days_used && !behind) days = 0, days_used = false, first_of_group = out->n;
            if (next && next->kind == T_TO && third && third->kind == T_DAY) {
                days_between(&days, k->a, third->a);
                i += 2;
            } else {
                days |= 1u << k->a;
            }
            continue;
        }
        bool done;
        if (k->kind == T_SPAN) {
            done = add_span(out, days, k->a, k->b);
        } else if (k->kind == T_FROM && next && next->kind == T_TIME) {
            if (third && (third->kind == T_TO || third->kind == T_BEFORE)) continue;
            done = next->a < DAY && add_span(out, days, next->a, DAY);
            i++;
        } else if ((k->kind == T_BEFORE || k->kind == T_TO) && next && next->kind == T_TIME) {
            done = next->a > 0 && add_span(out, days, 0, next->a);
            i++;
        } else if (k->kind == T_TIME && next && (next->kind == T_TO || next->kind == T_BEFORE) &&
                   third && third->kind == T_TIME) {
            done = add_times(out, days, *k, *third);
            i += 2;
        } else {
            return false;
        }
        if (!done) return false;
        days_used = days != 0;
    }
    if (days && !days_used) { /* days behind the hours, or days alone */
        for (int i = first_of_group; i < out->n; i++)
            if (!out->v[i].days) out->v[i].days = days;
        if (out->n == first_of_group && !add_span(out, days, 0, DAY)) return false;
    }
    for (int i = 0; i < out->n; i++)
        if (!out->v[i].days) out->v[i].days = ALL_DAYS;
    return out->n > 0;
}

bool hours_fit(const struct hours *h, int iso_weekday, int minute) {
    int day = iso_weekday - 1, before = (day + 6) % 7;
    for (int i = 0; i < h->n; i++) {
        const struct hours_span *s = &h->v[i];
        if ((s->days >> day & 1) && minute >= s->from_min && minute < s->until_min) return true;
        if ((s->days >> before & 1) && minute + DAY < s->until_min) return true;
    }
    return false;
}

int hours_until(const struct hours *h, int iso_weekday, int minute) {
    int best = -1;
    for (int ahead = 0; ahead < 8; ahead++)
        for (int i = 0; i < h->n; i++) {
            const struct hours_span *s = &h->v[i];
            int at = ahead * DAY + s->from_min - minute;
            if (!(s->days >> ((iso_weekday - 1 + ahead) % 7) & 1) || at < 0) continue;
            if (best < 0 || at < best) best = at;
        }
    return best;
}
