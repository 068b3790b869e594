/* How many pages a second, at 16 connections: the running server beside a bare program in the same
 * run. The bare program is libmicrohttpd with two workers that each run one prepared query for the
 * rows of the page and send the very bytes of Daftar's page: no sign-in, no rights, no templates.
 * Measured by turns, so that a noisy machine is noisy for both. Called by bench/run.sh.
 *
 *   pages DATA PORT COOKIE */
#include <fcntl.h>
#include <microhttpd.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "wire.h"

enum { CONNECTIONS = 16, TURNS = 5, TURN_MS = 1500, REPLY_MAX = 1 << 20 };

/* --- asking --- */

struct peer {
    int fd;
    size_t have, want; /* want 0: the head is not whole yet */
    char *in;
};
struct load {
    int port;
    const char *cookie;
    const char *path;
    bool anew; /* another cookie with each request: nothing can be sent again as it was */
    int next;
    int64_t replies, bytes;
};

static void send_next(struct load *l, struct peer *p) {
    char request[2048];
    int n = snprintf(request, sizeof request,
                     "GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: %s; n=%d\r\n\r\n", l->path,
                     l->cookie, l->anew ? l->next++ : 0);
    if (write(p->fd, request, (size_t)n) != n) die("write");
    p->have = p->want = 0;
}

static void measure_reply(struct peer *p) {
    p->in[p->have] = 0;
    char *end = strstr(p->in, "\r\n\r\n");
    if (!end) return;
    const char *length = strcasestr(p->in, "\r\ncontent-length:");
    if (!length || length > end || strncmp(p->in + 9, "200", 3) != 0) {
        fprintf(stderr, "pages: not a page: %.60s\n", p->in);
        exit(1);
    }
    p->want = (size_t)(end + 4 - p->in) + strtoul(length + 17, NULL, 10);
}

/* Reads what is there; true when the reply is whole. */
static bool take(struct peer *p) {
    ssize_t got = read(p->fd, p->in + p->have, REPLY_MAX - 1 - p->have);
    if (got <= 0) die("read");
    p->have += (size_t)got;
    if (!p->want) measure_reply(p);
    return p->want && p->have >= p->want;
}

static void open_peer(struct peer *p, int port) {
    p->fd = connect_to(port);
    p->in = malloc(REPLY_MAX);
    if (!p->in) die("malloc");
}

/* Replies a second over TURN_MS. */
static double turn(struct load *l) {
    struct peer peers[CONNECTIONS];
    int at = epoll_create1(0);
    l->replies = l->bytes = 0;
    for (int i = 0; i < CONNECTIONS; i++) {
        struct epoll_event e = { .events = EPOLLIN, .data.ptr = &peers[i] };
        open_peer(&peers[i], l->port);
        epoll_ctl(at, EPOLL_CTL_ADD, peers[i].fd, &e);
        send_next(l, &peers[i]);
    }
    int64_t from = now_us(), until = from + TURN_MS * 1000;
    while (now_us() < until) {
        struct epoll_event e[CONNECTIONS];
        int n = epoll_wait(at, e, CONNECTIONS, 100);
        for (int i = 0; i < n; i++) {
            struct peer *p = e[i].data.ptr;
            if (!take(p)) continue;
            l->replies++;
            l->bytes += (int64_t)p->have;
            send_next(l, p);
        }
    }
    double rate = (double)l->replies / ((double)(now_us() - from) / 1e6);
    for (int i = 0; i < CONNECTIONS; i++) {
        close(peers[i].fd);
        free(peers[i].in);
    }
    close(at);
    return rate;
}

static char *fetch(struct load *l, size_t *n) {
    struct peer p;
    open_peer(&p, l->port);
    send_next(l, &p);
    while (!take(&p)) {
    }
    char *body = strstr(p.in, "\r\n\r\n") + 4;
    *n = p.have - (size_t)(body - p.in);
    char *copy = strndup(body, *n);
    close(p.fd);
    free(p.in);
    return copy;
}

/* --- the bare program --- */

struct bare {
    char *body;
    size_t n;
    const char *file;
};
static __thread sqlite3_stmt *rows;

static void read_rows(const struct bare *b) {
    static const char text[] = "SELECT * FROM party WHERE id > ? ORDER BY id LIMIT 50";
    sqlite3 *db;
    if (!rows && (sqlite3_open_v2(b->file, &db, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK ||
                  sqlite3_prepare_v2(db, text, -1, &rows, NULL) != SQLITE_OK))
        die("sqlite");
    sqlite3_bind_int64(rows, 1, 100);
    while (sqlite3_step(rows) == SQLITE_ROW)
        for (int i = 0; i < sqlite3_column_count(rows); i++) (void)sqlite3_column_text(rows, i);
    sqlite3_reset(rows);
}

static enum MHD_Result serve(void *cls, struct MHD_Connection *c, const char *url,
                             const char *method, const char *version, const char *data,
                             size_t *data_n, void **state) {
    const struct bare *b = cls;
    (void)url, (void)method, (void)version, (void)data, (void)data_n;
    if (!*state) { /* a reply to the first call would end the connection */
        *state = cls;
        return MHD_YES;
    }
    read_rows(b);
    struct MHD_Response *r = MHD_create_response_from_buffer(b->n, b->body, MHD_RESPMEM_MUST_COPY);
    MHD_add_response_header(r, "Content-Type", "text/html; charset=utf-8");
    enum MHD_Result ok = MHD_queue_response(c, 200, r);
    MHD_destroy_response(r);
    return ok;
}

static void compare(const char *name, struct load *ours, struct load *bare) {
    double best[2] = { 0 }, sum[2] = { 0 };
    for (int i = 0; i < TURNS; i++) {
        double a = turn(ours), b = turn(bare);
        if (a > best[0]) best[0] = a;
        if (b > best[1]) best[1] = b;
        sum[0] += a, sum[1] += b;
    }
    printf("%-44s %8.0f a second (best %.0f); bare program %.0f (best %.0f): %.2f of it\n", name,
           sum[0] / TURNS, best[0], sum[1] / TURNS, best[1], sum[0] / sum[1]);
    fflush(stdout);
}

int main(int argc, char **argv) {
    if (argc != 4) return 2;
    char file[600];
    snprintf(file, sizeof file, "%s/daftar.db", argv[1]);
    struct load same = { .port = (int)strtol(argv[2], NULL, 10),
                         .cookie = argv[3],
                         .path = "/clients" },
                anew = same;
    anew.anew = true;
    struct bare b = { .file = file };
    b.body = fetch(&same, &b.n);
    struct MHD_Daemon *d = MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD, 0, NULL, NULL, serve, &b,
                                            MHD_OPTION_THREAD_POOL_SIZE, 2u, MHD_OPTION_END);
    if (!d) die("libmicrohttpd");
    struct load bare = { .port = MHD_get_daemon_info(d, MHD_DAEMON_INFO_BIND_PORT)->port,
                         .cookie = argv[3],
                         .path = "/" };
    printf("%d connections, pages of %.1f kB\n", CONNECTIONS, (double)b.n / 1024);
    compare("list page", &same, &bare);
    compare("list page, made anew each time", &anew, &bare);
    MHD_stop_daemon(d);
    return 0;
}
