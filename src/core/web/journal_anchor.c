/* Anchors of the journal (journal_look.h): a chain shows what was changed in it, but not that its
 * end is missing. So the database keeps where each file ended; whoever cuts a tail must change
 * both, and every backup holds an older pair. Called by the tick, by daftar check and by the
 * journal's page. */
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/web/journal_in.h"
#include "lib/base/clock.h"
#include "lib/base/log.h"

enum { ANCHOR_EVERY_MS = 60 * 1000, CHECK_EVERY_MS = 24 * 3600 * 1000 };

SQL(journal_anchor_all, "SELECT file, bytes, digest, at FROM anchor ORDER BY file");
SQL(journal_anchor_newest, "SELECT coalesce(max(at), 0) AS at FROM anchor");
SQL(journal_anchor_set,
    "INSERT INTO anchor (file, bytes, digest, at) VALUES (:file, :bytes, :digest, :at) "
    "ON CONFLICT (file) DO UPDATE SET bytes = :bytes, digest = :digest, at = :at "
    "WHERE anchor.bytes < :bytes");

/* What is anchored must be on the disk, or a power cut would look like a theft. */
static enum status sync_file(struct arena *a, const char *folder, struct str name) {
    int fd = open(str_printf(a, "%s/%.*s", folder, SF(name)).p, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return BROKEN;
    int bad = fdatasync(fd);
    close(fd);
    return bad ? BROKEN : OK;
}

static enum status is_due(struct app *app, struct arena *a, int64_t now, bool *due) {
    struct tx *tx;
    struct rows r;
    TRY(db_read(app->db, a, &tx));
    enum status s = db_query(tx, &journal_anchor_newest, &r);
    if (s == OK) {
        int64_t at = row_int(&r, 0, "at");
        *due = now - at >= ANCHOR_EVERY_MS || now < at;
    }
    return db_end(tx, s);
}

static enum status read_anchors(struct app *app, struct arena *a, struct rows *out) {
    struct tx *tx;
    TRY(db_read(app->db, a, &tx));
    return db_end(tx, db_query(tx, &journal_anchor_all, out));
}

/* Is there a line that ends here with this digest? */
static bool holds(struct arena *a, const char *folder, struct str name, int64_t bytes,
                  struct str digest) {
    char found[JOURNAL_HEX_N + 1];
    int fd = open(str_printf(a, "%s/%.*s", folder, SF(name)).p, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return false;
    bool same = digest.n == JOURNAL_HEX_N && bytes > JOURNAL_HEX_N &&
                pread(fd, found, sizeof found, bytes - (int64_t)sizeof found) == sizeof found &&
                memcmp(found, digest.p, JOURNAL_HEX_N) == 0;
    close(fd);
    return same;
}

/* An anchor that no longer holds stays, so that the loss stays seen. */
static bool grows(struct arena *a, const struct journal_look *l, const struct look_file *f,
                  const struct rows *was) {
    if (!f->head) return false;
    for (int i = 0; i < was->n; i++) {
        if (!str_eq(row_str(was, i, "file"), f->name)) continue;
        int64_t bytes = row_int(was, i, "bytes");
        if (!holds(a, l->folder, f->name, bytes, row_str(was, i, "digest"))) return false;
        return bytes < f->head->covered;
    }
    return true;
}

static enum status write_anchors(struct app *app, struct arena *a, const struct journal_look *l,
                                 int64_t now) {
    struct rows was;
    struct tx *tx;
    bool grew = false;
    TRY(read_anchors(app, a, &was));
    for (int i = 0; i < l->files_n; i++) {
        const struct look_file *f = &l->files[i];
        if (!grows(a, l, f, &was)) continue;
        TRY(sync_file(a, l->folder, f->name));
        grew = true;
    }
    if (!grew) return OK;
    TRY(db_write(app->db, a, &tx));
    enum status s = OK;
    for (int i = 0; s == OK && i < l->files_n; i++) {
        const struct look_file *f = &l->files[i];
        if (!grows(a, l, f, &was)) continue;
        struct str digest = { f->head->last, JOURNAL_HEX_N };
        s = db_run(tx, &journal_anchor_set, P("file", f->name), P("bytes", f->head->covered),
                   P("digest", digest), P("at", now));
    }
    return db_end(tx, s);
}

/* Once a minute; each file is read and checked whole once a day, one of them at a time. */
enum status journal_anchor(struct app *app, struct arena *a) {
    struct journal_look *l;
    bool due = false;
    int64_t now = app_now_ms(app);
    TRY(is_due(app, a, now, &due));
    if (!due) return OK;
    const char *folder = app_path(app, a, "journal");
    TRY(journal_look_forget(a, folder, clock_now_ms() - CHECK_EVERY_MS));
    TRY(journal_look_open(a, folder, &l));
    enum status s = write_anchors(app, a, l, now);
    journal_look_close(l);
    return s;
}

enum status journal_anchor_check(struct ctx *c, const char *folder, struct look_fault *out) {
    struct rows r;
    *out = (struct look_fault){ .line = 0 };
    TRY(db_query(c->tx, &journal_anchor_all, &r));
    for (int i = 0; i < r.n && !out->file.n; i++)
        if (!holds(c->arena, folder, row_str(&r, i, "file"), row_int(&r, i, "bytes"),
                   row_str(&r, i, "digest")))
            *out = (struct look_fault){ .file = row_str(&r, i, "file") };
    return OK;
}
