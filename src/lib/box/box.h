/* Work on files of strangers (spreadsheets, pictures, PDF) in a process of its own, with little
 * memory, little time, no network and no files but those handed to it. What goes wrong in there
 * cannot harm the program: the process ends and the caller gets a status.
 *
 * The server makes a keeper before it has threads (box_open); the keeper forks a process for each
 * task, so that nothing is ever forked out of a process with threads. Commands and tests pass NULL:
 * the task's process is forked from the caller. */
#ifndef BOX_H
#define BOX_H
#include "lib/base/str.h"

enum { BOX_SAID = 4000 }; /* what a task may say, bytes */

struct box_call {        /* inside the process */
    int in_fd, out_fd;   /* the file to read; the file to write, empty (-1: none was given) */
    struct str argument; /* what the caller passed, at most 4,000 bytes */
    struct arena *arena;
    char said[BOX_SAID]; /* an answer of the task beside its file: NUL-terminated */
};
struct box_task {
    const char *name;
    /* OK, INVALID (the file is not what it should be; said tells why), TOO_BIG … goes to the
     * caller. */
    enum status (*run)(struct box_call *call) MUST_USE;
    int64_t memory_bytes; /* of the whole process */
    int64_t output_bytes; /* the largest file it may write */
    int cpu_seconds;
    /* NULL, or a program that the process becomes instead of calling run: { "pdftoppm", "-r", "50",
     * NULL }, found in /usr/bin. in_fd is its standard input, out_fd its standard output. It can
     * read nothing else than the system's own files, and write nothing else. */
    const char *const *program;
};

struct box;
/* The keeper; call it before any thread is started. BROKEN: why is in the log. */
enum status box_open(struct box **out) MUST_USE;
void box_close(struct box *b);
/* Runs one task and waits for it; from any thread, at most two at a time (others wait). in_path
 * NULL: no input. out_path is made anew, mode 0600, removed again unless OK; NULL: no output.
 * TOO_BIG: it said so, or ran into a limit: *said is then "memory", "time" (its seconds of CPU, or
 * four times those and 5 by the clock) or "output". BROKEN: it died otherwise, why is in the log.
 * MISSING: no such input, or no such program (*said is its name). A program that ends with
 * something else than 0: INVALID, *said is what it wrote to its standard error. *said (arena) may
 * be NULL. */
enum status box_run(struct box *b, struct arena *a, const struct box_task *task,
                    const char *in_path, const char *out_path, struct str argument,
                    struct str *said) MUST_USE;

#endif
