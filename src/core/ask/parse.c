/* The line of text becomes a tree: groups, not, records (has, count, sum …), segments, free words.
 * Called by pages, API, command line; calls lex.c, parse_rule.c, parse_period.c, the catalogue.
 * Descends through the grammar of query-language.md C2; every refusal says where. */
#include "core/ask/parse.h"

#include "lib/text/fold.h"

enum { NESTING_MAX = 32 }; /* brackets and nots as typed; the limit proper is of the normal form */

void *ask_fail_(struct parser *p, int at, int n, const char *text, const struct tr_arg *args,
                size_t args_n) {
    if (p->st != OK) return NULL;
    p->st = INVALID;
    *p->problem = (struct ask_problem){ .at = at, .n = n, .text = text, .args_n = (int)args_n - 1 };
    p->problem->args = arena_array(p->c->arena, struct tr_arg, args_n);
    for (size_t i = 1; i < args_n; i++) p->problem->args[i - 1] = args[i];
    return NULL;
}

void *ask_fail_here(struct parser *p, const char *text) {
    return ask_fail(p, tok(p)->at, tok(p)->n, text,
                    ARG("word", str_sub(p->line, (size_t)tok(p)->at, (size_t)tok(p)->n)));
}

void ask_wants(struct parser *p, unsigned kinds, const struct ask_field *f) {
    if (tok(p)->kind != TOK_END || p->st != OK) return;
    p->want.kinds |= kinds;
    p->want.of = p->of;
    if (f) p->want.field = f;
}

int ask_words_from(const struct parser *p, int i, int most) {
    int n = 0;
    while (n < most && p->t[i + n].kind == TOK_WORD) n++;
    return n;
}

static struct str folded(const struct parser *p, int i, int n) {
    if (n == 1) return p->t[i].folded;
    struct str words[8];
    int count = 0;
    for (int k = 0; k < n && k < COUNT(words); k++)
        if (p->t[i + k].folded.n) words[count++] = p->t[i + k].folded;
    return str_join(p->c->arena, words, count, S(" "));
}

uint64_t ask_phrase(const struct parser *p, int i, uint64_t wanted, int *n) {
    for (*n = ask_words_from(p, i, ASK_TERM_WORDS_MAX); *n > 0; --*n) {
        uint64_t terms = ask_terms(p->c, folded(p, i, *n), wanted);
        if (terms) return terms;
    }
    return 0;
}

uint64_t ask_take(struct parser *p, uint64_t wanted) {
    int n;
    uint64_t terms = ask_phrase(p, p->i, wanted, &n);
    p->i += n;
    return terms;
}

struct str ask_slice(const struct parser *p, int i, int n) {
    const struct ask_tok *last = &p->t[i + n - 1];
    return str_sub(p->line, (size_t)p->t[i].at, (size_t)(last->at + last->n - p->t[i].at));
}

struct ask_node *ask_leaf(struct parser *p, enum ask_kind kind, int first) {
    struct ask_node *n = arena_new_of(p->c->arena, struct ask_node);
    n->kind = kind;
    if (p->places_n == p->places_cap) {
        int cap = p->places_cap ? p->places_cap * 2 : 16;
        p->places = arena_grow(p->c->arena, p->places, (size_t)p->places_cap * sizeof *p->places,
                               (size_t)cap * sizeof *p->places);
        p->places_cap = cap;
    }
    p->places[p->places_n++] = (struct ask_place){ n, p->t[first].at, p->t[first].n };
    return n;
}

const struct ask_node *ask_group_of(struct parser *p, enum ask_group kind,
                                    const struct ask_node **items, int n) {
    struct ask_node *group = arena_new_of(p->c->arena, struct ask_node);
    *group = (struct ask_node){ .kind = ASK_GROUP, .group = kind, .items = items, .items_n = n };
    return group;
}

struct items { /* a growing list of nodes */
    const struct ask_node **v;
    int n, cap;
};

static void push(struct parser *p, struct items *l, const struct ask_node *n) {
    if (l->n == l->cap) {
        int cap = l->cap ? l->cap * 2 : 4;
        l->v = arena_grow(p->c->arena, l->v, (size_t)l->cap * sizeof *l->v,
                          (size_t)cap * sizeof *l->v);
        l->cap = cap;
    }
    l->v[l->n++] = n;
}

static const struct ask_node *all_of(struct parser *p) {
    struct items l = { 0 };
    for (;;) {
        int n;
        if (l.n) ask_wants(p, WANT_JOIN | (p->nesting ? WANT_CLOSE : 0), NULL);
        bool more = l.n && ask_take(p, ASK_TERM(AND));
        ask_wants(p, WANT_RULE, NULL);
        enum ask_tok_kind kind = tok(p)->kind;
        bool over = kind == TOK_END || kind == TOK_CLOSE || ask_phrase(p, p->i, ASK_TERM(OR), &n);
        if (over && l.n && !more) break;
        if (over) return ask_fail_here(p, N_("Something is missing here."));
        const struct ask_node *item = ask_item(p);
        if (!item) return NULL;
        push(p, &l, item);
    }
    return l.n == 1 ? l.v[0] : ask_group_of(p, ASK_ALL, l.v, l.n);
}

const struct ask_node *ask_any(struct parser *p) {
    struct items l = { 0 };
    do {
        const struct ask_node *all = all_of(p);
        if (!all) return NULL;
        push(p, &l, all);
    } while (ask_take(p, ASK_TERM(OR)));
    return l.n == 1 ? l.v[0] : ask_group_of(p, ASK_ANY, l.v, l.n);
}

static bool deeper(struct parser *p, int first) {
    if (++p->nesting <= NESTING_MAX) return true;
    ask_fail(p, p->t[first].at, p->t[first].n, N_("Too deep: at most {max} groups in each other."),
             ARG("max", str_printf(p->c->arena, "%d", ASK_DEPTH_MOST)));
    return false;
}

/* Behind an opening bracket, up to and with the closing one. */
static const struct ask_node *bracketed(struct parser *p, int open) {
    if (!deeper(p, open)) return NULL;
    const struct ask_node *n = ask_any(p);
    if (!n) return NULL;
    ask_wants(p, WANT_CLOSE, NULL);
    if (tok(p)->kind != TOK_CLOSE)
        return ask_fail(p, p->t[open].at, p->t[open].n, N_("This bracket is not closed."));
    p->i++;
    p->nesting--;
    return n;
}

static const struct ask_node *not_item(struct parser *p) {
    const struct ask_node **one = arena_array(p->c->arena, const struct ask_node *, 1);
    if (!deeper(p, p->i > 0 ? p->i - 1 : 0)) return NULL;
    ask_wants(p, WANT_RULE, NULL);
    if (tok(p)->kind == TOK_END || tok(p)->kind == TOK_CLOSE)
        return ask_fail_here(p, N_("Something is missing here."));
    one[0] = ask_item(p);
    p->nesting--;
    return one[0] ? ask_group_of(p, ASK_NONE, one, 1) : NULL;
}

/* --- records: has(…), count(…), sum(… .field …) --- */

/* «orders» or «orders.total»: the longest that is one. */
static const struct relation *relation_here(struct parser *p, struct str *field) {
    ask_wants(p, WANT_RELATION, NULL);
    *field = NO_STR;
    for (int n = ask_words_from(p, p->i, 4); n > 0; n--) {
        const struct relation *r = catalogue_relation(p->k, folded(p, p->i, n));
        struct str text = ask_slice(p, p->i, n);
        if (r) {
            p->i += n;
            return r;
        }
        for (ptrdiff_t dot = 0; (size_t)dot < text.n; dot++) {
            if (text.p[dot] != '.') continue;
            struct str left = str_sub(text, 0, (size_t)dot);
            r = left.n ? catalogue_relation(p->k, fold(p->c->arena, left)) : NULL;
            if (!r) continue;
            *field = str_sub(text, (size_t)dot + 1, SIZE_MAX);
            p->want.of = r;
            p->i += n;
            return r;
        }
    }
    return ask_fail_here(p, tok(p)->kind == TOK_END ? N_("Something is missing here.")
                                                    : N_("There are no records “{word}” here."));
}

/* What is added up: the field that was written, or the one that the records are about. */
static bool measured(struct parser *p, struct ask_node *n, const struct relation *r,
                     struct str written, const struct ask_field **of) {
    const struct ask_tok *t = &p->t[p->i - 1];
    *of = NULL;
    if (n->fn == ASK_COUNT && written.n) {
        ask_fail(p, t->at, t->n, N_("Records are counted, not their fields."));
        return false;
    }
    if (n->fn == ASK_COUNT) return true;
    if (!written.n && !r->amount) {
        ask_fail(p, t->at, t->n, N_("Say which field: “{word}.field”."),
                 ARG("word", ask_relation_word(p->c, r)));
        return false;
    }
    *of = written.n ? ask_field_called(p->k, r, written) : ask_field(p->k, r, str_of(r->amount));
    if (*of && ((*of)->type == ASK_NUMBER || (*of)->type == ASK_MONEY)) {
        n->field = str_of((*of)->name);
        return true;
    }
    ask_fail(p, t->at, t->n,
             *of ? N_("“{word}” is not a number.") : N_("There is no field “{word}” here."),
             ARG("word", written.n ? written : str_of(r->amount)));
    return false;
}

/* Period and criteria, up to and with the closing bracket. */
static bool arguments(struct parser *p, struct ask_node *n, const struct relation *r, int open) {
    bool period = false;
    for (;;) {
        ask_wants(p, WANT_CLOSE | (n->where ? 0 : WANT_COMMA), NULL);
        if (tok(p)->kind == TOK_CLOSE) break;
        bool comma = tok(p)->kind == TOK_COMMA;
        if (comma) p->i++;
        if (tok(p)->kind == TOK_END) {
            if (comma) ask_wants(p, WANT_RULE | (period ? 0 : WANT_PERIOD), NULL);
            p->want.of = r;
            ask_fail(p, p->t[open].at, p->t[open].n, N_("This bracket is not closed."));
            return false;
        }
        const struct ask_tok *first = tok(p);
        int got = period || n->where ? 0 : ask_period_here(p, &n->period);
        if (got < 0) return false;
        if (got && !r->date) {
            ask_fail(p, first->at, first->n, N_("These records have no date."));
            return false;
        }
        if (got) {
            period = true;
            continue;
        }
        if (n->where || !comma) {
            ask_fail_here(p, N_("Here a comma or a closing bracket is missing."));
            return false;
        }
        p->of = r;
        p->want.of = r;
        n->where = ask_any(p);
        p->of = NULL;
        if (!n->where) return false;
        n->where = ask_normal(p->c->arena, n->where);
    }
    p->i++;
    return true;
}

static const struct ask_node *records(struct parser *p, struct ask_node *n, int open) {
    struct str written;
    const struct ask_field *of = NULL;
    if (!deeper(p, open)) return NULL;
    p->want.measured = n->kind == ASK_MEASURE && n->fn != ASK_COUNT;
    const struct relation *r = relation_here(p, &written);
    if (!r) return NULL;
    n->relation = str_of(r->name);
    if (n->kind == ASK_HAS && written.n) {
        return ask_fail(p, p->t[p->i - 1].at, p->t[p->i - 1].n,
                        N_("There are no records “{word}” here."),
                        ARG("word", ask_slice(p, p->i - 1, 1)));
    }
    if (n->kind == ASK_MEASURE && !measured(p, n, r, written, &of)) return NULL;
    if (!arguments(p, n, r, open)) return NULL;
    p->nesting--;
    if (n->kind == ASK_MEASURE && !ask_compare(p, of, n)) return NULL;
    return n;
}

/* Of clients alone: inside the criteria of records there are only their fields. */
static bool outside(struct parser *p, int at, int n) {
    if (!p->of) return true;
    ask_fail(p, at, n, N_("Only fields of “{word}” can be asked here."),
             ARG("word", ask_relation_word(p->c, p->of)));
    return false;
}

/* --- a segment, free words --- */

static const struct ask_node *segment_value(struct parser *p) {
    const struct ask_segments *s = ask_catalogue_segments_of(p->k);
    const struct ask_tok *t = tok(p);
    int64_t id = 0;
    ask_wants(p, WANT_SEGMENT, NULL);
    if (t->kind != TOK_WORD && t->kind != TOK_STRING)
        return ask_fail_here(p, N_("A name is missing here."));
    struct str name = text_clean(p->c->arena, t->text, CLEAN_LINE);
    bool number = t->kind == TOK_WORD && str_starts(name, S("#")) &&
                  str_to_i64(str_sub(name, 1, SIZE_MAX), &id) && id > 0;
    if (!number && s && s->find && name.n) {
        enum status st = s->find(p->c, name, &id);
        if (st != OK && st != MISSING) {
            p->st = st;
            return NULL;
        }
    }
    if (id <= 0)
        return ask_fail(p, t->at, t->n, N_("There is no segment “{word}”."), ARG("word", name));
    struct ask_node *n = ask_leaf(p, ASK_SEGMENT, p->i++);
    n->segment = id;
    return n;
}

static const struct ask_node *segments(struct parser *p) {
    struct items l = { 0 };
    do {
        const struct ask_node *n = segment_value(p);
        if (!n) return NULL;
        push(p, &l, n);
    } while (tok(p)->kind == TOK_COMMA && p->i++ >= 0);
    return l.n == 1 ? l.v[0] : ask_group_of(p, ASK_ANY, l.v, l.n);
}

static const struct ask_node *free_words(struct parser *p) {
    const struct ask_tok *t = tok(p);
    if (!outside(p, t->at, t->n)) return NULL;
    struct ask_node *n = ask_leaf(p, ASK_WORDS, p->i++);
    if (!ask_text_called(p->c, t->text, &n->words) || n->words.n > ASK_TEXT_MOST)
        return ask_fail(p, t->at, t->n, N_("A word is missing here."));
    return n;
}

/* --- one item --- */

static bool sets_value(const struct ask_tok *t) {
    return t->kind == TOK_COLON || t->kind == TOK_EQ;
}

/* «has phone», «no phone»: without a bracket, of a field alone. *out NULL: it is not that. */
static bool bare(struct parser *p, uint64_t terms, const struct ask_node **out) {
    int from = p->i, n;
    const struct ask_field *f = ask_field_here(p);
    bool goes_on = sets_value(tok(p)) || (tok(p)->kind >= TOK_TILDE && tok(p)->kind < TOK_END) ||
                   ask_phrase(p, p->i,
                              ASK_TERM(OVER) | ASK_TERM(AT_LEAST) | ASK_TERM(UNDER) |
                                  ASK_TERM(AT_MOST) | ASK_TERM(BETWEEN) | ASK_TERM(IN) |
                                  ASK_TERM(IS) | ASK_TERM(BEFORE) | ASK_TERM(AFTER),
                              &n);
    if (!f || goes_on) {
        p->i = from;
        return false;
    }
    struct ask_node *made = ask_leaf(p, ASK_FIELD, from);
    made->field = str_of(f->name);
    made->op = terms & ASK_TERM(HAS) ? ASK_FILLED : ASK_EMPTY;
    *out = made;
    return true;
}

static const enum ask_term fn_terms[] = { ASK_W_COUNT, ASK_W_SUM, ASK_W_AVERAGE, ASK_W_LARGEST,
                                          ASK_W_SMALLEST };
#define FN_TERMS                                                                                   \
    (ASK_TERM(COUNT) | ASK_TERM(SUM) | ASK_TERM(AVERAGE) | ASK_TERM(LARGEST) | ASK_TERM(SMALLEST))

/* Words that open a bracket: has, no, count, sum … */
static const struct ask_node *opener(struct parser *p, uint64_t terms, int words_n) {
    int first = p->i, open = p->i + words_n;
    if (!outside(p, p->t[first].at, p->t[first].n)) return NULL;
    bool has = terms & (ASK_TERM(HAS) | ASK_TERM(NO));
    struct ask_node *n = ask_leaf(p, has ? ASK_HAS : ASK_MEASURE, first);
    n->no = has && !(terms & ASK_TERM(HAS));
    for (int i = COUNT(fn_terms); !has && i-- > 0;)
        if (terms & (1ull << fn_terms[i])) n->fn = (enum ask_fn)i;
    p->i = open + 1;
    return records(p, n, open);
}

static const struct ask_node *word_item(struct parser *p) {
    int n, first = p->i;
    const struct ask_node *out = NULL;
    uint64_t terms = ask_phrase(p, p->i, FN_TERMS | ASK_TERM(HAS) | ASK_TERM(NO), &n);
    if (terms && p->t[p->i + n].kind == TOK_OPEN) return opener(p, terms, n);
    terms = ask_phrase(p, p->i, ASK_TERM(SEGMENT), &n);
    if (terms && sets_value(&p->t[p->i + n])) {
        if (!outside(p, tok(p)->at, tok(p)->n)) return NULL;
        p->i += n + 1;
        return segments(p);
    }
    terms = ask_phrase(p, p->i, ASK_TERM(NOT) | ASK_TERM(HAS) | ASK_TERM(NO), &n);
    if (terms && !sets_value(&p->t[p->i + n])) {
        p->i += n;
        ask_wants(p, WANT_RULE, NULL);
        if ((terms & (ASK_TERM(HAS) | ASK_TERM(NO))) && bare(p, terms, &out)) return out;
        if (terms & (ASK_TERM(NOT) | ASK_TERM(NO))) return not_item(p);
        p->i = first;
    }
    return ask_field_rule(p);
}

const struct ask_node *ask_item(struct parser *p) {
    struct ask_tok *t = tok(p);
    int open = p->i;
    switch (t->kind) {
    case TOK_OPEN: p->i++; return bracketed(p, open);
    case TOK_CLOSE: return ask_fail_here(p, N_("This bracket closes nothing."));
    case TOK_UNCLOSED: return ask_fail_here(p, N_("This quotation mark is not closed."));
    case TOK_COMMA: return ask_fail_here(p, N_("A comma stands only between values."));
    case TOK_STRING: return free_words(p);
    case TOK_WORD: break;
    default: return ask_fail_here(p, N_("“{word}” means nothing here."));
    }
    bool minus =
        t->text.p[0] == '-' && !(t->text.n > 1 && t->text.p[1] >= '0' && t->text.p[1] <= '9');
    if (!minus) return word_item(p);
    if (t->text.n == 1) { /* -(…), - tag:vip */
        p->i++;
        return not_item(p);
    }
    t->text = str_sub(t->text, 1, SIZE_MAX); /* -tag:vip; its fold is the same */
    t->at++, t->n--;
    return not_item(p);
}

/* --- the whole --- */

static const struct ask_place *place_of(const struct parser *p, const struct ask_node *n) {
    for (int i = 0; i < p->places_n; i++)
        if (p->places[i].node == n) return &p->places[i];
    return NULL;
}

struct counts {
    int rules, measures;
    const struct ask_node *broken; /* the first rule beyond a limit */
    const char *text;
    int max;
};

static void over(struct counts *k, const struct ask_node *n, const char *text, int max) {
    if (k->broken) return;
    k->broken = n;
    k->text = text;
    k->max = max;
}

static void count(struct counts *k, const struct ask_node *n, int depth) {
    if (n->kind == ASK_GROUP) {
        for (int i = 0; i < n->items_n; i++) count(k, n->items[i], depth + 1);
        return;
    }
    if (depth + (n->where != NULL) > ASK_DEPTH_MOST)
        over(k, n, N_("Too deep: at most {max} groups in each other."), ASK_DEPTH_MOST);
    if (++k->rules > ASK_RULES_MOST)
        over(k, n, N_("Too many rules: at most {max}."), ASK_RULES_MOST);
    if (n->kind == ASK_MEASURE && ++k->measures > ASK_MEASURES_MOST)
        over(k, n, N_("Too many sums and counts: at most {max}."), ASK_MEASURES_MOST);
    if (n->where) count(k, n->where, depth + 1);
}

static void limits(struct parser *p, const struct ask_node *tree) {
    struct counts k = { 0 };
    count(&k, tree, 0);
    if (!k.broken) return;
    const struct ask_place *at = place_of(p, k.broken);
    ask_fail(p, at ? at->at : 0, at ? at->n : 0, k.text,
             ARG("max", str_printf(p->c->arena, "%d", k.max)));
}

void ask_parse_into(struct parser *p, const struct ask_node **out) {
    int n;
    p->t = ask_lex(p->c, p->line, &n);
    if (p->line.n > ASK_LINE_MAX || n > ASK_TOKS_MAX) {
        ask_fail(p, p->t[n - 1].at, 0, N_("The line is too long."));
        return;
    }
    ask_wants(p, WANT_RULE, NULL);
    const struct ask_node *tree =
        tok(p)->kind == TOK_END ? ask_normal(p->c->arena, NULL) : ask_any(p);
    if (tree && tok(p)->kind == TOK_CLOSE) ask_fail_here(p, N_("This bracket closes nothing."));
    if (p->st != OK || !tree) return;
    tree = ask_normal(p->c->arena, tree);
    limits(p, tree);
    if (p->st == OK) *out = tree;
}

enum status ask_parse(struct ctx *c, const struct ask_catalogue *k, struct str line,
                      const struct ask_node **out, struct ask_problem *problem) {
    struct parser p = { .c = c, .k = k, .line = line, .problem = problem };
    ask_parse_into(&p, out);
    return p.st;
}
