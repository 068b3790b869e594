/* The boxes of a question as a form: what each row may ask, with which inputs. Called by pages.c;
 * calls the catalogue of core/ask and core/entity/form for lists of choices. */
#include "core/entity/form.h"
#include "features/segment/pages.h"

enum { LISTED_MOST = 60 };

static struct str named(struct ctx *c, const char *text, struct str what, struct str field) {
    struct tr_arg args[] = { { .name = "what", .value = what },
                             { .name = "field", .value = field } };
    return tr_fill(c->arena, T(c, text), args, COUNT(args));
}

/* --- what a row may ask about --- */

static struct what_group *what_group(struct ctx *c, struct row_view *v, struct str label) {
    for (int i = 0; i < v->whats.n; i++)
        if (str_eq(v->whats.v[i].label, label)) return &v->whats.v[i];
    v->whats.v = arena_grow(c->arena, v->whats.v, (size_t)v->whats.n * sizeof *v->whats.v,
                            (size_t)(v->whats.n + 1) * sizeof *v->whats.v);
    v->whats.v[v->whats.n] = (struct what_group){ .label = label };
    return &v->whats.v[v->whats.n++];
}

static const char *group_of(const struct ask_field *f, const struct relation *of) {
    if (of) return of->label;
    if (f->relation) return f->relation->label;
    if (f->many) return f->many->group ? f->many->group : f->many->label;
    return f->field && f->field->group ? f->field->group : N_("Ask|The client");
}

static void add_fields(struct ctx *c, const struct ask_catalogue *k, const struct relation *of,
                       struct str chosen, struct row_view *v) {
    const struct ask_field *const *all;
    int n = ask_fields(k, of, &all);
    for (int i = 0; i < n; i++) {
        struct what_group *g = what_group(c, v, str_of(T(c, group_of(all[i], of))));
        options_add(c->arena, &g->options, str_of(all[i]->name), ask_field_shown(c, all[i]),
                    chosen);
    }
}

static void add_related(struct ctx *c, const struct ask_catalogue *k, const struct relation *rel,
                        struct str chosen, struct row_view *v) {
    static const struct {
        const char *code, *label;
    } counts[] = { { "has", N_("{what}: has any") },
                   { "no", N_("{what}: has none") },
                   { "count", N_("{what}: how many") } },
      sums[] = { { "sum", N_("{what}: sum of {field}") },
                 { "average", N_("{what}: average of {field}") },
                 { "largest", N_("{what}: largest {field}") },
                 { "smallest", N_("{what}: smallest {field}") } };
    struct str what = str_of(T(c, rel->label));
    struct what_group *g = what_group(c, v, what);
    const struct ask_field *const *all;
    for (int i = 0; i < COUNT(counts); i++)
        options_add(c->arena, &g->options, str_printf(c->arena, "%s:%s", rel->name, counts[i].code),
                    named(c, counts[i].label, what, NO_STR), chosen);
    int n = ask_fields(k, rel, &all);
    for (int f = 0; f < n; f++)
        for (int i = 0; i < COUNT(sums); i++)
            if (all[f]->type == ASK_NUMBER || all[f]->type == ASK_MONEY)
                options_add(c->arena, &g->options,
                            str_printf(c->arena, "%s:%s:%s", rel->name, sums[i].code, all[f]->name),
                            named(c, sums[i].label, what, ask_field_shown(c, all[f])), chosen);
}

static void add_whats(struct ctx *c, const struct ask_catalogue *k, const struct ask_box *b,
                      struct row_view *v) {
    const struct relation *const *all;
    add_fields(c, k, b->of, b->what, v);
    if (b->of) return;
    int n = ask_relations_of(k, &all);
    for (int i = 0; i < n; i++) add_related(c, k, all[i], b->what, v);
    struct what_group *g = what_group(c, v, str_of(T(c, N_("Ask|More"))));
    options_add(c->arena, &g->options, S(BOX_SEGMENT), str_of(T(c, N_("In the segment"))), b->what);
    options_add(c->arena, &g->options, S(BOX_WORDS), str_of(T(c, N_("Found by the words"))),
                b->what);
}

/* --- how it is compared --- */

static const char *op_label(enum ask_op op) {
    static const char *const labels[] = {
        [ASK_IS] = N_("Ask|is"),
        [ASK_FILLED] = N_("Ask|has a value"),
        [ASK_EMPTY] = N_("Ask|is empty"),
        [ASK_OVER] = N_("Ask|more than"),
        [ASK_AT_LEAST] = N_("Ask|at least"),
        [ASK_UNDER] = N_("Ask|less than"),
        [ASK_AT_MOST] = N_("Ask|at most"),
        [ASK_EXACTLY] = N_("Ask|exactly"),
        [ASK_BETWEEN] = N_("Ask|between"),
        [ASK_IN] = N_("Ask|in a period"),
        [ASK_SOUNDS] = N_("Ask|sounds like"),
    };
    return labels[op];
}

static unsigned ops_of(const struct ask_field *f) {
    enum { PLAIN = 1u << ASK_FILLED | 1u << ASK_EMPTY };
    const unsigned compared = ((1u << (ASK_BETWEEN + 1)) - 1) & ~((1u << ASK_OVER) - 1);
    if (!f) return compared;
    switch (f->type) {
    case ASK_NUMBER:
    case ASK_MONEY: return compared;
    case ASK_DATE:
    case ASK_INSTANT: return 1u << ASK_IN | PLAIN;
    case ASK_ANNUAL: return 1u << ASK_IN;
    case ASK_NAME: return 1u << ASK_SOUNDS;
    case ASK_YESNO: return 1u << ASK_IS;
    default: return 1u << ASK_IS | PLAIN;
    }
}

/* What is chosen stays on offer. */
static enum ask_op add_ops(struct ctx *c, struct str chosen, unsigned offered, struct row_view *v) {
    enum ask_op op = ASK_IS;
    if (ask_op_of(chosen, &op)) offered |= 1u << op;
    for (int i = ASK_SOUNDS; i >= ASK_IS; i--)
        if (offered & 1u << i && !ask_op_of(chosen, &op)) op = (enum ask_op)i;
    if (offered == ops_of(NULL) && !ask_op_of(chosen, &op)) op = ASK_OVER;
    for (int i = ASK_IS; i <= ASK_SOUNDS; i++)
        if (offered & 1u << i)
            options_add(c->arena, &v->ops, str_of(ask_op_code((enum ask_op)i)),
                        str_of(T(c, op_label((enum ask_op)i))), str_of(ask_op_code(op)));
    return op;
}

static void add_period(struct ctx *c, const struct ask_box *b, bool ever, struct row_view *v) {
    static const char *const whens[] = {
        [ASK_EVER] = N_("Ask|at any time"),
        [ASK_LAST] = N_("Ask|in the last"),
        [ASK_NEXT] = N_("Ask|in the next"),
        [ASK_THIS] = N_("Ask|in this"),
        [ASK_PREVIOUS] = N_("Ask|in the previous"),
        [ASK_FOLLOWING] = N_("Ask|in the following"),
        [ASK_RANGE] = N_("Ask|from … to"),
        [ASK_BEFORE] = N_("Ask|before"),
        [ASK_AFTER] = N_("Ask|after"),
    };
    static const char *const many[] = { N_("Ask|days"), N_("Ask|weeks"), N_("Ask|months"),
                                        N_("Ask|quarters"), N_("Ask|years") };
    static const char *const one[] = { N_("Ask|day"), N_("Ask|week"), N_("Ask|month"),
                                       N_("Ask|quarter"), N_("Ask|year") };
    enum ask_when when = ever ? ASK_EVER : ASK_LAST;
    (void)ask_when_of(b->when, &when);
    for (int i = ever || when == ASK_EVER ? ASK_EVER : ASK_LAST; i <= ASK_AFTER; i++)
        options_add(c->arena, &v->whens, str_of(ask_when_code((enum ask_when)i)),
                    str_of(T(c, whens[i])), str_of(ask_when_code(when)));
    v->n = when == ASK_LAST || when == ASK_NEXT;
    for (int i = ASK_DAY; when >= ASK_LAST && when <= ASK_FOLLOWING && i <= ASK_YEAR; i++)
        options_add(c->arena, &v->units, str_of(ask_unit_code((enum ask_unit)i)),
                    str_of(T(c, v->n ? many[i] : one[i])), b->unit);
    v->from = when == ASK_RANGE || when == ASK_AFTER;
    v->until = when == ASK_RANGE || when == ASK_BEFORE;
}

/* --- with what --- */

static enum status list_choices(struct ctx *c, const struct ask_field *f, struct row_view *v) {
    struct form_input in;
    struct value none = { 0 };
    if (f->type == ASK_YESNO) {
        options_add(c->arena, &v->choices, S("1"), str_of(T(c, "yes")), NO_STR);
        options_add(c->arena, &v->choices, S("0"), str_of(T(c, "no")), NO_STR);
        return OK;
    }
    if (f->type != ASK_CODE || !f->field) return OK;
    none.is_int = f->field->kind->is_int;
    TRY(form_input(c, f->field, S("ask"), none, &in));
    if (in.options.n > LISTED_MOST) return OK;
    if (f->field->kind == &kind_ref && strcmp(f->field->ref->name, "member") == 0)
        options_add(c->arena, &v->choices, S("me"), str_of(T(c, N_("Criterion|me"))), NO_STR);
    for (int i = 0; i < in.options.n; i++)
        options_add(c->arena, &v->choices, in.options.v[i].value, in.options.v[i].label, NO_STR);
    return OK;
}

static void add_value(struct ctx *c, const struct ask_box *b, struct str text, struct row_view *v) {
    struct value_box *x = &v->values.v[v->values.n];
    bool there = !text.n;
    *x = (struct value_box){ .id = str_printf(c->arena, "%.*s.value.%d", SF(b->name), v->values.n),
                             .text = text,
                             .again = v->values.n > 0 };
    v->values.n++;
    for (int i = 0; i < v->choices.n; i++) {
        there |= str_eq(v->choices.v[i].code, text);
        options_add(c->arena, &x->options, v->choices.v[i].code, v->choices.v[i].label, text);
    }
    if (v->choices.n && !there)
        options_add(c->arena, &x->options, text,
                    ask_value_shown(c, b->f, (struct ask_value){ .text = text }), text);
}

/* Each value its own input, and an empty one behind them. */
static enum status add_values(struct ctx *c, const struct ask_box *b, struct row_view *v) {
    TRY(list_choices(c, b->f, v));
    v->list = v->choices.n > 0;
    v->values.v = arena_array(c->arena, struct value_box, b->values.n + 1);
    for (int i = 0; i < b->values.n; i++) add_value(c, b, b->values.v[i], v);
    bool one = b->f->type == ASK_NAME || b->f->type == ASK_YESNO;
    if (!one || !b->values.n) add_value(c, b, NO_STR, v);
    return OK;
}

static enum status add_segments(struct ctx *c, const struct ask_box *b, struct row_view *v) {
    struct segment_lines all;
    int64_t id = 0;
    bool there = !b->segment.n;
    TRY(segment_all(c, &all));
    for (int i = 0; i < all.n; i++) {
        struct str code = str_printf(c->arena, "%lld", (long long)all.v[i].id);
        there |= str_eq(code, b->segment);
        options_add(c->arena, &v->segments, code, all.v[i].name, b->segment);
    }
    if (!there && str_to_i64(b->segment, &id)) {
        struct str name = entity_title(c, &entity_segment, id);
        if (!name.n) name = str_of(T(c, N_("a segment that is gone")));
        options_add(c->arena, &v->segments, b->segment, name, b->segment);
    }
    v->picks_segment = true;
    return OK;
}

static enum status fill_field(struct ctx *c, const struct ask_box *b, struct row_view *v) {
    enum ask_op op = add_ops(c, b->op, ops_of(b->f), v);
    v->number = op >= ASK_OVER && op <= ASK_BETWEEN;
    v->number2 = op == ASK_BETWEEN;
    if (v->number && b->f->type == ASK_MONEY) v->number_of = c->firm.currency;
    if (op == ASK_IN) add_period(c, b, false, v);
    return op == ASK_IS || op == ASK_SOUNDS ? add_values(c, b, v) : OK;
}

static void fill_related(struct ctx *c, const struct ask_box *b, struct row_view *v) {
    v->related = true;
    if (b->fn >= 0) {
        enum ask_op op = add_ops(c, b->op, ops_of(NULL), v);
        v->number = true;
        v->number2 = op == ASK_BETWEEN;
        if (b->f && b->f->type == ASK_MONEY) v->number_of = c->firm.currency;
    }
    add_period(c, b, true, v);
}

static enum status fill_row(struct ctx *c, const struct ask_catalogue *k, const struct ask_box *b,
                            struct row_view *v) {
    add_whats(c, k, b, v);
    v->chosen = b->what.n > 0;
    v->words = str_eq(b->what, S(BOX_WORDS));
    if (str_eq(b->what, S(BOX_SEGMENT))) return add_segments(c, b, v);
    if (b->about) fill_related(c, b, v);
    return b->f && !b->about ? fill_field(c, b, v) : OK;
}

/* --- the boxes --- */

static void fill_group(struct ctx *c, const struct ask_box *b, struct box_view *out) {
    static const char *const labels[] = { [ASK_ALL] = N_("Ask|All of these"),
                                          [ASK_ANY] = N_("Ask|At least one of these"),
                                          [ASK_NONE] = N_("Ask|None of these") };
    for (int i = ASK_ALL; i <= ASK_NONE; i++)
        options_add(c->arena, &out->groups, str_of(ask_group_code((enum ask_group)i)),
                    str_of(T(c, labels[i])), str_of(ask_group_code(b->group)));
}

enum status builder_view(struct ctx *c, const struct ask_catalogue *k, const struct ask_box *b,
                         struct box_view *out) {
    const struct ask_box *in = b->parent;
    bool first = b->index == 0, last = in && b->index == in->items.n - 1;
    bool edge = in && (!in->parent || !in->parent->is_group);
    *out = (struct box_view){ .box = b,
                              .root = !in,
                              .of_related = in && !in->is_group,
                              .depth = ask_box_depth(b),
                              .first = first && edge,
                              .last = last && edge,
                              .may_group = ask_box_depth(b) < ASK_DEPTH_MOST };
    struct tr_arg at = { .name = "n", .value = str_printf(c->arena, "%d", b->index + 1) };
    out->label = tr_fill(c->arena, T(c, b->is_group ? N_("Box {n}") : N_("Rule {n}")), &at, 1);
    if (b->missing) out->problem = str_of(T(c, b->missing));
    out->wrong = b->missing != NULL;
    if (b->is_group) {
        fill_group(c, b, out);
        out->items.v = arena_array(c->arena, struct box_view, b->items.n + 1);
        for (int i = 0; i < b->items.n; i++)
            TRY(builder_view(c, k, b->items.v[i], &out->items.v[out->items.n++]));
        return OK;
    }
    out->row = arena_new_of(c->arena, struct row_view);
    TRY(fill_row(c, k, b, out->row));
    out->may_where = b->about && !b->where && out->may_group;
    if (!b->where) return OK;
    out->where = arena_new_of(c->arena, struct box_view);
    return builder_view(c, k, b->where, out->where);
}
