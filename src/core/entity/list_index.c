/* Lists of what is in the index. Criteria, rights and words meet as bitmaps; the answer is cut into
 * runs, each walked in one order: by a sort value, or by id. Few hits are sorted, many are met by
 * walking the order and asking the bitmap. Called by list.c; calls core/search and lib/db. */
#include "core/entity/list_index.h"

#include "core/entity/order.h"
#include "core/entity/store_index.h"
#include "core/entity/store_sql.h"
#include "lib/locale/phone.h"
#include "lib/text/fold.h"

enum { RUNS_MAX = 600, FIRST_CHUNK = 256, LARGEST_CHUNK = 4096 };

SQL(list_count_all, "SELECT coalesce(max(id), 0) AS n FROM party");
SQL(list_forward, "SELECT id FROM sort_value WHERE field = :field AND (key, id) > (:key, :id) "
                  "ORDER BY key, id LIMIT :limit");
SQL(list_backward, "SELECT id FROM sort_value WHERE field = :field AND (key, id) < (:key, :id) "
                   "ORDER BY key DESC, id DESC LIMIT :limit");
SQL2(list_keys, "SELECT id, sort_keys FROM party WHERE id IN (SELECT value FROM json_each(:ids))",
     "SELECT id, sort_keys FROM party WHERE id = ANY(CAST(translate(:ids, '[]', '{}') AS "
     "bigint[]))");
SQL2(list_phones,
     "SELECT party, number, e164 FROM phone WHERE party IN (SELECT value FROM json_each(:ids))",
     "SELECT party, number, e164 FROM phone WHERE party = ANY(CAST(translate(:ids, '[]', '{}') AS "
     "bigint[]))");

SQL2(list_hidden_bonds,
     "SELECT DISTINCT bond.person AS id FROM bond JOIN party ON party.id = bond.organisation WHERE "
     "bond.person IN (SELECT value FROM json_each(:ids)) AND bond.deleted_at IS NULL AND (1 = "
     "1" VISIBLE_PARTY ") IS NOT TRUE",
     "SELECT DISTINCT bond.person AS id FROM bond JOIN party ON party.id = bond.organisation WHERE "
     "bond.person = ANY(CAST(translate(:ids, '[]', '{}') AS bigint[])) AND bond.deleted_at IS NULL "
     "AND (1 = 1" VISIBLE_PARTY ") IS NOT TRUE");

struct run { /* one stretch of the answer in one order */
    struct bits *bits;
    int64_t field; /* of sort_value; 0: by id */
    bool desc;
};
struct runs {
    struct run v[RUNS_MAX];
    int n;
};

/* --- which parties --- */

static enum status meet_term(struct search *s, struct bits *with, struct str term, bool minus) {
    struct bits *b;
    TRY(search_term(s, term, &b));
    if (minus)
        bits_minus(with, b);
    else
        bits_and(with, b);
    bits_free(b);
    return OK;
}

static struct str filter_term(struct ctx *c, const struct field *f, struct value v) {
    struct str key = f->kind->filter_key(c, f, v);
    return str_printf(c->arena, "f%s=%.*s", f->name, SF(key));
}

static enum status add_term(struct search *s, struct bits *to, struct str term) {
    struct bits *b;
    TRY(search_term(s, term, &b));
    bits_or(to, b);
    bits_free(b);
    return OK;
}

/* What this member may see: see VISIBLE_PARTY, here as bitmaps. */
static enum status meet_visible(struct ctx *c, struct search *s, struct bits *with) {
    if (c->who.sees == SEES_ALL) return OK;
    struct bits *mine = bits_new();
    enum status st =
        add_term(s, mine, str_printf(c->arena, "fresponsible=%lld", (long long)c->who.id));
    if (st == OK && c->who.sees == SEES_TEAM && c->who.team)
        st = add_term(s, mine, str_printf(c->arena, "fteam=%lld", (long long)c->who.team));
    bits_and(with, mine);
    bits_free(mine);
    return st;
}

/* Only «yes» is in the index: «no» is the rest. */
static enum status add_value(struct ctx *c, struct search *s, struct bits *to,
                             const struct bits *of, const struct field *f, struct value v) {
    if (f->kind != &kind_yesno || v.i) return add_term(s, to, filter_term(c, f, v));
    struct bits *rest = bits_copy(of);
    enum status st =
        meet_term(s, rest, filter_term(c, f, (struct value){ .is_int = true, .i = 1 }), true);
    bits_or(to, rest);
    bits_free(rest);
    return st;
}

/* Criteria on one field: any of its values; different fields: all of them. */
static enum status meet_filters(struct ctx *c, const struct list_query *q, struct search *s,
                                struct bits *with) {
    struct list_field fields[LIMIT_FILTERS_N];
    struct value values[LIMIT_FILTERS_N];
    TRY(list_filters(c, q, fields, values));
    bool done[LIMIT_FILTERS_N] = { false };
    for (int i = 0; i < q->filters_n; i++) {
        if (done[i]) continue;
        struct str has = str_printf(c->arena, "h%s", fields[i].field->name);
        if (str_eq(q->filters[i].value, S("*")) || str_eq(q->filters[i].value, S("-"))) {
            TRY(meet_term(s, with, has, str_eq(q->filters[i].value, S("-"))));
            continue;
        }
        struct bits *any = bits_new();
        enum status st = OK;
        for (int k = i; k < q->filters_n && st == OK; k++) {
            if (!str_eq(fields[k].name, fields[i].name)) continue;
            done[k] = true;
            st = add_value(c, s, any, with, fields[k].field, values[k]);
        }
        bits_and(with, any);
        bits_free(any);
        TRY(st);
    }
    return OK;
}

/* As it was typed, in international or in national form. */
static bool phone_has(struct ctx *c, struct str typed, struct str e164, struct str digits) {
    if (str_find(fold_digits(c->arena, typed), digits) >= 0 || str_find(e164, digits) >= 0)
        return true;
    return e164.n &&
           str_find(fold_digits(c->arena, phone_show_national(c->arena, e164)), digits) >= 0;
}

/* Runs of digits only say «may be»: the phones themselves decide. */
static enum status drop_wrong_phones(struct ctx *c, const struct found *f) {
    uint32_t numbers[500];
    int64_t ids[500], after = -1;
    int n;
    while ((n = bits_next(f->unsure, after, numbers, 500)) > 0) {
        struct arena_mark m = arena_mark(c->arena);
        struct rows r;
        for (int i = 0; i < n; i++) ids[i] = numbers[i];
        after = numbers[n - 1];
        TRY(db_query(c->tx, &list_phones, &r, P("ids", sql_id_list(c->arena, ids, n))));
        struct bits *right = bits_new();
        for (int i = 0; i < r.n; i++)
            if (phone_has(c, row_str(&r, i, "number"), row_str(&r, i, "e164"), f->digits))
                bits_add(right, (uint32_t)row_int(&r, i, "party"));
        for (int i = 0; i < n; i++)
            if (!bits_has(right, numbers[i])) {
                bits_remove(f->all, numbers[i]);
                bits_remove(f->exact, numbers[i]);
            }
        bits_free(right);
        arena_back(c->arena, m);
    }
    return OK;
}

static struct strs query_words(struct ctx *c, struct str typed) {
    struct str rest = fold(c->arena, typed), word;
    struct strs words = { arena_array(c->arena, struct str, LIMIT_QUERY_WORDS_N), 0 };
    if (str_find_c(typed, '@') > 0) rest = fold_email(c->arena, typed);
    while (words.n < LIMIT_QUERY_WORDS_N && str_cut(&rest, ' ', &word))
        if (word.n) words.v[words.n++] = word;
    return words;
}

/* --- found by what one may not see --- */

static bool terms_have(const struct terms *t, char mark, struct str text, bool prefix) {
    for (int i = 0; i < t->n; i++) {
        struct str rest = str_sub(t->v[i], 1, SIZE_MAX);
        if (t->v[i].p[0] == mark && (prefix ? str_starts(rest, text) : str_eq(rest, text)))
            return true;
    }
    return false;
}

static bool word_fits(const struct terms *t, struct str word) {
    if (terms_have(t, 'w', word, true)) return true;
    for (size_t i = 0; i < word.n; i++)
        if (word.p[i] < '0' || word.p[i] > '9') return false;
    if (word.n < 3) return terms_have(t, 'e', word, false);
    for (size_t i = 0; i + 3 <= word.n; i++)
        if (!terms_have(t, 'd', str_sub(word, i, 3), false)) return false;
    return true;
}

/* A person is found by the names of his organisations: whoever may not see such a one must not find
 * him by it, or searching would tell who works there. */
static enum status drop_hidden_words(struct ctx *c, const struct list_query *q, struct bits *with) {
    uint32_t numbers[500];
    int64_t ids[500], after = -1;
    struct strs words = query_words(c, q->search);
    int n;
    while ((n = bits_next(with, after, numbers, COUNT(numbers))) > 0) {
        struct arena_mark m = arena_mark(c->arena);
        struct rows r;
        for (int i = 0; i < n; i++) ids[i] = numbers[i];
        after = numbers[n - 1];
        TRY(db_query(c->tx, &list_hidden_bonds, &r, P("ids", sql_id_list(c->arena, ids, n)),
                     P_VISIBLE(c)));
        for (int i = 0; i < r.n; i++) {
            void *row = arena_alloc(c->arena, q->entity->size);
            struct terms seen;
            bool fits = true;
            TRY(store_load_binned(c, q->entity, row_int(&r, i, "id"), row));
            TRY(index_terms_seen(c, q->entity, row, &seen));
            for (int k = 0; k < words.n && fits; k++) fits = word_fits(&seen, words.v[k]);
            if (!fits) bits_remove(with, (uint32_t)row_int(&r, i, "id"));
        }
        arena_back(c->arena, m);
    }
    return OK;
}

static enum status meet_words(struct ctx *c, struct search *s, struct str typed, struct bits *with,
                              struct bits **exact) {
    struct strs words = query_words(c, typed);
    struct found f;
    TRY(search_words(s, &words, &f));
    enum status st = drop_wrong_phones(c, &f);
    bits_and(with, f.all);
    *exact = f.exact;
    f.exact = NULL;
    found_free(&f);
    return st;
}

static void meet_only(const struct list_query *q, struct bits *with) {
    struct bits *only = bits_new();
    for (int i = 0; i < q->only_n; i++) bits_add(only, (uint32_t)q->only[i]);
    bits_and(with, only);
    bits_free(only);
}

enum status list_index_bits(struct ctx *c, const struct list_query *q, struct search **search,
                            struct bits **all, struct bits **exact) {
    struct bits *b;
    *exact = NULL;
    TRY(search_open(c->tx, search));
    TRY(search_term(*search, q->binned ? S("x") : S("a"), &b));
    if (q->only_n) meet_only(q, b);
    enum status st = meet_visible(c, *search, b);
    if (st == OK) st = meet_filters(c, q, *search, b);
    if (st == OK && q->search.n) st = meet_words(c, *search, q->search, b, exact);
    if (st == OK && q->search.n && c->who.sees != SEES_ALL) st = drop_hidden_words(c, q, b);
    if (st != OK) {
        bits_free(b);
        bits_free(*exact);
        return st;
    }
    *all = b;
    return OK;
}

/* --- in which order --- */

static void add_run(struct runs *r, struct bits *bits, int64_t field, bool desc) {
    if (r->n == RUNS_MAX) BUG("too many runs");
    r->v[r->n++] = (struct run){ bits, field, desc };
}

static struct bits *part(const struct bits *of, struct bits *with) {
    struct bits *b = bits_copy(of);
    bits_and(b, with);
    bits_free(with);
    return b;
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

/* One run for each value in the order in which people see them, those without a value last. */
static enum status runs_by_value(struct ctx *c, struct search *s, const struct field *f, bool desc,
                                 struct bits *all, struct runs *runs) {
    struct strs values = { 0 };
    int64_t name = store_sort_field(S("display_name"));
    enum status st = choice_values(c, f, &values);
    struct bits *rest = bits_copy(all);
    for (int i = 0; st == OK && i < values.n && i < RUNS_MAX - 1; i++) {
        struct str value = values.v[desc ? values.n - 1 - i : i];
        struct bits *b;
        st = search_term(s, str_printf(c->arena, "f%s=%.*s", f->name, SF(value)), &b);
        if (st != OK) break;
        bits_minus(rest, b);
        add_run(runs, part(all, b), name, false);
    }
    add_run(runs, rest, name, false);
    return st;
}

static enum status runs_by_key(struct ctx *c, struct search *s, struct str name, bool desc,
                               struct bits *all, struct runs *runs) {
    struct bits *has;
    int64_t order = store_sort_field(S("display_name"));
    if (str_eq(name, S("display_name")) || str_eq(name, S("changed_at"))) {
        add_run(runs, bits_copy(all), store_sort_field(name), desc);
        return OK;
    }
    TRY(search_term(s, str_printf(c->arena, "h%.*s", SF(name)), &has));
    struct bits *without = bits_copy(all);
    bits_minus(without, has);
    add_run(runs, part(all, has), store_sort_field(name), desc);
    add_run(runs, without, order, false);
    return OK;
}

static enum status make_runs(struct ctx *c, const struct list_query *q, struct search *s,
                             struct bits *all, struct bits *exact, struct runs *runs) {
    bool desc = str_starts(q->sort, S("-"));
    struct str name = desc ? str_sub(q->sort, 1, SIZE_MAX) : q->sort;
    if (name.n == 0 && exact) { /* exact words first, then beginnings, each by name */
        struct bits *others = bits_copy(all);
        bits_minus(others, exact);
        bits_and(exact, all);
        add_run(runs, bits_copy(exact), store_sort_field(S("display_name")), false);
        add_run(runs, others, store_sort_field(S("display_name")), false);
        return OK;
    }
    if (name.n == 0) name = S("display_name");
    if (str_eq(name, S("id")) || str_eq(name, S("created_at"))) {
        add_run(runs, bits_copy(all), 0, desc);
        return OK;
    }
    struct list_field *fields;
    int n = list_fields(c->arena, q->entity, LISTED, &fields);
    for (int i = 0; i < n; i++)
        if (str_eq(fields[i].name, name) && list_sorts_by_filter(fields[i].field))
            return runs_by_value(c, s, fields[i].field, desc, all, runs);
    return runs_by_key(c, s, name, desc, all, runs);
}

/* --- walking a run --- */

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

/* Few: all of them with their keys, sorted; then those on the far side of the place. */
static enum status take_sorted(struct ctx *c, const struct run *run, const struct list_place *from,
                               bool up, int64_t *ids, int want, int *got) {
    int n = (int)bits_count(run->bits), at = 0;
    uint32_t *numbers = arena_array(c->arena, uint32_t, n + 1);
    int64_t *all = arena_array(c->arena, int64_t, n + 1);
    struct rows r;
    bits_next(run->bits, -1, numbers, n);
    for (int i = 0; i < n; i++) all[i] = numbers[i];
    TRY(db_query(c->tx, &list_keys, &r, P("ids", sql_id_list(c->arena, all, n))));
    struct hit *hits = arena_array(c->arena, struct hit, r.n + 1);
    for (int i = 0; i < r.n; i++) {
        struct blob b = row_blob(&r, i, "sort_keys");
        hits[i] = (struct hit){ sort_keys_get((struct str){ b.p, b.n }, run->field),
                                row_int(&r, i, "id") };
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

/* Many: along the order, in chunks that grow. */
static enum status take_walking(struct ctx *c, const struct run *run, const struct list_place *from,
                                bool up, int64_t *ids, int want, int *got) {
    static const char last[] = "\xFF\xFF\xFF\xFF";
    struct str key = from ? from->key : up ? S("") : (struct str){ last, 4 };
    int64_t id = from ? from->id : up ? 0 : INT64_MAX;
    for (int chunk = FIRST_CHUNK;; chunk = chunk < LARGEST_CHUNK ? chunk * 2 : chunk) {
        struct arena_mark m = arena_mark(c->arena);
        struct rows r;
        TRY(db_query(c->tx, up ? &list_forward : &list_backward, &r, P("field", run->field),
                     P("key", ((struct blob){ key.p, key.n })), P("id", id), P("limit", chunk)));
        for (int i = 0; i < r.n && *got < want; i++) {
            int64_t one = row_cell(&r, i, 0)->i;
            if (bits_has(run->bits, (uint32_t)one)) ids[(*got)++] = one;
        }
        if (*got == want || r.n < chunk) return OK;
        id = row_cell(&r, r.n - 1, 0)->i;
        arena_back(c->arena, m);
        TRY(key_of(c, run->field, id, &key));
    }
}

/* --- with the order in memory --- */

/* How many of the order stand before a place, by the keys in the database; the keys of those who
 * changed since are no longer in order and are passed over. */
static enum status rank_of_place(struct ctx *c, const struct order *o, const struct bits *dirty,
                                 int64_t field, const struct list_place *p, uint32_t *rank) {
    uint32_t low = 0, high = o->n;
    struct hit place = { p->key, p->id };
    while (low < high) {
        uint32_t middle = low + (high - low) / 2, at = middle;
        while (at < high && bits_has(dirty, o->at[at])) at++;
        if (at == high) {
            high = middle;
            continue;
        }
        struct arena_mark m = arena_mark(c->arena);
        struct hit h = { .id = o->at[at] };
        TRY(key_of(c, field, h.id, &h.key));
        if (by_key(&h, &place) < 0)
            low = at + 1;
        else
            high = middle;
        arena_back(c->arena, m);
    }
    *rank = low;
    return OK;
}

/* The `want` smallest (or largest) ranks beyond a place among few: one pass over the set. */
static int nearest(const struct order *o, const struct bits *of, int64_t from, bool up,
                   uint32_t *ranks, int want) {
    uint32_t numbers[1024];
    int64_t after = -1;
    int n = 0, got;
    while ((got = bits_next(of, after, numbers, COUNT(numbers))) > 0) {
        after = numbers[got - 1];
        for (int i = 0; i < got; i++) {
            if (numbers[i] >= o->ranks_n || o->rank[numbers[i]] == UINT32_MAX) continue;
            int64_t rank = o->rank[numbers[i]];
            if (up ? rank < from : rank > from) continue;
            if (n == want && (up ? rank > ranks[n - 1] : rank < ranks[n - 1])) continue;
            int k = n < want ? n++ : n - 1;
            for (; k > 0 && (up ? ranks[k - 1] > rank : ranks[k - 1] < rank); k--)
                ranks[k] = ranks[k - 1];
            ranks[k] = (uint32_t)rank;
        }
    }
    return n;
}

/* The same among many: along the order. */
static int along(const struct order *o, const struct bits *of, int64_t from, bool up,
                 uint32_t *ranks, int want) {
    int n = 0;
    for (int64_t at = from; n < want && at >= 0 && at < o->n; at += up ? 1 : -1)
        if (bits_has(of, o->at[at])) ranks[n++] = (uint32_t)at;
    return n;
}

/* Who changed since the snapshot comes with his key of now; then all together are cut to size. */
static enum status with_dirty(struct ctx *c, const struct run *run, struct bits *dirty,
                              const struct list_place *from, bool up, int64_t *ids, int want,
                              int *n) {
    struct bits *all = bits_copy(dirty);
    struct run few = { .bits = all, .field = run->field };
    int got = 0;
    bits_and(all, run->bits);
    enum status st = OK;
    if (bits_count(all) > 0) {
        for (int i = 0; i < *n; i++) bits_add(all, (uint32_t)ids[i]);
        st = take_sorted(c, &few, from, up, ids, want, &got);
        *n = got;
    }
    bits_free(all);
    return st;
}

static enum status take_ordered(struct ctx *c, const struct run *run, const struct order *o,
                                struct bits *dirty, const struct list_place *from, bool up,
                                int64_t *ids, int want, int *got) {
    uint32_t ranks[LIMIT_PAGE_N + 1], at = 0;
    int64_t start = up ? 0 : (int64_t)o->n - 1;
    int room = want - *got;
    if (from) {
        TRY(rank_of_place(c, o, dirty, run->field, from, &at));
        while (at < o->n && bits_has(dirty, o->at[at])) at++;
        bool itself = at < o->n && o->at[at] == from->id;
        start = up ? (int64_t)at + itself : (int64_t)at - 1;
    }
    struct bits *clean = run->bits;
    if (bits_count(dirty)) {
        clean = bits_copy(run->bits);
        bits_minus(clean, dirty);
    }
    bool few = bits_count(clean) < (int64_t)o->n / 4;
    int n =
        few ? nearest(o, clean, start, up, ranks, room) : along(o, clean, start, up, ranks, room);
    for (int i = 0; i < n; i++) ids[*got + i] = o->at[ranks[i]];
    enum status st = OK;
    if (clean != run->bits) {
        bits_free(clean);
        st = with_dirty(c, run, dirty, from, up, ids + *got, room, &n);
    }
    *got += n;
    return st;
}

static int take_by_id(const struct run *run, const struct list_place *from, bool up, int64_t *ids,
                      int want) {
    uint32_t numbers[LIMIT_PAGE_N + 1];
    int n = up ? bits_next(run->bits, from ? from->id : -1, numbers, want)
               : bits_prev(run->bits, from ? from->id : INT64_MAX, numbers, want);
    for (int i = 0; i < n; i++) ids[i] = numbers[i];
    return n;
}

/* A step of a walk costs about a quarter of fetching and sorting one hit. */
static bool better_sorted(int64_t hits, int64_t all, int want) {
    return hits * 4 < (int64_t)want * all / hits;
}

static enum status take(struct ctx *c, const struct run *run, int64_t all_n,
                        const struct list_place *from, bool forward, int64_t *ids, int want,
                        int *got) {
    bool up = forward != run->desc;
    int64_t hits = bits_count(run->bits);
    if (hits == 0) return OK;
    if (run->field == 0) {
        *got += take_by_id(run, from, up, ids + *got, want - *got);
        return OK;
    }
    if (hits < 64) return take_sorted(c, run, from, up, ids, want, got);
    const struct order *order;
    struct bits *dirty;
    TRY(order_get(c, run->field, &order, &dirty));
    if (order) {
        enum status st = take_ordered(c, run, order, dirty, from, up, ids, want, got);
        bits_free(dirty);
        order_put(c, order);
        return st;
    }
    if (better_sorted(hits, all_n, want - *got))
        return take_sorted(c, run, from, up, ids, want, got);
    return take_walking(c, run, from, up, ids, want, got);
}

/* Up to `want` ids from the place on, through the runs; run_of[i] tells where id i stood. */
static enum status collect(struct ctx *c, const struct runs *runs, int64_t all_n,
                           const struct list_place *from, bool forward, int64_t *ids, int *run_of,
                           int want, int *got) {
    *got = 0;
    int first = from ? from->run : forward ? 0 : runs->n - 1;
    for (int i = first; i >= 0 && i < runs->n && *got < want; i += forward ? 1 : -1) {
        int before = *got;
        TRY(take(c, &runs->v[i], all_n, i == first ? from : NULL, forward, ids, want, got));
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

static enum status fill_page(struct ctx *c, const struct list_query *q, const struct runs *runs,
                             struct list_page *out) {
    struct rows r;
    struct list_place place;
    bool has, forward = q->before.n == 0;
    int want = q->limit + 1, n = 0, seen = 0;
    int64_t *ids = arena_array(c->arena, int64_t, want), one;
    int *run_of = arena_array(c->arena, int, want), its_run;
    TRY(starting_place(c, q, runs, &place, &has));
    TRY(db_query(c->tx, &list_count_all, &r));
    int64_t all_n = row_int(&r, 0, "n");
    TRY(collect(c, runs, all_n, has ? &place : NULL, forward, ids, run_of, want, &n));
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
        TRY(collect(c, runs, all_n, &at, false, &one, &its_run, 1, &seen));
        if (seen == 0) out->prev = NO_STR;
    } else if (!forward && more) {
        TRY(place_of(c, runs, run_of[0], ids[0], &out->prev));
    }
    return OK;
}

enum status list_index_run(struct ctx *c, const struct list_query *q, struct list_page *out) {
    struct search *search;
    struct bits *all, *exact;
    TRY(list_index_bits(c, q, &search, &all, &exact));
    struct runs *runs = arena_new_of(c->arena, struct runs);
    if (!q->no_total) out->total = bits_count(all);
    enum status st = make_runs(c, q, search, all, exact, runs);
    if (st == OK) st = fill_page(c, q, runs, out);
    for (int i = 0; i < runs->n; i++) bits_free(runs->v[i].bits);
    bits_free(all);
    bits_free(exact);
    return st;
}
