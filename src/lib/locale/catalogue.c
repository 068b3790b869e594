/* Looks texts up in the tables that tools/poc makes of po/, and fills {name} in plain text.
 * Called by templates (through lib/html/out.h) and by everything that shows a sentence.
 * Plural rules: CLDR 42, supplemental/plurals, for integers; the order of forms is gettext's. */
#include "lib/locale/catalogue.h"

#include "lib/base/buf.h"

static const struct catalogue_entry *find(const char *msgid) {
    int from = 0, to = catalogue_entries_n;
    while (from < to) {
        int at = from + (to - from) / 2, c = strcmp(msgid, catalogue_entries[at].id);
        if (c == 0) return &catalogue_entries[at];
        if (c < 0)
            to = at;
        else
            from = at + 1;
    }
    return NULL;
}

/* A context is a few letters without blanks before the first bar. */
static const char *without_context(const char *msgid) {
    size_t n = strcspn(msgid, "| {");
    return n && msgid[n] == '|' ? msgid + n + 1 : msgid;
}

/* English stands in the table only where another word changes it. */
static const char *text_of(const struct catalogue_entry *e, enum lang lang, enum client_word word) {
    const char *said = e && e->said && word && lang < LANG_N ? e->said->text[word][lang] : NULL;
    return said ? said : e ? e->text[lang] : NULL;
}

const char *tr_as(enum lang lang, enum client_word word, const char *msgid) {
    if (lang == LANG_EN && word == WORD_CLIENT) return without_context(msgid);
    const struct catalogue_entry *e = find(msgid);
    const char *text = text_of(e, lang, word);
    /* Not translated: in English, but with the right word. */
    if (!text && lang != LANG_PSEUDO) text = text_of(e, LANG_EN, word);
    return text ? text : without_context(msgid);
}

int tr_forms_n(enum lang lang) {
    static const int forms_n[LANG_N + 1] = {
        [LANG_EN] = 2, [LANG_FR] = 3, [LANG_FA] = 2, [LANG_AR] = 6, [LANG_PSEUDO] = 2
    };
    return forms_n[lang];
}

static int plural_ar(uint64_t n) {
    if (n <= 2) return (int)n; /* zero, one, two */
    if (n % 100 >= 3 && n % 100 <= 10) return 3;
    return n % 100 >= 11 ? 4 : 5;
}

int tr_plural(enum lang lang, int64_t n) {
    uint64_t size = n < 0 ? 0 - (uint64_t)n : (uint64_t)n;
    switch (lang) {
    case LANG_FR: return size <= 1 ? 0 : size % 1000000 == 0 ? 1 : 2;
    case LANG_FA: return size <= 1 ? 0 : 1;
    case LANG_AR: return plural_ar(size);
    default: return size == 1 ? 0 : 1;
    }
}

const char *tr_n_as(enum lang lang, enum client_word word, const char *one, const char *other,
                    int64_t n) {
    bool plain = lang == LANG_EN && word == WORD_CLIENT;
    const struct catalogue_entry *e = plain ? NULL : find(one);
    const char *text = text_of(e, lang, word);
    if (!text && lang != LANG_PSEUDO && (text = text_of(e, LANG_EN, word))) lang = LANG_EN;
    if (!text) return without_context(tr_plural(LANG_EN, n) ? other : one);
    /* A text that is also used without a number has one form only. */
    if (!e->counted) return text;
    for (int form = tr_plural(lang, n); form; form--) text += strlen(text) + 1;
    return text;
}

struct str tr_fill(struct arena *a, const char *text, const struct tr_arg *args, int n) {
    struct buf b = { .arena = a };
    struct str rest = str_of(text), before, name;
    while (tr_placeholder(&rest, &before, &name)) {
        buf_add(&b, before);
        int i = 0;
        while (i < n && !str_eq_z(name, args[i].name)) i++;
        if (i == n) {
            buf_printf(&b, "{%.*s}", SF(name));
        } else {
            if (args[i].isolate) buf_add_z(&b, "\u2068");
            buf_add(&b, args[i].value);
            if (args[i].isolate) buf_add_z(&b, "\u2069");
        }
    }
    buf_add(&b, before);
    return buf_str(&b);
}

int tr_ids_n(void) {
    return catalogue_entries_n;
}

const char *tr_id(int i) {
    return catalogue_entries[i].id;
}

bool tr_has(enum lang lang, const char *msgid) {
    const struct catalogue_entry *e = find(msgid);
    return e && e->text[lang];
}

int tr_count(enum lang lang) {
    int n = 0;
    for (int i = 0; i < catalogue_entries_n; i++) n += catalogue_entries[i].text[lang] != NULL;
    return n;
}
