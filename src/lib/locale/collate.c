/* See collate.h: the home of ICU's ucol. Called by sort keys of fields and by lists. */
#include "lib/locale/collate.h"

#include <unicode/ucol.h>
#include <unicode/ustring.h>

enum { UNITS_MAX = 512, KEY_MAX = 1024 };

struct collator {
    UCollator *ucol;
    char alphabet[8];
};

struct collator *collator_open(const char *alphabet) {
    static const char *const known[] = { "fa", "ar", "fr", "en" };
    struct collator *c = calloc(1, sizeof *c);
    UErrorCode e = U_ZERO_ERROR;
    if (!c) BUG("out of memory");
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (alphabet && !strcmp(alphabet, known[i])) snprintf(c->alphabet, sizeof c->alphabet, "%s", alphabet);
    c->ucol = ucol_open(c->alphabet, &e);
    if (U_FAILURE(e)) BUG("ICU has no collator for \"%s\": %s", c->alphabet, u_errorName(e));
    ucol_setAttribute(c->ucol, UCOL_NUMERIC_COLLATION, UCOL_ON, &e);
    ucol_setAttribute(c->ucol, UCOL_ALTERNATE_HANDLING, UCOL_SHIFTED, &e);
    ucol_setAttribute(c->ucol, UCOL_STRENGTH, UCOL_TERTIARY, &e);
    if (U_FAILURE(e)) BUG("ICU collator: %s", u_errorName(e));
    return c;
}

void collator_close(struct collator *c) {
    if (!c) return;
    ucol_close(c->ucol);
    free(c);
}

const char *collator_alphabet(const struct collator *c) {
    return c->alphabet;
}

struct str collator_key(struct collator *c, struct arena *a, struct str text) {
    UChar units[UNITS_MAX];
    uint8_t key[KEY_MAX];
    int32_t n = 0;
    UErrorCode e = U_ZERO_ERROR;
    if (text.n == 0) return NO_STR;
    if (text.n > UNITS_MAX) text.n = UNITS_MAX; /* keys are cut far earlier; a cut letter sorts as U+FFFD */
    u_strFromUTF8WithSub(units, UNITS_MAX, &n, text.p, (int32_t)text.n, 0xFFFD, NULL, &e);
    if (U_FAILURE(e)) return NO_STR;
    int32_t bytes = ucol_getSortKey(c->ucol, units, n, key, KEY_MAX);
    if (bytes > KEY_MAX) bytes = KEY_MAX;
    if (bytes > 0 && key[bytes - 1] == 0) bytes--;
    return str_dup(a, (struct str){ (const char *)key, (size_t)bytes });
}

struct str collator_version(struct collator *c, struct arena *a) {
    UVersionInfo version, ucd;
    char text[U_MAX_VERSION_STRING_LENGTH], data[U_MAX_VERSION_STRING_LENGTH];
    ucol_getVersion(c->ucol, version);
    ucol_getUCAVersion(c->ucol, ucd);
    u_versionToString(version, text);
    u_versionToString(ucd, data);
    return str_printf(a, "%s %s %s", c->alphabet, text, data);
}

struct strs alphabet_letters(struct arena *a, const char *alphabet) {
    static const char fa[] = "آ ا ب پ ت ث ج چ ح خ د ذ ر ز ژ س ش ص ض ط ظ ع غ ف ق ک گ ل م ن و ه ی";
    static const char ar[] = "ا ب ت ث ج ح خ د ذ ر ز س ش ص ض ط ظ ع غ ف ق ك ل م ن ه و ي";
    static const char latin[] = "A B C D E F G H I J K L M N O P Q R S T U V W X Y Z";
    const char *all = alphabet && !strcmp(alphabet, "fa") ? fa : alphabet && !strcmp(alphabet, "ar") ? ar : latin;
    struct str rest = str_of(all), letter;
    struct strs s = { arena_array(a, struct str, 40), 0 };
    while (str_cut(&rest, ' ', &letter)) s.v[s.n++] = letter;
    return s;
}
