/* See history_json.h. Called by history.c and undo.c; calls lib/text/json. */
#include "core/entity/history_json.h"

#include "lib/text/json.h"

static void write_value(struct json_out *w, const struct field *f, struct value v) {
    jw_key(w, f->name);
    if (value_empty(f, v))
        jw_null(w);
    else if (v.is_int)
        jw_int(w, v.i);
    else
        jw_str(w, v.s);
}

static void write_list(struct json_out *w, const struct many *m, const void *row) {
    struct many_rows r = many_get(m, row);
    jw_key(w, m->name);
    jw_array(w);
    for (int i = 0; i < r.n; i++) {
        const void *child = many_at(m, r, i);
        jw_object(w);
        if (row_head_of(child)->id) {
            jw_key(w, "id");
            jw_int(w, row_head_of(child)->id);
        }
        for (int k = 0; k < m->child->fields_n; k++) {
            const struct field *f = &m->child->fields[k];
            struct value v = field_get(f, child);
            if (!value_empty(f, v)) write_value(w, f, v);
        }
        jw_end(w);
    }
    jw_end(w);
}

struct str history_json(struct ctx *c, const struct entity *e, const void *row, const bool *mask,
                        bool only_full) {
    struct buf b = { .arena = c->arena };
    struct json_out w = { .b = &b };
    jw_object(&w);
    for (int i = 0; i < e->fields_n; i++) {
        struct value v = field_get(&e->fields[i], row);
        if ((mask && !mask[i]) || (e->fields[i].is & DERIVED)) continue;
        if (only_full && value_empty(&e->fields[i], v)) continue;
        write_value(&w, &e->fields[i], v);
    }
    for (int i = 0; i < e->manys_n; i++) {
        if (mask && !mask[e->fields_n + i]) continue;
        if (only_full && many_get(&e->manys[i], row).n == 0) continue;
        write_list(&w, &e->manys[i], row);
    }
    jw_end(&w);
    return buf_str(&b);
}

static void read_value(const struct field *f, const struct json *j, void *row) {
    struct value v = { .is_int = f->kind->is_int };
    if (f->kind->min_is_null && json_type(j) == JSON_NULL)
        v.i = NUMBER_NONE;
    else if (v.is_int)
        v.i = json_int(j);
    else if (json_type(j) == JSON_STR)
        v.s = json_str(j);
    field_set(f, row, v);
}

static void read_list(struct ctx *c, const struct many *m, const struct json *j, void *row) {
    struct many_rows r = { NULL, json_n(j) };
    r.v = arena_alloc(c->arena, m->child->size * (size_t)(r.n + 1));
    for (int i = 0; i < r.n; i++) {
        const struct json *one = json_at(j, i);
        void *child = many_at(m, r, i);
        row_head(child)->id = json_int(json_get(one, S("id")));
        for (int k = 0; k < m->child->fields_n; k++) {
            const struct json *v = json_get(one, str_of(m->child->fields[k].name));
            if (v) read_value(&m->child->fields[k], v, child);
        }
    }
    many_set(m, row, r);
}

enum status history_json_read(struct ctx *c, const struct entity *e, struct str text, void *row,
                              bool *mask) {
    struct json *j;
    struct str why;
    row_ready(c, e, row);
    if (text.n == 0) return OK;
    if (json_parse(c->arena, text, &j, &why) != OK) return BROKEN;
    for (int i = 0; i < e->fields_n; i++) {
        const struct json *v = json_get(j, str_of(e->fields[i].name));
        if (!v) continue;
        read_value(&e->fields[i], v, row);
        mask[i] = true;
    }
    for (int i = 0; i < e->manys_n; i++) {
        const struct json *v = json_get(j, str_of(e->manys[i].name));
        if (!v) continue;
        read_list(c, &e->manys[i], v, row);
        mask[e->fields_n + i] = true;
    }
    return OK;
}
