/* Walls around the program itself: what it has no need of, it cannot do, whoever has taken it over.
 * Landlock for files, seccomp for system calls; what the kernel lacks is left out and logged. */
#ifndef CONFINE_H
#define CONFINE_H
#include <stdbool.h>
#include <stdint.h>

/* A path and everything below it; one that is not there is passed over. */
struct confine_path {
    const char *path;
    bool writes; /* else it may be read only; nothing may be executed either way */
};
/* From here on this thread, and those that it starts, opens no other files. Several rules for one
 * path add up. False: the kernel has no Landlock, or refused (logged). */
bool confine_files(const struct confine_path *paths, int n);
/* connects: may it reach other programs by sockets of its own (PostgreSQL)? Answering is always
 * allowed. For all threads: no other programs, no processes, no debugging of others, no mounts, no
 * kernel interfaces that a server has no need of: they are refused with EPERM. False: refused
 * (logged). */
bool confine_calls(bool connects);

/* For filter.c: the same for a program that must be started: what is readable may be executed. */
bool confine_program_files(const char *const *readable, int n);

#endif
