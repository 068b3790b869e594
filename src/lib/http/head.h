/* Judges the head of a request: everything that is refused before a byte of the body is read, and
 * before the program sees anything. One function, no sockets: the fuzzer calls it too. Internal to
 * lib/http. */
#ifndef HTTP_HEAD_H
#define HTTP_HEAD_H
#include "lib/http/http.h"

struct http_head { /* as it came, cut at the first space and colon, nothing decoded */
    struct str method, target, version;
    struct http_pairs headers;
};
enum { HTTP_CHUNKED = -1 };

/* 0 and *out filled in (all but body, body_file, peer, received_ms), or the status to refuse with:
 * 400, 413, 414, 417, 431, 501 or 505. out->body_n is what was announced, HTTP_CHUNKED if that is
 * unknown. */
int http_head_read(struct arena *, const struct http_head *, struct http_request *out) MUST_USE;
struct str http_reason(int status); /* "Bad Request" */

#endif
