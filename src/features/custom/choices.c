/* The editor of choices: a line each with its code behind, so that another name is the same choice.
 * Called by pages.c; calls core/entity/own for the text that is stored. */
#include "core/entity/own.h"
#include "features/custom/pages.h"
#include "lib/base/buf.h"

static struct str one(struct ctx *c, const char *what, int i) {
    return str_printf(c->arena, "_%s.%d", what, i);
}

void custom_choices_show(struct ctx *c, const struct custom_field *f, struct custom_view *v) {
    struct choice *all;
    int n = f->row.id ? own_choices(c->arena, f->choices, &all) : 0;
    v->offered.v = arena_array(c->arena, struct custom_choice, n + 1);
    for (int i = 0; i < n; i++)
        v->offered.v[v->offered.n++] = (struct custom_choice){ .code_name = one(c, "code", i),
                                                               .label_name = one(c, "label", i),
                                                               .gone_name = one(c, "gone", i),
                                                               .back_name = one(c, "back", i),
                                                               .code = str_of(all[i].code),
                                                               .label = str_of(all[i].label),
                                                               .retired = choice_retired(&all[i]) };
}

static struct str typed(struct req *r, const char *what, int i) {
    return str_trim(req_form(r, one(&r->c, what, i).p));
}

enum status custom_choices_read(struct req *r, struct custom_field *f, struct str *gone,
                                int64_t *gone_n) {
    struct ctx *c = &r->c;
    struct choice *all;
    struct buf b = { .arena = c->arena };
    int n = own_choices(c->arena, f->choices, &all);
    *gone_n = 0;
    for (int i = 0; i < n; i++) {
        struct str label = typed(r, "label", i);
        bool retired = choice_retired(&all[i]) && !typed(r, "back", i).n;
        if (typed(r, "gone", i).n) {
            int64_t used;
            TRY(custom_used(c, f->row.id, str_of(all[i].code), &used));
            if (used && !*gone_n) *gone = str_of(all[i].label), *gone_n = used;
            if (!used) continue;
            retired = true;
        }
        if (!label.n) label = str_of(all[i].label);
        buf_printf(&b, "%s%s: %.*s\n", retired ? "-" : "", all[i].code, SF(label));
    }
    buf_add(&b, req_form(r, "_new"));
    f->choices = buf_str(&b);
    return OK;
}
