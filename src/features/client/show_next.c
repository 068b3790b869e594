/* What comes next with a client, the hour at his place, and who stands beside him in the list that
 * one came from. Called by show.c; calls party's hours and coming days, list_beside. */
#include "core/app/app.h"
#include "core/web/list_address.h"
#include "features/client/show.h"
#include "lib/locale/number.h"
#include "lib/locale/zone.h"

enum { SOON_DAYS = 7, COMING_DAYS = 45, COMING_MOST = 3, REVIEW_DAYS = 183 };

static struct str filled(struct ctx *c, const char *text, struct tr_arg *args, int n) {
    return tr_fill(c->arena, T(c, text), args, n);
}

/* --- the hour at his place --- */

/* «2 h 30 min», «2 h», «45 min». */
static struct str span(struct ctx *c, int minutes) {
    struct tr_arg args[] = { { .name = "h", .value = number_show(c->arena, c->loc, minutes / 60) },
                             { .name = "m",
                               .value = number_show(c->arena, c->loc, minutes % 60) } };
    return filled(c,
                  minutes < 60        ? N_("{m} min")
                  : minutes % 60 == 0 ? N_("{h} h")
                                      : N_("{h} h {m} min"),
                  args, 2);
}

static struct str clock_text(struct ctx *c, const struct zone *zone) {
    int ahead = (zone_offset_s(zone, c->now_ms) - zone_offset_s(c->loc->zone, c->now_ms)) / 60;
    struct locale there = *c->loc;
    there.zone = zone;
    struct tr_arg args[] = {
        ARG("time", instant_show(c->arena, &there, c->now_ms, INSTANT_TIME)),
        ARG("span", span(c, ahead < 0 ? -ahead : ahead)),
    };
    if (ahead == 0) return NO_STR;
    return filled(c,
                  ahead > 0 ? N_("It is {time} there, {span} ahead of you")
                            : N_("It is {time} there, {span} behind you"),
                  args, 2);
}

void client_clock(struct req *r, const struct party *p, struct client_view *v) {
    struct ctx *c = &r->c;
    struct hours hours;
    const struct zone *zone = p->zone.n ? zone_get(r->app->zones, p->zone) : c->loc->zone;
    v->clock.hours = p->prefers_hours;
    if (zone) v->clock.there = clock_text(c, zone);
    if (!hours_parse(c->arena, p->prefers_hours, &hours)) return;
    struct local_time now = zone_local(zone, c->now_ms);
    v->clock.understood = true;
    v->clock.good = hours_fit(&hours, weekday(now.day), now.hour * 60 + now.minute);
}

/* --- what comes --- */

static struct str day_shown(struct ctx *c, struct day d, enum date_style style) {
    return date_show(c->arena, c->loc, d, style);
}

static struct str in_days(struct ctx *c, int n) {
    struct tr_arg arg = { .name = "n", .value = number_show(c->arena, c->loc, n) };
    if (n == 0) return str_of(T(c, N_("today")));
    if (n == 1) return str_of(T(c, N_("tomorrow")));
    return tr_fill(c->arena, tr_n(c->loc, "in {n} day", "in {n} days", n), &arg, 1);
}

struct expected { /* before it is cut to the nearest */
    struct coming coming;
    const char *icon;
    struct str what;
    bool birth;
};
struct expecteds {
    struct expected v[3 * LIMIT_MANY_N];
    int n;
};

static void expect(struct ctx *c, struct expecteds *all, const char *icon, struct str iso,
                   struct str what, bool birth) {
    struct coming x;
    if (all->n == COUNT(all->v) || !iso.n) return;
    if (!coming_day(c->loc->calendar, date_today(c->loc), iso, &x) || x.in_days > COMING_DAYS)
        return;
    all->v[all->n++] = (struct expected){ x, icon, what, birth };
}

static int by_day(const void *a, const void *b) {
    const struct expected *x = a, *y = b;
    return x->coming.in_days - y->coming.in_days;
}

static struct str birthday_of(struct ctx *c, struct str name) {
    struct tr_arg arg = ARG("name", name);
    return filled(c, N_("Birthday: {name}"), &arg, 1);
}

static void show_coming(struct ctx *c, struct expecteds *all, struct next_view *v) {
    qsort(all->v, (size_t)all->n, sizeof *all->v, by_day);
    v->coming.v = arena_array(c->arena, struct coming_view, COMING_MOST);
    for (int i = 0; i < all->n && v->coming.n < COMING_MOST; i++) {
        const struct expected *x = &all->v[i];
        struct tr_arg arg = { .name = "n",
                              .value = number_show(c->arena, c->loc, x->coming.years) };
        struct coming_view one = { .icon = x->icon,
                                   .what = x->what,
                                   .when = in_days(c, x->coming.in_days),
                                   .soon = x->coming.in_days <= SOON_DAYS };
        struct str day = day_shown(c, x->coming.day, DATE_RELATIVE);
        if (x->coming.years > 0) {
            const char *text = x->birth ? tr_n(c->loc, "turns {n}", "turns {n}", x->coming.years)
                                        : tr_n(c->loc, "{n} year", "{n} years", x->coming.years);
            struct str parts[2] = { day, tr_fill(c->arena, text, &arg, 1) };
            one.more = str_join(c->arena, parts, x->coming.in_days > 1 ? 2 : 1, S(" · "));
            if (x->coming.in_days <= 1) one.more = parts[1];
        } else if (x->coming.in_days > 1)
            one.more = day;
        v->coming.v[v->coming.n++] = one;
    }
}

static void review(struct ctx *c, const struct party *p, struct next_view *v) {
    struct day today = date_today(c->loc), last;
    bool known = day_of_iso(p->goals_reviewed, &last) && last.year;
    v->today = day_iso(c->arena, today);
    v->was = p->goals_reviewed;
    if (!p->goals.n && !p->needs.n) return;
    if (!known || day_number(today) - day_number(last) <= REVIEW_DAYS) return;
    v->review = true;
    v->reviewed = day_shown(c, last, DATE_RELATIVE);
}

void client_next(struct ctx *c, const struct party *p, struct client_view *v) {
    struct expecteds *all = arena_new_of(c->arena, struct expecteds);
    struct next_view *n = &v->next;
    struct day day, today = date_today(c->loc);
    n->step = p->next_step;
    if (day_of_iso(p->next_date, &day) && day.year) {
        n->date = day_shown(c, day, DATE_RELATIVE);
        n->date_exact = day_shown(c, day, DATE_LONG);
        n->late = day_number(day) < day_number(today);
    }
    if (party_is_person(p))
        expect(c, all, "calendar", p->birth_date, birthday_of(c, p->display_name), true);
    for (int i = 0; i < p->relatives.n; i++)
        expect(c, all, "person", p->relatives.v[i].birth_date,
               birthday_of(c, p->relatives.v[i].name), true);
    const struct field *kind = entity_field(&entity_occasion, S("kind"));
    for (int i = 0; i < p->occasions.n; i++) {
        const struct occasion *o = &p->occasions.v[i];
        struct str what = o->label.n  ? o->label
                          : o->kind.n ? kind->kind->show(c, kind, (struct value){ .s = o->kind })
                                      : str_of(T(c, entity_occasion.label));
        expect(c, all, "star", o->day, what, false);
    }
    show_coming(c, all, n);
    review(c, p, n);
}

/* --- beside him in the list --- */

struct url client_here(struct req *r, int64_t id) {
    struct url u = url_printf(r->c.arena, "/clients/%lld", (long long)id);
    struct str in = req_query(r, "in");
    return in.n && in.n <= 1000 ? url_query(r->c.arena, u, "in", in) : u;
}

static enum status read_list(struct req *r, struct str in, struct list_query *q) {
    struct http_pairs asked = { 0 };
    struct str why;
    if (in.n > 1000) return MALFORMED;
    if (in.n) TRY(http_form(r->c.arena, in, &asked, &why));
    TRY(list_address_read(&r->c, &asked, NULL, &entity_party, q));
    q->after = q->before = q->letter = NO_STR;
    q->no_total = true;
    return OK;
}

/* A list that is not understood (any more) shows no arrows: none are better than wrong ones. */
enum status client_beside(struct req *r, int64_t id, struct beside_view *out) {
    struct ctx *c = &r->c;
    struct str in = req_query(r, "in");
    struct list_query q;
    int64_t before, after;
    int had = c->problems.n;
    enum status st = read_list(r, in, &q);
    if (st == OK) st = list_beside(c, &q, id, &before, &after);
    if (st == BROKEN || st == BUSY) return st;
    c->problems.n = had;
    if (st != OK) return OK;
    out->list = client_query_url(c->arena, "/clients", &q);
    if (before) out->prev = client_here(r, before);
    if (after) out->next = client_here(r, after);
    return OK;
}
