/* lib/text/json: what it reads, refuses and writes; what is written is read back equal. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "lib/base/limits.h"
#include "lib/base/random.h"
#include "lib/text/json.h"

static struct arena *arena;

static int setup(void **state) {
    (void)state;
    arena = arena_new();
    return 0;
}

static int teardown(void **state) {
    (void)state;
    arena_free(arena);
    return 0;
}

static struct json *parsed(struct str text) {
    struct json *j = NULL;
    struct str why = NO_STR;
    if (json_parse(arena, text, &j, &why) != OK) fail_msg("«%.*s»: %.*s", SF(text), SF(why));
    return j;
}

static struct str shown(const struct json *j) {
    struct buf b = { .arena = arena };
    struct json_out w = { .b = &b };
    jw_json(&w, j);
    assert_int_equal(w.depth, 0);
    return buf_str(&b);
}

static void reads_every_kind(void **state) {
    (void)state;
    struct json *j =
        parsed(S(" {\"z\": [1, -2.50, true, null], \"a\": \"\\u0627\\ud83d\\ude00\\n\",\n"
                 " \"\": {}, \"b\": false} "));
    assert_int_equal(json_type(j), JSON_OBJECT);
    assert_int_equal(json_n(j), 4);
    assert_true(str_eq_z(json_key(j, 0), "z"));
    assert_true(str_eq_z(json_key(j, 1), "a"));
    assert_true(str_eq_z(json_str(json_get(j, S("a"))), "ا😀\n"));
    assert_true(json_value(j, 1) == json_get(j, S("a")));
    const struct json *z = json_get(j, S("z"));
    assert_int_equal(json_type(z), JSON_ARRAY);
    assert_int_equal(json_n(z), 4);
    assert_int_equal(json_type(json_at(z, 0)), JSON_INT);
    assert_int_equal(json_int(json_at(z, 0)), 1);
    assert_int_equal(json_type(json_at(z, 1)), JSON_REAL);
    assert_true(str_eq_z(json_str(json_at(z, 1)), "-2.50"));
    assert_true(json_bool(json_at(z, 2)));
    assert_int_equal(json_type(json_at(z, 3)), JSON_NULL);
    assert_int_equal(json_type(json_get(j, S(""))), JSON_OBJECT);
    assert_int_equal(json_n(json_get(j, S(""))), 0);
    assert_false(json_bool(json_get(j, S("b"))));
    assert_int_equal(json_type(json_get(j, S("b"))), JSON_BOOL);
    assert_true(str_eq_z(json_str(parsed(S("\"x\""))), "x"));
    assert_int_equal(json_type(parsed(S("null"))), JSON_NULL);
}

static void absent_things_are_absent(void **state) {
    (void)state;
    struct json *j = parsed(S("{\"a\": [1]}"));
    const struct json *a = json_get(j, S("a"));
    assert_null(json_get(j, S("b")));
    assert_null(json_get(NULL, S("b")));
    assert_null(json_get(a, S("b")));
    assert_null(json_at(a, 1));
    assert_null(json_at(a, -1));
    assert_null(json_at(j, 0));
    assert_null(json_at(NULL, 0));
    assert_null(json_value(j, 1));
    assert_null(json_value(a, 0));
    assert_null(json_key(j, 1).p);
    assert_null(json_key(a, 0).p);
    assert_int_equal(json_n(NULL), 0);
    assert_int_equal(json_type(NULL), JSON_NULL);
    assert_null(json_str(NULL).p);
    assert_null(json_str(j).p);
    assert_int_equal(json_int(j), 0);
    assert_false(json_bool(a));
}

static void numbers_are_exact(void **state) {
    (void)state;
    static const struct {
        const char *text;
        enum json_type type;
        int64_t i;
    } v[] = {
        { "0", JSON_INT, 0 },
        { "9007199254740993", JSON_INT, 9007199254740993 },
        { "9223372036854775807", JSON_INT, INT64_MAX },
        { "-9223372036854775808", JSON_INT, INT64_MIN },
        { "9223372036854775808", JSON_REAL, 0 },
        { "123456789012345678901234567890", JSON_REAL, 0 },
        { "90071992547409.93", JSON_REAL, 0 },
        { "1.10", JSON_REAL, 0 },
        { "1e3", JSON_REAL, 0 },
        { "1E+3", JSON_REAL, 0 },
    };
    for (size_t i = 0; i < sizeof v / sizeof *v; i++) {
        struct str text =
            str_printf(arena, "{\"1\": \"2e5\", \"x\": [%s, \"\\\"7\", %s]}", v[i].text, v[i].text);
        for (int k = 0; k < 3; k += 2) {
            const struct json *n = json_at(json_get(parsed(text), S("x")), k);
            assert_int_equal(json_type(n), v[i].type);
            assert_true(str_eq_z(json_str(n), v[i].text));
            assert_int_equal(json_int(n), v[i].i);
        }
    }
}

static struct str repeated(const char *what, int n) {
    struct buf b = { .arena = arena };
    for (int i = 0; i < n; i++) buf_add_z(&b, what);
    return buf_str(&b);
}

static void refuses_with_the_place(void **state) {
    (void)state;
    struct str long_string = str_printf(arena, "[\n \"%s\"]", repeated("x", LIMIT_FIELD + 1).p);
    struct str long_escapes =
        str_printf(arena, "\"%s\"", repeated("\\u0627", LIMIT_FIELD / 2 + 1).p);
    struct str long_number = str_printf(arena, "0.%s", repeated("1", LIMIT_FIELD).p);
    struct str deep = str_printf(arena, "%s", repeated("[", LIMIT_JSON_DEPTH + 1).p);
    const struct {
        struct str text;
        enum status status;
        const char *place;
    } v[] = {
        { S(""), MALFORMED, "line 1, column 0:" },
        { S("{"), MALFORMED, "line 1, column 1:" },
        { S("[1,]"), MALFORMED, "line 1, column 4:" },
        { S("{\"a\":1,\n \"a\":2}"), MALFORMED, "line 2, column 4: duplicate object key" },
        { S("[1] x"), MALFORMED, "line 1, column 5:" },
        { S("'a'"), MALFORMED, "line 1, column 1:" },
        { S("[01]"), MALFORMED, "line 1, column 2:" },
        { S("[NaN]"), MALFORMED, "line 1, column 4:" },
        { S("[1e999]"), MALFORMED, "line 1, column 6: real number overflow" },
        { S("\"a\0b\""), MALFORMED, "line 1, column " },
        { S("[1]\0"), MALFORMED, "line 1, column " },
        { S("\"\\u0000\""), MALFORMED, "line 1, column " },
        { S("\"\\ud800\""), MALFORMED, "line 1, column " },
        { S("\"\xFF\""), MALFORMED, "line 1, column " },
        { S("\"a\nb\""), MALFORMED, "line 1, column " },
        { S("\n\n  \"سلام\" }"), MALFORMED, "line 3, column " },
        { long_string, TOO_BIG, "line 2, column 2: a value of more than 100000 bytes" },
        { long_escapes, TOO_BIG, "line 1, column 1: a value of more than 100000 bytes" },
        { long_number, TOO_BIG, "line 1, column 1: a value of more than 100000 bytes" },
        { deep, TOO_BIG, "line 1, column 17: nested deeper than 16" },
        { repeated("[{\"a\":", 200000), TOO_BIG, "line 1, column 49: nested deeper than 16" },
    };
    for (size_t i = 0; i < sizeof v / sizeof *v; i++) {
        struct json *j = NULL;
        struct str why = NO_STR;
        enum status status = json_parse(arena, v[i].text, &j, &why);
        if (status != v[i].status || !str_starts(why, str_of(v[i].place)))
            fail_msg("%zu: %s, «%.*s», want «%s»", i, status_name(status), SF(why), v[i].place);
        assert_null(j);
    }
    parsed(str_printf(arena, "\"%s\"", repeated("x", LIMIT_FIELD).p));
    parsed(str_printf(arena, "\"%s\"", repeated("\\u0627", LIMIT_FIELD / 2).p));
    parsed(str_printf(arena, "\"%s\"", repeated("\\ud83d\\ude00", LIMIT_FIELD / 4).p));
    parsed(str_printf(arena, "%s%s", repeated("[", LIMIT_JSON_DEPTH).p,
                      repeated("]", LIMIT_JSON_DEPTH).p));
    struct json *j;
    struct str why;
    assert_int_equal(json_parse(arena, NO_STR, &j, &why), MALFORMED);
}

static void writes_json(void **state) {
    (void)state;
    struct buf b = { .arena = arena };
    struct json_out w = { .b = &b };
    jw_object(&w);
    jw_key(&w, "a");
    jw_array(&w);
    jw_int(&w, INT64_MIN);
    jw_bool(&w, true);
    jw_null(&w);
    jw_array(&w);
    jw_end(&w);
    jw_object(&w);
    jw_end(&w);
    jw_raw(&w, S("1.50"));
    jw_end(&w);
    jw_key_str(&w, S("</k\""));
    jw_str(&w, S("</script>\u2028\u2029\x01\n\t\\\x7F ی😀\xFF\0"));
    jw_key(&w, "c");
    jw_str(&w, NO_STR);
    jw_end(&w);
    const char *want = "{\"a\":[-9223372036854775808,true,null,[],{},1.50],\"\\u003c/k\\\"\":"
                       "\"\\u003c/script>\\u2028\\u2029\\u0001\\n\\t\\\\\x7F ی😀\uFFFD\\u0000\","
                       "\"c\":\"\"}";
    if (!str_eq_z(buf_str(&b), want)) fail_msg("%s", b.p);
    assert_int_equal(w.depth, 0);
}

/* A random tree, written; strings without NUL, keys distinct by a number. */
static void write_random(struct json_out *w, struct dice *d, int depth) {
    char text[24];
    size_t n = 0;
    switch (dice_below(d, depth < 6 ? 8 : 6)) {
    case 0: jw_null(w); return;
    case 1: jw_bool(w, dice_below(d, 2)); return;
    case 2: jw_int(w, (int64_t)dice_next(d) >> dice_below(d, 64)); return;
    case 3:
        jw_raw(w, str_printf(arena, "%lld.%03de%d", (long long)dice_below(d, 99), 5, 7));
        return;
    case 4:
    case 5:
        while (n < 20) {
            int32_t c = (int32_t)dice_below(d, dice_below(d, 2) ? 0x80 : 0x11000);
            if (c && (c < 0xD800 || c >= 0xE000)) n += (size_t)utf8_put(text + n, c);
        }
        jw_str(w, (struct str){ text, n });
        return;
    case 6:
        jw_array(w);
        for (int64_t i = dice_below(d, 5); i > 0; i--) write_random(w, d, depth + 1);
        jw_end(w);
        return;
    default:
        jw_object(w);
        for (int64_t i = dice_below(d, 5); i > 0; i--) {
            jw_key_str(w, str_printf(arena, "<\"%lld", (long long)i));
            write_random(w, d, depth + 1);
        }
        jw_end(w);
    }
}

static void what_is_written_is_read_back(void **state) {
    (void)state;
    struct dice d = { 5 };
    for (int round = 0; round < 3000; round++) {
        struct arena_mark m = arena_mark(arena);
        struct buf b = { .arena = arena };
        struct json_out w = { .b = &b };
        write_random(&w, &d, 0);
        struct str again = shown(parsed(buf_str(&b)));
        if (!str_eq(again, buf_str(&b))) fail_msg("%s came back as %s", b.p, again.p);
        assert_true(str_find_c(again, '<') < 0);
        arena_back(arena, m);
    }
}

int main(void) {
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_every_kind),  cmocka_unit_test(absent_things_are_absent),
        cmocka_unit_test(numbers_are_exact), cmocka_unit_test(refuses_with_the_place),
        cmocka_unit_test(writes_json),       cmocka_unit_test(what_is_written_is_read_back),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
