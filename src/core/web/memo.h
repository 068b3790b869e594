/* Pages that were just made, to be sent again as they are while nothing has been committed: the
 * answer to somebody who asks for the same list once more, or to many screens that show it. Only
 * routes with ROUTE_STEADY, only for signed-in people, only pages that set no header; kept under a
 * digest of everything of the request that such a page may depend on (all cookies, path, query,
 * fragment or not), for MEMO_MS, as pages say «two minutes ago». One look in the journal of reads
 * stands for those seconds. A right that ends is a commit: it ends the page, too. */
#ifndef MEMO_H
#define MEMO_H
#include "core/web/gate.h"

enum { MEMO_MS = 5000, MEMO_PAGES_N = 64, MEMO_PAGE_MAX = 256 << 10, MEMO_BYTES = 4 << 20 };

struct memo *memo_new(void);
void memo_free(struct memo *m);

struct memo_key { /* between memo_find and memo_keep of one request */
    unsigned char digest[32];
    uint64_t stamp; /* db_stamp before anything was read */
    bool asked;     /* memo_find had to do with this request */
};
/* True: the page is the body of the reply, nothing else is left to be done. app->memo NULL: never.
 */
bool memo_find(struct gate *g, struct memo_key *key);
/* After the handler: keeps its page when it is one of those. */
void memo_keep(struct gate *g, const struct memo_key *key);
/* How many replies came from here so far; for tests and the bench. */
int64_t memo_hits(struct memo *m);

#endif
