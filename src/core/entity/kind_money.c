/* Kinds that are a number with digits behind its mark, kept as a scaled whole number: numbers and
 * amounts of money (minor units). Nothing is not zero: NUMBER_NONE. Called through struct kind;
 * calls lib/locale/number, which knows digits, marks, currency words, toman. */
#include "core/entity/kind.h"
#include "lib/locale/currency.h"
#include "lib/locale/number.h"

static struct str currency_of(const struct ctx *c, const struct field *f) {
    return f->currency ? str_of(f->currency) : c->firm.currency;
}

int field_decimals(const struct ctx *c, const struct field *f) {
    if (f->kind != &kind_money) return f->decimals;
    const struct currency *known = currency_get(currency_of(c, f));
    return known ? known->exponent : 2;
}

static struct str *currency_in(const struct field *f, const void *row) {
    return (struct str *)(void *)((char *)(uintptr_t)row + f->currency_at);
}

const struct field *field_in(struct ctx *c, const struct field *f, const void *row) {
    if (!f->currency_at) return f;
    struct field *own = arena_new_of(c->arena, struct field);
    struct str code = *currency_in(f, row);
    *own = *f;
    own->currency = code.n ? str_z(c->arena, code) : NULL;
    return own;
}

void field_follow(struct ctx *c, const struct field *f, void *row, const void *was, bool written) {
    struct str *now = currency_in(f, row), before = *currency_in(f, was);
    if (!now->n) *now = before;
    struct value v = field_get(f, row);
    if (written || !before.n || str_eq(*now, before) || v.i == NUMBER_NONE) return;
    int more = field_decimals(c, field_in(c, f, row)) - field_decimals(c, field_in(c, f, was));
    for (; more < 0 && v.i % 10 == 0; more++) v.i /= 10;
    for (; more > 0 && v.i <= AMOUNT_MAX && v.i >= -AMOUNT_MAX; more--) v.i *= 10;
    if (more)
        ctx_problem(c, str_of(f->name), N_("Write this amount anew, as {currency} has it."),
                    ARG("currency", *now));
    else
        field_set(f, row, v);
}

/* "-12.50": for programs, with exactly that many decimals. */
static struct str plain(struct ctx *c, const struct field *f, struct value v) {
    int decimals = field_decimals(c, f);
    if (v.i == NUMBER_NONE) return NO_STR;
    uint64_t u = v.i < 0 ? -(uint64_t)v.i : (uint64_t)v.i, unit = 1;
    for (int i = 0; i < decimals; i++) unit *= 10;
    if (!decimals) return str_printf(c->arena, "%lld", (long long)v.i);
    return str_printf(c->arena, "%s%llu.%0*llu", v.i < 0 ? "-" : "", (unsigned long long)(u / unit),
                      decimals, (unsigned long long)(u % unit));
}

/* What plain wrote, read back: a point parts the decimals whatever the reader's language. */
static bool read_plain(struct str s, int decimals, int64_t *out) {
    bool minus = str_starts(s, S("-"));
    if (minus) s = str_sub(s, 1, SIZE_MAX);
    ptrdiff_t point = str_find_c(s, '.');
    if (s.n > 18 || point <= 0 || (int)(s.n - (size_t)point - 1) != decimals) return false;
    int64_t i = 0;
    for (size_t k = 0; k < s.n; k++) {
        if (k == (size_t)point) continue;
        if (s.p[k] < '0' || s.p[k] > '9') return false;
        i = i * 10 + (s.p[k] - '0');
    }
    *out = minus ? -i : i;
    return true;
}

static enum status parse(struct ctx *c, const struct field *f, struct str at, struct str typed,
                         struct value *out) {
    struct str s = str_trim(typed);
    struct number_problem why = { 0 };
    int decimals = field_decimals(c, f);
    *out = value_int(NUMBER_NONE);
    if (s.n == 0 || (decimals > 0 && read_plain(s, decimals, &out->i))) return OK;
    const char *currency = f->kind == &kind_money ? str_z(c->arena, currency_of(c, f)) : NULL;
    if (amount_parse(c->arena, c->loc, currency, decimals, s, &out->i, &why)) return OK;
    out->i = NUMBER_NONE;
    struct tr_arg args[COUNT(why.args) + 1] = { { 0 } };
    memcpy(args + 1, why.args, sizeof why.args);
    return ctx_problem_(c, at, why.msgid, args, (size_t)why.args_n + 1);
}

static struct str edit(struct ctx *c, const struct field *f, struct value v) {
    if (v.i == NUMBER_NONE) return NO_STR;
    return decimal_show(c->arena, c->loc, v.i, field_decimals(c, f));
}

/* The unit stands behind: rial in words where it is read in Persian or Arabic, else the code. */
static struct str show_money(struct ctx *c, const struct field *f, struct value v) {
    struct str code = currency_of(c, f);
    if (v.i == NUMBER_NONE) return NO_STR;
    struct str amount = edit(c, f, v);
    if (str_eq_z(code, "IRR") && c->loc->lang == LANG_FA) code = S("ریال");
    if (str_eq_z(code, "IRR") && c->loc->lang == LANG_AR) code = S("ريال");
    return str_printf(c->arena, "%.*s\u00A0%.*s", SF(amount), SF(code));
}

static struct str sort_key(struct ctx *c, const struct field *f, struct value v) {
    (void)f;
    return v.i == NUMBER_NONE ? NO_STR : kind_big_endian(c, v.i);
}

const struct kind kind_number = { .name = "number",
                                  .is_int = true,
                                  .min_is_null = true,
                                  .ltr = true,
                                  .widget = "decimal",
                                  .parse = parse,
                                  .show = edit,
                                  .edit = edit,
                                  .plain = plain,
                                  .sort_key = sort_key,
                                  .filter_key = plain,
                                  .json_type = "string" };
const struct kind kind_money = { .name = "money",
                                 .is_int = true,
                                 .min_is_null = true,
                                 .widget = "decimal",
                                 .parse = parse,
                                 .show = show_money,
                                 .edit = edit,
                                 .plain = plain,
                                 .sort_key = sort_key,
                                 .filter_key = plain,
                                 .json_type = "string" };
