/* The pages of the register: list, search, one client, his form, the bin. Puts together what party,
 * bond, note, category and tag know; has no table of its own. */
#ifndef CLIENT_H
#define CLIENT_H
#include "core/entity/list.h"
#include "core/web/req.h"

/* The list that an address asks for, /clients?q=…&category=3&sort=-town: also what /clients/export
 * means. Parameters are q, sort, after, before, letter and the names of filtered fields, which may
 * repeat; empty ones do not count, and `beside` (words, may be NULL) are somebody else's. MALFORMED
 * when there are too many. */
enum status client_query(struct req *r, const char *beside, struct list_query *out) MUST_USE;
/* The address of that list below another path: client_query_url(a, "/clients/export", &q). */
struct url client_query_url(struct arena *a, const char *path, const struct list_query *q);
/* The columns of the list as a saved view keeps them, [["display_name",240],["town",0]]: those that
 * `chosen` says (such a text; unknown names are left out), when it is empty those of the request's
 * member. */
enum status client_columns(struct req *r, struct str chosen, struct str *json) MUST_USE;

#endif
