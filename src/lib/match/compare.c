/* Distances between texts (compare.h): Jaro-Winkler, Levenshtein, optimal string alignment. Called
 * by level.c for millions of pairs, by tests against published values; calls str. Works on arrays
 * of code points on the stack: no memory is asked for. */
#include "lib/match/compare.h"

enum { LONGEST = 128 };

struct points {
    int32_t v[LONGEST];
    int n;
};

static void points_of(struct str s, struct points *p) {
    p->n = 0;
    size_t i = 0;
    while (i < s.n && p->n < LONGEST && (unsigned char)s.p[i] < 0x80) p->v[p->n++] = s.p[i++];
    struct str rest = str_sub(s, i, s.n);
    while (rest.n && p->n < LONGEST) p->v[p->n++] = utf8_next(&rest);
}

/* --- Jaro --- */

/* Where each letter stands in y, as bits: for texts of at most 64 letters of ASCII and of the
 * Arabic block, which nearly all are. Only the places that x and y name are ever read. */
enum { WORD_BITS = 64, LETTERS = 128 + 256 };

static int place_of(int32_t c) {
    if (c >= 0 && c < 128) return c;
    return c >= 0x600 && c < 0x700 ? c - 0x600 + 128 : -1;
}

static bool bits_suit(const struct points *x) {
    if (x->n > WORD_BITS) return false;
    for (int i = 0; i < x->n; i++)
        if (place_of(x->v[i]) < 0) return false;
    return true;
}

static void common_bits(const struct points *x, const struct points *y, int window, uint64_t *in_x,
                        uint64_t *in_y) {
    uint64_t at[LETTERS], used = 0, found = 0;
    for (int i = 0; i < x->n; i++) at[place_of(x->v[i])] = 0;
    for (int k = 0; k < y->n; k++) at[place_of(y->v[k])] = 0;
    for (int k = 0; k < y->n; k++) at[place_of(y->v[k])] |= 1ull << k;
    for (int i = 0; i < x->n; i++) {
        int from = i > window ? i - window : 0, to = i + window;
        uint64_t within = (to >= WORD_BITS - 1 ? ~0ull : (1ull << (to + 1)) - 1) &
                          (from >= WORD_BITS ? 0 : ~0ull << from);
        uint64_t hit = at[place_of(x->v[i])] & within & ~used;
        used |= hit & -hit;
        found |= (uint64_t)(hit != 0) << i;
    }
    *in_x = found;
    *in_y = used;
}

/* The characters of x that y has within the window, in order of x and of y; how many. */
static int in_common(const struct points *x, const struct points *y, int32_t *of_x, int32_t *of_y) {
    int longer = x->n > y->n ? x->n : y->n, window = longer / 2 - 1, common = 0;
    bool used[LONGEST] = { false };
    if (window < 0) window = 0;
    if (bits_suit(x) && bits_suit(y)) {
        uint64_t in_x, in_y;
        common_bits(x, y, window, &in_x, &in_y);
        for (; in_x; in_x &= in_x - 1, in_y &= in_y - 1, common++) {
            of_x[common] = x->v[__builtin_ctzll(in_x)];
            of_y[common] = y->v[__builtin_ctzll(in_y)];
        }
        return common;
    }
    for (int i = 0; i < x->n; i++) {
        int from = i > window ? i - window : 0;
        int to = i + window + 1 < y->n ? i + window + 1 : y->n;
        for (int k = from; k < to; k++) {
            if (used[k] || x->v[i] != y->v[k]) continue;
            used[k] = true;
            of_x[common++] = x->v[i];
            break;
        }
    }
    for (int k = 0, n = 0; n < common; k++)
        if (used[k]) of_y[n++] = y->v[k];
    return common;
}

static double jaro_points(const struct points *x, const struct points *y) {
    int32_t of_x[LONGEST], of_y[LONGEST];
    if (!x->n || !y->n) return x->n == y->n ? 1 : 0;
    int common = in_common(x, y, of_x, of_y), out_of_order = 0;
    if (!common) return 0;
    for (int i = 0; i < common; i++) out_of_order += of_x[i] != of_y[i];
    double c = common;
    return (c / x->n + c / y->n + (c - out_of_order / 2) / c) / 3;
}

double jaro(struct str a, struct str b) {
    struct points x, y;
    points_of(a, &x);
    points_of(b, &y);
    return jaro_points(&x, &y);
}

double jaro_winkler(struct str a, struct str b) {
    struct points x, y;
    points_of(a, &x);
    points_of(b, &y);
    double j = jaro_points(&x, &y);
    int same = 0;
    while (same < 4 && same < x.n && same < y.n && x.v[same] == y.v[same]) same++;
    return j + same * 0.1 * (1 - j);
}

static int least(int a, int b) {
    return a < b ? a : b;
}

/* One row of the table after another; three are kept for the exchange of neighbours. */
static int distance(const struct points *x, const struct points *y, int most, bool exchange) {
    int rows[3][LONGEST + 1];
    int *before = rows[0], *last = rows[1], *row = rows[2];
    if (x->n - y->n > most || y->n - x->n > most) return most + 1;
    for (int k = 0; k <= y->n; k++) last[k] = k;
    for (int i = 1; i <= x->n; i++) {
        int lowest = row[0] = i;
        for (int k = 1; k <= y->n; k++) {
            int cost = x->v[i - 1] != y->v[k - 1];
            int d = least(least(last[k], row[k - 1]) + 1, last[k - 1] + cost);
            if (exchange && i > 1 && k > 1 && x->v[i - 1] == y->v[k - 2] &&
                x->v[i - 2] == y->v[k - 1])
                d = least(d, before[k - 2] + 1);
            row[k] = d;
            lowest = least(lowest, d);
        }
        /* with an exchange the row before last may still lead lower, by one edit */
        if (lowest > most + (exchange ? 1 : 0)) return most + 1;
        int *free_row = before;
        before = last;
        last = row;
        row = free_row;
    }
    return least(last[y->n], most + 1);
}

int edit_distance(struct str a, struct str b, int most) {
    struct points x, y;
    points_of(a, &x);
    points_of(b, &y);
    return distance(&x, &y, most, false);
}

int edit_distance_osa(struct str a, struct str b, int most) {
    struct points x, y;
    points_of(a, &x);
    points_of(b, &y);
    return distance(&x, &y, most, true);
}

double edit_similarity(struct str a, struct str b) {
    struct points x, y;
    points_of(a, &x);
    points_of(b, &y);
    int longer = x.n > y.n ? x.n : y.n;
    return longer ? 1 - (double)distance(&x, &y, longer, false) / longer : 1;
}
