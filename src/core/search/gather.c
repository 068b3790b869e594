/* Terms of new records straight into search_term (gather.h). Called by core/entity/loader.c; calls
 * lib/db. As in fold.c what comes is put in order by term and chunk first, so that each bitmap is
 * read and written once. A fold that is under way has worked out bitmaps that lack what is written
 * here: it loses its lease, its pending rows stay for the next one. */
#include "core/search/gather.h"

#include "core/search/bits.h"
#include "lib/base/map.h"

SQL(gather_lease_lost, "INSERT INTO meta (key, value) VALUES ('fold_lease', '0000000000000') "
                       "ON CONFLICT (key) DO UPDATE SET value = '0000000000000'");
SQL(gather_bits, "SELECT bits FROM search_term WHERE term = :term AND chunk = :chunk");
SQL(gather_put, "INSERT INTO search_term (term, chunk, bits) VALUES (:term, :chunk, :bits) "
                "ON CONFLICT (term, chunk) DO UPDATE SET bits = excluded.bits");

struct gather_cell { /* one term and chunk */
    struct str term;
    uint64_t begins; /* its first bytes: most comparisons end here */
    uint32_t chunk, hash;
    uint32_t n, first; /* of its numbers, once they lie side by side */
};
struct step {
    uint32_t cell, number;
};
struct gather {
    struct arena *texts;
    struct gather_cell *cells;
    struct step *steps;
    uint32_t *slots; /* index + 1 of a cell, 0 for empty */
    size_t cells_n, cells_cap, steps_n, steps_cap, slots_n;
};

static void *grown(void *old, size_t each, size_t n) {
    void *p = realloc(old, arena_mul_(each, n));
    if (!p) BUG("out of memory");
    return p;
}

struct gather *gather_new(void) {
    struct gather *g = calloc(1, sizeof *g);
    if (!g) BUG("out of memory");
    g->texts = arena_new();
    return g;
}

void gather_free(struct gather *g) {
    if (!g) return;
    arena_free(g->texts);
    free(g->cells);
    free(g->steps);
    free(g->slots);
    free(g);
}

int64_t gather_n(const struct gather *g) {
    return (int64_t)g->steps_n;
}

void gather_forget(struct gather *g) {
    arena_reset(g->texts);
    if (g->slots_n) memset(g->slots, 0, g->slots_n * sizeof *g->slots);
    g->cells_n = g->steps_n = 0;
}

/* At most half of the slots are taken. */
static void more_slots(struct gather *g) {
    if (g->slots_n > 2 * g->cells_n) return;
    size_t n = g->slots_n ? g->slots_n * 2 : 1 << 12;
    free(g->slots);
    g->slots = calloc(n, sizeof *g->slots);
    if (!g->slots) BUG("out of memory");
    g->slots_n = n;
    for (size_t i = 0; i < g->cells_n; i++) {
        size_t at = g->cells[i].hash & (n - 1);
        while (g->slots[at]) at = (at + 1) & (n - 1);
        g->slots[at] = (uint32_t)i + 1;
    }
}

static uint64_t beginning(struct str term) {
    uint64_t begins = 0;
    for (size_t k = 0; k < 8; k++)
        begins = begins << 8 | (k < term.n ? (unsigned char)term.p[k] : 0);
    return begins;
}

static uint32_t cell_of(struct gather *g, struct str term, uint32_t chunk) {
    uint32_t hash = (uint32_t)hash_bytes(term.p, term.n, chunk);
    more_slots(g);
    for (size_t i = hash & (g->slots_n - 1);; i = (i + 1) & (g->slots_n - 1)) {
        const struct gather_cell *c = &g->cells[g->slots[i] ? g->slots[i] - 1 : 0];
        if (g->slots[i] == 0) {
            if (g->cells_n == g->cells_cap) {
                g->cells_cap = g->cells_cap ? g->cells_cap * 2 : 1 << 12;
                g->cells = grown(g->cells, sizeof *g->cells, g->cells_cap);
            }
            g->cells[g->cells_n] = (struct gather_cell){ .term = str_dup(g->texts, term),
                                                         .begins = beginning(term),
                                                         .chunk = chunk,
                                                         .hash = hash };
            g->slots[i] = (uint32_t)++g->cells_n;
            return g->slots[i] - 1;
        }
        if (c->hash == hash && c->chunk == chunk && str_eq(c->term, term)) return g->slots[i] - 1;
    }
}

void gather_add(struct gather *g, int64_t number, const struct terms *come) {
    if (number <= 0 || number > UINT32_MAX) BUG("party number %lld", (long long)number);
    for (int i = 0; i < come->n; i++) {
        if (g->steps_n == g->steps_cap) {
            g->steps_cap = g->steps_cap ? g->steps_cap * 2 : 1 << 14;
            g->steps = grown(g->steps, sizeof *g->steps, g->steps_cap);
        }
        uint32_t at = cell_of(g, come->v[i], (uint32_t)(number >> 16));
        g->cells[at].n++;
        g->steps[g->steps_n++] = (struct step){ at, (uint32_t)number };
    }
}

enum status gather_begin(struct tx *tx) {
    return db_run(tx, &gather_lease_lost);
}

static int as_in_table(const void *a, const void *b) {
    const struct gather_cell *x = *(const struct gather_cell *const *)a,
                             *y = *(const struct gather_cell *const *)b;
    if (x->begins != y->begins) return x->begins < y->begins ? -1 : 1;
    int c = str_cmp(x->term, y->term);
    return c ? c : (x->chunk > y->chunk) - (x->chunk < y->chunk);
}

/* The numbers of each cell side by side, in the order in which they came. */
static uint32_t *share_out(struct gather *g) {
    uint32_t *numbers = grown(NULL, sizeof *numbers, g->steps_n + 1), at = 0;
    for (size_t i = 0; i < g->cells_n; i++) {
        g->cells[i].first = at;
        at += g->cells[i].n;
        g->cells[i].n = 0;
    }
    for (size_t i = 0; i < g->steps_n; i++) {
        struct gather_cell *c = &g->cells[g->steps[i].cell];
        numbers[c->first + c->n++] = g->steps[i].number;
    }
    return numbers;
}

/* All of one chunk, whose first number is among them: numbers rise, so nobody's bits are there.
 * Not on PostgreSQL, where numbers are drawn beforehand. */
static bool chunk_is_new(const struct gather *g) {
    uint32_t least = UINT32_MAX, most = 0;
    for (size_t i = 0; i < g->steps_n; i++) {
        uint32_t n = g->steps[i].number;
        if (n < least) least = n;
        if (n > most) most = n;
    }
    return least >> 16 == most >> 16 && ((least & 0xFFFF) == 0 || least == 1);
}

static enum status put(struct tx *tx, const struct gather_cell *c, const uint32_t *numbers,
                       bool new) {
    struct arena_mark m = arena_mark(tx_arena(tx));
    struct blob term = { c->term.p, c->term.n };
    struct bits *b = bits_new();
    struct rows r = { 0 };
    enum status st =
        new ? OK : db_query(tx, &gather_bits, &r, P("term", term), P("chunk", c->chunk));
    if (st == OK && r.n && !bits_read(b, row_blob(&r, 0, "bits"))) st = BROKEN;
    bits_add_all(b, numbers + c->first, c->n);
    if (st == OK)
        st = db_run(tx, &gather_put, P("term", term), P("chunk", c->chunk),
                    P("bits", bits_write(tx_arena(tx), b)));
    bits_free(b);
    arena_back(tx_arena(tx), m);
    return st;
}

enum status gather_write(struct tx *tx, struct gather *g) {
    enum status st = OK;
    if (!g->cells_n) return OK;
    const struct gather_cell **order = grown(NULL, sizeof *order, g->cells_n);
    uint32_t *numbers = share_out(g);
    bool new = !tx_is_pg(tx) && chunk_is_new(g);
    for (size_t i = 0; i < g->cells_n; i++) order[i] = &g->cells[i];
    qsort(order, g->cells_n, sizeof *order, as_in_table);
    for (size_t i = 0; st == OK && i < g->cells_n; i++) st = put(tx, order[i], numbers, new);
    free(order);
    free(numbers);
    gather_forget(g);
    return st == OK ? search_outdate(tx) : st;
}
