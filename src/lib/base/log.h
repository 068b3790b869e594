/* One line of log on stderr: time in UTC, level, text; control characters escaped, cut at 8 KiB. */
#ifndef LOG_H
#define LOG_H

void log_info(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void log_warn(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

#endif
