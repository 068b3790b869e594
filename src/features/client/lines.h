/* Clients as one line each: the list, search, the bin. Only for features/client. */
#ifndef CLIENT_LINES_H
#define CLIENT_LINES_H
#include "core/web/pieces.h"
#include "features/category/category.h"
#include "features/party/party.h"

struct client_line {
    int64_t id;
    struct url to, edit;
    struct str name, line; /* line: job and employer; «Organisation» */
    struct face face;
    bool has_mark;
    struct mark mark;
    struct str town;
    struct code phone, email;
    struct url tel, mailto;
    struct markup found; /* search: the phone or e-mail that matched, its digits marked */
    const struct party *party;
};
struct client_lines {
    struct client_line *v;
    int n;
};
/* In the order of ids; who may not be seen is left out. binned: they lie in the bin. */
enum status client_lines(struct ctx *c, const int64_t *ids, int n, bool binned,
                         struct client_lines *out) MUST_USE;
/* The mark of a stage of life. */
struct mark stage_mark(struct ctx *c, struct str stage);
struct url phone_link(struct ctx *c, const struct phone *p);
/* «Director, Noor Studio», or one of them, or nothing. */
struct str job_line(struct ctx *c, struct str job, struct str organisation);

#endif
