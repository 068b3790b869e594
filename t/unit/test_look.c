/* Looking into the journal: runs, filters, bulk reads, pages, damage and anchors; and how long a
 * year of two million lines takes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include "core/web/journal.h"
#include "core/web/journal_look.h"
#include "core/entity/entity.h"
#include "lib/base/clock.h"
#include "features/party/party.h"
#include "visitor.h"

#define MINUTE 60000LL
#define NOON   1774087200000LL

static struct place place_of(bool pg) {
    struct place p = { .config = { .now_ms = NOON } };
    place_open(&p, pg);
    place_set_up(&p);
    return p;
}
static const char *folder_of(struct place *p) {
    return app_path(p->app, p->arena, "journal");
}
static void begin(struct place *p) {
    assert_int_equal(journal_open(&p->app->journal, folder_of(p)), OK);
}
static void end(struct place *p) {
    journal_close(p->app->journal);
    p->app->journal = NULL;
}
static struct ctx at(int64_t ms, int64_t member, enum door door) {
    return (struct ctx){ .now_ms = ms, .who = { .id = member }, .door = door };
}
static void open_one(struct place *p, int64_t ms, int64_t member, int64_t id) {
    struct ctx c = at(ms, member, DOOR_WEB);
    journal_read(p->app, &c, "party", &id, 1);
}

#define ANY .member = -1, .door = -1

static struct look_runs runs_of(struct place *p, struct look_query q) {
    struct journal_look *l;
    struct look_runs out;
    assert_int_equal(journal_look_open(p->arena, folder_of(p), &l), OK);
    assert_int_equal(journal_look_runs(p->arena, l, &q, &out), OK);
    journal_look_close(l);
    return out;
}

/* Two members at work at once, a pause, a list, an export, another door. */
static void write_day(struct place *p) {
    begin(p);
    for (int i = 0; i < 10; i++) {
        open_one(p, NOON + i * MINUTE, 1, 100 + i % 8);
        open_one(p, NOON + i * MINUTE, 2, 200 + i);
    }
    open_one(p, NOON + 40 * MINUTE, 1, 100);
    struct ctx c = at(NOON + 41 * MINUTE, 3, DOOR_WEB);
    int64_t ids[50];
    for (int i = 0; i < 50; i++) ids[i] = 300 + i;
    journal_listed(p->app, &c, "party", ids, 50);
    c = at(NOON + 42 * MINUTE, 3, DOOR_WEB);
    journal_left(p->app, &c, "party", ids, 50);
    journal_export(p->app, &c, "party", 50);
    c = at(NOON + 43 * MINUTE, 3, DOOR_API);
    journal_read(p->app, &c, "party", ids, 1);
    end(p);
}

static void run_is(const struct look_run *r, int64_t member, enum look_kind kind, int64_t lines,
                   int64_t n, int64_t first_min, int64_t last_min) {
    assert_int_equal(r->member, member);
    assert_int_equal(r->kind, kind);
    assert_int_equal(r->lines_n, lines);
    assert_int_equal(r->n, n);
    assert_int_equal(r->first_ms, NOON + first_min * MINUTE);
    assert_int_equal(r->last_ms, NOON + last_min * MINUTE);
    assert_false(r->wrong);
}

static void test_runs(void **state) {
    (void)state;
    struct place p = place_of(false);
    assert_int_equal(runs_of(&p, (struct look_query){ ANY }).n, 0);
    write_day(&p);
    struct look_runs r = runs_of(&p, (struct look_query){ ANY });
    assert_int_equal(r.n, 6);
    run_is(&r.v[0], 3, LOOK_OPENED, 1, 1, 43, 43);
    assert_int_equal(r.v[0].door, DOOR_API);
    run_is(&r.v[1], 3, LOOK_EXPORT, 51, 50, 42, 42);
    run_is(&r.v[2], 3, LOOK_LISTED, 50, 50, 41, 41);
    run_is(&r.v[3], 1, LOOK_OPENED, 1, 1, 40, 40);
    run_is(&r.v[4], 2, LOOK_OPENED, 10, 10, 0, 9);
    run_is(&r.v[5], 1, LOOK_OPENED, 10, 8, 0, 9);
    assert_int_equal(r.v[4].ids_n, LOOK_IDS_N);
    assert_int_equal(r.v[4].ids[0], 209);
    assert_true(str_eq_z(r.v[0].what, "party"));
    /* filters */
    assert_int_equal(runs_of(&p, (struct look_query){ .member = 1, .door = -1 }).n, 2);
    r = runs_of(&p, (struct look_query){ ANY, .id = 300 });
    assert_int_equal(r.n, 3);
    run_is(&r.v[1], 3, LOOK_EXPORT, 1, 1, 42, 42);
    assert_int_equal(runs_of(&p, (struct look_query){ ANY, .id = 50 }).n, 0);
    /* and his files */
    begin(&p);
    struct ctx c = at(NOON + 60 * MINUTE, 2, DOOR_WEB);
    int64_t files[] = { 300, 7 };
    journal_read(p.app, &c, "attachment", files, 2);
    end(&p);
    assert_int_equal(runs_of(&p, (struct look_query){ ANY, .id = 300 }).n, 3);
    r = runs_of(&p, (struct look_query){ ANY, .id = 300, .files = &files[1], .files_n = 1 });
    assert_int_equal(r.n, 4);
    assert_true(str_eq_z(r.v[0].what, "attachment"));
    assert_int_equal(r.v[0].lines_n, 1);
    assert_int_equal(runs_of(&p, (struct look_query){ .member = -1, .door = DOOR_API }).n, 1);
    assert_int_equal(runs_of(&p, (struct look_query){ ANY, .kinds = 1 << LOOK_EXPORT }).n, 1);
    assert_int_equal(runs_of(&p, (struct look_query){ ANY, .from_ms = NOON + 41 * MINUTE }).n, 4);
    assert_int_equal(runs_of(&p, (struct look_query){ ANY, .until_ms = NOON + MINUTE }).n, 2);
    assert_int_equal(runs_of(&p, (struct look_query){ ANY, .bulk = true }).n, 0);
    /* page by page: no line twice, none left out */
    struct look_query q = { ANY, .apart = true, .limit = 7 };
    int lines = 0;
    do {
        r = runs_of(&p, q);
        lines += r.n;
        assert_true(r.n > 0);
        q.before = r.next;
    } while (r.next);
    assert_int_equal(lines, 20 + 1 + 50 + 51 + 1 + 2);
    place_close(&p);
}

/* Forty clients in ten minutes are work, forty-one are not; and slowly they are. */
static void test_bulk(void **state) {
    (void)state;
    struct place p = place_of(false);
    begin(&p);
    for (int i = 0; i < 40; i++) open_one(&p, NOON + i * 1000, 1, 1 + i);
    for (int i = 0; i < 300; i++) open_one(&p, NOON + 20 * MINUTE + i * 1000, 2, 1 + i % 40);
    for (int i = 0; i < 45; i++) open_one(&p, NOON + 40 * MINUTE + i * 20 * 1000, 3, 1 + i);
    end(&p);
    assert_int_equal(runs_of(&p, (struct look_query){ ANY, .bulk = true }).n, 0);
    begin(&p);
    open_one(&p, NOON + 70 * MINUTE, 4, 1);
    for (int i = 0; i < 20; i++) open_one(&p, NOON + 72 * MINUTE + i, 4, 100 + i);
    end(&p);
    assert_int_equal(runs_of(&p, (struct look_query){ ANY, .bulk = true }).n, 0);
    begin(&p); /* the window goes on over two looks into the index */
    for (int i = 0; i < 25; i++) open_one(&p, NOON + 75 * MINUTE + i, 4, 200 + i);
    end(&p);
    struct look_runs r = runs_of(&p, (struct look_query){ ANY, .bulk = true });
    assert_int_equal(r.n, 1);
    assert_int_equal(r.v[0].member, 4);
    assert_int_equal(r.v[0].n, 46);
    /* an index made in one go says the same as one that grew */
    DIR *d = opendir(folder_of(&p));
    for (struct dirent *e; (e = readdir(d));)
        if (str_ends(str_of(e->d_name), S(".idx")))
            assert_int_equal(unlink(str_printf(p.arena, "%s/%s", folder_of(&p), e->d_name).p), 0);
    closedir(d);
    r = runs_of(&p, (struct look_query){ ANY, .bulk = true });
    assert_int_equal(r.n, 1);
    assert_int_equal(r.v[0].n, 46);
    place_close(&p);
}

static struct look_fault fault_of(struct place *p) {
    struct journal_look *l;
    struct look_fault f;
    assert_int_equal(journal_look_open(p->arena, folder_of(p), &l), OK);
    journal_look_fault(l, &f);
    journal_look_close(l);
    return f;
}

static struct str log_path(struct place *p) {
    DIR *d = opendir(folder_of(p));
    struct str path = NO_STR;
    for (struct dirent *e; (e = readdir(d));)
        if (str_ends(str_of(e->d_name), S(".log")))
            path = str_printf(p->arena, "%s/%s", folder_of(p), e->d_name);
    closedir(d);
    assert_true(path.n > 0);
    return path;
}

/* A changed byte: before the index was made its place is told; after, what is shown is marked. */
static void test_damage(void **state) {
    (void)state;
    struct place p = place_of(false);
    write_day(&p);
    int fd = open(log_path(&p).p, O_RDWR);
    char was;
    off_t end_n = lseek(fd, 0, SEEK_END);
    assert_int_equal(runs_of(&p, (struct look_query){ ANY }).n, 6);
    assert_int_equal(fault_of(&p).file.n, 0);
    int marked = 0;
    for (off_t k = 0; k < end_n; k += 1) { /* line by line: the member's number becomes another */
        char tail[32];
        assert_true(pread(fd, tail, sizeof tail, k) > 0);
        if (k && tail[0] != '\n') continue;
        off_t place = k + (k ? 26 : 25);
        if (place >= end_n) break;
        assert_int_equal(pread(fd, &was, 1, place), 1);
        assert_int_equal(pwrite(fd, "9", 1, place), 1);
        struct look_runs r = runs_of(&p, (struct look_query){ ANY, .apart = true, .limit = 500 });
        int wrong = 0;
        for (int i = 0; i < r.n; i++) wrong += r.v[i].wrong;
        assert_int_equal(wrong, 1);
        assert_int_equal(pwrite(fd, &was, 1, place), 1);
        if (++marked == 12) break;
    }
    assert_int_equal(marked, 12);
    /* the third line changed, the index made anew */
    assert_int_equal(pread(fd, &was, 1, 300), 1);
    assert_int_equal(pwrite(fd, was == 'a' ? "b" : "a", 1, 300), 1);
    struct str idx = log_path(&p);
    idx = str_printf(p.arena, "%.*sidx", (int)idx.n - 3, idx.p);
    assert_int_equal(unlink(idx.p), 0);
    struct look_fault f = fault_of(&p);
    assert_true(f.file.n > 0);
    assert_int_equal(f.line, 3);
    close(fd);
    place_close(&p);
}

static enum status check_anchor(struct ctx *c, void *arg) {
    void **v = arg;
    return journal_anchor_check(c, folder_of(v[0]), v[1]);
}

static struct look_fault anchor_fault(struct place *p) {
    struct look_fault f;
    void *v[] = { p, &f };
    place_write(p, OK, check_anchor, v);
    return f;
}

/* A tail that is cut off is not seen by the chain, but by the anchor; it stays seen, and a tail
 * that grows does not hide it. */
static void anchors(bool pg) {
    struct place p = place_of(pg);
    write_day(&p);
    assert_int_equal(journal_anchor(p.app, p.arena), OK);
    assert_int_equal(anchor_fault(&p).file.n, 0);
    int fd = open(log_path(&p).p, O_RDWR);
    off_t n = lseek(fd, 0, SEEK_END);
    char c = 0;
    while (n > 1 && (pread(fd, &c, 1, n - 2) != 1 || c != '\n')) n--;
    assert_int_equal(ftruncate(fd, n - 1), 0);
    close(fd);
    assert_int_equal(fault_of(&p).file.n, 0); /* the chain alone says nothing */
    assert_true(anchor_fault(&p).file.n > 0);
    p.app->config.now_ms += 5 * MINUTE;
    write_day(&p);
    assert_int_equal(journal_anchor(p.app, p.arena), OK);
    assert_true(anchor_fault(&p).file.n > 0);
    assert_int_equal(unlink(log_path(&p).p), 0); /* the whole file */
    assert_true(anchor_fault(&p).file.n > 0);
    place_close(&p);
}
static void test_anchors(void **state) {
    (void)state;
    anchors(false);
}
static void test_anchors_pg(void **state) {
    (void)state;
    if (!getenv("DAFTAR_TEST_PG")) skip();
    anchors(true);
}

static enum status make_clients(struct ctx *c, void *arg) {
    int64_t *first = arg;
    for (int i = 0; i < 60; i++) {
        struct party *p = row_new(c, &entity_party);
        p->display_name = str_printf(c->arena, "Client %02d", i);
        p->kind = S("organisation");
        TRY(store_save(c, &entity_party, p));
        if (i == 0) *first = p->row.id;
    }
    return OK;
}

static void says(struct visitor *v, const char *target, const char *text) {
    struct answer_seen a = visit(v, HTTP_GET, target);
    if (a.status != 200 || !answer_says(&a, text))
        fail_msg("%s: %d, without «%s»: %.*s", target, a.status, text, SF(a.body));
}
static void says_not(struct visitor *v, const char *target, const char *text) {
    struct answer_seen a = visit(v, HTTP_GET, target);
    assert_int_equal(a.status, 200);
    if (answer_says(&a, text)) fail_msg("%s says «%s»", target, text);
}

/* What the page, its filters and its file say, on both databases; looking is noted. */
static void pages(bool pg) {
    struct place p = place_of(pg);
    int64_t first = 0;
    place_write(&p, OK, make_clients, &first);
    struct visitor owner = visitor_of(&p, 1);
    says(&owner, "/journal", "Nobody has looked yet");
    begin(&p);
    for (int i = 0; i < 50; i++) open_one(&p, NOON - 30 * MINUTE + i, 3, first + i);
    open_one(&p, NOON - 90 * MINUTE, 2, first + 7);
    struct ctx c = at(NOON - 3 * 86400000LL, 2, DOOR_API);
    journal_export(p.app, &c, "party", 1234);
    journal_event(p.app, &c, EVENT_SIGN_IN_REFUSED, 2, S("192.0.2.7"));
    end(&p);
    begin(&p);
    says(&owner, "/journal", "50 clients");
    says(&owner, "/journal", "mark bad");
    says(&owner, "/journal", "1,234 clients");
    says(&owner, "/journal?show=bulk", "more than 40 different clients");
    says_not(&owner, "/journal?show=bulk", "1,234 clients");
    says(&owner, "/journal?show=exports", "1,234 clients");
    says_not(&owner, "/journal?show=exports", "50 clients");
    says(&owner, "/journal?show=doors", "192.0.2.7");
    says(&owner, "/journal?by=2", "Client 07");
    says_not(&owner, "/journal?by=2&days=1", "1,234 clients");
    says(&owner, "/journal?until=18%20March%202026", "1,234 clients");
    says_not(&owner, "/journal?until=17%20March%202026", "1,234 clients");
    says(&owner, "/journal?until=32%20March", "problem-text");
    says(&owner, "/journal?name=Client%2008", "Client 08");
    says(&owner, "/journal?name=Client", "Which client?");
    says(&owner, "/journal?name=Nobodyatall", "No client is found");
    const char *him = str_printf(p.arena, "/journal?client=%lld", (long long)first + 7).p;
    struct answer_seen a = visit(&owner, HTTP_GET, him);
    assert_int_equal(a.status, 200);
    a = visit(&owner, HTTP_GET, "/journal.csv?by=2");
    assert_int_equal(a.status, 200);
    end(&p); /* what was looked at is on the disk */
    struct look_runs r = runs_of(&p, (struct look_query){ .member = 1, .door = -1, .apart = true });
    assert_int_equal(r.n, 18);
    for (int i = 0; i < r.n; i++) assert_true(str_eq_z(r.v[i].what, "journal"));
    assert_int_equal(visit(&owner, HTTP_GET, "/journal?by=x").status, 400);
    assert_int_equal(visit(&owner, HTTP_GET, "/journal?show=x").status, 400);
    a = visit_form(&owner, "/journal/check", "csrf={csrf}");
    assert_int_equal(a.status, 303);
    /* damage is told with its place, a cut tail with its file */
    int fd = open(log_path(&p).p, O_RDWR);
    assert_int_equal(pwrite(fd, "7", 1, 25), 1);
    assert_int_equal(visit_form(&owner, "/journal/check", "csrf={csrf}").status, 303);
    says(&owner, "/journal", "does not follow from the one before it");
    close(fd);
    place_close(&p);
}
static void test_pages(void **state) {
    (void)state;
    pages(false);
}
static void test_pages_pg(void **state) {
    (void)state;
    if (!getenv("DAFTAR_TEST_PG")) skip();
    pages(true);
}

/* Several months and files: LOOK_LINES (20,000; 2,000,000 measures a year). */
static void test_much(void **state) {
    (void)state;
    struct place p = place_of(false);
    const char *asked = getenv("LOOK_LINES");
    int64_t n = 20000, year = 365 * 86400000LL;
    if (asked) assert_true(str_to_i64(str_of(asked), &n));
    begin(&p);
    struct dice dice = { 1 };
    for (int64_t i = 0; i < n; i++)
        open_one(&p, clock_now_ms() + i * (year / n), 1 + dice_below(&dice, 12),
                 1 + dice_below(&dice, 100000));
    end(&p);
    struct look_query all[] = { { ANY },
                                { .member = 5, .door = -1 },
                                { ANY, .id = 4711 },
                                { ANY, .bulk = true },
                                { ANY, .kinds = 1 << LOOK_EXPORT },
                                { ANY, .until_ms = clock_now_ms() + year / 3 } };
    int64_t began = clock_mono_us();
    struct look_runs r = runs_of(&p, all[0]);
    print_message("%lld lines: index made in %lld ms\n", (long long)n,
                  (long long)(clock_mono_us() - began) / 1000);
    for (int i = 0; i < COUNT(all); i++) {
        began = clock_mono_us();
        r = runs_of(&p, all[i]);
        int64_t took = clock_mono_us() - began;
        print_message("question %d: %d runs in %lld us\n", i, r.n, (long long)took);
        assert_true(took < 1000000);
    }
    assert_int_equal(runs_of(&p, all[0]).n, 50);
    struct journal_look *l;
    assert_int_equal(journal_look_open(p.arena, folder_of(&p), &l), OK);
    assert_int_equal(journal_look_lines(l), n);
    journal_look_close(l);
    place_close(&p);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_runs),       cmocka_unit_test(test_bulk),
        cmocka_unit_test(test_damage),     cmocka_unit_test(test_anchors),
        cmocka_unit_test(test_anchors_pg), cmocka_unit_test(test_pages),
        cmocka_unit_test(test_pages_pg),   cmocka_unit_test(test_much),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
