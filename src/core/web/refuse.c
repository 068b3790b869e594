/* What a refusal looks like: a page in the person's language, or RFC 9457 for programs. One table
 * says it for every status. Called by serve.c; calls error.html. */
#include "core/web/gate.h"
#include "core/web/journal.h"
#include "core/web/layout.h"
#include "core/web/problem.h"
#include "lib/text/json.h"
#include "lib/locale/number.h"

static const struct said {
    int status;
    const char *title, *text;
} said[] = {
    { 400, N_("This address or form makes no sense"),
      N_("Something in it is missing or wrong. Go back and try once more.") },
    { 401, N_("Please sign in"), N_("Your session has ended, or you have not signed in yet.") },
    { 403, N_("This is not allowed"),
      N_("Your role does not allow it, or the page was open for too long: load it again. The owner "
         "or a manager can change your role.") },
    { 404, N_("There is nothing here"),
      N_("It may have been deleted, the address may be wrong, or you may not be allowed to see "
         "it.") },
    { 405, N_("This cannot be done here"),
      N_("The address exists, but not for this kind of request.") },
    { 409, N_("Something stands in the way"),
      N_("It was changed meanwhile, or something else depends on it. Nothing was changed.") },
    { 412, N_("Somebody else was faster"),
      N_("It was changed by somebody else meanwhile. Load it again; nothing was overwritten.") },
    { 413, N_("This is too large"), N_("The file or the form is larger than this program takes.") },
    { 415, N_("This kind of content is not understood"),
      N_("The body must be JSON, sent as application/json.") },
    { 421, N_("This name is not known here"),
      N_("If people are to reach it by this name, start the server with --host and the name.") },
    { 422, N_("This is not right yet"),
      N_("Nothing was changed. Please correct it and try again.") },
    { 428, N_("Say which version you change"),
      N_("Send If-Match with the ETag that you read, so that nobody's work is overwritten.") },
    { 429, N_("Too many attempts"),
      N_("To keep accounts safe, there is a pause now. Wait a few minutes, then try again.") },
    { 503, N_("Busy just now"), N_("Nothing was changed. Please try again in a moment.") },
    { 500, N_("Something went wrong on our side"),
      N_("Nothing was half saved. Try again; the reason is in the server's log.") },
};
const char refuse_full[] =
    N_("The disk is full. Nothing was saved, and nothing that was saved is lost. Make room on the "
       "disk of the server; then send it again, no restart is needed.");
/* What the disk refused (db_fault) is said instead of the general 500. */
static const struct said full = { 507, N_("The disk is full"), refuse_full };
static const struct said damaged = {
    500, N_("A part of the stored data is damaged"),
    N_("It was noticed while reading, so nothing wrong is shown. The owner should run “daftar "
       "check” and restore a backup; the server's log names the place.")
};
static const struct said not_set_up = { 503, N_("This book is not set up yet"),
                                        N_("Open the link that the program printed when it "
                                           "started. It works once, for an hour; starting "
                                           "again prints a new one.") };

static const struct said *say(const struct gate *g, int status) {
    if (!g->firm && status == 503 && !g->api) return &not_set_up;
    if (status == 507) return &full;
    const struct said *s = said;
    while (s->status != status && s->status != 500) s++;
    return s;
}

static const struct said *say_disk(const struct gate *g, const struct said *words) {
    if (journal_stuck(g->r.app->journal)) return &full;
    switch (db_fault(g->r.app->db)) {
    case DB_FULL: return &full;
    case DB_DAMAGED: return &damaged;
    case DB_SOUND: break;
    }
    return words;
}

static void write_errors(struct ctx *c, struct json_out *w) {
    jw_key(w, "errors");
    jw_array(w);
    for (int i = 0; i < c->problems.n; i++) {
        const struct problem *p = &c->problems.v[i];
        jw_object(w);
        jw_key(w, "field");
        jw_str(w, p->field);
        jw_key(w, "detail");
        jw_str(w, ctx_problem_text(c, p));
        jw_end(w);
    }
    jw_end(w);
}

/* RFC 9457. The type is a name of ours for the status: programs tell by it, people read the title.
 */
static void as_problem(struct gate *g, const struct said *s) {
    struct req *r = &g->r;
    bool says = r->route && (r->route->flags & ROUTE_API) && r->kept;
    const struct problem_more *more = says ? r->kept : &(struct problem_more){ .detail = NO_STR };
    struct json_out w = { .b = &r->body };
    jw_object(&w);
    jw_key(&w, "type");
    jw_str(&w, str_printf(r->c.arena, "urn:daftar:problem:%d", r->status));
    jw_key(&w, "title");
    jw_str(&w, str_of(T(&r->c, s->title)));
    jw_key(&w, "status");
    jw_int(&w, r->status);
    jw_key(&w, "detail");
    jw_str(&w, more->detail.n ? more->detail : str_of(T(&r->c, s->text)));
    if (r->c.problems.n) write_errors(&r->c, &w);
    jw_end(&w);
    if (more->members.n) { /* before the closing brace */
        r->body.n--;
        buf_printf(&r->body, ",%.*s}", SF(more->members));
    }
    buf_add_c(&r->body, '\n');
    r->type = S("application/problem+json");
}

static void as_page(struct gate *g, const struct said *s) {
    struct req *r = &g->r;
    struct ctx *c = &r->c;
    struct refusal f = { .title = s->title, .text = s->text };
    f.code = str_printf(c->arena, "%d", r->status);
    f.code = digits_show(c->arena, c->loc, f.code);
    f.bad = r->status == 500;
    f.retry = r->status >= 500 && g->firm;
    f.sign_in = r->status == 401;
    f.home = c->who.id != 0;
    f.problems.v = arena_array(c->arena, struct str, c->problems.n ? c->problems.n : 1);
    for (int i = 0; i < c->problems.n; i++)
        f.problems.v[f.problems.n++] = ctx_problem_text(c, &c->problems.v[i]);
    struct str title = str_of(T(c, s->title));
    enum status made;
    if (req_wants_fragment(r)) { /* it goes into a page that stands already */
        part_refusal(page_begin(r), &f);
        made = fragment_end(r);
    } else if (c->who.id && g->firm)
        made = PAGE(r, title, "", part_refusal, &f);
    else
        made = PAGE(r, title, NULL, page_refusal, &f);
    if (made != OK) made = reply_text(r, "text/plain; charset=utf-8", str_of(s->title));
    (void)made;
}

enum status req_no_room(struct req *r) {
    r->status = 507; /* Insufficient Storage, RFC 4918 section 11.5 */
    return BROKEN;
}

void refuse(struct gate *g, enum status s) {
    struct req *r = &g->r;
    if (!r->status) r->status = http_status_of(s);
    const struct said *words = say(g, r->status);
    if (r->status == 500 && s == BROKEN) words = say_disk(g, words);
    r->status = words->status == 507 ? 507 : r->status;
    if (r->status == 405 && g->routed.allow)
        http_pairs_add(r->c.arena, &r->headers, S("Allow"), str_of(g->routed.allow));
    if (r->status == 401 && g->api)
        http_pairs_add(r->c.arena, &r->headers, S("WWW-Authenticate"), S("Bearer"));
    if (r->status == 429 || r->status == 503)
        http_pairs_add(r->c.arena, &r->headers, S("Retry-After"),
                       r->status == 429 ? S("300") : S("2"));
    if (r->status == 401 && req_wants_fragment(r))
        http_pairs_add(r->c.arena, &r->headers, S("HX-Redirect"), S("/sign-in"));
    if (g->api)
        as_problem(g, words);
    else
        as_page(g, words);
}
