/* See gif.h. Called by raster.c inside the box; calls nothing. Sections named are those of the
 * GIF89a specification. */
#include "lib/image/gif.h"

enum { BLOCK = 4096, CODES = 4096, PALETTE = 768, NO_INDEX = -1 };

struct reader {
    struct gif_source from;
    unsigned char block[BLOCK];
    size_t at, n;
    bool ended;
};
struct frame { /* section 20: Image Descriptor */
    int left, top, width, height;
    bool interlaced;
    unsigned char palette[PALETTE];
    int colours_n, transparent;
};
struct lzw { /* appendix F */
    uint16_t before[CODES];
    unsigned char last[CODES], first[CODES];
    unsigned char stack[CODES + 1];
    int root_bits, bits, next;
    uint32_t held;
    int held_n, block_left;
};
struct pen { /* where the next pixel goes */
    const struct frame *frame;
    struct gif_picture *to;
    int x, y, pass;
    bool done;
};

static int byte(struct reader *r) {
    if (r->at == r->n) {
        ptrdiff_t n = r->ended ? 0 : r->from.read(r->from.of, r->block, sizeof r->block);
        r->ended = n <= 0;
        if (r->ended) return -1;
        r->at = 0;
        r->n = (size_t)n;
    }
    return r->block[r->at++];
}

static int word(struct reader *r) { /* little endian; -1 at the end */
    int low = byte(r), high = byte(r);
    return low < 0 || high < 0 ? -1 : low | high << 8;
}

static bool bytes(struct reader *r, unsigned char *to, int n) {
    for (int i = 0; i < n; i++) {
        int b = byte(r);
        if (b < 0) return false;
        if (to) to[i] = (unsigned char)b;
    }
    return true;
}

static bool skip_blocks(struct reader *r) { /* section 15: to the terminator */
    int n;
    while ((n = byte(r)) > 0)
        if (!bytes(r, NULL, n)) return false;
    return n == 0;
}

/* Section 23: which index is no colour. Other extensions say nothing to us. */
static bool extension(struct reader *r, struct frame *f) {
    unsigned char control[4];
    int label = byte(r);
    if (label != 0xF9) return label >= 0 && skip_blocks(r);
    if (byte(r) != 4 || !bytes(r, control, 4)) return false;
    f->transparent = control[0] & 1 ? control[3] : NO_INDEX;
    return skip_blocks(r);
}

static bool palette(struct reader *r, int packed, struct frame *f) {
    if (!(packed & 0x80)) return true;
    f->colours_n = 2 << (packed & 7);
    return bytes(r, f->palette, f->colours_n * 3);
}

static void put(struct pen *p, int index) {
    const struct frame *f = p->frame;
    static const int starts[] = { 0, 4, 2, 1 }, steps[] = { 8, 8, 4, 2 }; /* appendix E */
    int x = f->left + p->x, y = f->top + p->y;
    if (p->done) return;
    if (x < p->to->width && y < p->to->height && index < f->colours_n && index != f->transparent) {
        unsigned char *pixel = p->to->rgba + ((size_t)y * (size_t)p->to->width + (size_t)x) * 4;
        memcpy(pixel, f->palette + index * 3, 3);
        pixel[3] = 255;
    }
    if (++p->x < f->width) return;
    p->x = 0;
    p->y += f->interlaced ? steps[p->pass] : 1;
    while (p->y >= f->height && f->interlaced && p->pass < 3) p->y = starts[++p->pass];
    p->done = p->y >= f->height;
}

/* The next code, or -1 when the data end. */
static int code(struct reader *r, struct lzw *z) {
    while (z->held_n < z->bits) {
        if (z->block_left == 0) z->block_left = byte(r);
        if (z->block_left <= 0) return -1;
        int b = byte(r);
        if (b < 0) return -1;
        z->block_left--;
        z->held |= (uint32_t)b << z->held_n;
        z->held_n += 8;
    }
    int got = (int)(z->held & ((1u << z->bits) - 1));
    z->held >>= z->bits;
    z->held_n -= z->bits;
    return got;
}

static void clear(struct lzw *z) {
    z->next = (1 << z->root_bits) + 2;
    z->bits = z->root_bits + 1;
}

static void learn(struct lzw *z, int before, unsigned char last) {
    if (z->next >= CODES) return;
    z->before[z->next] = (uint16_t)before;
    z->last[z->next] = last;
    z->first[z->next] = z->first[before];
    z->next++;
    if (z->next == 1 << z->bits && z->bits < 12) z->bits++;
}

static void draw(struct lzw *z, struct pen *p, int of) {
    int n = 0;
    for (; of >= 1 << z->root_bits; of = z->before[of]) z->stack[n++] = z->last[of];
    z->stack[n++] = (unsigned char)of;
    while (n) put(p, z->stack[--n]);
}

static bool decode(struct reader *r, struct lzw *z, struct pen *p) {
    int end, previous = -1;
    z->root_bits = byte(r);
    if (z->root_bits < 2 || z->root_bits > 8) return false;
    end = (1 << z->root_bits) + 1;
    for (int i = 0; i < 1 << z->root_bits; i++) z->first[i] = (unsigned char)i;
    clear(z);
    while (!p->done) {
        int now = code(r, z);
        if (now < 0 || now == end) break;
        if (now == end - 1) {
            clear(z);
            previous = -1;
            continue;
        }
        if (now > z->next || (now == z->next && (previous < 0 || z->next >= CODES))) break;
        if (now == z->next)
            learn(z, previous, z->first[previous]);
        else if (previous >= 0)
            learn(z, previous, z->first[now]);
        if (now >= z->next) break;
        draw(z, p, now);
        previous = now;
    }
    return true;
}

static enum status picture(struct reader *r, struct frame *f, struct gif_picture *out) {
    f->left = word(r);
    f->top = word(r);
    f->width = word(r);
    f->height = word(r);
    int packed = byte(r);
    if (packed < 0 || f->width <= 0 || f->height <= 0 || f->left < 0 || f->top < 0) return INVALID;
    f->interlaced = packed & 0x40;
    if (!palette(r, packed, f) || f->colours_n == 0) return INVALID;
    struct lzw *z = calloc(1, sizeof *z);
    out->rgba = calloc((size_t)out->width * (size_t)out->height, 4);
    struct pen p = { .frame = f, .to = out };
    bool good = z && out->rgba && decode(r, z, &p);
    free(z);
    if (good) return OK;
    free(out->rgba);
    out->rgba = NULL;
    return INVALID;
}

enum status gif_first(struct gif_source from, int64_t pixels_max, struct gif_picture *out) {
    struct reader r = { .from = from };
    struct frame f = { .transparent = NO_INDEX };
    unsigned char head[6];
    *out = (struct gif_picture){ 0 };
    if (!bytes(&r, head, 6)) return INVALID;
    if (memcmp(head, "GIF87a", 6) != 0 && memcmp(head, "GIF89a", 6) != 0) return INVALID;
    out->width = word(&r);
    out->height = word(&r);
    int packed = byte(&r);
    if (out->width <= 0 || out->height <= 0 || packed < 0 || !bytes(&r, NULL, 2)) return INVALID;
    if ((int64_t)out->width * out->height > pixels_max) return TOO_BIG;
    if (!palette(&r, packed, &f)) return INVALID;
    for (;;) {
        int what = byte(&r);
        if (what == 0x2C) return picture(&r, &f, out);
        if (what != 0x21 || !extension(&r, &f)) return INVALID;
    }
}
