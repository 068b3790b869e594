/* Counted strings and UTF-8 (RFC 3629). Called by everybody; calls only the arena. */
#include "lib/base/str.h"

#include <stdarg.h>

struct str str_of(const char *z) {
    return z ? (struct str){ z, strlen(z) } : NO_STR;
}

bool str_eq(struct str a, struct str b) {
    return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

bool str_eq_z(struct str a, const char *z) {
    return str_eq(a, str_of(z));
}

static char lower(char c) {
    return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

bool str_eq_ascii(struct str a, struct str b) {
    if (a.n != b.n) return false;
    for (size_t i = 0; i < a.n; i++)
        if (lower(a.p[i]) != lower(b.p[i])) return false;
    return true;
}

int str_cmp(struct str a, struct str b) {
    size_t n = a.n < b.n ? a.n : b.n;
    int c = n ? memcmp(a.p, b.p, n) : 0;
    return c ? c : (a.n > b.n) - (a.n < b.n);
}

bool str_starts(struct str s, struct str with) {
    return s.n >= with.n && (with.n == 0 || memcmp(s.p, with.p, with.n) == 0);
}

bool str_ends(struct str s, struct str with) {
    return s.n >= with.n && (with.n == 0 || memcmp(s.p + s.n - with.n, with.p, with.n) == 0);
}

ptrdiff_t str_find(struct str s, struct str what) {
    if (what.n == 0) return 0;
    if (s.n < what.n) return -1;
    const char *at = memmem(s.p, s.n, what.p, what.n);
    return at ? at - s.p : -1;
}

ptrdiff_t str_find_c(struct str s, char c) {
    const char *at = s.n ? memchr(s.p, c, s.n) : NULL;
    return at ? at - s.p : -1;
}

struct str str_sub(struct str s, size_t from, size_t n) {
    if (from > s.n) from = s.n;
    if (n > s.n - from) n = s.n - from;
    return (struct str){ s.p ? s.p + from : NULL, n };
}

static bool is_space(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
}

struct str str_trim(struct str s) {
    while (s.n && is_space(s.p[0])) s.p++, s.n--;
    while (s.n && is_space(s.p[s.n - 1])) s.n--;
    return s;
}

bool str_cut(struct str *rest, char sep, struct str *piece) {
    if (!rest->p) return false;
    ptrdiff_t at = str_find_c(*rest, sep);
    if (at < 0) {
        *piece = *rest;
        *rest = NO_STR;
        return true;
    }
    *piece = str_sub(*rest, 0, (size_t)at);
    *rest = (struct str){ rest->p + at + 1, rest->n - (size_t)at - 1 };
    return true;
}

bool str_to_i64(struct str s, int64_t *out) {
    bool minus = s.n && s.p[0] == '-';
    size_t i = minus;
    if (i == s.n || s.n - i > 19) return false;
    int64_t v = 0;
    for (; i < s.n; i++) {
        if (s.p[i] < '0' || s.p[i] > '9') return false;
        int d = s.p[i] - '0';
        if (__builtin_mul_overflow(v, 10, &v)) return false;
        if (__builtin_add_overflow(v, minus ? -d : d, &v)) return false;
    }
    *out = v;
    return true;
}

char *str_z(struct arena *a, struct str s) {
    char *p = arena_alloc(a, s.n + 1);
    if (s.n) memcpy(p, s.p, s.n);
    return p;
}

struct str str_dup(struct arena *a, struct str s) {
    return s.p ? (struct str){ str_z(a, s), s.n } : NO_STR;
}

struct str str_printf(struct arena *a, const char *fmt, ...) {
    va_list args, again;
    char few[256]; /* most texts are short: put together once */
    va_start(args, fmt);
    va_copy(again, args);
    int n = vsnprintf(few, sizeof few, fmt, args);
    va_end(args);
    if (n < 0) BUG("bad format %s", fmt);
    char *p = arena_alloc(a, (size_t)n + 1);
    if ((size_t)n < sizeof few)
        memcpy(p, few, (size_t)n + 1);
    else
        vsnprintf(p, (size_t)n + 1, fmt, again);
    va_end(again);
    return (struct str){ p, (size_t)n };
}

struct str str_join(struct arena *a, const struct str *v, int n, struct str between) {
    size_t total = 0;
    for (int i = 0; i < n; i++) total += v[i].n + (i ? between.n : 0);
    char *p = arena_alloc(a, total + 1), *to = p;
    for (int i = 0; i < n; i++) {
        if (i && between.n) to = (char *)memcpy(to, between.p, between.n) + between.n;
        if (v[i].n) to = (char *)memcpy(to, v[i].p, v[i].n) + v[i].n;
    }
    return (struct str){ p, total };
}

struct str str_lower_ascii(struct arena *a, struct str s) {
    char *p = str_z(a, s);
    for (size_t i = 0; i < s.n; i++) p[i] = lower(p[i]);
    return (struct str){ p, s.n };
}

struct str str_hex(struct arena *a, const void *bytes, size_t n) {
    static const char digits[] = "0123456789abcdef";
    const unsigned char *b = bytes;
    char *p = arena_alloc(a, 2 * n + 1);
    for (size_t i = 0; i < n; i++) {
        p[2 * i] = digits[b[i] >> 4];
        p[2 * i + 1] = digits[b[i] & 15];
    }
    return (struct str){ p, 2 * n };
}

static int hex_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    c = lower(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool str_unhex(struct str hex, void *bytes, size_t n) {
    unsigned char *b = bytes;
    if (hex.n != 2 * n) return false;
    for (size_t i = 0; i < n; i++) {
        int high = hex_value(hex.p[2 * i]), low = hex_value(hex.p[2 * i + 1]);
        if (high < 0 || low < 0) return false;
        b[i] = (unsigned char)(high << 4 | low);
    }
    return true;
}

int32_t utf8_next(struct str *s) {
    if (s->n == 0) return -1;
    const unsigned char *p = (const unsigned char *)s->p;
    int32_t c = p[0], least = 0;
    size_t n = 1;
    if (c >= 0x80) {
        if (c >= 0xC2 && c < 0xE0)
            c &= 0x1F, n = 2, least = 0x80;
        else if (c >= 0xE0 && c < 0xF0)
            c &= 0x0F, n = 3, least = 0x800;
        else if (c >= 0xF0 && c < 0xF5)
            c &= 0x07, n = 4, least = 0x10000;
        else
            goto bad;
        if (s->n < n) goto bad;
        for (size_t i = 1; i < n; i++) {
            if ((p[i] & 0xC0) != 0x80) goto bad;
            c = c << 6 | (p[i] & 0x3F);
        }
        if (c < least || c > 0x10FFFF || (c >= 0xD800 && c < 0xE000)) goto bad;
    }
    s->p += n;
    s->n -= n;
    return c;
bad:
    s->p++;
    s->n--;
    return 0xFFFD;
}

int utf8_put(char to[4], int32_t c) {
    if (c < 0x80) {
        to[0] = (char)c;
        return 1;
    }
    int n = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    for (int i = n - 1; i > 0; i--, c >>= 6) to[i] = (char)(0x80 | (c & 0x3F));
    to[0] = (char)((0xF00 >> n & 0xFF) | c);
    return n;
}

bool utf8_valid(struct str s) {
    while (s.n) {
        struct str at = s;
        if (utf8_next(&s) == 0xFFFD && !str_starts(at, S("\xEF\xBF\xBD"))) return false;
    }
    return true;
}

size_t utf8_count(struct str s) {
    size_t n = 0;
    while (s.n) utf8_next(&s), n++;
    return n;
}
