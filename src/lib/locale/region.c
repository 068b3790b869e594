/* Countries, languages and currencies by name: the home of ICU's uloc and ucurr. Called by
 * core/entity kinds and pages. */
#include "lib/locale/region.h"

#include <unicode/ucurr.h>
#include <unicode/uloc.h>
#include <unicode/ustring.h>

#include "lib/text/fold.h"

enum { NAME_CAP = 200 };

/* Languages that clients of small firms speak; four of ours first. */
static const char *const languages[] = {
    "fa", "ar", "fr", "en", "am", "az", "bn", "ca",  "cs", "da", "de", "el", "es", "fi", "he",
    "hi", "hu", "hy", "id", "it", "ja", "ka", "kab", "ko", "ku", "ms", "nl", "no", "pl", "ps",
    "pt", "ro", "ru", "so", "sv", "sw", "ta", "th",  "tr", "uk", "ur", "uz", "vi", "zh",
};
enum { LANGUAGES_N = sizeof languages / sizeof *languages };

static struct str utf8_of(struct arena *a, const UChar *name, int32_t n) {
    char text[NAME_CAP * 3];
    int32_t bytes = 0;
    UErrorCode e = U_ZERO_ERROR;
    u_strToUTF8(text, sizeof text, &bytes, name, n, &e);
    return U_FAILURE(e) ? NO_STR : str_dup(a, (struct str){ text, (size_t)bytes });
}

struct str country_name(struct arena *a, enum lang lang, struct str code) {
    UChar name[NAME_CAP];
    UErrorCode e = U_ZERO_ERROR;
    if (!country_valid(code)) return code;
    char id[8] = { 'u', 'n', 'd', '_', code.p[0], code.p[1] };
    int32_t n = uloc_getDisplayCountry(id, lang_code(lang), name, NAME_CAP, &e);
    struct str s = U_FAILURE(e) ? NO_STR : utf8_of(a, name, n);
    return s.n ? s : code;
}

struct str language_name(struct arena *a, enum lang lang, struct str code) {
    UChar name[NAME_CAP];
    UErrorCode e = U_ZERO_ERROR;
    if (code.n < 2 || code.n > 3) return code;
    char id[4] = { 0 };
    memcpy(id, code.p, code.n);
    int32_t n = uloc_getDisplayLanguage(id, lang_code(lang), name, NAME_CAP, &e);
    struct str s = U_FAILURE(e) ? NO_STR : utf8_of(a, name, n);
    return s.n ? s : code;
}

struct str currency_name(struct arena *a, enum lang lang, struct str code) {
    UErrorCode e = U_ZERO_ERROR;
    int32_t n = 0;
    if (code.n != 3) return code;
    UChar iso[4] = { (UChar)code.p[0], (UChar)code.p[1], (UChar)code.p[2], 0 };
    const UChar *name = ucurr_getName(iso, lang_code(lang), UCURR_LONG_NAME, NULL, &n, &e);
    struct str s = U_FAILURE(e) ? NO_STR : utf8_of(a, name, n);
    return s.n ? s : code;
}

bool country_valid(struct str code) {
    if (code.n != 2) return false;
    for (const char *const *c = uloc_getISOCountries(); *c; c++)
        if (memcmp(*c, code.p, 2) == 0) return true;
    return false;
}

static bool is_name(struct arena *a, struct str folded,
                    struct str (*name)(struct arena *, enum lang, struct str), struct str code) {
    for (int lang = 0; lang < LANG_N; lang++) {
        struct arena_mark m = arena_mark(a);
        bool is = str_eq(folded, fold(a, name(a, (enum lang)lang, code)));
        arena_back(a, m);
        if (is) return true;
    }
    return false;
}

struct str country_find(struct arena *a, struct str text) {
    struct str folded = fold(a, text);
    for (const char *const *c = uloc_getISOCountries(); *c; c++)
        if (str_eq_ascii(text, str_of(*c))) return str_of(*c);
    for (const char *const *c = uloc_getISOCountries(); *c && folded.n; c++)
        if (is_name(a, folded, country_name, str_of(*c))) return str_of(*c);
    return NO_STR;
}

struct str language_find(struct arena *a, struct str text) {
    struct str folded = fold(a, text);
    for (int i = 0; i < LANGUAGES_N; i++)
        if (str_eq_ascii(text, str_of(languages[i]))) return str_of(languages[i]);
    for (int i = 0; i < LANGUAGES_N && folded.n; i++)
        if (is_name(a, folded, language_name, str_of(languages[i]))) return str_of(languages[i]);
    return NO_STR;
}

struct strs country_codes(struct arena *a) {
    int n = 0;
    const char *const *all = uloc_getISOCountries();
    while (all[n]) n++;
    struct strs s = { arena_array(a, struct str, n), n };
    for (int i = 0; i < n; i++) s.v[i] = str_of(all[i]);
    return s;
}

struct strs language_codes(struct arena *a) {
    struct strs s = { arena_array(a, struct str, LANGUAGES_N), LANGUAGES_N };
    for (int i = 0; i < LANGUAGES_N; i++) s.v[i] = str_of(languages[i]);
    return s;
}

bool zone_name_valid(struct str name) {
    if (name.n == 0 || name.n > 64 || name.p[0] == '/' || name.p[0] == '.') return false;
    if (str_find(name, S("..")) >= 0) return false;
    for (size_t i = 0; i < name.n; i++)
        if (!strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/_+-",
                    name.p[i]))
            return false;
    return true;
}
