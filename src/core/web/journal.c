/* The journal of reads (journal.h): a bounded queue in memory, one thread that writes and syncs.
 * Called by pages and API after they have shown a record, by serve and check. */
#include "core/web/journal_in.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/app/secret.h"
#include "lib/base/buf.h"
#include "lib/base/clock.h"
#include "lib/base/log.h"

enum { SETTLE_S = 2, QUEUE_N = 65536, FILE_MAX = 64 << 20, ADDRESS_MAX = 48 };

struct note {
    int64_t at_ms, member, id;
    const char *entity; /* static */
    enum door door;
    const char *how; /* static: "" "list-" "out-" "export-" (id is then how many) "event-" */
    char *address;   /* of events: on the heap until the line is written */
};
struct journal {
    pthread_mutex_t lock;
    pthread_cond_t more, room;
    struct note *queue;
    int64_t head, tail; /* counted on and on: tail - head notes wait */
    bool stop;
    bool hurry;       /* somebody waits for what is noted */
    atomic_bool full; /* the disk */
    pthread_t thread;
    /* the thread's own */
    char folder[4096];
    int fd;
    int month; /* 202611 */
    int number;
    int64_t size;
    char last[JOURNAL_HEX_N + 1]; /* digest of the last line; zeros before the first */
};

/* --- Lines --- */

static void digest(char to[JOURNAL_HEX_N + 1], const char *before, struct str line) {
    static const char hex[] = "0123456789abcdef";
    struct sha256 h;
    unsigned char out[SHA256_N];
    sha256_begin(&h);
    sha256_add(&h, (struct str){ before, JOURNAL_HEX_N });
    sha256_add(&h, line);
    sha256_end(&h, out);
    for (int i = 0; i < SHA256_N; i++) {
        to[2 * i] = hex[out[i] >> 4];
        to[2 * i + 1] = hex[out[i] & 15];
    }
    to[JOURNAL_HEX_N] = 0;
}

static int month_of(int64_t ms) {
    struct tm tm;
    time_t s = (time_t)(ms / 1000);
    gmtime_r(&s, &tm);
    return (tm.tm_year + 1900) * 100 + tm.tm_mon + 1;
}

static void add_line(struct journal *j, struct buf *b, const struct note *n) {
    struct tm tm;
    time_t s = (time_t)(n->at_ms / 1000);
    char line[JOURNAL_LINE_MAX];
    gmtime_r(&s, &tm);
    int len =
        snprintf(line, sizeof line, "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ %lld %s %s%s %lld %s%s",
                 tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec,
                 (int)(n->at_ms % 1000), (long long)n->member, door_code(n->door), n->how,
                 n->entity, (long long)n->id, n->address ? n->address : "", n->address ? " " : "");
    if (len < 0 || len >= (int)sizeof line) BUG("a line of the journal is too long");
    struct str text = { line, (size_t)len };
    digest(j->last, j->last, text);
    buf_add(b, text);
    buf_add(b, (struct str){ j->last, JOURNAL_HEX_N });
    buf_add_c(b, '\n');
}

/* --- Files --- */

static bool is_ours(const char *name) { /* reads-202611-0001.log */
    struct str s = str_of(name);
    return s.n == 21 && str_starts(s, S("reads-")) && s.p[12] == '-' && str_ends(s, S(".log"));
}

static int by_name(const void *a, const void *b) {
    return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

enum status journal_files(struct arena *a, const char *folder, struct strs *out) {
    DIR *d = opendir(folder);
    int cap = 0;
    *out = (struct strs){ .n = 0 };
    if (!d) {
        log_warn("journal: cannot read %s: %s", folder, strerror(errno));
        return BROKEN;
    }
    for (struct dirent *e; (e = readdir(d));) {
        if (!is_ours(e->d_name)) continue;
        if (out->n == cap) {
            int more = cap ? cap * 2 : 16;
            out->v =
                arena_grow(a, out->v, (size_t)cap * sizeof *out->v, (size_t)more * sizeof *out->v);
            cap = more;
        }
        out->v[out->n++] = str_dup(a, str_of(e->d_name));
    }
    closedir(d);
    if (out->n) qsort(out->v, (size_t)out->n, sizeof *out->v, by_name);
    return OK;
}

static enum status fails(const char *what, const char *name) {
    log_warn("journal: cannot %s %s: %s", what, name, strerror(errno));
    return BROKEN;
}

static enum status open_file(struct journal *j) {
    char path[4200];
    snprintf(path, sizeof path, "%s/reads-%06d-%04d.log", j->folder, j->month, j->number);
    if (j->fd >= 0) close(j->fd);
    j->fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (j->fd < 0) return fails("open", path);
    int dir = open(j->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (dir >= 0) {
        if (fsync(dir) != 0) log_warn("journal: cannot sync %s", j->folder);
        close(dir);
    }
    return OK;
}

/* The end of the last file: its last whole line gives the digest; a torn one is cut off. */
static enum status find_end(struct journal *j, const char *path) {
    int fd = open(path, O_RDWR | O_CLOEXEC);
    if (fd < 0) return fails("open", path);
    struct stat st;
    if (fstat(fd, &st) != 0) {
        close(fd);
        return fails("read", path);
    }
    enum { TAIL = JOURNAL_LINE_MAX + JOURNAL_HEX_N + 2 };
    char tail[TAIL];
    off_t from = st.st_size > TAIL ? st.st_size - TAIL : 0;
    ssize_t n = pread(fd, tail, TAIL, from);
    ssize_t end = n < 0 ? 0 : n;
    while (end > 0 && tail[end - 1] != '\n') end--;
    enum status s = n < 0 ? fails("read", path) : OK;
    if (s == OK && end < n && ftruncate(fd, from + end) != 0) s = fails("mend", path);
    if (s == OK && end > JOURNAL_HEX_N)
        memcpy(j->last, tail + end - 1 - JOURNAL_HEX_N, JOURNAL_HEX_N);
    j->size = from + end;
    close(fd);
    return s;
}

static enum status find_chain(struct journal *j) {
    struct arena *a = arena_new();
    struct strs files;
    enum status s = journal_files(a, j->folder, &files);
    memset(j->last, '0', JOURNAL_HEX_N);
    j->month = month_of(clock_now_ms());
    j->number = 1;
    for (int i = files.n - 1; s == OK && i >= 0; i--) {
        struct str path = str_printf(a, "%s/%.*s", j->folder, SF(files.v[i]));
        int64_t month = 0, number = 0;
        if (i == files.n - 1) {
            (void)str_to_i64(str_sub(files.v[i], 6, 6), &month);
            (void)str_to_i64(str_sub(files.v[i], 13, 4), &number);
            j->month = (int)month;
            j->number = (int)number;
        }
        int64_t size = j->size;
        s = find_end(j, path.p);
        if (j->size > 0) {
            if (i < files.n - 1) j->size = size;
            break; /* an empty file (made, then the power failed): the chain ends in the one before
                    */
        }
    }
    arena_free(a);
    return s == OK ? open_file(j) : s;
}

/* --- The thread --- */

static enum status write_all(struct journal *j, struct str bytes) {
    while (bytes.n) {
        ssize_t n = write(j->fd, bytes.p, bytes.n);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return fails("write in", j->folder);
        bytes = str_sub(bytes, (size_t)n, bytes.n);
        j->size += n;
    }
    return OK;
}

/* Without a byte of room left the notes wait in memory until there is; journal_stuck says when they
 * have waited too long. A half written line is cut off again. False: the program ends before that.
 */
static bool wait_for_room(struct journal *j, int64_t size) {
    if (errno != ENOSPC && errno != EDQUOT) return false;
    if (ftruncate(j->fd, size) != 0) return false;
    j->size = size;
    atomic_store(&j->full, true);
    for (int i = 0; i < 10; i++) {
        usleep(100000);
        pthread_mutex_lock(&j->lock);
        bool stop = j->stop;
        pthread_mutex_unlock(&j->lock);
        if (stop) return false;
    }
    return true;
}

/* A journal that cannot be written is a reason to stop: nobody may read unseen. */
static void flush(struct journal *j, struct buf *b) {
    if (b->n == 0) return;
    int64_t size = j->size;
    while (write_all(j, buf_str(b)) != OK || fdatasync(j->fd) != 0)
        if (!wait_for_room(j, size)) BUG("the journal cannot be written");
    atomic_store(&j->full, false);
    b->n = 0;
}

static void write_notes(struct journal *j, int64_t from, int64_t to) {
    struct buf b = { .arena = NULL };
    for (int64_t i = from; i < to; i++) {
        const struct note *n = &j->queue[i % QUEUE_N];
        int month = month_of(n->at_ms);
        if (month > j->month || j->size + (int64_t)b.n > FILE_MAX) {
            flush(j, &b);
            j->number = month > j->month ? 1 : j->number + 1;
            if (month > j->month) j->month = month;
            j->size = 0;
            if (open_file(j) != OK) BUG("the journal cannot be written");
        }
        add_line(j, &b, n);
        free(n->address);
    }
    flush(j, &b);
    buf_free(&b);
}

void journal_settle(struct journal *j) {
    struct timespec until;
    if (!j) return;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += SETTLE_S;
    pthread_mutex_lock(&j->lock);
    int64_t to = j->tail;
    j->hurry = true;
    pthread_cond_signal(&j->more);
    while (j->head < to)
        if (pthread_cond_timedwait(&j->room, &j->lock, &until) != 0) break;
    pthread_mutex_unlock(&j->lock);
}

bool journal_stuck(struct journal *j) {
    if (!j || !atomic_load(&j->full)) return false;
    pthread_mutex_lock(&j->lock);
    bool many = j->tail - j->head > QUEUE_N / 2;
    pthread_mutex_unlock(&j->lock);
    return many;
}

static void *work(void *arg) {
    struct journal *j = arg;
    pthread_mutex_lock(&j->lock);
    for (;;) {
        struct timespec until;
        clock_gettime(CLOCK_MONOTONIC, &until);
        until.tv_sec += 1;
        while (!j->stop && !j->hurry && j->tail - j->head < QUEUE_N / 2)
            if (pthread_cond_timedwait(&j->more, &j->lock, &until) != 0) break;
        int64_t from = j->head, to = j->tail;
        j->hurry = false;
        if (from == to && j->stop) break;
        pthread_mutex_unlock(&j->lock);
        write_notes(j, from, to);
        pthread_mutex_lock(&j->lock);
        j->head = to;
        pthread_cond_broadcast(&j->room);
    }
    pthread_mutex_unlock(&j->lock);
    return NULL;
}

enum status journal_open(struct journal **out, const char *folder) {
    struct journal *j = calloc(1, sizeof *j);
    if (!j) BUG("out of memory");
    j->fd = -1;
    snprintf(j->folder, sizeof j->folder, "%s", folder);
    enum status s = find_chain(j);
    if (s != OK) {
        free(j);
        return s;
    }
    j->queue = calloc(QUEUE_N, sizeof *j->queue);
    if (!j->queue) BUG("out of memory");
    pthread_mutex_init(&j->lock, NULL);
    pthread_condattr_t mono;
    pthread_condattr_init(&mono);
    pthread_condattr_setclock(&mono, CLOCK_MONOTONIC);
    pthread_cond_init(&j->more, &mono);
    pthread_cond_init(&j->room, &mono);
    pthread_condattr_destroy(&mono);
    if (pthread_create(&j->thread, NULL, work, j) != 0) BUG("no thread for the journal");
    *out = j;
    return OK;
}

void journal_close(struct journal *j) {
    if (!j) return;
    pthread_mutex_lock(&j->lock);
    j->stop = true;
    pthread_cond_broadcast(&j->more);
    pthread_mutex_unlock(&j->lock);
    pthread_join(j->thread, NULL);
    close(j->fd);
    pthread_mutex_destroy(&j->lock);
    pthread_cond_destroy(&j->more);
    pthread_cond_destroy(&j->room);
    free(j->queue);
    free(j);
}

/* Under the lock. */
static void put(struct journal *j, struct note note) {
    while (j->tail - j->head == QUEUE_N) pthread_cond_wait(&j->room, &j->lock);
    j->queue[j->tail++ % QUEUE_N] = note;
    if (j->tail - j->head >= QUEUE_N / 2) pthread_cond_signal(&j->more);
}

static void note_all(struct app *app, const struct ctx *c, const char *how, const char *entity,
                     const int64_t *ids, int n) {
    struct journal *j = app->journal;
    if (!j || n <= 0) return;
    pthread_mutex_lock(&j->lock);
    for (int i = 0; i < n; i++)
        put(j, (struct note){ .at_ms = c->now_ms,
                              .member = c->who.id,
                              .id = ids[i],
                              .entity = entity,
                              .door = c->door,
                              .how = how });
    pthread_mutex_unlock(&j->lock);
}

void journal_read(struct app *app, const struct ctx *c, const char *entity, const int64_t *ids,
                  int n) {
    note_all(app, c, "", entity, ids, n);
}

void journal_listed(struct app *app, const struct ctx *c, const char *entity, const int64_t *ids,
                    int n) {
    note_all(app, c, "list-", entity, ids, n);
}

void journal_left(struct app *app, const struct ctx *c, const char *entity, const int64_t *ids,
                  int n) {
    note_all(app, c, "out-", entity, ids, n);
}

void journal_export(struct app *app, const struct ctx *c, const char *entity, int64_t n) {
    note_all(app, c, "export-", entity, &n, 1);
}

const char *journal_event_name(enum journal_what what) {
    static const char *const names[EVENTS_N] = {
        [EVENT_SIGNED_IN] = "signed-in",           [EVENT_SIGN_IN_REFUSED] = "sign-in-refused",
        [EVENT_SIGN_IN_PAUSED] = "sign-in-paused", [EVENT_CODE_REFUSED] = "code-refused",
        [EVENT_CODE_PAUSED] = "code-paused",       [EVENT_RECOVERY_USED] = "recovery-used",
        [EVENT_PROOF_REFUSED] = "proof-refused",   [EVENT_SIGNED_OUT] = "signed-out",
        [EVENT_SESSION_ENDED] = "session-ended",   [EVENT_PASSWORD] = "password-changed",
        [EVENT_FACTOR_ON] = "factor-on",           [EVENT_FACTOR_OFF] = "factor-off",
        [EVENT_FACTOR_RESET] = "factor-reset",     [EVENT_RECOVERY_MADE] = "recovery-made",
        [EVENT_TOKEN_MADE] = "token-made",         [EVENT_TOKEN_REVOKED] = "token-revoked",
        [EVENT_LINK_MADE] = "link-made",           [EVENT_LINK_USED] = "link-used",
        [EVENT_RIGHTS] = "rights-changed",
    };
    return names[what];
}

void journal_event(struct app *app, const struct ctx *c, enum journal_what what, int64_t member,
                   struct str address) {
    struct journal *j = app->journal;
    if (!j) return;
    bool plain = address.n > 0 && address.n < ADDRESS_MAX;
    for (size_t i = 0; plain && i < address.n; i++)
        plain = address.p[i] > ' ' && address.p[i] < 127;
    char *own = plain ? strndup(address.p, address.n) : strdup("-");
    if (!own) BUG("out of memory");
    pthread_mutex_lock(&j->lock);
    put(j, (struct note){ .at_ms = c->now_ms,
                          .member = c->who.id,
                          .id = member,
                          .entity = journal_event_name(what),
                          .door = c->door,
                          .how = "event-",
                          .address = own });
    pthread_mutex_unlock(&j->lock);
}

/* --- Verifying --- */

bool journal_line_good(char last[JOURNAL_HEX_N + 1], struct str line) {
    char want[JOURNAL_HEX_N + 1];
    if (line.n <= JOURNAL_HEX_N) return false;
    struct str text = str_sub(line, 0, line.n - JOURNAL_HEX_N),
               sign = str_sub(line, line.n - JOURNAL_HEX_N, JOURNAL_HEX_N);
    digest(want, last, text);
    memcpy(last, want, sizeof want);
    return str_eq_z(sign, want);
}

static enum status verify_file(const char *path, char last[JOURNAL_HEX_N + 1], int64_t *lines,
                               int64_t *bad) {
    FILE *f = fopen(path, "re");
    char line[JOURNAL_LINE_MAX + JOURNAL_HEX_N + 2];
    if (!f) return fails("read", path);
    for (int64_t at = 1; !*bad && fgets(line, sizeof line, f); at++) {
        struct str s = str_of(line);
        bool whole = s.n && s.p[s.n - 1] == '\n';
        if (!whole && feof(f)) break; /* being written just now, or torn by a power cut */
        if (!whole || !journal_line_good(last, str_sub(s, 0, s.n - 1))) *bad = at;
        ++*lines;
    }
    bool broken = ferror(f) != 0;
    fclose(f);
    return broken ? fails("read", path) : OK;
}

enum status journal_verify(struct arena *a, const char *folder, struct str *problem,
                           int64_t *lines) {
    struct strs files;
    char last[JOURNAL_HEX_N + 1];
    memset(last, '0', JOURNAL_HEX_N);
    last[JOURNAL_HEX_N] = 0;
    *problem = NO_STR;
    *lines = 0;
    TRY(journal_files(a, folder, &files));
    for (int i = 0; i < files.n && !problem->n; i++) {
        int64_t bad = 0;
        struct str path = str_printf(a, "%s/%.*s", folder, SF(files.v[i]));
        TRY(verify_file(path.p, last, lines, &bad));
        if (bad)
            *problem = str_printf(a, "journal %.*s: line %lld does not follow from those before it",
                                  SF(files.v[i]), (long long)bad);
    }
    return OK;
}
