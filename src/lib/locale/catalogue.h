/* Translated texts, compiled from the .po files by tools/poc into constant tables.
 * The English text is the key (msgid); "context|Text" tells alike words apart, and English shows
 * what follows the bar. Nothing here allocates except tr_fill. */
#ifndef CATALOGUE_H
#define CATALOGUE_H
#include "lib/locale/locale.h"

/* Marks a text for tools/poscan where it is only stored; tr() is called where it is shown. */
#ifndef N_
#define N_(text) text
#endif

/* The text in a language, in the words of a business that calls its clients so (po/words.txt);
 * English when there is no translation. Static, never NULL. What a reader sees comes by tr(). */
const char *tr_as(enum lang lang, enum client_word word, const char *msgid);
/* The form of a counted text by CLDR's plural rules; n may be negative (its size decides).
 * A translation holds {n} where the number goes: tr_fill or the template puts it there. */
const char *tr_n_as(enum lang lang, enum client_word word, const char *one, const char *other,
                    int64_t n);
/* The same for a reader. */
static inline const char *tr(const struct locale *l, const char *msgid) {
    return tr_as(l->lang, l->word, msgid);
}
static inline const char *tr_n(const struct locale *l, const char *one, const char *other,
                               int64_t n) {
    return tr_n_as(l->lang, l->word, one, other, n);
}

struct tr_arg {
    const char *name;
    struct str value;
    bool isolate; /* wrap in U+2068…U+2069: a name in another script must not turn the sentence */
};
/* Plain text with each {name} replaced; a name that no arg has stays as written. Not HTML. */
struct str tr_fill(struct arena *a, const char *text, const struct tr_arg *args, int n);
/* The next "{name}" of *text: *before is what stands before it, *name what is between the braces,
 * and *text moves on. False when there is none: *before is then the rest. Used by lib/html too. */
bool tr_placeholder(struct str *text, struct str *before, struct str *name);

/* The plural form of n: the index of msgstr[…] in the .po of that language (0 to forms - 1). */
int tr_plural(enum lang lang, int64_t n);
int tr_forms_n(enum lang lang); /* en 2, fr 3, fa 2, ar 6 */

/* For the completeness test: all msgids of the program in bytewise order. */
int tr_ids_n(void);
const char *tr_id(int i);                       /* 0 to tr_ids_n() - 1 */
bool tr_has(enum lang lang, const char *msgid); /* translated, every plural form */
int tr_count(enum lang lang);                   /* how many of the msgids have a translation */

/* A text that speaks of clients, said with another word. NULL: nothing in it changes. */
struct catalogue_said {
    const char *text[WORD_N][LANG_N]; /* [WORD_CLIENT] stays empty */
};
/* One line of the table that poc writes. Forms of a counted text follow each other, each ended by
 * NUL: "{n} client\0{n} clients". NULL: not translated. */
struct catalogue_entry {
    const char *id;
    const char *text[LANG_N + 1];
    const struct catalogue_said *said; /* NULL: does not speak of clients in any language */
    bool counted;
};
extern const struct catalogue_entry catalogue_entries[];
extern const int catalogue_entries_n;

#endif
