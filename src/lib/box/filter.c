/* Which system calls a task may make (seccomp), and which files a program may read (Landlock, where
 * the kernel has it). Called by task.c just before the work begins; the home of libseccomp.
 * A function gets a list of what is allowed: memory, its own descriptors, the clock. A program
 * must load its libraries, so it gets a list of what is forbidden. What looks like an attempt to
 * get out (a process, a socket, another program) ends the process; the rest is refused, because
 * libraries ask for this and that and go on without it. */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "lib/base/log.h"
#include "lib/box/box_in.h"
#include "lib/box/confine.h"

#define COUNT_OF(v) (sizeof(v) / sizeof *(v))

static const int allowed[] = {
    SCMP_SYS(read),
    SCMP_SYS(pread64),
    SCMP_SYS(readv),
    SCMP_SYS(write),
    SCMP_SYS(pwrite64),
    SCMP_SYS(writev),
    SCMP_SYS(lseek),
    SCMP_SYS(fstat),
    SCMP_SYS(close),
    SCMP_SYS(fcntl),
    SCMP_SYS(ftruncate),
    SCMP_SYS(fsync),
    SCMP_SYS(fdatasync),
    SCMP_SYS(fadvise64),
    SCMP_SYS(dup),
    SCMP_SYS(munmap),
    SCMP_SYS(mremap),
    SCMP_SYS(brk),
    SCMP_SYS(madvise),
    SCMP_SYS(exit),
    SCMP_SYS(exit_group),
    SCMP_SYS(rt_sigaction),
    SCMP_SYS(rt_sigprocmask),
    SCMP_SYS(rt_sigreturn),
    SCMP_SYS(sigaltstack),
    SCMP_SYS(futex),
    SCMP_SYS(clock_gettime),
    SCMP_SYS(gettimeofday),
    SCMP_SYS(time),
    SCMP_SYS(getrandom),
    SCMP_SYS(getpid),
    SCMP_SYS(gettid),
    SCMP_SYS(poll),
    SCMP_SYS(ppoll),
    SCMP_SYS(nanosleep),
    SCMP_SYS(clock_nanosleep),
    SCMP_SYS(restart_syscall),
    SCMP_SYS(sched_yield),
    SCMP_SYS(sched_getaffinity),
    SCMP_SYS(uname),
    SCMP_SYS(sysinfo),
    SCMP_SYS(getrlimit),
    SCMP_SYS(getrusage),
    SCMP_SYS(set_robust_list),
    SCMP_SYS(rseq),
    SCMP_SYS(membarrier),
};
/* The ways out: they end the process, of a function and of a program. */
static const int deadly[] = {
    SCMP_SYS(execveat),
    SCMP_SYS(fork),
    SCMP_SYS(vfork),
    SCMP_SYS(socket),
    SCMP_SYS(socketpair),
    SCMP_SYS(connect),
    SCMP_SYS(bind),
    SCMP_SYS(listen),
    SCMP_SYS(accept),
    SCMP_SYS(accept4),
    SCMP_SYS(sendto),
    SCMP_SYS(sendmsg),
    SCMP_SYS(sendmmsg),
    SCMP_SYS(ptrace),
    SCMP_SYS(process_vm_readv),
    SCMP_SYS(process_vm_writev),
    SCMP_SYS(kill),
    SCMP_SYS(tkill),
    SCMP_SYS(pidfd_open),
    SCMP_SYS(pidfd_getfd),
    SCMP_SYS(pidfd_send_signal),
    SCMP_SYS(mount),
    SCMP_SYS(umount2),
    SCMP_SYS(pivot_root),
    SCMP_SYS(chroot),
    SCMP_SYS(unshare),
    SCMP_SYS(setns),
    SCMP_SYS(bpf),
    SCMP_SYS(io_uring_setup),
    SCMP_SYS(io_uring_enter),
    SCMP_SYS(io_uring_register),
    SCMP_SYS(userfaultfd),
    SCMP_SYS(perf_event_open),
    SCMP_SYS(keyctl),
    SCMP_SYS(add_key),
    SCMP_SYS(request_key),
    SCMP_SYS(init_module),
    SCMP_SYS(finit_module),
    SCMP_SYS(kexec_load),
    SCMP_SYS(reboot),
    SCMP_SYS(setuid),
    SCMP_SYS(setgid),
    SCMP_SYS(setresuid),
    SCMP_SYS(setresgid),
};
/* Refused to a program (to a function everything unnamed is). */
static const int refused[] = {
    SCMP_SYS(creat),     SCMP_SYS(unlink),       SCMP_SYS(unlinkat), SCMP_SYS(rename),
    SCMP_SYS(renameat),  SCMP_SYS(renameat2),    SCMP_SYS(mkdir),    SCMP_SYS(mkdirat),
    SCMP_SYS(rmdir),     SCMP_SYS(link),         SCMP_SYS(linkat),   SCMP_SYS(symlink),
    SCMP_SYS(symlinkat), SCMP_SYS(mknod),        SCMP_SYS(mknodat),  SCMP_SYS(chmod),
    SCMP_SYS(fchmod),    SCMP_SYS(fchmodat),     SCMP_SYS(chown),    SCMP_SYS(fchown),
    SCMP_SYS(lchown),    SCMP_SYS(fchownat),     SCMP_SYS(truncate), SCMP_SYS(setxattr),
    SCMP_SYS(utimensat), SCMP_SYS(memfd_create),
};

static void add_all(scmp_filter_ctx f, uint32_t action, const int *calls, size_t n, bool *good) {
    for (size_t i = 0; i < n; i++) /* Below 0: not on this machine (arm64 has no fork, no time). */
        if (calls[i] >= 0 && seccomp_rule_add(f, action, calls[i], 0) != 0) *good = false;
}

static void add(scmp_filter_ctx f, uint32_t action, int call, struct scmp_arg_cmp only_if,
                bool *good) {
    if (call >= 0 && seccomp_rule_add(f, action, call, 1, only_if) != 0) *good = false;
}

static void for_function(scmp_filter_ctx f, bool *good) {
    struct scmp_arg_cmp not_run = SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0);
    const int files[] = { SCMP_SYS(open), SCMP_SYS(openat), SCMP_SYS(openat2) };
    add_all(f, SCMP_ACT_ALLOW, allowed, COUNT_OF(allowed), good);
    add_all(f, SCMP_ACT_ERRNO(EACCES), files, COUNT_OF(files), good);
    add(f, SCMP_ACT_ALLOW, SCMP_SYS(mmap), not_run, good);
    add(f, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), not_run, good);
    /* glibc's fstat() is newfstatat() of the descriptor itself. */
    add(f, SCMP_ACT_ALLOW, SCMP_SYS(newfstatat),
        SCMP_A3(SCMP_CMP_MASKED_EQ, AT_EMPTY_PATH, AT_EMPTY_PATH), good);
    add(f, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)getpid(), 0), good);
    /* Limits may be asked, not set. */
    add(f, SCMP_ACT_ALLOW, SCMP_SYS(prlimit64), SCMP_A2(SCMP_CMP_EQ, 0, 0), good);
    const int processes[] = { SCMP_SYS(execve), SCMP_SYS(clone), SCMP_SYS(clone3) };
    add_all(f, SCMP_ACT_KILL_PROCESS, processes, COUNT_OF(processes), good);
}

static void for_program(scmp_filter_ctx f, const char *path, bool *good) {
    const int writing[] = { O_WRONLY, O_RDWR, O_CREAT, O_TRUNC };
    const int asked_first[] = { SCMP_SYS(clone3), SCMP_SYS(openat2) };
    add_all(f, SCMP_ACT_ERRNO(EACCES), refused, COUNT_OF(refused), good);
    add_all(f, SCMP_ACT_ERRNO(ENOSYS), asked_first, COUNT_OF(asked_first), good);
    for (size_t i = 0; i < COUNT_OF(writing); i++) {
        scmp_datum_t bits = (scmp_datum_t)writing[i];
        add(f, SCMP_ACT_ERRNO(EACCES), SCMP_SYS(open), SCMP_A1(SCMP_CMP_MASKED_EQ, bits, bits),
            good);
        add(f, SCMP_ACT_ERRNO(EACCES), SCMP_SYS(openat), SCMP_A2(SCMP_CMP_MASKED_EQ, bits, bits),
            good);
    }
    add(f, SCMP_ACT_KILL_PROCESS, SCMP_SYS(clone), SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD, 0),
        good);
    add(f, SCMP_ACT_KILL_PROCESS, SCMP_SYS(tgkill), SCMP_A0(SCMP_CMP_NE, (scmp_datum_t)getpid(), 0),
        good);
    /* This very string, in this very address space: once it is executed, nothing else is. */
    add(f, SCMP_ACT_KILL_PROCESS, SCMP_SYS(execve), SCMP_A0(SCMP_CMP_NE, (scmp_datum_t)path, 0),
        good);
}

/* A program may read what belongs to the system and to fonts, nothing else. */
static void landlock_set(void) {
    static const char *const readable[] = {
        "/usr",
        "/lib",
        "/lib64",
        "/bin",
        "/etc/fonts",
        "/etc/ld.so.cache",
        "/etc/ld.so.preload",
        "/etc/alternatives",
        "/etc/papersize",
        "/var/cache/fontconfig",
        "/dev/null",
        "/proc/self",
    };
    (void)confine_program_files(readable, COUNT_OF(readable));
}

bool filter_set(const char *path) {
    bool good = true;
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return false;
    if (path) landlock_set();
    scmp_filter_ctx f = seccomp_init(path ? SCMP_ACT_ALLOW : SCMP_ACT_ERRNO(EPERM));
    if (!f) return false;
    add_all(f, SCMP_ACT_KILL_PROCESS, deadly, COUNT_OF(deadly), &good);
    if (path)
        for_program(f, path, &good);
    else
        for_function(f, &good);
    good = good && seccomp_load(f) == 0;
    seccomp_release(f);
    return good;
}
