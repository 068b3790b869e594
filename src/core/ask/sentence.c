/* Plain sentences (sentence.h): words, phrases of the language's table, numbers and dates first,
 * then what several of them say together (sentence_join.c, sentence_time.c). sentence_rules.c makes
 * rules of it. Tests: sentences of t/sentences. Called by pages, the API and the command line. */
#include "core/ask/sentence_in.h"
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
    { '+', SAY_OP, ">" },
    { '-', SAY_TO, NULL },
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

/* «+ de 500», «- de 30», «65+»; before a long number it is a phone's. */
static bool says_more(const struct saying *s, struct str rest, struct str next) {
    struct str digits = next, before = str_sub(s->text, 0, s->text.n - rest.n);
    int n = 0;
    while (is_digit(digits)) utf8_next(&digits), n++;
    bool behind = before.n && (unsigned char)(before.p[before.n - 1] - '0') < 10;
    bool french = s->lang == LANG_FR && str_starts(next, S(" de "));
    if (rest.p[0] == '-') return french && !behind;
    return n < 6 && (behind || n || french);
}

/* «18-25»: where the first number ends; 0: it is no span. */
static size_t span_at(struct str typed) {
    int dash = str_find_c(typed, '-');
    if (dash <= 0) return 0;
    struct str a = str_sub(typed, 0, (size_t)dash), b = str_sub(typed, (size_t)dash + 1, SIZE_MAX);
    int64_t from, to;
    bool numbers = str_to_i64(a, &from) && str_to_i64(b, &to);
    return numbers && from < to && a.n <= 3 && b.n <= 3 ? a.n : 0;
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
            bool signs_one = ch == '+' || ch == '-';
            if (signs_one ? says_more(s, rest, next) : sign_of(ch) >= 0)
                n += sign_token(s, rest, next, &v[n]);
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
        size_t span = t.digits ? span_at(digits_ascii(s->c->arena, str_sub(rest, 0, end))) : 0;
        if (span && n + 2 < TOKENS_MAX) { /* all its digits are of one script */
            size_t width = (size_t)(str_find_c(str_sub(rest, 0, end), '-'));
            t.n = (int)width;
            forms_of(s, &t, folded_of(s, &t));
            t.gap = gap;
            gap = false;
            v[n++] = t;
            struct str dash = str_sub(rest, width, SIZE_MAX), behind = str_sub(dash, 1, SIZE_MAX);
            n += sign_token(s, dash, behind, &v[n]);
            rest = behind;
            continue;
        }
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
    static const char *const ordinal[] = { "er", "st", "nd", "rd", "th" };
    for (int i = 0; i < COUNT(ordinal) && by == 1 && typed.n <= 4; i++) /* «1er mars», «5th» */
        if (str_ends(typed, str_of(ordinal[i]))) typed = str_sub(typed, 0, typed.n - 2);
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

/* «après-shampooing» and «عمده‌فروشان» are names, not «after» and «sales». */
static bool itself(const struct saying *s, const struct phrase *hit, const struct token *v, int n) {
    enum say say = hit->of->say;
    bool glued = n > 1 && v[1].at == v->at + v->n + 1 && s->text.p[v->at + v->n] == '-';
    if (glued && hit->n == 1 && (say == SAY_AFTER || say == SAY_BEFORE)) return false;
    bool people = s->lang == LANG_FA && say == SAY_RELATION && hit->n == 1 &&
                  str_ends(v->forms[0], S("ان")) && !str_eq(v->forms[0], hit->words[0]);
    return !people;
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
        if (hit && !itself(s, hit, v + i, n - i)) hit = NULL;
        int words = hit ? hit->n : 1, date = date_at(s, v + i, n - i, &b->iso), named;
        const struct ask_field *f = field_at(s, v + i, n - i, words + 1, &named);
        if (v[i].sign) {
            struct str text = v[i].forms[0];
            int sign = sign_of(utf8_next(&text));
            b->say = signs[sign].say;
            b->arg = signs[sign].arg;
            bool behind = i > 0 && v[i - 1].digits && v[i - 1].at + v[i - 1].n == v[i].at;
            char of = v[i].forms[0].n == 1 ? *v[i].forms[0].p : 0;
            if (of == '+' && behind) b->arg = ">=";
            if (of == '-' && !behind) b->say = SAY_OP, b->arg = "<";
            if ((of == '+' || of == '-') && !behind && i + 1 < n && s->lang == LANG_FR &&
                str_eq_z(v[i + 1].forms[0], "de"))
                words = 2;
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
        int since = i > 0 && s->bits[i - 1].say == SAY_SINCE && !s->bits[i - 1].used && !b->gap;
        if (since && !open) { /* «since Easter» */
            out->left[out->left_n++] = (struct ask_left){ b[-1].at, b->at + b->n - b[-1].at };
            open = true;
            continue;
        }
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
    sentence_numbers(s);
    sentence_times(s);
    sentence_ranges(s);
    sentence_periods(s);
    sentence_days(s);
    sentence_compares(s);
    out->tree = sentence_rules(s);
    gather_left(s, out);
}
