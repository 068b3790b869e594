/* Kinds with a closed set of values: choice, yes or no, language, country, zone.
 * A value is understood by its code, by its name in any of the four languages, by other spellings.
 */
#include "core/entity/kind.h"
#include "lib/locale/region.h"
#include "lib/locale/zone.h"
#include "lib/text/fold.h"

static bool same(struct ctx *c, struct str folded, struct str other) {
    struct arena_mark m = arena_mark(c->arena);
    bool is = other.n && str_eq(folded, fold(c->arena, other));
    arena_back(c->arena, m);
    return is;
}

static struct str after_bar(const char *label) {
    const char *bar = strchr(label, '|');
    return str_of(bar ? bar + 1 : label);
}

static bool choice_is(struct ctx *c, const struct choice *ch, bool own, struct str typed,
                      struct str folded) {
    if (str_eq_z(typed, ch->code) || same(c, folded, str_of(ch->code)) ||
        same(c, folded, own ? str_of(ch->label) : after_bar(ch->label)))
        return true;
    for (int lang = 0; !own && lang < LANG_N; lang++) {
        const char *plain = tr_as((enum lang)lang, WORD_CLIENT, ch->label);
        if (same(c, folded, str_of(plain))) return true;
        for (int word = WORD_CLIENT + 1; word < WORD_N; word++) {
            const char *said = tr_as((enum lang)lang, (enum client_word)word, ch->label);
            if (said != plain && same(c, folded, str_of(said))) return true;
        }
    }
    struct str rest = str_of(ch->also), piece;
    while (str_cut(&rest, ';', &piece))
        if (same(c, folded, piece)) return true;
    return false;
}

/* A code itself comes first: an own choice may be called like another one's code. */
const struct choice *kind_choice_of(struct ctx *c, const struct field *f, struct str typed) {
    struct str folded = fold(c->arena, typed);
    for (const struct choice *ch = f->choices; ch && ch->code; ch++)
        if (str_eq_z(typed, ch->code)) return ch;
    for (const struct choice *ch = f->choices; ch && ch->code; ch++)
        if (choice_is(c, ch, f->custom != 0, typed, folded)) return ch;
    return NULL;
}

static enum status parse_choice(struct ctx *c, const struct field *f, struct str at,
                                struct str typed, struct value *out) {
    struct str s = str_trim(typed);
    *out = value_text(NO_STR);
    if (s.n == 0) return OK;
    const struct choice *ch = kind_choice_of(c, f, s);
    out->s = ch ? str_of(ch->code) : s;
    if (ch) return OK;
    return ctx_problem(c, at, N_("“{value}” is not one of the choices."), ARG("value", s));
}

static struct str show_choice(struct ctx *c, const struct field *f, struct value v) {
    for (const struct choice *ch = f->choices; ch->code; ch++)
        if (str_eq_z(v.s, ch->code)) return str_of(choice_label(c, f, ch));
    return v.s;
}

static const struct choice yes_no[] = {
    { "1", N_("yes"), "y;true;x;on;o;vrai;✓;بلی;آره;صحیح" },
    { "0", N_("no"), "n;false;off;faux;نخیر;غلط" },
    { NULL, NULL, NULL },
};

static enum status parse_bool(struct ctx *c, const struct field *f, struct str at, struct str typed,
                              struct value *out) {
    struct str s = str_trim(typed);
    (void)f;
    *out = value_int(0);
    if (s.n == 0) return OK;
    struct str folded = fold(c->arena, s);
    for (const struct choice *ch = yes_no; ch->code; ch++)
        if (choice_is(c, ch, false, s, folded)) {
            out->i = ch->code[0] == '1';
            return OK;
        }
    return ctx_problem(c, at, N_("Write yes or no."));
}

static struct str show_bool(struct ctx *c, const struct field *f, struct value v) {
    (void)f;
    return str_of(T(c, v.i ? "yes" : "no"));
}

static struct str plain_bool(struct ctx *c, const struct field *f, struct value v) {
    (void)c, (void)f;
    return v.i ? S("1") : S("0");
}

static struct str filter_bool(struct ctx *c, const struct field *f, struct value v) {
    (void)c, (void)f;
    return v.i ? S("1") : NO_STR;
}

static enum status parse_language(struct ctx *c, const struct field *f, struct str at,
                                  struct str typed, struct value *out) {
    struct str s = str_trim(typed);
    (void)f;
    *out = value_text(s.n ? language_find(c->arena, s) : NO_STR);
    if (s.n == 0 || out->s.n) return OK;
    out->s = s;
    return ctx_problem(c, at, N_("Which language is “{value}”?"), ARG("value", s));
}

static struct str show_language(struct ctx *c, const struct field *f, struct value v) {
    (void)f;
    return v.s.n ? language_name(c->arena, c->loc->lang, v.s) : NO_STR;
}

static enum status parse_country(struct ctx *c, const struct field *f, struct str at,
                                 struct str typed, struct value *out) {
    struct str s = str_trim(typed);
    (void)f;
    *out = value_text(s.n ? country_find(c->arena, s) : NO_STR);
    if (s.n == 0 || out->s.n) return OK;
    out->s = s;
    return ctx_problem(c, at, N_("Which country is “{value}”?"), ARG("value", s));
}

static struct str show_country(struct ctx *c, const struct field *f, struct value v) {
    (void)f;
    return v.s.n ? country_name(c->arena, c->loc->lang, v.s) : NO_STR;
}

static enum status parse_zone(struct ctx *c, const struct field *f, struct str at, struct str typed,
                              struct value *out) {
    struct str s = str_trim(typed);
    (void)f;
    *out = value_text(s.n ? s : NO_STR);
    if (s.n == 0 || zone_name_valid(s)) return OK;
    return ctx_problem(c, at, N_("There is no time zone “{value}”. It looks like Asia/Tehran."),
                       ARG("value", s));
}

const struct kind kind_choice = { .name = "choice",
                                  .widget = "select",
                                  .parse = parse_choice,
                                  .show = show_choice,
                                  .edit = kind_as_is,
                                  .plain = kind_as_is,
                                  .sort_key = kind_bytes,
                                  .filter_key = kind_as_is,
                                  .json_type = "string" };
const struct kind kind_yesno = { .name = "yesno",
                                 .is_int = true,
                                 .widget = "check",
                                 .parse = parse_bool,
                                 .show = show_bool,
                                 .edit = plain_bool,
                                 .plain = plain_bool,
                                 .filter_key = filter_bool,
                                 .json_type = "boolean" };
const struct kind kind_language = { .name = "language",
                                    .widget = "select",
                                    .parse = parse_language,
                                    .show = show_language,
                                    .edit = kind_as_is,
                                    .plain = kind_as_is,
                                    .sort_key = kind_bytes,
                                    .filter_key = kind_as_is,
                                    .json_type = "string" };
const struct kind kind_country = { .name = "country",
                                   .widget = "select",
                                   .parse = parse_country,
                                   .show = show_country,
                                   .edit = kind_as_is,
                                   .plain = kind_as_is,
                                   .sort_key = kind_bytes,
                                   .filter_key = kind_as_is,
                                   .json_type = "string" };
const struct kind kind_zone = { .name = "zone",
                                .widget = "zone",
                                .ltr = true,
                                .parse = parse_zone,
                                .show = kind_as_is,
                                .edit = kind_as_is,
                                .plain = kind_as_is,
                                .sort_key = kind_bytes,
                                .filter_key = kind_as_is,
                                .json_type = "string" };
