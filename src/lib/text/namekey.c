/* Comparing names that were made ready (namekey.h). Called by lib/match, core/ask and the pages of
 * duplicates; calls namekey_words.c for the words, nickname.c for families and nicknames,
 * namekey_sound.c for the sound across scripts.
 * Words are compared one to one, and two or three in a row with one, under every rotation of the
 * first name; hashes of texts can be joined, so that glued words of one script cost nothing. */
#include "lib/text/namekey_in.h"

enum { GLUED_MOST = 3, NEVER = 2, LONG = 7 };

struct token {
    uint64_t hash, power; /* of the text; what a hash before it is multiplied with */
    uint64_t other;       /* of the text with its article, or 0 */
    uint16_t family[FAMILIES_MOST];
    uint16_t nickname;
    unsigned char script, families_n, readings_n;
    bool listed; /* the list of names has it as it is written */
    unsigned char letters_n[READINGS_MOST];
    struct consonants consonants;    /* must of all readings, may of any */
    uint16_t letters[READINGS_MOST]; /* where in the letters of the name */
};
struct namekey {
    int n;
    unsigned scripts; /* bits by enum script */
    uint64_t beyond;  /* key_words.beyond */
    const unsigned char *letters;
    struct token v[];
};

static uint64_t hash_of(struct str s, uint64_t *power) {
    uint64_t h = 0, p = 1;
    for (size_t i = 0; i < s.n; i++) {
        h = h * 0x9E3779B97F4A7C15ULL + (unsigned char)s.p[i] + 1;
        p *= 0x9E3779B97F4A7C15ULL;
    }
    *power = p;
    return h;
}

static void fill(struct arena *a, struct key_word *w, struct token *t, unsigned char *letters,
                 size_t *letters_n) {
    struct str text = { w->text, w->text_n };
    uint64_t power;
    t->families_n = (unsigned char)families_of(a, w, t->family, &t->listed);
    t->hash = hash_of(text, &t->power);
    if (w->other_n) t->other = hash_of((struct str){ w->other, w->other_n }, &power);
    t->nickname = w->script == SCRIPT_LATIN ? (uint16_t)nickname_number(text) : 0;
    t->script = (unsigned char)w->script;
    t->readings_n = (unsigned char)w->readings_n;
    t->consonants.must = ~0U;
    for (int i = 0; i < w->readings_n; i++) {
        struct consonants c = consonants_of(&w->reading[i]);
        t->consonants.must &= c.must;
        t->consonants.may |= c.may;
        t->letters[i] = (uint16_t)*letters_n;
        t->letters_n[i] = w->reading[i].n;
        memcpy(letters + *letters_n, w->reading[i].v, w->reading[i].n);
        *letters_n += w->reading[i].n;
    }
}

const struct namekey *namekey_new(struct arena *a, struct str name, enum namekey_what what) {
    unsigned char letters[NAMEKEY_TOKENS_MOST * READINGS_MOST * LETTERS_MOST];
    struct token v[NAMEKEY_TOKENS_MOST];
    struct key_words w;
    size_t letters_n = 0;
    struct arena_mark mark = arena_mark(a);
    if (what == NAMEKEY_ORGANISATION) name = organisation_key(a, name);
    key_words(a, name, what, &w);
    memset(v, 0, sizeof v);
    for (int i = 0; i < w.n; i++) fill(a, &w.v[i], &v[i], letters, &letters_n);
    arena_back(a, mark);
    size_t tokens = (size_t)w.n * sizeof *v;
    struct namekey *k = arena_alloc(a, sizeof *k + tokens + letters_n);
    k->n = w.n;
    k->beyond = w.beyond;
    memcpy(k->v, v, tokens);
    unsigned char *to = (unsigned char *)k->v + tokens;
    memcpy(to, letters, letters_n);
    k->letters = to;
    for (int i = 0; i < w.n; i++) k->scripts |= 1U << v[i].script;
    return k;
}

/* ---- One word, or a few, against one ---- */

static struct reading reading(const struct namekey *k, int word, int which) {
    struct reading r = { .n = k->v[word].letters_n[which] };
    memcpy(r.v, k->letters + k->v[word].letters[which], r.n);
    return r;
}

static bool same_family(const struct token *x, const struct token *y) {
    for (int i = 0; i < x->families_n; i++)
        for (int k = 0; k < y->families_n; k++)
            if (x->family[i] == y->family[k]) return true;
    return false;
}

static bool across(const struct token *x, const struct token *y) {
    return x->script + y->script == SCRIPT_LATIN + SCRIPT_ARABIC && x->script && y->script &&
           x->readings_n && y->readings_n;
}

/* Can they sound alike at all, by their consonants? */
static bool fit(struct consonants x, struct consonants y) {
    return (x.must & ~y.may) == 0 && (y.must & ~x.may) == 0;
}

/* Conflicts of two readings, whichever of them is Latin. */
static int conflicts(const struct reading *x, const struct reading *y, bool x_latin) {
    return x_latin ? sound_conflicts(x, y) : sound_conflicts(y, x);
}

/* Names so long that one conflict leaves the rest to speak: «عبدالرحیم» and "Abdelrahem". */
static int fair(int is, const struct reading *x, const struct reading *y) {
    return is == 1 && (x->n < LONG || y->n < LONG) ? NEVER : is;
}

/* Conflicts of words x and y: 0, 1, NEVER. */
static int word_to_word(const struct namekey *kx, int x, const struct namekey *ky, int y,
                        unsigned *why) {
    const struct token *tx = &kx->v[x], *ty = &ky->v[y];
    if (tx->script == ty->script &&
        (tx->hash == ty->hash || tx->hash == ty->other || tx->other == ty->hash)) {
        *why |= NAMEKEY_SPELLED;
        return 0;
    }
    if (tx->families_n && ty->families_n && same_family(tx, ty)) {
        *why |= NAMEKEY_FAMILY;
        return 0;
    }
    /* Two names that the list knows, as two: Mahmoud is not محمد, whatever vowels allow. */
    if (!across(tx, ty) || (tx->listed && ty->listed) || !fit(tx->consonants, ty->consonants))
        return NEVER;
    bool x_latin = tx->script == SCRIPT_LATIN;
    int best = NEVER;
    for (int i = 0; i < tx->readings_n && best; i++)
        for (int k = 0; k < ty->readings_n && best; k++) {
            struct reading rx = reading(kx, x, i), ry = reading(ky, y, k);
            int is = fair(conflicts(&rx, &ry, x_latin), &rx, &ry);
            if (is < best) best = is;
        }
    if (best < NEVER) *why |= NAMEKEY_SOUND;
    return best;
}

/* Words x, x + 1 … (n of them, round the end) of kx, glued, against word y of ky. */
static int words_to_word(const struct namekey *kx, int x, int n, const struct namekey *ky, int y,
                         unsigned *why) {
    const struct token *ty = &ky->v[y], *first = &kx->v[x % kx->n];
    for (int i = 1; i < n; i++)
        if (kx->v[(x + i) % kx->n].script != first->script) return NEVER;
    if (first->script == ty->script) {
        uint64_t h = first->hash;
        for (int i = 1; i < n; i++) {
            const struct token *t = &kx->v[(x + i) % kx->n];
            h = h * t->power + t->hash;
        }
        if (h != ty->hash && h != ty->other) return NEVER;
        *why |= NAMEKEY_SPELLED | NAMEKEY_GLUED;
        return 0;
    }
    if (!across(first, ty)) return NEVER;
    bool x_latin = first->script == SCRIPT_LATIN;
    struct consonants all = { 0, 0 };
    for (int i = 0; i < n; i++) {
        const struct token *t = &kx->v[(x + i) % kx->n];
        all.must |= t->consonants.must;
        all.may |= t->consonants.may;
    }
    if (!fit(all, ty->consonants)) return NEVER;
    struct reading rx = reading(kx, x % kx->n, 0), ry = reading(ky, y, 0);
    for (int i = 1; i < n && rx.n; i++) {
        if (kx->v[(x + i) % kx->n].readings_n == 0) return NEVER;
        struct reading next = reading(kx, (x + i) % kx->n, 0);
        rx = glued(&rx, &next);
    }
    if (rx.n == 0) return NEVER;
    int is = fair(conflicts(&rx, &ry, x_latin), &rx, &ry);
    if (is < NEVER) *why |= NAMEKEY_SOUND | NAMEKEY_GLUED;
    return is;
}

/* ---- Whole names ---- */

/* x from word `turn` on, round the end, laid against y. */
struct laying {
    const struct namekey *x, *y;
    int turn;
    unsigned char failed[NAMEKEY_TOKENS_MOST + 1][NAMEKEY_TOKENS_MOST + 1]; /* allowance + 1 */
};

/* Are words i… of x and j… of y one name with `allowed` conflicts at most? Adds to *why. */
static bool lay(struct laying *l, int i, int j, int allowed, unsigned *why) {
    const struct namekey *x = l->x, *y = l->y;
    if (i == x->n && j == y->n) return true;
    if (i >= x->n || j >= y->n || l->failed[i][j] > allowed) return false;
    int at = (i + l->turn) % x->n;
    for (int n = 1; n <= GLUED_MOST; n++)
        for (int side = 0; side < (n == 1 ? 1 : 2); side++) {
            int more_x = side == 0 ? n : 1, more_y = side == 0 ? 1 : n;
            unsigned now = 0;
            if (i + more_x > x->n || j + more_y > y->n) continue;
            int cost = n == 1      ? word_to_word(x, at, y, j, &now)
                       : side == 0 ? words_to_word(x, at, n, y, j, &now)
                                   : words_to_word(y, j, n, x, at, &now);
            if (cost > allowed) continue;
            if (!lay(l, i + more_x, j + more_y, allowed - cost, why)) continue;
            *why |= now | (cost ? NAMEKEY_DOUBT : 0);
            return true;
        }
    l->failed[i][j] = (unsigned char)(allowed + 1);
    return false;
}

static bool lay_turned(const struct namekey *x, const struct namekey *y, int allowed,
                       unsigned *why) {
    /* Glued words make at most three of one. */
    if (x->n > GLUED_MOST * y->n || y->n > GLUED_MOST * x->n) return false;
    for (int turn = 0; turn < x->n; turn++) {
        struct laying l = { .x = x, .y = y, .turn = turn };
        unsigned found = 0;
        if (!lay(&l, 0, 0, allowed, &found)) continue;
        *why = found | (turn ? NAMEKEY_TURNED : 0);
        return true;
    }
    return false;
}

/* Is every word of `few` another word of `many`? */
static bool contained(const struct namekey *few, const struct namekey *many, unsigned *why) {
    unsigned used = 0;
    for (int i = 0; i < few->n; i++) {
        int k = 0;
        unsigned now = 0;
        while (k < many->n && (used >> k & 1 || word_to_word(few, i, many, k, &now) > 0))
            k++, now = 0;
        if (k == many->n) return false;
        used |= 1U << k;
        *why |= now;
    }
    return true;
}

enum namekey_is namekey_compared(const struct namekey *x, const struct namekey *y, unsigned *why) {
    *why = 0;
    if (x->n == 0 || y->n == 0) return NAMEKEY_NO;
    if (lay_turned(x, y, 0, why)) {
        if (x->beyond == y->beyond) return NAMEKEY_SAME;
        *why |= NAMEKEY_SHORTER;
        return NAMEKEY_POSSIBLE;
    }
    const struct namekey *few = x->n <= y->n ? x : y, *many = few == x ? y : x;
    unsigned found = 0;
    if (few->n >= 2 && contained(few, many, &found)) {
        *why = found | (few->n < many->n ? NAMEKEY_SHORTER : NAMEKEY_TURNED);
        return NAMEKEY_POSSIBLE;
    }
    unsigned both = 1U << SCRIPT_LATIN | 1U << SCRIPT_ARABIC;
    if (((x->scripts | y->scripts) & both) == both && lay_turned(x, y, 1, why))
        return NAMEKEY_POSSIBLE;
    return NAMEKEY_NO;
}

enum namekey_is namekey_compare(const struct namekey *x, const struct namekey *y) {
    unsigned why;
    return namekey_compared(x, y, &why);
}

/* Does `name` have, not used yet, what asked says from word i on? Marks it; how many words of
 * asked it took. */
static int find_word(const struct namekey *asked, int i, const struct namekey *name,
                     unsigned *used) {
    unsigned why = 0;
    for (int k = 0; k < name->n; k++) {
        if (*used >> k & 1) continue;
        if (word_to_word(asked, i, name, k, &why) == 0) {
            *used |= 1U << k;
            return 1;
        }
        if (k + 1 < name->n && !(*used >> (k + 1) & 1) &&
            words_to_word(name, k, 2, asked, i, &why) == 0) {
            *used |= 3U << k;
            return 1;
        }
        if (i + 1 < asked->n && words_to_word(asked, i, 2, name, k, &why) == 0) {
            *used |= 1U << k;
            return 2;
        }
    }
    return 0;
}

enum namekey_is namekey_within(const struct namekey *asked, const struct namekey *name) {
    unsigned used = 0, why;
    if (asked->n == 0 || name->n == 0) return NAMEKEY_NO;
    for (int i = 0, took; i < asked->n; i += took)
        if ((took = find_word(asked, i, name, &used)) == 0)
            return lay_turned(asked, name, 0, &why) ? NAMEKEY_SAME : NAMEKEY_NO;
    return NAMEKEY_SAME;
}

enum nickname namekey_nickname(const struct namekey *x, const struct namekey *y) {
    enum nickname best = NICKNAME_NO;
    if (x->n != y->n) return NICKNAME_NO;
    for (int turn = 0; turn < x->n; turn++) {
        enum nickname is = NICKNAME_NO;
        int other_n = 0;
        unsigned why = 0;
        for (int i = 0; i < x->n && other_n < 2; i++) {
            int at = (i + turn) % x->n;
            if (word_to_word(x, at, y, i, &why) == 0) continue;
            is = nicknames(x->v[at].nickname, y->v[i].nickname);
            other_n++;
        }
        if (other_n == 1 && is > best) best = is;
    }
    return best;
}
