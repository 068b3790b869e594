/* See head.h: method, target, version, header names and values, and the one length of the body (RFC
 * 9112 sections 3, 5 and 6). Called by server.c for every request; calls url.c. */
#include "lib/http/head.h"

#include "lib/base/limits.h"
#include "lib/http/url.h"

static const char *const method_names[] = {
    [HTTP_GET] = "GET",         [HTTP_HEAD] = "HEAD",   [HTTP_POST] = "POST",
    [HTTP_PUT] = "PUT",         [HTTP_PATCH] = "PATCH", [HTTP_DELETE] = "DELETE",
    [HTTP_OPTIONS] = "OPTIONS",
};
enum { METHODS_N = sizeof method_names / sizeof *method_names };

const char *http_method_name(enum http_method m) {
    return (unsigned)m < METHODS_N ? method_names[m] : "?";
}

/* RFC 9110 section 5.6.2. */
static bool token_char(char c) {
    if ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z')) return true;
    return c && strchr("!#$%&'*+-.^_`|~", c);
}

static bool is_token(struct str s) {
    for (size_t i = 0; i < s.n; i++)
        if (!token_char(s.p[i])) return false;
    return s.n > 0;
}

static int read_method(struct str s, enum http_method *out) {
    if (!is_token(s)) return 400;
    for (int m = 0; m < METHODS_N; m++) {
        if (!str_eq_z(s, method_names[m])) continue;
        *out = (enum http_method)m;
        return 0;
    }
    return 501;
}

static int read_target(struct arena *a, struct str target, struct http_request *out) {
    if (target.n > LIMIT_URL) return 414;
    for (size_t i = 0; i < target.n; i++) {
        unsigned char c = (unsigned char)target.p[i];
        if (c <= ' ' || c >= 127 || c == '#') return 400;
    }
    ptrdiff_t mark = str_find_c(target, '?');
    struct str path = mark < 0 ? target : str_sub(target, 0, (size_t)mark);
    out->query_raw = mark < 0 ? S("") : str_sub(target, (size_t)mark + 1, target.n);
    if (!url_path(a, path, &out->path)) return 400;
    struct url_pairs_limits limits = { LIMIT_FORM_FIELDS_N, LIMIT_PARAM };
    struct str why;
    enum status s = url_pairs(a, out->query_raw, limits, &out->query, &why);
    return s == OK ? 0 : s == MALFORMED ? 400 : 414;
}

/* White space at the ends is no part of a value (RFC 9110 section 5.5). */
static struct str trim_ows(struct str s) {
    while (s.n && (s.p[0] == ' ' || s.p[0] == '\t')) s.p++, s.n--;
    while (s.n && (s.p[s.n - 1] == ' ' || s.p[s.n - 1] == '\t')) s.n--;
    return s;
}

static bool value_ok(struct str s) {
    bool ascii = true;
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if ((c < ' ' && c != '\t') || c == 127) return false;
        if (c > 127) ascii = false;
    }
    return ascii || utf8_valid(s);
}

static int read_headers(struct arena *a, const struct http_pairs *in, struct http_pairs *out) {
    size_t total = 0;
    if (in->n > LIMIT_HEADERS_N) return 431;
    out->v = arena_array(a, struct http_pair, in->n);
    for (int i = 0; i < in->n; i++) {
        struct str name = in->v[i].name, value = trim_ows(in->v[i].value);
        total += name.n + in->v[i].value.n + 4;
        if (total > LIMIT_HEADER_BYTES) return 431;
        if (!is_token(name) || !value_ok(value)) return 400;
        out->v[out->n++] = (struct http_pair){ str_lower_ascii(a, name), value };
    }
    return 0;
}

static int count_of(const struct http_pairs *headers, const char *name) {
    int n = 0;
    for (int i = 0; i < headers->n; i++) n += str_eq_z(headers->v[i].name, name);
    return n;
}

static bool host_ok(struct str host) {
    for (size_t i = 0; i < host.n; i++) {
        char c = host.p[i];
        bool ok = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                  (c && strchr(".-_:[]", c));
        if (!ok) return false;
    }
    return host.n > 0;
}

/* What may stand once only: two of them are two opinions about one request. */
static int check_repeated(const struct http_request *r, bool http_1_0) {
    static const char *const once[] = { "host",         "content-length", "transfer-encoding",
                                        "content-type", "authorization",  "expect",
                                        "origin",       "if-match",       "idempotency-key" };
    for (size_t i = 0; i < sizeof once / sizeof *once; i++)
        if (count_of(&r->headers, once[i]) > 1) return 400;
    struct str host = http_header(r, "host");
    if (!host.p) return http_1_0 ? 0 : 400;
    return host_ok(host) ? 0 : 400;
}

static int read_length(struct http_request *r, bool http_1_0) {
    struct str length = http_header(r, "content-length");
    struct str coding = http_header(r, "transfer-encoding");
    r->body_n = 0;
    if (coding.p) {
        if (length.p || http_1_0) return 400;
        if (!str_eq_ascii(coding, S("chunked"))) return 501;
        r->body_n = HTTP_CHUNKED;
    } else if (length.p) {
        for (size_t i = 0; i < length.n; i++)
            if (length.p[i] < '0' || length.p[i] > '9') return 400;
        if (length.n == 0) return 400;
        if (length.n > 18 || !str_to_i64(length, &r->body_n)) return 413;
    }
    /* RFC 9110 section 9.3.1: content in a GET has no meaning, and a history of smuggling. */
    if (r->body_n && (r->method == HTTP_GET || r->method == HTTP_HEAD)) return 400;
    return 0;
}

int http_head_read(struct arena *a, const struct http_head *head, struct http_request *out) {
    *out = (struct http_request){ 0 };
    bool http_1_0 = str_eq_z(head->version, "HTTP/1.0");
    if (!http_1_0 && !str_eq_z(head->version, "HTTP/1.1")) return 505;
    int refuse = read_target(a, head->target, out);
    if (!refuse) refuse = read_headers(a, &head->headers, &out->headers);
    if (!refuse) refuse = check_repeated(out, http_1_0);
    if (!refuse) refuse = read_method(head->method, &out->method);
    if (!refuse) refuse = read_length(out, http_1_0);
    struct str expect = http_header(out, "expect");
    if (!refuse && expect.p && !str_eq_ascii(expect, S("100-continue"))) refuse = 417;
    return refuse;
}

struct str http_reason(int status) {
    static const struct {
        int status;
        const char *reason;
    } reasons[] = {
        { 400, "Bad Request" },
        { 401, "Unauthorized" },
        { 403, "Forbidden" },
        { 404, "Not Found" },
        { 409, "Conflict" },
        { 412, "Precondition Failed" },
        { 413, "Content Too Large" },
        { 414, "URI Too Long" },
        { 417, "Expectation Failed" },
        { 422, "Unprocessable Content" },
        { 429, "Too Many Requests" },
        { 431, "Request Header Fields Too Large" },
        { 501, "Not Implemented" },
        { 503, "Service Unavailable" },
        { 507, "Insufficient Storage" },
        { 505, "HTTP Version Not Supported" },
    };
    for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++)
        if (reasons[i].status == status) return str_of(reasons[i].reason);
    return S("Internal Server Error");
}
