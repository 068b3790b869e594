/* What a feature made of the database and keeps between requests (a model that was learned, say):
 * one thing a name, good for the very version it was made of. Safe between threads; a thing goes
 * when a newer one took its place and nobody uses it any more. */
#ifndef KEPT_H
#define KEPT_H
#include "lib/base/str.h"

struct kept;
struct kept *kept_new(void);
void kept_free(struct kept *k);
/* What was kept under this name at this very version, or NULL. Given back with kept_back. */
void *kept_get(struct kept *k, const char *name, int64_t version);
/* Keeps a thing from now on and gives it for use at once; another thread may have been quicker,
 * then its own is given and this one goes. An older version is replaced. name: a constant. */
void *kept_put(struct kept *k, const char *name, int64_t version, void *thing,
               void (*thing_free)(void *thing));
void kept_back(struct kept *k, void *thing);

#endif
