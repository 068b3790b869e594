/* Keys and rules of blocking: block.c makes them, find.c walks them. */
#ifndef MATCH_BLOCK_IN_H
#define MATCH_BLOCK_IN_H
#include "lib/match/match_in.h"

enum {
    KEYS_N = 64,
    RULES_N = 48,
    /* candidate pairs that rules together, one of one key, one of two may bring: so many, and so
     * many more for each record */
    PAIRS_LEAST = 4000000,
    PAIRS_EACH = 40,
    SINGLE_LEAST = 300000,
    SINGLE_EACH = 10,
    DOUBLE_LEAST = 100000,
    DOUBLE_EACH = 2,
};

enum piece {
    PIECE_WHOLE,
    PIECE_START,
    PIECE_END,
    PIECE_FIRST_WORD,
    PIECE_LAST_WORD,
    PIECE_USER,
    PIECE_TAIL,
    PIECE_YEAR_MONTH,
    PIECE_MONTH_DAY,
    PIECE_YEAR_DAY,
    PIECE_SOUND,
    PIECES_N
};
struct key {
    int column;
    enum piece piece;
    uint32_t *of;  /* by value: hash of its piece, 0: none */
    double shared; /* probability that two records share it */
};
struct keys {
    struct key v[KEYS_N];
    int n;
};
struct block_rule {
    int key[2]; /* second -1: none */
    double shared;
};
struct keyed { /* a record under the hash of a key */
    uint64_t key;
    uint32_t record;
};

void keys_new(const struct match *m, struct keys *k);
void keys_free(struct keys *k);
int block_rules(const struct match *m, const struct keys *k, struct block_rule *rules);
/* All records under a rule in order of key and record; how many; *out is malloc'ed. row: 32 bits of
 * each record's key at row[record * stride], 0 for none or several; or NULL. */
int64_t block_keys(const struct match *m, const struct keys *k, const struct block_rule *rule,
                   struct keyed **out, uint32_t *row, int stride);

#endif
