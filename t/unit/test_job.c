/* Jobs: put in with the transaction, done at least once, claimed by one, refused after the lease is
 * lost, tried again with growing pauses; the threads; the journal of reads, which is a thread too.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <dirent.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/job/job_in.h"
#include "core/web/journal.h"
#include "lib/base/clock.h"
#include "visitor.h"

SQL(test_tag,
    "INSERT INTO tag (name, name_key, created_at, changed_at) VALUES (:name, :name, 0, 0)");
SQL(test_tags_n, "SELECT count(*) AS n FROM tag");
SQL(test_done_n, "SELECT count(*) AS n FROM job WHERE state = 'done'");
SQL(test_failed_n, "SELECT count(*) AS n FROM job WHERE state = 'failed'");
SQL(test_waiting_n, "SELECT count(*) AS n FROM job WHERE state = 'waiting'");
SQL(test_running_n, "SELECT count(*) AS n FROM job WHERE state = 'running'");
SQL(test_run_at, "SELECT max(run_at) AS n FROM job");
SQL(test_lease_over, "UPDATE job SET lease_until = 1 WHERE state = 'running'");
SQL(test_due_now, "UPDATE job SET run_at = 1 WHERE state = 'waiting'");

/* What the jobs of this test do stands in their argument: a pointer to this. */
struct ask {
    atomic_int runs;
    int busy_first, slow_ms;
    enum status ends;
    int64_t member_seen;
    enum role role_seen;
    struct place *place;
    enum status second_write;
};

static struct ask *ask_of(const struct job *j) {
    int64_t at = 0;
    if (!str_to_i64(j->argument, &at)) fail();
    return (struct ask *)(uintptr_t)at;
}

static struct str argument_of(struct arena *a, struct ask *ask) {
    return str_printf(a, "%lld", (long long)(uintptr_t)ask);
}

static enum status add_tag(struct ctx *c, void *arg) {
    const struct job *j = arg;
    struct ask *ask = ask_of(j);
    ask->member_seen = c->who.id;
    ask->role_seen = c->who.role;
    struct str name = str_printf(c->arena, "%lld %d", (long long)j->id, atomic_load(&ask->runs));
    return db_run(c->tx, &test_tag, P("name", name));
}

static enum status run_simple(struct job *j) {
    struct ask *ask = ask_of(j);
    atomic_fetch_add(&ask->runs, 1);
    if (ask->slow_ms) usleep((useconds_t)ask->slow_ms * 1000);
    TRY(job_write(j, add_tag, j));
    return atomic_load(&ask->runs) <= ask->busy_first ? BUSY : ask->ends;
}

static enum status lease_over(struct ctx *c, void *arg) {
    (void)arg;
    return db_run(c->tx, &test_lease_over);
}

/* The process stood still for long: another has claimed the job meanwhile. */
static enum status run_loses_lease(struct job *j) {
    struct ask *ask = ask_of(j);
    struct arena *a = arena_new();
    struct job other = { .app = j->app, .arena = a, .bench = 1 };
    TRY(job_write(j, add_tag, j));
    place_write(ask->place, OK, lease_over, NULL);
    assert_int_equal(queue_claim(j->app, a, 0, &other), OK);
    assert_int_equal(other.id, j->id);
    assert_int_equal(other.tries, j->tries + 1);
    ask->second_write = job_write(j, add_tag, j);
    arena_free(a);
    return ask->second_write;
}

static enum status run_until_stopped(struct job *j) {
    struct ask *ask = ask_of(j);
    atomic_fetch_add(&ask->runs, 1);
    while (!job_stopping(j)) usleep(1000);
    return BUSY;
}

static const struct job_kind *find_kind(struct str name) {
    static const struct job_kind kinds[] = {
        { .name = "simple", .run = run_simple, .tries_max = 3 },
        { .name = "loses", .run = run_loses_lease },
        { .name = "stays", .run = run_until_stopped },
    };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (str_eq_z(name, kinds[i].name)) return &kinds[i];
    return NULL;
}

static struct place place_of(bool pg) {
    struct place p = { .app = NULL };
    place_open(&p, pg);
    place_set_up(&p);
    p.app->find_job = find_kind;
    return p;
}

struct put {
    const char *kind;
    struct ask *ask;
    struct str once;
    int64_t run_at, member, id;
    enum status then;
};

static enum status put_in(struct ctx *c, void *arg) {
    struct put *put = arg;
    c->who.id = put->member;
    TRY(job_enqueue(c, put->kind, argument_of(c->arena, put->ask), put->once, put->run_at,
                    &put->id));
    assert_true(c->enqueued);
    return put->then;
}

/* --- The queue --- */

static void queue_on(bool pg) {
    struct place p = place_of(pg);
    struct ask ask = { .ends = OK, .place = &p };
    struct put put = { .kind = "simple", .ask = &ask, .member = 3 };
    /* rolled back: no job */
    put.then = CONFLICT;
    place_write(&p, CONFLICT, put_in, &put);
    assert_int_equal(jobs_run_here(p.app, 1, 0), OK);
    assert_int_equal(atomic_load(&ask.runs), 0);
    /* committed: once, with the rights of who wanted it */
    put.then = OK;
    place_write(&p, OK, put_in, &put);
    assert_int_equal(jobs_run_here(p.app, 1, 0), OK);
    assert_int_equal(jobs_run_here(p.app, 1, 0), OK);
    assert_int_equal(atomic_load(&ask.runs), 1);
    assert_int_equal(ask.member_seen, 3);
    assert_int_equal(ask.role_seen, ROLE_MEMBER);
    assert_int_equal(place_number(&p, &test_tags_n), 1);
    assert_int_equal(place_number(&p, &test_done_n), 1);
    /* in the future: not yet */
    put.run_at = clock_now_ms() + 60000;
    place_write(&p, OK, put_in, &put);
    assert_int_equal(jobs_run_here(p.app, 1, 0), OK);
    assert_int_equal(atomic_load(&ask.runs), 1);
    /* the same key: one job, until it is done */
    struct put once = { .kind = "simple", .ask = &ask, .once = S("key") };
    place_write(&p, OK, put_in, &once);
    int64_t first = once.id;
    place_write(&p, OK, put_in, &once);
    assert_int_equal(once.id, first);
    assert_int_equal(jobs_run_here(p.app, 1, 0), OK);
    assert_int_equal(atomic_load(&ask.runs), 2);
    assert_int_equal(ask.role_seen, ROLE_OWNER); /* the program's own */
    place_write(&p, OK, put_in, &once);
    assert_true(once.id != first);
    place_close(&p);
}

static void test_queue(void **state) {
    (void)state;
    queue_on(false);
}

static void test_queue_postgres(void **state) {
    (void)state;
    if (!getenv("DAFTAR_TEST_PG")) {
        print_message("skipped: DAFTAR_TEST_PG is not set\n");
        skip();
    }
    queue_on(true);
}

static enum status due_now(struct ctx *c, void *arg) {
    (void)arg;
    return db_run(c->tx, &test_due_now);
}

static void test_tries(void **state) {
    (void)state;
    struct place p = place_of(false);
    struct ask ask = { .ends = OK, .busy_first = 2, .place = &p };
    struct put put = { .kind = "simple", .ask = &ask };
    place_write(&p, OK, put_in, &put);
    int64_t pauses[2];
    for (int i = 0; i < 2; i++) {
        assert_int_equal(jobs_run_here(p.app, 1, 0), BUSY);
        assert_int_equal(place_number(&p, &test_waiting_n), 1);
        pauses[i] = place_number(&p, &test_run_at) - clock_now_ms();
        assert_true(pauses[i] > 1000);
        place_write(&p, OK, due_now, NULL);
    }
    assert_true(pauses[1] > pauses[0] + 1000);
    assert_int_equal(jobs_run_here(p.app, 1, 0), OK);
    assert_int_equal(place_number(&p, &test_done_n), 1);
    assert_int_equal(atomic_load(&ask.runs), 3);
    /* three times is enough for this kind */
    struct ask never = { .ends = OK, .busy_first = 100, .place = &p };
    put = (struct put){ .kind = "simple", .ask = &never };
    place_write(&p, OK, put_in, &put);
    for (int i = 0; i < 5; i++) {
        (void)!jobs_run_here(p.app, 1, 0);
        place_write(&p, OK, due_now, NULL);
    }
    assert_int_equal(atomic_load(&never.runs), 3);
    assert_int_equal(place_number(&p, &test_failed_n), 1);
    /* what cannot be helped is not tried again; nor what nobody knows */
    struct ask wrong = { .ends = INVALID, .place = &p };
    put = (struct put){ .kind = "simple", .ask = &wrong };
    place_write(&p, OK, put_in, &put);
    put.kind = "unknown";
    place_write(&p, OK, put_in, &put);
    assert_true(jobs_run_here(p.app, 1, 0) != OK);
    assert_int_equal(atomic_load(&wrong.runs), 1);
    assert_int_equal(place_number(&p, &test_failed_n), 3);
    place_close(&p);
}

static void test_lease(void **state) {
    (void)state;
    struct place p = place_of(false);
    struct ask ask = { .ends = OK, .place = &p };
    struct put put = { .kind = "loses", .ask = &ask };
    place_write(&p, OK, put_in, &put);
    assert_int_equal(jobs_run_here(p.app, 2, put.id), STALE);
    assert_int_equal(ask.second_write, STALE);
    assert_int_equal(place_number(&p, &test_tags_n), 1);
    assert_int_equal(place_number(&p, &test_running_n), 1); /* the other's, who goes on */
    /* while a lease holds, nobody else gets it */
    struct arena *a = arena_new();
    struct job j = { .app = p.app, .arena = a };
    assert_int_equal(queue_claim(p.app, a, 0, &j), MISSING);
    place_write(&p, OK, lease_over, NULL);
    assert_int_equal(queue_claim(p.app, a, 0, &j), OK);
    int64_t right = j.tries, wrong = j.tries - 1;
    place_write(&p, OK, lease_over, NULL);
    assert_int_equal(queue_renew(p.app, a, &j.id, &wrong, 1), OK);
    assert_int_equal(queue_claim(p.app, a, 0, &j), OK); /* an old try renews nothing */
    (void)right;
    arena_free(a);
    place_close(&p);
}

/* --- The threads --- */

static bool wait_for(struct place *p, const struct sql *sql, int64_t n, int ms) {
    for (int i = 0; i < ms / 5; i++) {
        if (place_number(p, sql) == n) return true;
        usleep(5000);
    }
    return false;
}

static void test_threads(void **state) {
    (void)state;
    struct place p = { .app = NULL };
    place_open(&p, false);
    place_set_up(&p);
    p.app->find_job = find_kind;
    struct ask ask = { .ends = OK, .slow_ms = 20, .place = &p };
    struct put put = { .kind = "simple", .ask = &ask };
    p.app->jobs = jobs_start(p.app, 2, 0);
    usleep(50000);
    int64_t began = clock_mono_us();
    place_write(&p, OK, put_in, &put);
    jobs_wake(p.app->jobs);
    assert_true(wait_for(&p, &test_done_n, 1, 5000));
    assert_true(clock_mono_us() - began < 900000); /* woken, not found at the next second */
    for (int i = 0; i < 20; i++) place_write(&p, OK, put_in, &put);
    jobs_wake(p.app->jobs);
    assert_true(wait_for(&p, &test_done_n, 21, 10000));
    assert_int_equal(atomic_load(&ask.runs), 21);
    assert_int_equal(place_number(&p, &test_tags_n), 21);
    /* a stop does not cost a try, and comes at once */
    struct ask stays = { .place = &p };
    put = (struct put){ .kind = "stays", .ask = &stays };
    place_write(&p, OK, put_in, &put);
    jobs_wake(p.app->jobs);
    assert_true(wait_for(&p, &test_running_n, 1, 5000));
    began = clock_mono_us();
    jobs_stop(p.app->jobs);
    p.app->jobs = NULL;
    assert_true(clock_mono_us() - began < 2000000);
    assert_int_equal(place_number(&p, &test_waiting_n), 1);
    assert_true(place_number(&p, &test_run_at) <= clock_now_ms());
    place_close(&p);
}

/* --- The journal of reads --- */

static const char *only_file(struct arena *a, const char *folder) {
    DIR *d = opendir(folder);
    const char *path = NULL;
    assert_non_null(d);
    for (struct dirent *e; (e = readdir(d));)
        if (e->d_name[0] == 'r') path = str_printf(a, "%s/%s", folder, e->d_name).p;
    closedir(d);
    assert_non_null(path);
    return path;
}

static void write_some(struct place *p, const char *folder, int64_t first, int n) {
    struct ctx c = { .now_ms = clock_now_ms(), .who = { .id = 3 }, .door = DOOR_WEB };
    assert_int_equal(journal_open(&p->app->journal, folder), OK);
    for (int i = 0; i < n; i++) {
        int64_t id = first + i;
        journal_read(p->app, &c, "party", &id, 1);
    }
    journal_close(p->app->journal);
    p->app->journal = NULL;
}

static void test_journal(void **state) {
    (void)state;
    struct place p = place_of(false);
    const char *folder = app_path(p.app, p.arena, "journal");
    struct str problem;
    int64_t lines;
    write_some(&p, folder, 1, 1000);
    write_some(&p, folder, 1001, 99); /* the chain goes on over a restart */
    struct ctx c = { .now_ms = clock_now_ms(), .who = { .id = 2 }, .door = DOOR_WEB };
    assert_int_equal(journal_open(&p.app->journal, folder), OK);
    journal_export(p.app, &c, "party", 5000);
    journal_close(p.app->journal);
    p.app->journal = NULL;
    assert_int_equal(journal_verify(p.arena, folder, &problem, &lines), OK);
    assert_int_equal(problem.n, 0);
    assert_int_equal(lines, 1100);
    const char *path = only_file(p.arena, folder);
    int fd = open(path, O_RDWR);
    char head[200];
    assert_true(pread(fd, head, sizeof head, 0) == sizeof head);
    assert_non_null(memmem(head, sizeof head, "Z 3 web party 1 ", 16));
    /* a torn last line is cut off, and the chain holds */
    off_t end = lseek(fd, 0, SEEK_END);
    assert_int_equal(write(fd, "2026-01-01T00:00", 16), 16);
    write_some(&p, folder, 2000, 1);
    assert_int_equal(journal_verify(p.arena, folder, &problem, &lines), OK);
    assert_int_equal(problem.n, 0);
    assert_int_equal(lines, 1101);
    assert_true(lseek(fd, 0, SEEK_END) > end);
    /* every change of one byte is found */
    for (off_t at = 3; at < 40000; at += 997) {
        char was, now;
        assert_int_equal(pread(fd, &was, 1, at), 1);
        now = was == '7' ? '8' : '7';
        assert_int_equal(pwrite(fd, &now, 1, at), 1);
        assert_int_equal(journal_verify(p.arena, folder, &problem, &lines), OK);
        if (problem.n == 0) fail_msg("a change of byte %lld is not found", (long long)at);
        assert_int_equal(pwrite(fd, &was, 1, at), 1);
    }
    close(fd);
    place_close(&p);
}

static void *read_much(void *arg) {
    struct place *p = arg;
    struct ctx c = { .now_ms = clock_now_ms(), .who = { .id = 1 }, .door = DOOR_API };
    int64_t ids[100] = { 0 };
    for (int i = 0; i < 1000; i++) journal_read(p->app, &c, "party", ids, 100);
    return NULL;
}

/* More than the queue holds, by several at once: readers wait a little, nothing is lost. */
static void test_journal_full(void **state) {
    (void)state;
    struct place p = place_of(false);
    const char *folder = app_path(p.app, p.arena, "journal");
    pthread_t threads[3];
    struct str problem;
    int64_t lines;
    assert_int_equal(journal_open(&p.app->journal, folder), OK);
    for (int i = 0; i < 3; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, read_much, &p), 0);
    for (int i = 0; i < 3; i++) pthread_join(threads[i], NULL);
    journal_close(p.app->journal);
    p.app->journal = NULL;
    assert_int_equal(journal_verify(p.arena, folder, &problem, &lines), OK);
    assert_int_equal(problem.n, 0);
    assert_int_equal(lines, 300000);
    place_close(&p);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_queue),        cmocka_unit_test(test_queue_postgres),
        cmocka_unit_test(test_tries),        cmocka_unit_test(test_lease),
        cmocka_unit_test(test_threads),      cmocka_unit_test(test_journal),
        cmocka_unit_test(test_journal_full),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
