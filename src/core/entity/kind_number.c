/* Kinds that are a number in the database: whole numbers, references, instants; and dates, which
 * are text. Called through struct kind; calls lib/locale and, for references, the entity that is
 * meant. */
#include "core/entity/kind.h"
#include "lib/locale/date.h"
#include "lib/locale/number.h"

struct str kind_big_endian(struct ctx *c, int64_t i) {
    unsigned char *p = arena_alloc(c->arena, 9);
    uint64_t u = (uint64_t)i ^ (1ull << 63);
    for (int k = 7; k >= 0; k--, u >>= 8) p[k] = (unsigned char)u;
    return (struct str){ (char *)p, 8 };
}

static struct str sort_int(struct ctx *c, const struct field *f, struct value v) {
    return f->kind->zero_is_null && v.i == 0 ? NO_STR : kind_big_endian(c, v.i);
}

static struct str plain_int(struct ctx *c, const struct field *f, struct value v) {
    return f->kind->zero_is_null && v.i == 0 ? NO_STR
                                             : str_printf(c->arena, "%lld", (long long)v.i);
}

static enum status parse_int(struct ctx *c, const struct field *f, struct str at, struct str typed,
                             struct value *out) {
    struct str s = str_trim(digits_ascii(c->arena, typed));
    (void)f;
    *out = value_int(0);
    if (s.n == 0 || str_to_i64(s, &out->i)) return OK;
    return ctx_problem(c, at, N_("This is not a whole number."));
}

static struct str show_int(struct ctx *c, const struct field *f, struct value v) {
    (void)f;
    return number_show(c->arena, c->loc, v.i);
}

/* A client as an input shows him: his name, and his id for who reads it back. */
static struct str edit_ref(struct ctx *c, const struct field *f, struct value v) {
    if (!v.i || !f->ref->indexed) return plain_int(c, f, v);
    struct str title = entity_title(c, f->ref, v.i);
    return title.n ? str_printf(c->arena, "%.*s #%lld", SF(title), (long long)v.i) : NO_STR;
}

static struct str id_behind(struct str s) {
    for (size_t i = s.n; i > 0; i--)
        if (s.p[i - 1] == '#') return str_sub(s, i, SIZE_MAX);
    return s;
}

static enum status parse_ref(struct ctx *c, const struct field *f, struct str at, struct str typed,
                             struct value *out) {
    struct str s = str_trim(typed);
    struct str digits = digits_ascii(c->arena, f->ref->indexed ? id_behind(s) : s);
    int64_t id = 0;
    *out = value_int(0);
    if (s.n == 0) return OK;
    if (str_to_i64(digits, &id) && id > 0 && entity_title(c, f->ref, id).n) {
        out->i = id;
        return OK;
    }
    if (f->ref->find) {
        TRY(f->ref->find(c, s, &id));
        if (id) {
            out->i = id;
            return OK;
        }
    }
    return ctx_problem(c, at, N_("There is no “{value}” here."), ARG("value", s));
}

static struct str show_ref(struct ctx *c, const struct field *f, struct value v) {
    return entity_title(c, f->ref, v.i);
}

static enum status parse_instant(struct ctx *c, const struct field *f, struct str at,
                                 struct str typed, struct value *out) {
    (void)f;
    *out = value_int(0);
    if (typed.n == 0 || str_to_i64(typed, &out->i)) return OK;
    return ctx_problem(c, at, N_("This is not a whole number."));
}

static struct str show_instant(struct ctx *c, const struct field *f, struct value v) {
    (void)f;
    return v.i ? instant_show(c->arena, c->loc, v.i, INSTANT_RELATIVE) : NO_STR;
}

static enum status parse_date(struct ctx *c, const struct field *f, struct str at, struct str typed,
                              struct value *out) {
    struct str s = str_trim(typed);
    struct day day;
    struct date_problem why = { 0 };
    (void)f;
    *out = value_text(NO_STR);
    if (s.n == 0) return OK;
    if (!date_parse_partial(c->arena, c->loc, s, &day, &why)) {
        out->s = s;
        struct tr_arg args[COUNT(why.args) + 1] = { { 0 } };
        memcpy(args + 1, why.args, sizeof why.args);
        return ctx_problem_(c, at, why.msgid, args, (size_t)why.args_n + 1);
    }
    out->s = day_iso(c->arena, day);
    return OK;
}

static struct str show_date(struct ctx *c, const struct field *f, struct value v) {
    struct day day;
    (void)f;
    return day_of_iso(v.s, &day) ? date_show(c->arena, c->loc, day, DATE_LONG) : v.s;
}

static struct str edit_date(struct ctx *c, const struct field *f, struct value v) {
    struct day day;
    (void)f;
    return day_of_iso(v.s, &day) ? date_show(c->arena, c->loc, day, DATE_SHORT) : v.s;
}

const struct kind kind_int = { .name = "int",
                               .is_int = true,
                               .widget = "number",
                               .parse = parse_int,
                               .show = show_int,
                               .edit = plain_int,
                               .plain = plain_int,
                               .sort_key = sort_int,
                               .filter_key = plain_int,
                               .json_type = "integer" };
const struct kind kind_ref = { .name = "ref",
                               .is_int = true,
                               .zero_is_null = true,
                               .widget = "ref",
                               .parse = parse_ref,
                               .show = show_ref,
                               .edit = edit_ref,
                               .plain = plain_int,
                               .sort_key = sort_int,
                               .filter_key = plain_int,
                               .json_type = "integer",
                               .json_format = "int64" };
const struct kind kind_instant = { .name = "instant",
                                   .is_int = true,
                                   .zero_is_null = true,
                                   .ltr = false,
                                   .widget = "instant",
                                   .parse = parse_instant,
                                   .show = show_instant,
                                   .edit = plain_int,
                                   .plain = plain_int,
                                   .sort_key = sort_int,
                                   .json_type = "integer",
                                   .json_format = "int64" };
const struct kind kind_date = { .name = "date",
                                .widget = "date",
                                .ltr = true,
                                .parse = parse_date,
                                .show = show_date,
                                .edit = edit_date,
                                .plain = kind_as_is,
                                .sort_key = kind_bytes,
                                .filter_key = kind_as_is,
                                .json_type = "string",
                                .json_format = "date" };
