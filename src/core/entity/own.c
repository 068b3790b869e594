/* See own.h. Called by app.c for each context, by the store for values, and everywhere through
 * entity_now; calls lib/text/json. Labels of own fields and their choices are what the business
 * wrote: they are never looked up among translations. */
#include "core/entity/own.h"

#include "core/entity/history.h"
#include "core/entity/store.h"
#include "lib/text/json.h"

SQL(own_fields,
    "SELECT id, name, name_en, name_fr, name_fa, name_ar, kind, choices, currency, decimals, "
    "for_kind, section, hint, required, filtered, listed, indexed, deleted_at FROM custom_field "
    "ORDER BY CASE WHEN deleted_at IS NULL THEN 0 ELSE 1 END, position, id");
SQL(own_reached, "SELECT f.reached, (SELECT coalesce(max(id), 0) FROM party) AS last FROM "
                 "custom_field f WHERE f.id = :id");
SQL(own_bump, "UPDATE firm SET fields_version = fields_version + 1 WHERE id = 1");

enum own_index { INDEX_NONE, INDEX_MAKING, INDEX_READY }; /* custom_field.indexed */

static const struct {
    const char *code;
    const struct kind *kind;
    bool terms; /* few values: its terms cost nothing, so they are always there */
} kinds[] = {
    { "text", &kind_text, false },      { "area", &kind_area, false },
    { "number", &kind_number, false },  { "money", &kind_money, false },
    { "date", &kind_date, false },      { "choice", &kind_choice, true },
    { "choices", &kind_choices, true }, { "yesno", &kind_yesno, true },
    { "url", &kind_url, false },        { "party", &kind_ref, true },
};

const struct kind *own_kind(struct str code) {
    for (int i = 0; i < COUNT(kinds); i++)
        if (str_eq_z(code, kinds[i].code)) return kinds[i].kind;
    return NULL;
}

static bool always_terms(const struct kind *kind) {
    for (int i = 0; i < COUNT(kinds); i++)
        if (kinds[i].kind == kind) return kinds[i].terms;
    return false;
}

static const struct entity *with_own_fields(void) {
    const struct registry *r = entity_registry();
    for (int i = 0; i < r->n; i++)
        if (r->entities[i]->has_own) return r->entities[i];
    BUG("no entity takes own fields");
}

/* --- the snapshot --- */

static bool code_like(struct str s) {
    for (size_t i = 0; i < s.n; i++) {
        char ch = s.p[i];
        if (!((ch >= 'a' && ch <= 'z') || (ch >= '0' && ch <= '9') || ch == '_')) return false;
    }
    return s.n > 0 && s.n <= 40;
}

int own_choices(struct arena *a, struct str text, struct choice **out) {
    struct str rest = text, line;
    int n = 0, cap = 1;
    for (size_t i = 0; i < text.n; i++) cap += text.p[i] == '\n';
    struct choice *v = arena_array(a, struct choice, cap + 1);
    while (str_cut(&rest, '\n', &line)) {
        line = str_trim(line);
        struct choice ch = { .also = str_starts(line, S("-")) ? CHOICE_RETIRED : NULL };
        if (ch.also) line = str_sub(line, 1, SIZE_MAX);
        ptrdiff_t colon = str_find(line, S(": "));
        struct str code = colon > 0 ? str_sub(line, 0, (size_t)colon) : NO_STR;
        bool coded = code_like(code);
        struct str label = coded ? str_trim(str_sub(line, (size_t)colon + 2, SIZE_MAX)) : line;
        if (label.n == 0) continue;
        ch.code = coded ? str_z(a, code) : NULL;
        ch.label = str_z(a, label);
        v[n++] = ch;
    }
    v[n] = (struct choice){ 0 };
    *out = v;
    return n;
}

static const char *text_of(struct arena *a, const struct rows *r, int i, const char *column) {
    struct str s = row_str(r, i, column);
    return s.n ? str_z(a, s) : NULL;
}

static unsigned flags(const struct rows *r, int i, const struct kind *kind) {
    bool filtered = row_int(r, i, "filtered") != 0, listed = row_int(r, i, "listed") != 0;
    int64_t indexed = row_int(r, i, "indexed");
    struct str who = row_str(r, i, "for_kind");
    unsigned is = PERSONAL;
    if (always_terms(kind) || indexed != INDEX_NONE) is |= TERMS;
    if (indexed != INDEX_NONE) is |= KEYS;
    if (str_eq_z(who, "person")) is |= ONLY_PERSON;
    if (str_eq_z(who, "organisation")) is |= ONLY_ORGANISATION;
    if (!row_null(r, i, "deleted_at")) return is | REMOVED;
    if (filtered && kind->filter_key) is |= FILTERED;
    if (listed) is |= LISTED;
    if (row_int(r, i, "required")) is |= REQUIRED;
    if (indexed == INDEX_MAKING && !always_terms(kind)) is |= PREPARING;
    return is;
}

static struct field field_of(struct arena *a, const struct entity *base, const struct rows *r,
                             int i) {
    struct str code = row_str(r, i, "kind");
    const struct kind *kind = own_kind(code);
    struct own_names *names = arena_new_of(a, struct own_names);
    struct choice *choices = NULL;
    if (!kind) kind = &kind_text; /* of a newer version of the program */
    names->main = str_z(a, row_str(r, i, "name"));
    names->in[LANG_EN] = text_of(a, r, i, "name_en");
    names->in[LANG_FR] = text_of(a, r, i, "name_fr");
    names->in[LANG_FA] = text_of(a, r, i, "name_fa");
    names->in[LANG_AR] = text_of(a, r, i, "name_ar");
    names->kind = str_z(a, code);
    names->filtered = row_int(r, i, "filtered") != 0;
    names->listed = row_int(r, i, "listed") != 0;
    if (kind == &kind_choice || kind == &kind_choices)
        own_choices(a, row_str(r, i, "choices"), &choices);
    struct buf also = { .arena = a };
    buf_add_z(&also, names->main);
    for (int k = 0; k < LANG_N; k++)
        if (names->in[k]) buf_printf(&also, ";%s", names->in[k]);
    return (struct field){
        .name = str_printf(a, "cf_%lld", (long long)row_int(r, i, "id")).p,
        .kind = kind,
        .label = names->main,
        .is = flags(r, i, kind),
        .max = kind == &kind_area  ? 20000
               : kind == &kind_url ? 500
                                   : 0,
        .also = str_z(a, buf_str(&also)),
        .choices = choices,
        .ref = kind == &kind_ref ? base : NULL,
        .group = text_of(a, r, i, "section"),
        .hint = text_of(a, r, i, "hint"),
        .decimals = (int)row_int(r, i, "decimals"),
        .currency = text_of(a, r, i, "currency"),
        .custom = row_int(r, i, "id"),
        .slot = i,
        .names = names,
    };
}

enum status own_rows(struct tx *tx, struct rows *out) {
    return db_query(tx, &own_fields, out);
}

const struct own *own_make(struct arena *a, const struct rows *rows) {
    struct rows r = *rows;
    if (r.n == 0) return NULL;
    const struct entity *base = with_own_fields();
    struct own *own = arena_new_of(a, struct own);
    struct field *fields = arena_array(a, struct field, base->fields_n + r.n);
    int live = base->fields_n;
    memcpy(fields, base->fields, sizeof *fields * (size_t)base->fields_n);
    for (int i = 0; i < r.n; i++) {
        fields[base->fields_n + i] = field_of(a, base, &r, i);
        if (!(fields[base->fields_n + i].is & REMOVED)) live++;
    }
    *own = (struct own){ .base = base, .now = *base, .whole = *base, .values_n = r.n };
    own->now.fields = own->whole.fields = fields;
    own->now.fields_n = live;
    own->whole.fields_n = base->fields_n + r.n;
    own->now.own = own->whole.own = own;
    return own;
}

enum status own_progress(struct ctx *c, const struct field *f, int *percent) {
    struct rows r;
    TRY(db_query(c->tx, &own_reached, &r, P("id", f->custom)));
    int64_t last = r.n ? row_int(&r, 0, "last") : 0;
    *percent = last ? (int)(row_int(&r, 0, "reached") * 100 / last) : 100;
    return OK;
}

enum status own_changed(struct tx *tx) {
    return db_run(tx, &own_bump);
}

/* --- through a context --- */

const struct entity *entity_now(const struct ctx *c, const struct entity *e) {
    return e && e->has_own && c->own ? &c->own->now : e;
}

const struct entity *entity_whole(const struct ctx *c, const struct entity *e) {
    return e && e->has_own && c->own ? &c->own->whole : e;
}

const char *field_label(const struct ctx *c, const struct field *f) {
    if (!f->names) return T(c, f->label);
    const char *in = c->loc->lang < LANG_N ? f->names->in[c->loc->lang] : NULL;
    return in ? in : f->names->main;
}

const char *choice_label(const struct ctx *c, const struct field *f, const struct choice *ch) {
    return f->custom ? ch->label : T(c, ch->label);
}

bool own_applies(const struct entity *e, const struct field *f, const void *row) {
    if (!(f->is & (ONLY_PERSON | ONLY_ORGANISATION))) return true;
    const struct field *kind = entity_field(e, S("kind"));
    bool organisation = kind && str_eq_z(field_get(kind, row).s, "organisation");
    return (f->is & ONLY_PERSON) ? !organisation : organisation;
}

/* --- values --- */

struct values { /* row.custom points to v */
    const struct own *of;
    struct value v[];
};

static struct value *none(struct ctx *c, const struct own *own) {
    struct values *made =
        arena_alloc(c->arena, sizeof *made + sizeof(struct value) * (size_t)own->values_n);
    made->of = own;
    for (int i = own->base->fields_n; i < own->whole.fields_n; i++) {
        const struct field *f = &own->whole.fields[i];
        made->v[f->slot] = (struct value){ .is_int = f->kind->is_int,
                                           .i = f->kind->min_is_null ? NUMBER_NONE : 0 };
    }
    return made->v;
}

static const struct own *own_of(const struct value *v) {
    return ((const struct values *)(const void *)((const char *)v - offsetof(struct values, v)))
        ->of;
}

/* A row read under one set of fields may be written under a newer one: by their ids. */
void row_ready(struct ctx *c, const struct entity *e, void *row) {
    const struct entity *whole = entity_whole(c, e);
    const struct value *was = row_head(row)->custom;
    if (!whole->own || (was && own_of(was) == whole->own)) return;
    struct value *now = none(c, whole->own);
    row_head(row)->custom = now;
    if (!was) return;
    const struct own *old = own_of(was);
    for (int i = old->base->fields_n; i < old->whole.fields_n; i++)
        for (int k = whole->own->base->fields_n; k < whole->fields_n; k++)
            if (whole->fields[k].custom == old->whole.fields[i].custom &&
                whole->fields[k].kind == old->whole.fields[i].kind)
                now[whole->fields[k].slot] = was[old->whole.fields[i].slot];
}

struct value *own_copy(struct ctx *c, const struct value *values) {
    const struct own *own = own_of(values);
    struct value *copy = none(c, own);
    return memcpy(copy, values, sizeof *copy * (size_t)own->values_n);
}

static void write_choices(struct json_out *w, struct str codes) {
    struct str code;
    jw_array(w);
    while (str_cut(&codes, ',', &code)) jw_str(w, code);
    jw_end(w);
}

struct str own_json(struct ctx *c, const struct entity *e, const void *row) {
    struct buf b = { .arena = c->arena };
    struct json_out w = { .b = &b };
    bool any = false;
    if (!row_head_of(row)->custom) return NO_STR;
    jw_object(&w);
    for (int i = e->own->base->fields_n; i < e->fields_n; i++) {
        const struct field *f = &e->fields[i];
        struct value v = field_get(f, row);
        if (value_empty(f, v) || (f->kind == &kind_yesno && !v.i)) continue;
        any = true;
        jw_key(&w, f->name);
        if (f->kind == &kind_choices)
            write_choices(&w, v.s);
        else if (v.is_int)
            jw_int(&w, v.i);
        else
            jw_str(&w, v.s);
    }
    jw_end(&w);
    return any ? buf_str(&b) : NO_STR;
}

static const struct field *field_with_id(const struct entity *e, struct str key) {
    int64_t id;
    if (!str_starts(key, S("cf_")) || !str_to_i64(str_sub(key, 3, SIZE_MAX), &id)) return NULL;
    for (int i = e->own->base->fields_n; i < e->fields_n; i++)
        if (e->fields[i].custom == id) return &e->fields[i];
    return NULL;
}

static struct str read_choices(struct ctx *c, const struct json *j) {
    struct buf b = { .arena = c->arena };
    for (int i = 0; i < json_n(j); i++) {
        if (i) buf_add_c(&b, ',');
        buf_add(&b, json_str(json_at(j, i)));
    }
    return b.n ? buf_str(&b) : NO_STR;
}

enum status own_parse(struct ctx *c, const struct entity *e, struct str extra, void *row) {
    struct json *j;
    struct str why;
    row_ready(c, e, row);
    if (extra.n == 0) return OK;
    if (json_parse(c->arena, extra, &j, &why) != OK) return BROKEN;
    for (int i = 0; i < json_n(j); i++) {
        const struct field *f = field_with_id(e, json_key(j, i));
        const struct json *one = json_value(j, i);
        if (!f) continue;
        struct value v = { .is_int = f->kind->is_int };
        if (v.is_int)
            v.i = json_int(one);
        else
            v.s = json_type(one) == JSON_ARRAY ? read_choices(c, one) : json_str(one);
        field_set(f, row, v);
    }
    return OK;
}
