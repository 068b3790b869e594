/* Blocks of text in a PDF: direction, measuring, fitting, drawing (pdf.h). Called by the features
 * that print; calls pango. Lines are placed by hand, one baseline below the other: the fonts that
 * stand in for a script then change neither the distance nor the side. */
#include <math.h>
#include <pango/pangocairo.h>

#include "lib/pdf/pdf_in.h"

static const char family[] = "Vazirmatn";
enum { STEPS_PER_PT = 4 }; /* sizes are tried in quarters of a point */

/* Blocks of right-to-left scripts (Unicode 15, DerivedBidiClass: R and AL). */
static bool is_rtl(int32_t c) {
    return (c >= 0x590 && c <= 0x8FF) || (c >= 0xFB1D && c <= 0xFDFF) ||
           (c >= 0xFE70 && c <= 0xFEFF) || (c >= 0x10800 && c <= 0x10FFF) ||
           (c >= 0x1E800 && c <= 0x1EFFF);
}

/* Of the first letter; PDF_AUTO when there is none. (Pango tells it only with all glyphs set.) */
static enum pdf_dir first_strong(struct str s) {
    for (int32_t c; (c = utf8_next(&s)) >= 0;)
        if (g_unichar_isalpha((gunichar)c)) return is_rtl(c) ? PDF_RTL : PDF_LTR;
    return PDF_AUTO;
}

enum pdf_dir pdf_dir_of(const struct pdf *p, const struct pdf_block *b) {
    enum pdf_dir dir = b->dir;
    for (int i = 0; i < b->lines.n && dir == PDF_AUTO; i++) dir = first_strong(b->lines.v[i]);
    if (dir == PDF_AUTO) dir = p->about.rtl ? PDF_RTL : PDF_LTR;
    return dir;
}

/* The block with its direction known: from here on nobody asks again. */
static struct pdf_block known(const struct pdf *p, const struct pdf_block *b) {
    struct pdf_block out = *b;
    out.dir = pdf_dir_of(p, b);
    if (out.leading <= 0) out.leading = out.dir == PDF_RTL ? 1.5 : 1.3;
    return out;
}

static double lead_pt(const struct pdf_block *b) {
    return b->leading * b->size_pt;
}

/* Letters of Vazirmatn reach 0.9 above and 0.45 below the baseline: the rest is shared out. */
static double first_baseline_pt(const struct pdf_block *b) {
    return 0.5 * lead_pt(b) + 0.25 * b->size_pt;
}

static struct str without_controls(struct arena *a, struct str s) {
    struct str clean = str_dup(a, s);
    for (size_t i = 0; i < clean.n; i++)
        if ((unsigned char)clean.p[i] < 0x20 || clean.p[i] == 0x7F) ((char *)clean.p)[i] = ' ';
    return clean;
}

/* One paragraph that is being set. */
struct paragraph {
    PangoLayout *layout;
    struct str text;
    bool rtl, bold;
};

static struct paragraph set(struct pdf *p, const struct pdf_block *b, int i, double w_mm) {
    struct paragraph out = { .text = without_controls(p->arena, b->lines.v[i]),
                             .bold = i < b->bold_n };
    enum pdf_dir dir = first_strong(out.text);
    out.rtl = (dir == PDF_AUTO ? b->dir : dir) == PDF_RTL;
    pango_context_set_base_dir(p->context, out.rtl ? PANGO_DIRECTION_RTL : PANGO_DIRECTION_LTR);
    pango_context_set_language(p->context,
                               pango_language_from_string(b->lang ? b->lang : p->about.lang));
    PangoFontDescription *font = pango_font_description_new();
    pango_font_description_set_family_static(font, family);
    pango_font_description_set_weight(font, out.bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
    pango_font_description_set_absolute_size(font, b->size_pt * PANGO_SCALE);
    out.layout = pango_layout_new(p->context);
    pango_layout_set_auto_dir(out.layout, FALSE);
    pango_layout_set_font_description(out.layout, font);
    pango_layout_set_wrap(out.layout, PANGO_WRAP_WORD);
    pango_layout_set_width(out.layout, w_mm > 0 ? (int)(w_mm * PT_PER_MM * PANGO_SCALE) : -1);
    pango_layout_set_text(out.layout, out.text.p, (int)out.text.n);
    pango_font_description_free(font);
    return out;
}

static double width_pt(PangoLayoutLine *line) {
    PangoRectangle logical;
    pango_layout_line_get_extents(line, NULL, &logical);
    return (double)logical.width / PANGO_SCALE;
}

/* What is done with each line of a block. */
struct walk {
    struct arena *arena;
    struct pdf_line *lines; /* NULL: only measured or drawn */
    bool draw;
    double x_pt, y_pt;
    struct pdf_room room;
    double widest_pt;
};

static double line_x_pt(const struct pdf_block *b, double room, double width) {
    bool rtl = b->dir == PDF_RTL;
    if (b->align == PDF_CENTRE) return (room - width) / 2;
    return (b->align == PDF_START) == rtl ? room - width : 0;
}

static void one_line(struct pdf *p, const struct pdf_block *b, const struct paragraph *g,
                     PangoLayoutLine *line, double w_mm, struct walk *w) {
    double width = width_pt(line), room = w_mm > 0 ? w_mm * PT_PER_MM : width;
    double x = line_x_pt(b, room, width);
    double y = first_baseline_pt(b) + lead_pt(b) * w->room.lines_n;
    if (width > w->widest_pt) w->widest_pt = width;
    if (w->lines)
        w->lines[w->room.lines_n] =
            (struct pdf_line){ .text = str_dup(w->arena,
                                               str_trim(str_sub(g->text, (size_t)line->start_index,
                                                                (size_t)line->length))),
                               .x_mm = x / PT_PER_MM,
                               .w_mm = width / PT_PER_MM,
                               .baseline_mm = y / PT_PER_MM,
                               .rtl = g->rtl,
                               .bold = g->bold };
    if (w->draw) {
        cairo_move_to(p->cr, w->x_pt + x, w->y_pt + y);
        pango_cairo_show_layout_line(p->cr, line);
    }
    w->room.lines_n++;
}

static void walk(struct pdf *p, const struct pdf_block *block, double w_mm, struct walk *w) {
    struct pdf_block own = known(p, block), *b = &own;
    for (int i = 0; i < b->lines.n; i++) {
        struct arena_mark mark = arena_mark(p->arena);
        struct paragraph g = set(p, b, i, w_mm);
        int n = pango_layout_get_line_count(g.layout);
        w->room.unknown_n += pango_layout_get_unknown_glyphs_count(g.layout);
        if (w->lines)
            w->lines = arena_grow(w->arena, w->lines, sizeof *w->lines * (size_t)w->room.lines_n,
                                  sizeof *w->lines * (size_t)(w->room.lines_n + n));
        for (int k = 0; k < n; k++)
            one_line(p, b, &g, pango_layout_get_line_readonly(g.layout, k), w_mm, w);
        g_object_unref(g.layout);
        arena_back(p->arena, mark);
    }
    w->room.w_mm = w->widest_pt / PT_PER_MM;
    w->room.h_mm = lead_pt(b) * w->room.lines_n / PT_PER_MM;
}

struct pdf_room pdf_measure(struct pdf *p, const struct pdf_block *b, double w_mm) {
    struct walk w = { .draw = false };
    walk(p, b, w_mm, &w);
    return w.room;
}

int pdf_lines(struct pdf *p, struct arena *a, const struct pdf_block *b, double w_mm,
              struct pdf_line **out) {
    struct walk w = { .arena = a, .lines = arena_array(a, struct pdf_line, 1) };
    walk(p, b, w_mm, &w);
    *out = w.lines;
    return w.room.lines_n;
}

void pdf_text(struct pdf *p, const struct pdf_block *b, double x_mm, double y_mm, double w_mm) {
    struct walk w = { .draw = true, .x_pt = x_mm * PT_PER_MM, .y_pt = y_mm * PT_PER_MM };
    double ink = b->grey ? 0.4 : 0;
    cairo_set_source_rgb(p->cr, ink, ink, ink);
    walk(p, b, w_mm, &w);
}

static bool broken_fits(struct pdf *p, struct pdf_block *b, double w_mm, double h_mm,
                        double least_pt) {
    double from = b->size_pt;
    for (b->size_pt = from; b->size_pt >= least_pt; b->size_pt -= 1.0 / STEPS_PER_PT) {
        struct pdf_room room = pdf_measure(p, b, w_mm);
        if (room.w_mm <= w_mm && room.h_mm <= h_mm) return true;
    }
    b->size_pt = from;
    return false;
}

enum pdf_fit pdf_fit(struct pdf *p, struct pdf_block *b, double w_mm, double h_mm,
                     double least_pt) {
    *b = known(p, b);
    struct pdf_room whole = pdf_measure(p, b, 0);
    if (whole.unknown_n) return PDF_NO_GLYPH;
    /* Widths and heights grow with the size, so that one look tells the size. */
    double scale = 1;
    if (whole.w_mm > 0) scale = fmin(scale, w_mm / whole.w_mm);
    if (whole.h_mm > 0) scale = fmin(scale, h_mm / whole.h_mm);
    if (scale >= 1) return PDF_FITS;
    double size = floor(b->size_pt * scale * 0.999 * STEPS_PER_PT) / STEPS_PER_PT;
    if (size >= least_pt) {
        b->size_pt = size;
        return PDF_FITS;
    }
    return broken_fits(p, b, w_mm, h_mm, least_pt) ? PDF_FITS : PDF_TOO_LARGE;
}
