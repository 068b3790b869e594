/* What only core/search needs of sets: their form in the database (Roaring's portable format). */
#ifndef BITS_H
#define BITS_H
#include "core/search/search.h"

bool bits_read(struct bits *into,
               struct blob blob); /* adds what is in the blob; false: not a bitmap */
struct blob bits_write(struct arena *a, struct bits *b);

/* The packed list of terms in search_pending: for each a byte of length and its bytes. */
bool packed_next(struct str *rest, struct str *term);

#endif
