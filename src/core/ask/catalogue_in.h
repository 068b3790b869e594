/* What the files of core/ask's catalogue share. Only for them. */
#ifndef ASK_CATALOGUE_IN_H
#define ASK_CATALOGUE_IN_H
#include "core/ask/catalogue.h"
#include "lib/base/buf.h"

/* "sex;gender": words of a field in one language, the written one first; NULL: its label does. */
const char *catalogue_words(const struct relation *of, const char *name, enum lang lang);
/* A label as one word of the line: «Postal code» is postal-code. */
struct str catalogue_word_of(struct arena *a, struct str label);
/* A text to be compared with: cleaned; false: nothing is left of it when it is folded. */
bool ask_text_called(struct ctx *c, struct str typed, struct str *out);

#endif
