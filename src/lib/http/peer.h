/* What server.c asks of connected sockets besides HTTP. Internal to lib/http. */
#ifndef HTTP_PEER_H
#define HTTP_PEER_H
#include <sys/socket.h>

#include "lib/base/str.h"

enum { PEER_TEXT = 48 };
void peer_text(const struct sockaddr *,
               char to[PEER_TEXT]); /* without port; IPv4 in IPv6 as IPv4 */
int64_t
peer_acked(int fd); /* bytes that the other end has confirmed since it connected; -1: unknown */

/* Connections that were answered before their body had come. Closing them at once would make the
 * kernel send a reset, and the client lose the answer: so they are read empty for a moment (RFC
 * 9112, 9.6). */
enum { LINGER_N = 64 };
struct lingering {
    struct {
        int fd;
        int64_t until_us;
    } v[LINGER_N];
    int n;
};
/* Takes over a duplicate of fd and watches it on the epoll descriptor with data.fd set to it; when
 * there is no room the connection is simply closed. */
void linger_add(struct lingering *, int epoll_fd, int fd, int64_t until_us);
void linger_read(struct lingering *, int fd);           /* there is something to throw away */
void linger_expire(struct lingering *, int64_t now_us); /* INT64_MAX: all */

#endif
