/* Words from which invented clients are made, in four languages. */
#ifndef DEMO_DATA_H
#define DEMO_DATA_H
#include "lib/base/str.h"

struct demo_name { /* a name and how its owner writes it in Latin letters (NULL: the same) */
    const char *name, *latin;
};
struct demo_town {
    const char *town, *region, *country, *postcode; /* # is a digit */
};
struct demo_words { /* of one language; every list ends with NULL */
    const struct demo_name *women, *men, *families;
    const struct demo_town *towns;
    const char *const *streets, *const *firms, *const *jobs, *const *notes, *const *special,
                                                                                *const *tags;
    const char *firm_pattern[4]; /* {w} a word of firms, {f} a family name, {t} a town */
};
extern const struct demo_words demo_words[4]; /* by enum lang */

struct demo_phone { /* shapes of mobile and landline numbers as people type them; # is a digit */
    const char *country, *mobile, *land;
};
extern const struct demo_phone demo_phones[];

#endif
