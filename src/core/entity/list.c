/* Lists: names of list fields, checks of what was asked, and the way that fits the entity.
 * Called by pages, API, export, command line; calls list_index.c and list_plain.c. */
#include "core/entity/list.h"

#include "core/entity/list_index.h"
#include "core/entity/own.h"
#include "lib/locale/number.h"
#include "lib/text/fold.h"

bool list_sorts_by_filter(const struct field *f) {
    return (f->is & (FILTERED | TERMS)) &&
           (f->kind == &kind_choice || f->kind == &kind_ref || f->kind == &kind_yesno);
}

bool list_sortable(const struct field *f) {
    if (f->kind == &kind_ref && f->ref->indexed) return false; /* clients by other clients' names */
    return f->kind->sort_key || list_sorts_by_filter(f);
}

/* The child's main field goes by the singular of the list: phones.number is "phone". */
static struct str child_name(struct arena *a, const struct many *m, const struct field *f) {
    if (!(f->is & REQUIRED)) return str_of(f->name);
    return str_dup(a, str_sub(str_of(m->name), 0, strlen(m->name) - 1));
}

int list_fields(struct arena *a, const struct entity *e, unsigned is, struct list_field **out) {
    int n = 0, cap = e->fields_n;
    for (int i = 0; i < e->manys_n; i++) cap += e->manys[i].child->fields_n;
    struct list_field *v = arena_array(a, struct list_field, cap);
    for (int i = 0; i < e->fields_n; i++)
        if ((e->fields[i].is & is) && !(e->fields[i].is & SECRET))
            v[n++] = (struct list_field){ &e->fields[i], NULL, str_of(e->fields[i].name) };
    for (int i = 0; i < e->manys_n; i++) {
        const struct entity *child = e->manys[i].child;
        for (int k = 0; k < child->fields_n; k++) {
            const struct field *f = &child->fields[k];
            if (!(f->is & is) || (f->is & SECRET) || !(f->is & (LISTED | FILTERED))) continue;
            v[n++] = (struct list_field){ f, &e->manys[i], child_name(a, &e->manys[i], f) };
        }
    }
    *out = v;
    return n;
}

struct str list_sort_key(struct ctx *c, const struct list_field *f, const void *row) {
    if (f->many) {
        struct many_rows r = many_get(f->many, row);
        if (r.n == 0) return NO_STR;
        row = many_at(f->many, r, 0);
    }
    struct value v = field_get(f->field, row);
    if (value_empty(f->field, v) || !f->field->kind->sort_key) return NO_STR;
    return f->field->kind->sort_key(c, f->field, v);
}

/* Own fields answer to what people call them too: in any language, in any letter case. */
static bool called(struct ctx *c, const struct field *f, struct str folded) {
    struct str rest = str_of(f->custom ? f->also : NULL), name;
    while (str_cut(&rest, ';', &name))
        if (name.n && str_eq(fold(c->arena, name), folded)) return true;
    return false;
}

static bool find_field(struct ctx *c, const struct entity *e, unsigned is, struct str name,
                       struct list_field *out) {
    struct list_field *all;
    int n = list_fields(c->arena, e, is, &all), found = -1;
    struct str folded = e->own ? fold(c->arena, name) : NO_STR;
    for (int i = 0; i < n && found < 0; i++)
        if (str_eq(all[i].name, name) && field_readable(c, all[i].field)) found = i;
    for (int i = 0; i < n && found < 0 && folded.n; i++)
        if (called(c, all[i].field, folded)) found = i;
    if (found >= 0) *out = all[found];
    return found >= 0;
}

static enum status malformed(struct ctx *c, struct str field, const char *text, struct str value) {
    ctx_problem(c, field, text, ARG("value", value));
    return MALFORMED;
}

/* Ticked after there were clients: no answer is better than a wrong one. */
static enum status prepared(struct ctx *c, struct str at, const struct field *f) {
    int percent;
    if (!(f->is & PREPARING)) return OK;
    TRY(own_progress(c, f, &percent));
    ctx_problem(c, at, N_("“{value}” is still being prepared: {done} % are done."),
                ARG("value", str_of(field_label(c, f))),
                ARG("done", number_show(c->arena, c->loc, percent)));
    return MALFORMED;
}

enum status list_filters(struct ctx *c, const struct list_query *q, struct list_field *fields,
                         struct value *values) {
    for (int i = 0; i < q->filters_n; i++) {
        struct str name = q->filters[i].field, value = q->filters[i].value;
        if (!find_field(c, q->entity, FILTERED, name, &fields[i]))
            return malformed(c, name, N_("Filtering by “{value}” is not possible."), name);
        TRY(prepared(c, name, fields[i].field));
        if (str_eq(value, S("*")) || str_eq(value, S("-"))) continue;
        const struct field *f = fields[i].field;
        if (f->kind == &kind_ref && str_eq(value, S("me"))) {
            values[i] = (struct value){ .is_int = true, .i = c->who.id };
            continue;
        }
        if (f->kind->parse(c, f, name, value, &values[i]) != OK) return MALFORMED;
        if (f->kind != &kind_yesno && value_empty(f, values[i]))
            return malformed(c, name, N_("“{value}” is not a value here."), value);
    }
    return OK;
}

static enum status check_query(struct ctx *c, const struct list_query *q) {
    struct list_field f;
    struct str sort = str_starts(q->sort, S("-")) ? str_sub(q->sort, 1, SIZE_MAX) : q->sort;
    bool header =
        str_eq(sort, S("id")) || str_eq(sort, S("created_at")) || str_eq(sort, S("changed_at"));
    if (q->filters_n > LIMIT_FILTERS_N || q->limit < 0 || q->limit > LIMIT_PAGE_N) return MALFORMED;
    bool sorts = sort.n && !header;
    if (sorts && (!find_field(c, q->entity, LISTED, sort, &f) || !list_sortable(f.field)))
        return malformed(c, S("sort"), N_("Sorting by “{value}” is not possible."), sort);
    if (sorts) TRY(prepared(c, S("sort"), f.field));
    if (q->search.n > LIMIT_QUERY) {
        ctx_problem(c, S("q"), N_("The search text is too long."));
        return MALFORMED;
    }
    return ctx_may(c, q->entity->may_read) ? OK : DENIED;
}

enum status list_run(struct ctx *c, const struct list_query *asked, struct list_page *out) {
    struct list_query q = *asked;
    q.entity = entity_now(c, q.entity);
    *out = (struct list_page){ .total = -1 };
    TRY(check_query(c, &q));
    if (q.limit == 0) q.limit = 50;
    return q.entity->indexed ? list_index_run(c, &q, out) : list_plain_run(c, &q, out);
}

enum status list_count(struct ctx *c, const struct list_query *q, int64_t *total) {
    struct list_query one = *q;
    struct list_page page;
    one.limit = 1;
    one.no_total = false;
    TRY(list_run(c, &one, &page));
    *total = page.total;
    return OK;
}

enum status list_beside(struct ctx *c, const struct list_query *asked, int64_t id, int64_t *before,
                        int64_t *after) {
    struct list_query q = *asked;
    q.entity = entity_now(c, q.entity);
    *before = *after = 0;
    TRY(check_query(c, &q));
    return q.entity->indexed ? list_index_beside(c, &q, id, before, after) : MALFORMED;
}

enum status list_walk(struct ctx *c, const struct list_query *asked, int64_t *after, int64_t *ids,
                      int cap, int *n) {
    struct list_query now = *asked, *q = &now;
    now.entity = entity_now(c, now.entity);
    struct search *search;
    struct bits *all, *exact;
    *n = 0;
    TRY(check_query(c, q));
    if (!q->entity->indexed) return list_plain_walk(c, q, after, ids, cap, n);
    TRY(list_index_bits(c, q, &search, &all, &exact));
    uint32_t *numbers = arena_array(c->arena, uint32_t, cap);
    *n = bits_next(all, *after, numbers, cap);
    for (int i = 0; i < *n; i++) ids[i] = numbers[i];
    if (*n) *after = ids[*n - 1];
    bits_free(all);
    bits_free(exact);
    return OK;
}

struct str list_place_write(struct ctx *c, const struct list_place *p) {
    struct str hex = str_hex(c->arena, p->key.p, p->key.n);
    return str_printf(c->arena, "%d.%lld.%.*s", p->run, (long long)p->id, SF(hex));
}

bool list_place_read(struct ctx *c, struct str text, struct list_place *p) {
    struct str run, id;
    int64_t n;
    if (!str_cut(&text, '.', &run) || !str_cut(&text, '.', &id) || !text.p) return false;
    if (!str_to_i64(run, &n) || n < 0 || n > 1000 || !str_to_i64(id, &p->id) || p->id < 0)
        return false;
    p->run = (int)n;
    if (text.n > 512 || text.n % 2) return false;
    char *key = arena_alloc(c->arena, text.n / 2 + 1);
    p->key = (struct str){ key, text.n / 2 };
    return str_unhex(text, key, text.n / 2);
}
