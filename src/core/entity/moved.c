/* See moved.h. Called by the gate, the store, the history and features/merge; calls lib/db. */
#include "core/entity/moved.h"

#include "core/entity/order.h"
#include "core/entity/store_sql.h"

enum { HOPS_MAX = 1000, AT_ONCE = 500 };

SQL(moved_one, "SELECT to_id FROM moved WHERE entity = :entity AND from_id = :id");
SQL(moved_here, "SELECT from_id FROM moved WHERE entity = :entity AND to_id = :id ORDER BY from_id "
                "LIMIT 200");
#define OF_THESE "SELECT from_id FROM moved WHERE entity = :entity AND from_id "
SQL2(moved_of_these, OF_THESE "IN (SELECT value FROM json_each(:ids)) ORDER BY from_id",
     OF_THESE "= ANY(CAST(translate(:ids, '[]', '{}') AS bigint[])) ORDER BY from_id");
SQL(moved_insert, "INSERT INTO moved (entity, from_id, to_id) VALUES (:entity, :id, :to)");
SQL(moved_delete, "DELETE FROM moved WHERE entity = :entity AND from_id = :id");

enum status moved_to(struct ctx *c, const struct entity *e, int64_t id, int64_t *to) {
    struct rows r;
    *to = 0;
    for (int hop = 0; hop < HOPS_MAX; hop++) {
        TRY(db_query(c->tx, &moved_one, &r, P("entity", e->name), P("id", *to ? *to : id)));
        if (r.n == 0) return OK;
        *to = row_int(&r, 0, "to_id");
    }
    return BROKEN;
}

enum status moved_into(struct ctx *c, const struct entity *e, int64_t id, int64_t *ids, int cap,
                       int *n) {
    struct rows r;
    *n = 0;
    for (int next = -1; next < *n; next++) {
        TRY(db_query(c->tx, &moved_here, &r, P("entity", e->name),
                     P("id", next < 0 ? id : ids[next])));
        for (int i = 0; i < r.n && *n < cap; i++) ids[(*n)++] = row_int(&r, i, "from_id");
    }
    return OK;
}

/* Only those who are not there any more are asked for: nobody else can have moved. */
static enum status follow_some(struct ctx *c, const struct entity *e, const uint32_t *gone, int n,
                               struct bits *set) {
    struct rows r;
    int64_t ids[AT_ONCE], to;
    for (int i = 0; i < n; i++) ids[i] = gone[i];
    TRY(db_query(c->tx, &moved_of_these, &r, P("entity", e->name),
                 P("ids", sql_id_list(c->arena, ids, n))));
    for (int i = 0; i < r.n; i++) {
        int64_t from = row_int(&r, i, "from_id");
        TRY(moved_to(c, e, from, &to));
        bits_remove(set, (uint32_t)from);
        if (to > 0) bits_add(set, (uint32_t)to);
    }
    return OK;
}

enum status moved_follow(struct ctx *c, const struct entity *e, struct bits *set) {
    struct search *s;
    struct bits *alive;
    uint32_t gone[AT_ONCE];
    int64_t after = -1;
    int n = 0;
    enum status st = OK;
    TRY(search_open(c->tx, orders_memory(c->orders), &s));
    TRY(search_term(s, S("a"), &alive));
    struct bits *left = bits_copy(set);
    bits_minus(left, alive);
    bits_free(alive);
    while (st == OK && (n = bits_next(left, after, gone, AT_ONCE)) > 0) {
        after = gone[n - 1];
        st = follow_some(c, e, gone, n, set);
    }
    bits_free(left);
    return st;
}

enum status moved_note(struct ctx *c, const struct entity *e, int64_t from, int64_t to) {
    return db_run(c->tx, &moved_insert, P("entity", e->name), P("id", from), P("to", to));
}

enum status moved_forget(struct ctx *c, const struct entity *e, int64_t from) {
    return db_run(c->tx, &moved_delete, P("entity", e->name), P("id", from));
}
