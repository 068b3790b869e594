/* What an import would do, tried and taken back in short helpings, so that others can write
 * meanwhile. Routes: feature.c. Calls work.c. */
#include "features/import/pages.h"

#include "features/import/work.h"

enum { SHOWN = 100, TRIED_MAX = 50000, TRY_MS = 3000 };

static const char *const states[IMPORT_OUTCOMES] = { N_("Row|New"), N_("Row|Change"),
                                                     N_("Row|Skip"), N_("Row|Refused") };
static const char *const looks[IMPORT_OUTCOMES] = { "good", "vip", "", "bad" };
static const char *const outcomes[IMPORT_OUTCOMES] = { "created", "changed", "skipped", "refused" };

/* Problems that stand at no column that is shown. */
static struct str loose(struct ctx *c, const struct import_plan *plan,
                        const struct import_preview_row *row) {
    bool at_cell = false;
    for (int i = 0; i < plan->n; i++)
        at_cell |= plan->v[i].to.n && row->cell_problems[i].n && i < row->cells_n;
    return at_cell ? NO_STR : str_join(c->arena, row->problems.v, row->problems.n, S(" · "));
}

static void show_row(struct ctx *c, const struct import_plan *plan,
                     const struct import_preview_row *row, struct preview_row_view *v) {
    struct str names = row->names;
    *v = (struct preview_row_view){ .line = row->line,
                                    .state = row->twice ? N_("Row|Twice") : states[row->outcome],
                                    .look = looks[row->outcome],
                                    .outcome = outcomes[row->outcome],
                                    .title = row->title,
                                    .problem = loose(c, plan, row) };
    if (row->doubt && !plan->hold_doubts) {
        v->doubt = row->doubt_words;
        v->who = url_printf(c->arena, "/clients/%lld", (long long)row->doubt);
    }
    ptrdiff_t bar = str_find(names, S(" | "));
    if (bar > 0) {
        v->given = str_sub(names, 0, (size_t)bar);
        v->family = str_sub(names, (size_t)bar + 3, SIZE_MAX);
    }
    v->cells.v = arena_array(c->arena, struct preview_cell, plan->n + 1);
    for (int i = 0; i < plan->n; i++) {
        if (!plan->v[i].to.n) continue;
        struct preview_cell *cell = &v->cells.v[v->cells.n++];
        if (i < row->cells_n)
            cell->text = beginning(c->arena, str_trim(csv_unguard(row->cells[i])));
        cell->problem = row->cell_problems[i];
    }
}

enum status preview_show(struct req *r) {
    struct ctx *c = &r->c;
    struct import imp;
    struct import_preview p;
    const char *path;
    TRY(import_find(r, &imp));
    if (!str_eq_z(imp.state, "plan"))
        return go(r, url_printf(c->arena, "/import/%lld", (long long)imp.id));
    struct work w = { .app = r->app, .bench = r->worker, .member = c->who.id };
    TRY(import_table(r->app, c, &imp, &path, NULL));
    TRY(import_trial(&w, c->arena, &imp, path, SHOWN, TRIED_MAX, TRY_MS, NULL, NULL, &p));
    struct preview_view v = { .id = imp.id,
                              .tried = p.tried,
                              .heading = import_heading(&imp.plan),
                              .rows_n = imp.rows_n,
                              .twice = p.counts.twice,
                              .doubts = p.counts.doubts,
                              .compared = p.compared,
                              .some = p.compared < p.tried,
                              .held = imp.plan.hold_doubts,
                              .name = imp.name,
                              .whole = p.whole,
                              .split = p.split,
                              .tally = tally_of(&p.counts) };
    v.heads.v = arena_array(c->arena, struct str, imp.plan.n + 1);
    for (int i = 0; i < imp.plan.n; i++)
        if (imp.plan.v[i].to.n)
            v.heads.v[v.heads.n++] = target_label(c, &imp.plan, imp.plan.v[i].to);
    v.rows.v = arena_array(c->arena, struct preview_row_view, p.rows.n + 1);
    for (; v.rows.n < p.rows.n; v.rows.n++)
        show_row(c, &imp.plan, &p.rows.v[v.rows.n], &v.rows.v[v.rows.n]);
    return PAGE(r, T(c, v.heading), "import", page_preview, &v);
}
