/* The job "merge_rows": {"merge": 7}: what is attached to a merged client follows (or goes back)
 * in slices, when it is more than one request may write. Also the commands daftar merge and daftar
 * unmerge. Called by core/job and the command line; calls merge.c and part.c. */
#include "core/app/command.h"
#include "features/merge/pages.h"
#include "lib/text/json.h"

enum { SLICES_BUSY = 50 };

struct slice {
    int64_t merge;
    bool left;
};

static enum status forward(struct ctx *c, struct merge *m, bool *left) {
    c->batch = m->batch;
    TRY(merge_follow(c, m, SLICE_ROWS, left));
    return *left ? OK : merge_set_state(c, m->id, MERGE_DONE);
}

static enum status backward(struct ctx *c, struct merge *m, bool *left) {
    c->batch = m->apart_batch;
    c->batch_undoes = m->batch;
    TRY(part_rows(c, m, SLICE_ROWS, left));
    return *left ? OK : merge_set_state(c, m->id, MERGE_APART);
}

static enum status some(struct ctx *c, void *arg) {
    struct slice *s = arg;
    struct merge m;
    s->left = false;
    enum status st = merge_raw(c, s->merge, &m);
    if (st == MISSING || m.state == MERGE_DONE || m.state == MERGE_APART) return OK;
    TRY(st);
    struct member_who own = merge_with_all(c);
    st = m.state == MERGE_MOVING ? forward(c, &m, &s->left) : backward(c, &m, &s->left);
    c->who = own;
    return st;
}

enum status merge_rows_job(struct job *j) {
    struct slice s = { .left = true };
    struct json *v;
    struct str why;
    if (json_parse(j->arena, j->argument, &v, &why) != OK) return MALFORMED;
    s.merge = json_int(json_get(v, S("merge")));
    for (int busy = 0; s.left;) {
        enum status st = job_write(j, some, &s);
        if (st == BUSY && ++busy > SLICES_BUSY) return BUSY;
        if (st != OK && st != BUSY) return st;
        if (st == BUSY) s.left = true;
        if (s.left && job_stopping(j)) return BUSY;
    }
    return OK;
}

/* --- commands --- */

struct order {
    struct cli *cli;
    int64_t a, b, merge;
};

static enum status merge_two(struct ctx *c, void *arg) {
    struct order *o = arg;
    struct merge_plan plan;
    enum status st = merge_plan(c, o->a, o->b, &plan);
    if (st == OK) st = merge_do(c, &plan, 0, &o->merge);
    if (st == INVALID) cli_problems(o->cli, c);
    return st;
}

static enum status run_jobs(struct cli *cli) {
    return jobs_run_here(cli->app, 0, 0);
}

static enum status run_merge(struct cli *cli) {
    struct order o = { .cli = cli };
    if (!str_to_i64(str_of(cli->words[0]), &o.a) || !str_to_i64(str_of(cli->words[1]), &o.b))
        return cli_say(cli, MALFORMED, "KEPT and GONE are numbers of clients");
    enum status st = cli_write(cli, merge_two, &o);
    if (st == MISSING) return cli_say(cli, st, "one of them is not there");
    if (st != OK) return st;
    printf("%lld\n", (long long)o.merge);
    return run_jobs(cli);
}

static enum status part_one(struct ctx *c, void *arg) {
    struct order *o = arg;
    struct merge m;
    TRY(merge_load(c, o->merge, &m));
    enum status st = merge_part(c, &m, NULL, 0);
    if (st == CONFLICT || st == INVALID) cli_problems(o->cli, c);
    return st;
}

static enum status run_unmerge(struct cli *cli) {
    struct order o = { .cli = cli };
    if (!str_to_i64(str_of(cli->words[0]), &o.merge))
        return cli_say(cli, MALFORMED, "ID is what daftar merge printed, or the number in /merges");
    enum status st = cli_write(cli, part_one, &o);
    if (st == MISSING) return cli_say(cli, st, "there is no such merging");
    return st == OK ? run_jobs(cli) : st;
}

static const struct option no_options[] = { { .name = NULL } };
const struct command command_merge = {
    .name = "merge",
    .usage = "KEPT GONE --data DIR",
    .help = "Makes the client GONE a part of KEPT, with all that is attached; prints its number.",
    .options = no_options,
    .words_min = 2,
    .words_max = 2,
    .flags = COMMAND_SET_UP,
    .run = run_merge,
};
const struct command command_unmerge = {
    .name = "unmerge",
    .usage = "ID --data DIR",
    .help = "Takes a merging apart: both are as they were, what was added since stays.",
    .options = no_options,
    .words_min = 1,
    .words_max = 1,
    .flags = COMMAND_SET_UP,
    .run = run_unmerge,
};
