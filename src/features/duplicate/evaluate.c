/* daftar duplicates --evaluate FILE --truth COLUMN: how well the engine finds the people of a file
 * whose truth is known. Reads no workspace. The truth is only looked at when all is done. Called by
 * app/cli.c. */
#include "features/duplicate/evaluate.h"

#include <errno.h>

#include "core/app/command.h"
#include "features/duplicate/commands.h"
#include "lib/base/clock.h"
#include "lib/text/charset.h"

/* The file as UTF-8 with its own separator. The whole is read twice: what it is, what it says. */
static enum status read_file(struct cli *cli, const char *path, struct evaluated *out) {
    char head[65536];
    FILE *f = fopen(path, "rb");
    if (!f) return cli_say(cli, MISSING, "%s: %s", path, strerror(errno));
    struct charset_guess guess = charset_guess_source(csv_from_file(f));
    rewind(f);
    struct charset_reader *r = charset_reader_new(csv_from_file(f), guess.name);
    struct csv_source source = charset_reader_source(r);
    ptrdiff_t n = source.read(source.of, head, sizeof head);
    char separator = csv_guess_separator((struct str){ head, n > 0 ? (size_t)n : 0 });
    rewind(f);
    charset_reader_free(r);
    r = charset_reader_new(csv_from_file(f), guess.name);
    struct str why = NO_STR;
    enum status s = evaluate_read(cli->arena, charset_reader_source(r), separator, out, &why);
    charset_reader_free(r);
    fclose(f);
    if (s != OK) return cli_say(cli, s, "%s: %.*s", path, SF(why));
    if (out->rows_n > LIMIT_IMPORT_ROWS_N) return cli_say(cli, TOO_MANY, "%s: too many rows", path);
    return OK;
}

static enum status ignored(struct cli *cli, const struct evaluated *e, bool *left) {
    const char *name;
    for (int i = 0; (name = cli_get_at(cli, "--ignore", i)); i++) {
        int column = evaluate_column(e, str_of(name));
        if (column < 0) return cli_say(cli, INVALID, "there is no column %s", name);
        left[column] = true;
    }
    return OK;
}

static void say_columns(const struct evaluated *e, const struct evaluate_plan *plan) {
    for (int i = 0; i < e->columns_n; i++) {
        int to = plan->to[i];
        const char *as = to >= 0 ? match_kind_code(plan->column[to].kind) : plan->left_out[i];
        printf("column %.*s: %s%s", SF(e->header[i]), to >= 0 ? "" : "not compared, ", as);
        if (to >= 0 && plan->date[i][0] >= 0)
            for (int k = 0, n = 0; k < 3; k++)
                if (plan->date[i][k] >= 0 && plan->date[i][k] != i)
                    printf("%s%.*s", n++ ? ", " : " with ", SF(e->header[plan->date[i][k]]));
        if (to >= 0 && plan->repeats[i])
            for (int k = 0, n = 0; k < e->columns_n; k++)
                if (plan->repeats[i][k])
                    printf("%s%.*s", n++ ? ", " : ", without the words of ", SF(e->header[k]));
        printf("\n");
    }
}

static void say_measured(const char *what, const struct measured *x) {
    printf("%s: pairs %lld, right %lld of %lld, precision %.4f, recall %.4f, F1 %.4f\n", what,
           (long long)x->pairs_n, (long long)x->right_n, (long long)x->truth_n,
           measured_precision(x), measured_recall(x), measured_f1(x));
}

static void evaluate(const struct evaluated *e, const struct evaluate_plan *plan,
                     const int64_t *truth) {
    struct match *m = match_new(plan->column, plan->columns_n);
    struct match_pairs pairs;
    struct measured x;
    int64_t begun = clock_mono_us();
    int32_t *of = arena_array(e->arena, int32_t, e->rows_n + 1);
    evaluate_feed(e, plan, m);
    match_train(m, 2);
    match_find(m, 2, EVALUATE_LOOKED_AT, &pairs);
    double least = match_threshold_f1(&pairs), grouped = evaluate_grouped(&pairs);
    match_cluster(m, &pairs, grouped, of);
    printf("rows %lld, pairs looked at %lld, %.2f s\n", (long long)e->rows_n,
           (long long)pairs.compared_n, (double)(clock_mono_us() - begun) / 1e6);
    printf("pairs of at least %.2f, groups by pairs of at least %.2f\n", least, grouped);
    measure_pairs(&pairs, least, truth, e->rows_n, &x);
    say_measured("pairwise", &x);
    measure_groups(of, truth, e->rows_n, &x);
    say_measured("after clustering", &x);
    match_pairs_free(&pairs);
    match_free(m);
}

static enum status run(struct cli *cli) {
    struct evaluated e;
    struct evaluate_plan plan;
    const char *how = cli_get(cli, "--truth");
    int column = -1;
    TRY(read_file(cli, cli_get(cli, "--evaluate"), &e));
    int64_t *truth = arena_array(cli->arena, int64_t, e.rows_n + 1);
    bool *left = arena_array(cli->arena, bool, e.columns_n + 1);
    if (evaluate_truth(&e, str_of(how), truth, &column) != OK)
        return cli_say(cli, INVALID, "there is no column %s",
                       strcmp(how, "febrl") == 0 ? "rec_id" : how);
    TRY(ignored(cli, &e, left));
    left[column] = true;
    evaluate_columns(&e, left, &plan);
    say_columns(&e, &plan);
    evaluate(&e, &plan, truth);
    return OK;
}

static const struct option options[] = {
    { .name = "--evaluate", .takes = "FILE", .required = true, .help = "a CSV file of people" },
    { .name = "--truth",
      .takes = "COLUMN",
      .required = true,
      .help = "equal in this column: the same person; febrl: rec_id as FEBRL writes it" },
    { .name = "--ignore", .takes = "COLUMN", .many = true, .help = "is not compared" },
    { 0 },
};
const struct command command_evaluate = {
    .name = "duplicates-evaluate",
    .usage = "--evaluate FILE --truth COLUMN [--ignore COLUMN]…",
    .help = "How well duplicates are found in a file whose truth is known: "
            "daftar duplicates --evaluate FILE …",
    .options = options,
    .flags = COMMAND_NO_APP | COMMAND_ALONE,
    .run = run,
};
