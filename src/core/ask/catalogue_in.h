/* What the files of core/ask's catalogue share. Only for them. */
#ifndef ASK_CATALOGUE_IN_H
#define ASK_CATALOGUE_IN_H
#include "core/ask/catalogue.h"
#include "lib/base/buf.h"

/* "sex;gender": words of a field in one language, the written one first; NULL: its label does. */
const char *catalogue_words(const struct relation *of, const char *name, enum lang lang);
/* A label as one word of the line: «Postal code» is postal-code. */
struct str catalogue_word_of(struct arena *a, struct str label);
/* By a folded word; sounds: the field of type ASK_NAME, else any other. */
const struct ask_field *catalogue_field(const struct ask_catalogue *k, const struct relation *of,
                                        struct str folded, bool sounds);
const struct relation *catalogue_relation(const struct ask_catalogue *k, struct str folded);
/* Those that a word may become which begins so (folded), each once; how many. */
int catalogue_fields_from(const struct ask_catalogue *k, const struct relation *of,
                          struct str folded, const struct ask_field **out, int max);
int catalogue_relations_from(const struct ask_catalogue *k, struct str folded,
                             const struct relation **out, int max);
/* A text to be compared with: cleaned; false: nothing is left of it when it is folded. */
bool ask_text_called(struct ctx *c, struct str typed, struct str *out);
/* In quotation marks; a value as it stands in the line. f NULL: the field is gone. */
struct str ask_quoted(struct ctx *c, struct str text);
struct str ask_value_written(struct ctx *c, const struct ask_field *f, struct ask_value v);

#endif
