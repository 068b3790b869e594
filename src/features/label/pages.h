/* What the templates of this folder read, and the handlers that feature.c lists. */
#ifndef LABEL_PAGES_H
#define LABEL_PAGES_H
#include "core/web/parts.h"
#include "features/label/label.h"

struct hidden_pair {
    struct str name, value;
};
struct hidden_pairs {
    struct hidden_pair *v;
    int n;
};

/* A drawing in hundredths of a millimetre. */
struct drawn_line {
    int x, y, size;
    const char *dir; /* "ltr" "rtl": x is where the line begins */
    struct str text;
    bool grey;
};
struct drawn_place {
    int x, y, w, h;
    struct url start; /* the print begins here; empty: it is no label */
    struct str label; /* of that link */
    const char *look; /* "used" "here" "" */
};
struct preview_view {
    bool there;
    struct str view_box, count;
    int w, h, round;
    struct {
        struct drawn_place *v;
        int n;
    } places;
    struct {
        struct drawn_line *v;
        int n;
    } lines;
    int bad_n;
    bool envelopes, all; /* all: every client was looked at */
};

struct label_inputs { /* of one part of the form */
    struct input *v;
    int n;
};
struct labels_view {
    bool envelopes, own_sheet, own_envelope, problems;
    struct url as_labels, as_envelopes, frame;
    struct str who; /* "12 clients" */
    struct hidden_pairs kept;
    struct input paper; /* sheet, or envelope */
    struct label_inputs own, place, text, more;
    struct preview_view preview;
};

struct left_out {
    int64_t party;
    struct str name, address;
    const char *why; /* msgid */
    struct url to, edit;
};
struct left_outs {
    struct left_out *v;
    int n;
};
struct made_view {
    bool envelopes;
    int good, pages, left_out;
    struct str count;
    struct url file, download, back, larger, smaller;
    struct str larger_name;
    struct left_outs out, look_at;
};

/* Also for the command: the document that is printed, from labels that live as long as `a`. */
enum status label_document(struct ctx *c, struct pdf_fonts *fonts, const char *title,
                           struct pdf **out) MUST_USE;

enum status labels_show(struct req *r);
enum status labels_save(struct req *r);
enum status labels_preview(struct req *r);
enum status labels_made(struct req *r);
enum status labels_file(struct req *r);
enum status labels_frame(struct req *r);
/* What an address or a form asks for. */
enum status labels_asked(struct req *r, struct label_choice *ch, struct list_query *q) MUST_USE;
struct url labels_url(struct req *r, const char *path, const struct label_choice *ch);
/* The drawing of the first page; INVALID choices have none. */
enum status labels_draw(struct req *r, const struct label_choice *ch, const struct list_query *q,
                        struct preview_view *out) MUST_USE;

extern const struct command command_labels;

#endif
