/* The data folder: makes it, refuses network file systems, and holds the locks between processes.
 * Called by sqlite_db.c; calls the system only. The locks are flock(2): they belong to the open
 * file, so any thread may release what another took, and they vanish with the process. */
#include "lib/db/folder.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "lib/base/clock.h"
#include "lib/base/log.h"

static char *joined(const char *path, const char *name) {
    char *z = NULL;
    if (asprintf(&z, "%s/%s", path, name) < 0) BUG("out of memory");
    return z;
}

/* Magic numbers from linux/magic.h and the kernel's fs/smb. */
static bool is_network(const char *path) {
    static const unsigned long magics[] = { 0x6969,     0x517B,     0xFF534D42, 0xFE534D42,
                                            0x5346414F, 0x73757245, 0x00C36400 };
    struct statfs info;
    if (statfs(path, &info) != 0) return false;
    for (size_t i = 0; i < sizeof magics / sizeof *magics; i++)
        if (((unsigned long)info.f_type & 0xFFFFFFFFul) == magics[i]) return true;
    return false;
}

static enum status broken(const char *what, const char *path) {
    log_warn("%s %s: %s", what, path, strerror(errno));
    return BROKEN;
}

static enum status sync_folder(const char *path) {
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) return broken("cannot open folder", path);
    int bad = fsync(fd);
    close(fd);
    return bad ? broken("cannot sync folder", path) : OK;
}

static enum status open_lock(const struct folder *f, const char *name, int *fd) {
    char *path = joined(f->path, name);
    *fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    enum status s = *fd < 0 ? broken("cannot open lock", path) : OK;
    free(path);
    return s;
}

static enum status make_file(struct folder *f) {
    int fd = open(f->file, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0) return broken("cannot make", f->file);
    close(fd);
    return sync_folder(f->path);
}

enum status folder_open(struct folder *f, const char *path, bool create) {
    struct stat st;
    *f = (struct folder){ .write_fd = -1, .turn_fd = -1, .serve_fd = -1 };
    if (create && mkdir(path, 0700) != 0 && errno != EEXIST)
        return broken("cannot make folder", path);
    f->path = strdup(path);
    if (!f->path) BUG("out of memory");
    f->file = joined(path, "daftar.db");
    bool there = stat(f->file, &st) == 0;
    if (!there && !create) return MISSING;
    if (is_network(path)) {
        log_warn("%s lies on a network file system; the database needs a local disk", path);
        return BROKEN;
    }
    TRY(open_lock(f, "write.lock", &f->write_fd));
    TRY(open_lock(f, "turn.lock", &f->turn_fd));
    if (there) return OK;
    return make_file(f);
}

void folder_close(struct folder *f) {
    if (f->write_fd >= 0) close(f->write_fd);
    if (f->turn_fd >= 0) close(f->turn_fd);
    if (f->serve_fd >= 0) close(f->serve_fd);
    free(f->path);
    free(f->file);
}

static bool lock(int fd, int how) {
    for (;;) {
        if (flock(fd, how) == 0) return true;
        if (errno == EWOULDBLOCK) return false;
        if (errno != EINTR) BUG("flock: %s", strerror(errno));
    }
}

/* Asks again and again, because flock(2) cannot be told how long to wait: a process that was
 * stopped while it held the lock must not hang this one for ever. */
static bool lock_until(int fd, int64_t until_us) {
    useconds_t pause_us = 20;
    while (!lock(fd, LOCK_EX | LOCK_NB)) {
        if (clock_mono_us() >= until_us) return false;
        usleep(pause_us);
        if (pause_us < 500) pause_us *= 2;
    }
    return true;
}

bool folder_write_lock(struct folder *f, int wait_ms) {
    int64_t until_us = clock_mono_us() + (int64_t)wait_ms * 1000;
    if (!lock_until(f->turn_fd, until_us)) return false;
    bool locked = lock_until(f->write_fd, until_us);
    lock(f->turn_fd, LOCK_UN);
    return locked;
}

bool folder_write_try(struct folder *f) {
    return lock(f->write_fd, LOCK_EX | LOCK_NB);
}

void folder_write_unlock(struct folder *f) {
    lock(f->write_fd, LOCK_UN);
}

bool folder_others_wait(const struct folder *f) {
    if (!lock(f->turn_fd, LOCK_EX | LOCK_NB)) return true;
    lock(f->turn_fd, LOCK_UN);
    return false;
}

enum status folder_serve(struct folder *f) {
    if (f->serve_fd >= 0) return OK;
    int fd = -1;
    TRY(open_lock(f, "serve.lock", &fd));
    if (!lock(fd, LOCK_EX | LOCK_NB)) {
        close(fd);
        return CONFLICT;
    }
    f->serve_fd = fd;
    return OK;
}
