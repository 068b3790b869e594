/* What makes notices and takes them back. Called by what clients and notes do after they are saved;
 * writes the table notice, which is nobody else's. */
#include "features/notice/notice.h"

#include "core/entity/history.h"

/* The statements that decide whether somebody is told: members come and go. */
SQL(notice_may_be_told,
    "SELECT 1 AS one FROM member m JOIN party ON party.id = :party WHERE m.id = :member AND "
    "m.active = 1 AND m.deleted_at IS NULL AND party.deleted_at IS NULL AND (m.sees = 'all' OR "
    "party.responsible = m.id OR (m.sees = 'team' AND party.team = m.team)) AND "
    "(CAST(:private AS INTEGER) = 0 OR m.role = 'owner')");
SQL(notice_insert,
    "INSERT INTO notice (member, kind, party, entity, row_id, by_member, batch, at) VALUES "
    "(:member, :kind, :party, :entity, :row, :by, :batch, :now)");
SQL(notice_given_in, "SELECT id, party FROM notice WHERE batch = :batch AND member = :member AND "
                     "kind = 'given' ORDER BY id LIMIT 1");
SQL(notice_one_more, "UPDATE notice SET count = count + 1, party = NULL WHERE id = :id");
SQL(notice_not_his, "DELETE FROM notice WHERE party = :party AND member = :member AND "
                    "kind = 'given' AND seen_at IS NULL");
SQL(notice_one_less, "UPDATE notice SET count = count - 1 WHERE batch = :batch AND "
                     "member = :member AND kind = 'given'");
SQL(notice_none_left, "DELETE FROM notice WHERE batch = :batch AND count <= 0");
SQL(notice_ids, "SELECT id FROM notice WHERE party = :party ORDER BY id LIMIT :limit");
SQL(notice_of_another, "UPDATE notice SET party = :party WHERE id = :id AND party IS NOT NULL");
SQL(notice_about_gone, "DELETE FROM notice WHERE entity = :entity AND row_id = :row");
SQL(notice_about_hidden, "DELETE FROM notice WHERE entity = :entity AND row_id = :row AND member "
                         "NOT IN (SELECT id FROM member WHERE role = 'owner')");

static enum status may_be_told(struct ctx *c, int64_t member, int64_t party, bool private,
                               bool *may) {
    struct rows r;
    TRY(db_query(c->tx, &notice_may_be_told, &r, P("party", party), P("member", member),
                 P("private", private)));
    *may = r.n > 0;
    return OK;
}

static enum status tell(struct ctx *c, int64_t member, const char *kind, int64_t party,
                        const char *entity, int64_t row) {
    int64_t batch;
    TRY(history_batch(c, &batch));
    return db_run(c->tx, &notice_insert, P("member", member), P("kind", kind), P("party", party),
                  P("entity", entity), P("row", row), P("by", c->who.id), P("batch", batch),
                  P("now", c->now_ms));
}

/* --- given --- */

static enum status taken_back(struct ctx *c, int64_t was) {
    TRY(db_run(c->tx, &notice_one_less, P("batch", c->batch_undoes), P("member", was)));
    return db_run(c->tx, &notice_none_left, P("batch", c->batch_undoes));
}

enum status notice_given(struct ctx *c, int64_t party, int64_t was, int64_t now) {
    struct rows r;
    int64_t batch;
    bool may;
    if (was == now) return OK;
    if (was && c->batch_undoes) TRY(taken_back(c, was));
    if (was) TRY(db_run(c->tx, &notice_not_his, P("party", party), P("member", was)));
    if (!now || !c->who.id || now == c->who.id || c->batch_undoes) return OK;
    TRY(may_be_told(c, now, party, false, &may));
    if (!may) return OK;
    TRY(history_batch(c, &batch));
    TRY(db_query(c->tx, &notice_given_in, &r, P("batch", batch), P("member", now)));
    if (r.n == 0) return tell(c, now, "given", party, "party", party);
    if (row_int(&r, 0, "party") == party) return OK;
    return db_run(c->tx, &notice_one_more, P("id", row_int(&r, 0, "id")));
}

/* --- named --- */

static bool names(const struct mentions *m, int n, int64_t member) {
    for (int i = 0; i < n; i++)
        if (m->v[i].member == member) return true;
    return false;
}

enum status notice_named(struct ctx *c, int64_t party, const char *entity, int64_t row,
                         struct str before, struct str text, bool private) {
    struct mentions was = { 0 }, now;
    if (!c->who.id || c->batch_undoes) return OK;
    TRY(mentions_of(c, text, &now));
    if (now.n) TRY(mentions_of(c, before, &was));
    for (int i = 0; i < now.n; i++) {
        int64_t member = now.v[i].member;
        bool may;
        if (member == c->who.id || names(&now, i, member) || names(&was, was.n, member)) continue;
        TRY(may_be_told(c, member, party, private, &may));
        if (may) TRY(tell(c, member, "named", party, entity, row));
    }
    return OK;
}

enum status notice_forget(struct ctx *c, const char *entity, int64_t row, bool only_owners_keep) {
    return db_run(c->tx, only_owners_keep ? &notice_about_hidden : &notice_about_gone,
                  P("entity", entity), P("row", row));
}

/* --- merged --- */

enum status notice_of(struct ctx *c, int64_t party, int64_t *ids, int cap, int *n) {
    struct rows r;
    TRY(db_query(c->tx, &notice_ids, &r, P("party", party), P("limit", cap)));
    for (*n = 0; *n < r.n; ++*n) ids[*n] = row_int(&r, *n, "id");
    return OK;
}

enum status notice_lead(struct ctx *c, int64_t id, int64_t party) {
    return db_run(c->tx, &notice_of_another, P("id", id), P("party", party));
}
