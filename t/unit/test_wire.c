/* T-46: bytes on raw sockets, most of them wrong. Each case says what is answered and how many
 * requests the program may see; after each the server must still be well. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "wire/wire.h"
#include "wire/cases.h"

struct shared { /* one server for all cases */
    struct wire w;
    struct arena *a;
    int cases_n;
};

static int set_up(void **state) {
    struct shared *s = calloc(1, sizeof *s);
    s->a = arena_new();
    wire_start(&s->w, (struct http_config){ .workers = 2, .head_ms = 20000 });
    *state = s;
    return 0;
}

static int tear_down(void **state) {
    struct shared *s = *state;
    print_message("%d wire cases\n", s->cases_n);
    wire_stop(&s->w);
    arena_free(s->a);
    free(s);
    return 0;
}

/* Sends, closes its half, reads to the end: the status of the first reply, 0 if there is none. All
 * replies to what the program did not see must be refusals. */
static int first_status(struct shared *s, struct str bytes, int *replies_n) {
    struct buf in = { .arena = s->a };
    struct wire_reply r;
    int fd = wire_connect(&s->w), first = 0;
    wire_send(fd, bytes);
    shutdown(fd, SHUT_WR);
    int64_t until = clock_mono_us() + WIRE_WAIT_MS * 1000;
    while (wire_read(fd, &in, 1000) != 0 && clock_mono_us() < until) continue;
    close(fd);
    *replies_n = 0;
    struct str rest = buf_str(&in);
    while (wire_parse(s->a, &rest, str_starts(bytes, S("HEAD ")), &r)) {
        if ((*replies_n)++ == 0) first = r.status;
    }
    return first;
}

static void check(struct shared *s, const char *name, struct str bytes, int status, int served) {
    struct arena_mark mark = arena_mark(s->a);
    int before = wire_served(&s->w), replies_n;
    int got = first_status(s, bytes, &replies_n);
    int saw = wire_served(&s->w) - before;
    if (got != status || saw != served)
        fail_msg("%s: status %d for %d, %d requests for %d", name, got, status, saw, served);
    if (replies_n > (served ? served : 1)) fail_msg("%s: %d replies", name, replies_n);
    arena_back(s->a, mark);
    s->cases_n++;
}

static void table(void **state) {
    struct shared *s = *state;
    for (size_t i = 0; i < sizeof wire_cases / sizeof *wire_cases; i++) {
        const struct wire_case *c = &wire_cases[i];
        check(s, c->name, c->bytes, c->status, c->served);
    }
    wire_alive(s->a, &s->w);
}

static bool token_byte(int c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           (c && strchr("!#$%&'*+-.^_`|~", c));
}

/* Every byte there is, in the places where bytes are read differently. */
static void every_byte(void **state) {
    struct shared *s = *state;
    for (int c = 0; c < 256; c++) {
        char text[100], name[40];
        int n = snprintf(text, sizeof text, "GET /a%cb HTTP/1.1\r\nHost: x\r\n\r\n", c);
        int want = c > ' ' && c < 127 && c != '#' && c != '%' ? 200 : c == ' ' ? 0 : 400;
        snprintf(name, sizeof name, "path byte %d", c);
        check(s, name, (struct str){ text, (size_t)n }, want, want == 200);

        n = snprintf(text, sizeof text, "GET / HTTP/1.1\r\nHost: x\r\nX%cY: v\r\n\r\n", c);
        want = token_byte(c) || c == ':' ? 200 : 400;
        snprintf(name, sizeof name, "header name byte %d", c);
        check(s, name, (struct str){ text, (size_t)n }, want, want == 200);

        n = snprintf(text, sizeof text, "GET / HTTP/1.1\r\nHost: x\r\nX: a%cb\r\n\r\n", c);
        want = (c >= ' ' && c < 127) || c == '\t' ? 200 : 400;
        snprintf(name, sizeof name, "header value byte %d", c);
        check(s, name, (struct str){ text, (size_t)n }, want, want == 200);

        n = snprintf(text, sizeof text, "G%cT / HTTP/1.1\r\nHost: x\r\n\r\n", c);
        want = c == 'E' ? 200 : c == ' ' || c == '\n' ? -1 : token_byte(c) ? 501 : 400;
        if (want < 0) continue; /* another request line, in the table */
        snprintf(name, sizeof name, "method byte %d", c);
        check(s, name, (struct str){ text, (size_t)n }, want, want == 200);
    }
    wire_alive(s->a, &s->w);
}

static void too_much(void **state) {
    struct shared *s = *state;
    static const struct {
        const char *name;
        int url_n, headers_n, header_n, status;
    } cases[] = {
        { "longest URL", LIMIT_URL, 0, 0, 200 },    { "longer URL", LIMIT_URL + 1, 0, 0, 414 },
        { "20 kB URL", 20000, 0, 0, 414 },          { "1 MB URL", 1 << 20, 0, 0, 414 },
        { "63 headers", 5, 63, 10, 200 },           { "64 headers", 5, 64, 10, 431 },
        { "300 headers", 5, 300, 10, 431 },         { "10,000 headers", 5, 10000, 10, 431 },
        { "15 kB in a header", 5, 1, 15000, 200 },  { "17 kB in a header", 5, 1, 17000, 431 },
        { "1 MB in a header", 5, 1, 1 << 20, 431 }, { "16 kB in 20 headers", 5, 20, 850, 431 },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct buf b = { .arena = s->a };
        buf_add_z(&b, "GET /");
        for (int k = 1; k < cases[i].url_n; k++) buf_add_c(&b, 'u');
        buf_add_z(&b, " HTTP/1.1\r\nHost: x\r\n");
        for (int k = 0; k < cases[i].headers_n; k++) {
            buf_printf(&b, "X%d: ", k);
            for (int m = 0; m < cases[i].header_n; m++) buf_add_c(&b, 'v');
            buf_add_z(&b, "\r\n");
        }
        buf_add_z(&b, "\r\n");
        /* Of far too much the rest cannot be sent any more: then the answer may be lost on the way.
         */
        struct wire_reply r = wire_ask(s->a, &s->w, buf_str(&b));
        if (r.status != cases[i].status && (r.status != 0 || b.n < 100000))
            fail_msg("%s: %d for %d", cases[i].name, r.status, cases[i].status);
        s->cases_n++;
    }
    /* A path parameter of the query string has its own limit. */
    struct buf b = { .arena = s->a };
    buf_add_z(&b, "GET /?a=");
    for (int k = 0; k <= LIMIT_PARAM; k++) buf_add_c(&b, 'p');
    buf_add_z(&b, " HTTP/1.1\r\nHost: x\r\n\r\n");
    check(s, "long parameter", buf_str(&b), 414, 0);
    wire_alive(s->a, &s->w);
}

#define WHOLE                                                                                      \
    "POST /whole?q=%D8%B3 HTTP/1.1\r\nHost: x\r\nCookie: a=b; c=d\r\nContent-Length: 12\r\n\r\n"   \
    "hello, world"
#define CHUNKS                                                                                     \
    "PUT /chunks HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n7;x\r\n, " \
    "world\r\n0\r\nT: t\r\n\r\n"

/* The other end goes away at each byte: by its half, wholly, by a reset. Nothing may be served,
 * nothing stay open. (libmicrohttpd overlooks an end that comes together with bytes: then the
 * deadline acts.) */
static void early_close(void **state) {
    struct shared *s = *state;
    static const struct str wholes[] = { { WHOLE, sizeof WHOLE - 1 },
                                         { CHUNKS, sizeof CHUNKS - 1 } };
    enum { MOST = sizeof WHOLE + sizeof CHUNKS };
    struct linger reset = { 1, 0 };
    struct wire w;
    int halves[MOST], halves_n = 0;
    wire_start(&w, (struct http_config){ .workers = 2, .head_ms = 1500, .grace_ms = 1500 });
    for (int which = 0; which < 2; which++) {
        for (size_t n = 0; n < wholes[which].n; n++) {
            for (int how = 0; how < 3; how++) {
                int fd = wire_connect(&w);
                wire_send(fd, str_sub(wholes[which], 0, n));
                if (how == 2) setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
                if (how == 0) {
                    shutdown(fd, SHUT_WR);
                    halves[halves_n++] = fd;
                } else {
                    close(fd);
                }
                s->cases_n++;
            }
        }
    }
    for (int i = 0; i < halves_n; i++) {
        if (wire_closed_after(halves[i], WIRE_WAIT_MS) < 0) fail_msg("half %d stays open", i);
        close(halves[i]);
    }
    wire_alive(s->a, &w);
    assert_int_equal(wire_served(&w), 1);
    wire_stop(&w);
}

/* However the bytes are cut into packets, it is the same request. */
static void cut_in_two(void **state) {
    struct shared *s = *state;
    static const struct str wholes[] = { { WHOLE, sizeof WHOLE - 1 },
                                         { CHUNKS, sizeof CHUNKS - 1 } };
    static const char *const answers[] = { "POST /whole ?q=%D8%B3 body=12 hello, world",
                                           "PUT /chunks ? body=12 hello, world" };
    for (int which = 0; which < 2; which++) {
        int fd = wire_connect(&s->w);
        for (size_t n = 1; n <= wholes[which].n; n++) {
            struct arena_mark mark = arena_mark(s->a);
            struct wire_reply r;
            wire_send(fd, str_sub(wholes[which], 0, n));
            usleep(300);
            wire_send(fd, str_sub(wholes[which], n, wholes[which].n));
            assert_int_equal(wire_replies(s->a, fd, 1, false, &r), 1);
            assert_int_equal(r.status, 200);
            assert_true(str_eq_z(r.body, answers[which]));
            arena_back(s->a, mark);
            s->cases_n++;
        }
        for (size_t i = 0; i < wholes[which].n; i++) { /* byte by byte */
            wire_send(fd, str_sub(wholes[which], i, 1));
            if (i % 8 == 0) usleep(100);
        }
        struct wire_reply r;
        assert_int_equal(wire_replies(s->a, fd, 1, false, &r), 1);
        assert_true(str_eq_z(r.body, answers[which]));
        close(fd);
    }
}

/* A refusal ends the connection: what comes behind it is not read as a request. */
static void nothing_behind_a_refusal(void **state) {
    struct shared *s = *state;
    struct buf b = { .arena = s->a };
    buf_add_z(&b, "GET /1 HTTP/1.1\r\nHost: x\r\n\r\n");
    buf_add_z(&b, "GET /2 HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n");
    buf_add_z(&b, "GET /3 HTTP/1.1\r\nHost: x\r\n\r\n");
    struct wire_reply r[3];
    int before = wire_served(&s->w), fd = wire_connect(&s->w);
    wire_send(fd, buf_str(&b));
    assert_int_equal(wire_replies(s->a, fd, 3, false, r), 2);
    assert_true(r[0].status == 200 && r[1].status == 400);
    assert_true(str_eq_z(wire_header(r[1].head, "connection"), "close"));
    close(fd);
    assert_int_equal(wire_served(&s->w), before + 1);
    s->cases_n++;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(table),      cmocka_unit_test(every_byte),
        cmocka_unit_test(too_much),   cmocka_unit_test(early_close),
        cmocka_unit_test(cut_in_two), cmocka_unit_test(nothing_behind_a_refusal),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
