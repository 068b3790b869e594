/* Any bytes as a template: the parser and the HTML context either refuse them with a line that
 * exists, or give a tree whose every part can be walked; what they let into an address is checked
 * again here. */
#include <stddef.h>
#include <stdint.h>

#include "lib/base/limits.h"
#include "lib/html/tpl_context.h"
#include "lib/html/tpl_parse.h"

static int lines_of(struct str s) {
    int n = 1;
    for (size_t i = 0; i < s.n; i++) n += s.p[i] == '\n';
    return n;
}

static void check_error(struct str text, const struct tpl_error *error) {
    if (!error->text || error->line < 1 || error->line > lines_of(text))
        BUG("error without a place");
}

static void touch(struct str s) {
    volatile char sum = 0;
    for (size_t i = 0; i < s.n; i++) sum = (char)(sum + s.p[i]);
}

static void touch_cond(const struct tpl_cond *c, int depth) {
    if (!c) return;
    if (depth > 200000) BUG("endless condition");
    touch(c->x.text);
    touch(c->y.path.rest);
    touch_cond(c->a, depth + 1);
    touch_cond(c->b, depth + 1);
}

/* As tools/tplc walks, without making C: false when the HTML is refused. */
static bool walk(struct arena *a, const struct tpl_node *n, struct html_context *c, int depth) {
    if (depth > 8 * LIMIT_TEMPLATE_DEPTH) BUG("nested deeper than the parser allows");
    struct buf out = { .arena = a };
    for (; n; n = n->next) {
        struct tpl_error error = { 0 };
        const char *why = NULL;
        if (n->kind == TPL_TEXT) {
            out.n = 0;
            if (html_feed(c, a, n->text, n->line, !n->next, &out, &error) != OK) {
                if (!error.text || error.line < n->line) BUG("error without a place");
                return false;
            }
            continue;
        }
        touch(n->x.text);
        touch(n->y.text);
        touch(n->x.path.rest);
        touch_cond(n->cond, 0);
        for (int i = 0; i < n->args_n; i++) touch(n->args[i].value.text);
        if (n->kind != TPL_IF && n->kind != TPL_FOR) {
            enum html_place place = html_value(c, &why);
            if ((place == HTML_PLACE_REFUSED) != (why != NULL)) BUG("refused without a reason");
            if (place == HTML_PLACE_REFUSED) return false;
            bool raw = c->state == HTML_RAW || c->state == HTML_COMMENT;
            if (raw || (c->state == HTML_VALUE && c->attr[0] == 'o' && c->attr[1] == 'n'))
                BUG("a value let into a script");
            continue;
        }
        if (!html_branch(c)) return false;
        struct html_context other = *c;
        if (!walk(a, n->body, c, depth + 1) || !walk(a, n->otherwise, &other, depth + 1))
            return false;
        if (!html_branch(c) || !html_branch(&other) || !html_join(c, &other)) return false;
    }
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
    if (n > 20000) return 0;
    struct arena *a = arena_new();
    struct str text = { n ? (const char *)data : "", n };
    struct tpl_error error = { 0 };
    struct tpl_file file;
    if (tpl_parse(a, text, &file, &error) == OK) {
        for (const struct tpl *t = file.first; t; t = t->next) {
            struct html_context c = HTML_CONTEXT_START;
            for (int i = 0; i < t->params_n; i++) touch(t->params[i].c);
            walk(a, t->body, &c, 0);
        }
    } else {
        check_error(text, &error);
    }
    struct tpl_node *body;
    error = (struct tpl_error){ 0 };
    if (tpl_parse_body(a, text, &body, &error) == OK) {
        struct html_context c = HTML_CONTEXT_START;
        walk(a, body, &c, 0);
    } else {
        check_error(text, &error);
    }
    arena_free(a);
    return 0;
}
