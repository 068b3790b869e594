/* Signing in and out, one-time links, the echo of a typed date. Routes: feature.c. Calls
 * core/web/session.c, member's accounts and the hasher; the password is looked at in prepare(),
 * outside the writer. */
#include "features/sign_in/pages.h"

#include "core/app/secret.h"
#include "core/web/device.h"
#include "core/web/guess.h"
#include "core/web/journal.h"
#include "core/web/password.h"
#include "core/web/rate.h"
#include "core/web/session.h"
#include "features/member/member.h"
#include "features/sign_in/sign_in.h"
#include "features/view/view.h"
#include "lib/base/log.h"
#include "lib/locale/date.h"
#include "lib/text/fold.h"

/* The welcome comes once, at the owner's first visit; whoever knows another address is not held up.
 */
enum status session_start_page(struct req *r) {
    const struct firm *firm;
    TRY(app_firm(r->app, r->c.tx, r->c.firm.version, &firm));
    struct url start;
    if (!firm->welcomed && r->c.who.role == ROLE_OWNER) return go(r, url_own(S("/welcome")));
    TRY(view_start(&r->c, &start));
    return go(r, start);
}

/* --- Signing in --- */

static enum status show_sign_in(struct req *r, const char *problem) {
    struct ctx *c = &r->c;
    struct str next = req_form(r, "next");
    struct sign_in_page p = { .firm = c->firm.name, .lang = str_of(lang_code(c->loc->lang)) };
    p.next = next.p ? next : req_query(r, "next");
    if (problem) p.problem = str_of(T(c, problem));
    p.email = input_of(r, "email", "email", N_("E-mail"), S(""));
    p.email.complete = "username";
    p.email.required = true;
    p.email.focus = !problem;
    p.password = input_of(r, "password", "password", N_("Password"), S(""));
    p.password.complete = "current-password";
    p.password.required = true;
    p.password.focus = problem != NULL;
    return PAGE(r, T(c, "Sign in"), NULL, page_sign_in, &p);
}

enum status session_sign_in_page(struct req *r) {
    if (r->c.who.id) return go(r, req_next(r, req_query(r, "next")));
    return show_sign_in(r, NULL);
}

struct sign_in {
    struct account account;
    struct guess guess;
    struct str key, fresh; /* fresh: the hash made anew, when the stored one is of older days */
    int64_t device;
    bool good;
};

static enum status find_account(struct req *r, struct str email, struct sign_in *in) {
    struct tx *tx;
    TRY(db_read(r->app->db, r->c.arena, &tx));
    r->c.tx = tx;
    enum status s = account_find(&r->c, email, &in->account);
    if (s == OK) s = device_find(r, &r->c, in->account.id, &in->device);
    r->c.tx = NULL;
    return db_end(tx, s);
}

/* Strangers' names leave ten lines in a quarter of an hour at most, a member's name too. */
static void note_refusal(struct req *r, enum journal_what what, int64_t member, struct str name) {
    struct str counted = str_printf(r->c.arena, "%s %.*s", journal_event_name(what),
                                    SF(member ? name : S("nobody")));
    log_info("sign-in refused from %.*s", SF(r->peer));
    if (tries_take(r->app->rates, counted, r->c.now_ms) == OK)
        journal_event(r->app, &r->c, what, member, r->peer);
}

enum status session_sign_in_prepare(struct req *r) {
    struct arena *a = r->c.arena;
    struct sign_in *in = arena_new_of(a, struct sign_in);
    struct str email = req_form(r, "email"), password = req_form(r, "password");
    r->kept = in;
    if (!email.n || !password.n) return OK; /* the handler says so: no hash is run */
    if (password.n > LIMIT_PASSWORD || email.n > 400) return MALFORMED;
    in->key = fold_email(a, email);
    TRY(find_account(r, email, in));
    in->guess = guess_of(r, GUESS_PASSWORD, in->device, in->key);
    enum status s = guess_take(r, in->guess);
    if (s == TOO_MANY) note_refusal(r, EVENT_SIGN_IN_PAUSED, in->account.id, in->key);
    if (s != OK) return s;
    password = password_clean(a, password);
    TRY(password_verify(r->app->hasher, a, in->account.hash, password, &in->good));
    if (!in->good || !password_outdated(a, in->account.hash)) return OK;
    return password_hash(r->app->hasher, a, password, &in->fresh);
}

enum status session_sign_in(struct req *r) {
    struct sign_in *in = r->kept;
    struct account now;
    struct str next = req_next(r, req_form(r, "next")).s;
    if (in->good) { /* the password may have been changed while it was looked at */
        enum status s = account_of(&r->c, in->account.id, &now);
        if (s != OK && s != MISSING) return s;
        in->good = s == OK && str_eq(now.hash, in->account.hash);
    }
    if (!in->good) {
        if (in->key.n) note_refusal(r, EVENT_SIGN_IN_REFUSED, in->account.id, in->key);
        r->status = 422;
        return show_sign_in(r, N_("The e-mail or the password is not right."));
    }
    TRY(guess_right(&r->c, in->guess));
    if (in->fresh.n) TRY(account_set_password(&r->c, in->account.id, in->fresh));
    return session_enter(r, in->account.id, next);
}

enum status session_sign_out(struct req *r) {
    enum status s = session_end(&r->c, r->c.who.id, r->session);
    if (s != OK && s != MISSING) return s;
    session_forget_cookie(r);
    req_event(r, EVENT_SIGNED_OUT, r->c.who.id);
    return go(r, url_own(S("/sign-in")));
}

/* --- Choosing a password by a one-time link --- */

enum status session_choose_page(struct req *r) {
    struct ctx *c = &r->c;
    int64_t member;
    struct account account;
    TRY(account_of_link(c, r->args[0], false, &member));
    TRY(account_of(c, member, &account));
    struct choose_page p = { .name = account.name };
    p.action = url_printf(c->arena, "/password/%.*s", SF(url_encode(c->arena, r->args[0])));
    p.password = input_of(r, "password", "password", N_("New password"), S(""));
    p.password.complete = "new-password";
    p.password.hint = password_hint();
    p.password.required = p.password.focus = true;
    return PAGE(r, T(c, "Choose a password"), NULL, page_choose_password, &p);
}

static enum status link_account(struct req *r, struct account *out) {
    struct tx *tx;
    int64_t member;
    TRY(db_read(r->app->db, r->c.arena, &tx));
    r->c.tx = tx;
    enum status s = account_of_link(&r->c, r->args[0], false, &member);
    if (s == OK) s = account_of(&r->c, member, out);
    r->c.tx = NULL;
    return db_end(tx, s);
}

enum status session_choose_prepare(struct req *r) {
    struct arena *a = r->c.arena;
    struct account account;
    TRY(link_account(r, &account)); /* strangers do not make us hash */
    struct str password = password_clean(a, req_form(r, "password"));
    struct str known[] = { account.name, account.key, r->c.firm.name };
    TRY(password_check(&r->c, S("password"), password, known, 3));
    struct str *hash = arena_new_of(a, struct str);
    TRY(password_hash(r->app->hasher, a, password, hash));
    r->kept = hash;
    return OK;
}

enum status session_choose(struct req *r) {
    int64_t member;
    const struct str *hash = r->kept;
    TRY(account_of_link(&r->c, r->args[0], true, &member));
    TRY(account_set_password(&r->c, member, *hash));
    TRY(session_end_all(&r->c, member, 0));
    TRY(device_forget_all(&r->c, member));
    r->session = 0; /* whoever sat here before: his session is not that member's */
    r->c.who.id = 0;
    req_event(r, EVENT_LINK_USED, member);
    req_event(r, EVENT_PASSWORD, member);
    return session_enter(r, member, S("/clients"));
}

/* --- What the program understands of a typed date --- */

enum status session_echo_date(struct req *r) {
    struct ctx *c = &r->c;
    struct str text = req_query(r, "text");
    struct day day;
    struct date_problem why = { .msgid = NULL };
    if (text.n > LIMIT_PARAM) return TOO_BIG;
    bool good = date_parse_partial(c->arena, c->loc, text.p ? text : S(""), &day, &why);
    struct str said = good ? date_echo(c->arena, c->loc, day) : S("");
    if (why.msgid) {
        struct str more = tr_fill(c->arena, T(c, why.msgid), why.args, why.args_n);
        said = good ? str_printf(c->arena, "%.*s · %.*s", SF(said), SF(more)) : more;
    }
    if (!good) r->status = 422;
    return reply_text(r, "text/plain; charset=utf-8", said);
}
