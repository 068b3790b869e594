/* What the two halves of plain sentences share: sentence.c makes bits of a sentence,
 * sentence_rules.c makes a tree of them. Only for those. */
#ifndef ASK_SENTENCE_IN_H
#define ASK_SENTENCE_IN_H
#include "core/ask/sentence.h"
#include "core/ask/sentence_words.h"

struct say_bit { /* a word or a phrase of the sentence, or what was made of several */
    enum say say;
    const char *arg;
    int at, n;       /* bytes of the sentence */
    int64_t number;  /* of numbers: ten-thousandths */
    struct str iso;  /* of dates */
    enum ask_op op;  /* of comparisons */
    int64_t number2; /* of between */
    char unit;       /* of comparisons: t times, c money, 0 */
    struct ask_period period;
    bool used;
};
enum { SAY_SCALE = 10000, SAY_BITS_MAX = 200 };
struct saying {
    struct ctx *c;
    const struct ask_catalogue *k;
    enum lang lang;
    struct str text;
    struct locale loc; /* the reader's, in the language of the sentence */
    struct say_bit bits[SAY_BITS_MAX];
    int n;
};
/* The tree of all bits that mean something; those are marked used. */
const struct ask_node *sentence_rules(struct saying *s);
/* A whole period of a calendar year that stands alone: «born in 1990», «متولد ۱۳۶۹». false: no
 * year.
 */
bool sentence_year(const struct saying *s, int64_t year, struct ask_period *out);

#endif
