/* Merging by pages, API and jobs, on both databases: more rows than one request may write, old
 * addresses, rules. What becomes of the records is in test_merge.c. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/app/secret.h"
#include "features/merge/merge.h"
#include "features/purchase/purchase.h"
#include "fixture.h"
#include "on_both.h"
#include "served.h"

/* --- by the doors --- */

enum { BOUGHT = 1300 };

static enum status fill(struct ctx *c, void *arg) {
    static const struct {
        const char *given, *family, *email;
        int64_t responsible;
    } all[] = { { "Ali", "Rezaei", "a@example.com", 0 },
                { "Rezaei", "Ali", "A@example.com", 0 },
                { "Sara", "Rezaei", "a@example.com", 0 },
                { "Own", "One", NULL, 3 } };
    (void)arg;
    for (int i = 0; i < COUNT(all); i++) {
        struct party *p = row_new(c, &entity_party);
        struct email email = { .email = str_of(all[i].email) };
        p->given_name = str_of(all[i].given);
        p->family_name = str_of(all[i].family);
        p->responsible = all[i].responsible;
        p->emails.v = &email;
        p->emails.n = all[i].email != NULL;
        c->batch = 0;
        TRY(store_save(c, &entity_party, p));
    }
    return OK;
}

static enum status buy(struct ctx *c, void *arg) {
    (void)arg;
    for (int i = 0; i < BOUGHT; i++) {
        struct purchase *p = row_new(c, &entity_purchase);
        p->party = 2;
        p->date = S("2026-01-02");
        p->amount = 100;
        TRY(store_save(c, &entity_purchase, p));
    }
    return OK;
}

static enum status by_rules(struct ctx *c, void *arg) {
    (void)arg;
    return merge_by_rules(c);
}

static struct answered ask(struct served *s, const struct served_who *who, const char *method,
                           const char *target, const char *body, bool json) {
    struct call call = { .method = method, .who = who, .target = target, .body = str_of(body) };
    if (json) call.type = "application/json";
    return served_call(s, &call);
}

static void is_rows(struct served *s, const char *columns, const char *table, const char *more,
                    const char *wanted) {
    struct str rows = str_trim(served_rows(s, columns, table, more));
    if (!str_eq_z(rows, wanted))
        fail_msg("%s of %s: %.*s, not %s", columns, table, SF(rows), wanted);
}

/* More than one request may write: the rest follows as a job, and goes back as one. */
static void many_rows(bool pg) {
    struct hasher *h = hasher_new_cheap();
    struct served s;
    served_open(&s, pg, h);
    served_firm(&s, LANG_EN);
    served_work(&s, fill, NULL);
    served_work(&s, buy, NULL);
    struct served_who member = served_sign_in(&s, 3);
    struct answered a = ask(&s, &member, "POST", "/api/v1/parties/1/merge", "{\"gone\":2}", true);
    assert_int_equal(a.status, 200);
    is_rows(&s, "state", "merge", "", "moving");
    assert_int_equal(ask(&s, &member, "POST", "/api/v1/merges/1/apart", NULL, true).status, 409);
    served_jobs(&s);
    is_rows(&s, "state", "merge", "", "done");
    is_rows(&s, "party, count(*)", "purchase", "GROUP BY party", "1 | 1300");
    is_rows(&s, "count(DISTINCT batch)", "change",
            "WHERE entity = 'purchase' AND action = 'change'", "1");
    assert_int_equal(ask(&s, &member, "POST", "/merges/1/apart", "", false).status, 303);
    is_rows(&s, "state", "merge", "", "parting");
    served_jobs(&s);
    is_rows(&s, "state", "merge", "", "apart");
    is_rows(&s, "party, count(*)", "purchase", "GROUP BY party", "2 | 1300");
    served_close(&s);
    hasher_free(h);
}

/* The old address by page and API; three at once; who does not see the kept one sees nothing. */
static void addresses(bool pg) {
    struct hasher *h = hasher_new_cheap();
    struct served s;
    served_open(&s, pg, h);
    served_firm(&s, LANG_EN);
    served_work(&s, fill, NULL);
    struct served_who member = served_sign_in(&s, 3);
    int64_t own = served_member(&s, "own", "member", "own");
    struct served_who few = served_sign_in(&s, own);
    struct answered a = ask(&s, &member, "POST", "/clients/1/merge/2", "also=3", false);
    assert_int_equal(a.status, 303);
    is_rows(&s, "kept, gone, state", "merge", "ORDER BY id", "1 | 2 | done\n1 | 3 | done");
    a = ask(&s, &member, "GET", "/clients/3?show=notes", NULL, false);
    assert_int_equal(a.status, 303);
    assert_true(str_eq(answered_header(&a, "location"), S("/clients/1?show=notes")));
    struct served_who program = { .member = 3, .token = member.token };
    a = ask(&s, &program, "GET", "/api/v1/parties/3", NULL, false);
    assert_int_equal(a.status, 301);
    assert_true(str_eq(answered_header(&a, "location"), S("/api/v1/parties/1")));
    assert_true(str_eq(str_trim(a.body), S("{\"moved_to\":1}")));
    struct answered gone = ask(&s, &few, "GET", "/clients/3", NULL, false),
                    none = ask(&s, &few, "GET", "/clients/999", NULL, false);
    assert_int_equal(gone.status, 404);
    assert_true(str_eq(gone.body, none.body));
    a = ask(&s, &member, "GET", "/clients/compare?pick=3&pick=4", NULL, false);
    assert_int_equal(a.status, 200);
    assert_true(str_find(a.body, S("href=\"/clients/1\"")) > 0);
    a = ask(&s, &program, "POST", "/api/v1/parties/1/merge", "{\"gone\":999}", true);
    assert_int_equal(a.status, 422);
    a = ask(&s, &program, "POST", "/api/v1/parties/1/merge", "{\"other\":4}", true);
    assert_int_equal(a.status, 400);
    served_close(&s);
    hasher_free(h);
}

/* Off by itself; then whom the rule means and nobody else; never again what was taken apart. */
static void rules(bool pg) {
    struct hasher *h = hasher_new_cheap();
    struct served s;
    served_open(&s, pg, h);
    served_firm(&s, LANG_EN);
    served_work(&s, fill, NULL);
    struct served_who manager = served_sign_in(&s, 2);
    served_work(&s, by_rules, NULL);
    served_jobs(&s);
    is_rows(&s, "count(*)", "merge", "", "0");
    assert_int_equal(ask(&s, &manager, "POST", "/settings/merging", "on=email_name", false).status,
                     303);
    served_work(&s, by_rules, NULL);
    served_jobs(&s);
    is_rows(&s, "kept, gone, by_rule, state", "merge", "", "1 | 2 | 1 | done");
    assert_int_equal(ask(&s, &manager, "POST", "/merges/1/apart", "", false).status, 303);
    served_work(&s, by_rules, NULL);
    served_jobs(&s);
    is_rows(&s, "state", "merge", "", "apart");
    served_close(&s);
    hasher_free(h);
}

/* The same man in another script: only by the rule that says so. */
static enum status in_another_script(struct ctx *c, void *arg) {
    struct party *p = row_new(c, &entity_party);
    struct email email = { .email = S("a@example.com") };
    (void)arg;
    p->given_name = S("علی");
    p->family_name = S("رضایی");
    p->emails.v = &email;
    p->emails.n = 1;
    return store_save(c, &entity_party, p);
}

static void rules_by_sound(bool pg) {
    struct hasher *h = hasher_new_cheap();
    struct served s;
    served_open(&s, pg, h);
    served_firm(&s, LANG_EN);
    served_work(&s, fill, NULL);
    served_work(&s, in_another_script, NULL);
    struct served_who manager = served_sign_in(&s, 2);
    assert_int_equal(ask(&s, &manager, "POST", "/settings/merging", "on=email_name", false).status,
                     303);
    served_work(&s, by_rules, NULL);
    served_jobs(&s);
    is_rows(&s, "kept, gone", "merge", "ORDER BY id", "1 | 2");
    assert_int_equal(ask(&s, &manager, "POST", "/settings/merging", "on=email_sound", false).status,
                     303);
    struct answered a = ask(&s, &manager, "GET", "/settings/merging", NULL, false);
    assert_true(str_find(a.body, S("value=\"email_sound\" checked")) > 0);
    assert_true(str_find(a.body, S("value=\"email_name\" checked")) < 0);
    served_work(&s, by_rules, NULL);
    served_jobs(&s);
    is_rows(&s, "kept, gone, state", "merge", "ORDER BY id", "1 | 2 | done\n1 | 5 | done");
    assert_int_equal(ask(&s, &manager, "POST", "/merges/2/apart", "", false).status, 303);
    served_work(&s, by_rules, NULL); /* never again */
    served_jobs(&s);
    is_rows(&s, "state", "merge", "ORDER BY id", "done\napart");
    served_close(&s);
    hasher_free(h);
}

/* Not the same by the API, with the gate of the pages, and back. */
static void not_the_same(bool pg) {
    struct hasher *h = hasher_new_cheap();
    struct served s;
    served_open(&s, pg, h);
    served_firm(&s, LANG_EN);
    served_work(&s, fill, NULL);
    int64_t own = served_member(&s, "own", "member", "own");
    struct served_who member = served_sign_in(&s, 3), reader = served_sign_in(&s, 4),
                      few = served_sign_in(&s, own);
    const char *apart = "/api/v1/duplicates/apart", *together = "/api/v1/duplicates/together";
    const char *two = "{\"a\":2,\"b\":1}";
    assert_int_equal(ask(&s, &reader, "POST", apart, two, true).status, 403);
    assert_int_equal(ask(&s, &few, "POST", apart, two, true).status, 422); /* not for his eyes */
    struct answered a = ask(&s, &member, "POST", apart, two, true);
    assert_int_equal(a.status, 200);
    assert_true(str_eq(str_trim(a.body), S("{\"a\":1,\"b\":2,\"not_same\":true}")));
    is_rows(&s, "a, b, member", "not_same", "", "1 | 2 | 3");
    assert_int_equal(ask(&s, &member, "POST", apart, two, true).status, 200); /* twice is once */
    is_rows(&s, "count(*)", "not_same", "", "1");
    assert_int_equal(ask(&s, &member, "POST", together, two, true).status, 200);
    is_rows(&s, "count(*)", "not_same", "", "0");
    assert_int_equal(ask(&s, &member, "POST", apart, "{\"a\":1,\"b\":1}", true).status, 422);
    assert_int_equal(ask(&s, &member, "POST", apart, "{\"a\":1,\"b\":99}", true).status, 422);
    assert_int_equal(ask(&s, &member, "POST", apart, "{\"a\":1}", true).status, 422);
    assert_int_equal(ask(&s, &member, "POST", apart, "{\"a\":1,\"b\":2,\"c\":3}", true).status,
                     400);
    served_close(&s);
    hasher_free(h);
}

BOTH(many_rows)
BOTH(rules_by_sound)
BOTH(not_the_same)
BOTH(addresses)
BOTH(rules)

#define TESTS(name) cmocka_unit_test(name##_lite), cmocka_unit_test(name##_pg)

int main(void) {
    const struct CMUnitTest tests[] = {
        TESTS(many_rows),      TESTS(addresses),    TESTS(rules),
        TESTS(rules_by_sound), TESTS(not_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
