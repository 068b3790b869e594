/* name~: clients whose name sounds so. Called by run_field.c; calls the index of words. */
#include "core/ask/run_in.h"
#include "core/entity/history.h"
#include "core/entity/list_index.h"

enum status run_sounds(struct run *r, struct str name, const struct bits *among,
                       struct bits **out) {
    const struct entity *e = registry_find(entity_registry(), S("party"));
    struct bits *found = bits_copy(among), *exact = NULL;
    enum status st = list_index_words(r->c, entity_now(r->c, e), r->search, name, found, &exact);
    bits_free(exact);
    if (st != OK)
        bits_free(found);
    else
        *out = found;
    return st;
}
