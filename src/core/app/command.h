/* A command of the program: one record each, beside its code; app/features.c and app/cli.c collect
 * them. cli.c reads the options by the record, opens the app and calls run. */
#ifndef COMMAND_H
#define COMMAND_H
#include "core/app/app.h"

struct option {
    const char *name;  /* "--clients" */
    const char *takes; /* what follows it, for --help: "N", "FILE"; NULL: nothing does */
    const char *help;
    bool required, many; /* many: may be given again */
};

/* What the person gave. Values stay valid as long as the process. */
struct given {
    const struct option *option;
    const char *value; /* "" for an option that takes nothing */
};
struct cli {
    const struct command *command;
    struct app *app;     /* open, unless the command is COMMAND_NO_APP */
    struct arena *arena; /* of the command */
    struct given *given;
    int given_n;
    const char *const *words; /* what is no option: FILE, party … */
    int words_n;
};

enum command_flags {
    COMMAND_NO_APP = 1, /* opens by itself (init, serve) */
    COMMAND_CREATE = 2, /* makes folder and database when they are not there */
    COMMAND_SET_UP = 4, /* refuses a workspace that has no firm yet */
    COMMAND_ALONE = 8,  /* needs no workspace: neither --data nor --database */
};
struct command {
    const char *name, *usage;     /* usage: what follows "daftar NAME", in one line */
    const char *help;             /* one sentence */
    const struct option *options; /* ends with name NULL; --data and --database are everyone's */
    int words_min, words_max;
    unsigned flags;
    int threads; /* benches that it needs; 0: 1 */
    /* Prints to stdout; on failure one line to stderr (cli_say) and a status. */
    enum status (*run)(struct cli *cli);
};

/* The value of an option; NULL when it was not given. i: the i-th time of a repeated one. */
const char *cli_get(const struct cli *cli, const char *name);
const char *cli_get_at(const struct cli *cli, const char *name, int i);
bool cli_has(const struct cli *cli, const char *name);
/* A whole number within bounds; standard when not given. MALFORMED and a line on stderr else. */
enum status cli_number(const struct cli *cli, const char *name, int64_t least, int64_t most,
                       int64_t standard, int64_t *out) MUST_USE;
/* "daftar NAME: text" on stderr; gives s back, so that one can return it. */
enum status cli_say(const struct cli *cli, enum status s, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* The problems of a context, one a line on stderr. */
void cli_problems(const struct cli *cli, struct ctx *c);
/* The options --where, --sentence and --search as criteria of a list; q->entity is set. */
#define CLI_SENTENCE_HELP "--where is a plain sentence in this language: fa, ar, fr, en"
struct list_query;
enum status cli_where(struct cli *cli, struct list_query *q) MUST_USE;
/* Does work in a write transaction as the program itself, again when the database is busy. */
enum status cli_write(struct cli *cli, enum status (*work)(struct ctx *c, void *arg),
                      void *arg) MUST_USE;
enum status cli_read(struct cli *cli, enum status (*work)(struct ctx *c, void *arg),
                     void *arg) MUST_USE;

#endif
