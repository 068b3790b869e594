/* The page on which a person corrects refused rows and tries them again, some rows at a time; what
 * is typed is kept whatever comes of it. Routes: feature.c. Calls core/exchange/import_refused.c.
 */
#include "features/import/pages.h"

#include "features/import/work.h"

enum { ROWS_MAX = 25, FIELDS_MAX = LIMIT_FORM_FIELDS_N - 50, BYTES_MAX = LIMIT_BODY / 2 };
enum { MANY_BYTES = 80, KEPT_BYTES = 4000 }; /* longer cells get a field of several lines; stay */

/* --- showing --- */

static int mapped_n(const struct import_plan *plan) {
    int n = 0;
    for (int i = 0; i < plan->n; i++) n += plan->v[i].to.n > 0;
    return n ? n : 1;
}

static struct str column_name(struct ctx *c, const struct import_plan *plan, int i) {
    return plan->v[i].header.n ? plan->v[i].header : target_label(c, plan, plan->v[i].to);
}

static struct str cell_label(struct ctx *c, struct str name, int64_t line) {
    return tr_fill(c->arena, T(c, N_("{name}, line {line}")),
                   (struct tr_arg[]){ ARG("name", name),
                                      ARG("line", str_printf(c->arena, "%lld", (long long)line)) },
                   2);
}

static size_t show_row(struct ctx *c, const struct import_plan *plan,
                       const struct import_refused_row *row, struct refused_view_row *v) {
    size_t bytes = 0;
    *v = (struct refused_view_row){
        .line = row->line, .problem = str_join(c->arena, row->problems.v, row->problems.n, S(" · "))
    };
    v->cells.v = arena_array(c->arena, struct refused_cell_view, plan->n + 1);
    for (int i = 0; i < plan->n; i++) {
        if (!plan->v[i].to.n) continue;
        struct str name = column_name(c, plan, i), text = row->cells[i];
        bool kept = text.n > KEPT_BYTES && !row->cell_problems[i].n;
        if (kept) text = beginning(c->arena, text);
        v->cells.v[v->cells.n++] = (struct refused_cell_view){
            .name = str_printf(c->arena, "cell.%lld.%d", (long long)row->line, i),
            .id = str_printf(c->arena, "cell-%lld-%d", (long long)row->line, i),
            .head = name,
            .label = cell_label(c, name, row->line),
            .text = text,
            .problem = row->cell_problems[i],
            .kept = kept,
            .many = text.n > MANY_BYTES || str_find_c(text, '\n') >= 0,
        };
        bytes += text.n * 3; /* as a form may send it */
    }
    return bytes;
}

static int64_t after_of(const struct req *r) {
    int64_t after;
    struct str typed = r->http->method == HTTP_POST ? req_form(r, "after") : req_query(r, "after");
    return str_to_i64(typed, &after) && after >= 0 ? after : 0;
}

static struct url page_url(struct ctx *c, int64_t id, int64_t after) {
    return after ? url_printf(c->arena, "/import/%lld/refused?after=%lld", (long long)id,
                              (long long)after)
                 : url_printf(c->arena, "/import/%lld/refused", (long long)id);
}

/* Is there something to correct? Else the import's own page says what stands. */
static bool may_correct(const struct import *imp) {
    return !imp->undone_by && (str_eq_z(imp->state, "done") || str_eq_z(imp->state, "failed"));
}

enum status refused_show(struct req *r) {
    struct ctx *c = &r->c;
    struct import imp;
    struct import_refused_row *rows;
    int n;
    size_t bytes = 0;
    TRY(import_of(r, c, &imp));
    struct refused_view v = { .id = imp.id, .name = imp.name, .after = after_of(r) };
    int limit = FIELDS_MAX / mapped_n(&imp.plan);
    if (limit > ROWS_MAX) limit = ROWS_MAX;
    TRY(import_refused_list(c, &imp, v.after, limit, &rows, &n, &v.left));
    if (!may_correct(&imp) || (!n && !v.after))
        return go(r, url_printf(c->arena, "/import/%lld", (long long)imp.id));
    if (!n) return go(r, page_url(c, imp.id, 0));
    v.heads.v = arena_array(c->arena, struct str, imp.plan.n + 1);
    for (int i = 0; i < imp.plan.n; i++)
        if (imp.plan.v[i].to.n) v.heads.v[v.heads.n++] = column_name(c, &imp.plan, i);
    v.rows.v = arena_array(c->arena, struct refused_view_row, n + 1);
    for (; v.rows.n < n && (bytes < BYTES_MAX || !v.rows.n); v.rows.n++) {
        bytes += show_row(c, &imp.plan, &rows[v.rows.n], &v.rows.v[v.rows.n]);
        v.held |= rows[v.rows.n].doubt != 0;
    }
    if (v.left > v.rows.n) v.next = page_url(c, imp.id, v.rows.v[v.rows.n - 1].line);
    return PAGE(r, T(c, N_("Correct refused rows")), "import", page_refused, &v);
}

/* --- saving and trying --- */

/* "cell.12.3" */
static bool cell_name(struct str name, int columns_n, int64_t *line, int *column) {
    struct str rest = name, piece;
    int64_t n;
    if (!str_cut(&rest, '.', &piece) || !str_eq(piece, S("cell"))) return false;
    if (!str_cut(&rest, '.', &piece) || !str_to_i64(piece, line)) return false;
    if (!str_to_i64(rest, &n) || n < 0 || n >= columns_n) return false;
    *column = (int)n;
    return *line >= 0;
}

/* Browsers send line ends as CR LF. */
static struct str typed_text(struct arena *a, struct str s) {
    if (str_find_c(s, '\r') < 0) return str_trim(s);
    struct buf b = { .arena = a };
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] != '\r' || i + 1 >= s.n || s.p[i + 1] != '\n') buf_add_c(&b, s.p[i]);
    return str_trim(buf_str(&b));
}

struct effort {       /* of one form */
    struct str which; /* a line, or "all" */
    int tried, in;
};

static enum status one_row(struct req *r, struct import *imp, int64_t line, struct effort *e) {
    struct ctx *c = &r->c;
    struct import_refused_row row;
    bool changed = false;
    enum import_outcome outcome;
    enum status s = import_refused_one(c, imp, line, &row);
    if (s == MISSING) return OK; /* came in meanwhile */
    TRY(s);
    for (int i = 0; i < r->form.n; i++) {
        int64_t at;
        int column;
        if (!cell_name(r->form.v[i].name, imp->plan.n, &at, &column) || at != line) continue;
        struct str typed = typed_text(c->arena, r->form.v[i].value);
        if (str_eq(typed, typed_text(c->arena, row.cells[column]))) continue;
        row.cells[column] = typed;
        changed = true;
    }
    if (changed) TRY(import_refused_type(c, imp, line, row.cells));
    bool wanted = str_eq(e->which, str_printf(c->arena, "%lld", (long long)line)) ||
                  ((changed || row.typed) && str_eq(e->which, S("all")));
    if (!wanted) return OK;
    c->app = r->app; /* for a photo */
    TRY(import_refused_again(c, import_shape_of(imp->plan.kind), imp, line, &outcome));
    e->tried++;
    e->in += outcome != IMPORT_REFUSED;
    return OK;
}

static const char *said(const struct effort *e) {
    if (!e->tried) return N_("Nothing was tried: correct a cell first.");
    if (!e->in) return N_("Still refused: the reasons stand at the cells.");
    return e->in == e->tried ? N_("What you corrected came in.")
                             : N_("Some came in; the others are still refused.");
}

enum status refused_save(struct req *r) {
    struct ctx *c = &r->c;
    struct import imp;
    struct effort e = { .which = req_form(r, "again") };
    int64_t last = -1;
    TRY(import_of(r, c, &imp));
    if (!may_correct(&imp)) return go(r, url_printf(c->arena, "/import/%lld", (long long)imp.id));
    for (int i = 0; i < r->form.n; i++) {
        int64_t line;
        int column;
        if (str_starts(r->form.v[i].name, S("cell.")) &&
            !cell_name(r->form.v[i].name, imp.plan.n, &line, &column))
            return MALFORMED;
        if (!cell_name(r->form.v[i].name, imp.plan.n, &line, &column) || line <= last) continue;
        TRY(one_row(r, &imp, line, &e)); /* rows stand in order, their cells together */
        last = line;
    }
    struct url to = imp.counts.n[IMPORT_REFUSED] > 0
                        ? page_url(c, imp.id, after_of(r))
                        : url_printf(c->arena, "/import/%lld", (long long)imp.id);
    return go_toast(r, to, said(&e), 0);
}
