/* The beginning of a workspace: the firm, its owner, the ready-made categories. */
#ifndef FEATURE_SETUP_H
#define FEATURE_SETUP_H
#include "core/entity/ctx.h"

struct setup_facts {
    struct str firm;        /* name of the business */
    enum lang lang;         /* everything else follows from it until the welcome */
    struct str name, email; /* of the owner; name empty: what stands before the @ */
    struct str hash;        /* of his password */
    bool demo, welcomed;
};
/* In a writing transaction of the program itself. CONFLICT when there is a firm already; INVALID
 * with problems at name, email or firm. */
enum status setup_make(struct ctx *c, const struct setup_facts *facts, int64_t *owner) MUST_USE;
/* A new one-time link for the first owner, good for an hour; older ones end. */
enum status setup_link(struct ctx *c, struct str *token) MUST_USE;

#endif
