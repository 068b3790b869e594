/* Asking above the list of clients: the field, the criteria of the question that is on, saved
 * segments to choose from, saving all that is on as a segment. Called by features/client; calls
 * line.c and core/ask/text. */
#include "core/ask/run.h"
#include "core/web/list_address.h"
#include "features/segment/pages.h"

enum { PICKS_MOST = 30 };

static const struct ask_node *node_of(struct arena *a, struct ask_node n) {
    struct ask_node *to = arena_new_of(a, struct ask_node);
    *to = n;
    return to;
}

static const struct ask_node *all_of(struct arena *a, const struct ask_node *const *items, int n) {
    return ask_normal(
        a, node_of(a, (struct ask_node){
                          .kind = ASK_GROUP, .group = ASK_ALL, .items = items, .items_n = n }));
}

/* The question that the list is cut to; NULL: none, or not readable any more. */
static const struct ask_node *question_of(struct ctx *c, const struct list_query *q) {
    const struct ask_node *tree;
    struct ask_problem why = { 0 };
    if (!q->within || !q->within->text.n) return NULL;
    if (ask_parse(c, ask_catalogue(c), q->within->text, &tree, &why) != OK) return NULL;
    return tree_empty(tree) ? NULL : tree;
}

/* --- criteria, each with an address without it --- */

static struct url list_asking(struct ctx *c, const struct list_query *q,
                              const struct ask_node *tree) {
    struct list_query other = *q;
    other.after = other.before = other.letter = NO_STR;
    other.within = NULL;
    if (tree && !tree_empty(tree))
        other.within = ask_within(c, tree, ask_print_steady(c, ask_catalogue(c), tree));
    return list_address(c->arena, "/clients", &other);
}

static void add_chips(struct ctx *c, const struct list_query *q, const struct ask_node *tree,
                      struct segment_bar *out) {
    const struct ask_catalogue *k = ask_catalogue(c);
    bool all = tree->kind == ASK_GROUP && tree->group == ASK_ALL;
    int n = all ? tree->items_n : 1;
    out->chips.v = arena_array(c->arena, struct segment_chip, n);
    for (int i = 0; i < n; i++) {
        const struct ask_node **rest = arena_array(c->arena, const struct ask_node *, n);
        int rest_n = 0;
        for (int j = 0; j < n; j++)
            if (j != i) rest[rest_n++] = tree->items[j];
        out->chips.v[out->chips.n++] =
            (struct segment_chip){ ask_say(c, k, all ? tree->items[i] : tree),
                                   list_asking(c, q, all_of(c->arena, rest, rest_n)) };
    }
}

/* --- all that is on, as one question --- */

static const struct ask_node *filter_node(struct ctx *c, const struct list_query *q, int at) {
    const struct ask_catalogue *k = ask_catalogue(c);
    struct list_filter f = q->filters[at];
    struct ask_node n = { .kind = ASK_FIELD, .field = f.field, .op = ASK_IS };
    if (!ask_field(k, NULL, f.field)) return NULL;
    for (int i = 0; i < at; i++)
        if (str_eq(q->filters[i].field, f.field)) return NULL; /* was among those of the first */
    if (str_eq(f.value, S("*"))) n.op = ASK_FILLED;
    if (str_eq(f.value, S("-"))) n.op = ASK_EMPTY;
    struct ask_value *v = arena_array(c->arena, struct ask_value, q->filters_n);
    for (int i = at; n.op == ASK_IS && i < q->filters_n; i++)
        if (str_eq(q->filters[i].field, f.field)) v[n.values_n++].text = q->filters[i].value;
    if (n.op == ASK_IS) n.values = v;
    return node_of(c->arena, n);
}

static const struct ask_node *all_that_is_on(struct ctx *c, const struct list_query *q,
                                             const struct ask_node *tree) {
    const struct ask_node **items =
        arena_array(c->arena, const struct ask_node *, q->filters_n + 2);
    int n = 0;
    if (tree) items[n++] = tree;
    for (int i = 0; i < q->filters_n; i++) {
        const struct ask_node *one = filter_node(c, q, i);
        if (one) items[n++] = one;
    }
    if (q->search.n)
        items[n++] = node_of(c->arena, (struct ask_node){ .kind = ASK_WORDS, .words = q->search });
    return n ? all_of(c->arena, items, n) : NULL;
}

/* --- saved ones --- */

static enum status add_picks(struct ctx *c, const struct ask_node *tree, struct segment_bar *out) {
    struct segment_lines all;
    TRY(segment_all(c, &all));
    out->picks.v = arena_array(c->arena, struct segment_pick, PICKS_MOST);
    for (int i = 0; i < all.n && i < PICKS_MOST; i++)
        out->picks.v[out->picks.n++] =
            (struct segment_pick){ .name = all.v[i].name,
                                   .to = segment_url(c, all.v[i].id),
                                   .frozen = all.v[i].frozen != 0,
                                   .current = tree && tree->kind == ASK_SEGMENT &&
                                              tree->segment == all.v[i].id };
    return OK;
}

enum status segment_bar_of(struct ctx *c, const struct list_query *q, struct segment_bar *out) {
    const struct ask_catalogue *k = ask_catalogue(c);
    const struct ask_node *tree = question_of(c, q), *whole = all_that_is_on(c, q, tree);
    struct list_query rest = *q;
    rest.within = NULL;
    *out = (struct segment_bar){ .kept = list_address_criteria(c->arena, &rest),
                                 .build = url_own(S("/segments/new")) };
    if (q->within) out->line = q->within->text;
    struct str names = tree ? ask_print(c, k, tree) : NO_STR;
    struct str steady = tree ? ask_print_steady(c, k, tree) : NO_STR;
    if (!str_eq(names, steady)) { /* people read names; the address has numbers */
        struct list_query by_number = *q;
        out->moved = !str_eq(steady, out->line);
        by_number.within = ask_within(c, tree, steady);
        out->steady = list_address(c->arena, "/clients", &by_number);
        out->line = names;
    }
    if (tree) add_chips(c, q, tree, out);
    if (tree) out->build = url_query(c->arena, out->build, "where", steady);
    out->refused = out->line.n && !tree;
    if (out->refused) out->build = url_query(c->arena, out->build, "where", out->line);
    bool saved = tree && tree->kind == ASK_SEGMENT && !q->filters_n && !q->search.n;
    if (whole && !saved && ctx_may(c, entity_segment.may_write))
        out->save = url_query(c->arena, url_own(S("/segments/new")), "where",
                              ask_print_steady(c, k, whole));
    return add_picks(c, tree, out);
}
