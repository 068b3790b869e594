/* Lists of any entity: filter, search, sort, page by key, counts. The only place besides query.c
 * and store.c that makes SQL at run time. Rights are added here, never by features. */
#ifndef LIST_H
#define LIST_H
#include "core/entity/entity.h"

struct bits;
struct search;

struct list_filter {
    struct str field; /* "category", "stage", "town" (a child's field), "tag" */
    struct str
        value; /* plain form; several values of one field: any of them; "*" has one; "-" has none */
};
/* A set that a list is cut to, made when it is needed: a question (core/ask/run.h gives one). */
struct list_within {
    /* Takes from `with` whoever is not in it; the caller has the rights already. */
    enum status (*meet)(struct ctx *c, struct search *s, const struct list_within *w,
                        struct bits *with);
    const void *arg;
    struct str text; /* for addresses: where=… */
};
struct list_query {
    const struct entity *entity;
    struct list_filter filters[LIMIT_FILTERS_N];
    int filters_n;
    struct str search; /* as typed */
    struct str sort;   /* a LISTED field's name, '-' before it for descending; empty: best order */
    struct str after, before;         /* page keys of an earlier answer */
    struct str letter;                /* start at this letter (sort by name only) */
    int limit;                        /* 1 to LIMIT_PAGE_N; 0: 50 */
    bool binned;                      /* what is in the bin instead */
    bool no_total;                    /* search as you type does not count */
    int64_t *only;                    /* indexed entities: of these ids alone (ticked ones) */
    int only_n;                       /* 0: all */
    const struct list_within *within; /* indexed entities: of this set alone; NULL: all */
    struct str view;                  /* the saved view it was opened from: for addresses alone */
};
struct list_page {
    int64_t *ids;
    int n;
    int64_t total;         /* exact; -1 when no_total */
    struct str next, prev; /* empty: none */
};
/* MALFORMED (with a problem naming the parameter) for a field that may not be filtered or sorted
 * by, a bad page key, a bad value. Bytes of the answer never depend on what may not be seen. */
enum status list_run(struct ctx *c, const struct list_query *q, struct list_page *out) MUST_USE;
/* Names that may be sorted and filtered by, as field paths: for pages, API and OpenAPI. */
struct list_field {
    const struct field *field;
    const struct many *many; /* NULL: the entity's own */
    struct str name;         /* "town", "phone", "tag" */
};
int list_fields(struct arena *a, const struct entity *e, unsigned is, struct list_field **out);
/* Can it be sorted by at all? (Long texts, several choices and clients cannot.) */
bool list_sortable(const struct field *f);
/* Sorted by walking the values of its criterion (choices, references), not by a key of its own. */
bool list_sorts_by_filter(const struct field *f);
/* The sort key of a list field of this row (of its first child); n == 0 when it has no value. */
struct str list_sort_key(struct ctx *c, const struct list_field *f, const void *row);
/* Every id of the answer in id order, in key ranges: for exports and bulk work. start with *after =
 * 0. */
enum status list_walk(struct ctx *c, const struct list_query *q, int64_t *after, int64_t *ids,
                      int cap, int *n) MUST_USE;
/* Who stands before and after this one in that list: two steps from his own key, wherever he is. 0:
 * nobody; both 0 when he is not in it. Places and pages of the query do not count. For what is in
 * the index; else MALFORMED. */
enum status list_beside(struct ctx *c, const struct list_query *q, int64_t id, int64_t *before,
                        int64_t *after) MUST_USE;
/* How many there are. */
enum status list_count(struct ctx *c, const struct list_query *q, int64_t *total) MUST_USE;

#endif
