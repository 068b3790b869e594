/* The parameters of a list, read strictly: names from the tables, each value in the one form that
 * the API itself writes. What is wrong is named, but never repeated (trust.md T-01: two wrong sorts
 * look alike). Called by api_list; calls list.c's table of fields and the kinds. */
#include "core/api/api_in.h"
#include "core/ask/run.h"
#include "core/entity/record_json.h"
#include "lib/locale/date.h"

bool api_searches(const struct entity *e) {
    if (!e->indexed && e->party_column) return false;
    for (int i = 0; i < e->fields_n; i++)
        if (e->fields[i].is & SEARCHED) return true;
    return false;
}

bool api_sorts_by(const struct entity *e, const struct list_field *f) {
    if (!e->indexed && (e->party_column || f->many)) return false;
    return list_sortable(f->field);
}

bool api_sorts_by_change(const struct entity *e) {
    return e->indexed || !e->party_column;
}

static enum status wrong(struct req *r, struct str name, const char *text) {
    ctx_problem(&r->c, name, text);
    return MALFORMED;
}

static bool can_sort(struct req *r, const struct entity *e, struct str name) {
    struct list_field *fields;
    if (str_eq_z(name, "id") || str_eq_z(name, "created_at")) return true;
    if (str_eq_z(name, "changed_at")) return api_sorts_by_change(e);
    int n = list_fields(r->c.arena, e, LISTED, &fields);
    for (int i = 0; i < n; i++)
        if (str_eq(fields[i].name, name)) return api_sorts_by(e, &fields[i]);
    return false;
}

static enum status read_sort(struct req *r, struct str value, struct list_query *q) {
    struct str name = str_starts(value, S("-")) ? str_sub(value, 1, SIZE_MAX) : value;
    if (!can_sort(r, q->entity, name))
        return wrong(r, S("sort"), N_("Sorting by this is not possible."));
    q->sort = value;
    return OK;
}

static bool whole_number(struct str s, int64_t *i) {
    return s.n && s.n <= 18 && s.p[0] != '0' && s.p[0] != '-' && str_to_i64(s, i);
}

static enum status read_limit(struct req *r, struct str value, struct list_query *q) {
    int64_t n;
    if (!whole_number(value, &n) || n > LIMIT_PAGE_N)
        return wrong(r, S("limit"), N_("This must be a whole number from 1 to 200."));
    _Static_assert(LIMIT_PAGE_N == 200, "the text above says it");
    q->limit = (int)n;
    return OK;
}

static bool is_code(const struct choice *choices, struct str value) {
    for (const struct choice *ch = choices; ch && ch->code; ch++)
        if (str_eq_z(value, ch->code)) return true;
    return false;
}

/* Other kinds: what their parse understands and writes back unchanged where it is a closed set. */
static bool understood(struct ctx *c, const struct field *f, struct str value) {
    struct value v;
    int had = c->problems.n;
    bool closed = f->kind == &kind_language || f->kind == &kind_country || f->kind == &kind_zone ||
                  f->kind == &kind_currency || f->kind->min_is_null;
    enum status st = f->kind->parse(c, f, NO_STR, value, &v);
    c->problems.n = had;
    return st == OK && !value_empty(f, v) && (!closed || str_eq(f->kind->plain(c, f, v), value));
}

static bool ref_value(struct ctx *c, const struct list_field *lf, struct str value) {
    int64_t id;
    if (lf->many && lf->many->single) return understood(c, lf->field, value);
    if (str_eq_z(value, "me")) return str_eq_z(str_of(lf->field->ref->name), "member");
    return whole_number(value, &id) && entity_title(c, lf->field->ref, id).n > 0;
}

/* The value as list.c wants it. */
static bool read_value(struct ctx *c, const struct list_field *lf, struct str value,
                       struct str *out) {
    const struct field *f = lf->field;
    struct day day;
    *out = value;
    if (f->kind == &kind_yesno) {
        bool yes = str_eq_z(value, "true");
        *out = yes ? S("1") : S("0");
        return yes || str_eq_z(value, "false");
    }
    if (f->kind == &kind_ref) return ref_value(c, lf, value);
    if (f->kind == &kind_choice || f->kind == &kind_choices) return is_code(f->choices, value);
    if (f->kind == &kind_date) return day_of_iso(value, &day);
    if (f->kind->min_is_null) *out = record_json_decimals(c, f, value);
    return understood(c, f, *out);
}

static enum status read_filter(struct req *r, struct http_pair p, struct list_query *q) {
    struct list_field *fields;
    int n = list_fields(r->c.arena, q->entity, FILTERED, &fields), at = 0;
    while (at < n && !str_eq(fields[at].name, p.name)) at++;
    if (at == n) return wrong(r, p.name, N_("There is no such parameter here."));
    if (q->filters_n == LIMIT_FILTERS_N) return wrong(r, p.name, N_("Too many criteria."));
    struct list_filter *f = &q->filters[q->filters_n++];
    f->field = p.name;
    if (!read_value(&r->c, &fields[at], p.value, &f->value))
        return wrong(r, p.name, N_("This is not a value of the field."));
    return OK;
}

static enum status read_one(struct req *r, struct http_pair p, struct list_query *q) {
    if (str_eq_z(p.name, "sort")) return read_sort(r, p.value, q);
    if (str_eq_z(p.name, "limit")) return read_limit(r, p.value, q);
    if (str_eq_z(p.name, "after")) {
        if (p.value.n == 0) return wrong(r, p.name, N_("This page of the list does not exist."));
        q->after = p.value;
        return OK;
    }
    if (str_eq_z(p.name, "q") && api_searches(q->entity)) {
        q->search = p.value;
        return OK;
    }
    if (str_eq_z(p.name, "where") && q->entity->indexed) {
        if (str_trim(p.value).n == 0 || p.value.n > LIMIT_WHERE)
            return wrong(r, p.name, N_("This is not a question."));
        q->within = ask_within_line(r->c.arena, p.value, LANG_N);
        return OK;
    }
    return read_filter(r, p, q);
}

enum status api_list_query(struct req *r, const struct entity *e, struct list_query *q) {
    static const char *const once[] = { "q", "where", "sort", "limit", "after" };
    const struct http_pairs *given = &r->http->query;
    *q = (struct list_query){ .entity = e, .limit = 50 };
    for (int i = 0; i < given->n; i++) {
        for (int k = 0; k < COUNT(once); k++)
            for (int j = 0; j < i && str_eq_z(given->v[i].name, once[k]); j++)
                if (str_eq(given->v[j].name, given->v[i].name))
                    return wrong(r, given->v[i].name, N_("This may be given only once."));
        TRY(read_one(r, given->v[i], q));
    }
    return OK;
}
