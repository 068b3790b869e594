/* Who reads: language, calendar, digits, week, country and zone of one reader. Six independent
 * settings (reference/localisation.md, 1.5): nothing here is derived from the language. */
#ifndef LOCALE_H
#define LOCALE_H
#include "lib/base/str.h"

/* LANG_PSEUDO is for tests: every translated text stands in U+27E6…U+27E7. Arrays that hold it too
 * have LANG_N + 1 places. */
enum lang { LANG_EN, LANG_FR, LANG_FA, LANG_AR, LANG_N, LANG_PSEUDO = LANG_N };
enum calendar_id { CAL_GREGORIAN, CAL_PERSIAN, CAL_UMALQURA, CALENDAR_N };
/* What the business calls those whom it serves; one setting of the firm, for all its readers. */
enum client_word { WORD_CLIENT, WORD_PATIENT, WORD_STUDENT, WORD_DONOR, WORD_MEMBER, WORD_N };
enum digits { DIGITS_LATN, DIGITS_ARABEXT /* Persian */, DIGITS_ARAB, DIGITS_N };

struct zone; /* lib/locale/zone.h */

struct locale {
    enum lang lang;
    enum client_word word;
    enum calendar_id calendar;
    enum digits digits;
    int first_weekday;       /* 1 Monday … 7 Sunday, as ISO 8601 */
    char country[3];         /* default country of phones and addresses, ISO 3166 */
    const struct zone *zone; /* NULL is UTC */
    int64_t now_ms;          /* the instant of the request */
};

const char *lang_code(enum lang lang);                /* "en" "fr" "fa" "ar": HTML lang, BCP 47 */
bool lang_of(struct str code, enum lang *lang);       /* exact code; with -DTESTING "qps" too */
bool lang_rtl(enum lang lang);                        /* written from right to left */
const char *lang_name(enum lang lang);                /* its own name: English, Français, … */
const char *calendar_code(enum calendar_id calendar); /* "gregorian" "persian" "umalqura" */
bool calendar_of(struct str code, enum calendar_id *calendar);
const char *digits_code(enum digits digits); /* CLDR's names: "latn" "arabext" "arab" */
bool digits_of(struct str code, enum digits *digits);
const char *
client_word_code(enum client_word word); /* "client" "patient" …: as the setting stores it */
bool client_word_of(struct str code, enum client_word *word);

#endif
