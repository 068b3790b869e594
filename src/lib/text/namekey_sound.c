/* Does a Latin spelling say an Arabic one? Letter by letter, every consonant accounted for, vowels
 * after the table of localisation.md 2.6. Called by namekey.c and nickname.c.
 *
 * All alignments are followed at once: for each place in the Latin word, sets of places in the
 * Arabic word (bit j: j letters are read) that can be reached; there are four, by whether a
 * conflict of vowels was met, and by whether the last Latin letter read was a vowel (two vowels
 * need a letter between them: "ei" is ی, not two short ones). */
#include "lib/text/namekey_in.h"

#define IS(letter) (1ULL << ((letter)-ALEF))

static const uint64_t yehs = IS(YEH) | IS(YEH_HAMZA) | IS(YEH_I);
static const uint64_t waws = IS(WAW) | IS(WAW_HAMZA);
static const uint64_t hamzas = IS(AIN) | IS(HAMZA) | IS(YEH_HAMZA) | IS(WAW_HAMZA);

struct places {
    uint32_t v[2][2]; /* [conflicts][after a vowel] */
};
struct sound {
    const struct reading *l, *a;
    struct places at[LETTERS_MOST + 4];
    uint32_t silent;   /* letters that need no Latin one */
    uint32_t carrier;  /* those that carry a vowel at the beginning: silent before one */
    uint32_t unspoken; /* vowels that may be missing with a conflict */
};

static bool is_vowel(unsigned char c) {
    return c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u';
}

static unsigned char in(const struct reading *r, int i) {
    return i >= 0 && i < r->n ? r->v[i] : 0;
}

static bool is_a(unsigned char c, uint64_t set) {
    return c >= ALEF && set >> (c - ALEF) & 1;
}

/* Bits of the places before a letter of the set. */
static uint32_t before(const struct reading *a, uint64_t set) {
    uint32_t bits = 0;
    for (int j = 0; j < a->n; j++) bits |= (uint32_t)is_a(a->v[j], set) << j;
    return bits;
}

static void prepare(struct sound *s) {
    const struct reading *a = s->a;
    s->silent = s->carrier = s->unspoken = 0;
    for (int j = 0; j < a->n; j++) {
        unsigned char c = a->v[j], last = in(a, j - 1), next = in(a, j + 1);
        uint32_t bit = 1U << j;
        bool start = j == 0 || last == BREAK;
        if (start && (c == ALEF || c == AIN))
            s->carrier |= bit;
        else if (c == BREAK || c == AIN || c == HAMZA || c == YEH_HAMZA)
            s->silent |= bit;
        else if (next == BREAK &&
                 (c == HEH || c == MARBUTA)) /* فاطمه‌زهرا: Fatemezahra */
            s->silent |= bit;
        else if (c == WAW && last == KHAH && next == ALEF) /* خواجه: Khajeh */
            s->silent |= bit;
        else if ((is_a(c, yehs) && is_a(next, yehs)) || (is_a(c, waws) && is_a(next, waws)))
            s->silent |= bit;
        if (is_a(c, IS(ALEF) | waws | yehs | IS(MAQSURA)) ||
            (j + 1 == a->n && is_a(c, IS(HEH) | IS(MARBUTA))))
            s->unspoken |= bit;
    }
}

/* Is there only a silent h behind: Sarah, Wadih? */
static bool before_h(const struct reading *l, int i) {
    return i + 1 == l->n && l->v[i] == 'h';
}

/* Latin letters i..i+n say one Arabic letter out of bits; then a vowel was read, or not. */
static void say(struct sound *s, int i, int n, uint32_t bits, bool vowel) {
    bool h = vowel && before_h(s->l, i + n);
    for (int k = 0; k < 2; k++) {
        uint32_t from = s->at[i].v[k][0] | s->at[i].v[k][1];
        s->at[i + n].v[k][vowel] |= (from & bits) << 1;
        if (h) s->at[i + n + 1].v[k][1] |= (from & bits) << 1;
    }
}

/* The same where two Arabic letters are one Latin one (x = كس). */
static void say_two(struct sound *s, int i, uint32_t bits) {
    for (int k = 0; k < 2; k++)
        s->at[i + 1].v[k][0] |= ((s->at[i].v[k][0] | s->at[i].v[k][1]) & bits) << 2;
}

/* Latin letters that say nothing by themselves. */
static void skip(struct sound *s, int i, int n) {
    for (int k = 0; k < 2; k++)
        for (int v = 0; v < 2; v++) s->at[i + n].v[k][v] |= s->at[i].v[k][v];
}

/* What needs no Latin letter is passed over, at the price of a conflict where it should have one.
 */
static void pass(struct sound *s, int i) {
    struct places *p = &s->at[i];
    unsigned char c = in(s->l, i), next = in(s->l, i + 1);
    bool cluster = i == 0 && ((c == 'b' && next == 'r') || (c == 'd' && next == 'r') ||
                              (c == 's' && next == 'm'));
    uint32_t silent = s->silent | (is_vowel(c) || c == 'y' || cluster ? s->carrier : 0);
    for (int k = 0; k < 2; k++)
        for (uint32_t more = 1; more;) {
            uint32_t was = p->v[k][0];
            p->v[k][0] |= ((p->v[k][0] | p->v[k][1]) & silent) << 1;
            more = p->v[k][0] ^ was;
        }
    for (int v = 0; v < 2; v++)
        p->v[1][v] |= (p->v[0][v] & (s->unspoken | s->carrier) & ~silent) << 1;
    for (uint32_t more = 1; more;) {
        uint32_t was = p->v[1][0];
        p->v[1][0] |= ((p->v[1][0] | p->v[1][1]) & silent) << 1;
        more = p->v[1][0] ^ was;
    }
}

/* ---- Consonants ---- */

static const struct consonant {
    char letters[4];
    uint64_t says;
} consonants[] = {
    { "sch", IS(SHEEN) | IS(CHEH) },
    { "tch", IS(CHEH) | IS(SHEEN) },
    { "sh", IS(SHEEN) | IS(CHEH) },
    { "ch", IS(SHEEN) | IS(CHEH) | IS(KHAH) | IS(JEEM) },
    { "kh", IS(KHAH) },
    { "zh", IS(ZHEH) | IS(JEEM) | IS(ZAIN) },
    { "dj", IS(JEEM) },
    { "dh", IS(THAL) | IS(DAD) | IS(ZAH) | IS(DAL) },
    { "th", IS(THEH) | IS(TEH) | IS(TAH) | IS(THAL) | IS(ZAH) },
    { "gh", IS(GHAIN) | IS(QAF) | IS(GAF) },
    { "gu", IS(JEEM) | IS(GAF) | IS(GHAIN) },
    { "qu", IS(KAF) | IS(QAF) },
    { "ck", IS(KAF) | IS(QAF) },
    { "ph", IS(FEH) },
    { "b", IS(BEH) | IS(PEH) },
    { "c", IS(KAF) | IS(QAF) },
    { "d", IS(DAL) | IS(DAD) | IS(THAL) | IS(ZAH) },
    { "f", IS(FEH) | IS(VEH) },
    { "g", IS(JEEM) | IS(GAF) | IS(QAF) | IS(GHAIN) | IS(KAF) },
    { "h", IS(HEH) | IS(HAH) },
    { "j", IS(JEEM) | IS(ZHEH) },
    { "k", IS(KAF) | IS(QAF) },
    { "l", IS(LAM) },
    { "m", IS(MEEM) },
    { "n", IS(NOON) },
    { "p", IS(PEH) | IS(BEH) },
    { "q", IS(QAF) | IS(KAF) | IS(GHAIN) },
    { "r", IS(REH) },
    { "s", IS(SEEN) | IS(SAD) | IS(THEH) },
    { "t", IS(TEH) | IS(TAH) | IS(THEH) },
    { "v", IS(VEH) | IS(FEH) },
    { "x", IS(KHAH) },
    { "z", IS(ZAIN) | IS(THAL) | IS(DAD) | IS(ZAH) },
};

static bool front(unsigned char c) {
    return c == 'e' || c == 'i' || c == 'y';
}

static void say_consonant(struct sound *s, int i) {
    const struct reading *l = s->l;
    unsigned char c = l->v[i], next = in(l, i + 1);
    for (size_t k = 0; k < sizeof consonants / sizeof *consonants; k++) {
        const struct consonant *u = &consonants[k];
        if (u->letters[0] != c) continue;
        int n = (int)strlen(u->letters);
        if (n > 1 && u->letters[1] != next) continue;
        if (n > 2 && in(l, i + 2) != u->letters[2]) continue;
        if ((str_eq_z(S("gu"), u->letters) || str_eq_z(S("qu"), u->letters)) &&
            !front(in(l, i + 2)))
            continue;
        uint64_t says = u->says;
        if (c == 'c' && n == 1 && front(next)) says = IS(SEEN) | IS(SAD) | IS(THEH);
        if (n == 2 && c == 'c' && next == 'h' && (in(l, i + 2) == 'r' || in(l, i + 2) == 'l'))
            says |= IS(KAF);
        uint32_t bits = before(s->a, says);
        if (bits == 0) continue;
        say(s, i, n, bits, false);
        if (n == 1 && next == c) say(s, i, 2, bits, false);
    }
    if (c == 'x') say_two(s, i, before(s->a, IS(KAF) | IS(QAF)) & before(s->a, IS(SEEN)) >> 1);
    bool last = i + 1 == l->n;
    if (last && c == 'h') say(s, i, 1, before(s->a, IS(MARBUTA)) & 1U << (s->a->n - 1), false);
    if (last && (c == 't' || c == 'd' || c == 's' || c == 'z' || c == 'p') &&
        (in(l, i - 1) == 'r' || in(l, i - 1) == 'l' || in(l, i - 1) == 'n'))
        skip(s, i, 1);
    if (last && c == 'x') skip(s, i, 1);
}

/* ---- Vowels ---- */

/* Is the vowel at i, n letters long, the last sound of the word? An h behind it may be silent. */
static bool is_final(const struct reading *l, int i, int n) {
    return i + n == l->n || in(l, i + n) == BREAK || before_h(l, i + n);
}

/* A short vowel: not behind another vowel, at the very beginning only on a carrier, and at the end
 * only on hamza or ع (Hanae, Rabia). i and u before another vowel are ی and و, unless hamza or ع
 * parts the two (Suad). */
static void say_short(struct sound *s, int i, int n) {
    const struct reading *l = s->l;
    unsigned char c = l->v[i];
    uint32_t hamza = before(s->a, hamzas), fits = i == 0 ? ~1U : ~0U, at_end = fits & hamza << 1;
    if (is_final(l, i, n) && !before_h(l, i + n)) fits = at_end;
    if (n == 1 && c != 'a' && c != 'e' && c != 'o' && is_vowel(in(l, i + 1))) fits &= hamza;
    for (int k = 0; k < 2; k++) {
        s->at[i + n].v[k][1] |= s->at[i].v[k][0] & fits;
        if (before_h(l, i + n)) s->at[i + n + 1].v[k][1] |= s->at[i].v[k][0] & at_end;
    }
}

static void say_a(struct sound *s, int i) {
    int n = in(s->l, i + 1) == 'a' ? 2 : 1;
    uint32_t last = 1U << (s->a->n - 1);
    for (int k = 1; k <= n; k++) {
        say_short(s, i, k);
        say(s, i, k, before(s->a, IS(ALEF)), true);
        if (!is_final(s->l, i, k)) continue;
        say(s, i, k, before(s->a, IS(HEH) | IS(MARBUTA) | IS(MAQSURA) | IS(YEH)) & last, true);
    }
    if (i + 2 == s->l->n && s->l->v[i + 1] == 't')
        say(s, i, 2, before(s->a, IS(MARBUTA)) & last, false);
}

static void say_e(struct sound *s, int i) {
    const struct reading *a = s->a;
    unsigned char next = in(s->l, i + 1);
    uint32_t last = 1U << (a->n - 1), yeh = before(a, yehs);
    if (next == 'e' || next == 'a') say(s, i, 2, yeh, true);
    if (next == 'e' || in(s->l, i - 1) == 'e') { /* one ی, or two with hamza or ع between them */
        uint32_t hamza = before(a, hamzas);
        for (int k = 0; k < 2; k++) s->at[i + 1].v[k][1] |= s->at[i].v[k][0] & (hamza | hamza << 1);
        return;
    }
    if (next == 'u') say_short(s, i, 2); /* Boubakeur */
    say_short(s, i, 1);
    if (is_final(s->l, i, 1)) {
        say(s, i, 1, before(a, IS(HEH) | IS(MARBUTA)) & last, true);
        if (i + 1 == s->l->n && !is_vowel(in(s->l, i - 1))) skip(s, i, 1);
    } else
        say(s, i, 1, before(a, IS(ALEF)), true);
    /* Eman, Ismael: ی behind the carrier of the beginning, or behind hamza and ع. */
    uint32_t hiatus = before(a, hamzas) << 1;
    if (i == 0) hiatus |= 2;
    say(s, i, 1, yeh & hiatus, true);
}

static void say_i(struct sound *s, int i) {
    unsigned char c = s->l->v[i], next = in(s->l, i + 1);
    uint32_t last = 1U << (s->a->n - 1);
    uint32_t yeh = before(s->a, yehs) | (before(s->a, IS(MAQSURA)) & last);
    say_short(s, i, 1);
    say(s, i, 1, yeh, true);
    if (next == 'e' || next == 'i') say(s, i, 2, yeh, true);
    if (is_vowel(next)) say(s, i, 1, yeh, false);
    if (c != 'y') return;
    say(s, i, 1, yeh, false);
    if (next == 'y') say(s, i, 2, yeh, false);
}

static void say_o(struct sound *s, int i) {
    unsigned char c = s->l->v[i], next = in(s->l, i + 1), third = in(s->l, i + 2);
    uint32_t waw = before(s->a, waws);
    say_short(s, i, 1);
    say(s, i, 1, waw, true);
    if ((c == 'o' && (next == 'u' || next == 'o')) || (c == 'u' && next == 'u')) {
        say_short(s, i, 2);
        say(s, i, 2, waw, true);
        if (is_vowel(third)) say(s, i, 2, waw, false);
    }
    if (is_vowel(next)) say(s, i, 1, waw, false);
    /* Rahmon, Tehrun: ان as Tajiks and Persians say it. */
    bool an = i > 0 && (next == 'n' || (next == 'o' && third == 'n'));
    if (an)
        say(s, i, next == 'n' ? 1 : 2, before(s->a, IS(ALEF)) & before(s->a, IS(NOON)) >> 1, true);
}

static void say_w(struct sound *s, int i) {
    uint32_t waw = before(s->a, waws);
    say(s, i, 1, waw, false);
    if (in(s->l, i + 1) == s->l->v[i]) say(s, i, 2, waw, false);
}

static void step(struct sound *s, int i) {
    unsigned char c = s->l->v[i];
    switch (c) {
    case BREAK: skip(s, i, 1); return;
    case 'a': say_a(s, i); break;
    case 'e': say_e(s, i); break;
    case 'i':
    case 'y': say_i(s, i); break;
    case 'o':
    case 'u': say_o(s, i); break;
    case 'v':
        say_w(s, i);
        say_consonant(s, i);
        break;
    case 'w': say_w(s, i); break;
    default:
        if (c >= '0' && c <= '9') {
            uint32_t bits = 0;
            for (int j = 0; j < s->a->n; j++) bits |= (uint32_t)(s->a->v[j] == c) << j;
            say(s, i, 1, bits, false);
        } else
            say_consonant(s, i);
        return;
    }
    /* A vowel that fits nowhere is a conflict. */
    s->at[i + 1].v[1][1] |= s->at[i].v[0][0] | s->at[i].v[0][1];
}

int sound_conflicts(const struct reading *latin, const struct reading *arabic) {
    struct sound s = { .l = latin, .a = arabic };
    if (latin->n == 0 || arabic->n == 0) return 2;
    prepare(&s);
    s.at[0].v[0][0] = 1;
    for (int i = 0; i < latin->n; i++) {
        pass(&s, i);
        step(&s, i);
        uint32_t alive = 0;
        for (int k = 1; k <= 3; k++)
            for (int v = 0; v < 4; v++) alive |= s.at[i + k].v[v / 2][v % 2];
        if (!alive) return 2;
    }
    pass(&s, latin->n);
    const struct places *end = &s.at[latin->n];
    uint32_t bit = 1U << arabic->n;
    if ((end->v[0][0] | end->v[0][1]) & bit) return 0;
    return (end->v[1][0] | end->v[1][1]) & bit ? 1 : 2;
}

/* ---- A quick refusal ---- */

enum {
    B = 1,
    T = 2,
    S_ = 4,
    J = 8,
    C = 16,
    H = 32,
    X = 64,
    D = 128,
    R = 256,
    L = 512,
    M = 1024,
    N = 2048,
    F = 4096,
    K = 8192
};

static void add_arabic(const struct reading *r, int j, struct consonants *to) {
    static const uint16_t v[LETTER_END - ALEF] = {
        [BEH - ALEF] = B,   [PEH - ALEF] = B,   [TEH - ALEF] = T,   [JEEM - ALEF] = J,
        [CHEH - ALEF] = C,  [HAH - ALEF] = H,   [KHAH - ALEF] = X,  [DAL - ALEF] = D,
        [THAL - ALEF] = D,  [REH - ALEF] = R,   [ZAIN - ALEF] = D,  [ZHEH - ALEF] = J,
        [SEEN - ALEF] = S_, [SHEEN - ALEF] = C, [SAD - ALEF] = S_,  [DAD - ALEF] = D,
        [TAH - ALEF] = T,   [ZAH - ALEF] = D,   [GHAIN - ALEF] = K, [FEH - ALEF] = F,
        [VEH - ALEF] = F,   [QAF - ALEF] = K,   [KAF - ALEF] = K,   [GAF - ALEF] = K,
        [LAM - ALEF] = L,   [MEEM - ALEF] = M,  [NOON - ALEF] = N,  [HEH - ALEF] = H,
    };
    unsigned char c = r->v[j];
    bool last = j + 1 == r->n || r->v[j + 1] == BREAK;
    uint32_t bits = c >= ALEF && c < LETTER_END ? v[c - ALEF] : 0;
    if (c == MARBUTA) bits = T | H;
    if (c == THEH) bits = T | S_;
    if (!(last && c == HEH) && c != MARBUTA && c != THEH) to->must |= bits;
    to->may |= bits;
}

static void add_latin(const struct reading *r, int i, struct consonants *to) {
    static const uint16_t v['z' - 'a' + 1] = {
        ['b' - 'a'] = B,     ['c' - 'a'] = K | S_ | C | X | J,
        ['d' - 'a'] = D,     ['f' - 'a'] = F,
        ['g' - 'a'] = K | J, ['h' - 'a'] = H,
        ['j' - 'a'] = J,     ['k' - 'a'] = K,
        ['l' - 'a'] = L,     ['m' - 'a'] = M,
        ['n' - 'a'] = N,     ['p' - 'a'] = B,
        ['q' - 'a'] = K,     ['r' - 'a'] = R,
        ['s' - 'a'] = S_,    ['t' - 'a'] = T,
        ['v' - 'a'] = F,     ['x' - 'a'] = K | S_ | X,
        ['z' - 'a'] = D,
    };
    unsigned char c = r->v[i], next = in(r, i + 1), last = in(r, i - 1);
    uint32_t bits = c >= 'a' && c <= 'z' ? v[c - 'a'] : 0;
    bool silent = i + 1 == r->n && (c == 't' || c == 'd' || c == 's' || c == 'z' || c == 'p');
    bool sure = c != 'c' && c != 'g' && c != 'v' && c != 'x' && !silent;
    if (c == 'h') sure = i + 1 < r->n && (is_vowel(last) || last == 0);
    if (c == 's' && (next == 'h' || next == 'c')) bits |= C;
    if (c == 't' && (next == 'h' || next == 'c')) bits |= S_ | D | C;
    if (c == 'd' && next == 'j') bits |= J;
    if (c == 'z' && next == 'h') bits |= J;
    if (c == 'k' && next == 'h') bits |= X;
    if (c == 'p' && next == 'h') bits |= F;
    if (next == 'h' || (c == 's' && next == 'c') || (c == 't' && next == 'c') ||
        (c == 'd' && next == 'j'))
        sure = false;
    to->may |= bits;
    if (sure) to->must |= bits;
}

struct consonants consonants_of(const struct reading *r) {
    struct consonants to = { 0, 0 };
    bool arabic = false;
    for (int i = 0; i < r->n; i++) arabic |= r->v[i] >= ALEF;
    for (int i = 0; i < r->n; i++)
        if (arabic)
            add_arabic(r, i, &to);
        else
            add_latin(r, i, &to);
    return to;
}
