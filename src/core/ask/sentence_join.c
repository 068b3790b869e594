/* What several bits of a plain sentence say together: numbers that are spelled or have a currency,
 * moving windows, bounds, comparisons. Called by sentence.c, in the order that stands there; asks
 * lib/locale for days. */
#include "core/ask/sentence_in.h"
#include "lib/locale/date.h"
#include "lib/locale/number.h"

/* Bits i to i + n - 1 become one. */
void sentence_become(struct saying *s, int i, int n, struct say_bit b) {
    b.at = s->bits[i].at;
    b.n = s->bits[i + n - 1].at + s->bits[i + n - 1].n - b.at;
    s->bits[i] = b;
    memmove(&s->bits[i + 1], &s->bits[i + n], (size_t)(s->n - i - n) * sizeof b);
    s->n -= n - 1;
}

static bool are(const struct saying *s, int i, const enum say *what, int n) {
    if (i + n > s->n) return false;
    for (int k = 0; k < n; k++)
        if (s->bits[i + k].say != what[k]) return false;
    return true;
}
#define ARE(s, i, ...)                                                                             \
    are(s, i, (const enum say[]){ __VA_ARGS__ },                                                   \
        (int)(sizeof((const enum say[]){ __VA_ARGS__ }) / sizeof(enum say)))

/* How many of the firm's units one of the named currency is; 0: it is another currency. */
static int64_t money_factor(const struct saying *s, const char *currencies) {
    struct str rest = str_of(currencies), one, firm = s->c->firm.currency;
    while (str_cut(&rest, ';', &one)) {
        if (str_eq(one, firm)) return 1;
        if (str_eq_z(one, "IRT") && str_eq_z(firm, "IRR")) return 10;
    }
    return firm.n ? 0 : 1;
}

/* «500 euros», «$500»; an amount in another currency than that of the business is not compared as
 * if it were in that: the currency is told as not understood. */
static bool join_money(struct saying *s, int i) {
    int number = ARE(s, i, SAY_MONEY, SAY_NUMBER) ? i + 1 : i;
    if (number == i && !ARE(s, i, SAY_NUMBER, SAY_MONEY)) return false;
    struct say_bit b = s->bits[number];
    int64_t by = money_factor(s, s->bits[number == i ? i + 1 : i].arg);
    if (!by || b.unit || b.number > AMOUNT_MAX / by) return false;
    b.number *= by;
    b.unit = 'c';
    sentence_become(s, i, 2, b);
    return true;
}

/* «vingt-cinq», «بیست و پنج», «خمسة وعشرين», «two hundred»; n: bits that were joined. */
static bool join_spelled(struct saying *s, int i) {
    if (s->bits[i].say != SAY_NUMBER || !s->bits[i].arg) return false;
    int at = i + 1 + ARE(s, i + 1, SAY_AND);
    if (!ARE(s, at, SAY_NUMBER) || !s->bits[at].arg) return false;
    struct say_bit a = s->bits[i], b = s->bits[at];
    int64_t x = a.number / SAY_SCALE, y = b.number / SAY_SCALE;
    bool sum = (x >= 20 && x < 100 && x % 10 == 0 && y > 0 && y < 20) ||
               (x >= 100 && x % 100 == 0 && y > 0 && y < 100 && x < 1000) ||
               (s->lang == LANG_AR && at > i + 1 && x < 10 && y >= 20 && y < 100 && y % 10 == 0);
    if (at == i + 1 && x > 1 && x < 10 && y == 100)
        a.number = x * 100 * SAY_SCALE;
    else if (sum && !(i > 0 && s->bits[i - 1].say == SAY_BETWEEN && s->lang == LANG_EN))
        a.number += b.number;
    else
        return false;
    sentence_become(s, i, at - i + 1, a);
    return true;
}

static bool join_scale(struct saying *s, int i) {
    struct say_bit b = s->bits[i];
    bool scale = b.say == SAY_THOUSAND || b.say == SAY_MILLION;
    if (scale) { /* alone: one thousand */
        s->bits[i] = (struct say_bit){ .say = SAY_NUMBER, .at = b.at, .n = b.n };
        s->bits[i].number = (int64_t)(b.say == SAY_THOUSAND ? 1000 : 1000000) * SAY_SCALE;
        return false;
    }
    if (ARE(s, i, SAY_NUMBER, SAY_THOUSAND) || ARE(s, i, SAY_NUMBER, SAY_MILLION)) {
        int64_t by = s->bits[i + 1].say == SAY_THOUSAND ? 1000 : 1000000;
        if (b.number > AMOUNT_MAX / by) return false;
        b.number *= by;
        sentence_become(s, i, 2, b);
        return true;
    }
    if (s->lang == LANG_FR && ARE(s, i, SAY_NUMBER, SAY_NUMBER) && s->bits[i + 1].n == 3 &&
        s->bits[i + 1].number < 1000 * SAY_SCALE && b.number > 0 &&
        b.number < AMOUNT_MAX / 1000) { /* «1 000» */
        b.number = b.number * 1000 + s->bits[i + 1].number;
        sentence_become(s, i, 2, b);
        return true;
    }
    return false;
}

void sentence_numbers(struct saying *s) {
    for (int i = 0; i < s->n; i++)
        if (join_spelled(s, i)) i--;
    for (int i = 0; i < s->n; i++)
        if (join_scale(s, i)) i--;
    for (int i = 0; i < s->n; i++) (void)join_money(s, i);
}

enum ask_unit sentence_unit(const char *arg) {
    switch (*arg) {
    case 'd': return ASK_DAY;
    case 'w': return ASK_WEEK;
    case 'm': return ASK_MONTH;
    case 'q': return ASK_QUARTER;
    default: return ASK_YEAR;
    }
}

static void be_period(struct saying *s, int i, int n, struct ask_period p) {
    sentence_become(s, i, n, (struct say_bit){ .say = SAY_WHEN, .period = p });
}

static struct str bit_text(const struct saying *s, int i) {
    return str_sub(s->text, (size_t)s->bits[i].at, (size_t)s->bits[i].n);
}

/* «The last month» is thirty days, not what has gone of this month (rule 2 of docs/ask.md). */
struct ask_period sentence_moving(enum ask_when when, int64_t n, enum ask_unit unit) {
    struct ask_period p = { .when = when, .n = (int)n, .unit = unit };
    if (n == 1 && unit == ASK_WEEK) p.n = 7, p.unit = ASK_DAY;
    if (n == 1 && unit == ASK_MONTH) p.n = 30, p.unit = ASK_DAY;
    if (n == 1 && unit == ASK_QUARTER) p.n = 3, p.unit = ASK_MONTH;
    if (n == 1 && unit == ASK_YEAR) p.n = 12, p.unit = ASK_MONTH;
    return p;
}

/* «Over 500 last month», «أكثر من 500 الشهر الماضي»: the number is what was spent, not how many
 * months. */
static bool number_of_another(const struct saying *s, int i) {
    static const int most[] = { 1000, 200, 120, 40, 50 };
    const struct say_bit *b = &s->bits[i], *next = b + 1;
    if (b->say != SAY_NUMBER || i + 1 >= s->n) return false;
    bool moves = next->say == SAY_LAST || next->say == SAY_LAST_ONE || next->say == SAY_NEXT ||
                 next->say == SAY_PREVIOUS;
    if (b->unit == 'c' || (s->lang == LANG_EN && moves)) return true;
    if (next->say != SAY_UNIT) return false;
    if (s->lang == LANG_AR && str_starts(bit_text(s, i + 1), S("ال"))) return true;
    bool compared = i > 0 && (s->bits[i - 1].say == SAY_OP || s->bits[i - 1].say == SAY_BETWEEN);
    return compared && b->number / SAY_SCALE > most[sentence_unit(next->arg)];
}

/* A moving window: its number, its unit and the word that moves it, in any order. */
static bool join_window(struct saying *s, int i) {
    const struct say_bit *number = NULL, *unit = NULL, *move = NULL;
    int n = 0, first_move = -1;
    if (number_of_another(s, i)) return false;
    for (; n < 3 && i + n < s->n; n++) {
        const struct say_bit *b = &s->bits[i + n];
        bool moves = b->say == SAY_LAST || b->say == SAY_LAST_ONE || b->say == SAY_NEXT ||
                     b->say == SAY_PREVIOUS;
        if (b->say == SAY_NUMBER && !number)
            number = b;
        else if ((b->say == SAY_UNIT || b->say == SAY_TWO) && !unit)
            unit = b;
        else if (moves && !move)
            move = b, first_move = n;
        else
            break;
    }
    if (!unit || !move || (number && unit->say == SAY_TWO)) return false;
    bool before = first_move == 0 && s->bits[i].say != SAY_UNIT;
    int64_t count = unit->say == SAY_TWO ? 2 : number ? number->number / SAY_SCALE : 1;
    if (count < 1 || count > 9999 || (number && number->number % SAY_SCALE)) return false;
    struct ask_period p = { .when = move->say == SAY_NEXT ? ASK_NEXT : ASK_LAST,
                            .n = (int)count,
                            .unit = sentence_unit(unit->arg) };
    bool counted = number || unit->say == SAY_TWO || move->say == SAY_LAST_ONE ||
                   (move->say == SAY_NEXT && move->arg);
    bool whole = s->lang == LANG_FR ? !before : true; /* «la dernière année»: twelve months */
    if (p.unit == ASK_QUARTER && !number) whole = true, counted = false;
    if (!counted && (p.when == ASK_NEXT || whole)) {
        p.when = p.when == ASK_NEXT ? ASK_FOLLOWING : ASK_PREVIOUS;
        p.n = 0;
    } else
        p = sentence_moving(p.when, p.n, p.unit);
    be_period(s, i, n, p);
    return true;
}

static bool join_named(struct saying *s, int i) {
    const struct say_bit *b = &s->bits[i];
    if (ARE(s, i, SAY_THIS, SAY_UNIT)) {
        be_period(
            s, i, 2,
            (struct ask_period){ .when = ASK_THIS, .unit = sentence_unit(s->bits[i + 1].arg) });
        return true;
    }
    bool of_it = i > 0 && s->lang == LANG_FR &&
                 (s->bits[i - 1].say == SAY_NOISE || s->bits[i - 1].say == SAY_OF);
    struct str article = of_it ? bit_text(s, i - 1) : NO_STR;
    bool moved =
        i + 1 < s->n && (s->bits[i + 1].say == SAY_LAST || s->bits[i + 1].say == SAY_NEXT ||
                         s->bits[i + 1].say == SAY_PREVIOUS);
    of_it = str_eq_z(article, "du") || str_eq_z(article, "de la") || str_eq_z(article, "l");
    if (b->say == SAY_TWO && s->lang == LANG_FR && !moved) { /* «de la quinzaine» */
        be_period(s, i, 1, sentence_moving(ASK_LAST, 2, sentence_unit(b->arg)));
        return true;
    }
    if (b->say == SAY_UNIT && of_it && !moved) { /* «les anniversaires du mois» */
        be_period(s, i, 1, (struct ask_period){ .when = ASK_THIS, .unit = sentence_unit(b->arg) });
        return true;
    }
    if (b->say != SAY_PERIOD) return false;
    be_period(s, i, 1,
              (struct ask_period){ .when = b->arg[0] == 't'   ? ASK_THIS
                                           : b->arg[0] == 'p' ? ASK_PREVIOUS
                                                              : ASK_FOLLOWING,
                                   .unit = sentence_unit(b->arg + 1) });
    return true;
}

static struct str day_before(struct saying *s, struct str iso) {
    struct day d;
    if (!day_of_iso(iso, &d)) return iso;
    return day_iso(s->c->arena, day_of_number(day_number(d) - 1));
}

/* «For six months», «in 3 months» of something that was done or not, «depuis un an», «من 6 شهور».
 */
static bool join_for(struct saying *s, int i) {
    const struct say_bit b = s->bits[i];
    bool in = (b.say == SAY_IN && !b.arg && s->lang != LANG_FA) ||
              (b.say == SAY_OF && s->lang == LANG_AR);
    bool article = ARE(s, i + 1, SAY_NOISE, SAY_UNIT);
    if (b.say != SAY_SINCE && !in) return false;
    for (int k = 0; in && k < i; k++) /* «birthday in 3 days» is to come */
        if (s->bits[k].say == SAY_FIELD && strcmp(s->bits[k].arg, "changed") &&
            strcmp(s->bits[k].arg, "last_purchase") && strcmp(s->bits[k].arg, "last_note"))
            return false;
    if (b.say == SAY_SINCE && article) {
        struct str one = bit_text(s, i + 1);
        const struct say_bit *behind = i + 3 < s->n ? &s->bits[i + 3] : NULL;
        bool moved = behind && (behind->say == SAY_LAST || behind->say == SAY_NEXT ||
                                behind->say == SAY_PREVIOUS || behind->say == SAY_NUMBER);
        if (moved || (!str_eq_z(one, "un") && !str_eq_z(one, "une") && !str_eq_z(one, "a") &&
                      !str_eq_z(one, "an")))
            return false;
        be_period(s, i, 3, sentence_moving(ASK_LAST, 1, sentence_unit(s->bits[i + 2].arg)));
        return true;
    }
    if (ARE(s, i + 1, SAY_TWO)) {
        be_period(s, i, 2, sentence_moving(ASK_LAST, 2, sentence_unit(s->bits[i + 1].arg)));
        return true;
    }
    bool years = b.say == SAY_SINCE && ARE(s, i + 1, SAY_NUMBER, SAY_YEARS);
    if ((!years && !ARE(s, i + 1, SAY_NUMBER, SAY_UNIT)) || s->bits[i + 1].unit) return false;
    int64_t n = s->bits[i + 1].number;
    if (n < SAY_SCALE || n % SAY_SCALE || n / SAY_SCALE > ASK_PERIOD_N_MOST) return false;
    if (in && s->bits[i + 2].arg[0] == 'y' && n > 20 * (int64_t)SAY_SCALE) return false; /* age */
    enum ask_unit unit = years ? ASK_YEAR : sentence_unit(s->bits[i + 2].arg);
    n /= SAY_SCALE;
    if (unit == ASK_YEAR && n * 12 <= ASK_PERIOD_N_MOST) n *= 12, unit = ASK_MONTH;
    be_period(s, i, 3, sentence_moving(ASK_LAST, n, unit));
    return true;
}

/* «Since last month»: this one and that. */
static void since_period(struct saying *s) {
    for (int i = 0; i + 1 < s->n; i++) {
        struct ask_period p = s->bits[i + 1].period;
        if (!ARE(s, i, SAY_SINCE, SAY_WHEN)) continue;
        if (p.when == ASK_PREVIOUS)
            be_period(s, i, 2, (struct ask_period){ .when = ASK_LAST, .n = 2, .unit = p.unit });
        else if (p.when == ASK_THIS)
            be_period(s, i, 2, p);
    }
}

/* Before, after, since a day or a year; for some units («for six months»). */
static bool join_bounds(struct saying *s, int i) {
    struct say_bit b = s->bits[i], to = i + 1 < s->n ? s->bits[i + 1] : b;
    struct ask_period p = { .when = b.say == SAY_BEFORE ? ASK_BEFORE : ASK_AFTER }, year;
    if (b.say != SAY_BEFORE && b.say != SAY_AFTER && b.say != SAY_SINCE) return false;
    if (i + 1 >= s->n) return false;
    if (to.say == SAY_NUMBER && sentence_year(s, to.number / SAY_SCALE, &year))
        to.iso = b.say == SAY_AFTER ? year.until : year.from;
    else if (to.say == SAY_WHEN && to.period.when == ASK_RANGE)
        to.iso = b.say == SAY_AFTER ? to.period.until : to.period.from;
    else if (to.say != SAY_DATE)
        return false;
    if (b.say == SAY_BEFORE)
        p.until = to.iso;
    else
        p.from = b.say == SAY_SINCE ? day_before(s, to.iso) : to.iso;
    be_period(s, i, 2, p);
    return true;
}

/* «۶ ماه است»: it is six months that. */
static bool join_it_is(struct saying *s, int i) {
    if (s->lang != LANG_FA || !ARE(s, i, SAY_NUMBER, SAY_UNIT)) return false;
    const struct say_bit *unit = &s->bits[i + 1], *is = unit + 1;
    int64_t n = s->bits[i].number / SAY_SCALE;
    bool said = ARE(s, i + 2, SAY_NOISE) &&
                str_eq(str_sub(s->text, (size_t)is->at, (size_t)is->n), S("است"));
    bool short_of_it = unit->arg[0] != 'w' && unit->arg[0] != 'y' &&
                       str_ends(str_sub(s->text, (size_t)unit->at, (size_t)unit->n), S("ه")) &&
                       unit->n > (int)strlen("ماه");
    if ((!said && !short_of_it) || n < 1 || n > 9999) return false;
    be_period(s, i, said ? 3 : 2, sentence_moving(ASK_LAST, n, sentence_unit(s->bits[i + 1].arg)));
    return true;
}

void sentence_periods(struct saying *s) {
    for (int i = 0; i < s->n; i++) {
        bool done = join_window(s, i) || join_named(s, i) || join_for(s, i) || join_bounds(s, i) ||
                    join_it_is(s, i);
        /* «ces 30 derniers jours»: the word before it says nothing more. */
        if (done && i > 0 && s->bits[i - 1].say == SAY_THIS)
            be_period(s, i - 1, 2, s->bits[i].period);
    }
    since_period(s);
}

static enum ask_op op_of(const char *arg) {
    if (arg[0] == '=') return ASK_EXACTLY;
    if (arg[0] == '>') return arg[1] ? ASK_AT_LEAST : ASK_OVER;
    return arg[1] ? ASK_AT_MOST : ASK_UNDER;
}

/* «الشهر», «السنة الماضية» are no ages: the article says which one is meant. */
static bool is_age(const struct saying *s, int i) {
    const struct say_bit *b = i < s->n ? &s->bits[i] : NULL;
    if (!b || (s->lang == LANG_AR && str_starts(bit_text(s, i), S("ال")))) return false;
    return b->say == SAY_YEARS || (b->say == SAY_UNIT && b->arg[0] == 'y');
}

/* What stands behind the number of a comparison says what is counted. n: bits so far. */
static void be_compare(struct saying *s, int i, int n, struct say_bit b) {
    const struct say_bit *next = i + n < s->n ? &s->bits[i + n] : NULL;
    if (b.say != SAY_AGE) b.say = SAY_COMPARE;
    if (next && b.unit != 'c' && (next->say == SAY_TIMES || is_age(s, i + n))) {
        if (next->say == SAY_TIMES) b.unit = 't';
        if (is_age(s, i + n)) b.say = SAY_AGE;
        n++;
    }
    sentence_become(s, i, n, b);
}

static bool join_between(struct saying *s, int i) {
    int k = i + (s->bits[i].say == SAY_BETWEEN || s->bits[i].say == SAY_OF), at = k + 1;
    bool opened = s->bits[i].say == SAY_BETWEEN;
    if (k >= s->n || s->bits[k].say != SAY_NUMBER) return false;
    bool parted = at < s->n && (s->bits[at].say == SAY_AND || s->bits[at].say == SAY_TO ||
                                s->bits[at].say == SAY_IN);
    bool dash = parted && str_eq_z(bit_text(s, at), "-"); /* «18-25» */
    at += parted;
    if (at >= s->n || s->bits[at].say != SAY_NUMBER || (!opened && !parted)) return false;
    bool aged = i > 0 && s->bits[i - 1].say == SAY_FIELD && !strcmp(s->bits[i - 1].arg, "age");
    if (!opened && !dash && !aged && !is_age(s, at + 1)) return false;
    be_compare(s, i, at - i + 1,
               (struct say_bit){ .op = ASK_BETWEEN,
                                 .number = s->bits[k].number,
                                 .number2 = s->bits[at].number,
                                 .unit = s->bits[at].unit });
    return true;
}

/* «3 times at least», «5 مشتريات على الأقل»: the op behind; what it counts keeps its own bit. */
static bool join_behind(struct saying *s, int i) {
    if (s->bits[i].say != SAY_NUMBER && s->bits[i].say != SAY_TWICE) return false;
    int at = i + 1;
    bool between_bit =
        at < s->n && (s->bits[at].say == SAY_TIMES || s->bits[at].say == SAY_RELATION);
    at += between_bit;
    if (at >= s->n || s->bits[at].say != SAY_OP) return false;
    if (at + 1 < s->n && s->bits[at + 1].say == SAY_NUMBER) return false;
    struct say_bit b = { .say = SAY_COMPARE,
                         .op = op_of(s->bits[at].arg),
                         .number = s->bits[i].number,
                         .unit = s->bits[i].say == SAY_TWICE ? 't' : s->bits[i].unit };
    struct say_bit what = s->bits[i + 1];
    if (between_bit && what.say == SAY_TIMES) b.unit = 't';
    if (between_bit && what.say == SAY_RELATION) {
        b.at = s->bits[i].at;
        b.n = s->bits[i].n;
        s->bits[i] = b;
        sentence_become(s, i + 1, 2, what);
    } else
        sentence_become(s, i, at - i + 1, b);
    return true;
}

/* «At least one file», «au moins une note»: the article is a number. */
static void articles(struct saying *s) {
    for (int i = 1; s->lang == LANG_FR && i < s->n; i++) { /* «0 commande», «une commande» */
        bool noun = s->bits[i].say == SAY_BUY && str_eq_z(bit_text(s, i), "commande") &&
                    (s->bits[i - 1].say == SAY_NUMBER || str_eq_z(bit_text(s, i - 1), "une"));
        if (noun) s->bits[i].say = SAY_RELATION, s->bits[i].arg = "purchases";
    }
    static const char *const one[] = { "a", "an", "un", "une", "one" };
    for (int i = 0; i + 2 < s->n; i++) {
        if (!ARE(s, i, SAY_OP, SAY_NOISE, SAY_RELATION)) continue;
        for (int k = 0; k < COUNT(one); k++)
            if (str_eq_z(bit_text(s, i + 1), one[k])) {
                s->bits[i + 1].say = SAY_NUMBER;
                s->bits[i + 1].number = SAY_SCALE;
            }
    }
}

/* Before periods: of «between 100 and 200 last month» the second number is no month's. */
void sentence_ranges(struct saying *s) {
    for (int i = 0; i < s->n; i++)
        if (s->bits[i].say == SAY_BETWEEN) (void)join_between(s, i);
}

void sentence_compares(struct saying *s) {
    articles(s);
    for (int i = 0; i < s->n; i++) {
        struct say_bit b = s->bits[i];
        if ((b.say == SAY_OP || b.say == SAY_OLDER) &&
            (ARE(s, i + 1, SAY_NUMBER) || ARE(s, i + 1, SAY_TWICE))) {
            struct say_bit to = s->bits[i + 1];
            be_compare(s, i, 2,
                       (struct say_bit){ .say = b.say == SAY_OLDER ? SAY_AGE : SAY_COMPARE,
                                         .op = op_of(b.arg),
                                         .number = to.number,
                                         .unit = to.say == SAY_TWICE ? 't' : to.unit });
        } else if (b.say == SAY_OP && ARE(s, i + 1, SAY_RELATION, SAY_NUMBER)) {
            /* «تجاوزت مشترياتهم 1000» */
            struct say_bit to = s->bits[i + 2];
            s->bits[i] = s->bits[i + 1];
            be_compare(
                s, i + 1, 2,
                (struct say_bit){ .op = op_of(b.arg), .number = to.number, .unit = to.unit });
        } else if (join_between(s, i) || join_behind(s, i)) {
            continue;
        } else if (ARE(s, i, SAY_NUMBER, SAY_RELATION) && b.unit != 'c') { /* «0 orders» */
            s->bits[i].say = SAY_COMPARE;
            s->bits[i].op = ASK_EXACTLY;
        } else if (b.say == SAY_TWICE || ARE(s, i, SAY_NUMBER, SAY_TIMES)) {
            b = (struct say_bit){ .op = ASK_EXACTLY, .number = b.number, .unit = 't' };
            be_compare(s, i, 1, b);
        }
    }
}

bool sentence_year(const struct saying *s, int64_t year, struct ask_period *out) {
    bool persian = year >= 1200 && year < 1500;
    struct day from, until;
    enum calendar_id cal = persian ? CAL_PERSIAN : CAL_GREGORIAN;
    if (!persian && (year < 1700 || year > 2199)) return false;
    if (!day_from(cal, (struct day){ (int32_t)year, 1, 1 }, &from) ||
        !day_from(cal, (struct day){ (int32_t)year + 1, 1, 1 }, &until))
        return false;
    *out =
        (struct ask_period){ .when = ASK_RANGE,
                             .from = day_iso(s->c->arena, from),
                             .until = day_iso(s->c->arena, day_of_number(day_number(until) - 1)) };
    return true;
}
