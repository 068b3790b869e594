/* Blocks from the records themselves, and what is wrong between the two. Called by daftar rebuild,
 * daftar check and after bulk loading; calls lib/db. */
#include "core/measure/block.h"

/* Records of so many clients are read at a time, so that their rows are never all in memory. */
enum { CHUNK_N = 1 << 16, STEP_N = 2048 };

SQL(measure_parties, "SELECT max(id) AS last FROM party");
SQL(measure_chunk_drop, "DELETE FROM measure_block WHERE measure = :measure AND chunk = :chunk");
SQL(measure_chunk_wait, "DELETE FROM measure_pending WHERE measure = :measure AND "
                        "number >= :from AND number < :until");
SQL(measure_chunk_put, "INSERT INTO measure_block (measure, currency, chunk, day, data) VALUES "
                       "(:measure, :currency, :chunk, :day, :data)");
SQL(measure_chunk_get, "SELECT currency, day, data FROM measure_block WHERE measure = :measure AND "
                       "chunk = :chunk");
SQL(measure_chunk_pending, "SELECT currency, number, day, amount, gone FROM measure_pending WHERE "
                           "measure = :measure AND number >= :from AND number < :until");

/* A row as one number that sorts: currency (three bytes), day (22 bits), client of its chunk (16
 * bits); then the amount. Ten million of them are sorted. */
struct item {
    uint64_t key;
    int64_t amount;
};
enum { LOW_BITS = 16, DAY_BITS = 22 };
struct items {
    struct item *v;
    size_t n, cap;
};

static void item_add(struct items *s, struct str currency, int64_t day, struct block_row row) {
    uint64_t key = 0;
    if (s->n == s->cap) {
        s->cap = s->cap ? s->cap * 2 : 4096;
        s->v = realloc(s->v, s->cap * sizeof *s->v);
        if (!s->v) BUG("out of memory");
    }
    for (size_t i = 0; i < 3; i++)
        key = key << 8 | (i < currency.n ? (unsigned char)currency.p[i] : 0);
    key = (key << DAY_BITS | (uint64_t)(day - MEASURE_DAY_MIN)) << LOW_BITS | row.low;
    s->v[s->n++] = (struct item){ key, row.amount };
}

static int item_cmp(const void *a, const void *b) {
    const struct item *x = a, *y = b;
    if (x->key != y->key) return x->key < y->key ? -1 : 1;
    return (x->amount > y->amount) - (x->amount < y->amount);
}

static int item_day(const struct item *i) {
    return (int)(i->key >> LOW_BITS & ((1u << DAY_BITS) - 1)) + MEASURE_DAY_MIN;
}

static struct str item_currency(struct arena *a, const struct item *i) {
    char text[4] = { 0 };
    for (int k = 0; k < 3; k++) text[k] = (char)(i->key >> (LOW_BITS + DAY_BITS + 16 - 8 * k));
    return str_dup(a, str_of(text));
}

/* The rows of a chunk as its records say, in order. */
static enum status items_read(struct tx *tx, const struct measure_source *s, int chunk,
                              struct items *out) {
    for (int64_t from = (int64_t)chunk * CHUNK_N, end = from + CHUNK_N; from < end;
         from += STEP_N) {
        struct arena_mark m = arena_mark(tx_arena(tx));
        struct rows r;
        TRY(db_query(tx, s->rows, &r, P("from", from), P("until", from + STEP_N)));
        int party = row_column(&r, "party"), day = row_column(&r, "day"),
            amount = row_column(&r, "amount"), currency = row_column(&r, "currency");
        for (int i = 0; i < r.n; i++) {
            int at = measure_day(row_cell(&r, i, day)->s);
            if (at >= MEASURE_DAY_MIN)
                item_add(out, row_cell(&r, i, currency)->s, at,
                         (struct block_row){ row_cell(&r, i, amount)->i,
                                             (uint16_t)row_cell(&r, i, party)->i });
        }
        arena_back(tx_arena(tx), m);
    }
    if (out->n) qsort(out->v, out->n, sizeof *out->v, item_cmp);
    return OK;
}

static size_t same_block(const struct items *s, size_t from) {
    size_t n = from + 1;
    while (n < s->n && s->v[n].key >> LOW_BITS == s->v[from].key >> LOW_BITS) n++;
    return n - from;
}

static enum status items_write(struct tx *tx, int measure, int chunk, const struct items *s) {
    for (size_t at = 0; at < s->n;) {
        struct arena_mark m = arena_mark(tx_arena(tx));
        size_t n = same_block(s, at);
        struct block_row *rows = arena_array(tx_arena(tx), struct block_row, n);
        for (size_t i = 0; i < n; i++)
            rows[i] = (struct block_row){ s->v[at + i].amount, (uint16_t)s->v[at + i].key };
        TRY(db_run(tx, &measure_chunk_put, P("measure", measure),
                   P("currency", item_currency(tx_arena(tx), &s->v[at])), P("chunk", chunk),
                   P("day", item_day(&s->v[at])),
                   P("data", block_write(tx_arena(tx), rows, (int)n))));
        arena_back(tx_arena(tx), m);
        at += n;
    }
    return OK;
}

static enum status chunk_anew(struct tx *tx, const struct measure_source *s, int chunk) {
    struct items items = { 0 };
    int64_t from = (int64_t)chunk * CHUNK_N;
    enum status st = db_run(tx, &measure_chunk_drop, P("measure", s->measure), P("chunk", chunk));
    if (st == OK)
        st = db_run(tx, &measure_chunk_wait, P("measure", s->measure), P("from", from),
                    P("until", from + CHUNK_N));
    if (st == OK) st = items_read(tx, s, chunk, &items);
    if (st == OK) st = items_write(tx, s->measure, chunk, &items);
    free(items.v);
    return st;
}

static enum status chunks_n(struct tx *tx, int *n) {
    struct rows r;
    TRY(db_query(tx, &measure_parties, &r));
    *n = (int)(row_int(&r, 0, "last") / CHUNK_N) + 1;
    return OK;
}

enum status measure_rebuild(struct db *db, const struct measure_source *s) {
    struct arena *a = arena_new();
    int n = 1;
    enum status st = OK;
    for (int chunk = 0; st == OK && chunk < n; chunk++) {
        struct tx *tx;
        arena_reset(a);
        st = db_write(db, a, &tx);
        if (st != OK) break;
        st = chunks_n(tx, &n);
        if (st == OK) st = chunk_anew(tx, s, chunk);
        st = db_end(tx, st);
        if (st == BUSY) {
            chunk--; /* again */
            st = OK;
        }
    }
    arena_free(a);
    return st;
}

/* --- the check --- */

static enum status items_kept(struct tx *tx, int measure, int chunk, struct items *out,
                              struct items *gone) {
    struct rows r;
    int64_t from = (int64_t)chunk * CHUNK_N;
    TRY(db_query(tx, &measure_chunk_get, &r, P("measure", measure), P("chunk", chunk)));
    for (int i = 0; i < r.n; i++) {
        struct block b;
        if (!block_read(row_blob(&r, i, "data"), &b)) return INVALID;
        for (int k = 0; k < b.n; k++)
            item_add(out, row_str(&r, i, "currency"), row_int(&r, i, "day"), block_at(&b, k));
    }
    TRY(db_query(tx, &measure_chunk_pending, &r, P("measure", measure), P("from", from),
                 P("until", from + CHUNK_N)));
    for (int i = 0; i < r.n; i++)
        item_add(
            row_int(&r, i, "gone") ? gone : out, row_str(&r, i, "currency"), row_int(&r, i, "day"),
            (struct block_row){ row_int(&r, i, "amount"), (uint16_t)row_int(&r, i, "number") });
    if (out->n) qsort(out->v, out->n, sizeof *out->v, item_cmp);
    if (gone->n) qsort(gone->v, gone->n, sizeof *gone->v, item_cmp);
    return OK;
}

/* Is a = b + c, all in order? */
static bool items_add_up(const struct items *a, const struct items *b, const struct items *c) {
    size_t k = 0, g = 0;
    for (size_t i = 0; i < a->n; i++) {
        if (k < b->n && item_cmp(&a->v[i], &b->v[k]) == 0)
            k++;
        else if (g < c->n && item_cmp(&a->v[i], &c->v[g]) == 0)
            g++;
        else
            return false;
    }
    return k == b->n && g == c->n;
}

enum status measure_check(struct tx *tx, const struct measure_source *s, struct strs *out,
                          int most) {
    int n;
    TRY(chunks_n(tx, &n));
    for (int chunk = 0; chunk < n && out->n < most; chunk++) {
        struct items truth = { 0 }, kept = { 0 }, gone = { 0 };
        struct arena_mark m = arena_mark(tx_arena(tx));
        enum status st = items_read(tx, s, chunk, &truth);
        if (st == OK) st = items_kept(tx, s->measure, chunk, &kept, &gone);
        bool right = st == OK && items_add_up(&kept, &truth, &gone);
        free(truth.v);
        free(kept.v);
        free(gone.v);
        arena_back(tx_arena(tx), m);
        if (st != OK && st != INVALID) return st;
        if (!right)
            out->v[out->n++] = str_printf(tx_arena(tx),
                                          "measure %d: sums of clients %lld to %lld do not agree "
                                          "with their records",
                                          s->measure, (long long)chunk * CHUNK_N,
                                          (long long)(chunk + 1) * CHUNK_N - 1);
    }
    return OK;
}
