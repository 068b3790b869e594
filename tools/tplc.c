/* The template compiler: tplc IN.html OUT.html.c OUT.html.h
 * Called by the Makefile for every src .html file. The grammar is lib/html/tpl_parse.h, what may
 * stand where in HTML is lib/html/tpl_context.h, what the made code calls is lib/html/out.h.
 * Mistakes are printed as FILE:LINE: text, those of types by the C compiler through #line. */
#include "lib/base/buf.h"
#include "lib/html/tpl_context.h"
#include "lib/html/tpl_parse.h"

struct name { /* a variable that a template sees */
    struct str name;
    enum { NAME_POINTER, NAME_VALUE, NAME_LOOP, NAME_INDEX } kind;
    const struct name *outer;
};

struct gen {
    struct arena *arena;
    const char *file;
    struct buf c;    /* the C file */
    struct buf text; /* static text not yet written to c */
    struct html_context html;
    const struct name *names;
    int loops_n;
};

_Noreturn static void stop(const struct gen *g, int line, const char *text) {
    fprintf(stderr, "%s:%d: error: %s\n", g->file, line, text);
    exit(1);
}

static const char *z(struct gen *g, const char *text, struct str s) {
    return str_printf(g->arena, "%s: %.*s", text, SF(s)).p;
}

/* --- C text --- */

static void put_c_char(struct buf *b, unsigned char c) {
    if (c == '"' || c == '\\')
        buf_printf(b, "\\%c", c);
    else if (c == '\n')
        buf_add_z(b, "\\n");
    else if (c == '?')
        buf_add_z(b, "\\?"); /* no trigraphs */
    else if (c < 0x20 || c == 0x7F)
        buf_printf(b, "\\%03o", c);
    else
        buf_add_c(b, (char)c);
}

static void put_string(struct buf *b, struct str s) {
    buf_add_c(b, '"');
    for (size_t i = 0; i < s.n; i++) {
        put_c_char(b, (unsigned char)s.p[i]);
        if (s.p[i] == '\n' && i + 1 < s.n) buf_add_z(b, "\"\n        \"");
    }
    buf_add_c(b, '"');
}

static void flush_text(struct gen *g) {
    if (!g->text.n) return;
    buf_add_z(&g->c, "    out_static(o, ");
    put_string(&g->c, buf_str(&g->text));
    buf_add_z(&g->c, ");\n");
    g->text.n = 0;
}

static void put_line(struct gen *g, int line) {
    flush_text(g);
    buf_printf(&g->c, "#line %d ", line);
    put_string(&g->c, str_of(g->file));
    buf_add_c(&g->c, '\n');
}

/* --- Expressions --- */

static const struct name *find(const struct gen *g, struct str name) {
    for (const struct name *n = g->names; n; n = n->outer)
        if (str_eq(n->name, name)) return n;
    return NULL;
}

/* The first dot behind a pointer is written -> in C. A loop variable alone is its element when it
 * is shown or tested, its address when it is handed to a partial. */
static void put_path(struct gen *g, int line, const struct tpl_path *p, bool value) {
    const struct name *n = find(g, p->head);
    if (!n) stop(g, line, z(g, "unknown name", p->head));
    bool pointer = n->kind == NAME_POINTER || n->kind == NAME_LOOP;
    bool element = n->kind == NAME_LOOP && !p->rest.n && !p->prefix && value;
    struct buf *b = &g->c;
    if (p->prefix || element) buf_printf(b, "%c", p->prefix ? p->prefix : '*');
    buf_add(b, p->head);
    if (pointer && str_starts(p->rest, S(".")))
        buf_printf(b, "->%.*s", SF(str_sub(p->rest, 1, p->rest.n)));
    else
        buf_add(b, p->rest);
}

static void put_expr(struct gen *g, int line, const struct tpl_expr *x, bool value) {
    switch (x->kind) {
    case TPL_PATH: put_path(g, line, &x->path, value); break;
    case TPL_STRING: put_string(&g->c, x->text); break;
    case TPL_INT: buf_printf(&g->c, "%.*sLL", SF(x->text)); break;
    case TPL_CONST: buf_add(&g->c, x->text); break;
    case TPL_TR:
        buf_add_z(&g->c, "tr(o->loc, ");
        put_string(&g->c, x->text);
        buf_add_z(&g->c, ")");
        break;
    }
}

static void put_comparison(struct gen *g, int line, const struct tpl_cond *c) {
    static const char *const signs[] = { [TPL_EQ] = "==", [TPL_NE] = "!=", [TPL_LT] = "<",
                                         [TPL_GT] = ">",  [TPL_LE] = "<=", [TPL_GE] = ">=" };
    struct buf *b = &g->c;
    if (c->y.kind == TPL_STRING) {
        buf_add_z(b, "str_cmp(out_str(");
        put_expr(g, line, &c->x, true);
        buf_add_z(b, "), S(");
        put_string(b, c->y.text);
        buf_printf(b, ")) %s 0", signs[c->op]);
    } else if (c->y.kind == TPL_PATH) {
        buf_add_z(b, "out_cmp(");
        put_expr(g, line, &c->x, true);
        buf_add_z(b, ", ");
        put_expr(g, line, &c->y, true);
        buf_printf(b, ") %s 0", signs[c->op]);
    } else {
        buf_add_z(b, "out_cmp_i64(out_number(");
        put_expr(g, line, &c->x, true);
        buf_add_z(b, "), ");
        put_expr(g, line, &c->y, true);
        buf_printf(b, ") %s 0", signs[c->op]);
    }
}

static void put_cond(struct gen *g, int line, const struct tpl_cond *c) {
    struct buf *b = &g->c;
    switch (c->op) {
    case TPL_TRUE:
        buf_add_z(b, "out_true(");
        put_expr(g, line, &c->x, true);
        buf_add_z(b, ")");
        return;
    case TPL_NOT:
        buf_add_z(b, "!(");
        put_cond(g, line, c->a);
        break;
    case TPL_AND:
    case TPL_OR:
        buf_add_z(b, "(");
        put_cond(g, line, c->a);
        buf_add_z(b, c->op == TPL_AND ? " && " : " || ");
        put_cond(g, line, c->b);
        break;
    default:
        buf_add_z(b, "(");
        put_comparison(g, line, c);
        break;
    }
    buf_add_z(b, ")");
}

/* --- Nodes --- */

static void put_nodes(struct gen *g, const struct tpl_node *n, bool last);

static enum html_place place(struct gen *g, int line) {
    const char *why = NULL;
    enum html_place p = html_value(&g->html, &why);
    if (p == HTML_PLACE_REFUSED) stop(g, line, why);
    return p;
}

static void put_value(struct gen *g, const struct tpl_node *n) {
    static const char *const calls[] = {
        [HTML_PLACE_TEXT] = "out_value",
        [HTML_PLACE_PLAIN] = "out_plain",
        [HTML_PLACE_ATTR] = "out_attr",
        [HTML_PLACE_URL] = "out_url",
        [HTML_PLACE_URL_NUMBER] = "out_url_number",
        [HTML_PLACE_URL_PART] = "out_url_part",
    };
    enum html_place p = place(g, n->line);
    put_line(g, n->line);
    buf_printf(&g->c, "    %s(o, ", calls[p]);
    put_expr(g, n->line, &n->x, true);
    buf_add_z(&g->c, ");\n");
}

static void put_msgid(struct gen *g, const struct tpl_node *n) {
    struct buf *b = &g->c;
    buf_add_z(b, n->kind == TPL_TN ? "tr_n(o->loc, " : "tr(o->loc, ");
    put_expr(g, n->line, &n->x, true);
    if (n->kind == TPL_TN) {
        buf_add_z(b, ", ");
        put_expr(g, n->line, &n->y, true);
        buf_add_z(b, ", (int64_t)(");
        for (int i = 0; i < n->args_n; i++)
            if (str_eq_z(n->args[i].name, "n")) put_expr(g, n->line, &n->args[i].value, true);
        buf_add_z(b, ")");
    }
    buf_add_z(b, ")");
}

static void put_t(struct gen *g, const struct tpl_node *n) {
    enum html_place p = place(g, n->line);
    if (p != HTML_PLACE_TEXT && p != HTML_PLACE_PLAIN && p != HTML_PLACE_ATTR)
        stop(g, n->line, "translated text is no address");
    bool text = p == HTML_PLACE_TEXT;
    struct buf *b = &g->c;
    put_line(g, n->line);
    if (!n->args_n) {
        buf_add_z(b, "    out_text_z(o, ");
        put_msgid(g, n);
        buf_add_z(b, ");\n");
        return;
    }
    buf_printf(b, "    %s(o, ", text ? "out_filled" : "out_filled_plain");
    put_msgid(g, n);
    buf_add_z(b, ", (const struct out_arg[]){ ");
    for (int i = 0; i < n->args_n; i++) {
        buf_printf(b, "%s%s(\"%.*s\", ", i ? ", " : "", text ? "out_arg" : "out_arg_attr",
                   SF(n->args[i].name));
        put_expr(g, n->line, &n->args[i].value, true);
        buf_add_z(b, ")");
    }
    buf_printf(b, " }, %d);\n", n->args_n);
}

static void put_call(struct gen *g, const struct tpl_node *n) {
    if (g->html.state != HTML_TEXT) stop(g, n->line, "{call} stands in text only");
    place(g, n->line);
    put_line(g, n->line);
    buf_add_z(&g->c, "    ");
    if (n->x.path.rest.n)
        put_path(g, n->line, &n->x.path, false);
    else
        buf_add(&g->c, n->x.path.head);
    buf_add_z(&g->c, "(o");
    for (int i = 0; i < n->args_n; i++) {
        buf_add_z(&g->c, ", ");
        put_expr(g, n->line, &n->args[i].value, false);
    }
    buf_add_z(&g->c, ");\n");
}

static void put_asset(struct gen *g, const struct tpl_node *n) {
    if (place(g, n->line) != HTML_PLACE_URL)
        stop(g, n->line, "{asset} begins an attribute that takes an address");
    put_line(g, n->line);
    buf_add_z(&g->c, "    out_text_z(o, asset_path(");
    put_string(&g->c, n->text);
    buf_add_z(&g->c, "));\n");
}

static void branch(struct gen *g, int line) {
    if (!html_branch(&g->html)) stop(g, line, "this cannot stand in the midst of a tag");
}

/* A body of {if} or {for} in its own braces; ends where it began or, for {if}, where the others do.
 */
static void put_body(struct gen *g, const struct tpl_node *body, int line) {
    put_nodes(g, body, false);
    branch(g, line);
    flush_text(g);
}

static void join(struct gen *g, const struct html_context *other, int line) {
    if (!html_join(&g->html, other))
        stop(g, line, "the branches end at different places of the HTML (tag, quote or comment)");
}

static void put_if(struct gen *g, const struct tpl_node *n) {
    branch(g, n->line);
    struct html_context before = g->html;
    put_line(g, n->line);
    buf_add_z(&g->c, "    if (");
    put_cond(g, n->line, n->cond);
    buf_add_z(&g->c, ") {\n");
    put_body(g, n->body, n->line);
    struct html_context after = g->html;
    g->html = before;
    if (n->otherwise) {
        buf_add_z(&g->c, "    } else {\n");
        put_body(g, n->otherwise, n->line);
    }
    join(g, &after, n->line);
    buf_add_z(&g->c, "    }\n");
}

/* All on one line: mistakes in it are those of the {for}. */
static void put_loop_head(struct gen *g, const struct tpl_node *n, int id) {
    struct buf *b = &g->c;
    const struct name *head = find(g, n->x.path.head);
    bool pointer = head && head->kind != NAME_VALUE && !n->x.path.rest.n && !n->x.path.prefix;
    buf_printf(b, "    __auto_type list_%d = %s(", id, pointer ? "" : "&");
    put_path(g, n->line, &n->x.path, false);
    buf_printf(b, "); for (int i_%d = 0; i_%d < (int)list_%d->n; i_%d++) { ", id, id, id, id);
    buf_printf(b, "__auto_type %.*s = out_each(*list_%d, i_%d); (void)%.*s; ", SF(n->name), id, id,
               SF(n->name));
    if (n->index.n)
        buf_printf(b, "const int %.*s = i_%d; (void)%.*s; ", SF(n->index), id, SF(n->index));
    buf_add_c(b, '\n');
}

static void put_for(struct gen *g, const struct tpl_node *n) {
    branch(g, n->line);
    struct html_context before = g->html;
    int id = ++g->loops_n;
    put_line(g, n->line);
    buf_add_z(&g->c, "    { ");
    put_loop_head(g, n, id);
    const struct name *outer = g->names;
    struct name index = { n->index, NAME_INDEX, outer }, item = { n->name, NAME_LOOP, &index };
    g->names = &item;
    g->html.after_block = false; /* the second time round, other things stand before */
    put_body(g, n->body, n->line);
    g->names = outer;
    struct html_context after = g->html;
    join(g, &before, n->line);
    bool in_value = before.state == HTML_VALUE;
    if (g->html.state != before.state || (in_value && g->html.url != before.url))
        stop(g, n->line,
             "the body of {for} must end as it begins: a blank goes first inside it, "
             "and no address is written in a loop");
    buf_add_z(&g->c, "    }\n");
    if (n->otherwise) {
        g->html = before;
        buf_printf(&g->c, "    if (list_%d->n <= 0) {\n", id);
        put_body(g, n->otherwise, n->line);
        join(g, &after, n->line);
        buf_add_z(&g->c, "    }\n");
    }
    buf_add_z(&g->c, "    }\n");
}

static void put_nodes(struct gen *g, const struct tpl_node *n, bool last) {
    for (; n; n = n->next) {
        struct tpl_error error;
        switch (n->kind) {
        case TPL_TEXT:
            if (html_feed(&g->html, g->arena, n->text, n->line, last && !n->next, &g->text,
                          &error) != OK)
                stop(g, error.line, error.text);
            break;
        case TPL_VALUE: put_value(g, n); break;
        case TPL_T:
        case TPL_TN: put_t(g, n); break;
        case TPL_IF: put_if(g, n); break;
        case TPL_FOR: put_for(g, n); break;
        case TPL_CALL: put_call(g, n); break;
        case TPL_ASSET: put_asset(g, n); break;
        }
    }
}

/* --- Files --- */

static void put_signature(struct gen *g, struct buf *b, const struct tpl *t) {
    buf_printf(b, "void %.*s(struct out *o", SF(t->name));
    for (int i = 0; i < t->params_n; i++) {
        buf_add_z(b, ", ");
        for (size_t k = 0; k < t->params[i].c.n; k++)
            buf_add_c(b, t->params[i].c.p[k] == '\n' ? ' ' : t->params[i].c.p[k]);
    }
    buf_add_z(b, ")");
    (void)g;
}

static void put_template(struct gen *g, const struct tpl *t) {
    struct name names[TPL_ARGS_MAX];
    g->names = NULL;
    g->html = HTML_CONTEXT_START;
    put_line(g, t->line);
    put_signature(g, &g->c, t);
    buf_add_z(&g->c, " {\n");
    for (int i = 0; i < t->params_n; i++) {
        const struct tpl_param *p = &t->params[i];
        names[i] = (struct name){ p->name, p->pointer ? NAME_POINTER : NAME_VALUE, g->names };
        g->names = &names[i];
        buf_printf(&g->c, "    (void)%.*s;\n", SF(p->name));
    }
    put_nodes(g, t->body, true);
    if (g->html.state != HTML_TEXT)
        stop(g, t->line, "the template ends within a tag, an attribute or an element of raw text");
    flush_text(g);
    buf_add_z(&g->c, "}\n");
}

static void put_header(struct gen *g, struct buf *h, const struct tpl_file *file) {
    struct buf guard = { .arena = g->arena };
    for (const char *p = g->file; *p; p++) {
        bool letter = (*p >= 'a' && *p <= 'z') || (*p >= '0' && *p <= '9');
        buf_add_c(&guard, letter ? (char)(*p >= 'a' ? *p - 32 : *p) : '_');
    }
    buf_printf(h, "/* Made by tplc from %s. */\n#ifndef T_%.*s\n#define T_%.*s\n", g->file,
               SF(buf_str(&guard)), SF(buf_str(&guard)));
    buf_add_z(h, "#include \"lib/html/out.h\"\n");
    for (int i = 0; i < file->includes.n; i++)
        buf_printf(h, "#include \"%.*s\"\n", SF(file->includes.v[i]));
    buf_add_c(h, '\n');
    for (const struct tpl *t = file->first; t; t = t->next) {
        put_signature(g, h, t);
        buf_add_z(h, ";\n");
    }
    buf_add_z(h, "\n#endif\n");
}

static struct str read_all(struct arena *a, const char *path) {
    FILE *f = fopen(path, "rb");
    if (!f) {
        fprintf(stderr, "%s: cannot be read\n", path);
        exit(1);
    }
    struct buf b = { .arena = a };
    char piece[65536];
    for (size_t n; (n = fread(piece, 1, sizeof piece, f)) > 0;)
        buf_add(&b, (struct str){ piece, n });
    fclose(f);
    return buf_str(&b);
}

static void write_all(const char *path, struct str s) {
    FILE *f = fopen(path, "wb");
    if (!f || fwrite(s.p, 1, s.n, f) != s.n || fclose(f) != 0) {
        fprintf(stderr, "%s: cannot be written\n", path);
        exit(1);
    }
}

int main(int argc, char **argv) {
    if (argc != 4) {
        fprintf(stderr, "usage: tplc IN.html OUT.html.c OUT.html.h\n");
        return 2;
    }
    struct arena *a = arena_new();
    struct gen g = { .arena = a, .file = argv[1], .c = { .arena = a }, .text = { .arena = a } };
    struct tpl_file file;
    struct tpl_error error = { 0 };
    struct str text = read_all(a, argv[1]);
    if (!utf8_valid(text)) stop(&g, 1, "not UTF-8");
    if (tpl_parse(a, text, &file, &error) != OK) stop(&g, error.line, error.text);
    /* The header stands beside the C file and has its name. */
    struct str path = str_of(argv[3]);
    ptrdiff_t slash;
    while ((slash = str_find_c(path, '/')) >= 0) path = str_sub(path, (size_t)slash + 1, path.n);
    buf_printf(&g.c, "/* Made by tplc from %s. */\n#include \"%.*s\"\n", argv[1], SF(path));
    for (const struct tpl *t = file.first; t; t = t->next) put_template(&g, t);
    struct buf h = { .arena = a };
    put_header(&g, &h, &file);
    write_all(argv[2], buf_str(&g.c));
    write_all(argv[3], buf_str(&h));
    arena_free(a);
    return 0;
}
