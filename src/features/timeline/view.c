/* The card of the line of time: what the address asks for, days, what one batch did as one line.
 * Called by the client's page; calls timeline.c and the pieces of pages. */
#include "features/timeline/view.h"

#include "features/member/member.h"
#include "features/timeline/timeline.html.h"
#include "lib/locale/zone.h"

static struct url with(struct ctx *c, struct url to, const struct timeline_view *v,
                       const char *except) {
    const struct {
        const char *name;
        struct str value;
    } all[] = { { "show", v->show },
                { "has", v->has },
                { "by", v->by },
                { "from", v->from.value },
                { "until", v->until.value } };
    for (int i = 0; i < COUNT(all); i++)
        if (all[i].value.n && strcmp(all[i].name, except) != 0)
            to = url_query(c->arena, to, all[i].name, all[i].value);
    return to;
}

static enum status read_day(struct req *r, const char *name, const char *label, bool end,
                            struct timeline_view *v, struct form_input *in, int64_t *ms) {
    struct ctx *c = &r->c;
    const struct field f = { .name = name, .kind = &kind_date, .label = label, .max = 40 };
    struct value value = { 0 };
    struct str typed = str_trim(req_query(r, name));
    struct day day;
    int had = c->problems.n;
    TRY(form_input(c, &f, str_of(name), value, in));
    in->value = typed;
    if (!typed.n) return OK;
    if (f.kind->parse(c, &f, str_of(name), typed, &value) != OK || !day_of_iso(value.s, &day) ||
        !day.year) {
        if (c->problems.n == had) ctx_problem(c, str_of(name), N_("Write the year too."));
        const struct problem *p = ctx_problem_at(c, str_of(name));
        if (p) in->problem = ctx_problem_text(c, p);
        v->refused = true;
        return OK;
    }
    if (end) day = day_of_number(day_number(day) + 1);
    *ms = zone_ms(c->loc->zone, day, 0);
    return OK;
}

static enum status members(struct req *r, struct timeline_view *v) {
    struct members all;
    TRY(member_all(&r->c, &all));
    if (all.n < 2) return OK;
    options_add(r->c.arena, &v->members, NO_STR, str_of(T(&r->c, N_("Anybody"))), v->by);
    for (int i = 0; i < all.n; i++)
        options_add(r->c.arena, &v->members,
                    str_printf(r->c.arena, "%lld", (long long)all.v[i].row.id), all.v[i].name,
                    v->by);
    return OK;
}

static enum status asked(struct req *r, struct timeline_query *q, struct timeline_view *v) {
    struct str before = req_query(r, "before");
    v->show = req_query(r, "show");
    v->has = str_trim(req_query(r, "has"));
    v->by = req_query(r, "by");
    for (int i = 0; i < timeline_sources_n; i++)
        if (str_eq_z(v->show, timeline_sources[i].code)) q->sources = 1u << i;
    if (!q->sources) v->show = NO_STR;
    if (v->by.n && (!str_to_i64(v->by, &q->member) || q->member < 0)) return MALFORMED;
    if (before.n && !timeline_place_read(before, q->below)) return MALFORMED;
    if (v->has.n > LIMIT_QUERY) return MALFORMED;
    q->search = v->has;
    TRY(read_day(r, "from", N_("From"), false, v, &v->from, &q->from_ms));
    return read_day(r, "until", N_("Until"), true, v, &v->until, &q->until_ms);
}

static void kinds(struct ctx *c, struct timeline_view *v) {
    struct url page = with(c, v->page, v, "show"), part = with(c, v->part, v, "show");
    v->kinds.v = arena_array(c->arena, struct timeline_kind, timeline_sources_n + 1);
    v->kinds.v[v->kinds.n++] = (struct timeline_kind){ N_("Everything"), page, part, !v->show.n };
    for (int i = 0; i < timeline_sources_n; i++) {
        struct str code = str_of(timeline_sources[i].code);
        v->kinds.v[v->kinds.n++] = (struct timeline_kind){ timeline_sources[i].label,
                                                           url_query(c->arena, page, "show", code),
                                                           url_query(c->arena, part, "show", code),
                                                           str_eq(v->show, code) };
    }
}

/* --- days --- */

static struct timeline_day *day_for(struct ctx *c, struct timeline_view *v, int64_t at) {
    struct str label = date_show(c->arena, c->loc, zone_local(c->loc->zone, at).day, DATE_RELATIVE);
    if (v->days.n && str_eq(v->days.v[v->days.n - 1].label, label))
        return &v->days.v[v->days.n - 1];
    struct timeline_day *d = &v->days.v[v->days.n++];
    *d = (struct timeline_day){ .label = label };
    d->groups.v = arena_array(c->arena, struct timeline_group, TIMELINE_SHOWN);
    return d;
}

/* Neighbours of one batch: an import or a form that changed several things. */
static bool joins(const struct timeline_day *d, const struct timeline_item *i) {
    return i->batch && d->groups.n && d->groups.v[d->groups.n - 1].batch == i->batch;
}

static enum status fill(struct ctx *c, const struct timeline_query *q,
                        const struct timeline_page *page, struct timeline_view *v) {
    v->days.v = arena_array(c->arena, struct timeline_day, page->items.n + 1);
    for (int k = 0; k < page->items.n; k++) {
        const struct timeline_item *i = &page->items.v[k];
        struct timeline_day *d = day_for(c, v, i->at);
        if (!joins(d, i)) {
            struct timeline_group *g = &d->groups.v[d->groups.n++];
            *g = (struct timeline_group){ .batch = i->batch };
            g->events.v = arena_array(c->arena, struct event, page->items.n - k);
        }
        struct timeline_group *g = &d->groups.v[d->groups.n - 1];
        struct event *e = &g->events.v[g->events.n++];
        TRY(timeline_sources[i->source].show(c, i, q->party, e));
        g->who = g->events.v[0].who;
        g->at = g->events.v[0].at;
        g->title = g->events.v[0].title;
    }
    return OK;
}

bool timeline_older_only(struct req *r) {
    return req_query(r, "before").n > 0;
}

enum status timeline_view_of(struct req *r, int64_t party, struct url page, struct url part,
                             struct timeline_view **out) {
    struct ctx *c = &r->c;
    struct timeline_query q = { .party = party, .limit = TIMELINE_SHOWN };
    struct timeline_page found = { 0 };
    struct timeline_view *v = *out = arena_new_of(c->arena, struct timeline_view);
    v->page = page;
    v->part = part;
    v->in = req_query(r, "in");
    TRY(asked(r, &q, v));
    TRY(members(r, v));
    kinds(c, v);
    v->narrow = v->has.n || v->by.n || v->from.value.n || v->until.value.n;
    v->more_open = v->by.n || v->from.value.n || v->until.value.n;
    if (!v->refused) TRY(timeline_read(c, &q, &found));
    TRY(fill(c, &q, &found, v));
    v->unfinished = found.unfinished;
    if (!found.items.more) return OK;
    struct str place = timeline_place_write(c->arena, found.below);
    v->older = url_query(c->arena, with(c, page, v, ""), "before", place);
    v->older_part = url_query(c->arena, with(c, part, v, ""), "before", place);
    return OK;
}
