/* Terms of the index and the row a write leaves behind. Called by core/entity; calls lib/db. */
#include "core/search/bits.h"

enum { TERM_MAX = 200 };

SQL(search_write_pending,
    "INSERT INTO search_pending (number, added, removed) VALUES (:number, :added, :removed)");

void terms_add(struct terms *t, struct str term) {
    if (term.n == 0) return;
    if (term.n > TERM_MAX) {
        term.n = TERM_MAX;
        while (term.n && ((unsigned char)term.p[term.n] & 0xC0) == 0x80) term.n--;
    }
    if (t->n == t->cap) {
        int cap = t->cap ? t->cap * 2 : 64;
        t->v =
            arena_grow(t->arena, t->v, (size_t)t->cap * sizeof *t->v, (size_t)cap * sizeof *t->v);
        t->cap = cap;
    }
    t->v[t->n++] = term;
}

static struct str prefixed(struct arena *a, char mark, struct str s) {
    char *p = arena_alloc(a, s.n + 2);
    p[0] = mark;
    if (s.n) memcpy(p + 1, s.p, s.n);
    return (struct str){ p, s.n + 1 };
}

void terms_word(struct terms *t, struct str word) {
    if (word.n == 0) return;
    terms_add(t, prefixed(t->arena, 'w', word));
    struct str rest = word;
    for (int i = 0; i < 3 && rest.n; i++) {
        utf8_next(&rest);
        terms_add(t, prefixed(t->arena, 'p', str_sub(word, 0, word.n - rest.n)));
    }
}

void terms_digits(struct terms *t, struct str digits) {
    for (size_t i = 0; i + 3 <= digits.n; i++)
        terms_add(t, prefixed(t->arena, 'd', str_sub(digits, i, 3)));
    for (size_t i = 0; i + 4 <= digits.n; i++)
        terms_add(t, prefixed(t->arena, 'q', str_sub(digits, i, 4)));
    static const size_t beginnings[] = { 1, 2, 5, 6 };
    for (size_t i = 0; i < sizeof beginnings / sizeof *beginnings; i++)
        if (beginnings[i] <= digits.n)
            terms_add(t, prefixed(t->arena, 'e', str_sub(digits, 0, beginnings[i])));
}

void terms_has(struct terms *t, struct str field) {
    terms_add(t, prefixed(t->arena, 'h', field));
}

void terms_filter(struct terms *t, const char *field, struct str key) {
    struct str name = str_of(field);
    if (key.n == 0) return;
    char *p = arena_alloc(t->arena, name.n + key.n + 3), *at = p;
    *at++ = 'f';
    at = (char *)memcpy(at, name.p, name.n) + name.n;
    *at++ = '=';
    memcpy(at, key.p, key.n);
    terms_add(t, (struct str){ p, name.n + key.n + 2 });
    terms_has(t, name);
}

struct order {
    uint64_t begins; /* the first bytes: most comparisons end with them */
    struct str term;
};

static bool before(const struct order *a, const struct order *b) {
    return a->begins != b->begins ? a->begins < b->begins : str_cmp(a->term, b->term) < 0;
}

static void sort_run(struct order *v, int n) {
    for (int i = 1; i < n; i++) {
        struct order one = v[i];
        int k = i;
        for (; k > 0 && before(&one, &v[k - 1]); k--) v[k] = v[k - 1];
        v[k] = one;
    }
}

static void merge(struct order *to, const struct order *a, int a_n, const struct order *b,
                  int b_n) {
    int i = 0, k = 0;
    while (i < a_n && k < b_n) *to++ = before(&b[k], &a[i]) ? b[k++] : a[i++];
    while (i < a_n) *to++ = a[i++];
    while (k < b_n) *to++ = b[k++];
}

/* A record has some hundred terms, and each write sorts them: no call for each comparison. Returns
 * which of the two holds them in order. */
static struct order *sort(struct order *v, struct order *other, int n) {
    enum { RUN = 8 };
    for (int i = 0; i < n; i += RUN) sort_run(v + i, n - i < RUN ? n - i : RUN);
    for (int run = RUN; run < n; run *= 2) {
        for (int i = 0; i < n; i += 2 * run) {
            int a_n = n - i < run ? n - i : run;
            int b_n = n - i - a_n < run ? n - i - a_n : run;
            merge(other + i, v + i, a_n, v + i + a_n, b_n);
        }
        struct order *sorted = other;
        other = v;
        v = sorted;
    }
    return v;
}

void terms_sort(struct terms *t) {
    if (t->n == 0) return;
    struct order *v = arena_array(t->arena, struct order, 2 * (size_t)t->n);
    for (int i = 0; i < t->n; i++) {
        unsigned char first[8] = { 0 };
        uint64_t begins = 0;
        memcpy(first, t->v[i].p, t->v[i].n < 8 ? t->v[i].n : 8);
        for (int k = 0; k < 8; k++) begins = begins << 8 | first[k];
        v[i] = (struct order){ begins, t->v[i] };
    }
    v = sort(v, v + t->n, t->n);
    for (int i = 0; i < t->n; i++) t->v[i] = v[i].term;
    int n = 1;
    for (int i = 1; i < t->n; i++)
        if (!str_eq(t->v[i], t->v[n - 1])) t->v[n++] = t->v[i];
    t->n = n;
}

bool packed_next(struct str *rest, struct str *term) {
    if (rest->n == 0) return false;
    size_t n = (unsigned char)rest->p[0];
    if (n + 1 > rest->n) return false;
    *term = (struct str){ rest->p + 1, n };
    *rest = str_sub(*rest, n + 1, SIZE_MAX);
    return true;
}

static void pack(struct buf *b, struct str term) {
    buf_add_c(b, (char)term.n);
    buf_add(b, term);
}

/* The two sorted sets side by side: what is only in one of them. */
static void differences(const struct terms *before, const struct terms *after, struct buf *added,
                        struct buf *removed) {
    int i = 0, j = 0;
    while (i < before->n || j < after->n) {
        int c = i == before->n ? 1 : j == after->n ? -1 : str_cmp(before->v[i], after->v[j]);
        if (c < 0)
            pack(removed, before->v[i++]);
        else if (c > 0)
            pack(added, after->v[j++]);
        else
            i++, j++;
    }
}

struct str terms_pack(struct arena *arena, const struct terms *t) {
    struct buf b = { .arena = arena };
    for (int i = 0; i < t->n; i++) pack(&b, t->v[i]);
    return buf_str(&b);
}

enum status search_write_new(struct tx *tx, int64_t number, struct str packed) {
    if (number <= 0 || number > UINT32_MAX) BUG("party number %lld", (long long)number);
    if (packed.n == 0) return OK;
    return db_later(tx, &search_write_pending, P("number", number),
                    P("added", ((struct blob){ packed.p, packed.n })),
                    P("removed", ((struct blob){ "", 0 })));
}

enum status search_write(struct tx *tx, int64_t number, const struct terms *before,
                         const struct terms *after) {
    static const struct terms none;
    struct buf added = { .arena = tx_arena(tx) }, removed = { .arena = tx_arena(tx) };
    if (number <= 0 || number > UINT32_MAX) BUG("party number %lld", (long long)number);
    differences(before ? before : &none, after ? after : &none, &added, &removed);
    if (added.n == 0 && removed.n == 0) return OK;
    struct str a = buf_str(&added), r = buf_str(&removed);
    return db_later(tx, &search_write_pending, P("number", number),
                    P("added", ((struct blob){ a.p, a.n })),
                    P("removed", ((struct blob){ r.p, r.n })));
}
