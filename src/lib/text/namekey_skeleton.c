/* Skeletons: the consonants of a word as a few classes that both scripts share (localisation.md
 * 2.6), for finding candidates through an index. Called by namekey.c for the tables of families, by
 * core/search and core/ask for terms, by tools/namec; calls namekey_words.c.
 * B: ب پ b p, T: ت ط t, S: س ص ث s, J: ج ژ j, C: ش چ sh ch, H: ح ه h, X: خ kh, D: د ذ ز ض ظ d z,
 * K: ك ق غ گ k q g gh, R L M N F; the first letter also A (vowel, ع), W, Y. */
#include "lib/text/namekey_in.h"

static bool is_vowel(unsigned char c) {
    return c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u';
}

/* The class of an Arabic letter, 0 for one that is dropped. */
static char arabic_class(unsigned char c) {
    static const char v[LETTER_END - ALEF + 1] = {
        [BEH - ALEF] = 'B',  [PEH - ALEF] = 'B',  [TEH - ALEF] = 'T',   [THEH - ALEF] = 'S',
        [JEEM - ALEF] = 'J', [CHEH - ALEF] = 'C', [HAH - ALEF] = 'H',   [KHAH - ALEF] = 'X',
        [DAL - ALEF] = 'D',  [THAL - ALEF] = 'D', [REH - ALEF] = 'R',   [ZAIN - ALEF] = 'D',
        [ZHEH - ALEF] = 'J', [SEEN - ALEF] = 'S', [SHEEN - ALEF] = 'C', [SAD - ALEF] = 'S',
        [DAD - ALEF] = 'D',  [TAH - ALEF] = 'T',  [ZAH - ALEF] = 'D',   [GHAIN - ALEF] = 'K',
        [FEH - ALEF] = 'F',  [VEH - ALEF] = 'F',  [QAF - ALEF] = 'K',   [KAF - ALEF] = 'K',
        [GAF - ALEF] = 'K',  [LAM - ALEF] = 'L',  [MEEM - ALEF] = 'M',  [NOON - ALEF] = 'N',
        [HEH - ALEF] = 'H',
    };
    return c >= ALEF && c < LETTER_END ? v[c - ALEF] : 0;
}

/* Skeletons in the making: each choice that a letter leaves doubles them, while there is room. */
struct growing {
    char v[VARIANTS_MOST][SKELETON_MOST];
    int n;
};

static void put(struct growing *g, const char *classes) {
    for (int i = 0; i < g->n; i++) {
        size_t at = strlen(g->v[i]), more = strlen(classes);
        if (at + more < SKELETON_MOST) memcpy(g->v[i] + at, classes, more + 1);
    }
}

/* The first of the readings goes to what there is, copies get the others. */
static void put_any(struct growing *g, const char *const *readings) {
    int before = g->n;
    for (int r = 1; readings[r]; r++)
        for (int i = 0; i < before && g->n < VARIANTS_MOST; i++) {
            char *to = g->v[g->n];
            memcpy(to, g->v[i], SKELETON_MOST);
            size_t at = strlen(to), more = strlen(readings[r]);
            if (at + more < SKELETON_MOST) memcpy(to + at, readings[r], more + 1);
            g->n++;
        }
    int all = g->n;
    g->n = before;
    put(g, readings[0]);
    g->n = all;
}

static void put_one(struct growing *g, char class) {
    put(g, (char[2]){ class, 0 });
}

/* ---- Arabic ---- */

static void arabic(const struct reading *r, struct growing *g) {
    for (int i = 0; i < r->n; i++) {
        unsigned char c = r->v[i];
        bool last = i + 1 == r->n || r->v[i + 1] == BREAK;
        if (i == 0 && (c == ALEF || c == AIN || c == HAMZA || c == YEH_HAMZA))
            put(g, "A");
        else if (i == 0 && (c == WAW || c == WAW_HAMZA))
            put(g, "W");
        else if (i == 0 && (c == YEH || c == MAQSURA || c == YEH_I))
            put(g, "Y");
        else if (c == MARBUTA && i + 1 == r->n)
            put_any(g, (const char *const[]){ "", "T", NULL });
        else if (c == THEH)
            put_any(g, (const char *const[]){ "S", "T", NULL });
        else if (c < 0x80 && c != BREAK)
            put_one(g, (char)c);
        else if (!(c == HEH && last && i > 0) && arabic_class(c))
            put_one(g, arabic_class(c));
    }
}

/* ---- Latin ---- */

static unsigned char at(const struct reading *r, int i) {
    return i >= 0 && i < r->n ? r->v[i] : 0;
}

static bool is_end(const struct reading *r, int i) {
    return i >= r->n || r->v[i] == BREAK;
}

static bool front(unsigned char c) {
    return c == 'e' || c == 'i' || c == 'y';
}

/* A pair or triple of letters with one sound; how many letters, 0 for none. */
static int digraph(const struct reading *r, int i, struct growing *g) {
    static const struct {
        char letters[4];
        const char *readings[5];
    } v[] = {
        { "sch", { "C" } },      { "tch", { "C" } }, { "sh", { "C", "SH" } },
        { "kh", { "X" } },       { "dj", { "J" } },  { "zh", { "J", "DH" } },
        { "dh", { "D", "DH" } }, { "gh", { "K" } },  { "th", { "T", "S", "TH", "D" } },
        { "ph", { "F" } },       { "ck", { "K" } },  { "qu", { "K" } },
    };
    if (at(r, i) == 'c' && at(r, i + 1) == 'h') {
        unsigned char next = at(r, i + 2);
        static const char *const hard[] = { "K", "C", NULL };
        if (next == 'r' || next == 'l')
            put_any(g, hard);
        else
            put(g, "C");
        return 2;
    }
    for (size_t k = 0; k < sizeof v / sizeof *v; k++) {
        if (v[k].letters[0] != r->v[i]) continue;
        int n = (int)strlen(v[k].letters);
        if (i + n > r->n || memcmp(r->v + i, v[k].letters, (size_t)n)) continue;
        put_any(g, v[k].readings);
        return n;
    }
    return 0;
}

static void put_g(const struct reading *r, int i, struct growing *g) {
    bool soft = front(at(r, i + 1)) && !(at(r, i + 1) == 'e' && is_end(r, i + 2));
    static const char *const first_j[] = { "J", "K", NULL }, *const first_k[] = { "K", "J", NULL };
    put_any(g, soft ? first_j : first_k);
}

static bool is_liquid(unsigned char c) {
    return c == 'r' || c == 'l' || c == 'n';
}

/* "Bernard", "Dupont": French does not say the last letter behind another consonant. */
static bool may_be_silent(const struct reading *r, int i) {
    unsigned char c = r->v[i];
    return i + 1 == r->n && (c == 't' || c == 'd' || c == 's' || c == 'z' || c == 'p') &&
           is_liquid(at(r, i - 1));
}

/* One consonant that is no digraph. */
static void put_consonant(const struct reading *r, int i, struct growing *g) {
    static const char classes['z' - 'a' + 1] = {
        ['b' - 'a'] = 'B', ['d' - 'a'] = 'D', ['f' - 'a'] = 'F', ['h' - 'a'] = 'H',
        ['j' - 'a'] = 'J', ['k' - 'a'] = 'K', ['l' - 'a'] = 'L', ['m' - 'a'] = 'M',
        ['n' - 'a'] = 'N', ['p' - 'a'] = 'B', ['q' - 'a'] = 'K', ['r' - 'a'] = 'R',
        ['s' - 'a'] = 'S', ['t' - 'a'] = 'T', ['z' - 'a'] = 'D',
    };
    unsigned char c = r->v[i];
    if (c == 'g')
        put_g(r, i, g);
    else if (c == 'c')
        put(g, front(at(r, i + 1)) ? "S" : "K");
    else if (c == 'x')
        put_any(g, (const char *const[]){ "KS", i + 1 == r->n ? "" : "X", NULL });
    else if (c == 'v' || c == 'w')
        put_any(g, (const char *const[]){ i == 0 ? "W" : "", c == 'v' ? "F" : NULL, NULL });
    else if (c == 'h' && is_end(r, i + 1) && i > 0)
        put_any(g, (const char *const[]){ "", i + 1 == r->n ? "H" : NULL, NULL });
    else if (may_be_silent(r, i))
        put_any(g, (const char *const[]){ (char[2]){ classes[c - 'a'], 0 }, "", NULL });
    else if (c >= '0' && c <= '9')
        put_one(g, (char)c);
    else if (c >= 'a' && c <= 'z' && classes[c - 'a'])
        put_one(g, classes[c - 'a']);
}

/* What a first vowel or half vowel is; returns how many letters it took. */
static int first(const struct reading *r, struct growing *g) {
    unsigned char c = at(r, 0), next = at(r, 1), third = at(r, 2);
    if (c == 'o' && next == 'u' && is_vowel(third)) {
        put(g, "W");
        return 2;
    }
    if (is_vowel(c)) {
        put(g, "A");
        return 1;
    }
    if (c == 'y') {
        put(g, is_vowel(next) ? "Y" : "A");
        return 1;
    }
    /* Brahim, Smail, Driss: the vowel before two consonants is not said in the Maghreb. */
    if ((c == 'b' && next == 'r') || (c == 'd' && next == 'r') || (c == 's' && next == 'm'))
        put_any(g, (const char *const[]){ "", "A", NULL });
    return 0;
}

static void latin(const struct reading *r, struct growing *g) {
    for (int i = first(r, g); i < r->n;) {
        unsigned char c = r->v[i];
        if (is_vowel(c) || c == BREAK || (c == 'y' && i > 0)) {
            i++;
            continue;
        }
        int n = digraph(r, i, g);
        if (n == 0) {
            put_consonant(r, i, g);
            n = 1;
            if (at(r, i + 1) == c) n = 2;
        }
        i += n;
    }
}

int skeletons(const struct reading *r, char out[VARIANTS_MOST][SKELETON_MOST]) {
    struct growing g;
    memset(&g, 0, sizeof g);
    if (r->n == 0) return 0;
    g.n = 1;
    bool is_arabic = false;
    for (int i = 0; i < r->n; i++) is_arabic |= r->v[i] >= ALEF;
    if (is_arabic)
        arabic(r, &g);
    else
        latin(r, &g);
    int n = 0;
    for (int i = 0; i < g.n; i++) {
        bool known = g.v[i][0] == 0;
        for (int k = 0; k < n && !known; k++) known = strcmp(out[k], g.v[i]) == 0;
        if (!known) memcpy(out[n++], g.v[i], SKELETON_MOST);
    }
    return n;
}

struct reading glued(const struct reading *a, const struct reading *b) {
    struct reading r = { .n = 0 };
    if (a->n == 0 || b->n == 0 || a->n + 1 + b->n > LETTERS_MOST) return r;
    memcpy(r.v, a->v, a->n);
    r.v[a->n] = BREAK;
    memcpy(r.v + a->n + 1, b->v, b->n);
    r.n = (unsigned char)(a->n + 1 + b->n);
    return r;
}

/* ---- Terms ---- */

static bool add_term(struct arena *a, struct strs *to, int most, struct str term) {
    for (int i = 0; i < to->n; i++)
        if (str_eq(to->v[i], term)) return true;
    if (to->n >= most) return false;
    to->v[to->n++] = str_dup(a, term);
    return true;
}

/* The keys of one reading from variant `from` to before `until`. */
static void add_skeletons(struct arena *a, struct strs *to, int most, const struct reading *r,
                          int from, int until) {
    char v[VARIANTS_MOST][SKELETON_MOST];
    int n = skeletons(r, v);
    for (int i = from; i < until && i < n; i++) add_term(a, to, most, str_of(v[i]));
}

static struct str word_text(const struct key_word *w) {
    return (struct str){ w->text, w->text_n };
}

/* The keys of a word: the first of its first reading, then all others. */
static void add_word(struct arena *a, struct strs *to, int most, const struct key_word *w,
                     bool all) {
    if (w->readings_n == 0) {
        add_term(a, to, most, word_text(w));
        return;
    }
    add_skeletons(a, to, most, &w->reading[0], 0, all ? VARIANTS_MOST : 1);
    if (all && w->readings_n > 1) add_skeletons(a, to, most, &w->reading[1], 0, VARIANTS_MOST);
}

/* Words from..from+n, going round behind the last, as one reading. */
static struct reading joined(const struct key_words *w, int from, int n) {
    struct reading r = w->v[from % w->n].reading[0];
    enum script script = w->v[from % w->n].script;
    if (w->v[from % w->n].readings_n == 0) r.n = 0;
    for (int i = 1; i < n && r.n; i++) {
        const struct key_word *next = &w->v[(from + i) % w->n];
        if (next->script != script || next->readings_n == 0) r.n = 0;
        if (r.n) r = glued(&r, &next->reading[0]);
    }
    return r;
}

int namekey_terms(struct arena *a, struct str name, struct strs *out) {
    struct key_words w;
    key_words(a, name, NAMEKEY_PERSON, &w);
    out->v = arena_array(a, struct str, NAMEKEY_TERMS_MOST);
    out->n = 0;
    /* What is most often needed comes first: a name of many words may fill the room. */
    for (int i = 0; i < w.n; i++) add_word(a, out, NAMEKEY_TERMS_MOST, &w.v[i], false);
    for (int n = w.n; n >= 2; n = n > 2 ? 2 : 1)
        for (int i = 0; i + n <= w.n; i++) {
            struct reading r = joined(&w, i, n);
            add_skeletons(a, out, NAMEKEY_TERMS_MOST, &r, 0, 1);
        }
    for (int i = 0; i < w.n; i++) add_word(a, out, NAMEKEY_TERMS_MOST, &w.v[i], true);
    return out->n;
}

/* ---- Asking ---- */

enum { WAYS_MOST = 24, GROUP_MOST = 9 };

struct asking {
    struct arena *a;
    const struct key_words *w;
    struct namekey_way *ways;
    int n;
};

static struct strs word_group(struct arena *a, const struct key_word *w) {
    struct strs s = { arena_array(a, struct str, GROUP_MOST), 0 };
    add_word(a, &s, GROUP_MOST, w, true);
    return s;
}

static struct strs joined_group(struct asking *q, int from, int n) {
    struct strs s = { arena_array(q->a, struct str, GROUP_MOST), 0 };
    struct reading r = joined(q->w, from, n);
    add_skeletons(q->a, &s, GROUP_MOST, &r, 0, VARIANTS_MOST);
    return s;
}

static void add_way(struct asking *q, const struct strs *groups, int n) {
    if (q->n == WAYS_MOST || n == 0) return;
    struct namekey_way *way = &q->ways[q->n];
    way->groups = arena_array(q->a, struct strs, n);
    for (int i = 0; i < n; i++) {
        if (groups[i].n == 0) return;
        way->groups[i] = groups[i];
    }
    way->groups_n = n;
    q->n++;
}

int namekey_query_terms(struct arena *a, struct str name, struct namekey_way **ways) {
    struct key_words w;
    key_words(a, name, NAMEKEY_PERSON, &w);
    struct asking q = { a, &w, arena_array(a, struct namekey_way, WAYS_MOST), 0 };
    *ways = q.ways;
    struct strs single[NAMEKEY_TOKENS_MOST], some[NAMEKEY_TOKENS_MOST];
    for (int i = 0; i < w.n; i++) single[i] = word_group(a, &w.v[i]);
    add_way(&q, single, w.n);
    if (w.n >
        2) /* a name of many words may be kept as its first and last alone, or its first two */
        for (int i = 1; i<w.n; i += w.n> 3 ? w.n - 2 : 1)
            add_way(&q, (struct strs[]){ single[0], single[i] }, 2);
    for (int r = 0; r < w.n && w.n > 1; r++) { /* the whole in one word */
        struct strs whole = joined_group(&q, r, w.n);
        add_way(&q, &whole, 1);
    }
    for (int i = 0; i + 1 < w.n && w.n > 2; i++) { /* two neighbours in one word */
        int n = 0;
        for (int k = 0; k < w.n; k++)
            if (k == i) {
                some[n++] = joined_group(&q, i, 2);
                k++;
            } else
                some[n++] = single[k];
        add_way(&q, some, n);
    }
    return q.n;
}

struct str namekey_skeleton(struct arena *a, struct str name) {
    struct key_words w;
    struct str v[NAMEKEY_TOKENS_MOST];
    key_words(a, name, NAMEKEY_PERSON, &w);
    for (int i = 0; i < w.n; i++) {
        struct strs one = { arena_array(a, struct str, 1), 0 };
        add_word(a, &one, 1, &w.v[i], false);
        v[i] = one.n ? one.v[0] : S("");
    }
    return str_join(a, v, w.n, S(" "));
}
