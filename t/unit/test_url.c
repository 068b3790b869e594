/* Paths, query strings, form bodies, percent-encoding. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "lib/base/limits.h"
#include "lib/base/random.h"
#include "lib/http/http.h"
#include "lib/http/url.h"

static void paths(void **state) {
    (void)state;
    static const struct {
        const char *raw, *want; /* NULL: refused */
    } cases[] = {
        { "/", "/" },
        { "/a/b", "/a/b" },
        { "/a/", "/a/" },
        { "/%61", "/a" },
        { "/a%20b", "/a b" },
        { "/a+b", "/a+b" },
        { "/%D8%B3%D8%A7%D8%B1%D8%A7", "/سارا" },
        { "/a%25", "/a%" },
        { "/a%2525", "/a%25" }, /* decoded once */
        { "/a%3Fb", "/a?b" },
        { "/.a", "/.a" },
        { "/..a", "/..a" },
        { "/a..", "/a.." },
        { "/...", "/..." },
        { "", NULL },
        { "a", NULL },
        { "*", NULL },
        { "http://x/", NULL },
        { "//", NULL },
        { "//x", NULL },
        { "/a//b", NULL },
        { "/.", NULL },
        { "/..", NULL },
        { "/a/./b", NULL },
        { "/a/../b", NULL },
        { "/%2e", NULL },
        { "/%2e%2E/b", NULL },
        { "/.%2e/b", NULL },
        { "/a%2Fb", NULL },
        { "/a%2fb", NULL },
        { "/%", NULL },
        { "/%4", NULL },
        { "/%4g", NULL },
        { "/%g4", NULL },
        { "/%00", NULL },
        { "/%0a", NULL },
        { "/%1F", NULL },
        { "/%7f", NULL },
        { "/\x01", NULL },
        { "/a b", NULL },
        { "/\xD8\xB3", NULL },     /* must be encoded */
        { "/%D8", NULL },          /* cut UTF-8 */
        { "/%C0%80", NULL },       /* overlong */
        { "/%ED%A0%80", NULL },    /* surrogate */
        { "/%F4%90%80%80", NULL }, /* over U+10FFFF */
    };
    struct arena *a = arena_new();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct str out;
        bool ok = url_path(a, str_of(cases[i].raw), &out);
        if (ok != (cases[i].want != NULL) || (ok && !str_eq_z(out, cases[i].want)))
            fail_msg("%s", cases[i].raw);
    }
    arena_free(a);
}

static void forms(void **state) {
    (void)state;
    static const struct {
        const char *raw;
        enum status status;
        const char *want; /* name=value, each ended by | */
    } cases[] = {
        { "", OK, "" },
        { "a=b", OK, "a=b|" },
        { "a=b&c=d", OK, "a=b|c=d|" },
        { "a=b&a=c", OK, "a=b|a=c|" },
        { "&&a=b&&", OK, "a=b|" },
        { "a", OK, "a=|" },
        { "a=", OK, "a=|" },
        { "=a", OK, "=a|" },
        { "=", OK, "=|" },
        { "a=b=c", OK, "a=b=c|" },
        { "a+b=c+d", OK, "a b=c d|" },
        { "a%2Bb=%26%3D", OK, "a+b=&=|" },
        { "a=100%", OK, "a=100%|" },
        { "a=%z1&b=%1", OK, "a=%z1|b=%1|" },
        { "a=%0D%0Ab", OK, "a=\nb|" },
        { "a=%0Ab", OK, "a=\nb|" },
        { "a=%0Db", OK, "a=\rb|" },
        { "a=\xD8\xB3&b=%D8%B3", OK, "a=س|b=س|" },
        { "phones.0.number=%2B98", OK, "phones.0.number=+98|" },
        { "a;b=c", OK, "a;b=c|" },
        { "a=%00", MALFORMED, NULL },
        { "%00=a", MALFORMED, NULL },
        { "a=%FF", MALFORMED, NULL },
        { "%E9=a", MALFORMED, NULL },
        { "a=\xC0\x80", MALFORMED, NULL },
    };
    struct arena *a = arena_new();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct http_pairs pairs;
        struct str why;
        enum status s = http_form(a, str_of(cases[i].raw), &pairs, &why);
        struct buf got = { .arena = a };
        for (int k = 0; s == OK && k < pairs.n; k++)
            buf_printf(&got, "%.*s=%.*s|", SF(pairs.v[k].name), SF(pairs.v[k].value));
        if (s != cases[i].status || (s != OK && !why.n) ||
            (s == OK && !str_eq_z(buf_str(&got), cases[i].want)))
            fail_msg("%s: %s %.*s", cases[i].raw, status_name(s), SF(buf_str(&got)));
    }
    arena_free(a);
}

static void form_limits(void **state) {
    (void)state;
    struct arena *a = arena_new();
    struct http_pairs pairs;
    struct str why;
    for (int extra = 0; extra < 2; extra++) {
        struct buf many = { .arena = a }, large = { .arena = a };
        for (int i = 0; i < LIMIT_FORM_FIELDS_N + extra; i++) buf_printf(&many, "a%d=1&", i);
        assert_int_equal(http_form(a, buf_str(&many), &pairs, &why), extra ? TOO_MANY : OK);
        assert_int_equal(pairs.n, LIMIT_FORM_FIELDS_N);
        buf_add_z(&large, "a=");
        for (int i = 0; i < LIMIT_FIELD + extra; i++) buf_add_z(&large, "%41");
        assert_int_equal(http_form(a, buf_str(&large), &pairs, &why), extra ? TOO_BIG : OK);
    }
    arena_free(a);
}

static void escapes_and_back(void **state) {
    (void)state;
    struct arena *a = arena_new();
    assert_true(
        str_eq_z(http_escape(a, S("a b&c=%/سا-._~")), "a%20b%26c%3D%25%2F%D8%B3%D8%A7-._~"));
    assert_int_equal(http_escape(a, S("")).n, 0);
    struct dice d = { 42 };
    for (int round = 0; round < 2000; round++) { /* what was escaped comes back */
        struct buf text = { .arena = a };
        for (int i = 0; i < 20; i++) {
            int32_t c = (int32_t)dice_below(&d, round % 2 ? 0x500 : 128);
            buf_add_utf8(&text, c < 1 || c == '\r' ? 'x' : c);
        }
        struct http_pairs pairs;
        struct str why, raw = str_printf(a, "k=%.*s", SF(http_escape(a, buf_str(&text))));
        assert_int_equal(http_form(a, raw, &pairs, &why), OK);
        assert_true(str_eq(pairs.v[0].value, buf_str(&text)));
    }
    arena_free(a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(paths),
        cmocka_unit_test(forms),
        cmocka_unit_test(form_limits),
        cmocka_unit_test(escapes_and_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
