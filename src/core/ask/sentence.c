/* Plain sentences (sentence.h): words, phrases of the language's table, numbers and dates first,
 * then what several of them say together: a period, a comparison. sentence_rules.c makes rules of
 * it. Tests: sentences of t/sentences. Called by pages, the API and the command line. */
#include "core/ask/sentence_in.h"
#include "core/entity/order.h"
#include "core/search/search.h"
#include "lib/locale/date.h"
#include "lib/locale/number.h"
#include "lib/text/fold.h"

enum { TOKENS_MAX = SAY_BITS_MAX, FORMS_MAX = 20, SENTENCE_MAX = 2000 };

struct token {
    int at, n;
    struct str forms[FORMS_MAX]; /* its fold, then the same without endings and prefixes */
    int forms_n;
    bool digits; /* begins with one */
    bool sign;   /* $ or > */
    bool gap;    /* a comma or the like stands before it */
};
struct phrase {
    const struct say_word *of;
    struct str words[SAY_PHRASE_WORDS];
    int n;
};

static const struct say_word *words_of(enum lang lang) {
    switch (lang) {
    case LANG_FA: return say_fa;
    case LANG_AR: return say_ar;
    case LANG_FR: return say_fr;
    default: return say_en;
    }
}

static int phrases_of(struct saying *s, struct phrase **out) {
    struct arena *a = s->c->arena;
    int n = 0;
    for (const struct say_word *w = words_of(s->lang); w->phrases; w++) {
        n++;
        for (const char *p = w->phrases; *p; p++) n += *p == ';';
    }
    struct phrase *v = arena_array(a, struct phrase, n);
    n = 0;
    for (const struct say_word *w = words_of(s->lang); w->phrases; w++) {
        struct str rest = str_of(w->phrases), piece, word;
        while (str_cut(&rest, ';', &piece)) {
            struct str folded = fold(a, piece);
            v[n].of = w;
            while (v[n].n < SAY_PHRASE_WORDS && str_cut(&folded, ' ', &word))
                if (word.n) v[n].words[v[n].n++] = word;
            if (v[n].n) n++;
        }
    }
    *out = v;
    return n;
}

/* --- words --- */

static bool is_digit(struct str s) {
    return s.n && digit_value(utf8_next(&s)) >= 0;
}

/* Signs that mean something: money, comparisons; others are told as not understood. */
static const struct {
    int32_t ch;
    enum say say;
    const char *arg;
} signs[] = {
    { '$', SAY_MONEY, "USD;CAD;AUD" },
    { 0x20AC, SAY_MONEY, "EUR" },
    { 0xA3, SAY_MONEY, "GBP" },
    { 0xA5, SAY_MONEY, "JPY;CNY" },
    { 0xFDFC, SAY_MONEY, "IRR" },
    { '>', SAY_OP, ">" },
    { '<', SAY_OP, "<" },
    { '=', SAY_OP, "=" },
    { 0x2265, SAY_OP, ">=" },
    { 0x2264, SAY_OP, "<=" },
    { '%', SAY_WORD, NULL },
};

static int sign_of(int32_t ch) {
    for (int i = 0; i < COUNT(signs); i++)
        if (signs[i].ch == ch) return i;
    return -1;
}

/* Letters and digits of any script, and what joins them: ZWNJ, apostrophes, marks. */
static bool in_word(int32_t ch) {
    if (ch < 128) return (ch | 32) >= 'a' ? (ch | 32) <= 'z' : ch >= '0' && ch <= '9';
    return !(ch == 0xA0 || ch == 0xAB || ch == 0xBB || ch == 0x60C || ch == 0x61B || ch == 0x61F ||
             sign_of(ch) >= 0 || ch == 0x202F || (ch >= 0x2000 && ch <= 0x200B) ||
             (ch >= 0x200E && ch <= 0x206F && ch != 0x2019));
}

/* Between digits: 2024-01-01, 1,000, ۱۴۰۲/۱۰/۱۱, 12.5. */
static bool joins_digits(int32_t ch) {
    return ch == '-' || ch == '/' || ch == '.' || ch == ',' || ch == 0x66B || ch == 0x66C;
}

static bool apostrophe(int32_t ch) {
    return ch == '\'' || ch == 0x2019;
}

static size_t word_end(struct str s, enum lang lang, bool digits) {
    struct str rest = s;
    while (rest.n) {
        struct str next = rest;
        int32_t ch = utf8_next(&next);
        bool joined =
            (digits && joins_digits(ch) && is_digit(next)) || (apostrophe(ch) && lang != LANG_FR);
        if ((!in_word(ch) || (apostrophe(ch) && lang == LANG_FR)) && !joined) break;
        rest = next;
    }
    return s.n - rest.n;
}

static void form(struct token *t, struct str s) {
    for (int i = 0; i < t->forms_n; i++)
        if (str_eq(t->forms[i], s)) return;
    if (s.n >= 3 && t->forms_n < FORMS_MAX) t->forms[t->forms_n++] = s;
}

static void less_ending(struct token *t, const char *ending) {
    for (int i = 0, n = t->forms_n; i < n; i++)
        if (str_ends(t->forms[i], str_of(ending)))
            form(t, str_sub(t->forms[i], 0, t->forms[i].n - strlen(ending)));
}

static void less_prefix(struct token *t, const char *prefix) {
    for (int i = 0, n = t->forms_n; i < n; i++)
        if (str_starts(t->forms[i], str_of(prefix)))
            form(t, str_sub(t->forms[i], strlen(prefix), SIZE_MAX));
}

static void forms_of(struct saying *s, struct token *t, struct str folded) {
    if (folded.n) t->forms[t->forms_n++] = folded;
    if (s->lang == LANG_FA) {
        static const char *const endings[] = { "ه",   "شان", "یشان", "شون", "یشون", "هایی", "یی",
                                               "های", "ها",  "ایی",  "ای",  "ا",    "ی",    "ان" };
        for (int i = 0; i < COUNT(endings); i++) less_ending(t, endings[i]);
    } else if (s->lang == LANG_AR) {
        less_prefix(t, "و");
        less_prefix(t, "ب");
        less_prefix(t, "ل");
        less_prefix(t, "ال");
        less_ending(t, "هم");
        less_ending(t, "هن");
    }
}

/* Persian endings and «می» that stand apart by a space belong to the word beside them. */
static bool belongs(struct saying *s, const struct token *before, const struct token *t) {
    static const char *const ends[] = { "ها",  "های", "هایی", "اند", "شان",
                                        "شون", "تر",  "ترین", "هاي", "هایشان" };
    if (s->lang != LANG_FA || before->digits || before->sign || t->digits || t->sign ||
        before->at + before->n + 1 != t->at || s->text.p[t->at - 1] != ' ')
        return false;
    if (str_eq_z(before->forms[0], "می") || str_eq_z(before->forms[0], "نمی")) return true;
    for (int i = 0; i < COUNT(ends); i++)
        if (str_eq(t->forms[0], fold(s->c->arena, str_of(ends[i])))) return true;
    return false;
}

static struct str folded_of(struct saying *s, const struct token *t) {
    return fold(s->c->arena, str_sub(s->text, (size_t)t->at, (size_t)t->n));
}

static void join_token(struct saying *s, struct token *before, const struct token *t) {
    struct str whole =
        str_printf(s->c->arena, "%.*s%.*s", SF(folded_of(s, before)), SF(folded_of(s, t)));
    before->n = t->at + t->n - before->at;
    before->forms_n = 0;
    forms_of(s, before, whole);
}

static int sign_token(struct saying *s, struct str rest, struct str next, struct token *out) {
    *out = (struct token){
        .at = (int)(s->text.n - rest.n), .n = (int)(rest.n - next.n), .sign = true, .forms_n = 1
    };
    out->forms[0] = str_sub(rest, 0, rest.n - next.n);
    return 1;
}

static bool parts(int32_t ch) {
    return ch == ',' || ch == ';' || ch == '?' || ch == '!' || ch == 0x60C || ch == 0x61B ||
           ch == 0x61F;
}

static int tokens_of(struct saying *s, struct token *v) {
    struct str rest = s->text;
    int n = 0;
    bool gap = false;
    while (rest.n && n < TOKENS_MAX) {
        struct str next = rest;
        int32_t ch = utf8_next(&next);
        if (!in_word(ch) || apostrophe(ch)) {
            gap = gap || parts(ch);
            if (sign_of(ch) >= 0) n += sign_token(s, rest, next, &v[n]);
            rest = next;
            continue;
        }
        bool digits = digit_value(ch) >= 0;
        struct token t = { .at = (int)(s->text.n - rest.n), .digits = digits };
        if (s->lang == LANG_AR && ch == 0x648 && is_digit(next)) { /* «و40»: and 40 */
            rest = next;
            t = (struct token){ .at = (int)(s->text.n - rest.n), .digits = true };
        }
        size_t end = word_end(rest, s->lang, t.digits);
        t.n = (int)end;
        forms_of(s, &t, folded_of(s, &t));
        t.gap = gap;
        gap = false;
        rest = str_sub(rest, end ? end : 1, SIZE_MAX);
        if (t.forms_n && n && belongs(s, &v[n - 1], &t))
            join_token(s, &v[n - 1], &t);
        else if (t.forms_n)
            v[n++] = t;
    }
    return n;
}

int sentence_forms(struct saying *s, struct str word, struct str *out, int max) {
    struct token t = { 0 };
    int n = 0;
    forms_of(s, &t, fold(s->c->arena, word));
    for (; n < t.forms_n && n < max; n++) out[n] = t.forms[n];
    return n;
}

/* --- numbers, dates, phrases --- */

static struct str between(const struct saying *s, const struct token *from,
                          const struct token *to) {
    return str_sub(s->text, (size_t)from->at, (size_t)(to->at + to->n - from->at));
}

static bool number_at(struct saying *s, const struct token *t, int64_t *out) {
    struct number_problem why;
    struct str typed = str_sub(s->text, (size_t)t->at, (size_t)t->n);
    int64_t by = str_ends(typed, S("k")) || str_ends(typed, S("K"))   ? 1000
                 : str_ends(typed, S("m")) || str_ends(typed, S("M")) ? 1000000
                                                                      : 1;
    if (!t->digits) return false;
    if (by > 1) typed = str_sub(typed, 0, typed.n - 1);
    if (!amount_parse(s->c->arena, &s->loc, NULL, 4, typed, out, &why) || *out > AMOUNT_MAX / by)
        return false;
    *out *= by;
    return true;
}

static bool four_digits(struct saying *s, const struct token *t) {
    struct str d = digits_ascii(s->c->arena, str_sub(s->text, (size_t)t->at, (size_t)t->n));
    int64_t year;
    return d.n == 4 && str_to_i64(d, &year);
}

/* How many words from here on are a date: 2024-01-01, «1 March 2026», «March 1, 2026»; 0: none. */
static int date_at(struct saying *s, const struct token *v, int n, struct str *iso) {
    struct day d;
    struct str one = between(s, v, v), plain = digits_ascii(s->c->arena, one);
    bool parted =
        str_find_c(plain, '/') > 0 || str_find_c(plain, '-') > 0 ||
        (str_find_c(plain, '.') > 0 &&
         str_find_c(str_sub(plain, (size_t)str_find_c(plain, '.') + 1, SIZE_MAX), '.') > 0);
    int words = 0;
    if (n >= 3 && str_eq_z(v->forms[0], "اول") && !v[1].digits && four_digits(s, &v[2])) {
        one = str_printf(s->c->arena, "1 %.*s", SF(between(s, v + 1, v + 2)));
        if (date_parse(s->c->arena, &s->loc, one, &d, NULL)) words = 3;
    } else if (v->digits && parted && date_parse(s->c->arena, &s->loc, one, &d, NULL))
        words = 1;
    else if (n >= 3 && (v[0].digits != v[1].digits) && four_digits(s, &v[2]) &&
             date_parse(s->c->arena, &s->loc, between(s, v, v + 2), &d, NULL))
        words = 3;
    if (words) *iso = day_iso(s->c->arena, d);
    return words;
}

/* 2: as it stands, 1: without an ending or prefix, 0: another word. */
static int has_form(const struct token *t, struct str word) {
    for (int i = 0; i < t->forms_n; i++)
        if (str_eq(t->forms[i], word)) return i == 0 ? 2 : 1;
    return 0;
}

/* The longest phrase that begins here; of two as long the one whose words stand as they are, then
 * one that says something. whole: little words only as they are; an ending taken off a word that we
 * do not know must not make it one of them. */
static const struct phrase *phrase_at(const struct token *v, int n, const struct phrase *p, int p_n,
                                      bool whole) {
    const struct phrase *best = NULL;
    int best_worth = 0;
    for (int i = 0; i < p_n; i++) {
        int k = 0, exact = 0, is;
        if (p[i].n > n || (best && p[i].n < best->n)) continue;
        for (; k < p[i].n && (is = has_form(&v[k], p[i].words[k])); k++) exact += is == 2;
        int worth = p[i].n * 100 + exact * 2 + (p[i].of->say != SAY_NOISE);
        bool quiet = p[i].of->say == SAY_NOISE || p[i].of->say == SAY_AND ||
                     p[i].of->say == SAY_OR || p[i].of->say == SAY_NOT;
        if (k < p[i].n || worth <= best_worth || (whole && quiet && exact < p[i].n)) continue;
        best = &p[i];
        best_worth = worth;
    }
    return best;
}

/* A field of the catalogue by its name of several words: «next date», an own field's name. */
static const struct ask_field *field_at(struct saying *s, const struct token *v, int n, int least,
                                        int *words) {
    for (int k = n < 4 ? n : 4; k >= least; k--) {
        bool plain = true;
        for (int i = 0; i < k; i++) plain = plain && !v[i].digits && !v[i].sign;
        for (int i = 0; plain && i < v[k - 1].forms_n; i++) {
            struct str before = between(s, v, k > 1 ? v + k - 2 : v);
            struct str name =
                i == 0 ? between(s, v, v + k - 1)
                       : str_printf(s->c->arena, "%.*s %.*s", SF(before), SF(v[k - 1].forms[i]));
            const struct ask_field *f = ask_field_called(s->k, NULL, name);
            *words = k;
            if (f) return f;
        }
    }
    return NULL;
}

static void bit_of_phrase(struct say_bit *b, const struct say_word *w) {
    b->say = w->say;
    b->arg = w->arg;
    if (b->say == SAY_NUMBER || b->say == SAY_TWICE)
        b->number = strtoll(b->arg, NULL, 10) * SAY_SCALE;
}

static void bits_of(struct saying *s) {
    struct token *v = arena_array(s->c->arena, struct token, TOKENS_MAX);
    struct phrase *p;
    int n = tokens_of(s, v), p_n = phrases_of(s, &p);
    for (int i = 0; i < n;) {
        struct say_bit *b = &s->bits[s->n++];
        *b = (struct say_bit){ .at = v[i].at, .gap = v[i].gap };
        const struct phrase *hit =
            v[i].digits ? NULL : phrase_at(v + i, n - i, p, p_n, s->lang == LANG_FA);
        int words = hit ? hit->n : 1, date = date_at(s, v + i, n - i, &b->iso), named;
        const struct ask_field *f = field_at(s, v + i, n - i, words + 1, &named);
        if (v[i].sign) {
            struct str text = v[i].forms[0];
            int sign = sign_of(utf8_next(&text));
            b->say = signs[sign].say;
            b->arg = signs[sign].arg;
        } else if (date && date >= words) {
            b->say = SAY_DATE;
            words = date;
        } else if (f) {
            b->say = SAY_FIELD;
            b->arg = f->name;
            words = named;
        } else if (hit) {
            bit_of_phrase(b, hit->of);
        } else if (number_at(s, &v[i], &b->number))
            b->say = SAY_NUMBER;
        b->n = v[i + words - 1].at + v[i + words - 1].n - b->at;
        i += words;
    }
}

/* --- what several bits say together --- */

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

static void join_numbers(struct saying *s) {
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

/* A moving window: its number, its unit and the word that moves it, in any order. */
static bool join_window(struct saying *s, int i) {
    const struct say_bit *number = NULL, *unit = NULL, *move = NULL;
    int n = 0, first_move = -1;
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
    bool counted = number || unit->say == SAY_TWO || move->say == SAY_LAST_ONE;
    bool whole = s->lang == LANG_FR ? !before : true; /* «la dernière année»: twelve months */
    if (p.unit == ASK_QUARTER && !number) whole = true, counted = false;
    if (!counted && (p.when == ASK_NEXT || whole)) {
        p.when = p.when == ASK_NEXT ? ASK_FOLLOWING : ASK_PREVIOUS;
        p.n = 0;
    }
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

/* Before, after, since a day or a year; for some units («for six months»). */
static bool join_bounds(struct saying *s, int i) {
    struct say_bit b = s->bits[i], to = i + 1 < s->n ? s->bits[i + 1] : b;
    struct ask_period p = { .when = b.say == SAY_BEFORE ? ASK_BEFORE : ASK_AFTER }, year;
    if (b.say != SAY_BEFORE && b.say != SAY_AFTER && b.say != SAY_SINCE) return false;
    if (b.say == SAY_SINCE && ARE(s, i + 1, SAY_NUMBER, SAY_UNIT) && to.number > 0 &&
        to.number < 10000 * (int64_t)SAY_SCALE) {
        be_period(s, i, 3,
                  (struct ask_period){ .when = ASK_LAST,
                                       .n = (int)(to.number / SAY_SCALE),
                                       .unit = sentence_unit(s->bits[i + 2].arg) });
        return true;
    }
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
    be_period(s, i, said ? 3 : 2,
              (struct ask_period){
                  .when = ASK_LAST, .n = (int)n, .unit = sentence_unit(s->bits[i + 1].arg) });
    return true;
}

static void join_periods(struct saying *s) {
    for (int i = 0; i < s->n; i++) {
        bool done = join_window(s, i) || join_named(s, i) || join_bounds(s, i) || join_it_is(s, i);
        /* «ces 30 derniers jours»: the word before it says nothing more. */
        if (done && i > 0 && s->bits[i - 1].say == SAY_THIS)
            be_period(s, i - 1, 2, s->bits[i].period);
    }
}

static enum ask_op op_of(const char *arg) {
    if (arg[0] == '=') return ASK_EXACTLY;
    if (arg[0] == '>') return arg[1] ? ASK_AT_LEAST : ASK_OVER;
    return arg[1] ? ASK_AT_MOST : ASK_UNDER;
}

static bool is_age(const struct say_bit *b) {
    return b->say == SAY_YEARS || (b->say == SAY_UNIT && b->arg[0] == 'y');
}

/* What stands behind the number of a comparison says what is counted. n: bits so far. */
static void be_compare(struct saying *s, int i, int n, struct say_bit b) {
    const struct say_bit *next = i + n < s->n ? &s->bits[i + n] : NULL;
    if (b.say != SAY_AGE) b.say = SAY_COMPARE;
    if (next && b.unit != 'c' && (next->say == SAY_TIMES || is_age(next))) {
        if (next->say == SAY_TIMES) b.unit = 't';
        if (is_age(next)) b.say = SAY_AGE;
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
    at += parted;
    if (at >= s->n || s->bits[at].say != SAY_NUMBER || (!opened && !parted)) return false;
    if (!opened && !(at + 1 < s->n && is_age(&s->bits[at + 1]))) return false;
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

/* Before periods: of «between 100 and 200 last month» the second number is no month's. */
static void join_ranges(struct saying *s) {
    for (int i = 0; i < s->n; i++)
        if (s->bits[i].say == SAY_BETWEEN) (void)join_between(s, i);
}

static void join_compares(struct saying *s) {
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

bool sentence_town_known(struct saying *s, struct str town) {
    struct ctx *c = s->c;
    struct search *search;
    struct bits *b;
    struct str key = fold(c->arena, town);
    if (!c->tx || search_open(c->tx, orders_memory(c->orders), &search) != OK) return false;
    if (search_term(search, str_printf(c->arena, "ftown=%.*s", SF(key)), &b) != OK) return false;
    bool known = bits_count(b) > 0;
    bits_free(b);
    return known;
}

/* --- what is left --- */

/* Words that say nothing alone: their silence is not a loss. */
static bool silent(enum say say) {
    return say == SAY_NOISE || say == SAY_AND || say == SAY_CLIENT || say == SAY_SINCE ||
           say == SAY_TO || say == SAY_IN || say == SAY_OF || say == SAY_THIS;
}

static void gather_left(struct saying *s, struct ask_understood *out) {
    out->left = arena_array(s->c->arena, struct ask_left, s->n + 1);
    bool open = false;
    for (int i = 0; i < s->n; i++) {
        const struct say_bit *b = &s->bits[i];
        if (b->used) open = false;
        if (b->used || silent(b->say)) continue;
        struct ask_left *l = &out->left[out->left_n - (out->left_n > 0)];
        if (open)
            l->n = b->at + b->n - l->at;
        else
            out->left[out->left_n++] = (struct ask_left){ b->at, b->n };
        open = true;
    }
}

void ask_sentence(struct ctx *c, const struct ask_catalogue *k, enum lang lang, struct str sentence,
                  struct ask_understood *out) {
    struct saying *s = arena_new_of(c->arena, struct saying);
    *out = (struct ask_understood){ 0 };
    if (sentence.n > SENTENCE_MAX || !utf8_valid(sentence)) {
        out->left = arena_new_of(c->arena, struct ask_left);
        *out->left = (struct ask_left){ 0, (int)sentence.n };
        out->left_n = 1;
        return;
    }
    *s = (struct saying){ .c = c, .k = k, .lang = lang, .text = sentence, .loc = *c->loc };
    if (lang != c->loc->lang) {
        s->loc.lang = lang;
        s->loc.calendar = lang == LANG_FA ? CAL_PERSIAN : CAL_GREGORIAN;
        s->loc.country[0] = 0;
    }
    bits_of(s);
    join_numbers(s);
    sentence_times(s);
    join_ranges(s);
    join_periods(s);
    sentence_days(s);
    join_compares(s);
    out->tree = sentence_rules(s);
    gather_left(s, out);
}
