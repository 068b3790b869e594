/* Duplicates for programs: GET /api/v1/duplicates (pairs with certainty and reasons, one group, who
 * was taken apart), POST /api/v1/duplicates/apart and …/together. Merging is features/merge/api.c.
 * Routes: feature.c; calls core/api and pairs.c. */
#include "core/api/api_in.h"
#include "core/web/journal.h"
#include "features/duplicate/work.h"

enum { LIMIT = 50, LIMIT_MAX = 200, ALL = 2000000 };

/* --- reading the call --- */

struct asked {
    const struct duplicate_band *band; /* NULL: all */
    struct pair_place after;
    int64_t group, limit;
};

static enum status wrong(struct req *r, struct str field, const char *text) {
    ctx_problem(&r->c, field, text);
    return MALFORMED;
}

static enum status read_one(struct req *r, struct str name, struct str value, struct asked *q) {
    if (str_eq_z(name, "band")) {
        q->band = duplicate_band_named(value);
        return q->band ? OK : wrong(r, name, N_("This is not a value of the field."));
    }
    if (str_eq_z(name, "group")) {
        if (str_to_i64(value, &q->group) && q->group > 0) return OK;
        return wrong(r, name, N_("This is not a number."));
    }
    if (str_eq_z(name, "limit")) {
        if (str_to_i64(value, &q->limit) && q->limit >= 1 && q->limit <= LIMIT_MAX) return OK;
        return wrong(r, name, N_("This must be a whole number from 1 to 200."));
    }
    if (str_eq_z(name, "after")) {
        if (pair_place_read(value, &q->after)) return OK;
        return wrong(r, name, N_("This page of the list does not exist."));
    }
    return wrong(r, name, N_("There is no such parameter here."));
}

static enum status read_query(struct req *r, struct asked *q) {
    const struct http_pairs *given = &r->http->query;
    *q = (struct asked){ .limit = LIMIT };
    for (int i = 0; i < given->n; i++) {
        for (int k = 0; k < i; k++)
            if (str_eq(given->v[k].name, given->v[i].name))
                return wrong(r, given->v[i].name, N_("This may be given only once."));
        TRY(read_one(r, given->v[i].name, given->v[i].value, q));
    }
    return OK;
}

/* --- answering --- */

static void write_real(struct json_out *w, const char *key, double x, const char *format) {
    char number[32];
    jw_key(w, key);
    snprintf(number, sizeof number, format, x); /* the program never sets a locale */
    jw_raw(w, str_of(number));
}

static void write_text(struct json_out *w, const char *key, struct str text) {
    jw_key(w, key);
    jw_str(w, text);
}

static void write_reasons(struct json_out *w, const struct match_part *parts) {
    jw_key(w, "reasons");
    jw_array(w);
    for (int i = 0; i < COLUMNS_N; i++) {
        if (parts[i].level == MATCH_MISSING) continue;
        jw_object(w);
        write_text(w, "of", str_of(duplicate_columns[i].name));
        write_text(w, "level", str_of(match_level_code(parts[i].level)));
        write_real(w, "weight", (double)parts[i].weight, "%.3f");
        jw_end(w);
    }
    jw_end(w);
}

static const struct party *among(const struct party *v, int n, int64_t id) {
    for (int i = 0; i < n; i++)
        if (v[i].row.id == id) return &v[i];
    return NULL;
}

static void write_pair(struct ctx *c, struct json_out *w, const struct pair *p,
                       const struct party *a, const struct party *b) {
    struct match_part parts[COLUMNS_N];
    struct str why, but;
    duplicate_levels_read(c->arena, p->levels, parts);
    duplicate_words(c, parts, a, b, &why, &but);
    jw_object(w);
    jw_id(w, "a", p->a);
    jw_id(w, "b", p->b);
    write_text(w, "name_a", a->display_name);
    write_text(w, "name_b", b->display_name);
    jw_id(w, "group", p->group);
    write_real(w, "certainty", (double)p->certainty / 1e6, "%.6f");
    write_text(w, "band", str_of(duplicate_band_of(p->certainty)->code));
    write_real(w, "weight", (double)p->weight / 1e3, "%.3f");
    write_reasons(w, parts);
    write_text(w, "why", why);
    write_text(w, "but", but);
    jw_end(w);
}

static enum status write_pairs(struct req *r, struct json_out *w, const struct pairs *pairs) {
    struct ctx *c = &r->c;
    int64_t *ids = arena_array(c->arena, int64_t, pairs->n * 2 + 1);
    int n = 0, got = 0;
    void *rows = NULL;
    for (int i = 0; i < pairs->n; i++) {
        int64_t both[] = { pairs->v[i].a, pairs->v[i].b };
        for (int k = 0; k < 2; k++) {
            bool there = false;
            for (int m = 0; m < n && !there; m++) there = ids[m] == both[k];
            if (!there) ids[n++] = both[k];
        }
    }
    if (n) TRY(store_load_all(c, &entity_party, ids, n, &rows, &got));
    journal_listed(r->app, c, "party", ids, n);
    jw_key(w, "items");
    jw_array(w);
    for (int i = 0; i < pairs->n; i++) {
        const struct party *a = among(rows, got, pairs->v[i].a),
                           *b = among(rows, got, pairs->v[i].b);
        if (a && b) write_pair(c, w, &pairs->v[i], a, b);
    }
    jw_end(w);
    return OK;
}

/* When all were compared last and how far it is now: whoever asks knows how old the pairs are. */
static enum status write_look(struct ctx *c, struct json_out *w) {
    struct look_state last;
    TRY(duplicate_last(c, &last));
    jw_key(w, "look");
    if (!last.id) {
        jw_null(w);
        return OK;
    }
    jw_object(w);
    write_text(w, "state", last.state);
    write_text(w, "at", instant_iso(c->arena, last.ended_at ? last.ended_at : last.at));
    jw_key(w, "clients");
    jw_int(w, last.clients_n);
    jw_key(w, "pairs");
    jw_int(w, last.pairs_n);
    jw_end(w);
    return OK;
}

enum status duplicates_api(struct req *r) {
    struct ctx *c = &r->c;
    struct asked q;
    struct pairs pairs;
    r->kept = arena_new_of(c->arena, struct api_call);
    TRY(read_query(r, &q));
    int64_t least = q.band ? q.band->least : DUPLICATE_POSSIBLE,
            below = q.band ? q.band->below : ALL;
    int limit = (int)q.limit;
    if (q.group)
        TRY(pairs_of_group_after(c, q.group, least, below, q.after, limit + 1, &pairs));
    else
        TRY(pairs_list(c, least, below, q.after, limit + 1, &pairs));
    bool more = pairs.n > limit;
    if (more) pairs.n = limit;
    struct json_out w = api_answer_begin(r);
    jw_object(&w);
    TRY(write_pairs(r, &w, &pairs));
    jw_key(&w, "next");
    if (more)
        jw_str(&w, pair_place_write(c->arena, &pairs.v[pairs.n - 1]));
    else
        jw_null(&w);
    TRY(write_look(c, &w));
    jw_end(&w);
    api_answer_end(r, &w);
    return OK;
}

/* --- not the same, and back --- */

enum status duplicate_api_prepare(struct req *r) {
    struct api_call *a = arena_new_of(r->c.arena, struct api_call);
    r->kept = a;
    TRY(api_no_query(r));
    TRY(api_body(r, a));
    if (json_type(a->body) != JSON_OBJECT)
        return api_refuse(r, MALFORMED, N_("The body must be an object."));
    for (int i = 0; i < json_n(a->body); i++) {
        struct str key = json_key(a->body, i);
        if (str_eq(key, S("a")) || str_eq(key, S("b"))) continue;
        ctx_problem(&r->c, key, N_("There is no field “{value}”."), ARG("value", key));
        return MALFORMED;
    }
    return OK;
}

/* Both must be seen; the smaller number is a. */
static enum status read_two(struct req *r, int64_t two[2]) {
    static const char *const names[] = { "a", "b" };
    struct party there;
    for (int i = 0; i < 2; i++) {
        const struct json *j = json_get(api_call_of(r)->body, str_of(names[i]));
        two[i] = json_type(j) == JSON_INT ? json_int(j) : 0;
        enum status st = two[i] > 0 ? store_load(&r->c, &entity_party, two[i], &there) : MISSING;
        if (st == MISSING)
            return ctx_problem(&r->c, str_of(names[i]), N_("There is no such client."));
        TRY(st);
    }
    if (two[0] == two[1]) return ctx_problem(&r->c, S("b"), N_("This is the same client twice."));
    int64_t least = two[0] < two[1] ? two[0] : two[1], most = two[0] + two[1] - least;
    two[0] = least, two[1] = most;
    return OK;
}

static enum status answer(struct req *r, const int64_t two[2], bool apart) {
    struct json_out w = api_answer_begin(r);
    jw_object(&w);
    jw_id(&w, "a", two[0]);
    jw_id(&w, "b", two[1]);
    jw_key(&w, "not_same");
    jw_bool(&w, apart);
    jw_end(&w);
    api_answer_end(r, &w);
    journal_read(r->app, &r->c, "party", two, 2);
    return OK;
}

enum status duplicate_api_apart(struct req *r) {
    int64_t two[2];
    TRY(read_two(r, two));
    TRY(pair_set_apart(&r->c, two[0], two[1], true));
    return answer(r, two, true);
}

enum status duplicate_api_together(struct req *r) {
    int64_t two[2];
    TRY(read_two(r, two));
    TRY(pair_set_apart(&r->c, two[0], two[1], false));
    return answer(r, two, false);
}

/* --- for GET /api/v1/openapi.json --- */

#define PROBLEM(code) "\"" code "\":{\"$ref\":\"#/components/responses/Problem\"}"
#define PROBLEMS                                                                                   \
    PROBLEM("400")                                                                                 \
    "," PROBLEM("401") "," PROBLEM("403") "," PROBLEM("404") "," PROBLEM("429") "," PROBLEM(       \
        "500") "," PROBLEM("503")
#define INT  "{\"type\":\"integer\",\"format\":\"int64\"}"
#define TEXT "{\"type\":\"string\"}"
#define BAND "{\"type\":\"string\",\"enum\":[\"sure\",\"likely\",\"possible\"]}"
/* One level less than its properties would take: the document is nested sixteen deep at most. */
#define REASON                                                                                     \
    "{\"type\":\"object\",\"required\":[\"of\",\"level\",\"weight\"],\"description\":\"of: given " \
    "family firm father phone email street house town postcode birth own_id kind; level: exact "   \
    "key nickname swapped words part user tail edit_1 edit_2 jw_92 jw_88 jw_70 different; weight " \
    "in bits, positive is for\"}"
#define PAIR                                                                                       \
    "{\"type\":\"object\",\"required\":[\"a\",\"b\",\"name_a\",\"name_b\",\"group\",\"certainty\"" \
    ",\"band\",\"weight\",\"reasons\",\"why\",\"but\"],\"properties\":{\"a\":" INT ",\"b\":" INT   \
    ",\"name_a\":" TEXT ",\"name_b\":" TEXT ",\"group\":{\"type\":[\"integer\",\"null\"]},"        \
    "\"certainty\":{\"type\":\"number\",\"minimum\":0,\"maximum\":1},\"band\":" BAND               \
    ",\"weight\":{\"type\":\"number\"},\"reasons\":{\"type\":\"array\",\"items\":" REASON "},"     \
    "\"why\":" TEXT ",\"but\":" TEXT "}}"
#define LOOK                                                                                       \
    "{\"type\":[\"object\",\"null\"],\"required\":[\"state\",\"at\",\"clients\",\"pairs\"],"       \
    "\"properties\":{\"state\":{\"type\":\"string\",\"enum\":[\"waiting\",\"reading\","            \
    "\"comparing\",\"writing\",\"done\",\"failed\"]},\"at\":{\"type\":\"string\",\"format\":"      \
    "\"date-time\"},\"clients\":" INT ",\"pairs\":" INT "}}"
#define ANSWER(schema)                                                                             \
    "\"200\":{\"description\":\"OK\",\"content\":{\"application/json\":{\"schema\":" schema "}}}"
#define QUERY(name, schema) "{\"name\":\"" name "\",\"in\":\"query\",\"schema\":" schema "}"
#define SHARED(name)        "{\"$ref\":\"#/components/parameters/" name "\"}"

const char duplicates_api_text[] =
    "{\"operationId\":\"duplicates_get\",\"summary\":\"Pairs of clients who may be one, the surest "
    "first\",\"tags\":[\"duplicates\"],\"parameters\":[" QUERY("band", BAND) "," QUERY(
        "group",
        "{"
        "\""
        "ty"
        "pe"
        "\""
        ":"
        "\""
        "in"
        "te"
        "ge"
        "r"
        "\""
        ","
        "\""
        "fo"
        "rm"
        "at"
        "\""
        ":"
        "\""
        "in"
        "t6"
        "4"
        "\""
        ","
        "\""
        "mi"
        "ni"
        "mu"
        "m"
        "\""
        ":1"
        "}") "," SHARED("Limit") "," SHARED("After") "],\"responses\":{" ANSWER("{\"type\":"
                                                                                "\"object\","
                                                                                "\"required\":"
                                                                                "[\"items\","
                                                                                "\"next\",\"look\"]"
                                                                                ","
                                                                                "\"properties\":{"
                                                                                "\"items\":{"
                                                                                "\"type\":"
                                                                                "\"array\","
                                                                                "\"items\":" PAIR
                                                                                "},\"next\":{"
                                                                                "\"type\":["
                                                                                "\"string\","
                                                                                "\"null\"]},"
                                                                                "\"look\":" LOOK
                                                                                "}}") "," PROBLEMS
                                                                                      "}}";

#define TWO                                                                                        \
    "\"requestBody\":{\"required\":true,\"content\":{\"application/json\":{\"schema\":{\"type\":"  \
    "\"object\",\"required\":[\"a\",\"b\"],\"additionalProperties\":false,\"properties\":{"        \
    "\"a\":" INT ",\"b\":" INT "}}}}},\"responses\":{" ANSWER(                                     \
        "{\"type\":\"object\",\"required\":[\"a\",\"b\",\"not_same\"],\"properties\":{\"a\":" INT  \
        ",\"b\":" INT ",\"not_same\":{\"type\":\"boolean\"}}}") "," PROBLEMS                       \
                                                                "," PROBLEM("413") "," PROBLEM(    \
                                                                    "415") "," PROBLEM("422") "}}"
const char duplicate_api_apart_text[] = "{\"operationId\":\"duplicates_post_apart\",\"summary\":"
                                        "\"Two clients are not the same; no look "
                                        "names them again\",\"tags\":[\"duplicates\"]," TWO;
const char duplicate_api_together_text[] = "{\"operationId\":\"duplicates_post_together\","
                                           "\"summary\":\"Take back that two clients are not "
                                           "the same\",\"tags\":[\"duplicates\"]," TWO;
