/* GET /export says what there is; POST /export sends it as a ZIP, streamed. Routes: feature.c.
 * Calls whole.c. */
#include "features/export/pages.h"

#include "core/entity/list.h"
#include "features/export/pages.html.h"
#include "features/export/whole.h"
#include "features/party/party.h"
#include "lib/locale/number.h"
#include "lib/locale/zone.h"

enum { PIECE_BYTES = 64 << 10 };

SQL(export_counts,
    "SELECT (SELECT count(*) FROM party WHERE deleted_at IS NULL) AS clients, "
    "(SELECT count(*) FROM note WHERE deleted_at IS NULL) AS notes, "
    "(SELECT count(*) FROM attachment_version) AS files, "
    "(SELECT CAST(coalesce(sum(bytes), 0) AS BIGINT) FROM attachment_version) AS bytes");

static struct str size_show(struct ctx *c, int64_t bytes) {
    bool small = bytes < 10 << 20;
    struct tr_arg n = { .name = "n",
                        .value = number_show(c->arena, c->loc,
                                             small ? (bytes + 1023) / 1024
                                                   : (bytes + (1 << 19)) >> 20) };
    return tr_fill(c->arena, small ? T(c, N_("{n} kB")) : T(c, N_("{n} MB")), &n, 1);
}

enum status export_page(struct req *r) {
    struct ctx *c = &r->c;
    struct rows rows;
    TRY(db_query(c->tx, &export_counts, &rows));
    struct export_view v = { .clients = row_int(&rows, 0, "clients"),
                             .notes = row_int(&rows, 0, "notes"),
                             .files = row_int(&rows, 0, "files"),
                             .size = size_show(c, row_int(&rows, 0, "bytes")) };
    v.has_files = v.files > 0;
    r->narrow = true;
    return PAGE(r, T(c, N_("Take everything with you")), "settings", export_html, &v);
}

/* --- the stream --- */

struct everything {
    struct arena *arena;
    struct sink *sink;
    struct whole *whole;
};

static enum status next(void *of, struct buf *out, bool *more) {
    struct everything *e = of;
    size_t had = out->n;
    *more = true;
    while (*more && out->n - had < PIECE_BYTES) {
        TRY(whole_piece(e->whole, more));
        sink_take(e->sink, out);
    }
    return OK;
}

static void done(void *of) {
    struct everything *e = of;
    whole_close(e->whole);
    sink_free(e->sink);
    arena_free(e->arena);
}

void export_send_as(struct req *r, struct str name) {
    struct arena *a = r->c.arena;
    http_pairs_add(a, &r->headers, S("Content-Type"), S("application/zip"));
    http_pairs_add(a, &r->headers, S("Content-Disposition"),
                   str_printf(a, "attachment; filename=\"%.*s\"", SF(name)));
}

enum status export_everything(struct req *r) {
    struct ctx *c = &r->c;
    struct arena *a = arena_new();
    struct everything *e = arena_new_of(a, struct everything);
    e->arena = a;
    e->sink = sink_zip(a);
    e->whole = whole_open(r->app, c, e->sink);
    struct day today = zone_local(c->loc->zone, c->now_ms).day;
    export_send_as(
        r, str_printf(c->arena, "daftar-%04d-%02d-%02d.zip", today.year, today.month, today.day));
    r->raw = arena_new_of(c->arena, struct http_reply);
    *r->raw = (struct http_reply){ .stream = next, .stream_ctx = e, .stream_done = done };
    return OK;
}
