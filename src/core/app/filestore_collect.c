/* The collector: files that no row names go a day after they were brought, with their previews;
 * leftovers of uploads too (filestore.h). Called once an hour through app/features.c; calls the
 * file system and lib/db. */
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/app/filestore_in.h"
#include "core/app/secret.h"
#include "lib/base/clock.h"
#include "lib/base/log.h"

#define OLD_MS (24 * 3600 * 1000LL)
enum { SHA_HEX = 2 * SHA256_N };

SQL(filestore_named, "SELECT 1 AS yes FROM file WHERE sha256 = :sha256 LIMIT 1");

struct collecting {
    struct app *app;
    struct arena *a;
    int64_t now_ms;
    int removed;
};

static bool is_old(const struct collecting *k, int folder, const char *name) {
    struct stat st;
    if (fstatat(folder, name, &st, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISREG(st.st_mode)) return false;
    return k->now_ms - (int64_t)st.st_mtim.tv_sec * 1000 > OLD_MS;
}

static bool is_digest(struct str s) {
    for (size_t i = 0; i < s.n; i++)
        if (!strchr("0123456789abcdef", s.p[i])) return false;
    return s.n == SHA_HEX;
}

static enum status is_named(struct collecting *k, struct tx *tx, struct str sha256, bool *yes) {
    struct rows r;
    struct arena_mark m = arena_mark(k->a);
    enum status s = db_query(tx, &filestore_named, &r, P("sha256", sha256));
    *yes = s == OK && r.n > 0;
    arena_back(k->a, m);
    return s;
}

/* Looked at once more with the lock held: whoever brings the same file now renames a fresh one into
 * its place, before or after, and never in between. */
static void remove_old(struct collecting *k, int folder, const char *name) {
    int lock = filestore_lock(filestore_folder(k->app, k->a), true);
    if (lock < 0) return;
    if (is_old(k, folder, name) && unlinkat(folder, name, 0) == 0) k->removed++;
    close(lock);
}

/* One folder of the store or of the previews: files called SHA256 or SHA256-SIDE. */
static enum status sweep_folder(struct collecting *k, struct tx *tx, DIR *dir) {
    enum status s = OK;
    for (struct dirent *e; s == OK && (e = readdir(dir));) {
        struct str sha = str_sub(str_of(e->d_name), 0, SHA_HEX);
        bool named = false;
        if (!is_old(k, dirfd(dir), e->d_name)) continue;
        if (is_digest(sha)) s = is_named(k, tx, sha, &named);
        if (s == OK && !named) remove_old(k, dirfd(dir), e->d_name);
    }
    return s;
}

static enum status sweep(struct collecting *k, const char *path, int depth) {
    struct tx *tx;
    DIR *dir = opendir(path);
    if (!dir) return OK;
    enum status s = db_read(k->app->db, k->a, &tx);
    if (s == OK) s = db_end(tx, sweep_folder(k, tx, dir));
    rewinddir(dir);
    for (struct dirent *e; depth && s == OK && (e = readdir(dir));) {
        if (e->d_type != DT_DIR || strlen(e->d_name) != 2 || e->d_name[0] == '.') continue;
        s = sweep(k, str_printf(k->a, "%s/%s", path, e->d_name).p, depth - 1);
    }
    closedir(dir);
    return s;
}

enum status filestore_collect_at(struct app *app, struct arena *a, int64_t now_ms, int *removed) {
    struct collecting k = { .app = app, .a = a, .now_ms = now_ms };
    enum status s = sweep(&k, filestore_folder(app, a), 1);
    if (s == OK) s = sweep(&k, app_path(app, a, "previews"), 1);
    if (s == OK) s = sweep(&k, app_path(app, a, "tmp"), 0);
    *removed = k.removed;
    return s;
}

enum status filestore_collect(struct app *app, struct arena *a) {
    int removed;
    TRY(filestore_collect_at(app, a, clock_now_ms(), &removed));
    if (removed) log_info("%d files that nothing names were removed", removed);
    return OK;
}
