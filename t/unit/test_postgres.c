/* What only PostgreSQL has: lost connections, stale plans, processes that take turns, batches whose
 * members do not wait for their rows, drawn ids, types, and that neither passwords nor unknown
 * types get through. Skipped, and says so, without DAFTAR_TEST_PG. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <signal.h>
#include <sys/wait.h>

#include "db_fixture.h"

SQL(note_all, "SELECT * FROM note ORDER BY id");
SQL(note_add, "INSERT INTO note (id, text) VALUES (:id, :text)");
SQL2(note_sleep, "SELECT count(*) AS n FROM note", "SELECT count(pg_sleep(0.1)) AS n FROM note");
SQL(note_count, "SELECT count(*) AS n FROM note");

static bool setup(struct fixture *f) {
    if (!fixture_pg(f)) return false;
    fixture_script(f, "CREATE TABLE note (id bigint PRIMARY KEY, text text NOT NULL)");
    return true;
}

static struct tx *start(struct fixture *f, bool writes) {
    struct tx *tx = NULL;
    assert_int_equal(writes ? db_write(f->db, f->arena, &tx) : db_read(f->db, f->arena, &tx), OK);
    return tx;
}

static int64_t number(struct tx *tx, const char *text) {
    struct rows r;
    assert_int_equal(db_query_made(tx, str_of(text), &r, NULL, 0), OK);
    return row_cell(&r, 0, 0)->i;
}

static int64_t count(struct fixture *f) {
    struct tx *tx = start(f, false);
    int64_t n = number(tx, "SELECT count(*) AS n FROM note");
    assert_int_equal(db_end(tx, OK), OK);
    return n;
}

/* Ends the server process behind another transaction's connection, and waits until it is gone. */
static void terminate(struct fixture *f, int64_t pid) {
    struct tx *tx = start(f, false);
    struct param p = P("pid", pid);
    assert_int_equal(db_query_made(tx,
                                   S("SELECT pg_terminate_backend(CAST(:pid AS integer), 5000)"),
                                   NULL, &p, 1),
                     OK);
    assert_int_equal(db_end(tx, OK), OK);
}

static void test_lost_connections(void **state) {
    struct fixture f;
    (void)state;
    if (!setup(&f)) skip();
    struct tx *tx = start(&f, true);
    int64_t pid = number(tx, "SELECT pg_backend_pid()");
    assert_int_equal(db_run(tx, &note_add, P("id", 1), P("text", "a")), OK);
    terminate(&f, pid);
    assert_int_equal(db_run(tx, &note_add, P("id", 2), P("text", "b")), BUSY);
    assert_int_equal(db_run(tx, &note_add, P("id", 2), P("text", "b")), BUSY);
    assert_int_equal(db_end(tx, OK), BUSY);
    assert_int_equal(count(&f), 0);

    /* Lost while idle: the next transaction does not notice. */
    tx = start(&f, true);
    pid = number(tx, "SELECT pg_backend_pid()");
    assert_int_equal(db_run(tx, &note_add, P("id", 1), P("text", "a")), OK);
    assert_int_equal(db_end(tx, OK), OK);
    terminate(&f, pid);
    tx = start(&f, true);
    assert_true(number(tx, "SELECT pg_backend_pid()") != pid);
    assert_int_equal(db_run(tx, &note_add, P("id", 2), P("text", "b")), OK);
    assert_int_equal(db_end(tx, OK), OK);
    assert_int_equal(count(&f), 2);

    /* Lost in COMMIT: nobody can know, so it must not be run again by itself. */
    tx = start(&f, true);
    pid = number(tx, "SELECT pg_backend_pid()");
    assert_int_equal(db_run(tx, &note_add, P("id", 3), P("text", "c")), OK);
    terminate(&f, pid);
    assert_int_equal(db_end(tx, OK), BROKEN);
    assert_int_equal(count(&f), 2);
    fixture_end(&f);
}

static void test_stale_plan(void **state) {
    struct fixture f;
    struct rows r;
    (void)state;
    if (!setup(&f)) skip();
    struct tx *tx = start(&f, true);
    assert_int_equal(db_query(tx, &note_all, &r), OK);
    assert_int_equal(r.columns_n, 2);
    assert_int_equal(db_end(tx, OK), OK);
    fixture_script(&f, "ALTER TABLE note ADD COLUMN colour text");
    int tries_n = 0;
    enum status s;
    do {
        tx = start(&f, true);
        s = db_query(tx, &note_all, &r);
        s = db_end(tx, s);
    } while (s == BUSY && ++tries_n < 3);
    assert_int_equal(s, OK);
    assert_int_equal(r.columns_n, 3);
    fixture_end(&f);
}

/* Another process: its own connections. Counts, then adds because there was none. */
struct other {
    struct db *db;
    pthread_t thread;
    atomic_int begins, begun;
    int64_t seen;
    enum status s;
};

static void *other_main(void *arg) {
    struct other *o = arg;
    struct arena *a = arena_new();
    struct tx *tx = NULL;
    struct rows r;
    atomic_store(&o->begins, 1);
    o->s = db_write(o->db, a, &tx);
    if (o->s == OK) o->s = db_query(tx, &note_count, &r);
    if (o->s == OK) {
        o->seen = row_int(&r, 0, "n");
        atomic_store(&o->begun, 1);
        if (!o->seen) o->s = db_run(tx, &note_add, P("id", 2), P("text", "b"));
    }
    if (tx) o->s = db_end(tx, o->s);
    arena_free(a);
    return NULL;
}

/* Write skew between processes: who comes second waits, and sees what the first has written. */
static void test_one_process_after_another(void **state) {
    struct fixture f;
    (void)state;
    if (!setup(&f)) skip();
    struct other o = { .db = fixture_open(&f, false), .seen = -1 };
    struct tx *one = start(&f, true);
    assert_int_equal(number(one, "SELECT count(*) FROM note"), 0);
    assert_false(db_writers_wait(f.db));
    assert_int_equal(pthread_create(&o.thread, NULL, other_main, &o), 0);
    for (int i = 0; !db_writers_wait(f.db); i++) {
        assert_in_range(i, 0, 5000);
        usleep(2000);
    }
    assert_int_equal(atomic_load(&o.begun), 0);
    assert_int_equal(db_run(one, &note_add, P("id", 1), P("text", "a")), OK);
    assert_int_equal(db_end(one, OK), OK);
    pthread_join(o.thread, NULL);
    assert_int_equal(o.s, OK);
    assert_int_equal(o.seen, 1);
    assert_int_equal(count(&f), 1);
    db_close(o.db);
    fixture_end(&f);
}

/* Of one process: members of one batch. Each waits in line behind the one that is at work. */
struct member {
    struct db *db;
    pthread_t thread;
    atomic_int begins;
    int64_t id;
    bool late, slow;
    enum status s;
};

static enum status member_write(struct member *m, struct arena *a) {
    struct tx *tx = NULL;
    TRY(db_write(m->db, a, &tx));
    enum status s = m->slow ? db_deadline(tx, 50) : OK;
    if (s == OK)
        s = m->late ? db_later(tx, &note_add, P("id", m->id), P("text", "late"))
                    : db_run(tx, &note_add, P("id", m->id), P("text", "at once"));
    if (s == OK && !m->slow && !m->late) s = db_run(tx, &note_sleep);
    return db_end(tx, s);
}

static void *member_main(void *arg) {
    struct member *m = arg;
    struct arena *a = arena_new();
    atomic_store(&m->begins, 1);
    m->s = member_write(m, a);
    arena_free(a);
    return NULL;
}

/* The members line up behind one that writes the row `first`; returns what that one ends with. */
static enum status members(struct fixture *f, int64_t first, struct member *m, int n) {
    struct tx *tx = start(f, true);
    assert_int_equal(db_run(tx, &note_add, P("id", first), P("text", "first")), OK);
    for (int i = 0; i < n; i++) {
        m[i].db = f->db;
        assert_int_equal(pthread_create(&m[i].thread, NULL, member_main, &m[i]), 0);
        while (!atomic_load(&m[i].begins)) usleep(100);
        usleep(500);
    }
    enum status s = db_end(tx, OK);
    for (int i = 0; i < n; i++) pthread_join(m[i].thread, NULL);
    return s;
}

/* A row that nobody waited for is refused while the next one works: that is not his fault. Nobody
 * is told OK whose row is gone; run again, each hears what he has done himself. */
static void test_late_refusal_of_another(void **state) {
    struct fixture f;
    (void)state;
    if (!setup(&f)) skip();
    int again_n = 0, rounds_n = 0;
    while (again_n < 3 && rounds_n < 100) {
        int64_t at = 10 * rounds_n++;
        struct member m[4] = { { .id = at, .late = true }, { .id = at + 1 }, { .id = at + 2 } };
        m[3] = (struct member){ .db = f.db, .id = at };
        m[3].s = members(&f, at, m, 3);
        for (int i = 3; i >= 0; i--) {
            again_n += i != 0 && m[i].s == BUSY;
            if (m[i].s == BUSY) m[i].s = member_write(&m[i], f.arena);
            assert_int_equal(m[i].s, i == 0 ? CONFLICT : OK);
        }
        assert_int_equal(count(&f), 3 * rounds_n);
    }
    assert_in_range(again_n, 3, 300); /* innocents did go down with the batch */
    fixture_end(&f);
}

/* A deadline ends with its member, not with the batch. */
static void test_deadline_of_another(void **state) {
    struct fixture f;
    (void)state;
    if (!setup(&f)) skip();
    struct member m[] = { { .id = 2, .slow = true }, { .id = 3 } };
    assert_int_equal(members(&f, 1, m, 2), OK);
    for (int i = 0; i < 2; i++) assert_int_equal(m[i].s, OK);
    assert_int_equal(count(&f), 3);
    fixture_end(&f);
}

SQL2(mark_insert, "INSERT INTO mark (text) VALUES (:text)",
     "INSERT INTO mark (id, text) VALUES (:id, :text)");

static int64_t mark(struct tx *tx, const char *text) {
    int64_t id = 0;
    assert_int_equal(db_insert(tx, &mark_insert, &id, P("text", text)), OK);
    return id;
}

/* Ids are known before the row is there, are those of the sequence, and come in the order in which
 * processes commit. */
static void test_drawn_ids(void **state) {
    struct fixture f;
    struct rows r;
    (void)state;
    if (!setup(&f)) skip();
    fixture_script(&f, "CREATE TABLE mark (id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,"
                       " text text NOT NULL)");
    struct db *other = fixture_open(&f, false);
    int64_t last = 0;
    for (int round = 0; round < 4; round++) {
        struct tx *tx = NULL;
        assert_int_equal(db_write(round % 2 ? other : f.db, f.arena, &tx), OK);
        for (int i = 0; i < 100; i++) {
            int64_t id = mark(tx, i % 2 ? "odd" : "even");
            assert_in_range(id, last + 1, last + 40);
            last = id;
        }
        assert_int_equal(number(tx, "SELECT max(id) FROM mark"), last);
        assert_int_equal(db_end(tx, OK), OK);
    }
    struct tx *tx = start(&f, true);
    int64_t id = 0;
    assert_int_equal(db_insert(tx, &mark_insert, &id, P("text", "old"), P("id", 100000)), OK);
    assert_int_equal(id, 100000);
    assert_int_equal(db_query_made(tx, S("SELECT text FROM mark WHERE id = 100000"), &r, NULL, 0),
                     OK);
    assert_int_equal(r.n, 1);
    assert_int_equal(db_end(tx, OK), OK);
    tx = start(&f, false);
    assert_int_equal(number(tx, "SELECT count(*) FROM mark"), 401);
    assert_int_equal(db_end(tx, OK), OK);
    db_close(other);
    fixture_end(&f);
}

static void test_types(void **state) {
    static const struct {
        const char *text, *want;
        int64_t i;
    } cases[] = {
        { "true", NULL, 1 },
        { "false", NULL, 0 },
        { "CAST(-2 AS smallint)", NULL, -2 },
        { "CAST(-2147483648 AS integer)", NULL, INT32_MIN },
        { "CAST(-9223372036854775808 AS bigint)", NULL, INT64_MIN },
        { "9223372036854775807", NULL, INT64_MAX },
        { "CAST(4294967295 AS oid)", NULL, UINT32_MAX },
        { "CAST('x' AS varchar(5))", "x", 0 },
        { "CAST('x' AS name)", "x", 0 },
        { "'x'", "x", 0 },
        { "CAST('{\"a\":[1]}' AS jsonb)", "{\"a\": [1]}", 0 },
        { "CAST('{\"a\":1}' AS json)", "{\"a\":1}", 0 },
        { "CAST('2000-01-01' AS date)", "2000-01-01", 0 },
        { "CAST('1999-12-31' AS date)", "1999-12-31", 0 },
        { "CAST('2000-02-29' AS date)", "2000-02-29", 0 },
        { "CAST('1900-03-01' AS date)", "1900-03-01", 0 },
        { "CAST('0001-01-01' AS date)", "0001-01-01", 0 },
        { "CAST('2026-11-21' AS date)", "2026-11-21", 0 },
        { "CAST('9999-12-31' AS date)", "9999-12-31", 0 },
    };
    struct fixture f;
    struct rows r;
    (void)state;
    if (!setup(&f)) skip();
    struct tx *tx = start(&f, false);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct str text = str_printf(f.arena, "SELECT %s AS v", cases[i].text);
        assert_int_equal(db_query_made(tx, text, &r, NULL, 0), OK);
        if (cases[i].want) {
            if (!str_eq_z(row_str(&r, 0, "v"), cases[i].want))
                fail_msg("%s: %.*s", cases[i].text, SF(row_str(&r, 0, "v")));
        } else {
            assert_true(row_int(&r, 0, "v") == cases[i].i);
        }
    }
    /* Every day of four centuries, against the server's own text. */
    assert_int_equal(db_query_made(tx,
                                   S("SELECT d, CAST(d AS text) AS t FROM (SELECT"
                                     " CAST('1799-12-30' AS date) + n AS d"
                                     " FROM generate_series(0, 146200) AS n) AS days"),
                                   &r, NULL, 0),
                     OK);
    assert_int_equal(r.n, 146201);
    for (int i = 0; i < r.n; i++) assert_true(str_eq(row_str(&r, i, "d"), row_str(&r, i, "t")));
    /* Values from outside that do not fit are refused, not fatal. */
    struct param p = P("v", "12x");
    assert_int_equal(db_query_made(tx, S("SELECT CAST(:v AS bigint)"), NULL, &p, 1), INVALID);
    assert_int_equal(db_end(tx, OK), INVALID);
    fixture_end(&f);
}

/* Runs what in a child; returns how it ended, err gets what it wrote to stderr. */
static int in_child(void (*what)(struct fixture *f), struct fixture *f, char *err, size_t size) {
    int fds[2], how = 0;
    size_t n = 0;
    assert_int_equal(pipe(fds), 0);
    pid_t pid = fork();
    if (pid == 0) {
        dup2(fds[1], 2);
        what(f);
        _exit(0);
    }
    close(fds[1]);
    for (ssize_t got; n < size - 1 && (got = read(fds[0], err + n, size - 1 - n)) > 0;)
        n += (size_t)got;
    err[n] = 0;
    close(fds[0]);
    waitpid(pid, &how, 0);
    return how;
}

static void ask_numeric(struct fixture *f) {
    struct db *d = fixture_open(f, true);
    struct tx *tx = NULL;
    struct rows r;
    if (db_read(d, f->arena, &tx) != OK) _exit(1);
    if (db_query_made(tx, S("SELECT sum(id) AS total FROM note"), &r, NULL, 0) != OK) _exit(2);
}

static void test_unknown_type(void **state) {
    struct fixture f;
    struct str why;
    char err[4096];
    (void)state;
    if (!setup(&f)) skip();
    struct tx *tx = start(&f, false);
    assert_int_equal(db_prepare_only(tx, S("SELECT sum(id) AS total FROM note"), &why), INVALID);
    assert_true(str_find(why, S("total")) >= 0);
    assert_int_equal(
        db_prepare_only(tx, S("SELECT CAST(sum(id) AS bigint) AS total FROM note"), &why), OK);
    assert_int_equal(db_end(tx, OK), OK);
    int how = in_child(ask_numeric, &f, err, sizeof err);
    assert_true(WIFSIGNALED(how) && WTERMSIG(how) == SIGABRT);
    assert_non_null(strstr(err, "column total"));
    fixture_end(&f);
}

static void open_badly(struct fixture *f) {
    static const char *const places[] = {
        "postgres://ali:s3cretword@/x?host=/nonexistent",
        "postgres://ali:s3cretword@127.0.0.1:1/x",
        "postgres://ali:s3cretword@[::1/x",
        "postgres://ali:s3cretword@h/x?nonsense=1",
    };
    struct db *d = NULL;
    (void)f;
    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        if (db_open(&d, &(struct db_config){ places[i], true, 1, false }) != BROKEN) _exit(1);
}

/* Needs no server: all of these fail. */
static void test_password_is_not_logged(void **state) {
    char err[16384];
    (void)state;
    int how = in_child(open_badly, NULL, err, sizeof err);
    assert_true(WIFEXITED(how) && WEXITSTATUS(how) == 0);
    assert_non_null(strstr(err, "postgres: "));
    assert_null(strstr(err, "s3cret"));
}

static void test_missing_schema(void **state) {
    struct fixture f;
    struct db *d = NULL;
    (void)state;
    if (!setup(&f)) skip();
    struct str other = str_printf(f.arena, "%s_not", f.where);
    assert_int_equal(db_open(&d, &(struct db_config){ other.p, false, 1, false }), MISSING);
    assert_null(d);
    fixture_end(&f);
    if (!fixture_pg(&f)) skip();
    /* A schema that is there, but empty. */
    assert_int_equal(db_open(&d, &(struct db_config){ f.where, false, 1, false }), MISSING);
    fixture_end(&f);
}

static void test_statement_that_ends_the_transaction(void **state) {
    struct fixture f;
    (void)state;
    if (!setup(&f)) skip();
    struct tx *tx = start(&f, true);
    assert_int_equal(db_run(tx, &note_add, P("id", 1), P("text", "a")), OK);
    assert_int_equal(db_query_made(tx, S("ROLLBACK"), NULL, NULL, 0), BROKEN);
    assert_int_equal(db_run(tx, &note_add, P("id", 2), P("text", "b")), BROKEN);
    assert_int_equal(db_end(tx, OK), BROKEN);
    tx = start(&f, true);
    assert_int_equal(db_query_made(tx, S("SELECT 1; SELECT 2"), NULL, NULL, 0), BROKEN);
    assert_int_equal(db_end(tx, OK), BROKEN);
    assert_int_equal(count(&f), 0);
    struct rows r;
    tx = start(&f, false);
    assert_int_equal(db_query(tx, &note_count, &r), OK);
    assert_int_equal(db_end(tx, OK), OK);
    fixture_end(&f);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lost_connections),
        cmocka_unit_test(test_stale_plan),
        cmocka_unit_test(test_one_process_after_another),
        cmocka_unit_test(test_late_refusal_of_another),
        cmocka_unit_test(test_deadline_of_another),
        cmocka_unit_test(test_drawn_ids),
        cmocka_unit_test(test_types),
        cmocka_unit_test(test_unknown_type),
        cmocka_unit_test(test_password_is_not_logged),
        cmocka_unit_test(test_missing_schema),
        cmocka_unit_test(test_statement_that_ends_the_transaction),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
