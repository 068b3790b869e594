/* Randomness for secrets (the system's) and for tests and demonstrations (repeatable). */
#ifndef RANDOM_H
#define RANDOM_H
#include "lib/base/str.h"

void random_bytes(void *p, size_t n); /* from the kernel; BUG if it has none */
/* n random bytes as unpadded base64url text. 16 bytes are 22 characters. */
struct str random_token(struct arena *a, size_t n);

struct dice { /* splitmix64: the same seed gives the same throws on every machine */
    uint64_t state;
};
uint64_t dice_next(struct dice *d);
int64_t dice_below(struct dice *d, int64_t n); /* 0 to n-1 */

#endif
