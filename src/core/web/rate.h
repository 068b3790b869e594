/* How often one address may knock where no session is needed: 120 at once, then 2 a second. Keeps
 * the password queue from being filled by one neighbour. In memory, 4,096 addresses. */
#ifndef RATE_H
#define RATE_H
#include "core/app/app.h"

struct rates;
struct rates *rates_new(void);
void rates_free(struct rates *r);
/* TOO_MANY when the address has to wait; r NULL (commands, tests): always OK. */
enum status rate_take(struct rates *r, struct str address, int64_t now_ms) MUST_USE;

/* Tries of one name, existing or not, whatever address they come from: at most 10 in 15 minutes.
 * Taken before the password is looked at, so that tries side by side count too. */
enum { TRIES_MAX_PER_NAME = 10, TRIES_WINDOW_MS = 15 * 60 * 1000 };
enum status tries_take(struct rates *r, struct str name, int64_t now_ms) MUST_USE;
void tries_forget(struct rates *r, struct str name); /* after a good one */

#endif
