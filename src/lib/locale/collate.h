/* The order of names: sort keys of the alphabet that the firm has chosen, made by ICU, stored
 * beside the names and compared bytewise, so that every database orders alike. Spaces and
 * punctuation do not count, numbers inside a text sort by value ("9" before "10"). In fa and ar the
 * Arabic script stands before the Latin one. */
#ifndef COLLATE_H
#define COLLATE_H
#include "lib/base/str.h"

#define COLLATE_KEY_MAX                                                                            \
    200 /* bytes; longer keys are cut: a common beginning of 60 letters or more */

/* One thread at a time: each thread has its own, cloned from the first. */
struct collator;

/* alphabet: "fa" "ar" "fr" "en"; anything else is "en". Reads ICU's data: a millisecond. */
struct collator *collator_open(const char *alphabet);
struct collator *collator_clone(const struct collator *c);
void collator_close(struct collator *c);

/* ICU's version, the alphabet and our settings in one text: stored beside the keys; if it differs,
 * they must be made anew. Lives as long as the collator. */
const char *collator_version(const struct collator *c);

/* The sort key, without a trailing NUL (it holds none); empty for a text without letters and
 * digits. Invalid UTF-8 counts as U+FFFD. */
struct str collator_key(struct collator *c, struct arena *a, struct str text);
/* The same into a buffer; how many bytes, at most cap and COLLATE_KEY_MAX. */
size_t collator_key_into(struct collator *c, struct str text, unsigned char *to, size_t cap);

/* ---- jumping to a letter ---- */

/* The letters of an alphabet in its order, upper case: fa 32, ar 28, fr and en 26. Static. */
const char *const *alphabet_letters(const char *alphabet, int *n);
/* The letter under which a text stands ("É" under "E", آ under ا); NO_STR for digits, other scripts
 * and nothing. Static. */
struct str index_letter(struct collator *c, struct str text);
/* Where letter i begins: the texts from there on have collator_key >= this. i may be the number of
 * letters: where the last one ends. Lives as long as the collator. */
struct str collator_letter_bound(const struct collator *c, int i);

#endif
