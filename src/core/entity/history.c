/* The history: what the store writes at every change, and how it is read. Called by the store and
 * by the pages of history; calls lib/db. Taking back is in undo.c. */
#include "core/entity/history.h"

#include "core/entity/history_json.h"
#include "core/entity/moved.h"
#include "core/entity/store.h"

#define NEW_BATCH(column, value)                                                                   \
    "INSERT INTO batch (" column "at, door, member, title, import, undoes, whole) VALUES (" value  \
    ":at, :door, :member, :title, :import, :undoes, :whole)"
SQL2(history_new_batch, NEW_BATCH("", ""), NEW_BATCH("id, ", ":id, "));
SQL(history_new_change,
    "INSERT INTO change (batch, entity, row_id, party, action, before, after, other_party, "
    "private_to) VALUES "
    "(:batch, :entity, :row, :party, :action, :before, :after, :other, :private)");
#define HISTORY_COLUMNS                                                                            \
    "SELECT change.id, change.batch, change.entity, change.row_id, change.party, change.action, "  \
    "change.before, change.after, batch.at, batch.door, batch.member, batch.title, batch.import, " \
    "batch.undoes, batch.undone_by, batch.whole, member.name AS who FROM change "                  \
    "JOIN batch ON batch.id = change.batch LEFT JOIN member ON member.id = batch.member "
/* Made private: what was written of it before is for the same eyes. */
SQL(history_close, "UPDATE change SET private_to = :private WHERE entity = :entity AND "
                   "row_id = :row");
SQL(history_of_party,
    HISTORY_COLUMNS "WHERE change.party = :party AND (:before = 0 OR change.id < :before)"
                    " AND " VISIBLE_CHANGE " ORDER BY change.id DESC LIMIT :limit");
/* The same with those who became a part of him. */
#define THEIRS_TOO                                                                                 \
    " AND (:before = 0 OR change.id < :before) AND " VISIBLE_CHANGE                                \
    " ORDER BY change.id DESC LIMIT :limit"
SQL2(history_of_parties,
     HISTORY_COLUMNS "WHERE change.party IN (SELECT value FROM json_each(:ids))" THEIRS_TOO,
     HISTORY_COLUMNS
     "WHERE change.party = ANY(CAST(translate(:ids, '[]', '{}') AS bigint[]))" THEIRS_TOO);
SQL(history_of_batch,
    HISTORY_COLUMNS "WHERE change.batch = :batch AND (:before = 0 OR change.id < :before)"
                    " AND " VISIBLE_CHANGE " ORDER BY change.id DESC LIMIT :limit");
SQL(history_of_firm,
    HISTORY_COLUMNS "WHERE (:before = 0 OR change.id < :before) AND " VISIBLE_CHANGE
                    " ORDER BY change.id DESC LIMIT :limit");

static const char *const action_codes[] = { "create", "change", "delete", "restore" };
const char *action_code(enum action a) {
    return action_codes[a];
}

static enum action action_of(struct str code) {
    for (int i = 0; i < COUNT(action_codes); i++)
        if (str_eq_z(code, action_codes[i])) return (enum action)i;
    BUG("action %.*s", SF(code));
}

const struct entity *registry_find(const struct registry *r, struct str name) {
    for (int i = 0; i < r->n; i++)
        if (str_eq_z(name, r->entities[i]->name)) return r->entities[i];
    return NULL;
}

static struct param optional(const char *name, int64_t id) {
    return id ? param_int(name, id) : param_null(name);
}

enum status history_batch(struct ctx *c, int64_t *batch) {
    if (!c->batch)
        TRY(db_insert(c->tx, &history_new_batch, &c->batch, P("at", c->now_ms),
                      P("door", door_code(c->door)), optional("member", c->who.id),
                      P("title", c->batch_title), optional("import", c->batch_import),
                      optional("undoes", c->batch_undoes), P("whole", c->batch_whole)));
    *batch = c->batch;
    return OK;
}

/* The client that a record speaks of, 0 for none. */
static int64_t party_of(const struct entity *e, const void *row) {
    if (!e->party_column) return 0;
    if (e->indexed) return row_head_of(row)->id;
    const struct field *f = entity_field(e, str_of(e->party_column));
    return f ? field_get(f, row).i : 0;
}

static int64_t other_of(const struct entity *e, const void *row) {
    return e->other_column ? field_get(entity_field(e, str_of(e->other_column)), row).i : 0;
}

static bool is_private(const struct entity *e, const void *row) {
    return row && field_get(entity_field(e, str_of(e->private_column)), row).i;
}

/* Were only fields changed that are for members and above? */
static bool only_private_fields(const struct entity *e, const bool *mask) {
    int n = 0;
    for (int i = 0; i < e->fields_n; i++) {
        if (!mask[i] || (e->fields[i].is & DERIVED)) continue;
        if (!(e->fields[i].is & PRIVATE)) return false;
        n++;
    }
    for (int i = 0; i < e->manys_n; i++)
        if (mask[e->fields_n + i]) return false;
    return n > 0;
}

enum { PRIVATE_TO_MEMBERS = 0, PRIVATE_TO_OWNERS = -1 };

/* Who may read this change, when it is not for everybody who sees the client: see history.h. */
static enum status private_to(struct ctx *c, const struct entity *e, enum action a,
                              const void *before, const void *after, const bool *mask,
                              struct param *out) {
    *out = param_null("private");
    if (!e->private_column) {
        if (a == ACTION_CHANGE && only_private_fields(e, mask))
            *out = param_int("private", PRIVATE_TO_MEMBERS);
        return OK;
    }
    bool was = is_private(e, before), is = is_private(e, after);
    if (!was && !is) return OK;
    int64_t author = row_head_of(after)->created_by;
    *out = param_int("private", author ? author : PRIVATE_TO_OWNERS);
    if (was || !before) return OK;
    return db_run(c->tx, &history_close, *out, P("entity", e->name),
                  P("row", row_head_of(after)->id));
}

enum status history_write(struct ctx *c, const struct entity *e, enum action a, const void *before,
                          const void *after, const bool *mask) {
    int64_t batch;
    struct str was = NO_STR, is = NO_STR;
    struct param private;
    TRY(history_batch(c, &batch));
    TRY(private_to(c, e, a, before, after, mask, &private));
    if (a == ACTION_CHANGE) was = history_json(c, e, before, mask, false);
    if (a == ACTION_CREATE || a == ACTION_CHANGE)
        is = history_json(c, e, after, mask, a == ACTION_CREATE);
    return db_later(c->tx, &history_new_change, P("batch", batch), P("entity", e->name),
                    P("row", row_head_of(after)->id), optional("party", party_of(e, after)),
                    P("action", action_code(a)), P("before", was), P("after", is),
                    optional("other", other_of(e, after)), private);
}

/* --- reading --- */

static const char *door_word(struct str code) {
    static const struct {
        const char *code, *word;
    } words[] = {
        { "web", N_("on the page") },    { "api", N_("by the API") },
        { "import", N_("by import") },   { "cli", N_("on the command line") },
        { "job", N_("by the program") },
    };
    for (int i = 0; i < COUNT(words); i++)
        if (str_eq_z(code, words[i].code)) return words[i].word;
    return "";
}

static void add_field(struct ctx *c, struct history_entry *e, struct str label, struct str before,
                      struct str after, bool ltr) {
    e->fields.v = arena_grow(c->arena, e->fields.v, (size_t)e->fields.n * sizeof *e->fields.v,
                             (size_t)(e->fields.n + 1) * sizeof *e->fields.v);
    e->fields.v[e->fields.n++] = (struct history_field){ label, before, after, ltr };
}

static struct str show_list(struct ctx *c, const struct many *m, const void *row) {
    struct many_rows r = many_get(m, row);
    struct str parts[LIMIT_MANY_N];
    int n = 0;
    for (; n < r.n && n < LIMIT_MANY_N; n++) parts[n] = m->child->title(c, many_at(m, r, n));
    return str_join(c->arena, parts, n, S(" · "));
}

static enum status read_fields(struct ctx *c, struct history_entry *e, struct str before,
                               struct str after) {
    const struct entity *entity = e->entity;
    void *was = arena_alloc(c->arena, entity->size), *is = arena_alloc(c->arena, entity->size);
    bool *mask = arena_array(c->arena, bool, entity->fields_n + entity->manys_n);
    TRY(history_json_read(c, entity, before, was, mask));
    TRY(history_json_read(c, entity, after, is, mask));
    e->was = was, e->is = is, e->mask = mask;
    for (int i = 0; i < entity->fields_n; i++) {
        const struct field *f = &entity->fields[i];
        if (!mask[i] || (f->is & DERIVED) || !field_readable(c, f)) continue;
        struct value a = field_get(f, was), b = field_get(f, is);
        const struct field *fa = field_in(c, f, was), *fb = field_in(c, f, is);
        if (before.n && after.n && !field_follows(f) && value_eq(a, b)) continue; /* a currency */
        add_field(c, e, str_of(field_label(c, f)),
                  value_empty(f, a) ? NO_STR : f->kind->show(c, fa, a),
                  value_empty(f, b) ? NO_STR : f->kind->show(c, fb, b),
                  f->kind->ltr && f->kind != &kind_date);
    }
    for (int i = 0; i < entity->manys_n; i++)
        if (mask[entity->fields_n + i])
            add_field(c, e, str_of(T(c, entity->manys[i].label)),
                      show_list(c, &entity->manys[i], was), show_list(c, &entity->manys[i], is),
                      false);
    return OK;
}

bool history_may_undo(const struct ctx *c, int64_t import, int64_t member) {
    return !import || member == c->who.id || ctx_may(c, ROLE_MANAGER);
}

static enum status read_entry(struct ctx *c, const struct rows *r, int i, struct history_entry *e) {
    *e = (struct history_entry){
        .id = row_int(r, i, "id"),
        .batch = row_int(r, i, "batch"),
        .at = row_int(r, i, "at"),
        .member = row_int(r, i, "member"),
        .row_id = row_int(r, i, "row_id"),
        .party = row_int(r, i, "party"),
        .import = row_int(r, i, "import"),
        .who = row_str(r, i, "who"),
        .door = str_of(T(c, door_word(row_str(r, i, "door")))),
        .title = row_str(r, i, "title"),
        .entity = entity_whole(c, registry_find(entity_registry(), row_str(r, i, "entity"))),
        .action = action_of(row_str(r, i, "action")),
        .undone = !row_null(r, i, "undone_by"),
        .undoes = row_int(r, i, "undoes"),
        .door_code = row_str(r, i, "door"),
        .whole = row_int(r, i, "whole"),
    };
    if (!e->entity) return OK; /* of a feature that is no longer built in */
    e->can_undo =
        !e->undone && ctx_may(c, e->entity->may_write) && history_may_undo(c, e->import, e->member);
    e->name = entity_title(c, e->entity, e->row_id);
    return read_fields(c, e, row_str(r, i, "before"), row_str(r, i, "after"));
}

/* The client and those who became a part of him, as «[1,2]»; NO_STR: nobody did. */
static enum status with_moved(struct ctx *c, int64_t party, struct str *out) {
    int64_t ids[MOVED_INTO_MAX];
    int n;
    struct buf b = { .arena = c->arena };
    const struct entity *e = registry_find(entity_registry(), S("party"));
    *out = NO_STR;
    if (!party || !e) return OK;
    TRY(moved_into(c, e, party, ids, COUNT(ids), &n));
    if (n == 0) return OK;
    buf_printf(&b, "[%lld", (long long)party);
    for (int i = 0; i < n; i++) buf_printf(&b, ",%lld", (long long)ids[i]);
    buf_add_c(&b, ']');
    *out = buf_str(&b);
    return OK;
}

enum status history_read(struct ctx *c, int64_t party, int64_t batch, int64_t before, int limit,
                         struct history_list *out) {
    struct rows r;
    struct str ids;
    *out = (struct history_list){ 0 };
    if (!ctx_may(c, ROLE_READER)) return DENIED;
    TRY(with_moved(c, party, &ids));
    const struct sql *sql = ids.n   ? &history_of_parties
                            : party ? &history_of_party
                            : batch ? &history_of_batch
                                    : &history_of_firm;
    struct param p[] = { { 0 },
                         P("before", before),
                         P("limit", limit + 1),
                         P_VISIBLE_CHANGE(c),
                         ids.n   ? P("ids", ids)
                         : party ? P("party", party)
                                 : P("batch", batch) };
    TRY(db_query_(c->tx, sql, &r, p, COUNT(p) - (!party && !batch)));
    out->n = r.n > limit ? limit : r.n;
    out->v = arena_array(c->arena, struct history_entry, out->n + 1);
    for (int i = 0; i < out->n; i++) TRY(read_entry(c, &r, i, &out->v[i]));
    if (r.n > limit) out->next = out->v[out->n - 1].id;
    return OK;
}
