/* What the files of kinds share. Only for core/entity/kind_*.c. */
#ifndef KIND_H
#define KIND_H
#include "core/entity/entity.h"

enum { SORT_KEY_MAX = 80 };
static inline struct value value_text(struct str s) {
    return (struct value){ .s = s };
}
static inline struct value value_int(int64_t i) {
    return (struct value){ .is_int = true, .i = i };
}
/* Longest allowed text of a field in characters; too long is a problem at `at`. */
enum status kind_length(struct ctx *c, const struct field *f, struct str at, struct str text);
struct str kind_big_endian(struct ctx *c, int64_t i); /* eight bytes that sort as the number does */
/* The choice that a person means by it: its code, its name in any language, another spelling. */
const struct choice *kind_choice_of(struct ctx *c, const struct field *f, struct str typed);
struct str kind_as_is(struct ctx *c, const struct field *f, struct value v);
struct str kind_collate(struct ctx *c, const struct field *f, struct value v);
struct str kind_bytes(struct ctx *c, const struct field *f,
                      struct value v); /* sort by the text's bytes */
struct str kind_fold(struct ctx *c, const struct field *f, struct value v); /* filter by the fold */

#endif
