/* See order.h. Called by list_take.c and, every second, by the server's tick; calls lib/db. A
 * snapshot is filled once by walking its values; changes then move single clients to the place of
 * their new neighbour, in a copy, until so many have moved that filling anew is better. */
#include "core/entity/order.h"

#include <pthread.h>

#include "core/entity/kept.h"
#include "core/entity/store.h"
#include "core/entity/store_index.h"
#include "core/entity/store_sql.h"
#include "lib/base/clock.h"

enum {
    CHUNK = 8192,
    DIRTY_MAX = 4000,
    CALM_TIMES = 20,
    SLOTS_N = 64,
    UNUSED_MS = 600000, /* an order that nobody asked for goes */
};

SQL(order_facts, "SELECT coalesce((SELECT max(id) FROM change), 0) AS change, "
                 "coalesce((SELECT max(id) FROM party), 0) AS last, "
                 "coalesce((SELECT value FROM meta WHERE key = 'order_epoch'), '') AS epoch");
SQL(order_chunk, "SELECT key, id FROM sort_value WHERE field = :field AND (key, id) > (:key, :id) "
                 "ORDER BY key, id LIMIT :limit");
/* By number only: entity || '' keeps SQLite from walking the index of all changes to parties.
 * PostgreSQL numbers changes before they commit: numbers that were missing may come later. */
SQL2(order_changed,
     "SELECT row_id FROM change WHERE id > :since AND entity || '' = 'party' AND "
     "CAST(:missing AS TEXT) IS NOT NULL ORDER BY id LIMIT :limit",
     "(SELECT row_id FROM change WHERE id > :since AND entity || '' = 'party' "
     "ORDER BY id LIMIT :limit) UNION ALL SELECT row_id FROM change WHERE id = "
     "ANY(CAST(translate(:missing, '[]', '{}') AS bigint[])) AND entity || '' = 'party'");
SQL2(order_missing, "SELECT 0 AS id WHERE :change < 0",
     "SELECT n AS id FROM generate_series(greatest(:change - 2000, 1), :change) AS n "
     "WHERE NOT EXISTS (SELECT 1 FROM change WHERE change.id = n)");
SQL2(order_keys, "SELECT id, sort_keys FROM party WHERE id IN (SELECT value FROM json_each(:ids))",
     "SELECT id, sort_keys FROM party WHERE id = ANY(CAST(translate(:ids, '[]', '{}') AS "
     "bigint[]))");
SQL(order_next, "SELECT id FROM sort_value WHERE field = :field AND (key, id) > (:key, :id) "
                "ORDER BY key, id LIMIT 1");
SQL(order_epoch_put,
    "INSERT INTO meta (key, value) VALUES ('order_epoch', '1') ON CONFLICT (key) DO UPDATE "
    "SET value = CAST(CAST(meta.value AS BIGINT) + 1 AS TEXT)");

struct slot {
    int64_t field, used_us, filled_us, took_us;
    struct order *now; /* NULL: wanted, not there yet */
};
struct orders {
    pthread_mutex_t lock;
    struct slot v[SLOTS_N];
    int n;
    struct search_memory *memory;
    struct kept *kept;
};

static struct orders *orders_with(struct search_memory *memory) {
    struct orders *o = calloc(1, sizeof *o);
    if (!o) BUG("out of memory");
    pthread_mutex_init(&o->lock, NULL);
    o->memory = memory;
    o->kept = kept_new();
    return o;
}

struct orders *orders_of_writer(size_t index_bytes) {
    return orders_with(search_memory_of_writer(index_bytes));
}

struct orders *orders_new(void) {
    struct orders *o = orders_with(search_memory_new(ORDERS_MEMORY_BYTES));
    o->v[0] = (struct slot){ .field = store_sort_field(S("display_name")) };
    o->n = 1;
    return o;
}

static void release(struct order *order) { /* with the lock held */
    if (!order || --order->refs > 0) return;
    free(order->place);
    free((char *)order->epoch.p);
    free((char *)order->missing.p);
    free(order);
}

void orders_free(struct orders *o) {
    if (!o) return;
    for (int i = 0; i < o->n; i++) release(o->v[i].now);
    search_memory_free(o->memory);
    kept_free(o->kept);
    pthread_mutex_destroy(&o->lock);
    free(o);
}

struct search_memory *orders_memory(struct orders *o) {
    return o ? o->memory : NULL;
}

struct kept *orders_kept(struct orders *o) {
    return o ? o->kept : NULL;
}

static size_t bytes_of(const struct order *order) {
    return order ? order->n * sizeof *order->place : 0;
}

static size_t all_bytes(const struct orders *o) {
    size_t n = 0;
    for (int i = 0; i < o->n; i++) n += bytes_of(o->v[i].now);
    return n;
}

size_t orders_bytes(struct orders *o) {
    pthread_mutex_lock(&o->lock);
    size_t n = all_bytes(o);
    pthread_mutex_unlock(&o->lock);
    return n;
}

enum status orders_outdate(struct tx *tx) {
    return db_run(tx, &order_epoch_put);
}

static void *room(size_t n, size_t size) {
    void *p = calloc(n ? n : 1, size);
    if (!p) BUG("out of memory");
    return p;
}

static struct str kept(struct str s) {
    char *p = room(s.n + 1, 1);
    if (s.n) memcpy(p, s.p, s.n);
    return (struct str){ p, s.n };
}

/* --- making one --- */

struct facts {
    int64_t change, last;
    struct str epoch, missing;
};

static enum status facts_of(struct tx *tx, struct facts *f) {
    struct rows r;
    TRY(db_query(tx, &order_facts, &r));
    *f = (struct facts){ .change = row_int(&r, 0, "change"),
                         .last = row_int(&r, 0, "last"),
                         .epoch = row_str(&r, 0, "epoch") };
    return OK;
}

static enum status missing_of(struct tx *tx, struct facts *f) {
    struct rows r;
    TRY(db_query(tx, &order_missing, &r, P("change", f->change)));
    int64_t *ids = arena_array(tx_arena(tx), int64_t, r.n + 1);
    for (int i = 0; i < r.n; i++) ids[i] = row_int(&r, i, "id");
    f->missing = r.n ? sql_id_list(tx_arena(tx), ids, r.n) : NO_STR;
    return OK;
}

static struct order *empty_order(int64_t field, const struct facts *f) {
    struct order *o = room(1, sizeof *o);
    *o = (struct order){ .refs = 1,
                         .field = field,
                         .change = f->change,
                         .n = (uint32_t)f->last + 1,
                         .epoch = kept(f->epoch),
                         .missing = kept(f->missing) };
    o->place = room(o->n, sizeof *o->place);
    memset(o->place, 0xFF, o->n * sizeof *o->place);
    return o;
}

static enum status fill(struct tx *tx, struct order *order) {
    struct arena *a = tx_arena(tx);
    char key[256] = "";
    struct blob after = { key, 0 };
    int64_t id = 0, rank = 0;
    int64_t of = order->n > ORDER_LAST ? order->n : ORDER_LAST;
    for (bool more = true; more;) {
        struct arena_mark m = arena_mark(a);
        struct rows r;
        TRY(db_query(tx, &order_chunk, &r, P("field", order->field), P("key", after), P("id", id),
                     P("limit", CHUNK)));
        for (int i = 0; i < r.n; i++) {
            id = row_cell(&r, i, 1)->i;
            if (id <= 0 || id >= order->n) return BROKEN;
            order->place[id] = (uint16_t)(rank++ * ORDER_LAST / of);
        }
        more = r.n == CHUNK;
        if (more) {
            struct blob last = row_blob(&r, r.n - 1, "key");
            if (last.n > sizeof key) return BROKEN;
            memcpy(key, last.p, last.n);
            after.n = last.n;
        }
        arena_back(a, m);
    }
    return OK;
}

/* --- moving single clients --- */

struct moved {
    struct str key;
    int64_t id;
};

static int from_behind(const void *a, const void *b) {
    const struct moved *x = a, *y = b;
    int c = str_cmp(y->key, x->key);
    return c ? c : (y->id > x->id) - (y->id < x->id);
}

/* From the last to the first, so that a neighbour that moved too has its new place already. */
static enum status move(struct tx *tx, struct order *order, const struct rows *keys) {
    struct moved *v = arena_array(tx_arena(tx), struct moved, keys->n + 1);
    int n = 0;
    for (int i = 0; i < keys->n; i++) {
        struct blob b = row_blob(keys, i, "sort_keys");
        struct moved one = { sort_keys_get((struct str){ b.p, b.n }, order->field),
                             row_int(keys, i, "id") };
        if (one.id <= 0 || one.id >= order->n) return BROKEN;
        order->place[one.id] = ORDER_NONE;
        if (one.key.n) v[n++] = one;
    }
    qsort(v, (size_t)n, sizeof *v, from_behind);
    for (int i = 0; i < n; i++) {
        struct arena_mark m = arena_mark(tx_arena(tx));
        struct rows r;
        TRY(db_query(tx, &order_next, &r, P("field", order->field),
                     P("key", ((struct blob){ v[i].key.p, v[i].key.n })), P("id", v[i].id)));
        int64_t next = r.n ? row_cell(&r, 0, 0)->i : 0;
        /* without history (not ours): fill anew */
        if (next >= order->n || (next && order->place[next] == ORDER_NONE)) return MISSING;
        order->place[v[i].id] = next ? order->place[next] : ORDER_LAST;
        arena_back(tx_arena(tx), m);
    }
    order->moved_n += keys->n;
    return OK;
}

static enum status changed_since(struct tx *tx, const struct order *order, struct rows *r) {
    struct str missing = order->missing.n ? order->missing : S("[]");
    return db_query(tx, &order_changed, r, P("since", order->change), P("missing", missing),
                    P("limit", DIRTY_MAX + 1));
}

static enum status moved(struct tx *tx, const struct order *old, struct rows *r, struct order *o) {
    int64_t *ids = arena_array(tx_arena(tx), int64_t, r->n + 1);
    for (int i = 0; i < r->n; i++) ids[i] = row_cell(r, i, 0)->i;
    memcpy(o->place, old->place, (old->n < o->n ? old->n : o->n) * sizeof *o->place);
    o->moved_n = old->moved_n;
    TRY(db_query(tx, &order_keys, r, P("ids", sql_id_list(tx_arena(tx), ids, r->n))));
    return move(tx, o, r);
}

/* The next snapshot: with what changed since the last, or filled anew if that is better and it is
 * its turn; *out NULL: the last will do for now. */
static enum status successor(struct tx *tx, const struct slot *slot, bool may_fill,
                             struct order **out, bool *filled) {
    const struct order *old = slot->now;
    struct facts f;
    struct rows r = { 0 };
    *out = NULL;
    TRY(facts_of(tx, &f));
    bool same = old && str_eq(f.epoch, old->epoch);
    may_fill = may_fill && clock_mono_us() - slot->filled_us > slot->took_us * CALM_TIMES;
    if (same && f.change == old->change && !old->missing.n) return OK;
    if (same) TRY(changed_since(tx, old, &r));
    if (same && r.n == 0 && f.change == old->change) return OK;
    bool few = same && old->moved_n + r.n <= f.last / 20 + 1000;
    bool moves = same && r.n <= DIRTY_MAX;
    *filled = may_fill && !(few && moves);
    if (!*filled && !moves) return OK;
    TRY(missing_of(tx, &f));
    *out = empty_order(slot->field, &f);
    return *filled ? fill(tx, *out) : moved(tx, old, &r, *out);
}

static enum status refresh_one(struct orders *o, int i, struct db *db, bool may_fill,
                               bool *filled) {
    struct arena *a = arena_new();
    struct order *next = NULL;
    struct tx *tx;
    int64_t from = clock_mono_us();
    pthread_mutex_lock(&o->lock);
    struct slot slot = o->v[i];
    if (slot.now) slot.now->refs++;
    pthread_mutex_unlock(&o->lock);
    *filled = false;
    enum status st = db_read(db, a, &tx);
    if (st == OK) st = db_end(tx, successor(tx, &slot, may_fill, &next, filled));
    arena_free(a);
    pthread_mutex_lock(&o->lock);
    struct slot *s = &o->v[i];
    if (st == OK && next && s->field == slot.field) {
        struct order *old = s->now;
        s->now = next;
        next = old;
    }
    if (st == MISSING && s->field == slot.field) { /* cannot be moved: out with it */
        release(s->now);
        s->now = NULL;
    }
    if (*filled) {
        s->filled_us = clock_mono_us();
        s->took_us = s->filled_us - from;
    }
    release(next);
    release(slot.now);
    pthread_mutex_unlock(&o->lock);
    return st == MISSING ? OK : st;
}

/* Orders by their last use, the name's first: those behind the budget go. */
static int keep_used(struct orders *o, int64_t last_id) {
    int64_t now = clock_mono_us();
    size_t each = (size_t)(last_id + 1) * sizeof(uint16_t);
    pthread_mutex_lock(&o->lock);
    for (int i = 2; i < o->n; i++)
        for (int k = i; k > 1 && o->v[k].used_us > o->v[k - 1].used_us; k--) {
            struct slot other = o->v[k];
            o->v[k] = o->v[k - 1];
            o->v[k - 1] = other;
        }
    int fit = (int)(ORDERS_BYTES / (each ? each : 1)), keep = 0;
    while (keep < o->n && keep < fit && (!keep || now - o->v[keep].used_us < UNUSED_MS * 1000LL))
        keep++;
    for (int i = keep; i < o->n; i++) {
        release(o->v[i].now);
        o->v[i].now = NULL;
    }
    pthread_mutex_unlock(&o->lock);
    return keep;
}

enum status orders_refresh(struct orders *o, struct db *db) {
    struct arena *a = arena_new();
    struct facts f = { 0 };
    struct tx *tx;
    bool filled = false;
    enum status st = db_read(db, a, &tx);
    if (st == OK) st = db_end(tx, facts_of(tx, &f));
    int keep = keep_used(o, f.last);
    arena_free(a);
    for (int i = 0; st == OK && i < keep; i++) {
        bool now = false;
        st = refresh_one(o, i, db, !filled, &now);
        filled |= now;
    }
    return st;
}

/* --- asking --- */

static struct slot *slot_of(struct orders *o, int64_t field) { /* with the lock held */
    struct slot *oldest = NULL;
    for (int i = 0; i < o->n; i++) {
        if (o->v[i].field == field) return &o->v[i];
        if (i && (!oldest || o->v[i].used_us < oldest->used_us)) oldest = &o->v[i];
    }
    if (o->n < SLOTS_N) oldest = &o->v[o->n++];
    release(oldest->now);
    *oldest = (struct slot){ .field = field };
    return oldest;
}

static struct order *take_order(struct orders *o, int64_t field) {
    pthread_mutex_lock(&o->lock);
    struct slot *s = slot_of(o, field);
    struct order *order = s->now;
    s->used_us = clock_mono_us();
    if (order) order->refs++;
    pthread_mutex_unlock(&o->lock);
    return order;
}

enum status order_get(struct ctx *c, int64_t field, const struct order **out, struct bits **dirty) {
    struct rows r = { 0 };
    struct facts f;
    *out = NULL;
    *dirty = NULL;
    struct order *order = c->orders ? take_order(c->orders, field) : NULL;
    if (!order) return OK;
    enum status st = facts_of(c->tx, &f);
    /* made from a newer snapshot than this transaction's: it cannot be dated back */
    bool good = st == OK && str_eq(f.epoch, order->epoch) && f.change >= order->change;
    if (good && (f.change != order->change || order->missing.n)) {
        st = changed_since(c->tx, order, &r);
        good = st == OK && r.n <= DIRTY_MAX;
    }
    if (!good) {
        order_put(c, order);
        return st;
    }
    *dirty = bits_new();
    for (int i = 0; i < r.n; i++) bits_add(*dirty, (uint32_t)row_cell(&r, i, 0)->i);
    *out = order;
    return OK;
}

void order_put(struct ctx *c, const struct order *order) {
    if (!order) return;
    pthread_mutex_lock(&c->orders->lock);
    release((struct order *)(uintptr_t)order);
    pthread_mutex_unlock(&c->orders->lock);
}
