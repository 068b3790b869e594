/* The data folder of an SQLite database: its file names and the locks between processes. */
#ifndef DB_FOLDER_H
#define DB_FOLDER_H
#include "lib/base/str.h"

struct folder {
    char *path, *file; /* the folder, and daftar.db in it; heap */
    int write_fd, turn_fd, serve_fd;
};

/* Makes folder and file when create says so (0700, 0600). MISSING: not there. BROKEN: logged; also
 * on network file systems, where neither locks nor the WAL's shared memory can be trusted. */
enum status folder_open(struct folder *f, const char *path, bool create) MUST_USE;
void folder_close(struct folder *f);

/* Who holds DIR/write.lock alone may write or checkpoint. DIR/turn.lock is the turnstile before it:
 * who waits holds it, so that a process which has just written cannot come first again. */
bool folder_write_lock(struct folder *f, int wait_ms) MUST_USE; /* false: not in that time */
bool folder_write_try(struct folder *f);
void folder_write_unlock(struct folder *f);
bool folder_others_wait(const struct folder *f); /* another process stands at the turnstile */

/* DIR/serve.lock, kept until folder_close. CONFLICT: another server has it. */
enum status folder_serve(struct folder *f) MUST_USE;

#endif
