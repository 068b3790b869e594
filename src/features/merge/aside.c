/* What follows a merged client without a history of its own: notices of him, who was said not to be
 * him, his records that lie in the bin. Which ones is kept with the merge, so that they can go
 * back. Called by merge.c and part.c; calls core/entity/refer.h, features/notice. */
#include "features/merge/inner.h"
#include "features/notice/notice.h"
#include "lib/text/json.h"

SQL(aside_not_same, "SELECT CASE WHEN a = :id THEN b ELSE a END AS other, at, member FROM not_same "
                    "WHERE a = :id OR b = :id ORDER BY other LIMIT 10000");
SQL(aside_not_same_add, "INSERT INTO not_same (a, b, at, member) VALUES (:a, :b, :at, :member) ON "
                        "CONFLICT DO NOTHING");
SQL(aside_not_same_drop, "DELETE FROM not_same WHERE a = :a AND b = :b");

/* Plain tables that name clients, and what becomes of their rows. A test walks the schema: a
 * foreign key to party in a table that is neither an entity nor here makes it fail. */
static const char *const tables[] = {
    "notice",       /* follow */
    "not_same",     /* said of the kept one too */
    "merge",        /* tells of it */
    "bulk_refused", /* stays: what a run said then; its link leads to the kept one */
};

bool aside_knows(struct str table) {
    for (int i = 0; i < COUNT(tables); i++)
        if (str_eq_z(table, tables[i])) return true;
    return false;
}

static void write_ids(struct json_out *w, const int64_t *ids, int n) {
    jw_array(w);
    for (int i = 0; i < n; i++) jw_int(w, ids[i]);
    jw_end(w);
}

static enum status notices_follow(struct ctx *c, int64_t from, int64_t to, struct json_out *w) {
    int64_t *ids = arena_array(c->arena, int64_t, ASIDE_MAX);
    int n;
    TRY(notice_of(c, from, ids, ASIDE_MAX, &n));
    for (int i = 0; i < n; i++) TRY(notice_lead(c, ids[i], to));
    jw_key(w, "notice");
    write_ids(w, ids, n);
    return OK;
}

static enum status binned_follow(struct ctx *c, int64_t from, int64_t to, struct json_out *w) {
    struct referrer all[REFERRERS_MAX];
    int64_t *ids = arena_array(c->arena, int64_t, ASIDE_MAX);
    int all_n = refer_fields(c, &entity_party, all, REFERRERS_MAX), n;
    jw_key(w, "binned");
    jw_object(w);
    for (int i = 0; i < all_n; i++) {
        struct refer_ask ask = { .id = from, .binned = true, .limit = ASIDE_MAX };
        TRY(refer_rows(c, &all[i], &ask, ids, &n));
        if (n == 0) continue;
        for (int k = 0; k < n; k++) TRY(refer_set_binned(c, &all[i], ids[k], to));
        jw_key(w, str_printf(c->arena, "%s.%s", all[i].entity->name, all[i].field->name).p);
        write_ids(w, ids, n);
    }
    jw_end(w);
    return OK;
}

static int64_t least(int64_t a, int64_t b) {
    return a < b ? a : b;
}

static enum status not_same_follow(struct ctx *c, int64_t from, int64_t to, struct json_out *w) {
    struct rows r;
    TRY(db_query(c->tx, &aside_not_same, &r, P("id", from)));
    jw_key(w, "not_same");
    jw_array(w);
    for (int i = 0; i < r.n; i++) {
        int64_t other = row_int(&r, i, "other"), a = least(other, to), b = a == to ? other : to;
        if (other == to) continue;
        TRY(db_run(c->tx, &aside_not_same_add, P("a", a), P("b", b), P("at", row_int(&r, i, "at")),
                   row_null(&r, i, "member") ? param_null("member")
                                             : P("member", row_int(&r, i, "member"))));
        if (db_changed(c->tx)) jw_int(w, other);
    }
    jw_end(w);
    return OK;
}

enum status aside_follow(struct ctx *c, int64_t from, int64_t to, struct str *aside) {
    struct buf b = { .arena = c->arena };
    struct json_out w = { .b = &b };
    jw_object(&w);
    jw_key(&w, "kept");
    jw_int(&w, to);
    TRY(notices_follow(c, from, to, &w));
    TRY(binned_follow(c, from, to, &w));
    TRY(not_same_follow(c, from, to, &w));
    jw_end(&w);
    *aside = buf_str(&b);
    return OK;
}

/* --- back --- */

static enum status binned_back(struct ctx *c, const struct json *j, int64_t gone) {
    struct referrer all[REFERRERS_MAX];
    int all_n = refer_fields(c, &entity_party, all, REFERRERS_MAX);
    for (int i = 0; i < all_n; i++) {
        const struct json *ids =
            json_get(j, str_printf(c->arena, "%s.%s", all[i].entity->name, all[i].field->name));
        for (int k = 0; k < json_n(ids); k++)
            TRY(refer_set_binned(c, &all[i], json_int(json_at(ids, k)), gone));
    }
    return OK;
}

enum status aside_back(struct ctx *c, int64_t gone, struct str aside) {
    struct json *j;
    struct str why;
    if (aside.n == 0) return OK;
    if (json_parse(c->arena, aside, &j, &why) != OK) return BROKEN;
    const struct json *notices = json_get(j, S("notice")), *others = json_get(j, S("not_same"));
    int64_t kept = json_int(json_get(j, S("kept")));
    for (int i = 0; i < json_n(notices); i++)
        TRY(notice_lead(c, json_int(json_at(notices, i)), gone));
    for (int i = 0; i < json_n(others); i++) {
        int64_t other = json_int(json_at(others, i)), a = least(other, kept);
        TRY(db_run(c->tx, &aside_not_same_drop, P("a", a), P("b", a == kept ? other : kept)));
    }
    return binned_back(c, json_get(j, S("binned")), gone);
}
