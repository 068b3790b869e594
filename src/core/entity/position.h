/* Records in an order that people give them: those of an entity with a field `position`. */
#ifndef ENTITY_POSITION_H
#define ENTITY_POSITION_H
#include "core/entity/store.h"

/* The record `id` changes places with the one before it (up) or behind it. ids: all that it stands
 * among, in their order. Positions become 1, 2, 3 …, since old ones may repeat; what already has
 * its own is not written. Nothing happens at an end, or when `id` is not among them. As store_save.
 */
enum status position_move(struct ctx *c, const struct entity *e, const int64_t *ids, int n,
                          int64_t id, bool up) MUST_USE;

#endif
