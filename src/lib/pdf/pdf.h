/* PDF files made here: pages in millimetres, blocks of text in any script, thin lines. The only
 * folder that knows pango, cairo and fontconfig. Labels and envelopes use it now; letters and
 * invoices later.
 *
 * The same calls with the same facts give the same bytes on one machine (the fonts for scripts that
 * Vazirmatn lacks are the system's). A document belongs to one thread; struct pdf_fonts to all. */
#ifndef PDF_H
#define PDF_H
#include "lib/base/buf.h"

/* --- fonts --- */

/* Vazirmatn from inside the program, for other scripts what the system has. Made in no time: what
 * costs is done at the first document. */
struct pdf_fonts;
struct pdf_fonts *pdf_fonts_new(void);
void pdf_fonts_free(struct pdf_fonts *f); /* when no document is open any more */

/* --- a document --- */

struct pdf_about {
    struct str title, author, subject; /* may be empty */
    const char *lang;                  /* BCP 47, of the whole: "fa" */
    bool rtl;                          /* two pages side by side begin on the right */
    int64_t at_ms;                     /* when it was made, as the caller says */
};
struct pdf;
/* BROKEN: no font can be used (why is in the log). */
enum status pdf_open(struct pdf **out, struct pdf_fonts *fonts,
                     const struct pdf_about *about) MUST_USE;
/* A page begins; the one before is done. Origin of all positions is its top left corner. */
void pdf_page(struct pdf *p, double width_mm, double height_mm);
/* What is written so far moves into out: for files that are sent while they are made. */
void pdf_take(struct pdf *p, struct buf *out);
/* Ends the file; what was not yet taken goes into out. A document without a page gets an empty one.
 * BROKEN: cairo failed. pdf_close is still due. */
enum status pdf_end(struct pdf *p, struct buf *out) MUST_USE;
void pdf_close(struct pdf *p);

/* --- text --- */

enum pdf_dir {
    PDF_AUTO, /* of the first strong letter of the block; without one, as its document */
    PDF_LTR,
    PDF_RTL
};
enum pdf_align { PDF_START, PDF_CENTRE, PDF_END };

/* Lines of text that belong together. Each line is a paragraph with a direction of its own, so that
 * a Latin name keeps its order in an Arabic address; the block's direction says at which side all
 * of them stand. */
struct pdf_block {
    struct strs lines; /* UTF-8; control characters count as spaces */
    enum pdf_dir dir;
    enum pdf_align align;
    const char *lang; /* picks shapes of letters; NULL: the document's */
    double size_pt;   /* of the font */
    double leading;   /* from baseline to baseline, in sizes; 0: 1.3 for left to right, 1.5 else */
    int bold_n;       /* so many lines of the beginning are bold */
    bool grey;
};
/* The direction that the block has in this document: PDF_LTR or PDF_RTL. */
enum pdf_dir pdf_dir_of(const struct pdf *p, const struct pdf_block *b);

struct pdf_room {
    double w_mm, h_mm; /* of the widest line; of all lines */
    int lines_n;       /* after breaking at spaces */
    int unknown_n;     /* characters that no font has */
};
/* What the block takes at its size when it is broken at w_mm (0: not broken). A word wider than
 * w_mm is not broken: w_mm of the answer is then larger. */
struct pdf_room pdf_measure(struct pdf *p, const struct pdf_block *b, double w_mm);

enum pdf_fit { PDF_FITS, PDF_TOO_LARGE, PDF_NO_GLYPH };
/* Finds the largest size from b->size_pt down to least_pt at which the block fits w_mm × h_mm:
 * first with its lines as they are, then with lines broken at spaces. b->size_pt becomes that size
 * (stays when it does not fit). */
enum pdf_fit pdf_fit(struct pdf *p, struct pdf_block *b, double w_mm, double h_mm, double least_pt);

/* Where one line of a block stands, counted from the block's top left corner. */
struct pdf_line {
    struct str text;    /* in the arena */
    double x_mm, w_mm;  /* its left edge */
    double baseline_mm; /* down from the top */
    bool rtl, bold;
};
/* Lines of the block in w_mm as pdf_text draws them: for previews. How many. */
int pdf_lines(struct pdf *p, struct arena *a, const struct pdf_block *b, double w_mm,
              struct pdf_line **out);
/* Draws the block with its top left corner there. */
void pdf_text(struct pdf *p, const struct pdf_block *b, double x_mm, double y_mm, double w_mm);

/* --- lines --- */

/* A frame of 0.2 mm, its corners rounded; dashed or not. */
void pdf_frame(struct pdf *p, double x_mm, double y_mm, double w_mm, double h_mm, double radius_mm,
               bool dashed);
void pdf_rule(struct pdf *p, double x1_mm, double y1_mm, double x2_mm, double y2_mm);

#endif
