/* Reading headers, query parameters, cookies and preferences of a request, and writing the headers
 * of a reply. Called by core/web and core/api for every request; calls only base. */
#include "lib/http/http.h"

struct str http_pairs_get(const struct http_pairs *pairs, const char *name) {
    size_t n = strlen(name);
    for (int i = 0; i < pairs->n; i++) {
        const struct http_pair *p = &pairs->v[i];
        if (p->name.n == n && memcmp(p->name.p, name, n) == 0) return p->value;
    }
    return NO_STR;
}

struct str http_header(const struct http_request *req, const char *lower_case_name) {
    return http_pairs_get(&req->headers, lower_case_name);
}

struct str http_query(const struct http_request *req, const char *name) {
    return http_pairs_get(&req->query, name);
}

int http_status_of(enum status s) {
    static const short codes[STATUS_N] = {
        [OK] = 200,      [INVALID] = 422,  [MALFORMED] = 400, [SIGNED_OUT] = 401,
        [DENIED] = 403,  [MISSING] = 404,  [CONFLICT] = 409,  [STALE] = 412,
        [TOO_BIG] = 413, [TOO_MANY] = 429, [BUSY] = 503,      [BROKEN] = 500,
    };
    return (unsigned)s < STATUS_N ? codes[s] : 500;
}

/* The value of one name in one Cookie header; counts how often the name stands there. */
static int cookie_in(struct str header, struct str name, struct str *value) {
    struct str rest = header, piece;
    int found = 0;
    while (str_cut(&rest, ';', &piece)) {
        ptrdiff_t eq = str_find_c(piece, '=');
        if (eq < 0 || !str_eq(str_trim(str_sub(piece, 0, (size_t)eq)), name)) continue;
        *value = str_trim(str_sub(piece, (size_t)eq + 1, piece.n));
        found++;
    }
    return found;
}

struct str http_cookie(struct arena *a, const struct http_request *req, const char *name) {
    struct str value = NO_STR;
    int found = 0;
    for (int i = 0; i < req->headers.n; i++)
        if (str_eq_z(req->headers.v[i].name, "cookie"))
            found += cookie_in(req->headers.v[i].value, str_of(name), &value);
    if (found != 1) return NO_STR;
    if (value.n >= 2 && value.p[0] == '"' && value.p[value.n - 1] == '"')
        value = str_sub(value, 1, value.n - 2);
    return str_dup(a, value);
}

void http_pairs_add(struct arena *a, struct http_pairs *pairs, struct str name, struct str value) {
    /* Room is a power of two, from 8 on: full exactly when n is one of them. */
    int n = pairs->n;
    if (n == 0) {
        pairs->v = arena_array(a, struct http_pair, 8);
    } else if (n >= 8 && (n & (n - 1)) == 0) {
        size_t bytes = arena_mul_((size_t)n, sizeof *pairs->v);
        pairs->v = arena_grow(a, pairs->v, bytes, arena_mul_(bytes, 2));
    }
    pairs->v[pairs->n++] = (struct http_pair){ name, value };
}

static bool header_safe(struct str s) {
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] == '\r' || s.p[i] == '\n' || s.p[i] == 0) return false;
    return true;
}

void http_add(struct arena *a, struct http_reply *reply, const char *name, struct str value) {
    if (!header_safe(value)) BUG("line break in the reply header %s", name);
    http_pairs_add(a, &reply->headers, str_of(name), value);
}

/* Quality of one item of an Accept-Encoding list in thousandths; *item becomes the bare coding. */
static int quality(struct str *item) {
    struct str rest = *item, piece;
    int q = 1000;
    bool first = true;
    while (str_cut(&rest, ';', &piece)) {
        piece = str_trim(piece);
        if (first) *item = piece;
        if (!first && piece.n >= 3 && (piece.p[0] == 'q' || piece.p[0] == 'Q') &&
            piece.p[1] == '=') {
            q = piece.p[2] == '1' ? 1000 : 0;
            int scale = 100;
            for (size_t i = 4; i < piece.n && i < 7 && q < 1000; i++, scale /= 10) {
                if (piece.p[i] < '0' || piece.p[i] > '9') break;
                q += (piece.p[i] - '0') * scale;
            }
        }
        first = false;
    }
    return q;
}

enum http_coding http_accept_encoding(const struct http_request *req, struct http_codings there) {
    struct str rest = http_header(req, "accept-encoding"), item;
    int gzip = -1, brotli = -1, star = 0;
    while (str_cut(&rest, ',', &item)) {
        int q = quality(&item);
        if (str_eq_ascii(item, S("gzip")) || str_eq_ascii(item, S("x-gzip"))) gzip = q;
        if (str_eq_ascii(item, S("br"))) brotli = q;
        if (str_eq_z(item, "*")) star = q;
    }
    if (gzip < 0) gzip = star;
    if (brotli < 0) brotli = star;
    if (!there.gzip) gzip = 0;
    if (!there.brotli) brotli = 0;
    if (brotli > 0 && brotli >= gzip) return HTTP_BROTLI;
    return gzip > 0 ? HTTP_GZIP : HTTP_IDENTITY;
}
