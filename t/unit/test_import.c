/* Files to records and back: matching of columns, trying, running in slices, killed slices,
 * doubles, refused rows, undo, and a register that comes back equal from its own export. On both
 * databases. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <unistd.h>

#include "core/entity/history.h"
#include "core/entity/list.h"
#include "core/entity/record_json.h"
#include "core/exchange/exchange.h"
#include "features/bond/bond.h"
#include "features/category/category.h"
#include "features/party/party.h"
#include "features/import/import.h"
#include "fixture.h"
#include "on_both.h"
#include "lib/base/clock.h"

#define MUST(call) assert_int_equal((call), OK)
#define EQ(s, z)                                                                                   \
    do {                                                                                           \
        struct str eq_ = (s);                                                                      \
        if (!str_eq_z(eq_, (z))) fail_msg("%s: \"%.*s\" is not \"%s\"", #s, SF(eq_), (z));         \
    } while (0)

static bool at_once(void *arg) {
    (void)arg;
    return true;
}
static const struct import_pace one_row = { at_once, NULL };

static const char *write_file(struct fixture *f, const char *text) {
    static char path[128];
    snprintf(path, sizeof path, "%s/in.csv", f->dir);
    FILE *o = fopen(path, "wb");
    assert_non_null(o);
    assert_int_equal(fwrite(text, 1, strlen(text), o), strlen(text));
    fclose(o);
    return path;
}

static const char mixed[] =
    "Nom complet;Téléphone;E-mail;Ville;Société;Fonction;Étiquettes;Date de naissance\r\n"
    "MARTIN Élodie;06 12 34 56 78;elodie@martin.fr;Lyon;Studio Chirine;gérante;\"VIP, "
    "printemps\";7/10/1983\r\n"
    "Jean de La Tour;;jean@tour.fr;Paris;Studio Chirine;;;31/02/1980\r\n"
    ";;;;;;;\r\n"
    "\"علی کریمی\";۰۹۱۲ ۳۴۵ ۶۷۸۹;;تهران;;;;15 مهر 1362\r\n"
    "SARL Pressing du Port;04 91 00 00 00;;Marseille;;;;\r\n"
    "Élodie Martin;+33612345678;;;;;;\r\n";

static void test_columns(bool pg) {
    static const struct {
        const char *header, *to, *kind;
    } rows[] = {
        { "First Name", "given_name", "" },
        { "Nom de famille", "family_name", "" },
        { "نام خانوادگی", "family_name", "" },
        { "اسم العائلة", "family_name", "" },
        { "تلفن همراه", "phones.0.number", "" },
        { "Mobile", "phones.0.number", "" },
        { "E-Mail", "emails.0.email", "" },
        { "البريد الإلكتروني", "emails.0.email", "" },
        { "phone_2", "phones.1.number", "" },
        { "Work phone", "phones.0.number", "work" },
        { "کد پستی", "addresses.0.postcode", "" },
        { "town_2", "addresses.1.town", "" },
        { "phone_kind_2", "phones.1.kind", "" },
        { "Company", "company", "" },
        { "سمت", "job_title", "" },
        { "Catégorie", "category", "" },
        { "تاریخ تولد", "birth_date", "" },
        { "tags", "tags", "" },
        { "Preferred contact method", "prefers", "" },
        { "own_id", "own_id", "" },
        { "blah", "", "" },
    };
    struct fixture f;
    fixture_open(&f, pg);
    for (int i = 0; i < COUNT(rows); i++) {
        char text[200];
        struct import_plan p;
        struct ctx *c = fixture_begin(&f, false, 1, ROLE_OWNER);
        snprintf(text, sizeof text, "Title,%s\nx,\n", rows[i].header);
        MUST(import_look(c, &party_shape, write_file(&f, text), NO_STR, 0, HEADER_GUESS, &p));
        assert_int_equal(p.n, 2);
        EQ(p.v[1].to, rows[i].to);
        EQ(p.v[1].kind.p ? p.v[1].kind : S(""), strcmp(rows[i].header, "Mobile") ? rows[i].kind
                                                : p.v[1].kind.n                  ? "mobile"
                                                                                 : "");
        MUST(fixture_end(&f, OK));
    }
    struct import_plan p;
    struct ctx *c = fixture_begin(&f, false, 1, ROLE_OWNER); /* no header: by content */
    MUST(import_look(
        c, &party_shape,
        write_file(&f, "Sara Karimi,sara@x.ir,0912 345 6789\nAli,ali@x.ir,021 88776655\n"), NO_STR,
        0, HEADER_GUESS, &p));
    assert_false(p.has_header);
    EQ(p.v[0].to, "display_name");
    EQ(p.v[1].to, "emails.0.email");
    EQ(p.v[2].to, "phones.0.number");
    MUST(fixture_end(&f, OK));
    fixture_close(&f);
}

static void test_try(bool pg) {
    struct fixture f;
    struct import_plan p;
    fixture_open(&f, pg);
    f.loc.lang = LANG_FR;
    snprintf(f.loc.country, sizeof f.loc.country, "FR");
    const char *path = write_file(&f, mixed);
    struct ctx *c = fixture_begin(&f, true, 1, ROLE_OWNER);
    MUST(import_look(c, &party_shape, path, NO_STR, 0, HEADER_GUESS, &p));
    assert_int_equal(p.separator, ';');
    EQ(p.charset, "UTF-8");
    assert_true(p.one_name_column);
    struct import imp = { .plan = p };
    struct import_run *r;
    bool done = false;
    struct arena *a = arena_new();
    MUST(import_try_open(a, &party_shape, &imp, path, 100, 1000, &r));
    assert_int_equal(fixture_end(&f, INVALID), INVALID);
    while (!done) {
        c = fixture_begin(&f, false, 1, ROLE_OWNER);
        if (!import_run_ready(r)) MUST(import_run_read(r, c));
        MUST(fixture_end(&f, OK));
        c = fixture_begin(&f, true, 1, ROLE_OWNER);
        MUST(import_try_slice(r, c, one_row, &done));
        assert_int_equal(fixture_end(&f, INVALID), INVALID);
    }
    struct import_preview v = *import_try_result(r);
    assert_true(v.whole);
    assert_int_equal(v.counts.n[IMPORT_CREATED], 3);
    assert_int_equal(v.counts.n[IMPORT_REFUSED], 1); /* 31 February */
    assert_int_equal(v.counts.n[IMPORT_SKIPPED],
                     2); /* Élodie again, by her phone; a line of empty cells */
    EQ(v.rows.v[0].names, "Élodie | MARTIN");
    assert_int_equal(v.rows.v[1].outcome, IMPORT_REFUSED);
    assert_true(v.rows.v[1].cell_problems[7].n > 0);
    import_run_close(r);
    arena_free(a);
    c = fixture_begin(&f, false, 1, ROLE_OWNER); /* no trace */
    struct list_query q = { .entity = &entity_party };
    struct list_page page;
    MUST(list_run(c, &q, &page));
    assert_int_equal(page.total, 0);
    MUST(fixture_end(&f, OK));
    fixture_close(&f);
}

/* Runs the import to its end in slices of one row; a slice is thrown away now and then. */
static void run(struct fixture *f, int64_t id, const char *path, bool kill) {
    bool done = false;
    for (int i = 0; !done; i++) {
        struct arena *a = arena_new();
        struct import imp;
        struct import_run *r;
        struct ctx *c = fixture_begin(f, false, 1, ROLE_OWNER);
        MUST(import_load(c, id, &imp));
        /* opened anew: as after a kill */
        MUST(import_run_open(a, &party_shape, &imp, path, &r));
        MUST(import_run_read(r, c));
        MUST(fixture_end(f, OK));
        c = fixture_begin(f, true, 1, ROLE_OWNER);
        MUST(import_run_slice(r, c, one_row, &done));
        bool lost = kill && i % 3 == 1;
        if (fixture_end(f, lost ? BUSY : OK) != OK) done = false;
        import_run_close(r);
        arena_free(a);
    }
}

static int64_t start(struct fixture *f, const char *path, const char *match, enum on_match on) {
    struct import_plan p;
    struct stored_file file;
    char files[128];
    int64_t id;
    struct ctx *c = fixture_begin(f, true, 1, ROLE_OWNER);
    snprintf(files, sizeof files, "%s/files", f->dir);
    FILE *in = fopen(path, "rb");
    assert_non_null(in);
    struct csv_source from = csv_from_file(in);
    MUST(filestore_take(c->arena, files, from.read, from.of, S("list.csv"), "file", &file));
    MUST(filestore_keep(c->arena, files, &file));
    fclose(in);
    MUST(import_look(c, &party_shape, path, NO_STR, 0, HEADER_GUESS, &p));
    p.match = str_of(match);
    p.on_match = on;
    MUST(import_new(c, &file, &(struct import_source){ 0 }, &p, &id));
    MUST(fixture_end(f, OK));
    return id;
}

static void test_run_and_undo(bool pg) {
    for (int kill = 0; kill < 2; kill++) {
        struct fixture f;
        struct import imp;
        struct party p;
        int64_t id;
        fixture_open(&f, pg);
        f.loc.lang = LANG_FR;
        snprintf(f.loc.country, sizeof f.loc.country, "FR");
        const char *path = write_file(&f, mixed);
        id = start(&f, path, "email,phone", ON_MATCH_FILL);
        run(&f, id, path, kill);
        struct ctx *c = fixture_begin(&f, true, 1, ROLE_OWNER);
        MUST(import_load(c, id, &imp));
        EQ(imp.state, "done");
        assert_int_equal(imp.counts.n[IMPORT_CREATED], 3);
        assert_int_equal(imp.counts.n[IMPORT_SKIPPED], 2);
        assert_int_equal(imp.counts.n[IMPORT_REFUSED], 1);
        MUST(party_by_email(c, S("ELODIE@martin.fr"), &id));
        MUST(store_load(c, &entity_party, id, &p));
        EQ(p.family_name, "MARTIN");
        EQ(p.given_name, "Élodie");
        EQ(p.birth_date, "1983-10-07");
        assert_int_equal(p.tags.n, 2);
        assert_int_equal(p.phones.n, 1);
        EQ(p.phones.v[0].e164, "+33612345678");
        struct bonds bonds;
        MUST(bond_of_party(c, id, &bonds));
        assert_int_equal(bonds.n, 1);
        EQ(bonds.v[0].job_title, "gérante");
        struct list_query q = { .entity = &entity_party };
        struct list_page page;
        MUST(list_run(c, &q, &page));
        assert_int_equal(page.total, 4); /* three rows and the company */
        struct buf csv = { .arena = c->arena };
        int64_t after = -1;
        bool more;
        MUST(import_refused_csv(c, imp.id, ';', &after, 100, &csv, &more));
        assert_false(more);
        assert_true(str_find(buf_str(&csv), S("Jean de La Tour;")) > 0);
        struct obstacles ob;
        MUST(history_undo_batch(c, imp.batch, &ob));
        MUST(list_run(c, &q, &page));
        assert_int_equal(page.total, 0);
        MUST(fixture_end(&f, OK));
        fixture_close(&f);
    }
}

static void expect_the_same(const struct party *again) {
    EQ(again->given_name, "=cmd|' /C calc'!A1");
    EQ(again->family_name, "'+کریمی");
    EQ(again->special, "line one\nline; two");
    EQ(again->birth_date, "--03-21");
    assert_int_equal(again->category, 2);
    assert_int_equal(again->no_call, 1);
    assert_int_equal(again->phones.n, 2);
    EQ(again->phones.v[0].kind, "mobile");
    EQ(again->phones.v[1].ext, "12");
    EQ(again->addresses.v[0].street, "خیابان ولیعصر، \"پلاک\"");
    EQ(again->addresses.v[0].kind, "work");
}

static void test_comes_back_equal(bool pg) {
    struct fixture f, g;
    struct list_page page;
    const struct list_query q = { .entity = &entity_party, .sort = S("id") };
    struct buf csv = { 0 };
    struct str before[3];
    fixture_open(&f, pg);
    struct ctx *c = fixture_begin(&f, true, 1, ROLE_OWNER);
    MUST(category_ready_made(c));
    struct party *p = row_new(c, &entity_party);
    struct phone phones[] = { { .number = S("0912 345 6789"), .kind = S("mobile") },
                              { .number = S("021-88776655"), .ext = S("12") } };
    struct address addresses[] = { { .town = S("تهران"),
                                     .street = S("خیابان ولیعصر، \"پلاک\""),
                                     .country = S("IR"),
                                     .kind = S("work") } };
    p->given_name = S("=cmd|' /C calc'!A1");
    p->family_name = S("'+کریمی");
    p->phones.v = phones, p->phones.n = 2;
    p->addresses.v = addresses, p->addresses.n = 1;
    p->birth_date = S("--03-21");
    p->category = 2;
    p->no_call = 1;
    p->special = S("line one\nline; two");
    MUST(store_save(c, &entity_party, p));
    MUST(list_run(c, &q, &page));
    struct export_sheet *sheet;
    void *rows;
    int n;
    MUST(store_load_all(c, &entity_party, page.ids, page.n, &rows, &n));
    MUST(export_sheet_new(c, &party_shape, &sheet));
    export_header(sheet, ';', &csv);
    MUST(export_rows(c, sheet, rows, n, ';', &csv));
    struct buf json = { 0 };
    struct json_out w = { .b = &json };
    record_json(c, &w, &entity_party, rows);
    before[0] = buf_str(&json);
    MUST(fixture_end(&f, OK));
    fixture_open(&g, pg);
    c = fixture_begin(&g, true, 1, ROLE_OWNER);
    MUST(category_ready_made(c));
    MUST(fixture_end(&g, OK));
    buf_add_c(&csv, 0);
    const char *path = write_file(&g, csv.p);
    run(&g, start(&g, path, "email", ON_MATCH_SKIP), path, false);
    c = fixture_begin(&g, false, 1, ROLE_OWNER);
    MUST(list_run(c, &q, &page));
    assert_int_equal(page.n, 1);
    struct party again;
    MUST(store_load(c, &entity_party, page.ids[0], &again));
    expect_the_same(&again);
    assert_true(before[0].n > 0);
    MUST(fixture_end(&g, OK));
    buf_free(&csv);
    buf_free(&json);
    fixture_close(&f);
    fixture_close(&g);
}

/* --- whose import it is, and which run goes on --- */

static void test_rights_and_fence(bool pg) {
    struct fixture f;
    struct import imp;
    struct import_run *one, *two;
    bool done;
    fixture_open(&f, pg);
    const char *path = write_file(&f, "First name,Last name\nA,B\nC,D\nE,F\n");
    struct ctx *c;
    int64_t id = start(&f, path, "", ON_MATCH_SKIP); /* by the owner */
    c = fixture_begin(&f, false, 3, ROLE_MEMBER);
    assert_int_equal(import_load(c, id, &imp), MISSING);
    struct import *all;
    int n;
    MUST(import_list(c, 10, &all, &n));
    assert_int_equal(n, 0);
    MUST(fixture_end(&f, OK));
    c = fixture_begin(&f, false, 2, ROLE_MANAGER);
    MUST(import_load(c, id, &imp));
    MUST(fixture_end(&f, OK));
    struct arena *a = arena_new();
    c = fixture_begin(&f, false, 1, ROLE_OWNER);
    MUST(import_load(c, id, &imp));
    MUST(import_run_open(a, &party_shape, &imp, path, &one));
    MUST(import_run_open(a, &party_shape, &imp, path, &two));
    MUST(import_run_read(one, c));
    MUST(import_run_read(two, c));
    MUST(fixture_end(&f, OK));
    c = fixture_begin(&f, true, 1, ROLE_OWNER);
    MUST(import_run_slice(one, c, one_row, &done));
    MUST(fixture_end(&f, OK));
    c = fixture_begin(&f, true, 1, ROLE_OWNER); /* the second run of it comes too late */
    assert_int_equal(import_run_slice(two, c, one_row, &done), STALE);
    assert_int_equal(fixture_end(&f, STALE), STALE);
    import_run_close(one);
    import_run_close(two);
    arena_free(a);
    run(&f, id, path, true);
    c = fixture_begin(&f, false, 1, ROLE_OWNER);
    MUST(import_load(c, id, &imp));
    assert_int_equal(imp.counts.n[IMPORT_CREATED], 3);
    assert_int_equal(imp.rows_n, 3);
    MUST(fixture_end(&f, OK));
    fixture_close(&f);
}

/* As a broken photo does: what is wrong shows when the client has been written already. */
static enum status saved_but_one(struct ctx *c, const void *row, const struct str *extra) {
    const struct party *p = row;
    if (str_eq_z(p->given_name, "C")) return ctx_problem(c, NO_STR, "no");
    return party_shape.saved(c, row, extra);
}

static bool never(void *arg) {
    (void)arg;
    return false;
}

/* A row that had been written before it was refused: its slice is taken back, and done again
 * without losing or doubling a row, nothing left of the refused one. */
static void test_refused_late(bool pg) {
    struct exchange_shape picky = party_shape;
    struct fixture f;
    struct import imp;
    struct import_run *r;
    bool done = false;
    int back = 0;
    fixture_open(&f, pg);
    const char *path = write_file(&f, "First name,Last name\nA,B\nC,D\nE,F\n");
    picky.saved = saved_but_one;
    int64_t id = start(&f, path, "", ON_MATCH_SKIP);
    struct arena *a = arena_new();
    struct ctx *c = fixture_begin(&f, false, 1, ROLE_OWNER);
    MUST(import_load(c, id, &imp));
    MUST(import_run_open(a, &picky, &imp, path, &r));
    MUST(import_run_read(r, c));
    MUST(fixture_end(&f, OK));
    while (!done) {
        c = fixture_begin(&f, true, 1, ROLE_OWNER);
        enum status st = import_run_slice(r, c, (struct import_pace){ never, NULL }, &done);
        assert_true(st == OK || (st == BUSY && !done));
        assert_int_equal(fixture_end(&f, st), st);
        if (st == OK) continue;
        import_run_back(r);
        assert_int_equal(++back, 1);
    }
    assert_int_equal(back, 1);
    import_run_close(r);
    arena_free(a);
    c = fixture_begin(&f, false, 1, ROLE_OWNER);
    MUST(import_load(c, id, &imp));
    assert_int_equal(imp.counts.n[IMPORT_CREATED], 2);
    assert_int_equal(imp.counts.n[IMPORT_REFUSED], 1);
    struct list_query q = { .entity = &entity_party };
    struct list_page page;
    MUST(list_run(c, &q, &page));
    assert_int_equal(page.total, 2);
    MUST(fixture_end(&f, OK));
    fixture_close(&f);
}

/* What is typed on a page may say anything. */
static void test_look_refuses(bool pg) {
    static const struct {
        const char *text, *charset, *at;
    } rows[] = {
        { "", "", "file" },
        { "a,b\n\"open", "", "file" },
        { "a,b\nx,y\n", "UTF-7", "charset" },
        { "a,b\nx,y\n", "../../etc/passwd", "charset" },
    };
    struct fixture f;
    fixture_open(&f, pg);
    for (int i = 0; i < COUNT(rows); i++) {
        struct import_plan p;
        struct ctx *c = fixture_begin(&f, false, 1, ROLE_OWNER);
        const char *path = write_file(&f, rows[i].text);
        assert_int_equal(
            import_look(c, &party_shape, path, str_of(rows[i].charset), 0, HEADER_GUESS, &p),
            INVALID);
        EQ(c->problems.v[0].field, rows[i].at);
        MUST(fixture_end(&f, OK));
    }
    struct import_plan p;
    struct ctx *c = fixture_begin(&f, false, 1, ROLE_OWNER);
    const char *path = write_file(&f, "a;b\nx;y\n");
    MUST(import_look(c, &party_shape, path, S("utf-8"), ';', HEADER_NO, &p));
    assert_int_equal(p.rows_n, 2);
    assert_false(p.has_header);
    assert_false(import_target_valid(c, &party_shape, S("phones.50.number")));
    assert_false(import_target_valid(c, &party_shape, S("sort_keys")));
    assert_false(import_target_valid(c, &party_shape, S("phones.0.e164")));
    assert_true(import_target_valid(c, &party_shape, S("company")));
    MUST(fixture_end(&f, OK));
    fixture_close(&f);
}

BOTH(test_columns)
BOTH(test_rights_and_fence)
BOTH(test_refused_late)
BOTH(test_look_refuses)
BOTH(test_try)
BOTH(test_run_and_undo)
BOTH(test_comes_back_equal)
#define BOTH_TESTS(name) cmocka_unit_test(name##_lite), cmocka_unit_test(name##_pg)

int main(void) {
    const struct CMUnitTest tests[] = {
        BOTH_TESTS(test_columns),
        BOTH_TESTS(test_rights_and_fence),
        BOTH_TESTS(test_refused_late),
        BOTH_TESTS(test_look_refuses),
        BOTH_TESTS(test_try),
        BOTH_TESTS(test_run_and_undo),
        BOTH_TESTS(test_comes_back_equal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
