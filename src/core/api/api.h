/* The JSON API under /api/v1/: one implementation for all entities, from their tables. */
#ifndef API_H
#define API_H
#include "core/entity/history.h"
#include "core/web/req.h"

/* For app/features.c: {entity} stands for the plural of any entity that the API shows. */
extern const struct routes api_routes;

/* The entity of a path segment ("parties"); NULL: none, or not shown to programs. */
const struct entity *api_entity(struct str plural);
/* Whether programs see it: what is no part of another record and not the business itself. */
bool api_shows(const struct entity *e);

/* A record as the reply, with its ETag; 201 has a Location too. For routes of features below
 * /api/v1/. */
void api_answer_row(struct req *r, const struct entity *e, const void *row, int http);
/* The OpenAPI 3.1 document of all of it, in English, made of the same tables. */
struct str openapi_json(const struct ctx *c); /* own fields: only for a member */

#endif
