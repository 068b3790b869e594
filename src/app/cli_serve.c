/* daftar serve: a parent that keeps the socket and starts the server again when it dies, and the
 * child that is the server: workers, jobs, journal. Called by cli.c; calls lib/http, core/web,
 * core/job. */
#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "app/commands.h"
#include "core/app/secret.h"
#include "core/job/job.h"
#include "core/web/journal.h"
#include "core/web/memo.h"
#include "core/web/rate.h"
#include "core/web/router.h"
#include "core/web/serve.h"
#include "core/web/session.h"
#include "lib/base/log.h"
#include "lib/box/box.h"
#include "lib/box/confine.h"
#include "lib/http/supervise.h"

enum { WORKERS_STANDARD = 16, WORKERS_MAX = 64, JOB_THREADS = 2, HOSTS_MAX = 32, PROXIES_MAX = 32 };

struct server {
    struct cli *cli;
    struct app_config config;
    const char *hosts[HOSTS_MAX], *proxies[PROXIES_MAX];
    const char *address; /* as given: "127.0.0.1:8410" */
    int workers;
    int *announced; /* shared with the parent: children that come later are silent */
};

static void serve_parts(struct app *app) {
    int n = app_routes_n();
    const struct routes **tables = arena_array(app->arena, const struct routes *, n);
    for (int i = 0; i < n; i++) tables[i] = app_routes(i);
    app->router = router_new(tables, n);
    app->hasher = hasher_new();
    app->seen = seen_new();
    app->rates = rates_new();
    app->memo = memo_new();
}

static void serve_parts_free(struct app *app) {
    router_free(app->router);
    hasher_free(app->hasher);
    seen_free(app->seen);
    rates_free(app->rates);
    memo_free(app->memo);
}

/* The address as people can type it: with the port that was really taken. */
static struct str base_address(const struct server *s, struct arena *a, int port) {
    struct str rest = str_of(s->address);
    size_t n = rest.n;
    while (n && rest.p[n - 1] != ':') n--;
    struct str host = str_sub(rest, 0, n ? n - 1 : 0);
    if (host.n == 0 || str_eq_z(host, "0.0.0.0") || str_eq_z(host, "*")) host = S("127.0.0.1");
    if (str_eq_z(host, "[::]")) host = S("[::1]");
    return str_printf(a, "http://%.*s:%d", SF(host), port);
}

static enum status new_link(struct app *app, struct arena *a, struct str *token) {
    struct tx *tx;
    struct ctx c;
    TRY(db_write(app->db, a, &tx));
    enum status s = app_context(app, 0, a, tx, DOOR_CLI, &c);
    if (s == OK && c.firm.name.n) s = CONFLICT; /* set up already */
    if (s == OK) s = app_setup_link(&c, token);
    return db_end(tx, s);
}

static void announce(struct server *s, struct app *app, int port) {
    struct arena *a = app->arena;
    struct str base = base_address(s, a, port), token;
    if (*s->announced) return;
    enum status made = new_link(app, a, &token);
    if (made == OK) {
        printf("daftar: this book is new; set it up within the hour at %.*s/setup/%.*s\n", SF(base),
               SF(token));
    } else if (made != CONFLICT) {
        log_warn("no set-up link could be made: %s", status_name(made));
    }
    printf("daftar: ready on %.*s\n", SF(base));
    fflush(stdout);
    *s->announced = 1;
}

static enum status serve_until_told(struct server *s, struct app *app, int listen_fd,
                                    const sigset_t *signals) {
    struct http_config config = { .listen_fd = listen_fd,
                                  .workers = s->workers,
                                  .temp_dir = app_path(app, app->arena, "tmp") };
    struct http_app http = { .app = app, .head = web_head, .serve = web_serve_http };
    struct http_server *server;
    TRY(http_start(&server, &config, &http));
    announce(s, app, http_port(server));
    int got;
    sigwait(signals, &got);
    http_stop(server);
    return OK;
}

/* What the server needs of the machine, and no more: its folder, and to read what libraries read.
 * The keeper of the box was made before and has walls of its own. */
static void confine(struct app *app) {
    const char *home = getenv("HOME");
    bool pg = db_is_pg(app->db) && home;
    const struct confine_path paths[] = {
        { app_path(app, app->arena, "."), true },
        { "/usr", false },
        { "/lib", false },
        { "/lib64", false },
        { "/etc/fonts", false },
        { "/etc/ld.so.cache", false },
        { "/etc/localtime", false },
        { "/etc/passwd", false },
        { "/etc/nsswitch.conf", false },
        { "/etc/hosts", false },
        { "/etc/resolv.conf", false },
        { "/etc/host.conf", false },
        { "/etc/gai.conf", false },
        { "/etc/services", false },
        { "/etc/ssl", false },
        { "/run/systemd/resolve", false },
        { "/var/cache/fontconfig", false },
        { "/dev/null", true },
        { "/dev/urandom", false },
        { "/proc/self", false },
        { pg ? str_printf(app->arena, "%s/.pgpass", home).p : NULL, false },
        { pg ? str_printf(app->arena, "%s/.postgresql", home).p : NULL, false },
    };
    bool files = confine_files(paths, sizeof paths / sizeof *paths), calls = false;
#ifndef TESTING /* the sanitizers' leak check is a process that looks into this one */
    calls = confine_calls(db_is_pg(app->db));
#endif
    log_info("sandbox: files %s, system calls %s", files ? "confined" : "open",
             calls ? "confined" : "open");
}

/* SQLite and others put what does not fit into memory there, not into /tmp. */
static enum status choose_temp(const struct app *app) {
    const char *tmp = app_path(app, app->arena, "tmp");
    bool set = setenv("SQLITE_TMPDIR", tmp, 1) == 0 && setenv("TMPDIR", tmp, 1) == 0;
    return set ? OK : BROKEN;
}

static int child(int listen_fd, void *arg) {
    struct server *s = arg;
    struct app *app;
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGHUP);
    pthread_sigmask(SIG_BLOCK, &signals, NULL);
    struct box *box; /* before there is a thread */
    enum status st = box_open(&box);
    if (st != OK) return exit_code(st);
    st = app_open(&app, &s->config);
    if (st != OK) {
        box_close(box);
        return exit_code(cli_say(s->cli, st, "the workspace cannot be opened"));
    }
    app->box = box;
    st = choose_temp(app);
    confine(app);
    if (st == OK) st = db_serve_lock(app->db);
    if (st == CONFLICT) (void)cli_say(s->cli, st, "another server works on this folder");
    if (st == OK) st = journal_open(&app->journal, app_path(app, app->arena, "journal"));
    if (st == OK) {
        serve_parts(app);
        app->jobs = jobs_start(app, JOB_THREADS, s->workers);
        st = serve_until_told(s, app, listen_fd, &signals);
        jobs_stop(app->jobs);
        app->jobs = NULL;
        serve_parts_free(app);
        journal_close(app->journal);
    }
    app_close(app);
    box_close(box);
    return exit_code(st);
}

/* Some twenty threads, mostly asleep: with an arena of malloc for each, what a busy moment has
 * taken would stay with every one of them. Two are enough for what runs at once; blocks of a
 * megabyte go back to the system at once, and the size that counts as large stays what it is. */
static void bound_memory(void) {
    enum { ARENAS = 2, LARGE = 1 << 20 };
    (void)mallopt(M_ARENA_MAX, ARENAS); /* sanitizers have another malloc, which refuses */
    (void)mallopt(M_MMAP_THRESHOLD, LARGE);
    (void)mallopt(M_TRIM_THRESHOLD, LARGE);
}

static enum status run(struct cli *cli) {
    struct server s = { .cli = cli };
    int64_t workers;
    bound_memory();
    TRY(cli_number(cli, "--workers", 1, WORKERS_MAX, WORKERS_STANDARD, &workers));
    s.workers = (int)workers;
    const char *listen = cli_get(cli, "--listen");
    s.address = listen ? listen : "127.0.0.1:8410";
    int hosts_n = 0, proxies_n = 0;
    while (hosts_n < HOSTS_MAX && (s.hosts[hosts_n] = cli_get_at(cli, "--host", hosts_n)))
        hosts_n++;
    while (proxies_n < PROXIES_MAX &&
           (s.proxies[proxies_n] = cli_get_at(cli, "--proxy", proxies_n)))
        proxies_n++;
    s.config = (struct app_config){ .data = cli_get(cli, "--data"),
                                    .database = cli_get(cli, "--database"),
                                    /* workers, jobs, what comes round, the network's thread */
                                    .threads = s.workers + JOB_THREADS + 2,
                                    .create = true,
                                    .serves = true,
                                    .https = cli_has(cli, "--https"),
                                    .hosts = s.hosts,
                                    .hosts_n = hosts_n,
                                    .proxies = s.proxies,
                                    .proxies_n = proxies_n };
    s.announced =
        mmap(NULL, sizeof *s.announced, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (s.announced == MAP_FAILED) return BROKEN;
    int code = supervise(s.address, child, &s);
    munmap(s.announced, sizeof *s.announced);
    for (int i = 0; i < STATUS_N; i++)
        if (exit_code((enum status)i) == code) return (enum status)i;
    return BROKEN;
}

static const struct option options[] = {
    { .name = "--listen",
      .takes = "ADDRESS",
      .help = "where to listen; 127.0.0.1:8410 when not given" },
    { .name = "--host",
      .takes = "NAME",
      .many = true,
      .help = "a name that people reach it by, beside addresses and localhost" },
    { .name = "--proxy",
      .takes = "ADDRESS",
      .many = true,
      .help = "a proxy in front of it, whose X-Forwarded-For is believed" },
    { .name = "--https", .help = "people reach it by https, through a proxy" },
    { .name = "--workers", .takes = "N", .help = "threads that answer; 16 when not given" },
    { .name = NULL },
};
const struct command command_serve = {
    .name = "serve",
    .usage = "--data DIR [--listen 127.0.0.1:8410] [--host NAME]… [--https] [--proxy ADDRESS]… "
             "[--workers N]",
    .help = "Serves the workspace to browsers and programs.",
    .options = options,
    .flags = COMMAND_NO_APP,
    .run = run,
};
