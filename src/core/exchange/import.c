/* An import as a record: its file, its plan, its state. Called by the import's pages, job and
 * command; calls lib/db and filestore. */
#include "core/exchange/import.h"
#include "lib/text/json.h"

SQL(import_insert,
    "INSERT INTO import (file, state, charset, separator, columns, match, on_match, rows_n, "
    "member, at, format, sheet, known, kind) VALUES "
    "(:file, 'plan', :charset, :separator, :columns, :match, :on_match, :rows, :member, :at, "
    ":format, :sheet, :known, :kind) "
    "RETURNING id");
#define IMPORT_COLUMNS                                                                             \
    "SELECT import.id, import.file, import.state, import.charset, import.separator, "              \
    "import.columns, "                                                                             \
    "import.match, import.on_match, import.rows_n, import.done_rows, import.done_bytes, "          \
    "import.done_line, "                                                                           \
    "import.created_n, import.changed_n, import.skipped_n, import.refused_n, import.twice_n, "     \
    "import.doubt_n, "                                                                             \
    "import.batch, import.format, import.sheet, import.known, import.kind, "                       \
    "import.problem, "                                                                             \
    "import.member, import.at, import.ended_at, file.name, file.sha256, file.bytes, "              \
    "batch.undone_by, "                                                                            \
    "member.name AS who FROM import JOIN file ON file.id = import.file "                           \
    "LEFT JOIN batch ON batch.id = import.batch LEFT JOIN member ON member.id = import.member "
SQL(import_one, IMPORT_COLUMNS "WHERE import.id = :id");
SQL(import_recent, IMPORT_COLUMNS "WHERE (CAST(:all AS INTEGER) = 1 OR import.member = :me) ORDER "
                                  "BY import.id DESC LIMIT :limit");
SQL(import_put_plan,
    "UPDATE import SET charset = :charset, separator = :separator, columns = :columns, "
    "match = :match, on_match = :on_match, rows_n = :rows, known = :known, sheet = :sheet "
    "WHERE id = :id AND state = 'plan'");
SQL(import_put_state,
    "UPDATE import SET state = :state, problem = :problem, "
    "ended_at = CASE WHEN CAST(:ended AS INTEGER) = 1 THEN :now ELSE ended_at END WHERE id = :id");
SQL(import_put_problem, "UPDATE import SET problem = :problem WHERE id = :id");
SQL(import_same,
    "SELECT import.id FROM import JOIN file ON file.id = import.file "
    "WHERE (import.state IN ('waiting', 'running', 'failed') OR import.problem = '" IMPORT_UNTOLD
    "') AND file.sha256 = :sha256 "
    "AND import.charset = :charset AND import.separator = :separator AND import.columns = :columns "
    "AND import.match = :match AND import.on_match = :on_match AND import.format = :format AND "
    "import.kind = "
    ":kind "
    "AND import.sheet IS NOT DISTINCT FROM :sheet AND import.member IS NOT DISTINCT FROM :member "
    "ORDER BY import.id DESC LIMIT 1");
SQL(import_before,
    "SELECT import.id FROM import JOIN file ON file.id = import.file WHERE file.sha256 = :sha256 "
    "AND import.sheet IS NOT DISTINCT FROM :sheet AND import.id < :id AND import.kind = :kind AND "
    "import.state <> 'plan' "
    "AND (CAST(:all AS INTEGER) = 1 OR import.member = :me) ORDER BY import.id DESC LIMIT 1");

struct str import_plan_json(struct ctx *c, const struct import_plan *plan) {
    struct buf b = { .arena = c->arena };
    struct json_out w = { .b = &b };
    jw_object(&w);
    jw_key(&w, "header");
    jw_bool(&w, plan->has_header);
    jw_key(&w, "one_name");
    jw_bool(&w, plan->one_name_column);
    jw_key(&w, "rest");
    jw_bool(&w, plan->keep_rest);
    if (plan->hold_doubts) {
        jw_key(&w, "hold_doubts");
        jw_bool(&w, true);
    }
    jw_key(&w, "columns");
    jw_array(&w);
    for (int i = 0; i < plan->n; i++) {
        jw_object(&w);
        jw_key(&w, "header");
        jw_str(&w, plan->v[i].header);
        jw_key(&w, "to");
        jw_str(&w, plan->v[i].to);
        jw_key(&w, "kind");
        jw_str(&w, plan->v[i].kind);
        if (plan->v[i].how) {
            jw_key(&w, "how");
            jw_int(&w, plan->v[i].how);
        }
        if (plan->v[i].left_out) {
            jw_key(&w, "out");
            jw_bool(&w, true);
        }
        jw_end(&w);
    }
    jw_end(&w);
    jw_end(&w);
    return buf_str(&b);
}

enum status import_plan_read(struct ctx *c, struct str text, struct import_plan *plan) {
    struct json *j;
    struct str why;
    if (json_parse(c->arena, text, &j, &why) != OK) return BROKEN;
    const struct json *columns = json_get(j, S("columns"));
    plan->has_header = json_bool(json_get(j, S("header")));
    plan->one_name_column = json_bool(json_get(j, S("one_name")));
    plan->keep_rest = json_bool(json_get(j, S("rest")));
    plan->hold_doubts = json_bool(json_get(j, S("hold_doubts")));
    plan->n = json_n(columns);
    plan->v = arena_array(c->arena, struct import_column, plan->n + 1);
    for (int i = 0; i < plan->n; i++) {
        const struct json *one = json_at(columns, i);
        plan->v[i] =
            (struct import_column){ .header = json_str(json_get(one, S("header"))),
                                    .to = json_str(json_get(one, S("to"))),
                                    .kind = json_str(json_get(one, S("kind"))),
                                    .how = (unsigned)json_int(json_get(one, S("how"))) & HOW_ALL,
                                    .left_out = json_bool(json_get(one, S("out"))) };
    }
    return OK;
}

/* --- the record --- */

static struct str separator_text(struct ctx *c, char separator) {
    return str_dup(c->arena, (struct str){ &separator, 1 });
}

static struct param member_of(const struct ctx *c) {
    return c->who.id ? param_int("member", c->who.id) : param_null("member");
}

#define P_PLAN(c, plan)                                                                            \
    P("charset", (plan)->charset), P("separator", separator_text((c), (plan)->separator)),         \
        P("columns", import_plan_json((c), (plan))),                                               \
        P("match", (plan)->match.p ? (plan)->match : S("")),                                       \
        P("on_match", on_match_code((plan)->on_match))
#define P_OR_NULL(name, s) ((s).n ? param_str(name, s) : param_null(name))

enum status import_new(struct ctx *c, const struct stored_file *f, const struct import_source *from,
                       const struct import_plan *plan, int64_t *id) {
    struct rows r;
    int64_t file;
    TRY(filestore_row(c, f, &file));
    TRY(db_query(c->tx, &import_insert, &r, P("file", file), P_PLAN(c, plan),
                 P("rows", plan->rows_n), member_of(c), P("at", c->now_ms),
                 P("format", sheet_format_code(from->format)), P_OR_NULL("sheet", from->sheet),
                 P_OR_NULL("known", plan->known), P("kind", plan->kind)));
    *id = row_int(&r, 0, "id");
    return OK;
}

enum status import_unfinished(struct ctx *c, const struct stored_file *f,
                              const struct import_source *from, const struct import_plan *plan,
                              int64_t *id) {
    struct rows r;
    TRY(db_query(c->tx, &import_same, &r, P("sha256", f->sha256), P_PLAN(c, plan), member_of(c),
                 P("format", sheet_format_code(from->format)), P_OR_NULL("sheet", from->sheet),
                 P("kind", plan->kind)));
    *id = r.n ? row_int(&r, 0, "id") : 0;
    return OK;
}

/* Other people's files name clients: for managers who see all of those. */
static bool sees_all_imports(const struct ctx *c) {
    return ctx_may(c, ROLE_MANAGER) && c->who.sees == SEES_ALL;
}

enum status import_earlier(struct ctx *c, const struct import *imp, int64_t *id) {
    struct rows r;
    TRY(db_query(c->tx, &import_before, &r, P("sha256", imp->sha256), P("id", imp->id),
                 P_OR_NULL("sheet", imp->sheet), P("kind", imp->plan.kind),
                 P("all", sees_all_imports(c)), P("me", c->who.id)));
    *id = r.n ? row_int(&r, 0, "id") : 0;
    return OK;
}

static enum status read_import(struct ctx *c, const struct rows *r, int i, struct import *out) {
    *out = (struct import){
        .id = row_int(r, i, "id"),
        .file = row_int(r, i, "file"),
        .rows_n = row_int(r, i, "rows_n"),
        .bytes = row_int(r, i, "bytes"),
        .who = row_str(r, i, "who"),
        .done_rows = row_int(r, i, "done_rows"),
        .done_bytes = row_int(r, i, "done_bytes"),
        .done_line = row_int(r, i, "done_line"),
        .batch = row_int(r, i, "batch"),
        .member = row_int(r, i, "member"),
        .at = row_int(r, i, "at"),
        .ended_at = row_int(r, i, "ended_at"),
        .undone_by = row_int(r, i, "undone_by"),
        .state = row_str(r, i, "state"),
        .name = row_str(r, i, "name"),
        .sha256 = row_str(r, i, "sha256"),
        .problem = row_str(r, i, "problem"),
        .sheet = row_str(r, i, "sheet"),
    };
    struct str separator = row_str(r, i, "separator");
    out->plan.charset = row_str(r, i, "charset");
    out->plan.separator = separator.n ? separator.p[0] : ',';
    out->plan.match = row_str(r, i, "match");
    out->plan.known = row_str(r, i, "known");
    out->plan.kind = row_str(r, i, "kind");
    if (!on_match_of(row_str(r, i, "on_match"), &out->plan.on_match) ||
        !sheet_format_of(row_str(r, i, "format"), &out->format))
        return BROKEN;
    out->counts.n[IMPORT_CREATED] = row_int(r, i, "created_n");
    out->counts.n[IMPORT_CHANGED] = row_int(r, i, "changed_n");
    out->counts.n[IMPORT_SKIPPED] = row_int(r, i, "skipped_n");
    out->counts.n[IMPORT_REFUSED] = row_int(r, i, "refused_n");
    out->counts.twice = row_int(r, i, "twice_n");
    out->counts.doubts = row_int(r, i, "doubt_n");
    return import_plan_read(c, row_str(r, i, "columns"), &out->plan);
}

enum status import_load(struct ctx *c, int64_t id, struct import *out) {
    struct rows r;
    TRY(db_query(c->tx, &import_one, &r, P("id", id)));
    if (r.n == 0) return MISSING;
    if (!sees_all_imports(c) && row_int(&r, 0, "member") != c->who.id) return MISSING;
    return read_import(c, &r, 0, out);
}

enum status import_list(struct ctx *c, int limit, struct import **out, int *n) {
    struct rows r;
    TRY(db_query(c->tx, &import_recent, &r, P("all", sees_all_imports(c)), P("me", c->who.id),
                 P("limit", limit)));
    *out = arena_array(c->arena, struct import, r.n + 1);
    for (*n = 0; *n < r.n; ++*n) TRY(read_import(c, &r, *n, &(*out)[*n]));
    return OK;
}

enum status import_save_plan(struct ctx *c, int64_t id, const struct import_plan *plan,
                             struct str sheet) {
    TRY(db_run(c->tx, &import_put_plan, P("id", id), P_PLAN(c, plan), P("rows", plan->rows_n),
               P_OR_NULL("known", plan->known), P_OR_NULL("sheet", sheet)));
    return db_changed(c->tx) == 1 ? OK : CONFLICT;
}

enum status import_set_state(struct ctx *c, int64_t id, const char *state, struct str problem) {
    bool ended = !strcmp(state, "done") || !strcmp(state, "failed");
    return db_run(c->tx, &import_put_state, P("id", id), P("state", state),
                  P("problem", problem.n ? problem : NO_STR), P("ended", ended),
                  P("now", c->now_ms));
}

enum status import_set_problem(struct ctx *c, int64_t id, struct str problem) {
    return db_run(c->tx, &import_put_problem, P("id", id),
                  P("problem", problem.n ? problem : NO_STR));
}
