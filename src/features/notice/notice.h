/* Notices: somebody was given a client, or named in a note. Written with what they are about, in
 * its transaction; seen by nobody else; gone when one may no longer see the client. */
#ifndef NOTICE_H
#define NOTICE_H
#include "core/entity/store.h"
#include "core/web/req.h"

/* The client has another responsible member than before (0: nobody): `now` is told unless he did it
 * himself; what `was` was told and did not read yet is taken back. One notice a batch, with a
 * count. Nobody is told by the program itself, nor of what is only put back. */
enum status notice_given(struct ctx *c, int64_t party, int64_t was, int64_t now) MUST_USE;

/* A text about a client was written (before: NO_STR for a new one): whom it newly names is told, if
 * he may see the client and, when it is private, is an owner. */
enum status notice_named(struct ctx *c, int64_t party, const char *entity, int64_t row,
                         struct str before, struct str text, bool private) MUST_USE;
/* It was deleted, or (only_owners_keep) made private. */
enum status notice_forget(struct ctx *c, const char *entity, int64_t row,
                          bool only_owners_keep) MUST_USE;

/* The client became a part of another: what was told of him is told of that one. ids has room for
 * cap; notice_lead brings them back. */
enum status notice_of(struct ctx *c, int64_t party, int64_t *ids, int cap, int *n) MUST_USE;
enum status notice_lead(struct ctx *c, int64_t id, int64_t party) MUST_USE;

/* --- who is named --- */
struct mention { /* text.p + at: «@», n bytes with the name */
    size_t at, n;
    int64_t member;
};
struct mentions {
    struct mention *v;
    int n;
};
/* «@» and the name of an active member: the whole name as it is written or searched for (case,
 * accents, ي or ی, ZWNJ do not count), the longest that fits; or one word of it that no other
 * member's name has. What fits two members names nobody. */
enum status mentions_of(struct ctx *c, struct str text, struct mentions *out) MUST_USE;
/* The text as HTML with its mentions marked. */
enum status mentions_marked(struct ctx *c, struct str text, struct markup *out) MUST_USE;

/* --- pages --- */
/* This client's page is being shown: what was unread about him is read once the page is made. */
enum status notice_opened(struct req *r, int64_t party) MUST_USE;

#endif
