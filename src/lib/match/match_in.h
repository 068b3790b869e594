/* What the files of lib/match share. Nobody else includes it. */
#ifndef MATCH_IN_H
#define MATCH_IN_H
#include "lib/match/match.h"

enum {
    VALUE_BYTES = 200,   /* of one value, folded */
    VALUES_OF_CELL = 15, /* of one record in one column */
    NAME_POOL = 0,       /* given and family names share it: they may be swapped */
    ALL_PAIRS_N = 2000,  /* so many records: every pair is compared */
    THREADS_N = 16,      /* more are not started */
};

#define MOST_RARE 3.0f /* bits that a rare value may add */

/* Each text once: folded bytes behind one another, 1-based ids, open addressing. */
struct intern {
    char *bytes;
    uint32_t bytes_n, bytes_cap;
    uint32_t *at; /* at[id]: first byte; at[id + 1]: behind the last */
    uint32_t n, cap;
    uint32_t *slots; /* ids, 0: free */
    uint32_t slots_n;
    const struct namekey **name; /* names.c: for comparing across scripts; NULL: not made */
    uint32_t *sound;             /* hash of the sound of a name, 0: none */
    uint32_t named_n, named_cap; /* ids that have them */
    uint8_t *script;             /* script.c: of scripted_n ids; 0: none or several */
    uint32_t scripted_n, script_cap;
};

/* A cell: 0 missing; an id; LIST | place in lists: count, ids. */
#define CELL_LIST 0x80000000u

struct column {
    const char *name;
    enum match_kind kind;
    struct intern *pool, own;
    uint32_t *cell; /* by record */
    /* learned */
    bool dead;         /* nothing to learn from it: empty, constant, a running number */
    uint32_t *count;   /* by id: records with this value in this column */
    float *rarity;     /* by id: bits to add to an exact agreement in this value */
    uint32_t rarity_n; /* ids that have one; others: rarity_other */
    float rarity_other;
    int64_t filled_n; /* records with a value */
    double exact;     /* probability that two records with values are equal in it */
    double alike;     /* probability that two records write it in one script */
    double namesakes; /* … that two of one script are equal, where that is likeliest */
    double m[MATCH_LEVELS_N], u[MATCH_LEVELS_N];
    float weight[MATCH_LEVELS_N];
    float best; /* the most that two different values can bring */
    float far;  /* the most that values can bring that are nothing like each other */
};

/* What a column says when another one is equal: less, where the one follows from the other (the
 * town from the postcode, the e-mail from the name). And when the other one differs: who moved has
 * another postcode and another town, that is one thing that speaks against him, not two. */
enum { BONDS_N = 24 };
struct bond {
    int child, parent;
    float weight[MATCH_LEVELS_N]; /* of the child when the parent is equal */
    float apart;                  /* of a different child when the parent is different */
};

struct match {
    struct arena *scratch, *kept; /* kept: names made ready */
    struct bond bond[BONDS_N];
    int bonds_n;
    struct column *column;
    int columns_n;
    struct intern names;
    int64_t *id;
    int32_t records_n, records_cap;
    uint32_t *list; /* of cells with several values */
    uint32_t list_n, list_cap;
    int given, family; /* columns that may be swapped, or -1 */
    double lambda;     /* probability that two random records are one */
    float prior;       /* its log-odds in bits */
    bool trained, model_only;
};

/* intern.c */
uint32_t intern_id(struct intern *p, struct str s);         /* made when absent */
uint32_t intern_find(const struct intern *p, struct str s); /* 0 when absent */
void intern_free(struct intern *p);
static inline struct str intern_str(const struct intern *p, uint32_t id) {
    return (struct str){ p->bytes + p->at[id], p->at[id + 1] - p->at[id] };
}

/* normal.c: a value in the one form of its kind; "" for none. */
struct str normal_of(struct arena *a, enum match_kind kind, struct str value);

/* level.c. A memory of comparisons, one a thread: names come again and again. */
struct memo {
    struct memo_entry {
        uint64_t pair;
        uint8_t column, level;
    } * v;
};
void recall_new(struct memo *memo);
void recall_free(struct memo *memo);
/* The levels that a kind can give, from the best to the worst; how many. */
int level_order(enum match_kind k, const enum match_level **order);
enum match_level level_of(const struct match *m, int column, uint32_t a, uint32_t b);
enum match_level level_remembered(const struct match *m, struct memo *memo, int column, uint32_t a,
                                  uint32_t b); /* memo may be NULL */
/* All levels of two records. exact_of[column]: the value in which they agree exactly, else 0. */
void levels_of(const struct match *m, struct memo *memo, int a, int b, uint8_t *level,
               uint32_t *exact_of);
/* The values of a cell: a pointer to them and how many. */
static inline uint32_t cell_values(const struct match *m, const uint32_t *cell,
                                   const uint32_t **v) {
    *v = cell;
    if (!*cell) return 0;
    if (!(*cell & CELL_LIST)) return 1;
    *v = m->list + (*cell & ~CELL_LIST) + 1;
    return (*v)[-1];
}

/* score.c */
float score_levels(const struct match *m, const uint8_t *level, const uint32_t *exact_of,
                   struct match_part *parts);
/* The weight of two records, or something below least when it is sure to be below. */
float score_pair(const struct match *m, struct memo *memo, int a, int b, float least);
void score_prepare(struct match *m); /* weights from m, u and lambda */
void score_best(struct column *c);
/* Weights of levels from their shares among matches and strangers, the better never below. */
void score_in_order(const enum match_level *order, int n, const double *m, const double *u,
                    float *weight);
float certainty_of(float weight);
float weight_of(double certainty);

/* names.c: ready for comparing, each distinct name once; then MATCH_KEY, MATCH_NICKNAME or
 * MATCH_DIFFERENT for two different values. */
void names_prepare(struct match *m);
void names_prepare_beside(struct match *m, const struct match *model);
enum match_level names_level(const struct column *c, uint32_t a, uint32_t b);

/* script.c: in which letters values are written, each distinct one once. */
void scripts_prepare(struct match *m);
void scripts_count(struct match *m); /* alike, from the cells */
bool scripts_differ(const struct column *c, uint32_t a, uint32_t b);
/* A street or a remark in two scripts cannot be compared, a name can. */
bool only_in_one_script(enum match_kind k);

/* train.c */
void count_values(struct match *m);
/* rarity.c */
void rarity_learn(struct match *m);
/* bond.c: the rest stands in train_in.h. The most that a different value can bring, by bonds. */
void bonds_prepare(struct match *m);

/* tally.c: how often each pattern of levels comes. */
struct tally {
    struct pattern {
        uint8_t level[MATCH_COLUMNS_N];
        int64_t n;
    } * v;
    int64_t n, cap;
    uint32_t *slots;
    uint32_t slots_n;
};
void tally_add(struct tally *t, const uint8_t *level, int64_t n);
void tally_merge(struct tally *into, struct tally *from); /* frees from */
void tally_sort(struct tally *t);                         /* so that sums come in one order */
void tally_free(struct tally *t);

/* em.c */
struct em {
    const struct tally *tally;
    const bool *without;            /* by column: left out */
    double lambda;                  /* in: where to begin; out */
    double matches;                 /* out: expected number */
    double (*m)[MATCH_LEVELS_N];    /* by column: where to begin; out */
    double (*seen)[MATCH_LEVELS_N]; /* out: expected matches by level */
};
void em_run(const struct match *m, struct em *em);
void em_standard(const struct column *c, double m[MATCH_LEVELS_N]); /* before all is known */

/* threads.c: work(of, i) for i from 0 to n - 1, on some threads. */
void in_threads(int threads, int64_t n, void (*work)(void *of, int64_t i, int thread), void *of);

void *grown(void *v, size_t *cap, size_t need, size_t size); /* realloc to at least need; BUG */

#endif
