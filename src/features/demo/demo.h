/* Invented clients in four languages: the same for the same seed. */
#ifndef DEMO_H
#define DEMO_H
#include "features/party/party.h"

/* One demonstration client and what hangs on it (notes, a bond to an earlier organisation), in the
 * transaction of c. number: 0 to clients - 1. firms: ids of organisations made so far, a ring
 * of 64. */
struct demo {
    struct dice dice;
    int64_t clients, start_ms, end_ms; /* created_at runs from start to end */
    int64_t firms[64];
    int firms_n;
    int64_t tags[4][4];    /* ids by language */
    int64_t categories[4]; /* ids of the first, 0: there is none */
    const char *files;     /* folder of the file store; NULL: nobody gets files */
    int64_t people[512];   /* the last clients that are nobody's twin, a ring */
    int64_t people_n;
    struct loader *loader;
    struct { /* whom the client made last is once more; of 0: nobody */
        int64_t of, id;
        const char *what; /* "typo", "script" … */
    } last;
};
/* Categories must be there; makes the tags. */
enum status demo_begin(struct ctx *c, struct demo *d, uint64_t seed, int64_t clients) MUST_USE;
/* Small papers and a drawn photo for some of the first clients (files.c). */
enum status demo_files(struct ctx *c, const struct demo *d, enum lang lang, int64_t party,
                       bool person, int64_t number) MUST_USE;
enum { DEMO_FILES_FIRST = 60 }; /* so many of the first may have files */
/* d->loader: the way of many (core/entity/loader.h), NULL: one by one; not for those who may have
 * files, since a photo is a change of what was just written. */
enum status demo_client(struct ctx *c, struct demo *d, int64_t number) MUST_USE;

/* Somebody made earlier once more, instead of *p, who gives what is new of him; d->last says whom
 * and how (twin.c). *p stays when nobody fits. */
enum status demo_twin(struct ctx *c, struct demo *d, struct dice *dice, struct party **p) MUST_USE;

/* What more is known of some: goals, requirements, family (more.c). */
void demo_more(struct ctx *c, enum lang lang, int64_t number, int64_t today_ms, struct party *p);

#endif
