/* Shown once more: the second factor or the password of somebody who is signed in already. What
 * routes say of it is ROUTE_PROVEN and req_prove() in req.h; here is what prove.c, its page and the
 * pages that look at a code themselves share. */
#ifndef PROVE_H
#define PROVE_H
#include "core/web/parts.h"

/* Looks at what was typed for a second factor: a time-based code, or a recovery code, which is used
 * up. In a writing transaction, after guess_take. */
enum status code_take(struct req *r, int64_t member, struct str typed, bool *good,
                      bool *recovery) MUST_USE;
/* The input for it: what people see and what browsers fill in. */
struct input code_input(struct req *r, const char *name, const char *label);

struct prove_page {
    struct url action;
    struct http_pairs kept; /* what the form held, sent along */
    struct input prove;
    bool factor;
};
void page_prove(struct out *o, const struct prove_page *p);

#endif
