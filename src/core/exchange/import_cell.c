/* Cells of a file to fields of a record: by the plan's places, with what other products do to a
 * cell (several values in one, whole addresses, their own words), and what has no place to the
 * notes. Called by import_row.c, mostly outside the writer; calls the kinds. */
#include "core/exchange/import_row.h"

#include "core/entity/form.h"
#include "lib/text/fold.h"

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

bool target_of(const struct ctx *c, const struct exchange_shape *shape, struct str to,
               struct target *t) {
    struct str rest = to, list, number;
    int64_t i;
    *t = (struct target){ .extra = -1, .behind = str_ends(to, S("+")) };
    if (t->behind) to = rest = str_sub(to, 0, to.n - 1);
    for (int k = 0; k < shape->extras_n; k++)
        if (str_eq_z(to, shape->extras[k].code)) {
            t->extra = k;
            return !t->behind;
        }
    t->field = entity_field(entity_now(c, shape->entity), to);
    if (!t->field) {
        if (!str_cut(&rest, '.', &list)) return false;
        t->many = entity_many(shape->entity, list);
        if (!t->many) return false;
        if (t->many->single) return !rest.p && !t->behind;
        if (!str_cut(&rest, '.', &number) || !str_to_i64(number, &i) || i < 0 || i >= LIMIT_MANY_N)
            return false;
        t->index = (int)i;
        t->field = entity_field(t->many->child, rest);
    }
    return t->field && (t->many || !import_is_owner(shape, t->field)) &&
           (!t->behind || t->field->kind == &kind_text || t->field->kind == &kind_area);
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

static struct str cell_of(const struct csv_row *in, int column) {
    return column < in->cells_n ? str_trim(csv_unguard(in->cells[column])) : NO_STR;
}

/* "0/0/00", "0000-00-00": how programs write that there is no date. */
static bool no_date(struct ctx *c, struct str cell) {
    struct str digits = fold_digits(c->arena, cell);
    for (size_t i = 0; i < digits.n; i++)
        if (digits.p[i] != '0') return false;
    return digits.n > 0;
}

/* --- what has no place --- */

static void add_line(struct ctx *c, struct strs *rest, struct str name, struct str cell) {
    if (!rest->v) rest->v = arena_array(c->arena, struct str, 2 * LIMIT_IMPORT_COLUMNS_N);
    if (rest->n == 2 * LIMIT_IMPORT_COLUMNS_N) return;
    cell = text_clean(c->arena, cell, CLEAN_LONG);
    name = text_clean(c->arena, name, CLEAN_LINE);
    if (!cell.n) return;
    rest->v[rest->n++] = name.n ? str_printf(c->arena, "%.*s: %.*s", SF(name), SF(cell)) : cell;
}

/* Products mark what is preferred with a star: "* Work". */
static struct str without_star(struct str s) {
    return str_trim(str_starts(s, S("* ")) ? str_sub(s, 2, SIZE_MAX) : s);
}

static void note(struct ctx *c, const struct import_plan *plan, const struct csv_row *in,
                 int column, struct strs *rest) {
    struct str name = plan->v[column].header, cell = cell_of(in, column);
    bool dated = str_find_c(cell, '/') >= 0 || str_find_c(cell, '-') > 0;
    if (cell.n <= 10 && dated && no_date(c, cell)) return; /* 0/0/00 */
    if (column && plan->v[column - 1].how & HOW_LABEL) {
        struct str label = without_star(cell_of(in, column - 1));
        if (label.n) name = label;
    }
    add_line(c, rest, name, cell);
}

enum status import_rest_add(struct ctx *c, const struct exchange_shape *shape, struct strs rest,
                            void *row) {
    const struct field *f = shape->rest ? entity_field(shape->entity, str_of(shape->rest)) : NULL;
    if (!f || !rest.n) return OK;
    struct str text = field_get(f, row).s;
    for (int i = 0; i < rest.n; i++) {
        if (text.n && str_find(text, rest.v[i]) >= 0) continue;
        text = text.n ? str_printf(c->arena, "%.*s\n%.*s", SF(text), SF(rest.v[i])) : rest.v[i];
    }
    struct value v;
    TRY(f->kind->parse(c, f, str_of(f->name), text, &v)); /* it may have become too long */
    field_set(f, row, v);
    return OK;
}

/* --- one cell --- */

/* A phone of a kind that nobody knows is a phone all the same. */
static void set_kind(struct ctx *c, const struct target *t, struct str cell, void *to) {
    struct value v;
    int had = c->problems.n;
    const struct field *f = t->field;
    cell = without_star(cell);
    if (!cell.n) return;
    if (f->kind->parse(c, f, NO_STR, cell, &v) != OK) {
        struct str words = fold(c->arena, cell);
        c->problems.n = had;
        struct str fax = str_find(words, S("fax")) >= 0 ? S("fax") : S("other");
        if (f->kind->parse(c, f, NO_STR, fax, &v) != OK &&
            f->kind->parse(c, f, NO_STR, S("other"), &v) != OK) {
            c->problems.n = had;
            return;
        }
        c->problems.n = had;
    }
    field_set(f, to, v);
}

static bool is_child_kind(const struct target *t) {
    return t->many && t->field && !strcmp(t->field->name, "kind") && t->field->choices;
}

static struct str put_behind(struct ctx *c, const struct field *f, struct str there,
                             struct str cell) {
    if (!there.n) return cell;
    return str_printf(c->arena, f->kind == &kind_area ? "%.*s\n%.*s" : "%.*s %.*s", SF(there),
                      SF(cell));
}

static enum status set_field(struct ctx *c, const struct target *t, const struct import_column *col,
                             struct str cell, struct map *memo, void *row) {
    struct value v;
    if (t->many && t->many->single) return form_words(c, t->many, cell, row);
    void *to = t->many ? child_at(c, t->many, row, t->index) : row;
    if (is_child_kind(t)) {
        set_kind(c, t, cell, to);
        return OK;
    }
    if (t->behind) cell = put_behind(c, t->field, field_get(t->field, to).s, cell);
    enum status st = parse_cell(c, field_in(c, t->field, to), col->to, cell, memo, &v);
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

static struct str in_our_words(struct ctx *c, const struct exchange_shape *shape,
                               const struct field *f, struct str cell) {
    struct str folded = fold(c->arena, cell);
    for (const struct exchange_word *w = shape->words; w && w->word; w++)
        if (!strcmp(w->field, f->name) && str_eq_z(folded, w->word)) return str_of(w->code);
    return cell;
}

static bool cut_several(struct str *rest, struct str *piece) {
    if (!rest->p) return false;
    ptrdiff_t at = str_find(*rest, S(":::"));
    *piece = str_trim(at < 0 ? *rest : str_sub(*rest, 0, (size_t)at));
    *rest = at < 0 ? NO_STR : str_sub(*rest, (size_t)at + 3, SIZE_MAX);
    return true;
}

static struct str groups(struct ctx *c, struct str cell) {
    struct str piece, all[LIMIT_MANY_N];
    int n = 0;
    while (n < LIMIT_MANY_N && cut_several(&cell, &piece))
        if (piece.n && !str_starts(piece, S("* "))) all[n++] = piece;
    return str_join(c->arena, all, n, S(", "));
}

struct reading { /* of one row */
    struct ctx *c;
    const struct exchange_shape *shape;
    const struct import_plan *plan;
    struct map *memo;
    struct import_ready *out;
    const struct place {
        bool known;
        struct target to;
    } * places; /* of each column */
};

/* What names a record that is not there yet is no mistake before the writer has looked: it may be
 * made. */
static enum status put(const struct reading *r, int column, const struct target *t,
                       struct str cell) {
    struct ctx *c = r->c;
    const struct import_column *col = &r->plan->v[column];
    int had = c->problems.n;
    if (t->field && t->field->kind == &kind_date && no_date(c, cell)) return OK;
    if (t->field && col->how & HOW_WORDS) cell = in_our_words(c, r->shape, t->field, cell);
    TRY(set_field(c, t, col, cell, r->memo, r->out->row));
    bool fine = c->problems.n == had;
    if (!fine && names_records(t)) {
        c->problems.n = had;
        r->out->late[r->out->late_n++] = column;
    } else if (!fine && col->how & HOW_MILD) {
        c->problems.n = had;
        note(c, r->plan, &r->out->in, column, &r->out->rest);
        return OK;
    }
    if (t->field && !t->many)
        r->out->given[t->field - entity_now(r->c, r->shape->entity)->fields] = true;
    return OK;
}

/* "a@x ::: b@y": the first here, the others later, behind the last of the list. */
static enum status put_first(const struct reading *r, int column, const struct target *t,
                             struct str cell) {
    struct str first;
    return cut_several(&cell, &first) && first.n ? put(r, column, t, first) : OK;
}

static enum status put_others(const struct reading *r, int column) {
    const struct import_column *col = &r->plan->v[column];
    if (!(col->how & HOW_SEVERAL) || !r->places[column].known) return OK;
    struct target t = r->places[column].to;
    struct str cell = cell_of(&r->out->in, column), piece;
    if (!t.many || t.many->single || !cut_several(&cell, &piece)) return OK;
    const struct field *kind = entity_field(t.many->child, S("kind"));
    while (cut_several(&cell, &piece)) {
        struct many_rows all = many_get(t.many, r->out->row);
        if (!piece.n) continue;
        if (all.n >= LIMIT_MANY_N) {
            add_line(r->c, &r->out->rest, col->header, piece);
            continue;
        }
        struct value same = { 0 };
        if (kind && t.index < all.n) same = field_get(kind, many_at(t.many, all, t.index));
        struct target next = t;
        next.index = all.n;
        TRY(put(r, column, &next, piece));
        if (kind) field_set(kind, child_at(r->c, t.many, r->out->row, next.index), same);
    }
    return OK;
}

/* --- a whole address in one cell --- */

static void set_text(const struct reading *r, void *to, const char *name, const struct target *t,
                     struct str text) {
    const struct field *f = entity_field(t->many->child, str_of(name));
    struct value v;
    int had = r->c->problems.n;
    if (f && text.n && f->kind->parse(r->c, f, NO_STR, text, &v) == OK) field_set(f, to, v);
    r->c->problems.n = had;
}

/* "69001 Lyon", "Springfield, IL 62704": a word with four digits or more is the postal code. */
static bool town_line(const struct reading *r, void *to, const struct target *t, struct str line) {
    struct str rest = line, word, code = NO_STR, town = NO_STR, region = NO_STR;
    struct buf words = { .arena = r->c->arena };
    while (str_cut(&rest, ' ', &word)) {
        if (fold_digits(r->c->arena, word).n >= 4 && !code.n) {
            code = word;
        } else if (word.n) {
            if (words.n) buf_add_c(&words, ' ');
            buf_add(&words, word);
        }
    }
    if (!code.n) return false;
    region = buf_str(&words);
    if (!str_cut(&region, ',', &town)) return false;
    set_text(r, to, "postcode", t, code);
    set_text(r, to, "town", t, str_trim(town));
    set_text(r, to, "region", t, str_trim(region));
    return true;
}

static void whole_address(const struct reading *r, const struct target *t, struct str cell) {
    struct str line, lines[12];
    int n = 0;
    void *to = child_at(r->c, t->many, r->out->row, t->index);
    if (child_has(t->many->child, to)) return; /* its parts were given */
    while (n < COUNT(lines) && str_cut(&cell, '\n', &line))
        if (str_trim(line).n) lines[n++] = str_trim(line);
    if (n > 1) {
        set_text(r, to, "country", t, lines[n - 1]);
        const struct field *country = entity_field(t->many->child, S("country"));
        if (country && field_get(country, to).s.n) n--;
    }
    if (n > 1 && town_line(r, to, t, lines[n - 1])) n--;
    set_text(r, to, "street", t, str_join(r->c->arena, lines, n, S(", ")));
}

/* --- all cells --- */

enum read_turn { READ_FIRST, READ_FOLLOWING, READ_BEHIND, READ_TURNS };

static enum read_turn turn_of(const struct target *t) {
    return t->behind                             ? READ_BEHIND
           : t->field && field_follows(t->field) ? READ_FOLLOWING
                                                 : READ_FIRST;
}

static enum status read_cell(const struct reading *r, int column, enum read_turn turn) {
    struct ctx *c = r->c;
    struct target t = r->places[column].to;
    const struct import_column *col = &r->plan->v[column];
    if (r->places[column].known && turn_of(&t) != turn) return OK;
    struct str cell = cell_of(&r->out->in, column);
    if (!cell.n) return OK;
    if (!col->to.n) {
        if (turn == READ_FIRST && r->plan->keep_rest && !col->left_out && !(col->how & HOW_LABEL))
            note(c, r->plan, &r->out->in, column, &r->out->rest);
        return OK;
    }
    if (!r->places[column].known) return OK;
    if (t.extra >= 0) {
        const char *starts = r->shape->extras[t.extra].starts;
        if (starts && !str_starts(cell, str_of(starts)))
            note(c, r->plan, &r->out->in, column, &r->out->rest);
        else
            r->out->extra[t.extra] = text_clean(c->arena, cell, CLEAN_LINE);
        return OK;
    }
    if (col->how & HOW_ADDRESS && t.many) {
        whole_address(r, &t, cell);
        return OK;
    }
    if (col->how & HOW_GROUPS) cell = groups(c, cell);
    if (col->how & HOW_SEVERAL && !(t.many && t.many->single))
        return put_first(r, column, &t, cell);
    return cell.n ? put(r, column, &t, cell) : OK;
}

enum status import_cells_read(struct ctx *c, const struct exchange_shape *shape,
                              const struct import_plan *plan, struct map *memo,
                              struct import_ready *out) {
    struct place *places = arena_array(c->arena, struct place, plan->n + 1);
    const struct reading r = { c, shape, plan, memo, out, places };
    for (int i = 0; i < plan->n; i++)
        places[i].known = plan->v[i].to.n && target_of(c, shape, plan->v[i].to, &places[i].to);
    for (int turn = 0; turn < READ_TURNS; turn++)
        for (int i = 0; i < plan->n; i++) TRY(read_cell(&r, i, (enum read_turn)turn));
    for (int i = 0; i < plan->n; i++) TRY(put_others(&r, i));
    close_gaps(shape->entity, out->row);
    return OK;
}

enum status import_cells_late(struct ctx *c, const struct exchange_shape *shape,
                              const struct import_plan *plan, const struct import_ready *in,
                              void *row, struct strs *rest) {
    for (int i = 0; i < in->late_n; i++) {
        struct target t;
        int column = in->late[i], had = c->problems.n;
        const struct import_column *col = &plan->v[column];
        struct str cell = cell_of(&in->in, column);
        if (!target_of(c, shape, col->to, &t)) return BROKEN;
        if (col->how & HOW_GROUPS) cell = groups(c, cell);
        TRY(set_field(c, &t, col, cell, NULL, row));
        if (c->problems.n == had || !(col->how & HOW_MILD)) continue;
        c->problems.n = had;
        note(c, plan, &in->in, column, rest);
    }
    return OK;
}
