/* The rights matrix (trust.md T-12, T-13): every route of the program × everybody × every kind of
 * record, made from the table of routes, so that no route can be left out. What somebody may not
 * see answers as what does not exist, byte for byte; a refusal changes nothing; who may not come in
 * is told so. The gate's own roles, CSRF and GET are in test_serve.c; what is in the answers, and
 * fields, in test_rights.c. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <ftw.h>

#include "core/api/api.h"
#include "core/app/secret.h"
#include "fixture.h"
#include "matrix.h"

/* --- one square --- */

/* Bytes that tell which address was asked, nothing else, may differ between two refusals. */
static struct str without(struct arena *a, struct str body, int64_t id) {
    struct str number = str_printf(a, "%lld", (long long)id);
    struct buf out = { .arena = a };
    for (size_t i = 0; i < body.n;) {
        struct str here = str_sub(body, i, number.n);
        bool alone = str_eq(here, number) && (i == 0 || !strchr("0123456789abcdef", body.p[i - 1]));
        if (alone) {
            buf_add_c(&out, '#');
            i += number.n;
        } else {
            buf_add_c(&out, body.p[i++]);
        }
    }
    return buf_str(&out);
}

static bool alike(struct arena *a, struct str got, int64_t id, struct str absent) {
    return str_eq(got, absent) || str_eq(without(a, got, id), without(a, absent, 999999));
}

static struct str head_of(struct arena *a, const struct answered *got) {
    struct buf b = { .arena = a };
    for (int i = 0; i < got->headers.n; i++)
        buf_printf(&b, "%.*s: %.*s\n", SF(got->headers.v[i].name), SF(got->headers.v[i].value));
    return buf_str(&b);
}

struct square {
    const struct route *t;
    const char *plural; /* of an API route with {entity}; NULL */
    int who, record;
    const struct kind_ids *ids;
};

static void say(const struct square *q, const char *what, int status) {
    fail_msg("%s %s%s%s, %s, %s: %s (%d)", http_method_name(q->t->method), q->t->pattern,
             q->plural ? " " : "", q->plural ? q->plural : "", people[q->who], records[q->record],
             what, status);
}

static bool reads(const struct route *t) {
    return t->method == HTTP_GET;
}

/* The least role for this square: the route's, and the entity's where the API stands for it. */
static enum role least(const struct square *q) {
    enum role need = (enum role)q->t->need;
    const struct entity *e = q->plural ? api_entity(str_of(q->plural)) : NULL;
    enum role of = !e ? ROLE_NONE : reads(q->t) ? e->may_read : e->may_write;
    return of > need ? of : need;
}

static bool sees(const struct square *q) {
    return q->ids && q->ids->sees(q->who, q->record);
}

/* Files that lie in the folder of the workspace, by name and size: the database is in the digest.
 */
static struct sha256 files_seen;
static int look_at_file(const char *path, const struct stat *st, int kind, struct FTW *where) {
    (void)where;
    if (kind != FTW_F || !strstr(path, "/files/")) return 0;
    sha256_add(&files_seen, str_of(path));
    sha256_add(&files_seen, (struct str){ (const char *)&st->st_size, sizeof st->st_size });
    return 0;
}

static struct str state_of(struct book *b) {
    unsigned char out[SHA256_N];
    sha256_begin(&files_seen);
    nftw(b->s.dir, look_at_file, 8, FTW_PHYS);
    sha256_end(&files_seen, out);
    struct str parts[2] = { served_digest(&b->s), str_hex(b->s.arena, out, sizeof out) };
    return str_join(b->s.arena, parts, 2, S(" "));
}

static void compare_with_absent(struct book *b, const struct square *q,
                                const struct answered *got) {
    struct arena *a = b->s.arena;
    int64_t id = q->ids->id[q->record];
    struct answered absent = book_ask(b, q->t, q->plural, q->who, 999999);
    if (got->status != absent.status) say(q, "is told apart from what does not exist", got->status);
    if (!alike(a, got->body, id, absent.body))
        say(q, "has other bytes than what does not exist", got->status);
    if (!alike(a, head_of(a, got), id, head_of(a, &absent)))
        say(q, "has other headers than what does not exist", got->status);
    if (got->status < 400) say(q, "may not be seen, but was answered", got->status);
}

/* state: that of the book before, and then after: looking at all of it takes longer than the
 * request, and nothing happens between two squares. */
static void judge(struct book *b, const struct square *q, struct str *state) {
    const struct route *t = q->t;
    int64_t id = q->ids ? q->ids->id[q->record] : 999999;
    struct str before = *state;
    struct answered got = book_ask(b, t, q->plural, q->who, id);
    *state = state_of(b);
    bool same = str_eq(before, *state), nobody = roles[q->who] == ROLE_NONE;
    bool in = roles[q->who] >= least(q), page = reads(t) && !(t->flags & (ROUTE_QUIET | ROUTE_API));
    if (got.status >= 500) say(q, "broke", got.status);
    if (got.status >= 400 && !same) say(q, "refused, but changed something", got.status);
    if (reads(t) && !same) say(q, "reading changed something", got.status);
    if (!in && nobody && got.status != (page ? 303 : 401))
        say(q, "came in without being anybody", got.status);
    if (!in && !nobody && got.status != 403 && got.status != 404)
        say(q, "may not, but was not told", got.status);
    if (!in && !same) say(q, "may not, but changed something", got.status);
    if (in && q->ids && !sees(q)) compare_with_absent(b, q, &got);
    bool there = q->record != BINNED && q->record != ABSENT;
    if (in && reads(t) && sees(q) && there && got.status >= 400)
        say(q, "may be seen, but was refused", got.status);
}

/* --- all squares --- */

struct tally {
    int routes, squares;
    struct str state;
};

static void judge_all(struct book *b, const struct route *t, const char *plural, bool writes,
                      struct tally *n) {
    struct square q = { .t = t, .plural = plural, .ids = book_ids(b, t->pattern, plural) };
    n->routes++;
    for (q.who = 0; q.who < PEOPLE_N; q.who++)
        for (q.record = 0; q.record < RECORDS_N; q.record++) {
            bool would = writes && roles[q.who] >= least(&q) && sees(&q); /* changes the book */
            if (would || (q.ids ? !q.ids->id[q.record] : q.record != ABSENT)) continue;
            judge(b, &q, &n->state);
            n->squares++;
        }
}

static void walk_route(struct book *b, const struct route *t, bool writes, struct tally *n) {
    const struct registry *all = entity_registry();
    if (t->flags & ROUTE_SET_UP) return; /* 404 as soon as there is a firm: test_serve.c */
    if (reads(t) == writes || strstr(t->pattern, "sign-out")) return; /* ends what follows */
    if (!strstr(t->pattern, "{entity}")) {
        judge_all(b, t, NULL, writes, n);
        return;
    }
    for (int i = 0; i < all->n; i++)
        if (api_shows(all->entities[i])) judge_all(b, t, all->entities[i]->plural, writes, n);
}

/* Writing routes answer well for some and so change the book: those squares are left out here. */
static void walk(bool pg, struct hasher *h, bool writes) {
    static struct book b;
    struct tally n = { 0 };
    book_open(&b, pg, h);
    n.state = state_of(&b);
    for (int i = 0; i < app_routes_n(); i++)
        for (int k = 0; k < app_routes(i)->n; k++) walk_route(&b, &app_routes(i)->v[k], writes, &n);
    print_message("%d routes, %d squares\n", n.routes, n.squares);
    assert_true(n.routes > 40 && n.squares > n.routes * 8);
    book_close(&b);
}

static void test_reading(void **state) {
    walk(false, *state, false);
}

static void test_writing(void **state) {
    walk(false, *state, true);
}

static void test_postgres(void **state) {
    if (!fixture_has_pg()) {
        print_message("skipped: DAFTAR_TEST_PG is not set\n");
        skip();
    }
    walk(true, *state, true);
}

/* --- T-13: who may do it, but wrongly --- */

static void test_half_done(void **state) {
    static struct book b;
    book_open(&b, false, *state);
    struct arena *a = b.s.arena;
    long long mine = (long long)b.party.id[MINE], theirs = (long long)b.party.id[THEIRS];
    const struct {
        int who;
        const char *verb;
        struct str target, body;
    } all[] = {
        { OWN, "POST", S("/clients"),
          str_printf(a, "given_name=X&_organisation=%.*s", 230,
                     "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
                     "aaaaaaaaaaaa"
                     "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
                     "aaaaaaaaaaaa"
                     "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa") },
        { OWN, "POST", str_printf(a, "/clients/%lld", mine),
          S("version=1&special=new&birth_date=nonsense") },
        { OWN, "POST", str_printf(a, "/clients/%lld", mine), S("version=7&special=late") },
        { OWN, "POST", str_printf(a, "/clients/%lld/bonds", mine),
          S("_other=Fresh&_make=1&from_date=2026-02-01&until_date=2025-01-01") },
        { OWN, "POST", S("/api/v1/parties"),
          S("{\"given_name\":\"X\",\"tags\":[\"Fresh\"],\"birth_date\":\"2999-01-01\"}") },
        { OWN, "POST", S("/api/v1/parties"),
          S("{\"given_name\":\"X\",\"tags\":[\"Fresh\"],\"role\":\"owner\"}") },
        { OWN, "POST", S("/api/v1/bonds"),
          str_printf(a, "{\"person\":%lld,\"organisation\":%lld}", mine, theirs + 1) },
        { OWN, "POST", S("/api/v1/notes"),
          str_printf(a, "{\"party\":%lld,\"text\":\"x\"}", theirs) },
        { OWNER, "POST", S("/settings/members/1"),
          S("version=1&name=o&email=owner@example.com&role=reader&sees=all") },
        { OWNER, "POST", S("/settings/members/1/end"), S("") },
        { MANAGER, "POST", S("/settings/members/1/end"), S("") },
        { MANAGER, "POST", S("/settings/members/2"),
          S("version=1&name=m&email=manager@example.com&role=owner&sees=all") },
    };
    const char *other_owner =
        str_printf(a, "/settings/members/%lld/end", (long long)b.member[REVOKED]).p;
    assert_int_equal(book_post(&b, OWNER, other_owner, "").status, 303);
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        bool api = str_starts(all[i].target, S("/api/"));
        struct str before = state_of(&b);
        struct answered got =
            api ? book_json(&b, all[i].who, all[i].verb, all[i].target.p, str_z(a, all[i].body))
                : book_post(&b, all[i].who, all[i].target.p, str_z(a, all[i].body));
        if (got.status < 400 || got.status >= 500)
            fail_msg("%d: %.*s: %d", (int)i, SF(all[i].target), got.status);
        if (!str_eq(before, state_of(&b)))
            fail_msg("%d: %.*s: refused (%d), but changed something", (int)i, SF(all[i].target),
                     got.status);
    }
    book_close(&b);
}

/* After a password change no other session lives; the token does, until it is revoked. */
static void test_password_change(void **state) {
    static struct book b;
    book_open(&b, false, *state);
    struct served_who other = served_sign_in(&b.s, 3);
    struct call page = { .method = "GET", .target = "/clients", .who = &other };
    assert_int_equal(served_call(&b.s, &page).status, 200);
    struct call change = { .method = "POST",
                           .target = "/settings/password",
                           .who = &b.who[MEMBER],
                           .body = S("old=correct+horse+battery&new=another+good+sentence") };
    assert_int_equal(served_call(&b.s, &change).status, 303);
    assert_int_equal(served_call(&b.s, &page).status, 303);
    page.who = &b.who[MEMBER];
    assert_int_equal(served_call(&b.s, &page).status, 200);
    book_close(&b);
}

/* T-29: secrets of sessions, tokens and links never come twice, and only digests of them are kept.
 */
static void test_secrets(void **state) {
    static struct book b;
    book_open(&b, false, *state);
    static const char *const tables[] = { "session", "token", "link", "member" };
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        struct str all = served_rows(&b.s, "*", tables[i], NULL);
        for (int who = 1; who < PEOPLE_N; who++) {
            struct str cookie = str_sub(b.who[who].cookie, sizeof "daftar=" - 1, 100);
            assert_true(cookie.n >= 22 && b.who[who].token.n >= 22); /* 128 bits and more */
            assert_int_equal(str_find(all, cookie), -1);
            assert_int_equal(str_find(all, b.who[who].token), -1);
        }
    }
    struct map seen = map_new(b.s.arena);
    for (int i = 0; i < 200000; i++) {
        void **at = map_at(&seen, random_token(b.s.arena, 32));
        if (*at) fail_msg("the same secret twice");
        *at = &seen;
    }
    book_close(&b);
}

int main(void) {
    struct hasher *h = hasher_new();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(test_reading, h),
        cmocka_unit_test_prestate(test_writing, h),
        cmocka_unit_test_prestate(test_postgres, h),
        cmocka_unit_test_prestate(test_half_done, h),
        cmocka_unit_test_prestate(test_password_change, h),
        cmocka_unit_test_prestate(test_secrets, h),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    hasher_free(h);
    return failed;
}
