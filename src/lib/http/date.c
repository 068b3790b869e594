/* Dates of HTTP (RFC 9110 section 5.6.7, the IMF-fixdate form). Called by whoever writes or reads
 * Last-Modified, Expires, If-Modified-Since; calls only base. */
#include "lib/http/http.h"

static const char days[7][4] = { "Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat" };
static const char months[12][4] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                    "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };

struct str http_date(struct arena *a, int64_t ms) {
    time_t t = (time_t)(ms / 1000 - (ms % 1000 < 0));
    struct tm tm;
    if (!gmtime_r(&t, &tm)) BUG("no date for %lld ms", (long long)ms);
    return str_printf(a, "%s, %02d %s %04d %02d:%02d:%02d GMT", days[tm.tm_wday], tm.tm_mday,
                      months[tm.tm_mon], tm.tm_year + 1900, tm.tm_hour, tm.tm_min, tm.tm_sec);
}

static bool digits_at(struct str s, size_t at, size_t n, int *out) {
    int64_t v;
    struct str piece = str_sub(s, at, n);
    if (piece.n != n || piece.p[0] == '-' || !str_to_i64(piece, &v)) return false;
    *out = (int)v;
    return true;
}

static int month_of(struct str name) {
    for (int m = 0; m < 12; m++)
        if (str_eq_z(name, months[m])) return m;
    return -1;
}

bool http_date_parse(struct str s, int64_t *ms) {
    static const char frame[] = "???, ?? ??? ???? ??:??:?? GMT";
    if (s.n != sizeof frame - 1) return false;
    for (size_t i = 0; i < s.n; i++)
        if (frame[i] != '?' && frame[i] != s.p[i]) return false;
    struct tm tm = { .tm_mon = month_of(str_sub(s, 8, 3)) };
    int year;
    if (tm.tm_mon < 0 || !digits_at(s, 5, 2, &tm.tm_mday) || !digits_at(s, 12, 4, &year) ||
        !digits_at(s, 17, 2, &tm.tm_hour) || !digits_at(s, 20, 2, &tm.tm_min) ||
        !digits_at(s, 23, 2, &tm.tm_sec))
        return false;
    tm.tm_year = year - 1900;
    struct tm asked = tm;
    time_t t = timegm(&tm);
    /* timegm() carries 31 Feb over to March: only what comes back unchanged was a date. */
    if (tm.tm_mday != asked.tm_mday || tm.tm_mon != asked.tm_mon || tm.tm_hour != asked.tm_hour ||
        tm.tm_min != asked.tm_min || tm.tm_sec != asked.tm_sec ||
        !str_eq_z(str_sub(s, 0, 3), days[tm.tm_wday]))
        return false;
    *ms = (int64_t)t * 1000;
    return true;
}
