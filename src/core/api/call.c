/* What every call of the API has in common: its entity, its body, its preconditions (RFC 9110
 * section 13), its reply. Called by the handlers of core/api; calls lib/text/json and
 * record_json.c. */
#include "core/api/api_in.h"

/* --- what came --- */

bool api_shows(const struct entity *e) {
    return !e->is_child && !e->one_row;
}

const struct entity *api_entity(struct str plural) {
    const struct registry *all = entity_registry();
    for (int i = 0; i < all->n; i++)
        if (api_shows(all->entities[i]) && str_eq_z(plural, all->entities[i]->plural))
            return all->entities[i];
    return NULL;
}

enum status api_begin(struct req *r, struct api_call **out) {
    struct api_call *a = arena_new_of(r->c.arena, struct api_call);
    r->kept = a;
    *out = a;
    a->entity = entity_now(&r->c, api_entity(r->args[0]));
    if (!a->entity) return MISSING;
    return !r->args[1].p || req_arg_id(r, 1, &a->id) ? OK : MISSING;
}

enum status api_refuse(struct req *r, enum status st, const char *text) {
    struct api_call *a = api_call_of(r);
    if (a) a->said.detail = str_of(T(&r->c, text));
    return st;
}

enum status api_refuse_as(struct req *r, int http, const char *text) {
    r->status = http;
    return api_refuse(r, MALFORMED, text);
}

enum status api_no_query(struct req *r) {
    const struct http_pairs *q = &r->http->query;
    for (int i = 0; i < q->n; i++) {
        ctx_problem(&r->c, q->v[i].name, N_("There is no such parameter here."));
        return MALFORMED;
    }
    return OK;
}

static bool media_type_is(struct str header, const char *type) {
    struct str first;
    if (!str_cut(&header, ';', &first)) return false;
    return str_eq_ascii(str_trim(first), str_of(type));
}

enum status api_body(struct req *r, struct api_call *a) {
    struct str type = http_header(r->http, "content-type"), why = NO_STR;
    struct json *j = NULL;
    bool merge =
        r->http->method == HTTP_PATCH && media_type_is(type, "application/merge-patch+json");
    if (!merge && !media_type_is(type, "application/json"))
        return api_refuse_as(r, 415, N_("The body must be JSON, sent as application/json."));
    if (http_header(r->http, "content-encoding").n)
        return api_refuse_as(r, 415, N_("The body must not be compressed."));
    if (r->http->body_n > LIMIT_BODY || r->http->body.n > LIMIT_BODY || r->http->body_file)
        return TOO_BIG;
    if (json_parse(r->c.arena, r->http->body, &j, &why) != OK) {
        struct tr_arg arg = ARG("why", why);
        a->said.detail =
            tr_fill(r->c.arena, T(&r->c, N_("The JSON cannot be read: {why}.")), &arg, 1);
        return MALFORMED;
    }
    a->body = j;
    return OK;
}

enum status api_no_body(struct req *r, struct api_call *a) {
    if (r->http->body_n == 0 && r->http->body.n == 0) return OK;
    TRY(api_body(r, a));
    if (json_type(a->body) == JSON_OBJECT && json_n(a->body) == 0) return OK;
    return api_refuse(r, MALFORMED, N_("Nothing is expected in the body here."));
}

/* --- preconditions --- */

/* One entity-tag of a list: [W/]"…". False at the end, and for what is no tag (*bad). */
static bool next_tag(struct str *rest, bool *weak, struct str *tag, bool *bad) {
    *rest = str_trim(*rest);
    if (rest->n == 0) return false;
    *weak = str_starts(*rest, S("W/"));
    if (*weak) *rest = str_sub(*rest, 2, SIZE_MAX);
    *bad = true;
    if (!str_starts(*rest, S("\""))) return false;
    *rest = str_sub(*rest, 1, SIZE_MAX);
    ptrdiff_t end = str_find_c(*rest, '"');
    if (end < 0) return false;
    *tag = str_sub(*rest, 0, (size_t)end);
    *rest = str_trim(str_sub(*rest, (size_t)end + 1, SIZE_MAX));
    if (rest->n && rest->p[0] != ',') return false;
    if (rest->n) *rest = str_sub(*rest, 1, SIZE_MAX);
    *bad = false;
    return true;
}

/* RFC 9110 section 13.1: If-Match compares strongly, If-None-Match weakly. */
static bool tags_match(struct req *r, struct str header, int64_t version, bool strong, bool *bad) {
    struct str own = str_printf(r->c.arena, "v%lld", (long long)version), tag;
    bool weak, found = false;
    *bad = false;
    header = str_trim(header);
    if (str_eq(header, S("*"))) return true;
    while (next_tag(&header, &weak, &tag, bad)) found |= str_eq(tag, own) && !(strong && weak);
    return found && !*bad;
}

enum status api_if_match(struct req *r, int64_t version) {
    struct str header = http_header(r->http, "if-match");
    bool bad;
    if (!header.p) return OK;
    bool match = tags_match(r, header, version, true, &bad);
    if (bad) return api_refuse(r, MALFORMED, N_("If-Match must hold the ETag as it came: \"v3\"."));
    if (match) return OK;
    api_call_of(r)->said.members = str_printf(r->c.arena, "\"version\":%lld", (long long)version);
    return STALE;
}

enum status api_needs_if_match(struct req *r) {
    if (http_header(r->http, "if-match").n) return OK;
    return api_refuse_as(r, 428,
                         N_("Send If-Match with the ETag that you read, so that nobody's work "
                            "is overwritten."));
}

bool api_if_none_match(struct req *r, int64_t version) {
    struct str header = http_header(r->http, "if-none-match");
    bool bad;
    return header.p && tags_match(r, header, version, false, &bad);
}

/* --- what goes --- */

struct json_out api_answer_begin(struct req *r) {
    r->body = (struct buf){ .arena = r->c.arena, .max = LIMIT_OUTPUT };
    r->type = S(API_TYPE);
    return (struct json_out){ .b = &r->body };
}

void api_answer_end(struct req *r, struct json_out *w) {
    (void)w;
    buf_add_c(&r->body, '\n');
}

void api_answer_row(struct req *r, const struct entity *e, const void *row, int http) {
    struct arena *arena = r->c.arena;
    const struct row *h = row_head_of(row);
    struct json_out w = api_answer_begin(r);
    record_json(&r->c, &w, e, row);
    api_answer_end(r, &w);
    r->status = http;
    http_pairs_add(arena, &r->headers, S("ETag"),
                   str_printf(arena, "\"v%lld\"", (long long)h->version));
    if (http == 201)
        http_pairs_add(arena, &r->headers, S("Location"),
                       str_printf(arena, API_PATH "%s/%lld", e->plural, (long long)h->id));
}

void api_answer_none(struct req *r, int http) {
    r->body = (struct buf){ .arena = r->c.arena };
    r->status = http;
}
