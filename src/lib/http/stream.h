/* A reply that is made piece by piece. Internal to lib/http: server.c asks for pieces on workers,
 * and takes them on the network thread; never both at once. */
#ifndef HTTP_STREAM_H
#define HTTP_STREAM_H
#include "lib/http/http.h"

struct stream {
    enum status (*make)(void *ctx, struct buf *out, bool *more);
    void *ctx;
    void (*done)(void *ctx);
    void *owner; /* the exchange */
    struct buf piece;
    size_t sent; /* of piece */
    bool more, failed;
};

struct stream *stream_new(const struct http_reply *, void *owner);
void stream_make(struct stream *); /* the next piece, when the one before was taken */
size_t stream_take(struct stream *, char *to, size_t max); /* 0: nothing is left of the piece */
void stream_free(void *stream);

#endif
