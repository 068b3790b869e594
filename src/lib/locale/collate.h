/* The order of the alphabet that the firm chose: ICU's sort keys, which compare bytewise, so that both
 * databases order alike. A collator belongs to one thread. Digits sort by value, punctuation last. */
#ifndef COLLATE_H
#define COLLATE_H
#include "lib/base/str.h"

struct collator;
/* alphabet: "fa", "ar", "fr", "en"; unknown ones and NULL give the root order. Never NULL. */
struct collator *collator_open(const char *alphabet);
void collator_close(struct collator *c);
/* The key of a text, without the ending zero byte; empty text, empty key. */
struct str collator_key(struct collator *c, struct arena *a, struct str text);
/* Which ICU and which data: keys made by another version do not compare with these. */
struct str collator_version(struct collator *c, struct arena *a);
const char *collator_alphabet(const struct collator *c);

/* For «jump to a letter»: the letters in their order, fa 33 (آ and ا apart), ar 28, else A to Z. */
struct strs alphabet_letters(struct arena *a, const char *alphabet);

#endif
