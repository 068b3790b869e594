/* Merging for programs: POST /api/v1/parties/{id}/merge, GET /api/v1/merges, POST
 * /api/v1/merges/{id}/apart. Routes: feature.c; calls core/api, merge.c, part.c. */
#include "core/api/api_in.h"
#include "core/entity/record_json.h"
#include "core/web/journal.h"
#include "features/merge/pages.h"

enum { LISTED_N = 100 };

/* --- reading the call --- */

enum status merge_api_prepare(struct req *r) {
    struct api_call *a = arena_new_of(r->c.arena, struct api_call);
    r->kept = a;
    TRY(api_no_query(r));
    TRY(api_body(r, a));
    if (json_type(a->body) != JSON_OBJECT)
        return api_refuse(r, MALFORMED, N_("The body must be an object."));
    for (int i = 0; i < json_n(a->body); i++) {
        struct str key = json_key(a->body, i);
        if (str_eq(key, S("gone")) || str_eq(key, S("take")) || str_eq(key, S("keep"))) continue;
        ctx_problem(&r->c, key, N_("There is no field “{value}”."), ARG("value", key));
        return MALFORMED;
    }
    return OK;
}

static enum status picks(struct req *r, struct merge_plan *p, const char *name,
                         enum merge_pick pick) {
    const struct json *list = json_get(api_call_of(r)->body, str_of(name));
    for (int i = 0; i < json_n(list); i++) {
        struct str field = json_str(json_at(list, i));
        const struct field *f = entity_field(p->entity, field);
        if (!f || (f->is & (SECRET | DERIVED | SYSTEM)) || !field_readable(&r->c, f)) {
            ctx_problem(&r->c, str_of(name), N_("There is no field “{value}”."),
                        ARG("value", field));
            return MALFORMED;
        }
        p->pick[f - p->entity->fields] = pick;
    }
    return OK;
}

/* --- answering --- */

static void write_merge(struct ctx *c, struct json_out *w, const struct merge *m) {
    jw_object(w);
    jw_id(w, "id", m->id);
    jw_id(w, "kept", m->kept);
    jw_id(w, "gone", m->gone);
    jw_id(w, "member", m->member);
    jw_id(w, "rule", m->rule);
    jw_id(w, "batch", m->batch);
    jw_key(w, "state");
    jw_str(w, str_of(merge_state_code(m->state)));
    jw_key(w, "at");
    jw_str(w, instant_iso(c->arena, m->at));
    jw_key(w, "apart_at");
    if (m->undone_at)
        jw_str(w, instant_iso(c->arena, m->undone_at));
    else
        jw_null(w);
    jw_end(w);
}

static enum status answer(struct req *r, int64_t id, int http) {
    struct merge m;
    TRY(merge_raw(&r->c, id, &m));
    struct json_out w = api_answer_begin(r);
    write_merge(&r->c, &w, &m);
    api_answer_end(r, &w);
    r->status = http;
    int64_t ids[2] = { m.kept, m.gone };
    journal_read(r->app, &r->c, "party", ids, 2);
    return OK;
}

enum status merge_api(struct req *r) {
    struct merge_plan p;
    int64_t kept, merge, gone = json_int(json_get(api_call_of(r)->body, S("gone")));
    struct party there;
    if (!req_arg_id(r, 0, &kept)) return MISSING;
    TRY(store_load(&r->c, &entity_party, kept, &there));
    if (gone <= 0 || store_load(&r->c, &entity_party, gone, &there) != OK)
        return ctx_problem(&r->c, S("gone"), N_("There is no such client."));
    TRY(merge_plan(&r->c, kept, gone, &p));
    TRY(picks(r, &p, "take", MERGE_TAKE));
    TRY(picks(r, &p, "keep", MERGE_KEEP));
    TRY(merge_do(&r->c, &p, 0, &merge));
    return answer(r, merge, 200);
}

enum status merge_api_apart_prepare(struct req *r) {
    struct api_call *a = arena_new_of(r->c.arena, struct api_call);
    r->kept = a;
    TRY(api_no_query(r));
    return api_no_body(r, a);
}

enum status merge_api_apart(struct req *r) {
    struct merge m;
    struct party p;
    int64_t id;
    if (!req_arg_id(r, 0, &id)) return MISSING;
    TRY(merge_load(&r->c, id, &m));
    TRY(store_load_binned(&r->c, &entity_party, m.gone, &p));
    TRY(merge_part(&r->c, &m, NULL, 0));
    return answer(r, id, 200);
}

enum status merges_api(struct req *r) {
    struct merges all;
    struct str below_text = NO_STR;
    int64_t below = 0;
    r->kept = arena_new_of(r->c.arena, struct api_call);
    for (int i = 0; i < r->http->query.n; i++) {
        if (!str_eq_z(r->http->query.v[i].name, "below")) return api_no_query(r);
        below_text = r->http->query.v[i].value;
    }
    if (below_text.p && (!str_to_i64(below_text, &below) || below <= 0)) return MALFORMED;
    TRY(merge_list(&r->c, below, LISTED_N, &all));
    struct json_out w = api_answer_begin(r);
    jw_object(&w);
    jw_key(&w, "items");
    jw_array(&w);
    for (int i = 0; i < all.n; i++) write_merge(&r->c, &w, &all.v[i]);
    jw_end(&w);
    jw_id(&w, "next", all.next);
    jw_end(&w);
    api_answer_end(r, &w);
    return OK;
}

/* --- for GET /api/v1/openapi.json --- */

#define PROBLEM(code) "\"" code "\":{\"$ref\":\"#/components/responses/Problem\"}"
#define PROBLEMS                                                                                   \
    PROBLEM("400")                                                                                 \
    "," PROBLEM("401") "," PROBLEM("403") "," PROBLEM("404") "," PROBLEM("429") "," PROBLEM(       \
        "500") "," PROBLEM("503")
#define ID  "{\"$ref\":\"#/components/parameters/Id\"}"
#define INT "{\"type\":\"integer\",\"format\":\"int64\"}"
#define MERGE                                                                                      \
    "{\"type\":\"object\",\"required\":[\"id\",\"kept\",\"gone\",\"batch\",\"state\",\"at\"],"     \
    "\"properties\":{\"id\":" INT ",\"kept\":" INT ",\"gone\":" INT ",\"member\":{\"type\":["      \
    "\"integer\",\"null\"]},\"rule\":{\"type\":[\"integer\",\"null\"]},\"batch\":" INT             \
    ",\"state\":{\"type\":\"string\",\"enum\":[\"moving\",\"done\",\"parting\",\"apart\"]},"       \
    "\"at\":{\"type\":\"string\",\"format\":\"date-time\"},\"apart_at\":{\"type\":[\"string\","    \
    "\"null\"],\"format\":\"date-time\"}}}"
#define ANSWER(schema)                                                                             \
    "\"200\":{\"description\":\"OK\",\"content\":{\"application/json\":{\"schema\":" schema "}}}"
#define NAMES(text)                                                                                \
    "{\"type\":\"array\",\"items\":{\"type\":\"string\"},\"description\":\"" text "\"}"

const char merge_api_text[] =
    "{\"operationId\":\"parties_post_merge\",\"summary\":\"Make another client a part of this "
    "one\",\"tags\":[\"merges\"],\"parameters\":[" ID
    "],\"requestBody\":{\"required\":true,\"content\":{\"application/json\":{\"schema\":{"
    "\"type\":\"object\",\"required\":[\"gone\"],\"additionalProperties\":false,\"properties\":{"
    "\"gone\":" INT
    ",\"take\":" NAMES("Fields whose value comes from the other one") ",\"keep\":" NAMES(
        "Fields "
        "whose "
        "value "
        "stays") "}}}}},\"responses\":{" ANSWER(MERGE) "," PROBLEMS
                                                       "," PROBLEM("409") "," PROBLEM("413") "," PROBLEM(
                                                           "415") "," PROBLEM("422") "}}";
const char merge_api_apart_text[] =
    "{\"operationId\":\"merges_post_apart\",\"summary\":\"Take a merging apart; what was added "
    "since stays with the kept one\",\"tags\":[\"merges\"],\"parameters\":[" ID
    "],\"responses\":{" ANSWER(MERGE) "," PROBLEMS "," PROBLEM("409") "," PROBLEM(
        "413") "," PROBLEM("415") "," PROBLEM("422") "}}";
const char merges_api_text[] =
    "{\"operationId\":\"merges_get\",\"summary\":\"Who became a part of whom, newest first\","
    "\"tags\":[\"merges\"],\"parameters\":[{\"name\":\"below\",\"in\":\"query\",\"schema\":" INT
    "}],\"responses\":{" ANSWER("{\"type\":\"object\",\"required\":[\"items\",\"next\"],"
                                "\"properties\":{\"items\":{\"type\":\"array\",\"items\":" MERGE
                                "},\"next\":{\"type\":[\"integer\",\"null\"]}}}") "," PROBLEMS "}}";
