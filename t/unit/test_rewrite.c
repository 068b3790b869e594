/* :name to $n: what is a parameter for PostgreSQL and what only looks like one. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "lib/db/driver.h"

static void test_rewrite(void **state) {
    static const struct {
        const char *from, *to, *names;
    } cases[] = {
        { "SELECT 1", "SELECT 1", "" },
        { "", "", "" },
        { ":a", "$1", "a" },
        { "x=:a AND y=:b AND z=:a", "x=$1 AND y=$2 AND z=$1", "a b" },
        { ":a1_B,:a1_Bc", "$1,$2", "a1_B a1_Bc" },
        { "x::text, :a::text", "x::text, $1::text", "a" },
        { "x::text::date", "x::text::date", "" },
        { "CAST(:a AS text)", "CAST($1 AS text)", "a" },
        { "':a' || :b", "':a' || $1", "b" },
        { "'it''s :a' || :b", "'it''s :a' || $1", "b" },
        { "'back\\' || :b", "'back\\' || $1", "b" },
        { "E'back\\' :a' || :b", "E'back\\' :a' || $1", "b" },
        { "e'\\\\' || :b || ':c'", "e'\\\\' || $1 || ':c'", "b" },
        { "tie':a' || :b", "tie':a' || $1", "b" },
        { "\"col:a\" = :b", "\"col:a\" = $1", "b" },
        { "\"a\"\":x\" = :b", "\"a\"\":x\" = $1", "b" },
        { "1 -- :a ' \n + :b", "1 -- :a ' \n + $1", "b" },
        { "1 -- :a", "1 -- :a", "" },
        { "/* :a */ :b", "/* :a */ $1", "b" },
        { "/* /* ' */ :a */ :b", "/* /* ' */ :a */ $1", "b" },
        { "/* :a", "/* :a", "" },
        { "$$ :a ' $$ || :b", "$$ :a ' $$ || $1", "b" },
        { "$t$ :a $$ $t$ || :b", "$t$ :a $$ $t$ || $1", "b" },
        { "a$b$ :c", "a$b$ $1", "c" },
        { "v[1:2]", "v[1:2]", "" },
        { "f(x := :a)", "f(x := $1)", "a" },
        { "a - :b / :c", "a - $1 / $2", "b c" },
        { "':a", "':a", "" },
        { "\"\xd9\xbe\" = :b", "\"\xd9\xbe\" = $1", "b" },
        { "x->>'cf:a' = :b", "x->>'cf:a' = $1", "b" },
        { "(:a)", "($1)", "a" },
        { ":", ":", "" },
        { "a:", "a:", "" },
        { ": a", ": a", "" },
    };
    struct arena *a = arena_new();
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct str out;
        const char *const *names;
        int n = sql_rewrite(a, str_of(cases[i].from), &out, &names);
        struct buf all = { .arena = a };
        for (int k = 0; k < n; k++) {
            if (k) buf_add_c(&all, ' ');
            buf_add_z(&all, names[k]);
        }
        if (!str_eq_z(out, cases[i].to) || !str_eq_z(buf_str(&all), cases[i].names))
            fail_msg("%s\n  gave %.*s\n  names %.*s", cases[i].from, SF(out), SF(buf_str(&all)));
    }
    arena_free(a);
}

int main(void) {
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_rewrite) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
