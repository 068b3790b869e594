/* Reading and writing records of any entity: see store.h. Called by forms, API, import, undo and
 * features; calls the entity's rules, history.c, store_index.c and lib/db. */
#include "core/entity/store.h"

#include "core/entity/history.h"
#include "core/entity/loader.h"
#include "core/entity/moved.h"
#include "core/entity/own.h"
#include "core/entity/store_index.h"
#include "core/entity/store_sql.h"

static enum status read_children(struct ctx *c, const struct entity *e, const struct many *m,
                                 void *rows, int rows_n, const int64_t *ids) {
    struct rows r;
    bool one = rows_n == 1;
    struct str sql = sql_select_children(c->arena, m->child, tx_is_pg(c->tx), one);
    struct param p =
        one ? param_int("id", ids[0]) : param_str("ids", sql_id_list(c->arena, ids, rows_n));
    TRY(db_query_made(c->tx, sql, &r, &p, 1));
    size_t size = m->child->size;
    char *children = arena_alloc(c->arena, size * (size_t)r.n);
    int64_t *parents = arena_array(c->arena, int64_t, r.n);
    for (int i = 0; i < r.n; i++)
        parents[i] = sql_read_child(m->child, &r, i, children + size * (size_t)i);
    for (int i = 0; i < rows_n; i++) {
        void *row = (char *)rows + e->size * (size_t)i;
        int from = 0, to;
        while (from < r.n && parents[from] != row_head(row)->id) from++;
        for (to = from; to < r.n && parents[to] == row_head(row)->id;) to++;
        many_set(m, row, (struct many_rows){ children + size * (size_t)from, to - from });
    }
    return OK;
}

/* As they are in the table, whatever this member may read of them. */
static enum status load_whole(struct ctx *c, const struct entity *e, const int64_t *ids, int n,
                              void **out, int *out_n) {
    struct rows r = { 0 };
    struct param v[SQL_VISIBLE_N + 1];
    struct made_params p = { v, 0 };
    e = entity_whole(c, e);
    *out_n = 0;
    *out = arena_alloc(c->arena, e->size * (size_t)(n + 1));
    if (!ctx_may(c, e->may_read)) return DENIED;
    if (n == 0) return OK;
    bool one = n == 1;
    struct str sql = sql_select(c->arena, e, tx_is_pg(c->tx), one);
    sql_param(&p, one ? param_int("id", ids[0]) : param_str("ids", sql_id_list(c->arena, ids, n)));
    sql_visible_params(c, e, &p);
    TRY(db_query_made(c->tx, sql, &r, p.v, p.n));
    int64_t *found = arena_array(c->arena, int64_t, n);
    for (int i = 0; i < n; i++)
        for (int k = 0; k < r.n; k++)
            if (row_cell(&r, k, 0)->i == ids[i]) {
                TRY(sql_read(c, e, &r, k, (char *)*out + e->size * (size_t)*out_n));
                found[(*out_n)++] = ids[i];
                break;
            }
    for (int i = 0; i < e->manys_n && *out_n; i++)
        TRY(read_children(c, e, &e->manys[i], *out, *out_n, found));
    return OK;
}

/* An own field may name a client whom this member does not see. */
static bool names_unseen(struct ctx *c, const struct field *f, const void *row) {
    if (!f->custom || f->kind != &kind_ref || c->who.sees == SEES_ALL) return false;
    int64_t id = field_get(f, row).i;
    return id && entity_title(c, f->ref, id).n == 0;
}

/* What this member may not read is as if it had never been filled in: no page, file or reply that
 * forgets to ask can show it. */
static void blank_unreadable(struct ctx *c, const struct entity *e, void *rows, int n) {
    e = entity_whole(c, e);
    for (int i = 0; i < e->fields_n; i++) {
        const struct field *f = &e->fields[i];
        bool whole = (f->is & SECRET) || field_readable(c, f); /* rules compare secret keys */
        for (int k = 0; k < n; k++) {
            void *row = (char *)rows + e->size * (size_t)k;
            if (!whole || names_unseen(c, f, row)) field_set(f, row, (struct value){ 0 });
        }
    }
}

enum status store_load_all(struct ctx *c, const struct entity *e, const int64_t *ids, int n,
                           void **out, int *out_n) {
    TRY(load_whole(c, e, ids, n, out, out_n));
    blank_unreadable(c, e, *out, *out_n);
    return OK;
}

/* Before a write: the record whole, so that what its writer cannot see stays as it is. */
static enum status load_to_write(struct ctx *c, const struct entity *e, int64_t id, void *row) {
    void *rows;
    int n;
    TRY(load_whole(c, e, &id, 1, &rows, &n));
    if (n == 0) return MISSING;
    memcpy(row, rows, e->size);
    return OK;
}

static void keep_unreadable(struct ctx *c, const struct entity *e, const void *before, void *row) {
    for (int i = 0; i < e->fields_n; i++) {
        const struct field *f = &e->fields[i];
        bool unseen = before && value_empty(f, field_get(f, row)) && names_unseen(c, f, before);
        if (!unseen && ((f->is & SECRET) || field_readable(c, f))) continue;
        field_set(f, row, before ? field_get(f, before) : (struct value){ 0 });
    }
}

enum status store_load_binned(struct ctx *c, const struct entity *e, int64_t id, void *row) {
    void *rows;
    int n;
    TRY(store_load_all(c, e, &id, 1, &rows, &n));
    if (n == 0) return MISSING;
    memcpy(row, rows, e->size);
    return OK;
}

enum status store_load(struct ctx *c, const struct entity *e, int64_t id, void *row) {
    TRY(store_load_binned(c, e, id, row));
    return row_head(row)->deleted_at ? MISSING : OK;
}

/* --- writing --- */

/* The INSERT of a record and those of its lists: the same for many. */
struct texts {
    struct str row, *children;
};

static const struct texts *texts_of(struct ctx *c, const struct entity *e) {
    struct texts *t = arena_new_of(c->arena, struct texts);
    bool pg = tx_is_pg(c->tx);
    t->row = sql_insert(c->arena, e, pg, false);
    t->children = arena_array(c->arena, struct str, e->manys_n + 1);
    for (int i = 0; i < e->manys_n; i++)
        t->children[i] = sql_insert(c->arena, e->manys[i].child, pg, false);
    return t;
}

static bool rows_equal(const struct entity *e, const void *a, const void *b) {
    for (int i = 0; i < e->fields_n; i++)
        if (!value_eq(field_get(&e->fields[i], a), field_get(&e->fields[i], b))) return false;
    return true;
}

static bool lists_equal(const struct many *m, const void *a, const void *b) {
    struct many_rows x = many_get(m, a), y = many_get(m, b);
    if (x.n != y.n) return false;
    for (int i = 0; i < x.n; i++) {
        void *p = many_at(m, x, i), *q = many_at(m, y, i);
        if (row_head(p)->id != row_head(q)->id || !rows_equal(m->child, p, q)) return false;
    }
    return true;
}

/* A child without an id that says the same as one there is that one; doubles of a single go. */
static void recognise_children(struct ctx *c, const struct many *m, void *row, const void *before) {
    struct many_rows now = many_get(m, row),
                     was = before ? many_get(m, before) : (struct many_rows){ 0 };
    bool *taken = arena_array(c->arena, bool, was.n + 1);
    int kept = 0;
    for (int i = 0; i < now.n; i++)
        for (int k = 0; k < was.n; k++)
            if (row_head(many_at(m, was, k))->id == row_head(many_at(m, now, i))->id)
                taken[k] = true;
    for (int i = 0; i < now.n; i++) {
        void *child = many_at(m, now, i);
        bool doubled = false;
        for (int k = 0; m->single && k < kept; k++)
            doubled |= rows_equal(m->child, many_at(m, now, k), child);
        if (doubled) continue;
        for (int k = 0; k < was.n && !row_head(child)->id; k++)
            if (!taken[k] && rows_equal(m->child, many_at(m, was, k), child)) {
                taken[k] = true;
                row_head(child)->id = row_head(many_at(m, was, k))->id;
            }
        if (kept != i) memcpy(many_at(m, now, kept), child, m->child->size);
        kept++;
    }
    now.n = kept;
    many_set(m, row, now);
}

/* A required own field is asked where it applies, of what is new, and may not be emptied; records
 * that were there before it was made can be changed without it. Taking back asks nothing. */
static bool own_excused(struct ctx *c, const struct entity *e, const struct field *f,
                        const void *row, const void *before) {
    if (!f->custom) return false;
    return c->batch_undoes || !own_applies(e, f, row) ||
           (before && value_empty(f, field_get(f, before)));
}

static void check_fields(struct ctx *c, const struct entity *e, const struct many *m, int at,
                         const void *row, const void *before) {
    for (int i = 0; i < e->fields_n; i++) {
        const struct field *f = &e->fields[i];
        if ((f->is & REQUIRED) && value_empty(f, field_get(f, row)) &&
            strcmp(f->name, "display_name") != 0 && !own_excused(c, e, f, row, before))
            ctx_problem(c, field_path(c, m, at, f), N_("This may not be empty."));
    }
}

/* Only its author (or an owner) takes a record from the others' eyes, or gives it back. */
static void check_private(struct ctx *c, const struct entity *e, const void *row,
                          const void *before) {
    const struct field *f =
        e->private_column && before ? entity_field(e, str_of(e->private_column)) : NULL;
    if (!f || field_get(f, row).i == field_get(f, before).i) return;
    if (ctx_may(c, ROLE_OWNER) || row_head_of(before)->created_by == c->who.id) return;
    ctx_problem(c, str_of(f->name), N_("Only who wrote it, or an owner, can change this."));
}

static enum status check_all(struct ctx *c, const struct entity *e, void *row, const void *before) {
    check_fields(c, e, NULL, 0, row, before);
    check_private(c, e, row, before);
    for (int i = 0; i < e->manys_n; i++) {
        const struct many *m = &e->manys[i];
        struct many_rows r = many_get(m, row);
        if (r.n > LIMIT_MANY_N)
            ctx_problem(c, str_of(m->name), N_("At most {max} of these."),
                        ARG("max", str_printf(c->arena, "%d", LIMIT_MANY_N)));
        for (int k = 0; k < r.n; k++) {
            void *child = many_at(m, r, k);
            check_fields(c, m->child, m, k, child, NULL);
            if (m->child->check) {
                enum status st = m->child->check(c, child, NULL);
                if (st != OK && st != INVALID) return st;
            }
        }
        recognise_children(c, m, row, before);
    }
    enum status st = e->check ? e->check(c, row, before) : OK;
    return st != OK ? st : c->problems.n ? INVALID : OK;
}

/* An amount and its currency are one value: the history says both. */
static void pair_amounts(const struct entity *e, bool *mask) {
    for (int i = 0; i < e->fields_n; i++)
        for (int k = 0; e->fields[i].currency_at && k < e->fields_n; k++)
            if (!e->fields[k].custom && e->fields[k].offset == e->fields[i].currency_at)
                mask[i] = mask[k] = mask[i] || mask[k];
}

static bool *changed_mask(struct ctx *c, const struct entity *e, const void *before,
                          const void *row, bool *any) {
    bool *mask = arena_array(c->arena, bool, e->fields_n + e->manys_n);
    *any = false;
    for (int i = 0; i < e->fields_n; i++) {
        struct value v = field_get(&e->fields[i], row);
        mask[i] = before ? !value_eq(v, field_get(&e->fields[i], before))
                         : !value_empty(&e->fields[i], v);
        *any |= mask[i];
    }
    pair_amounts(e, mask);
    for (int i = 0; i < e->manys_n; i++) {
        bool differs =
            before ? !lists_equal(&e->manys[i], before, row) : many_get(&e->manys[i], row).n > 0;
        mask[e->fields_n + i] = differs;
        *any |= differs;
    }
    return mask;
}

static const void *child_with_id(const struct many *m, struct many_rows rows, int64_t id) {
    for (int i = 0; i < rows.n; i++)
        if (row_head(many_at(m, rows, i))->id == id) return many_at(m, rows, i);
    return NULL;
}

static enum status write_child(struct ctx *c, const struct many *m, int64_t party, int position,
                               void *child, const void *was, struct str text) {
    struct rows r;
    struct row *h = row_head(child);
    struct param head[3] = { param_int("party", party), param_int("position", position),
                             param_int("id", h->id) };
    struct made_params p = sql_field_params(c, m->child, child, head, h->id ? 3 : 2);
    if (h->id && !was && !c->batch_undoes) {
        ctx_problem(c, str_printf(c->arena, "%s.%d.id", m->name, position),
                    N_("There is no such entry."));
        return INVALID;
    }
    if (!was) {
        if (!text.n || h->id) text = sql_insert(c->arena, m->child, tx_is_pg(c->tx), h->id != 0);
        return db_insert_made(c->tx, text, &h->id, p.v, p.n);
    }
    TRY(db_query_made(c->tx, sql_update(c->arena, m->child), &r, p.v, p.n));
    if (r.n == 0) return MISSING;
    h->id = row_cell(&r, 0, 0)->i;
    return OK;
}

/* text: the INSERT of a new one; empty: not made yet. */
static enum status write_children(struct ctx *c, const struct many *m, void *row,
                                  const void *before, struct str text) {
    struct many_rows now = many_get(m, row),
                     was = before ? many_get(m, before) : (struct many_rows){ 0 };
    int64_t party = row_head(row)->id;
    for (int i = 0; i < was.n; i++) {
        int64_t id = row_head(many_at(m, was, i))->id;
        if (child_with_id(m, now, id)) continue;
        struct param p[] = { P("id", id), P("party", party) };
        TRY(db_query_made(c->tx, sql_child_delete(c->arena, m->child), NULL, p, 2));
    }
    for (int i = 0; i < now.n; i++) {
        void *child = many_at(m, now, i);
        int64_t id = row_head(child)->id;
        const void *old = id ? child_with_id(m, was, id) : NULL;
        if (old && i < was.n && many_at(m, was, i) == old && rows_equal(m->child, old, child))
            continue;
        TRY(write_child(c, m, party, i, child, old, text));
    }
    return OK;
}

/* The time in milliseconds, then 80 random bits, as hexadecimal digits: those that are made
 * together stand together in the index, which else would be read and written at a random page each
 * time. */
static struct str new_uid(struct ctx *c) {
    static const char digits[] = "0123456789abcdef";
    enum { TIME_N = 12, ALL_N = 32 };
    char *p = arena_alloc(c->arena, ALL_N + 1);
    uint64_t bits = (uint64_t)c->now_ms;
    for (int i = TIME_N - 1; i >= 0; i--, bits >>= 4) p[i] = digits[bits & 15];
    for (int i = TIME_N; i < ALL_N; i++, bits >>= 4) {
        if ((i - TIME_N) % 10 == 0) bits = dice_next(&c->dice);
        p[i] = digits[bits & 15];
    }
    return (struct str){ p, ALL_N };
}

static enum status write_row(struct ctx *c, const struct entity *e, void *row, struct str sort_keys,
                             const struct texts *texts) {
    struct rows r;
    struct row *h = row_head(row);
    bool create = h->id == 0;
    struct param head[6];
    struct made_params p = { head, 0 };
    sql_param(&p, param_int("now", c->now_ms));
    if (create) {
        sql_param(&p, c->who.id ? param_int("by", c->who.id) : param_null("by"));
        if (e->has_uid && !h->uid.n) h->uid = new_uid(c);
        if (e->has_uid) sql_param(&p, param_str("uid", h->uid));
    } else {
        sql_param(&p, param_int("id", h->id));
        sql_param(&p, param_int("version", h->version));
    }
    if (e->indexed)
        sql_param(&p, param_blob("sort_keys", (struct blob){ sort_keys.p, sort_keys.n }));
    p = sql_field_params(c, e, row, head, p.n);
    if (create) {
        struct str sql = texts ? texts->row : sql_insert(c->arena, e, tx_is_pg(c->tx), false);
        TRY(db_insert_made(c->tx, sql, &h->id, p.v, p.n));
        h->version = 1;
        h->created_at = c->now_ms;
        h->created_by = c->who.id;
    } else {
        TRY(db_query_made(c->tx, sql_update(c->arena, e), &r, p.v, p.n));
        if (r.n == 0) return STALE;
        h->version = row_cell(&r, 0, 0)->i;
    }
    h->changed_at = c->now_ms;
    return OK;
}

/* --- what can be known before the transaction --- */

struct store_ahead {
    const void *row; /* as check left it */
    const struct own *own;
    int64_t version; /* of the settings */
    enum lang lang;
    enum calendar_id calendar;
    enum digits digits;
    struct str terms, sort_keys; /* packed */
    const struct texts *texts;
};

/* Names of other records may change until then. */
static bool searched_by_others(const struct entity *e, const void *row) {
    for (int i = 0; i < e->fields_n; i++) {
        const struct field *f = &e->fields[i];
        if (f->kind == &kind_ref && (f->is & (SEARCHED | KEYS)) &&
            !value_empty(f, field_get(f, row)))
            return true;
    }
    return false;
}

enum status store_ahead(struct ctx *c, const struct entity *e, const void *row,
                        struct arena *scratch, const struct store_ahead **out) {
    e = entity_whole(c, e);
    const struct store_ahead *like = *out;
    *out = NULL;
    if (!e->indexed || row_head_of(row)->id || searched_by_others(e, row)) return OK;
    struct problems had = c->problems;
    void *copy = row_copy(c, e, row);
    row_ready(c, e, copy);
    keep_unreadable(c, e, NULL, copy);
    c->problems = (struct problems){ 0 };
    enum status st = check_all(c, e, copy, NULL);
    c->problems = had;
    if (st != OK) return st == INVALID ? OK : st;
    struct ctx beside = *c;
    struct index_change index = { 0 };
    beside.arena = scratch;
    beside.titles = (struct map){ 0 };
    st = index_prepare(&beside, e, NULL, copy, &index);
    struct store_ahead *a = arena_new_of(c->arena, struct store_ahead);
    *a = (struct store_ahead){ .row = copy,
                               .own = c->own,
                               .version = c->firm.version,
                               .lang = c->loc->lang,
                               .calendar = c->loc->calendar,
                               .digits = c->loc->digits,
                               .texts = like ? like->texts : texts_of(c, e) };
    if (st == OK) a->terms = str_dup(c->arena, terms_pack(scratch, &index.after));
    a->sort_keys = str_dup(c->arena, index.sort_keys);
    arena_reset(scratch);
    if (st == OK) *out = a;
    return st;
}

static bool same_record(const struct entity *e, const void *a, const void *b) {
    if (!rows_equal(e, a, b) || row_head_of(a)->changed_at != row_head_of(b)->changed_at)
        return false;
    for (int i = 0; i < e->manys_n; i++)
        if (!lists_equal(&e->manys[i], a, b)) return false;
    return true;
}

static bool same_settings(struct ctx *c, const struct store_ahead *a) {
    return a->own == c->own && a->version == c->firm.version && a->lang == c->loc->lang &&
           a->calendar == c->loc->calendar && a->digits == c->loc->digits;
}

/* Index of a new record: as it was worked out ahead, if that is still so. */
static enum status index_new(struct ctx *c, const struct entity *e, const void *row,
                             const struct store_ahead *a, struct index_change *out) {
    if (!a || !same_record(e, a->row, row)) return index_prepare(c, e, NULL, row, out);
    *out = (struct index_change){ .packed = a->terms, .sort_keys = a->sort_keys };
    return OK;
}

/* l: where the index rows of a new record wait; NULL: they are written at once. */
static enum status save(struct ctx *c, const struct entity *e, void *row, struct loader *l,
                        const struct store_ahead *ahead) {
    struct row *h = row_head(row);
    void *before = NULL;
    bool any;
    e = entity_whole(c, e);
    if (!ctx_may(c, e->may_write)) return DENIED;
    if (h->id) {
        before = arena_alloc(c->arena, e->size);
        TRY(load_to_write(c, e, h->id, before));
        if (row_head(before)->deleted_at) return MISSING;
        if (row_head(before)->version != h->version) return STALE;
        h->uid = row_head(before)->uid;
        h->created_by = row_head(before)->created_by;
        if (!h->custom) h->custom = row_head(before)->custom; /* who never read them keeps them */
    }
    row_ready(c, e, row);
    keep_unreadable(c, e, before, row);
    TRY(check_all(c, e, row, before));
    bool *mask = changed_mask(c, e, before, row, &any);
    if (before && !any) return OK;
    struct index_change index = { 0 };
    if (e->indexed && before) TRY(index_prepare(c, e, before, row, &index));
    if (ahead && !same_settings(c, ahead)) ahead = NULL;
    const struct texts *texts = ahead ? ahead->texts : NULL;
    if (e->indexed && !before) TRY(index_new(c, e, row, ahead, &index));
    TRY(write_row(c, e, row, index.sort_keys, texts));
    for (int i = 0; i < e->manys_n; i++)
        if (mask[e->fields_n + i])
            TRY(write_children(c, &e->manys[i], row, before, texts ? texts->children[i] : NO_STR));
    TRY(history_write(c, e, before ? ACTION_CHANGE : ACTION_CREATE, before, row, mask));
    if (e->indexed && l && !before)
        loader_take(l, h->id, &index);
    else if (e->indexed)
        TRY(index_write(c, h->id, &index));
    c->titles = (struct map){ 0 };
    return e->saved ? e->saved(c, row, before) : OK;
}

enum status store_save(struct ctx *c, const struct entity *e, void *row) {
    return save(c, e, row, NULL, NULL);
}

enum status store_save_ahead(struct ctx *c, const struct entity *e, void *row,
                             const struct store_ahead *ahead) {
    return save(c, e, row, NULL, ahead);
}

enum status loader_save(struct ctx *c, struct loader *l, const struct entity *e, void *row) {
    return save(c, e, row, l, NULL);
}

/* What became a part of another comes back only as that is taken back. */
static enum status may_come_back(struct ctx *c, const struct entity *e, int64_t id) {
    int64_t to;
    if (c->batch_undoes) return OK;
    TRY(moved_to(c, e, id, &to));
    if (!to) return OK;
    (void)ctx_problem(c, NO_STR,
                      N_("It became a part of another one: take the merging apart instead."));
    return CONFLICT;
}

static enum status bin(struct ctx *c, const struct entity *e, int64_t id, int64_t version,
                       bool delete) {
    struct rows r;
    void *before = arena_alloc(c->arena, e->size);
    e = entity_whole(c, e);
    if (!ctx_may(c, e->may_write)) return DENIED;
    TRY(load_to_write(c, e, id, before));
    if ((row_head(before)->deleted_at != 0) == delete) return delete ? MISSING : CONFLICT;
    if (version && version != row_head(before)->version) return STALE;
    if (!delete) TRY(may_come_back(c, e, id));
    void *after = row_copy(c, e, before);
    row_head(after)->deleted_at = delete ? c->now_ms : 0;
    row_head(after)->changed_at = c->now_ms;
    struct index_change index = { 0 };
    if (e->indexed) TRY(index_prepare(c, e, before, after, &index));
    struct param p[6] = { P("id", id), P("version", row_head(before)->version), P("now", c->now_ms),
                          delete ? P("deleted", c->now_ms) : param_null("deleted"),
                          param_blob("sort_keys",
                                     (struct blob){ index.sort_keys.p, index.sort_keys.n }) };
    TRY(db_query_made(c->tx, sql_bin(c->arena, e), &r, p, e->indexed ? 5 : 4));
    if (r.n == 0) return STALE;
    TRY(history_write(c, e, delete ? ACTION_DELETE : ACTION_RESTORE, before, after, NULL));
    if (e->indexed) TRY(index_write(c, id, &index));
    c->titles = (struct map){ 0 };
    return e->saved ? e->saved(c, delete ? NULL : after, delete ? before : NULL) : OK;
}

enum status store_delete(struct ctx *c, const struct entity *e, int64_t id, int64_t version) {
    return bin(c, e, id, version, true);
}

enum status store_restore(struct ctx *c, const struct entity *e, int64_t id) {
    return bin(c, e, id, 0, false);
}
