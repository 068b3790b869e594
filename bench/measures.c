/* Sums that are kept against SQL over the rows, on one file and in one run: make bench-measures.
 *   measures FOLDER CLIENTS PURCHASES    makes FOLDER/daftar.db when it is not there
 * Prints milliseconds (the best of five) of the example question by GROUP BY over a covering index,
 * by an array over the same rows, and by core/measure; then what it costs to write and to keep. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/app/app.h"
#include "core/measure/measure.h"
#include "lib/base/clock.h"
#include "lib/base/random.h"
#include "lib/locale/calendar.h"

enum { DAYS_N = 1096, LAST_DAY = 20779 };

SQL(bench_party,
    "INSERT INTO party (id, uid, kind, display_name, stage, created_at, changed_at) VALUES (:id, "
    ":uid, 'person', 'X', 'active', 0, 0)");
SQL(bench_purchase,
    "INSERT INTO purchase (party, date, amount, currency, created_at, changed_at) VALUES (:party, "
    ":date, :amount, 'EUR', 0, 0)");
SQL(bench_index, "CREATE INDEX bench_cover ON purchase(date, party, amount)");
SQL(bench_rows, "SELECT party, date AS day, amount, currency FROM purchase WHERE party >= :from "
                "AND party < :until AND deleted_at IS NULL");
SQL(bench_grouped, "SELECT count(*) AS n FROM (SELECT party FROM purchase WHERE date >= :from AND "
                   "date < :until GROUP BY party HAVING sum(amount) > 50000) g");
SQL(bench_counted, "SELECT count(*) AS n FROM (SELECT party FROM purchase GROUP BY party HAVING "
                   "count(*) >= 3) g");
SQL(bench_n, "SELECT count(*) AS n FROM purchase");
SQL(bench_size, "SELECT sum(length(data)) AS n, count(*) AS blocks FROM measure_block");
static const struct measure_source source = { MEASURE_PURCHASES, &bench_rows };

static void need(enum status s, const char *what) {
    if (s == OK) return;
    fprintf(stderr, "measures: %s: %s\n", what, status_name(s));
    exit(1);
}

static struct str iso(struct arena *a, int day) {
    struct day d = day_of_number(day);
    return str_printf(a, "%04d-%02d-%02d", (int)d.year, d.month, d.day);
}

static void fill(struct db *db, int64_t clients, int64_t purchases) {
    struct arena *a = arena_new();
    struct dice d = { 5 };
    struct str days[DAYS_N];
    struct arena *kept = arena_new();
    for (int i = 0; i < DAYS_N; i++) days[i] = iso(kept, LAST_DAY - i);
    for (int64_t at = 0; at < clients + purchases;) {
        struct tx *tx;
        arena_reset(a);
        need(db_write(db, a, &tx), "write");
        for (int i = 0; i < 50000 && at < clients + purchases; i++, at++) {
            struct arena_mark m = arena_mark(a);
            if (at < clients)
                need(db_run(tx, &bench_party, P("id", at + 1),
                            P("uid", str_printf(a, "u%lld", (long long)at))),
                     "a client");
            else
                need(db_run(tx, &bench_purchase, P("party", 1 + dice_below(&d, clients)),
                            P("date", days[dice_below(&d, DAYS_N)]),
                            P("amount", 100 + dice_below(&d, 60000))),
                     "a purchase");
            arena_back(a, m);
        }
        need(db_end(tx, OK), "commit");
    }
    arena_free(a);
    arena_free(kept);
}

struct look {
    struct tx *tx;
    struct str from, until;
    int64_t n;
};

static void by_group(struct look *l) {
    struct rows r;
    need(db_query(l->tx, &bench_grouped, &r, P("from", l->from), P("until", l->until)), "GROUP BY");
    l->n = row_int(&r, 0, "n");
}

static void all_by_group(struct look *l) {
    struct rows r;
    need(db_query(l->tx, &bench_counted, &r), "GROUP BY");
    l->n = row_int(&r, 0, "n");
}

static void ask(struct look *l, struct measure_ask *q) {
    struct bits *b;
    need(measure_bits(l->tx, q, NULL, &b), "measure_bits");
    l->n = bits_count(b);
    bits_free(b);
}

static void by_blocks(struct look *l) {
    struct measure_ask q = { MEASURE_PURCHASES, S("EUR"), LAST_DAY - 29, LAST_DAY + 1,
                             MEASURE_SUM,       50001,    INT64_MAX };
    ask(l, &q);
}

static void all_by_blocks(struct look *l) {
    struct measure_ask q = { MEASURE_PURCHASES, S("EUR"), MEASURE_DAY_MIN, MEASURE_DAY_MAX + 1,
                             MEASURE_COUNT,     3,        INT64_MAX };
    ask(l, &q);
}

static double best(struct db *db, void (*what)(struct look *l), const char *name) {
    double ms = 1e9;
    struct look l = { 0 };
    for (int i = 0; i < 5; i++) {
        struct arena *a = arena_new();
        need(db_read(db, a, &l.tx), "read");
        l.from = iso(a, LAST_DAY - 29);
        l.until = iso(a, LAST_DAY + 1);
        int64_t t = clock_mono_us();
        what(&l);
        t = clock_mono_us() - t;
        need(db_end(l.tx, OK), "end");
        if ((double)t / 1000 < ms) ms = (double)t / 1000;
        arena_free(a);
    }
    printf("%-44s %9.1f ms   %lld clients\n", name, ms, (long long)l.n);
    return ms;
}

static void writes(struct db *db, int64_t clients) {
    struct arena *a = arena_new();
    struct dice d = { 9 };
    enum { N = 200000 };
    int folded, rows = 0;
    int64_t t = clock_mono_us();
    for (int i = 0; i < N;) {
        struct tx *tx;
        arena_reset(a);
        need(db_write(db, a, &tx), "write");
        for (int k = 0; k < 5000; k++, i++) {
            struct measure_row r = { 1 + dice_below(&d, clients), 100 + dice_below(&d, 60000),
                                     S("EUR"), LAST_DAY - (int)dice_below(&d, DAYS_N) };
            need(measure_write(tx, MEASURE_PURCHASES, NULL, &r), "measure_write");
        }
        need(db_end(tx, OK), "commit");
    }
    printf("%-44s %9.2f µs a purchase\n", "leaving a pending row",
           (double)(clock_mono_us() - t) / N);
    t = clock_mono_us();
    do {
        arena_reset(a);
        need(measure_fold(db, a, 1, 200000, &folded), "measure_fold");
        rows += folded;
    } while (folded);
    printf("%-44s %9.2f µs a purchase, %d at once\n", "folding them, spread over all days",
           (double)(clock_mono_us() - t) / rows, rows);
    arena_free(a);
}

int main(int argc, char **argv) {
    if (argc != 4) return fprintf(stderr, "measures FOLDER CLIENTS PURCHASES\n"), 2;
    struct app *app;
    struct app_config config = { .data = argv[1], .threads = 1, .create = true };
    int64_t clients = strtoll(argv[2], NULL, 10), purchases = strtoll(argv[3], NULL, 10);
    need(app_open(&app, &config), argv[1]);
    struct arena *a = arena_new();
    struct tx *tx;
    struct rows r;
    need(db_read(app->db, a, &tx), "read");
    need(db_end(tx, db_query(tx, &bench_n, &r)), "count");
    if (row_int(&r, 0, "n") == 0) {
        fill(app->db, clients, purchases);
        need(db_write(app->db, a, &tx), "write");
        need(db_end(tx, db_run(tx, &bench_index)), "index");
    }
    int64_t t = clock_mono_us();
    need(measure_rebuild(app->db, &source), "measure_rebuild");
    printf("%-44s %9.1f s\n", "all blocks from the records", (double)(clock_mono_us() - t) / 1e6);
    need(db_read(app->db, a, &tx), "read");
    need(db_end(tx, db_query(tx, &bench_size, &r)), "size");
    printf("%-44s %9.1f MB in %lld blocks\n", "kept on the disk", (double)row_int(&r, 0, "n") / 1e6,
           (long long)row_int(&r, 0, "blocks"));
    double sql = best(app->db, by_group, "spent > 500 in 30 days: GROUP BY, covering");
    double own = best(app->db, by_blocks, "the same by core/measure");
    printf("%-44s %9.3f\n", "ratio", own / sql);
    sql = best(app->db, all_by_group, "at least 3 ever: GROUP BY");
    own = best(app->db, all_by_blocks, "the same by core/measure");
    printf("%-44s %9.3f\n", "ratio", own / sql);
    writes(app->db, clients);
    app_close(app);
    return 0;
}
