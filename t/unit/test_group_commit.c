/* Many writers at once: what was acknowledged is there, nothing else is. On both databases: threads
 * with random failures. On SQLite: shared batches, death of a batch, full disk, failed sync, kill
 * -9, and two processes on one folder. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>

#include "vfs_shim.h"
#include "db_fixture.h"
#include "lib/base/clock.h"
#include "lib/base/random.h"
#include "lib/db/folder.h"

SQL(row_add, "INSERT INTO line (writer, number, text) VALUES (:writer, :number, :text)");
SQL(child_add, "INSERT INTO child (tally) VALUES (:tally)");
SQL(tally_up, "UPDATE tally SET n = n + 1 WHERE id = 1");
SQL(tally_read, "SELECT n FROM tally WHERE id = 1");
SQL(row_has, "SELECT count(*) AS n FROM line WHERE writer = :writer AND number = :number");
SQL(row_count, "SELECT count(*) AS n FROM line");
SQL2(row_big, "INSERT INTO line VALUES (:writer, :number, hex(zeroblob(200000)))",
     "INSERT INTO line VALUES (:writer, :number, repeat('x', 400000))");

static const char schema[] =
    "CREATE TABLE line (writer bigint NOT NULL, number bigint NOT NULL, text text NOT NULL,"
    " PRIMARY KEY (writer, number));"
    "CREATE TABLE tally (id bigint PRIMARY KEY, n bigint NOT NULL);"
    "CREATE TABLE child (tally bigint REFERENCES tally (id) DEFERRABLE INITIALLY DEFERRED);"
    "INSERT INTO tally VALUES (1, 0)";

enum { WRITERS_N = 16, WRITES_N = 200 };

/* cmocka cannot fail from another thread. */
#define must(what)                                                                                 \
    do {                                                                                           \
        if (!(what)) BUG("not true: %s", #what);                                                   \
    } while (0)

struct writer {
    pthread_t thread;
    struct db *db;
    int id;
    bool kept[WRITES_N];
    int busy_n, most_tries_n;
};

static enum status add(struct tx *tx, int writer, int number, const char *text) {
    return db_run(tx, &row_add, P("writer", writer), P("number", number), P("text", text));
}

/* One write in one of five ways; true if it was kept. */
static bool write_once(struct writer *w, struct arena *a, struct dice *dice, int number) {
    int way = (int)dice_below(dice, 10);
    for (int tries_n = 1;; tries_n++) {
        struct tx *tx = NULL;
        if (tries_n > w->most_tries_n) w->most_tries_n = tries_n;
        enum status s = db_write(w->db, a, &tx);
        if (s == OK) {
            s = add(tx, w->id, number, "x");
            if (s == OK && way == 0) s = INVALID; /* the handler's refusal */
            if (s == OK && way == 1) s = add(tx, w->id, number, "twice"); /* the database's */
            if (s == OK && way == 2) { /* a row taken back, the rest kept */
                s = db_savepoint(tx);
                if (s == OK && add(tx, w->id, number, "twice") != CONFLICT) s = BUSY;
                if (s == OK)
                    s = db_savepoint_end(tx, false);
                else if (db_savepoint_end(tx, false) != OK)
                    s = BUSY;
            }
            if (s == OK) s = db_run(tx, &tally_up);
            s = db_end(tx, s);
        }
        if (s == BUSY) {
            w->busy_n++;
            continue;
        }
        must(s == (way == 0 ? INVALID : way == 1 ? CONFLICT : OK));
        return s == OK;
    }
}

static void *writer_main(void *arg) {
    struct writer *w = arg;
    struct arena *a = arena_new();
    struct dice dice = { (uint64_t)w->id + 1 };
    for (int i = 0; i < WRITES_N; i++) {
        w->kept[i] = write_once(w, a, &dice, i);
        arena_reset(a);
    }
    arena_free(a);
    return NULL;
}

static int64_t number(struct fixture *f, const struct sql *sql) {
    struct rows r;
    struct tx *tx = NULL;
    assert_int_equal(db_read(f->db, f->arena, &tx), OK);
    assert_int_equal(db_query(tx, sql, &r), OK);
    assert_int_equal(db_end(tx, OK), OK);
    return row_int(&r, 0, "n");
}

static bool has(struct fixture *f, int writer, int num) {
    struct rows r;
    struct tx *tx = NULL;
    assert_int_equal(db_read(f->db, f->arena, &tx), OK);
    assert_int_equal(db_query(tx, &row_has, &r, P("writer", writer), P("number", num)), OK);
    assert_int_equal(db_end(tx, OK), OK);
    return row_int(&r, 0, "n") == 1;
}

static void many_writers(struct fixture *f) {
    struct writer *w = calloc(WRITERS_N, sizeof *w);
    int kept_n = 0, busy_n = 0;
    int syncs_before = atomic_load(&shim_state.syncs_n);
    int64_t begun = clock_mono_us();
    for (int i = 0; i < WRITERS_N; i++) {
        w[i].db = f->db;
        w[i].id = i;
        assert_int_equal(pthread_create(&w[i].thread, NULL, writer_main, &w[i]), 0);
    }
    for (int i = 0; i < WRITERS_N; i++) pthread_join(w[i].thread, NULL);
    int64_t us = clock_mono_us() - begun;
    for (int i = 0; i < WRITERS_N; i++) {
        busy_n += w[i].busy_n;
        assert_in_range(w[i].most_tries_n, 1, 3); /* as often as the server tries */
        for (int k = 0; k < WRITES_N; k++) {
            kept_n += w[i].kept[k];
            if (has(f, i, k) != w[i].kept[k]) fail_msg("writer %d row %d", i, k);
        }
    }
    assert_int_equal(number(f, &row_count), kept_n);
    assert_int_equal(number(f, &tally_read), kept_n);
    assert_in_range(kept_n, WRITERS_N * WRITES_N / 2, WRITERS_N * WRITES_N - 1);
    int syncs = atomic_load(&shim_state.syncs_n) - syncs_before;
    print_message("%s: %d kept of %d in %lld ms, %d syncs, %d run again\n", f->pg ? "pg" : "sqlite",
                  kept_n, WRITERS_N * WRITES_N, (long long)us / 1000, syncs, busy_n);
    if (!f->pg) {
        assert_int_equal(busy_n, 0);
        assert_true(syncs < kept_n / 2); /* writers do share commits */
    }
    free(w);
}

static void test_many_writers(void **state) {
    struct fixture f = fixture_lite();
    (void)state;
    fixture_script(&f, schema);
    many_writers(&f);
    fixture_end(&f);
    if (!fixture_pg(&f)) return;
    fixture_script(&f, schema);
    many_writers(&f);
    fixture_end(&f);
}

/* ---- a batch dies ---- */

enum { MEMBERS_N = 6, CULPRIT = 4 };
struct member {
    pthread_t thread;
    struct db *db;
    int id, number;
    enum status s;
    atomic_int *in_line_n;
};

static enum status member_write(struct member *m, struct arena *a) {
    struct tx *tx = NULL;
    enum status s = db_write(m->db, a, &tx);
    if (s != OK) return s;
    if (m->id != CULPRIT) return db_end(tx, add(tx, m->id, m->number, "x"));
    s = db_run(tx, &row_big, P("writer", m->id), P("number", m->number));
    must(s != OK);
    must(db_run(tx, &tally_up) == s); /* never outside of a transaction */
    return db_end(tx, OK);
}

static void *member_main(void *arg) {
    struct member *m = arg;
    struct arena *a = arena_new();
    atomic_fetch_add(m->in_line_n, 1);
    m->s = member_write(m, a);
    arena_free(a);
    return NULL;
}

/* One writer holds the turn while the others line up behind him; one of them makes the database
 * larger than it may be, which ends SQLite's transaction. Returns how many innocents had to be run
 * again. */
static int death_round(struct fixture *f, int round) {
    struct member m[MEMBERS_N];
    atomic_int in_line_n = 0;
    int again_n = 0;
    struct tx *tx = NULL;
    assert_int_equal(db_write(f->db, f->arena, &tx), OK);
    assert_false(db_writers_wait(f->db));
    for (int i = 0; i < MEMBERS_N; i++) {
        m[i] = (struct member){ .db = f->db, .id = i, .number = round, .in_line_n = &in_line_n };
        assert_int_equal(pthread_create(&m[i].thread, NULL, member_main, &m[i]), 0);
        while (atomic_load(&in_line_n) <= i) usleep(100);
        usleep(500);
    }
    assert_true(db_writers_wait(f->db));
    assert_int_equal(db_end(tx, DENIED), DENIED);
    for (int i = 0; i < MEMBERS_N; i++) pthread_join(m[i].thread, NULL);
    assert_true(m[CULPRIT].s == BUSY || m[CULPRIT].s == BROKEN);
    for (int i = 0; i < MEMBERS_N; i++) {
        if (i != CULPRIT) assert_true(m[i].s == OK || m[i].s == BUSY);
        assert_int_equal(has(f, i, round), m[i].s == OK);
    }
    /* Run again, one after another: only the culprit fails, and it is told so. */
    for (int i = 0; i < MEMBERS_N; i++) {
        if (m[i].s == OK) continue;
        again_n += i != CULPRIT;
        assert_int_equal(member_write(&m[i], f->arena), i == CULPRIT ? BROKEN : OK);
        assert_int_equal(has(f, i, round), i != CULPRIT);
    }
    return again_n;
}

static void test_batch_death(void **state) {
    struct fixture f = fixture_lite();
    int again_n = 0, rounds_n = 0;
    (void)state;
    fixture_script(&f, schema);
    fixture_script(&f, "PRAGMA max_page_count=60");
    while (again_n < 10 && rounds_n < 100) again_n += death_round(&f, rounds_n++);
    assert_in_range(again_n, 10, 1000); /* finished members did go down with the batch */
    assert_int_equal(number(&f, &row_count), rounds_n * (MEMBERS_N - 1));
    fixture_end(&f);
}

/* A foreign key that only COMMIT would refuse is the fault of one member, not of its batch. */
static void *key_member_main(void *arg) {
    struct member *m = arg;
    struct arena *a = arena_new();
    struct tx *tx = NULL;
    atomic_fetch_add(m->in_line_n, 1);
    must(db_write(m->db, a, &tx) == OK);
    enum status s = add(tx, m->id, m->number, "x");
    if (s == OK) s = db_run(tx, &child_add, P("tally", m->id == CULPRIT ? 99 : 1));
    m->s = db_end(tx, s);
    arena_free(a);
    return NULL;
}

static void test_deferred_keys(void **state) {
    struct fixture f = fixture_lite();
    (void)state;
    fixture_script(&f, schema);
    for (int round = 0; round < 20; round++) {
        struct member m[MEMBERS_N];
        atomic_int in_line_n = 0;
        struct tx *tx = NULL;
        assert_int_equal(db_write(f.db, f.arena, &tx), OK);
        for (int i = 0; i < MEMBERS_N; i++) {
            m[i] = (struct member){ .db = f.db, .id = i, .number = round, .in_line_n = &in_line_n };
            assert_int_equal(pthread_create(&m[i].thread, NULL, key_member_main, &m[i]), 0);
            while (atomic_load(&in_line_n) <= i) usleep(100);
            usleep(500);
        }
        assert_int_equal(db_end(tx, DENIED), DENIED);
        for (int i = 0; i < MEMBERS_N; i++) {
            pthread_join(m[i].thread, NULL);
            assert_int_equal(m[i].s, i == CULPRIT ? CONFLICT : OK);
            assert_int_equal(has(&f, i, round), i != CULPRIT);
        }
    }
    fixture_end(&f);
}

/* ---- the disk is full, then is not ---- */

static enum status one_write(struct db *d, struct arena *a, int writer, int num) {
    struct tx *tx = NULL;
    enum status s = db_write(d, a, &tx);
    if (s != OK) return s;
    return db_end(tx, add(tx, writer, num, "x"));
}

static void *try_write(void *arg) {
    struct member *m = arg;
    struct arena *a = arena_new();
    m->s = one_write(m->db, a, m->id, m->number);
    arena_free(a);
    return NULL;
}

static void full_disk(struct fixture *f, int error, int base) {
    struct member m[8];
    assert_int_equal(one_write(f->db, f->arena, base, 0), OK);
    atomic_store(&shim_state.write_error, error);
    assert_int_equal(one_write(f->db, f->arena, base, 1), BROKEN);
    for (int i = 0; i < 8; i++) {
        m[i] = (struct member){ .db = f->db, .id = base + i, .number = 2 };
        assert_int_equal(pthread_create(&m[i].thread, NULL, try_write, &m[i]), 0);
    }
    for (int i = 0; i < 8; i++) {
        pthread_join(m[i].thread, NULL);
        assert_true(m[i].s == BUSY || m[i].s == BROKEN);
    }
    /* Each alone: now it is plain that it is not another's fault. */
    for (int i = 0; i < 8; i++) assert_int_equal(one_write(f->db, f->arena, base + i, 2), BROKEN);
    atomic_store(&shim_state.write_error, 0);
    for (int i = 0; i < 8; i++) {
        assert_false(has(f, base + i, 2));
        assert_int_equal(one_write(f->db, f->arena, base + i, 2), OK);
        assert_true(has(f, base + i, 2));
    }
    assert_false(has(f, base, 1));
}

static void test_full_disk(void **state) {
    struct fixture f = fixture_lite();
    struct strs problems = { 0 };
    (void)state;
    fixture_script(&f, schema);
    full_disk(&f, SQLITE_FULL, 0);
    full_disk(&f, SQLITE_IOERR_WRITE, 100);
    assert_int_equal(number(&f, &row_count), 18);
    db_close(f.db);
    f.db = fixture_open(&f, false);
    assert_int_equal(number(&f, &row_count), 18);
    struct tx *tx = NULL;
    assert_int_equal(db_read(f.db, f.arena, &tx), OK);
    assert_int_equal(db_check(tx, &problems), OK);
    assert_int_equal(db_end(tx, OK), OK);
    assert_int_equal(problems.n, 0);
    fixture_end(&f);
}

/* ---- processes ---- */

/* After a failed sync nobody knows what the disk holds: the process must die, not go on. */
static void test_failed_sync(void **state) {
    struct fixture f = fixture_lite();
    (void)state;
    fixture_script(&f, schema);
    db_close(f.db);
    pid_t pid = fork();
    if (pid == 0) {
        struct db *d = fixture_open(&f, false);
        if (one_write(d, f.arena, 1, 1) != OK) _exit(1);
        atomic_store(&shim_state.sync_error, SQLITE_IOERR_FSYNC);
        enum status s = one_write(d, f.arena, 1, 2);
        _exit(2 + (int)s);
    }
    int how = 0;
    assert_int_equal(waitpid(pid, &how, 0), pid);
    assert_true(WIFSIGNALED(how));
    assert_int_equal(WTERMSIG(how), SIGABRT);
    f.db = fixture_open(&f, false);
    assert_true(has(&f, 1, 1));
    fixture_end(&f);
}

struct ack {
    int writer, number;
};
struct killed_writer {
    pthread_t thread;
    struct db *db;
    int id, from, pipe;
};

static void *killed_main(void *arg) {
    struct killed_writer *w = arg;
    struct arena *a = arena_new();
    for (int i = w->from;; i++, arena_reset(a)) {
        struct tx *tx = NULL;
        enum status s = db_write(w->db, a, &tx);
        if (s == OK) s = add(tx, w->id, i, "x");
        if (s == OK) s = db_run(tx, &tally_up);
        if (tx) s = db_end(tx, s);
        must(s == OK || s == BUSY);
        struct ack ack = { w->id, i };
        if (s == OK)
            must(write(w->pipe, &ack, sizeof ack) == sizeof ack);
        else
            i--;
    }
    return NULL;
}

static void child_writes(const struct fixture *f, int from, int to) {
    enum { N = 8 };
    struct killed_writer w[N];
    struct db *d = NULL;
    enum status s = db_open(&d, &(struct db_config){ f->where, false, 1, true });
    must(s == OK);
    for (int i = 0; i < N; i++) {
        w[i] = (struct killed_writer){ .db = d, .id = i, .from = from, .pipe = to };
        must(pthread_create(&w[i].thread, NULL, killed_main, &w[i]) == 0);
    }
    for (int i = 0; i < N; i++) pthread_join(w[i].thread, NULL);
}

/* Starts a writing child, kills it after some milliseconds, collects what it had acknowledged. */
static int kill_round(struct fixture *f, int round, struct dice *dice) {
    enum { FROM = 1000000 };
    int fds[2], acks_n = 0, at_most;
    struct ack *acks = NULL, one;
    assert_int_equal(pipe(fds), 0);
    pid_t pid = fork();
    if (pid == 0) {
        close(fds[0]);
        child_writes(f, round * FROM, fds[1]);
        _exit(0);
    }
    close(fds[1]);
    at_most = 20 + (int)dice_below(dice, 400);
    int64_t until = 0;
    bool killed = false;
    for (;;) {
        struct pollfd p = { fds[0], POLLIN, 0 };
        int wait = !until ? 60000 : (int)((until - clock_mono_us()) / 1000);
        if (!killed && poll(&p, 1, wait < 0 ? 0 : wait) == 0) {
            kill(pid, SIGKILL);
            killed = true;
        }
        if (!killed && !p.revents) continue;
        if (!killed && until && clock_mono_us() >= until) {
            kill(pid, SIGKILL);
            killed = true;
        }
        if (read(fds[0], &one, sizeof one) != sizeof one) break;
        if (!until) until = clock_mono_us() + at_most * 1000;
        acks = realloc(acks, (size_t)(acks_n + 1) * sizeof one);
        acks[acks_n++] = one;
    }
    close(fds[0]);
    int how = 0;
    waitpid(pid, &how, 0);
    assert_true(WIFSIGNALED(how) && WTERMSIG(how) == SIGKILL);
    f->db = fixture_open(f, false);
    for (int i = 0; i < acks_n; i++)
        if (!has(f, acks[i].writer, acks[i].number))
            fail_msg("acknowledged and gone: %d %d", acks[i].writer, acks[i].number);
    assert_int_equal(number(f, &row_count), number(f, &tally_read));
    db_close(f->db);
    f->db = NULL;
    free(acks);
    return acks_n;
}

static void kill_9(struct fixture *f) {
    struct dice dice = { 42 };
    int acks_n = 0;
    fixture_script(f, schema);
    db_close(f->db);
    for (int i = 0; i < 6; i++) acks_n += kill_round(f, i, &dice);
    f->db = fixture_open(f, false);
    int64_t rows_n = number(f, &row_count);
    print_message("%s: %d acknowledged, %lld found, in 6 kills\n", f->pg ? "pg" : "sqlite", acks_n,
                  (long long)rows_n);
    assert_true(acks_n > 50 && rows_n >= acks_n);
    struct strs problems = { 0 };
    struct tx *tx = NULL;
    assert_int_equal(db_read(f->db, f->arena, &tx), OK);
    assert_int_equal(db_check(tx, &problems), OK);
    assert_int_equal(db_end(tx, OK), OK);
    assert_int_equal(problems.n, 0);
}

static void test_kill_9(void **state) {
    struct fixture f = fixture_lite();
    (void)state;
    kill_9(&f);
    fixture_end(&f);
    if (!fixture_pg(&f)) return;
    kill_9(&f);
    fixture_end(&f);
}

/* A process that writes without pause must let another one in after each batch. */
static void test_two_processes(void **state) {
    struct fixture f = fixture_lite();
    int64_t longest_us = 0;
    (void)state;
    fixture_script(&f, schema);
    db_close(f.db);
    pid_t pid = fork();
    if (pid == 0) {
        struct db *d = fixture_open(&f, false);
        for (int i = 0; i < 400; i++) {
            struct tx *tx = NULL;
            must(db_write(d, f.arena, &tx) == OK);
            for (int k = 0; k < 20; k++) must(add(tx, 1, i * 20 + k, "x") == OK);
            must(db_end(tx, OK) == OK);
        }
        db_close(d);
        _exit(0);
    }
    f.db = fixture_open(&f, false);
    while (!has(&f, 1, 0)) usleep(500);
    int mine_n = 0, how = 0;
    while (waitpid(pid, &how, WNOHANG) == 0) {
        int64_t begun = clock_mono_us();
        assert_int_equal(one_write(f.db, f.arena, 2, mine_n++), OK);
        int64_t us = clock_mono_us() - begun;
        if (us > longest_us) longest_us = us;
    }
    assert_true(WIFEXITED(how) && WEXITSTATUS(how) == 0);
    print_message("%d writes beside the other process, the longest %lld ms\n", mine_n,
                  (long long)longest_us / 1000);
    assert_in_range(mine_n, 100, 100000);
    assert_int_equal(number(&f, &row_count), 400 * 20 + mine_n);
    fixture_end(&f);
}

/* Who has just written and wants to write again comes after who has waited meanwhile. */
static void test_turnstile(void **state) {
    struct fixture f = fixture_lite();
    struct folder here, there;
    char order[3] = "";
    int fds[2];
    (void)state;
    assert_int_equal(pipe(fds), 0);
    assert_int_equal(folder_open(&here, f.where, false), OK);
    for (int i = 0; i < 50; i++) {
        assert_true(folder_write_lock(&here, 20000));
        pid_t pid = fork();
        if (pid == 0) {
            /* Its own open files: a lock belongs to the open file, not to the process. */
            must(folder_open(&there, f.where, false) == OK);
            must(folder_write_lock(&there, 20000));
            must(write(fds[1], "b", 1) == 1);
            _exit(0);
        }
        int64_t until = clock_mono_us() + 20000000;
        while (!folder_others_wait(&here) && clock_mono_us() < until) usleep(200);
        folder_write_unlock(&here);
        assert_true(folder_write_lock(&here, 20000));
        assert_int_equal(write(fds[1], "a", 1), 1);
        folder_write_unlock(&here);
        waitpid(pid, NULL, 0);
        assert_int_equal(read(fds[0], order, 2), 2);
        assert_string_equal(order, "ba");
    }
    /* A process that was stopped with the lock in hand must not hang the others. */
    assert_int_equal(folder_open(&there, f.where, false), OK);
    assert_true(folder_write_lock(&here, 0));
    int64_t begun = clock_mono_us();
    assert_false(folder_write_lock(&there, 200));
    assert_in_range(clock_mono_us() - begun, 200000, 5000000);
    folder_write_unlock(&here);
    assert_true(folder_write_lock(&there, 0));
    folder_close(&there);
    folder_close(&here);
    close(fds[0]);
    close(fds[1]);
    fixture_end(&f);
}

static int64_t wal_bytes(const struct fixture *f) {
    char path[1100];
    struct stat st;
    snprintf(path, sizeof path, "%s/daftar.db-wal", f->where);
    return stat(path, &st) == 0 ? st.st_size : 0;
}

/* megabytes, in writes of 200 kB; returns the largest size that the WAL had. */
static int64_t write_much(struct fixture *f, int writer, int megabytes) {
    int64_t most = 0;
    char *text = calloc(1, 200001);
    assert_non_null(text);
    memset(text, 'x', 200000);
    for (int i = 0; i < megabytes * 5; i++) {
        struct tx *tx = NULL;
        assert_int_equal(db_write(f->db, f->arena, &tx), OK);
        assert_int_equal(db_end(tx, add(tx, writer, i, text)), OK);
        if (wal_bytes(f) > most) most = wal_bytes(f);
    }
    free(text);
    return most;
}

/* The server copies the WAL into the file as it goes; a long reader only delays that. */
static void test_wal_stays_short(void **state) {
    struct fixture f = fixture_lite();
    struct rows r;
    struct tx *reader = NULL;
    (void)state;
    fixture_script(&f, schema);
    assert_in_range(write_much(&f, 1, 40), 1 << 20, 12 << 20);
    assert_int_equal(db_read(f.db, f.arena, &reader), OK);
    assert_int_equal(db_query(reader, &row_count, &r), OK);
    assert_in_range(write_much(&f, 2, 30), 30 << 20, 60 << 20);
    assert_int_equal(db_end(reader, OK), OK);
    write_much(&f, 3, 6);
    assert_in_range(wal_bytes(&f), 0, 12 << 20);
    assert_int_equal(number(&f, &row_count), 76 * 5);
    fixture_end(&f);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_many_writers),    cmocka_unit_test(test_batch_death),
        cmocka_unit_test(test_deferred_keys),   cmocka_unit_test(test_full_disk),
        cmocka_unit_test(test_failed_sync),     cmocka_unit_test(test_kill_9),
        cmocka_unit_test(test_two_processes),   cmocka_unit_test(test_turnstile),
        cmocka_unit_test(test_wal_stays_short),
    };
    shim_install();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
