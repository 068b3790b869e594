/* Files that people bring, under DATA/files by the SHA-256 of their content: files/ab/abcdef…
 * The one place for uploads, imports and photos. Taken (copied, hashed, synced) outside any
 * transaction; kept (renamed, folder synced) before the row that names it commits; or dropped. What
 * no row names is collected a day later (filestore_collect), so a transaction that fails after
 * filestore_keep leaves nothing for long.
 *
 * Nothing that a person sends becomes part of a path: the name is only a column of the row. */
#ifndef FILESTORE_H
#define FILESTORE_H
#include "core/app/app.h"
#include "lib/http/http.h"

struct stored_file {
    const char *path;        /* where it lies now */
    struct str sha256, name; /* in hex; see filestore_name */
    const char *type;        /* what its first bytes are, whatever the name says (image_sniff) */
    int64_t bytes;
    bool full; /* BROKEN because the disk has no room */
};

/* A name in one line without control characters, marks that turn the line round, separators of
 * paths, names of devices, a leading dot; 150 characters at most. standard: when nothing remains.
 */
struct str filestore_name(struct arena *a, struct str name, const char *standard);

/* Copies what read gives (up to cap bytes, 0 at the end, -1 when it fails) into the folder `files`.
 * BROKEN: nothing is left behind. name may be anything; standard is used when nothing remains of
 * it. */
enum status filestore_take(struct arena *a, const char *files,
                           ptrdiff_t (*read)(void *of, char *to, size_t cap), void *of,
                           struct str name, const char *standard, struct stored_file *out) MUST_USE;
enum status filestore_take_str(struct arena *a, const char *files, struct str bytes,
                               struct str name, struct stored_file *out) MUST_USE;
enum status filestore_take_upload(struct arena *a, const char *files, const struct http_file *file,
                                  struct stored_file *out) MUST_USE;
/* To its place for good; a file that is there already is the same one. */
enum status filestore_keep(struct arena *a, const char *files, struct stored_file *f) MUST_USE;
void filestore_drop(const struct stored_file *f);

const char *filestore_folder(const struct app *app, struct arena *a);
const char *filestore_path(struct arena *a, const char *files, struct str sha256);
/* DATA/previews/ab/SHA256-SIDE: pictures made of it (lib/image). The folder is made. */
const char *filestore_preview(const struct app *app, struct arena *a, struct str sha256, int side);

/* The row of table `file`, in the transaction of c. */
enum status filestore_row(struct ctx *c, const struct stored_file *f, int64_t *id) MUST_USE;
/* What a row says; MISSING when there is none. Says nothing about who may see it. */
enum status filestore_find(struct ctx *c, int64_t id, struct stored_file *out) MUST_USE;

/* Removes what no row names and nobody touched for a day: files, previews, leftovers in tmp. Once
 * an hour (app/features.c). filestore_collect_at for tests: `now_ms` is when it happens. */
enum status filestore_collect(struct app *app, struct arena *a) MUST_USE;
enum status filestore_collect_at(struct app *app, struct arena *a, int64_t now_ms,
                                 int *removed) MUST_USE;

#endif
