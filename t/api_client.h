/* What the tests of the API share: a program with a token, and answers as JSON. Include it after
 * cmocka.h. */
#ifndef API_CLIENT_H
#define API_CLIENT_H
#include "core/web/session.h"
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

#endif
