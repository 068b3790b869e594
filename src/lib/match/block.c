/* Which pairs are looked at all: those that share a key. Keys are whole values or pieces of them
 * that survive a slip; rules are one piece that few share, or two that together few share. Which
 * ones follows from the values alone: the numbers of pairs are estimated and kept within a budget.
 * Called by find.c; calls lib/text/namekey for the sound of names. */
#include "lib/match/block_in.h"

#include "lib/base/map.h"

enum { START_N = 4, END_N = 4, TAIL_N = 7 };

/* The first or last n code points, the whole when there are no more. */
static struct str start_of(struct str s, size_t n) {
    struct str rest = s;
    while (n-- && rest.n) utf8_next(&rest);
    return str_sub(s, 0, s.n - rest.n);
}

static struct str end_of(struct str s, size_t n) {
    size_t from = s.n;
    while (from && n) n -= ((unsigned char)s.p[--from] & 0xC0) != 0x80;
    return str_sub(s, from, s.n);
}

static struct str first_word(struct str s) {
    ptrdiff_t at = str_find_c(s, ' ');
    return at > 0 ? str_sub(s, 0, (size_t)at) : s;
}

static struct str last_word(struct str s) {
    size_t from = s.n;
    while (from && s.p[from - 1] != ' ') from--;
    return str_sub(s, from, s.n);
}

/* The piece of a value; empty: this value has none. room: 8 bytes for a piece put together. */
static struct str piece_of(enum piece piece, struct str s, char *room) {
    switch (piece) {
    case PIECE_START: return start_of(s, START_N);
    case PIECE_END: return end_of(s, END_N);
    case PIECE_FIRST_WORD: return first_word(s);
    case PIECE_LAST_WORD: return last_word(s);
    case PIECE_USER: {
        ptrdiff_t at = str_find_c(s, '@');
        return at > 0 ? str_sub(s, 0, (size_t)at) : NO_STR;
    }
    case PIECE_TAIL: return s.n >= TAIL_N ? str_sub(s, s.n - TAIL_N, TAIL_N) : NO_STR;
    case PIECE_YEAR_MONTH: return s.n == 8 ? str_sub(s, 0, 6) : NO_STR;
    case PIECE_MONTH_DAY: return s.n == 8 ? str_sub(s, 4, 4) : NO_STR;
    case PIECE_YEAR_DAY:
        if (s.n != 8) return NO_STR;
        memcpy(room, s.p, 4);
        memcpy(room + 4, s.p + 6, 2);
        return (struct str){ room, 6 };
    default: return s;
    }
}

static unsigned pieces_of_kind(enum match_kind k) {
#define BIT(piece) (1u << (piece))
    static const unsigned of[MATCH_KINDS_N] = {
        [MATCH_GIVEN] = BIT(PIECE_WHOLE) | BIT(PIECE_START) | BIT(PIECE_END) | BIT(PIECE_SOUND),
        [MATCH_FAMILY] = BIT(PIECE_WHOLE) | BIT(PIECE_START) | BIT(PIECE_END) | BIT(PIECE_SOUND),
        [MATCH_NAME] = BIT(PIECE_WHOLE) | BIT(PIECE_FIRST_WORD) | BIT(PIECE_LAST_WORD) |
                       BIT(PIECE_START) | BIT(PIECE_END) | BIT(PIECE_SOUND),
        [MATCH_ORGANISATION] = BIT(PIECE_WHOLE) | BIT(PIECE_FIRST_WORD) | BIT(PIECE_START) |
                               BIT(PIECE_END) | BIT(PIECE_SOUND),
        [MATCH_PHONE] = BIT(PIECE_WHOLE) | BIT(PIECE_TAIL),
        [MATCH_EMAIL] = BIT(PIECE_WHOLE) | BIT(PIECE_USER) | BIT(PIECE_START),
        [MATCH_STREET] = BIT(PIECE_WHOLE) | BIT(PIECE_FIRST_WORD) | BIT(PIECE_START),
        [MATCH_NUMBER] = BIT(PIECE_WHOLE),
        [MATCH_TOWN] = BIT(PIECE_WHOLE) | BIT(PIECE_START),
        [MATCH_POSTCODE] = BIT(PIECE_WHOLE),
        [MATCH_REGION] = BIT(PIECE_WHOLE),
        [MATCH_DATE] =
            BIT(PIECE_WHOLE) | BIT(PIECE_YEAR_MONTH) | BIT(PIECE_MONTH_DAY) | BIT(PIECE_YEAR_DAY),
        [MATCH_ID] = BIT(PIECE_WHOLE) | BIT(PIECE_START) | BIT(PIECE_END),
        [MATCH_TEXT] = BIT(PIECE_WHOLE) | BIT(PIECE_FIRST_WORD) | BIT(PIECE_START) | BIT(PIECE_END),
    };
    return of[k];
}

static uint32_t key_of(struct str s) {
    uint64_t h = hash_bytes(s.p, s.n, 7);
    uint32_t k = (uint32_t)(h >> 32 ^ h);
    return s.n ? k + !k : 0;
}

static int by_key(const void *a, const void *b) {
    const struct keyed *x = a, *y = b;
    return x->key != y->key ? (x->key > y->key) - (x->key < y->key)
                            : (x->record > y->record) - (x->record < y->record);
}

/* The probability that two records share the key, by how many have each. */
static double shared(const struct column *c, const uint32_t *of, int64_t records_n) {
    struct keyed *v = malloc(((size_t)c->pool->n + 1) * sizeof *v);
    double sum = 0, run = 0;
    int64_t n = 0;
    if (!v) BUG("out of memory");
    for (uint32_t id = 1; id <= c->pool->n; id++)
        if (of[id] && c->count[id]) v[n++] = (struct keyed){ of[id], c->count[id] };
    qsort(v, (size_t)n, sizeof *v, by_key);
    for (int64_t i = 0; i < n; i++) {
        if (i && v[i].key != v[i - 1].key) {
            sum += run * (run - 1);
            run = 0;
        }
        run += v[i].record;
    }
    sum += run * (run - 1);
    free(v);
    return sum / ((double)records_n * (double)records_n);
}

static void key_add(const struct match *m, struct keys *k, int column, enum piece piece) {
    const struct column *c = &m->column[column];
    struct key *to = &k->v[k->n];
    char room[8];
    if (piece == PIECE_SOUND && !c->pool->sound) return;
    *to = (struct key){ .column = column, .piece = piece };
    to->of = calloc((size_t)c->pool->n + 1, sizeof *to->of);
    if (!to->of) BUG("out of memory");
    for (uint32_t id = 1; id <= c->pool->n; id++)
        if (c->count[id])
            to->of[id] = piece == PIECE_SOUND
                             ? c->pool->sound[id]
                             : key_of(piece_of(piece, intern_str(c->pool, id), room));
    to->shared = shared(c, to->of, m->records_n);
    if (to->shared > 0)
        k->n++;
    else
        free(to->of);
}

void keys_new(const struct match *m, struct keys *k) {
    k->n = 0;
    for (int i = 0; i < m->columns_n; i++) {
        if (m->column[i].dead || !m->column[i].filled_n) continue;
        for (int p = 0; p < PIECES_N && k->n < KEYS_N; p++)
            if (pieces_of_kind(m->column[i].kind) >> p & 1) key_add(m, k, i, (enum piece)p);
    }
}

void keys_free(struct keys *k) {
    for (int i = 0; i < k->n; i++) free(k->v[i].of);
    k->n = 0;
}

/* --- rules --- */

static int by_share(const void *a, const void *b) {
    const struct block_rule *x = a, *y = b;
    if (x->shared != y->shared) return (x->shared > y->shared) - (x->shared < y->shared);
    return x->key[0] != y->key[0] ? x->key[0] - y->key[0] : x->key[1] - y->key[1];
}

/* Does a rule of one key already find all that this key finds? */
static bool covered(const struct keys *k, const struct block_rule *rules, int n, int key) {
    for (int i = 0; i < n; i++) {
        const struct key *of = &k->v[rules[i].key[0]];
        if (rules[i].key[1] >= 0 || of->column != k->v[key].column) continue;
        if (rules[i].key[0] == key || k->v[key].piece == PIECE_WHOLE) return true;
    }
    return false;
}

static int take(const struct keys *k, struct block_rule *from, int from_n, double each,
                double *budget, struct block_rule *rules, int n, int most) {
    qsort(from, (size_t)from_n, sizeof *from, by_share);
    for (int i = 0; i < from_n && n < most; i++) {
        const struct block_rule *r = &from[i];
        if (r->shared > each || r->shared > *budget) break;
        if (covered(k, rules, n, r->key[0])) continue;
        if (r->key[1] >= 0 && covered(k, rules, n, r->key[1])) continue;
        *budget -= r->shared;
        rules[n++] = *r;
    }
    return n;
}

int block_rules(const struct match *m, const struct keys *k, struct block_rule *rules) {
    double records = m->records_n, pairs = records * (records - 1) / 2;
    double budget = (PAIRS_LEAST + records * PAIRS_EACH) / pairs;
    double single = (SINGLE_LEAST + records * SINGLE_EACH) / pairs;
    double both = (DOUBLE_LEAST + records * DOUBLE_EACH) / pairs;
    struct block_rule *v = calloc((size_t)k->n * (size_t)(k->n + 1) + 1, sizeof *v);
    int v_n = 0, n = 0;
    if (!v) BUG("out of memory");
    for (int i = 0; i < k->n; i++) v[v_n++] = (struct block_rule){ { i, -1 }, k->v[i].shared };
    n = take(k, v, v_n, single, &budget, rules, n, RULES_N / 2);
    v_n = 0;
    for (int i = 0; i < k->n; i++)
        for (int j = i + 1; j < k->n; j++)
            if (k->v[i].column != k->v[j].column)
                v[v_n++] = (struct block_rule){ { i, j }, k->v[i].shared * k->v[j].shared };
    n = take(k, v, v_n, both, &budget, rules, n, RULES_N);
    free(v);
    return n;
}

/* --- records by key --- */

static uint64_t mixed(uint32_t x, uint32_t y) {
    uint64_t h = ((uint64_t)x << 32 | y) * 0x9E3779B97F4A7C15u;
    h ^= h >> 29;
    h *= 0xBF58476D1CE4E5B9u;
    return (h ^ h >> 32) | 1;
}

/* Least significant byte first; stable, so records stay in order within a key. */
static void radix_sort(struct keyed *v, int64_t n) {
    struct keyed *to = malloc((size_t)n * sizeof *to), *from = v;
    if (!to) BUG("out of memory");
    for (int shift = 0; shift < 64; shift += 8) {
        int64_t at[257] = { 0 };
        for (int64_t i = 0; i < n; i++) at[(from[i].key >> shift & 255) + 1]++;
        for (int b = 0; b < 256; b++) at[b + 1] += at[b];
        for (int64_t i = 0; i < n; i++) to[at[from[i].key >> shift & 255]++] = from[i];
        struct keyed *t = from;
        from = to;
        to = t;
    }
    free(to == v ? from : to); /* after eight rounds the result lies in v again */
}

int64_t block_keys(const struct match *m, const struct keys *k, const struct block_rule *rule,
                   struct keyed **out, uint32_t *row, int stride) {
    size_t cap = 0;
    int64_t n = 0;
    *out = NULL;
    const struct key *x = &k->v[rule->key[0]], *y = rule->key[1] < 0 ? NULL : &k->v[rule->key[1]];
    for (int32_t r = 0; r < m->records_n; r++) {
        const uint32_t *a, *b = NULL;
        uint32_t a_n = cell_values(m, &m->column[x->column].cell[r], &a);
        uint32_t b_n = y ? cell_values(m, &m->column[y->column].cell[r], &b) : 1;
        int64_t before = n;
        for (uint32_t i = 0; i < a_n; i++)
            for (uint32_t j = 0; j < b_n; j++) {
                uint32_t p = x->of[a[i]], q = y ? y->of[b[j]] : 1;
                if (!p || !q) continue;
                *out = grown(*out, &cap, (size_t)n + 1, sizeof **out);
                (*out)[n++] = (struct keyed){ mixed(p, q), (uint32_t)r };
            }
        /* what one record has once is remembered, so that no later rule gives the pair again */
        if (row)
            row[(int64_t)r * stride] = n == before + 1 ? (uint32_t)((*out)[n - 1].key >> 32) : 0;
    }
    if (n) radix_sort(*out, n);
    return n;
}
