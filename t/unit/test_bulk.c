/* Many clients at once, on both databases: a thousand in a job that dies half-way and goes on once,
 * taken back in one go; all that match with filters; whom one may not see is left out; the set of
 * ids as bytes. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/app/secret.h"
#include "features/bulk/work.h"
#include "fixture.h"
#include "on_both.h"
#include "served.h"

enum { CLIENTS = 1000, AS_LEADS = 900 };

static enum status fill(struct ctx *c, void *arg) {
    (void)arg;
    for (int i = 0; i < CLIENTS; i++) {
        struct party *p = row_new(c, &entity_party);
        p->given_name = str_printf(c->arena, "Client %d", i);
        p->stage = i < AS_LEADS ? S("lead") : S("active");
        p->responsible = i % 2 ? 3 : 1;
        TRY(store_save(c, &entity_party, p));
    }
    return OK;
}

static int64_t number(struct served *s, const char *columns, const char *table, const char *more) {
    struct str text = str_trim(served_rows(s, columns, table, more));
    int64_t n = -1;
    assert_true(str_to_i64(text, &n));
    return n;
}

static struct answered post(struct served *s, const struct served_who *who, const char *target,
                            const char *form) {
    struct call call = { .method = "POST", .who = who, .target = target, .body = str_of(form) };
    return served_call(s, &call);
}

static struct str get(struct served *s, const struct served_who *who, const char *target,
                      int status) {
    struct call call = { .method = "GET", .who = who, .target = target };
    struct answered a = served_call(s, &call);
    assert_int_equal(a.status, status);
    return a.body;
}

/* --- half-way --- */

struct half {
    int left;
    bool dies;
};

static bool enough(void *arg) {
    return --((struct half *)arg)->left <= 0;
}

static enum status some(struct ctx *c, void *arg) {
    struct half *h = arg;
    struct bulk b;
    c->who = (struct member_who){ .id = 2, .role = ROLE_MANAGER };
    TRY(bulk_load(c, 1, &b));
    return bulk_slice(c, &b, enough, h);
}

/* The server dies before the commit: what was done since is not there. */
static void dies(struct served *s, int rows) {
    struct arena *a = arena_new();
    struct half h = { .left = rows };
    struct tx *tx;
    struct ctx c;
    assert_int_equal(db_write(s->app->db, a, &tx), OK);
    assert_int_equal(app_context(s->app, 0, a, tx, DOOR_JOB, &c), OK);
    app_become_program(&c);
    assert_int_equal(some(&c, &h), OK);
    assert_int_equal(db_end(tx, BROKEN), BROKEN);
    arena_free(a);
}

static void thousand(bool pg) {
    struct hasher *h = hasher_new_cheap();
    struct served s;
    served_open(&s, pg, h);
    served_firm(&s, LANG_EN);
    served_work(&s, fill, NULL);
    struct served_who manager = served_sign_in(&s, 2);
    const char *form = "bulk.do=edit&bulk.field=stage&bulk.value=quiet&bulk.seen=900&_sure=1";
    struct answered a = post(&s, &manager, "/clients/bulk?stage=lead&bulk.all=1", form);
    assert_int_equal(a.status, 303);
    assert_true(str_eq(answered_header(&a, "location"), S("/bulk/1")));
    assert_int_equal(number(&s, "count(*)", "party", "WHERE stage = 'quiet'"), 0);
    assert_true(str_find(get(&s, &manager, "/bulk/1", 200), S("<progress")) > 0);

    struct half first = { .left = 400 };
    served_work(&s, some, &first);
    assert_int_equal(number(&s, "count(*)", "party", "WHERE stage = 'quiet'"), 400);
    assert_int_equal(number(&s, "done", "bulk", ""), 400);
    dies(&s, 250);
    assert_int_equal(number(&s, "count(*)", "party", "WHERE stage = 'quiet'"), 400);

    served_jobs(&s);
    assert_true(
        str_eq(str_trim(served_rows(&s, "state, done, changed_n, same_n, refused_n", "bulk", "")),
               S("done | 900 | 900 | 0 | 0")));
    assert_int_equal(number(&s, "count(*)", "party", "WHERE stage = 'quiet' AND version = 2"), 900);
    assert_int_equal(number(&s, "count(*)", "party", "WHERE stage = 'active'"), CLIENTS - AS_LEADS);
    int64_t batch = number(&s, "batch", "bulk", "");
    assert_int_equal(number(&s, "count(*)", "change",
                            str_printf(s.arena, "WHERE batch = %lld", (long long)batch).p),
                     900);
    assert_true(str_find(get(&s, &manager, "/bulk/1", 200), S("Take all of it back")) > 0);

    const char *undo = str_printf(s.arena, "/history/%lld/undo", (long long)batch).p;
    assert_int_equal(post(&s, &manager, undo, "").status, 303);
    served_jobs(&s);
    assert_int_equal(number(&s, "count(*)", "party", "WHERE stage = 'lead'"), AS_LEADS);
    assert_true(str_find(get(&s, &manager, "/bulk/1", 200), S("All of this was taken back.")) > 0);
    served_close(&s);
    hasher_free(h);
}
BOTH(thousand)

/* --- who became a part of another while the job waited --- */

static void moved(bool pg) {
    struct hasher *h = hasher_new_cheap();
    struct served s;
    served_open(&s, pg, h);
    served_firm(&s, LANG_EN);
    served_work(&s, fill, NULL);
    struct served_who manager = served_sign_in(&s, 2);
    const char *form = "bulk.do=edit&bulk.field=territory&bulk.value=South&bulk.seen=900&_sure=1";
    assert_int_equal(post(&s, &manager, "/clients/bulk?stage=lead&bulk.all=1", form).status, 303);
    /* 2 into one who is not ticked, 4 into one who is */
    assert_int_equal(post(&s, &manager, "/clients/950/merge/2", "").status, 303);
    assert_int_equal(post(&s, &manager, "/clients/6/merge/4", "").status, 303);
    served_jobs(&s);
    assert_int_equal(number(&s, "count(*)", "party", "WHERE territory = 'South'"), 899);
    assert_int_equal(number(&s, "id", "party", "WHERE territory = 'South' AND id > 900"), 950);
    assert_true(str_eq(str_trim(served_rows(
                           &s, "state, done, changed_n, same_n, refused_n, hidden_n", "bulk", "")),
                       S("done | 900 | 899 | 0 | 0 | 1")));
    served_close(&s);
    hasher_free(h);
}
BOTH(moved)

/* --- whom one sees --- */

static void own(bool pg) {
    struct hasher *h = hasher_new_cheap();
    struct served s;
    served_open(&s, pg, h);
    served_firm(&s, LANG_EN);
    served_work(&s, fill, NULL);
    int64_t id = served_member(&s, "own", "member", "own");
    struct served_who own = served_sign_in(&s, id), member = served_sign_in(&s, 3),
                      reader = served_sign_in(&s, 4);
    struct answered a =
        post(&s, &member, "/clients/bulk?pick=1&pick=2",
             str_printf(s.arena, "bulk.do=assign&bulk.value=%lld", (long long)id).p);
    assert_int_equal(a.status, 303);
    assert_int_equal(number(&s, "count(*)", "notice",
                            str_printf(s.arena, "WHERE member = %lld", (long long)id).p),
                     1);
    struct str page = get(&s, &own, "/clients/bulk?pick=1&pick=2&pick=3&bulk.do=edit", 200);
    assert_true(str_find(page, S("1 that was ticked is not there any more")) > 0);
    a = post(&s, &own, "/clients/bulk?pick=1&pick=2&pick=3",
             "bulk.do=edit&bulk.field=stage&bulk.value=past");
    assert_int_equal(a.status, 303);
    assert_int_equal(number(&s, "count(*)", "party", "WHERE stage = 'past'"), 2);
    get(&s, &member, "/bulk/2", 404); /* a colleague's */
    assert_true(str_find(get(&s, &own, "/clients/compare?pick=1&pick=3", 200), S("Client 2")) < 0);
    assert_int_equal(post(&s, &reader, "/clients/bulk?pick=1", "bulk.do=delete&_sure=1").status,
                     403);
    assert_int_equal(post(&s, &member, "/clients/bulk?bulk.all=1", "bulk.do=delete&_sure=1").status,
                     403);
    get(&s, &reader, "/clients/export?format=csv&pick=1", 403);
    struct str csv = get(&s, &member, "/clients/export?format=csv&pick=1&pick=5", 200);
    assert_true(str_find(csv, S("Client 0")) > 0 && str_find(csv, S("Client 4")) > 0);
    assert_true(str_find(csv, S("Client 2")) < 0);
    served_close(&s);
    hasher_free(h);
}
BOTH(own)

/* --- ids as bytes --- */

static void test_ids(void **state) {
    (void)state;
    struct arena *a = arena_new();
    int64_t v[] = { 1, 2, 130, 131, 16515, 4294967295, 4294967296 }, id;
    struct bulk_ids ids = { .bytes = bulk_ids_write(a, v, 7) };
    for (int i = 0; i < 7; i++) {
        assert_true(bulk_ids_next(&ids, &id));
        assert_int_equal(id, v[i]);
    }
    assert_false(bulk_ids_next(&ids, &id));
    ids = (struct bulk_ids){ .bytes = bulk_ids_write(a, NULL, 0) };
    assert_false(bulk_ids_next(&ids, &id));
    arena_free(a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ids), cmocka_unit_test(thousand_lite), cmocka_unit_test(thousand_pg),
        cmocka_unit_test(own_lite), cmocka_unit_test(own_pg),        cmocka_unit_test(moved_lite),
        cmocka_unit_test(moved_pg),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
