/* daftar rebuild: the derived tables anew, with no server running. Called by cli.c; calls
 * core/job/rebuild.c. */
#include <unistd.h>

#include "app/commands.h"
#include "core/job/rebuild.h"

static void done(int64_t n) {
    if (isatty(2)) fprintf(stderr, "\r%lld clients", (long long)n);
}

static enum status run(struct cli *cli) {
    enum status s = db_serve_lock(cli->app->db);
    if (s == CONFLICT)
        return cli_say(cli, s, "stop the server first: searches would find nothing meanwhile");
    if (s == OK) s = rebuild_all(cli->app, 0, done);
    if (isatty(2)) fprintf(stderr, "\n");
    if (s == OK) printf("rebuilt\n");
    return s;
}

static const struct option options[] = { { .name = NULL } };
const struct command command_rebuild = {
    .name = "rebuild",
    .usage = "--data DIR",
    .help = "Makes the search index and the orders of lists anew.",
    .options = options,
    .run = run,
};
