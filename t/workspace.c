/* See workspace.h. Called by fixture.c, served.c and visitor.c. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <ftw.h>
#include <unistd.h>

#include "core/app/secret.h"
#include "core/web/memo.h"
#include "core/web/rate.h"
#include "core/web/router.h"
#include "core/web/session.h"
#include "workspace.h"

SQL(workspace_session_add,
    "INSERT INTO session (token_hash, member, csrf, created_at, seen_at, expires_at, proved_at) "
    "VALUES (:hash, :member, :csrf, :now, :now, :expires, :now)");

static void must(enum status st, const char *what) {
    if (st != OK) fail_msg("%s: %s", what, status_name(st));
}

const char *workspace_dir(struct arena *a, char (*dir)[64], bool pg) {
    static const char before[] = "/tmp/daftar-test-";
    snprintf(*dir, sizeof *dir, "%sXXXXXX", before);
    if (!mkdtemp(*dir)) fail_msg("mkdtemp");
    if (!pg) return str_z(a, str_of(*dir));
    const char *base = getenv("DAFTAR_TEST_PG");
    if (!base) fail_msg("no PostgreSQL");
    struct str schema = str_lower_ascii(a, str_of(*dir + strlen(before)));
    return str_z(a, str_printf(a, "%s%coptions=-csearch_path%%3Dtest_%.*s", base,
                               strchr(base, '?') ? '&' : '?', SF(schema)));
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *at) {
    (void)st, (void)type, (void)at;
    return remove(path);
}

void workspace_dir_remove(const char *dir) {
    (void)nftw(dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

void workspace_config(struct arena *a, char (*dir)[64], bool pg, struct app_config *config) {
    const char *where = workspace_dir(a, dir, pg);
    config->data = str_z(a, str_of(*dir)); /* dir itself may be moved by the test */
    if (pg) config->database = where;
    config->create = true;
}

struct app *workspace_open(struct arena *a, const struct app_config *config,
                           struct hasher *hasher) {
    struct app *app;
    must(app_open(&app, config), "app_open");
    int n = app_routes_n();
    const struct routes **tables = arena_array(a, const struct routes *, n);
    for (int i = 0; i < n; i++) tables[i] = app_routes(i);
    app->router = router_new(tables, n);
    app->hasher = hasher;
    app->rates = rates_new();
    app->memo = memo_new();
    return app;
}

void workspace_close(struct app *app) {
    router_free(app->router);
    rates_free(app->rates);
    memo_free(app->memo);
    app_close(app);
}

enum status workspace_work(struct app *app, struct arena *a,
                           enum status (*work)(struct ctx *c, void *arg), void *arg) {
    struct tx *tx;
    struct ctx c;
    must(db_write(app->db, a, &tx), "db_write");
    must(app_context(app, 0, a, tx, DOOR_CLI, &c), "app_context");
    app_become_program(&c);
    enum status st = work(&c, arg);
    for (int i = 0; i < c.problems.n; i++)
        print_message("%.*s: %s\n", SF(c.problems.v[i].field), c.problems.v[i].text);
    return db_end(tx, st);
}

enum status workspace_session(struct ctx *c, int64_t member, struct str secret, struct str csrf) {
    return db_run(c->tx, &workspace_session_add, P("hash", sha256_blob(c->arena, secret)),
                  P("member", member), P("csrf", csrf), P("now", c->now_ms),
                  P("expires", c->now_ms + SESSION_WHOLE_MS));
}
