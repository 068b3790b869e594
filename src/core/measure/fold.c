/* Folds measure_pending into measure_block. Called by the tick of the server and after bulk
 * loading; calls lib/db. Blocks are computed from a snapshot outside the writer: only the holder of
 * the lease writes blocks. A slice writes its blocks and takes away the very rows that are in them,
 * so that at every moment each amount is counted once. */
#include "core/measure/block.h"
#include "lib/base/buf.h"
#include "lib/base/clock.h"
#include "lib/base/log.h"
#include "lib/db/lease.h"

SQL(measure_pending_n, "SELECT count(*) AS n FROM (SELECT 1 FROM measure_pending LIMIT :most) p");
SQL(measure_pending_get, "SELECT id, measure, currency, number, day, amount, gone FROM "
                         "measure_pending ORDER BY id LIMIT :limit");
SQL(measure_block_get, "SELECT data FROM measure_block WHERE measure = :measure AND "
                       "currency = :currency AND chunk = :chunk AND day = :day");
SQL(measure_block_put,
    "INSERT INTO measure_block (measure, currency, chunk, day, data) VALUES (:measure, :currency, "
    ":chunk, :day, :data) ON CONFLICT (measure, currency, chunk, day) DO UPDATE SET data = "
    "excluded.data");
SQL(measure_block_drop, "DELETE FROM measure_block WHERE measure = :measure AND currency = "
                        ":currency AND chunk = :chunk AND day = :day");
SQL2(measure_pending_drop,
     "DELETE FROM measure_pending WHERE id IN (SELECT value FROM json_each(:ids))",
     "DELETE FROM measure_pending WHERE id = ANY(CAST(translate(:ids, '[]', '{}') AS bigint[]))");

struct step { /* one pending row */
    int64_t id, measure, amount;
    struct str currency;
    int32_t chunk, day;
    uint16_t low;
    bool gone;
};
struct part { /* one block: steps from `first` on */
    int first, n;
    struct blob data;
};

static int in_blocks(const void *a, const void *b) {
    const struct step *x = a, *y = b;
    if (x->measure != y->measure) return x->measure < y->measure ? -1 : 1;
    int c = str_cmp(x->currency, y->currency);
    if (c) return c;
    if (x->chunk != y->chunk) return x->chunk < y->chunk ? -1 : 1;
    if (x->day != y->day) return x->day < y->day ? -1 : 1;
    if (x->low != y->low) return x->low < y->low ? -1 : 1;
    if (x->amount != y->amount) return x->amount < y->amount ? -1 : 1;
    return (x->id > y->id) - (x->id < y->id);
}

static bool same_block(const struct step *x, const struct step *y) {
    return x->measure == y->measure && x->chunk == y->chunk && x->day == y->day &&
           str_eq(x->currency, y->currency);
}

static enum status read_steps(struct db *db, struct arena *a, int limit, struct step **out,
                              int *n) {
    struct tx *tx;
    struct rows r = { 0 };
    TRY(db_read(db, a, &tx));
    TRY(db_end(tx, db_query(tx, &measure_pending_get, &r, P("limit", limit))));
    struct step *v = arena_array(a, struct step, r.n + 1);
    for (int i = 0; i < r.n; i++) {
        int64_t number = row_int(&r, i, "number");
        v[i] = (struct step){ .id = row_int(&r, i, "id"),
                              .measure = row_int(&r, i, "measure"),
                              .amount = row_int(&r, i, "amount"),
                              .currency = row_str(&r, i, "currency"),
                              .chunk = (int32_t)(number >> 16),
                              .day = (int32_t)row_int(&r, i, "day"),
                              .low = (uint16_t)number,
                              .gone = row_int(&r, i, "gone") != 0 };
    }
    qsort(v, (size_t)r.n, sizeof *v, in_blocks);
    *out = v;
    *n = r.n;
    return OK;
}

static int parts_of(struct arena *a, const struct step *v, int n, struct part **out) {
    struct part *parts = arena_array(a, struct part, n + 1);
    int k = 0;
    for (int i = 0; i < n; i++) {
        if (i == 0 || !same_block(&v[i - 1], &v[i])) parts[k++] = (struct part){ .first = i };
        parts[k - 1].n++;
    }
    *out = parts;
    return k;
}

/* --- computing: outside the writer --- */

/* Rows of the block and steps side by side, both in order; of equal rows those that go are taken
 * from those that are there and that come. */
static struct blob merge(struct arena *a, const struct block *b, const struct step *v, int n) {
    struct block_row *rows = arena_array(a, struct block_row, b->n + n + 1);
    int k = 0, i = 0;
    for (int s = 0; s < n;) {
        struct block_row r = { v[s].amount, v[s].low }, at;
        int64_t times = 0;
        for (; i < b->n && (at = block_at(b, i), block_row_cmp(&at, &r) < 0); i++) rows[k++] = at;
        for (; i < b->n && (at = block_at(b, i), block_row_cmp(&at, &r) == 0); i++) times++;
        for (; s < n && v[s].low == r.low && v[s].amount == r.amount; s++)
            times += v[s].gone ? -1 : 1;
        if (times < 0) log_warn("measures: an amount goes that never came");
        for (; times > 0; times--) rows[k++] = r;
    }
    for (; i < b->n; i++) rows[k++] = block_at(b, i);
    return block_write(a, rows, k);
}

static enum status compute(struct tx *tx, const struct step *v, struct part *part) {
    struct rows r;
    struct block b = { 0 };
    const struct step *s = v + part->first;
    TRY(db_query(tx, &measure_block_get, &r, P("measure", s->measure), P("currency", s->currency),
                 P("chunk", s->chunk), P("day", s->day)));
    if (r.n && !block_read(row_blob(&r, 0, "data"), &b)) return BROKEN;
    part->data = merge(tx_arena(tx), &b, s, part->n);
    return OK;
}

static enum status compute_all(struct db *db, struct arena *a, const struct step *v,
                               struct part *parts, int n) {
    struct tx *tx;
    enum status st = OK;
    TRY(db_read(db, a, &tx));
    for (int i = 0; st == OK && i < n; i++) st = compute(tx, v, &parts[i]);
    return db_end(tx, st);
}

/* --- writing --- */

static enum status put(struct tx *tx, const struct step *s, struct blob data) {
    if (!data.p)
        return db_run(tx, &measure_block_drop, P("measure", s->measure), P("currency", s->currency),
                      P("chunk", s->chunk), P("day", s->day));
    return db_run(tx, &measure_block_put, P("measure", s->measure), P("currency", s->currency),
                  P("chunk", s->chunk), P("day", s->day), P("data", data));
}

struct some { /* what the slices of one write have to do */
    const struct step *v;
    const struct part *parts;
    int n;
};

static enum status write_slice(struct tx *tx, void *arg, int *at, int64_t until_us) {
    const struct some *some = arg;
    struct buf ids = { .arena = tx_arena(tx) };
    for (; *at < some->n && clock_mono_us() < until_us; ++*at) {
        const struct part *part = &some->parts[*at];
        TRY(put(tx, &some->v[part->first], part->data));
        for (int i = 0; i < part->n; i++)
            buf_printf(&ids, "%c%lld", ids.n ? ',' : '[', (long long)some->v[part->first + i].id);
    }
    buf_add_c(&ids, ']');
    return db_run(tx, &measure_pending_drop, P("ids", buf_str(&ids)));
}

/* Some thousand blocks at a time: their new bytes stay in memory until they are written. */
static enum status fold_parts(struct db *db, struct arena *a, const struct step *v,
                              struct part *parts, int n, const struct lease *l) {
    enum { PARTS_EACH = 2048 };
    for (int from = 0; from < n; from += PARTS_EACH) {
        struct some some = { v, parts + from, n - from < PARTS_EACH ? n - from : PARTS_EACH };
        struct arena_mark m = arena_mark(a);
        TRY(compute_all(db, a, v, parts + from, some.n));
        TRY(lease_slices(db, a, l, some.n, write_slice, &some));
        arena_back(a, m);
    }
    return OK;
}

static enum status enough(struct db *db, struct arena *a, int least, bool *is) {
    struct tx *tx;
    struct rows r = { 0 };
    TRY(db_read(db, a, &tx));
    enum status st = db_query(tx, &measure_pending_n, &r, P("most", least));
    if (st == OK) *is = row_int(&r, 0, "n") >= least;
    return db_end(tx, st);
}

enum status measure_fold(struct db *db, struct arena *a, int least, int limit, int *folded) {
    bool is = false;
    struct lease l;
    struct step *v;
    struct part *parts;
    int n = 0;
    *folded = 0;
    TRY(enough(db, a, least > 0 ? least : 1, &is));
    if (!is) return OK;
    TRY(lease_take(db, a, "measure_lease", &l));
    if (!l.held) return OK;
    enum status st = read_steps(db, a, limit, &v, &n);
    int parts_n = st == OK ? parts_of(a, v, n, &parts) : 0;
    if (st == OK) st = fold_parts(db, a, v, parts, parts_n, &l);
    if (st == OK) *folded = n;
    return lease_end(db, a, &l, st);
}
