/* See record_json.h. Called by the API and the export; calls the kinds and lib/text/json. */
#include "core/entity/record_json.h"

#include "core/entity/store.h"
#include "lib/locale/date.h"

struct str instant_iso(struct arena *a, int64_t ms) {
    int64_t s = ms / 1000, days = s / 86400, rest = s % 86400;
    if (rest < 0) rest += 86400, days--;
    struct day d = day_of_number(days);
    return str_printf(a, "%04d-%02d-%02dT%02d:%02d:%02dZ", d.year, d.month, d.day,
                      (int)(rest / 3600), (int)(rest / 60 % 60), (int)(rest % 60));
}

static void write_codes(struct json_out *w, struct str codes) {
    struct str code;
    jw_array(w);
    while (str_cut(&codes, ',', &code)) jw_str(w, code);
    jw_end(w);
}

void record_json_value(struct ctx *c, struct json_out *w, const struct field *f, const void *row) {
    struct value v = field_get(f, row);
    f = field_in(c, f, row);
    if (f->kind == &kind_yesno)
        jw_bool(w, v.i != 0);
    else if (f->kind == &kind_choices)
        write_codes(w, v.s);
    else if (value_empty(f, v))
        jw_null(w);
    else if (str_eq_z(str_of(field_json_type(f)), "string") && v.is_int && f->kind->min_is_null)
        jw_str(w, f->kind->plain(c, f, v));
    else if (f->kind == &kind_instant)
        jw_str(w, instant_iso(c->arena, v.i));
    else if (v.is_int)
        jw_int(w, v.i);
    else
        jw_str(w, v.s);
}

static void write_fields(struct ctx *c, struct json_out *w, const struct entity *e,
                         const void *row) {
    for (int i = 0; i < e->fields_n; i++) {
        if (!field_readable(c, &e->fields[i])) continue;
        jw_key(w, e->fields[i].name);
        record_json_value(c, w, &e->fields[i], row);
    }
}

void record_json_list(struct ctx *c, struct json_out *w, const struct many *m, const void *row) {
    struct many_rows r = many_get(m, row);
    jw_array(w);
    for (int i = 0; i < r.n; i++) {
        const void *child = many_at(m, r, i);
        if (m->single) {
            jw_str(w, m->child->title(c, child));
            continue;
        }
        jw_object(w);
        jw_key(w, "id");
        jw_int(w, row_head_of(child)->id);
        write_fields(c, w, m->child, child);
        jw_end(w);
    }
    jw_end(w);
}

void record_json(struct ctx *c, struct json_out *w, const struct entity *e, const void *row) {
    const struct row *h = row_head_of(row);
    e = entity_now(c, e);
    jw_object(w);
    jw_key(w, "id");
    jw_int(w, h->id);
    if (e->has_uid) {
        jw_key(w, "uid");
        jw_str(w, h->uid);
    }
    jw_key(w, "version");
    jw_int(w, h->version);
    write_fields(c, w, e, row);
    for (int i = 0; i < e->manys_n; i++) {
        jw_key(w, e->manys[i].name);
        record_json_list(c, w, &e->manys[i], row);
    }
    jw_key(w, "created_at");
    jw_str(w, instant_iso(c->arena, h->created_at));
    jw_key(w, "changed_at");
    jw_str(w, instant_iso(c->arena, h->changed_at));
    jw_end(w);
}

static enum status unknown(struct ctx *c, struct str path, struct str name) {
    struct str at = path.n ? str_printf(c->arena, "%.*s.%.*s", SF(path), SF(name)) : name;
    ctx_problem(c, at, N_("There is no field “{value}”."), ARG("value", name));
    return MALFORMED;
}

static enum status wrong_type(struct ctx *c, struct str at, const char *type) {
    ctx_problem(c, at, N_("This must be of type {type}."), ARG("type", str_of(type)));
    return MALFORMED;
}

static enum status no_such(struct ctx *c, struct str at, struct str value) {
    return ctx_problem(c, at, N_("There is no “{value}” here."), ARG("value", value));
}

/* Types are strict: a number is no text, "1" is no number (T-03). */
static bool type_fits(const struct field *f, enum json_type t) {
    if (t == JSON_NULL) return true;
    if (f->kind == &kind_yesno) return t == JSON_BOOL;
    if (f->kind == &kind_choices) return t == JSON_ARRAY;
    if (f->kind == &kind_number && f->decimals == 0) return t == JSON_INT;
    if (f->kind == &kind_ref || f->kind == &kind_int) return t == JSON_INT;
    return t == JSON_STR;
}

/* People may write a choice or a country in their words, programs only its code. */
static bool closed(const struct kind *k) {
    return k == &kind_choice || k == &kind_language || k == &kind_country || k == &kind_zone ||
           k == &kind_currency;
}

/* A program need not know how many decimals are kept. */
struct str record_json_decimals(struct ctx *c, const struct field *f, struct str text) {
    static const char zeros[] = "000000000";
    struct str digits = str_starts(text, S("-")) ? str_sub(text, 1, SIZE_MAX) : text;
    ptrdiff_t point = str_find_c(digits, '.');
    int want = field_decimals(c, f);
    int have = point < 0 ? 0 : (int)(digits.n - (size_t)point - 1);
    for (size_t i = 0; i < digits.n; i++)
        if ((digits.p[i] < '0' || digits.p[i] > '9') && (ptrdiff_t)i != point) return text;
    if (!digits.n || point == 0 || (point > 0 && !have) || have >= want) return text;
    return str_printf(c->arena, "%.*s%s%.*s", SF(text), point < 0 ? "." : "", want - have, zeros);
}

static enum status read_text(struct ctx *c, const struct field *f, struct str at, struct str text,
                             struct value *v) {
    struct day day;
    if (f->kind == &kind_date && text.n && !day_of_iso(text, &day))
        return ctx_problem(c, at, N_("A date is written 2026-11-21, or --11-21 without its year."));
    bool decimal = f->kind->min_is_null && text.n;
    if (decimal) text = record_json_decimals(c, f, text);
    TRY(f->kind->parse(c, f, at, text, v));
    if (decimal && !str_eq(f->kind->plain(c, f, *v), text))
        return ctx_problem(c, at, N_("A number is written {value} here."),
                           ARG("value", f->kind->plain(c, f, *v)));
    if (closed(f->kind) && !str_eq(f->kind->plain(c, f, *v), text)) return no_such(c, at, text);
    return OK;
}

static enum status read_number(struct ctx *c, const struct field *f, struct str at, int64_t i,
                               struct value *v) {
    *v = (struct value){ .is_int = true, .i = i };
    if (f->kind != &kind_ref || entity_title(c, f->ref, i).n) return OK;
    return no_such(c, at, str_printf(c->arena, "%lld", (long long)i));
}

static enum status read_codes(struct ctx *c, const struct field *f, struct str at,
                              const struct json *j, struct value *v) {
    struct str codes = NO_STR;
    for (int i = 0; i < json_n(j); i++) {
        struct str code = json_str(json_at(j, i));
        bool known = false;
        for (const struct choice *ch = f->choices; ch && ch->code; ch++)
            known |= json_type(json_at(j, i)) == JSON_STR && str_eq_z(code, ch->code);
        if (!known) return no_such(c, at, code);
        codes = codes.n ? str_printf(c->arena, "%.*s,%.*s", SF(codes), SF(code)) : code;
    }
    return f->kind->parse(c, f, at, codes, v); /* in the order of the choices, each once */
}

static enum status read_value(struct ctx *c, const struct field *f, struct str at,
                              const struct json *j, void *row) {
    struct value v = { .is_int = f->kind->is_int, .i = f->kind->min_is_null ? NUMBER_NONE : 0 };
    enum status st = OK;
    if (!type_fits(f, json_type(j))) return wrong_type(c, at, field_json_type(f));
    if (json_type(j) == JSON_ARRAY)
        st = read_codes(c, f, at, j, &v);
    else if (json_type(j) == JSON_BOOL)
        v.i = json_bool(j);
    else if (json_type(j) == JSON_INT)
        st = read_number(c, f, at, json_int(j), &v);
    else if (json_type(j) == JSON_STR)
        st = read_text(c, f, at, json_str(j), &v);
    if (st == OK) field_set(f, row, v); /* whatever its currency, it lies at the same place */
    return st == INVALID ? OK : st;     /* go on: all problems at once */
}

/* What reading gave may come back unchanged. */
static bool as_it_was(struct ctx *c, const struct field *f, const struct json *j,
                      const void *child) {
    if (!(f->is & DERIVED) || (f->is & SECRET)) return false;
    struct buf b = { .arena = c->arena }, is = { .arena = c->arena };
    struct json_out given = { .b = &b }, known = { .b = &is };
    jw_json(&given, j);
    record_json_value(c, &known, f, child);
    return str_eq(buf_str(&b), buf_str(&is));
}

static enum status read_child(struct ctx *c, const struct many *m, int i, const struct json *j,
                              void *child) {
    struct str path = str_printf(c->arena, "%s.%d", m->name, i);
    for (int k = 0; k < json_n(j); k++) {
        struct str name = json_key(j, k);
        const struct field *f = entity_field(m->child, name);
        if (str_eq_z(name, "id") || (f && as_it_was(c, f, json_value(j, k), child))) continue;
        if (!f || (f->is & SYSTEM)) return unknown(c, path, name);
        TRY(read_value(c, f, str_printf(c->arena, "%.*s.%s", SF(path), f->name), json_value(j, k),
                       child));
    }
    return OK;
}

/* Element i of a list of names: the record of that name, made where the entity makes it (tags). */
static enum status read_name(struct ctx *c, const struct many *m, int i, const struct json *j,
                             void *child) {
    struct str at = str_printf(c->arena, "%s.%d", m->name, i);
    const struct field *f = entity_field(m->child, str_of(m->single));
    const struct field *name = entity_field(f->ref, S("name"));
    struct value v = { .is_int = true }, text;
    if (json_type(j) != JSON_STR) return wrong_type(c, at, "string");
    if (name->kind->parse(c, name, at, json_str(j), &text) != OK) return OK;
    TRY(f->ref->find(c, text.s, &v.i));
    if (!v.i) no_such(c, at, text.s);
    field_set(f, child, v);
    return OK;
}

/* Starts a child from the one whose id it names; each id once. */
static enum status start_child(struct ctx *c, const struct many *m, struct many_rows was,
                               struct many_rows now, int i, const struct json *j) {
    struct str at = str_printf(c->arena, "%s.%d", m->name, i);
    void *child = many_at(m, now, i);
    const struct json *id = json_get(j, S("id"));
    memcpy(child, row_new(c, m->child), m->child->size);
    if (m->single) return OK;
    if (json_type(j) != JSON_OBJECT) return wrong_type(c, at, "object");
    if (!id) return OK;
    at = str_printf(c->arena, "%.*s.id", SF(at));
    if (json_type(id) != JSON_INT) return wrong_type(c, at, "integer");
    bool taken = false;
    for (int k = 0; k < i; k++) taken |= row_head(many_at(m, now, k))->id == json_int(id);
    for (int k = 0; k < was.n && !taken; k++) {
        const void *old = many_at(m, was, k);
        if (row_head_of(old)->id != json_int(id)) continue;
        memcpy(child, old, m->child->size);
        return OK;
    }
    ctx_problem(c, at, N_("There is no such entry."));
    return OK;
}

static enum status read_list(struct ctx *c, const struct many *m, const struct json *j, void *row) {
    struct many_rows was = many_get(m, row), now = { NULL, json_n(j) };
    if (json_type(j) != JSON_ARRAY && json_type(j) != JSON_NULL)
        return wrong_type(c, str_of(m->name), "array");
    if (now.n > LIMIT_MANY_N) {
        ctx_problem(c, str_of(m->name), N_("At most {max} of these."),
                    ARG("max", str_printf(c->arena, "%d", LIMIT_MANY_N)));
        return INVALID;
    }
    now.v = arena_alloc(c->arena, m->child->size * (size_t)(now.n + 1));
    for (int i = 0; i < now.n; i++) {
        TRY(start_child(c, m, was, now, i, json_at(j, i)));
        TRY((m->single ? read_name : read_child)(c, m, i, json_at(j, i), many_at(m, now, i)));
    }
    many_set(m, row, now);
    return OK;
}

/* What is read as other fields of the record say, wherever it stands among them. */
static enum status read_following(struct ctx *c, const struct entity *e, const struct json *j,
                                  const void *was, void *row) {
    for (int i = 0; i < e->fields_n; i++) {
        const struct field *f = &e->fields[i];
        const struct json *v = json_get(j, str_of(f->name));
        if (!field_follows(f)) continue;
        field_follow(c, f, row, was, v != NULL);
        if (v) TRY(read_value(c, field_in(c, f, row), str_of(f->name), v, row));
    }
    return OK;
}

enum status record_from_json(struct ctx *c, const struct entity *e, const struct json *j,
                             void *row) {
    if (json_type(j) != JSON_OBJECT) return wrong_type(c, NO_STR, "object");
    e = entity_now(c, e);
    row_ready(c, e, row);
    const void *was = row_copy(c, e, row);
    for (int i = 0; i < json_n(j); i++) {
        struct str name = json_key(j, i);
        const struct field *f = entity_field(e, name);
        const struct many *m = entity_many(e, name);
        if (m && !m->child->by_upload)
            TRY(read_list(c, m, json_value(j, i), row));
        else if (!f || (f->is & SYSTEM) || !field_readable(c, f))
            return unknown(c, NO_STR, name);
        else if (!field_follows(f))
            TRY(read_value(c, f, name, json_value(j, i), row));
    }
    TRY(read_following(c, e, j, was, row));
    return c->problems.n ? INVALID : OK;
}
