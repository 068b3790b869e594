/* Migrations on both databases: in order, once each, all of a file or nothing of it, by several
 * starters at once, and after being killed. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <signal.h>
#include <sys/wait.h>

#include "db_fixture.h"
#include "lib/base/random.h"
#include "lib/db/migrate.h"

#define BOTH(n, lite, pg)                                                                          \
    { "migrations/" n ".pg.sql", S(pg) }, {                                                        \
        n ".sqlite.sql", S(lite)                                                                   \
    }
#define STEP(n)                                                                                    \
    "INSERT INTO step (n) VALUES (" #n "); -- a comment; with a semicolon\n"                       \
    "CREATE TABLE made_" #n " (v text DEFAULT 'a;b');\n"

static const struct embedded files[] = {
    BOTH("0001_start", "CREATE TABLE step (n INTEGER NOT NULL) STRICT;" STEP(1),
         "CREATE TABLE step (n bigint NOT NULL);" STEP(1)),
    BOTH("0002_more", STEP(2), STEP(2)),
    BOTH("0003_last", STEP(3), STEP(3)),
};
static const struct embedded bad[] = {
    BOTH("0001_start", "CREATE TABLE step (n INTEGER NOT NULL) STRICT;" STEP(1),
         "CREATE TABLE step (n bigint NOT NULL);" STEP(1)),
    BOTH("0002_bad", STEP(2) "INSERT INTO nowhere VALUES (1);",
         STEP(2) "INSERT INTO nowhere VALUES (1);"),
};
enum { FILES_N = sizeof files / sizeof *files };

static void on_both(void (*run)(struct fixture *f)) {
    struct fixture f = fixture_lite();
    run(&f);
    fixture_end(&f);
    if (!fixture_pg(&f)) return;
    run(&f);
    fixture_end(&f);
}

static int64_t version(struct fixture *f) {
    int64_t v = -1;
    struct tx *tx = NULL;
    assert_int_equal(db_write(f->db, f->arena, &tx), OK);
    assert_int_equal(migrate_version(tx, &v), OK);
    assert_int_equal(db_end(tx, OK), OK);
    return v;
}

/* The steps taken, as digits: 123. */
static int64_t steps(struct fixture *f) {
    struct rows r;
    struct tx *tx = NULL;
    int64_t all = 0;
    assert_int_equal(db_read(f->db, f->arena, &tx), OK);
    assert_int_equal(db_query_made(tx, S("SELECT n FROM step ORDER BY n"), &r, NULL, 0), OK);
    assert_int_equal(db_end(tx, OK), OK);
    for (int i = 0; i < r.n; i++) all = all * 10 + row_int(&r, i, "n");
    return all;
}

static void in_order(struct fixture *f) {
    assert_int_equal(version(f), 0);
    assert_int_equal(migrate_with(f->db, f->arena, files, 4), OK);
    assert_int_equal(version(f), 2);
    assert_int_equal(steps(f), 12);
    assert_int_equal(migrate_with(f->db, f->arena, files, FILES_N), OK);
    assert_int_equal(steps(f), 123);
    assert_int_equal(migrate_with(f->db, f->arena, files, FILES_N), OK);
    assert_int_equal(version(f), 3);
    assert_int_equal(steps(f), 123);
    assert_int_equal(migrate_with(f->db, f->arena, files, 4), CONFLICT); /* an older program */
    assert_int_equal(steps(f), 123);
}

static void test_in_order(void **state) {
    (void)state;
    on_both(in_order);
}

static void all_or_nothing(struct fixture *f) {
    assert_int_equal(migrate_with(f->db, f->arena, bad, 4), BROKEN);
    assert_int_equal(version(f), 1);
    assert_int_equal(steps(f), 1);
    /* Nothing of the bad file is left in the way of the mended one. */
    assert_int_equal(migrate_with(f->db, f->arena, files, FILES_N), OK);
    assert_int_equal(steps(f), 123);
}

static void test_all_or_nothing(void **state) {
    (void)state;
    on_both(all_or_nothing);
}

static pid_t starter(struct fixture *f) {
    pid_t pid = fork();
    if (pid) return pid;
    struct db *d = NULL;
    struct arena *a = arena_new();
    enum status s = db_open(&d, &(struct db_config){ f->where, true, 1, true });
    if (s == OK) s = migrate_with(d, a, files, FILES_N);
    db_close(d);
    _exit((int)s);
}

static void at_once(struct fixture *f) {
    pid_t pids[6];
    db_close(f->db);
    for (int i = 0; i < 6; i++) pids[i] = starter(f);
    for (int i = 0; i < 6; i++) {
        int how = 0;
        waitpid(pids[i], &how, 0);
        assert_int_equal(how, 0);
    }
    f->db = fixture_open(f, false);
    assert_int_equal(version(f), 3);
    assert_int_equal(steps(f), 123);
}

static void test_at_once(void **state) {
    (void)state;
    on_both(at_once);
}

static void test_killed(void **state) {
    struct dice dice = { 7 };
    (void)state;
    for (int i = 0; i < 15; i++) {
        struct fixture f = fixture_lite();
        db_close(f.db);
        pid_t pid = starter(&f);
        usleep((useconds_t)dice_below(&dice, 40000));
        kill(pid, SIGKILL);
        waitpid(pid, NULL, 0);
        f.db = fixture_open(&f, true);
        assert_int_equal(migrate_with(f.db, f.arena, files, FILES_N), OK);
        assert_int_equal(steps(&f), 123);
        fixture_end(&f);
    }
}

/* The program's own. */
static void own(struct fixture *f) {
    int64_t last = 0;
    assert_int_equal(migrate_up(f->db, f->arena), OK);
    for (int i = 0; i < migrations_all_n; i++)
        last += str_ends(str_of(migrations_all[i].name), f->pg ? S(".pg.sql") : S(".sqlite.sql"));
    assert_true(last > 0);
    assert_int_equal(version(f), last);
    assert_int_equal(migrate_up(f->db, f->arena), OK);
    db_close(f->db);
    f->db = fixture_open(f, false);
    assert_int_equal(version(f), last);
}

static void test_own(void **state) {
    (void)state;
    on_both(own);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_in_order), cmocka_unit_test(test_all_or_nothing),
        cmocka_unit_test(test_at_once),  cmocka_unit_test(test_killed),
        cmocka_unit_test(test_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
