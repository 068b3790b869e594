/* Imports in slices: rows are read by a thread of its own while those before are written, and what
 * they leave for the index is folded by another. Called by jobs.c (server), cli.c (command) and the
 * preview page; calls core/exchange. */
#include "features/import/work.h"

#include "core/job/aside.h"
#include "core/search/search.h"
#include "features/duplicate/duplicate.h"
#include "features/import/import.h"
#include "features/merge/merge.h"
#include "features/party/party.h"
#include "features/purchase/purchase.h"
#include "lib/base/clock.h"
#include "lib/base/log.h"
#include "lib/locale/collate.h"

/* How long a transaction may hold the writer: at all, and when somebody else waits for it. */
enum { SLICE_US = 250000, SLICE_PG_US = 50000, YIELD_US = 10000 };
enum { BUSY_MAX = 50, FOLD_EACH = 8000, FOLD_ROWS = 4096 };

const struct exchange_shape *import_shape_of(struct str kind) {
    static const struct exchange_shape *const all[] = { &party_shape, &purchase_shape };
    for (int i = 0; i < COUNT(all); i++)
        if (str_eq_z(kind, all[i]->entity->name)) return all[i];
    return NULL;
}

bool import_is_of_clients(const struct import *imp) {
    return str_eq_z(imp->plan.kind, entity_party.name);
}

const char *import_files(struct app *app, struct arena *a) {
    return app_path(app, a, "files");
}

/* Tables that a converter made are UTF-8 with commas; cards and texts always have a header. */
enum status import_look_at(struct ctx *c, const struct exchange_shape *shape,
                           enum sheet_format format, const char *table, struct str charset,
                           char separator, enum import_header header, struct import_plan *out) {
    if (format != SHEET_CSV) {
        charset = S("UTF-8");
        separator = ',';
    }
    if (format == SHEET_VCARD || format == SHEET_TEXT) header = HEADER_YES;
    return import_look(c, shape, table, charset, separator, header, out);
}

enum status import_intake(struct app *app, struct ctx *c, struct intake *k,
                          const enum sheet_format *format, struct str charset, char separator) {
    k->from.format = format ? *format : SHEET_CSV;
    if (!format) TRY(sheet_look(c, k->file.path, k->file.name, &k->from.format));
    if (!entity_is(k->shape->entity, &entity_party)) { /* cards and chats are of people */
        if (k->from.format == SHEET_VCARD)
            return ctx_problem(c, S("file"), N_("Purchases come as a table: CSV or a workbook."));
        if (k->from.format == SHEET_TEXT) k->from.format = SHEET_CSV;
    }
    if (k->from.format != SHEET_XLSX) k->from.sheet = NO_STR;
    const struct sheet_source from = { k->file.path, k->file.sha256, k->from.sheet,
                                       k->from.format };
    TRY(sheet_table(c, app->box, app_path(app, c->arena, "tmp"), &from, &k->table, &k->faults));
    return import_look_at(c, k->shape, k->from.format, k->table, charset, separator, HEADER_GUESS,
                          &k->plan);
}

struct sheet_source import_source_of(struct app *app, struct arena *a, const struct import *imp) {
    return (struct sheet_source){ .path = filestore_path(a, import_files(app, a), imp->sha256),
                                  .sha256 = imp->sha256,
                                  .sheet = imp->sheet,
                                  .format = imp->format };
}

enum status import_table(struct app *app, struct ctx *c, const struct import *imp,
                         const char **path, struct sheet_faults *faults) {
    struct sheet_source from = import_source_of(app, c->arena, imp);
    return sheet_table(c, app->box, app_path(app, c->arena, "tmp"), &from, path, faults);
}

/* --- transactions --- */

static enum status open_piece(struct work *w, bool write, struct ctx **c) {
    w->piece = arena_new();
    enum status s =
        write ? db_write(w->app->db, w->piece, &w->tx) : db_read(w->app->db, w->piece, &w->tx);
    if (s == OK) {
        s = app_context(w->app, w->bench, w->piece, w->tx, DOOR_CLI, &w->ctx);
        if (s == OK && w->member) s = app_become(w->app, &w->ctx, w->member);
        if (s == OK) {
            if (!w->member) app_become_program(&w->ctx);
            *c = &w->ctx;
            return OK;
        }
        s = db_end(w->tx, s);
    }
    arena_free(w->piece);
    w->piece = NULL;
    return s;
}

enum status work_write(struct work *w, struct ctx **c) {
    enum status s = w->job ? job_begin(w->job, c) : open_piece(w, true, c);
    w->began_us = clock_mono_us();
    return s;
}

enum status work_read(struct work *w, struct ctx **c) {
    return w->job ? job_read(w->job, c) : open_piece(w, false, c);
}

enum status work_end(struct work *w, enum status how) {
    if (w->job) return job_end(w->job, how);
    enum status s = db_end(w->tx, how);
    arena_free(w->piece);
    w->piece = NULL;
    return s;
}

/* Rows that go in together share the pages that they touch: alone, the import takes longer
 * helpings. */
static bool enough(void *arg) {
    struct work *w = arg;
    int64_t held = clock_mono_us() - w->began_us;
    if (held < YIELD_US) return false;
    if (held > (db_is_pg(w->app->db) ? SLICE_PG_US : SLICE_US)) return true;
    return (w->job && job_stopping(w->job)) || db_writers_wait(w->app->db);
}

static struct import_pace pace_of(struct work *w) {
    return (struct import_pace){ enough, w };
}

static bool stopping(const struct work *w) {
    return w->job && job_stopping(w->job);
}

/* --- running --- */

struct reading { /* what its thread has while it reads */
    struct work work;
    struct import_run *run;
    struct ctx *c;
    struct collator *collator; /* its own, of this alphabet */
    char alphabet[16];
};
struct course { /* of one run */
    struct arena *arena;
    struct import_run *run;
    struct sheet_source from; /* its table goes when all is done */
    int64_t rows_n, folded_at;
    bool done, asked, clients; /* clients: the file brings some */
    struct reading reading;
    struct aside *reader, *folder;
};

static enum status read_aside(void *arg) {
    struct reading *r = arg;
    enum status s = import_run_read_next(r->run, r->c);
    enum status end = work_end(&r->work, OK);
    return s != OK ? s : end;
}

/* The context is made here, where the bench is, and used there. */
static enum status ask_rows(struct work *w, struct course *k) {
    struct reading *r = &k->reading;
    r->run = k->run;
    r->work = (struct work){ .app = w->app,
                             .bench = w->bench,
                             .member = w->job ? w->job->member : w->member };
    TRY(open_piece(&r->work, false, &r->c));
    if (!r->collator || !str_eq_z(r->c->firm.alphabet, r->alphabet)) {
        if (r->collator) collator_close(r->collator);
        snprintf(r->alphabet, sizeof r->alphabet, "%.*s", SF(r->c->firm.alphabet));
        r->collator = collator_open(r->alphabet);
    }
    r->c->collator = r->collator;
    k->asked = true;
    aside_ask(k->reader);
    return OK;
}

/* Ready rows, and others on their way. */
static enum status next_rows(struct work *w, struct course *k) {
    if (import_run_ready(k->run) || import_run_read_all(k->run)) return OK;
    if (!k->asked) TRY(ask_rows(w, k));
    k->asked = false;
    TRY(aside_wait(k->reader));
    import_run_take(k->run);
    return import_run_read_all(k->run) ? OK : ask_rows(w, k);
}

/* What a write leaves behind for the index is taken in before it becomes much: readers would have
 * to. */
static enum status fold_aside(void *arg) {
    struct db *db = arg;
    for (int folded = FOLD_ROWS; folded == FOLD_ROWS;) {
        struct arena *a = arena_new();
        enum status s = search_fold(db, a, FOLD_ROWS, &folded);
        arena_free(a);
        if (s == BUSY) return OK; /* later, or somebody else does */
        TRY(s);
    }
    return OK;
}

/* Beside the writing on SQLite; on PostgreSQL both would undo each other's transactions. */
static enum status fold(struct work *w, struct course *k) {
    int64_t rows = import_run_rows(k->run);
    if (rows - k->folded_at < FOLD_EACH && !k->done) return OK;
    k->folded_at = rows;
    TRY(aside_wait(k->folder));
    aside_ask(k->folder);
    return k->done || db_is_pg(w->app->db) ? aside_wait(k->folder) : OK;
}

static enum status open_run(struct work *w, int64_t id, struct course *k) {
    struct ctx *c;
    struct import imp;
    TRY(work_read(w, &c));
    enum status s = import_load(c, id, &imp);
    if (s == OK) {
        struct import kept = { .sha256 = str_dup(k->arena, imp.sha256),
                               .sheet = str_dup(k->arena, imp.sheet),
                               .format = imp.format };
        k->from = import_source_of(w->app, k->arena, &kept);
    }
    if (s == OK && str_eq_z(imp.state, "done")) s = CONFLICT;
    if (s == OK) {
        const char *path;
        k->clients = import_is_of_clients(&imp);
        k->rows_n = imp.rows_n;
        k->folded_at = imp.done_rows;
        s = import_table(w->app, c, &imp, &path, NULL);
        if (s == OK)
            s = import_run_open(k->arena, import_shape_of(imp.plan.kind), &imp, path, &k->run);
    }
    enum status end = work_end(w, OK);
    return s != OK ? s : end;
}

/* Who came with the file may be there already. Put into the queue with the last rows, so that a
 * command's import is looked at too: by the server that runs, or by the next one. */
static enum status look_after(struct ctx *c, const struct course *k) {
    int64_t run;
    TRY(merge_by_rules(c));
    return k->clients ? duplicate_ask(c, &run) : OK;
}

static enum status slice(struct work *w, struct course *k) {
    struct ctx *c;
    TRY(next_rows(w, k));
    for (int i = 0; i < BUSY_MAX; i++) {
        enum status s = work_write(w, &c);
        if (s == OK) c->app = w->app;
        if (s == OK) {
            s = import_run_slice(k->run, c, pace_of(w), &k->done);
            if (s == OK && k->done) s = look_after(c, k);
            s = work_end(w, s);
        }
        if (s != BUSY) return s;
        import_run_back(k->run);
        if (stopping(w)) return BUSY;
    }
    return BUSY;
}

static enum status run_all(struct work *w, int64_t id, struct course *k, work_told *told,
                           void *arg) {
    TRY(open_run(w, id, k));
    while (!k->done) {
        TRY(slice(w, k));
        if (told) told(arg, import_run_rows(k->run), k->rows_n);
        TRY(fold(w, k));
        if (!k->done && stopping(w)) return BUSY;
    }
    return OK;
}

static const char *reason(enum status s) {
    switch (s) {
    case DENIED: return N_("The member who began it may not do this any more.");
    case MISSING: return N_("The member who began it is no longer there.");
    case BROKEN: return N_("The file or the database could not be read.");
    default: return N_("The file cannot be imported like this.");
    }
}

static void write_failure(struct work *w, int64_t id, enum status why) {
    enum status s = BUSY;
    if (w->job) w->job->member = 0; /* the program writes it down: the member may be gone */
    for (int i = 0; i < BUSY_MAX && s == BUSY; i++) {
        struct ctx *c;
        s = work_write(w, &c);
        if (s == OK) s = work_end(w, import_set_state(c, id, "failed", str_of(reason(why))));
    }
    if (s != OK) log_warn("import %lld: its failure could not be written down", (long long)id);
}

enum status import_work(struct work *w, int64_t id, work_told *told, void *arg) {
    struct course k = { .arena = arena_new() };
    k.reader = aside_new(read_aside, &k.reading);
    k.folder = aside_new(fold_aside, w->app->db);
    enum status s = run_all(w, id, &k, told, arg);
    aside_free(k.reader);
    aside_free(k.folder);
    if (k.reading.collator) collator_close(k.reading.collator);
    import_run_close(k.run);
    if (s == OK || s == CONFLICT) sheet_drop(k.arena, app_path(w->app, k.arena, "tmp"), &k.from);
    arena_free(k.arena);
    if (s == CONFLICT) return OK; /* it is done already */
    bool tried_enough = !w->job || w->job->tries >= import_jobs[0].tries_max;
    if (s != OK && s != BUSY && s != STALE && (s != BROKEN || tried_enough))
        write_failure(w, id, s);
    return s;
}

/* --- trying --- */

static enum status read_rows(struct work *w, struct import_run *run) {
    struct ctx *c;
    if (import_run_ready(run) || import_run_read_all(run)) return OK;
    TRY(work_read(w, &c));
    enum status s = import_run_read(run, c);
    enum status end = work_end(w, OK);
    return s != OK ? s : end;
}

enum status import_trial(struct work *w, struct arena *a, const struct import *imp,
                         const char *path, int shown, int64_t limit, int ms, work_told *told,
                         void *arg, struct import_preview *out) {
    struct import_run *run;
    struct ctx *c;
    bool done = false;
    int64_t until = clock_mono_us() + (int64_t)ms * 1000;
    TRY(import_try_open(a, import_shape_of(imp->plan.kind), imp, path, shown, limit, &run));
    enum status s = OK;
    while (s == OK && !done && clock_mono_us() < until) {
        s = read_rows(w, run);
        if (s == OK) s = work_write(w, &c);
        if (s != OK) break;
        s = import_try_slice(run, c, pace_of(w), &done);
        enum status end = work_end(w, s == OK ? INVALID : s);
        if (s == OK && end != INVALID) s = end;
        if (s == OK && told) told(arg, import_run_rows(run), imp->rows_n);
    }
    if (s == OK) *out = *import_try_result(run);
    import_run_close(run);
    return s;
}
