/* A PostgreSQL server of its own (with real syncs) is killed with -9 in the middle of writes and
 * started again, twice, while the writers go on: what was acknowledged is there, what was refused
 * is not, and only what ended BROKEN in COMMIT may be either. Skipped, and says so, without
 * DAFTAR_TEST_PG. Run it in the root of the project: it calls t/pg.sh. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdatomic.h>

#include "db_fixture.h"

SQL(row_add, "INSERT INTO line (writer, number) VALUES (:writer, :number)");
SQL(row_all, "SELECT writer, number FROM line");

enum { WRITERS_N = 6, NUMBERS_N = 200000 };
enum fate { NOT_TRIED, REFUSED, ACKNOWLEDGED, UNKNOWN };

struct writer {
    pthread_t thread;
    struct db *db;
    int id, numbers_n;
    unsigned char fates[NUMBERS_N];
};
static atomic_bool over;
static atomic_int acks_n;

static void *writer_main(void *arg) {
    struct writer *w = arg;
    struct arena *a = arena_new();
    while (!atomic_load(&over) && w->numbers_n < NUMBERS_N) {
        struct tx *tx = NULL;
        int i = w->numbers_n++;
        enum status s = db_write(w->db, a, &tx);
        if (s == OK) {
            s = db_run(tx, &row_add, P("writer", w->id), P("number", i));
            s = db_end(tx, s);
        }
        w->fates[i] = s == OK ? ACKNOWLEDGED : s == BROKEN ? UNKNOWN : REFUSED;
        if (s == OK)
            atomic_fetch_add(&acks_n, 1);
        else
            usleep(2000);
        arena_reset(a);
    }
    arena_free(a);
    return NULL;
}

/* Runs t/pg.sh WHAT and takes its exports over. */
static void pg(const char *what) {
    char command[100], line[1000];
    snprintf(command, sizeof command, "sh t/pg.sh %s 2>/dev/null", what);
    FILE *f = popen(command, "r");
    assert_non_null(f);
    while (fgets(line, sizeof line, f)) {
        char name[100], value[900];
        if (sscanf(line, "export %99[A-Z_]='%899[^']'", name, value) == 2) setenv(name, value, 1);
    }
    if (pclose(f) != 0) fail_msg("%s failed", command);
}

static void wait_for_acks(int more) {
    int from = atomic_load(&acks_n);
    for (int i = 0; i < 6000 && atomic_load(&acks_n) < from + more; i++) usleep(10000);
    if (atomic_load(&acks_n) < from + more) fail_msg("the writers do not get on");
}

static void judge(struct fixture *f, struct writer *w) {
    int fates_n[4] = { 0 }, there_n[4] = { 0 };
    struct rows r;
    struct tx *tx = NULL;
    assert_int_equal(db_read(f->db, f->arena, &tx), OK);
    assert_int_equal(db_query(tx, &row_all, &r), OK);
    assert_int_equal(db_end(tx, OK), OK);
    for (int i = 0; i < WRITERS_N; i++)
        for (int k = 0; k < w[i].numbers_n; k++) fates_n[w[i].fates[k]]++;
    for (int i = 0; i < r.n; i++)
        there_n[w[row_int(&r, i, "writer")].fates[row_int(&r, i, "number")]]++;
    print_message("%d acknowledged and %d there; %d refused, %d there; %d unknown, %d there\n",
                  fates_n[ACKNOWLEDGED], there_n[ACKNOWLEDGED], fates_n[REFUSED], there_n[REFUSED],
                  fates_n[UNKNOWN], there_n[UNKNOWN]);
    assert_int_equal(there_n[ACKNOWLEDGED], fates_n[ACKNOWLEDGED]);
    assert_int_equal(there_n[REFUSED], 0);
    assert_true(fates_n[REFUSED] + fates_n[UNKNOWN] > 0); /* the kills were felt */
    assert_in_range(fates_n[UNKNOWN], 0, 2 * WRITERS_N);
}

static void test_server_is_killed(void **state) {
    struct writer *w = calloc(WRITERS_N, sizeof *w);
    struct fixture f;
    (void)state;
    assert_non_null(w);
    if (!getenv("DAFTAR_TEST_PG")) {
        print_message("skipped: DAFTAR_TEST_PG is not set, PostgreSQL is not tested\n");
        free(w);
        skip();
    }
    pg("start --fsync");
    assert_true(fixture_pg(&f));
    fixture_script(&f, "CREATE TABLE line (writer bigint NOT NULL, number bigint NOT NULL,"
                       " PRIMARY KEY (writer, number))");
    for (int i = 0; i < WRITERS_N; i++) {
        w[i].db = f.db;
        w[i].id = i;
        assert_int_equal(pthread_create(&w[i].thread, NULL, writer_main, &w[i]), 0);
    }
    for (int i = 0; i < 2; i++) {
        wait_for_acks(100);
        pg("kill");
        usleep(100000);
        pg("restart");
    }
    wait_for_acks(100);
    atomic_store(&over, true);
    for (int i = 0; i < WRITERS_N; i++) pthread_join(w[i].thread, NULL);
    judge(&f, w);
    fixture_end(&f);
    pg("stop");
    free(w);
}

int main(void) {
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_server_is_killed) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
