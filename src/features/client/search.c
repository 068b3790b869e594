/* GET /search: the page of results, and the eight best as a fragment for the header's box while one
 * types. GET /clients/pick: the same for choosing a client in a form. Called through feature.c;
 * calls list_run without an order, which gives exact words first, then beginnings, then by name,
 * and ask_sounding for names that are spelled otherwise. */
#include "core/ask/run.h"
#include "core/web/journal.h"
#include "features/client/pages.h"
#include "features/client/search.html.h"
#include "lib/locale/number.h"
#include "lib/text/fold.h"

enum { LIVE_HITS = 8, LIVE_SOUNDING = 3, SOUNDING_MOST = 25 };

/* At most what list_run takes, cut between characters. */
static struct str typed(struct req *r, const char *name) {
    struct str s = str_trim(req_query(r, name)), rest = s;
    while (rest.n && s.n - rest.n < LIMIT_QUERY) {
        struct str before = rest;
        utf8_next(&rest);
        if (s.n - rest.n > LIMIT_QUERY) return str_sub(s, 0, s.n - before.n);
    }
    return str_sub(s, 0, s.n - rest.n);
}

/* text with the run of characters that holds `digits` in <mark>; spaces between digits do not
 * count. False when the digits are not in it. */
static bool mark_digits(struct out *o, struct str text, struct str digits) {
    size_t *at = arena_array(o->b.arena, size_t, text.n + 1);
    char *only = arena_alloc(o->b.arena, text.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < text.n; i++)
        if (text.p[i] >= '0' && text.p[i] <= '9') at[n] = i, only[n++] = text.p[i];
    ptrdiff_t found = digits.n ? str_find((struct str){ only, n }, digits) : -1;
    if (found < 0) return false;
    size_t from = at[found], to = at[(size_t)found + digits.n - 1] + 1;
    out_static(o, "<bdi dir=\"ltr\">");
    out_text(o, str_sub(text, 0, from));
    out_static(o, "<mark>");
    out_text(o, str_sub(text, from, to - from));
    out_static(o, "</mark>");
    out_text(o, str_sub(text, to, SIZE_MAX));
    out_static(o, "</bdi>");
    return true;
}

static struct markup found_phone(struct ctx *c, const struct party *p, struct str digits) {
    struct out o = { .b = { .arena = c->arena }, .loc = c->loc };
    for (int i = 0; i < p->phones.n && digits.n >= 2; i++) {
        const struct phone *ph = &p->phones.v[i];
        if (mark_digits(&o, phone_shown(c->arena, ph, c->firm.country), digits)) break;
        if (mark_digits(&o, ph->e164, digits)) break;
        if (str_find(fold_digits(c->arena, ph->number), digits) >= 0) {
            out_code(&o, (struct code){ ph->number });
            break;
        }
    }
    return (struct markup){ buf_str(&o.b) };
}

static struct markup found_email(struct ctx *c, const struct party *p, struct str asked) {
    struct out o = { .b = { .arena = c->arena }, .loc = c->loc };
    struct str low = str_lower_ascii(c->arena, asked);
    for (int i = 0; i < p->emails.n && low.n >= 2; i++)
        if (str_find(str_lower_ascii(c->arena, p->emails.v[i].email), low) >= 0) {
            out_code(&o, (struct code){ p->emails.v[i].email });
            break;
        }
    return (struct markup){ buf_str(&o.b) };
}

static void show_found(struct ctx *c, struct str asked, struct client_lines *lines) {
    struct str digits = fold_digits(c->arena, asked);
    for (int i = 0; i < lines->n; i++) {
        struct client_line *l = &lines->v[i];
        l->found = found_phone(c, l->party, digits);
        if (!l->found.s.n) l->found = found_email(c, l->party, asked);
    }
}

static enum status look(struct ctx *c, const struct list_query *q, struct client_lines *lines,
                        struct list_page *page) {
    TRY(list_run(c, q, page));
    TRY(client_lines(c, page->ids, page->n, false, lines));
    show_found(c, q->search, lines);
    return OK;
}

/* Behind the first page: names in another script or spelling that sound as typed. */
static enum status look_sounding(struct req *r, int cap, struct search_view *v) {
    struct ctx *c = &r->c;
    int64_t ids[SOUNDING_MOST];
    int n;
    TRY(ask_sounding(c, v->query, cap, ids, &n));
    TRY(client_lines(c, ids, n, false, &v->sounding));
    journal_listed(r->app, c, "party", ids, n);
    struct buf said = { .arena = c->arena };
    buf_add_z(&said, "name~\"");
    for (size_t i = 0; i < v->query.n; i++)
        buf_add_c(&said, strchr("\"\\", v->query.p[i]) ? ' ' : v->query.p[i]);
    buf_add_z(&said, "\"");
    v->sounding_all = url_query(c->arena, url_own(S("/clients")), "where", buf_str(&said));
    return OK;
}

static bool has_words(struct ctx *c, struct str asked) {
    struct strs words;
    fold_words(c->arena, asked, &words);
    return words.n > 0;
}

static struct url search_url(struct ctx *c, struct str asked, const char *key, struct str place) {
    struct url u = url_query(c->arena, url_own(S("/search")), "q", asked);
    return place.n ? url_query(c->arena, u, key, place) : u;
}

enum status client_search(struct req *r) {
    struct ctx *c = &r->c;
    struct list_page page = { 0 };
    bool live = req_query(r, "fragment").n > 0;
    struct search_view v = { .query = typed(r, "q"), .writes = ctx_may(c, entity_party.may_write) };
    struct list_query q = { .entity = &entity_party,
                            .search = v.query,
                            .no_total = live,
                            .limit = live ? LIVE_HITS : 0,
                            .after = req_query(r, "after"),
                            .before = req_query(r, "before") };
    v.too_short = !has_words(c, v.query);
    v.add_named = url_query(c->arena, url_own(S("/clients/new")), "name", v.query);
    v.all = search_url(c, v.query, NULL, NO_STR);
    if (!v.too_short) TRY(look(c, &q, &v.lines, &page));
    journal_listed(r->app, c, "party", page.ids, page.n);
    if (!v.too_short && !page.prev.n)
        TRY(look_sounding(r, live ? LIVE_SOUNDING : SOUNDING_MOST, &v));
    if (live) {
        if (v.query.n)
            search_found(page_begin(r), &v);
        else
            page_begin(r);
        return fragment_end(r);
    }
    struct tr_arg n = { .name = "n", .value = number_show(c->arena, c->loc, page.total) };
    v.count = tr_fill(c->arena, tr_n(c->loc, "{n} client", "{n} clients", page.total), &n, 1);
    if (page.next.n) v.next = search_url(c, v.query, "after", page.next);
    if (page.prev.n) v.prev = search_url(c, v.query, "before", page.prev);
    return PAGE(r, T(c, N_("Search")), "clients", search_page, &v);
}

enum status client_pick(struct req *r) {
    struct ctx *c = &r->c;
    struct list_page page;
    struct pick_view v = { .searched = false };
    struct list_query q = {
        .entity = &entity_party, .search = typed(r, "_other"), .no_total = true, .limit = LIVE_HITS
    };
    struct str kind = req_query(r, "kind");
    if (kind.n) q.filters[q.filters_n++] = (struct list_filter){ S("kind"), kind };
    if (has_words(c, q.search)) {
        v.searched = true;
        TRY(look(c, &q, &v.lines, &page));
        journal_listed(r->app, c, "party", page.ids, page.n);
    }
    pick_found(page_begin(r), &v);
    return fragment_end(r);
}
