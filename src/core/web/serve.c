/* The one gate (serve.h). Order of a request: host, route, body, session, right, CSRF, rate,
 * transaction, handler, commit, reply; each refusal is a status and looks as refuse.c says.
 * Called by lib/http's workers and by tests; calls admit.c, the route's handler, answer.c. */
#include "core/web/serve.h"

#include "core/job/job.h"
#include "core/web/gate.h"
#include "core/web/journal.h"
#include "core/web/lead.h"
#include "core/web/memo.h"
#include "core/web/rate.h"
#include "lib/base/log.h"

enum { TRIES_MAX = 4 }; /* a first run and three more */

/* What a failed run has put into the reply goes; problems and what is kept for the form stay. */
static void forget_reply(struct req *r) {
    r->status = 0;
    r->body = (struct buf){ .arena = r->c.arena };
    r->headers = (struct http_pairs){ .v = NULL };
    r->go = NO_STR;
    r->raw = NULL;
    r->type = NO_STR;
}

enum status gate_transaction(struct gate *g, bool write, enum status (*f)(struct gate *g)) {
    struct req *r = &g->r;
    const struct gate before = *g;
    struct arena_mark mark = arena_mark(r->c.arena);
    for (int try = 1;; try++) {
        struct tx *tx;
        enum status s =
            write ? db_write(r->app->db, r->c.arena, &tx) : db_read(r->app->db, r->c.arena, &tx);
        if (s == OK) {
            r->c.tx = tx;
            s = f(g);
            r->c.tx = NULL;
            s = db_end(tx, s);
        }
        if (s != BUSY || try == TRIES_MAX) return s;
        arena_back(r->c.arena, mark);
        *g = before;
    }
}

static bool runs(const struct gate *g) {
    return g->routed.route && !g->r.go.n && !g->r.status;
}

/* First transaction: who is it, may he; a READ route is answered in it. */
static enum status first(struct gate *g) {
    struct req *r = &g->r;
    TRY(admit_identify(g));
    TRY(admit_right(g));
    if (!runs(g)) return OK;
    if (r->c.who.id && journal_stuck(r->app->journal)) return BROKEN;
    TRY(admit_origin(g));
    if (r->route->flags & ROUTE_NO_CSRF && r->http->method == HTTP_POST)
        TRY(rate_take(r->app->rates, r->peer, r->c.now_ms));
    TRY(prove_admit(g));
    if (!runs(g) || g->proving) return OK;
    if (r->route->access != ACCESS_READ) return OK;
    TRY(lead_on(r));
    return runs(g) ? r->route->handler(r) : OK;
}

static enum status handle(struct gate *g) {
    return g->r.route->handler(&g->r);
}

static enum status again(struct gate *g) {
    return g->r.route->again(&g->r);
}

static enum status afterwards(struct gate *g) {
    return g->r.after(&g->r);
}

static enum status second(struct gate *g) {
    struct req *r = &g->r;
    const struct route *route = r->route;
    if (r->http->body_lost) return req_no_room(r);
    enum status s = route->prepare ? route->prepare(r) : OK;
    if (s == OK && route->access == ACCESS_NONE) return route->handler(r);
    if (s == OK && runs(g)) s = gate_transaction(g, true, handle);
    if (s == OK && r->c.enqueued) jobs_wake(r->app->jobs);
    bool full = s == BROKEN && db_fault(r->app->db) == DB_FULL;
    if (!route->again || (s != INVALID && s != CONFLICT && s != STALE && !full)) return s;
    forget_reply(r);
    if (full) { /* what was typed stays in the form, to be sent again when there is room */
        (void)ctx_problem(&r->c, NO_STR, refuse_full);
        r->status = 507;
    }
    enum status shown = gate_transaction(g, false, again);
    if (shown == OK && !r->status) r->status = http_status_of(s);
    return shown;
}

/* Fields of the body, before any transaction: a form may be long. */
static enum status read_body(struct gate *g) {
    struct req *r = &g->r;
    if (!r->route || g->api || r->http->body_n == 0 || r->http->body_lost) return OK;
    struct str why = NO_STR, type = http_header(r->http, "content-type");
    enum status s = OK;
    if (http_is_multipart(r->http)) {
        if (!(r->route->flags & ROUTE_UPLOAD)) return MALFORMED;
        s = multipart_parse(r->c.arena, r->http, &r->form, &r->files, &why);
    } else if (str_eq_ascii(str_sub(type, 0, 33), S("application/x-www-form-urlencoded"))) {
        s = http_form(r->c.arena, r->http->body, &r->form, &why);
    }
    if (s != OK) log_info("%s: %.*s", r->route->pattern, SF(why));
    /* A stranger's megabyte is not a file that is too large, it is nonsense (T-36). */
    return s == TOO_BIG && (r->route->flags & ROUTE_NO_CSRF) ? MALFORMED : s;
}

static enum status run_anew(struct gate *g) {
    struct req *r = &g->r;
    TRY(read_body(g));
    TRY(gate_transaction(g, false, first));
    if (g->proving) {
        TRY(prove_given(g));
        if (r->route->access == ACCESS_READ) TRY(gate_transaction(g, false, handle));
    }
    if (r->after && gate_transaction(g, true, afterwards) != OK)
        log_warn("%s: what follows the page could not be written", r->route->pattern);
    if (!runs(g) || r->route->access == ACCESS_READ) return OK;
    return second(g);
}

static enum status run(struct gate *g) {
    struct memo_key key;
    TRY(admit_host(g));
    if (memo_find(g, &key)) return OK;
    TRY(run_anew(g));
    memo_keep(g, &key);
    return OK;
}

static struct gate gate_new(struct app *app, int worker, struct arena *arena,
                            const struct http_request *http) {
    struct gate g = { .routed = router_find(app->router, http->method, http->path) };
    struct req *r = &g.r;
    r->app = app;
    r->http = http;
    r->worker = worker;
    r->peer = admit_peer(app, arena, http);
    r->route = g.routed.route;
    memcpy(r->args, g.routed.args, sizeof r->args);
    g.api = str_starts(http->path, S("/api/"));
    r->c = (struct ctx){ .arena = arena,
                         .door = g.api ? DOOR_API : DOOR_WEB,
                         .now_ms = app_now_ms(app) };
    random_bytes(&r->c.dice.state, sizeof r->c.dice.state);
    admit_language(&g);
    forget_reply(r);
    return g;
}

void web_serve(struct app *app, int worker, struct arena *arena, const struct http_request *http,
               struct http_reply *reply) {
    struct gate g = gate_new(app, worker, arena, http);
    if (answer_asset(&g, reply)) return;
    enum status s = run(&g);
    if (s == MISSING && g.r.route && g.r.route->need == NEED_NOTHING) /* guessing one-time links */
        if (rate_take(app->rates, g.r.peer, g.r.c.now_ms) != OK) s = TOO_MANY;
    for (int i = 0; s == OK && i < g.r.events_n; i++)
        journal_event(app, &g.r.c, (enum journal_what)g.r.events[i].what, g.r.events[i].member,
                      g.r.peer);
    if (s != OK) {
        bool keeps_status = g.r.status >= 400;
        int status = g.r.status;
        forget_reply(&g.r);
        if (keeps_status) g.r.status = status;
        if (g.r.ask_proof)
            prove_ask(&g);
        else
            refuse(&g, s);
    }
    answer(&g, reply);
}

void web_serve_http(void *app, int worker, struct arena *arena, const struct http_request *http,
                    struct http_reply *reply) {
    web_serve(app, worker, arena, http, reply);
}

static enum status admit_upload(struct gate *g) {
    TRY(admit_identify(g));
    TRY(admit_right(g));
    if (!runs(g)) return SIGNED_OUT;
    return admit_origin(g);
}

enum status web_head(void *app, struct arena *arena, const struct http_request *http,
                     int64_t *max_body) {
    struct app *a = app;
    struct gate g = gate_new(a, a->config.threads - 1, arena, http);
    if (g.routed.route && (g.routed.route->flags & ROUTE_NO_CSRF)) return MALFORMED;
    if (!g.routed.route || !(g.routed.route->flags & ROUTE_UPLOAD)) return TOO_BIG;
    TRY(admit_host(&g));
    TRY(gate_transaction(&g, false, admit_upload));
    *max_body = LIMIT_UPLOAD;
    return OK;
}

static enum status health(struct req *r) {
    return reply_text(r, "text/plain; charset=utf-8", S("ok\n"));
}

static const struct route routes[] = {
    { .method = HTTP_GET,
      .pattern = "/health",
      .need = NEED_NOTHING,
      .access = ACCESS_READ,
      .handler = health },
};
const struct routes web_routes = { routes, sizeof routes / sizeof *routes };
