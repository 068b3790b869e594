/* From .po to the sentence shown: tools/poc on the fixtures of t/unit/po, the lookups of
 * lib/locale/catalogue.c over that table, and what tools/poscan finds, adds and complains of.
 * The catalogue is compiled into this program a second time, under other names, over its own table.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <unistd.h>

#define catalogue_entries   fixture_entries
#define catalogue_entries_n fixture_entries_n
#define tr_as               fixture_tr_as
#define tr_n_as             fixture_tr_n_as
#define tr_fill             fixture_tr_fill
#define tr_plural           fixture_tr_plural
#define tr_forms_n          fixture_tr_forms_n
#define tr_ids_n            fixture_tr_ids_n
#define tr_id               fixture_tr_id
#define tr_has              fixture_tr_has
#define tr_count            fixture_tr_count
#include "lib/locale/catalogue.c"
#include "t/po.c"

static void lookups(void **state) {
    static const struct {
        enum lang lang;
        const char *id, *text;
    } rows[] = {
        { LANG_FA, "Clients", "مشتریان" },
        { LANG_FR, "Clients", "Clientes" },
        { LANG_AR, "Mixed", "0" },
        { LANG_EN, "Clients", "Clients" },
        { LANG_PSEUDO, "Clients", "⟦Clients⟧" },
        { LANG_FA, "verb|Open", "باز کردن" },
        { LANG_FA, "adjective|Open", "باز" },
        { LANG_FR, "verb|Open", "Open" },
        { LANG_EN, "verb|Open", "Open" },
        { LANG_PSEUDO, "verb|Open", "⟦Open⟧" },
        { LANG_EN, "a b|c", "a b|c" },
        { LANG_EN, "|c", "|c" },
        { LANG_FA, "Hello {name}", "سلام {name}\n\t\"\\" },
        { LANG_FA, "Doubted", "Doubted" },
        { LANG_FA, "Empty", "Empty" },
        { LANG_FA, "Old", "Old" },
        { LANG_FA, "Unknown", "Unknown" },
        { LANG_FA, "", "" },
        { LANG_PSEUDO, "Unknown", "Unknown" },
        { LANG_AR, "Half", "Half" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_string_equal(tr_as(rows[i].lang, WORD_CLIENT, rows[i].id), rows[i].text);
}

/* CLDR 42, supplemental/plurals: forms as indexes in gettext's order. */
static void plurals(void **state) {
    static const struct {
        int64_t n;
        int en, fr, fa, ar;
    } rows[] = {
        { 0, 1, 0, 0, 0 },         { 1, 0, 0, 0, 1 },       { 2, 1, 2, 1, 2 },
        { 3, 1, 2, 1, 3 },         { 10, 1, 2, 1, 3 },      { 11, 1, 2, 1, 4 },
        { 99, 1, 2, 1, 4 },        { 100, 1, 2, 1, 5 },     { 101, 1, 2, 1, 5 },
        { 102, 1, 2, 1, 5 },       { 103, 1, 2, 1, 3 },     { 110, 1, 2, 1, 3 },
        { 111, 1, 2, 1, 4 },       { 1000, 1, 2, 1, 5 },    { 1000000, 1, 1, 1, 5 },
        { -1, 0, 0, 0, 1 },        { -2, 1, 2, 1, 2 },      { INT64_MAX, 1, 2, 1, 3 },
        { INT64_MIN, 1, 2, 1, 3 }, { 2000000, 1, 1, 1, 5 }, { 1000001, 1, 2, 1, 5 },
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_int_equal(tr_plural(LANG_EN, rows[i].n), rows[i].en);
        assert_int_equal(tr_plural(LANG_FR, rows[i].n), rows[i].fr);
        assert_int_equal(tr_plural(LANG_FA, rows[i].n), rows[i].fa);
        assert_int_equal(tr_plural(LANG_AR, rows[i].n), rows[i].ar);
        assert_int_equal(tr_plural(LANG_PSEUDO, rows[i].n), rows[i].en);
    }
}

static void counted(void **state) {
    static const struct {
        enum lang lang;
        int64_t n;
        const char *text;
    } rows[] = {
        { LANG_EN, 0, "{n} clients" },
        { LANG_EN, 1, "{n} client" },
        { LANG_EN, 2, "{n} clients" },
        { LANG_FR, 0, "un" },
        { LANG_FR, 1, "un" },
        { LANG_FR, 2, "autres" },
        { LANG_FR, 3000000, "millions" },
        { LANG_FA, 0, "یک {n}" },
        { LANG_FA, 1, "یک {n}" },
        { LANG_FA, 2, "چند {n}" },
        { LANG_AR, 0, "zero" },
        { LANG_AR, 1, "one" },
        { LANG_AR, 2, "two" },
        { LANG_AR, 3, "few" },
        { LANG_AR, 11, "many" },
        { LANG_AR, 100, "other" },
        { LANG_PSEUDO, 1, "⟦{n} client⟧" },
        { LANG_PSEUDO, 5, "⟦{n} clients⟧" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_string_equal(
            tr_n_as(rows[i].lang, WORD_CLIENT, "{n} client", "{n} clients", rows[i].n),
            rows[i].text);
    assert_string_equal(tr_n_as(LANG_FA, WORD_CLIENT, "one x", "other x", 3), "other x");
    assert_string_equal(tr_n_as(LANG_FA, WORD_CLIENT, "verb|one", "verb|other", 1), "one");
    /* French has this one without a plural, Arabic with: French must not read past its only form.
     */
    assert_string_equal(tr_n_as(LANG_FR, WORD_CLIENT, "Mixed", "Mixeds", 5), "Mixeds");
    assert_string_equal(tr_n_as(LANG_AR, WORD_CLIENT, "Half", "Halves", 1), "Half");
}

/* The forms of t/unit/po/words.txt: longest first, at words only, whole sentences, ezafe. */
static void other_words(void **state) {
    static const struct {
        enum lang lang;
        enum client_word word;
        const char *id, *text;
    } rows[] = {
        { LANG_EN, WORD_STUDENT, "Clients", "Students" },
        { LANG_FA, WORD_PATIENT, "Clients", "بیماران" },
        { LANG_FA, WORD_DONOR, "Clients", "نیکوکاران" },
        { LANG_FA, WORD_MEMBER, "Clients", "اعضا" },
        { LANG_FA, WORD_MEMBER, "My clients", "اعضای من، اعضا را" },
        { LANG_EN, WORD_MEMBER, "A member's clients", "A colleague's members" },
        { LANG_EN, WORD_DONOR, "A member's clients", "A member's donors" },
        { LANG_FR, WORD_DONOR, "My clients",
          "My donors" }, /* not translated: English, the right word */
        { LANG_FA, WORD_DONOR, "verb|Open", "باز کردن" },
        { LANG_PSEUDO, WORD_DONOR, "Clients", "⟦Clients⟧" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_string_equal(tr_as(rows[i].lang, rows[i].word, rows[i].id), rows[i].text);
    assert_string_equal(tr_n_as(LANG_EN, WORD_DONOR, "{n} client", "{n} clients", 2), "{n} donors");
    assert_string_equal(tr_n_as(LANG_EN, WORD_DONOR, "{n} client", "{n} clients", 1), "{n} donor");
}

static void listing(void **state) {
    (void)state;
    assert_int_equal(tr_ids_n(), 11);
    for (int i = 1; i < tr_ids_n(); i++) assert_true(strcmp(tr_id(i - 1), tr_id(i)) < 0);
    assert_int_equal(tr_count(LANG_FA), 6);
    assert_int_equal(tr_count(LANG_FR), 2);
    assert_int_equal(tr_count(LANG_AR), 2);
    assert_int_equal(tr_count(LANG_PSEUDO), 11);
    assert_true(tr_has(LANG_FA, "verb|Open"));
    assert_false(tr_has(LANG_FA, "Doubted"));
    assert_false(tr_has(LANG_AR, "Half"));
    assert_false(tr_has(LANG_FA, "Nothing"));
    assert_int_equal(tr_forms_n(LANG_EN), 2);
    assert_int_equal(tr_forms_n(LANG_FR), 3);
    assert_int_equal(tr_forms_n(LANG_FA), 2);
    assert_int_equal(tr_forms_n(LANG_AR), 6);
}

static void filling(void **state) {
    static const struct tr_arg args[] = { { "name", { "علی", 6 }, true },
                                          { "n", { "3", 1 }, false },
                                          { "none", { NULL, 0 }, false } };
    static const struct {
        const char *text, *filled;
    } rows[] = {
        { "", "" },
        { "plain", "plain" },
        { "{name} has {n}", "\u2068علی\u2069 has 3" },
        { "{n}{n}{none}.", "33." },
        { "{unknown} {n", "{unknown} {n" },
        { "{} { n} {n}} {{n}", "{} { n} 3} {3" },
        { "{name", "{name" },
        { "{{{n}", "{{3" },
    };
    (void)state;
    struct arena *a = arena_new();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_string_equal(str_z(a, tr_fill(a, rows[i].text, args, 3)), rows[i].filled);
    /* What an argument holds is not filled again. */
    struct tr_arg again = { "a", S("{a}"), false };
    assert_string_equal(str_z(a, tr_fill(a, "{a}", &again, 1)), "{a}");
    arena_free(a);
}

/* --- poscan, run as the Makefile runs it --- */

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

static void put_file(const char *path, const char *text) {
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    assert_int_equal(fputs(text, f) >= 0, 1);
    assert_int_equal(fclose(f), 0);
}

static const char source_c[] =
    "#define T(c, text) tr((c)->lang, text)\n"
    "/* N_(\"in a comment\") */ // tr(lang, \"in another\")\n"
    "const char *a = N_(\"From N_\"), *b = \"not found\", c = '\"';\n"
    "f(T(c, \"Joined \" \"text\\n\\u00e9 \\\"quoted\\\"\"), tr(lang, x ? \"Yes\" : \"No\"));\n"
    "g(tr_n(lang, \"{n} thing\", \"{n} things\", n), TN(c, n ? \"one\" : \"a\", n ? \"ones\" : "
    "\"as\", n));\n"
    "h(tr(lang, name(\"inner\")), str(\"x\"), \"tr(l, \\\"y\\\")\");\n"
    "struct entity e = { .label = \"Person\", .label_plural = N_(\"Persons\"), .name = \"person\" "
    "};\n"
    "const char *again = N_(\"From N_\");\n";
static const char source_def[] = "FIELD(family_name, text, \"Family name\", .is = LISTED, .also = "
                                 "\"nom\", .hint = \"As on papers\")\n"
                                 "MANY(phones, phone, \"Phones\", .group = N_(\"Reach\"))\n";
static const char source_html[] = "{template a(const struct page *p)}<p title=\"{t "
                                  "\"Title\"}\">{if p.x}{t \"Hello {name}\" name=p.n}"
                                  "{else}{for c in p.v}{call b(c, t \"Argument\")}{/for}{tn \"{n} "
                                  "thing\" \"{n} things\" n=p.n}{/if}"
                                  "{t p.label}{/template}";
#define FOUND                                                                                      \
    "From N_|Joined text\\né \\\"quoted\\\"|Yes|No|{n} thing|one|a|Person|Persons|"               \
    "Family name|As on papers|Phones|Reach|Title|Hello {name}|Argument|"

struct shop { /* a folder with sources and a .po */
    struct arena *a;
    char *dir;
    const char *sources;
};

static int open_shop(void **state) {
    struct arena *a = arena_new();
    struct shop *s = arena_new_of(a, struct shop);
    s->a = a;
    s->dir = str_z(a, S("/tmp/daftar-po-XXXXXX"));
    assert_non_null(mkdtemp(s->dir));
    put_file(str_printf(a, "%s/a.c", s->dir).p, source_c);
    put_file(str_printf(a, "%s/b.def", s->dir).p, source_def);
    put_file(str_printf(a, "%s/c.html", s->dir).p, source_html);
    s->sources = str_printf(a, "%s/a.c %s/b.def %s/c.html", s->dir, s->dir, s->dir).p;
    *state = s;
    return 0;
}

static int close_shop(void **state) {
    struct shop *s = *state;
    int code;
    output_of(s->a, str_printf(s->a, "rm -r %s", s->dir).p, &code);
    arena_free(s->a);
    return code;
}

static struct str poscan(struct shop *s, const char *how, const char *file, int *code) {
    return output_of(
        s->a,
        str_printf(s->a, "build/tools/poscan %s %s/%s -- %s", how, s->dir, file, s->sources).p,
        code);
}

static struct str file_of(struct shop *s, const char *name) {
    int code;
    struct str text = output_of(s->a, str_printf(s->a, "cat %s/%s", s->dir, name).p, &code);
    assert_int_equal(code, 0);
    return text;
}

static void scanning(void **state) {
    struct shop *s = *state;
    int code;
    struct str said = poscan(s, "", "out.pot", &code);
    if (code != 0) fail_msg("%s", str_z(s->a, said));
    struct str rest = file_of(s, "out.pot"), line;
    struct buf ids = { .arena = s->a };
    while (str_cut(&rest, '\n', &line)) {
        if (!str_starts(line, S("msgid \"")) || line.n == 8) continue;
        buf_add(&ids, str_sub(line, 7, line.n - 8));
        buf_add_c(&ids, '|');
    }
    assert_string_equal(str_z(s->a, buf_str(&ids)), FOUND);
    assert_true(str_find(file_of(s, "out.pot"), S("msgid_plural \"{n} things\"")) > 0);
    assert_true(str_find(file_of(s, "out.pot"), S("msgid_plural \"ones\"")) > 0);
}

static void updating(void **state) {
    struct shop *s = *state;
    int code;
    put_file(str_printf(s->a, "%s/fa.po", s->dir).p,
             "# top\nmsgid \"\"\nmsgstr \"Language: fa\\n\"\n\n# kept\nmsgid \"Title\"\nmsgstr "
             "\"عنوان\"\n\n"
             "msgid \"Gone\"\nmsgstr \"رفته\"\n\nmsgid \"Gone and empty\"\nmsgstr \"\"\n");
    poscan(s, "--update", "fa.po", &code);
    assert_int_equal(code, 0);
    struct str once = file_of(s, "fa.po");
    assert_true(str_find(once, S("# kept\n#: ")) > 0);
    assert_true(str_find(once, S("msgid \"Title\"\nmsgstr \"عنوان\"\n")) > 0);
    assert_true(str_find(once, S("msgid \"From N_\"\nmsgstr \"\"\n")) > 0);
    assert_true(str_find(once, S("msgid_plural \"{n} things\"\nmsgstr[0] \"\"\nmsgstr[1] \"\"\n")) >
                0);
    assert_true(str_find(once, S("msgid \"Gone\"\nmsgstr \"رفته\"\n")) > 0);
    assert_true(str_find(once, S("Gone and empty")) < 0);
    poscan(s, "--update", "fa.po", &code);
    assert_true(str_eq(once, file_of(s, "fa.po")));
    poscan(s, "--prune", "fa.po", &code);
    assert_true(str_find(file_of(s, "fa.po"), S("Gone")) < 0);
    assert_true(str_find(file_of(s, "fa.po"), S("عنوان")) > 0);
}

static void checking(void **state) {
    struct shop *s = *state;
    int code;
    put_file(str_printf(s->a, "%s/c.html", s->dir).p,
             "{template a()}{t \"A {x}\"}{t \"B {x}\"}{t \"C\"}{t \"D\"}{t \"E\"}{t \"F\"}{t \"G\"}"
             "{tn \"{n} of {x}\" \"{n} ofs {x}\" n=1}{tn \"{n} h\" \"{n} hs\" n=1}{/template}");
    s->sources = str_printf(s->a, "%s/c.html", s->dir).p;
    put_file(str_printf(s->a, "%s/fa.po", s->dir).p,
             "msgid \"A {x}\"\nmsgstr \"{x} ا\"\n\nmsgid \"B {x}\"\nmsgstr \"ب\"\n\nmsgid "
             "\"C\"\nmsgstr \"{y}\"\n\n"
             "msgid \"D\"\nmsgstr \"\"\n\n#, fuzzy\nmsgid \"E\"\nmsgstr \"ه\"\n\nmsgid "
             "\"G\"\nmsgstr \"گ \"\n\n"
             "msgid \"{n} of {x}\"\nmsgid_plural \"{n} ofs {x}\"\nmsgstr[0] \"یک {x}\"\nmsgstr[1] "
             "\"{n}\"\n\n"
             "msgid \"{n} h\"\nmsgid_plural \"{n} hs\"\nmsgstr[0] \"یک\"\nmsgstr[1] \"{n} تا\"\n");
    struct str said = poscan(s, "--check", "fa.po", &code);
    static const char *const wanted[] = {
        "fa.po:4: lacks a {name} of the English: \"B {x}\"",
        "fa.po:7: has a {name} that the English has not: \"C\"",
        "fa.po:10: not translated: \"D\"",
        "fa.po:14: fuzzy: \"E\"",
        "fa.po:0: missing: \"F\"",
        "fa.po:17: has white space at an end: \"G\"",
        "fa.po:20: lacks a {name} of the English: \"{n} of {x}\"",
        "fa.po: 9 texts, 7 to be done",
    };
    assert_int_not_equal(code, 0);
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
        if (str_find(said, str_of(wanted[i])) < 0)
            fail_msg("not said: %s\nsaid: %s", wanted[i], str_z(s->a, said));
    assert_true(str_find(said, S("\"A {x}\"")) < 0);
    assert_true(str_find(said, S("{n} h")) < 0);
    put_file(str_printf(s->a, "%s/c.html", s->dir).p, "{template a()}{t \"A {x}\"}{/template}");
    poscan(s, "--check", "fa.po", &code);
    assert_int_equal(code, 0);
}

/* A form that words.txt does not know is told with what to do; so is a word after a form~. */
static void checking_words(void **state) {
    static const struct {
        const char *fa, *said;
    } rows[] = {
        { "مشتری", NULL },
        { "مشتریان من", NULL },
        { "مشتریان را", NULL },
        { "مشتری‌جان",
          "fa.po:1: a form of \"مشتری\" stays when clients are called patient. Write the "
          "form as a line of [fa] in t/unit/po/words.txt" },
        { "مشتریان خوب", "is \"مشتریان\" bound to \"خوب\" (ezafe)? Add that word to" },
    };
    struct shop *s = *state;
    int code;
    put_file(str_printf(s->a, "%s/c.html", s->dir).p, "{template a()}{t \"A\"}{/template}");
    s->sources = str_printf(s->a, "%s/c.html", s->dir).p;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        put_file(str_printf(s->a, "%s/fa.po", s->dir).p,
                 str_printf(s->a, "msgid \"A\"\nmsgstr \"%s\"\n", rows[i].fa).p);
        struct str said = poscan(s, "--check t/unit/po/words.txt", "fa.po", &code);
        assert_int_equal(code != 0, rows[i].said != NULL);
        if (rows[i].said && str_find(said, str_of(rows[i].said)) < 0)
            fail_msg("not said: %s\nsaid: %s", rows[i].said, str_z(s->a, said));
    }
    put_file(str_printf(s->a, "%s/c.html", s->dir).p,
             "{template a()}{t \"A client-like thing\"}{t \"Clientele\"}{/template}");
    put_file(str_printf(s->a, "%s/fa.po", s->dir).p, "");
    struct str said = poscan(s, "--check t/unit/po/words.txt", "fa.po", &code);
    assert_true(str_find(said, S("c.html: a form of \"client\" stays")) < 0);
    assert_true(str_find(said, S("a form of \"Client\" stays")) > 0);
}

static void faults(void **state) {
    static const char *const bad[] = {
        "msgid \"a\"\nmsgstr \"b\"\n\nmsgid \"a\"\nmsgstr \"c\"\n",
        "msgid \"a\nmsgstr \"b\"\n",
        "msgid \"a\"\nmsgstr \"b\\q\"\n",
        "msgid \"a\"\nmsgstr[6] \"b\"\n",
        "nonsense\n",
        "msgid \"a\"\nmsgstr \"\xff\"\n",
    };
    struct shop *s = *state;
    int code;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        put_file(str_printf(s->a, "%s/fa.po", s->dir).p, bad[i]);
        struct str said = poscan(s, "--check", "fa.po", &code);
        assert_int_not_equal(code, 0);
        if (str_find(said, S("fa.po:")) < 0) fail_msg("%s", str_z(s->a, said));
    }
    put_file(str_printf(s->a, "%s/fa.po", s->dir).p, "");
    put_file(str_printf(s->a, "%s/a.c", s->dir).p,
             "f(tr_n(l, \"a\", \"b\", n), tr_n(l, \"a\", \"c\", n));\n");
    assert_true(str_find(poscan(s, "--check", "fa.po", &code), S("a.c:1: error: the same text")) >
                0);
    assert_int_not_equal(code, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lookups),
        cmocka_unit_test(plurals),
        cmocka_unit_test(counted),
        cmocka_unit_test(other_words),
        cmocka_unit_test(listing),
        cmocka_unit_test(filling),
        cmocka_unit_test_setup_teardown(scanning, open_shop, close_shop),
        cmocka_unit_test_setup_teardown(updating, open_shop, close_shop),
        cmocka_unit_test_setup_teardown(checking, open_shop, close_shop),
        cmocka_unit_test_setup_teardown(checking_words, open_shop, close_shop),
        cmocka_unit_test_setup_teardown(faults, open_shop, close_shop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
