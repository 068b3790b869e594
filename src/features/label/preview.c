/* The drawing of the first page: the labels where the printer puts them, with the lines that the
 * PDF has (pages.h). Called by the form; calls gather.c, draw.c and lib/pdf for the measures. */
#include "core/web/journal.h"
#include "features/label/pages.h"
#include "lib/locale/number.h"

enum { LOOKED_AT_N = LIMIT_PAGE_N };

static int cmm(double mm) {
    return (int)(mm * 100 + (mm < 0 ? -0.5 : 0.5));
}

static void add_lines(struct req *r, struct pdf *pdf, const struct pdf_block *b, double x_mm,
                      double y_mm, double w_mm, struct preview_view *out) {
    struct pdf_line *lines;
    int n = pdf_lines(pdf, r->c.arena, b, w_mm, &lines);
    out->lines.v = arena_grow(r->c.arena, out->lines.v, sizeof *out->lines.v * (size_t)out->lines.n,
                              sizeof *out->lines.v * (size_t)(out->lines.n + n));
    for (int i = 0; i < n; i++) {
        double begin = lines[i].x_mm + (lines[i].rtl ? lines[i].w_mm : 0);
        out->lines.v[out->lines.n++] = (struct drawn_line){ .x = cmm(x_mm + begin),
                                                            .y = cmm(y_mm + lines[i].baseline_mm),
                                                            .size = cmm(b->size_pt * 25.4 / 72),
                                                            .dir = lines[i].rtl ? "rtl" : "ltr",
                                                            .text = lines[i].text,
                                                            .grey = b->grey };
    }
}

static void add_label(struct req *r, struct pdf *pdf, const struct label_choice *ch,
                      const struct label *l, struct box_cmm box, struct preview_view *out) {
    struct box_cmm in = label_text_box(ch, box);
    struct pdf_block b = label_block(pdf, l);
    double down = label_down_mm(pdf, ch, &b, in);
    add_lines(r, pdf, &b, (in.x + ch->x_offset) / 100.0, (in.y + ch->y_offset) / 100.0 + down,
              in.w / 100.0, out);
}

static void draw_sheet(struct req *r, struct pdf *pdf, const struct label_choice *ch,
                       const struct labels *labels, struct preview_view *out) {
    struct ctx *c = &r->c;
    int per = label_per_page(ch), next = 0, copies = 0;
    out->places.v = arena_array(c->arena, struct drawn_place, per);
    for (int i = 0; i < per; i++) {
        struct box_cmm box = label_box(&ch->sheet, i, ch->from_right);
        struct label_choice other = *ch;
        other.start = i + 1;
        struct tr_arg arg = { .name = "n", .value = number_show(c->arena, c->loc, i + 1) };
        out->places.v[out->places.n++] =
            (struct drawn_place){ box.x,
                                  box.y,
                                  box.w,
                                  box.h,
                                  labels_url(r, "/labels", &other),
                                  tr_fill(c->arena, T(c, N_("Begin at label {n}")), &arg, 1),
                                  i + 1 < ch->start    ? "used"
                                  : i + 1 == ch->start ? "here"
                                                       : "" };
        if (i + 1 < ch->start) continue;
        if (copies == ch->copies) {
            next++;
            copies = 0;
        }
        while (next < labels->n && labels->v[next].fault != LABEL_GOOD) next++;
        if (next == labels->n) continue;
        add_label(r, pdf, ch, &labels->v[next], box, out);
        copies++;
    }
}

static void draw_envelope(struct req *r, struct pdf *pdf, const struct label_choice *ch,
                          const struct labels *labels, struct preview_view *out) {
    struct arena *a = r->c.arena;
    struct box_cmm window = ch->window == WINDOW_LEFT ? ch->envelope.left : ch->envelope.right;
    int next = 0;
    out->places.v = arena_array(a, struct drawn_place, 1);
    if (ch->window != WINDOW_NONE)
        out->places.v[out->places.n++] =
            (struct drawn_place){ .x = window.x, .y = window.y, .w = window.w, .h = window.h };
    while (next < labels->n && labels->v[next].fault != LABEL_GOOD) next++;
    if (next < labels->n) {
        struct pdf_block b = label_block(pdf, &labels->v[next]);
        bool rtl = pdf_dir_of(pdf, &b) == PDF_RTL;
        add_label(r, pdf, ch, &labels->v[next], label_place(ch, r->c.firm.country, 0, rtl), out);
    }
    double x, room;
    struct pdf_block sender = label_sender(a, pdf, ch, &x, &room);
    add_lines(r, pdf, &sender, x + ch->x_offset / 100.0, LABEL_SENDER_Y_MM + ch->y_offset / 100.0,
              room, out);
}

enum status labels_draw(struct req *r, const struct label_choice *ch, const struct list_query *q,
                        struct preview_view *out) {
    struct ctx *c = &r->c;
    struct labels labels;
    struct pdf *pdf;
    TRY(label_gather(c, q, ch, LOOKED_AT_N, &labels));
    TRY(label_document(c, r->app->fonts, "", &pdf));
    label_fit(pdf, ch, &labels);
    out->there = true;
    out->envelopes = ch->form == FORM_ENVELOPES;
    out->w = out->envelopes ? ch->envelope.w : ch->sheet.paper_w;
    out->h = out->envelopes ? ch->envelope.h : ch->sheet.paper_h;
    out->round = out->envelopes ? 0 : 150;
    out->view_box = str_printf(c->arena, "0 0 %d %d", out->w, out->h);
    if (out->envelopes)
        draw_envelope(r, pdf, ch, &labels, out);
    else
        draw_sheet(r, pdf, ch, &labels, out);
    pdf_close(pdf);
    int64_t *ids = arena_array(c->arena, int64_t, labels.n);
    for (int i = 0; i < labels.n; i++) ids[i] = labels.v[i].party;
    journal_listed(r->app, c, "party", ids, labels.n);
    out->bad_n = label_count(ch, &labels).left_out;
    out->all = labels.n < LOOKED_AT_N;
    return OK;
}
