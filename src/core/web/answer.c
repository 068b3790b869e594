/* From what a handler decided to the reply that is sent: pages in their shell, redirects, static
 * files, and the headers that every answer carries. Called by handlers (req.h) and by serve.c;
 * calls layout.html. */
#include "core/app/secret.h"
#include "core/entity/store.h"
#include "core/web/assets.h"
#include "core/web/gate.h"
#include "core/web/layout.h"
#include "lib/base/log.h"
#include "lib/http/zip.h"

#define TOAST_COOKIE "daftar_toast"
enum { SMALL_ENOUGH = 1400 }; /* one packet */

/* --- Reading --- */

struct str req_form(const struct req *r, const char *name) {
    return http_pairs_get(&r->form, name);
}

struct str req_query(const struct req *r, const char *name) {
    return http_query(r->http, name);
}

bool req_arg_id(const struct req *r, int i, int64_t *id) {
    return i >= 0 && i < 4 && str_to_i64(r->args[i], id) && *id > 0;
}

enum status req_record(struct req *r, const struct entity *e, void *row) {
    int64_t id;
    return req_arg_id(r, 0, &id) ? store_load(&r->c, e, id, row) : MISSING;
}

enum status req_record_asked(struct req *r, const char *name, const struct entity *e, void *row) {
    struct str asked = req_query(r, name);
    int64_t id;
    if (!asked.n) return OK;
    return str_to_i64(asked, &id) ? store_load(&r->c, e, id, row) : MISSING;
}

bool req_wants_fragment(const struct req *r) {
    return http_header(r->http, "hx-request").p != NULL;
}

void req_event(struct req *r, int what, int64_t member) {
    if (r->events_n == (int)(sizeof r->events / sizeof *r->events)) BUG("too many events");
    r->events[r->events_n].what = what;
    r->events[r->events_n++].member = member;
}

struct req *out_req(struct out *o) {
    return o->user;
}

struct url csrf_url(struct req *r, struct url action) {
    return url_query(r->c.arena, action, "csrf", r->csrf);
}

struct page_wishes page_wishes_of(struct str words) {
    struct page_wishes w = { .scheme = "" };
    struct str word;
    while (str_cut(&words, ' ', &word)) {
        w.keys_off |= str_eq_z(word, "keys-off");
        if (str_eq_z(word, "dark")) w.scheme = "dark";
        if (str_eq_z(word, "light")) w.scheme = "light";
    }
    return w;
}

struct str page_wishes_words(struct arena *a, struct page_wishes w) {
    return str_trim(str_printf(a, "%s %s", w.keys_off ? "keys-off" : "", w.scheme));
}

/* --- Redirects and toasts --- */

enum status go(struct req *r, struct url to) {
    if (to.s.n == 0 || to.s.p[0] != '/') BUG("redirect to %.*s", SF(to.s));
    r->go = to.s;
    return OK;
}

/* A toast waits in a cookie for the next page: "BATCH.SIGNATURE.text". Signed, so that nobody else
 * can put words into our mouth; gone after a minute and with the process. */
enum status go_toast(struct req *r, struct url to, const char *text, int64_t undo_batch) {
    struct arena *a = r->c.arena;
    struct str said = str_printf(a, "%lld.%s", (long long)undo_batch, text);
    struct str cookie =
        str_printf(a, TOAST_COOKIE "=%lld.%.*s.%.*s; Path=/; Max-Age=60; HttpOnly; SameSite=Lax%s",
                   (long long)undo_batch, SF(secret_sign(r->app, a, "toast", said)),
                   SF(url_encode(a, str_of(text))), r->app->config.https ? "; Secure" : "");
    http_pairs_add(a, &r->headers, S("Set-Cookie"), cookie);
    return go(r, to);
}

static struct str percent_decode(struct arena *a, struct str s) {
    struct buf b = { .arena = a };
    for (size_t i = 0; i < s.n; i++) {
        unsigned char byte;
        if (s.p[i] == '%' && str_unhex(str_sub(s, i + 1, 2), &byte, 1)) {
            buf_add_c(&b, (char)byte);
            i += 2;
        } else {
            buf_add_c(&b, s.p[i]);
        }
    }
    return buf_str(&b);
}

static struct toast take_toast(struct req *r) {
    struct arena *a = r->c.arena;
    struct toast t = { .shown = false };
    struct str rest = http_cookie(a, r->http, TOAST_COOKIE), batch, sign;
    if (!rest.n) return t;
    http_pairs_add(a, &r->headers, S("Set-Cookie"),
                   S(TOAST_COOKIE "=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax"));
    if (!str_cut(&rest, '.', &batch) || !str_cut(&rest, '.', &sign) || !rest.p) return t;
    struct str text = percent_decode(a, rest);
    struct str said = str_printf(a, "%.*s.%.*s", SF(batch), SF(text));
    if (!secret_equal(secret_sign(r->app, a, "toast", said), sign)) return t;
    if (!str_to_i64(batch, &t.undo)) return t;
    t.text = str_of(T(&r->c, str_z(a, text)));
    t.shown = true;
    return t;
}

/* --- Pages --- */

struct out *page_begin(struct req *r) {
    struct gate *g = gate_of(r);
    g->page = (struct out){ .b = { .arena = r->c.arena, .max = LIMIT_OUTPUT },
                            .loc = r->c.loc,
                            .user = r };
    return &g->page;
}

static enum status take_page(struct req *r, struct out *o) {
    if (o->b.full) {
        log_warn("%s: the page is larger than %lld bytes", r->route ? r->route->pattern : "?",
                 (long long)LIMIT_OUTPUT);
        return BROKEN;
    }
    r->body = o->b;
    r->type = S("text/html; charset=utf-8");
    return OK;
}

/* Which scripts and styles a page brings besides those of all pages (assets/js/PART,
 * assets/css/PART): by its address, so that no handler has to think of it. */
static void set_parts(struct layout *l, struct str path) {
    l->list = str_eq_z(path, "/clients");
    l->client = str_starts(path, S("/attachments/"));
    l->ask = str_starts(path, S("/segments"));
    if (!str_starts(path, S("/clients/"))) return;
    struct str below = str_sub(path, strlen("/clients/"), path.n);
    bool merge = str_find(below, S("/merge/")) > 0; /* a sheet, as where clients are compared */
    l->client = !merge && below.n && below.p[0] >= '0' && below.p[0] <= '9';
    l->list = !l->client && !str_eq_z(below, "new") && !str_eq_z(below, "filters");
}

enum status page_end(struct req *r, struct str title, const char *menu) {
    struct gate *g = gate_of(r);
    const struct ctx *c = &r->c;
    if (g->page.b.full) return take_page(r, &g->page);
    struct layout l = {
        .title = title,
        .firm = c->firm.name,
        .name = c->who.name,
        .email = c->who.email,
        .lang = lang_code(c->loc->lang),
        .dir = lang_rtl(c->loc->lang) ? "rtl" : "ltr",
        .menu = menu ? menu : "",
        .narrow = r->narrow,
        .writes = c->who.role >= ROLE_MEMBER,
        .manages = c->who.role >= ROLE_MANAGER,
        .notices_n = r->notices_n,
        .keys_off = r->wishes.keys_off,
        .scheme = r->wishes.scheme ? r->wishes.scheme : "",
        .content = { buf_str(&g->page.b) },
        .toast = take_toast(r),
    };
    set_parts(&l, r->http->path);
    if (str_eq_z(r->http->path, "/search")) l.query = req_query(r, "q");
    struct out whole = { .b = { .arena = c->arena, .max = LIMIT_OUTPUT },
                         .loc = c->loc,
                         .user = r };
    buf_reserve(&whole.b, g->page.b.n + 16384);
    if (menu) {
        l.face = face_of(c->arena, c->who.name, "");
        page_shell(&whole, &l);
    } else {
        page_bare(&whole, &l);
    }
    return take_page(r, &whole);
}

enum status fragment_end(struct req *r) {
    return take_page(r, &gate_of(r)->page);
}

enum status reply_text(struct req *r, const char *type, struct str body) {
    r->body = (struct buf){ .arena = r->c.arena };
    buf_add(&r->body, body);
    r->type = str_of(type);
    return OK;
}

/* --- The reply --- */

static void add_unless_there(struct gate *g, struct http_reply *out, const char *name,
                             const char *value) {
    for (int i = 0; i < out->headers.n; i++)
        if (str_eq_ascii(out->headers.v[i].name, str_of(name))) return;
    http_add(g->r.c.arena, out, name, str_of(value));
}

static void common_headers(struct gate *g, struct http_reply *out) {
    add_unless_there(g, out, "Content-Security-Policy",
                     "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
                     "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
                     "frame-ancestors 'none'");
    add_unless_there(g, out, "X-Content-Type-Options", "nosniff");
    add_unless_there(g, out, "Referrer-Policy", "no-referrer");
    add_unless_there(g, out, "Cross-Origin-Opener-Policy", "same-origin");
    add_unless_there(g, out, "Cross-Origin-Resource-Policy", "same-origin");
    add_unless_there(g, out, "Cache-Control", "no-store");
    if (g->r.app->config.https)
        add_unless_there(g, out, "Strict-Transport-Security", "max-age=31536000");
}

/* On the way to another machine a page becomes a fifth of itself; to this one it would be work for
 * nothing (a proxy here does it by itself). */
static void make_small(struct gate *g, struct http_reply *out) {
    struct req *r = &g->r;
    struct str to = r->http->peer;
    bool page = !r->raw && (!r->type.n || str_starts(r->type, S("text/html")));
    if (!page || out->body.n < SMALL_ENOUGH || str_starts(to, S("127.")) || str_eq_z(to, "::1"))
        return;
    add_unless_there(g, out, "Vary", "Accept-Encoding");
    struct http_codings there = { .gzip = true };
    if (http_accept_encoding(r->http, there) != HTTP_GZIP) return;
    struct str small = http_gzip(r->c.arena, out->body, 1 + (int)dice_below(&r->c.dice, 64));
    if (!small.n) return;
    out->body = small;
    http_add(r->c.arena, out, "Content-Encoding", S("gzip"));
}

void answer(struct gate *g, struct http_reply *out) {
    struct req *r = &g->r;
    if (r->raw) *out = *r->raw;
    watch_stream(g, out);
    for (int i = 0; i < r->headers.n; i++)
        http_pairs_add(r->c.arena, &out->headers, r->headers.v[i].name, r->headers.v[i].value);
    if (r->go.n) {
        bool fragment =
            req_wants_fragment(r); /* htmx would follow a 303 into the fragment's place */
        out->status = fragment ? 204 : 303;
        http_add(r->c.arena, out, fragment ? "HX-Redirect" : "Location", r->go);
    } else {
        if (r->status) out->status = r->status;
        if (!out->status) out->status = 200;
        if (!r->raw) out->body = buf_str(&r->body);
    }
    if (!r->raw && out->body.n)
        add_unless_there(g, out, "Content-Type",
                         r->type.n ? str_z(r->c.arena, r->type) : "text/html; charset=utf-8");
    make_small(g, out);
    common_headers(g, out);
}

/* --- Static files --- */

bool answer_asset(struct gate *g, struct http_reply *out) {
    const struct http_request *h = g->r.http;
    if (!str_starts(h->path, S("/assets/"))) return false;
    if (h->method != HTTP_GET && h->method != HTTP_HEAD) return false;
    const struct asset *asset = asset_find(h->path);
    if (!asset) return false;
    struct arena *a = g->r.c.arena;
    http_add(a, out, "ETag", str_of(asset->etag));
    http_add(a, out, "Vary", S("Accept-Encoding"));
    http_add(a, out, "Cache-Control", S("public, max-age=31536000, immutable"));
    if (str_eq_z(http_header(h, "if-none-match"), asset->etag)) {
        out->status = 304;
    } else {
        struct http_codings there = { .gzip = asset->gzip.n > 0, .brotli = asset->brotli.n > 0 };
        enum http_coding coding = http_accept_encoding(h, there);
        out->fixed = coding == HTTP_BROTLI ? asset->brotli
                     : coding == HTTP_GZIP ? asset->gzip
                                           : asset->raw;
        if (coding != HTTP_IDENTITY)
            http_add(a, out, "Content-Encoding", coding == HTTP_BROTLI ? S("br") : S("gzip"));
        http_add(a, out, "Content-Type", str_of(asset->type));
        out->status = 200;
    }
    common_headers(g, out);
    return true;
}
