/* How much two values agree, as a level of their kind. Called by score.c, train.c for each pair of
 * records; calls compare. Names come again and again, so each thread remembers what it compared. */
#include "lib/base/map.h"
#include "lib/match/compare.h"
#include "lib/match/match_in.h"

enum { MEMO_N = 1 << 15, WORDS_N = 12, SHORT_TEXT = 3, TAIL_DIGITS = 8, LEAST_TAIL = 6 };

#define ORDER(...)                                                                                 \
    { __VA_ARGS__, MATCH_DIFFERENT, MATCH_MISSING }
/* From the best to the worst, as `likeness` and its neighbours ask. */
static const enum match_level orders[MATCH_KINDS_N][MATCH_LEVELS_N] = {
    [MATCH_GIVEN] = ORDER(MATCH_EXACT, MATCH_KEY, MATCH_NICKNAME, MATCH_SWAPPED, MATCH_WORDS,
                          MATCH_JW_92, MATCH_PART, MATCH_JW_88, MATCH_JW_70),
    [MATCH_FAMILY] = ORDER(MATCH_EXACT, MATCH_KEY, MATCH_SWAPPED, MATCH_WORDS, MATCH_JW_92,
                           MATCH_PART, MATCH_JW_88, MATCH_JW_70),
    [MATCH_NAME] = ORDER(MATCH_EXACT, MATCH_KEY, MATCH_WORDS, MATCH_JW_92, MATCH_PART, MATCH_JW_88,
                         MATCH_JW_70),
    [MATCH_ORGANISATION] = ORDER(MATCH_EXACT, MATCH_KEY, MATCH_WORDS, MATCH_JW_92, MATCH_PART,
                                 MATCH_JW_88, MATCH_JW_70),
    [MATCH_PHONE] = ORDER(MATCH_EXACT, MATCH_TAIL, MATCH_EDIT_1),
    [MATCH_EMAIL] = ORDER(MATCH_EXACT, MATCH_USER, MATCH_JW_92, MATCH_JW_88, MATCH_JW_70),
    [MATCH_STREET] =
        ORDER(MATCH_EXACT, MATCH_WORDS, MATCH_JW_92, MATCH_PART, MATCH_JW_88, MATCH_JW_70),
    [MATCH_NUMBER] = ORDER(MATCH_EXACT, MATCH_EDIT_1),
    [MATCH_TOWN] = ORDER(MATCH_EXACT, MATCH_KEY, MATCH_WORDS, MATCH_JW_92, MATCH_PART, MATCH_JW_88,
                         MATCH_JW_70),
    [MATCH_POSTCODE] = ORDER(MATCH_EXACT, MATCH_PART, MATCH_EDIT_1, MATCH_EDIT_2),
    [MATCH_REGION] = ORDER(MATCH_EXACT, MATCH_JW_92),
    [MATCH_DATE] = ORDER(MATCH_EXACT, MATCH_SWAPPED, MATCH_PART, MATCH_EDIT_1, MATCH_EDIT_2),
    [MATCH_ID] = ORDER(MATCH_EXACT, MATCH_EDIT_1, MATCH_EDIT_2),
    [MATCH_TEXT] = ORDER(MATCH_EXACT, MATCH_WORDS, MATCH_EDIT_1, MATCH_EDIT_2, MATCH_JW_92,
                         MATCH_PART, MATCH_JW_88, MATCH_JW_70),
};

int level_order(enum match_kind k, const enum match_level **order) {
    int n = 0;
    *order = orders[k];
    while (orders[k][n] != MATCH_MISSING) n++;
    return n;
}

/* --- words --- */

static int words_of(struct str s, struct str *v) {
    struct str piece;
    int n = 0;
    while (n < WORDS_N && str_cut(&s, ' ', &piece)) v[n++] = piece;
    return n;
}

/* How many words of x stand in y too, each of y once. An initial stands for a word. */
static int words_shared(const struct str *x, int x_n, const struct str *y, int y_n, bool initials) {
    bool used[WORDS_N] = { false };
    int shared = 0;
    for (int i = 0; i < x_n; i++)
        for (int k = 0; k < y_n; k++) {
            bool initial = initials && (x[i].n == 1 || y[k].n == 1) && x[i].n && y[k].n &&
                           x[i].p[0] == y[k].p[0];
            if (used[k] || (!initial && !str_eq(x[i], y[k]))) continue;
            used[k] = true;
            shared++;
            break;
        }
    return shared;
}

/* MATCH_WORDS, MATCH_PART or MATCH_DIFFERENT. */
static enum match_level words_level(struct str a, struct str b, bool initials) {
    struct str x[WORDS_N], y[WORDS_N];
    bool many = memchr(a.p, ' ', a.n) || memchr(b.p, ' ', b.n);
    if (!many && !(initials && (a.n == 1 || b.n == 1))) return MATCH_DIFFERENT;
    int x_n = words_of(a, x), y_n = words_of(b, y);
    if (x_n == y_n && words_shared(x, x_n, y, y_n, false) == x_n) return MATCH_WORDS;
    int fewer = x_n < y_n ? x_n : y_n;
    return words_shared(x, x_n, y, y_n, initials) == fewer ? MATCH_PART : MATCH_DIFFERENT;
}

/* --- kinds --- */

static enum match_level by_jaro_winkler(struct str a, struct str b) {
    double s = jaro_winkler(a, b);
    if (s >= 0.92) return MATCH_JW_92;
    if (s >= 0.88) return MATCH_JW_88;
    return s >= 0.70 ? MATCH_JW_70 : MATCH_DIFFERENT;
}

static enum match_level likeness(struct str a, struct str b, bool initials) {
    enum match_level words = words_level(a, b, initials);
    if (words == MATCH_WORDS) return words;
    enum match_level near = by_jaro_winkler(a, b);
    return words == MATCH_PART && near != MATCH_JW_92 ? words : near;
}

static enum match_level by_edits(struct str a, struct str b, int most) {
    int d = edit_distance_osa(a, b, most);
    if (d > most) return MATCH_DIFFERENT;
    return d <= 1 ? MATCH_EDIT_1 : MATCH_EDIT_2;
}

static enum match_level phones(struct str a, struct str b) {
    size_t shorter = a.n < b.n ? a.n : b.n, n = shorter < TAIL_DIGITS ? shorter : TAIL_DIGITS;
    if (n >= LEAST_TAIL && !memcmp(a.p + a.n - n, b.p + b.n - n, n)) return MATCH_TAIL;
    return by_edits(a, b, 1);
}

static enum match_level emails(struct str a, struct str b) {
    ptrdiff_t x = str_find_c(a, '@'), y = str_find_c(b, '@');
    if (x > 0 && x == y && !memcmp(a.p, b.p, (size_t)x)) return MATCH_USER;
    enum match_level whole = by_jaro_winkler(a, b);
    if (x <= 0 || y <= 0 || whole == MATCH_JW_92) return whole;
    double user = jaro_winkler(str_sub(a, 0, (size_t)x), str_sub(b, 0, (size_t)y));
    return user >= 0.88 ? MATCH_JW_88 : whole;
}

static enum match_level dates(struct str a, struct str b) {
    if (a.n == 8 && b.n == 8) {
        bool year = !memcmp(a.p, b.p, 4);
        if (year && !memcmp(a.p + 4, b.p + 6, 2) && !memcmp(a.p + 6, b.p + 4, 2))
            return MATCH_SWAPPED;
        bool open = str_starts(a, S("0000")) || str_starts(b, S("0000"));
        if (open) return memcmp(a.p + 4, b.p + 4, 4) ? MATCH_DIFFERENT : MATCH_PART;
    } else if (a.n >= 4 && b.n >= 4 && (str_starts(a, b) || str_starts(b, a))) {
        return MATCH_PART;
    }
    return by_edits(a, b, 2);
}

static bool only_digits(struct str s) {
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] < '0' || s.p[i] > '9') return false;
    return true;
}

static enum match_level texts(struct str a, struct str b) {
    size_t longer = a.n > b.n ? a.n : b.n;
    if (longer <= SHORT_TEXT && !only_digits(a)) return MATCH_DIFFERENT;
    if (only_digits(a) && only_digits(b)) return by_edits(a, b, longer > 4 ? 2 : 1);
    return likeness(a, b, false);
}

static enum match_level compare(enum match_kind kind, struct str a, struct str b) {
    switch (kind) {
    case MATCH_GIVEN:
    case MATCH_NAME: return likeness(a, b, true);
    case MATCH_FAMILY:
    case MATCH_ORGANISATION:
    case MATCH_STREET:
    case MATCH_TOWN: return likeness(a, b, false);
    case MATCH_PHONE: return phones(a, b);
    case MATCH_EMAIL: return emails(a, b);
    case MATCH_NUMBER: return by_edits(a, b, 1);
    case MATCH_POSTCODE:
        return a.n >= 3 && b.n >= 3 && (str_starts(a, b) || str_starts(b, a)) ? MATCH_PART
                                                                              : by_edits(a, b, 2);
    case MATCH_REGION:
        if (a.n <= SHORT_TEXT || b.n <= SHORT_TEXT) return MATCH_DIFFERENT;
        return jaro_winkler(a, b) >= 0.92 ? MATCH_JW_92 : MATCH_DIFFERENT;
    case MATCH_DATE: return dates(a, b);
    case MATCH_ID: return by_edits(a, b, 2);
    default: return texts(a, b);
    }
}

enum match_level level_of(const struct match *m, int column, uint32_t a, uint32_t b) {
    const struct column *c = &m->column[column];
    if (a == b) return MATCH_EXACT;
    if (only_in_one_script(c->kind) && scripts_differ(c, a, b)) return MATCH_MISSING;
    enum match_level named = names_level(c, a, b);
    if (named != MATCH_DIFFERENT) return named;
    return compare(c->kind, intern_str(c->pool, a), intern_str(c->pool, b));
}

/* --- records --- */

void recall_new(struct memo *memo) {
    memo->v = calloc(MEMO_N, sizeof *memo->v);
    if (!memo->v) BUG("out of memory");
}

void recall_free(struct memo *memo) {
    free(memo->v);
}

enum match_level level_remembered(const struct match *m, struct memo *memo, int column, uint32_t a,
                                  uint32_t b) {
    uint64_t pair = a < b ? (uint64_t)a << 32 | b : (uint64_t)b << 32 | a;
    if (!memo) return level_of(m, column, (uint32_t)(pair >> 32), (uint32_t)pair);
    uint64_t mixed = (pair ^ (uint64_t)column << 58) * 0x9E3779B97F4A7C15u;
    struct memo_entry *e = &memo->v[mixed >> 49];
    if (e->pair == pair && e->column == column) return (enum match_level)e->level;
    enum match_level l = level_of(m, column, (uint32_t)(pair >> 32), (uint32_t)pair);
    *e = (struct memo_entry){ pair, (uint8_t)column, (uint8_t)l };
    return l;
}

static enum match_level best_of_lists(const struct match *m, struct memo *memo, int column, int a,
                                      int b, uint32_t *exact) {
    const struct column *c = &m->column[column];
    const uint32_t *x, *y;
    uint32_t x_n = cell_values(m, &c->cell[a], &x), y_n = cell_values(m, &c->cell[b], &y);
    const enum match_level *order;
    int n = level_order(c->kind, &order), best = n;
    for (uint32_t i = 0; i < x_n; i++)
        for (uint32_t k = 0; k < y_n; k++) {
            enum match_level l = level_remembered(m, memo, column, x[i], y[k]);
            for (int rank = 0; rank < best; rank++)
                if (order[rank] == l) best = rank;
            /* of several equal ones the rarest says most */
            if (l == MATCH_EXACT && (!*exact || (c->count && c->count[x[i]] < c->count[*exact])))
                *exact = x[i];
        }
    return best < n ? order[best] : MATCH_MISSING;
}

static void swapped(const struct match *m, int a, int b, uint8_t *level, uint32_t *exact_of) {
    const uint32_t *given = m->column[m->given].cell, *family = m->column[m->family].cell;
    if (level[m->given] == MATCH_EXACT || level[m->family] == MATCH_EXACT) return;
    if (!given[a] || !family[a] || given[a] != family[b] || family[a] != given[b]) return;
    if ((given[a] | family[a]) & CELL_LIST) return;
    level[m->given] = MATCH_SWAPPED;
    level[m->family] = MATCH_MISSING; /* one change of places is one piece of evidence */
    exact_of[m->given] = exact_of[m->family] = 0;
}

void levels_of(const struct match *m, struct memo *memo, int a, int b, uint8_t *level,
               uint32_t *exact_of) {
    for (int i = 0; i < m->columns_n; i++) {
        const uint32_t *cell = m->column[i].cell;
        uint32_t x = cell[a], y = cell[b];
        exact_of[i] = 0;
        if (!x || !y || m->column[i].dead)
            level[i] = MATCH_MISSING;
        else if ((x | y) & CELL_LIST)
            level[i] = (uint8_t)best_of_lists(m, memo, i, a, b, &exact_of[i]);
        else if (x == y)
            level[i] = MATCH_EXACT, exact_of[i] = x;
        else
            level[i] = (uint8_t)level_remembered(m, memo, i, x, y);
    }
    if (m->given >= 0) swapped(m, a, b, level, exact_of);
}
