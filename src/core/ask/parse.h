/* What the files of the parser share. Only for core/ask/parse*.c and complete.c. */
#ifndef ASK_PARSE_H
#define ASK_PARSE_H
#include "core/ask/catalogue_in.h"
#include "core/ask/lex.h"
#include "core/ask/text.h"
#include "core/ask/words.h"

/* What could have followed where the line ends: for completion. Bits. */
enum ask_want_kind {
    WANT_RULE = 1,     /* a rule, a group, not */
    WANT_JOIN = 2,     /* and, or */
    WANT_CLOSE = 4,    /* ) */
    WANT_OPERATOR = 8, /* of a field: colon, comparison, in … */
    WANT_VALUE = 16,   /* of a field */
    WANT_COMPARE = 32, /* over, at least … */
    WANT_PERIOD = 64,
    WANT_RELATION = 128,
    WANT_UNIT = 256,
    WANT_SEGMENT = 512,
    WANT_COMMA = 1024 /* further arguments of records */
};
struct ask_want {
    unsigned kinds;
    const struct ask_field *field;
    const struct relation *of; /* whose fields */
    bool measured;             /* the relation goes on with a field: sum(orders.total) */
};

struct ask_place { /* where a rule stands in the line */
    const struct ask_node *node;
    int at, n;
};
struct parser {
    struct ctx *c;
    const struct ask_catalogue *k;
    struct str line;
    struct ask_tok *t;
    int i;
    const struct relation *of; /* whose criteria are being read; NULL: of clients */
    int nesting;
    struct ask_place *places;
    int places_n, places_cap;
    enum status st; /* OK so far; INVALID: *problem says why */
    struct ask_problem *problem;
    struct ask_want want;
};

static inline struct ask_tok *tok(const struct parser *p) {
    return &p->t[p->i];
}
/* The first problem stays; gives NULL. Arguments as of ctx_problem. */
#define ask_fail(p, at, n, text, ...)                                                              \
    ask_fail_((p), (at), (n), (text), (struct tr_arg[]){ { 0 }, ##__VA_ARGS__ },                   \
              sizeof((struct tr_arg[]){ { 0 }, ##__VA_ARGS__ }) / sizeof(struct tr_arg))
void *ask_fail_(struct parser *p, int at, int n, const char *text, const struct tr_arg *args,
                size_t args_n);
void *ask_fail_here(struct parser *p, const char *text); /* at the token, with {word} */
void ask_wants(struct parser *p, unsigned kinds, const struct ask_field *f);

/* The longest phrase from token i on that is one of the wanted terms: its terms; *n: of how many
 * tokens. 0: none. */
uint64_t ask_phrase(const struct parser *p, int i, uint64_t wanted, int *n);
/* The same at the present place, which moves on behind it. */
uint64_t ask_take(struct parser *p, uint64_t wanted);
/* Tokens i to i + n - 1 as they stand in the line. */
struct str ask_slice(const struct parser *p, int i, int n);
int ask_words_from(const struct parser *p, int i, int most); /* how many words follow each other */

struct ask_node *ask_leaf(struct parser *p, enum ask_kind kind, int first);
/* One rule or group, at the present place. NULL: failed. */
const struct ask_node *ask_item(struct parser *p);
const struct ask_node *ask_any(struct parser *p);
const struct ask_node *ask_group_of(struct parser *p, enum ask_group kind,
                                    const struct ask_node **items, int n);
void ask_parse_into(struct parser *p, const struct ask_node **out);
/* parse_rule.c: a rule about a field, the present token being its first word. */
const struct ask_node *ask_field_rule(struct parser *p);
/* parse_other.c: the present word is «consent.email», «accord.courriel» …: the field of which it is
 * the contrary, and its name in the catalogue; NULL: it is not. */
const struct ask_field *ask_consent_here(struct parser *p);
/* Names of the language of questions that this register keeps nothing of: a problem that says so.
 * false: the present word is none of them. */
bool ask_refuse_other(struct parser *p);
/* A field at the present place, which moves on; NULL: none, nothing is said of it. */
const struct ask_field *ask_field_here(struct parser *p);
/* A comparison with a number; false: failed. */
bool ask_compare(struct parser *p, const struct ask_field *of, struct ask_node *n);
/* parse_period.c: 1: read; 0: here is no period; -1: failed. */
int ask_period_here(struct parser *p, struct ask_period *out);
struct str ask_day_moved(struct ctx *c, struct str iso, int by); /* NO_STR: beyond the years */

#endif
