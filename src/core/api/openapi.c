/* The OpenAPI 3.1 document: paths, parameters and replies of every route of api.c, for every entity
 * of the registry. Made of the same tables as the API itself; a test compares it with the routes
 * and with replies. Called by the gate and by tests; calls openapi_schema.c. */
#include "core/api/openapi_in.h"

enum takes {
    TAKES_LIST = 1,
    TAKES_IF_MATCH = 2,
    NEEDS_IF_MATCH = 4,
    TAKES_IF_NONE_MATCH = 8,
    TAKES_KEY = 16,
    TAKES_PAGE = 32,
};
struct op {
    const char *verb, *behind, *summary;
    const char
        *body; /* what stands behind the entity's name in the schema of its body; NULL: none */
    int http;
    const char *answer; /* the same for the reply; "=Name" one of its own; NULL: empty */
    unsigned takes;
    const char *errors;
};

static const struct op ops[] = {
    { "get", "", "List, filter, search, sort", NULL, 200, "List", TAKES_LIST,
      "400 401 403 429 500 503" },
    { "post", "", "Create", "New", 201, "", TAKES_KEY, "400 401 403 409 413 415 422 429 500 503" },
    { "get", "/{id}", "Read one", NULL, 200, "", TAKES_IF_NONE_MATCH,
      "400 401 403 404 429 500 503" },
    { "patch", "/{id}", "Change the given fields (RFC 7396)", "Change", 200, "", NEEDS_IF_MATCH,
      "400 401 403 404 409 412 413 415 422 428 429 500 503" },
    { "delete", "/{id}", "Put into the bin", NULL, 204, NULL, TAKES_IF_MATCH,
      "400 401 403 404 409 412 422 429 500 503" },
    { "post", "/{id}/restore", "Take out of the bin", NULL, 200, "", TAKES_IF_MATCH,
      "400 401 403 404 409 412 422 429 500 503" },
};
static const struct op of_parties[] = {
    { "get", "/{id}/history", "What was changed, newest first", NULL, 200, "=HistoryList",
      TAKES_PAGE, "400 401 403 404 429 500 503" },
};
static const struct op of_batches[] = {
    { "post", "/{id}/undo", "Take back everything that one form, call or import changed", NULL, 200,
      "=Undone", 0, "400 401 403 404 409 422 429 500 503" },
};

static void param_ref(struct json_out *w, const char *name) {
    char where[80];
    snprintf(where, sizeof where, "parameters/%s", name);
    oa_ref_to(w, where);
}

static void write_sorts(struct arena *a, struct json_out *w, const struct entity *e) {
    static const char *const always[] = { "id", "created_at", "changed_at" };
    struct list_field *fields;
    int n = list_fields(a, e, LISTED, &fields);
    jw_object(w);
    oa_text(w, "name", "sort");
    oa_text(w, "in", "query");
    oa_text(w, "description", "With - before it: the other way round");
    jw_key(w, "schema");
    jw_object(w);
    oa_text(w, "type", "string");
    jw_key(w, "enum");
    jw_array(w);
    for (int down = 0; down < 2; down++) {
        for (int i = 0; i < n; i++)
            if (api_sorts_by(e, &fields[i]))
                jw_str(w, str_printf(a, "%s%.*s", down ? "-" : "", SF(fields[i].name)));
        for (int i = 0; i < COUNT(always) - !api_sorts_by_change(e); i++)
            jw_str(w, str_printf(a, "%s%s", down ? "-" : "", always[i]));
    }
    jw_end(w);
    jw_end(w);
    jw_end(w);
}

static void write_filters(struct arena *a, struct json_out *w, const struct entity *e) {
    struct list_field *fields;
    int n = list_fields(a, e, FILTERED, &fields);
    for (int i = 0; i < n; i++) {
        jw_object(w);
        jw_key(w, "name");
        jw_str(w, fields[i].name);
        oa_text(w, "in", "query");
        oa_text(w, "description", "Given several times: any of the values");
        oa_text(w, "style", "form");
        jw_key(w, "explode");
        jw_bool(w, true);
        jw_key(w, "schema");
        jw_object(w);
        oa_text(w, "type", "array");
        jw_key(w, "items");
        oa_criterion(w, &fields[i]);
        jw_end(w);
        jw_end(w);
    }
}

static void write_params(struct arena *a, struct json_out *w, const struct entity *e,
                         const struct op *op) {
    jw_key(w, "parameters");
    jw_array(w);
    if (str_starts(str_of(op->behind), S("/{id}"))) param_ref(w, "Id");
    if (op->takes & TAKES_IF_MATCH) param_ref(w, "IfMatch");
    if (op->takes & NEEDS_IF_MATCH) param_ref(w, "IfMatchNeeded");
    if (op->takes & TAKES_IF_NONE_MATCH) param_ref(w, "IfNoneMatch");
    if (op->takes & TAKES_KEY) param_ref(w, "IdempotencyKey");
    if (op->takes & (TAKES_LIST | TAKES_PAGE)) {
        param_ref(w, "Limit");
        param_ref(w, "After");
    }
    if (op->takes & TAKES_LIST) {
        if (api_searches(e)) param_ref(w, "Q");
        if (e->indexed) param_ref(w, "Where");
        write_sorts(a, w, e);
        write_filters(a, w, e);
    }
    jw_end(w);
}

static void write_content(struct json_out *w, const struct entity *e, const char *schema) {
    jw_key(w, "content");
    jw_object(w);
    jw_key(w, "application/json");
    jw_object(w);
    jw_key(w, "schema");
    if (schema[0] == '=') {
        char where[80];
        snprintf(where, sizeof where, "schemas/%s", schema + 1);
        oa_ref_to(w, where);
    } else {
        oa_ref(w, e, schema);
    }
    jw_end(w);
    jw_end(w);
}

static void header_ref(struct json_out *w, const char *name, const char *schema) {
    char where[80];
    snprintf(where, sizeof where, "headers/%s", schema);
    jw_key(w, name);
    oa_ref_to(w, where);
}

static void write_good(struct arena *a, struct json_out *w, const struct entity *e,
                       const struct op *op) {
    jw_key_str(w, str_printf(a, "%d", op->http));
    jw_object(w);
    oa_text(w, "description", op->http == 204 ? "Done" : op->http == 201 ? "Created" : "OK");
    if (op->answer && op->answer[0] == 0) {
        jw_key(w, "headers");
        jw_object(w);
        header_ref(w, "ETag", "ETag");
        if (op->http == 201) header_ref(w, "Location", "Location");
        if (op->takes & TAKES_KEY) header_ref(w, "Idempotency-Replayed", "IdempotencyReplayed");
        jw_end(w);
    }
    if (op->answer) write_content(w, e, op->answer);
    jw_end(w);
    if (!(op->takes & TAKES_IF_NONE_MATCH)) return;
    jw_key(w, "304");
    jw_raw(w, S("{\"description\":\"Unchanged\"}"));
}

static void write_op(struct arena *a, struct json_out *w, const struct entity *e, const char *group,
                     const struct op *op) {
    const char *what = strrchr(op->behind, '/');
    if (!what || what[1] == '{') what = op->takes & TAKES_LIST ? "/list" : "/";
    jw_key(w, op->verb);
    jw_object(w);
    jw_key(w, "operationId");
    jw_str(w, str_printf(a, "%s_%s%s%s", group, op->verb, what[1] ? "_" : "", what + 1));
    oa_text(w, "summary", op->summary);
    jw_key(w, "tags");
    jw_array(w);
    jw_str(w, str_of(group));
    jw_end(w);
    write_params(a, w, e, op);
    if (op->body) {
        jw_key(w, "requestBody");
        jw_object(w);
        jw_key(w, "required");
        jw_bool(w, true);
        write_content(w, e, op->body);
        jw_end(w);
    }
    jw_key(w, "responses");
    jw_object(w);
    write_good(a, w, e, op);
    struct str rest = str_of(op->errors), code;
    while (str_cut(&rest, ' ', &code)) {
        jw_key_str(w, code);
        oa_ref_to(w, "responses/Problem");
    }
    jw_end(w);
    jw_end(w);
}

/* Operations of one path stand together in the table. */
static void write_paths(struct arena *a, struct json_out *w, const struct entity *e,
                        const char *group, const struct op *v, int n) {
    for (int i = 0; i < n; i++) {
        bool first = i == 0 || strcmp(v[i].behind, v[i - 1].behind) != 0;
        bool last = i == n - 1 || strcmp(v[i].behind, v[i + 1].behind) != 0;
        if (first) {
            jw_key_str(w, str_printf(a, API_PATH "%s%s", group, v[i].behind));
            jw_object(w);
        }
        bool makes = v[i].body && strcmp(v[i].body, "New") == 0;
        if (!makes || !e->by_upload) write_op(a, w, e, group, &v[i]);
        if (last) jw_end(w);
    }
}

/* What features bring beside their entities. Routes of one path stand together in their tables. */
static void write_described(struct json_out *w) {
    for (int i = 0; i < app_routes_n(); i++)
        for (int k = 0; k < app_routes(i)->n; k++) {
            const struct route *r = &app_routes(i)->v[k];
            if (!r->describe) continue;
            bool first = k == 0 || strcmp(r[-1].pattern, r->pattern) != 0;
            bool last = k == app_routes(i)->n - 1 || strcmp(r[1].pattern, r->pattern) != 0;
            if (first) jw_key(w, r->pattern);
            if (first) jw_object(w);
            jw_key_str(w, str_lower_ascii(w->b->arena, str_of(http_method_name(r->method))));
            jw_raw(w, str_of(r->describe));
            if (last) jw_end(w);
        }
}

static void write_all_paths(const struct ctx *c, struct json_out *w) {
    struct arena *a = c->arena;
    const struct registry *all = entity_registry();
    jw_key(w, "paths");
    jw_object(w);
    for (int i = 0; i < all->n; i++) {
        const struct entity *e = oa_entity(c, all->entities[i]);
        if (!api_shows(e)) continue;
        write_paths(a, w, e, e->plural, ops, COUNT(ops));
        if (str_eq_z(str_of(e->plural), "parties"))
            write_paths(a, w, e, e->plural, of_parties, COUNT(of_parties));
    }
    write_paths(a, w, NULL, "batches", of_batches, COUNT(of_batches));
    write_described(w);
    jw_key(w, API_PATH "openapi.json");
    jw_raw(w,
           S("{\"get\":{\"operationId\":\"openapi\",\"summary\":\"This document\",\"security\":[],"
             "\"responses\":{\"200\":{\"description\":\"OK\",\"content\":{\"application/json\":"
             "{\"schema\":{\"type\":\"object\"}}}}}}}"));
    jw_end(w);
}

static const char info[] =
    "{\"title\":\"Daftar\",\"version\":\"1\",\"description\":\"The client book for programs. Make "
    "a "
    "token in the settings or with daftar token, and send it as Authorization: Bearer dft_…. "
    "Reading "
    "gives every field; PATCH sets the fields that are there and empties those that are null. "
    "The fields that the business made itself (cf_1, cf_2 …) are described to who sends a token. "
    "Texts of problems follow Accept-Language or the member's own language.\"}";
static const char parameters[] =
    "{\"Id\":{\"name\":\"id\",\"in\":\"path\",\"required\":true,"
    "\"schema\":{\"type\":\"integer\",\"format\":\"int64\",\"minimum\":1}},"
    "\"Limit\":{\"name\":\"limit\",\"in\":\"query\",\"schema\":{\"type\":\"integer\",\"minimum\":1,"
    "\"maximum\":200,\"default\":50}},"
    "\"After\":{\"name\":\"after\",\"in\":\"query\",\"description\":\"next of the page before\","
    "\"schema\":{\"type\":\"string\",\"minLength\":1}},"
    "\"Q\":{\"name\":\"q\",\"in\":\"query\",\"description\":\"Words as one types them into the "
    "search box\",\"schema\":{\"type\":\"string\",\"maxLength\":200}},"
    "\"Where\":{\"name\":\"where\",\"in\":\"query\",\"description\":\"A question, as one line: "
    "sex:f sum(purchases, last 30 days) over 500 postcode:75*. In the words of any of the four "
    "languages; months are those of the member's calendar.\",\"schema\":{\"type\":\"string\","
    "\"minLength\":1,\"maxLength\":1000}},"
    "\"IfMatch\":{\"name\":\"If-Match\",\"in\":\"header\",\"schema\":{\"type\":\"string\"}},"
    "\"IfMatchNeeded\":{\"name\":\"If-Match\",\"in\":\"header\",\"required\":true,"
    "\"description\":\"The ETag that was read\",\"schema\":{\"type\":\"string\"}},"
    "\"IfNoneMatch\":{\"name\":\"If-None-Match\",\"in\":\"header\",\"schema\":{\"type\":\"string\"}"
    "},"
    "\"IdempotencyKey\":{\"name\":\"Idempotency-Key\",\"in\":\"header\",\"description\":\"Asked "
    "again "
    "with the same key within a day: nothing new is made, the first reply comes again\","
    "\"schema\":{\"type\":\"string\",\"minLength\":1,\"maxLength\":200}}}";
static const char headers[] =
    "{\"ETag\":{\"description\":\"The version, for If-Match\",\"schema\":{\"type\":\"string\","
    "\"pattern\":\"^\\\"v[0-9]+\\\"$\"}},"
    "\"Location\":{\"schema\":{\"type\":\"string\"}},"
    "\"IdempotencyReplayed\":{\"schema\":{\"type\":\"string\",\"enum\":[\"true\"]}}}";
static const char responses[] =
    "{\"Problem\":{\"description\":\"What is wrong\",\"content\":{\"application/problem+json\":"
    "{\"schema\":{\"$ref\":\"#/components/schemas/Problem\"}}}}}";

struct str openapi_json(const struct ctx *c) {
    struct buf b = { .arena = c->arena };
    struct json_out w = { .b = &b };
    buf_reserve(&b, 128 * 1024);
    jw_object(&w);
    oa_text(&w, "openapi", "3.1.0");
    jw_key(&w, "info");
    jw_raw(&w, str_of(info));
    jw_key(&w, "servers");
    jw_raw(&w, S("[{\"url\":\"/\"}]"));
    jw_key(&w, "security");
    jw_raw(&w, S("[{\"bearer\":[]}]"));
    write_all_paths(c, &w);
    jw_key(&w, "components");
    jw_object(&w);
    jw_key(&w, "securitySchemes");
    jw_raw(&w, S("{\"bearer\":{\"type\":\"http\",\"scheme\":\"bearer\"}}"));
    jw_key(&w, "parameters");
    jw_raw(&w, str_of(parameters));
    jw_key(&w, "headers");
    jw_raw(&w, str_of(headers));
    jw_key(&w, "responses");
    jw_raw(&w, str_of(responses));
    jw_key(&w, "schemas");
    jw_object(&w);
    oa_schemas(c, &w);
    jw_end(&w);
    jw_end(&w);
    jw_end(&w);
    return buf_str(&b);
}

enum status api_openapi(struct req *r) {
    r->kept = arena_new_of(r->c.arena, struct api_call);
    TRY(api_no_query(r));
    return reply_text(r, API_TYPE, openapi_json(&r->c));
}
