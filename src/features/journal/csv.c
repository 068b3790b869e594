/* GET /journal.csv: the journal as the filters say, line by line, streamed. Routes: feature.c.
 * Calls core/web/journal_look.h and lib/text/csv. */
#include "core/web/journal.h"
#include "features/journal/pages.h"
#include "features/party/party.h"
#include "lib/locale/zone.h"
#include "lib/text/csv.h"

enum { PIECE = 500 };

struct journal_stream {
    struct arena *arena;
    struct app *app;
    struct ctx as;
    struct locale loc;
    struct look_query q;
    bool begun;
    int64_t lines_n;
};

static void cell(struct buf *b, struct str s, bool last) {
    csv_write_cell(b, s, ',', 0);
    buf_add_z(b, last ? "\r\n" : ",");
}

static struct str iso(struct arena *a, int64_t ms) {
    struct local_time t = zone_local(NULL, ms);
    return str_printf(a, "%04d-%02d-%02dT%02d:%02d:%02dZ", t.day.year, t.day.month, t.day.day,
                      t.hour, t.minute, t.second);
}

static void row(struct ctx *c, const struct journal_names *m, const struct look_run *x,
                struct buf *out) {
    static const char *const kinds[LOOK_KINDS_N] = { [LOOK_OPENED] = "opened",
                                                     [LOOK_LISTED] = "listed",
                                                     [LOOK_LEFT] = "exported",
                                                     [LOOK_EXPORT] = "exported",
                                                     [LOOK_EVENT] = "event" };
    bool client = str_eq_z(x->what, "party") && x->ids_n;
    cell(out, iso(c->arena, x->last_ms), false);
    cell(out, str_printf(c->arena, "%lld", (long long)x->member), false);
    cell(out, journal_name(c, m, x->member), false);
    cell(out, str_of(door_code(x->door)), false);
    cell(out, str_of(kinds[x->kind]), false);
    cell(out, x->what, false);
    cell(out, str_printf(c->arena, "%lld", (long long)(x->ids_n ? x->ids[0] : x->n)), false);
    cell(out, client ? entity_title(c, &entity_party, x->ids[0]) : NO_STR, false);
    cell(out, x->address, false);
    cell(out, x->bulk ? S("1") : NO_STR, true);
}

static enum status rows(struct ctx *c, const struct look_runs *runs, struct buf *out) {
    struct journal_names m;
    int64_t ids[PIECE];
    int n = 0;
    for (int i = 0; i < runs->n; i++)
        if (runs->v[i].ids_n && str_eq_z(runs->v[i].what, "party")) ids[n++] = runs->v[i].ids[0];
    if (n) TRY(entity_titles(c, &entity_party, ids, n));
    TRY(journal_names(c, &m));
    for (int i = 0; i < runs->n; i++) row(c, &m, &runs->v[i], out);
    return OK;
}

static enum status piece(struct journal_stream *s, struct ctx *c, struct look_runs *runs,
                         struct buf *out) {
    struct journal_look *l;
    journal_settle(s->app->journal);
    TRY(journal_look_open(c->arena, app_path(s->app, c->arena, "journal"), &l));
    enum status st = journal_look_runs(c->arena, l, &s->q, runs);
    journal_look_close(l);
    if (st == OK && !s->begun)
        buf_add_z(out, "\xef\xbb\xbftime,member,name,door,how,what,id,client,address,bulk\r\n");
    return st == OK ? rows(c, runs, out) : st;
}

static enum status next(void *of, struct buf *out, bool *more) {
    struct journal_stream *s = of;
    struct arena *a = arena_new();
    struct ctx c = s->as;
    struct look_runs runs;
    size_t had = out->n;
    c.arena = a;
    enum status st = db_read(s->app->db, a, &c.tx);
    if (st == OK) st = db_end(c.tx, piece(s, &c, &runs, out));
    if (st == OK) {
        s->begun = true;
        s->lines_n += runs.n;
        s->q.before = runs.next;
        *more = runs.next != 0;
        if (!*more) journal_export(s->app, &s->as, "journal", s->lines_n);
    } else {
        out->n = had;
    }
    arena_free(a);
    return st;
}

static void done(void *of) {
    struct journal_stream *s = of;
    arena_free(s->arena);
}

enum status journal_csv(struct req *r) {
    struct ctx *c = &r->c;
    struct journal_asked k;
    TRY(journal_asked(r, &k));
    struct arena *a = arena_new();
    struct journal_stream *s = arena_new_of(a, struct journal_stream);
    *s = (struct journal_stream){ .arena = a, .app = r->app, .loc = *c->loc, .q = k.q };
    s->q.apart = true;
    int64_t *files = arena_array(a, int64_t, k.q.files_n + 1); /* outlive the request */
    for (int i = 0; i < k.q.files_n; i++) files[i] = k.q.files[i];
    s->q.files = files;
    s->q.before = 0;
    s->q.limit = PIECE;
    s->as = (struct ctx){ .loc = &s->loc, .who = c->who, .door = c->door, .now_ms = c->now_ms };
    s->as.who.name = s->as.who.email = NO_STR;
    struct day today = zone_local(c->loc->zone, c->now_ms).day;
    http_pairs_add(c->arena, &r->headers, S("Content-Type"), S("text/csv; charset=utf-8"));
    http_pairs_add(c->arena, &r->headers, S("Content-Disposition"),
                   str_printf(c->arena, "attachment; filename=\"journal-%04d-%02d-%02d.csv\"",
                              today.year, today.month, today.day));
    r->raw = arena_new_of(c->arena, struct http_reply);
    *r->raw = (struct http_reply){ .stream = next, .stream_ctx = s, .stream_done = done };
    return OK;
}
