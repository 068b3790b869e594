/* Typed telephone numbers to E.164 and back to what people read.
 * Called by core's phone fields in forms, API and import (200,000 a second and more), and by
 * search. Calls only number.h for digits of other scripts. The numbering plans are constant tables
 * made by tools/phonec; their patterns are programs over digits that pattern_run executes. */
#include "lib/locale/phone.h"

#include "lib/base/buf.h"
#include "lib/locale/number.h"
#include "lib/locale/phone_table.h"

#define DIGITS_MAX      24 /* typed: prefix abroad, country code, trunk digit, number */
#define NATIONAL_MAX    17
#define E164_DIGITS_MAX 15

struct digit_string {
    char p[DIGITS_MAX + NATIONAL_MAX];
    int n;
};

/* ---- patterns ---- */

struct match {
    const char *p;
    int n;
    bool whole;                      /* must it reach the end of the number? */
    int8_t save[2 * PHONE_GROUPS_N]; /* -1: group not taken */
};

/* Where the match that starts at `at` ends; -1 if there is none. Depth is that of the pattern's
 * choices, a few dozen. */
static int pattern_run(const uint16_t *code, struct match *m, int at) {
    for (;; code++) {
        int argument = *code & 0x1fff;
        switch (*code >> 13) {
        case PHONE_SET:
            if (at == m->n || !(argument >> (m->p[at] - '0') & 1)) return -1;
            at++;
            break;
        case PHONE_SPLIT: {
            int end = pattern_run(code + 1, m, at);
            if (end >= 0) return end;
            code += argument - 1;
            break;
        }
        case PHONE_JUMP: code += argument - 1; break;
        case PHONE_SAVE: {
            int8_t before = m->save[argument];
            m->save[argument] = (int8_t)at;
            int end = pattern_run(code + 1, m, at);
            if (end < 0) m->save[argument] = before;
            return end;
        }
        case PHONE_END:
            if (at != m->n) return -1;
            break;
        default: return m->whole && at != m->n ? -1 : at;
        }
    }
}

static struct match match_of(const char *p, int n, bool whole) {
    struct match m = { p, n, whole, { 0 } };
    memset(m.save, -1, sizeof m.save);
    return m;
}

static bool matches(uint32_t pattern, const char *p, int n) {
    struct match m = match_of(p, n, true);
    return pattern && pattern_run(phone_code + pattern, &m, 0) >= 0;
}

/* How many digits at the start match; -1 for none. */
static int starts(uint32_t pattern, const char *p, int n) {
    struct match m = match_of(p, n, false);
    return pattern ? pattern_run(phone_code + pattern, &m, 0) : -1;
}

/* ---- numbering plans ---- */

static const struct phone_region *region_find(const char *code) {
    if (!code || !code[0] || !code[1]) return NULL;
    int low = 0, high = phone_regions_n;
    while (low < high) {
        int mid = (low + high) / 2;
        int c = strncmp(code, phone_regions[mid].code, 3);
        if (c == 0) return &phone_regions[mid];
        if (c < 0)
            high = mid;
        else
            low = mid + 1;
    }
    return NULL;
}

/* The calling code at the start of some digits: its length in digits, 0 if there is none. No
 * calling code begins with another one. */
static int calling_of(const char *p, int n, int *calling) {
    int code = 0;
    for (int i = 0; i < 3 && i < n; i++) {
        code = code * 10 + p[i] - '0';
        if (code == 0) return 0;
        if (!phone_callings[code].n) continue;
        *calling = code;
        return i + 1;
    }
    return 0;
}

static const struct phone_region *main_region(int calling) {
    return &phone_regions[phone_shared[phone_callings[calling].at]];
}

static bool length_possible(const struct phone_region *r, int n) {
    return n < 32 && (r->lengths >> n & 1);
}

/* PHONE_UNKNOWN: the plan has no such number. */
static enum phone_type type_of(const struct phone_region *r, const char *p, int n) {
    enum phone_type type = PHONE_UNKNOWN;
    for (int i = 0; i < r->kinds_n; i++) {
        const struct phone_kind *k = &phone_kinds[r->kinds_at + i];
        if (!(k->lengths >> n & 1) || !matches(k->pattern, p, n)) continue;
        if (type == PHONE_FIXED && k->type == PHONE_MOBILE) return PHONE_FIXED_OR_MOBILE;
        if (type == PHONE_UNKNOWN) type = (enum phone_type)k->type;
        if (type != PHONE_FIXED) break;
    }
    return type;
}

static bool region_valid(const struct phone_region *r, const char *p, int n) {
    if (n > NATIONAL_MAX || !length_possible(r, n) || !matches(r->number, p, n)) return false;
    return !r->kinds_n || type_of(r, p, n) != PHONE_UNKNOWN;
}

/* Of the regions that share a calling code the one whose number it is; NULL if it is nobody's. */
static const struct phone_region *region_of(int calling, const char *p, int n) {
    const struct phone_calling *c = &phone_callings[calling];
    for (int i = 0; i < c->n; i++) {
        const struct phone_region *r = &phone_regions[phone_shared[c->at + i]];
        if (r->leading && starts(r->leading, p, n) < 0) continue;
        if (region_valid(r, p, n)) return r;
    }
    return NULL;
}

/* ---- the trunk prefix ---- */

/* The text of a change such as "9$1" with its groups, and the digits behind the prefix. */
static void apply_change(const struct phone_region *r, const struct match *m, int end,
                         struct digit_string *to) {
    to->n = 0;
    for (const char *c = r->change; *c; c++) {
        if (*c != '$') {
            to->p[to->n++] = *c;
            continue;
        }
        int k = *++c - '0';
        int from = m->save[2 * k], until = m->save[2 * k + 1];
        if (from < 0 || until < from) continue;
        memcpy(to->p + to->n, m->p + from, (size_t)(until - from));
        to->n += until - from;
    }
    memcpy(to->p + to->n, m->p + end, (size_t)(m->n - end));
    to->n += m->n - end;
}

/* The national number without what may be dialled before it: 0912… becomes 912…. Kept as it is
 * where the digit belongs to the number (8 800… in Russia), or too little would be left. */
static void strip_prefix(const struct phone_region *r, struct digit_string *number) {
    struct match m = match_of(number->p, number->n, false);
    int end = r->prefix ? pattern_run(phone_code + r->prefix, &m, 0) : -1;
    if (end <= 0) return;
    struct digit_string rest;
    int groups = 0;
    for (int k = 1; k < PHONE_GROUPS_N; k++)
        if (m.save[2 * k + 1] >= 0) groups = k;
    if (r->change && groups) {
        apply_change(r, &m, end, &rest);
    } else {
        rest.n = number->n - end;
        memcpy(rest.p, number->p + end, (size_t)rest.n);
    }
    bool before = matches(r->number, number->p, number->n);
    if (before && !matches(r->number, rest.p, rest.n)) return;
    if (!length_possible(r, rest.n)) return;
    *number = rest;
}

/* ---- deciding ---- */

static bool accept(int calling, const struct digit_string *national, struct phone_number *out) {
    const struct phone_region *r = region_of(calling, national->p, national->n);
    int n = snprintf(out->e164, sizeof out->e164, "+%d", calling);
    if (!r || n - 1 + national->n > E164_DIGITS_MAX) {
        out->e164[0] = '\0';
        return false;
    }
    memcpy(out->e164 + n, national->p, (size_t)national->n);
    out->e164[n + national->n] = '\0';
    memcpy(out->region, r->code, sizeof out->region);
    out->type = type_of(r, national->p, national->n);
    return out->valid = true;
}

static struct digit_string from(const char *p, int n) {
    struct digit_string d = { .n = n };
    memcpy(d.p, p, (size_t)n);
    return d;
}

static bool try_national(int calling, const struct phone_region *r, const char *p, int n,
                         struct phone_number *out) {
    if (n < 2 || n > DIGITS_MAX) return false;
    struct digit_string national = from(p, n);
    strip_prefix(r, &national);
    return accept(calling, &national, out);
}

/* Digits that begin with a calling code. */
static bool try_international(const char *p, int n, struct phone_number *out) {
    int calling = 0, code_n = calling_of(p, n, &calling);
    return code_n && try_national(calling, main_region(calling), p + code_n, n - code_n, out);
}

/* A number of the default region, or with its or another country's code but without a plus. */
static bool try_local(const struct digit_string *d, const struct phone_region *home,
                      struct phone_number *out) {
    if (home) {
        int idd = starts(home->idd, d->p, d->n);
        if (idd > 0 && idd < d->n && d->p[idd] != '0' &&
            try_international(d->p + idd, d->n - idd, out))
            return true;
        if (try_national(home->calling, home, d->p, d->n, out)) return true;
        struct digit_string bare = *d;
        if (bare.n && bare.p[0] == '0') bare = from(d->p + 1, d->n - 1);
        int calling = 0, code_n = calling_of(bare.p, bare.n, &calling);
        if (code_n && calling == home->calling && try_international(bare.p, bare.n, out))
            return true;
    }
    /* 00 is dialled in most countries; elsewhere it must be long enough to be no local number. */
    if (d->n >= 12 && d->p[0] == '0' && d->p[1] == '0')
        return try_international(d->p + 2, d->n - 2, out);
    /* Spreadsheets drop the plus. Not where it may be a local number with a typing error. */
    int calling = 0, code_n = calling_of(d->p, d->n, &calling);
    int least = code_n == 3 ? 10 : 11;
    if (!code_n || d->n < least) return false;
    if (home) {
        struct digit_string local = *d;
        strip_prefix(home, &local);
        if (local.n != d->n || length_possible(home, d->n)) return false;
    }
    struct digit_string national = from(d->p + code_n, d->n - code_n);
    return accept(calling, &national, out);
}

/* ---- reading ---- */

struct scan {
    struct digit_string digits, ext;
    bool plus, plus_behind, too_long, other; /* other: digits again behind a word */
    int zero_at;                             /* place of a digit typed as "(0)"; 0: none */
};

static bool is_invisible(int32_t c) {
    return (c >= 0x200b && c <= 0x200f) || (c >= 0x202a && c <= 0x202e) ||
           (c >= 0x2060 && c <= 0x2069) || c == 0x061c || c == 0xfeff || c == 0x00ad;
}

static bool is_letter(int32_t c) {
    if (c < 0x80) return (c | 32) >= 'a' && (c | 32) <= 'z';
    return (c >= 0xc0 && c < 0x2000 && c != 0xd7 && c != 0xf7 && c != 0x060c && c != 0x061b &&
            c != 0x061f) ||
           (c >= 0x2c00 && c < 0xe000 && !(c >= 0x3000 && c < 0x3040)) ||
           (c >= 0xf900 && c < 0xfe00) || (c >= 0xfe70 && c < 0xff00) ||
           (c >= 0xff21 && c < 0xff5b);
}

/* Letters that differ by keyboard only become one; accents of é, è, É go; marks vanish (0). */
static int32_t plain_letter(int32_t c) {
    if (c >= 'A' && c <= 'Z') return c + 32;
    if ((c >= 0xc8 && c <= 0xcb) || (c >= 0xe8 && c <= 0xeb)) return 'e';
    switch (c) {
    case 0x064a:
    case 0x0649: return 0x06cc;
    case 0x0643: return 0x06a9;
    case 0x0629: return 0x0647;
    case 0x0640: return 0;
    default: return c >= 0x064b && c <= 0x065f ? 0 : c;
    }
}

static bool is_extension_word(struct str word) {
    static const char *const words[] = {
        "ext",     "extn",  "extension", "x",    "xt",     "poste", "post", "p",    "int",
        "interne", "anexo", "داخلی",     "داخل", "تحویله", "تحویل", "وصله", "فرعی", "انترن"
    };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (str_eq_z(word, words[i])) return true;
    return false;
}

/* The word from here on; is it one that introduces an extension? */
static bool take_word(struct str *rest) {
    char plain[32];
    size_t n = 0;
    bool fits = true;
    while (rest->n) {
        struct str here = *rest;
        int32_t c = utf8_next(rest);
        if (is_invisible(c)) continue;
        if (!is_letter(c) || digit_value(c) >= 0) {
            *rest = here;
            break;
        }
        int32_t letter = plain_letter(c);
        if (!letter) continue;
        fits = fits && n + 4 <= sizeof plain;
        if (fits) n += (size_t)utf8_put(plain + n, letter);
    }
    return fits && is_extension_word((struct str){ plain, n });
}

static void add_digit(struct digit_string *d, int digit, int max, bool *too_long) {
    if (d->n < max)
        d->p[d->n++] = (char)('0' + digit);
    else
        *too_long = true;
}

/* "(0)" right here? */
static bool paren_zero(struct str rest) {
    int32_t c = utf8_next(&rest);
    return digit_value(c) == 0 && utf8_next(&rest) == ')';
}

static struct scan scan(struct str rest) {
    struct scan s = { .zero_at = 0 };
    bool ext = false, word_behind = false;
    while (rest.n) {
        struct str here = rest;
        int32_t c = utf8_next(&rest);
        int digit = digit_value(c);
        if (digit >= 0) {
            s.other |= word_behind && !ext;
            if (ext)
                add_digit(&s.ext, digit, (int)sizeof((struct phone_number){ 0 }).ext - 1,
                          &s.too_long);
            else
                add_digit(&s.digits, digit, DIGITS_MAX, &s.too_long);
        } else if (c == '+' || c == 0xff0b) {
            if (s.digits.n)
                s.plus_behind = true;
            else
                s.plus = true;
        } else if (c == '(' && s.digits.n && !ext && paren_zero(rest)) {
            s.zero_at = s.digits.n;
        } else if (c == '#' && s.digits.n) {
            ext = true;
        } else if (is_letter(c)) {
            rest = here;
            bool introduces = take_word(&rest);
            if (s.digits.n && introduces)
                ext = true;
            else if (s.digits.n)
                word_behind = true;
        }
    }
    return s;
}

bool phone_parse(struct arena *a, struct str typed, const char *default_region,
                 struct phone_number *out) {
    (void)a;
    *out = (struct phone_number){ 0 };
    struct scan s = scan(typed);
    memcpy(out->ext, s.ext.p, (size_t)s.ext.n);
    if (s.too_long || s.other || s.digits.n < 3) return false;
    const struct phone_region *home = region_find(default_region);
    const struct digit_string *d = &s.digits;
    if (!s.plus && !s.plus_behind) {
        if (try_local(d, home, out)) return true;
    } else {
        if (try_international(d->p, d->n, out)) return true;
        /* "+0098…" and "+098…" are slips of +98. */
        int zeros = 0;
        while (zeros < 2 && zeros < d->n && d->p[zeros] == '0') zeros++;
        if (zeros && try_international(d->p + zeros, d->n - zeros, out)) return true;
    }
    if (!s.zero_at) return false;
    /* "(0)" where the country has no trunk zero: leave it out. */
    struct digit_string without = *d;
    without.n--;
    memmove(without.p + s.zero_at, without.p + s.zero_at + 1, (size_t)(without.n - s.zero_at));
    if (s.plus || s.plus_behind) return try_international(without.p, without.n, out);
    return try_local(&without, home, out);
}

/* ---- showing ---- */

struct split {
    const struct phone_region *region, *plan; /* plan: the region that has the formats */
    int calling;
    const char *p;
    int n;
};

static bool split(struct str e164, struct split *s) {
    if (e164.n < 4 || e164.n > E164_DIGITS_MAX + 1 || e164.p[0] != '+') return false;
    for (size_t i = 1; i < e164.n; i++)
        if (e164.p[i] < '0' || e164.p[i] > '9') return false;
    int code_n = calling_of(e164.p + 1, (int)e164.n - 1, &s->calling);
    if (!code_n) return false;
    s->p = e164.p + 1 + code_n;
    s->n = (int)e164.n - 1 - code_n;
    s->region = region_of(s->calling, s->p, s->n);
    s->plan = s->region && s->region->formats_n ? s->region : main_region(s->calling);
    return s->region != NULL;
}

static const struct phone_format *format_of(const struct split *s, struct match *m) {
    for (int i = 0; i < s->plan->formats_n; i++) {
        const struct phone_format *f = &phone_formats[s->plan->formats_at + i];
        if (f->leading && starts(f->leading, s->p, s->n) < 0) continue;
        *m = match_of(s->p, s->n, true);
        if (pattern_run(phone_code + f->pattern, m, 0) >= 0) return f;
    }
    return NULL;
}

static void add_group(struct buf *b, const struct match *m, int k) {
    int from_at = m->save[2 * k], until = m->save[2 * k + 1];
    if (from_at >= 0 && until >= from_at)
        buf_add(b, (struct str){ m->p + from_at, (size_t)(until - from_at) });
}

/* A text such as "($1) $2-$3"; its first group as rule says ("0$1"), if there is a rule. */
static void add_format(struct buf *b, const struct match *m, const char *text, const char *rule) {
    for (const char *c = text; *c; c++) {
        if (*c != '$') {
            buf_add_c(b, *c);
            continue;
        }
        int k = *++c - '0';
        if (!rule) {
            add_group(b, m, k);
            continue;
        }
        for (const char *r = rule; *r; r++) {
            if (*r == '$')
                add_group(b, m, k), r++;
            else
                buf_add_c(b, *r);
        }
        rule = NULL;
    }
}

struct str phone_show_national(struct arena *a, struct str e164) {
    struct split s;
    if (!split(e164, &s)) return e164;
    struct match m;
    const struct phone_format *f = format_of(&s, &m);
    if (!f) return (struct str){ s.p, (size_t)s.n };
    struct buf b = { .arena = a };
    buf_reserve(&b, 40);
    add_format(&b, &m, f->national, f->rule);
    return buf_str(&b);
}

struct str phone_show_international(struct arena *a, struct str e164) {
    struct split s;
    if (!split(e164, &s)) return e164;
    struct buf b = { .arena = a };
    buf_reserve(&b, 40);
    buf_printf(&b, "+%d ", s.calling);
    size_t head = b.n;
    struct match m;
    const struct phone_format *f = format_of(&s, &m);
    if (!f) {
        buf_add(&b, (struct str){ s.p, (size_t)s.n });
        return buf_str(&b);
    }
    add_format(&b, &m, f->international, NULL);
    /* Between the groups only spaces (ITU-T E.123). */
    size_t to = head;
    for (size_t i = head; i < b.n; i++) {
        char c = b.p[i];
        if (c >= '0' && c <= '9')
            b.p[to++] = c;
        else if (to > head && b.p[to - 1] != ' ')
            b.p[to++] = ' ';
    }
    b.n = to;
    return buf_str(&b);
}

bool phone_valid(struct str e164) {
    struct split s;
    return split(e164, &s);
}

int phone_calling_code(const char *region) {
    const struct phone_region *r = region_find(region);
    return r ? r->calling : 0;
}
