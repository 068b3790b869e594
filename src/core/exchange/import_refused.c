/* Rows that an import refused: kept with their reasons, given out as CSV, corrected by a person and
 * tried again within the same import. Called by import_run.c and the import's pages; calls
 * import_row.c. */
#include "core/exchange/import_row.h"

#include "lib/text/json.h"

enum { REASONS_MAX = 20 };

SQL(import_refused_rows, "SELECT line, cells, corrected, reasons FROM import_refused WHERE import "
                         "= :id AND line > :after "
                         "AND done_at IS NULL ORDER BY line LIMIT :limit");
SQL(import_refused_line, "SELECT line, cells, corrected, reasons FROM import_refused "
                         "WHERE import = :id AND line = :line AND done_at IS NULL");
SQL(import_refused_left, "SELECT count(*) AS n FROM import_refused WHERE import = :id "
                         "AND line > :after AND done_at IS NULL");
SQL(import_put_corrected, "UPDATE import_refused SET corrected = :cells "
                          "WHERE import = :id AND line = :line AND done_at IS NULL");
SQL(import_put_reasons, "UPDATE import_refused SET reasons = :reasons "
                        "WHERE import = :id AND line = :line");
SQL(import_refused_done, "UPDATE import_refused SET done_at = :now "
                         "WHERE import = :id AND line = :line AND done_at IS NULL");
SQL(import_count_again,
    "UPDATE import SET refused_n = refused_n - 1, created_n = created_n + :created, "
    "changed_n = changed_n + :changed, skipped_n = skipped_n + :skipped, "
    "twice_n = twice_n + :twice, doubt_n = doubt_n - :let_in, batch = coalesce(batch, :batch) "
    "WHERE id = :id");

/* --- as it is kept --- */

struct str import_cells_json(struct ctx *c, const struct str *v, int n) {
    struct buf b = { .arena = c->arena };
    struct json_out w = { .b = &b };
    jw_array(&w);
    for (int i = 0; i < n; i++) jw_str(&w, v[i]);
    jw_end(&w);
    return buf_str(&b);
}

SQL(import_count_held, "UPDATE import SET doubt_n = doubt_n + :more WHERE id = :id");

/* A text, or {"column": 3, "text": …} where it stands at a cell, {"doubt": 7, "text": …} where the
 * row is probably client 7. */
struct str import_reasons_json(struct ctx *c, const struct import_plan *plan,
                               const struct import_row_result *res) {
    struct buf b = { .arena = c->arena };
    struct json_out w = { .b = &b };
    jw_array(&w);
    for (int i = 0; i < res->problems.n; i++) {
        int column = res->columns ? res->columns[i] : -1;
        bool at_cell = column >= 0 && column < plan->n;
        if (!at_cell && !res->doubt) {
            jw_str(&w, res->problems.v[i]);
            continue;
        }
        jw_object(&w);
        jw_key(&w, at_cell ? "column" : "doubt");
        jw_int(&w, at_cell ? column : res->doubt);
        jw_key(&w, "text");
        jw_str(&w, at_cell ? res->cell_problems[column] : res->problems.v[i]);
        jw_end(&w);
    }
    jw_end(&w);
    return buf_str(&b);
}

static enum status parse(struct ctx *c, const struct rows *r, int i, const char *column,
                         struct json **out) {
    struct str why;
    return json_parse(c->arena, row_str(r, i, column), out, &why) == OK ? OK : BROKEN;
}

/* --- as CSV --- */

static void csv_header(struct ctx *c, const struct import_plan *plan, char separator,
                       struct buf *out) {
    for (int i = 0; i < plan->n; i++) {
        struct str name = plan->v[i].header;
        if (!name.n) name = str_printf(c->arena, "column %d", i + 1);
        csv_write_cell(out, name, separator, 0);
        buf_add_c(out, separator);
    }
    csv_write_cell(out, str_of(T(c, N_("Line"))), separator, 0);
    buf_add_c(out, separator);
    csv_write_cell(out, str_of(T(c, N_("Reasons"))), separator, 0);
    buf_add_z(out, "\r\n");
}

static struct str reason_text(struct ctx *c, const struct import_plan *plan,
                              const struct json *reason) {
    const struct json *column = json_get(reason, S("column"));
    const struct json *words = json_get(reason, S("text"));
    if (!column) return json_str(words ? words : reason);
    int64_t i = json_int(column);
    struct str text = json_str(words);
    if (i < 0 || i >= plan->n || !plan->v[i].header.n) return text;
    return str_printf(c->arena, "%.*s: %.*s", SF(plan->v[i].header), SF(text));
}

static enum status csv_row_of(struct ctx *c, const struct import_plan *plan, const struct rows *r,
                              int i, char separator, struct buf *out) {
    struct json *cells, *reasons;
    struct str all[REASONS_MAX];
    TRY(parse(c, r, i, "cells", &cells));
    TRY(parse(c, r, i, "reasons", &reasons));
    for (int k = 0; k < plan->n; k++) {
        csv_write_cell(out, csv_unguard(json_str(json_at(cells, k))), separator, 0);
        buf_add_c(out, separator);
    }
    buf_printf(out, "%lld%c", (long long)row_int(r, i, "line"), separator);
    int n = json_n(reasons) < COUNT(all) ? json_n(reasons) : COUNT(all);
    for (int k = 0; k < n; k++) all[k] = reason_text(c, plan, json_at(reasons, k));
    csv_write_cell(out, str_join(c->arena, all, n, S(" · ")), separator, 0);
    buf_add_z(out, "\r\n");
    return OK;
}

enum status import_refused_csv(struct ctx *c, int64_t id, char separator, int64_t *after, int limit,
                               struct buf *out, bool *more) {
    struct import imp;
    struct rows r;
    TRY(import_load(c, id, &imp));
    if (*after < 0) csv_header(c, &imp.plan, separator, out);
    TRY(db_query(c->tx, &import_refused_rows, &r, P("id", id), P("after", *after),
                 P("limit", limit)));
    for (int i = 0; i < r.n; i++) {
        TRY(csv_row_of(c, &imp.plan, &r, i, separator, out));
        *after = row_int(&r, i, "line");
    }
    *more = r.n == limit;
    return OK;
}

/* --- to be corrected --- */

/* What was typed stands as it was typed; what the file said is unguarded, as everywhere. */
static enum status read_cells(struct ctx *c, const struct import_plan *plan, const struct rows *r,
                              int i, struct str *out) {
    struct json *cells;
    bool typed = !row_null(r, i, "corrected");
    TRY(parse(c, r, i, typed ? "corrected" : "cells", &cells));
    for (int k = 0; k < plan->n; k++) {
        struct str cell = json_str(json_at(cells, k));
        out[k] = typed ? cell : str_trim(csv_unguard(cell));
        if (!out[k].p) out[k] = S("");
    }
    return OK;
}

static enum status read_row(struct ctx *c, const struct import_plan *plan, const struct rows *r,
                            int i, struct import_refused_row *out) {
    struct json *reasons;
    *out = (struct import_refused_row){ .line = row_int(r, i, "line"),
                                        .typed = !row_null(r, i, "corrected"),
                                        .cells = arena_array(c->arena, struct str, plan->n + 1),
                                        .cell_problems =
                                            arena_array(c->arena, struct str, plan->n + 1) };
    TRY(read_cells(c, plan, r, i, out->cells));
    TRY(parse(c, r, i, "reasons", &reasons));
    out->problems.v = arena_array(c->arena, struct str, json_n(reasons) + 1);
    for (int k = 0; k < json_n(reasons); k++) {
        const struct json *one = json_at(reasons, k), *column = json_get(one, S("column"));
        const struct json *doubt = json_get(one, S("doubt"));
        int64_t at = column ? json_int(column) : -1;
        if (doubt) out->doubt = json_int(doubt);
        if (at >= 0 && at < plan->n && plan->v[at].to.n)
            out->cell_problems[at] = json_str(json_get(one, S("text")));
        else
            out->problems.v[out->problems.n++] = reason_text(c, plan, one);
    }
    return OK;
}

enum status import_refused_list(struct ctx *c, const struct import *imp, int64_t after, int limit,
                                struct import_refused_row **out, int *n, int64_t *left) {
    struct rows r;
    TRY(db_query(c->tx, &import_refused_left, &r, P("id", imp->id), P("after", after)));
    *left = row_int(&r, 0, "n");
    TRY(db_query(c->tx, &import_refused_rows, &r, P("id", imp->id), P("after", after),
                 P("limit", limit)));
    *out = arena_array(c->arena, struct import_refused_row, r.n + 1);
    for (*n = 0; *n < r.n; ++*n) TRY(read_row(c, &imp->plan, &r, *n, &(*out)[*n]));
    return OK;
}

enum status import_refused_one(struct ctx *c, const struct import *imp, int64_t line,
                               struct import_refused_row *out) {
    struct rows r;
    TRY(db_query(c->tx, &import_refused_line, &r, P("id", imp->id), P("line", line)));
    return r.n ? read_row(c, &imp->plan, &r, 0, out) : MISSING;
}

enum status import_refused_type(struct ctx *c, const struct import *imp, int64_t line,
                                const struct str *cells) {
    TRY(db_run(c->tx, &import_put_corrected, P("id", imp->id), P("line", line),
               P("cells", import_cells_json(c, cells, imp->plan.n))));
    return db_changed(c->tx) == 1 ? OK : MISSING;
}

/* --- tried again --- */

/* What was typed is no formula of a spreadsheet: guarded, so that reading it gives it back. */
static struct str guarded(struct ctx *c, struct str cell) {
    return csv_unguard(cell).n == cell.n ? cell : str_printf(c->arena, "'%.*s", SF(cell));
}

static enum status count(struct ctx *c, struct import *imp, int64_t line, bool let_in,
                         const struct import_row_result *res) {
    imp->batch = imp->batch ? imp->batch : c->batch;
    TRY(db_run(c->tx, &import_refused_done, P("id", imp->id), P("line", line),
               P("now", c->now_ms)));
    if (db_changed(c->tx) != 1) return STALE;
    imp->counts.n[IMPORT_REFUSED]--;
    imp->counts.doubts -= let_in;
    imp->counts.n[res->outcome]++;
    return db_run(
        c->tx, &import_count_again, P("id", imp->id), P("created", res->outcome == IMPORT_CREATED),
        P("changed", res->outcome == IMPORT_CHANGED), P("skipped", res->outcome == IMPORT_SKIPPED),
        P("twice", res->twice), P("let_in", let_in),
        imp->batch ? param_int("batch", imp->batch) : param_null("batch"));
}

enum status import_refused_again(struct ctx *c, const struct exchange_shape *shape,
                                 struct import *imp, int64_t line, enum import_outcome *outcome) {
    struct import_refused_row row;
    struct import_ready ready;
    struct import_row_result res;
    TRY(import_refused_one(c, imp, line, &row));
    struct str *cells = arena_array(c->arena, struct str, imp->plan.n + 1);
    for (int i = 0; i < imp->plan.n; i++) cells[i] = guarded(c, row.cells[i]);
    struct csv_row in = { .cells = cells, .cells_n = imp->plan.n, .line = line };
    struct problems before = c->problems;
    c->door = DOOR_IMPORT;
    c->batch = imp->batch;
    c->batch_import = imp->id;
    c->batch_title = imp->name;
    struct import_plan plan = imp->plan;
    if (row.doubt) plan.hold_doubts = false;
    TRY(db_savepoint(c->tx));
    TRY(import_row_read(c, shape, &plan, &in, NULL, &ready));
    TRY(import_row_keep(c, shape, &plan, &ready, NULL, false, &res));
    TRY(db_savepoint_end(c->tx, res.outcome != IMPORT_REFUSED));
    c->titles = (struct map){ 0 };
    c->problems = before;
    *outcome = res.outcome;
    if (res.outcome != IMPORT_REFUSED) return count(c, imp, line, row.doubt != 0, &res);
    c->batch = imp->batch;
    int64_t more = (res.doubt != 0) - (row.doubt != 0);
    imp->counts.doubts += more;
    if (more) TRY(db_run(c->tx, &import_count_held, P("id", imp->id), P("more", more)));
    return db_run(c->tx, &import_put_reasons, P("id", imp->id), P("line", line),
                  P("reasons", import_reasons_json(c, &imp->plan, &res)));
}
