/* The account behind a member: password, one-time links (member.h). Called by sign-in,
 * set-up and settings; the only file that writes the columns of member that are no fields. */
#include "core/app/secret.h"
#include "features/member/member.h"
#include "lib/text/fold.h"

enum { LINK_BYTES = 32 };
#define LINK_MS (7 * 24 * 3600 * 1000LL)

SQL(account_by_key, "SELECT id, name, email_key, password_hash FROM member "
                    "WHERE email_key = :key AND active = 1 AND deleted_at IS NULL");
SQL(account_by_id, "SELECT id, name, email_key, password_hash FROM member "
                   "WHERE id = :id AND active = 1 AND deleted_at IS NULL");
SQL(account_password, "UPDATE member SET password_hash = :hash WHERE id = :id");
SQL(account_links_end, "DELETE FROM link WHERE purpose = 'password' AND member = :member");
SQL(account_link_insert, "INSERT INTO link (token_hash, purpose, member, expires_at) "
                         "VALUES (:hash, 'password', :member, :expires)");
SQL(account_link_find,
    "SELECT l.member FROM link l JOIN member m ON m.id = l.member "
    "WHERE l.token_hash = :hash AND l.purpose = 'password' AND l.used_at IS NULL "
    "AND l.expires_at > :now AND m.active = 1 AND m.deleted_at IS NULL");
SQL(account_link_use,
    "UPDATE link SET used_at = :now WHERE token_hash = :hash AND used_at IS NULL");

static void take(const struct rows *r, struct account *out) {
    *out = (struct account){ .id = 0 };
    if (r->n == 0) return;
    *out = (struct account){ .id = row_int(r, 0, "id"),
                             .name = row_str(r, 0, "name"),
                             .key = row_str(r, 0, "email_key"),
                             .hash = row_str(r, 0, "password_hash") };
}

enum status account_find(struct ctx *c, struct str email, struct account *out) {
    struct rows r;
    TRY(db_query(c->tx, &account_by_key, &r, P("key", fold_email(c->arena, email))));
    take(&r, out);
    return OK;
}

enum status account_of(struct ctx *c, int64_t member, struct account *out) {
    struct rows r;
    TRY(db_query(c->tx, &account_by_id, &r, P("id", member)));
    take(&r, out);
    return out->id ? OK : MISSING;
}

enum status account_set_password(struct ctx *c, int64_t member, struct str hash) {
    TRY(db_run(c->tx, &account_password, P("id", member), P("hash", hash)));
    return db_run(c->tx, &account_links_end, P("member", member));
}

enum status account_links_gone(struct ctx *c, int64_t member) {
    return db_run(c->tx, &account_links_end, P("member", member));
}

enum status account_link(struct ctx *c, int64_t member, struct str *token) {
    *token = random_token(c->arena, LINK_BYTES);
    TRY(db_run(c->tx, &account_links_end, P("member", member)));
    return db_run(c->tx, &account_link_insert, P("hash", sha256_blob(c->arena, *token)),
                  P("member", member), P("expires", c->now_ms + LINK_MS));
}

enum status account_of_link(struct ctx *c, struct str token, bool use, int64_t *member) {
    struct rows r;
    struct blob hash = sha256_blob(c->arena, token);
    TRY(db_query(c->tx, &account_link_find, &r, P("hash", hash), P("now", c->now_ms)));
    if (r.n == 0) return MISSING;
    *member = row_int(&r, 0, "member");
    if (!use) return OK;
    TRY(db_run(c->tx, &account_link_use, P("hash", hash), P("now", c->now_ms)));
    return db_changed(c->tx) == 1 ? OK : MISSING;
}
