/* Cookies, preferences, dates, headers: the small helpers of http.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "lib/base/random.h"
#include "lib/http/http.h"

static struct http_request with(struct http_pair *headers, int n) {
    return (struct http_request){ .headers = { headers, n } };
}

static void cookies(void **state) {
    (void)state;
    static const struct {
        const char *header, *want; /* of "id"; NULL: none */
    } cases[] = {
        { "id=1", "1" },         { "a=b; id=1; c=d", "1" },
        { "a=b;id=1;c=d", "1" }, { "id=\"1 2\"", "1 2" },
        { "id=", "" },           { "id=a=b", "a=b" },
        { " id = 1 ", "1" },     { "", NULL },
        { "id", NULL },          { ";;=;", NULL },
        { "ID=1", NULL },        { "xid=1; idx=2", NULL },
        { "x=id=1", NULL },      { "id=1; id=2", NULL }, /* whose is it? */
        { "id=1; id=1", NULL },  { "id=\"", "\"" },
    };
    struct arena *a = arena_new();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct http_pair h = { S("cookie"), str_of(cases[i].header) };
        struct http_request req = with(&h, 1);
        struct str got = http_cookie(a, &req, "id");
        if ((got.p != NULL) != (cases[i].want != NULL) || (got.p && !str_eq_z(got, cases[i].want)))
            fail_msg("%s: %.*s", cases[i].header, SF(got));
    }
    struct http_pair two[] = { { S("cookie"), S("a=1") }, { S("cookie"), S("id=2") } };
    struct http_request req = with(two, 2);
    assert_true(str_eq_z(http_cookie(a, &req, "id"), "2"));
    two[0].value = S("id=1");
    assert_null(http_cookie(a, &req, "id").p);
    req = with(NULL, 0);
    assert_null(http_cookie(a, &req, "id").p);
    arena_free(a);
}

static void codings(void **state) {
    (void)state;
    static const struct {
        const char *header; /* NULL: none */
        enum http_coding both, gzip_only;
    } cases[] = {
        { NULL, HTTP_IDENTITY, HTTP_IDENTITY },
        { "", HTTP_IDENTITY, HTTP_IDENTITY },
        { "gzip, deflate, br, zstd", HTTP_BROTLI, HTTP_GZIP },
        { "gzip", HTTP_GZIP, HTTP_GZIP },
        { "GZIP", HTTP_GZIP, HTTP_GZIP },
        { "br", HTTP_BROTLI, HTTP_IDENTITY },
        { "*", HTTP_BROTLI, HTTP_GZIP },
        { "identity", HTTP_IDENTITY, HTTP_IDENTITY },
        { "gzip;q=0", HTTP_IDENTITY, HTTP_IDENTITY },
        { "gzip;q=0.0", HTTP_IDENTITY, HTTP_IDENTITY },
        { "gzip;q=1, br;q=0.5", HTTP_GZIP, HTTP_GZIP },
        { "gzip;q=0.4, br;q=0.5", HTTP_BROTLI, HTTP_GZIP },
        { "gzip;q=0.001,br;q=0", HTTP_GZIP, HTTP_GZIP },
        { "br;q=0, *;q=0.1", HTTP_GZIP, HTTP_GZIP },
        { "gzip ; q=0.5 , br ; q=0.6", HTTP_BROTLI, HTTP_GZIP },
        { "gzip;q=", HTTP_GZIP, HTTP_GZIP }, /* no number: as if it were not there */
        { "deflate, zstd", HTTP_IDENTITY, HTTP_IDENTITY },
        { ",,;q=1,", HTTP_IDENTITY, HTTP_IDENTITY },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct http_pair h = { S("accept-encoding"), str_of(cases[i].header) };
        struct http_request req = with(&h, cases[i].header ? 1 : 0);
        enum http_coding both = http_accept_encoding(&req, (struct http_codings){ true, true });
        enum http_coding gzip = http_accept_encoding(&req, (struct http_codings){ .gzip = true });
        if (both != cases[i].both || gzip != cases[i].gzip_only)
            fail_msg("%s: %d %d", cases[i].header, both, gzip);
        assert_int_equal(http_accept_encoding(&req, (struct http_codings){ 0 }), HTTP_IDENTITY);
    }
}

static void dates(void **state) {
    (void)state;
    struct arena *a = arena_new();
    int64_t ms;
    assert_true(str_eq_z(http_date(a, 784111777000), "Sun, 06 Nov 1994 08:49:37 GMT"));
    assert_true(str_eq_z(http_date(a, 784111777999), "Sun, 06 Nov 1994 08:49:37 GMT"));
    assert_true(str_eq_z(http_date(a, 0), "Thu, 01 Jan 1970 00:00:00 GMT"));
    assert_true(str_eq_z(http_date(a, -1), "Wed, 31 Dec 1969 23:59:59 GMT"));
    assert_true(http_date_parse(S("Sun, 06 Nov 1994 08:49:37 GMT"), &ms) && ms == 784111777000);
    static const char *const bad[] = {
        "",
        "Sun, 06 Nov 1994 08:49:37",
        "Mon, 06 Nov 1994 08:49:37 GMT", /* it was a Sunday */
        "Sun, 31 Feb 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 24:49:37 GMT",
        "Sun, 06 Nov 1994 08:60:37 GMT",
        "Sun, 06 nov 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 08:49:37 CET",
        "Sun, -6 Nov 1994 08:49:37 GMT",
        "Sunday, 06-Nov-94 08:49:37 GMT",
        "Sun Nov  6 08:49:37 1994",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (http_date_parse(str_of(bad[i]), &ms)) fail_msg("%s", bad[i]);
    struct dice d = { 7 };
    for (int i = 0; i < 5000; i++) {
        int64_t t = dice_below(&d, 4102444800) * 1000;
        assert_true(http_date_parse(http_date(a, t), &ms) && ms == t);
    }
    arena_free(a);
}

static void pairs_and_names(void **state) {
    (void)state;
    struct arena *a = arena_new();
    struct http_reply reply = { 0 };
    for (int i = 0; i < 1000; i++) {
        http_add(a, &reply, "X-N", str_printf(a, "%d", i));
        if (i % 7 == 0) arena_alloc(a, 100); /* so that it must move now and then */
    }
    assert_int_equal(reply.headers.n, 1000);
    for (int i = 0; i < 1000; i++)
        assert_true(str_eq(reply.headers.v[i].value, str_printf(a, "%d", i)));
    assert_true(str_eq_z(http_pairs_get(&reply.headers, "X-N"), "0"));
    assert_null(http_pairs_get(&reply.headers, "x-n").p);
    assert_string_equal(http_method_name(HTTP_PATCH), "PATCH");
    assert_int_equal(http_status_of(OK), 200);
    assert_int_equal(http_status_of(STALE), 412);
    for (int s = 0; s < STATUS_N; s++) assert_in_range(http_status_of((enum status)s), 200, 503);
    arena_free(a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cookies),
        cmocka_unit_test(codings),
        cmocka_unit_test(dates),
        cmocka_unit_test(pairs_and_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
