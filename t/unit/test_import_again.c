/* Imports that come again: the same file twice, the same row twice, refused rows that a person
 * corrects, columns remembered, columns without a place. On both databases. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/entity/history.h"
#include "core/entity/list.h"
#include "features/bond/bond.h"
#include "features/import/import.h"
#include "features/party/party.h"
#include "fixture.h"
#include "on_both.h"

#define MUST(call) assert_int_equal((call), OK)
#define EQ(s, z)                                                                                   \
    do {                                                                                           \
        struct str eq_ = (s);                                                                      \
        if (!str_eq_z(eq_, (z))) fail_msg("%s: \"%.*s\" is not \"%s\"", #s, SF(eq_), (z));         \
    } while (0)

static bool never(void *arg) {
    (void)arg;
    return false;
}

static const char *write_file(struct fixture *f, const char *text) {
    static char path[128];
    snprintf(path, sizeof path, "%s/in.csv", f->dir);
    FILE *o = fopen(path, "wb");
    assert_non_null(o);
    assert_int_equal(fwrite(text, 1, strlen(text), o), strlen(text));
    fclose(o);
    return path;
}

/* A whole import; its id. */
static int64_t import_held(struct fixture *f, const char *path, const char *match, enum on_match on,
                           int64_t member, enum sees sees, bool hold) {
    struct import_plan p;
    struct stored_file file;
    struct import imp;
    struct import_run *r;
    char files[128];
    int64_t id;
    bool done = false;
    enum role role = member == 1 ? ROLE_OWNER : ROLE_MEMBER;
    struct ctx *c = fixture_begin(f, true, member, role);
    snprintf(files, sizeof files, "%s/files", f->dir);
    FILE *in = fopen(path, "rb");
    assert_non_null(in);
    struct csv_source from = csv_from_file(in);
    MUST(filestore_take(c->arena, files, from.read, from.of, S("list.csv"), "file.csv", &file));
    MUST(filestore_keep(c->arena, files, &file));
    fclose(in);
    MUST(import_look(c, &party_shape, path, NO_STR, 0, HEADER_GUESS, &p));
    if (match) p.match = str_of(match);
    p.on_match = on;
    p.hold_doubts = hold;
    MUST(import_new(c, &file, &(struct import_source){ 0 }, &p, &id));
    MUST(fixture_end(f, OK));
    struct arena *a = arena_new();
    c = fixture_begin(f, false, member, role);
    MUST(import_load(c, id, &imp));
    MUST(import_run_open(a, &party_shape, &imp, path, &r));
    MUST(fixture_end(f, OK));
    while (!done) {
        c = fixture_begin(f, false, member, role);
        if (!import_run_ready(r)) MUST(import_run_read(r, c));
        MUST(fixture_end(f, OK));
        c = fixture_begin(f, true, member, role);
        c->who.sees = sees;
        MUST(import_run_slice(r, c, (struct import_pace){ never, NULL }, &done));
        MUST(fixture_end(f, OK));
    }
    import_run_close(r);
    arena_free(a);
    return id;
}

static int64_t import_as(struct fixture *f, const char *path, const char *match, enum on_match on,
                         int64_t member) {
    return import_held(f, path, match, on, member, SEES_ALL, false);
}

static void expect_counts(struct fixture *f, int64_t id, int created, int changed, int skipped,
                          int refused, int twice) {
    struct import imp;
    struct ctx *c = fixture_begin(f, false, 1, ROLE_OWNER);
    MUST(import_load(c, id, &imp));
    const int64_t want[] = { created, changed, skipped, refused, twice };
    const int64_t is[] = { imp.counts.n[0], imp.counts.n[1], imp.counts.n[2], imp.counts.n[3],
                           imp.counts.twice };
    for (int i = 0; i < 5; i++)
        if (want[i] != is[i])
            fail_msg("count %d is %lld, not %lld", i, (long long)is[i], (long long)want[i]);
    MUST(fixture_end(f, OK));
}

static int64_t clients(struct fixture *f) {
    struct list_query q = { .entity = &entity_party };
    struct list_page page;
    struct ctx *c = fixture_begin(f, false, 1, ROLE_OWNER);
    MUST(list_run(c, &q, &page));
    MUST(fixture_end(f, OK));
    return page.total;
}

/* No e-mail, phone or own number in most rows. */
static const char keyless[] = "Given name,Last name,Town,Company,Tags,Notes,Birthday,Spouse,Phone\n"
                              "Ali,Karimi,Tehran,,VIP,likes tea,1980-01-02,Sara,\n"
                              "Ali,Karimi,Shiraz,,,,,,\n"
                              "Sara,Ahmadi,,Studio Chirine,,,,,\n"
                              ",,Lyon,Pressing du Port,,,,,\n"
                              "Zoe,Adams,,,,,,,+44 7400 123456\n";

static void test_second_time(bool pg) {
    struct fixture f;
    fixture_open(&f, pg);
    const char *path = write_file(&f, keyless);
    expect_counts(&f, import_as(&f, path, NULL, ON_MATCH_SKIP, 1), 5, 0, 0, 0, 0);
    int64_t n = clients(&f);
    assert_int_equal(n, 6); /* and the studio */
    for (int on = 0; on < ON_MATCH_N; on++) {
        int64_t id = import_as(&f, path, NULL, (enum on_match)on, 1);
        expect_counts(&f, id, 0, 0, 5, 0, 0);
        assert_int_equal(clients(&f), n);
        struct import imp;
        struct ctx *c = fixture_begin(&f, false, 1, ROLE_OWNER);
        int64_t earlier;
        MUST(import_load(c, id, &imp));
        assert_int_equal(imp.batch, 0); /* not a word in the history */
        MUST(import_earlier(c, &imp, &earlier));
        assert_int_equal(earlier, id - 1);
        MUST(fixture_end(&f, OK));
    }
    /* with no way to know anybody, every row is a new client */
    expect_counts(&f, import_as(&f, path, "", ON_MATCH_SKIP, 1), 5, 0, 0, 0, 0);
    fixture_close(&f);
}

/* What differs in one given value is somebody else. */
static void test_not_the_same(bool pg) {
    static const struct {
        const char *row;
        int created;
    } rows[] = {
        { "Ali,Karimi,Tehran,,VIP,likes tea,1980-01-02,Sara,", 0 },
        { "Ali,Karimi,Tehran,,,,,,", 0 }, /* says less, and nothing else */
        { "ALI,Karimi,Tehran,,VIP,likes tea,1980-01-02,Sara,", 1 },
        { "Ali,Karimi,Qom,,VIP,likes tea,1980-01-02,Sara,", 1 },
        { "Ali,Karimi,Tehran,,VIP,likes tea,1981-01-02,Sara,", 1 },
        { "Ali,Karimi,Tehran,,VIP,likes tea,1980-01-02,Maryam,", 1 },
        { "Ali,Karimi,Tehran,,VIP,likes coffee,1980-01-02,Sara,", 1 },
        { "Ali,Karimi,Tehran,Studio,VIP,likes tea,1980-01-02,Sara,", 1 },
        { "Ali,Karimi,Tehran,,VIP,likes tea,1980-01-02,Sara,+98 912 345 6789", 1 },
    };
    for (int i = 0; i < COUNT(rows); i++) {
        struct fixture f;
        char text[400];
        fixture_open(&f, pg);
        (void)import_as(&f, write_file(&f, keyless), NULL, ON_MATCH_SKIP, 1);
        snprintf(text, sizeof text,
                 "Given name,Last name,Town,Company,Tags,Notes,Birthday,Spouse,Phone\n%s\n",
                 rows[i].row);
        expect_counts(&f, import_as(&f, write_file(&f, text), NULL, ON_MATCH_SKIP, 1),
                      rows[i].created, 0, !rows[i].created, 0, 0);
        fixture_close(&f);
    }
}

static const char doubled[] = "Name,Town\nAli Karimi,Tehran\nSara Ahmadi,Qom\nAli Karimi,Tehran\n"
                              "Ali Karimi,Shiraz\nAli Karimi,Tehran\n";

static void test_twice_in_a_file(bool pg) {
    struct fixture f;
    struct import_plan p;
    fixture_open(&f, pg);
    const char *path = write_file(&f, doubled);
    struct ctx *c = fixture_begin(&f, false, 1, ROLE_OWNER);
    MUST(import_look(c, &party_shape, path, NO_STR, 0, HEADER_GUESS, &p));
    struct import imp = { .plan = p };
    struct import_run *r;
    bool done = false;
    struct arena *a = arena_new();
    MUST(import_try_open(a, &party_shape, &imp, path, 100, 1000, &r));
    MUST(import_run_read(r, c));
    MUST(fixture_end(&f, OK));
    while (!done) {
        c = fixture_begin(&f, true, 1, ROLE_OWNER);
        MUST(import_try_slice(r, c, (struct import_pace){ never, NULL }, &done));
        assert_int_equal(fixture_end(&f, INVALID), INVALID);
    }
    struct import_preview v = *import_try_result(r);
    assert_int_equal(v.counts.n[IMPORT_CREATED], 3);
    assert_int_equal(v.counts.n[IMPORT_SKIPPED], 2);
    assert_int_equal(v.counts.twice, 2);
    assert_true(v.rows.v[2].twice && v.rows.v[4].twice && !v.rows.v[3].twice);
    import_run_close(r);
    arena_free(a);
    expect_counts(&f, import_as(&f, path, NULL, ON_MATCH_SKIP, 1), 3, 0, 2, 0, 2);
    expect_counts(&f, import_as(&f, path, NULL, ON_MATCH_SKIP, 1), 0, 0, 5, 0, 0);
    fixture_close(&f);
}

/* Of somebody else's client nothing is told, and it is not doubled. */
static void test_of_somebody_else(bool pg) {
    struct fixture f;
    fixture_open(&f, pg);
    const char *path = write_file(&f, "First name,Last name,Town\nAli,Karimi,Tehran\n");
    (void)import_as(&f, path, NULL, ON_MATCH_SKIP, 1);
    struct ctx *c = fixture_begin(&f, true, 1, ROLE_OWNER);
    struct list_query q = { .entity = &entity_party };
    struct list_page page;
    struct party p;
    MUST(list_run(c, &q, &page));
    MUST(store_load(c, &entity_party, page.ids[0], &p));
    p.responsible = 2;
    MUST(store_save(c, &entity_party, &p));
    MUST(fixture_end(&f, OK));
    c = fixture_begin(&f, true, 3, ROLE_MEMBER);
    c->who.sees = SEES_OWN;
    struct import_plan plan;
    MUST(import_look(c, &party_shape, path, NO_STR, 0, HEADER_GUESS, &plan));
    struct import imp = { .plan = plan };
    struct import_run *r;
    bool done;
    struct arena *a = arena_new();
    MUST(import_try_open(a, &party_shape, &imp, path, 100, 1000, &r));
    MUST(import_run_read(r, c));
    MUST(import_try_slice(r, c, (struct import_pace){ never, NULL }, &done));
    assert_int_equal(import_try_result(r)->counts.n[IMPORT_REFUSED], 1);
    assert_int_equal(import_try_result(r)->rows.v[0].title.n, 0);
    assert_int_equal(c->who.sees, SEES_OWN);
    assert_int_equal(fixture_end(&f, INVALID), INVALID);
    import_run_close(r);
    arena_free(a);
    fixture_close(&f);
}

/* --- refused rows --- */

static const char faulty[] = "First name,Last name,Birthday,E-mail,Category\n"
                             "Ali,Karimi,1980-01-02,ali@example.org,\n"
                             "Sara,Ahmadi,1980-02-31,not an address,\n"
                             ",,1999-01-01,,\n"
                             "Zoe,Adams,1990-13-01,zoe@example.org,\n";

static struct import_refused_row one(struct fixture *f, struct ctx *c, int64_t id, int64_t line) {
    struct import imp;
    struct import_refused_row row;
    (void)f;
    MUST(import_load(c, id, &imp));
    MUST(import_refused_one(c, &imp, line, &row));
    return row;
}

static enum import_outcome again(struct fixture *f, int64_t id, int64_t line, int column,
                                 const char *cell) {
    struct import imp;
    enum import_outcome outcome;
    struct ctx *c = fixture_begin(f, true, 1, ROLE_OWNER);
    struct import_refused_row row = one(f, c, id, line);
    MUST(import_load(c, id, &imp));
    row.cells[column] = str_of(cell);
    MUST(import_refused_type(c, &imp, line, row.cells));
    MUST(import_refused_again(c, &party_shape, &imp, line, &outcome));
    MUST(fixture_end(f, OK));
    return outcome;
}

static void test_corrected(bool pg) {
    struct fixture f;
    struct import imp;
    struct import_refused_row *rows;
    int n;
    int64_t left;
    fixture_open(&f, pg);
    int64_t id = import_as(&f, write_file(&f, faulty), NULL, ON_MATCH_SKIP, 1);
    expect_counts(&f, id, 1, 0, 0, 3, 0);
    struct ctx *c = fixture_begin(&f, false, 1, ROLE_OWNER);
    MUST(import_load(c, id, &imp));
    MUST(import_refused_list(c, &imp, 0, 2, &rows, &n, &left));
    assert_int_equal(n, 2);
    assert_int_equal(left, 3);
    EQ(rows[0].cells[1], "Ahmadi");
    assert_true(rows[0].cell_problems[2].n > 0 && rows[0].cell_problems[3].n > 0);
    assert_int_equal(rows[0].cell_problems[1].n, 0);
    assert_int_equal(rows[1].problems.n, 1); /* no name: stands at no cell of the file */
    MUST(import_refused_list(c, &imp, rows[1].line, 2, &rows, &n, &left));
    assert_int_equal(n, 1);
    assert_int_equal(left, 1);
    MUST(fixture_end(&f, OK));
    assert_int_equal(again(&f, id, 3, 2, "1980-02-28"), IMPORT_REFUSED);
    c = fixture_begin(&f, false, 1, ROLE_OWNER);
    struct import_refused_row row = one(&f, c, id, 3);
    EQ(row.cells[2], "1980-02-28"); /* what was typed stays */
    assert_int_equal(row.cell_problems[2].n, 0);
    assert_true(row.cell_problems[3].n > 0 && row.typed);
    MUST(fixture_end(&f, OK));
    assert_int_equal(again(&f, id, 3, 3, "sara@example.org"), IMPORT_CREATED);
    assert_int_equal(again(&f, id, 5, 3, "ali@example.org"), IMPORT_REFUSED);
    assert_int_equal(again(&f, id, 5, 2, "1990-12-01"), IMPORT_SKIPPED); /* Ali is here */
    expect_counts(&f, id, 2, 0, 1, 1, 0);
    assert_int_equal(clients(&f), 2);
    c = fixture_begin(&f, true, 1, ROLE_OWNER);
    MUST(import_load(c, id, &imp));
    assert_int_equal(import_refused_one(c, &imp, 3, &row), MISSING);
    struct buf csv = { .arena = c->arena };
    int64_t after = -1;
    bool more;
    MUST(import_refused_csv(c, id, ';', &after, 100, &csv, &more));
    assert_true(str_find(buf_str(&csv), S("Ahmadi")) < 0); /* off every list */
    struct obstacles ob;
    MUST(history_undo_batch(c, imp.batch, &ob)); /* one batch, the corrected row too */
    MUST(fixture_end(&f, OK));
    assert_int_equal(clients(&f), 0);
    fixture_close(&f);
}

/* Where nothing came in, the first corrected row begins the import's batch. */
static void test_corrected_from_nothing(bool pg) {
    struct fixture f;
    struct import imp;
    fixture_open(&f, pg);
    int64_t id = import_as(&f, write_file(&f, "First name,Birthday\n'=Ali,x\nZoe,y\n"), NULL,
                           ON_MATCH_SKIP, 1);
    expect_counts(&f, id, 0, 0, 0, 2, 0);
    assert_int_equal(again(&f, id, 2, 1, "1980-01-01"), IMPORT_CREATED);
    assert_int_equal(again(&f, id, 3, 1, ""), IMPORT_CREATED);
    expect_counts(&f, id, 2, 0, 0, 0, 0);
    struct ctx *c = fixture_begin(&f, true, 1, ROLE_OWNER);
    struct list_query q = { .entity = &entity_party, .sort = S("id") };
    struct list_page page;
    struct party p;
    MUST(import_load(c, id, &imp));
    assert_true(imp.batch > 0);
    MUST(list_run(c, &q, &page));
    MUST(store_load(c, &entity_party, page.ids[0], &p));
    EQ(p.given_name, "=Ali"); /* as the file meant it */
    struct obstacles ob;
    MUST(history_undo_batch(c, imp.batch, &ob));
    MUST(list_run(c, &q, &page));
    assert_int_equal(page.total, 0);
    MUST(fixture_end(&f, OK));
    fixture_close(&f);
}

/* --- probably somebody who is there --- */

static const char there[] = "First name,Last name,Mobile,Birthday\n"
                            "Mohammad,Karimi,+98 912 345 6789,1983-10-07\n"
                            "Zoe,Adams,+44 7400 123456,1990-01-02\n";
/* One written otherwise, with another phone; a stranger; one told by his phone. */
static const char coming[] = "First name,Last name,Mobile,Birthday\n"
                             "محمد,کریمی,+98 935 111 2233,1983-10-07\n"
                             "Jean,Dupont,+33 6 12 34 56 78,1971-05-06\n"
                             "Zo,Adams,+44 7400 123456,\n"
                             "Mohamad,Karimi,+98 935 111 2244,1983-10-07\n";

static void expect_doubts(struct fixture *f, int64_t id, int64_t n) {
    struct import imp;
    struct ctx *c = fixture_begin(f, false, 1, ROLE_OWNER);
    MUST(import_load(c, id, &imp));
    assert_int_equal(imp.counts.doubts, n);
    MUST(fixture_end(f, OK));
}

/* What a trial says of `path`; hold: as the run would refuse them. */
static void try_doubts(struct fixture *f, const char *path, bool hold, struct import_preview *v,
                       struct arena *a) {
    struct import_plan p;
    struct import_run *r;
    bool done = false;
    struct ctx *c = fixture_begin(f, true, 1, ROLE_OWNER);
    MUST(import_look(c, &party_shape, path, NO_STR, 0, HEADER_GUESS, &p));
    p.hold_doubts = hold;
    struct import imp = { .plan = p };
    MUST(import_try_open(a, &party_shape, &imp, path, 100, 1000, &r));
    MUST(import_run_read(r, c));
    MUST(import_try_slice(r, c, (struct import_pace){ never, NULL }, &done));
    assert_true(done);
    assert_int_equal(fixture_end(f, INVALID), INVALID);
    *v = *import_try_result(r);
    import_run_close(r);
}

static bool says(struct str text, const char *words) {
    return str_find(text, str_of(words)) >= 0;
}

static void test_doubts_tried(bool pg) {
    struct fixture f;
    struct import_preview v;
    struct arena *a = arena_new();
    fixture_open(&f, pg);
    (void)import_as(&f, write_file(&f, there), NULL, ON_MATCH_SKIP, 1);
    const char *path = write_file(&f, coming);
    try_doubts(&f, path, false, &v, a);
    assert_int_equal(v.counts.n[IMPORT_CREATED], 3);
    assert_int_equal(v.counts.n[IMPORT_SKIPPED], 1);
    assert_int_equal(v.counts.doubts, 2);
    assert_int_equal(v.compared, 4);
    assert_true(v.rows.v[0].doubt && !v.rows.v[1].doubt && !v.rows.v[2].doubt);
    assert_true(v.rows.v[3].doubt == v.rows.v[0].doubt);
    assert_true(says(v.rows.v[0].doubt_words, "Mohammad Karimi"));
    assert_true(says(v.rows.v[0].doubt_words, "same birth date"));
    try_doubts(&f, path, true, &v, a);
    assert_int_equal(v.counts.n[IMPORT_CREATED], 1);
    assert_int_equal(v.counts.n[IMPORT_REFUSED], 2);
    assert_int_equal(v.counts.doubts, 2);
    assert_true(says(v.rows.v[0].problems.v[0], "Mohammad Karimi"));
    assert_int_equal(clients(&f), 2); /* a trial leaves nothing */
    /* standard: all come in, and the look at all that follows lists them */
    int64_t id = import_as(&f, path, NULL, ON_MATCH_SKIP, 1);
    expect_counts(&f, id, 3, 0, 1, 0, 0);
    expect_doubts(&f, id, 0);
    arena_free(a);
    fixture_close(&f);
}

static void test_doubts_held(bool pg) {
    struct fixture f;
    struct import imp;
    bool more;
    int64_t after = -1;
    fixture_open(&f, pg);
    (void)import_as(&f, write_file(&f, there), NULL, ON_MATCH_SKIP, 1);
    const char *path = write_file(&f, coming);
    int64_t id = import_held(&f, path, NULL, ON_MATCH_SKIP, 1, SEES_ALL, true);
    expect_counts(&f, id, 1, 0, 1, 2, 0);
    expect_doubts(&f, id, 2);
    struct ctx *c = fixture_begin(&f, false, 1, ROLE_OWNER);
    struct import_refused_row row = one(&f, c, id, 2);
    struct buf csv = { .arena = c->arena };
    assert_true(row.doubt > 0);
    assert_int_equal(row.problems.n, 1);
    assert_true(says(row.problems.v[0], "Mohammad Karimi"));
    MUST(import_refused_csv(c, id, ',', &after, 10, &csv, &more));
    assert_true(says(buf_str(&csv), "May be"));
    assert_true(says(buf_str(&csv), "same birth date"));
    MUST(import_load(c, id, &imp));
    assert_true(imp.plan.hold_doubts); /* remembered with the plan: it may go on after a kill */
    MUST(fixture_end(&f, OK));
    /* somebody looked at it and wants it in; the other one stays */
    assert_int_equal(again(&f, id, 2, 0, "محمد"), IMPORT_CREATED);
    expect_counts(&f, id, 2, 0, 1, 1, 0);
    expect_doubts(&f, id, 1);
    assert_int_equal(clients(&f), 4);
    fixture_close(&f);
}

/* Who sees only his own clients learns nothing of those of others. */
static void test_doubts_of_others(bool pg) {
    struct fixture f;
    fixture_open(&f, pg);
    (void)import_as(&f, write_file(&f, there), NULL, ON_MATCH_SKIP, 1);
    const char *path = write_file(&f, "First name,Last name,Mobile,Birthday\n"
                                      "محمد,کریمی,+98 935 111 2233,1983-10-07\n");
    int64_t id = import_held(&f, path, NULL, ON_MATCH_SKIP, 3, SEES_OWN, true);
    expect_counts(&f, id, 1, 0, 0, 0, 0);
    expect_doubts(&f, id, 0);
    fixture_close(&f);
}

/* --- remembered --- */

static void test_remembered(bool pg) {
    static const char *const files[] = { "Nom;Truc;Ville\nA;B;C\n",
                                         "Nom;Truc;Ville\nX;Y;Z\nQ;R;S\n",
                                         "nom;TRUC;ville\nX;Y;Z\n", "Truc;Nom;Ville\nX;Y;Z\n",
                                         "Nom;Truc\nX;Y\n" };
    struct fixture f;
    struct import_plan p, chosen;
    struct import_memory last;
    fixture_open(&f, pg);
    struct ctx *c = fixture_begin(&f, true, 1, ROLE_OWNER);
    MUST(import_look(c, &party_shape, write_file(&f, files[0]), NO_STR, 0, HEADER_GUESS, &p));
    MUST(import_mapping_find(c, &p, &last, &chosen));
    assert_int_equal(last.at, 0);
    p.v[1].to = S("nickname");
    p.v[2].left_out = true;
    p.v[2].to = S("");
    p.match = S("own_id");
    p.on_match = ON_MATCH_FILL;
    p.keep_rest = false;
    MUST(import_mapping_keep(c, &p));
    MUST(import_mapping_keep(c, &p)); /* again: the same row */
    MUST(fixture_end(&f, OK));
    for (int i = 1; i < COUNT(files); i++) {
        c = fixture_begin(&f, false, 3, ROLE_MEMBER); /* of the firm, not of one person */
        MUST(import_look(c, &party_shape, write_file(&f, files[i]), NO_STR, 0, HEADER_GUESS, &p));
        MUST(import_mapping_find(c, &p, &last, &chosen));
        assert_int_equal(last.at != 0, i < 3);
        if (last.at) {
            import_plan_keep_choices(&p, &chosen);
            EQ(p.v[1].to, "nickname");
            EQ(p.match, "own_id");
            assert_true(p.v[2].left_out && !p.keep_rest && p.on_match == ON_MATCH_FILL);
        }
        MUST(fixture_end(&f, OK));
    }
    c = fixture_begin(&f, true, 1, ROLE_OWNER);
    MUST(import_look(c, &party_shape, write_file(&f, files[1]), NO_STR, 0, HEADER_GUESS, &p));
    MUST(import_mapping_forget(c, &p));
    MUST(import_mapping_find(c, &p, &last, &chosen));
    assert_int_equal(last.at, 0);
    MUST(fixture_end(&f, OK));
    fixture_close(&f);
}

/* --- what has no place --- */

static void test_rest(bool pg) {
    struct fixture f;
    fixture_open(&f, pg);
    const char *path = write_file(&f, "Name,E-mail,Song,Shoe size,Notes\n"
                                      "Ali Karimi,ali@example.org,Sara,43,likes tea\n");
    (void)import_as(&f, path, NULL, ON_MATCH_SKIP, 1);
    struct ctx *c = fixture_begin(&f, false, 1, ROLE_OWNER);
    struct party p;
    int64_t id;
    MUST(party_by_email(c, S("ali@example.org"), &id));
    MUST(store_load(c, &entity_party, id, &p));
    EQ(p.notes_private, "likes tea\nSong: Sara\nShoe size: 43");
    MUST(fixture_end(&f, OK));
    path = write_file(&f, "Name,E-mail,Song,Dog\nAli Karimi,ali@example.org,Sara,Rex\n");
    expect_counts(&f, import_as(&f, path, NULL, ON_MATCH_FILL, 1), 0, 1, 0, 0, 0);
    expect_counts(&f, import_as(&f, path, NULL, ON_MATCH_FILL, 1), 0, 0, 1, 0, 0);
    c = fixture_begin(&f, false, 1, ROLE_OWNER);
    MUST(store_load(c, &entity_party, id, &p));
    EQ(p.notes_private, "likes tea\nSong: Sara\nShoe size: 43\nDog: Rex");
    MUST(fixture_end(&f, OK));
    fixture_close(&f);
}

BOTH(test_second_time)
BOTH(test_not_the_same)
BOTH(test_twice_in_a_file)
BOTH(test_of_somebody_else)
BOTH(test_corrected)
BOTH(test_corrected_from_nothing)
BOTH(test_doubts_tried)
BOTH(test_doubts_held)
BOTH(test_doubts_of_others)
BOTH(test_remembered)
BOTH(test_rest)
#define BOTH_TESTS(name) cmocka_unit_test(name##_lite), cmocka_unit_test(name##_pg)

int main(void) {
    const struct CMUnitTest tests[] = {
        BOTH_TESTS(test_second_time),
        BOTH_TESTS(test_not_the_same),
        BOTH_TESTS(test_twice_in_a_file),
        BOTH_TESTS(test_of_somebody_else),
        BOTH_TESTS(test_corrected),
        BOTH_TESTS(test_corrected_from_nothing),
        BOTH_TESTS(test_doubts_tried),
        BOTH_TESTS(test_doubts_held),
        BOTH_TESTS(test_doubts_of_others),
        BOTH_TESTS(test_remembered),
        BOTH_TESTS(test_rest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
