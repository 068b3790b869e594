/* What stands in the cells of the sheet, and setting one from what was typed. Called by list.c,
 * grid_edit.c and grid_paste.c; calls the kinds of fields, lines.c. */
#include "features/client/grid.h"
#include "core/entity/form.h"
#include "lib/text/name.h"

/* The record that holds the cell's field: the client, or the first of his phones…; NULL: none. */
static const void *holder(const struct grid_column *col, const struct party *p) {
    if (!col->many) return p;
    struct many_rows rows = many_get(col->many, p);
    return rows.n ? many_at(col->many, rows, 0) : NULL;
}

static bool is_phone(const struct grid_column *col) {
    return col->many && col->many->child == &entity_phone;
}

static struct str words(struct ctx *c, const struct many *m, const struct party *p) {
    struct many_rows rows = many_get(m, p);
    struct str names[LIMIT_MANY_N];
    int n = 0;
    for (; n < rows.n && n < LIMIT_MANY_N; n++) names[n] = m->child->title(c, many_at(m, rows, n));
    bool arabic = c->loc->lang == LANG_FA || c->loc->lang == LANG_AR;
    return str_join(c->arena, names, n, arabic ? S("، ") : S(", "));
}

/* The beginning of a long text. */
static struct str beginning(struct ctx *c, struct str text) {
    struct str rest = text;
    for (int i = 0; i < GRID_TEXT_MAX && rest.n; i++) utf8_next(&rest);
    if (rest.n == 0) return text;
    return str_printf(c->arena, "%.*s…", (int)(text.n - rest.n), text.p);
}

static int64_t instant_of(const struct grid_column *col, const struct party *p) {
    return str_eq_z(col->name, "created_at") ? p->row.created_at : p->row.changed_at;
}

struct str grid_text(struct ctx *c, const struct grid_column *col, const struct party *p) {
    const struct field *f = col->field;
    if (!f) return moment_of(c, instant_of(col, p), INSTANT_RELATIVE).said;
    if (col->many && col->many->single) return words(c, col->many, p);
    const void *row = holder(col, p);
    if (!row) return NO_STR;
    struct value v = field_get(f, row);
    if (value_empty(f, v)) return NO_STR;
    if (is_phone(col)) return phone_shown(c->arena, row, c->firm.country);
    if (f->kind == &kind_yesno) return v.i ? str_of(T(c, "yes")) : NO_STR;
    if (f->kind == &kind_date) return f->kind->edit(c, f, v);
    struct str text = f->kind->show(c, f, v);
    return f->kind == &kind_area ? beginning(c, text) : text;
}

bool grid_is_about(const struct grid_column *col, struct str field) {
    struct str list;
    if (!col->many) return col->field && str_eq_z(field, col->field->name);
    return str_cut(&field, '.', &list) && str_eq_z(list, col->many->name);
}

void grid_take(const struct grid_column *col, struct party *to, const struct party *from) {
    if (col->many)
        many_set(col->many, to, many_get(col->many, from));
    else if (str_eq_z(col->name, "display_name")) { /* with what it is made of */
        to->display_name = from->display_name;
        to->given_name = from->given_name;
        to->family_name = from->family_name;
    } else if (col->field)
        field_set(col->field, to, field_get(col->field, from));
}

/* A child that says nothing any more goes: without its main field, or with no field at all. */
static bool says_nothing(const struct entity *child, const void *row) {
    for (int i = 0; i < child->fields_n; i++) {
        const struct field *f = &child->fields[i];
        bool empty = value_empty(f, field_get(f, row));
        if (f->is & REQUIRED) return empty;
        if (!empty && f->kind != &kind_choice && f->kind != &kind_yesno) return false;
    }
    return true;
}

/* The first of the list gets the value; the first is made, or taken out, as it needs. */
static enum status put_child(struct ctx *c, const struct grid_column *col, struct party *p,
                             struct str typed) {
    const struct many *m = col->many;
    struct many_rows had = many_get(m, p);
    struct many_rows now = { arena_alloc(c->arena, m->child->size * (size_t)(had.n + 1)), had.n };
    struct value v;
    TRY(col->field->kind->parse(c, col->field, field_path(c, m, 0, col->field), typed, &v));
    if (had.n) memcpy(now.v, had.v, m->child->size * (size_t)had.n);
    if (had.n == 0) {
        if (value_empty(col->field, v)) return OK;
        memcpy(now.v, row_new(c, m->child), m->child->size);
        now.n = 1;
    }
    field_set(col->field, many_at(m, now, 0), v);
    if (is_phone(col)) field_set(entity_field(m->child, S("ext")), now.v, (struct value){ 0 });
    if (says_nothing(m->child, now.v)) {
        now.n--;
        memmove(now.v, many_at(m, now, 1), m->child->size * (size_t)now.n);
    }
    many_set(m, p, now);
    return OK;
}

/* Whose name is made of its parts gets new parts. */
static void put_name(struct ctx *c, struct party *p, struct str name) {
    struct name_parts parts;
    bool composed = str_eq(p->display_name, party_full_name(c->arena, p));
    p->display_name = name;
    if (!party_is_person(p) || !composed || name.n == 0) return;
    name_split(c->arena, name, lang_code(c->loc->lang), &parts);
    p->given_name = parts.given;
    p->family_name = parts.family;
    if (!str_eq(party_full_name(c->arena, p), name)) p->given_name = name, p->family_name = NO_STR;
}

enum status grid_put(struct ctx *c, const struct grid_column *col, struct party *p,
                     struct str typed) {
    const struct field *f = col->field;
    struct str at = str_of(f ? f->name : "");
    unsigned only = party_is_person(p) ? ONLY_ORGANISATION : ONLY_PERSON;
    struct value v;
    typed = str_trim(typed);
    if (col->edit == EDIT_NOT)
        return ctx_problem(c, col->name, N_("This column cannot be changed here."));
    if (col->many && col->many->single) return form_words(c, col->many, typed, p);
    if (col->many) return put_child(c, col, p, typed);
    TRY(f->kind->parse(c, f, at, typed, &v));
    if ((f->is & only) && !value_empty(f, v))
        return ctx_problem(c, at,
                           only == ONLY_PERSON ? N_("Only people have this.")
                                               : N_("Only organisations have this."));
    if (str_eq_z(col->name, "display_name"))
        put_name(c, p, v.s);
    else
        field_set(f, p, v);
    return OK;
}

/* --- rows --- */

static void show(struct ctx *c, const struct grid_column *col, const struct client_line *l,
                 struct grid_cell *out) {
    const struct party *p = l->party;
    const struct kind *k = col->field ? col->field->kind : NULL;
    *out = (struct grid_cell){ .look = col->look };
    if (!k) {
        out->at = moment_of(c, instant_of(col, p), INSTANT_RELATIVE);
    } else if (is_phone(col)) {
        out->code = l->phone;
        out->to = l->tel;
    } else if (str_eq_z(col->name, "category")) {
        out->has_mark = l->has_mark;
        out->mark = l->mark;
    } else {
        out->text = grid_text(c, col, p);
        if (out->text.n == 0) return;
        if (str_eq_z(col->name, "stage")) {
            out->has_mark = true;
            out->mark = stage_mark(c, p->stage);
        } else if (k == &kind_email) {
            out->code.s = out->text;
            out->to = url_mailto(c->arena, out->text);
        } else if (k == &kind_url) {
            out->code.s = out->text;
            out->to = url_of_user(out->text);
        } else if (k->ltr) {
            out->code.s = out->text;
        }
    }
}

/* All names that the page's references show, in one question for each column. */
static enum status titles(struct ctx *c, const struct grid_column *col,
                          const struct client_lines *lines) {
    const struct field *f = col->field;
    int n = 0, cap = 0;
    if (!f || f->kind != &kind_ref || str_eq_z(col->name, "category")) return OK;
    bool all = col->many && col->many->single;
    for (int i = 0; i < lines->n; i++) cap += all ? many_get(col->many, lines->v[i].party).n : 1;
    int64_t *ids = arena_array(c->arena, int64_t, cap + 1);
    for (int i = 0; i < lines->n; i++) {
        const struct party *p = lines->v[i].party;
        struct many_rows rows = { .n = 1 };
        if (col->many) rows = many_get(col->many, p);
        for (int k = 0; k < rows.n && (all || k == 0); k++) {
            int64_t id = field_get(f, col->many ? many_at(col->many, rows, k) : p).i;
            if (id) ids[n++] = id;
        }
    }
    return n ? entity_titles(c, f->ref, ids, n) : OK;
}

enum status grid_rows(struct ctx *c, const struct grid_columns *cols, const int64_t *ids, int n,
                      struct grid_rows *out) {
    struct client_lines lines;
    TRY(client_lines(c, ids, n, false, &lines));
    for (int k = 1; k < cols->n; k++) TRY(titles(c, &cols->v[k], &lines));
    *out = (struct grid_rows){ arena_array(c->arena, struct grid_row, lines.n + 1), lines.n };
    struct grid_cell *v = arena_array(c->arena, struct grid_cell, lines.n * cols->n + 1);
    for (int i = 0; i < lines.n; i++) {
        out->v[i] =
            (struct grid_row){ .line = &lines.v[i], .cells = { v, cols->n - 1 }, .picks = true };
        for (int k = 1; k < cols->n; k++) show(c, &cols->v[k], &lines.v[i], v++);
    }
    return OK;
}
