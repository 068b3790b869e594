/* Every statement of the program is prepared on both databases after all migrations; and every
 * SQL() and SQL2() of the sources is registered (a file that is not linked, or a section that the
 * linker dropped, would go unseen otherwise). Run it in the root of the project. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "db_fixture.h"

struct tally {
    const char *file;
    int written_n, registered_n;
};
static struct tally tallies[2000];
static int tallies_n;

static struct tally *tally_of(const char *file) {
    for (int i = 0; i < tallies_n; i++)
        if (strcmp(tallies[i].file, file) == 0) return &tallies[i];
    assert_in_range(tallies_n, 0, 1999);
    tallies[tallies_n] = (struct tally){ .file = strdup(file) };
    return &tallies[tallies_n++];
}

static int read_one(const char *path, const struct stat *st, int flag, struct FTW *ftw) {
    char line[4096];
    struct str name = str_of(path);
    (void)st, (void)ftw;
    if (flag != FTW_F || !str_ends(name, S(".c"))) return 0;
    FILE *f = fopen(path, "r");
    if (!f) return 1;
    while (fgets(line, sizeof line, f)) {
        struct str text = str_trim(str_of(line));
        if (str_starts(text, S("SQL(")) || str_starts(text, S("SQL2(")))
            tally_of(path)->written_n++;
    }
    fclose(f);
    return 0;
}

static void test_all_are_registered(void **state) {
    int bad_n = 0, all_n = 0;
    (void)state;
    assert_int_equal(nftw("src", read_one, 16, FTW_PHYS), 0);
    for (const struct sql *const *p = sql_all_begin(); p < sql_all_end(); p++)
        if (str_starts(str_of((*p)->file), S("src/"))) tally_of((*p)->file)->registered_n++;
    for (int i = 0; i < tallies_n; i++) {
        const struct tally *t = &tallies[i];
        all_n += t->registered_n;
        if (t->written_n == t->registered_n) continue;
        bad_n++;
        print_message("%s: %d statements written, %d registered\n", t->file, t->written_n,
                      t->registered_n);
    }
    assert_int_equal(bad_n, 0);
    assert_true(all_n > 0);
    print_message("%d statements in %d files\n", all_n, tallies_n);
}

static int prepare_all(struct fixture *f) {
    struct tx *tx = NULL;
    struct str why;
    int bad_n = 0;
    assert_int_equal(migrate_up(f->db, f->arena), OK);
    assert_int_equal(db_write(f->db, f->arena, &tx), OK);
    for (const struct sql *const *p = sql_all_begin(); p < sql_all_end(); p++) {
        const struct sql *sql = *p;
        enum status s = db_prepare_only(tx, str_of(tx_is_pg(tx) ? sql->pg : sql->lite), &why);
        if (s == OK) continue;
        bad_n++;
        print_message("%s: %s does not prepare on %s: %.*s\n", sql->file, sql->name,
                      tx_is_pg(tx) ? "PostgreSQL" : "SQLite", SF(why));
        if (s != INVALID) break;
    }
    assert_int_equal(db_end(tx, OK), OK);
    return bad_n;
}

static void test_prepare_on_sqlite(void **state) {
    struct fixture f = fixture_lite();
    (void)state;
    int bad_n = prepare_all(&f);
    fixture_end(&f);
    assert_int_equal(bad_n, 0);
}

static void test_prepare_on_postgres(void **state) {
    struct fixture f;
    (void)state;
    if (!fixture_pg(&f)) skip();
    int bad_n = prepare_all(&f);
    fixture_end(&f);
    assert_int_equal(bad_n, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all_are_registered),
        cmocka_unit_test(test_prepare_on_sqlite),
        cmocka_unit_test(test_prepare_on_postgres),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
