/* What happened with one client, from several sources in one line of time: notes, files, changes.
 * A further source (calls, invoices) is one more entry of the table in sources.c. */
#ifndef TIMELINE_H
#define TIMELINE_H
#include "core/web/pieces.h"

enum { TIMELINE_SOURCES_MAX = 8, TIMELINE_SHOWN = 20 };

struct timeline_item {
    int64_t at, id, member;
    int64_t batch; /* 0: stands for itself; the same one's neighbours are shown as one */
    const void *what;
    int source;
};
struct timeline_items {
    struct timeline_item *v;
    int n;
    int64_t last; /* the id that was read last, shown or not */
    bool more;    /* there may be older ones */
};
/* Where things that happened come from. Each is read along its own key, newest first. */
struct timeline_source {
    const char *code;  /* in addresses: "notes" */
    const char *label; /* msgid */
    /* Of that client, older than the id `below` (0: newest), at most `limit` rows read. */
    enum status (*read)(struct ctx *c, int64_t party, int64_t below, int limit,
                        struct timeline_items *out);
    /* What a search looks into. */
    struct strs (*texts)(struct ctx *c, const struct timeline_item *i);
    enum status (*show)(struct ctx *c, const struct timeline_item *i, int64_t party,
                        struct event *out);
};
extern const struct timeline_source timeline_sources[];
extern const int timeline_sources_n;

struct timeline_query {
    int64_t party;
    unsigned sources;                    /* bits; 0: all */
    int64_t member;                      /* who did it; 0: anybody */
    int64_t from_ms, until_ms;           /* [from, until); 0: open */
    struct str search;                   /* as typed: each word begins a word of the text */
    int64_t below[TIMELINE_SOURCES_MAX]; /* where each source goes on; 0: newest */
    int limit;
};
struct timeline_page {
    struct timeline_items items;         /* newest first */
    int64_t below[TIMELINE_SOURCES_MAX]; /* where the next page goes on */
    bool unfinished; /* much was looked through and there is more: items may be few or none */
};
/* The newest of all heads comes first; a source's own order is that of its ids. */
enum status timeline_read(struct ctx *c, const struct timeline_query *q,
                          struct timeline_page *out) MUST_USE;
/* "120-0-33", and back (false: no such). */
struct str timeline_place_write(struct arena *a, const int64_t *below);
bool timeline_place_read(struct str text, int64_t *below);

/* --- the card of a client's page --- */
struct timeline_view;
/* Reads show, has, by, from, until and before of the request's address. page: the client's address,
 * to which they are added; rest: the address that gives only what is older (for scripts). MALFORMED
 * for what cannot be. */
enum status timeline_view_of(struct req *r, int64_t party, struct url page, struct url part,
                             struct timeline_view **out) MUST_USE;
void timeline_part(struct out *o, const struct timeline_view *v);  /* filters and items */
void timeline_items(struct out *o, const struct timeline_view *v); /* items alone, and «Older» */
bool timeline_older_only(struct req *r); /* the script asks for what stands below */

#endif
