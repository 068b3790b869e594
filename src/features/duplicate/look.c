/* All clients compared with each other: read in key ranges, each its own reading transaction, so
 * that no log is kept from shrinking; compared in memory; pairs written in slices of 20 ms. What an
 * earlier look found and this one does not goes last. Called by the job "duplicates" and by the
 * command; calls lib/match. */
#include "features/duplicate/work.h"
#include "features/merge/merge.h"
#include "lib/base/clock.h"
#include "lib/text/json.h"

enum {
    RANGE = 4096,
    TOLD = 65536,
    SLICE_US = 20000,
    BUSY_MAX = 50,
    RUNS_KEPT = 20,
    OLD_RANGE = 20000
};

SQL(look_begin, "INSERT INTO duplicate_run (at, state, member) VALUES (:at, 'waiting', :member) "
                "RETURNING id");
SQL(look_open, "SELECT id FROM duplicate_run WHERE state IN ('waiting', 'reading', 'comparing', "
               "'writing') ORDER BY id DESC LIMIT 1");
SQL(look_others_end, "UPDATE duplicate_run SET state = 'failed', ended_at = :now WHERE id <> :id "
                     "AND state NOT IN ('done', 'failed')");
SQL(look_state, "UPDATE duplicate_run SET state = :state, done_n = :done, clients_n = :clients, "
                "pairs_n = :pairs WHERE id = :id");
SQL(look_done,
    "UPDATE duplicate_run SET state = 'done', ended_at = :now, model = :model, pairs_n = "
    ":pairs, clients_n = :clients, done_n = :clients WHERE id = :id");
SQL(look_failed, "UPDATE duplicate_run SET state = 'failed', ended_at = :now WHERE id = :id");
SQL(look_forget_models,
    "UPDATE duplicate_run SET model = NULL WHERE id < :id AND model IS NOT NULL");
SQL(look_forget, "DELETE FROM duplicate_run WHERE id < :id - CAST(:kept AS BIGINT)");
SQL(look_last,
    "SELECT id, at, ended_at, clients_n, done_n, pairs_n, state FROM duplicate_run ORDER "
    "BY id DESC LIMIT 1");
SQL(look_clients, "SELECT count(*) AS n FROM party WHERE deleted_at IS NULL");
SQL(look_apart, "SELECT a, b FROM not_same ORDER BY a, b");
SQL(look_drop_old, "DELETE FROM duplicate WHERE a > :after AND a <= :until AND run <> :run");
SQL(look_last_pair, "SELECT coalesce(max(a), 0) AS last FROM duplicate");

struct work { /* of one look */
    struct look *l;
    struct match *m;
    struct match_pairs pairs;
    int32_t *of;
    struct {
        int64_t *v; /* a and b in turn */
        int n;
    } apart;
    const char *state;
    int64_t after, last_id, told;
    int64_t pair, pair_next, kept, kept_next; /* written so far; once this slice is */
    int got;
    bool makes;
};

static enum status in_tx(struct look *l, bool write, enum status (*work)(struct ctx *c, void *arg),
                         void *arg) {
    enum status s = BUSY;
    if (l->job && write) return job_write(l->job, work, arg);
    if (l->job) {
        struct ctx *c;
        TRY(job_read(l->job, &c));
        return job_end(l->job, work(c, arg));
    }
    for (int i = 0; s == BUSY && i < (write ? BUSY_MAX : 1); i++) {
        struct arena *a = arena_new();
        struct tx *tx;
        struct ctx c;
        s = write ? db_write(l->app->db, a, &tx) : db_read(l->app->db, a, &tx);
        if (s == OK) {
            s = app_context(l->app, l->bench, a, tx, DOOR_CLI, &c);
            app_become_program(&c);
            if (s == OK) s = work(&c, arg);
            s = db_end(tx, s);
        }
        arena_free(a);
    }
    return s;
}

/* --- its row --- */

static enum status make_run(struct ctx *c, int64_t *id) {
    return db_insert(c->tx, &look_begin, id, P("at", c->now_ms),
                     c->who.id ? param_int("member", c->who.id) : param_null("member"));
}

static enum status begin(struct ctx *c, void *arg) {
    struct work *w = arg;
    struct rows r;
    if (w->makes) TRY(make_run(c, &w->l->run));
    TRY(db_run(c->tx, &look_others_end, P("id", w->l->run), P("now", c->now_ms)));
    TRY(db_query(c->tx, &look_clients, &r));
    w->l->clients_n = row_int(&r, 0, "n");
    return db_run(c->tx, &look_state, P("id", w->l->run), P("state", "reading"), P("done", 0),
                  P("clients", w->l->clients_n), P("pairs", 0));
}

static enum status tell(struct ctx *c, void *arg) {
    struct work *w = arg;
    return db_run(c->tx, &look_state, P("id", w->l->run), P("state", w->state),
                  P("done", match_records_n(w->m)), P("clients", w->l->clients_n),
                  P("pairs", w->kept));
}

static enum status told(struct work *w, const char *state) {
    w->state = state;
    w->told = match_records_n(w->m);
    return in_tx(w->l, true, tell, w);
}

/* --- reading --- */

static enum status range(struct ctx *c, void *arg) {
    struct work *w = arg;
    struct party *v;
    TRY(duplicate_read(c->tx, w->after, RANGE, &v, &w->got));
    for (int i = 0; i < w->got; i++) duplicate_feed(c->arena, w->m, &v[i]);
    if (w->got) w->after = w->last_id = v[w->got - 1].row.id;
    return OK;
}

static bool stopping(const struct work *w) {
    return w->l->job && job_stopping(w->l->job);
}

static enum status read_all(struct work *w) {
    do {
        TRY(in_tx(w->l, false, range, w));
        if (stopping(w)) return BUSY;
        if (match_records_n(w->m) - w->told >= TOLD) TRY(told(w, "reading"));
    } while (w->got);
    return OK;
}

/* --- writing --- */

static enum status read_apart(struct ctx *c, void *arg) {
    struct work *w = arg;
    struct rows r;
    TRY(db_query(c->tx, &look_apart, &r));
    w->apart.v = calloc((size_t)r.n * 2 + 1, sizeof *w->apart.v);
    if (!w->apart.v) BUG("out of memory");
    for (w->apart.n = 0; w->apart.n < r.n; w->apart.n++) {
        w->apart.v[2 * w->apart.n] = row_int(&r, w->apart.n, "a");
        w->apart.v[2 * w->apart.n + 1] = row_int(&r, w->apart.n, "b");
    }
    return OK;
}

static bool is_apart(const struct work *w, int64_t a, int64_t b) {
    int low = 0, high = w->apart.n;
    while (low < high) {
        int at = low + (high - low) / 2;
        const int64_t *p = &w->apart.v[2 * at];
        if (p[0] == a && p[1] == b) return true;
        if (p[0] < a || (p[0] == a && p[1] < b))
            low = at + 1;
        else
            high = at;
    }
    return false;
}

static enum status write_pair(struct ctx *c, struct work *w, const struct match_pair *p) {
    struct match_part parts[COLUMNS_N];
    int64_t x = match_id(w->m, p->a), y = match_id(w->m, p->b);
    struct pair out = { .a = x < y ? x : y,
                        .b = x < y ? y : x,
                        .certainty = (int64_t)(p->certainty * 1000000 + 0.5f),
                        .weight = (int64_t)(p->weight * 1000) };
    if (is_apart(w, out.a, out.b)) return OK;
    match_score(w->m, p->a, p->b, parts);
    out.levels = duplicate_levels_write(c->arena, parts);
    if (w->of[p->a] == w->of[p->b]) out.group = match_id(w->m, w->of[p->a]);
    w->kept_next++;
    return pair_put(c, &out, w->l->run);
}

static enum status write_slice(struct ctx *c, void *arg) {
    struct work *w = arg;
    int64_t began = clock_mono_us();
    w->pair_next = w->pair;
    w->kept_next = w->kept;
    while (w->pair_next < w->pairs.n && clock_mono_us() - began < SLICE_US) {
        struct arena_mark m = arena_mark(c->arena);
        TRY(write_pair(c, w, &w->pairs.v[w->pair_next++]));
        arena_back(c->arena, m);
    }
    return OK;
}

static enum status drop_slice(struct ctx *c, void *arg) {
    struct work *w = arg;
    return db_run(c->tx, &look_drop_old, P("after", w->after), P("until", w->after + OLD_RANGE),
                  P("run", w->l->run));
}

static enum status write_all(struct work *w) {
    TRY(in_tx(w->l, false, read_apart, w));
    TRY(told(w, "writing"));
    while (w->pair < w->pairs.n) {
        TRY(in_tx(w->l, true, write_slice, w));
        w->pair = w->pair_next;
        w->kept = w->kept_next;
        if (stopping(w)) return BUSY;
    }
    /* Pairs of whom came while this look was at work stay: he was not in it. */
    for (w->after = 0; w->after <= w->last_id; w->after += OLD_RANGE) {
        TRY(in_tx(w->l, true, drop_slice, w));
        if (stopping(w)) return BUSY;
    }
    return OK;
}

static enum status end(struct ctx *c, void *arg) {
    struct work *w = arg;
    struct str model = match_model_write(w->m, c->arena);
    TRY(db_run(c->tx, &look_done, P("id", w->l->run), P("now", c->now_ms), P("model", model),
               P("pairs", w->kept), P("clients", match_records_n(w->m))));
    TRY(db_run(c->tx, &look_forget_models, P("id", w->l->run)));
    TRY(db_run(c->tx, &look_forget, P("id", w->l->run), P("kept", RUNS_KEPT)));
    return merge_by_rules(c);
}

static enum status failed(struct ctx *c, void *arg) {
    return db_run(c->tx, &look_failed, P("id", *(int64_t *)arg), P("now", c->now_ms));
}

static enum status look(struct work *w) {
    struct look *l = w->l;
    int64_t at[5] = { clock_mono_us() };
    TRY(in_tx(l, true, begin, w));
    TRY(read_all(w));
    at[1] = clock_mono_us();
    TRY(told(w, "comparing"));
    match_train(w->m, l->threads);
    at[2] = clock_mono_us();
    if (stopping(w)) return BUSY;
    match_find(w->m, l->threads, DUPLICATE_POSSIBLE / 1e6, &w->pairs);
    w->of = calloc((size_t)match_records_n(w->m) + 1, sizeof *w->of);
    if (!w->of) BUG("out of memory");
    match_cluster(w->m, &w->pairs, DUPLICATE_LIKELY / 1e6, w->of);
    at[3] = clock_mono_us();
    TRY(write_all(w));
    TRY(in_tx(l, true, end, w));
    at[4] = clock_mono_us();
    l->clients_n = match_records_n(w->m);
    l->pairs_n = w->kept;
    l->compared_n = w->pairs.compared_n;
    l->read_ms = (at[1] - at[0]) / 1000;
    l->train_ms = (at[2] - at[1]) / 1000;
    l->find_ms = (at[3] - at[2]) / 1000;
    l->write_ms = (at[4] - at[3]) / 1000;
    return OK;
}

enum status duplicate_look(struct look *l) {
    struct work w = { .l = l, .m = match_new(duplicate_columns, COLUMNS_N), .makes = !l->run };
    enum status s = look(&w);
    if (s != OK && s != BUSY && s != STALE && l->run) {
        int64_t run = l->run;
        enum status said = in_tx(l, true, failed, &run);
        if (said != OK) s = said;
    }
    match_pairs_free(&w.pairs);
    match_free(w.m);
    free(w.of);
    free(w.apart.v);
    return s;
}

/* --- the job --- */

static enum status run_job(struct job *j) {
    struct json *v;
    struct str why;
    struct look l = { .app = j->app, .bench = j->bench, .job = j, .threads = 2 };
    if (json_parse(j->arena, j->argument, &v, &why) != OK) return MALFORMED;
    l.run = json_int(json_get(v, S("run")));
    return duplicate_look(&l);
}

const struct job_kind duplicate_jobs[1] = { { .name = "duplicates", .run = run_job } };

enum status duplicate_ask(struct ctx *c, int64_t *run) {
    struct rows r;
    int64_t job;
    TRY(db_query(c->tx, &look_open, &r));
    *run = r.n ? row_int(&r, 0, "id") : 0;
    if (!*run) TRY(make_run(c, run));
    return job_enqueue(c, "duplicates", str_printf(c->arena, "{\"run\":%lld}", (long long)*run),
                       S("duplicates"), 0, &job);
}

enum status duplicate_last(struct ctx *c, struct look_state *out) {
    struct rows r;
    *out = (struct look_state){ 0 };
    TRY(db_query(c->tx, &look_last, &r));
    if (!r.n) return OK;
    *out = (struct look_state){ .id = row_int(&r, 0, "id"),
                                .at = row_int(&r, 0, "at"),
                                .ended_at = row_int(&r, 0, "ended_at"),
                                .clients_n = row_int(&r, 0, "clients_n"),
                                .done_n = row_int(&r, 0, "done_n"),
                                .pairs_n = row_int(&r, 0, "pairs_n"),
                                .state = row_str(&r, 0, "state") };
    return OK;
}
