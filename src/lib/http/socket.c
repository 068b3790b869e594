/* Opens the listening socket and sees to file descriptors. Called by server.c and supervise.c;
 * calls the kernel. */
#include <arpa/inet.h>
#include <errno.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/base/limits.h"
#include "lib/base/log.h"
#include "lib/http/http.h"
#include "lib/http/socket.h"

enum { BACKLOG = 4096, SHORTEST_TICK_US = 5000, LONGEST_TICK_US = 500000 };

union address {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
};

/* "127.0.0.1:80" or "[::1]:80"; names are not looked up, so that the answer is always the same. */
static bool parse_address(const char *text, union address *out, socklen_t *out_n) {
    struct str s = str_of(text);
    char host[INET6_ADDRSTRLEN];
    ptrdiff_t colon = -1;
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] == ':') colon = (ptrdiff_t)i;
    if (colon < 0) return false;
    int64_t port;
    struct str name = str_sub(s, 0, (size_t)colon);
    if (!str_to_i64(str_sub(s, (size_t)colon + 1, s.n), &port) || port < 0 || port > 65535)
        return false;
    bool v6 = name.n >= 2 && name.p[0] == '[' && name.p[name.n - 1] == ']';
    if (v6) name = str_sub(name, 1, name.n - 2);
    if (name.n == 0 || name.n >= sizeof host) return false;
    memcpy(host, name.p, name.n);
    host[name.n] = 0;
    *out = (union address){ 0 };
    if (v6) {
        out->v6.sin6_family = AF_INET6;
        out->v6.sin6_port = htons((uint16_t)port);
        *out_n = sizeof out->v6;
        return inet_pton(AF_INET6, host, &out->v6.sin6_addr) == 1;
    }
    out->v4.sin_family = AF_INET;
    out->v4.sin_port = htons((uint16_t)port);
    *out_n = sizeof out->v4;
    return inet_pton(AF_INET, host, &out->v4.sin_addr) == 1;
}

bool http_address_ok(const char *address) {
    union address a;
    socklen_t n;
    return parse_address(address, &a, &n);
}

int http_listen(const char *address) {
    union address a;
    socklen_t n;
    if (!parse_address(address, &a, &n)) {
        log_warn("cannot listen on \"%s\": write it as 127.0.0.1:8410 or [::1]:8410", address);
        return -1;
    }
    int yes = 1, fd = socket(a.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    bool ok = fd >= 0 && setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) == 0 &&
              bind(fd, &a.any, n) == 0 && listen(fd, BACKLOG) == 0;
    if (ok) return fd;
    log_warn("cannot listen on %s: %s", address, strerror(errno));
    if (fd >= 0) close(fd);
    return -1;
}

int socket_port(int fd) {
    union address a;
    socklen_t n = sizeof a;
    if (getsockname(fd, &a.any, &n) != 0) return -1;
    if (a.any.sa_family == AF_INET) return ntohs(a.v4.sin_port);
    return a.any.sa_family == AF_INET6 ? ntohs(a.v6.sin6_port) : -1;
}

unsigned socket_connections_max(void) {
    struct rlimit r;
    if (getrlimit(RLIMIT_NOFILE, &r) != 0) return 256;
    rlim_t want = LIMIT_CONNECTIONS + 512;
    if (r.rlim_cur < want) {
        struct rlimit raised = { r.rlim_max < want ? r.rlim_max : want, r.rlim_max };
        if (setrlimit(RLIMIT_NOFILE, &raised) == 0) r = raised;
    }
    if (r.rlim_cur >= want) return LIMIT_CONNECTIONS;
    return r.rlim_cur > 512 ? (unsigned)r.rlim_cur - 256 : (unsigned)r.rlim_cur / 2;
}

static int64_t or_default(int64_t value, int64_t standard) {
    return value > 0 ? value : standard;
}

int64_t socket_deadlines(struct http_config *c) {
    c->head_ms = or_default(c->head_ms, LIMIT_HEAD_MS);
    c->idle_ms = or_default(c->idle_ms, LIMIT_IDLE_MS);
    c->grace_ms = or_default(c->grace_ms, LIMIT_GRACE_MS);
    c->body_bytes_per_s = or_default(c->body_bytes_per_s, LIMIT_BODY_BYTES_PER_S);
    c->reply_bytes_per_s = or_default(c->reply_bytes_per_s, LIMIT_REPLY_BYTES_PER_S);
    int64_t shortest_ms = c->head_ms < c->grace_ms ? c->head_ms : c->grace_ms;
    if (c->idle_ms < shortest_ms) shortest_ms = c->idle_ms;
    int64_t tick_us = shortest_ms * 1000 / 10;
    if (tick_us > LONGEST_TICK_US) return LONGEST_TICK_US;
    return tick_us < SHORTEST_TICK_US ? SHORTEST_TICK_US : tick_us;
}
