/* A rule about one field: «sex:female», «age over 30», «birthday in next 7 days», «name~"Ali"»; and
 * comparisons with numbers. Called by parse.c; calls the catalogue, value.c, parse_period.c. */
#include "core/ask/parse.h"
#include "lib/locale/number.h"
#include "lib/text/fold.h"

enum { FIELD_WORDS_MAX = 5, NUMBER_TOKS_MAX = 6, VALUE_WORDS_MAX = 4 };

#define COMPARE_TERMS                                                                              \
    (ASK_TERM(OVER) | ASK_TERM(AT_LEAST) | ASK_TERM(UNDER) | ASK_TERM(AT_MOST) | ASK_TERM(BETWEEN))

static bool sign_behind(const struct ask_tok *t) {
    return t->kind >= TOK_COLON && t->kind < TOK_RANGE && t->kind != TOK_COMMA;
}

/* The folds of words that follow each other, as one. */
static struct str joined(const struct parser *p, int i, int n) {
    struct str words[FIELD_WORDS_MAX];
    int count = 0;
    if (n == 1) return p->t[i].folded;
    for (int k = 0; k < n; k++)
        if (p->t[i + k].folded.n) words[count++] = p->t[i + k].folded;
    return str_join(p->c->arena, words, count, S(" "));
}

const struct ask_field *ask_field_here(struct parser *p) {
    for (int n = ask_words_from(p, p->i, FIELD_WORDS_MAX); n > 0; n--) {
        int m;
        bool sounds =
            p->t[p->i + n].kind == TOK_TILDE || ask_phrase(p, p->i + n, ASK_TERM(SOUNDS), &m);
        const struct ask_field *f = catalogue_field(p->k, p->of, joined(p, p->i, n), sounds);
        if (!f) continue;
        p->i += n;
        return f;
    }
    return NULL;
}

static bool is_dated(const struct ask_field *f) {
    return f->type == ASK_DATE || f->type == ASK_INSTANT || f->type == ASK_ANNUAL;
}
static bool is_counted(const struct ask_field *f) {
    return f->type == ASK_NUMBER || f->type == ASK_MONEY;
}

static struct ask_node *rule(struct parser *p, const struct ask_field *f, int first,
                             enum ask_op op) {
    struct ask_node *n = ask_leaf(p, ASK_FIELD, first);
    n->field = str_of(f->name);
    n->op = op;
    return n;
}

static void *refuse_field(struct parser *p, const struct ask_tok *t, const char *text,
                          const struct ask_field *f) {
    return ask_fail(p, t->at, t->n, text, ARG("field", ask_field_shown(p->c, f)));
}

/* --- numbers --- */

static bool digit_at(struct str line, int at) {
    if (at < 0 || (size_t)at >= line.n) return false;
    struct str s = str_sub(line, (size_t)at, SIZE_MAX);
    return digit_value(utf8_next(&s)) >= 0;
}

static bool digit_before(struct str line, int at) {
    int from = at - 1;
    while (from > 0 && ((unsigned char)line.p[from] & 0xC0) == 0x80) from--;
    return digit_at(line, from);
}

/* How many tokens from here on could be one number: 1,000 has a comma, «5 million» a word. */
static int number_toks(const struct parser *p, bool in_list) {
    int n = 0;
    while (n < NUMBER_TOKS_MAX) {
        const struct ask_tok *t = &p->t[p->i + n];
        bool comma = n && !in_list && t->kind == TOK_COMMA && !t->spaced && !t[1].spaced &&
                     digit_before(p->line, t->at) && digit_at(p->line, t[1].at);
        if (t->kind != TOK_WORD && !comma) break;
        n++;
    }
    return n;
}

static bool number_in(struct parser *p, const struct ask_field *of, bool in_list, struct str *out) {
    if (p->st != OK) return false;
    for (int n = number_toks(p, in_list); n > 0; n--) {
        if (p->t[p->i + n - 1].kind == TOK_COMMA || (n > 1 && sign_behind(&p->t[p->i + n])))
            continue;
        if (!ask_number_called(p->c, of, ask_slice(p, p->i, n), out)) continue;
        p->i += n;
        return true;
    }
    ask_fail_here(p, tok(p)->kind == TOK_END ? N_("A number is missing here.")
                                             : N_("“{word}” is not a number here."));
    return false;
}

static bool number(struct parser *p, const struct ask_field *of, struct str *out) {
    return number_in(p, of, false, out);
}

/* «5», «5..10», «5..», «..10»; in a list a comma parts numbers, it is none of theirs. */
static bool range(struct parser *p, const struct ask_field *of, bool in_list, struct ask_node *n) {
    if (tok(p)->kind == TOK_RANGE) {
        p->i++;
        n->op = ASK_AT_MOST;
        return number_in(p, of, in_list, &n->number);
    }
    n->op = ASK_EXACTLY;
    if (!number_in(p, of, in_list, &n->number)) return false;
    if (tok(p)->kind != TOK_RANGE) return true;
    p->i++;
    n->op = ASK_AT_LEAST;
    if (tok(p)->kind != TOK_WORD || tok(p)->spaced) return true;
    n->op = ASK_BETWEEN;
    return number_in(p, of, in_list, &n->number2);
}

static bool between(struct parser *p, const struct ask_field *of, struct ask_node *n) {
    n->op = ASK_BETWEEN;
    if (!number(p, of, &n->number)) return false;
    if (tok(p)->kind == TOK_RANGE)
        p->i++;
    else if (!ask_take(p, ASK_TERM(TO)))
        return ask_fail_here(p, N_("The second number is missing here.")) != NULL;
    return number(p, of, &n->number2);
}

static bool compare_sign(struct parser *p, enum ask_op *op) {
    switch (tok(p)->kind) {
    case TOK_MORE: *op = ASK_OVER; break;
    case TOK_LESS: *op = ASK_UNDER; break;
    case TOK_AT_LEAST: *op = ASK_AT_LEAST; break;
    case TOK_AT_MOST: *op = ASK_AT_MOST; break;
    default: return false;
    }
    p->i++;
    return true;
}

bool ask_compare(struct parser *p, const struct ask_field *of, struct ask_node *n) {
    if (p->st != OK) return false;
    ask_wants(p, WANT_COMPARE, NULL);
    if (compare_sign(p, &n->op)) return number(p, of, &n->number);
    bool equal = tok(p)->kind == TOK_EQ || tok(p)->kind == TOK_COLON;
    if (equal) p->i++;
    /* «is», and then perhaps «over» */
    if (!equal) equal = ask_take(p, ASK_TERM(IS)) != 0;
    uint64_t terms = ask_take(p, COMPARE_TERMS);
    if (!terms && equal) return range(p, of, false, n);
    if (terms & ASK_TERM(BETWEEN)) return between(p, of, n);
    n->op = terms & ASK_TERM(AT_LEAST)  ? ASK_AT_LEAST
            : terms & ASK_TERM(AT_MOST) ? ASK_AT_MOST
            : terms & ASK_TERM(OVER)    ? ASK_OVER
                                        : ASK_UNDER;
    if (terms) return number(p, of, &n->number);
    ask_fail_here(p, N_("A comparison is missing here: over, at least, under, at most, is."));
    return false;
}

/* --- values --- */

/* A star right behind a quoted text: begins with it. */
static bool star_behind(struct parser *p) {
    const struct ask_tok *t = tok(p);
    bool star = t->kind == TOK_WORD && !t->spaced && str_eq_z(t->text, "*");
    if (star) p->i++;
    return star;
}

static bool text_value(struct parser *p, const struct ask_field *f, struct ask_value *out) {
    const struct ask_tok *t = tok(p);
    struct str text = t->text;
    p->i++;
    if (t->kind == TOK_STRING)
        out->prefix = star_behind(p);
    else if ((out->prefix = str_ends(text, S("*"))))
        text.n--;
    if (ask_text_called(p->c, text, &out->text)) return true;
    refuse_field(p, t, N_("A value for “{field}” is missing here."), f);
    return false;
}

/* Names of several words are tried when one word is none: country:Saudi Arabia. */
static bool named_value(struct parser *p, const struct ask_field *f, struct ask_value *out) {
    const struct ask_tok *t = tok(p);
    int most = t->kind == TOK_STRING ? 1 : ask_words_from(p, p->i, VALUE_WORDS_MAX);
    for (int n = 1; n <= most; n++) {
        struct str typed = n == 1 ? t->text : ask_slice(p, p->i, n);
        if (n > 1 && sign_behind(&p->t[p->i + n])) break;
        if (!ask_value_called(p->c, f, typed, out)) continue;
        p->i += n;
        return true;
    }
    const char *text = f->type == ASK_YESNO ? N_("“{word}” is neither yes nor no.")
                                            : N_("“{word}” is not a value of “{field}”.");
    ask_fail(p, t->at, t->n, text, ARG("word", t->text), ARG("field", ask_field_shown(p->c, f)));
    return false;
}

static bool one_value(struct parser *p, const struct ask_field *f, struct ask_value *out) {
    const struct ask_tok *t = tok(p);
    *out = (struct ask_value){ 0 };
    ask_wants(p, WANT_VALUE, f);
    if (t->kind != TOK_WORD && t->kind != TOK_STRING) {
        if (t->kind == TOK_UNCLOSED)
            ask_fail_here(p, N_("This quotation mark is not closed."));
        else
            refuse_field(p, t, N_("A value for “{field}” is missing here."), f);
        return false;
    }
    return f->type == ASK_TEXT || f->type == ASK_NAME ? text_value(p, f, out)
                                                      : named_value(p, f, out);
}

static const struct ask_node *list(struct parser *p, const struct ask_field *f, int first) {
    struct ask_node *n = rule(p, f, first, ASK_IS);
    struct ask_value *v = NULL;
    int cap = 0;
    do {
        if (n->values_n == cap) {
            int more = cap ? cap * 2 : 4;
            v = arena_grow(p->c->arena, v, (size_t)cap * sizeof *v, (size_t)more * sizeof *v);
            cap = more;
        }
        if (!one_value(p, f, &v[n->values_n])) return NULL;
        n->values_n++;
    } while (tok(p)->kind == TOK_COMMA && p->i++ >= 0);
    n->values = v;
    return n;
}

/* Numbers: one, a range, or several of them. */
static const struct ask_node *numbers(struct parser *p, const struct ask_field *f, int first) {
    const struct ask_node *any[ASK_RULES_MOST + 1], **items;
    int n = 0;
    do {
        struct ask_node *one = rule(p, f, first, ASK_EXACTLY);
        if (!range(p, f, true, one)) return NULL;
        any[n++] = one;
    } while (n <= ASK_RULES_MOST && tok(p)->kind == TOK_COMMA && p->i++ >= 0);
    if (n == 1) return any[0];
    items = arena_array(p->c->arena, const struct ask_node *, n);
    memcpy(items, any, (size_t)n * sizeof *items);
    return ask_group_of(p, ASK_ANY, items, n);
}

static const struct ask_node *period_rule(struct parser *p, const struct ask_field *f, int first) {
    struct ask_period period = { 0 };
    ask_wants(p, WANT_PERIOD, f);
    int got = ask_period_here(p, &period);
    if (got < 0) return NULL;
    if (!got) { /* the place is behind what was understood */
        ask_take(p, ASK_TERM(IN) | ASK_TERM(THE));
        bool side = ask_take(p, ASK_TERM(BEFORE) | ASK_TERM(AFTER)) != 0;
        bool end = tok(p)->kind == TOK_END;
        const char *missing = side ? N_("A date is missing here.")
                                   : N_("A period is missing here, for instance: last 30 days.");
        const char *wrong =
            side ? N_("“{word}” is not a date.") : N_("“{word}” is not a period or a date.");
        return ask_fail_here(p, end ? missing : wrong);
    }
    struct ask_node *n = rule(p, f, first, ASK_IN);
    n->period = period;
    return n;
}

/* Behind the colon. */
static const struct ask_node *is(struct parser *p, const struct ask_field *f, int first) {
    ask_wants(p, WANT_VALUE, f);
    const struct ask_tok *t = tok(p);
    if (t->kind == TOK_WORD && str_eq_z(t->text, "*") && t[1].kind != TOK_COMMA) {
        p->i++;
        return rule(p, f, first, ASK_FILLED);
    }
    if (ask_take(p, ASK_TERM(EMPTY))) return rule(p, f, first, ASK_EMPTY);
    if (is_counted(f)) return numbers(p, f, first);
    if (is_dated(f)) return period_rule(p, f, first);
    return list(p, f, first);
}

/* --- what follows a field --- */

/* «created > 2024-01-01»: signs before a day. */
static const struct ask_node *dated_sign(struct parser *p, const struct ask_field *f, int first,
                                         enum ask_op op) {
    struct ask_period period = { 0 };
    const struct ask_tok *t = tok(p);
    int got = ask_period_here(p, &period);
    if (got < 0) return NULL;
    if (!got || period.when != ASK_RANGE)
        return ask_fail(p, t->at, t->n, N_("A date is missing here."));
    struct ask_node *n = rule(p, f, first, ASK_IN);
    bool after = op == ASK_OVER || op == ASK_AT_LEAST;
    n->period.when = after ? ASK_AFTER : ASK_BEFORE;
    if (op == ASK_OVER) n->period.from = period.until;
    if (op == ASK_UNDER) n->period.until = period.from;
    if (op == ASK_AT_LEAST) n->period.from = ask_day_moved(p->c, period.from, -1);
    if (op == ASK_AT_MOST) n->period.until = ask_day_moved(p->c, period.until, 1);
    if (n->period.from.n || n->period.until.n) return n;
    return ask_fail(p, t->at, t->n, N_("A date is missing here."));
}

static const struct ask_node *dated(struct parser *p, const struct ask_field *f, int first) {
    enum ask_op op;
    if (compare_sign(p, &op)) return dated_sign(p, f, first, op);
    ask_take(p, ASK_TERM(IS));
    return period_rule(p, f, first);
}

static const struct ask_node *sounds(struct parser *p, const struct ask_field *f, int first) {
    struct ask_value *v = arena_new_of(p->c->arena, struct ask_value);
    if (!one_value(p, f, v)) return NULL;
    if (v->prefix) return refuse_field(p, &p->t[p->i - 1], N_("“{field}” takes no star."), f);
    struct ask_node *n = rule(p, f, first, ASK_SOUNDS);
    n->values = v;
    n->values_n = 1;
    return n;
}

/* «is not» turns the rule. */
static const struct ask_node *is_word(struct parser *p, const struct ask_field *f, int first) {
    bool no = ask_take(p, ASK_TERM(NOT)) != 0;
    const struct ask_node *n = is(p, f, first);
    if (!n || !no) return n;
    const struct ask_node **one = arena_array(p->c->arena, const struct ask_node *, 1);
    one[0] = n;
    return ask_group_of(p, ASK_NONE, one, 1);
}

/* «consent.email:yes» is «do not e-mail: no». */
static const struct ask_node *consent(struct parser *p, const struct ask_field *f) {
    int first = p->i++;
    struct ask_value *v = arena_new_of(p->c->arena, struct ask_value);
    if (tok(p)->kind != TOK_COLON && tok(p)->kind != TOK_EQ)
        return refuse_field(p, tok(p), N_("After “{field}” comes a colon with a value."), f);
    p->i++;
    if (!one_value(p, f, v)) return NULL;
    v->text = str_eq_z(v->text, "1") ? S("0") : S("1");
    struct ask_node *n = rule(p, f, first, ASK_IS);
    n->values = v;
    n->values_n = 1;
    return n;
}

static const struct ask_node *unknown(struct parser *p) {
    if (ask_refuse_other(p)) return NULL;
    if (p->of)
        return ask_fail(p, tok(p)->at, tok(p)->n, N_("“{relation}” have no field “{word}”."),
                        ARG("relation", ask_relation_word(p->c, p->of)),
                        ARG("word", ask_slice(p, p->i, 1)));
    return ask_fail_here(p,
                         N_("“{word}” is no field and no word that is known here. Free words stand "
                            "in quotation marks."));
}

const struct ask_node *ask_field_rule(struct parser *p) {
    int first = p->i, n;
    const struct ask_field *f = ask_field_here(p);
    const struct ask_field *against = f ? NULL : ask_consent_here(p);
    if (against) return consent(p, against);
    if (!f) return unknown(p);
    ask_wants(p, WANT_OPERATOR, f);
    const struct ask_tok *t = tok(p);
    if (t->kind == TOK_TILDE || ask_take(p, ASK_TERM(SOUNDS))) {
        if (f->type != ASK_NAME)
            return refuse_field(p, t, N_("“{field}” is no name: ~ finds names that sound alike."),
                                f);
        p->i += t->kind == TOK_TILDE;
        return sounds(p, f, first);
    }
    if (t->kind == TOK_COLON || (t->kind == TOK_EQ && !is_dated(f) && !is_counted(f))) {
        p->i++;
        return is(p, f, first);
    }
    if (is_counted(f)) {
        struct ask_node *made = rule(p, f, first, ASK_EXACTLY);
        int from = p->i;
        if (ask_take(p, ASK_TERM(IS)) && ask_phrase(p, p->i, ASK_TERM(EMPTY) | ASK_TERM(NOT), &n))
            return is_word(p, f, first);
        p->i = from;
        return ask_compare(p, f, made) ? made : NULL;
    }
    if (t->kind == TOK_EQ) p->i++;
    if (is_dated(f)) return dated(p, f, first);
    if (ask_take(p, ASK_TERM(IS))) return is_word(p, f, first);
    enum ask_op op;
    if (compare_sign(p, &op) || ask_take(p, COMPARE_TERMS))
        return refuse_field(p, t, N_("“{field}” is not a number."), f);
    return refuse_field(p, t, N_("After “{field}” comes a colon with a value."), f);
}
