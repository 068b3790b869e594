/* Values of questions between people and the tree: codes by their names, records by theirs, texts
 * with a star behind them, numbers and days in the reader's digits and calendar. Called by
 * parse.c, print.c, say.c, by boxes and by sentence; calls the kinds of fields and lib/locale. */
#include "core/ask/catalogue_in.h"
#include "core/ask/words.h"
#include "core/entity/kind.h"
#include "lib/locale/date.h"
#include "lib/locale/number.h"
#include "lib/text/fold.h"

enum { DECIMALS = 4 }; /* of numbers that are compared with; no currency has more */

static bool is_member(const struct ask_field *f) {
    return f->field && f->field->kind == &kind_ref && !strcmp(f->field->ref->name, "member");
}

/* What the kind of the field makes of it; its problems are not for this reader. */
static bool by_kind(struct ctx *c, const struct field *f, struct str typed, struct str *out) {
    struct problems kept = c->problems;
    c->problems = (struct problems){ 0 };
    struct value v = { 0 };
    bool asked = c->asks;
    c->asks = true;
    enum status st = f->kind->parse(c, f, NO_STR, typed, &v);
    c->asks = asked;
    c->problems = kept;
    if (st != OK) return false;
    *out = f->kind->plain(c, f, v);
    return out->n > 0;
}

/* "#12" is the record with that number, be it there or not any more. */
static bool by_number(struct ctx *c, struct str typed, struct str *out) {
    int64_t id;
    struct str s = digits_ascii(c->arena, typed);
    if (!str_starts(s, S("#")) || !str_to_i64(str_sub(s, 1, SIZE_MAX), &id) || id <= 0)
        return false;
    *out = str_printf(c->arena, "%lld", (long long)id);
    return true;
}

static bool code_called(struct ctx *c, const struct ask_field *f, struct str typed,
                        struct str *out) {
    const struct field *field = f->field;
    if (!field || !typed.n || typed.n > ASK_TEXT_MOST) return false;
    if (is_member(f) && ask_word_is(c, ASK_W_ME, fold(c->arena, typed))) {
        *out = S("me");
        return true;
    }
    if (field->kind == &kind_ref) return by_number(c, typed, out) || by_kind(c, field, typed, out);
    if (field->choices) {
        const struct choice *ch = kind_choice_of(c, field, typed);
        if (ch) *out = str_of(ch->code);
        return ch != NULL;
    }
    return by_kind(c, field, typed, out);
}

static bool yesno_called(struct ctx *c, struct str typed, struct str *out) {
    struct value v = { 0 };
    struct problems kept = c->problems;
    c->problems = (struct problems){ 0 };
    struct str s = digits_ascii(c->arena, str_trim(typed));
    enum status st = s.n ? kind_yesno.parse(c, NULL, NO_STR, s, &v) : INVALID;
    c->problems = kept;
    *out = v.i ? S("1") : S("0");
    return st == OK;
}

/* A text that ends in a star, or in backslashes and a star, is written with backslashes before it:
 * an even number of them leaves the star its meaning «begins with». */
static size_t backslashes(struct str s) {
    size_t n = 0;
    while (n < s.n && s.p[s.n - 1 - n] == '\\') n++;
    return n;
}

static void unstar(struct ctx *c, struct str typed, struct ask_value *out) {
    struct buf b = { .arena = c->arena };
    struct str s = str_sub(typed, 0, typed.n - 1);
    size_t n = backslashes(s);
    out->prefix = n % 2 == 0;
    buf_add(&b, str_sub(s, 0, s.n - n));
    for (size_t i = 0; i < n / 2; i++) buf_add_c(&b, '\\');
    if (!out->prefix) buf_add_c(&b, '*');
    out->text = buf_str(&b);
}

static struct str star(struct ctx *c, struct ask_value v) {
    struct buf b = { .arena = c->arena };
    if (!v.prefix && !str_ends(v.text, S("*"))) return v.text;
    struct str s = v.prefix ? v.text : str_sub(v.text, 0, v.text.n - 1);
    size_t n = backslashes(s);
    buf_add(&b, s);
    for (size_t i = 0; i < n + !v.prefix; i++) buf_add_c(&b, '\\');
    buf_add_c(&b, '*');
    return buf_str(&b);
}

bool ask_text_called(struct ctx *c, struct str typed, struct str *out) {
    *out = text_clean(c->arena, typed, CLEAN_LINE);
    return out->n && out->n <= ASK_TEXT_MOST && fold(c->arena, *out).n;
}

bool ask_value_called(struct ctx *c, const struct ask_field *f, struct str typed,
                      struct ask_value *out) {
    struct str s = str_trim(typed);
    *out = (struct ask_value){ .text = s };
    switch (f->type) {
    case ASK_TEXT:
        if (str_ends(s, S("*"))) unstar(c, s, out);
        return ask_text_called(c, out->text, &out->text);
    case ASK_NAME: return ask_text_called(c, s, &out->text);
    case ASK_CODE: return code_called(c, f, text_clean(c->arena, s, CLEAN_LINE), &out->text);
    case ASK_YESNO: return yesno_called(c, s, &out->text);
    case ASK_NUMBER:
    case ASK_MONEY: return ask_number_called(c, f, s, &out->text);
    case ASK_DATE:
    case ASK_INSTANT:
    case ASK_ANNUAL: return ask_day_called(c, s, &out->text);
    }
    return false;
}

static struct str code_shown(struct ctx *c, const struct ask_field *f, struct str code) {
    const struct field *field = f->field;
    int64_t id = 0;
    bool ref = field->kind == &kind_ref;
    if (is_member(f) && str_eq_z(code, "me")) return ask_word_canonical(c, ASK_W_ME);
    if (ref && !str_to_i64(code, &id)) return code;
    struct value v = ref ? (struct value){ .is_int = true, .i = id } : (struct value){ .s = code };
    struct str shown = field->kind->show(c, field, v), back;
    if (shown.n && code_called(c, f, shown, &back) && str_eq(back, code)) return shown;
    return ref ? str_printf(c->arena, "#%lld", (long long)id) : code;
}

struct str ask_value_shown(struct ctx *c, const struct ask_field *f, struct ask_value v) {
    switch (f->type) {
    case ASK_TEXT: return star(c, v);
    case ASK_NAME: return v.text;
    case ASK_CODE: return code_shown(c, f, v.text);
    case ASK_YESNO: return str_of(T(c, str_eq_z(v.text, "1") ? "yes" : "no"));
    case ASK_NUMBER:
    case ASK_MONEY: return ask_number_shown(c, v.text);
    case ASK_DATE:
    case ASK_INSTANT:
    case ASK_ANNUAL: return ask_day_shown(c, v.text);
    }
    return v.text;
}

/* --- numbers --- */

/* "40%" is 40: what a field's unit is, its name says. */
static struct str without_percent(struct str s) {
    static const char *const signs[] = { "%", "٪", "\u061c" };
    for (bool more = true; more;) {
        more = false;
        for (int i = 0; i < COUNT(signs); i++)
            if (str_ends(s, str_of(signs[i]))) {
                s = str_trim(str_sub(s, 0, s.n - strlen(signs[i])));
                more = true;
            }
    }
    return s;
}

bool ask_number_called(struct ctx *c, const struct ask_field *of, struct str typed,
                       struct str *out) {
    bool money = of && of->type == ASK_MONEY && c->firm.currency.n == 3;
    const char *currency = money ? str_z(c->arena, c->firm.currency) : NULL;
    int64_t scaled;
    if (!amount_parse(c->arena, c->loc, currency, DECIMALS, without_percent(str_trim(typed)),
                      &scaled, NULL))
        return false;
    uint64_t size = scaled < 0 ? -(uint64_t)scaled : (uint64_t)scaled;
    struct str s =
        str_printf(c->arena, "%s%llu.%04llu", scaled < 0 ? "-" : "",
                   (unsigned long long)(size / 10000), (unsigned long long)(size % 10000));
    while (str_ends(s, S("0"))) s.n--;
    if (str_ends(s, S("."))) s.n--;
    *out = s;
    return ask_number_is(s);
}

struct str ask_number_shown(struct ctx *c, struct str number) {
    struct str rest = number, whole;
    struct buf b = { .arena = c->arena };
    bool minus = str_starts(rest, S("-"));
    if (minus) rest = str_sub(rest, 1, SIZE_MAX);
    str_cut(&rest, '.', &whole);
    struct str one = number_show_plain(c->arena, c->loc, 1);
    struct str sign = number_show_plain(c->arena, c->loc, -1);
    if (minus) buf_add(&b, str_sub(sign, 0, sign.n - one.n));
    buf_add(&b, digits_show(c->arena, c->loc, whole));
    if (rest.n) { /* the reader's mark: that of one tenth, between its two digits */
        struct str tenth = decimal_show(c->arena, c->loc, 1, 1);
        buf_add(&b, str_sub(tenth, one.n, tenth.n - 2 * one.n));
        buf_add(&b, digits_show(c->arena, c->loc, rest));
    }
    return buf_str(&b);
}

/* --- days --- */

bool ask_day_called(struct ctx *c, struct str typed, struct str *out) {
    struct str s = str_trim(typed);
    struct day day;
    bool iso = day_of_iso(digits_ascii(c->arena, s), &day) && day.year;
    if (!iso && (s.n == 0 || s.n > 100 || !date_parse(c->arena, c->loc, s, &day, NULL)))
        return false;
    *out = day_iso(c->arena, day);
    return true;
}

struct str ask_day_shown(struct ctx *c, struct str iso) {
    struct day day;
    struct str back;
    if (!day_of_iso(iso, &day)) return iso;
    struct str shown = date_show(c->arena, c->loc, day, DATE_SHORT);
    return ask_day_called(c, shown, &back) && str_eq(back, iso) ? shown : iso;
}
