/* See refer.h. Makes SQL from the tables of fields, values always bound. Called by
 * features/merge. */
#include "core/entity/refer.h"

#include "core/entity/history.h"
#include "core/entity/list.h"
#include "core/entity/store_sql.h"

static bool names(const struct field *f, const struct entity *to) {
    return f->kind == &kind_ref && f->ref && entity_is(f->ref, to) && !(f->is & REMOVED);
}

int refer_fields(struct ctx *c, const struct entity *to, struct referrer *out, int cap) {
    const struct registry *all = entity_registry();
    int n = 0;
    for (int two = 1; two >= 0; two--)
        for (int i = 0; i < all->n; i++) {
            const struct entity *e = entity_now(c, all->entities[i]);
            if ((e->other_column != NULL) != two) continue;
            for (int k = 0; k < e->fields_n; k++)
                if (names(&e->fields[k], to) && n < cap)
                    out[n++] = (struct referrer){ e, &e->fields[k] };
        }
    return n;
}

/* Own fields lie in extra: by the index where their terms are kept, else by looking at all. */
static bool by_index(const struct referrer *r) {
    return r->entity->indexed && r->field->custom && (r->field->is & FILTERED);
}

static struct list_query criterion(struct ctx *c, const struct referrer *r, int64_t id) {
    struct list_query q = { .entity = r->entity, .filters_n = 1 };
    q.filters[0] =
        (struct list_filter){ str_of(r->field->name), str_printf(c->arena, "%lld", (long long)id) };
    return q;
}

static void column(struct buf *b, const struct field *f) {
    if (f->custom)
        buf_printf(b, "CAST(extra AS JSONB) ->> '%s' = CAST(:text AS TEXT)", f->name);
    else
        buf_printf(b, "%s = :id", f->name);
}

static struct str where(struct arena *a, const struct referrer *r, const char *what, bool pg) {
    struct buf b = { .arena = a };
    buf_printf(&b, "SELECT %s FROM %s WHERE ", what, r->entity->name);
    if (r->field->custom && !pg)
        buf_printf(&b, "CAST(extra ->> '%s' AS TEXT) = :text", r->field->name);
    else
        column(&b, r->field);
    return buf_str(&b);
}

static struct param wanted(struct ctx *c, const struct referrer *r, int64_t id) {
    if (!r->field->custom) return param_int("id", id);
    return param_str("text", str_printf(c->arena, "%lld", (long long)id));
}

enum status refer_count(struct ctx *c, const struct referrer *r, int64_t id, int64_t *n) {
    struct rows rows;
    struct param v[SQL_VISIBLE_N + 1];
    struct made_params p = { v, 0 };
    struct buf sql = { .arena = c->arena };
    if (by_index(r)) {
        struct list_query q = criterion(c, r, id);
        return list_count(c, &q, n);
    }
    buf_add(&sql, where(c->arena, r, "count(*) AS n", tx_is_pg(c->tx)));
    buf_add_z(&sql, " AND deleted_at IS NULL");
    sql_visible(&sql, r->entity);
    sql_param(&p, wanted(c, r, id));
    sql_visible_params(c, r->entity, &p);
    TRY(db_query_made(c->tx, buf_str(&sql), &rows, p.v, p.n));
    *n = row_int(&rows, 0, "n");
    return OK;
}

static struct str rows_sql(struct arena *a, const struct referrer *r, bool binned, bool pg) {
    return str_printf(
        a,
        "%s AND id > :after AND created_at >= :since AND deleted_at IS %sNULL ORDER BY id "
        "LIMIT :limit",
        str_z(a, where(a, r, "id", pg)), binned ? "NOT " : "");
}

enum status refer_rows(struct ctx *c, const struct referrer *r, const struct refer_ask *ask,
                       int64_t *ids, int *n) {
    struct rows rows;
    int64_t after = ask->after;
    *n = 0;
    if (ask->binned && r->field->custom) return OK;
    if (by_index(r)) {
        struct list_query q = criterion(c, r, ask->id);
        return list_walk(c, &q, &after, ids, ask->limit, n);
    }
    struct param p[] = { wanted(c, r, ask->id), P("after", after), P("limit", ask->limit),
                         P("since", ask->since_ms) };
    TRY(db_query_made(c->tx, rows_sql(c->arena, r, ask->binned, tx_is_pg(c->tx)), &rows, p, 4));
    for (*n = 0; *n < rows.n; ++*n) ids[*n] = row_int(&rows, *n, "id");
    return OK;
}

enum status refer_set_binned(struct ctx *c, const struct referrer *r, int64_t row, int64_t to) {
    struct param p[] = { P("id", to), P("row", row) };
    if (r->field->custom) return BROKEN;
    struct str sql =
        str_printf(c->arena, "UPDATE %s SET %s = :id WHERE id = :row AND deleted_at IS NOT NULL",
                   r->entity->name, r->field->name);
    return db_query_made(c->tx, sql, NULL, p, 2);
}
