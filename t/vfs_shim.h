/* A layer between SQLite and the disk for tests: counts syncs, and fails writes or syncs on demand.
 * shim_install() makes it the default of the process; do it before the first db_open. */
#ifndef VFS_SHIM_H
#define VFS_SHIM_H
#include <sqlite3.h>
#include <stdatomic.h>
#include <string.h>

struct shim {
    sqlite3_vfs vfs, *below;
    sqlite3_io_methods methods;
    atomic_int syncs_n;
    atomic_int write_error; /* every write to the WAL or the database fails with this */
    atomic_int sync_error;  /* every sync does */
};
struct shim_file {
    sqlite3_file base;
    int flags;
    sqlite3_file *below; /* follows in the same memory */
};

static struct shim shim_state; /* one a process, as the default VFS is */

static inline sqlite3_file *shim_below(sqlite3_file *f) {
    return ((struct shim_file *)(void *)f)->below;
}
static inline int shim_close(sqlite3_file *f) {
    sqlite3_file *b = shim_below(f);
    return b->pMethods ? b->pMethods->xClose(b) : SQLITE_OK;
}
static inline int shim_read(sqlite3_file *f, void *p, int n, sqlite3_int64 at) {
    return shim_below(f)->pMethods->xRead(shim_below(f), p, n, at);
}
static inline int shim_write(sqlite3_file *f, const void *p, int n, sqlite3_int64 at) {
    int flags = ((struct shim_file *)(void *)f)->flags;
    int error = atomic_load(&shim_state.write_error);
    if (error && flags & (SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_DB)) return error;
    return shim_below(f)->pMethods->xWrite(shim_below(f), p, n, at);
}
static inline int shim_truncate(sqlite3_file *f, sqlite3_int64 n) {
    return shim_below(f)->pMethods->xTruncate(shim_below(f), n);
}
static inline int shim_sync(sqlite3_file *f, int flags) {
    int error = atomic_load(&shim_state.sync_error);
    atomic_fetch_add(&shim_state.syncs_n, 1);
    return error ? error : shim_below(f)->pMethods->xSync(shim_below(f), flags);
}
static inline int shim_size(sqlite3_file *f, sqlite3_int64 *n) {
    return shim_below(f)->pMethods->xFileSize(shim_below(f), n);
}
static inline int shim_lock(sqlite3_file *f, int how) {
    return shim_below(f)->pMethods->xLock(shim_below(f), how);
}
static inline int shim_unlock(sqlite3_file *f, int how) {
    return shim_below(f)->pMethods->xUnlock(shim_below(f), how);
}
static inline int shim_reserved(sqlite3_file *f, int *out) {
    return shim_below(f)->pMethods->xCheckReservedLock(shim_below(f), out);
}
static inline int shim_control(sqlite3_file *f, int op, void *arg) {
    return shim_below(f)->pMethods->xFileControl(shim_below(f), op, arg);
}
static inline int shim_sector(sqlite3_file *f) {
    return shim_below(f)->pMethods->xSectorSize(shim_below(f));
}
static inline int shim_device(sqlite3_file *f) {
    return shim_below(f)->pMethods->xDeviceCharacteristics(shim_below(f));
}
static inline int shim_shm_map(sqlite3_file *f, int page, int size, int extend,
                               void volatile **out) {
    return shim_below(f)->pMethods->xShmMap(shim_below(f), page, size, extend, out);
}
static inline int shim_shm_lock(sqlite3_file *f, int at, int n, int flags) {
    return shim_below(f)->pMethods->xShmLock(shim_below(f), at, n, flags);
}
static inline void shim_shm_barrier(sqlite3_file *f) {
    shim_below(f)->pMethods->xShmBarrier(shim_below(f));
}
static inline int shim_shm_unmap(sqlite3_file *f, int remove) {
    return shim_below(f)->pMethods->xShmUnmap(shim_below(f), remove);
}

static inline int shim_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *f, int flags,
                            int *out_flags) {
    struct shim_file *s = (struct shim_file *)(void *)f;
    (void)vfs;
    memset(s, 0, sizeof *s);
    s->below = (sqlite3_file *)(void *)(s + 1);
    s->flags = flags;
    memset(s->below, 0, sizeof *s->below);
    int rc = shim_state.below->xOpen(shim_state.below, name, s->below, flags, out_flags);
    if (rc == SQLITE_OK) s->base.pMethods = &shim_state.methods;
    return rc;
}
static inline int shim_delete(sqlite3_vfs *vfs, const char *name, int sync) {
    (void)vfs;
    return shim_state.below->xDelete(shim_state.below, name, sync);
}

static inline void shim_install(void) {
    struct shim *s = &shim_state;
    if (s->below) return;
    s->below = sqlite3_vfs_find(NULL);
    s->vfs = *s->below; /* everything that is not about files goes straight below */
    s->vfs.zName = "shim";
    s->vfs.pNext = NULL;
    s->vfs.szOsFile = (int)sizeof(struct shim_file) + s->below->szOsFile;
    s->vfs.xOpen = shim_open;
    s->vfs.xDelete = shim_delete;
    s->methods = (sqlite3_io_methods){
        2,           shim_close,   shim_read,     shim_write,       shim_truncate,  shim_sync,
        shim_size,   shim_lock,    shim_unlock,   shim_reserved,    shim_control,   shim_sector,
        shim_device, shim_shm_map, shim_shm_lock, shim_shm_barrier, shim_shm_unmap, NULL,
        NULL,
    };
    sqlite3_vfs_register(&s->vfs, 1);
}

#endif
