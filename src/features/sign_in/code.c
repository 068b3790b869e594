/* The second page of signing in: a code of the app, or a recovery code. Between the two pages there
 * is no session: a cookie of ten minutes says that the password was right, signed with what only
 * this process knows and bound to the password's hash, so that a new password ends it. Routes:
 * feature.c. Calls factor.c, guess.c and core/web/session.c. */
#include "core/app/factor.h"
#include "core/app/secret.h"
#include "core/web/device.h"
#include "core/web/guess.h"
#include "core/web/journal.h"
#include "core/web/prove.h"
#include "core/web/rate.h"
#include "core/web/session.h"
#include "features/member/member.h"
#include "features/sign_in/pages.h"
#include "features/sign_in/sign_in.h"
#include "lib/base/log.h"

enum { HALF_MS = 10 * 60 * 1000 };

static const char *cookie_name(const struct app *app) {
    return app->config.https ? "__Host-daftar_half" : "daftar_half";
}

static struct str half_sign(struct req *r, int64_t member, int64_t until, struct str hash) {
    struct arena *a = r->c.arena;
    return secret_sign(
        r->app, a, "half",
        str_printf(a, "%lld %lld %.*s", (long long)member, (long long)until, SF(hash)));
}

static void set_half(struct req *r, struct str value, int age_s) {
    struct str cookie =
        str_printf(r->c.arena, "%s=%.*s; Path=/; Max-Age=%d; HttpOnly; SameSite=Lax%s",
                   cookie_name(r->app), SF(value), age_s, r->app->config.https ? "; Secure" : "");
    http_pairs_add(r->c.arena, &r->headers, S("Set-Cookie"), cookie);
}

/* Whose password was right a moment ago, in a transaction; SIGNED_OUT: nobody's. */
static enum status half_account(struct req *r, struct account *out) {
    struct str rest = http_cookie(r->c.arena, r->http, cookie_name(r->app)), member, until;
    int64_t id, until_ms;
    if (!str_cut(&rest, '.', &member) || !str_cut(&rest, '.', &until) || !rest.p) return SIGNED_OUT;
    if (!str_to_i64(member, &id) || !str_to_i64(until, &until_ms)) return SIGNED_OUT;
    if (until_ms < r->c.now_ms) return SIGNED_OUT;
    enum status s = account_of(&r->c, id, out);
    if (s != OK) return s == MISSING ? SIGNED_OUT : s;
    return secret_equal(rest, half_sign(r, id, until_ms, out->hash)) ? OK : SIGNED_OUT;
}

static enum status begin_session(struct req *r, int64_t member, bool factor, struct str next) {
    TRY(account_links_gone(&r->c, member));
    TRY(session_start(r, member, factor));
    log_info("member %lld signed in from %.*s", (long long)member, SF(r->peer));
    r->c.who.id = member; /* for the journal: he did it */
    req_event(r, EVENT_SIGNED_IN, member);
    return go(r, url_own(next));
}

enum status session_enter(struct req *r, int64_t member, struct str next) {
    struct factor factor;
    struct account account;
    TRY(factor_find(&r->c, member, &factor));
    if (!factor.on) return begin_session(r, member, false, next);
    TRY(account_of(&r->c, member, &account));
    int64_t until = r->c.now_ms + HALF_MS;
    set_half(r,
             str_printf(r->c.arena, "%lld.%lld.%.*s", (long long)member, (long long)until,
                        SF(half_sign(r, member, until, account.hash))),
             HALF_MS / 1000);
    return go(r, url_query(r->c.arena, url_own(S("/sign-in/code")), "next", next));
}

/* --- The page --- */

static struct url code_url(struct req *r, bool recovery, struct str next) {
    struct url to = url_own(recovery ? S("/sign-in/code?way=recovery") : S("/sign-in/code"));
    struct str lang = http_query(r->http, "language");
    if (lang.n) to = url_query(r->c.arena, to, "language", lang);
    return next.n > 1 ? url_query(r->c.arena, to, "next", next) : to;
}

static enum status show(struct req *r, const char *problem) {
    struct ctx *c = &r->c;
    struct str next = req_form(r, "next");
    struct code_page p = { .recovery = str_eq_z(req_query(r, "way"), "recovery") };
    if (!next.p) next = req_query(r, "next");
    p.next = req_next(r, next).s;
    p.here = code_url(r, p.recovery, NO_STR);
    p.other = code_url(r, !p.recovery, p.next);
    p.code = code_input(r, "code", p.recovery ? N_("Recovery code") : N_("Code of the app"));
    if (p.recovery) {
        p.code.complete = "off";
        p.code.mode = NULL;
    }
    p.code.focus = true;
    if (problem) p.problem = str_of(T(c, problem));
    return PAGE(r, T(c, "Sign in"), NULL, page_code, &p);
}

enum status session_code_page(struct req *r) {
    struct account account;
    if (r->c.who.id) return go(r, req_next(r, req_query(r, "next")));
    enum status s = half_account(r, &account);
    if (s == SIGNED_OUT) return go(r, url_own(S("/sign-in")));
    return s == OK ? show(r, NULL) : s;
}

struct half {
    struct account account;
    struct guess guess;
    int64_t device;
};

static enum status find_half(struct req *r, struct half *h) {
    struct tx *tx;
    TRY(db_read(r->app->db, r->c.arena, &tx));
    r->c.tx = tx;
    enum status s = half_account(r, &h->account);
    if (s == OK) s = device_find(r, &r->c, h->account.id, &h->device);
    r->c.tx = NULL;
    return db_end(tx, s);
}

enum status session_code_prepare(struct req *r) {
    struct half *h = arena_new_of(r->c.arena, struct half);
    r->kept = h;
    if (req_form(r, "code").n > 200) return MALFORMED;
    enum status s = find_half(r, h);
    if (s == SIGNED_OUT) return OK; /* the handler sends him to the first page */
    if (s != OK || !req_form(r, "code").n) return s;
    h->guess = guess_of(r, GUESS_CODE, h->device, h->account.key);
    s = guess_take(r, h->guess);
    struct str counted = str_printf(r->c.arena, "code-paused %.*s", SF(h->account.key));
    if (s == TOO_MANY && tries_take(r->app->rates, counted, r->c.now_ms) == OK)
        journal_event(r->app, &r->c, EVENT_CODE_PAUSED, h->account.id, r->peer);
    return s;
}

enum status session_code(struct req *r) {
    struct half *h = r->kept;
    struct account now;
    bool good = false, recovery = false;
    enum status s = h->account.id ? half_account(r, &now) : SIGNED_OUT;
    if (s == SIGNED_OUT) return go(r, url_own(S("/sign-in")));
    if (s != OK) return s;
    if (req_form(r, "code").n) {
        TRY(code_take(r, now.id, req_form(r, "code"), &good, &recovery));
        if (!good) req_event(r, EVENT_CODE_REFUSED, now.id);
    }
    if (!good) {
        r->status = 422;
        return show(r, N_("This code is not right, or it was used already."));
    }
    TRY(guess_right(&r->c, h->guess));
    if (recovery) req_event(r, EVENT_RECOVERY_USED, now.id);
    set_half(r, S(""), 0);
    return begin_session(r, now.id, true, req_next(r, req_form(r, "next")).s);
}
