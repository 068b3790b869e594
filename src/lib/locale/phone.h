/* Telephone numbers of all countries: understood as people type them, kept as E.164, shown in the
 * national or international form. Rules: localisation.md 3.3; tables: tools/phonec at build time.
 * All functions are pure and thread-safe; a number takes about a microsecond. */
#ifndef PHONE_H
#define PHONE_H
#include "lib/base/str.h"

enum phone_type {
    PHONE_UNKNOWN,
    PHONE_FIXED,
    PHONE_MOBILE,
    PHONE_FIXED_OR_MOBILE, /* North America does not tell */
    PHONE_OTHER            /* toll-free, premium, voice over IP, pagers… */
};

struct phone_number {
    char e164[17];  /* "+989123456789"; "" if the number is not valid */
    char ext[12];   /* digits of an extension, "" if there is none */
    char region[3]; /* ISO 3166 of the number itself; "" for +800, +882… */
    enum phone_type type;
    bool valid; /* the numbering plan has such numbers; nobody can say that it is in use */
};

/* Reads one typed number: digits of any script, bidi marks, any punctuation, +, 00 or the country's
 * own prefix abroad, a trunk 0 also after the country code and as (0), a + that has slipped to the
 * end, words in front ("Tél. …") or behind, and extensions (ext, x, #, poste, p., anexo, int,
 * داخلی, تحويلة). Without + or prefix it is a number of default_region ("IR"; NULL or "" if
 * unknown); only if it is none, a leading country code counts (989123456789, and what spreadsheets
 * leave of +33612345678). Returns out->valid. When false, keep what was typed and warn; out->ext
 * may still be set. The arena is only for what cannot be decided in place; NULL is allowed. */
bool phone_parse(struct arena *a, struct str typed, const char *default_region,
                 struct phone_number *out);

/* "0912 345 6789", as people in that country write it; the text itself if it is not E.164. ASCII
 * digits: show with dir="ltr". */
struct str phone_show_national(struct arena *a, struct str e164);
/* "+98 912 345 6789". */
struct str phone_show_international(struct arena *a, struct str e164);
/* Is it "+" and digits that a numbering plan has? */
bool phone_valid(struct str e164);

/* "98" for "IR"; 0 for an unknown country. */
int phone_calling_code(const char *region);

#endif
