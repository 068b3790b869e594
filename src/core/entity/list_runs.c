/* In which order the parties of a list come (docs/decisions/004 and 014). The answer is cut into
 * runs, each in one order: by a sort value, or by id. Of a run few hits are sorted by their keys;
 * many are met by walking the values and asking the bitmap; of those between, and where the walk
 * would be long, the places in memory (order.h) tell which few are to be sorted. Called by list.c;
 * calls list_index.c, order.c and lib/db. */
#include "core/entity/list_index.h"
#include "core/entity/order.h"
#include "core/entity/store_index.h"
#include "core/entity/store_sql.h"

enum {
    RUNS_MAX = 600,
    FEW = 100,      /* hits that are sorted without another thought */
    CHUNK_MIN = 64, /* values of one step of a walk */
    CHUNK_MAX = 4096,
    WALK_SHORT = 512,     /* values that a walk may be expected to meet when there is an order */
    GROUPS_N = 1024,      /* of 64 neighbouring places each */
    CANDIDATES_MAX = 4000 /* with more of one place a walk is better */
};

SQL(list_count_all, "SELECT coalesce(max(id), 0) AS n FROM party");
SQL(list_forward, "SELECT id FROM sort_value WHERE field = :field AND (key, id) > (:key, :id) "
                  "ORDER BY key, id LIMIT :limit");
SQL(list_backward, "SELECT id FROM sort_value WHERE field = :field AND (key, id) < (:key, :id) "
                   "ORDER BY key DESC, id DESC LIMIT :limit");
SQL2(list_keys, "SELECT id, sort_keys FROM party WHERE id IN (SELECT value FROM json_each(:ids))",
     "SELECT id, sort_keys FROM party WHERE id = ANY(CAST(translate(:ids, '[]', '{}') AS "
     "bigint[]))");

struct run {           /* one stretch of the answer in one order */
    struct bits *bits; /* NULL: not asked for yet */
    struct str term; /* those of the answer that have it; empty: those that stand in no other run */
    int64_t field;   /* of sort_value; 0: by id */
    bool desc;
};
struct runs {
    struct ctx *c;
    struct search *search;
    struct bits *all;
    int64_t ids_max; /* no party has a greater number */
    struct run v[RUNS_MAX];
    int n;
    struct { /* the orders that this request has asked for */
        int64_t field;
        const struct order *order; /* NULL: there is none */
        struct bits *dirty;
    } known[3];
    int known_n;
};

/* --- the runs --- */

static void add_run(struct runs *r, struct bits *bits, int64_t field, bool desc) {
    if (r->n == RUNS_MAX) BUG("too many runs");
    r->v[r->n++] = (struct run){ .bits = bits, .field = field, .desc = desc };
}

static enum status choice_values(struct ctx *c, const struct field *f, struct strs *out) {
    struct list_query q = { .entity = f->ref, .limit = LIMIT_PAGE_N, .no_total = true };
    struct list_page page;
    if (f->kind == &kind_ref) {
        if (f->ref->indexed) return OK;
        TRY(list_run(c, &q, &page));
        out->v = arena_array(c->arena, struct str, page.n);
        for (out->n = 0; out->n < page.n; out->n++)
            out->v[out->n] = str_printf(c->arena, "%lld", (long long)page.ids[out->n]);
        return OK;
    }
    static const struct choice ticked[] = { { "1", NULL, NULL }, { NULL, NULL, NULL } };
    const struct choice *choices = f->kind == &kind_yesno ? ticked : f->choices;
    int n = 0;
    while (choices && choices[n].code) n++;
    *out = (struct strs){ arena_array(c->arena, struct str, n), n };
    for (int i = 0; i < n; i++) out->v[i] = str_of(choices[i].code);
    return OK;
}

/* One run for each value in the order in which people see them, those without a value last. Which
 * parties they are is asked when the page reaches them. */
static enum status runs_by_value(struct ctx *c, const struct field *f, bool desc,
                                 struct runs *runs) {
    struct strs values = { 0 };
    int64_t name = store_sort_field(S("display_name"));
    TRY(choice_values(c, f, &values));
    for (int i = 0; i < values.n && i < RUNS_MAX - 1; i++) {
        struct str value = values.v[desc ? values.n - 1 - i : i];
        add_run(runs, NULL, name, false);
        runs->v[i].term = str_printf(c->arena, "f%s=%.*s", f->name, SF(value));
    }
    add_run(runs, NULL, name, false);
    return OK;
}

static enum status runs_by_key(struct ctx *c, struct str name, bool desc, struct runs *runs) {
    if (str_eq(name, S("display_name")) || str_eq(name, S("changed_at"))) {
        add_run(runs, bits_copy(runs->all), store_sort_field(name), desc);
        return OK;
    }
    add_run(runs, NULL, store_sort_field(name), desc);
    runs->v[0].term = str_printf(c->arena, "h%.*s", SF(name));
    add_run(runs, NULL, store_sort_field(S("display_name")), false);
    return OK;
}

static enum status make_runs(struct ctx *c, const struct list_query *q, struct bits *exact,
                             struct runs *runs) {
    bool desc = str_starts(q->sort, S("-"));
    struct str name = desc ? str_sub(q->sort, 1, SIZE_MAX) : q->sort;
    if (name.n == 0 && exact) { /* exact words first, then beginnings, each by name */
        struct bits *others = bits_copy(runs->all), *first = bits_copy(runs->all);
        bits_minus(others, exact);
        bits_and(first, exact);
        add_run(runs, first, store_sort_field(S("display_name")), false);
        add_run(runs, others, store_sort_field(S("display_name")), false);
        return OK;
    }
    if (name.n == 0) name = S("display_name");
    if (str_eq(name, S("id")) || str_eq(name, S("created_at"))) {
        add_run(runs, bits_copy(runs->all), 0, desc);
        return OK;
    }
    struct list_field *fields;
    int n = list_fields(c->arena, q->entity, LISTED, &fields);
    for (int i = 0; i < n; i++)
        if (str_eq(fields[i].name, name) && list_sorts_by_filter(fields[i].field))
            return runs_by_value(c, fields[i].field, desc, runs);
    return runs_by_key(c, name, desc, runs);
}

/* The parties of a run; those that stand in no other are what the others leave. */
static enum status run_bits(struct runs *runs, int at) {
    struct run *run = &runs->v[at];
    struct bits *b = NULL;
    if (run->bits) return OK;
    if (run->term.n) {
        TRY(search_term(runs->search, run->term, &b));
        bits_and(b, runs->all);
        run->bits = b;
        return OK;
    }
    b = bits_copy(runs->all);
    for (int i = 0; i < runs->n && bits_count(b); i++) {
        struct bits *other = NULL;
        if (!runs->v[i].term.n) continue;
        enum status st = search_term(runs->search, runs->v[i].term, &other);
        if (st == OK) bits_minus(b, other);
        bits_free(other);
        if (st != OK) {
            bits_free(b);
            return st;
        }
    }
    run->bits = b;
    return OK;
}

static void runs_free(struct runs *runs) {
    for (int i = 0; i < runs->n; i++) bits_free(runs->v[i].bits);
    for (int i = 0; i < runs->known_n; i++) {
        bits_free(runs->known[i].dirty);
        order_put(runs->c, runs->known[i].order);
    }
    bits_free(runs->all);
}

/* --- few: sorted by their keys --- */

struct hit {
    struct str key;
    int64_t id;
};

static int by_key(const void *a, const void *b) {
    const struct hit *x = a, *y = b;
    int c = str_cmp(x->key, y->key);
    return c ? c : (x->id > y->id) - (x->id < y->id);
}

static enum status key_of(struct ctx *c, int64_t field, int64_t id, struct str *key) {
    struct rows r;
    TRY(db_query(c->tx, &list_keys, &r, P("ids", sql_id_list(c->arena, &id, 1))));
    if (r.n == 0) return BROKEN;
    struct blob b = row_blob(&r, 0, "sort_keys");
    *key = sort_keys_get((struct str){ b.p, b.n }, field);
    return OK;
}

/* All of them with their keys, sorted; then those on the far side of the place. */
static enum status take_sorted(struct ctx *c, const struct bits *of, int64_t field,
                               const struct list_place *from, bool up, int64_t *ids, int want,
                               int *got) {
    int n = (int)bits_count(of), at = 0;
    uint32_t *numbers = arena_array(c->arena, uint32_t, n + 1);
    int64_t *all = arena_array(c->arena, int64_t, n + 1);
    struct rows r;
    bits_next(of, -1, numbers, n);
    for (int i = 0; i < n; i++) all[i] = numbers[i];
    TRY(db_query(c->tx, &list_keys, &r, P("ids", sql_id_list(c->arena, all, n))));
    struct hit *hits = arena_array(c->arena, struct hit, r.n + 1);
    for (int i = 0; i < r.n; i++) {
        struct blob b = row_blob(&r, i, "sort_keys");
        hits[i] =
            (struct hit){ sort_keys_get((struct str){ b.p, b.n }, field), row_int(&r, i, "id") };
    }
    qsort(hits, (size_t)r.n, sizeof *hits, by_key);
    struct hit place = { from ? from->key : NO_STR, from ? from->id : 0 };
    if (up) {
        while (from && at < r.n && by_key(&hits[at], &place) <= 0) at++;
        for (; at < r.n && *got < want; at++) ids[(*got)++] = hits[at].id;
    } else {
        at = r.n - 1;
        while (from && at >= 0 && by_key(&hits[at], &place) >= 0) at--;
        for (; at >= 0 && *got < want; at--) ids[(*got)++] = hits[at].id;
    }
    return OK;
}

/* --- many: along the values --- */

static struct list_place walk_start(const struct list_place *from, bool up) {
    static const char last[] = "\xFF\xFF\xFF\xFF";
    if (from) return *from;
    return up ? (struct list_place){ .key = S("") }
              : (struct list_place){ .key = { last, 4 }, .id = INT64_MAX };
}

static enum status walk_values(struct ctx *c, int64_t field, const struct list_place *p, bool up,
                               int64_t limit, struct rows *r) {
    return db_query(c->tx, up ? &list_forward : &list_backward, r, P("field", field),
                    P("key", ((struct blob){ p->key.p, p->key.n })), P("id", p->id),
                    P("limit", limit));
}

/* In chunks that grow; at most `steps` values, then *done is false and *got as it was. */
static enum status take_walking(struct ctx *c, const struct run *run, const struct list_place *from,
                                bool up, int64_t chunk, int64_t steps, int64_t *ids, int want,
                                int *got, bool *done) {
    struct list_place at = walk_start(from, up);
    int had = *got;
    for (*done = true;; chunk = chunk * 2 < CHUNK_MAX ? chunk * 2 : CHUNK_MAX) {
        struct arena_mark m = arena_mark(c->arena);
        struct rows r;
        TRY(walk_values(c, run->field, &at, up, chunk, &r));
        for (int i = 0; i < r.n && *got < want; i++) {
            int64_t one = row_cell(&r, i, 0)->i;
            if (bits_has(run->bits, (uint32_t)one)) ids[(*got)++] = one;
        }
        if (*got == want || r.n < chunk) return OK;
        steps -= r.n;
        at.id = row_cell(&r, r.n - 1, 0)->i;
        arena_back(c->arena, m);
        if (steps <= 0) break;
        TRY(key_of(c, run->field, at.id, &at.key));
    }
    *done = false;
    *got = had;
    return OK;
}

/* --- between: by the places in memory --- */

/* Places as seen in the direction of the walk. */
static uint32_t seen(uint16_t place, bool up) {
    return up ? place : (uint32_t)ORDER_LAST - place;
}

/* The first place that may stand behind `from`: that of the next value of one who did not change.
 * Beyond the last place when only dirty ones stand there. */
static enum status first_place(struct ctx *c, const struct order *o, const struct bits *dirty,
                               int64_t field, const struct list_place *from, bool up,
                               uint32_t *place) {
    struct list_place at = *from;
    for (int64_t chunk = 4;; chunk = CHUNK_MAX) {
        struct arena_mark m = arena_mark(c->arena);
        struct rows r;
        TRY(walk_values(c, field, &at, up, chunk, &r));
        for (int i = 0; i < r.n; i++) {
            uint32_t id = (uint32_t)row_cell(&r, i, 0)->i;
            if (bits_has(dirty, id) || id >= o->n || o->place[id] == ORDER_NONE) continue;
            *place = seen(o->place[id], up);
            arena_back(c->arena, m);
            return OK;
        }
        if (r.n < chunk) break;
        at.id = row_cell(&r, r.n - 1, 0)->i;
        arena_back(c->arena, m);
        TRY(key_of(c, field, at.id, &at.key));
    }
    *place = ORDER_LAST + 1;
    return OK;
}

/* Two passes over a set: how many stand in each group of places, and who stands in those groups
 * that hold the first `want` behind the first place. */
struct selection {
    const struct order *order;
    const struct bits *of;
    bool up;
    uint32_t first; /* places before it are of no use */
    uint32_t last;  /* found: nor are those behind it */
};

static void count_groups(const struct selection *s, uint32_t *groups) {
    uint32_t numbers[1024];
    int64_t after = -1;
    for (int got; (got = bits_next(s->of, after, numbers, COUNT(numbers))) > 0;) {
        after = numbers[got - 1];
        for (int i = 0; i < got; i++) {
            if (numbers[i] >= s->order->n) return;
            uint16_t place = s->order->place[numbers[i]];
            if (place != ORDER_NONE) groups[seen(place, s->up) >> 6]++;
        }
    }
}

/* The group of the first place counts for nothing: all of its hits may stand before the page. */
static void find_last(struct selection *s, int64_t want) {
    uint32_t groups[GROUPS_N] = { 0 };
    int64_t n = 0;
    count_groups(s, groups);
    uint32_t g = s->first ? (s->first >> 6) + 1 : 0;
    while (g < GROUPS_N && (n += groups[g]) < want) g++;
    s->last = g < GROUPS_N ? (g << 6) + 63 : ORDER_LAST;
}

static bool gather(const struct selection *s, struct bits *to) {
    uint32_t numbers[1024];
    int64_t after = -1, n = 0;
    for (int got; (got = bits_next(s->of, after, numbers, COUNT(numbers))) > 0;) {
        after = numbers[got - 1];
        for (int i = 0; i < got; i++) {
            if (numbers[i] >= s->order->n) return true;
            uint16_t place = s->order->place[numbers[i]];
            uint32_t at = seen(place, s->up);
            if (place == ORDER_NONE || at < s->first || at > s->last) continue;
            if (++n > CANDIDATES_MAX) return false;
            bits_add(to, numbers[i]);
        }
    }
    return true;
}

static enum status take_selected(struct ctx *c, const struct run *run, const struct order *o,
                                 const struct bits *dirty, const struct list_place *from, bool up,
                                 int64_t *ids, int want, int *got, bool *done) {
    struct bits *clean = bits_copy(run->bits), *few = bits_copy(run->bits);
    struct selection s = { .order = o, .of = clean, .up = up };
    enum status st = OK;
    bits_minus(clean, dirty);
    bits_and(few, dirty);
    if (from) st = first_place(c, o, dirty, run->field, from, up, &s.first);
    find_last(&s, want - *got);
    *done = s.first > ORDER_LAST || gather(&s, few);
    if (st == OK && *done) st = take_sorted(c, few, run->field, from, up, ids, want, got);
    bits_free(clean);
    bits_free(few);
    return st;
}

/* --- which way --- */

static enum status known_order(struct runs *runs, int64_t field, const struct order **order,
                               const struct bits **dirty) {
    for (int i = 0; i < runs->known_n; i++)
        if (runs->known[i].field == field) {
            *order = runs->known[i].order;
            *dirty = runs->known[i].dirty;
            return OK;
        }
    if (runs->known_n == COUNT(runs->known)) BUG("a list by more fields than there are");
    struct bits *fresh;
    TRY(order_get(runs->c, field, order, &fresh));
    int k = runs->known_n++;
    runs->known[k].field = field;
    runs->known[k].order = *order;
    *dirty = runs->known[k].dirty = fresh;
    return OK;
}

static int take_by_id(const struct run *run, const struct list_place *from, bool up, int64_t *ids,
                      int want) {
    uint32_t numbers[LIMIT_PAGE_N + 1];
    int n = up ? bits_next(run->bits, from ? from->id : -1, numbers, want)
               : bits_prev(run->bits, from ? from->id : INT64_MAX, numbers, want);
    for (int i = 0; i < n; i++) ids[i] = numbers[i];
    return n;
}

static enum status take(struct runs *runs, const struct run *run, const struct list_place *from,
                        bool forward, int64_t *ids, int want, int *got) {
    struct ctx *c = runs->c;
    bool up = forward != run->desc, done = false;
    int64_t hits = bits_count(run->bits);
    if (hits == 0) return OK;
    if (run->field == 0) {
        *got += take_by_id(run, from, up, ids + *got, want - *got);
        return OK;
    }
    if (hits <= FEW) return take_sorted(c, run->bits, run->field, from, up, ids, want, got);
    const struct order *order;
    const struct bits *dirty;
    TRY(known_order(runs, run->field, &order, &dirty));
    int64_t walk = (int64_t)(want - *got) * runs->ids_max / hits; /* if they are spread evenly */
    int64_t chunk = walk + walk / 4 + CHUNK_MIN / 4;
    chunk = chunk < CHUNK_MIN ? CHUNK_MIN : chunk < CHUNK_MAX ? chunk : CHUNK_MAX;
    if (order && walk <= WALK_SHORT)
        TRY(take_walking(c, run, from, up, chunk, 2 * chunk, ids, want, got, &done));
    if (order && !done) TRY(take_selected(c, run, order, dirty, from, up, ids, want, got, &done));
    if (done) return OK;
    /* A step of a walk costs about a quarter of fetching and sorting one hit. */
    if (!order && hits * 4 < walk)
        return take_sorted(c, run->bits, run->field, from, up, ids, want, got);
    return take_walking(c, run, from, up, chunk, INT64_MAX, ids, want, got, &done);
}

/* --- the page --- */

/* Up to `want` ids from the place on, through the runs; run_of[i] tells where id i stood. */
static enum status collect(struct runs *runs, const struct list_place *from, bool forward,
                           int64_t *ids, int *run_of, int want, int *got) {
    *got = 0;
    int first = from ? from->run : forward ? 0 : runs->n - 1;
    for (int i = first; i >= 0 && i < runs->n && *got < want; i += forward ? 1 : -1) {
        int before = *got;
        TRY(run_bits(runs, i));
        TRY(take(runs, &runs->v[i], i == first ? from : NULL, forward, ids, want, got));
        for (int k = before; k < *got; k++) run_of[k] = i;
    }
    return OK;
}

static enum status place_of(struct ctx *c, const struct runs *runs, int run, int64_t id,
                            struct str *out) {
    struct list_place p = { .run = run, .id = id };
    if (runs->v[run].field) TRY(key_of(c, runs->v[run].field, id, &p.key));
    *out = list_place_write(c, &p);
    return OK;
}

static void turn(int64_t *ids, int *run_of, int n) {
    for (int i = 0; i < n / 2; i++) {
        int64_t id = ids[i];
        int run = run_of[i];
        ids[i] = ids[n - 1 - i], run_of[i] = run_of[n - 1 - i];
        ids[n - 1 - i] = id, run_of[n - 1 - i] = run;
    }
}

static enum status starting_place(struct ctx *c, const struct list_query *q,
                                  const struct runs *runs, struct list_place *place, bool *has) {
    struct str text = q->before.n ? q->before : q->after;
    *has = text.n > 0;
    if (*has && (!list_place_read(c, text, place) || place->run >= runs->n)) {
        ctx_problem(c, q->before.n ? S("before") : S("after"),
                    N_("This page of the list does not exist."));
        return MALFORMED;
    }
    if (!*has && q->letter.n) {
        const struct list_field name = { entity_field(q->entity, S("display_name")), NULL, NO_STR };
        struct value v = { .s = q->letter };
        *place = (struct list_place){ .key = name.field->kind->sort_key(c, name.field, v) };
        *has = true;
    }
    return OK;
}

static enum status fill_page(struct ctx *c, const struct list_query *q, struct runs *runs,
                             struct list_page *out) {
    struct list_place place;
    bool has, forward = q->before.n == 0;
    int want = q->limit + 1, n = 0, seen = 0;
    int64_t *ids = arena_array(c->arena, int64_t, want), one;
    int *run_of = arena_array(c->arena, int, want), its_run;
    TRY(starting_place(c, q, runs, &place, &has));
    TRY(collect(runs, has ? &place : NULL, forward, ids, run_of, want, &n));
    bool more = n > q->limit;
    if (more) n = q->limit;
    if (!forward) turn(ids, run_of, n);
    out->ids = ids;
    out->n = n;
    if (n == 0) return OK;
    if (forward ? more : true) TRY(place_of(c, runs, run_of[n - 1], ids[n - 1], &out->next));
    if (forward && has) {
        struct list_place at;
        TRY(place_of(c, runs, run_of[0], ids[0], &out->prev));
        if (!list_place_read(c, out->prev, &at)) return BROKEN;
        TRY(collect(runs, &at, false, &one, &its_run, 1, &seen));
        if (seen == 0) out->prev = NO_STR;
    } else if (!forward && more) {
        TRY(place_of(c, runs, run_of[0], ids[0], &out->prev));
    }
    return OK;
}

enum status list_index_run(struct ctx *c, const struct list_query *q, struct list_page *out) {
    struct bits *exact;
    struct rows r;
    struct runs *runs = arena_new_of(c->arena, struct runs);
    runs->c = c;
    TRY(list_index_bits(c, q, &runs->search, &runs->all, &exact));
    if (!q->no_total) out->total = bits_count(runs->all);
    enum status st = db_query(c->tx, &list_count_all, &r);
    if (st == OK) runs->ids_max = row_int(&r, 0, "n");
    if (st == OK) st = make_runs(c, q, exact, runs);
    if (st == OK) st = fill_page(c, q, runs, out);
    runs_free(runs);
    bits_free(exact);
    return st;
}

/* One step to either side of where he stands, across runs. */
static enum status step_beside(struct runs *runs, int64_t id, int64_t *before, int64_t *after) {
    struct list_place at = { .run = -1, .id = id };
    int its_run, got;
    for (int i = 0; i < runs->n && at.run < 0; i++) {
        TRY(run_bits(runs, i));
        if (bits_has(runs->v[i].bits, (uint32_t)id)) at.run = i;
    }
    if (at.run < 0) return OK;
    if (runs->v[at.run].field) TRY(key_of(runs->c, runs->v[at.run].field, id, &at.key));
    TRY(collect(runs, &at, false, before, &its_run, 1, &got));
    if (!got) *before = 0;
    TRY(collect(runs, &at, true, after, &its_run, 1, &got));
    if (!got) *after = 0;
    return OK;
}

enum status list_index_beside(struct ctx *c, const struct list_query *q, int64_t id,
                              int64_t *before, int64_t *after) {
    struct bits *exact;
    struct rows r;
    struct runs *runs = arena_new_of(c->arena, struct runs);
    if (id <= 0 || id > UINT32_MAX) return OK;
    runs->c = c;
    TRY(list_index_bits(c, q, &runs->search, &runs->all, &exact));
    enum status st = db_query(c->tx, &list_count_all, &r);
    if (st == OK) runs->ids_max = row_int(&r, 0, "n");
    bool in = bits_has(runs->all, (uint32_t)id);
    if (st == OK && in) st = make_runs(c, q, exact, runs);
    if (st == OK && in) st = step_beside(runs, id, before, after);
    runs_free(runs);
    bits_free(exact);
    return st;
}
