/* The parent process: restarts, signals, exit codes, and a socket that never refuses. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <arpa/inet.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/base/clock.h"
#include "lib/http/http.h"
#include "lib/http/socket.h"
#include "lib/http/supervise.h"

struct shared { /* in memory that parent, child and test all see */
    int starts, port, child;
    int crashes; /* how often the child dies before it behaves */
    int exit_code;
    bool serve;
};

static struct shared *shared_new(void) {
    void *p = mmap(NULL, sizeof(struct shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
                   -1, 0);
    assert_true(p != MAP_FAILED);
    return p;
}

static void serve(void *app, int worker, struct arena *a, const struct http_request *req,
                  struct http_reply *reply) {
    (void)app;
    (void)worker;
    if (str_eq_z(req->path, "/bug")) abort();
    reply->body = str_dup(a, req->path);
}

/* A server until SIGTERM. */
static int serve_until_told(int listen_fd) {
    sigset_t set;
    int sig;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigprocmask(SIG_BLOCK, &set, NULL);
    struct http_server *server;
    struct http_app app = { .serve = serve };
    struct http_config config = { .listen_fd = listen_fd, .workers = 1, .temp_dir = "/tmp" };
    if (http_start(&server, &config, &app) != OK) return 99;
    sigwait(&set, &sig);
    http_stop(server);
    return 40 + sig;
}

static int child(int listen_fd, void *ctx) {
    struct shared *s = ctx;
    s->child = getpid();
    s->port = socket_port(listen_fd);
    int n = __atomic_add_fetch(&s->starts, 1, __ATOMIC_SEQ_CST);
    if (n <= s->crashes) raise(SIGKILL); /* like an abort, but without a core file */
    return s->serve ? serve_until_told(listen_fd) : s->exit_code;
}

static int run(struct shared *s) {
    return supervise("127.0.0.1:0", child, s);
}

static void gives_the_exit_code(void **state) {
    (void)state;
    struct shared *s = shared_new();
    s->exit_code = 7;
    assert_int_equal(run(s), 7);
    assert_int_equal(s->starts, 1); /* an exit is not a crash, whatever the code */
    assert_int_equal(supervise("nowhere", child, s), 1);
    assert_int_equal(s->starts, 1);
    munmap(s, sizeof *s);
}

static void restarts_and_gives_up(void **state) {
    (void)state;
    struct shared *s = shared_new();
    int64_t start_us = clock_mono_us();
    s->crashes = 4;
    assert_int_equal(run(s), 0);
    assert_int_equal(s->starts, 5);
    assert_true(clock_mono_us() - start_us < 4 * 500000);
    s->starts = 0;
    s->crashes = 1000;
    assert_int_equal(run(s), 128 + SIGKILL);
    assert_int_equal(s->starts, 5);
    munmap(s, sizeof *s);
}

static int connect_to(int port) {
    struct sockaddr_in to = { .sin_family = AF_INET,
                              .sin_port = htons((uint16_t)port),
                              .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof to), 0);
    return fd;
}

static bool ask(int port, const char *path) {
    char text[200], reply[500] = { 0 };
    size_t n = 0;
    int fd = connect_to(port);
    struct timeval patience = { 10, 0 };
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    snprintf(text, sizeof text, "GET %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", path);
    send(fd, text, strlen(text), MSG_NOSIGNAL);
    for (ssize_t got; n < sizeof reply - 1; n += (size_t)got) {
        got = recv(fd, reply + n, sizeof reply - 1 - n, 0);
        if (got <= 0) break;
    }
    close(fd);
    return strstr(reply, "HTTP/1.1 200 ") && strstr(reply, path);
}

static void wait_for(int *value, int at_least) {
    for (int i = 0; i < 1000 && __atomic_load_n(value, __ATOMIC_SEQ_CST) < at_least; i++)
        usleep(10000);
    assert_true(__atomic_load_n(value, __ATOMIC_SEQ_CST) >= at_least);
}

/* A request kills the server; the next ones come while there is none, and all are answered. */
static void no_connection_is_refused(void **state) {
    (void)state;
    struct shared *s = shared_new();
    s->serve = true;
    pid_t parent = fork();
    assert_true(parent >= 0);
    if (parent == 0) _exit(run(s));
    wait_for(&s->starts, 1);
    assert_true(ask(s->port, "/before"));
    for (int i = 1; i <= 3; i++) {
        assert_false(ask(s->port, "/bug"));
        int64_t start_us = clock_mono_us();
        assert_true(ask(s->port, "/after"));
        assert_true(clock_mono_us() - start_us < 1000000);
        wait_for(&s->starts, i + 1);
    }
    kill(s->child, SIGKILL);
    assert_true(ask(s->port, "/killed"));
    int status;
    kill(parent, SIGTERM);
    assert_int_equal(waitpid(parent, &status, 0), parent);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 40 + SIGTERM); /* stopped in order */
    assert_int_equal(s->starts, 5);
    munmap(s, sizeof *s);
}

/* The child does not outlive its parent. */
static void ends_with_its_parent(void **state) {
    (void)state;
    struct shared *s = shared_new();
    s->serve = true;
    pid_t parent = fork();
    assert_true(parent >= 0);
    if (parent == 0) _exit(run(s));
    wait_for(&s->starts, 1);
    assert_true(ask(s->port, "/here"));
    kill(parent, SIGKILL);
    assert_int_equal(waitpid(parent, NULL, 0), parent);
    for (int i = 0; i < 1000 && kill(s->child, 0) == 0; i++) usleep(10000);
    /* Gone, or a zombie that whoever inherited it has not taken yet. */
    char path[64], text[300] = { 0 };
    snprintf(path, sizeof path, "/proc/%d/stat", s->child);
    FILE *f = fopen(path, "r");
    if (f) {
        assert_true(fread(text, 1, sizeof text - 1, f) > 0);
        fclose(f);
        assert_non_null(strstr(text, ") Z "));
    }
    munmap(s, sizeof *s);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gives_the_exit_code),
        cmocka_unit_test(restarts_and_gives_up),
        cmocka_unit_test(no_connection_is_refused),
        cmocka_unit_test(ends_with_its_parent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
