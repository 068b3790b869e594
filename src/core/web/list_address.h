/* Lists as addresses: ?q=…&category=3&sort=-town&view=7&pick=12. One reading for the list's page,
 * exports, saved views and bulk work, so that all mean the same clients. */
#ifndef LIST_ADDRESS_H
#define LIST_ADDRESS_H
#include "core/entity/list.h"
#include "lib/html/out.h"
#include "lib/http/http.h"

/* Parameters are q, where (a question, core/ask/text.h; problems with it come when the list runs),
 * sort, after, before, letter, view, pick (an id; may repeat) and the names of
 * filtered fields, which may repeat; empty ones do not count, and those of `beside` (words, may be
 * NULL) are somebody else's. Names that begin with
 * "bulk." belong to a choice of clients; with bulk.all it is the list, whatever is ticked.
 * MALFORMED when there are too many, or a pick is no id; INVALID when the question is too long. */
enum status list_address_read(struct ctx *c, const struct http_pairs *asked, const char *beside,
                              const struct entity *e, struct list_query *out) MUST_USE;
/* The address of that list below a path. */
struct url list_address(struct arena *a, const char *path, const struct list_query *q);
/* What stands behind the '?': the criteria, the search and the order, without a place in it. */
struct str list_address_criteria(struct arena *a, const struct list_query *q);

#endif
