/* Fields that the business made itself: a record each (core/entity/own.h makes them fields). */
#ifndef CUSTOM_H
#define CUSTOM_H
#include "core/entity/store.h"

struct custom_field {
    struct row row;
#define FIELD(n, k, ...) ENTITY_C_##k n;
#include "features/custom/custom.def"
#undef FIELD
};
extern const struct entity entity_custom_field;
struct job;
struct command;
extern const struct command command_field; /* daftar field */

/* All live ones in their order; binned: those in the bin, last removed first. */
struct custom_fields {
    struct custom_field *v;
    int n;
};
enum status custom_all(struct ctx *c, bool binned, struct custom_fields *out) MUST_USE;
/* In how many clients it has a value, whoever asks (those in the bin too); choice: its code, or
 * empty for any value. */
enum status custom_used(struct ctx *c, int64_t id, struct str choice, int64_t *n) MUST_USE;

#endif
