/* Saved segments: questions about clients (core/ask) under a name, private or shared, alive or
 * frozen. A live one is asked anew each time; a frozen one is whoever matched at that moment. */
#ifndef SEGMENT_H
#define SEGMENT_H
#include "core/ask/text.h"
#include "core/entity/list.h"
#include "core/entity/store.h"
#include "core/web/parts.h"

/* A tree as JSON; people read it as a line in their language. */
extern const struct kind kind_question;
#define ENTITY_C_question struct str

struct segment {
    struct row row;
#define FIELD(n, k, ...) ENTITY_C_##k n;
#include "features/segment/segment.def"
#undef FIELD
};
extern const struct entity entity_segment;
extern const struct ask_segments segment_lookup; /* for ask_segments() */

struct segment_line {
    int64_t id, version, frozen; /* the moment; 0: alive */
    struct str name;
    bool shared, may_write;
};
struct segment_lines {
    struct segment_line *v;
    int n;
};
/* The member's own and the shared ones: his own first, each kind in its order; 200 at most. */
enum status segment_all(struct ctx *c, struct segment_lines *out) MUST_USE;
/* The list of clients cut to it: /clients?where=segment:#12, which renaming does not break. */
struct url segment_url(struct ctx *c, int64_t id);
/* Whoever matches now is written down; what was written down before stays for the history. */
enum status segment_freeze(struct ctx *c, int64_t id) MUST_USE;
enum status segment_thaw(struct ctx *c, int64_t id) MUST_USE;

/* --- on the list's page --- */

struct segment_chip {
    struct str label;
    struct url without;
};
struct segment_pick {
    struct str name;
    struct url to;
    bool frozen, current;
};
struct segment_bar {
    bool refused; /* it cannot be read: build says why */
    bool moved;   /* names stand in the address: steady is the same with numbers */
    struct url steady;
    struct str line; /* the question that is on */
    struct str kept; /* the list's other criteria, to come back to */
    struct url save; /* a new segment of all that is on; empty: nothing is, or he may not */
    struct url build;
    struct {
        struct segment_chip *v;
        int n;
    } chips;
    struct {
        struct segment_pick *v;
        int n;
    } picks;
};
enum status segment_bar_of(struct ctx *c, const struct list_query *q,
                           struct segment_bar *out) MUST_USE;
/* Templates: the field in which one asks, and the criteria of the question that is on. */
void segment_ask(struct out *o, const struct segment_bar *b);
void segment_chips(struct out *o, const struct segment_bar *b);

#endif
