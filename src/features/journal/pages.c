/* GET /journal: who looked at what, newest first; POST /journal/check reads all of it again.
 * Routes: feature.c. Calls core/web/journal_look.h, sentences.c, asked.c. */
#include "core/entity/list.h"
#include "core/web/journal.h"
#include "features/journal/journal.html.h"
#include "features/journal/pages.h"
#include "features/party/party.h"
#include "lib/locale/number.h"
#include "lib/locale/zone.h"

enum { RUNS = 40, LINES_APART = 200, CANDIDATES = 8 };

static const char *folder_of(struct req *r) {
    return app_path(r->app, r->c.arena, "journal");
}

/* --- filters --- */

static void choices(struct ctx *c, const struct journal_asked *k, const struct journal_names *m,
                    struct journal_view *v) {
    static const struct {
        const char *code, *label;
    } doors[] = { { "", N_("Every door") },
                  { "web", N_("Door|Pages") },
                  { "api", N_("Door|API") },
                  { "import", N_("Door|Import") },
                  { "cli", N_("Door|Command line") } },
      spans[] = { { "", N_("Any time") },
                  { "1", N_("Today") },
                  { "7", N_("Seven days") },
                  { "30", N_("Thirty days") } };
    options_add(c->arena, &v->members, NO_STR, str_of(T(c, N_("Everybody"))), k->by);
    for (int i = 0; i < m->n; i++)
        options_add(c->arena, &v->members, str_printf(c->arena, "%lld", (long long)m->ids[i]),
                    m->names[i], k->by);
    for (int i = 0; i < COUNT(doors); i++)
        options_add(c->arena, &v->doors, str_of(doors[i].code), str_of(T(c, doors[i].label)),
                    k->door);
    for (int i = 0; i < COUNT(spans); i++)
        options_add(c->arena, &v->spans, str_of(spans[i].code), str_of(T(c, spans[i].label)),
                    k->days);
}

static void tabs(struct ctx *c, const struct journal_asked *k, struct journal_view *v) {
    static const struct {
        const char *code, *label;
    } all[] = { { "", N_("Everything") },
                { "opened", N_("Journal|Opened") },
                { "exports", N_("Exports") },
                { "bulk", N_("Bulk reads") },
                { "doors", N_("Sign-ins") } };
    v->tabs.v = arena_array(c->arena, struct journal_tab, COUNT(all));
    for (int i = 0; i < COUNT(all); i++) {
        struct journal_asked other = *k;
        other.show = str_of(all[i].code);
        if (str_eq_z(other.show, "doors")) other.client = 0;
        v->tabs.v[v->tabs.n++] =
            (struct journal_tab){ all[i].label, journal_url(c, "/journal", &other),
                                  str_eq(k->show, other.show) };
    }
}

static void chip(struct ctx *c, struct journal_view *v, const char *label, struct str value,
                 const struct journal_asked *without) {
    v->chips.v[v->chips.n++] =
        (struct journal_chip){ journal_url(c, "/journal", without), str_of(T(c, label)), value };
}

static void chips(struct ctx *c, const struct journal_asked *k, struct journal_view *v) {
    struct journal_asked without = *k;
    v->chips.v = arena_array(c->arena, struct journal_chip, 4);
    if (k->q.apart) { /* leads back to the runs */
        struct str value = instant_show(c->arena, c->loc, k->q.until_ms - 1, INSTANT_SHORT);
        chip(c, v, N_("When"), value, k);
    }
    if (k->client) {
        without.client = 0;
        chip(c, v, N_("Client"), entity_title(c, &entity_party, k->client), &without);
    }
    without = *k;
    without.from = NO_STR;
    if (k->from.n && k->q.from_ms) {
        struct day day = zone_local(c->loc->zone, k->q.from_ms).day;
        chip(c, v, N_("Date|From"), date_show(c->arena, c->loc, day, DATE_LONG), &without);
    }
    without = *k;
    without.until = NO_STR;
    if (k->until.n && k->q.until_ms) {
        struct day day = zone_local(c->loc->zone, k->q.until_ms - 1).day;
        chip(c, v, N_("Date|Until"), date_show(c->arena, c->loc, day, DATE_LONG), &without);
    }
}

/* A typed name: one client who has it is meant, of several one must be chosen. */
static enum status find_client(struct req *r, struct journal_asked *k, struct journal_view *v) {
    struct ctx *c = &r->c;
    struct list_page page;
    v->typed = str_trim(req_query(r, "name"));
    if (v->typed.n == 0) return OK;
    struct list_query q = {
        .entity = &entity_party, .search = v->typed, .limit = CANDIDATES, .no_total = true
    };
    TRY(list_run(c, &q, &page));
    v->nobody = page.n == 0;
    if (page.n == 1) {
        k->client = page.ids[0];
        TRY(journal_about(c, k->client, &k->q));
    }
    if (page.n < 2) return OK;
    TRY(entity_titles(c, &entity_party, page.ids, page.n));
    v->candidates.v = arena_array(c->arena, struct looked_client, page.n);
    for (int i = 0; i < page.n; i++) {
        struct journal_asked other = *k;
        other.client = page.ids[i];
        v->candidates.v[v->candidates.n++] =
            (struct looked_client){ journal_url(c, "/journal", &other),
                                    entity_title(c, &entity_party, page.ids[i]) };
    }
    return OK;
}

/* --- what was seen --- */

static enum status load_titles(struct ctx *c, const struct look_runs *runs) {
    int64_t *ids = arena_array(c->arena, int64_t, runs->n * LOOK_IDS_N + 1);
    int n = 0;
    for (int i = 0; i < runs->n; i++)
        for (int k = 0; k < runs->v[i].ids_n; k++)
            if (str_eq_z(runs->v[i].what, "party")) ids[n++] = runs->v[i].ids[k];
    return n ? entity_titles(c, &entity_party, ids, n) : OK;
}

static struct url each_url(struct ctx *c, const struct journal_asked *k,
                           const struct look_run *run) {
    struct journal_asked one = *k;
    one.by = str_printf(c->arena, "%lld", (long long)run->member);
    one.days = one.from = one.until = NO_STR;
    struct url u = journal_url(c, "/journal", &one);
    u = url_query(c->arena, u, "first", str_printf(c->arena, "%lld", (long long)run->first_ms));
    return url_query(c->arena, u, "last", str_printf(c->arena, "%lld", (long long)run->last_ms));
}

static void add_run(struct ctx *c, struct journal_view *v, int64_t at, struct looked run,
                    int runs_n) {
    struct str label = date_show(c->arena, c->loc, zone_local(c->loc->zone, at).day, DATE_RELATIVE);
    if (v->days.n == 0 || !str_eq(v->days.v[v->days.n - 1].label, label)) {
        v->days.v[v->days.n] = (struct looked_day){ .label = label };
        v->days.v[v->days.n++].runs.v = arena_array(c->arena, struct looked, runs_n);
    }
    struct looked_day *d = &v->days.v[v->days.n - 1];
    d->runs.v[d->runs.n++] = run;
}

static void pages(struct req *r, const struct journal_asked *k, int64_t next,
                  struct journal_view *v) {
    struct ctx *c = &r->c;
    struct url here = journal_url(c, "/journal", k);
    if (k->q.apart) {
        here = url_query(c->arena, here, "first", req_query(r, "first"));
        here = url_query(c->arena, here, "last", req_query(r, "last"));
    }
    if (next)
        v->older =
            url_query(c->arena, here, "before", str_printf(c->arena, "%lld", (long long)next));
    if (k->q.before) v->newest = here;
}

static enum status show_runs(struct req *r, const struct journal_asked *k,
                             const struct journal_names *m, const struct journal_look *l,
                             struct journal_view *v) {
    struct look_runs runs;
    TRY(journal_look_runs(r->c.arena, l, &k->q, &runs));
    TRY(load_titles(&r->c, &runs));
    v->days.v = arena_array(r->c.arena, struct looked_day, runs.n + 1);
    for (int i = 0; i < runs.n; i++) {
        const struct look_run *run = &runs.v[i];
        struct looked one = looked_of(r, m, run, k->client);
        if (run->lines_n > 1 && run->kind != LOOK_EVENT) one.each = each_url(&r->c, k, run);
        add_run(&r->c, v, run->last_ms, one, runs.n);
    }
    pages(r, k, runs.next, v);
    return OK;
}

static void show_fault(struct ctx *c, const struct look_fault *f, struct journal_view *v) {
    if (!f->file.n) return;
    v->fault_file = f->file;
    if (f->line) v->fault_line = number_show(c->arena, c->loc, f->line);
}

static enum status show_state(struct req *r, const struct journal_look *l, struct journal_view *v) {
    struct look_fault fault;
    int64_t checked = journal_look_checked_ms(l);
    v->lines = journal_look_lines(l);
    v->has_checked = checked != 0;
    if (checked) v->checked = moment_of(&r->c, checked, INSTANT_RELATIVE);
    journal_look_fault(l, &fault);
    if (!fault.file.n) TRY(journal_anchor_check(&r->c, folder_of(r), &fault));
    show_fault(&r->c, &fault, v);
    return OK;
}

enum status journal_page(struct req *r) {
    struct ctx *c = &r->c;
    struct journal_asked k;
    struct journal_names m;
    struct journal_look *l;
    struct journal_view v = { .bulk_opened = LOOK_BULK_OPENED, .bulk_listed = LOOK_BULK_LISTED };
    TRY(journal_asked(r, &k));
    TRY(find_client(r, &k, &v));
    k.q.limit = k.q.apart ? LINES_APART : RUNS;
    TRY(journal_names(c, &m));
    journal_settle(r->app->journal);
    TRY(journal_look_open(c->arena, folder_of(r), &l));
    enum status s = show_runs(r, &k, &m, l, &v);
    if (s == OK) s = show_state(r, l, &v);
    journal_look_close(l);
    TRY(s);
    choices(c, &k, &m, &v);
    tabs(c, &k, &v);
    chips(c, &k, &v);
    v.show = k.show, v.from = k.from, v.until = k.until;
    v.from_problem = k.from_problem, v.until_problem = k.until_problem;
    if (k.client) v.client = str_printf(c->arena, "%lld", (long long)k.client);
    v.csv = journal_url(c, "/journal.csv", &k);
    v.clear = url_own(S("/journal"));
    v.filtered = k.by.n || k.door.n || k.days.n || k.from.n || k.until.n || k.show.n || k.client;
    v.bulk_tab = k.q.bulk;
    journal_read(r->app, c, "journal", &k.client, 1);
    r->narrow = true;
    return PAGE(r, T(c, N_("Who looked at what")), "settings", journal_html, &v);
}

/* The index goes; making it again reads and checks every line. */
enum status journal_check(struct req *r) {
    struct journal_look *l;
    struct look_fault fault;
    TRY(journal_look_forget(r->c.arena, folder_of(r), 0));
    TRY(journal_look_open(r->c.arena, folder_of(r), &l));
    journal_look_fault(l, &fault);
    journal_look_close(l);
    return go_toast(r, url_own(S("/journal")),
                    fault.file.n ? N_("The journal is damaged.")
                                 : N_("Every line was read and follows from the one before."),
                    0);
}
