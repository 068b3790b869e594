/* Records as the history keeps them: JSON of the changed fields, lists whole with the ids of
 * children. For history.c, undo.c and import's own notes. */
#ifndef HISTORY_JSON_H
#define HISTORY_JSON_H
#include "core/entity/entity.h"

/* mask: fields, then lists; only_full leaves empty values out (a create). Derived fields are left
 * out. */
struct str history_json(struct ctx *c, const struct entity *e, const void *row, const bool *mask,
                        bool only_full);
/* Sets what the text holds in row and marks it in mask (which keeps its earlier marks). Names that
 * the entity no longer has are passed over. */
enum status history_json_read(struct ctx *c, const struct entity *e, struct str text, void *row,
                              bool *mask) MUST_USE;

#endif
