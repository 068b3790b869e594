/* See order.h. Called by list_index.c and, every second, by the server's tick; calls lib/db. */
#include "core/entity/order.h"

#include <pthread.h>

#include "core/entity/store.h"
#include "lib/base/clock.h"

enum { CHUNK = 8192, DIRTY_MAX = 4000, DIRTY_REFRESH = 500, CALM_TIMES = 20, LATE_CHANGES = 2000 };

SQL(order_facts, "SELECT coalesce((SELECT max(id) FROM change), 0) AS change, "
                 "coalesce((SELECT max(id) FROM party), 0) AS last, "
                 "coalesce((SELECT value FROM meta WHERE key = 'order_epoch'), '') AS epoch");
SQL(order_chunk, "SELECT key, id FROM sort_value WHERE field = :field AND (key, id) > (:key, :id) "
                 "ORDER BY key, id LIMIT :limit");
/* By number only: entity || '' keeps SQLite from walking the index of all changes to parties. */
SQL(order_changed,
    "SELECT row_id FROM change WHERE id > :since AND entity || '' = 'party' LIMIT :limit");
SQL(order_epoch_put,
    "INSERT INTO meta (key, value) VALUES ('order_epoch', '1') ON CONFLICT (key) DO UPDATE "
    "SET value = CAST(CAST(meta.value AS BIGINT) + 1 AS TEXT)");

struct orders {
    pthread_mutex_t lock;
    struct order *now;
    int64_t built_us, took_us;
};

struct orders *orders_new(void) {
    struct orders *o = calloc(1, sizeof *o);
    if (!o) BUG("out of memory");
    pthread_mutex_init(&o->lock, NULL);
    return o;
}

static void release(struct order *order) { /* with the lock held */
    if (!order || --order->refs > 0) return;
    free(order->at);
    free(order->rank);
    free((char *)order->epoch.p);
    free(order);
}

void orders_free(struct orders *o) {
    if (!o) return;
    release(o->now);
    pthread_mutex_destroy(&o->lock);
    free(o);
}

enum status orders_outdate(struct tx *tx) {
    return db_run(tx, &order_epoch_put);
}

static void *room(size_t n, size_t size) {
    void *p = calloc(n ? n : 1, size);
    if (!p) BUG("out of memory");
    return p;
}

/* PostgreSQL numbers changes before they commit: a smaller number may come later. */
static int64_t since_of(struct tx *tx, int64_t change) {
    if (!tx_is_pg(tx)) return change;
    return change > LATE_CHANGES ? change - LATE_CHANGES : 0;
}

static enum status fill(struct tx *tx, struct order *order) {
    struct arena *a = tx_arena(tx);
    struct rows r;
    TRY(db_query(tx, &order_facts, &r));
    order->change = since_of(tx, row_int(&r, 0, "change"));
    struct str epoch = row_str(&r, 0, "epoch");
    order->epoch = (struct str){ strndup(epoch.p ? epoch.p : "", epoch.n), epoch.n };
    order->ranks_n = (uint32_t)row_int(&r, 0, "last") + 1;
    order->at = room(order->ranks_n, sizeof *order->at);
    order->rank = room(order->ranks_n, sizeof *order->rank);
    memset(order->rank, 0xFF, sizeof *order->rank * order->ranks_n);
    char key[256] = "";
    struct blob after = { key, 0 };
    int64_t id = 0;
    do {
        struct arena_mark m = arena_mark(a);
        TRY(db_query(tx, &order_chunk, &r, P("field", order->field), P("key", after), P("id", id),
                     P("limit", CHUNK)));
        for (int i = 0; i < r.n; i++) {
            id = row_int(&r, i, "id");
            if (id <= 0 || id >= order->ranks_n) return BROKEN;
            order->rank[id] = order->n;
            order->at[order->n++] = (uint32_t)id;
        }
        if (r.n) {
            struct blob last = row_blob(&r, r.n - 1, "key");
            if (last.n > sizeof key) return BROKEN;
            memcpy(key, last.p, last.n);
            after.n = last.n;
        }
        bool more = r.n == CHUNK;
        arena_back(a, m);
        if (!more) break;
    } while (true);
    return OK;
}

/* Is a new snapshot worth it? Not while one costs more than a twentieth of the time. */
static enum status wanted(struct orders *o, struct tx *tx, bool *is) {
    struct rows r;
    *is = !o->now;
    if (*is) return OK;
    TRY(db_query(tx, &order_facts, &r));
    bool other = !str_eq(row_str(&r, 0, "epoch"), o->now->epoch);
    bool calm = clock_mono_us() - o->built_us > o->took_us * CALM_TIMES;
    if (!other &&
        row_int(&r, 0, "change") - o->now->change < DIRTY_REFRESH + LATE_CHANGES * tx_is_pg(tx))
        return OK;
    *is = calm;
    return OK;
}

enum status orders_refresh(struct orders *o, struct db *db) {
    struct arena *a = arena_new();
    struct order *fresh = room(1, sizeof *fresh);
    struct tx *tx;
    int64_t from = clock_mono_us();
    bool want = false;
    fresh->refs = 1;
    fresh->field = store_sort_field(S("display_name"));
    enum status st = db_read(db, a, &tx);
    if (st == OK) {
        st = wanted(o, tx, &want);
        if (st == OK && want) st = fill(tx, fresh);
        st = db_end(tx, st);
    }
    arena_free(a);
    pthread_mutex_lock(&o->lock);
    if (st == OK && want) {
        struct order *old = o->now;
        o->now = fresh;
        fresh = old;
        o->built_us = clock_mono_us();
        o->took_us = o->built_us - from;
    }
    release(fresh);
    pthread_mutex_unlock(&o->lock);
    return st;
}

enum status order_get(struct ctx *c, int64_t field, const struct order **out, struct bits **dirty) {
    struct rows r;
    *out = NULL;
    *dirty = NULL;
    if (!c->orders) return OK;
    pthread_mutex_lock(&c->orders->lock);
    struct order *order = c->orders->now;
    if (order && order->field == field)
        order->refs++;
    else
        order = NULL;
    pthread_mutex_unlock(&c->orders->lock);
    if (!order) return OK;
    enum status st = db_query(c->tx, &order_facts, &r);
    bool good = st == OK && str_eq(row_str(&r, 0, "epoch"), order->epoch);
    if (good) {
        st = db_query(c->tx, &order_changed, &r, P("since", order->change),
                      P("limit", DIRTY_MAX + 1));
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
