/* daftar demo: fills a workspace with invented clients, and makes the workspace first where there
 * is none. Called by app/cli.c; calls demo.c in slices, and folds the search index as it goes. */
#include <unistd.h>

#include "core/app/filestore.h"
#include "core/app/secret.h"
#include "core/entity/loader.h"
#include "core/search/search.h"
#include "core/web/password.h"
#include "features/demo/bought.h"
#include "features/demo/command.h"
#include "features/demo/demo.h"
#include "features/purchase/purchase.h"
#include "features/setup/setup.h"
#include "lib/base/clock.h"

/* Clients of one transaction are those of one chunk of the index (65,536 numbers), so that each of
 * its bitmaps is written once; fewer when another writer waits, who is looked for now and then. */
enum { LOOK_EVERY = 64, FOLD_ROWS = 4096, CLIENTS_MAX = 1000000, PURCHASES_MAX = 100000000 };

struct filling {
    struct demo demo;
    uint64_t seed;
    int64_t clients, done, owner;
    const char *files;
    struct db *db;
    struct loader *loader;
    FILE *truth;
    struct made { /* twins of this slice, written down once it is kept */
        int64_t of, id;
        const char *what;
    } made[4096];
    int made_n;
    struct bought bought;
    bool more; /* clients who have not had their turn to buy */
};

SQL(demo_owner, "SELECT id FROM member WHERE role = 'owner' AND active = 1 AND deleted_at IS NULL "
                "ORDER BY id LIMIT 1");

static enum status find_owner(struct ctx *c, void *arg) {
    struct rows r;
    int64_t *owner = arg;
    TRY(db_query(c->tx, &demo_owner, &r));
    *owner = r.n ? row_int(&r, 0, "id") : 0;
    return OK;
}

static enum status make_firm(struct ctx *c, void *arg) {
    int64_t owner;
    return setup_make(c, arg, &owner);
}

/* A demonstration workspace with an owner of its own; his password is drawn and printed, never
 * standard. */
static enum status set_up(struct cli *cli) {
    struct setup_facts f = { .firm = S("Daftar demo"),
                             .email = S("demo@daftar.example"),
                             .name = S("Demo"),
                             .lang = LANG_EN,
                             .demo = true,
                             .welcomed = true };
    const char *language = cli_get(cli, "--language");
    if (language && !lang_of(str_of(language), &f.lang))
        return cli_say(cli, INVALID, "--language is one of fa, ar, fr, en");
    struct str password = random_token(cli->arena, 12);
    struct hasher *hasher = hasher_new();
    enum status st = password_hash(hasher, cli->arena, password, &f.hash);
    hasher_free(hasher);
    TRY(st);
    TRY(cli_write(cli, make_firm, &f));
    printf("sign in as %.*s with the password %.*s\n", SF(f.email), SF(password));
    return OK;
}

static void as_owner(struct ctx *c, const struct filling *f) {
    c->who.id = f->owner;
    c->door = DOOR_WEB;
}

static enum status begin(struct ctx *c, void *arg) {
    struct filling *f = arg;
    as_owner(c, f);
    TRY(demo_begin(c, &f->demo, f->seed, f->clients));
    f->demo.files = f->files;
    return OK;
}

static bool goes_on(const struct filling *f) {
    if (f->done >= f->clients || f->made_n == COUNT(f->made)) return false;
    if (f->done == DEMO_FILES_FIRST || (f->demo.last.id + 1) % 65536 == 0) return false;
    return f->done % LOOK_EVERY != 0 || !db_writers_wait(f->db);
}

static enum status slice(struct ctx *c, void *arg) {
    struct filling *f = arg, work = *f; /* a second run after BUSY begins where this one did */
    as_owner(c, &work);
    work.made_n = 0;
    work.demo.loader = work.done < DEMO_FILES_FIRST ? NULL : work.loader;
    if (work.demo.loader) TRY(loader_begin(c, work.loader));
    do {
        struct arena_mark m = arena_mark(c->arena);
        TRY(demo_client(c, &work.demo, work.done++));
        if (work.demo.last.of)
            work.made[work.made_n++] =
                (struct made){ work.demo.last.of, work.demo.last.id, work.demo.last.what };
        c->titles = (struct map){ 0 };
        arena_back(c->arena, m);
    } while (goes_on(&work));
    if (work.demo.loader) TRY(loader_end(c, work.loader));
    *f = work;
    return OK;
}

static enum status pending(struct ctx *c, void *arg) {
    return search_pending_n(c->tx, arg);
}

static enum status fold_some(struct cli *cli, int *n) {
    struct arena *a = arena_new();
    enum status st = search_fold(cli->app->db, a, FOLD_ROWS, n);
    arena_free(a);
    return st;
}

static enum status fold_all(struct cli *cli) {
    int64_t waiting = 1;
    while (waiting) {
        int n = 1;
        while (n) TRY(fold_some(cli, &n));
        TRY(cli_read(cli, pending, &waiting));
        if (waiting) usleep(20000); /* the server is at it */
    }
    return OK;
}

static enum status open_truth(struct cli *cli, struct filling *f) {
    const char *file = cli_get(cli, "--truth");
    if (!file) return OK;
    f->truth = fopen(file, "w");
    if (!f->truth) return cli_say(cli, BROKEN, "%s cannot be written", file);
    fprintf(f->truth, "client,again,how\n");
    return OK;
}

static enum status close_truth(struct cli *cli, struct filling *f) {
    if (!f->truth || fclose(f->truth) == 0) return OK;
    return cli_say(cli, BROKEN, "%s could not be written", cli_get(cli, "--truth"));
}

/* --- purchases --- */

static enum status weigh(struct ctx *c, void *arg) {
    struct filling *f = arg, work = *f;
    TRY(bought_weigh(c, &work.bought, &work.more));
    *f = work;
    return OK;
}

static enum status buy(struct ctx *c, void *arg) {
    struct filling *f = arg, work = *f; /* a second run after BUSY begins where this one did */
    as_owner(c, &work);
    TRY(bought_slice(c, &work.bought, &work.more));
    *f = work;
    return OK;
}

static enum status buy_all(struct cli *cli, struct filling *f, int64_t wanted) {
    f->bought = (struct bought){ .db = cli->app->db, .seed = f->seed, .wanted = wanted };
    f->more = wanted > 0;
    while (f->more) TRY(cli_read(cli, weigh, f));
    f->more = f->bought.weight > 0;
    f->bought.after = 0;
    while (f->more) {
        struct filling before = *f;
        enum status st = cli_write(cli, buy, f);
        if (st == OK) continue;
        *f = before;
        return cli_say(cli, st, "stopped after %lld purchases", (long long)f->bought.done);
    }
    return f->bought.done ? measure_rebuild(cli->app->db, &purchase_measure) : OK;
}

static enum status make_clients(struct cli *cli, struct filling *f) {
    bool shows = isatty(2);
    enum status st = OK;
    f->loader = loader_new();
    f->db = cli->app->db;
    while (st == OK && f->done < f->clients) {
        struct filling before = *f;
        st = cli_write(cli, slice, f);
        if (st != OK) {
            *f = before;
            st = cli_say(cli, st, "stopped after %lld clients", (long long)f->done);
            break;
        }
        for (int i = 0; f->truth && i < f->made_n; i++)
            fprintf(f->truth, "%lld,%lld,%s\n", (long long)f->made[i].of, (long long)f->made[i].id,
                    f->made[i].what);
        if (shows) fprintf(stderr, "\r%lld", (long long)f->done);
    }
    if (shows) fprintf(stderr, "\n");
    loader_free(f->loader);
    return st;
}

static enum status run(struct cli *cli) {
    struct filling f = { 0 };
    int64_t seed, purchases;
    TRY(cli_number(cli, "--clients", 1, CLIENTS_MAX, 300, &f.clients));
    TRY(cli_number(cli, "--seed", 0, INT64_MAX, 1, &seed));
    TRY(cli_number(cli, "--purchases", 0, PURCHASES_MAX, f.clients * 3, &purchases));
    f.seed = (uint64_t)seed;
    f.files = filestore_folder(cli->app, cli->arena);
    TRY(cli_read(cli, find_owner, &f.owner));
    if (!f.owner) {
        TRY(set_up(cli));
        TRY(cli_read(cli, find_owner, &f.owner));
    }
    TRY(cli_write(cli, begin, &f));
    TRY(open_truth(cli, &f));
    TRY(make_clients(cli, &f));
    TRY(close_truth(cli, &f));
    TRY(fold_all(cli));
    TRY(buy_all(cli, &f, purchases));
    printf("created %lld\n", (long long)f.done);
    return OK;
}

static const struct option options[] = {
    { .name = "--clients", .takes = "N", .help = "how many, 300 unless given, up to 1000000" },
    { .name = "--seed",
      .takes = "S",
      .help = "the same seed makes the same clients; 1 unless given" },
    { .name = "--truth",
      .takes = "FILE",
      .help = "writes there who is in the book twice: one in twenty is" },
    { .name = "--purchases",
      .takes = "N",
      .help = "of all clients together, without history; three times the clients unless given" },
    { .name = "--language",
      .takes = "CODE",
      .help = "of a new workspace: fa, ar, fr or en (standard)" },
    { .name = NULL },
};
const struct command command_demo = {
    .name = "demo",
    .usage = "--data DIR [--clients N] [--purchases N] [--seed S]",
    .help = "Fills a workspace with invented clients in four languages.",
    .options = options,
    .flags = COMMAND_CREATE,
    .run = run,
};
