/* Exports of clients, streamed (export.h), and the command export. Called by the page
 * /clients/export and by app/cli.c; calls core/entity/list and the formats of export_format.c. */
#include "features/import/export.h"

#include <errno.h>

#include "core/ask/run.h"
#include "core/web/journal.h"
#include "features/import/work.h"
#include "features/party/party.h"

enum { PIECE_ROWS = 500, BUSY_MAX = 5 };

struct export_stream {
    struct arena *arena;
    struct ctx as; /* who reads, in which language; without a transaction */
    struct locale loc;
    struct list_query q;
    const struct export_format *format;
    struct export_work work;
    bool begun, ended;
    int64_t after;
};

struct export_stream *export_open(struct app *app, const struct ctx *c, const struct list_query *q,
                                  const struct export_format *format, char separator, bool bom) {
    struct arena *a = arena_new();
    struct export_stream *e = arena_new_of(a, struct export_stream);
    *e = (struct export_stream){ .arena = a, .loc = *c->loc, .q = *q, .format = format };
    e->work = (struct export_work){ .arena = a,
                                    .app = app,
                                    .shape = import_shape_of(str_of(q->entity->name)),
                                    .loc = &e->loc,
                                    .separator = separator,
                                    .bom = bom };
    e->as = (struct ctx){
        .loc = &e->loc, .firm = c->firm, .who = c->who, .door = c->door, .now_ms = c->now_ms
    };
    struct str *texts[] = { &e->as.firm.name, &e->as.firm.alphabet, &e->as.firm.currency,
                            &e->as.firm.zone, &e->as.firm.language, &e->as.who.name,
                            &e->as.who.email, &e->q.search };
    for (int i = 0; i < COUNT(texts); i++) *texts[i] = str_dup(a, *texts[i]);
    for (int i = 0; i < q->filters_n; i++)
        e->q.filters[i] = (struct list_filter){ str_dup(a, q->filters[i].field),
                                                str_dup(a, q->filters[i].value) };
    if (q->within && c->door != DOOR_CLI) /* a request's question goes with its arena */
        e->q.within = ask_within_line(a, str_dup(a, q->within->text), LANG_N);
    e->q.sort = e->q.after = e->q.before = e->q.letter = e->q.view = NO_STR;
    e->q.only = arena_array(a, int64_t, q->only_n + 1);
    for (int i = 0; i < q->only_n; i++) e->q.only[i] = q->only[i];
    return e;
}

void export_close(struct export_stream *e) {
    if (!e) return;
    if (e->format->close) e->format->close(&e->work);
    arena_free(e->arena);
}

/* Whose data left: of purchases, the clients who bought. */
static void note_left(struct export_stream *e, struct ctx *c, const void *rows, int n) {
    const struct entity *entity = e->q.entity;
    const char *owner = e->work.shape->owner;
    int64_t *ids = arena_array(c->arena, int64_t, n + 1);
    int ids_n = 0;
    for (int i = 0; i < n; i++) {
        const void *row = (const char *)rows + entity->size * (size_t)i;
        int64_t id =
            owner ? field_get(entity_field(entity, str_of(owner)), row).i : row_head_of(row)->id;
        if (!ids_n || ids[ids_n - 1] != id) ids[ids_n++] = id;
    }
    journal_left(e->work.app, c, "party", ids, ids_n);
}

static enum status piece(struct export_stream *e, struct ctx *c, int64_t *after, struct buf *out,
                         int *n, int *read_n) {
    int64_t *ids = arena_array(c->arena, int64_t, PIECE_ROWS);
    void *rows;
    int ids_n;
    *after = e->after;
    *n = 0;
    if (!e->begun) TRY(app_own(e->work.app, c->tx, &e->as.own));
    c->own = e->as.own;
    if (!e->begun && e->format->begin) TRY(e->format->begin(&e->work, c, out));
    e->begun = true;
    TRY(list_walk(c, &e->q, after, ids, PIECE_ROWS, &ids_n));
    TRY(store_load_all(c, e->q.entity, ids, ids_n, &rows, n));
    TRY(e->format->rows(&e->work, c, rows, *n, out));
    note_left(e, c, rows, *n);
    *read_n = ids_n;
    return OK;
}

/* After the transaction: what was read stays read. */
static enum status went_on(struct export_stream *e, struct buf *out, size_t from, int n,
                           bool *more) {
    e->work.rows_n += n;
    if (e->format->keep) TRY(e->format->keep(&e->work, out, from));
    if (!e->ended) return OK;
    journal_export(e->work.app, &e->as, e->q.entity->name, e->work.rows_n);
    return e->format->end ? e->format->end(&e->work, out, more) : OK;
}

enum status export_piece(struct export_stream *e, struct buf *out, bool *more) {
    enum status s = BUSY;
    if (e->ended) return e->format->end(&e->work, out, more);
    for (int i = 0; s == BUSY && i < BUSY_MAX; i++) {
        struct arena *a = arena_new();
        struct ctx c = e->as;
        size_t had = out->n;
        bool begun = e->begun;
        int64_t after;
        int n = 0, read_n = 0;
        c.arena = a;
        s = db_read(e->work.app->db, a, &c.tx);
        if (s == OK) s = db_end(c.tx, piece(e, &c, &after, out, &n, &read_n));
        arena_free(a);
        if (s == OK) {
            e->after = after;
            *more = read_n > 0;
            e->ended = read_n == 0;
            return went_on(e, out, had, n, more);
        }
        out->n = had;
        e->begun = begun;
    }
    return s;
}

/* --- the command --- */

static enum status check(struct ctx *c, void *arg) {
    int64_t total;
    return list_count(c, arg, &total);
}

static enum status write_all(struct cli *cli, struct export_stream *e, FILE *to) {
    struct buf b = { .n = 0 };
    bool more = true;
    enum status s = OK;
    while (s == OK && more) {
        b.n = 0;
        s = export_piece(e, &b, &more);
        if (s == OK && b.n && fwrite(b.p, 1, b.n, to) != b.n)
            s = cli_say(cli, BROKEN, "cannot write the output: %s", strerror(errno));
    }
    buf_free(&b);
    return s;
}

static enum status read_kind(struct cli *cli, const struct entity **out) {
    const char *given = cli_get(cli, "--kind");
    const struct exchange_shape *shape = given ? import_shape_of(str_of(given)) : &party_shape;
    if (!shape) return cli_say(cli, MALFORMED, "--kind is party or purchase");
    *out = shape->entity;
    return OK;
}

static enum status read_format(struct cli *cli, const struct export_format **format,
                               char *separator) {
    const char *name = cli_get(cli, "--format"), *sep = cli_get(cli, "--separator");
    *format = export_format_of(str_of(name));
    *separator = !sep ? ',' : strcmp(sep, "tab") == 0 ? '\t' : sep[0];
    if (!*format) return cli_say(cli, MALFORMED, "--format is csv, xlsx, json, vcard or vcard3");
    if (sep && strcmp(sep, "tab") != 0 && (!*sep || sep[1] || !strchr(",;|\t", *sep)))
        return cli_say(cli, MALFORMED, "--separator is , ; | or tab");
    return OK;
}

struct opened {
    struct cli *cli;
    struct list_query *q;
    const struct export_format *format;
    char separator;
    struct export_stream *e;
};

static enum status open_stream(struct ctx *c, void *arg) {
    struct opened *o = arg;
    o->e = export_open(o->cli->app, c, o->q, o->format, o->separator, cli_has(o->cli, "--bom"));
    return OK;
}

static enum status run(struct cli *cli) {
    struct list_query q = { .entity = &entity_party };
    struct opened o = { .cli = cli, .q = &q };
    const char *path = cli_get(cli, "--output");
    TRY(read_kind(cli, &q.entity));
    TRY(read_format(cli, &o.format, &o.separator));
    if (o.format->only_clients && q.entity != &entity_party)
        return cli_say(cli, MALFORMED, "purchases become csv, xlsx or json");
    TRY(cli_where(cli, &q));
    TRY(cli_read(cli, check, &q));
    TRY(cli_read(cli, open_stream, &o));
    FILE *f = path ? fopen(path, "wb") : stdout;
    enum status s = f ? write_all(cli, o.e, f)
                      : cli_say(cli, BROKEN, "cannot write %s: %s", path, strerror(errno));
    if (f && path && fclose(f) != 0 && s == OK) s = cli_say(cli, BROKEN, "cannot write %s", path);
    export_close(o.e);
    return s;
}

static const struct option options[] = {
    { .name = "--kind", .takes = "KIND", .help = "party (clients, standard) or purchase" },
    { .name = "--format",
      .takes = "csv|xlsx|json|vcard|vcard3",
      .help = "which file it becomes",
      .required = true },
    { .name = "--where",
      .takes = "FIELD=VALUE",
      .help = "only those: town=Lyon; or any question: 'sex:f age over 60'",
      .many = true },
    { .name = "--sentence", .takes = "LANG", .help = CLI_SENTENCE_HELP },
    { .name = "--search", .takes = "TEXT", .help = "only those that the search finds" },
    { .name = "--output", .takes = "FILE", .help = "instead of the standard output" },
    { .name = "--separator", .takes = "C", .help = "of CSV: , (standard) ; | or tab" },
    { .name = "--bom", .help = "CSV begins with a byte order mark, for Excel" },
    { .name = NULL },
};
const struct command command_export = {
    .name = "export",
    .usage = "--data DIR --format csv|xlsx|json|vcard|vcard3 [--kind party|purchase] [--where "
             "FIELD=VALUE]… [--search TEXT] "
             "[--output FILE]",
    .help = "Writes clients as CSV or XLSX, which import reads back equal, as JSON, or as vCards "
            "(4.0; vcard3: 3.0 for old phones).",
    .options = options,
    .flags = COMMAND_SET_UP,
    .run = run,
};
