/* How I come in: the state of my second factor, my password, my sessions. Also what forms show of
 * their sender (struct shown), for the pages that ask for a password or a code themselves. Routes:
 * feature.c. Calls accounts, sessions, guess.c. */
#include "core/app/factor.h"
#include "core/app/secret.h"
#include "core/web/device.h"
#include "core/web/journal.h"
#include "core/web/password.h"
#include "core/web/prove.h"
#include "core/web/session.h"
#include "features/settings/pages.h"
#include "lib/base/log.h"
#include "lib/locale/date.h"

/* --- What is shown --- */

static enum status sessions(struct req *r, struct session_lines *out) {
    struct ctx *c = &r->c;
    struct session_rows all;
    TRY(session_list(c, c->who.id, r->session, &all));
    out->v = arena_array(c->arena, struct session_line, all.n + 1);
    for (int i = 0; i < all.n; i++)
        out->v[out->n++] = (struct session_line){
            .browser = session_browser(c, all.v[i].user_agent),
            .address = all.v[i].address,
            .since = instant_show(c->arena, c->loc, all.v[i].created_at, INSTANT_RELATIVE),
            .seen = instant_show(c->arena, c->loc, all.v[i].seen_at, INSTANT_RELATIVE),
            .end = url_printf(c->arena, "/settings/sessions/%lld/end", (long long)all.v[i].id),
            .current = all.v[i].current,
        };
    return OK;
}

static bool asks_code(const struct req *r) {
    return r->factor_on && r->c.now_ms - r->proved_at > PROOF_MS;
}

enum status security_show(struct req *r) {
    struct ctx *c = &r->c;
    struct factor factor;
    struct firm_row firm;
    struct security_page p = { .factor = false };
    TRY(factor_find(c, c->who.id, &factor));
    p.factor = factor.on;
    p.codes_left = factor.codes_left;
    if (factor.on) p.since = instant_show(c->arena, c->loc, factor.confirmed_at, INSTANT_RELATIVE);
    enum role own = c->who.role; /* the setting is the owners' to read; here it is only obeyed */
    c->who.role = ROLE_OWNER;
    enum status s = firm_load(c, &firm);
    c->who.role = own;
    TRY(s);
    p.binds = factor_binds(firm.two_factor, own);
    p.old = input_of(r, "old", "password", N_("Current password"), S(""));
    p.old.complete = "current-password";
    p.fresh = input_of(r, "new", "password", N_("New password"), S(""));
    p.fresh.complete = "new-password";
    p.fresh.hint = password_hint();
    if (asks_code(r)) p.code = code_input(r, "code", N_("Code of the app"));
    struct token_rows tokens;
    TRY(token_list(c, c->who.id, &tokens));
    if (tokens.n)
        p.tokens = input_of(r, "tokens", "check", N_("Revoke my tokens for programs, too"), NO_STR);
    TRY(sessions(r, &p.sessions));
    r->narrow = true;
    return PAGE(r, T(c, "Sign-in and safety"), "settings", page_security, &p);
}

/* --- What a form shows of its sender --- */

static enum status read_account(struct req *r, struct account *out, int64_t *device) {
    struct tx *tx;
    TRY(db_read(r->app->db, r->c.arena, &tx));
    r->c.tx = tx;
    enum status s = account_of(&r->c, r->c.who.id, out);
    if (s == OK) s = device_find(r, &r->c, r->c.who.id, device);
    r->c.tx = NULL;
    return db_end(tx, s);
}

enum status shown_password(struct req *r, const char *field, struct shown *s) {
    struct ctx *c = &r->c;
    struct str typed = req_form(r, field);
    int64_t device;
    bool good;
    if (typed.n > LIMIT_PASSWORD) return MALFORMED;
    if (!typed.n) return ctx_problem(c, str_of(field), N_("This may not be empty."));
    TRY(read_account(r, &s->was, &device));
    s->password = guess_of(r, GUESS_PASSWORD, device, s->was.key);
    TRY(guess_take(r, s->password));
    TRY(password_verify(r->app->hasher, c->arena, s->was.hash, password_clean(c->arena, typed),
                        &good));
    if (good) return OK;
    journal_event(r->app, c, EVENT_PROOF_REFUSED, c->who.id, r->peer);
    return ctx_problem(c, str_of(field), N_("This is not your password."));
}

enum status shown_code_take(struct req *r, struct shown *s) {
    struct account account;
    int64_t device;
    TRY(read_account(r, &account, &device));
    s->code = guess_of(r, GUESS_CODE, device, account.key);
    return guess_take(r, s->code);
}

enum status shown_code(struct req *r, const char *field, const struct shown *s) {
    bool good, recovery;
    if (!s->code.most) return OK; /* none was asked for */
    TRY(code_take(r, r->c.who.id, req_form(r, field), &good, &recovery));
    if (good) return OK;
    journal_event(r->app, &r->c, EVENT_PROOF_REFUSED, r->c.who.id, r->peer);
    return ctx_problem(&r->c, str_of(field), N_("This code is not right, or it was used already."));
}

enum status shown_right(struct req *r, const struct shown *s) {
    if (s->password.most) TRY(guess_right(&r->c, s->password));
    if (s->code.most) TRY(guess_right(&r->c, s->code));
    return session_proved(r);
}

/* --- A new password --- */

struct new_password {
    struct shown shown;
    struct str hash;
};

enum status password_prepare(struct req *r) {
    struct ctx *c = &r->c;
    struct new_password *p = arena_new_of(c->arena, struct new_password);
    struct str fresh = password_clean(c->arena, req_form(r, "new"));
    struct str known[] = { c->who.name, c->who.email, c->firm.name };
    r->kept = p;
    TRY(password_check(c, S("new"), fresh, known, COUNT(known)));
    TRY(shown_password(r, "old", &p->shown));
    if (asks_code(r)) TRY(shown_code_take(r, &p->shown));
    return password_hash(r->app->hasher, c->arena, fresh, &p->hash);
}

enum status password_save(struct req *r) {
    struct ctx *c = &r->c;
    const struct new_password *p = r->kept;
    struct account now;
    TRY(account_of(c, c->who.id, &now));
    if (!str_eq(now.hash, p->shown.was.hash)) return STALE;
    TRY(shown_code(r, "code", &p->shown));
    TRY(shown_right(r, &p->shown));
    TRY(account_set_password(c, c->who.id, p->hash));
    TRY(session_end_all(c, c->who.id, r->session));
    if (req_form(r, "tokens").n) {
        TRY(token_revoke_all(c, c->who.id));
        req_event(r, EVENT_TOKEN_REVOKED, c->who.id);
    }
    req_event(r, EVENT_PASSWORD, c->who.id);
    log_info("member %lld changed the password", (long long)c->who.id);
    return go_toast(r, url_own(S("/settings/security")),
                    N_("The password was changed; all other sessions have ended."), 0);
}

/* --- Sessions --- */

enum status session_stop(struct req *r) {
    int64_t id;
    if (!req_arg_id(r, 0, &id)) return MISSING;
    TRY(session_end(&r->c, r->c.who.id, id));
    req_event(r, EVENT_SESSION_ENDED, r->c.who.id);
    return go_toast(r, url_own(S("/settings/security")), N_("The session has ended."), 0);
}

enum status session_stop_others(struct req *r) {
    TRY(session_end_all(&r->c, r->c.who.id, r->session));
    req_event(r, EVENT_SESSION_ENDED, r->c.who.id);
    return go_toast(r, url_own(S("/settings/security")), N_("All other sessions have ended."), 0);
}
