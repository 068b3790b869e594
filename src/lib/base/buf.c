/* The growing string of buf.h. Called by everything that writes text. */
#include "lib/base/buf.h"

#include <stdarg.h>

void buf_reserve(struct buf *b, size_t more) {
    if (b->cap - b->n > more) return;
    size_t cap = b->cap ? b->cap : 256;
    while (cap - b->n <= more) cap = arena_mul_(cap, 2);
    if (b->arena) {
        b->p = arena_grow(b->arena, b->p, b->cap, cap);
    } else {
        b->p = realloc(b->p, cap);
        if (!b->p) BUG("out of memory: %zu bytes", cap);
    }
    b->cap = cap;
}

void buf_add(struct buf *b, struct str s) {
    if (s.n == 0) return;
    if (b->max && b->n + s.n > b->max) b->full = true;
    if (b->full) return;
    buf_reserve(b, s.n);
    memcpy(b->p + b->n, s.p, s.n);
    b->n += s.n;
    b->p[b->n] = 0;
}

void buf_add_z(struct buf *b, const char *z) {
    buf_add(b, str_of(z));
}

void buf_add_c(struct buf *b, char c) {
    buf_add(b, (struct str){ &c, 1 });
}

void buf_add_utf8(struct buf *b, int32_t code_point) {
    char c[4];
    buf_add(b, (struct str){ c, (size_t)utf8_put(c, code_point) });
}

void buf_printf(struct buf *b, const char *fmt, ...) {
    va_list args, again;
    va_start(args, fmt);
    va_copy(again, args);
    char few[256]; /* most texts are short: put together once */
    int n = vsnprintf(few, sizeof few, fmt, args);
    va_end(args);
    if (n < 0) BUG("bad format %s", fmt);
    if ((size_t)n < sizeof few) {
        buf_add(b, (struct str){ few, (size_t)n });
    } else {
        if (b->max && b->n + (size_t)n > b->max) b->full = true;
        if (!b->full) {
            buf_reserve(b, (size_t)n);
            vsnprintf(b->p + b->n, (size_t)n + 1, fmt, again);
            b->n += (size_t)n;
        }
    }
    va_end(again);
}

struct str buf_str(const struct buf *b) {
    return (struct str){ b->p ? b->p : "", b->n };
}

void buf_free(struct buf *b) {
    if (!b->arena) free(b->p);
    *b = (struct buf){ .arena = b->arena, .max = b->max };
}
