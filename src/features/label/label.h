/* Labels and envelopes: what is chosen, which clients, how they stand on paper. Lengths are in
 * hundredths of a millimetre (`_cmm`), so that sheets, PDF and drawing agree to the digit. */
#ifndef LABEL_H
#define LABEL_H
#include "core/app/app.h"
#include "core/entity/list.h"
#include "features/party/party.h"
#include "lib/http/http.h"
#include "lib/pdf/pdf.h"

/* --- sheets and envelopes (sheet.c) --- */

struct label_sheet {
    const char *code, *name; /* "L7160", "Avery L7160"; own: "own" */
    const char *paper;       /* "A4", "Letter", "own" */
    int paper_w, paper_h;    /* all in hundredths of a millimetre */
    int w, h, columns, rows, left, top, pitch_x, pitch_y;
};
struct box_cmm {
    int x, y, w, h;
};
extern const struct label_sheet label_sheets[];
extern const int label_sheets_n;
const struct label_sheet *label_sheet_find(struct str code); /* NULL */
/* The sheet of the same paper whose labels are the next larger; NULL when there is none. */
const struct label_sheet *label_sheet_larger(const struct label_sheet *s);
/* Where label i (from 0) of one sheet stands: rows first; from_right: the columns too begin there.
 */
struct box_cmm label_box(const struct label_sheet *s, int i, bool from_right);

enum label_window { WINDOW_NONE, WINDOW_LEFT, WINDOW_RIGHT };
struct label_envelope {
    const char *code, *name; /* "DL", "DL 220 × 110 mm" */
    int w, h;
    struct box_cmm left, right; /* its windows; w 0: is not made with one */
};
extern const struct label_envelope label_envelopes[];
extern const int label_envelopes_n;
/* Where the recipient stands: in the window, or where the post of the firm's country looks. */
struct box_cmm label_recipient_box(const struct label_envelope *e, enum label_window window,
                                   const char *home, bool rtl);

/* --- what is chosen (choice.c) --- */

enum { LABEL_CLIENTS_MAX = 450 }; /* chosen one by one: they stand in the address of the page */
enum label_form { FORM_LABELS, FORM_ENVELOPES };
enum label_sort { SORT_NAME, SORT_POSTCODE };
struct label_choice {
    enum label_form form;
    struct label_sheet sheet; /* a copy, or the person's own */
    struct label_envelope envelope;
    enum label_window window;
    int start;              /* from 1: the first label that is still there */
    int x_offset, y_offset; /* hundredths of a millimetre, right and down */
    bool from_right, frames;
    int size_pt, least_pt;
    bool country, title, organisation, contact, no_postcode_too;
    struct str kind; /* of address that goes first: "billing"; empty: as they stand */
    int copies;
    enum label_sort sort;
    struct str sender; /* several lines */
    int64_t *clients;  /* chosen ones; n 0: those of the list */
    int clients_n;
};
/* What a reader of this language begins with. */
void label_defaults(struct ctx *c, struct label_choice *out);
/* One choice by its name without "label.": INVALID and a problem at "label.NAME" when it makes no
 * sense, OK for a name that is no choice. */
enum status label_set(struct ctx *c, struct label_choice *ch, struct str name,
                      struct str value) MUST_USE;
/* Choices among pairs named label.…, over what the member chose last time unless "label.set" is
 * there. Then checks what only all of them together show. INVALID leaves problems. */
enum status label_read(struct ctx *c, const struct http_pairs *pairs,
                       struct label_choice *out) MUST_USE;
enum status label_remember(struct ctx *c, const struct label_choice *ch) MUST_USE;
/* All choices as pairs, for addresses and hidden inputs; `remembered`: without what is only for
 * this time (clients, start). */
void label_pairs(struct arena *a, const struct label_choice *ch, bool remembered,
                 struct http_pairs *out);
void label_client_pairs(struct arena *a, const int64_t *ids, int n, struct http_pairs *out);
int label_per_page(const struct label_choice *ch);
/* 38.1, 38,1, ۳۸٫۱ as 3810; false: no length with at most two decimals. */
bool cmm_parse(struct str typed, int *out);
struct str cmm_text(struct arena *a, int cmm); /* "38.1", as it is typed */

/* --- clients as labels (gather.c) --- */

enum label_fault {
    LABEL_GOOD,
    LABEL_NO_ADDRESS,
    LABEL_NO_POSTCODE,
    LABEL_NO_GLYPH,
    LABEL_TOO_LARGE
};
struct label {
    int64_t party;
    struct str name; /* in the list of what is left out */
    struct str name_key, post_key;
    struct envelope envelope;
    int recipient_n; /* so many of its lines are names */
    enum lang lang;  /* of the address */
    enum label_fault fault;
    double size_pt; /* at which it fits; 0: not measured yet */
};
struct labels {
    struct label *v;
    int n;
};
/* The clients that the member may see, in the chosen order, one label each; at most cap (0: all).
 * TOO_MANY and a problem when there are more than LIMIT_LABELS_N. */
enum status label_gather(struct ctx *c, const struct list_query *q, const struct label_choice *ch,
                         int cap, struct labels *out) MUST_USE;
/* Why it is left out, a msgid. */
const char *label_fault_text(enum label_fault f);

/* --- on paper (draw.c) --- */

struct label_count {
    int good, left_out, pages;
};
/* Measures: fault and size_pt of each label. */
void label_fit(struct pdf *pdf, const struct label_choice *ch, struct labels *labels);
struct label_count label_count(const struct label_choice *ch, const struct labels *labels);
struct pdf_block label_block(const struct pdf *pdf, const struct label *l);
/* Where text may stand in its label. */
struct box_cmm label_text_box(const struct label_choice *ch, struct box_cmm box);
/* How far down in that box the text begins: labels have it in the middle, envelopes at the top. */
double label_down_mm(struct pdf *pdf, const struct label_choice *ch, const struct pdf_block *b,
                     struct box_cmm in);
/* The sender of an envelope, small in its upper corner where his script begins. */
enum { LABEL_SENDER_Y_MM = 10 };
struct pdf_block label_sender(struct arena *a, const struct pdf *pdf, const struct label_choice *ch,
                              double *x_mm, double *w_mm);
/* Where label i of a page stands, or the recipient of an envelope. */
struct box_cmm label_place(const struct label_choice *ch, const char *home, int i, bool rtl);
/* One page of the file after the other. */
struct label_drawing {
    struct pdf *pdf;
    struct arena *arena;
    const struct label_choice *ch;
    struct labels *labels; /* those that nobody measured yet are measured when their turn comes */
    const char *home;
    int next;   /* label that is next */
    int copies; /* of it that were drawn */
    bool first; /* nothing drawn yet: the sheet begins at ch->start */
};
bool label_page(struct label_drawing *d); /* whether others follow */
/* A page that shows where the printer puts the frames. */
void label_frame_page(struct pdf *pdf, struct ctx *c, const struct label_choice *ch);

#endif
