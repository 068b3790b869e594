/* Finds every text of the program that people read, and keeps the .po files complete:
 *   poscan OUT.pot -- SOURCE…            writes the list
 *   poscan --update PO… -- SOURCE…       adds what is new (empty), keeps every translation
 *   poscan --check PO… [WORDS.txt] -- SOURCE…  exit 1 while one is missing, empty, fuzzy, has
 *                                        other {names}, or WORDS does not know how to say it
 *   poscan --prune PO… -- SOURCE…        as --update, and drops what no source has
 * Sources are .c, .h, .def (tr, T, tr_n, TN, N_, FIELD, MANY, .label, .group, .hint) and .html
 * ({t}, {tn}, t in {call}). Called by the Makefile: po-update, po-check; output stands in po/. */
#include "lib/html/tpl_parse.h"
#include "lib/locale/catalogue.h"
#include "forms.h"
#include "po_file.h"

struct text {
    struct str id, plural, file, places;
    int line;
};
struct scan {
    struct arena *arena;
    struct map texts; /* msgid → struct text, in order of finding */
    struct str file;
    struct forms *forms; /* of words.txt; NULL: not asked */
    bool failed;
};

static void complain(struct scan *s, int line, const char *text, struct str what) {
    fprintf(stderr, "%.*s:%d: error: %s: \"%.*s\"\n", SF(s->file), line, text, SF(what));
    s->failed = true;
}

static void found(struct scan *s, int line, struct str id, struct str plural) {
    if (!id.n) return;
    void **at = map_at(&s->texts, id);
    struct text *t = *at;
    if (!t) {
        *at = t = arena_new_of(s->arena, struct text);
        *t = (struct text){ .id = id, .line = line };
    }
    if (plural.n && t->plural.n && !str_eq(plural, t->plural))
        complain(s, line, "the same text has another plural elsewhere", id);
    if (plural.n) t->plural = plural;
    if (str_eq(t->file, s->file)) return;
    t->file = s->file;
    t->places = str_printf(s->arena, "%.*s#: %.*s\n", SF(t->places), SF(s->file));
}

/* --- Templates --- */

static void scan_nodes(struct scan *s, const struct tpl_node *n) {
    for (; n; n = n->next) {
        if (n->kind == TPL_T && n->x.kind == TPL_STRING) found(s, n->line, n->x.text, NO_STR);
        if (n->kind == TPL_TN) found(s, n->line, n->x.text, n->y.text);
        if (n->kind == TPL_CALL)
            for (int i = 0; i < n->args_n; i++)
                if (n->args[i].value.kind == TPL_TR)
                    found(s, n->line, n->args[i].value.text, NO_STR);
        scan_nodes(s, n->body);
        scan_nodes(s, n->otherwise);
    }
}

static void scan_html(struct scan *s, struct str text) {
    struct tpl_file file;
    struct tpl_error error;
    if (tpl_parse(s->arena, text, &file, &error) != OK) {
        complain(s, error.line, error.text, NO_STR);
        return;
    }
    for (const struct tpl *t = file.first; t; t = t->next) scan_nodes(s, t->body);
}

/* --- C --- */

struct token {
    enum { TOKEN_END, TOKEN_WORD, TOKEN_STRING, TOKEN_SIGN } kind;
    struct str text; /* a string's content, escapes resolved */
    int line;
};
struct lexer {
    struct scan *scan;
    struct str rest;
    int line;
};

static void drop(struct lexer *l, size_t n) {
    if (n > l->rest.n) n = l->rest.n;
    for (size_t i = 0; i < n; i++) l->line += l->rest.p[i] == '\n';
    l->rest = str_sub(l->rest, n, l->rest.n);
}

static bool is_word(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           (unsigned char)c >= 0x80;
}

static void blanks_and_comments(struct lexer *l) {
    while (l->rest.n) {
        char c = l->rest.p[0];
        if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
            drop(l, 1);
        } else if (str_starts(l->rest, S("/*"))) {
            drop(l, 2);
            ptrdiff_t end = str_find(l->rest, S("*/"));
            drop(l, end < 0 ? l->rest.n : (size_t)end + 2);
        } else if (str_starts(l->rest, S("//"))) {
            ptrdiff_t end = str_find_c(l->rest, '\n');
            drop(l, end < 0 ? l->rest.n : (size_t)end);
        } else {
            return;
        }
    }
}

static int hex_of(struct str s) {
    int v = 0;
    for (size_t i = 0; i < s.n; i++) {
        if (!s.p[i] || !strchr("0123456789abcdefABCDEF", s.p[i])) return -1;
        char c = s.p[i];
        v = v * 16 + (c <= '9' ? c - '0' : (c | 32) - 'a' + 10);
    }
    return v;
}

/* The escape behind a backslash at rest; how long it is, 0 for one that is not known. */
static size_t escape(struct str rest, struct buf *to) {
    static const char from[] = "nt\\\"'?", into[] = "\n\t\\\"'?";
    if (!rest.n) return 0;
    const char *at = rest.p[0] ? strchr(from, rest.p[0]) : NULL;
    if (at) {
        buf_add_c(to, into[at - from]);
        return 1;
    }
    if (rest.p[0] != 'u' || rest.n < 5) return 0;
    int c = hex_of(str_sub(rest, 1, 4));
    if (c < 0) return 0;
    buf_add_utf8(to, c);
    return 5;
}

/* A string that uses other escapes is bytes, not text: its content is given as NO_STR. */
static struct str c_string(struct lexer *l) {
    struct buf b = { .arena = l->scan->arena };
    bool text = true;
    drop(l, 1);
    while (l->rest.n && l->rest.p[0] != '"' && l->rest.p[0] != '\n') {
        if (l->rest.p[0] != '\\') {
            buf_add_c(&b, l->rest.p[0]);
            drop(l, 1);
            continue;
        }
        drop(l, 1);
        size_t n = escape(l->rest, &b);
        if (!n) text = false;
        drop(l, n ? n : 1);
    }
    drop(l, 1);
    return text ? buf_str(&b) : NO_STR;
}

static struct token next(struct lexer *l) {
    blanks_and_comments(l);
    struct token t = { TOKEN_END, NO_STR, l->line };
    if (!l->rest.n) return t;
    if (l->rest.p[0] == '"') {
        t.kind = TOKEN_STRING;
        t.text = c_string(l);
    } else if (l->rest.p[0] == '\'') {
        size_t n = 1;
        while (n < l->rest.n && l->rest.p[n] != '\'') n += l->rest.p[n] == '\\' ? 2 : 1;
        t.kind = TOKEN_SIGN;
        drop(l, n + 1);
    } else if (is_word(l->rest.p[0])) {
        size_t n = 0;
        while (n < l->rest.n && is_word(l->rest.p[n])) n++;
        t.kind = TOKEN_WORD;
        t.text = str_sub(l->rest, 0, n);
        drop(l, n);
    } else {
        t.kind = TOKEN_SIGN;
        t.text = str_sub(l->rest, 0, 1);
        drop(l, 1);
    }
    return t;
}

static bool is_sign(const struct token *t, const char *sign) {
    return t->kind == TOKEN_SIGN && str_eq_z(t->text, sign);
}

/* Adjacent literals from *at on are one; *at moves behind them. */
static struct str joined(struct scan *s, const struct token **at) {
    struct buf b = { .arena = s->arena };
    for (; (*at)->kind == TOKEN_STRING; (*at)++) buf_add(&b, (*at)->text);
    return buf_str(&b);
}

/* The literals of argument number arg (from 0) of the call whose "(" is at t. Several when it is
 * "condition ? a : b". Only those of the call itself, not of calls within it. */
static int literals(struct scan *s, const struct token *t, int arg, struct str *out, int max) {
    int depth = 0, comma_n = 0, n = 0;
    for (; t->kind != TOKEN_END; t++) {
        if (is_sign(t, "(") || is_sign(t, "{") || is_sign(t, "[")) depth++;
        if (is_sign(t, ")") || is_sign(t, "}") || is_sign(t, "]")) depth--;
        if (depth == 0) break;
        if (depth == 1 && is_sign(t, ",")) comma_n++;
        if (t->kind != TOKEN_STRING || depth != 1 || comma_n != arg || n == max) continue;
        out[n++] = joined(s, &t);
        t--;
    }
    return n;
}

static void scan_call(struct scan *s, const struct token *t) {
    static const struct {
        const char *name;
        int one, other;
    } calls[] = { { "tr", 1, -1 },     { "T", 1, -1 },     { "N_", 0, -1 },
                  { "tr_n", 1, 2 },    { "TN", 1, 2 },     { "tr_as", 2, -1 },
                  { "tr_n_as", 2, 3 }, { "FIELD", 2, -1 }, { "MANY", 2, -1 } };
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
        if (!str_eq_z(t->text, calls[i].name)) continue;
        struct str one[8], other[8];
        int n = literals(s, t + 1, calls[i].one, one, 8);
        int other_n = calls[i].other < 0 ? 0 : literals(s, t + 1, calls[i].other, other, 8);
        if (calls[i].other >= 0 && n != other_n) {
            complain(s, t->line, "as many singular as plural texts expected", n ? one[0] : NO_STR);
            return;
        }
        for (int k = 0; k < n; k++) found(s, t->line, one[k], other_n ? other[k] : NO_STR);
    }
}

/* .label = "…", with N_ or without. */
static void scan_member(struct scan *s, const struct token *t) {
    static const char *const members[] = { "label", "label_plural", "group", "hint" };
    if (!is_sign(t + 1, "=") || t[2].kind != TOKEN_STRING) return;
    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        if (!str_eq_z(t->text, members[i])) continue;
        const struct token *at = t + 2;
        found(s, t->line, joined(s, &at), NO_STR);
    }
}

static void scan_c(struct scan *s, struct str text) {
    struct lexer l = { s, text, 1 };
    /* A token is at least one byte; three more ends let the readers look ahead. */
    struct token *tokens = arena_array(s->arena, struct token, text.n + 4);
    int n = 0;
    while ((tokens[n] = next(&l)).kind != TOKEN_END) n++;
    for (int i = 0; i < n; i++) {
        if (tokens[i].kind != TOKEN_WORD) continue;
        bool defined =
            i >= 2 && str_eq_z(tokens[i - 1].text, "define") && is_sign(&tokens[i - 2], "#");
        if (is_sign(&tokens[i + 1], "(") && !defined) scan_call(s, &tokens[i]);
        if (i && is_sign(&tokens[i - 1], ".")) scan_member(s, &tokens[i]);
    }
}

static void scan_file(struct scan *s, const char *path) {
    bool exists;
    struct str text = po_slurp(s->arena, path, &exists);
    s->file = str_of(path);
    if (!exists)
        complain(s, 0, "cannot be read", NO_STR);
    else if (str_ends(s->file, S(".html")))
        scan_html(s, text);
    else
        scan_c(s, text);
}

/* --- Into the .po files --- */

static struct str new_header(struct arena *a, struct str lang) {
    static const struct {
        const char *lang, *plural;
    } rules[] = {
        { "fr", "nplurals=3; plural=(n == 0 || n == 1) ? 0 : n % 1000000 == 0 ? 1 : 2;" },
        { "fa", "nplurals=2; plural=(n == 0 || n == 1) ? 0 : 1;" },
        { "ar", "nplurals=6; plural=n == 0 ? 0 : n == 1 ? 1 : n == 2 ? 2 : n % 100 >= 3 && n % 100 "
                "<= 10 ? 3 : n % 100 >= 11 ? 4 : 5;" },
        { "en", "nplurals=2; plural=n != 1;" },
    };
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
        if (str_eq_z(lang, rules[i].lang))
            return str_printf(a,
                              "Language: %s\nContent-Type: text/plain; charset=UTF-8\n"
                              "Content-Transfer-Encoding: 8bit\nPlural-Forms: %s\n",
                              rules[i].lang, rules[i].plural);
    BUG("po_read let %.*s through", SF(lang));
}

static struct po_entry *merged(struct arena *a, const struct text *t, const struct po_entry *old) {
    struct po_entry *e = arena_new_of(a, struct po_entry);
    if (old) *e = *old;
    e->next = NULL;
    e->id = t->id;
    e->places = t->places;
    if (!str_eq(e->plural, t->plural)) {
        /* One form became several or the reverse: the first stays, for the translator to look at.
         */
        for (int i = 1; i < PO_FORMS_MAX; i++) e->text[i] = NO_STR;
        e->fuzzy = e->text[0].n > 0;
    }
    e->plural = t->plural;
    return e;
}

static void update(struct scan *s, const char *path, bool prune) {
    struct po_file po = po_read(s->arena, path);
    struct po_entry *old = po.first, **last = &po.first;
    if (!po.header.n) po.header = new_header(s->arena, po.lang);
    po.first = NULL;
    for (int i = 0; i < s->texts.n; i++) {
        const struct text *t = s->texts.v[i].value;
        *last = merged(s->arena, t, map_get(&po.by_id, t->id));
        last = &(*last)->next;
    }
    /* What no source has any more may belong to a part that is not here yet: it stays, at the end.
     */
    for (struct po_entry *next_old; old; old = next_old) {
        next_old = old->next;
        if (prune || map_get(&s->texts, old->id) || !old->text[0].n) continue;
        old->next = NULL;
        old->places = NO_STR;
        *last = old;
        last = &old->next;
    }
    po_write(&po);
}

static bool has_name(struct str text, struct str wanted) {
    struct str before, name;
    while (tr_placeholder(&text, &before, &name))
        if (str_eq(name, wanted)) return true;
    return false;
}

/* Every {name} of a stands in b too; {n} may be left out ("one client", "two clients"). */
static bool names_within(struct str a, struct str b, bool n_may_miss) {
    struct str before, name;
    while (tr_placeholder(&a, &before, &name))
        if (!has_name(b, name) && !(n_may_miss && str_eq_z(name, "n"))) return false;
    return true;
}

static const char *fault(const struct po_file *po, const struct text *t, const struct po_entry *e) {
    if (!e) return "missing";
    if (e->fuzzy) return "fuzzy";
    if (!str_eq(e->plural, t->plural)) return "has another plural";
    for (int i = 0; i < (t->plural.n ? po->forms_n : 1); i++) {
        struct str text = e->text[i], model = t->plural.n ? t->plural : t->id;
        if (!text.n) return "not translated";
        if (!names_within(text, model, false)) return "has a {name} that the English has not";
        if (!names_within(model, text, t->plural.n > 0)) return "lacks a {name} of the English";
        if (str_trim(text).n != text.n && str_trim(model).n == model.n)
            return "has white space at an end";
    }
    return NULL;
}

/* Can each form be said with every word for client? */
static const char *word_fault(struct scan *s, enum lang lang, struct str id,
                              const struct str *texts, int n) {
    const char *why = NULL;
    for (int i = 0; s->forms && i < n && !why; i++)
        why = forms_fault(s->forms, lang, id, i, texts[i]);
    return why;
}

static void check_english(struct scan *s) {
    for (int i = 0; i < s->texts.n; i++) {
        const struct text *t = s->texts.v[i].value;
        struct str texts[] = { forms_without_context(t->id), forms_without_context(t->plural) };
        const char *why = word_fault(s, LANG_EN, t->id, texts, 2);
        if (!why) continue;
        printf("%.*s: %s: \"%.*s\"\n", SF(t->file), why, SF(t->id));
        s->failed = true;
    }
}

static void check(struct scan *s, const char *path) {
    struct po_file po = po_read(s->arena, path);
    int bad_n = 0;
    for (int i = 0; i < s->texts.n; i++) {
        const struct text *t = s->texts.v[i].value;
        const struct po_entry *e = map_get(&po.by_id, t->id);
        const char *why = fault(&po, t, e);
        enum lang lang;
        if (!why && lang_of(po.lang, &lang))
            why = word_fault(s, lang, t->id, e->text, t->plural.n ? po.forms_n : 1);
        if (!why) continue;
        bad_n++;
        printf("%s:%d: %s: \"%.*s\"\n", path, e ? e->line : 0, why, SF(t->id));
    }
    printf("%s: %d texts, %d to be done\n", path, s->texts.n, bad_n);
    if (bad_n) s->failed = true;
}

static void write_pot(struct scan *s, const char *path) {
    struct po_file po = { .path = path, .forms_n = 2 };
    struct po_entry **last = &po.first;
    po.header = S("Content-Type: text/plain; charset=UTF-8\n");
    for (int i = 0; i < s->texts.n; i++) {
        *last = merged(s->arena, s->texts.v[i].value, NULL);
        last = &(*last)->next;
    }
    po_write(&po);
}

int main(int argc, char **argv) {
    int bar = 1;
    while (bar < argc && strcmp(argv[bar], "--") != 0) bar++;
    const char *mode = argc > 1 ? argv[1] : "";
    bool updates = !strcmp(mode, "--update"), prunes = !strcmp(mode, "--prune");
    bool checks = !strcmp(mode, "--check");
    if (bar >= argc || bar < 2) {
        fprintf(stderr, "usage: poscan OUT.pot|--update PO…|--check PO…|--prune PO… -- SOURCE…\n");
        return 2;
    }
    struct arena *a = arena_new();
    struct scan s = { .arena = a, .texts = map_new(a) };
    for (int i = bar + 1; i < argc; i++) scan_file(&s, argv[i]);
    if (s.failed) return 1;
    if (!updates && !prunes && !checks) write_pot(&s, mode);
    for (int i = 2; i < bar; i++)
        if (str_ends(str_of(argv[i]), S(".txt"))) s.forms = forms_read(a, argv[i]);
    if (checks && s.forms) check_english(&s);
    for (int i = 2; i < bar; i++) {
        if (str_ends(str_of(argv[i]), S(".txt"))) continue;
        if (checks)
            check(&s, argv[i]);
        else
            update(&s, argv[i], prunes);
    }
    arena_free(a);
    return s.failed;
}
