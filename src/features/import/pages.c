/* The import's first page, taking a file in, and what its pages share. Routes: feature.c. Calls
 * core/exchange; the other pages are columns.c, preview.c and result.c. */
#include "features/import/pages.h"

#include "core/web/download.h"
#include "features/import/work.h"
#include "lib/locale/date.h"

enum { SHOWN = 20 };

SQL(import_job,
    "SELECT 1 AS yes FROM job WHERE once_key = :key AND state IN ('waiting', 'running')");

/* --- shared --- */

struct str size_show(struct req *r, int64_t bytes) {
    return size_shown(&r->c, bytes);
}

struct str separator_name(struct req *r, char separator) {
    switch (separator) {
    case ',': return str_of(T(&r->c, N_("comma ,")));
    case ';': return str_of(T(&r->c, N_("semicolon ;")));
    case '\t': return str_of(T(&r->c, N_("tab")));
    default: return str_of(T(&r->c, N_("bar |")));
    }
}

struct str target_label(struct ctx *c, struct str code) {
    struct import_target *all;
    int n = import_targets(c, &party_shape, &all);
    for (int i = 0; i < n; i++)
        if (str_eq(all[i].code, code)) return all[i].label;
    return code;
}

struct tally_view tally_of(const struct import_counts *n) {
    return (struct tally_view){ n->n[IMPORT_CREATED], n->n[IMPORT_CHANGED], n->n[IMPORT_SKIPPED],
                                n->n[IMPORT_REFUSED] };
}

enum status import_of(struct req *r, struct ctx *c, struct import *out) {
    int64_t id;
    if (!req_arg_id(r, 0, &id)) return MISSING;
    return import_load(c, id, out);
}

const char *import_path(struct req *r, const struct import *imp) {
    return filestore_path(r->c.arena, import_files(r->app, r->c.arena), imp->sha256);
}

enum status import_at_work(struct ctx *c, const char *kind, int64_t id, bool *yes) {
    struct rows r;
    struct str key = str_printf(c->arena, "%s %lld", kind, (long long)id);
    TRY(db_query(c->tx, &import_job, &r, P("key", key)));
    *yes = r.n > 0;
    return OK;
}

void send_as(struct req *r, struct str name) {
    download_as(r, name, "file.csv", "text/csv; charset=utf-8");
}

/* --- /import --- */

static void show_state(const struct import *imp, struct import_row_view *v) {
    static const struct {
        const char *code, *label, *look;
    } states[] = {
        { "plan", N_("Import|Not begun"), "" },       { "waiting", N_("Import|Waiting"), "lapis" },
        { "running", N_("Import|Running"), "lapis" }, { "done", N_("Import|Done"), "good" },
        { "failed", N_("Import|Stopped"), "bad" },
    };
    for (int i = 0; i < COUNT(states); i++)
        if (str_eq_z(imp->state, states[i].code)) {
            v->state = states[i].label;
            v->look = states[i].look;
        }
    if (imp->undone_by) {
        v->state = N_("Import|Taken back");
        v->look = "";
    }
}

enum status imports_show(struct req *r) {
    struct ctx *c = &r->c;
    struct import *all;
    int n;
    struct imports_view v = { .action = csrf_url(r, url_own(S("/import"))),
                              .limit = size_show(r, LIMIT_UPLOAD) };
    TRY(import_list(c, SHOWN, &all, &n));
    v.rows.v = arena_array(c->arena, struct import_row_view, n + 1);
    for (int i = 0; i < n; i++) {
        struct import_row_view *row = &v.rows.v[v.rows.n++];
        *row = (struct import_row_view){
            .to = url_printf(c->arena, "/import/%lld", (long long)all[i].id),
            .name = filestore_name(c->arena, all[i].name, "file.csv"),
            .when = instant_show(c->arena, c->loc, all[i].at, INSTANT_RELATIVE),
            .rows_n = all[i].rows_n,
            .state = "",
            .look = "",
        };
        show_state(&all[i], row);
    }
    return PAGE(r, T(c, "Import clients"), "import", page_imports, &v);
}

/* --- a file comes in: copied, hashed and looked at before any transaction --- */

struct uploaded {
    struct stored_file file;
    struct import_plan plan;
};
static const struct http_file *find_file(const struct req *r) {
    for (int i = 0; i < r->files.n; i++)
        if (str_eq_z(r->files.v[i].field, "file") && (r->files.v[i].name.n || r->files.v[i].size))
            return &r->files.v[i];
    return NULL;
}

enum status upload_prepare(struct req *r) {
    struct arena *a = r->c.arena;
    struct uploaded *u = arena_new_of(a, struct uploaded);
    const char *files = import_files(r->app, a);
    const struct http_file *part = find_file(r);
    if (!part) return ctx_problem(&r->c, S("file"), N_("Choose a file first."));
    TRY(filestore_take_upload(a, files, part, &u->file));
    enum status s =
        import_look(&r->c, &party_shape, u->file.path, NO_STR, 0, HEADER_GUESS, &u->plan);
    if (s == OK)
        s = filestore_keep(a, files, &u->file);
    else
        filestore_drop(&u->file);
    r->kept = u;
    return s;
}

enum status upload_save(struct req *r) {
    struct uploaded *u = r->kept;
    int64_t id;
    TRY(import_new(&r->c, &u->file, &u->plan, &id));
    return go(r, url_printf(r->c.arena, "/import/%lld", (long long)id));
}
