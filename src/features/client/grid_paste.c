/* A block from a spreadsheet, pasted into the sheet: taken apart, tried and shown, then written as
 * one piece of work that can be taken back. The trial saves in earnest and is rolled back, so that
 * it says exactly what will happen. Called through feature.c; calls grid_cells.c and the store. */
#include "features/client/pages.h"
#include "features/client/grid.html.h"
#include "lib/locale/number.h"

enum { SHOWN_MAX = 60, WHOLE_ROW = -1 };

/* --- the block --- */

static bool ends_cell(char c) {
    return c == '\t' || c == '\r' || c == '\n';
}

/* Where the quoted cell that begins at s ends: behind its last quote, which a tab, a line end or
 * the text's end must follow. 0: it is no quoted cell, only one that begins with a quote. */
static size_t quoted_end(struct str s) {
    for (size_t i = 1; i < s.n; i++) {
        if (s.p[i] != '"') continue;
        if (i + 1 < s.n && s.p[i + 1] == '"') {
            i++;
            continue;
        }
        return i + 1 == s.n || ends_cell(s.p[i + 1]) ? i + 1 : 0;
    }
    return 0;
}

static struct str unquoted(struct arena *a, struct str s) {
    struct buf b = { .arena = a };
    for (size_t i = 1; i + 1 < s.n; i++) {
        buf_add_c(&b, s.p[i]);
        if (s.p[i] == '"') i++;
    }
    return buf_str(&b);
}

static struct str take_cell(struct arena *a, struct str *rest) {
    size_t n = rest->n && rest->p[0] == '"' ? quoted_end(*rest) : 0;
    bool quoted = n > 0;
    while (n < rest->n && !ends_cell(rest->p[n])) n++;
    struct str cell = str_sub(*rest, 0, n);
    *rest = str_sub(*rest, n, SIZE_MAX);
    return quoted ? unquoted(a, cell) : cell;
}

static void add_row(struct arena *a, struct grid_block *b) {
    b->v = arena_grow(a, b->v, (size_t)b->n * sizeof *b->v, (size_t)(b->n + 1) * sizeof *b->v);
    b->v[b->n++] = (struct strs){ 0 };
}

struct grid_block grid_tsv(struct arena *a, struct str text) {
    struct grid_block b = { 0 };
    while (text.n) {
        add_row(a, &b);
        struct strs *row = &b.v[b.n - 1];
        for (bool more = true; more; b.cells_n++) {
            struct str cell = take_cell(a, &text);
            row->v = arena_grow(a, row->v, (size_t)row->n * sizeof *row->v,
                                (size_t)(row->n + 1) * sizeof *row->v);
            row->v[row->n++] = cell;
            more = text.n && text.p[0] == '\t';
            if (more) text = str_sub(text, 1, SIZE_MAX);
        }
        if (str_starts(text, S("\r"))) text = str_sub(text, 1, SIZE_MAX);
        if (str_starts(text, S("\n"))) text = str_sub(text, 1, SIZE_MAX);
    }
    return b;
}

/* --- trying --- */

struct attempt {
    struct grid_columns cols; /* from the second on: where the block's columns go */
    struct grid_block block;
    struct paste_view *view;
    uint64_t before; /* of all values that would be written over */
};

static struct pasted *add_cell(struct ctx *c, struct attempt *at, const struct party *p,
                               const struct grid_column *col, struct str typed, struct str was) {
    struct paste_view *v = at->view;
    v->cells.v = arena_grow(c->arena, v->cells.v, (size_t)v->cells.n * sizeof *v->cells.v,
                            (size_t)(v->cells.n + 1) * sizeof *v->cells.v);
    struct pasted *cell = &v->cells.v[v->cells.n++];
    *cell = (struct pasted){ .name = p->display_name,
                             .label = col->label,
                             .was = was,
                             .typed = typed,
                             .column = (int)(col - at->cols.v) };
    return cell;
}

static void refuse_cell(struct ctx *c, struct pasted *cell) {
    if (c->problems.n && !cell->problem.n) cell->problem = ctx_problem_text(c, &c->problems.v[0]);
    c->problems = (struct problems){ 0 };
}

/* What the store refuses stands at its cell, and the cell goes back to what it was; a problem of
 * none of them is the whole row's. */
static void refuse_row(struct ctx *c, struct attempt *at, int from, struct party *row,
                       const struct party *was) {
    struct problems all = c->problems;
    bool found = false;
    for (int i = from; i < at->view->cells.n; i++) {
        struct pasted *cell = &at->view->cells.v[i];
        const struct grid_column *col = &at->cols.v[cell->column];
        for (int k = 0; k < all.n && !cell->problem.n; k++) {
            if (!grid_is_about(col, all.v[k].field)) continue;
            cell->problem = ctx_problem_text(c, &all.v[k]);
            grid_take(col, row, was);
            found = true;
        }
    }
    for (int i = from; i < at->view->cells.n && !found; i++) refuse_cell(c, &at->view->cells.v[i]);
    for (int i = from; i < at->view->cells.n && !found; i++) {
        struct pasted *cell = &at->view->cells.v[i];
        if (!cell->problem.n) cell->problem = str_of(T(c, N_("The row could not be saved.")));
        grid_take(&at->cols.v[cell->column], row, was);
    }
    c->problems = (struct problems){ 0 };
}

static enum status try_cells(struct ctx *c, struct attempt *at, const struct party *was,
                             const struct strs *cells, struct party *row) {
    for (int k = 0; k < cells->n; k++) {
        if (k + 1 >= at->cols.n) {
            at->view->beside += cells->v[k].n > 0;
            continue;
        }
        const struct grid_column *col = &at->cols.v[k + 1];
        struct str now = grid_text(c, col, was), typed = str_trim(cells->v[k]);
        if (col->edit != EDIT_NOT) at->before = hash_bytes(now.n ? now.p : "", now.n, at->before);
        if (str_eq(str_trim(now), typed)) continue;
        enum status st = grid_put(c, col, row, typed);
        if (st != OK && st != INVALID) return st;
        if (st == OK && str_eq(grid_text(c, col, row), now)) continue;
        struct pasted *cell = add_cell(c, at, was, col, typed, now);
        if (st == INVALID) refuse_cell(c, cell);
        if (st == INVALID) grid_take(col, row, was);
    }
    return OK;
}

static enum status try_row(struct ctx *c, struct attempt *at, const struct party *was,
                           const struct strs *cells) {
    struct party *row = row_copy(c, &entity_party, was);
    int from = at->view->cells.n;
    TRY(try_cells(c, at, was, cells, row));
    for (int try = 0; try < 3; try++) {
        enum status st = store_save(c, &entity_party, row);
        if (st == OK) break;
        if (st != INVALID) return st;
        refuse_row(c, at, from, row, was);
    }
    bool changed = false;
    for (int i = from; i < at->view->cells.n; i++) {
        bool bad = at->view->cells.v[i].problem.n > 0;
        at->view->bad += bad;
        at->view->good += !bad;
        changed |= !bad;
    }
    at->view->clients += changed;
    return OK;
}

static int read_ids(struct str text, int64_t *ids, int cap) {
    struct str one;
    int n = 0;
    while (n < cap && str_cut(&text, ',', &one))
        if (str_to_i64(one, &ids[n]) && ids[n] > 0) n++;
    return n;
}

static enum status try_all(struct req *r, struct attempt *at) {
    struct ctx *c = &r->c;
    int64_t ids[GRID_PASTE_CELLS];
    int ids_n = read_ids(req_form(r, "ids"), ids, GRID_PASTE_CELLS), rows_n;
    void *rows;
    int n = at->block.n < ids_n ? at->block.n : ids_n;
    at->view->beyond = at->block.n - n;
    TRY(store_load_all(c, &entity_party, ids, n, &rows, &rows_n));
    const struct party *p = rows;
    for (int i = 0, k = 0; i < n; i++) {
        if (k < rows_n && p[k].row.id == ids[i])
            TRY(try_row(c, at, &p[k++], &at->block.v[i]));
        else
            at->view->unseen++;
    }
    return OK;
}

/* The first column pasted into may be the name's, which grid_columns_named puts first anyway. */
static struct grid_columns named(struct ctx *c, struct str names) {
    struct grid_columns cols = grid_columns_named(c, names);
    if (!str_eq(str_sub(names, 0, 12), S("display_name"))) return cols;
    struct grid_column *v = arena_array(c->arena, struct grid_column, cols.n + 1);
    memcpy(v + 1, cols.v, (size_t)cols.n * sizeof *v);
    v[0] = cols.v[0];
    return (struct grid_columns){ .v = v, .n = cols.n + 1 };
}

/* Not applied: everything is rolled back and shown (grid_paste_again). */
enum status grid_paste(struct req *r) {
    struct ctx *c = &r->c;
    struct paste_view *v = arena_new_of(c->arena, struct paste_view);
    struct attempt at = { .view = v, .cols = named(c, req_form(r, "cols")) };
    struct str block = req_form(r, "block"), seen = req_form(r, "seen");
    bool apply = req_form(r, "apply").n > 0;
    if (at.cols.n < 2 || !req_form(r, "ids").n || !block.n) return MALFORMED;
    at.block = grid_tsv(c->arena, block);
    *v = (struct paste_view){ .block = block,
                              .ids = req_form(r, "ids"),
                              .cols = req_form(r, "cols"),
                              .next = req_next(r, req_form(r, "next")) };
    r->kept = v;
    v->too_many = at.block.cells_n > GRID_PASTE_CELLS;
    if (v->too_many) return INVALID;
    c->batch_title = str_of(N_("Pasted into the list"));
    TRY(try_all(r, &at));
    v->seen = str_printf(c->arena, "%016llx", (unsigned long long)at.before);
    v->moved = seen.n && !str_eq(seen, v->seen);
    if (!apply || v->moved || !v->good) return INVALID;
    return go_toast(r, v->next, N_("The pasted cells are saved."), c->batch);
}

enum status grid_paste_again(struct req *r) {
    struct paste_view *v = r->kept;
    struct pasteds all = v->cells;
    v->cells = (struct pasteds){ arena_array(r->c.arena, struct pasted, all.n + 1), 0 };
    for (int pass = 0; pass < 2; pass++) /* what is wrong first */
        for (int i = 0; i < all.n && v->cells.n < SHOWN_MAX; i++)
            if ((all.v[i].problem.n > 0) == (pass == 0)) v->cells.v[v->cells.n++] = all.v[i];
    v->more = all.n - v->cells.n;
    if (!req_form(&r[0], "apply").n) r->status = 200; /* looking is what was asked for */
    if (req_wants_fragment(r)) {
        paste_look(page_begin(r), v);
        return fragment_end(r);
    }
    r->narrow = true;
    return PAGE(r, T(&r->c, N_("Pasted cells")), "clients", paste_page, v);
}
