/* What the files of lib/pdf share. Not for others: they include pdf.h. */
#ifndef PDF_IN_H
#define PDF_IN_H
#include <cairo.h>
#include <pango/pango.h>

#include "lib/pdf/pdf.h"

#define PT_PER_MM (72.0 / 25.4)

struct pdf {
    struct pdf_fonts *fonts;
    struct arena *arena;
    struct pdf_about about;
    PangoFontMap *map;
    PangoContext *context;
    cairo_surface_t *surface;
    cairo_t *cr;
    struct buf out;  /* written and not yet taken */
    size_t taken_n;  /* bytes of the file before those in out */
    bool page_begun; /* on the surface, not shown yet */
};

/* A font map that one thread may use until it gives it back; NULL: fontconfig does not work. */
PangoFontMap *pdf_map_take(struct pdf_fonts *f);
void pdf_map_give(struct pdf_fonts *f, PangoFontMap *map);

/* out holds the end of a file of cairo from byte taken_n on, with the catalogue, the information
 * and the table of positions: names the producer Daftar instead of cairo and its version, and adds
 * language and reading direction. False: not as cairo writes it. */
bool pdf_finish(struct arena *a, struct buf *out, size_t taken_n, const char *lang,
                bool rtl) MUST_USE;

#endif
