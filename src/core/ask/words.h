/* The words of the grammar, in four languages at once; what is written in the reader's language.
 * Only for core/ask. */
#ifndef ASK_WORDS_H
#define ASK_WORDS_H
#include "core/ask/catalogue.h"

enum ask_term {
#define TERM(name, en, fr, fa, ar) ASK_W_##name,
#include "core/ask/words_table.h"
#undef TERM
    ASK_TERMS_N
};
#define ASK_TERM(name)     (1ull << ASK_W_##name)
#define ASK_TERM_WORDS_MAX 4 /* words of the longest phrase: "is more than" … */

struct ask_words; /* all phrases folded; made once for a catalogue */
struct ask_words *ask_words_make(struct arena *a);
const struct ask_words *ask_words(struct ctx *c); /* those of the context's catalogue */

/* Which of the wanted terms (bits) a folded phrase is, the reader's language first; 0: none. */
uint64_t ask_terms(struct ctx *c, struct str folded, uint64_t wanted);
bool ask_word_is(struct ctx *c, enum ask_term term, struct str folded);
/* May not be the name of a field in the line: a rule could not begin with it. */
bool ask_word_taken(struct ctx *c, struct str folded, bool dated);
struct str ask_word_canonical(struct ctx *c, enum ask_term term); /* in the reader's language */
struct str ask_word_in(enum lang lang, enum ask_term term);
/* Every phrase of a term in a language, ";" between. */
const char *ask_term_words(enum ask_term term, enum lang lang);

/* «last 30 days», «30 derniers jours», «۳۰ روز اخیر», «آخر 30 يوما» in the reader's language,
 * digits and calendar; what ask_parse reads again. Empty for ever. */
struct str ask_period_text(struct ctx *c, const struct ask_period *p);
struct str ask_period_said(struct ctx *c, const struct ask_period *p); /* in a sentence */
/* "over 500", "between 1 and 2" … of the number ops. */
struct str ask_compare_text(struct ctx *c, const struct ask_node *n);
enum ask_term ask_fn_term(enum ask_fn fn);
enum ask_term ask_op_term(enum ask_op op);

#endif
