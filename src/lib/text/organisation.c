/* Names of firms for comparing: without legal form, the form in one way of writing (namekey.h).
 * Called by namekey.c and lib/match; calls fold.c. A form is looked for as whole words of the fold,
 * letters with dots ("S.A.R.L.", «ذ.م.م») read as one word. */
#include "lib/text/fold.h"
#include "lib/text/namekey.h"

enum { WORDS_MOST = 32 };

/* Where a form may stand. */
enum where {
    ANYWHERE,
    LAST, /* a short one that is a word or an initial elsewhere: at the end, or first with dots */
    FIRST /* a noun before the name: «شرکت», "société" */
};
static const struct form {
    const char *words; /* folded */
    const char *form;  /* empty: says that it is a firm, not which */
    enum where where;
} forms[] = {
    { "societe a responsabilite limitee", "sarl", ANYWHERE },
    { "societe par actions simplifiee unipersonnelle", "sasu", ANYWHERE },
    { "societe par actions simplifiee", "sas", ANYWHERE },
    { "societe civile immobiliere", "sci", ANYWHERE },
    { "societe en nom collectif", "snc", ANYWHERE },
    { "societe anonyme", "sa", ANYWHERE },
    { "entreprise individuelle", "ei", ANYWHERE },
    { "entreprise unipersonnelle a responsabilite limitee", "eurl", ANYWHERE },
    { "gesellschaft mit beschrankter haftung", "gmbh", ANYWHERE },
    { "gmbh co kg", "gmbh & co kg", ANYWHERE },
    { "limited liability company", "llc", ANYWHERE },
    { "public limited company", "plc", ANYWHERE },
    { "private limited", "ltd", ANYWHERE },
    { "company limited", "ltd", LAST },
    { "pty limited", "ltd", ANYWHERE },
    { "pty ltd", "ltd", ANYWHERE },
    { "pvt ltd", "ltd", ANYWHERE },
    { "co ltd", "ltd", ANYWHERE },
    { "sarl", "sarl", ANYWHERE },
    { "suarl", "eurl", ANYWHERE },
    { "sasu", "sasu", ANYWHERE },
    { "sas", "sas", ANYWHERE },
    { "eurl", "eurl", ANYWHERE },
    { "snc", "snc", ANYWHERE },
    { "sci", "sci", ANYWHERE },
    { "scop", "scop", ANYWHERE },
    { "gie", "gie", ANYWHERE },
    { "sprl", "sarl", ANYWHERE },
    { "srl", "sarl", ANYWHERE },
    { "gmbh", "gmbh", ANYWHERE },
    { "kgaa", "kgaa", ANYWHERE },
    { "ltd", "ltd", ANYWHERE },
    { "limited", "ltd", ANYWHERE },
    { "llc", "llc", ANYWHERE },
    { "llp", "llp", ANYWHERE },
    { "plc", "plc", ANYWHERE },
    { "inc", "inc", ANYWHERE },
    { "incorporated", "inc", ANYWHERE },
    { "corp", "inc", LAST },
    { "corporation", "inc", LAST },
    { "wll", "wll", ANYWHERE },
    { "fze", "fze", ANYWHERE },
    { "fzco", "fze", ANYWHERE },
    { "spa", "sa", LAST },
    { "sa", "sa", LAST },
    { "ag", "sa", LAST },
    { "nv", "sa", LAST },
    { "bv", "bv", LAST },
    { "ei", "ei", LAST },
    { "kg", "kg", LAST },
    { "oy", "oy", LAST },
    { "ab", "ab", LAST },
    { "co", "", LAST },
    { "cie", "", LAST },
    { "company", "", LAST },
    { "compagnie", "", LAST },
    { "societe", "", FIRST },
    { "ste", "", FIRST },
    { "ets", "", FIRST },
    { "etablissements", "", FIRST },
    { "entreprise", "", FIRST },
    { "maison", "", FIRST },
    /* Persian */
    { "سهامی خاص", "private joint stock", ANYWHERE },
    { "سهامی عام", "public joint stock", ANYWHERE },
    { "با مسوولیت محدود", "limited (ir)", ANYWHERE },
    { "با مسولیت محدود", "limited (ir)", ANYWHERE },
    { "بامسوولیت محدود", "limited (ir)", ANYWHERE },
    { "با مسیولیت محدود", "limited (ir)", ANYWHERE },
    { "مسوولیت محدود", "limited (ir)", ANYWHERE },
    { "مسیولیت محدود", "limited (ir)", ANYWHERE },
    { "تضامنی", "partnership (ir)", LAST },
    { "شرکت تعاونی", "cooperative", FIRST },
    { "شرکت", "", FIRST },
    { "موسسه", "", FIRST },
    /* Arabic */
    { "ذات مسوولیه محدوده", "wll", ANYWHERE },
    { "ذات المسوولیه المحدوده", "wll", ANYWHERE },
    { "ذات مسیولیه محدوده", "wll", ANYWHERE },
    { "ذات المسیولیه المحدوده", "wll", ANYWHERE },
    { "مساهمه مقفله", "closed joint stock", ANYWHERE },
    { "مساهمه عامه", "joint stock", ANYWHERE },
    { "مساهمه", "joint stock", LAST },
    { "ذمم", "wll", ANYWHERE },
    { "شذمم", "wll", ANYWHERE },
    { "شمم", "joint stock", ANYWHERE },
    { "شمک", "joint stock", ANYWHERE },
    { "شمل", "joint stock", ANYWHERE },
    { "شمع", "joint stock", ANYWHERE },
    { "شرکه", "", FIRST },
    { "الشرکه", "", FIRST },
    { "الموسسه", "", FIRST },
};

struct words {
    struct str v[WORDS_MOST];
    bool gone[WORDS_MOST], dotted[WORDS_MOST];
    int n;
    struct str form;
};

static bool is_letter(struct str word) {
    return utf8_count(word) == 1;
}

/* The words of the fold; letters in a row ("s a r l", from dots) are one word too. */
static void read_words(struct arena *a, struct str name, struct words *w) {
    struct str rest = fold(a, name), piece;
    *w = (struct words){ .n = 0 };
    bool letters = false;
    while (w->n < WORDS_MOST && str_cut(&rest, ' ', &piece)) {
        if (piece.n == 0) continue;
        bool letter = is_letter(piece) && !(piece.p[0] >= '0' && piece.p[0] <= '9');
        if (letter && letters) {
            w->dotted[w->n - 1] = true;
            w->v[w->n - 1] = str_join(a, (struct str[]){ w->v[w->n - 1], piece }, 2, S(""));
        } else
            w->v[w->n++] = piece;
        letters = letter;
    }
    if (rest.n && w->n) /* more words than a name has: the rest is one */
        w->v[w->n - 1] = str_join(a, (struct str[]){ w->v[w->n - 1], rest }, 2, S(" "));
}

/* How many words from i on are this form; 0: it is not there. */
static int form_at(const struct words *w, int i, const struct form *f) {
    int n = 0;
    struct str rest = str_of(f->words), word;
    while (str_cut(&rest, ' ', &word)) {
        if (i + n >= w->n || w->gone[i + n] || !str_eq(w->v[i + n], word)) return 0;
        n++;
    }
    return n;
}

/* May a form stand at words i..i+n of those that are left? */
static bool fits(const struct words *w, int i, int n, enum where where) {
    bool first = true, last = true;
    for (int k = 0; k < i; k++) first &= w->gone[k];
    for (int k = i + n; k < w->n; k++) last &= w->gone[k];
    return where == ANYWHERE || (where == FIRST && first && !last) ||
           (where == LAST && (last || (first && w->dotted[i])) && first != last);
}

static bool drop_form(struct words *w) {
    for (size_t k = 0; k < sizeof forms / sizeof *forms; k++)
        for (int i = w->n - 1; i >= 0; i--) {
            int n = form_at(w, i, &forms[k]);
            if (n == 0 || !fits(w, i, n, forms[k].where)) continue;
            for (int x = i; x < i + n; x++) w->gone[x] = true;
            if (w->form.n == 0) w->form = str_of(forms[k].form);
            return true;
        }
    return false;
}

/* "et" and "and" between names say what & says, which the fold makes a space. */
static void drop_ands(struct words *w) {
    static const char *const v[] = { "et", "and", "und", "و", NULL };
    for (int i = 1; i < w->n - 1; i++)
        for (int k = 0; v[k]; k++) w->gone[i] |= str_eq_z(w->v[i], v[k]);
}

static void read_organisation(struct arena *a, struct str name, struct words *w) {
    read_words(a, name, w);
    while (drop_form(w)) {
    }
    drop_ands(w);
    bool nothing = true;
    for (int i = 0; i < w->n; i++) nothing &= w->gone[i];
    if (nothing) memset(w->gone, 0, sizeof w->gone);
}

struct str organisation_key(struct arena *a, struct str name) {
    struct words w;
    struct str v[WORDS_MOST];
    int n = 0;
    read_organisation(a, name, &w);
    for (int i = 0; i < w.n; i++)
        if (!w.gone[i]) v[n++] = w.v[i];
    return n ? str_join(a, v, n, S(" ")) : S("");
}

struct str organisation_form(struct arena *a, struct str name) {
    struct words w;
    read_organisation(a, name, &w);
    return w.form.n ? w.form : S("");
}
