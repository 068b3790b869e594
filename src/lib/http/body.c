/* See body.h. Called by server.c on the network thread (body_free on workers too); calls the file
 * system. Writes go to the page cache; a disk so slow that they block would hold up the network. */
#include "lib/http/body.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/log.h"

enum { FIRST_ROOM = 4096 };

enum status body_to_file(struct body *b, const char *temp_dir) {
    static const char tail[] = "/" BODY_FILE_PREFIX "XXXXXX";
    size_t n = strlen(temp_dir);
    b->path = malloc(n + sizeof tail);
    if (!b->path) BUG("out of memory");
    memcpy(b->path, temp_dir, n);
    memcpy(b->path + n, tail, sizeof tail);
    b->fd = mkostemp(b->path, O_CLOEXEC);
    if (b->fd >= 0) return OK;
    log_warn("no temporary file in %s: %s", temp_dir, strerror(errno));
    free(b->path);
    b->path = NULL;
    return BROKEN;
}

/* Its room is given back at once; the rest is read, so that the other end hears why. */
static void drop(struct body *b) {
    close(b->fd);
    b->fd = -1;
    unlink(b->path);
    b->lost = true;
}

static void add_to_file(struct body *b, const char *p, size_t n) {
    while (n) {
        ssize_t put = write(b->fd, p, n);
        if (put < 0 && errno == EINTR) continue;
        if (put <= 0) {
            log_warn("cannot write %s: %s", b->path, strerror(errno));
            drop(b);
            return;
        }
        p += put;
        n -= (size_t)put;
    }
}

void body_add(struct body *b, const char *p, size_t n) {
    b->n += (int64_t)n;
    if (b->n > b->max || b->lost) return;
    if (b->path) {
        add_to_file(b, p, n);
        return;
    }
    size_t had = (size_t)b->n - n;
    if (had + n > b->cap) {
        size_t cap = b->cap ? b->cap * 2 : FIRST_ROOM;
        if (cap < had + n) cap = had + n;
        if (cap > (size_t)b->max) cap = (size_t)b->max;
        b->p = realloc(b->p, cap);
        if (!b->p) BUG("out of memory: %zu bytes", cap);
        b->cap = cap;
    }
    memcpy(b->p + had, p, n);
}

enum status body_end(struct body *b) {
    if (!b->path || b->fd < 0) return OK;
    int failed = close(b->fd);
    b->fd = -1;
    return failed ? BROKEN : OK;
}

void body_free(struct body *b) {
    free(b->p);
    if (b->path) {
        if (b->fd >= 0) close(b->fd);
        unlink(b->path);
        free(b->path);
    }
    *b = (struct body){ 0 };
}

void body_sweep(const char *temp_dir) {
    DIR *dir = opendir(temp_dir);
    if (!dir) return;
    for (struct dirent *e; (e = readdir(dir));)
        if (str_starts(str_of(e->d_name), S(BODY_FILE_PREFIX))) unlinkat(dirfd(dir), e->d_name, 0);
    closedir(dir);
}

int body_open_file(const char *path, int64_t *size) {
    struct stat st;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode)) {
        *size = (int64_t)st.st_size;
        return fd;
    }
    log_warn("cannot send the file %s", path);
    if (fd >= 0) close(fd);
    return -1;
}
