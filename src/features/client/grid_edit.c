/* One cell of the sheet: the control to edit it with, and saving it. The page sends what its cell
 * showed before; when another value stands there by now, both are shown and the person chooses.
 * Called through feature.c and by assets/js/list/60-sheet.js; calls grid_cells.c and the store. */
#include "core/entity/form.h"
#include "core/web/journal.h"
#include "features/client/pages.h"
#include "features/client/grid.html.h"

/* The client and the column that a request is about. */
static enum status asked(struct req *r, struct str field, struct grid_column *col,
                         struct party *p) {
    int64_t id;
    if (!req_arg_id(r, 0, &id)) return MISSING;
    if (!grid_column_find(&r->c, field, col) || col->edit == EDIT_NOT) return MALFORMED;
    return store_load(&r->c, &entity_party, id, p);
}

/* The control that a form has for this field (the name, when none is said), with its value and what
 * can be chosen. */
enum status grid_cell_edit(struct req *r) {
    struct ctx *c = &r->c;
    struct grid_column col;
    struct party p;
    struct form_input in;
    struct str field = req_query(r, "field");
    TRY(asked(r, field.n ? field : S("display_name"), &col, &p));
    if (col.many && col.many->single) return MALFORMED;
    const void *row = &p;
    if (col.many) {
        struct many_rows rows = many_get(col.many, &p);
        row = rows.n ? many_at(col.many, rows, 0) : row_new(c, col.many->child);
    }
    TRY(form_input(c, col.field, S("value"), field_get(col.field, row), &in));
    journal_read(r->app, c, "party", &p.row.id, 1);
    field_control(page_begin(r), &in);
    return fragment_end(r);
}

static bool expected(const struct req *r) {
    static const char *const names[] = { "csrf", "field", "value", "was", "cols" };
    for (int i = 0; i < r->form.n; i++) {
        bool is = false;
        for (int k = 0; k < COUNT(names); k++) is |= str_eq_z(r->form.v[i].name, names[k]);
        if (!is) return false;
    }
    return http_pairs_get(&r->form, "value").p && http_pairs_get(&r->form, "was").p;
}

/* What is shown instead of the typed text when the cell says something else by now. */
static enum status stale(struct req *r, struct str now) {
    struct str *kept = arena_new_of(r->c.arena, struct str);
    *kept = now;
    r->kept = kept;
    return STALE;
}

/* The row anew, for names that are made of others and for what came in between; and the way back.
 */
static enum status show_row(struct req *r, const struct party *p) {
    struct ctx *c = &r->c;
    struct grid_columns cols = grid_columns_named(c, req_form(r, "cols"));
    struct cell_saved v = { .batch = c->batch };
    TRY(grid_rows(c, &cols, &p->row.id, 1, &v.rows));
    grid_saved(page_begin(r), &v);
    return fragment_end(r);
}

enum status grid_cell_save(struct req *r) {
    struct ctx *c = &r->c;
    struct grid_column col;
    struct party p;
    if (!expected(r)) return MALFORMED;
    TRY(asked(r, req_form(r, "field"), &col, &p));
    struct str now = str_trim(grid_text(c, &col, &p));
    struct party *mine = row_copy(c, &entity_party, &p);
    enum status st = grid_put(c, &col, mine, req_form(r, "value"));
    if (st != OK) return st;
    bool same = str_eq(str_trim(grid_text(c, &col, mine)), now);
    if (!same && !str_eq(now, str_trim(req_form(r, "was")))) return stale(r, now);
    TRY(store_save(c, &entity_party, mine));
    return show_row(r, mine);
}

/* Plain text for the cell's note: why not; or the value that stands there by now. */
enum status grid_cell_again(struct req *r) {
    struct ctx *c = &r->c;
    struct buf b = { .arena = c->arena };
    if (r->kept) return reply_text(r, "text/plain; charset=utf-8", *(const struct str *)r->kept);
    for (int i = 0; i < c->problems.n; i++) {
        if (i) buf_add_c(&b, ' ');
        buf_add(&b, ctx_problem_text(c, &c->problems.v[i]));
    }
    return reply_text(r, "text/plain; charset=utf-8", buf_str(&b));
}
