/* The words themselves: every text of the program in Persian, Arabic and French by the house rules
 * (reference/localisation.md, 2.4, 5.1 and 7): nothing empty, the same {names}, the letters,
 * signs and spaces of the language, the glossary's words, Arabic's six plural forms, and the names
 * that ICU brings; and with every other word for client that a business may choose. Reads the
 * catalogue that the program carries. docs/words.md says the rules in prose. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "lib/base/str.h"
#include "lib/locale/catalogue.h"
#include "lib/locale/region.h"

#include "words_table.h"

#define NBSP  0x00A0
#define NNBSP 0x202F
#define ZWNJ  0x200C

struct text {
    enum lang lang;
    struct str id, shown;
    bool counted;
};

static int faults_n;

static void complain(const struct text *t, const char *what) {
    fprintf(stderr, "%s: %s: \"%.*s\" -> \"%.*s\"\n", lang_code(t->lang), what, SF(t->id),
            SF(t->shown));
    faults_n++;
}

/* check gets each form of each translation. */
static void all_texts(void (*check)(const struct text *)) {
    static const enum lang langs[] = { LANG_FA, LANG_AR, LANG_FR };
    faults_n = 0;
    assert_true(catalogue_entries_n > 300);
    for (int i = 0; i < catalogue_entries_n; i++) {
        const struct catalogue_entry *e = &catalogue_entries[i];
        for (size_t k = 0; k < sizeof langs / sizeof *langs; k++) {
            const char *shown = e->text[langs[k]];
            struct text t = { langs[k], str_of(e->id), NO_STR, e->counted };
            int forms = e->counted ? tr_forms_n(langs[k]) : 1;
            for (int f = 0; f < forms; f++, shown += shown ? t.shown.n + 1 : 0) {
                t.shown = str_of(shown);
                check(&t);
            }
        }
    }
    assert_int_equal(faults_n, 0);
}

/* --- Complete --- */

static void not_empty(const struct text *t) {
    if (!str_trim(t->shown).n) complain(t, "empty");
    if (str_trim(t->shown).n != t->shown.n) complain(t, "white space at an end");
    if (!utf8_valid(t->shown)) complain(t, "not UTF-8");
}

static bool names(struct str text, struct str wanted) {
    struct str before, name;
    while (tr_placeholder(&text, &before, &name))
        if (str_eq(name, wanted)) return true;
    return false;
}

/* {n} may be missing where the text is counted (Arabic says "two clients" in one word), or stand in
 * the other forms of a text whose first form ("the first row") needs none. */
static void same_names(const struct text *t) {
    struct str before, name, left = t->id;
    while (tr_placeholder(&left, &before, &name))
        if (!names(t->shown, name) && !(t->counted && str_eq(name, S("n"))))
            complain(t, "a {name} is lost");
    left = t->shown;
    while (tr_placeholder(&left, &before, &name))
        if (!names(t->id, name) && !(t->counted && str_eq(name, S("n"))))
            complain(t, "a {name} too many");
}

static void complete(void **state) {
    (void)state;
    all_texts(not_empty);
    all_texts(same_names);
}

/* --- Letters --- */

static bool among(int32_t c, const int32_t *list) {
    for (; *list; list++)
        if (c == *list) return true;
    return false;
}

static void letters_of(const struct text *t) {
    static const int32_t arabic_only[] = { 0x064A, 0x0643, 0x0629, 0x0649, 0 };
    static const int32_t persian_only[] = { 0x06CC, 0x06A9, 0x067E, 0x0686, 0x0698,
                                            0x06AF, 0x06C0, 0x0654, 0 };
    struct str left = t->shown;
    for (int32_t c; (c = utf8_next(&left)) >= 0;) {
        bool arabic_script = c >= 0x0600 && c <= 0x06FF;
        if (t->lang == LANG_FR && arabic_script) complain(t, "Arabic script");
        if (t->lang == LANG_FA && among(c, arabic_only)) complain(t, "an Arabic letter");
        if (t->lang == LANG_AR && among(c, persian_only)) complain(t, "a Persian letter");
        bool tanwin = c == 0x064B && t->lang == LANG_FA; /* بعداً: written so in Persian */
        if (((c >= 0x064B && c <= 0x0652) || c == 0x0640) && !tanwin)
            complain(t, "a vowel sign or tatweel");
        if ((c >= 0x0660 && c <= 0x0669) || (c >= 0x06F0 && c <= 0x06F9))
            complain(t, "a digit that the reader did not choose");
    }
}

static bool ascii_word(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c && strchr("-_./:@#+\"", c));
}

/* Names of formats and samples of what one types; everything else has a word of its own. */
static bool may_be_latin(struct str word) {
    static const char *const allowed[] = {
        "API",
        "ASCII",
        "CSV",
        "ETag",
        "Excel",
        "Idempotency-Key",
        "If-Match",
        "JSON",
        "PDF",
        "SHA-256",
        "URL",
        "UTF-8",
        "VIP",
        "Asia/Tehran",
        "Asia/Riyadh",
        "\"v3\"",
        "v3",
        "--host",
        "application/json",
        "merge-patch",
        "PATCH",
        "vCard",
        "id",
        "Daftar",
        "name@example.com",
        "ISO",
        "XLSX",
        "UID",
        "file",
        "multipart/form-data",
        "OpenDocument",
        "LibreOffice",
        ".xlsx",
        "Google",
        "ZIP",
        "XLSB",
        "XFD1048576",
        "DTD",
        "UTF-16",
        "JavaScript",
        "csv",
        "json",
        "files",
        "data.json",
        "index.html",
        "daftar",
        "check",
        "XLS",
        "ODS",
        "--language",
        "@",
        "https://example.com",
        "Ctrl",
        "Shift",
        "EUR",
        "K",
    };
    for (size_t i = 0; i < sizeof allowed / sizeof *allowed; i++)
        if (str_eq_z(word, allowed[i])) return true;
    return false;
}

static bool has_letter(struct str word) {
    for (size_t i = 0; i < word.n; i++)
        if ((word.p[i] | 32) >= 'a' && (word.p[i] | 32) <= 'z') return true;
    return false;
}

static bool has_digit(struct str word) {
    for (size_t i = 0; i < word.n; i++)
        if (word.p[i] >= '0' && word.p[i] <= '9') return true;
    return false;
}

static void latin_of(const struct text *t) {
    struct str left = t->shown, between, name;
    if (t->lang == LANG_FR) return;
    for (bool more = true; more;) {
        more = tr_placeholder(&left, &between, &name);
        for (size_t i = 0, n; i < between.n; i += n + 1) {
            for (n = 0; i + n < between.n && ascii_word(between.p[i + n]);) n++;
            struct str word = str_sub(between, i, n);
            while (word.n && strchr(".:", word.p[word.n - 1])) word.n--;
            if (has_letter(word) && !may_be_latin(word)) complain(t, "a Latin word");
            if (!has_letter(word) && has_digit(word) && str_find(t->id, word) < 0)
                complain(t, "digits that the English has not");
        }
    }
}

static void letters(void **state) {
    (void)state;
    all_texts(letters_of);
    all_texts(latin_of);
}

/* --- Signs and spaces --- */

static void rtl_signs(const struct text *t) {
    struct str left = t->shown;
    if (t->lang == LANG_FR) return;
    for (int32_t c, before = 0; (c = utf8_next(&left)) >= 0; before = c) {
        /* "semicolon ;" shows the sign itself, at its end and behind a blank. */
        bool shown = before == ' ' && !left.n;
        if ((c == ',' || c == ';' || c == '?') && !shown)
            complain(t, "a Latin comma, semicolon or question");
        if (c == '\'' || c == 0x2019 || c == 0x201C || c == 0x201D) complain(t, "a Latin quote");
        if (before == ' ' && (c == 0x060C || c == 0x061B || c == 0x061F || c == ' '))
            complain(t, "a space too many");
    }
}

static void french_signs(const struct text *t) {
    struct str left = t->shown;
    if (t->lang != LANG_FR) return;
    for (int32_t c, before = 0; (c = utf8_next(&left)) >= 0; before = c) {
        if (c == '\'' || (c == '"' && str_find_c(t->id, '"') < 0)) complain(t, "a straight quote");
        if (c == 0x201C || c == 0x201D) complain(t, "an English quote");
        if ((c == ';' || c == '!' || c == '?') && before != NNBSP)
            complain(t, "no narrow space before ; ! ?");
        if (c == ':' && before != NBSP && !str_starts(left, S("//")))
            complain(t, "no space before the colon");
        if (c == 0x00BB && before != NBSP) complain(t, "no space before the closing quote");
        if (before == 0x00AB && c != NBSP) complain(t, "no space after the opening quote");
        if (before == ' ' && c == ' ') complain(t, "two spaces");
    }
}

/* A question stays one, and so do a heading's colon and the three dots. */
static void same_end(const struct text *t) {
    static const struct {
        const char *en, *rtl;
    } ends[] = { { "?", "؟" }, { ":", ":" }, { "…", "…" } };
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        struct str mine = str_of(t->lang == LANG_FR ? ends[i].en : ends[i].rtl);
        if (str_ends(t->id, str_of(ends[i].en)) != str_ends(t->shown, mine))
            complain(t, "ends in another sign");
    }
}

static bool boundary(struct str s, size_t at) {
    return at >= s.n || (unsigned char)s.p[at] < 0x80 || str_starts(str_sub(s, at, 2), S("،"));
}

/* Prefixes and endings that stand with a ZWNJ, never as words of their own. */
static void persian_joins(const struct text *t) {
    static const char *const loose[] = {
        "می", "نمی", "ها", "های", "هایی", "تر", "ترین", "ای", "اند"
    };
    if (t->lang != LANG_FA) return;
    for (size_t i = 0; i < sizeof loose / sizeof *loose; i++) {
        struct str left = t->shown, piece, word = str_of(loose[i]);
        for (bool first = true; str_cut(&left, ' ', &piece); first = false)
            if (str_starts(piece, word) && boundary(piece, word.n) && !first)
                complain(t, "a part without its ZWNJ");
    }
    if (str_starts(t->shown, S("می ")) || str_starts(t->shown, S("نمی ")))
        complain(t, "a part without its ZWNJ");
    if (str_find(t->shown, S("ه\u200cی ")) >= 0) complain(t, "the ezafe of ه is ٔ");
    struct str left = t->shown;
    for (int32_t c, before = ' '; (c = utf8_next(&left)) >= 0; before = c)
        if ((before == ZWNJ && (c == ' ' || c == ZWNJ)) || (c == ZWNJ && before == ' '))
            complain(t, "a ZWNJ that joins nothing");
}

static void signs(void **state) {
    (void)state;
    all_texts(rtl_signs);
    all_texts(french_signs);
    all_texts(same_end);
    all_texts(persian_joins);
}

/* --- The glossary --- */

static const struct {
    const char *id, *fr, *fa, *ar;
} glossary[] = {
    { "Client", "Client", "مشتری", "عميل" },
    { "Clients", "Clients", "مشتریان", "العملاء" },
    { "Lead", "Piste", "سرنخ", "عميل محتمل" },
    { "Prospect", "Prospect", "مشتری احتمالی", "عميل مرتقب" },
    { "Organisation", "Organisation", "سازمان", "مؤسسة" },
    { "Company", "Entreprise", "شرکت", "شركة" },
    { "Category", "Catégorie", "دسته‌بندی", "فئة" },
    { "Tag", "Étiquette", "برچسب", "وسم" },
    { "Relationship", "Relation", "رابطه", "علاقة" },
    { "Prefers", "Moyen de contact préféré", "روش ارتباطی ترجیحی", "وسيلة الاتصال المفضلة" },
    { "Title|Title", "Civilité", "عنوان", "اللقب" },
    { "First name", "Prénom", "نام", "الاسم الأول" },
    { "Last name", "Nom de famille", "نام خانوادگی", "اسم العائلة" },
    { "Father's name", "Prénom du père", "نام پدر", "اسم الأب" },
    { "Full name", "Nom complet", "نام کامل", "الاسم الكامل" },
    { "Job title", "Fonction", "سمت", "المسمى الوظيفي" },
    { "Date of birth", "Date de naissance", "تاریخ تولد", "تاريخ الميلاد" },
    { "Phone", "Téléphone", "تلفن", "الهاتف" },
    { "Phone|Mobile", "Portable", "تلفن همراه", "الجوال" },
    { "E-mail", "E-mail", "ایمیل", "البريد الإلكتروني" },
    { "Channel|E-mail", "E-mail", "ایمیل", "البريد الإلكتروني" },
    { "Address", "Adresse", "نشانی", "العنوان" },
    { "Postal code", "Code postal", "کد پستی", "الرمز البريدي" },
    { "Country", "Pays", "کشور", "الدولة" },
    { "Region, province", "Région / département", "استان", "المحافظة / الولاية" },
    { "Website", "Site web", "وب‌سایت", "الموقع الإلكتروني" },
    { "Notes", "Notes", "یادداشت‌ها", "ملاحظات" },
    { "Active", "Actif", "فعال", "نشط" },
    { "Stage|Active", "Actif", "فعال", "نشط" },
    { "Responsible", "Responsable", "مسئول", "المسؤول" },
    { "Stage", "Étape", "مرحله", "مرحلة" },
    { "Currency", "Devise", "واحد پول", "العملة" },
    { "Calendar", "Calendrier", "تقویم", "التقويم" },
    { "Search", "Rechercher", "جستجو", "بحث" },
    { "Save", "Enregistrer", "ذخیره", "حفظ" },
    { "Edit", "Modifier", "ویرایش", "تعديل" },
    { "Delete", "Supprimer", "حذف", "حذف" },
    { "Cancel", "Annuler", "انصراف", "إلغاء" },
    { "Add", "Ajouter", "افزودن", "إضافة" },
    { "Import", "Importer", "ورود داده", "استيراد" },
    { "Export", "Exporter", "خروجی گرفتن", "تصدير" },
    { "Print", "Imprimer", "چاپ", "طباعة" },
    { "Bring back", "Restaurer", "بازیابی", "استعادة" },
    { "History", "Historique", "تاریخچه", "السجل" },
    { "Role", "Rôle", "نقش", "دور" },
    { "Role|Right", "Rôle", "نقش", "دور" },
    { "Password", "Mot de passe", "گذرواژه", "كلمة المرور" },
    { "Sign in", "Se connecter", "ورود", "تسجيل الدخول" },
    { "Sign out", "Se déconnecter", "خروج", "تسجيل الخروج" },
    { "Settings", "Paramètres", "تنظیمات", "الإعدادات" },
    { "Language", "Langue", "زبان", "اللغة" },
    { "Time zone", "Fuseau horaire", "منطقهٔ زمانی", "المنطقة الزمنية" },
};

/* Arabic labels may have the article that the glossary leaves out, or the reverse. */
static struct str bare(enum lang lang, const char *text) {
    struct str s = str_of(text), article = S("ال");
    return lang == LANG_AR && str_starts(s, article) ? str_sub(s, article.n, s.n) : s;
}

static void says(enum lang lang, const char *id, const char *text) {
    const char *shown = tr_as(lang, WORD_CLIENT, id);
    if (tr_has(lang, id) && str_eq(bare(lang, shown), bare(lang, text))) return;
    fprintf(stderr, "%s: %s is \"%s\", the glossary has \"%s\"\n", lang_code(lang), id, shown,
            text);
    faults_n++;
}

static void glossary_words(void **state) {
    (void)state;
    faults_n = 0;
    for (size_t i = 0; i < sizeof glossary / sizeof *glossary; i++) {
        says(LANG_FR, glossary[i].id, glossary[i].fr);
        says(LANG_FA, glossary[i].id, glossary[i].fa);
        says(LANG_AR, glossary[i].id, glossary[i].ar);
    }
    assert_int_equal(faults_n, 0);
}

/* Seen elsewhere and wrong (section 7): words that must not come in. */
static void wrong_words(const struct text *t) {
    static const struct {
        enum lang lang;
        const char *word, *but; /* but: right together with this one, as in "quotation mark" */
    } wrong[] = {
        { LANG_FA, "نقل قول", NULL },   { LANG_FA, "تندرست", NULL },
        { LANG_FA, "واردات", NULL },    { LANG_FA, "صادرات", NULL },
        { LANG_FA, "تایپ کنید", NULL }, { LANG_FA, "مرخصی", NULL },
        { LANG_AR, "اقتباس", "علامة" }, { LANG_AR, "القيادة", NULL },
        { LANG_AR, "متحرك", NULL },     { LANG_AR, "شيخوخة", NULL },
        { LANG_AR, "متميز", NULL },     { LANG_FR, "citation", NULL },
        { LANG_FR, "rebondi", NULL },   { LANG_FR, "Mlle", NULL },
        { LANG_FR, "courriel", NULL },
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        if (t->lang == wrong[i].lang && str_find(t->shown, str_of(wrong[i].word)) >= 0 &&
            !(wrong[i].but && str_find(t->shown, str_of(wrong[i].but)) >= 0))
            complain(t, wrong[i].word);
}

static void wrong(void **state) {
    (void)state;
    all_texts(wrong_words);
}

/* --- Arabic counts --- */

static void arabic_counts(void **state) {
    static const int64_t counts[] = { 0, 1, 2, 3, 11, 100 };
    static const struct {
        const char *one, *other, *forms[6];
    } rows[] = {
        { "{n} client",
          "{n} clients",
          { "لا عملاء", "عميل واحد", "عميلان", "{n} عملاء", "{n} عميلا", "{n} عميل" } },
        { "{n} day ago",
          "{n} days ago",
          { "قبل أقل من يوم", "قبل يوم", "قبل يومين", "قبل {n} أيام", "قبل {n} يوما",
            "قبل {n} يوم" } },
        { "{n} member",
          "{n} members",
          { "بلا أعضاء", "عضو واحد", "عضوان", "{n} أعضاء", "{n} عضوا", "{n} عضو" } },
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (int k = 0; k < 6; k++)
            assert_string_equal(
                tr_n_as(LANG_AR, WORD_CLIENT, rows[i].one, rows[i].other, counts[k]),
                rows[i].forms[k]);
}

/* Names that ICU brings: of countries, languages and currencies. A code that it does not know
 * stays. */
static void names_of_codes(void **state) {
    static const struct {
        struct str (*name)(struct arena *, enum lang, struct str);
        enum lang lang;
        const char *code, *text;
    } rows[] = {
        { country_name, LANG_FA, "IR", "ایران" },
        { country_name, LANG_AR, "TN", "تونس" },
        { country_name, LANG_FR, "ZZZ", "ZZZ" },
        { language_name, LANG_FR, "fa", "persan" },
        { language_name, LANG_AR, "fr", "الفرنسية" },
        { currency_name, LANG_FA, "IRR", "ریال ایران" },
        { currency_name, LANG_AR, "TND", "دينار تونسي" },
        { currency_name, LANG_FR, "EUR", "euro" },
        { currency_name, LANG_EN, "GBP", "British Pound" },
        { currency_name, LANG_FA, "QQQ", "QQQ" },
        { currency_name, LANG_FA, "EURO", "EURO" },
    };
    struct arena *a = arena_new();
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_string_equal(str_z(a, rows[i].name(a, rows[i].lang, str_of(rows[i].code))),
                            rows[i].text);
    arena_free(a);
}

/* --- Another word for client --- */

/* In how a text shows, not in its context. */
static bool speaks_of_clients(enum lang lang, struct str text) {
    static const char *const stems[LANG_N][4] = {
        [LANG_EN] = { "client", "Client" },
        [LANG_FR] = { "client", "Client" },
        [LANG_FA] = { "مشتری" },
        [LANG_AR] = { "عميل", "عملاء", "عملائ", "عملاؤ" },
    };
    for (int i = 0; i < 4 && stems[lang][i]; i++)
        if (str_find(text, str_of(stems[lang][i])) >= 0) return true;
    return false;
}

static void other_word(enum lang lang, const char *id, struct str plain, struct str said) {
    struct text t = { lang, str_of(id), said, false };
    struct str before, name, left = plain;
    if (str_eq(plain, said)) complain(&t, "no form with another word");
    if (speaks_of_clients(lang, said)) complain(&t, "still speaks of clients");
    while (tr_placeholder(&left, &before, &name))
        if (!names(said, name)) complain(&t, "a {name} is lost with another word");
    not_empty(&t);
    letters_of(&t);
    if (lang_rtl(lang)) rtl_signs(&t);
    french_signs(&t);
    persian_joins(&t);
}

/* Every text in every language that speaks of clients has a form with each other word. */
static void other_words(void **state) {
    int found_n[LANG_N] = { 0 };
    (void)state;
    faults_n = 0;
    for (int i = 0; i < catalogue_entries_n; i++) {
        const struct catalogue_entry *e = &catalogue_entries[i];
        bool chosen = str_starts(str_of(e->id), S("Word|")); /* the words themselves */
        for (int lang = 0; lang < LANG_N; lang++) {
            const char *plain = tr_as((enum lang)lang, WORD_CLIENT, e->id);
            int forms =
                lang != LANG_EN && e->counted && e->text[lang] ? tr_forms_n((enum lang)lang) : 1;
            for (int word = WORD_CLIENT + 1; word < WORD_N; word++) {
                const char *said = tr_as((enum lang)lang, (enum client_word)word, e->id);
                const char *p = plain, *s = said;
                if (chosen) assert_ptr_equal(plain, said);
                for (int f = 0; f < forms && !chosen; f++, p += strlen(p) + 1, s += strlen(s) + 1) {
                    if (!speaks_of_clients((enum lang)lang, str_of(p))) continue;
                    found_n[lang]++;
                    other_word((enum lang)lang, e->id, str_of(p), str_of(s));
                    if (plain == said) break;
                }
            }
        }
    }
    assert_int_equal(faults_n, 0);
    for (int lang = 0; lang < LANG_N; lang++) assert_true(found_n[lang] > 4 * 75);
}

static void sentences(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof said_table / sizeof *said_table; i++) {
        const char *text = tr_as(said_table[i].lang, said_table[i].word, said_table[i].id);
        for (int f = said_table[i].form; f; f--) text += strlen(text) + 1;
        assert_string_equal(text, said_table[i].text);
    }
}

/* What does not speak of clients is the same pointer, and a reader's locale carries the word. */
static void word_of_a_reader(void **state) {
    struct locale l = { .lang = LANG_EN, .word = WORD_DONOR };
    (void)state;
    assert_string_equal(tr(&l, "Clients"), "Donors");
    assert_string_equal(tr_n(&l, "{n} client", "{n} clients", 1), "{n} donor");
    assert_string_equal(tr_n(&l, "{n} client", "{n} clients", 5), "{n} donors");
    assert_string_equal(tr(&l, "Save"), "Save");
    assert_string_equal(tr(&l, "a client that nobody translated"),
                        "a client that nobody translated");
    l.lang = LANG_FA;
    assert_ptr_equal(tr(&l, "Save"), tr_as(LANG_FA, WORD_CLIENT, "Save"));
    assert_string_equal(tr(&l, "Clients"), "حامیان");
    l.lang = LANG_AR;
    assert_string_equal(tr_n(&l, "{n} client", "{n} clients", 2), "متبرعان");
    assert_string_equal(tr_n(&l, "{n} client", "{n} clients", 11), "{n} متبرعا");
    assert_int_equal(client_word_of(S("donor"), &l.word), 1);
    assert_int_equal(l.word, WORD_DONOR);
    assert_false(client_word_of(S("customer"), &l.word));
    for (int w = 0; w < WORD_N; w++) {
        assert_true(client_word_of(str_of(client_word_code((enum client_word)w)), &l.word));
        assert_int_equal(l.word, w);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(complete),       cmocka_unit_test(letters),
        cmocka_unit_test(signs),          cmocka_unit_test(wrong),
        cmocka_unit_test(glossary_words), cmocka_unit_test(arabic_counts),
        cmocka_unit_test(names_of_codes), cmocka_unit_test(other_words),
        cmocka_unit_test(sentences),      cmocka_unit_test(word_of_a_reader),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
