/* Taking a name column apart (name.h). Called by core/exchange when a file has one column for the
 * whole name; calls fold.c and the table of given names that tools/namec makes.
 * A name is cut into words; titles go first; then the script and the words decide which tradition
 * reads the rest: latin(), arabic() or iranian(). Words are compared by their fold, so ي, ك and ة
 * are ی, ک and ه in all lists here. */
#include "lib/text/name.h"

#include "lib/text/fold.h"

enum { WORDS_MOST = 24 };

struct word {
    struct str raw, key; /* as typed, folded */
};
struct words {
    struct word v[WORDS_MOST];
    int n;
};

static bool is_one_of(struct str key, const char *const *list) {
    for (; *list; list++)
        if (str_eq_z(key, *list)) return true;
    return false;
}

/* NAME_… of a given name, 0 for a word that is not known as one. */
static int known(struct str key) {
    int low = 0, high = name_table_n;
    while (low < high) {
        int middle = (low + high) / 2, c = str_cmp(str_of(name_table[middle].name), key);
        if (c == 0) return name_table[middle].is;
        if (c < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return 0;
}

static struct str joined(struct arena *a, const struct words *w, int from, int to) {
    struct str v[WORDS_MOST];
    for (int i = from; i < to; i++) v[i - from] = w->v[i].raw;
    return from < to ? str_join(a, v, to - from, S(" ")) : S("");
}

static bool is_separator(char c) {
    return c == ' ' || c == '\t' || c == '\n';
}

/* «د.أحمد» and «م/علي»: an Arabic letter with a dot or stroke is a title glued to the name. */
static size_t glued_title(struct str s) {
    bool letter = str_starts(s, S("د")) || str_starts(s, S("م")) || str_starts(s, S("أ")) ||
                  str_starts(s, S("ا"));
    return letter && s.n > 3 && (s.p[2] == '.' || s.p[2] == '/') ? 3 : 0;
}

/* False when there are too many words for a name. */
static bool add_words(struct arena *a, struct words *w, struct str text) {
    while (text.n) {
        while (text.n && is_separator(*text.p)) text = str_sub(text, 1, text.n);
        size_t title_n = glued_title(text), n = title_n;
        while (!title_n && n < text.n && !is_separator(text.p[n])) n++;
        struct word word = { str_sub(text, 0, n), NO_STR };
        text = str_sub(text, n, text.n);
        word.key = fold(a, word.raw);
        if (word.key.n == 0) continue;
        if (w->n == WORDS_MOST) return false;
        w->v[w->n++] = word;
    }
    return true;
}

static void drop_first(struct words *w, int n) {
    memmove(w->v, w->v + n, (size_t)(w->n - n) * sizeof *w->v);
    w->n -= n;
}

/* How a title must be written to be one: some are initials or words otherwise. */
enum title_form { ANY, MARKED, CAPITAL };

struct title {
    const char *key;
    char sex;
    enum title_form form;
};
static const struct title titles[] = {
    { "اقای", 'm', ANY },     { "اقا", 'm', ANY },
    { "خانم", 'f', ANY },     { "سرکار", 'f', ANY },
    { "جناب", 'm', ANY },     { "بانو", 'f', ANY },
    { "دوشیزه", 'f', ANY },   { "دکتر", 0, ANY },
    { "مهندس", 0, ANY },      { "استاد", 0, ANY },
    { "پروفسور", 0, ANY },    { "حاج", 'm', ANY },
    { "حاجی", 'm', ANY },     { "حاجیه", 'f', ANY },
    { "السید", 'm', ANY },    { "السیده", 'f', ANY },
    { "الانسه", 'f', ANY },   { "الدکتور", 'm', ANY },
    { "الدکتوره", 'f', ANY }, { "دکتور", 'm', ANY },
    { "دکتوره", 'f', ANY },   { "المهندس", 'm', ANY },
    { "المهندسه", 'f', ANY }, { "الاستاذ", 'm', ANY },
    { "الاستاذه", 'f', ANY }, { "استاذ", 'm', ANY },
    { "الشیخ", 'm', ANY },    { "الحاج", 'm', ANY },
    { "الحاجه", 'f', ANY },   { "د", 0, MARKED },
    { "م", 0, MARKED },       { "ا", 0, MARKED },
    { "ا د", 0, MARKED },     { "m", 'm', MARKED },
    { "mr", 'm', ANY },       { "mme", 'f', ANY },
    { "mlle", 'f', ANY },     { "monsieur", 'm', ANY },
    { "madame", 'f', ANY },   { "mademoiselle", 'f', ANY },
    { "maitre", 0, ANY },     { "me", 0, CAPITAL },
    { "docteur", 0, ANY },    { "professeur", 0, ANY },
    { "pr", 0, CAPITAL },     { "dr", 0, ANY },
    { "prof", 0, ANY },       { "mrs", 'f', ANY },
    { "ms", 'f', ANY },       { "miss", 'f', ANY },
    { "mx", 0, ANY },         { "sir", 'm', ANY },
    { "madam", 'f', ANY },    { "hadj", 'm', ANY },
    { "hajj", 'm', ANY },     { "hadja", 'f', ANY },
};

/* The title that a word is, or NULL. "M." is Monsieur, but an initial in an English list. */
static const struct title *title_of(const struct word *w, const char *language) {
    for (size_t i = 0; i < sizeof titles / sizeof *titles; i++) {
        const struct title *t = &titles[i];
        if (!str_eq_z(w->key, t->key)) continue;
        if (t->form == MARKED && str_find_c(w->raw, '.') < 0 && str_find_c(w->raw, '/') < 0)
            continue;
        if (t->form == CAPITAL && (w->raw.p[0] < 'A' || w->raw.p[0] > 'Z' || w->raw.p[1] < 'a'))
            continue;
        bool initial = str_eq_z(w->key, "m") && str_starts(str_of(language), S("en"));
        if (!initial) return t;
    }
    return NULL;
}

/* Takes the titles off the front, all but the last word; how many there were. */
static int take_titles(struct arena *a, struct words *w, const char *language,
                       struct name_parts *out) {
    int n = 0;
    const struct title *t;
    while (n < w->n - 1 && (t = title_of(&w->v[n], language))) {
        if (t->sex && !out->sex) out->sex = t->sex;
        n++;
    }
    if (n == 0) return 0;
    struct str taken = joined(a, w, 0, n);
    out->title = out->title.n ? str_printf(a, "%.*s %.*s", SF(out->title), SF(taken)) : taken;
    drop_first(w, n);
    return n;
}

static void set_family(struct arena *a, const struct words *w, int from, int prefix_n, int to,
                       struct name_parts *out) {
    out->family = joined(a, w, from, to);
    out->family_prefix = joined(a, w, from, from + prefix_n);
}

/* ---- Latin ---- */

/* 1 upper case, -1 lower, 0 neither: the letters that names here are written with. */
static int letter_case(int32_t c) {
    if ((c >= 'A' && c <= 'Z') || (c >= 0xC0 && c <= 0xDE && c != 0xD7)) return 1;
    if ((c >= 'a' && c <= 'z') || (c >= 0xDF && c <= 0xFF && c != 0xF7)) return -1;
    if (c < 0x100 || c > 0x17F) return 0;
    if (c == 0x138 || c == 0x149 || c == 0x17F) return -1;
    if (c == 0x178) return 1;
    bool odd_is_upper = (c >= 0x139 && c <= 0x148) || c >= 0x179;
    return (c % 2 != 0) == odd_is_upper ? 1 : -1;
}

static const char *const generations[] = {
    "jr", "sr", "ii", "iii", "iv", "phd", "md", "esq", NULL
};

/* A word of two letters or more, all capital: MARTIN, BEN, L'HÔPITAL. */
static bool is_capital(const struct word *w) {
    int upper = 0;
    if (is_one_of(w->key, generations)) return false;
    for (struct str s = w->raw; s.n;) {
        int is = letter_case(utf8_next(&s));
        if (is < 0) return false;
        upper += is;
    }
    return upper >= 2;
}

/* Is it an initial: "J.", "J", "J.-P."? It says nothing about capitals. */
static bool is_initial(const struct word *w) {
    for (struct str rest = w->key, piece; str_cut(&rest, ' ', &piece);)
        if (utf8_count(piece) > 1) return false;
    return true;
}

/* Before a family name; the second list also begins a family in which it stays first in sorting. */
static const char *const particles[] = {
    "de",  "du",  "des", "d",    "von",  "van", "der", "den",   "ten",   "ter",   "zu", "zum",
    "zur", "di",  "da",  "das",  "dos",  "do",  "del", "della", "dello", "degli", "el", "al",
    "ben", "bin", "ibn", "bint", "ould", "ait", "abu", "abou",  "bou",   "af",    "y",  NULL,
};
static const char *const articles[] = { "la", "le",    "les", "lo", "los", "las",
                                        "st", "saint", "mac", "mc", NULL };
static const char *const kunyas[] = { "abu", "abou", "um", "umm", "oum", NULL };

/* "d'Ormesson": how many bytes its glued particle has. */
static size_t glued_particle(struct str raw) {
    if (raw.n > 2 && (raw.p[0] == 'd' || raw.p[0] == 'D')) {
        if (raw.p[1] == '\'') return 2;
        if (str_starts(str_sub(raw, 1, 3), S("’"))) return 4;
    }
    return 0;
}

/* The family of words from..to, which begins with the particles there. */
static void latin_family(struct arena *a, const struct words *w, int from, int to,
                         struct name_parts *out) {
    int prefix_n = 0;
    while (from + prefix_n < to - 1 && is_one_of(w->v[from + prefix_n].key, particles)) prefix_n++;
    set_family(a, w, from, prefix_n, to, out);
    size_t glued = from < to && prefix_n == 0 ? glued_particle(w->v[from].raw) : 0;
    if (glued) out->family_prefix = str_sub(out->family, 0, glued);
}

/* "MARTIN Élodie", "Jean DE LA TOUR": capitals beside a word that is written otherwise. */
static bool by_capitals(struct arena *a, const struct words *w, struct name_parts *out) {
    struct words given = { .n = 0 }, family = { .n = 0 };
    int capital_n = 0;
    for (int i = 0; i < w->n; i++) capital_n += is_capital(&w->v[i]);
    if (capital_n == 0 || capital_n == w->n) return false;
    for (int i = 0; i < w->n; i++) {
        int behind = i; /* a particle goes with the capital word behind it */
        while (behind < w->n - 1 &&
               (is_one_of(w->v[behind].key, particles) || is_one_of(w->v[behind].key, articles)))
            behind++;
        struct words *to = is_capital(&w->v[behind]) ? &family : &given;
        to->v[to->n++] = w->v[i];
    }
    if (given.n == 0) return false;
    out->given = joined(a, &given, 0, given.n);
    latin_family(a, &family, 0, family.n, out);
    out->certain = true;
    return true;
}

/* "Mohammed bin Salman Al Saud", w->v[at] being the bin. False when no family follows the chain. */
static bool latin_chain(struct arena *a, const struct words *w, int at, int family_from,
                        struct name_parts *out) {
    if (family_from < at + 2) return false;
    int to = at + 2;
    while (to < family_from &&
           !is_one_of(w->v[to].key, (const char *const[]){ "bin", "ibn", NULL }))
        to++;
    out->given = joined(a, w, 0, at);
    out->father = joined(a, w, at + 1, to);
    out->sex = str_eq_z(w->v[at].key, "bint") ? 'f' : 'm';
    latin_family(a, w, family_from, w->n, out);
    out->certain = true;
    return true;
}

static void latin(struct arena *a, const struct words *w, const char *language, bool titled,
                  struct name_parts *out) {
    int n = w->n, last = n - 1;
    if (n == 1) {
        if (titled)
            latin_family(a, w, 0, 1, out);
        else
            out->given = joined(a, w, 0, 1);
        out->certain = titled;
        return;
    }
    if (n == 2 && is_one_of(w->v[0].key, kunyas)) {
        out->nickname = joined(a, w, 0, n);
        return;
    }
    if (by_capitals(a, w, out)) return;
    while (last > 1 && is_one_of(w->v[last].key, generations)) last--;
    int from = last;
    while (from > 1 &&
           (is_one_of(w->v[from - 1].key, particles) || is_one_of(w->v[from - 1].key, articles)))
        from--;
    for (int i = 1; i < last - 1; i++)
        if (is_one_of(w->v[i].key, (const char *const[]){ "bin", "bint", "ibn", NULL }) &&
            latin_chain(a, w, i, from, out))
            return;
    static const char *const nobility[] = { "de", "du", "des", "von", "della", NULL };
    if (n == 2 && is_one_of(w->v[0].key, nobility)) from = 0; /* "de Gaulle" without Charles */
    out->given = joined(a, w, 0, from);
    latin_family(a, w, from, n, out);
    int middles = 0; /* words between the first and the family that may belong to either */
    for (int i = 1; i < from; i++) middles += !is_initial(&w->v[i]);
    bool western = language &&
                   (str_starts(str_of(language), S("fr")) || str_starts(str_of(language), S("en")));
    bool all_capital = is_capital(&w->v[0]) && is_capital(&w->v[last]);
    bool noble_middle = middles && glued_particle(w->v[last].raw);
    out->certain =
        from > 0 && !all_capital && !noble_middle && (middles == 0 || (western && middles == 1));
}

/* ---- Arabic ---- */

/* An Arabic name is read in units: «عبد الله», «نور الدين» and «أبو زيد» are one each. */
struct unit {
    int from, to;
    bool marker, kunya, house; /* بن or بنت; أبو … or أم …; آل … */
};

static const char *const sons[] = { "بن", "ابن", "بنت", NULL };
static const char *const parents[] = { "ابو", "ابی", "ابا", "ام", NULL };
static const char *const second_halves[] = { "الدین",  "الله",   "اله",    "الاسلام",
                                             "الزهرا", "الزمان", "البنین", "السادات",
                                             "الملوک", "الحق",   NULL };

static bool has_article(const struct word *w) {
    return str_starts(w->raw, S("ال")) && utf8_count(w->key) > 4;
}

static int units_of(const struct words *w, struct unit *u) {
    int n = 0;
    for (int i = 0; i < w->n; n++) {
        struct str key = w->v[i].key;
        bool more = i + 1 < w->n;
        u[n] = (struct unit){ .from = i, .to = i + 1 };
        if (is_one_of(key, sons))
            u[n].marker = true;
        else if (more && str_eq_z(key, "عبد"))
            u[n].to++;
        else if (more && str_starts(w->v[i].raw, S("آل")) && str_eq_z(key, "ال"))
            u[n].to++, u[n].house = true;
        else if (more && is_one_of(key, parents)) {
            u[n].to++;
            u[n].kunya = !str_eq_z(w->v[i + 1].key, "بکر");
            if (str_eq_z(w->v[i + 1].key, "عبد") && i + 2 < w->n) u[n].to++;
        }
        while (u[n].to < w->n && is_one_of(w->v[u[n].to].key, second_halves) && !u[n].marker)
            u[n].to++;
        i = u[n].to;
    }
    return n;
}

static struct str unit_text(struct arena *a, const struct words *w, const struct unit *u) {
    return joined(a, w, u->from, u->to);
}

/* A rare Persian given name says nothing here: درويش is a family. */
static bool is_given_unit(const struct words *w, const struct unit *u) {
    return u->to - u->from > 1 ? !u->kunya && !u->house
                               : known(w->v[u->from].key) & (NAME_ARABIC | NAME_COMMON);
}

/* Does the unit show that it is a family: العتيبي, آل سعود, أبو زيد? */
static bool is_family_unit(const struct words *w, const struct unit *u) {
    if (u->house || u->kunya) return true;
    return u->to - u->from == 1 && has_article(&w->v[u->from]);
}

static void unit_family(struct arena *a, const struct words *w, const struct unit *u,
                        struct name_parts *out) {
    set_family(a, w, u->from, u->house || u->kunya, u->to, out);
}

/* محمد بن عبد الله بن سعود العتيبي; first is the first بن. */
static void arabic_chain(struct arena *a, const struct words *w, const struct unit *u, int n,
                         int first, struct name_parts *out) {
    int last_mark = first;
    for (int i = first; i < n; i++)
        if (u[i].marker) last_mark = i;
    out->given = joined(a, w, 0, u[first].from);
    out->sex = out->sex ? out->sex : str_eq_z(w->v[u[first].from].key, "بنت") ? 'f' : 'm';
    if (last_mark == first && first + 2 == n && !is_given_unit(w, &u[n - 1]) &&
        !has_article(&w->v[u[n - 1].from])) {
        set_family(a, w, u[first].from, 1, w->n, out); /* Maghreb: عبد الكريم بن جلون */
        return;
    }
    int family = last_mark + 2 < n && (is_family_unit(w, &u[n - 1]) || !is_given_unit(w, &u[n - 1]))
                     ? n - 1
                     : n;
    int father_to = first + 1;
    while (father_to < family && !u[father_to].marker) father_to++;
    if (last_mark == first && father_to > first + 2) father_to = first + 2; /* then a grandfather */
    if (father_to > first + 1) out->father = joined(a, w, u[first + 1].from, u[father_to - 1].to);
    if (family < n) unit_family(a, w, &u[family], out);
    out->certain = family < n;
}

static void arabic(struct arena *a, const struct words *w, struct name_parts *out) {
    struct unit units[WORDS_MOST], *u = units;
    int n = units_of(w, units);
    if (n && u[0].kunya) {
        out->nickname = unit_text(a, w, u);
        u++, n--;
        if (n == 0) return;
    }
    struct words rest = *w;
    drop_first(&rest, u[0].from);
    for (int i = n - 1, by = u[0].from; i >= 0; i--) u[i].from -= by, u[i].to -= by;
    w = &rest;
    for (int i = 1; i < n - 1; i++)
        if (u[i].marker) {
            arabic_chain(a, w, u, n, i, out);
            return;
        }
    const struct unit *last = &u[n - 1];
    out->given = joined(a, w, 0, w->n);
    if (n == 1) {
        out->certain = is_given_unit(w, u);
    } else if (is_family_unit(w, last)) {
        out->given = joined(a, w, 0, last->from);
        unit_family(a, w, last, out);
        out->certain = n == 2;
    } else if (is_family_unit(w, u) && !is_given_unit(w, u) && is_given_unit(w, &u[1])) {
        out->given = joined(a, w, u[1].from, w->n); /* العتيبي محمد */
        unit_family(a, w, u, out);
    } else if (n == 2 && !is_given_unit(w, last)) {
        out->given = joined(a, w, 0, last->from);
        unit_family(a, w, last, out);
        out->certain = is_given_unit(w, u);
    }
}

/* ---- Iranian ---- */

static const char *const sayyids[] = { "سید", "سیده", "میر", NULL };
/* Not a family by itself, but the end of one: «رضا پور», «علی نژاد». */
static const char *const endings[] = { "زاده", "پور",  "نژاد", "نیا", "تبار",   "منش",
                                       "پناه", "دوست", "خواه", "وند", "زادگان", NULL };
static const char *const additions[] = { "سادات", "السادات", "بیگم", "خاتون", NULL };

/* Are two words one given name? 2: a common one, 1: a rare one, 0: no. */
static int is_compound(struct arena *a, const struct word *x, const struct word *y) {
    if (is_one_of(y->key, second_halves) || is_one_of(y->key, additions)) return 2;
    struct str v[] = { x->key, y->key };
    int is = known(str_join(a, v, 2, S(" "))) | known(str_join(a, v, 2, S("")));
    return is & NAME_COMMON ? 2 : is ? 1 : 0;
}

/* How many words from at on are the given name, of to words; *sure is cleared in doubt. */
static int given_words(struct arena *a, const struct words *w, int at, int to, bool *sure) {
    if (to - at > 3) { /* «نازنین فاطمه سادات», «بی بی زهرا» */
        struct str v[] = { w->v[at].key, w->v[at + 1].key, w->v[at + 2].key };
        if (known(str_join(a, v, 3, S(" ")))) return 3;
    }
    int n = to - at > 2 && is_one_of(w->v[at].key, sayyids) ? 2 : 1;
    while (at + n < to - 1) { /* one word at least stays for the family */
        int compound = is_compound(a, &w->v[at + n - 1], &w->v[at + n]);
        bool ending = at + n == to - 2 && is_one_of(w->v[to - 1].key, endings);
        if (!compound) break;
        if (ending || compound == 1) *sure = false;
        if (ending) break;
        n++;
    }
    return n;
}

static bool has_ending(struct str key, const char *const *list) {
    for (; *list; list++)
        if (str_ends(key, str_of(*list)) && key.n > strlen(*list)) return true;
    return false;
}

static void iranian(struct arena *a, const struct words *w, bool titled, struct name_parts *out) {
    int n = w->n;
    bool sure = true;
    if (str_eq_z(w->v[0].key, "سیده")) out->sex = 'f';
    if (n == 1) {
        bool is_given = known(w->v[0].key) != 0;
        if (titled && !is_given)
            set_family(a, w, 0, 0, 1, out);
        else
            out->given = joined(a, w, 0, 1);
        out->certain = titled != is_given;
        return;
    }
    bool first_known = known(w->v[0].key) || is_one_of(w->v[0].key, sayyids);
    static const char *const family_ends[] = {
        "ی", "زاده", "پور", "نژاد", "یان", "نیا", "فر", NULL
    };
    if (!first_known && known(w->v[n - 1].key) & NAME_COMMON &&
        has_ending(w->v[0].key, family_ends)) { /* a list by family: «حسینی محمد رضا» */
        int from = n - 1;
        while (from > 1 && (is_compound(a, &w->v[from - 1], &w->v[from]) ||
                            is_one_of(w->v[from - 1].key, sayyids)))
            from--;
        out->given = joined(a, w, from, n);
        set_family(a, w, 0, 0, from, out);
        return;
    }
    int given_n = given_words(a, w, 0, n, &sure);
    out->given = joined(a, w, 0, given_n);
    set_family(a, w, given_n, 0, n, out);
    bool shape = has_ending(w->v[n - 1].key, family_ends) && !has_ending(w->v[0].key, family_ends);
    out->certain = sure && (first_known || given_n > 1 || shape) &&
                   !(n == 2 && known(w->v[1].key) & NAME_COMMON);
}

/* ---- Which tradition ---- */

static bool is_arabic_script(struct str text) {
    int arabic = 0, latin_n = 0;
    while (text.n) {
        int32_t c = utf8_next(&text);
        if ((c >= 0x0600 && c < 0x0700) || (c >= 0xFB50 && c < 0xFF00))
            arabic++;
        else
            latin_n += letter_case(c) != 0;
    }
    return arabic > latin_n;
}

static bool holds(struct str text, const char *const *any) {
    for (; *any; any++)
        if (str_find(text, str_of(*any)) >= 0) return true;
    return false;
}

/* Letters, articles and the language of the list: over 0 Iranian, under 0 Arabic. */
static int iranian_points(struct arena *a, const struct words *w, struct str text,
                          const char *language) {
    static const char *const persian[] = { "پ", "چ", "ژ", "گ", NULL };
    static const char *const persian_forms[] = { "ی", "ک", NULL };
    static const char *const arabic_letters[] = { "ة", "أ", "إ", NULL };
    static const char *const arabic_forms[] = { "ي", "ك", "ى", NULL };
    struct str lang = str_of(language);
    int points = 1 + (str_starts(lang, S("fa")) ? 3 : str_starts(lang, S("ar")) ? -4 : 0);
    points += holds(text, persian) ? 4 : 0;
    points += holds(text, persian_forms) ? 1 : 0;
    points -= holds(text, arabic_letters) ? 4 : 0;
    points -= holds(text, arabic_forms) ? 1 : 0;
    for (int i = 0; i < w->n; i++) {
        bool compound = i + 1 < w->n && is_compound(a, &w->v[i], &w->v[i + 1]);
        if (i > 0 && is_one_of(w->v[i].key, sons)) return -1;
        bool second = i > 0 && is_compound(a, &w->v[i - 1], &w->v[i]);
        if (has_article(&w->v[i]) && !(known(w->v[i].key) & NAME_PERSIAN) && !second) points -= 5;
        if (is_one_of(w->v[i].key, parents) && !compound) points -= 3;
        if (has_ending(w->v[i].key, endings) || is_one_of(w->v[i].key, sayyids)) points += 2;
    }
    return points;
}

/* Takes what stands in brackets out of a text: a nickname. */
static struct str without_brackets(struct arena *a, struct str text, struct str *inside) {
    ptrdiff_t from = str_find_c(text, '('), to = str_find_c(text, ')');
    if (from < 0 || to < from) return text;
    *inside = str_trim(str_sub(text, (size_t)from + 1, (size_t)(to - from - 1)));
    struct str before = str_sub(text, 0, (size_t)from),
               after = str_sub(text, (size_t)to + 1, text.n);
    return str_join(a, (struct str[]){ before, after }, 2, S(" "));
}

/* "de Gaulle, Charles", "Gaulle, Charles de", «رضایی، علی». False when the comma does not part
 * them. */
static bool by_comma(struct arena *a, struct str text, const char *language,
                     struct name_parts *out) {
    ptrdiff_t at = str_find_c(text, ','), arabic_at = str_find(text, S("،"));
    size_t width = 1;
    if (at < 0 || (arabic_at >= 0 && arabic_at < at)) at = arabic_at, width = 2;
    struct words family = { .n = 0 }, given = { .n = 0 };
    if (at < 0 || !add_words(a, &family, str_sub(text, 0, (size_t)at)) ||
        !add_words(a, &given, str_sub(text, (size_t)at + width, text.n)))
        return false;
    if (family.n == 0 || given.n == 0 || is_one_of(given.v[0].key, generations)) return false;
    take_titles(a, &family, language, out);
    take_titles(a, &given, language, out);
    int to = given.n;
    while (to > 1 && is_one_of(given.v[to - 1].key, particles)) to--;
    struct words whole = { .n = 0 };
    for (int i = to; i < given.n; i++) whole.v[whole.n++] = given.v[i];
    for (int i = 0; i < family.n && whole.n < WORDS_MOST; i++) whole.v[whole.n++] = family.v[i];
    out->given = joined(a, &given, 0, to);
    latin_family(a, &whole, 0, whole.n, out);
    out->certain = str_find_c(str_sub(text, (size_t)at + width, text.n), ',') < 0;
    return true;
}

void name_split(struct arena *a, struct str full, const char *language, struct name_parts *out) {
    struct str none = S("");
    *out = (struct name_parts){ none, none, none, none, none, none, 0, false };
    struct str text = text_clean(a, full, CLEAN_LINE);
    text = without_brackets(a, text, &out->nickname);
    if (by_comma(a, text, language, out)) return;
    struct words w = { .n = 0 };
    if (!add_words(a, &w, text)) {
        out->given = str_dup(a, text);
        return;
    }
    if (w.n == 0) return;
    bool titled = take_titles(a, &w, language, out) > 0;
    if (!is_arabic_script(text))
        latin(a, &w, language, titled, out);
    else if (iranian_points(a, &w, text, language) > 0)
        iranian(a, &w, titled, out);
    else
        arabic(a, &w, out);
}

/* ---- Organisations ---- */

static const char *const legal_forms[] = {
    "sarl",   "sas",    "sasu",     "eurl",  "snc",     "sci",     "scop",      "gie",
    "gmbh",   "ltd",    "limited",  "llc",   "llp",     "inc",     "plc",       "corp",
    "srl",    "sprl",   "kgaa",     "pty",   "suarl",   "fzco",    "fze",       "wll",
    "شرکت",   "شرکه",   "موسسه",    "سهامی", "فروشگاه", "کارخانه", "بیمارستان", "دانشگاه",
    "سازمان", "هلدینگ", "بازرگانی", "صنایع", NULL,
};
/* Written with dots, and read without: ذ.م.م, S.A. */
static const char *const dotted_forms[] = { "ذمم", "شمم", "شمل", "شمک", "شمع", "sa", "sarl", "sas",
                                            "spa", "llc", "srl", "nv",  "bv",  "ag", NULL };
/* Only in capitals and at the end: "Renault SA". */
static const char *const short_forms[] = { "sa", "ag", "nv", "bv",  "kg", "se",
                                           "oy", "ab", "ei", "spa", NULL };
/* Arabic, Persian and French say first what a firm is, English last. */
static const char *const first_nouns[] = {
    "گروه",      "دفتر",           "بانک",     "بنک",      "هتل",         "مطب",
    "کلینیک",    "بنیاد",          "مدرسه",    "رستوران",  "داروخانه",    "اموزشگاه",
    "انتشارات",  "تعاونی",         "اداره",    "وزارت",    "وزاره",       "انجمن",
    "کافه",      "جمعیه",          "مصنع",     "مکتب",     "مستشفی",      "جامعه",
    "مصرف",      "متجر",           "مطعم",     "فندق",     "معهد",        "مرکز",
    "مجموعه",    "عیاده",          "صیدلیه",   "societe",  "association", "cabinet",
    "groupe",    "etablissements", "ets",      "hotel",    "restaurant",  "boulangerie",
    "pharmacie", "garage",         "ecole",    "mairie",   "universite",  "banque",
    "clinique",  "fondation",      "syndicat", "institut", "commune",     "ministere",
    "compagnie", "entreprise",     "agence",   "atelier",  "laboratoire", "librairie",
    NULL,
};
static const char *const last_nouns[] = {
    "hospital",   "university", "school",       "clinic",     "group",       "holding",
    "holdings",   "foundation", "association",  "restaurant", "hotel",       "solutions",
    "services",   "consulting", "partners",     "company",    "corporation", "enterprises",
    "industries", "systems",    "technologies", "agency",     "studio",      "institute",
    "college",    "council",    "committee",    "pharmacy",   "bakery",      NULL,
};
static const char *const ampersands[] = { "co",       "cie",        "sons",     "fils",
                                          "associes", "associates", "partners", NULL };

/* Is it "S.A.R.L." or «ذ.م.م»: letters with dots that make a legal form? */
static bool is_dotted_form(const struct word *w) {
    char letters[16];
    size_t n = 0;
    if (!is_initial(w) || str_find_c(w->raw, '.') < 0) return false;
    for (struct str rest = w->key, piece; str_cut(&rest, ' ', &piece); n += piece.n) {
        if (n + piece.n > sizeof letters) return false;
        memcpy(letters + n, piece.p, piece.n);
    }
    return is_one_of((struct str){ letters, n }, dotted_forms);
}

static bool is_organisation_word(const struct words *w, int i) {
    struct str key = w->v[i].key, bare = key;
    bool first = i == 0 && w->n > 1, last = i > 0 && i == w->n - 1;
    if (str_starts(key, S("ال"))) bare = str_sub(key, 4, key.n);
    if (is_one_of(key, legal_forms) || is_one_of(bare, legal_forms)) return w->n > 1;
    if (first && (is_one_of(key, first_nouns) || is_one_of(bare, first_nouns))) return true;
    if (last && is_one_of(key, last_nouns)) return true;
    if (last && is_one_of(key, short_forms) && is_capital(&w->v[i])) return true;
    return is_dotted_form(&w->v[i]);
}

bool looks_like_organisation(struct str name) {
    struct arena *a = arena_new();
    struct words w = { .n = 0 };
    add_words(a, &w, name); /* a text of more words than a name is judged by its beginning */
    ptrdiff_t ampersand = str_find_c(name, '&');
    bool is = false;
    for (int i = 0; i < w.n && !is; i++) {
        bool behind = ampersand >= 0 && w.v[i].raw.p > name.p + ampersand;
        is = is_organisation_word(&w, i) || (behind && is_one_of(w.v[i].key, ampersands));
    }
    arena_free(a);
    return is;
}
