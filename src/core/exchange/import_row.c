/* One row of a file: cells to fields (outside the writer), then the record it may already be, and
 * what to do with it. Called by import_run.c and import_refused.c; calls import_cell.c, the
 * feature's shape and the store. */
#include "core/exchange/import_row.h"

#include "core/app/secret.h"
#include "core/entity/own.h"
#include "core/entity/store.h"
#include "lib/text/fold.h"

enum { NAMESAKES = 20 };

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
    const void *was = row_copy(c, e, there);
    for (int i = 0; i < e->fields_n; i++) {
        const struct field *f = &e->fields[i];
        if (!given[i] || value_empty(f, field_get(f, row))) continue;
        if (how == ON_MATCH_OVERWRITE || value_empty(f, field_get(f, there)))
            field_set(f, there, field_get(f, row));
    }
    for (int i = 0; i < e->fields_n; i++)
        if (field_follows(&e->fields[i]))
            field_follow(c, &e->fields[i], there, was, given[i] && how == ON_MATCH_OVERWRITE);
    for (int i = 0; i < e->manys_n; i++) add_children(c, &e->manys[i], there, row);
}

static enum status find_match(struct ctx *c, const struct exchange_shape *shape,
                              const struct import_plan *plan, void *row, struct map *seen,
                              int64_t *id, struct strs *keys) {
    struct str rest = plan->match, by, key;
    keys->v = arena_array(c->arena, struct str, 10);
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

/* --- a record that is there in every given value --- */

static bool has_all_children(struct ctx *c, const struct many *m, const void *there,
                             const void *row) {
    struct many_rows have = many_get(m, there), come = many_get(m, row);
    for (int i = 0; i < come.n; i++) {
        bool found = false;
        for (int k = 0; k < have.n && !found; k++)
            found = same_child(c, m, many_at(m, have, k), many_at(m, come, i));
        if (!found) return false;
    }
    return true;
}

static bool holds_lines(struct str text, struct strs lines) {
    for (int i = 0; i < lines.n; i++)
        if (!text.n || str_find(text, lines.v[i]) < 0) return false;
    return true;
}

static bool has_all_fields(struct ctx *c, const struct exchange_shape *shape, const void *there,
                           const void *row, const bool *given, struct strs rest) {
    const struct entity *e = entity_now(c, shape->entity);
    for (int i = 0; i < e->fields_n; i++) {
        const struct field *f = &e->fields[i];
        struct value v = field_get(f, row), w = field_get(f, there);
        bool notes = shape->rest && !strcmp(f->name, shape->rest);
        if (notes && !holds_lines(w.s, rest)) return false;
        if (f->is & (SYSTEM | DERIVED) || !given[i] || value_empty(f, v)) continue;
        if (notes ? !holds_lines(w.s, (struct strs){ &v.s, 1 }) : !value_eq(v, w)) return false;
    }
    return true;
}

static enum status has_extras(struct ctx *c, const struct exchange_shape *shape, const void *there,
                              const struct str *extra, bool *yes) {
    struct str *have = arena_array(c->arena, struct str, shape->extras_n + 1);
    *yes = true;
    if (!shape->read_extras || shape->settle) return OK; /* settled ones name other records */
    TRY(shape->read_extras(c, there, 1, have));
    for (int i = 0; i < shape->extras_n; i++)
        if (extra[i].n && !shape->extras[i].only_in &&
            !str_eq(fold(c->arena, extra[i]), fold(c->arena, have[i])))
            *yes = false;
    return OK;
}

static enum status is_the_same(struct ctx *c, const struct exchange_shape *shape, int64_t id,
                               const void *row, const struct import_ready *in, struct strs rest,
                               bool *yes) {
    const struct entity *e = entity_now(c, shape->entity);
    void *there = arena_alloc(c->arena, e->size);
    enum sees sees = c->who.sees;
    *yes = false;
    c->who.sees = SEES_ALL; /* somebody else's client is not doubled either */
    enum status st = store_load(c, e, id, there);
    c->who.sees = sees;
    if (st == MISSING) return OK;
    TRY(st);
    *yes = has_all_fields(c, shape, there, row, in->given, rest);
    for (int i = 0; i < e->manys_n && *yes; i++)
        *yes = has_all_children(c, &e->manys[i], there, row);
    return *yes ? has_extras(c, shape, there, in->extra, yes) : OK;
}

/* Rows without e-mail, phone or own number: the same name and everything else that the file says.
 */
static enum status find_same(struct ctx *c, const struct exchange_shape *shape, const void *row,
                             const struct import_ready *in, struct strs rest, int64_t *id) {
    int64_t ids[NAMESAKES];
    int n = 0;
    void *named = row_copy(c, shape->entity, row);
    *id = 0;
    if (!shape->namesakes) return OK;
    TRY(shape->namesakes(c, named, ids, NAMESAKES, &n));
    for (int i = 0; i < n && !*id; i++) {
        bool yes;
        struct arena_mark m = arena_mark(c->arena);
        TRY(is_the_same(c, shape, ids[i], row, in, rest, &yes));
        if (yes) *id = ids[i];
        if (!yes) {
            c->titles = (struct map){ 0 };
            arena_back(c->arena, m);
        }
    }
    return OK;
}

/* The cells that go somewhere, as one short key: for a file that is only tried. */
static struct str row_key(struct ctx *c, const struct import_ready *in) {
    unsigned char digest[SHA256_N];
    struct sha256 h;
    sha256_begin(&h);
    for (int i = 0; i < in->in.cells_n; i++) {
        sha256_add(&h, str_trim(in->in.cells[i]));
        sha256_add(&h, (struct str){ "\0", 1 });
    }
    sha256_end(&h, digest);
    return str_printf(c->arena, "row %.*s", SF(str_hex(c->arena, digest, 16)));
}

/* --- the row --- */

static const char *label_of(struct ctx *c, const struct exchange_shape *shape, struct str to) {
    struct target t;
    if (!target_of(c, shape, to, &t)) return NULL;
    return t.field ? field_label(c, t.field) : t.many ? T(c, t.many->label) : NULL;
}

static void tell(struct ctx *c, const struct exchange_shape *shape, const struct import_plan *plan,
                 struct import_row_result *out) {
    out->outcome = IMPORT_REFUSED;
    out->problems.v = arena_array(c->arena, struct str, c->problems.n + 1);
    out->columns = arena_array(c->arena, int, c->problems.n + 1);
    for (int i = 0; i < c->problems.n; i++) {
        const struct problem *p = &c->problems.v[i];
        struct str text = ctx_problem_text(c, p), header = NO_STR;
        out->columns[i] = -1;
        for (int k = 0; k < plan->n; k++)
            if (p->field.n && str_eq(plan->v[k].to, p->field)) {
                header = plan->v[k].header;
                out->cell_problems[k] = text;
                out->columns[i] = k;
            }
        const char *label = label_of(c, shape, p->field);
        if (!header.n && label) header = str_of(label);
        out->problems.v[out->problems.n++] =
            header.n ? str_printf(c->arena, "%.*s: %.*s", SF(header), SF(text)) : text;
    }
}

struct coming { /* a row on its way in */
    bool compare;
    const struct import_ready *in;
    void *row;
    struct strs rest;
    enum on_match how;
    int64_t id; /* of the record that it is, or 0 */
};

static enum status keep(struct ctx *c, const struct exchange_shape *shape, const struct coming *in,
                        struct import_row_result *out) {
    const struct entity *e = entity_now(c, shape->entity);
    int64_t id = in->id;
    void *row = in->row;
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
        if (in->how == ON_MATCH_SKIP) {
            out->outcome = IMPORT_SKIPPED;
            return OK;
        }
        void *merged = row_copy(c, e, there);
        merge_into(c, e, merged, row, in->in->given, in->how);
        row = merged;
    }
    TRY(import_rest_add(c, shape, in->rest, row));
    int64_t version = row_head(row)->version;
    TRY(store_save_ahead(c, e, row, id > 0 ? NULL : in->in->ahead));
    out->title = e->title(c, row);
    if (id > 0 && row_head(row)->version == version) out->outcome = IMPORT_SKIPPED;
    return shape->saved ? shape->saved(c, row, in->in->extra) : OK;
}

enum status import_row_read(struct ctx *c, const struct exchange_shape *shape,
                            const struct import_plan *plan, const struct csv_row *in,
                            struct map *memo, struct import_ready *out) {
    const struct entity *e = entity_now(c, shape->entity);
    void *standard = row_new(c, e);
    struct str *cells = arena_array(c->arena, struct str, in->cells_n + 1);
    *out = (struct import_ready){ .in = *in, .row = row_new(c, e), .empty = true };
    out->in.cells = cells;
    out->extra = arena_array(c->arena, struct str, shape->extras_n + 1);
    out->given = arena_array(c->arena, bool, e->fields_n + OWN_FIELDS_MAX);
    out->late = arena_array(c->arena, int, plan->n + 1);
    c->problems = (struct problems){ 0 };
    for (int i = 0; i < in->cells_n; i++) {
        cells[i] = str_dup(c->arena, in->cells[i]);
        out->empty &= str_trim(cells[i]).n == 0;
    }
    if (out->empty) return OK;
    TRY(import_cells_read(c, shape, plan, memo, out));
    if (shape->complete)
        TRY(shape->complete(c, out->row, out->extra, out->given, plan->one_name_column));
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

enum status import_row_ahead(struct ctx *c, const struct exchange_shape *shape,
                             struct arena *scratch, struct import_ready *out) {
    const struct store_ahead *ahead = out->ahead;
    out->ahead = NULL;
    if (out->empty || out->problems.n || out->late_n || shape->settle) return OK;
    void *row = row_copy(c, shape->entity, out->row);
    enum status st = import_rest_add(c, shape, out->rest, row);
    c->problems = (struct problems){ 0 };
    if (st != OK) return st == INVALID ? OK : st;
    st = store_ahead(c, shape->entity, row, scratch, &ahead);
    out->ahead = ahead;
    return st;
}

static bool matches_by(const struct import_plan *plan, const char *what) {
    struct str rest = plan->match, by;
    while (str_cut(&rest, ',', &by))
        if (str_eq_z(str_trim(by), what)) return true;
    return false;
}

/* Is the same row there already? Asked only where rows are compared at all. */
static enum status meet_itself(struct ctx *c, const struct exchange_shape *shape, struct map *seen,
                               struct str key, struct coming *in, struct import_row_result *out) {
    if (seen && key.n && map_get(seen, key)) {
        out->twice = true;
        return OK;
    }
    TRY(find_same(c, shape, in->row, in->in, in->rest, &in->id));
    if (!in->id) return OK;
    in->how = ON_MATCH_SKIP;
    return c->batch && shape->made_here ? shape->made_here(c, in->id, &out->twice) : OK;
}

/* A new row: is it probably somebody who is there? INVALID: it is, and such are held back. */
static enum status compare(struct ctx *c, const struct exchange_shape *shape,
                           const struct import_plan *plan, const void *row,
                           struct import_row_result *out) {
    struct exchange_doubt who = { 0 };
    if (!shape->doubt) return OK;
    TRY(shape->doubt(c, row, &who));
    if (!who.id) return OK;
    struct tr_arg args[] = { ARG("name", who.name), ARG("why", who.why) };
    const char *const text = N_("May be {name}: {why}");
    out->doubt = who.id;
    out->doubt_words = tr_fill(c->arena, T(c, text), args, COUNT(args));
    if (!plan->hold_doubts) return OK;
    return ctx_problem(c, NO_STR, text, ARG("name", who.name), ARG("why", who.why));
}

static enum status match_and_keep(struct ctx *c, const struct exchange_shape *shape,
                                  const struct import_plan *plan, struct coming *in,
                                  struct map *seen, struct import_row_result *out) {
    struct strs keys = { 0 };
    if (shape->entity->has_uid && !matches_by(plan, "uid")) row_head(in->row)->uid = NO_STR;
    TRY(find_match(c, shape, plan, in->row, seen, &in->id, &keys));
    if (in->id < 0) { /* a double inside a file that is only tried */
        out->outcome = plan->on_match == ON_MATCH_SKIP ? IMPORT_SKIPPED : IMPORT_CHANGED;
        out->title = shape->entity->title(c, in->row);
        return OK;
    }
    bool known = in->id > 0;
    if (!known && shape->named) TRY(shape->named(c, in->row, &in->id));
    bool bare = !known && in->id > 0;
    if (bare) in->how = ON_MATCH_OVERWRITE;
    if (!in->id && plan->match.n) {
        struct str key = seen && !shape->repeats ? row_key(c, in->in) : NO_STR;
        TRY(meet_itself(c, shape, seen, key, in, out));
        if (out->twice && !in->id) return OK;
        if (key.n) keys.v[keys.n++] = key;
    }
    if (!in->id && (in->compare || plan->hold_doubts)) TRY(compare(c, shape, plan, in->row, out));
    TRY(keep(c, shape, in, out));
    if (bare) out->outcome = IMPORT_CREATED;
    remember(seen, &keys);
    return OK;
}

/* What another hand or a rule stops is said of the row, and stops nothing else. */
static enum status as_refusal(struct ctx *c, enum status st) {
    switch (st) {
    case CONFLICT:
        return ctx_problem(c, NO_STR, N_("It clashes with a record that is there already."));
    case DENIED: return ctx_problem(c, NO_STR, N_("You may not change this."));
    case STALE: return ctx_problem(c, NO_STR, N_("Somebody changed this meanwhile."));
    default: return st;
    }
}

enum status import_row_keep(struct ctx *c, const struct exchange_shape *shape,
                            const struct import_plan *plan, const struct import_ready *in,
                            struct map *seen, bool compare, struct import_row_result *out) {
    *out = (struct import_row_result){ .outcome = IMPORT_SKIPPED,
                                       .cell_problems =
                                           arena_array(c->arena, struct str, plan->n + 1) };
    if (in->empty) return OK; /* separators and nothing between them */
    c->problems = (struct problems){ .v = arena_array(c->arena, struct problem, in->problems.n + 1),
                                     .n = in->problems.n,
                                     .cap = in->problems.n + 1 };
    for (int i = 0; i < in->problems.n; i++) c->problems.v[i] = in->problems.v[i];
    struct coming row = { .compare = compare,
                          .in = in,
                          .row = row_copy(c, shape->entity, in->row),
                          .rest = in->rest,
                          .how = plan->on_match };
    row_ready(c, shape->entity, row.row);
    TRY(import_cells_late(c, shape, plan, in, row.row, &row.rest));
    if (shape->settle) {
        enum status settled = shape->settle(c, row.row, in->extra);
        if (settled != OK && settled != INVALID) return settled;
    }
    enum status st =
        c->problems.n ? INVALID : as_refusal(c, match_and_keep(c, shape, plan, &row, seen, out));
    if (st == INVALID) tell(c, shape, plan, out);
    if (st == INVALID && !plan->hold_doubts) out->doubt = 0; /* refused for something else */
    return st == INVALID ? OK : st;
}
