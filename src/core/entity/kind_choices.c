/* Several of a closed set of choices: stored as their codes with commas between, in the order of
 * the set. Called through struct kind; calls the single choice's own understanding of words. */
#include "core/entity/kind.h"
#include "lib/base/buf.h"

static const struct choice *choice_with(const struct field *f, struct str code) {
    for (const struct choice *ch = f->choices; ch && ch->code; ch++)
        if (str_eq_z(code, ch->code)) return ch;
    return NULL;
}

/* Commas of both scripts, semicolons and line ends part them. */
static bool cut(struct str *rest, struct str *piece) {
    if (!rest->p) return false;
    size_t i = 0, step = 0;
    for (; i < rest->n && !step; i++) {
        struct str at = str_sub(*rest, i, SIZE_MAX);
        if (strchr(",;\n", at.p[0]) && at.p[0])
            step = 1;
        else if (str_starts(at, S("،")) || str_starts(at, S("؛")))
            step = 2;
    }
    *piece = str_trim(str_sub(*rest, 0, step ? i - 1 : rest->n));
    *rest = step ? str_sub(*rest, i - 1 + step, SIZE_MAX) : NO_STR;
    return true;
}

static struct str in_order(struct ctx *c, const struct field *f, const bool *has) {
    struct buf b = { .arena = c->arena };
    for (int i = 0; f->choices && f->choices[i].code; i++)
        if (has[i]) buf_printf(&b, b.n ? ",%s" : "%s", f->choices[i].code);
    return b.n ? buf_str(&b) : NO_STR;
}

static enum status parse(struct ctx *c, const struct field *f, struct str at, struct str typed,
                         struct value *out) {
    struct str rest = str_trim(typed), piece;
    int n = 0;
    while (f->choices && f->choices[n].code) n++;
    bool *has = arena_array(c->arena, bool, n + 1);
    enum status st = OK;
    *out = value_text(NO_STR);
    /* One whole name may have a comma in itself. */
    const struct choice *whole = rest.n ? kind_choice_of(c, f, rest) : NULL;
    if (whole) has[whole - f->choices] = true;
    while (!whole && rest.n && cut(&rest, &piece)) {
        if (piece.n == 0) continue;
        const struct choice *ch = kind_choice_of(c, f, piece);
        if (ch)
            has[ch - f->choices] = true;
        else
            st =
                ctx_problem(c, at, N_("“{value}” is not one of the choices."), ARG("value", piece));
    }
    out->s = in_order(c, f, has);
    return st;
}

static struct str show(struct ctx *c, const struct field *f, struct value v) {
    struct buf b = { .arena = c->arena };
    bool arabic = c->loc->lang == LANG_FA || c->loc->lang == LANG_AR;
    struct str code;
    while (str_cut(&v.s, ',', &code)) {
        const struct choice *ch = choice_with(f, code);
        if (b.n) buf_add_z(&b, arabic ? "، " : ", ");
        buf_add(&b, ch ? str_of(choice_label(c, f, ch)) : code);
    }
    return buf_str(&b);
}

const struct kind kind_choices = { .name = "choices",
                                   .widget = "choices",
                                   .parse = parse,
                                   .show = show,
                                   .edit = kind_as_is,
                                   .plain = kind_as_is,
                                   .filter_key = kind_as_is,
                                   .json_type = "array" };
