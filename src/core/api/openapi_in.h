/* What the two halves of the OpenAPI document share. Only for core/api/. */
#ifndef OPENAPI_IN_H
#define OPENAPI_IN_H
#include "core/api/api_in.h"

/* "party" is Party in the document; what makes several schemas of one entity apart stands behind.
 */
void oa_ref(struct json_out *w, const struct entity *e, const char *behind); /* {"$ref": …} */
void oa_ref_to(struct json_out *w, const char *where); /* {"$ref": "#/components/…"} */
void oa_text(struct json_out *w, const char *key, const char *text);
/* The schemas of components, in the open object of w. */
void oa_schemas(const struct ctx *c, struct json_out *w);
/* The entity as this caller may know it: what a business asks of its clients is no stranger's. */
const struct entity *oa_entity(const struct ctx *c, const struct entity *e);
/* The schema of a field as a value of a query string. */
void oa_criterion(struct json_out *w, const struct list_field *f);

#endif
