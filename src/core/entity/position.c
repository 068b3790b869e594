/* See position.h. Called by the pages of what people put in order: segments, views, categories, own
 * fields. Calls the store. */
#include "core/entity/position.h"

static enum status place(struct ctx *c, const struct entity *e, int64_t id, int64_t position) {
    const struct field *f = entity_field(e, S("position"));
    void *row = row_new(c, e);
    if (!f) BUG("%s has no position", e->name);
    TRY(store_load(c, e, id, row));
    struct value v = field_get(f, row);
    if (v.i == position) return OK;
    v.i = position;
    field_set(f, row, v);
    return store_save(c, e, row);
}

enum status position_move(struct ctx *c, const struct entity *e, const int64_t *ids, int n,
                          int64_t id, bool up) {
    int at = -1;
    for (int i = 0; i < n; i++)
        if (ids[i] == id) at = i;
    int to = up ? at - 1 : at + 1;
    if (at < 0 || to < 0 || to >= n) return OK;
    for (int i = 0; i < n; i++) {
        int other = i == at ? to : i == to ? at : i;
        TRY(place(c, e, ids[i], 1 + other));
    }
    return OK;
}
