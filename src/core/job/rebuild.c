/* Derived rows from the truth (rebuild.h). Called by daftar rebuild, daftar check and by the job
 * that a new alphabet starts; calls the store's index. */
#include "core/entity/order.h"
#include "core/job/rebuild.h"

#include "core/entity/history.h"
#include "core/entity/list.h"
#include "core/entity/store_index.h"
#include "core/measure/measure.h"
#include "core/search/search.h"
#include "lib/base/clock.h"
#include "lib/base/log.h"

enum { BUSY_MAX = 8, PROBLEMS_MAX = 100 };

SQL(rebuild_ids, "SELECT id FROM party WHERE id > :after ORDER BY id LIMIT 100");
SQL(rebuild_no_terms, "DELETE FROM search_term");
SQL(rebuild_no_pending, "DELETE FROM search_pending");
SQL(rebuild_no_sort, "DELETE FROM sort_value");
SQL(rebuild_counts, "SELECT count(*) FILTER (WHERE deleted_at IS NULL) AS alive, "
                    "count(*) FILTER (WHERE deleted_at IS NOT NULL AND NOT EXISTS (SELECT 1 FROM "
                    "moved WHERE entity = 'party' AND from_id = party.id)) AS binned FROM party");
SQL(rebuild_sort_n, "SELECT count(*) AS n FROM sort_value");
SQL(rebuild_keys, "SELECT id, sort_keys FROM party WHERE id > :after ORDER BY id LIMIT 100");
SQL(rebuild_sort_has,
    "SELECT 1 AS yes FROM sort_value WHERE field = :field AND key = :key AND id = :id");

static const struct entity *indexed_entity(void) {
    const struct registry *r = entity_registry();
    for (int i = 0; i < r->n; i++)
        if (r->entities[i]->indexed) return r->entities[i];
    BUG("no entity is indexed");
}

static struct str key_blob(const struct rows *r, int i) {
    struct blob b = row_blob(r, i, "sort_keys");
    return (struct str){ b.p, b.n };
}

/* --- The next helping of clients, in one transaction --- */

struct walk {
    int64_t after, done;           /* as committed */
    int64_t next_after, next_done; /* once this transaction is */
    bool ended;
    enum status (*one)(struct ctx *c, const struct entity *e, const void *row);
    const struct job *job; /* NULL: a command */
};

static enum status helping(struct ctx *c, void *arg) {
    struct walk *w = arg;
    const struct entity *e = indexed_entity();
    struct rows r;
    c->who.sees = SEES_ALL; /* derived rows belong to the program, whoever asked for it */
    c->who.role = ROLE_OWNER;
    w->next_after = w->after;
    w->next_done = w->done;
    TRY(db_query(c->tx, &rebuild_ids, &r, P("after", w->after)));
    for (int i = 0; i < r.n; i++) {
        void *row = arena_alloc(c->arena, e->size);
        int64_t id = row_int(&r, i, "id");
        TRY(store_load_binned(c, e, id, row));
        TRY(w->one(c, e, row));
        w->next_after = id;
        w->next_done++;
        if (w->job && job_should_yield(w->job)) break;
    }
    w->ended = r.n == 0;
    if (r.n) TRY(orders_outdate(c->tx));
    return OK;
}

static void committed(struct walk *w) {
    w->after = w->next_after;
    w->done = w->next_done;
}

/* --- The job --- */

static enum status run_reorder(struct job *j) {
    struct walk w = { .one = store_reorder, .job = j };
    while (!w.ended) {
        TRY(job_write(j, helping, &w));
        committed(&w);
        if (job_stopping(j) && !w.ended) return BUSY;
    }
    return OK;
}

const struct job_kind job_reorder = { .name = "reorder", .run = run_reorder };

/* --- Keys of an older version (entity.keys): made anew while people work --- */

SQL(keys_version, "SELECT value FROM meta WHERE key = 'keys_version'");
SQL(keys_version_set, "INSERT INTO meta (key, value) VALUES ('keys_version', :value) ON CONFLICT "
                      "(key) DO UPDATE SET value = :value");

static struct str version_now(struct ctx *c) {
    return str_printf(c->arena, "%d", indexed_entity()->keys_version);
}

static enum status write_version(struct ctx *c, void *arg) {
    (void)arg;
    return db_run(c->tx, &keys_version_set, P("value", version_now(c)));
}

static enum status run_keys(struct job *j) {
    struct walk w = { .one = store_index_keys, .job = j };
    while (!w.ended) {
        TRY(job_write(j, helping, &w));
        committed(&w);
        if (job_stopping(j) && !w.ended) return BUSY;
    }
    return job_write(j, write_version, NULL);
}

const struct job_kind job_keys = { .name = "keys", .run = run_keys };

static enum status ask_for_keys(struct ctx *c, bool *old) {
    struct rows r;
    int64_t id;
    TRY(db_query(c->tx, &keys_version, &r));
    *old = !r.n || !str_eq(row_str(&r, 0, "value"), version_now(c));
    if (!*old || !tx_writes(c->tx)) return OK;
    return job_enqueue(c, "keys", S("{}"), S("keys"), 0, &id);
}

enum status keys_tick(struct app *app, struct arena *a) {
    struct tx *tx;
    struct ctx c;
    bool old = false;
    for (int write = 0; write < 2; write++) {
        enum status s = write ? db_write(app->db, a, &tx) : db_read(app->db, a, &tx);
        if (s != OK) return s;
        c = (struct ctx){ .arena = a, .tx = tx, .door = DOOR_JOB, .now_ms = clock_now_ms() };
        s = ask_for_keys(&c, &old);
        TRY(db_end(tx, s));
        if (!old) return OK;
    }
    jobs_wake(app->jobs);
    return OK;
}

/* --- The command --- */

static enum status in_tx(struct app *app, int bench, bool write, struct arena *a,
                         enum status (*work)(struct ctx *c, void *arg), void *arg) {
    enum status s = BUSY;
    for (int i = 0; s == BUSY && i < BUSY_MAX; i++) {
        struct tx *tx;
        struct ctx c;
        s = write ? db_write(app->db, a, &tx) : db_read(app->db, a, &tx);
        if (s != OK) continue;
        s = app_context(app, bench, a, tx, DOOR_CLI, &c);
        app_become_program(&c);
        if (s == OK) s = work(&c, arg);
        s = db_end(tx, s);
    }
    return s;
}

static enum status empty(struct ctx *c, void *arg) {
    (void)arg;
    TRY(db_run(c->tx, &rebuild_no_pending));
    TRY(db_run(c->tx, &rebuild_no_terms));
    TRY(search_outdate(c->tx));
    return db_run(c->tx, &rebuild_no_sort);
}

enum status rebuild_all(struct app *app, int bench, void (*done)(int64_t n)) {
    struct arena *a = arena_new();
    struct walk w = { .one = store_index_anew };
    enum status s = in_tx(app, bench, true, a, empty, NULL);
    int folded = 1;
    while (s == OK && !w.ended) {
        arena_reset(a);
        s = in_tx(app, bench, true, a, helping, &w);
        if (s != OK) break;
        if (done && w.next_done / 10000 != w.done / 10000) done(w.next_done);
        bool fold = w.next_done / 50000 != w.done / 50000;
        committed(&w);
        if (fold) s = search_fold(app->db, a, 1000000, &folded);
    }
    for (folded = 1; s == OK && folded;) {
        arena_reset(a);
        s = search_fold(app->db, a, 100000, &folded);
    }
    if (s == OK) s = in_tx(app, bench, true, a, write_version, NULL);
    if (s == OK && done) done(w.done);
    const struct measure_source *m;
    for (int i = 0; s == OK && (m = measure_source_at(i)); i++) s = measure_rebuild(app->db, m);
    arena_free(a);
    return s;
}

/* --- The check --- */

struct check {
    struct arena *a;
    struct strs *out;
    int64_t after, keys_n;
    bool ended;
};

static void say(struct check *f, struct str text) {
    if (f->out->n < PROBLEMS_MAX) f->out->v[f->out->n++] = text;
}

static enum status term_count(struct ctx *c, struct str term, int64_t *n) {
    struct search *s;
    struct bits *b;
    TRY(search_open(c->tx, NULL, &s));
    TRY(search_term(s, term, &b));
    *n = bits_count(b);
    bits_free(b);
    return OK;
}

static enum status check_counts(struct ctx *c, void *arg) {
    struct check *f = arg;
    struct rows r;
    int64_t alive, binned;
    TRY(db_query(c->tx, &rebuild_counts, &r));
    TRY(term_count(c, S("a"), &alive));
    TRY(term_count(c, S("x"), &binned));
    if (alive != row_int(&r, 0, "alive"))
        say(f, str_printf(f->a, "search index: %lld clients, the register has %lld",
                          (long long)alive, (long long)row_int(&r, 0, "alive")));
    if (binned != row_int(&r, 0, "binned"))
        say(f, str_printf(f->a, "search index: %lld clients in the bin, the register has %lld",
                          (long long)binned, (long long)row_int(&r, 0, "binned")));
    return OK;
}

/* Each key that a client says he has stands in sort_value. */
static enum status check_keys(struct ctx *c, void *arg) {
    struct check *f = arg;
    struct rows r, has;
    struct list_field *fields;
    const struct entity *e = entity_whole(c, indexed_entity());
    int n = list_fields(c->arena, e, LISTED | KEYS, &fields);
    TRY(db_query(c->tx, &rebuild_keys, &r, P("after", f->after)));
    for (int i = 0; i < r.n; i++) {
        int64_t id = row_int(&r, i, "id");
        for (int k = 0; k <= n; k++) {
            struct str name = k < n ? fields[k].name : S("changed_at");
            int64_t field = store_sort_field(name);
            struct str key = sort_keys_get(key_blob(&r, i), field);
            if (key.n == 0) continue;
            TRY(db_query(c->tx, &rebuild_sort_has, &has, P("field", field), P("id", id),
                         P("key", ((struct blob){ key.p, key.n }))));
            f->keys_n++;
            if (has.n == 0)
                say(f, str_printf(f->a, "client %lld: no sort value for %.*s", (long long)id,
                                  SF(name)));
        }
        f->after = id;
    }
    f->ended = r.n == 0;
    return OK;
}

static enum status check_sort_n(struct ctx *c, void *arg) {
    struct check *f = arg;
    struct rows r;
    TRY(db_query(c->tx, &rebuild_sort_n, &r));
    if (row_int(&r, 0, "n") != f->keys_n)
        say(f, str_printf(f->a, "sort values: %lld rows, the clients have %lld",
                          (long long)row_int(&r, 0, "n"), (long long)f->keys_n));
    return OK;
}

static enum status check_measures(struct ctx *c, void *arg) {
    struct check *f = arg;
    int old = f->out->n;
    const struct measure_source *m;
    for (int i = 0; (m = measure_source_at(i)); i++)
        TRY(measure_check(c->tx, m, f->out, PROBLEMS_MAX));
    for (int i = old; i < f->out->n; i++) f->out->v[i] = str_dup(f->a, f->out->v[i]);
    return OK;
}

enum status rebuild_check(struct app *app, int bench, struct arena *a, struct strs *out) {
    struct check f = { .a = a, .out = out };
    struct arena *piece = arena_new();
    out->v = arena_array(a, struct str, PROBLEMS_MAX);
    out->n = 0;
    enum status s = in_tx(app, bench, false, piece, check_counts, &f);
    while (s == OK && !f.ended) {
        arena_reset(piece);
        s = in_tx(app, bench, false, piece, check_keys, &f);
    }
    if (s == OK) s = in_tx(app, bench, false, piece, check_sort_n, &f);
    if (s == OK) s = in_tx(app, bench, false, piece, check_measures, &f);
    arena_free(piece);
    return s;
}
