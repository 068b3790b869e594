/* See peer.h. Called by server.c on the network thread; calls the kernel. */
#include "lib/http/peer.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/epoll.h>
#include <unistd.h>

void peer_text(const struct sockaddr *any, char to[PEER_TEXT]) {
    to[0] = 0;
    if (any && any->sa_family == AF_INET) {
        const struct sockaddr_in *v4 = (const struct sockaddr_in *)(const void *)any;
        inet_ntop(AF_INET, &v4->sin_addr, to, PEER_TEXT);
    } else if (any && any->sa_family == AF_INET6) {
        const struct in6_addr *v6 = &((const struct sockaddr_in6 *)(const void *)any)->sin6_addr;
        if (IN6_IS_ADDR_V4MAPPED(v6))
            inet_ntop(AF_INET, &v6->s6_addr[12], to, PEER_TEXT);
        else
            inet_ntop(AF_INET6, v6, to, PEER_TEXT);
    }
}

int64_t peer_acked(int fd) {
    struct tcp_info info;
    socklen_t n = sizeof info;
    if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &n) != 0) return -1;
    if (n < offsetof(struct tcp_info, tcpi_bytes_acked) + sizeof info.tcpi_bytes_acked) return -1;
    return (int64_t)info.tcpi_bytes_acked;
}

static void drop(struct lingering *l, int i) {
    close(l->v[i].fd); /* leaves the epoll set by itself: there is no other descriptor by now */
    l->v[i] = l->v[--l->n];
}

void linger_add(struct lingering *l, int epoll_fd, int fd, int64_t until_us) {
    if (l->n == LINGER_N) return;
    int mine = fcntl(fd, F_DUPFD_CLOEXEC, 0);
    if (mine < 0) return;
    struct epoll_event event = { .events = EPOLLIN, .data.fd = mine };
    if (epoll_ctl(epoll_fd, EPOLL_CTL_ADD, mine, &event) != 0) {
        close(mine);
        return;
    }
    l->v[l->n].fd = mine;
    l->v[l->n++].until_us = until_us;
}

void linger_read(struct lingering *l, int fd) {
    char waste[16384];
    for (int i = 0; i < l->n; i++) {
        if (l->v[i].fd != fd) continue;
        ssize_t got = recv(fd, waste, sizeof waste, MSG_DONTWAIT);
        bool open = got > 0 || (got < 0 && (errno == EAGAIN || errno == EINTR));
        if (!open) drop(l, i);
        return;
    }
}

void linger_expire(struct lingering *l, int64_t now_us) {
    for (int i = l->n - 1; i >= 0; i--)
        if (l->v[i].until_us <= now_us) drop(l, i);
}
