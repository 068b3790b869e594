/* Walls around the program itself (confine.h). Called by serve before it has threads, and by
 * filter.c for tasks that are programs; calls the kernel. Landlock: the interface of Linux 5.13 and
 * what came after it (linux/landlock.h), used as far as the kernel has it. */
#include "lib/box/confine.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/base/log.h"
#include "lib/base/str.h"

enum {
    FIRST_RIGHTS_N = 13, /* of version 1; then refer, truncate, ioctl on devices */
    REFER_VERSION = 2,
    TRUNCATE_VERSION = 3,
};

/* Every right over files that this kernel knows. */
static uint64_t all_rights(int version) {
    int n = FIRST_RIGHTS_N;
    if (version >= REFER_VERSION) n++;
    if (version >= TRUNCATE_VERSION) n++;
    return (1ULL << n) - 1;
}

static const uint64_t reading = LANDLOCK_ACCESS_FS_READ_FILE;
/* Rights that only a folder can have. */
static const uint64_t of_folders =
    LANDLOCK_ACCESS_FS_READ_DIR | LANDLOCK_ACCESS_FS_REMOVE_DIR | LANDLOCK_ACCESS_FS_REMOVE_FILE |
    LANDLOCK_ACCESS_FS_MAKE_CHAR | LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_MAKE_REG |
    LANDLOCK_ACCESS_FS_MAKE_SOCK | LANDLOCK_ACCESS_FS_MAKE_FIFO | LANDLOCK_ACCESS_FS_MAKE_BLOCK |
    LANDLOCK_ACCESS_FS_MAKE_SYM | 1ULL << FIRST_RIGHTS_N /* refer */;
/* What nobody who keeps data makes in his folder. */
static const uint64_t never = LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_MAKE_CHAR |
                              LANDLOCK_ACCESS_FS_MAKE_BLOCK | LANDLOCK_ACCESS_FS_MAKE_SYM;

static int ruleset_new(uint64_t *rights) {
    int version =
        (int)syscall(SYS_landlock_create_ruleset, NULL, (size_t)0, LANDLOCK_CREATE_RULESET_VERSION);
    if (version < REFER_VERSION) return -1; /* the first cannot rename from one folder to another */
    *rights = all_rights(version);
    struct landlock_ruleset_attr attr = { .handled_access_fs = *rights };
    return (int)syscall(SYS_landlock_create_ruleset, &attr, sizeof attr, 0);
}

static void allow(int rules, const char *path, uint64_t rights) {
    struct stat st;
    struct landlock_path_beneath_attr rule = { .parent_fd = open(path, O_PATH | O_CLOEXEC) };
    if (rule.parent_fd < 0) return;
    bool folder = fstat(rule.parent_fd, &st) == 0 && S_ISDIR(st.st_mode);
    rule.allowed_access = folder ? rights : rights & ~of_folders;
    if (syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) != 0)
        log_warn("sandbox: %s: %s", path, strerror(errno));
    close(rule.parent_fd);
}

static bool enter(int rules) {
    bool good = prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
                syscall(SYS_landlock_restrict_self, rules, 0) == 0;
    if (!good) log_warn("sandbox: the kernel refuses: %s", strerror(errno));
    close(rules);
    return good;
}

bool confine_files(const struct confine_path *paths, int n) {
    uint64_t rights = 0;
    int rules = ruleset_new(&rights);
    if (rules < 0) {
        log_info("sandbox: this kernel has no Landlock; files are guarded by their owner alone");
        return false;
    }
    for (int i = 0; i < n; i++)
        if (paths[i].path)
            allow(rules, paths[i].path,
                  paths[i].writes ? rights & ~never : reading | LANDLOCK_ACCESS_FS_READ_DIR);
    return enter(rules);
}

bool confine_program_files(const char *const *readable, int n) {
    uint64_t rights = 0;
    int rules = ruleset_new(&rights);
    if (rules < 0) return false; /* the list of calls must do */
    for (int i = 0; i < n; i++)
        allow(rules, readable[i],
              reading | LANDLOCK_ACCESS_FS_READ_DIR | LANDLOCK_ACCESS_FS_EXECUTE);
    return enter(rules);
}

static const int refused[] = {
    SCMP_SYS(execve),
    SCMP_SYS(execveat),
    SCMP_SYS(fork),
    SCMP_SYS(vfork),
    SCMP_SYS(ptrace),
    SCMP_SYS(process_vm_readv),
    SCMP_SYS(process_vm_writev),
    SCMP_SYS(pidfd_getfd),
    SCMP_SYS(mount),
    SCMP_SYS(umount2),
    SCMP_SYS(pivot_root),
    SCMP_SYS(chroot),
    SCMP_SYS(unshare),
    SCMP_SYS(setns),
    SCMP_SYS(bpf),
    SCMP_SYS(io_uring_setup),
    SCMP_SYS(userfaultfd),
    SCMP_SYS(perf_event_open),
    SCMP_SYS(keyctl),
    SCMP_SYS(add_key),
    SCMP_SYS(request_key),
    SCMP_SYS(init_module),
    SCMP_SYS(finit_module),
    SCMP_SYS(delete_module),
    SCMP_SYS(kexec_load),
    SCMP_SYS(reboot),
    SCMP_SYS(swapon),
    SCMP_SYS(settimeofday),
    SCMP_SYS(clock_settime),
    SCMP_SYS(setuid),
    SCMP_SYS(setgid),
    SCMP_SYS(setresuid),
    SCMP_SYS(setresgid),
    SCMP_SYS(setgroups),
    SCMP_SYS(mknod),
    SCMP_SYS(mknodat),
    SCMP_SYS(quotactl),
    SCMP_SYS(acct),
    SCMP_SYS(personality),
};

bool confine_calls(bool connects) {
    bool good = prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0;
    scmp_filter_ctx f = seccomp_init(SCMP_ACT_ALLOW);
    if (!f) return false;
    seccomp_attr_set(f, SCMP_FLTATR_CTL_TSYNC, 1);
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
        if (refused[i] >= 0 && seccomp_rule_add(f, SCMP_ACT_ERRNO(EPERM), refused[i], 0) != 0)
            good = false;
    /* A thread is asked for by clone3 first, whose arguments a filter cannot see, then by clone. */
    if (seccomp_rule_add(f, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0) != 0) good = false;
    if (seccomp_rule_add(f, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(clone), 1,
                         SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD, 0)) != 0)
        good = false;
    if (!connects && seccomp_rule_add(f, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(connect), 0) != 0)
        good = false;
    good = good && seccomp_load(f) == 0;
    seccomp_release(f);
    if (!good) log_warn("sandbox: the kernel takes no list of system calls");
    return good;
}
