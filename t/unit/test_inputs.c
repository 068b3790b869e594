/* Strange input at every door of people: fields that are not theirs to set (trust.md T-28), SQL in
 * every parameter of every page (T-01, T-02), lists and numbers where one word is expected (T-03),
 * columns that nobody may read used for order and criteria (T-05). Refused as a whole, quickly, and
 * nothing changes. The API's own are in test_api.c. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/app/secret.h"
#include "core/entity/history.h"
#include "core/web/req.h"
#include "features/note/note.h"
#include "features/party/party.h"
#include "lib/base/clock.h"
#include "served.h"

static enum status fill(struct ctx *c, void *arg) {
    struct party *p = row_new(c, &entity_party);
    struct note *n = row_new(c, &entity_note);
    (void)arg;
    c->who.id = 1;
    p->given_name = S("Ali");
    p->notes_private = S("hidden words");
    TRY(store_save(c, &entity_party, p));
    n->party = p->row.id;
    n->text = S("note");
    return store_save(c, &entity_note, n);
}

static struct served_who open_book(struct served *s, struct hasher *h) {
    served_open(s, false, h);
    served_firm(s, LANG_EN);
    served_work(s, fill, NULL);
    return served_sign_in(s, 1);
}

/* T-28: columns of the tables and names that others' programs were broken with. */
static void test_fields(void **state) {
    static const char *const forms[][2] = {
        { "/clients", "kind=person&given_name=Sara" },
        { "/clients/1", "version=1&given_name=Sara" },
        { "/clients/1/notes", "text=hello" },
        { "/notes/1", "version=1&text=hello" },
        { "/settings/me", "name=Olga" },
        { "/settings/members", "name=S&email=s%40example.com&role=member&sees=all" },
        { "/settings/members/3",
          "version=1&name=S&email=member%40example.com&role=member&sees=all" },
        { "/settings/teams", "name=North" },
        { "/settings/categories", "name=Press" },
        { "/settings/categories/1", "version=1&name=Media" },
        { "/settings/tags", "name=spring" },
    };
    static const char *const names[] = {
        "id",
        "created_at",
        "created_by",
        "changed_at",
        "deleted_at",
        "uid",
        "sort_keys",
        "email_key",
        "name_key",
        "password_hash",
        "tries",
        "tries_since",
        "token_hash",
        "csrf_",
        "demo",
        "welcomed",
        "code",
        "firm_id",
        "owner_id",
        "is_admin",
        "paid",
        "balance",
        "token",
        "consent_at",
        "extra",
        "undone_by",
        "batch",
        "expires_at",
        "phones.0.e164",
        "phones.0.party",
        "emails.0.email_key",
        "tags.0.position",

        "given_name[]",
    };
    struct served s;
    struct served_who who = open_book(&s, *state);
    struct str before = served_digest(&s);
    for (size_t f = 0; f < sizeof forms / sizeof *forms; f++)
        for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
            struct call call = { .method = "POST", .target = forms[f][0], .who = &who };
            call.body = str_printf(s.arena, "%s&%s=1", forms[f][1], names[i]);
            struct answered a = served_call(&s, &call);
            if (a.status != 400) fail_msg("%s with %s: %d", forms[f][0], names[i], a.status);
            if (!str_eq(before, served_digest(&s)))
                fail_msg("%s with %s changed something", forms[f][0], names[i]);
        }
    for (size_t f = 0; f < sizeof forms / sizeof *forms; f++) { /* the forms themselves are good */
        struct call call = {
            .method = "POST", .target = forms[f][0], .who = &who, .body = str_of(forms[f][1])
        };
        struct answered a = served_call(&s, &call);
        if (a.status != 303 && a.status != 200) fail_msg("%s: %d", forms[f][0], a.status);
    }
    served_close(&s);
}

/* --- T-01, T-02, T-03 --- */

static const char *const parameters[] = { "sort",     "q",    "after",  "before",   "letter",
                                          "category", "town", "tag",    "id",       "limit",
                                          "page",     "kind", "fields", "group",    "filter%5Bx%5D",
                                          "by",       "door", "next",   "language", "text",
                                          "format",   "show", "name",   "client",   "edit" };

static struct answered get(struct served *s, const struct served_who *who, const char *path,
                           const char *name, const char *value) {
    struct call call = {
        .method = "GET",
        .who = who,
        .target =
            str_printf(s->arena, "%s%c%s=%s", path, strchr(path, '?') ? '&' : '?', name, value).p
    };
    return served_call(s, &call);
}

static const char *page_of(struct arena *a, const char *pattern) {
    struct buf b = { .arena = a };
    struct str rest = str_of(pattern), piece;
    while (str_cut(&rest, '/', &piece)) {
        if (piece.n) buf_add_c(&b, '/');
        buf_add(&b, piece.n && piece.p[0] == '{' ? S("1") : piece);
    }
    return b.n ? str_z(a, buf_str(&b)) : "/";
}

static void judge(const struct answered *a, const char *path, const char *name) {
    static const char *const words[] = { "syntax error", "SQLITE", "sqlite3",
                                         "SELECT ",      "pg_",    "near \"" };
    if (a->status >= 500) fail_msg("%s, %s: %d", path, name, a->status);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (str_find(a->body, str_of(words[i])) >= 0)
            fail_msg("%s, %s says %s", path, name, words[i]);
}

static void test_parameters(void **state) {
    static const char *const values[] = { "%27%20OR%20randomblob(300000000)%20--",
                                          "1e3",
                                          "0x10",
                                          "-1",
                                          "9223372036854775808",
                                          "%F0%9F%92%A9%CC%81",
                                          "a%00b" };
    struct served s;
    struct served_who who = open_book(&s, *state);
    struct str before = served_digest(&s), longest = S("");
    struct buf big = { .arena = s.arena };
    while (big.n < 7000) buf_add_c(&big, 'x');
    longest = buf_str(&big);
    int asked = 0;
    for (int i = 0; i < app_routes_n(); i++)
        for (int k = 0; k < app_routes(i)->n; k++) {
            const struct route *t = &app_routes(i)->v[k];
            if (t->method != HTTP_GET || t->flags & (ROUTE_SET_UP | ROUTE_API)) continue;
            const char *path = page_of(s.arena, t->pattern);
            for (size_t p = 0; p < sizeof parameters / sizeof *parameters; p++) {
                struct arena_mark mark = arena_mark(s.arena);
                const char *value = values[(p + (size_t)asked) % (sizeof values / sizeof *values)];
                int64_t began = clock_mono_us();
                struct answered a = get(&s, &who, path, parameters[p], values[0]);
                judge(&a, path, parameters[p]);
                a = get(&s, &who, path, parameters[p], value);
                judge(&a, path, value);
                a = get(&s, &who, path, parameters[p], str_z(s.arena, longest));
                judge(&a, path, "7,000 bytes");
                if (clock_mono_us() - began > 4000000)
                    fail_msg("%s?%s takes too long", path, parameters[p]);
                arena_back(s.arena, mark);
                asked++;
            }
        }
    print_message("%d parameters asked\n", asked);
    assert_true(asked > 500);
    assert_true(str_eq(before, served_digest(&s)));
    served_close(&s);
}

/* T-01's pair: what is true and what is false are told in the same bytes, but for what was asked.
 * T-05: columns that may not be read are no order and no criterion; the answer is that of a name
 * that does not exist. */
static void test_oracle(void **state) {
    static const char *const secret[] = {
        "password_hash", "notes_private", "email_key",
        "sort_keys",     "token_hash",    "uid",
        "deleted_at",    "phone.e164",    "responsible.password_hash",
        "extra"
    };
    static const char *const paths[] = { "/clients", "/clients/export", "/api/v1/parties",
                                         "/api/v1/members", "/api/v1/notes" };
    struct served s;
    struct served_who who = open_book(&s, *state);
    for (size_t p = 0; p < sizeof paths / sizeof *paths; p++) {
        struct answered yes =
            get(&s, &who, paths[p], "sort", "CASE%20WHEN%201=1%20THEN%20-id%20END");
        struct answered no =
            get(&s, &who, paths[p], "sort", "CASE%20WHEN%201=2%20THEN%20-id%20END");
        if (yes.status != 400 || no.status != 400)
            fail_msg("%s: %d %d", paths[p], yes.status, no.status);
        assert_int_equal(yes.body.n, no.body.n);
        size_t differ = 0;
        for (size_t i = 0; i < yes.body.n; i++) differ += yes.body.p[i] != no.body.p[i];
        assert_true(differ <= 4); /* 1=1 and 1=2, where the words that were asked are said again */
        for (size_t i = 0; i < sizeof secret / sizeof *secret; i++) {
            struct answered a = get(&s, &who, paths[p], "sort", secret[i]);
            if (a.status != 400) fail_msg("%s sorts by %s: %d", paths[p], secret[i], a.status);
            a = get(&s, &who, paths[p], secret[i], "x");
            if (a.status != 400) fail_msg("%s filters by %s: %d", paths[p], secret[i], a.status);
            assert_int_equal(str_find(a.body, S("hidden words")), -1);
        }
    }
    struct answered a = get(&s, &who, "/clients?sort=display_name", "sort", "town");
    assert_int_equal(a.status, 400);
    a = get(&s, &who, "/clients", "id[]", "1");
    assert_int_equal(a.status, 400);
    served_close(&s);
}

int main(void) {
    struct hasher *h = hasher_new();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(test_fields, h),
        cmocka_unit_test_prestate(test_parameters, h),
        cmocka_unit_test_prestate(test_oracle, h),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    hasher_free(h);
    return failed;
}
