/* A question as it is stored: JSON whose names are those of fields and codes, so that it reads the
 * same in every language. Called by saved segments and by whoever takes a tree from outside; calls
 * lib/text/json.
 *   {"all":[{"field":"sex","is":["f"]},
 *           {"measure":"sum","of":"purchases","field":"amount","period":{"last":30,"unit":"day"},
 *            "over":"500"},
 *           {"field":"postcode","is":[{"begins":"75"}]}]} */
#include "core/ask/catalogue.h"
#include "core/ask/text.h"
#include "lib/locale/date.h"
#include "lib/text/json.h"

enum {
    DEPTH_READ = 12,
    NAME_MAX_BYTES = 100,
    VALUES_MAX = 500,
    NUMBER_WHOLE_MAX = 13,
    NUMBER_DECIMALS_MAX = 4
};

static const char *const group_names[] = { "all", "any", "none" };
static const char *const op_names[] = { "is",       "filled", "empty",   "over",
                                        "at_least", "under",  "at_most", "exactly",
                                        "between",  "in",     "sounds" };
static const char *const fn_names[] = { "count", "sum", "average", "largest", "smallest" };
static const char *const unit_names[] = { "day", "week", "month", "quarter", "year" };
static const char *const single_names[] = { "this", "previous", "following" };

static int named(const char *const *names, int n, struct str name) {
    for (int i = 0; i < n; i++)
        if (str_eq_z(name, names[i])) return i;
    return -1;
}

/* --- writing --- */

static void put_period(struct json_out *w, const struct ask_period *p) {
    jw_object(w);
    switch (p->when) {
    case ASK_EVER: break;
    case ASK_LAST:
    case ASK_NEXT:
        jw_key(w, p->when == ASK_LAST ? "last" : "next");
        jw_int(w, p->n);
        jw_key(w, "unit");
        jw_str(w, str_of(unit_names[p->unit]));
        break;
    case ASK_THIS:
    case ASK_PREVIOUS:
    case ASK_FOLLOWING:
        jw_key(w, single_names[p->when - ASK_THIS]);
        jw_str(w, str_of(unit_names[p->unit]));
        break;
    case ASK_RANGE:
        jw_key(w, "from");
        jw_str(w, p->from);
        jw_key(w, "until");
        jw_str(w, p->until);
        break;
    case ASK_BEFORE:
        jw_key(w, "before");
        jw_str(w, p->until);
        break;
    case ASK_AFTER:
        jw_key(w, "after");
        jw_str(w, p->from);
        break;
    }
    jw_end(w);
}

static void put_values(struct json_out *w, const struct ask_node *n) {
    jw_array(w);
    for (int i = 0; i < n->values_n; i++) {
        if (n->values[i].prefix) {
            jw_object(w);
            jw_key(w, "begins");
        }
        jw_str(w, n->values[i].text);
        if (n->values[i].prefix) jw_end(w);
    }
    jw_end(w);
}

static void put_op(struct json_out *w, const struct ask_node *n) {
    jw_key(w, op_names[n->op]);
    switch (n->op) {
    case ASK_IS: put_values(w, n); break;
    case ASK_SOUNDS: jw_str(w, n->values[0].text); break;
    case ASK_FILLED:
    case ASK_EMPTY: jw_bool(w, true); break;
    case ASK_IN: put_period(w, &n->period); break;
    case ASK_BETWEEN:
        jw_array(w);
        jw_str(w, n->number);
        jw_str(w, n->number2);
        jw_end(w);
        break;
    case ASK_OVER:
    case ASK_AT_LEAST:
    case ASK_UNDER:
    case ASK_AT_MOST:
    case ASK_EXACTLY: jw_str(w, n->number); break;
    }
}

static void put(struct json_out *w, const struct ask_node *n);

static void put_records(struct json_out *w, const struct ask_node *n) {
    if (n->period.when != ASK_EVER) {
        jw_key(w, "period");
        put_period(w, &n->period);
    }
    if (n->where) {
        jw_key(w, "where");
        put(w, n->where);
    }
}

static void put_rule(struct json_out *w, const struct ask_node *n) {
    switch (n->kind) {
    case ASK_FIELD:
        jw_key(w, "field");
        jw_str(w, n->field);
        put_op(w, n);
        break;
    case ASK_MEASURE:
        jw_key(w, "measure");
        jw_str(w, str_of(fn_names[n->fn]));
        jw_key(w, "of");
        jw_str(w, n->relation);
        if (n->field.n) {
            jw_key(w, "field");
            jw_str(w, n->field);
        }
        put_records(w, n);
        put_op(w, n);
        break;
    case ASK_HAS:
        jw_key(w, n->no ? "no" : "has");
        jw_str(w, n->relation);
        put_records(w, n);
        break;
    case ASK_SEGMENT:
        jw_key(w, "segment");
        jw_int(w, n->segment);
        break;
    case ASK_WORDS:
        jw_key(w, "words");
        jw_str(w, n->words);
        break;
    case ASK_GROUP: break;
    }
}

static void put(struct json_out *w, const struct ask_node *n) {
    jw_object(w);
    if (n->kind == ASK_GROUP) {
        jw_key(w, group_names[n->group]);
        jw_array(w);
        for (int i = 0; i < n->items_n; i++) put(w, n->items[i]);
        jw_end(w);
    } else {
        put_rule(w, n);
    }
    jw_end(w);
}

struct str ask_json(struct arena *a, const struct ask_node *n) {
    struct buf b = { .arena = a };
    struct json_out w = { .b = &b };
    put(&w, n);
    return buf_str(&b);
}

/* --- reading --- */

bool ask_number_is(struct str s) {
    if (str_starts(s, S("-"))) s = str_sub(s, 1, SIZE_MAX);
    ptrdiff_t point = str_find_c(s, '.');
    if (s.n == 0 || s.n > NUMBER_WHOLE_MAX + 1 + NUMBER_DECIMALS_MAX || point == 0 ||
        point == (ptrdiff_t)s.n - 1)
        return false;
    for (size_t i = 0; i < s.n; i++)
        if ((ptrdiff_t)i != point && (s.p[i] < '0' || s.p[i] > '9')) return false;
    size_t whole = point < 0 ? s.n : (size_t)point;
    if (whole > NUMBER_WHOLE_MAX || s.n > whole + 1 + NUMBER_DECIMALS_MAX) return false;
    return !(whole > 1 && s.p[0] == '0') && !(point > 0 && s.p[s.n - 1] == '0');
}

static bool is_day(struct str s) {
    struct day day;
    return day_of_iso(s, &day) && day.year != 0;
}

static bool text_of(struct arena *a, const struct json *j, size_t max, struct str *out) {
    if (json_type(j) != JSON_STR) return false;
    *out = str_dup(a, json_str(j));
    return out->n > 0 && out->n <= max;
}

static bool number_of(struct arena *a, const struct json *j, struct str *out) {
    return text_of(a, j, ASK_TEXT_MOST, out) && ask_number_is(*out);
}

static bool unit_of(const struct json *j, enum ask_unit *out) {
    int i = json_type(j) == JSON_STR ? named(unit_names, COUNT(unit_names), json_str(j)) : -1;
    if (i >= 0) *out = (enum ask_unit)i;
    return i >= 0;
}

static bool period_of(struct arena *a, const struct json *j, struct ask_period *p) {
    struct str key = json_key(j, 0), second = json_key(j, 1);
    const struct json *v = json_value(j, 0), *v2 = json_value(j, 1);
    int n = json_n(j);
    if (json_type(j) != JSON_OBJECT || n < 1 || n > 2) return false;
    if (str_eq_z(key, "last") || str_eq_z(key, "next")) {
        p->when = str_eq_z(key, "last") ? ASK_LAST : ASK_NEXT;
        int64_t count = json_type(v) == JSON_INT ? json_int(v) : 0;
        p->n = count >= 1 && count <= ASK_PERIOD_N_MOST ? (int)count : 0;
        return p->n && str_eq_z(second, "unit") && unit_of(v2, &p->unit);
    }
    if (str_eq_z(key, "from")) {
        p->when = ASK_RANGE;
        return str_eq_z(second, "until") && text_of(a, v, 10, &p->from) &&
               text_of(a, v2, 10, &p->until) && is_day(p->from) && is_day(p->until);
    }
    if (n != 1) return false;
    int single = named(single_names, COUNT(single_names), key);
    if (single >= 0) {
        p->when = (enum ask_when)(ASK_THIS + single);
        return unit_of(v, &p->unit);
    }
    p->when = str_eq_z(key, "before") ? ASK_BEFORE : ASK_AFTER;
    struct str *day = p->when == ASK_BEFORE ? &p->until : &p->from;
    return (p->when == ASK_BEFORE || str_eq_z(key, "after")) && text_of(a, v, 10, day) &&
           is_day(*day);
}

static bool values_of(struct arena *a, const struct json *j, struct ask_node *n) {
    int count = json_n(j);
    if (json_type(j) != JSON_ARRAY || count < 1 || count > VALUES_MAX) return false;
    struct ask_value *v = arena_array(a, struct ask_value, count);
    for (int i = 0; i < count; i++) {
        const struct json *one = json_at(j, i);
        v[i].prefix = json_type(one) == JSON_OBJECT;
        if (v[i].prefix && (json_n(one) != 1 || !json_get(one, S("begins")))) return false;
        if (v[i].prefix) one = json_get(one, S("begins"));
        if (!text_of(a, one, ASK_TEXT_MOST, &v[i].text)) return false;
    }
    n->values = v;
    n->values_n = count;
    return true;
}

static bool op_of(struct arena *a, const struct json *j, struct ask_node *n) {
    switch (n->op) {
    case ASK_IS: return n->kind == ASK_FIELD && values_of(a, j, n);
    case ASK_SOUNDS: {
        struct ask_value *v = arena_new_of(a, struct ask_value);
        n->values = v;
        n->values_n = 1;
        return n->kind == ASK_FIELD && text_of(a, j, ASK_TEXT_MOST, &v->text);
    }
    case ASK_FILLED:
    case ASK_EMPTY: return n->kind == ASK_FIELD && json_bool(j);
    case ASK_IN: return n->kind == ASK_FIELD && period_of(a, j, &n->period);
    case ASK_BETWEEN:
        return json_type(j) == JSON_ARRAY && json_n(j) == 2 &&
               number_of(a, json_at(j, 0), &n->number) && number_of(a, json_at(j, 1), &n->number2);
    case ASK_OVER:
    case ASK_AT_LEAST:
    case ASK_UNDER:
    case ASK_AT_MOST:
    case ASK_EXACTLY: return number_of(a, j, &n->number);
    }
    return false;
}

static bool read(struct arena *a, const struct json *j, int depth, const struct ask_node **out);

static bool group_of(struct arena *a, const struct json *j, int depth, struct ask_node *n) {
    int count = json_n(j);
    if (json_type(j) != JSON_ARRAY) return false;
    const struct ask_node **items = arena_array(a, const struct ask_node *, count + 1);
    for (int i = 0; i < count; i++)
        if (!read(a, json_at(j, i), depth + 1, &items[i])) return false;
    n->items = items;
    n->items_n = count;
    return true;
}

/* One member of a rule; seen_op: the rule has what it compares with. */
static bool member_of(struct arena *a, struct str key, const struct json *v, int depth,
                      struct ask_node *n, bool *seen_op) {
    bool related = n->kind == ASK_MEASURE || n->kind == ASK_HAS;
    if (str_eq_z(key, "field") && n->kind != ASK_HAS)
        return text_of(a, v, NAME_MAX_BYTES, &n->field);
    if (str_eq_z(key, "of") && n->kind == ASK_MEASURE)
        return text_of(a, v, NAME_MAX_BYTES, &n->relation);
    if (str_eq_z(key, "period") && related) return period_of(a, v, &n->period);
    if (str_eq_z(key, "where") && related) return read(a, v, depth + 1, &n->where);
    int op = named(op_names, COUNT(op_names), key);
    if (op < 0 || *seen_op || n->kind == ASK_HAS) return false;
    *seen_op = true;
    n->op = (enum ask_op)op;
    return op_of(a, v, n);
}

/* What kind of node its first member makes of it. */
static bool begin(struct arena *a, struct str key, const struct json *v, struct ask_node *n) {
    if (str_eq_z(key, "field")) {
        n->kind = ASK_FIELD;
        return text_of(a, v, NAME_MAX_BYTES, &n->field);
    }
    if (str_eq_z(key, "measure")) {
        int fn = json_type(v) == JSON_STR ? named(fn_names, COUNT(fn_names), json_str(v)) : -1;
        n->kind = ASK_MEASURE;
        if (fn >= 0) n->fn = (enum ask_fn)fn;
        return fn >= 0;
    }
    if (str_eq_z(key, "has") || str_eq_z(key, "no")) {
        n->kind = ASK_HAS;
        n->no = key.n == 2;
        return text_of(a, v, NAME_MAX_BYTES, &n->relation);
    }
    if (str_eq_z(key, "segment")) {
        n->kind = ASK_SEGMENT;
        n->segment = json_type(v) == JSON_INT ? json_int(v) : 0;
        return n->segment > 0;
    }
    n->kind = ASK_WORDS;
    return str_eq_z(key, "words") && text_of(a, v, ASK_TEXT_MOST, &n->words);
}

static bool read(struct arena *a, const struct json *j, int depth, const struct ask_node **out) {
    struct ask_node *n = arena_new_of(a, struct ask_node);
    struct str key = json_key(j, 0);
    *out = n;
    if (json_type(j) != JSON_OBJECT || json_n(j) == 0 || depth > DEPTH_READ) return false;
    int group = named(group_names, COUNT(group_names), key);
    if (group >= 0) {
        n->group = (enum ask_group)group;
        return json_n(j) == 1 && group_of(a, json_value(j, 0), depth, n);
    }
    if (!begin(a, key, json_value(j, 0), n)) return false;
    bool compared = false;
    for (int i = 1; i < json_n(j); i++)
        if (!member_of(a, json_key(j, i), json_value(j, i), depth, n, &compared)) return false;
    if (n->kind == ASK_MEASURE)
        return compared && n->relation.n && (n->fn == ASK_COUNT) == (n->field.n == 0);
    return n->kind != ASK_FIELD || compared;
}

enum status ask_json_read(struct arena *a, struct str json, const struct ask_node **out) {
    struct json *j;
    struct str why;
    const struct ask_node *tree;
    if (json_parse(a, json, &j, &why) != OK || !read(a, j, 0, &tree)) return INVALID;
    *out = ask_normal(a, tree);
    return OK;
}
