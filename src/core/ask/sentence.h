/* A plain sentence, «women who spent more than 500 in the last 30 days», in one of four languages →
 * a tree that a person can correct. A grammar and a dictionary; no network, no model. What was not
 * understood is told, never dropped in silence. */
#ifndef ASK_SENTENCE_H
#define ASK_SENTENCE_H
#include "core/ask/catalogue.h"

struct ask_understood {
    const struct ask_node *tree; /* NULL: nothing was understood */
    struct ask_left {
        int at, n; /* bytes of the sentence that mean nothing to us */
    } * left;
    int left_n;
};
/* lang: that of the sentence. Always OK; politeness («show me», «لطفا») is not left over. */
void ask_sentence(struct ctx *c, const struct ask_catalogue *k, enum lang lang, struct str sentence,
                  struct ask_understood *out);

#endif
