/* Categories of clients: a record each, with a mark that is seen wherever the client appears. */
#ifndef CATEGORY_H
#define CATEGORY_H
#include "core/entity/store.h"
#include "core/web/pieces.h"

struct category {
    struct row row;
#define FIELD(n, k, ...) ENTITY_C_##k n;
#include "features/category/category.def"
#undef FIELD
};
extern const struct entity entity_category;

/* The name in the person's language, else the one name. */
struct str category_name(const struct ctx *c, const struct category *cat);
/* How it is shown wherever the client appears. */
struct mark category_mark(struct ctx *c, const struct category *cat);
struct categories {
    struct category *v;
    int n;
};
/* All live ones in their order. */
enum status category_all(struct ctx *c, struct categories *out) MUST_USE;
/* The ready-made four: ordinary, VIP, problem, employee. For daftar init. */
enum status category_ready_made(struct ctx *c) MUST_USE;

#endif
