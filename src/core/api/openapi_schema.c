/* The schemas of the OpenAPI document: each entity as it is read, created and changed, its parts,
 * and what the API says besides. Made of the tables of fields. Called by openapi.c. */
#include "core/api/openapi_in.h"
#include "core/entity/own.h"

enum shape { READ, NEW, CHANGE };

static const char *english(const char *label) {
    const char *bar = strchr(label, '|');
    return bar ? bar + 1 : label;
}

void oa_text(struct json_out *w, const char *key, const char *text) {
    jw_key(w, key);
    jw_str(w, str_of(text));
}

static void write_name(struct buf *b, const struct entity *e, const char *behind) {
    bool big = true;
    for (const char *p = e->name; *p; p++) {
        if (*p != '_') buf_add_c(b, big && *p >= 'a' && *p <= 'z' ? (char)(*p - 32) : *p);
        big = *p == '_';
    }
    buf_add_z(b, behind);
}

void oa_ref_to(struct json_out *w, const char *where) {
    char text[200];
    snprintf(text, sizeof text, "#/components/%s", where);
    jw_object(w);
    oa_text(w, "$ref", text);
    jw_end(w);
}

void oa_ref(struct json_out *w, const struct entity *e, const char *behind) {
    char bytes[160] = "schemas/";
    struct buf name = { .p = bytes, .n = 8, .cap = sizeof bytes, .max = sizeof bytes - 1 };
    write_name(&name, e, behind);
    bytes[name.n] = 0;
    oa_ref_to(w, bytes);
}

static const char *type_of(const struct field *f) {
    return f->kind == &kind_instant ? "string" : field_json_type(f);
}

static void write_type(struct json_out *w, const char *type, bool nullable) {
    jw_key(w, "type");
    if (nullable) jw_array(w);
    jw_str(w, str_of(type));
    if (nullable) jw_str(w, S("null"));
    if (nullable) jw_end(w);
}

static void write_codes(struct json_out *w, const struct field *f, bool nullable) {
    jw_key(w, "enum");
    jw_array(w);
    for (const struct choice *ch = f->choices; ch && ch->code; ch++) jw_str(w, str_of(ch->code));
    if (nullable) jw_null(w);
    jw_end(w);
}

static void write_choices(struct json_out *w, const struct field *f, bool nullable) {
    if (f->kind == &kind_choice) write_codes(w, f, nullable);
    if (f->kind != &kind_choices) return;
    jw_key(w, "items");
    jw_object(w);
    oa_text(w, "type", "string");
    write_codes(w, f, false);
    jw_end(w);
}

static void write_limits(struct json_out *w, const struct field *f) {
    const struct kind *k = f->kind;
    if (k == &kind_date)
        oa_text(w, "pattern", "^([0-9]{4}|-)-[0-9]{2}-[0-9]{2}$");
    else if (k == &kind_instant)
        oa_text(w, "format", "date-time");
    else if (k->min_is_null && !strcmp(field_json_type(f), "string"))
        oa_text(w, "pattern", "^-?[0-9]+(\\.[0-9]+)?$");
    else if (k == &kind_currency)
        oa_text(w, "pattern", "^[A-Z]{3}$");
    else if (k->json_format)
        oa_text(w, "format", k->json_format);
    if (k != &kind_text && k != &kind_area && k != &kind_url) return;
    jw_key(w, "maxLength");
    jw_int(w, f->max ? f->max : k == &kind_area ? 20000 : 200);
}

static void write_words(struct json_out *w, const struct field *f) {
    char text[300];
    oa_text(w, "title",
            !f->names               ? english(f->label)
            : f->names->in[LANG_EN] ? f->names->in[LANG_EN]
                                    : f->names->main);
    if (f->kind == &kind_ref && f->ref) {
        snprintf(text, sizeof text, "The id of one of " API_PATH "%s", f->ref->plural);
        oa_text(w, "description", text);
    } else if (f->kind == &kind_date) {
        oa_text(w, "description", "2026-11-21, or --11-21 without its year");
    } else if (f->hint) {
        oa_text(w, "description", f->hint);
    }
}

/* Writing null empties, a number and a yes or no too; those are never read as null. */
static bool may_be_null(const struct field *f, enum shape shape) {
    bool holds_none = f->kind != &kind_choices &&
                      (!f->kind->is_int || f->kind->zero_is_null || f->kind->min_is_null);
    if (f->custom && (f->is & REQUIRED)) return shape == READ && holds_none; /* older clients */
    return (holds_none || shape != READ) && !(f->is & REQUIRED);
}

static void write_field(struct json_out *w, const struct field *f, enum shape shape) {
    bool nullable = may_be_null(f, shape);
    jw_key(w, f->name);
    jw_object(w);
    write_type(w, type_of(f), nullable);
    write_choices(w, f, nullable);
    write_limits(w, f);
    write_words(w, f);
    if (f->is & SYSTEM) {
        jw_key(w, "readOnly");
        jw_bool(w, true);
    }
    jw_end(w);
}

void oa_criterion(struct json_out *w, const struct list_field *lf) {
    const struct field *f = lf->field;
    bool name = lf->many && lf->many->single;
    jw_object(w);
    bool one = name || f->kind == &kind_choices;
    oa_text(w, "type", f->kind == &kind_yesno ? "boolean" : one ? "string" : type_of(f));
    if (f->kind == &kind_choices)
        write_codes(w, f, false);
    else if (!name)
        write_choices(w, f, false);
    jw_end(w);
}

static bool shown(const struct field *f, enum shape shape) {
    if (f->is & SECRET) return false;
    return shape == READ || !(f->is & SYSTEM);
}

static void write_system(struct json_out *w, const char *name, const char *type,
                         const char *format) {
    jw_key(w, name);
    jw_object(w);
    oa_text(w, "type", type);
    if (format) oa_text(w, "format", format);
    jw_key(w, "readOnly");
    jw_bool(w, true);
    jw_end(w);
}

static void write_many(struct json_out *w, const struct many *m, enum shape shape) {
    jw_key(w, m->name);
    jw_object(w);
    write_type(w, "array", shape != READ);
    oa_text(w, "title", english(m->label));
    if (shape != READ)
        oa_text(w, "description",
                m->single ? "Names; replaces the whole list"
                          : "Replaces the whole list; an entry with its id keeps its place in the "
                            "history");
    jw_key(w, "maxItems");
    jw_int(w, LIMIT_MANY_N);
    jw_key(w, "items");
    if (m->single) {
        jw_object(w);
        oa_text(w, "type", "string");
        jw_end(w);
    } else {
        oa_ref(w, m->child, shape == READ ? "" : "Write");
    }
    jw_end(w);
}

static void write_required(struct json_out *w, const struct entity *e, enum shape shape) {
    if (shape == CHANGE) return;
    bool all = shape == READ;
    jw_key(w, "required");
    jw_array(w);
    if (all) jw_str(w, S("id"));
    if (all && e->has_uid) jw_str(w, S("uid"));
    if (all && !e->is_child) jw_str(w, S("version"));
    for (int i = 0; i < e->fields_n; i++) {
        const struct field *f = &e->fields[i];
        bool asked = (f->is & REQUIRED) && !(f->is & (ONLY_PERSON | ONLY_ORGANISATION)) &&
                     !f->standard && strcmp(f->name, "display_name") != 0;
        if (shown(f, shape) && (all || asked)) jw_str(w, str_of(f->name));
    }
    for (int i = 0; all && i < e->manys_n; i++) jw_str(w, str_of(e->manys[i].name));
    if (all && !e->is_child) jw_str(w, S("created_at"));
    if (all && !e->is_child) jw_str(w, S("changed_at"));
    jw_end(w);
}

static void write_entity(struct arena *a, struct json_out *w, const struct entity *e,
                         const char *behind, enum shape shape) {
    struct buf name = { .arena = a };
    write_name(&name, e, behind);
    jw_key_str(w, buf_str(&name));
    jw_object(w);
    oa_text(w, "type", "object");
    jw_key(w, "additionalProperties");
    jw_bool(w, false);
    write_required(w, e, shape);
    jw_key(w, "properties");
    jw_object(w);
    if (shape == READ || e->is_child) write_system(w, "id", "integer", "int64");
    if (shape == READ && e->has_uid) write_system(w, "uid", "string", NULL);
    if (shape == READ && !e->is_child) write_system(w, "version", "integer", "int64");
    for (int i = 0; i < e->fields_n; i++) {
        const struct field *f = &e->fields[i];
        bool back = e->is_child && (f->is & DERIVED) && !(f->is & SECRET);
        if (shown(f, shape) || back) write_field(w, f, shape);
    }
    for (int i = 0; i < e->manys_n; i++)
        if (shape == READ || !e->manys[i].child->by_upload) write_many(w, &e->manys[i], shape);
    if (shape == READ && !e->is_child) {
        write_system(w, "created_at", "string", "date-time");
        write_system(w, "changed_at", "string", "date-time");
    }
    jw_end(w);
    jw_end(w);
}

static void write_list(struct arena *a, struct json_out *w, const struct entity *e) {
    struct buf name = { .arena = a };
    write_name(&name, e, "List");
    jw_key_str(w, buf_str(&name));
    jw_object(w);
    oa_text(w, "type", "object");
    jw_key(w, "additionalProperties");
    jw_bool(w, false);
    jw_key(w, "required");
    jw_raw(w, S("[\"items\",\"next\",\"total\"]"));
    jw_key(w, "properties");
    jw_object(w);
    jw_key(w, "items");
    jw_object(w);
    oa_text(w, "type", "array");
    jw_key(w, "items");
    oa_ref(w, e, "");
    jw_end(w);
    jw_key(w, "next");
    jw_raw(w, S("{\"type\":[\"string\",\"null\"],\"description\":\"For after; null at the end\"}"));
    jw_key(w, "total");
    jw_raw(w, S("{\"type\":\"integer\",\"description\":\"How many there are on all pages\"}"));
    jw_end(w);
    jw_end(w);
}

/* What is no entity: written out, as it never follows a table. */
static const char *const others[][2] = {
    { "Problem",
      "{\"type\":\"object\",\"description\":\"RFC 9457\",\"required\":[\"type\",\"title\","
      "\"status\",\"detail\"],\"additionalProperties\":false,\"properties\":{"
      "\"type\":{\"type\":\"string\"},\"title\":{\"type\":\"string\"},"
      "\"status\":{\"type\":\"integer\"},\"detail\":{\"type\":\"string\"},"
      "\"errors\":{\"type\":\"array\",\"items\":{\"type\":\"object\",\"additionalProperties\":"
      "false,"
      "\"required\":[\"field\",\"detail\"],\"properties\":{\"field\":{\"type\":\"string\"},"
      "\"detail\":{\"type\":\"string\"}}}},"
      "\"version\":{\"type\":\"integer\",\"description\":\"412: the version there is now\"},"
      "\"obstacles_total\":{\"type\":\"integer\"},"
      "\"obstacles\":{\"type\":\"array\",\"description\":\"409 of an undo: who changed it again\","
      "\"items\":{\"$ref\":\"#/components/schemas/Obstacle\"}}}}" },
    { "Obstacle",
      "{\"type\":\"object\",\"additionalProperties\":false,\"required\":[\"name\",\"field\","
      "\"who\","
      "\"at\",\"party\",\"batch\"],\"properties\":{\"name\":{\"type\":[\"string\",\"null\"]},"
      "\"field\":{\"type\":[\"string\",\"null\"]},\"who\":{\"type\":[\"string\",\"null\"]},"
      "\"at\":{\"type\":\"string\",\"format\":\"date-time\"},"
      "\"party\":{\"type\":[\"integer\",\"null\"]},\"batch\":{\"type\":[\"integer\",\"null\"]}}}" },
    { "HistoryList",
      "{\"type\":\"object\",\"additionalProperties\":false,\"required\":[\"items\",\"next\"],"
      "\"properties\":{\"items\":{\"type\":\"array\",\"items\":{\"$ref\":"
      "\"#/components/schemas/HistoryEntry\"}},\"next\":{\"type\":[\"string\",\"null\"]}}}" },
    { "HistoryEntry",
      "{\"type\":\"object\",\"additionalProperties\":false,\"required\":[\"id\",\"batch\",\"at\","
      "\"member\",\"who\",\"door\",\"action\",\"entity\",\"record\",\"name\",\"title\",\"import\","
      "\"undone\",\"undoes\",\"changes\"],\"properties\":{\"id\":{\"type\":\"integer\"},"
      "\"batch\":{\"type\":\"integer\"},\"at\":{\"type\":\"string\",\"format\":\"date-time\"},"
      "\"member\":{\"type\":[\"integer\",\"null\"]},\"who\":{\"type\":[\"string\",\"null\"]},"
      "\"door\":{\"type\":\"string\",\"enum\":[\"web\",\"api\",\"import\",\"cli\",\"job\"]},"
      "\"action\":{\"type\":\"string\",\"enum\":[\"create\",\"change\",\"delete\",\"restore\"]},"
      "\"entity\":{\"type\":[\"string\",\"null\"]},\"record\":{\"type\":\"integer\"},"
      "\"name\":{\"type\":[\"string\",\"null\"]},\"title\":{\"type\":[\"string\",\"null\"]},"
      "\"import\":{\"type\":[\"integer\",\"null\"]},\"undone\":{\"type\":\"boolean\"},"
      "\"undoes\":{\"type\":[\"integer\",\"null\"]},\"changes\":{\"type\":\"array\",\"items\":"
      "{\"type\":\"object\",\"additionalProperties\":false,\"required\":[\"field\",\"before\","
      "\"after\"],\"properties\":{\"field\":{\"type\":\"string\"},\"before\":{},\"after\":{}}}}}"
      "}" },
    { "Undone",
      "{\"type\":\"object\",\"additionalProperties\":false,\"required\":[\"batch\",\"undoes\","
      "\"left\"],\"properties\":{\"batch\":{\"type\":\"integer\"},\"undoes\":{\"type\":\"integer\"}"
      ","
      "\"left\":{\"type\":\"integer\",\"description\":\"Changes that remain: call again until "
      "0\"}}}" },
};

const struct entity *oa_entity(const struct ctx *c, const struct entity *e) {
    return c->who.id ? entity_now(c, e) : e;
}

void oa_schemas(const struct ctx *c, struct json_out *w) {
    struct arena *a = c->arena;
    const struct registry *all = entity_registry();
    for (int i = 0; i < all->n; i++) {
        const struct entity *e = oa_entity(c, all->entities[i]);
        if (!api_shows(e)) continue;
        write_entity(a, w, e, "", READ);
        if (!e->by_upload) write_entity(a, w, e, "New", NEW);
        write_entity(a, w, e, "Change", CHANGE);
        write_list(a, w, e);
        for (int k = 0; k < e->manys_n; k++) {
            if (e->manys[k].single) continue;
            write_entity(a, w, e->manys[k].child, "", READ);
            if (e->by_upload) continue;
            write_entity(a, w, e->manys[k].child, "Write", NEW);
        }
    }
    for (int i = 0; i < COUNT(others); i++) {
        jw_key(w, others[i][0]);
        jw_raw(w, str_of(others[i][1]));
    }
}
