/* An import that runs or has ended: progress, result, refused rows, the source file, undo. Routes:
 * feature.c. Calls core/exchange, core/job and the history. */
#include "features/import/pages.h"

#include "core/entity/history.h"
#include "core/job/job.h"
#include "core/web/journal.h"
#include "features/client/client.h"
#include "features/import/export.h"
#include "features/import/work.h"
#include "features/party/party.h"
#include "lib/locale/date.h"
#include "lib/locale/zone.h"
#include "lib/text/json.h"

enum { MADE_SHOWN = 20, REFUSED_ROWS = 500 };

SQL(undo_all_n, "SELECT count(*) AS n FROM change WHERE batch = :batch");
SQL(undo_place, "SELECT value FROM meta WHERE key = :key");
SQL(undo_left_n, "SELECT count(*) AS n FROM change WHERE batch = :batch AND id < :below");

/* --- progress --- */

static bool is_state(const struct import *imp, const char *state) {
    return str_eq_z(imp->state, state);
}

static enum status undo_progress(struct ctx *c, const struct import *imp, struct progress_view *v) {
    struct rows r;
    struct str first;
    int64_t below;
    TRY(db_query(c->tx, &undo_all_n, &r, P("batch", imp->batch)));
    v->all = row_int(&r, 0, "n");
    TRY(db_query(c->tx, &undo_place, &r,
                 P("key", str_printf(c->arena, "undo %lld", (long long)imp->batch))));
    if (r.n == 0) return OK;
    struct str rest = row_str(&r, 0, "value");
    if (!str_cut(&rest, ' ', &first) || !str_to_i64(first, &below)) return BROKEN;
    TRY(db_query(c->tx, &undo_left_n, &r, P("batch", imp->batch), P("below", below)));
    v->done = v->all - row_int(&r, 0, "n");
    return OK;
}

/* *runs: there is something to wait for. */
static enum status progress_of(struct ctx *c, const struct import *imp, struct progress_view *v,
                               bool *runs) {
    bool at_work, undoing;
    *v = (struct progress_view){ .id = imp->id,
                                 .done = imp->done_rows,
                                 .all = imp->rows_n,
                                 .name = imp->name,
                                 .heading = import_heading(&imp->plan),
                                 .tally = tally_of(&imp->counts) };
    TRY(import_at_work(c, "import", imp->id, &at_work));
    TRY(import_at_work(c, "undo", imp->id, &undoing));
    *runs = is_state(imp, "waiting") || is_state(imp, "running");
    v->stands = *runs && !at_work;
    if (undoing) {
        v->undo = *runs = true;
        TRY(undo_progress(c, imp, v));
    }
    if (v->all < v->done) v->all = v->done;
    if (v->all < 1) v->all = 1;
    v->percent = (int)(v->done * 100 / v->all);
    return OK;
}

enum status import_progress(struct req *r) {
    struct import imp;
    struct progress_view v;
    bool runs;
    TRY(import_of(r, &r->c, &imp));
    TRY(progress_of(&r->c, &imp, &v, &runs));
    if (!runs || !req_wants_fragment(r))
        return go(r, url_printf(r->c.arena, "/import/%lld", (long long)imp.id));
    part_progress(page_begin(r), &v);
    return fragment_end(r);
}

/* --- result --- */

static enum status show_obstacles(struct ctx *c, const struct import *imp, struct result_view *v) {
    struct json *j;
    struct str why;
    if (!str_starts(imp->problem, S("{"))) return OK;
    if (json_parse(c->arena, imp->problem, &j, &why) != OK) return BROKEN;
    const struct json *all = json_get(j, S("obstacles"));
    v->obstacles.v = arena_array(c->arena, struct obstacle_view, json_n(all) + 1);
    for (; v->obstacles.n < json_n(all); v->obstacles.n++) {
        const struct json *o = json_at(all, v->obstacles.n);
        v->obstacles.v[v->obstacles.n] = (struct obstacle_view){
            .to =
                url_printf(c->arena, "/clients/%lld", (long long)json_int(json_get(o, S("party")))),
            .name = json_str(json_get(o, S("name"))),
            .field = json_str(json_get(o, S("field"))),
            .who = json_str(json_get(o, S("who"))),
            .when =
                instant_show(c->arena, c->loc, json_int(json_get(o, S("at"))), INSTANT_RELATIVE),
        };
    }
    v->obstacles_more = json_int(json_get(j, S("total"))) > v->obstacles.n;
    return OK;
}

static enum status show_made(struct ctx *c, const struct import *imp, struct result_view *v) {
    static const char *const what[] = { N_("came in"), N_("was changed"), N_("was deleted"),
                                        N_("came back") };
    struct history_list h;
    if (!imp->batch || imp->undone_by) return OK;
    TRY(history_read(c, 0, imp->batch, 0, MADE_SHOWN, &h));
    v->made.v = arena_array(c->arena, struct made_view, h.n + 1);
    for (int i = 0; i < h.n; i++) {
        const struct entity *e = import_shape_of(imp->plan.kind)->entity;
        bool client = e == &entity_party;
        if (!entity_is(h.v[i].entity, e)) continue;
        struct str whose = client ? NO_STR : entity_title(c, &entity_party, h.v[i].party);
        v->made.v[v->made.n++] = (struct made_view){
            .to = client ? url_printf(c->arena, "/clients/%lld", (long long)h.v[i].row_id)
                         : url_printf(c->arena, "/clients/%lld/purchases", (long long)h.v[i].party),
            .name = client ? h.v[i].name
                           : str_printf(c->arena, "%.*s: %.*s", SF(whose), SF(h.v[i].name)),
            .what = what[h.v[i].action],
        };
    }
    return OK;
}

static enum status result_show(struct req *r, const struct import *imp) {
    struct ctx *c = &r->c;
    struct result_view v = {
        .id = imp->id,
        .written = imp->counts.n[IMPORT_CREATED] + imp->counts.n[IMPORT_CHANGED],
        .name = imp->name,
        .heading = import_heading(&imp->plan),
        .clients = import_is_of_clients(imp),
        .size = size_show(r, imp->bytes),
        .charset = imp->plan.charset,
        .separator = separator_name(r, imp->plan.separator),
        .source = imp->format == SHEET_CSV ? "" : format_name(imp->format),
        .twice = imp->counts.twice,
        .doubts = imp->counts.doubts,
        .sha256 = imp->sha256,
        .who = imp->who,
        .when =
            instant_show(c->arena, c->loc, imp->ended_at ? imp->ended_at : imp->at, INSTANT_SHORT),
        .undone = imp->undone_by != 0,
        .failed = is_state(imp, "failed"),
        .can_undo = imp->batch && !imp->undone_by,
        .tally = tally_of(&imp->counts),
    };
    v.problem = v.failed ? str_z(c->arena, imp->problem) : "";
    TRY(show_obstacles(c, imp, &v));
    TRY(show_made(c, imp, &v));
    return PAGE(r, T(c, v.heading), "import", page_result, &v);
}

enum status import_show(struct req *r) {
    struct import imp;
    struct progress_view v;
    bool runs;
    TRY(import_of(r, &r->c, &imp));
    if (is_state(&imp, "plan")) return columns_show(r, &imp);
    TRY(progress_of(&r->c, &imp, &v, &runs));
    if (runs) return PAGE(r, T(&r->c, v.heading), "import", page_progress, &v);
    return result_show(r, &imp);
}

/* --- acting --- */

static enum status enqueue(struct ctx *c, const char *kind, int64_t id) {
    int64_t job;
    struct str argument = str_printf(c->arena, "{\"import\":%lld}", (long long)id);
    return job_enqueue(c, kind, argument, str_printf(c->arena, "%s %lld", kind, (long long)id), 0,
                       &job);
}

enum status import_start(struct req *r) {
    struct ctx *c = &r->c;
    struct import imp;
    TRY(import_of(r, c, &imp));
    if (is_state(&imp, "plan")) TRY(import_mapping_keep(c, &imp.plan));
    if (!is_state(&imp, "done") && !imp.undone_by) {
        TRY(import_set_state(c, imp.id, "waiting", NO_STR));
        TRY(enqueue(c, "import", imp.id));
    }
    return go(r, url_printf(c->arena, "/import/%lld", (long long)imp.id));
}

enum status import_undo(struct req *r) {
    struct ctx *c = &r->c;
    struct import imp;
    bool runs;
    TRY(import_of(r, c, &imp));
    TRY(import_at_work(c, "import", imp.id, &runs));
    if (runs) return ctx_problem(c, NO_STR, N_("It still runs. Wait until it has ended."));
    if (imp.batch && !imp.undone_by) {
        TRY(import_set_problem(c, imp.id, NO_STR));
        TRY(enqueue(c, "undo", imp.id));
    }
    return go(r, url_printf(c->arena, "/import/%lld", (long long)imp.id));
}

/* --- files --- */

enum status import_source(struct req *r) {
    struct import imp;
    TRY(import_of(r, &r->c, &imp));
    r->raw = arena_new_of(r->c.arena, struct http_reply);
    r->raw->file = import_path(r, &imp);
    send_as(r, imp.name);
    return OK;
}

struct refused_stream { /* may be as long as the file was */
    struct arena *arena;
    struct app *app;
    struct ctx as;
    struct locale loc;
    int64_t id, after;
};

static enum status refused_rows(struct refused_stream *s, struct ctx *c, struct buf *out,
                                bool *more) {
    TRY(app_own(s->app, c->tx, &c->own));
    if (s->after < 0) buf_add_z(out, "\xef\xbb\xbf");
    return import_refused_csv(c, s->id, export_separator(&s->loc), &s->after, REFUSED_ROWS, out,
                              more);
}

static enum status refused_piece(void *of, struct buf *out, bool *more) {
    struct refused_stream *s = of;
    struct arena *a = arena_new();
    struct ctx c = s->as;
    size_t had = out->n;
    c.arena = a;
    enum status st = db_read(s->app->db, a, &c.tx);
    if (st == OK) st = db_end(c.tx, refused_rows(s, &c, out, more));
    if (st != OK) out->n = had;
    arena_free(a);
    return st;
}

static void refused_done(void *of) {
    struct refused_stream *s = of;
    arena_free(s->arena);
}

enum status import_refused(struct req *r) {
    struct ctx *c = &r->c;
    struct import imp;
    TRY(import_of(r, c, &imp));
    send_as(r, str_printf(c->arena, "refused-%.*s", SF(imp.name)));
    struct arena *a = arena_new();
    struct refused_stream *s = arena_new_of(a, struct refused_stream);
    *s = (struct refused_stream){
        .arena = a, .app = r->app, .loc = *c->loc, .id = imp.id, .after = -1
    };
    s->as = (struct ctx){ .loc = &s->loc, .who = c->who, .now_ms = c->now_ms };
    s->as.who.name = s->as.who.email = NO_STR;
    r->raw = arena_new_of(c->arena, struct http_reply);
    *r->raw = (struct http_reply){ .stream = refused_piece,
                                   .stream_ctx = s,
                                   .stream_done = refused_done };
    return OK;
}

/* --- /clients/export --- */

static enum status next_piece(void *of, struct buf *out, bool *more) {
    return export_piece(of, out, more);
}

static void export_done(void *of) {
    export_close(of);
}

enum status clients_export(struct req *r) {
    struct ctx *c = &r->c;
    struct list_query q;
    int64_t total;
    struct str code = req_query(r, "format");
    const struct export_format *format = code.n ? export_format_of(code) : &export_csv;
    struct str version = req_query(r, "version");
    if (!format) return MALFORMED;
    if (str_eq_z(version, "3") && format == &export_vcard)
        format = &export_vcard3;
    else if (version.n && !(str_eq_z(version, "4") && format == &export_vcard))
        return MALFORMED;
    TRY(client_query(r, "format version", &q));
    TRY(list_count(c, &q, &total));
    struct day today = zone_local(c->loc->zone, c->now_ms).day;
    send_as(r, str_printf(c->arena, "clients-%04d-%02d-%02d.%s", today.year, today.month, today.day,
                          format->ending));
    r->headers.v[r->headers.n - 1].value = str_of(format->type);
    r->raw = arena_new_of(c->arena, struct http_reply);
    r->raw->stream = next_piece;
    r->raw->stream_done = export_done;
    r->raw->stream_ctx = export_open(r->app, c, &q, format, export_separator(c->loc), true);
    return OK;
}
