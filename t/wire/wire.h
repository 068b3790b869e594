/* A small program behind a real server, and raw sockets to it: what the tests of lib/http share.
 * Included by t/unit/test_http.c and its like after cmocka.h. Talks to 127.0.0.1 only. */
#ifndef WIRE_H
#define WIRE_H
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/clock.h"
#include "lib/base/limits.h"
#include "lib/http/http.h"

enum { WIRE_REPLIES_MAX = 64, WIRE_WAIT_MS = 10000 };
#define UNUSED __attribute__((unused))

struct wire { /* a server and what it has seen */
    struct http_server *server;
    char dir[64];
    int served, heads, streams_open; /* atomic */
    int64_t upload_max;
    enum status head_says;
};

/* ---- the program ---- */

struct wire_stream {
    struct wire *wire;
    int left, fail_at;
};

static enum status wire_piece(void *ctx, struct buf *out, bool *more) {
    struct wire_stream *s = ctx;
    if (s->left == s->fail_at) return BROKEN;
    for (int i = 0; i < 8192; i++) buf_add(out, S("01234567"));
    *more = --s->left > 0;
    return OK;
}

static void wire_stream_done(void *ctx) {
    struct wire_stream *s = ctx;
    __atomic_fetch_sub(&s->wire->streams_open, 1, __ATOMIC_SEQ_CST);
    free(s);
}

static int64_t wire_number(const struct http_request *req, const char *name) {
    int64_t n = 0;
    return str_to_i64(http_query(req, name), &n) ? n : 0;
}

static uint64_t wire_hash_file(const char *path) {
    char piece[65536];
    uint64_t h = 0xCBF29CE484222325u;
    FILE *f = fopen(path, "rb");
    assert_non_null(f);
    for (size_t n; (n = fread(piece, 1, sizeof piece, f)) > 0;)
        for (size_t i = 0; i < n; i++) h = (h ^ (unsigned char)piece[i]) * 0x100000001B3u;
    fclose(f);
    return h;
}

static void wire_serve_stream(struct wire *w, const struct http_request *req,
                              struct http_reply *reply) {
    struct wire_stream *s = calloc(1, sizeof *s);
    s->wire = w;
    s->left = (int)wire_number(req, "n");
    s->fail_at = (int)wire_number(req, "fail");
    if (!s->fail_at) s->fail_at = -1;
    __atomic_fetch_add(&w->streams_open, 1, __ATOMIC_SEQ_CST);
    reply->stream = wire_piece;
    reply->stream_ctx = s;
    reply->stream_done = wire_stream_done;
}

static void wire_serve(void *app, int worker, struct arena *a, const struct http_request *req,
                       struct http_reply *reply) {
    struct wire *w = app;
    (void)worker;
    __atomic_fetch_add(&w->served, 1, __ATOMIC_SEQ_CST);
    http_add(a, reply, "Content-Type", S("text/plain; charset=utf-8"));
    if (wire_number(req, "sleep")) usleep((useconds_t)wire_number(req, "sleep") * 1000);
    if (str_eq_z(req->path, "/stream")) {
        wire_serve_stream(w, req, reply);
    } else if (str_eq_z(req->path, "/fixed")) {
        reply->fixed = S("fixed");
    } else if (str_eq_z(req->path, "/nothing")) {
        reply->status = 204;
    } else if (str_eq_z(req->path, "/bytes")) {
        size_t n = (size_t)wire_number(req, "n");
        char *p = arena_alloc(a, n + 1);
        memset(p, 'x', n);
        reply->body = (struct str){ p, n };
    } else if (str_eq_z(req->path, "/file")) {
        reply->file = str_z(a, http_query(req, "path"));
        reply->file_delete = wire_number(req, "delete");
    } else {
        reply->body = str_printf(a, "%s %.*s ?%.*s body=%lld %.*s", http_method_name(req->method),
                                 SF(req->path), SF(req->query_raw), (long long)req->body_n,
                                 SF(str_sub(req->body, 0, 200)));
        if (req->body_file)
            reply->body = str_printf(a, "file %lld %llu", (long long)req->body_n,
                                     (unsigned long long)wire_hash_file(req->body_file));
    }
}

static enum status wire_head(void *app, struct arena *a, const struct http_request *req,
                             int64_t *max_body) {
    struct wire *w = app;
    (void)a;
    __atomic_fetch_add(&w->heads, 1, __ATOMIC_SEQ_CST);
    assert_true(req->body_n != 0 && req->body.n == 0 && req->path.n > 0);
    *max_body = w->upload_max;
    return w->head_says;
}

static void wire_start(struct wire *w, struct http_config config) {
    *w = (struct wire){ .upload_max = 20 << 20 };
    snprintf(w->dir, sizeof w->dir, "/tmp/daftar-wire-XXXXXX");
    assert_non_null(mkdtemp(w->dir));
    config.listen = "127.0.0.1:0";
    config.temp_dir = w->dir;
    if (!config.workers) config.workers = 2;
    struct http_app app = { w, wire_head, wire_serve };
    assert_int_equal(http_start(&w->server, &config, &app), OK);
}

static void wire_stop(struct wire *w) {
    http_stop(w->server);
    assert_int_equal(w->streams_open, 0);
    /* Fails unless every temporary file is gone. */
    assert_int_equal(rmdir(w->dir), 0);
}

static int UNUSED wire_served(struct wire *w) {
    return __atomic_load_n(&w->served, __ATOMIC_SEQ_CST);
}

/* ---- raw sockets ---- */

static int wire_connect_small(const struct wire *w, int receive_bytes) {
    struct sockaddr_in to = { .sin_family = AF_INET,
                              .sin_port = htons((uint16_t)http_port(w->server)),
                              .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    int one = 1, fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(fd >= 0);
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    if (receive_bytes) setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &receive_bytes, sizeof receive_bytes);
    assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof to), 0);
    return fd;
}

static int wire_connect(const struct wire *w) {
    return wire_connect_small(w, 0);
}

/* True when all was sent; false when the other end has closed. */
static bool wire_send(int fd, struct str s) {
    while (s.n) {
        ssize_t n = send(fd, s.p, s.n, MSG_NOSIGNAL);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return false;
        s = str_sub(s, (size_t)n, s.n);
    }
    return true;
}

static bool UNUSED wire_send_z(int fd, const char *z) {
    return wire_send(fd, str_of(z));
}

/* One read; 0 at the end (or a reset), -1 when nothing came for ms. */
static ssize_t wire_read(int fd, struct buf *to, int ms) {
    struct pollfd p = { .fd = fd, .events = POLLIN };
    if (poll(&p, 1, ms) <= 0) return -1;
    buf_reserve(to, 65536);
    ssize_t n = recv(fd, to->p + to->n, 65536, 0);
    if (n > 0) to->n += (size_t)n;
    return n > 0 ? n : 0;
}

struct wire_reply {
    int status;
    struct str head, body;
    bool whole; /* with all of its body */
};

static struct str wire_header(struct str head, const char *lower_name) {
    struct str rest = head, line;
    while (str_cut(&rest, '\n', &line)) {
        ptrdiff_t colon = str_find_c(line, ':');
        if (colon > 0 && str_eq_ascii(str_sub(line, 0, (size_t)colon), str_of(lower_name)))
            return str_trim(str_sub(line, (size_t)colon + 1, line.n));
    }
    return NO_STR;
}

/* Undoes chunked coding; false while the last chunk is missing. *used: bytes of all chunks. */
static bool wire_unchunk(struct arena *a, struct str raw, struct str *out, size_t *used) {
    struct buf b = { .arena = a };
    size_t at = 0;
    for (;;) {
        ptrdiff_t eol = str_find(str_sub(raw, at, raw.n), S("\r\n"));
        if (eol < 0) break;
        size_t n = strtoul(str_z(a, str_sub(raw, at, (size_t)eol)), NULL, 16);
        at += (size_t)eol + 2;
        if (raw.n < at + n + 2) break;
        buf_add(&b, str_sub(raw, at, n));
        at += n + 2;
        if (n == 0) {
            *out = buf_str(&b);
            *used = at;
            return true;
        }
    }
    *out = buf_str(&b);
    return false;
}

/* Takes the first reply off *raw; false when there is no whole head. head_only: it answers HEAD. */
static bool wire_parse(struct arena *a, struct str *raw, bool head_only, struct wire_reply *r) {
    ptrdiff_t end = str_find(*raw, S("\r\n\r\n"));
    if (end < 0 || !str_starts(*raw, S("HTTP/1.1 "))) return false;
    *r = (struct wire_reply){ .head = str_sub(*raw, 0, (size_t)end) };
    r->status = (raw->p[9] - '0') * 100 + (raw->p[10] - '0') * 10 + (raw->p[11] - '0');
    struct str rest = str_sub(*raw, (size_t)end + 4, raw->n);
    struct str length = wire_header(r->head, "content-length");
    int64_t n = 0;
    size_t used = 0;
    if (head_only || r->status < 200 || r->status == 204 || r->status == 304) {
        r->whole = true;
    } else if (str_eq_z(wire_header(r->head, "transfer-encoding"), "chunked")) {
        r->whole = wire_unchunk(a, rest, &r->body, &used);
    } else if (str_to_i64(length, &n)) {
        r->body = str_sub(rest, 0, (size_t)n);
        r->whole = r->body.n == (size_t)n;
        used = r->body.n;
    } else {
        r->body = rest; /* until the end of the connection */
        used = rest.n;
    }
    *raw = str_sub(rest, used, rest.n);
    return true;
}

/* Reads until n replies are whole or the other end closes; how many there were. */
static int wire_replies(struct arena *a, int fd, int n, bool head_only, struct wire_reply *out) {
    struct buf in = { .arena = a };
    int64_t until = clock_mono_us() + WIRE_WAIT_MS * 1000;
    for (;;) {
        struct str rest = buf_str(&in);
        int got = 0;
        while (got < n && wire_parse(a, &rest, head_only, &out[got]) && out[got].whole) got++;
        if (got == n || clock_mono_us() > until) return got;
        if (wire_read(fd, &in, 1000) == 0) {
            rest = buf_str(&in);
            for (got = 0; got < n && wire_parse(a, &rest, head_only, &out[got]);) got++;
            return got;
        }
    }
}

/* Sends, reads one reply, closes. Status 0: closed without an answer. */
static struct wire_reply UNUSED wire_ask(struct arena *a, const struct wire *w, struct str bytes) {
    struct wire_reply r = { 0 };
    int fd = wire_connect(w);
    wire_send(fd, bytes);
    if (wire_replies(a, fd, 1, str_starts(bytes, S("HEAD ")), &r) == 0) r.status = 0;
    close(fd);
    return r;
}

/* Milliseconds until the other end closes, or -1 after most_ms; what comes meanwhile is thrown
 * away. */
static int64_t UNUSED wire_closed_after(int fd, int64_t most_ms) {
    struct buf in = { 0 };
    int64_t start = clock_mono_us(), took = -1;
    while (took < 0 && clock_mono_us() - start < most_ms * 1000) {
        if (wire_read(fd, &in, 20) == 0) took = (clock_mono_us() - start) / 1000;
        in.n = 0;
    }
    buf_free(&in);
    return took;
}

#define WIRE_GET(target) "GET " target " HTTP/1.1\r\nHost: x\r\n\r\n"

/* Still fine? Asked after everything that might have hurt. */
static void UNUSED wire_alive(struct arena *a, const struct wire *w) {
    struct wire_reply r = wire_ask(a, w, S(WIRE_GET("/alive")));
    assert_int_equal(r.status, 200);
    assert_true(str_starts(r.body, S("GET /alive ")));
}

#endif
