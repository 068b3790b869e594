/* The words of plain sentences in four languages, each with what it does in one. Only for
 * core/ask/sentence*.c. */
#ifndef ASK_SENTENCE_WORDS_H
#define ASK_SENTENCE_WORDS_H
#include "core/ask/catalogue.h"

enum say {
    SAY_WORD, /* means nothing by itself: a name, a product, or not understood */
    SAY_NOISE,
    SAY_AND,
    SAY_OR,
    SAY_NOT,
    SAY_CLIENT,   /* clients: says nothing, but a place or a kind may follow */
    SAY_RULE,     /* arg "field=code" */
    SAY_MINE,     /* my clients */
    SAY_NUMBER,   /* arg its value, or digits */
    SAY_THOUSAND, /* behind a number */
    SAY_MILLION,
    SAY_DATE,
    SAY_OP,    /* arg: enum ask_op by its letter: > >= < <= = */
    SAY_OLDER, /* an op of ages */
    SAY_BETWEEN,
    SAY_TO,
    SAY_TIMES,
    SAY_TWICE, /* two times, in one word */
    SAY_MONEY, /* arg: the currencies of that name; "IRT" is ten IRR */
    SAY_YEARS, /* of age */
    SAY_UNIT,  /* arg d w m q y */
    SAY_TWO,   /* two units in one word */
    SAY_LAST,
    SAY_LAST_ONE, /* «the last year»: twelve months, not the year before this one */
    SAY_NEXT,     /* arg: «the next week», seven days, not the next one of the calendar */
    SAY_THIS,
    SAY_PREVIOUS,
    SAY_PERIOD, /* arg "td" this day, "pd" previous day, "nd" following, "ty" this year … */
    SAY_BEFORE,
    SAY_AFTER,
    SAY_SINCE,
    SAY_SPEND,
    SAY_BUY,
    SAY_BUY_NOT,      /* a verb that denies by itself */
    SAY_NOTHING,      /* «but nothing»: no purchase */
    SAY_RELATION,     /* arg its name in the catalogue */
    SAY_RELATION_NOT, /* a verb that denies by itself */
    SAY_ONCE,         /* bought once and never again */
    SAY_BACK,         /* «ago», «il y a» */
    SAY_TOLD,         /* adverbs: no names, and nothing that can be asked: always told */
    SAY_MEASURE,      /* arg a average, l largest, s smallest, t sum: of purchases */
    SAY_FIELD,        /* arg its name; wants a period, a comparison, values, or none */
    SAY_IN,           /* a place follows; arg: outside of it */
    SAY_OF,           /* a place may follow a noun */
    SAY_SPEAK,
    SAY_NAMED,
    SAY_STARTS,
    SAY_WITHOUT,
    SAY_HAVE,     /* behind its object (Persian) */
    SAY_HAVE_NOT, /* the same, denied; also «are not» behind */
    /* Made of those above: */
    SAY_WHEN,    /* a whole period */
    SAY_AGO,     /* over or under so many units back */
    SAY_COMPARE, /* an op with its number */
    SAY_AGE      /* a comparison of ages */
};
struct say_word {
    enum say say;
    const char *arg;
    const char *phrases; /* ";" between; folded when they are compared */
};
/* Ends with phrases NULL. */
extern const struct say_word say_en[], say_fr[], say_fa[], say_ar[];
enum { SAY_PHRASE_WORDS = 6 };

#endif
