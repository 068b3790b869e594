/* See supervise.h. Called by app/main.c for "daftar serve"; calls http_listen() and the kernel. */
#include "lib/http/supervise.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/base/clock.h"
#include "lib/base/log.h"
#include "lib/http/http.h"

enum { CRASHES_MAX = 5 };
static const int64_t crashes_within_us = 10000000;
static const struct timespec starting = { .tv_sec = 1 };

static sigset_t watched_signals(void) {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGHUP);
    sigaddset(&set, SIGCHLD);
    return set;
}

static pid_t start_child(int listen_fd, int (*child)(int, void *), void *ctx,
                         const sigset_t *mask) {
    pid_t parent = getpid(), pid = fork();
    if (pid != 0) return pid;
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() != parent) _exit(1); /* it died before prctl() */
    sigprocmask(SIG_SETMASK, mask, NULL);
    exit(child(listen_fd, ctx));
}

/* The keeper only waits: pages of programs and libraries that starting has touched and nobody has
 * written to (no anonymous page in their mapping) are given back, 15 MB; a page that it needs again
 * comes from its file. */
static void give_back_pages(void) {
    char *line = NULL, writable = 'w', w;
    size_t cap = 0;
    uintptr_t from = 0, to = 0, begin, end;
    unsigned long inode = 0, number, kib;
    FILE *f = fopen("/proc/self/smaps", "re");
    while (f && getline(&line, &cap, f) > 0) {
        if (sscanf(line, "%" SCNxPTR "-%" SCNxPTR " %*c%c%*s %*s %*s %lu", &begin, &end, &w,
                   &number) == 4) {
            from = begin, to = end, writable = w, inode = number;
            continue;
        }
        if (sscanf(line, "Anonymous: %lu kB", &kib) != 1 || kib || !inode || writable == 'w')
            continue;
        (void)madvise((void *)from, to - from, MADV_DONTNEED); /* else they stay */
    }
    free(line);
    if (f) fclose(f);
}

/* Passes signals on until the child is gone; its wait status. Pages are given back when the child
 * had time to start: it shall not share the processor with that. */
static int watch(pid_t pid, const sigset_t *signals, bool *stopping) {
    bool gave = false;
    for (;;) {
        int status;
        pid_t gone = waitpid(pid, &status, WNOHANG);
        if (gone == pid) return status;
        if (gone < 0 && errno != EINTR) BUG("waitpid: %s", strerror(errno));
        int sig = gave ? sigwaitinfo(signals, NULL) : sigtimedwait(signals, NULL, &starting);
        if (sig < 0 && errno == EAGAIN) {
            give_back_pages();
            gave = true;
        }
        if (sig != SIGTERM && sig != SIGINT && sig != SIGHUP) continue;
        if (sig != SIGHUP) *stopping = true;
        kill(pid, sig);
    }
}

/* True for the fifth time in ten seconds; at[] is a ring of the last times. */
static bool too_many(int64_t at[CRASHES_MAX], int *n) {
    int64_t now = clock_mono_us();
    int64_t *slot = &at[(*n)++ % CRASHES_MAX];
    *slot = now;
    int64_t oldest = at[*n % CRASHES_MAX];
    return *n >= CRASHES_MAX && now - oldest < crashes_within_us;
}

int supervise(const char *listen, int (*child)(int listen_fd, void *ctx), void *ctx) {
    int64_t crashed_at[CRASHES_MAX] = { 0 };
    int crashes_n = 0, code = 1;
    bool stopping = false;
    int fd = http_listen(listen);
    if (fd < 0) return 1;
    sigset_t signals = watched_signals(), before;
    sigprocmask(SIG_BLOCK, &signals, &before);
    for (;;) {
        pid_t pid = start_child(fd, child, ctx, &before);
        if (pid < 0) {
            log_warn("no process for the server: %s", strerror(errno));
            code = 1;
            break;
        }
        int status = watch(pid, &signals, &stopping);
        if (WIFEXITED(status)) {
            code = WEXITSTATUS(status);
            break;
        }
        code = 128 + WTERMSIG(status);
        log_warn("the server died of signal %d", WTERMSIG(status));
        if (stopping) break;
        if (too_many(crashed_at, &crashes_n)) {
            log_warn("it died %d times in 10 seconds: giving up", CRASHES_MAX);
            break;
        }
        log_info("starting the server again");
    }
    sigprocmask(SIG_SETMASK, &before, NULL);
    close(fd);
    return code;
}
