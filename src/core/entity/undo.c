/* Taking back: one change, a form, an import. First everything is looked at (is each record still
 * as that change left it?), then all is put back through the store, newest first, as a batch of its
 * own. Called by the pages of history, the API and the import's job; calls store.c and
 * history_json.c. */
#include "core/entity/history.h"

#include "core/entity/history_json.h"
#include "core/entity/store.h"

enum { OBSTACLES_SHOWN = 20, CHECK_CHUNK = 500 };

#define UNDO_COLUMNS "SELECT id, batch, entity, row_id, party, action, before, after FROM change "
SQL(undo_one, UNDO_COLUMNS "WHERE id = :id AND " VISIBLE_CHANGE);
SQL(undo_hidden, "SELECT 1 AS one FROM change WHERE batch = :batch AND (" VISIBLE_CHANGE
                 ") IS NOT TRUE LIMIT 1");
SQL(undo_batch_facts, "SELECT id, undone_by, import, member, whole FROM batch WHERE id = :id");
/* Of a whole one (merging) the clients alone count: what belongs to them went with them. */
SQL(undo_hidden_client, "SELECT 1 AS one FROM change WHERE batch = :batch AND entity = 'party' AND "
                        "(" VISIBLE_CHANGE ") IS NOT TRUE LIMIT 1");
SQL(undo_of_batch,
    UNDO_COLUMNS "WHERE batch = :batch AND id < :below ORDER BY id DESC LIMIT :limit");
SQL(undo_mark, "UPDATE batch SET undone_by = :by WHERE id = :id AND undone_by IS NULL");
SQL(undo_stands, "UPDATE batch SET undone_by = :by WHERE id = :id");
SQL(undo_changes_n, "SELECT count(*) AS n FROM change WHERE batch = :batch AND id < :below");
SQL(undo_later,
    "SELECT change.batch, batch.at, member.name AS who FROM change "
    "JOIN batch ON batch.id = change.batch LEFT JOIN member ON member.id = batch.member "
    "WHERE change.entity = :entity AND change.row_id = :row AND change.id > :id "
    "AND change.batch <> :batch ORDER BY change.id DESC LIMIT 1");
/* What others hung on a record since it was made here: it cannot just go. */
SQL(undo_attached,
    "SELECT change.batch, batch.at, member.name AS who FROM change "
    "JOIN batch ON batch.id = change.batch LEFT JOIN member ON member.id = batch.member "
    "WHERE change.party = :party AND change.id > :id AND change.batch <> :batch "
    "AND batch.undone_by IS NULL AND batch.undoes IS NULL ORDER BY change.id DESC LIMIT 1");
SQL(undo_progress_read, "SELECT value FROM meta WHERE key = :key");
SQL(undo_progress_write, "INSERT INTO meta (key, value) VALUES (:key, :value) "
                         "ON CONFLICT (key) DO UPDATE SET value = excluded.value");
SQL(undo_progress_drop, "DELETE FROM meta WHERE key = :key");

struct step { /* one row of change */
    int64_t id, batch, row_id, party;
    const struct entity *entity;
    struct str action, before, after;
};

static struct step step_of(const struct ctx *c, const struct rows *r, int i) {
    return (
        struct step){ row_int(r, i, "id"),
                      row_int(r, i, "batch"),
                      row_int(r, i, "row_id"),
                      row_int(r, i, "party"),
                      entity_whole(c, registry_find(entity_registry(), row_str(r, i, "entity"))),
                      row_str(r, i, "action"),
                      row_str(r, i, "before"),
                      row_str(r, i, "after") };
}

/* Notes who else changed the record later. Nobody: a later change of the same batch did, which is
 * no obstacle. */
static enum status obstacle(struct ctx *c, const struct step *s, struct str name, const char *field,
                            const struct sql *sql, struct obstacles *out) {
    struct rows r;
    if (sql == &undo_attached)
        TRY(db_query(c->tx, sql, &r, P("party", s->party), P("id", s->id), P("batch", s->batch)));
    else
        TRY(db_query(c->tx, sql, &r, P("entity", s->entity->name), P("row", s->row_id),
                     P("id", s->id), P("batch", s->batch)));
    if (r.n == 0) return OK;
    out->total++;
    if (out->n == OBSTACLES_SHOWN) return OK;
    out->v[out->n++] = (struct obstacle){
        .name = name,
        .field = str_of(field),
        .who = row_str(&r, 0, "who"),
        .at = row_int(&r, 0, "at"),
        .party = s->party,
        .batch = row_int(&r, 0, "batch"),
    };
    return OK;
}

static bool lists_same(const struct many *m, const void *a, const void *b) {
    struct many_rows x = many_get(m, a), y = many_get(m, b);
    if (x.n != y.n) return false;
    for (int i = 0; i < x.n; i++)
        for (int k = 0; k < m->child->fields_n; k++) {
            const struct field *f = &m->child->fields[k];
            if (!value_eq(field_get(f, many_at(m, x, i)), field_get(f, many_at(m, y, i))))
                return false;
        }
    return true;
}

/* Every field that the change wrote must still hold what it wrote. */
static enum status compare(struct ctx *c, const struct step *s, const void *now,
                           struct obstacles *out) {
    const struct entity *e = s->entity;
    void *left = row_new(c, e);
    bool *mask = arena_array(c->arena, bool, e->fields_n + e->manys_n);
    struct str name = e->title(c, now);
    TRY(history_json_read(c, e, s->after, left, mask));
    for (int i = 0; i < e->fields_n; i++)
        if (mask[i] && !value_eq(field_get(&e->fields[i], left), field_get(&e->fields[i], now)))
            TRY(obstacle(c, s, name, field_label(c, &e->fields[i]), &undo_later, out));
    for (int i = 0; i < e->manys_n; i++)
        if (mask[e->fields_n + i] && !lists_same(&e->manys[i], left, now))
            TRY(obstacle(c, s, name, T(c, e->manys[i].label), &undo_later, out));
    return OK;
}

static enum status look_create(struct ctx *c, const struct step *s, const void *now,
                               struct obstacles *out) {
    struct rows r;
    int64_t had = out->total;
    TRY(compare(c, s, now, out));
    if (out->total > had) return OK;
    if (!s->entity->indexed) return OK;
    TRY(db_query(c->tx, &undo_attached, &r, P("party", s->party), P("id", s->id),
                 P("batch", s->batch)));
    return r.n ? obstacle(c, s, s->entity->title(c, now), NULL, &undo_attached, out) : OK;
}

/* Is the record as this change left it? */
static enum status look(struct ctx *c, const struct step *s, struct obstacles *out) {
    if (!s->entity) return MISSING;
    void *now = arena_alloc(c->arena, s->entity->size);
    enum status st = store_load_binned(c, s->entity, s->row_id, now);
    if (st != OK) return st;
    bool binned = row_head(now)->deleted_at != 0, should = str_eq(s->action, S("delete"));
    if (binned != should) return obstacle(c, s, s->entity->title(c, now), NULL, &undo_later, out);
    if (str_eq(s->action, S("create"))) return look_create(c, s, now, out);
    return str_eq(s->action, S("change")) ? compare(c, s, now, out) : OK;
}

static enum status put_back(struct ctx *c, const struct step *s) {
    const struct entity *e = s->entity;
    if (str_eq(s->action, S("create")) || str_eq(s->action, S("restore")))
        return store_delete(c, e, s->row_id, 0);
    if (str_eq(s->action, S("delete"))) return store_restore(c, e, s->row_id);
    void *now = arena_alloc(c->arena, e->size);
    bool *mask = arena_array(c->arena, bool, e->fields_n + e->manys_n);
    TRY(store_load(c, e, s->row_id, now));
    void *changed = row_copy(c, e, now);
    TRY(history_json_read(c, e, s->before, changed, mask));
    return store_save(c, e, changed);
}

static enum status begin(struct ctx *c, int64_t batch, bool *whole, struct obstacles *out) {
    struct rows r;
    *out = (struct obstacles){ .v = arena_array(c->arena, struct obstacle, OBSTACLES_SHOWN) };
    TRY(db_query(c->tx, &undo_batch_facts, &r, P("id", batch)));
    if (r.n == 0) return MISSING;
    if (!history_may_undo(c, row_int(&r, 0, "import"), row_int(&r, 0, "member"))) return DENIED;
    *whole = row_int(&r, 0, "whole");
    return row_null(&r, 0, "undone_by") ? OK : CONFLICT;
}

enum status history_taken_back(struct ctx *c, int64_t batch, int64_t by) {
    return db_run(c->tx, &undo_stands, P("id", batch), by ? param_int("by", by) : param_null("by"));
}

enum status history_undo_change(struct ctx *c, int64_t change, struct obstacles *out) {
    struct rows r;
    TRY(db_query(c->tx, &undo_one, &r, P("id", change), P_VISIBLE_CHANGE(c)));
    if (r.n == 0) return MISSING;
    struct step s = step_of(c, &r, 0);
    bool whole;
    TRY(begin(c, s.batch, &whole, out));
    if (whole) return history_undo_batch(c, s.batch, out);
    TRY(look(c, &s, out));
    if (out->total) return CONFLICT;
    c->batch_undoes = s.batch;
    TRY(put_back(c, &s));
    TRY(db_query(c->tx, &undo_changes_n, &r, P("batch", s.batch), P("below", INT64_MAX)));
    if (row_int(&r, 0, "n") > 1) return OK; /* the rest of the batch stands */
    return db_run(c->tx, &undo_mark, P("by", c->batch), P("id", s.batch));
}

/* At most limit changes below *below; *below is 0 when there are no more. */
static enum status look_at_some(struct ctx *c, int64_t batch, int limit, int64_t *below,
                                struct obstacles *out) {
    struct rows r;
    TRY(db_query(c->tx, &undo_of_batch, &r, P("batch", batch), P("below", *below),
                 P("limit", limit)));
    for (int i = 0; i < r.n; i++) {
        struct step s = step_of(c, &r, i);
        int had = out->n;
        struct arena_mark m = arena_mark(c->arena);
        TRY(look(c, &s, out));
        if (out->n == had) {
            c->titles = (struct map){ 0 };
            arena_back(c->arena, m);
        }
        *below = s.id;
    }
    if (r.n < limit) *below = 0;
    return OK;
}

static enum status look_at_all(struct ctx *c, int64_t batch, struct obstacles *out) {
    for (int64_t below = INT64_MAX; below;) TRY(look_at_some(c, batch, CHECK_CHUNK, &below, out));
    return out->total ? CONFLICT : OK;
}

static struct str progress_key(struct ctx *c, int64_t batch) {
    return str_printf(c->arena, "undo %lld", (long long)batch);
}

/* «change batch»: the oldest change put back so far, and the batch that does it. */
static enum status progress(struct ctx *c, int64_t batch, int64_t *below, int64_t *by) {
    struct rows r;
    struct str first;
    *below = INT64_MAX;
    *by = 0;
    TRY(db_query(c->tx, &undo_progress_read, &r, P("key", progress_key(c, batch))));
    if (r.n == 0) return OK;
    struct str rest = row_str(&r, 0, "value");
    if (!str_cut(&rest, ' ', &first) || !str_to_i64(first, below) || !str_to_i64(rest, by))
        return BROKEN;
    return OK;
}

/* Who does not see all of it takes none of it back. */
static enum status wholly_seen(struct ctx *c, int64_t batch, bool whole) {
    struct rows r;
    if (c->who.sees == SEES_ALL && ctx_may(c, ROLE_OWNER)) return OK;
    TRY(db_query(c->tx, whole ? &undo_hidden_client : &undo_hidden, &r, P("batch", batch),
                 P_VISIBLE_CHANGE(c)));
    return r.n ? MISSING : OK;
}

enum status history_undo_look(struct ctx *c, int64_t batch, int limit, int64_t *below,
                              struct obstacles *out) {
    int64_t by;
    bool whole;
    TRY(begin(c, batch, &whole, out));
    if (!*below) {
        TRY(wholly_seen(c, batch, whole));
        TRY(progress(c, batch, below, &by));
    }
    TRY(look_at_some(c, batch, limit, below, out));
    return out->total ? CONFLICT : OK;
}

/* Who may take a whole one back does so with all of it, as the feature that made it did. */
static enum status undone(struct ctx *c, int64_t batch, int64_t by, bool whole) {
    const struct registry *all = entity_registry();
    TRY(db_run(c->tx, &undo_progress_drop, P("key", progress_key(c, batch))));
    if (whole && all->taken_back) TRY(all->taken_back(c, batch));
    return db_run(c->tx, &undo_mark, P("by", by), P("id", batch));
}

static enum status put_back_some(struct ctx *c, int64_t batch, int limit, bool looked, bool whole,
                                 int64_t *left, struct obstacles *out) {
    struct rows r;
    int64_t below, by;
    TRY(progress(c, batch, &below, &by));
    if (below == INT64_MAX && !looked) TRY(look_at_all(c, batch, out));
    c->batch_undoes = batch;
    c->batch_whole = whole;
    c->batch = by;
    TRY(db_query(c->tx, &undo_of_batch, &r, P("batch", batch), P("below", below),
                 P("limit", limit)));
    for (int i = 0; i < r.n; i++) {
        struct step s = step_of(c, &r, i);
        if (looked) TRY(look(c, &s, out));
        if (out->total) return CONFLICT;
        TRY(put_back(c, &s));
        below = s.id;
    }
    TRY(history_batch(c, &by));
    TRY(db_run(c->tx, &undo_progress_write, P("key", progress_key(c, batch)),
               P("value", str_printf(c->arena, "%lld %lld", (long long)below, (long long)by))));
    TRY(db_query(c->tx, &undo_changes_n, &r, P("batch", batch), P("below", below)));
    *left = row_int(&r, 0, "n");
    return *left ? OK : undone(c, batch, by, whole);
}

static enum status undo_some(struct ctx *c, int64_t batch, int limit, bool looked, int64_t *left,
                             struct obstacles *out) {
    const struct member_who own = c->who;
    int64_t below, by;
    bool whole;
    TRY(begin(c, batch, &whole, out));
    TRY(progress(c, batch, &below, &by));
    if (below == INT64_MAX) TRY(wholly_seen(c, batch, whole));
    if (whole && !ctx_may(c, ROLE_MEMBER)) return DENIED;
    if (whole) c->who.role = ROLE_OWNER, c->who.sees = SEES_ALL;
    enum status st = put_back_some(c, batch, limit, looked, whole, left, out);
    c->who = own;
    return st;
}

enum status history_undo_some(struct ctx *c, int64_t batch, int limit, int64_t *left,
                              struct obstacles *out) {
    return undo_some(c, batch, limit, false, left, out);
}

enum status history_undo_looked(struct ctx *c, int64_t batch, int limit, int64_t *left,
                                struct obstacles *out) {
    return undo_some(c, batch, limit, true, left, out);
}

enum status history_undo_batch(struct ctx *c, int64_t batch, struct obstacles *out) {
    int64_t left = 1;
    while (left) TRY(history_undo_some(c, batch, CHECK_CHUNK, &left, out));
    return OK;
}
