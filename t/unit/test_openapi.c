/* The OpenAPI document against what it speaks of: every route is in it and nothing else, and
 * replies, bodies, parameters and limits of every entity are as it says. With a small checker of
 * the JSON Schema that the document uses; a keyword that it does not know fails the test. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <regex.h>

#include "api_client.h"
#include "core/api/api.h"
#include "core/entity/list.h"
#include "own_fields.h"

struct world {
    struct place p;
    struct visitor v;
    const struct json *doc;
    struct ctx own;                       /* only to ask for entities with their own fields */
    int64_t person, organisation, number; /* number: makes names different */
};

/* --- the checker --- */

static const struct json *resolve(const struct json *doc, const struct json *schema) {
    struct str ref = json_str(at(schema, "$ref")), piece;
    if (!ref.n) return schema;
    if (!str_starts(ref, S("#/"))) fail_msg("reference %.*s", SF(ref));
    const struct json *j = doc;
    for (struct str rest = str_sub(ref, 2, ref.n); str_cut(&rest, '/', &piece);)
        j = json_get(j, piece);
    if (!j) fail_msg("%.*s leads nowhere", SF(ref));
    return j;
}

static bool has_text(const struct json *array, struct str s) {
    for (int i = 0; i < json_n(array); i++)
        if (json_type(json_at(array, i)) == JSON_STR && str_eq(json_str(json_at(array, i)), s))
            return true;
    return false;
}

static struct str type_name(const struct json *j) {
    static const char *const names[] = {
        [JSON_NULL] = "null",    [JSON_BOOL] = "boolean", [JSON_INT] = "integer",
        [JSON_REAL] = "number",  [JSON_STR] = "string",   [JSON_ARRAY] = "array",
        [JSON_OBJECT] = "object"
    };
    return str_of(names[json_type(j)]);
}

static bool type_fits(const struct json *type, const struct json *j) {
    if (!type) return true;
    return json_type(type) == JSON_STR ? str_eq(json_str(type), type_name(j))
                                       : has_text(type, type_name(j));
}

static bool matches(const char *pattern, struct str s) {
    regex_t re;
    char text[512];
    snprintf(text, sizeof text, "%.*s", SF(s));
    assert_int_equal(regcomp(&re, pattern, REG_EXTENDED | REG_NOSUB), 0);
    bool is = regexec(&re, text, 0, NULL, 0) == 0;
    regfree(&re);
    return is;
}

static bool string_fits(const struct json *schema, struct str s) {
    struct str format = json_str(at(schema, "format")), pattern = json_str(at(schema, "pattern"));
    const struct json *max = at(schema, "maxLength");
    char z[200];
    snprintf(z, sizeof z, "%.*s", SF(pattern));
    if (pattern.n && !matches(z, s)) return false;
    if (max && (int64_t)utf8_count(s) > json_int(max)) return false;
    if (str_eq_z(format, "date-time"))
        return matches("^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$", s);
    if (str_eq_z(format, "email")) return matches("^[^@ ]+@[^@ ]+$", s);
    if (str_eq_z(format, "uri")) return matches("^[a-z]+:", s);
    return !format.n;
}

static bool enum_fits(const struct json *list, const struct json *j) {
    if (!list) return true;
    if (json_type(j) == JSON_STR) return has_text(list, json_str(j));
    for (int i = 0; i < json_n(list); i++)
        if (json_type(j) == JSON_NULL && json_type(json_at(list, i)) == JSON_NULL) return true;
    return false;
}

static void known_keywords(const struct json *schema) {
    static const char *const known[] = {
        "type",     "enum",      "required",    "properties", "pattern",
        "items",    "maxLength", "title",       "format",     "additionalProperties",
        "readOnly", "maxItems",  "description", "minimum",    "maximum",
        "default",  "minLength"
    };
    for (int i = 0; i < json_n(schema); i++) {
        bool is = false;
        for (int k = 0; k < COUNT(known); k++) is |= str_eq_z(json_key(schema, i), known[k]);
        if (!is) fail_msg("the checker does not know %.*s", SF(json_key(schema, i)));
    }
}

/* NULL, or the path at which j breaks the schema. */
static const char *broken(struct world *w, const struct json *schema, const struct json *j,
                          const char *path) {
    struct arena *a = w->p.arena;
    schema = resolve(w->doc, schema);
    known_keywords(schema);
    if (!type_fits(at(schema, "type"), j) || !enum_fits(at(schema, "enum"), j)) return path;
    if (json_type(j) == JSON_STR && !string_fits(schema, json_str(j))) return path;
    const struct json *properties = at(schema, "properties"), *required = at(schema, "required");
    bool closed =
        at(schema, "additionalProperties") && !json_bool(at(schema, "additionalProperties"));
    for (int i = 0; json_type(j) == JSON_OBJECT && i < json_n(j); i++) {
        const char *below = str_printf(a, "%s.%.*s", path, SF(json_key(j, i))).p, *why = NULL;
        const struct json *property = json_get(properties, json_key(j, i));
        if (property)
            why = broken(w, property, json_value(j, i), below);
        else if (closed)
            why = below;
        if (why) return why;
    }
    for (int i = 0; json_type(j) == JSON_OBJECT && i < json_n(required); i++)
        if (!json_get(j, json_str(json_at(required, i))))
            return str_printf(a, "%s lacks %.*s", path, SF(json_str(json_at(required, i)))).p;
    if (json_type(j) != JSON_ARRAY) return NULL;
    if (at(schema, "maxItems") && json_n(j) > json_int(at(schema, "maxItems"))) return path;
    for (int i = 0; at(schema, "items") && i < json_n(j); i++) {
        const char *why =
            broken(w, at(schema, "items"), json_at(j, i), str_printf(a, "%s[%d]", path, i).p);
        if (why) return why;
    }
    return NULL;
}

static const struct json *schema_named(struct world *w, struct str name) {
    const struct json *s = json_get(at(at(w->doc, "components"), "schemas"), name);
    if (!s) fail_msg("no schema %.*s", SF(name));
    return s;
}

static struct str schema_name(struct world *w, const struct entity *e, const char *behind) {
    struct buf b = { .arena = w->p.arena };
    bool big = true;
    for (const char *p = e->name; *p; p++) {
        if (*p != '_') buf_add_c(&b, big ? (char)(*p - 32) : *p);
        big = *p == '_';
    }
    buf_add_z(&b, behind);
    return buf_str(&b);
}

static const struct json *read_json(struct world *w, struct str text) {
    struct json *j;
    struct str why;
    if (json_parse(w->p.arena, text, &j, &why) != OK) fail_msg("%.*s", SF(why));
    return j;
}

/* --- calls, each compared with its operation --- */

static const struct json *operation(struct world *w, const char *path, enum http_method m) {
    static const char *const verbs[] = {
        [HTTP_GET] = "get", [HTTP_POST] = "post", [HTTP_PATCH] = "patch", [HTTP_DELETE] = "delete"
    };
    return at(at(at(w->doc, "paths"), path), verbs[m]);
}

/* path: as in the document; id fills {id}. The status must be documented and the body as it says.
 */
static struct answer_seen call_op(struct world *w, enum http_method m, const char *path, int64_t id,
                                  const char *query, const char *body, const char *const *headers) {
    struct arena *a = w->p.arena;
    const struct json *op = operation(w, path, m);
    if (!op) fail_msg("%s is not in the document", path);
    const char *hole = strstr(path, "{id}");
    struct str target = hole ? str_printf(a, "%.*s%lld%s%s", (int)(hole - path), path,
                                          (long long)id, hole + 4, query)
                             : str_printf(a, "%s%s", path, query);
    struct answer_seen seen = call(&w->v, m, target.p, body, headers);
    const struct json *reply = json_get(at(op, "responses"), str_printf(a, "%d", seen.status));
    if (!reply)
        fail_msg("%s %s: %d is not documented: %.*s", http_method_name(m), path, seen.status,
                 SF(seen.body));
    reply = resolve(w->doc, reply);
    const struct json *content = at(reply, "content");
    assert_int_equal(json_n(content) > 0, seen.body.n > 0);
    if (!seen.body.n) return seen;
    struct str type = json_key(content, 0);
    if (!str_starts(seen.type, type))
        fail_msg("type %.*s instead of %.*s", SF(seen.type), SF(type));
    const char *why = broken(w, at(json_value(content, 0), "schema"), read_json(w, seen.body), "");
    if (why)
        fail_msg("%s %s breaks its schema at %s: %.*s", http_method_name(m), path, why,
                 SF(seen.body));
    return seen;
}

static const char *path_of(struct world *w, const struct entity *e, const char *behind) {
    return str_printf(w->p.arena, "/api/v1/%s%s", e->plural, behind).p;
}

/* --- a full record of any entity, from its table --- */

static int64_t ref_sample(struct world *w, const struct field *f) {
    if (!strcmp(f->ref->name, "party"))
        return strcmp(f->name, "organisation") ? w->person : w->organisation;
    return 1;
}

static void write_sample(struct world *w, struct json_out *out, const struct field *f) {
    struct arena *a = w->p.arena;
    w->number++;
    if (f->kind == &kind_yesno)
        jw_bool(out, true);
    else if (f->kind == &kind_int)
        jw_int(out, 3);
    else if (f->kind == &kind_ref)
        jw_int(out, ref_sample(w, f));
    else if (f->kind == &kind_choice)
        jw_str(out, str_of(f->choices[0].code));
    else if (f->kind == &kind_date)
        jw_str(out, S("2001-02-03"));
    else if (f->kind == &kind_currency)
        jw_str(out, S("KWD"));
    else if (f->kind == &kind_language)
        jw_str(out, S("fa"));
    else if (f->kind == &kind_country)
        jw_str(out, S("IR"));
    else if (f->kind == &kind_zone)
        jw_str(out, S("Asia/Tehran"));
    else if (f->kind == &kind_url)
        jw_str(out, S("https://example.com"));
    else if (f->kind == &kind_colour)
        jw_str(out, S("3"));
    else if (f->kind == &kind_phone)
        jw_str(out, S("+33 6 12 34 56 78"));
    else if (f->kind == &kind_email)
        jw_str(out, str_printf(a, "a%lld@example.com", (long long)w->number));
    else if (!strcmp(f->name, "query")) /* of a list */
        jw_str(out, S("q=Ali"));
    else if (!strcmp(f->name, "tree")) /* a question */
        jw_str(out, S("stage:lead"));
    else if (f->kind == &kind_number || f->kind == &kind_money)
        jw_str(out, S("12.5")); /* fewer decimals than it has are as good */
    else if (f->kind == &kind_choices)
        jw_raw(out, S("[\"one\"]"));
    else if (!strcmp(f->name, "currency"))
        jw_str(out, S("EUR"));
    else if (f->kind == &kind_text || f->kind == &kind_area)
        jw_str(out, str_printf(a, "Text %lld", (long long)w->number));
    else
        fail_msg("no sample of kind %s", f->kind->name);
}

static void write_fields(struct world *w, struct json_out *out, const struct entity *e) {
    for (int i = 0; i < e->fields_n; i++) {
        if (e->fields[i].is & (SYSTEM | SECRET)) continue;
        jw_key(out, e->fields[i].name);
        write_sample(w, out, &e->fields[i]);
    }
}

static struct str full_record(struct world *w, const struct entity *e) {
    struct buf b = { .arena = w->p.arena };
    struct json_out out = { .b = &b };
    jw_object(&out);
    write_fields(w, &out, e);
    for (int i = 0; i < e->manys_n; i++) {
        const struct many *m = &e->manys[i];
        if (m->child->by_upload) continue;
        jw_key(&out, m->name);
        jw_array(&out);
        if (m->single) {
            jw_str(&out, S("vip"));
        } else {
            jw_object(&out);
            write_fields(w, &out, m->child);
            jw_end(&out);
        }
        jw_end(&out);
    }
    jw_end(&out);
    return str_dup(w->p.arena, buf_str(&b));
}

/* --- the cases --- */

static enum status own_fields(struct ctx *c, void *arg) {
    struct world *w = arg;
    TRY(own_fields_make(c, ""));
    TRY(own_fields_see(c));
    w->own = *c;
    return OK;
}

static void open_world(struct world *w, bool pg) {
    *w = (struct world){ .number = 0 };
    open_place(&w->p, pg);
    w->v = program_of(&w->p, 1);
    place_write(&w->p, OK, own_fields, w);
    struct visitor nobody = program_of(&w->p, 0);
    struct answer_seen a = call(&nobody, HTTP_GET, "/api/v1/openapi.json", NULL, NULL);
    status_is(&a, 200);
    assert_false(answer_says(&a, "Motto")); /* what a business asks of clients is its own */
    a = call(&w->v, HTTP_GET, "/api/v1/openapi.json", NULL, NULL);
    status_is(&a, 200);
    assert_true(answer_says(&a, "\"title\":\"Motto\""));
    w->doc = json_of(&w->v, &a);
}

/* What references point to. */
static void settle(struct world *w) {
    static const char *const kinds[] = { "person", "organisation" };
    for (int i = 0; i < 2; i++) {
        struct str body =
            str_printf(w->p.arena, "{\"kind\":\"%s\",\"display_name\":\"P\"}", kinds[i]);
        struct answer_seen a = call_op(w, HTTP_POST, "/api/v1/parties", 0, "", body.p, NULL);
        status_is(&a, 201);
        *(i ? &w->organisation : &w->person) = json_int(at(read_json(w, a.body), "id"));
    }
    static const char *const named[] = { "categories", "teams", "tags" };
    for (int i = 0; i < 3; i++) {
        struct answer_seen a =
            call_op(w, HTTP_POST, str_printf(w->p.arena, "/api/v1/%s", named[i]).p, 0, "",
                    "{\"name\":\"First\"}", NULL);
        status_is(&a, 201);
        assert_int_equal(json_int(at(read_json(w, a.body), "id")), 1);
    }
}

static bool nullable(const struct json *property) {
    return json_type(at(property, "type")) == JSON_ARRAY &&
           has_text(at(property, "type"), S("null"));
}

/* Null exactly where the document says so, and texts as long as it says. */
static void check_property(struct world *w, const struct entity *e, int64_t id, struct str name,
                           const struct json *property) {
    struct arena *a = w->p.arena;
    const char *one = path_of(w, e, "/{id}"), *const any[] = { "if-match", "*", NULL };
    bool composed = str_eq_z(name, "display_name"); /* emptied, it is made of the other names */
    struct str body = str_printf(a, "{\"%.*s\":null}", SF(name));
    struct answer_seen seen = call_op(w, HTTP_PATCH, one, id, "", body.p, any);
    if (!composed && (seen.status == 200) != nullable(property))
        fail_msg("%s.%.*s: null gives %d", e->name, SF(name), seen.status);
    const struct json *max = at(property, "maxLength");
    bool question = str_eq_z(name, "tree"); /* not any text: its length is that of its JSON */
    for (int more = 0; max && !question && more < 2; more++) {
        bool url = str_eq_z(json_str(at(property, "format")), "uri");
        struct buf b = { .arena = a };
        buf_printf(&b, "{\"%.*s\":\"%s", SF(name), url ? "https://example.com/" : "");
        for (int64_t i = url ? 20 : 0; i < json_int(max) + more; i++)
            buf_add_z(&b, url ? "x" : "\u0639");
        buf_add_z(&b, "\"}");
        seen = call_op(w, HTTP_PATCH, one, id, "", str_z(a, buf_str(&b)), any);
        if (seen.status != (more ? 422 : 200))
            fail_msg("%s.%.*s of %lld characters: %.*s", e->name, SF(name),
                     (long long)json_int(max) + more, SF(seen.body));
    }
}

/* What comes by upload is made so; then it is changed to what others are made with. */
static struct answer_seen upload(struct world *w, const struct entity *e, struct str body) {
    static const char form[] = "--x\r\nContent-Disposition: form-data; name=\"file\"; "
                               "filename=\"a.txt\"\r\n\r\nhello\r\n--x--\r\n";
    struct str to =
        str_printf(w->p.arena, "/api/v1/parties/%lld/%s", (long long)w->person, e->plural);
    w->v.more = (struct http_pairs){ NULL, 0 };
    struct answer_seen a =
        visit_with(&w->v, HTTP_POST, to.p, "multipart/form-data; boundary=x", str_of(form));
    status_is(&a, 201);
    int64_t id = json_int(at(read_json(w, a.body), "id"));
    a = call(&w->v, HTTP_POST, path_of(w, e, ""), body.p, NULL);
    status_is(&a, 422);
    a = call_op(w, HTTP_PATCH, path_of(w, e, "/{id}"), id, "", body.p, HEADERS("if-match", "*"));
    status_is(&a, 200);
    return a;
}

static void check_entity(struct world *w, const struct entity *e) {
    struct str body = full_record(w, e);
    const struct json *sent = read_json(w, body),
                      *change = schema_named(w, schema_name(w, e, "Change"));
    const char *why = broken(w, change, sent, e->name);
    if (!why && !e->by_upload)
        why = broken(w, schema_named(w, schema_name(w, e, "New")), sent, e->name);
    if (why) fail_msg("the schema refuses %s: %.*s", why, SF(body));
    assert_int_equal(json_n(at(change, "properties")), json_n(sent));
    struct answer_seen a = { 0 };
    if (e->by_upload)
        a = upload(w, e, body);
    else
        a = call_op(w, HTTP_POST, path_of(w, e, ""), 0, "", body.p, NULL);
    if (!e->by_upload) status_is(&a, 201);
    const struct json *made = read_json(w, a.body);
    int64_t id = json_int(at(made, "id"));
    for (int i = 0; i < e->fields_n; i++) /* what was sent is there */
        if (json_get(sent, str_of(e->fields[i].name)))
            assert_int_equal(json_type(json_get(made, str_of(e->fields[i].name))),
                             json_type(json_get(sent, str_of(e->fields[i].name))));
    a = call_op(w, HTTP_GET, path_of(w, e, "/{id}"), id, "", NULL, NULL);
    status_is(&a, 200);
    a = call_op(w, HTTP_GET, path_of(w, e, "/{id}"), id, "", NULL, HEADERS("if-none-match", "*"));
    status_is(&a, 304);
    const struct json *properties = at(change, "properties");
    for (int i = 0; i < json_n(properties); i++)
        check_property(w, e, id, json_key(properties, i), json_value(properties, i));
    a = call_op(w, HTTP_PATCH, path_of(w, e, "/{id}"), id, "", "{\"nobody\":1}",
                HEADERS("if-match", "*"));
    status_is(&a, 400);
    a = call_op(w, HTTP_PATCH, path_of(w, e, "/{id}"), id, "", "{}", HEADERS("if-match", "\"v0\""));
    status_is(&a, 412);
    a = call_op(w, HTTP_PATCH, path_of(w, e, "/{id}"), id, "", "{}", NULL);
    status_is(&a, 428);
    a = call_op(w, HTTP_DELETE, path_of(w, e, "/{id}"), id, "", NULL, NULL);
    status_is(&a, 204);
    a = call_op(w, HTTP_GET, path_of(w, e, "/{id}"), id, "", NULL, NULL);
    status_is(&a, 404);
    a = call_op(w, HTTP_POST, path_of(w, e, "/{id}/restore"), id, "", NULL, NULL);
    status_is(&a, 200);
    a = call_op(w, HTTP_POST, path_of(w, e, "/{id}/restore"), id, "", NULL, NULL);
    status_is(&a, 409);
    if (strcmp(e->name, "custom_field") != 0) return;
    a = call_op(w, HTTP_DELETE, path_of(w, e, "/{id}"), id, "", NULL, NULL); /* or the document is
                                                                                another one now */
    status_is(&a, 204);
}

static struct str filter_sample(struct world *w, const struct list_field *f) {
    if (f->many && f->many->single) return S("First");
    if (f->field->kind == &kind_yesno) return S("false");
    struct buf b = { .arena = w->p.arena };
    struct json_out out = { .b = &b };
    write_sample(w, &out, f->field);
    struct str s = buf_str(&b);
    if (str_starts(s, S("[\""))) return str_sub(s, 2, s.n - 4);
    return str_starts(s, S("\"")) ? str_sub(s, 1, s.n - 2) : s;
}

/* Every parameter of a list works, and every way to sort; the next wrong one does not. */
static void check_list(struct world *w, const struct entity *e) {
    struct arena *a = w->p.arena;
    const char *path = path_of(w, e, "");
    const struct json *parameters = at(operation(w, path, HTTP_GET), "parameters");
    struct list_field *fields;
    int filters_n = list_fields(a, e, FILTERED, &fields), filters = 0;
    for (int i = 0; i < json_n(parameters); i++) {
        const struct json *one = resolve(w->doc, json_at(parameters, i));
        struct str name = json_str(at(one, "name"));
        const struct json *sorts = at(at(one, "schema"), "enum");
        for (int k = 0; str_eq_z(name, "sort") && k < json_n(sorts); k++) {
            struct str query = str_printf(a, "?limit=2&sort=%.*s", SF(json_str(json_at(sorts, k))));
            struct answer_seen s = call_op(w, HTTP_GET, path, 0, query.p, NULL, NULL);
            status_is(&s, 200);
        }
        for (int k = 0; k < filters_n; k++) {
            if (!str_eq(name, fields[k].name)) continue;
            struct str value = filter_sample(w, &fields[k]);
            struct str query = str_printf(a, "?%.*s=%.*s", SF(name), SF(http_escape(a, value)));
            struct answer_seen s = call_op(w, HTTP_GET, path, 0, query.p, NULL, NULL);
            status_is(&s, 200);
            filters++;
        }
        if (str_eq_z(name, "q")) {
            struct answer_seen s = call_op(w, HTTP_GET, path, 0, "?q=first", NULL, NULL);
            status_is(&s, 200);
        }
    }
    assert_int_equal(filters, filters_n);
    struct answer_seen s = call_op(w, HTTP_GET, path, 0, "?sort=nobody", NULL, NULL);
    status_is(&s, 400);
    s = call_op(w, HTTP_GET, path, 0, "?limit=1", NULL, NULL);
    struct str next = json_str(at(read_json(w, s.body), "next"));
    if (!next.n) return;
    s = call_op(w, HTTP_GET, path, 0, str_printf(a, "?limit=1&after=%.*s", SF(next)).p, NULL, NULL);
    status_is(&s, 200);
}

static void check_past(struct world *w) {
    const char *undo = "/api/v1/batches/{id}/undo";
    struct answer_seen a =
        call_op(w, HTTP_GET, "/api/v1/parties/{id}/history", w->person, "", NULL, NULL);
    status_is(&a, 200);
    const struct json *items = at(read_json(w, a.body), "items"),
                      *first = json_at(items, json_n(items) - 1);
    a = call_op(w, HTTP_POST, undo, json_int(at(first, "batch")), "", NULL, NULL);
    status_is(&a, 409); /* a bond hangs on it */
    a = call_op(w, HTTP_PATCH, "/api/v1/parties/{id}", w->person, "", "{\"special\":\"A\"}",
                HEADERS("if-match", "*"));
    status_is(&a, 200);
    a = call_op(w, HTTP_GET, "/api/v1/parties/{id}/history", w->person, "?limit=1", NULL, NULL);
    first = json_at(at(read_json(w, a.body), "items"), 0);
    a = call_op(w, HTTP_POST, undo, json_int(at(first, "batch")), "", NULL, NULL);
    status_is(&a, 200);
    a = call_op(w, HTTP_POST, undo, 99999, "", NULL, NULL);
    status_is(&a, 404);
    w->v.bearer = "dft_nobody";
    a = call_op(w, HTTP_GET, "/api/v1/parties", 0, "", NULL, NULL);
    status_is(&a, 401);
}

static void replies(bool pg) {
    struct world w;
    open_world(&w, pg);
    settle(&w);
    const struct registry *all = entity_registry();
    int n = 0;
    for (int i = 0; i < all->n; i++) {
        if (!api_shows(all->entities[i])) continue;
        check_entity(&w, entity_now(&w.own, all->entities[i]));
        check_list(&w, entity_now(&w.own, all->entities[i]));
        n++;
    }
    assert_true(n >= 7);
    check_past(&w);
    place_close(&w.p);
}

static void test_replies_lite(void **state) {
    (void)state;
    replies(false);
}

static void test_replies_pg(void **state) {
    (void)state;
    if (!fixture_has_pg()) skip();
    replies(true);
}

/* Both ways: each route stands in the document for each entity, and the document has no others. */
static void test_routes(void **state) {
    (void)state;
    struct world w;
    open_world(&w, false);
    const struct registry *all = entity_registry();
    const struct json *paths = at(w.doc, "paths");
    int routes = 0, operations = 0;
    for (int i = 0; i < api_routes.n; i++) {
        const struct route *r = &api_routes.v[i];
        const char *hole = strstr(r->pattern, "{entity}");
        assert_true(r->flags & ROUTE_API);
        for (int k = 0; k < (hole ? all->n : 1); k++) {
            const char *path = r->pattern;
            if (hole && !api_shows(all->entities[k])) continue;
            bool makes = r->method == HTTP_POST && hole && hole[8] == 0;
            if (makes && all->entities[k]->by_upload) continue;
            if (hole)
                path = str_printf(w.p.arena, "%.*s%s%s", (int)(hole - r->pattern), r->pattern,
                                  all->entities[k]->plural, hole + 8)
                           .p;
            if (!operation(&w, path, r->method)) fail_msg("%s is not in the document", path);
            routes++;
        }
    }
    for (int i = 0; i < app_routes_n(); i++)
        for (int k = 0; k < app_routes(i)->n; k++) {
            const struct route *r = &app_routes(i)->v[k];
            if (!(r->flags & ROUTE_API) || app_routes(i) == &api_routes) continue;
            if (!r->describe || !operation(&w, r->pattern, r->method))
                fail_msg("%s is not in the document", r->pattern);
            routes++;
        }
    for (int i = 0; i < json_n(paths); i++) operations += json_n(json_value(paths, i));
    assert_int_equal(routes, operations);
    place_close(&w.p);
}

/* Every reference leads somewhere, every operation has a name of its own. */
static void walk(struct world *w, const struct json *j, struct strs *ids) {
    if (json_type(j) == JSON_OBJECT && at(j, "$ref")) {
        resolve(w->doc, j);
        return;
    }
    struct str id = json_str(at(j, "operationId"));
    for (int i = 0; id.n && i < ids->n; i++)
        if (str_eq(ids->v[i], id)) fail_msg("two operations are called %.*s", SF(id));
    if (id.n) ids->v[ids->n++] = id;
    for (int i = 0; i < json_n(j); i++)
        walk(w, json_type(j) == JSON_OBJECT ? json_value(j, i) : json_at(j, i), ids);
}

static void test_document(void **state) {
    (void)state;
    struct world w;
    open_world(&w, false);
    struct strs ids = { arena_array(w.p.arena, struct str, 1000), 0 };
    walk(&w, w.doc, &ids);
    assert_true(ids.n > 40);
    text_is(w.doc, "openapi", "3.1.0");
    text_is(at(at(at(w.doc, "components"), "securitySchemes"), "bearer"), "scheme", "bearer");
    place_close(&w.p);
}

/* The checker itself finds what it must. */
static void test_checker(void **state) {
    (void)state;
    struct world w = { .doc = NULL };
    w.p.arena = arena_new();
    const struct json *schema =
        read_json(&w, S("{\"type\":\"object\",\"required\":[\"a\"],\"additionalProperties\":false,"
                        "\"properties\":{"
                        "\"a\":{\"type\":\"integer\"},\"b\":{\"type\":[\"string\",\"null\"],"
                        "\"enum\":[\"x\",null]},"
                        "\"c\":{\"type\":\"array\",\"maxItems\":1,\"items\":{\"type\":\"string\","
                        "\"maxLength\":2}},"
                        "\"d\":{\"type\":\"string\",\"pattern\":\"^[0-9]+$\"},"
                        "\"e\":{\"type\":\"string\",\"format\":\"date-time\"}}}"));
    static const struct {
        const char *text;
        bool good;
    } cases[] = {
        { "{\"a\":1}", true },
        { "{\"a\":1,\"b\":null,\"c\":[\"ab\"],\"d\":\"12\",\"e\":\"2026-11-21T10:00:00Z\"}", true },
        { "{}", false },
        { "[]", false },
        { "{\"a\":\"1\"}", false },
        { "{\"a\":1.5}", false },
        { "{\"a\":1,\"z\":1}", false },
        { "{\"a\":1,\"b\":\"y\"}", false },
        { "{\"a\":1,\"c\":[\"abc\"]}", false },
        { "{\"a\":1,\"c\":[\"a\",\"b\"]}", false },
        { "{\"a\":1,\"c\":[1]}", false },
        { "{\"a\":1,\"d\":\"x\"}", false },
        { "{\"a\":1,\"e\":\"2026-11-21\"}", false },
    };
    for (int i = 0; i < COUNT(cases); i++)
        if ((broken(&w, schema, read_json(&w, str_of(cases[i].text)), "") == NULL) != cases[i].good)
            fail_msg("%s", cases[i].text);
    arena_free(w.p.arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_checker),    cmocka_unit_test(test_routes),
        cmocka_unit_test(test_document),   cmocka_unit_test(test_replies_lite),
        cmocka_unit_test(test_replies_pg),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
