/* The routes of the API and the handlers of records: list, read, create, change, delete, restore,
 * for every entity of the registry. Called by the gate; calls the store, list.c, record_json.c. All
 * rules are those of the entity: what a form may do, a program may, and no more. */
#include "core/api/api_in.h"
#include "core/entity/store.h"
#include "core/web/journal.h"

/* --- reading --- */

/* Names that many rows show (tags) in one go, or each row would ask for its own. */
static enum status load_titles(struct ctx *c, const struct entity *e, const void *rows, int n) {
    for (int i = 0; i < e->manys_n; i++) {
        const struct many *m = &e->manys[i];
        const struct field *f = m->single ? entity_field(m->child, str_of(m->single)) : NULL;
        if (!f || !f->ref) continue;
        int64_t *ids = arena_array(c->arena, int64_t, n * LIMIT_MANY_N + 1);
        int ids_n = 0;
        for (int k = 0; k < n; k++) {
            struct many_rows r = many_get(m, (const char *)rows + e->size * (size_t)k);
            for (int j = 0; j < r.n && j < LIMIT_MANY_N; j++)
                ids[ids_n++] = field_get(f, many_at(m, r, j)).i;
        }
        TRY(entity_titles(c, f->ref, ids, ids_n));
    }
    return OK;
}

/* Who saw which client (journal.h), also by what belongs to one: a note tells of its client. */
static void note_reads(struct req *r, const struct entity *e, const void *rows, int n,
                       bool listed) {
    const struct field *of =
        e->indexed || !e->party_column ? NULL : entity_field(e, str_of(e->party_column));
    if (!e->indexed && !of) return;
    int64_t *ids = arena_array(r->c.arena, int64_t, n + 1);
    for (int i = 0; i < n; i++) {
        const void *row = (const char *)rows + e->size * (size_t)i;
        ids[i] = of ? field_get(of, row).i : row_head_of(row)->id;
    }
    if (listed)
        journal_listed(r->app, &r->c, "party", ids, n);
    else
        journal_read(r->app, &r->c, "party", ids, n);
}

static void write_list(struct req *r, const struct entity *e, const struct list_page *page,
                       const void *rows, int n) {
    struct json_out w = api_answer_begin(r);
    jw_object(&w);
    jw_key(&w, "items");
    jw_array(&w);
    for (int i = 0; i < n; i++) record_json(&r->c, &w, e, (const char *)rows + e->size * (size_t)i);
    jw_end(&w);
    jw_key(&w, "next");
    if (page->next.n)
        jw_str(&w, page->next);
    else
        jw_null(&w);
    jw_key(&w, "total");
    jw_int(&w, page->total);
    jw_end(&w);
    api_answer_end(r, &w);
}

enum status api_list(struct req *r) {
    struct api_call *a;
    struct list_query q;
    struct list_page page;
    void *rows;
    int n;
    TRY(api_begin(r, &a));
    TRY(api_list_query(r, a->entity, &q));
    enum status st = list_run(&r->c, &q, &page);
    if (st == INVALID) return MALFORMED; /* the question that the address asks */
    TRY(st);
    TRY(store_load_all(&r->c, a->entity, page.ids, page.n, &rows, &n));
    TRY(load_titles(&r->c, a->entity, rows, n));
    write_list(r, a->entity, &page, rows, n);
    note_reads(r, a->entity, rows, n, true);
    return OK;
}

enum status api_read(struct req *r) {
    struct api_call *a;
    TRY(api_begin(r, &a));
    TRY(api_no_query(r));
    void *row = arena_alloc(r->c.arena, a->entity->size);
    TRY(store_load(&r->c, a->entity, a->id, row));
    api_answer_row(r, a->entity, row, 200);
    note_reads(r, a->entity, row, 1, false);
    if (api_if_none_match(r, row_head(row)->version)) api_answer_none(r, 304);
    return OK;
}

/* --- writing --- */

/* Printable ASCII, as the draft of the HTTP working group has it. */
static enum status read_key(struct req *r, struct api_call *a) {
    a->key = http_header(r->http, "idempotency-key");
    bool good = !a->key.p || (a->key.n > 0 && a->key.n <= LIMIT_IDEMPOTENCY_KEY);
    for (size_t i = 0; good && i < a->key.n; i++) good = a->key.p[i] >= ' ' && a->key.p[i] < 127;
    if (good) return OK;
    return api_refuse(r, MALFORMED,
                      N_("An Idempotency-Key has 1 to 200 printable ASCII characters."));
}

/* Before the writer's lock: what the request alone can tell. */
enum status api_write_prepare(struct req *r) {
    struct api_call *a;
    TRY(api_begin(r, &a));
    TRY(api_no_query(r));
    if (!ctx_may(&r->c, a->entity->may_write)) return DENIED;
    TRY(api_body(r, a));
    return a->id ? api_needs_if_match(r) : read_key(r, a);
}

/* A reply is not given again of what one may no longer see. */
static enum status still_seen(struct req *r, const struct api_call *a) {
    struct str to = http_pairs_get(&r->headers, "Location"), piece = NO_STR;
    int64_t id;
    while (str_cut(&to, '/', &piece)) {
    }
    if (!str_to_i64(piece, &id)) return BROKEN;
    return store_load_binned(&r->c, a->entity, id, arena_alloc(r->c.arena, a->entity->size));
}

enum status api_create(struct req *r) {
    struct api_call *a = api_call_of(r);
    bool replayed;
    if (a->key.n) {
        TRY(idempotency_take(r, a, &replayed));
        if (replayed) return still_seen(r, a);
    }
    void *row = row_new(&r->c, a->entity);
    TRY(record_from_json(&r->c, a->entity, a->body, row));
    TRY(store_save(&r->c, a->entity, row));
    api_answer_row(r, a->entity, row, 201);
    return a->key.n ? idempotency_keep(r, a) : OK;
}

enum status api_change(struct req *r) {
    struct api_call *a = api_call_of(r);
    void *was = arena_alloc(r->c.arena, a->entity->size);
    TRY(store_load(&r->c, a->entity, a->id, was));
    TRY(api_if_match(r, row_head(was)->version));
    void *row = row_copy(&r->c, a->entity, was);
    TRY(record_from_json(&r->c, a->entity, a->body, row));
    TRY(store_save(&r->c, a->entity, row));
    api_answer_row(r, a->entity, row, 200);
    return OK;
}

enum status api_bare_prepare(struct req *r) {
    struct api_call *a;
    TRY(api_begin(r, &a));
    TRY(api_no_query(r));
    if (!ctx_may(&r->c, a->entity->may_write)) return DENIED;
    return api_no_body(r, a);
}

enum status api_delete(struct req *r) {
    struct api_call *a = api_call_of(r);
    void *row = arena_alloc(r->c.arena, a->entity->size);
    TRY(store_load(&r->c, a->entity, a->id, row));
    TRY(api_if_match(r, row_head(row)->version));
    TRY(store_delete(&r->c, a->entity, a->id, row_head(row)->version));
    api_answer_none(r, 204);
    return OK;
}

enum status api_restore(struct req *r) {
    struct api_call *a = api_call_of(r);
    void *row = arena_alloc(r->c.arena, a->entity->size);
    TRY(store_load_binned(&r->c, a->entity, a->id, row));
    TRY(api_if_match(r, row_head(row)->version));
    if (!row_head(row)->deleted_at) return api_refuse(r, CONFLICT, N_("It is not in the bin."));
    TRY(store_restore(&r->c, a->entity, a->id));
    TRY(store_load(&r->c, a->entity, a->id, row));
    api_answer_row(r, a->entity, row, 200);
    return OK;
}

#define READS(path, f)                                                                             \
    {                                                                                              \
        .method = HTTP_GET, .pattern = path, .need = NEED_READER, .access = ACCESS_READ,           \
        .handler = f, .flags = ROUTE_API                                                           \
    }
#define WRITES(verb, path, f, before)                                                              \
    {                                                                                              \
        .method = verb, .pattern = path, .need = NEED_MEMBER, .access = ACCESS_WRITE,              \
        .handler = f, .prepare = before, .flags = ROUTE_API                                        \
    }

static const struct route routes[] = {
    READS(API_PATH "{entity}", api_list),
    READS(API_PATH "{entity}/{id}", api_read),
    READS(API_PATH "parties/{id}/history", api_history),
    WRITES(HTTP_POST, API_PATH "{entity}", api_create, api_write_prepare),
    WRITES(HTTP_PATCH, API_PATH "{entity}/{id}", api_change, api_write_prepare),
    WRITES(HTTP_DELETE, API_PATH "{entity}/{id}", api_delete, api_bare_prepare),
    WRITES(HTTP_POST, API_PATH "{entity}/{id}/restore", api_restore, api_bare_prepare),
    WRITES(HTTP_POST, API_PATH "batches/{id}/undo", api_undo, api_undo_prepare),
    { .method = HTTP_GET,
      .pattern = API_PATH "openapi.json",
      .need = NEED_NOTHING,
      .access = ACCESS_NONE,
      .handler = api_openapi,
      .flags = ROUTE_API },
};
const struct routes api_routes = { routes, COUNT(routes) };
