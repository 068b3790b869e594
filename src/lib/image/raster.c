/* Previews of pictures and of the first pages of PDFs (image.h): decoded in a box, turned as their
 * EXIF says, made small, encoded anew. The home of gdk-pixbuf, whose PNG and JPEG loaders are built
 * in; nothing else of it is used, so that no module is ever loaded. PDFs are drawn by pdftoppm, a
 * program, in a box of its own; what it draws goes the same way as a stranger's picture.
 * Called by features/attachment's job and pages; calls lib/box, gif.c. */
#include <errno.h>
#include <unistd.h>

#include <gdk-pixbuf/gdk-pixbuf.h>

#include "lib/image/gif.h"
#include "lib/image/image.h"

enum { BLOCK = 65536, SIDE_MAX = 4000, PIXELS_MAX = 40000000 };
#define PDF_PROGRAM "/usr/bin/pdftoppm"

bool image_can_preview(const char *type) {
    static const char *const pictures[] = { "image/png", "image/jpeg", "image/gif" };
    for (size_t i = 0; i < sizeof pictures / sizeof *pictures; i++)
        if (strcmp(type, pictures[i]) == 0) return true;
    return strcmp(type, "application/pdf") == 0 && access(PDF_PROGRAM, X_OK) == 0;
}

/* --- inside the box --- */

static ptrdiff_t read_fd(void *of, void *to, size_t cap) {
    ssize_t n;
    do n = read(*(int *)of, to, cap);
    while (n < 0 && errno == EINTR);
    return n;
}

struct fit { /* what the loader's size must become */
    int side;
    bool too_big;
};

static void fitted(int side, int width, int height, int *w, int *h) {
    int longest = width > height ? width : height;
    *w = width;
    *h = height;
    if (longest <= side) return;
    *w = (int)((int64_t)width * side / longest);
    *h = (int)((int64_t)height * side / longest);
    if (*w < 1) *w = 1;
    if (*h < 1) *h = 1;
}

static void size_known(GdkPixbufLoader *loader, int width, int height, void *arg) {
    struct fit *fit = arg;
    int w, h;
    fit->too_big = width < 1 || height < 1 || (int64_t)width * height > PIXELS_MAX;
    fitted(fit->side, width, height, &w, &h);
    /* 0 × 0 ends the loading: nothing is allocated for it. */
    if (fit->too_big)
        gdk_pixbuf_loader_set_size(loader, 0, 0);
    else if (w != width || h != height)
        gdk_pixbuf_loader_set_size(loader, w, h);
}

/* Not closing a loader properly makes the library complain; whether it liked the end does not
 * matter, a picture that breaks off shows what is there. */
static enum status load(int fd, const char *type, int side, GdkPixbuf **out) {
    struct fit fit = { .side = side };
    GError *why = NULL;
    unsigned char *block = malloc(BLOCK);
    GdkPixbufLoader *loader = gdk_pixbuf_loader_new_with_mime_type(type, &why);
    if (!loader || !block) return INVALID;
    g_signal_connect(loader, "size-prepared", G_CALLBACK(size_known), &fit);
    ptrdiff_t n = 0;
    bool good = true;
    while (good && !fit.too_big && (n = read_fd(&fd, block, BLOCK)) > 0)
        good = gdk_pixbuf_loader_write(loader, block, (size_t)n, &why);
    gdk_pixbuf_loader_close(loader, NULL);
    free(block);
    GdkPixbuf *whole = gdk_pixbuf_loader_get_pixbuf(loader);
    if (fit.too_big) return TOO_BIG;
    if (why && g_error_matches(why, GDK_PIXBUF_ERROR, GDK_PIXBUF_ERROR_INSUFFICIENT_MEMORY))
        return TOO_BIG;
    if (!good || n < 0 || !whole) return INVALID;
    *out = gdk_pixbuf_apply_embedded_orientation(whole);
    return OK;
}

static enum status load_gif(int fd, GdkPixbuf **out) {
    struct gif_picture p;
    enum status s = gif_first((struct gif_source){ read_fd, &fd }, PIXELS_MAX, &p);
    if (s != OK) return s;
    *out = gdk_pixbuf_new_from_data(p.rgba, GDK_COLORSPACE_RGB, TRUE, 8, p.width, p.height,
                                    p.width * 4, NULL, NULL);
    return OK;
}

static bool is_seen_through(const GdkPixbuf *p) {
    if (!gdk_pixbuf_get_has_alpha(p)) return false;
    int width = gdk_pixbuf_get_width(p), height = gdk_pixbuf_get_height(p);
    const unsigned char *pixels = gdk_pixbuf_read_pixels(p);
    for (int y = 0; y < height; y++) {
        const unsigned char *row = pixels + (size_t)y * (size_t)gdk_pixbuf_get_rowstride(p);
        for (int x = 0; x < width; x++)
            if (row[x * 4 + 3] != 255) return true;
    }
    return false;
}

static gboolean write_fd(const char *p, gsize n, GError **why, void *arg) {
    const struct box_call *call = arg;
    (void)why;
    while (n) {
        ssize_t put = write(call->out_fd, p, n);
        if (put < 0 && errno == EINTR) continue;
        if (put <= 0) return FALSE;
        p += put;
        n -= (gsize)put;
    }
    return TRUE;
}

static enum status save(struct box_call *call, GdkPixbuf *p, int side) {
    int width = gdk_pixbuf_get_width(p), height = gdk_pixbuf_get_height(p), w, h;
    fitted(side, width, height, &w, &h);
    if (w != width || h != height) p = gdk_pixbuf_scale_simple(p, w, h, GDK_INTERP_BILINEAR);
    if (!p) return TOO_BIG;
    bool alpha = is_seen_through(p), good;
    if (alpha)
        good =
            gdk_pixbuf_save_to_callback(p, write_fd, call, "png", NULL, "compression", "9", NULL);
    else
        good = gdk_pixbuf_save_to_callback(p, write_fd, call, "jpeg", NULL, "quality", "82", NULL);
    snprintf(call->said, sizeof call->said, "%s", alpha ? "image/png" : "image/jpeg");
    return good ? OK : TOO_BIG;
}

static void say_nothing(const char *domain, GLogLevelFlags level, const char *text, void *arg) {
    (void)domain, (void)level, (void)text, (void)arg;
}

/* Memory is not given back: the process ends with its task. */
static enum status draw(struct box_call *call) {
    struct str rest = call->argument, first;
    int64_t side;
    GdkPixbuf *p = NULL;
    g_log_set_default_handler(say_nothing, NULL);
    if (!str_cut(&rest, ' ', &first) || !str_to_i64(first, &side)) return INVALID;
    if (side < 1 || side > SIDE_MAX) return INVALID;
    const char *type = str_z(call->arena, rest);
    TRY(strcmp(type, "image/gif") == 0 ? load_gif(call->in_fd, &p)
                                       : load(call->in_fd, type, (int)side, &p));
    return p ? save(call, p, (int)side) : TOO_BIG;
}

static const struct box_task draw_task = {
    .name = "picture",
    .run = draw,
    .memory_bytes = 420LL << 20,
    .output_bytes = 16 << 20,
    .cpu_seconds = 10,
};

/* --- outside --- */

static const char *const page_words[] = { PDF_PROGRAM,   "-q",        "-f",   "1",    "-l", "1",
                                          "-singlefile", "-scale-to", "1600", "-png", "-",  NULL };
static const struct box_task page_task = {
    .name = "first page",
    .memory_bytes = 600LL << 20,
    .output_bytes = 32 << 20,
    .cpu_seconds = 15,
    .program = page_words,
};

static enum status draw_picture(struct box *b, struct arena *a, const char *in_path,
                                const char *in_type, int side, const char *out_path,
                                const char **type) {
    struct str said, argument = str_printf(a, "%d %s", side, in_type);
    TRY(box_run(b, a, &draw_task, in_path, out_path, argument, &said));
    *type = str_eq_z(said, "image/png") ? "image/png" : "image/jpeg";
    return OK;
}

enum status image_preview(struct box *b, struct arena *a, const char *in_path, const char *in_type,
                          int side, const char *out_path, const char **type) {
    if (!image_can_preview(in_type)) return INVALID;
    if (strcmp(in_type, "application/pdf") != 0)
        return draw_picture(b, a, in_path, in_type, side, out_path, type);
    const char *page = str_printf(a, "%s.page", out_path).p;
    TRY(box_run(b, a, &page_task, in_path, page, NO_STR, NULL));
    enum status s = draw_picture(b, a, page, "image/png", side, out_path, type);
    unlink(page);
    return s;
}
