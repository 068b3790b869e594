/* See moved.h. Called by the gate, the store, the history and features/merge; calls lib/db. */
#include "core/entity/moved.h"

enum { HOPS_MAX = 1000 };

SQL(moved_one, "SELECT to_id FROM moved WHERE entity = :entity AND from_id = :id");
SQL(moved_here, "SELECT from_id FROM moved WHERE entity = :entity AND to_id = :id ORDER BY from_id "
                "LIMIT 200");
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

enum status moved_note(struct ctx *c, const struct entity *e, int64_t from, int64_t to) {
    return db_run(c->tx, &moved_insert, P("entity", e->name), P("id", from), P("to", to));
}

enum status moved_forget(struct ctx *c, const struct entity *e, int64_t from) {
    return db_run(c->tx, &moved_delete, P("entity", e->name), P("id", from));
}
