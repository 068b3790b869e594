/* What the three lists of given names say (data/names): nicknames, families of spellings, how
 * frequent a name is (namekey.h). Called by namekey.c and by lib/match; calls fold.c,
 * namekey_words.c, namekey_sound.c and the tables that tools/namec makes.
 * A family is one Arabic name of the list with its Latin spellings; a Latin spelling that is not
 * in the list belongs to it too if it sounds so and has three consonants or more. */
#include "lib/text/fold.h"
#include "lib/text/name.h"
#include "lib/text/namekey_in.h"

/* The first of n rows, of `size` bytes each and beginning with a string, that is not under key. */
static int lower_bound(const void *rows, int n, size_t size, struct str key) {
    int low = 0, high = n;
    while (low < high) {
        int middle = (low + high) / 2;
        const char *z = *(const char *const *)((const char *)rows + (size_t)middle * size);
        if (str_cmp(str_of(z), key) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static int add_family(uint16_t *out, int n, uint16_t family) {
    for (int i = 0; i < n; i++)
        if (out[i] == family) return n;
    if (n < FAMILIES_MOST) out[n++] = family;
    return n;
}

static int listed_families(struct str text, uint16_t *out) {
    int n = 0;
    for (int i = lower_bound(family_table, family_table_n, sizeof *family_table, text);
         i < family_table_n && str_eq_z(text, family_table[i].text); i++)
        n = add_family(out, n, family_table[i].family);
    return n;
}

/* Does a Latin word say the Arabic name of this family? */
static bool says_family(struct arena *a, const struct key_word *w, uint16_t family) {
    const struct family_name *f = &family_names[family - 1];
    struct key_words arabic;
    key_words(a, str_of(f->arabic), NAMEKEY_PERSON, &arabic);
    if (arabic.n != 1) return false;
    struct reading r = arabic.v[0].reading[0];
    if (f->final_yeh && r.n && r.v[r.n - 1] == YEH) r.v[r.n - 1] = f->final_yeh;
    return sound_conflicts(&w->reading[0], &r) == 0;
}

static int sounding_families(struct arena *a, const struct key_word *w, uint16_t *out) {
    char v[VARIANTS_MOST][SKELETON_MOST];
    int n = 0, keys_n = skeletons(&w->reading[0], v);
    for (int k = 0; k < keys_n; k++) {
        if (strlen(v[k]) < 3) continue;
        int i = lower_bound(family_sounds, family_sounds_n, sizeof *family_sounds, str_of(v[k]));
        for (; i < family_sounds_n && strcmp(family_sounds[i].key, v[k]) == 0; i++)
            if (says_family(a, w, family_sounds[i].family))
                n = add_family(out, n, family_sounds[i].family);
    }
    return n;
}

int families_of(struct arena *a, struct key_word *w, uint16_t *out, bool *listed) {
    int n = listed_families((struct str){ w->text, w->text_n }, out);
    *listed = n > 0;
    if (n == 0 && w->script == SCRIPT_LATIN && w->readings_n) n = sounding_families(a, w, out);
    struct reading *r = &w->reading[0];
    if (w->script != SCRIPT_ARABIC || n != 1 || r->n == 0 || r->v[r->n - 1] != YEH) return n;
    unsigned char final_yeh = family_names[out[0] - 1].final_yeh;
    if (final_yeh) r->v[r->n - 1] = final_yeh;
    return n;
}

int nickname_number(struct str folded) {
    int i = lower_bound(nickname_names, nickname_names_n, sizeof *nickname_names, folded);
    return i < nickname_names_n && str_eq_z(folded, nickname_names[i]) ? i + 1 : 0;
}

/* The longer forms of a name: *from is the first of how many in nickname_pairs. */
static int longer_forms(int shorter, int *from) {
    int low = 0, high = nickname_pairs_n;
    while (low < high) {
        int middle = (low + high) / 2;
        if (nickname_pairs[middle].shorter < shorter)
            low = middle + 1;
        else
            high = middle;
    }
    int n = 0;
    while (low + n < nickname_pairs_n && nickname_pairs[low + n].shorter == shorter) n++;
    *from = low;
    return n;
}

enum nickname nicknames(int x, int y) {
    int x_from, y_from;
    if (x == 0 || y == 0 || x == y) return NICKNAME_NO;
    int x_n = longer_forms(x, &x_from), y_n = longer_forms(y, &y_from);
    const struct nickname_pair *xs = nickname_pairs + x_from, *ys = nickname_pairs + y_from;
    bool shared = false;
    for (int i = 0; i < x_n; i++)
        if (xs[i].longer == y) return NICKNAME_OF;
    for (int i = 0; i < y_n; i++)
        if (ys[i].longer == x) return NICKNAME_OF;
    for (int i = 0, k = 0; i < x_n && k < y_n && !shared;) {
        shared = xs[i].longer == ys[k].longer;
        if (xs[i].longer < ys[k].longer)
            i++;
        else
            k++;
    }
    return shared ? NICKNAME_SHARED : NICKNAME_NO;
}

enum nickname nickname_of(struct str a, struct str b) {
    struct arena *arena = arena_new();
    enum nickname is = nicknames(nickname_number(fold(arena, a)), nickname_number(fold(arena, b)));
    arena_free(arena);
    return is;
}

/* The families of a text that is one word; how many. */
static int families(struct arena *a, struct str name, uint16_t *out) {
    struct key_words w;
    bool listed;
    key_words(a, name, NAMEKEY_PERSON, &w);
    return w.n == 1 ? families_of(a, &w.v[0], out, &listed) : 0;
}

bool spelling_family(struct str a, struct str b) {
    struct arena *arena = arena_new();
    uint16_t x[FAMILIES_MOST], y[FAMILIES_MOST];
    int x_n = families(arena, a, x), y_n = families(arena, b, y);
    bool same = false;
    for (int i = 0; i < x_n; i++)
        for (int k = 0; k < y_n; k++) same |= x[i] == y[k];
    arena_free(arena);
    return same;
}

static double share(struct str folded) {
    int i = lower_bound(name_table, name_table_n, sizeof *name_table, folded);
    bool known = i < name_table_n && str_eq_z(folded, name_table[i].name);
    return known ? name_table[i].share / 10000.0 : 0;
}

double given_name_share(struct str name) {
    struct arena *arena = arena_new();
    uint16_t family[FAMILIES_MOST];
    double best = share(fold(arena, name));
    int n = best > 0 ? 0 : families(arena, name, family);
    for (int i = 0; i < n; i++) {
        double one = share(fold(arena, str_of(family_names[family[i] - 1].arabic)));
        if (one > best) best = one;
    }
    arena_free(arena);
    return best;
}
