/* The search fold of fold.h. Called by core/search and by every kind of field that is searched.
 * Runs for millions of rows: ASCII, Latin up to U+017F, Arabic script and general punctuation go
 * by the tables here; a text with any other character goes through ICU's normalisation, then
 * through the same tables. Both ways give the same result (test_fold checks it by character). */
#include "lib/text/fold.h"

#include <unicode/uchar.h>
#include <unicode/unorm2.h>

#include "lib/base/map.h"

enum { GONE = -1, BY_ICU = -2, LONGEST_TEXT = 256 << 20 };

/* U+00A0 to U+017F: base letters in lower case; symbols that are words in themselves stay.
 * ð þ ħ ŧ ŋ follow the rule of đ: letters without a decomposition that people type in ASCII. */
static const char latin[][4] = {
    /* 00A0 */ " ", " ", "¢",  "£",  "¤",   "¥",   "¦",   " ",
    /* 00A8 */ " ", "©", "a",  " ",  " ",   "",    "®",   " ",
    /* 00B0 */ "°", " ", "2",  "3",  "",    "μ",   " ",   "",
    /* 00B8 */ " ", "1", "o",  " ",  "1 4", "1 2", "3 4", " ",
    /* 00C0 */ "a", "a", "a",  "a",  "a",   "a",   "ae",  "c",
    /* 00C8 */ "e", "e", "e",  "e",  "i",   "i",   "i",   "i",
    /* 00D0 */ "d", "n", "o",  "o",  "o",   "o",   "o",   " ",
    /* 00D8 */ "o", "u", "u",  "u",  "u",   "y",   "th",  "ss",
    /* 00E0 */ "a", "a", "a",  "a",  "a",   "a",   "ae",  "c",
    /* 00E8 */ "e", "e", "e",  "e",  "i",   "i",   "i",   "i",
    /* 00F0 */ "d", "n", "o",  "o",  "o",   "o",   "o",   " ",
    /* 00F8 */ "o", "u", "u",  "u",  "u",   "y",   "th",  "y",
    /* 0100 */ "a", "a", "a",  "a",  "a",   "a",   "c",   "c",
    /* 0108 */ "c", "c", "c",  "c",  "c",   "c",   "d",   "d",
    /* 0110 */ "d", "d", "e",  "e",  "e",   "e",   "e",   "e",
    /* 0118 */ "e", "e", "e",  "e",  "g",   "g",   "g",   "g",
    /* 0120 */ "g", "g", "g",  "g",  "h",   "h",   "h",   "h",
    /* 0128 */ "i", "i", "i",  "i",  "i",   "i",   "i",   "i",
    /* 0130 */ "i", "i", "ij", "ij", "j",   "j",   "k",   "k",
    /* 0138 */ "ĸ", "l", "l",  "l",  "l",   "l",   "l",   "l",
    /* 0140 */ "l", "l", "l",  "n",  "n",   "n",   "n",   "n",
    /* 0148 */ "n", "n", "n",  "n",  "o",   "o",   "o",   "o",
    /* 0150 */ "o", "o", "oe", "oe", "r",   "r",   "r",   "r",
    /* 0158 */ "r", "r", "s",  "s",  "s",   "s",   "s",   "s",
    /* 0160 */ "s", "s", "t",  "t",  "t",   "t",   "t",   "t",
    /* 0168 */ "u", "u", "u",  "u",  "u",   "u",   "u",   "u",
    /* 0170 */ "u", "u", "u",  "u",  "w",   "w",   "y",   "y",
    /* 0178 */ "y", "z", "z",  "z",  "z",   "z",   "z",   "s",
};

static int32_t fold_ascii(int32_t c) {
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '$') return c;
    if (c >= 'A' && c <= 'Z') return c + 32;
    return c == '\'' || c == '`' ? GONE : ' ';
}

/* U+0600 to U+06FF after the table of localisation.md 2.2. */
static int32_t fold_arabic(int32_t c) {
    switch (c) {
    case 0x0622 ... 0x0623:
    case 0x0625:
    case 0x0671: return 0x0627; /* alef */
    case 0x0624: return 0x0648; /* waw */
    case 0x0626:
    case 0x0649 ... 0x064A:
    case 0x06D0:
    case 0x06D2 ... 0x06D3: return 0x06CC; /* yeh */
    case 0x0643:
    case 0x06AA: return 0x06A9; /* kaf */
    case 0x0629:
    case 0x06BE:
    case 0x06C0 ... 0x06C3:
    case 0x06D5: return 0x0647; /* heh */
    case 0x0621:                /* hamza; the combining ones are marks */
    case 0x0640:                /* tatweel */
    case 0x0610 ... 0x061A:     /* marks, up to 06ED */
    case 0x064B ... 0x065F:
    case 0x0670:
    case 0x06D6 ... 0x06ED:
    case 0x061C: return GONE; /* Arabic letter mark */
    case 0x0660 ... 0x0669: return c - 0x0660 + '0';
    case 0x06F0 ... 0x06F9: return c - 0x06F0 + '0';
    case 0x0606 ... 0x060A: /* punctuation, up to 06D4 */
    case 0x060C ... 0x060D:
    case 0x061B:
    case 0x061D ... 0x061F:
    case 0x066A ... 0x066D:
    case 0x06D4: return ' ';
    case 0x0675 ... 0x0678: return BY_ICU; /* two letters each */
    default: return c;
    }
}

/* U+2000 to U+206F: spaces, dashes, quotes; apostrophes, primes and invisible marks are gone. */
static int32_t fold_punctuation(int32_t c) {
    if ((c >= 0x200B && c <= 0x200F) || (c >= 0x202A && c <= 0x202E) || c >= 0x2060) return GONE;
    if (c == 0x2018 || c == 0x2019 || c == 0x201B || (c >= 0x2032 && c <= 0x2034)) return GONE;
    return c == 0x2057 ? GONE : ' ';
}

/* What becomes of one character outside U+00A0-017F: another one, a space, GONE or BY_ICU. */
static int32_t fold_one(int32_t c) {
    if (c < 0x80) return fold_ascii(c);
    if (c < 0xA0) return ' ';
    if (c >= 0x0600 && c < 0x0700) return fold_arabic(c);
    if (c >= 0x0300 && c < 0x0370) return c == 0x0345 ? BY_ICU : GONE;
    if (c >= 0x2000 && c < 0x2070) return fold_punctuation(c);
    return BY_ICU;
}

static size_t put_space(char *to, size_t n) {
    if (n && to[n - 1] != ' ') to[n++] = ' ';
    return n;
}

static size_t put_latin(char *to, size_t n, int32_t c) {
    const char *p = latin[c - 0xA0];
    if (*p == ' ') return put_space(to, n);
    while (*p) to[n++] = *p++;
    return n;
}

/* Folds by the tables; to has room for 2 * text.n bytes. False at the first character without. */
static bool fold_by_table(struct str text, char *to, size_t *n_out) {
    size_t n = 0;
    while (text.n) {
        int32_t c = (unsigned char)*text.p;
        if (c < 0x80)
            text.p++, text.n--;
        else
            c = utf8_next(&text);
        if (c >= 0xA0 && c < 0x180) {
            n = put_latin(to, n, c);
            continue;
        }
        c = fold_one(c);
        if (c == BY_ICU) return false;
        if (c == ' ')
            n = put_space(to, n);
        else if (c != GONE)
            n += (size_t)utf8_put(to + n, c);
    }
    *n_out = n && to[n - 1] == ' ' ? n - 1 : n;
    return true;
}

/* A scratch string of UTF-16, on the heap: it must not stay in the caller's arena. */
struct u16 {
    UChar *p;
    int32_t n, cap;
};

static void u16_reserve(struct u16 *u, int32_t cap) {
    if (u->p && cap <= u->cap) return;
    u->p = reallocarray(u->p, (size_t)cap, sizeof *u->p);
    if (!u->p) BUG("out of memory: %d characters", cap);
    u->cap = cap;
}

static struct u16 u16_new(size_t cap) {
    if (cap > LONGEST_TEXT) BUG("a text of %zu bytes", cap);
    struct u16 u = { 0 };
    u16_reserve(&u, (int32_t)cap + 2);
    return u;
}

static void u16_put(struct u16 *u, int32_t c) {
    if (u->n + 2 > u->cap) u16_reserve(u, u->cap * 2);
    if (c < 0x10000) {
        u->p[u->n++] = (UChar)c;
        return;
    }
    u->p[u->n++] = (UChar)(0xD7C0 + (c >> 10));
    u->p[u->n++] = (UChar)(0xDC00 | (c & 0x3FF));
}

static int32_t u16_next(const struct u16 *u, int32_t *at) {
    int32_t c;
    U16_NEXT(u->p, *at, u->n, c);
    return c;
}

static struct u16 u16_of(struct str text) {
    struct u16 u = u16_new(text.n);
    while (text.n) u16_put(&u, utf8_next(&text));
    return u;
}

static struct str u16_to_str(struct arena *a, const struct u16 *u) {
    char *to = arena_alloc(a, (size_t)u->n * 3 + 1);
    size_t n = 0;
    for (int32_t at = 0; at < u->n;) n += (size_t)utf8_put(to + n, u16_next(u, &at));
    return (struct str){ to, n };
}

/* Replaces u by its normalised form. */
static void normalise(struct u16 *u, const UNormalizer2 *(*form)(UErrorCode *)) {
    UErrorCode e = U_ZERO_ERROR;
    const UNormalizer2 *by = form(&e);
    if (U_FAILURE(e)) BUG("ICU has no normaliser: %s", u_errorName(e));
    struct u16 to = u16_new((size_t)u->n + (size_t)u->n / 4 + 16);
    to.n = unorm2_normalize(by, u->p, u->n, to.p, to.cap, &e);
    if (e == U_BUFFER_OVERFLOW_ERROR) {
        e = U_ZERO_ERROR;
        u16_reserve(&to, to.n + 1);
        to.n = unorm2_normalize(by, u->p, u->n, to.p, to.cap, &e);
    }
    if (U_FAILURE(e)) BUG("ICU could not normalise: %s", u_errorName(e));
    free(u->p);
    *u = to;
}

/* A character that the tables do not know, already in NFKD: marks that any script may carry are
 * gone, punctuation is a space, digits of all scripts are ASCII. */
static int32_t fold_other(int32_t c) {
    bool mark = (c >= 0x1AB0 && c <= 0x1AFF) || (c >= 0x1DC0 && c <= 0x1DFF) ||
                (c >= 0x20D0 && c <= 0x20FF) || (c >= 0xFE20 && c <= 0xFE2F);
    bool apostrophe = (c >= 0x02B9 && c <= 0x02BF) || c == 0x055A;
    if (mark || apostrophe) return GONE;
    int32_t digit = u_charDigitValue(c);
    if (digit >= 0) return '0' + digit;
    const uint32_t space = U_GC_P_MASK | U_GC_Z_MASK | U_GC_SM_MASK | U_GC_SK_MASK | U_GC_CC_MASK;
    return U_GET_GC_MASK(c) & space ? ' ' : c;
}

static void fold_into(struct u16 *to, int32_t c) {
    if (c >= 0xA0 && c < 0x180) {
        struct str s = str_of(latin[c - 0xA0]);
        if (str_eq(s, S(" ")))
            c = ' ';
        else {
            while (s.n) u16_put(to, utf8_next(&s));
            return;
        }
    } else {
        int32_t to_c = fold_one(c);
        c = to_c == BY_ICU ? fold_other(c) : to_c;
    }
    if (c == GONE || (c == ' ' && (to->n == 0 || to->p[to->n - 1] == ' '))) return;
    u16_put(to, c);
}

/* The slow way. The acute accent as a character goes first: NFKC would make it a space. */
static struct str fold_by_icu(struct arena *a, struct str text) {
    struct u16 u = u16_new(text.n);
    while (text.n) {
        int32_t c = utf8_next(&text);
        if (c != 0xB4 && c != 0x1FFD) u16_put(&u, c);
    }
    normalise(&u, unorm2_getNFKCCasefoldInstance);
    normalise(&u, unorm2_getNFDInstance);
    struct u16 to = u16_new((size_t)u.n);
    for (int32_t at = 0; at < u.n;) fold_into(&to, u16_next(&u, &at));
    if (to.n && to.p[to.n - 1] == ' ') to.n--;
    normalise(&to, unorm2_getNFCInstance);
    struct str s = u16_to_str(a, &to);
    free(u.p);
    free(to.p);
    return s;
}

struct str fold(struct arena *a, struct str text) {
    char small[1024];
    size_t n;
    if (text.n > LONGEST_TEXT) BUG("a text of %zu bytes", text.n);
    if (text.n <= sizeof small / 2) {
        if (fold_by_table(text, small, &n))
            return (struct str){ str_z(a, (struct str){ small, n }), n };
    } else {
        char *to = arena_alloc(a, 2 * text.n + 1);
        if (fold_by_table(text, to, &n)) return (struct str){ to, n };
    }
    return fold_by_icu(a, text);
}

/* The words of an already folded text that are not in seen yet. */
static void add_words(struct map *seen, struct str folded) {
    struct str word;
    while (str_cut(&folded, ' ', &word))
        if (word.n) map_at(seen, word);
}

static int words_of(struct arena *a, const struct map *seen, struct strs *out) {
    *out = (struct strs){ arena_array(a, struct str, seen->n), seen->n };
    for (int i = 0; i < seen->n; i++) out->v[i] = seen->v[i].key;
    return out->n;
}

/* The text with ZWNJ and the apostrophes ' and ’ as spaces; false when there are none. */
static bool opened(struct arena *a, struct str text, struct str *out) {
    static const struct str joints[] = { { "\xE2\x80\x8C", 3 }, { "\xE2\x80\x99", 3 }, { "'", 1 } };
    char *p = NULL;
    for (size_t k = 0; k < sizeof joints / sizeof *joints; k++) {
        struct str rest = p ? (struct str){ p, text.n } : text;
        for (ptrdiff_t at; (at = str_find(rest, joints[k])) >= 0;) {
            size_t from = (size_t)(rest.p - (p ? p : text.p)) + (size_t)at;
            if (!p) p = str_z(a, text);
            memset(p + from, ' ', joints[k].n);
            from += joints[k].n;
            rest = (struct str){ p + from, text.n - from };
        }
    }
    *out = (struct str){ p, text.n };
    return p != NULL;
}

int fold_words(struct arena *a, struct str text, struct strs *out) {
    struct map seen = map_new(a);
    struct str apart;
    add_words(&seen, fold(a, text));
    if (opened(a, text, &apart)) add_words(&seen, fold(a, apart));
    return words_of(a, &seen, out);
}

static bool is_email_joint(char c) {
    return c == '@' || c == '.' || c == '-' || c == '_' || c == '+';
}

/* The next piece of an address, folded and without spaces; *joint is the byte that ended it or 0.
 */
static struct str email_piece(struct arena *a, struct str *rest, char *joint) {
    size_t n = 0;
    while (n < rest->n && !is_email_joint(rest->p[n])) n++;
    struct str piece = fold(a, str_sub(*rest, 0, n)), word, all = piece;
    *joint = n < rest->n ? rest->p[n] : 0;
    *rest = str_sub(*rest, n + (*joint != 0), rest->n);
    if (str_find_c(piece, ' ') < 0) return piece;
    char *to = arena_alloc(a, piece.n);
    size_t to_n = 0;
    while (str_cut(&all, ' ', &word)) {
        memcpy(to + to_n, word.p, word.n);
        to_n += word.n;
    }
    return (struct str){ to, to_n };
}

struct str fold_email(struct arena *a, struct str address) {
    struct str whole = S("");
    char joint = 1;
    while (joint) {
        struct str piece = email_piece(a, &address, &joint);
        whole = str_join(a, (struct str[]){ whole, piece, { &joint, joint != 0 } }, 3, S(""));
    }
    return whole;
}

int fold_email_words(struct arena *a, struct str address, struct strs *out) {
    struct map seen = map_new(a);
    struct str whole = fold_email(a, address);
    if (whole.n) map_at(&seen, whole);
    char joint = 1;
    while (joint) {
        struct str piece = email_piece(a, &address, &joint);
        if (piece.n) map_at(&seen, piece);
    }
    return words_of(a, &seen, out);
}

struct str fold_digits(struct arena *a, struct str text) {
    char *to = arena_alloc(a, text.n + 1);
    size_t n = 0;
    for (int32_t c; (c = utf8_next(&text)) >= 0;) {
        int32_t digit = c < 0x80 ? (c >= '0' && c <= '9' ? c - '0' : -1) : u_charDigitValue(c);
        if (digit >= 0) to[n++] = (char)('0' + digit);
    }
    return (struct str){ to, n };
}

/* Characters that say only which way to write; at the ends of a text they are leftovers of a paste.
 */
static bool is_bidi_mark(int32_t c) {
    return c == 0x200E || c == 0x200F || c == 0x061C || (c >= 0x202A && c <= 0x202E) ||
           (c >= 0x2066 && c <= 0x2069) || c == 0xFEFF;
}

static bool is_line_end(int32_t c) {
    return c == '\n' || c == '\r' || c == 0x85 || c == 0x2028 || c == 0x2029;
}

static bool is_edge(int32_t c) {
    return is_bidi_mark(c) || u_isUWhiteSpace(c);
}

/* What a typed character becomes; next is the one behind it. */
static int32_t clean_one(int32_t c, int32_t next, enum text_clean_how how) {
    if (c == '\r' && next == '\n') return GONE;
    if (is_line_end(c)) return how & CLEAN_LONG ? '\n' : ' ';
    if (c == '\t') return how & CLEAN_LONG ? '\t' : ' ';
    if (c < 0x20 || (c >= 0x7F && c < 0xA0)) return GONE;
    if (how & CLEAN_PERSIAN && c == 0x064A) return 0x06CC;
    if (how & CLEAN_PERSIAN && c == 0x0643) return 0x06A9;
    return c;
}

/* True when text_clean would change nothing but the ends: plain letters, no marks to reorder. */
static bool is_clean(struct str s, enum text_clean_how how) {
    while (s.n) {
        struct str at = s;
        int32_t c = utf8_next(&s);
        bool plain = (c >= 0x20 && c < 0x7F) || (c >= 0xA0 && c < 0x300) || c == 0x200C ||
                     (c >= 0x0620 && c <= 0x064A) || (c >= 0x0660 && c <= 0x066F) ||
                     (c >= 0x0671 && c <= 0x06D3) || (c >= 0x06F0 && c <= 0x06F9) ||
                     ((c == '\n' || c == '\t') && how & CLEAN_LONG) ||
                     (c == 0xFFFD && str_starts(at, S("\xEF\xBF\xBD")));
        if (!plain || (how & CLEAN_PERSIAN && (c == 0x064A || c == 0x0643))) return false;
    }
    return true;
}

static struct str trim_edges(struct str s) {
    for (struct str at = s; at.n && is_edge(utf8_next(&at));) s = at;
    while (s.n) {
        size_t n = 1;
        while (n < s.n && n < 4 && ((unsigned char)s.p[s.n - n] & 0xC0) == 0x80) n++;
        struct str last = { s.p + s.n - n, n };
        if (!is_edge(utf8_next(&last)) || last.n) break;
        s.n -= n;
    }
    return s.n ? s : S("");
}

struct str text_clean(struct arena *a, struct str typed, enum text_clean_how how) {
    if (is_clean(typed, how)) return trim_edges(typed);
    struct u16 u = u16_of(typed), to = u16_new(typed.n);
    for (int32_t at = 0; at < u.n;) {
        int32_t c = u16_next(&u, &at), from = at;
        c = clean_one(c, from < u.n ? u16_next(&u, &from) : -1, how);
        if (c != GONE) u16_put(&to, c);
    }
    normalise(&to, unorm2_getNFCInstance);
    struct str s = u16_to_str(a, &to);
    free(u.p);
    free(to.p);
    return trim_edges(s);
}
