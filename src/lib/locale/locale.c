/* Names of languages, calendars and digits: the codes that stand in settings, URLs and HTML.
 * Called by everything that stores or shows a reader's choice; calls only lib/base. */
#include "lib/locale/locale.h"

static const struct {
    const char *code, *name;
    bool rtl;
} langs[LANG_N + 1] = {
    [LANG_EN] = { "en", "English", false },       [LANG_FR] = { "fr", "Français", false },
    [LANG_FA] = { "fa", "فارسی", true },          [LANG_AR] = { "ar", "العربية", true },
    [LANG_PSEUDO] = { "qps", "⟦Pseudo⟧", false },
};
static const char *const calendars[CALENDAR_N] = { "gregorian", "persian", "umalqura" };
static const char *const words[WORD_N] = { "client", "patient", "student", "donor", "member" };
static const char *const digit_names[DIGITS_N] = { "latn", "arabext", "arab" };

const char *lang_code(enum lang lang) {
    return langs[lang].code;
}

bool lang_of(struct str code, enum lang *lang) {
#ifdef TESTING
    const int n = LANG_N + 1;
#else
    const int n = LANG_N;
#endif
    for (int i = 0; i < n; i++) {
        if (!str_eq_z(code, langs[i].code)) continue;
        *lang = (enum lang)i;
        return true;
    }
    return false;
}

bool lang_rtl(enum lang lang) {
    return langs[lang].rtl;
}

const char *lang_name(enum lang lang) {
    return langs[lang].name;
}

static int find(struct str code, const char *const *names, int n) {
    for (int i = 0; i < n; i++)
        if (str_eq_z(code, names[i])) return i;
    return -1;
}

const char *calendar_code(enum calendar_id calendar) {
    return calendars[calendar];
}

bool calendar_of(struct str code, enum calendar_id *calendar) {
    int i = find(code, calendars, CALENDAR_N);
    if (i >= 0) *calendar = (enum calendar_id)i;
    return i >= 0;
}

const char *digits_code(enum digits digits) {
    return digit_names[digits];
}

bool digits_of(struct str code, enum digits *digits) {
    int i = find(code, digit_names, DIGITS_N);
    if (i >= 0) *digits = (enum digits)i;
    return i >= 0;
}

const char *client_word_code(enum client_word word) {
    return words[word];
}

bool client_word_of(struct str code, enum client_word *word) {
    int i = find(code, words, WORD_N);
    if (i >= 0) *word = (enum client_word)i;
    return i >= 0;
}
