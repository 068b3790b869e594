/* Boxes: a tree put into a form and read again is the same tree, in four languages; rows that are
 * not finished say so and do not count; the buttons add, take out and move. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "ask_book.h"
#include "core/ask/boxes.h"
#include "core/ask/text.h"
#include "fixture.h"

enum { TREES = 100000, AT_ONCE = 500 };

static struct fixture f;

static struct ctx *begin(enum lang lang) {
    struct ctx *c = fixture_begin(&f, false, 1, ROLE_OWNER);
    c->firm.currency = S("EUR");
    ask_book_reader(c, &f.loc, lang);
    return c;
}

static struct str shown(struct ctx *c, const struct http_pairs *form) {
    struct buf b = { .arena = c->arena };
    for (int i = 0; i < form->n; i++)
        buf_printf(&b, "%.*s=%.*s\n", SF(form->v[i].name), SF(form->v[i].value));
    return buf_str(&b);
}

static void round_trip(struct ctx *c, const struct ask_catalogue *k, const struct ask_node *n) {
    struct http_pairs form = { 0 };
    const struct ask_node *back;
    ask_boxes_write(c, k, n, &form);
    if (ask_boxes_read(c, k, &form, &back) != OK)
        fail_msg("refused at %.*s: %s\n%.*s", SF(c->problems.v[0].field), c->problems.v[0].text,
                 SF(shown(c, &form)));
    if (!ask_equal(n, back))
        fail_msg("not the same:\n%.*s\n%.*s\n%.*s", SF(ask_json(c->arena, n)),
                 SF(ask_json(c->arena, back)), SF(shown(c, &form)));
}

static void test_random_trees(void **state) {
    struct dice dice = { 5 };
    (void)state;
    for (int lang = 0; lang < LANG_N; lang++)
        for (int i = 0; i < TREES / LANG_N; i += AT_ONCE) {
            struct ctx *c = begin((enum lang)lang);
            const struct ask_catalogue *k = ask_book(c);
            for (int n = 0; n < AT_ONCE; n++) round_trip(c, k, ask_book_random(c, k, &dice));
            assert_int_equal(fixture_end(&f, OK), OK);
        }
}

/* --- forms as a browser sends them --- */

static struct http_pairs form_of(struct ctx *c, const char *text) {
    struct http_pairs form = { 0 };
    struct str why;
    if (http_form(c->arena, str_of(text), &form, &why) != OK) fail_msg("%.*s", SF(why));
    return form;
}

static void reads(struct ctx *c, const char *form, const char *json) {
    const struct ask_catalogue *k = ask_book(c);
    struct http_pairs pairs = form_of(c, form);
    const struct ask_node *n, *wanted;
    struct ask_box *root = ask_boxes_draft(c->arena, &pairs);
    (void)ask_boxes_tree(c, k, root, &n);
    assert_int_equal(ask_json_read(c->arena, str_of(json), &wanted), OK);
    if (!ask_equal(n, wanted)) fail_msg("%s: %.*s, not %s", form, SF(ask_json(c->arena, n)), json);
}

static struct str json_of(struct ctx *c, const char *form) {
    struct http_pairs pairs = form_of(c, form);
    const struct ask_node *n;
    (void)ask_boxes_tree(c, ask_book(c), ask_boxes_draft(c->arena, &pairs), &n);
    return ask_json(c->arena, n);
}

static void same_question(struct ctx *c, const char *a, const char *b) {
    struct str x = json_of(c, a), y = json_of(c, b);
    if (!str_eq(x, y)) fail_msg("%s: %.*s\n%s: %.*s", a, SF(x), b, SF(y));
}

static void test_forms(void **state) {
    struct ctx *c = begin(LANG_EN);
    (void)state;
    /* gaps in the numbers, empty rows, what is not known, a group of nothing */
    same_question(c, "ask.g=all&ask.0.what=sex&ask.0.op=is&ask.0.value=female",
                  "ask.g=all&ask.3.what=sex&ask.3.value=female&ask.3.value=&ask.5.what=&ask.9.g=any"
                  "&ask.x.y=1&ask=2&askew=3");
    /* the first thing that can be asked of it needs no choice */
    same_question(c, "ask.0.what=purchases:has",
                  "ask.g=any&ask.0.what=purchases:has&ask.0.when=ever");
    /* another field was chosen: the old answer does not count */
    same_question(c, "ask.g=all&ask.0.what=town&ask.0.op=filled",
                  "ask.g=all&ask.0.what=town&ask.0.op=filled&ask.1.what=sex&ask.1.was=town&"
                  "ask.1.value=Paris");
    /* another sum of the same purchases: period and number stay */
    same_question(
        c,
        "ask.0.what=purchases:sum:amount&ask.0.op=under&ask.0.number=5&ask.0.when=this&"
        "ask.0.unit=month",
        "ask.0.what=purchases:sum:amount&ask.0.was=purchases:count&ask.0.op=under&ask.0.number=5&"
        "ask.0.when=this&ask.0.unit=month");
    same_question(c, "ask.0.what=town&ask.0.value=75*", "ask.0.what=town&ask.0.value=+75*+");
    reads(c, "", "{\"all\":[]}");
    assert_int_equal(fixture_end(&f, OK), OK);
}

static void test_unfinished(void **state) {
    static const struct {
        const char *row, *at;
    } cases[] = {
        { "ask.0.what=sex", "ask.0.value" },
        { "ask.0.what=sex&ask.0.value=robot", "ask.0.value" },
        { "ask.0.what=purchases:count", "ask.0.number" },
        { "ask.0.what=purchases:count&ask.0.number=many", "ask.0.number" },
        { "ask.0.what=purchases:count&ask.0.op=between&ask.0.number=1", "ask.0.number2" },
        { "ask.0.what=birth_date&ask.0.when=last&ask.0.n=0", "ask.0.n" },
        { "ask.0.what=birth_date&ask.0.when=last&ask.0.n=10000", "ask.0.n" },
        { "ask.0.what=birth_date&ask.0.when=range&ask.0.from=2024-01-01", "ask.0.until" },
        { "ask.0.what=birth_date&ask.0.when=before&ask.0.until=someday", "ask.0.until" },
        { "ask.0.what=:segment", "ask.0.segment" },
        { "ask.0.what=:words", "ask.0.words" },
        { "ask.0.what=no_such_field", "ask.0.what" },
        { "ask.0.what=secrets:count&ask.0.number=1", "ask.0.what" },
        { "ask.0.what=purchases:sum&ask.0.number=1", "ask.0.what" },
        { "ask.0.what=purchases:has&ask.0.where.0.what=product", "ask.0.where.0.value" },
    };
    struct ctx *c = begin(LANG_EN);
    const struct ask_catalogue *k = ask_book(c);
    (void)state;
    for (int i = 0; i < COUNT(cases); i++) {
        struct http_pairs form = form_of(c, cases[i].row);
        const struct ask_node *n;
        c->problems.n = 0;
        assert_int_equal(ask_boxes_read(c, k, &form, &n), INVALID);
        assert_int_equal(c->problems.n, 1);
        if (!str_eq_z(c->problems.v[0].field, cases[i].at))
            fail_msg("%s: %.*s", cases[i].row, SF(c->problems.v[0].field));
    }
    assert_int_equal(fixture_end(&f, OK), OK);
}

/* --- the buttons --- */

/* "(a b [c])": all of a, b and any of c; words stand for rows, "_" for an empty one. */
static void outline(const struct ask_box *b, struct buf *out) {
    static const char *const marks[] = { "()", "[]", "{}" };
    if (!b->is_group) {
        buf_add(out, b->words.n ? b->words : S("_"));
        if (b->where) outline(b->where, out);
        return;
    }
    buf_add_c(out, marks[b->group][0]);
    for (int i = 0; i < b->items.n; i++) {
        if (i) buf_add_c(out, ' ');
        outline(b->items.v[i], out);
    }
    buf_add_c(out, marks[b->group][1]);
}

static void test_buttons(void **state) {
    static const char two[] = "ask.0.what=:words&ask.0.words=a&ask.1.what=:words&ask.1.words=b";
    static const char nested[] =
        "ask.0.what=:words&ask.0.words=a&ask.1.g=any&ask.1.0.what=:words&ask.1.0.words=b&"
        "ask.1.1.what=:words&ask.1.1.words=c";
    static const char deep[] = "ask.0.g=any&ask.0.0.g=all&ask.0.0.0.g=any&ask.0.0.0.0.words=x&"
                               "ask.1.words=y";
    static const struct {
        const char *form, *press, *then; /* NULL: nothing happens */
    } cases[] = {
        { "", "add ask", "(_)" },
        { two, "add ask", "(a b _)" },
        { two, "group ask", "(a b [_])" },
        { two, "remove ask.0", "(b)" },
        { two, "up ask.1", "(b a)" },
        { two, "down ask.0", "(b a)" },
        { two, "up ask.0", NULL },
        { two, "down ask.1", NULL },
        { two, "remove ask", NULL },
        { two, "add ask.0", NULL },
        { two, "up ask.7", NULL },
        { two, "dance ask.0", NULL },
        { two, "add", NULL },
        { nested, "down ask.0", "([a b c])" },
        { nested, "up ask.1.0", "(a b [c])" },
        { nested, "down ask.1.1", "(a [b] c)" },
        { nested, "up ask.1.1", "(a [c b])" },
        { nested, "up ask.1", "([b c] a)" },
        { nested, "group ask.1", "(a [b c (_)])" },
        { nested, "remove ask.1", "(a)" },
        { nested, "where ask.0", "(a(_) [b c])" },
        { deep, "group ask.0.0.0", NULL }, /* the fourth box holds no other */
        { deep, "up ask.1", "([([x]) y])" },
        { "ask.0.words=a&ask.0.where.0.words=b", "remove ask.0.where", "(a)" },
        { "ask.0.words=a&ask.0.where.0.words=b", "up ask.0.where.0", NULL },
    };
    struct ctx *c = begin(LANG_EN);
    (void)state;
    for (int i = 0; i < COUNT(cases); i++) {
        struct http_pairs form = form_of(c, cases[i].form);
        struct ask_box *root = ask_boxes_draft(c->arena, &form);
        struct buf before = { .arena = c->arena }, after = { .arena = c->arena };
        outline(root, &before);
        bool done = ask_boxes_act(c->arena, root, str_of(cases[i].press));
        outline(root, &after);
        const char *wanted = cases[i].then ? cases[i].then : str_z(c->arena, buf_str(&before));
        if (done != !!cases[i].then || !str_eq_z(buf_str(&after), wanted))
            fail_msg("%s of %.*s: %.*s, not %s", cases[i].press, SF(buf_str(&before)),
                     SF(buf_str(&after)), wanted);
    }
    assert_int_equal(fixture_end(&f, OK), OK);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_buttons),
        cmocka_unit_test(test_forms),
        cmocka_unit_test(test_unfinished),
        cmocka_unit_test(test_random_trees),
    };
    fixture_open(&f, false);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    fixture_close(&f);
    return failed;
}
