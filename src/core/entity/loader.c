/* Index rows of many new records, kept until the end of their transaction (loader.h). Called by the
 * store (store_index.c) and by who makes records in bulk (features/demo); calls core/search. */
#include "core/entity/loader.h"

#include "core/entity/store_index.h"
#include "core/search/gather.h"

#define ROW(i) "(:field" i ", :key" i ", :id" i ")"
SQL(loader_sort_eight,
    "INSERT INTO sort_value (field, key, id) VALUES " ROW("0") ", " ROW("1") ", " ROW("2") ", " ROW(
        "3") ", " ROW("4") ", " ROW("5") ", " ROW("6") ", " ROW("7"));
SQL(loader_sort_one, "INSERT INTO sort_value (field, key, id) VALUES " ROW("0"));
#undef ROW

struct sort_row {
    uint32_t field;
    uint32_t key_n;
    uint64_t begins; /* the key's first bytes: most comparisons end here */
    const char *key;
    int64_t id;
};
struct loader {
    struct gather *terms;
    struct arena *keys;
    struct sort_row *rows;
    size_t n, cap;
};

struct loader *loader_new(void) {
    struct loader *l = calloc(1, sizeof *l);
    if (!l) BUG("out of memory");
    l->terms = gather_new();
    l->keys = arena_new();
    return l;
}

void loader_free(struct loader *l) {
    if (!l) return;
    gather_free(l->terms);
    arena_free(l->keys);
    free(l->rows);
    free(l);
}

enum status loader_begin(struct ctx *c, struct loader *l) {
    gather_forget(l->terms);
    arena_reset(l->keys);
    l->n = 0;
    return gather_begin(c->tx);
}

void loader_terms(struct loader *l, int64_t id, const struct terms *more) {
    gather_add(l->terms, id, more);
}

static void add_row(struct loader *l, int64_t field, struct str key, int64_t id) {
    if (l->n == l->cap) {
        l->cap = l->cap ? l->cap * 2 : 1 << 12;
        l->rows = realloc(l->rows, arena_mul_(l->cap, sizeof *l->rows));
        if (!l->rows) BUG("out of memory");
    }
    uint64_t begins = 0;
    for (size_t k = 0; k < 8; k++) begins = begins << 8 | (k < key.n ? (unsigned char)key.p[k] : 0);
    l->rows[l->n++] = (struct sort_row){
        .field = (uint32_t)field, .key_n = (uint32_t)key.n, .begins = begins, .key = key.p, .id = id
    };
}

void loader_take(struct loader *l, int64_t id, const struct index_change *change) {
    int64_t field;
    struct str key;
    gather_add(l->terms, id, &change->after);
    struct str keys = str_dup(l->keys, change->sort_keys);
    while (sort_keys_next(&keys, &field, &key)) add_row(l, field, key, id);
}

static int as_in_table(const void *a, const void *b) {
    const struct sort_row *x = a, *y = b;
    if (x->field != y->field) return x->field < y->field ? -1 : 1;
    if (x->begins != y->begins) return x->begins < y->begins ? -1 : 1;
    int c = str_cmp((struct str){ x->key, x->key_n }, (struct str){ y->key, y->key_n });
    return c ? c : (x->id > y->id) - (x->id < y->id);
}

enum { EIGHT = 8 };

static enum status put_rows(struct tx *tx, const struct sort_row *v, int n) {
    static const char *const names[EIGHT][3] = {
        { "field0", "key0", "id0" }, { "field1", "key1", "id1" }, { "field2", "key2", "id2" },
        { "field3", "key3", "id3" }, { "field4", "key4", "id4" }, { "field5", "key5", "id5" },
        { "field6", "key6", "id6" }, { "field7", "key7", "id7" }
    };
    struct param p[1 + 3 * EIGHT] = { { 0 } };
    for (int i = 0; i < n; i++) {
        p[1 + 3 * i] = param_int(names[i][0], v[i].field);
        p[2 + 3 * i] = param_blob(names[i][1], (struct blob){ v[i].key, v[i].key_n });
        p[3 + 3 * i] = param_int(names[i][2], v[i].id);
    }
    return db_later_(tx, n == EIGHT ? &loader_sort_eight : &loader_sort_one, p,
                     (size_t)(1 + 3 * n));
}

static enum status write_rows(struct tx *tx, struct loader *l) {
    if (l->n) qsort(l->rows, l->n, sizeof *l->rows, as_in_table);
    for (size_t at = 0; at < l->n;) {
        int n = l->n - at < EIGHT ? 1 : EIGHT;
        struct arena_mark m = arena_mark(tx_arena(tx));
        TRY(put_rows(tx, l->rows + at, n));
        arena_back(tx_arena(tx), m);
        at += (size_t)n;
    }
    return OK;
}

enum status loader_end(struct ctx *c, struct loader *l) {
    TRY(write_rows(c->tx, l));
    TRY(gather_write(c->tx, l->terms));
    arena_reset(l->keys);
    l->n = 0;
    return OK;
}
