/* The walls around the program: what is outside cannot be opened, run or looked into, and what the
 * program does every day still works. Each in a child, since walls are for ever. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <arpa/inet.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/base/str.h"
#include "lib/box/confine.h"

static char dir[] = "/tmp/daftar-confine-XXXXXX";

/* The number of the first thing that is not as it should be; 0: all well; 99: no Landlock here. */
static int in_child(int (*look)(void)) {
    int how;
    pid_t pid = fork();
    if (pid == 0) _exit(look());
    assert_int_equal(waitpid(pid, &how, 0), pid);
    if (!WIFEXITED(how)) fail_msg("ended by signal %d", WTERMSIG(how));
    return WEXITSTATUS(how);
}

static const char *below(const char *name) {
    static char path[4][128];
    static int n;
    char *to = path[n++ % 4];
    snprintf(to, 128, "%s/%s", dir, name);
    return to;
}

static bool opens(const char *path, int flags) {
    int fd = open(path, flags | O_CLOEXEC, 0600);
    if (fd >= 0) close(fd);
    return fd >= 0;
}

static int look_at_files(void) {
    const struct confine_path paths[] = {
        { dir, true },          { "/usr", false }, { "/dev/null", true },
        { "/not/there", true }, { NULL, true },
    };
    if (!confine_files(paths, 5)) return 99;
    if (opens("/etc/passwd", O_RDONLY) || errno != EACCES) return 1;
    if (opens("/tmp/daftar-confine-outside", O_RDWR | O_CREAT)) return 2;
    if (opens("/usr/daftar-confine", O_RDWR | O_CREAT)) return 3;
    if (opens("/proc/self/environ", O_RDONLY)) return 4;
    if (!opens("/usr/share/zoneinfo/Asia/Tehran", O_RDONLY)) return 5;
    if (!opens("/dev/null", O_RDWR)) return 6;
    if (mkdir(below("a"), 0700) != 0 || mkdir(below("b"), 0700) != 0) return 7;
    if (!opens(below("a/file"), O_RDWR | O_CREAT)) return 8;
    if (rename(below("a/file"), below("b/file")) != 0) return 9; /* as uploads are kept */
    if (truncate(below("b/file"), 10) != 0 || unlink(below("b/file")) != 0) return 10;
    if (symlink("/etc/passwd", below("link")) == 0) return 11;
    if (opens(below("../../etc/passwd"), O_RDONLY)) return 12;
    if (link("/usr/bin/env", below("hard")) == 0) return 13;
    return 0;
}

static void test_files(void **state) {
    (void)state;
    int how = in_child(look_at_files);
    if (how == 99) skip();
    assert_int_equal(how, 0);
}

static void *thread(void *arg) {
    *(int *)arg = 7;
    return NULL;
}

static int look_at_calls(void) {
    if (!confine_calls(false)) return 1;
    struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(9) };
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int s = socket(AF_INET, SOCK_STREAM, 0);
    if (s < 0 || connect(s, (struct sockaddr *)&to, sizeof to) != -1 || errno != EPERM) return 8;
    char *const argv[] = { (char *)(uintptr_t) "true", NULL };
    if (execv("/bin/true", argv) != -1 || errno != EPERM) return 2;
    if (fork() != -1) return 3;
    if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) != -1 || errno != EPERM) return 4;
    if (setgid(0) == 0 && getuid() == 0) return 5;
    pthread_t t;
    int seen = 0;
    if (pthread_create(&t, NULL, thread, &seen) != 0 || pthread_join(t, NULL) != 0) return 6;
    return seen == 7 ? 0 : 7;
}

static void test_calls(void **state) {
    (void)state;
    assert_int_equal(in_child(look_at_calls), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_files),
                                        cmocka_unit_test(test_calls) };
    if (!mkdtemp(dir)) return 1;
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    rmdir(below("a"));
    rmdir(below("b"));
    rmdir(dir);
    return failed;
}
