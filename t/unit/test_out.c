/* lib/html/out.h and url.c: escaping of hostile bytes, numbers in each reader's digits, and the
 * only ways to make an address (T-07 of reference/trust.md). */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/html/out.h"

static struct arena *arena;

static int start(void **state) {
    (void)state;
    arena = arena_new();
    return 0;
}

static int end(void **state) {
    (void)state;
    arena_free(arena);
    return 0;
}

#define expect_str(s, wanted) assert_string_equal(str_z(arena, s), wanted)

static void escaping(void **state) {
    static const struct {
        struct str in;
        const char *out;
    } rows[] = {
        { { "", 0 }, "" },
        { { NULL, 0 }, "" },
        { S("plain"), "plain" },
        { S("\"'><img src=x onerror=x()>{{7*7}}${7*7}"),
          "&quot;&#39;&gt;&lt;img src=x onerror=x()&gt;{{7*7}}${7*7}" },
        { S("&amp;"), "&amp;amp;" },
        { S("سارا é 😀"), "سارا é 😀" },
        { S("a\0b"), "a\uFFFDb" },
        { S("\xff<\xc3"), "\uFFFD&lt;\uFFFD" },
        { S("\xc0\xbc" /* an overlong < */), "\uFFFD\uFFFD" },
        { S("\xed\xa0\x80" /* a surrogate */), "\uFFFD\uFFFD\uFFFD" },
        { S("\uFFFD"), "\uFFFD" },
        { S("a\tb\nc"), "a\tb\nc" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct out o = { .b = { .arena = arena } };
        out_text(&o, rows[i].in);
        expect_str(buf_str(&o.b), rows[i].out);
    }
}

static void numbers(void **state) {
    static const struct {
        enum lang lang;
        enum digits digits;
        int64_t n;
        const char *out;
    } rows[] = {
        { LANG_EN, DIGITS_LATN, 0, "0" },
        { LANG_EN, DIGITS_LATN, 999, "999" },
        { LANG_EN, DIGITS_LATN, 1000, "1,000" },
        { LANG_EN, DIGITS_LATN, -1000000, "-1,000,000" },
        { LANG_EN, DIGITS_LATN, INT64_MIN, "-9,223,372,036,854,775,808" },
        { LANG_FR, DIGITS_LATN, 1234567, "1\u202F234\u202F567" },
        { LANG_FA, DIGITS_ARABEXT, 1234567890, "۱٬۲۳۴٬۵۶۷٬۸۹۰" },
        { LANG_FA, DIGITS_ARABEXT, -12, "\u200E\u2212۱۲" },
        { LANG_AR, DIGITS_ARAB, 1234567890, "١٬٢٣٤٬٥٦٧٬٨٩٠" },
        { LANG_AR, DIGITS_ARAB, -12, "\u061C-١٢" },
        { LANG_AR, DIGITS_LATN, -1200, "\u200E-1,200" },
        { LANG_EN, DIGITS_ARAB, 1200, "١٬٢٠٠" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct locale loc = { .lang = rows[i].lang, .digits = rows[i].digits };
        struct out o = { .b = { .arena = arena }, .loc = &loc };
        out_i64(&o, rows[i].n);
        expect_str(buf_str(&o.b), rows[i].out);
    }
}

static void of_user(void **state) {
    static const struct {
        struct str in;
        const char *out; /* NULL: refused */
    } rows[] = {
        { S("https://example.org/a?b=1#c"), "https://example.org/a?b=1#c" },
        { S("HTTP://Example.org"), "HTTP://Example.org" },
        { S("  https://example.org\n"), "https://example.org" },
        { S("mailto:a@example.org"), "mailto:a@example.org" },
        { S("Tel:+33123456789"), "Tel:+33123456789" },
        { S("https://مثال.ایران/"), "https://مثال.ایران/" },
        { S("javascript:alert(1)"), NULL },
        { S("JaVaScRiPt:alert(1)"), NULL },
        { S(" java\tscript:alert(1)"), NULL },
        { S("java\nscript:alert(1)"), NULL },
        { S("\x01javascript:alert(1)"), NULL },
        { S("data:text/html,<script>"), NULL },
        { S("vbscript:x"), NULL },
        { S("//host/x"), NULL },
        { S("/\\host"), NULL },
        { S("/own"), NULL },
        { S("example.org"), NULL },
        { S("https:example.org"), NULL },
        { S("https:/example.org"), NULL },
        { S("https:///example.org"), NULL },
        { S("https:\\\\example.org"), NULL },
        { S("https://"), NULL },
        { S("http"), NULL },
        { S("mailto:"), NULL },
        { S("ht\ttps://example.org"), NULL },
        { S("https://exa mple.org"), NULL },
        { S("https://example.org/\xff"), NULL },
        { S("https://example.org/\0x"), NULL },
        { S("blob:https://example.org/x"), NULL },
        { S("view-source:https://example.org"), NULL },
        { { "", 0 }, NULL },
        { { NULL, 0 }, NULL },
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct url u = url_of_user(rows[i].in);
        if (rows[i].out)
            expect_str(u.s, rows[i].out);
        else if (u.s.n)
            fail_msg("let through: %.*s", SF(rows[i].in));
    }
}

static void own(void **state) {
    (void)state;
    expect_str(url_own(S("/")).s, "/");
    expect_str(url_own(S("/a//b?c=d#e")).s, "/a//b?c=d#e");
    expect_str(url_printf(arena, "/clients/%d/edit", 7).s, "/clients/7/edit");
    struct url u = url_query(arena, url_own(S("/clients")), "q", S("a&b=c d/é"));
    expect_str(u.s, "/clients?q=a%26b%3Dc%20d%2F%C3%A9");
    u = url_query(arena, u, "p[]", S("2"));
    expect_str(u.s, "/clients?q=a%26b%3Dc%20d%2F%C3%A9&p%5B%5D=2");
    expect_str(url_query(arena, url_own(S("/a#b?c")), "d", NO_STR).s, "/a?d=#b?c");
    expect_str(url_query(arena, (struct url){ NO_STR }, "d", S("x")).s, "");
    expect_str(url_encode(arena, S("AZaz09-._~!*'()")), "AZaz09-._~%21%2A%27%28%29");
    expect_str(url_encode(arena, NO_STR), "");
}

/* A path that could leave the program is a mistake of ours: the process ends. */
static void own_refuses(void **state) {
    static const struct str bad[] = { { "", 0 },    S("x"),        S("//host"),
                                      S("/\\host"), { NULL, 0 },   S("/a\nb"),
                                      S("/a b"),    S("http://x"), S("\\/x") };
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0) {
            signal(SIGABRT, SIG_DFL); /* not cmocka's */
            if (!freopen("/dev/null", "w", stderr)) _exit(1);
            url_own(bad[i]);
            _exit(0);
        }
        int how;
        assert_int_equal(waitpid(child, &how, 0), child);
        assert_true(WIFSIGNALED(how) && WTERMSIG(how) == SIGABRT);
    }
}

static void tel_and_mail(void **state) {
    (void)state;
    expect_str(url_tel(arena, S("+33123456789")).s, "tel:+33123456789");
    assert_int_equal(url_tel(arena, S("0123")).s.n, 0);
    assert_int_equal(url_tel(arena, S("+")).s.n, 0);
    assert_int_equal(url_tel(arena, S("+33;phone-context=x")).s.n, 0);
    assert_int_equal(url_tel(arena, NO_STR).s.n, 0);
    expect_str(url_mailto(arena, S("a+b@example.org")).s, "mailto:a+b@example.org");
    expect_str(url_mailto(arena, S("a@b?bcc=c@d&x")).s, "mailto:a@b%3Fbcc%3Dc@d%26x");
    assert_int_equal(url_mailto(arena, S("nobody")).s.n, 0);
    assert_int_equal(url_mailto(arena, S("@x")).s.n, 0);
    assert_int_equal(url_mailto(arena, S("a\n@x")).s.n, 0);
    assert_int_equal(url_mailto(arena, NO_STR).s.n, 0);
}

/* An output limit stops growth and is seen by the one who made the buffer. */
static void limit(void **state) {
    (void)state;
    struct out o = { .b = { .arena = arena, .max = 10 } };
    for (int i = 0; i < 10; i++) out_text(&o, S("<<"));
    assert_true(o.b.full);
    assert_true(o.b.n <= 10);
}

static void codes(void **state) {
    (void)state;
    for (int i = 0; i < LANG_N; i++) {
        enum lang lang = LANG_N;
        assert_true(lang_of(str_of(lang_code((enum lang)i)), &lang));
        assert_int_equal(lang, i);
        assert_int_equal(lang_rtl(lang), lang == LANG_FA || lang == LANG_AR);
    }
    for (int i = 0; i < CALENDAR_N; i++) {
        enum calendar_id calendar = CALENDAR_N;
        assert_true(calendar_of(str_of(calendar_code((enum calendar_id)i)), &calendar));
        assert_int_equal(calendar, i);
    }
    for (int i = 0; i < DIGITS_N; i++) {
        enum digits digits = DIGITS_N;
        assert_true(digits_of(str_of(digits_code((enum digits)i)), &digits));
        assert_int_equal(digits, i);
    }
    enum lang lang = LANG_FR;
    assert_false(lang_of(S("de"), &lang));
    assert_false(lang_of(S("EN"), &lang));
    assert_false(lang_of(NO_STR, &lang));
    assert_int_equal(lang, LANG_FR);
    enum calendar_id calendar;
    assert_false(calendar_of(S("islamic"), &calendar));
    enum digits digits;
    assert_false(digits_of(S("roman"), &digits));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(escaping), cmocka_unit_test(numbers),     cmocka_unit_test(of_user),
        cmocka_unit_test(own),      cmocka_unit_test(own_refuses), cmocka_unit_test(tel_and_mail),
        cmocka_unit_test(limit),    cmocka_unit_test(codes),
    };
    return cmocka_run_group_tests(tests, start, end);
}
