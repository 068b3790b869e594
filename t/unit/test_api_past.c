/* The JSON API and what was: requests sent again (Idempotency-Key, trust.md T-39), the history,
 * undo, the journal of who read what. On both databases, through the gate. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <pthread.h>

#include "api_client.h"
#include "core/web/journal.h"
#include "core/web/serve.h"
#include "features/party/party.h"

/* --- idempotency --- */

SQL(api_test_parties_n, "SELECT count(*) AS n FROM party");
SQL(api_test_keys_n, "SELECT count(*) AS n FROM idempotency");

static void replays(bool pg) {
    struct place p;
    open_place(&p, pg);
    struct visitor v = program_of(&p, 3), other = program_of(&p, 2);
    const char *body = "{\"display_name\":\"Once\",\"tags\":[\"new\"]}";
    const char *key[] = { "idempotency-key", "a b-1", NULL };
    struct answer_seen first = call(&v, HTTP_POST, PARTIES, body, key);
    status_is(&first, 201);
    assert_true(!answer_header(&first, "Idempotency-Replayed").p);
    struct str changed = target_of(&v, "parties", json_int(at(json_of(&v, &first), "id")));
    struct answer_seen a =
        call(&v, HTTP_PATCH, changed.p, "{\"nickname\":\"n\"}", HEADERS("if-match", "*"));
    status_is(&a, 200);
    struct str before = place_state(&p);
    struct answer_seen second = call(&v, HTTP_POST, PARTIES, body, key);
    status_is(&second, 201);
    type_is(&second, "application/json; charset=utf-8");
    assert_true(str_eq(first.body, second.body) && str_eq(first.location, second.location));
    assert_true(str_eq(answer_header(&first, "ETag"), answer_header(&second, "ETag")));
    assert_true(str_eq_z(answer_header(&second, "Idempotency-Replayed"), "true"));
    assert_true(str_eq(before, place_state(&p)));
    changes_nothing(&v, HTTP_POST, PARTIES, "{\"display_name\":\"Twice\"}", key, 422, NULL);
    changes_nothing(&v, HTTP_POST, "/api/v1/tags", "{\"name\":\"Once\"}", key, 422, NULL);
    a = call(&other, HTTP_POST, PARTIES, body, key); /* somebody else's key is another key */
    status_is(&a, 201);
    assert_true(!str_eq(a.location, first.location));
    /* a request that failed leaves no key: corrected, it goes through with the same one */
    changes_nothing(&v, HTTP_POST, PARTIES, "{}", HEADERS("idempotency-key", "c"), 422,
                    "display_name");
    a = call(&v, HTTP_POST, PARTIES, body, HEADERS("idempotency-key", "c"));
    status_is(&a, 201);
    assert_true(!answer_header(&a, "Idempotency-Replayed").p);
    assert_int_equal(place_number(&p, &api_test_parties_n), 3);
    assert_int_equal(place_number(&p, &api_test_keys_n), 3);
    place_close(&p);
}

struct racer {
    struct place *place;
    const char *bearer;
    int worker, round;
    int64_t id[16];
    int status[16];
};
enum { ROUNDS = 8, RACERS = 3 };

static void *race(void *arg) {
    struct racer *r = arg;
    struct arena *a = arena_new();
    for (int i = 0; i < ROUNDS; i++) {
        struct http_request h = { .method = HTTP_POST,
                                  .path = S(PARTIES),
                                  .peer = S("127.0.0.1"),
                                  .body = S("{\"display_name\":\"Race\"}") };
        struct http_reply reply = { 0 };
        struct json *j;
        struct str why;
        h.body_n = (int64_t)h.body.n;
        http_pairs_add(a, &h.headers, S("host"), S("localhost"));
        http_pairs_add(a, &h.headers, S("content-type"), S(JSON_TYPE));
        http_pairs_add(a, &h.headers, S("authorization"), str_printf(a, "Bearer %s", r->bearer));
        http_pairs_add(a, &h.headers, S("idempotency-key"), str_printf(a, "race %d", i));
        web_serve(r->place->app, r->worker, a, &h, &reply);
        r->status[i] = reply.status;
        if (json_parse(a, reply.body, &j, &why) == OK) r->id[i] = json_int(json_get(j, S("id")));
        if (reply.status == 503) i--; /* busy: a client asks again with the same key */
        arena_reset(a);
    }
    arena_free(a);
    return NULL;
}

/* T-39: the same key at once from several: one record, one answer. */
static void races(bool pg) {
    struct place p;
    open_place(&p, pg);
    struct visitor v = program_of(&p, 1);
    struct racer racers[RACERS];
    pthread_t threads[RACERS];
    for (int i = 0; i < RACERS; i++) {
        racers[i] = (struct racer){ .place = &p, .bearer = v.bearer, .worker = i };
        assert_int_equal(pthread_create(&threads[i], NULL, race, &racers[i]), 0);
    }
    for (int i = 0; i < RACERS; i++) pthread_join(threads[i], NULL);
    for (int k = 0; k < ROUNDS; k++)
        for (int i = 0; i < RACERS; i++) {
            assert_int_equal(racers[i].status[k], 201);
            assert_true(racers[i].id[k] > 0 && racers[i].id[k] == racers[0].id[k]);
        }
    assert_int_equal(place_number(&p, &api_test_parties_n), ROUNDS);
    place_close(&p);
}

/* --- history and undo --- */

static void history(bool pg) {
    struct place p;
    open_place(&p, pg);
    struct visitor v = program_of(&p, 3), other = program_of(&p, 2);
    int64_t id = make(&v, "parties",
                      "{\"display_name\":\"Old\",\"emails\":[{\"email\":\"a@example.com\"}]}");
    const char *url = target_of(&v, "parties", id).p;
    const char *past = str_printf(p.arena, "%s/history", url).p;
    struct answer_seen a =
        call(&v, HTTP_PATCH, url, "{\"display_name\":\"New\",\"no_sms\":true,\"tags\":[\"x\"]}",
             HEADERS("if-match", "\"v1\""));
    status_is(&a, 200);
    a = call(&v, HTTP_GET, past, NULL, NULL);
    status_is(&a, 200);
    assert_false(answer_says(&a, "email_key"));
    const struct json *items = at(json_of(&v, &a), "items"), *last = json_at(items, 0);
    assert_int_equal(json_n(items), 2);
    text_is(last, "action", "change");
    text_is(last, "door", "api");
    text_is(last, "who", "member");
    const struct json *changes = at(last, "changes");
    assert_int_equal(json_n(changes), 3);
    text_is(json_at(changes, 0), "field", "display_name");
    text_is(json_at(changes, 0), "before", "Old");
    text_is(json_at(changes, 0), "after", "New");
    assert_true(json_bool(at(json_at(changes, 1), "after")));
    text_is(json_at(changes, 2), "field", "tags");
    assert_int_equal(json_n(at(json_at(changes, 2), "after")), 1);
    a = call(&v, HTTP_GET, str_printf(p.arena, "%s?limit=1", past).p, NULL, NULL);
    struct str next = json_str(at(json_of(&v, &a), "next"));
    a = call(&v, HTTP_GET, str_printf(p.arena, "%s?limit=1&after=%.*s", past, SF(next)).p, NULL,
             NULL);
    text_is(json_at(at(json_of(&v, &a), "items"), 0), "action", "create");
    assert_int_equal(json_type(at(json_of(&v, &a), "next")), JSON_NULL);

    int64_t batch = json_int(at(last, "batch"));
    const char *undo = str_printf(p.arena, "/api/v1/batches/%lld/undo", (long long)batch).p;
    a = call(&other, HTTP_PATCH, url, "{\"display_name\":\"Newer\"}",
             HEADERS("if-match", "\"v2\""));
    status_is(&a, 200);
    changes_nothing(&v, HTTP_POST, undo, NULL, NULL, 409, NULL);
    a = call(&v, HTTP_POST, undo, NULL, NULL);
    const struct json *in_the_way = json_at(at(json_of(&v, &a), "obstacles"), 0);
    text_is(in_the_way, "who", "manager");
    assert_int_equal(json_int(at(in_the_way, "party")), id);
    int64_t later = json_int(at(in_the_way, "batch"));
    a = call(&v, HTTP_POST, str_printf(p.arena, "/api/v1/batches/%lld/undo", (long long)later).p,
             NULL, NULL);
    status_is(&a, 200);
    assert_int_equal(json_int(at(json_of(&v, &a), "left")), 0);
    assert_int_equal(json_int(at(json_of(&v, &a), "undoes")), later);
    a = call(&v, HTTP_POST, undo, "{}", NULL);
    status_is(&a, 200);
    a = call(&v, HTTP_GET, url, NULL, NULL);
    text_is(json_of(&v, &a), "display_name", "Old");
    assert_int_equal(json_n(at(json_of(&v, &a), "tags")), 0);
    changes_nothing(&v, HTTP_POST, undo, NULL, NULL, 409, NULL);
    changes_nothing(&v, HTTP_POST, "/api/v1/batches/99999/undo", NULL, NULL, 404, NULL);
    place_close(&p);
}

/* An undo of more than one call may do: the program asks until nothing is left. */
static enum status make_many(struct ctx *c, void *arg) {
    for (int i = 0; i < 600; i++) {
        struct party *one = row_new(c, &entity_party);
        one->display_name = str_printf(c->arena, "Many %d", i);
        TRY(store_save(c, &entity_party, one));
    }
    *(int64_t *)arg = c->batch;
    return OK;
}

static void long_undo(bool pg) {
    struct place p;
    open_place(&p, pg);
    struct visitor v = program_of(&p, 3);
    int64_t batch, left = 1;
    int calls = 0;
    place_write(&p, OK, make_many, &batch);
    assert_int_equal(total(&v, "q=many"), 600);
    const char *undo = str_printf(p.arena, "/api/v1/batches/%lld/undo", (long long)batch).p;
    for (; left; calls++) {
        struct answer_seen a = call(&v, HTTP_POST, undo, NULL, NULL);
        status_is(&a, 200);
        left = json_int(at(json_of(&v, &a), "left"));
    }
    assert_int_equal(calls, 2);
    assert_int_equal(total(&v, "q=many"), 0);
    changes_nothing(&v, HTTP_POST, undo, NULL, NULL, 409, NULL);
    place_close(&p);
}

/* Who saw which client stands in the journal of reads, one line each; a refusal leaves none. */
static void reads(bool pg) {
    struct place p;
    open_place(&p, pg);
    struct visitor v = program_of(&p, 3);
    const char *folder = app_path(p.app, p.arena, "journal");
    struct str problem = NO_STR;
    int64_t lines = 0, id = make(&v, "parties", "{\"display_name\":\"A\"}");
    struct str note = str_printf(p.arena, "{\"party\":%lld,\"text\":\"t\"}", (long long)id);
    int64_t note_id = make(&v, "notes", note.p);
    make(&v, "parties", "{\"display_name\":\"B\"}");
    assert_int_equal(journal_open(&p.app->journal, folder), OK);
    const char *seen[] = { PARTIES,
                           target_of(&v, "parties", id).p,
                           target_of(&v, "notes", note_id).p,
                           str_printf(p.arena, PARTIES "/%lld/history", (long long)id).p,
                           "/api/v1/categories",
                           "/api/v1/openapi.json" };
    for (int i = 0; i < COUNT(seen); i++) {
        struct answer_seen a = call(&v, HTTP_GET, seen[i], NULL, NULL);
        status_is(&a, 200);
    }
    changes_nothing(&v, HTTP_GET, PARTIES "/999", NULL, NULL, 404, NULL);
    changes_nothing(&v, HTTP_GET, PARTIES "?sort=x", NULL, NULL, 400, "sort");
    journal_close(p.app->journal);
    p.app->journal = NULL;
    assert_int_equal(journal_verify(p.arena, folder, &problem, &lines), OK);
    assert_int_equal(lines, 5); /* two of the list, one each of the record, its note, its history */
    place_close(&p);
}

BOTH(replays)
BOTH(races)
BOTH(history)
BOTH(long_undo)
BOTH(reads)

int main(void) {
    const struct CMUnitTest tests[] = { UNIT(replays), UNIT(races), UNIT(history), UNIT(long_undo),
                                        UNIT(reads) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
