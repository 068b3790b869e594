/* Members and teams: fields and rules. Called by the store, by sign-in and by the settings. */
#include "features/member/member.h"

#include "core/web/device.h"
#include "core/web/session.h"
#include "lib/text/fold.h"

static const struct choice member_roles[] = {
    { "owner", N_("Role|Owner"), NULL },   { "manager", N_("Role|Manager"), NULL },
    { "member", N_("Role|Member"), NULL }, { "accountant", N_("Role|Accountant"), NULL },
    { "reader", N_("Role|Reader"), NULL }, { NULL, NULL, NULL },
};
static const struct choice member_sees[] = {
    { "all", N_("Sees|All clients"), NULL },
    { "team", N_("Sees|Clients of the team"), NULL },
    { "own", N_("Sees|Own clients"), NULL },
    { NULL, NULL, NULL },
};
static const struct choice member_languages[] = {
    { "fa", "فارسی", NULL },   { "ar", "العربية", NULL }, { "fr", "Français", NULL },
    { "en", "English", NULL }, { NULL, NULL, NULL },
};
static const struct choice member_calendars[] = {
    { "gregorian", N_("Calendar|Gregorian"), NULL },
    { "persian", N_("Calendar|Solar Hijri"), NULL },
    { "umalqura", N_("Calendar|Islamic (Umm al-Qura)"), NULL },
    { NULL, NULL, NULL },
};
static const struct choice member_digits[] = {
    { "latn", "0123456789", NULL },
    { "arabext", "۰۱۲۳۴۵۶۷۸۹", NULL },
    { "arab", "٠١٢٣٤٥٦٧٨٩", NULL },
    { NULL, NULL, NULL },
};

#define FIELD(...) ENTITY_FIELD(member, __VA_ARGS__)
static const struct field member_fields[] = {
#include "features/member/member.def"
};
#undef FIELD
#define FIELD(...) ENTITY_FIELD(team, __VA_ARGS__)
static const struct field team_fields[] = {
#include "features/member/team.def"
};
#undef FIELD

SQL(member_ids,
    "SELECT id FROM member WHERE deleted_at IS NULL AND active = 1 ORDER BY name, id LIMIT 1000");
SQL(member_by_key, "SELECT id FROM member WHERE email_key = :key");
SQL(member_by_name,
    "SELECT id FROM member WHERE deleted_at IS NULL AND name = :name ORDER BY id LIMIT 1");
SQL(member_other_owners, "SELECT count(*) AS n FROM member WHERE role = 'owner' AND active = 1 "
                         "AND deleted_at IS NULL AND id <> :id");
SQL(team_by_name, "SELECT id FROM team WHERE name = :name AND deleted_at IS NULL");

enum status member_all(struct ctx *c, struct members *out) {
    struct rows r;
    void *rows;
    TRY(db_query(c->tx, &member_ids, &r));
    int64_t *ids = arena_array(c->arena, int64_t, r.n + 1);
    for (int i = 0; i < r.n; i++) ids[i] = row_int(&r, i, "id");
    TRY(store_load_all(c, &entity_member, ids, r.n, &rows, &out->n));
    out->v = rows;
    return OK;
}

static struct str member_title(struct ctx *c, const void *row) {
    (void)c;
    return ((const struct member *)row)->name;
}

static struct str team_title(struct ctx *c, const void *row) {
    (void)c;
    return ((const struct team *)row)->name;
}

static enum status first_id(struct ctx *c, const struct sql *sql, const char *param, struct str v,
                            int64_t *id) {
    struct rows r;
    TRY(db_query(c->tx, sql, &r, P(param, v)));
    *id = r.n ? row_int(&r, 0, "id") : 0;
    return OK;
}

static enum status member_find(struct ctx *c, struct str name, int64_t *id) {
    TRY(first_id(c, &member_by_key, "key", fold_email(c->arena, name), id));
    return *id ? OK : first_id(c, &member_by_name, "name", name, id);
}

static enum status team_find(struct ctx *c, struct str name, int64_t *id) {
    return first_id(c, &team_by_name, "name", name, id);
}

/* The firm must keep an owner who can come in. */
static enum status keep_an_owner(struct ctx *c, const struct member *m,
                                 const struct member *before) {
    struct rows r;
    bool was = before && str_eq(before->role, S("owner")) && before->active;
    if (!was || (str_eq(m->role, S("owner")) && m->active)) return OK;
    TRY(db_query(c->tx, &member_other_owners, &r, P("id", m->row.id)));
    if (row_int(&r, 0, "n") > 0) return OK;
    return ctx_problem(c, S("role"), N_("The firm needs at least one active owner."));
}

/* Nobody opens more clients to somebody than he sees himself. */
static bool sees_more(const struct ctx *c, const struct member *m, const struct member *was) {
    bool all = str_eq(m->sees, S("all")), team = str_eq(m->sees, S("team"));
    if (was && str_eq(was->sees, m->sees) && was->team == m->team) return false;
    if (c->who.sees == SEES_OWN) return all || team;
    return c->who.sees == SEES_TEAM && (all || (team && m->team != c->who.team));
}

static enum status member_check(struct ctx *c, void *row, const void *before) {
    struct member *m = row;
    int64_t other;
    m->email_key = fold_email(c->arena, m->email);
    TRY(first_id(c, &member_by_key, "key", m->email_key, &other));
    if (other && other != m->row.id)
        ctx_problem(c, S("email"), N_("A member with this e-mail exists already."));
    if (m->first_weekday < 0 || m->first_weekday > 7)
        ctx_problem(c, S("first_weekday"), N_("Choose a day of the week."));
    enum role role;
    const struct member *was = before;
    if (was && str_eq(was->role, S("owner")) && c->who.role < ROLE_OWNER)
        ctx_problem(c, S("role"), N_("Only an owner can change an owner."));
    bool raised =
        role_of(m->role, &role) && (!was || !str_eq(was->role, m->role)) && role > c->who.role;
    if (raised) ctx_problem(c, S("role"), N_("You cannot give more rights than you have."));
    if (sees_more(c, m, was))
        ctx_problem(c, S("sees"), N_("You cannot give more rights than you have."));
    if (str_eq(m->sees, S("team")) && !m->team)
        ctx_problem(c, S("team"), N_("Choose the team whose clients this member may see."));
    enum status st = keep_an_owner(c, m, before);
    return st != OK ? st : c->problems.n ? INVALID : OK;
}

/* Who leaves is out at once: sessions and tokens end in the same transaction. */
static enum status member_saved(struct ctx *c, const void *row, const void *before) {
    const struct member *m = row, *was = before;
    if (!m && was) { /* deleted: the rule of the last owner holds here too */
        struct member gone = *was;
        gone.active = 0;
        TRY(keep_an_owner(c, &gone, was));
        if (str_eq(was->role, S("owner")) && c->who.role < ROLE_OWNER) return DENIED;
    }
    if (m && !was && str_eq(m->role, S("owner")) && c->who.role < ROLE_OWNER)
        return DENIED; /* brought back from the bin */
    if (!was) return OK;
    bool in = m && m->active, other = m && !str_eq(m->email_key, was->email_key);
    if (!in || other) TRY(account_links_gone(c, was->row.id));
    if (in && str_eq(m->role, was->role)) return OK;
    TRY(session_end_all(c, was->row.id, 0)); /* other rights: signed in anew (T-33) */
    if (in) return OK;
    TRY(device_forget_all(c, was->row.id));
    return token_revoke_all(c, was->row.id);
}

const struct entity entity_member = { .name = "member",
                                      .plural = "members",
                                      .label = N_("Member"),
                                      .label_plural = N_("Members"),
                                      .size = sizeof(struct member),
                                      .fields = member_fields,
                                      .fields_n = COUNT(member_fields),
                                      .has_deleted = true,
                                      .may_read = ROLE_READER,
                                      .may_write = ROLE_MANAGER,
                                      .check = member_check,
                                      .saved = member_saved,
                                      .title = member_title,
                                      .find = member_find };
const struct entity entity_team = { .name = "team",
                                    .plural = "teams",
                                    .label = N_("Team"),
                                    .label_plural = N_("Teams"),
                                    .size = sizeof(struct team),
                                    .fields = team_fields,
                                    .fields_n = COUNT(team_fields),
                                    .has_deleted = true,
                                    .may_read = ROLE_READER,
                                    .may_write = ROLE_MANAGER,
                                    .title = team_title,
                                    .find = team_find };
