/* Reading what a person typed into a record. Called by pages; calls the kinds of fields. */
#include "core/entity/form.h"

#include "lib/base/buf.h"
#include "lib/text/fold.h"

static struct str pair(const struct http_pairs *form, struct str name) {
    for (int i = 0; i < form->n; i++)
        if (str_eq(form->v[i].name, name)) return form->v[i].value;
    return NO_STR;
}

/* Several ticked boxes of one name. */
static struct str pairs(struct ctx *c, const struct http_pairs *form, struct str name) {
    struct buf b = { .arena = c->arena };
    bool any = false;
    for (int i = 0; i < form->n; i++) {
        if (!str_eq(form->v[i].name, name)) continue;
        if (any) buf_add_c(&b, ',');
        buf_add(&b, form->v[i].value);
        any = true;
    }
    return any ? (b.n ? buf_str(&b) : S("")) : NO_STR;
}

static enum status read_field(struct ctx *c, const struct http_pairs *form, const struct field *f,
                              struct str name, void *row) {
    struct value v;
    if (f->is & SYSTEM) return OK;
    struct str typed = f->kind == &kind_choices ? pairs(c, form, name) : pair(form, name);
    if (!typed.p && !pair(form, str_printf(c->arena, "%.*s.here", SF(name))).p) return OK;
    enum status st = f->kind->parse(c, f, name, typed, &v);
    if (st != OK && st != INVALID) return st;
    field_set(f, row, v);
    return OK;
}

/* The index in "phones.3.number", or -1. */
static int64_t index_in(struct str name, const struct many *m, struct str *rest) {
    struct str list, number;
    int64_t i;
    if (!str_cut(&name, '.', &list) || !str_eq_z(list, m->name)) return -1;
    if (!str_cut(&name, '.', &number) || !str_to_i64(number, &i) || i < 0 || i > 10000) return -1;
    *rest = name;
    return i;
}

static bool child_empty(const struct entity *child, const void *row) {
    for (int i = 0; i < child->fields_n; i++) {
        const struct field *f = &child->fields[i];
        bool choice =
            f->kind == &kind_choice || f->kind == &kind_yesno; /* a kind alone says nothing */
        if (!choice && !value_empty(f, field_get(f, row))) return false;
    }
    return true;
}

static int by_number(const void *a, const void *b) {
    const int64_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

/* The distinct indexes that the form has for this list, in order. */
static int indexes(struct ctx *c, const struct http_pairs *form, const struct many *m,
                   int64_t **out) {
    int64_t *v = arena_array(c->arena, int64_t, form->n + 1);
    int n = 0, kept = 0;
    struct str rest;
    for (int i = 0; i < form->n; i++) {
        int64_t at = index_in(form->v[i].name, m, &rest);
        if (at >= 0) v[n++] = at;
    }
    qsort(v, (size_t)n, sizeof *v, by_number);
    for (int i = 0; i < n; i++)
        if (i == 0 || v[i] != v[kept - 1]) v[kept++] = v[i];
    *out = v;
    return kept;
}

/* The row of before with that id, so that fields the form leaves out stay. */
static void *child_for(struct ctx *c, const struct many *m, struct many_rows before, int64_t id,
                       void *to) {
    for (int i = 0; i < before.n; i++)
        if (row_head(many_at(m, before, i))->id == id && id)
            return memcpy(to, many_at(m, before, i), m->child->size);
    void *fresh = row_new(c, m->child);
    memcpy(to, fresh, m->child->size);
    return to;
}

static enum status read_rows(struct ctx *c, const struct http_pairs *form, const struct many *m,
                             void *row) {
    int64_t *at, id;
    int n = indexes(c, form, m, &at);
    struct many_rows before = many_get(m, row),
                     now = { arena_alloc(c->arena, m->child->size * (size_t)(n + 1)), 0 };
    for (int i = 0; i < n; i++) {
        void *child = many_at(m, now, now.n);
        struct str prefix = str_printf(c->arena, "%s.%lld", m->name, (long long)at[i]);
        int problems = c->problems.n;
        if (!str_to_i64(pair(form, str_printf(c->arena, "%.*s.id", SF(prefix))), &id)) id = 0;
        child_for(c, m, before, id, child);
        for (int k = 0; k < m->child->fields_n; k++) {
            const struct field *f = &m->child->fields[k];
            TRY(read_field(c, form, f, str_printf(c->arena, "%.*s.%s", SF(prefix), f->name),
                           child));
        }
        if (child_empty(m->child, child) && c->problems.n == problems) continue;
        for (int k = problems; k < c->problems.n;
             k++) { /* rows close up: so do the places of problems */
            struct str *field = &c->problems.v[k].field;
            if (str_starts(*field, prefix))
                *field = str_printf(c->arena, "%s.%d%.*s", m->name, now.n,
                                    SF(str_sub(*field, prefix.n, SIZE_MAX)));
        }
        now.n++;
    }
    if (n) many_set(m, row, now);
    return OK;
}

/* Commas of both scripts, semicolons and line ends part names. */
static struct str as_commas(struct ctx *c, struct str typed) {
    struct buf b = { .arena = c->arena };
    for (struct str rest = typed; rest.n;) {
        bool arabic = str_starts(rest, S("،")) || str_starts(rest, S("؛"));
        buf_add_c(&b, arabic || strchr(";\n", rest.p[0]) ? ',' : rest.p[0]);
        rest = str_sub(rest, arabic ? 2 : 1, SIZE_MAX);
    }
    return buf_str(&b);
}

enum status form_words(struct ctx *c, const struct many *m, struct str typed, void *row) {
    struct str rest = as_commas(c, typed), word;
    const struct field *f = entity_field(m->child, str_of(m->single));
    struct many_rows now = { arena_alloc(c->arena, m->child->size * (LIMIT_MANY_N + 2)), 0 };
    while (str_cut(&rest, ',', &word) && now.n <= LIMIT_MANY_N) {
        struct value v;
        word = text_clean(c->arena, word, CLEAN_LINE);
        if (word.n == 0) continue;
        enum status st = f->kind->parse(c, f, str_of(m->name), word, &v);
        if (st == INVALID) continue;
        TRY(st);
        field_set(f, many_at(m, now, now.n++), v);
    }
    many_set(m, row, now);
    return OK;
}

static enum status read_words(struct ctx *c, const struct http_pairs *form, const struct many *m,
                              void *row) {
    struct str typed = pair(form, str_of(m->name));
    return typed.p ? form_words(c, m, typed, row) : OK;
}

static bool known(struct ctx *c, const struct entity *e, struct str name) {
    struct str rest;
    if (str_starts(name, S("_")) || str_eq_z(name, "csrf") || str_eq_z(name, "version"))
        return true;
    if (str_ends(name, S(".here"))) name = str_sub(name, 0, name.n - 5);
    const struct field *f = entity_field(e, name);
    if (f) return !(f->is & SYSTEM) && field_readable(c, f);
    for (int i = 0; i < e->manys_n; i++) {
        const struct many *m = &e->manys[i];
        if (m->single && str_eq_z(name, m->name)) return true;
        if (index_in(name, m, &rest) < 0) continue;
        const struct field *child = entity_field(m->child, rest);
        return str_eq_z(rest, "id") || (child && !(child->is & SYSTEM));
    }
    return false;
}

enum status form_read(struct ctx *c, const struct http_pairs *form, const struct entity *e,
                      void *row) {
    struct str version = pair(form, S("version"));
    e = entity_now(c, e);
    row_ready(c, e, row);
    for (int i = 0; i < form->n; i++)
        if (!known(c, e, form->v[i].name)) {
            ctx_problem(c, form->v[i].name, N_("There is no field “{value}”."),
                        ARG("value", form->v[i].name));
            return MALFORMED;
        }
    if (version.n && !str_to_i64(version, &row_head(row)->version)) return MALFORMED;
    const void *was = row_copy(c, e, row);
    for (int i = 0; i < e->fields_n; i++)
        if (!field_follows(&e->fields[i]))
            TRY(read_field(c, form, &e->fields[i], str_of(e->fields[i].name), row));
    for (int i = 0; i < e->fields_n; i++) {
        const struct field *f = &e->fields[i];
        if (!field_follows(f)) continue;
        field_follow(c, f, row, was, pair(form, str_of(f->name)).p != NULL);
        TRY(read_field(c, form, field_in(c, f, row), str_of(f->name), row));
    }
    for (int i = 0; i < e->manys_n; i++)
        TRY(e->manys[i].single ? read_words(c, form, &e->manys[i], row)
                               : read_rows(c, form, &e->manys[i], row));
    return c->problems.n ? INVALID : OK;
}
