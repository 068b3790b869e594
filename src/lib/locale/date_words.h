/* The words that may stand in a typed date. Only for date_parse.c. */
#ifndef DATE_WORDS_H
#define DATE_WORDS_H
#include "lib/locale/calendar.h"

struct date_word {
    const char *text; /* folded as by lib/text/fold.h; up to three words */
    enum date_word_kind {
        WORD_MONTH, /* of that calendar, number 1-12 */
        WORD_ERA, /* of that calendar; number 1: not in Persian, where «هجری» may be either */
        WORD_NOISE, /* weekdays, articles, ordinal endings */
        WORD_DAY    /* number: days from today */
    } kind;
    enum calendar_id calendar;
    int number;
};

#define DATE_WORD_PARTS 3 /* words in the longest text */

const struct date_word *date_word_find(struct str folded); /* NULL: no such word */
const struct date_word *date_word_list(int *n);            /* for the tests */

#endif
