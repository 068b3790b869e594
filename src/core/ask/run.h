/* Answers a question: leaves become bitmaps, by the index, by sums that are kept (core/measure), or
 * by parameterised SQL that the catalogue's tables build; no value is in its text. */
#ifndef ASK_RUN_H
#define ASK_RUN_H
#include "core/ask/catalogue.h"
#include "core/entity/list.h"
#include "core/search/search.h"

/* The clients that match, out of those in `with` (which has the rights already): takes the others
 * away. calendar: whose months «this month» means. INVALID with a problem at "where": a field that
 * is gone, a segment that contains itself, too deep, too many rules; BUSY: it took longer than
 * ASK_MS_MOST. */
enum status ask_meet(struct ctx *c, struct search *s, const struct ask_node *tree,
                     enum calendar_id calendar, struct bits *with) MUST_USE;
/* For list_query.within: the tree, kept by pointer; text goes to addresses. */
const struct list_within *ask_within(struct ctx *c, const struct ask_node *tree, struct str text);
/* Whether this client matches each rule by itself: «why is he in?». One line a rule, in the order
 * of the tree: what it asks and what he has («spent 620 in the last 30 days»). */
struct ask_why {
    const struct ask_node *rule;
    int depth;
    bool holds;
    struct str asks, has; /* for people; has may be empty */
};
enum status ask_why(struct ctx *c, const struct ask_node *tree, enum calendar_id calendar,
                    int64_t party, struct ask_why **out, int *n) MUST_USE;
/* The half-open days [from, until) of a period, as days since 1970-01-01, in the firm's zone at the
 * context's now and in this calendar. «last 30 days»: today and the 29 before. */
void ask_days(struct ctx *c, const struct ask_period *p, enum calendar_id calendar, int *from,
              int *until);

#endif
