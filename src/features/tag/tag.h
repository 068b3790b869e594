/* Tags: short labels that members make while they work. */
#ifndef TAG_H
#define TAG_H
#include "core/entity/store.h"

struct tag {
    struct row row;
#define FIELD(n, k, ...) ENTITY_C_##k n;
#include "features/tag/tag.def"
#undef FIELD
};
extern const struct entity entity_tag;

/* The tag of this name, made when there is none. */
enum status tag_make(struct ctx *c, struct str name, int64_t *id) MUST_USE;

#endif
