/* Kinds that are a text: one line, several lines, e-mail, phone as typed, address of a web page,
 * colour. Called through struct kind; calls lib/text and lib/locale. */
#include "core/entity/kind.h"
#include "lib/html/out.h"
#include "lib/locale/collate.h"
#include "lib/text/fold.h"

enum { MAX_LINE = 200, MAX_AREA = 20000, MAX_EMAIL = 254 };

enum status kind_length(struct ctx *c, const struct field *f, struct str at, struct str text) {
    int max = f->max ? f->max : f->kind == &kind_area ? MAX_AREA : MAX_LINE;
    if (utf8_count(text) <= (size_t)max) return OK;
    return ctx_problem(c, at, N_("Too long: at most {max} characters."),
                       ARG("max", str_printf(c->arena, "%d", max)));
}

struct str kind_as_is(struct ctx *c, const struct field *f, struct value v) {
    (void)c, (void)f;
    return v.s;
}

struct str kind_collate(struct ctx *c, const struct field *f, struct value v) {
    (void)f;
    if (v.s.n == 0) return NO_STR;
    return str_sub(collator_key(c->collator, c->arena, v.s), 0, SORT_KEY_MAX);
}

struct str kind_bytes(struct ctx *c, const struct field *f, struct value v) {
    (void)c, (void)f;
    return str_sub(v.s, 0, SORT_KEY_MAX);
}

struct str kind_fold(struct ctx *c, const struct field *f, struct value v) {
    (void)f;
    return fold(c->arena, v.s);
}

static enum status parse(struct ctx *c, const struct field *f, struct str at, struct str typed,
                         struct value *out, enum text_clean_how how) {
    enum text_clean_how persian = c->loc->lang == LANG_FA ? CLEAN_PERSIAN : CLEAN_LINE;
    *out = value_text(text_clean(c->arena, typed, how | persian));
    if (out->s.n == 0) out->s = NO_STR;
    return kind_length(c, f, at, out->s);
}

static enum status parse_line(struct ctx *c, const struct field *f, struct str at, struct str typed,
                              struct value *out) {
    return parse(c, f, at, typed, out, CLEAN_LINE);
}

static enum status parse_area(struct ctx *c, const struct field *f, struct str at, struct str typed,
                              struct value *out) {
    return parse(c, f, at, typed, out, CLEAN_LONG);
}

/* An address that mail can be sent to: RFC 5321 lengths, one @, a domain with a dot, no spaces. */
static bool email_plausible(struct str s) {
    ptrdiff_t at = str_find_c(s, '@');
    if (at < 1 || at > 64 || s.n > MAX_EMAIL) return false;
    struct str domain = str_sub(s, (size_t)at + 1, SIZE_MAX);
    if (str_find_c(domain, '@') >= 0 || str_find_c(domain, '.') < 1) return false;
    if (str_starts(domain, S(".")) || str_ends(domain, S(".")) || str_find(s, S("..")) >= 0)
        return false;
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] <= ' ' || strchr("<>(),;:\"[]\\", s.p[i])) return false;
    return true;
}

static enum status parse_email(struct ctx *c, const struct field *f, struct str at,
                               struct str typed, struct value *out) {
    (void)f;
    struct str s = text_clean(c->arena, typed, CLEAN_LINE);
    if (str_starts(s, S("mailto:"))) s = str_sub(s, 7, SIZE_MAX);
    *out = value_text(s.n ? s : NO_STR);
    if (s.n == 0 || email_plausible(s)) return OK;
    return ctx_problem(c, at, N_("This is not an e-mail address. It looks like name@example.com."));
}

static enum status parse_phone(struct ctx *c, const struct field *f, struct str at,
                               struct str typed, struct value *out) {
    (void)f;
    struct str s = text_clean(c->arena, typed, CLEAN_LINE);
    *out = value_text(s.n ? s : NO_STR);
    if (s.n == 0) return OK;
    size_t digits = fold_digits(c->arena, s).n;
    if (digits < 2) return ctx_problem(c, at, N_("A phone number has digits."));
    if (digits > 40 || s.n > 100)
        return ctx_problem(c, at, N_("This is too long for a phone number."));
    return OK;
}

static enum status parse_url(struct ctx *c, const struct field *f, struct str at, struct str typed,
                             struct value *out) {
    struct str s = text_clean(c->arena, typed, CLEAN_LINE);
    if (s.n && str_find(s, S("://")) < 0 && str_find_c(s, ':') < 0 && str_find_c(s, '.') > 0)
        s = str_printf(c->arena, "https://%.*s", SF(s));
    *out = value_text(s.n ? s : NO_STR);
    if (s.n && url_of_user(s).s.n == 0)
        return ctx_problem(c, at,
                           N_("This is not a web address. It looks like https://example.com."));
    return kind_length(c, f, at, s);
}

static enum status parse_colour(struct ctx *c, const struct field *f, struct str at,
                                struct str typed, struct value *out) {
    (void)f;
    struct str s = str_trim(typed);
    int64_t hue;
    *out = value_text(s.n ? s : NO_STR);
    if (s.n == 0 || (str_to_i64(s, &hue) && hue >= 0 && hue < 8)) return OK;
    return ctx_problem(c, at, N_("Choose one of the colours."));
}

static struct str email_filter(struct ctx *c, const struct field *f, struct value v) {
    (void)f;
    return fold_email(c->arena, v.s);
}

const struct kind kind_text = { .name = "text",
                                .widget = "text",
                                .parse = parse_line,
                                .show = kind_as_is,
                                .edit = kind_as_is,
                                .plain = kind_as_is,
                                .sort_key = kind_collate,
                                .filter_key = kind_fold,
                                .json_type = "string" };
const struct kind kind_area = { .name = "area",
                                .widget = "area",
                                .parse = parse_area,
                                .show = kind_as_is,
                                .edit = kind_as_is,
                                .plain = kind_as_is,
                                .json_type = "string" };
const struct kind kind_email = { .name = "email",
                                 .widget = "email",
                                 .ltr = true,
                                 .parse = parse_email,
                                 .show = kind_as_is,
                                 .edit = kind_as_is,
                                 .plain = kind_as_is,
                                 .sort_key = kind_bytes,
                                 .filter_key = email_filter,
                                 .json_type = "string",
                                 .json_format = "email" };
const struct kind kind_phone = { .name = "phone",
                                 .widget = "tel",
                                 .ltr = true,
                                 .parse = parse_phone,
                                 .show = kind_as_is,
                                 .edit = kind_as_is,
                                 .plain = kind_as_is,
                                 .sort_key = kind_bytes,
                                 .json_type = "string" };
const struct kind kind_url = { .name = "url",
                               .widget = "url",
                               .ltr = true,
                               .parse = parse_url,
                               .show = kind_as_is,
                               .edit = kind_as_is,
                               .plain = kind_as_is,
                               .sort_key = kind_bytes,
                               .filter_key = kind_fold,
                               .json_type = "string",
                               .json_format = "uri" };
const struct kind kind_colour = { .name = "colour",
                                  .widget = "colour",
                                  .parse = parse_colour,
                                  .show = kind_as_is,
                                  .edit = kind_as_is,
                                  .plain = kind_as_is,
                                  .json_type = "string" };
