/* The keeper of the box: one thread that takes requests, forks a process for each, watches clock
 * and memory, and tells the caller how it ended. Started by box.c; calls task.c in the forks. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/base/clock.h"
#include "lib/base/log.h"
#include "lib/box/box_in.h"

/* SANITIZED_*: with a sanitizer the address space cannot be limited, so the resident memory is
 * looked at, with room for shadow and quarantine. */
enum { ERR_KEPT = 600, LOOK_MS = 10, SANITIZED_TIMES = 3 };
static const int64_t sanitized_room = 256LL << 20;

struct place {
    pid_t pid; /* 0: free */
    int answer, err, reply;
    int64_t deadline_us, memory_bytes;
    bool program, late, fat;
    char name[BOX_NAME];
    char said[ERR_KEPT]; /* the beginning of its standard error */
    size_t said_n;
};

static void woken(int sig) {
    (void)sig;
}

static void close_all(const int *fds, int n) {
    for (int i = 0; i < n; i++)
        if (fds[i] >= 0) close(fds[i]);
}

/* 1: a request, with the descriptors it must have. 0: the caller is gone. -1: not understood. */
static int receive(struct box_request *r, int fds[BOX_FDS_N]) {
    union {
        struct cmsghdr head;
        char room[CMSG_SPACE(BOX_FDS_N * sizeof(int))];
    } control;
    struct iovec bytes = { r, sizeof *r };
    struct msghdr m = { .msg_iov = &bytes,
                        .msg_iovlen = 1,
                        .msg_control = &control,
                        .msg_controllen = sizeof control };
    for (int i = 0; i < BOX_FDS_N; i++) fds[i] = -1;
    ssize_t n = recvmsg(BOX_KEEPER_FD, &m, MSG_CMSG_CLOEXEC);
    if (n == 0) return 0;
    if (n < 0) return errno == EINTR || errno == EAGAIN ? -1 : 0;
    int got[BOX_FDS_N], got_n = 0;
    struct cmsghdr *head = CMSG_FIRSTHDR(&m);
    if (head && head->cmsg_type == SCM_RIGHTS) {
        got_n = (int)((head->cmsg_len - CMSG_LEN(0)) / sizeof(int));
        memcpy(got, CMSG_DATA(head), (size_t)got_n * sizeof(int));
    }
    if (n != (ssize_t)sizeof *r || got_n != 1 + (r->has_in != 0) + (r->has_out != 0)) {
        close_all(got, got_n);
        return -1;
    }
    fds[0] = got[0];
    if (r->has_in) fds[1] = got[1];
    if (r->has_out) fds[2] = got[got_n - 1];
    return 1;
}

static void reply_to(int fd, enum status s, const char *said) {
    struct box_reply reply = { .status = (int32_t)s };
    snprintf(reply.said, sizeof reply.said, "%s", said);
    /* It fits into the pipe, so it never waits; a caller that is gone reads nothing. */
    if (write(fd, &reply, sizeof reply) < 0) return;
}

static void begin(struct place *p, const struct box_request *r, int fds[BOX_FDS_N]) {
    int answer[2] = { -1, -1 }, err[2] = { -1, -1 };
    bool good = pipe2(answer, O_CLOEXEC) == 0;
    if (good) good = pipe2(err, O_CLOEXEC) == 0;
    pid_t pid = good ? fork() : -1;
    if (pid == 0) {
        struct task_fds own = { fds[1], fds[2], answer[1], err[1] };
        task_process(r, own);
    }
    close_all((int[]){ answer[1], err[1], fds[1], fds[2] }, 4);
    if (pid < 0) {
        log_warn("box: no process for %s: %s", r->name, strerror(errno));
        reply_to(fds[0], BROKEN, "");
        close_all((int[]){ answer[0], err[0], fds[0] }, 3);
        return;
    }
    fcntl(answer[0], F_SETFL, O_NONBLOCK);
    if (err[0] >= 0) fcntl(err[0], F_SETFL, O_NONBLOCK);
    *p = (struct place){ .pid = pid,
                         .answer = answer[0],
                         .err = err[0],
                         .reply = fds[0],
                         .memory_bytes = r->memory_bytes,
                         .program = r->words_n > 0 };
    p->deadline_us = clock_mono_us() +
                     (BOX_CLOCK_TIMES * (int64_t)r->cpu_seconds + BOX_GRACE_S) * INT64_C(1000000);
    memcpy(p->name, r->name, sizeof p->name);
    p->name[BOX_NAME - 1] = '\0';
}

/* What it says on its standard error is read to the end (or it would wait) and mostly forgotten. */
static void read_err(struct place *p) {
    char block[4096];
    ssize_t n;
    while (p->err >= 0 && (n = read(p->err, block, sizeof block)) > 0) {
        size_t room = sizeof p->said - 1 - p->said_n, kept = (size_t)n < room ? (size_t)n : room;
        /* The report of a sanitizer goes where ours go. */
        if (BOX_SANITIZED && !p->program && write(2, block, (size_t)n) < 0) return;
        memcpy(p->said + p->said_n, block, kept);
        p->said_n += kept;
    }
}

static bool out_of_memory(const struct place *p, const struct rusage *used) {
    static const char *const words[] = { "out of memory", "Out of memory", "bad_alloc",
                                         "failed to allocate", "annot allocate memory" };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strstr(p->said, words[i])) return true;
    return (int64_t)used->ru_maxrss * 1024 > p->memory_bytes / 10 * 8;
}

static enum status died(const struct place *p, int sig, const struct rusage *used,
                        const char **why) {
    *why = "";
    if (sig == SIGXFSZ) *why = "output";
    if (sig == SIGXCPU || (sig == SIGKILL && p->late)) *why = "time";
    if (sig == SIGKILL && !p->late) *why = p->fat || out_of_memory(p, used) ? "memory" : "time";
    if (!**why && sig != SIGSYS && out_of_memory(p, used)) *why = "memory";
    if (**why) {
        log_info("box: %s was stopped: its limit of %s", p->name, *why);
        return TOO_BIG;
    }
    log_warn("box: %s died of signal %d%s: %s", p->name, sig,
             sig == SIGSYS ? " (it called what no task may)" : "", p->said);
    return BROKEN;
}

/* Its last words, if it has said them whole. */
static bool read_answer(const struct place *p, struct box_reply *answer) {
    ssize_t n = read(p->answer, answer, sizeof *answer);
    answer->said[BOX_SAID - 1] = '\0';
    return n == (ssize_t)sizeof *answer && answer->status >= 0 && answer->status < STATUS_N;
}

static void end(struct place *p, int how, const struct rusage *used) {
    struct box_reply answer = { .status = BROKEN };
    enum status s = BROKEN;
    const char *said = "";
    read_err(p);
    bool answered = read_answer(p, &answer);
    if (WIFSIGNALED(how)) {
        s = died(p, WTERMSIG(how), used, &said);
    } else if (answered && WEXITSTATUS(how) == 0) {
        s = (enum status)answer.status;
        said = answer.said;
    } else if (p->program) {
        s = WEXITSTATUS(how) == 0 ? OK : out_of_memory(p, used) ? TOO_BIG : INVALID;
        said = s == TOO_BIG ? "memory" : p->said;
    } else {
        log_warn("box: %s ended with %d and no answer: %s", p->name, WEXITSTATUS(how), p->said);
    }
    reply_to(p->reply, s, said);
    close_all((int[]){ p->answer, p->err, p->reply }, 3);
    p->pid = 0;
}

static void reap(struct place *places) {
    struct rusage used;
    int how;
    pid_t pid;
    while ((pid = wait4(-1, &how, WNOHANG, &used)) > 0)
        for (int i = 0; i < BOX_AT_ONCE; i++)
            if (places[i].pid == pid) end(&places[i], how, &used);
}

static int64_t resident_bytes(pid_t pid) {
    char path[64];
    long long whole = 0, resident = 0;
    snprintf(path, sizeof path, "/proc/%d/statm", (int)pid);
    FILE *f = fopen(path, "re");
    if (!f) return 0;
    if (fscanf(f, "%lld %lld", &whole, &resident) != 2) resident = 0;
    fclose(f);
    return resident * sysconf(_SC_PAGESIZE);
}

static void watch(struct place *p) {
    if (!p->pid) return;
    read_err(p);
    p->late = p->late || clock_mono_us() > p->deadline_us;
    if (BOX_SANITIZED)
        p->fat = resident_bytes(p->pid) > p->memory_bytes * SANITIZED_TIMES + sanitized_room;
    if (p->late || p->fat) kill(p->pid, SIGKILL);
}

/* Until there is something to do: a request (when a place is free), a word on a standard error, a
 * process that ended, a clock that ran out. */
static bool wait_for_work(struct place *places, const sigset_t *awake, struct place **free_place) {
    struct pollfd p[1 + BOX_AT_ONCE];
    int64_t now = clock_mono_us(), wait_us = -1;
    *free_place = NULL;
    for (int i = 0; i < BOX_AT_ONCE; i++) {
        p[1 + i] = (struct pollfd){ .fd = places[i].pid ? places[i].err : -1, .events = POLLIN };
        if (!places[i].pid) {
            *free_place = &places[i];
            continue;
        }
        int64_t left = places[i].deadline_us > now ? places[i].deadline_us - now : 0;
        left = BOX_SANITIZED || left < LOOK_MS * 1000 ? LOOK_MS * 1000 : left;
        if (wait_us < 0 || left < wait_us) wait_us = left;
        /* At its end an error pipe is always ready: the process is about to be reaped. */
    }
    p[0] = (struct pollfd){ .fd = *free_place ? BOX_KEEPER_FD : -1, .events = POLLIN };
    struct timespec t = { wait_us / 1000000, wait_us % 1000000 * 1000 };
    int n = ppoll(p, 1 + BOX_AT_ONCE, wait_us < 0 ? NULL : &t, awake);
    for (int i = 0; n > 0 && i < BOX_AT_ONCE; i++) {
        if (!(p[1 + i].revents & POLLHUP)) continue;
        read_err(&places[i]);
        close(places[i].err);
        places[i].err = -1;
    }
    return n > 0 && p[0].revents;
}

_Noreturn void keeper_run(void) {
    struct place places[BOX_AT_ONCE] = { { 0 } };
    struct box_request *r = calloc(1, sizeof *r);
    struct sigaction quiet = { .sa_handler = woken }, ignore = { .sa_handler = SIG_IGN };
    sigset_t child, awake;
    int fds[BOX_FDS_N], got = 1;
    if (!r) _exit(1);
    sigaction(SIGCHLD, &quiet, NULL);
    sigaction(SIGPIPE, &ignore, NULL);
    sigemptyset(&awake);
    sigemptyset(&child);
    sigaddset(&child, SIGCHLD);
    sigprocmask(SIG_SETMASK, &child, NULL);
    while (got != 0) {
        struct place *place;
        bool asked = wait_for_work(places, &awake, &place);
        reap(places);
        for (int i = 0; i < BOX_AT_ONCE; i++) watch(&places[i]);
        if (!asked) continue;
        got = receive(r, fds);
        if (got == 1) begin(place, r, fds);
    }
    for (int i = 0; i < BOX_AT_ONCE; i++)
        if (places[i].pid) kill(places[i].pid, SIGKILL);
    _exit(0);
}
