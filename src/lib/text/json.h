/* JSON (RFC 8259): a reader that gives an unchangeable tree in an arena, and a streaming writer.
 * json.c is the only file that knows jansson. */
#ifndef TEXT_JSON_H
#define TEXT_JSON_H
#include "lib/base/buf.h"

enum json_type {
    JSON_NULL,
    JSON_BOOL,
    JSON_INT,  /* a whole number that fits int64, written without point or exponent */
    JSON_REAL, /* any other number: only its text is kept, exactly as written */
    JSON_STR,
    JSON_ARRAY,
    JSON_OBJECT
};
struct json;

/* Reads one value of any type that fills the whole text. INVALID UTF-8, raw or escaped NUL, lone
 * surrogates, a repeated key, nesting over LIMIT_JSON_DEPTH and a string, key or number over
 * LIMIT_FIELD bytes are refused. MALFORMED (TOO_BIG when a limit was passed): *why then says in
 * English "line 3, column 7: …", columns in characters from 1. The tree copies what it needs. */
enum status json_parse(struct arena *a, struct str text, struct json **out,
                       struct str *why) MUST_USE;

/* All of these take NULL and a value of another type: then "absent" as said behind each. */
enum json_type json_type(const struct json *j);                         /* JSON_NULL for NULL */
int json_n(const struct json *j);                                       /* members or elements; 0 */
const struct json *json_get(const struct json *object, struct str key); /* NULL */
const struct json *json_at(const struct json *array, int i);     /* NULL, also out of range */
struct str json_key(const struct json *object, int i);           /* in the text's order; NO_STR */
const struct json *json_value(const struct json *object, int i); /* NULL */
struct str json_str(const struct json *j); /* a string, or the text of a number; NO_STR */
int64_t json_int(const struct json *j);    /* 0 unless JSON_INT */
bool json_bool(const struct json *j);      /* false unless true */

/* The writer: struct json_out w = { .b = &buf }; then calls in the order of the text, commas are
 * its own. A call that could not make JSON (a value without key, an end too many) is BUG. The
 * result is safe inside HTML too: < is \u003c, U+2028 and U+2029 are escaped. Bytes that are not
 * UTF-8 become U+FFFD. */
struct json_out {
    struct buf *b;
    uint64_t objects; /* one bit a level: is it an object; 63 levels */
    int depth;
    bool more, keyed;
};
void jw_object(struct json_out *w);
void jw_array(struct json_out *w);
void jw_end(struct json_out *w); /* ends the innermost object or array */
void jw_key(struct json_out *w, const char *key);
void jw_key_str(struct json_out *w, struct str key);
void jw_str(struct json_out *w, struct str s); /* NO_STR is "" */
void jw_int(struct json_out *w, int64_t i);
void jw_bool(struct json_out *w, bool is);
void jw_null(struct json_out *w);
/* A member that names a record: its number, null for 0. */
void jw_id(struct json_out *w, const char *key, int64_t id);
void jw_raw(struct json_out *w, struct str json); /* a value that is JSON already, e.g. a number */
void jw_json(struct json_out *w, const struct json *j); /* a tree; NULL is null */

#endif
