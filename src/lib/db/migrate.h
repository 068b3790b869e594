/* The work of migrate_up with any list of files: for tests. */
#ifndef DB_MIGRATE_H
#define DB_MIGRATE_H
#include "lib/db/db.h"
#include "lib/db/embedded.h"

/* Brings d to the last of the n files that are for its kind of database. Numbers must be 1, 2, 3…
 * CONFLICT: the database is newer than the list. BROKEN: a file failed (logged), the ones before it
 * stay applied. */
enum status migrate_with(struct db *d, struct arena *a, const struct embedded *files,
                         int n) MUST_USE;
/* The number of the last file applied, 0 for none. Creates the table meta if it is not there. */
enum status migrate_version(struct tx *tx, int64_t *version) MUST_USE;

#endif
