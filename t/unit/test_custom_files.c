/* Own fields in files: a list as CSV and JSON, everything, what one person gets, and a list that
 * comes back equal through import into another book with the same fields. On both databases. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/entity/list.h"
#include "core/exchange/exchange.h"
#include "features/import/import.h"
#include "features/party/party.h"
#include "fixture.h"
#include "on_both.h"
#include "own_fields.h"
#include "visitor.h"

#define MUST(call)     assert_int_equal((call), OK)
#define SAYS(a, piece) says(&(a), piece)

static void says(const struct answer_seen *a, const char *piece) {
    if (!answer_says(a, piece))
        fail_msg("%d does not say %s:\n%.*s", a->status, piece, SF(a->body));
}

static enum status two_clients(struct ctx *c, void *arg) {
    struct party *first = row_new(c, &entity_party), *second;
    (void)arg;
    TRY(own_fields_make(c, ""));
    TRY(own_fields_see(c));
    first->display_name = S("Zahra First");
    TRY(store_save(c, &entity_party, first));
    second = row_new(c, &entity_party);
    second->display_name = S("Bahram Second");
    TRY(own_fields_fill(c, second, first->row.id));
    return store_save(c, &entity_party, second);
}

static const char head[] = "Motto (cf_1),Story (cf_2),Height (cf_3),Budget (cf_4),Since (cf_5),"
                           "Size (cf_6),Sports (cf_7),Subscriber (cf_8),Profile (cf_9),"
                           "Sent by (cf_10)";
static const char cells[] = "Carpe diem,Carpe diem,12.50,12.50,2001-02-03,one,\"one,two\",1,"
                            "https://example.com/me,Zahra First";

static void write_to(const char *path, struct str bytes) {
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(bytes.p, 1, bytes.n, f), bytes.n);
    fclose(f);
}

static bool never(void *arg) {
    (void)arg;
    return false;
}
static const struct import_pace one_go = { never, NULL };

/* The file into an empty book that has the same fields, under other names. */
static void import_into(struct fixture *f, const char *path) {
    struct import_plan plan;
    struct stored_file file;
    struct import imp;
    char files[128];
    int64_t id;
    bool done = false;
    struct ctx *c = fixture_begin(f, true, 1, ROLE_OWNER);
    MUST(own_fields_make(c, " renamed"));
    MUST(fixture_end(f, OK));
    c = fixture_begin(f, true, 1, ROLE_OWNER);
    snprintf(files, sizeof files, "%s/files", f->dir);
    FILE *in = fopen(path, "rb");
    assert_non_null(in);
    struct csv_source from = csv_from_file(in);
    MUST(filestore_take(c->arena, files, from.read, from.of, S("list.csv"), "file", &file));
    MUST(filestore_keep(c->arena, files, &file));
    fclose(in);
    MUST(import_look(c, &party_shape, path, NO_STR, 0, HEADER_GUESS, &plan));
    int own = 0;
    for (int i = 0; i < plan.n; i++) own += str_starts(plan.v[i].to, S("cf_"));
    assert_int_equal(own, OWN_KINDS_N);
    plan.match = S("");
    MUST(import_new(c, &file, &(struct import_source){ 0 }, &plan, &id));
    MUST(fixture_end(f, OK));
    while (!done) {
        struct arena *a = arena_new();
        struct import_run *r;
        c = fixture_begin(f, false, 1, ROLE_OWNER);
        MUST(import_load(c, id, &imp));
        MUST(import_run_open(a, &party_shape, &imp, path, &r));
        MUST(import_run_read(r, c));
        MUST(fixture_end(f, OK));
        c = fixture_begin(f, true, 1, ROLE_OWNER);
        MUST(import_run_slice(r, c, one_go, &done));
        MUST(fixture_end(f, OK));
        import_run_close(r);
        arena_free(a);
    }
    c = fixture_begin(f, false, 1, ROLE_OWNER);
    MUST(import_load(c, id, &imp));
    assert_int_equal(imp.counts.n[IMPORT_CREATED], 2);
    assert_int_equal(imp.counts.n[IMPORT_REFUSED], 0);
    MUST(fixture_end(f, OK));
}

static void same_values(struct fixture *f) {
    struct ctx *c = fixture_begin(f, false, 1, ROLE_OWNER);
    const struct entity *e = entity_now(c, &entity_party);
    struct party back;
    struct party *want = row_new(c, e);
    MUST(store_load(c, &entity_party, 2, &back));
    MUST(own_fields_fill(c, want, 1));
    for (int i = 0; i < e->fields_n; i++) {
        const struct field *own = &e->fields[i];
        if (!own->custom) continue;
        struct value a = field_get(own, &back), b = field_get(own, want);
        if (!value_eq(a, b)) fail_msg("%s does not come back equal", own->label);
    }
    MUST(fixture_end(f, OK));
}

static void test_list(bool pg) {
    struct place p = { 0 };
    struct fixture f;
    char path[128];
    place_open(&p, pg);
    place_set_up(&p);
    place_write(&p, OK, two_clients, NULL);
    struct visitor v = visitor_of(&p, 1);
    struct answer_seen a = visit(&v, HTTP_GET, "/clients/export?format=csv");
    assert_int_equal(a.status, 200);
    SAYS(a, head);
    SAYS(a, cells);
    fixture_open(&f, pg);
    snprintf(path, sizeof path, "%s/list.csv", f.dir);
    write_to(path, a.body);
    import_into(&f, path);
    same_values(&f);
    fixture_close(&f);
    a = visit(&v, HTTP_GET, "/clients/export?format=json&cf_7=two");
    SAYS(a, "\"cf_3\":\"12.50\",\"cf_4\":\"12.50\",\"cf_5\":\"2001-02-03\",\"cf_6\":\"one\","
            "\"cf_7\":[\"one\",\"two\"],\"cf_8\":true");
    assert_false(answer_says(&a, "Zahra First\","));
    a = visit(&v, HTTP_GET, "/clients/export?format=xlsx&Sports=two");
    assert_int_equal(a.status, 200);
    place_close(&p);
}

BOTH(test_list)

/* Another client: named, not chosen from a list of all; in a cell, on his page, as a criterion. */
static void test_another_client(bool pg) {
    struct place p = { 0 };
    place_open(&p, pg);
    place_set_up(&p);
    place_write(&p, OK, two_clients, NULL);
    struct visitor v = visitor_of(&p, 1);
    struct answer_seen a = visit(&v, HTTP_GET, "/clients/1/cell?field=cf_10");
    assert_int_equal(a.status, 200);
    SAYS(a, "type=\"text\"");
    a = visit_form(&v, "/clients/1/cell",
                   "csrf={csrf}&field=cf_10&value=Bahram+Second&was=&cols=display_name,cf_10");
    assert_int_equal(a.status, 200);
    SAYS(a, "Bahram Second");
    a = visit_form(&v, "/clients/1/cell", "csrf={csrf}&field=cf_10&value=Nobody&was=Bahram+Second");
    assert_int_equal(a.status, 422);
    a = visit(&v, HTTP_GET, "/clients?cf_10=Bahram+Second");
    assert_int_equal(a.status, 200);
    SAYS(a, "Zahra First");
    a = visit(&v, HTTP_GET, "/clients/filters");
    SAYS(a, "name=\"cf_10\"");
    place_close(&p);
}
BOTH(test_another_client)

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_list_lite),
        cmocka_unit_test(test_list_pg),
        cmocka_unit_test(test_another_client_lite),
        cmocka_unit_test(test_another_client_pg),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
