/* Tests of src/lib/base, table-driven: strings and UTF-8, arena, buffer, map, randomness, log,
 * clock. What ends in BUG is tried in a child process, which must die by SIGABRT. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/base/buf.h"
#include "lib/base/clock.h"
#include "lib/base/limits.h"
#include "lib/base/log.h"
#include "lib/base/map.h"
#include "lib/base/random.h"

#define COUNT(v) (sizeof(v) / sizeof *(v))

/* A view of bytes that ends exactly where a heap block ends, so that reading too far is seen. */
static struct str exact(struct str s) {
    char *p = malloc(s.n ? s.n : 1);
    assert_non_null(p);
    if (s.n) memcpy(p, s.p, s.n);
    return (struct str){ p, s.n };
}

static void drop(struct str s) {
    free((char *)(uintptr_t)s.p);
}

static void assert_str(struct str got, struct str want) {
    if (!str_eq(got, want)) fail_msg("got \"%.*s\", want \"%.*s\"", SF(got), SF(want));
}

/* Runs f in a child with stderr going to a pipe; gives the wait status and what was written. */
static int in_child(void (*f)(void), char *said, size_t said_n) {
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    fflush(NULL);
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        dup2(ends[1], 2);
        close(ends[0]);
        f();
        _exit(0);
    }
    close(ends[1]);
    size_t n = 0;
    ssize_t got;
    char rest[4096];
    while ((got = read(ends[0], rest, sizeof rest)) > 0)
        for (ssize_t i = 0; i < got; i++)
            if (n + 1 < said_n) said[n++] = rest[i];
    said[n] = 0;
    close(ends[0]);
    int status = 0;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    return status;
}

static void assert_bug(void (*f)(void), const char *reason) {
    char said[2048];
    int status = in_child(f, said, sizeof said);
    assert_true(WIFSIGNALED(status));
    assert_int_equal(WTERMSIG(status), SIGABRT);
    if (!strstr(said, "BUG at ") || !strstr(said, reason)) fail_msg("said: %s", said);
}

/* ---- strings ---- */

static void str_compares(void **state) {
    (void)state;
    static const struct {
        struct str a, b;
        int cmp;
        bool ascii_alike;
    } cases[] = {
        { { NULL, 0 }, { NULL, 0 }, 0, true },
        { { NULL, 0 }, { "", 0 }, 0, true },
        { { "", 0 }, { "a", 1 }, -1, false },
        { { "abc", 3 }, { "abc", 3 }, 0, true },
        { { "abc", 3 }, { "ABC", 3 }, 1, true },
        { { "ab", 2 }, { "abc", 3 }, -1, false },
        { { "a\0b", 3 }, { "a\0c", 3 }, -1, false },
        { { "\x7F", 1 }, { "\x80", 1 }, -1, false },         /* bytes are compared unsigned */
        { { "[", 1 }, { "{", 1 }, -1, false },               /* 0x5B and 0x7B: no letters */
        { { "@", 1 }, { "`", 1 }, -1, false },               /* 0x40 and 0x60: no letters */
        { { "\xC3\x89", 2 }, { "\xC3\xA9", 2 }, -1, false }, /* É and é: only A-Z fold */
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct str a = exact(cases[i].a), b = exact(cases[i].b);
        int c = str_cmp(a, b), back = str_cmp(b, a);
        assert_int_equal((c > 0) - (c < 0), cases[i].cmp);
        assert_int_equal((back > 0) - (back < 0), -cases[i].cmp);
        assert_int_equal(str_eq(a, b), cases[i].cmp == 0);
        assert_int_equal(str_eq_ascii(a, b), cases[i].ascii_alike);
        drop(a);
        drop(b);
    }
    assert_true(str_eq_z(S("abc"), "abc"));
    assert_false(str_eq_z(S("abc"), "abcd"));
    assert_true(str_eq_z(NO_STR, NULL));
    assert_null(str_of(NULL).p);
    assert_int_equal(str_of("xyz").n, 3);
}

static void str_finds(void **state) {
    (void)state;
    static const struct {
        struct str s, what;
        ptrdiff_t at;
        bool starts, ends;
    } cases[] = {
        { { "", 0 }, { "", 0 }, 0, true, true },
        { { NULL, 0 }, { NULL, 0 }, 0, true, true },
        { { NULL, 0 }, { "a", 1 }, -1, false, false },
        { { "abc", 3 }, { "", 0 }, 0, true, true },
        { { "abc", 3 }, { "abc", 3 }, 0, true, true },
        { { "abc", 3 }, { "abcd", 4 }, -1, false, false },
        { { "abcabc", 6 }, { "bc", 2 }, 1, false, true },
        { { "aab", 3 }, { "ab", 2 }, 1, false, true },
        { { "a\0b", 3 }, { "\0b", 2 }, 1, false, true },
        { { "abc", 3 }, { "ab", 2 }, 0, true, false },
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct str s = exact(cases[i].s), what = exact(cases[i].what);
        assert_int_equal(str_find(s, what), cases[i].at);
        assert_int_equal(str_starts(s, what), cases[i].starts);
        assert_int_equal(str_ends(s, what), cases[i].ends);
        drop(s);
        drop(what);
    }
    assert_int_equal(str_find_c(S("abca"), 'a'), 0);
    assert_int_equal(str_find_c(S("abca"), 'c'), 2);
    assert_int_equal(str_find_c(S("abca"), 'x'), -1);
    assert_int_equal(str_find_c(NO_STR, 'x'), -1);
}

static void str_cuts(void **state) {
    (void)state;
    static const struct {
        struct str s;
        const char *pieces[5];
    } cases[] = {
        { { NULL, 0 }, { NULL } },
        { { "", 0 }, { "", NULL } }, /* an empty text is one empty piece, no text is none */
        { { "a", 1 }, { "a", NULL } },
        { { "a,b,c", 5 }, { "a", "b", "c", NULL } },
        { { ",", 1 }, { "", "", NULL } },
        { { "a,,b,", 5 }, { "a", "", "b", "", NULL } },
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct str rest = cases[i].s, piece;
        int n = 0;
        while (str_cut(&rest, ',', &piece)) {
            assert_non_null(cases[i].pieces[n]);
            assert_str(piece, str_of(cases[i].pieces[n++]));
        }
        assert_null(cases[i].pieces[n]);
    }
    static const struct {
        const char *s;
        size_t from, n;
        const char *want;
    } subs[] = {
        { "hello", 0, 5, "hello" }, { "hello", 1, 3, "ell" },         { "hello", 3, 99, "lo" },
        { "hello", 5, 1, "" },      { "hello", 99, 1, "" },           { "hello", 2, 0, "" },
        { "", 0, 1, "" },           { "hello", 1, SIZE_MAX, "ello" }, { "hello", SIZE_MAX, 1, "" },
    };
    for (size_t i = 0; i < COUNT(subs); i++)
        assert_str(str_sub(str_of(subs[i].s), subs[i].from, subs[i].n), str_of(subs[i].want));
    assert_null(str_sub(NO_STR, 3, 3).p);
}

static void str_trims(void **state) {
    (void)state;
    static const char *const cases[][2] = {
        { "", "" },
        { " ", "" },
        { " \t\r\n\v\f", "" },
        { "a", "a" },
        { "  a b  ", "a b" },
        { "\na", "a" },
        { "a\t", "a" },
        { "\xC2\xA0x", "\xC2\xA0x" }, /* only ASCII white space */
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct str s = exact(str_of(cases[i][0]));
        assert_str(str_trim(s), str_of(cases[i][1]));
        drop(s);
    }
}

static void str_reads_numbers(void **state) {
    (void)state;
    static const struct {
        const char *s;
        bool ok;
        int64_t v;
    } cases[] = {
        { "0", true, 0 },
        { "-0", true, 0 },
        { "7", true, 7 },
        { "-12", true, -12 },
        { "007", true, 7 },
        { "9223372036854775807", true, INT64_MAX },
        { "-9223372036854775808", true, INT64_MIN },
        { "9223372036854775808", false, 0 },
        { "-9223372036854775809", false, 0 },
        { "99999999999999999999", false, 0 },
        { "", false, 0 },
        { "-", false, 0 },
        { "--1", false, 0 },
        { "+1", false, 0 },
        { " 1", false, 0 },
        { "1 ", false, 0 },
        { "1.0", false, 0 },
        { "0x10", false, 0 },
        { "1e3", false, 0 },
        { "\xDB\xB1", false, 0 }, /* a Persian 1: the locale layer reads those */
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct str s = exact(str_of(cases[i].s));
        int64_t v = 42;
        bool ok = str_to_i64(s, &v);
        if (ok != cases[i].ok) fail_msg("%s: %d", cases[i].s, ok);
        assert_int_equal(v, cases[i].ok ? cases[i].v : 42); /* untouched when refused */
        drop(s);
    }
    int64_t v = 42;
    assert_false(str_to_i64(NO_STR, &v));
    assert_false(str_to_i64((struct str){ "1\0", 2 }, &v));
}

static void str_makes(void **state) {
    (void)state;
    struct arena *a = arena_new();
    struct str d = str_dup(a, S("a\0b"));
    assert_int_equal(d.n, 3);
    assert_memory_equal(d.p, "a\0b", 4);
    assert_null(str_dup(a, NO_STR).p);
    assert_non_null(str_dup(a, S("")).p);
    assert_string_equal(str_z(a, NO_STR), "");
    assert_str(str_printf(a, "%d-%.*s-%s", 7, SF(S("xyz")), "q"), S("7-xyz-q"));
    assert_str(str_printf(a, "%s", ""), S(""));
    struct str big = str_printf(a, "%0100000d", 1);
    assert_int_equal(big.n, 100000);
    assert_int_equal(big.p[99999], '1');
    assert_int_equal(big.p[100000], 0);
    struct str v[] = { S("a"), NO_STR, S("ccc") };
    assert_str(str_join(a, v, 3, S(", ")), S("a, , ccc"));
    assert_str(str_join(a, v, 3, NO_STR), S("accc"));
    assert_str(str_join(a, v, 1, S(", ")), S("a"));
    assert_str(str_join(a, v, 0, S(", ")), S(""));
    assert_str(str_lower_ascii(a, S("AbZ\xC3\x89[")), S("abz\xC3\x89["));
    arena_free(a);
}

static void str_hexes(void **state) {
    (void)state;
    struct arena *a = arena_new();
    assert_str(str_hex(a, "\x00\x7F\xFF\xA0", 4), S("007fffa0"));
    assert_str(str_hex(a, "", 0), S(""));
    static const struct {
        const char *hex;
        size_t n;
        bool ok;
    } cases[] = {
        { "007fffa0", 4, true },  { "007FFFA0", 4, true },   { "", 0, true },
        { "007fffa", 4, false },  { "007fffa00", 4, false }, { "007fffag", 4, false },
        { "007fff-0", 4, false }, { "00 7fffa", 4, false },  { "0x7fffa0", 4, false },
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        unsigned char bytes[4] = { 0 };
        struct str s = exact(str_of(cases[i].hex));
        assert_int_equal(str_unhex(s, bytes, cases[i].n), cases[i].ok);
        if (cases[i].ok && cases[i].n) assert_memory_equal(bytes, "\x00\x7F\xFF\xA0", 4);
        drop(s);
    }
    unsigned char all[256], back[256];
    for (int i = 0; i < 256; i++) all[i] = (unsigned char)i;
    assert_true(str_unhex(str_hex(a, all, sizeof all), back, sizeof back));
    assert_memory_equal(all, back, sizeof all);
    arena_free(a);
}

/* ---- UTF-8 (RFC 3629) ---- */

static void utf8_decodes(void **state) {
    (void)state;
    enum { BAD = 0xFFFD };
    static const struct {
        const char *s;
        bool valid;
        int32_t code_points[8]; /* ends with -1 */
    } cases[] = {
        { "", true, { -1 } },
        { "aZ\x7F", true, { 'a', 'Z', 0x7F, -1 } },
        { "\xC2\x80\xDF\xBF", true, { 0x80, 0x7FF, -1 } },
        { "\xE0\xA0\x80\xEF\xBF\xBF", true, { 0x800, 0xFFFF, -1 } },
        { "\xF0\x90\x80\x80\xF4\x8F\xBF\xBF", true, { 0x10000, 0x10FFFF, -1 } },
        { "\xD8\xB9\xDB\x8C", true, { 0x639, 0x6CC, -1 } },
        { "\xED\x9F\xBF\xEE\x80\x80", true, { 0xD7FF, 0xE000, -1 } },
        { "\xEF\xBF\xBD", true, { 0xFFFD, -1 } },         /* the real one is no error */
        { "\x80", false, { BAD, -1 } },                   /* continuation alone */
        { "a\xFF", false, { 'a', BAD, -1 } },             /* never a byte of UTF-8 */
        { "\xC0\xAF", false, { BAD, BAD, -1 } },          /* overlong / */
        { "\xC1\xBF", false, { BAD, BAD, -1 } },          /* overlong, two bytes */
        { "\xE0\x9F\xBF", false, { BAD, BAD, BAD, -1 } }, /* overlong, three bytes */
        { "\xF0\x8F\xBF\xBF", false, { BAD, BAD, BAD, BAD, -1 } },
        { "\xED\xA0\x80", false, { BAD, BAD, BAD, -1 } }, /* a surrogate */
        { "\xED\xBF\xBF", false, { BAD, BAD, BAD, -1 } },
        { "\xF4\x90\x80\x80", false, { BAD, BAD, BAD, BAD, -1 } }, /* over U+10FFFF */
        { "\xF5\x80\x80\x80", false, { BAD, BAD, BAD, BAD, -1 } },
        { "\xC3", false, { BAD, -1 } }, /* cut off */
        { "\xE2\x82", false, { BAD, BAD, -1 } },
        { "\xF0\x9F\x98", false, { BAD, BAD, BAD, -1 } },
        { "\xC3"
          "a",
          false,
          { BAD, 'a', -1 } }, /* what follows is not swallowed */
        { "\xE2\x82\xC3\xA9", false, { BAD, BAD, 0xE9, -1 } },
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct str s = exact(str_of(cases[i].s)), at = s;
        size_t n = 0;
        for (;; n++) {
            int32_t c = utf8_next(&at);
            if (c != cases[i].code_points[n])
                fail_msg("case %zu, point %zu: %X", i, n, (unsigned)c);
            if (c < 0) break;
        }
        assert_int_equal(utf8_count(s), n);
        assert_int_equal(utf8_valid(s), cases[i].valid);
        drop(s);
    }
    struct str nul = { "\0", 1 };
    assert_int_equal(utf8_next(&nul), 0);
    assert_int_equal(nul.n, 0);
}

static void utf8_goes_round(void **state) {
    (void)state;
    for (int32_t c = 0; c <= 0x10FFFF; c++) {
        if (c >= 0xD800 && c < 0xE000) continue;
        char bytes[4];
        int n = utf8_put(bytes, c);
        assert_int_equal(n, c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4);
        struct str s = { bytes, (size_t)n };
        assert_true(utf8_valid(s));
        assert_int_equal(utf8_next(&s), c);
        assert_int_equal(s.n, 0);
    }
}

/* ---- arena ---- */

static void arena_gives(void **state) {
    (void)state;
    struct arena *a = arena_new();
    assert_int_equal(arena_used(a), 0);
    for (size_t n = 0; n < 3000; n += 7) {
        char *p = arena_alloc(a, n);
        assert_int_equal((uintptr_t)p % _Alignof(max_align_t), 0);
        for (size_t i = 0; i < n; i++) assert_int_equal(p[i], 0);
        memset(p, 0xAA, n);
    }
    char *big = arena_alloc(a, 3 << 20); /* more than the largest usual block */
    assert_int_equal(big[(3 << 20) - 1], 0);
    big[(3 << 20) - 1] = 1;
    int64_t *v = arena_array(a, int64_t, 100);
    for (int i = 0; i < 100; i++) assert_int_equal(v[i], 0);
    assert_true(arena_used(a) > 3 << 20);
    arena_reset(a);
    assert_int_equal(arena_used(a), 0);
    char *again = arena_alloc(a, 1000); /* what was written before does not shine through */
    for (int i = 0; i < 1000; i++) assert_int_equal(again[i], 0);
    arena_free(a);
    arena_free(NULL);
}

static void arena_grows(void **state) {
    (void)state;
    struct arena *a = arena_new();
    char *p = arena_grow(a, NULL, 0, 10);
    memcpy(p, "0123456789", 10);
    char *q = arena_grow(a, p, 10, 100); /* the last allocation: in place */
    assert_ptr_equal(p, q);
    assert_memory_equal(q, "0123456789", 10);
    for (int i = 10; i < 100; i++) assert_int_equal(q[i], 0);
    arena_alloc(a, 1);
    char *r = arena_grow(a, q, 100, 200); /* no longer the last: copied */
    assert_ptr_not_equal(q, r);
    assert_memory_equal(r, "0123456789", 10);
    for (int i = 10; i < 200; i++) assert_int_equal(r[i], 0);
    char *s = arena_grow(a, r, 200, 100000); /* more than its block has: copied */
    assert_memory_equal(s, "0123456789", 10);
    for (int i = 10; i < 100000; i++) assert_int_equal(s[i], 0);
    char *less = arena_grow(a, s, 100000, 5);
    assert_memory_equal(less, "01234", 5);
    arena_free(a);
}

static void arena_goes_back(void **state) {
    (void)state;
    struct arena *a = arena_new();
    struct arena_mark start = arena_mark(a);
    char *kept = arena_alloc(a, 5);
    memcpy(kept, "kept", 5);
    size_t used = arena_used(a);
    struct arena_mark m = arena_mark(a);
    void *first = arena_alloc(a, 64);
    for (int i = 0; i < 100; i++) memset(arena_alloc(a, 9999), 0xAA, 9999); /* several blocks */
    arena_back(a, m);
    assert_int_equal(arena_used(a), used);
    assert_string_equal(kept, "kept");
    assert_ptr_equal(arena_alloc(a, 64), first); /* the room is given out again */
    arena_back(a, start);
    assert_int_equal(arena_used(a), 0);
    arena_alloc(a, 1);
    arena_free(a);
}

static void bug_product(void) {
    arena_mul_(SIZE_MAX / 2, 3);
}

static void bug_size(void) {
    struct arena *a = arena_new();
    volatile size_t n = SIZE_MAX - 3;
    arena_alloc(a, n);
}

static void arena_overflow_is_a_bug(void **state) {
    (void)state;
    assert_bug(bug_product, "too large");
    assert_bug(bug_size, "too large");
    assert_int_equal(arena_mul_(6, 7), 42);
    assert_int_equal(arena_mul_(SIZE_MAX, 0), 0);
}

/* ---- buffer ---- */

static void fill(struct buf *b) {
    buf_add(b, NO_STR);
    buf_add(b, S("ab"));
    buf_add_z(b, "cd");
    buf_add_z(b, NULL);
    buf_add_c(b, 0);
    buf_add_utf8(b, 0x6CC);
    buf_printf(b, "<%d|%s>", -5, "x");
    buf_printf(b, "%s", "");
}

static void buf_adds(void **state) {
    (void)state;
    struct arena *a = arena_new();
    struct buf heap = { 0 }, here = { .arena = a };
    struct str want = { "abcd\0\xDB\x8C<-5|x>", 13 };
    fill(&heap);
    fill(&here);
    assert_str(buf_str(&heap), want);
    assert_str(buf_str(&here), want);
    assert_int_equal(heap.p[heap.n], 0);
    for (int i = 0; i < 100000; i++) {
        buf_add_c(&heap, (char)('a' + i % 26));
        buf_add_c(&here, (char)('a' + i % 26));
    }
    assert_str(buf_str(&heap), buf_str(&here));
    assert_int_equal(heap.n, 100013);
    assert_int_equal(heap.p[13 + 27], 'b');
    buf_free(&heap);
    assert_int_equal(heap.n, 0);
    assert_null(heap.p);
    buf_free(&here); /* harmless: the arena owns it */
    arena_free(a);
    struct buf empty = { 0 };
    assert_non_null(buf_str(&empty).p);
    assert_int_equal(buf_str(&empty).n, 0);
}

static void buf_stops_at_its_limit(void **state) {
    (void)state;
    struct buf b = { .max = 5 };
    buf_add(&b, S("123"));
    buf_printf(&b, "%d", 45);
    assert_false(b.full);
    assert_str(buf_str(&b), S("12345"));
    buf_add_c(&b, '6');
    assert_true(b.full);
    assert_str(buf_str(&b), S("12345"));
    buf_free(&b);
    assert_int_equal(b.max, 5);
    assert_false(b.full);
    buf_add(&b, S("123456")); /* no half of it goes in, and nothing shorter after it */
    assert_true(b.full);
    buf_add_c(&b, '1');
    buf_printf(&b, "2");
    assert_str(buf_str(&b), S(""));
    buf_free(&b);
    buf_printf(&b, "%s", "123456");
    assert_true(b.full);
    assert_int_equal(b.n, 0);
    buf_free(&b);
}

static void buf_reserves(void **state) {
    (void)state;
    struct buf b = { 0 };
    buf_reserve(&b, 1000);
    assert_true(b.cap > 1000); /* and a closing NUL */
    memset(b.p, 'x', 1000);
    b.n = 1000;
    buf_add_c(&b, 'y');
    assert_int_equal(b.n, 1001);
    assert_int_equal(b.p[1000], 'y');
    buf_free(&b);
}

/* ---- map ---- */

static void map_holds(void **state) {
    (void)state;
    enum { N = 5000 };
    struct arena *a = arena_new();
    struct map m = map_new(a);
    assert_null(map_get(&m, S("nothing")));
    for (intptr_t i = 0; i < N; i++) *map_at(&m, str_printf(a, "key %d", (int)i)) = (void *)(i + 1);
    assert_int_equal(m.n, N);
    for (intptr_t i = 0; i < N; i++) {
        assert_ptr_equal(map_get(&m, str_printf(a, "key %d", (int)i)), (void *)(i + 1));
        assert_ptr_equal(m.v[i].value, (void *)(i + 1)); /* in order of insertion */
    }
    assert_null(map_get(&m, S("key 5000")));
    assert_null(map_get(&m, S("key")));
    *map_at(&m, S("key 7")) = &m; /* a second time is the same place */
    assert_int_equal(m.n, N);
    assert_ptr_equal(map_get(&m, S("key 7")), &m);
    assert_null(*map_at(&m, NO_STR)); /* the empty key is a key */
    *map_at(&m, S("")) = a;
    assert_ptr_equal(map_get(&m, NO_STR), a);
    *map_at(&m, S("a\0b")) = &m;
    assert_null(map_get(&m, S("a")));
    assert_int_equal(m.n, N + 2);
    arena_free(a);
}

static void hash_spreads(void **state) {
    (void)state;
    assert_true(hash_bytes("a", 1, 0) != hash_bytes("b", 1, 0));
    assert_true(hash_bytes("a", 1, 0) != hash_bytes("a", 1, 1));
    assert_true(hash_bytes("", 0, 0) == hash_bytes(NULL, 0, 0));
    assert_true(hash_bytes("ab", 2, 9) == hash_bytes("abc", 2, 9));
    int taken[1024] = { 0 }, most = 0;
    for (int i = 0; i < 1024; i++) {
        char key[16];
        int n = snprintf(key, sizeof key, "%d", i);
        int at = (int)(hash_bytes(key, (size_t)n, 0) & 1023);
        if (++taken[at] > most) most = taken[at];
    }
    assert_true(most <= 8); /* 1,024 balls in 1,024 bins: more than 8 in one is 1 in 10,000 */
}

/* ---- randomness ---- */

static void random_differs(void **state) {
    (void)state;
    struct arena *a = arena_new();
    struct map seen = map_new(a);
    for (int i = 0; i < 500; i++) {
        struct str t = random_token(a, 16);
        assert_int_equal(t.n, 22);
        for (size_t k = 0; k < t.n; k++)
            assert_non_null(memchr(
                "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", t.p[k], 64));
        assert_null(*map_at(&seen, t));
        *map_at(&seen, t) = a;
    }
    assert_int_equal(random_token(a, 1).n, 2);
    assert_int_equal(random_token(a, 32).n, 43);
    unsigned char bytes[64] = { 0 };
    random_bytes(bytes, sizeof bytes);
    int zeros = 0;
    for (size_t i = 0; i < sizeof bytes; i++) zeros += bytes[i] == 0;
    assert_true(zeros < 16);
    random_bytes(bytes, 0);
    arena_free(a);
}

static void dice_repeat(void **state) {
    (void)state;
    /* The first throws of splitmix64 with seed 1234567, as its authors' C program prints them. */
    static const uint64_t known[] = { 6457827717110365317u, 3203168211198807973u,
                                      9817491932198370423u, 4593380528125082431u,
                                      16408922859458223821u };
    struct dice d = { 1234567 };
    for (size_t i = 0; i < COUNT(known); i++) assert_true(dice_next(&d) == known[i]);
    int times[6] = { 0 };
    for (int i = 0; i < 6000; i++) {
        int64_t side = dice_below(&d, 6);
        assert_in_range(side, 0, 5);
        times[side]++;
    }
    for (int i = 0; i < 6; i++) assert_in_range(times[i], 850, 1150);
    assert_int_equal(dice_below(&d, 1), 0);
}

/* ---- log, BUG, clock, status ---- */

static void say(void) {
    log_info("one %d\nforged\x1B[31m\x7F end", 7);
    log_warn("%s", "سلام");
}

static void log_writes_one_line(void **state) {
    (void)state;
    char said[1024];
    assert_int_equal(in_child(say, said, sizeof said), 0);
    struct str rest = str_of(said), line;
    assert_true(str_cut(&rest, '\n', &line));
    assert_int_equal(line.p[4], '-');
    assert_int_equal(line.p[10], 'T');
    assert_int_equal(line.p[19], 'Z');
    assert_str(str_sub(line, 20, 99), S(" info one 7?forged?[31m? end"));
    assert_true(str_cut(&rest, '\n', &line));
    assert_str(str_sub(line, 20, 99), S(" warn سلام"));
    assert_true(str_cut(&rest, '\n', &line));
    assert_str(line, S(""));
    assert_false(str_cut(&rest, '\n', &line));
}

static void say_much(void) {
    log_info("%020000d", 1);
}

static void log_cuts_long_lines(void **state) {
    (void)state;
    char said[32768];
    assert_int_equal(in_child(say_much, said, sizeof said), 0);
    size_t n = strlen(said);
    assert_in_range(n, 8192, 8300);
    assert_int_equal(said[n - 1], '\n');
    assert_ptr_equal(strchr(said, '\n'), said + n - 1);
}

static void bug_now(void) {
    BUG("never %s", "this");
}

static void bug_aborts(void **state) {
    (void)state;
    assert_bug(bug_now, "test_base.c");
    assert_bug(bug_now, "never this");
}

static void clock_counts(void **state) {
    (void)state;
    int64_t before = clock_mono_us(), wall = clock_now_ms();
    assert_true(wall > INT64_C(1700000000000)); /* milliseconds, after 2023 */
    assert_true(wall < INT64_C(10000000000000));
    usleep(2000);
    int64_t took = clock_mono_us() - before;
    assert_in_range(took, 2000, 60 * 1000000);
    assert_true(clock_now_ms() >= wall);
}

static void status_has_names(void **state) {
    (void)state;
    static const char *const names[] = { "OK",      "INVALID",  "MALFORMED", "SIGNED_OUT",
                                         "DENIED",  "MISSING",  "CONFLICT",  "STALE",
                                         "TOO_BIG", "TOO_MANY", "BUSY",      "BROKEN" };
    assert_int_equal(COUNT(names), STATUS_N);
    for (int i = 0; i < STATUS_N; i++) assert_string_equal(status_name((enum status)i), names[i]);
    assert_string_equal(status_name(STATUS_N), "?");
    assert_string_equal(status_name((enum status) - 1), "?");
}

static int tries;

static enum status step(enum status s) {
    tries++;
    return s;
}

static enum status three_steps(enum status second) {
    TRY(step(OK));
    TRY(step(second));
    TRY(step(OK));
    return OK;
}

static void try_returns_the_first_failure(void **state) {
    (void)state;
    tries = 0;
    assert_int_equal(three_steps(OK), OK);
    assert_int_equal(tries, 3);
    for (int s = INVALID; s < STATUS_N; s++) {
        tries = 0;
        assert_int_equal(three_steps((enum status)s), s);
        assert_int_equal(tries, 2);
    }
}

static void limits_fit_together(void **state) {
    (void)state;
    assert_true(LIMIT_FIELD < LIMIT_BODY);
    assert_true(LIMIT_BODY < LIMIT_UPLOAD);
    assert_true(LIMIT_URL < LIMIT_HEADER_BYTES);
    assert_true(LIMIT_PARAM < LIMIT_URL);
    assert_true(LIMIT_QUERY <= LIMIT_PARAM);
    assert_true(LIMIT_BODY < LIMIT_ARENA);
    assert_true(LIMIT_OUTPUT < LIMIT_ARENA);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(str_compares),
        cmocka_unit_test(str_finds),
        cmocka_unit_test(str_cuts),
        cmocka_unit_test(str_trims),
        cmocka_unit_test(str_reads_numbers),
        cmocka_unit_test(str_makes),
        cmocka_unit_test(str_hexes),
        cmocka_unit_test(utf8_decodes),
        cmocka_unit_test(utf8_goes_round),
        cmocka_unit_test(arena_gives),
        cmocka_unit_test(arena_grows),
        cmocka_unit_test(arena_goes_back),
        cmocka_unit_test(arena_overflow_is_a_bug),
        cmocka_unit_test(buf_adds),
        cmocka_unit_test(buf_stops_at_its_limit),
        cmocka_unit_test(buf_reserves),
        cmocka_unit_test(map_holds),
        cmocka_unit_test(hash_spreads),
        cmocka_unit_test(random_differs),
        cmocka_unit_test(dice_repeat),
        cmocka_unit_test(log_writes_one_line),
        cmocka_unit_test(log_cuts_long_lines),
        cmocka_unit_test(bug_aborts),
        cmocka_unit_test(clock_counts),
        cmocka_unit_test(status_has_names),
        cmocka_unit_test(try_returns_the_first_failure),
        cmocka_unit_test(limits_fit_together),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
