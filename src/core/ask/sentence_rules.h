/* What the files share that make rules of the bits of a plain sentence: sentence_rules.c and
 * sentence_names.c. Only for those. */
#ifndef ASK_SENTENCE_RULES_H
#define ASK_SENTENCE_RULES_H
#include "core/ask/sentence_in.h"

enum { UNITS_MAX = 40, VALUES_MAX = 20 };

struct unit { /* one thing that is asked, where in the sentence it began and ended */
    const struct ask_node *node;
    int first, last;
};
struct rules {
    struct saying *s;
    struct unit v[UNITS_MAX];
    int n;
    int bought; /* where the last verb of buying stands, -1: nowhere */
};
struct names {
    struct str v[VALUES_MAX];
    int from[VALUES_MAX], until[VALUES_MAX];
    int n, first, last;
    bool all; /* «gold and vip»: joined by «and» */
};

static inline struct say_bit *bit_at(struct rules *r, int i) {
    return i >= 0 && i < r->s->n ? &r->s->bits[i] : NULL;
}

static inline enum say say_at(struct rules *r, int i) {
    return bit_at(r, i) ? bit_at(r, i)->say : SAY_NOISE;
}
static inline bool say_passes(enum say say) {
    return say == SAY_NOISE || say == SAY_OF || say == SAY_THIS;
}

/* --- nodes --- */

const struct ask_node *rule_node(struct rules *r, struct ask_node n);
const struct ask_node *rule_group(struct rules *r, enum ask_group g,
                                  const struct ask_node *const *items, int n);
/* The field is one of n values. */
const struct ask_node *rule_is(struct rules *r, const char *field, const struct ask_value *v,
                               int n);
/* A field of clients, or NULL when the reader has none of this name. */
const struct ask_field *rule_field(struct rules *r, const char *name);

/* --- names --- */

/* Where what belongs to a bit is looked for first: 1 behind it, -1 before it. */
int rule_way(struct rules *r, int i);
struct str rule_text(struct rules *r, int from, int until);
/* A run of words that mean nothing else, from k on: where it ends. */
int names_run(struct rules *r, int k);
void names_forward(struct rules *r, int k, struct names *out);
void names_behind(struct rules *r, int k, struct names *out);
void names_near(struct rules *r, int i, struct names *out);
void names_use(struct rules *r, const struct names *n);
/* All names as values of the field; 0: one of them is none of its values. */
int values_of(struct rules *r, const struct ask_field *f, const struct names *n,
              struct ask_value *out);
const struct ask_node *named_field(struct rules *r, const char *field, const struct names *n);
const struct ask_node *named_before(struct rules *r, int i, const char *field, struct names *out);
/* A country, or towns. sure: the sentence says that it is a place. */
const struct ask_node *names_place(struct rules *r, const struct names *n, bool sure);

#endif
