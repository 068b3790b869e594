/* Members and teams in the settings: list, add, change, end access, one-time links.
 * Routes: feature.c. Calls the store, accounts and sessions. */
#include "features/member/pages.h"

#include "core/entity/form.h"
#include "core/web/journal.h"
#include "core/web/session.h"
#include "lib/base/log.h"
#include "lib/locale/date.h"

SQL(members_every,
    "SELECT m.id, (SELECT max(s.seen_at) FROM session s WHERE s.member = m.id) AS seen "
    "FROM member m WHERE m.deleted_at IS NULL ORDER BY m.active DESC, m.name, m.id "
    "LIMIT 1000");
SQL(teams_every, "SELECT t.id, (SELECT count(*) FROM member m WHERE m.team = t.id AND m.active = 1 "
                 "AND m.deleted_at IS NULL) AS members_n "
                 "FROM team t WHERE t.deleted_at IS NULL ORDER BY t.name, t.id LIMIT 500");

static enum status all_teams(struct ctx *c, struct team **out, int *n) {
    struct rows r;
    void *rows;
    TRY(db_query(c->tx, &teams_every, &r));
    int64_t *ids = arena_array(c->arena, int64_t, r.n + 1);
    for (int i = 0; i < r.n; i++) ids[i] = row_int(&r, i, "id");
    TRY(store_load_all(c, &entity_team, ids, r.n, &rows, n));
    *out = rows;
    return OK;
}

static struct str shown(struct ctx *c, const struct member *m, const char *field) {
    const struct field *f = entity_field(&entity_member, str_of(field));
    return f->kind->show(c, f, field_get(f, m));
}

static struct url member_url(struct ctx *c, int64_t id, const char *act) {
    return url_printf(c->arena, "/settings/members/%lld%s", (long long)id, act);
}

/* --- The form --- */

static void choices(struct req *r, struct input *i, const char *field, enum role most) {
    const struct field *f = entity_field(&entity_member, str_of(field));
    i->type = "select";
    i->hint = f->hint;
    for (const struct choice *k = f->choices; k->code; k++) {
        enum role role;
        if (role_of(str_of(k->code), &role) && role > most) continue;
        input_choice(r, i, k->code, str_of(T(&r->c, k->label)));
    }
}

static enum status inputs(struct req *r, const struct member *m, struct member_inputs *f) {
    struct ctx *c = &r->c;
    struct team *teams;
    int n;
    f->name = input_of(r, "name", "text", N_("Member|Name"), m->name);
    f->email = input_of(r, "email", "email", N_("E-mail"), m->email);
    f->name.required = f->email.required = true;
    f->role = input_of(r, "role", "select", N_("Role|Right"), m->role);
    choices(r, &f->role, "role", c->who.role);
    f->sees = input_of(r, "sees", "select", N_("Sees"), m->sees);
    choices(r, &f->sees, "sees", ROLE_OWNER);
    struct str team = m->team ? str_printf(c->arena, "%lld", (long long)m->team) : S("");
    f->team = input_of(r, "team", "select", N_("Team"), team);
    input_choice(r, &f->team, "", str_of(T(c, "None")));
    TRY(all_teams(c, &teams, &n));
    for (int i = 0; i < n; i++)
        input_choice(r, &f->team, str_printf(c->arena, "%lld", (long long)teams[i].row.id).p,
                     teams[i].name);
    return OK;
}

/* Only these: the form of a member says nothing of anything else (T-28). */
static enum status read_form(struct req *r, struct member *m) {
    static const char *const allowed[] = { "name", "email", "role",   "sees",
                                           "team", "csrf",  "version" };
    for (int i = 0; i < r->form.n; i++) {
        bool known = false;
        for (int k = 0; k < COUNT(allowed); k++) known |= str_eq_z(r->form.v[i].name, allowed[k]);
        if (!known) return MALFORMED;
    }
    return form_read(&r->c, &r->form, &entity_member, m);
}

/* --- The list --- */

static enum status lines(struct req *r, struct member_lines *out) {
    struct ctx *c = &r->c;
    struct rows rows;
    void *loaded;
    int n;
    TRY(db_query(c->tx, &members_every, &rows));
    int64_t *ids = arena_array(c->arena, int64_t, rows.n + 1);
    for (int i = 0; i < rows.n; i++) ids[i] = row_int(&rows, i, "id");
    TRY(store_load_all(c, &entity_member, ids, rows.n, &loaded, &n));
    const struct member *m = loaded;
    struct map factors = { .n = 0 };
    if (c->who.role == ROLE_OWNER) TRY(safety_factors(c, &factors));
    out->v = arena_array(c->arena, struct member_line, n + 1);
    for (int i = 0, k = 0; i < rows.n && k < n; i++) {
        if (m[k].row.id != ids[i]) continue;
        int64_t seen = row_int(&rows, i, "seen");
        out->v[out->n++] = (struct member_line){
            .face = face_of(c->arena, m[k].name, ""),
            .name = m[k].name,
            .email = m[k].email,
            .role = shown(c, &m[k], "role"),
            .sees = shown(c, &m[k], "sees"),
            .team = m[k].team ? shown(c, &m[k], "team") : NO_STR,
            .seen = seen ? instant_show(c->arena, c->loc, seen, INSTANT_RELATIVE)
                         : str_of(T(c, "not signed in now")),
            .edit = member_url(c, m[k].row.id, ""),
            .active = m[k].active,
            .self = m[k].row.id == c->who.id,
            .factor = factors.n && safety_has(c, &factors, m[k].row.id),
        };
        k++;
    }
    return OK;
}

static enum status show_list(struct req *r, struct str link, struct str link_for) {
    struct members_page p = { .link = link, .link_for = link_for };
    struct member *fresh = row_new(&r->c, &entity_member);
    if (link.n) r->form = (struct http_pairs){ .v = NULL }; /* was taken: the form is empty again */
    TRY(lines(r, &p.members));
    TRY(inputs(r, fresh, &p.add));
    return PAGE(r, T(&r->c, "Members"), "settings", page_members, &p);
}

enum status members_show(struct req *r) {
    return show_list(r, NO_STR, NO_STR);
}

static enum status make_link(struct req *r, int64_t member, struct str name) {
    struct str token;
    TRY(account_link(&r->c, member, &token));
    req_event(r, EVENT_LINK_MADE, member);
    return show_list(r, str_printf(r->c.arena, "/password/%.*s", SF(token)), name);
}

enum status members_add(struct req *r) {
    struct member *m = row_new(&r->c, &entity_member);
    TRY(read_form(r, m));
    TRY(store_save(&r->c, &entity_member, m));
    log_info("member %lld added member %lld", (long long)r->c.who.id, (long long)m->row.id);
    return make_link(r, m->row.id, m->name);
}

/* --- One member --- */

static bool above(const struct req *r, const struct member *m) {
    enum role role;
    return role_of(m->role, &role) && role > r->c.who.role;
}

enum status member_show(struct req *r) {
    struct ctx *c = &r->c;
    struct member m;
    TRY(req_record(r, &entity_member, &m));
    int64_t id = m.row.id;
    struct member_page p = { .name = m.name,
                             .save = member_url(c, id, ""),
                             .end = member_url(c, id, "/end"),
                             .back = member_url(c, id, "/back"),
                             .link = member_url(c, id, "/link"),
                             .version = m.row.version,
                             .active = m.active,
                             .self = id == c->who.id,
                             .may_link = m.active && !above(r, &m) };
    if (c->who.role == ROLE_OWNER && m.active) TRY(safety_of(r, id, &p.safety));
    TRY(inputs(r, &m, &p.f));
    return PAGE(r, m.name, "settings", page_member, &p);
}

enum status member_save(struct req *r) {
    struct member m;
    TRY(req_record(r, &entity_member, &m));
    struct str email = m.email, role = m.role;
    TRY(read_form(r, &m));
    bool rights = !str_eq(email, m.email) || !str_eq(role, m.role);
    if (rights) {
        TRY(req_prove(r));
        req_event(r, EVENT_RIGHTS, m.row.id);
    }
    TRY(store_save(&r->c, &entity_member, &m));
    return go_toast(r, url_own(S("/settings/members")), N_("Saved."), r->c.batch);
}

static enum status set_active(struct req *r, bool active, const char *said) {
    struct member m;
    TRY(req_record(r, &entity_member, &m));
    if (above(r, &m)) return DENIED;
    m.active = active;
    TRY(store_save(&r->c, &entity_member, &m));
    log_info("member %lld %s member %lld", (long long)r->c.who.id, active ? "let in" : "ended",
             (long long)m.row.id);
    return go_toast(r, url_own(S("/settings/members")), said, r->c.batch);
}

enum status member_end(struct req *r) {
    return set_active(r, false, N_("Access has ended."));
}

enum status member_back(struct req *r) {
    return set_active(r, true, N_("The member may come in again."));
}

enum status member_link(struct req *r) {
    struct member m;
    TRY(req_record(r, &entity_member, &m));
    if (above(r, &m) || !m.active) return DENIED;
    return make_link(r, m.row.id, m.name);
}

/* --- Teams --- */

enum status teams_show(struct req *r) {
    struct ctx *c = &r->c;
    struct teams_page p = { .name = input_of(r, "name", "text", N_("Team|Name"), S("")) };
    struct team *teams;
    struct rows rows;
    int n;
    p.name.required = true;
    TRY(db_query(c->tx, &teams_every, &rows));
    TRY(all_teams(c, &teams, &n));
    p.teams.v = arena_array(c->arena, struct team_line, n + 1);
    for (int i = 0; i < n; i++) {
        long long id = teams[i].row.id;
        p.teams.v[p.teams.n++] = (struct team_line){
            .name = teams[i].name,
            .version = teams[i].row.version,
            .members_n = i < rows.n ? row_int(&rows, i, "members_n") : 0,
            .save = url_printf(c->arena, "/settings/teams/%lld", id),
            .end = url_printf(c->arena, "/settings/teams/%lld/delete", id),
        };
    }
    return PAGE(r, T(c, "Teams"), "settings", page_teams, &p);
}

enum status teams_add(struct req *r) {
    struct team *t = row_new(&r->c, &entity_team);
    TRY(form_read(&r->c, &r->form, &entity_team, t));
    TRY(store_save(&r->c, &entity_team, t));
    return go_toast(r, url_own(S("/settings/teams")), N_("Saved."), r->c.batch);
}

enum status team_save(struct req *r) {
    struct team t;
    int64_t id;
    if (!req_arg_id(r, 0, &id)) return MISSING;
    TRY(store_load(&r->c, &entity_team, id, &t));
    TRY(form_read(&r->c, &r->form, &entity_team, &t));
    TRY(store_save(&r->c, &entity_team, &t));
    return go_toast(r, url_own(S("/settings/teams")), N_("Saved."), r->c.batch);
}

enum status team_end(struct req *r) {
    int64_t id;
    if (!req_arg_id(r, 0, &id)) return MISSING;
    TRY(store_delete(&r->c, &entity_team, id, 0));
    return go_toast(r, url_own(S("/settings/teams")), N_("The team was deleted."), r->c.batch);
}
