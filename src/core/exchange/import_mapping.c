/* What was chosen for the columns of a file, remembered for the next file with the same names of
 * columns in the same order. Called by the import's pages; calls lib/db. */
#include "core/app/secret.h"
#include "core/exchange/import.h"

SQL(mapping_put,
    "INSERT INTO import_mapping (columns_hash, columns, match, on_match, member, at) VALUES "
    "(:hash, :columns, :match, :on_match, :member, :at) ON CONFLICT (columns_hash) DO UPDATE SET "
    "columns = excluded.columns, match = excluded.match, on_match = excluded.on_match, "
    "member = excluded.member, at = excluded.at");
SQL(mapping_one,
    "SELECT import_mapping.columns, import_mapping.match, import_mapping.on_match, "
    "import_mapping.at, member.name AS who FROM import_mapping "
    "LEFT JOIN member ON member.id = import_mapping.member WHERE columns_hash = :hash");
SQL(mapping_drop, "DELETE FROM import_mapping WHERE columns_hash = :hash");

static bool hash_of(struct ctx *c, const struct import_plan *plan, struct blob *out) {
    unsigned char *digest = arena_array(c->arena, unsigned char, SHA256_N);
    *out = (struct blob){ digest, SHA256_N };
    return import_plan_digest(c->arena, plan, digest);
}

enum status import_mapping_keep(struct ctx *c, const struct import_plan *plan) {
    struct blob hash;
    if (!hash_of(c, plan, &hash)) return OK;
    return db_run(c->tx, &mapping_put, P("hash", hash), P("columns", import_plan_json(c, plan)),
                  P("match", plan->match.p ? plan->match : S("")),
                  P("on_match", on_match_code(plan->on_match)),
                  c->who.id ? param_int("member", c->who.id) : param_null("member"),
                  P("at", c->now_ms));
}

enum status import_mapping_find(struct ctx *c, const struct import_plan *plan,
                                struct import_memory *out, struct import_plan *chosen) {
    struct rows r;
    struct blob hash;
    *out = (struct import_memory){ .at = 0 };
    if (!hash_of(c, plan, &hash)) return OK;
    TRY(db_query(c->tx, &mapping_one, &r, P("hash", hash)));
    if (!r.n) return OK;
    *chosen = (struct import_plan){ .match = row_str(&r, 0, "match"), .kind = plan->kind };
    TRY(import_plan_read(c, row_str(&r, 0, "columns"), chosen));
    if (chosen->n != plan->n || !on_match_of(row_str(&r, 0, "on_match"), &chosen->on_match))
        return OK;
    *out = (struct import_memory){ .at = row_int(&r, 0, "at"),
                                   .who = row_str(&r, 0, "who"),
                                   .columns = row_str(&r, 0, "columns") };
    return OK;
}

enum status import_mapping_forget(struct ctx *c, const struct import_plan *plan) {
    struct blob hash;
    return hash_of(c, plan, &hash) ? db_run(c->tx, &mapping_drop, P("hash", hash)) : OK;
}
