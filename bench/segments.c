/* Questions against the best hand-written SQL on the same file in the same run: make
 * bench-segments. segments FOLDER [PURCHASES]    FOLDER holds the demo; purchases are made when
 * there are none Prints for each question how many it found, its milliseconds (the best of five,
 * count alone), those of the SQL, their ratio; then count and first page of the example. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/app/app.h"
#include "core/ask/run.h"
#include "core/entity/order.h"
#include "core/measure/measure.h"
#include "features/party/party.h"
#include "lib/base/clock.h"
#include "lib/base/random.h"
#include "lib/locale/date.h"
#include "lib/locale/zone.h"

SQL(seg_purchase,
    "INSERT INTO purchase (party, date, amount, currency, product, product_kind, created_at, "
    "changed_at) VALUES (:party, :date, :amount, :currency, :product, :kind, 0, 0)");
SQL(seg_rows, "SELECT party, date AS day, amount, currency FROM purchase WHERE party >= :from AND "
              "party < :until AND deleted_at IS NULL");
SQL(seg_parties, "SELECT coalesce(max(id), 0) AS n FROM party");
SQL(seg_purchases, "SELECT count(*) AS n FROM purchase");

#define LIVE " c.deleted_at IS NULL"
#define SPENT                                                                                      \
    "(SELECT coalesce(sum(p.amount), 0) FROM purchase p WHERE p.party = c.id AND p.deleted_at IS " \
    "NULL AND p.currency = (SELECT currency FROM firm) AND p.date >= :from AND p.date < :until)"
SQL(seg_example,
    "SELECT count(*) AS n FROM party c WHERE" LIVE " AND c.sex = 'f' AND c.id IN (SELECT a.party "
    "FROM address a WHERE a.postcode >= '75' AND a.postcode < '76') AND " SPENT " > 500 * :unit");
SQL(seg_stopped,
    "SELECT count(*) AS n FROM party c JOIN (SELECT party FROM purchase WHERE deleted_at IS NULL "
    "GROUP BY party HAVING count(*) >= 3 AND max(date) < :from) g ON g.party = c.id WHERE" LIVE);
SQL(seg_birthday,
    "SELECT count(*) AS n FROM party c WHERE" LIVE " AND c.no_mail = 0 AND c.birth_date IS NOT "
    "NULL AND (substr(c.birth_date, -5) >= :a AND substr(c.birth_date, -5) <= :b)");
SQL(seg_towns,
    "SELECT count(*) AS n FROM party c WHERE" LIVE " AND EXISTS (SELECT 1 FROM address a WHERE "
    "a.party = c.id AND a.town IN ('Paris', 'Lyon')) AND NOT EXISTS (SELECT 1 FROM party_tag t "
    "WHERE t.party = c.id AND t.tag = 1)");
SQL(seg_unreachable,
    "SELECT count(*) AS n FROM party c WHERE" LIVE " AND NOT EXISTS (SELECT 1 FROM phone p WHERE "
    "p.party = c.id) AND NOT EXISTS (SELECT 1 FROM email e WHERE e.party = c.id)");
SQL(seg_first,
    "SELECT count(*) AS n FROM party c JOIN (SELECT party FROM purchase WHERE deleted_at IS NULL "
    "GROUP BY party HAVING min(date) >= :from AND min(date) < :until) g ON g.party = c.id "
    "WHERE" LIVE);
SQL(seg_speaks,
    "SELECT count(*) AS n FROM party c WHERE" LIVE " AND c.language IN ('fa', 'ar') AND EXISTS "
    "(SELECT 1 FROM address a WHERE a.party = c.id AND a.country = 'FR')");
SQL(seg_basket,
    "SELECT count(*) AS n FROM party c JOIN (SELECT party FROM purchase WHERE deleted_at IS NULL "
    "AND currency = (SELECT currency FROM firm) GROUP BY party HAVING count(*) >= 5 AND "
    "sum(amount) > 80 * :unit * count(*)) g ON g.party = c.id WHERE" LIVE);
SQL(seg_products,
    "SELECT count(*) AS n FROM party c WHERE" LIVE " AND c.id IN (SELECT party FROM purchase WHERE "
    "product = 'Cleaning' AND deleted_at IS NULL) AND c.id NOT IN (SELECT party FROM purchase "
    "WHERE product = 'Shoes' AND deleted_at IS NULL)");
SQL(seg_silent,
    "SELECT count(*) AS n FROM party c WHERE" LIVE " AND c.responsible = 1 AND NOT EXISTS (SELECT "
    "1 FROM note n WHERE n.party = c.id AND n.deleted_at IS NULL AND n.created_at >= :since)");
SQL(seg_created,
    "SELECT count(*) AS n FROM party c WHERE" LIVE " AND c.stage = 'active' AND c.created_at < "
    ":since");
#define WORTH(since)                                                                               \
    "SELECT count(*) AS n FROM party c JOIN (SELECT party FROM purchase WHERE deleted_at IS NULL " \
    "AND currency = (SELECT currency FROM firm)" since " GROUP BY party HAVING sum(amount) > "     \
    "1000 * :unit) g ON g.party = c.id WHERE" LIVE " AND NOT EXISTS (SELECT 1 FROM purchase p "    \
    "WHERE p.party = c.id AND p.deleted_at IS NULL AND p.date >= :from)"
SQL(seg_owing, WORTH(" AND date >= :back"));
SQL(seg_slipping, WORTH(""));
SQL(seg_either,
    "SELECT count(*) AS n FROM party c WHERE" LIVE " AND (c.id IN (SELECT party FROM purchase "
    "WHERE product_kind = 'Repair' AND deleted_at IS NULL AND date >= :from) OR c.id IN (SELECT "
    "party FROM note WHERE deleted_at IS NULL AND created_at >= :since))");

enum needs {
    DAYS_30 = 1,
    DAYS_90 = 2,
    YEAR = 4,
    UNIT = 8,
    WEEK = 16,
    SINCE = 32,
    DAYS_60 = 64,
    BACK = 128
};
static const struct {
    const char *number, *line; /* "6~": what comes nearest to it */
    const struct sql *sql;     /* NULL: SQL cannot say it */
    int needs;
} questions[] = {
    { "1", "sex:f sum(purchases, last 30 days) over 500 postcode:75*", &seg_example,
      DAYS_30 | UNIT },
    { "2", "count(purchases) at least 3 no(purchases, last 90 days)", &seg_stopped, DAYS_90 },
    { "3", "birthday in next 7 days no_mail:no", &seg_birthday, WEEK },
    { "4", "town:Paris,Lyon not tag:#1", &seg_towns, 0 },
    { "5", "phone:empty email:empty", &seg_unreachable, 0 },
    { "6~", "sum(purchases, last 365 days) over 1000 no(purchases, last 60 days)", &seg_owing,
      DAYS_60 | UNIT | BACK },
    { "7", "first_purchase in this year", &seg_first, YEAR },
    { "8", "language:fa,ar country:FR", &seg_speaks, 0 },
    { "9~", "has(purchases, last 90 days, product_kind:Repair) or has(notes, last 60 days)",
      &seg_either, DAYS_90 | SINCE },
    { "10", "average(purchases) over 80 count(purchases) at least 5", &seg_basket, UNIT },
    { "11", "has(purchases, product:Cleaning) no(purchases, product:Shoes)", &seg_products, 0 },
    { "12~", "sum(purchases) over 1000 no(purchases, last 90 days)", &seg_slipping,
      DAYS_90 | UNIT },
    { "13", "responsible:#1 no(notes, last 60 days)", &seg_silent, SINCE },
    { "14~", "stage:active not created in last 200 days", &seg_created, SINCE },
    { "15", "name~\"Mohammad Rezaei\"", NULL, 0 },
};

static void need(enum status s, const char *what) {
    if (s == OK) return;
    fprintf(stderr, "segments: %s: %s\n", what, status_name(s));
    exit(1);
}

struct work {
    struct app *app;
    struct arena *a;
    struct ctx c;
};

static struct ctx *begin(struct work *w, bool write) {
    struct tx *tx;
    arena_reset(w->a);
    need(write ? db_write(w->app->db, w->a, &tx) : db_read(w->app->db, w->a, &tx), "begin");
    need(app_context(w->app, 0, w->a, tx, DOOR_CLI, &w->c), "context");
    app_become_program(&w->c);
    return &w->c;
}

static void end(struct work *w) {
    need(db_end(w->c.tx, OK), "end");
}

static int64_t number(struct ctx *c, const struct sql *sql) {
    struct rows r;
    need(db_query(c->tx, sql, &r), sql->name);
    return row_int(&r, 0, "n");
}

static struct str day_back(struct ctx *c, int back) {
    return day_iso(c->arena,
                   day_of_number(day_number(zone_local(c->firm.clock, c->now_ms).day) - back));
}

/* Straight into the table: three years back, some 100 products. */
static void fill(struct work *w, int64_t purchases) {
    static const struct measure_source source = { MEASURE_PURCHASES, &seg_rows };
    struct dice d = { 11 };
    int64_t parties = number(begin(w, false), &seg_parties), at = number(&w->c, &seg_purchases);
    end(w);
    if (at) return;
    int64_t from = clock_mono_us();
    while (at < purchases) {
        struct ctx *c = begin(w, true);
        for (int i = 0; i < 50000 && at < purchases; i++, at++) {
            struct arena_mark m = arena_mark(c->arena);
            int product = (int)dice_below(&d, 100);
            need(db_run(c->tx, &seg_purchase,
                        P("party", 1 + (int64_t)dice_below(&d, (uint64_t)parties)),
                        P("date", day_back(c, (int)dice_below(&d, 1096))),
                        P("amount", (int64_t)dice_below(&d, 40000)),
                        P("currency", c->firm.currency),
                        P("product", str_printf(c->arena, "Product %d", product)),
                        P("kind", str_printf(c->arena, "Kind %d", product % 10))),
                 "a purchase");
            arena_back(c->arena, m);
        }
        end(w);
    }
    need(measure_rebuild(w->app->db, &source), "sums");
    printf("%lld purchases made in %.1f s\n", (long long)purchases,
           (double)(clock_mono_us() - from) / 1e6);
}

static double by_question(struct work *w, const char *line, int limit, int64_t *found) {
    struct list_page page;
    struct list_query q = { .entity = &entity_party, .limit = limit };
    struct ctx *c = begin(w, false);
    int64_t from = clock_mono_us();
    q.within = ask_within_line(c->arena, str_of(line), LANG_N);
    enum status st = list_run(c, &q, &page);
    if (st != OK && c->problems.n) {
        struct str why = ctx_problem_text(c, &c->problems.v[0]);
        fprintf(stderr, "%s: %.*s\n", line, SF(why));
    }
    need(st, line);
    double ms = (double)(clock_mono_us() - from) / 1000;
    *found = page.total;
    end(w);
    return ms;
}

static double by_sql(struct work *w, int i, int64_t *found) {
    struct ctx *c = begin(w, false);
    struct rows r;
    int needs = questions[i].needs;
    int64_t year = zone_local(c->firm.clock, c->now_ms).day.year;
    struct str today = day_back(c, -1);
    struct param p[8] = { { 0 } };
    int n = 1;
    if (needs & DAYS_30) p[n++] = P("from", day_back(c, 29)), p[n++] = P("until", today);
    if (needs & DAYS_90) p[n++] = P("from", day_back(c, 89));
    if (needs & DAYS_60) p[n++] = P("from", day_back(c, 59));
    if (needs & BACK) p[n++] = P("back", day_back(c, 364));
    if (needs & YEAR)
        p[n++] = P("from", str_printf(c->arena, "%lld-01-01", (long long)year)),
        p[n++] = P("until", str_printf(c->arena, "%lld-01-01", (long long)year + 1));
    if (needs & UNIT) p[n++] = P("unit", str_eq_z(c->firm.currency, "IRR") ? 1 : 100);
    if (needs & WEEK)
        p[n++] = P("a", str_sub(day_back(c, 0), 5, 5)),
        p[n++] = P("b", str_sub(day_back(c, -6), 5, 5));
    bool silent = questions[i].sql != &seg_created; /* else 60 days ago */
    struct day since =
        day_of_number(day_number(zone_local(c->firm.clock, c->now_ms).day) - (silent ? 59 : 199));
    if (needs & SINCE) p[n++] = P("since", zone_ms(c->firm.clock, since, 0));
    int64_t from = clock_mono_us();
    need(db_query_(c->tx, questions[i].sql, &r, p, (size_t)n), questions[i].sql->name);
    double ms = (double)(clock_mono_us() - from) / 1000;
    *found = row_int(&r, 0, "n");
    end(w);
    return ms;
}

static void one(struct work *w, int i) {
    double ours = 1e9, theirs = 1e9;
    int64_t found = 0, expected = 0;
    for (int k = 0; k < 5; k++) {
        double ms = by_question(w, questions[i].line, 1, &found);
        if (ms < ours) ours = ms;
        if (!questions[i].sql) continue;
        ms = by_sql(w, i, &expected);
        if (ms < theirs) theirs = ms;
        if (ms > 2000 && k) break;
    }
    if (questions[i].sql)
        printf("%-4s %7lld found %8lld by SQL %9.1f ms %9.1f ms by SQL  %6.2f times  %s\n",
               questions[i].number, (long long)found, (long long)expected, ours, theirs,
               ours / theirs, questions[i].line);
    else
        printf("%-4s %7lld found                 %9.1f ms                          %s\n",
               questions[i].number, (long long)found, ours, questions[i].line);
}

int main(int argc, char **argv) {
    struct work w = { .a = arena_new() };
    struct app_config config = { .data = argc > 1 ? argv[1] : "", .threads = 1 };
    int64_t purchases = argc > 2 ? strtoll(argv[2], NULL, 10) : 0, found;
    if (argc < 2) return 2;
    need(app_open(&w.app, &config), argv[1]);
    if (purchases) fill(&w, purchases);
    need(orders_refresh(w.app->orders, w.app->db), "orders");
    for (size_t i = 0; i < sizeof questions / sizeof *questions; i++) one(&w, (int)i);
    printf("~: nothing is kept yet of invoices (6), complaints and surveys (9), predicted value "
           "(12), groups by recency (14): the nearest that can be asked\n");
    double best = 1e9;
    for (int k = 0; k < 5; k++) {
        double ms = by_question(&w, questions[0].line, 50, &found);
        if (ms < best) best = ms;
    }
    printf("count and first page of the example: %.1f ms\n", best);
    app_close(w.app);
    arena_free(w.a);
    return 0;
}
