/* A run of the journal as a sentence: «Maryam opened 48 clients», its marks, the names in it.
 * Called by pages.c. */
#include "core/web/journal.h"
#include "features/journal/pages.h"
#include "features/party/party.h"
#include "lib/locale/number.h"
#include "lib/locale/zone.h"

enum { NIGHT_FROM = 22, NIGHT_UNTIL = 6 };

SQL(journal_members, "SELECT id, name FROM member ORDER BY id");

enum status journal_names(struct ctx *c, struct journal_names *out) {
    struct rows r;
    TRY(db_query(c->tx, &journal_members, &r));
    *out = (struct journal_names){ arena_array(c->arena, int64_t, r.n + 1),
                                   arena_array(c->arena, struct str, r.n + 1), r.n };
    for (int i = 0; i < r.n; i++) {
        out->ids[i] = row_int(&r, i, "id");
        out->names[i] = row_str(&r, i, "name");
    }
    return OK;
}

struct str journal_name(struct ctx *c, const struct journal_names *m, int64_t id) {
    for (int i = 0; i < m->n; i++)
        if (m->ids[i] == id) return m->names[i];
    if (id == 0) return str_of(T(c, N_("Somebody not signed in")));
    struct tr_arg n = { .name = "n", .value = number_show_plain(c->arena, c->loc, id) };
    return tr_fill(c->arena, T(c, N_("Member {n}")), &n, 1);
}

static struct str count(struct ctx *c, const char *one, const char *other, int64_t n) {
    struct tr_arg arg = { .name = "n", .value = number_show(c->arena, c->loc, n) };
    return tr_fill(c->arena, tr_n(c->loc, one, other, n), &arg, 1);
}

static struct str thing_of(struct ctx *c, const struct look_run *run) {
    if (str_eq_z(run->what, "party")) return count(c, "{n} client", "{n} clients", run->n);
    if (str_eq_z(run->what, "attachment")) return count(c, "{n} file", "{n} files", run->n);
    return count(c, "{n} record", "{n} records", run->n);
}

struct event_words {
    enum journal_what what;
    const char *look, *icon, *text;
};
static const struct event_words events[] = {
    { EVENT_SIGNED_IN, "good", "sign-in", N_("{who} signed in") },
    { EVENT_SIGN_IN_REFUSED, "bad", "lock", N_("Wrong password for {thing}") },
    { EVENT_SIGN_IN_PAUSED, "bad", "lock", N_("Too many tries for {thing}: signing in is paused") },
    { EVENT_CODE_REFUSED, "bad", "lock", N_("Right password, wrong code for {thing}") },
    { EVENT_CODE_PAUSED, "bad", "lock",
      N_("Too many wrong codes for {thing}: signing in is paused") },
    { EVENT_RECOVERY_USED, "care", "key", N_("{who} signed in with a recovery code") },
    { EVENT_PROOF_REFUSED, "care", "lock", N_("{who} was asked for the password again: wrong") },
    { EVENT_SIGNED_OUT, "", "sign-out", N_("{who} signed out") },
    { EVENT_SESSION_ENDED, "", "sign-out", N_("{who} ended sessions of {thing}") },
    { EVENT_PASSWORD, "lapis", "key", N_("{who} changed the password of {thing}") },
    { EVENT_FACTOR_ON, "good", "shield", N_("{who} switched on the second factor") },
    { EVENT_FACTOR_OFF, "care", "shield", N_("{who} switched off the second factor") },
    { EVENT_FACTOR_RESET, "care", "shield", N_("{who} reset the second factor of {thing}") },
    { EVENT_RECOVERY_MADE, "lapis", "key", N_("{who} made new recovery codes") },
    { EVENT_TOKEN_MADE, "lapis", "key", N_("{who} made a token for a program") },
    { EVENT_TOKEN_REVOKED, "", "key", N_("{who} revoked a token") },
    { EVENT_LINK_MADE, "lapis", "link", N_("{who} made a sign-in link for {thing}") },
    { EVENT_LINK_USED, "lapis", "link", N_("{thing} used a sign-in link") },
    { EVENT_RIGHTS, "care", "shield", N_("{who} changed the rights of {thing}") },
};

static void event_words(struct ctx *c, const struct journal_names *m, const struct look_run *run,
                        struct looked *v) {
    int64_t whom = run->ids_n ? run->ids[0] : 0;
    v->look = "", v->icon = "info", v->what = N_("{who} did something at the door");
    v->thing = whom ? journal_name(c, m, whom) : str_of(T(c, N_("a name that does not exist")));
    for (int i = 0; i < COUNT(events); i++)
        if (str_eq_z(run->what, journal_event_name(events[i].what)))
            v->look = events[i].look, v->icon = events[i].icon, v->what = events[i].text;
}

static void read_words(const struct look_run *run, bool one, struct looked *v) {
    if (run->kind == LOOK_OPENED && str_eq_z(run->what, "journal")) {
        v->look = "", v->icon = "eye";
        v->what = N_("{who} looked into this journal");
    } else if (run->kind == LOOK_EXPORT) {
        v->look = "care", v->icon = "export", v->left = true;
        v->what = one ? N_("{who} exported {name}") : N_("{who} exported {thing}");
    } else if (run->kind == LOOK_LISTED) {
        v->look = "", v->icon = "filter";
        v->what = one ? N_("{who} saw {name} in a list") : N_("{who} saw {thing} in lists");
    } else {
        v->look = "lapis", v->icon = "eye";
        v->what = one ? N_("{who} opened {name}") : N_("{who} opened {thing}");
    }
    if (run->bulk) v->look = "bad", v->icon = "alert";
}

static struct looked_client client_of(struct ctx *c, int64_t id) {
    struct str name = entity_title(c, &entity_party, id);
    struct tr_arg n = { .name = "n", .value = number_show_plain(c->arena, c->loc, id) };
    if (name.n)
        return (struct looked_client){ url_printf(c->arena, "/clients/%lld", (long long)id), name };
    return (struct looked_client){ .name = tr_fill(c->arena, T(c, N_("Client {n}, no longer here")),
                                                   &n, 1) };
}

static void name_clients(struct ctx *c, const struct look_run *run, int64_t client,
                         struct looked *v) {
    if (!str_eq_z(run->what, "party") || run->ids_n == 0) return;
    if (run->n == 1) {
        struct looked_client one = client_of(c, run->ids[0]);
        v->name = name_link(c, one.to, one.name);
        return;
    }
    if (client || run->kind == LOOK_EXPORT) return;
    v->names.v = arena_array(c->arena, struct looked_client, run->ids_n);
    while (v->names.n < run->ids_n) {
        v->names.v[v->names.n] = client_of(c, run->ids[v->names.n]);
        v->names.n++;
    }
    v->more = run->n - run->ids_n;
}

static struct str door_word(struct ctx *c, enum door d) {
    static const char *const words[] = { [DOOR_WEB] = "",
                                         [DOOR_API] = N_("Door|API"),
                                         [DOOR_IMPORT] = N_("Door|Import"),
                                         [DOOR_CLI] = N_("Door|Command line"),
                                         [DOOR_JOB] = N_("Door|The program") };
    return d == DOOR_WEB ? NO_STR : str_of(T(c, words[d]));
}

static bool at_night(struct req *r, int64_t ms) {
    int hour = zone_local(zone_get(r->app->zones, r->c.firm.zone), ms).hour;
    return hour >= NIGHT_FROM || hour < NIGHT_UNTIL;
}

struct looked looked_of(struct req *r, const struct journal_names *m, const struct look_run *run,
                        int64_t client) {
    struct ctx *c = &r->c;
    struct looked v = { .who = journal_name(c, m, run->member),
                        .at = moment_of(c, run->last_ms, INSTANT_TIME),
                        .where = door_word(c, run->door),
                        .bulk = run->bulk,
                        .wrong = run->wrong };
    if (run->kind == LOOK_EVENT) {
        event_words(c, m, run, &v);
        if (run->address.n && !str_eq_z(run->address, "-")) v.where = run->address;
        return v;
    }
    v.night = at_night(r, run->last_ms);
    v.thing = thing_of(c, run);
    name_clients(c, run, client, &v);
    read_words(run, v.name.s.n > 0, &v);
    if (run->last_ms - run->first_ms >= 60000)
        v.span = instant_show(c->arena, c->loc, run->first_ms, INSTANT_TIME);
    return v;
}
