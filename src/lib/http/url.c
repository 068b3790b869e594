/* See url.h. Called by head.c for every request, by http_form() for form bodies; calls only base.
 */
#include "lib/http/url.h"

#include "lib/base/limits.h"

static int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

/* The byte of "%41" at p, or -1. */
static int escaped_byte(struct str s, size_t at) {
    if (s.n - at < 3 || s.p[at] != '%') return -1;
    int high = hex_digit(s.p[at + 1]), low = hex_digit(s.p[at + 2]);
    return high < 0 || low < 0 ? -1 : high << 4 | low;
}

static bool segments_ok(struct str path) {
    struct str rest = str_sub(path, 1, path.n), piece;
    while (str_cut(&rest, '/', &piece)) {
        if (piece.n == 0 && rest.p) return false;
        if (str_eq_z(piece, ".") || str_eq_z(piece, "..")) return false;
    }
    return true;
}

bool url_path(struct arena *a, struct str raw, struct str *out) {
    if (raw.n == 0 || raw.p[0] != '/') return false;
    char *to = arena_alloc(a, raw.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < raw.n; i++) {
        int c = (unsigned char)raw.p[i];
        if (c <= ' ' || c >= 127) return false;
        if (c == '%') {
            c = escaped_byte(raw, i);
            if (c < ' ' || c == 127 || c == '/') return false;
            i += 2;
        }
        to[n++] = (char)c;
    }
    *out = (struct str){ to, n };
    return utf8_valid(*out) && segments_ok(*out);
}

/* Decodes one name or value; false for a NUL or bytes that are not UTF-8. */
static bool decode_piece(struct arena *a, struct str raw, struct str *out) {
    char *to = arena_alloc(a, raw.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < raw.n; i++) {
        int c = (unsigned char)raw.p[i], escaped = escaped_byte(raw, i);
        if (c == '+') c = ' ';
        if (escaped >= 0) {
            c = escaped;
            i += 2;
        }
        if (c == 0) return false;
        if (c == '\n' && n && to[n - 1] == '\r') n--;
        to[n++] = (char)c;
    }
    to[n] = 0;
    *out = (struct str){ to, n };
    return utf8_valid(*out);
}

enum status url_pairs(struct arena *a, struct str raw, struct url_pairs_limits limits,
                      struct http_pairs *out, struct str *why) {
    *out = (struct http_pairs){ 0 };
    *why = NO_STR;
    int most = 1;
    for (size_t i = 0; i < raw.n && most <= limits.pairs_n; i++) most += raw.p[i] == '&';
    out->v = arena_array(a, struct http_pair, most);
    struct str rest = raw, piece;
    while (str_cut(&rest, '&', &piece)) {
        if (piece.n == 0) continue;
        if (out->n == limits.pairs_n) {
            *why = S("too many fields");
            return TOO_MANY;
        }
        ptrdiff_t eq = str_find_c(piece, '=');
        struct str name = eq < 0 ? piece : str_sub(piece, 0, (size_t)eq);
        struct str value = eq < 0 ? S("") : str_sub(piece, (size_t)eq + 1, piece.n);
        struct http_pair *pair = &out->v[out->n++];
        if (!decode_piece(a, name, &pair->name) || !decode_piece(a, value, &pair->value)) {
            *why = S("a field is not UTF-8 text");
            return MALFORMED;
        }
        if (pair->name.n > limits.value_n || pair->value.n > limits.value_n) {
            *why = S("a field is too long");
            return TOO_BIG;
        }
    }
    return OK;
}

enum status http_form(struct arena *a, struct str urlencoded, struct http_pairs *out,
                      struct str *why) {
    struct url_pairs_limits limits = { LIMIT_FORM_FIELDS_N, LIMIT_FIELD };
    return url_pairs(a, urlencoded, limits, out, why);
}

struct str http_escape(struct arena *a, struct str s) {
    static const char digits[] = "0123456789ABCDEF";
    char *to = arena_alloc(a, arena_mul_(s.n, 3) + 1);
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        bool plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                     c == '-' || c == '.' || c == '_' || c == '~';
        if (plain) {
            to[n++] = (char)c;
        } else {
            to[n++] = '%';
            to[n++] = digits[c >> 4];
            to[n++] = digits[c & 15];
        }
    }
    return (struct str){ to, n };
}
