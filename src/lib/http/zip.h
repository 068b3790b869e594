/* A reply made smaller for the way (RFC 1952). For core/web/answer.c. */
#ifndef ZIP_H
#define ZIP_H
#include "lib/base/str.h"

/* body as one gzip file, in the arena; NO_STR when that would not be smaller. noise, 1 to 100, is
 * the length of a meaningless name in its head: so the length of the whole does not tell how well a
 * secret of the page and a word from the address go together (the attack called BREACH). */
struct str http_gzip(struct arena *a, struct str body, int noise);

#endif
