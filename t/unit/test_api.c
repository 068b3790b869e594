/* The JSON API through the gate, on both databases: lists, records, preconditions, idempotency,
 * rights, history, undo; strict input (trust.md T-01 to T-05, T-08, T-12, T-13, T-28, T-39, T-40).
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "api_client.h"
#include "core/search/search.h"

static void fold(struct place *p) {
    int n = 1;
    while (n) assert_int_equal(search_fold(p->app->db, p->arena, 1000, &n), OK);
}

/* --- lists --- */

static void seed(struct visitor *v, int64_t categories[2]) {
    categories[0] = make(v, "categories", "{\"name\":\"Gold\"}");
    categories[1] = make(v, "categories", "{\"name\":\"Silver\"}");
    for (int i = 0; i < 12; i++) {
        struct str body = str_printf(
            v->place->arena,
            "{\"given_name\":\"Anna\",\"family_name\":\"Family%02d\",\"category\":%lld,"
            "\"no_call\":%s,\"tags\":[\"%s\"],\"phones\":[{\"number\":\"+98 912 000 %04d\"}],"
            "\"addresses\":[{\"town\":\"%s\"}]}",
            i, (long long)categories[i % 2], i % 3 ? "false" : "true", i < 4 ? "vip" : "new", i,
            i == 5 ? "Lyon" : "Tehran");
        make(v, "parties", body.p);
    }
    make(v, "parties", "{\"kind\":\"organisation\",\"display_name\":\"Zeta Ltd\"}");
}

static void check_filters(struct visitor *v, const int64_t categories[2]) {
    struct arena *a = v->place->arena;
    struct str gold = str_printf(a, "category=%lld", (long long)categories[0]);
    assert_int_equal(total(v, gold.p), 6);
    assert_int_equal(
        total(v, str_printf(a, "%s&category=%lld", gold.p, (long long)categories[1]).p), 12);
    assert_int_equal(total(v, str_printf(a, "%s&tag=vip", gold.p).p), 2);
    assert_int_equal(total(v, "town=lyon"), 1);
    assert_int_equal(total(v, "tag=vip&tag=new"), 12);
    assert_int_equal(total(v, "no_call=true"), 4);
    assert_int_equal(total(v, "no_call=false"), 9);
    assert_int_equal(total(v, "no_call=false&no_call=true"), 13);
    assert_int_equal(total(v, "kind=organisation"), 1);
    assert_int_equal(total(v, "responsible=me"), 0);
    assert_int_equal(total(v, "q=anna"), 12);
    assert_int_equal(total(v, "q=family07"), 1);
    assert_int_equal(total(v, "q=912000"), 12);
    assert_int_equal(total(v, "q=nobody"), 0);
    assert_int_equal(total(v, ""), 13);
}

/* Page by page: every record once, in order, whatever the size of the pages. */
static void check_pages(struct visitor *v, const char *plural, const char *sort, int limit,
                        int all) {
    struct str next = NO_STR, before = NO_STR;
    int64_t seen[64];
    int n = 0;
    do {
        struct str target = str_printf(v->place->arena, "/api/v1/%s?sort=%s&limit=%d%s%.*s", plural,
                                       sort, limit, next.n ? "&after=" : "", SF(next));
        struct answer_seen a = call(v, HTTP_GET, target.p, NULL, NULL);
        status_is(&a, 200);
        const struct json *j = json_of(v, &a), *items = at(j, "items");
        assert_int_equal(json_int(at(j, "total")), all);
        for (int i = 0; i < json_n(items); i++) {
            int64_t id = json_int(at(json_at(items, i), "id"));
            for (int k = 0; k < n; k++) assert_true(seen[k] != id);
            seen[n++] = id;
            struct str name = json_str(at(json_at(items, i), "display_name"));
            if (!strcmp(sort, "display_name")) assert_true(str_cmp(before, name) <= 0);
            if (!strcmp(sort, "-display_name") && before.n) assert_true(str_cmp(before, name) >= 0);
            before = name;
        }
        next = json_str(at(j, "next"));
    } while (next.n);
    assert_int_equal(n, all);
}

static void check_bad_queries(struct visitor *v) {
    static const struct {
        const char *target, *field;
    } bad[] = {
        { PARTIES "?sort=email_key", "sort" },
        { PARTIES "?sort=notes_private", "sort" },
        { PARTIES "?sort=-", "sort" },
        { PARTIES "?sort=", "sort" },
        { PARTIES "?sort=DISPLAY_NAME", "sort" },
        { PARTIES "?sort=--id", "sort" },
        { PARTIES "?sort=display_name,id", "sort" },
        { PARTIES "?sort=password_hash", "sort" },
        { "/api/v1/members?sort=password_hash", "sort" },
        { "/api/v1/members?password_hash=a", "password_hash" },
        { "/api/v1/members?email_key=a", "email_key" },
        { "/api/v1/members?tries=1", "tries" },
        { "/api/v1/notes?q=text", "q" },
        { "/api/v1/notes?sort=changed_at", "sort" },
        { PARTIES "?limit=0", "limit" },
        { PARTIES "?limit=201", "limit" },
        { PARTIES "?limit=1e3", "limit" },
        { PARTIES "?limit=0x10", "limit" },
        { PARTIES "?limit=9223372036854775808", "limit" },
        { PARTIES "?limit=%2B5", "limit" },
        { PARTIES "?limit=05", "limit" },
        { PARTIES "?after=", "after" },
        { PARTIES "?after=zzz", "after" },
        { PARTIES "?after=9.1.00", "after" },
        { "/api/v1/categories?after=x", "after" },
        { "/api/v1/notes?after=x", "after" },
        { PARTIES "?id[]=1&id[]=2", "id[]" },
        { PARTIES "?id=1", "id" },
        { PARTIES "?category[]=1", "category[]" },
        { PARTIES "?category=Gold", "category" },
        { PARTIES "?category=1e0", "category" },
        { PARTIES "?category=-1", "category" },
        { PARTIES "?category=0", "category" },
        { PARTIES "?category=01", "category" },
        { PARTIES "?category=9223372036854775808", "category" },
        { PARTIES "?category=999999", "category" },
        { PARTIES "?category=me", "category" },
        { PARTIES "?kind=Person", "kind" },
        { PARTIES "?kind=", "kind" },
        { PARTIES "?no_call=1", "no_call" },
        { PARTIES "?no_call=yes", "no_call" },
        { PARTIES "?tag=unknown", "tag" },
        { PARTIES "?birth_date=2000-01-01", "birth_date" },
        { PARTIES "?notes_private=x", "notes_private" },
        { PARTIES "?fields=id", "fields" },
        { PARTIES "?group=kind", "group" },
        { PARTIES "?filter[sort]=1", "filter[sort]" },
        { PARTIES "/1?limit=1", "limit" },
        { PARTIES "/1/history?q=1", "q" },
        { PARTIES "/1/history?limit=0", "limit" },
        { PARTIES "/1/history?after=01", "after" },
        { "/api/v1/openapi.json?x=1", "x" },
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        changes_nothing(v, HTTP_GET, bad[i].target, NULL, NULL, 400, bad[i].field);
    changes_nothing(v, HTTP_GET, PARTIES "?sort=id&sort=display_name", NULL, NULL, 400, NULL);
    changes_nothing(v, HTTP_GET, PARTIES "?q=a&q=b", NULL, NULL, 400, NULL);
    changes_nothing(v, HTTP_GET,
                    PARTIES "?stage=new&stage=lead&stage=quiet&stage=past&stage=active&stage=parted"
                            "&stage=prospect&stage=refused&kind=person",
                    NULL, NULL, 400, "kind");
}

/* T-01: a true and a false condition give the same bytes, and speak no SQL. */
static void check_pairs(struct visitor *v) {
    static const char *const names[] = { "sort", "category", "limit", "after", "town[]" };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct answer_seen a[2];
        for (int k = 0; k < 2; k++) {
            struct str target =
                str_printf(v->place->arena,
                           PARTIES "?%s=CASE%%20WHEN%%201=%d%%20THEN%%20-id%%20ELSE%%20id%%20END",
                           names[i], k + 1);
            a[k] = call(v, HTTP_GET, target.p, NULL, NULL);
            refused(v, &a[k], 400, names[i]);
            assert_false(answer_says(&a[k], "CASE") || answer_says(&a[k], "SELECT"));
        }
        assert_true(str_eq(a[0].body, a[1].body));
    }
    assert_int_equal(total(v, "q=%27%20OR%20randomblob(300000000)%20--"), 0);
    assert_int_equal(total(v, "town=%27%20OR%201%3D1%20--"), 0);
}

static void lists(bool pg) {
    struct place p;
    open_place(&p, pg);
    struct visitor v = program_of(&p, 1);
    int64_t categories[2];
    seed(&v, categories);
    for (int folded = 0; folded < 2; folded++) {
        check_filters(&v, categories);
        static const char *const sorts[] = { "display_name", "-display_name", "id",
                                             "-changed_at",  "category",      "-stage",
                                             "phone",        "-town",         "created_at",
                                             "birth_date" };
        for (size_t i = 0; i < sizeof sorts / sizeof *sorts; i++)
            check_pages(&v, "parties", sorts[i], 5, 13);
        fold(&p);
    }
    check_pages(&v, "categories", "name", 1, 2);
    check_pages(&v, "members", "-email", 3, 5);
    check_pages(&v, "members", "active", 1, 5);
    check_pages(&v, "tags", "-changed_at", 1, 2);
    struct answer_seen a = call(&v, HTTP_GET, "/api/v1/members?role=owner&role=reader", NULL, NULL);
    assert_int_equal(json_int(at(json_of(&v, &a), "total")), 2);
    check_bad_queries(&v);
    check_pairs(&v);
    place_close(&p);
}

/* --- one record --- */

static void check_reading(struct visitor *v, const char *url) {
    struct answer_seen a = call(v, HTTP_GET, url, NULL, NULL);
    const struct json *j = json_of(v, &a);
    text_is(j, "display_name", "Sara");
    text_is(j, "birth_date", "--02-29");
    text_is(json_at(at(j, "phones"), 0), "e164", "+33612345678");
    assert_int_equal(json_n(at(j, "tags")), 2);
    assert_true(json_get(json_at(at(j, "emails"), 0), S("email_key")) == NULL);
    assert_int_equal(json_type(at(j, "nickname")), JSON_NULL);
    a = call(v, HTTP_GET, url, NULL, HEADERS("if-none-match", "\"v1\""));
    status_is(&a, 304);
    assert_int_equal(a.body.n, 0);
    assert_true(str_eq_z(answer_header(&a, "ETag"), "\"v1\""));
    a = call(v, HTTP_GET, url, NULL, HEADERS("if-none-match", "\"v9\", W/\"v1\""));
    status_is(&a, 304);
    a = call(v, HTTP_GET, url, NULL, HEADERS("if-none-match", "\"v2\""));
    status_is(&a, 200);
}

static void check_changing(struct visitor *v, const char *url) {
    struct answer_seen a = call(v, HTTP_GET, url, NULL, NULL);
    const struct json *j = json_of(v, &a);
    int64_t phone = json_int(at(json_at(at(j, "phones"), 0), "id"));
    changes_nothing(v, HTTP_PATCH, url, "{\"nickname\":\"S\"}", NULL, 428, NULL);
    changes_nothing(v, HTTP_PATCH, url, "{\"nickname\":\"S\"}", HEADERS("if-match", "v1"), 400,
                    NULL);
    changes_nothing(v, HTTP_PATCH, url, "{\"nickname\":\"S\"}", HEADERS("if-match", "W/\"v1\""),
                    412, NULL);
    struct str body =
        str_printf(v->place->arena,
                   "{\"nickname\":\"S\",\"birth_date\":null,\"tags\":[\"new\"],\"phones\":"
                   "[{\"number\":\"+33 1 23 45 67 89\"},{\"id\":%lld,\"kind\":\"mobile\","
                   "\"e164\":\"+33612345678\"}]}",
                   (long long)phone);
    a = call(v, HTTP_PATCH, url, body.p, HEADERS("if-match", "\"v0\", \"v1\""));
    status_is(&a, 200);
    assert_true(str_eq_z(answer_header(&a, "ETag"), "\"v2\""));
    struct str said = a.body;
    j = json_of(v, &a);
    text_is(j, "given_name", "Sara");
    assert_int_equal(json_type(at(j, "birth_date")), JSON_NULL);
    assert_int_equal(json_n(at(j, "tags")), 1);
    assert_int_equal(json_int(at(json_at(at(j, "phones"), 1), "id")), phone);
    text_is(json_at(at(j, "phones"), 1), "number", "+33 6 12 34 56 78");
    text_is(json_at(at(j, "phones"), 1), "kind", "mobile");
    a = call(v, HTTP_GET, url, NULL, NULL); /* the reply to a change is what reading gives */
    assert_true(str_eq(a.body, said));
}

/* T-40: the second of two editors is told the version there is. */
static void check_stale(struct visitor *v, const char *url) {
    struct answer_seen a;
    changes_nothing(v, HTTP_PATCH, url, "{\"nickname\":\"T\"}", HEADERS("if-match", "\"v1\""), 412,
                    NULL);
    a = call(v, HTTP_PATCH, url, "{\"nickname\":\"T\"}", HEADERS("if-match", "\"v1\""));
    assert_int_equal(json_int(at(json_of(v, &a), "version")), 2);
    a = call(v, HTTP_PATCH, url, "{\"phones\":null,\"tags\":[]}", HEADERS("if-match", "*"));
    status_is(&a, 200);
    assert_int_equal(json_n(at(json_of(v, &a), "phones")), 0);
    a = call(v, HTTP_PATCH, url, "{}", HEADERS("if-match", "\"v3\"")); /* nothing changed */
    status_is(&a, 200);
    assert_true(str_eq_z(answer_header(&a, "ETag"), "\"v3\""));
}

static void check_bin(struct visitor *v, const char *url) {
    struct answer_seen a;
    changes_nothing(v, HTTP_DELETE, url, NULL, HEADERS("if-match", "\"v1\""), 412, NULL);
    changes_nothing(v, HTTP_POST, str_printf(v->place->arena, "%s/restore", url).p, NULL, NULL, 409,
                    NULL);
    changes_nothing(v, HTTP_DELETE, url, "{\"a\":1}", NULL, 400, NULL);
    a = call(v, HTTP_DELETE, url, NULL, HEADERS("if-match", "\"v3\""));
    status_is(&a, 204);
    assert_int_equal(a.body.n, 0);
    struct answer_seen gone = call(v, HTTP_GET, url, NULL, NULL);
    struct answer_seen never = call(v, HTTP_GET, PARTIES "/99999", NULL, NULL);
    refused(v, &gone, 404, NULL);
    assert_true(str_eq(gone.body, never.body));
    changes_nothing(v, HTTP_DELETE, url, NULL, NULL, 404, NULL);
    changes_nothing(v, HTTP_PATCH, url, "{}", HEADERS("if-match", "*"), 404, NULL);
    a = call(v, HTTP_POST, str_printf(v->place->arena, "%s/restore", url).p, "{}", NULL);
    status_is(&a, 200);
    text_is(json_of(v, &a), "nickname", "S");
    a = call(v, HTTP_GET, url, NULL, NULL);
    status_is(&a, 200);
}

static void records(bool pg) {
    struct place p;
    open_place(&p, pg);
    struct visitor v = program_of(&p, 3);
    int64_t id = make(&v, "parties",
                      "{\"given_name\":\"Sara\",\"phones\":[{\"number\":\"+33 6 12 34 56 78\"}],"
                      "\"birth_date\":\"--02-29\",\"tags\":[\"vip\",\"vip\",\"7\"]}");
    const char *url = target_of(&v, "parties", id).p;
    check_reading(&v, url);
    check_changing(&v, url);
    check_stale(&v, url);
    check_bin(&v, url);
    place_close(&p);
}

/* --- what is refused --- */

static const char *repeat(struct arena *a, const char *what, int n) {
    struct buf b = { .arena = a };
    for (int i = 0; i < n; i++) buf_add_z(&b, what);
    return str_z(a, buf_str(&b));
}

static void check_fields(struct visitor *v, const char *url) {
    static const char *const names[] = {
        "id",         "uid",       "version",       "created_at", "created_by",    "changed_at",
        "deleted_at", "extra",     "number",        "firm_id",    "owner_id",      "role",
        "is_admin",   "paid",      "sort_keys",     "party",      "password_hash", "token",
        "consent_at", "e164",      "email_key",     "name_key",   "balance",       "code",
        "Nickname",   "nickname ", "phones.0.kind", "__proto__",
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct str body =
            str_printf(v->place->arena, "{\"display_name\":\"A\",\"%s\":null}", names[i]);
        changes_nothing(v, HTTP_POST, PARTIES, body.p, NULL, 400, names[i]);
        changes_nothing(v, HTTP_PATCH, url, body.p, HEADERS("if-match", "*"), 400, names[i]);
    }
}

static void check_values(struct visitor *v, const char *url) {
    static const struct {
        const char *body;
        int status;
        const char *field;
    } bad[] = {
        { "{\"display_name\":7}", 400, "display_name" },
        { "{\"display_name\":[\"a\"]}", 400, "display_name" },
        { "{\"display_name\":{\"$gt\":0}}", 400, "display_name" },
        { "{\"display_name\":true}", 400, "display_name" },
        { "{\"category\":\"1\"}", 400, "category" },
        { "{\"category\":1e0}", 400, "category" },
        { "{\"category\":1.0}", 400, "category" },
        { "{\"category\":9223372036854775808}", 400, "category" },
        { "{\"category\":-1}", 422, "category" },
        { "{\"category\":0}", 422, "category" },
        { "{\"category\":999}", 422, "category" },
        { "{\"no_call\":1}", 400, "no_call" },
        { "{\"no_call\":\"true\"}", 400, "no_call" },
        { "{\"kind\":\"Person\"}", 422, "kind" },
        { "{\"kind\":\"personne\"}", 422, "kind" },
        { "{\"sex\":\"female\"}", 422, "sex" },
        { "{\"language\":\"Persian\"}", 422, "language" },
        { "{\"zone\":\"Mars Base\"}", 422, "zone" },
        { "{\"birth_date\":\"1/2/2000\"}", 422, "birth_date" },
        { "{\"birth_date\":\"2001-02-29\"}", 422, "birth_date" },
        { "{\"birth_date\":\"2999-01-01\"}", 422, "birth_date" },
        { "{\"birth_date\":20000101}", 400, "birth_date" },
        { "{\"website\":\"javascript:alert(1)\"}", 422, "website" },
        { "{\"emails\":[{\"email\":\"nobody\"}]}", 422, "emails.0.email" },
        { "{\"emails\":[{}]}", 422, "emails.0.email" },
        { "{\"emails\":[{\"email\":\"a@example.com\",\"email_key\":\"b\"}]}", 400,
          "emails.0.email_key" },
        { "{\"phones\":{}}", 400, "phones" },
        { "{\"phones\":[1]}", 400, "phones.0" },
        { "{\"phones\":[{\"id\":\"1\"}]}", 400, "phones.0.id" },
        { "{\"phones\":[{\"id\":99,\"number\":\"+4412345678\"}]}", 422, "phones.0.id" },
        { "{\"phones\":[{\"number\":\"12345\",\"e164\":\"+4412345678\"}]}", 400, "phones.0.e164" },
        { "{\"phones\":[{\"number\":\"12345\",\"party\":1}]}", 400, "phones.0.party" },
        { "{\"addresses\":[{\"country\":\"France\"}]}", 422, "addresses.0.country" },
        { "{\"tags\":[5]}", 400, "tags.0" },
        { "{\"tags\":[\"\"]}", 422, "tags.0" },
        { "{\"tags\":[{\"name\":\"x\"}]}", 400, "tags.0" },
        { "{\"kind\":null}", 422, "kind" },
        { "[]", 400, NULL },
        { "7", 400, NULL },
        { "null", 400, NULL },
        { "", 400, NULL },
        { "{\"nickname\":\"a\",\"nickname\":\"b\"}", 400, NULL },
        { "{\"nickname\":\"\xff\"}", 400, NULL },
        { "{\"nickname\":\"\\ud800\"}", 400, NULL },
        { "{\"nickname\":\"a\\u0000b\"}", 400, NULL },
        { "{nickname:1}", 400, NULL },
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        changes_nothing(v, HTTP_PATCH, url, bad[i].body, HEADERS("if-match", "*"), bad[i].status,
                        bad[i].field);
    struct arena *a = v->place->arena;
    struct str names = str_printf(a, "{\"tags\":[\"%s\"]}", repeat(a, "t", 61));
    changes_nothing(v, HTTP_PATCH, url, names.p, HEADERS("if-match", "*"), 422, "tags.0");
    struct str words = str_printf(a, "{\"nickname\":\"%s\"}", repeat(a, "\u0633", 101));
    changes_nothing(v, HTTP_PATCH, url, words.p, HEADERS("if-match", "*"), 422, "nickname");
    struct str many = str_printf(a, "{\"phones\":[{}%s]}", repeat(a, ",{}", 50));
    changes_nothing(v, HTTP_PATCH, url, many.p, HEADERS("if-match", "*"), 422, "phones");
}

static void check_bodies(struct visitor *v) {
    struct arena *arena = v->place->arena;
    struct answer_seen a = call(v, HTTP_POST, PARTIES, "{\n  \"nickname\": x}", NULL);
    refused(v, &a, 400, NULL);
    assert_true(answer_says(&a, "line 2, column"));
    struct str deep =
        str_printf(arena, "{\"nickname\":%s1%s}", repeat(arena, "[", 17), repeat(arena, "]", 17));
    a = call(v, HTTP_POST, PARTIES, deep.p, NULL);
    refused(v, &a, 400, NULL);
    assert_true(answer_says(&a, "nested deeper"));
    struct str large = str_printf(arena, "{\"special\":\"%s\"}", repeat(arena, "x", LIMIT_BODY));
    changes_nothing(v, HTTP_POST, PARTIES, large.p, NULL, 413, NULL);
    static const char *const types[] = { NULL,
                                         "text/plain",
                                         "application/x-www-form-urlencoded",
                                         "text/json",
                                         "application/merge-patch+json",
                                         "multipart/form-data; boundary=a" };
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        struct str before = place_state(v->place);
        v->more.n = 0;
        a = visit_with(v, HTTP_POST, PARTIES, types[i], S("{\"display_name\":\"A\"}"));
        refused(v, &a, 415, NULL);
        assert_true(str_eq(before, place_state(v->place)));
    }
    v->more.n = 0;
    a = visit_with(v, HTTP_POST, PARTIES, "Application/JSON; charset=utf-8",
                   S("{\"display_name\":\"A\"}"));
    status_is(&a, 201);
    changes_nothing(v, HTTP_POST, PARTIES, "{\"display_name\":\"A\"}",
                    HEADERS("content-encoding", "gzip"), 415, NULL);
    changes_nothing(v, HTTP_POST, PARTIES, "{\"display_name\":\"A\"}",
                    HEADERS("idempotency-key", ""), 400, NULL);
    changes_nothing(v, HTTP_POST, PARTIES, "{\"display_name\":\"A\"}",
                    HEADERS("idempotency-key", repeat(arena, "k", 201)), 400, NULL);
    changes_nothing(v, HTTP_PUT, PARTIES "/1", "{}", NULL, 405, NULL);
    changes_nothing(v, HTTP_GET, "/api/v1/phones", NULL, NULL, 404, NULL);
    changes_nothing(v, HTTP_GET, "/api/v1/firms", NULL, NULL, 404, NULL);
    changes_nothing(v, HTTP_GET, "/api/v1/parties/1e3", NULL, NULL, 404, NULL);
    changes_nothing(v, HTTP_GET, "/api/v1/", NULL, NULL, 404, NULL);
    changes_nothing(v, HTTP_POST, PARTIES, "{}", NULL, 422, "display_name");
}

static void refusals(bool pg) {
    struct place p;
    open_place(&p, pg);
    struct visitor v = program_of(&p, 1);
    int64_t id = make(&v, "parties", "{\"display_name\":\"A\"}");
    const char *url = target_of(&v, "parties", id).p;
    check_fields(&v, url);
    check_values(&v, url);
    check_bodies(&v);
    struct answer_seen a =
        call(&v, HTTP_GET, PARTIES "/99999", NULL, HEADERS("accept-language", "fa"));
    text_is(json_of(&v, &a), "title", tr_as(LANG_FA, WORD_CLIENT, "There is nothing here"));
    place_close(&p);
}

/* --- rights --- */

SQL(api_test_own, "UPDATE member SET sees = 'own' WHERE id = 4");

static enum status only_own(struct ctx *c, void *arg) {
    (void)arg;
    return db_run(c->tx, &api_test_own);
}

static void check_strangers(struct place *p, const char *url) {
    const char *any[] = { "if-match", "*", NULL };
    struct visitor nobody = program_of(p, 0), browser = visitor_of(p, 1);
    struct visitor bad = nobody, *strangers[] = { &nobody, &browser, &bad };
    bad.bearer = "dft_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    for (int i = 0; i < 3; i++) {
        changes_nothing(strangers[i], HTTP_GET, PARTIES, NULL, NULL, 401, NULL);
        changes_nothing(strangers[i], HTTP_GET, url, NULL, NULL, 401, NULL);
        changes_nothing(strangers[i], HTTP_POST, PARTIES, "{\"display_name\":\"A\"}", NULL, 401,
                        NULL);
        changes_nothing(strangers[i], HTTP_PATCH, url, "{}", any, 401, NULL);
        changes_nothing(strangers[i], HTTP_DELETE, url, NULL, NULL, 401, NULL);
    }
    struct answer_seen a =
        call(&browser, HTTP_GET, "/", NULL, NULL); /* the cookie itself is good */
    assert_true(a.status != 401 && !str_starts(a.location, S("/sign-in")));
    a = call(&nobody, HTTP_GET, "/api/v1/openapi.json", NULL, NULL);
    status_is(&a, 200);
}

/* What one may not see is as if it were not there, byte for byte (T-12). */
static void check_hidden(struct visitor *reader, const char *url, int64_t note, int64_t own) {
    struct place *p = reader->place;
    place_write(p, OK, only_own, NULL);
    struct answer_seen never = call(reader, HTTP_GET, PARTIES "/99999", NULL, NULL);
    const char *hidden[] = { url, target_of(reader, "notes", note).p,
                             str_printf(p->arena, "%s/history", url).p };
    for (int i = 0; i < 3; i++) {
        struct answer_seen a = call(reader, HTTP_GET, hidden[i], NULL, NULL);
        refused(reader, &a, 404, NULL);
        assert_true(str_eq(a.body, never.body));
    }
    struct answer_seen a = call(reader, HTTP_GET, PARTIES, NULL, NULL);
    const struct json *j = json_of(reader, &a);
    assert_int_equal(json_int(at(j, "total")), 1);
    assert_int_equal(json_int(at(json_at(at(j, "items"), 0), "id")), own);
    a = call(reader, HTTP_GET, "/api/v1/notes", NULL, NULL);
    assert_int_equal(json_int(at(json_of(reader, &a), "total")), 0);
}

static void rights(bool pg) {
    struct place p;
    open_place(&p, pg);
    struct visitor owner = program_of(&p, 1), manager = program_of(&p, 2),
                   member = program_of(&p, 3), reader = program_of(&p, 4);
    int64_t theirs = make(&member, "parties", "{\"display_name\":\"Theirs\",\"responsible\":3}");
    int64_t own = make(&member, "parties", "{\"display_name\":\"Own\",\"responsible\":4}");
    int64_t note =
        make(&member, "notes",
             str_printf(p.arena, "{\"party\":%lld,\"text\":\"secret\"}", (long long)theirs).p);
    const char *url = target_of(&owner, "parties", theirs).p;
    const char *any[] = { "if-match", "*", NULL };

    check_strangers(&p, url);
    changes_nothing(&reader, HTTP_POST, PARTIES, "{\"display_name\":\"A\"}", NULL, 403, NULL);
    changes_nothing(&reader, HTTP_PATCH, url, "{\"nickname\":\"x\"}", any, 403, NULL);
    changes_nothing(&reader, HTTP_DELETE, url, NULL, NULL, 403, NULL);
    changes_nothing(&reader, HTTP_POST, "/api/v1/batches/1/undo", NULL, NULL, 403, NULL);
    changes_nothing(&member, HTTP_POST, "/api/v1/categories", "{\"name\":\"A\"}", NULL, 403, NULL);
    changes_nothing(&member, HTTP_PATCH, "/api/v1/members/3", "{\"role\":\"owner\"}", any, 403,
                    NULL);
    changes_nothing(&manager, HTTP_PATCH, "/api/v1/members/2", "{\"role\":\"owner\"}", any, 422,
                    "role");
    changes_nothing(&manager, HTTP_POST, "/api/v1/members",
                    "{\"name\":\"X\",\"email\":\"x@example.com\",\"role\":\"owner\"}", NULL, 422,
                    "role");
    changes_nothing(&owner, HTTP_PATCH, "/api/v1/members/1", "{\"role\":\"reader\"}", any, 422,
                    "role");
    changes_nothing(&owner, HTTP_PATCH, "/api/v1/members/2", "{\"password\":\"x\"}", any, 400,
                    "password");
    changes_nothing(&owner, HTTP_PATCH, "/api/v1/members/2", "{\"password_hash\":\"x\"}", any, 400,
                    "password_hash");

    check_hidden(&reader, url, note, own);
    place_close(&p);
}

BOTH(lists)
BOTH(records)
BOTH(refusals)
BOTH(rights)

int main(void) {
    const struct CMUnitTest tests[] = { UNIT(lists), UNIT(records), UNIT(refusals), UNIT(rights) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
