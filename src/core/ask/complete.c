/* What may follow at a place of the line: the line before it is parsed, and the parser tells what
 * it would have taken where the line ended; what of that begins as the last word does is offered.
 * Called while people type; calls parse.c, the catalogue, lists of references. */
#include "core/ask/parse.h"
#include "core/entity/list.h"
#include "lib/locale/region.h"
#include "lib/text/fold.h"

enum { FOUND_MAX = 60, WORDS_BACK_MAX = 3 };

struct offer {
    struct ctx *c;
    const struct ask_catalogue *k;
    struct ask_completion *out;
    int n, max;
    struct str begin; /* folded: what is there already */
};

static bool begins(struct offer *o, struct str text) {
    return o->begin.n == 0 || str_starts(fold(o->c->arena, text), o->begin);
}

static void put(struct offer *o, struct str word, struct str label) {
    if (o->n >= o->max) return;
    for (int i = 0; i < o->n; i++)
        if (str_eq(o->out[i].word, word)) return;
    o->out[o->n++] = (struct ask_completion){ word, label };
}

static void put_if(struct offer *o, struct str word, struct str label) {
    if (begins(o, word) || begins(o, label)) put(o, word, label);
}

static struct str with(struct offer *o, struct str word, const char *behind) {
    return str_printf(o->c->arena, "%.*s%s", SF(word), behind);
}

/* A word of the grammar, known by each of its phrases in the reader's language. */
static void put_term(struct offer *o, enum ask_term term, const char *behind, const char *label) {
    struct str rest = str_of(ask_term_words(term, o->c->loc->lang)), word;
    struct str canonical = ask_word_canonical(o->c, term);
    struct str said = label ? str_of(T(o->c, label)) : canonical;
    bool fits = begins(o, canonical);
    while (!fits && str_cut(&rest, ';', &word)) fits = begins(o, word);
    if (fits) put(o, with(o, canonical, behind), said);
}

/* --- rules --- */

static const char *behind_field(const struct ask_field *f) {
    switch (f->type) {
    case ASK_TEXT:
    case ASK_CODE:
    case ASK_YESNO: return ":";
    case ASK_NAME: return "~";
    default: return " ";
    }
}

static void put_fields(struct offer *o, const struct relation *of) {
    const struct ask_field *found[FOUND_MAX];
    int n = catalogue_fields_from(o->k, of, o->begin, found, COUNT(found));
    for (int own = 1; own >= 0; own--) /* first those whose written word begins so */
        for (int i = 0; i < n; i++) {
            struct str word = ask_field_word(o->c, found[i]);
            if (begins(o, word) == own)
                put(o, with(o, word, behind_field(found[i])), ask_field_shown(o->c, found[i]));
        }
}

static void put_rules(struct offer *o, const struct relation *of) {
    bool early = o->begin.n > 0;
    if (early) put_fields(o, of);
    if (!of) {
        put_term(o, ASK_W_COUNT, "(", N_("how many records"));
        put_term(o, ASK_W_SUM, "(", N_("sum of an amount"));
        put_term(o, ASK_W_AVERAGE, "(", N_("average of an amount"));
        put_term(o, ASK_W_LARGEST, "(", N_("largest amount"));
        put_term(o, ASK_W_SMALLEST, "(", N_("smallest amount"));
        put_term(o, ASK_W_HAS, "(", N_("has such records"));
        put_term(o, ASK_W_NO, "(", N_("has no such records"));
        put_term(o, ASK_W_SEGMENT, ":", N_("a saved segment"));
    }
    put_term(o, ASK_W_NOT, " ", N_("not what follows"));
    if (!early) put_fields(o, of);
}

static void put_comparisons(struct offer *o) {
    static const enum ask_term terms[] = { ASK_W_OVER,    ASK_W_AT_LEAST, ASK_W_UNDER,
                                           ASK_W_AT_MOST, ASK_W_IS,       ASK_W_BETWEEN };
    for (int i = 0; i < COUNT(terms); i++) put_term(o, terms[i], " ", NULL);
}

static void put_periods(struct offer *o) {
    static const struct ask_period periods[] = {
        { .when = ASK_LAST, .n = 30, .unit = ASK_DAY },
        { .when = ASK_LAST, .n = 7, .unit = ASK_DAY },
        { .when = ASK_LAST, .n = 90, .unit = ASK_DAY },
        { .when = ASK_THIS, .unit = ASK_MONTH },
        { .when = ASK_PREVIOUS, .unit = ASK_MONTH },
        { .when = ASK_THIS, .unit = ASK_YEAR },
        { .when = ASK_PREVIOUS, .unit = ASK_YEAR },
        { .when = ASK_LAST, .n = 12, .unit = ASK_MONTH },
        { .when = ASK_NEXT, .n = 7, .unit = ASK_DAY },
        { .when = ASK_NEXT, .n = 30, .unit = ASK_DAY },
        { .when = ASK_THIS, .unit = ASK_WEEK },
        { .when = ASK_FOLLOWING, .unit = ASK_WEEK },
        { .when = ASK_FOLLOWING, .unit = ASK_MONTH },
        { .when = ASK_THIS, .unit = ASK_QUARTER },
        { .when = ASK_THIS, .unit = ASK_DAY },
    };
    for (int i = 0; i < COUNT(periods); i++) {
        struct str text = ask_period_text(o->c, &periods[i]);
        put_if(o, text, text);
    }
    put_term(o, ASK_W_BEFORE, " ", NULL);
    put_term(o, ASK_W_AFTER, " ", NULL);
}

static void put_operators(struct offer *o, const struct ask_field *f) {
    bool dated = f->type == ASK_DATE || f->type == ASK_INSTANT || f->type == ASK_ANNUAL;
    if (f->type == ASK_NUMBER || f->type == ASK_MONEY) put_comparisons(o);
    if (dated) {
        put_term(o, ASK_W_IN, " ", NULL);
        put_term(o, ASK_W_BEFORE, " ", NULL);
        put_term(o, ASK_W_AFTER, " ", NULL);
    }
    if (o->begin.n == 0) put(o, f->type == ASK_NAME ? S("~") : S(":"), ask_field_shown(o->c, f));
}

/* --- values --- */

static void put_value(struct offer *o, const struct ask_field *f, const char *code) {
    struct ask_value v = { .text = str_of(code) };
    struct str shown = ask_value_shown(o->c, f, v);
    if (begins(o, shown) || begins(o, v.text)) put(o, ask_value_written(o->c, f, v), shown);
}

/* Records that a reference may name; clients are too many to be offered. */
static void put_records(struct offer *o, const struct ask_field *f) {
    const struct entity *ref = f->field->ref;
    struct list_query q = { .entity = ref, .limit = LIMIT_PAGE_N, .no_total = true };
    struct list_page page;
    struct problems kept = o->c->problems;
    if (!strcmp(ref->name, "member")) put_value(o, f, "me");
    if (ref->indexed || !ctx_may(o->c, ref->may_read)) return;
    o->c->problems = (struct problems){ 0 };
    enum status st = list_run(o->c, &q, &page);
    if (st == OK) st = entity_titles(o->c, ref, page.ids, page.n);
    o->c->problems = kept;
    for (int i = 0; st == OK && i < page.n; i++)
        put_value(o, f, str_printf(o->c->arena, "%lld", (long long)page.ids[i]).p);
}

static void put_values(struct offer *o, const struct ask_field *f) {
    const struct field *field = f->field;
    const struct kind *kind = field ? field->kind : NULL;
    struct arena *a = o->c->arena;
    for (const struct choice *ch = field ? field->choices : NULL; ch && ch->code; ch++)
        if (!choice_retired(ch)) put_value(o, f, ch->code);
    if (f->type == ASK_YESNO) put_value(o, f, "1"), put_value(o, f, "0");
    if (kind == &kind_ref) put_records(o, f);
    struct strs codes = kind == &kind_country    ? country_codes(a)
                        : kind == &kind_language ? language_codes(a)
                                                 : (struct strs){ 0 };
    for (int i = 0; i < codes.n; i++) put_value(o, f, str_z(a, codes.v[i]));
    if (f->type == ASK_DATE || f->type == ASK_INSTANT || f->type == ASK_ANNUAL) put_periods(o);
    if (f->type != ASK_NAME && f->type != ASK_YESNO) {
        put_term(o, ASK_W_EMPTY, "", N_("has no value"));
        if (o->begin.n == 0) put(o, S("*"), str_of(T(o->c, N_("has a value"))));
    }
}

static void put_segments(struct offer *o) {
    const struct ask_segments *s = ask_catalogue_segments_of(o->k);
    struct strs names = { 0 };
    if (!s || !s->names || s->names(o->c, o->begin, &names) != OK) return;
    for (int i = 0; i < names.n; i++) put(o, ask_quoted(o->c, names.v[i]), names.v[i]);
}

static void put_relations(struct offer *o, bool measured) {
    const struct relation *found[FOUND_MAX];
    int n = catalogue_relations_from(o->k, o->begin, found, COUNT(found));
    for (int i = 0; i < n; i++)
        put(o, with(o, ask_relation_word(o->c, found[i]), measured && !found[i]->amount ? "." : ""),
            str_of(T(o->c, found[i]->label)));
}

/* «orders.to»: the numbers of the records before the dot. *from moves behind it. */
static bool put_measured(struct offer *o, struct str partial, int *from) {
    const struct ask_field *const *all;
    for (size_t dot = 0; dot < partial.n; dot++) {
        if (partial.p[dot] != '.') continue;
        const struct relation *r = ask_relation_called(o->k, str_sub(partial, 0, dot));
        if (!r) continue;
        o->begin = fold(o->c->arena, str_sub(partial, dot + 1, SIZE_MAX));
        *from += (int)dot + 1;
        int n = ask_fields(o->k, r, &all);
        for (int i = 0; i < n; i++)
            if (all[i]->type == ASK_NUMBER || all[i]->type == ASK_MONEY)
                put_if(o, ask_field_word(o->c, all[i]), ask_field_shown(o->c, all[i]));
        return true;
    }
    return false;
}

static void put_units(struct offer *o) {
    static const enum ask_term units[] = { ASK_W_DAY, ASK_W_WEEK, ASK_W_MONTH, ASK_W_QUARTER,
                                           ASK_W_YEAR };
    for (int i = 0; i < COUNT(units); i++) put_term(o, units[i], "", NULL);
}

static void put_wanted(struct offer *o, const struct ask_want *w) {
    if ((w->kinds & WANT_VALUE) && w->field) put_values(o, w->field);
    if (w->kinds & WANT_SEGMENT) put_segments(o);
    if (w->kinds & WANT_RELATION) put_relations(o, w->measured);
    if ((w->kinds & WANT_OPERATOR) && w->field) put_operators(o, w->field);
    if (w->kinds & WANT_COMPARE) put_comparisons(o);
    if (w->kinds & WANT_UNIT) put_units(o);
    if ((w->kinds & WANT_PERIOD) && !(w->kinds & (WANT_VALUE | WANT_OPERATOR))) put_periods(o);
    if ((w->kinds & WANT_CLOSE) && o->begin.n == 0) put(o, S(")"), S(")"));
    if ((w->kinds & WANT_COMMA) && o->begin.n == 0)
        put(o, lang_rtl(o->c->loc->lang) ? S("، ") : S(", "), S(","));
    if (w->kinds & WANT_RULE) put_rules(o, w->of);
    if (w->kinds & WANT_JOIN) put_term(o, ASK_W_OR, " ", NULL);
}

/* --- the place --- */

/* Where the last n words before the cursor begin; -1: there are not so many. n 0: at the cursor,
 * when a word does not end there. */
static int back(const struct ask_tok *t, int toks_n, int cursor, int n) {
    int last = toks_n - 2; /* before TOK_END */
    bool in_word = last >= 0 && t[last].at + t[last].n == cursor &&
                   (t[last].kind == TOK_WORD || t[last].kind == TOK_UNCLOSED);
    if (n == 0) return in_word ? -1 : cursor;
    if (!in_word && n == 1) return -1;
    for (int i = last; i > last - n; i--)
        if (i < 0 || (t[i].kind != TOK_WORD && !(i == last && t[i].kind == TOK_UNCLOSED)))
            return -1;
    return t[last - n + 1].at;
}

int ask_complete(struct ctx *c, const struct ask_catalogue *k, struct str line, int cursor,
                 struct ask_completion *out, int max, int *from) {
    struct str head = str_sub(line, 0, cursor < 0 ? 0 : (size_t)cursor);
    struct offer o = { .c = c, .k = k, .out = out, .max = max };
    int toks_n, at = (int)head.n;
    *from = at;
    if (head.n > ASK_LINE_MAX) return 0;
    const struct ask_tok *t = ask_lex(c, head, &toks_n);
    for (int n = 0; n <= WORDS_BACK_MAX && o.n == 0; n++) {
        const struct ask_node *tree;
        struct ask_problem why;
        at = back(t, toks_n, (int)head.n, n);
        if (at < 0) continue;
        struct parser p = { .c = c, .k = k, .line = str_sub(head, 0, (size_t)at), .problem = &why };
        struct str partial = str_sub(head, (size_t)at, SIZE_MAX);
        ask_parse_into(&p, &tree);
        o.begin = fold(c->arena, partial);
        if ((p.want.kinds & WANT_RELATION) && p.want.measured && put_measured(&o, partial, &at))
            p.want.kinds = 0;
        put_wanted(&o, &p.want);
        if (o.n) *from = at;
    }
    return o.n;
}
