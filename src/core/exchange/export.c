/* CSV of any entity that has a shape: one name everywhere, so that the file can be read back by
 * import. Called by the export's page and command; calls lib/text/csv. */
#include "core/exchange/exchange.h"

#include "core/entity/store.h"

enum { COLUMNS_MAX = 400 };

/* How many phones (e-mails, addresses) the one who has most of them has. */
SQL(export_most_phone, "SELECT coalesce(max(position), -1) + 1 AS n FROM phone");
SQL(export_most_email, "SELECT coalesce(max(position), -1) + 1 AS n FROM email");
SQL(export_most_address, "SELECT coalesce(max(position), -1) + 1 AS n FROM address");
SQL(export_most_handle, "SELECT coalesce(max(position), -1) + 1 AS n FROM handle");
SQL(export_most_relative, "SELECT coalesce(max(position), -1) + 1 AS n FROM relative");
SQL(export_most_occasion, "SELECT coalesce(max(position), -1) + 1 AS n FROM occasion");
SQL(export_most_resource, "SELECT coalesce(max(position), -1) + 1 AS n FROM resource");

struct column {
    struct str header;
    const struct field *field;
    const struct many *many;
    int index, extra; /* extra: -1 unless it is one */
};
struct export_sheet {
    const struct exchange_shape *shape;
    struct column v[COLUMNS_MAX];
    int n;
};

static enum status most(struct ctx *c, const struct many *m, int *n) {
    static const struct {
        const char *child;
        const struct sql *sql;
    } all[] = {
        { "phone", &export_most_phone },       { "email", &export_most_email },
        { "address", &export_most_address },   { "handle", &export_most_handle },
        { "relative", &export_most_relative }, { "occasion", &export_most_occasion },
        { "resource", &export_most_resource },
    };
    struct rows r;
    *n = 1;
    for (int i = 0; i < COUNT(all); i++) {
        if (strcmp(all[i].child, m->child->name) != 0) continue;
        TRY(db_query(c->tx, all[i].sql, &r));
        *n = (int)row_int(&r, 0, "n");
    }
    if (*n < 1) *n = 1;
    if (*n > LIMIT_MANY_N) *n = LIMIT_MANY_N;
    return OK;
}

static void add(struct export_sheet *s, struct column col) {
    if (s->n < COLUMNS_MAX) s->v[s->n++] = col;
}

/* phone, phone_kind, phone_2, phone_kind_2; street, town_2; relative_birth_date. */
static struct str child_header(struct ctx *c, const struct export_sheet *s, const struct many *m,
                               const struct field *f, int index) {
    struct str one = str_of(m->child->name);
    struct str name = str_of(f->name);
    if (f->is & REQUIRED)
        name = one;
    else if (exchange_prefixed(s->shape->entity, f))
        name = str_printf(c->arena, "%.*s_%s", SF(one), f->name);
    return index ? str_printf(c->arena, "%.*s_%d", SF(name), index + 1) : name;
}

static enum status add_many(struct ctx *c, struct export_sheet *s, const struct many *m) {
    int n;
    if (m->single) {
        add(s, (struct column){ .header = str_of(m->name), .many = m, .extra = -1 });
        return OK;
    }
    TRY(most(c, m, &n));
    for (int i = 0; i < n; i++)
        for (int k = 0; k < m->child->fields_n; k++) {
            const struct field *f = &m->child->fields[k];
            if (f->is & SYSTEM) continue;
            add(s, (struct column){ child_header(c, s, m, f, i), f, m, i, -1 });
        }
    return OK;
}

enum status export_sheet_new(struct ctx *c, const struct exchange_shape *shape,
                             struct export_sheet **out) {
    struct export_sheet *s = arena_new_of(c->arena, struct export_sheet);
    const struct entity *e = entity_now(c, shape->entity);
    s->shape = shape;
    for (int i = 0; i < e->fields_n; i++)
        if (!(e->fields[i].is & SYSTEM) && field_readable(c, &e->fields[i]) &&
            !(shape->owner && !strcmp(e->fields[i].name, shape->owner)))
            add(s,
                (struct column){ exchange_header(c, &e->fields[i]), &e->fields[i], NULL, 0, -1 });
    for (int i = 0; i < e->manys_n; i++) TRY(add_many(c, s, &e->manys[i]));
    for (int i = 0; i < shape->extras_n; i++)
        if (!shape->extras[i].only_in)
            add(s, (struct column){ .header = str_of(shape->extras[i].code), .extra = i });
    *out = s;
    return OK;
}

void export_header(const struct export_sheet *s, char separator, struct buf *out) {
    for (int i = 0; i < s->n; i++) {
        if (i) buf_add_c(out, separator);
        csv_write_cell(out, s->v[i].header, separator, 0);
    }
    buf_add_z(out, "\r\n");
}

static struct str names(struct ctx *c, const struct many *m, struct many_rows r) {
    struct str v[LIMIT_MANY_N];
    int n = 0;
    for (; n < r.n && n < LIMIT_MANY_N; n++) v[n] = m->child->title(c, many_at(m, r, n));
    return str_join(c->arena, v, n, S(", "));
}

static struct str cell_of(struct ctx *c, const struct column *col, const void *row,
                          const struct str *extras) {
    if (col->extra >= 0) return extras[col->extra];
    if (col->many) {
        struct many_rows r = many_get(col->many, row);
        if (!col->field) return names(c, col->many, r);
        if (col->index >= r.n) return NO_STR;
        row = many_at(col->many, r, col->index);
    }
    struct value v = field_get(col->field, row);
    if (value_empty(col->field, v)) return NO_STR;
    if (col->field->kind == &kind_ref) return entity_title(c, col->field->ref, v.i);
    return col->field->kind->plain(c, field_in(c, col->field, row), v);
}

int export_columns_n(const struct export_sheet *s) {
    return s->n;
}

struct str export_column_header(const struct export_sheet *s, int column) {
    return s->v[column].header;
}

const struct kind *export_column_kind(const struct export_sheet *s, int column) {
    return s->v[column].field ? s->v[column].field->kind : NULL;
}

enum status export_cells(struct ctx *c, const struct export_sheet *s, const void *rows, int rows_n,
                         struct str **out) {
    int extras_n = s->shape->extras_n;
    struct str *extras = arena_array(c->arena, struct str, rows_n * extras_n + 1);
    struct str *cell = *out = arena_array(c->arena, struct str, rows_n * s->n + 1);
    if (s->shape->read_extras) TRY(s->shape->read_extras(c, rows, rows_n, extras));
    for (int i = 0; i < rows_n; i++, extras += extras_n) {
        const void *row = (const char *)rows + s->shape->entity->size * (size_t)i;
        for (int k = 0; k < s->n; k++) *cell++ = cell_of(c, &s->v[k], row, extras);
    }
    return OK;
}

enum status export_rows(struct ctx *c, const struct export_sheet *s, const void *rows, int rows_n,
                        char separator, struct buf *out) {
    struct str *cell;
    TRY(export_cells(c, s, rows, rows_n, &cell));
    for (int i = 0; i < rows_n; i++) {
        for (int k = 0; k < s->n; k++) {
            const struct kind *kind = export_column_kind(s, k);
            bool numeric = kind == &kind_phone || kind == &kind_int || kind == &kind_yesno ||
                           kind == &kind_number || kind == &kind_money;
            if (k) buf_add_c(out, separator);
            csv_write_cell(out, *cell++, separator, numeric ? CSV_NUMERIC : 0);
        }
        buf_add_z(out, "\r\n");
    }
    return OK;
}

char export_separator(const struct locale *loc) {
    return loc->lang == LANG_EN ? ',' : ';';
}
