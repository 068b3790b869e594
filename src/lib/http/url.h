/* Percent-encoding and name=value lists: the paths and query strings of requests, and form bodies.
 * WHATWG URL, sections 1.3 and 5.1; stricter where noted. Internal to lib/http. */
#ifndef HTTP_URL_H
#define HTTP_URL_H
#include "lib/http/http.h"

/* Decodes an absolute path. False, if it does not start with '/', has a bad or cut %, a byte
 * outside of printable ASCII, an encoded slash, control character or NUL, is not UTF-8, or has an
 * empty, '.' or
 * '..' segment (a '/' at the end is fine). */
bool url_path(struct arena *, struct str raw, struct str *out) MUST_USE;

struct url_pairs_limits {
    int pairs_n;
    size_t value_n; /* bytes of one decoded name or value */
};
/* Decodes a&b=c lists: '+' is a space, a % that is not followed by two hex digits stays as it is,
 * empty pieces are skipped, CR LF becomes LF. MALFORMED: not UTF-8, or a NUL. TOO_BIG, TOO_MANY:
 * limits. */
enum status url_pairs(struct arena *, struct str raw, struct url_pairs_limits,
                      struct http_pairs *out, struct str *why) MUST_USE;

#endif
