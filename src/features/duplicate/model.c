/* The model of the last look, read once and kept until the next one: reading it takes longer than
 * comparing a client with all whom he may be. Called by near.c; calls lib/match and
 * core/entity/kept. */
#include "core/entity/kept.h"
#include "core/entity/order.h"
#include "features/duplicate/work.h"

enum { LEARN_MIN = 20 }; /* so few clients teach nothing: a column in which all agree weighs 0 */
static const char kept_as[] = "duplicate model";

SQL(model_last, "SELECT id, clients_n FROM duplicate_run WHERE state = 'done' AND model IS NOT "
                "NULL ORDER BY id DESC LIMIT 1");
SQL(model_of, "SELECT model FROM duplicate_run WHERE id = :id");

static void model_free(void *thing) {
    struct duplicate_model *m = thing;
    match_free(m->match);
    free(m);
}

/* Before the first look: nothing is learned, but a column in which all are equal would not count.
 */
static void train_bare(struct match *m) {
    static const char *const values[] = { "1901-02-03", "1968-10-27" };
    for (int k = 0; k < 2; k++) {
        match_record(m, 0);
        for (int i = 0; i < COLUMNS_N; i++) match_value(m, i, str_of(values[k]));
    }
    match_train(m, 1);
}

static enum status model_make(struct ctx *c, int64_t run, int64_t clients,
                              struct duplicate_model **out) {
    struct rows r = { 0 };
    struct str why;
    if (run && clients >= LEARN_MIN) TRY(db_query(c->tx, &model_of, &r, P("id", run)));
    struct duplicate_model *m = malloc(sizeof *m);
    if (!m) BUG("out of memory");
    *m = (struct duplicate_model){ .match = match_new(duplicate_columns, COLUMNS_N),
                                   .clients = clients };
    m->learned = r.n && match_model_read(m->match, row_str(&r, 0, "model"), &why) == OK;
    if (!m->learned) train_bare(m->match);
    *out = m;
    return OK;
}

enum status duplicate_model(struct ctx *c, struct duplicate_model **out) {
    struct rows r;
    struct kept *kept = orders_kept(c->orders);
    TRY(db_query(c->tx, &model_last, &r));
    int64_t run = r.n ? row_int(&r, 0, "id") : 0;
    *out = kept ? kept_get(kept, kept_as, run) : NULL;
    if (*out) return OK;
    TRY(model_make(c, run, r.n ? row_int(&r, 0, "clients_n") : 1000, out));
    if (kept) *out = kept_put(kept, kept_as, run, *out, model_free);
    return OK;
}

void duplicate_model_back(struct ctx *c, struct duplicate_model *m) {
    struct kept *kept = orders_kept(c->orders);
    if (kept)
        kept_back(kept, m);
    else
        model_free(m);
}
