/* Members of the firm and their teams. */
#ifndef MEMBER_H
#define MEMBER_H
#include "core/entity/store.h"

#define FIELD(n, k, ...) ENTITY_C_##k n;
struct member {
    struct row row;
#include "features/member/member.def"
};
struct team {
    struct row row;
#include "features/member/team.def"
};
#undef FIELD
extern const struct entity entity_member, entity_team;

struct members {
    struct member *v;
    int n;
};
/* Active members by name: for choosing who is responsible. */
enum status member_all(struct ctx *c, struct members *out) MUST_USE;

#endif
