/* Any bytes as a model of record linkage (first byte M) or as a file of people to evaluate (any
 * other): nothing crashes or loops, weights stay finite, groups hold together. */
#include <math.h>

#include "features/duplicate/evaluate.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ROWS_MOST = 80, COLUMNS_MOST = 12 };

static const struct match_column columns[] = { { "given", MATCH_GIVEN },
                                               { "family", MATCH_FAMILY },
                                               { "town", MATCH_TOWN },
                                               { "postcode", MATCH_POSTCODE } };

static void as_model(struct arena *a, struct str text) {
    struct match *m = match_new(columns, 4), *again = match_new(columns, 4);
    struct str why = NO_STR;
    if (match_model_read(m, text, &why) == OK) {
        for (int i = 0; i < 2; i++) {
            match_record(m, i);
            for (int c = 0; c < 4; c++) match_value(m, c, i ? S("Rome") : S("roma 12"));
        }
        struct match_score s = match_score(m, 0, 1, NULL);
        if (!isfinite(s.weight) || !(s.certainty >= 0 && s.certainty <= 1)) BUG("not a number");
        struct str said = match_model_write(m, a);
        if (match_model_read(again, said, &why) != OK) BUG("a written model is not read");
        if (!str_eq(match_model_write(again, a), said)) BUG("another model came back");
    } else if (!why.n) {
        BUG("refused without a word");
    }
    match_free(m);
    match_free(again);
}

static void as_file(struct arena *a, struct str text) {
    struct evaluated e;
    struct evaluate_plan plan;
    struct match_pairs pairs;
    struct measured x;
    struct str why = NO_STR;
    int32_t of[ROWS_MOST];
    int64_t truth[ROWS_MOST];
    int column = -1;
    char separator = csv_guess_separator(text);
    if (evaluate_read(a, csv_from_str(&text), separator, &e, &why) != OK) return;
    if (e.rows_n > ROWS_MOST || e.columns_n > COLUMNS_MOST) return;
    bool *left = arena_array(a, bool, e.columns_n + 1);
    if (evaluate_truth(&e, S("febrl"), truth, &column) != OK &&
        evaluate_truth(&e, e.header[0], truth, &column) != OK)
        BUG("the first column is not there");
    left[column] = true;
    evaluate_columns(&e, left, &plan);
    struct match *m = match_new(plan.column, plan.columns_n);
    evaluate_feed(&e, &plan, m);
    match_train(m, 1);
    match_find(m, 1, 0.2, &pairs);
    match_cluster(m, &pairs, 0.5, of);
    for (int64_t i = 0; i < e.rows_n; i++)
        if (of[i] < 0 || of[i] > i || of[of[i]] != of[i]) BUG("a group without a head");
    measure_groups(of, truth, e.rows_n, &x);
    if (x.right_n > x.pairs_n || x.right_n > x.truth_n) BUG("more right than there are");
    match_pairs_free(&pairs);
    match_free(m);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct arena *a = arena_new();
    if (size && data[0] == 'M')
        as_model(a, (struct str){ (const char *)data + 1, size - 1 });
    else if (size)
        as_file(a, (struct str){ (const char *)data, size });
    arena_free(a);
    return 0;
}
