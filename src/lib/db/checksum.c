/* Page checksums: a layer between SQLite and the disk. Every page of a database ends with eight
 * bytes that were reserved when it was made; here they get a sum over the page and its number when
 * the page goes to the file, and are compared when it comes back, so that a flipped bit, a page in
 * the wrong place and a page of zeros are errors and never wrong answers (trust.md 3.3). Frames of
 * the write-ahead log carry sums already (fileformat2.html 4.3), which SQLite itself compares at
 * recovery only: here each frame is compared whenever it is read.
 * Called by SQLite; sqlite.c registers it and opens files through it. */
#include "lib/db/checksum.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sqlite3.h>

#include "lib/base/log.h"
#include "lib/base/status.h"
#include "lib/base/str.h"

enum {
    SUM_N = CHECKSUM_BYTES,
    PAGE_N = CHECKSUM_PAGE_BYTES,
    PAGE_MIN = 512,    /* the smallest that SQLite knows: what it may ask for after a flipped bit */
    WAL_HEADER_N = 32, /* of a log; its last eight bytes begin the chain of sums */
    FRAME_HEADER_N = 24, /* of a frame; its last eight bytes are its sum */
};

struct layer {
    sqlite3_vfs vfs;
    sqlite3_vfs *below;
};

struct summed {
    sqlite3_file base;
    sqlite3_file *below; /* follows in the same memory */
    const char *name;    /* SQLite's, lives as long as the file is open */
    bool is_log;
    bool compares; /* sums were written: page 1 has one */
    unsigned char *page;
    /* Of the log, in the connection that writes: a frame of the open transaction was written again
     * in place, and its sum and all behind it are old until SQLite writes their headers again. */
    sqlite3_int64 header_at, stale_from;
};

static struct summed *of(sqlite3_file *f) {
    return (struct summed *)(void *)f;
}

/* The sum that SQLite uses for its log, over 32-bit words (fileformat2.html 4.2). A single flipped
 * bit always changes it: each step is one-to-one. */
static void add_words(uint32_t sum[2], const unsigned char *p, int n, bool big_endian) {
    uint32_t a = sum[0], b = sum[1], w[2];
    for (int i = 0; i < n; i += 8) {
        memcpy(w, p + i, sizeof w);
        if (big_endian != (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__)) {
            w[0] = __builtin_bswap32(w[0]);
            w[1] = __builtin_bswap32(w[1]);
        }
        a += w[0] + b;
        b += w[1] + a;
    }
    sum[0] = a;
    sum[1] = b;
}

static uint32_t big_32(const unsigned char *p) {
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

/* Never eight zeros: those mean that nothing was written there. */
static void page_sum(const unsigned char *page, sqlite3_int64 number, unsigned char out[SUM_N]) {
    uint32_t sum[2] = { (uint32_t)number, 0x44667472 };
    add_words(sum, page, PAGE_N - SUM_N, false);
    if (!sum[0] && !sum[1]) sum[1] = 1;
    for (int i = 0; i < SUM_N; i++) out[i] = (unsigned char)(sum[i / 4] >> (8 * (i % 4)));
}

static bool all_zero(const unsigned char *p, int n) {
    for (int i = 0; i < n; i++)
        if (p[i]) return false;
    return true;
}

static bool is_page(int n, sqlite3_int64 at) {
    return n == PAGE_N && at % PAGE_N == 0;
}

/* The number of the frame whose page lies at `at`, from 0; -1 when it is no place of a page. */
static sqlite3_int64 frame_of(int n, sqlite3_int64 at) {
    sqlite3_int64 from = at - WAL_HEADER_N - FRAME_HEADER_N;
    bool page = n == PAGE_N && from >= 0 && from % (PAGE_N + FRAME_HEADER_N) == 0;
    return page ? from / (PAGE_N + FRAME_HEADER_N) : -1;
}

static int below_read(struct summed *s, void *p, int n, sqlite3_int64 at) {
    return s->below->pMethods->xRead(s->below, p, n, at);
}

static int damaged(const struct summed *s, const char *what, sqlite3_int64 number) {
    log_warn("%s: %s %lld is not what was written: the disk or another program has changed it",
             s->name ? s->name : "the database", what, (long long)number);
    return SQLITE_IOERR_DATA;
}

/* header: of the frame; chain: the sum that it goes on from. */
static bool frame_is_whole(const unsigned char chain[8], const unsigned char *header,
                           const unsigned char *page) {
    for (int big_endian = 0; big_endian < 2; big_endian++) {
        uint32_t sum[2] = { big_32(chain), big_32(chain + 4) };
        add_words(sum, header, 8, big_endian);
        add_words(sum, page, PAGE_N, big_endian);
        if (sum[0] == big_32(header + 16) && sum[1] == big_32(header + 20)) return true;
    }
    return false;
}

static int compare_frame(struct summed *s, const unsigned char *page, int n, sqlite3_int64 at) {
    unsigned char header[FRAME_HEADER_N], chain[8];
    sqlite3_int64 frame = frame_of(n, at);
    if (frame < 0 || (s->stale_from >= 0 && at >= s->stale_from)) return SQLITE_OK;
    sqlite3_int64 chain_at = frame ? at - FRAME_HEADER_N - PAGE_N - 8 : WAL_HEADER_N - 8;
    int rc = below_read(s, header, sizeof header, at - FRAME_HEADER_N);
    if (rc == SQLITE_OK) rc = below_read(s, chain, sizeof chain, chain_at);
    if (rc != SQLITE_OK) return rc;
    return frame_is_whole(chain, header, page) ? SQLITE_OK : damaged(s, "frame", frame);
}

/* Shorter reads are of the header only, whose page is compared before anything else is. A page of
 * another size is asked for when the size in the header has changed. */
static int compare_page(struct summed *s, const unsigned char *page, int n, sqlite3_int64 at) {
    unsigned char sum[SUM_N];
    if (!s->compares || n < PAGE_MIN) return SQLITE_OK;
    if (!is_page(n, at)) return damaged(s, "page", 1);
    page_sum(page, at / PAGE_N + 1, sum);
    return memcmp(sum, page + PAGE_N - SUM_N, SUM_N) ? damaged(s, "page", at / PAGE_N + 1)
                                                     : SQLITE_OK;
}

static int read_(sqlite3_file *f, void *p, int n, sqlite3_int64 at) {
    struct summed *s = of(f);
    int rc = below_read(s, p, n, at);
    /* SQLite takes what is missing at the end of a file for zeros: it never asks for a page that it
     * did not write. */
    if (rc == SQLITE_IOERR_SHORT_READ && !s->is_log && s->compares && n >= PAGE_MIN)
        return damaged(s, "page", at / n + 1);
    if (rc != SQLITE_OK) return rc;
    return s->is_log ? compare_frame(s, p, n, at) : compare_page(s, p, n, at);
}

static int write_page(struct summed *s, const void *p, int n, sqlite3_int64 at) {
    if (!is_page(n, at)) return s->below->pMethods->xWrite(s->below, p, n, at);
    if (!s->page && !(s->page = malloc(PAGE_N))) return SQLITE_IOERR_NOMEM;
    memcpy(s->page, p, PAGE_N);
    page_sum(s->page, at / PAGE_N + 1, s->page + PAGE_N - SUM_N);
    if (at == 0) s->compares = true;
    return s->below->pMethods->xWrite(s->below, s->page, n, at);
}

static void note_frame(struct summed *s, int n, sqlite3_int64 at) {
    if (n == FRAME_HEADER_N) {
        s->header_at = at;
        if (s->stale_from >= 0 && at < s->stale_from) s->stale_from = -1;
    } else if (frame_of(n, at) >= 0 && s->header_at != at - FRAME_HEADER_N) {
        if (s->stale_from < 0 || at < s->stale_from) s->stale_from = at;
    }
}

static int write_(sqlite3_file *f, const void *p, int n, sqlite3_int64 at) {
    struct summed *s = of(f);
    if (!s->is_log) return write_page(s, p, n, at);
    note_frame(s, n, at);
    return s->below->pMethods->xWrite(s->below, p, n, at);
}

static int close_(sqlite3_file *f) {
    struct summed *s = of(f);
    free(s->page);
    s->page = NULL;
    return s->below->pMethods ? s->below->pMethods->xClose(s->below) : SQLITE_OK;
}
static int truncate_(sqlite3_file *f, sqlite3_int64 n) {
    if (of(f)->is_log) of(f)->stale_from = -1;
    return of(f)->below->pMethods->xTruncate(of(f)->below, n);
}
static int sync_(sqlite3_file *f, int flags) {
    return of(f)->below->pMethods->xSync(of(f)->below, flags);
}
static int size_(sqlite3_file *f, sqlite3_int64 *n) {
    return of(f)->below->pMethods->xFileSize(of(f)->below, n);
}
static int lock_(sqlite3_file *f, int how) {
    return of(f)->below->pMethods->xLock(of(f)->below, how);
}
static int unlock_(sqlite3_file *f, int how) {
    return of(f)->below->pMethods->xUnlock(of(f)->below, how);
}
static int reserved_(sqlite3_file *f, int *out) {
    return of(f)->below->pMethods->xCheckReservedLock(of(f)->below, out);
}
static int control_(sqlite3_file *f, int op, void *arg) {
    return of(f)->below->pMethods->xFileControl(of(f)->below, op, arg);
}
static int sector_(sqlite3_file *f) {
    return of(f)->below->pMethods->xSectorSize(of(f)->below);
}
static int device_(sqlite3_file *f) {
    int can = of(f)->below->pMethods->xDeviceCharacteristics(of(f)->below);
#ifdef SQLITE_IOCAP_SUBPAGE_READ
    can &= ~SQLITE_IOCAP_SUBPAGE_READ; /* pages are compared as a whole */
#endif
    return can;
}
static int shm_map(sqlite3_file *f, int page, int size, int extend, void volatile **out) {
    return of(f)->below->pMethods->xShmMap(of(f)->below, page, size, extend, out);
}
static int shm_lock(sqlite3_file *f, int at, int n, int flags) {
    return of(f)->below->pMethods->xShmLock(of(f)->below, at, n, flags);
}
static void shm_barrier(sqlite3_file *f) {
    of(f)->below->pMethods->xShmBarrier(of(f)->below);
}
static int shm_unmap(sqlite3_file *f, int remove) {
    return of(f)->below->pMethods->xShmUnmap(of(f)->below, remove);
}

static void learn(struct summed *s) {
    unsigned char sum[SUM_N];
    s->compares = below_read(s, sum, SUM_N, PAGE_N - SUM_N) == SQLITE_OK && !all_zero(sum, SUM_N);
}

static int open_(sqlite3_vfs *vfs, const char *name, sqlite3_file *f, int flags, int *out_flags) {
    static const sqlite3_io_methods methods = {
        2,        close_,      read_,     write_,   truncate_, sync_,   size_,
        lock_,    unlock_,     reserved_, control_, sector_,   device_, shm_map,
        shm_lock, shm_barrier, shm_unmap, NULL,     NULL,
    };
    struct layer *layer = vfs->pAppData;
    struct summed *s = of(f);
    if (!(flags & (SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_WAL)))
        return layer->below->xOpen(layer->below, name, f, flags, out_flags);
    memset(s, 0, sizeof *s);
    s->below = (sqlite3_file *)(void *)(s + 1);
    memset(s->below, 0, (size_t)layer->below->szOsFile);
    s->name = name;
    s->is_log = (flags & SQLITE_OPEN_WAL) != 0;
    s->stale_from = s->header_at = -1;
    int rc = layer->below->xOpen(layer->below, name, s->below, flags, out_flags);
    if (s->below->pMethods) s->base.pMethods = &methods;
    if (rc == SQLITE_OK && !s->is_log) learn(s);
    return rc;
}

/* The layer below finds its own record by the pointer that it is called with. */
static int delete_(sqlite3_vfs *vfs, const char *name, int sync) {
    struct layer *layer = vfs->pAppData;
    return layer->below->xDelete(layer->below, name, sync);
}
static int access_(sqlite3_vfs *vfs, const char *name, int flags, int *out) {
    struct layer *layer = vfs->pAppData;
    return layer->below->xAccess(layer->below, name, flags, out);
}
static int full_path(sqlite3_vfs *vfs, const char *name, int n, char *out) {
    struct layer *layer = vfs->pAppData;
    return layer->below->xFullPathname(layer->below, name, n, out);
}

void checksum_register(void) {
    sqlite3_initialize();
    sqlite3_mutex *one = sqlite3_mutex_alloc(SQLITE_MUTEX_STATIC_APP1);
    sqlite3_mutex_enter(one);
    if (!sqlite3_vfs_find(CHECKSUM_VFS)) {
        struct layer *layer = calloc(1, sizeof *layer); /* SQLite keeps it until the process ends */
        if (!layer) BUG("out of memory");
        layer->below = sqlite3_vfs_find(NULL);
        layer->vfs = *layer->below; /* what is not about files goes straight below */
        layer->vfs.zName = CHECKSUM_VFS;
        layer->vfs.pNext = NULL;
        layer->vfs.pAppData = layer;
        layer->vfs.szOsFile = (int)sizeof(struct summed) + layer->below->szOsFile;
        layer->vfs.xOpen = open_;
        layer->vfs.xDelete = delete_;
        layer->vfs.xAccess = access_;
        layer->vfs.xFullPathname = full_path;
        if (sqlite3_vfs_register(&layer->vfs, 0) != SQLITE_OK) BUG("SQLite takes no layer");
    }
    sqlite3_mutex_leave(one);
}

bool checksum_missing(const char *file) {
    unsigned char page[PAGE_N];
    int fd = open(file, O_RDONLY | O_CLOEXEC);
    bool missing = fd >= 0 && pread(fd, page, PAGE_N, 0) == PAGE_N &&
                   !memcmp(page, "SQLite format 3", 16) && page[20] == SUM_N &&
                   all_zero(page + PAGE_N - SUM_N, SUM_N);
    if (fd >= 0) close(fd);
    return missing;
}

/* At recovery SQLite drops the log from the first bad frame on, which is right for what a power cut
 * left half written: that is the last transaction, as each is synced before the next begins. A good
 * frame behind the end of the transaction that the bad one belongs to proves that it was whole
 * once. */
int64_t checksum_log_damage(const char *log) {
    unsigned char frame[FRAME_HEADER_N + PAGE_N], head[WAL_HEADER_N], chain[8];
    int64_t at = WAL_HEADER_N, bad = -1, n = 0;
    bool ended = false, proven = false;
    int fd = open(log, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return -1;
    if (pread(fd, head, sizeof head, 0) == (ssize_t)sizeof head)
        memcpy(chain, head + 24, 8);
    else
        n = -1;
    for (; n >= 0 && !proven && pread(fd, frame, sizeof frame, at) == (ssize_t)sizeof frame; n++) {
        bool ours = !memcmp(frame + 8, head + 16, 8); /* the salts of this log, not of one before */
        bool good = ours && frame_is_whole(chain, frame, frame + FRAME_HEADER_N);
        if (bad < 0 && !good) bad = n;
        if (bad >= 0 && good && ended) proven = true;
        if (bad >= 0 && ours && big_32(frame + 4)) ended = true;
        memcpy(chain, frame + 16, 8);
        at += (int64_t)sizeof frame;
    }
    close(fd);
    return proven ? bad : -1;
}
