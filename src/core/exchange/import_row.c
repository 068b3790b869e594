/* One row of a file: cells to fields (outside the writer), then the record it may already be, and
 * what to do with it. Called by import_run.c; calls the kinds, the feature's shape and the store.
 */
#include "core/exchange/import_row.h"

#include "core/entity/form.h"
#include "core/entity/store.h"
#include "lib/locale/number.h"
#include "lib/text/fold.h"

const char *on_match_code(enum on_match o) {
    static const char *const codes[] = { "skip", "fill", "overwrite" };
    return codes[o];
}

bool on_match_of(struct str code, enum on_match *out) {
    for (int i = 0; i < ON_MATCH_N; i++)
        if (str_eq_z(code, on_match_code((enum on_match)i))) {
            *out = (enum on_match)i;
            return true;
        }
    return false;
}

/* The same few words stand in thousands of cells: countries, categories, stages. */
static enum status parse_cell(struct ctx *c, const struct field *f, struct str at, struct str cell,
                              struct map *memo, struct value *v) {
    bool closed = f->choices || f->kind == &kind_country || f->kind == &kind_language ||
                  f->kind == &kind_yesno || f->kind == &kind_ref;
    if (!closed || !memo) return f->kind->parse(c, f, at, cell, v);
    struct str key = str_printf(c->arena, "%s\t%.*s", f->name, SF(cell));
    struct value *known = map_get(memo, key);
    if (known) {
        *v = *known;
        return OK;
    }
    TRY(f->kind->parse(c, f, at, cell, v));
    known = arena_new_of(memo->arena, struct value);
    *known = *v;
    known->s = str_dup(memo->arena, v->s);
    *map_at(memo, str_dup(memo->arena, key)) = known;
    return OK;
}

struct target {
    const struct field *field;
    const struct many *many;
    int index, extra;
};

static bool target_of(const struct exchange_shape *shape, struct str to, struct target *t) {
    struct str rest = to, list, number;
    int64_t i;
    *t = (struct target){ .extra = -1 };
    for (int k = 0; k < shape->extras_n; k++)
        if (str_eq_z(to, shape->extras[k].code)) {
            t->extra = k;
            return true;
        }
    t->field = entity_field(shape->entity, to);
    if (t->field) return true;
    if (!str_cut(&rest, '.', &list)) return false;
    t->many = entity_many(shape->entity, list);
    if (!t->many || t->many->single) return t->many != NULL;
    if (!str_cut(&rest, '.', &number) || !str_to_i64(number, &i) || i < 0 || i >= LIMIT_MANY_N)
        return false;
    t->index = (int)i;
    t->field = entity_field(t->many->child, rest);
    return t->field != NULL;
}

/* Child records by the index of their columns; gaps close up afterwards. */
static void *child_at(struct ctx *c, const struct many *m, void *row, int index) {
    struct many_rows r = many_get(m, row);
    if (index >= r.n) {
        r.v = arena_grow(c->arena, r.v, (size_t)r.n * m->child->size,
                         (size_t)(index + 1) * m->child->size);
        for (int i = r.n; i <= index; i++) memset(many_at(m, r, i), 0, m->child->size);
        r.n = index + 1;
        many_set(m, row, r);
    }
    return many_at(m, r, index);
}

static bool child_has(const struct entity *child, const void *row) {
    for (int i = 0; i < child->fields_n; i++)
        if (strcmp(child->fields[i].name, "kind") != 0 &&
            !value_empty(&child->fields[i], field_get(&child->fields[i], row)))
            return true;
    return false;
}

static void close_gaps(const struct entity *e, void *row) {
    for (int k = 0; k < e->manys_n; k++) {
        const struct many *m = &e->manys[k];
        struct many_rows r = many_get(m, row);
        int kept = 0;
        for (int i = 0; i < r.n; i++) {
            if (!child_has(m->child, many_at(m, r, i))) continue;
            if (kept != i) memmove(many_at(m, r, kept), many_at(m, r, i), m->child->size);
            kept++;
        }
        r.n = kept;
        many_set(m, row, r);
    }
}

static enum status set_field(struct ctx *c, const struct target *t, const struct import_column *col,
                             struct str cell, struct map *memo, void *row) {
    struct value v;
    if (t->many && t->many->single) return form_words(c, t->many, cell, row);
    void *to = t->many ? child_at(c, t->many, row, t->index) : row;
    enum status st = parse_cell(c, t->field, col->to, cell, memo, &v);
    if (st != OK) return st == INVALID ? OK : st;
    field_set(t->field, to, v);
    const struct field *kind =
        t->many && col->kind.n ? entity_field(t->many->child, S("kind")) : NULL;
    if (kind) field_set(kind, to, (struct value){ .s = col->kind });
    return OK;
}

static bool names_records(const struct target *t) {
    return t->many && t->many->single ? t->many->child->fields[0].kind == &kind_ref
                                      : t->field && t->field->kind == &kind_ref;
}

static struct str cell_of(const struct csv_row *in, int column) {
    return column < in->cells_n ? str_trim(csv_unguard(in->cells[column])) : NO_STR;
}

/* What names a record that is not there yet is no mistake before the writer has looked: it may be
 * made. */
static enum status set_cell(struct ctx *c, const struct exchange_shape *shape,
                            const struct import_plan *plan, int column, struct map *memo,
                            struct import_ready *out) {
    struct target t;
    struct str cell = cell_of(&out->in, column);
    const struct import_column *col = &plan->v[column];
    if (!col->to.n || !cell.n || !target_of(shape, col->to, &t)) return OK;
    if (t.field && !t.many) out->given[t.field - shape->entity->fields] = true;
    if (t.extra >= 0) {
        out->extra[t.extra] = text_clean(c->arena, cell, CLEAN_LINE);
        return OK;
    }
    int had = c->problems.n;
    TRY(set_field(c, &t, col, cell, memo, out->row));
    if (c->problems.n == had || !names_records(&t)) return OK;
    c->problems.n = had;
    out->late[out->late_n++] = column;
    return OK;
}

/* --- meeting a record that is there --- */

static bool same_child(struct ctx *c, const struct many *m, const void *a, const void *b) {
    for (int i = 0; i < m->child->fields_n; i++) {
        const struct field *f = &m->child->fields[i];
        if (!(f->is & REQUIRED)) continue;
        struct value x = field_get(f, a), y = field_get(f, b);
        if (x.is_int) return x.i == y.i;
        if (f->kind == &kind_phone) { /* 0912… and +98912… end alike */
            struct str p = fold_digits(c->arena, x.s), q = fold_digits(c->arena, y.s);
            size_t n = 9;
            return p.n >= n && q.n >= n ? str_eq(str_sub(p, p.n - n, n), str_sub(q, q.n - n, n))
                                        : str_eq(p, q);
        }
        return str_eq(fold(c->arena, x.s), fold(c->arena, y.s));
    }
    for (int i = 0; i < m->child->fields_n;
         i++) /* addresses have no main field: all that is written */
        if (!value_eq(field_get(&m->child->fields[i], a), field_get(&m->child->fields[i], b)))
            return false;
    return true;
}

static void add_children(struct ctx *c, const struct many *m, void *to, const void *from) {
    struct many_rows have = many_get(m, to), come = many_get(m, from);
    struct many_rows all = { arena_alloc(c->arena, (size_t)(have.n + come.n + 1) * m->child->size),
                             have.n };
    if (have.n) memcpy(all.v, have.v, (size_t)have.n * m->child->size);
    for (int i = 0; i < come.n; i++) {
        bool there = false;
        for (int k = 0; k < all.n && !there; k++)
            there = same_child(c, m, many_at(m, all, k), many_at(m, come, i));
        if (!there && all.n < LIMIT_MANY_N)
            memcpy(many_at(m, all, all.n++), many_at(m, come, i), m->child->size);
    }
    many_set(m, to, all);
}

/* Only what the file says counts; standard values of a new record do not overwrite anything. */
static void merge_into(struct ctx *c, const struct entity *e, void *there, const void *row,
                       const bool *given, enum on_match how) {
    for (int i = 0; i < e->fields_n; i++) {
        const struct field *f = &e->fields[i];
        if (!given[i] || value_empty(f, field_get(f, row))) continue;
        if (how == ON_MATCH_OVERWRITE || value_empty(f, field_get(f, there)))
            field_set(f, there, field_get(f, row));
    }
    for (int i = 0; i < e->manys_n; i++) add_children(c, &e->manys[i], there, row);
}

static enum status find_match(struct ctx *c, const struct exchange_shape *shape,
                              const struct import_plan *plan, const void *row, struct map *seen,
                              int64_t *id, struct strs *keys) {
    struct str rest = plan->match, by, key;
    keys->v = arena_array(c->arena, struct str, 8);
    *id = 0;
    while (str_cut(&rest, ',', &by)) {
        int64_t one = 0;
        key = NO_STR;
        TRY(shape->match(c, str_trim(by), row, &one, &key));
        if (key.n && keys->n < 8)
            keys->v[keys->n++] = str_printf(c->arena, "%.*s %.*s", SF(by), SF(key));
        if (!*id) *id = one;
        if (!*id && seen && key.n && map_get(seen, keys->v[keys->n - 1])) *id = -1;
    }
    return OK;
}

static void remember(struct map *seen, const struct strs *keys) {
    static const char mark;
    for (int i = 0; seen && i < keys->n; i++)
        *map_at(seen, str_dup(seen->arena, keys->v[i])) = (void *)(uintptr_t)&mark;
}

/* --- the row --- */

static const char *label_of(struct ctx *c, const struct exchange_shape *shape, struct str to) {
    struct target t;
    (void)c;
    if (!target_of(shape, to, &t)) return NULL;
    return t.field ? t.field->label : t.many ? t.many->label : NULL;
}

static void tell(struct ctx *c, const struct exchange_shape *shape, const struct import_plan *plan,
                 struct import_row_result *out) {
    out->outcome = IMPORT_REFUSED;
    out->problems.v = arena_array(c->arena, struct str, c->problems.n + 1);
    for (int i = 0; i < c->problems.n; i++) {
        const struct problem *p = &c->problems.v[i];
        struct str text = ctx_problem_text(c, p), header = NO_STR;
        for (int k = 0; k < plan->n; k++)
            if (p->field.n && str_eq(plan->v[k].to, p->field)) {
                header = plan->v[k].header;
                out->cell_problems[k] = text;
            }
        const char *label = label_of(c, shape, p->field);
        if (!header.n && label) header = str_of(T(c, label));
        out->problems.v[out->problems.n++] =
            header.n ? str_printf(c->arena, "%.*s: %.*s", SF(header), SF(text)) : text;
    }
}

static enum status keep(struct ctx *c, const struct exchange_shape *shape,
                        const struct import_plan *plan, void *row, const struct str *extra,
                        const bool *given, int64_t id, struct import_row_result *out) {
    const struct entity *e = shape->entity;
    void *there = arena_alloc(c->arena, e->size);
    out->outcome = id > 0 ? IMPORT_CHANGED : IMPORT_CREATED;
    if (id > 0) {
        enum status st = store_load(c, e, id, there);
        if (st == MISSING) { /* somebody else's client: not shown, not doubled, not touched */
            ctx_problem(c, NO_STR, N_("Somebody else is responsible for this client."));
            return INVALID;
        }
        TRY(st);
        out->title = e->title(c, there);
        if (plan->on_match == ON_MATCH_SKIP) {
            out->outcome = IMPORT_SKIPPED;
            return OK;
        }
        void *merged = row_copy(c, e, there);
        merge_into(c, e, merged, row, given, plan->on_match);
        row = merged;
    }
    int64_t version = row_head(row)->version;
    TRY(store_save(c, e, row));
    out->title = e->title(c, row);
    if (id > 0 && row_head(row)->version == version) out->outcome = IMPORT_SKIPPED;
    return shape->saved ? shape->saved(c, row, extra) : OK;
}

enum status import_row_read(struct ctx *c, const struct exchange_shape *shape,
                            const struct import_plan *plan, const struct csv_row *in,
                            struct map *memo, struct import_ready *out) {
    const struct entity *e = shape->entity;
    void *standard = row_new(c, e);
    struct str *cells = arena_array(c->arena, struct str, in->cells_n + 1);
    *out = (struct import_ready){ .in = *in, .row = row_new(c, e), .empty = true };
    out->in.cells = cells;
    out->extra = arena_array(c->arena, struct str, shape->extras_n + 1);
    out->given = arena_array(c->arena, bool, e->fields_n);
    out->late = arena_array(c->arena, int, plan->n + 1);
    c->problems = (struct problems){ 0 };
    for (int i = 0; i < in->cells_n; i++) {
        cells[i] = str_dup(c->arena, in->cells[i]);
        out->empty &= str_trim(cells[i]).n == 0;
    }
    if (out->empty) return OK;
    for (int i = 0; i < plan->n; i++) TRY(set_cell(c, shape, plan, i, memo, out));
    close_gaps(e, out->row);
    if (shape->complete) TRY(shape->complete(c, out->row, out->extra, plan->one_name_column));
    for (int i = 0; i < e->fields_n; i++)
        out->given[i] |=
            !value_eq(field_get(&e->fields[i], out->row), field_get(&e->fields[i], standard)) &&
            strcmp(e->fields[i].name, "kind") != 0;
    const struct field *g = entity_field(e, S("given_name")),
                       *f = entity_field(e, S("family_name"));
    if (plan->one_name_column && g && f && field_get(g, out->row).s.n && field_get(f, out->row).s.n)
        out->names = str_printf(c->arena, "%.*s | %.*s", SF(field_get(g, out->row).s),
                                SF(field_get(f, out->row).s));
    out->problems = c->problems;
    c->problems = (struct problems){ 0 };
    return OK;
}

static enum status set_late(struct ctx *c, const struct exchange_shape *shape,
                            const struct import_plan *plan, const struct import_ready *in,
                            void *row) {
    for (int i = 0; i < in->late_n; i++) {
        struct target t;
        int column = in->late[i];
        if (!target_of(shape, plan->v[column].to, &t)) return BROKEN;
        TRY(set_field(c, &t, &plan->v[column], cell_of(&in->in, column), NULL, row));
    }
    return OK;
}

static enum status match_and_keep(struct ctx *c, const struct exchange_shape *shape,
                                  const struct import_plan *plan, const struct import_ready *in,
                                  void *row, struct map *seen, struct import_row_result *out) {
    struct strs keys = { 0 };
    int64_t id = 0;
    TRY(find_match(c, shape, plan, row, seen, &id, &keys));
    if (id < 0) { /* a double inside a file that is only tried */
        out->outcome = plan->on_match == ON_MATCH_SKIP ? IMPORT_SKIPPED : IMPORT_CHANGED;
        out->title = shape->entity->title(c, row);
        return OK;
    }
    struct import_plan whole = *plan;
    bool known = id > 0;
    if (!known && shape->named) TRY(shape->named(c, row, &id));
    if (!known && id > 0) whole.on_match = ON_MATCH_OVERWRITE;
    enum status st = keep(c, shape, &whole, row, in->extra, in->given, id, out);
    if (st == OK && !known) out->outcome = IMPORT_CREATED;
    if (st == CONFLICT) {
        ctx_problem(c, NO_STR, N_("It clashes with a record that is there already."));
        st = INVALID;
    }
    if (st == DENIED) st = ctx_problem(c, NO_STR, N_("You may not change this."));
    if (st == STALE) st = ctx_problem(c, NO_STR, N_("Somebody changed this meanwhile."));
    if (st == OK) remember(seen, &keys);
    return st;
}

enum status import_row_keep(struct ctx *c, const struct exchange_shape *shape,
                            const struct import_plan *plan, const struct import_ready *in,
                            struct map *seen, struct import_row_result *out) {
    *out = (struct import_row_result){ .outcome = IMPORT_SKIPPED,
                                       .cell_problems =
                                           arena_array(c->arena, struct str, plan->n + 1) };
    if (in->empty) return OK; /* separators and nothing between them */
    c->problems = (struct problems){ .v = arena_array(c->arena, struct problem, in->problems.n + 1),
                                     .n = in->problems.n,
                                     .cap = in->problems.n + 1 };
    for (int i = 0; i < in->problems.n; i++) c->problems.v[i] = in->problems.v[i];
    void *row = row_copy(c, shape->entity, in->row);
    TRY(set_late(c, shape, plan, in, row));
    enum status st = c->problems.n ? INVALID : match_and_keep(c, shape, plan, in, row, seen, out);
    if (st == INVALID) tell(c, shape, plan, out);
    return st == INVALID ? OK : st;
}
