/* Answers a question: leaves become bitmaps, by the index, by sums that are kept (core/measure), or
 * by parameterised SQL that the catalogue's tables build; no value is in its text. */
#ifndef ASK_RUN_H
#define ASK_RUN_H
#include "core/ask/catalogue.h"
#include "core/entity/list.h"
#include "core/search/search.h"

/* The clients that match, out of those in `with` (which has the rights already): takes the others
 * away. calendar: whose months «this month» means. INVALID with a problem at "where": a field that
 * is gone, a segment that contains itself, too deep, too many rules, or it took longer than
 * ASK_MS_MOST; the transaction goes on then. */
enum status ask_meet(struct ctx *c, struct search *s, const struct ask_node *tree,
                     enum calendar_id calendar, struct bits *with) MUST_USE;
/* For list_query.within: the tree, kept by pointer; text goes to addresses. Both live in the arena
 * of the context, months are those of its reader's calendar. */
const struct list_within *ask_within(struct ctx *c, const struct ask_node *tree, struct str text);
/* The same of a line of text, or of a plain sentence in this language (LANG_N: a line): understood
 * when the list runs, by the words of who then asks. INVALID there, with the place, at "where". */
const struct list_within *ask_within_line(struct arena *a, struct str line, enum lang sentence);
/* Both; either may be NULL. */
const struct list_within *ask_within_both(struct arena *a, const struct list_within *x,
                                          const struct list_within *y);
/* The line, or what is wrong with it as a problem at "where": MALFORMED. */
enum status ask_read(struct ctx *c, struct str line, const struct ask_node **out) MUST_USE;
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
/* Beside a search by words: clients that it does not find and whose name sounds as typed, in
 * another script or a usual spelling («mohamed» finds محمد). At most cap ids, in their order; only
 * who may be seen. Nothing for less than three letters and for digits. A few hundred names are read
 * at most, so of a common sound some may be left out. */
enum status ask_sounding(struct ctx *c, struct str name, int cap, int64_t *ids, int *n) MUST_USE;

#endif
