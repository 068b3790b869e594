/* For fuzz targets that need the schema: an empty SQLite database that they only read. */
#ifndef FUZZ_EMPTY_DB_H
#define FUZZ_EMPTY_DB_H
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/log.h"
#include "lib/db/db.h"

/* It stays open until the process ends, and leaves nothing behind: its files have no names. */
static inline struct db *empty_db(void) {
    char dir[] = "/tmp/daftar-fuzz-XXXXXX", path[64];
    static const char *const files[] = { "daftar.db", "daftar.db-wal", "daftar.db-shm" };
    struct db *db;
    struct arena *a = arena_new();
    if (!mkdtemp(dir)) BUG("mkdtemp");
    struct db_config config = { .where = dir, .create = true, .readers = 1 };
    if (db_open(&db, &config) != OK || migrate_up(db, a) != OK) BUG("no database");
    arena_free(a);
    for (int i = 0; i < COUNT(files); i++) {
        snprintf(path, sizeof path, "%s/%s", dir, files[i]);
        unlink(path);
    }
    rmdir(dir);
    return db;
}

#endif
