/* From the head of a request to the handler's door: host, language, who, right, origin (gate.h).
 * Called by serve.c only; calls session.c and app.c. Every refusal is a status. */
#include <arpa/inet.h>

#include "core/app/secret.h"
#include "core/web/gate.h"
#include "core/web/rate.h"
#include "core/web/session.h"

/* --- Host: only names that people gave us, so that no foreign page can speak to us under its own
 * name, and no link is ever made of what a stranger wrote (T-24) --- */

static bool is_address(struct str s) {
    bool dots = s.n > 0;
    for (size_t i = 0; i < s.n; i++)
        dots = dots && (s.p[i] == '.' || (s.p[i] >= '0' && s.p[i] <= '9'));
    if (dots) return true;
    if (s.n < 4 || s.p[0] != '[' || s.p[s.n - 1] != ']') return false;
    for (size_t i = 1; i + 1 < s.n; i++)
        if (!strchr("0123456789abcdefABCDEF:.", s.p[i])) return false;
    return true;
}

static struct str without_port(struct str host) {
    size_t n = host.n;
    while (n && host.p[n - 1] >= '0' && host.p[n - 1] <= '9') n--;
    return n && n < host.n && host.p[n - 1] == ':' ? str_sub(host, 0, n - 1) : host;
}

enum status admit_host(struct gate *g) {
    struct str host = without_port(http_header(g->r.http, "host"));
    if (str_eq_ascii(host, S("localhost")) || is_address(host)) return OK;
    const struct app_config *c = &g->r.app->config;
    for (int i = 0; i < c->hosts_n; i++)
        if (str_eq_ascii(host, str_of(c->hosts[i]))) return OK;
    g->r.status = 421; /* Misdirected Request, RFC 9110 section 15.5.20 */
    return MALFORMED;
}

/* --- Whom it comes from --- */

static bool is_proxy(const struct app_config *c, struct str address) {
    for (int i = 0; i < c->proxies_n; i++)
        if (str_eq_ascii(address, str_of(c->proxies[i]))) return true;
    return false;
}

/* "192.0.2.7", "192.0.2.7:1234", "[2001:db8::1]:1234", as proxies write it; else NO_STR. */
static struct str written_address(struct arena *a, struct str s) {
    unsigned char parsed[16];
    char shown[INET6_ADDRSTRLEN];
    s = str_trim(s);
    ptrdiff_t end = str_find_c(s, ']');
    if (s.n && s.p[0] == '[' && end > 0)
        s = str_sub(s, 1, (size_t)end - 1);
    else if (str_find_c(s, '.') > 0 && str_find_c(s, ':') > 0 && s.p[0] != ':')
        s = without_port(s);
    if (s.n == 0 || s.n >= sizeof shown) return NO_STR;
    int family = str_find_c(s, ':') >= 0 ? AF_INET6 : AF_INET;
    if (inet_pton(family, str_z(a, s), parsed) != 1) return NO_STR;
    return str_of(str_z(a, str_of(inet_ntop(family, parsed, shown, sizeof shown))));
}

struct str admit_peer(const struct app *app, struct arena *a, const struct http_request *http) {
    struct str at = http->peer;
    for (int i = http->headers.n - 1; i >= 0; i--) { /* the last line was added last */
        if (!str_eq_z(http->headers.v[i].name, "x-forwarded-for")) continue;
        for (struct str rest = http->headers.v[i].value; rest.n;) {
            if (!is_proxy(&app->config, at)) return at;
            size_t cut = rest.n;
            while (cut && rest.p[cut - 1] != ',') cut--;
            struct str said = written_address(a, str_sub(rest, cut, rest.n));
            if (!said.n) return at; /* what makes no sense hides nobody */
            at = said;
            rest = str_sub(rest, 0, cut ? cut - 1 : 0);
        }
    }
    return at;
}

/* --- Language of people who are not signed in --- */

/* "fr-CH, fr;q=0.9, en;q=0.8": the supported language that is liked best; false when none is. */
static bool accepted_language(struct str header, enum lang *out) {
    struct str piece;
    int best = 0;
    for (struct str rest = header; rest.n && str_cut(&rest, ',', &piece);) {
        struct str tag;
        (void)str_cut(&piece, ';', &tag);
        tag = str_trim(tag);
        int q = 1000;
        struct str weight = str_trim(piece.p ? piece : S(""));
        if (str_starts(weight, S("q="))) {
            q = 0;
            int unit = 1000;
            for (size_t i = 2; i < weight.n && unit; i++) {
                if (weight.p[i] == '.') continue;
                if (weight.p[i] < '0' || weight.p[i] > '9') break;
                q += (weight.p[i] - '0') * unit;
                unit /= 10;
            }
        }
        enum lang lang;
        char code[2] = { tag.n > 0 ? (char)(tag.p[0] | 32) : 0,
                         tag.n > 1 ? (char)(tag.p[1] | 32) : 0 };
        bool two = tag.n == 2 || (tag.n > 2 && tag.p[2] == '-');
        if (!two || q <= best || !lang_of((struct str){ code, 2 }, &lang)) continue;
        best = q;
        *out = lang;
    }
    return best > 0;
}

void admit_language(struct gate *g) {
    struct ctx *c = &g->r.c;
    enum lang lang;
    bool chosen = lang_of(http_query(g->r.http, "language"), &lang) ||
                  accepted_language(http_header(g->r.http, "accept-language"), &lang);
    const struct firm *firm = g->firm;
    if (!chosen && firm) {
        app_choose(g->r.app, c, firm, NO_STR, NO_STR, NO_STR, 0, NO_STR);
        return;
    }
    const struct firm_proposal *p = firm_propose(chosen ? lang : LANG_EN);
    app_choose(g->r.app, c, firm, str_of(p->language), str_of(p->calendar), str_of(p->digits),
               p->first_weekday, firm ? NO_STR : str_of(p->zone));
}

/* A program says with each call in which language its person reads; else the member's own counts.
 */
static void ask_in_language(struct ctx *c, struct str header) {
    enum lang lang;
    if (!accepted_language(header, &lang) || lang == c->loc->lang) return;
    struct locale *own = arena_new_of(c->arena, struct locale);
    *own = *c->loc;
    own->lang = lang;
    c->loc = own;
}

/* --- Who --- */

enum status admit_identify(struct gate *g) {
    struct req *r = &g->r;
    bool bearer = g->api && http_header(r->http, "authorization").p;
    enum status found = bearer ? token_find(r) : g->api ? OK : session_find(r);
    if (found == SIGNED_OUT) TRY(rate_take(r->app->rates, r->peer, r->c.now_ms)); /* guessing */
    if (found != OK) return found;
    enum status s = app_firm(r->app, r->c.tx, r->c.who.id ? r->c.firm.version : -1, &g->firm);
    if (s == MISSING) return OK; /* not set up: admit_right says what may be seen */
    if (s != OK) return s;
    if (!r->c.who.id)
        admit_language(g);
    else if (g->api)
        ask_in_language(&r->c, http_header(r->http, "accept-language"));
    r->c.collator = app_collator(r->app, r->worker, g->firm->facts.alphabet);
    r->c.orders = r->app->orders;
    return OK;
}

/* --- May he --- */

/* Parameters that mean one thing: twice is a mistake or an attack (T-03). Criteria of a list may
 * come again. */
static bool doubled(const struct http_pairs *query) {
    static const char *const once[] = { "q",      "sort",     "after",   "before", "limit",
                                        "letter", "csrf",     "next",    "id",     "page",
                                        "text",   "language", "fragment" };
    for (size_t i = 0; i < sizeof once / sizeof *once; i++) {
        int n = 0;
        for (int k = 0; k < query->n; k++) n += str_eq_z(query->v[k].name, once[i]);
        if (n > 1) return true;
    }
    return false;
}

static enum status ask_to_sign_in(struct gate *g) {
    struct req *r = &g->r;
    bool page = r->http->method == HTTP_GET && !g->api && !req_wants_fragment(r) &&
                !(r->route->flags & ROUTE_QUIET);
    if (!page) return SIGNED_OUT;
    struct str back = r->http->path;
    struct url to = url_own(S("/sign-in"));
    if (r->http->query_raw.n)
        back = str_printf(r->c.arena, "%.*s?%.*s", SF(back), SF(r->http->query_raw));
    if (!str_eq(back, S("/"))) to = url_query(r->c.arena, to, "next", back);
    return go(r, to);
}

/* The business asks everybody (or its owners) for a second factor: first that, then the rest. */
static enum status lead_to_factor(struct gate *g) {
    struct req *r = &g->r;
    bool page =
        r->http->method == HTTP_GET && !req_wants_fragment(r) && !(r->route->flags & ROUTE_QUIET);
    return page ? go(r, url_own(S("/settings/two-factor"))) : DENIED;
}

enum status admit_right(struct gate *g) {
    struct req *r = &g->r;
    const struct route *route = r->route;
    bool set_up = route && (route->flags & ROUTE_SET_UP);
    if (!g->firm) {
        if (set_up) return OK;
        r->status = 503;
        return DENIED;
    }
    if (set_up) return MISSING;
    if (!route) {
        if (!g->routed.allow) return MISSING;
        r->status = 405;
        return MALFORMED;
    }
    if (route->need != NEED_NOTHING && !r->c.who.id) return ask_to_sign_in(g);
    _Static_assert((int)NEED_READER == (int)ROLE_READER && (int)NEED_MEMBER == (int)ROLE_MEMBER &&
                       (int)NEED_OWNER == (int)ROLE_OWNER,
                   "needs and roles stand in one order");
    if ((int)r->c.who.role < (int)route->need) return DENIED;
    if (doubled(&r->http->query)) return MALFORMED;
    if (r->factor_due && route->need != NEED_NOTHING && !(route->flags & ROUTE_FACTOR_FIRST))
        return lead_to_factor(g);
    return OK;
}

/* --- Where to go on --- */

static bool plain_path(struct str s) {
    if (s.n < 2 || s.n > 2000 || s.p[0] != '/' || s.p[1] == '/') return false;
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] <= ' ' || s.p[i] == '\\' || s.p[i] == 127) return false;
    return true;
}

struct url req_next(struct req *r, struct str next) {
    struct str query = next, path;
    if (!plain_path(next) || !str_cut(&query, '?', &path)) return url_own(S("/"));
    const struct route *to = router_find(r->app->router, HTTP_GET, path).route;
    bool good = to && to->need != NEED_NOTHING && !(to->flags & (ROUTE_API | ROUTE_QUIET));
    return url_own(good ? next : S("/"));
}

/* --- CSRF: SameSite cookie, Sec-Fetch-Site, Origin, and a token bound to the session --- */

/* Our own Referrer-Policy, no-referrer, makes a browser write "Origin: null" on our own forms too
 * (Fetch, "append a request Origin header"). Then Sec-Fetch-Site has already told a stranger's
 * form; where a browser does not send that (plain HTTP away from localhost), cookie and token
 * decide. */
static bool own_origin(const struct http_request *h) {
    struct str origin = http_header(h, "origin"), host = http_header(h, "host");
    if (!origin.p || str_eq_z(origin, "null")) return true;
    ptrdiff_t at = str_find(origin, S("://"));
    if (at < 0) return false;
    return str_eq_ascii(str_sub(origin, (size_t)at + 3, origin.n), host);
}

enum status admit_origin(struct gate *g) {
    struct req *r = &g->r;
    enum http_method m = r->http->method;
    if (m == HTTP_GET || m == HTTP_HEAD || m == HTTP_OPTIONS) return OK;
    struct str site = http_header(r->http, "sec-fetch-site");
    if (g->api) return OK; /* only a token that no page can make the browser send */
    if (site.p && !str_eq_z(site, "same-origin") && !str_eq_z(site, "none")) return DENIED;
    if (!own_origin(r->http)) return DENIED;
    if (r->route->flags & ROUTE_NO_CSRF) return OK;
    struct str given = req_form(r, "csrf");
    if (!given.p) given = http_header(r->http, "x-csrf-token");
    if (!given.p && (r->route->flags & ROUTE_UPLOAD)) given = req_query(r, "csrf");
    return r->csrf.n && secret_equal(given, r->csrf) ? OK : DENIED;
}
