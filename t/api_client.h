/* What the tests of the API share: a program with a token, and answers as JSON. Include it after
 * cmocka.h. */
#ifndef API_CLIENT_H
#define API_CLIENT_H
#include "core/web/session.h"
#include "fixture.h"
#include "lib/text/json.h"
#include "visitor.h"

#define JSON_TYPE "application/json"

struct api_token {
    int64_t member;
    struct str text;
};
static inline enum status api_make_token(struct ctx *c, void *arg) {
    struct api_token *t = arg;
    return token_start(c, t->member, S("test"), &t->text);
}

/* A program that works in the name of a member; member 0: without a token. */
static inline struct visitor program_of(struct place *p, int64_t member) {
    struct visitor v = visitor_of(p, 0);
    struct api_token t = { member, NO_STR };
    if (!member) return v;
    place_write(p, OK, api_make_token, &t);
    v.bearer = str_z(p->arena, t.text);
    return v;
}

/* One call; body NULL: none. headers: name, value, …, NULL. */
static inline struct answer_seen call(struct visitor *v, enum http_method m, const char *target,
                                      const char *body, const char *const *headers) {
    v->more = (struct http_pairs){ NULL, 0 };
    for (; headers && *headers; headers += 2) visitor_header(v, headers[0], headers[1]);
    return visit_with(v, m, target, body ? JSON_TYPE : NULL, body ? str_of(body) : NO_STR);
}
#define HEADERS(...) ((const char *const[]){ __VA_ARGS__, NULL })

static inline const struct json *json_of(struct visitor *v, const struct answer_seen *a) {
    struct json *j;
    struct str why;
    if (json_parse(v->place->arena, a->body, &j, &why) != OK)
        fail_msg("no JSON (%.*s): %.*s", SF(why), SF(a->body));
    return j;
}

static inline void status_is(const struct answer_seen *a, int status) {
    if (a->status != status) fail_msg("%d instead of %d: %.*s", a->status, status, SF(a->body));
}
/* The member of an object by its path of names. */
static inline const struct json *at(const struct json *j, const char *name) {
    return json_get(j, str_of(name));
}
static inline void text_is(const struct json *j, const char *name, const char *text) {
    struct str s = json_str(at(j, name));
    if (!str_eq_z(s, text)) fail_msg("%s is “%.*s”, not “%s”", name, SF(s), text);
}
static inline struct str target_of(struct visitor *v, const char *plural, int64_t id) {
    return str_printf(v->place->arena, "/api/v1/%s/%lld", plural, (long long)id);
}

#define PARTIES "/api/v1/parties"

/* In place: the configuration points into it. */
static inline void open_place(struct place *p, bool pg) {
    *p = (struct place){ .app = NULL };
    place_open(p, pg);
    place_set_up(p);
}

static inline void type_is(const struct answer_seen *a, const char *type) {
    if (!str_eq_z(a->type, type)) fail_msg("type %.*s of %.*s", SF(a->type), SF(a->body));
    assert_true(str_eq_z(answer_header(a, "X-Content-Type-Options"), "nosniff"));
}

/* A refusal: the status, RFC 9457's members, and the field that is named (NULL: any). */
static inline void refused(struct visitor *v, const struct answer_seen *a, int status,
                           const char *field) {
    status_is(a, status);
    type_is(a, "application/problem+json");
    const struct json *j = json_of(v, a);
    assert_int_equal(json_int(at(j, "status")), status);
    assert_true(json_str(at(j, "type")).n && json_str(at(j, "title")).n &&
                json_str(at(j, "detail")).n);
    const struct json *errors = at(j, "errors");
    bool named = !field;
    for (int i = 0; i < json_n(errors); i++) {
        assert_true(json_str(at(json_at(errors, i), "detail")).n > 0);
        named |= str_eq_z(json_str(at(json_at(errors, i), "field")), field);
    }
    if (!named) fail_msg("“%s” is not named: %.*s", field, SF(a->body));
}

/* The same, and nothing was changed (T-13). */
static inline void changes_nothing(struct visitor *v, enum http_method m, const char *target,
                                   const char *body, const char *const *headers, int status,
                                   const char *field) {
    struct str before = place_state(v->place);
    struct answer_seen a = call(v, m, target, body, headers);
    refused(v, &a, status, field);
    struct str after = place_state(v->place);
    if (!str_eq(before, after))
        fail_msg("%s changed something: %.*s / %.*s", target, SF(before), SF(after));
}

static inline int64_t make(struct visitor *v, const char *plural, const char *body) {
    struct str target = str_printf(v->place->arena, "/api/v1/%s", plural);
    struct answer_seen a = call(v, HTTP_POST, target.p, body, NULL);
    status_is(&a, 201);
    type_is(&a, "application/json; charset=utf-8");
    const struct json *j = json_of(v, &a);
    int64_t id = json_int(at(j, "id"));
    assert_true(id > 0);
    assert_true(str_eq(a.location, target_of(v, plural, id)));
    assert_true(str_eq_z(answer_header(&a, "ETag"), "\"v1\""));
    return id;
}

static inline int64_t total(struct visitor *v, const char *query) {
    struct str target = str_printf(v->place->arena, PARTIES "?%s", query);
    struct answer_seen a = call(v, HTTP_GET, target.p, NULL, NULL);
    status_is(&a, 200);
    type_is(&a, "application/json; charset=utf-8");
    const struct json *j = json_of(v, &a);
    assert_true(at(j, "next") != NULL);
    if (json_type(at(j, "next")) == JSON_NULL && !strstr(query, "after"))
        assert_int_equal(json_n(at(j, "items")), json_int(at(j, "total")));
    return json_int(at(j, "total"));
}

#define BOTH(name)                                                                                 \
    static void test_##name##_lite(void **state) {                                                 \
        (void)state;                                                                               \
        name(false);                                                                               \
    }                                                                                              \
    static void test_##name##_pg(void **state) {                                                   \
        (void)state;                                                                               \
        if (!fixture_has_pg()) skip();                                                             \
        name(true);                                                                                \
    }
#define UNIT(name) cmocka_unit_test(test_##name##_lite), cmocka_unit_test(test_##name##_pg)
#endif
