/* ZIP archives (lib/archive): what is written is read back, by us and by unzip; hostile archives
 * are refused (trust.md T-43). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/archive/zip.h"
#include "zip_raw.h"

static struct arena *a;
static const struct unzip_limits limits = { .entries_n = 100, .total = 50 << 20, .ratio = 100 };

static int file_of(struct str bytes) {
    char path[] = "/tmp/daftar-zip-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    for (size_t at = 0; at < bytes.n;) {
        ssize_t n = write(fd, bytes.p + at, bytes.n - at);
        assert_true(n > 0);
        at += (size_t)n;
    }
    unlink(path);
    return fd;
}

/* Opens, reads everything, closes: how that ends. */
static enum status read_all(struct str archive, const struct unzip_limits *l, struct buf *out,
                            const char **why) {
    struct unzip *z = NULL;
    char block[5000];
    size_t n;
    int fd = file_of(archive);
    *why = "";
    enum status s = unzip_open(a, fd, l, &z, why);
    for (int i = 0; s == OK && i < unzip_entries(z); i++) {
        s = unzip_entry(z, unzip_name(z, i));
        while (s == OK && (s = unzip_read(z, block, sizeof block, &n, why)) == OK && n)
            buf_add(out, (struct str){ block, n });
    }
    if (z) unzip_close(z);
    close(fd);
    return s;
}

static struct str rows(int n) {
    struct buf b = { .arena = a };
    for (int i = 0; i < n; i++) buf_printf(&b, "row %d of many, سلام\n", i * 7919 % 10007);
    return buf_str(&b);
}

static void there_and_back(void **state) {
    (void)state;
    struct buf archive = { .arena = a }, out = { .arena = a };
    struct str text = rows(100000);
    const char *why;
    struct zip *z = zip_new(a);
    zip_entry(z, S("clients.csv"), -1, INT64_C(1767225600000));
    for (size_t at = 0; at < text.n; at += 30000) {
        zip_write(z, str_sub(text, at, 30000));
        zip_take(z, &archive); /* piece by piece */
    }
    size_t had = archive.n;
    assert_in_range(had, text.n / 20, text.n / 2);
    zip_entry(z, S("files/photo.JPG"), (int64_t)text.n, 0);
    zip_write(z, text);
    zip_write(z, S("more than was said"));
    zip_entry(z, S("empty.txt"), 0, 0);
    zip_entry(z, S("مشتری/é.txt"), -1, 0);
    zip_write(z, S("last"));
    zip_end(z);
    zip_take(z, &archive);
    zip_free(z);
    assert_in_range(archive.n, had + text.n, had + text.n + 200000); /* the photo is stored */
    assert_int_equal(read_all(buf_str(&archive), &limits, &out, &why), OK);
    assert_int_equal(out.n, 2 * text.n + 4);
    assert_memory_equal(out.p, text.p, text.n);
    assert_memory_equal(out.p + text.n, text.p, text.n);
    assert_memory_equal(out.p + 2 * text.n, "last", 4);
}

/* What others say of it: unzip tests sums, python reads names. */
static int run_of(const char *const *words) {
    pid_t pid = fork();
    if (pid == 0) {
        freopen("/dev/null", "w", stdout);
        execvp(words[0], (char *const *)(uintptr_t)words);
        _exit(127);
    }
    int how = 0;
    waitpid(pid, &how, 0);
    return WIFEXITED(how) ? WEXITSTATUS(how) : -1;
}
static void others_read_it(void **state) {
    (void)state;
    struct buf archive = { .arena = a };
    char path[] = "/tmp/daftar-zip-XXXXXX";
    int fd = mkstemp(path);
    struct zip *z = zip_new(a);
    zip_entry(z, S("مشتریان/é.csv"), -1, INT64_C(1767225600000));
    zip_write(z, rows(1000));
    zip_entry(z, S("b.png"), -1, 0);
    zip_write(z, rows(10));
    zip_end(z);
    zip_take(z, &archive);
    zip_free(z);
    assert_int_equal(write(fd, archive.p, archive.n), (ssize_t)archive.n);
    close(fd);
    const char *const python[] = {
        "python3", "-c",
        "import sys, zipfile\n"
        "z = zipfile.ZipFile(sys.argv[1])\n"
        "assert z.testzip() is None\n"
        "assert z.namelist() == ['\\u0645\\u0634\\u062a\\u0631\\u06cc\\u0627\\u0646/\\xe9.csv', "
        "'b.png'], z.namelist()\n",
        path, NULL
    };
    const char *const unzip[] = { "unzip", "-tqq", path, NULL };
    int by_python = run_of(python), by_unzip = run_of(unzip);
    unlink(path);
    assert_true(by_python == 0 || by_python == 127); /* 127: not installed */
    assert_true(by_unzip == 0 || by_unzip == 127);
}

struct hostile {
    const char *what;
    struct zip_raw_entry v[3];
    int n, say_n;
    enum status status;
    const char *why; /* a piece of the sentence */
};
#define R(lit)                                                                                     \
    { "" lit, sizeof(lit) - 1 }
#define PLAIN(name_)                                                                               \
    { .name = R(name_), .bytes = R("inside"), .at = -1, .packed = -1 }

static const struct hostile hostile[] = {
    { "fine", { PLAIN("a"), PLAIN("b/c") }, 2, -1, OK, "" },
    { "empty", { PLAIN("a") }, 0, -1, OK, "" },
    { "twice", { PLAIN("a"), PLAIN("a") }, 2, -1, INVALID, "same name" },
    { "twice but for case", { PLAIN("xl/A"), PLAIN("XL/a") }, 2, -1, INVALID, "same name" },
    { "absolute", { PLAIN("/etc/passwd") }, 1, -1, INVALID, "outside" },
    { "up", { PLAIN("a/../../b") }, 1, -1, INVALID, "outside" },
    { "up at the end", { PLAIN("a/..") }, 1, -1, INVALID, "outside" },
    { "backslash", { PLAIN("a\\b") }, 1, -1, INVALID, "outside" },
    { "drive", { PLAIN("C:x") }, 1, -1, INVALID, "outside" },
    { "NUL", { PLAIN("a\0b") }, 1, -1, INVALID, "outside" },
    { "no name", { { .bytes = R("x"), .at = -1, .packed = -1 } }, 1, -1, INVALID, "outside" },
    { "overlap",
      { PLAIN("a"), { .name = R("a"), .bytes = R("x"), .at = 0, .packed = -1 } },
      2,
      -1,
      INVALID,
      "same name" },
    { "one inside the other",
      { { .name = R("a"), .bytes = R("inside and more"), .at = -1, .packed = 60 }, PLAIN("b") },
      2,
      -1,
      INVALID,
      "overlap" },
    { "into the directory",
      { PLAIN("a"), { .name = R("b"), .bytes = R("x"), .at = -1, .packed = 100000 } },
      2,
      -1,
      INVALID,
      "overlap" },
    { "other name in its head",
      { { .name = R("a"), .local_name = R("b"), .bytes = R("x"), .at = -1, .packed = -1 } },
      1,
      -1,
      INVALID,
      "damaged" },
    { "outside of the file",
      { { .name = R("a"), .bytes = R("x"), .at = 1 << 30, .packed = -1 } },
      1,
      -1,
      INVALID,
      "damaged" },
    { "more said than there", { PLAIN("a") }, 1, 50, INVALID, "damaged" },
    { "too many", { PLAIN("a") }, 1, 101, TOO_BIG, "entries" },
    { "password",
      { { .name = R("a"), .bytes = R("x"), .at = -1, .packed = -1, .flags = 1 } },
      1,
      -1,
      INVALID,
      "password" },
    { "bzip2",
      { { .name = R("a"), .bytes = R("x"), .at = -1, .packed = -1, .method = 12 } },
      1,
      -1,
      INVALID,
      "packed in a way" },
    { "not deflated at all",
      { { .name = R("a"),
          .bytes = R("x"),
          .at = -1,
          .packed = -1,
          .method = 8,
          .packed_bytes = R("\xff\xff\xff\xff") } },
      1,
      -1,
      INVALID,
      "damaged" },
};

static void hostile_archives(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof hostile / sizeof *hostile; i++) {
        struct buf archive = { .arena = a }, out = { .arena = a };
        const char *why;
        zip_raw(&archive, hostile[i].v, hostile[i].n, hostile[i].say_n);
        enum status s = read_all(buf_str(&archive), &limits, &out, &why);
        if (s != hostile[i].status || !strstr(why, hostile[i].why))
            print_error("%s: %s \"%s\"\n", hostile[i].what, status_name(s), why);
        assert_int_equal(s, hostile[i].status);
        if (s != OK) assert_non_null(strstr(why, hostile[i].why));
    }
}

/* Cut anywhere, or with one byte changed: an answer, never a crash. */
static void cut_and_changed(void **state) {
    (void)state;
    const struct zip_raw_entry v[] = { PLAIN("a"), PLAIN("b/c") };
    struct buf archive = { .arena = a };
    const char *why;
    zip_raw(&archive, v, 2, -1);
    for (size_t n = 0; n < archive.n; n++) {
        struct buf out = { .arena = a };
        assert_int_equal(read_all((struct str){ archive.p, n }, &limits, &out, &why), INVALID);
        char was = archive.p[n];
        archive.p[n] ^= 0x55;
        (void)!read_all(buf_str(&archive), &limits, &out, &why);
        archive.p[n] = was;
    }
}

static void bombs(void **state) {
    (void)state;
    struct buf archive = { .arena = a }, out = { .max = 1 };
    char *zeros = arena_alloc(a, 1 << 20);
    const char *why;
    struct zip *z = zip_new(a);
    zip_entry(z, S("zeros"), -1, 0);
    for (int i = 0; i < 40; i++) zip_write(z, (struct str){ zeros, 1 << 20 });
    zip_end(z);
    zip_take(z, &archive);
    zip_free(z);
    assert_int_equal(read_all(buf_str(&archive), &limits, &out, &why), TOO_BIG);
    assert_non_null(strstr(why, "grows"));
    struct unzip_limits small = { .entries_n = 100, .total = 1 << 20, .ratio = 100 };
    assert_int_equal(read_all(buf_str(&archive), &small, &out, &why), TOO_BIG);
    assert_non_null(strstr(why, "unpacked"));
    struct unzip_limits wide = { .entries_n = 100, .total = 50 << 20, .ratio = 2000 };
    assert_int_equal(read_all(buf_str(&archive), &wide, &out, &why), OK);
    buf_free(&out);
}

static int set_up(void **state) {
    (void)state;
    a = arena_new();
    return 0;
}
static int tear_down(void **state) {
    (void)state;
    arena_free(a);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(there_and_back, set_up, tear_down),
        cmocka_unit_test_setup_teardown(others_read_it, set_up, tear_down),
        cmocka_unit_test_setup_teardown(hostile_archives, set_up, tear_down),
        cmocka_unit_test_setup_teardown(cut_and_changed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(bombs, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
