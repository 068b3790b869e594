/* API tokens: the page of one's own, and the command token. Routes: feature.c. Calls
 * core/web/session.c. */
#include "core/web/journal.h"
#include "core/web/session.h"
#include "features/member/member.h"
#include "features/settings/pages.h"
#include "lib/base/log.h"
#include "lib/locale/date.h"
#include "lib/text/fold.h"

enum { NAME_MAX_CHARS = 100, TOKENS_MAX = 50 };

static enum status show(struct req *r, struct str fresh) {
    struct ctx *c = &r->c;
    struct token_rows all;
    if (fresh.n) r->form = (struct http_pairs){ .v = NULL };
    struct tokens_page p = { .fresh = fresh,
                             .name = input_of(r, "name", "text", N_("What it is for"), S("")) };
    p.name.required = true;
    TRY(token_list(c, c->who.id, &all));
    p.tokens.v = arena_array(c->arena, struct token_line, all.n + 1);
    for (int i = 0; i < all.n; i++) {
        int64_t used = all.v[i].used_at;
        p.tokens.v[p.tokens.n++] = (struct token_line){
            .name = all.v[i].name,
            .made = instant_show(c->arena, c->loc, all.v[i].created_at, INSTANT_RELATIVE),
            .used = used ? instant_show(c->arena, c->loc, used, INSTANT_RELATIVE) : NO_STR,
            .revoke = url_printf(c->arena, "/settings/tokens/%lld/revoke", (long long)all.v[i].id),
        };
    }
    return PAGE(r, T(c, "Tokens"), "settings", page_tokens, &p);
}

enum status tokens_show(struct req *r) {
    return show(r, NO_STR);
}

static enum status make(struct ctx *c, int64_t member, struct str name, struct str *text) {
    struct token_rows all;
    name = text_clean(c->arena, name, CLEAN_LINE);
    if (name.n == 0) return ctx_problem(c, S("name"), N_("This may not be empty."));
    if (utf8_count(name) > NAME_MAX_CHARS)
        return ctx_problem(c, S("name"), N_("This is too long."));
    TRY(token_list(c, member, &all));
    if (all.n >= TOKENS_MAX)
        return ctx_problem(c, S("name"), N_("There are too many tokens: revoke some first."));
    return token_start(c, member, name, text);
}

enum status tokens_add(struct req *r) {
    struct str text;
    TRY(make(&r->c, r->c.who.id, req_form(r, "name"), &text));
    log_info("member %lld made a token", (long long)r->c.who.id);
    req_event(r, EVENT_TOKEN_MADE, r->c.who.id);
    return show(r, text);
}

enum status token_stop(struct req *r) {
    int64_t id;
    if (!req_arg_id(r, 0, &id)) return MISSING;
    TRY(token_revoke(&r->c, r->c.who.id, id));
    req_event(r, EVENT_TOKEN_REVOKED, r->c.who.id);
    return go_toast(r, url_own(S("/settings/tokens")), N_("The token was revoked."), 0);
}

/* --- daftar token --- */

struct wanted {
    struct cli *cli;
    struct str text;
};

static enum status make_for(struct ctx *c, void *arg) {
    struct wanted *w = arg;
    struct account account;
    TRY(account_find(c, str_of(cli_get(w->cli, "--email")), &account));
    if (!account.id) return MISSING;
    return make(c, account.id, str_of(cli_get(w->cli, "--name")), &w->text);
}

static enum status run(struct cli *cli) {
    struct wanted w = { .cli = cli };
    enum status s = cli_write(cli, make_for, &w);
    if (s == MISSING)
        return cli_say(cli, s, "no active member has the e-mail %s", cli_get(cli, "--email"));
    if (s == OK) printf("%.*s\n", SF(w.text));
    return s;
}

static const struct option options[] = {
    { .name = "--email",
      .takes = "EMAIL",
      .help = "the member in whose name it works",
      .required = true },
    { .name = "--name", .takes = "NAME", .help = "what it is for", .required = true },
    { .name = NULL },
};
const struct command command_token = {
    .name = "token",
    .usage = "--data DIR --email EMAIL --name NAME",
    .help = "Makes an API token and prints it once.",
    .options = options,
    .flags = COMMAND_SET_UP,
    .run = run,
};
