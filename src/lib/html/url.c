/* Addresses: the only makers of struct url, so that an href holds a path of this program or one of
 * four harmless schemes. Called by handlers; calls lib/base. Rules: RFC 3986, RFC 6068, RFC 3966,
 * and WHATWG URL for what browsers strip before they look at the scheme. */
#include "lib/html/out.h"

#include <stdarg.h>

static bool has_control(struct str s) {
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] <= 0x20 || s.p[i] == 0x7F) return true;
    return false;
}

/* Browsers read '\' as '/', so "/\host" leaves the program as "//host" does. */
struct url url_own(struct str path) {
    bool own = path.n > 0 && path.p[0] == '/' &&
               !(path.n > 1 && (path.p[1] == '/' || path.p[1] == '\\')) && !has_control(path);
    if (!own) BUG("not an own path: %.*s", SF(path));
    return (struct url){ path };
}

struct url url_printf(struct arena *a, const char *fmt, ...) {
    va_list args;
    va_start(args, fmt);
    char *z = NULL;
    int n = vasprintf(&z, fmt, args);
    va_end(args);
    if (n < 0) BUG("bad format %s", fmt);
    struct str path = str_dup(a, (struct str){ z, (size_t)n });
    free(z);
    return url_own(path);
}

static struct str encode(struct arena *a, struct str s, const char *also) {
    struct out o = { .b = { .arena = a } };
    buf_reserve(&o.b, s.n);
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] && strchr(also, s.p[i]))
            buf_add_c(&o.b, s.p[i]);
        else
            out_encoded(&o, str_sub(s, i, 1));
    }
    return buf_str(&o.b);
}

struct str url_encode(struct arena *a, struct str s) {
    return encode(a, s, "");
}

struct url url_beside(struct arena *a, struct str path) {
    bool up = str_find(path, S("..")) >= 0 || str_starts(path, S("/"));
    if (up || !path.n) BUG("not beside: %.*s", SF(path));
    return (struct url){ encode(a, path, "/") };
}

struct url url_query(struct arena *a, struct url base, const char *key, struct str value) {
    if (base.s.n == 0) return base;
    ptrdiff_t hash = str_find_c(base.s, '#');
    size_t before = hash < 0 ? base.s.n : (size_t)hash;
    bool first = str_find_c(str_sub(base.s, 0, before), '?') < 0;
    struct str k = url_encode(a, str_of(key)), v = url_encode(a, value);
    struct buf b = { .arena = a };
    buf_add(&b, str_sub(base.s, 0, before));
    buf_add_c(&b, first ? '?' : '&');
    buf_add(&b, k);
    buf_add_c(&b, '=');
    buf_add(&b, v);
    buf_add(&b, str_sub(base.s, before, base.s.n - before));
    return (struct url){ buf_str(&b) };
}

struct url url_of_user(struct str s) {
    static const struct {
        const char *scheme;
        bool host;
    } known[] = { { "https:", true }, { "http:", true }, { "mailto:", false }, { "tel:", false } };
    s = str_trim(s);
    /* A blank inside the scheme is dropped by browsers ("java\tscript:"): refused, not repaired. */
    if (has_control(s) || !utf8_valid(s)) return (struct url){ NO_STR };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        struct str scheme = str_of(known[i].scheme), rest = str_sub(s, scheme.n, s.n);
        if (!str_eq_ascii(str_sub(s, 0, scheme.n), scheme)) continue;
        if (known[i].host) {
            if (!str_starts(rest, S("//"))) break;
            rest = str_sub(rest, 2, rest.n);
            if (rest.n && (rest.p[0] == '/' || rest.p[0] == '\\')) break;
        }
        return (struct url){ rest.n ? s : NO_STR };
    }
    return (struct url){ NO_STR };
}

struct url url_tel(struct arena *a, struct str e164) {
    bool good = e164.n > 1 && e164.p[0] == '+';
    for (size_t i = 1; i < e164.n; i++) good = good && e164.p[i] >= '0' && e164.p[i] <= '9';
    return (struct url){ good ? str_printf(a, "tel:%.*s", SF(e164)) : NO_STR };
}

struct url url_mailto(struct arena *a, struct str mail) {
    if (str_find_c(mail, '@') < 1 || has_control(mail)) return (struct url){ NO_STR };
    return (struct url){ str_printf(a, "mailto:%.*s", SF(encode(a, mail, "@+"))) };
}
