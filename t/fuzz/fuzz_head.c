/* The head checks, on heads cut up like libmicrohttpd does: what is let through keeps every promise
 * that http.h makes of a request. */
#include "lib/base/limits.h"
#include "lib/http/head.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static struct http_head cut_up(struct arena *a, struct str raw) {
    struct http_head head = { .target = S(""), .version = S("") };
    struct str line = S(""), rest = raw;
    str_cut(&rest, '\n', &line);
    str_cut(&line, ' ', &head.method);
    str_cut(&line, ' ', &head.target);
    if (line.p) head.version = line;
    while (str_cut(&rest, '\n', &line)) {
        ptrdiff_t colon = str_find_c(line, ':');
        if (colon < 0) continue;
        http_pairs_add(a, &head.headers, str_sub(line, 0, (size_t)colon),
                       str_sub(line, (size_t)colon + 1, line.n));
    }
    return head;
}

static void check(const struct http_request *r) {
    if (!r->path.n || r->path.p[0] != '/' || !utf8_valid(r->path)) BUG("path");
    for (size_t i = 0; i < r->path.n; i++)
        if ((unsigned char)r->path.p[i] < ' ' || r->path.p[i] == 127) BUG("control in path");
    int lengths = 0, hosts = 0;
    for (int i = 0; i < r->headers.n; i++) {
        struct str name = r->headers.v[i].name, value = r->headers.v[i].value;
        lengths += str_eq_z(name, "content-length") || str_eq_z(name, "transfer-encoding");
        hosts += str_eq_z(name, "host");
        for (size_t k = 0; k < value.n; k++)
            if (value.p[k] == '\r' || value.p[k] == '\n' || !value.p[k]) BUG("break in value");
    }
    if (lengths > 1 || hosts > 1 || (lengths == 0 && r->body_n)) BUG("two opinions");
    if (r->headers.n > LIMIT_HEADERS_N || r->body_n < HTTP_CHUNKED) BUG("limits");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
    struct arena *a = arena_new();
    struct http_head head = cut_up(a, (struct str){ (const char *)data, n });
    struct http_request req;
    int refused = http_head_read(a, &head, &req);
    if (!refused)
        check(&req);
    else if (refused < 400 || refused > 505 || !http_reason(refused).n)
        BUG("status %d", refused);
    arena_free(a);
    return 0;
}
