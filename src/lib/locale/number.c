/* Numbers shown with the reader's digits and separators, and typed amounts read without guessing.
 * Called by core's money, decimal and number fields, by lists and by import. Calls digits.c, the
 * fold of lib/text for currency words, currency.c. Amounts are gathered as bare digits plus the
 * places of the marks between them; only then is it decided which mark is the decimal one
 * (localisation.md 3.1). */
#include "lib/locale/number.h"

#include "lib/base/buf.h"
#include "lib/locale/currency.h"
#include "lib/text/fold.h"

#define NNBSP          0x202f
#define NBSP           0x00a0
#define ARABIC_DECIMAL 0x066b
#define ARABIC_GROUP   0x066c
#define ARABIC_COMMA   0x060c
#define MINUS          0x2212

struct marks {
    int32_t group, decimal;
};

static bool in_list(const char *codes, const char *code) {
    return code[0] && strstr(codes, code) != NULL;
}

/* What stands between Latin digits, by language and country. */
static struct marks latin_marks(const struct locale *loc) {
    if (loc->lang == LANG_FR) return (struct marks){ NNBSP, ',' };
    if (loc->lang == LANG_AR && in_list("DZ EH LY MA MR TN", loc->country))
        return (struct marks){ '.', ',' };
    return (struct marks){ ',', '.' };
}

static struct marks marks_of(const struct locale *loc) {
    if (loc->digits != DIGITS_LATN) return (struct marks){ ARABIC_GROUP, ARABIC_DECIMAL };
    return latin_marks(loc);
}

/* ---- showing ---- */

/* The sign with the bidi mark that keeps it on the left of its number in a right-to-left text. */
static void add_minus(struct buf *b, const struct locale *loc) {
    if (loc->digits == DIGITS_ARABEXT)
        buf_add_z(b, "\u200e\u2212");
    else if (loc->digits == DIGITS_ARAB)
        buf_add_z(b, "\u061c-");
    else if (lang_rtl(loc->lang))
        buf_add_z(b, "\u200e-");
    else
        buf_add_c(b, '-');
}

static struct str show(struct arena *a, const struct locale *loc, int64_t n, int decimals,
                       bool group) {
    static const int32_t zeros[DIGITS_N] = { '0', 0x06f0, 0x0660 };
    struct marks m = marks_of(loc);
    char ascii[24];
    uint64_t size = n < 0 ? -(uint64_t)n : (uint64_t)n;
    int len = snprintf(ascii, sizeof ascii, "%0*llu", decimals + 1, (unsigned long long)size);
    struct buf b = { .arena = a };
    buf_reserve(&b, 96);
    if (n < 0) add_minus(&b, loc);
    for (int i = 0; i < len; i++) {
        int left = len - decimals - i; /* digits before the decimal mark, this one among them */
        if (left == 0)
            buf_add_utf8(&b, m.decimal);
        else if (group && i && left > 0 && left % 3 == 0)
            buf_add_utf8(&b, m.group);
        buf_add_utf8(&b, zeros[loc->digits] + ascii[i] - '0');
    }
    return buf_str(&b);
}

struct str number_show(struct arena *a, const struct locale *loc, int64_t n) {
    return show(a, loc, n, 0, true);
}

struct str number_show_plain(struct arena *a, const struct locale *loc, int64_t n) {
    return show(a, loc, n, 0, false);
}

struct str decimal_show(struct arena *a, const struct locale *loc, int64_t scaled, int decimals) {
    if (decimals < 0 || decimals > 18) BUG("%d decimals", decimals);
    return show(a, loc, scaled, decimals, true);
}

/* ---- words in amounts ---- */

/* Folded words: the currencies they may stand for ("" any), and the power of ten they multiply by.
 */
static const struct word {
    const char *text, *codes;
    int power;
    bool scale; /* thousand, million: no digits may follow */
} words[] = {
    { "تومان", "IRR", 1, false },
    { "تومن", "IRR", 1, false },
    { "ت", "IRR", 1, false },
    { "toman", "IRR", 1, false },
    { "tomans", "IRR", 1, false },
    { "ریال", "IRR SAR QAR OMR YER", 0, false },
    { "rial", "IRR SAR QAR OMR YER", 0, false },
    { "rials", "IRR SAR QAR OMR YER", 0, false },
    { "riyal", "SAR QAR OMR YER IRR", 0, false },
    { "riyals", "SAR QAR OMR YER IRR", 0, false },
    { "ر س", "SAR", 0, false },
    { "رس", "SAR", 0, false },
    { "sr", "SAR", 0, false },
    { "ر ق", "QAR", 0, false },
    { "رق", "QAR", 0, false },
    { "qr", "QAR", 0, false },
    { "ر ع", "OMR", 0, false },
    { "رع", "OMR", 0, false },
    { "ر ی", "YER", 0, false },
    { "یورو", "EUR", 0, false },
    { "euro", "EUR", 0, false },
    { "euros", "EUR", 0, false },
    { "اورو", "EUR", 0, false },
    { "دلار", "USD CAD AUD", 0, false },
    { "دولار", "USD CAD AUD", 0, false },
    { "dollar", "USD CAD AUD", 0, false },
    { "dollars", "USD CAD AUD", 0, false },
    { "جنیه", "EGP SDG GBP", 0, false },
    { "پوند", "GBP", 0, false },
    { "pound", "GBP EGP", 0, false },
    { "pounds", "GBP EGP", 0, false },
    { "ج م", "EGP", 0, false },
    { "le", "EGP", 0, false },
    { "درهم", "AED MAD", 0, false },
    { "دراهم", "AED MAD", 0, false },
    { "dirham", "AED MAD", 0, false },
    { "dirhams", "AED MAD", 0, false },
    { "dh", "AED MAD", 0, false },
    { "dhs", "AED MAD", 0, false },
    { "د ا", "AED JOD", 0, false },
    { "د م", "MAD", 0, false },
    { "دینار", "KWD BHD JOD TND DZD LYD IQD", 0, false },
    { "dinar", "KWD BHD JOD TND DZD LYD IQD", 0, false },
    { "dinars", "KWD BHD JOD TND DZD LYD IQD", 0, false },
    { "د ك", "KWD", 0, false },
    { "د ک", "KWD", 0, false },
    { "kd", "KWD", 0, false },
    { "د ب", "BHD", 0, false },
    { "bd", "BHD", 0, false },
    { "jd", "JOD", 0, false },
    { "د ت", "TND", 0, false },
    { "dt", "TND", 0, false },
    { "د ج", "DZD", 0, false },
    { "da", "DZD", 0, false },
    { "د ل", "LYD", 0, false },
    { "ld", "LYD", 0, false },
    { "د ع", "IQD", 0, false },
    { "لیره", "LBP SYP TRY", 0, false },
    { "ل ل", "LBP", 0, false },
    { "ل س", "SYP", 0, false },
    { "افغانی", "AFN", 0, false },
    { "fr", "CHF XAF XOF XPF DJF KMF", 0, false },
    { "fcfa", "XAF XOF", 0, false },
    { "cfa", "XAF XOF", 0, false },
    { "francs", "CHF XAF XOF XPF DJF KMF", 0, false },
    { "franc", "CHF XAF XOF XPF DJF KMF", 0, false },
    { "هزار", "", 3, true },
    { "الف", "", 3, true },
    { "الاف", "", 3, true },
    { "thousand", "", 3, true },
    { "mille", "", 3, true },
    { "میلیون", "", 6, true },
    { "ملیون", "", 6, true },
    { "ملایین", "", 6, true },
    { "million", "", 6, true },
    { "millions", "", 6, true },
    { "میلیارد", "", 9, true },
    { "ملیار", "", 9, true },
    { "milliard", "", 9, true },
    { "milliards", "", 9, true },
    { "billion", "", 9, true },
    { "billions", "", 9, true },
};

static const struct {
    int32_t sign;
    const char *codes;
} signs[] = {
    { '$', "USD CAD AUD MXN" }, { 0x00a3, "GBP EGP" },
    { 0x00a5, "JPY CNY" },      { 0x20a8, "PKR" },
    { 0x20aa, "ILS" },          { 0x20ac, "EUR" },
    { 0x20b9, "INR" },          { 0x20ba, "TRY" },
    { 0x20bd, "RUB" },          { 0xfdfc, "IRR SAR QAR OMR YER" },
};

/* ---- gathering ---- */

#define DIGITS_MAX 24
#define MARKS_MAX  12

struct scan {
    struct arena *arena;
    const struct locale *loc;
    const char *currency;
    int exponent;
    char digits[DIGITS_MAX];
    int digits_n;
    struct mark {
        int32_t c;
        int at; /* digits before it */
    } marks[MARKS_MAX];
    int marks_n;
    int32_t pending; /* a mark or space met after a digit: it counts if a digit follows */
    bool closed;     /* a word has followed the digits */
    bool persian;    /* typed in Persian digits */
    int minus_before, minus_after, open, close;
    int power;
    struct number_problem *why;
};

static bool refuse(struct scan *s, const char *msgid) {
    s->why->msgid = msgid;
    return false;
}

static void arg(struct scan *s, const char *name, struct str value, bool isolate) {
    s->why->args[s->why->args_n++] = (struct tr_arg){ name, value, isolate };
}

static bool is_ignored(int32_t c) {
    return (c >= 0x200b && c <= 0x200f) || (c >= 0x202a && c <= 0x202e) ||
           (c >= 0x2060 && c <= 0x2069) || c == 0x061c || c == 0xfeff || c == 0x00ad || c == 0x0640;
}

static bool is_space(int32_t c) {
    return c == ' ' || c == '\t' || c == NBSP || c == NNBSP || (c >= 0x2000 && c <= 0x200a);
}

/* Marks that mean the same become one code point; 0 for what is no mark. */
static int32_t mark_of(int32_t c) {
    switch (c) {
    case '.':
    case ',':
    case '/':
    case '\'':
    case ARABIC_DECIMAL:
    case ARABIC_GROUP: return c;
    case ARABIC_COMMA: return ',';
    case 0x2019: return '\'';
    case 0xff0c: return ',';
    case 0xff0e: return '.';
    default: return 0;
    }
}

static bool add_digit(struct scan *s, int digit) {
    if (s->closed || s->minus_after || s->close) return refuse(s, N_("That is not an amount"));
    if (s->pending) {
        if (s->marks_n == MARKS_MAX) return refuse(s, N_("That is not an amount"));
        s->marks[s->marks_n++] = (struct mark){ s->pending, s->digits_n };
        s->pending = 0;
    }
    if (s->digits_n == DIGITS_MAX) return refuse(s, N_("That amount is too large"));
    s->digits[s->digits_n++] = (char)digit;
    return true;
}

static bool add_mark(struct scan *s, int32_t mark) {
    /* ".5" is half; two marks side by side are nothing. */
    bool starts = !s->digits_n && (mark == '.' || mark == ',' || mark == ARABIC_DECIMAL);
    if ((!s->digits_n && !starts) || s->closed || s->pending)
        return refuse(s, N_("That is not an amount"));
    s->pending = mark;
    return true;
}

static bool add_space(struct scan *s) {
    if (s->pending && s->pending != ' ') return refuse(s, N_("That is not an amount"));
    if (s->digits_n && !s->closed) s->pending = ' ';
    return true;
}

static bool add_sign(struct scan *s, int32_t c) {
    if (c == '(')
        s->open++;
    else if (c == ')')
        s->close++;
    else if (c == '+')
        return !s->digits_n || refuse(s, N_("That is not an amount"));
    else if (s->digits_n)
        s->minus_after++;
    else
        s->minus_before++;
    return true;
}

static bool has_currency(const struct scan *s, const char *codes) {
    return s->currency && in_list(codes, s->currency);
}

static bool wrong_currency(struct scan *s) {
    if (!s->currency) return refuse(s, N_("Only a number is expected here"));
    arg(s, "currency", str_of(s->currency), true);
    return refuse(s, N_("An amount in {currency} is expected here"));
}

static bool add_word(struct scan *s, struct str typed) {
    struct str word = fold(s->arena, typed);
    if (s->digits_n) s->closed = true;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        const struct word *w = &words[i];
        if (!str_eq_z(word, w->text)) continue;
        if (w->codes[0] && !has_currency(s, w->codes)) return wrong_currency(s);
        if (w->scale && !s->digits_n) break;
        s->power += w->power;
        return s->power <= 12 || refuse(s, N_("That amount is too large"));
    }
    if (s->currency && str_eq_ascii(word, str_of(s->currency))) return true;
    if (word.n == 3) {
        char code[4] = { 0 };
        for (int i = 0; i < 3; i++) code[i] = (char)(word.p[i] & ~32);
        if (currency_get(str_of(code))) return wrong_currency(s);
    }
    arg(s, "word", str_dup(s->arena, typed), true);
    return refuse(s, N_("“{word}” is not understood in an amount"));
}

static bool add_symbol(struct scan *s, int32_t c, bool *known) {
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
        if (signs[i].sign != c) continue;
        *known = true;
        if (s->digits_n) s->closed = true;
        return has_currency(s, signs[i].codes) || wrong_currency(s);
    }
    *known = false;
    return true;
}

/* The letters from here on, with full stops inside ("د.إ", "Fr."), up to whatever else comes. */
static struct str take_word(struct str *rest) {
    struct str start = *rest;
    while (rest->n) {
        struct str here = *rest;
        int32_t c = utf8_next(rest);
        bool symbol = c == '$' || (c >= 0x20a0 && c < 0x20d0) || c == 0x00a3 || c == 0x00a5;
        if (c != '.' && (is_space(c) || digit_value(c) >= 0 || mark_of(c) || symbol || c == '(' ||
                         c == ')' || c == '-' || c == MINUS)) {
            *rest = here;
            break;
        }
    }
    return (struct str){ start.p, start.n - rest->n };
}

static bool gather(struct scan *s, struct str rest) {
    bool ok = true;
    while (ok && rest.n) {
        struct str here = rest;
        int32_t c = utf8_next(&rest);
        int digit = digit_value(c);
        bool known = false;
        if (is_ignored(c)) continue;
        if (digit >= 0) {
            s->persian |= c >= 0x06f0 && c <= 0x06f9;
            ok = add_digit(s, digit);
        } else if (is_space(c)) {
            ok = add_space(s);
        } else if (mark_of(c)) {
            ok = add_mark(s, mark_of(c));
        } else if (c == '-' || c == MINUS || c == '+' || c == '(' || c == ')') {
            ok = add_sign(s, c);
        } else if (!(ok = add_symbol(s, c, &known)) || known) {
            continue;
        } else if (c < ' ') {
            ok = refuse(s, N_("That is not an amount"));
        } else {
            rest = here;
            ok = add_word(s, take_word(&rest));
        }
    }
    if (!ok) return false;
    bool sign_ok = s->minus_before + s->minus_after + s->open <= 1 && s->open == s->close;
    if (!s->digits_n || (s->pending && s->pending != ' ') || !sign_ok)
        return refuse(s, N_("That is not an amount"));
    return true;
}

/* ---- deciding ---- */

/* Is every mark but the last skip_n the same, with one to three digits before the first and three
 * between each two and up to the end (or the decimal mark)? */
static bool groups_ok(const struct scan *s, int skip_n) {
    int n = s->marks_n - skip_n;
    int end = skip_n ? s->marks[n].at : s->digits_n;
    for (int i = 0; i < n; i++) {
        const struct mark *m = &s->marks[i];
        int next = i + 1 < n ? s->marks[i + 1].at : end;
        if (m->c != s->marks[0].c || m->c == '/' || next - m->at != 3) return false;
    }
    return !n || (s->marks[0].at >= 1 && s->marks[0].at <= 3);
}

/* One . or , and nothing else: grouping, decimal, or a question. */
static bool decide_single(struct scan *s, struct str typed, int *decimals) {
    const struct mark *m = &s->marks[0];
    int after = s->digits_n - m->at;
    *decimals = after;
    if (after != 3 || m->at < 1 || m->at > 3 || s->digits[0] == 0) return true;
    struct marks own = latin_marks(s->loc);
    if (s->exponent < 3) {
        *decimals = 0;
        s->why->echo = true;
    } else if (m->c == own.group) {
        *decimals = 0;
    } else if (m->c != own.decimal) {
        arg(s, "typed", str_dup(s->arena, typed), true);
        return refuse(s, N_("“{typed}” can be read as two amounts: write it without a thousands "
                            "separator"));
    }
    return true;
}

/* How many of the digits stand behind the decimal mark. */
static bool decide(struct scan *s, struct str typed, int *decimals) {
    *decimals = 0;
    if (!s->marks_n) return true;
    const struct mark *last = &s->marks[s->marks_n - 1];
    int same = 0;
    for (int i = 0; i < s->marks_n; i++) same += s->marks[i].c == last->c;
    bool decimal = same == 1 && (last->c == ARABIC_DECIMAL || last->c == '.' || last->c == ',');
    if (last->c == '/') {
        if (same > 1 || (s->loc->lang != LANG_FA && !s->persian))
            return refuse(s, N_("That is not an amount"));
        decimal = true;
    }
    if (decimal && s->marks_n == 1 && last->c != ARABIC_DECIMAL && last->c != '/')
        return decide_single(s, typed, decimals);
    if (!groups_ok(s, decimal) || (decimal && s->marks_n > 1 && s->marks[0].c == ARABIC_DECIMAL))
        return refuse(s, N_("The separators in that amount do not make sense"));
    if (decimal) *decimals = s->digits_n - last->at;
    return true;
}

static bool to_minor(struct scan *s, int decimals, int64_t *minor) {
    unsigned __int128 value =
        0; /* 24 digits and at most 18 more by powers: under 10^38 checked below */
    int power = s->exponent + s->power - decimals;
    for (int i = 0; i < s->digits_n; i++) value = value * 10 + (unsigned)s->digits[i];
    for (; power < 0; power++) {
        if (value % 10) {
            arg(s, "decimals", number_show_plain(s->arena, s->loc, s->exponent), false);
            return refuse(s, s->exponent ? N_("At most {decimals} decimals are possible here")
                                         : N_("Only whole amounts are possible here"));
        }
        value /= 10;
    }
    for (; power > 0 && value <= (unsigned __int128)AMOUNT_MAX; power--) value *= 10;
    if (value > (unsigned __int128)AMOUNT_MAX) return refuse(s, N_("That amount is too large"));
    bool negative = s->minus_before || s->minus_after || s->open;
    *minor = negative ? -(int64_t)value : (int64_t)value;
    return true;
}

bool amount_parse(struct arena *a, const struct locale *loc, const char *currency, int exponent,
                  struct str typed, int64_t *minor, struct number_problem *why) {
    struct number_problem unasked;
    struct scan s = { .arena = a,
                      .loc = loc,
                      .currency = currency,
                      .exponent = exponent,
                      .why = why ? why : &unasked };
    *s.why = (struct number_problem){ 0 };
    if (exponent < 0 || exponent > 9) BUG("exponent %d", exponent);
    int decimals;
    return gather(&s, typed) && decide(&s, typed, &decimals) && to_minor(&s, decimals, minor);
}

bool int_parse(struct str typed, int64_t *out) {
    struct number_problem why = { 0 };
    struct scan s = { .why = &why };
    while (typed.n) {
        int32_t c = utf8_next(&typed);
        int digit = digit_value(c);
        if (is_ignored(c)) continue;
        if (digit >= 0) {
            if (!add_digit(&s, digit)) return false;
        } else if (is_space(c)) {
            if (!add_space(&s)) return false;
        } else if (c == ARABIC_GROUP || mark_of(c) == '\'') {
            if (!add_mark(&s, mark_of(c))) return false;
        } else if ((c == '-' || c == MINUS) && !s.digits_n && !s.minus_before) {
            s.minus_before = 1;
        } else {
            return false;
        }
    }
    if (!s.digits_n || (s.pending && s.pending != ' ') || !groups_ok(&s, 0)) return false;
    int64_t value = 0;
    for (int i = 0; i < s.digits_n; i++) {
        /* Counted downwards, because there is one more negative number than positive ones. */
        if (__builtin_mul_overflow(value, 10, &value)) return false;
        if (__builtin_sub_overflow(value, s.digits[i], &value)) return false;
    }
    if (!s.minus_before && value == INT64_MIN) return false;
    *out = s.minus_before ? value : -value;
    return true;
}
