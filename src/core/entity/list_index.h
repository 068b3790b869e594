/* The two ways to a list: by the index (parties) and by plain SQL (small entities, notes). For
 * list*.c. */
#ifndef LIST_INDEX_H
#define LIST_INDEX_H
#include "core/entity/list.h"
#include "core/search/search.h"

/* Checks names and values of the filters; *fields gets one entry a filter. */
enum status list_filters(struct ctx *c, const struct list_query *q, struct list_field *fields,
                         struct value *values) MUST_USE;
/* What was typed into a search as folded words, LIMIT_QUERY_WORDS_N at most. */
struct strs list_query_words(struct ctx *c, struct str typed);
/* Leaves in `with` whom this member may see (VISIBLE_PARTY as bitmaps). */
enum status list_meet_visible(struct ctx *c, struct search *s, struct bits *with) MUST_USE;
enum status list_index_bits(struct ctx *c, const struct list_query *q, struct search **search,
                            struct bits **all, struct bits **exact) MUST_USE;
/* The search box: takes from `with` whoever does not have these words, as far as the reader may see
 * them. *exact: where every word is a whole word; the caller frees it, also after a failure. */
enum status list_index_words(struct ctx *c, const struct entity *e, struct search *s,
                             struct str typed, struct bits *with, struct bits **exact) MUST_USE;
enum status list_index_run(struct ctx *c, const struct list_query *q,
                           struct list_page *out) MUST_USE;
enum status list_index_beside(struct ctx *c, const struct list_query *q, int64_t id,
                              int64_t *before, int64_t *after) MUST_USE;
enum status list_plain_run(struct ctx *c, const struct list_query *q,
                           struct list_page *out) MUST_USE;
enum status list_plain_walk(struct ctx *c, const struct list_query *q, int64_t *after, int64_t *ids,
                            int cap, int *n) MUST_USE;

/* A place in a list: which run, which key, which id; as text "run.id.hexkey". */
struct list_place {
    int run;
    int64_t id;
    struct str key;
};
struct str list_place_write(struct ctx *c, const struct list_place *p);
bool list_place_read(struct ctx *c, struct str text, struct list_place *p);

#endif
