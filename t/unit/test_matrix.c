/* The rights matrix (trust.md T-12, T-13): every route of the program × everybody × every kind of
 * record, made from the table of routes, so that no route can be left out. What somebody may not
 * see answers as what does not exist, byte for byte; a refusal changes nothing; who may not come in
 * is told so. The gate's own roles, CSRF and GET are in test_serve.c; here are records, the API and
 * those who left. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/app/secret.h"
#include "core/entity/history.h"
#include "core/web/req.h"
#include "core/web/session.h"
#include "features/bond/bond.h"
#include "features/member/member.h"
#include "features/note/note.h"
#include "features/party/party.h"
#include "fixture.h"
#include "served.h"

enum { NOBODY, READER, GUEST, MEMBER, MANAGER, OWNER, GONE, REVOKED, PEOPLE_N };
static const char *const people[PEOPLE_N] = { "nobody",      "reader",       "guest (own only)",
                                              "member",      "manager",      "owner",
                                              "deactivated", "token revoked" };
static const enum role roles[PEOPLE_N] = { ROLE_NONE,    ROLE_READER, ROLE_MEMBER, ROLE_MEMBER,
                                           ROLE_MANAGER, ROLE_OWNER,  ROLE_NONE,   ROLE_NONE };
enum { MINE, THEIRS, BINNED, ABSENT, RECORDS_N };
static const char *const records[RECORDS_N] = { "mine", "theirs", "binned", "absent" };

/* What the path {id} of a route means; the ids of one kind of record. */
struct kind_ids {
    int64_t id[RECORDS_N];
};
struct book {
    struct served s;
    struct served_who who[PEOPLE_N];
    int64_t guest;
    struct kind_ids party, note, bond, batch, change;
};

/* --- The book --- */

static enum status make_client(struct ctx *c, struct book *b, int record, int64_t responsible) {
    struct party *p = row_new(c, &entity_party), *firm = row_new(c, &entity_party);
    struct note *n = row_new(c, &entity_note);
    struct bond *bond = row_new(c, &entity_bond);
    p->given_name = str_of(records[record]);
    p->responsible = firm->responsible = responsible;
    firm->kind = S("organisation");
    firm->display_name = str_printf(c->arena, "firm of %s", records[record]);
    c->batch = 0;
    TRY(store_save(c, &entity_party, p));
    TRY(store_save(c, &entity_party, firm));
    n->party = p->row.id;
    n->text = S("note");
    TRY(store_save(c, &entity_note, n));
    bond->person = p->row.id;
    bond->organisation = firm->row.id;
    TRY(store_save(c, &entity_bond, bond));
    b->party.id[record] = p->row.id;
    b->note.id[record] = n->row.id;
    b->bond.id[record] = bond->row.id;
    b->batch.id[record] = c->batch;
    return OK;
}

SQL(matrix_changes, "SELECT batch, min(id) AS id FROM change GROUP BY batch");

static enum status fill(struct ctx *c, void *arg) {
    struct book *b = arg;
    struct rows r;
    c->who.id = 1;
    TRY(make_client(c, b, MINE, b->guest));
    TRY(make_client(c, b, THEIRS, 1));
    TRY(make_client(c, b, BINNED, b->guest));
    TRY(store_delete(c, &entity_note, b->note.id[BINNED], 0));
    TRY(store_delete(c, &entity_bond, b->bond.id[BINNED], 0));
    TRY(store_delete(c, &entity_party, b->party.id[BINNED], 0));
    b->party.id[ABSENT] = b->note.id[ABSENT] = b->bond.id[ABSENT] = b->batch.id[ABSENT] = 999999;
    TRY(db_query(c->tx, &matrix_changes, &r));
    for (int i = 0; i < r.n; i++)
        for (int k = 0; k < ABSENT; k++)
            if (row_int(&r, i, "batch") == b->batch.id[k]) b->change.id[k] = row_int(&r, i, "id");
    b->change.id[ABSENT] = 999999;
    return OK;
}

static enum status end_two(struct ctx *c, void *arg) {
    int64_t *ids = arg;
    struct member m;
    TRY(token_revoke_all(c, ids[1]));
    TRY(session_end_all(c, ids[1], 0));
    TRY(store_load(c, &entity_member, ids[0], &m));
    m.active = 0;
    return store_save(c, &entity_member, &m);
}

static void open_book(struct book *b, bool pg, struct hasher *h) {
    memset(b, 0, sizeof *b);
    served_open(&b->s, pg, h);
    served_firm(&b->s, LANG_EN);
    b->guest = served_member(&b->s, "guest", "member", "own");
    int64_t ended[2] = { served_member(&b->s, "gone", "owner", "all"),
                         served_member(&b->s, "revoked", "owner", "all") };
    const int64_t members[PEOPLE_N] = { 0, 4, b->guest, 3, 2, 1, ended[0], ended[1] };
    for (int i = 1; i < PEOPLE_N; i++) b->who[i] = served_sign_in(&b->s, members[i]);
    served_work(&b->s, fill, b);
    served_work(&b->s, end_two, ended);
}

/* --- Routes --- */

static const struct kind_ids *ids_of(const struct book *b, const char *pattern) {
    static const struct {
        const char *starts;
        size_t offset;
    } all[] = {
        { "/clients/{id}", offsetof(struct book, party) },
        { "/notes/{id}", offsetof(struct book, note) },
        { "/bonds/{id}", offsetof(struct book, bond) },
        { "/history/change/{id}", offsetof(struct book, change) },
        { "/history/{id}", offsetof(struct book, batch) },
        { "/api/v1/parties/{id}", offsetof(struct book, party) },
        { "/api/v1/batches/{id}", offsetof(struct book, batch) },
        { "/api/v1/{entity}/{id}", offsetof(struct book, party) },
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (str_starts(str_of(pattern), str_of(all[i].starts)))
            return (const struct kind_ids *)(const void *)((const char *)b + all[i].offset);
    return NULL;
}

static const char *target_of(struct arena *a, const char *pattern, int64_t id) {
    struct buf out = { .arena = a };
    struct str rest = str_of(pattern), piece;
    while (str_cut(&rest, '/', &piece)) {
        if (piece.n == 0) continue;
        buf_add_c(&out, '/');
        if (str_eq(piece, S("{id}")))
            buf_printf(&out, "%lld", (long long)id);
        else if (str_eq(piece, S("{entity}")))
            buf_add(&out, S("parties"));
        else if (piece.p[0] == '{')
            buf_add(&out, S("unknown"));
        else
            buf_add(&out, piece);
    }
    return out.n ? str_z(a, buf_str(&out)) : "/";
}

static struct answered ask(struct book *b, const struct route *t, int who, int64_t id) {
    struct call call = { .method = http_method_name(t->method),
                         .who = &b->who[who],
                         .target = target_of(b->s.arena, t->pattern, id) };
    bool api = t->flags & ROUTE_API;
    struct http_pairs match = { .v = NULL };
    if (api && (t->method == HTTP_POST || t->method == HTTP_PATCH)) {
        bool bare =
            str_ends(str_of(t->pattern), S("/restore")) || str_ends(str_of(t->pattern), S("/undo"));
        call.body = t->method == HTTP_PATCH || bare ? S("{}") : S("{\"kind\":\"robot\"}");
        call.type = "application/json";
    }
    if (api && (t->method == HTTP_PATCH || t->method == HTTP_DELETE))
        http_pairs_add(b->s.arena, &match, S("if-match"), S("\"v1\""));
    call.headers = match;
    return served_call(&b->s, &call);
}

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

static void say(const struct route *t, int who, int record, const char *what, int status) {
    fail_msg("%s %s, %s, %s: %s (%d)", http_method_name(t->method), t->pattern, people[who],
             records[record], what, status);
}

static bool sees(int who, int record) {
    if (record == ABSENT || roles[who] == ROLE_NONE) return false;
    return who != GUEST || record != THEIRS;
}

static bool reads(const struct route *t) {
    return t->method == HTTP_GET;
}

/* One square of the matrix. */
static void judge(struct book *b, const struct route *t, int who, int record,
                  const struct kind_ids *ids) {
    struct arena *a = b->s.arena;
    int64_t id = ids ? ids->id[record] : 999999;
    struct str before = served_digest(&b->s);
    struct answered got = ask(b, t, who, id);
    struct str after = served_digest(&b->s);
    bool in = (int)roles[who] >= (int)t->need,
         page = reads(t) && !(t->flags & (ROUTE_QUIET | ROUTE_API));
    if (got.status >= 500) say(t, who, record, "broke", got.status);
    if (got.status >= 400 && !str_eq(before, after))
        say(t, who, record, "refused, but changed something", got.status);
    if (reads(t) && !str_eq(before, after))
        say(t, who, record, "reading changed something", got.status);
    if (!in && roles[who] == ROLE_NONE && got.status != (page ? 303 : 401))
        say(t, who, record, "came in without being anybody", got.status);
    if (!in && roles[who] != ROLE_NONE && got.status != 403 && got.status != 404)
        say(t, who, record, "may not, but was not told", got.status);
    if (!in && !str_eq(before, after))
        say(t, who, record, "may not, but changed something", got.status);
    if (!in || !ids || sees(who, record)) return;
    struct answered absent = ask(b, t, who, 999999);
    if (got.status != absent.status)
        say(t, who, record, "is told apart from what does not exist", got.status);
    if (!str_eq(got.body, absent.body) &&
        !str_eq(without(a, got.body, id), without(a, absent.body, 999999)))
        say(t, who, record, "has other bytes than what does not exist", got.status);
    if (got.status < 400) say(t, who, record, "may not be seen, but was answered", got.status);
}

static bool left_out(const struct route *t) {
    return t->flags & ROUTE_SET_UP; /* 404 as soon as there is a firm: test_serve.c */
}

/* Writing routes answer well for some and so change the book: everybody gets a fresh one for them.
 */
static void walk(bool pg, struct hasher *h, bool writes) {
    static struct book b;
    int squares = 0, routes = 0;
    open_book(&b, pg, h);
    for (int i = 0; i < app_routes_n(); i++)
        for (int k = 0; k < app_routes(i)->n; k++) {
            const struct route *t = &app_routes(i)->v[k];
            const struct kind_ids *ids = ids_of(&b, t->pattern);
            if (left_out(t) || reads(t) == writes) continue;
            if (strstr(t->pattern, "sign-out"))
                continue; /* would end the sessions of all that follow */
            routes++;
            for (int who = 0; who < PEOPLE_N; who++)
                for (int record = 0; record < RECORDS_N; record++) {
                    bool would = writes && (int)roles[who] >= (int)t->need && sees(who, record);
                    if (would || (!ids && record != ABSENT)) continue;
                    judge(&b, t, who, record, ids);
                    squares++;
                }
        }
    print_message("%d routes, %d squares\n", routes, squares);
    assert_true(routes > 30 && squares > routes * 5);
    served_close(&b.s);
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

/* After a password change no other session lives; the token does, until it is revoked. */
static void test_password_change(void **state) {
    static struct book b;
    open_book(&b, false, *state);
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
    served_close(&b.s);
}

/* T-29: secrets of sessions, tokens and links never come twice, and only digests of them are kept.
 */
static void test_secrets(void **state) {
    static struct book b;
    open_book(&b, false, *state);
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
    served_close(&b.s);
}

int main(void) {
    struct hasher *h = hasher_new();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(test_reading, h),
        cmocka_unit_test_prestate(test_writing, h),
        cmocka_unit_test_prestate(test_postgres, h),
        cmocka_unit_test_prestate(test_password_change, h),
        cmocka_unit_test_prestate(test_secrets, h),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    hasher_free(h);
    return failed;
}
