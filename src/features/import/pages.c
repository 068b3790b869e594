/* The import's first page, taking a file in, and what its pages share. Routes: feature.c. Calls
 * core/exchange; the other pages are columns.c, preview.c and result.c. */
#include "features/import/pages.h"

#include "core/web/download.h"
#include "features/import/work.h"
#include "lib/locale/date.h"

enum { SHOWN = 20, WIDE = 300 };

SQL(import_job,
    "SELECT 1 AS yes FROM job WHERE once_key = :key AND state IN ('waiting', 'running')");

/* --- shared --- */

struct str size_show(struct req *r, int64_t bytes) {
    return size_shown(&r->c, bytes);
}

/* A cell may be long: its beginning is enough to recognise it. */
struct str beginning(struct arena *a, struct str s) {
    if (s.n <= WIDE) return s;
    s.n = WIDE;
    while (s.n && !utf8_valid(s)) s.n--;
    return str_printf(a, "%.*s…", SF(s));
}

struct str separator_name(struct req *r, char separator) {
    switch (separator) {
    case ',': return str_of(T(&r->c, N_("comma ,")));
    case ';': return str_of(T(&r->c, N_("semicolon ;")));
    case '\t': return str_of(T(&r->c, N_("tab")));
    default: return str_of(T(&r->c, N_("bar |")));
    }
}

struct str target_label(struct ctx *c, const struct import_plan *plan, struct str code) {
    return import_target_label(c, import_shape_of(plan->kind), code);
}

const char *import_heading(const struct import_plan *plan) {
    return str_eq_z(plan->kind, "party") ? N_("Import clients") : N_("Import purchases");
}

const char *format_name(enum sheet_format f) {
    static const char *const names[SHEET_FORMATS_N] = {
        [SHEET_CSV] = N_("Table (CSV)"),
        [SHEET_XLSX] = N_("Workbook (XLSX)"),
        [SHEET_VCARD] = N_("Cards (vCard)"),
        [SHEET_TEXT] = N_("Text"),
    };
    return names[f];
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

enum status import_find(struct req *r, struct import *out) {
    struct tx *tx;
    TRY(db_read(r->app->db, r->c.arena, &tx));
    r->c.tx = tx;
    enum status s = import_of(r, &r->c, out);
    r->c.tx = NULL;
    return db_end(tx, s);
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
                              .limit = size_show(r, LIMIT_UPLOAD),
                              .pasted = req_form(r, "text") };
    struct str kind = req_form(r, "kind").n ? req_form(r, "kind") : req_query(r, "kind");
    v.purchases = str_eq_z(kind, "purchase");
    TRY(import_list(c, SHOWN, &all, &n));
    v.rows.v = arena_array(c->arena, struct import_row_view, n + 1);
    for (int i = 0; i < n; i++) {
        struct import_row_view *row = &v.rows.v[v.rows.n++];
        *row = (struct import_row_view){
            .to = url_printf(c->arena, "/import/%lld", (long long)all[i].id),
            .name = filestore_name(c->arena, all[i].name, "file.csv"),
            .when = instant_show(c->arena, c->loc, all[i].at, INSTANT_RELATIVE),
            .rows_n = all[i].rows_n,
            .what = import_shape_of(all[i].plan.kind)->entity->label_plural,
            .state = "",
            .look = "",
        };
        show_state(&all[i], row);
    }
    return PAGE(r, T(c, "Import"), "import", page_imports, &v);
}

/* --- a file comes in: copied, hashed and looked at before any transaction --- */

static const struct http_file *find_file(const struct req *r) {
    for (int i = 0; i < r->files.n; i++)
        if (str_eq_z(r->files.v[i].field, "file") && (r->files.v[i].name.n || r->files.v[i].size))
            return &r->files.v[i];
    return NULL;
}

static enum status take_in(struct req *r, struct intake *k) {
    struct ctx *c = &r->c;
    const char *files = import_files(r->app, c->arena);
    const struct http_file *part = find_file(r);
    struct str pasted = req_form(r, "text");
    if (part) return filestore_take_upload(c->arena, files, part, &k->file);
    if (!str_trim(pasted).n)
        return ctx_problem(c, S("file"), N_("Choose a file, or paste a list first."));
    struct str name = str_printf(c->arena, "%s.txt", T(c, N_("Pasted text")));
    return filestore_take_str(c->arena, files, pasted, name, &k->file);
}

enum status upload_prepare(struct req *r) {
    struct intake *k = arena_new_of(r->c.arena, struct intake);
    const char *files = import_files(r->app, r->c.arena);
    r->kept = k;
    struct str kind = req_form(r, "kind");
    k->shape = kind.n ? import_shape_of(kind) : &party_shape;
    if (!k->shape) return MALFORMED;
    TRY(take_in(r, k));
    enum status s = import_intake(r->app, &r->c, k, NULL, NO_STR, 0);
    if (s == OK)
        s = filestore_keep(r->c.arena, files, &k->file);
    else
        filestore_drop(&k->file);
    return s;
}

/* What was chosen for such columns before, as far as it still is a place. */
static enum status as_last_time(struct ctx *c, struct import_plan *plan) {
    struct import_memory last;
    struct import_plan chosen;
    TRY(import_mapping_find(c, plan, &last, &chosen));
    for (int i = 0; last.at && i < chosen.n; i++)
        if (chosen.v[i].to.n &&
            !import_target_valid(c, import_shape_of(plan->kind), chosen.v[i].to))
            return OK;
    if (last.at) import_plan_keep_choices(plan, &chosen);
    return OK;
}

enum status upload_save(struct req *r) {
    struct intake *k = r->kept;
    int64_t id;
    TRY(as_last_time(&r->c, &k->plan));
    TRY(import_new(&r->c, &k->file, &k->from, &k->plan, &id));
    return go(r, url_printf(r->c.arena, "/import/%lld", (long long)id));
}
