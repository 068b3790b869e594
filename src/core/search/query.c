/* Answers from the index: bitmaps with what is still pending on top, both from memory where it has
 * them (memory.h). Called by list.c; calls lib/db. */
#include "core/search/bits.h"
#include "core/search/memory.h"

SQL(search_facts,
    "SELECT coalesce((SELECT CAST(value AS BIGINT) FROM meta WHERE key = 'fold_generation'), 0) AS "
    "generation, coalesce((SELECT min(id) FROM search_pending), 0) AS first, "
    "coalesce((SELECT max(id) FROM search_pending), 0) AS last");
SQL(search_some_pending,
    "SELECT id, number, added, removed FROM search_pending WHERE id > :after ORDER BY id");
SQL(search_term_bits, "SELECT bits FROM search_term WHERE term = :term ORDER BY chunk");
SQL(search_range_bits,
    "SELECT term, bits FROM search_term WHERE term >= :from AND term < :to ORDER BY term");
SQL(search_range_terms,
    "SELECT DISTINCT term FROM search_term WHERE term >= :from AND term < :to ORDER BY term");
SQL(search_each_term,
    "WITH RECURSIVE each(term) AS (SELECT * FROM (SELECT term FROM search_term WHERE term >= :from "
    "AND term < :to ORDER BY term LIMIT 1) AS first UNION ALL SELECT (SELECT search_term.term FROM "
    "search_term WHERE search_term.term > each.term AND search_term.term < :to ORDER BY "
    "search_term.term LIMIT 1) FROM each WHERE each.term IS NOT NULL) SELECT term FROM each WHERE "
    "term IS NOT NULL LIMIT :most");

struct search {
    struct tx *tx;
    struct search_memory *memory;    /* NULL: none, or not to be trusted in this transaction */
    int64_t generation, first, last; /* pending rows; first 0: none */
    struct pending_row *v;           /* those not in memory; with `own` all of them */
    int n;
    bool own;
};

static enum status read_pending(struct search *s, int64_t after) {
    struct rows r;
    TRY(db_query(s->tx, &search_some_pending, &r, P("after", after)));
    s->n = r.n;
    s->v = arena_array(tx_arena(s->tx), struct pending_row, r.n);
    for (int i = 0; i < r.n; i++) {
        struct blob a = row_blob(&r, i, "added"), d = row_blob(&r, i, "removed");
        s->v[i] = (struct pending_row){
            row_int(&r, i, "id"), (uint32_t)row_int(&r, i, "number"), { a.p, a.n }, { d.p, d.n }
        };
    }
    return OK;
}

static bool remembers_pending(const struct search *s) {
    return s->memory && (!tx_is_pg(s->tx) || tx_writes(s->tx));
}

/* A writer sees what may still be rolled back: he remembers it by himself. On PostgreSQL numbers
 * are given out before they are committed, so that for a reader first and last do not name a set of
 * rows: pending ones are read each time. Writers come one after another on both databases. */
enum status search_open(struct tx *tx, struct search_memory *memory, struct search **out) {
    struct rows r;
    TRY(db_query(tx, &search_facts, &r));
    struct search *s = arena_new_of(tx_arena(tx), struct search);
    *s = (struct search){ .tx = tx,
                          .memory = memory_is_for(memory, tx_writes(tx)) ? memory : NULL,
                          .generation = row_int(&r, 0, "generation"),
                          .first = row_int(&r, 0, "first"),
                          .last = row_int(&r, 0, "last") };
    *out = s;
    if (!s->first) return OK;
    s->own = !remembers_pending(s);
    if (s->own) return read_pending(s, 0);
    int64_t have = memory_pending_last(s->memory, s->first, s->last);
    if (have == s->last) return OK;
    TRY(read_pending(s, have));
    memory_pending_add(s->memory, s->first, have, s->last, s->v, s->n);
    s->own = have < s->first;
    return OK;
}

/* All that is pending already is read before, so that a row taken back costs no second reading. */
enum status search_mark(struct tx *tx, struct search_memory *m) {
    struct search *s;
    if (!m) return OK;
    TRY(search_open(tx, m, &s));
    memory_mark(m);
    return OK;
}

static bool packed_has(struct str packed, struct str term, bool prefix) {
    struct str t;
    while (packed_next(&packed, &t))
        if (prefix ? str_starts(t, term) : str_eq(t, term)) return true;
    return false;
}

/* Memory may have forgotten rows since search_open: then they are read after all. */
static enum status own_pending(struct search *s) {
    if (s->own) return OK;
    s->own = true;
    return read_pending(s, 0);
}

static enum status apply_pending(struct search *s, struct str term, struct bits *b) {
    if (!s->first) return OK;
    if (remembers_pending(s) && memory_pending_apply(s->memory, s->first, s->last, term, b))
        return OK;
    TRY(own_pending(s));
    for (int i = 0; i < s->n; i++) {
        if (packed_has(s->v[i].removed, term, false)) bits_remove(b, s->v[i].number);
        if (packed_has(s->v[i].added, term, false)) bits_add(b, s->v[i].number);
    }
    return OK;
}

static enum status read_bits(const struct rows *r, struct bits *b) {
    for (int i = 0; i < r->n; i++)
        if (!bits_read(b, row_blob(r, i, "bits"))) return BROKEN;
    return OK;
}

/* As it was folded. from and to: the range of words, else the one term. */
static enum status folded(struct search *s, enum memory_kind kind, struct str term, struct str to,
                          struct bits **out) {
    struct rows r;
    if (s->memory && (*out = memory_get(s->memory, s->generation, kind, term))) return OK;
    struct arena_mark m = arena_mark(tx_arena(s->tx));
    struct blob from = { term.p, term.n };
    if (kind == MEMORY_RANGE)
        TRY(db_query(s->tx, &search_range_bits, &r, P("from", from),
                     P("to", ((struct blob){ to.p, to.n }))));
    else
        TRY(db_query(s->tx, &search_term_bits, &r, P("term", from)));
    struct bits *b = bits_new();
    enum status st = read_bits(&r, b);
    arena_back(tx_arena(s->tx), m);
    if (st != OK) {
        bits_free(b);
        return st;
    }
    if (s->memory) memory_put(s->memory, s->generation, kind, term, b);
    *out = b;
    return OK;
}

enum status search_term(struct search *s, struct str term, struct bits **out) {
    TRY(folded(s, MEMORY_TERM, term, NO_STR, out));
    enum status st = apply_pending(s, term, *out);
    if (st != OK) bits_free(*out);
    return st;
}

/* A party in `lost` has lost a word that begins with prefix; is there another one left? Each such
 * word is asked by itself, pending rows in their order: rare, and only until the next fold. */
static enum status keep_who_has_another(struct search *s, struct terms *ask, struct str prefix,
                                        struct str to, const struct bits *lost, struct bits *b) {
    struct rows r;
    TRY(db_query(s->tx, &search_range_terms, &r, P("from", ((struct blob){ prefix.p, prefix.n })),
                 P("to", ((struct blob){ to.p, to.n }))));
    for (int i = 0; i < r.n; i++) {
        struct blob t = row_blob(&r, i, "term");
        terms_add(ask, (struct str){ t.p, t.n });
    }
    terms_sort(ask);
    for (int i = 0; i < ask->n; i++) {
        struct bits *have;
        TRY(search_term(s, ask->v[i], &have));
        bits_and(have, lost);
        bits_or(b, have);
        bits_free(have);
    }
    return OK;
}

/* Who got and who lost a word that begins so, and these words. */
static enum status pending_range(struct search *s, struct str prefix, struct bits *got,
                                 struct bits *lost, struct terms *words) {
    struct str term;
    if (!s->first) return OK;
    if (remembers_pending(s) &&
        memory_pending_range(s->memory, s->first, s->last, prefix, got, lost, words))
        return OK;
    TRY(own_pending(s));
    for (int i = 0; i < s->n; i++) {
        if (packed_has(s->v[i].removed, prefix, true)) bits_add(lost, s->v[i].number);
        if (!packed_has(s->v[i].added, prefix, true)) continue;
        bits_add(got, s->v[i].number);
        for (struct str rest = s->v[i].added; packed_next(&rest, &term);)
            if (str_starts(term, prefix)) terms_add(words, term);
    }
    return OK;
}

enum status search_range(struct search *s, struct str prefix, struct bits **out) {
    struct arena *a = tx_arena(s->tx);
    struct terms words = { .arena = a };
    struct str to = str_dup(a, prefix);
    ((char *)to.p)[to.n - 1]++; /* UTF-8 has no byte FF, so this does not overflow */
    TRY(folded(s, MEMORY_RANGE, prefix, to, out));
    struct bits *b = *out, *got = bits_new(), *lost = bits_new();
    enum status st = pending_range(s, prefix, got, lost, &words);
    if (st == OK && bits_count(got)) bits_or(b, got);
    if (st == OK && bits_count(lost)) {
        bits_minus(b, lost);
        st = keep_who_has_another(s, &words, prefix, to, lost, b);
    }
    bits_free(got);
    bits_free(lost);
    if (st != OK) bits_free(b);
    return st;
}

enum status search_terms(struct search *s, struct str prefix, int most, struct strs *out) {
    struct arena *a = tx_arena(s->tx);
    struct str to = str_dup(a, prefix);
    struct blob first = { prefix.p, prefix.n }, end = { to.p, to.n };
    struct rows r;
    ((char *)to.p)[to.n - 1]++; /* as in search_range */
    TRY(db_query(s->tx, &search_each_term, &r, P("from", first), P("to", end),
                 P("most", (int64_t)most)));
    *out = (struct strs){ arena_array(a, struct str, r.n), 0 };
    for (int i = 0; i < r.n; i++) {
        struct blob term = row_blob(&r, i, "term");
        out->v[out->n++] = (struct str){ term.p, term.n };
    }
    return OK;
}

static bool all_digits(struct str s) {
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] < '0' || s.p[i] > '9') return false;
    return s.n > 0;
}

static struct str marked(struct search *s, char mark, struct str text) {
    return str_printf(tx_arena(s->tx), "%c%.*s", mark, SF(text));
}

static enum status word_prefix(struct search *s, struct str word, struct bits **out) {
    if (utf8_count(word) <= 3) return search_term(s, marked(s, 'p', word), out);
    return search_range(s, marked(s, 'w', word), out);
}

/* All parties with a phone that contains these digits; by runs of four, so with five and more it
 * only may. */
static enum status phone_part(struct search *s, struct str digits, struct bits **out) {
    if (digits.n < 3) return search_term(s, marked(s, 'e', digits), out);
    if (digits.n == 3) return search_term(s, marked(s, 'd', digits), out);
    TRY(search_term(s, marked(s, 'q', str_sub(digits, 0, 4)), out));
    for (size_t i = 1; i + 4 <= digits.n; i++) {
        struct bits *more;
        enum status st = search_term(s, marked(s, 'q', str_sub(digits, i, 4)), &more);
        if (st != OK) {
            bits_free(*out);
            return st;
        }
        bits_and(*out, more);
        bits_free(more);
    }
    return OK;
}

void found_free(struct found *f) {
    bits_free(f->all);
    bits_free(f->exact);
    bits_free(f->unsure);
    *f = (struct found){ 0 };
}

static void meet(struct bits **with, struct bits *b) {
    if (*with) {
        bits_and(*with, b);
        bits_free(b);
    } else {
        *with = b;
    }
}

/* Words that are not digits: prefixes meet in f->all, whole words in f->exact. */
static enum status meet_word(struct search *s, struct str word, struct found *f) {
    struct bits *b;
    TRY(word_prefix(s, word, &b));
    meet(&f->all, b);
    TRY(search_term(s, marked(s, 'w', word), &b));
    meet(&f->exact, b);
    return OK;
}

/* Of those that may have five or six digits somewhere nearly all begin with them where many do (a
 * country and a network): these are sure without a look at their phones. */
static enum status drop_sure(struct search *s, struct str digits, struct bits *unsure) {
    struct bits *sure;
    if (digits.n > 6) return OK;
    TRY(search_term(s, marked(s, 'e', digits), &sure));
    bits_minus(unsure, sure);
    bits_free(sure);
    return OK;
}

/* A run of digit words: each the beginning of a word, or all together a part of a phone. */
static enum status meet_digits(struct search *s, const struct strs *words, int from, int to,
                               struct found *f) {
    struct found own = { 0 };
    enum status st = OK;
    for (int i = from; st == OK && i < to; i++) st = meet_word(s, words->v[i], &own);
    struct str digits = str_join(tx_arena(s->tx), words->v + from, to - from, NO_STR);
    struct bits *phones = NULL;
    if (st == OK) st = phone_part(s, digits, &phones);
    if (st == OK && digits.n > 4 && !f->digits.n) {
        f->digits = digits;
        f->unsure = bits_copy(phones);
        bits_minus(f->unsure, own.all);
        st = drop_sure(s, digits, f->unsure);
    }
    if (st == OK) {
        bits_or(own.all, phones);
        bits_or(own.exact, phones);
        meet(&f->all, own.all);
        meet(&f->exact, own.exact);
        own = (struct found){ 0 };
    }
    bits_free(phones);
    found_free(&own);
    return st;
}

enum status search_words(struct search *s, const struct strs *words, struct found *out) {
    enum status st = OK;
    *out = (struct found){ 0 };
    for (int i = 0; st == OK && i < words->n;) {
        int to = i;
        while (to < words->n && all_digits(words->v[to])) to++;
        if (to > i) {
            st = meet_digits(s, words, i, to, out);
            i = to;
        } else {
            st = meet_word(s, words->v[i++], out);
        }
    }
    if (st != OK) {
        found_free(out);
        return st;
    }
    if (!out->all) out->all = bits_new(), out->exact = bits_new();
    if (!out->unsure) out->unsure = bits_new();
    bits_and(out->unsure, out->all);
    return OK;
}
