/* The template grammar of tpl_parse.h: a hand-written recursive descent parser.
 * Called by tools/tplc, tools/poscan and the interpreter of users' texts; calls only lib/base.
 * Every function that can fail returns false or NULL and has set p->error. */
#include "lib/html/tpl_parse.h"

#include "lib/base/limits.h"

struct parser {
    struct arena *arena;
    struct str rest; /* what has not been read */
    int line;
    int depth;
    struct tpl_error *error;
    bool failed;
};

static bool fail(struct parser *p, int line, const char *text) {
    if (!p->failed) *p->error = (struct tpl_error){ line, text };
    p->failed = true;
    return false;
}

static bool fail_here(struct parser *p, const char *text) {
    return fail(p, p->line, text);
}

static bool fail_with(struct parser *p, const char *text, struct str what) {
    struct str shown = str_sub(what, 0, 40);
    return fail(p, p->line, str_printf(p->arena, "%s: %.*s", text, SF(shown)).p);
}

/* --- Characters and words --- */

static void skip(struct parser *p, size_t n) {
    for (size_t i = 0; i < n; i++) p->line += p->rest.p[i] == '\n';
    p->rest = str_sub(p->rest, n, p->rest.n - n);
}

static char peek(const struct parser *p) {
    return p->rest.n ? p->rest.p[0] : 0;
}

static bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

static bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static void blanks(struct parser *p) {
    while (is_blank(peek(p))) skip(p, 1);
}

/* Takes the sign if it stands here, with the blanks before it. */
static bool take(struct parser *p, const char *sign) {
    blanks(p);
    struct str s = str_of(sign);
    if (!str_starts(p->rest, s)) return false;
    skip(p, s.n);
    return true;
}

static bool want(struct parser *p, const char *sign) {
    if (take(p, sign)) return true;
    return fail(p, p->line, str_printf(p->arena, "'%s' expected", sign).p);
}

static struct str word_ahead(const struct parser *p) {
    size_t n = 0;
    if (p->rest.n && is_letter(p->rest.p[0]))
        while (n < p->rest.n && (is_letter(p->rest.p[n]) || is_digit(p->rest.p[n]))) n++;
    return str_sub(p->rest, 0, n);
}

static bool take_word(struct parser *p, const char *word) {
    blanks(p);
    struct str w = word_ahead(p);
    if (!str_eq_z(w, word)) return false;
    skip(p, w.n);
    return true;
}

static bool name(struct parser *p, struct str *out) {
    blanks(p);
    *out = word_ahead(p);
    if (!out->n) return fail_here(p, "a name expected");
    skip(p, out->n);
    return true;
}

static bool string(struct parser *p, struct str *out) {
    if (!want(p, "\"")) return false;
    int line = p->line;
    char *to = arena_alloc(p->arena, 1 + p->rest.n);
    size_t n = 0;
    while (p->rest.n && peek(p) != '"') {
        char c = peek(p);
        skip(p, 1);
        if (c == '\\') {
            char e = peek(p);
            if (e != '"' && e != '\\' && e != 'n') return fail_here(p, "only \\\" \\\\ \\n");
            c = e == 'n' ? '\n' : e;
            skip(p, 1);
        }
        to[n++] = c;
    }
    if (!p->rest.n) return fail(p, line, "text without a closing quote");
    skip(p, 1);
    *out = (struct str){ to, n };
    return true;
}

/* --- Expressions --- */

static bool is_const(struct str s) {
    if (str_eq_z(s, "true") || str_eq_z(s, "false")) return true;
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] >= 'a' && s.p[i] <= 'z') return false;
    return s.n > 1;
}

static bool path(struct parser *p, struct tpl_path *out) {
    *out = (struct tpl_path){ 0 };
    blanks(p);
    if (peek(p) == '&' || peek(p) == '*') {
        out->prefix = peek(p);
        skip(p, 1);
    }
    if (!name(p, &out->head)) return false;
    const char *from = p->rest.p;
    while (true) {
        struct str member;
        if (peek(p) == '.') {
            skip(p, 1);
        } else if (str_starts(p->rest, S("->"))) {
            skip(p, 2);
        } else if (peek(p) == '[') {
            skip(p, 1);
            size_t n = 0;
            while (n < p->rest.n && is_digit(p->rest.p[n])) n++;
            skip(p, n);
            if (n == 0 && !name(p, &member)) return false;
            if (peek(p) != ']') return fail_here(p, "']' expected");
            skip(p, 1);
            continue;
        } else {
            break;
        }
        if (!word_ahead(p).n || !name(p, &member))
            return fail_here(p, "a member's name expected behind the dot");
    }
    out->rest = from ? (struct str){ from, (size_t)(p->rest.p - from) } : NO_STR;
    return true;
}

static bool integer(struct parser *p, struct tpl_expr *out) {
    size_t n = peek(p) == '-';
    while (n < p->rest.n && is_digit(p->rest.p[n])) n++;
    int64_t value;
    *out = (struct tpl_expr){ .kind = TPL_INT, .text = str_sub(p->rest, 0, n) };
    if (!str_to_i64(out->text, &value)) return fail_with(p, "not a number", out->text);
    skip(p, n);
    return true;
}

static bool expr(struct parser *p, struct tpl_expr *out) {
    blanks(p);
    *out = (struct tpl_expr){ .kind = TPL_STRING };
    if (peek(p) == '"') return string(p, &out->text);
    if (is_digit(peek(p)) || peek(p) == '-') return integer(p, out);
    if (!path(p, &out->path)) return false;
    out->kind = TPL_PATH;
    if (!out->path.prefix && !out->path.rest.n) {
        if (is_const(out->path.head)) {
            out->kind = TPL_CONST;
            out->text = out->path.head;
        } else if (str_eq_z(out->path.head, "t")) {
            blanks(p);
            if (peek(p) != '"') return true;
            out->kind = TPL_TR;
            return string(p, &out->text);
        }
    }
    return true;
}

/* --- Conditions: or < and < not < comparison --- */

static struct tpl_cond *cond_or(struct parser *p);

static struct tpl_cond *cond_new(struct parser *p, enum tpl_op op, struct tpl_cond *a,
                                 struct tpl_cond *b) {
    struct tpl_cond *c = arena_new_of(p->arena, struct tpl_cond);
    c->op = op;
    c->a = a;
    c->b = b;
    return c;
}

static bool comparison(struct parser *p, enum tpl_op *op) {
    static const struct {
        const char *sign;
        enum tpl_op op;
    } signs[] = { { "==", TPL_EQ }, { "!=", TPL_NE }, { "<=", TPL_LE },
                  { ">=", TPL_GE }, { "<", TPL_LT },  { ">", TPL_GT } };
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
        if (!take(p, signs[i].sign)) continue;
        *op = signs[i].op;
        return true;
    }
    return false;
}

static bool cond_plain(struct parser *p, struct tpl_cond *c) {
    if (!expr(p, &c->x)) return false;
    if (!comparison(p, &c->op)) {
        if (c->x.kind == TPL_PATH || c->x.kind == TPL_CONST) return true;
        return fail_here(p, "a value has no truth of its own: compare it");
    }
    if (c->x.kind != TPL_PATH) return fail_here(p, "a path must stand left of a comparison");
    if (!expr(p, &c->y)) return false;
    if (c->y.kind == TPL_TR) return fail_here(p, "translated text cannot be compared");
    return true;
}

static struct tpl_cond *cond_one(struct parser *p) {
    if (++p->depth > 2 * LIMIT_TEMPLATE_DEPTH) {
        fail_here(p, "nested too deep");
        return NULL;
    }
    struct tpl_cond *c = NULL;
    if (take_word(p, "not")) {
        struct tpl_cond *a = cond_one(p);
        if (a) c = cond_new(p, TPL_NOT, a, NULL);
    } else if (take(p, "(")) {
        c = cond_or(p);
        if (c && !want(p, ")")) c = NULL;
    } else {
        c = cond_new(p, TPL_TRUE, NULL, NULL);
        if (!cond_plain(p, c)) c = NULL;
    }
    p->depth--;
    return c;
}

static struct tpl_cond *cond_and(struct parser *p) {
    struct tpl_cond *a = cond_one(p);
    while (a && take_word(p, "and")) {
        struct tpl_cond *b = cond_one(p);
        a = b ? cond_new(p, TPL_AND, a, b) : NULL;
    }
    return a;
}

static struct tpl_cond *cond_or(struct parser *p) {
    struct tpl_cond *a = cond_and(p);
    while (a && take_word(p, "or")) {
        struct tpl_cond *b = cond_and(p);
        a = b ? cond_new(p, TPL_OR, a, b) : NULL;
    }
    return a;
}

/* --- Directives --- */

static struct tpl_node *node_new(struct parser *p, enum tpl_kind kind) {
    struct tpl_node *n = arena_new_of(p->arena, struct tpl_node);
    n->kind = kind;
    n->line = p->line;
    return n;
}

static bool keep_args(struct parser *p, struct tpl_node *n, const struct tpl_arg *args) {
    n->args = arena_array(p->arena, struct tpl_arg, n->args_n + 1);
    if (n->args_n) memcpy(n->args, args, sizeof *args * (size_t)n->args_n);
    return true;
}

/* name=value … } */
static bool named_args(struct parser *p, struct tpl_node *n) {
    struct tpl_arg args[TPL_ARGS_MAX];
    while (!take(p, "}")) {
        if (n->args_n == TPL_ARGS_MAX) return fail_here(p, "too many arguments");
        struct tpl_arg *arg = &args[n->args_n++];
        if (!name(p, &arg->name) || !want(p, "=") || !expr(p, &arg->value)) return false;
        if (arg->value.kind == TPL_TR) return fail_here(p, "translated text within a text");
    }
    return keep_args(p, n, args);
}

static bool parse_t(struct parser *p, struct tpl_node *n) {
    if (!expr(p, &n->x)) return false;
    if (n->x.kind != TPL_STRING && n->x.kind != TPL_PATH)
        return fail_here(p, "{t} takes a text in quotes or a path");
    if (n->x.kind == TPL_STRING && !n->x.text.n) return fail_here(p, "an empty text");
    return named_args(p, n);
}

static bool parse_tn(struct parser *p, struct tpl_node *n) {
    n->x.kind = n->y.kind = TPL_STRING;
    if (!string(p, &n->x.text) || !string(p, &n->y.text) || !named_args(p, n)) return false;
    for (int i = 0; i < n->args_n; i++)
        if (str_eq_z(n->args[i].name, "n")) return true;
    return fail(p, n->line, "{tn} needs n=");
}

static bool parse_call(struct parser *p, struct tpl_node *n) {
    struct tpl_arg args[TPL_ARGS_MAX];
    n->x.kind = TPL_PATH;
    if (!path(p, &n->x.path) || !want(p, "(")) return false;
    if (n->x.path.prefix) return fail_here(p, "the name of a template expected");
    while (!take(p, ")")) {
        if (n->args_n == TPL_ARGS_MAX) return fail_here(p, "too many arguments");
        if (n->args_n && !want(p, ",")) return false;
        args[n->args_n] = (struct tpl_arg){ 0 };
        if (!expr(p, &args[n->args_n++].value)) return false;
    }
    return want(p, "}") && keep_args(p, n, args);
}

static struct tpl_node *nodes(struct parser *p);

/* Reads "{/word" … "}" or fails with the line of the beginning. */
static bool close(struct parser *p, const char *word, int line) {
    if (p->failed) return false;
    if (str_starts(p->rest, S("{/"))) {
        skip(p, 2);
        if (take_word(p, word)) return want(p, "}");
    }
    return fail(p, line, str_printf(p->arena, "{%s} without {/%s}", word, word).p);
}

/* {else} … or {elif} …, up to but not with {/if}: *out is what stands there. */
static bool otherwise(struct parser *p, struct tpl_node **out) {
    static const char *const elses[] = { "{else}", "{elif" };
    if (p->failed) return false;
    if (str_starts(p->rest, str_of(elses[0]))) {
        skip(p, 6);
        *out = nodes(p);
    } else if (str_starts(p->rest, str_of(elses[1]))) {
        skip(p, 5);
        struct tpl_node *n = node_new(p, TPL_IF);
        if (++p->depth > 4 * LIMIT_TEMPLATE_DEPTH) return fail_here(p, "too many {elif}");
        n->cond = cond_or(p);
        if (!n->cond || !want(p, "}")) return false;
        n->body = nodes(p);
        if (!otherwise(p, &n->otherwise)) return false;
        p->depth--;
        *out = n;
    }
    return !p->failed;
}

static bool parse_if(struct parser *p, struct tpl_node *n) {
    n->cond = cond_or(p);
    if (!n->cond || !want(p, "}")) return false;
    n->body = nodes(p);
    return otherwise(p, &n->otherwise) && close(p, "if", n->line);
}

static bool parse_for(struct parser *p, struct tpl_node *n) {
    if (!name(p, &n->name)) return false;
    if (take(p, ",")) {
        n->index = n->name;
        if (!name(p, &n->name)) return false;
    }
    if (!take_word(p, "in")) return fail_here(p, "'in' expected");
    n->x.kind = TPL_PATH;
    if (!path(p, &n->x.path) || !want(p, "}")) return false;
    n->body = nodes(p);
    if (p->failed) return false;
    if (str_starts(p->rest, S("{else}"))) {
        skip(p, 6);
        n->otherwise = nodes(p);
    }
    return close(p, "for", n->line);
}

static bool parse_value(struct parser *p, struct tpl_node *n) {
    n->kind = TPL_VALUE;
    n->x.kind = TPL_PATH;
    if (!path(p, &n->x.path)) return false;
    if (n->x.path.prefix == '&') return fail_here(p, "an address is no value");
    return want(p, "}");
}

static bool parse_asset(struct parser *p, struct tpl_node *n) {
    return string(p, &n->text) && want(p, "}");
}

/* t, tn, call, asset are words of the grammar only before an argument: {t} may be a variable. */
static struct tpl_node *directive(struct parser *p) {
    static const struct {
        const char *word;
        enum tpl_kind kind;
        bool (*parse)(struct parser *, struct tpl_node *);
        bool soft;
    } words[] = {
        { "if", TPL_IF, parse_if, false },      { "for", TPL_FOR, parse_for, false },
        { "t", TPL_T, parse_t, true },          { "tn", TPL_TN, parse_tn, true },
        { "call", TPL_CALL, parse_call, true }, { "asset", TPL_ASSET, parse_asset, true },
        { "template", TPL_TEXT, NULL, false },  { "include", TPL_TEXT, NULL, false },
        { "else", TPL_TEXT, NULL, false },      { "elif", TPL_TEXT, NULL, false },
    };
    struct str w = word_ahead(p);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (!str_eq_z(w, words[i].word)) continue;
        char after = w.n < p->rest.n ? p->rest.p[w.n] : 0;
        if (words[i].soft && !is_blank(after)) break;
        if (!words[i].parse) {
            fail_with(p, "not allowed here", w);
            return NULL;
        }
        struct tpl_node *n = node_new(p, words[i].kind);
        skip(p, w.n);
        return words[i].parse(p, n) ? n : NULL;
    }
    struct tpl_node *n = node_new(p, TPL_VALUE);
    return parse_value(p, n) ? n : NULL;
}

static bool comment(struct parser *p) {
    if (!str_starts(p->rest, S("{--"))) return false;
    ptrdiff_t end = str_find(p->rest, S("--}"));
    if (end < 0) return fail_here(p, "{-- without --}");
    skip(p, (size_t)end + 3);
    return true;
}

static struct tpl_node *text(struct parser *p) {
    struct tpl_node *n = node_new(p, TPL_TEXT);
    ptrdiff_t brace = str_find_c(p->rest, '{');
    n->text = str_sub(p->rest, 0, brace < 0 ? p->rest.n : (size_t)brace);
    skip(p, n->text.n);
    return n;
}

/* A run of nodes, up to {/…}, {else}, {elif} or the end. NULL may also mean none: see p->failed. */
static struct tpl_node *nodes(struct parser *p) {
    struct tpl_node *first = NULL, **last = &first;
    if (++p->depth > 4 * LIMIT_TEMPLATE_DEPTH) fail_here(p, "nested too deep");
    while (!p->failed && p->rest.n) {
        struct tpl_node *n = NULL;
        if (peek(p) != '{') {
            n = text(p);
        } else if (str_starts(p->rest, S("{{"))) {
            n = node_new(p, TPL_TEXT);
            n->text = str_sub(p->rest, 0, 1);
            skip(p, 2);
        } else if (str_starts(p->rest, S("{/")) || str_starts(p->rest, S("{else}")) ||
                   str_starts(p->rest, S("{elif "))) {
            break;
        } else if (comment(p) || p->failed) {
            continue;
        } else {
            skip(p, 1);
            n = directive(p);
            if (!n) break;
        }
        *last = n;
        last = &n->next;
    }
    p->depth--;
    return p->failed ? NULL : first;
}

/* --- Files --- */

static bool parse_param(struct parser *p, struct str c, struct tpl_param *param) {
    *param = (struct tpl_param){ .c = str_trim(c), .pointer = str_find_c(c, '*') >= 0 };
    size_t n = param->c.n;
    while (n && (is_letter(param->c.p[n - 1]) || is_digit(param->c.p[n - 1]))) n--;
    param->name = str_sub(param->c, n, param->c.n);
    for (size_t i = 0; i < c.n; i++)
        if (!is_letter(c.p[i]) && !is_digit(c.p[i]) && !is_blank(c.p[i]) && c.p[i] != '*')
            return fail_with(p, "a parameter is written as in C", c);
    if (!param->name.n || n == 0) return fail_with(p, "a parameter is written as in C", c);
    if (str_eq_z(param->name, "o")) return fail_here(p, "the name o is taken");
    return true;
}

static bool parse_params(struct parser *p, struct tpl *t) {
    ptrdiff_t end = str_find_c(p->rest, ')');
    if (end < 0) return fail_here(p, "')' expected");
    struct str list = str_sub(p->rest, 0, (size_t)end), piece;
    t->params = arena_array(p->arena, struct tpl_param, TPL_ARGS_MAX);
    if (!str_trim(list).n || str_eq_z(str_trim(list), "void")) list = NO_STR;
    while (str_cut(&list, ',', &piece)) {
        if (t->params_n == TPL_ARGS_MAX) return fail_here(p, "too many parameters");
        if (!parse_param(p, piece, &t->params[t->params_n++])) return false;
    }
    skip(p, (size_t)end + 1);
    return true;
}

static bool parse_template(struct parser *p, struct tpl **out) {
    struct tpl *t = arena_new_of(p->arena, struct tpl);
    t->line = p->line;
    if (!name(p, &t->name) || !want(p, "(") || !parse_params(p, t) || !want(p, "}")) return false;
    t->body = nodes(p);
    *out = t;
    return close(p, "template", t->line);
}

static bool parse_file(struct parser *p, struct tpl_file *file) {
    struct tpl **last = &file->first;
    int cap = 0;
    while (blanks(p), p->rest.n) {
        if (comment(p)) continue;
        if (p->failed) return false;
        if (!take(p, "{")) return fail_here(p, "only {include} and {template} outside a template");
        if (take_word(p, "include")) {
            if (file->includes.n == cap) {
                int more = cap ? 2 * cap : 8;
                file->includes.v =
                    arena_grow(p->arena, file->includes.v, sizeof(struct str) * (size_t)cap,
                               sizeof(struct str) * (size_t)more);
                cap = more;
            }
            if (!string(p, &file->includes.v[file->includes.n++]) || !want(p, "}")) return false;
        } else if (take_word(p, "template")) {
            if (!parse_template(p, last)) return false;
            last = &(*last)->next;
        } else {
            return fail_here(p, "only {include} and {template} outside a template");
        }
    }
    return true;
}

enum status tpl_parse(struct arena *a, struct str input, struct tpl_file *file,
                      struct tpl_error *error) {
    struct parser p = { .arena = a, .rest = input, .line = 1, .error = error };
    *file = (struct tpl_file){ 0 };
    return parse_file(&p, file) && !p.failed ? OK : MALFORMED;
}

enum status tpl_parse_body(struct arena *a, struct str input, struct tpl_node **body,
                           struct tpl_error *error) {
    struct parser p = { .arena = a, .rest = input, .line = 1, .error = error };
    *body = nodes(&p);
    if (!p.failed && p.rest.n) fail_here(&p, "{else}, {elif} or {/…} without a beginning");
    return p.failed ? MALFORMED : OK;
}
