/* What a form of boxes holds, as a draft: read from parameters, written to them, changed by the
 * buttons. See boxes.h; what a draft means stands in boxes_tree.c. Called by features/segment. */
#include "core/ask/boxes.h"

enum { DEEPEST = 12, PLACES_MOST = 200 };

static const char *const op_codes[] = {
    [ASK_IS] = "is",           [ASK_FILLED] = "filled",     [ASK_EMPTY] = "empty",
    [ASK_OVER] = "over",       [ASK_AT_LEAST] = "at_least", [ASK_UNDER] = "under",
    [ASK_AT_MOST] = "at_most", [ASK_EXACTLY] = "exactly",   [ASK_BETWEEN] = "between",
    [ASK_IN] = "in",           [ASK_SOUNDS] = "sounds",
};
static const char *const when_codes[] = {
    [ASK_EVER] = "ever",   [ASK_LAST] = "last",         [ASK_NEXT] = "next",
    [ASK_THIS] = "this",   [ASK_PREVIOUS] = "previous", [ASK_FOLLOWING] = "following",
    [ASK_RANGE] = "range", [ASK_BEFORE] = "before",     [ASK_AFTER] = "after",
};
static const char *const unit_codes[] = { [ASK_DAY] = "day",
                                          [ASK_WEEK] = "week",
                                          [ASK_MONTH] = "month",
                                          [ASK_QUARTER] = "quarter",
                                          [ASK_YEAR] = "year" };
static const char *const fn_codes[] = { [ASK_COUNT] = "count",
                                        [ASK_SUM] = "sum",
                                        [ASK_AVERAGE] = "average",
                                        [ASK_LARGEST] = "largest",
                                        [ASK_SMALLEST] = "smallest" };
static const char *const group_codes[] = {
    [ASK_ALL] = "all", [ASK_ANY] = "any", [ASK_NONE] = "none"
};

const char *ask_op_code(enum ask_op op) {
    return op_codes[op];
}
const char *ask_when_code(enum ask_when when) {
    return when_codes[when];
}
const char *ask_unit_code(enum ask_unit unit) {
    return unit_codes[unit];
}
const char *ask_fn_code(enum ask_fn fn) {
    return fn_codes[fn];
}
const char *ask_group_code(enum ask_group group) {
    return group_codes[group];
}

static int code_at(const char *const *codes, int n, struct str code) {
    for (int i = 0; i < n; i++)
        if (str_eq_z(code, codes[i])) return i;
    return -1;
}

bool ask_fn_of(struct str code, enum ask_fn *fn) {
    int i = code_at(fn_codes, COUNT(fn_codes), code);
    if (i >= 0) *fn = (enum ask_fn)i;
    return i >= 0;
}

bool ask_unit_of(struct str code, enum ask_unit *unit) {
    int i = code_at(unit_codes, COUNT(unit_codes), code);
    if (i >= 0) *unit = (enum ask_unit)i;
    return i >= 0;
}

bool ask_op_of(struct str code, enum ask_op *op) {
    int i = code_at(op_codes, COUNT(op_codes), code);
    if (i >= 0) *op = (enum ask_op)i;
    return i >= 0;
}

bool ask_when_of(struct str code, enum ask_when *when) {
    int i = code_at(when_codes, COUNT(when_codes), code);
    if (i >= 0) *when = (enum ask_when)i;
    return i >= 0;
}

/* --- the draft --- */

static struct ask_box *box_new(struct arena *a, bool group) {
    struct ask_box *b = arena_new_of(a, struct ask_box);
    b->is_group = group;
    return b;
}

static void box_put(struct arena *a, struct ask_box *in, int at, struct ask_box *b) {
    in->items.v = arena_grow(a, in->items.v, (size_t)in->items.n * sizeof *in->items.v,
                             (size_t)(in->items.n + 1) * sizeof *in->items.v);
    for (int i = in->items.n; i > at; i--) in->items.v[i] = in->items.v[i - 1];
    in->items.v[at] = b;
    in->items.n++;
}

static void box_take(struct ask_box *in, int at) {
    for (int i = at; i + 1 < in->items.n; i++) in->items.v[i] = in->items.v[i + 1];
    in->items.n--;
}

/* Names and places anew, from the top. */
void ask_boxes_number(struct arena *a, struct ask_box *b) {
    if (!b->parent) b->name = S("ask");
    for (int i = 0; i < b->items.n; i++) {
        struct ask_box *x = b->items.v[i];
        x->parent = b;
        x->index = i;
        x->name = str_printf(a, "%.*s.%d", SF(b->name), i);
        if (x->is_group) x->where = NULL;
        if (x->where) {
            x->where->parent = x;
            x->where->name = str_printf(a, "%.*s.where", SF(x->name));
        }
        ask_boxes_number(a, x->where ? x->where : x);
    }
}

/* While reading, index holds the number in the name, which may have gaps. */
static struct ask_box *item_numbered(struct arena *a, struct ask_box *in, int64_t n) {
    int at = 0;
    in->is_group = true;
    while (at < in->items.n && in->items.v[at]->index < n) at++;
    if (at < in->items.n && in->items.v[at]->index == n) return in->items.v[at];
    if (in->items.n == PLACES_MOST) return NULL;
    struct ask_box *b = box_new(a, false);
    b->index = (int)n;
    box_put(a, in, at, b);
    return b;
}

static void set_one(struct arena *a, struct ask_box *b, struct str what, struct str value) {
    const struct {
        const char *name;
        struct str *to;
    } all[] = { { "what", &b->what },       { "op", &b->op },       { "number", &b->number },
                { "number2", &b->number2 }, { "when", &b->when },   { "n", &b->n },
                { "unit", &b->unit },       { "from", &b->from },   { "until", &b->until },
                { "segment", &b->segment }, { "words", &b->words }, { "was", &b->was } };
    int group = code_at(group_codes, COUNT(group_codes), value);
    if (str_eq(what, S("g")) && group >= 0) {
        b->is_group = true;
        b->group = (enum ask_group)group;
    }
    if (str_eq(what, S("value")) && value.n) {
        b->values.v = arena_grow(a, b->values.v, (size_t)b->values.n * sizeof *b->values.v,
                                 (size_t)(b->values.n + 1) * sizeof *b->values.v);
        b->values.v[b->values.n++] = value;
    }
    for (int i = 0; i < COUNT(all); i++)
        if (str_eq_z(what, all[i].name)) *all[i].to = value;
}

static void take_pair(struct arena *a, struct ask_box *root, struct http_pair p) {
    struct str rest = p.name, part;
    struct ask_box *b = root;
    str_cut(&rest, '.', &part);
    for (int depth = 0; b && depth < DEEPEST && str_cut(&rest, '.', &part); depth++) {
        int64_t n;
        if (str_to_i64(part, &n) && n >= 0 && n < 10000) {
            b = item_numbered(a, b, n);
        } else if (str_eq(part, S("where"))) {
            if (!b->where) b->where = box_new(a, true);
            b = b->where;
        } else {
            if (!rest.n) set_one(a, b, part, str_trim(p.value));
            return;
        }
    }
}

/* Another thing was chosen than the inputs were made for: they say nothing about it. What stays is
 * the period, and for another sum of the same records all. */
static void forget_other(struct ask_box *b) {
    struct str was = b->was, what = b->what, rel, rel2;
    if (b->was.n && !str_eq(was, what)) {
        str_cut(&was, ':', &rel);
        str_cut(&what, ':', &rel2);
        bool related = rel.n && what.n && was.n && str_eq(rel, rel2);
        if (!related) {
            b->op = b->number = b->number2 = b->segment = b->words = NO_STR;
            b->values.n = 0;
            b->where = NULL;
        }
    }
    for (int i = 0; i < b->items.n; i++) forget_other(b->items.v[i]);
    if (b->where) forget_other(b->where);
}

struct ask_box *ask_boxes_draft(struct arena *a, const struct http_pairs *form) {
    struct ask_box *root = box_new(a, true);
    for (int i = 0; i < form->n; i++)
        if (str_starts(form->v[i].name, S("ask."))) take_pair(a, root, form->v[i]);
    root->where = NULL;
    forget_other(root);
    ask_boxes_number(a, root);
    return root;
}

/* --- as parameters --- */

static void put(struct arena *a, struct http_pairs *out, struct str name, const char *part,
                struct str value) {
    if (value.n) http_pairs_add(a, out, str_printf(a, "%.*s.%s", SF(name), part), value);
}

void ask_box_write(struct arena *a, const struct ask_box *b, struct http_pairs *out) {
    if (b->is_group) {
        put(a, out, b->name, "g", str_of(group_codes[b->group]));
        for (int i = 0; i < b->items.n; i++) ask_box_write(a, b->items.v[i], out);
        return;
    }
    put(a, out, b->name, "what", b->what);
    put(a, out, b->name, "op", b->op);
    for (int i = 0; i < b->values.n; i++) put(a, out, b->name, "value", b->values.v[i]);
    put(a, out, b->name, "number", b->number);
    put(a, out, b->name, "number2", b->number2);
    put(a, out, b->name, "when", b->when);
    put(a, out, b->name, "n", b->n);
    put(a, out, b->name, "unit", b->unit);
    put(a, out, b->name, "from", b->from);
    put(a, out, b->name, "until", b->until);
    put(a, out, b->name, "segment", b->segment);
    put(a, out, b->name, "words", b->words);
    if (b->where) ask_box_write(a, b->where, out);
}

static void complain(struct ctx *c, const struct ask_box *b) {
    if (b->missing) ctx_problem(c, b->missing_at, b->missing);
    for (int i = 0; i < b->items.n; i++) complain(c, b->items.v[i]);
    if (b->where) complain(c, b->where);
}

enum status ask_boxes_read(struct ctx *c, const struct ask_catalogue *k,
                           const struct http_pairs *form, const struct ask_node **out) {
    struct ask_box *root = ask_boxes_draft(c->arena, form);
    if (ask_boxes_tree(c, k, root, out)) return OK;
    complain(c, root);
    return INVALID;
}

void ask_boxes_write(struct ctx *c, const struct ask_catalogue *k, const struct ask_node *n,
                     struct http_pairs *out) {
    ask_box_write(c->arena, ask_boxes_of(c, k, n), out);
}

/* --- the buttons --- */

int ask_box_depth(const struct ask_box *b) {
    int depth = 0;
    for (; b; b = b->parent) depth += b->is_group;
    return depth;
}

static int height(const struct ask_box *b) {
    int most = 0;
    for (int i = 0; i < b->items.n; i++) {
        int h = height(b->items.v[i]);
        if (h > most) most = h;
    }
    if (b->where) most = height(b->where);
    return most + b->is_group;
}

static struct ask_box *box_named(struct ask_box *b, struct str name) {
    struct ask_box *found = str_eq(b->name, name) ? b : NULL;
    for (int i = 0; !found && i < b->items.n; i++) found = box_named(b->items.v[i], name);
    if (!found && b->where) found = box_named(b->where, name);
    return found;
}

static struct ask_box *add_row(struct arena *a, struct ask_box *in) {
    struct ask_box *b = box_new(a, false);
    box_put(a, in, in->items.n, b);
    b->fresh = true;
    return b;
}

/* Into the box beside it, out of its own at the end, else past its neighbour. */
static bool move(struct arena *a, struct ask_box *b, int by) {
    struct ask_box *in = b->parent;
    if (!in || !in->is_group) return false;
    int to = b->index + by;
    if (to >= 0 && to < in->items.n) {
        struct ask_box *beside = in->items.v[to];
        box_take(in, b->index);
        if (beside->is_group && ask_box_depth(beside) + height(b) <= ASK_DEPTH_MOST)
            box_put(a, beside, by < 0 ? beside->items.n : 0, b);
        else
            box_put(a, in, to, b);
    } else {
        if (!in->parent || !in->parent->is_group) return false;
        box_take(in, b->index);
        box_put(a, in->parent, in->index + (by > 0), b);
    }
    return b->fresh = true;
}

static bool act(struct arena *a, struct ask_box *b, struct str verb) {
    if (str_eq(verb, S("add")) && b->is_group) {
        add_row(a, b);
    } else if (str_eq(verb, S("group")) && b->is_group && ask_box_depth(b) < ASK_DEPTH_MOST) {
        struct ask_box *box = add_row(a, b);
        box->is_group = true;
        box->group = b->group == ASK_ANY ? ASK_ALL : ASK_ANY;
        box->fresh = false;
        add_row(a, box);
    } else if (str_eq(verb, S("where")) && !b->is_group && !b->where &&
               ask_box_depth(b) < ASK_DEPTH_MOST) {
        b->where = box_new(a, true);
        add_row(a, b->where);
    } else if (str_eq(verb, S("remove")) && b->parent && b->parent->is_group) {
        box_take(b->parent, b->index);
        b->parent->fresh = true;
    } else if (str_eq(verb, S("remove")) && b->parent) {
        b->parent->where = NULL;
        b->parent->fresh = true;
    } else if (str_eq(verb, S("up")) || str_eq(verb, S("down"))) {
        return move(a, b, str_eq(verb, S("up")) ? -1 : 1);
    } else {
        return false;
    }
    return true;
}

bool ask_boxes_act(struct arena *a, struct ask_box *root, struct str what) {
    struct str verb;
    if (!str_cut(&what, ' ', &verb)) return false;
    struct ask_box *b = box_named(root, what);
    if (!b || !act(a, b, verb)) return false;
    ask_boxes_number(a, root);
    return true;
}
