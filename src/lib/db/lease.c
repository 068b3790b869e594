/* The lease in the table meta. Called by what folds pending rows into blocks (core/search,
 * core/measure); calls db.h. The value is compared as a whole, so that a holder whose time was over
 * and who was overtaken finds his own gone, and its first 13 digits as a number. */
#include "lib/db/lease.h"
#include "lib/base/clock.h"
#include "lib/base/random.h"

enum { LEASE_MS = 60000, SLICE_US = 10000 };

SQL(lease_insert, "INSERT INTO meta (key, value) VALUES (:key, :mine) ON CONFLICT (key) DO UPDATE "
                  "SET value = :mine WHERE CAST(substr(meta.value, 1, 13) AS BIGINT) < "
                  "CAST(:now AS BIGINT) RETURNING key");
SQL(lease_is_mine, "SELECT 1 AS mine FROM meta WHERE key = :key AND value = :mine");
SQL(lease_delete, "DELETE FROM meta WHERE key = :key AND value = :mine");

enum status lease_take(struct db *db, struct arena *a, const char *key, struct lease *out) {
    struct tx *tx;
    struct rows r = { 0 };
    int64_t now = clock_now_ms();
    *out = (struct lease){ .key = key,
                           .mine = str_printf(a, "%013lld %.*s", (long long)now + LEASE_MS,
                                              SF(random_token(a, 12))) };
    enum status st = db_write(db, a, &tx);
    if (st == OK)
        st = db_end(tx, db_query(tx, &lease_insert, &r, P("key", key), P("mine", out->mine),
                                 P("now", str_printf(a, "%013lld", (long long)now))));
    out->held = st == OK && r.n > 0;
    return st == BUSY ? OK : st;
}

static enum status one_slice(struct tx *tx, const struct lease *l, int *at,
                             enum status (*slice)(struct tx *, void *, int *, int64_t), void *arg) {
    struct rows r;
    TRY(db_query(tx, &lease_is_mine, &r, P("key", l->key), P("mine", l->mine)));
    if (r.n == 0) return CONFLICT;
    return slice(tx, arg, at, clock_mono_us() + SLICE_US);
}

enum status lease_slices(struct db *db, struct arena *a, const struct lease *l, int n,
                         enum status (*slice)(struct tx *, void *, int *, int64_t), void *arg) {
    for (int at = 0, done = 0; !done;) {
        struct tx *tx;
        struct arena_mark m = arena_mark(a);
        int next = at;
        TRY(db_write(db, a, &tx));
        enum status st = db_end(tx, one_slice(tx, l, &next, slice, arg));
        arena_back(a, m);
        if (st == BUSY) continue;
        TRY(st);
        at = next;
        done = at == n;
    }
    return OK;
}

enum status lease_end(struct db *db, struct arena *a, const struct lease *l, enum status how) {
    struct tx *tx;
    enum status st = db_write(db, a, &tx);
    if (st == OK) st = db_end(tx, db_run(tx, &lease_delete, P("key", l->key), P("mine", l->mine)));
    if (how == OK) how = st;
    return how == CONFLICT || how == BUSY ? OK : how;
}
