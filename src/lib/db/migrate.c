/* Brings a database to the schema of this program: each embedded file once, in a transaction of its
 * own that also notes its number in meta. Called by main and by tests; calls the driver's script.
 * Programs that start at once wait for each other: every step looks at the version anew. */
#include "lib/db/migrate.h"

#include "lib/base/log.h"
#include "lib/db/driver.h"

SQL(meta_version, "SELECT value FROM meta WHERE key = 'schema_version'");
SQL(meta_set_version, "INSERT INTO meta (key, value) VALUES ('schema_version', :version)"
                      " ON CONFLICT (key) DO UPDATE SET value = excluded.value");

enum { TRIES_N = 20 };

enum status migrate_version(struct tx *tx, int64_t *version) {
    static const char lite[] = "CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY NOT NULL,"
                               " value TEXT NOT NULL) STRICT";
    static const char pg[] = "CREATE TABLE IF NOT EXISTS meta (key text COLLATE \"C\" PRIMARY KEY,"
                             " value text COLLATE \"C\" NOT NULL)";
    struct rows r;
    *version = 0;
    TRY(tx->db->driver->script(tx, str_of(tx_is_pg(tx) ? pg : lite), NULL));
    TRY(db_query(tx, &meta_version, &r));
    if (r.n && !str_to_i64(row_str(&r, 0, "value"), version)) {
        log_warn("meta: schema_version is not a number");
        return tx_fail(tx, BROKEN);
    }
    return OK;
}

static struct str base_name(const char *path) {
    const char *slash = strrchr(path, '/');
    return str_of(slash ? slash + 1 : path);
}

static int64_t number_of(const char *path) {
    struct str name = base_name(path);
    int64_t number = 0;
    if (!str_to_i64(str_sub(name, 0, 4), &number)) BUG("migration %s has no number", path);
    return number;
}

/* The file that has this number, NULL if there is none; *last gets the highest number. */
static const struct embedded *file_of(const struct embedded *files, int n, bool pg, int64_t number,
                                      int64_t *last) {
    const struct embedded *found = NULL;
    *last = 0;
    for (int i = 0; i < n; i++) {
        if (!str_ends(str_of(files[i].name), pg ? S(".pg.sql") : S(".sqlite.sql"))) continue;
        int64_t v = number_of(files[i].name);
        if (v != *last + 1) BUG("migration %s is out of order", files[i].name);
        if (v == number) found = &files[i];
        *last = v;
    }
    return found;
}

static enum status apply(struct tx *tx, const struct embedded *file, int64_t number) {
    struct str why = NO_STR, name = base_name(file->name);
    enum status s = tx->db->driver->script(tx, file->text, &why);
    if (s != OK) {
        if (s != BUSY) log_warn("migration %.*s: %.*s", SF(name), SF(why));
        return s == BUSY ? BUSY : BROKEN;
    }
    TRY(db_run(tx, &meta_set_version,
               P("version", str_printf(tx->arena, "%lld", (long long)number))));
    return OK;
}

/* One file, or none when all are applied; *more says whether another may follow. */
static enum status step(struct tx *tx, const struct embedded *files, int n, bool *more) {
    int64_t version, last;
    *more = false;
    TRY(tx->db->driver->migration_lock(tx));
    TRY(migrate_version(tx, &version));
    const struct embedded *file = file_of(files, n, tx_is_pg(tx), version + 1, &last);
    if (version > last) {
        log_warn("the database has schema %lld, this program knows %lld: a newer program is needed",
                 (long long)version, (long long)last);
        return CONFLICT;
    }
    if (!file) return OK;
    *more = true;
    return apply(tx, file, version + 1);
}

enum status migrate_with(struct db *d, struct arena *a, const struct embedded *files, int n) {
    bool more = true;
    for (int tries = 0; more;) {
        struct tx *tx = NULL;
        enum status s = db_write(d, a, &tx);
        if (s == OK) s = db_end(tx, step(tx, files, n, &more));
        if (s == BUSY && tries++ < TRIES_N) {
            more = true;
            continue;
        }
        TRY(s);
        tries = 0;
    }
    return OK;
}

enum status migrate_up(struct db *d, struct arena *a) {
    return migrate_with(d, a, migrations_all, migrations_all_n);
}
