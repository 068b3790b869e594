/* GET and POST /labels: the form of choices with its drawing (pages.h). Called through feature.c;
 * calls choice.c, preview.c, pages.html. */
#include "features/client/client.h"
#include "features/label/pages.html.h"
#include "features/label/pages.h"
#include "lib/locale/number.h"

static const char path[] = "/labels";

static bool is_own(struct str name) {
    return str_starts(name, S("label.")) || str_eq(name, S("csrf")) || str_eq(name, S("do"));
}

/* The criteria of the list, without what is ours. */
static struct http_pairs criteria(struct req *r) {
    const struct http_pairs *all = r->form.n ? &r->form : &r->http->query;
    struct http_pairs out = { 0 };
    for (int i = 0; i < all->n; i++)
        if (!is_own(all->v[i].name))
            http_pairs_add(r->c.arena, &out, all->v[i].name, all->v[i].value);
    return out;
}

enum status labels_asked(struct req *r, struct label_choice *ch, struct list_query *q) {
    struct req list = *r;
    struct http_request http = *r->http;
    http.query = criteria(r);
    list.http = &http;
    TRY(client_query(&list, NULL, q));
    return label_read(&r->c, r->form.n ? &r->form : &r->http->query, ch);
}

struct url labels_url(struct req *r, const char *to, const struct label_choice *ch) {
    struct url u = url_own(str_of(to));
    struct http_pairs all = criteria(r);
    label_pairs(r->c.arena, ch, false, &all);
    for (int i = 0; i < all.n; i++)
        u = url_query(r->c.arena, u, str_z(r->c.arena, all.v[i].name), all.v[i].value);
    return u;
}

/* --- the form --- */

static struct input *add(struct req *r, struct label_inputs *to, const char *name, const char *type,
                         const char *label, struct str value) {
    to->v = arena_grow(r->c.arena, to->v, sizeof *to->v * (size_t)to->n,
                       sizeof *to->v * (size_t)(to->n + 1));
    struct input *i = &to->v[to->n++];
    *i = input_of(r, name, type, label, value);
    return i;
}

/* 38,1 or ۳۸٫۱: as the reader writes it, no more decimals than there are. */
static struct str mm_shown(struct ctx *c, int cmm) {
    int decimals = cmm % 100 == 0 ? 0 : cmm % 10 == 0 ? 1 : 2;
    return decimal_show(c->arena, c->loc, decimals == 2 ? cmm : cmm / (decimals ? 10 : 100),
                        decimals);
}

static void add_mm(struct req *r, struct label_inputs *to, const char *name, const char *label,
                   int cmm) {
    add(r, to, name, "text", label, mm_shown(&r->c, cmm))->ltr = true;
}

static struct input *add_int(struct req *r, struct label_inputs *to, const char *name,
                             const char *label, int n) {
    struct ctx *c = &r->c;
    struct str text = digits_show(c->arena, c->loc, str_printf(c->arena, "%d", n));
    struct input *i = add(r, to, name, "text", label, text);
    i->ltr = true;
    return i;
}

static void add_yes(struct req *r, struct label_inputs *to, const char *name, const char *label,
                    bool on) {
    add(r, to, name, "check", label, on ? S("1") : NO_STR)->all = true;
}

static struct str size_text(struct req *r, const char *name, int w, int h) {
    struct ctx *c = &r->c;
    struct tr_arg args[] = { { .name = "name", .value = str_of(name), .isolate = true },
                             { .name = "w", .value = mm_shown(c, w) },
                             { .name = "h", .value = mm_shown(c, h) } };
    return tr_fill(c->arena, T(c, N_("{name}: {w} × {h} mm")), args, COUNT(args));
}

static void paper_input(struct req *r, const struct label_choice *ch, struct labels_view *v) {
    if (v->envelopes) {
        v->paper =
            input_of(r, "label.envelope", "select", N_("Envelope"), str_of(ch->envelope.code));
        for (int i = 0; i < label_envelopes_n; i++) {
            const struct label_envelope *e = &label_envelopes[i];
            input_choice(r, &v->paper, e->code, size_text(r, e->name, e->w, e->h));
        }
        input_choice(r, &v->paper, "own", str_of(T(&r->c, N_("Own size"))));
        return;
    }
    v->paper = input_of(r, "label.sheet", "select", N_("Sheet of labels"), str_of(ch->sheet.code));
    for (int i = 0; i < label_sheets_n; i++) {
        const struct label_sheet *s = &label_sheets[i];
        input_choice(r, &v->paper, s->code, size_text(r, s->name, s->w, s->h));
    }
    input_choice(r, &v->paper, "own", str_of(T(&r->c, N_("Own sheet"))));
}

static void own_inputs(struct req *r, const struct label_choice *ch, struct labels_view *v) {
    const struct label_sheet *s = &ch->sheet;
    struct label_inputs *to = &v->own;
    if (v->envelopes) {
        add_mm(r, to, "label.envelope_w", N_("Width, mm"), ch->envelope.w);
        add_mm(r, to, "label.envelope_h", N_("Height, mm"), ch->envelope.h);
        return;
    }
    struct input *paper = add(r, to, "label.paper", "select", N_("Paper"), str_of(s->paper));
    input_choice(r, paper, "A4", S("A4"));
    input_choice(r, paper, "Letter", str_of(T(&r->c, N_("US Letter"))));
    input_choice(r, paper, "own", str_of(T(&r->c, N_("Own size"))));
    add_mm(r, to, "label.paper_w", N_("Width of the paper, mm"), s->paper_w);
    add_mm(r, to, "label.paper_h", N_("Height of the paper, mm"), s->paper_h);
    add_int(r, to, "label.columns", N_("Labels in a row"), s->columns);
    add_int(r, to, "label.rows", N_("Rows of labels"), s->rows);
    add_mm(r, to, "label.w", N_("Width of a label, mm"), s->w);
    add_mm(r, to, "label.h", N_("Height of a label, mm"), s->h);
    add_mm(r, to, "label.left", N_("Left margin, mm"), s->left);
    add_mm(r, to, "label.top", N_("Top margin, mm"), s->top);
    add_mm(r, to, "label.pitch_x", N_("From label to label across, mm"), s->pitch_x);
    add_mm(r, to, "label.pitch_y", N_("From label to label down, mm"), s->pitch_y);
}

static void place_inputs(struct req *r, const struct label_choice *ch, struct labels_view *v) {
    struct ctx *c = &r->c;
    struct label_inputs *to = &v->place;
    if (v->envelopes) {
        static const char *const codes[] = { "none", "left", "right" };
        struct input *w =
            add(r, to, "label.window", "select", N_("Window"), str_of(codes[ch->window]));
        input_choice(r, w, "none", str_of(T(c, N_("No window"))));
        input_choice(r, w, "left", str_of(T(c, N_("Window on the left"))));
        input_choice(r, w, "right", str_of(T(c, N_("Window on the right"))));
        struct input *sender = add(r, to, "label.sender", "area", N_("Sender"), ch->sender);
        sender->hint = N_("Printed small in the upper corner. Empty: nothing.");
        sender->all = true;
    } else {
        add_int(r, to, "label.start", N_("Begin at label"), ch->start)->hint =
            N_("For a sheet that is used up to there: or press the label in the drawing.");
        struct input *from = add(r, to, "label.from", "select", N_("Fill rows from"),
                                 ch->from_right ? S("right") : S("left"));
        input_choice(r, from, "left", str_of(T(c, N_("the left"))));
        input_choice(r, from, "right", str_of(T(c, N_("the right"))));
    }
    add_mm(r, to, "label.x", N_("Move to the right, mm"), ch->x_offset);
    add_mm(r, to, "label.y", N_("Move down, mm"), ch->y_offset);
    if (!v->envelopes)
        add_yes(r, to, "label.frames", N_("Draw the frames of the labels"), ch->frames);
}

static void text_inputs(struct req *r, const struct label_choice *ch, struct labels_view *v) {
    struct ctx *c = &r->c;
    struct label_inputs *to = &v->text;
    struct input *kind =
        add(r, to, "label.kind", "select", N_("Address that goes first"), ch->kind);
    input_choice(r, kind, "", str_of(T(c, N_("The first one of the client"))));
    input_choice(r, kind, "delivery", str_of(T(c, "Address|Delivery")));
    input_choice(r, kind, "billing", str_of(T(c, "Address|Billing")));
    input_choice(r, kind, "work", str_of(T(c, "Address|Work")));
    input_choice(r, kind, "home", str_of(T(c, "Address|Home")));
    struct input *sort = add(r, to, "label.sort", "select", N_("In the order of"),
                             ch->sort == SORT_POSTCODE ? S("postcode") : S("name"));
    input_choice(r, sort, "name", str_of(T(c, N_("names"))));
    input_choice(r, sort, "postcode", str_of(T(c, N_("postal codes"))));
    add_int(r, to, "label.size", N_("Size of letters, points"), ch->size_pt);
    add_int(r, to, "label.least", N_("Smallest size, points"), ch->least_pt)->hint =
        N_("Long addresses are set smaller, down to this.");
    add_int(r, to, "label.copies", N_("Copies of each"), ch->copies);
    add_yes(r, &v->more, "label.title", N_("With title"), ch->title);
    add_yes(r, &v->more, "label.organisation", N_("With the organisation where somebody works"),
            ch->organisation);
    add_yes(r, &v->more, "label.contact", N_("With a contact person of an organisation"),
            ch->contact);
    add_yes(r, &v->more, "label.country", N_("With the country, if it is abroad"), ch->country);
    add_yes(r, &v->more, "label.no_postcode", N_("Also those whose postal code is missing"),
            ch->no_postcode_too);
}

static void keep(struct req *r, const struct label_choice *ch, struct hidden_pairs *out) {
    struct http_pairs all = criteria(r);
    http_pairs_add(r->c.arena, &all, S("label.set"), S("1"));
    http_pairs_add(r->c.arena, &all, S("label.form"),
                   ch->form == FORM_ENVELOPES ? S("envelopes") : S("labels"));
    label_client_pairs(r->c.arena, ch->clients, ch->clients_n, &all);
    out->v = arena_array(r->c.arena, struct hidden_pair, all.n);
    for (; out->n < all.n; out->n++)
        out->v[out->n] = (struct hidden_pair){ all.v[out->n].name, all.v[out->n].value };
}

static enum status how_many(struct ctx *c, const struct label_choice *ch,
                            const struct list_query *q, struct str *out) {
    int64_t n = ch->clients_n;
    if (!n) TRY(list_count(c, q, &n));
    struct tr_arg arg = { .name = "n", .value = number_show(c->arena, c->loc, n) };
    *out = tr_fill(c->arena, tr_n(c->loc, "{n} client", "{n} clients", n), &arg, 1);
    return OK;
}

enum status labels_show(struct req *r) {
    struct ctx *c = &r->c;
    struct label_choice ch, other;
    struct list_query q;
    bool again = c->problems.n > 0; /* they are told beside their fields already */
    enum status s = labels_asked(r, &ch, &q);
    if (s != OK && s != INVALID) return s;
    struct labels_view v = { .envelopes = ch.form == FORM_ENVELOPES,
                             .own_sheet = strcmp(ch.sheet.code, "own") == 0,
                             .own_envelope = strcmp(ch.envelope.code, "own") == 0,
                             .problems = again || s != OK };
    other = ch;
    other.form = FORM_LABELS;
    v.as_labels = labels_url(r, path, &other);
    other.form = FORM_ENVELOPES;
    v.as_envelopes = labels_url(r, path, &other);
    v.frame = labels_url(r, "/labels/frame", &ch);
    keep(r, &ch, &v.kept);
    paper_input(r, &ch, &v);
    own_inputs(r, &ch, &v);
    place_inputs(r, &ch, &v);
    text_inputs(r, &ch, &v);
    if (!v.problems) {
        TRY(how_many(c, &ch, &q, &v.who));
        TRY(labels_draw(r, &ch, &q, &v.preview));
    }
    return PAGE(r, T(c, N_("Labels and envelopes")), "clients", labels_page, &v);
}

enum status labels_save(struct req *r) {
    struct label_choice ch;
    struct list_query q;
    TRY(labels_asked(r, &ch, &q));
    TRY(label_remember(&r->c, &ch));
    bool show = str_eq(req_form(r, "do"), S("show"));
    return go(r, labels_url(r, show ? path : "/labels/made", &ch));
}

enum status labels_preview(struct req *r) {
    struct label_choice ch;
    struct list_query q;
    struct preview_view v = { 0 };
    enum status s = labels_asked(r, &ch, &q);
    if (s != OK && s != INVALID) return s;
    if (s == OK) TRY(labels_draw(r, &ch, &q, &v));
    labels_drawing(page_begin(r), &v);
    return fragment_end(r);
}
