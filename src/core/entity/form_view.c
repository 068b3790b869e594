/* A record, or what was typed, as inputs in sections: what the form's template shows.
 * Called by pages; calls the kinds of fields and list.c for the choices of references. */
#include "core/entity/form.h"
#include "core/entity/list.h"
#include "lib/locale/currency.h"
#include "lib/locale/region.h"

static struct str typed_or(const struct http_pairs *form, struct str name, struct str otherwise) {
    for (int i = 0; form && i < form->n; i++)
        if (str_eq(form->v[i].name, name)) return form->v[i].value;
    return otherwise;
}

static void add_option(struct ctx *c, struct form_input *in, struct str value, struct str label) {
    in->options.v =
        arena_grow(c->arena, in->options.v, (size_t)in->options.n * sizeof *in->options.v,
                   (size_t)(in->options.n + 1) * sizeof *in->options.v);
    in->options.v[in->options.n++] = (struct form_option){ value, label, str_eq(value, in->value) };
}

static int by_label(const void *a, const void *b, void *arg) {
    struct ctx *c = arg;
    const struct form_option *x = a, *y = b;
    struct value p = { .s = x->label }, q = { .s = y->label };
    return str_cmp(kind_text.sort_key(c, NULL, p), kind_text.sort_key(c, NULL, q));
}

static enum status ref_options(struct ctx *c, const struct field *f, struct form_input *in) {
    struct list_query q = { .entity = f->ref, .limit = LIMIT_PAGE_N, .no_total = true };
    struct list_page page;
    if (f->ref->party_column) return OK; /* clients are searched for, not listed */
    TRY(list_run(c, &q, &page));
    for (int i = 0; i < page.n; i++)
        add_option(c, in, str_printf(c->arena, "%lld", (long long)page.ids[i]),
                   entity_title(c, f->ref, page.ids[i]));
    return OK;
}

/* Among codes with commas between. */
static bool has_code(struct str codes, const char *code) {
    struct str one;
    while (str_cut(&codes, ',', &one))
        if (str_eq_z(one, code)) return true;
    return false;
}

/* The firm's first: it is the one that is nearly always meant. */
static void currencies(struct ctx *c, struct form_input *in) {
    int n;
    const struct currency *all = currency_list(&n);
    if (!in->value.n) in->value = c->firm.currency;
    for (int pass = 0; pass < 2; pass++)
        for (int i = 0; i < n; i++) {
            struct str code = str_of(all[i].code);
            if (str_eq(code, c->firm.currency) != (pass == 0)) continue;
            struct str name = currency_name(c->arena, c->loc->lang, code);
            add_option(c, in, code, str_printf(c->arena, "%s – %.*s", all[i].code, SF(name)));
        }
}

static enum status options(struct ctx *c, const struct field *f, struct form_input *in) {
    if (f->kind == &kind_yesno) return OK;
    if (f->kind == &kind_ref) return ref_options(c, f, in);
    for (const struct choice *ch = f->choices; ch && ch->code; ch++)
        if (!choice_retired(ch) || has_code(in->value, ch->code))
            add_option(c, in, str_of(ch->code), str_of(choice_label(c, f, ch)));
    for (int i = 0; f->kind == &kind_choices && i < in->options.n; i++)
        in->options.v[i].selected = has_code(in->value, in->options.v[i].value.p);
    if (f->kind == &kind_currency) currencies(c, in);
    if (f->kind != &kind_language && f->kind != &kind_country) return OK;
    bool country = f->kind == &kind_country;
    struct strs codes = country ? country_codes(c->arena) : language_codes(c->arena);
    for (int i = 0; i < codes.n; i++)
        add_option(c, in, codes.v[i],
                   country ? country_name(c->arena, c->loc->lang, codes.v[i])
                           : language_name(c->arena, c->loc->lang, codes.v[i]));
    qsort_r(in->options.v, (size_t)in->options.n, sizeof *in->options.v, by_label, c);
    return OK;
}

static struct str id_of(struct ctx *c, struct str name) {
    char *p = str_z(c->arena, name);
    for (size_t i = 0; i < name.n; i++)
        if (p[i] == '.') p[i] = '-';
    return str_printf(c->arena, "f-%s", p);
}

/* All that were ticked, or none of them when the form came back. */
static struct str typed_choices(struct ctx *c, const struct http_pairs *form, struct str name,
                                struct str otherwise) {
    struct buf b = { .arena = c->arena };
    if (!typed_or(form, str_printf(c->arena, "%.*s.here", SF(name)), NO_STR).p) return otherwise;
    for (int i = 0; i < form->n; i++)
        if (str_eq(form->v[i].name, name)) {
            if (b.n) buf_add_c(&b, ',');
            buf_add(&b, form->v[i].value);
        }
    return buf_str(&b);
}

static enum status input(struct ctx *c, const struct field *f, struct str name, struct value v,
                         const struct http_pairs *form, struct form_input *in) {
    const struct problem *p = ctx_problem_at(c, name);
    struct str now = value_empty(f, v) ? NO_STR : f->kind->edit(c, f, v);
    *in = (struct form_input){
        .name = name,
        .id = id_of(c, name),
        .label = str_of(field_label(c, f)),
        .value = f->kind == &kind_choices ? typed_choices(c, form, name, now)
                                          : typed_or(form, name, now),
        .widget = str_of(f->kind->widget),
        .kind = str_of(f->kind->name),
        .hint = str_of(f->hint && !f->custom ? T(c, f->hint) : f->hint),
        .problem = p ? ctx_problem_text(c, p) : NO_STR,
        .required = (f->is & REQUIRED) != 0 && strcmp(f->name, "display_name") != 0,
        .ltr = f->kind->ltr,
        .max = f->max                  ? f->max
               : f->kind == &kind_area ? 20000
                                       : 200,
    };
    if (f->kind == &kind_ref && f->ref->indexed) { /* clients are named, not listed */
        in->widget = S("text");
        if (!in->hint.n) in->hint = str_of(T(c, N_("Name, number or e-mail of the client")));
    }
    if (f->kind == &kind_yesno) {
        bool sent = form && typed_or(form, str_printf(c->arena, "%.*s.here", SF(name)), NO_STR).p;
        in->checked = sent ? typed_or(form, name, NO_STR).n > 0 : v.i != 0;
        in->value = S("1");
    }
    return options(c, f, in);
}

enum status form_input(struct ctx *c, const struct field *f, struct str name, struct value v,
                       struct form_input *out) {
    return input(c, f, name, v, NULL, out);
}

/* index: a number, or "__i__" in the blank row. */
static enum status list_row(struct ctx *c, const struct many *m, struct str index,
                            const void *child, struct form_list_row *out) {
    out->id_name = str_printf(c->arena, "%s.%.*s.id", m->name, SF(index));
    int64_t id = row_head_of(child)->id;
    if (id) out->id = str_printf(c->arena, "%lld", (long long)id);
    out->inputs.v = arena_array(c->arena, struct form_input, m->child->fields_n);
    for (int k = 0; k < m->child->fields_n; k++) {
        const struct field *f = &m->child->fields[k];
        if (f->is & SYSTEM) continue;
        struct str name = str_printf(c->arena, "%s.%.*s.%s", m->name, SF(index), f->name);
        struct form_input *in = &out->inputs.v[out->inputs.n++];
        TRY(input(c, f, name, field_get(f, child), NULL, in));
        in->required = false; /* an empty row is no row */
    }
    return OK;
}

static enum status words(struct ctx *c, const struct many *m, const void *row,
                         const struct http_pairs *form, struct form_list *out) {
    struct many_rows r = many_get(m, row);
    struct str names[LIMIT_MANY_N], name = str_of(m->name);
    int n = 0;
    for (; n < r.n && n < LIMIT_MANY_N; n++) names[n] = m->child->title(c, many_at(m, r, n));
    bool arabic = c->loc->lang == LANG_FA || c->loc->lang == LANG_AR;
    const struct problem *p = ctx_problem_at(c, name);
    out->words = true;
    out->input = (struct form_input){
        .name = name,
        .id = id_of(c, name),
        .label = out->label,
        .widget = S("words"),
        .kind = S("words"),
        .value = typed_or(form, name, str_join(c->arena, names, n, arabic ? S("، ") : S(", "))),
        .hint = str_of(T(c, N_("Separated by commas"))),
        .problem = p ? ctx_problem_text(c, p) : NO_STR,
        .max = 2000,
    };
    const struct field *f = entity_field(m->child, str_of(m->single));
    return f->kind == &kind_ref ? ref_options(c, f, &out->input) : OK;
}

/* Typed rows were read into the row already (form_read sets what it understood); what it did not
 * understand stands in the value too, since kinds leave the typed text there. */
static enum status list(struct ctx *c, const struct many *m, const void *row,
                        const struct http_pairs *form, struct form_list *out) {
    struct many_rows r = many_get(m, row);
    *out = (struct form_list){ .name = str_of(m->name), .label = str_of(T(c, m->label)) };
    const struct problem *p = ctx_problem_at(c, out->name);
    if (p) out->problem = ctx_problem_text(c, p);
    if (m->single) return words(c, m, row, form, out);
    out->add = tr_fill(c->arena, T(c, N_("Add: {name}")),
                       (struct tr_arg[]){ ARG("name", str_of(T(c, m->child->label))) }, 1);
    int spare = r.n == 0 ? 1 : 0;
    out->rows.v = arena_array(c->arena, struct form_list_row, r.n + 2);
    for (int i = 0; i < r.n + spare; i++) {
        const void *child = i < r.n ? many_at(m, r, i) : row_new(c, m->child);
        TRY(list_row(c, m, str_printf(c->arena, "%d", i), child, &out->rows.v[out->rows.n++]));
    }
    return list_row(c, m, S("__i__"), row_new(c, m->child), &out->blank);
}

/* A section of the form that there is, or one that the business named. */
static const char *own_group(const struct field *f) {
    return f->group || !f->custom ? f->group : N_("More");
}

static struct form_part *new_part(struct ctx *c, struct form_view *v, const char *group) {
    struct str label = group ? str_of(T(c, group)) : NO_STR;
    struct form_section *s = NULL;
    for (int i = 0; i < v->sections.n; i++)
        if (str_eq(v->sections.v[i].label, label)) s = &v->sections.v[i];
    if (!s) {
        v->sections.v =
            arena_grow(c->arena, v->sections.v, (size_t)v->sections.n * sizeof *v->sections.v,
                       (size_t)(v->sections.n + 1) * sizeof *v->sections.v);
        s = &v->sections.v[v->sections.n++];
        *s = (struct form_section){ .label = label };
    }
    s->parts.v = arena_grow(c->arena, s->parts.v, (size_t)s->parts.n * sizeof *s->parts.v,
                            (size_t)(s->parts.n + 1) * sizeof *s->parts.v);
    struct form_part *p = &s->parts.v[s->parts.n++];
    *p = (struct form_part){ 0 };
    return p;
}

static const char *label_of(struct ctx *c, const struct entity *e, struct str name) {
    struct str rest = name, first, number;
    const struct field *f = entity_field(e, name);
    if (f) return field_label(c, f);
    if (!str_cut(&rest, '.', &first)) return NULL;
    const struct many *m = entity_many(e, first);
    if (!m) return NULL;
    if (!str_cut(&rest, '.', &number)) return T(c, m->label);
    f = entity_field(m->child, rest);
    return f ? field_label(c, f) : T(c, m->label);
}

enum status form_view(struct ctx *c, const struct entity *e, const void *row,
                      const struct http_pairs *form, struct form_view *out) {
    *out = (struct form_view){ .version = row_head_of(row)->version };
    e = entity_now(c, e);
    for (int i = 0; i < e->fields_n; i++) {
        const struct field *f = &e->fields[i];
        if ((f->is & SYSTEM) || !field_readable(c, f)) continue;
        TRY(input(c, field_in(c, f, row), str_of(f->name), field_get(f, row), form,
                  &new_part(c, out, own_group(f))->input));
    }
    for (int i = 0; i < e->manys_n; i++) {
        struct form_part *p = new_part(c, out, e->manys[i].group);
        p->is_list = true;
        TRY(list(c, &e->manys[i], row, form, &p->list));
    }
    out->problems.v = arena_array(c->arena, struct form_problem, c->problems.n + 1);
    for (int i = 0; i < c->problems.n; i++) {
        const struct problem *p = &c->problems.v[i];
        const char *label = label_of(c, e, p->field);
        out->problems.v[out->problems.n++] =
            (struct form_problem){ ctx_problem_text(c, p), str_of(label),
                                   p->field.n ? id_of(c, p->field) : NO_STR };
    }
    return OK;
}

const struct form_input *form_find(const struct form_view *v, struct str name) {
    for (int i = 0; i < v->sections.n; i++)
        for (int k = 0; k < v->sections.v[i].parts.n; k++) {
            const struct form_part *p = &v->sections.v[i].parts.v[k];
            if (!p->is_list && str_eq(p->input.name, name)) return &p->input;
        }
    return NULL;
}
