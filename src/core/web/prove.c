/* Asking once more who it is, before what harms (ROUTE_PROVEN in req.h, trust.md T-37): one page,
 * for the code where the second factor is on, for the password else. It stands at /prove in front
 * of pages; in front of a form it carries along all that was typed. Called by serve.c; calls the
 * hasher, factor.c and guess.c. */
#include "core/web/prove.h"

#include "core/app/factor.h"
#include "core/app/secret.h"
#include "core/web/device.h"
#include "core/web/gate.h"
#include "core/web/guess.h"
#include "core/web/journal.h"
#include "core/web/password.h"
#include "core/web/serve.h"
#include "core/web/session.h"

SQL(prove_member, "SELECT password_hash, email_key FROM member WHERE id = :id");

struct proof {
    struct str given, hash, key;
    struct guess guess;
    int64_t device;
    bool good, recovery;
};

static bool proved(const struct req *r) {
    return r->session && r->c.now_ms - r->proved_at <= PROOF_MS;
}

static bool safe(const struct req *r) {
    return r->http->method == HTTP_GET || r->http->method == HTTP_HEAD;
}

static struct str here(struct req *r) {
    if (!r->http->query_raw.n) return r->http->path;
    return str_printf(r->c.arena, "%.*s?%.*s", SF(r->http->path), SF(r->http->query_raw));
}

/* The same as an address of a form: the path came decoded. */
static struct url action_here(struct req *r) {
    struct arena *a = r->c.arena;
    struct str rest = str_sub(r->http->path, 1, r->http->path.n), piece, path = S("");
    while (rest.n && str_cut(&rest, '/', &piece))
        path = str_printf(a, "%.*s/%.*s", SF(path), SF(url_encode(a, piece)));
    if (r->http->query_raw.n) path = str_printf(a, "%.*s?%.*s", SF(path), SF(r->http->query_raw));
    return url_own(path);
}

static struct url prove_url(struct req *r) {
    return url_query(r->c.arena, url_own(S("/prove")), "next", here(r));
}

enum status req_prove(struct req *r) {
    if (proved(r)) return OK;
    r->ask_proof = true;
    return DENIED;
}

enum status prove_admit(struct gate *g) {
    struct req *r = &g->r;
    if (!r->session || g->api) return OK;
    g->proving = !safe(r) && req_form(r, "prove").p;
    if (g->proving || !(r->route->flags & ROUTE_PROVEN) || proved(r)) return OK;
    if (safe(r) && !req_wants_fragment(r)) return go(r, prove_url(r));
    return req_prove(r);
}

/* --- Looking at the answer --- */

enum status code_take(struct req *r, int64_t member, struct str typed, bool *good, bool *recovery) {
    struct ctx *c = &r->c;
    *recovery = !factor_is_code(c->arena, typed);
    if (*recovery) return recovery_take(c, member, typed, good);
    return factor_take(r->app, c, member, typed, good);
}

static enum status find(struct gate *g) {
    struct req *r = &g->r;
    struct rows rows;
    TRY(db_query(r->c.tx, &prove_member, &rows, P("id", r->c.who.id)));
    if (rows.n == 0) return SIGNED_OUT;
    g->proof->hash = row_str(&rows, 0, "password_hash");
    g->proof->key = row_str(&rows, 0, "email_key");
    return device_find(r, &r->c, r->c.who.id, &g->proof->device);
}

static enum status write_proof(struct gate *g) {
    struct req *r = &g->r;
    struct proof *p = g->proof;
    if (r->factor_on) TRY(code_take(r, r->c.who.id, p->given, &p->good, &p->recovery));
    if (!p->good) return INVALID;
    TRY(guess_right(&r->c, p->guess));
    return session_proved(r);
}

/* The answer goes out of the form: the handler sees what the person typed for it. */
static void without_answer(struct req *r) {
    int n = 0;
    struct http_pair *v = arena_array(r->c.arena, struct http_pair, r->form.n + 1);
    for (int i = 0; i < r->form.n; i++)
        if (!str_eq_z(r->form.v[i].name, "prove")) v[n++] = r->form.v[i];
    r->form.v = v;
    r->form.n = n;
}

static enum status refused(struct gate *g, const char *why, int status) {
    struct req *r = &g->r;
    r->ask_proof = true;
    r->status = status;
    (void)ctx_problem(&r->c, S("prove"), why);
    return DENIED;
}

static enum status wrong(struct gate *g) {
    struct req *r = &g->r;
    journal_event(r->app, &r->c, EVENT_PROOF_REFUSED, r->c.who.id, r->peer);
    return refused(g,
                   r->factor_on ? N_("This code is not right, or it was used already.")
                                : N_("This is not your password."),
                   422);
}

enum status prove_given(struct gate *g) {
    struct req *r = &g->r;
    struct proof *p = g->proof = arena_new_of(r->c.arena, struct proof);
    p->given = req_form(r, "prove");
    without_answer(r);
    if (p->given.n > LIMIT_PASSWORD) return MALFORMED;
    if (proved(r)) return OK; /* in another tab, meanwhile */
    if (!p->given.n) return refused(g, N_("This may not be empty."), 422);
    TRY(gate_transaction(g, false, find));
    p->guess = guess_of(r, r->factor_on ? GUESS_CODE : GUESS_PASSWORD, p->device, p->key);
    enum status s = guess_take(r, p->guess);
    if (s == TOO_MANY)
        return refused(g, N_("Too many attempts: there is a pause of some minutes now."), 429);
    if (s != OK) return s;
    if (!r->factor_on)
        TRY(password_verify(r->app->hasher, r->c.arena, p->hash,
                            password_clean(r->c.arena, p->given), &p->good));
    if (!r->factor_on && !p->good) return wrong(g);
    s = gate_transaction(g, true, write_proof);
    if (s == INVALID) return wrong(g);
    if (s == OK && p->recovery)
        journal_event(r->app, &r->c, EVENT_RECOVERY_USED, r->c.who.id, r->peer);
    return s;
}

/* --- The page --- */

struct input code_input(struct req *r, const char *name, const char *label) {
    struct input i = input_of(r, name, "text", label, S(""));
    i.value = NO_STR; /* what was typed is used up or wrong */
    i.complete = "one-time-code";
    i.mode = "numeric";
    i.ltr = i.required = true;
    return i;
}

static struct prove_page page_of(struct req *r) {
    struct prove_page p = { .factor = r->factor_on };
    if (r->factor_on) {
        p.prove = code_input(r, "prove", N_("Code of the app"));
        p.prove.mode = NULL; /* a recovery code has letters */
        p.prove.hint = N_("Six digits of your app, or one of your recovery codes.");
    } else {
        p.prove = input_of(r, "prove", "password", N_("Password"), S(""));
        p.prove.complete = "current-password";
        p.prove.required = true;
    }
    p.prove.focus = true;
    r->narrow = true;
    return p;
}

static enum status show(struct req *r, struct prove_page *p) {
    return PAGE(r, T(&r->c, "Is it you?"), "", page_prove, p);
}

void prove_ask(struct gate *g) {
    struct req *r = &g->r;
    struct prove_page p = page_of(r);
    if (!r->status) r->status = 403;
    p.action = action_here(r);
    p.kept.v = arena_array(r->c.arena, struct http_pair, r->form.n + 1);
    for (int i = 0; i < r->form.n; i++)
        if (!str_eq_z(r->form.v[i].name, "prove") && !str_eq_z(r->form.v[i].name, "csrf"))
            p.kept.v[p.kept.n++] = r->form.v[i];
    if (r->status == 429) http_pairs_add(r->c.arena, &r->headers, S("Retry-After"), S("300"));
    if (req_wants_fragment(r))
        http_pairs_add(r->c.arena, &r->headers, S("HX-Redirect"), prove_url(r).s);
    if (show(r, &p) != OK) refuse(g, BROKEN);
}

static enum status prove_show(struct req *r) {
    struct prove_page p = page_of(r);
    p.action = url_own(S("/prove"));
    http_pairs_add(r->c.arena, &p.kept, S("next"), req_next(r, req_query(r, "next")).s);
    return show(r, &p);
}

/* The answer was looked at before: whoever comes here has given a right one. */
static enum status prove_done(struct req *r) {
    TRY(req_prove(r));
    return go(r, req_next(r, req_form(r, "next")));
}

static const struct route routes[] = {
    { .method = HTTP_GET,
      .pattern = "/prove",
      .need = NEED_READER,
      .access = ACCESS_READ,
      .handler = prove_show,
      .flags = ROUTE_FACTOR_FIRST },
    { .method = HTTP_POST,
      .pattern = "/prove",
      .need = NEED_READER,
      .access = ACCESS_NONE,
      .handler = prove_done,
      .flags = ROUTE_FACTOR_FIRST },
};
const struct routes prove_routes = { routes, sizeof routes / sizeof *routes };
