/* Boxes into the tree that they mean, and a tree into its boxes (boxes.h). Numbers, days and values
 * stand in boxes as the reader writes them, what is chosen from lists as codes. Called by
 * features/segment; calls the catalogue. */
#include "core/ask/boxes.h"

#include "lib/locale/number.h"

struct reading {
    struct ctx *c;
    const struct ask_catalogue *k;
    bool whole;
};

/* --- values --- */

/* A code of the table, an id, «me»: what a list of choices sends. */
static bool is_code(const struct ask_field *f, struct str s) {
    int64_t id;
    if (!f->field || f->type != ASK_CODE) return false;
    if (f->field->kind == &kind_ref) return str_eq(s, S("me")) || str_to_i64(s, &id);
    for (const struct choice *ch = f->field->choices; ch && ch->code; ch++)
        if (str_eq_z(s, ch->code)) return true;
    return false;
}

static bool value_read(struct ctx *c, const struct ask_field *f, struct str typed,
                       struct ask_value *out) {
    *out = (struct ask_value){ typed, false };
    if (f->type == ASK_NAME || is_code(f, typed)) return true;
    if (f->type == ASK_YESNO && (str_eq(typed, S("1")) || str_eq(typed, S("0")))) return true;
    return ask_value_called(c, f, typed, out);
}

static struct str value_written(struct ctx *c, const struct ask_field *f, struct ask_value v) {
    if (f->type == ASK_NAME || f->type == ASK_YESNO || is_code(f, v.text)) return v.text;
    return ask_value_shown(c, f, v);
}

/* --- boxes → tree --- */

static bool lacks(struct reading *r, struct ask_box *b, const char *part, const char *why) {
    b->missing = why;
    b->missing_at = str_printf(r->c->arena, "%.*s.%s", SF(b->name), part);
    return r->whole = false;
}

static bool read_number(struct reading *r, struct ask_box *b, const char *part, struct str typed,
                        struct str *out) {
    if (!typed.n) return lacks(r, b, part, N_("A number is missing here."));
    return ask_number_called(r->c, b->f, typed, out) ||
           lacks(r, b, part, N_("This is not a number."));
}

static bool read_compared(struct reading *r, struct ask_box *b, struct ask_node *n) {
    if (!read_number(r, b, "number", b->number, &n->number)) return false;
    return n->op != ASK_BETWEEN || read_number(r, b, "number2", b->number2, &n->number2);
}

static bool read_day(struct reading *r, struct ask_box *b, const char *part, struct str typed,
                     struct str *out) {
    if (!typed.n) return lacks(r, b, part, N_("A date is missing here."));
    return ask_day_called(r->c, typed, out) || lacks(r, b, part, N_("This is not a date."));
}

static bool read_period(struct reading *r, struct ask_box *b, bool ever, struct ask_period *p) {
    int64_t n;
    *p = (struct ask_period){ .when = ever ? ASK_EVER : ASK_LAST };
    if (b->when.n && !ask_when_of(b->when, &p->when)) return lacks(r, b, "when", N_("Say when."));
    if (p->when == ASK_EVER) return ever || lacks(r, b, "when", N_("Say when."));
    if (p->when == ASK_RANGE || p->when == ASK_AFTER)
        if (!read_day(r, b, "from", b->from, &p->from)) return false;
    if (p->when == ASK_RANGE || p->when == ASK_BEFORE)
        if (!read_day(r, b, "until", b->until, &p->until)) return false;
    if (p->when > ASK_FOLLOWING) return true;
    if (b->unit.n && !ask_unit_of(b->unit, &p->unit)) return lacks(r, b, "unit", N_("Say when."));
    if (p->when > ASK_NEXT) return true;
    if (!int_parse(b->n.n ? b->n : S("30"), &n) || n < 1 || n > 9999)
        return lacks(r, b, "n", N_("A whole number above zero, of at most four digits, please."));
    p->n = (int)n;
    return true;
}

static bool read_values(struct reading *r, struct ask_box *b, struct ask_node *n) {
    struct ask_value *v = arena_array(r->c->arena, struct ask_value, b->values.n + 1);
    if (!b->values.n) return lacks(r, b, "value", N_("A value is missing here."));
    for (int i = 0; i < b->values.n; i++)
        if (!value_read(r->c, b->f, b->values.v[i], &v[i]))
            return lacks(r, b, "value", N_("There is no such value."));
    n->values = v;
    n->values_n = n->op == ASK_SOUNDS ? 1 : b->values.n;
    return true;
}

/* The first thing that can be asked of it. */
static enum ask_op usual_op(const struct ask_field *f) {
    switch (f->type) {
    case ASK_NUMBER:
    case ASK_MONEY: return ASK_OVER;
    case ASK_DATE:
    case ASK_INSTANT:
    case ASK_ANNUAL: return ASK_IN;
    case ASK_NAME: return ASK_SOUNDS;
    default: return ASK_IS;
    }
}

static bool read_field(struct reading *r, struct ask_box *b, struct ask_node *n) {
    n->kind = ASK_FIELD;
    n->field = str_of(b->f->name);
    n->op = usual_op(b->f);
    if (b->op.n && !ask_op_of(b->op, &n->op)) return lacks(r, b, "op", N_("Choose one."));
    if (n->op == ASK_IN) return read_period(r, b, false, &n->period);
    if (n->op >= ASK_OVER && n->op <= ASK_BETWEEN) return read_compared(r, b, n);
    if (n->op == ASK_IS || n->op == ASK_SOUNDS) return read_values(r, b, n);
    return true;
}

static const struct ask_node *read_group(struct reading *r, struct ask_box *b);

static bool read_related(struct reading *r, struct ask_box *b, struct ask_node *n) {
    n->relation = str_of(b->about->name);
    if (!read_period(r, b, true, &n->period)) return false;
    if (b->where) n->where = read_group(r, b->where);
    if (b->fn < 0) {
        n->kind = ASK_HAS;
        n->no = b->fn == -2;
        return true;
    }
    n->kind = ASK_MEASURE;
    n->fn = (enum ask_fn)b->fn;
    n->op = ASK_OVER;
    if (b->f) n->field = str_of(b->f->name);
    if (b->op.n && (!ask_op_of(b->op, &n->op) || n->op < ASK_OVER || n->op > ASK_BETWEEN))
        n->op = ASK_OVER;
    return read_compared(r, b, n);
}

/* "purchases:sum:amount". */
static bool what_related(struct reading *r, struct ask_box *b) {
    struct str rest = b->what, name, fn;
    enum ask_fn code;
    if (!str_cut(&rest, ':', &name) || !str_cut(&rest, ':', &fn)) return false;
    b->about = ask_relation(r->k, name);
    if (!b->about) return false;
    b->fn = str_eq(fn, S("has")) ? -1 : -2;
    if (b->fn == -1 || str_eq(fn, S("no"))) return !rest.n;
    if (!ask_fn_of(fn, &code)) return false;
    b->fn = (int)code;
    if (rest.n) b->f = ask_field(r->k, b->about, rest);
    return code == ASK_COUNT ? !rest.n : b->f != NULL;
}

static bool read_row(struct reading *r, struct ask_box *b, struct ask_node *n) {
    if (str_eq(b->what, S(BOX_WORDS))) {
        n->kind = ASK_WORDS;
        n->words = b->words;
        return b->words.n || lacks(r, b, "words", N_("A value is missing here."));
    }
    if (str_eq(b->what, S(BOX_SEGMENT))) {
        n->kind = ASK_SEGMENT;
        return (str_to_i64(b->segment, &n->segment) && n->segment > 0) ||
               lacks(r, b, "segment", N_("Choose a segment."));
    }
    if (str_find_c(b->what, ':') > 0)
        return what_related(r, b) ? read_related(r, b, n)
                                  : lacks(r, b, "what", N_("This can no longer be asked."));
    b->f = ask_field(r->k, b->of, b->what);
    return b->f ? read_field(r, b, n) : lacks(r, b, "what", N_("This can no longer be asked."));
}

/* NULL: nothing in it counts. */
static const struct ask_node *read_group(struct reading *r, struct ask_box *b) {
    struct ask_node *g = arena_new_of(r->c->arena, struct ask_node);
    const struct ask_node **items =
        arena_array(r->c->arena, const struct ask_node *, b->items.n + 1);
    if (b->parent) b->of = b->parent->is_group ? b->parent->of : b->parent->about;
    for (int i = 0; i < b->items.n; i++) {
        struct ask_box *x = b->items.v[i];
        x->of = b->of;
        x->f = NULL;
        x->about = NULL;
        x->missing = NULL;
        if (x->is_group) {
            const struct ask_node *inner = read_group(r, x);
            if (inner) items[g->items_n++] = inner;
            continue;
        }
        struct ask_node *n = arena_new_of(r->c->arena, struct ask_node);
        if (!x->what.n) continue;
        if (read_row(r, x, n)) items[g->items_n++] = n;
    }
    g->kind = ASK_GROUP;
    g->group = b->group;
    g->items = items;
    return g->items_n ? g : NULL;
}

bool ask_boxes_tree(struct ctx *c, const struct ask_catalogue *k, struct ask_box *root,
                    const struct ask_node **out) {
    static const struct ask_node nothing = { .kind = ASK_GROUP, .group = ASK_ALL };
    struct reading r = { c, k, true };
    const struct ask_node *n = read_group(&r, root);
    *out = n ? ask_normal(c->arena, n) : &nothing;
    return r.whole;
}

/* --- tree → boxes --- */

struct writing {
    struct ctx *c;
    const struct ask_catalogue *k;
};

static struct ask_box *write_group(struct writing *w, const struct ask_node *n,
                                   const struct relation *of);

static void write_period(struct writing *w, const struct ask_period *p, struct ask_box *b) {
    b->when = str_of(ask_when_code(p->when));
    if (p->when == ASK_LAST || p->when == ASK_NEXT)
        b->n = number_show_plain(w->c->arena, w->c->loc, p->n);
    if (p->when >= ASK_LAST && p->when <= ASK_FOLLOWING) b->unit = str_of(ask_unit_code(p->unit));
    if (p->from.n) b->from = ask_day_shown(w->c, p->from);
    if (p->until.n) b->until = ask_day_shown(w->c, p->until);
}

static void write_compared(struct writing *w, const struct ask_node *n, struct ask_box *b) {
    b->op = str_of(ask_op_code(n->op));
    b->number = ask_number_shown(w->c, n->number);
    if (n->op == ASK_BETWEEN) b->number2 = ask_number_shown(w->c, n->number2);
}

static void write_field(struct writing *w, const struct ask_node *n, const struct relation *of,
                        struct ask_box *b) {
    const struct ask_field *f = ask_field(w->k, of, n->field);
    b->what = n->field;
    b->op = str_of(ask_op_code(n->op));
    if (n->op == ASK_IN) write_period(w, &n->period, b);
    if (n->op >= ASK_OVER && n->op <= ASK_BETWEEN) write_compared(w, n, b);
    b->values.v = arena_array(w->c->arena, struct str, n->values_n + 1);
    for (int i = 0; i < n->values_n; i++)
        b->values.v[b->values.n++] = f ? value_written(w->c, f, n->values[i]) : n->values[i].text;
}

static void write_related(struct writing *w, const struct ask_node *n, struct ask_box *b) {
    const struct relation *rel = ask_relation(w->k, n->relation);
    const char *fn = n->kind == ASK_MEASURE ? ask_fn_code(n->fn) : n->no ? "no" : "has";
    b->what = str_printf(w->c->arena, "%.*s:%s%s%.*s", SF(n->relation), fn, n->field.n ? ":" : "",
                         SF(n->field));
    write_period(w, &n->period, b);
    if (n->kind == ASK_MEASURE) write_compared(w, n, b);
    if (n->where) b->where = write_group(w, n->where, rel);
}

static struct ask_box *write_node(struct writing *w, const struct ask_node *n,
                                  const struct relation *of) {
    if (n->kind == ASK_GROUP) return write_group(w, n, of);
    struct ask_box *b = arena_new_of(w->c->arena, struct ask_box);
    switch (n->kind) {
    case ASK_FIELD: write_field(w, n, of, b); break;
    case ASK_MEASURE:
    case ASK_HAS: write_related(w, n, b); break;
    case ASK_SEGMENT:
        b->what = S(BOX_SEGMENT);
        b->segment = str_printf(w->c->arena, "%lld", (long long)n->segment);
        break;
    default:
        b->what = S(BOX_WORDS);
        b->words = n->words;
        break;
    }
    return b;
}

/* A rule alone is all of itself. */
static struct ask_box *write_group(struct writing *w, const struct ask_node *n,
                                   const struct relation *of) {
    struct ask_box *b = arena_new_of(w->c->arena, struct ask_box);
    const struct ask_node *const alone[] = { n };
    bool group = n->kind == ASK_GROUP;
    int items_n = group ? n->items_n : 1;
    b->is_group = true;
    b->group = group ? n->group : ASK_ALL;
    b->items.v = arena_array(w->c->arena, struct ask_box *, items_n + 1);
    for (int i = 0; i < items_n; i++)
        b->items.v[b->items.n++] = write_node(w, group ? n->items[i] : alone[0], of);
    return b;
}

struct ask_box *ask_boxes_of(struct ctx *c, const struct ask_catalogue *k,
                             const struct ask_node *n) {
    struct writing w = { c, k };
    struct ask_box *root = write_group(&w, n, NULL);
    ask_boxes_number(c->arena, root);
    return root;
}
