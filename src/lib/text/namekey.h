/* Names across scripts and spellings: is «محمدرضا حسینی» Mohammad-Reza Hosseini? A skeleton of
 * consonants finds candidates through an index, a comparison letter by letter with its vowels
 * decides (localisation.md 2.6, reference of the project). Nicknames and usual spellings come from
 * the three lists under data/names, turned into tables by tools/namec. Called by lib/match, by the
 * index of core/search and by name~ of core/ask.
 *
 * All functions: input may be any bytes; results live in the arena; nothing fails; no state. A name
 * is one or several words in any scripts. Words behind the first NAMEKEY_TOKENS_MOST are only
 * compared for being the very same; a word of more than 30 letters has no sound. */
#ifndef TEXT_NAMEKEY_H
#define TEXT_NAMEKEY_H
#include "lib/base/str.h"

enum {
    NAMEKEY_VERSION = 1, /* raised when a key changes: the index is then made anew */
    NAMEKEY_TOKENS_MOST = 8,
    NAMEKEY_TERMS_MOST = 12
};

/* ---- Comparing ---- */

enum namekey_is { NAMEKEY_NO, NAMEKEY_POSSIBLE, NAMEKEY_SAME };
enum namekey_what {
    NAMEKEY_PERSON,      /* titles and articles go; bin, Abd … are glued to the next word */
    NAMEKEY_ORGANISATION /* legal forms go (organisation_key) */
};

/* A name made ready for comparing, unchanging, about 200 bytes. Names repeat: make one for each
 * distinct text, not for each record. An empty name is like nothing, itself included. */
struct namekey;
const struct namekey *namekey_new(struct arena *a, struct str name, enum namekey_what what);

/* Symmetric; over a million a second, and several million of different names.
 * SAME: the same words in the same order or turned (surname first), glued or apart («علیرضا», "Ali
 * Reza"), each word spelled alike (fold.h), of one family of spellings, or, in different scripts,
 * sounding alike without a conflict of vowels.
 * POSSIBLE: every word of the shorter name (two at least) is in the longer one; or long names of
 * different scripts with one conflict.
 * Same-script words that only look alike (Jon, John) are NO: compare those as texts. A name alone,
 * SAME too, is a suggestion, never a proof. */
enum namekey_is namekey_compare(const struct namekey *x, const struct namekey *y);

/* For people, what made them alike; bits. */
enum namekey_why {
    NAMEKEY_SPELLED = 1,  /* a word spelled alike after folding */
    NAMEKEY_FAMILY = 2,   /* usual spellings of one name (Mohamed, Muhammad, محمد) */
    NAMEKEY_SOUND = 4,    /* the same sound in two scripts */
    NAMEKEY_TURNED = 8,   /* the words in another order */
    NAMEKEY_GLUED = 16,   /* written in one word and in two */
    NAMEKEY_SHORTER = 32, /* one name has words that the other lacks */
    NAMEKEY_DOUBT = 64    /* one vowel does not fit */
};
/* namekey_compare, and why (0 with NO). */
enum namekey_is namekey_compared(const struct namekey *x, const struct namekey *y, unsigned *why);

/* For name~: is what was asked for, one word or more, in this name? SAME when every word asked for
 * is there in any order; NO else. namekey_within("Karimi", «رضا کریمی») is SAME. */
enum namekey_is namekey_within(const struct namekey *asked, const struct namekey *name);

/* ---- The index ---- */

/* Short keys (upper-case letters, or a folded word of a script without sound rules) of every word
 * with its other readings, of neighbours joined and of the whole joined; distinct, at most
 * NAMEKEY_TERMS_MOST; the caller puts its prefix before them. Returns how many. */
int namekey_terms(struct arena *a, struct str name, struct strs *out);

/* What to ask an index of namekey_terms: a name that may be alike is in at least one way, that is
 * in every group of that way, that is under at least one key of that group:
 * the union over ways of (the intersection over groups of (the union over keys)). Candidates only:
 * decide with namekey_compare or namekey_within. Returns how many ways; 0 for an empty name. */
struct namekey_way {
    struct strs *groups;
    int groups_n;
};
int namekey_query_terms(struct arena *a, struct str name, struct namekey_way **ways);

/* The first keys of the words with a space between them: "MHMD RD HSN". For tests and blocking. */
struct str namekey_skeleton(struct arena *a, struct str name);

/* ---- Single given names ---- */

enum nickname {
    NICKNAME_NO,
    NICKNAME_SHARED, /* both are short for a third (Bob, Rob): weak evidence */
    NICKNAME_OF      /* one is short for the other (Rob, Robert) */
};
/* Of two single words, either way round; evidence, never equality (Robert has Bill and Rupert). */
enum nickname nickname_of(struct str a, struct str b);
/* The same for prepared names: the best of their first words, if all other words are the same. */
enum nickname namekey_nickname(const struct namekey *x, const struct namekey *y);

/* Do the two words belong to one family of the list (Mohammed, Mohamed, محمد)? */
bool spelling_family(struct str a, struct str b);
/* Share of people in Iran who bear this given name, 0 to 1; 0 for one that is not in the list or is
 * rarer than 1 in 20,000. «علي» 0.0256; Latin spellings go by their family. */
double given_name_share(struct str name);

/* ---- Organisations ---- */

/* The fold of a firm's name without its legal form and titles of its kind: "S.A.R.L. Dupont & Fils"
 * and "Dupont et Fils (SARL)" are "dupont fils", «شرکت البرز (سهامی خاص)» is «البرز». Words keep
 * their order. A name of nothing but such words stays whole. */
struct str organisation_key(struct arena *a, struct str name);
/* The legal form in one way of writing, empty without one: "llc" for LLC, L.L.C. and SARL-like
 * forms are apart ("sarl"), «شرکة … ذ.م.م» "wll", «سهامی خاص» "pjs". A constant. */
struct str organisation_form(struct arena *a, struct str name);

#endif
