/* Answers a question (docs/decisions/019): leaves become sets of clients, groups let them meet. The
 * cheapest leaf goes first, each next one is asked only of those who are left, and an empty set
 * ends it. «Not» takes a set away, so that whoever has no value at all stays. Called by lists
 * (within), segments, the command line; calls the other run files and core/search. */
#include "core/ask/run_in.h"
#include "core/ask/text.h"
#include "core/entity/history.h"
#include "core/entity/list_index.h"
#include "core/entity/order.h"
#include "core/search/search.h"
#include "lib/base/clock.h"

/* --- what is refused --- */

enum status run_refuse(struct run *r, const char *text, struct str value) {
    return value.n ? ctx_problem(r->c, S("where"), text, ARG("value", value))
                   : ctx_problem(r->c, S("where"), text);
}

enum status run_gone(struct run *r, struct str name) {
    return run_refuse(r, N_("“{value}” cannot be asked for here (any more)."), name);
}

static enum status within_limits(struct run *r, const struct ask_node *n) {
    if (ask_depth(n) > ASK_DEPTH_MOST)
        return run_refuse(r, N_("The brackets of this question are too deep."), NO_STR);
    if (ask_rules_n(n) > ASK_RULES_MOST)
        return run_refuse(r, N_("This question has too many rules."), NO_STR);
    if (ask_measures_n(n) > ASK_MEASURES_MOST)
        return run_refuse(r, N_("This question has too many sums and counts."), NO_STR);
    return OK;
}

/* --- segments in segments --- */

static const struct ask_segments *segments_of(const struct run *r) {
    return ask_catalogue_segments_of(r->catalogue);
}

static enum status enter(struct run *r, int64_t id) {
    struct str name = segments_of(r)->name ? segments_of(r)->name(r->c, id) : NO_STR;
    for (int i = 0; i < r->segments_n; i++)
        if (r->segments[i] == id)
            return run_refuse(r, N_("The segment “{value}” contains itself."), name);
    if (r->segments_n == RUN_SEGMENTS_MOST)
        return run_refuse(r, N_("Too many segments stand one in the other."), NO_STR);
    r->segments[r->segments_n++] = id;
    return OK;
}

static enum status segment(struct run *r, int64_t id, const struct bits *among, struct bits **out) {
    const struct ask_node *tree = NULL;
    struct bits *frozen = NULL;
    enum calendar_id own = r->calendar, calendar = own;
    enum status st = MISSING;
    if (segments_of(r) && segments_of(r)->tree)
        st = segments_of(r)->tree(r->c, id, &tree, &calendar, &frozen);
    if (st == MISSING)
        return run_refuse(r, N_("A segment that this question names is not there (any more)."),
                          NO_STR);
    TRY(st);
    if (frozen) {
        *out = frozen;
        return OK;
    }
    TRY(enter(r, id));
    r->calendar = calendar;
    st = within_limits(r, tree);
    if (st == OK) st = run_node(r, tree, among, out);
    r->calendar = own;
    r->segments_n--;
    return st;
}

/* --- words --- */

static enum status words(struct run *r, struct str typed, const struct bits *among,
                         struct bits **out) {
    struct bits *found = bits_copy(among), *exact = NULL;
    const struct entity *e = registry_find(entity_registry(), S("party"));
    enum status st = list_index_words(r->c, entity_now(r->c, e), r->search, typed, found, &exact);
    bits_free(exact);
    if (st != OK)
        bits_free(found);
    else
        *out = found;
    return st;
}

/* --- groups --- */

/* About how dear it is to ask: terms, ranges of terms, sums that are kept, columns. */
static int cost(const struct run *r, const struct ask_node *n) {
    const struct ask_field *f;
    int most = 0;
    switch (n->kind) {
    case ASK_GROUP:
        for (int i = 0; i < n->items_n; i++) {
            int one = cost(r, n->items[i]);
            if (one > most) most = one;
        }
        return most + 1;
    case ASK_SEGMENT: return 30;
    case ASK_WORDS: return 10;
    case ASK_MEASURE:
    case ASK_HAS: return n->where ? 60 : 40;
    case ASK_FIELD: break;
    }
    f = ask_field(r->catalogue, NULL, n->field);
    if (!f || f->from == ASK_FROM_NOWHERE) return 10;
    if (f->from == ASK_FROM_FIRST || f->from == ASK_FROM_LATEST) return 50;
    if (f->field && (f->field->is & FILTERED))
        return n->op == ASK_IS && n->values_n && !n->values[0].prefix ? 0 : 5;
    return f->type == ASK_TEXT && n->op == ASK_IS ? 35 : 20;
}

static void by_cost(const struct run *r, const struct ask_node *n, int *order) {
    int costs[ASK_RULES_MOST + 1];
    for (int i = 0; i < n->items_n; i++) {
        int one = cost(r, n->items[i]), k = i;
        for (; k > 0 && costs[k - 1] > one; k--) costs[k] = costs[k - 1], order[k] = order[k - 1];
        costs[k] = one;
        order[k] = i;
    }
}

static enum status all_of(struct run *r, const struct ask_node *n, const int *order,
                          struct bits *left) {
    for (int i = 0; i < n->items_n && bits_count(left); i++) {
        struct bits *one;
        TRY(run_node(r, n->items[order[i]], left, &one));
        bits_and(left, one);
        bits_free(one);
    }
    return OK;
}

/* Takes everybody whom one of the items has out of `left`. */
static enum status none_of(struct run *r, const struct ask_node *n, const int *order,
                           struct bits *left) {
    for (int i = 0; i < n->items_n && bits_count(left); i++) {
        struct bits *one;
        TRY(run_node(r, n->items[order[i]], left, &one));
        bits_minus(left, one);
        bits_free(one);
    }
    return OK;
}

static enum status group(struct run *r, const struct ask_node *n, const struct bits *among,
                         struct bits **out) {
    int order[ASK_RULES_MOST + 1];
    if (n->items_n > ASK_RULES_MOST)
        return run_refuse(r, N_("This question has too many rules."), NO_STR);
    by_cost(r, n, order);
    struct bits *left = bits_copy(among);
    enum status st = n->group == ASK_ALL ? all_of(r, n, order, left) : none_of(r, n, order, left);
    if (st == OK && n->group == ASK_ANY) {
        struct bits *any = bits_copy(among);
        bits_minus(any, left);
        bits_free(left);
        left = any;
    }
    if (st == OK)
        *out = left;
    else
        bits_free(left);
    return st;
}

enum status run_node(struct run *r, const struct ask_node *n, const struct bits *among,
                     struct bits **out) {
    enum status st = BROKEN;
    if (clock_mono_us() > r->ends_us) return TOO_BIG;
    switch (n->kind) {
    case ASK_GROUP: return group(r, n, among, out);
    case ASK_FIELD: st = run_field(r, n, among, out); break;
    case ASK_MEASURE:
    case ASK_HAS: st = run_related(r, n, among, out); break;
    case ASK_SEGMENT: st = segment(r, n->segment, among, out); break;
    case ASK_WORDS: st = words(r, n->words, among, out); break;
    }
    TRY(st);
    bits_and(*out, among);
    return OK;
}

/* --- the question --- */

static void begin(struct run *r, struct ctx *c, struct search *s, enum calendar_id calendar) {
    *r = (struct run){ .c = c,
                       .search = s,
                       .catalogue = ask_catalogue(c),
                       .calendar = calendar,
                       .ends_us = clock_mono_us() + ASK_MS_MOST * INT64_C(1000) };
}

static enum status end(struct run *r, enum status st) {
    if (r->guarded) {
        enum status back = db_savepoint_end(r->c->tx, st == OK);
        if (back == OK) back = db_deadline(r->c->tx, 0);
        if (back != OK) return back;
    }
    if (st == TOO_BIG)
        return run_refuse(r, N_("This question takes too long: ask for less at once."), NO_STR);
    return st;
}

enum status ask_meet(struct ctx *c, struct search *s, const struct ask_node *tree,
                     enum calendar_id calendar, struct bits *with) {
    struct run r;
    struct bits *out;
    begin(&r, c, s, calendar);
    TRY(within_limits(&r, tree));
    enum status st = run_node(&r, tree, with, &out);
    if (st == OK) {
        bits_and(with, out);
        bits_free(out);
    }
    return end(&r, st);
}

/* --- why is he in? --- */

struct whys {
    struct run *run;
    const struct bits *party;
    int64_t id;
    struct ask_why *v;
    int n, cap;
};

static const char *heading(enum ask_group g) {
    if (g == ASK_ALL) return N_("All of these");
    return g == ASK_ANY ? N_("At least one of these") : N_("None of these");
}

static enum status why(struct whys *w, const struct ask_node *n, int depth) {
    struct ctx *c = w->run->c;
    struct bits *out;
    bool group = n->kind == ASK_GROUP, root = depth == 0 && group && n->group == ASK_ALL;
    if (w->n == w->cap) return TOO_BIG;
    if (!root) {
        struct ask_why *one = &w->v[w->n++];
        *one = (struct ask_why){ .rule = n, .depth = depth };
        TRY(run_node(w->run, n, w->party, &out));
        one->holds = bits_count(out) > 0;
        bits_free(out);
        one->asks = group ? str_of(T(c, heading(n->group))) : ask_say(c, w->run->catalogue, n);
        if (!group) TRY(run_has(w->run, n, w->id, &one->has));
    }
    for (int i = 0; group && i < n->items_n; i++) TRY(why(w, n->items[i], depth + !root));
    return OK;
}

enum status ask_why(struct ctx *c, const struct ask_node *tree, enum calendar_id calendar,
                    int64_t party, struct ask_why **out, int *n) {
    struct run r;
    struct search *s;
    struct bits *one = bits_new();
    TRY(search_open(c->tx, orders_memory(c->orders), &s));
    begin(&r, c, s, calendar);
    struct whys w = { .run = &r, .party = one, .id = party, .cap = 2 * ASK_RULES_MOST };
    w.v = arena_array(c->arena, struct ask_why, w.cap);
    if (party > 0 && party <= UINT32_MAX) bits_add(one, (uint32_t)party);
    enum status st = within_limits(&r, tree);
    if (st == OK) st = why(&w, tree, 0);
    bits_free(one);
    *out = w.v;
    *n = w.n;
    return end(&r, st);
}
