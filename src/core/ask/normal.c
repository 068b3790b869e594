/* The normal form of a question, and whether two are the same. Called by everybody who makes a tree
 * (parse, json, boxes, sentence); calls the fold for texts that were typed in another way. */
#include "core/ask/ask.h"
#include "lib/text/fold.h"

static const struct ask_node nothing = { .kind = ASK_GROUP, .group = ASK_ALL };

static bool says_nothing(const struct ask_node *n) {
    return n->kind == ASK_GROUP && n->items_n == 0;
}

static const struct ask_node *leaf(struct arena *a, const struct ask_node *n) {
    if (!n->where) return n;
    const struct ask_node *where = ask_normal(a, n->where);
    if (says_nothing(where)) where = NULL;
    if (where == n->where) return n;
    struct ask_node *copy = arena_new_of(a, struct ask_node);
    *copy = *n;
    copy->where = where;
    return copy;
}

/* Does a group of this kind say the same with the items of that one in its place? */
static bool opens(enum ask_group outer, const struct ask_node *inner) {
    if (inner->kind != ASK_GROUP) return false;
    return outer == ASK_NONE ? inner->group == ASK_ANY : inner->group == outer;
}

static const struct ask_node *group(struct arena *a, enum ask_group kind,
                                    const struct ask_node *const *items, int n) {
    struct ask_node *made = arena_new_of(a, struct ask_node);
    *made = (struct ask_node){ .kind = ASK_GROUP, .group = kind, .items = items, .items_n = n };
    return made;
}

const struct ask_node *ask_normal(struct arena *a, const struct ask_node *n) {
    if (!n) return &nothing;
    if (n->kind != ASK_GROUP) return leaf(a, n);
    const struct ask_node **items = arena_array(a, const struct ask_node *, n->items_n + 1);
    int count = 0;
    bool same = true;
    for (int i = 0; i < n->items_n; i++) {
        items[i] = ask_normal(a, n->items[i]);
        same &= items[i] == n->items[i] && !says_nothing(items[i]) && !opens(n->group, items[i]);
        count += opens(n->group, items[i]) ? items[i]->items_n : 1;
    }
    if (n->items_n == 0) return &nothing;
    if (!same) {
        const struct ask_node **flat = arena_array(a, const struct ask_node *, count + 1);
        count = 0;
        for (int i = 0; i < n->items_n; i++) {
            bool open = opens(n->group, items[i]);
            for (int k = 0; open && k < items[i]->items_n; k++) flat[count++] = items[i]->items[k];
            if (!open && !says_nothing(items[i])) flat[count++] = items[i];
        }
        items = flat;
    }
    if (count == 0) return &nothing;
    if (count == 1 && n->group != ASK_NONE) return items[0];
    const struct ask_node *only = items[0];
    if (count == 1 && only->kind == ASK_GROUP && only->group == ASK_NONE) /* not not */
        return only->items_n == 1 ? only->items[0] : group(a, ASK_ANY, only->items, only->items_n);
    return same ? n : group(a, n->group, items, count);
}

int ask_rules_n(const struct ask_node *n) {
    int count = 0;
    if (!n) return 0;
    if (n->kind != ASK_GROUP) return 1 + ask_rules_n(n->where);
    for (int i = 0; i < n->items_n; i++) count += ask_rules_n(n->items[i]);
    return count;
}

int ask_depth(const struct ask_node *n) {
    int most = 0;
    if (!n) return 0;
    if (n->kind != ASK_GROUP) return n->where ? 1 + ask_depth(n->where) : 0;
    for (int i = 0; i < n->items_n; i++) {
        int depth = ask_depth(n->items[i]);
        if (depth > most) most = depth;
    }
    return 1 + most;
}

int ask_measures_n(const struct ask_node *n) {
    int count = 0;
    if (!n) return 0;
    if (n->kind != ASK_GROUP) return (n->kind == ASK_MEASURE) + ask_measures_n(n->where);
    for (int i = 0; i < n->items_n; i++) count += ask_measures_n(n->items[i]);
    return count;
}

/* --- the same question? --- */

/* Typed texts are compared as they are asked: folded. */
static bool same_text(struct str a, struct str b) {
    if (str_eq(a, b)) return true;
    struct arena *arena = arena_new();
    bool same = str_eq(fold(arena, a), fold(arena, b)) && fold(arena, a).n;
    arena_free(arena);
    return same;
}

static bool same_values(const struct ask_node *a, const struct ask_node *b) {
    if (a->values_n != b->values_n) return false;
    for (int i = 0; i < a->values_n; i++)
        if (a->values[i].prefix != b->values[i].prefix ||
            !same_text(a->values[i].text, b->values[i].text))
            return false;
    return true;
}

bool ask_period_equal(const struct ask_period *a, const struct ask_period *b) {
    if (a->when != b->when) return false;
    switch (a->when) {
    case ASK_EVER: return true;
    case ASK_LAST:
    case ASK_NEXT: return a->n == b->n && a->unit == b->unit;
    case ASK_THIS:
    case ASK_PREVIOUS:
    case ASK_FOLLOWING: return a->unit == b->unit;
    case ASK_RANGE: return str_eq(a->from, b->from) && str_eq(a->until, b->until);
    case ASK_BEFORE: return str_eq(a->until, b->until);
    case ASK_AFTER: return str_eq(a->from, b->from);
    }
    return false;
}

static bool same_op(const struct ask_node *a, const struct ask_node *b) {
    if (a->op != b->op) return false;
    switch (a->op) {
    case ASK_FILLED:
    case ASK_EMPTY: return true;
    case ASK_IS:
    case ASK_SOUNDS: return same_values(a, b);
    case ASK_OVER:
    case ASK_AT_LEAST:
    case ASK_UNDER:
    case ASK_AT_MOST:
    case ASK_EXACTLY: return str_eq(a->number, b->number);
    case ASK_BETWEEN: return str_eq(a->number, b->number) && str_eq(a->number2, b->number2);
    case ASK_IN: return ask_period_equal(&a->period, &b->period);
    }
    return false;
}

static bool same_records(const struct ask_node *a, const struct ask_node *b) {
    if (!str_eq(a->relation, b->relation) || !ask_period_equal(&a->period, &b->period))
        return false;
    return !a->where == !b->where && (!a->where || ask_equal(a->where, b->where));
}

bool ask_equal(const struct ask_node *a, const struct ask_node *b) {
    if (a->kind != b->kind) return false;
    switch (a->kind) {
    case ASK_GROUP:
        if (a->group != b->group || a->items_n != b->items_n) return false;
        for (int i = 0; i < a->items_n; i++)
            if (!ask_equal(a->items[i], b->items[i])) return false;
        return true;
    case ASK_FIELD: return str_eq(a->field, b->field) && same_op(a, b);
    case ASK_MEASURE:
        return a->fn == b->fn && str_eq(a->field, b->field) && same_op(a, b) && same_records(a, b);
    case ASK_HAS: return a->no == b->no && same_records(a, b);
    case ASK_SEGMENT: return a->segment == b->segment;
    case ASK_WORDS: return same_text(a->words, b->words);
    }
    return false;
}
