/* See preview.h. Called by the job, by downloads.c and photo.c; calls lib/image, which works in the
 * box. A preview that cannot be made leaves the word "none" in its place, so that it is not tried
 * at every visit; an empty file (a power cut) is made anew. */
#include "features/attachment/preview.h"

#include <fcntl.h>
#include <unistd.h>

#include "lib/base/log.h"
#include "lib/image/image.h"

#define NONE "none\n"

/* What lies there: OK and its type, MISSING when it is known that there can be none, STALE when it
 * must be made. */
static enum status look(const char *path, const char **type) {
    char head[16];
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t n = fd >= 0 ? read(fd, head, sizeof head) : 0;
    if (fd >= 0) close(fd);
    struct str start = { head, n > 0 ? (size_t)n : 0 };
    if (start.n == 0) return STALE;
    if (str_eq_z(start, NONE)) return MISSING;
    *type = image_sniff(start);
    return OK;
}

static void remember_none(const char *path) {
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0) return;
    if (write(fd, NONE, sizeof NONE - 1) < 0) log_warn("%s cannot be written", path);
    close(fd);
}

/* Under another name first: two may make the same one at once. */
static enum status make(struct app *app, struct arena *a, const struct stored_file *f, int side,
                        const char *path, const char **type) {
    unsigned char tail[8];
    random_bytes(tail, sizeof tail);
    const char *from = f->path ? f->path : filestore_path(a, filestore_folder(app, a), f->sha256);
    struct str temp = str_printf(a, "%s/new-%.*s", app_path(app, a, "previews"),
                                 SF(str_hex(a, tail, sizeof tail)));
    enum status s = image_preview(app->box, a, from, f->type, side, temp.p, type);
    if (s == INVALID || s == TOO_BIG) {
        remember_none(path);
        return MISSING;
    }
    if (s != OK) return s;
    if (rename(temp.p, path) == 0) return OK;
    unlink(temp.p);
    return BROKEN;
}

enum status preview_get(struct app *app, struct arena *a, const struct stored_file *f, int side,
                        const char **path, const char **type) {
    if (!image_can_preview(f->type)) return MISSING;
    *path = filestore_preview(app, a, f->sha256, side);
    enum status s = look(*path, type);
    return s == STALE ? make(app, a, f, side, *path, type) : s;
}

bool preview_likely(const struct app *app, struct arena *a, struct str sha256, const char *type) {
    const char *what;
    return image_can_preview(type) &&
           look(filestore_preview(app, a, sha256, PREVIEW_SMALL), &what) != MISSING;
}

enum status preview_enqueue(struct ctx *c, int64_t file, struct str type) {
    int64_t id;
    struct str argument = str_printf(c->arena, "%lld", (long long)file);
    if (!image_can_preview(str_z(c->arena, type))) return OK;
    return job_enqueue(c, preview_job.name, argument,
                       str_printf(c->arena, "preview %.*s", SF(argument)), 0, &id);
}

static enum status run(struct job *j) {
    struct ctx *c;
    struct stored_file f;
    const char *path, *type;
    int64_t id;
    if (!str_to_i64(j->argument, &id)) return INVALID;
    TRY(job_read(j, &c));
    enum status s = filestore_find(c, id, &f);
    if (s == OK) {
        f.sha256 = str_dup(j->arena, f.sha256);
        f.type = str_z(j->arena, str_of(f.type));
    }
    enum status end = job_end(j, OK);
    if (s == OK) s = end;
    if (s == OK) s = preview_get(j->app, j->arena, &f, PREVIEW_SMALL, &path, &type);
    return s == MISSING ? OK : s;
}

const struct job_kind preview_job = { .name = "preview", .run = run, .tries_max = 3 };
