/* Questions as what a list is cut to: a tree, or a line that is understood when the list runs.
 * Called by addresses of lists, the API, the command line, segments; calls the parser and run.c. */
#include "core/ask/run.h"
#include "core/ask/sentence.h"
#include "core/ask/text.h"

struct by_tree {
    struct list_within within;
    const struct ask_node *tree;
};
struct by_line {
    struct list_within within;
    enum lang sentence; /* LANG_N: a line of the language of questions */
};

static enum status meet_tree(struct ctx *c, struct search *s, const struct list_within *w,
                             struct bits *with) {
    const struct by_tree *t = w->arg;
    return ask_meet(c, s, t->tree, c->loc->calendar, with);
}

const struct list_within *ask_within(struct ctx *c, const struct ask_node *tree, struct str text) {
    struct by_tree *t = arena_new_of(c->arena, struct by_tree);
    *t = (struct by_tree){ { .meet = meet_tree, .arg = t, .text = text }, tree };
    return &t->within;
}

/* «{why} (“{place}”)»: the place is what stands there, or the end of the line. */
static enum status refuse(struct ctx *c, struct str line, const struct ask_problem *p) {
    struct str why = tr_fill(c->arena, T(c, p->text), p->args, p->args_n);
    struct str place = str_sub(line, (size_t)p->at, (size_t)p->n);
    if (place.n)
        return ctx_problem(c, S("where"), N_("At “{place}”: {why}"), ARG("place", place),
                           { .name = "why", .value = why });
    return ctx_problem(c, S("where"), N_("At the end: {why}"), { .name = "why", .value = why });
}

enum status ask_read(struct ctx *c, struct str line, const struct ask_node **out) {
    struct ask_problem problem = { 0 };
    enum status st = ask_parse(c, ask_catalogue(c), line, out, &problem);
    if (st != INVALID || !problem.text) return st;
    (void)refuse(c, line, &problem);
    return MALFORMED;
}

/* What was not understood is told, not dropped: the answer would be to another question. */
static enum status read_sentence(struct ctx *c, enum lang lang, struct str text,
                                 const struct ask_node **out) {
    struct ask_understood u = { 0 };
    struct strs left = { 0 };
    ask_sentence(c, ask_catalogue(c), lang, text, &u);
    left.v = arena_array(c->arena, struct str, u.left_n + 1);
    for (int i = 0; i < u.left_n; i++)
        left.v[left.n++] = str_sub(text, (size_t)u.left[i].at, (size_t)u.left[i].n);
    *out = u.tree;
    if (u.tree && left.n == 0) return OK;
    struct str value = left.n ? str_join(c->arena, left.v, left.n, S(" … ")) : text;
    return ctx_problem(c, S("where"), N_("This was not understood: “{value}”"),
                       ARG("value", value));
}

static enum status meet_line(struct ctx *c, struct search *s, const struct list_within *w,
                             struct bits *with) {
    const struct ask_node *tree;
    const struct by_line *t = w->arg;
    TRY(t->sentence == LANG_N ? ask_read(c, w->text, &tree)
                              : read_sentence(c, t->sentence, w->text, &tree));
    return ask_meet(c, s, tree, c->loc->calendar, with);
}

const struct list_within *ask_within_line(struct arena *a, struct str line, enum lang sentence) {
    struct by_line *t = arena_new_of(a, struct by_line);
    *t = (struct by_line){ { .meet = meet_line, .arg = t, .text = line }, sentence };
    return &t->within;
}

struct by_both {
    struct list_within within;
    const struct list_within *x, *y;
};

static enum status meet_both(struct ctx *c, struct search *s, const struct list_within *w,
                             struct bits *with) {
    const struct by_both *t = w->arg;
    TRY(t->x->meet(c, s, t->x, with));
    return t->y->meet(c, s, t->y, with);
}

const struct list_within *ask_within_both(struct arena *a, const struct list_within *x,
                                          const struct list_within *y) {
    struct by_both *t = arena_new_of(a, struct by_both);
    if (!x || !y) return x ? x : y;
    struct str text = str_printf(a, "(%.*s) (%.*s)", SF(x->text), SF(y->text));
    *t = (struct by_both){ { .meet = meet_both, .arg = t, .text = text }, x, y };
    return &t->within;
}
