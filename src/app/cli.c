/* The command line: finds the command, reads its options by its record, opens the workspace, runs
 * it, and turns its status into an exit code. Called by main.c; calls the commands of features.c.
 */
#include <stdarg.h>
#include <unistd.h>

#include "app/commands.h"

enum { BUSY_MAX = 5, GIVEN_MAX = 256 };

/* Exit codes are part of the interface: scripts read them. */
int exit_code(enum status s) {
    static const int codes[STATUS_N] = {
        [OK] = 0,      [INVALID] = 1,  [MALFORMED] = 2, [SIGNED_OUT] = 3,
        [DENIED] = 3,  [MISSING] = 4,  [CONFLICT] = 5,  [STALE] = 5,
        [TOO_BIG] = 6, [TOO_MANY] = 6, [BUSY] = 7,      [BROKEN] = 8,
    };
    return (unsigned)s < STATUS_N ? codes[s] : 8;
}

static const struct option everyones[] = {
    { .name = "--data", .takes = "DIR", .help = "folder of the workspace" },
    { .name = "--database", .takes = "URL", .help = "postgres://… instead of the database in DIR" },
    { .name = "--help", .help = "this text" },
    { .name = NULL },
};

/* --- Help --- */

static void print_options(FILE *to, const struct option *o) {
    for (; o && o->name; o++) {
        char left[80];
        snprintf(left, sizeof left, "%s%s%s", o->name, o->takes ? " " : "",
                 o->takes ? o->takes : "");
        fprintf(to, "  %-24s %s%s%s\n", left, o->help, o->required ? " (required)" : "",
                o->many ? " (may be repeated)" : "");
    }
}

static void help_of(const struct command *c) {
    printf("daftar %s %s\n\n%s\n\n", c->name, c->usage, c->help);
    print_options(stdout, c->options);
    print_options(stdout, everyones);
}

static void help_all(FILE *to) {
    fprintf(to, "Daftar, a client book. Usage: daftar COMMAND --data DIR …\n\n");
    for (int i = 0; app_command(i); i++) {
        const struct command *c = app_command(i);
        fprintf(to, "  %-10s %s\n", c->name, c->help);
    }
    fprintf(
        to,
        "\ndaftar COMMAND --help says more. Exit codes: 0 done, 1 wrong input or a fault found,\n"
        "2 wrong usage, 3 not allowed, 4 not there, 5 in the way, 6 too much, 7 busy, 8 broken.\n");
}

/* --- What the person gave --- */

static int complain(const struct command *c, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
static int complain(const struct command *c, const char *fmt, ...) {
    char text[1000];
    va_list args;
    va_start(args, fmt);
    vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    fprintf(stderr, "daftar %s: %s\n", c->name, text);
    return exit_code(MALFORMED);
}

static const struct option *find_option(const struct command *c, struct str name) {
    for (const struct option *o = c->options; o && o->name; o++)
        if (str_eq_z(name, o->name)) return o;
    for (const struct option *o = everyones; o->name; o++)
        if (str_eq_z(name, o->name)) return o;
    return NULL;
}

static int take_option(struct cli *cli, char **argv, int argc, int *i) {
    const struct command *c = cli->command;
    struct str rest = str_of(argv[*i]), name = rest;
    const char *equals = strchr(argv[*i], '=');
    if (equals) name = (struct str){ rest.p, (size_t)(equals - argv[*i]) };
    const struct option *o = find_option(c, name);
    if (!o) return complain(c, "there is no option %.*s (see --help)", SF(name));
    if (!o->takes && equals) return complain(c, "%s takes no value", o->name);
    const char *value = equals ? equals + 1 : "";
    if (o->takes && !equals) {
        if (*i + 1 >= argc) return complain(c, "%s wants %s behind it", o->name, o->takes);
        value = argv[++*i];
    }
    if (!utf8_valid(str_of(value))) return complain(c, "%s: this is not UTF-8", o->name);
    if (!o->many && cli_has(cli, o->name)) return complain(c, "%s was given twice", o->name);
    if (cli->given_n == GIVEN_MAX) return complain(c, "too many options");
    cli->given[cli->given_n++] = (struct given){ o, value };
    return 0;
}

static int read_arguments(struct cli *cli, char **argv, int argc) {
    const struct command *c = cli->command;
    const char **words = arena_array(cli->arena, const char *, argc + 1);
    bool only_words = false;
    for (int i = 0; i < argc; i++) {
        int failed = 0;
        if (!only_words && strcmp(argv[i], "--") == 0)
            only_words = true;
        else if (!only_words && argv[i][0] == '-' && argv[i][1])
            failed = take_option(cli, argv, argc, &i);
        else
            words[cli->words_n++] = argv[i];
        if (failed) return failed;
    }
    cli->words = words;
    if (cli_has(cli, "--help")) return 0;
    for (const struct option *o = c->options; o && o->name; o++)
        if (o->required && !cli_has(cli, o->name))
            return complain(c, "%s is missing (see --help)", o->name);
    bool alone = c->flags & COMMAND_ALONE;
    if (!alone && !cli_get(cli, "--data") && !cli_get(cli, "--database"))
        return complain(c, "--data DIR is missing (see --help)");
    if (cli->words_n < c->words_min || cli->words_n > c->words_max)
        return complain(c, "usage: daftar %s %s", c->name, c->usage);
    return 0;
}

const char *cli_get_at(const struct cli *cli, const char *name, int i) {
    for (int k = 0; k < cli->given_n; k++)
        if (strcmp(cli->given[k].option->name, name) == 0 && i-- == 0) return cli->given[k].value;
    return NULL;
}

const char *cli_get(const struct cli *cli, const char *name) {
    return cli_get_at(cli, name, 0);
}

bool cli_has(const struct cli *cli, const char *name) {
    return cli_get(cli, name) != NULL;
}

enum status cli_number(const struct cli *cli, const char *name, int64_t least, int64_t most,
                       int64_t standard, int64_t *out) {
    const char *given = cli_get(cli, name);
    *out = standard;
    if (!given) return OK;
    if (!str_to_i64(str_of(given), out) || *out < least || *out > most)
        return cli_say(cli, MALFORMED, "%s is a whole number from %lld to %lld", name,
                       (long long)least, (long long)most);
    return OK;
}

enum status cli_say(const struct cli *cli, enum status s, const char *fmt, ...) {
    char text[1000];
    va_list args;
    va_start(args, fmt);
    vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    fprintf(stderr, "daftar %s: %s\n", cli->command->name, text);
    return s;
}

void cli_problems(const struct cli *cli, struct ctx *c) {
    for (int i = 0; i < c->problems.n; i++) {
        const struct problem *p = &c->problems.v[i];
        struct str text = ctx_problem_text(c, p);
        fprintf(stderr, "daftar %s: %.*s%s%.*s\n", cli->command->name, SF(p->field),
                p->field.n ? ": " : "", SF(text));
    }
}

/* --- Transactions of commands --- */

static enum status once(struct cli *cli, bool write, enum status (*work)(struct ctx *c, void *arg),
                        void *arg) {
    struct app *app = cli->app;
    struct tx *tx;
    struct ctx c;
    TRY(write ? db_write(app->db, cli->arena, &tx) : db_read(app->db, cli->arena, &tx));
    enum status s = app_context(app, 0, cli->arena, tx, DOOR_CLI, &c);
    app_become_program(&c);
    if (s == OK) s = work(&c, arg);
    s = db_end(tx, s);
    if (s != OK && s != BUSY) cli_problems(cli, &c);
    return s;
}

enum status cli_write(struct cli *cli, enum status (*work)(struct ctx *c, void *arg), void *arg) {
    enum status s = BUSY;
    for (int i = 0; s == BUSY && i < BUSY_MAX; i++) s = once(cli, true, work, arg);
    return s;
}

enum status cli_read(struct cli *cli, enum status (*work)(struct ctx *c, void *arg), void *arg) {
    enum status s = BUSY;
    for (int i = 0; s == BUSY && i < BUSY_MAX; i++) s = once(cli, false, work, arg);
    return s;
}

/* --- Running --- */

static enum status nothing(struct ctx *c, void *arg) {
    (void)arg;
    return c->firm.name.n ? OK : MISSING;
}

static enum status run_open(struct cli *cli) {
    const struct command *c = cli->command;
    struct app_config config = { .data = cli_get(cli, "--data"),
                                 .database = cli_get(cli, "--database"),
                                 .threads = c->threads ? c->threads : 1,
                                 .create = (c->flags & COMMAND_CREATE) != 0 };
    enum status s = app_open(&cli->app, &config);
    if (s == MISSING)
        return cli_say(cli, s, "there is no workspace here; daftar init or daftar serve makes one");
    if (s != OK) return s;
    if (c->flags & COMMAND_SET_UP) s = cli_read(cli, nothing, NULL);
    if (s == MISSING) (void)cli_say(cli, s, "this workspace is not set up yet: daftar init");
    if (s == OK) s = c->run(cli);
    app_close(cli->app);
    return s;
}

static int run(const struct command *c, int argc, char **argv) {
    struct given given[GIVEN_MAX];
    struct cli cli = { .command = c, .arena = arena_new(), .given = given };
    int code = read_arguments(&cli, argv, argc);
    if (code == 0 && cli_has(&cli, "--help")) {
        help_of(c);
    } else if (code == 0) {
        enum status s = c->flags & COMMAND_NO_APP ? c->run(&cli) : run_open(&cli);
        if (s == BUSY) (void)cli_say(&cli, s, "the database is busy; try again");
        if (s == BROKEN) (void)cli_say(&cli, s, "failed; the reason stands above");
        code = exit_code(s);
        if (fflush(stdout) != 0 && code == 0)
            code = exit_code(cli_say(&cli, BROKEN, "cannot write the output"));
    }
    arena_free(cli.arena);
    return code;
}

/* «export --all …» is the command export-all: the option goes, the rest stays. */
static const struct command *whole_of(const char *name, int *argc, char **argv) {
    for (int i = 2; i < *argc; i++) {
        if (strcmp(argv[i], "--all") != 0) continue;
        for (int k = 0; app_command(k); k++) {
            struct str s = str_of(app_command(k)->name), stem = str_of(name);
            if (s.n != stem.n + 4 || !str_starts(s, stem) || !str_ends(s, S("-all"))) continue;
            for (int j = i; j + 1 < *argc; j++) argv[j] = argv[j + 1];
            --*argc;
            return app_command(k);
        }
    }
    return NULL;
}

/* «duplicates --evaluate FILE …» is the command duplicates-evaluate, which knows that option. */
static const struct command *by_option(const char *name, int argc, char **argv) {
    for (int k = 0; *name && app_command(k); k++) {
        const char *of = app_command(k)->name, *behind = of + strlen(name);
        if (strncmp(of, name, strlen(name)) != 0 || *behind != '-') continue;
        for (int i = 2; i < argc; i++)
            if (strncmp(argv[i], "--", 2) == 0 && strcmp(argv[i] + 2, behind + 1) == 0 &&
                find_option(app_command(k), str_of(argv[i])))
                return app_command(k);
    }
    return NULL;
}

int cli_main(int argc, char **argv) {
    const char *name = argc > 1 ? argv[1] : "";
    if (strcmp(name, "--help") == 0 || strcmp(name, "help") == 0 || strcmp(name, "-h") == 0) {
        help_all(stdout);
        return 0;
    }
    if (strcmp(name, "--version") == 0) {
        printf("daftar %s\n", DAFTAR_VERSION);
        return 0;
    }
    const struct command *whole = whole_of(name, &argc, argv);
    if (!whole) whole = by_option(name, argc, argv);
    if (whole) return run(whole, argc - 2, argv + 2);
    for (int i = 0; app_command(i); i++)
        if (strcmp(app_command(i)->name, name) == 0) return run(app_command(i), argc - 2, argv + 2);
    if (*name) fprintf(stderr, "daftar: there is no command %s\n\n", name);
    help_all(stderr);
    return exit_code(MALFORMED);
}
