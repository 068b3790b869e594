/* Asking, between the files of features/segment: what was typed, who matches, the boxes as a form.
 */
#ifndef SEGMENT_ASKING_H
#define SEGMENT_ASKING_H
#include "core/ask/boxes.h"
#include "core/web/pieces.h"
#include "features/segment/segment.h"

/* --- line.c: what was typed --- */

struct line_part {
    struct str text;
    bool wrong;
};
struct line_parts {
    struct line_part *v;
    int n;
};
/* A line of text or a plain sentence, understood as far as may be. */
struct asked {
    struct str line;             /* as typed */
    const struct ask_node *tree; /* never NULL; an empty group: nothing is asked */
    bool refused;                /* problem and parts say what is wrong where */
    bool sentence, left;         /* it was a sentence; parts says what of it means nothing to us */
    struct str problem;
    struct line_parts parts;
};
void asked_read(struct ctx *c, struct str line, struct asked *out);
bool tree_empty(const struct ask_node *n);

/* --- answer.c: who matches --- */

struct sample_line {
    int64_t id;
    struct str name, more;
    struct url to, why; /* why: of a saved segment */
    struct face face;
};
struct answer {
    bool asked;       /* there is a question */
    struct str count; /* «213 clients» */
    int64_t n;
    struct str problem; /* it cannot be answered */
    struct {
        struct sample_line *v;
        int n;
    } sample;
    struct url list; /* all of them */
};
/* calendar: whose months; sample_n: names to show. */
enum status answer_of(struct req *r, const struct ask_node *tree, enum calendar_id calendar,
                      int sample_n, struct answer *out) MUST_USE;
struct str clients_counted(struct ctx *c, int64_t n);

/* The question in words, one line a rule. */
struct said_line {
    struct str text;
    int depth;
    bool group;
};
struct said {
    struct said_line *v;
    int n;
};
void said_of(struct ctx *c, const struct ask_node *tree, struct said *out);

/* --- builder.c: the boxes as a form --- */

struct what_group {
    struct str label; /* empty: without a heading */
    struct option_rows options;
};
struct value_box {
    struct str id, text;
    bool again;                 /* one more: «or» */
    struct option_rows options; /* a list to choose from; none: typed */
};
struct row_view {
    struct {
        struct what_group *v;
        int n;
    } whats;
    struct option_rows ops, whens, units, segments, choices;
    struct {
        struct value_box *v;
        int n;
    } values;
    bool number, number2, words, related, n, from, until, picks_segment, chosen, list;
    struct str number_of; /* the currency behind it */
};
struct box_view {
    const struct ask_box *box;
    struct row_view *row; /* NULL: a group */
    struct option_rows groups;
    struct {
        struct box_view *v;
        int n;
    } items;
    struct box_view *where;
    struct str label; /* for who does not see it: «Rule 2» */
    int64_t depth;
    bool root, first, last, may_group, may_where, wrong, of_related;
    struct str problem;
};
enum status builder_view(struct ctx *c, const struct ask_catalogue *k, const struct ask_box *root,
                         struct box_view *out) MUST_USE;

#endif
