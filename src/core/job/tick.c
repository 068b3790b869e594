/* What comes round by itself (tick.h): the search index is folded each second, old idempotency keys
 * and jobs go each hour. Called by worker.c; calls core/search and the parts of app/features.c. */
#include "core/job/tick.h"

#include "core/entity/order.h"
#include "core/measure/measure.h"
#include "core/search/search.h"
#include "lib/base/clock.h"
#include "lib/base/log.h"

enum {
    HOUR_MS = 3600 * 1000,
    FOLD_ROWS = 4096,
    FOLD_ROUNDS = 20,
    /* Questions read pending amounts too, some 2,000 in a millisecond; the more are folded at once,
     * the fewer times each block is written anew (200,000: some 20 MB while it lasts). */
    MEASURE_LEAST = 2000,
    MEASURE_ROWS = 200000
};
#define KEEP_KEYS_MS (24 * 3600 * 1000LL)
#define KEEP_JOBS_MS (30 * 24 * 3600 * 1000LL)

SQL(tick_old_keys, "DELETE FROM idempotency WHERE at < :before");
SQL(tick_old_jobs, "DELETE FROM job WHERE state IN ('done', 'failed') AND ended_at < :before");

/* The fold itself keeps its writes short: people who write come first. */
static enum status fold_search(struct app *app, struct arena *a) {
    int folded = 0;
    for (int i = 0; i < FOLD_ROUNDS; i++) {
        TRY(search_fold(app->db, a, FOLD_ROWS, &folded));
        if (folded < FOLD_ROWS) break;
    }
    return OK;
}

static enum status fold_measures(struct app *app, struct arena *a) {
    int folded;
    return measure_fold(app->db, a, MEASURE_LEAST, MEASURE_ROWS, &folded);
}

static enum status refresh_order(struct app *app, struct arena *a) {
    (void)a;
    return orders_refresh(app->orders, app->db);
}

static enum status sweep(struct app *app, struct arena *a) {
    struct tx *tx;
    int64_t now = clock_now_ms();
    TRY(db_write(app->db, a, &tx));
    enum status s = db_run(tx, &tick_old_keys, P("before", now - KEEP_KEYS_MS));
    if (s == OK) s = db_run(tx, &tick_old_jobs, P("before", now - KEEP_JOBS_MS));
    return db_end(tx, s);
}

static void one(const char *name, enum status (*run)(struct app *app, struct arena *a),
                struct app *app, struct arena *a) {
    enum status s = run(app, a);
    if (s != OK && s != BUSY) log_warn("%s: %s", name, status_name(s));
}

void tick_all(struct tick *t, struct arena *a) {
    int64_t now = clock_now_ms();
    bool hourly = now - t->hourly_ms >= HOUR_MS || now < t->hourly_ms;
    int n;
    const struct tick_part *parts = app_ticks(&n);
    one("folding the search index", fold_search, t->app, a);
    one("folding sums of amounts", fold_measures, t->app, a);
    one("keeping the order in memory", refresh_order, t->app, a);
    for (int i = 0; i < n; i++)
        if (!parts[i].hourly || hourly) one(parts[i].name, parts[i].run, t->app, a);
    if (!hourly) return;
    one("deleting old rows", sweep, t->app, a);
    t->hourly_ms = now;
}
