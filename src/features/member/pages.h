/* Between the files of this folder. */
#ifndef MEMBER_PAGES_H
#define MEMBER_PAGES_H
#include "core/app/command.h"
#include "core/web/parts.h"
#include "core/web/req.h"
#include "features/member/member.h"

struct member_line {
    struct face face;
    struct str name, email, role, sees, team, seen;
    struct url edit;
    bool active, self, factor;
};
struct member_lines {
    struct member_line *v;
    int n;
};
struct member_inputs {
    struct input name, email, role, sees, team;
};
struct members_page {
    struct member_lines members;
    struct member_inputs add;
    struct str link, link_for; /* the link that was just made: shown once */
};
struct safety_session {
    struct str browser, address, since, seen;
    struct url end;
    bool current;
};
struct safety { /* how a member comes in, for owners (safety.c) */
    bool shown, factor, self;
    struct str since;
    struct url reset, end_all;
    struct {
        struct safety_session *v;
        int n;
    } sessions;
};
enum status safety_of(struct req *r, int64_t member, struct safety *out) MUST_USE;
/* Who has a second factor. */
enum status safety_factors(struct ctx *c, struct map *out) MUST_USE;
bool safety_has(struct ctx *c, const struct map *factors, int64_t member);
void part_safety(struct out *o, const struct safety *s);

struct member_page {
    struct safety safety;
    struct str name;
    struct member_inputs f;
    struct url save, end, back, link;
    int64_t version;
    bool active, self, may_link;
};
struct team_line {
    struct str name;
    struct url save, end;
    int64_t version, members_n;
};
struct team_lines {
    struct team_line *v;
    int n;
};
struct teams_page {
    struct team_lines teams;
    struct input name;
};
void page_members(struct out *o, const struct members_page *p);
void page_member(struct out *o, const struct member_page *p);
void page_teams(struct out *o, const struct teams_page *p);

enum status members_show(struct req *r) MUST_USE;
enum status members_add(struct req *r) MUST_USE;
enum status member_show(struct req *r) MUST_USE;
enum status member_save(struct req *r) MUST_USE;
enum status member_end(struct req *r) MUST_USE;
enum status member_back(struct req *r) MUST_USE;
enum status member_link(struct req *r) MUST_USE;
enum status member_session_end(struct req *r) MUST_USE;
enum status member_sessions_end(struct req *r) MUST_USE;
enum status member_factor_reset(struct req *r) MUST_USE;
extern const struct command command_member;
enum status teams_show(struct req *r) MUST_USE;
enum status teams_add(struct req *r) MUST_USE;
enum status team_save(struct req *r) MUST_USE;
enum status team_end(struct req *r) MUST_USE;

#endif
