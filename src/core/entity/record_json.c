/* See record_json.h. Called by the API and the export; calls the kinds and lib/text/json. */
#include "core/entity/record_json.h"

#include "core/entity/store.h"
#include "lib/locale/calendar.h"

struct str instant_iso(struct arena *a, int64_t ms) {
    int64_t s = ms / 1000, days = s / 86400, rest = s % 86400;
    if (rest < 0) rest += 86400, days--;
    struct day d = day_of_number(days);
    return str_printf(a, "%04d-%02d-%02dT%02d:%02d:%02dZ", d.year, d.month, d.day, (int)(rest / 3600),
                      (int)(rest / 60 % 60), (int)(rest % 60));
}

static void write_value(struct ctx *c, struct json_out *w, const struct field *f, struct value v) {
    if (value_empty(f, v)) jw_null(w);
    else if (f->kind == &kind_yesno) jw_bool(w, v.i != 0);
    else if (f->kind == &kind_instant) jw_str(w, instant_iso(c->arena, v.i));
    else if (v.is_int) jw_int(w, v.i);
    else jw_str(w, v.s);
}

static void write_fields(struct ctx *c, struct json_out *w, const struct entity *e, const void *row) {
    for (int i = 0; i < e->fields_n; i++) {
        if (e->fields[i].is & SECRET) continue;
        jw_key(w, e->fields[i].name);
        write_value(c, w, &e->fields[i], field_get(&e->fields[i], row));
    }
}

static void write_list(struct ctx *c, struct json_out *w, const struct many *m, const void *row) {
    struct many_rows r = many_get(m, row);
    jw_key(w, m->name);
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
    for (int i = 0; i < e->manys_n; i++) write_list(c, w, &e->manys[i], row);
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

/* JSON value → the text that kinds understand; false for an array or object. */
static bool text_of(struct ctx *c, const struct json *j, struct str *out) {
    switch (json_type(j)) {
    case JSON_NULL: *out = NO_STR; return true;
    case JSON_STR: *out = json_str(j); return true;
    case JSON_INT: *out = str_printf(c->arena, "%lld", (long long)json_int(j)); return true;
    case JSON_BOOL: *out = json_bool(j) ? S("1") : S("0"); return true;
    default: return false;
    }
}

/* Types are strict: a number is no text, "1" is no number (T-03). */
static bool type_fits(const struct field *f, enum json_type t) {
    if (t == JSON_NULL) return true;
    if (f->kind == &kind_yesno) return t == JSON_BOOL;
    if (f->kind == &kind_ref || f->kind == &kind_int) return t == JSON_INT;
    return t == JSON_STR;
}

static enum status read_value(struct ctx *c, const struct field *f, struct str at, const struct json *j,
                              void *row) {
    struct value v;
    struct str text;
    if (!text_of(c, j, &text) || !type_fits(f, json_type(j))) {
        ctx_problem(c, at, N_("This must be of type {type}."), ARG("type", str_of(f->kind->json_type)));
        return MALFORMED;
    }
    enum status st = f->kind->parse(c, f, at, text, &v);
    if (st == OK) field_set(f, row, v);
    return st == INVALID ? OK : st; /* go on: all problems at once */
}

static enum status read_child(struct ctx *c, const struct many *m, int i, const struct json *j, void *child) {
    struct str path = str_printf(c->arena, "%s.%d", m->name, i);
    if (json_type(j) != JSON_OBJECT) return unknown(c, path, S("?"));
    for (int k = 0; k < json_n(j); k++) {
        struct str name = json_key(j, k);
        const struct field *f = entity_field(m->child, name);
        if (str_eq_z(name, "id")) {
            row_head(child)->id = json_int(json_value(j, k));
            continue;
        }
        if (f && (f->is & DERIVED) && !(f->is & SECRET)) continue; /* what reading gave may come back */
        if (!f || (f->is & SYSTEM)) return unknown(c, path, name);
        TRY(read_value(c, f, str_printf(c->arena, "%.*s.%s", SF(path), f->name), json_value(j, k), child));
    }
    return OK;
}

static enum status read_list(struct ctx *c, const struct many *m, const struct json *j, void *row) {
    struct many_rows was = many_get(m, row), now = { NULL, json_n(j) };
    if (json_type(j) != JSON_ARRAY) {
        ctx_problem(c, str_of(m->name), N_("This must be of type {type}."), ARG("type", S("array")));
        return MALFORMED;
    }
    if (now.n > LIMIT_MANY_N) {
        ctx_problem(c, str_of(m->name), N_("At most {max} of these."),
                    ARG("max", str_printf(c->arena, "%d", LIMIT_MANY_N)));
        return INVALID;
    }
    now.v = arena_alloc(c->arena, m->child->size * (size_t)(now.n + 1));
    for (int i = 0; i < now.n; i++) {
        const struct json *one = json_at(j, i);
        void *child = many_at(m, now, i);
        int64_t id = json_int(json_get(one, S("id")));
        memcpy(child, row_new(c, m->child), m->child->size);
        for (int k = 0; k < was.n; k++)
            if (id && row_head(many_at(m, was, k))->id == id) memcpy(child, many_at(m, was, k), m->child->size);
        if (m->single) {
            const struct field *f = entity_field(m->child, str_of(m->single));
            struct value v;
            struct str text, at = str_printf(c->arena, "%s.%d", m->name, i);
            if (!text_of(c, one, &text) || json_type(one) != JSON_STR) return unknown(c, at, S("?"));
            enum status st = f->kind->parse(c, f, at, text, &v);
            if (st != OK && st != INVALID) return st;
            field_set(f, child, v);
        } else {
            TRY(read_child(c, m, i, one, child));
        }
    }
    many_set(m, row, now);
    return OK;
}

enum status record_from_json(struct ctx *c, const struct entity *e, const struct json *j, void *row) {
    if (json_type(j) != JSON_OBJECT) {
        ctx_problem(c, NO_STR, N_("This must be of type {type}."), ARG("type", S("object")));
        return MALFORMED;
    }
    for (int i = 0; i < json_n(j); i++) {
        struct str name = json_key(j, i);
        const struct field *f = entity_field(e, name);
        const struct many *m = entity_many(e, name);
        if (m) TRY(read_list(c, m, json_value(j, i), row));
        else if (!f || (f->is & SYSTEM)) return unknown(c, NO_STR, name);
        else TRY(read_value(c, f, name, json_value(j, i), row));
    }
    return c->problems.n ? INVALID : OK;
}
