/* Taking a merge apart: the gone one comes back with what he brought; what changed since stays with
 * the kept one. Also what the history's own undo of a merge leaves to do. Called by the pages, the
 * API, the command line and the history (through the registry); calls core/entity and aside.c. */
#include "core/entity/history.h"
#include "core/entity/history_json.h"
#include "core/entity/moved.h"
#include "core/job/job.h"
#include "core/search/search.h"
#include "features/merge/inner.h"

SQL(part_of_kept, "SELECT before, after FROM change WHERE batch = :batch AND entity = 'party' AND "
                  "row_id = :kept AND action = 'change' ORDER BY id DESC LIMIT 1");
SQL(part_changes,
    "SELECT id, entity, row_id, action, before, after FROM change WHERE batch = :batch AND "
    "(CAST(:below AS BIGINT) = 0 OR id < :below) ORDER BY id DESC LIMIT :limit");
SQL(part_began, "UPDATE merge SET state = :state, apart_batch = :batch, undone_at = :now, "
                "undone_by = :by, reached = NULL WHERE id = :id");
SQL(part_reached, "UPDATE merge SET reached = :reached WHERE id = :id");
SQL(part_again, "UPDATE merge SET state = 'done', apart_batch = NULL, undone_at = NULL, undone_by "
                "= NULL, reached = NULL, aside = :aside WHERE id = :id");
SQL(part_later,
    "SELECT id, gone, at FROM merge WHERE gone = :kept AND state <> 'apart' ORDER BY id "
    "DESC LIMIT 1");
SQL(part_not_same, "INSERT INTO not_same (a, b, at, member) VALUES (:a, :b, :at, :member) ON "
                   "CONFLICT DO NOTHING");
SQL(part_same_again, "DELETE FROM not_same WHERE a = :a AND b = :b");
SQL(part_in_batch, "SELECT 1 AS one FROM change WHERE batch = :batch AND entity = :entity AND "
                   "row_id = :row LIMIT 1");

/* --- may it --- */

static enum status refuse(struct ctx *c, const char *text, struct str name) {
    (void)ctx_problem(c, NO_STR, text, ARG("name", name));
    return CONFLICT;
}

static enum status number_free(struct ctx *c, const struct merge *m, const struct party *gone) {
    int64_t other;
    struct party p;
    if (!gone->own_id.n) return OK;
    TRY(party_by_own_id(c, gone->own_id, &other));
    if (!other || other == m->gone) return OK;
    struct str name = entity_title(c, &entity_party, other);
    if (other != m->kept)
        return refuse(c, N_("The own number is {name}’s now: change it there first."), name);
    TRY(store_load_binned(c, &entity_party, m->kept, &p));
    if (!str_eq(p.own_id, gone->own_id)) return OK; /* his old number only leads there */
    struct rows r;
    TRY(db_query(c->tx, &part_of_kept, &r, P("batch", m->batch), P("kept", m->kept)));
    if (r.n && str_find(row_str(&r, 0, "after"), S("\"own_id\"")) >= 0) return OK;
    return refuse(c, N_("The own number is {name}’s now: change it there first."), name);
}

enum status merge_may_part(struct ctx *c, const struct merge *m) {
    struct party kept, gone;
    struct rows r;
    if (!ctx_may(c, entity_party.may_write)) return DENIED;
    TRY(store_load_binned(c, &entity_party, m->kept, &kept));
    TRY(store_load_binned(c, &entity_party, m->gone, &gone));
    if (m->state == MERGE_APART || m->state == MERGE_PARTING)
        return refuse(c, N_("This was taken apart already."), NO_STR);
    if (m->state == MERGE_MOVING)
        return refuse(c, N_("What is attached is still being moved: wait a moment."), NO_STR);
    TRY(db_query(c->tx, &part_later, &r, P("kept", m->kept)));
    if (r.n)
        return refuse(c, N_("{name} became a part of another client since: take that apart first."),
                      kept.display_name);
    if (kept.row.deleted_at)
        return refuse(c, N_("{name} is in the bin: bring back that client first."),
                      kept.display_name);
    return number_free(c, m, &gone);
}

/* --- the kept one without what the merging gave him --- */

struct three { /* as merged: before and after; and as he is */
    const struct entity *e;
    void *before, *after, *now;
    bool *mask;
    bool any;
};

static enum status read_three(struct ctx *c, const struct merge *m, struct three *t) {
    struct rows r;
    struct party *now = arena_alloc(c->arena, sizeof *now);
    *t = (struct three){ .e = entity_whole(c, &entity_party) };
    t->before = row_new(c, t->e), t->after = row_new(c, t->e);
    t->now = now;
    t->mask = arena_array(c->arena, bool, t->e->fields_n + t->e->manys_n);
    TRY(store_load(c, &entity_party, m->kept, now));
    row_ready(c, t->e, now);
    TRY(db_query(c->tx, &part_of_kept, &r, P("batch", m->batch), P("kept", m->kept)));
    t->any = r.n > 0;
    if (!t->any) return OK;
    TRY(history_json_read(c, t->e, row_str(&r, 0, "before"), t->before, t->mask));
    return history_json_read(c, t->e, row_str(&r, 0, "after"), t->after, t->mask);
}

static const void *entry_with(const struct many *m, struct many_rows rows, int64_t id) {
    for (int i = 0; i < rows.n; i++)
        if (row_head(many_at(m, rows, i))->id == id) return many_at(m, rows, i);
    return NULL;
}

static bool entries_equal(const struct entity *child, const void *a, const void *b) {
    for (int i = 0; i < child->fields_n; i++) {
        const struct field *f = &child->fields[i];
        if (f->is & DERIVED) continue; /* not in the history */
        if (!value_eq(field_get(f, a), field_get(f, b))) return false;
    }
    return true;
}

static bool goes(const struct many *m, int64_t id, const struct merge_goes *g, int n) {
    for (int i = 0; i < n; i++)
        if (g[i].id == id && str_eq_z(g[i].name, m->name)) return true;
    return false;
}

/* Entry by entry: what the merging brought goes unless it was changed since; what it filled is as
 * before; what was added since stays, or goes along when that was asked for. */
static void part_list(struct ctx *c, struct three *t, int i, const struct merge_goes *g, int g_n,
                      struct many_rows *along) {
    const struct many *m = &t->e->manys[i];
    struct many_rows now = many_get(m, t->now), before = many_get(m, t->before),
                     after = many_get(m, t->after);
    bool touched = t->any && t->mask[t->e->fields_n + i];
    struct many_rows left = { arena_alloc(c->arena, m->child->size * (size_t)(now.n + 1)), 0 };
    *along = (struct many_rows){ arena_alloc(c->arena, m->child->size * (size_t)(now.n + 1)), 0 };
    for (int k = 0; k < now.n; k++) {
        const void *entry = many_at(m, now, k);
        int64_t id = row_head_of(entry)->id;
        const void *was = touched ? entry_with(m, before, id) : NULL;
        const void *made = touched ? entry_with(m, after, id) : NULL;
        bool as_merged = made && entries_equal(m->child, made, entry);
        if (as_merged && !was) continue;
        bool asked = !made && goes(m, id, g, g_n);
        struct many_rows *to = asked ? along : &left;
        memcpy(many_at(m, *to, to->n++), as_merged ? was : entry, m->child->size);
    }
    many_set(m, t->now, left);
}

static void part_fields(struct three *t) {
    for (int i = 0; i < t->e->fields_n && t->any; i++) {
        const struct field *f = &t->e->fields[i];
        if (t->mask[i] && value_eq(field_get(f, t->now), field_get(f, t->after)))
            field_set(f, t->now, field_get(f, t->before));
    }
}

/* --- rows --- */

static enum status row_back(struct ctx *c, const struct merge *m, const struct entity *e,
                            const struct rows *r, int i) {
    int64_t id = row_int(r, i, "row_id");
    struct str action = row_str(r, i, "action");
    void *now = arena_alloc(c->arena, e->size), *before = row_new(c, e), *after = row_new(c, e);
    bool *mask = arena_array(c->arena, bool, e->fields_n + e->manys_n);
    enum status st = store_load_binned(c, e, id, now);
    if (st == MISSING) return OK;
    TRY(st);
    bool binned = row_head(now)->deleted_at != 0;
    if (str_eq(action, S("delete"))) return binned ? store_restore(c, e, id) : OK;
    TRY(history_json_read(c, e, row_str(r, i, "before"), before, mask));
    TRY(history_json_read(c, e, row_str(r, i, "after"), after, mask));
    for (int k = 0; k < e->fields_n; k++) {
        const struct field *f = &e->fields[k];
        if (!mask[k] || !value_eq(field_get(f, now), field_get(f, after))) continue;
        struct referrer ref = { e, f };
        if (binned && !f->custom) TRY(refer_set_binned(c, &ref, id, m->gone));
        field_set(f, now, field_get(f, before));
    }
    return binned ? OK : store_save(c, e, now);
}

enum status part_rows(struct ctx *c, struct merge *m, int limit, bool *left) {
    struct rows r;
    TRY(db_query(c->tx, &part_changes, &r, P("batch", m->batch), P("below", m->reached),
                 P("limit", limit)));
    for (int i = 0; i < r.n; i++) {
        const struct entity *e =
            entity_whole(c, registry_find(entity_registry(), row_str(&r, i, "entity")));
        int64_t id = row_int(&r, i, "row_id");
        m->reached = row_int(&r, i, "id");
        if (!e || (e->indexed && (id == m->kept || id == m->gone))) continue;
        TRY(row_back(c, m, e, &r, i));
    }
    *left = r.n == limit;
    return db_run(c->tx, &part_reached, P("reached", m->reached), P("id", m->id));
}

/* --- all of it --- */

static enum status rows_along(struct ctx *c, const struct merge *m, const struct merge_goes *g,
                              int n) {
    struct referrer all[REFERRERS_MAX];
    int all_n = refer_fields(c, &entity_party, all, REFERRERS_MAX);
    for (int i = 0; i < n; i++)
        for (int k = 0; k < all_n; k++) {
            const struct entity *e = all[k].entity;
            void *row = arena_alloc(c->arena, e->size);
            if (e->indexed || !str_eq_z(g[i].name, e->name)) continue;
            enum status st = store_load(c, e, g[i].id, row);
            if (st == MISSING) continue;
            TRY(st);
            if (field_get(all[k].field, row).i != m->kept) continue;
            field_set(all[k].field, row, (struct value){ .is_int = true, .i = m->gone });
            TRY(store_save(c, e, row));
        }
    return OK;
}

/* The kept one first: his number may be the other's. */
static enum status part_clients(struct ctx *c, const struct merge *m, const struct merge_goes *g,
                                int n) {
    struct three t;
    struct party gone;
    TRY(read_three(c, m, &t));
    struct many_rows *along = arena_array(c->arena, struct many_rows, t.e->manys_n + 1);
    part_fields(&t);
    for (int i = 0; i < t.e->manys_n; i++) part_list(c, &t, i, g, n, &along[i]);
    TRY(store_save(c, &entity_party, t.now));
    TRY(store_restore(c, &entity_party, m->gone));
    TRY(moved_forget(c, &entity_party, m->gone));
    TRY(store_load(c, &entity_party, m->gone, &gone));
    for (int i = 0; i < t.e->manys_n; i++) {
        const struct many *list = &t.e->manys[i];
        struct many_rows his = many_get(list, &gone), all;
        if (along[i].n == 0) continue;
        all = (struct many_rows){
            arena_alloc(c->arena, list->child->size * (size_t)(his.n + along[i].n)), his.n
        };
        if (his.n) memcpy(all.v, his.v, list->child->size * (size_t)his.n);
        for (int k = 0; k < along[i].n; k++) {
            void *to = many_at(list, all, all.n++);
            memcpy(to, many_at(list, along[i], k), list->child->size);
            row_head(to)->id = 0;
        }
        many_set(list, &gone, all);
    }
    return store_save(c, &entity_party, &gone);
}

/* What a person took apart no rule puts together again. */
static enum status never_again(struct ctx *c, const struct merge *m) {
    int64_t a = m->kept < m->gone ? m->kept : m->gone, b = a == m->kept ? m->gone : m->kept;
    return db_run(c->tx, &part_not_same, P("a", a), P("b", b), P("at", c->now_ms),
                  c->who.id ? P("member", c->who.id) : param_null("member"));
}

static enum status part_all(struct ctx *c, struct merge *m, const struct merge_goes *g, int n) {
    bool left;
    int64_t batch;
    TRY(part_clients(c, m, g, n));
    TRY(history_batch(c, &batch));
    TRY(db_run(c->tx, &part_began, P("id", m->id), P("batch", batch), P("now", c->now_ms),
               P("state", merge_state_code(MERGE_PARTING)),
               c->who.id ? P("by", c->who.id) : param_null("by")));
    TRY(rows_along(c, m, g, n));
    TRY(aside_back(c, m->gone, m->aside));
    TRY(never_again(c, m));
    TRY(history_taken_back(c, m->batch, batch));
    m->reached = 0;
    TRY(part_rows(c, m, ROWS_AT_ONCE, &left));
    if (!left) return merge_set_state(c, m->id, MERGE_APART);
    return merge_rows_later(c, m->id);
}

enum status merge_part(struct ctx *c, const struct merge *m, const struct merge_goes *g, int n) {
    struct merge of = *m;
    TRY(merge_may_part(c, m));
    for (int i = 0; i < n; i++) { /* only what he sees himself */
        const struct entity *e = registry_find(entity_registry(), g[i].name);
        if (e) TRY(store_load(c, e, g[i].id, arena_alloc(c->arena, e->size)));
    }
    c->batch = 0;
    c->batch_whole = true;
    c->batch_undoes = m->batch;
    c->batch_title = str_of(T(c, N_("Taking apart")));
    struct member_who own = merge_with_all(c);
    enum status st = part_all(c, &of, g, n);
    c->who = own;
    return st;
}

/* --- by the history's own undo --- */

/* Taking apart was taken back: they are one again. */
static enum status together_again(struct ctx *c, const struct merge *m) {
    struct terms binned = { .arena = c->arena }, part = { .arena = c->arena };
    struct str aside;
    TRY(moved_note(c, &entity_party, m->gone, m->kept));
    terms_add(&binned, S("x"));
    terms_add(&part, S("m"));
    TRY(store_reindex(c, &entity_party, m->gone, &binned, &part));
    TRY(aside_follow(c, m->gone, m->kept, &aside));
    TRY(history_taken_back(c, m->batch, 0));
    int64_t a = m->kept < m->gone ? m->kept : m->gone, b = a == m->kept ? m->gone : m->kept;
    TRY(db_run(c->tx, &part_same_again, P("a", a), P("b", b)));
    return db_run(c->tx, &part_again, P("aside", aside), P("id", m->id));
}

enum status merge_taken_back(struct ctx *c, int64_t batch) {
    struct merge m;
    bool found;
    TRY(merge_by_batch(c, batch, &m, &found));
    if (!found) return OK;
    if (m.apart_batch == batch) return together_again(c, &m);
    TRY(moved_forget(c, &entity_party, m.gone));
    TRY(aside_back(c, m.gone, m.aside));
    TRY(never_again(c, &m));
    return db_run(c->tx, &part_began, P("id", m.id), P("batch", c->batch), P("now", c->now_ms),
                  P("state", merge_state_code(MERGE_APART)),
                  c->who.id ? P("by", c->who.id) : param_null("by"));
}

/* --- what came since --- */

static struct str shown(struct ctx *c, const struct field *f, const void *row) {
    struct value v = field_get(f, row);
    return value_empty(f, v) ? NO_STR : f->kind->show(c, f, v);
}

static void since_fields(struct ctx *c, const struct three *t, struct since *out) {
    out->fields = arena_array(c->arena, struct since_field, t->e->fields_n + 1);
    for (int i = 0; i < t->e->fields_n && t->any; i++) {
        const struct field *f = &t->e->fields[i];
        if (!t->mask[i] || (f->is & (DERIVED | SYSTEM)) || !field_readable(c, f)) continue;
        if (value_eq(field_get(f, t->now), field_get(f, t->after))) continue;
        out->fields[out->fields_n++] =
            (struct since_field){ str_of(field_label(c, f)), shown(c, f, t->after),
                                  shown(c, f, t->now) };
    }
}

/* Entries that he did not have when they became one. Whether an untouched list has new ones is not
 * written down: then all of it is offered that no change of that batch names. */
static enum status since_lists(struct ctx *c, const struct merge *m, const struct three *t,
                               struct since *out) {
    struct history_list later;
    TRY(history_read(c, m->kept, 0, 0, SINCE_MAX, &later));
    for (int i = 0; i < t->e->manys_n; i++) {
        const struct many *list = &t->e->manys[i];
        struct many_rows now = many_get(list, t->now), known = { 0 };
        bool touched = t->any && t->mask[t->e->fields_n + i], changed = false;
        if (touched) known = many_get(list, t->after);
        for (int k = later.n - 1; k >= 0; k--) { /* the first later change tells how it was */
            const struct history_entry *h = &later.v[k];
            if (h->batch <= m->batch || h->row_id != m->kept || !h->entity || !h->entity->indexed ||
                h->action != ACTION_CHANGE || !h->mask[h->entity->fields_n + i])
                continue;
            if (!changed && !touched) known = many_get(list, h->was);
            changed = true;
        }
        for (int k = 0; changed && k < now.n && out->rows_n < SINCE_MAX; k++) {
            const void *entry = many_at(list, now, k);
            if (entry_with(list, known, row_head_of(entry)->id)) continue;
            out->rows[out->rows_n].goes =
                (struct merge_goes){ str_of(list->name), row_head_of(entry)->id };
            out->rows[out->rows_n].label = list->child->label;
            out->rows[out->rows_n++].title = list->child->title(c, entry);
        }
    }
    return OK;
}

static enum status since_rows(struct ctx *c, const struct merge *m, const struct referrer *ref,
                              struct since *out) {
    struct refer_ask ask = { .id = m->kept, .since_ms = m->at, .limit = SINCE_MAX + 1 };
    int64_t *ids = arena_array(c->arena, int64_t, SINCE_MAX + 1);
    void *rows;
    struct rows in;
    int n;
    TRY(refer_rows(c, ref, &ask, ids, &n));
    out->more |= n > SINCE_MAX;
    TRY(store_load_all(c, ref->entity, ids, n, &rows, &n));
    for (int i = 0; i < n; i++) {
        const struct row *h = row_head((char *)rows + ref->entity->size * (size_t)i);
        TRY(db_query(c->tx, &part_in_batch, &in, P("batch", m->batch),
                     P("entity", ref->entity->name), P("row", h->id)));
        if (in.n) continue;
        if (out->rows_n == SINCE_MAX) {
            out->more = true;
            break;
        }
        out->rows[out->rows_n].goes = (struct merge_goes){ str_of(ref->entity->name), h->id };
        out->rows[out->rows_n].entity = ref->entity;
        out->rows[out->rows_n].label = ref->entity->label;
        out->rows[out->rows_n].title = ref->entity->title(c, h);
        out->rows[out->rows_n].at = h->created_at;
        out->rows[out->rows_n++].member = h->created_by;
    }
    return OK;
}

enum status part_since(struct ctx *c, const struct merge *m, struct since *out) {
    struct referrer all[REFERRERS_MAX];
    struct three t;
    *out = (struct since){ .rows = arena_alloc(c->arena, sizeof *out->rows * (SINCE_MAX + 1)) };
    TRY(read_three(c, m, &t));
    since_fields(c, &t, out);
    int n = refer_fields(c, &entity_party, all, REFERRERS_MAX);
    for (int i = 0; i < n; i++)
        if (!all[i].entity->indexed) TRY(since_rows(c, m, &all[i], out));
    return since_lists(c, m, &t, out);
}
