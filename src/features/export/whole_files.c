/* files/ and imports/: what people attached, photos, the sources of imports, under names that one
 * can read. Called as steps by whole.c; a file is read in pieces, one entry after another. */
#include <fcntl.h>
#include <unistd.h>

#include "core/app/filestore.h"
#include "features/export/whole.h"

enum { FILE_PIECE = 256 << 10 };

SQL(whole_next_version,
    "SELECT v.id, v.position, v.name, v.bytes, v.at, v.attachment, a.party, f.sha256, "
    "(SELECT max(n.position) FROM attachment_version n WHERE n.attachment = v.attachment) AS "
    "newest FROM attachment_version v JOIN attachment a ON a.id = v.attachment "
    "JOIN file f ON f.id = v.file WHERE v.id > :after ORDER BY v.id LIMIT 1");
SQL(whole_next_photo,
    "SELECT p.id, f.sha256, f.bytes, f.at, f.name FROM party p JOIN file f ON f.id = p.photo "
    "WHERE p.id > :after ORDER BY p.id LIMIT 1");
SQL(whole_next_source,
    "SELECT i.id, f.sha256, f.bytes, f.at, f.name FROM import i JOIN file f ON f.id = i.file "
    "WHERE i.id > :after ORDER BY i.id LIMIT 1");

static void note_missing(struct whole *w, struct str name) {
    w->missing = str_printf(w->arena, "%.*s%.*s\n", SF(w->missing), SF(name));
    w->at.missing_n++;
}

/* The next bytes of the file of one row; behind them the row is done. */
static enum status copy(struct whole *w, struct ctx *c, const struct rows *r, struct str name,
                        struct piece *p) {
    struct str sha = row_str(r, 0, "sha256");
    int64_t bytes = row_int(r, 0, "bytes");
    const char *files = filestore_folder(w->app, c->arena);
    int fd = open(filestore_path(c->arena, files, sha), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    off_t size = fd < 0 ? -1 : lseek(fd, 0, SEEK_END);
    if (size != bytes) { /* gone or cut: said at the end, the rest goes on */
        if (fd >= 0) close(fd);
        if (w->at.done) return BROKEN;
        note_missing(w, name);
        w->at.after = row_int(r, 0, "id");
        return OK;
    }
    if (w->at.done == 0) {
        p->entry = name;
        p->bytes = bytes;
        p->at_ms = row_int(r, 0, "at");
    }
    buf_reserve(&p->out, FILE_PIECE);
    ssize_t n = pread(fd, p->out.p + p->out.n, FILE_PIECE, (off_t)w->at.done);
    close(fd);
    if (n < 0) return BROKEN;
    p->out.n += (size_t)n;
    w->at.done += n;
    if (w->at.done < bytes && n > 0) return OK;
    w->at.after = row_int(r, 0, "id");
    w->at.done = 0;
    return OK;
}

enum status whole_attached(struct whole *w, struct ctx *c, struct piece *p, bool *done) {
    struct rows r;
    TRY(db_query(c->tx, &whole_next_version, &r, P("after", w->at.after)));
    *done = r.n == 0;
    if (r.n == 0) return OK;
    int64_t position = row_int(&r, 0, "position");
    struct str name = whole_file_path(c, row_int(&r, 0, "party"), row_str(&r, 0, "name"),
                                      row_int(&r, 0, "attachment"), position + 1,
                                      position == row_int(&r, 0, "newest"));
    return copy(w, c, &r, name, p);
}

enum status whole_photos(struct whole *w, struct ctx *c, struct piece *p, bool *done) {
    struct rows r;
    TRY(db_query(c->tx, &whole_next_photo, &r, P("after", w->at.after)));
    *done = r.n == 0;
    if (r.n == 0) return OK;
    int64_t id = row_int(&r, 0, "id");
    struct str name = whole_file_path(c, id, row_str(&r, 0, "name"), 0, 0, true);
    return copy(w, c, &r, name, p);
}

enum status whole_sources(struct whole *w, struct ctx *c, struct piece *p, bool *done) {
    struct rows r;
    TRY(db_query(c->tx, &whole_next_source, &r, P("after", w->at.after)));
    *done = r.n == 0;
    if (r.n == 0) return OK;
    struct str name = whole_numbered_name(c->arena, row_int(&r, 0, "id"), row_str(&r, 0, "name"));
    return copy(w, c, &r, str_printf(c->arena, "imports/%.*s", SF(name)), p);
}

enum status whole_missing(struct whole *w, struct ctx *c, struct piece *p, bool *done) {
    (void)c;
    *done = true;
    if (!w->missing.n) return OK;
    p->entry = S("files-missing.txt");
    buf_add_z(&p->out, "These files are named in the database but were not on the disk:\n");
    buf_add(&p->out, w->missing);
    return OK;
}
