/* What tests of questions ask about: the product's relations, and some that it does not have yet
 * (invoices, tickets, surveys, messages, consent, predicted value), so that all examples of the
 * language can be asked. Include it after cmocka.h. */
#ifndef T_ASK_BOOK_H
#define T_ASK_BOOK_H
#include "core/ask/catalogue.h"

/* The catalogue of this context from now on. Segments: «spring», «printemps», «بهار», «الربيع» are
 * number 7. */
struct ask_catalogue *ask_book(struct ctx *c);
/* The settings of a reader of this language: calendar, digits, country. */
void ask_book_reader(struct ctx *c, struct locale *loc, enum lang lang);
/* A random tree in normal form of what this catalogue has; the same for the same dice. */
const struct ask_node *ask_book_random(struct ctx *c, const struct ask_catalogue *k,
                                       struct dice *dice);
/* A random line of words of the grammar in all languages, of fields, signs, numbers and rubbish. */
struct str ask_book_line(struct ctx *c, const struct ask_catalogue *k, struct dice *dice);

#endif
