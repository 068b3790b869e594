/* Page checksums (trust.md 3.5 P3): flipped bits, zeroed, swapped and cut-off pages in the database
 * and in its log are found when they are read or at the next start, and no wrong value is ever
 * shown. As a control, the same flips under plain SQLite show wrong values. DAFTAR_FLIPS=20000 for
 * more. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>

#include "db_fixture.h"
#include "lib/base/random.h"
#include "lib/db/checksum.h"

SQL(sum_add, "INSERT INTO client (id, name, phone, about) VALUES (:id, :name, :phone, :about)");
SQL(sum_all, "SELECT id, name, phone, about FROM client ORDER BY id");
SQL(sum_by_phone, "SELECT id FROM client WHERE phone >= '0' ORDER BY phone");
SQL(sum_touch, "UPDATE client SET about = about || :more WHERE id % 7 = 0");

enum { CLIENTS_N = 3000, PAGE = CHECKSUM_PAGE_BYTES, FRAME = PAGE + 24 };
static const char schema[] =
    "CREATE TABLE client (id INTEGER PRIMARY KEY, name TEXT NOT NULL, phone TEXT NOT NULL, about "
    "TEXT) STRICT; CREATE INDEX client_phone ON client (phone, name);";

struct book {
    struct fixture f;
    char file[1100], log[1110];
    unsigned char *whole[2]; /* the two files as they were */
    off_t whole_n[2];
    uint64_t truth; /* over all rows */
};

static uint64_t digest(uint64_t h, struct str s) {
    for (size_t i = 0; i < s.n; i++) h = (h ^ (unsigned char)s.p[i]) * 0x100000001B3u;
    return (h ^ 0xFF) * 0x100000001B3u;
}

/* Everything that the program could show; OK only when all of it could be read. */
static enum status read_all(struct db *db, uint64_t *h) {
    struct arena *a = arena_new();
    struct rows r;
    struct tx *tx = NULL;
    enum status s = db_read(db, a, &tx);
    *h = 0;
    if (s == OK) {
        struct strs lines = { 0 };
        s = db_query(tx, &sum_all, &r);
        for (int i = 0; s == OK && i < r.n; i++) {
            *h = digest(*h, row_str(&r, i, "name"));
            *h = digest(*h, row_str(&r, i, "phone"));
            *h = digest(*h, row_str(&r, i, "about"));
        }
        if (s == OK) s = db_query(tx, &sum_by_phone, &r);
        for (int i = 0; s == OK && i < r.n; i++) *h += (uint64_t)row_int(&r, i, "id") << (i % 32);
        if (s == OK) s = db_check(tx, &lines);
        if (s == OK && lines.n) s = BROKEN;
        enum status end = db_end(tx, s);
        if (s == OK) s = end;
    }
    arena_free(a);
    return s;
}

static void slurp(struct book *b, int i, const char *path) {
    struct stat st;
    int fd = open(path, O_RDONLY);
    assert_true(fd >= 0 && fstat(fd, &st) == 0);
    b->whole[i] = malloc((size_t)st.st_size + 1);
    b->whole_n[i] = st.st_size;
    assert_int_equal(pread(fd, b->whole[i], (size_t)st.st_size, 0), st.st_size);
    close(fd);
}

static void put_back(struct book *b, int i, const char *path) {
    int fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);
    assert_true(fd >= 0);
    assert_int_equal(pwrite(fd, b->whole[i], (size_t)b->whole_n[i], 0), b->whole_n[i]);
    close(fd);
}

static void restore(struct book *b) {
    char shm[1120];
    snprintf(shm, sizeof shm, "%s-shm", b->file);
    unlink(shm);
    put_back(b, 0, b->file);
    if (b->whole_n[1])
        put_back(b, 1, b->log);
    else
        unlink(b->log);
}

static void fill(struct fixture *f) {
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz";
    struct tx *tx = NULL;
    struct dice dice = { 7 };
    assert_int_equal(db_write(f->db, f->arena, &tx), OK);
    for (int i = 1; i <= CLIENTS_N; i++) {
        char about[6000];
        int n = i % 100 ? (int)dice_below(&dice, 200) : 5500; /* some need overflow pages */
        for (int k = 0; k < n; k++) about[k] = letters[dice_below(&dice, 26)];
        assert_int_equal(
            db_run(tx, &sum_add, P("id", i), P("name", str_printf(f->arena, "Client %d", i)),
                   P("phone", str_printf(f->arena, "%u", (unsigned)dice_below(&dice, 1u << 30))),
                   P("about", ((struct str){ about, (size_t)n }))),
            OK);
    }
    assert_int_equal(db_end(tx, OK), OK);
}

static void touch(struct fixture *f, const char *more) {
    struct tx *tx = NULL;
    assert_int_equal(db_write(f->db, f->arena, &tx), OK);
    assert_int_equal(db_run(tx, &sum_touch, P("more", str_of(more))), OK);
    assert_int_equal(db_end(tx, OK), OK);
}

/* with_log: the last transactions stand in the log only, as after a crash. */
static struct book book_new(bool with_log) {
    struct book b = { .f = fixture_lite() };
    snprintf(b.file, sizeof b.file, "%s/daftar.db", b.f.where);
    snprintf(b.log, sizeof b.log, "%s-wal", b.file);
    fixture_script(&b.f, schema);
    fill(&b.f);
    db_close(b.f.db);
    if (with_log) {
        b.f.db = fixture_open(&b.f, false);
        touch(&b.f, " one");
        touch(&b.f, " two");
        touch(&b.f, " three");
        slurp(&b, 0, b.file);
        slurp(&b, 1, b.log);
        assert_int_equal(read_all(b.f.db, &b.truth), OK);
        db_close(b.f.db);
    } else {
        slurp(&b, 0, b.file);
        b.f.db = fixture_open(&b.f, false);
        assert_int_equal(read_all(b.f.db, &b.truth), OK);
        db_close(b.f.db);
    }
    b.f.db = NULL;
    return b;
}

static void book_end(struct book *b) {
    free(b->whole[0]);
    free(b->whole[1]);
    b->f.db = fixture_open(&b->f, false);
    fixture_end(&b->f);
}

/* What a person would see of the damaged book. */
enum outcome { FOUND, UNHARMED, WRONG };
static enum outcome look(struct book *b) {
    struct db *db = NULL;
    uint64_t h = 0;
    enum status s = db_open(&db, &(struct db_config){ b->f.where, false, 1, false });
    if (s == OK) s = read_all(db, &h);
    if (db) db_close(db);
    if (s != OK) return FOUND;
    return h == b->truth ? UNHARMED : WRONG;
}

static int flips_n(void) {
    const char *n = getenv("DAFTAR_FLIPS");
    return n ? (int)strtol(n, NULL, 10) : 1000;
}

static void flip(const char *path, off_t byte, int bit) {
    unsigned char c;
    int fd = open(path, O_RDWR);
    assert_true(fd >= 0);
    assert_int_equal(pread(fd, &c, 1, byte), 1);
    c ^= (unsigned char)(1 << bit);
    assert_int_equal(pwrite(fd, &c, 1, byte), 1);
    close(fd);
}

static void test_flips(void **state) {
    struct book b = book_new(false);
    struct dice dice = { 42 };
    int seen[3] = { 0 };
    (void)state;
    restore(&b);
    for (int i = 0; i < flips_n(); i++) {
        /* One in ten in page 1, whose header decides how all others are read. */
        off_t byte = (off_t)dice_below(&dice, i % 10 ? (uint64_t)b.whole_n[0] : PAGE);
        int bit = (int)dice_below(&dice, 8);
        flip(b.file, byte, bit);
        enum outcome o = look(&b);
        if (o != FOUND) print_message("byte %lld bit %d: %d\n", (long long)byte, bit, o);
        seen[o]++;
        restore(&b);
    }
    print_message("%d flips: %d found, %d wrong values, %d unnoticed\n", flips_n(), seen[FOUND],
                  seen[WRONG], seen[UNHARMED]);
    assert_int_equal(seen[FOUND], flips_n());
    book_end(&b);
}

/* Flips in the log: found, or in what the log's owner has copied already or never finished. The
 * program that reads finds them whether the log was recovered before or after. */
static void test_flips_in_log(void **state) {
    struct book b = book_new(true);
    struct dice dice = { 43 };
    int seen[3] = { 0 }, n = flips_n() / 4, last = 0;
    (void)state;
    assert_true(b.whole_n[1] > 3 * FRAME);
    /* Damage in the very last transaction cannot be told from a power cut: it is the one before
     * that counts. Where the last one begins: behind the last but one commit frame. */
    int frames = (int)((b.whole_n[1] - 32) / FRAME), commits = 0;
    for (int i = frames - 1; i >= 0 && commits < 2; i--) {
        const unsigned char *h = b.whole[1] + 32 + (off_t)i * FRAME;
        if (h[4] | h[5] | h[6] | h[7]) commits++;
        if (commits == 2) last = i + 1;
    }
    assert_true(last > 10);
    for (int i = 0; i < n; i++) {
        restore(&b);
        flip(b.log, 32 + (off_t)dice_below(&dice, (uint64_t)last * FRAME),
             (int)dice_below(&dice, 8));
        seen[look(&b)]++;
    }
    print_message("%d flips in the log: %d found, %d wrong values, %d unnoticed\n", n, seen[FOUND],
                  seen[WRONG], seen[UNHARMED]);
    assert_int_equal(seen[FOUND], n);
    restore(&b);
    book_end(&b);
}

/* While the program runs, the log was recovered long ago and nobody looks it through again: each
 * frame is compared when it is read. Each look is by a fresh connection, with nothing in its cache.
 */
static void test_flips_under_a_reader(void **state) {
    struct book b = book_new(true);
    struct dice dice = { 44 };
    int found = 0, same = 0;
    uint64_t truth = 0;
    (void)state;
    restore(&b);
    struct db *db = NULL;
    assert_int_equal(db_open(&db, &(struct db_config){ b.f.where, false, 1, true }), OK);
    for (int i = 0; i < 200; i++) {
        struct stat st;
        uint64_t h = 0;
        sqlite3 *fresh = NULL;
        sqlite3_stmt *s = NULL;
        assert_int_equal(stat(b.log, &st), 0);
        off_t byte = 32 + (off_t)dice_below(&dice, (uint64_t)(st.st_size - 32));
        int bit = (int)dice_below(&dice, 8);
        if (i) flip(b.log, byte, bit);
        assert_int_equal(sqlite3_open_v2(b.file, &fresh, SQLITE_OPEN_READWRITE, CHECKSUM_VFS),
                         SQLITE_OK);
        int rc = sqlite3_prepare_v2(fresh, "SELECT name || phone || about FROM client ORDER BY id",
                                    -1, &s, NULL);
        while (rc == SQLITE_OK && (rc = sqlite3_step(s)) == SQLITE_ROW) {
            h = digest(h, str_of((const char *)sqlite3_column_text(s, 0)));
            rc = SQLITE_OK;
        }
        sqlite3_finalize(s);
        assert_int_equal(sqlite3_close(fresh), SQLITE_OK);
        if (i) flip(b.log, byte, bit);
        if (!i)
            truth = h;
        else if (rc != SQLITE_DONE)
            found++;
        else {
            assert_true(h == truth); /* an older frame of a page that came again, or of an index */
            same++;
        }
    }
    print_message("199 flips under a running program: %d found, %d in frames that nobody read\n",
                  found, same);
    assert_true(found > 40);
    db_close(db);
    restore(&b);
    book_end(&b);
}

static void test_pages(void **state) {
    struct book b = book_new(false);
    struct dice dice = { 45 };
    int pages = (int)(b.whole_n[0] / PAGE), missed = 0;
    (void)state;
    for (int i = 0; i < 200; i++) {
        static const unsigned char zeros[PAGE];
        int one = (int)dice_below(&dice, (uint64_t)pages),
            two = (int)dice_below(&dice, (uint64_t)pages);
        if (one == two ||
            !memcmp(b.whole[0] + (off_t)one * PAGE, b.whole[0] + (off_t)two * PAGE, PAGE))
            continue;
        restore(&b);
        int fd = open(b.file, O_RDWR);
        if (i % 3 == 0) assert_int_equal(pwrite(fd, zeros, PAGE, (off_t)one * PAGE), PAGE);
        if (i % 3 == 1) {
            assert_int_equal(pwrite(fd, b.whole[0] + (off_t)one * PAGE, PAGE, (off_t)two * PAGE),
                             PAGE);
            assert_int_equal(pwrite(fd, b.whole[0] + (off_t)two * PAGE, PAGE, (off_t)one * PAGE),
                             PAGE);
        }
        if (i % 3 == 2)
            assert_int_equal(ftruncate(fd, (off_t)one * PAGE + (off_t)dice_below(&dice, PAGE)), 0);
        close(fd);
        if (look(&b) != FOUND) {
            print_message("case %d, pages %d and %d: not found\n", i % 3, one, two);
            missed++;
        }
    }
    assert_int_equal(missed, 0);
    restore(&b);
    book_end(&b);
}

/* The control: plain SQLite must show wrong values, or the tests above see nothing. */
static void test_without(void **state) {
    struct book b = book_new(false);
    struct dice dice = { 46 };
    int wrong = 0;
    (void)state;
    for (int i = 0; i < 60; i++) {
        uint64_t h = 0;
        sqlite3 *db = NULL;
        sqlite3_stmt *st = NULL;
        restore(&b);
        flip(b.file, (off_t)dice_below(&dice, (uint64_t)b.whole_n[0]), (int)dice_below(&dice, 8));
        assert_int_equal(sqlite3_open_v2(b.file, &db, SQLITE_OPEN_READWRITE, "unix"), SQLITE_OK);
        int rc = sqlite3_prepare_v2(db, "SELECT name, phone, about FROM client ORDER BY id", -1,
                                    &st, NULL);
        static uint64_t truth;
        while (rc == SQLITE_OK && (rc = sqlite3_step(st)) == SQLITE_ROW) {
            for (int k = 0; k < 3; k++)
                h = digest(h, (struct str){ (const char *)sqlite3_column_text(st, k),
                                            (size_t)sqlite3_column_bytes(st, k) });
            rc = SQLITE_OK;
        }
        if (i == 0) {
            sqlite3_finalize(st);
            sqlite3_close(db);
            restore(&b);
            truth = 0;
            sqlite3_open_v2(b.file, &db, SQLITE_OPEN_READWRITE, "unix");
            sqlite3_prepare_v2(db, "SELECT name, phone, about FROM client ORDER BY id", -1, &st,
                               NULL);
            while (sqlite3_step(st) == SQLITE_ROW)
                for (int k = 0; k < 3; k++)
                    truth = digest(truth, (struct str){ (const char *)sqlite3_column_text(st, k),
                                                        (size_t)sqlite3_column_bytes(st, k) });
        } else if (rc == SQLITE_DONE && h != truth) {
            wrong++;
        }
        sqlite3_finalize(st);
        sqlite3_close(db);
    }
    print_message("without checksums: %d of 59 flips showed wrong values\n", wrong);
    assert_true(wrong > 5);
    restore(&b);
    book_end(&b);
}

/* A book made before pages had sums gets them when it is opened. */
static void test_older(void **state) {
    struct book b = book_new(false);
    (void)state;
    restore(&b);
    int fd = open(b.file, O_RDWR);
    static const unsigned char none[CHECKSUM_BYTES];
    for (off_t at = PAGE; at <= b.whole_n[0]; at += PAGE)
        assert_int_equal(pwrite(fd, none, sizeof none, at - (off_t)sizeof none), sizeof none);
    close(fd);
    assert_true(checksum_missing(b.file));
    assert_int_equal(look(&b), UNHARMED);
    assert_false(checksum_missing(b.file));
    struct stat st;
    assert_int_equal(stat(b.file, &st), 0);
    flip(b.file, st.st_size / 2, 3);
    assert_int_equal(look(&b), FOUND);
    restore(&b);
    book_end(&b);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_flips),
        cmocka_unit_test(test_flips_in_log),
        cmocka_unit_test(test_flips_under_a_reader),
        cmocka_unit_test(test_pages),
        cmocka_unit_test(test_without),
        cmocka_unit_test(test_older),
    };
    return cmocka_run_group_tests_name("checksum", tests, NULL, NULL);
}
