/* core/app/filestore.c: files are taken whole or not at all, kept under their digest, and collected
 * only when nothing names them and nobody brought them in the last day. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/app/filestore.h"
#include "core/app/secret.h"
#include "core/web/password.h"
#include "fixture.h"
#include "lib/base/clock.h"
#include "served.h"

#define DAY_MS     (24 * 3600 * 1000LL)
#define MUST(call) assert_int_equal((call), OK)

static struct served s;

static int files_in(const char *path) { /* below, whatever the depth */
    int n = 0;
    DIR *d = opendir(path);
    if (!d) return 0;
    for (struct dirent *e; (e = readdir(d));) {
        if (e->d_name[0] == '.') continue;
        if (e->d_type == DT_DIR)
            n += files_in(str_printf(s.arena, "%s/%s", path, e->d_name).p);
        else
            n++;
    }
    closedir(d);
    return n;
}

static void age(const char *path, int64_t days) {
    struct timespec t[2] = { { .tv_sec = (time_t)(clock_now_ms() / 1000 - days * 86400) } };
    t[1] = t[0];
    assert_int_equal(utimensat(AT_FDCWD, path, t, 0), 0);
}

static bool is_there(const char *path) {
    return access(path, F_OK) == 0;
}

static struct stored_file kept(const char *content) {
    struct stored_file f;
    const char *files = filestore_folder(s.app, s.arena);
    MUST(filestore_take_str(s.arena, files, str_of(content), S("a.txt"), &f));
    assert_true(is_there(f.path));
    MUST(filestore_keep(s.arena, files, &f));
    return f;
}

static enum status name_it(struct ctx *c, void *arg) {
    int64_t id;
    return filestore_row(c, arg, &id);
}

static int collect(void) {
    int removed;
    MUST(filestore_collect_at(s.app, s.arena, clock_now_ms(), &removed));
    return removed;
}

static void test_take_and_keep(void **state) {
    served_open(&s, false, *state);
    const char *files = filestore_folder(s.app, s.arena);
    struct stored_file f = kept("hello"), empty = kept(""), again = kept("hello");
    /* FIPS 180-4: SHA-256 of "hello" and of nothing */
    assert_true(
        str_eq_z(f.sha256, "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"));
    assert_true(
        str_eq_z(empty.sha256, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
    assert_int_equal(empty.bytes, 0);
    assert_string_equal(f.path, filestore_path(s.arena, files, f.sha256));
    assert_string_equal(again.path, f.path);
    assert_int_equal(files_in(files), 2);
    struct stat st;
    assert_int_equal(stat(f.path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    struct stored_file dropped;
    MUST(filestore_take_str(s.arena, files, S("<html>"), S("  \n"), &dropped));
    assert_true(str_eq_z(dropped.name, "file"));
    assert_string_equal(dropped.type, "text/plain");
    filestore_drop(&dropped);
    assert_int_equal(files_in(files), 2);
    served_close(&s);
}

/* A disk that takes no more: nothing stays behind, and it works again when there is room (F6). */
static void test_full(void **state) {
    served_open(&s, false, *state);
    const char *files = filestore_folder(s.app, s.arena);
    struct stored_file f;
    char *content = arena_alloc(s.arena, 300000);
    struct str big = { content, 300000 };
    struct rlimit was, small;
    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &was);
    for (rlim_t room = 1; room < 300000; room = room * 3 + 1000) {
        small = (struct rlimit){ room, was.rlim_max };
        setrlimit(RLIMIT_FSIZE, &small);
        enum status got = filestore_take_str(s.arena, files, big, S("big"), &f);
        setrlimit(RLIMIT_FSIZE, &was);
        assert_int_equal(got, BROKEN);
        assert_true(f.full);
        assert_int_equal(files_in(files), 0);
    }
    MUST(filestore_take_str(s.arena, files, big, S("big"), &f));
    MUST(filestore_keep(s.arena, files, &f));
    assert_int_equal(files_in(files), 1);
    served_close(&s);
}

static void collects(bool pg, void *hasher) {
    served_open(&s, pg, hasher);
    served_firm(&s, LANG_EN);
    const char *files = filestore_folder(s.app, s.arena);
    struct stored_file named = kept("named"), orphan = kept("orphan"), fresh = kept("fresh"), part;
    MUST(filestore_take_str(s.arena, files, S("left"), S("x"), &part));
    served_work(&s, name_it, &named);
    const char *shown = filestore_preview(s.app, s.arena, named.sha256, 320);
    const char *stale = filestore_preview(s.app, s.arena, orphan.sha256, 320);
    const char *tmp = app_path(s.app, s.arena, "tmp/upload-abcdef");
    const char *const others[] = { shown, stale, tmp };
    for (size_t i = 0; i < 3; i++) close(open(others[i], O_WRONLY | O_CREAT, 0600));
    assert_int_equal(collect(), 0); /* all of today */
    const char *const old[] = { named.path, orphan.path, part.path, shown, stale, tmp };
    for (size_t i = 0; i < sizeof old / sizeof *old; i++) age(old[i], 2);
    assert_int_equal(collect(), 4);
    assert_true(is_there(named.path) && is_there(shown) && is_there(fresh.path));
    assert_false(is_there(orphan.path) || is_there(part.path) || is_there(stale) || is_there(tmp));
    served_close(&s);
}

static void test_collect(void **state) {
    collects(false, *state);
}

static void test_collect_pg(void **state) {
    if (!fixture_has_pg()) skip();
    collects(true, *state);
}

/* Old and named by nobody, but brought again just now: it is today's again. */
static void test_brought_again(void **state) {
    served_open(&s, false, *state);
    struct stored_file f = kept("twice");
    age(f.path, 30);
    struct stored_file g = kept("twice");
    assert_string_equal(f.path, g.path);
    assert_int_equal(collect(), 0);
    assert_true(is_there(g.path));
    served_close(&s);
}

int main(void) {
    struct hasher *h = hasher_new();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(test_take_and_keep, h),
        cmocka_unit_test_prestate(test_full, h),
        cmocka_unit_test_prestate(test_collect, h),
        cmocka_unit_test_prestate(test_collect_pg, h),
        cmocka_unit_test_prestate(test_brought_again, h),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    hasher_free(h);
    return failed;
}
