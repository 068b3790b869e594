/* One field of a client edited in place, on his page: the control, saving it, and what stands there
 * instead when that was not possible. The page sends the value that the control began with; when
 * another one is kept by now, both are shown and the person chooses. Called through feature.c and
 * by assets/js/client/65-page.js; calls the kinds of fields and the store. */
#include "core/web/journal.h"
#include "features/client/show.h"
#include "features/client/show.html.h"

/* What the sheet can edit in a cell, but lists: those have several rows. */
static bool asked(struct req *r, struct str name, struct grid_column *col) {
    return grid_column_find(&r->c, name, col) && col->edit != EDIT_NOT && !col->many;
}

static struct str plain(struct ctx *c, const struct field *f, struct value v) {
    return value_empty(f, v) ? NO_STR : f->kind->plain(c, f, v);
}

static bool expected(const struct req *r, struct str field) {
    static const char *const names[] = { "csrf", "field", "was" };
    for (int i = 0; i < r->form.n; i++) {
        struct str name = r->form.v[i].name;
        bool is = str_eq(name, field) ||
                  (str_ends(name, S(".here")) && str_eq(str_sub(name, 0, name.n - 5), field));
        for (int k = 0; k < COUNT(names); k++) is = is || str_eq_z(name, names[k]);
        if (!is) return false;
    }
    return req_form(r, "was").p;
}

static enum status show(struct req *r, const struct cell_view *v) {
    show_cell(page_begin(r), v);
    return fragment_end(r);
}

/* The control of that field; of the next step, when none is said. */
enum status client_cell(struct req *r) {
    struct ctx *c = &r->c;
    struct str name = req_query(r, "field");
    struct cell_view v = { .field = name.n ? name : S("next_step") };
    struct grid_column col;
    struct party p;
    if (!req_arg_id(r, 0, &v.id)) return MISSING;
    if (!asked(r, v.field, &col)) return MALFORMED;
    TRY(store_load(c, &entity_party, v.id, &p));
    v.was = plain(c, col.field, field_get(col.field, &p));
    TRY(form_input(c, col.field, v.field, field_get(col.field, &p), &v.input));
    journal_read(r->app, c, "party", &v.id, 1);
    return show(r, &v);
}

enum status client_cell_save(struct req *r) {
    struct ctx *c = &r->c;
    struct str name = req_form(r, "field");
    struct grid_column col;
    struct party p;
    int64_t id;
    if (!req_arg_id(r, 0, &id)) return MISSING;
    if (!asked(r, name, &col) || !expected(r, name)) return MALFORMED;
    TRY(store_load(c, &entity_party, id, &p));
    struct party *mine = row_copy(c, &entity_party, &p);
    struct value now = field_get(col.field, &p);
    struct str kept = plain(c, col.field, now);
    TRY(grid_put(c, &col, mine, req_form(r, str_z(c->arena, name))));
    if (!str_eq(kept, plain(c, col.field, field_get(col.field, mine)))) {
        if (!str_eq(kept, req_form(r, "was"))) {
            struct value *theirs = r->kept = arena_new_of(c->arena, struct value);
            *theirs = now;
            return STALE;
        }
        TRY(store_save(c, &entity_party, mine));
    }
    if (!req_wants_fragment(r)) return client_go_on(r, mine, N_("Saved."));
    int64_t batch = c->batch;
    show_saved(page_begin(r), batch);
    return fragment_end(r);
}

/* The control again, with what was typed, and why it could not be saved. */
enum status client_cell_again(struct req *r) {
    struct ctx *c = &r->c;
    struct cell_view v = { .field = req_form(r, "field"), .was = req_form(r, "was") };
    struct grid_column col;
    const struct value *now = r->kept;
    struct buf b = { .arena = c->arena };
    if (!req_arg_id(r, 0, &v.id)) return MISSING;
    if (!asked(r, v.field, &col)) return MALFORMED;
    const struct field *f = col.field;
    struct value none = { .is_int = f->kind->is_int };
    TRY(form_input(c, f, v.field, none, &v.input));
    v.input.value = req_form(r, str_z(c->arena, v.field));
    v.input.checked = v.input.value.n > 0;
    for (int i = 0; i < v.input.options.n; i++)
        v.input.options.v[i].selected = str_eq(v.input.options.v[i].value, v.input.value);
    if (f->kind == &kind_yesno) v.input.value = S("1");
    v.stale = now != NULL;
    if (now) {
        v.was = plain(c, f, *now);
        v.now = value_empty(f, *now) ? NO_STR : f->kind->show(c, f, *now);
    }
    for (int i = 0; i < c->problems.n; i++) {
        if (i) buf_add_c(&b, ' ');
        buf_add(&b, ctx_problem_text(c, &c->problems.v[i]));
    }
    v.problem = buf_str(&b);
    v.input.problem = v.problem;
    return show(r, &v);
}
