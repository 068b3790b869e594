/* Terms of many new records on their way into the bitmaps, without a row of search_pending each:
 * for making records in bulk, in one transaction with them (core/entity/loader.h). */
#ifndef GATHER_H
#define GATHER_H
#include "core/search/search.h"

struct gather;
struct gather *gather_new(void);
void gather_free(struct gather *g);
/* What comes to this number (which had nothing of it); the terms are copied. */
void gather_add(struct gather *g, int64_t number, const struct terms *come);
/* How many terms wait, of all numbers together: some 8 bytes of memory each. */
int64_t gather_n(const struct gather *g);
void gather_forget(struct gather *g);
/* At the beginning of the transaction that ends with gather_write: what another process works out
 * for the bitmaps meanwhile (search_fold) is not written any more. */
enum status gather_begin(struct tx *tx) MUST_USE;
/* Adds all of it to the bitmaps, and forgets it. */
enum status gather_write(struct tx *tx, struct gather *g) MUST_USE;

#endif
