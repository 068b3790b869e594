/* The search fold: two texts that a person would call the same have the same fold, bytewise, on
 * every database. Used on what is indexed and on what is asked for. Rules: localisation.md 2.2
 * (reference of the project). A change of any rule raises FOLD_VERSION: the index is then made
 * anew.
 *
 * All functions: input may be any bytes (a byte that is not UTF-8 counts as U+FFFD); results are
 * valid UTF-8 and live in the arena; nothing fails. At most 256 MiB of text (BUG above). */
#ifndef TEXT_FOLD_H
#define TEXT_FOLD_H
#include "lib/base/str.h"

enum { FOLD_VERSION = 1 };

/* The fold of a text: words of lower-case base letters and ASCII digits, one space between them,
 * none at the ends. Arabic and Persian forms of a letter are one (ي ى ئ = ی, ك = ک, أ إ آ = ا,
 * ة ۀ = ه, ؤ = و; hamza, marks and tatweel are gone), accents and apostrophes are gone (œ = oe,
 * "d'Ormesson" = "dormesson"), all punctuation and dashes are spaces, ZWNJ and bidi marks are gone.
 * fold(fold(x)) = fold(x). Split a query at the spaces of its fold; do not use fold_words on it. */
struct str fold(struct arena *a, struct str text);

/* The distinct folded words of a text, for the index, in order of appearance; how many.
 * A word with ZWNJ gives the joined word and its parts («می‌خواهم»: میخواهم,
 * می, خواهم), so both ways of typing it without ZWNJ find it. A word with an apostrophe likewise
 * ("L'Oréal": loreal, l, oreal). */
int fold_words(struct arena *a, struct str text, struct strs *out);

/* An e-mail address in one form: NFKC, lower case, accents gone, no spaces; @ . - _ + stay.
 * For comparing and indexing addresses, not for sending to them. */
struct str fold_email(struct arena *a, struct str address);

/* The words of an address for the index: fold_email of the whole, then the distinct pieces
 * between @ . - _ +; how many. */
int fold_email_words(struct arena *a, struct str address, struct strs *out);

/* Only the decimal digits of a text, of any script, as ASCII. For phone numbers: ۰۹۱۲-۳۴ = 091234.
 */
struct str fold_digits(struct arena *a, struct str text);

/* How text_clean treats a typed text; flags. */
enum text_clean_how {
    CLEAN_LINE = 0,   /* one line: line breaks and tabs become a space */
    CLEAN_LONG = 1,   /* several lines: \n and \t stay, CR LF and CR become \n */
    CLEAN_PERSIAN = 2 /* a Persian text: ي becomes ی, ك becomes ک (localisation.md 2.1) */
};

/* A typed text as it is stored, shown and exported: NFC, control characters gone, white space and
 * bidi marks at both ends gone. ZWNJ, accents, ى and ة stay. An empty result is S(""), never NULL.
 * The result may be a view of typed. text_clean of a cleaned text changes nothing. */
struct str text_clean(struct arena *a, struct str typed, enum text_clean_how how);

#endif
