/* See lead.h. Called by the gate; calls core/entity/moved.h. */
#include "core/web/lead.h"

#include "core/entity/history.h"
#include "core/entity/moved.h"
#include "core/entity/store.h"

#define PAGES "/clients/"
#define API   "/api/v1/parties/"

/* The rest of the path behind the number, with its query. */
static struct url same_of(struct req *r, const char *before, struct str number, int64_t id) {
    const struct http_pairs *q = &r->http->query;
    struct str rest = str_sub(r->http->path, strlen(before) + number.n, SIZE_MAX);
    struct url u = url_own(str_printf(r->c.arena, "%s%lld%.*s", before, (long long)id, SF(rest)));
    for (int i = 0; i < q->n; i++)
        u = url_query(r->c.arena, u, str_z(r->c.arena, q->v[i].name), q->v[i].value);
    return u;
}

static void answer_moved(struct req *r, struct url to, int64_t id) {
    r->status = 301;
    r->type = S("application/json");
    http_pairs_add(r->c.arena, &r->headers, S("Location"), to.s);
    r->body = (struct buf){ .arena = r->c.arena };
    buf_printf(&r->body, "{\"moved_to\":%lld}\n", (long long)id);
}

enum status lead_on(struct req *r) {
    const struct entity *e = registry_find(entity_registry(), S("party"));
    bool api = str_starts(r->http->path, S(API));
    const char *before = api ? API : PAGES;
    struct str number;
    int64_t id, to;
    if (r->http->method != HTTP_GET || (!api && !str_starts(r->http->path, S(PAGES)))) return OK;
    struct str rest = str_sub(r->http->path, strlen(before), SIZE_MAX);
    if (!str_cut(&rest, '/', &number) || !str_to_i64(number, &id) || id <= 0) return OK;
    TRY(moved_to(&r->c, e, id, &to));
    if (!to) return OK;
    TRY(store_load_binned(&r->c, e, to, arena_alloc(r->c.arena, e->size)));
    struct url there = same_of(r, before, number, to);
    if (!api) return go(r, there);
    answer_moved(r, there, to);
    return OK;
}
