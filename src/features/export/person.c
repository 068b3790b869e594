/* All about one person as a ZIP file (person.h): first data.json and index.html, read in one
 * transaction, then his files in pieces. Called by person_pages.c; calls person_tables.c,
 * person_page.c and the journal. */
#include "features/export/person.h"

#include <fcntl.h>
#include <unistd.h>

#include "core/app/filestore.h"
#include "core/entity/record_json.h"
#include "core/entity/store.h"
#include "core/web/journal.h"
#include "core/web/journal_look.h"
#include "features/export/whole.h"
#include "features/import/import.h"
#include "features/party/party.h"

enum { BUSY_MAX = 5, FILE_PIECE = 256 << 10, LINES = 500, LINES_MAX = 200000 };

struct person {
    struct arena *arena;
    struct app *app;
    struct ctx as;
    struct locale loc;
    struct person_wish wish;
    struct sink *sink;
    bool read; /* data.json and index.html are written */
    struct person_files files;
    int file;
    int64_t done; /* bytes of that file */
};

struct person *person_open(struct app *app, const struct ctx *c, const struct person_wish *wish,
                           struct sink *sink) {
    struct arena *a = arena_new();
    struct person *p = arena_new_of(a, struct person);
    *p = (struct person){ .arena = a, .app = app, .loc = *c->loc, .wish = *wish, .sink = sink };
    p->as = (struct ctx){
        .loc = &p->loc, .firm = c->firm, .who = c->who, .door = c->door, .now_ms = c->now_ms
    };
    struct str *texts[] = { &p->as.firm.name, &p->as.firm.alphabet, &p->as.firm.currency,
                            &p->as.firm.zone, &p->as.firm.language, &p->as.who.name,
                            &p->as.who.email };
    for (int i = 0; i < COUNT(texts); i++) *texts[i] = str_dup(a, *texts[i]);
    if (wish->lang != c->loc->lang) { /* as people of that language read */
        const struct firm_proposal *usual = firm_propose(wish->lang);
        p->loc.lang = wish->lang;
        (void)calendar_of(str_of(usual->calendar), &p->loc.calendar);
        (void)digits_of(str_of(usual->digits), &p->loc.digits);
    }
    return p;
}

void person_close(struct person *p) {
    if (p) arena_free(p->arena);
}

struct str person_sink_problem(const struct person *p) {
    return sink_problem(p->sink);
}

/* --- files --- */

static const struct person_table *table_of(const char *name) {
    for (int i = 0; i < person_tables_n; i++)
        if (strcmp(person_tables[i].name, name) == 0) return &person_tables[i];
    BUG("no table %s", name);
}

static int row_of(const struct rows *r, int64_t id) {
    for (int i = 0; i < r->n; i++)
        if (row_int(r, i, "id") == id) return i;
    return -1;
}

static void add_file(struct person *p, const struct rows *files, int64_t id, struct str name,
                     struct str path) {
    int i = row_of(files, id);
    if (i < 0) return;
    p->files.v[p->files.n++] =
        (struct person_file){ .path = str_dup(p->arena, path),
                              .name = str_dup(p->arena, name.n ? name : row_str(files, i, "name")),
                              .sha256 = str_dup(p->arena, row_str(files, i, "sha256")),
                              .bytes = row_int(files, i, "bytes"),
                              .at = row_int(files, i, "at") };
}

static int64_t newest_of(const struct rows *versions, int64_t attachment) {
    int64_t newest = 0;
    for (int i = 0; i < versions->n; i++)
        if (row_int(versions, i, "attachment") == attachment &&
            row_int(versions, i, "position") > newest)
            newest = row_int(versions, i, "position");
    return newest;
}

static enum status find_files(struct person *p, struct ctx *c) {
    struct rows files, versions, party;
    TRY(person_rows(c, table_of("file"), &p->wish, &files));
    TRY(person_rows(c, table_of("attachment_version"), &p->wish, &versions));
    TRY(person_rows(c, table_of("party"), &p->wish, &party));
    p->files =
        (struct person_files){ arena_array(p->arena, struct person_file, versions.n + 1), 0 };
    for (int i = 0; i < versions.n; i++) {
        int64_t attachment = row_int(&versions, i, "attachment");
        int64_t position = row_int(&versions, i, "position");
        struct str name = row_str(&versions, i, "name");
        add_file(p, &files, row_int(&versions, i, "file"), name,
                 whole_file_path(c, p->wish.id, name, attachment, position + 1,
                                 position == newest_of(&versions, attachment)));
    }
    int64_t photo = party.n ? row_int(&party, 0, "photo") : 0;
    int at = row_of(&files, photo);
    if (at >= 0)
        add_file(p, &files, photo, NO_STR,
                 whole_file_path(c, p->wish.id, row_str(&files, at, "name"), 0, 0, true));
    return OK;
}

/* --- who looked at him --- */

static enum status read_journal(struct person *p, struct ctx *c, struct look_runs *out) {
    struct journal_look *l;
    struct look_query q = {
        .member = -1, .door = -1, .id = p->wish.id, .apart = true, .limit = LINES
    };
    struct look_runs some;
    struct rows files;
    int cap = 0;
    TRY(person_rows(c, table_of("attachment"), &p->wish, &files));
    int64_t *ids = arena_array(c->arena, int64_t, files.n + 1);
    for (int i = 0; i < files.n; i++) ids[i] = row_int(&files, i, "id");
    q.files = ids;
    q.files_n = files.n;
    *out = (struct look_runs){ .n = 0 };
    journal_settle(p->app->journal);
    TRY(journal_look_open(c->arena, app_path(p->app, c->arena, "journal"), &l));
    enum status s;
    do {
        s = journal_look_runs(c->arena, l, &q, &some);
        if (s != OK || some.n == 0) break;
        if (out->n + some.n > cap) {
            size_t size = sizeof *out->v, had = (size_t)cap * size;
            cap = (out->n + some.n) * 2;
            out->v = arena_grow(c->arena, out->v, had, (size_t)cap * size);
        }
        memcpy(out->v + out->n, some.v, (size_t)some.n * sizeof *some.v);
        out->n += some.n;
        q.before = some.next;
    } while (some.next && out->n < LINES_MAX);
    journal_look_close(l);
    return s;
}

static void write_looks(struct ctx *c, struct json_out *w, const struct look_runs *looks) {
    static const char *const how[LOOK_KINDS_N] = { "opened", "listed", "exported", "exported",
                                                   "event" };
    jw_array(w);
    for (int i = 0; i < looks->n; i++) {
        const struct look_run *x = &looks->v[i];
        jw_object(w);
        jw_key(w, "at"), jw_str(w, instant_iso(c->arena, x->last_ms));
        jw_key(w, "member"), jw_int(w, x->member);
        jw_key(w, "how"), jw_str(w, str_of(how[x->kind]));
        jw_key(w, "door"), jw_str(w, str_of(door_code(x->door)));
        jw_end(w);
    }
    jw_end(w);
}

/* --- data.json --- */

static enum status write_tables(struct person *p, struct ctx *c, struct buf *out) {
    for (int t = 0; t < person_tables_n; t++) {
        struct rows r;
        TRY(person_rows(c, &person_tables[t], &p->wish, &r));
        buf_printf(out, "%s\n\"%s\": [", t ? "," : "", person_tables[t].name);
        for (int i = 0; i < r.n; i++) {
            buf_add_z(out, i ? ",\n  " : "\n  ");
            if (p->wish.internal)
                export_raw_row(&r, i, out);
            else
                person_outward_row(c, &r, i, out);
        }
        buf_add_z(out, "]");
    }
    return OK;
}

static enum status data_json(struct person *p, struct ctx *c, const struct party *him,
                             const struct look_runs *looks, int64_t left_out, struct buf *out) {
    struct rows imports;
    struct json_out w = { .b = out };
    buf_add_z(out, "{\"about\": ");
    jw_object(&w);
    jw_key(&w, "business"), jw_str(&w, c->firm.name);
    jw_key(&w, "made_at"), jw_str(&w, instant_iso(c->arena, c->now_ms));
    jw_key(&w, "client"), jw_int(&w, p->wish.id);
    jw_key(&w, "private_left_out"), jw_int(&w, left_out);
    jw_key(&w, "files");
    jw_array(&w);
    for (int i = 0; i < p->files.n; i++) jw_str(&w, p->files.v[i].path);
    jw_end(&w);
    jw_end(&w);
    buf_add_z(out, ",\n\"tables\": {");
    TRY(write_tables(p, c, out));
    TRY(person_rows(c, table_of("import"), &p->wish, &imports));
    buf_add_z(out, "},\n\"sources\": ");
    TRY(person_sources(c, p->app, him, &imports, out));
    buf_add_z(out, ",\n\"journal\": ");
    w = (struct json_out){ .b = out };
    write_looks(c, &w, looks);
    buf_add_z(out, "}\n");
    return OK;
}

struct made {
    struct buf data, page, card;
};

static enum status make(struct person *p, struct ctx *c, struct made *m) {
    struct party him;
    struct look_runs looks;
    int64_t left_out;
    TRY(app_own(p->app, c->tx, &c->own));
    TRY(store_load_binned(c, &entity_party, p->wish.id, &him));
    TRY(party_cards(c, &him, 1, &m->card));
    TRY(find_files(p, c));
    TRY(read_journal(p, c, &looks));
    TRY(person_left_out(c, &p->wish, &left_out));
    TRY(data_json(p, c, &him, &looks, left_out, &m->data));
    return person_page(c, &p->wish, &p->files, &looks, left_out, &m->page);
}

static enum status write_look(struct person *p) {
    static const char *const files[] = { "book.css", "vazirmatn-arabic.woff2",
                                         "vazirmatn-latin.woff2", "vazirmatn-latin-ext.woff2" };
    for (int i = 0; i < COUNT(files); i++) {
        struct str name = str_printf(p->arena, "look/%s", files[i]);
        TRY(sink_entry(p->sink, name, -1, p->as.now_ms));
        TRY(sink_write(p->sink, whole_asset(files[i])));
    }
    return OK;
}

static enum status write_made(struct person *p, const struct made *m) {
    TRY(write_look(p));
    TRY(sink_entry(p->sink, S("index.html"), -1, p->as.now_ms));
    TRY(sink_write(p->sink, buf_str(&m->page)));
    TRY(sink_entry(p->sink, S("card.vcf"), -1, p->as.now_ms));
    TRY(sink_write(p->sink, buf_str(&m->card)));
    TRY(sink_entry(p->sink, S("data.json"), -1, p->as.now_ms));
    return sink_write(p->sink, buf_str(&m->data));
}

static enum status first(struct person *p) {
    enum status s = BUSY;
    for (int i = 0; s == BUSY && i < BUSY_MAX; i++) {
        struct arena *a = arena_new();
        struct ctx c = p->as;
        struct made m = { .data = { .arena = a }, .page = { .arena = a }, .card = { .arena = a } };
        c.arena = a;
        s = db_read(p->app->db, a, &c.tx);
        if (s == OK) s = db_end(c.tx, make(p, &c, &m));
        if (s == OK) s = write_made(p, &m);
        arena_free(a);
    }
    p->read = true;
    return s;
}

/* The next bytes of the next file. One that is not there is left out: data.json still names it. */
static enum status next_bytes(struct person *p) {
    const struct person_file *f = &p->files.v[p->file];
    struct arena *a = arena_new();
    const char *path = filestore_path(a, filestore_folder(p->app, a), f->sha256);
    char *bytes = arena_alloc(a, FILE_PIECE);
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    enum status s = OK;
    ssize_t n = -1;
    if (fd >= 0 && p->done == 0) s = sink_entry(p->sink, f->path, f->bytes, f->at);
    if (fd >= 0) n = pread(fd, bytes, FILE_PIECE, (off_t)p->done);
    if (fd >= 0) close(fd);
    if (s == OK && n > 0) s = sink_write(p->sink, (struct str){ bytes, (size_t)n });
    if (n > 0) p->done += n;
    if (n <= 0 || p->done >= f->bytes) {
        p->file++;
        p->done = 0;
    }
    arena_free(a);
    return s;
}

enum status person_piece(struct person *p, bool *more) {
    *more = true;
    if (!p->read) return first(p);
    if (p->file < p->files.n) return next_bytes(p);
    *more = false;
    journal_left(p->app, &p->as, "party", &p->wish.id, 1);
    journal_export(p->app, &p->as, "party", 1);
    return sink_end(p->sink);
}
