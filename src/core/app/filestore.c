/* Files under DATA/files (filestore.h). Called by core/exchange's callers, features/attachment and
 * what else takes files; calls the file system, lib/image for what a file is, lib/db for its row.
 */
#include "core/app/filestore_in.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/app/secret.h"
#include "lib/base/log.h"
#include "lib/image/image.h"
#include "lib/text/fold.h"

enum { BLOCK = 65536, HEAD = 4096, NAME_MAX_CHARS = 150 };

SQL(filestore_insert, "INSERT INTO file (sha256, name, type, bytes, at, member) VALUES "
                      "(:sha256, :name, :type, :bytes, :at, :member) RETURNING id");
SQL(filestore_select, "SELECT sha256, name, type, bytes FROM file WHERE id = :id");

const char *filestore_folder(const struct app *app, struct arena *a) {
    return app_path(app, a, "files");
}

const char *filestore_path(struct arena *a, const char *files, struct str sha256) {
    return str_printf(a, "%s/%.*s/%.*s", files, 2, sha256.p, SF(sha256)).p;
}

const char *filestore_preview(const struct app *app, struct arena *a, struct str sha256, int side) {
    struct str folder = str_printf(a, "%s/%.*s", app_path(app, a, "previews"), 2, sha256.p);
    mkdir(folder.p, 0700);
    return str_printf(a, "%.*s/%.*s-%d", SF(folder), SF(sha256), side).p;
}

/* --- taking --- */

static bool no_room(int error) {
    return error == ENOSPC || error == EDQUOT || error == EFBIG;
}

static bool write_all(int fd, const char *p, size_t n) {
    while (n) {
        ssize_t put = write(fd, p, n);
        if (put < 0 && errno == EINTR) continue;
        if (put <= 0) return false;
        p += put;
        n -= (size_t)put;
    }
    return true;
}

struct taking {
    ptrdiff_t (*read)(void *of, char *to, size_t cap);
    void *of;
    int out;
    struct sha256 hash;
    char head[HEAD];
    size_t head_n;
};

static enum status copy_and_hash(struct taking *t, struct arena *a, struct stored_file *f) {
    char *block = arena_alloc(a, BLOCK);
    unsigned char digest[SHA256_N];
    ptrdiff_t n;
    sha256_begin(&t->hash);
    while ((n = t->read(t->of, block, BLOCK)) > 0) {
        if (!write_all(t->out, block, (size_t)n)) return BROKEN;
        sha256_add(&t->hash, (struct str){ block, (size_t)n });
        size_t more = sizeof t->head - t->head_n;
        if (more > (size_t)n) more = (size_t)n;
        memcpy(t->head + t->head_n, block, more);
        t->head_n += more;
        f->bytes += n;
    }
    errno = 0;
    if (n < 0 || fsync(t->out) != 0) return BROKEN;
    sha256_end(&t->hash, digest);
    f->sha256 = str_hex(a, digest, sizeof digest);
    f->type = image_sniff((struct str){ t->head, t->head_n });
    return OK;
}

/* Characters that turn a line round could make "exe.gpj" of "jpg.exe". */
static bool turns(int32_t cp) {
    return (cp >= 0x202A && cp <= 0x202E) || (cp >= 0x2066 && cp <= 0x2069) || cp == 0x200E ||
           cp == 0x200F || cp == 0x061C;
}

static bool shown(int32_t cp) {
    return cp >= 0x20 && (cp < 0x7F || cp >= 0xA0) && cp != 0x2028 && cp != 0x2029 && !turns(cp);
}

/* Names that Windows gives to devices, with any ending: CON, com1.txt. */
static bool is_device(struct str name) {
    static const char *const devices[] = { "con", "prn", "aux", "nul", "com", "lpt" };
    ptrdiff_t dot = str_find_c(name, '.');
    struct str stem = dot < 0 ? name : str_sub(name, 0, (size_t)dot);
    for (size_t i = 0; i < sizeof devices / sizeof *devices; i++) {
        if (!str_eq_ascii(str_sub(stem, 0, 3), str_of(devices[i]))) continue;
        if (stem.n == 3) return i < 4;
        return i >= 4 && stem.n == 4 && stem.p[3] >= '0' && stem.p[3] <= '9';
    }
    return false;
}

struct str filestore_name(struct arena *a, struct str name, const char *standard) {
    struct buf b = { .arena = a };
    int32_t cp;
    int n = 0;
    name = text_clean(a, name, CLEAN_LINE);
    for (struct str rest = name; n < NAME_MAX_CHARS && (cp = utf8_next(&rest)) >= 0;) {
        if (!shown(cp)) continue;
        buf_add_utf8(&b, cp < 0x80 && strchr("/\\:*?\"<>|", (int)cp) ? '_' : cp);
        n++;
    }
    struct str out = str_trim(buf_str(&b));
    while (out.n && (out.p[out.n - 1] == '.' || out.p[out.n - 1] == ' ')) out.n--;
    if (!out.n) return str_of(standard);
    if (out.p[0] == '.' || is_device(out)) return str_printf(a, "_%.*s", SF(out));
    return out;
}

enum status filestore_take(struct arena *a, const char *files,
                           ptrdiff_t (*read)(void *of, char *to, size_t cap), void *of,
                           struct str name, const char *standard, struct stored_file *out) {
    unsigned char tail[8];
    random_bytes(tail, sizeof tail);
    mkdir(files, 0700);
    *out = (struct stored_file){ .name = filestore_name(a, name, standard) };
    out->path = str_printf(a, "%s/%.*s.part", files, SF(str_hex(a, tail, sizeof tail))).p;
    struct taking *t = arena_new_of(a, struct taking);
    t->read = read;
    t->of = of;
    t->out = open(out->path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    enum status st = t->out >= 0 ? copy_and_hash(t, a, out) : BROKEN;
    int error = errno;
    if (t->out >= 0 && close(t->out) != 0) st = BROKEN;
    if (st == OK) return OK;
    out->full = no_room(error);
    log_warn("a file could not be kept in %s: %s", files, strerror(error));
    filestore_drop(out);
    return st;
}

static ptrdiff_t read_str(void *of, char *to, size_t cap) {
    struct str *rest = of;
    size_t n = rest->n < cap ? rest->n : cap;
    if (n) memcpy(to, rest->p, n);
    *rest = str_sub(*rest, n, SIZE_MAX);
    return (ptrdiff_t)n;
}

enum status filestore_take_str(struct arena *a, const char *files, struct str bytes,
                               struct str name, struct stored_file *out) {
    return filestore_take(a, files, read_str, &bytes, name, "file", out);
}

struct part { /* of a body */
    const struct http_file *file;
    int64_t at;
};

static ptrdiff_t read_part(void *of, char *to, size_t cap) {
    struct part *p = of;
    int64_t n = http_file_read(p->file, p->at, to, cap);
    if (n > 0) p->at += n;
    return (ptrdiff_t)n;
}

enum status filestore_take_upload(struct arena *a, const char *files, const struct http_file *file,
                                  struct stored_file *out) {
    struct part part = { .file = file };
    return filestore_take(a, files, read_part, &part, file->name, "file", out);
}

void filestore_drop(const struct stored_file *f) {
    if (f->path) unlink(f->path);
}

/* --- keeping --- */

static bool sync_folder(const char *path) {
    int folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool good = folder >= 0 && fsync(folder) == 0;
    if (folder >= 0) close(folder);
    return good;
}

/* Who keeps and who collects do not meet: a file that was old a moment ago may just be brought
 * again. -1 when the lock cannot be had, which stops neither the program nor the person. */
int filestore_lock(const char *files, bool alone) {
    int fd = open(files, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    while (fd >= 0 && flock(fd, alone ? LOCK_EX : LOCK_SH) != 0)
        if (errno != EINTR) {
            close(fd);
            return -1;
        }
    return fd;
}

enum status filestore_keep(struct arena *a, const char *files, struct stored_file *f) {
    const char *to = filestore_path(a, files, f->sha256);
    const char *dir = str_printf(a, "%s/%.*s", files, 2, f->sha256.p).p;
    mkdir(dir, 0700);
    int lock = filestore_lock(files, false);
    bool good = lock >= 0 && rename(f->path, to) == 0;
    int error = errno;
    if (lock >= 0) close(lock);
    if (good) {
        f->path = to;
        good = sync_folder(dir) && sync_folder(files);
        if (good) return OK;
        error = errno;
    }
    f->full = no_room(error);
    log_warn("a file could not be kept in %s: %s", dir, strerror(error));
    if (strcmp(f->path, to) != 0) filestore_drop(f); /* in its place the same may lie for others */
    return BROKEN;
}

/* --- its row --- */

enum status filestore_row(struct ctx *c, const struct stored_file *f, int64_t *id) {
    struct rows r;
    TRY(db_query(c->tx, &filestore_insert, &r, P("sha256", f->sha256), P("name", f->name),
                 P("type", f->type), P("bytes", f->bytes), P("at", c->now_ms),
                 c->who.id ? param_int("member", c->who.id) : param_null("member")));
    *id = row_int(&r, 0, "id");
    return OK;
}

enum status filestore_find(struct ctx *c, int64_t id, struct stored_file *out) {
    struct rows r;
    TRY(db_query(c->tx, &filestore_select, &r, P("id", id)));
    if (r.n == 0) return MISSING;
    *out = (struct stored_file){ .sha256 = row_str(&r, 0, "sha256"),
                                 .name = row_str(&r, 0, "name"),
                                 .type = str_z(c->arena, row_str(&r, 0, "type")),
                                 .bytes = row_int(&r, 0, "bytes") };
    return OK;
}
