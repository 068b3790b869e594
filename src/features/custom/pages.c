/* The settings of own fields: their order, kinds, names in four languages; made, changed, removed
 * after a question, brought back. Routes: feature.c. Calls the store and form_view. */
#include "features/custom/pages.h"

#include "core/entity/own.h"
#include "core/entity/position.h"
#include "features/custom/pages.html.h"
#include "lib/locale/number.h"

static const char path[] = "/settings/fields";

static struct url one_url(struct ctx *c, int64_t id, const char *act) {
    return url_printf(c->arena, "%s/%lld%s", path, (long long)id, act);
}

static struct str shown(struct ctx *c, const struct custom_field *f, const char *name) {
    const struct field *field = entity_field(&entity_custom_field, str_of(name));
    return field->kind->show(c, field, field_get(field, f));
}

static struct str count_text(struct ctx *c, int64_t n) {
    struct tr_arg arg = { .name = "n", .value = number_show(c->arena, c->loc, n) };
    return tr_fill(c->arena, tr_n(c->loc, "{n} client", "{n} clients", n), &arg, 1);
}

static enum status preparing(struct ctx *c, int64_t id, struct str *out) {
    const struct entity *e = entity_whole(c, registry_find(entity_registry(), S("party")));
    const struct field *f = entity_field(e, str_printf(c->arena, "cf_%lld", (long long)id));
    int percent;
    if (!f || !(f->is & PREPARING)) return OK;
    TRY(own_progress(c, f, &percent));
    struct tr_arg arg = { .name = "done", .value = number_show(c->arena, c->loc, percent) };
    *out = tr_fill(c->arena, T(c, N_("Being prepared, {done} %")), &arg, 1);
    return OK;
}

static enum status read_rows(struct ctx *c, bool binned, struct custom_rows *out) {
    struct custom_fields all;
    TRY(custom_all(c, binned, &all));
    out->v = arena_array(c->arena, struct custom_row, all.n + 1);
    for (; out->n < all.n; out->n++) {
        const struct custom_field *f = &all.v[out->n];
        struct custom_row *row = &out->v[out->n];
        int64_t id = f->row.id;
        *row = (struct custom_row){
            .name = entity_custom_field.title(c, f),
            .kind = shown(c, f, "kind"),
            .section = f->section,
            .of = f->for_kind.n ? shown(c, f, "for_kind") : NO_STR,
            .first = out->n == 0,
            .last = out->n == all.n - 1,
            .required = f->required,
            .filtered = f->filtered,
            .listed = f->listed,
            .edit = url_printf(c->arena, "%s?edit=%lld#edit", path, (long long)id),
            .remove = url_printf(c->arena, "%s?remove=%lld", path, (long long)id),
            .move = one_url(c, id, "/move"),
            .restore = one_url(c, id, "/restore"),
        };
        TRY(custom_used(c, id, NO_STR, &row->used));
        row->count = count_text(c, row->used);
        TRY(preparing(c, id, &row->preparing));
    }
    return OK;
}

static void take(struct ctx *c, struct custom_view *v, struct form_inputs *to,
                 const char *const *names, int n) {
    to->v = arena_array(c->arena, struct form_input, n);
    for (int i = 0; i < n; i++) to->v[to->n++] = *form_find(&v->form, str_of(names[i]));
}

static enum status inputs(struct ctx *c, const struct custom_field *f,
                          const struct http_pairs *form, struct custom_view *v) {
    static const char *const main[] = { "name", "kind" }, *const where[] = { "section", "for_kind",
                                                                             "hint" };
    static const char *const flags[] = { "required", "filtered", "listed" };
    static const char *const names[] = { "name_fa", "name_ar", "name_fr", "name_en" };
    TRY(form_view(c, &entity_custom_field, f, form, &v->form));
    take(c, v, &v->inputs, main, COUNT(main));
    take(c, v, &v->where, where, COUNT(where));
    take(c, v, &v->flags, flags, COUNT(flags));
    take(c, v, &v->names, names, COUNT(names));
    v->choices = *form_find(&v->form, S("choices"));
    v->currency = *form_find(&v->form, S("currency"));
    v->decimals = *form_find(&v->form, S("decimals"));
    custom_choices_show(c, f, v);
    if (v->offered.n) {
        v->choices.name = S("_new");
        v->choices.value = NO_STR;
        v->choices.label = str_of(T(c, N_("Further choices")));
    }
    return OK;
}

static enum status ask(struct ctx *c, int64_t id, struct custom_view *v) {
    int64_t n;
    TRY(custom_used(c, id, NO_STR, &n));
    struct tr_arg name = { .name = "name",
                           .value = entity_title(c, &entity_custom_field, id),
                           .isolate = true };
    struct tr_arg count = { .name = "n", .value = number_show(c->arena, c->loc, n) };
    v->asks = true;
    v->remove = one_url(c, id, "/remove");
    v->ask_title = tr_fill(c->arena, T(c, N_("Remove “{name}”?")), &name, 1);
    v->question =
        n ? tr_fill(c->arena,
                    tr_n(c->loc,
                         "{n} client has a value in it. It stays, and comes back with the field.",
                         "{n} clients have a value in it. They stay, and come back with the field.",
                         n),
                    &count, 1)
          : str_of(T(c, N_("No client has a value in it.")));
    return OK;
}

static enum status show(struct req *r, const struct custom_field *f,
                        const struct http_pairs *form) {
    struct ctx *c = &r->c;
    struct custom_view v = { .id = f->row.id };
    TRY(read_rows(c, false, &v.rows));
    TRY(read_rows(c, true, &v.binned));
    TRY(inputs(c, f, form, &v));
    v.sure = form != NULL;
    v.action = v.id ? one_url(c, v.id, "") : url_own(str_of(path));
    if (v.id) v.name = entity_title(c, &entity_custom_field, v.id);
    struct custom_field goes = { .row = { .id = 0 } };
    TRY(req_record_asked(r, "remove", &entity_custom_field, &goes));
    if (goes.row.id) TRY(ask(c, goes.row.id, &v));
    return PAGE(r, T(c, N_("Own fields")), "settings", custom_html, &v);
}

enum status custom_page(struct req *r) {
    struct custom_field *f = row_new(&r->c, &entity_custom_field);
    TRY(req_record_asked(r, "edit", &entity_custom_field, f));
    return show(r, f, NULL);
}

enum status custom_again(struct req *r) {
    struct custom_field *f = row_new(&r->c, &entity_custom_field);
    if (r->args[0].n) TRY(req_record(r, &entity_custom_field, f));
    return show(r, f, &r->form);
}

enum status custom_create(struct req *r) {
    struct ctx *c = &r->c;
    struct custom_field *f = row_new(c, &entity_custom_field);
    TRY(form_read(c, &r->form, &entity_custom_field, f));
    TRY(store_save(c, &entity_custom_field, f));
    return go_toast(r, url_own(str_of(path)), N_("Saved."), c->batch);
}

enum status custom_change(struct req *r) {
    struct ctx *c = &r->c;
    struct custom_field f;
    struct str gone = NO_STR;
    int64_t gone_n = 0;
    TRY(req_record(r, &entity_custom_field, &f));
    struct str kind = f.kind;
    TRY(form_read(c, &r->form, &entity_custom_field, &f));
    bool chosen = str_eq_z(kind, "choice") || str_eq_z(kind, "choices");
    if (chosen) TRY(custom_choices_read(r, &f, &gone, &gone_n));
    if (gone_n && !req_form(r, "_sure").n)
        return ctx_problem(
            c, S("choices"),
            N_("{n} have “{value}”: they keep it, and it is not offered any more. Save again to "
               "remove it."),
            ARG("n", count_text(c, gone_n)), ARG("value", gone));
    TRY(store_save(c, &entity_custom_field, &f));
    return go_toast(r, url_own(str_of(path)), N_("Saved."), c->batch);
}

enum status custom_move(struct req *r) {
    struct ctx *c = &r->c;
    struct custom_fields all;
    struct custom_field f;
    TRY(req_record(r, &entity_custom_field, &f));
    TRY(custom_all(c, false, &all));
    int64_t *ids = arena_array(c->arena, int64_t, all.n + 1);
    for (int i = 0; i < all.n; i++) ids[i] = all.v[i].row.id;
    TRY(position_move(c, &entity_custom_field, ids, all.n, f.row.id, req_form(r, "up").p != NULL));
    return go(r, url_own(str_of(path)));
}

enum status custom_remove(struct req *r) {
    struct ctx *c = &r->c;
    struct custom_field f;
    TRY(req_record(r, &entity_custom_field, &f));
    TRY(store_delete(c, &entity_custom_field, f.row.id, 0));
    return go_toast(r, url_own(str_of(path)), N_("The field is removed."), c->batch);
}

enum status custom_restore(struct req *r) {
    struct ctx *c = &r->c;
    int64_t id;
    if (!req_arg_id(r, 0, &id)) return MISSING;
    TRY(store_restore(c, &entity_custom_field, id));
    return go_toast(r, url_own(str_of(path)), N_("The field is back, with its values."), c->batch);
}
