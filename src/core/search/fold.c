/* Folds search_pending into search_term. Called by the job worker and by imports between their
 * batches; calls lib/db. New bitmaps are computed from a snapshot and written later: that is safe
 * because only the holder of the lease writes bitmaps, and because rows that come meanwhile stay
 * pending above them. What comes and goes is put in order by term first, so that each bitmap is
 * read and written once however many rows speak of it, and neighbours of the table together. */
#include "core/search/bits.h"
#include "lib/base/clock.h"
#include "lib/base/map.h"
#include "lib/db/lease.h"

/* FOLD_MOST bounds the memory of one fold (some 1 kB a row), CELLS_EACH that of its bitmaps. */
enum { FOLD_MOST = 4096, CELLS_EACH = 4096 };

SQL(fold_any, "SELECT 1 AS n FROM search_pending LIMIT 1");
SQL(fold_pending, "SELECT id, number, added, removed FROM search_pending ORDER BY id LIMIT :limit");
SQL(fold_bits, "SELECT bits FROM search_term WHERE term = :term AND chunk = :chunk");
SQL(fold_put, "INSERT INTO search_term (term, chunk, bits) VALUES (:term, :chunk, :bits) "
              "ON CONFLICT (term, chunk) DO UPDATE SET bits = excluded.bits");
SQL(fold_empty, "DELETE FROM search_term WHERE term = :term AND chunk = :chunk");
/* The very rows that were read: on PostgreSQL one with a smaller number may be committed later. */
SQL2(fold_done, "DELETE FROM search_pending WHERE id IN (SELECT value FROM json_each(:ids))",
     "DELETE FROM search_pending "
     "WHERE id = ANY(CAST(translate(:ids, '[]', '{}') AS bigint[]))");
SQL(fold_generation_next,
    "INSERT INTO meta (key, value) VALUES ('fold_generation', '1') ON CONFLICT (key) DO UPDATE "
    "SET value = CAST(CAST(meta.value AS BIGINT) + 1 AS TEXT)");
SQL(search_generation_now, "SELECT value FROM meta WHERE key = 'fold_generation'");
SQL(search_pending_count, "SELECT count(*) AS n FROM search_pending");

struct term_cell { /* one term and chunk */
    struct str term;
    uint32_t chunk, hash;
    int steps_n;
    const uint32_t *steps; /* in the order of the writes: the number in its chunk, then 1: comes */
    struct blob bits;      /* p NULL: nothing left */
};
struct step {
    int cell;
    uint32_t what;
};
struct work {
    struct term_cell *cells;
    int cells_n;
    int32_t *slots; /* index + 1 of a cell, 0 for empty */
    uint32_t mask;
    struct step *steps;
    size_t steps_n;
    struct order {
        uint64_t begins; /* the term's first bytes: most comparisons end here */
        struct term_cell *cell;
    } * order;
};

enum status search_outdate(struct tx *tx) {
    return db_run(tx, &fold_generation_next);
}

enum status search_pending_n(struct tx *tx, int64_t *n) {
    struct rows r;
    TRY(db_query(tx, &search_pending_count, &r));
    *n = row_int(&r, 0, "n");
    return OK;
}

enum status search_generation(struct tx *tx, int64_t *n) {
    struct rows r;
    *n = 0;
    TRY(db_query(tx, &search_generation_now, &r));
    if (r.n && !str_to_i64(row_str(&r, 0, "value"), n)) return BROKEN;
    return OK;
}

/* --- gathering --- */

static int cell_of(struct work *w, struct str term, uint32_t chunk) {
    uint32_t hash = (uint32_t)hash_bytes(term.p, term.n, chunk);
    for (uint32_t i = hash & w->mask;; i = (i + 1) & w->mask) {
        int at = w->slots[i] - 1;
        if (at < 0) {
            w->cells[w->cells_n] = (struct term_cell){ .term = term, .chunk = chunk, .hash = hash };
            w->slots[i] = ++w->cells_n;
            return w->cells_n - 1;
        }
        const struct term_cell *c = &w->cells[at];
        if (c->hash == hash && c->chunk == chunk && str_eq(c->term, term)) return at;
    }
}

static void add_steps(struct work *w, uint32_t number, struct str packed, bool comes) {
    struct str term;
    while (packed_next(&packed, &term)) {
        int at = cell_of(w, term, number >> 16);
        w->cells[at].steps_n++;
        w->steps[w->steps_n++] = (struct step){ at, (number & 0xFFFF) << 1 | comes };
    }
}

static size_t packed_n(struct str packed) {
    size_t n = 0;
    for (struct str term; packed_next(&packed, &term);) n++;
    return n;
}

static struct str packed_of(const struct rows *r, int i, const char *column) {
    struct blob b = row_blob(r, i, column);
    return (struct str){ b.p, b.n };
}

static void gather(struct arena *a, const struct rows *r, struct work *w) {
    size_t most = 1, slots_n = 16;
    for (int i = 0; i < r->n; i++)
        most += packed_n(packed_of(r, i, "added")) + packed_n(packed_of(r, i, "removed"));
    while (slots_n < most * 2) slots_n *= 2;
    *w = (struct work){ .cells = arena_array(a, struct term_cell, most),
                        .slots = arena_array(a, int32_t, slots_n),
                        .mask = (uint32_t)slots_n - 1,
                        .steps = arena_array(a, struct step, most) };
    for (int i = 0; i < r->n; i++) {
        uint32_t number = (uint32_t)row_int(r, i, "number");
        add_steps(w, number, packed_of(r, i, "removed"), false);
        add_steps(w, number, packed_of(r, i, "added"), true);
    }
}

/* Each cell's steps side by side, in the order in which they came. */
static void share_out(struct arena *a, struct work *w) {
    uint32_t *all = arena_array(a, uint32_t, w->steps_n + 1), **next;
    next = arena_array(a, uint32_t *, w->cells_n + 1);
    for (int i = 0; i < w->cells_n; i++) {
        w->cells[i].steps = next[i] = all;
        all += w->cells[i].steps_n;
    }
    for (size_t i = 0; i < w->steps_n; i++) *next[w->steps[i].cell]++ = w->steps[i].what;
}

static int as_in_table(const void *a, const void *b) {
    const struct order *x = a, *y = b;
    if (x->begins != y->begins) return x->begins < y->begins ? -1 : 1;
    int c = str_cmp(x->cell->term, y->cell->term);
    return c ? c : (x->cell->chunk > y->cell->chunk) - (x->cell->chunk < y->cell->chunk);
}

static void put_in_order(struct arena *a, struct work *w) {
    w->order = arena_array(a, struct order, w->cells_n + 1);
    for (int i = 0; i < w->cells_n; i++) {
        struct str t = w->cells[i].term;
        uint64_t begins = 0;
        for (size_t k = 0; k < 8; k++) begins = begins << 8 | (k < t.n ? (unsigned char)t.p[k] : 0);
        w->order[i] = (struct order){ begins, &w->cells[i] };
    }
    qsort(w->order, (size_t)w->cells_n, sizeof *w->order, as_in_table);
}

/* ids: the rows that were read, as a JSON array. */
static enum status read_pending(struct db *db, struct arena *a, int limit, struct work *w, int *n,
                                struct buf *ids) {
    struct tx *tx;
    struct rows r = { 0 };
    TRY(db_read(db, a, &tx));
    TRY(db_end(tx, db_query(tx, &fold_pending, &r, P("limit", limit))));
    *n = r.n;
    gather(a, &r, w);
    share_out(a, w);
    put_in_order(a, w);
    for (int i = 0; i < r.n; i++)
        buf_printf(ids, "%c%lld", i ? ',' : '[', (long long)row_int(&r, i, "id"));
    buf_add_c(ids, ']');
    return OK;
}

/* --- computing: outside the writer --- */

static enum status compute(struct tx *tx, struct term_cell *w) {
    struct rows r;
    struct blob term = { w->term.p, w->term.n };
    TRY(db_query(tx, &fold_bits, &r, P("term", term), P("chunk", w->chunk)));
    struct bits *b = bits_new();
    enum status st = r.n && !bits_read(b, row_blob(&r, 0, "bits")) ? BROKEN : OK;
    for (int i = 0; i < w->steps_n; i++) {
        uint32_t number = w->chunk << 16 | w->steps[i] >> 1;
        if (w->steps[i] & 1)
            bits_add(b, number);
        else
            bits_remove(b, number);
    }
    w->bits = bits_count(b) ? bits_write(tx_arena(tx), b) : (struct blob){ 0 };
    bits_free(b);
    return st;
}

static enum status compute_all(struct db *db, struct arena *a, const struct order *v, int n) {
    struct tx *tx;
    enum status st = OK;
    TRY(db_read(db, a, &tx));
    for (int i = 0; st == OK && i < n; i++) st = compute(tx, v[i].cell);
    return db_end(tx, st);
}

/* --- writing --- */

static enum status put(struct tx *tx, const struct term_cell *w) {
    struct blob term = { w->term.p, w->term.n };
    if (!w->bits.p) return db_run(tx, &fold_empty, P("term", term), P("chunk", w->chunk));
    return db_run(tx, &fold_put, P("term", term), P("chunk", w->chunk), P("bits", w->bits));
}

struct cells { /* what the slices of one write have to do */
    const struct order *v;
    int n;
    struct str ids; /* the pending rows to drop behind the last cell; empty: other cells come */
};

static enum status write_slice(struct tx *tx, void *arg, int *at, int64_t until_us) {
    const struct cells *c = arg;
    for (; *at < c->n && clock_mono_us() < until_us; ++*at) TRY(put(tx, c->v[*at].cell));
    if (*at < c->n || !c->ids.n) return OK;
    TRY(db_run(tx, &fold_done, P("ids", c->ids)));
    return db_run(tx, &fold_generation_next);
}

static enum status fold_cells(struct db *db, struct arena *a, const struct work *w, struct str ids,
                              const struct lease *l) {
    for (int from = 0; from < w->cells_n || from == 0; from += CELLS_EACH) {
        int n = w->cells_n - from < CELLS_EACH ? w->cells_n - from : CELLS_EACH;
        bool last = from + n == w->cells_n;
        struct cells some = { w->order + from, n, last ? ids : NO_STR };
        struct arena_mark m = arena_mark(a);
        TRY(compute_all(db, a, some.v, n));
        TRY(lease_slices(db, a, l, n, write_slice, &some));
        arena_back(a, m);
    }
    return OK;
}

static enum status any_pending(struct db *db, struct arena *a, bool *any) {
    struct tx *tx;
    struct rows r = { 0 };
    TRY(db_read(db, a, &tx));
    enum status st = db_query(tx, &fold_any, &r);
    *any = r.n > 0;
    return db_end(tx, st);
}

enum status search_fold(struct db *db, struct arena *a, int limit, int *folded) {
    struct buf ids = { .arena = a };
    struct work work;
    struct lease l;
    bool any = false;
    int n = 0;
    *folded = 0;
    TRY(any_pending(db, a, &any));
    if (!any) return OK;
    TRY(lease_take(db, a, "fold_lease", &l));
    if (!l.held) return OK;
    enum status st = read_pending(db, a, limit < FOLD_MOST ? limit : FOLD_MOST, &work, &n, &ids);
    if (st == OK && n) st = fold_cells(db, a, &work, buf_str(&ids), &l);
    if (st == OK) *folded = n;
    return lease_end(db, a, &l, st);
}
