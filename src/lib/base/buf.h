/* A growing string. With an arena it lives there (never freed by hand); without one, on the heap.
 */
#ifndef BUF_H
#define BUF_H
#include "lib/base/str.h"

struct buf {
    char *p;
    size_t n, cap;
    struct arena *arena; /* NULL: heap, give it back with buf_free */
    size_t max;          /* 0: no limit; over it, nothing more is added and full is set */
    bool full;
};

void buf_add(struct buf *b, struct str s);
void buf_add_z(struct buf *b, const char *z);
void buf_add_c(struct buf *b, char c);
void buf_add_utf8(struct buf *b, int32_t code_point);
void buf_printf(struct buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void buf_reserve(struct buf *b, size_t more); /* room for more bytes at p + n */
struct str buf_str(const struct buf *b);
void buf_free(struct buf *b);

#endif
