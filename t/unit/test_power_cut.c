/* Power cuts under the SQLite half (trust.md F1; power_disk.h is the disk). What had been
 * acknowledged over a pipe must be there, and the file sound. As a control the same on a disk that
 * lies about syncs must lose something, or this test could see nothing. DAFTAR_CUTS=20000
 * build/asan/t/test_power_cut    as many as before a release */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <pthread.h>
#include <sys/wait.h>

#include "power_disk.h"
#include "db_fixture.h"
#include "lib/base/random.h"

SQL(row_add,
    "INSERT INTO line (round, writer, number, text) VALUES (:round, :writer, :number, :text)");
SQL(row_numbers, "SELECT writer, number FROM line WHERE round = :round");
SQL(row_count, "SELECT count(*) AS n FROM line");
SQL(tally_up, "UPDATE tally SET n = n + 1 WHERE id = 1");
SQL(tally_read, "SELECT n FROM tally WHERE id = 1");

static const char schema[] =
    "CREATE TABLE line (round INTEGER NOT NULL, writer INTEGER NOT NULL, number INTEGER NOT NULL,"
    " text TEXT NOT NULL, PRIMARY KEY (round, writer, number)) STRICT;"
    "CREATE INDEX line_text ON line (text);"
    "CREATE TABLE tally (id INTEGER PRIMARY KEY, n INTEGER NOT NULL) STRICT;"
    "INSERT INTO tally VALUES (1, 0)";

enum { WRITERS_N = 4, NUMBERS_N = 4096 };

/* ---- the child ---- */

struct ack {
    int writer, number;
};
struct writer {
    pthread_t thread;
    struct db *db;
    int id, round, from, pipe;
};

static void *writer_main(void *arg) {
    struct writer *w = arg;
    struct arena *a = arena_new();
    for (int i = w->from; i < w->from + 15; i++, arena_reset(a)) {
        struct tx *tx = NULL;
        enum status s = db_write(w->db, a, &tx);
        struct str text = str_printf(a, "%d %0*d", i * 7919 % 1000, 20 + i % 700, i);
        if (s == OK)
            s = db_run(tx, &row_add, P("round", w->round), P("writer", w->id), P("number", i),
                       P("text", text));
        if (s == OK) s = db_run(tx, &tally_up);
        if (tx) s = db_end(tx, s);
        struct ack ack = { w->id, i };
        if (s != OK) BUG("a write ended %s", status_name(s));
        if (write(w->pipe, &ack, sizeof ack) != sizeof ack) BUG("pipe");
    }
    arena_free(a);
    return NULL;
}

static void child(const struct fixture *f, int round, int to, bool lies) {
    disk.dice = (struct dice){ (uint64_t)round * 2 + lies };
    disk.until_cut_n = 1 + (int)dice_below(&disk.dice, 250);
    disk.lies = lies;
    disk_begin();
    /* Opened again and again, because closing copies the whole WAL into the file. */
    for (int from = 0;; from += 15) {
        struct writer w[WRITERS_N];
        struct db *d = NULL;
        if (db_open(&d, &(struct db_config){ f->where, false, 1, true }) != OK) _exit(3);
        for (int i = 0; i < WRITERS_N; i++) {
            w[i] = (struct writer){ .db = d, .id = i, .round = round, .from = from, .pipe = to };
            if (pthread_create(&w[i].thread, NULL, writer_main, &w[i])) _exit(4);
        }
        for (int i = 0; i < WRITERS_N; i++) pthread_join(w[i].thread, NULL);
        db_close(d);
    }
}

/* ---- the judge ---- */

static int64_t number(struct db *d, struct arena *a, const struct sql *sql) {
    struct rows r;
    struct tx *tx = NULL;
    assert_int_equal(db_read(d, a, &tx), OK);
    enum status s = db_query(tx, sql, &r);
    assert_int_equal(db_end(tx, s), s);
    return s == OK ? row_int(&r, 0, "n") : -1;
}

static int count_lost(struct db *d, struct arena *a, int round, bool (*acked)[NUMBERS_N]) {
    struct rows r;
    struct tx *tx = NULL;
    int lost_n = 0;
    assert_int_equal(db_read(d, a, &tx), OK);
    enum status s = db_query(tx, &row_numbers, &r, P("round", round));
    assert_int_equal(db_end(tx, s), s);
    if (s != OK) return 1;
    for (int i = 0; i < r.n; i++) acked[row_int(&r, i, "writer")][row_int(&r, i, "number")] = false;
    for (int w = 0; w < WRITERS_N; w++)
        for (int i = 0; i < NUMBERS_N; i++) lost_n += acked[w][i];
    return lost_n;
}

static bool is_sound(struct db *d, struct arena *a) {
    struct strs problems = { 0 };
    struct tx *tx = NULL;
    assert_int_equal(db_read(d, a, &tx), OK);
    enum status s = db_check(tx, &problems);
    assert_int_equal(db_end(tx, s), s);
    return s == OK && !problems.n && number(d, a, &row_count) == number(d, a, &tally_read);
}

struct outcome {
    int cuts_n, acks_n, lost_n, damaged_n;
};

static void one_cut(struct fixture *f, int round, bool lies, struct outcome *o) {
    static bool acked[WRITERS_N][NUMBERS_N];
    struct ack ack;
    char shm[1100];
    int fds[2], how = 0;
    memset(acked, 0, sizeof acked);
    assert_int_equal(pipe(fds), 0);
    pid_t pid = fork();
    if (pid == 0) {
        close(fds[0]);
        child(f, round, fds[1], lies);
    }
    close(fds[1]);
    while (read(fds[0], &ack, sizeof ack) == sizeof ack) {
        if (ack.number < NUMBERS_N) acked[ack.writer][ack.number] = true;
        o->acks_n++;
    }
    close(fds[0]);
    waitpid(pid, &how, 0);
    assert_true(WIFEXITED(how));
    assert_int_equal(WEXITSTATUS(how), 0);
    snprintf(shm, sizeof shm, "%s/daftar.db-shm", f->where);
    unlink(shm); /* memory does not survive */
    o->cuts_n++;
    struct db *d = NULL;
    if (db_open(&d, &(struct db_config){ f->where, false, 1, true }) != OK) {
        o->damaged_n++;
        return;
    }
    o->lost_n += count_lost(d, f->arena, round, acked);
    o->damaged_n += !is_sound(d, f->arena);
    db_close(d);
    arena_reset(f->arena);
}

static struct fixture fresh(void) {
    struct fixture f = fixture_lite();
    fixture_script(&f, schema);
    db_close(f.db);
    f.db = NULL;
    return f;
}

static void drop(struct fixture *f) {
    fixture_remove(f->where);
    arena_free(f->arena);
}

static void test_power_cuts(void **state) {
    const char *wanted = getenv("DAFTAR_CUTS");
    int64_t cuts_n = 150;
    struct outcome o = { 0 };
    struct fixture f = fresh();
    (void)state;
    if (wanted && !str_to_i64(str_of(wanted), &cuts_n)) fail_msg("DAFTAR_CUTS=%s", wanted);
    for (int i = 0; i < cuts_n; i++) {
        one_cut(&f, i, false, &o);
        if (i % 200 == 199) { /* else the check takes ever longer */
            drop(&f);
            f = fresh();
        }
    }
    print_message("%d cuts, %d acknowledged, %d lost, %d damaged\n", o.cuts_n, o.acks_n, o.lost_n,
                  o.damaged_n);
    assert_int_equal(o.lost_n, 0);
    assert_int_equal(o.damaged_n, 0);
    assert_true(o.acks_n > o.cuts_n);
    drop(&f);
}

static void test_lying_disk(void **state) {
    struct outcome o = { 0 };
    (void)state;
    for (int i = 0; i < 25; i++) {
        struct fixture f = fresh();
        one_cut(&f, i, true, &o);
        drop(&f);
    }
    print_message("lying disk: %d cuts, %d acknowledged, %d lost, %d damaged\n", o.cuts_n, o.acks_n,
                  o.lost_n, o.damaged_n);
    assert_true(o.lost_n > 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_power_cuts),
        cmocka_unit_test(test_lying_disk),
    };
    shim_install(); /* below the layer of checksums, which the first opening makes */
    return cmocka_run_group_tests(tests, NULL, NULL);
}
