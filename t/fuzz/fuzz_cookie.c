/* Cookie and Accept-Encoding headers and dates: no crash; a cookie's value lies within the header.
 */
#include "lib/http/http.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
    struct arena *a = arena_new();
    struct str raw = { (const char *)data, n };
    struct http_pair headers[] = { { S("cookie"), raw }, { S("accept-encoding"), raw } };
    struct http_request req = { .headers = { headers, 2 } };
    struct str value = http_cookie(a, &req, "id");
    if (value.p && (value.n > n || str_find(raw, value) < 0 || str_find_c(value, ';') >= 0))
        BUG("not from the header");
    enum http_coding coding = http_accept_encoding(&req, (struct http_codings){ .gzip = true });
    if (coding == HTTP_BROTLI) BUG("chosen what is not there");
    int64_t ms;
    if (http_date_parse(raw, &ms) && !str_eq(http_date(a, ms), raw)) BUG("another date");
    arena_free(a);
    return 0;
}
