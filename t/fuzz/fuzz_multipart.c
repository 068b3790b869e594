/* multipart bodies: the first byte chooses the boundary's form. No crash; memory and file agree;
 * files lie within the body. */
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "lib/http/http.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static enum status parse(struct arena *a, const struct http_request *req, struct http_pairs *fields,
                         struct http_files *files) {
    struct str why;
    enum status s = multipart_parse(a, req, fields, files, &why);
    if (s != OK && !why.n) BUG("no reason");
    return s;
}

static void compare(struct str body, const struct http_files *m, const struct http_files *f) {
    if (m->n != f->n) BUG("%d files, %d files", m->n, f->n);
    for (int i = 0; i < m->n; i++) {
        const struct http_file *x = &m->v[i], *y = &f->v[i];
        if (!str_eq(x->name, y->name) || x->offset != y->offset || x->size != y->size)
            BUG("memory and file disagree");
        if (x->offset < 0 || x->size < 0 || (size_t)(x->offset + x->size) > body.n)
            BUG("outside of the body");
        if (!utf8_valid(x->name) || str_find_c(x->name, '/') >= 0 || str_find_c(x->name, '\n') >= 0)
            BUG("bad file name");
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
    static const char *const types[] = { "multipart/form-data; boundary=B",
                                         "multipart/form-data; boundary=\"----x y\"" };
    if (n == 0) return 0;
    struct arena *a = arena_new();
    struct str body = { (const char *)data + 1, n - 1 };
    struct http_pair type = { S("content-type"), str_of(types[data[0] % 2]) };
    struct http_request req = { .headers = { &type, 1 }, .body = body, .body_n = (int64_t)body.n };
    struct http_pairs fields, fields_2;
    struct http_files files, files_2;
    enum status s = parse(a, &req, &fields, &files);
    int fd = memfd_create("body", MFD_CLOEXEC);
    if (fd < 0 || write(fd, body.p, body.n) != (ssize_t)body.n) BUG("no memory file");
    req.body_file = str_printf(a, "/proc/self/fd/%d", fd).p;
    req.body = NO_STR;
    if (parse(a, &req, &fields_2, &files_2) != s) BUG("memory and file disagree");
    if (s == OK) compare(body, &files, &files_2);
    if (s == OK && fields.n != fields_2.n) BUG("%d fields, %d fields", fields.n, fields_2.n);
    close(fd);
    arena_free(a);
    return 0;
}
