/* My own settings: language, calendar, digits, week, zone, name; password; sessions; tokens.
 * Routes: feature.c. Calls the store (the person's own member record), accounts and sessions. */
#include "core/app/secret.h"
#include "core/entity/form.h"
#include "core/web/password.h"
#include "core/web/rate.h"
#include "core/web/session.h"
#include "features/member/member.h"
#include "features/settings/pages.h"
#include "lib/base/log.h"
#include "lib/locale/date.h"
#include "lib/locale/zone.h"
#include "lib/text/fold.h"

static enum status load_me(struct req *r, struct member *m) {
    return store_load(&r->c, &entity_member, r->c.who.id, m);
}

/* --- What is shown --- */

/* An input whose first choice is to do as the business does. */
static struct input own_choice(struct req *r, const char *name, const char *label, struct str value,
                               void (*choose)(struct req *r, struct input *i)) {
    struct input i = input_of(r, name, "select", label, value);
    if (choose != choose_zone) input_choice(r, &i, "", str_of(T(&r->c, "As the business")));
    choose(r, &i);
    return i;
}

/* "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) …Firefox/128.0": the parts that people know. */
static struct str browser_of(struct arena *a, struct str agent) {
    static const char *const browsers[][2] = { { "Firefox/", "Firefox" }, { "Edg/", "Edge" },
                                               { "OPR/", "Opera" },       { "Chrome/", "Chrome" },
                                               { "Safari/", "Safari" },   { "curl/", "curl" } };
    static const char *const systems[][2] = { { "Android", "Android" }, { "iPhone", "iPhone" },
                                              { "iPad", "iPad" },       { "Windows", "Windows" },
                                              { "Mac OS X", "macOS" },  { "Linux", "Linux" } };
    const char *browser = NULL, *on = NULL;
    for (int i = 0; i < COUNT(browsers) && !browser; i++)
        if (str_find(agent, str_of(browsers[i][0])) >= 0) browser = browsers[i][1];
    for (int i = 0; i < COUNT(systems) && !on; i++)
        if (str_find(agent, str_of(systems[i][0])) >= 0) on = systems[i][1];
    if (!browser) return agent.n ? str_sub(agent, 0, 40) : S("?");
    return on ? str_printf(a, "%s · %s", browser, on) : str_of(browser);
}

static enum status sessions(struct req *r, struct session_lines *out) {
    struct ctx *c = &r->c;
    struct session_rows all;
    TRY(session_list(c, c->who.id, r->session, &all));
    out->v = arena_array(c->arena, struct session_line, all.n + 1);
    for (int i = 0; i < all.n; i++)
        out->v[out->n++] = (struct session_line){
            .browser = browser_of(c->arena, all.v[i].user_agent),
            .address = all.v[i].address,
            .seen = instant_show(c->arena, c->loc, all.v[i].seen_at, INSTANT_RELATIVE),
            .end = url_printf(c->arena, "/settings/sessions/%lld/end", (long long)all.v[i].id),
            .current = all.v[i].current,
        };
    return OK;
}

enum status me_show(struct req *r) {
    struct ctx *c = &r->c;
    struct member m;
    TRY(load_me(r, &m));
    struct str day = m.first_weekday ? str_printf(c->arena, "%d", (int)m.first_weekday) : S("");
    struct me_page p = { .version = m.row.version };
    p.name = input_of(r, "name", "text", N_("Your name"), m.name);
    p.name.required = true;
    p.language = own_choice(r, "language", N_("Language"), m.language, choose_language);
    p.calendar = own_choice(r, "calendar", N_("Calendar"), m.calendar, choose_calendar);
    p.digits = own_choice(r, "digits", N_("Digits"), m.digits, choose_digits);
    p.first_weekday =
        own_choice(r, "first_weekday", N_("First day of the week"), day, choose_weekday);
    p.zone = own_choice(r, "zone", N_("Time zone"), m.zone, choose_zone);
    p.zone.hint = N_("Empty: as the business.");
    p.old = input_of(r, "old", "password", N_("Current password"), S(""));
    p.old.complete = "current-password";
    p.fresh = input_of(r, "new", "password", N_("New password"), S(""));
    p.fresh.complete = "new-password";
    p.fresh.hint = N_("At least 10 characters; a short sentence works well.");
    TRY(sessions(r, &p.sessions));
    r->narrow = true;
    return PAGE(r, T(c, "My settings"), "settings", page_me, &p);
}

/* --- What is changed --- */

enum status me_save(struct req *r) {
    static const char *const allowed[] = { "name", "language",      "calendar", "digits",
                                           "zone", "first_weekday", "csrf",     "version" };
    struct ctx *c = &r->c;
    struct member m;
    for (int i = 0; i < r->form.n; i++) {
        bool known = false;
        for (int k = 0; k < COUNT(allowed); k++) known |= str_eq_z(r->form.v[i].name, allowed[k]);
        if (!known) return MALFORMED;
    }
    TRY(load_me(r, &m));
    TRY(form_read(c, &r->form, &entity_member, &m));
    if (m.zone.n && !zone_get(r->app->zones, m.zone))
        return ctx_problem(c, S("zone"),
                           N_("There is no time zone “{value}”. It looks like Asia/Tehran."),
                           ARG("value", m.zone));
    /* The entity is the managers' to write; these fields of one's own record are everybody's. */
    enum role own = c->who.role;
    if (c->who.role < ROLE_MANAGER) c->who.role = ROLE_MANAGER;
    enum status s = store_save(c, &entity_member, &m);
    c->who.role = own;
    TRY(s);
    return go_toast(r, url_own(S("/settings")), N_("Saved."), 0);
}

struct new_password {
    struct account was;
    struct str hash;
};

static enum status read_account(struct req *r, struct account *out) {
    struct tx *tx;
    TRY(db_read(r->app->db, r->c.arena, &tx));
    r->c.tx = tx;
    enum status s = account_of(&r->c, r->c.who.id, out);
    r->c.tx = NULL;
    return db_end(tx, s);
}

enum status password_prepare(struct req *r) {
    struct ctx *c = &r->c;
    struct new_password *p = arena_new_of(c->arena, struct new_password);
    struct str old = req_form(r, "old"), fresh = password_clean(c->arena, req_form(r, "new"));
    struct str known[] = { c->who.name, c->who.email, c->firm.name };
    bool good;
    r->kept = p;
    if (old.n > LIMIT_PASSWORD) return MALFORMED;
    TRY(password_check(c, S("new"), fresh, known, 3));
    struct str key = fold_email(c->arena, c->who.email);
    TRY(tries_take(r->app->rates, key, c->now_ms));
    TRY(read_account(r, &p->was));
    TRY(password_verify(r->app->hasher, c->arena, p->was.hash, password_clean(c->arena, old),
                        &good));
    if (!good) return ctx_problem(c, S("old"), N_("This is not your password."));
    tries_forget(r->app->rates, key);
    return password_hash(r->app->hasher, c->arena, fresh, &p->hash);
}

enum status password_save(struct req *r) {
    struct ctx *c = &r->c;
    const struct new_password *p = r->kept;
    struct account now;
    TRY(account_of(c, c->who.id, &now));
    if (!str_eq(now.hash, p->was.hash)) return STALE;
    TRY(account_set_password(c, c->who.id, p->hash));
    TRY(session_end_all(c, c->who.id, r->session));
    log_info("member %lld changed the password", (long long)c->who.id);
    return go_toast(r, url_own(S("/settings")),
                    N_("The password was changed; all other sessions have ended."), 0);
}

enum status session_stop(struct req *r) {
    int64_t id;
    if (!req_arg_id(r, 0, &id)) return MISSING;
    TRY(session_end(&r->c, r->c.who.id, id));
    return go_toast(r, url_own(S("/settings")), N_("The session has ended."), 0);
}

enum status session_stop_others(struct req *r) {
    TRY(session_end_all(&r->c, r->c.who.id, r->session));
    return go_toast(r, url_own(S("/settings")), N_("All other sessions have ended."), 0);
}
