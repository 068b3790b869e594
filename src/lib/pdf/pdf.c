/* A PDF document: pages, lines, the file (pdf.h). Called by the features that print; calls cairo,
 * fonts.c for a font map and finish.c for what cairo cannot say. Text stands in text.c. */
#include <cairo-pdf.h>
#include <pango/pangocairo.h>

#include "lib/base/log.h"
#include "lib/base/clock.h"
#include "lib/pdf/pdf_in.h"

static const double frame_mm = 0.2;

static cairo_status_t write_out(void *closure, const unsigned char *bytes, unsigned n) {
    struct pdf *p = closure;
    buf_add(&p->out, (struct str){ (const char *)bytes, n });
    return CAIRO_STATUS_SUCCESS;
}

/* ISO 8601, which is what cairo asks for. */
static const char *time_text(struct arena *a, int64_t ms) {
    struct tm tm;
    time_t s = (time_t)(ms / 1000);
    if (!gmtime_r(&s, &tm)) BUG("a time that is none");
    return str_printf(a, "%04d-%02d-%02dT%02d:%02d:%02dZ", tm.tm_year + 1900, tm.tm_mon + 1,
                      tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec)
        .p;
}

static void say(struct pdf *p, cairo_pdf_metadata_t what, struct str text) {
    if (text.n) cairo_pdf_surface_set_metadata(p->surface, what, str_z(p->arena, text));
}

static void surface_open(struct pdf *p) {
    p->surface = cairo_pdf_surface_create_for_stream(write_out, p, 595, 842);
    /* One table of positions in plain text, which finish.c reads (cairo 1.18 packs it from 1.5 on).
     */
    cairo_pdf_surface_restrict_to_version(p->surface, CAIRO_PDF_VERSION_1_4);
    say(p, CAIRO_PDF_METADATA_TITLE, p->about.title);
    say(p, CAIRO_PDF_METADATA_AUTHOR, p->about.author);
    say(p, CAIRO_PDF_METADATA_SUBJECT, p->about.subject);
    say(p, CAIRO_PDF_METADATA_CREATE_DATE, str_of(time_text(p->arena, p->about.at_ms)));
    p->cr = cairo_create(p->surface);
}

static void context_open(struct pdf *p) {
    cairo_font_options_t *options = cairo_font_options_create();
    p->context = pango_font_map_create_context(p->map);
    /* Widths that grow with the size, as on paper: no rounding to anybody's pixels. */
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    pango_cairo_context_set_font_options(p->context, options);
    pango_cairo_context_set_resolution(p->context, 72);
    pango_context_set_round_glyph_positions(p->context, FALSE);
    cairo_font_options_destroy(options);
}

enum status pdf_open(struct pdf **out, struct pdf_fonts *fonts, const struct pdf_about *about) {
    PangoFontMap *map = pdf_map_take(fonts);
    if (!map) return BROKEN;
    struct arena *a = arena_new();
    struct pdf *p = arena_new_of(a, struct pdf);
    *p = (struct pdf){ .fonts = fonts, .arena = a, .about = *about, .map = map };
    p->about.lang = str_z(a, str_of(about->lang ? about->lang : "en"));
    surface_open(p);
    context_open(p);
    *out = p;
    return OK;
}

static void show_page(struct pdf *p) {
    if (p->page_begun) cairo_show_page(p->cr);
    p->page_begun = false;
}

void pdf_page(struct pdf *p, double width_mm, double height_mm) {
    show_page(p);
    cairo_pdf_surface_set_size(p->surface, width_mm * PT_PER_MM, height_mm * PT_PER_MM);
    p->page_begun = true;
}

void pdf_take(struct pdf *p, struct buf *out) {
    buf_add(out, buf_str(&p->out));
    p->taken_n += p->out.n;
    p->out.n = 0;
}

enum status pdf_end(struct pdf *p, struct buf *out) {
    show_page(p);
    cairo_destroy(p->cr);
    p->cr = NULL;
    cairo_surface_finish(p->surface);
    cairo_status_t s = cairo_surface_status(p->surface);
    if (s != CAIRO_STATUS_SUCCESS) {
        log_warn("cairo cannot make the PDF: %s", cairo_status_to_string(s));
        return BROKEN;
    }
    if (!pdf_finish(p->arena, &p->out, p->taken_n, p->about.lang, p->about.rtl)) {
        log_warn("a PDF of cairo %s that is not understood", cairo_version_string());
        return BROKEN;
    }
    pdf_take(p, out);
    return OK;
}

void pdf_close(struct pdf *p) {
    if (!p) return;
    if (p->cr) cairo_destroy(p->cr);
    cairo_surface_destroy(p->surface);
    g_object_unref(p->context);
    pdf_map_give(p->fonts, p->map);
    buf_free(&p->out);
    arena_free(p->arena);
}

/* --- lines --- */

static void pen(struct pdf *p, bool dashed) {
    static const double dashes[] = { 2.8, 2.8 };
    cairo_set_source_rgb(p->cr, 0.55, 0.55, 0.55);
    cairo_set_line_width(p->cr, frame_mm * PT_PER_MM);
    cairo_set_dash(p->cr, dashes, dashed ? 2 : 0, 0);
}

void pdf_frame(struct pdf *p, double x_mm, double y_mm, double w_mm, double h_mm, double radius_mm,
               bool dashed) {
    double x = x_mm * PT_PER_MM, y = y_mm * PT_PER_MM, w = w_mm * PT_PER_MM, h = h_mm * PT_PER_MM;
    double r = radius_mm * PT_PER_MM, right_angle = 1.57079632679489662;
    pen(p, dashed);
    cairo_new_sub_path(p->cr);
    cairo_arc(p->cr, x + w - r, y + r, r, -right_angle, 0);
    cairo_arc(p->cr, x + w - r, y + h - r, r, 0, right_angle);
    cairo_arc(p->cr, x + r, y + h - r, r, right_angle, 2 * right_angle);
    cairo_arc(p->cr, x + r, y + r, r, 2 * right_angle, 3 * right_angle);
    cairo_close_path(p->cr);
    cairo_stroke(p->cr);
}

void pdf_rule(struct pdf *p, double x1_mm, double y1_mm, double x2_mm, double y2_mm) {
    pen(p, false);
    cairo_move_to(p->cr, x1_mm * PT_PER_MM, y1_mm * PT_PER_MM);
    cairo_line_to(p->cr, x2_mm * PT_PER_MM, y2_mm * PT_PER_MM);
    cairo_stroke(p->cr);
}
