/* The HTTP/1.1 server and what a request and a reply are. A request comes as a value, a reply goes
 * as a value; sockets, deadlines and threads stay in here. Messages: RFC 9112; meaning: RFC 9110.
 */
#ifndef HTTP_H
#define HTTP_H
#include "lib/base/buf.h"
#include "lib/base/str.h"

enum http_method {
    HTTP_GET,
    HTTP_HEAD,
    HTTP_POST,
    HTTP_PUT,
    HTTP_PATCH,
    HTTP_DELETE,
    HTTP_OPTIONS
};

struct http_pair {
    struct str name, value;
};
struct http_pairs {
    struct http_pair *v;
    int n;
};

/* Everything in it lives until the reply was made: copy (str_dup) what must stay longer. */
struct http_request {
    enum http_method method;
    struct str path;         /* decoded, starts with '/', valid UTF-8, no control characters,
                                no empty, '.' or '..' segments (but a '/' at the end may be) */
    struct str query_raw;    /* behind the '?', as it came */
    struct http_pairs query; /* decoded, valid UTF-8, no NUL, in order; names may repeat */
    struct http_pairs
        headers;           /* names in lower case, values trimmed, printable ASCII, UTF-8 or tab */
    struct str body;       /* in memory, up to LIMIT_BODY */
    const char *body_file; /* or a temporary file, when head() allowed an upload; NULL else;
                              unlinked after serve(): copy or link what shall stay */
    bool body_lost;        /* the disk had no room for it: nothing may be done but say so */
    int64_t body_n;        /* bytes of the body, wherever it is */
    struct str peer;       /* address of the other end, without port: "127.0.0.1", "::1" */
    int64_t received_ms;   /* when the head was complete */
};

/* All zero is a reply 200 without a body. Content-Length, Date and Connection are set by the
 * server; everything else, Content-Type too, stands in headers. The first that is set counts:
 * stream, file, fixed, body. For HEAD the same reply is made and its body left out. */
struct http_reply {
    int status;                /* 0: 200 */
    struct http_pairs headers; /* http_add(); a name or value with CR, LF or NUL is BUG */
    struct str body;           /* in the request's arena */
    struct str fixed;          /* immutable memory that outlives the server: not copied */
    const char *file;          /* a file, sent as it is when serve() returns (unlink it freely) */
    bool file_delete;          /* unlink it once it is open */
    /* Or made piece by piece: adds to out (64 KiB is a good piece) and says whether more follows.
     * Is called on any worker, by one at a time, and only when the client has taken what was there;
     * the request and its arena are gone by then. Anything but OK cuts the connection, so that
     * nobody takes half an export for a whole one. stream_done is called exactly once (may be
     * NULL), also when no piece was asked for, from any thread: it must be quick. */
    enum status (*stream)(void *ctx, struct buf *out, bool *more);
    void *stream_ctx;
    void (*stream_done)(void *ctx);
};

struct http_app {
    void *app;
    /* On the network thread, when the head is complete and a body follows that is multipart, or
     * larger than LIMIT_BODY: may it come? body_n is what was announced, -1 if unknown (chunked);
     * body is not there yet. Must be quick. OK lets *max_body bytes stream to a temporary file;
     * anything else refuses with that status before the body is read. NULL: all such bodies are
     * refused with 413. */
    enum status (*head)(void *app, struct arena *, const struct http_request *, int64_t *max_body);
    /* On a worker thread (0 to workers - 1): the whole request is there. */
    void (*serve)(void *app, int worker, struct arena *, const struct http_request *,
                  struct http_reply *);
};

struct http_config {
    const char *listen; /* "127.0.0.1:8410", "[::1]:8410"; port 0 picks one. NULL: take listen_fd */
    int listen_fd;      /* a listening socket (see supervise.h); the server does not close it */
    int workers;        /* threads that run serve(); 1 to 64 */
    const char *temp_dir; /* for uploads; must exist */
    /* 0: as in limits.h */
    int64_t head_ms;           /* for a whole head */
    int64_t idle_ms;           /* an open connection without a request */
    int64_t grace_ms;          /* what a body and a reply have before their rate counts */
    int64_t body_bytes_per_s;  /* slowest body */
    int64_t reply_bytes_per_s; /* slowest reader of a reply */
};

struct http_server;
/* INVALID: config.listen makes no sense. BROKEN: no socket, no thread (why is in the log). */
enum status http_start(struct http_server **, const struct http_config *,
                       const struct http_app *) MUST_USE;
int http_port(const struct http_server *);
/* Takes no new connections, closes idle ones, finishes running requests and their replies, but cuts
 * what is not done after 4 s; waits for handlers that still run; frees the server. */
void http_stop(struct http_server *);

bool http_address_ok(const char *address); /* as in http_config.listen */
/* A listening TCP socket for an address as in http_config.listen, or -1 and a line in the log. */
int http_listen(const char *address);

/* Reading a request. Absent is NO_STR (p is NULL); of repeated ones the first. */
struct str http_pairs_get(const struct http_pairs *, const char *name);
struct str http_header(const struct http_request *, const char *lower_case_name);
struct str http_query(const struct http_request *, const char *name);
/* RFC 6265 section 4.2; a value in quotes loses them. Twice the same name: NO_STR, as one of them
 * may have been planted by a neighbouring domain. */
struct str http_cookie(struct arena *, const struct http_request *, const char *name);
const char *http_method_name(enum http_method);
int http_status_of(enum status); /* 200 422 400 401 403 404 409 412 413 429 503 500 */

/* Writing a reply. */
void http_pairs_add(struct arena *, struct http_pairs *, struct str name, struct str value);
void http_add(struct arena *, struct http_reply *, const char *name, struct str value);
struct str http_date(struct arena *, int64_t ms); /* "Sun, 06 Nov 1994 08:49:37 GMT" */
bool http_date_parse(struct str, int64_t *ms);    /* that form only; others are ignored by right */

/* Content negotiation, RFC 9110 section 12.5.3. */
enum http_coding { HTTP_IDENTITY, HTTP_GZIP, HTTP_BROTLI };
struct http_codings { /* which of them are there to choose from; identity always is */
    bool gzip, brotli;
};
/* The best of what is there and what the client takes; brotli before gzip when it likes both alike.
 */
enum http_coding http_accept_encoding(const struct http_request *, struct http_codings there);

/* application/x-www-form-urlencoded (WHATWG URL section 5.1) of a body: decoded, valid UTF-8, no
 * NUL, line breaks as LF. MALFORMED, TOO_BIG (LIMIT_FIELD) or TOO_MANY (LIMIT_FORM_FIELDS_N): *why
 * says what in English. */
enum status http_form(struct arena *, struct str urlencoded, struct http_pairs *out,
                      struct str *why) MUST_USE;

/* Percent-encodes all but letters, digits and -._~: for a value in a query string or a path
 * segment. */
struct str http_escape(struct arena *, struct str);

/* multipart/form-data (RFC 7578) of a request, from memory or from its file: nothing of a file's
 * content is copied. */
struct http_file {
    struct str field, name,
        type;         /* name: last part of what the browser sent, or ""; type: as sent */
    struct str bytes; /* when the body is in memory */
    const char *path; /* or: here, size bytes from offset on */
    int64_t offset, size;
};
struct http_files {
    struct http_file *v;
    int n;
};
enum status multipart_parse(struct arena *, const struct http_request *, struct http_pairs *fields,
                            struct http_files *files, struct str *why) MUST_USE;
bool http_is_multipart(const struct http_request *);
/* Bytes read at from (counted from the file's start), 0 at its end, -1 on an error of the disk. */
int64_t http_file_read(const struct http_file *, int64_t from, void *to, size_t n);
/* The whole content to a descriptor, in pieces; BROKEN when the disk fails. */
enum status http_file_copy(const struct http_file *, int to_fd) MUST_USE;

#endif
