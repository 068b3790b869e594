/* See sink.h. Called by whole.c, person.c and their commands; calls lib/archive or the file system.
 */
#include "features/export/sink.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/archive/zip.h"

struct sink {
    struct arena *a;
    struct zip *zip;
    const char *folder;
    FILE *file;
    struct str problem;
};

struct sink *sink_zip(struct arena *a) {
    struct sink *s = arena_new_of(a, struct sink);
    s->a = a;
    s->zip = zip_new(a);
    return s;
}

static enum status fails(struct sink *s, const char *what, const char *path) {
    s->problem = str_printf(s->a, "cannot %s %s: %s", what, path, strerror(errno));
    return BROKEN;
}

static bool is_empty(const char *folder) {
    DIR *d = opendir(folder);
    bool empty = d != NULL;
    for (struct dirent *e; d && (e = readdir(d));)
        if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0) empty = false;
    if (d) closedir(d);
    return empty;
}

enum status sink_folder(struct arena *a, const char *folder, struct sink **out, struct str *why) {
    struct sink *s = arena_new_of(a, struct sink);
    s->a = a;
    s->folder = str_dup(a, str_of(folder)).p;
    *out = s;
    if (mkdir(folder, 0700) == 0 || (errno == EEXIST && is_empty(folder))) return OK;
    bool there = errno == EEXIST;
    (void)fails(s, "make", folder);
    if (there) s->problem = str_printf(a, "%s is there already: name a new folder", folder);
    *why = s->problem;
    return there ? CONFLICT : BROKEN;
}

static enum status make_folders(struct sink *s, char *path) {
    for (char *at = path + strlen(s->folder) + 1; (at = strchr(at, '/')); at++) {
        *at = 0;
        bool failed = mkdir(path, 0700) != 0 && errno != EEXIST;
        if (failed) return fails(s, "make", path);
        *at = '/';
    }
    return OK;
}

static enum status close_file(struct sink *s) {
    FILE *f = s->file;
    s->file = NULL;
    if (f && fclose(f) != 0) return fails(s, "write in", s->folder);
    return OK;
}

enum status sink_entry(struct sink *s, struct str name, int64_t bytes, int64_t at_ms) {
    if (s->zip) {
        zip_entry(s->zip, name, bytes, at_ms);
        return OK;
    }
    TRY(close_file(s));
    char *path = str_z(s->a, str_printf(s->a, "%s/%.*s", s->folder, SF(name)));
    TRY(make_folders(s, path));
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    s->file = fd < 0 ? NULL : fdopen(fd, "wb");
    return s->file ? OK : fails(s, "write", path);
}

enum status sink_write(struct sink *s, struct str bytes) {
    if (bytes.n == 0) return OK;
    if (s->zip) {
        zip_write(s->zip, bytes);
        return OK;
    }
    return fwrite(bytes.p, 1, bytes.n, s->file) == bytes.n ? OK : fails(s, "write in", s->folder);
}

enum status sink_end(struct sink *s) {
    if (!s->zip) return close_file(s);
    zip_end(s->zip);
    return OK;
}

void sink_take(struct sink *s, struct buf *out) {
    if (s->zip) zip_take(s->zip, out);
}

struct str sink_problem(const struct sink *s) {
    return s->problem;
}

void sink_free(struct sink *s) {
    if (!s) return;
    if (s->zip) zip_free(s->zip);
    if (s->file) fclose(s->file);
}
