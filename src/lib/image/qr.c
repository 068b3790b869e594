/* QR codes by libqrencode: the secret of a second factor, later links on paper. Called by pages
 * that draw the modules as SVG; this file is the library's only home. It always writes in byte
 * mode, so that UTF-8 comes out as it went in. */
#include <errno.h>
#include <limits.h>
#include <qrencode.h>

#include "lib/image/image.h"

enum status qr_encode(struct arena *a, struct str text, struct qr *out) {
    *out = (struct qr){ 0 };
    if (text.n == 0 || text.n > INT_MAX) return INVALID;
    QRcode *made = QRcode_encodeData((int)text.n, (const unsigned char *)text.p, 0, QR_ECLEVEL_M);
    if (!made && errno == ERANGE) return INVALID;
    if (!made) BUG("QR code: %s", strerror(errno));
    size_t n = (size_t)made->width * (size_t)made->width;
    out->side = made->width;
    out->modules = arena_alloc(a, n);
    /* Besides its colour the library keeps in each byte what a module is for. */
    for (size_t i = 0; i < n; i++) out->modules[i] = made->data[i] & 1;
    QRcode_free(made);
    return OK;
}
