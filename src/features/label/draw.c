/* Labels on paper: whether each fits, pages of labels, envelopes, the frame page (label.h). Called
 * by the pages and the command; calls lib/pdf. */
#include "features/label/label.h"
#include "lib/locale/number.h"

static const double cmm_per_mm = 100;

static double mm(int cmm) {
    return cmm / cmm_per_mm;
}

/* The side is that of the address: a name in another script does not pull it over. */
struct pdf_block label_block(const struct pdf *pdf, const struct label *l) {
    int names = l->recipient_n;
    struct pdf_block address = { .lines = { l->envelope.lines.v + names,
                                            l->envelope.lines.n - names } };
    return (struct pdf_block){ .lines = l->envelope.lines,
                               .dir = l->envelope.arabic ? PDF_RTL : pdf_dir_of(pdf, &address),
                               .lang = lang_code(l->lang),
                               .size_pt = l->size_pt };
}

/* A sixteenth of the shorter side stays white around the text, 1.2 to 3 mm. */
struct box_cmm label_text_box(const struct label_choice *ch, struct box_cmm box) {
    int pad = (box.w < box.h ? box.w : box.h) / 16;
    if (ch->form == FORM_ENVELOPES) return box;
    if (pad < 120) pad = 120;
    if (pad > 300) pad = 300;
    return (struct box_cmm){ box.x + pad, box.y + pad, box.w - 2 * pad, box.h - 2 * pad };
}

struct box_cmm label_place(const struct label_choice *ch, const char *home, int i, bool rtl) {
    if (ch->form == FORM_ENVELOPES)
        return label_recipient_box(&ch->envelope, ch->window, home, rtl);
    return label_box(&ch->sheet, i, ch->from_right);
}

static void fit_one(struct pdf *pdf, const struct label_choice *ch, struct label *l) {
    struct box_cmm in = label_text_box(ch, label_place(ch, "", 0, false));
    if (l->fault != LABEL_GOOD || l->size_pt > 0) return;
    l->size_pt = ch->size_pt;
    struct pdf_block b = label_block(pdf, l);
    enum pdf_fit fit = pdf_fit(pdf, &b, mm(in.w), mm(in.h), ch->least_pt);
    if (fit == PDF_NO_GLYPH) l->fault = LABEL_NO_GLYPH;
    if (fit == PDF_TOO_LARGE) l->fault = LABEL_TOO_LARGE;
    l->size_pt = b.size_pt;
}

void label_fit(struct pdf *pdf, const struct label_choice *ch, struct labels *labels) {
    for (int i = 0; i < labels->n; i++) fit_one(pdf, ch, &labels->v[i]);
}

struct label_count label_count(const struct label_choice *ch, const struct labels *labels) {
    struct label_count out = { 0 };
    for (int i = 0; i < labels->n; i++) {
        if (labels->v[i].fault == LABEL_GOOD)
            out.good++;
        else
            out.left_out++;
    }
    int per = label_per_page(ch), places = out.good * ch->copies;
    if (places) places += ch->start - 1;
    out.pages = (places + per - 1) / per;
    return out;
}

/* --- one page --- */

/* The label whose copy is next; NULL: there is none. */
static const struct label *next_label(struct label_drawing *d) {
    for (; d->next < d->labels->n; d->next++, d->copies = 0) {
        struct label *l = &d->labels->v[d->next];
        fit_one(d->pdf, d->ch, l);
        if (l->fault == LABEL_GOOD && d->copies < d->ch->copies) return l;
    }
    return NULL;
}

struct pdf_block label_sender(struct arena *a, const struct pdf *pdf, const struct label_choice *ch,
                              double *x_mm, double *w_mm) {
    static const double side = 12;
    struct str rest = ch->sender, line;
    struct pdf_block b = { .lines = { arena_array(a, struct str, ch->sender.n + 1), 0 },
                           .size_pt = 8,
                           .grey = true };
    while (str_cut(&rest, '\n', &line))
        if (str_trim(line).n) b.lines.v[b.lines.n++] = str_trim(line);
    *w_mm = mm(ch->envelope.w) / 2 - side;
    *x_mm = pdf_dir_of(pdf, &b) == PDF_RTL ? mm(ch->envelope.w) - side - *w_mm : side;
    return b;
}

static void draw_sender(struct label_drawing *d) {
    double x, w;
    struct pdf_block b = label_sender(d->arena, d->pdf, d->ch, &x, &w);
    pdf_text(d->pdf, &b, x + mm(d->ch->x_offset), LABEL_SENDER_Y_MM + mm(d->ch->y_offset), w);
}

double label_down_mm(struct pdf *pdf, const struct label_choice *ch, const struct pdf_block *b,
                     struct box_cmm in) {
    if (ch->form == FORM_ENVELOPES) return 0;
    return (mm(in.h) - pdf_measure(pdf, b, mm(in.w)).h_mm) / 2;
}

static void draw_one(struct label_drawing *d, const struct label *l, struct box_cmm box) {
    struct box_cmm in = label_text_box(d->ch, box);
    struct pdf_block b = label_block(d->pdf, l);
    double down = label_down_mm(d->pdf, d->ch, &b, in);
    if (d->ch->form == FORM_LABELS && d->ch->frames)
        pdf_frame(d->pdf, mm(box.x + d->ch->x_offset), mm(box.y + d->ch->y_offset), mm(box.w),
                  mm(box.h), 1.5, false);
    pdf_text(d->pdf, &b, mm(in.x + d->ch->x_offset), mm(in.y + d->ch->y_offset) + down, mm(in.w));
}

bool label_page(struct label_drawing *d) {
    const struct label_choice *ch = d->ch;
    int i = d->first && ch->form == FORM_LABELS ? ch->start - 1 : 0, per = label_per_page(ch);
    if (!next_label(d)) return false;
    bool envelopes = ch->form == FORM_ENVELOPES;
    pdf_page(d->pdf, mm(envelopes ? ch->envelope.w : ch->sheet.paper_w),
             mm(envelopes ? ch->envelope.h : ch->sheet.paper_h));
    for (; i < per; i++) {
        const struct label *l = next_label(d);
        if (!l) break;
        struct pdf_block b = label_block(d->pdf, l);
        d->copies++;
        draw_one(d, l, label_place(ch, d->home, i, pdf_dir_of(d->pdf, &b) == PDF_RTL));
    }
    if (envelopes) draw_sender(d);
    d->first = false;
    return next_label(d) != NULL;
}

/* --- the frame page --- */

static void cross(struct pdf *pdf, double x, double y) {
    pdf_rule(pdf, x - 3, y, x + 3, y);
    pdf_rule(pdf, x, y - 3, x, y + 3);
}

static void number(struct pdf *pdf, struct ctx *c, struct box_cmm box, int n) {
    struct str text = digits_show(c->arena, c->loc, str_printf(c->arena, "%d", n));
    struct pdf_block b = { .lines = { &text, 1 }, .align = PDF_CENTRE, .size_pt = 9, .grey = true };
    pdf_text(pdf, &b, mm(box.x), mm(box.y) + 2, mm(box.w));
}

static void frame_sheet(struct pdf *pdf, struct ctx *c, const struct label_choice *ch) {
    const struct label_sheet *s = &ch->sheet;
    double w = mm(s->paper_w), h = mm(s->paper_h);
    pdf_page(pdf, w, h);
    for (int i = 0; i < s->columns * s->rows; i++) {
        struct box_cmm box = label_box(s, i, ch->from_right);
        box.x += ch->x_offset;
        box.y += ch->y_offset;
        pdf_frame(pdf, mm(box.x), mm(box.y), mm(box.w), mm(box.h), 1.5, false);
        number(pdf, c, box, i + 1);
    }
    cross(pdf, w / 2, h / 2);
}

static void frame_envelope(struct pdf *pdf, struct ctx *c, const struct label_choice *ch) {
    const struct label_envelope *e = &ch->envelope;
    bool rtl = lang_rtl(c->loc->lang);
    struct box_cmm b = label_recipient_box(e, ch->window, c->firm.country, rtl);
    struct box_cmm window = ch->window == WINDOW_LEFT ? e->left : e->right;
    pdf_page(pdf, mm(e->w), mm(e->h));
    pdf_frame(pdf, mm(b.x + ch->x_offset), mm(b.y + ch->y_offset), mm(b.w), mm(b.h), 0, true);
    if (ch->window != WINDOW_NONE)
        pdf_frame(pdf, mm(window.x + ch->x_offset), mm(window.y + ch->y_offset), mm(window.w),
                  mm(window.h), 4, false);
    cross(pdf, mm(e->w) / 2, mm(e->h) / 2);
}

void label_frame_page(struct pdf *pdf, struct ctx *c, const struct label_choice *ch) {
    if (ch->form == FORM_ENVELOPES)
        frame_envelope(pdf, c, ch);
    else
        frame_sheet(pdf, c, ch);
}
