/* What one member chose for himself, beside what his record says: a name and a short text. */
#ifndef PREFERENCE_H
#define PREFERENCE_H
#include "core/entity/ctx.h"

/* The value that the member of c chose; NO_STR when he did not. */
enum status preference_get(struct ctx *c, const char *name, struct str *value) MUST_USE;
/* In a writing transaction; an empty value forgets. Nobody's (the program's) are not kept. */
enum status preference_set(struct ctx *c, const char *name, struct str value) MUST_USE;

#endif
