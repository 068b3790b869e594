/* From a method and a path to a route. Patterns are checked and compiled once, at start. */
#ifndef ROUTER_H
#define ROUTER_H
#include "core/web/req.h"

struct router;
/* Compiles all tables. BUG for a route without handler, a pattern that makes no sense, two routes
 * for one method and pattern, a READ route with `again`, a WRITE route that answers GET. */
struct router *router_new(const struct routes *const *tables, int tables_n);
void router_free(struct router *router);

struct routed {
    const struct route *route; /* NULL: see below */
    struct str args[4];        /* views of path */
    const char *allow;         /* "GET, HEAD, POST": the path is known, the method is not */
};
/* HEAD goes where GET goes. Literal segments win over {id} (digits without leading zero, at most
 * 18), {id} over {name}. A path with an empty last segment ("/clients/") is nobody's. */
struct routed router_find(const struct router *router, enum http_method method, struct str path);

#endif
