/* GET /clients: the list with its criteria, order, pages and jump by letter; GET /clients/filters:
 * the panel that adds a criterion. Called through feature.c; calls core/entity/list.h, lines.c,
 * list.html. */
#include "core/web/journal.h"
#include "core/web/list_address.h"
#include "features/client/list.html.h"
#include "features/client/pages.h"
#include "features/member/member.h"
#include "lib/locale/collate.h"
#include "lib/locale/number.h"

static const char path[] = "/clients";

/* The same list from its beginning. */
static struct list_query first_page(const struct list_query *q) {
    struct list_query one = *q;
    one.after = one.before = one.letter = NO_STR;
    return one;
}

/* --- heads --- */

static const char *const editors[] = {
    [EDIT_NOT] = "",   [EDIT_TEXT] = "t",   [EDIT_LTR] = "l",   [EDIT_DATE] = "d",
    [EDIT_AREA] = "a", [EDIT_SELECT] = "s", [EDIT_CHECK] = "c", [EDIT_ASK] = "x",
};

static struct grid_head head(struct ctx *c, const struct list_query *q,
                             const struct grid_column *col) {
    struct grid_head h = { .column = col, .sorted = "", .edit = editors[col->edit] };
    struct list_query other = first_page(q);
    bool desc = str_starts(q->sort, S("-"));
    struct str sorted = desc ? str_sub(q->sort, 1, SIZE_MAX) : q->sort;
    if (!col->sorts) return h;
    if (sorted.n == 0 && q->search.n == 0) sorted = S("display_name");
    bool here = str_eq(sorted, col->name);
    other.sort = here && !desc ? str_printf(c->arena, "-%.*s", SF(col->name)) : col->name;
    h.to = client_query_url(c->arena, path, &other);
    if (here) h.sorted = desc ? "descending" : "ascending";
    return h;
}

static struct grid_heads heads(struct ctx *c, const struct list_query *q,
                               const struct grid_columns *cols) {
    struct grid_heads out = { arena_array(c->arena, struct grid_head, cols->n), cols->n };
    for (int i = 0; i < cols->n; i++) out.v[i] = head(c, q, &cols->v[i]);
    return out;
}

/* --- criteria --- */

static bool find_filter(struct ctx *c, struct str name, struct list_field *out) {
    struct list_field *all;
    int n = list_fields(c->arena, entity_now(c, &entity_party), FILTERED, &all);
    for (int i = 0; i < n; i++)
        if (str_eq(all[i].name, name)) {
            *out = all[i];
            return true;
        }
    return false;
}

static struct str filter_value(struct ctx *c, const struct list_field *f, struct str value) {
    struct value v;
    if (str_eq(value, S("*"))) return str_of(T(c, N_("Criterion|any")));
    if (str_eq(value, S("-"))) return str_of(T(c, N_("Criterion|none")));
    if (str_eq(value, S("me"))) return str_of(T(c, N_("Criterion|me")));
    if (f->field->kind->parse(c, f->field, f->name, value, &v) != OK) return value;
    return f->field->kind->show(c, f->field, v);
}

static struct chips chips(struct ctx *c, const struct list_query *q) {
    struct chips out = { arena_array(c->arena, struct chip, q->filters_n + 1), 0 };
    for (int i = 0; i < q->filters_n; i++) {
        struct list_field f;
        struct list_query without = first_page(q);
        if (!find_filter(c, q->filters[i].field, &f)) continue;
        without.filters_n = 0;
        for (int k = 0; k < q->filters_n; k++)
            if (k != i) without.filters[without.filters_n++] = q->filters[k];
        out.v[out.n++] = (struct chip){ str_of(field_label(c, f.field)),
                                        filter_value(c, &f, q->filters[i].value),
                                        client_query_url(c->arena, path, &without) };
    }
    return out;
}

/* --- letters --- */

static struct jumps letters(struct ctx *c, const struct list_query *q, int64_t total) {
    struct jumps out = { 0 };
    bool by_name = str_eq(q->sort, S("display_name")) || (q->sort.n == 0 && q->search.n == 0);
    if (!by_name || total <= 20) return out;
    int n;
    const char *const *all = alphabet_letters(str_z(c->arena, c->firm.alphabet), &n);
    out.v = arena_array(c->arena, struct jump, n);
    for (; out.n < n; out.n++) {
        struct list_query one = first_page(q);
        one.letter = str_of(all[out.n]);
        out.v[out.n] = (struct jump){ one.letter, client_query_url(c->arena, path, &one),
                                      str_eq(q->letter, one.letter) };
    }
    return out;
}

static struct str count_text(struct ctx *c, int64_t n) {
    struct tr_arg arg = { .name = "n", .value = number_show(c->arena, c->loc, n) };
    return tr_fill(c->arena, tr_n(c->loc, "{n} client", "{n} clients", n), &arg, 1);
}

static void pages(struct ctx *c, const struct list_query *q, const struct list_page *page,
                  struct url *prev, struct url *next) {
    struct list_query other = first_page(q);
    other.after = page->next;
    if (page->next.n) *next = client_query_url(c->arena, path, &other);
    other.after = NO_STR;
    other.before = page->prev;
    if (page->prev.n) *prev = client_query_url(c->arena, path, &other);
}

/* A form of criteria sends its empty fields too: their address is made short, so that it can be
 * read and handed on. */
static bool has_empty(const struct http_pairs *asked) {
    for (int i = 0; i < asked->n; i++)
        if (str_trim(asked->v[i].value).n == 0) return true;
    return false;
}

enum status client_list(struct req *r) {
    struct ctx *c = &r->c;
    struct list_query q, first;
    struct list_page page;
    struct views_shown views;
    struct segment_bar ask;
    struct grid_columns cols;
    TRY(client_query(r, NULL, &q));
    if (has_empty(&r->http->query)) return go(r, client_query_url(c->arena, path, &q));
    TRY(segment_bar_of(c, &q, &ask));
    if (ask.refused) return go(r, ask.build);
    if (ask.moved) return go(r, ask.steady);
    TRY(view_show(c, &q, &views));
    TRY(list_run(c, &q, &page));
    TRY(grid_columns(r, views.columns, &cols));
    first = first_page(&q);
    bool asked = q.filters_n || q.search.n || q.view.n || q.within;
    struct list_query bare = { .entity = q.entity, .sort = q.sort };
    struct list_page_view v = {
        .total = page.total,
        .search = q.search,
        .count = count_text(c, page.total),
        .views = views,
        .ask = ask,
        .bulk = bulk_bar_of(c, &q, page.total, page.n),
        .chips = chips(c, &q),
        .heads = heads(c, &q, &cols),
        .fits = cols.standard ? "standard" : "",
        .letters = letters(c, &q, page.total),
        .filters = client_query_url(c->arena, "/clients/filters", &first),
        .clear = client_query_url(c->arena, path, &bare),
        .writes = ctx_may(c, entity_party.may_write),
        .exports = ctx_may(c, ROLE_ACCOUNTANT),
        .book_empty = page.total == 0 && !asked,
    };
    struct url out = client_query_url(c->arena, "/clients/export", &first);
    v.csv = url_query(c->arena, out, "format", S("csv"));
    v.xlsx = url_query(c->arena, out, "format", S("xlsx"));
    v.json = url_query(c->arena, out, "format", S("json"));
    v.vcard = url_query(c->arena, out, "format", S("vcard"));
    v.labels = client_query_url(c->arena, "/labels", &first);
    pages(c, &q, &page, &v.prev, &v.next);
    TRY(grid_rows(c, &cols, page.ids, page.n, &v.rows));
    struct str in = list_address_criteria(c->arena, &q); /* the page steps along this list */
    for (int i = 0; i < v.rows.n && in.n; i++)
        v.rows.v[i].line->to = url_query(c->arena, v.rows.v[i].line->to, "in", in);
    journal_listed(r->app, c, "party", page.ids, page.n);
    return PAGE(r, T(c, N_("Clients")), "clients", list_page_html, &v);
}

/* --- the panel that adds a criterion --- */

static bool offered(const struct list_field *f) {
    return f->field->kind != &kind_ref || f->field->custom || !f->field->ref->party_column;
}

enum status client_filters(struct req *r) {
    struct ctx *c = &r->c;
    struct list_query q;
    struct list_field *all;
    TRY(client_query(r, NULL, &q));
    int n = list_fields(c->arena, entity_now(c, &entity_party), FILTERED, &all);
    struct filters_view v = { .inputs = { arena_array(c->arena, struct form_input, n), 0 },
                              .kept = { arena_array(c->arena, struct hidden, q.filters_n + 4),
                                        0 } };
    for (int i = 0; i < n; i++) {
        struct form_input *in = &v.inputs.v[v.inputs.n];
        struct value none = { .is_int = all[i].field->kind->is_int };
        if (all[i].field->kind->min_is_null) none.i = NUMBER_NONE;
        if (!offered(&all[i])) continue;
        TRY(form_input(c, all[i].field, all[i].name, none, in));
        in->required = false;
        in->hint = NO_STR;
        if (all[i].field->kind == &kind_country) in->widget = S("text");
        if (all[i].field->kind == &kind_choices) in->widget = S("select");
        v.inputs.n++;
    }
    for (int i = 0; i < q.filters_n; i++)
        v.kept.v[v.kept.n++] = (struct hidden){ q.filters[i].field, q.filters[i].value };
    if (q.search.n) v.kept.v[v.kept.n++] = (struct hidden){ S("q"), q.search };
    if (q.sort.n) v.kept.v[v.kept.n++] = (struct hidden){ S("sort"), q.sort };
    if (q.view.n) v.kept.v[v.kept.n++] = (struct hidden){ S("view"), q.view };
    if (q.within) v.kept.v[v.kept.n++] = (struct hidden){ S("where"), q.within->text };
    if (req_wants_fragment(r)) {
        filters_fields(page_begin(r), &v);
        return fragment_end(r);
    }
    r->narrow = true;
    return PAGE(r, T(c, N_("Add a filter")), "clients", filters_page, &v);
}
