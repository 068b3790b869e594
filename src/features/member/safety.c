/* How members come in, as owners see it: second factor, sessions, and ending them; and the command
 * member for those who are locked out. Routes: feature.c. Calls factor.c, core/web/session.c. */
#include "core/app/factor.h"
#include "core/entity/history.h"
#include "core/web/device.h"
#include "core/web/journal.h"
#include "core/web/session.h"
#include "features/member/pages.h"
#include "lib/base/log.h"
#include "lib/locale/date.h"

SQL(safety_with_factor, "SELECT member FROM factor WHERE confirmed_at IS NOT NULL");

static struct str key_of(struct arena *a, int64_t member) {
    return str_printf(a, "%lld", (long long)member);
}

enum status safety_factors(struct ctx *c, struct map *out) {
    struct rows r;
    *out = map_new(c->arena);
    TRY(db_query(c->tx, &safety_with_factor, &r));
    for (int i = 0; i < r.n; i++) *map_at(out, key_of(c->arena, row_int(&r, i, "member"))) = out;
    return OK;
}

bool safety_has(struct ctx *c, const struct map *factors, int64_t member) {
    return map_get(factors, key_of(c->arena, member)) != NULL;
}

enum status safety_of(struct req *r, int64_t member, struct safety *out) {
    struct ctx *c = &r->c;
    struct session_rows all;
    struct factor f;
    *out = (struct safety){ .shown = true, .self = member == c->who.id };
    TRY(factor_find(c, member, &f));
    TRY(session_list(c, member, r->session, &all));
    out->factor = f.on;
    if (f.on) out->since = instant_show(c->arena, c->loc, f.confirmed_at, INSTANT_RELATIVE);
    out->reset = url_printf(c->arena, "/settings/members/%lld/factor/reset", (long long)member);
    out->end_all = url_printf(c->arena, "/settings/members/%lld/sessions/end", (long long)member);
    out->sessions.v = arena_array(c->arena, struct safety_session, all.n + 1);
    for (int i = 0; i < all.n; i++)
        out->sessions.v[out->sessions.n++] = (struct safety_session){
            .browser = session_browser(c, all.v[i].user_agent),
            .address = all.v[i].address,
            .since = instant_show(c->arena, c->loc, all.v[i].created_at, INSTANT_RELATIVE),
            .seen = instant_show(c->arena, c->loc, all.v[i].seen_at, INSTANT_RELATIVE),
            .end = url_printf(c->arena, "/settings/members/%lld/sessions/%lld/end",
                              (long long)member, (long long)all.v[i].id),
            .current = all.v[i].current,
        };
    return OK;
}

static enum status member_of(struct req *r, struct member *m) {
    int64_t id;
    if (!req_arg_id(r, 0, &id)) return MISSING;
    return store_load(&r->c, &entity_member, id, m);
}

static enum status back(struct req *r, int64_t member, const char *said) {
    return go_toast(r, url_printf(r->c.arena, "/settings/members/%lld", (long long)member), said,
                    0);
}

enum status member_session_end(struct req *r) {
    struct member m;
    int64_t session;
    TRY(member_of(r, &m));
    if (!req_arg_id(r, 1, &session)) return MISSING;
    TRY(session_end(&r->c, m.row.id, session));
    req_event(r, EVENT_SESSION_ENDED, m.row.id);
    return back(r, m.row.id, N_("The session has ended."));
}

enum status member_sessions_end(struct req *r) {
    struct member m;
    TRY(member_of(r, &m));
    TRY(session_end_all(&r->c, m.row.id, r->session));
    TRY(device_forget_all(&r->c, m.row.id));
    req_event(r, EVENT_SESSION_ENDED, m.row.id);
    return back(r, m.row.id, N_("All sessions of this member have ended."));
}

/* No field changes, but the history says who did it to whom; there is nothing to take back. */
static enum status reset(struct ctx *c, const struct member *m, int64_t keep) {
    struct factor f;
    bool *mask = arena_array(c->arena, bool, entity_member.fields_n + entity_member.manys_n + 1);
    TRY(factor_find(c, m->row.id, &f));
    if (!f.begun) return MISSING;
    c->batch_title = str_of(T(c, "Two-factor sign-in was reset"));
    TRY(history_write(c, &entity_member, ACTION_CHANGE, m, m, mask));
    TRY(factor_off(c, m->row.id));
    TRY(device_forget_all(c, m->row.id));
    return session_end_all(c, m->row.id, keep);
}

enum status member_factor_reset(struct req *r) {
    struct member m;
    TRY(member_of(r, &m));
    if (m.row.id == r->c.who.id) return DENIED; /* one's own is turned off with password and code */
    TRY(reset(&r->c, &m, 0));
    req_event(r, EVENT_FACTOR_RESET, m.row.id);
    log_info("member %lld reset the second factor of member %lld", (long long)r->c.who.id,
             (long long)m.row.id);
    return back(r, m.row.id, N_("The second factor was reset; all sessions of this member ended."));
}

/* --- daftar member --- */

static enum status reset_by_email(struct ctx *c, void *arg) {
    struct cli *cli = arg;
    struct account account;
    struct member m;
    TRY(account_find(c, str_of(cli_get(cli, "--reset-factor")), &account));
    if (!account.id) return MISSING;
    TRY(store_load(c, &entity_member, account.id, &m));
    enum status s = reset(c, &m, 0);
    return s == MISSING ? CONFLICT : s;
}

static enum status run(struct cli *cli) {
    const char *email = cli_get(cli, "--reset-factor");
    enum status s = cli_write(cli, reset_by_email, cli);
    if (s == MISSING) return cli_say(cli, s, "no active member has the e-mail %s", email);
    if (s == CONFLICT) return cli_say(cli, s, "%s has no second factor", email);
    if (s == OK) printf("the second factor of %s is off, and all sessions have ended\n", email);
    return s;
}

static const struct option options[] = {
    { .name = "--reset-factor",
      .takes = "EMAIL",
      .help = "turns off the second factor of that member, who lost phone and recovery codes",
      .required = true },
    { .name = NULL },
};
const struct command command_member = {
    .name = "member",
    .usage = "--data DIR --reset-factor EMAIL",
    .help = "Lets a member in who lost the second factor.",
    .options = options,
    .flags = COMMAND_SET_UP,
    .run = run,
};
