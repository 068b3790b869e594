/* Group commit (group.h): the queue of a process's writers, and the batch in which they write.
 * Called by sqlite_db.c and postgres.c; calls them back through struct group_ops. After a batch has
 * died, as many members as it had are committed each alone, so that a fault is answered by the one
 * whose fault it is. */
#include "lib/db/group.h"

#include "lib/base/clock.h"
#include "lib/base/log.h"

enum { MEMBERS_N = 64, BATCH_US = 5000 };

struct group_batch {
    enum { OPEN, DURABLE, DEAD, UNSURE } state;
    int users_n;   /* threads that look at it: the writer's turn and the sleepers */
    int members_n; /* ended so far, kept or not */
    int kept_n;    /* ended with OK: what COMMIT is for */
    int64_t began_us;
    pthread_cond_t over;
};

struct group_turn { /* a thread that waits for the writer, on its own stack */
    struct group_turn *next;
    pthread_t thread;
    pthread_cond_t go;
    bool mine;
};

void group_init(struct group *g, struct db *d, const struct group_ops *ops) {
    *g = (struct group){ .db = d, .ops = ops };
    if (pthread_mutex_init(&g->lock, NULL)) BUG("no mutex");
}

void group_free(struct group *g) {
    if (g->taken) BUG("a database was closed in use");
    pthread_mutex_destroy(&g->lock);
}

/* ---- the writer's turn: first come, first served ---- */

static void turn_take(struct group *g) {
    struct group_turn me = { .thread = pthread_self() };
    pthread_mutex_lock(&g->lock);
    if (g->taken && pthread_equal(g->holder, me.thread)) BUG("a write inside a write");
    if (!g->taken) {
        g->taken = true;
        g->holder = me.thread;
        pthread_mutex_unlock(&g->lock);
        return;
    }
    if (pthread_cond_init(&me.go, NULL)) BUG("no condition variable");
    if (g->last)
        g->last->next = &me;
    else
        g->first = &me;
    g->last = &me;
    g->waiting_n++;
    while (!me.mine) pthread_cond_wait(&me.go, &g->lock);
    pthread_mutex_unlock(&g->lock);
    pthread_cond_destroy(&me.go);
}

/* With the lock held. */
static void turn_pass(struct group *g) {
    struct group_turn *next = g->first;
    g->taken = next != NULL;
    if (!next) return;
    g->first = next->next;
    if (!g->first) g->last = NULL;
    g->waiting_n--;
    g->holder = next->thread;
    next->mine = true;
    pthread_cond_signal(&next->go);
}

int group_waiting(struct group *g) {
    pthread_mutex_lock(&g->lock);
    int n = g->waiting_n;
    pthread_mutex_unlock(&g->lock);
    return n;
}

/* After the batch is gone: the next writer opens another, here or in another process. */
static void turn_give_back(struct group *g) {
    g->ops->close(g->db);
    pthread_mutex_lock(&g->lock);
    turn_pass(g);
    pthread_mutex_unlock(&g->lock);
}

/* ---- batches ---- */

static enum status batch_open(struct group *g) {
    struct group_batch *b = calloc(1, sizeof *b);
    if (!b || pthread_cond_init(&b->over, NULL)) BUG("out of memory");
    enum status s = g->ops->open(g->db);
    if (s != OK) {
        pthread_cond_destroy(&b->over);
        free(b);
        return s;
    }
    b->state = OPEN;
    b->users_n = 1;
    b->began_us = clock_mono_us();
    g->batch = b;
    return OK;
}

/* With the lock held. */
static void batch_leave(struct group_batch *b) {
    if (--b->users_n) return;
    pthread_cond_destroy(&b->over);
    free(b);
}

/* The batch is over, for better or worse: everybody who sleeps on it hears it. */
static void batch_over(struct group *g, int state) {
    struct group_batch *b = g->batch;
    pthread_mutex_lock(&g->lock);
    b->state = state;
    if (state == DURABLE && g->solo_n) g->solo_n--;
    if (state == DEAD) g->solo_n = b->members_n + 1;
    g->batch = NULL;
    pthread_cond_broadcast(&b->over);
    batch_leave(b);
    pthread_mutex_unlock(&g->lock);
}

static void batch_kill(struct group *g) {
    g->ops->back(g->db);
    batch_over(g, DEAD);
}

enum status group_failed(struct group *g, struct tx *tx, enum status s) {
    if (s == OK) return OK;
    bool alone = g->batch->kept_n == 0;
    tx_fail(tx, s);
    if (!g->ops->alive(g->db)) {
        tx->dead = true;
        batch_kill(g);
        if (s == CONFLICT || s == INVALID || s == TOO_BIG) tx->failed = BUSY;
    }
    if (s == BROKEN && !alone) {
        tx->failed = BUSY;
        pthread_mutex_lock(&g->lock);
        if (!g->solo_n) g->solo_n = 1;
        pthread_mutex_unlock(&g->lock);
    }
    return tx->failed;
}

enum status group_write(struct group *g, struct tx *tx) {
    turn_take(g);
    tx->whole = !g->batch;
    enum status s = g->batch ? OK : batch_open(g);
    if (s == OK) {
        if (tx->whole) return OK;
        s = g->ops->member(g->db, POINT_SAVE);
        if (s == OK) return OK;
        batch_kill(g);
        g->ops->close(g->db);
    }
    pthread_mutex_lock(&g->lock);
    turn_pass(g);
    pthread_mutex_unlock(&g->lock);
    return s;
}

/* Ends the member's savepoint. May find, or cause, the death of the batch. */
static enum status member_close(struct group *g, struct tx *tx, enum status how) {
    /* COMMIT would refuse these for the whole batch; so each member answers for its own. */
    if (how == OK) how = g->ops->refused(g->db);
    bool alone = g->batch->kept_n == 0;
    enum status s;
    if (tx->whole) { /* nobody is in the batch but this member: nothing kept, it ends empty */
        if (how == OK) return OK;
        s = g->ops->anew(g->db);
    } else {
        s = g->ops->member(g->db, how == OK ? POINT_KEEP : POINT_BACK);
        if (s != OK && how == OK) how = s == BROKEN && alone ? BROKEN : BUSY;
    }
    if (s == OK) return how;
    batch_kill(g);
    return alone ? how : BUSY; /* what it has seen of the others is not there any more */
}

/* Commits for all members; what the member that does it ends with is how, or worse. */
static enum status batch_commit(struct group *g, enum status how) {
    struct group_batch *b = g->batch;
    bool alone = b->kept_n == 1 && how == OK, unsure = false;
    if (!b->kept_n) {
        g->ops->back(g->db);
        batch_over(g, DURABLE);
        return how;
    }
    enum status s = g->ops->commit(g->db, &unsure);
    if (s == OK) {
        batch_over(g, DURABLE);
        int full = DB_FULL;
        atomic_compare_exchange_strong(&g->db->fault, &full, DB_SOUND);
        g->ops->committed(g->db);
        return how;
    }
    g->ops->back(g->db);
    batch_over(g, unsure ? UNSURE : DEAD);
    return unsure ? BROKEN : alone ? s : BUSY;
}

/* With the lock held: sleeps until the batch is over. */
static enum status batch_wait(struct group *g, struct group_batch *b, enum status how) {
    while (b->state == OPEN) pthread_cond_wait(&b->over, &g->lock);
    if (b->state == DEAD) how = BUSY;
    if (b->state == UNSURE) how = BROKEN;
    batch_leave(b);
    return how;
}

enum status group_end(struct group *g, struct tx *tx, enum status how) {
    if (g->batch) how = member_close(g, tx, how);
    struct group_batch *b = g->batch;
    if (!b) {
        turn_give_back(g);
        return how;
    }
    pthread_mutex_lock(&g->lock);
    b->members_n++;
    if (how == OK) b->kept_n++;
    bool commits = !g->first || b->members_n >= MEMBERS_N || g->solo_n ||
                   clock_mono_us() - b->began_us >= BATCH_US;
    if (commits) {
        pthread_mutex_unlock(&g->lock);
        how = batch_commit(g, how);
        turn_give_back(g);
        return how;
    }
    /* A member that changed nothing still waits if it has seen what is not yet durable. */
    bool waits = b->kept_n != 0 && how != BUSY && how != BROKEN;
    if (waits) b->users_n++;
    turn_pass(g);
    if (waits) how = batch_wait(g, b, how);
    pthread_mutex_unlock(&g->lock);
    return how;
}
