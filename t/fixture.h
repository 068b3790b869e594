/* What unit tests share: a temporary database of either kind with its schema, a context to work in,
 * and the list of databases to run on. Include it after cmocka.h. */
#ifndef FIXTURE_H
#define FIXTURE_H
#include "core/entity/store.h"

struct fixture {
    char dir[64];
    bool pg;
    struct db *db;
    struct arena *arena;
    struct locale loc;
    struct collator *collator;
    struct ctx c;
};
/* A fresh database with firm 1 (Persian alphabet unless set otherwise) and members 1 owner, 2
 * manager, 3 member, 4 reader. On PostgreSQL a schema of its own in $DAFTAR_TEST_PG. */
void fixture_open(struct fixture *f, bool pg);
void fixture_close(struct fixture *f);
bool fixture_has_pg(void); /* false: say so and skip */
/* Begins work as a member; ends it. The arena is reset at begin. */
struct ctx *fixture_begin(struct fixture *f, bool write, int64_t member, enum role role);
enum status fixture_end(struct fixture *f, enum status how);
void fixture_fold(struct fixture *f); /* folds all pending search rows */

#endif
