/* Running an import in slices, and trying one without a trace. Called by the import's job, pages
 * and command. Rows are read and understood outside the writer, by another thread if its caller
 * likes: one helping is read while the one before is written, and they share nothing but the plan.
 * A slice commits its rows and its progress together: killed at any moment, nothing is lost and
 * nothing comes twice. */
#include "core/exchange/import_row.h"

#include "core/entity/history.h"
#include "core/entity/order.h"
#include "core/entity/store.h"
#include "lib/text/charset.h"

enum { READY_ROWS = 1024, READY_BYTES = 8 << 20, CAREFUL_ROWS = 256, INDEX_BYTES = 16 << 20 };

/* done_rows as it was when the slice began: two runs of one import never both go on. */
SQL(import_progress,
    "UPDATE import SET state = :state, done_rows = :rows, done_bytes = :bytes, done_line = :line, "
    "created_n = :created, changed_n = :changed, skipped_n = :skipped, refused_n = :refused, "
    "twice_n = :twice, doubt_n = :doubts, batch = :batch, "
    "ended_at = :ended WHERE id = :id AND done_rows = :before AND state <> 'done'");
SQL(import_refuse, "INSERT INTO import_refused (import, line, cells, reasons) VALUES "
                   "(:import, :line, :cells, :reasons) ON CONFLICT DO NOTHING");

struct place { /* the last row that was done, and what came of all so far */
    int64_t rows, bytes, line, batch;
    int at; /* in the ready rows */
    struct import_counts counts;
};
struct helping { /* of rows, read in one go */
    struct arena *arena;
    struct import_ready *v;
    int n;
    bool last; /* the file has no more rows; error tells whether it is broken */
    struct csv_error error;
};
struct import_run {
    const struct exchange_shape *shape;
    struct arena *arena; /* of the run: plan, what a trial shows */
    int64_t id;
    struct str name;
    struct import_plan plan;
    /* Who reads has these alone: */
    FILE *file;
    struct charset_reader *charset;
    struct csv csv;
    struct arena *memo_arena, *scratch;
    struct map memo;
    bool read_all;
    struct helping *next;
    /* And who writes these: */
    struct helping *ready;
    struct place now, kept; /* kept: as it is in the database */
    bool ended;
    struct orders *own; /* what is remembered of the index, where rows are compared; else NULL */
    int new_n;          /* of the helping: rows that became records */
    /* Set while nobody reads: */
    bool ahead; /* rows are mostly new: what they leave in the index is worked out as they are read
                 */
    struct helping helpings[2];
    /* Rows are written without a savepoint each: it would cost more than the row. When one is
     * refused that had written something, its whole slice is taken back and the next rows have
     * savepoints: */
    int careful_n;
    bool tries; /* a trial: */
    int shown;
    int64_t limit;
    struct map seen;
    struct import_preview preview;
};

static struct import_plan plan_copy(struct arena *a, const struct import_plan *p) {
    struct import_plan copy = *p;
    copy.charset = str_dup(a, p->charset);
    copy.match = str_dup(a, p->match);
    copy.known = NO_STR;
    copy.v = arena_array(a, struct import_column, p->n + 1);
    for (int i = 0; i < p->n; i++)
        copy.v[i] = (struct import_column){ .header = str_dup(a, p->v[i].header),
                                            .to = str_dup(a, p->v[i].to),
                                            .kind = str_dup(a, p->v[i].kind),
                                            .how = p->v[i].how,
                                            .left_out = p->v[i].left_out };
    return copy;
}

/* Behind the header, or behind the last row that was done. */
static enum status open_file(struct import_run *r, const char *path) {
    struct csv_row row;
    r->file = fopen(path, "rb");
    if (!r->file) return BROKEN;
    r->charset = charset_reader_new(csv_from_file(r->file), str_z(r->arena, r->plan.charset));
    if (!r->charset) return BROKEN;
    csv_open(&r->csv, charset_reader_source(r->charset), r->plan.separator);
    if (r->now.rows && !csv_seek(&r->csv, r->now.bytes, r->now.line)) return BROKEN;
    if (r->now.rows || r->plan.has_header) r->read_all = csv_next(&r->csv, &row) != CSV_ROW;
    return OK;
}

enum status import_run_open(struct arena *a, const struct exchange_shape *shape,
                            const struct import *imp, const char *path, struct import_run **out) {
    struct import_run *r = calloc(1, sizeof *r);
    if (!r) BUG("out of memory");
    r->shape = shape;
    r->arena = a;
    r->id = imp->id;
    r->name = str_dup(a, imp->name);
    r->plan = plan_copy(a, &imp->plan);
    r->memo_arena = arena_new();
    r->memo = map_new(r->memo_arena);
    r->scratch = arena_new();
    r->ahead = true;
    if (r->plan.hold_doubts) r->own = orders_of_writer(INDEX_BYTES);
    r->ready = &r->helpings[0];
    r->next = &r->helpings[1];
    for (int i = 0; i < 2; i++) r->helpings[i].arena = arena_new();
    r->now =
        r->kept = (struct place){ imp->done_rows, imp->done_bytes, imp->done_line, imp->batch, 0,
                                  imp->counts };
    enum status st = open_file(r, path);
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
    for (int i = 0; i < 2; i++) arena_free(r->helpings[i].arena);
    arena_free(r->memo_arena);
    arena_free(r->scratch);
    orders_free(r->own);
    free(r);
}

const struct import_counts *import_run_counts(const struct import_run *r) {
    return &r->now.counts;
}

int64_t import_run_rows(const struct import_run *r) {
    return r->now.rows;
}

int import_run_ready(const struct import_run *r) {
    return r->ready->n - r->now.at;
}

bool import_run_read_all(const struct import_run *r) {
    return r->ready->last;
}

void import_run_back(struct import_run *r) {
    r->now = r->kept;
    r->ended = false;
    search_memory_forget(orders_memory(r->own));
}

/* --- reading: outside the writer --- */

enum status import_run_read_next(struct import_run *r, struct ctx *c) {
    struct ctx own = *c;
    struct helping *h = r->next;
    const struct store_ahead *like = NULL;
    arena_reset(h->arena);
    own.arena = h->arena;
    own.titles = (struct map){ 0 };
    own.problems = (struct problems){ 0 };
    h->v = arena_array(h->arena, struct import_ready, READY_ROWS);
    h->n = 0;
    while (!r->read_all && h->n < READY_ROWS && arena_used(h->arena) < READY_BYTES) {
        struct csv_row row;
        struct import_ready *one = &h->v[h->n];
        if (csv_next(&r->csv, &row) != CSV_ROW) {
            r->read_all = true;
            break;
        }
        TRY(import_row_read(&own, r->shape, &r->plan, &row, &r->memo, one));
        if (r->ahead) {
            one->ahead = like;
            TRY(import_row_ahead(&own, r->shape, r->scratch, one));
            if (one->ahead) like = one->ahead;
        }
        own.titles = (struct map){ 0 };
        h->n++;
    }
    h->last = r->read_all;
    h->error = r->csv.error;
    return OK;
}

void import_run_take(struct import_run *r) {
    struct helping *done = r->ready;
    if (done->n) r->ahead = r->new_n * 2 >= done->n;
    r->new_n = 0;
    r->ready = r->next;
    r->next = done;
    r->now.at = r->kept.at = 0;
}

enum status import_run_read(struct import_run *r, struct ctx *c) {
    TRY(import_run_read_next(r, c));
    import_run_take(r);
    return OK;
}

/* --- running --- */

static enum status refuse(struct import_run *r, struct ctx *c, const struct csv_row *in,
                          const struct import_row_result *res) {
    return db_run(c->tx, &import_refuse, P("import", r->id), P("line", in->line),
                  P("cells", import_cells_json(c, in->cells, in->cells_n)),
                  P("reasons", import_reasons_json(c, &r->plan, res)));
}

static void forget(struct ctx *c, struct arena_mark m) {
    c->titles = (struct map){ 0 };
    c->problems = (struct problems){ 0 };
    arena_back(c->arena, m);
}

static enum status one_row(struct import_run *r, struct ctx *c, const struct import_ready *in) {
    struct import_row_result res;
    struct arena_mark m = arena_mark(c->arena);
    bool careful = r->careful_n > 0;
    int64_t written = db_written(c->tx);
    if (careful) TRY(search_mark(c->tx, orders_memory(r->own)));
    if (careful) TRY(db_savepoint(c->tx));
    TRY(import_row_keep(c, r->shape, &r->plan, in, NULL, false, &res));
    if (careful) TRY(db_savepoint_end(c->tx, res.outcome != IMPORT_REFUSED));
    if (careful && res.outcome == IMPORT_REFUSED) search_memory_back(orders_memory(r->own));
    if (!careful && res.outcome == IMPORT_REFUSED && db_written(c->tx) != written) {
        r->careful_n = r->now.at - r->kept.at + CAREFUL_ROWS;
        return BUSY;
    }
    if (careful) r->careful_n--;
    if (res.outcome == IMPORT_REFUSED) {
        c->batch = r->now.batch; /* a batch that the refused row began is gone with it */
        TRY(refuse(r, c, &in->in, &res));
    }
    r->now.batch = c->batch;
    r->now.counts.n[res.outcome]++;
    r->new_n += res.outcome == IMPORT_CREATED;
    r->now.counts.twice += res.twice;
    r->now.counts.doubts += res.doubt != 0;
    r->now.rows++;
    r->now.bytes = in->in.offset;
    r->now.line = in->in.line;
    forget(c, m);
    return OK;
}

/* A broken rest of the file is one refused row that says where. */
static enum status bad_end(struct import_run *r, struct ctx *c) {
    struct import_row_result res = { .problems = {
                                         (struct str[]){ import_fault(c, &r->ready->error) }, 1 } };
    struct csv_row in = { .line = r->ready->error.line };
    r->now.counts.n[IMPORT_REFUSED]++;
    return refuse(r, c, &in, &res);
}

static enum status write_progress(struct import_run *r, struct ctx *c) {
    struct import_counts *n = &r->now.counts;
    TRY(db_run(c->tx, &import_progress, P("id", r->id), P("before", r->kept.rows),
               P("state", r->ended ? "done" : "running"), P("rows", r->now.rows),
               P("bytes", r->now.bytes), P("line", r->now.line), P("created", n->n[IMPORT_CREATED]),
               P("changed", n->n[IMPORT_CHANGED]), P("skipped", n->n[IMPORT_SKIPPED]),
               P("refused", n->n[IMPORT_REFUSED]), P("twice", n->twice), P("doubts", n->doubts),
               r->now.batch ? param_int("batch", r->now.batch) : param_null("batch"),
               r->ended ? param_int("ended", c->now_ms) : param_null("ended")));
    return db_changed(c->tx) == 1 ? OK : STALE;
}

enum status import_run_slice(struct import_run *r, struct ctx *c, struct import_pace pace,
                             bool *done) {
    if (import_run_ready(r) == 0 && !r->ready->last) BUG("a slice without rows: read first");
    r->kept = r->now;
    if (r->own) c->orders = r->own;
    c->door = DOOR_IMPORT;
    c->batch = r->now.batch;
    c->batch_import = r->id;
    c->batch_title = r->name;
    while (import_run_ready(r) && (r->now.at == r->kept.at || !pace.enough(pace.arg))) {
        TRY(one_row(r, c, &r->ready->v[r->now.at]));
        r->now.at++;
    }
    r->ended = r->ready->last && import_run_ready(r) == 0;
    if (r->ended && r->ready->error.fault != CSV_FINE) TRY(bad_end(r, c));
    *done = r->ended;
    return write_progress(r, c);
}

/* --- trying --- */

enum status import_try_open(struct arena *a, const struct exchange_shape *shape,
                            const struct import *imp, const char *path, int shown, int64_t limit,
                            struct import_run **out) {
    TRY(import_run_open(a, shape, imp, path, out));
    struct import_run *r = *out;
    r->now = r->kept = (struct place){ .rows = 0 };
    r->tries = true;
    if (!r->own) r->own = orders_of_writer(INDEX_BYTES);
    r->ahead = false;
    r->shown = shown;
    r->limit = limit;
    r->seen = map_new(a);
    r->preview.rows.v = arena_array(a, struct import_preview_row, shown + 1);
    return OK;
}

static struct str *copies(struct arena *a, const struct str *v, int n) {
    struct str *to = arena_array(a, struct str, n + 1);
    for (int i = 0; i < n; i++) to[i] = str_dup(a, v[i]);
    return to;
}

static void show(struct import_run *r, const struct import_ready *in,
                 const struct import_row_result *res) {
    struct arena *a = r->arena;
    if (r->preview.rows.n == r->shown) return;
    r->preview.rows.v[r->preview.rows.n++] = (struct import_preview_row){
        .line = in->in.line,
        .outcome = res->outcome,
        .twice = res->twice,
        .title = str_dup(a, res->title),
        .names = str_dup(a, in->names),
        .cells = copies(a, in->in.cells, in->in.cells_n),
        .cells_n = in->in.cells_n,
        .problems = { copies(a, res->problems.v, res->problems.n), res->problems.n },
        .cell_problems = copies(a, res->cell_problems, r->plan.n),
        .doubt = res->doubt,
        .doubt_words = str_dup(a, res->doubt_words),
    };
}

enum status import_try_slice(struct import_run *r, struct ctx *c, struct import_pace pace,
                             bool *done) {
    int first = r->now.at;
    if (import_run_ready(r) == 0 && !r->ready->last) BUG("a slice without rows: read first");
    search_memory_forget(orders_memory(r->own)); /* the slice before was taken back */
    c->orders = r->own;
    while (import_run_ready(r) && r->now.rows < r->limit &&
           (r->now.at == first || !pace.enough(pace.arg))) {
        const struct import_ready *in = &r->ready->v[r->now.at];
        struct import_row_result res;
        struct arena_mark m = arena_mark(c->arena);
        bool compares = r->plan.hold_doubts || r->preview.rows.n < r->shown;
        if (compares) TRY(search_mark(c->tx, orders_memory(r->own)));
        TRY(db_savepoint(c->tx));
        TRY(import_row_keep(c, r->shape, &r->plan, in, &r->seen, compares, &res));
        TRY(db_savepoint_end(c->tx, false));
        if (compares) search_memory_back(orders_memory(r->own));
        c->batch = 0;
        r->now.counts.n[res.outcome]++;
        r->now.counts.twice += res.twice;
        r->now.counts.doubts += res.doubt != 0;
        r->preview.compared += compares;
        show(r, in, &res);
        r->now.rows++;
        r->now.at++;
        r->preview.split |= in->names.n > 0;
        forget(c, m);
    }
    r->preview.whole = r->ready->last && import_run_ready(r) == 0;
    r->preview.tried = r->now.rows;
    *done = r->preview.whole || r->now.rows >= r->limit;
    return OK;
}

const struct import_preview *import_try_result(struct import_run *r) {
    r->preview.counts = r->now.counts;
    return &r->preview;
}
