/* Records as programs see them: the JSON of the API and of the export. Fields by name, lists as
 * arrays (of names where the list is of one field), references as ids, instants as ISO 8601 in UTC.
 */
#ifndef RECORD_JSON_H
#define RECORD_JSON_H
#include "core/entity/entity.h"
#include "lib/text/json.h"

/* One object; what this member may not read is left out, empty values are null. */
void record_json(struct ctx *c, struct json_out *w, const struct entity *e, const void *row);
/* One value or one list of it. */
void record_json_value(struct ctx *c, struct json_out *w, const struct field *f, const void *row);
void record_json_list(struct ctx *c, struct json_out *w, const struct many *m, const void *row);
/* Sets in row what the object holds: unknown names and what the program alone writes are MALFORMED
 * (a problem names them), values that cannot be understood INVALID. Strict: each value in the one
 * form that record_json writes (a number with fewer decimals is as good); null empties. A list
 * replaces the whole list; a child with an id changes that child. */
enum status record_from_json(struct ctx *c, const struct entity *e, const struct json *j,
                             void *row) MUST_USE;
/* A number or an amount as a program writes it, "12.5", with all the decimals of its field: 12.500;
 * anything else as it is. */
struct str record_json_decimals(struct ctx *c, const struct field *f, struct str text);
struct str instant_iso(struct arena *a, int64_t ms); /* "2026-11-21T10:15:00Z" */

#endif
