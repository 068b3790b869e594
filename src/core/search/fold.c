/* Folds search_pending into search_term. Called by the job worker and by imports between their
 * batches; calls lib/db. New bitmaps are computed from a snapshot and written later: that is safe
 * because only the holder of the lease writes bitmaps, and because rows that come meanwhile stay
 * pending above them. */
#include "core/search/bits.h"
#include "lib/base/clock.h"
#include "lib/base/map.h"
#include "lib/base/random.h"

enum { SLICE_US = 20000, LEASE_MS = 60000 };

SQL(fold_lease_take,
    "INSERT INTO meta (key, value) VALUES ('fold_lease', :mine) ON CONFLICT (key) DO UPDATE "
    "SET value = :mine WHERE CAST(substr(meta.value, 1, 13) AS BIGINT) < "
    "CAST(:now AS BIGINT) RETURNING key");
SQL(fold_lease_mine, "SELECT 1 AS mine FROM meta WHERE key = 'fold_lease' AND value = :mine");
SQL(fold_lease_drop, "DELETE FROM meta WHERE key = 'fold_lease' AND value = :mine");
SQL(fold_pending, "SELECT id, number, added, removed FROM search_pending ORDER BY id LIMIT :limit");
SQL(fold_bits, "SELECT bits FROM search_term WHERE term = :term AND chunk = :chunk");
SQL(fold_put, "INSERT INTO search_term (term, chunk, bits) VALUES (:term, :chunk, :bits) "
              "ON CONFLICT (term, chunk) DO UPDATE SET bits = excluded.bits");
SQL(fold_empty, "DELETE FROM search_term WHERE term = :term AND chunk = :chunk");
/* The very rows that were read: on PostgreSQL one with a smaller number may be committed later. */
SQL2(fold_done, "DELETE FROM search_pending WHERE id IN (SELECT value FROM json_each(:ids))",
     "DELETE FROM search_pending "
     "WHERE id = ANY(CAST(translate(:ids, '[]', '{}') AS bigint[]))");
SQL(search_pending_count, "SELECT count(*) AS n FROM search_pending");

struct step { /* one number comes or goes; a list in order of the writes */
    struct step *next;
    uint32_t number;
    bool add;
};
struct cell_work {  /* one term and chunk */
    struct str key; /* chunk in 4 bytes, then the term: sorted as the table is after swapping */
    struct step *first, *last;
    struct blob bits; /* p NULL: nothing left */
};

enum status search_pending_n(struct tx *tx, int64_t *n) {
    struct rows r;
    TRY(db_query(tx, &search_pending_count, &r));
    *n = row_int(&r, 0, "n");
    return OK;
}

static void add_steps(struct arena *a, struct map *work, uint32_t number, struct str packed,
                      bool add) {
    struct str term;
    while (packed_next(&packed, &term)) {
        char *key = arena_alloc(a, term.n + 2);
        memcpy(key, term.p, term.n);
        key[term.n] = (char)(number >> 24);
        key[term.n + 1] = (char)(number >> 16);
        void **at = map_at(work, (struct str){ key, term.n + 2 });
        struct cell_work *w = *at;
        if (!w) *at = w = arena_new_of(a, struct cell_work);
        struct step *s = arena_new_of(a, struct step);
        *s = (struct step){ NULL, number, add };
        if (w->last)
            w->last->next = s;
        else
            w->first = s;
        w->last = s;
        w->key = (struct str){ key, term.n + 2 };
    }
}

static struct blob key_term(struct str key) {
    return (struct blob){ key.p, key.n - 2 };
}
static int64_t key_chunk(struct str key) {
    return (unsigned char)key.p[key.n - 2] << 8 | (unsigned char)key.p[key.n - 1];
}

static enum status compute(struct tx *tx, struct cell_work *w) {
    struct rows r;
    TRY(db_query(tx, &fold_bits, &r, P("term", key_term(w->key)), P("chunk", key_chunk(w->key))));
    struct bits *b = bits_new();
    enum status st = r.n && !bits_read(b, row_blob(&r, 0, "bits")) ? BROKEN : OK;
    for (const struct step *s = w->first; s; s = s->next)
        if (s->add)
            bits_add(b, s->number);
        else
            bits_remove(b, s->number);
    if (bits_count(b)) w->bits = bits_write(tx_arena(tx), b);
    bits_free(b);
    return st;
}

/* ids: the rows that were read, as a JSON array. */
static enum status read_pending(struct db *db, struct arena *a, int limit, struct map *work, int *n,
                                struct buf *ids) {
    struct tx *tx;
    struct rows r;
    TRY(db_read(db, a, &tx));
    enum status st = db_query(tx, &fold_pending, &r, P("limit", limit));
    *n = st == OK ? r.n : 0;
    for (int i = 0; st == OK && i < r.n; i++) {
        struct blob added = row_blob(&r, i, "added"), removed = row_blob(&r, i, "removed");
        uint32_t number = (uint32_t)row_int(&r, i, "number");
        add_steps(a, work, number, (struct str){ removed.p, removed.n }, false);
        add_steps(a, work, number, (struct str){ added.p, added.n }, true);
        buf_printf(ids, "%c%lld", i ? ',' : '[', (long long)row_int(&r, i, "id"));
    }
    buf_add_c(ids, ']');
    for (int i = 0; st == OK && i < work->n; i++) st = compute(tx, work->v[i].value);
    return db_end(tx, st);
}

static int by_key(const void *a, const void *b) {
    return str_cmp(((const struct map_entry *)a)->key, ((const struct map_entry *)b)->key);
}

/* Writes cells from *at on until the slice is over; at the end drops the pending rows. */
static enum status write_slice(struct tx *tx, const struct map *work, int *at, struct str ids,
                               struct str mine) {
    struct rows r;
    TRY(db_query(tx, &fold_lease_mine, &r, P("mine", mine)));
    if (r.n == 0) return CONFLICT;
    int64_t until = clock_mono_us() + SLICE_US;
    for (; *at < work->n && clock_mono_us() < until; ++*at) {
        const struct cell_work *w = work->v[*at].value;
        if (w->bits.p)
            TRY(db_run(tx, &fold_put, P("term", key_term(w->key)), P("chunk", key_chunk(w->key)),
                       P("bits", w->bits)));
        else
            TRY(db_run(tx, &fold_empty, P("term", key_term(w->key)),
                       P("chunk", key_chunk(w->key))));
    }
    if (*at == work->n) TRY(db_run(tx, &fold_done, P("ids", ids)));
    return OK;
}

static enum status write_all(struct db *db, struct arena *a, struct map *work, struct str ids,
                             struct str mine) {
    qsort(work->v, (size_t)work->n, sizeof *work->v,
          by_key); /* the map is not looked up any more */
    for (int at = 0, done = 0; !done;) {
        struct tx *tx;
        struct arena_mark m = arena_mark(a);
        int next = at;
        TRY(db_write(db, a, &tx));
        enum status st = db_end(tx, write_slice(tx, work, &next, ids, mine));
        arena_back(a, m);
        if (st == BUSY) continue;
        TRY(st);
        at = next;
        done = at == work->n;
    }
    return OK;
}

static enum status lease(struct db *db, struct arena *a, const struct sql *sql, struct str mine,
                         bool *got) {
    struct tx *tx;
    struct rows r;
    TRY(db_write(db, a, &tx));
    enum status st = sql == &fold_lease_take
                         ? db_query(tx, sql, &r, P("mine", mine),
                                    P("now", str_printf(a, "%013lld", (long long)clock_now_ms())))
                         : db_query(tx, sql, NULL, P("mine", mine));
    if (st == OK && got) *got = r.n > 0;
    return db_end(tx, st);
}

enum status search_fold(struct db *db, struct arena *a, int limit, int *folded) {
    struct tx *tx;
    int64_t waiting = 0;
    struct buf ids = { .arena = a };
    *folded = 0;
    TRY(db_read(db, a, &tx));
    TRY(db_end(tx, search_pending_n(tx, &waiting)));
    if (waiting == 0) return OK;
    struct str mine = str_printf(a, "%013lld %.*s", (long long)clock_now_ms() + LEASE_MS,
                                 SF(random_token(a, 12)));
    bool got = false;
    enum status st = lease(db, a, &fold_lease_take, mine, &got);
    if (st == BUSY || (st == OK && !got)) return OK;
    TRY(st);
    struct map work = map_new(a);
    int n = 0;
    st = read_pending(db, a, limit, &work, &n, &ids);
    if (st == OK && n) st = write_all(db, a, &work, buf_str(&ids), mine);
    if (st == OK) *folded = n;
    enum status dropped = lease(db, a, &fold_lease_drop, mine, NULL);
    if (st == CONFLICT || st == BUSY) return OK; /* another one took over, or will */
    return st != OK ? st : dropped == BUSY ? OK : dropped;
}
