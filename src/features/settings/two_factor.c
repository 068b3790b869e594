/* Turning the second factor on and off, its recovery codes. Routes: feature.c. Calls factor.c for
 * codes, lib/image for the QR code, security.c for what forms show of their sender. */
#include "core/app/factor.h"
#include "core/app/secret.h"
#include "core/web/journal.h"
#include "core/web/prove.h"
#include "core/web/session.h"
#include "features/settings/pages.h"
#include "lib/base/log.h"
#include "lib/image/image.h"
#include "lib/locale/date.h"

/* --- The page --- */

/* Dark runs as one path, on white with the quiet zone of 4 that readers need, whatever the scheme.
 */
static struct markup draw_qr(struct req *r, const struct qr *qr) {
    struct buf b = { .arena = r->c.arena };
    int side = qr->side + 8;
    buf_printf(&b,
               "<svg class=\"qr\" xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" "
               "width=\"232\" height=\"232\" role=\"img\" aria-label=\"%s\" "
               "shape-rendering=\"crispEdges\"><rect width=\"%d\" height=\"%d\" fill=\"#fff\"/>"
               "<path fill=\"#000\" d=\"",
               side, side, T(&r->c, "Picture for the app to scan"), side, side);
    for (int y = 0; y < qr->side; y++)
        for (int x = 0, n; x < qr->side; x += n ? n : 1) {
            for (n = 0; x + n < qr->side && qr->modules[y * qr->side + x + n]; n++) {
            }
            if (n) buf_printf(&b, "M%d %dh%dv1h-%dz", x + 4, y + 4, n, n);
        }
    buf_add_z(&b, "\"/></svg>");
    return (struct markup){ buf_str(&b) };
}

static bool fresh_proof(const struct req *r) {
    return r->c.now_ms - r->proved_at <= PROOF_MS;
}

static enum status fill_seed(struct req *r, struct two_factor_page *p) {
    struct ctx *c = &r->c;
    struct str seed;
    struct qr qr;
    enum status s = factor_seed(r->app, c, c->who.id, &seed);
    if (s == MISSING) return OK; /* of a key that is gone: begin again */
    if (s != OK) return s;
    struct str uri = factor_uri(c->arena, seed, c->firm.name, c->who.email);
    TRY(qr_encode(c->arena, uri, &qr));
    p->qr = draw_qr(r, &qr);
    p->secret = factor_text(c->arena, seed);
    p->code = code_input(r, "code", N_("Code of the app"));
    p->code.focus = c->problems.n > 0;
    p->begun = true;
    return OK;
}

enum status two_factor_show(struct req *r) {
    struct ctx *c = &r->c;
    struct factor f;
    struct two_factor_page p = { .due = r->factor_due };
    TRY(factor_find(c, c->who.id, &f));
    p.on = f.on;
    p.codes_left = f.codes_left;
    if (f.on) p.since = instant_show(c->arena, c->loc, f.confirmed_at, INSTANT_RELATIVE);
    /* A seed that waits is not shown to whoever finds the screen open later. */
    if (f.begun && !f.on && fresh_proof(r)) TRY(fill_seed(r, &p));
    p.password = input_of(r, "password", "password", N_("Password"), S(""));
    p.password.complete = "current-password";
    p.password.required = true;
    p.off_code = code_input(r, "code", N_("Code of the app"));
    p.off_code.mode = NULL;
    p.off_code.hint = N_("Six digits of your app, or one of your recovery codes.");
    r->narrow = true;
    return PAGE(r, T(c, "Two-factor sign-in"), "settings", page_two_factor, &p);
}

enum status two_factor_begin(struct req *r) {
    TRY(factor_begin(r->app, &r->c, r->c.who.id));
    return go(r, url_own(S("/settings/two-factor")));
}

/* --- Recovery codes: shown by the answer of the form that made them, once --- */

static enum status show_codes(struct req *r, bool first) {
    struct ctx *c = &r->c;
    struct codes_page p = { .first = first };
    TRY(recovery_make(c, c->who.id, &p.codes));
    req_event(r, EVENT_RECOVERY_MADE, c->who.id);
    p.all = str_join(c->arena, p.codes.v, p.codes.n, S("\n"));
    r->narrow = true;
    return PAGE(r, T(c, "Recovery codes"), "settings", page_codes, &p);
}

enum status two_factor_codes(struct req *r) {
    struct factor f;
    TRY(factor_find(&r->c, r->c.who.id, &f));
    return f.on ? show_codes(r, false) : CONFLICT;
}

/* The codes as a file, without scripts: the form sends back what it showed. Only codes pass. */
enum status two_factor_file(struct req *r) {
    struct ctx *c = &r->c;
    struct str rest = req_form(r, "codes"), line;
    struct buf b = { .arena = c->arena };
    int n = 0;
    buf_printf(&b, "%s\n%.*s\n%.*s\n\n", T(c, "Daftar: recovery codes"), SF(c->firm.name),
               SF(c->who.email));
    while (rest.n && str_cut(&rest, '\n', &line)) {
        line = str_trim(line);
        if (!line.n) continue;
        if (!recovery_shape(line) || ++n > RECOVERY_CODES_N) return MALFORMED;
        buf_printf(&b, "%.*s\n", SF(line));
    }
    if (!n) return MALFORMED;
    buf_printf(&b, "\n%s\n", T(c, "Each works once, in place of the code of your app."));
    http_pairs_add(c->arena, &r->headers, S("Content-Disposition"),
                   S("attachment; filename=\"daftar-recovery-codes.txt\""));
    return reply_text(r, "text/plain; charset=utf-8", buf_str(&b));
}

/* --- On and off --- */

enum status two_factor_confirm_prepare(struct req *r) {
    struct shown *s = arena_new_of(r->c.arena, struct shown);
    r->kept = s;
    if (!factor_is_code(r->c.arena, req_form(r, "code")))
        return ctx_problem(&r->c, S("code"), N_("Type the six digits that the app shows."));
    return shown_code_take(r, s);
}

enum status two_factor_confirm(struct req *r) {
    struct ctx *c = &r->c;
    struct factor f;
    bool good;
    const struct shown *s = r->kept;
    TRY(factor_find(c, c->who.id, &f));
    if (!f.begun || f.on) return CONFLICT;
    TRY(factor_take(r->app, c, c->who.id, req_form(r, "code"), &good));
    if (!good)
        return ctx_problem(c, S("code"),
                           N_("This code is not right. Is the clock of the phone right?"));
    TRY(guess_right(c, s->code));
    TRY(session_factor_given(r));
    TRY(session_end_all(c, c->who.id, r->session));
    r->factor_on = true;
    r->factor_due = false;
    req_event(r, EVENT_FACTOR_ON, c->who.id);
    log_info("member %lld turned on the second factor", (long long)c->who.id);
    return show_codes(r, true);
}

enum status two_factor_off_prepare(struct req *r) {
    struct shown *s = arena_new_of(r->c.arena, struct shown);
    r->kept = s;
    if (!r->factor_on) return CONFLICT;
    TRY(shown_password(r, "password", s));
    return shown_code_take(r, s);
}

enum status two_factor_off(struct req *r) {
    struct ctx *c = &r->c;
    const struct shown *s = r->kept;
    struct account now;
    TRY(account_of(c, c->who.id, &now));
    if (!str_eq(now.hash, s->was.hash)) return STALE;
    TRY(shown_code(r, "code", s));
    TRY(shown_right(r, s));
    TRY(factor_off(c, c->who.id));
    TRY(session_factor_gone(r));
    TRY(session_end_all(c, c->who.id, r->session));
    req_event(r, EVENT_FACTOR_OFF, c->who.id);
    log_info("member %lld turned off the second factor", (long long)c->who.id);
    return go_toast(r, url_own(S("/settings/security")),
                    N_("Two-factor sign-in is off; all other sessions have ended."), 0);
}
