/* Lists of what is not in the index. Small tables (categories, tags, members) are read whole and
 * sorted in the firm's alphabet; what belongs to parties (notes, bonds) goes by id, with its
 * criteria as SQL. Called by list.c; makes SQL from constant tables. */
#include "core/entity/list_index.h"
#include "core/entity/store_sql.h"
#include "lib/text/fold.h"

enum { SMALL_MAX = 20000 };

struct made {
    struct buf sql;
    struct param *p;
    int n;
};

/* The values of one field stand together at its first: any of them. */
static void add_filter(struct ctx *c, const struct list_query *q, struct made *m,
                       const struct list_field *fields, const struct value *values, int first) {
    const struct field *f = fields[first].field;
    for (int i = 0; i < first; i++)
        if (fields[i].field == f) return;
    for (int i = first; i < q->filters_n; i++) {
        if (fields[i].field != f) continue;
        char *name = str_z(c->arena, str_printf(c->arena, "filter%d", i));
        buf_printf(&m->sql, i == first ? " AND (%s" : " OR %s", f->name);
        if (str_eq(q->filters[i].value, S("*")))
            buf_add_z(&m->sql, " IS NOT NULL");
        else if (str_eq(q->filters[i].value, S("-")))
            buf_add_z(&m->sql, " IS NULL");
        else {
            buf_printf(&m->sql, " = :%s", name);
            m->p[m->n++] =
                f->kind->is_int ? param_int(name, values[i].i) : param_str(name, values[i].s);
        }
    }
    buf_add_c(&m->sql, ')');
}

static enum status where(struct ctx *c, const struct list_query *q, struct made *m) {
    struct list_field fields[LIMIT_FILTERS_N];
    struct value values[LIMIT_FILTERS_N];
    const struct entity *e = q->entity;
    struct made_params see;
    TRY(list_filters(c, q, fields, values));
    m->sql = (struct buf){ .arena = c->arena };
    m->p = arena_array(c->arena, struct param, q->filters_n + 8);
    buf_printf(&m->sql, " FROM %s WHERE deleted_at IS %sNULL", e->name, q->binned ? "NOT " : "");
    see = (struct made_params){ m->p, 0 };
    sql_visible(&m->sql, e);
    sql_visible_params(c, e, &see);
    m->n = see.n;
    for (int i = 0; i < q->filters_n; i++) add_filter(c, q, m, fields, values, i);
    return OK;
}

static enum status count(struct ctx *c, const struct made *m, int64_t *total) {
    struct rows r;
    struct str sql = str_printf(c->arena, "SELECT count(*) AS n%.*s", SF(buf_str(&m->sql)));
    TRY(db_query_made(c->tx, sql, &r, m->p, m->n));
    *total = row_int(&r, 0, "n");
    return OK;
}

/* By id, up or down, from a place on. */
static enum status by_id(struct ctx *c, const struct list_query *q, struct made *m,
                         struct list_page *out) {
    struct rows r;
    struct list_place place = { 0 };
    bool desc = str_starts(q->sort, S("-")), forward = q->before.n == 0, up = forward != desc;
    struct str text = forward ? q->after : q->before;
    if (!q->no_total) TRY(count(c, m, &out->total));
    if (text.n && !list_place_read(c, text, &place)) {
        ctx_problem(c, S("after"), N_("This page of the list does not exist."));
        return MALFORMED;
    }
    struct buf sql = { .arena = c->arena };
    buf_add_z(&sql, "SELECT id");
    buf_add(&sql, buf_str(&m->sql));
    if (text.n) {
        buf_printf(&sql, " AND id %s :place", up ? ">" : "<");
        m->p[m->n++] = param_int("place", place.id);
    }
    buf_printf(&sql, " ORDER BY id %s LIMIT :limit", up ? "ASC" : "DESC");
    m->p[m->n++] = param_int("limit", q->limit + 1);
    TRY(db_query_made(c->tx, buf_str(&sql), &r, m->p, m->n));
    bool more = r.n > q->limit;
    out->n = more ? q->limit : r.n;
    out->ids = arena_array(c->arena, int64_t, out->n + 1);
    for (int i = 0; i < out->n; i++) out->ids[i] = row_int(&r, forward ? i : out->n - 1 - i, "id");
    if (out->n == 0) return OK;
    struct list_place first = { .id = out->ids[0] }, last = { .id = out->ids[out->n - 1] };
    if (forward ? more : true) out->next = list_place_write(c, &last);
    if (forward ? text.n > 0 : more) out->prev = list_place_write(c, &first);
    return OK;
}

struct small {
    int64_t id;
    struct str key;
};

static int by_small_key(const void *a, const void *b) {
    const struct small *x = a, *y = b;
    int c = str_cmp(x->key, y->key);
    return c ? c : (x->id > y->id) - (x->id < y->id);
}

static bool found_in(struct ctx *c, const struct entity *e, const void *row, struct str search) {
    struct str rest = fold(c->arena, search), word;
    while (str_cut(&rest, ' ', &word)) {
        bool has = false;
        for (int i = 0; i < e->fields_n && !has; i++) {
            struct strs words;
            if (!(e->fields[i].is & SEARCHED)) continue;
            fold_words(c->arena, field_get(&e->fields[i], row).s, &words);
            for (int k = 0; k < words.n; k++) has |= str_starts(words.v[k], word);
        }
        if (!has) return false;
    }
    return true;
}

static struct str big_endian(struct ctx *c, int64_t i) {
    unsigned char *p = arena_alloc(c->arena, 8);
    for (int k = 7; k >= 0; k--, i >>= 8) p[k] = (unsigned char)i;
    return (struct str){ (char *)p, 8 };
}

static const struct field *sort_field_of(const struct entity *e, struct str name) {
    if (name.n) return entity_field(e, name);
    const struct field *position = entity_field(e, S("position"));
    return position ? position : entity_field(e, S("name"));
}

static struct str small_key(struct ctx *c, struct str sort, const struct field *f,
                            const void *row) {
    if (str_eq(sort, S("changed_at"))) return big_endian(c, row_head_of(row)->changed_at);
    if (!f) return NO_STR; /* by id, or created_at: the same */
    struct value v = field_get(f, row);
    if (f->kind == &kind_yesno) return big_endian(c, v.i);
    return f->kind->sort_key ? f->kind->sort_key(c, f, v) : NO_STR;
}

/* The first one behind the place (or before it, going back), whether its record still exists or
 * not. */
static enum status small_start(struct ctx *c, const struct list_query *q, const struct small *all,
                               int n, bool desc, int *from) {
    struct list_place place;
    struct str text = q->before.n ? q->before : q->after;
    *from = 0;
    if (!text.n) return OK;
    if (!list_place_read(c, text, &place)) {
        ctx_problem(c, q->before.n ? S("before") : S("after"),
                    N_("This page of the list does not exist."));
        return MALFORMED;
    }
    struct small at = { place.id, place.key };
    int i = 0;
    for (; i < n; i++) {
        int order = by_small_key(&all[desc ? n - 1 - i : i], &at);
        if (q->before.n ? (desc ? order <= 0 : order >= 0) : (desc ? order < 0 : order > 0)) break;
    }
    *from = q->before.n ? i - q->limit : i;
    if (*from < 0) *from = 0;
    return OK;
}

/* Whole table: load, search, sort by the field's key, cut the page out. */
static enum status small(struct ctx *c, const struct list_query *q, struct made *m,
                         struct list_page *out) {
    struct rows r;
    void *rows;
    int n, kept = 0, from;
    bool desc = str_starts(q->sort, S("-"));
    struct str sql =
        str_printf(c->arena, "SELECT id%.*s ORDER BY id LIMIT %d", SF(buf_str(&m->sql)), SMALL_MAX);
    TRY(db_query_made(c->tx, sql, &r, m->p, m->n));
    int64_t *ids = arena_array(c->arena, int64_t, r.n + 1);
    for (int i = 0; i < r.n; i++) ids[i] = row_cell(&r, i, 0)->i;
    TRY(store_load_all(c, q->entity, ids, r.n, &rows, &n));
    struct small *all = arena_array(c->arena, struct small, n + 1);
    struct str sort = desc ? str_sub(q->sort, 1, SIZE_MAX) : q->sort;
    const struct field *f = sort_field_of(q->entity, sort);
    for (int i = 0; i < n; i++) {
        void *row = (char *)rows + q->entity->size * (size_t)i;
        if (q->search.n && !found_in(c, q->entity, row, q->search)) continue;
        all[kept++] = (struct small){ row_head(row)->id, small_key(c, sort, f, row) };
    }
    qsort(all, (size_t)kept, sizeof *all, by_small_key);
    out->total = kept;
    TRY(small_start(c, q, all, kept, desc, &from));
    out->ids = arena_array(c->arena, int64_t, q->limit + 1);
    for (int i = from; i < kept && out->n < q->limit; i++)
        out->ids[out->n++] = all[desc ? kept - 1 - i : i].id;
    if (out->n == 0) return OK;
    struct small *one = &all[desc ? kept - 1 - from : from];
    struct small *end = &all[desc ? kept - from - out->n : from + out->n - 1];
    struct list_place first = { .id = one->id, .key = one->key },
                      last = { .id = end->id, .key = end->key };
    if (from + out->n < kept) out->next = list_place_write(c, &last);
    if (from > 0) out->prev = list_place_write(c, &first);
    return OK;
}

enum status list_plain_run(struct ctx *c, const struct list_query *q, struct list_page *out) {
    struct made m = { 0 };
    TRY(where(c, q, &m));
    if (!q->entity->party_column) return small(c, q, &m, out);
    if (q->search.n) {
        ctx_problem(c, S("q"), N_("There is no search here."));
        return MALFORMED;
    }
    return by_id(c, q, &m, out);
}

enum status list_plain_walk(struct ctx *c, const struct list_query *q, int64_t *after, int64_t *ids,
                            int cap, int *n) {
    struct made m = { 0 };
    struct rows r;
    TRY(where(c, q, &m));
    struct str sql = str_printf(c->arena, "SELECT id%.*s AND id > :after ORDER BY id LIMIT :limit",
                                SF(buf_str(&m.sql)));
    m.p[m.n++] = param_int("after", *after);
    m.p[m.n++] = param_int("limit", cap);
    TRY(db_query_made(c->tx, sql, &r, m.p, m.n));
    for (*n = 0; *n < r.n; ++*n) ids[*n] = row_cell(&r, *n, 0)->i;
    if (*n) *after = ids[*n - 1];
    return OK;
}
