/* Sort keys by ICU collation, and the letters of the four alphabets.
 * Called by core's store for every sorted column, by import (tens of thousands a second, hence no
 * allocation but the key) and by lists that jump to a letter. The one file that includes ICU's
 * ucol.h. Settings: punctuation shifted, numbers by value, tertiary strength; localisation.md 2.3.
 */
#include <unicode/ucol.h>
#include <unicode/ustring.h>

#include "lib/locale/collate.h"

#define SETTINGS    "s1" /* raise when an attribute below changes: keys are then made anew */
#define TEXT_MAX    480  /* UTF-16 units that can matter for a key of COLLATE_KEY_MAX bytes */
#define LETTERS_MAX 32
#define PRIMARY_MAX 8

/* The letters of an alphabet; where the first begins, and what comes behind the last. */
struct alphabet {
    const char *code, *first, *behind;
    int letters_n;
    const char *letters[LETTERS_MAX + 1];
};

static const struct alphabet alphabets[] = {
    { "en", "A", "Ω", 26, { "A", "B", "C", "D", "E", "F", "G", "H", "I", "J", "K", "L", "M",
                            "N", "O", "P", "Q", "R", "S", "T", "U", "V", "W", "X", "Y", "Z" } },
    { "fr", "A", "Ω", 26, { "A", "B", "C", "D", "E", "F", "G", "H", "I", "J", "K", "L", "M",
                            "N", "O", "P", "Q", "R", "S", "T", "U", "V", "W", "X", "Y", "Z" } },
    { "fa", "آ", "A", 32, { "ا", "ب", "پ", "ت", "ث", "ج", "چ", "ح", "خ", "د", "ذ",
                            "ر", "ز", "ژ", "س", "ش", "ص", "ض", "ط", "ظ", "ع", "غ",
                            "ف", "ق", "ک", "گ", "ل", "م", "ن", "و", "ه", "ی" } },
    { "ar",
      "ء",
      "A",
      28,
      { "ا", "ب", "ت", "ث", "ج", "ح", "خ", "د", "ذ", "ر", "ز", "س", "ش", "ص",
        "ض", "ط", "ظ", "ع", "غ", "ف", "ق", "ك", "ل", "م", "ن", "ه", "و", "ي" } },
};

struct bound {
    unsigned char p[PRIMARY_MAX];
    size_t n;
};

struct collator {
    UCollator *icu;
    const struct alphabet *alphabet;
    struct bound bounds[LETTERS_MAX + 1];
    char version[48];
};

static const struct alphabet *alphabet_find(const char *code) {
    for (size_t i = 0; i < sizeof alphabets / sizeof *alphabets; i++)
        if (code && strcmp(code, alphabets[i].code) == 0) return &alphabets[i];
    return &alphabets[0];
}

/* The primary weights at the start of a key: what tells letters apart, not their case or accents.
 */
static struct bound bound_of(struct collator *c, const char *letter) {
    struct bound b = { { 0 }, 0 };
    unsigned char key[COLLATE_KEY_MAX];
    size_t n = collator_key_into(c, str_of(letter), key, sizeof key);
    while (b.n < n && b.n < PRIMARY_MAX && key[b.n] != 1) b.p[b.n] = key[b.n], b.n++;
    return b;
}

static void set_version(struct collator *c) {
    UVersionInfo collator, icu;
    char collator_text[U_MAX_VERSION_STRING_LENGTH], icu_text[U_MAX_VERSION_STRING_LENGTH];
    ucol_getVersion(c->icu, collator);
    u_getVersion(icu);
    u_versionToString(collator, collator_text);
    u_versionToString(icu, icu_text);
    snprintf(c->version, sizeof c->version, "%.8s %.16s %.8s " SETTINGS, c->alphabet->code,
             collator_text, icu_text);
}

struct collator *collator_open(const char *alphabet) {
    struct collator *c = calloc(1, sizeof *c);
    if (!c) BUG("out of memory");
    c->alphabet = alphabet_find(alphabet);
    UErrorCode e = U_ZERO_ERROR;
    c->icu = ucol_open(c->alphabet->code, &e);
    if (U_SUCCESS(e)) ucol_setAttribute(c->icu, UCOL_ALTERNATE_HANDLING, UCOL_SHIFTED, &e);
    if (U_SUCCESS(e)) ucol_setAttribute(c->icu, UCOL_NUMERIC_COLLATION, UCOL_ON, &e);
    if (U_SUCCESS(e)) ucol_setAttribute(c->icu, UCOL_STRENGTH, UCOL_TERTIARY, &e);
    if (U_FAILURE(e)) BUG("ICU has no collation for %s: %s", c->alphabet->code, u_errorName(e));
    c->bounds[0] = bound_of(c, c->alphabet->first);
    for (int i = 1; i < c->alphabet->letters_n; i++)
        c->bounds[i] = bound_of(c, c->alphabet->letters[i]);
    c->bounds[c->alphabet->letters_n] = bound_of(c, c->alphabet->behind);
    set_version(c);
    return c;
}

struct collator *collator_clone(const struct collator *from) {
    struct collator *c = malloc(sizeof *c);
    if (!c) BUG("out of memory");
    *c = *from;
    UErrorCode e = U_ZERO_ERROR;
    c->icu = ucol_clone(from->icu, &e);
    if (U_FAILURE(e)) BUG("cannot clone a collator: %s", u_errorName(e));
    return c;
}

void collator_close(struct collator *c) {
    if (!c) return;
    ucol_close(c->icu);
    free(c);
}

const char *collator_version(const struct collator *c) {
    return c->version;
}

static int32_t to_utf16(struct str text, UChar to[TEXT_MAX + 1]) {
    int32_t n = 0;
    while (text.n && n < TEXT_MAX) {
        int32_t c = utf8_next(&text);
        if (c > 0xffff) {
            to[n++] = (UChar)(0xd7c0 + (c >> 10));
            to[n++] = (UChar)(0xdc00 | (c & 0x3ff));
        } else {
            to[n++] = (UChar)c;
        }
    }
    return n;
}

size_t collator_key_into(struct collator *c, struct str text, unsigned char *to, size_t cap) {
    UChar utf16[TEXT_MAX + 1];
    unsigned char key[COLLATE_KEY_MAX + 1];
    int32_t n = ucol_getSortKey(c->icu, utf16, to_utf16(text, utf16), key, sizeof key);
    /* Only the levels' separators are left of a text in which nothing counts. */
    if (n <= 1 || key[0] == 1) return 0;
    size_t size = n > (int32_t)sizeof key ? COLLATE_KEY_MAX : (size_t)n - 1;
    if (size > cap) size = cap;
    if (size) memcpy(to, key, size);
    return size;
}

struct str collator_key(struct collator *c, struct arena *a, struct str text) {
    unsigned char key[COLLATE_KEY_MAX];
    size_t n = collator_key_into(c, text, key, sizeof key);
    return str_dup(a, (struct str){ (const char *)key, n });
}

const char *const *alphabet_letters(const char *alphabet, int *n) {
    const struct alphabet *a = alphabet_find(alphabet);
    *n = a->letters_n;
    return a->letters;
}

struct str collator_letter_bound(const struct collator *c, int i) {
    if (i < 0 || i > c->alphabet->letters_n) BUG("letter %d", i);
    return (struct str){ (const char *)c->bounds[i].p, c->bounds[i].n };
}

struct str index_letter(struct collator *c, struct str text) {
    unsigned char key[COLLATE_KEY_MAX];
    struct str k = { (const char *)key, collator_key_into(c, text, key, sizeof key) };
    int low = 0, high = c->alphabet->letters_n + 1; /* how many bounds are at or before the key */
    while (low < high) {
        int mid = (low + high) / 2;
        if (str_cmp(collator_letter_bound(c, mid), k) <= 0)
            low = mid + 1;
        else
            high = mid;
    }
    if (low == 0 || low > c->alphabet->letters_n) return NO_STR;
    return str_of(c->alphabet->letters[low - 1]);
}
