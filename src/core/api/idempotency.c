/* Creating once, however often it is asked (Idempotency-Key): the first request takes the key with
 * its own transaction, so a second one at the same time waits for it and gets its reply; a request
 * that failed leaves no key behind. Called by api_create; writes the table idempotency, from which
 * core/job/tick.c drops old rows. */
#include "core/api/api_in.h"
#include "core/app/secret.h"

SQL(idempotency_insert, "INSERT INTO idempotency (key_hash, request_hash, status, body, at) "
                        "VALUES (:key, :request, 0, '', :now) ON CONFLICT (key_hash) DO NOTHING");
SQL(idempotency_find, "SELECT request_hash, status, body, etag, location FROM idempotency "
                      "WHERE key_hash = :key");
SQL(idempotency_update, "UPDATE idempotency SET status = :status, body = :body, etag = :etag, "
                        "location = :location WHERE key_hash = :key");

/* Keys are a member's own: two members may choose the same. */
static struct blob key_hash(struct req *r, const struct api_call *a) {
    return sha256_blob(r->c.arena,
                       str_printf(r->c.arena, "%lld %.*s", (long long)r->c.who.id, SF(a->key)));
}

static struct blob request_hash(struct req *r) {
    struct buf b = { .arena = r->c.arena };
    buf_printf(&b, "%s %.*s\n", http_method_name(r->http->method), SF(r->http->path));
    buf_add(&b, r->http->body);
    return sha256_blob(r->c.arena, buf_str(&b));
}

static void replay(struct req *r, const struct rows *rows) {
    r->body = (struct buf){ .arena = r->c.arena };
    buf_add(&r->body, row_str(rows, 0, "body"));
    r->type = S(API_TYPE);
    r->status = (int)row_int(rows, 0, "status");
    http_pairs_add(r->c.arena, &r->headers, S("ETag"), row_str(rows, 0, "etag"));
    http_pairs_add(r->c.arena, &r->headers, S("Location"), row_str(rows, 0, "location"));
    http_pairs_add(r->c.arena, &r->headers, S("Idempotency-Replayed"), S("true"));
}

enum status idempotency_take(struct req *r, struct api_call *a, bool *replayed) {
    struct rows rows;
    struct blob request = request_hash(r);
    *replayed = false;
    TRY(db_run(r->c.tx, &idempotency_insert, P("key", key_hash(r, a)), P("request", request),
               P("now", r->c.now_ms)));
    if (db_changed(r->c.tx) == 1) return OK;
    TRY(db_query(r->c.tx, &idempotency_find, &rows, P("key", key_hash(r, a))));
    if (rows.n == 0) return BUSY; /* it ended in between, or this snapshot is older than it */
    struct blob was = row_blob(&rows, 0, "request_hash");
    if (was.n != request.n || memcmp(was.p, request.p, was.n) != 0)
        return api_refuse(r, INVALID,
                          N_("This Idempotency-Key was used for another request already."));
    replay(r, &rows);
    *replayed = true;
    return OK;
}

enum status idempotency_keep(struct req *r, struct api_call *a) {
    return db_run(r->c.tx, &idempotency_update, P("key", key_hash(r, a)), P("status", r->status),
                  P("body", buf_str(&r->body)), P("etag", http_pairs_get(&r->headers, "ETag")),
                  P("location", http_pairs_get(&r->headers, "Location")));
}
