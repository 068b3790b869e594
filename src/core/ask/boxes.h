/* The tree as boxes of a form, and back: one box row = one rule, groups are boxes for all, any,
 * none. Names are ask.0.what, ask.1.2.op …; works without scripts (buttons that add, remove, move).
 * tree → boxes → tree is the identity.
 *
 * A draft (struct ask_box) is what a form holds, finished or not; a tree is what it means. */
#ifndef ASK_BOXES_H
#define ASK_BOXES_H
#include "core/ask/catalogue.h"
#include "lib/http/http.h"

/* What a row asks about, as the value of its first input: a field's name; "purchases:count",
 * "purchases:sum:amount", "purchases:has", "purchases:no"; BOX_SEGMENT; BOX_WORDS; empty: not
 * chosen yet. */
#define BOX_SEGMENT ":segment"
#define BOX_WORDS   ":words"

struct ask_boxes {
    struct ask_box **v;
    int n;
};
struct ask_box {
    struct str name; /* "ask", "ask.0", "ask.1.where": the inputs' names begin so */
    bool is_group;
    enum ask_group group;
    struct ask_boxes items; /* of a group */
    /* of a row, as typed; each is the input NAME.what and so on */
    struct str was; /* NAME.was: the `what` that its inputs were made for */
    struct str what, op, number, number2, when, n, unit, from, until, segment, words;
    struct strs values;                /* NAME.value, several: any of them; "75*" begins with */
    struct ask_box *where;             /* of related records: a group; NULL: no criteria for them */
    struct ask_box *parent;            /* NULL: the root; of the group «where»: its row */
    int index;                         /* its place in the parent */
    const char *missing;               /* msgid: why it does not count yet; NULL: it does */
    struct str missing_at;             /* the input's name */
    bool fresh;                        /* made by the last button: the focus goes there */
    const struct ask_field *f;         /* what `what` names, after ask_boxes_tree */
    const struct relation *of, *about; /* whose fields these are; what is counted */
    int fn;                            /* of about: enum ask_fn; -1 has, -2 has no */
};

/* Parameters of a form → tree. Problems (INVALID) are added at the very input's name. */
enum status ask_boxes_read(struct ctx *c, const struct ask_catalogue *k,
                           const struct http_pairs *form, const struct ask_node **out) MUST_USE;
/* The parameters that ask_boxes_read would read again, in order. */
void ask_boxes_write(struct ctx *c, const struct ask_catalogue *k, const struct ask_node *n,
                     struct http_pairs *out);

/* What the form holds: always a group, with its names in order. Gaps in the numbers are fine, what
 * makes no sense is left out. */
struct ask_box *ask_boxes_draft(struct arena *a, const struct http_pairs *form);
/* The boxes of a tree. */
struct ask_box *ask_boxes_of(struct ctx *c, const struct ask_catalogue *k,
                             const struct ask_node *n);
/* Names and places anew after a change, from the root. */
void ask_boxes_number(struct arena *a, struct ask_box *root);
/* Its parameters, in order. */
void ask_box_write(struct arena *a, const struct ask_box *b, struct http_pairs *out);
/* What the boxes mean, in normal form. Rows that are not finished say so in `missing` and do not
 * count: *out is the rest, and the answer false. Rows without anything chosen are no rows. */
bool ask_boxes_tree(struct ctx *c, const struct ask_catalogue *k, struct ask_box *root,
                    const struct ask_node **out);
/* A button: "add ask.1" (a row), "group ask" (a box with a row), "where ask.0", "remove ask.0",
 * "up ask.2", "down ask.2" (into a box that is there, and out of it at its end). false: no such
 * thing to do. */
bool ask_boxes_act(struct arena *a, struct ask_box *root, struct str what);
/* How deep a group lies: 1 for the root; rows of related records count from their row. */
int ask_box_depth(const struct ask_box *b);
/* The words of the form for what is in a tree: "at_least", "last", "day". */
const char *ask_op_code(enum ask_op op);
const char *ask_when_code(enum ask_when when);
const char *ask_unit_code(enum ask_unit unit);
const char *ask_fn_code(enum ask_fn fn);
const char *ask_group_code(enum ask_group group);
bool ask_op_of(struct str code, enum ask_op *op);
bool ask_when_of(struct str code, enum ask_when *when);
bool ask_unit_of(struct str code, enum ask_unit *unit);
bool ask_fn_of(struct str code, enum ask_fn *fn);

#endif
