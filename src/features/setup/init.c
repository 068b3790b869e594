/* daftar init: makes a workspace on the command line. Called by app/cli.c; calls setup.c. */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "core/app/secret.h"
#include "core/web/password.h"
#include "features/setup/pages.h"
#include "features/setup/setup.h"

static enum status read_password(struct cli *cli, struct str *out) {
    const char *path = cli_get(cli, "--password-file");
    char *text = arena_alloc(cli->arena, LIMIT_PASSWORD + 2);
    int fd = strcmp(path, "-") == 0 ? dup(0) : open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return cli_say(cli, MISSING, "cannot read %s: %s", path, strerror(errno));
    size_t n = 0;
    ssize_t got = 0;
    while (n <= LIMIT_PASSWORD && (got = read(fd, text + n, LIMIT_PASSWORD + 1 - n)) > 0)
        n += (size_t)got;
    close(fd);
    if (got < 0) return cli_say(cli, BROKEN, "cannot read %s: %s", path, strerror(errno));
    struct str rest = { text, n }, line = NO_STR;
    (void)str_cut(&rest, '\n', &line);
    if (!utf8_valid(line)) return cli_say(cli, INVALID, "the password is not UTF-8");
    *out = password_clean(cli->arena, line);
    return OK;
}

static enum status make(struct ctx *c, void *arg) {
    int64_t owner;
    return setup_make(c, arg, &owner);
}

static enum status check_password(struct ctx *c, void *arg) {
    const struct str *given = arg; /* password, firm, name, email */
    return password_check(c, S("password"), given[0], given + 1, 3);
}

static enum status run(struct cli *cli) {
    struct setup_facts f = { .firm = str_of(cli_get(cli, "--name")),
                             .email = str_of(cli_get(cli, "--email")),
                             .name = str_of(cli_get(cli, "--owner")) };
    const char *language = cli_get(cli, "--language");
    if (language && !lang_of(str_of(language), &f.lang))
        return cli_say(cli, INVALID, "--language is one of fa, ar, fr, en");
    struct str password;
    TRY(read_password(cli, &password));
    struct str given[] = { password, f.firm, f.name, f.email };
    TRY(cli_read(cli, check_password, given));
    struct hasher *hasher = hasher_new();
    enum status s = password_hash(hasher, cli->arena, password, &f.hash);
    hasher_free(hasher);
    if (s != OK) return cli_say(cli, s, "the password could not be hashed");
    s = cli_write(cli, make, &f);
    if (s == CONFLICT) return cli_say(cli, s, "this workspace is set up already");
    return s;
}

static const struct option options[] = {
    { .name = "--name", .takes = "FIRM", .help = "name of the business", .required = true },
    { .name = "--email",
      .takes = "EMAIL",
      .help = "the owner's address, with which he signs in",
      .required = true },
    { .name = "--password-file",
      .takes = "FILE",
      .help = "its first line is the password; - is stdin",
      .required = true },
    { .name = "--owner", .takes = "NAME", .help = "the owner's name" },
    { .name = "--language",
      .takes = "CODE",
      .help = "fa, ar, fr or en (standard); proposes calendar, digits, zone, currency" },
    { .name = NULL },
};
const struct command command_init = {
    .name = "init",
    .usage =
        "--data DIR --name FIRM --email EMAIL --password-file FILE [--owner NAME] [--language fa]",
    .help = "Makes a new workspace with its owner.",
    .options = options,
    .flags = COMMAND_CREATE,
    .run = run,
};
