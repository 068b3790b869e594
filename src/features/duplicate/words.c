/* Why two may be one, in words: «same phone; Mohammad = محمد; birth day one digit off», and what
 * speaks against it. Called by the pages and near.c; calls lib/locale. */
#include "features/duplicate/work.h"
#include "lib/text/fold.h"

/* What is said of a column at a level; {a} and {b}: the two values. NULL: see `plain`. */
struct saying {
    enum column column;
    enum match_level level;
    const char *text, *plain; /* plain: where no values are at hand */
};
static const struct saying sayings[] = {
    { COLUMN_OWN_ID, MATCH_EXACT, N_("same own number"), NULL },
    { COLUMN_OWN_ID, MATCH_EDIT_1, N_("own number one digit off"), NULL },
    { COLUMN_PHONE, MATCH_EXACT, N_("same phone"), NULL },
    { COLUMN_PHONE, MATCH_TAIL, N_("phones end alike"), NULL },
    { COLUMN_PHONE, MATCH_EDIT_1, N_("phone one digit off"), NULL },
    { COLUMN_EMAIL, MATCH_EXACT, N_("same e-mail"), NULL },
    { COLUMN_EMAIL, MATCH_USER, N_("same e-mail name at another provider"), NULL },
    { COLUMN_EMAIL, MATCH_EDIT_1, N_("e-mail one letter off"), NULL },
    { COLUMN_EMAIL, MATCH_EDIT_2, N_("nearly the same e-mail"), NULL },
    { COLUMN_EMAIL, MATCH_JW_92, N_("similar e-mails"), NULL },
    { COLUMN_GIVEN, MATCH_EXACT, N_("same first name"), NULL },
    { COLUMN_GIVEN, MATCH_KEY, N_("{a} = {b}"), N_("same first name, written otherwise") },
    { COLUMN_GIVEN, MATCH_NICKNAME, N_("{a} is short for {b}"),
      N_("one first name short for the other") },
    { COLUMN_GIVEN, MATCH_SWAPPED, N_("first and last name the other way round"), NULL },
    { COLUMN_GIVEN, MATCH_WORDS, N_("same first names in another order"), NULL },
    { COLUMN_GIVEN, MATCH_PART, N_("part of the first name: {a}, {b}"),
      N_("part of the first name") },
    { COLUMN_GIVEN, MATCH_EDIT_1, N_("first name one letter off: {a}, {b}"),
      N_("first name one letter off") },
    { COLUMN_GIVEN, MATCH_JW_92, N_("similar first names: {a}, {b}"), N_("similar first names") },
    { COLUMN_FAMILY, MATCH_EXACT, N_("same last name"), NULL },
    { COLUMN_FAMILY, MATCH_KEY, N_("{a} = {b}"), N_("same last name, written otherwise") },
    { COLUMN_FAMILY, MATCH_WORDS, N_("same last names in another order"), NULL },
    { COLUMN_FAMILY, MATCH_PART, N_("part of the last name: {a}, {b}"),
      N_("part of the last name") },
    { COLUMN_FAMILY, MATCH_EDIT_1, N_("last name one letter off: {a}, {b}"),
      N_("last name one letter off") },
    { COLUMN_FAMILY, MATCH_JW_92, N_("similar last names: {a}, {b}"), N_("similar last names") },
    { COLUMN_FIRM, MATCH_EXACT, N_("same name"), NULL },
    { COLUMN_FIRM, MATCH_KEY, N_("{a} = {b}"), N_("same name, written otherwise") },
    { COLUMN_FIRM, MATCH_WORDS, N_("same words in the name"), NULL },
    { COLUMN_FIRM, MATCH_PART, N_("part of the name: {a}, {b}"), N_("part of the name") },
    { COLUMN_FIRM, MATCH_EDIT_1, N_("name one letter off: {a}, {b}"), N_("name one letter off") },
    { COLUMN_FIRM, MATCH_JW_92, N_("similar names: {a}, {b}"), N_("similar names") },
    { COLUMN_FATHER, MATCH_EXACT, N_("same father’s name"), NULL },
    { COLUMN_FATHER, MATCH_KEY, N_("same father’s name"), NULL },
    { COLUMN_BIRTH, MATCH_EXACT, N_("same birth date"), NULL },
    { COLUMN_BIRTH, MATCH_PART, N_("same birthday, one without the year"), NULL },
    { COLUMN_BIRTH, MATCH_SWAPPED, N_("day and month of birth the other way round"), NULL },
    { COLUMN_BIRTH, MATCH_EDIT_1, N_("birth date one digit off"), NULL },
    { COLUMN_BIRTH, MATCH_EDIT_2, N_("birth date two digits off"), NULL },
    { COLUMN_POSTCODE, MATCH_EXACT, N_("same postal code"), NULL },
    { COLUMN_TOWN, MATCH_EXACT, N_("same town"), NULL },
    { COLUMN_TOWN, MATCH_KEY, N_("same town"), NULL },
};
/* In which order people want to hear it, and what differs. */
static const struct {
    enum column column;
    const char *differs;
} order[] = {
    { COLUMN_OWN_ID, N_("another own number") },
    { COLUMN_PHONE, N_("other phones") },
    { COLUMN_EMAIL, N_("other e-mails") },
    { COLUMN_FIRM, N_("other names") },
    { COLUMN_GIVEN, N_("other first names") },
    { COLUMN_FAMILY, N_("other last names") },
    { COLUMN_FATHER, N_("another father’s name") },
    { COLUMN_BIRTH, N_("another birth date") },
    { COLUMN_STREET, N_("another address") },
    { COLUMN_POSTCODE, NULL },
    { COLUMN_TOWN, N_("another town") },
    { COLUMN_KIND, N_("one is a person, the other an organisation") },
};

/* Levels that are said like another one. */
static enum match_level said_as(enum column column, enum match_level l) {
    bool name = column == COLUMN_GIVEN || column == COLUMN_FAMILY || column == COLUMN_FIRM;
    if (name && (l == MATCH_EDIT_2 || l == MATCH_JW_88 || l == MATCH_JW_70)) return MATCH_JW_92;
    if (column == COLUMN_EMAIL && (l == MATCH_JW_88 || l == MATCH_JW_70)) return MATCH_JW_92;
    if (column == COLUMN_FAMILY && l == MATCH_SWAPPED) return MATCH_MISSING; /* said once */
    return l;
}

static struct str value_of(const struct party *p, enum column column) {
    switch (column) {
    case COLUMN_GIVEN: return p->given_name.n ? p->given_name : p->display_name;
    case COLUMN_FAMILY: return p->family_name.n ? p->family_name : p->display_name;
    default: return p->display_name;
    }
}

static struct str quoted(struct ctx *c, const struct saying *s, const struct party *a,
                         const struct party *b) {
    struct tr_arg args[] = { ARG("a", a ? value_of(a, s->column) : NO_STR),
                             ARG("b", b ? value_of(b, s->column) : NO_STR) };
    bool names = a && b && args[0].value.n && args[1].value.n &&
                 !str_eq(args[0].value, args[1].value) &&
                 /* the shorter form first */
                 (s->level != MATCH_NICKNAME || (args[0].value.n > 0));
    if (s->level == MATCH_NICKNAME && names && args[0].value.n > args[1].value.n) {
        struct str first = args[0].value;
        args[0].value = args[1].value;
        args[1].value = first;
    }
    if (!names && s->plain) return str_of(T(c, s->plain));
    return tr_fill(c->arena, T(c, s->text), args, COUNT(args));
}

static const struct saying *saying_of(enum column column, enum match_level level) {
    for (int i = 0; i < COUNT(sayings); i++)
        if (sayings[i].column == column && sayings[i].level == level) return &sayings[i];
    return NULL;
}

static struct str joined(struct ctx *c, const struct str *v, int n) {
    bool arabic = c->loc->lang == LANG_FA || c->loc->lang == LANG_AR;
    return str_join(c->arena, v, n,
                    arabic                    ? S("؛ ")
                    : c->loc->lang == LANG_FR ? S(" ; ")
                                              : S("; "));
}

static bool agrees(enum match_level l) {
    return l == MATCH_EXACT || l == MATCH_KEY;
}

/* «same name», where both parts are the same; «same address», street and number. */
static bool said_whole(struct ctx *c, const struct match_part *parts, enum column column,
                       struct str *text) {
    if (column == COLUMN_GIVEN && parts[COLUMN_GIVEN].level == MATCH_EXACT &&
        parts[COLUMN_FAMILY].level == MATCH_EXACT) {
        *text = str_of(T(c, N_("same name")));
        return true;
    }
    if (column != COLUMN_STREET || !agrees(parts[COLUMN_STREET].level)) return false;
    *text =
        str_of(T(c, agrees(parts[COLUMN_HOUSE].level) ? N_("same address") : N_("same street")));
    return true;
}

static bool said_before(const struct match_part *parts, enum column column) {
    return column == COLUMN_FAMILY && parts[COLUMN_GIVEN].level == MATCH_EXACT &&
           parts[COLUMN_FAMILY].level == MATCH_EXACT;
}

void duplicate_reasons(struct ctx *c, const struct match_part *parts, const struct party *a,
                       const struct party *b, struct reasons *yes, struct reasons *no) {
    yes->n = no->n = 0;
    for (int i = 0; i < COUNT(order); i++) {
        enum column column = order[i].column;
        enum match_level level = said_as(column, parts[column].level);
        const struct saying *s = saying_of(column, level);
        struct str whole;
        if (said_before(parts, column)) continue;
        if (said_whole(c, parts, column, &whole))
            yes->v[yes->n++] = whole;
        else if (s)
            yes->v[yes->n++] = quoted(c, s, a, b);
        else if (level == MATCH_DIFFERENT && order[i].differs)
            no->v[no->n++] = str_of(T(c, order[i].differs));
    }
}

void duplicate_words(struct ctx *c, const struct match_part *parts, const struct party *a,
                     const struct party *b, struct str *why, struct str *but) {
    struct reasons yes, no;
    duplicate_reasons(c, parts, a, b, &yes, &no);
    *why = joined(c, yes.v, yes.n);
    *but = joined(c, no.v, no.n);
}
