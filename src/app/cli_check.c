/* daftar check: integrity of the database file, of keys, of derived tables, of the files and of the
 * journal. Called by cli.c; says what is wrong on stdout, exit code 1. */
#include <stdarg.h>
#include <sys/stat.h>

#include "app/commands.h"
#include "core/app/secret.h"
#include "core/job/rebuild.h"
#include "core/web/journal.h"
#include "core/web/journal_look.h"

SQL(check_files, "SELECT id, sha256, bytes FROM file WHERE id > :after ORDER BY id LIMIT 500");

struct check {
    struct cli *cli;
    int64_t faults, after;
    bool ended;
};

static void fault(struct check *k, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
static void fault(struct check *k, const char *fmt, ...) {
    va_list args;
    va_start(args, fmt);
    vprintf(fmt, args);
    printf("\n");
    va_end(args);
    k->faults++;
}

static void faults(struct check *k, const struct strs *lines) {
    for (int i = 0; i < lines->n; i++) fault(k, "%.*s", SF(lines->v[i]));
}

static enum status check_database(struct ctx *c, void *arg) {
    struct strs lines = { .n = 0 };
    enum status s = db_check(c->tx, &lines);
    faults(arg, &lines);
    return s;
}

/* A stored file lies under its own digest: files/ab/abcdef… or files/abcdef… */
static const char *stored_file(struct check *k, struct arena *a, struct str sha) {
    struct stat st;
    const char *nested =
        app_path(k->cli->app, a, str_printf(a, "files/%.*s/%.*s", 2, sha.p, SF(sha)).p);
    if (stat(nested, &st) == 0) return nested;
    const char *flat = app_path(k->cli->app, a, str_printf(a, "files/%.*s", SF(sha)).p);
    return stat(flat, &st) == 0 ? flat : NULL;
}

static enum status check_some_files(struct ctx *c, void *arg) {
    struct check *k = arg;
    struct rows r;
    TRY(db_query(c->tx, &check_files, &r, P("after", k->after)));
    for (int i = 0; i < r.n; i++) {
        struct str sha = row_str(&r, i, "sha256"), really;
        const char *path = sha.n == 2 * SHA256_N ? stored_file(k, c->arena, sha) : NULL;
        k->after = row_int(&r, i, "id");
        if (!path)
            fault(k, "file %lld: %.*s is not there", (long long)k->after, SF(sha));
        else if (sha256_file(c->arena, path, &really) != OK || !str_eq(really, sha))
            fault(k, "file %lld: %s has other content than it should", (long long)k->after, path);
    }
    k->ended = r.n == 0;
    return OK;
}

static enum status check_anchors(struct ctx *c, void *arg) {
    struct check *k = arg;
    struct look_fault f;
    TRY(journal_anchor_check(c, app_path(k->cli->app, c->arena, "journal"), &f));
    if (f.file.n) fault(k, "journal %.*s: its end is not there any more", SF(f.file));
    return OK;
}

static enum status check_journal(struct check *k) {
    struct str problem;
    int64_t lines;
    struct arena *a = k->cli->arena;
    TRY(journal_verify(a, app_path(k->cli->app, a, "journal"), &problem, &lines));
    if (problem.n) fault(k, "%.*s", SF(problem));
    return cli_read(k->cli, check_anchors, k);
}

static enum status run(struct cli *cli) {
    struct check k = { .cli = cli };
    struct strs lines;
    enum status s = cli_read(cli, check_database, &k);
    if (s == OK) s = rebuild_check(cli->app, 0, cli->arena, &lines);
    if (s == OK) faults(&k, &lines);
    while (s == OK && !k.ended) s = cli_read(cli, check_some_files, &k);
    if (s == OK) s = check_journal(&k);
    if (s != OK) return s;
    if (k.faults) return cli_say(cli, INVALID, "%lld faults", (long long)k.faults);
    printf("no faults\n");
    return OK;
}

static const struct option options[] = { { .name = NULL } };
const struct command command_check = {
    .name = "check",
    .usage = "--data DIR",
    .help = "Checks the database, its derived tables, files and journal.",
    .options = options,
    .run = run,
};
