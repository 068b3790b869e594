/* multipart/form-data, from memory and from a file: both must say the same of every body. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <fcntl.h>
#include <unistd.h>

#include "lib/base/limits.h"
#include "lib/http/http.h"

#define TYPE "multipart/form-data; boundary=B"

struct parsed {
    enum status status;
    struct http_pairs fields;
    struct http_files files;
    struct str why;
    char *path; /* of the body, if it was in a file */
};

static struct parsed parse_memory(struct arena *a, const char *type, struct str body) {
    struct parsed p = { 0 };
    struct http_pair h = { S("content-type"), str_of(type) };
    struct http_request req = { .headers = { &h, 1 }, .body = body, .body_n = (int64_t)body.n };
    p.status = multipart_parse(a, &req, &p.fields, &p.files, &p.why);
    return p;
}

static struct parsed parse_file(struct arena *a, const char *type, struct str body) {
    struct parsed p = { .path = str_z(a, S("/tmp/daftar-multipart-XXXXXX")) };
    int fd = mkstemp(p.path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, body.p, body.n), body.n);
    close(fd);
    struct http_pair h = { S("content-type"), str_of(type) };
    struct http_request req = { .headers = { &h, 1 },
                                .body_file = p.path,
                                .body_n = (int64_t)body.n };
    p.status = multipart_parse(a, &req, &p.fields, &p.files, &p.why);
    return p;
}

static struct str content(struct arena *a, const struct http_file *f) {
    char *to = arena_alloc(a, (size_t)f->size + 1);
    assert_int_equal(http_file_read(f, 0, to, (size_t)f->size + 1), f->size);
    assert_int_equal(http_file_read(f, f->size, to, 1), 0);
    return (struct str){ to, (size_t)f->size };
}

/* "name=value|" for fields, "name<file name,type>content|" for files. */
static struct str told(struct arena *a, const struct parsed *p) {
    struct buf b = { .arena = a };
    for (int i = 0; i < p->fields.n; i++)
        buf_printf(&b, "%.*s=%.*s|", SF(p->fields.v[i].name), SF(p->fields.v[i].value));
    for (int i = 0; i < p->files.n; i++) {
        const struct http_file *f = &p->files.v[i];
        buf_printf(&b, "%.*s<%.*s,%.*s>", SF(f->field), SF(f->name), SF(f->type));
        buf_add(&b, content(a, f));
        buf_add_c(&b, '|');
    }
    return buf_str(&b);
}

#define FIELD(name, value)                                                                         \
    "--B\r\nContent-Disposition: form-data; name=\"" name "\"\r\n\r\n" value "\r\n"
#define FILE_PART(rest, value)                                                                     \
    "--B\r\nContent-Disposition: form-data; " rest "\r\n\r\n" value "\r\n"
#define END "--B--\r\n"

struct multipart_case {
    const char *type;
    struct str body;
    enum status status;
    const char *want;
};
#define C(body, status, want)                                                                      \
    { TYPE, { body, sizeof(body) - 1 }, status, want }
#define T(type, status, want)                                                                      \
    { type, { FIELD("a", "b") END, sizeof(FIELD("a", "b") END) - 1 }, status, want }

static const struct multipart_case cases[] = {
    C(FIELD("a", "b") END, OK, "a=b|"),
    C(FIELD("a", "") END, OK, "a=|"),
    C(FIELD("a", "b") FIELD("a", "c") FIELD("d", "e") END, OK, "a=b|a=c|d=e|"),
    C("preamble\r\n" FIELD("a", "b") END "epilogue", OK, "a=b|"),
    C("\r\n" FIELD("a", "b") END, OK, "a=b|"),
    C(FIELD("a", "1\r\n2\n3") END, OK, "a=1\n2\n3|"),
    C(FIELD("a", "--C\r\n-B--\r\n") END, OK, "a=--C\n-B--\n|"),
    C(FIELD("a", "--B") END, OK, "a=--B|"), /* not at the start of a line */
    C(FIELD("%D8", "b") END, OK, "%D8=b|"),
    C(FIELD("\xD8\xB3", "\xD8\xA7") END, OK, "س=ا|"),
    C(FIELD("a%22b", "c") END, OK, "a\"b=c|"),
    C(FIELD("a\\\"b", "c") END, OK, "a\"b=c|"),
    C("--B  \t\r\nContent-Disposition: form-data; name=a\r\n\r\nb\r\n--B--", OK, "a=b|"),
    C("--B\r\ncontent-disposition:FORM-DATA;NAME=a\r\nX: y\r\n\r\nb\r\n--B--", OK, "a=b|"),
    C("--B--", OK, ""),
    C("--B--\r\n", OK, ""),
    C(FILE_PART("name=\"f\"; filename=\"x.csv\"\r\nContent-Type: text/csv", "1,2") END, OK,
      "f<x.csv,text/csv>1,2|"),
    C(FILE_PART("name=\"f\"; filename=\"x\"", "") END, OK, "f<x,application/octet-stream>|"),
    C(FILE_PART("name=\"f\"; filename=\"\"", "") END, OK, ""), /* nothing chosen */
    C(FILE_PART("name=\"f\"; filename=\"\"", "z") END, OK, "f<,application/octet-stream>z|"),
    C(FILE_PART("filename=\"x\"; name=\"f\"", "\0\xFF\r\n") END, OK, NULL),
    C(FILE_PART("name=\"f\"; filename=\"../../etc/passwd\"", "z") END, OK,
      "f<passwd,application/octet-stream>z|"),
    C(FILE_PART("name=\"f\"; filename=\"C:\\dir\\x.png\"", "z") END, OK,
      "f<x.png,application/octet-stream>z|"),
    C(FILE_PART("name=\"f\"; filename=\"a\tb\x01.png\"", "z") END, OK,
      "f<a_b_.png,application/octet-stream>z|"),
    C(FILE_PART("name=\"f\"; filename=\"%0D%0ASet-Cookie: x%22\"", "z") END, OK,
      "f<  Set-Cookie: x\",application/octet-stream>z|"),
    C(FILE_PART("name=\"f\"; filename=\"\xE9.png\"", "z") END, OK,
      "f<\xEF\xBF\xBD.png,application/octet-stream>z|"),
    C(FILE_PART("name=\"f\"; filename=\"a;b=c.png\"", "z") END, OK,
      "f<a;b=c.png,application/octet-stream>z|"),
    C(FILE_PART("name=f; filename=x;", "z") END, OK, "f<x,application/octet-stream>z|"),
    C("", MALFORMED, NULL),
    C("--", MALFORMED, NULL),
    C("--B", MALFORMED, NULL),
    C("--B\r\n", MALFORMED, NULL),
    C("--C\r\nx\r\n--C--", MALFORMED, NULL),
    C("--Bx\r\nContent-Disposition: form-data; name=a\r\n\r\nb\r\n--B--", MALFORMED, NULL),
    C("--B\nContent-Disposition: form-data; name=a\n\nb\n--B--", MALFORMED, NULL),
    C(FIELD("a", "b"), MALFORMED, NULL),       /* no end */
    C(FIELD("a", "b") "--B", MALFORMED, NULL), /* cut */
    C(FIELD("a", "b") "--B-", MALFORMED, NULL),
    C(FIELD("", "b") END, MALFORMED, NULL),     /* no field name */
    C("--B\r\n\r\nb\r\n" END, MALFORMED, NULL), /* no head */
    C("--B\r\nContent-Disposition: form-data\r\n\r\nb\r\n" END, MALFORMED, NULL),
    C("--B\r\nContent-Disposition: attachment; name=a\r\n\r\nb\r\n" END, MALFORMED, NULL),
    C("--B\r\nContent-Type: text/plain\r\n\r\nb\r\n" END, MALFORMED, NULL),
    C("--B\r\nno colon\r\n\r\nb\r\n" END, MALFORMED, NULL),
    C(FILE_PART("name=\"a\"; name=\"b\"", "c") END, MALFORMED, NULL),
    C(FILE_PART("name=\"a\"; filename=x; filename=y", "c") END, MALFORMED, NULL),
    C(FILE_PART("name=\"a\r\nContent-Disposition: form-data; name=b", "c") END, MALFORMED, NULL),
    C(FILE_PART("name=\"a", "c") END, MALFORMED, NULL),
    C(FILE_PART("name=a\r\nContent-Transfer-Encoding: base64", "YQ==") END, MALFORMED, NULL),
    C(FILE_PART("name=a\r\nContent-Transfer-Encoding: binary", "c") END, OK, "a=c|"),
    C(FIELD("a", "\xFF") END, MALFORMED, NULL),
    C(FIELD("a", "b\0c") END, MALFORMED, NULL),
    C(FIELD("\xFF", "b") END, MALFORMED, NULL),
    T("multipart/form-data; boundary=\"B\"", OK, "a=b|"),
    T("Multipart/Form-Data ; charset=utf-8; BOUNDARY=B", OK, "a=b|"),
    T("multipart/form-data", MALFORMED, NULL),
    T("multipart/form-data; boundary=", MALFORMED, NULL),
    T("multipart/form-data; boundary=\"\"", MALFORMED, NULL),
    T("multipart/form-data; boundary=\"B ", MALFORMED, NULL),
    T("multipart/form-data; boundary=\"B \"", MALFORMED, NULL),
    T("multipart/form-data; boundary=B; boundary=C", MALFORMED, NULL),
    T("multipart/form-data; boundary=B\x01", MALFORMED, NULL),
    T("multipart/form-data; boundary="
      "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
      MALFORMED, NULL),
    T("multipart/mixed; boundary=B", MALFORMED, NULL),
    T("application/x-www-form-urlencoded", MALFORMED, NULL),
    T("", MALFORMED, NULL),
};

static void table(void **state) {
    (void)state;
    struct arena *a = arena_new();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct multipart_case *c = &cases[i];
        struct parsed memory = parse_memory(a, c->type, c->body);
        struct parsed file = parse_file(a, c->type, c->body);
        if (memory.status != c->status || file.status != c->status)
            fail_msg("case %zu (%s): %s, %s", i, c->body.p, status_name(memory.status),
                     status_name(file.status));
        assert_true(c->status == OK || (memory.why.n && str_eq(memory.why, file.why)));
        if (c->status == OK) {
            struct str from_memory = told(a, &memory), from_file = told(a, &file);
            assert_true(str_eq(from_memory, from_file));
            if (c->want && !str_eq_z(from_memory, c->want))
                fail_msg("case %zu: %.*s", i, SF(from_memory));
        }
        unlink(file.path);
    }
    arena_free(a);
}

/* Cut anywhere, a body is refused: never half of it taken. */
static void cut_at_every_byte(void **state) {
    (void)state;
    static const char whole[] = FIELD("a", "b") FILE_PART("name=f; filename=x", "\r\n--\r\n--C") //
        FIELD("c", "d") "--B--";
    struct arena *a = arena_new();
    struct str all = { whole, sizeof whole - 1 };
    assert_int_equal(parse_memory(a, TYPE, all).status, OK);
    for (size_t n = 0; n < all.n; n++) {
        /* A copy, so that a read behind its end is noticed. */
        char *copy = malloc(n + 1);
        memcpy(copy, all.p, n);
        char *exact = realloc(copy, n ? n : 1);
        enum status s = parse_memory(a, TYPE, (struct str){ exact, n }).status;
        if (s != MALFORMED) fail_msg("cut after %zu: %s", n, status_name(s));
        free(exact);
    }
    arena_free(a);
}

static void limits(void **state) {
    (void)state;
    struct arena *a = arena_new();
    for (int extra = 0; extra < 2; extra++) {
        struct buf many = { .arena = a }, large = { .arena = a };
        for (int i = 0; i < LIMIT_FORM_FIELDS_N + extra; i++) buf_add_z(&many, FIELD("a", "b"));
        buf_add_z(&many, END);
        assert_int_equal(parse_memory(a, TYPE, buf_str(&many)).status, extra ? TOO_MANY : OK);
        buf_add_z(&large, "--B\r\nContent-Disposition: form-data; name=a\r\n\r\n");
        for (int i = 0; i < LIMIT_FIELD + extra; i++) buf_add_c(&large, 'x');
        buf_add_z(&large, "\r\n" END);
        assert_int_equal(parse_memory(a, TYPE, buf_str(&large)).status, extra ? TOO_BIG : OK);
    }
    struct buf head = { .arena = a };
    buf_add_z(&head, "--B\r\nContent-Disposition: form-data; name=a\r\nX: ");
    for (int i = 0; i < 9000; i++) buf_add_c(&head, 'x');
    buf_add_z(&head, "\r\n\r\nb\r\n" END);
    assert_int_equal(parse_memory(a, TYPE, buf_str(&head)).status, MALFORMED);
    arena_free(a);
}

/* Delimiters on all sides of the window through which a file is read; little memory is used. */
static void large_files(void **state) {
    (void)state;
    for (int around = 65536 - 120; around < 65536 + 8; around++) {
        struct arena *a = arena_new();
        struct buf b = { .arena = a };
        buf_add_z(&b, "--B\r\nContent-Disposition: form-data; name=f; filename=x\r\n\r\n");
        for (int i = 0; i < around; i++) buf_add_c(&b, i % 50 ? 'x' : '\r');
        buf_add_z(&b, "\r\n" FIELD("a", "b") END);
        struct parsed p = parse_file(a, TYPE, buf_str(&b));
        assert_int_equal(p.status, OK);
        assert_int_equal(p.files.v[0].size, around);
        assert_true(str_eq_z(p.fields.v[0].value, "b"));
        unlink(p.path);
        arena_free(a);
    }
    struct arena *a = arena_new(), *small = arena_new();
    struct buf b = { .arena = a };
    buf_add_z(&b, "--B\r\nContent-Disposition: form-data; name=f; filename=x\r\n\r\n");
    for (int i = 0; i < 3000000; i++) buf_add_c(&b, (char)(i * 7));
    buf_add_z(&b, "\r\n" END);
    struct parsed p = parse_file(small, TYPE, buf_str(&b));
    assert_int_equal(p.status, OK);
    assert_true(arena_used(small) < 200000);
    char *path = str_z(a, S("/tmp/daftar-copy-XXXXXX"));
    int fd = mkstemp(path);
    assert_int_equal(http_file_copy(&p.files.v[0], fd), OK);
    char *back = arena_alloc(a, 3000000);
    assert_int_equal(pread(fd, back, 3000000, 0), 3000000);
    for (int i = 0; i < 3000000; i++) assert_int_equal(back[i], (char)(i * 7));
    close(fd);
    unlink(path);
    unlink(p.path);
    arena_free(small);
    arena_free(a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(table),
        cmocka_unit_test(cut_at_every_byte),
        cmocka_unit_test(limits),
        cmocka_unit_test(large_files),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
