/* daftar backup: a consistent checked copy of database, files, journal and keys in a new folder,
 * with a manifest that `sha256sum -c MANIFEST` understands. Works while a server runs. Called by
 * cli.c; calls db_copy, or pg_dump for PostgreSQL. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "app/commands.h"
#include "core/app/secret.h"
#include "lib/base/buf.h"

extern char **environ;

struct backup {
    struct cli *cli;
    const char *target;
    struct buf manifest;
    int64_t files_n, bytes;
};

static enum status fails(struct backup *b, const char *what, const char *path) {
    return cli_say(b->cli, BROKEN, "cannot %s %s: %s", what, path, strerror(errno));
}

static enum status sync_path(struct backup *b, const char *path, int flags) {
    int fd = open(path, O_RDONLY | O_CLOEXEC | flags);
    if (fd < 0) return fails(b, "open", path);
    int bad = fsync(fd);
    close(fd);
    return bad ? fails(b, "sync", path) : OK;
}

/* Into the manifest, by what can be read back from the target. */
static enum status note(struct backup *b, const char *name) {
    struct arena *a = b->cli->arena;
    struct str path = str_printf(a, "%s/%s", b->target, name), hex;
    struct stat st;
    TRY(sync_path(b, path.p, 0));
    if (stat(path.p, &st) != 0) return fails(b, "read", path.p);
    TRY(sha256_file(a, path.p, &hex));
    buf_printf(&b->manifest, "%.*s  %s\n", SF(hex), name);
    b->files_n++;
    b->bytes += st.st_size;
    return OK;
}

static enum status copy_bytes(struct backup *b, const char *from, const char *to, int64_t most) {
    enum { PIECE = 1 << 16 };
    int in = open(from, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (in < 0) return fails(b, "read", from);
    int out = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (out < 0) {
        close(in);
        return fails(b, "write", to);
    }
    char *piece = arena_alloc(b->cli->arena, PIECE);
    enum status s = OK;
    while (s == OK && most > 0) {
        ssize_t n = read(in, piece, most < PIECE ? (size_t)most : PIECE);
        if (n == 0) break;
        if (n < 0) s = fails(b, "read", from);
        for (ssize_t done = 0; s == OK && done < n;) {
            ssize_t w = write(out, piece + done, (size_t)(n - done));
            if (w < 0)
                s = fails(b, "write", to);
            else
                done += w;
        }
        most -= n;
    }
    close(in);
    if (close(out) != 0 && s == OK) s = fails(b, "write", to);
    return s;
}

/* The index of the journal: made anew by itself, and changing while it is copied. */
static bool is_derived(const char *name) {
    return str_ends(str_of(name), S(".idx")) || strcmp(name, "index.lock") == 0;
}

/* Copies folder DATA/name and what is in it, whatever its depth up to three. */
static enum status copy_folder(struct backup *b, const char *name, int depth) {
    struct arena *a = b->cli->arena;
    const char *from = app_path(b->cli->app, a, name);
    const char *to = str_printf(a, "%s/%s", b->target, name).p;
    if (mkdir(to, 0700) != 0) return fails(b, "make", to);
    DIR *d = opendir(from);
    if (!d) return fails(b, "read", from);
    enum status s = OK;
    for (struct dirent *e; s == OK && (e = readdir(d));) {
        if (e->d_name[0] == '.' || is_derived(e->d_name)) continue;
        const char *below = str_printf(a, "%s/%s", name, e->d_name).p;
        struct str source = str_printf(a, "%s/%s", from, e->d_name);
        struct stat st;
        if (lstat(source.p, &st) != 0) continue; /* gone meanwhile: nothing refers to it */
        if (S_ISDIR(st.st_mode) && depth < 3) s = copy_folder(b, below, depth + 1);
        if (!S_ISREG(st.st_mode)) continue;
        s = copy_bytes(b, source.p, str_printf(a, "%s/%s", b->target, below).p, st.st_size);
        if (s == OK) s = note(b, below);
    }
    closedir(d);
    return s == OK ? sync_path(b, to, O_DIRECTORY) : s;
}

static enum status dump_postgres(struct backup *b) {
    struct arena *a = b->cli->arena;
    char *file = str_z(a, str_printf(a, "--file=%s/daftar.pgdump", b->target));
    char *where = str_z(a, str_printf(a, "--dbname=%s", b->cli->app->config.database));
    char program[] = "pg_dump", format[] = "--format=custom";
    char *argv[] = { program, format, file, where, NULL };
    pid_t pid;
    int failed = posix_spawnp(&pid, program, NULL, NULL, argv, environ), how = 0;
    if (failed)
        return cli_say(b->cli, MISSING,
                       "pg_dump is not there (%s): it comes with postgresql-client",
                       strerror(failed));
    while (waitpid(pid, &how, 0) < 0)
        if (errno != EINTR) return fails(b, "wait for", "pg_dump");
    if (!WIFEXITED(how) || WEXITSTATUS(how) != 0) return cli_say(b->cli, BROKEN, "pg_dump failed");
    return note(b, "daftar.pgdump");
}

static enum status copy_database(struct backup *b) {
    struct app *app = b->cli->app;
    if (db_is_pg(app->db)) return dump_postgres(b);
    TRY(db_copy(app->db, str_printf(b->cli->arena, "%s/daftar.db", b->target).p));
    return note(b, "daftar.db");
}

static enum status write_manifest(struct backup *b) {
    const char *path = str_printf(b->cli->arena, "%s/MANIFEST", b->target).p;
    FILE *f = fopen(path, "wxe");
    if (!f) return fails(b, "write", path);
    size_t n = fwrite(b->manifest.p, 1, b->manifest.n, f);
    if (fclose(f) != 0 || n != b->manifest.n) return fails(b, "write", path);
    TRY(sync_path(b, path, 0));
    return sync_path(b, b->target, O_DIRECTORY);
}

/* Every line of the manifest once more, from the disk. */
static enum status verify(struct backup *b) {
    struct str rest = buf_str(&b->manifest), line, hex;
    while (rest.n && str_cut(&rest, '\n', &line) && line.n > 66) {
        struct str name = str_sub(line, 66, line.n);
        const char *path = str_printf(b->cli->arena, "%s/%.*s", b->target, SF(name)).p;
        TRY(sha256_file(b->cli->arena, path, &hex));
        if (!str_eq(hex, str_sub(line, 0, 64)))
            return cli_say(b->cli, BROKEN, "%s reads other than it was written", path);
    }
    return OK;
}

static enum status run(struct cli *cli) {
    struct backup b = { .cli = cli, .target = cli->words[0], .manifest = { .arena = cli->arena } };
    if (mkdir(b.target, 0700) != 0) {
        if (errno == EEXIST)
            return cli_say(cli, CONFLICT, "%s is there already: name a new folder", b.target);
        return fails(&b, "make", b.target);
    }
    TRY(copy_database(&b));
    TRY(copy_folder(&b, "files", 0));
    TRY(copy_folder(&b, "journal", 0));
    TRY(copy_folder(&b, "keys", 0)); /* without it no second factor would open */
    TRY(write_manifest(&b));
    TRY(verify(&b));
    printf("%lld files, %lld bytes in %s\n", (long long)b.files_n, (long long)b.bytes, b.target);
    return OK;
}

static const struct option options[] = { { .name = NULL } };
const struct command command_backup = {
    .name = "backup",
    .usage = "--data DIR TARGET",
    .help =
        "Copies database, files, journal and keys into the new folder TARGET, and checks the copy.",
    .options = options,
    .words_min = 1,
    .words_max = 1,
    .run = run,
};
