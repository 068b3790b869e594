/* Only for features/duplicate: what is compared, the look at all, what the pages show. */
#ifndef DUPLICATE_WORK_H
#define DUPLICATE_WORK_H
#include "core/job/job.h"
#include "features/duplicate/duplicate.h"
#include "lib/match/match.h"

/* What of a client is compared; the names are those of duplicate.levels and of the model. */
enum column {
    COLUMN_GIVEN,
    COLUMN_FAMILY,
    COLUMN_FIRM,
    COLUMN_FATHER,
    COLUMN_PHONE,
    COLUMN_EMAIL,
    COLUMN_STREET,
    COLUMN_HOUSE,
    COLUMN_TOWN,
    COLUMN_POSTCODE,
    COLUMN_BIRTH,
    COLUMN_OWN_ID,
    COLUMN_KIND,
    COLUMNS_N
};
/* --- columns.c --- */
extern const struct match_column duplicate_columns[COLUMNS_N];
/* A record of the engine; texts are copied by it. */
void duplicate_feed(struct arena *a, struct match *m, const struct party *p);
/* The next clients above `after` (0: from the first), at most limit, with only what is compared. */
enum status duplicate_read(struct tx *tx, int64_t after, int limit, struct party **out,
                           int *n) MUST_USE;
/* The same of these ("[3,7]"), in order of their numbers, those in the bin too. */
enum status duplicate_read_these(struct tx *tx, struct str ids, struct party **out,
                                 int *n) MUST_USE;
/* --- model.c --- */
struct duplicate_model {
    struct match *match; /* for match_beside */
    int64_t clients;     /* among whom it was learned */
    bool learned;        /* false: there was no look yet, weigh with duplicate_standard */
};
/* That of the last look; shared by threads. Given back after use. */
enum status duplicate_model(struct ctx *c, struct duplicate_model **out) MUST_USE;
void duplicate_model_back(struct ctx *c, struct duplicate_model *m);
/* --- columns.c --- */
/* Weighs how a pair among so many clients agreed by common sense, one in twenty being there twice:
 * where nothing was learned yet. The parts keep their weights. */
struct match_score duplicate_standard(const struct match_part *parts, int64_t clients);
/* How a pair agreed, as duplicate.levels keeps it, and back. */
struct str duplicate_levels_write(struct arena *a, const struct match_part *parts);
void duplicate_levels_read(struct arena *a, struct str levels, struct match_part *parts);

/* --- words.c --- */
/* In the person's language; a and b may be NULL: then no values are named. why: what agrees, but:
 * what speaks against it. */
void duplicate_words(struct ctx *c, const struct match_part *parts, const struct party *a,
                     const struct party *b, struct str *why, struct str *but);
/* The same, each reason by itself. */
struct reasons {
    struct str v[COLUMNS_N];
    int n;
};
void duplicate_reasons(struct ctx *c, const struct match_part *parts, const struct party *a,
                       const struct party *b, struct reasons *yes, struct reasons *no);

/* --- look.c: all at once --- */
struct look {
    struct app *app;
    int bench;
    struct job *job; /* NULL: a command */
    int64_t run;     /* its row in duplicate_run; 0: made */
    int threads;
    int64_t clients_n, pairs_n, compared_n; /* what came of it */
    int64_t read_ms, train_ms, find_ms, write_ms;
};
enum status duplicate_look(struct look *l) MUST_USE;
struct look_state {
    int64_t id, at, ended_at, clients_n, done_n, pairs_n;
    struct str state; /* "waiting" "reading" "comparing" "writing" "done" "failed" */
};
/* The last one; id 0: none yet. */
enum status duplicate_last(struct ctx *c, struct look_state *out) MUST_USE;
extern const struct job_kind duplicate_jobs[1];

/* --- pairs.c --- */
struct pair {
    int64_t a, b, group, certainty, weight;
    struct str levels;
};
struct pairs {
    struct pair *v;
    int n;
};
/* How certain, in the three words that people see. */
struct duplicate_band {
    const char *code, *label, *look, *icon; /* label: msgid */
    int64_t least, below;                   /* millionths */
};
const struct duplicate_band *duplicate_band_of(int64_t certainty);
const struct duplicate_band *duplicate_band_named(struct str code); /* NULL: no such */
const struct duplicate_band *duplicate_band_at(int i);              /* NULL behind the last */
struct pair_place { /* behind which pair a page begins; certainty 0: at the first */
    int64_t certainty, a, b;
};
/* "certainty.a.b", as it stands in addresses. */
struct str pair_place_write(struct arena *a, const struct pair *p);
bool pair_place_read(struct str text, struct pair_place *to);
/* Pairs of which the reader sees both and that nobody took apart, the surest first. */
enum status pairs_list(struct ctx *c, int64_t least, int64_t below, struct pair_place after,
                       int limit, struct pairs *out) MUST_USE;
enum status pairs_before(struct ctx *c, int64_t least, int64_t below, struct pair_place before,
                         int limit, struct pairs *out) MUST_USE;
enum status pairs_of_group(struct ctx *c, int64_t group, int limit, struct pairs *out) MUST_USE;
enum status pairs_of_group_after(struct ctx *c, int64_t group, int64_t least, int64_t below,
                                 struct pair_place after, int limit, struct pairs *out) MUST_USE;
enum status pairs_of(struct ctx *c, int64_t id, int limit, struct pairs *out) MUST_USE;
enum status pairs_count(struct ctx *c, int64_t least, int64_t below, int64_t most,
                        int64_t *n) MUST_USE;
/* «Not the same», remembered for good, or no longer; a < b. */
enum status pair_set_apart(struct ctx *c, int64_t a, int64_t b, bool apart) MUST_USE;
enum status pair_put(struct ctx *c, const struct pair *p, int64_t run) MUST_USE;

/* --- command --- */
struct cli;
enum status duplicate_against_truth(struct cli *cli, int64_t least) MUST_USE;
enum status duplicate_time_near(struct cli *cli) MUST_USE;

/* --- pages --- */
struct pair_person {
    int64_t id;
    struct str name, line;
    struct url to;
    struct face face;
    bool has_mark;
    struct mark mark;
};
struct pair_view {
    struct pair_person one, other;
    struct reasons why, but;
    struct str certainty;
    struct mark band;
    int64_t a, b, group, group_n;
    struct url join, compare, all;
    struct moment at; /* of one that was taken apart: when */
    struct str who;
};
struct pair_views {
    struct pair_view *v;
    int n;
};
struct band_tab {
    struct str label, count;
    struct url to;
    bool current;
};
struct look_view {
    int64_t id, percent;
    struct str step, clients, pairs;
    bool any, runs, failed, done;
    struct moment at;
};
struct duplicates_view {
    struct pair_views pairs;
    struct {
        struct band_tab *v;
        int n;
    } bands;
    struct look_view look;
    struct str count;
    struct url prev, next, here, compare;
    bool writes, manages, apart, group, any;
    struct pair_view *undo; /* just taken apart */
};
enum status duplicate_index(struct req *r);
enum status duplicate_start(struct req *r);
enum status duplicate_progress(struct req *r);
enum status duplicate_apart(struct req *r);
enum status duplicate_together(struct req *r);
enum status duplicate_typed(struct req *r);

/* --- api.c --- */
enum status duplicates_api(struct req *r);
enum status duplicate_api_prepare(struct req *r);
enum status duplicate_api_apart(struct req *r);
enum status duplicate_api_together(struct req *r);
extern const char duplicates_api_text[], duplicate_api_apart_text[], duplicate_api_together_text[];

#endif
