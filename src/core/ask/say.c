/* A rule or a group as a person reads it aloud: «Number of purchases in the last 30 days is over
 * 3». Called by pages («why is he in?», the head of a saved segment); calls the catalogue, value.c
 * and the translated texts. */
#include "core/ask/catalogue_in.h"
#include "core/ask/text.h"
#include "core/ask/words.h"
#include "lib/locale/date.h"

struct sayer {
    struct ctx *c;
    const struct ask_catalogue *k;
    const struct relation *of; /* whose criteria are being said */
};

/* Arguments that are texts of people or values stand apart from the sentence's direction; phrases
 * of ours are a part of it. */
#define VALUE(n, v)                                                                                \
    { .name = (n), .value = (v), .isolate = true }
#define PHRASE(n, v)                                                                               \
    { .name = (n), .value = (v) }
#define FILL(s, text, ...)                                                                         \
    tr_fill((s)->c->arena, T((s)->c, text), (struct tr_arg[]){ __VA_ARGS__ },                      \
            (int)(sizeof((struct tr_arg[]){ __VA_ARGS__ }) / sizeof(struct tr_arg)))

static struct str day_said(struct sayer *s, struct str iso) {
    struct day day;
    return day_of_iso(iso, &day) ? date_show(s->c->arena, s->c->loc, day, DATE_LONG) : iso;
}

/* --- values --- */

static struct str value_said(struct sayer *s, const struct ask_field *f, struct ask_value v) {
    bool text = !f || f->type == ASK_TEXT || f->type == ASK_NAME;
    struct str shown = text ? v.text : ask_value_shown(s->c, f, v);
    return v.prefix ? str_printf(s->c->arena, "%.*s…", SF(shown)) : shown;
}

static struct str either(struct sayer *s, struct str a, struct str b) {
    return FILL(s, N_("{a} or {b}"), PHRASE("a", a), PHRASE("b", b));
}

static struct str isolated(struct sayer *s, struct str text) {
    return str_printf(s->c->arena, "\u2068%.*s\u2069", SF(text));
}

static struct str is_said(struct sayer *s, struct str what, const struct ask_field *f,
                          const struct ask_node *n) {
    struct str first = value_said(s, f, n->values[0]);
    if (n->values_n == 1 && n->values[0].prefix)
        return FILL(s, N_("{what} begins with {value}"), PHRASE("what", what),
                    VALUE("value", n->values[0].text));
    if (n->values_n == 1)
        return FILL(s, N_("{what} is {value}"), PHRASE("what", what), VALUE("value", first));
    struct str all = isolated(s, first);
    for (int i = 1; i < n->values_n; i++)
        all = either(s, all, isolated(s, value_said(s, f, n->values[i])));
    return FILL(s, N_("{what} is {value}"), PHRASE("what", what), PHRASE("value", all));
}

static struct str number_said(struct sayer *s, const struct ask_field *f, struct str number) {
    struct str shown = ask_number_shown(s->c, number), unit = s->c->firm.currency;
    if (!f || f->type != ASK_MONEY || !unit.n) return shown;
    if (str_eq_z(unit, "IRR") && s->c->loc->lang == LANG_FA) unit = S("ریال");
    if (str_eq_z(unit, "IRR") && s->c->loc->lang == LANG_AR) unit = S("ريال");
    return str_printf(s->c->arena, "%.*s\u00A0%.*s", SF(shown), SF(unit));
}

static struct str compared(struct sayer *s, struct str what, const struct ask_field *f,
                           const struct ask_node *n) {
    struct str low = number_said(s, f, n->number);
    if (n->op == ASK_BETWEEN)
        return FILL(s, N_("{what} is between {low} and {high}"), PHRASE("what", what),
                    VALUE("low", low), VALUE("high", number_said(s, f, n->number2)));
    const char *text = n->op == ASK_OVER       ? N_("{what} is over {number}")
                       : n->op == ASK_AT_LEAST ? N_("{what} is at least {number}")
                       : n->op == ASK_UNDER    ? N_("{what} is under {number}")
                       : n->op == ASK_AT_MOST  ? N_("{what} is at most {number}")
                                               : N_("{what} is exactly {number}");
    return FILL(s, text, PHRASE("what", what), VALUE("number", low));
}

/* --- periods --- */

static struct str dated(struct sayer *s, struct str what, const struct ask_period *p) {
    struct str from = day_said(s, p->from), until = day_said(s, p->until);
    switch (p->when) {
    case ASK_EVER: return what;
    case ASK_BEFORE:
        return FILL(s, N_("{what} is before {day}"), PHRASE("what", what), VALUE("day", until));
    case ASK_AFTER:
        return FILL(s, N_("{what} is after {day}"), PHRASE("what", what), VALUE("day", from));
    case ASK_RANGE:
        if (str_eq(p->from, p->until))
            return FILL(s, N_("{what} is on {day}"), PHRASE("what", what), VALUE("day", from));
        return FILL(s, N_("{what} is from {day} to {last}"), PHRASE("what", what),
                    VALUE("day", from), VALUE("last", until));
    default:
        return FILL(s, N_("{what} is in {period}"), PHRASE("what", what),
                    PHRASE("period", ask_period_said(s->c, p)));
    }
}

/* «purchases in the last 30 days» */
static struct str within(struct sayer *s, struct str what, const struct ask_period *p) {
    struct str from = day_said(s, p->from), until = day_said(s, p->until);
    switch (p->when) {
    case ASK_EVER: return what;
    case ASK_BEFORE:
        return FILL(s, N_("{what} before {day}"), PHRASE("what", what), VALUE("day", until));
    case ASK_AFTER:
        return FILL(s, N_("{what} after {day}"), PHRASE("what", what), VALUE("day", from));
    case ASK_RANGE:
        return FILL(s, N_("{what} from {day} to {last}"), PHRASE("what", what), VALUE("day", from),
                    VALUE("last", until));
    default:
        return FILL(s, N_("{what} in {period}"), PHRASE("what", what),
                    PHRASE("period", ask_period_said(s->c, p)));
    }
}

/* --- rules --- */

static struct str say(struct sayer *s, const struct ask_node *n, bool inside);

static struct str field_said(struct sayer *s, const struct ask_node *n) {
    const struct ask_field *f = ask_field(s->k, s->of, n->field);
    struct str what = f ? ask_field_shown(s->c, f) : n->field;
    switch (n->op) {
    case ASK_IS: return is_said(s, what, f, n);
    case ASK_FILLED: return FILL(s, N_("{what} has a value"), PHRASE("what", what));
    case ASK_EMPTY: return FILL(s, N_("{what} is empty"), PHRASE("what", what));
    case ASK_SOUNDS:
        return FILL(s, N_("The name sounds like {value}"), VALUE("value", n->values[0].text));
    case ASK_IN: return dated(s, what, &n->period);
    default: return compared(s, what, f, n);
    }
}

/* The records that are meant: «purchases in the last 30 days where Product is A». */
static struct str records(struct sayer *s, struct str what, const struct relation *r,
                          const struct ask_node *n) {
    what = within(s, what, &n->period);
    if (!n->where) return what;
    struct sayer inner = { s->c, s->k, r };
    return FILL(s, N_("{what}, where {criteria}"), PHRASE("what", what),
                PHRASE("criteria", say(&inner, n->where, true)));
}

static struct str measure_said(struct sayer *s, const struct ask_node *n) {
    static const char *const of_records[] = {
        N_("Number of “{relation}”"),   N_("Sum of “{relation}”"),
        N_("Average of “{relation}”"),  N_("Largest of “{relation}”"),
        N_("Smallest of “{relation}”"),
    };
    static const char *const of_field[] = {
        N_("Number of “{relation}”"),
        N_("Sum of “{field}” of “{relation}”"),
        N_("Average of “{field}” of “{relation}”"),
        N_("Largest “{field}” of “{relation}”"),
        N_("Smallest “{field}” of “{relation}”"),
    };
    const struct relation *r = ask_relation(s->k, n->relation);
    const struct ask_field *f = r && n->field.n ? ask_field(s->k, r, n->field) : NULL;
    struct str name = r ? str_of(T(s->c, r->label)) : n->relation, what;
    struct str field = f ? ask_field_shown(s->c, f) : n->field;
    if (!n->field.n || (r && r->amount && str_eq_z(n->field, r->amount)))
        what = FILL(s, of_records[n->fn], PHRASE("relation", name));
    else
        what = FILL(s, of_field[n->fn], PHRASE("relation", name), PHRASE("field", field));
    return compared(s, records(s, what, r, n), f, n);
}

static struct str has_said(struct sayer *s, const struct ask_node *n) {
    const struct relation *r = ask_relation(s->k, n->relation);
    struct str name = r ? str_of(T(s->c, r->label)) : n->relation;
    struct str what =
        FILL(s, n->no ? N_("No “{relation}”") : N_("Has “{relation}”"), PHRASE("relation", name));
    return records(s, what, r, n);
}

static struct str rule_said(struct sayer *s, const struct ask_node *n) {
    const struct ask_segments *segments = ask_catalogue_segments_of(s->k);
    struct str name = NO_STR;
    switch (n->kind) {
    case ASK_FIELD: return field_said(s, n);
    case ASK_MEASURE: return measure_said(s, n);
    case ASK_HAS: return has_said(s, n);
    case ASK_WORDS: return FILL(s, N_("Found by the words {words}"), VALUE("words", n->words));
    case ASK_SEGMENT:
        if (segments && segments->name) name = segments->name(s->c, n->segment);
        if (!name.n) return str_of(T(s->c, N_("In a segment that is not there any more")));
        return FILL(s, N_("In the segment {name}"), VALUE("name", name));
    case ASK_GROUP: break;
    }
    return NO_STR;
}

static struct str say(struct sayer *s, const struct ask_node *n, bool inside) {
    if (n->kind != ASK_GROUP) return rule_said(s, n);
    struct str all = NO_STR;
    for (int i = 0; i < n->items_n; i++) {
        struct str one = say(s, n->items[i], true);
        all = !i                    ? one
              : n->group == ASK_ALL ? FILL(s, N_("{a} and {b}"), PHRASE("a", all), PHRASE("b", one))
                                    : either(s, all, one);
    }
    if (n->group == ASK_NONE) {
        bool one = n->items_n == 1;
        all = one ? FILL(s, N_("not: {a}"), PHRASE("a", all))
                  : FILL(s, N_("none of: {a}"), PHRASE("a", all));
    }
    return inside && n->items_n ? str_printf(s->c->arena, "(%.*s)", SF(all)) : all;
}

struct str ask_say(struct ctx *c, const struct ask_catalogue *k, const struct ask_node *n) {
    struct sayer s = { .c = c, .k = k };
    if (n->kind == ASK_GROUP && n->items_n == 0) return str_of(T(c, N_("All clients")));
    return say(&s, n, false);
}

struct str ask_say_in(struct ctx *c, const struct ask_catalogue *k, const struct relation *of,
                      const struct ask_node *n) {
    struct sayer s = { .c = c, .k = k, .of = of };
    return say(&s, n, false);
}
