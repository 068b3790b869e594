/* Questions answered the slow way, in C over loaded records: what the answers of core/ask are
 * compared with. And a register to ask about, and random questions of it. Include it after
 * cmocka.h.
 */
#ifndef T_ASK_NAIVE_H
#define T_ASK_NAIVE_H
#include "core/ask/catalogue.h"
#include "fixture.h"
#include "lib/base/random.h"

enum { NAIVE_RELATIONS_N = 4 };
struct naive {
    int n;
    const struct entity *party;
    char *rows; /* of party->size each */
    struct naive_records {
        const struct relation *of;
        char *rows;
        int n;
    } related[NAIVE_RELATIONS_N];
    int related_n;
};
const struct entity *naive_party(void);
/* Some clients with children, own fields, purchases, notes, bonds; some in the bin. */
void naive_fill(struct fixture *f, struct dice *d, int clients_n);
/* All that is not in the bin, as the program sees it; keep holds it. */
void naive_load(struct fixture *f, struct arena *keep, struct naive *out);
int64_t naive_id(const struct naive *b, int i);
bool naive_seen(const struct ctx *c, const struct naive *b, int i); /* by this member */
bool naive_fits(struct ctx *c, const struct naive *b, const struct ask_node *n, int i);
const struct ask_node *naive_tree(struct ctx *c, struct dice *d, const struct naive *b);

/* One of each by hand, in a transaction that writes. */
int64_t naive_client(struct ctx *c, const char *name, const char *town, const char *born);
void naive_purchase(struct ctx *c, int64_t party, const char *date, int64_t amount,
                    const char *currency, const char *product);

#endif
