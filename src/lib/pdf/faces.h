/* The fonts inside the program: Vazirmatn for Persian, Arabic and Latin letters. Made by
 * tools/embed from node_modules/vazirmatn. Why these files: docs/decisions/009-pdf-fonts.md. */
#ifndef PDF_FACES_H
#define PDF_FACES_H
#include "lib/base/str.h"

struct pdf_face {
    const char *name; /* "Vazirmatn-Regular.ttf" */
    struct str bytes; /* an OpenType file */
};
extern const struct pdf_face pdf_faces[];
extern const int pdf_faces_n;

#endif
