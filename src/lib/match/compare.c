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

/* The characters of x that y has within the window, marked in both; how many. */
static int in_common(const struct points *x, const struct points *y, bool *in_x, bool *in_y) {
    int longer = x->n > y->n ? x->n : y->n, window = longer / 2 - 1, common = 0;
    if (window < 0) window = 0;
    for (int i = 0; i < x->n; i++) {
        int from = i > window ? i - window : 0;
        int to = i + window + 1 < y->n ? i + window + 1 : y->n;
        for (int k = from; k < to; k++) {
            if (in_y[k] || x->v[i] != y->v[k]) continue;
            in_x[i] = in_y[k] = true;
            common++;
            break;
        }
    }
    return common;
}

static double jaro_points(const struct points *x, const struct points *y) {
    bool in_x[LONGEST], in_y[LONGEST];
    if (!x->n || !y->n) return x->n == y->n ? 1 : 0;
    memset(in_x, 0, (size_t)x->n);
    memset(in_y, 0, (size_t)y->n);
    int common = in_common(x, y, in_x, in_y), out_of_order = 0;
    if (!common) return 0;
    for (int i = 0, k = 0; i < x->n; i++) {
        if (!in_x[i]) continue;
        while (!in_y[k]) k++;
        if (x->v[i] != y->v[k++]) out_of_order++;
    }
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
