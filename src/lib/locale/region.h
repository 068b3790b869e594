/* Names of countries (ISO 3166-1 alpha-2), languages (ISO 639-1) and currencies (ISO 4217), from
 * ICU, in our four languages. */
#ifndef REGION_H
#define REGION_H
#include "lib/locale/locale.h"

struct str country_name(struct arena *a, enum lang lang,
                        struct str code); /* the code itself if unknown */
struct str language_name(struct arena *a, enum lang lang, struct str code);
struct str currency_name(struct arena *a, enum lang lang, struct str code);
/* A code (any case) or a name in one of the four languages, folded → code; NO_STR when unknown. */
struct str country_find(struct arena *a, struct str text);
struct str language_find(struct arena *a, struct str text);
struct strs country_codes(struct arena *a);  /* all, by code */
struct strs language_codes(struct arena *a); /* some 40 that clients speak, fa ar fr en first */
bool country_valid(struct str code);
/* The shape of a zone's name, as in zone.h; whether the system has it is asked of zone_get. */
bool zone_name_valid(struct str name);

#endif
