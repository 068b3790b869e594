/* Group commit, the same on both databases: the threads of a process write one after another in
 * one open transaction, each in a savepoint of its own, and one commit makes them all durable. The
 * last who waits, the 64th, or the first to end after 5 ms commits. Called by the two drivers,
 * which say in struct group_ops how a transaction begins, goes back and ends. */
#ifndef DB_GROUP_H
#define DB_GROUP_H
#include "lib/db/driver.h"

/* All are called by the thread that has the turn, and by no other at the same time. */
struct group_ops {
    /* Keeps other processes from writing and begins a transaction. */
    enum status (*open)(struct db *d);
    /* The batch is over: other processes may write. */
    void (*close)(struct db *d);
    /* False after an error: the whole transaction is lost, not only this member's part. */
    bool (*alive)(struct db *d);
    enum status (*member)(struct db *d, enum point what);
    /* Takes all back and begins again, without letting others in between. */
    enum status (*anew)(struct db *d);
    /* What this member's part would make COMMIT refuse; OK for nothing. */
    enum status (*refused)(struct db *d);
    /* unsure: nobody can know whether it was committed. */
    enum status (*commit)(struct db *d, bool *unsure);
    void (*back)(struct db *d); /* whatever happens, no transaction is open behind it */
    void (*committed)(struct db *d);
};

struct group {
    struct db *db;
    const struct group_ops *ops;
    pthread_mutex_t lock; /* guards what follows, and the batches */
    struct group_turn *first, *last;
    int waiting_n;
    bool taken;
    pthread_t holder;
    struct group_batch *batch; /* NULL: none is open */
    int solo_n; /* so many members are committed each alone, after a batch has died */
};

void group_init(struct group *g, struct db *d, const struct group_ops *ops);
void group_free(struct group *g);
/* The driver's write, end, and what it says after a statement of a writer has failed: the last
 * gives what this member ends with, BUSY as long as the fault may be that of another member. */
enum status group_write(struct group *g, struct tx *tx) MUST_USE;
enum status group_end(struct group *g, struct tx *tx, enum status how) MUST_USE;
enum status group_failed(struct group *g, struct tx *tx, enum status s) MUST_USE;
int group_waiting(struct group *g); /* how many wait for the turn */

#endif
