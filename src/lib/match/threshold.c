/* Where to cut: thresholds that follow from what the model says of its own errors. A certainty is a
 * probability, so a set of pairs has an expected number of right ones without any truth. Called by
 * whoever has the pairs of match_find; calls nothing. */
#include "lib/match/match_in.h"

static int surest(const void *a, const void *b) {
    const float *x = a, *y = b;
    return (*x < *y) - (*x > *y);
}

static float *sorted(const struct match_pairs *pairs) {
    float *v = malloc(((size_t)pairs->n + 1) * sizeof *v);
    if (!v) BUG("out of memory");
    for (int64_t i = 0; i < pairs->n; i++) v[i] = pairs->v[i].certainty;
    if (pairs->n) qsort(v, (size_t)pairs->n, sizeof *v, surest);
    return v;
}

double match_threshold_f1(const struct match_pairs *pairs) {
    float *v = sorted(pairs);
    double all = 0, right = 0, best = 0, at = 0.5;
    for (int64_t i = 0; i < pairs->n; i++) all += (double)v[i];
    for (int64_t i = 0; i < pairs->n; i++) {
        right += (double)v[i];
        if (i + 1 < pairs->n && v[i + 1] == v[i]) continue;
        double f1 = 2 * right / ((double)(i + 1) + all);
        if (f1 <= best) continue;
        best = f1;
        at = (double)v[i];
    }
    free(v);
    return at;
}

double match_threshold_sure(const struct match_pairs *pairs, double wrong, double least,
                            double most) {
    float *v = sorted(pairs);
    double right = 0, at = most;
    for (int64_t i = 0; i < pairs->n && (double)v[i] >= least; i++) {
        right += (double)v[i];
        if (i + 1 < pairs->n && v[i + 1] == v[i]) continue;
        if ((double)(i + 1) - right > wrong * (double)(i + 1)) break;
        at = (double)v[i];
    }
    free(v);
    return at < most ? at : most;
}
