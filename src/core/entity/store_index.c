/* Search terms and sort values of a record, from its fields. Called by the store and by daftar
 * rebuild; calls core/search. */
#include "core/entity/store_index.h"

#include "core/entity/list.h"
#include "core/entity/moved.h"
#include "lib/locale/phone.h"
#include "lib/text/fold.h"

SQL(sort_put,
    "INSERT INTO sort_value (field, key, id) VALUES (:field, :key, :id) ON CONFLICT DO NOTHING");
/* A record has some ten: a statement for each four. In the words of SQLite that cannot fail half
 * way, else it keeps a copy of each page that it touches. */
#define SORT_FOUR                                                                                  \
    " INTO sort_value (field, key, id) VALUES (:field, :key, :id), (:field2, :key2, :id), "        \
    "(:field3, :key3, :id), (:field4, :key4, :id)"
SQL2(sort_put_four, "INSERT OR IGNORE" SORT_FOUR, "INSERT" SORT_FOUR " ON CONFLICT DO NOTHING");
SQL(sort_drop, "DELETE FROM sort_value WHERE field = :field AND key = :key AND id = :id");
SQL(party_sort_keys, "SELECT sort_keys FROM party WHERE id = :id");
SQL(party_put_sort_keys, "UPDATE party SET sort_keys = :keys WHERE id = :id");

int64_t store_sort_field(struct str list_name) {
    return (int64_t)(hash_bytes(list_name.p, list_name.n, 0) & 0x7FFFFFFF);
}

static void words(struct ctx *c, const struct field *f, struct value v, struct terms *out) {
    struct strs w = { 0 };
    if (f->kind == &kind_phone) {
        terms_digits(out, fold_digits(c->arena, v.s));
        return;
    }
    if (f->kind == &kind_email)
        fold_email_words(c->arena, v.s, &w);
    else
        fold_words(c->arena, f->kind->show(c, f, v), &w);
    for (int i = 0; i < w.n; i++) terms_word(out, w.v[i]);
}

/* Of own fields «has a value» is always there: so many clients have one is said before removing. */
static void own_terms(struct ctx *c, const struct field *f, struct value v, struct terms *out) {
    struct str code;
    terms_add(out, str_printf(c->arena, "h%s", f->name));
    if (!(f->is & TERMS) || !f->kind->filter_key) return;
    if (f->kind != &kind_choices) {
        terms_filter(out, f->name, f->kind->filter_key(c, f, v));
        return;
    }
    while (str_cut(&v.s, ',', &code)) terms_filter(out, f->name, code);
}

static void field_terms(struct ctx *c, const struct entity *e, const void *row, struct terms *out) {
    for (int i = 0; i < e->fields_n; i++) {
        const struct field *f = &e->fields[i];
        struct value v = field_get(f, row);
        if (value_empty(f, v)) continue;
        if (f->is & SEARCHED) words(c, f, v, out);
        if (f->custom)
            own_terms(c, f, v, out);
        else if ((f->is & FILTERED) && f->kind->filter_key)
            terms_filter(out, f->name, f->kind->filter_key(c, f, v));
        if (!strcmp(f->name, "e164")) { /* +98912… is found by 0912… too */
            terms_digits(out, fold_digits(c->arena, v.s));
            terms_digits(out, fold_digits(c->arena, phone_show_national(c->arena, v.s)));
        }
    }
}

/* Alive, in the bin, or a part of another, which stands in no list. */
static enum status state_term(struct ctx *c, const struct entity *e, const void *row,
                              struct terms *out) {
    int64_t to = 0;
    bool binned = row_head_of(row)->deleted_at != 0;
    if (binned) TRY(moved_to(c, e, row_head_of(row)->id, &to));
    terms_add(out, to ? S("m") : binned ? S("x") : S("a"));
    return OK;
}

static enum status terms_of(struct ctx *c, const struct entity *e, const void *row,
                            const struct terms *more, struct terms *out) {
    *out = (struct terms){ .arena = c->arena };
    if (!row) return OK;
    TRY(state_term(c, e, row, out));
    field_terms(c, e, row, out);
    for (int i = 0; i < e->manys_n; i++) {
        struct many_rows r = many_get(&e->manys[i], row);
        for (int k = 0; k < r.n; k++)
            field_terms(c, e->manys[i].child, many_at(&e->manys[i], r, k), out);
    }
    struct list_field *fields;
    int n = list_fields(c->arena, e, LISTED, &fields);
    for (int i = 0; i < n; i++) /* «has a value», for sorting those without it last */
        if (!fields[i].field->custom && !list_sorts_by_filter(fields[i].field) &&
            list_sort_key(c, &fields[i], row).n)
            terms_has(out, fields[i].name);
    if (e->keys) e->keys(c, row, out);
    for (int i = 0; more && i < more->n; i++) terms_add(out, more->v[i]);
    terms_sort(out);
    return OK;
}

/* The index belongs to the program, whoever writes: words of what the writer may not see too. */
static enum status all_terms(struct ctx *c, const struct entity *e, const void *row,
                             struct terms *out) {
    enum sees own = c->who.sees;
    c->who.sees = SEES_ALL;
    enum status st = e->terms(c, row, out);
    c->who.sees = own;
    return st;
}

enum status index_terms_seen(struct ctx *c, const struct entity *e, const void *row,
                             struct terms *out) {
    e = entity_whole(c, e);
    struct terms more = { .arena = c->arena };
    if (e->terms) TRY(e->terms(c, row, &more));
    return terms_of(c, e, row, &more, out);
}

static void pack_key(struct buf *b, struct str name, struct str key) {
    uint32_t field = (uint32_t)store_sort_field(name);
    if (key.n == 0) return;
    buf_add(b, (struct str){ (const char *)&field, 4 });
    buf_add_c(b, (char)key.n);
    buf_add(b, key);
}

static struct str sort_keys_of(struct ctx *c, const struct entity *e, const void *row) {
    struct buf b = { .arena = c->arena };
    struct list_field *fields;
    int n = list_fields(c->arena, e, LISTED | KEYS, &fields);
    for (int i = 0; i < n; i++)
        if (!list_sorts_by_filter(fields[i].field) &&
            (!fields[i].field->custom || (fields[i].field->is & KEYS)))
            pack_key(&b, fields[i].name, list_sort_key(c, &fields[i], row));
    unsigned char at[8];
    uint64_t u = (uint64_t)row_head_of(row)->changed_at;
    for (int k = 7; k >= 0; k--, u >>= 8) at[k] = (unsigned char)u;
    pack_key(&b, S("changed_at"), (struct str){ (const char *)at, 8 });
    return buf_str(&b);
}

bool sort_keys_next(struct str *rest, int64_t *field, struct str *key) {
    uint32_t number;
    if (rest->n < 5) return false;
    memcpy(&number, rest->p, 4);
    size_t n = (unsigned char)rest->p[4];
    if (rest->n < 5 + n) return false;
    *field = number;
    *key = str_sub(*rest, 5, n);
    *rest = str_sub(*rest, 5 + n, SIZE_MAX);
    return true;
}

struct str sort_keys_get(struct str packed, int64_t field) {
    int64_t number;
    struct str key;
    while (sort_keys_next(&packed, &number, &key))
        if (number == field) return key;
    return NO_STR;
}

enum status index_prepare(struct ctx *c, const struct entity *e, const void *before,
                          const void *row, struct index_change *out) {
    e = entity_whole(c, e);
    struct terms more = { .arena = c->arena };
    struct rows r;
    if (before && row && e->terms) TRY(all_terms(c, e, row, &more));
    TRY(terms_of(c, e, before, &more, &out->before));
    TRY(terms_of(c, e, row, &more, &out->after));
    out->sort_keys = sort_keys_of(c, e, row ? row : before);
    out->sort_before = NO_STR;
    if (!before) return OK;
    TRY(db_query(c->tx, &party_sort_keys, &r, P("id", row_head_of(before)->id)));
    struct blob was = row_blob(&r, 0, "sort_keys");
    out->sort_before = (struct str){ was.p, was.n };
    return OK;
}

struct sort_key {
    int64_t field;
    struct blob key;
};

static enum status put_keys(struct ctx *c, int64_t id, const struct sort_key *v, int n) {
    if (n == 2 || n == 3) { /* the last one twice is cheaper than a statement for each */
        struct sort_key four[4] = { v[0], v[1], v[n - 1], v[n - 1] };
        return put_keys(c, id, four, 4);
    }
    if (n == 4)
        return db_later(c->tx, &sort_put_four, P("field", v[0].field), P("key", v[0].key),
                        P("id", id), P("field2", v[1].field), P("key2", v[1].key),
                        P("field3", v[2].field), P("key3", v[2].key), P("field4", v[3].field),
                        P("key4", v[3].key));
    for (int i = 0; i < n; i++)
        TRY(db_later(c->tx, &sort_put, P("field", v[i].field), P("key", v[i].key), P("id", id)));
    return OK;
}

static enum status drop_keys(struct ctx *c, int64_t id, const struct sort_key *v, int n) {
    for (int i = 0; i < n; i++)
        TRY(db_later(c->tx, &sort_drop, P("field", v[i].field), P("key", v[i].key), P("id", id)));
    return OK;
}

/* Those of keys that other does not hold. */
static enum status write_keys(struct ctx *c, int64_t id, struct str keys, struct str other,
                              enum status (*write)(struct ctx *c, int64_t id,
                                                   const struct sort_key *v, int n)) {
    int64_t field;
    struct str key;
    struct sort_key four[4];
    int n = 0;
    while (sort_keys_next(&keys, &field, &key)) {
        if (str_eq(sort_keys_get(other, field), key)) continue;
        four[n++] = (struct sort_key){ field, { key.p, key.n } };
        if (n < 4) continue;
        TRY(write(c, id, four, n));
        n = 0;
    }
    return write(c, id, four, n);
}

enum status index_write(struct ctx *c, int64_t id, const struct index_change *change) {
    TRY(change->packed.n ? search_write_new(c->tx, id, change->packed)
                         : search_write(c->tx, id, &change->before, &change->after));
    TRY(write_keys(c, id, change->sort_before, change->sort_keys, drop_keys));
    return write_keys(c, id, change->sort_keys, change->sort_before, put_keys);
}

enum status store_index_anew(struct ctx *c, const struct entity *e, const void *row) {
    e = entity_whole(c, e);
    struct terms more = { .arena = c->arena };
    struct index_change change = { 0 };
    int64_t id = row_head_of(row)->id;
    if (e->terms) TRY(all_terms(c, e, row, &more));
    TRY(terms_of(c, e, row, &more, &change.after));
    change.sort_keys = sort_keys_of(c, e, row);
    struct blob keys = { change.sort_keys.p, change.sort_keys.n };
    TRY(db_run(c->tx, &party_put_sort_keys, P("keys", keys), P("id", id)));
    return index_write(c, id, &change);
}

enum status store_reorder(struct ctx *c, const struct entity *e, const void *row) {
    e = entity_whole(c, e);
    struct index_change change;
    TRY(index_prepare(c, e, row, row, &change));
    if (str_eq(change.sort_before, change.sort_keys)) return OK;
    struct blob keys = { change.sort_keys.p, change.sort_keys.n };
    TRY(db_run(c->tx, &party_put_sort_keys, P("keys", keys), P("id", row_head_of(row)->id)));
    return index_write(c, row_head_of(row)->id, &change);
}

enum status store_index_own(struct ctx *c, const struct entity *e, int64_t custom,
                            const void *row) {
    struct terms got = { .arena = c->arena };
    struct rows r;
    int64_t id = row_head_of(row)->id;
    e = entity_whole(c, e);
    for (int i = 0; i < e->fields_n; i++) {
        const struct field *f = &e->fields[i];
        if (f->custom == custom && !value_empty(f, field_get(f, row)))
            own_terms(c, f, field_get(f, row), &got);
    }
    terms_sort(&got);
    TRY(search_write(c->tx, id, NULL, &got));
    TRY(db_query(c->tx, &party_sort_keys, &r, P("id", id)));
    struct blob was = row_blob(&r, 0, "sort_keys");
    struct str before = { was.p, was.n }, now = sort_keys_of(c, e, row);
    if (str_eq(before, now)) return OK;
    TRY(db_run(c->tx, &party_put_sort_keys, P("keys", ((struct blob){ now.p, now.n })),
               P("id", id)));
    TRY(write_keys(c, id, before, now, drop_keys));
    return write_keys(c, id, now, before, put_keys);
}

enum status store_index_keys(struct ctx *c, const struct entity *e, const void *row) {
    struct terms got = { .arena = c->arena };
    if (!e->keys) return OK;
    e->keys(c, row, &got);
    terms_sort(&got);
    return search_write(c->tx, row_head_of(row)->id, NULL, &got);
}

static bool terms_have(const struct terms *t, struct str term) {
    for (int i = 0; i < t->n; i++)
        if (str_eq(t->v[i], term)) return true;
    return false;
}

enum status store_reindex(struct ctx *c, const struct entity *e, int64_t id, struct terms *lost,
                          struct terms *got) {
    e = entity_whole(c, e);
    struct terms more = { .arena = c->arena }, now, was = { .arena = c->arena };
    void *row = arena_alloc(c->arena, e->size);
    struct member_who who = c->who; /* the index belongs to the program, whoever writes */
    c->who.sees = SEES_ALL;
    enum status st = store_load_binned(c, e, id, row);
    c->who = who;
    if (st == MISSING) return OK;
    TRY(st);
    if (e->terms) TRY(all_terms(c, e, row, &more));
    TRY(terms_of(c, e, row, &more, &now));
    for (int i = 0; i < now.n; i++)
        if (!terms_have(got, now.v[i])) terms_add(&was, now.v[i]);
    for (int i = 0; i < lost->n; i++) terms_add(&was, lost->v[i]);
    terms_sort(&was);
    return search_write(c->tx, id, &was, &now);
}
