/* The router: which pattern wins, what its arguments are, what a wrong method is told, and that a
 * bad table stops the program. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/web/router.h"

static enum status nothing(struct req *r) {
    (void)r;
    return OK;
}

#define R(m, p)                                                                                    \
    { .method = HTTP_##m, .pattern = p, .access = ACCESS_READ, .handler = nothing }
static const struct route table_a[] = {
    R(GET, "/"),
    R(GET, "/clients"),
    { .method = HTTP_POST, .pattern = "/clients", .access = ACCESS_WRITE, .handler = nothing },
    R(GET, "/clients/new"),
    R(GET, "/clients/{id}"),
    R(GET, "/clients/{id}/edit"),
    { .method = HTTP_POST, .pattern = "/clients/{id}", .access = ACCESS_WRITE, .handler = nothing },
};
static const struct route table_b[] = {
    R(GET, "/clients/{name}"),
    R(GET, "/clients/new/{name}/{id}/{x}"),
    R(GET, "/clients/{id}/{name}/x"),
    { .method = HTTP_DELETE,
      .pattern = "/api/v1/parties/{id}",
      .access = ACCESS_WRITE,
      .handler = nothing,
      .flags = ROUTE_API },
};
static const struct routes first = { table_a, 7 }, second = { table_b, 4 };
static const struct routes *const tables[] = { &first, &second };

static void test_find(void **state) {
    (void)state;
    static const struct {
        enum http_method method;
        const char *path, *pattern; /* NULL: 404 */
        const char *args[3];
    } cases[] = {
        { HTTP_GET, "/", "/", { NULL } },
        { HTTP_HEAD, "/", "/", { NULL } },
        { HTTP_GET, "/clients", "/clients", { NULL } },
        { HTTP_GET, "/clients/", NULL, { NULL } },
        { HTTP_GET, "//clients", NULL, { NULL } },
        { HTTP_GET, "/clients/new", "/clients/new", { NULL } },
        { HTTP_GET, "/clients/newer", "/clients/{name}", { "newer" } },
        { HTTP_GET, "/clients/17", "/clients/{id}", { "17" } },
        { HTTP_GET, "/clients/017", "/clients/{name}", { "017" } },
        { HTTP_GET, "/clients/0", "/clients/{name}", { "0" } },
        { HTTP_GET, "/clients/-1", "/clients/{name}", { "-1" } },
        { HTTP_GET, "/clients/999999999999999999", "/clients/{id}", { "999999999999999999" } },
        { HTTP_GET, "/clients/9999999999999999999", "/clients/{name}", { "9999999999999999999" } },
        { HTTP_GET, "/clients/17/edit", "/clients/{id}/edit", { "17" } },
        { HTTP_GET, "/clients/17/other/x", "/clients/{id}/{name}/x", { "17", "other" } },
        { HTTP_GET, "/clients/17/edit/x", "/clients/{id}/{name}/x", { "17", "edit" } },
        { HTTP_GET, "/clients/x/edit", NULL, { NULL } },
        { HTTP_GET, "/clients/new/a/5/b", "/clients/new/{name}/{id}/{x}", { "a", "5", "b" } },
        { HTTP_GET, "/clients/new/a/b/c", NULL, { NULL } },
        { HTTP_GET, "/Clients", NULL, { NULL } },
        { HTTP_GET, "/a/b/c/d/e/f/g/h/i/j/k/l/m/n/o/p", NULL, { NULL } },
        { HTTP_GET, "", NULL, { NULL } },
        { HTTP_GET, "clients", NULL, { NULL } },
        { HTTP_DELETE, "/api/v1/parties/3", "/api/v1/parties/{id}", { "3" } },
    };
    struct router *r = router_new(tables, 2);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct routed got = router_find(r, cases[i].method, str_of(cases[i].path));
        if (!cases[i].pattern) {
            assert_null(got.route);
            assert_null(got.allow);
            continue;
        }
        assert_non_null(got.route);
        assert_string_equal(got.route->pattern, cases[i].pattern);
        for (int k = 0; k < 3; k++) {
            struct str want = str_of(cases[i].args[k]);
            assert_true(str_eq(got.args[k], want));
        }
    }
    router_free(r);
}

static void test_method(void **state) {
    (void)state;
    struct router *r = router_new(tables, 2);
    struct routed got = router_find(r, HTTP_DELETE, S("/clients/3"));
    assert_null(got.route);
    assert_string_equal(got.allow, "GET, HEAD, POST");
    got = router_find(r, HTTP_GET, S("/api/v1/parties/3"));
    assert_null(got.route);
    assert_string_equal(got.allow, "DELETE");
    got = router_find(r, HTTP_OPTIONS, S("/"));
    assert_string_equal(got.allow, "GET, HEAD");
    got = router_find(r, HTTP_POST, S("/clients/3"));
    assert_non_null(got.route);
    router_free(r);
}

static bool stops(const struct route *v, int n) {
    struct routes table = { v, n };
    const struct routes *const t[] = { &table };
    pid_t pid = fork();
    if (pid == 0) {
        close(2);
        struct router *r = router_new(t, 1);
        router_free(r);
        _exit(0);
    }
    int how = 0;
    waitpid(pid, &how, 0);
    return WIFSIGNALED(how) && WTERMSIG(how) == SIGABRT;
}

static void test_bad_tables(void **state) {
    (void)state;
    static const struct route bad[][2] = {
        { { .method = HTTP_GET, .pattern = "/a", .access = ACCESS_READ } },
        { { .method = HTTP_GET, .pattern = "/a", .access = ACCESS_WRITE, .handler = nothing } },
        { { .method = HTTP_HEAD, .pattern = "/a", .access = ACCESS_READ, .handler = nothing } },
        { R(GET, "a") },
        { R(GET, "/a//b") },
        { R(GET, "/a/{b") },
        { R(GET, "/{a}/{b}/{c}/{d}/{e}") },
        { { .method = HTTP_GET, .pattern = "/a", .handler = nothing, .again = nothing } },
        { { .method = HTTP_GET, .pattern = "/a", .handler = nothing, .flags = ROUTE_API } },
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) assert_true(stops(bad[i], 1));
    static const struct route twice[] = { R(GET, "/a/{x}"), R(GET, "/a/{y}") };
    assert_true(stops(twice, 2));
    assert_false(stops(twice, 1));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_find),
        cmocka_unit_test(test_method),
        cmocka_unit_test(test_bad_tables),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
