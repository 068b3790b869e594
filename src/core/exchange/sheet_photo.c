/* The photo of a card as a cell of the table: decoded and made small in the box, so that no byte of
 * the card's picture is kept. Called by sheet_vcard.c; calls lib/image. */
#include <fcntl.h>
#include <unistd.h>

#include "core/exchange/sheet_cells.h"
#include "lib/image/image.h"
#include "lib/text/vcard.h"

enum { SIDE_PX = 320, SMALL_PX = 160 };

static bool write_file(const char *path, struct str bytes) {
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    bool good = fd >= 0 && write(fd, bytes.p, bytes.n) == (ssize_t)bytes.n;
    if (fd >= 0 && close(fd) != 0) good = false;
    return good;
}

static bool read_file(struct arena *a, const char *path, struct str *out) {
    FILE *f = fopen(path, "rb");
    if (!f) return false;
    char *p = arena_alloc(a, LIMIT_IMPORT_CELL);
    out->p = p;
    out->n = fread(p, 1, LIMIT_IMPORT_CELL, f);
    fclose(f);
    return out->n > 0;
}

/* False: it is no picture, or too big for a cell even when small. */
static bool make_small(struct sheet_cards *k, struct arena *a, const char *in, const char *type,
                       int side, const char *out, struct str *cell) {
    const char *small_type;
    struct str bytes;
    struct buf b = { .arena = a, .max = LIMIT_IMPORT_CELL - 10 };
    if (image_preview(k->box, a, in, type, side, out, &small_type) != OK) return false;
    if (!read_file(a, out, &bytes) || bytes.n / 3 * 4 + 60 > LIMIT_IMPORT_CELL) return false;
    buf_printf(&b, "data:%s;base64,", small_type);
    vcard_base64(&b, bytes);
    *cell = buf_str(&b);
    return !b.full;
}

bool sheet_photo_cell(struct sheet_cards *k, struct arena *a, struct str bytes, struct str *cell) {
    const char *type = image_sniff(bytes);
    const char *in = str_z(a, str_printf(a, "%s.photo", k->photo_path));
    const char *out = str_z(a, str_printf(a, "%s.small", k->photo_path));
    *cell = NO_STR;
    if (strncmp(type, "image/", 6) != 0 || !image_can_preview(type)) return false;
    bool good = write_file(in, bytes) && (make_small(k, a, in, type, SIDE_PX, out, cell) ||
                                          make_small(k, a, in, type, SMALL_PX, out, cell));
    unlink(in);
    unlink(out);
    if (!good) *cell = NO_STR;
    return good;
}
