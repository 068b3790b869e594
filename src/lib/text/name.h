/* One name column taken apart: titles, given and family name in the traditions of Iran, the Arab
 * countries, the Maghreb, France and the English-speaking world (localisation.md 2.4). A help for
 * import, whose preview shows what came out; the display name keeps the text as it was. */
#ifndef TEXT_NAME_H
#define TEXT_NAME_H
#include "lib/base/str.h"

/* Parts as typed (single spaces), empty when absent; views of the arena. */
struct name_parts {
    struct str title; /* «جناب آقای دکتر», "Mme" */
    struct str given; /* compound ones whole: «محمد رضا», "Jean-Baptiste" */
    struct str family; /* with its particle: "de Gaulle", «آل سعود», «حسینی نژاد» */
    struct str
        family_prefix;   /* the particle at its beginning, for sorting without it: "de"; or "" */
    struct str father;   /* behind بن, بنت, bin, bint */
    struct str nickname; /* a kunya («أبو خالد») or what stands in brackets */
    char sex;            /* what title, بن or سیده say: 'f', 'm' or 0 */
    bool certain;        /* false: another reading is about as likely; show it to a person */
};

/* language: of the list or its owner ("fa", "ar", "fr", "en"), a hint, or NULL. Rules:
 * - titles are taken off; a title with one Latin or Persian word behind it leaves a family name;
 * - "Last, First"; words in capitals beside others are the family ("MARTIN Élodie");
 * - Latin: the last word is the family, with the particles before it (de, du, von, Ben, El …);
 * - Iran: one given name or a known compound, the rest is the family; سید belongs to the given
 * name;
 * - Gulf: given, بن father, the last word with ال is the family;
 * - Egypt: three or four names without ال: no family is invented, given is the whole;
 * - one word is a given name. */
void name_split(struct arena *a, struct str full, const char *language, struct name_parts *out);

/* Has it a legal form or a word that firms, shops and offices carry (SARL, GmbH, شرکت, مؤسسة)? */
bool looks_like_organisation(struct str name);

/* Given names by their fold, in bytewise order; made by tools/namec from data/names. */
struct name_entry {
    const char *name;
    unsigned char is;     /* NAME_… */
    unsigned short share; /* of people in Iran, in hundredths of a per cent */
};
enum { NAME_PERSIAN = 1, NAME_ARABIC = 2, NAME_COMMON = 4 };
extern const struct name_entry name_table[];
extern const int name_table_n;

#endif
