/* The one list of ways in which anything can end. core/web maps it to HTTP, app/cli to exit codes.
 */
#ifndef STATUS_H
#define STATUS_H

enum status {
    OK,
    INVALID,    /* a field is wrong; details in the problems of the context   422 */
    MALFORMED,  /* the request itself makes no sense                          400 */
    SIGNED_OUT, /*                                                            401 */
    DENIED,     /*                                                            403 */
    MISSING,    /* does not exist, or may not be seen: never told apart       404 */
    CONFLICT,   /* something else stands in the way                           409 */
    STALE,      /* changed by someone else meanwhile                          412 */
    TOO_BIG,    /*                                                            413 */
    TOO_MANY,   /*                                                            429 */
    BUSY,       /* lock, serialization failure: may be run again              503 */
    BROKEN,     /* disk, database or another part failed                      500 */
    STATUS_N
};

#define MUST_USE __attribute__((warn_unused_result))

/* The only macro with a hidden return. */
#define TRY(call)                                                                                  \
    do {                                                                                           \
        enum status try_status_ = (call);                                                          \
        if (try_status_ != OK) return try_status_;                                                 \
    } while (0)

const char *status_name(enum status s);

/* For the impossible: logs the place and the reason, then aborts; the parent restarts the server.
 */
#define BUG(...) bug_(__FILE__, __LINE__, __VA_ARGS__)
_Noreturn void bug_(const char *file, int line, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

#endif
