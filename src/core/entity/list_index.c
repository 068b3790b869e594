/* Which parties a list shows: criteria, rights and words meet as bitmaps. In which order they come
 * is list_runs.c. Called by list.c and list_runs.c; calls core/search and lib/db. */
#include "core/entity/list_index.h"

#include "core/entity/order.h"
#include "core/entity/store_index.h"
#include "core/entity/store_sql.h"
#include "lib/locale/phone.h"
#include "lib/text/fold.h"

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
enum status list_meet_visible(struct ctx *c, struct search *s, struct bits *with) {
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

struct strs list_query_words(struct ctx *c, struct str typed) {
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
static enum status drop_hidden_words(struct ctx *c, const struct entity *e, struct str typed,
                                     struct bits *with) {
    uint32_t numbers[500];
    int64_t ids[500], after = -1;
    struct strs words = list_query_words(c, typed);
    int n;
    while ((n = bits_next(with, after, numbers, COUNT(numbers))) > 0) {
        struct arena_mark m = arena_mark(c->arena);
        struct rows r;
        for (int i = 0; i < n; i++) ids[i] = numbers[i];
        after = numbers[n - 1];
        TRY(db_query(c->tx, &list_hidden_bonds, &r, P("ids", sql_id_list(c->arena, ids, n)),
                     P_VISIBLE(c)));
        for (int i = 0; i < r.n; i++) {
            void *row = arena_alloc(c->arena, e->size);
            struct terms seen;
            bool fits = true;
            TRY(store_load_binned(c, e, row_int(&r, i, "id"), row));
            TRY(index_terms_seen(c, e, row, &seen));
            for (int k = 0; k < words.n && fits; k++) fits = word_fits(&seen, words.v[k]);
            if (!fits) bits_remove(with, (uint32_t)row_int(&r, i, "id"));
        }
        arena_back(c->arena, m);
    }
    return OK;
}

enum status list_index_words(struct ctx *c, const struct entity *e, struct search *s,
                             struct str typed, struct bits *with, struct bits **exact) {
    struct strs words = list_query_words(c, typed);
    struct found f;
    TRY(search_words(s, &words, &f));
    enum status st = drop_wrong_phones(c, &f);
    bits_and(with, f.all);
    *exact = f.exact;
    f.exact = NULL;
    found_free(&f);
    return st == OK && c->who.sees != SEES_ALL ? drop_hidden_words(c, e, typed, with) : st;
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
    TRY(search_open(c->tx, orders_memory(c->orders), search));
    TRY(search_term(*search, q->binned ? S("x") : S("a"), &b));
    if (q->only_n) meet_only(q, b);
    enum status st = list_meet_visible(c, *search, b);
    if (st == OK) st = meet_filters(c, q, *search, b);
    if (st == OK && q->within) st = q->within->meet(c, *search, q->within, b);
    if (st == OK && q->search.n) st = list_index_words(c, q->entity, *search, q->search, b, exact);
    if (st != OK) {
        bits_free(b);
        bits_free(*exact);
        return st;
    }
    *all = b;
    return OK;
}
