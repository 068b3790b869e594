/* The store's SQL: made from constant tables, values always bound. Called by store.c and the
 * prepare-all test; one of the few files that make SQL at run time. */
#include "core/entity/store_sql.h"

#include "core/entity/own.h"

#define IN_IDS(pg)                                                                                 \
    ((pg) ? "= ANY(CAST(translate(:ids, '[]', '{}') AS bigint[]))"                                 \
          : "IN (SELECT value FROM json_each(:ids))")

/* Made for each write: nothing is formatted here. */
static void fields(struct buf *b, const struct entity *e, const char *format) {
    bool sets = strcmp(format, "=") == 0;
    for (int i = 0; i < e->fields_n + (e->own != NULL); i++) {
        if (i < e->fields_n && e->fields[i].custom) continue;
        struct str n = i < e->fields_n ? str_of(e->fields[i].name) : S("extra");
        buf_add_z(b, sets ? ", " : format);
        buf_add(b, n);
        if (!sets) continue;
        buf_add(b, S(" = :"));
        buf_add(b, n);
    }
}

static void of_visible_party(struct buf *b, const struct entity *e, const char *column) {
    buf_printf(b, " AND EXISTS (SELECT 1 FROM party WHERE party.id = %s.%s" VISIBLE_PARTY ")",
               e->name, column);
}

void sql_visible(struct buf *b, const struct entity *e) {
    if (e->indexed)
        buf_add_z(b, VISIBLE_PARTY);
    else if (e->party_column)
        of_visible_party(b, e, e->party_column);
    if (e->other_column) of_visible_party(b, e, e->other_column);
    if (e->private_column)
        buf_printf(b,
                   " AND (%s.%s = 0 OR %s.created_by = :see_me OR "
                   "CAST(:see_private AS INTEGER) = 1)",
                   e->name, e->private_column, e->name);
}

void sql_visible_params(struct ctx *c, const struct entity *e, struct made_params *p) {
    struct param see[] = { P_VISIBLE(c) };
    for (int i = 0; i < COUNT(see) && e->party_column; i++) sql_param(p, see[i]);
    if (!e->private_column) return;
    if (!e->party_column) sql_param(p, param_int("see_me", c->who.id));
    sql_param(p, param_int("see_private", ctx_may(c, ROLE_OWNER)));
}

struct str sql_select(struct arena *a, const struct entity *e, bool pg, bool one) {
    struct buf b = { .arena = a };
    buf_printf(&b, "SELECT id, version, created_at, created_by, changed_at, deleted_at%s",
               e->has_uid ? ", uid" : "");
    fields(&b, e, ", ");
    buf_printf(&b, " FROM %s WHERE id %s", e->name, one ? "= :id" : IN_IDS(pg));
    sql_visible(&b, e);
    return buf_str(&b);
}

static const char *parent_of(const struct entity *child) {
    return child->parent_column ? child->parent_column : "party";
}

struct str sql_select_children(struct arena *a, const struct entity *child, bool pg, bool one) {
    struct buf b = { .arena = a };
    const char *parent = parent_of(child);
    buf_printf(&b, "SELECT id, %s", parent);
    fields(&b, child, ", ");
    buf_printf(&b, " FROM %s WHERE %s %s ORDER BY %s, position, id", child->name, parent,
               one ? "= :id" : IN_IDS(pg), parent);
    return buf_str(&b);
}

struct str sql_insert(struct arena *a, const struct entity *e, bool pg, bool with_id) {
    struct buf b = { .arena = a };
    with_id |= pg; /* there it is drawn before */
    buf_printf(&b, "INSERT INTO %s (%s", e->name, with_id ? "id, " : "");
    if (e->is_child)
        buf_printf(&b, "%s, position", parent_of(e));
    else
        buf_add_z(&b, "created_at, created_by, changed_at");
    if (e->has_uid) buf_add_z(&b, ", uid");
    if (e->indexed) buf_add_z(&b, ", sort_keys");
    fields(&b, e, ", ");
    buf_printf(&b, ") VALUES (%s%s", with_id ? ":id, " : "",
               e->is_child ? ":party, :position" : ":now, :by, :now");
    if (e->has_uid) buf_add_z(&b, ", :uid");
    if (e->indexed) buf_add_z(&b, ", :sort_keys");
    fields(&b, e, ", :");
    buf_add_z(&b, ")");
    return buf_str(&b);
}

struct str sql_update(struct arena *a, const struct entity *e) {
    struct buf b = { .arena = a };
    if (e->is_child) {
        buf_printf(&b, "UPDATE %s SET position = :position", e->name);
        fields(&b, e, "=");
        buf_printf(&b, " WHERE id = :id AND %s = :party RETURNING id", parent_of(e));
    } else {
        buf_printf(&b, "UPDATE %s SET version = version + 1, changed_at = :now%s", e->name,
                   e->indexed ? ", sort_keys = :sort_keys" : "");
        fields(&b, e, "=");
        buf_add_z(&b, " WHERE id = :id AND version = :version RETURNING version");
    }
    return buf_str(&b);
}

struct str sql_bin(struct arena *a, const struct entity *e) {
    return str_printf(
        a,
        "UPDATE %s SET version = version + 1, changed_at = :now, deleted_at = :deleted%s "
        "WHERE id = :id AND version = :version RETURNING version",
        e->name, e->indexed ? ", sort_keys = :sort_keys" : "");
}

struct str sql_child_delete(struct arena *a, const struct entity *child) {
    return str_printf(a, "DELETE FROM %s WHERE id = :id AND %s = :party", child->name,
                      parent_of(child));
}

void sql_param(struct made_params *p, struct param one) {
    p->v[p->n++] = one;
}

struct made_params sql_field_params(struct ctx *c, const struct entity *e, const void *row,
                                    const struct param *head, int head_n) {
    struct made_params p = { arena_array(c->arena, struct param, e->fields_n + 1 + head_n), 0 };
    for (int i = 0; i < head_n; i++) sql_param(&p, head[i]);
    for (int i = 0; i < e->fields_n; i++) {
        const struct field *f = &e->fields[i];
        if (f->custom) continue;
        struct value v = field_get(f, row);
        if (value_empty(f, v))
            sql_param(&p, param_null(f->name));
        else if (v.is_int)
            sql_param(&p, param_int(f->name, v.i));
        else
            sql_param(&p, param_str(f->name, v.s));
    }
    struct str extra = e->own ? own_json(c, e, row) : NO_STR;
    if (e->own) sql_param(&p, extra.n ? param_str("extra", extra) : param_null("extra"));
    return p;
}

static void read_fields(const struct entity *e, const struct rows *r, int i, int column,
                        void *row) {
    int n = e->own ? e->own->base->fields_n : e->fields_n;
    for (int k = 0; k < n; k++) {
        const struct cell *cell = row_cell(r, i, column + k);
        struct value v = { .is_int = e->fields[k].kind->is_int, .i = cell->i };
        if (!v.is_int && cell->type != CELL_NULL) v.s = cell->s;
        if (cell->type == CELL_NULL && e->fields[k].kind->min_is_null) v.i = NUMBER_NONE;
        field_set(&e->fields[k], row, v);
    }
}

enum status sql_read(struct ctx *c, const struct entity *e, const struct rows *r, int i,
                     void *row) {
    struct row *h = row_head(row);
    h->id = row_cell(r, i, 0)->i;
    h->version = row_cell(r, i, 1)->i;
    h->created_at = row_cell(r, i, 2)->i;
    h->created_by = row_cell(r, i, 3)->i;
    h->changed_at = row_cell(r, i, 4)->i;
    h->deleted_at = row_cell(r, i, 5)->i;
    if (e->has_uid) h->uid = row_cell(r, i, 6)->s;
    read_fields(e, r, i, 6 + e->has_uid, row);
    if (!e->own) return OK;
    const struct cell *extra = row_cell(r, i, 6 + e->has_uid + e->own->base->fields_n);
    return own_parse(c, e, extra->type == CELL_NULL ? NO_STR : extra->s, row);
}

int64_t sql_read_child(const struct entity *e, const struct rows *r, int i, void *row) {
    row_head(row)->id = row_cell(r, i, 0)->i;
    read_fields(e, r, i, 2, row);
    return row_cell(r, i, 1)->i;
}

struct str sql_id_list(struct arena *a, const int64_t *ids, int n) {
    struct buf b = { .arena = a };
    buf_add_c(&b, '[');
    for (int i = 0; i < n; i++) buf_printf(&b, i ? ",%lld" : "%lld", (long long)ids[i]);
    buf_add_c(&b, ']');
    return buf_str(&b);
}

struct strs store_statements(struct arena *a, const struct entity *e, bool pg) {
    struct strs s = { arena_array(a, struct str, 8), 0 };
    if (e->is_child) {
        s.v[s.n++] = sql_select_children(a, e, pg, true);
        s.v[s.n++] = sql_child_delete(a, e);
    } else {
        s.v[s.n++] = sql_select(a, e, pg, true);
        s.v[s.n++] = sql_select(a, e, pg, false);
        s.v[s.n++] = sql_bin(a, e);
    }
    s.v[s.n++] = sql_insert(a, e, pg, false);
    s.v[s.n++] = sql_insert(a, e, pg, true);
    s.v[s.n++] = sql_update(a, e);
    if (e->is_child) s.v[s.n++] = sql_select_children(a, e, pg, false);
    return s;
}
