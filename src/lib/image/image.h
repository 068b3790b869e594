/* Pictures of strangers made harmless: decoded in a box and encoded again, smaller. What comes out
 * is a JPEG or PNG of our own, without any of the bytes that came in; only that is ever shown
 * inline (trust.md T-18). */
#ifndef IMAGE_H
#define IMAGE_H
#include "lib/base/str.h"
#include "lib/box/box.h"

/* What a file is by its first bytes, whatever its name says: "image/png", "image/jpeg",
 * "application/pdf", "text/plain" …; "application/octet-stream" when nothing else is sure. Never a
 * type that a browser would run (HTML, SVG, XML are "text/plain"). Static memory. */
const char *image_sniff(struct str head);
bool image_can_preview(const char *type);

/* A preview of the picture, or of the first page of the PDF, at most `side` pixels wide and high,
 * written to out_path. *type: "image/jpeg" or "image/png". INVALID: cannot be decoded; TOO_BIG:
 * more than 40 million pixels or too much work. */
enum status image_preview(struct box *b, struct arena *a, const char *in_path, const char *in_type,
                          int side, const char *out_path, const char **type) MUST_USE;

/* A QR code (ISO/IEC 18004, level M) as modules: side × side bytes, 1 is dark, without the quiet
 * zone of 4. INVALID: too long. */
struct qr {
    int side;
    unsigned char *modules;
};
enum status qr_encode(struct arena *a, struct str text, struct qr *out) MUST_USE;

#endif
