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
    for (size_t n = 1; n <= 2 && n <= digits.n; n++)
        terms_add(t, prefixed(t->arena, 'e', str_sub(digits, 0, n)));
}

void terms_filter(struct terms *t, const char *field, struct str key) {
    if (key.n == 0) return;
    terms_add(t, str_printf(t->arena, "f%s=%.*s", field, SF(key)));
    terms_add(t, str_printf(t->arena, "h%s", field));
}

static int by_bytes(const void *a, const void *b) {
    return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

void terms_sort(struct terms *t) {
    if (t->n == 0) return;
    qsort(t->v, (size_t)t->n, sizeof *t->v, by_bytes);
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

enum status search_write(struct tx *tx, int64_t number, const struct terms *before,
                         const struct terms *after) {
    static const struct terms none;
    struct buf added = { .arena = tx_arena(tx) }, removed = { .arena = tx_arena(tx) };
    if (number <= 0 || number > UINT32_MAX) BUG("party number %lld", (long long)number);
    differences(before ? before : &none, after ? after : &none, &added, &removed);
    if (added.n == 0 && removed.n == 0) return OK;
    struct str a = buf_str(&added), r = buf_str(&removed);
    return db_run(tx, &search_write_pending, P("number", number),
                  P("added", ((struct blob){ a.p, a.n })),
                  P("removed", ((struct blob){ r.p, r.n })));
}
