/* Inside of namekey.h: words as letters, and who does what with them. Included by namekey*.c,
 * nickname.c and tools/namec alone. */
#ifndef TEXT_NAMEKEY_IN_H
#define TEXT_NAMEKEY_IN_H
#include "lib/text/namekey.h"

/* Letters of a word, one byte each: a-z and 0-9 as they are, Arabic ones as follows, hamza, ى and ة
 * apart from ی and ه, which fold.h does not keep. */
enum letter {
    BREAK = 1,   /* where two words were glued: no digraph, no doubled letter across it */
    ALEF = 0x80, /* ا أ إ آ */
    BEH,
    PEH,
    TEH,
    THEH,
    JEEM,
    CHEH,
    HAH,
    KHAH,
    DAL,
    THAL,
    REH,
    ZAIN,
    ZHEH,
    SEEN,
    SHEEN,
    SAD,
    DAD,
    TAH,
    ZAH,
    AIN,
    GHAIN,
    FEH,
    VEH,
    QAF,
    KAF,
    GAF,
    LAM,
    MEEM,
    NOON,
    HEH,
    MARBUTA,
    WAW,
    WAW_HAMZA,
    YEH,
    YEH_HAMZA,
    YEH_I,   /* a final ی that the list knows as i (علی), not as ى */
    MAQSURA, /* ى, or a final ی that the list knows as a (مصطفی) */
    HAMZA,
    LETTER_END
};
enum script { SCRIPT_OTHER, SCRIPT_LATIN, SCRIPT_ARABIC };
enum {
    LETTERS_MOST = 30, /* of one reading: a bit each, and one for the end */
    WORD_BYTES_MOST = 120,
    READINGS_MOST = 2,
    VARIANTS_MOST = 4,
    SKELETON_MOST = 32,
    FAMILIES_MOST = 4
};

/* One way to read a word: «الکریم» with its article and without. */
struct reading {
    unsigned char n; /* 0: no sound (another script, digits and letters mixed, too long) */
    unsigned char v[LETTERS_MOST];
};
struct key_word {
    char text[WORD_BYTES_MOST]; /* folded, without article; UTF-8 */
    size_t text_n;
    enum script script;
    struct reading reading[READINGS_MOST];
    int readings_n;
    char other[WORD_BYTES_MOST]; /* the other reading's text, with or without the article */
    size_t other_n;              /* 0: there is none */
};
struct key_words {
    struct key_word v[NAMEKEY_TOKENS_MOST];
    int n;
    uint64_t beyond; /* digest of the words that did not fit; 0: all did */
};
/* namekey_words.c: a name as words, titles and articles gone, bn-words glued. */
void key_words(struct arena *a, struct str name, enum namekey_what what, struct key_words *out);

/* namekey_skeleton.c: up to VARIANTS_MOST skeletons of a reading, the usual one first, each with
 * its NUL; 0 when it has no sound. Returns how many. */
int skeletons(const struct reading *r, char out[VARIANTS_MOST][SKELETON_MOST]);
/* Two readings as one with a BREAK between them; n == 0 when they do not go together. */
struct reading glued(const struct reading *a, const struct reading *b);

/* namekey_sound.c: conflicts of vowels between a Latin and an Arabic reading: 0, 1, or 2 for more
 * or another consonant. */
int sound_conflicts(const struct reading *latin, const struct reading *arabic);
/* Which consonants a reading surely has and may have, as classes that both scripts share: two
 * readings with fewer than two conflicts have must within the other's may. */
struct consonants {
    uint32_t must, may;
};
struct consonants consonants_of(const struct reading *r);

/* nickname.c: the families (numbers from 1) of a word, at most FAMILIES_MOST; how many. A final ی
 * that the list knows becomes YEH_I or MAQSURA. *listed: the list has the word as it is written. */
int families_of(struct arena *a, struct key_word *w, uint16_t *out, bool *listed);
int nickname_number(struct str folded); /* 0: in no pair of the list */
enum nickname nicknames(int x, int y);

/* Tables made by tools/namec from data/names. */
struct family_entry { /* in bytewise order of text, which is key_word.text */
    const char *text;
    uint16_t family;
};
struct family_sound { /* in bytewise order of the skeleton of the Arabic spelling */
    const char *key;
    uint16_t family;
};
struct family_name { /* by number - 1 */
    const char *arabic;
    unsigned char final_yeh; /* how its last ی reads: YEH_I, MAQSURA; 0: no such letter, or both */
};
struct nickname_pair { /* in order of shorter, then longer; numbers in nickname_names from 1 */
    uint16_t shorter, longer;
};
extern const struct family_entry family_table[];
extern const int family_table_n;
extern const struct family_sound family_sounds[];
extern const int family_sounds_n;
extern const struct family_name family_names[];
extern const int family_names_n;
extern const char *const nickname_names[]; /* in bytewise order */
extern const int nickname_names_n;
extern const struct nickname_pair nickname_pairs[];
extern const int nickname_pairs_n;

#endif
