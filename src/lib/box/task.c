/* The process of one task: puts its descriptors in place, gives up everything else, takes on its
 * limits and then is the function or the program. Forked by keeper.c; calls filter.c and the task.
 * Nothing here returns to the keeper's code. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "lib/base/log.h"
#include "lib/box/box_in.h"

enum { SANITIZED_SLOWER = 4, FIRST_FREE = 16, LIBRARIES = 128 << 20, LAST_FD = 5 };

/* Descriptors may already stand where others must go: first all of them up, then down. */
static int lifted(int fd) {
    int up = fd >= 0 ? fcntl(fd, F_DUPFD_CLOEXEC, FIRST_FREE) : -1;
    if (fd >= 0 && up < 0) _exit(1);
    return up;
}

static void put(int fd, int at) {
    if (fd >= 0 && dup2(fd, at) < 0) _exit(1);
}

/* 0, 1 and 2 are a program's; a function gets its files as 3 and 4. 5 is where the answer goes. */
static void arrange(struct task_fds *fds, bool program) {
    struct task_fds up = { lifted(fds->in), lifted(fds->out), lifted(fds->answer),
                           lifted(fds->err) };
    int nowhere = lifted(0); /* the keeper's own standard input is /dev/null */
    put(program && up.in >= 0 ? up.in : nowhere, 0);
    put(program && up.out >= 0 ? up.out : nowhere, 1);
    put(up.err, 2);
    fds->in = fds->out = -1;
    close(3), close(4);
    if (!program && up.in >= 0) put(up.in, fds->in = 3);
    if (!program && up.out >= 0) put(up.out, fds->out = 4);
    put(up.answer, fds->answer = LAST_FD);
    fcntl(LAST_FD, F_SETFD, FD_CLOEXEC);
    close_range(LAST_FD + 1, ~0U, 0);
}

static void signals_as_usual(void) {
    sigset_t none;
    for (int i = 1; i < NSIG; i++) signal(i, SIG_DFL);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

/* What is mapped already and is not data: the libraries. */
static int64_t mapped_bytes(void) {
    long long whole = 0, data = 0;
    FILE *f = fopen("/proc/self/statm", "re");
    if (!f) return LIBRARIES;
    if (fscanf(f, "%lld %*d %*d %*d %*d %lld", &whole, &data) != 2) whole = data = 0;
    fclose(f);
    return whole > data ? (whole - data) * sysconf(_SC_PAGESIZE) : LIBRARIES;
}

static void limit(int what, int64_t soft, int64_t hard) {
    struct rlimit r = { (rlim_t)soft, (rlim_t)hard };
    if (setrlimit((__rlimit_resource_t)what, &r) != 0) _exit(1);
}

static void limits_set(const struct box_request *r) {
    int64_t libraries = r->words_n ? LIBRARIES : mapped_bytes();
    limit(RLIMIT_CORE, 0, 0);
    int64_t seconds = r->cpu_seconds * (BOX_SANITIZED && !r->words_n ? SANITIZED_SLOWER : 1);
    limit(RLIMIT_CPU, seconds, seconds + 1);
    limit(RLIMIT_FSIZE, r->output_bytes, r->output_bytes);
    limit(RLIMIT_NOFILE, BOX_OPEN_FILES, BOX_OPEN_FILES);
    if (BOX_SANITIZED && !r->words_n) return; /* its shadow is terabytes: the keeper looks */
    limit(RLIMIT_DATA, r->memory_bytes, r->memory_bytes);
    limit(RLIMIT_AS, r->memory_bytes + libraries, r->memory_bytes + libraries);
}

_Noreturn static void answer(int fd, enum status s, const char *said) {
    struct box_reply reply = { .status = (int32_t)s };
    snprintf(reply.said, sizeof reply.said, "%s", said);
    if (write(fd, &reply, sizeof reply) != (ssize_t)sizeof reply) _exit(1);
    _exit(0);
}

static const char *find_program(const char *name, char *path, size_t cap) {
    static const char *const folders[] = { "/usr/bin", "/usr/local/bin", "/bin" };
    if (strchr(name, '/')) return name;
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        snprintf(path, cap, "%s/%s", folders[i], name);
        if (access(path, X_OK) == 0) return path;
    }
    return NULL;
}

_Noreturn static void become(const struct box_request *r, int answer_fd) {
    char *words[BOX_WORDS + 1] = { NULL }, *none[] = { NULL };
    char room[BOX_PROGRAM], found[256];
    size_t at = 0;
    memcpy(room, r->program, sizeof room);
    for (int i = 0; i < r->words_n && i < BOX_WORDS; i++) {
        words[i] = room + at;
        at += strlen(words[i]) + 1;
    }
    const char *path = find_program(words[0], found, sizeof found);
    if (!path) answer(answer_fd, MISSING, words[0]);
    if (!filter_set(path)) answer(answer_fd, BROKEN, "the kernel refused the filter");
    limits_set(r); /* last: they are the program's, we ourselves might not fit in them */
    execve(path, words, none);
    answer(answer_fd, MISSING, words[0]);
}

_Noreturn void task_process(const struct box_request *r, struct task_fds fds) {
    pid_t keeper = getppid();
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != keeper || keeper == 1) _exit(1);
    arrange(&fds, r->words_n > 0);
    signals_as_usual();
    if (r->words_n) become(r, fds.answer);
    struct box_call *call = calloc(1, sizeof *call);
    if (!call) _exit(1);
    call->in_fd = fds.in;
    call->out_fd = fds.out;
    call->argument = (struct str){ r->argument, (size_t)r->argument_n };
    call->arena = arena_new();
    limits_set(r);
    if (!filter_set(NULL)) answer(fds.answer, BROKEN, "the kernel refused the filter");
    enum status s = r->run(call);
    call->said[BOX_SAID - 1] = '\0';
    answer(fds.answer, s, call->said);
}
