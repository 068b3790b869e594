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
    char unit;       /* of numbers and comparisons: t times, c money, 0 */
    bool bare;       /* of periods: a month without its year */
    struct ask_period period;
    bool gap; /* a comma or the like stands before it */
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

/* sentence_join.c: n bits from i on become one; a unit by its letter; a word without endings and
 * prefixes, in each way (folded; at most max of them). */
void sentence_become(struct saying *s, int i, int n, struct say_bit b);
enum ask_unit sentence_unit(const char *arg);
/* The last or next n units; of one unit as days, or months: «the last month» is thirty days. */
struct ask_period sentence_moving(enum ask_when when, int64_t n, enum ask_unit unit);
/* sentence_towns.c: does a client that the reader may see live there? Towns of such clients that
 * are the same one in another script or language; at most `most`. */
bool sentence_town_known(struct saying *s, struct str town);
int sentence_towns_alike(struct saying *s, struct str town, struct str *out, int most);
int sentence_forms(struct saying *s, struct str word, struct str *out, int max);
/* sentence_join.c, in the order in which they are called: numbers with their currency; «between 5
 * and 9»; periods; comparisons. */
void sentence_numbers(struct saying *s);
void sentence_ranges(struct saying *s);
void sentence_periods(struct saying *s);
void sentence_compares(struct saying *s);
/* sentence_time.c: months, spans and «over six months» before moving windows are looked for; what
 * is left of single days behind them. */
void sentence_times(struct saying *s);
void sentence_days(struct saying *s);

#endif
