/* The JSON of json.h. Called by the API, history, jobs and the settings; calls jansson, which no
 * other file does. jansson checks and builds; before it, one pass over the text keeps the limits
 * and notes where each number stands, because jansson would keep only its double. */
#include "lib/text/json.h"

/* jansson's own names for its types would clash with ours. */
#define json_type   jansson_type
#define JSON_OBJECT JANSSON_OBJECT
#define JSON_ARRAY  JANSSON_ARRAY
#define JSON_REAL   JANSSON_REAL
#define JSON_NULL   JANSSON_NULL
#include <jansson.h>
#undef json_type
#undef JSON_OBJECT
#undef JSON_ARRAY
#undef JSON_REAL
#undef JSON_NULL

#include "lib/base/limits.h"

struct json {
    enum json_type type;
    int n;
    union {
        bool is;
        int64_t i;
        struct json *v; /* n elements or members */
    };
    struct str s;     /* of a string or number */
    struct str *keys; /* of an object */
};

/* The pass before jansson. Wrong JSON may pass it in any way: jansson refuses it afterwards. */
struct scan {
    struct str rest;
    int line, column, depth;
    struct str *numbers; /* in the order of the text, on the heap */
    size_t numbers_n, cap;
    size_t next; /* the first one not given to the tree yet */
};

static int step(struct scan *s) {
    int c = (unsigned char)*s->rest.p;
    s->rest.p++, s->rest.n--;
    if (c == '\n')
        s->line++, s->column = 1;
    else if ((c & 0xC0) != 0x80)
        s->column++;
    return c;
}

/* Steps over a string, the opening quote already read; how many bytes it means. */
static size_t scan_string(struct scan *s) {
    size_t n = 0;
    while (s->rest.n) {
        int c = step(s);
        if (c == '"') break;
        n++;
        if (c != '\\' || !s->rest.n || step(s) != 'u') continue;
        unsigned char unit[2] = { 0 };
        if (!str_unhex(str_sub(s->rest, 0, 4), unit, 2)) continue;
        int u = unit[0] << 8 | unit[1];
        n += u < 0x80 ? 0 : u < 0x800 || (u >= 0xD800 && u < 0xE000) ? 1 : 2;
        for (int i = 0; i < 4; i++) step(s);
    }
    return n;
}

static bool is_number_byte(char c) {
    return (c >= '0' && c <= '9') || c == '-' || c == '+' || c == '.' || c == 'e' || c == 'E';
}

static void scan_number(struct scan *s) {
    struct str number = { s->rest.p, 0 };
    while (s->rest.n && is_number_byte(*s->rest.p)) step(s), number.n++;
    if (s->numbers_n == s->cap) {
        s->cap = s->cap ? 2 * s->cap : 64;
        s->numbers = reallocarray(s->numbers, s->cap, sizeof *s->numbers);
        if (!s->numbers) BUG("out of memory: %zu numbers", s->cap);
    }
    s->numbers[s->numbers_n++] = number;
}

/* The whole text; TOO_BIG with line and column at the beginning of what is too big. */
static enum status scan_all(struct arena *a, struct scan *s, struct str *why) {
    while (s->rest.n) {
        int line = s->line, column = s->column;
        char c = *s->rest.p;
        size_t n = 0;
        if ((c >= '0' && c <= '9') || c == '-') {
            scan_number(s);
            n = s->numbers[s->numbers_n - 1].n;
        } else if (step(s) == '"') {
            n = scan_string(s);
        } else if (c == '[' || c == '{') {
            s->depth++;
        } else if (c == ']' || c == '}') {
            s->depth--;
        }
        if (s->depth <= LIMIT_JSON_DEPTH && n <= LIMIT_FIELD) continue;
        *why = n ? str_printf(a, "line %d, column %d: a value of more than %d bytes", line, column,
                              LIMIT_FIELD)
                 : str_printf(a, "line %d, column %d: nested deeper than %d", line, column,
                              LIMIT_JSON_DEPTH);
        return TOO_BIG;
    }
    return OK;
}

static void copy(struct arena *a, struct scan *s, json_t *from, struct json *to);

static void copy_object(struct arena *a, struct scan *s, json_t *from, struct json *to) {
    to->type = JSON_OBJECT;
    to->n = (int)json_object_size(from);
    to->v = arena_array(a, struct json, to->n);
    to->keys = arena_array(a, struct str, to->n);
    int i = 0;
    for (void *at = json_object_iter(from); at; at = json_object_iter_next(from, at), i++) {
        to->keys[i] = str_dup(a, str_of(json_object_iter_key(at)));
        copy(a, s, json_object_iter_value(at), &to->v[i]);
    }
}

static void copy_array(struct arena *a, struct scan *s, json_t *from, struct json *to) {
    to->type = JSON_ARRAY;
    to->n = (int)json_array_size(from);
    to->v = arena_array(a, struct json, to->n);
    for (int i = 0; i < to->n; i++) copy(a, s, json_array_get(from, (size_t)i), &to->v[i]);
}

/* jansson keeps the order of the text, so the next number of the tree is the next one noted. */
static void copy_number(struct arena *a, struct scan *s, struct json *to) {
    if (s->next == s->numbers_n) BUG("a number that the text does not have");
    to->s = str_dup(a, s->numbers[s->next++]);
    to->type = str_to_i64(to->s, &to->i) ? JSON_INT : JSON_REAL;
}

static void copy(struct arena *a, struct scan *s, json_t *from, struct json *to) {
    switch (json_typeof(from)) {
    case JANSSON_OBJECT: copy_object(a, s, from, to); break;
    case JANSSON_ARRAY: copy_array(a, s, from, to); break;
    case JSON_STRING:
        to->type = JSON_STR;
        to->s = str_dup(a, (struct str){ json_string_value(from), json_string_length(from) });
        break;
    case JSON_INTEGER:
    case JANSSON_REAL: copy_number(a, s, to); break;
    case JSON_TRUE:
    case JSON_FALSE:
        to->type = JSON_BOOL;
        to->is = json_typeof(from) == JSON_TRUE;
        break;
    case JANSSON_NULL: to->type = JSON_NULL; break;
    }
}

enum status json_parse(struct arena *a, struct str text, struct json **out, struct str *why) {
    struct scan s = { .rest = text, .line = 1, .column = 1 };
    json_error_t e;
    json_t *tree = NULL;
    enum status status = scan_all(a, &s, why);
    if (status == OK) {
        /* Integers as reals: an integer too long for int64 is a number too, and we have its text.
         */
        size_t flags = JSON_REJECT_DUPLICATES | JSON_DECODE_ANY | JSON_DECODE_INT_AS_REAL;
        tree = json_loadb(text.p ? text.p : "", text.n, flags, &e);
        if (!tree) {
            *why = str_printf(a, "line %d, column %d: %s", e.line, e.column, e.text);
            status = MALFORMED;
        }
    }
    if (tree) {
        *out = arena_new_of(a, struct json);
        copy(a, &s, tree, *out);
        json_decref(tree);
    }
    free(s.numbers);
    return status;
}

enum json_type json_type(const struct json *j) {
    return j ? j->type : JSON_NULL;
}

int json_n(const struct json *j) {
    return j ? j->n : 0;
}

const struct json *json_get(const struct json *object, struct str key) {
    if (json_type(object) != JSON_OBJECT) return NULL;
    for (int i = 0; i < object->n; i++)
        if (str_eq(object->keys[i], key)) return &object->v[i];
    return NULL;
}

const struct json *json_at(const struct json *array, int i) {
    return json_type(array) == JSON_ARRAY && i >= 0 && i < array->n ? &array->v[i] : NULL;
}

struct str json_key(const struct json *object, int i) {
    bool has = json_type(object) == JSON_OBJECT && i >= 0 && i < object->n;
    return has ? object->keys[i] : NO_STR;
}

const struct json *json_value(const struct json *object, int i) {
    return json_type(object) == JSON_OBJECT && i >= 0 && i < object->n ? &object->v[i] : NULL;
}

struct str json_str(const struct json *j) {
    return j ? j->s : NO_STR;
}

int64_t json_int(const struct json *j) {
    return json_type(j) == JSON_INT ? j->i : 0;
}

bool json_bool(const struct json *j) {
    return json_type(j) == JSON_BOOL && j->is;
}

static bool in_object(const struct json_out *w) {
    return w->depth && w->objects >> w->depth & 1;
}

/* Before every value: its comma, and whether it may stand here at all. */
static void begin_value(struct json_out *w) {
    if (in_object(w) ? !w->keyed : w->depth == 0 && w->more) BUG("a value where none may stand");
    if (w->more && !w->keyed) buf_add_c(w->b, ',');
    w->more = true;
    w->keyed = false;
}

static void open(struct json_out *w, bool object) {
    begin_value(w);
    if (++w->depth > 63) BUG("JSON nested too deep");
    w->objects = (w->objects & ~(1ULL << w->depth)) | (uint64_t)object << w->depth;
    w->more = false;
    buf_add_c(w->b, object ? '{' : '[');
}

void jw_object(struct json_out *w) {
    open(w, true);
}

void jw_array(struct json_out *w) {
    open(w, false);
}

void jw_end(struct json_out *w) {
    if (w->depth == 0 || w->keyed) BUG("nothing to end");
    buf_add_c(w->b, in_object(w) ? '}' : ']');
    w->depth--;
    w->more = true;
}

static void put_escaped(struct buf *b, int32_t c) {
    static const char shorts[] = "\b\t\n\f\r\"\\", names[] = "btnfr\"\\";
    const char *at = c && c < 0x80 ? strchr(shorts, c) : NULL;
    if (at) {
        buf_add_c(b, '\\');
        buf_add_c(b, names[at - shorts]);
    } else if (c < 0x20 || c == '<' || c == 0x2028 || c == 0x2029) {
        buf_printf(b, "\\u%04x", (unsigned)c);
    } else {
        buf_add_utf8(b, c);
    }
}

static void put_string(struct buf *b, struct str s) {
    buf_add_c(b, '"');
    while (s.n) {
        size_t plain = 0;
        while (plain < s.n && (unsigned char)s.p[plain] >= 0x20 &&
               (unsigned char)s.p[plain] < 0x80 && s.p[plain] != '"' && s.p[plain] != '\\' &&
               s.p[plain] != '<')
            plain++;
        buf_add(b, str_sub(s, 0, plain));
        s = str_sub(s, plain, s.n);
        if (s.n) put_escaped(b, utf8_next(&s));
    }
    buf_add_c(b, '"');
}

void jw_key_str(struct json_out *w, struct str key) {
    if (!in_object(w) || w->keyed) BUG("a key where none may stand");
    if (w->more) buf_add_c(w->b, ',');
    put_string(w->b, key);
    buf_add_c(w->b, ':');
    w->keyed = true;
}

void jw_key(struct json_out *w, const char *key) {
    jw_key_str(w, str_of(key));
}

void jw_str(struct json_out *w, struct str s) {
    begin_value(w);
    put_string(w->b, s);
}

void jw_int(struct json_out *w, int64_t i) {
    begin_value(w);
    buf_printf(w->b, "%lld", (long long)i);
}

void jw_bool(struct json_out *w, bool is) {
    jw_raw(w, is ? S("true") : S("false"));
}

void jw_null(struct json_out *w) {
    jw_raw(w, S("null"));
}

void jw_id(struct json_out *w, const char *key, int64_t id) {
    jw_key(w, key);
    if (id)
        jw_int(w, id);
    else
        jw_null(w);
}

void jw_raw(struct json_out *w, struct str json) {
    begin_value(w);
    buf_add(w->b, json);
}

void jw_json(struct json_out *w, const struct json *j) {
    switch (json_type(j)) {
    case JSON_NULL: jw_null(w); break;
    case JSON_BOOL: jw_bool(w, j->is); break;
    case JSON_INT:
    case JSON_REAL: jw_raw(w, j->s); break;
    case JSON_STR: jw_str(w, j->s); break;
    case JSON_ARRAY:
    case JSON_OBJECT:
        open(w, j->type == JSON_OBJECT);
        for (int i = 0; i < j->n; i++) {
            if (j->type == JSON_OBJECT) jw_key_str(w, j->keys[i]);
            jw_json(w, &j->v[i]);
        }
        jw_end(w);
        break;
    }
}
