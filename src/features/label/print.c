/* What came of it: GET /labels/made says what is printed and what is left out, GET /labels/file is
 * the PDF, GET /labels/frame the test page (pages.h). Called through feature.c. A file is made page
 * by page while it is sent, from a copy of the labels, so that neither a transaction nor a worker
 * is held by a slow reader. */
#include "core/web/journal.h"
#include "features/label/pages.html.h"
#include "features/label/pages.h"
#include "lib/locale/number.h"
#include "lib/locale/zone.h"

enum { PAGES_AT_ONCE = 8 };

enum status label_document(struct ctx *c, struct pdf_fonts *fonts, const char *title,
                           struct pdf **out) {
    struct pdf_about about = { .title = str_of(title),
                               .lang = lang_code(c->loc->lang),
                               .rtl = lang_rtl(c->loc->lang),
                               .at_ms = c->now_ms };
    return pdf_open(out, fonts, &about);
}

/* --- what is printed and what is not --- */

static struct url client_url(struct arena *a, int64_t id, const char *more) {
    return url_printf(a, "/clients/%lld%s", (long long)id, more);
}

static void add_row(struct ctx *c, struct left_outs *to, int cap, const struct label *l,
                    const char *why) {
    if (!to->v) to->v = arena_array(c->arena, struct left_out, cap);
    struct strs lines = l->envelope.lines;
    to->v[to->n++] = (struct left_out){ l->party,
                                        l->name,
                                        str_join(c->arena, lines.v, lines.n, S(" · ")),
                                        why,
                                        client_url(c->arena, l->party, ""),
                                        client_url(c->arena, l->party, "/edit") };
}

static const char *warning(const struct label *l) {
    if (l->envelope.flaws & ENVELOPE_LONG_LINE)
        return N_("A line is longer than what the French post reads");
    if (l->envelope.flaws & ENVELOPE_MANY_LINES)
        return N_("More lines than what the French post reads");
    return NULL;
}

static void list_them(struct ctx *c, const struct labels *labels, struct made_view *v) {
    for (int i = 0; i < labels->n; i++) {
        const struct label *l = &labels->v[i];
        if (l->fault != LABEL_GOOD)
            add_row(c, &v->out, labels->n, l, label_fault_text(l->fault));
        else if (warning(l))
            add_row(c, &v->look_at, labels->n, l, warning(l));
    }
}

/* The same choices for those alone who are too long: on larger labels, in smaller letters. */
static void offer(struct req *r, const struct label_choice *ch, const struct labels *labels,
                  struct made_view *v) {
    enum { SMALLEST_PT = 4 };
    struct label_choice other = *ch;
    const struct label_sheet *larger = label_sheet_larger(&ch->sheet);
    other.clients = arena_array(r->c.arena, int64_t, LABEL_CLIENTS_MAX);
    other.clients_n = 0;
    for (int i = 0; i < labels->n && other.clients_n < LABEL_CLIENTS_MAX; i++)
        if (labels->v[i].fault == LABEL_TOO_LARGE)
            other.clients[other.clients_n++] = labels->v[i].party;
    if (!other.clients_n) return;
    other.start = 1;
    if (ch->least_pt > SMALLEST_PT) {
        other.least_pt = SMALLEST_PT;
        v->smaller = labels_url(r, "/labels", &other);
        other.least_pt = ch->least_pt;
    }
    if (ch->form == FORM_LABELS && larger && strcmp(ch->sheet.code, "own") != 0) {
        other.sheet = *larger;
        v->larger = labels_url(r, "/labels", &other);
        v->larger_name = str_of(larger->name);
    }
}

enum status labels_made(struct req *r) {
    struct ctx *c = &r->c;
    struct label_choice ch;
    struct list_query q;
    struct labels labels;
    struct pdf *pdf;
    TRY(labels_asked(r, &ch, &q));
    TRY(label_gather(c, &q, &ch, 0, &labels));
    TRY(label_document(c, r->app->fonts, "", &pdf));
    label_fit(pdf, &ch, &labels);
    pdf_close(pdf);
    struct label_count n = label_count(&ch, &labels);
    struct made_view v = { .envelopes = ch.form == FORM_ENVELOPES,
                           .good = n.good * ch.copies,
                           .pages = n.pages,
                           .left_out = n.left_out,
                           .file = labels_url(r, "/labels/file", &ch),
                           .back = labels_url(r, "/labels", &ch) };
    v.download = url_query(c->arena, v.file, "label.download", S("1"));
    list_them(c, &labels, &v);
    offer(r, &ch, &labels, &v);
    int64_t *ids = arena_array(c->arena, int64_t, labels.n);
    for (int i = 0; i < v.out.n; i++) ids[i] = v.out.v[i].party;
    journal_listed(r->app, c, "party", ids, v.out.n);
    return PAGE(r, T(c, N_("Labels and envelopes")), "clients", made_page, &v);
}

/* --- the file --- */

struct printing {
    struct arena *arena;
    struct label_choice ch;
    struct labels labels;
    struct label_drawing drawing;
};

static void printing_done(void *of) {
    struct printing *p = of;
    pdf_close(p->drawing.pdf);
    arena_free(p->arena);
}

static enum status printing_piece(void *of, struct buf *out, bool *more) {
    struct printing *p = of;
    *more = true;
    for (int i = 0; i < PAGES_AT_ONCE && *more; i++) *more = label_page(&p->drawing);
    pdf_take(p->drawing.pdf, out);
    return *more ? OK : pdf_end(p->drawing.pdf, out);
}

/* What of the labels is drawn, in memory of its own: the request's is gone when it is. */
static struct labels copy(struct arena *a, const struct labels *from) {
    struct labels out = { arena_array(a, struct label, from->n), 0 };
    for (int i = 0; i < from->n; i++) {
        if (from->v[i].fault != LABEL_GOOD) continue;
        struct label *l = &out.v[out.n++];
        struct strs lines = from->v[i].envelope.lines;
        *l = from->v[i];
        l->name = l->name_key = l->post_key = NO_STR;
        l->envelope.lines.v = arena_array(a, struct str, lines.n);
        for (int k = 0; k < lines.n; k++) l->envelope.lines.v[k] = str_dup(a, lines.v[k]);
    }
    return out;
}

static void note(struct req *r, const struct labels *labels) {
    int64_t *ids = arena_array(r->c.arena, int64_t, labels->n);
    for (int i = 0; i < labels->n; i++) ids[i] = labels->v[i].party;
    journal_left(r->app, &r->c, "party", ids, labels->n);
    journal_export(r->app, &r->c, "party", labels->n);
}

static void send_as(struct req *r, struct str name, bool download) {
    struct arena *a = r->c.arena;
    http_pairs_add(a, &r->headers, S("Content-Type"), S("application/pdf"));
    http_pairs_add(
        a, &r->headers, S("Content-Disposition"),
        str_printf(a, "%s; filename=\"%.*s\"", download ? "attachment" : "inline", SF(name)));
}

static struct str file_name(struct ctx *c, const char *what) {
    struct day today = zone_local(c->loc->zone, c->now_ms).day;
    return str_printf(c->arena, "%s-%04d-%02d-%02d.pdf", what, today.year, today.month, today.day);
}

enum status labels_file(struct req *r) {
    struct ctx *c = &r->c;
    struct label_choice ch;
    struct list_query q;
    struct labels labels;
    struct pdf *pdf;
    TRY(labels_asked(r, &ch, &q));
    TRY(label_gather(c, &q, &ch, 0, &labels));
    bool envelopes = ch.form == FORM_ENVELOPES;
    if (!label_count(&ch, &labels).good)
        return ctx_problem(c, NO_STR, N_("There is nothing to print."));
    TRY(label_document(c, r->app->fonts, T(c, envelopes ? N_("Envelopes") : N_("Labels")), &pdf));
    struct arena *a = arena_new();
    struct printing *p = arena_new_of(a, struct printing);
    *p = (struct printing){ .arena = a, .ch = ch, .labels = copy(a, &labels) };
    p->ch.sender = str_dup(a, ch.sender);
    p->ch.clients = NULL;
    p->drawing = (struct label_drawing){ .pdf = pdf,
                                         .arena = a,
                                         .ch = &p->ch,
                                         .labels = &p->labels,
                                         .home = str_dup(a, str_of(c->firm.country)).p,
                                         .first = true };
    note(r, &p->labels);
    send_as(r, file_name(c, envelopes ? "envelopes" : "labels"),
            req_query(r, "label.download").n > 0);
    r->raw = arena_new_of(c->arena, struct http_reply);
    r->raw->stream = printing_piece;
    r->raw->stream_done = printing_done;
    r->raw->stream_ctx = p;
    return OK;
}

enum status labels_frame(struct req *r) {
    struct ctx *c = &r->c;
    struct label_choice ch;
    struct list_query q;
    struct pdf *pdf;
    struct buf out = { .arena = c->arena };
    TRY(labels_asked(r, &ch, &q));
    TRY(label_document(c, r->app->fonts, T(c, N_("Test page")), &pdf));
    label_frame_page(pdf, c, &ch);
    enum status s = pdf_end(pdf, &out);
    pdf_close(pdf);
    if (s != OK) return s;
    send_as(r, file_name(c, "test-page"), false);
    r->raw = arena_new_of(c->arena, struct http_reply);
    r->raw->body = buf_str(&out);
    return OK;
}
