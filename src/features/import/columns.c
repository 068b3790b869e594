/* How the file is read and where its columns go: the page of an import that has not begun. Routes:
 * feature.c. Calls core/exchange. */
#include "features/import/pages.h"

#include "features/import/work.h"
#include "lib/locale/date.h"
#include "lib/text/charset.h"

enum { FAULTS_SHOWN = 10, ASIDE_N = 4 };

/* --- showing --- */

static void show_sureness(const struct import_column *col, bool rest, struct column_view *v) {
    bool noted = !col->to.n && rest && !col->left_out;
    v->look = !col->to.n ? "quiet" : col->by_content ? "care" : "good";
    v->icon = noted ? "note" : !col->to.n ? "minus" : col->by_content ? "help" : "check-all";
    v->sure = noted             ? N_("Kept in the notes")
              : !col->to.n      ? N_("Left out")
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
        if (col->samples[k].n) v->samples.v[v->samples.n++] = beginning(c->arena, col->samples[k]);
    struct str chosen = col->to.n ? col->to : col->left_out ? S("-") : S("");
    if (plan->keep_rest)
        options_add(c->arena, &v->to, S(""), str_of(T(c, N_("— into the private notes —"))),
                    chosen);
    options_add(c->arena, &v->to, plan->keep_rest ? S("-") : S(""),
                str_of(T(c, N_("— leave out —"))), plan->keep_rest || col->to.n ? chosen : S(""));
    for (int k = 0; k < n; k++) {
        options_add(c->arena, &v->to, all[k].code, all[k].label, col->to);
        listed |= str_eq(all[k].code, col->to);
    }
    if (col->to.n && !listed)
        options_add(c->arena, &v->to, col->to, target_label(c, plan, col->to), col->to);
    show_sureness(col, plan->keep_rest, v);
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
    static const struct {
        const char *code, *label;
    } labels[] = { { "email", N_("E-mail") },
                   { "phone", N_("Phone") },
                   { "own_id", N_("Own number") },
                   { "uid", N_("Number of the card (UID)") },
                   { "reference", N_("Client, date and reference") } };
    const char *const *by = import_shape_of(plan->kind)->match_by;
    bool cards = false, clients = str_eq_z(plan->kind, "party");
    for (int i = 0; i < plan->n; i++) cards |= str_eq(plan->v[i].to, S("uid"));
    static const struct match_view on[ON_MATCH_N] = {
        [ON_MATCH_SKIP] = { "skip", N_("Skip"), N_("The client stays as it is."), false },
        [ON_MATCH_FILL] = { "fill", N_("Fill empty fields"), N_("Nothing is overwritten."), false },
        [ON_MATCH_OVERWRITE] = { "overwrite", N_("Overwrite"),
                                 N_("What the file says counts. Phones, e-mails, addresses and "
                                    "tags are added, none is taken away."),
                                 false },
    };
    static const char *const other[ON_MATCH_N] = {
        [ON_MATCH_SKIP] = N_("The purchase stays as it is."),
        [ON_MATCH_FILL] = N_("Nothing is overwritten."),
        [ON_MATCH_OVERWRITE] = N_("What the file says counts."),
    };
    v->by.v = arena_array(r->c.arena, struct match_view, COUNT(labels));
    for (; *by; by++)
        for (int i = 0; i < COUNT(labels); i++)
            if (!strcmp(*by, labels[i].code) && (cards || strcmp(*by, "uid") != 0))
                v->by.v[v->by.n++] =
                    (struct match_view){ *by, labels[i].label, "", holds(plan->match, *by) };
    v->on.v = arena_array(r->c.arena, struct match_view, ON_MATCH_N);
    for (; v->on.n < ON_MATCH_N; v->on.n++) {
        v->on.v[v->on.n] = on[v->on.n];
        v->on.v[v->on.n].on = v->on.n == (int)plan->on_match;
        if (!clients) v->on.v[v->on.n].more = other[v->on.n];
    }
}

static void show_doubtful(struct req *r, const struct import_plan *plan, struct columns_view *v) {
    v->doubts.v = arena_array(r->c.arena, struct match_view, 2);
    v->doubts.n = import_shape_of(plan->kind)->doubt ? 2 : 0;
    v->doubts.v[0] = (struct match_view){ "import", N_("Import all the same"),
                                          N_("They are listed under Duplicates, to be joined."),
                                          !plan->hold_doubts };
    v->doubts.v[1] = (struct match_view){
        "refuse", N_("Hold back"),
        N_("They are refused with the name of who it may be; you let them in one by one."),
        plan->hold_doubts
    };
}

static enum import_header header_of(bool has) {
    return has ? HEADER_YES : HEADER_NO;
}

static void show_faults(struct ctx *c, const struct sheet_faults *f, struct columns_view *v) {
    v->faults_n = f->total;
    v->faults.v = arena_array(c->arena, struct fault_view, FAULTS_SHOWN);
    for (; v->faults.n < f->n && v->faults.n < FAULTS_SHOWN; v->faults.n++) {
        const struct sheet_fault *one = &f->v[v->faults.n];
        v->faults.v[v->faults.n] = (struct fault_view){
            .line = one->line,
            .text =
                tr_fill(c->arena, T(c, one->text), (struct tr_arg[]){ ARG("what", one->what) }, 1),
        };
    }
    v->faults_more = f->total - v->faults.n;
}

static enum status show_sheets(struct req *r, const struct import *imp, struct columns_view *v) {
    struct sheet_names names;
    struct sheet_source from = import_source_of(r->app, r->c.arena, imp);
    TRY(sheet_names(&r->c, r->app->box, app_path(r->app, r->c.arena, "tmp"), &from, &names));
    for (int i = 0; i < names.n && names.n > 1; i++)
        options_add(r->c.arena, &v->sheets, names.v[i], names.v[i],
                    imp->sheet.n ? imp->sheet : names.v[0]);
    return OK;
}

/* Chosen as for the last file with such columns: said, with a way to forget. */
static enum status show_memory(struct ctx *c, const struct import_plan *plan,
                               struct columns_view *v) {
    struct import_memory last;
    struct import_plan chosen;
    TRY(import_mapping_find(c, plan, &last, &chosen));
    if (!last.at || !str_eq(last.columns, import_plan_json(c, plan)) ||
        !str_eq(chosen.match, plan->match) || chosen.on_match != plan->on_match)
        return OK;
    v->last_at = instant_show(c->arena, c->loc, last.at, INSTANT_SHORT);
    v->last_who = last.who;
    return OK;
}

static void show_columns(struct ctx *c, const struct import_plan *plan, struct columns_view *v) {
    struct import_target *all;
    int n = import_targets(c, import_shape_of(plan->kind), &all);
    v->columns.v = arena_array(c->arena, struct column_view, plan->n + 1);
    v->empty.v = arena_array(c->arena, struct column_view, plan->n + 1);
    int empty_n = 0;
    for (int i = 0; i < plan->n; i++) empty_n += !plan->v[i].samples[0].n;
    for (int i = 0; i < plan->n; i++) {
        bool aside = empty_n >= ASIDE_N && !plan->v[i].samples[0].n;
        struct column_views *to = aside ? &v->empty : &v->columns;
        show_column(c, plan, i, all, n, &to->v[to->n++]);
    }
}

enum status columns_show(struct req *r, const struct import *imp) {
    struct ctx *c = &r->c;
    struct import_plan plan;
    struct sheet_faults faults;
    const char *table;
    TRY(import_table(r->app, c, imp, &table, &faults));
    const struct exchange_shape *shape = import_shape_of(imp->plan.kind);
    TRY(import_look_at(c, shape, imp->format, table, imp->plan.charset, imp->plan.separator,
                       header_of(imp->plan.has_header), &plan));
    import_plan_keep_choices(&plan, &imp->plan);
    const struct exchange_known *known = import_known(shape, imp->plan.known);
    struct columns_view v = { .id = imp->id,
                              .rows_n = plan.rows_n,
                              .columns_n = plan.n,
                              .heading = import_heading(&plan),
                              .clients = import_is_of_clients(imp),
                              .name = imp->name,
                              .size = size_show(r, imp->bytes),
                              .known = known ? str_of(known->name) : NO_STR,
                              .table = imp->format == SHEET_CSV,
                              .keep_rest = plan.keep_rest,
                              .one_name = plan.one_name_column };
    show_columns(c, &plan, &v);
    show_faults(c, &faults, &v);
    TRY(show_sheets(r, imp, &v));
    TRY(show_memory(c, &imp->plan, &v));
    TRY(import_earlier(c, imp, &v.earlier));
    show_reading(r, &plan, &v);
    show_matching(r, &plan, &v);
    show_doubtful(r, &plan, &v);
    return PAGE(r, T(c, v.heading), "import", page_columns, &v);
}

/* --- saving --- */

struct chosen {
    struct import_plan plan;
    struct str sheet;
    bool looked; /* the file was read in another way: show it again */
    bool forget; /* what was chosen for such columns before */
};

/* Only a file of rows has one to choose. */
static enum status read_separator(struct req *r, const struct import *imp, char *out) {
    *out = imp->plan.separator;
    if (imp->format != SHEET_CSV) return OK;
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
        for (const char *const *m = import_shape_of(plan->kind)->match_by; *m; m++)
            known |= str_eq_z(r->form.v[i].value, *m);
        if (!known || holds(buf_str(&by), str_z(r->c.arena, r->form.v[i].value))) return MALFORMED;
        if (by.n) buf_add_c(&by, ',');
        buf_add(&by, r->form.v[i].value);
    }
    plan->match = by.n ? buf_str(&by) : S("");
    plan->hold_doubts =
        import_shape_of(plan->kind)->doubt && str_eq_z(req_form(r, "doubtful"), "refuse");
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
        col->left_out = str_eq(to, S("-"));
        if (col->left_out) to = S("");
        if (to.n && !import_target_valid(c, import_shape_of(plan->kind), to)) return MALFORMED;
        bool same = str_eq(to, col->to) || (!to.n && !col->to.n);
        if (!same && !same_list(to, col->to)) {
            col->kind = NO_STR;
            col->how = 0;
        }
        col->to = to.n ? to : S("");
        for (int k = 0; k < i && to.n; k++)
            if (str_eq(plan->v[k].to, to) && !str_ends(to, S("+")))
                ctx_problem(c, NO_STR,
                            N_("Two columns go to “{field}”: choose another place for one."),
                            ARG("field", target_label(c, plan, to)));
    }
    import_plan_settle(plan);
    return c->problems.n ? INVALID : OK;
}

static enum status look_again(struct req *r, const struct import *imp, char separator,
                              struct chosen *out) {
    struct str charset = imp->format == SHEET_CSV ? req_form(r, "charset") : NO_STR;
    bool header = str_eq_z(req_form(r, "header"), "yes");
    struct import as = *imp;
    const char *table;
    as.sheet = out->sheet;
    TRY(import_table(r->app, &r->c, &as, &table, NULL));
    bool other_sheet = !str_eq(out->sheet, imp->sheet);
    TRY(import_look_at(&r->c, import_shape_of(imp->plan.kind), imp->format, table, charset,
                       separator, other_sheet ? HEADER_GUESS : header_of(header), &out->plan));
    out->plan.match = imp->plan.match;
    out->plan.on_match = imp->plan.on_match;
    out->plan.hold_doubts = imp->plan.hold_doubts;
    out->looked = true;
    return OK;
}

static bool reads_otherwise(struct req *r, const struct import *imp, char separator,
                            const struct chosen *k) {
    bool header = str_eq_z(req_form(r, "header"), "yes");
    bool charset = imp->format != SHEET_CSV || str_eq(req_form(r, "charset"), imp->plan.charset);
    return k->forget || !charset || separator != imp->plan.separator ||
           header != imp->plan.has_header || !str_eq(k->sheet, imp->sheet);
}

/* The first sheet is the one that is read when none was chosen. */
static enum status read_sheet(struct req *r, const struct import *imp, struct chosen *k) {
    struct str typed = req_form(r, "sheet");
    struct sheet_names names;
    struct sheet_source from = import_source_of(r->app, r->c.arena, imp);
    k->sheet = imp->sheet;
    if (imp->format != SHEET_XLSX || !typed.n) return OK;
    TRY(sheet_names(&r->c, r->app->box, app_path(r->app, r->c.arena, "tmp"), &from, &names));
    for (int i = 0; i < names.n; i++) {
        if (!str_eq(names.v[i], typed)) continue;
        if (i || imp->sheet.n) k->sheet = typed;
        return OK;
    }
    return MALFORMED;
}

/* The file is read again before the transaction, if it is to be read in another way. */
enum status columns_prepare(struct req *r) {
    struct import imp;
    char separator;
    struct chosen *k = arena_new_of(r->c.arena, struct chosen);
    r->kept = k;
    k->forget = str_eq_z(req_form(r, "do"), "forget");
    TRY(import_find(r, &imp));
    TRY(read_separator(r, &imp, &separator));
    if (!str_eq_z(imp.state, "plan")) return OK;
    TRY(read_sheet(r, &imp, k));
    if (reads_otherwise(r, &imp, separator, k)) {
        TRY(look_again(r, &imp, separator, k));
    } else {
        k->plan = imp.plan;
        k->plan.rows_n = imp.rows_n;
        TRY(read_columns(r, &k->plan));
        k->plan.keep_rest = str_eq_z(req_form(r, "keep_rest"), "1");
    }
    return k->forget ? OK : read_matching(r, &k->plan);
}

enum status columns_save(struct req *r) {
    struct chosen *k = r->kept;
    struct import imp;
    TRY(import_of(r, &r->c, &imp));
    struct url here = url_printf(r->c.arena, "/import/%lld", (long long)imp.id);
    if (!str_eq_z(imp.state, "plan")) return go(r, here);
    if (k->forget) TRY(import_mapping_forget(&r->c, &imp.plan));
    TRY(import_save_plan(&r->c, imp.id, &k->plan, k->sheet));
    if (k->looked || str_eq_z(req_form(r, "do"), "look")) return go(r, here);
    return go(r, url_printf(r->c.arena, "/import/%lld/preview", (long long)imp.id));
}
