/* Sums over blocks and pending rows, 65,536 clients at a time: an array of sums, one addition a
 * row, then one look at each client. Called by core/ask; calls lib/db. */
#include <string.h>

#include "core/measure/block.h"

enum { CHUNK_N = 1 << 16 };

SQL(measure_next_currency, "SELECT min(currency) AS currency FROM measure_block WHERE measure = "
                           ":measure AND currency > :after");
SQL(measure_next_chunk,
    "SELECT min(chunk) AS chunk FROM measure_block WHERE measure = :measure AND "
    "currency = :currency AND chunk > :after");
SQL(measure_blocks, "SELECT day, data FROM measure_block WHERE measure = :measure AND currency = "
                    ":currency AND chunk = :chunk AND day >= :from AND day < :until ORDER BY day");
SQL(measure_pending_asked,
    "SELECT number, day, amount, gone FROM measure_pending WHERE measure = :measure AND "
    "(currency = :currency OR CAST(:any AS INTEGER) = 1) AND day >= :from AND day < :until "
    "ORDER BY id");
SQL(measure_pending_one,
    "SELECT number, day, amount, gone FROM measure_pending WHERE measure = :measure AND number = "
    ":number AND (currency = :currency OR CAST(:any AS INTEGER) = 1) AND day >= :from AND "
    "day < :until ORDER BY id");

/* What is known of the clients of one chunk. Of largest, smallest, first and latest a row that goes
 * cannot be taken back: whoever has such a pending row is asked alone. */
struct tally {
    const struct measure_ask *ask;
    int64_t sum[CHUNK_N]; /* or the largest, smallest, first, latest */
    uint32_t n[CHUNK_N];
};

static bool by_extremes(enum measure_fn fn) {
    return fn != MEASURE_COUNT && fn != MEASURE_SUM && fn != MEASURE_AVERAGE;
}

static int64_t plus(int64_t a, int64_t b) { /* sums stay at their ends instead of turning round */
    int64_t r;
    if (!__builtin_add_overflow(a, b, &r)) return r;
    return b > 0 ? INT64_MAX : INT64_MIN;
}

static void take(struct tally *t, uint16_t low, int64_t v, int day) {
    int64_t *at = &t->sum[low];
    bool first = t->n[low]++ == 0;
    switch (t->ask->fn) {
    case MEASURE_COUNT: return;
    case MEASURE_SUM:
    case MEASURE_AVERAGE: *at = plus(*at, v); return;
    case MEASURE_LARGEST: *at = first || v > *at ? v : *at; return;
    case MEASURE_SMALLEST: *at = first || v < *at ? v : *at; return;
    case MEASURE_FIRST: *at = first || day < *at ? day : *at; return;
    case MEASURE_LATEST: *at = first || day > *at ? day : *at; return;
    }
}

static inline uint16_t low_at(const struct block *b, int i) {
    return (uint16_t)(b->lows[2 * (size_t)i] | b->lows[2 * (size_t)i + 1] << 8);
}

/* The loop that most questions spend their time in. Sums of these widths cannot overflow. */
#define ADD_ALL(type)                                                                              \
    for (int i = 0; i < b->n; i++) {                                                               \
        type v;                                                                                    \
        memcpy(&v, b->amounts + sizeof v * (size_t)i, sizeof v);                                   \
        uint16_t low = low_at(b, i);                                                               \
        t->sum[low] += v;                                                                          \
        t->n[low]++;                                                                               \
    }

static void take_block(struct tally *t, const struct block *b, int day) {
    bool adds = t->ask->fn == MEASURE_SUM || t->ask->fn == MEASURE_AVERAGE;
    if (t->ask->fn == MEASURE_COUNT) {
        for (int i = 0; i < b->n; i++) t->n[low_at(b, i)]++;
    } else if (adds && b->width == 1) {
        ADD_ALL(int8_t)
    } else if (adds && b->width == 2) {
        ADD_ALL(int16_t)
    } else if (adds && b->width == 4) {
        ADD_ALL(int32_t)
    } else {
        for (int i = 0; i < b->n; i++) {
            struct block_row r = block_at(b, i);
            take(t, r.low, r.amount, day);
        }
    }
}

static enum status take_blocks(struct tx *tx, struct tally *t, struct str currency, int chunk) {
    struct arena_mark m = arena_mark(tx_arena(tx));
    const struct measure_ask *q = t->ask;
    struct rows r;
    TRY(db_query(tx, &measure_blocks, &r, P("measure", q->measure), P("currency", currency),
                 P("chunk", chunk), P("from", q->from_day), P("until", q->until_day)));
    for (int i = 0; i < r.n; i++) {
        struct block b;
        if (!block_read(row_blob(&r, i, "data"), &b)) return BROKEN;
        take_block(t, &b, (int)row_int(&r, i, "day"));
    }
    arena_back(tx_arena(tx), m);
    return OK;
}

/* The value of a client that has n rows; false: none. */
static bool value_of(const struct measure_ask *q, int64_t sum, uint32_t n, int64_t *v) {
    if (q->fn == MEASURE_COUNT)
        *v = n;
    else if (q->fn == MEASURE_AVERAGE && n) {
        __int128 wide = (__int128)sum * 1000, each = wide / n;
        if (wide % n < 0) each--; /* rounded down, below zero too */
        *v = each > INT64_MAX ? INT64_MAX : each < INT64_MIN ? INT64_MIN : (int64_t)each;
    } else
        *v = sum;
    return n > 0 || q->fn == MEASURE_COUNT || q->fn == MEASURE_SUM;
}

static bool within(const struct measure_ask *q, int64_t sum, uint32_t n) {
    int64_t v;
    return value_of(q, sum, n, &v) && v >= q->low && v <= q->high;
}

/* --- pending rows --- */

struct pending {
    uint32_t number;
    int32_t day;
    int64_t amount;
    bool gone;
};
struct pendings {
    struct pending *v;
    int n, at;
};

static int by_number(const void *a, const void *b) {
    const struct pending *x = a, *y = b;
    return (x->number > y->number) - (x->number < y->number);
}

static enum status read_pending(struct tx *tx, const struct measure_ask *q, struct pendings *out) {
    struct rows r;
    TRY(db_query(tx, &measure_pending_asked, &r, P("measure", q->measure),
                 P("currency", q->currency), P("any", !q->currency.n), P("from", q->from_day),
                 P("until", q->until_day)));
    *out = (struct pendings){ arena_array(tx_arena(tx), struct pending, r.n + 1), r.n, 0 };
    for (int i = 0; i < r.n; i++)
        out->v[i] =
            (struct pending){ (uint32_t)row_int(&r, i, "number"), (int32_t)row_int(&r, i, "day"),
                              row_int(&r, i, "amount"), row_int(&r, i, "gone") != 0 };
    qsort(out->v, (size_t)r.n, sizeof *out->v, by_number);
    return OK;
}

static void take_back(struct tally *t, uint16_t low, int64_t v) {
    if (t->n[low]) t->n[low]--;
    if (t->ask->fn != MEASURE_COUNT) t->sum[low] = plus(t->sum[low], -v);
}

/* Rows that wait, of this chunk; whoever has to be asked alone goes to alone. */
static void take_pending(struct tally *t, struct pendings *p, int chunk, struct bits *alone) {
    for (; p->at < p->n && p->v[p->at].number >> 16 == (uint32_t)chunk; p->at++) {
        const struct pending *x = &p->v[p->at];
        if (!x->gone)
            take(t, (uint16_t)x->number, x->amount, x->day);
        else if (!by_extremes(t->ask->fn))
            take_back(t, (uint16_t)x->number, x->amount);
        else
            bits_add(alone, x->number);
    }
}

/* --- one client --- */

struct one {
    int64_t amount;
    int32_t day;
};
struct ones {
    struct one *v;
    int n, cap;
    struct arena *a;
};

static void one_comes(struct ones *s, int64_t amount, int32_t day) {
    if (s->n == s->cap) {
        struct one *more = arena_array(s->a, struct one, s->cap * 2 + 16);
        if (s->n) memcpy(more, s->v, sizeof *more * (size_t)s->n);
        s->v = more;
        s->cap = s->cap * 2 + 16;
    }
    s->v[s->n++] = (struct one){ amount, day };
}

static void one_goes(struct ones *s, int64_t amount, int32_t day) {
    for (int i = 0; i < s->n; i++)
        if (s->v[i].amount == amount && s->v[i].day == day) {
            s->v[i] = s->v[--s->n];
            return;
        }
}

static enum status next_currency(struct tx *tx, const struct measure_ask *q, struct str *currency,
                                 bool *more) {
    struct rows r;
    if (q->currency.n) {
        *more = !currency->n;
        *currency = q->currency;
        return OK;
    }
    TRY(db_query(tx, &measure_next_currency, &r, P("measure", q->measure),
                 P("after", currency->n ? *currency : S(""))));
    *more = r.n && !row_null(&r, 0, "currency");
    if (*more) *currency = row_str(&r, 0, "currency");
    return OK;
}

static enum status ones_of(struct tx *tx, const struct measure_ask *q, int64_t party,
                           struct ones *out) {
    struct str currency = NO_STR;
    struct rows r;
    *out = (struct ones){ .a = tx_arena(tx) };
    for (bool more = true;;) {
        TRY(next_currency(tx, q, &currency, &more));
        if (!more) break;
        TRY(db_query(tx, &measure_blocks, &r, P("measure", q->measure), P("currency", currency),
                     P("chunk", party >> 16), P("from", q->from_day), P("until", q->until_day)));
        for (int i = 0; i < r.n; i++) {
            struct block b;
            if (!block_read(row_blob(&r, i, "data"), &b)) return BROKEN;
            for (int k = block_find(&b, (uint16_t)party); k < b.n; k++) {
                struct block_row row = block_at(&b, k);
                if (row.low != (uint16_t)party) break;
                one_comes(out, row.amount, (int32_t)row_int(&r, i, "day"));
            }
        }
    }
    TRY(db_query(tx, &measure_pending_one, &r, P("measure", q->measure), P("number", party),
                 P("currency", q->currency), P("any", !q->currency.n), P("from", q->from_day),
                 P("until", q->until_day)));
    for (int i = 0; i < r.n; i++) {
        int64_t amount = row_int(&r, i, "amount");
        int32_t day = (int32_t)row_int(&r, i, "day");
        if (row_int(&r, i, "gone"))
            one_goes(out, amount, day);
        else
            one_comes(out, amount, day);
    }
    return OK;
}

enum status measure_of(struct tx *tx, const struct measure_ask *q, int64_t party, int64_t *value,
                       bool *has) {
    struct ones s;
    int64_t sum = 0;
    *has = false;
    *value = 0;
    if (party < 0 || party > UINT32_MAX) return OK;
    TRY(ones_of(tx, q, party, &s));
    for (int i = 0; i < s.n; i++) {
        int64_t v = q->fn == MEASURE_FIRST || q->fn == MEASURE_LATEST ? s.v[i].day : s.v[i].amount;
        bool least = q->fn == MEASURE_SMALLEST || q->fn == MEASURE_FIRST;
        if (!by_extremes(q->fn))
            sum = plus(sum, v);
        else if (i == 0 || (least ? v < sum : v > sum))
            sum = v;
    }
    *has = value_of(q, sum, (uint32_t)s.n, value);
    return OK;
}

/* --- many --- */

struct looked {
    uint32_t *in, *out; /* who lies within and who does not, of those with a row */
    size_t in_n, out_n;
};

static void look(const struct tally *t, int chunk, struct looked *l) {
    l->in_n = l->out_n = 0;
    for (int i = 0; i < CHUNK_N; i++) {
        if (!t->n[i]) continue;
        uint32_t number = (uint32_t)chunk << 16 | (uint32_t)i;
        if (within(t->ask, t->sum[i], t->n[i]))
            l->in[l->in_n++] = number;
        else
            l->out[l->out_n++] = number;
    }
}

struct found_so_far {
    struct bits *in, *out, *alone;
};

static enum status one_chunk(struct tx *tx, struct tally *t, struct pendings *p, int chunk,
                             struct looked *l, struct found_so_far *f) {
    struct str currency = NO_STR;
    memset(t->sum, 0, sizeof t->sum);
    memset(t->n, 0, sizeof t->n);
    for (bool more = true;;) {
        TRY(next_currency(tx, t->ask, &currency, &more));
        if (!more) break;
        TRY(take_blocks(tx, t, currency, chunk));
    }
    take_pending(t, p, chunk, f->alone);
    look(t, chunk, l);
    bits_add_all(f->in, l->in, l->in_n);
    bits_add_all(f->out, l->out, l->out_n);
    return OK;
}

/* The next chunk that has a block or a pending row; -1: none. */
static enum status next_chunk(struct tx *tx, const struct measure_ask *q, const struct pendings *p,
                              int *chunk) {
    struct str currency = NO_STR;
    int next = -1;
    for (bool more = true;;) {
        struct rows r;
        TRY(next_currency(tx, q, &currency, &more));
        if (!more) break;
        TRY(db_query(tx, &measure_next_chunk, &r, P("measure", q->measure), P("currency", currency),
                     P("after", *chunk)));
        if (!r.n || row_null(&r, 0, "chunk")) continue;
        int at = (int)row_int(&r, 0, "chunk");
        if (next < 0 || at < next) next = at;
    }
    if (p->at < p->n && (next < 0 || (int)(p->v[p->at].number >> 16) < next))
        next = (int)(p->v[p->at].number >> 16);
    *chunk = next;
    return OK;
}

static enum status ask_alone(struct tx *tx, const struct measure_ask *q, struct found_so_far *f) {
    uint32_t v[256];
    int64_t after = -1, value;
    int n;
    bool has;
    while ((n = bits_next(f->alone, after, v, 256)) > 0) {
        after = v[n - 1];
        for (int i = 0; i < n; i++) {
            struct arena_mark m = arena_mark(tx_arena(tx));
            TRY(measure_of(tx, q, v[i], &value, &has));
            bool in = has && value >= q->low && value <= q->high;
            bits_remove(in ? f->out : f->in, v[i]);
            bits_add(in ? f->in : f->out, v[i]);
            arena_back(tx_arena(tx), m);
        }
    }
    return OK;
}

static enum status all_chunks(struct tx *tx, const struct measure_ask *q, struct found_so_far *f) {
    struct pendings p;
    struct tally *t = malloc(sizeof *t);
    struct looked l = { .in = malloc(sizeof *l.in * CHUNK_N),
                        .out = malloc(sizeof *l.out * CHUNK_N) };
    if (!t || !l.in || !l.out) BUG("out of memory");
    t->ask = q;
    enum status st = read_pending(tx, q, &p);
    for (int chunk = -1; st == OK;) {
        st = next_chunk(tx, q, &p, &chunk);
        if (st != OK || chunk < 0) break;
        st = one_chunk(tx, t, &p, chunk, &l, f);
    }
    free(t);
    free(l.in);
    free(l.out);
    return st == OK ? ask_alone(tx, q, f) : st;
}

enum status measure_bits(struct tx *tx, const struct measure_ask *q, const struct bits *among,
                         struct bits **out) {
    struct found_so_far f = { bits_new(), bits_new(), bits_new() };
    bool nothing_fits = within(q, 0, 0); /* who has no row */
    enum status st = q->low <= q->high && q->from_day < q->until_day ? all_chunks(tx, q, &f) : OK;
    *out = NULL;
    if (st == OK && among && nothing_fits && q->low <= q->high) {
        *out = bits_copy(among);
        bits_minus(*out, f.out);
    } else if (st == OK) {
        *out = bits_copy(f.in);
        if (among) bits_and(*out, among);
    }
    bits_free(f.in);
    bits_free(f.out);
    bits_free(f.alone);
    return st;
}
