/* Merging two clients into one, through the store: what is attached to the gone one follows, he
 * goes into the bin, the kept one is written with what was united; one batch of the history. Called
 * by pages.c, api.c, cli.c, rule.c; calls values.c, aside.c, core/entity. */
#include "core/entity/history.h"
#include "core/entity/moved.h"
#include "core/job/job.h"
#include "features/merge/inner.h"
#include "lib/text/json.h"

SQL2(merge_insert,
     "INSERT INTO merge (at, member, kept, gone, batch, by_rule, state, aside) VALUES "
     "(:at, :member, :kept, :gone, :batch, :rule, 'moving', '')",
     "INSERT INTO merge (at, member, kept, gone, batch, by_rule, state, aside) VALUES "
     "(:at, :member, :kept, :gone, :batch, :rule, 'moving', '') RETURNING id");
SQL(merge_set, "UPDATE merge SET state = :state WHERE id = :id");
SQL(merge_set_aside, "UPDATE merge SET aside = :aside WHERE id = :id");
#define MERGE_COLUMNS                                                                              \
    "SELECT merge.id, merge.at, merge.member, merge.kept, merge.gone, merge.batch, "               \
    "merge.by_rule, merge.state, merge.reached, merge.aside, merge.apart_batch, "                  \
    "merge.undone_at, merge.undone_by FROM merge "
#define SEES_KEPT                                                                                  \
    "EXISTS (SELECT 1 FROM party WHERE party.id = merge.kept" VISIBLE_PARTY ") AND "               \
    "(merge.state <> 'apart' OR EXISTS (SELECT 1 FROM party WHERE party.id = "                     \
    "merge.gone" VISIBLE_PARTY "))"
SQL(merge_one, MERGE_COLUMNS "WHERE merge.id = :id AND " SEES_KEPT);
SQL(merge_one_raw, MERGE_COLUMNS "WHERE merge.id = :id");
SQL(merge_with_batch,
    MERGE_COLUMNS "WHERE (merge.batch = :batch OR merge.apart_batch = :batch) ORDER BY id LIMIT 1");
SQL(merge_client,
    MERGE_COLUMNS "WHERE merge.kept = :client AND merge.state <> 'apart' AND " SEES_KEPT
                  " ORDER BY merge.id DESC LIMIT 50");
SQL(merge_page, MERGE_COLUMNS "WHERE (:below = 0 OR merge.id < :below) AND " SEES_KEPT
                              " ORDER BY merge.id DESC LIMIT :limit");

static const char *const state_codes[] = { "moving", "done", "parting", "apart" };
const char *merge_state_code(enum merge_state s) {
    return state_codes[s];
}

/* --- reading --- */

static struct merge read_merge(const struct rows *r, int i) {
    struct merge m = {
        .id = row_int(r, i, "id"),
        .at = row_int(r, i, "at"),
        .member = row_int(r, i, "member"),
        .kept = row_int(r, i, "kept"),
        .gone = row_int(r, i, "gone"),
        .batch = row_int(r, i, "batch"),
        .rule = row_int(r, i, "by_rule"),
        .reached = row_int(r, i, "reached"),
        .apart_batch = row_int(r, i, "apart_batch"),
        .undone_at = row_int(r, i, "undone_at"),
        .undone_by = row_int(r, i, "undone_by"),
        .aside = row_str(r, i, "aside"),
    };
    for (int s = 0; s < COUNT(state_codes); s++)
        if (str_eq_z(row_str(r, i, "state"), state_codes[s])) m.state = (enum merge_state)s;
    return m;
}

enum status merge_load(struct ctx *c, int64_t id, struct merge *out) {
    struct rows r;
    TRY(db_query(c->tx, &merge_one, &r, P("id", id), P_VISIBLE(c)));
    if (r.n == 0) return MISSING;
    *out = read_merge(&r, 0);
    return OK;
}

enum status merge_raw(struct ctx *c, int64_t id, struct merge *out) {
    struct rows r;
    TRY(db_query(c->tx, &merge_one_raw, &r, P("id", id)));
    if (r.n == 0) return MISSING;
    *out = read_merge(&r, 0);
    return OK;
}

enum status merge_by_batch(struct ctx *c, int64_t batch, struct merge *out, bool *found) {
    struct rows r;
    TRY(db_query(c->tx, &merge_with_batch, &r, P("batch", batch)));
    *found = r.n > 0;
    if (*found) *out = read_merge(&r, 0);
    return OK;
}

enum status merge_of_batch(struct ctx *c, int64_t batch, int64_t *id) {
    struct merge m;
    bool found;
    TRY(merge_by_batch(c, batch, &m, &found));
    *id = found ? m.id : 0;
    return OK;
}

static void read_all(struct ctx *c, const struct rows *r, int limit, struct merges *out) {
    *out = (struct merges){ .v = arena_array(c->arena, struct merge, r->n + 1) };
    for (; out->n < r->n && out->n < limit; out->n++) out->v[out->n] = read_merge(r, out->n);
    if (r->n > limit) out->next = out->v[out->n - 1].id;
}

enum status merge_of_client(struct ctx *c, int64_t client, struct merges *out) {
    struct rows r;
    TRY(db_query(c->tx, &merge_client, &r, P("client", client), P_VISIBLE(c)));
    read_all(c, &r, r.n, out);
    return OK;
}

enum status merge_list(struct ctx *c, int64_t below, int limit, struct merges *out) {
    struct rows r;
    TRY(db_query(c->tx, &merge_page, &r, P("below", below), P("limit", limit + 1), P_VISIBLE(c)));
    read_all(c, &r, limit, out);
    return OK;
}

/* --- planning --- */

static enum status load_both(struct ctx *c, int64_t kept, int64_t gone, struct merge_plan *out) {
    TRY(store_load(c, &entity_party, kept, &out->kept));
    return store_load(c, &entity_party, gone, &out->gone);
}

enum status merge_plan(struct ctx *c, int64_t kept, int64_t gone, struct merge_plan *out) {
    *out = (struct merge_plan){ .entity = entity_now(c, &entity_party) };
    if (!ctx_may(c, entity_party.may_write)) return DENIED;
    if (kept == gone) return ctx_problem(c, NO_STR, N_("This is the same client twice."));
    TRY(load_both(c, kept, gone, out));
    if (party_is_person(&out->kept) != party_is_person(&out->gone))
        return ctx_problem(c, NO_STR, N_("A person and an organisation cannot become one."));
    merge_defaults(c, out);
    return OK;
}

/* --- what is attached follows --- */

struct member_who merge_with_all(struct ctx *c) {
    struct member_who own = c->who;
    c->who.role = ROLE_OWNER;
    c->who.sees = SEES_ALL;
    return own;
}

/* Of two relationships with the same other side the one that says no more than the other goes. */
static bool says_no_more(const struct entity *e, const void *less, const void *more,
                         const struct field *but) {
    for (int i = 0; i < e->fields_n; i++) {
        const struct field *f = &e->fields[i];
        struct value v = field_get(f, less);
        if (f == but || value_empty(f, v)) continue;
        if (!value_eq(v, field_get(f, more))) return false;
    }
    return true;
}

/* *row: dropped when the kept one has it already. */
static enum status drop_double(struct ctx *c, const struct referrer *r, const struct merge *m,
                               const void *row, bool *dropped) {
    struct refer_ask ask = { .id = m->kept, .limit = ROWS_AT_ONCE };
    int64_t *ids = arena_array(c->arena, int64_t, ROWS_AT_ONCE);
    void *rows;
    int n;
    *dropped = false;
    TRY(refer_rows(c, r, &ask, ids, &n));
    TRY(store_load_all(c, r->entity, ids, n, &rows, &n));
    for (int i = 0; i < n; i++) {
        const void *there = (const char *)rows + r->entity->size * (size_t)i;
        if (says_no_more(r->entity, row, there, r->field)) {
            *dropped = true;
            return store_delete(c, r->entity, row_head_of(row)->id, 0);
        }
        if (says_no_more(r->entity, there, row, r->field))
            return store_delete(c, r->entity, row_head_of(there)->id, 0);
    }
    return OK;
}

/* Both sides are the same client now. */
static bool with_himself(const struct entity *e, const void *row) {
    if (!e->other_column) return false;
    return field_get(entity_field(e, str_of(e->party_column)), row).i ==
           field_get(entity_field(e, str_of(e->other_column)), row).i;
}

static enum status follow_one(struct ctx *c, const struct referrer *r, const struct merge *m,
                              int64_t id) {
    void *row = arena_alloc(c->arena, r->entity->size);
    bool dropped;
    TRY(store_load(c, r->entity, id, row));
    if (r->entity->other_column) {
        TRY(drop_double(c, r, m, row, &dropped));
        if (dropped) return OK;
    }
    int64_t was = field_get(r->field, row).i;
    field_set(r->field, row, (struct value){ .is_int = true, .i = m->kept });
    if (!with_himself(r->entity, row)) return store_save(c, r->entity, row);
    field_set(r->field, row, (struct value){ .is_int = true, .i = was });
    return store_delete(c, r->entity, id, 0);
}

enum status merge_follow(struct ctx *c, const struct merge *m, int limit, bool *left) {
    struct referrer all[REFERRERS_MAX];
    int64_t *ids = arena_array(c->arena, int64_t, limit + 1);
    int all_n = refer_fields(c, &entity_party, all, REFERRERS_MAX), n;
    *left = false;
    for (int i = 0; i < all_n && !*left; i++) {
        struct refer_ask ask = { .id = m->gone, .limit = limit + 1 };
        TRY(refer_rows(c, &all[i], &ask, ids, &n));
        *left = n > limit;
        for (int k = 0; k < n && k < limit; k++) {
            bool own = all[i].entity->indexed && (ids[k] == m->gone || ids[k] == m->kept);
            if (!own) TRY(follow_one(c, &all[i], m, ids[k]));
        }
        limit -= n;
    }
    return OK;
}

/* --- merging --- */

/* What they say of each other in own fields would be of himself. */
static void not_of_himself(const struct merge_plan *plan, void *row) {
    for (int i = 0; i < plan->entity->fields_n; i++) {
        const struct field *f = &plan->entity->fields[i];
        if (f->kind != &kind_ref || !f->ref || !entity_is(f->ref, &entity_party)) continue;
        int64_t id = field_get(f, row).i;
        if (id == plan->kept.row.id || id == plan->gone.row.id)
            field_set(f, row, (struct value){ .is_int = true });
    }
}

enum status merge_set_state(struct ctx *c, int64_t id, enum merge_state state) {
    return db_run(c->tx, &merge_set, P("id", id), P("state", state_codes[state]));
}

static enum status begin(struct ctx *c, const struct merge_plan *plan, int64_t rule,
                         struct merge *m) {
    c->batch = 0;
    c->batch_whole = true;
    c->batch_title = str_of(T(c, N_("Merging")));
    *m = (struct merge){ .kept = plan->kept.row.id, .gone = plan->gone.row.id };
    TRY(history_batch(c, &m->batch));
    return db_insert(c->tx, &merge_insert, &m->id, P("at", c->now_ms),
                     c->who.id ? P("member", c->who.id) : param_null("member"), P("kept", m->kept),
                     P("gone", m->gone), P("batch", m->batch),
                     rule ? P("rule", rule) : param_null("rule"));
}

enum status merge_job(struct ctx *c, const char *kind, struct str argument, struct str once) {
    int64_t own = c->who.id, job;
    c->who.id = 0;
    enum status st = job_enqueue(c, kind, argument, once, 0, &job);
    c->who.id = own;
    return st;
}

enum status merge_rows_later(struct ctx *c, int64_t id) {
    return merge_job(c, "merge_rows", str_printf(c->arena, "{\"merge\":%lld}", (long long)id),
                     str_printf(c->arena, "merge_rows %lld", (long long)id));
}

/* What is left follows in a job: a client may have more purchases than one request may write. */
static enum status finish(struct ctx *c, const struct merge *m, bool left) {
    if (!left) return merge_set_state(c, m->id, MERGE_DONE);
    return merge_rows_later(c, m->id);
}

/* In this order, so that taking back (newest first) has the gone one back before what belongs to
 * him, and his own number free before he comes. */
static enum status merge_all(struct ctx *c, struct merge_plan *plan, struct merge *m) {
    struct str aside;
    bool left;
    TRY(load_both(c, m->kept, m->gone, plan));
    TRY(merge_follow(c, m, ROWS_AT_ONCE, &left));
    TRY(moved_note(c, &entity_party, m->gone, m->kept));
    TRY(store_delete(c, &entity_party, m->gone, 0));
    void *row = merge_united(c, plan);
    not_of_himself(plan, row);
    TRY(store_save(c, &entity_party, row));
    TRY(aside_follow(c, m->gone, m->kept, &aside));
    TRY(db_run(c->tx, &merge_set_aside, P("id", m->id), P("aside", aside)));
    return finish(c, m, left);
}

enum status merge_do(struct ctx *c, const struct merge_plan *plan, int64_t rule, int64_t *merge) {
    struct merge_plan whole = *plan;
    struct merge m;
    if (!ctx_may(c, entity_party.may_write)) return DENIED;
    TRY(begin(c, plan, rule, &m));
    struct member_who own = merge_with_all(c);
    enum status st = merge_all(c, &whole, &m);
    c->who = own;
    *merge = m.id;
    return st;
}
