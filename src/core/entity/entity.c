/* Reading the tables: access to fields by offset, new and copied rows, titles.
 * Called by every consumer of entities; calls the store for titles. */
#include "core/entity/entity.h"

#include "core/entity/own.h"
#include "core/entity/store.h"

static struct value none_of(const struct field *f) {
    return (struct value){ .is_int = f->kind->is_int, .i = f->kind->min_is_null ? NUMBER_NONE : 0 };
}

const char *field_json_type(const struct field *f) {
    return f->kind == &kind_number && f->decimals == 0 ? "integer" : f->kind->json_type;
}

struct value field_get(const struct field *f, const void *row) {
    if (f->custom) return row_head_of(row)->custom ? row_head_of(row)->custom[f->slot] : none_of(f);
    const char *at = (const char *)row + f->offset;
    struct value v = { .is_int = f->kind->is_int };
    if (v.is_int)
        memcpy(&v.i, at, sizeof v.i);
    else
        memcpy(&v.s, at, sizeof v.s);
    return v;
}

void field_set(const struct field *f, void *row, struct value v) {
    if (f->custom) {
        v.is_int = f->kind->is_int;
        if (row_head(row)->custom)
            row_head(row)->custom[f->slot] = v;
        else if (!value_empty(f, v))
            BUG("%s is set in a row without room for it: row_ready", f->name);
        return;
    }
    char *at = (char *)row + f->offset;
    if (f->kind->is_int)
        memcpy(at, &v.i, sizeof v.i);
    else
        memcpy(at, &v.s, sizeof v.s);
}

bool value_empty(const struct field *f, struct value v) {
    if (!v.is_int) return v.s.n == 0;
    if (f->custom && f->kind == &kind_yesno) return v.i == 0; /* never said is no */
    return f->kind->min_is_null ? v.i == NUMBER_NONE : f->kind->zero_is_null && v.i == 0;
}

bool value_eq(struct value a, struct value b) {
    return a.is_int ? a.i == b.i : str_eq(a.s, b.s);
}

bool field_readable(const struct ctx *c, const struct field *f) {
    return !(f->is & SECRET) && (!(f->is & PRIVATE) || ctx_may(c, ROLE_MEMBER));
}

struct many_rows many_get(const struct many *m, const void *row) {
    struct many_rows r;
    memcpy(&r, (const char *)row + m->offset, sizeof r);
    return r;
}

void many_set(const struct many *m, void *row, struct many_rows rows) {
    memcpy((char *)row + m->offset, &rows, sizeof rows);
}

const struct field *entity_field(const struct entity *e, struct str name) {
    for (int i = 0; i < e->fields_n; i++)
        if (str_eq_z(name, e->fields[i].name)) return &e->fields[i];
    return NULL;
}

const struct many *entity_many(const struct entity *e, struct str name) {
    for (int i = 0; i < e->manys_n; i++)
        if (str_eq_z(name, e->manys[i].name)) return &e->manys[i];
    return NULL;
}

void *row_new(struct ctx *c, const struct entity *e) {
    void *row = arena_alloc(c->arena, e->size);
    row_ready(c, e, row);
    for (int i = 0; i < e->fields_n; i++) {
        const struct field *f = &e->fields[i];
        if (f->kind->min_is_null) field_set(f, row, none_of(f));
        if (!f->standard) continue;
        struct value v = { .is_int = f->kind->is_int, .s = str_of(f->standard) };
        if (v.is_int && !str_to_i64(v.s, &v.i)) BUG("standard value of %s.%s", e->name, f->name);
        field_set(f, row, v);
    }
    return row;
}

void *row_copy(struct ctx *c, const struct entity *e, const void *row) {
    void *copy = memcpy(arena_alloc(c->arena, e->size), row, e->size);
    if (row_head_of(row)->custom) row_head(copy)->custom = own_copy(c, row_head_of(row)->custom);
    for (int i = 0; i < e->manys_n; i++) {
        const struct many *m = &e->manys[i];
        struct many_rows r = many_get(m, row);
        size_t bytes = (size_t)r.n * m->child->size;
        if (r.n) r.v = memcpy(arena_alloc(c->arena, bytes), r.v, bytes);
        many_set(m, copy, r);
    }
    return copy;
}

struct str field_path(struct ctx *c, const struct many *m, int i, const struct field *f) {
    return m ? str_printf(c->arena, "%s.%d.%s", m->name, i, f->name) : str_of(f->name);
}

static struct str title_key(struct ctx *c, const struct entity *e, int64_t id) {
    if (!c->titles.arena) c->titles = map_new(c->arena);
    return str_printf(c->arena, "%s %lld", e->name, (long long)id);
}

enum status entity_titles(struct ctx *c, const struct entity *e, const int64_t *ids, int n) {
    int64_t *wanted = arena_array(c->arena, int64_t, n + 1);
    int wanted_n = 0, rows_n;
    void *rows;
    for (int i = 0; i < n; i++) {
        struct str key = title_key(c, e, ids[i]);
        if (ids[i] <= 0 || map_get(&c->titles, key)) continue;
        *map_at(&c->titles, key) = arena_new_of(c->arena, struct str);
        wanted[wanted_n++] = ids[i];
    }
    TRY(store_load_all(c, e, wanted, wanted_n, &rows, &rows_n));
    for (int i = 0; i < rows_n; i++) {
        const void *row = (const char *)rows + e->size * (size_t)i;
        *(struct str *)map_get(&c->titles, title_key(c, e, row_head_of(row)->id)) =
            e->title(c, row);
    }
    return OK;
}

struct str entity_title(struct ctx *c, const struct entity *e, int64_t id) {
    if (id <= 0) return NO_STR;
    struct str key = title_key(c, e, id);
    struct str *known = map_get(&c->titles, key);
    if (known) return *known;
    struct str *title = arena_new_of(c->arena, struct str);
    void *row = arena_alloc(c->arena, e->size);
    if (store_load_binned(c, e, id, row) == OK) *title = e->title(c, row);
    *map_at(&c->titles, key) = title;
    return *title;
}
