/* Doing one thing to many clients, in slices: a slice commits its rows and how far it is together,
 * so that a server killed at any moment loses nothing and does nothing twice. Called by the page
 * for a few and by the job "bulk" for many; calls the store. */
#include "features/bulk/work.h"

#include "core/entity/history.h"
#include "core/entity/moved.h"
#include "features/tag/tag.h"
#include "lib/base/clock.h"
#include "lib/text/json.h"

enum { CHUNK = 50, BUSY_MAX = 50 };

SQL(bulk_insert, "INSERT INTO bulk (member, at, action, field, value, title, back, ids, total) "
                 "VALUES (:member, :at, :action, :field, :value, :title, :back, :ids, :total) "
                 "RETURNING id");
SQL(bulk_read, "SELECT * FROM bulk WHERE id = :id AND (member = :me OR CAST(:all AS INTEGER) = 1)");
/* place as it was when the slice began: two runs of one never both go on. */
SQL(bulk_progress,
    "UPDATE bulk SET state = :state, done = :done, place = :place, changed_n = :changed, "
    "same_n = :same, refused_n = :refused, hidden_n = :hidden, batch = :batch, ended_at = :ended "
    "WHERE id = :id AND place = :before AND state <> 'done'");
SQL(bulk_fail, "UPDATE bulk SET state = 'failed', ended_at = :now WHERE id = :id AND "
               "state <> 'done'");
SQL(bulk_refuse, "INSERT INTO bulk_refused (bulk, party, reason) VALUES (:bulk, :party, :reason) "
                 "ON CONFLICT DO NOTHING");
SQL(bulk_refused_list,
    "SELECT bulk_refused.party, bulk_refused.reason, party.display_name AS name FROM bulk_refused "
    "JOIN party ON party.id = bulk_refused.party WHERE bulk_refused.bulk = :bulk" VISIBLE_PARTY
    " ORDER BY bulk_refused.party LIMIT :limit");

/* --- which ones --- */

struct blob bulk_ids_write(struct arena *a, const int64_t *ids, int n) {
    unsigned char *to = arena_alloc(a, (size_t)n * 10 + 1);
    size_t at = 0;
    int64_t last = 0;
    for (int i = 0; i < n; i++) {
        uint64_t step = (uint64_t)(ids[i] - last);
        last = ids[i];
        for (; step > 127; step >>= 7) to[at++] = (unsigned char)(step | 128);
        to[at++] = (unsigned char)step;
    }
    return (struct blob){ to, at };
}

bool bulk_ids_next(struct bulk_ids *ids, int64_t *id) {
    const unsigned char *p = ids->bytes.p;
    uint64_t step = 0;
    if (ids->at >= ids->bytes.n) return false;
    for (int shift = 0; ids->at < ids->bytes.n && shift < 64; shift += 7) {
        unsigned char byte = p[ids->at++];
        step |= (uint64_t)(byte & 127) << shift;
        if (!(byte & 128)) break;
    }
    *id = ids->id += (int64_t)step;
    return true;
}

/* --- what is done to each --- */

bool bulk_field_ok(const struct ctx *c, const struct field *f) {
    if (f->is & (SYSTEM | DERIVED | SECRET)) return false;
    if (f->group && !strcmp(f->group, "Name")) return false; /* names are of one alone */
    return f->kind != &kind_file && field_readable(c, f);
}

static enum status set_field(struct ctx *c, const struct bulk_change *ch, struct party *p) {
    const struct entity *e = entity_now(c, &entity_party);
    const struct field *f = entity_field(e, ch->field);
    struct value v = { .is_int = f && f->kind->is_int };
    if (!f || !bulk_field_ok(c, f))
        return ctx_problem(c, S("bulk.field"), N_("This field cannot be changed for many."));
    bool person = party_is_person(p);
    if ((f->is & ONLY_PERSON) && !person)
        return ctx_problem(c, ch->field, N_("Only persons have this."));
    if ((f->is & ONLY_ORGANISATION) && person)
        return ctx_problem(c, ch->field, N_("Only organisations have this."));
    if (ch->value.n) TRY(f->kind->parse(c, f, ch->field, ch->value, &v));
    field_set(f, p, v);
    return OK;
}

static enum status change_tag(struct ctx *c, const struct bulk_change *ch, struct party *p) {
    bool add = str_eq(ch->action, S("add_tag"));
    struct party_tag *v = arena_array(c->arena, struct party_tag, p->tags.n + 1);
    int64_t tag;
    int n = 0;
    if (!str_to_i64(ch->value, &tag)) return MALFORMED;
    for (int i = 0; i < p->tags.n; i++)
        if (p->tags.v[i].tag != tag || add) {
            if (p->tags.v[i].tag == tag) return OK;
            v[n++] = p->tags.v[i];
        }
    if (add) v[n++] = (struct party_tag){ .tag = tag };
    p->tags.v = v;
    p->tags.n = n;
    return OK;
}

enum status bulk_apply(struct ctx *c, const struct bulk_change *ch, struct party *p) {
    if (str_eq(ch->action, S("set"))) return set_field(c, ch, p);
    return change_tag(c, ch, p);
}

static enum status write_one(struct ctx *c, const struct bulk_change *ch, struct party *p,
                             bool *changed) {
    int64_t version = p->row.version;
    *changed = true;
    if (str_eq(ch->action, S("delete"))) return store_delete(c, &entity_party, p->row.id, 0);
    TRY(bulk_apply(c, ch, p));
    TRY(store_save(c, &entity_party, p));
    *changed = p->row.version != version;
    return OK;
}

static enum status refuse(struct ctx *c, const struct bulk *b, int64_t party) {
    struct str texts[8];
    int n = 0;
    for (int i = 0; i < c->problems.n && n < COUNT(texts); i++)
        texts[n++] = ctx_problem_text(c, &c->problems.v[i]);
    struct str reason = str_join(c->arena, texts, n, S(" "));
    if (!n) reason = str_of(T(c, N_("You may not do this.")));
    c->problems = (struct problems){ 0 };
    return db_run(c->tx, &bulk_refuse, P("bulk", b->id), P("party", party), P("reason", reason));
}

/* Back to how it was before the row, save for what it counts. */
static enum status one(struct ctx *c, struct bulk *b, struct party *p) {
    bool changed;
    int64_t batch = c->batch;
    TRY(db_savepoint(c->tx));
    enum status st = write_one(c, &b->change, p, &changed);
    if (st == BUSY || st == BROKEN) return st;
    TRY(db_savepoint_end(c->tx, st == OK));
    if (st == OK) {
        *(changed ? &b->n.changed : &b->n.same) += 1;
        return OK;
    }
    c->batch = batch; /* one that the refused row began is gone with it */
    if (st == MISSING) {
        b->n.hidden++;
        c->problems = (struct problems){ 0 };
        return OK;
    }
    b->n.refused++;
    return refuse(c, b, p->row.id);
}

/* --- the table --- */

enum status bulk_make(struct ctx *c, struct bulk *b) {
    struct rows r;
    b->member = c->who.id;
    b->at = c->now_ms;
    b->state = S("waiting");
    TRY(db_query(c->tx, &bulk_insert, &r, P("member", b->member), P("at", b->at),
                 P("action", b->change.action), P("field", b->change.field),
                 P("value", b->change.value), P("title", b->title), P("back", b->back),
                 param_blob("ids", b->ids), P("total", b->total)));
    b->id = row_int(&r, 0, "id");
    return OK;
}

enum status bulk_load(struct ctx *c, int64_t id, struct bulk *b) {
    struct rows r;
    TRY(db_query(c->tx, &bulk_read, &r, P("id", id), P("me", c->who.id),
                 P("all", ctx_may(c, ROLE_MANAGER) && c->who.sees == SEES_ALL)));
    if (r.n == 0) return MISSING;
    *b = (struct bulk){
        .id = id,
        .member = row_int(&r, 0, "member"),
        .at = row_int(&r, 0, "at"),
        .total = row_int(&r, 0, "total"),
        .place = row_int(&r, 0, "place"),
        .batch = row_int(&r, 0, "batch"),
        .ended_at = row_int(&r, 0, "ended_at"),
        .change = { row_str(&r, 0, "action"), row_str(&r, 0, "field"), row_str(&r, 0, "value") },
        .title = row_str(&r, 0, "title"),
        .back = row_str(&r, 0, "back"),
        .state = row_str(&r, 0, "state"),
        .ids = row_blob(&r, 0, "ids"),
        .n = { row_int(&r, 0, "done"), row_int(&r, 0, "changed_n"), row_int(&r, 0, "same_n"),
               row_int(&r, 0, "refused_n"), row_int(&r, 0, "hidden_n") }
    };
    return OK;
}

enum status bulk_refusals(struct ctx *c, int64_t bulk, int limit, struct bulk_refusals *out) {
    struct rows r;
    TRY(db_query(c->tx, &bulk_refused_list, &r, P("bulk", bulk), P("limit", limit), P_VISIBLE(c)));
    *out = (struct bulk_refusals){ arena_array(c->arena, struct bulk_refusal, r.n + 1), r.n };
    for (int i = 0; i < r.n; i++)
        out->v[i] = (struct bulk_refusal){ row_int(&r, i, "party"), row_str(&r, i, "name"),
                                           row_str(&r, i, "reason") };
    return OK;
}

/* --- running --- */

static enum status write_progress(struct ctx *c, const struct bulk *b, int64_t before, bool ended) {
    TRY(db_run(c->tx, &bulk_progress, P("id", b->id), P("before", before),
               P("state", ended ? "done" : "running"), P("done", b->n.done), P("place", b->place),
               P("changed", b->n.changed), P("same", b->n.same), P("refused", b->n.refused),
               P("hidden", b->n.hidden),
               b->batch ? param_int("batch", b->batch) : param_null("batch"),
               ended ? param_int("ended", c->now_ms) : param_null("ended")));
    return db_changed(c->tx) == 1 ? OK : STALE;
}

static const struct party *with_id(const struct party *v, int n, int64_t id) {
    for (int i = 0; i < n; i++)
        if (v[i].row.id == id) return v[i].row.deleted_at ? NULL : &v[i];
    return NULL;
}

/* Who became a part of another while the job waited: his change goes to that one, unless that one
 * is among `rows` himself. Not deleting: what was ticked was he, not who he is a part of now. */
static enum status follow(struct ctx *c, const struct bulk *b, int64_t id, const struct party *rows,
                          int rows_n, struct party *p, bool *found) {
    int64_t to;
    *found = false;
    if (str_eq(b->change.action, S("delete"))) return OK;
    TRY(moved_to(c, &entity_party, id, &to));
    if (!to || with_id(rows, rows_n, to)) return OK;
    enum status st = store_load(c, &entity_party, to, p);
    *found = st == OK;
    return st == MISSING ? OK : st;
}

static enum status chunk(struct ctx *c, struct bulk *b, const int64_t *ids, int n,
                         bool (*enough)(void *arg), void *arg, bool *tired) {
    void *rows;
    int rows_n;
    TRY(store_load_all(c, &entity_party, ids, n, &rows, &rows_n));
    for (int i = 0; i < n && !*tired; i++) {
        const struct party *p = with_id(rows, rows_n, ids[i]);
        struct arena_mark m = arena_mark(c->arena);
        struct party copy;
        bool found = p != NULL;
        if (p)
            copy = *p;
        else
            TRY(follow(c, b, ids[i], rows, rows_n, &copy, &found));
        if (found) {
            TRY(one(c, b, &copy));
        } else {
            b->n.hidden++;
        }
        b->n.done++;
        b->place = ids[i];
        c->titles = (struct map){ 0 };
        c->problems = (struct problems){ 0 };
        arena_back(c->arena, m);
        *tired = enough && enough(arg);
    }
    return OK;
}

enum status bulk_slice(struct ctx *c, struct bulk *b, bool (*enough)(void *arg), void *arg) {
    struct bulk_ids left = { .bytes = b->ids };
    int64_t ids[CHUNK], id = 0, before = b->place;
    bool more, tired = false;
    c->door = DOOR_WEB;
    c->batch = b->batch;
    c->batch_title = b->title;
    entity_now(c, &entity_party); /* what it keeps is kept before the first mark */
    while ((more = bulk_ids_next(&left, &id)) && id <= b->place) {
    }
    while (more && !tired) {
        struct arena_mark m = arena_mark(c->arena);
        int n = 0;
        for (; more && n < CHUNK; more = bulk_ids_next(&left, &id)) ids[n++] = id;
        TRY(chunk(c, b, ids, n, enough, arg, &tired));
        c->titles = (struct map){ 0 };
        arena_back(c->arena, m);
        if (b->place < ids[n - 1]) more = true;
    }
    b->batch = c->batch;
    if (!more) b->state = S("done");
    return write_progress(c, b, before, !more);
}

/* --- the job --- */

enum { SLICE_US = 200000 }; /* alone at the database: longer, so that the progress is seen */

struct pace {
    const struct job *job;
    int64_t began_us;
};

static bool enough(void *arg) {
    const struct pace *p = arg;
    return job_should_yield(p->job) || clock_mono_us() - p->began_us > SLICE_US;
}

static enum status run_slice(struct job *j, int64_t id, bool *done) {
    struct ctx *c;
    struct bulk b;
    TRY(job_begin(j, &c));
    struct pace pace = { j, clock_mono_us() };
    enum status s = bulk_load(c, id, &b);
    if (s == OK && !str_eq(b.state, S("done"))) s = bulk_slice(c, &b, enough, &pace);
    if (s == OK) *done = str_eq(b.state, S("done"));
    return job_end(j, s);
}

static enum status mark_failed(struct ctx *c, void *arg) {
    return db_run(c->tx, &bulk_fail, P("id", *(int64_t *)arg), P("now", c->now_ms));
}

static enum status run(struct job *j) {
    struct json *v;
    struct str why;
    bool done = false;
    int busy = 0;
    if (json_parse(j->arena, j->argument, &v, &why) != OK) return MALFORMED;
    int64_t id = json_int(json_get(v, S("bulk")));
    while (!done) {
        enum status s = run_slice(j, id, &done);
        if (s == BUSY && ++busy <= BUSY_MAX && !job_stopping(j)) continue;
        if (s != OK && s != BUSY && s != BROKEN && s != STALE) TRY(job_write(j, mark_failed, &id));
        if (s != OK) return s;
        if (!done && job_stopping(j)) return BUSY;
    }
    return OK;
}

const struct job_kind bulk_jobs[1] = { { .name = "bulk", .run = run, .tries_max = 5 } };
