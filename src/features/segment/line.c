/* What somebody typed to ask: a line of the language of core/ask, or a plain sentence; and the
 * question that is kept, in words. Called by pages.c and bar.c; calls core/ask/text.h and
 * sentence.h. */
#include "core/ask/sentence.h"
#include "features/segment/pages.h"

bool tree_empty(const struct ask_node *n) {
    return n->kind == ASK_GROUP && n->items_n == 0;
}

static bool has_words(const struct ask_node *n) {
    if (n->kind == ASK_WORDS) return true;
    for (int i = 0; i < n->items_n; i++)
        if (has_words(n->items[i])) return true;
    return false;
}

/* --- the line in pieces, what is wrong marked --- */

static void add_part(struct ctx *c, struct asked *out, size_t from, size_t until, bool wrong) {
    if (until > out->line.n) until = out->line.n;
    if (from >= until && !wrong) return;
    struct line_parts *p = &out->parts;
    p->v =
        arena_grow(c->arena, p->v, (size_t)p->n * sizeof *p->v, (size_t)(p->n + 1) * sizeof *p->v);
    p->v[p->n++] = (struct line_part){ str_sub(out->line, from, until - from), wrong };
}

static void mark_problem(struct ctx *c, const struct ask_problem *why, struct asked *out) {
    size_t at = (size_t)why->at, n = (size_t)why->n;
    out->refused = true;
    out->problem = tr_fill(c->arena, T(c, why->text), why->args, why->args_n);
    add_part(c, out, 0, at, false);
    add_part(c, out, at, at + n, true);
    add_part(c, out, at + n, out->line.n, false);
}

static void mark_left(struct ctx *c, const struct ask_understood *u, struct asked *out) {
    size_t at = 0;
    for (int i = 0; i < u->left_n; i++) {
        add_part(c, out, at, (size_t)u->left[i].at, false);
        at = (size_t)(u->left[i].at + u->left[i].n);
        add_part(c, out, (size_t)u->left[i].at, at, true);
    }
    add_part(c, out, at, out->line.n, false);
    out->left = u->left_n > 0;
}

static int left_over(const struct ask_understood *u) {
    int n = 0;
    for (int i = 0; i < u->left_n; i++) n += u->left[i].n;
    return n;
}

/* In the reader's language, else in that of which most is understood. */
static bool try_sentence(struct ctx *c, struct str line, struct ask_understood *best) {
    const struct ask_catalogue *k = ask_catalogue(c);
    *best = (struct ask_understood){ 0 };
    for (int i = 0; i < LANG_N; i++) {
        struct ask_understood u = { 0 };
        enum lang lang = (enum lang)((c->loc->lang + i) % LANG_N);
        ask_sentence(c, k, lang, line, &u);
        if (u.tree && (!best->tree || left_over(&u) < left_over(best))) *best = u;
    }
    return best->tree != NULL;
}

void asked_read(struct ctx *c, struct str line, struct asked *out) {
    static const struct ask_node nothing = { .kind = ASK_GROUP, .group = ASK_ALL };
    struct ask_problem why = { 0 };
    struct ask_understood u;
    *out = (struct asked){ .line = str_trim(line), .tree = &nothing };
    if (!out->line.n) return;
    bool ok = ask_parse(c, ask_catalogue(c), out->line, &out->tree, &why) == OK;
    bool by_sign = str_find_c(out->line, ':') >= 0 || str_find_c(out->line, '(') >= 0;
    if (!by_sign && (!ok || has_words(out->tree)) && try_sentence(c, out->line, &u)) {
        out->tree = u.tree;
        out->sentence = true;
        mark_left(c, &u, out);
    } else if (!ok) {
        out->tree = &nothing;
        mark_problem(c, &why, out);
    }
}

/* --- in words --- */

static const char *group_said(enum ask_group g, bool root) {
    if (g == ASK_ALL) return root ? N_("All of these:") : N_("All of these together:");
    return g == ASK_ANY ? N_("At least one of these:") : N_("None of these:");
}

static void say(struct ctx *c, const struct ask_node *n, int depth, struct said *out) {
    bool group = n->kind == ASK_GROUP;
    bool head = group && (depth || n->group != ASK_ALL);
    if (!group || head) {
        out->v = arena_grow(c->arena, out->v, (size_t)out->n * sizeof *out->v,
                            (size_t)(out->n + 1) * sizeof *out->v);
        out->v[out->n++] =
            (struct said_line){ group ? str_of(T(c, group_said(n->group, depth == 0)))
                                      : ask_say(c, ask_catalogue(c), n),
                                depth, group };
    }
    for (int i = 0; group && i < n->items_n; i++) say(c, n->items[i], depth + head, out);
}

void said_of(struct ctx *c, const struct ask_node *tree, struct said *out) {
    *out = (struct said){ 0 };
    say(c, tree, 0, out);
}
