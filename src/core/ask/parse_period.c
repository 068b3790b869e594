/* Periods as four languages order their words: «last 30 days», «30 derniers jours», «۳۰ روز اخیر»,
 * «آخر 30 يوما», «this month», «ماه قبل», days and years with '..' between, before, after. Called
 * by parse.c and parse_rule.c; calls the words of the grammar and value.c for days. */
#include "core/ask/parse.h"
#include "lib/locale/date.h"
#include "lib/locale/number.h"

#define UNIT_TERMS                                                                                 \
    (ASK_TERM(DAY) | ASK_TERM(WEEK) | ASK_TERM(MONTH) | ASK_TERM(QUARTER) | ASK_TERM(YEAR))
#define SIDE_TERMS                                                                                 \
    (ASK_TERM(LAST) | ASK_TERM(LATEST) | ASK_TERM(NEXT) | ASK_TERM(THIS) | ASK_TERM(PREVIOUS))
enum { DATE_WORDS_MAX = 4 };

/* --- days --- */

struct str ask_day_moved(struct ctx *c, struct str iso, int by) {
    struct day day;
    if (!day_of_iso(iso, &day)) return NO_STR;
    day = day_of_number(day_number(day) + by);
    return day_valid(day) ? day_iso(c->arena, day) : NO_STR;
}

/* 1 to 4 digits and nothing else, or 0. */
static int small_number(const struct ask_tok *t) {
    struct str rest = t->text;
    int n = 0, digits = 0;
    if (t->kind != TOK_WORD) return 0;
    while (rest.n) {
        int digit = digit_value(utf8_next(&rest));
        if (digit < 0 || ++digits > 6) return 0;
        n = n * 10 + digit;
    }
    return n;
}

/* A year is Gregorian from 1700 to 2199; else it is one of the reader's own calendar. */
static bool year_here(struct parser *p, struct str *from, struct str *until) {
    int year = small_number(tok(p));
    enum calendar_id calendar = year >= 1700 ? CAL_GREGORIAN : p->c->loc->calendar;
    struct day first, last;
    bool known = (year >= 1700 && year <= 2199) ||
                 (year >= 1278 && year <= 1499 && calendar != CAL_GREGORIAN);
    if (!known || !day_from(calendar, (struct day){ year, 1, 1 }, &first)) return false;
    if (!day_from(calendar, (struct day){ year + 1, 1, 1 }, &last)) return false;
    *from = day_iso(p->c->arena, first);
    *until = ask_day_moved(p->c, day_iso(p->c->arena, last), -1);
    p->i++;
    return true;
}

/* How many words behind a day of n words belong to it and change nothing: «هـ», «ap. J.-C.». A word
 * that means something here does not, though dates would take it («date»). */
static int era(struct parser *p, int n, int most, struct str day) {
    int more = 0;
    struct str same;
    for (int i = 1; n + i <= most && i <= 2; i++) {
        struct str word = p->t[p->i + n + i - 1].folded;
        if (catalogue_field(p->k, p->of, word, false) || ask_terms(p->c, word, UINT64_MAX)) break;
        if (ask_day_called(p->c, ask_slice(p, p->i, n + i), &same) && str_eq(day, same)) more = i;
    }
    return more;
}

/* A day or a year: its first and its last day. */
static bool days_here(struct parser *p, struct str *from, struct str *until) {
    int most = ask_words_from(p, p->i, DATE_WORDS_MAX);
    if (tok(p)->kind == TOK_STRING && ask_day_called(p->c, tok(p)->text, from)) {
        *until = *from;
        p->i++;
        return true;
    }
    for (int n = 1; n <= most; n++) {
        if (n == 1 && small_number(tok(p))) continue;
        if (!ask_day_called(p->c, n == 1 ? tok(p)->text : ask_slice(p, p->i, n), from)) continue;
        *until = *from;
        p->i += n + era(p, n, most, *from);
        return true;
    }
    return year_here(p, from, until);
}

static int no_day(struct parser *p) {
    ask_fail_here(p, tok(p)->kind == TOK_END ? N_("A date is missing here.")
                                             : N_("“{word}” is not a date."));
    return -1;
}

/* before, after, from … to, day..day; 0: none of these. */
static int by_days(struct parser *p, struct ask_period *out) {
    struct str from, until, first;
    int start = p->i;
    uint64_t side = ask_take(p, ASK_TERM(BEFORE) | ASK_TERM(AFTER));
    if (side) {
        ask_take(p, ASK_TERM(THE));
        if (!days_here(p, &from, &until)) {
            p->i = start;
            side = 0;
        }
    }
    if (side) {
        bool before = side & ASK_TERM(BEFORE);
        out->when = before ? ASK_BEFORE : ASK_AFTER;
        *(before ? &out->until : &out->from) = before ? from : until;
        return 1;
    }
    bool between = ask_take(p, ASK_TERM(BETWEEN)) != 0, open = tok(p)->kind == TOK_RANGE;
    if (open) {
        p->i++;
        if (!days_here(p, &from, &until)) return no_day(p);
        out->when = ASK_BEFORE;
        out->until = ask_day_moved(p->c, until, 1);
        return 1;
    }
    if (!days_here(p, &first, &until)) {
        if (between) return no_day(p);
        p->i = start;
        return 0;
    }
    *out = (struct ask_period){ .when = ASK_RANGE, .from = first, .until = until };
    bool to = tok(p)->kind == TOK_RANGE;
    if (to)
        p->i++;
    else if (between && !(to = ask_take(p, ASK_TERM(TO)) != 0))
        return no_day(p);
    if (!to) return 1;
    bool ends = tok(p)->kind != TOK_WORD && tok(p)->kind != TOK_STRING;
    if (ends && !between) {
        *out = (struct ask_period){ .when = ASK_AFTER, .from = ask_day_moved(p->c, first, -1) };
        return 1;
    }
    if (!days_here(p, &from, &until)) return no_day(p);
    out->until = until;
    return 1;
}

/* --- units --- */

static bool unit_here(struct parser *p, enum ask_unit *unit, bool *two) {
    uint64_t terms = ask_take(p, UNIT_TERMS | ASK_TERM(TWO));
    ask_wants(p, terms ? 0 : WANT_UNIT, NULL);
    if (!(terms & UNIT_TERMS)) return false;
    *two = terms & ASK_TERM(TWO);
    *unit = terms & ASK_TERM(DAY)     ? ASK_DAY
            : terms & ASK_TERM(WEEK)  ? ASK_WEEK
            : terms & ASK_TERM(MONTH) ? ASK_MONTH
            : terms & ASK_TERM(YEAR)  ? ASK_YEAR
                                      : ASK_QUARTER;
    return true;
}

static int count_here(struct parser *p, int *n) {
    const struct ask_tok *t = tok(p);
    int small = small_number(t);
    if (!small) return 0;
    p->i++;
    *n = small;
    return 1;
}

static int settle(struct parser *p, struct ask_period *out, uint64_t side, int n, bool two,
                  const struct ask_tok *from) {
    bool last = side & (ASK_TERM(LAST) | ASK_TERM(LATEST)), next = side & ASK_TERM(NEXT);
    if (two && !n) n = 2;
    if (!n && (side & ASK_TERM(LATEST))) n = 1; /* آخر شهر */
    if (n > ASK_PERIOD_N_MOST) {
        ask_fail(p, from->at, from->n, N_("From 1 to {max} are possible here."),
                 ARG("max", str_printf(p->c->arena, "%d", ASK_PERIOD_N_MOST)));
        return -1;
    }
    if (n) {
        out->when = next ? ASK_NEXT : ASK_LAST;
        out->n = n;
        return last || next || (side & ASK_TERM(PREVIOUS)) || !side ? 1 : 0;
    }
    out->when = next ? ASK_FOLLOWING : side & ASK_TERM(THIS) ? ASK_THIS : ASK_PREVIOUS;
    return side ? 1 : 0;
}

/* [side] [n] [side] unit [side], with the side in one of the three places. */
static int by_units(struct parser *p, struct ask_period *out) {
    const struct ask_tok *from = tok(p);
    bool two = false;
    int n = 0, start = p->i;
    uint64_t side = ask_take(p, SIDE_TERMS);
    ask_wants(p, side ? WANT_UNIT : 0, NULL);
    count_here(p, &n);
    if (!side) side = ask_take(p, SIDE_TERMS);
    if (!unit_here(p, &out->unit, &two)) {
        p->i = start;
        return 0;
    }
    if (!side) {
        int words;
        side = ask_phrase(p, p->i, SIDE_TERMS, &words);
        p->i += words;
        ask_wants(p, side || n ? 0 : WANT_PERIOD, NULL);
    }
    int got = settle(p, out, side, n, two, from);
    if (got == 0) p->i = start;
    return got;
}

/* Words that are a whole period. */
static int by_word(struct parser *p, struct ask_period *out) {
    uint64_t terms = ask_take(p, ASK_TERM(TODAY) | ASK_TERM(YESTERDAY) | ASK_TERM(TOMORROW) |
                                     ASK_TERM(THIS_YEAR) | ASK_TERM(LAST_YEAR));
    if (!terms) return 0;
    bool year = terms & (ASK_TERM(THIS_YEAR) | ASK_TERM(LAST_YEAR));
    bool now = terms & (ASK_TERM(TODAY) | ASK_TERM(THIS_YEAR));
    out->when = now ? ASK_THIS : terms & ASK_TERM(TOMORROW) ? ASK_FOLLOWING : ASK_PREVIOUS;
    out->unit = year ? ASK_YEAR : ASK_DAY;
    return 1;
}

static bool filler(struct parser *p) {
    return ask_take(p, ASK_TERM(IN) | ASK_TERM(THE)) != 0;
}

/* Each as it stands first, then without «in», «the», «les», «ces» …, which may be a part of it;
 * days last, because «in today» is understood as one too. */
int ask_period_here(struct parser *p, struct ask_period *out) {
    static int (*const ways[])(struct parser *, struct ask_period *) = { by_units, by_word,
                                                                         by_days };
    int start = p->i, got = 0;
    if (p->st != OK) return -1;
    for (int way = 0; way < COUNT(ways) && !got; way++) {
        p->i = start;
        for (int skipped = 0; skipped < 3 && !got; skipped++) {
            struct ask_period period = { 0 };
            if (skipped && !filler(p)) break;
            ask_wants(p, WANT_PERIOD, NULL);
            got = ways[way](p, &period);
            if (p->st != OK) return -1;
            if (got) *out = period;
        }
    }
    if (!got) p->i = start;
    return got;
}
