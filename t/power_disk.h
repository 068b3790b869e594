/* A disk whose power fails, for tests in processes that may die: above the real one, below the
 * layer of checksums, it remembers what every sector of 512 bytes held at the last sync of its
 * file. At a random moment each sector written since is put back with probability 1/2 (a new one
 * becomes zeros or rubbish), growth is undone with probability 1/2, and the process ends.
 * (trust.md 2.2) shim_install(); before the first db_open; then disk.dice, disk.until_cut_n;
 * disk_begin(); */
#ifndef POWER_DISK_H
#define POWER_DISK_H
#include <pthread.h>
#include <unistd.h>

#include "lib/base/random.h"
#include "lib/base/status.h"
#include "vfs_shim.h"

enum { SECTOR = 512 };

struct sector {
    sqlite3_int64 at;
    bool is_new;
    char held[SECTOR];
};
struct tracked {
    sqlite3_file *below;
    struct sector *v;
    int n, cap;
    sqlite3_int64 size_then;
};
static struct {
    pthread_mutex_t lock;
    struct tracked files[2];
    int until_cut_n; /* operations */
    bool lies;
    const char *last_words; /* on stderr; may be NULL */
    struct dice dice;
} disk = { .lock = PTHREAD_MUTEX_INITIALIZER };

static struct tracked *tracked(sqlite3_file *f) {
    int flags = ((struct shim_file *)(void *)f)->flags;
    if (flags & SQLITE_OPEN_MAIN_DB) return &disk.files[0];
    return flags & SQLITE_OPEN_WAL ? &disk.files[1] : NULL;
}

static bool coin(void) {
    return dice_below(&disk.dice, 2);
}

static void cut_file(struct tracked *t) {
    sqlite3_int64 size = 0;
    char fill[SECTOR];
    if (!t->below || !t->n) return;
    for (int i = 0; i < t->n; i++) {
        if (coin()) continue;
        memset(fill, coin() ? 0xA5 : 0, sizeof fill);
        t->below->pMethods->xWrite(t->below, t->v[i].is_new ? fill : t->v[i].held, SECTOR,
                                   t->v[i].at);
    }
    t->below->pMethods->xFileSize(t->below, &size);
    if (size > t->size_then && coin()) t->below->pMethods->xTruncate(t->below, t->size_then);
}

static void count_down(void) {
    if (--disk.until_cut_n > 0) return;
    cut_file(&disk.files[0]);
    cut_file(&disk.files[1]);
    if (disk.last_words && write(2, disk.last_words, strlen(disk.last_words)) < 0) _exit(1);
    _exit(0);
}

static void remember(struct tracked *t, sqlite3_file *below, sqlite3_int64 from, int n) {
    t->below = below;
    if (!t->n) below->pMethods->xFileSize(below, &t->size_then);
    for (sqlite3_int64 at = from / SECTOR * SECTOR; at < from + n; at += SECTOR) {
        int i = t->n - 1;
        while (i >= 0 && t->v[i].at != at) i--;
        if (i >= 0) continue;
        if (t->n == t->cap) {
            t->cap = t->cap ? 2 * t->cap : 256;
            t->v = realloc(t->v, (size_t)t->cap * sizeof *t->v);
            if (!t->v) BUG("out of memory");
        }
        struct sector *s = &t->v[t->n++];
        *s = (struct sector){ .at = at, .is_new = at >= t->size_then };
        if (!s->is_new) below->pMethods->xRead(below, s->held, SECTOR, at);
    }
}

static int disk_write(sqlite3_file *f, const void *p, int n, sqlite3_int64 at) {
    struct tracked *t = tracked(f);
    sqlite3_file *below = shim_below(f);
    if (!t) return below->pMethods->xWrite(below, p, n, at);
    pthread_mutex_lock(&disk.lock);
    remember(t, below, at, n);
    int rc = below->pMethods->xWrite(below, p, n, at);
    count_down();
    pthread_mutex_unlock(&disk.lock);
    return rc;
}

static int disk_sync(sqlite3_file *f, int flags) {
    struct tracked *t = tracked(f);
    (void)flags; /* what the real disk does is of no interest here */
    pthread_mutex_lock(&disk.lock);
    count_down();
    if (t && !disk.lies) t->n = 0;
    pthread_mutex_unlock(&disk.lock);
    return SQLITE_OK;
}

static int disk_truncate(sqlite3_file *f, sqlite3_int64 size) {
    struct tracked *t = tracked(f);
    pthread_mutex_lock(&disk.lock);
    count_down();
    int rc = shim_below(f)->pMethods->xTruncate(shim_below(f), size);
    int kept = 0;
    for (int i = 0; t && i < t->n; i++)
        if (t->v[i].at < size) t->v[kept++] = t->v[i];
    if (t) t->n = kept;
    if (t && t->size_then > size) t->size_then = size;
    pthread_mutex_unlock(&disk.lock);
    return rc;
}

static int disk_close(sqlite3_file *f) {
    struct tracked *t = tracked(f);
    pthread_mutex_lock(&disk.lock);
    if (t && t->below == shim_below(f)) t->below = NULL, t->n = 0;
    int rc = shim_close(f);
    pthread_mutex_unlock(&disk.lock);
    return rc;
}

static void disk_begin(void) {
    shim_state.methods.xWrite = disk_write;
    shim_state.methods.xSync = disk_sync;
    shim_state.methods.xTruncate = disk_truncate;
    shim_state.methods.xClose = disk_close;
}

#endif
