/* Bonds between people and organisations: role, job title, from, until. */
#ifndef BOND_H
#define BOND_H
#include "core/ask/ask.h"
#include "core/entity/store.h"

struct bond {
    struct row row;
#define FIELD(n, k, ...) ENTITY_C_##k n;
#include "features/bond/bond.def"
#undef FIELD
};
extern const struct entity entity_bond;
extern const struct relation bond_relation;

struct bonds {
    struct bond *v;
    int n;
};
/* Those of a person or of an organisation (it may be either side), current ones first; at most 200.
 */
enum status bond_of_party(struct ctx *c, int64_t party, struct bonds *out) MUST_USE;
/* The first current organisation of each of these people, for a list: parallel arrays; 0 where
 * none. */
enum status bond_employers(struct ctx *c, const int64_t *people, int n, struct bond *out) MUST_USE;
/* Makes the bond if there is no live one between the two yet (import). */
enum status bond_make(struct ctx *c, int64_t person, int64_t organisation,
                      struct str job_title) MUST_USE;

#endif
