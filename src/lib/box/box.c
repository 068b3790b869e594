/* The caller's side of the box: opens the files, sends them to the keeper and waits for the reply;
 * and the guard, a process that does nothing but start the keeper again should it die. Called by
 * whoever reads files of strangers, and by app/cli_serve.c; calls keeper.c in the new process. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <semaphore.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/base/clock.h"
#include "lib/base/log.h"
#include "lib/box/box_in.h"

enum { REPLY_LATE_S = 30, GUARD_PAUSE_US = 100000 };

struct box {
    int fd; /* requests go in here */
    pid_t guard;
    sem_t free_places;
};

/* In the guard: a keeper, and another one when it dies. */
_Noreturn static void guard(pid_t caller) {
    struct sigaction ignore = { .sa_handler = SIG_IGN };
    const int ends[] = { SIGINT, SIGTERM, SIGHUP };
    /* A Ctrl-C reaches the whole group: the box ends when its caller closes it, not before. */
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) sigaction(ends[i], &ignore, NULL);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    prctl(PR_SET_NAME, "daftar-box");
    if (getppid() != caller) _exit(1);
    for (;;) {
        pid_t self = getpid(), keeper = fork();
        int status = 0;
        if (keeper == 0) {
            prctl(PR_SET_PDEATHSIG, SIGKILL);
            if (getppid() != self) _exit(1);
            keeper_run();
        }
        while (keeper > 0 && waitpid(keeper, &status, 0) < 0 && errno == EINTR) continue;
        if (keeper > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0) _exit(0);
        log_warn("box: the keeper died (%d), another one is started", status);
        usleep(GUARD_PAUSE_US);
    }
}

/* Nothing of the caller's goes along but its standard error and the socket. */
static void leave_all_behind(int fd) {
    int nowhere = open("/dev/null", O_RDWR);
    if (nowhere < 0 || dup2(nowhere, 0) < 0 || dup2(nowhere, 1) < 0) _exit(1);
    if (fd != BOX_KEEPER_FD && dup2(fd, BOX_KEEPER_FD) < 0) _exit(1);
    if (fd == BOX_KEEPER_FD) fcntl(fd, F_SETFD, 0);
    close_range(BOX_KEEPER_FD + 1, ~0U, 0);
}

enum status box_open(struct box **out) {
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) {
        log_warn("box: no socket: %s", strerror(errno));
        return BROKEN;
    }
    pid_t caller = getpid(), pid = fork();
    if (pid == 0) {
        leave_all_behind(ends[1]);
        guard(caller);
    }
    close(ends[1]);
    if (pid < 0) {
        log_warn("box: no process: %s", strerror(errno));
        close(ends[0]);
        return BROKEN;
    }
    struct box *b = calloc(1, sizeof *b);
    if (!b) BUG("out of memory");
    b->fd = ends[0];
    b->guard = pid;
    sem_init(&b->free_places, 0, BOX_AT_ONCE);
    *out = b;
    return OK;
}

void box_close(struct box *b) {
    if (!b) return;
    close(b->fd);
    while (waitpid(b->guard, NULL, 0) < 0 && errno == EINTR) continue;
    sem_destroy(&b->free_places);
    free(b);
}

static void fill(struct box_request *r, const struct box_task *task, struct str argument) {
    size_t at = 0;
    memset(r, 0, sizeof *r);
    snprintf(r->name, sizeof r->name, "%s", task->name);
    r->run = task->run;
    r->memory_bytes = task->memory_bytes;
    r->output_bytes = task->output_bytes;
    r->cpu_seconds = task->cpu_seconds;
    if (argument.n > sizeof r->argument) BUG("box: an argument of %zu bytes", argument.n);
    if (argument.n) memcpy(r->argument, argument.p, argument.n);
    r->argument_n = (int32_t)argument.n;
    for (int i = 0; task->program && task->program[i]; i++) {
        size_t n = strlen(task->program[i]) + 1;
        if (i == BOX_WORDS || at + n > sizeof r->program) BUG("box: the program's words are long");
        memcpy(r->program + at, task->program[i], n);
        at += n;
        r->words_n++;
    }
}

static bool send_request(const struct box *b, struct box_request *r, const int *fds, int fds_n) {
    union {
        struct cmsghdr head;
        char room[CMSG_SPACE(BOX_FDS_N * sizeof(int))];
    } control = { .room = { 0 } };
    struct iovec bytes = { r, sizeof *r };
    struct msghdr m = { .msg_iov = &bytes, .msg_iovlen = 1, .msg_control = &control };
    size_t fds_size = (size_t)fds_n * sizeof(int);
    m.msg_controllen = CMSG_SPACE(fds_size);
    struct cmsghdr *head = CMSG_FIRSTHDR(&m);
    head->cmsg_level = SOL_SOCKET;
    head->cmsg_type = SCM_RIGHTS;
    head->cmsg_len = CMSG_LEN(fds_size);
    memcpy(CMSG_DATA(head), fds, fds_size);
    ssize_t n;
    do n = sendmsg(b->fd, &m, MSG_NOSIGNAL);
    while (n < 0 && errno == EINTR);
    return n == (ssize_t)sizeof *r;
}

/* The whole reply, or false: the keeper died, or is late beyond all measure. */
static bool receive_reply(int fd, int cpu_seconds, struct box_reply *reply) {
    int64_t until =
        clock_mono_us() +
        (BOX_CLOCK_TIMES * (int64_t)cpu_seconds + BOX_GRACE_S + REPLY_LATE_S) * INT64_C(1000000);
    for (size_t had = 0; had < sizeof *reply;) {
        struct pollfd p = { .fd = fd, .events = POLLIN };
        int64_t left = until - clock_mono_us();
        int got = left > 0 ? poll(&p, 1, (int)(left / 1000) + 1) : 0;
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return false;
        ssize_t n = read(fd, (char *)reply + had, sizeof *reply - had);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return false;
        had += (size_t)n;
    }
    return true;
}

static enum status ask(struct box *b, struct box_request *r, const int in_out[2],
                       struct box_reply *reply) {
    int ends[2], fds[BOX_FDS_N], fds_n = 1;
    if (pipe2(ends, O_CLOEXEC) != 0) {
        log_warn("box: no pipe: %s", strerror(errno));
        return BROKEN;
    }
    fds[0] = ends[1];
    if (in_out[0] >= 0) fds[fds_n++] = in_out[0];
    if (in_out[1] >= 0) fds[fds_n++] = in_out[1];
    while (sem_wait(&b->free_places) != 0) continue;
    bool good = send_request(b, r, fds, fds_n);
    close(ends[1]); /* so that the keeper's death is the end of the pipe */
    good = good && receive_reply(ends[0], r->cpu_seconds, reply);
    sem_post(&b->free_places);
    close(ends[0]);
    if (!good) log_warn("box: no answer for the task %s", r->name);
    return good ? OK : BROKEN;
}

static enum status open_files(const char *in_path, const char *out_path, int in_out[2]) {
    if (in_path && (in_out[0] = open(in_path, O_RDONLY | O_CLOEXEC)) < 0) {
        if (errno == ENOENT) return MISSING;
        log_warn("box: cannot open %s: %s", in_path, strerror(errno));
        return BROKEN;
    }
    if (!out_path) return OK;
    unlink(out_path);
    in_out[1] = open(out_path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (in_out[1] >= 0) return OK;
    log_warn("box: cannot make %s: %s", out_path, strerror(errno));
    return BROKEN;
}

static enum status run_in(struct box *b, const struct box_task *task, const int in_out[2],
                          struct str argument, struct box_reply *reply) {
    struct box_request *r = calloc(1, sizeof *r);
    struct box *own = NULL;
    if (!r) BUG("out of memory");
    fill(r, task, argument);
    r->has_in = in_out[0] >= 0;
    r->has_out = in_out[1] >= 0;
    enum status s = b ? OK : box_open(&own);
    if (s == OK) s = ask(b ? b : own, r, in_out, reply);
    box_close(own);
    free(r);
    return s;
}

enum status box_run(struct box *b, struct arena *a, const struct box_task *task,
                    const char *in_path, const char *out_path, struct str argument,
                    struct str *said) {
    int in_out[2] = { -1, -1 };
    struct box_reply *reply = arena_new_of(a, struct box_reply);
    enum status s = open_files(in_path, out_path, in_out);
    if (s == OK) s = run_in(b, task, in_out, argument, reply);
    if (s == OK)
        s = reply->status >= 0 && reply->status < STATUS_N ? (enum status)reply->status : BROKEN;
    if (in_out[0] >= 0) close(in_out[0]);
    if (in_out[1] >= 0) close(in_out[1]);
    if (s != OK && in_out[1] >= 0) unlink(out_path);
    if (said) *said = str_dup(a, (struct str){ reply->said, strnlen(reply->said, BOX_SAID) });
    return s;
}
