/* The choices of one member (preference.h). Called by pages of features; calls the database. Not a
 * record of an entity: a preference has no history and nobody else sees it. */
#include "core/app/preference.h"

SQL(preference_read, "SELECT value FROM preference WHERE member = :member AND name = :name");
SQL(preference_write,
    "INSERT INTO preference (member, name, value) VALUES (:member, :name, :value) "
    "ON CONFLICT (member, name) DO UPDATE SET value = excluded.value");
SQL(preference_forget, "DELETE FROM preference WHERE member = :member AND name = :name");

enum status preference_get(struct ctx *c, const char *name, struct str *value) {
    struct rows r;
    *value = NO_STR;
    if (!c->who.id) return OK;
    TRY(db_query(c->tx, &preference_read, &r, P("member", c->who.id), P("name", str_of(name))));
    if (r.n) *value = row_str(&r, 0, "value");
    return OK;
}

enum status preference_set(struct ctx *c, const char *name, struct str value) {
    if (!c->who.id) return OK;
    if (!value.n)
        return db_run(c->tx, &preference_forget, P("member", c->who.id), P("name", str_of(name)));
    return db_run(c->tx, &preference_write, P("member", c->who.id), P("name", str_of(name)),
                  P("value", value));
}
