/* The log, BUG() and the clock. Called by everybody; writes to stderr in one write(2) a line. */
#include "lib/base/log.h"

#include <stdarg.h>
#include <unistd.h>

#include "lib/base/clock.h"
#include "lib/base/str.h"

enum { LINE_MAX_BYTES = 8192 };

int64_t clock_now_ms(void) {
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

int64_t clock_mono_us(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static void write_line(const char *level, const char *fmt, va_list args) {
    char text[LINE_MAX_BYTES], line[LINE_MAX_BYTES + 64];
    int n = vsnprintf(text, sizeof text, fmt, args);
    if (n < 0) return;
    if (n >= (int)sizeof text) n = (int)sizeof text - 1;
    for (int i = 0; i < n; i++)
        if ((unsigned char)text[i] < 32 || text[i] == 127) text[i] = '?';
    struct tm tm;
    time_t now = time(NULL);
    gmtime_r(&now, &tm);
    int len =
        snprintf(line, sizeof line, "%04d-%02d-%02dT%02d:%02d:%02dZ %s %.*s\n", tm.tm_year + 1900,
                 tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec, level, n, text);
    if (write(2, line, (size_t)len) < 0) return; /* nowhere left to complain */
}

void log_info(const char *fmt, ...) {
    va_list args;
    va_start(args, fmt);
    write_line("info", fmt, args);
    va_end(args);
}

void log_warn(const char *fmt, ...) {
    va_list args;
    va_start(args, fmt);
    write_line("warn", fmt, args);
    va_end(args);
}

void bug_(const char *file, int line, const char *fmt, ...) {
    char text[1024];
    va_list args;
    va_start(args, fmt);
    vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    log_warn("BUG at %s:%d: %s", file, line, text);
    abort();
}

const char *status_name(enum status s) {
    static const char *const names[STATUS_N] = {
        "OK",       "INVALID", "MALFORMED", "SIGNED_OUT", "DENIED", "MISSING",
        "CONFLICT", "STALE",   "TOO_BIG",   "TOO_MANY",   "BUSY",   "BROKEN",
    };
    return (unsigned)s < STATUS_N ? names[s] : "?";
}
