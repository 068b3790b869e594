/* Distances between two texts, in code points of UTF-8 (a byte that is not UTF-8 is one). Compare
 * folded texts (lib/text/fold.h). Only the first 128 code points count. */
#ifndef MATCH_COMPARE_H
#define MATCH_COMPARE_H
#include "lib/base/str.h"

/* Jaro's similarity, 0 to 1 (1 for two empty texts): characters in common within half the longer
 * length less one, transpositions halved. Winkler 1990: plus 0.1 for each of at most four equal
 * first characters, of what is missing to 1. */
double jaro(struct str a, struct str b);
double jaro_winkler(struct str a, struct str b);

/* Edits that make one of the other: insert, delete, replace (Levenshtein); with two neighbours
 * changing places as one edit, no piece edited twice (optimal string alignment). Stops at most + 1.
 */
int edit_distance(struct str a, struct str b, int most);
int edit_distance_osa(struct str a, struct str b, int most);
/* 1 - Levenshtein / length of the longer; 1 for two empty texts. */
double edit_similarity(struct str a, struct str b);

#endif
