/* Previews of files of clients: pictures of our own making under DATA/previews, made by a job after
 * the upload or when asked for. Only for features/attachment. */
#ifndef PREVIEW_H
#define PREVIEW_H
#include "core/app/filestore.h"
#include "core/job/job.h"

enum { PREVIEW_SMALL = 320, PREVIEW_LARGE = 1600 }; /* pixels, the longer side */

/* Where it lies, made now if it is not there (of f->path, where that is set); takes up to some
 * seconds, so never inside the writer. MISSING: nothing that can be shown, or it cannot be read
 * (which is remembered). */
enum status preview_get(struct app *app, struct arena *a, const struct stored_file *f, int side,
                        const char **path, const char **type) MUST_USE;
/* Whether a page should show one: the type allows it, and it is not known to be unreadable. */
bool preview_likely(const struct app *app, struct arena *a, struct str sha256, const char *type);
/* The job for file id, when its type can be shown at all. */
enum status preview_enqueue(struct ctx *c, int64_t file, struct str type) MUST_USE;
extern const struct job_kind preview_job;

#endif
