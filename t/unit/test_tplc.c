/* tools/tplc and the escaping of lib/html/out.h: fixture templates compiled into this program,
 * their output byte for byte; refused templates with the line that is named; types that must not
 * compile. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <unistd.h>

#include "t/page.html.c"

static const struct locale english = { .lang = LANG_EN };

struct fixture {
    struct arena *arena;
    struct out o;
    struct page p;
    struct who boss;
    struct client clients[2];
    const struct who *bosses[2];
    struct str tags[2];
};

static void write_page(struct out *o, const struct page *p) {
    (void)p;
    out_static(o, "<p>");
}

static int start(void **state) {
    struct arena *a = arena_new();
    struct fixture *f = arena_new_of(a, struct fixture);
    f->arena = a;
    f->o = (struct out){ .b = { .arena = a }, .loc = &english };
    f->boss = (struct who){ S("Boss"), 61 };
    f->clients[0] = (struct client){ S("Ann"), true, { S("A&A"), 30 }, &f->boss, { NO_STR } };
    f->clients[1] = (struct client){ S("<Bob>"), false, { S("B"), 40 }, &f->boss, { NO_STR } };
    f->bosses[0] = f->bosses[1] = &f->boss;
    f->tags[0] = S("\"one\"");
    f->tags[1] = S("two");
    f->p = (struct page){ .clients = { f->clients, 2 },
                          .bosses = { f->bosses, 2 },
                          .tags = { f->tags, 2 },
                          .text = S("<a href='x'>\"&</a>"),
                          .label = "L<",
                          .letters = "l&l",
                          .url = { S("/a?b=1&c='2'") },
                          .phone = { S("+33<1>") },
                          .markup = { S("<hr>") },
                          .yes = true,
                          .small = -8,
                          .byte = 255,
                          .shorter = -32768,
                          .n = 1234,
                          .count = 4000000000u,
                          .big = INT64_MIN,
                          .huge = UINT64_MAX,
                          .kind = KIND_ORGANISATION,
                          .write = write_page };
    *state = f;
    return 0;
}

static int end(void **state) {
    arena_free(((struct fixture *)*state)->arena);
    return 0;
}

#define expect(f, wanted) assert_string_equal(str_z((f)->arena, buf_str(&(f)->o.b)), wanted)
#define TEXT              "&lt;a href=&#39;x&#39;&gt;&quot;&amp;&lt;/a&gt;"
#define ENCODED           "%3Ca%20href%3D%27x%27%3E%22%26%3C%2Fa%3E"

static void types(void **state) {
    struct fixture *f = *state;
    show_types(&f->o, &f->p);
    expect(f,
           TEXT "|L&lt;|l&amp;l|/a?b=1&amp;c=&#39;2&#39;|<bdi dir=\"ltr\">+33&lt;1&gt;</bdi>|<hr>|"
                "-8|255|-32,768|1,234|4,000,000,000|-9,223,372,036,854,775,808|"
                "18,446,744,073,709,551,615");
}

static void attributes(void **state) {
    struct fixture *f = *state;
    show_attributes(&f->o, &f->p);
    expect(f, "<a title=\"" TEXT "\" href=\"/a?b=1&amp;c=&#39;2&#39;\" data-n=\"1234\" "
              "data-big='-9223372036854775808' aria-busy=\"true\" lang=\"L&lt;\" "
              "data-u=\"/a?b=1&amp;c=&#39;2&#39;\" data-p=\"+33&lt;1&gt;\">x</a>");
}

static void addresses(void **state) {
    struct fixture *f = *state;
    show_addresses(&f->o, &f->p);
    expect(f, "<a href=\"/clients/1234/edit?q=" ENCODED "#L%3C\">1</a> "
              "<a href=\"/a?b=1&amp;c=&#39;2&#39;?a=1234\">2</a> <a href=\"#" ENCODED "\">3</a>"
              "<form action=\"/a?b=1&amp;c=&#39;2&#39;\"><button "
              "formaction=\"/a?b=1&amp;c=&#39;2&#39;/x\" "
              "hx-post=\"/do/-9223372036854775808\"></button></form>");
}

static void plain(void **state) {
    struct fixture *f = *state;
    f->p.text = S("<b>\n");
    show_plain(&f->o, &f->p);
    expect(f, "<title>&lt;b&gt;\n 1,234 +33&lt;1&gt; Hello \u2068&lt;b&gt;\n\u2069</title>"
              "<textarea>\n&lt;b&gt;\n</textarea><textarea>\na\n  b &lt;b&gt;\n</textarea>");
}

static void texts(void **state) {
    struct fixture *f = *state;
    f->p.n = 1;
    f->p.big = -5;
    show_texts(&f->o, &f->p);
    expect(f, "Save &amp; close Open L&lt; Hello <bdi>" TEXT "</bdi>, -5, {x} 1 &lt;client&gt;\n"
              "<i title=\"Hello \u2068" TEXT "\u2069 \u2066+33&lt;1&gt;\u2069 -5\">"
              "See <hr> <bdi dir=\"ltr\">+33&lt;1&gt;</bdi> L&lt;</i>");
    f->o.b.n = 0;
    f->p.n = 11000;
    f->o.loc = &(struct locale){ .lang = LANG_FA, .digits = DIGITS_ARABEXT };
    show_texts(&f->o, &f->p);
    struct str shown = buf_str(&f->o.b);
    assert_true(str_find(shown, S("۱۱٬۰۰۰ &lt;clients&gt;")) > 0);
    assert_true(str_find(shown, S("\u200E\u2212۵")) > 0);
}

static void loops(void **state) {
    struct fixture *f = *state;
    struct str more[] = { S("x") };
    struct strs most = { more, 1 };
    show_loops(&f->o, &f->p, (struct strs){ more, 1 }, &most);
    expect(f, "0:Ann/30/Boss, 1:&lt;Bob&gt;/40/Boss;\nBoss Boss "
              ";&quot;one&quot;(&quot;one&quot;x)two(twox);x;\nx");
    f->o.b.n = 0;
    f->p.clients.n = 0;
    f->p.bosses.n = 0;
    most.n = 0;
    show_loops(&f->o, &f->p, (struct strs){ NULL, 0 }, &most);
    expect(f, "none;\n;&quot;one&quot;two;no most;\n");
}

static void conditions(void **state) {
    struct fixture *f = *state;
    show_conditions(&f->o, &f->p, NULL, 3, S("x"));
    expect(f, "124567"
              "8\nA\nDG\nHKM");
    f->o.b.n = 0;
    f->p.yes = false;
    f->p.text = S("a\"b");
    f->p.label = "a\"b";
    f->p.kind = KIND_PERSON;
    f->p.n = 0;
    f->p.tags.n = 0;
    f->p.url = (struct url){ NO_STR };
    f->p.big = 1;
    show_conditions(&f->o, &f->p, &f->p, -2, S("y"));
    expect(f, "1234\nB\nDF\nIJLN");
}

static void tag(void **state) {
    struct fixture *f = *state;
    show_tag(&f->o, &f->p);
    expect(f, "<input checked class=\"a b\" data-t=\"&quot;one&quot;\" data-t=\"two\">");
    f->o.b.n = 0;
    f->p.yes = false;
    f->p.tags.n = 0;
    show_tag(&f->o, &f->p);
    expect(f, "<input class=\"a c\">");
}

static void partials(void **state) {
    struct fixture *f = *state;
    f->p.clients.n = 1;
    show_partials(&f->o, &f->p);
    expect(f, "[<b>A&amp;A</b>a&quot;\\bSave3][<b>Boss</b>L&lt;L&lt;30]<p>");
}

static void space(void **state) {
    struct fixture *f = *state;
    f->p.text = S("T");
    f->p.n = 7;
    show_space(&f->o, &f->p);
    expect(f, "<ul><li>one   two\n<b>three</b>\n<i>four</i></li></ul>"
              "<pre>\n a\n\n   b</pre>\nT\nT {\"json\": \"7\"} \?\?/");
}

static void asset(void **state) {
    struct fixture *f = *state;
    show_asset(&f->o, "add");
    struct str shown = buf_str(&f->o.b);
    assert_true(str_starts(shown, S("<use href=\"/assets/icons.")));
    assert_true(str_ends(shown, S(".svg#i-add\"/>")));
}

/* --- What is refused --- */

/* Runs a command; its output, both streams, and how it ended. */
static struct str output_of(struct arena *a, const char *command, int *code) {
    FILE *f = popen(str_printf(a, "%s 2>&1", command).p, "r");
    assert_non_null(f);
    struct buf b = { .arena = a };
    char piece[4096];
    for (size_t n; (n = fread(piece, 1, sizeof piece, f)) > 0;)
        buf_add(&b, (struct str){ piece, n });
    *code = pclose(f);
    return buf_str(&b);
}

static char *folder(struct arena *a) {
    char *dir = str_z(a, S("/tmp/daftar-tplc-XXXXXX"));
    assert_non_null(mkdtemp(dir));
    return dir;
}

static void put_file(const char *path, const char *text) {
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    assert_int_equal(fputs(text, f) >= 0, 1);
    assert_int_equal(fclose(f), 0);
}

static struct str compile(struct arena *a, const char *dir, const char *text, int *code) {
    const char *in = str_printf(a, "%s/bad.html", dir).p;
    put_file(in, text);
    return output_of(a, str_printf(a, "build/tools/tplc %s %s.c %s.h", in, in, in).p, code);
}

static void remove_folder(struct arena *a, const char *dir) {
    int code;
    output_of(a, str_printf(a, "rm -r %s", dir).p, &code);
    assert_int_equal(code, 0);
}

#define ONE(body) "{template a(const struct page *p)}\n" body "\n{/template}\n"

static void refused(void **state) {
    static const struct {
        const char *text, *says;
    } bad[] = {
        { ONE("<p>\n<script>let x = {p.n};</script>"), "bad.html:3: error: no value in <script>" },
        { ONE("<style>\n\n{p.text}</style>"),
          "bad.html:4: error: no value in <script> or <style>" },
        { ONE("<a title={p.text}>"), "bad.html:2: error: values of attributes stand in quotes" },
        { ONE("<a title=x>"), "bad.html:2: error: values of attributes stand in quotes" },
        { ONE("<a\n onclick=\"{p.text}\">"), "bad.html:3: error: no on… attributes" },
        { ONE("<a OnClick='x()'>"), "bad.html:2: error: no on… attributes" },
        { ONE("<a hx-on:click=\"{p.text}\">"), "bad.html:2: error: no value in an on… attribute" },
        { ONE("<a hx-vals='{p.text}'>"), "bad.html:2: error: no value in this hx- attribute" },
        { ONE("<a data-hx-vals='{p.text}'>"), "bad.html:2: error: no value in this hx- attribute" },
        { ONE("<p style=\"color: {p.text}\">"), "bad.html:2: error: no value in style=" },
        { ONE("<iframe srcdoc=\"{p.text}\"></iframe>"),
          "bad.html:2: error: no value in style= or" },
        { ONE("<img srcset=\"{p.url} 2x\">"), "bad.html:2: error: no value in this attribute" },
        { ONE("<a {p.text}>"), "bad.html:2: error: a value stands in text or in a quoted" },
        { ONE("<{p.text}>"), "bad.html:2: error: a value stands in text or in a quoted" },
        { ONE("<!-- {p.text} -->"), "bad.html:2: error: no value in a comment" },
        { ONE("<a href=\"{p.url}{p.url}\">"), "bad.html:2: error: an address is one struct url" },
        { ONE("<a href=\"//x/{p.n}\">"), "bad.html:2: error: an address is one struct url" },
        { ONE("<a href=\"/{p.n}\">"), "bad.html:2: error: an address is one struct url" },
        { ONE("<a href=\"javascript:x({p.n})\">"), "bad.html:2: error: an address is one" },
        { ONE("<a href=\"{t \"x\"}\">"), "bad.html:2: error: translated text is no address" },
        { ONE("1 < 2"), "bad.html:2: error: '<' in text is written &lt;" },
        { ONE("<a title=\"x\"id=\"y\">"), "bad.html:2: error: a blank must stand before" },
        { ONE("{if p.n}<a title=\"{else}<a title='{/if}x'>"),
          "bad.html:2: error: the branches end" },
        { ONE("{for c in p.clients}<!-- {/for}"), "bad.html:2: error: this cannot stand" },
        { ONE("{for c in p.clients}<p title='{/for}"), "bad.html:2: error: the branches end" },
        { ONE("<a href='{for c in p.clients}{c.url}{/for}'>"),
          "bad.html:2: error: the body of {for}" },
        { ONE("<p {for c in p.clients}a='x'{/for}>"), "bad.html:2: error: the body of {for} must" },
        { ONE("<a href='{if p.n}{p.url}{/if}{p.url}'>"), "bad.html:2: error: an address is one" },
        { ONE("<a title='x"), "bad.html:1: error: the template ends within" },
        { ONE("<textarea>"), "bad.html:1: error: the template ends within" },
        { ONE("<p title='{call b(p)}'>"), "bad.html:2: error: {call} stands in text only" },
        { ONE("\n{if p.n}\nx"), "bad.html:3: error: {if} without {/if}" },
        { ONE("\n{for c in p.clients}\n{if c.vip}{/for}"),
          "bad.html:4: error: {if} without {/if}" },
        { ONE("{else}"), "bad.html:1: error: {template} without {/template}" },
        { ONE("\n{q.n}"), "bad.html:3: error: unknown name: q" },
        { ONE("{p.}"), "bad.html:2: error: a member's name expected" },
        { ONE("{p.n!}"), "bad.html:2: error: '}' expected" },
        { ONE("{if p.n = 3}{/if}"), "bad.html:2: error: '}' expected" },
        { ONE("{if \"x\"}{/if}"), "bad.html:2: error: a value has no truth" },
        { ONE("{t \"x}"), "bad.html:2: error: text without a closing quote" },
        { ONE("{tn \"a\" \"b\" m=p.n}"), "bad.html:2: error: {tn} needs n=" },
        { ONE("{template b()}"), "bad.html:2: error: not allowed here: template" },
        { ONE("{-- x"), "bad.html:2: error: {-- without --}" },
        { "\nx" ONE(""), "bad.html:2: error: only {include} and {template}" },
        { "{template a(int o)}{/template}", "bad.html:1: error: the name o is taken" },
        { "{template a(int (*f)(void))}{/template}", "bad.html:1: error: a parameter is written" },
        { "{template a()}\n\xff{/template}", "bad.html:1: error: not UTF-8" },
    };
    (void)state;
    struct arena *a = arena_new();
    char *dir = folder(a);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        int code;
        struct str said = compile(a, dir, bad[i].text, &code);
        if (code == 0 || str_find(said, str_of(bad[i].says)) < 0)
            fail_msg("%s\nexpected: %s\nsaid: %s", bad[i].text, bad[i].says, str_z(a, said));
    }
    remove_folder(a, dir);
    arena_free(a);
}

/* Types are checked by the C compiler; it must name the template and the line. */
static void wrong_types(void **state) {
    static const struct {
        const char *text;
        bool compiles;
    } cases[] = {
        { ONE("\n<a href=\"{p.url}\">{p.text}</a>"), true },
        { ONE("\n<a href='{if p.n}{p.url}{else}/x{/if}' class='{for t in p.tags}{t} {/for}'>x</a>"),
          true },
        { ONE("\n<a href=\"{p.text}\">x</a>"), false },
        { ONE("\n<a href=\"{p.label}\">x</a>"), false },
        { ONE("\n<img src=\"{p.n}\">"), false },
        { ONE("\n<a href=\"/clients/{p.text}\">x</a>"), false },
        { ONE("\n<a hx-get=\"{p.text}\">x</a>"), false },
        { ONE("\n<a data-hx-get=\"{p.text}\">x</a>"), false },
        { ONE("\n<a hx-get:inherited=\"{p.text}\">x</a>"), false },
        { ONE("\n<a title=\"{p.markup}\">x</a>"), false },
        { ONE("\n<a title=\"{t \"x {m}\" m=p.markup}\">x</a>"), false },
        { ONE("\n<title>{p.markup}</title>"), false },
        { ONE("\n{p.yes}"), false },
        { ONE("\n{p.tags}"), false },
        { ONE("\n{p.write}"), false },
        { ONE("\n{p.nothing}"), false },
        { ONE("\n{if p.clients}x{/if}"), false },
        { ONE("\n{if p.text == 3}x{/if}"), false },
        { ONE("\n{if p.n == \"3\"}x{/if}"), false },
        { ONE("\n{for c in p.text}x{/for}"), false },
        { ONE("\n{call nobody(p)}"), false },
    };
    (void)state;
    struct arena *a = arena_new();
    char *dir = folder(a);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int code;
        const char *text = str_printf(a, "{include \"unit/tplc/page.h\"}%s", cases[i].text).p;
        struct str said = compile(a, dir, text, &code);
        if (code != 0) fail_msg("%s\n%s", text, str_z(a, said));
        said =
            output_of(a,
                      str_printf(a,
                                 "gcc -std=gnu17 -D_GNU_SOURCE -Wall -Werror -fsyntax-only -Isrc "
                                 "-It %s/bad.html.c",
                                 dir)
                          .p,
                      &code);
        bool line = str_find(said, S("bad.html:3:")) >= 0;
        if ((code == 0) != cases[i].compiles || line == cases[i].compiles)
            fail_msg("%s\n%s", text, str_z(a, said));
    }
    remove_folder(a, dir);
    arena_free(a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(types, start, end),
        cmocka_unit_test_setup_teardown(attributes, start, end),
        cmocka_unit_test_setup_teardown(addresses, start, end),
        cmocka_unit_test_setup_teardown(plain, start, end),
        cmocka_unit_test_setup_teardown(texts, start, end),
        cmocka_unit_test_setup_teardown(loops, start, end),
        cmocka_unit_test_setup_teardown(conditions, start, end),
        cmocka_unit_test_setup_teardown(tag, start, end),
        cmocka_unit_test_setup_teardown(partials, start, end),
        cmocka_unit_test_setup_teardown(space, start, end),
        cmocka_unit_test_setup_teardown(asset, start, end),
        cmocka_unit_test(refused),
        cmocka_unit_test(wrong_types),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
