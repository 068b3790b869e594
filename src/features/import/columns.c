/* How the file is read and where its columns go: the page of an import that has not begun. Routes:
 * feature.c. Calls core/exchange. */
#include "features/import/pages.h"

#include "features/import/work.h"
#include "lib/text/charset.h"

/* --- showing --- */

static void show_sureness(const struct import_column *col, struct column_view *v) {
    v->look = !col->to.n ? "quiet" : col->by_content ? "care" : "good";
    v->icon = !col->to.n ? "minus" : col->by_content ? "help" : "check-all";
    v->sure = !col->to.n        ? N_("Left out")
              : col->by_content ? N_("By its content: please check")
                                : N_("By its name");
}

static void show_column(struct ctx *c, const struct import_plan *plan, int i,
                        const struct import_target *all, int n, struct column_view *v) {
    const struct import_column *col = &plan->v[i];
    bool listed = false;
    *v = (struct column_view){ .header = col->header,
                               .input = str_printf(c->arena, "column.%d", i) };
    if (!v->header.n)
        v->header = tr_fill(c->arena, T(c, N_("Column {n}")),
                            (struct tr_arg[]){ ARG("n", str_printf(c->arena, "%d", i + 1)) }, 1);
    v->label = tr_fill(c->arena, T(c, N_("Where column {name} goes")),
                       (struct tr_arg[]){ ARG("name", v->header) }, 1);
    v->samples.v = arena_array(c->arena, struct str, 3);
    for (int k = 0; k < 3; k++)
        if (col->samples[k].n) v->samples.v[v->samples.n++] = col->samples[k];
    options_add(c->arena, &v->to, S(""), str_of(T(c, N_("— leave out —"))),
                col->to.n ? col->to : S(""));
    for (int k = 0; k < n; k++) {
        options_add(c->arena, &v->to, all[k].code, all[k].label, col->to);
        listed |= str_eq(all[k].code, col->to);
    }
    if (col->to.n && !listed) options_add(c->arena, &v->to, col->to, col->to, col->to);
    show_sureness(col, v);
}

static void show_reading(struct req *r, const struct import_plan *plan, struct columns_view *v) {
    struct arena *a = r->c.arena;
    const char separators[] = { ',', ';', '\t', '|' };
    for (int i = 0; charset_names[i]; i++) {
        struct str name = str_of(charset_names[i]), label = name;
        if (str_eq(name, plan->charset_found))
            label = tr_fill(a, T(&r->c, N_("{name} (found)")),
                            (struct tr_arg[]){ { .name = "name", .value = name } }, 1);
        options_add(a, &v->charsets, name, label, plan->charset);
    }
    for (int i = 0; i < COUNT(separators); i++) {
        struct str code =
            separators[i] == '\t' ? S("tab") : str_dup(a, (struct str){ &separators[i], 1 });
        options_add(a, &v->separators, code, separator_name(r, separators[i]),
                    plan->separator == separators[i] ? code : S("-"));
    }
    options_add(a, &v->headers, S("yes"), str_of(T(&r->c, N_("names the columns"))),
                plan->has_header ? S("yes") : S("no"));
    options_add(a, &v->headers, S("no"), str_of(T(&r->c, N_("is a client already"))),
                plan->has_header ? S("yes") : S("no"));
}

static bool holds(struct str list, const char *code) {
    struct str piece;
    while (str_cut(&list, ',', &piece))
        if (str_eq_z(piece, code)) return true;
    return false;
}

static void show_matching(struct req *r, const struct import_plan *plan, struct columns_view *v) {
    static const char *const labels[] = { N_("E-mail"), N_("Phone"), N_("Own number") };
    static const struct match_view on[ON_MATCH_N] = {
        [ON_MATCH_SKIP] = { "skip", N_("Skip"), N_("The client stays as it is."), false },
        [ON_MATCH_FILL] = { "fill", N_("Fill empty fields"), N_("Nothing is overwritten."), false },
        [ON_MATCH_OVERWRITE] = { "overwrite", N_("Overwrite"),
                                 N_("What the file says counts. Phones, e-mails, addresses and "
                                    "tags are added, none is taken away."),
                                 false },
    };
    v->by.v = arena_array(r->c.arena, struct match_view, COUNT(labels));
    for (; v->by.n < COUNT(labels); v->by.n++)
        v->by.v[v->by.n] = (struct match_view){ party_shape.match_by[v->by.n], labels[v->by.n], "",
                                                holds(plan->match, party_shape.match_by[v->by.n]) };
    v->on.v = arena_array(r->c.arena, struct match_view, ON_MATCH_N);
    for (; v->on.n < ON_MATCH_N; v->on.n++) {
        v->on.v[v->on.n] = on[v->on.n];
        v->on.v[v->on.n].on = v->on.n == (int)plan->on_match;
    }
}

static enum import_header header_of(bool has) {
    return has ? HEADER_YES : HEADER_NO;
}

enum status columns_show(struct req *r, const struct import *imp) {
    struct ctx *c = &r->c;
    struct import_plan plan;
    struct import_target *all;
    int n = import_targets(c, &party_shape, &all);
    TRY(import_look(c, &party_shape, import_path(r, imp), imp->plan.charset, imp->plan.separator,
                    header_of(imp->plan.has_header), &plan));
    import_plan_keep_choices(&plan, &imp->plan);
    struct columns_view v = { .id = imp->id,
                              .rows_n = plan.rows_n,
                              .columns_n = plan.n,
                              .name = imp->name,
                              .size = size_show(r, imp->bytes),
                              .one_name = plan.one_name_column };
    v.columns.v = arena_array(c->arena, struct column_view, plan.n + 1);
    for (; v.columns.n < plan.n; v.columns.n++)
        show_column(c, &plan, v.columns.n, all, n, &v.columns.v[v.columns.n]);
    show_reading(r, &plan, &v);
    show_matching(r, &plan, &v);
    return PAGE(r, T(c, "Import clients"), "import", page_columns, &v);
}

/* --- saving --- */

struct chosen {
    struct import_plan plan;
    bool looked; /* the file was read in another way: show it again */
};

static enum status read_separator(struct req *r, char *out) {
    struct str typed = req_form(r, "separator");
    if (str_eq_z(typed, "tab"))
        *out = '\t';
    else if (typed.n == 1 && strchr(",;|", typed.p[0]))
        *out = typed.p[0];
    else
        return MALFORMED;
    return OK;
}

static enum status read_matching(struct req *r, struct import_plan *plan) {
    struct buf by = { .arena = r->c.arena };
    for (int i = 0; i < r->form.n; i++) {
        if (!str_eq_z(r->form.v[i].name, "match")) continue;
        bool known = false;
        for (const char *const *m = party_shape.match_by; *m; m++)
            known |= str_eq_z(r->form.v[i].value, *m);
        if (!known || holds(buf_str(&by), str_z(r->c.arena, r->form.v[i].value))) return MALFORMED;
        if (by.n) buf_add_c(&by, ',');
        buf_add(&by, r->form.v[i].value);
    }
    plan->match = by.n ? buf_str(&by) : S("");
    return on_match_of(req_form(r, "on_match"), &plan->on_match) ? OK : MALFORMED;
}

static bool same_list(struct str a, struct str b) {
    struct str x = NO_STR, y = NO_STR;
    return str_cut(&a, '.', &x) && str_cut(&b, '.', &y) && str_eq(x, y);
}

static enum status read_columns(struct req *r, struct import_plan *plan) {
    struct ctx *c = &r->c;
    for (int i = 0; i < plan->n; i++) {
        struct import_column *col = &plan->v[i];
        struct str to = req_form(r, str_z(c->arena, str_printf(c->arena, "column.%d", i)));
        if (to.n && !import_target_valid(&party_shape, to)) return MALFORMED;
        if (!same_list(to, col->to)) col->kind = NO_STR;
        col->to = to.n ? to : S("");
        for (int k = 0; k < i && to.n; k++)
            if (str_eq(plan->v[k].to, to))
                ctx_problem(c, NO_STR,
                            N_("Two columns go to “{field}”: choose another place for one."),
                            ARG("field", target_label(c, to)));
    }
    import_plan_settle(plan);
    return c->problems.n ? INVALID : OK;
}

static enum status load(struct req *r, struct import *imp) {
    struct tx *tx;
    TRY(db_read(r->app->db, r->c.arena, &tx));
    r->c.tx = tx;
    enum status s = import_of(r, &r->c, imp);
    r->c.tx = NULL;
    return db_end(tx, s);
}

static enum status look_again(struct req *r, const struct import *imp, char separator,
                              struct chosen *out) {
    struct str charset = req_form(r, "charset");
    bool header = str_eq_z(req_form(r, "header"), "yes");
    TRY(import_look(&r->c, &party_shape, import_path(r, imp), charset, separator, header_of(header),
                    &out->plan));
    out->plan.match = imp->plan.match;
    out->plan.on_match = imp->plan.on_match;
    out->looked = true;
    return OK;
}

/* The file is read again before the transaction, if it is to be read in another way. */
enum status columns_prepare(struct req *r) {
    struct import imp;
    char separator;
    struct chosen *k = arena_new_of(r->c.arena, struct chosen);
    r->kept = k;
    TRY(read_separator(r, &separator));
    TRY(load(r, &imp));
    if (!str_eq_z(imp.state, "plan")) return OK;
    struct str charset = req_form(r, "charset");
    bool header = str_eq_z(req_form(r, "header"), "yes");
    bool same = str_eq(charset, imp.plan.charset) && separator == imp.plan.separator &&
                header == imp.plan.has_header;
    if (!same) {
        TRY(look_again(r, &imp, separator, k));
    } else {
        k->plan = imp.plan;
        k->plan.rows_n = imp.rows_n;
        TRY(read_columns(r, &k->plan));
    }
    return read_matching(r, &k->plan);
}

enum status columns_save(struct req *r) {
    struct chosen *k = r->kept;
    struct import imp;
    TRY(import_of(r, &r->c, &imp));
    struct url here = url_printf(r->c.arena, "/import/%lld", (long long)imp.id);
    if (!str_eq_z(imp.state, "plan")) return go(r, here);
    TRY(import_save_plan(&r->c, imp.id, &k->plan));
    if (k->looked || str_eq_z(req_form(r, "do"), "look")) return go(r, here);
    return go(r, url_printf(r->c.arena, "/import/%lld/preview", (long long)imp.id));
}
