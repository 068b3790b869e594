/* What field.html, list.html and timeline.html cannot say by themselves: entries of the history as
 * sentences, days, instants as people say them, classes of colours. Called by pages of all
 * features; calls lib/locale for dates. */
#include "core/web/pieces.h"

#include "core/web/timeline.html.h"
#include "lib/locale/zone.h"

const char *hue_class(struct str colour) {
    static const char *const hues[] = { "hue-0", "hue-1", "hue-2", "hue-3",
                                        "hue-4", "hue-5", "hue-6", "hue-7" };
    int64_t n;
    return str_to_i64(colour, &n) && n >= 0 && n < COUNT(hues) ? hues[n] : "";
}

static struct str iso_instant(struct arena *a, int64_t ms) {
    struct local_time t = zone_local(NULL, ms);
    return str_printf(a, "%04d-%02d-%02dT%02d:%02d:%02dZ", t.day.year, t.day.month, t.day.day,
                      t.hour, t.minute, t.second);
}

struct moment moment_of(struct ctx *c, int64_t ms, enum instant_style style) {
    return (struct moment){ instant_show(c->arena, c->loc, ms, style),
                            instant_show(c->arena, c->loc, ms, INSTANT_LONG),
                            iso_instant(c->arena, ms) };
}

struct markup name_link(struct ctx *c, struct url to, struct str name) {
    struct out o = { .b = { .arena = c->arena }, .loc = c->loc };
    event_name(&o, to, name);
    return (struct markup){ buf_str(&o.b) };
}

/* --- one entry as a sentence --- */

struct wording {
    const char *look, *icon, *what;
};

/* Of the client himself. */
static const struct wording client_words[] = {
    [ACTION_CREATE] = { "good", "add", N_("{who} added {name}") },
    [ACTION_CHANGE] = { "lapis", "edit", N_("{who} changed {name}") },
    [ACTION_DELETE] = { "bad", "bin", N_("{who} moved {name} to the bin") },
    [ACTION_RESTORE] = { "good", "restore", N_("{who} brought {name} back from the bin") },
};
/* Of anything else: {thing} is «Note», «Relationship», «Category» … */
static const struct wording thing_words[] = {
    [ACTION_CREATE] = { "good", "add", N_("{who} added: {thing} {name}") },
    [ACTION_CHANGE] = { "lapis", "edit", N_("{who} changed: {thing} {name}") },
    [ACTION_DELETE] = { "bad", "bin", N_("{who} deleted: {thing} {name}") },
    [ACTION_RESTORE] = { "good", "restore", N_("{who} brought back: {thing} {name}") },
};
static const struct wording note_words[] = {
    [ACTION_CREATE] = { "", "note", N_("{who} wrote a note on {name}") },
    [ACTION_CHANGE] = { "lapis", "note", N_("{who} changed a note on {name}") },
    [ACTION_DELETE] = { "bad", "note", N_("{who} deleted a note on {name}") },
    [ACTION_RESTORE] = { "good", "note", N_("{who} brought back a note on {name}") },
};

/* On the client's own page his name need not be said. */
static const struct wording own_words[] = {
    [ACTION_CREATE] = { "good", "add", N_("{who} added this client") },
    [ACTION_CHANGE] = { "lapis", "edit", N_("{who} changed this client") },
    [ACTION_DELETE] = { "bad", "bin", N_("{who} moved this client to the bin") },
    [ACTION_RESTORE] = { "good", "restore", N_("{who} brought this client back from the bin") },
};
static const struct wording own_note_words[] = {
    [ACTION_CREATE] = { "", "note", N_("{who} wrote a note") },
    [ACTION_CHANGE] = { "lapis", "note", N_("{who} changed a note") },
    [ACTION_DELETE] = { "bad", "note", N_("{who} deleted a note") },
    [ACTION_RESTORE] = { "good", "note", N_("{who} brought back a note") },
};

/* Something written about a client, with a text of its own. */
static bool is_note(const struct entity *e) {
    return e->party_column && !e->indexed && entity_field(e, S("text"));
}

static const struct wording *wording_of(const struct history_entry *e, int64_t party) {
    bool own = party && e->party == party;
    if (e->entity->indexed) return own ? &own_words[e->action] : &client_words[e->action];
    if (is_note(e->entity)) return own ? &own_note_words[e->action] : &note_words[e->action];
    return &thing_words[e->action];
}

static void copy_fields(struct ctx *c, const struct history_entry *e, struct event *out) {
    out->fields.v = arena_array(c->arena, struct event_field, e->fields.n);
    for (int i = 0; i < e->fields.n; i++) {
        const struct history_field *f = &e->fields.v[i];
        if (f->before.n == 0 && f->after.n == 0) continue;
        out->fields.v[out->fields.n++] =
            (struct event_field){ f->label, f->before, f->after, f->ltr };
    }
}

/* The name of the client that the entry speaks of; clients are what is indexed. */
static struct str client_name(struct ctx *c, const struct history_entry *e) {
    const struct registry *all = entity_registry();
    for (int i = 0; i < all->n && e->party; i++)
        if (all->entities[i]->indexed) return entity_title(c, all->entities[i], e->party);
    return NO_STR;
}

struct event event_of(struct ctx *c, const struct history_entry *e, int64_t party) {
    struct event out = {
        .look = "",
        .icon = "history",
        .what = N_("{who} changed something that is no longer here"),
        .who = e->who.n ? e->who : str_of(T(c, N_("The program"))),
        .door = e->door,
        .title = e->title,
        .at = moment_of(c, e->at, INSTANT_TIME),
        .undone = e->undone,
    };
    if (!e->entity) return out;
    const struct wording *w = wording_of(e, party);
    out.look = w->look, out.icon = w->icon, out.what = w->what;
    if (e->undoes) out.icon = "undo";
    out.thing = str_of(T(c, e->entity->label));
    bool wrote = is_note(e->entity), on_client = e->entity->indexed || wrote;
    struct str name = on_client ? client_name(c, e) : e->name;
    struct url to = { NO_STR };
    if (e->party && e->party != party)
        to = url_printf(c->arena, "/clients/%lld", (long long)e->party);
    out.name = name_link(c, to, name);
    if (e->action == ACTION_CHANGE || wrote) copy_fields(c, e, &out);
    if (e->action == ACTION_CREATE && wrote && out.fields.n) {
        out.note = e->fields.v[0].after;
        for (int i = 0; i < out.fields.n; i++)
            if (str_eq(out.fields.v[i].label, str_of(T(c, e->entity->label))))
                out.note = out.fields.v[i].after;
        out.fields.n = 0;
    }
    if (e->can_undo)
        out.undo = e->whole ? url_printf(c->arena, "/history/%lld/undo", (long long)e->batch)
                            : url_printf(c->arena, "/history/change/%lld/undo", (long long)e->id);
    return out;
}

/* --- days --- */

static struct str day_label(struct ctx *c, int64_t at_ms) {
    return date_show(c->arena, c->loc, zone_local(c->loc->zone, at_ms).day, DATE_RELATIVE);
}

void event_add(struct ctx *c, struct event_days *days, struct event e, int64_t at_ms) {
    struct str label = day_label(c, at_ms);
    if (days->n == 0 || !str_eq(days->v[days->n - 1].label, label)) {
        days->v = arena_grow(c->arena, days->v, (size_t)days->n * sizeof *days->v,
                             (size_t)(days->n + 1) * sizeof *days->v);
        days->v[days->n++] = (struct event_day){ .label = label };
    }
    struct events *to = &days->v[days->n - 1].events;
    to->v = arena_grow(c->arena, to->v, (size_t)to->n * sizeof *to->v,
                       (size_t)(to->n + 1) * sizeof *to->v);
    to->v[to->n++] = e;
}
