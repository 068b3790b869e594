/* See fixture.h. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/entity/own.h"
#include "core/search/search.h"
#include "fixture.h"
#include "lib/base/clock.h"
#include "lib/locale/collate.h"
#include "workspace.h"

SQL(fixture_firm, "INSERT INTO firm (id, name, language, alphabet, calendar, digits, "
                  "first_weekday, zone, currency, country, "
                  "welcomed, created_at, changed_at) VALUES (1, 'Test', 'en', 'fa', 'gregorian', "
                  "'latn', 1, 'UTC', 'EUR', 'IR', 1, "
                  "0, 0)");
SQL(fixture_member, "INSERT INTO member (name, email, email_key, role, created_at, changed_at) "
                    "VALUES (:name, :email, :email, "
                    ":role, 0, 0)");

bool fixture_has_pg(void) {
    return getenv("DAFTAR_TEST_PG") != NULL;
}

static void must(enum status st, const char *what) {
    if (st != OK) fail_msg("%s: %s", what, status_name(st));
}

static void members(struct fixture *f) {
    static const char *const roles[] = { "owner", "manager", "member", "reader" };
    struct ctx *c = fixture_begin(f, true, 1, ROLE_OWNER);
    must(db_run(c->tx, &fixture_firm), "firm");
    for (int i = 0; i < 4; i++)
        must(db_run(c->tx, &fixture_member, P("name", roles[i]),
                    P("email", str_printf(c->arena, "%s@example.com", roles[i])),
                    P("role", roles[i])),
             "member");
    must(fixture_end(f, OK), "members");
}

void fixture_open(struct fixture *f, bool pg) {
    *f = (struct fixture){ .pg = pg };
    f->arena = arena_new();
    const char *where = workspace_dir(f->arena, &f->dir, pg);
    struct db_config config = { .where = where, .create = true, .readers = 2, .checkpoints = true };
    must(db_open(&f->db, &config), "db_open");
    must(migrate_up(f->db, f->arena), "migrate_up");
    f->loc = (struct locale){ .lang = LANG_EN, .country = "IR", .first_weekday = 1 };
    f->collator = collator_open("fa");
    members(f);
}

void fixture_close(struct fixture *f) {
    db_close(f->db);
    collator_close(f->collator);
    arena_free(f->arena);
    workspace_dir_remove(f->dir);
}

struct ctx *fixture_begin(struct fixture *f, bool write, int64_t member, enum role role) {
    arena_reset(f->arena);
    f->loc.now_ms = clock_now_ms();
    f->c = (struct ctx){ .arena = f->arena,
                         .loc = &f->loc,
                         .collator = f->collator,
                         .door = DOOR_CLI,
                         .who = { .id = member, .role = role },
                         .now_ms = f->loc.now_ms,
                         .dice = { (uint64_t)clock_mono_us() } };
    f->c.firm = (struct firm_facts){
        .name = S("Test"), .alphabet = S("fa"), .zone = S("UTC"), .country = "IR"
    };
    must(write ? db_write(f->db, f->arena, &f->c.tx) : db_read(f->db, f->arena, &f->c.tx), "begin");
    struct rows own;
    must(own_rows(f->c.tx, &own), "own fields");
    f->c.own = own_make(f->arena, &own);
    return &f->c;
}

enum status fixture_end(struct fixture *f, enum status how) {
    enum status st = db_end(f->c.tx, how);
    f->c.tx = NULL;
    return st;
}

void fixture_fold(struct fixture *f) {
    int n = 1;
    while (n) must(search_fold(f->db, f->arena, 1000, &n), "search_fold");
}
