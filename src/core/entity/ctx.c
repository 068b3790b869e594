/* The context's problems, roles and doors. Called by everybody above. */
#include "core/entity/ctx.h"

enum status ctx_problem_(struct ctx *c, struct str field, const char *text,
                         const struct tr_arg *args, size_t args_n) {
    struct problems *ps = &c->problems;
    if (ps->n == ps->cap) {
        int cap = ps->cap ? ps->cap * 2 : 8;
        ps->v = arena_grow(c->arena, ps->v, (size_t)ps->cap * sizeof *ps->v,
                           (size_t)cap * sizeof *ps->v);
        ps->cap = cap;
    }
    struct problem *p = &ps->v[ps->n++];
    *p = (struct problem){ .field = field, .text = text, .args_n = (int)args_n - 1 };
    p->args = arena_array(c->arena, struct tr_arg, args_n);
    for (int i = 0; i < p->args_n; i++) p->args[i] = args[i + 1];
    return INVALID;
}

struct str ctx_problem_text(struct ctx *c, const struct problem *p) {
    return tr_fill(c->arena, T(c, p->text), p->args, p->args_n);
}

const struct problem *ctx_problem_at(const struct ctx *c, struct str field) {
    for (int i = 0; i < c->problems.n; i++)
        if (str_eq(c->problems.v[i].field, field)) {
            c->problems.v[i].asked = true;
            return &c->problems.v[i];
        }
    return NULL;
}

bool ctx_may(const struct ctx *c, enum role least) {
    return c->who.role >= least;
}

static const char *const door_codes[] = { "web", "api", "import", "cli", "job" };
const char *door_code(enum door d) {
    return door_codes[d];
}

static const char *const role_codes[] = {
    "", "reader", "accountant", "member", "manager", "owner"
};
const char *role_code(enum role r) {
    return role_codes[r];
}

bool role_of(struct str code, enum role *out) {
    for (int i = ROLE_READER; i <= ROLE_OWNER; i++)
        if (str_eq_z(code, role_codes[i])) {
            *out = (enum role)i;
            return true;
        }
    return false;
}
