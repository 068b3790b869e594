/* An SQLite database as db.h shows it: the data folder, the readers, and group commit.
 * Called by db.c through struct driver; calls folder.c (locks between processes) and sqlite.c (one
 * connection). Group commit: writers run one after another, each in a savepoint of the one open
 * batch; the last in the queue, the 64th, or the first to end after 5 ms commits for all who wait.
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/clock.h"
#include "lib/base/log.h"
#include "lib/db/folder.h"
#include "lib/db/lite.h"

enum {
    BATCH_MEMBERS_N = 64,
    BATCH_US = 5000,
    WRITE_LOCK_MS = 10000, /* for another process to end its batch */
    OPEN_LOCK_MS = 300000, /* for another starter's migrations */
    WRITER_CACHE_KIB = 16384,
    READER_CACHE_KIB = 4096, /* the first; the second half as much, and so on, but no less than */
    READER_LEAST_KIB = 1024,
    STEP_FRAMES_N = 1024,        /* 4 MiB of WAL: the server copies it into the file */
    STEP_FRAMES_OTHERS_N = 4096, /* 16 MiB: any process does; longer, and others wait for it */
    TRUNCATE_FRAMES_N = 4096,    /* 16 MiB: try to empty the WAL */
    TRUNCATE_WAIT_MS = 20,
    TRUNCATE_EVERY_US = 1000000,
};

struct batch {
    enum { OPEN, DURABLE, DEAD } state;
    int users_n;   /* threads that look at it: the writer's turn and the sleepers */
    int members_n; /* ended so far, kept or not */
    int kept_n;    /* ended with OK: what COMMIT is for */
    int64_t began_us;
    pthread_cond_t over;
};

struct turn { /* a thread that waits for the writer, on its own stack */
    struct turn *next;
    pthread_t thread;
    pthread_cond_t go;
    bool mine;
};

struct lite_db {
    struct db base;
    struct folder folder;
    struct pool readers;
    bool checkpoints;

    /* The holder of the turn alone uses these. */
    struct lite *writer;
    int checkpoint_at; /* frames in the WAL */
    int frames_seen;
    int64_t truncated_us;

    pthread_mutex_t lock; /* guards what follows, and the batches */
    struct turn *first, *last;
    bool taken;
    pthread_t holder;
    struct batch *batch; /* NULL: none is open */
    uint64_t stamp;      /* counts what readers noticed of commits */
    int solo_n;          /* so many members are committed each alone, after a batch has died */
};

static struct lite_db *of(struct db *d) {
    return (struct lite_db *)d;
}

/* ---- the writer's turn: first come, first served ---- */

static void turn_take(struct lite_db *d) {
    struct turn me = { .thread = pthread_self() };
    pthread_mutex_lock(&d->lock);
    if (d->taken && pthread_equal(d->holder, me.thread)) BUG("a write inside a write");
    if (!d->taken) {
        d->taken = true;
        d->holder = me.thread;
        pthread_mutex_unlock(&d->lock);
        return;
    }
    if (pthread_cond_init(&me.go, NULL)) BUG("no condition variable");
    if (d->last)
        d->last->next = &me;
    else
        d->first = &me;
    d->last = &me;
    while (!me.mine) pthread_cond_wait(&me.go, &d->lock);
    pthread_mutex_unlock(&d->lock);
    pthread_cond_destroy(&me.go);
}

/* With the lock held. */
static void turn_pass(struct lite_db *d) {
    struct turn *next = d->first;
    d->taken = next != NULL;
    if (!next) return;
    d->first = next->next;
    if (!d->first) d->last = NULL;
    d->holder = next->thread;
    next->mine = true;
    pthread_cond_signal(&next->go);
}

/* ---- batches ---- */

static enum status batch_open(struct lite_db *d) {
    struct batch *b = calloc(1, sizeof *b);
    if (!b || pthread_cond_init(&b->over, NULL)) BUG("out of memory");
    enum status s = BUSY;
    if (folder_write_lock(&d->folder, WRITE_LOCK_MS)) {
        s = lite_do(d->writer, LITE_BEGIN_WRITE);
        if (s != OK) folder_write_unlock(&d->folder);
    } else {
        log_warn("another process has kept %s/write.lock for %d s", d->folder.path,
                 WRITE_LOCK_MS / 1000);
    }
    if (s != OK) {
        pthread_cond_destroy(&b->over);
        free(b);
        return s;
    }
    b->state = OPEN;
    b->users_n = 1;
    b->began_us = clock_mono_us();
    d->batch = b;
    return OK;
}

/* With the lock held. */
static void batch_leave(struct batch *b) {
    if (--b->users_n) return;
    pthread_cond_destroy(&b->over);
    free(b);
}

/* The batch is over, for better or worse: everybody who sleeps on it hears it. */
static void batch_over(struct lite_db *d, bool durable) {
    struct batch *b = d->batch;
    pthread_mutex_lock(&d->lock);
    b->state = durable ? DURABLE : DEAD;
    if (durable && d->solo_n) d->solo_n--;
    if (!durable) d->solo_n = b->members_n + 1;
    d->batch = NULL;
    pthread_cond_broadcast(&b->over);
    batch_leave(b);
    pthread_mutex_unlock(&d->lock);
}

static void batch_kill(struct lite_db *d) {
    if (lite_in_transaction(d->writer) && lite_do(d->writer, LITE_ROLLBACK) != OK &&
        lite_in_transaction(d->writer))
        BUG("a transaction can neither go on nor end");
    batch_over(d, false);
}

/* After every error: SQLite ends the whole transaction by itself on FULL, IOERR, NOMEM, INTERRUPT.
 * Returns what this member ends with: BUSY as long as the fault may be that of another member. */
static enum status member_failed(struct tx *tx, enum status s) {
    struct lite_db *d = of(tx->db);
    bool alone = d->batch->kept_n == 0;
    tx_fail(tx, s);
    if (!lite_in_transaction(d->writer)) {
        tx->dead = true;
        batch_kill(d);
        if (s == CONFLICT || s == INVALID || s == TOO_BIG) tx->failed = BUSY;
    }
    if (s == BROKEN && !alone) {
        tx->failed = BUSY;
        pthread_mutex_lock(&d->lock);
        if (!d->solo_n) d->solo_n = 1;
        pthread_mutex_unlock(&d->lock);
    }
    return tx->failed;
}

static enum status lite_db_write(struct db *base, struct tx *tx) {
    struct lite_db *d = of(base);
    turn_take(d);
    tx->whole = !d->batch;
    enum status s = d->batch ? OK : batch_open(d);
    if (s == OK) {
        tx->conn = d->writer;
        if (tx->whole) return OK;
        s = lite_do(d->writer, LITE_MEMBER);
        if (s == OK) return OK;
        batch_kill(d);
        folder_write_unlock(&d->folder);
    }
    pthread_mutex_lock(&d->lock);
    turn_pass(d);
    pthread_mutex_unlock(&d->lock);
    return s;
}

/* Ends the member's savepoint. May find, or cause, the death of the batch. */
static enum status member_close(struct tx *tx, enum status how) {
    struct lite_db *d = of(tx->db);
    /* COMMIT would refuse these for the whole batch; so each member answers for its own. */
    if (how == OK && lite_keys_pending(d->writer)) how = CONFLICT;
    enum status s;
    if (tx->whole) { /* nobody is in the batch but this member: nothing kept, it ends empty */
        if (how == OK) return OK;
        s = lite_do(d->writer, LITE_ROLLBACK);
        if (s == OK) s = lite_do(d->writer, LITE_BEGIN_WRITE);
    } else if (how == OK) {
        s = lite_do(d->writer, LITE_MEMBER_KEEP);
        if (s != OK) how = s == BROKEN && d->batch->kept_n == 0 ? BROKEN : BUSY;
    } else {
        s = lite_do(d->writer, LITE_MEMBER_BACK);
        if (s == OK) s = lite_do(d->writer, LITE_MEMBER_GONE);
    }
    if (s != OK) batch_kill(d);
    return how;
}

static bool lite_db_writers_wait(struct db *base) {
    struct lite_db *d = of(base);
    pthread_mutex_lock(&d->lock);
    bool here = d->first != NULL;
    pthread_mutex_unlock(&d->lock);
    return here || folder_others_wait(&d->folder);
}

/* Versions of different connections cannot be compared: whichever reader notices a commit counts it
 * for all. A commit that came between drawing a stamp and drawing it again is always noticed, by
 * the reader of the second time or by one before it. */
static enum status lite_db_stamp(struct db *base, uint64_t *stamp) {
    struct lite_db *d = of(base);
    struct lite *c = pool_take(&d->readers);
    int64_t version = lite_ready(c) == OK ? lite_data_version(c) : -1;
    int64_t *seen = lite_seen_version(c);
    pthread_mutex_lock(&d->lock);
    if (version < 0 || version != *seen) d->stamp++;
    *seen = version;
    *stamp = d->stamp;
    pthread_mutex_unlock(&d->lock);
    pool_give(&d->readers, c);
    return version < 0 ? BUSY : OK;
}

static void checkpoint(struct lite_db *d) {
    int frames = lite_wal_frames(d->writer), left = 0;
    int step = d->checkpoints ? STEP_FRAMES_N : STEP_FRAMES_OTHERS_N;
    if (frames < d->frames_seen || !d->checkpoint_at) d->checkpoint_at = step;
    d->frames_seen = frames;
    if (frames < d->checkpoint_at) return;
    if (lite_db_writers_wait(&d->base) && frames < d->checkpoint_at + 3 * step) return;
    enum status s = lite_checkpoint(d->writer, false, 0, &left);
    int64_t now = clock_mono_us();
    if (s == OK && !left && frames >= TRUNCATE_FRAMES_N &&
        now - d->truncated_us > TRUNCATE_EVERY_US) {
        d->truncated_us = now;
        s = lite_checkpoint(d->writer, true, TRUNCATE_WAIT_MS, &left);
    }
    if (s != OK && s != BUSY) log_warn("the write-ahead log could not be copied into the file");
    d->frames_seen = lite_wal_frames(d->writer);
    d->checkpoint_at = d->frames_seen + step;
}

/* Commits for all members; what the member that does it ends with is how, or worse. */
static enum status batch_commit(struct lite_db *d, enum status how) {
    struct batch *b = d->batch;
    if (!b->kept_n) {
        if (lite_do(d->writer, LITE_ROLLBACK) != OK && lite_in_transaction(d->writer))
            BUG("ROLLBACK failed");
        batch_over(d, true);
        return how;
    }
    enum status s = lite_do(d->writer, LITE_COMMIT);
    if (s == OK) {
        batch_over(d, true);
        int full = DB_FULL;
        atomic_compare_exchange_strong(&d->base.fault, &full, DB_SOUND);
        checkpoint(d);
        return how;
    }
    bool alone = b->kept_n == 1 && how == OK;
    batch_kill(d);
    return alone ? s : BUSY;
}

/* After the batch is gone: the next writer opens another, here or in another process. */
static void writer_give_back(struct lite_db *d) {
    folder_write_unlock(&d->folder);
    pthread_mutex_lock(&d->lock);
    turn_pass(d);
    pthread_mutex_unlock(&d->lock);
}

static enum status member_end(struct tx *tx, enum status how) {
    struct lite_db *d = of(tx->db);
    if (d->batch) how = member_close(tx, how);
    struct batch *b = d->batch;
    if (!b) {
        writer_give_back(d);
        return how;
    }
    pthread_mutex_lock(&d->lock);
    b->members_n++;
    if (how == OK) b->kept_n++;
    bool commits = !d->first || b->members_n >= BATCH_MEMBERS_N || d->solo_n ||
                   clock_mono_us() - b->began_us >= BATCH_US;
    if (commits) {
        pthread_mutex_unlock(&d->lock);
        how = batch_commit(d, how);
        writer_give_back(d);
        return how;
    }
    /* A member that changed nothing still waits if it has seen what is not yet durable. */
    bool waits = b->kept_n != 0 && how != BUSY && how != BROKEN;
    if (waits) b->users_n++;
    turn_pass(d);
    if (waits) {
        while (b->state == OPEN) pthread_cond_wait(&b->over, &d->lock);
        if (b->state == DEAD) how = BUSY;
        batch_leave(b);
    }
    pthread_mutex_unlock(&d->lock);
    return how;
}

/* ---- the rest of the driver ---- */

static enum status lite_db_read(struct db *base, struct tx *tx) {
    struct lite_db *d = of(base);
    tx->conn = pool_take(&d->readers);
    enum status s = lite_ready(tx->conn);
    if (s == OK) s = lite_do(tx->conn, LITE_BEGIN);
    if (s != OK) pool_give(&d->readers, tx->conn);
    return s;
}

static enum status lite_db_end(struct tx *tx, enum status how) {
    lite_deadline(tx->conn, 0);
    if (tx->writes) return member_end(tx, how);
    struct lite_db *d = of(tx->db);
    if (lite_in_transaction(tx->conn) && lite_do(tx->conn, LITE_ROLLBACK) != OK &&
        lite_in_transaction(tx->conn))
        BUG("a reader cannot end its snapshot");
    pool_give(&d->readers, tx->conn);
    return how;
}

static enum status after(struct tx *tx, enum status s) {
    if (s == OK) return OK;
    return tx->writes ? member_failed(tx, s) : tx_fail(tx, s);
}

static enum status lite_db_query(struct tx *tx, const struct statement *st, struct rows *rows,
                                 const struct param *p, int n) {
    return after(tx, lite_query(tx->conn, st, tx->arena, rows, p, n, &tx->changed));
}

static enum status lite_db_each(struct tx *tx, const struct statement *st, const struct param *p,
                                int n, bool (*row)(void *arg, const struct cell *cells),
                                void *arg) {
    return after(tx, lite_each(tx->conn, st, p, n, row, arg));
}

static enum status lite_db_deadline(struct tx *tx, int ms) {
    lite_deadline(tx->conn, ms ? clock_mono_us() + (int64_t)ms * 1000 : 0);
    return OK;
}

static int64_t lite_db_new_id(const struct tx *tx) {
    return lite_new_id(tx->conn);
}

static enum status lite_db_point(struct tx *tx, enum point what) {
    if (what == POINT_SAVE) return after(tx, lite_do(tx->conn, LITE_POINT));
    if (what == POINT_BACK) TRY(after(tx, lite_do(tx->conn, LITE_POINT_BACK)));
    return after(tx, lite_do(tx->conn, LITE_POINT_KEEP));
}

static enum status lite_db_script(struct tx *tx, struct str text, struct str *why) {
    return after(tx, lite_script(tx->conn, tx->arena, text, why));
}

/* write.lock is held already. */
static enum status lite_db_migration_lock(struct tx *tx) {
    return tx->writes ? OK : BROKEN;
}

static enum status lite_db_prepare(struct tx *tx, struct str text, struct str *why) {
    return lite_prepare(tx->conn, tx->arena, text, why);
}

static enum status lite_db_check(struct tx *tx, struct strs *out) {
    return lite_check(tx->conn, tx->arena, out);
}

static enum status lite_db_serve_lock(struct db *base) {
    return folder_serve(&of(base)->folder);
}

/* ---- copies ---- */

static bool same_file(const char *a, const char *b) {
    struct stat sa, sb;
    return stat(a, &sa) == 0 && stat(b, &sb) == 0 && sa.st_dev == sb.st_dev &&
           sa.st_ino == sb.st_ino;
}

static enum status copy_failed(const char *what, const char *path) {
    log_warn("%s %s: %s", what, path, strerror(errno));
    return BROKEN;
}

static enum status copy_check(const char *part) {
    struct arena *a = arena_new();
    struct strs problems = { 0 };
    enum status s = lite_check_file(part, a, &problems);
    for (int i = 0; i < problems.n; i++) log_warn("the copy: %.*s", SF(problems.v[i]));
    if (s == OK && problems.n) s = BROKEN;
    arena_free(a);
    return s;
}

static enum status sync_path(const char *path, int flags) {
    int fd = open(path, flags | O_CLOEXEC);
    if (fd < 0) return copy_failed("cannot open", path);
    int bad = fsync(fd);
    enum status s = bad ? copy_failed("cannot sync", path) : OK;
    close(fd);
    return s;
}

static enum status copy_publish(const char *part, const char *to) {
    TRY(copy_check(part));
    TRY(sync_path(part, O_RDONLY));
    if (rename(part, to) != 0) return copy_failed("cannot rename to", to);
    struct str folder = str_of(to);
    while (folder.n && folder.p[folder.n - 1] != '/') folder.n--;
    char *z = folder.n ? strndup(folder.p, folder.n) : strdup(".");
    if (!z) BUG("out of memory");
    enum status s = sync_path(z, O_RDONLY | O_DIRECTORY);
    free(z);
    return s;
}

static enum status lite_db_copy(struct db *base, const char *to) {
    struct lite_db *d = of(base);
    struct lite *reader = NULL;
    char *part = NULL;
    if (same_file(d->folder.file, to)) {
        log_warn("%s is the database itself", to);
        return CONFLICT;
    }
    if (asprintf(&part, "%s.part", to) < 0) BUG("out of memory");
    unlink(part);
    int fd = open(part, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    enum status s = fd < 0 ? copy_failed("cannot make", part) : OK;
    if (fd >= 0) close(fd);
    /* A connection of its own: a page cache of the readers' size would be lost to them otherwise.
     */
    if (s == OK) s = lite_open(&reader, d->folder.file, LITE_READER, 1024, &base->fault);
    if (s == OK) s = lite_copy(reader, part);
    lite_close(reader);
    if (s == OK) s = copy_publish(part, to);
    if (s != OK) unlink(part);
    free(part);
    return s;
}

/* ---- opening and closing ---- */

static void lite_db_close(struct db *base) {
    struct lite_db *d = of(base);
    if (d->taken) BUG("a database was closed in use");
    for (int i = 0; i < d->readers.all_n; i++) lite_close(pool_take(&d->readers));
    if (d->writer && folder_write_try(&d->folder)) {
        int left = 0;
        enum status s = lite_checkpoint(d->writer, true, 0, &left);
        if (s != OK && s != BUSY) log_warn("the write-ahead log could not be emptied");
        folder_write_unlock(&d->folder);
    }
    lite_close(d->writer);
    folder_close(&d->folder);
    pool_free(&d->readers);
    pthread_mutex_destroy(&d->lock);
    free(d);
}

static enum status open_all(struct lite_db *d, const struct db_config *config) {
    TRY(folder_open(&d->folder, config->where, config->create));
    lite_start();
    if (!folder_write_lock(&d->folder, OPEN_LOCK_MS)) {
        log_warn("another process keeps %s/write.lock", d->folder.path);
        return BUSY;
    }
    enum status s =
        lite_open(&d->writer, d->folder.file, LITE_WRITER, WRITER_CACHE_KIB, &d->base.fault);
    folder_write_unlock(&d->folder);
    TRY(s);
    int n = config->readers > 0 ? config->readers : 1;
    /* The last given is the first taken: as many get opened as have ever read at once, and the
     * first does nearly all of the work. */
    for (int i = n - 1; i >= 0; i--) {
        int cache = i < 8 ? READER_CACHE_KIB >> i : 0;
        if (cache < READER_LEAST_KIB) cache = READER_LEAST_KIB;
        pool_add(&d->readers, lite_later(d->folder.file, cache, &d->base.fault));
    }
    struct lite *c = pool_take(&d->readers);
    s = lite_ready(c); /* whatever is wrong with reading is said now */
    pool_give(&d->readers, c);
    return s;
}

enum status sqlite_db_open(struct db **out, const struct db_config *config) {
    static const struct driver driver = {
        .pg = false,
        .close = lite_db_close,
        .read = lite_db_read,
        .write = lite_db_write,
        .end = lite_db_end,
        .query = lite_db_query,
        .each = lite_db_each,
        .deadline = lite_db_deadline,
        .new_id = lite_db_new_id,
        .point = lite_db_point,
        .script = lite_db_script,
        .migration_lock = lite_db_migration_lock,
        .prepare = lite_db_prepare,
        .copy = lite_db_copy,
        .check = lite_db_check,
        .writers_wait = lite_db_writers_wait,
        .stamp = lite_db_stamp,
        .serve_lock = lite_db_serve_lock,
    };
    struct lite_db *d = calloc(1, sizeof *d);
    if (!d || pthread_mutex_init(&d->lock, NULL)) BUG("out of memory");
    d->base.driver = &driver;
    d->checkpoints = config->checkpoints;
    pool_init(&d->readers, config->readers > 0 ? config->readers : 1);
    enum status s = open_all(d, config);
    if (s != OK) {
        lite_db_close(&d->base);
        return s;
    }
    *out = &d->base;
    return OK;
}
