/* lib/image/gif.c over anything: it ends, and what it says it drew is there. */
#include "lib/image/gif.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct piece {
    const uint8_t *p;
    size_t n;
};

static ptrdiff_t read_piece(void *of, void *to, size_t cap) {
    struct piece *p = of;
    size_t n = p->n < cap ? p->n : cap;
    if (n) memcpy(to, p->p, n);
    p->p += n;
    p->n -= n;
    return (ptrdiff_t)n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct piece p = { data, size };
    struct gif_picture g;
    enum status s = gif_first((struct gif_source){ read_piece, &p }, 1 << 20, &g);
    if (s != OK) return 0;
    size_t n = (size_t)g.width * (size_t)g.height * 4;
    volatile unsigned char last = n ? g.rgba[n - 1] : 0;
    (void)last;
    free(g.rgba);
    return 0;
}
