/* Who may be whom: all clients compared at once, one compared while he is typed, pairs that a
 * person took apart for good. How certain is lib/match's; here stands what of a client is compared,
 * where the pairs are kept and what a reader may see of them: pairs of which he sees both. */
#ifndef DUPLICATE_H
#define DUPLICATE_H
#include "core/web/pieces.h"
#include "features/party/party.h"

/* Somebody who is there already. */
struct duplicate_near {
    int64_t id;
    int certainty;         /* millionths */
    struct str name, line; /* line: his town, phone or birth date, to tell him from others */
    struct str why, but;   /* «same phone; Mohammad = محمد»; what speaks against it */
    struct url to;
    struct face face;
    bool binned;
    const char *warning; /* msgid: he was refused, parted; NULL */
    struct str reason;   /* what is known of that */
    int64_t weight;      /* thousandths of a bit */
    struct str levels;   /* as the table duplicate keeps them */
};
struct duplicate_nears {
    struct duplicate_near *v;
    int n;
};
/* Who `p` (typed or read, not saved; self: his own id or 0) may already be, the likeliest first, of
 * those whom the member of the context sees; at most five, those in the bin too. Some dozens are
 * looked at, found by the index: no scan. */
enum { DUPLICATE_POSSIBLE = 500000, DUPLICATE_LIKELY = 900000, DUPLICATE_SURE = 990000 };
enum status duplicate_near(struct ctx *c, const struct party *p, int64_t self, int least,
                           struct duplicate_nears *out) MUST_USE;
/* The same for a form: possible ones, and those with a warning also when only another phone or
 * e-mail speaks against them, from one in twenty on: who was refused comes back under another
 * number. */
enum status duplicate_near_typed(struct ctx *c, const struct party *p, int64_t self,
                                 struct duplicate_nears *out) MUST_USE;
/* The note in a form: whoever `nears` names, with hidden fields that say that they were shown
 * («_seen»). Empty without any. */
void duplicate_hint(struct out *o, const struct duplicate_nears *nears);
/* Does the form say that all of them were shown? Then saving is meant. */
bool duplicate_seen(const struct http_pairs *form, const struct duplicate_nears *nears);
/* Keeps the possible pairs of a client who was saved all the same, for the page of duplicates. */
enum status duplicate_keep(struct ctx *c, int64_t id, const struct duplicate_nears *nears) MUST_USE;

/* A row of duplicate_run that waits, and the job that fills it: all clients are compared; when one
 * is at it already, that. */
enum status duplicate_ask(struct ctx *c, int64_t *run) MUST_USE;
/* Pairs of this client that the reader sees, likeliest first, at most five: for his page. */
enum status duplicate_of(struct ctx *c, int64_t id, struct duplicate_nears *out) MUST_USE;
/* How many pairs the reader sees, `most` at most. */
enum status duplicate_count(struct ctx *c, int64_t most, int64_t *n) MUST_USE;
/* Where two are seen side by side and joined. */
struct url duplicate_join_url(struct arena *a, int64_t one, int64_t other);

#endif
