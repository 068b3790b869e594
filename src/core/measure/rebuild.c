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

struct item {
    char currency[4];
    int32_t day;
    struct block_row row;
};
struct items {
    struct item *v;
    size_t n, cap;
};

static struct item *item_add(struct items *s, struct str currency, int64_t day) {
    if (s->n == s->cap) {
        s->cap = s->cap ? s->cap * 2 : 4096;
        s->v = realloc(s->v, s->cap * sizeof *s->v);
        if (!s->v) BUG("out of memory");
    }
    struct item *i = &s->v[s->n++];
    *i = (struct item){ .day = (int32_t)day };
    memcpy(i->currency, currency.p ? currency.p : "", currency.n < 3 ? currency.n : 3);
    return i;
}

static int item_cmp(const void *a, const void *b) {
    const struct item *x = a, *y = b;
    int c = strcmp(x->currency, y->currency);
    if (c) return c;
    if (x->day != y->day) return x->day < y->day ? -1 : 1;
    return block_row_cmp(&x->row, &y->row);
}

/* The rows of a chunk as its records say, in order. */
static enum status items_read(struct tx *tx, const struct measure_source *s, int chunk,
                              struct items *out) {
    for (int64_t from = (int64_t)chunk * CHUNK_N, end = from + CHUNK_N; from < end;
         from += STEP_N) {
        struct arena_mark m = arena_mark(tx_arena(tx));
        struct rows r;
        TRY(db_query(tx, s->rows, &r, P("from", from), P("until", from + STEP_N)));
        for (int i = 0; i < r.n; i++) {
            int day = measure_day(row_str(&r, i, "day"));
            if (day < MEASURE_DAY_MIN) continue;
            struct item *it = item_add(out, row_str(&r, i, "currency"), day);
            it->row =
                (struct block_row){ row_int(&r, i, "amount"), (uint16_t)row_int(&r, i, "party") };
        }
        arena_back(tx_arena(tx), m);
    }
    if (out->n) qsort(out->v, out->n, sizeof *out->v, item_cmp);
    return OK;
}

static size_t same_block(const struct items *s, size_t from) {
    size_t n = from + 1;
    while (n < s->n && s->v[n].day == s->v[from].day &&
           !strcmp(s->v[n].currency, s->v[from].currency))
        n++;
    return n - from;
}

static enum status items_write(struct tx *tx, int measure, int chunk, const struct items *s) {
    for (size_t at = 0; at < s->n;) {
        struct arena_mark m = arena_mark(tx_arena(tx));
        size_t n = same_block(s, at);
        struct block_row *rows = arena_array(tx_arena(tx), struct block_row, n);
        for (size_t i = 0; i < n; i++) rows[i] = s->v[at + i].row;
        TRY(db_run(tx, &measure_chunk_put, P("measure", measure),
                   P("currency", str_of(s->v[at].currency)), P("chunk", chunk),
                   P("day", s->v[at].day), P("data", block_write(tx_arena(tx), rows, (int)n))));
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
            item_add(out, row_str(&r, i, "currency"), row_int(&r, i, "day"))->row = block_at(&b, k);
    }
    TRY(db_query(tx, &measure_chunk_pending, &r, P("measure", measure), P("from", from),
                 P("until", from + CHUNK_N)));
    for (int i = 0; i < r.n; i++)
        item_add(row_int(&r, i, "gone") ? gone : out, row_str(&r, i, "currency"),
                 row_int(&r, i, "day"))
            ->row =
            (struct block_row){ row_int(&r, i, "amount"), (uint16_t)row_int(&r, i, "number") };
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
