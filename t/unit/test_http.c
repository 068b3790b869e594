/* The server as its users see it: keep-alive, replies of all sorts, uploads, deadlines, stopping.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "wire/wire.h"

struct test {
    struct wire w;
    struct arena *a;
};

static struct test *start(struct http_config config) {
    struct test *t = calloc(1, sizeof *t);
    t->a = arena_new();
    wire_start(&t->w, config);
    return t;
}

static void stop(struct test *t) {
    wire_stop(&t->w);
    arena_free(t->a);
    free(t);
}

static void answers_on_one_connection(void **state) {
    (void)state;
    struct test *t = start((struct http_config){ 0 });
    struct wire_reply r;
    int fd = wire_connect(&t->w);
    for (int i = 0; i < 100; i++) {
        char text[100];
        snprintf(text, sizeof text, "GET /n/%d?a=%%20b HTTP/1.1\r\nHost: x\r\n\r\n", i);
        assert_true(wire_send_z(fd, text));
        assert_int_equal(wire_replies(t->a, fd, 1, false, &r), 1);
        assert_int_equal(r.status, 200);
        snprintf(text, sizeof text, "GET /n/%d ?a=%%20b body=0 ", i);
        assert_true(str_eq_z(r.body, text));
        assert_true(wire_header(r.head, "date").n == 29);
        assert_false(wire_header(r.head, "server").p);
    }
    close(fd);
    assert_int_equal(wire_served(&t->w), 100);
    stop(t);
}

static void answers_a_pipeline_in_order(void **state) {
    (void)state;
    struct test *t = start((struct http_config){ .workers = 4 });
    struct wire_reply r[50];
    struct buf all = { .arena = t->a };
    for (int i = 0; i < 50; i++) {
        if (i % 5 == 4)
            buf_printf(&all, "POST /p%d HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc", i);
        else
            buf_printf(&all, "GET /p%d HTTP/1.1\r\nHost: x\r\n\r\n", i);
    }
    int fd = wire_connect(&t->w);
    assert_true(wire_send(fd, buf_str(&all)));
    assert_int_equal(wire_replies(t->a, fd, 50, false, r), 50);
    for (int i = 0; i < 50; i++) {
        char want[40];
        snprintf(want, sizeof want, "%s /p%d ", i % 5 == 4 ? "POST" : "GET", i);
        assert_true(str_starts(r[i].body, str_of(want)));
    }
    close(fd);
    stop(t);
}

static void sends_each_sort_of_reply(void **state) {
    (void)state;
    struct test *t = start((struct http_config){ 0 });
    struct wire_reply r = wire_ask(t->a, &t->w, S(WIRE_GET("/fixed")));
    assert_true(r.status == 200 && str_eq_z(r.body, "fixed"));
    r = wire_ask(t->a, &t->w, S(WIRE_GET("/nothing")));
    assert_true(r.status == 204 && r.body.n == 0);
    r = wire_ask(t->a, &t->w, S(WIRE_GET("/bytes?n=3000000")));
    assert_true(r.status == 200 && r.whole && r.body.n == 3000000);
    r = wire_ask(t->a, &t->w, S(WIRE_GET("/bytes?n=0")));
    assert_true(r.status == 200 && str_eq_z(wire_header(r.head, "content-length"), "0"));
    /* One piece has a length; several come chunked. */
    r = wire_ask(t->a, &t->w, S(WIRE_GET("/stream?n=1")));
    assert_true(r.whole && str_eq_z(wire_header(r.head, "content-length"), "65536"));
    r = wire_ask(t->a, &t->w, S(WIRE_GET("/stream?n=40")));
    assert_true(r.whole && r.body.n == 40 * 65536);
    assert_true(str_eq_z(wire_header(r.head, "transfer-encoding"), "chunked"));
    for (size_t i = 0; i < r.body.n; i++) assert_int_equal(r.body.p[i], '0' + (char)(i % 8));
    r = wire_ask(t->a, &t->w, S("GET /stream?n=4 HTTP/1.0\r\n\r\n"));
    assert_true(r.body.n == 4 * 65536 && !wire_header(r.head, "transfer-encoding").p);
    stop(t);
}

static void head_has_no_body(void **state) {
    (void)state;
    struct test *t = start((struct http_config){ 0 });
    static const char *const targets[] = { "/fixed", "/bytes?n=100", "/nothing", "/x" };
    int fd = wire_connect(&t->w);
    for (int i = 0; i < 4; i++) {
        struct wire_reply r[2];
        struct str ask = str_printf(t->a,
                                    "HEAD %s HTTP/1.1\r\nHost: x\r\n\r\n"
                                    "HEAD /second HTTP/1.1\r\nHost: x\r\n\r\n",
                                    targets[i]);
        assert_true(wire_send(fd, ask));
        /* Were there a body, the second head would not parse. */
        assert_int_equal(wire_replies(t->a, fd, 2, true, r), 2);
        assert_true(r[0].status == (i == 2 ? 204 : 200) && r[1].status == 200);
        if (i == 1) assert_true(str_eq_z(wire_header(r[0].head, "content-length"), "100"));
    }
    close(fd);
    /* The length of a stream is not known: no length, no chunk, and the end. */
    struct buf in = { .arena = t->a };
    fd = wire_connect(&t->w);
    assert_true(wire_send_z(fd, "HEAD /stream?n=4 HTTP/1.1\r\nHost: x\r\n\r\n"));
    while (wire_read(fd, &in, WIRE_WAIT_MS) > 0) continue;
    assert_true(str_starts(buf_str(&in), S("HTTP/1.1 200 ")));
    assert_true(str_ends(buf_str(&in), S("\r\n\r\n")));
    assert_int_equal(str_find(buf_str(&in), S("\r\n\r\n")), in.n - 4);
    assert_int_equal(str_find(buf_str(&in), S("Content-Length")), -1);
    close(fd);
    stop(t);
}

static void a_broken_stream_is_not_taken_for_whole(void **state) {
    (void)state;
    struct test *t = start((struct http_config){ 0 });
    struct wire_reply r = wire_ask(t->a, &t->w, S(WIRE_GET("/stream?n=10&fail=5")));
    assert_true(r.status == 200 && !r.whole && r.body.n <= 5 * 65536);
    r = wire_ask(t->a, &t->w, S(WIRE_GET("/stream?n=10&fail=10")));
    assert_int_equal(r.status, 500);
    /* Whoever leaves in the middle ends the stream. */
    for (int i = 0; i < 20; i++) {
        int fd = wire_connect(&t->w);
        assert_true(wire_send_z(fd, WIRE_GET("/stream?n=1000")));
        struct buf in = { .arena = t->a };
        assert_true(wire_read(fd, &in, WIRE_WAIT_MS) > 0);
        close(fd);
    }
    wire_alive(t->a, &t->w);
    stop(t);
}

static void sends_a_file(void **state) {
    (void)state;
    struct test *t = start((struct http_config){ 0 });
    struct str path = str_printf(t->a, "%s/given", t->w.dir);
    FILE *f = fopen(path.p, "wb");
    for (int i = 0; i < 300000; i++) fputs("0123456789", f);
    fclose(f);
    struct str ask = str_printf(t->a, "GET /file?path=%.*s HTTP/1.1\r\nHost: x\r\n\r\n", SF(path));
    struct wire_reply r = wire_ask(t->a, &t->w, ask);
    assert_true(r.whole && r.body.n == 3000000 && str_ends(r.body, S("0123456789")));
    ask = str_printf(t->a, "GET /file?delete=1&path=%.*s HTTP/1.1\r\nHost: x\r\n\r\n", SF(path));
    assert_int_equal(wire_ask(t->a, &t->w, ask).body.n, 3000000);
    assert_int_equal(access(path.p, F_OK), -1);
    assert_int_equal(wire_ask(t->a, &t->w, ask).status, 500);
    stop(t);
}

static uint64_t hash_of(const char *p, size_t n) {
    uint64_t h = 0xCBF29CE484222325u;
    for (size_t i = 0; i < n; i++) h = (h ^ (unsigned char)p[i]) * 0x100000001B3u;
    return h;
}

static void streams_an_upload_to_a_file(void **state) {
    (void)state;
    struct test *t = start((struct http_config){ 0 });
    size_t n = 5 << 20;
    char *big = malloc(n);
    for (size_t i = 0; i < n; i++) big[i] = (char)(i * 2654435761u >> 13);
    struct wire_reply r;
    int fd = wire_connect(&t->w);
    for (int round = 0; round < 2; round++) {
        assert_true(
            wire_send(fd, str_printf(t->a,
                                     "POST /up HTTP/1.1\r\nHost: x\r\nContent-Length: %zu\r\n"
                                     "\r\n",
                                     n)));
        assert_true(wire_send(fd, (struct str){ big, n }));
        assert_int_equal(wire_replies(t->a, fd, 1, false, &r), 1);
        struct str want = str_printf(t->a, "file %zu %llu", n, (unsigned long long)hash_of(big, n));
        assert_true(str_eq(r.body, want));
    }
    close(fd);
    assert_int_equal(t->w.heads, 2);
    /* A small multipart body asks too; a small other one does not. */
    r = wire_ask(
        t->a, &t->w,
        S("POST /m HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=b\r\n"
          "Content-Length: 3\r\n\r\nabc"));
    assert_true(str_starts(r.body, S("file 3 ")));
    assert_int_equal(t->w.heads, 3);
    r = wire_ask(t->a, &t->w, S("PUT /s HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc"));
    assert_true(str_eq_z(r.body, "PUT /s ? body=3 abc"));
    assert_int_equal(t->w.heads, 3);
    free(big);
    stop(t);
}

/* The answer must reach a client that is still sending, and nothing of the body may be kept. */
static void refuses_an_upload_by_its_head(void **state) {
    (void)state;
    struct test *t = start((struct http_config){ 0 });
    static const struct {
        enum status says;
        int64_t max;
        int status;
    } cases[] = { { SIGNED_OUT, 1 << 30, 401 },
                  { DENIED, 1 << 30, 403 },
                  { OK, 1 << 20, 413 },
                  { TOO_BIG, 0, 413 } };
    char *waste = calloc(1, 1 << 20);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        t->w.head_says = cases[i].says;
        t->w.upload_max = cases[i].max;
        int fd = wire_connect(&t->w);
        assert_true(
            wire_send_z(fd, "POST /up HTTP/1.1\r\nHost: x\r\nContent-Length: 8388608\r\n\r\n"));
        for (int mb = 0; mb < 8; mb++)
            if (!wire_send(fd, (struct str){ waste, 1 << 20 })) break;
        struct wire_reply r = { 0 };
        assert_int_equal(wire_replies(t->a, fd, 1, false, &r), 1);
        assert_int_equal(r.status, cases[i].status);
        assert_true(str_eq_z(wire_header(r.head, "connection"), "close"));
        close(fd);
    }
    free(waste);
    assert_int_equal(wire_served(&t->w), 0);
    stop(t);
}

static void says_continue_only_when_it_means_it(void **state) {
    (void)state;
    struct test *t = start((struct http_config){ 0 });
    struct wire_reply r[2];
    int fd = wire_connect(&t->w);
    const char *head =
        "POST /c HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\nExpect: 100-continue\r\n\r\n";
    char text[200];
    snprintf(text, sizeof text, head, 5);
    assert_true(wire_send_z(fd, text));
    assert_int_equal(wire_replies(t->a, fd, 1, false, r), 1);
    assert_int_equal(r[0].status, 100);
    assert_true(wire_send_z(fd, "hello"));
    assert_int_equal(wire_replies(t->a, fd, 1, false, r), 1);
    assert_true(str_eq_z(r[0].body, "POST /c ? body=5 hello"));
    close(fd);
    t->w.head_says = SIGNED_OUT;
    snprintf(text, sizeof text, head, 5000000);
    assert_int_equal(wire_ask(t->a, &t->w, str_of(text)).status, 401);
    stop(t);
}

static void chunked_bodies_have_their_limit(void **state) {
    (void)state;
    struct test *t = start((struct http_config){ 0 });
    const char *head = "POST /k HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
    static const struct {
        int kib, status; /* 0: cut */
    } cases[] = { { 1, 200 }, { 1024, 200 }, { 1025, 413 }, { 2000, 413 }, { 4000, 0 } };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct buf b = { .arena = t->a };
        buf_add_z(&b, head);
        for (int k = 0; k < cases[i].kib; k++) buf_printf(&b, "400\r\n%01024d\r\n", k);
        buf_add_z(&b, "0\r\n\r\n");
        assert_int_equal(wire_ask(t->a, &t->w, buf_str(&b)).status, cases[i].status);
    }
    assert_int_equal(wire_served(&t->w), 2);
    stop(t);
}

static void http_1_0_and_close(void **state) {
    (void)state;
    struct test *t = start((struct http_config){ 0 });
    static const char *const asks[] = {
        "GET /a HTTP/1.0\r\n\r\n",
        "GET /a HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
    };
    for (int i = 0; i < 2; i++) {
        int fd = wire_connect(&t->w);
        struct wire_reply r;
        assert_true(wire_send_z(fd, asks[i]));
        assert_int_equal(wire_replies(t->a, fd, 1, false, &r), 1);
        assert_int_equal(r.status, 200);
        assert_true(wire_closed_after(fd, 2000) >= 0);
        close(fd);
    }
    /* Whoever has said all and closed his half still gets the answer. */
    int fd = wire_connect(&t->w);
    struct wire_reply r;
    assert_true(wire_send_z(fd, WIRE_GET("/half?sleep=50")));
    shutdown(fd, SHUT_WR);
    assert_int_equal(wire_replies(t->a, fd, 1, false, &r), 1);
    assert_int_equal(r.status, 200);
    close(fd);
    stop(t);
}

/* ---- time ---- */

static const struct http_config hasty = { .workers = 1,
                                          .head_ms = 500,
                                          .idle_ms = 400,
                                          .grace_ms = 400,
                                          .body_bytes_per_s = 100000,
                                          .reply_bytes_per_s = 1000000 };

/* Sends a byte each 20 ms; milliseconds until the other end closes. */
static int64_t drip(int fd, struct str s, int64_t most_ms) {
    int64_t start_us = clock_mono_us();
    struct buf in = { 0 };
    int64_t took = -1;
    for (size_t i = 0; took < 0 && clock_mono_us() - start_us < most_ms * 1000; i++) {
        bool open = wire_send(fd, (struct str){ &s.p[i % s.n], 1 });
        if (!open || wire_read(fd, &in, 20) == 0) took = (clock_mono_us() - start_us) / 1000;
    }
    buf_free(&in);
    return took;
}

static void cuts_drips(void **state) {
    (void)state;
    struct test *t = start(hasty);
    static const char *const starts[] = {
        "",                                      /* nothing yet: the request line drips */
        "GET / HTTP/1.1\r\nHost: x\r\nX-Long: ", /* a header that never ends */
        "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9000\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1000\r\n",
    };
    for (int i = 0; i < 4; i++) {
        int fd = wire_connect(&t->w);
        assert_true(wire_send_z(fd, starts[i]));
        int64_t took = drip(fd, S("aaaaaaaaaaaaaaaaaaaa"), 5000);
        assert_in_range(took, 300, 2500);
        close(fd);
    }
    int fd = wire_connect(&t->w); /* silence */
    assert_in_range(wire_closed_after(fd, 5000), 300, 2500);
    close(fd);
    assert_int_equal(wire_served(&t->w), 0);
    wire_alive(t->a, &t->w);
    stop(t);
}

static void closes_idle_connections(void **state) {
    (void)state;
    struct test *t = start(hasty);
    struct wire_reply r;
    int fd = wire_connect(&t->w);
    int64_t asked = 0;
    for (int i = 0; i < 3; i++) { /* each answer restarts the clock */
        if (i) usleep(200000);
        asked = clock_mono_us();
        assert_true(wire_send_z(fd, WIRE_GET("/a")));
        assert_int_equal(wire_replies(t->a, fd, 1, false, &r), 1);
    }
    assert_true(wire_closed_after(fd, 5000) >= 0);
    assert_in_range((clock_mono_us() - asked) / 1000, 300, 5000);
    close(fd);
    stop(t);
}

/* In a crowd nobody may sit idle for a minute. */
static void a_crowd_is_not_kept(void **state) {
    (void)state;
    enum { N = 1100 };
    struct test *t = start((struct http_config){ 0 });
    int *fds = calloc(N, sizeof *fds), open = N;
    for (int i = 0; i < N; i++) {
        struct wire_reply r;
        fds[i] = wire_connect(&t->w);
        assert_true(wire_send_z(fds[i], WIRE_GET("/c")));
        assert_int_equal(wire_replies(t->a, fds[i], 1, false, &r), 1);
    }
    for (int round = 0; round < 100 && open > 1000; round++) {
        usleep(100000);
        open = 0;
        for (int i = 0; i < N; i++) {
            char c;
            open += recv(fds[i], &c, 1, MSG_PEEK | MSG_DONTWAIT) < 0;
        }
    }
    assert_true(open <= 1000);
    wire_alive(t->a, &t->w);
    for (int i = 0; i < N; i++) close(fds[i]);
    free(fds);
    stop(t);
}

static void a_good_body_may_take_its_time(void **state) {
    (void)state;
    struct test *t = start(hasty);
    int fd = wire_connect(&t->w);
    char piece[10000];
    memset(piece, 'y', sizeof piece);
    assert_true(wire_send_z(fd, "POST /t HTTP/1.1\r\nHost: x\r\nContent-Length: 200000\r\n\r\n"));
    for (int i = 0; i < 20; i++) { /* 1 s in all, more than twice the grace */
        assert_true(wire_send(fd, (struct str){ piece, sizeof piece }));
        usleep(50000);
    }
    struct wire_reply r;
    assert_int_equal(wire_replies(t->a, fd, 1, false, &r), 1);
    assert_int_equal(r.status, 200);
    close(fd);
    stop(t);
}

static void cuts_who_does_not_read(void **state) {
    (void)state;
    struct http_config c = hasty;
    c.grace_ms = 1500;
    struct test *t = start(c);
    struct str path = str_printf(t->a, "%s/big", t->w.dir);
    FILE *f = fopen(path.p, "wb");
    char *mb = calloc(1, 1 << 20);
    for (int i = 0; i < 9; i++) fwrite(mb, 1, 1 << 20, f);
    fclose(f);
    struct str asks[] = { S(WIRE_GET("/bytes?n=9000000")), S(WIRE_GET("/stream?n=150")),
                          str_printf(t->a, "GET /file?path=%.*s HTTP/1.1\r\nHost: x\r\n\r\n",
                                     SF(path)) };
    for (int i = 0; i < 3; i++) {
        int fd = wire_connect_small(&t->w, 4096);
        assert_true(wire_send(fd, asks[i]));
        /* The only worker is free for others meanwhile. */
        int64_t start_us = clock_mono_us();
        wire_alive(t->a, &t->w);
        assert_true(clock_mono_us() - start_us < 1200000);
        usleep(3500000);
        struct buf in = { .arena = t->a };
        while (wire_read(fd, &in, WIRE_WAIT_MS) > 0) continue;
        assert_true(in.n < 4000000); /* it was not only late, but cut, and nothing waits */
        close(fd);
    }
    unlink(path.p);
    free(mb);
    stop(t);
}

static void a_good_reader_may_take_its_time(void **state) {
    (void)state;
    struct http_config c = hasty;
    c.reply_bytes_per_s = 200000;
    struct test *t = start(c);
    int fd = wire_connect_small(&t->w, 4096);
    assert_true(wire_send_z(fd, WIRE_GET("/stream?n=12")));
    struct buf in = { .arena = t->a };
    int64_t start_us = clock_mono_us();
    for (int64_t n = 1; n > 0 && in.n < 600000;) { /* about 500 kB/s */
        n = wire_read(fd, &in, WIRE_WAIT_MS);
        while (n > 0 && clock_mono_us() - start_us < (int64_t)in.n * 2) usleep(1000);
    }
    assert_true(clock_mono_us() - start_us > 1000000);
    struct wire_reply r;
    while (wire_read(fd, &in, 300) > 0) continue;
    struct str raw = buf_str(&in);
    assert_true(wire_parse(t->a, &raw, false, &r) && r.whole && r.body.n == 12 * 65536);
    close(fd);
    stop(t);
}

static void a_slow_handler_does_not_stop_the_network(void **state) {
    (void)state;
    struct test *t = start((struct http_config){ .workers = 1 });
    int slow = wire_connect(&t->w);
    assert_true(wire_send_z(slow, WIRE_GET("/slow?sleep=1500")));
    usleep(50000);
    int64_t start_us = clock_mono_us();
    assert_int_equal(wire_ask(t->a, &t->w, S("BREW / HTTP/1.1\r\nHost: x\r\n\r\n")).status, 501);
    assert_true(clock_mono_us() - start_us < 700000);
    struct wire_reply r;
    assert_int_equal(wire_replies(t->a, slow, 1, false, &r), 1);
    close(slow);
    stop(t);
}

/* A chunk extension that fills the buffer must neither hang nor keep a core busy for long. */
static void an_endless_chunk_line_is_cut(void **state) {
    (void)state;
    struct test *t = start((struct http_config){ 0 });
    int fd = wire_connect(&t->w);
    assert_true(
        wire_send_z(fd, "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5;ext="));
    char *x = malloc(200000);
    memset(x, 'e', 200000);
    wire_send(fd, (struct str){ x, 200000 });
    assert_in_range(wire_closed_after(fd, 8000), 0, 5000);
    free(x);
    close(fd);
    assert_int_equal(wire_served(&t->w), 0);
    wire_alive(t->a, &t->w);
    stop(t);
}

/* ---- stopping ---- */

struct stopper {
    struct test *t;
    int64_t took_ms;
};

static void *stop_in_thread(void *arg) {
    struct stopper *s = arg;
    int64_t start_us = clock_mono_us();
    http_stop(s->t->w.server);
    s->took_ms = (clock_mono_us() - start_us) / 1000;
    return NULL;
}

static int64_t stop_after(struct test *t, int us, pthread_t *thread, struct stopper *s) {
    usleep((useconds_t)us);
    *s = (struct stopper){ .t = t };
    return pthread_create(thread, NULL, stop_in_thread, s);
}

static void finishes_running_requests(void **state) {
    (void)state;
    struct test *t = start((struct http_config){ .workers = 2 });
    enum { N = 20 };
    int fds[N];
    for (int i = 0; i < N; i++) {
        fds[i] = wire_connect(&t->w);
        assert_true(wire_send_z(fds[i], WIRE_GET("/w?sleep=100")));
    }
    int idle = wire_connect(&t->w), half = wire_connect(&t->w);
    assert_true(wire_send_z(half, "GET / HT"));
    pthread_t thread;
    struct stopper s;
    assert_int_equal(stop_after(t, 100000, &thread, &s), 0);
    for (int i = 0; i < N; i++) {
        struct wire_reply r = { 0 };
        assert_int_equal(wire_replies(t->a, fds[i], 1, false, &r), 1);
        assert_int_equal(r.status, 200);
        if (i == N - 1) assert_true(str_eq_z(wire_header(r.head, "connection"), "close"));
        close(fds[i]);
    }
    pthread_join(thread, NULL);
    assert_true(s.took_ms < 4500);
    close(idle);
    close(half);
    assert_int_equal(rmdir(t->w.dir), 0);
    arena_free(t->a);
    free(t);
}

static void stops_in_five_seconds_whatever_they_do(void **state) {
    (void)state;
    struct test *t = start((struct http_config){ .workers = 2 });
    static const char *const asks[] = {
        WIRE_GET("/stream?n=100000"),
        WIRE_GET("/bytes?n=30000000"),
        WIRE_GET("/s?sleep=1000"),
        "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 900\r\n\r\nabc",
        "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9000000\r\n\r\nabc",
        "GET / HTTP/1.1\r\nHo",
        ""
    };
    int fds[7];
    for (int i = 0; i < 7; i++) {
        fds[i] = wire_connect_small(&t->w, 4096);
        assert_true(wire_send_z(fds[i], asks[i]));
    }
    usleep(200000);
    int64_t start_us = clock_mono_us();
    http_stop(t->w.server);
    assert_true(clock_mono_us() - start_us < 6000000);
    assert_int_equal(t->w.streams_open, 0);
    for (int i = 0; i < 7; i++) close(fds[i]);
    assert_int_equal(rmdir(t->w.dir), 0);
    arena_free(t->a);
    free(t);
}

static void starts_and_stops_often(void **state) {
    (void)state;
    for (int i = 0; i < 30; i++) {
        struct test *t = start((struct http_config){ .workers = 3 });
        int fd = wire_connect(&t->w);
        if (i % 3) assert_true(wire_send_z(fd, WIRE_GET("/x")));
        if (i % 3 == 2) {
            struct wire_reply r;
            assert_int_equal(wire_replies(t->a, fd, 1, false, &r), 1);
        }
        stop(t);
        close(fd);
    }
}

static void addresses(void **state) {
    (void)state;
    static const char *const bad[] = {
        "",      "127.0.0.1", "localhost:80", "127.0.0.1:x", "1.2.3:80", "127.0.0.1:70000",
        "[::1]", "::1:80",    "[::1:8080",    "127.0.0.1:-1"
    };
    struct http_server *s;
    struct http_app app = { 0 };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct http_config c = { .listen = bad[i], .workers = 1, .temp_dir = "/tmp" };
        assert_int_equal(http_start(&s, &c, &app), INVALID);
    }
    assert_true(http_address_ok("[::1]:8410") && http_address_ok("0.0.0.0:1"));
    int fd = http_listen("127.0.0.1:0");
    assert_true(fd >= 0);
    struct http_config c = { .listen_fd = fd, .workers = 1, .temp_dir = "/tmp/" };
    assert_int_equal(http_start(&s, &c, &app), OK);
    assert_true(http_port(s) > 0);
    http_stop(s);
    assert_int_equal(close(fd), 0); /* was left open */
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(answers_on_one_connection),
        cmocka_unit_test(answers_a_pipeline_in_order),
        cmocka_unit_test(sends_each_sort_of_reply),
        cmocka_unit_test(head_has_no_body),
        cmocka_unit_test(a_broken_stream_is_not_taken_for_whole),
        cmocka_unit_test(sends_a_file),
        cmocka_unit_test(streams_an_upload_to_a_file),
        cmocka_unit_test(refuses_an_upload_by_its_head),
        cmocka_unit_test(says_continue_only_when_it_means_it),
        cmocka_unit_test(chunked_bodies_have_their_limit),
        cmocka_unit_test(http_1_0_and_close),
        cmocka_unit_test(cuts_drips),
        cmocka_unit_test(closes_idle_connections),
        cmocka_unit_test(a_crowd_is_not_kept),
        cmocka_unit_test(a_good_body_may_take_its_time),
        cmocka_unit_test(cuts_who_does_not_read),
        cmocka_unit_test(a_good_reader_may_take_its_time),
        cmocka_unit_test(a_slow_handler_does_not_stop_the_network),
        cmocka_unit_test(an_endless_chunk_line_is_cut),
        cmocka_unit_test(finishes_running_requests),
        cmocka_unit_test(stops_in_five_seconds_whatever_they_do),
        cmocka_unit_test(starts_and_stops_often),
        cmocka_unit_test(addresses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
