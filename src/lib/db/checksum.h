/* Page checksums under SQLite: every page read is the page that was written, or an error. */
#ifndef DB_CHECKSUM_H
#define DB_CHECKSUM_H
#include <stdbool.h>
#include <stdint.h>

enum { CHECKSUM_PAGE_BYTES = 4096, CHECKSUM_BYTES = 8 };
#define CHECKSUM_VFS "daftar"
/* Makes the layer known to SQLite under that name, above what is its default then; once a process,
 * any thread. A damaged page or frame is SQLITE_IOERR_DATA and a line in the log that names it. */
void checksum_register(void);
/* A database with room for sums that none were written to: made by an older program. VACUUM writes
 * them. False when there is no such file. */
bool checksum_missing(const char *file);

/* The number of the first damaged frame of a write-ahead log that was whole once, so that what was
 * saved would be lost without a word if SQLite recovered from it; -1: none. Only while nobody has
 * the database open. */
int64_t checksum_log_damage(const char *log);

#endif
