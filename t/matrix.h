/* The book of the tests of rights (trust.md T-05, T-12 to T-15, T-28): people of every kind,
 * clients of every owner, and for each address with {id} what its id is. A new route with {id} gets
 * a line in matrix.c, or test_matrix says so. Include it after cmocka.h. */
#ifndef MATRIX_H
#define MATRIX_H
#include "core/web/req.h"
#include "served.h"

enum {
    NOBODY,
    READER,
    ACCOUNTANT,
    OWN,  /* a member who sees his own clients */
    TEAM, /* a member who sees his team's */
    MEMBER,
    MANAGER,
    OWNER,
    GONE,    /* an owner whose access was ended */
    REVOKED, /* an owner whose token and sessions were ended */
    PEOPLE_N
};
extern const char *const people[PEOPLE_N];
extern const enum role roles[PEOPLE_N];

/* Whose it is. HIDDEN: about MINE, but private to MEMBER (a note, its change), or half hidden (a
 * bond with the organisation of THEIRS). */
enum { MINE, TEAMS, THEIRS, BINNED, HIDDEN, ABSENT, RECORDS_N };
extern const char *const records[RECORDS_N];

/* Words that stand in one place only: who reads one anywhere may see that place. */
enum needle {
    N_MINE,   /* name of MINE */
    N_TEAMS,  /* of TEAMS */
    N_THEIRS, /* of THEIRS */
    N_FIRM,   /* of the organisation of THEIRS, where MINE works too */
    N_FIELD,  /* private notes (the field) of MINE */
    N_NOTE,   /* MEMBER's private note on MINE */
    N_OLD,    /* what that note said before it was private */
    N_BINNED, /* name of BINNED */
    N_FILE,   /* name of the file that OWNER imported */
    NEEDLES_N
};
extern const char *const needles[NEEDLES_N];
bool may_read(int who, enum needle n);

struct kind_ids {
    int64_t id[RECORDS_N]; /* 0: there is none of that sort */
    bool (*sees)(int who, int record);
};
struct book {
    struct served s;
    struct served_who who[PEOPLE_N];
    int64_t member[PEOPLE_N]; /* their ids */
    int64_t team;
    struct kind_ids party, note, bond, file, batch, change, import, notice, session, token,
        member_ids, team_ids, category, tag, view, segment, custom, bulk, purchase, merge, rule;
};
void book_open(struct book *b, bool pg, struct hasher *h);
void book_close(struct book *b);

/* What the {id} of this pattern is; plural: of which entity, for API routes with {entity}. NULL
 * when the pattern has no {id}; the test fails when nobody said what it is. */
const struct kind_ids *book_ids(const struct book *b, const char *pattern, const char *plural);
/* The address with the id in it. */
const char *book_target(struct arena *a, const char *pattern, const char *plural, int64_t id);
/* The route asked by somebody, with a body that would do something. */
struct answered book_ask(struct book *b, const struct route *t, const char *plural, int who,
                         int64_t id);
struct answered book_get(struct book *b, int who, const char *target);
struct answered book_post(struct book *b, int who, const char *target, const char *form);
struct answered book_json(struct book *b, int who, const char *verb, const char *target,
                          const char *json);
bool book_has(struct str body, const char *word);

#endif
