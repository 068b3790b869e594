/* Why a client is in a segment, or is not: each rule, whether it holds, what he has; and the
 * segments that a client is in. Routes: feature.c. Calls core/ask/run. */
#include "core/ask/run.h"
#include "core/web/journal.h"
#include "features/party/party.h"
#include "features/segment/pages.h"
#include "features/segment/segment.html.h"

/* Is he in it now (a frozen one: was he written down)? */
static enum status is_in(struct ctx *c, int64_t segment, int64_t party, bool *in) {
    struct list_query q = { .entity = &entity_party, .only = &party, .only_n = 1 };
    int64_t n;
    q.within = ask_within(c, segment_node(c->arena, segment), NO_STR);
    TRY(list_count(c, &q, &n));
    *in = n == 1;
    return OK;
}

enum status segment_why(struct req *r) {
    struct ctx *c = &r->c;
    struct segment s;
    struct party p;
    struct ask_why *lines;
    enum calendar_id calendar = c->loc->calendar;
    const struct ask_node *tree;
    int64_t id;
    int n;
    TRY(req_record(r, &entity_segment, &s));
    struct url here = url_printf(c->arena, "/segments/%lld", (long long)s.row.id);
    if (!str_to_i64(req_query(r, "client"), &id)) return go(r, here);
    TRY(store_load(c, &entity_party, id, &p));
    journal_read(r->app, c, "party", &id, 1);
    struct why_page v = { .id = s.row.id,
                          .name = s.name,
                          .client = p.display_name,
                          .frozen = s.frozen != 0,
                          .to = here,
                          .client_to = url_printf(c->arena, "/clients/%lld", (long long)id) };
    if (s.frozen) v.frozen_at = moment_of(c, s.frozen, INSTANT_LONG).said;
    (void)calendar_of(s.calendar, &calendar);
    TRY(segment_tree_of(c, &s, &tree));
    TRY(is_in(c, s.row.id, id, &v.in));
    TRY(ask_why(c, tree, calendar, id, &lines, &n));
    v.lines.v = arena_array(c->arena, struct why_line, n + 1);
    for (int i = 0; i < n; i++)
        v.lines.v[v.lines.n++] = (struct why_line){ .asks = lines[i].asks,
                                                    .has = lines[i].has,
                                                    .depth = lines[i].depth,
                                                    .holds = lines[i].holds };
    r->narrow = true;
    return PAGE(r, v.in ? T(c, N_("Why in it?")) : T(c, N_("Why not in it?")), "segments",
                segment_why_page, &v);
}

enum status segment_of_client(struct req *r) {
    struct ctx *c = &r->c;
    struct segment_lines all;
    struct party p;
    struct in_page v = { 0 };
    TRY(req_record(r, &entity_party, &p));
    journal_read(r->app, c, "party", &p.row.id, 1);
    TRY(segment_all(c, &all));
    v.party = p.row.id;
    v.client = p.display_name;
    v.client_to = url_printf(c->arena, "/clients/%lld", (long long)p.row.id);
    v.in.v = arena_array(c->arena, struct in_line, all.n + 1);
    v.out.v = arena_array(c->arena, struct in_line, all.n + 1);
    for (int i = 0; i < all.n; i++) {
        struct in_line l = { .name = all.v[i].name,
                             .frozen = all.v[i].frozen != 0,
                             .to = url_printf(c->arena, "/segments/%lld/why?client=%lld",
                                              (long long)all.v[i].id, (long long)p.row.id) };
        int problems = c->problems.n;
        enum status st = is_in(c, all.v[i].id, p.row.id, &l.in);
        c->problems.n = problems; /* one that cannot be answered has nobody in it */
        if (st != OK && st != INVALID) return st;
        if (l.in)
            v.in.v[v.in.n++] = l;
        else
            v.out.v[v.out.n++] = l;
    }
    r->narrow = true;
    return PAGE(r, T(c, N_("Segments")), "segments", segment_in_page, &v);
}
