/* A tree as a line of text in the reader's language, which ask_parse reads as the same tree.
 * Comparisons are words, because < and > turn in right-to-left text. Called by pages, by addresses,
 * by complete.c; calls the catalogue, value.c and the words of the grammar. */
#include "core/ask/catalogue_in.h"
#include "core/ask/lex.h"
#include "core/ask/text.h"
#include "core/ask/words.h"
#include "lib/text/fold.h"

struct printer {
    struct ctx *c;
    const struct ask_catalogue *k;
    struct buf b;
    const struct relation *of; /* whose criteria are being written */
    bool steady;               /* by numbers, which renaming does not change */
};

static const char *comma(const struct printer *p) {
    return lang_rtl(p->c->loc->lang) ? "،" : ",";
}

static void put_term(struct printer *p, enum ask_term term) {
    buf_add(&p->b, ask_word_canonical(p->c, term));
}

struct str ask_quoted(struct ctx *c, struct str text) {
    struct buf b = { .arena = c->arena };
    buf_add_c(&b, '"');
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] == '"' || text.p[i] == '\\') buf_add_c(&b, '\\');
        buf_add_c(&b, text.p[i]);
    }
    buf_add_c(&b, '"');
    return buf_str(&b);
}

/* One word of the line that is nothing but itself needs no quotes. */
static bool plain(struct ctx *c, struct str text) {
    int n;
    if (str_find_c(text, '*') >= 0 || str_find_c(text, '\\') >= 0 || text.n > 200) return false;
    const struct ask_tok *t = ask_lex(c, text, &n);
    return n == 2 && t->kind == TOK_WORD && str_eq(t->text, text) && t->folded.n &&
           !ask_word_is(c, ASK_W_EMPTY, t->folded);
}

struct str ask_value_written(struct ctx *c, const struct ask_field *f, struct ask_value v) {
    bool text = !f || f->type == ASK_TEXT || f->type == ASK_NAME;
    struct str shown = text ? v.text : ask_value_shown(c, f, v);
    bool number = f && f->field && f->field->kind == &kind_ref && str_starts(shown, S("#"));
    if (!number && !plain(c, shown)) shown = ask_quoted(c, shown);
    return v.prefix ? str_printf(c->arena, "%.*s*", SF(shown)) : shown;
}

/* A record by its number, a choice by its code; what does not come back so is written by its name.
 */
static struct str steady_value(struct printer *p, const struct ask_field *f, struct ask_value v) {
    struct ask_value back;
    bool ref = f && f->field && f->field->kind == &kind_ref;
    bool number = ref && v.text.n && v.text.p[0] >= '0' && v.text.p[0] <= '9';
    bool choice = f && f->type == ASK_CODE && f->field && f->field->choices;
    if (number) return str_printf(p->c->arena, "#%.*s", SF(v.text));
    if (choice && plain(p->c, v.text) && ask_value_called(p->c, f, v.text, &back) &&
        str_eq(back.text, v.text))
        return v.text;
    return ask_value_written(p->c, f, v);
}

static void put_values(struct printer *p, const struct ask_field *f, const struct ask_node *n) {
    for (int i = 0; i < n->values_n; i++) {
        if (i) buf_add_z(&p->b, comma(p));
        buf_add(&p->b, p->steady ? steady_value(p, f, n->values[i])
                                 : ask_value_written(p->c, f, n->values[i]));
    }
}

/* Own fields are called as the business pleases; their names in the API stay. */
static struct str field_word(const struct printer *p, const struct ask_field *f) {
    bool own = p->steady && str_starts(str_of(f->name), S("cf_"));
    return own ? str_of(f->name) : ask_field_word(p->c, f);
}

static void put_field(struct printer *p, const struct ask_node *n) {
    const struct ask_field *f = ask_field(p->k, p->of, n->field);
    bool dated = n->period.when != ASK_BEFORE && n->period.when != ASK_AFTER;
    buf_add(&p->b, f ? field_word(p, f) : n->field);
    switch (n->op) {
    case ASK_IS:
        buf_add_c(&p->b, ':');
        put_values(p, f, n);
        break;
    case ASK_FILLED: buf_add_z(&p->b, ":*"); break;
    case ASK_EMPTY:
        buf_add_c(&p->b, ':');
        put_term(p, ASK_W_EMPTY);
        break;
    case ASK_SOUNDS:
        buf_add_c(&p->b, '~');
        buf_add(&p->b, ask_quoted(p->c, n->values[0].text));
        break;
    case ASK_IN:
        buf_add_c(&p->b, ' ');
        if (dated) put_term(p, ASK_W_IN);
        if (dated) buf_add_c(&p->b, ' ');
        buf_add(&p->b, ask_period_text(p->c, &n->period));
        break;
    default: buf_add_c(&p->b, ' '); buf_add(&p->b, ask_compare_text(p->c, n));
    }
}

enum inside { INSIDE_NOTHING, INSIDE_ANY, INSIDE_ALL, INSIDE_NOT };
static void put(struct printer *p, const struct ask_node *n, enum inside inside);

/* (orders.total, last 30 days, criteria) */
static void put_records(struct printer *p, const struct ask_node *n) {
    const struct relation *r = ask_relation(p->k, n->relation);
    const struct ask_field *f = r && n->field.n ? ask_field(p->k, r, n->field) : NULL;
    bool own = r && n->field.n && !(r->amount && str_eq_z(n->field, r->amount));
    buf_add_c(&p->b, '(');
    buf_add(&p->b, r ? ask_relation_word(p->c, r) : n->relation);
    if (own) buf_add_c(&p->b, '.');
    if (own) buf_add(&p->b, f ? field_word(p, f) : n->field);
    if (n->period.when != ASK_EVER) {
        buf_printf(&p->b, "%s ", comma(p));
        buf_add(&p->b, ask_period_text(p->c, &n->period));
    }
    if (n->where) {
        buf_printf(&p->b, "%s ", comma(p));
        p->of = r;
        put(p, n->where, INSIDE_NOTHING);
        p->of = NULL;
    }
    buf_add_c(&p->b, ')');
}

static void put_segment(struct printer *p, int64_t id) {
    const struct ask_segments *s = ask_catalogue_segments_of(p->k);
    struct str name = s && s->name ? s->name(p->c, id) : NO_STR;
    int64_t back = 0;
    put_term(p, ASK_W_SEGMENT);
    buf_add_c(&p->b, ':');
    bool found = !p->steady && name.n && s->find && s->find(p->c, name, &back) == OK && back == id;
    if (found)
        buf_add(&p->b, ask_quoted(p->c, name));
    else
        buf_printf(&p->b, "#%lld", (long long)id);
}

static void put_rule(struct printer *p, const struct ask_node *n) {
    switch (n->kind) {
    case ASK_FIELD: put_field(p, n); break;
    case ASK_MEASURE:
        put_term(p, ask_fn_term(n->fn));
        put_records(p, n);
        buf_add_c(&p->b, ' ');
        buf_add(&p->b, ask_compare_text(p->c, n));
        break;
    case ASK_HAS:
        put_term(p, n->no ? ASK_W_NO : ASK_W_HAS);
        put_records(p, n);
        break;
    case ASK_SEGMENT: put_segment(p, n->segment); break;
    case ASK_WORDS: buf_add(&p->b, ask_quoted(p->c, n->words)); break;
    case ASK_GROUP: break;
    }
}

static void put_items(struct printer *p, const struct ask_node *n, bool any) {
    for (int i = 0; i < n->items_n; i++) {
        if (i) buf_add_c(&p->b, ' ');
        if (i && any) {
            put_term(p, ASK_W_OR);
            buf_add_c(&p->b, ' ');
        }
        put(p, n->items[i], any ? INSIDE_ANY : INSIDE_ALL);
    }
}

static void put(struct printer *p, const struct ask_node *n, enum inside inside) {
    if (n->kind != ASK_GROUP) {
        put_rule(p, n);
        return;
    }
    bool none = n->group == ASK_NONE, any = none || n->group == ASK_ANY;
    if (none) {
        put_term(p, ASK_W_NOT);
        buf_add_c(&p->b, ' ');
    }
    if (none && n->items_n == 1) {
        put(p, n->items[0], INSIDE_NOT);
        return;
    }
    bool brackets = none || inside == INSIDE_NOT || (any && inside == INSIDE_ALL);
    if (brackets) buf_add_c(&p->b, '(');
    put_items(p, n, any);
    if (brackets) buf_add_c(&p->b, ')');
}

struct str ask_print(struct ctx *c, const struct ask_catalogue *k, const struct ask_node *n) {
    struct printer p = { .c = c, .k = k, .b = { .arena = c->arena } };
    put(&p, n, INSIDE_NOTHING);
    return buf_str(&p.b);
}

struct str ask_print_steady(struct ctx *c, const struct ask_catalogue *k,
                            const struct ask_node *n) {
    struct printer p = { .c = c, .k = k, .b = { .arena = c->arena }, .steady = true };
    put(&p, n, INSIDE_NOTHING);
    return buf_str(&p.b);
}
