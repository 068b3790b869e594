/* The tree as boxes of a form, and back: one box row = one rule, groups are boxes for all, any,
 * none. Names are ask.0.field, ask.1.2.op …; works without scripts (buttons that add and remove).
 * tree → boxes → tree is the identity. */
#ifndef ASK_BOXES_H
#define ASK_BOXES_H
#include "core/ask/catalogue.h"
#include "lib/http/http.h"

/* Parameters of a form → tree. Problems (INVALID) are added at the very input's name. *draft: the
 * same with rows that are not finished, for showing again. */
struct ask_box; /* pages draw it: boxes.c has its shape in the .h when it is written */
enum status ask_boxes_read(struct ctx *c, const struct ask_catalogue *k,
                           const struct http_pairs *form, const struct ask_node **out) MUST_USE;
/* The parameters that ask_boxes_read would read again, in order. */
void ask_boxes_write(struct ctx *c, const struct ask_catalogue *k, const struct ask_node *n,
                     struct http_pairs *out);

#endif
