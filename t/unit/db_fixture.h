/* For tests that need a database: each of both kinds, empty, gone afterwards. Include after
 * cmocka.h. struct fixture f = fixture_lite();   or   if (!fixture_pg(&f)) skip();
 *   ... f.db, f.arena ...                fixture_end(&f); */
#ifndef DB_FIXTURE_H
#define DB_FIXTURE_H
#include <ftw.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/buf.h"
#include "lib/db/db.h"
#include "lib/db/driver.h"

struct fixture {
    struct db *db;
    struct arena *arena;
    char where[1024];
    bool pg;
};

static inline int fixture_remove_one(const char *path, const struct stat *st, int flag,
                                     struct FTW *ftw) {
    (void)st, (void)flag, (void)ftw;
    return remove(path);
}

static inline void fixture_remove(const char *folder) {
    nftw(folder, fixture_remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static inline struct db *fixture_open(const struct fixture *f, bool create) {
    struct db *d = NULL;
    enum status s = db_open(&d, &(struct db_config){ f->where, create, 4, true });
    if (s != OK) fail_msg("db_open: %s", status_name(s));
    return d;
}

static inline struct fixture fixture_lite(void) {
    struct fixture f = { .arena = arena_new() };
    const char *tmp = getenv("TMPDIR");
    snprintf(f.where, sizeof f.where, "%s/daftar-test-XXXXXX", tmp ? tmp : "/tmp");
    if (!mkdtemp(f.where)) fail_msg("mkdtemp");
    f.db = fixture_open(&f, true);
    return f;
}

static inline void fixture_script(struct fixture *f, const char *text) {
    struct tx *tx = NULL;
    struct str why = NO_STR;
    assert_int_equal(db_write(f->db, f->arena, &tx), OK);
    enum status s = f->db->driver->script(tx, str_of(text), &why);
    enum status end = db_end(tx, s);
    if (s != OK || end != OK) fail_msg("%s: %s: %.*s", text, status_name(end), SF(why));
}

/* False: DAFTAR_TEST_PG is not set (then say so and skip). Each fixture has a schema of its own. */
static inline bool fixture_pg(struct fixture *f) {
    static int made_n;
    const char *where = getenv("DAFTAR_TEST_PG");
    *f = (struct fixture){ .pg = true };
    if (!where || !*where) {
        print_message("skipped: DAFTAR_TEST_PG is not set, PostgreSQL is not tested\n");
        return false;
    }
    f->arena = arena_new();
    snprintf(f->where, sizeof f->where, "%s%coptions=-csearch_path%%3Dt_%d_%d", where,
             strchr(where, '?') ? '&' : '?', (int)getpid(), made_n++);
    f->db = fixture_open(f, true);
    return true;
}

static inline void fixture_end(struct fixture *f) {
    if (f->pg) {
        char text[200];
        struct tx *tx = NULL;
        struct rows r;
        assert_int_equal(db_read(f->db, f->arena, &tx), OK);
        enum status s = db_query_made(tx, S("SELECT current_schema() AS s"), &r, NULL, 0);
        assert_int_equal(db_end(tx, s), OK);
        snprintf(text, sizeof text, "DROP SCHEMA \"%s\" CASCADE", row_str(&r, 0, "s").p);
        fixture_script(f, text);
    }
    db_close(f->db);
    if (!f->pg) fixture_remove(f->where);
    arena_free(f->arena);
}

#endif
