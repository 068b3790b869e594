/* A name as words for comparing (namekey.h): letters folded as fold.h does, but hamza, ى and ة kept
 * apart; titles and articles dropped; bn-words (بن, عبد, Ben, Abdel) glued to what follows. Called
 * by namekey.c, namekey_skeleton.c, nickname.c and tools/namec; calls fold.c for characters that
 * are neither ASCII nor Arabic. The steps are those of localisation.md 2.6, preparation 1 to 7. */
#include "lib/base/map.h"
#include "lib/text/fold.h"
#include "lib/text/namekey_in.h"

enum { RAW_MOST = 24, DIGEST_BYTES = 16, TEXT_MOST = WORD_BYTES_MOST - DIGEST_BYTES };

/* A word before it is known what it is. */
struct raw {
    char text[WORD_BYTES_MOST];
    size_t text_n;
    unsigned char v[WORD_BYTES_MOST];
    int n;
    uint64_t beyond; /* digest of what did not fit into text */
    bool latin, arabic, other, long_one;
    int article_n; /* letters before an apostrophe that parts an article: d'Ormesson */
};
struct raws {
    struct raw v[RAW_MOST];
    int n;
    bool open;       /* the last one still grows */
    uint64_t beyond; /* digest of the words that did not fit */
};

static uint64_t digest(uint64_t was, struct str more) {
    return hash_bytes(more.p, more.n, was);
}

static bool one_of(struct str word, const char *const *list) {
    for (; word.n && *list; list++)
        if (**list == *word.p && str_eq_z(word, *list)) return true;
    return false;
}

static struct str text_of(const struct raw *r) {
    return (struct str){ r->text, r->text_n };
}

/* The letter of an Arabic character, 0 for none, -1 for one that is no sound. */
static int arabic_letter(int32_t c) {
    static const unsigned char plain[] = {
        /* U+0621 to U+064A */
        HAMZA, ALEF, ALEF, WAW_HAMZA, ALEF, YEH_HAMZA, ALEF, BEH,     MARBUTA, TEH, THEH,
        JEEM,  HAH,  KHAH, DAL,       THAL, REH,       ZAIN, SEEN,    SHEEN,   SAD, DAD,
        TAH,   ZAH,  AIN,  GHAIN,     0,    0,         0,    0,       0,       0,   FEH,
        QAF,   KAF,  LAM,  MEEM,      NOON, HEH,       WAW,  MAQSURA, YEH
    };
    if (c >= 0x0621 && c <= 0x064A) return c == 0x0640 ? -1 : plain[c - 0x0621];
    switch (c) {
    case 0x0671: return ALEF;
    case 0x067E: return PEH;
    case 0x0686: return CHEH;
    case 0x0698: return ZHEH;
    case 0x06A4: return VEH;
    case 0x06A9:
    case 0x06AA: return KAF;
    case 0x06AF: return GAF;
    case 0x06C0:
    case 0x06C1:
    case 0x06BE:
    case 0x06D5: return HEH;
    case 0x06C3: return MARBUTA;
    case 0x06CC:
    case 0x06D0:
    case 0x06D2: return YEH;
    case 0x06D3: return YEH_HAMZA;
    default: return 0;
    }
}

static void add_letter(struct raw *r, int letter) {
    if (r->n < WORD_BYTES_MOST)
        r->v[r->n++] = (unsigned char)letter;
    else
        r->long_one = true;
}

static struct raw *open_raw(struct raws *w) {
    if (!w->open) {
        if (w->n == RAW_MOST) return NULL;
        w->v[w->n++] = (struct raw){ .n = 0 };
        w->open = true;
    }
    return &w->v[w->n - 1];
}

static void close_raw(struct raws *w) {
    w->open = false;
}

/* A folded character with the letter that it was written with. */
static void add_folded(struct raws *w, int32_t folded, int letter) {
    char utf8[4];
    struct raw *r = open_raw(w);
    int n = utf8_put(utf8, folded);
    if (!r) {
        w->beyond = digest(w->beyond, (struct str){ utf8, (size_t)n });
        return;
    }
    if (r->long_one || r->text_n + (size_t)n > TEXT_MOST) {
        r->long_one = true;
        r->beyond = digest(r->beyond, (struct str){ utf8, (size_t)n });
        return;
    }
    memcpy(r->text + r->text_n, utf8, (size_t)n);
    r->text_n += (size_t)n;
    r->latin |= letter >= 'a' && letter <= 'z';
    r->arabic |= letter >= ALEF;
    r->other |= letter == 0;
    add_letter(r, letter);
}

static const char *const split_off[] = { "d", "l", "al", "el", "dell", "qu", NULL };

static void add_apostrophe(struct raws *w) {
    struct raw *r = w->open ? &w->v[w->n - 1] : NULL;
    if (r && one_of(text_of(r), split_off)) r->article_n = r->n;
}

/* The letter of a folded character that is not Arabic in the text itself. */
static int plain_letter(int32_t c) {
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) return c;
    int letter = arabic_letter(c);
    return letter > 0 ? letter : 0;
}

/* A character that the tables here do not know. */
static void add_by_fold(struct arena *a, struct raws *w, int32_t c) {
    char utf8[4];
    struct arena_mark mark = arena_mark(a);
    int n = utf8_put(utf8, c);
    /* Behind a letter, so that the fold does not trim the space that a dash becomes. */
    char with[6] = { 'a' };
    memcpy(with + 1, utf8, (size_t)n);
    with[n + 1] = 'a';
    struct str s = fold(a, (struct str){ with, (size_t)n + 2 });
    bool apostrophe = s.n == 2 && (c == 0x2019 || c == 0x2018 || (c >= 0x02B9 && c <= 0x02BF));
    s = str_sub(s, 1, s.n - 2);
    if (apostrophe) add_apostrophe(w);
    while (s.n) {
        int32_t folded = utf8_next(&s);
        if (folded == ' ')
            close_raw(w);
        else
            add_folded(w, folded, c == 0xE7 || c == 0xC7 ? 's' : plain_letter(folded));
    }
    arena_back(a, mark);
}

/* The fold of an Arabic letter (fold.h), by the letter; 0: it has none. */
static int32_t fold_letter(int32_t c, int letter) {
    switch (letter) {
    case ALEF: return 0x0627;
    case WAW_HAMZA: return 0x0648;
    case YEH:
    case YEH_HAMZA:
    case MAQSURA: return 0x06CC;
    case KAF: return 0x06A9;
    case HEH:
    case MARBUTA: return 0x0647;
    case HAMZA: return 0;
    default: return c;
    }
}

static void add_char(struct arena *a, struct raws *w, int32_t c) {
    if (c >= 'A' && c <= 'Z') c += 32;
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
        add_folded(w, c, c);
        return;
    }
    if (c == '\'' || c == '`') {
        add_apostrophe(w);
        return;
    }
    if (c < 0x80) {
        close_raw(w);
        return;
    }
    if (c == 0x200C) { /* ZWNJ parts words that are written as one */
        struct raw *r = w->open ? &w->v[w->n - 1] : NULL;
        if (r && r->arabic && r->v[r->n - 1] != BREAK) add_letter(r, BREAK);
        return;
    }
    int letter = arabic_letter(c);
    if (letter == HAMZA) {
        if (w->open) add_letter(&w->v[w->n - 1], HAMZA);
    } else if (letter > 0)
        add_folded(w, fold_letter(c, letter), letter);
    else if (letter == 0)
        add_by_fold(a, w, c);
}

/* ---- Titles, articles, particles ---- */

static const char *const titles[] = {
    "اقای",   "اقا",     "خانم",       "سرکار",    "جناب",     "بانو",     "دوشیزه",
    "دکتر",   "مهندس",   "استاد",      "پروفسور",  "حاج",      "حاجی",     "حاجیه",
    "السید",  "السیده",  "الانسه",     "الدکتور",  "دکتور",    "الدکتوره", "دکتوره",
    "الشیخ",  "شیخ",     "المهندس",    "المهندسه", "الاستاذ",  "الاستاذه", "استاذ",
    "الحاج",  "الحاجه",  "mr",         "mrs",      "ms",       "miss",     "mx",
    "mme",    "mlle",    "dr",         "prof",     "monsieur", "madame",   "mademoiselle",
    "maitre", "docteur", "professeur", "sir",      "haj",      "hajj",     "hadj",
    "hadji",  "haji",    "hajji",      "cheikh",   "sheikh",   "shaikh",   "doctor",
    NULL,
};
/* Titles that are names as well: dropped only when two more words stand behind them. */
static const char *const weak_titles[] = { "سید",    "سیده",  "میرزا",  "sayyid", "seyed",
                                           "seyyed", "sayed", "sayyed", "syed",   "sidi",
                                           "m",      "me",    "pr",     NULL };
static const char *const articles[] = { "al", "el", "ul", "ol", "il", "ال", NULL };
static const char *const particles[] = { "de",  "du",    "des", "d",   "la",  "le",
                                         "l",   "les",   "van", "von", "der", "den",
                                         "del", "della", "di",  "da",  "dos", NULL };
/* Glued to the next word; those of the second list lose their first vowel in another reading. */
static const char *const glue[] = { "abd", "abdel", "abdul", "abdol", "abdal", "abdil", "ben",
                                    "bin", "bou",   "bint",  "ould",  "ait",   "عبد",   "بن",
                                    "بو",  "بنت",   "ولد",   "bu",    NULL };
static const char *const glue_vowel[] = { "abou", "abu", "abo", "ibn", "ابو", "ابا", "ابن", NULL };

static bool is_vowel(unsigned char c) {
    return c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u';
}

/* "ar" before Rahman, "ech" before Cherif: the article as it sounds before a sun letter. */
static bool is_sun_article(struct str word, struct str next) {
    static const char *const v[] = { "ad d",   "ed d",   "ar r",   "er r",   "as s",
                                     "es s",   "at t",   "et t",   "an n",   "en n",
                                     "az z",   "ez z",   "us s",   "ur r",   "ash sh",
                                     "esh sh", "ech ch", "ach ch", "ush sh", NULL };
    for (int i = 0; v[i]; i++) {
        if (*v[i] != *word.p) continue;
        struct str rest = str_of(v[i]), article;
        str_cut(&rest, ' ', &article);
        if (str_eq(word, article) && str_starts(next, rest)) return true;
    }
    return false;
}

/* Is word i left out? left: how many words are left with it. */
static bool is_dropped(const struct raws *w, int i, int left) {
    struct str s = text_of(&w->v[i]);
    bool last = i == w->n - 1;
    if (one_of(s, titles)) return left > 1;
    if (one_of(s, weak_titles)) return left > 2 && !last && (i == 0 || s.n > 3);
    if (last || left < 2) return false;
    return one_of(s, articles) || one_of(s, particles) ||
           (i > 0 && is_sun_article(s, text_of(&w->v[i + 1])));
}

static void remove_raw(struct raws *w, int i) {
    memmove(&w->v[i], &w->v[i + 1], (size_t)(w->n - 1 - i) * sizeof *w->v);
    w->n--;
}

/* ---- Readings ---- */

/* Bytes of text that n letters from `at` have. */
static size_t text_bytes(const struct raw *r, int at, int n) {
    size_t bytes = 0;
    for (int i = at; i < at + n; i++)
        if (r->v[i] != BREAK && r->v[i] != HAMZA) bytes += r->v[i] < 0x80 ? 1 : 2;
    return bytes;
}

/* Cuts letters and their text out of a word; not for words of other scripts. */
static void cut(struct raw *r, int at, int n) {
    if (r->other || at + n > r->n) return;
    size_t from = text_bytes(r, 0, at), gone = text_bytes(r, at, n);
    if (from + gone > r->text_n) return;
    memmove(r->v + at, r->v + at + n, (size_t)(r->n - at - n));
    memmove(r->text + from, r->text + from + gone, r->text_n - from - gone);
    r->n -= n;
    r->text_n -= gone;
}

static void insert_break(struct raw *r, int at) {
    if (r->n == WORD_BYTES_MOST) return;
    memmove(r->v + at + 1, r->v + at, (size_t)(r->n - at));
    r->v[at] = BREAK;
    r->n++;
}

/* abd|X of abdelX, abdouX with a doubled letter, عبدالX: where the word is cut and how much goes.
 */
static int servant_article(const struct raw *r) {
    struct str s = text_of(r);
    if (r->arabic) return str_starts(s, S("عبدال")) && r->n > 6 ? 2 : 0;
    if (!str_starts(s, S("abd")) || r->n < 7 || !is_vowel(r->v[3])) return 0;
    int at = 3;
    while (at < r->n && is_vowel(r->v[at])) at++;
    if (at + 2 >= r->n || at > 5) return 0;
    if (r->v[at] == 'l' && (r->n - at - 1 >= 3)) return at + 1 - 3;
    return r->v[at] == r->v[at + 1] ? at - 3 + 1 : 0;
}

/* «نورالدین», noureddine, nuraldin: the article before din goes. */
static void cut_din(struct raw *r) {
    struct str s = text_of(r);
    if (r->arabic) {
        if (str_ends(s, S("الدین")) && r->n > 6) cut(r, r->n - 5, 2);
        return;
    }
    static const char *const ends[] = { "eddine", "uddin",  "oddin",  "aldin",  "eldin",
                                        "eddin",  "addin",  "aldine", "eldine", "uldin",
                                        "oddine", "eddeen", "uddeen", NULL };
    for (int i = 0; ends[i]; i++) {
        struct str end = str_of(ends[i]);
        /* One vowel stays: it may belong to the word before. */
        if (str_ends(s, end) && r->n > (int)end.n + 1) {
            cut(r, r->n - (int)end.n + 1, 1);
            return;
        }
    }
}

static struct reading reading_of(const struct raw *r, int from) {
    struct reading out = { .n = 0 };
    int n = r->n - from;
    bool one_script = r->latin != r->arabic && !r->other;
    if (!one_script || r->long_one || n > LETTERS_MOST || n <= 0) return out;
    memcpy(out.v, r->v + from, (size_t)n);
    out.n = (unsigned char)n;
    return out;
}

/* Letters of an article at the beginning: of every Arabic word of five letters and more, of Latin
 * ones before a consonant as another reading only. */
static int glued_article(const struct raw *r) {
    struct str s = text_of(r);
    if (r->article_n && r->n > r->article_n) return r->article_n;
    if (r->arabic && !r->latin) return str_starts(s, S("ال")) && r->n > 4 ? 2 : 0;
    bool article = str_starts(s, S("al")) || str_starts(s, S("el"));
    return article && r->n > 5 && !is_vowel(r->v[2]) && r->v[2] != 'y' && r->v[2] != BREAK ? 2 : 0;
}

/* Glues raw i + 1 to raw i; false when there is none or it does not fit. */
static bool glue_next(struct raws *w, int i, bool person) {
    struct raw *r = &w->v[i];
    if (i + 1 >= w->n) return false;
    struct raw *next = &w->v[i + 1];
    if (next->latin != r->latin || next->arabic != r->arabic) return false;
    if (person && next->arabic && glued_article(next)) cut(next, 0, 2);
    if (r->text_n + next->text_n > TEXT_MOST || r->long_one || next->long_one ||
        r->n + 1 + next->n > WORD_BYTES_MOST)
        return false;
    memcpy(r->text + r->text_n, next->text, next->text_n);
    r->text_n += next->text_n;
    insert_break(r, r->n);
    memcpy(r->v + r->n, next->v, (size_t)next->n);
    r->n += next->n;
    r->other |= next->other;
    remove_raw(w, i + 1);
    return true;
}

/* "abdel", "abdur" alone before the next word are abd. */
static bool is_servant(struct raw *r) {
    struct str s = text_of(r);
    if (!str_starts(s, S("abd")) || r->n < 4 || r->n > 6 || r->arabic) return false;
    int at = 3;
    while (at < r->n && is_vowel(r->v[at])) at++;
    return at > 3 && r->n - at <= 1 && (at < r->n || r->n == 4);
}

/* How many leading letters another reading of a glued word goes without: the i of ibn. */
static int glue_words(struct raws *w, int i) {
    struct raw *r = &w->v[i];
    struct str s = text_of(r);
    if (i + 1 >= w->n) return 0;
    /* "Ben Smith" may be Benjamin; compared glued and apart it is found either way. */
    if (str_eq_z(s, "ben") && i == 0 && w->n == 2) return 0;
    if (one_of(s, glue_vowel)) return glue_next(w, i, true) ? 1 : 0;
    if (is_servant(r)) {
        r->n = 3;
        r->text_n = 3;
        glue_next(w, i, true);
    } else if (one_of(s, glue))
        glue_next(w, i, true);
    return 0;
}

static enum script script_of(const struct raw *r) {
    if (r->other || r->latin == r->arabic) return SCRIPT_OTHER;
    return r->latin ? SCRIPT_LATIN : SCRIPT_ARABIC;
}

/* The text from a byte on; what did not fit into it stands as its digest at the end. */
static void copy_text(const struct raw *r, size_t from, char *to, size_t *n) {
    *n = r->text_n - from;
    memcpy(to, r->text + from, *n);
    for (int i = 0; r->beyond && i < DIGEST_BYTES; i++)
        to[(*n)++] = (char)('a' + (r->beyond >> 4 * i & 15));
}

/* vowel_n: letters that the other reading goes without (glue_words). */
static void finish(struct raw *r, bool person, int vowel_n, struct key_word *out) {
    int article = glued_article(r), servant = person ? servant_article(r) : 0;
    while (r->n && r->v[r->n - 1] == BREAK) r->n--;
    if (servant) {
        cut(r, 3, servant);
        insert_break(r, 3);
        article = 0;
    } else if (person)
        cut_din(r);
    out->script = script_of(r);
    out->other_n = 0;
    struct reading whole = reading_of(r, 0), less = reading_of(r, article ? article : vowel_n);
    bool stripped = article && (r->arabic || r->article_n), two = article || vowel_n;
    size_t less_from = article ? text_bytes(r, 0, article) : 0;
    out->reading[0] = stripped ? less : whole;
    out->reading[1] = stripped ? whole : less;
    out->readings_n = whole.n == 0 ? 0 : two ? 2 : 1;
    copy_text(r, stripped ? less_from : 0, out->text, &out->text_n);
    if (article) copy_text(r, stripped ? 0 : less_from, out->other, &out->other_n);
}

void key_words(struct arena *a, struct str name, enum namekey_what what, struct key_words *out) {
    struct raws w;
    w.n = 0;
    w.open = false;
    w.beyond = 0;
    out->n = 0;
    while (name.n) add_char(a, &w, utf8_next(&name));
    bool person = what == NAMEKEY_PERSON;
    for (int i = 0; person && i < w.n;)
        if (is_dropped(&w, i, w.n))
            remove_raw(&w, i);
        else
            i++;
    for (int i = 0; i < w.n; i++) {
        int vowel_n = person ? glue_words(&w, i) : 0;
        if (out->n < NAMEKEY_TOKENS_MOST)
            finish(&w.v[i], person, vowel_n, &out->v[out->n++]);
        else
            w.beyond = digest(w.beyond ^ w.v[i].beyond, text_of(&w.v[i]));
    }
    out->beyond = w.beyond;
}
