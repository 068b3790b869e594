/* Who is who: records compared pairwise as probabilities (Fellegi and Sunter 1969), the weights
 * learned from the data itself (u from random pairs, m by EM in several blocks, no label), term
 * frequencies, blocking, clusters. docs/decisions/021-record-linkage.md says why.
 *
 *     struct match *m = match_new(columns, n);
 *     for each client: match_record(m, id); match_value(m, column, text) …
 *     match_train(m, 2); match_find(m, 2, 0.5, &pairs); match_cluster(m, &pairs, 0.5, of);
 *     match_free(m);
 * While typing: match_new and match_model_read once; then for each time match_beside, the new one
 * and the few it may be, match_ready, match_score.
 *
 * The same records in the same order give the same result, bit for bit, whatever the threads.
 * Values come as people wrote them; each kind folds its own. Not thread-safe from outside. */
#ifndef MATCH_H
#define MATCH_H
#include "lib/base/str.h"

enum { MATCH_COLUMNS_N = 32, MATCH_RECORDS_N = 16000000 };

enum match_kind { /* what a column holds: how its values are folded and compared */
                  MATCH_GIVEN,
                  MATCH_FAMILY,
                  MATCH_NAME, /* a whole name of a person: words in any order */
                  MATCH_ORGANISATION,
                  MATCH_PHONE, /* E.164 or as written: its digits */
                  MATCH_EMAIL,
                  MATCH_STREET,
                  MATCH_NUMBER, /* of a house, a floor: short, compared by edits */
                  MATCH_TOWN,
                  MATCH_POSTCODE,
                  MATCH_REGION, /* state, country, sex: few values, equal or not */
                  MATCH_DATE,   /* 1999-02-19, 19990219, 19/02/1999, --02-19 (no year) */
                  MATCH_ID,     /* a number that somebody gave out: national, tax, card */
                  MATCH_TEXT,   /* anything else */
                  MATCH_KINDS_N
};
const char *match_kind_code(enum match_kind k); /* "given" "family" … */

struct match_column {
    const char *name; /* how the model calls it; must stay valid as long as the engine */
    enum match_kind kind;
};

/* How two values of a column agree. Of several values (phones) the best pair counts. */
enum match_level {
    MATCH_MISSING, /* one side says nothing: neither for nor against */
    MATCH_EXACT,
    MATCH_KEY,      /* the same name in another script or spelling family: Mohammad, محمد */
    MATCH_NICKNAME, /* Robert, Bob */
    MATCH_SWAPPED,  /* given and family name changed places; of a date: day and month */
    MATCH_WORDS,    /* the same words in another order */
    MATCH_PART,     /* all words of one are in the other; an initial; a date without its year */
    MATCH_USER,     /* e-mail: the same before the @ */
    MATCH_TAIL,     /* phone: the same last digits */
    MATCH_EDIT_1,   /* one letter or digit off (two neighbours changed places count as one) */
    MATCH_EDIT_2,
    MATCH_JW_92, /* Jaro-Winkler at least 0.92 */
    MATCH_JW_88,
    MATCH_JW_70,
    MATCH_DIFFERENT,
    MATCH_LEVELS_N
};
const char *match_level_code(enum match_level l); /* "missing" "exact" "key" … */

struct match;
struct match *match_new(const struct match_column *columns, int n); /* BUG over MATCH_COLUMNS_N */
void match_free(struct match *m);

/* Begins the next record, numbered from 0. id: the caller's own. BUG over MATCH_RECORDS_N. */
void match_record(struct match *m, int64_t id);
/* A value of the record begun last; empty ones count as missing, a repeated column has several
 * values (15 at most count). At most 200 bytes of a value count. */
void match_value(struct match *m, int column, struct str value);
int match_records_n(const struct match *m);
int64_t match_id(const struct match *m, int record);

/* Learns the model from the records. Too few or too uniform records: what cannot be learned keeps
 * a careful standard, nothing fails. threads: 1 or more. */
void match_train(struct match *m, int threads);
/* The model as JSON, to be kept (duplicate_run.model); it holds the commonest values of the columns
 * with their frequencies, so it is as private as they are. */
struct str match_model_write(const struct match *m, struct arena *a);
/* Instead of match_train. MALFORMED, with why in English, for what match_model_write of these very
 * columns did not write. Frequencies then come from the model, not from the records. */
enum status match_model_read(struct match *m, struct str model, struct str *why) MUST_USE;

/* For a few records at a time, again and again, by a model that was read once: an engine of the
 * same columns with its weights; records and values go in, then match_ready, then match_score. The
 * model is only read, by several threads at once, and must stay as long as what is beside it. */
struct match *match_beside(const struct match *model);
void match_ready(struct match *m, const struct match *model);

struct match_part {
    enum match_level level;
    float weight; /* bits for (positive) or against */
};
/* Compares two records; parts: one a column, may be NULL. certainty: the probability that both are
 * one, 0 to 1. Needs a model. */
struct match_score {
    float weight; /* bits, the prior odds in it: 0 is 50 % */
    float certainty;
};
struct match_score match_score(const struct match *m, int a, int b, struct match_part *parts);

struct match_pair {
    int32_t a, b; /* records, a < b */
    float weight, certainty;
};
struct match_pairs { /* in order of a, then b; match_pairs_free gives them back */
    struct match_pair *v;
    int64_t n;
    int64_t compared_n; /* pairs that were looked at */
};
/* All pairs that share a block and have at least this certainty. Compares every pair of a small
 * file. Deterministic; blocks of more than some hundred records are looked at in a window only. */
void match_find(struct match *m, int threads, double least_certainty, struct match_pairs *out);
void match_pairs_free(struct match_pairs *p);

/* Where to cut, by the errors that the certainties themselves announce. _f1: the certainty from
 * which pairs have the highest expected F1 among all of these. _sure: the least certainty, least to
 * most, from which at most the share `wrong` of the pairs is expected to be wrong. */
double match_threshold_f1(const struct match_pairs *pairs);
double match_threshold_sure(const struct match_pairs *pairs, double wrong, double least,
                            double most);

/* Groups by the pairs of at least this certainty, the surest first; two groups are not joined when
 * what stands between their members speaks clearly against it (chains). of[record]: number of its
 * group = its least record. */
void match_cluster(const struct match *m, const struct match_pairs *pairs, double least_certainty,
                   int32_t *of);

#endif
