/* The box (lib/box): a task that behaves gives its file and its words; one that takes too much,
 * loops, crashes or wants out is stopped, and the caller lives. Twice each: with a keeper, as in
 * the server, and without one, as in commands. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/base/clock.h"
#include "lib/box/box.h"

static struct box *keeper;
static struct arena *a;
static char in_path[] = "/tmp/daftar-box-in-XXXXXX", out_path[64];

/* --- tasks --- */
static enum status copy(struct box_call *c) {
    char block[1000];
    ssize_t n;
    while ((n = read(c->in_fd, block, sizeof block)) > 0)
        if (write(c->out_fd, block, (size_t)n) != n) return BROKEN;
    snprintf(c->said, sizeof c->said, "%.*s, copied", SF(c->argument));
    return str_dup(c->arena, c->argument).n == c->argument.n ? OK : BROKEN;
}
static enum status refuse(struct box_call *c) {
    snprintf(c->said, sizeof c->said, "no table in it");
    return INVALID;
}
static enum status gobble(struct box_call *c) {
    while (arena_alloc(c->arena, 1 << 20)) continue;
    return OK;
}
static enum status gobble_at_once(struct box_call *c) {
    volatile char *p = malloc(3UL << 30);
    if (!p) BUG("out of memory: %d", c->out_fd);
    for (int round = 0; round < 100; round++)
        for (size_t i = 0; i < 3UL << 30; i += 4096) p[i] = 1;
    return OK;
}
static enum status turn(struct box_call *c) {
    volatile int round = 0;
    while (c->arena) round = !round;
    return OK;
}
static enum status sleep_long(struct box_call *c) {
    for (int i = 0; i < 1000; i++) usleep(1000000);
    return c->arena ? OK : BROKEN;
}
static enum status flood(struct box_call *c) {
    static const char block[65536] = { 1 };
    for (int i = 0; i < 10000; i++)
        if (write(c->out_fd, block, sizeof block) < 0) return BROKEN;
    return OK;
}
static enum status crash(struct box_call *c) {
    (void)c;
    raise(SIGSEGV);
    return OK;
}
static enum status bug(struct box_call *c) {
    BUG("this is meant to happen: %d", c->in_fd);
}
static enum status leave(struct box_call *c) {
    _exit(c->in_fd ? 0 : 1);
}
/* Files are refused, so that libraries can go on without; here the task tells what it met. */
static enum status open_file(struct box_call *c) {
    int fd = open("/etc/passwd", O_RDONLY);
    snprintf(c->said, sizeof c->said, "%s", fd >= 0 ? "opened" : errno == EACCES ? "refused" : "?");
    if (open("/tmp/daftar-box-made", O_CREAT | O_WRONLY, 0600) >= 0) return BROKEN;
    return fd >= 0 ? BROKEN : OK;
}
static enum status other_files(struct box_call *c) {
    struct stat st;
    char link[10];
    if (unlink(in_path) == 0 || rename(in_path, "/tmp/x") == 0 || stat(in_path, &st) == 0 ||
        chmod(in_path, 0777) == 0 || mkdir("/tmp/daftar-box-d", 0700) == 0 ||
        readlink("/proc/self/exe", link, sizeof link) >= 0 || access(in_path, F_OK) == 0)
        return BROKEN;
    void *code =
        mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return code == MAP_FAILED && c->in_fd == 3 && c->out_fd == 4 ? OK : BROKEN;
}
static enum status only_own_descriptors(struct box_call *c) {
    for (int fd = 6; fd < 1024; fd++)
        if (fcntl(fd, F_GETFD) >= 0) return BROKEN;
    return c->out_fd == -1 ? OK : BROKEN;
}
static enum status connect_out(struct box_call *c) {
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(80) };
    return connect(fd, (struct sockaddr *)&to, sizeof to) == c->in_fd ? OK : BROKEN;
}
static enum status execute(struct box_call *c) {
    char *const none[] = { NULL };
    execve("/bin/true", none, none);
    return c->arena ? OK : BROKEN;
}
static enum status fork_off(struct box_call *c) {
    return fork() >= 0 && c->arena ? OK : BROKEN;
}
static enum status kill_keeper(struct box_call *c) {
    return kill(1, 0) == 0 || c->arena ? OK : BROKEN;
}
static enum status raise_limits(struct box_call *c) {
    struct rlimit_like {
        uint64_t soft, hard;
    } r = { 1 << 30, 1 << 30 };
    long prlimit(int pid, int what, const void *to, void *from);
    return prlimit(0, 9, &r, NULL) != 0 && c->arena ? OK : BROKEN;
}

/* --- running them --- */
struct expectation {
    struct box_task task;
    enum status status;
    const char *said;
};
#define TASK(f)                                                                                    \
    { .name = #f, .run = (f), .memory_bytes = 64 << 20, .output_bytes = 1 << 20, .cpu_seconds = 1 }

static const struct expectation expectations[] = {
    { TASK(copy), OK, "argument, copied" },
    { TASK(refuse), INVALID, "no table in it" },
    { TASK(gobble), TOO_BIG, "memory" },
    { TASK(gobble_at_once), TOO_BIG, "memory" },
    { TASK(turn), TOO_BIG, "time" },
    { TASK(flood), TOO_BIG, "output" },
    { TASK(crash), BROKEN, "" },
    { TASK(leave), BROKEN, "" },
    { TASK(open_file), OK, "refused" },
    { TASK(other_files), OK, "" },
    { TASK(connect_out), BROKEN, "" },
    { TASK(execute), BROKEN, "" },
    { TASK(fork_off), BROKEN, "" },
    { TASK(kill_keeper), BROKEN, "" },
    { TASK(raise_limits), OK, "" },
};

static void run_all(struct box *b) {
    for (size_t i = 0; i < sizeof expectations / sizeof *expectations; i++) {
        const struct expectation *e = &expectations[i];
        struct str said;
        enum status s = box_run(b, a, &e->task, in_path, out_path, S("argument"), &said);
        if (s != e->status || !str_eq_z(said, e->said))
            print_error("%s: %s, said \"%.*s\"\n", e->task.name, status_name(s), SF(said));
        assert_int_equal(s, e->status);
        assert_true(str_eq_z(said, e->said));
        assert_int_equal(access(out_path, F_OK) == 0, s == OK);
        unlink(out_path);
    }
}
static void with_keeper(void **state) {
    (void)state;
    run_all(keeper);
}
static void without_keeper(void **state) {
    (void)state;
    run_all(NULL);
    assert_int_equal(access("/tmp/daftar-box-made", F_OK), -1);
}

static void bug_is_broken(void **state) {
    (void)state;
    const struct box_task task = TASK(bug);
    assert_int_equal(box_run(keeper, a, &task, NULL, NULL, NO_STR, NULL), BROKEN);
}

static void wall_clock(void **state) {
    (void)state;
    const struct box_task task = TASK(sleep_long);
    struct str said;
    int64_t began = clock_mono_us();
    assert_int_equal(box_run(keeper, a, &task, NULL, NULL, NO_STR, &said), TOO_BIG);
    assert_true(str_eq_z(said, "time"));
    assert_in_range((clock_mono_us() - began) / 1000, 8900, 15000);
}

static void files_given(void **state) {
    (void)state;
    const struct box_task task = TASK(copy), own = TASK(only_own_descriptors);
    char got[100] = "";
    int held = open("/dev/null", O_RDONLY); /* without O_CLOEXEC: it must not go along */
    assert_int_equal(box_run(keeper, a, &own, in_path, NULL, NO_STR, NULL), OK);
    assert_int_equal(box_run(NULL, a, &own, in_path, NULL, NO_STR, NULL), OK);
    close(held);
    assert_int_equal(box_run(keeper, a, &task, "/nowhere", out_path, NO_STR, NULL), MISSING);
    assert_int_equal(box_run(keeper, a, &task, in_path, "/nowhere/x", NO_STR, NULL), BROKEN);
    assert_int_equal(box_run(keeper, a, &task, in_path, out_path, NO_STR, NULL), OK);
    struct stat st;
    assert_int_equal(stat(out_path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    int fd = open(out_path, O_RDONLY);
    assert_int_equal(read(fd, got, sizeof got), 17);
    assert_string_equal(got, "the file's bytes\n");
    close(fd);
    unlink(out_path);
}

/* --- programs --- */
static enum status program(struct box *b, const char *const *words, struct str *said) {
    const struct box_task task = { .name = "program",
                                   .program = words,
                                   .memory_bytes = 64 << 20,
                                   .output_bytes = 1 << 20,
                                   .cpu_seconds = 1 };
    return box_run(b, a, &task, in_path, out_path, NO_STR, said);
}
static struct str output(void) {
    char *got = arena_alloc(a, 4096);
    int fd = open(out_path, O_RDONLY);
    ssize_t n = fd < 0 ? 0 : read(fd, got, 4096);
    if (fd >= 0) close(fd);
    return (struct str){ got, n > 0 ? (size_t)n : 0 };
}
static void programs(void **state) {
    (void)state;
    struct str said;
    const char *const cat[] = { "cat", NULL }, *const env[] = { "env", NULL };
    const char *const missing[] = { "daftar-no-such", NULL }, *const wrong[] = { "ls", "--x",
                                                                                 NULL };
    const char *const yes[] = { "yes", NULL };
    assert_int_equal(program(keeper, cat, &said), OK);
    assert_true(str_eq(output(), S("the file's bytes\n")));
    assert_int_equal(program(NULL, cat, &said), OK);
    assert_true(str_eq(output(), S("the file's bytes\n")));
    assert_int_equal(program(keeper, env, &said), OK); /* nothing of ours goes along */
    assert_int_equal(output().n, 0);
    assert_int_equal(program(keeper, missing, &said), MISSING);
    assert_true(str_eq_z(said, "daftar-no-such"));
    assert_int_equal(program(keeper, wrong, &said), INVALID);
    assert_true(str_find(said, S("--x")) >= 0);
    assert_int_equal(program(keeper, yes, &said), TOO_BIG);
    assert_true(str_eq_z(said, "output"));
}
static void programs_stopped(void **state) {
    (void)state;
    struct str said;
    const char *const fork_it[] = { "sh", "-c", "/bin/true; echo out", NULL };
    const char *const write_it[] = { "sh", "-c", "echo x > /tmp/daftar-box-made", NULL };
    const char *const exec_it[] = { "sh", "-c", "exec /usr/bin/env true", NULL };
    const char *const turn_it[] = { "sh", "-c", "while :; do :; done", NULL };
    const char *const memory[] = { "awk", "BEGIN { x = \"a\"; while (1) x = x x }", NULL };
    assert_int_equal(program(keeper, fork_it, &said), BROKEN);
    assert_int_equal(program(keeper, exec_it, &said), BROKEN);
    assert_int_not_equal(program(keeper, write_it, &said), OK);
    assert_int_equal(access("/tmp/daftar-box-made", F_OK), -1);
    assert_int_equal(program(keeper, turn_it, &said), TOO_BIG);
    assert_true(str_eq_z(said, "time"));
    assert_int_equal(program(keeper, memory, &said), TOO_BIG);
    assert_true(str_eq_z(said, "memory"));
}
/* Only where the kernel has Landlock, which this finds out by what it does. */
static void program_reads_nothing_else(void **state) {
    (void)state;
    const char *const cat[] = { "cat", "/etc/passwd", NULL };
    struct str said;
    enum status s = program(keeper, cat, &said);
    if (s == OK) {
        print_message("no Landlock in this kernel\n");
        skip();
    }
    assert_int_equal(s, INVALID);
    assert_true(str_find(said, S("Permission denied")) >= 0);
}

/* --- more than one, and the keeper's death --- */
static void *many(void *arg) {
    const struct box_task task = TASK(copy);
    struct arena *own = arena_new();
    intptr_t good = 0;
    for (int i = 0; i < 10; i++) {
        struct str said, argument = str_printf(own, "%d-%d", *(int *)arg, i);
        const char *path = str_printf(own, "%s-%d", out_path, *(int *)arg).p;
        enum status s = box_run(keeper, own, &task, in_path, path, argument, &said);
        good += s == OK && str_starts(said, argument);
        unlink(path);
    }
    arena_free(own);
    return (void *)good;
}
static void many_at_once(void **state) {
    (void)state;
    enum { N = 6 };
    pthread_t t[N];
    int number[N];
    for (int i = 0; i < N; i++) {
        number[i] = i;
        assert_int_equal(pthread_create(&t[i], NULL, many, &number[i]), 0);
    }
    for (int i = 0; i < N; i++) {
        void *good;
        pthread_join(t[i], &good);
        assert_int_equal((intptr_t)good, 10);
    }
}

/* The process whose parent is that one, by /proc. */
static pid_t child_of(pid_t parent) {
    DIR *d = opendir("/proc");
    pid_t found = 0;
    struct dirent *e;
    while (d && (e = readdir(d))) {
        char path[300];
        int pid = 0, of = 0;
        snprintf(path, sizeof path, "/proc/%s/stat", e->d_name);
        FILE *f = e->d_name[0] >= '1' && e->d_name[0] <= '9' ? fopen(path, "r") : NULL;
        if (!f) continue;
        if (fscanf(f, "%d (%*[^)]) %*c %d", &pid, &of) == 2 && of == parent) found = pid;
        fclose(f);
    }
    if (d) closedir(d);
    return found;
}
static void *sleeper(void *arg) {
    const struct box_task task = TASK(sleep_long);
    struct arena *own = arena_new();
    *(enum status *)arg = box_run(keeper, own, &task, NULL, NULL, NO_STR, NULL);
    arena_free(own);
    return NULL;
}
static void keeper_dies(void **state) {
    (void)state;
    const struct box_task task = TASK(copy);
    enum status s = OK;
    pthread_t t;
    pthread_create(&t, NULL, sleeper, &s);
    pid_t guard = child_of(getpid()), first = child_of(guard);
    assert_true(first > 0);
    usleep(200000);
    kill(first, SIGKILL);
    pthread_join(t, NULL);
    assert_int_equal(s, BROKEN); /* at once, not after its time */
    assert_int_equal(box_run(keeper, a, &task, in_path, out_path, NO_STR, NULL), OK);
    assert_int_not_equal(child_of(guard), first);
    unlink(out_path);
}

/* Whoever has a keeper and dies takes it along. */
static void keeper_dies_with_us(void **state) {
    (void)state;
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    pid_t server = fork();
    if (server == 0) {
        struct box *own;
        if (box_open(&own) != OK) _exit(1);
        pid_t guard = child_of(getpid()), k;
        while (!(k = child_of(guard))) usleep(10000);
        pid_t both[2] = { guard, k };
        if (write(ends[1], both, sizeof both) != sizeof both) _exit(1);
        for (;;) pause();
    }
    pid_t both[2];
    assert_int_equal(read(ends[0], both, sizeof both), sizeof both);
    kill(server, SIGKILL);
    waitpid(server, NULL, 0);
    for (int i = 0; i < 200 && (kill(both[0], 0) == 0 || kill(both[1], 0) == 0); i++) usleep(10000);
    assert_int_equal(kill(both[0], 0), -1);
    assert_int_equal(kill(both[1], 0), -1);
    close(ends[0]);
    close(ends[1]);
}

static int set_up(void **state) {
    (void)state;
    if (box_open(&keeper) != OK) return -1;
    a = arena_new();
    int fd = mkstemp(in_path);
    snprintf(out_path, sizeof out_path, "%s.out", in_path);
    return fd >= 0 && write(fd, "the file's bytes\n", 17) == 17 ? close(fd) : -1;
}
static int tear_down(void **state) {
    (void)state;
    box_close(keeper);
    arena_free(a);
    return unlink(in_path);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(with_keeper),         cmocka_unit_test(without_keeper),
        cmocka_unit_test(bug_is_broken),       cmocka_unit_test(wall_clock),
        cmocka_unit_test(files_given),         cmocka_unit_test(programs),
        cmocka_unit_test(programs_stopped),    cmocka_unit_test(program_reads_nothing_else),
        cmocka_unit_test(many_at_once),        cmocka_unit_test(keeper_dies),
        cmocka_unit_test(keeper_dies_with_us),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
