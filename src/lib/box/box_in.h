/* Between the files of this folder: what goes from the caller to the keeper and back, and the two
 * halves of a task's process. */
#ifndef BOX_IN_H
#define BOX_IN_H
#include <sys/types.h>

#include "lib/box/box.h"

#ifdef __has_feature
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define BOX_SANITIZED 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define BOX_SANITIZED 1
#endif
#ifndef BOX_SANITIZED
#define BOX_SANITIZED 0
#endif

enum {
    BOX_NAME = 40,
    BOX_ARGUMENT = 4000,
    BOX_PROGRAM = 2000,  /* words of a program, with their NULs */
    BOX_WORDS = 40,      /* words of a program */
    BOX_AT_ONCE = 2,     /* tasks */
    BOX_KEEPER_FD = 3,   /* the keeper's end */
    BOX_CLOCK_TIMES = 4, /* by the clock a task may take so many times its seconds of CPU … */
    BOX_GRACE_S = 5,     /* … and these: other work may have the processor */
    BOX_OPEN_FILES = 64, /* RLIMIT_NOFILE */
    BOX_FDS_N = 3        /* of a request: where the reply goes, in, out */
};

/* One message. The descriptors come with it: reply, then in and out where they are given. */
struct box_request {
    char name[BOX_NAME];
    enum status (*run)(struct box_call *call); /* the same address: the keeper is a fork of us */
    int64_t memory_bytes, output_bytes;
    int32_t cpu_seconds, has_in, has_out;
    int32_t words_n; /* of the program; 0: none */
    int32_t argument_n;
    char argument[BOX_ARGUMENT];
    char program[BOX_PROGRAM];
};
struct box_reply {
    int32_t status;
    char said[BOX_SAID];
};

/* keeper.c: serves requests from BOX_KEEPER_FD until the other end is closed; never returns. */
_Noreturn void keeper_run(void);
/* task.c: what the new process does; never returns. The answer goes to answer_fd. */
struct task_fds {
    int in, out, answer, err; /* -1: none; err: its standard error */
};
_Noreturn void task_process(const struct box_request *r, struct task_fds fds);
/* filter.c: from here on, the process can do only what a task needs. path: what it will execute,
 * NULL for a function. False: the kernel refused. */
bool filter_set(const char *path);

#endif
