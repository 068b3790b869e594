/* Counted strings (never owned, never required to end in NUL) and UTF-8.
 * Includes banned.h, so every file of the program has it. */
#ifndef STR_H
#define STR_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/arena.h"
#include "lib/base/banned.h"
#include "lib/base/status.h"

struct str {
    const char *p;
    size_t n;
};
struct strs { /* a list of them */
    struct str *v;
    int n;
};

#define S(lit) ((struct str){ "" lit, sizeof(lit) - 1 })
#define SF(s)  (int)(s).n, (s).p /* for %.*s */
#define NO_STR ((struct str){ NULL, 0 })

struct str str_of(const char *z); /* a view of a NUL-terminated string; NULL gives NO_STR */
bool str_eq(struct str a, struct str b);
bool str_eq_z(struct str a, const char *z);
bool str_eq_ascii(struct str a, struct str b); /* A-Z and a-z alike */
int str_cmp(struct str a, struct str b);       /* bytewise, the shorter first */
bool str_starts(struct str s, struct str with);
bool str_ends(struct str s, struct str with);
ptrdiff_t str_find(struct str s, struct str what); /* byte offset or -1 */
ptrdiff_t str_find_c(struct str s, char c);
struct str str_sub(struct str s, size_t from, size_t n); /* clipped to s */
struct str str_trim(struct str s);                       /* ASCII white space at both ends */
/* The piece before the next sep goes to *piece, *rest moves behind it; false when nothing is left.
 */
bool str_cut(struct str *rest, char sep, struct str *piece);
/* Plain decimal with an optional minus; the whole string; no spaces, no plus. */
bool str_to_i64(struct str s, int64_t *out);

struct str str_dup(struct arena *a, struct str s); /* also NUL-terminated */
char *str_z(struct arena *a, struct str s);        /* NUL-terminated copy */
struct str str_printf(struct arena *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
struct str str_join(struct arena *a, const struct str *v, int n, struct str between);
struct str str_lower_ascii(struct arena *a, struct str s);
struct str str_hex(struct arena *a, const void *bytes, size_t n);
bool str_unhex(struct str hex, void *bytes, size_t n); /* exactly n bytes */

/* The next code point of *s, which moves on; U+FFFD for a byte that is not UTF-8; -1 at the end. */
int32_t utf8_next(struct str *s);
int utf8_put(char to[4], int32_t c); /* bytes written, 1 to 4 */
bool utf8_valid(struct str s);       /* no overlong forms, no surrogates, nothing over U+10FFFF */
size_t utf8_count(struct str s);     /* code points */

#endif
