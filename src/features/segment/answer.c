/* Who matches a question: how many, and a few of them; where segments are used. Called by pages.c
 * and bar.c; calls core/entity/list and core/ask/run. */
#include "core/ask/run.h"
#include "core/web/journal.h"
#include "core/web/list_address.h"
#include "features/party/party.h"
#include "features/segment/pages.h"
#include "features/view/view.h"
#include "lib/locale/number.h"

struct str clients_counted(struct ctx *c, int64_t n) {
    struct tr_arg arg = { .name = "n", .value = number_show(c->arena, c->loc, n) };
    return tr_fill(c->arena, tr_n(c->loc, "{n} client", "{n} clients", n), &arg, 1);
}

struct question {
    const struct ask_node *tree;
    enum calendar_id calendar;
};

static enum status meet(struct ctx *c, struct search *s, const struct list_within *w,
                        struct bits *with) {
    const struct question *q = w->arg;
    return ask_meet(c, s, q->tree, q->calendar, with);
}

static void say_problem(struct ctx *c, enum status st, int problems, struct answer *out) {
    out->problem = st == BUSY ? str_of(T(c, N_("This takes too long to find out.")))
                              : str_of(T(c, N_("This question cannot be answered.")));
    if (c->problems.n > problems)
        out->problem = ctx_problem_text(c, &c->problems.v[c->problems.n - 1]);
    c->problems.n = problems;
}

static enum status names_of(struct req *r, const struct list_page *page, struct answer *out) {
    struct ctx *c = &r->c;
    struct party *rows;
    int n;
    TRY(store_load_all(c, &entity_party, page->ids, page->n, (void **)&rows, &n));
    out->sample.v = arena_array(c->arena, struct sample_line, n + 1);
    for (int i = 0; i < n; i++) {
        const struct party *p = &rows[i];
        struct sample_line *l = &out->sample.v[out->sample.n++];
        l->id = p->row.id;
        l->name = p->display_name;
        l->to = url_printf(c->arena, "/clients/%lld", (long long)p->row.id);
        l->face = face_of(c->arena, p->display_name, party_is_person(p) ? "small" : "small firm");
        if (p->addresses.n) l->more = p->addresses.v[0].town;
    }
    journal_listed(r->app, c, "party", page->ids, page->n);
    return OK;
}

enum status answer_of(struct req *r, const struct ask_node *tree, enum calendar_id calendar,
                      int sample_n, struct answer *out) {
    struct ctx *c = &r->c;
    struct question question = { tree, calendar };
    struct list_within within = { .meet = meet, .arg = &question };
    struct list_query q = { .entity = &entity_party, .within = &within, .limit = sample_n };
    struct list_page page = { 0 };
    int problems = c->problems.n;
    *out = (struct answer){ .asked = !tree_empty(tree) };
    if (!out->asked) return OK;
    enum status st = sample_n ? list_run(c, &q, &page) : list_count(c, &q, &page.total);
    if (st == INVALID || st == BUSY || st == MALFORMED) {
        say_problem(c, st, problems, out);
        return OK;
    }
    TRY(st);
    out->n = page.total;
    out->count = clients_counted(c, page.total);
    out->list = url_query(c->arena, url_own(S("/clients")), "where",
                          ask_print_steady(c, ask_catalogue(c), tree));
    return sample_n ? names_of(r, &page, out) : OK;
}

/* --- where a segment is used --- */

static bool query_uses(struct ctx *c, struct str query, int64_t id) {
    struct http_pairs pairs;
    struct ask_problem problem = { 0 };
    const struct ask_node *tree;
    struct str why;
    if (http_form(c->arena, query, &pairs, &why) != OK) return false;
    struct str where = http_pairs_get(&pairs, "where");
    return where.n && ask_parse(c, ask_catalogue(c), where, &tree, &problem) == OK &&
           segment_in_tree(tree, id);
}

enum status segment_view_uses(struct ctx *c, int64_t id, struct segment_uses *out) {
    struct view_lines views;
    TRY(view_all(c, &views));
    for (int i = 0; i < views.n && i < 100; i++)
        if (str_find(views.v[i].query, S("where=")) >= 0 && query_uses(c, views.v[i].query, id))
            out->v[out->n++] = (struct segment_use){ .name = views.v[i].name,
                                                     .to = url_printf(c->arena, "/views/%lld",
                                                                      (long long)views.v[i].id),
                                                     .shared = views.v[i].shared };
    return OK;
}
