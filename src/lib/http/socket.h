/* The listening socket, the number of descriptors, the deadlines. Internal to lib/http;
 * http_listen() is in http.h. */
#ifndef HTTP_SOCKET_H
#define HTTP_SOCKET_H
#include "lib/http/http.h"

int socket_port(int fd); /* that it is bound to, or -1 */
/* Raises the limit of file descriptors as far as allowed, and says how many connections there may
 * be, keeping some descriptors for files and the database; LIMIT_CONNECTIONS at most. */
unsigned socket_connections_max(void);
/* Puts the standard of limits.h where a deadline is 0; returns how often to look at them. */
int64_t socket_deadlines(struct http_config *);

#endif
