/* Running an import in slices, and trying one without a trace. Called by the import's job, pages
 * and command. A slice commits its rows and its progress together: killed at any moment, nothing is
 * lost and nothing comes twice. */
#include "core/exchange/import_row.h"

#include "lib/base/clock.h"
#include "lib/text/charset.h"
#include "lib/text/json.h"
#include "core/entity/history.h"

SQL(import_progress,
    "UPDATE import SET state = :state, done_rows = :rows, done_bytes = :bytes, done_line = :line, "
    "created_n = :created, changed_n = :changed, skipped_n = :skipped, refused_n = :refused, batch "
    "= :batch, "
    "ended_at = :ended WHERE id = :id");
SQL(import_refuse, "INSERT INTO import_refused (import, line, cells, reasons) VALUES "
                   "(:import, :line, :cells, :reasons) ON CONFLICT DO NOTHING");
SQL(import_size, "UPDATE import SET rows_n = :rows WHERE id = :id");

struct place { /* where the next row begins, and what was done before it */
    int64_t rows, bytes, line;
    struct import_counts counts;
};
struct import_run {
    const struct exchange_shape *shape;
    struct arena *arena; /* of the run: plan, memo */
    int64_t id, batch;
    struct str name;
    struct import_plan plan;
    FILE *file;
    struct charset_reader *charset;
    struct csv csv;
    struct map memo;
    struct place now, kept; /* kept: as it is in the database */
    bool ended, pending;    /* pending: row was read but not done */
    struct csv_row row;
};

static enum status open_at(struct import_run *r, struct place at) {
    bool header = r->plan.has_header && at.rows == 0;
    r->now = r->kept = at;
    r->pending = r->ended = false;
    if (at.rows && !csv_seek(&r->csv, at.bytes, at.line)) return BROKEN;
    if (at.rows == 0) {
        csv_close(&r->csv);
        charset_reader_free(r->charset);
        rewind(r->file);
        r->charset = charset_reader_new(csv_from_file(r->file), str_z(r->arena, r->plan.charset));
        if (!r->charset) return BROKEN;
        csv_open(&r->csv, charset_reader_source(r->charset), r->plan.separator);
    }
    return header && csv_next(&r->csv, &r->row) == CSV_BAD ? INVALID : OK;
}

static struct import_plan plan_copy(struct arena *a, const struct import_plan *p) {
    struct import_plan copy = *p;
    copy.charset = str_dup(a, p->charset);
    copy.match = str_dup(a, p->match);
    copy.v = arena_array(a, struct import_column, p->n + 1);
    for (int i = 0; i < p->n; i++)
        copy.v[i] = (struct import_column){ .header = str_dup(a, p->v[i].header),
                                            .to = str_dup(a, p->v[i].to),
                                            .kind = str_dup(a, p->v[i].kind) };
    return copy;
}

enum status import_run_open(struct arena *a, const struct exchange_shape *shape,
                            const struct import *imp, const char *path, struct import_run **out) {
    struct import_run *r = calloc(1, sizeof *r);
    if (!r) BUG("out of memory");
    r->shape = shape;
    r->arena = a;
    r->id = imp->id;
    r->batch = imp->batch;
    r->name = str_dup(a, imp->name);
    r->plan = plan_copy(a, &imp->plan);
    r->memo = map_new(a);
    r->file = fopen(path, "rb");
    enum status st = r->file ? OK : BROKEN;
    if (st == OK) st = open_at(r, (struct place){ 0 });
    struct place at = { imp->done_rows, imp->done_bytes, imp->done_line, imp->counts };
    if (st == OK && at.rows) st = open_at(r, at);
    if (st != OK) {
        import_run_close(r);
        return st;
    }
    *out = r;
    return OK;
}

void import_run_close(struct import_run *r) {
    if (!r) return;
    if (r->charset) csv_close(&r->csv);
    charset_reader_free(r->charset);
    if (r->file) fclose(r->file);
    free(r);
}

const struct import_counts *import_run_counts(const struct import_run *r) {
    return &r->now.counts;
}

enum status import_run_back(struct import_run *r) {
    return open_at(r, r->kept);
}

static struct str json_strings(struct ctx *c, const struct str *v, int n) {
    struct buf b = { .arena = c->arena };
    struct json_out w = { .b = &b };
    jw_array(&w);
    for (int i = 0; i < n; i++) jw_str(&w, v[i]);
    jw_end(&w);
    return buf_str(&b);
}

static enum status refuse(struct import_run *r, struct ctx *c,
                          const struct import_row_result *res) {
    return db_run(c->tx, &import_refuse, P("import", r->id), P("line", r->row.line),
                  P("cells", json_strings(c, r->row.cells, r->row.cells_n)),
                  P("reasons", json_strings(c, res->problems.v, res->problems.n)));
}

static enum status one_row(struct import_run *r, struct ctx *c) {
    struct import_row_result res;
    struct arena_mark m = arena_mark(c->arena);
    TRY(db_savepoint(c->tx));
    enum status st = import_row(c, r->shape, &r->plan, &r->row, &r->memo, NULL, &res);
    if (st != OK) return st;
    TRY(db_savepoint_end(c->tx, res.outcome != IMPORT_REFUSED));
    if (res.outcome == IMPORT_REFUSED) {
        c->batch = r->batch; /* a batch that the refused row began is gone with it */
        TRY(refuse(r, c, &res));
    }
    r->batch = c->batch;
    r->now.counts.n[res.outcome]++;
    r->now.rows++;
    c->titles = (struct map){ 0 };
    c->problems = (struct problems){ 0 };
    arena_back(c->arena, m);
    return OK;
}

/* A broken rest of the file is one refused row that says where. */
static enum status bad_end(struct import_run *r, struct ctx *c) {
    struct import_row_result res = { .problems = {
                                         (struct str[]){ csv_why(c->arena, &r->csv.error) }, 1 } };
    r->row = (struct csv_row){ .line = r->csv.error.line };
    r->now.counts.n[IMPORT_REFUSED]++;
    return refuse(r, c, &res);
}

static enum status write_progress(struct import_run *r, struct ctx *c) {
    struct import_counts *n = &r->now.counts;
    return db_run(c->tx, &import_progress, P("id", r->id),
                  P("state", r->ended ? "done" : "running"), P("rows", r->now.rows),
                  P("bytes", r->now.bytes), P("line", r->now.line),
                  P("created", n->n[IMPORT_CREATED]), P("changed", n->n[IMPORT_CHANGED]),
                  P("skipped", n->n[IMPORT_SKIPPED]), P("refused", n->n[IMPORT_REFUSED]),
                  r->batch ? param_int("batch", r->batch) : param_null("batch"),
                  r->ended ? param_int("ended", c->now_ms) : param_null("ended"));
}

enum status import_run_slice(struct import_run *r, struct ctx *c, int64_t until_us, bool *done) {
    r->kept = r->now;
    c->door = DOOR_IMPORT;
    c->batch = r->batch;
    c->batch_import = r->id;
    c->batch_title = r->name;
    while (!r->ended) {
        enum csv_event ev = csv_next(&r->csv, &r->row);
        if (ev != CSV_ROW) {
            r->ended = true;
            if (ev == CSV_BAD) TRY(bad_end(r, c));
            break;
        }
        r->now.bytes = r->row.offset;
        r->now.line = r->row.line;
        if (clock_mono_us() >= until_us &&
            r->now.rows > r->kept.rows) { /* this row is the next slice's */
            if (!csv_seek(&r->csv, r->row.offset, r->row.line)) return BROKEN;
            break;
        }
        TRY(one_row(r, c));
    }
    *done = r->ended;
    return write_progress(r, c);
}

/* --- trying --- */

static enum status try_rows(struct import_run *r, struct ctx *c, int shown, int64_t limit, int ms,
                            struct import_preview *out) {
    struct map seen = map_new(r->arena);
    int64_t until = clock_mono_us() + (int64_t)ms * 1000, tried = 0;
    enum csv_event ev = CSV_ROW;
    out->rows.v = arena_array(r->arena, struct import_preview_row, shown + 1);
    while (tried < limit && clock_mono_us() < until &&
           (ev = csv_next(&r->csv, &r->row)) == CSV_ROW) {
        struct import_row_result res;
        struct arena_mark m = arena_mark(c->arena);
        TRY(db_savepoint(c->tx));
        TRY(import_row(c, r->shape, &r->plan, &r->row, &r->memo, &seen, &res));
        TRY(db_savepoint_end(c->tx, false));
        c->batch = 0;
        out->counts.n[res.outcome]++;
        tried++;
        if (out->rows.n < shown) {
            struct import_preview_row *p = &out->rows.v[out->rows.n++];
            *p = (struct import_preview_row){ .line = r->row.line,
                                              .outcome = res.outcome,
                                              .title = str_dup(r->arena, res.title),
                                              .names = str_dup(r->arena, res.names),
                                              .cells_n = r->row.cells_n };
            p->cells = arena_array(r->arena, struct str, p->cells_n + 1);
            p->cell_problems = arena_array(r->arena, struct str, r->plan.n + p->cells_n + 1);
            for (int i = 0; i < p->cells_n; i++) p->cells[i] = str_dup(r->arena, r->row.cells[i]);
            for (int i = 0; i < r->plan.n; i++)
                p->cell_problems[i] = str_dup(r->arena, res.cell_problems[i]);
            p->problems.v = arena_array(r->arena, struct str, res.problems.n + 1);
            for (; p->problems.n < res.problems.n; p->problems.n++)
                p->problems.v[p->problems.n] = str_dup(r->arena, res.problems.v[p->problems.n]);
        }
        c->titles = (struct map){ 0 };
        c->problems = (struct problems){ 0 };
        arena_back(c->arena, m);
    }
    out->whole = ev == CSV_END;
    if (ev == CSV_BAD) {
        c->problems.n = 0;
        ctx_problem(c, S("file"), N_("The file cannot be read: {why}"),
                    ARG("why", csv_why(c->arena, &r->csv.error)));
    }
    return OK;
}

enum status import_try(struct ctx *c, const struct exchange_shape *shape, const char *path,
                       const struct import_plan *plan, int shown, int64_t limit, int ms,
                       struct import_preview *out) {
    struct import imp = { .plan = *plan };
    struct import_run *r;
    struct arena *a =
        arena_new(); /* rows come and go in the context's arena; what is shown stays here */
    *out = (struct import_preview){ 0 };
    enum status st = import_run_open(a, shape, &imp, path, &r);
    if (st == OK) {
        st = try_rows(r, c, shown, limit, ms, out);
        import_run_close(r);
    }
    for (int i = 0; st == OK && i < out->rows.n; i++) { /* into the caller's arena */
        struct import_preview_row *p = &out->rows.v[i];
        p->title = str_dup(c->arena, p->title);
        p->names = str_dup(c->arena, p->names);
        struct str *cells = arena_array(c->arena, struct str, p->cells_n + 1);
        struct str *cp = arena_array(c->arena, struct str, plan->n + p->cells_n + 1);
        for (int k = 0; k < p->cells_n; k++) cells[k] = str_dup(c->arena, p->cells[k]);
        for (int k = 0; k < plan->n; k++) cp[k] = str_dup(c->arena, p->cell_problems[k]);
        struct str *pr = arena_array(c->arena, struct str, p->problems.n + 1);
        for (int k = 0; k < p->problems.n; k++) pr[k] = str_dup(c->arena, p->problems.v[k]);
        p->cells = cells, p->cell_problems = cp, p->problems.v = pr;
    }
    struct import_preview_row *rows =
        arena_array(c->arena, struct import_preview_row, out->rows.n + 1);
    if (out->rows.n) memcpy(rows, out->rows.v, sizeof *rows * (size_t)out->rows.n);
    out->rows.v = rows;
    arena_free(a);
    return st;
}
