/* Own fields for tests that walk everything: one of each kind, all ticked. Include it after
 * cmocka.h. */
#ifndef T_OWN_FIELDS_H
#define T_OWN_FIELDS_H
#include "core/entity/store.h"

enum { OWN_KINDS_N = 10 };
/* Makes them in this transaction; mark stands behind their names, hints, sections and choices ("":
 * nothing). Contexts that begin later have them; own_fields_see gives them to this one. */
enum status own_fields_make(struct ctx *c, const char *mark) MUST_USE;
enum status own_fields_see(struct ctx *c) MUST_USE;
/* What can be typed into a field of that kind; party: an id. */
struct str own_fields_sample(struct ctx *c, const struct field *f, int64_t party);
/* Fills all own fields of a client with samples. */
enum status own_fields_fill(struct ctx *c, void *row, int64_t party) MUST_USE;

#endif
