/* daftar export --all (export-all): everything of the business into a new folder or a ZIP file.
 * Called by app/cli.c; calls whole.c. */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "features/export/pages.h"
#include "features/export/whole.h"

struct opened {
    struct cli *cli;
    struct sink *sink;
    struct whole *whole;
};

static enum status open_whole(struct ctx *c, void *arg) {
    struct opened *o = arg;
    o->whole = whole_open(o->cli->app, c, o->sink);
    return OK;
}

static enum status write_out(struct opened *o, int fd) {
    struct buf b = { .n = 0 };
    bool more = true;
    enum status s = OK;
    while (s == OK && more) {
        s = whole_piece(o->whole, &more);
        if (s != OK && sink_problem(o->sink).n)
            s = cli_say(o->cli, s, "%.*s", SF(sink_problem(o->sink)));
        b.n = 0;
        sink_take(o->sink, &b);
        for (size_t done = 0; s == OK && done < b.n;) {
            ssize_t n = write(fd, b.p + done, b.n - done);
            if (n < 0 && errno == EINTR) continue;
            if (n <= 0)
                s = cli_say(o->cli, BROKEN, "cannot write the output: %s", strerror(errno));
            else
                done += (size_t)n;
        }
    }
    buf_free(&b);
    return s;
}

static enum status run(struct cli *cli) {
    struct opened o = { .cli = cli };
    const char *path = cli_get(cli, "--output");
    struct str why;
    int fd = -1;
    if (!path) return cli_say(cli, MALFORMED, "--output DIR or FILE.zip is needed");
    if (str_ends(str_of(path), S(".zip"))) {
        o.sink = sink_zip(cli->arena);
        fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
        if (fd < 0) return cli_say(cli, BROKEN, "cannot write %s: %s", path, strerror(errno));
    } else {
        enum status made = sink_folder(cli->arena, path, &o.sink, &why);
        if (made != OK) return cli_say(cli, made, "%.*s", SF(why));
    }
    enum status s = cli_read(cli, open_whole, &o);
    if (s == OK) s = write_out(&o, fd);
    if (fd >= 0 && close(fd) != 0 && s == OK) s = cli_say(cli, BROKEN, "cannot write %s", path);
    if (s == OK) printf("%lld clients in %s\n", (long long)whole_clients(o.whole), path);
    whole_close(o.whole);
    sink_free(o.sink);
    return s;
}

static const struct option options[] = {
    { .name = "--output",
      .takes = "DIR|FILE.zip",
      .help = "a new folder, or a ZIP file",
      .required = true },
    { .name = NULL },
};
const struct command command_export_all = {
    .name = "export-all",
    .usage = "--data DIR --output DIR|FILE.zip",
    .help = "Writes everything of the business as ordinary files, with an index.html to search.",
    .options = options,
    .flags = COMMAND_SET_UP,
    .run = run,
};
