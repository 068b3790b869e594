/* See stream.h. Called by server.c; calls what the handler gave for its reply. */
#include "lib/http/stream.h"

struct stream *stream_new(const struct http_reply *reply, void *owner) {
    struct stream *stream = calloc(1, sizeof *stream);
    if (!stream) BUG("out of memory");
    stream->make = reply->stream;
    stream->ctx = reply->stream_ctx;
    stream->done = reply->stream_done;
    stream->owner = owner;
    return stream;
}

void stream_make(struct stream *stream) {
    buf_free(&stream->piece);
    stream->sent = 0;
    stream->more = false;
    if (stream->make(stream->ctx, &stream->piece, &stream->more) == OK) return;
    stream->failed = true;
    buf_free(&stream->piece);
}

size_t stream_take(struct stream *stream, char *to, size_t max) {
    size_t n = stream->piece.n - stream->sent;
    if (n > max) n = max;
    if (n) memcpy(to, stream->piece.p + stream->sent, n);
    stream->sent += n;
    return n;
}

void stream_free(void *cls) {
    struct stream *stream = cls;
    if (stream->done) stream->done(stream->ctx);
    buf_free(&stream->piece);
    free(stream);
}
