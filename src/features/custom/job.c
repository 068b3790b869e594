/* The job «prepare_field»: terms and sort values of a field that was ticked as a criterion or a
 * column when clients had values already, in slices while people work. Until it is done the field
 * is PREPARING and lists refuse it. Called by the queue; calls the store's index. */
#include "core/entity/history.h"
#include "core/entity/order.h"
#include "core/entity/own.h"
#include "features/custom/custom.h"
#include "features/custom/pages.h"
#include "lib/text/json.h"

SQL(custom_with_values,
    "SELECT id FROM party WHERE id > :after AND extra IS NOT NULL ORDER BY id LIMIT 100");
SQL(custom_making, "SELECT reached FROM custom_field WHERE id = :id AND indexed = 1");
SQL(custom_reach, "UPDATE custom_field SET reached = :reached WHERE id = :id");
SQL(custom_ready, "UPDATE custom_field SET indexed = 2, reached = 0 WHERE id = :id");

struct walk {
    const struct job *job;
    int64_t field;
    bool ended;
};

static enum status slice(struct ctx *c, void *arg) {
    struct walk *w = arg;
    struct rows r;
    const struct entity *e = entity_whole(c, registry_find(entity_registry(), S("party")));
    int64_t reached;
    app_become_program(c); /* the index belongs to the program, whoever ticked the box */
    w->ended = true;
    TRY(db_query(c->tx, &custom_making, &r, P("id", w->field)));
    if (r.n == 0) return OK;
    reached = row_int(&r, 0, "reached");
    TRY(db_query(c->tx, &custom_with_values, &r, P("after", reached)));
    w->ended = r.n == 0;
    for (int i = 0; i < r.n; i++) {
        void *row = arena_alloc(c->arena, e->size);
        reached = row_int(&r, i, "id");
        TRY(store_load_binned(c, e, reached, row));
        TRY(store_index_own(c, e, w->field, row));
        if (job_should_yield(w->job)) break;
    }
    if (!w->ended) return db_run(c->tx, &custom_reach, P("id", w->field), P("reached", reached));
    TRY(db_run(c->tx, &custom_ready, P("id", w->field)));
    TRY(orders_outdate(c->tx)); /* his sort values came without a change of the client */
    return own_changed(c->tx);
}

enum status custom_prepare(struct job *j) {
    struct walk w = { .job = j };
    struct json *what;
    struct str why;
    if (json_parse(j->arena, j->argument, &what, &why) != OK) return MALFORMED;
    w.field = json_int(json_get(what, S("field")));
    while (!w.ended) {
        TRY(job_write(j, slice, &w));
        if (job_stopping(j) && !w.ended) return BUSY;
    }
    return OK;
}
