/* Browsers that a member signed in with before. Knowing one skips nothing, neither the password nor
 * the second factor: it only has its own allowance of guesses (guess.h). The cookie lives a year;
 * only digests are stored. */
#ifndef DEVICE_H
#define DEVICE_H
#include "core/web/req.h"

/* The device of this request, as far as it is this member's; 0: none. In any transaction. */
enum status device_find(struct req *r, struct ctx *c, int64_t member, int64_t *id) MUST_USE;
/* In the transaction of a full sign-in: this browser is known from now on. A member has twenty; the
 * one that he did not use for longest goes. */
enum status device_keep(struct req *r, int64_t member) MUST_USE;
/* All of a member: his access ended, or somebody else had his password. */
enum status device_forget_all(struct ctx *c, int64_t member) MUST_USE;

#endif
