/* The list that an address asks for, and addresses of lists. Called by the list's page and by the
 * export; calls core/web/list_address.h. */
#include "core/web/list_address.h"
#include "features/client/client.h"
#include "features/party/party.h"

enum status client_query(struct req *r, const char *beside, struct list_query *out) {
    return list_address_read(&r->c, &r->http->query, beside, &entity_party, out);
}

struct url client_query_url(struct arena *a, const char *path, const struct list_query *q) {
    return list_address(a, path, q);
}
