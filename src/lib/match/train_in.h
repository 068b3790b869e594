/* Blocks to learn from: train.c chooses and gathers them, bond.c learns from further ones. */
#ifndef MATCH_TRAIN_IN_H
#define MATCH_TRAIN_IN_H
#include "lib/match/match_in.h"

struct block {
    int column[2];   /* pairs that are equal in these; second -1: none */
    bool loose[2];   /* … or the same in another script, or a phone by its last digits */
    double expected; /* pairs */
    struct tally tally;
    bool without[MATCH_COLUMNS_N]; /* not independent of the block: left out */
    double m[MATCH_COLUMNS_N][MATCH_LEVELS_N];
    double lambda, matches, pairs; /* pairs: all of the block, not only those drawn */
};
bool of_place(enum match_kind k);
void block_leave_out(const struct match *m, struct block *b);
void block_gather(const struct match *m, int threads, struct block *blocks, int n);
void block_em(const struct match *m, struct block *b);
/* blocks: those that m was learned from. */
void bonds_learn(struct match *m, int threads, const struct block *blocks, int n);

#endif
