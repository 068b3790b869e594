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

/* The account behind a member: what signs in. Not a field of the entity, so that no form, list,
 * file or API ever meets it. (account.c) */
struct account {
    int64_t id; /* 0: nobody has that name */
    struct str hash, name;
    struct str key; /* the e-mail as it is compared: whose guesses are counted */
};
enum status account_find(struct ctx *c, struct str email, struct account *out) MUST_USE;
/* The same by the member's id, with the hash as it is now. */
enum status account_of(struct ctx *c, int64_t member, struct account *out) MUST_USE;
/* New hash; one-time links of that member end. */
enum status account_set_password(struct ctx *c, int64_t member, struct str hash) MUST_USE;
/* A one-time link by which a member chooses his password: valid for a week, older ones end. */
enum status account_link(struct ctx *c, int64_t member, struct str *token) MUST_USE;
/* They end by themselves too: when he signs in, when his e-mail changes, when his access ends. */
enum status account_links_gone(struct ctx *c, int64_t member) MUST_USE;
/* Whose link that is; MISSING when it is unknown, used or over. use: it is used up now. */
enum status account_of_link(struct ctx *c, struct str token, bool use, int64_t *member) MUST_USE;

#endif
