/* What a server keeps of the index between requests (docs/decisions/014): sets of terms as they
 * were read, and rows of search_pending by term. Derived from the database and never trusted
 * without asking it: a set is good for the very generation of the index at which it was read, a
 * pending row for snapshots in which it stands. Safe between threads. Only query.c calls this. */
#ifndef MEMORY_H
#define MEMORY_H
#include "core/search/search.h"

enum memory_kind { MEMORY_TERM = 't', MEMORY_RANGE = 'r' };
/* A set of this generation, or NULL; the caller frees it. */
struct bits *memory_get(struct search_memory *m, int64_t generation, enum memory_kind kind,
                        struct str term);
/* Only for what was read in a snapshot of committed data. */
void memory_put(struct search_memory *m, int64_t generation, enum memory_kind kind, struct str term,
                const struct bits *bits);

/* May this transaction use it? Writers use their own, readers the others. */
bool memory_is_for(const struct search_memory *m, bool writes);
/* Pending rows that come to be known from now on are those that search_memory_back forgets. */
void memory_mark(struct search_memory *m);

/* Pending rows with numbers from first to last, all that there are in one snapshot. */
struct pending_row {
    int64_t id;
    uint32_t number;
    struct str added, removed; /* packed: see bits.h */
};
/* The last row that is remembered of a snapshot from `first` on; rows behind it are to be read and
 * added. first - 1: none, begin with the first. */
int64_t memory_pending_last(struct search_memory *m, int64_t first, int64_t last);
/* Rows that come right behind `after`, in their order, up to `last`. Dropped when another thread
 * was quicker. */
void memory_pending_add(struct search_memory *m, int64_t first, int64_t after, int64_t last,
                        const struct pending_row *rows, int n);
/* What the rows from first to last do to a term, in their order; false: not all of them are
 * remembered (any more), ask the database. */
bool memory_pending_apply(struct search_memory *m, int64_t first, int64_t last, struct str term,
                          struct bits *b);
/* The same for all words that begin so (four letters and more, the mark included): who got one
 * comes into `got`, who lost one into `lost`; the words themselves into *words. */
bool memory_pending_range(struct search_memory *m, int64_t first, int64_t last, struct str prefix,
                          struct bits *got, struct bits *lost, struct terms *words);

#endif
