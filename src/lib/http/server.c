/* The HTTP server: one network thread that runs libmicrohttpd (0.9.75; the only file that sees it),
 * and workers that run the program's handlers. Called by app and tests through http.h; calls head.c
 * for what a request may look like, body.c, reply.c, workers.c and peer.c. See docs/http.md for the
 * deadlines and for what libmicrohttpd itself lets through.
 *
 * Everything but `done`, `asleep` and `stopping` belongs to the network thread. An exchange is
 * handed to a worker while its connection is suspended, and comes back through `done`. */
#include <errno.h>
#include <microhttpd.h>
#include <pthread.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "lib/base/clock.h"
#include "lib/base/limits.h"
#include "lib/base/log.h"
#include "lib/http/body.h"
#include "lib/http/head.h"
#include "lib/http/peer.h"
#include "lib/http/socket.h"
#include "lib/http/stream.h"
#include "lib/http/workers.h"

enum {
    POOL_BYTES = 32768,      /* libmicrohttpd's memory for one connection: head, buffers */
    ARENAS_KEPT = 16,        /* warm arenas */
    CROWD_N = 1000,          /* more connections than that: none is kept after its reply */
    CROWD_IDLE_US = 1000000, /* and those that were kept before are closed after this */
    LINGER_US = 3000000,     /* reading after an early answer */
    STOP_US = 4000000,       /* what running requests have when the server stops */
    TURNS = 4,               /* of libmicrohttpd's loop in one of ours: settle, hand over, reply */
    SPINS_MAX = 50,          /* turns of the loop without any call from libmicrohttpd */
    STUCK_US = 1000000,
    NEVER_FD = -1
};

enum phase { PHASE_HEAD, PHASE_BODY, PHASE_WORK, PHASE_REPLY, PHASE_IDLE };

struct conn { /* a connection */
    struct http_server *server;
    struct MHD_Connection *mhd;
    int fd, slot;
    enum phase phase;
    bool linger;
    char *target;                /* request target as it came, cut after LIMIT_URL + 1 bytes */
    size_t target_n, target_cap; /* target_n: whole length */
    struct exchange *x;          /* the request under way, once its head was let in */
    int64_t start_us;            /* of the body or reply */
    int64_t acked;               /* by the peer when the reply started; -1: not asked yet */
    char peer[PEER_TEXT];
};

struct slot { /* deadlines lie close together, as all are looked at */
    int64_t due_us;
    struct conn *conn;
};

enum job { JOB_SERVE, JOB_PIECE };

struct exchange { /* a request, and the reply to it */
    struct task task;
    enum job job;
    struct conn *conn;
    struct arena *arena; /* from the complete request until the reply is made */
    struct http_request req;
    struct body body;
    int64_t body_us; /* when bytes of it came last */
    /* Whole, and libmicrohttpd has been back in its loop since. Suspended before that, it would
     * read again as soon as it goes on, and throw the reply away if the client has closed its half.
     */
    bool settled;
    int status;
    struct MHD_Response *response; /* made by the worker */
    struct stream *stream;
};

struct http_server {
    struct http_app app;
    struct http_config config;
    char *temp_dir;
    struct MHD_Daemon *mhd;
    int listen_fd, port, epoll_fd, mhd_fd, wake_fd;
    bool own_listen_fd;
    bool layout_known; /* see lines_exact() */
    unsigned long thread;
    struct workers *workers;

    pthread_mutex_t lock; /* for these three */
    struct task_list done;
    bool asleep, stopping;

    int64_t now_us, tick_us, next_tick_us, stop_by_us;
    struct slot *slots;
    int slots_n, slots_cap;
    struct task_list ready; /* goes to the workers at the end of a turn */
    int in_work;            /* exchanges with the workers, or ready for them */
    int64_t bodies_n;       /* bytes of bodies in memory */
    struct arena *arenas[ARENAS_KEPT];
    int arenas_n;
    struct lingering lingering;
    unsigned calls; /* counts calls from libmicrohttpd, to see whether a turn did anything */
};

/* ---- memory ---- */

static void *heap(size_t n) {
    void *p = calloc(1, n);
    if (!p) BUG("out of memory: %zu bytes", n);
    return p;
}

static struct arena *arena_take(struct http_server *s) {
    return s->arenas_n ? s->arenas[--s->arenas_n] : arena_new();
}

static void arena_give(struct http_server *s, struct arena *a) {
    if (!a) return;
    if (s->arenas_n == ARENAS_KEPT) {
        arena_free(a);
        return;
    }
    arena_reset(a);
    s->arenas[s->arenas_n++] = a;
}

static void exchange_end(struct conn *conn) {
    struct exchange *x = conn->x;
    conn->x = NULL;
    if (!x) return;
    conn->server->bodies_n -= (int64_t)x->body.cap;
    body_free(&x->body);
    arena_give(conn->server, x->arena);
    if (x->response) MHD_destroy_response(x->response);
    free(x);
}

/* ---- deadlines ---- */

static void set_due(struct conn *conn, int64_t due_us) {
    conn->server->slots[conn->slot].due_us = due_us;
}

static void cut(struct conn *conn) {
    /* What nobody reads shall not wait in the kernel after the close: reset instead. */
    static const struct linger reset = { .l_onoff = 1, .l_linger = 0 };
    if (conn->phase == PHASE_REPLY || conn->phase == PHASE_WORK)
        setsockopt(conn->fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
    /* libmicrohttpd sees the end of the stream and closes; the descriptor stays its own. */
    shutdown(conn->fd, SHUT_RDWR);
    set_due(conn, INT64_MAX);
}

static int64_t at_rate_us(int64_t bytes, int64_t bytes_per_s) {
    return bytes / bytes_per_s * 1000000 + bytes % bytes_per_s * 1000000 / bytes_per_s;
}

static void reply_started(struct conn *conn) {
    conn->phase = PHASE_REPLY;
    conn->start_us = conn->server->now_us;
    conn->acked = -1;
    set_due(conn, conn->server->now_us + conn->server->tick_us);
}

/* A reply must be taken at the smallest rate on average, not counting the grace at the start. */
static void check_reader(struct conn *conn) {
    struct http_server *s = conn->server;
    int64_t acked = peer_acked(conn->fd), grace_us = s->config.grace_ms * 1000;
    if (conn->acked < 0) {
        conn->acked = acked < 0 ? 0 : acked;
        set_due(conn, conn->start_us + grace_us);
        return;
    }
    int64_t taken = acked - conn->acked;
    int64_t until =
        conn->start_us + grace_us + at_rate_us(taken > 0 ? taken : 0, s->config.reply_bytes_per_s);
    if (until <= s->now_us)
        cut(conn);
    else
        set_due(conn, until);
}

static void check_deadlines(struct http_server *s) {
    bool crowd = s->slots_n > CROWD_N;
    int64_t crowd_due = s->now_us + s->config.idle_ms * 1000 - CROWD_IDLE_US;
    for (int i = 0; i < s->slots_n; i++) {
        struct slot *slot = &s->slots[i];
        if (slot->due_us <= s->now_us) {
            if (slot->conn->phase == PHASE_REPLY)
                check_reader(slot->conn);
            else
                cut(slot->conn);
        } else if (crowd && slot->due_us < crowd_due && slot->conn->phase == PHASE_IDLE) {
            cut(slot->conn);
        }
    }
    linger_expire(&s->lingering, s->now_us);
}

/* With a full buffer and half a line of a chunked body libmicrohttpd asks to be run again at once,
 * for ever: whoever does not get on then has sent such a line. */
static void cut_stuck(struct http_server *s) {
    for (int i = 0; i < s->slots_n; i++) {
        struct conn *conn = s->slots[i].conn;
        if (conn->phase == PHASE_BODY && conn->x->req.body_n == HTTP_CHUNKED &&
            s->now_us - conn->x->body_us > STUCK_US)
            cut(conn);
    }
}

/* ---- replies ---- */

static void refuse(struct conn *conn, int status) {
    struct arena *a = arena_take(conn->server);
    struct str text = str_printf(a, "%d %.*s\n", status, SF(http_reason(status)));
    struct MHD_Response *r =
        MHD_create_response_from_buffer(text.n, (void *)(uintptr_t)text.p, MHD_RESPMEM_MUST_COPY);
    if (!r) BUG("out of memory");
    MHD_add_response_header(r, "Content-Type", "text/plain; charset=utf-8");
    MHD_add_response_header(r, "Cache-Control", "no-store");
    MHD_add_response_header(r, "X-Content-Type-Options", "nosniff");
    MHD_add_response_header(r, "Connection", "close");
    MHD_queue_response(conn->mhd, (unsigned)status, r);
    MHD_destroy_response(r);
    arena_give(conn->server, a);
    conn->linger = true;
    reply_started(conn);
}

/* libmicrohttpd wants more of a stream: what is there, or nothing until a worker has made it. */
static ssize_t stream_read(void *cls, uint64_t at, char *to, size_t max) {
    struct stream *stream = cls;
    struct exchange *x = stream->owner;
    struct conn *conn = x->conn;
    struct http_server *s = conn->server;
    (void)at;
    s->calls++;
    size_t n = stream_take(stream, to, max);
    if (n) return (ssize_t)n;
    if (stream->failed) return MHD_CONTENT_READER_END_WITH_ERROR;
    if (!stream->more) return MHD_CONTENT_READER_END_OF_STREAM;
    x->job = JOB_PIECE;
    conn->phase = PHASE_WORK;
    conn->start_us -= s->now_us; /* the clock stands while a worker is busy for it */
    set_due(conn, INT64_MAX);
    MHD_suspend_connection(conn->mhd);
    task_add(&s->ready, &x->task);
    s->in_work++;
    return 0;
}

static struct MHD_Response *respond_bytes(struct str body) {
    struct MHD_Response *r;
    if (body.n == 0) {
        r = MHD_create_response_from_buffer(0, (void *)(uintptr_t) "", MHD_RESPMEM_PERSISTENT);
    } else {
        r = MHD_create_response_from_buffer(body.n, (void *)(uintptr_t)body.p,
                                            MHD_RESPMEM_MUST_COPY);
    }
    if (!r) BUG("out of memory");
    return r;
}

static struct MHD_Response *respond_file(const struct http_reply *reply) {
    struct MHD_Response *r = NULL;
    int64_t size;
    int fd = body_open_file(reply->file, &size);
    if (reply->file_delete) unlink(reply->file);
    if (fd < 0) return NULL;
    r = MHD_create_response_from_fd64((uint64_t)size, fd);
    if (!r) BUG("out of memory");
    return r;
}

/* The first piece is made at once: a small stream becomes a plain reply with a length. */
static struct MHD_Response *respond_stream(struct exchange *x, const struct http_reply *reply) {
    struct stream *stream = stream_new(reply, x);
    struct MHD_Response *r = NULL;
    if (x->req.method != HTTP_HEAD) stream_make(stream);
    if (!stream->failed && (stream->more || x->req.method == HTTP_HEAD)) {
        r = MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, POOL_BYTES, stream_read, stream,
                                              stream_free);
        if (!r) BUG("out of memory");
        x->stream = stream;
        /* 0.9.75 ends even the missing body of HEAD with a chunk, unless there are no chunks. */
        if (x->req.method == HTTP_HEAD)
            MHD_set_response_options(r, MHD_RF_HTTP_1_0_COMPATIBLE_STRICT, MHD_RO_END);
        return r;
    }
    if (!stream->failed) r = respond_bytes(buf_str(&stream->piece));
    stream_free(stream);
    return r;
}

static void add_headers(struct exchange *x, const struct http_reply *reply) {
    for (int i = 0; i < reply->headers.n; i++) {
        const struct http_pair *p = &reply->headers.v[i];
        const char *name = str_z(x->arena, p->name), *value = str_z(x->arena, p->value);
        if (strlen(value) != p->value.n || strpbrk(value, "\r\n"))
            BUG("line break in the reply header %s", name);
        if (p->value.n == 0) continue;
        if (MHD_add_response_header(x->response, name, value) != MHD_YES)
            BUG("reply header %s cannot be set", name);
    }
}

/* On a worker. */
static void make_reply(struct exchange *x, const struct http_reply *reply) {
    if (reply->stream)
        x->response = respond_stream(x, reply);
    else if (reply->file)
        x->response = respond_file(reply);
    else if (reply->fixed.p)
        x->response = MHD_create_response_from_buffer(
            reply->fixed.n, (void *)(uintptr_t)reply->fixed.p, MHD_RESPMEM_PERSISTENT);
    else
        x->response = respond_bytes(reply->body);
    x->status = reply->status ? reply->status : 200;
    if (x->response) {
        add_headers(x, reply);
        return;
    }
    x->status = 500;
    x->response = respond_bytes(S("500 Internal Server Error\n"));
    MHD_add_response_header(x->response, "Content-Type", "text/plain; charset=utf-8");
}

static void run_task(void *ctx, int worker, struct task *task) {
    struct http_server *s = ctx;
    struct exchange *x = (struct exchange *)task;
    if (x->job == JOB_PIECE) {
        stream_make(x->stream);
    } else {
        struct http_reply reply = { 0 };
        s->app.serve(s->app.app, worker, x->arena, &x->req, &reply);
        make_reply(x, &reply);
        if (x->body.path) body_free(&x->body);
        arena_reset(x->arena);
    }
    pthread_mutex_lock(&s->lock);
    task_add(&s->done, &x->task);
    bool wake = s->asleep;
    s->asleep = false;
    pthread_mutex_unlock(&s->lock);
    if (wake && eventfd_write(s->wake_fd, 1) != 0) BUG("eventfd: %s", strerror(errno));
}

/* ---- requests: what libmicrohttpd calls ---- */

struct raw_head {
    struct arena *arena;
    struct http_pairs pairs;
};

static enum MHD_Result add_raw(void *cls, enum MHD_ValueKind kind, const char *key, size_t key_n,
                               const char *value, size_t value_n) {
    struct raw_head *raw = cls;
    (void)kind;
    struct str v = value ? (struct str){ value, value_n } : S("");
    http_pairs_add(raw->arena, &raw->pairs, (struct str){ key, key_n }, v);
    return MHD_YES;
}

/* libmicrohttpd 0.9.75 takes bare LF, folded lines and NUL without a word, but parses the head
 * where it lies, with each delimiter turned into NUL: so in a head of lines that all end in CR LF,
 * without any other NUL, each piece begins right behind the one before. (Only asked when that
 * version runs.) */
static bool lines_exact(struct conn *conn, const char *method, const char *url, const char *version,
                        const struct http_pairs *headers) {
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(conn->mhd, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
    if (!info || url != method + strlen(method) + 1 || version != url + conn->target_n + 1)
        return false;
    const char *end = method + info->header_size, *at = version + strlen(version) + 2;
    for (int i = 0; i < headers->n; i++) {
        struct str name = headers->v[i].name, value = headers->v[i].value;
        if (name.p != at) return false;
        for (at = name.p + name.n + 1; at < value.p && at < end; at++)
            if (*at != ' ' && *at != '\t') return false;
        if (at != value.p) return false;
        at = value.p + value.n + 2;
    }
    return at + 2 == end;
}

/* Reads the head into x->req, in x->arena. 0 or the status to refuse with. */
static int read_head(struct conn *conn, struct arena *a, const char *url, const char *method,
                     const char *version, struct http_request *out) {
    struct raw_head raw = { .arena = a };
    *out = (struct http_request){ 0 };
    if (conn->target_n > LIMIT_URL) return 414;
    MHD_get_connection_values_n(conn->mhd, MHD_HEADER_KIND, add_raw, &raw);
    if (conn->server->layout_known && !lines_exact(conn, method, url, version, &raw.pairs))
        return 400;
    struct http_head head = { .method = str_of(method),
                              .target = { conn->target, conn->target_n },
                              .version = str_of(version),
                              .headers = raw.pairs };
    int refused = http_head_read(a, &head, out);
    out->peer = str_of(conn->peer);
    return refused;
}

/* May the body come, and where to? */
static int admit_body(struct conn *conn, struct exchange *x, struct arena *a) {
    struct http_server *s = conn->server;
    struct http_request *req = &x->req;
    x->body.max = LIMIT_BODY;
    x->body_us = s->now_us;
    if (req->body_n > LIMIT_BODY || http_is_multipart(req)) {
        if (!s->app.head) return 413;
        x->body.max = 0;
        enum status refused = s->app.head(s->app.app, a, req, &x->body.max);
        if (refused != OK) return http_status_of(refused);
        if (req->body_n > x->body.max) return 413;
        if (body_to_file(&x->body, s->temp_dir) != OK) return 500;
    }
    conn->phase = PHASE_BODY;
    conn->start_us = s->now_us;
    set_due(conn, s->now_us + s->config.grace_ms * 1000);
    return 0;
}

/* The head is complete. */
static void begin(struct conn *conn, const char *url, const char *method, const char *version) {
    struct http_server *s = conn->server;
    struct exchange *x = heap(sizeof *x);
    struct arena *a = arena_take(s);
    x->conn = conn;
    conn->x = x;
    int refused = read_head(conn, a, url, method, version, &x->req);
    x->req.received_ms = clock_now_ms();
    bool body = x->req.body_n != 0;
    if (!refused && body) refused = admit_body(conn, x, a);
    if (!refused && !body) {
        x->arena = a;
        return;
    }
    /* While a body comes slowly the connection shall hold no arena: the head is read again then. */
    arena_give(s, a);
    if (!refused) return;
    exchange_end(conn);
    refuse(conn, refused);
}

/* A piece of the body. False cuts the connection, as no answer can be given in between. */
static bool take_body(struct conn *conn, const char *p, size_t n) {
    struct http_server *s = conn->server;
    struct exchange *x = conn->x;
    s->bodies_n -= (int64_t)x->body.cap;
    body_add(&x->body, p, n);
    s->bodies_n += (int64_t)x->body.cap;
    x->body_us = s->now_us;
    set_due(conn, conn->start_us + s->config.grace_ms * 1000 +
                      at_rate_us(x->body.n, s->config.body_bytes_per_s));
    if (s->bodies_n > LIMIT_BODIES) return false;
    /* Only a chunked body can be too big here; a little more is read so that it can be told. */
    return x->body.n <= x->body.max + LIMIT_BODY;
}

/* The request is complete: to the workers with it. */
static void hand_over(struct conn *conn, const char *url, const char *method, const char *version) {
    struct http_server *s = conn->server;
    struct exchange *x = conn->x;
    int refused = 0;
    if (s->in_work >= LIMIT_REQUESTS_WAITING_N) refused = 503;
    if (x->body.n > x->body.max) refused = 413;
    if (body_end(&x->body) != OK) refused = 500;
    if (!refused && !x->arena) {
        int64_t received_ms = x->req.received_ms;
        x->arena = arena_take(s);
        refused = read_head(conn, x->arena, url, method, version, &x->req);
        x->req.received_ms = received_ms;
    }
    if (refused) {
        exchange_end(conn);
        refuse(conn, refused);
        return;
    }
    x->req.body_n = x->body.n;
    x->req.body_lost = x->body.lost;
    if (x->body.lost)
        x->req.body = S("");
    else if (x->body.path)
        x->req.body_file = x->body.path;
    else
        x->req.body = (struct str){ x->body.n ? x->body.p : "", (size_t)x->body.n };
    conn->phase = PHASE_WORK;
    set_due(conn, INT64_MAX);
    MHD_suspend_connection(conn->mhd);
    task_add(&s->ready, &x->task);
    s->in_work++;
}

static enum MHD_Result on_request(void *cls, struct MHD_Connection *mhd, const char *url,
                                  const char *method, const char *version, const char *data,
                                  size_t *data_n, void **ctx) {
    struct conn *conn = *ctx;
    (void)cls;
    (void)mhd;
    conn->server->calls++;
    if (!conn->x) {
        begin(conn, url, method, version);
        return MHD_YES;
    }
    if (*data_n) {
        bool go_on = take_body(conn, data, *data_n);
        *data_n = 0;
        return go_on ? MHD_YES : MHD_NO;
    }
    if (conn->phase == PHASE_WORK || conn->phase == PHASE_REPLY) return MHD_NO;
    if (conn->x->settled)
        hand_over(conn, url, method, version);
    else
        conn->x->settled = true;
    return MHD_YES;
}

static struct conn *conn_of(struct MHD_Connection *mhd) {
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return info->socket_context;
}

/* The request line is there: libmicrohttpd decodes the target in place after this. */
static void *on_target(void *cls, const char *target, struct MHD_Connection *mhd) {
    struct conn *conn = conn_of(mhd);
    (void)cls;
    conn->server->calls++;
    conn->target_n = strlen(target);
    size_t kept = conn->target_n <= LIMIT_URL ? conn->target_n : 0;
    if (kept > conn->target_cap) {
        free(conn->target);
        conn->target = heap(kept);
        conn->target_cap = kept;
    }
    if (kept) memcpy(conn->target, target, kept);
    if (conn->phase == PHASE_IDLE) {
        conn->phase = PHASE_HEAD;
        set_due(conn, conn->server->now_us + conn->server->config.head_ms * 1000);
    }
    return conn;
}

static size_t leave_escaped(void *cls, struct MHD_Connection *mhd, char *s) {
    (void)cls;
    (void)mhd;
    return strlen(s);
}

static void on_completed(void *cls, struct MHD_Connection *mhd, void **ctx,
                         enum MHD_RequestTerminationCode why) {
    struct conn *conn = *ctx;
    (void)cls;
    (void)mhd;
    (void)why;
    if (!conn) return;
    struct http_server *s = conn->server;
    s->calls++;
    exchange_end(conn);
    conn->phase = PHASE_IDLE;
    set_due(conn, s->now_us + s->config.idle_ms * 1000);
}

static void conn_open(struct http_server *s, struct MHD_Connection *mhd, void **context) {
    struct conn *conn = heap(sizeof *conn);
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CONNECTION_FD);
    conn->server = s;
    conn->mhd = mhd;
    conn->fd = info->connect_fd;
    info = MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    peer_text(info->client_addr, conn->peer);
    if (s->slots_n == s->slots_cap) {
        s->slots_cap = s->slots_cap ? s->slots_cap * 2 : 64;
        s->slots = realloc(s->slots, (size_t)s->slots_cap * sizeof *s->slots);
        if (!s->slots) BUG("out of memory");
    }
    conn->slot = s->slots_n++;
    s->slots[conn->slot] = (struct slot){ s->now_us + s->config.head_ms * 1000, conn };
    *context = conn;
}

static void on_connection(void *cls, struct MHD_Connection *mhd, void **context,
                          enum MHD_ConnectionNotificationCode what) {
    struct http_server *s = cls;
    s->calls++;
    if (what == MHD_CONNECTION_NOTIFY_STARTED) {
        conn_open(s, mhd, context);
        return;
    }
    struct conn *conn = *context;
    if (conn->linger && !s->stop_by_us)
        linger_add(&s->lingering, s->epoll_fd, conn->fd, s->now_us + LINGER_US);
    struct slot *last = &s->slots[--s->slots_n];
    last->conn->slot = conn->slot;
    s->slots[conn->slot] = *last;
    exchange_end(conn);
    free(conn->target);
    free(conn);
    *context = NULL;
}

/* ---- the loop ---- */

/* A worker has done its part: the reply, or the next piece of it, goes out. */
static void take_back(struct http_server *s, struct exchange *x) {
    struct conn *conn = x->conn;
    s->in_work--;
    if (x->job == JOB_PIECE) {
        conn->phase = PHASE_REPLY;
        conn->start_us += s->now_us;
        set_due(conn, s->now_us + s->tick_us);
    } else {
        /* In a crowd a connection that is kept costs its whole pool: libmicrohttpd zeroes it. */
        if (s->stop_by_us || s->slots_n > CROWD_N)
            MHD_add_response_header(x->response, "Connection", "close");
        arena_give(s, x->arena);
        x->arena = NULL;
        s->bodies_n -= (int64_t)x->body.cap;
        body_free(&x->body);
        reply_started(conn);
        if (MHD_queue_response(conn->mhd, (unsigned)x->status, x->response) != MHD_YES)
            log_warn("a reply with status %d could not be sent", x->status);
        MHD_destroy_response(x->response);
        x->response = NULL;
    }
    MHD_resume_connection(conn->mhd);
}

static void take_all_back(struct http_server *s) {
    pthread_mutex_lock(&s->lock);
    struct task *t = s->done.first;
    s->done = (struct task_list){ 0 };
    if (s->stopping && !s->stop_by_us) {
        s->stop_by_us = s->now_us + STOP_US;
        s->next_tick_us = 0;
    }
    pthread_mutex_unlock(&s->lock);
    while (t) {
        struct task *next = t->next;
        take_back(s, (struct exchange *)t);
        t = next;
    }
}

/* Sleeps until something happens. */
static void wait_for_events(struct http_server *s, bool busy) {
    struct epoll_event events[16];
    int64_t ms = (s->next_tick_us - s->now_us + 999) / 1000;
    pthread_mutex_lock(&s->lock);
    if (busy || s->done.n || ms < 0) ms = 0;
    s->asleep = ms > 0;
    pthread_mutex_unlock(&s->lock);
    int n = epoll_wait(s->epoll_fd, events, 16, (int)ms);
    if (n < 0 && errno != EINTR) BUG("epoll_wait: %s", strerror(errno));
    s->now_us = clock_mono_us();
    pthread_mutex_lock(&s->lock);
    s->asleep = false;
    pthread_mutex_unlock(&s->lock);
    eventfd_t count;
    for (int i = 0; i < n; i++) {
        int fd = events[i].data.fd;
        if (fd == s->wake_fd)
            (void)eventfd_read(fd, &count);
        else if (fd != s->mhd_fd)
            linger_read(&s->lingering, fd);
    }
}

/* Once a stop was asked for: true, when nothing is left to wait for. */
static bool stop_step(struct http_server *s) {
    if (s->next_tick_us == 0) MHD_quiesce_daemon(s->mhd);
    bool late = s->now_us > s->stop_by_us;
    for (int i = 0; i < s->slots_n; i++) {
        struct conn *conn = s->slots[i].conn;
        if (late || conn->phase == PHASE_IDLE || conn->phase == PHASE_HEAD) cut(conn);
    }
    return s->in_work == 0 && (s->slots_n == 0 || s->now_us > s->stop_by_us + 300000);
}

/* Reads, calls, writes what it can; true when there is more to do at once. */
static bool run_turn(struct http_server *s) {
    MHD_UNSIGNED_LONG_LONG ms;
    if (MHD_run(s->mhd) != MHD_YES) BUG("the network loop of libmicrohttpd failed");
    workers_put(s->workers, &s->ready);
    return MHD_get_timeout(s->mhd, &ms) == MHD_YES && ms == 0;
}

static void *network_thread(void *arg) {
    struct http_server *s = arg;
    bool busy = false;
    int spins = 0;
    s->now_us = clock_mono_us();
    for (;;) {
        wait_for_events(s, busy);
        take_all_back(s);
        if (s->stop_by_us && s->now_us >= s->next_tick_us && stop_step(s)) break;
        unsigned calls = s->calls;
        busy = true;
        for (int turn = 0; busy && turn < TURNS; turn++) busy = run_turn(s);
        spins = busy && calls == s->calls ? spins + 1 : 0;
        if (spins > SPINS_MAX) cut_stuck(s);
        if (s->now_us >= s->next_tick_us) {
            if (!s->stop_by_us) check_deadlines(s);
            s->next_tick_us = s->now_us + (s->stop_by_us ? 20000 : s->tick_us);
        }
    }
    MHD_stop_daemon(s->mhd);
    linger_expire(&s->lingering, INT64_MAX);
    return NULL;
}

/* ---- start and stop ---- */

static bool open_listener(struct http_server *s) {
    s->own_listen_fd = s->config.listen != NULL;
    s->listen_fd = s->own_listen_fd ? http_listen(s->config.listen) : s->config.listen_fd;
    if (s->listen_fd < 0) return false;
    s->port = socket_port(s->listen_fd);
    return s->port > 0;
}

static bool open_daemon(struct http_server *s) {
    s->mhd = MHD_start_daemon(
        MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL, on_request, s,
        MHD_OPTION_LISTEN_SOCKET, s->listen_fd, MHD_OPTION_NOTIFY_CONNECTION, on_connection, s,
        MHD_OPTION_NOTIFY_COMPLETED, on_completed, s, MHD_OPTION_URI_LOG_CALLBACK, on_target, s,
        MHD_OPTION_UNESCAPE_CALLBACK, leave_escaped, s, MHD_OPTION_CONNECTION_LIMIT,
        socket_connections_max(), MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)POOL_BYTES,
        MHD_OPTION_CONNECTION_TIMEOUT, 0u, MHD_OPTION_STRICT_FOR_CLIENT, 1,
        MHD_OPTION_SIGPIPE_HANDLED_BY_APP, 1, MHD_OPTION_END);
    if (!s->mhd) return false;
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(s->mhd, MHD_DAEMON_INFO_EPOLL_FD);
    s->mhd_fd = info->epoll_fd;
    s->layout_known = str_eq_z(str_of(MHD_get_version()), "0.9.75");
    s->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    s->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    struct epoll_event mhd = { .events = EPOLLIN, .data.fd = s->mhd_fd };
    struct epoll_event wake = { .events = EPOLLIN, .data.fd = s->wake_fd };
    return s->epoll_fd >= 0 && s->wake_fd >= 0 &&
           epoll_ctl(s->epoll_fd, EPOLL_CTL_ADD, s->mhd_fd, &mhd) == 0 &&
           epoll_ctl(s->epoll_fd, EPOLL_CTL_ADD, s->wake_fd, &wake) == 0;
}

static void server_free(struct http_server *s) {
    workers_free(s->workers);
    if (s->epoll_fd >= 0) close(s->epoll_fd);
    if (s->wake_fd >= 0) close(s->wake_fd);
    if (s->own_listen_fd && s->listen_fd >= 0) close(s->listen_fd);
    while (s->arenas_n) arena_free(s->arenas[--s->arenas_n]);
    pthread_mutex_destroy(&s->lock);
    free(s->slots);
    free(s->temp_dir);
    free(s);
}

enum status http_start(struct http_server **out, const struct http_config *config,
                       const struct http_app *app) {
    if (config->listen && !http_address_ok(config->listen)) return INVALID;
    struct http_server *s = heap(sizeof *s);
    s->app = *app;
    s->epoll_fd = s->wake_fd = s->listen_fd = NEVER_FD;
    pthread_mutex_init(&s->lock, NULL);
    s->config = *config;
    s->tick_us = socket_deadlines(&s->config);
    s->temp_dir = strdup(config->temp_dir);
    if (!s->temp_dir) BUG("out of memory");
    body_sweep(s->temp_dir);
    s->workers = workers_new(config->workers, run_task, s);
    if (s->workers && open_listener(s) && open_daemon(s) &&
        thread_start(&s->thread, network_thread, s) == 0) {
        *out = s;
        return OK;
    }
    log_warn("the HTTP server cannot start: %s", strerror(errno));
    if (s->mhd) {
        MHD_quiesce_daemon(s->mhd);
        MHD_stop_daemon(s->mhd);
    }
    server_free(s);
    return BROKEN;
}

int http_port(const struct http_server *s) {
    return s->port;
}

void http_stop(struct http_server *s) {
    pthread_mutex_lock(&s->lock);
    s->stopping = true;
    pthread_mutex_unlock(&s->lock);
    if (eventfd_write(s->wake_fd, 1) != 0) BUG("eventfd: %s", strerror(errno));
    pthread_join((pthread_t)s->thread, NULL);
    server_free(s);
}
