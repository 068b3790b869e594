/* See memory.h. Called by query.c; made and freed with the orders of core/entity. The sets are kept
 * by last use within a budget of bytes; the pending rows are an index by term that is dropped whole
 * when most of it was folded. */
#include "core/search/memory.h"

#include <pthread.h>

#include "core/search/bits.h"
#include "lib/base/map.h"

enum {
    BUCKETS_N = 1024,
    STALE_MAX = 4096, /* so many folded rows are kept before the log begins anew */
    ROWS_MAX = 10000, /* more pending rows are not kept at all: some 10 MB */
    ROWS_OWN = 20000, /* a writer's, who would read them again for each row that he compares */
    LONG_LETTERS = 4, /* words of so many letters are found by their beginning */
};

struct kept {                   /* one set */
    struct kept *next;          /* in its bucket */
    struct kept *newer, *older; /* by last use */
    int64_t generation;
    struct bits *bits;
    size_t bytes, key_n;
    char key[]; /* kind and term */
};
struct step { /* a number comes or goes in row id */
    int64_t id;
    uint32_t number;
    bool add;
};
struct steps { /* of one term, in the order of the rows */
    struct str term;
    struct step *v;
    int n, cap;
    struct steps *next_long; /* another word with the same first letters */
};
struct log {
    struct arena *arena;
    struct map terms, longs;
    int64_t first, last; /* all rows between are here; last < first: none */
};
struct search_memory {
    pthread_mutex_t lock;
    struct kept *buckets[BUCKETS_N], *newest, *oldest;
    size_t bytes, budget;
    struct log log;
    bool of_writer;
    int64_t marked; /* the last pending row that was known at the mark */
};

static void log_begin(struct log *l, int64_t first) {
    if (l->arena)
        arena_reset(l->arena);
    else
        l->arena = arena_new();
    l->terms = map_new(l->arena);
    l->longs = map_new(l->arena);
    l->first = first;
    l->last = first - 1;
}

struct search_memory *search_memory_new(size_t budget) {
    struct search_memory *m = calloc(1, sizeof *m);
    if (!m) BUG("out of memory");
    pthread_mutex_init(&m->lock, NULL);
    m->budget = budget;
    return m;
}

struct search_memory *search_memory_of_writer(size_t budget) {
    struct search_memory *m = search_memory_new(budget);
    m->of_writer = true;
    return m;
}

bool memory_is_for(const struct search_memory *m, bool writes) {
    return m && m->of_writer == writes;
}

static int rows_max(const struct search_memory *m) {
    return m->of_writer ? ROWS_OWN : ROWS_MAX;
}

static void unlink_use(struct search_memory *m, struct kept *k) {
    *(k->newer ? &k->newer->older : &m->newest) = k->older;
    *(k->older ? &k->older->newer : &m->oldest) = k->newer;
}

static void link_newest(struct search_memory *m, struct kept *k) {
    k->newer = NULL;
    k->older = m->newest;
    *(m->newest ? &m->newest->newer : &m->oldest) = k;
    m->newest = k;
}

static struct kept **place_of(struct search_memory *m, enum memory_kind kind, struct str term) {
    struct kept **at = &m->buckets[hash_bytes(term.p, term.n, (uint64_t)kind) % BUCKETS_N];
    for (; *at; at = &(*at)->next) {
        struct str key = { (*at)->key + 1, (*at)->key_n - 1 };
        if ((*at)->key[0] == (char)kind && str_eq(key, term)) break;
    }
    return at;
}

static void drop(struct search_memory *m, struct kept **at) {
    struct kept *k = *at;
    *at = k->next;
    unlink_use(m, k);
    m->bytes -= k->bytes;
    bits_free(k->bits);
    free(k);
}

static void log_drop(struct log *l) {
    if (l->arena) arena_free(l->arena);
    *l = (struct log){ 0 };
}

void search_memory_forget(struct search_memory *m) {
    if (!m) return;
    pthread_mutex_lock(&m->lock);
    for (int i = 0; i < BUCKETS_N; i++)
        while (m->buckets[i]) drop(m, &m->buckets[i]);
    log_drop(&m->log);
    pthread_mutex_unlock(&m->lock);
}

void memory_mark(struct search_memory *m) {
    pthread_mutex_lock(&m->lock);
    m->marked = m->log.last;
    pthread_mutex_unlock(&m->lock);
}

/* Numbers of rows that were taken back are given again, to others. */
void search_memory_back(struct search_memory *m) {
    if (!m) return;
    pthread_mutex_lock(&m->lock);
    if (m->log.last > m->marked) log_drop(&m->log);
    pthread_mutex_unlock(&m->lock);
}

void search_memory_free(struct search_memory *m) {
    if (!m) return;
    search_memory_forget(m);
    pthread_mutex_destroy(&m->lock);
    free(m);
}

size_t search_memory_bytes(struct search_memory *m) {
    pthread_mutex_lock(&m->lock);
    size_t n = m->bytes + (m->log.arena ? arena_used(m->log.arena) : 0);
    pthread_mutex_unlock(&m->lock);
    return n;
}

struct bits *memory_get(struct search_memory *m, int64_t generation, enum memory_kind kind,
                        struct str term) {
    struct bits *found = NULL;
    pthread_mutex_lock(&m->lock);
    struct kept *k = *place_of(m, kind, term);
    if (k && k->generation == generation) {
        unlink_use(m, k);
        link_newest(m, k);
        found = bits_copy(k->bits);
    }
    pthread_mutex_unlock(&m->lock);
    return found;
}

/* A request with an older snapshot does not drive out what a newer one has read. */
void memory_put(struct search_memory *m, int64_t generation, enum memory_kind kind, struct str term,
                const struct bits *bits) {
    size_t bytes = bits_bytes(bits) + sizeof(struct kept) + term.n + 1;
    if (bytes > m->budget / 2) return;
    pthread_mutex_lock(&m->lock);
    struct kept **at = place_of(m, kind, term);
    bool newer = !*at || (*at)->generation < generation;
    if (newer) {
        if (*at) drop(m, at);
        struct kept *k = malloc(sizeof *k + term.n + 1);
        if (!k) BUG("out of memory");
        *k = (struct kept){ .generation = generation, .bytes = bytes, .key_n = term.n + 1 };
        k->bits = bits_copy(bits);
        k->key[0] = (char)kind;
        if (term.n) memcpy(k->key + 1, term.p, term.n);
        k->next = *at;
        *at = k;
        link_newest(m, k);
        m->bytes += bytes;
    }
    while (m->bytes > m->budget) {
        struct kept *k = m->oldest;
        drop(m, place_of(m, (enum memory_kind)k->key[0], (struct str){ k->key + 1, k->key_n - 1 }));
    }
    pthread_mutex_unlock(&m->lock);
}

/* --- pending rows --- */

/* The first letters of a long word, its mark included; empty: no such word. */
static struct str long_key(struct str term) {
    if (term.n == 0 || term.p[0] != 'w') return NO_STR;
    struct str rest = str_sub(term, 1, SIZE_MAX);
    for (int i = 0; i < LONG_LETTERS; i++) {
        if (rest.n == 0) return NO_STR;
        utf8_next(&rest);
    }
    return str_sub(term, 0, term.n - rest.n);
}

static struct steps *steps_of(struct log *l, struct str term) {
    struct steps *s = map_get(&l->terms, term);
    if (s) return s;
    s = arena_new_of(l->arena, struct steps);
    s->term = str_dup(l->arena, term);
    *map_at(&l->terms, s->term) = s;
    struct str key = long_key(s->term);
    if (key.n) {
        void **at = map_at(&l->longs, key);
        s->next_long = *at;
        *at = s;
    }
    return s;
}

static void add_steps(struct log *l, const struct pending_row *row, struct str packed, bool add) {
    struct str term;
    while (packed_next(&packed, &term)) {
        struct steps *s = steps_of(l, term);
        if (s->n == s->cap) {
            int cap = s->cap ? s->cap * 2 : 2;
            s->v = arena_grow(l->arena, s->v, (size_t)s->cap * sizeof *s->v,
                              (size_t)cap * sizeof *s->v);
            s->cap = cap;
        }
        s->v[s->n++] = (struct step){ row->id, row->number, add };
    }
}

int64_t memory_pending_last(struct search_memory *m, int64_t first, int64_t last) {
    if (last - first >= rows_max(m)) return first - 1;
    pthread_mutex_lock(&m->lock);
    struct log *l = &m->log;
    bool begins = !l->arena || first > l->last + 1 || first - l->first > STALE_MAX;
    if (begins) log_begin(l, first);
    int64_t have = first < l->first ? first - 1 : l->last < last ? l->last : last;
    if (have < first) have = first - 1;
    pthread_mutex_unlock(&m->lock);
    return have;
}

void memory_pending_add(struct search_memory *m, int64_t first, int64_t after, int64_t last,
                        const struct pending_row *rows, int n) {
    if (last - first >= rows_max(m)) return;
    pthread_mutex_lock(&m->lock);
    struct log *l = &m->log;
    if (l->arena && first >= l->first && after <= l->last && last > l->last) {
        int64_t had = l->last;
        for (int i = 0; i < n; i++) {
            if (rows[i].id <= had) continue;
            add_steps(l, &rows[i], rows[i].removed, false);
            add_steps(l, &rows[i], rows[i].added, true);
        }
        l->last = last;
    }
    pthread_mutex_unlock(&m->lock);
}

static bool covers(const struct log *l, int64_t first, int64_t last) {
    return l->arena && l->first <= first && last <= l->last;
}

bool memory_pending_apply(struct search_memory *m, int64_t first, int64_t last, struct str term,
                          struct bits *b) {
    pthread_mutex_lock(&m->lock);
    bool good = covers(&m->log, first, last);
    const struct steps *s = good ? map_get(&m->log.terms, term) : NULL;
    for (int i = 0; s && i < s->n; i++) {
        if (s->v[i].id < first || s->v[i].id > last) continue;
        if (s->v[i].add)
            bits_add(b, s->v[i].number);
        else
            bits_remove(b, s->v[i].number);
    }
    pthread_mutex_unlock(&m->lock);
    return good;
}

bool memory_pending_range(struct search_memory *m, int64_t first, int64_t last, struct str prefix,
                          struct bits *got, struct bits *lost, struct terms *words) {
    pthread_mutex_lock(&m->lock);
    bool good = covers(&m->log, first, last);
    const struct steps *s = good ? map_get(&m->log.longs, long_key(prefix)) : NULL;
    for (; s; s = s->next_long) {
        bool named = false;
        if (!str_starts(s->term, prefix)) continue;
        for (int i = 0; i < s->n; i++) {
            if (s->v[i].id < first || s->v[i].id > last) continue;
            bits_add(s->v[i].add ? got : lost, s->v[i].number);
            if (!named) terms_add(words, str_dup(words->arena, s->term));
            named = true;
        }
    }
    pthread_mutex_unlock(&m->lock);
    return good;
}
