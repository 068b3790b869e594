/* The index of design.md section 5: for each term a Roaring bitmap of party numbers, cut in chunks
 * of 65,536 numbers (docs/decisions/001); a write leaves one row in search_pending, a job folds
 * them in, a query reads both. Knows numbers and terms, not clients.
 *
 * Terms are bytes: 'w' + folded word; 'p' + its first 1 to 3 letters; 'd' + three digits of a
 * phone; 'q' + four; 'e' + its first one, two, five or six digits; 'f' + field '=' + key of a
 * filter; 'h' + field: has a value; 'a': alive; 'x': in the bin; 'k' + key of how a name sounds
 * (lib/text/namekey.h); 'b' + date of birth. */
#ifndef SEARCH_H
#define SEARCH_H
#include "lib/base/buf.h"
#include "lib/db/db.h"

/* A set of party numbers; freed with bits_free. A copy costs nothing: both share what they hold
 * until one of them is changed. */
struct bits;
struct bits *bits_new(void);
void bits_free(struct bits *b);
struct bits *bits_copy(const struct bits *b);
void bits_add(struct bits *b, uint32_t number);
void bits_add_all(struct bits *b, const uint32_t *numbers, size_t n); /* quickest when sorted */
void bits_remove(struct bits *b, uint32_t number);
bool bits_has(const struct bits *b, uint32_t number);
int64_t bits_count(const struct bits *b);
void bits_and(struct bits *b, const struct bits *with);
void bits_or(struct bits *b, const struct bits *with);
void bits_minus(struct bits *b, const struct bits *without);
bool bits_meet(const struct bits *a, const struct bits *b); /* have they a number in common? */
size_t bits_bytes(const struct bits *b);                    /* of memory, about */
/* Numbers above `after` in order, at most cap; returns how many. */
int bits_next(const struct bits *b, int64_t after, uint32_t *to, int cap);
/* Numbers below `before`, largest first. */
int bits_prev(const struct bits *b, int64_t before, uint32_t *to, int cap);

struct terms { /* a sorted set after terms_sort */
    struct str *v;
    int n, cap;
    struct arena *arena;
};
void terms_add(struct terms *t, struct str term);
void terms_word(struct terms *t, struct str folded_word); /* the word and its prefixes */
void terms_digits(struct terms *t,
                  struct str digits); /* runs of three and four, first one, two, five and six */
void terms_filter(struct terms *t, const char *field, struct str key);
void terms_has(struct terms *t, struct str field); /* «has a value» */
void terms_sort(struct terms *t);                  /* and drops doubles */

/* The terms of a new record as search_pending holds them, for search_write_new. In arena. */
struct str terms_pack(struct arena *arena, const struct terms *sorted);
enum status search_write_new(struct tx *tx, int64_t number, struct str packed) MUST_USE;
/* One row of search_pending with what comes and what goes; nothing when both sets are the same. */
enum status search_write(struct tx *tx, int64_t number, const struct terms *before,
                         const struct terms *after) MUST_USE;
/* Folds up to `limit` pending rows into the bitmaps: computed in a reading transaction, then
 * written in slices of 20 ms, so that no writer waits long. One process folds at a time (a lease in
 * meta); *folded is 0 when there is nothing to do or another one is at it. Opens its own
 * transactions: call it outside any. */
enum status search_fold(struct db *db, struct arena *a, int limit, int *folded) MUST_USE;
enum status search_pending_n(struct tx *tx, int64_t *n) MUST_USE;
/* Another number after each fold, in the transaction in which its pending rows go: as long as it is
 * the same, what the bitmaps say together with the pending rows has not changed otherwise. */
enum status search_generation(struct tx *tx, int64_t *n) MUST_USE;

/* What a server remembers of the index between requests; safe between threads. budget: bytes of
 * sets; pending rows come on top, some 10 MB at most. */
struct search_memory;
struct search_memory *search_memory_new(size_t budget);
void search_memory_free(struct search_memory *m);
size_t search_memory_bytes(struct search_memory *m);
/* The same for one who writes, asked in his writing transactions alone, one after another: it also
 * knows what they have written. search_memory_forget when one of them did not come to be;
 * search_mark before a savepoint, and search_memory_back when that was taken back. m may be NULL in
 * these three. */
struct search_memory *search_memory_of_writer(size_t budget);
void search_memory_forget(struct search_memory *m);
enum status search_mark(struct tx *tx, struct search_memory *m) MUST_USE;
void search_memory_back(struct search_memory *m);

/* The index as this transaction sees it: asked once a request. memory may be NULL; answers are the
 * same with and without. A writer uses only his own (search_memory_of_writer). Rows that make or
 * unmake bitmaps outside search_fold call search_outdate in their transaction. */
struct search;
enum status search_open(struct tx *tx, struct search_memory *memory, struct search **out) MUST_USE;
enum status search_outdate(struct tx *tx) MUST_USE;
/* The numbers that have this very term. The caller frees them. */
enum status search_term(struct search *s, struct str term, struct bits **out) MUST_USE;
/* All terms that begin so (words of four letters and more). */
enum status search_range(struct search *s, struct str prefix, struct bits **out) MUST_USE;
/* The distinct terms that begin so, in their order, at most `most`: one step of the index for each,
 * however many clients have it. Those of the last moment may be missing or be there no more:
 * search_term knows. Texts in the arena of the transaction. */
enum status search_terms(struct search *s, struct str prefix, int most, struct strs *out) MUST_USE;
/* A query as typed, already folded to words (fold_words): every word must be the beginning of a
 * word of the party; words of digits may also be a part of a phone (neighbouring ones are one
 * number). The caller frees the sets (found_free). A query without words finds nothing. */
struct found {
    struct bits *all;   /* all that match or may match */
    struct bits *exact; /* those where every word is a whole word */
    struct bits
        *unsure; /* part of all: only by runs of digits; true if a phone of it contains digits */
    struct str digits;
};
enum status search_words(struct search *s, const struct strs *words, struct found *out) MUST_USE;
void found_free(struct found *f);

#endif
