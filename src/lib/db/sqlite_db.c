/* An SQLite database as db.h shows it: the data folder, the readers, the one writer. Called by db.c
 * through struct driver; calls folder.c (locks between processes), group.c (locks between threads,
 * commits for many) and sqlite.c (one connection). */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/clock.h"
#include "lib/base/log.h"
#include "lib/db/folder.h"
#include "lib/db/group.h"
#include "lib/db/lite.h"

enum {
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

    struct group group;
    pthread_mutex_t lock; /* guards the next */
    uint64_t stamp;       /* counts what readers noticed of commits */
};

static struct lite_db *of(struct db *d) {
    return (struct lite_db *)d;
}

/* ---- how a batch begins and ends (group.h) ---- */

static enum status lite_group_open(struct db *base) {
    struct lite_db *d = of(base);
    if (!folder_write_lock(&d->folder, WRITE_LOCK_MS)) {
        log_warn("another process has kept %s/write.lock for %d s", d->folder.path,
                 WRITE_LOCK_MS / 1000);
        return BUSY;
    }
    enum status s = lite_do(d->writer, LITE_BEGIN_WRITE);
    if (s != OK) folder_write_unlock(&d->folder);
    return s;
}

static void lite_group_close(struct db *base) {
    folder_write_unlock(&of(base)->folder);
}

/* SQLite ends the whole transaction by itself on FULL, IOERR, NOMEM, INTERRUPT. */
static bool lite_group_alive(struct db *base) {
    return lite_in_transaction(of(base)->writer);
}

static enum status lite_group_member(struct db *base, enum point what) {
    struct lite *c = of(base)->writer;
    if (what == POINT_SAVE) return lite_do(c, LITE_MEMBER);
    if (what == POINT_KEEP) return lite_do(c, LITE_MEMBER_KEEP);
    enum status s = lite_do(c, LITE_MEMBER_BACK);
    return s == OK ? lite_do(c, LITE_MEMBER_GONE) : s;
}

static enum status lite_group_anew(struct db *base) {
    struct lite *c = of(base)->writer;
    enum status s = lite_do(c, LITE_ROLLBACK);
    return s == OK ? lite_do(c, LITE_BEGIN_WRITE) : s;
}

static enum status lite_group_refused(struct db *base) {
    return lite_keys_pending(of(base)->writer) ? CONFLICT : OK;
}

static enum status lite_group_commit(struct db *base, bool *unsure) {
    (void)unsure; /* a sync that fails ends the program */
    return lite_do(of(base)->writer, LITE_COMMIT);
}

static void lite_group_back(struct db *base) {
    struct lite *c = of(base)->writer;
    if (lite_in_transaction(c) && lite_do(c, LITE_ROLLBACK) != OK && lite_in_transaction(c))
        BUG("a transaction can neither go on nor end");
}

static enum status lite_db_write(struct db *base, struct tx *tx) {
    tx->conn = of(base)->writer;
    return group_write(&of(base)->group, tx);
}

static bool lite_db_writers_wait(struct db *base) {
    struct lite_db *d = of(base);
    return group_waiting(&d->group) || folder_others_wait(&d->folder);
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

static void checkpoint(struct db *base) {
    struct lite_db *d = of(base);
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
    struct lite_db *d = of(tx->db);
    if (tx->writes) return group_end(&d->group, tx, how);
    if (lite_in_transaction(tx->conn) && lite_do(tx->conn, LITE_ROLLBACK) != OK &&
        lite_in_transaction(tx->conn))
        BUG("a reader cannot end its snapshot");
    pool_give(&d->readers, tx->conn);
    return how;
}

static enum status after(struct tx *tx, enum status s) {
    if (s == OK) return OK;
    return tx->writes ? group_failed(&of(tx->db)->group, tx, s) : tx_fail(tx, s);
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
    group_free(&d->group);
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
    static const struct group_ops ops = {
        .open = lite_group_open,
        .close = lite_group_close,
        .alive = lite_group_alive,
        .member = lite_group_member,
        .anew = lite_group_anew,
        .refused = lite_group_refused,
        .commit = lite_group_commit,
        .back = lite_group_back,
        .committed = checkpoint,
    };
    struct lite_db *d = calloc(1, sizeof *d);
    if (!d || pthread_mutex_init(&d->lock, NULL)) BUG("out of memory");
    d->base.driver = &driver;
    group_init(&d->group, &d->base, &ops);
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
