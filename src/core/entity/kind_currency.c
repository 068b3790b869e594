/* The kind of a field that says a currency: its code of three letters (ISO 4217), in capitals.
 * Called through struct kind; calls lib/locale. */
#include "core/entity/kind.h"
#include "lib/locale/currency.h"

static struct str capitals(struct arena *a, struct str s) {
    char *p = str_z(a, s);
    for (size_t i = 0; i < s.n; i++)
        if (p[i] >= 'a' && p[i] <= 'z') p[i] = (char)(p[i] - 'a' + 'A');
    return (struct str){ p, s.n };
}

static enum status parse(struct ctx *c, const struct field *f, struct str at, struct str typed,
                         struct value *out) {
    struct str code = capitals(c->arena, str_trim(typed));
    (void)f;
    *out = value_text(code.n ? code : NO_STR);
    if (!code.n || currency_get(code)) return OK;
    return ctx_problem(c, at, N_("There is no currency “{value}”."), ARG("value", typed));
}

const struct kind kind_currency = { .name = "currency",
                                    .widget = "select",
                                    .ltr = true,
                                    .parse = parse,
                                    .show = kind_as_is,
                                    .edit = kind_as_is,
                                    .plain = kind_as_is,
                                    .sort_key = kind_bytes,
                                    .filter_key = kind_as_is,
                                    .json_type = "string" };
