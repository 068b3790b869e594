/* Sheets of labels and sizes of envelopes (label.h). Called by everything of labels; calls nothing.
 *
 * Sheets: localisation.md 3.5, from gLabels' templates. L7163 is the maker's: only there are the
 * margins left and right the same (4.65 + 101.6 + 99.1 + 4.65 = 210). Windows: DL, C5 and C6 on the
 * left by DIN 680, on the right by the custom of France (45 × 100 mm, 20 mm from right and bottom);
 * No. 10 with the usual window of the United States. Sources differ by a millimetre and printers
 * shift: hence the frame page and the offset. */
#include "features/label/label.h"

#define A4     "A4", 21000, 29700
#define LETTER "Letter", 21590, 27940

const struct label_sheet label_sheets[] = {
    { "L7160", "Avery L7160", A4, 6400, 3810, 3, 7, 748, 1549, 6604, 3810 },
    { "L7162", "Avery L7162", A4, 9910, 3390, 2, 8, 399, 1298, 10248, 3390 },
    { "L7163", "Avery L7163", A4, 9910, 3810, 2, 7, 465, 1515, 10160, 3810 },
    { "L7165", "Avery L7165", A4, 9910, 6770, 2, 4, 467, 1304, 10164, 6770 },
    { "L8651", "Avery L8651", A4, 3810, 2120, 5, 13, 470, 1090, 4060, 2120 },
    { "5160", "Avery 5160, 8160", LETTER, 6670, 2540, 3, 10, 397, 1270, 7064, 2540 },
    { "5163", "Avery 5163", LETTER, 10160, 5080, 2, 5, 413, 1270, 10640, 5080 },
};
const int label_sheets_n = COUNT(label_sheets);

const struct label_envelope label_envelopes[] = {
    { "DL", "DL", 22000, 11000, { 2000, 5000, 9000, 4500 }, { 10000, 4500, 10000, 4500 } },
    { "C6", "C6", 16200, 11400, { 2000, 5400, 9000, 4500 }, { 4200, 4900, 10000, 4500 } },
    { "C5", "C5", 22900, 16200, { 2000, 10200, 9000, 4500 }, { 10900, 9700, 10000, 4500 } },
    { "C4", "C4", 32400, 22900, { 0, 0, 0, 0 }, { 0, 0, 0, 0 } },
    { "US10", "No. 10", 24130, 10480, { 2220, 6350, 11430, 2860 }, { 0, 0, 0, 0 } },
};
const int label_envelopes_n = COUNT(label_envelopes);

const struct label_sheet *label_sheet_find(struct str code) {
    for (int i = 0; i < label_sheets_n; i++)
        if (str_eq_z(code, label_sheets[i].code)) return &label_sheets[i];
    return NULL;
}

const struct label_sheet *label_sheet_larger(const struct label_sheet *s) {
    const struct label_sheet *best = NULL;
    for (int i = 0; i < label_sheets_n; i++) {
        const struct label_sheet *o = &label_sheets[i];
        bool larger = o->w >= s->w && o->h >= s->h && o->w * o->h > s->w * s->h;
        if (!larger || strcmp(o->paper, s->paper) != 0) continue;
        if (!best || o->w * o->h < best->w * best->h) best = o;
    }
    return best;
}

struct box_cmm label_box(const struct label_sheet *s, int i, bool from_right) {
    int column = i % s->columns, row = i / s->columns;
    if (from_right) column = s->columns - 1 - column;
    return (struct box_cmm){ s->left + column * s->pitch_x, s->top + row * s->pitch_y, s->w, s->h };
}

static bool north_american(const char *home) {
    return strcmp(home, "US") == 0 || strcmp(home, "CA") == 0;
}

/* Without a window: low and to the end of the line, above the strip at the bottom that machines
 * print on. Arabic and Persian mirror it. In North America in the middle. */
struct box_cmm label_recipient_box(const struct label_envelope *e, enum label_window window,
                                   const char *home, bool rtl) {
    static const int beside = 1500, strip = 1600, pad = 300;
    struct box_cmm in = window == WINDOW_LEFT ? e->left : e->right;
    if (window != WINDOW_NONE && in.w)
        return (struct box_cmm){ in.x + pad, in.y + pad, in.w - 2 * pad, in.h - 2 * pad };
    struct box_cmm b = { 0, e->h * 42 / 100, 0, 0 };
    b.w = e->w / 2 - beside;
    b.h = e->h - strip - b.y;
    b.x = rtl ? beside : north_american(home) ? e->w * 2 / 5 : e->w / 2;
    return b;
}
