/* The first picture of a GIF (GIF89a specification of CompuServe, 1990) as pixels. gdk-pixbuf has a
 * loader too, but as a module of its own, which nothing can load inside the box. Only for
 * lib/image and its tests. */
#ifndef IMAGE_GIF_H
#define IMAGE_GIF_H
#include "lib/base/str.h"

struct gif_source { /* up to cap bytes, 0 at the end, -1 when it fails */
    ptrdiff_t (*read)(void *of, void *to, size_t cap);
    void *of;
};
struct gif_picture {
    int width, height;
    unsigned char *rgba; /* width × height × 4; malloc, the caller frees it */
};
/* Reads on to the end of the first picture; one that breaks off in the middle is as good as what
 * came, as in browsers. INVALID: no GIF, or none that makes sense. TOO_BIG: more than pixels_max.
 */
enum status gif_first(struct gif_source from, int64_t pixels_max, struct gif_picture *out) MUST_USE;

#endif
